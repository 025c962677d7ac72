"""Tables that styles make of other elements, and cells that styles name: every figure in its cell, or none.

Belongs here: pages of our own, each way drawn in several. Does not belong here: grids that state their places
(`test_html_placed`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import extract
from schemas import forms

HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
LABELS = [row.label for row in forms.load("2021").rows("requests", "single_other")]
FIGURES = ("4", "0", "1", "0", "0", "0", "5")
CODES = [column.code for column in forms.load("2021").tables["requests"].columns]
BEFORE = "<h1>清河县教育局2023年政府信息公开工作年度报告</h1><p>三、收到和处理政府信息公开申请情况</p>"


def values(page: str) -> dict[str, object]:
    (report,) = extract(Path("页面.html"), page.encode()).reports
    return {f.address: f.value for f in report.facts if f.address.startswith("requests.")}


def is_whole(found: dict[str, object]) -> bool:
    right = dict(zip(CODES, map(int, FIGURES), strict=True))
    return len(found) == len(LABELS) * len(CODES) and all(v == right[a.rpartition(".")[2]] for a, v in found.items())


def drawn(table: str, row: str, cell: str, head: str = "", group: str = "", inner: str = "<span>{}</span>") -> str:
    def line(texts: tuple[str, ...]) -> str:
        return f"<div {row}>" + "".join(f"<div {cell}>{inner.format(t)}</div>" for t in texts) + "</div>\n"

    lines = [line((label, *FIGURES)) for label in LABELS]
    body = f"<div {group}>{''.join(lines)}</div>" if group else "".join(lines)
    top = line(("项目", *HEADS))
    return f"<div {table}>\n{f'<div {head}>{top}</div>' if head else top}{body}</div>"


SHEET = "<style>.t{display:table}.g{display:table-row-group}.h{display:table-header-group}.r{display:table-row}.c{display:table-cell}</style>"
CLASSES = {"table": 'class="t"', "row": 'class="r"', "cell": 'class="c"'}
INLINE = {
    "table": "style='display: table; width:100%'",
    "row": "style='display:table-row'",
    "cell": "style='padding:2px;display:table-cell'",
}


@pytest.mark.parametrize(
    ("page", "whole"),
    [
        (SHEET + BEFORE + drawn(**CLASSES), True),
        (SHEET + BEFORE + drawn(**CLASSES, head='class="h"', group='class="g"', inner="<p>{}</p>"), True),
        (BEFORE + drawn(**INLINE), True),
        # Something stands between the cells, or in a line that is no row: none of it is a table.
        (BEFORE + drawn(**INLINE).replace("</div>\n<div", "</div>附<div", 1), False),
        (SHEET + BEFORE + drawn(**CLASSES).replace('class="r"', "", 1), False),
    ],
)
def test_elements_that_are_drawn_as_a_table(page: str, whole: bool) -> None:
    found = values(page)
    assert is_whole(found) if whole else not found or is_whole(found)


def cards(style: str, head: str, labels: tuple[str, ...] = HEADS, attribute: str = "data-label") -> str:
    lines = [
        f"<tr><td>{label}</td>"
        + "".join(f'<td {attribute}="{name}">{figure}</td>' for name, figure in zip(labels, FIGURES, strict=True))
        + "</tr>"
        for label in LABELS
    ]
    return f"<style>{style}</style>{BEFORE}<table class='m'>{head}<tbody>{''.join(lines)}</tbody></table>"


PRINTED = "td[data-label]::before{content:attr(data-label) '：'} td,tr{display:block} "
GONE = ".m thead{position:absolute;left:-9999px}"
TOP = "<thead><tr><th>项目</th>" + "".join(f"<th>{h}</th>" for h in HEADS) + "</tr></thead>"
OTHER = TOP.replace("商业企业", "商业")


@pytest.mark.parametrize(
    ("page", "whole"),
    [
        (cards(PRINTED, TOP.replace("<thead>", "<thead style='display:none'>")), True),
        (cards(PRINTED + GONE, TOP), True),
        (cards(".m td:before{content:attr(data-title)}", "", attribute="data-title"), True),
        # The heads that are out of sight say something else; a label holds digits; rows are named differently.
        (cards(PRINTED + GONE, OTHER), False),
        (cards(PRINTED + GONE, "", labels=("1自然人", *HEADS[1:])), False),
        (cards(PRINTED, "").replace('data-label="其他"', 'data-label="总计"', 1), False),
    ],
)
def test_cells_that_a_style_names_on_narrow_screens(page: str, whole: bool) -> None:
    found = values(page)
    assert is_whole(found) if whole else not found
