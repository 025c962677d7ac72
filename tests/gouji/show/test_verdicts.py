"""What a verdict says: a pass what was checked, problems and places, why a report is doubtful, what may hold a table."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement

import checks
from gouji.batch.reviewed import Reviewed
from gouji.show.causes import Cause
from gouji.show.html_copy import html_copy
from gouji.show.overview import offices
from gouji.show.remarks import remarks_on
from gouji.show.text import Screen, lines_of
from gouji.show.verdicts import tally_words, uncompared_words, verdict_words
from gouji.word.slip import Letter, slip
from parsers import extract
from schemas.facts import Place, Report
from schemas.findings import Compared, Extent, Finding, Severity, Uncompared
from tests.gouji.drafts import SAMPLES, SHANGHAI, SHUYANG, changed, plain_text

PINGTAN = SAMPLES / "平潭综合实验区2025年政府信息公开工作年度报告.md"
TITLE = "清河县水务局2024年政府信息公开工作年度报告"
TABLES = ["主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况"]


def cause(severity: Severity, places: int) -> Cause:
    findings = [Finding(f"{severity}{i}", "r", "value.blank", "broken", severity) for i in range(places)]
    return Cause(Report("r"), severity, "", findings)


@pytest.mark.parametrize(
    ("causes", "said"),
    [
        ([], ""),
        ([cause("error", 5)], "1 个问题，涉及 5 处"),
        ([cause("warning", 1), cause("warning", 1)], "2 个问题"),
        ([cause("error", 2), cause("warning", 1), cause("note", 9)], "2 个问题（1 个错误、1 个疑点），涉及 3 处，另有 1 条提示"),
        ([cause("note", 3)], "1 条提示"),
    ],
)  # fmt: skip
def test_problems_are_counted_and_their_places(causes: list[Cause], said: str) -> None:
    assert tally_words(causes, "zh") == said


def test_the_workbook_counts_places_as_the_screen_does_and_a_wrong_number_is_nothing_missing(tmp_path: Path) -> None:
    document = Document(str(SHUYANG))
    heading = next(p for p in document.paragraphs if p.text.strip().startswith("五、"))
    heading.text = heading.text.replace("五、", "四、", 1)
    heading.insert_paragraph_before("各单位加强资金资金的公开。")
    path = tmp_path / "序号.docx"
    document.save(str(path))
    (office,) = offices([Reviewed(checks.check(extract(path)))], "zh")
    assert any("序号写成了" in f.message for c in office.causes for f in c.findings)
    assert not any("序号" in said for said in office.missing)
    places = sum(f.places for c in office.causes if c.severity != "note" for f in c.findings)
    assert office.counts["note"] and places and office.places == places


def test_a_pass_says_what_was_checked() -> None:
    (line, *_) = lines_of(Reviewed(checks.check(extract(PINGTAN))), Screen())
    assert line.endswith("：核对 200 格、42 条关系、正文 5 个数，全部相符")
    statement = extract(PINGTAN).reports[0].statements[0]
    extent = Extent("r", 190, 40, [Compared(statement, [], "not_assessable", None)])
    doubt = Finding("x", "r", "requests.balance", "not_assessable", "warning")
    assert verdict_words("pass", [], [doubt], [extent], "zh") == (
        "核对 190 格、40 条关系，能核对的全部相符，1 项无法核对"
    )
    assert verdict_words("pass", [], [], [extent], "zh", waived=2).endswith("，除已说明原因的 2 处外没有错误和疑点")
    # A hint may be about a figure: then nobody says that all agrees.
    noted = Cause(Report("r"), "note", "分项与总数不符", [])
    assert verdict_words("pass", [noted], [], [extent], "zh") == (
        "核对 190 格、40 条关系，没有错误和疑点，另有 1 条提示"
    )
    assert verdict_words("pass", [], [], [Extent("r")], "zh") == "没有统计表，只核对了文字，没有发现问题"
    assert verdict_words("warn", [], [doubt], [extent], "zh") == "没有发现错误，但有 1 项无法核对"


def test_figures_that_mean_another_sum_by_their_words_agree() -> None:
    """含上年结转 749 is the sum of two rows, and what stands beside it is this sum."""
    data = changed(SHUYANG, {}, {"受理政府信息公开申请749件": "受理政府信息公开申请749件（含上年结转36件）"})
    checked = checks.check(extract(SHUYANG, data))
    (each,) = [c for c in checked.extents[0].compared if c.statement.value == 749]
    assert (each.outcome, each.expected) == ("holds", 749)
    assert {a.split(".")[1] for a in each.cells} == {"new_received", "carried_over"}
    (wrong,) = [c for c in checks.check(extract(SHUYANG)).extents[0].compared if c.statement.value == 749]
    assert (wrong.outcome, wrong.expected, wrong.cells) == ("broken", 713, ["requests.new_received.total"])


def page(inside: str) -> bytes:
    parts = "".join(f"<h2>{'二三四'[i]}、{t}</h2><p>{inside}</p>" for i, t in enumerate(TABLES))
    body = f"<h1>{TITLE}</h1><p>一、总体情况</p><p>本年度新收政府信息公开申请12件。</p>{parts}"
    return f"<html><body>{body}</body></html>".encode()


def word(with_object: bool) -> bytes:
    document = Document()
    for text in (TITLE, "一、总体情况", "本年度新收政府信息公开申请12件。"):
        document.add_paragraph(text)
    for i, title in enumerate(TABLES):
        document.add_paragraph(f"{'二三四'[i]}、{title}")
        run = document.add_paragraph().add_run()
        if with_object:
            run._r.append(OxmlElement("w:object"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.html", page("<img src='data:image/png;base64,AAAA'>"), "图片，表格可能做成了图片：请换成可以编辑的表格"),
        ("a.html", page("<iframe src='b.html'></iframe>"), "嵌入的对象（工作表、网页等），表格可能在其中：请改成正文里可以编辑的表格"),
        ("a.html", page("<a href='b.xlsx'>附件</a>"), "附件，表格可能在其中：请连同附件一并核对，或把表格放进正文"),
        ("a.docx", word(with_object=True), "嵌入的对象（工作表、网页等），表格可能在其中：请改成正文里可以编辑的表格"),
    ],
)  # fmt: skip
def test_what_may_hold_a_table_is_named_with_what_to_do(name: str, data: bytes, said: str) -> None:
    checked = checks.check(extract(Path(name), data))
    assert checked.verdict == "warn"
    text = "\n".join(lines_of(Reviewed(checked), Screen()))
    assert text.splitlines()[0].endswith("：没有发现错误，但有 3 项无法核对")
    for title in TABLES:
        assert f"没有找到“{title}”的表格；文件里有{said}。" in text
    # The slip, too, says why, and never that there are no problems.
    (office,) = offices([Reviewed(checked)], "zh")
    slipped = "".join(plain_text(slip(office, Letter(), "zh")))
    assert "没有发现错误，但有 3 项无法核对" in slipped and slipped.count(said) == 3
    assert "零处" not in slipped and "空白、符号或读不准" not in slipped
    assert office.missing and all(said in m for m in office.missing)
    # So do reviewed copies: a remark on the whole, which is no problem's.
    (remark,) = remarks_on(checked, "zh").remarks
    assert remark.number == 0 and remark.place == Place() and sum(said in line for line in remark.lines) == 3
    copy = html_copy(checked, [], remarks_on(checked, "zh"), "zh")
    assert "没有发现错误，但有 3 项无法核对" in copy and copy.count(said) == 3


def test_without_pictures_or_objects_a_missing_table_is_missing() -> None:
    checked = checks.check(extract(Path("a.docx"), word(with_object=False)))
    assert checked.verdict == "fail"
    text = "\n".join(lines_of(Reviewed(checked), Screen()))
    assert "错误 三、收到和处理政府信息公开申请情况：缺少统计表" in text and "文件里有" not in text


def test_a_table_that_may_be_a_picture_is_told_beside_other_problems() -> None:
    checked = checks.check(extract(Path("a.html"), page("<img src='data:image/png;base64,AAAA'>")))
    finding = Finding(
        "x", checked.extraction.reports[0].report_id, "statement.slip", "broken", "warning", message="笔误"
    )
    reviewed = Reviewed(checked)
    reviewed.add([finding])
    text = "\n".join(lines_of(reviewed, Screen()))
    assert text.splitlines()[0].endswith("：1 个问题") and text.count("文件里有图片") == 3
    # Sums that blanks keep from being checked stay a count.
    shanghai = "\n".join(lines_of(Reviewed(checks.check(extract(SHANGHAI))), Screen()))
    assert "\n    · " not in shanghai


@pytest.mark.parametrize(
    ("words", "places"),
    [
        # The whole alone; a part alone; another part, and the whole is the table's.
        ({"申请749件": "申请713件", "人申请741件": "人申请750件"}, 2),
        ({"申请749件": "申请713件", "人申请741件": "人申请705件", "申请8件": "申请18件"}, 2),
        ({"申请749件": "申请849件", "人申请741件": "人申请705件"}, 2),
    ],
)
def test_a_misprint_in_a_sentence_that_breaks_its_parts_is_one_problem(words: dict[str, str], places: int) -> None:
    checked = checks.check(extract(Path("a.docx"), changed(SHUYANG, {}, words)))
    broken = [f.rule for f in checked.findings if f.outcome == "broken" and f.severity != "note"]
    assert sorted(broken) == ["statement.disagrees", "statement.sum"]
    (found,) = offices([Reviewed(checked)], "zh")
    assert [(len(c.findings), c.severity) for c in found.causes] == [(places, "error")]
    assert found.said("zh") == "1 个问题，涉及 2 处" and {p.number for p in found.problems} == {1}


def test_parts_that_the_tables_figures_do_not_mend_are_a_problem_of_their_own() -> None:
    words = {"申请749件": "申请713件", "人申请741件": "人申请750件"}
    checked = checks.check(extract(Path("a.docx"), changed(SHUYANG, {}, words)))
    for f in checked.findings:
        if f.rule == "statement.sum":
            f.difference = 77
    (found,) = offices([Reviewed(checked)], "zh")
    assert [c.rules for c in found.causes if c.severity != "note"] == [["statement.disagrees"], ["statement.sum"]]


def test_a_shaded_cell_says_what_for() -> None:
    """The other side of a sentence's figure, the parts of a sum that accuses none; of many blank cells one says it."""
    address = "requests.granted.natural_person"
    (report,) = extract(SHUYANG).reports
    blank = {f.address: "" for f in report.facts if f.address.startswith("disputes.")}
    for cells, words in (
        ({}, {"申请749件": "申请713件", "人申请741件": "人申请750件"}),
        ({address: "999", "requests.granted.total": "777"}, {}),
        (blank, {}),
    ):
        remarks = remarks_on(checks.check(extract(Path("a.docx"), changed(SHUYANG, cells, words))), "zh")
        noted = {r.cell for r in remarks.remarks}
        bare = set(remarks.shaded) - noted
        assert remarks.shaded and (not bare or len(bare) > 6), cells
        assert bare <= remarks.titles.keys()


@pytest.mark.parametrize(("n", "said"), [(1, "：“第0句写的是3件。”"), (3, "（结果页里列出了这些句子）")])
def test_which_sentences_were_not_compared(n: int, said: str) -> None:
    left = [Uncompared("r", f"第{i}句写的是3件。", ["3件"], Place()) for i in range(n)]
    assert (
        uncompared_words([Extent("r", uncompared=left)], "zh")
        == f"（正文另有 {n} 句的数没有与表格对照），请自行核对{said}"
    )
    assert uncompared_words([Extent("r")], "zh") == ""
