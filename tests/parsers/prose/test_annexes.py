"""Tables that stand together behind the last report of a file: each goes to the report that its heading names."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import extract
from schemas.facts import Report

FIRST, SECOND = "清河县教育局", "清河县民政局"
HEAD = (
    "<tr><td colspan=5>行政复议</td><td colspan=10>行政诉讼</td></tr><tr>"
    + "".join(f"<td rowspan=2>{h}</td>" for h in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计"))
    + "<td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr><tr>"
    + "<td>结果维持</td><td>结果纠正</td><td>其他结果</td><td>尚未审结</td><td>总计</td>" * 2
    + "</tr>"
)


def _report(body: str) -> str:
    return (
        f"<h1>{body}2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>全年收到政府信息公开申请3件。</p>"
        f"<p>四、政府信息公开行政复议、行政诉讼情况</p><p>见附表3。</p><p>五、存在的主要问题及改进情况</p><p>{'公开的内容需加强，队伍需加强。' * 60}</p>"
        f"<p>{body}</p><p>2024年1月20日</p>"
    )


def _annex(heading: str, upheld: int) -> str:
    figures = "".join(f"<td>{n}</td>" for n in [upheld, 0, 0, 0, upheld, *[0] * 10])
    title = "<p>附表3 政府信息公开行政复议、行政诉讼情况</p>"
    return f"<p>{heading}</p>{title}<table border=1>{HEAD}<tr>{figures}</tr></table>"


def _read(tmp_path: Path, *annexes: str) -> list[Report]:
    page = "".join((_report(FIRST), _report(SECOND), *annexes))
    path = tmp_path / "汇总.html"
    path.write_text(f"<meta charset=utf-8><body>{page}</body>", encoding="utf-8")
    return extract(path).reports


def _upheld(report: Report) -> list[object]:
    return [f.value for f in report.facts if f.address == "disputes.reconsideration.upheld"]


@pytest.mark.parametrize("words", ["2023年附表", "2023年度政府信息公开工作年度报告附表1-3", "（2023年度）附件"])
@pytest.mark.parametrize("turned", [False, True])
def test_an_annex_goes_to_the_report_that_its_heading_names(tmp_path: Path, words: str, turned: bool) -> None:
    annexes = [_annex(FIRST + words, 4), _annex(SECOND + words, 7)]
    first, second = _read(tmp_path, *(annexes[::-1] if turned else annexes))
    assert (_upheld(first), _upheld(second)) == ([4], [7])


def test_an_annex_of_another_year_or_body_stays_where_it_is(tmp_path: Path) -> None:
    for heading in (f"{FIRST}2022年附表", "清河县水务局2023年附表", "见清河县教育局2023年附表。"):
        first, second = _read(tmp_path, _annex(heading, 4))
        assert not _upheld(first), heading
        assert second.issuer == SECOND


def test_a_report_that_refers_to_annexes_of_the_file_does_not_lack_its_tables(tmp_path: Path) -> None:
    wide = "<table border=1>" + ("<tr>" + "<td>某事项</td>" * 10 + "</tr>") * 7 + "</table>"
    first, second = _read(tmp_path, f"<p>附表</p>{wide}")
    assert first.has_pictures
    assert "attachment" in first.apart
    assert not second.has_pictures
    first, _ = _read(tmp_path)
    assert not first.has_pictures
