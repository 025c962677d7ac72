"""A folder of drafts: the workbook, the page, the roster, the slips, the round before, reasons."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl.utils import get_column_letter

import checks
from gouji.batch import roster, rounds, waivers
from gouji.batch.options import Options
from gouji.batch.reviewed import Reviewed
from gouji.batch.sheets import SheetError
from gouji.batch.slips import write_slips
from gouji.cli import main
from gouji.commands import check as check_command
from gouji.show import overview, page, workbook
from gouji.show.overview import offices
from gouji.show.text import Screen, lines_of
from gouji.word.slip import Letter, slip
from parsers import extract
from schemas.facts import Place, Report, Statement
from schemas.findings import Finding
from tests.gouji.drafts import SAMPLES, SHANGHAI, SHUYANG, changed

BALANCE = {"requests.carried_over.other": "5", "requests.carried_over.total": "41"}


def reviewed(data: bytes, name: str = "甲.docx") -> Reviewed:
    return Reviewed(checks.check(extract(Path(name), data)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Reviewed]]:
    """Three drafts: one with errors, one with a warning, one that cannot be read."""
    files = [
        reviewed(changed(SHUYANG, {"requests.granted.natural_person": "999"}), "草稿/错.docx"),
        reviewed(SHUYANG.read_bytes(), "草稿/疑.docx"),
        reviewed((SAMPLES / "损坏的草稿.docx").read_bytes(), "草稿/坏.docx"),
    ]
    yield files


ABOUT = [("核对时间", "2026-01-20 09:00")]


# -- the report on a folder --------------------------------------------------------------------------------------------


def test_the_most_serious_stands_first(folder: list[Reviewed]) -> None:
    assert [o.verdict for o in offices(folder, "zh")] == ["unreadable", "fail", "warn"]


def test_the_workbook(folder: list[Reviewed], tmp_path: Path) -> None:
    path = tmp_path / "报告.xlsx"
    path.write_bytes(workbook.content(folder, None, ABOUT, "zh"))
    book = openpyxl.load_workbook(path)
    assert [s.title for s in book if s.sheet_state == "visible"] == ["汇总", "问题", "缺项", "说明"]
    for sheet in book.worksheets[:-1]:
        assert sheet.auto_filter.ref
        assert sheet.freeze_panes in ("A2", "C2")
        heads = [c.value for c in sheet[1]]
        assert all(re.fullmatch(r"[\u4e00-\u9fff]+", h) for h in heads), heads
    summary = list(book["汇总"].iter_rows(values_only=True))
    assert [row[3] for row in summary[1:]] == ["读不了", "有错误", "有疑点"]
    problems = [dict(zip([c.value for c in book["问题"][1]], row, strict=True)) for row in _rows(book["问题"])]
    (wrong,) = [p for p in problems if p["规则"] == "requests.applicants"]
    assert (wrong["单位"], wrong["表中所填"], wrong["各项合计或对照数"], wrong["相差"]) == (
        "沭阳县人民政府",
        294,
        1003,
        -709,
    )
    # As printed: nothing that only the program knows.
    of_text = [p["表中所填"] for p in problems if str(p["规则"]).startswith("statement.") and p["相差"] is not None]
    assert all(str(t).startswith("正文：") for t in of_text)
    assert "290" in wrong["最可能的改法"]
    assert wrong["位置代码"] == "requests.granted.*"
    # On paper: no codes, letters of at least seven points on an A4 sheet laid across (some 145 of Excel's units of width).
    sheet = book["问题"]
    heads = [c.value for c in sheet[1]]
    last = heads.index("原因") + 1
    assert sheet.print_area.split(":")[1].startswith(f"${get_column_letter(last)}$") and last == 10
    assert heads[last] == "说明人" and "位置代码" not in heads[:last]
    wide = sum(sheet.column_dimensions[get_column_letter(n)].width for n in range(1, last + 1))
    assert 10 * 145 / wide >= 7 and sheet["F2"].alignment.wrap_text


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(min_row=2, values_only=True))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("210.08", Decimal("210.08")),
        ("-709", -709),
        ("0", 0),
        ("012", "012"),
        ("≥12", "≥12"),
        ("2025年", "2025年"),
        ("1.", "1."),
    ],
)
def test_amounts_are_numbers_in_the_workbook(text: str, value: object) -> None:
    assert workbook._number(text) == value and type(workbook._number(text)) is type(value)


def test_no_text_of_a_draft_becomes_a_formula(tmp_path: Path) -> None:
    evil = reviewed(changed(SHUYANG, {"requests.granted.other": '=HYPERLINK("x")'}))
    path = tmp_path / "报告.xlsx"
    path.write_bytes(workbook.content([evil], None, ABOUT, "zh"))
    book = openpyxl.load_workbook(path)
    kinds = {c.data_type for sheet in book for row in sheet.iter_rows() for c in row if str(c.value).startswith("=")}
    assert kinds == {"s"}


def test_the_page_is_one_file(folder: list[Reviewed]) -> None:
    text = page.content(folder, None, ABOUT, "zh").decode()
    assert not re.search(r"(?:src|href)=[\"'](?!#)", text)
    assert "@import" not in text and "url(" not in text and "<script" not in text
    order = [text.index(word) for word in ("<h2>坏.docx", "<h2>沭阳县人民政府 2025 年</h2>")]
    assert order == sorted(order)
    assert re.search(r'<td class="bad"[^>]*><s>999</s>', text)
    assert "报齐" not in text
    # Every link on the page leads somewhere on it.
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(re.findall(r'id="([^"]+)"', text))


def test_text_of_drafts_is_escaped() -> None:
    evil = reviewed(changed(SHUYANG, {"requests.granted.other": "<img src=x>"}))
    text = page.content([evil], None, ABOUT, "zh").decode()
    assert "<img" not in text
    assert "&lt;img src=x&gt;" in text


def test_the_command_writes_report_and_slips(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafts = tmp_path / "草稿"
    drafts.mkdir()
    (drafts / "错.docx").write_bytes(changed(SHUYANG, {"requests.granted.natural_person": "999"}))
    (drafts / "坏.docx").write_bytes((SAMPLES / "损坏的草稿.docx").read_bytes())
    (tmp_path / "名单.csv").write_bytes("单位,截止日期\n沭阳县人民政府,2026-02-20\n某某镇人民政府,\n".encode("gbk"))
    target, slips = tmp_path / "出" / "报告.xlsx", tmp_path / "意见单"
    arguments = ["--report", str(target), "--slips", str(slips), "--roster", str(tmp_path / "名单.csv")]
    assert main(["check", str(drafts), *arguments]) == 2
    out = capsys.readouterr().out
    assert "请催报 1 个单位：某某镇人民政府" in out
    assert "名单" in openpyxl.load_workbook(target).sheetnames
    (written,) = slips.iterdir()
    assert written.name == "沭阳县人民政府2025年政府信息公开工作年度报告反馈意见单.docx"
    # The signature stands on one sheet with the sentence before it.
    with zipfile.ZipFile(written) as package:
        assert package.read("word/document.xml").decode().count("<w:keepNext/>") == 3
    # A column in which nobody on the list has anything takes no room on the page.
    page = tmp_path / "页.html"
    main(["check", str(SHUYANG), "--roster", str(tmp_path / "名单.csv"), "--report", str(page)])
    heads = page.read_text("utf-8")
    assert "<th>应报日期</th>" in heads and "<th>联系人</th>" not in heads


@pytest.mark.parametrize("name", ["报告.pdf", "报告"])
def test_a_report_of_another_type_is_refused_before_any_work(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(SHUYANG), "--report", str(tmp_path / name)]) == 2
    assert ".xlsx" in capsys.readouterr().err


# -- who must report ---------------------------------------------------------------------------------------------------


def listed(tmp_path: Path, text: str, encoding: str = "utf-8-sig") -> roster.RosterFile:
    path = tmp_path / "名单.csv"
    path.write_bytes(text.encode(encoding))
    return roster.load(path)


def test_received_late_missing_and_whom_to_remind(folder: list[Reviewed], tmp_path: Path) -> None:
    given = listed(
        tmp_path,
        "2025年度年报报送名单,,,,\n单位,截止日期,收到日期,联系人,电话\n"
        "沭阳县人民政府,2026-02-20,2026/2/25,,\n某某镇人民政府,2026年1月31日,,王五,0527-1\n坏,,,,\n",
        "gb18030",
    )
    found = roster.attendance(given, folder, today=date(2026, 2, 1))
    states = {m.name: (m.state, m.late) for m in found.members}
    assert states == {"沭阳县人民政府": ("late", 5), "某某镇人民政府": ("missing", 1), "坏": ("unreadable", None)}
    assert [(m.name, m.contact, m.telephone) for m in found.to_remind] == [
        ("某某镇人民政府", "王五", "0527-1"),
        ("坏", None, None),
    ]
    assert found.year == 2025
    assert not found.strangers


def test_without_a_date_nothing_is_late(folder: list[Reviewed], tmp_path: Path) -> None:
    """The published date the report prints counts; a file's own date never does."""
    given = listed(tmp_path, "单位\n沭阳县人民政府\n某某镇人民政府\n")
    found = roster.attendance(given, folder[1:2], today=date(2030, 1, 1))
    assert {m.name: (m.state, m.late) for m in found.members} == {
        "沭阳县人民政府": ("received", None),
        "某某镇人民政府": ("missing", None),
    }


