"""Pages whose parts stand elsewhere than they are written: placed by style, behind the page's end, in frames and scripts."""

from __future__ import annotations

import base64
import html as escaping
import json
import random
from urllib.parse import quote

import pytest

from .test_html import lines, only_table, read

ROWS = [["项目", "自然人", "总计"], ["一、本年新收", "31", "42"], ["二、上年结转", "", "5"], ["三、其他", "7", "9"]]
WHOLE = "<html><head><title>甲</title></head><body><p>{}</p>{}</body></html>"
TABLE = "<table>" + "".join("<tr>" + "".join(f"<td>{t}</td>" for t in row) + "</tr>" for row in ROWS) + "</table>"


def shuffled(parts: list[str], seed: int) -> str:
    random.Random(seed).shuffle(parts)
    return "".join(parts)


def by_lines(row: int, column: int) -> str:
    return f"grid-row:{row + 3}/span 1;grid-column:{column + 1} / {column + 2}"


def by_area(row: int, column: int) -> str:
    return f"grid-area:{row + 1}/{column + 1}/{row + 2}/{column + 2}"


def by_box(row: int, column: int) -> str:
    return f"position:absolute;top:{row * 30 + 10}px;left:{column * 80}px;width:80px;height:30px;font-size:9px"


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("style", [by_lines, by_area, by_box])
def test_what_fills_a_grid_is_a_table_in_whatever_order_it_is_written(style, seed: int) -> None:  # type: ignore[no-untyped-def]
    cells = [f"<div style='{style(r, c)}'>{text}</div>" for r, row in enumerate(ROWS) for c, text in enumerate(row)]
    assert only_table(f"<div style='display:grid'>{shuffled(cells, seed)}</div>") == ROWS


def test_spans_and_places_without_a_part() -> None:
    cells = [
        "<div style='grid-row:1;grid-column:1/span 2'>申请人情况</div>",
        "<div style='grid-row:2;grid-column:2'>3</div>",
        "<div style='grid-row:2;grid-column:3'>4</div>",
        "<div style='grid-row:1;grid-column:3'>总计</div>",
    ]
    assert only_table(f"<div>{''.join(cells)}</div>") == [["申请人情况", "申请人情况", "总计"], ["", "3", "4"]]


def test_cells_of_a_row_and_parts_with_an_order() -> None:
    row = "<td style='grid-column:3'>5</td><td style='grid-column:1'>甲</td><td style='grid-column:2'>4</td>"
    assert only_table(f"<table style='display:grid'><tr>{row}</tr></table>") == [["甲", "4", "5"]]
    parts = "<p style='order:2'>乙</p><p>甲</p><p style='order:3'>丙</p>"
    assert lines(read(f"<div style='display:flex'>{parts}</div>")) == ["甲", "乙", "丙"]


def test_what_overlaps_has_no_size_or_has_text_between_stays_as_it_is_written() -> None:
    over = [f"<div style='{by_box(0, 0)}'>{text}</div>" for text in "甲乙丙丁"]
    assert lines(read("<div>" + "".join(over) + "</div>")) == ["甲", "乙", "丙", "丁"]
    line = "<p style='position:absolute;top:{}px;left:9px'>{}</p>"
    assert lines(read(line.format(30, "甲") + line.format(10, "乙"))) == ["甲", "乙"]
    assert lines(read("<div>前<p style='order:2'>乙</p>中<p style='order:1'>甲</p></div>")) == ["前", "乙", "中", "甲"]


def test_what_stands_behind_the_end_of_a_page_is_read() -> None:
    both = WHOLE.format("一", TABLE) + "\n<!DOCTYPE html>" + WHOLE.format("二", TABLE) + "<p>三</p>"
    document = read(both)
    assert lines(document) == ["一", "二", "三"]
    assert len(document.tables) == 2
    assert document.title == "甲"


@pytest.mark.parametrize(
    "frame",
    [
        '<iframe srcdoc="{srcdoc}">另一页</iframe>',
        "<iframe src='data:text/html;charset=utf-8;base64,{base64}'></iframe>",
        "<object data='data:text/html,{quoted}'></object>",
    ],
)
def test_pages_that_stand_in_a_frames_own_attributes(frame: str) -> None:
    inside = "<meta charset='utf-8'>" + WHOLE.format("内页", TABLE)
    given = {
        "srcdoc": escaping.escape(inside),
        "base64": base64.b64encode(inside.encode()).decode(),
        "quoted": quote(inside),
    }
    document = read("<p>前</p>" + frame.format(**given) + "<p>后</p>")
    assert lines(document) == ["前", "内页", "后"]
    assert len(document.tables) == 1
    assert not document.apart


def test_an_address_that_holds_no_page_is_named() -> None:
    document = read("<p>前</p><iframe src='data:text/html;base64,%%%'></iframe><iframe src='b.html'></iframe>")
    assert document.elsewhere[-1] == "b.html"
    assert "object" in document.apart


@pytest.mark.parametrize("label", ["一、本年新收政府信息公开申请数量", "结果维持"])
def test_a_script_that_puts_a_table_in_is_told_however_it_writes_its_characters(label: str) -> None:
    cell = f"<table><tr><td>{label}</td><td>3</td></tr></table>"
    for written in (json.dumps(cell), json.dumps(cell, ensure_ascii=False), json.dumps(cell).replace("<", "\\x3c")):
        document = read(f"<p>甲</p><div id=c></div><script>c.innerHTML={written}</script>")
        assert "object" in document.apart, written
    assert not read("<p>甲</p><script>c.innerHTML='<td>登录</td>'</script>").apart