def test_another_years_report_is_not_this_years(folder: list[Reviewed], tmp_path: Path) -> None:
    given = listed(tmp_path, "单位,简称\n沭阳县人民政府,\n上海市人民政府办公厅,\n平潭综合实验区管委会,实验区\n")
    shanghai = Reviewed(checks.check(extract(SAMPLES / "上海市人民政府办公厅2019年政府信息公开工作年度报告.html")))
    pingtan = Reviewed(checks.check(extract(SAMPLES / "平潭综合实验区2025年政府信息公开工作年度报告.md")))
    found = roster.attendance(given, [folder[1], shanghai, pingtan], today=date(2026, 1, 1))
    assert found.year == 2025
    assert [m.state for m in found.members] == ["received", "missing", "received"]
    assert len(found.other_years) == 1


def test_a_roster_in_excel_with_a_title_above_its_heads(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["报送名单"], [], ["序号", "单位名称", "期限"], [1, "甲局", date(2026, 1, 31)], [None, None, None]):
        sheet.append(row)
    book.save(tmp_path / "名单.xlsx")
    given = roster.load(tmp_path / "名单.xlsx")
    assert [(m.name, m.due) for m in given.roster.members] == [("甲局", date(2026, 1, 31))]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 .xlsx"),
        ("甲,乙\n1,2\n".encode(), "没有找到表头"),
        (b"PK\x03\x04broken", "打不开这个工作簿"),
        ("单位,截止日期\n,\n".encode(), "没有单位"),
    ],
)
def test_what_is_no_roster_is_told(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    path.write_bytes(content)
    with pytest.raises(SheetError, match=says):
        roster.load(path)


@pytest.mark.skipif(sys.platform != "linux", reason="names are text on other systems")
def test_names_in_gbk_bytes_go_through_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An archive from Windows, unpacked on Linux: names that no JSON, workbook or page takes as they are."""
    drafts = tmp_path / os.fsdecode("报送".encode("gbk"))
    drafts.mkdir()
    wrong = changed(SHUYANG, {"requests.granted.natural_person": "999"})
    (drafts / os.fsdecode("教育局.docx".encode("gbk"))).write_bytes(wrong)
    (drafts / os.fsdecode("办公厅.html".encode("gbk"))).write_bytes(SHANGHAI.read_bytes())
    (drafts / os.fsdecode("坏.docx".encode("gbk"))).write_bytes(b"PK\x03\x04")
    out = tmp_path / "结果.json"
    for report in ("报告.xlsx", "报告.html"):
        extra = ["--annotate", str(tmp_path / "审阅稿"), "--slips", str(tmp_path / "意见单"), "--output", str(out)]
        assert main(["check", str(drafts), "--report", str(tmp_path / report), "--format", "json", *extra]) == 2
    names = [Path(f["source"]["path"]).name for f in json.loads(out.read_text("utf-8"))]
    assert sorted(names) == sorted(["教育局.docx", "办公厅.html", "坏.docx"])
    assert {p.name for p in (tmp_path / "审阅稿").iterdir()} == {"教育局.勾稽.docx", "办公厅.勾稽.html"}
    assert "没有做成" not in capsys.readouterr().err


def test_of_many_drafts_the_screen_shows_what_is_wrong_and_names_the_page(
    folder: list[Reviewed], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that passed in a line each and first; all that is found stays; what is asked for whole stays whole."""
    wrong = folder[0]
    passed = replace(folder[1], checked=replace(folder[1].checked, findings=[], verdict="pass"))
    for each in (wrong, passed):
        each.previous = {r.report_id: r for r in each.reports}

    def shown(n: int, **options: Any) -> list[str]:
        check_command._write([wrong, *[passed] * n], None, [], Options(**options))
        return capsys.readouterr().out.splitlines()

    few, many = shown(4), shown(5)
    assert few[0].startswith("【有错误】") and "  与上年对照" in few
    assert "--report 结果.html" in many[0] and [t[:4] for t in many[2:7]] == ["【通过】"] * 5
    assert "  与上年对照" not in many and many[8].startswith("【有错误】")
    assert set(few[: few.index("  与上年对照")]) - {""} <= set(many), "all findings"
    assert "都在 结果.html 里" in shown(5, report=(Path("结果.xlsx"), Path("结果.html")))[0]
    assert "  与上年对照" in shown(5, everything=True)


def test_where_nothing_is_done_it_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafts, mine = tmp_path / "草稿", tmp_path / "结果.html"
    drafts.mkdir()
    (drafts / "1.docx").write_bytes(SHUYANG.read_bytes())
    mine.write_text("<p>别人的</p>", "utf-8")
    slips = tmp_path / "意见单"
    assert main(["check", str(drafts), "--report", str(mine), "--slips", str(slips)]) == 2
    assert "这次没有核对，别的结果也都没有写。" in capsys.readouterr().err and not slips.exists()
    for target, said in ((drafts, "就是草稿文件夹"), (drafts / "意见单", "在草稿文件夹里面")):
        assert main(["check", str(drafts), "--slips", str(target)]) == 2
        assert said in capsys.readouterr().err


def test_copies_and_versions_are_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafts = tmp_path / "草稿"
    drafts.mkdir()
    (drafts / "1定稿.docx").write_bytes(SHUYANG.read_bytes())
    (drafts / "2副本.docx").write_bytes(SHUYANG.read_bytes())
    (drafts / "3旧稿.docx").write_bytes(changed(SHUYANG, {"article20.penalty.decisions": "5"}))
    # One of them is given twice, which makes it neither a copy of itself nor another draft.
    main(["check", str(drafts), str(drafts / "1定稿.docx"), "--format", "json"])
    files = json.loads(capsys.readouterr().out)
    told = [[f["message"] for f in each["findings"] if f["rule"] == "batch.duplicate"] for each in files]
    assert [len(messages) for messages in told] == [1, 1, 1]
    assert "有3份，有 1 格的数字不同（其余几份是 2副本.docx、3旧稿.docx）" in told[0][0]
    assert "（其余几份是 1定稿.docx、3旧稿.docx）" in told[1][0]
    assert "（其余几份是 1定稿.docx、2副本.docx）" in told[2][0]


# -- slips -------------------------------------------------------------------------------------------------------------


def test_a_slip_says_what_to_correct(folder: list[Reviewed], tmp_path: Path) -> None:
    n, notes = write_slips(folder, tmp_path, "zh")
    # Two drafts of one office, of which nothing tells the newer: which slip is whose is said.
    assert n == 2 and len(notes) == 1 and "疑.docx 的是" in notes[0] and "文件名相同" in notes[0]
    paths = sorted(tmp_path.iterdir())
    text = "\n".join(c.text for p in paths for t in Document(str(p)).tables for c in t._cells)
    assert "最可能的改法" in text
    assert "修改建议" in text
    heads = [p.text for p in Document(str(paths[0])).paragraphs[:2]]
    assert heads == ["政府信息公开工作年度报告反馈意见单", "沭阳县人民政府："]


def test_a_slip_is_the_same_bytes_again_and_shows_how_serious_each_is(folder: list[Reviewed]) -> None:
    office = next(o for o in offices(folder, "zh") if o.verdict == "fail")
    data = slip(office, Letter("某某办公室"), "zh")
    assert slip(office, Letter("某某办公室"), "zh") == data
    document = Document(io.BytesIO(data))
    (table,) = document.tables
    assert [c.text for c in table.rows[0].cells] == ["序号", "程度", "问题和位置", "修改建议"]
    shown = [row.cells[0] for row in table.rows if row.cells[0].tables]
    assert len(table.rows) == 1 + len(office.causes) + len(shown)
    # Below a problem of sums the cells concerned, those that must change red.
    red = [c.text for cell in shown for row in cell.tables[0].rows for c in row.cells if "FFD6D6" in c._tc.xml]
    wrong = [a for cause in office.causes if cause.sums for a, mark in cause.marks.items() if mark == "wrong"]
    assert red == [office.report.printed()[a].printed for a in wrong] and red  # type: ignore[union-attr]
    listed = [row for row in table.rows[1:] if not row.cells[0].tables]
    fills = {row.cells[1].text: row.cells[1]._tc.tcPr.find(qn("w:shd")).get(qn("w:fill")) for row in listed}
    assert fills["错误"] == "FFD6D6"
    # Heads stand on every page, the title is centred, the sender at the end on the right.
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    styles = [(p.text, p.style.name) for p in document.paragraphs]
    assert styles[0] == ("政府信息公开工作年度报告反馈意见单", "Title")
    assert ("审核单位：某某办公室", "Signature") in styles
    # A report that says a word of XML's is no XML.
    strange = replace(office, name="甲<乙>&丙")
    assert any("甲<乙>&丙" in p.text for p in Document(io.BytesIO(slip(strange, Letter(), "zh"))).paragraphs)


# -- rounds ------------------------------------------------------------------------------------------------------------


def as_json(*files: Reviewed) -> rounds.Round:
    return rounds.Round(json.loads(json.dumps([f.to_json() for f in files])))


def test_closed_open_and_new() -> None:
    first = reviewed(
        changed(SHUYANG, {"requests.granted.natural_person": "999", "disputes.reconsideration.total": "77"})
    )
    second = reviewed(
        changed(SHUYANG, {"disputes.reconsideration.total": "77", "disputes.litigation_direct.total": "8"}), "改.docx"
    )
    as_json(first).compare(second)
    by_status = {
        status: {(f.rule, f.row) for f in second.checked.findings if second.status.get(f.finding_id) == status}
        for status in ("open", "new")
    }
    assert ("disputes.total", "reconsideration") in by_status["open"]
    assert by_status["new"] == {("disputes.total", "litigation_direct")}
    assert {(f["rule"], f["column"] or f["row"]) for f in second.closed} == {
        ("requests.outcomes", "natural_person"),
        ("requests.applicants", "granted"),
    }
    shown = second.to_json()
    assert {f["round"] for f in shown["findings"]} == {"open", "new"}
    assert len(shown["closed"]) == 2


def test_what_can_no_longer_be_assessed_is_not_closed() -> None:
    first = reviewed(changed(SHUYANG, {"disputes.reconsideration.total": "77"}))
    second = reviewed(changed(SHUYANG, {"disputes.reconsideration.total": ""}), "改.docx")
    as_json(first).compare(second)
    assert second.closed == []
    assert [f["rule"] for f in second.unclear] == ["disputes.total"]
    assert "另有 1 处因有关的格空白或读不准，看不出是否改正" in "\n".join(lines_of(second, Screen("zh")))


def test_a_file_that_can_no_longer_be_read_closes_nothing() -> None:
    first = reviewed(changed(SHUYANG, {"disputes.reconsideration.total": "77"}), "甲.docx")
    second = reviewed((SAMPLES / "损坏的草稿.docx").read_bytes(), "甲.docx")
    earlier = as_json(first)
    earlier.compare(second)
    assert second.seen_before
    assert second.closed == []


def test_files_of_last_round_that_are_gone_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = tmp_path / "上轮.json"
    other = reviewed((SAMPLES / "损坏的草稿.docx").read_bytes(), "草稿/不见了.docx")
    result.write_text(json.dumps([other.to_json()]), "utf-8")
    assert main(["check", str(SHUYANG), "--since", str(result)]) == 0
    captured = capsys.readouterr()
    assert "不见了.docx" in captured.err
    assert "上一轮没有这个文件" in captured.out


@pytest.mark.parametrize("content", ["不是 JSON", "{}", "[1]", '[{"a": 1}]'])
def test_what_is_no_result_is_told(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "上轮.json"
    path.write_text(content, "utf-8")
    assert main(["check", str(SHUYANG), "--since", str(path)]) == 2
    assert "上轮.json" in capsys.readouterr().err


# -- reasons -----------------------------------------------------------------------------------------------------------


def reasons(tmp_path: Path, *lines: str) -> list[waivers.Line]:
    path = tmp_path / "说明.csv"
    path.write_text("\n".join(["问题编号,单位,年度,规则,位置代码,原因,说明人", *lines]), "utf-8")
    return waivers.load(path)


def test_an_explained_warning_stays_closed_and_its_reason_goes_along(tmp_path: Path) -> None:
    draft = reviewed(SHUYANG.read_bytes())
    assert draft.verdict == "warn"
    lines = reasons(tmp_path, ",沭阳县人民政府,2025,statement.disagrees,,文中为含结转数，已与台账核对,李四")
    used, errors = waivers.apply(draft, lines)
    assert (used, errors, draft.verdict) == ({0}, 0, "pass")
    assert {f["waived_by"]["reason"] for f in draft.to_json()["findings"]} == {"文中为含结转数，已与台账核对"}
    assert {f["waived_by"]["who"] for f in draft.to_json()["findings"]} == {"李四"}
    # The draft is changed and checked again: the reason still holds, though all ids are others.
    again = reviewed(changed(SHUYANG, {"article20.penalty.decisions": "5"}))
    waivers.apply(again, lines)
    assert again.verdict == "pass"


@pytest.mark.parametrize(
    ("line", "closes"),
    [
        (",,,value.blank,requests.denied_state_secret.other,没有,", True),
        (",,,value.blank,requests.denied_state_secret,没有,", True),
        (",,,value.blank,requests.*.other,没有,", True),
        (",,,value.blank,requests.*.total,没有,", False),
        (",,,value.blank,disputes,没有,", False),
        (",,,数据栏空白,（三）1.属于国家秘密/其他,没有,", True),
        (",,,数据栏空白,“（三）1.属于国家秘密”的“其他”,没有,", True),
        (",,,三、收到和处理政府信息公开申请情况：数据栏空白,三、收到和处理政府信息公开申请情况,没有,", True),
        (",,,数据栏空白 [value.blank],*/其他,没有,", True),
        (",,,数据栏空白,（三）1.属于国家秘密/总计,没有,", False),
        (",,,数据栏空白,四、政府信息公开行政复议、行政诉讼情况,没有,", False),
        (",,,数据栏为记号,（三）1.属于国家秘密/其他,没有,", False),
        (",别的局,,value.blank,,没有,", False),
        (",沭阳县*,,value.blank,,没有,", True),
        (",宿迁市沭阳县人民政府,,value.blank,,没有,", True),
        (",沭阳县人民政府办公室,,value.blank,,没有,", False),
        (",宿豫区人民政府,,value.blank,,没有,", False),
        (",*教育局,,value.blank,,没有,", False),
        (",,2024,value.blank,,没有,", False),
        (",,,value.mark,,没有,", False),
    ],
)
def test_a_reason_is_for_its_place_only(line: str, closes: bool, tmp_path: Path) -> None:
    draft = reviewed(changed(SHUYANG, {"requests.denied_state_secret.other": ""}))
    used, _ = waivers.apply(draft, reasons(tmp_path, line))
    blank = next(f for f in draft.checked.findings if f.rule == "value.blank")
    assert (blank.finding_id in draft.waived) is closes
    assert bool(used) is closes


def test_a_place_in_the_columns_of_our_own_workbook(tmp_path: Path) -> None:
    draft = reviewed(changed(SHUYANG, {"requests.denied_state_secret.other": ""}))
    path = tmp_path / "说明.csv"
    for column, closes in (("其他", True), ("总计", False)):
        line = f"数据栏空白,三、收到和处理政府信息公开申请情况,（三）1.属于国家秘密,{column},没有"
        path.write_text(f"问题,表,行,列,原因\n{line}", "utf-8")
        used, _ = waivers.apply(draft, waivers.load(path))
        assert bool(used) is closes


def test_no_reason_closes_an_error(tmp_path: Path) -> None:
    draft = reviewed(changed(SHUYANG, {"requests.granted.natural_person": "999"}))
    used, errors = waivers.apply(draft, reasons(tmp_path, ",,,requests.outcomes,,就是这样,"))
    assert errors == 1
    assert used == {0}
    assert draft.verdict == "fail"


def test_a_reason_by_id(tmp_path: Path) -> None:
    draft = reviewed(SHUYANG.read_bytes())
    finding = draft.open_findings[0]
    waivers.apply(draft, reasons(tmp_path, f"{finding.finding_id},,,,,已核对,"))
    assert list(draft.waived) == [finding.finding_id]


def test_the_workbook_comes_back_with_reasons(folder: list[Reviewed], tmp_path: Path) -> None:
    path = tmp_path / "报告.xlsx"
    path.write_bytes(workbook.content(folder[1:2], None, ABOUT, "zh"))
    book = openpyxl.load_workbook(path)
    sheet = book["问题"]
    heads = [c.value for c in sheet[1]]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, heads.index("原因") + 1).value = "含上年结转"
        sheet.cell(row, heads.index("说明人") + 1).value = "李四"
    book.save(path)
    draft = reviewed(SHUYANG.read_bytes(), "草稿/疑.docx")
    waivers.apply(draft, waivers.load(path))
    assert draft.verdict == "pass"
    assert {w.who for w in draft.waived.values()} == {"李四"}


@pytest.mark.parametrize(
    ("line", "says"), [(",,,,,有原因,", "没有写是哪个问题"), (",,去年,value.blank,,没有,", "不是年份")]
)
def test_a_line_that_names_nothing_is_told(line: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(SheetError, match=says):
        reasons(tmp_path, line)


def test_the_command_applies_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["规则", "原因"], ["statement.disagrees", "含结转"], ["value.fraction", "没有"]])
    path = tmp_path / "说明.csv"
    path.write_bytes(buffer.getvalue().encode("gbk"))
    assert main(["check", str(SHUYANG), "--waivers", str(path)]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("【通过】")
    assert "已说明 2 处" in captured.out
    assert "1 行没有用上（第 3 行）" in captured.err


def test_the_command_says_on_slips_by_when_and_from_whom(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = tmp_path / "错.docx"
    draft.write_bytes(changed(SHUYANG, {"requests.granted.natural_person": "999"}))
    command = ["check", str(draft), "--slips", str(tmp_path / "单"), "--slip-from", "某县政府办"]
    assert main([*command, "--slip-deadline", "下周"]) == 2
    assert "下周" in capsys.readouterr().err and not (tmp_path / "单").exists()
    assert main([*command, "--slip-deadline", "2026年1月25日", "--slip-date", "20260118"]) == 1
    (path,) = (tmp_path / "单").iterdir()
    said = [p.text for p in Document(str(path)).paragraphs]
    assert any("于 2026年1月25日前将更正稿报回" in text for text in said)
    assert said[-2:] == ["审核单位：某县政府办", "2026年1月18日"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"statement": "closed_rate", "printed": 100}, "正文：全部办结"),
        ({"statement": "closed", "printed": 49}, "正文：49"),
        ({"printed": "2024-01-01/2024-12-31"}, "2024年1月1日至2024年12月31日"),
        ({"printed": Decimal("1.25")}, "1.25"),
        ({"printed": "某县教育局"}, "某县教育局"),
        ({}, ""),
    ],
)
def test_what_is_printed_is_shown_as_printed(given: dict[str, Any], shown: str) -> None:
    said = Statement("closed_rate", 100, None, 2024, "body", False, None, "全部办结", "申请全部办结。", Place())
    found = Finding("1", "r", "statement.disagrees", "broken", "error", **given)
    assert overview._printed(found, Report("r", statements=[said]), "zh") == shown
