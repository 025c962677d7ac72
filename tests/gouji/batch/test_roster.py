"""A roster as people write it: heads, short names, the two clocks of handing in and of publication."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
import xlwt

import checks
from data.generator import clean_layout, render
from gouji.batch import roster
from gouji.batch.reviewed import Reviewed
from gouji.batch.roster_entries import whom_to_ask
from gouji.batch.sheets import SheetError
from gouji.cli import main
from gouji.show import page
from gouji.show.attendance import roster_lines
from parsers import extract
from tests.gouji.drafts import SHUYANG
from tests.gouji.offices import issuer as office
from tests.gouji.offices import truth_of


def listed(tmp_path: Path, text: str) -> roster.RosterFile:
    path = tmp_path / "名单.csv"
    path.write_text(text, "utf-8-sig")
    return roster.load(path)


def folder() -> list[Reviewed]:
    return [Reviewed(checks.check(extract(SHUYANG)))]


def test_a_roster_as_people_write_it(tmp_path: Path) -> None:
    """Heads with notes and marks, short names; what more than one body may be is named."""
    for head in ("责任单位", "单位全称", "*单位名称（盖章）", "部门名称", "乡镇（街道）", "公开主体"):
        given = listed(tmp_path, f"2025年度名单\n序号,{head},联系人\n1,县人民政府,某甲\n2,某某镇,某乙\n")
        found = roster.attendance(given, folder(), today=date(2026, 2, 1))
        assert [(m.name, m.state) for m in found.members] == [("县人民政府", "received"), ("某某镇", "missing")], head


def test_a_name_that_two_bodies_at_hand_may_bear_is_nobodys(tmp_path: Path) -> None:
    two = [truth_of(office(f"{place}教育局"), i) for i, place in enumerate(("沭阳县", "泗阳县"))]
    both = [Reviewed(checks.check(extract(Path(f"{i}.docx"), render(t, clean_layout())))) for i, t in enumerate(two)]
    found = roster.attendance(listed(tmp_path, "单位\n县教育局\n"), both, today=date(2026, 2, 1))
    assert [(m.state, m.candidates) for m in found.members] == [("missing", ("沭阳县教育局", "泗阳县教育局"))]
    found = roster.attendance(listed(tmp_path, "单位\n县教育局\n"), both[:1], today=date(2026, 2, 1))
    assert [(m.state, m.candidates) for m in found.members] == [("received", ())]


@pytest.mark.parametrize(
    ("row", "state", "late"),
    [
        # Handed in in time, signed and published later.
        ("2025-01-15,2025-01-10", "received", None),
        ("2025-01-15,2025-01-17", "late", 2),
        # Nobody noted when it came in: what the report says of publication is another clock.
        ("2025-01-15,", "received", None),
        (",2025-03-01", "received", None),
    ],
)
def test_handing_in_is_not_publication(row: str, state: str, late: int | None, tmp_path: Path) -> None:
    truth = truth_of(office("沭阳县教育局"), 1)
    extraction = extract(Path("1.docx"), render(truth, clean_layout()))
    (report,) = extraction.reports
    report.identity = replace(report.identity, published="2025-01-20")
    given = listed(tmp_path, f"单位,报送期限,报送日期\n沭阳县教育局,{row}\n")
    found = roster.attendance(given, [Reviewed(checks.check(extraction))], today=date(2025, 2, 1))
    assert [(m.state, m.late) for m in found.members] == [(state, late)]


Lines = Sequence[Sequence[object]]
NAMES = ["教育局", "发改局", "陇集镇"]


def book(path: Path, *sheets: tuple[str, Lines], merged: Sequence[str] = ()) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for title, lines in sheets:
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
        for each in merged:
            sheet.merge_cells(each)
    made.save(path)
    return path


def names(path: Path) -> list[str]:
    return [m.name for m in roster.load(path).roster.members]


def test_merged_cells_a_title_groups_and_heads_in_two_lines(tmp_path: Path) -> None:
    lines: Lines = (
        ["某县2025年度年报报送名单"],
        ["序号", "类别", "单位名称", "联系方式", None, "报送时限", "报送日期"],
        [None, None, None, "联系人", "电话", None, None],
        [1, "县直部门", "教育局", "某甲", 13800000000, datetime(2026, 1, 15), "1月10日"],
        [2, None, "发改局", "某乙", None, None, "12月31日"],
        [3, "乡镇", "陇集镇", None, None, None, "已报"],
        ["备注：请按时报送"],
    )
    merged = ("A1:G1", "D2:E2", "A2:A3", "B2:B3", "C2:C3", "B4:B5", "F4:F6", "A7:G7")
    given = roster.load(book(tmp_path / "名单.xlsx", ("Sheet1", lines), merged=merged))
    assert [m.name for m in given.roster.members] == NAMES
    assert {m.due for m in given.roster.members} == {date(2026, 1, 15)}, "merged over all rows"
    found = roster.attendance(given, [], today=date(2026, 1, 12))
    assert (found.members[0].contact, found.members[0].telephone) == ("某甲", "13800000000")
    assert [m.received for m in found.members] == [date(2026, 1, 10), date(2025, 12, 31), None]
    assert ["备注" in n for n in given.notes] == [True, False] and "陇集镇的报送日期" in given.notes[1]


def test_several_sheets_and_lists_side_by_side(tmp_path: Path) -> None:
    head = ["序号", "单位"]
    sheets = (
        ("部门", [head, [1, "教育局"], [2, "发改局"]]),
        ("乡镇", [["序号", "乡镇"], [1, "陇集镇"]]),
        ("去年", [head, [1, "发改局"], [2, "教育局"]]),
    )
    given = roster.load(book(tmp_path / "1.xlsx", *sheets))
    assert [m.name for m in given.roster.members] == NAMES
    assert [("乡镇" in n, "去年" in n) for n in given.notes] == [(True, False), (False, True)]
    beside = [["部门", "联系人", "乡镇（街道）"], ["教育局", "甲", "陇集镇"], ["发改局", "乙", "庙头镇"]]
    assert names(book(tmp_path / "2.xlsx", ("S", beside))) == ["教育局", "发改局", "陇集镇", "庙头镇"]
    twice = [["序号", "单位", "联系人"] * 2, [1, "教育局", "甲", 3, "陇集镇", "丙"], [2, "发改局", "乙"]]
    given = roster.load(book(tmp_path / "3.xlsx", ("S", twice)))
    assert [(n, r["联系人"]) for n, r in given.rows.items()] == [("教育局", "甲"), ("发改局", "乙"), ("陇集镇", "丙")]


def test_lists_side_by_side_keep_their_sums_and_contacts_apart(tmp_path: Path) -> None:
    """A line with both lists' sums loses neither; whose contact stands beside whom is by side."""
    heads = ["序号", "部门", "经办人", "办公电话", "序号", "乡镇（街道）", "分管领导", "手机"]
    lines = [[1, "教育局", "甲", "11", 1, "陇集镇", "丙", "33"], [2, "发改局", "乙", None, 2, "庙头镇", "丁", "44"]]
    sums: list[object] = [None, "共2家", None, None, None, "共2家", None, None]
    asked = [("甲", "11"), ("乙", None), ("丙", "33"), ("丁", "44")]
    for with_sums in ([*lines], [*lines, sums]):
        given = roster.load(book(tmp_path / "1.xlsx", ("S", [heads, *with_sums])))
        found = roster.attendance(given, [], today=date(2026, 1, 12))
        assert [m.name for m in found.members] == ["教育局", "发改局", "陇集镇", "庙头镇"]
        assert [(m.contact, m.telephone) for m in found.members] == asked
    # No column that counts: each list from its column of names on.
    without = [[v for i, v in enumerate(line) if i not in (0, 4)] for line in [heads, *lines, sums]]
    given = roster.load(book(tmp_path / "2.xlsx", ("S", without)))
    found = roster.attendance(given, [], today=date(2026, 1, 12))
    assert [(m.contact, m.telephone) for m in found.members] == asked
    # A column of bodies that is taken for no list is told.
    given = listed(tmp_path, "单位,联系人,所在乡镇\n教育局,甲,陇集镇\n发改局,乙,庙头镇\n")
    assert any("“所在乡镇”" in n for n in given.notes)
    given = listed(tmp_path, "单位,联系人,主管部门\n陇集中学,甲,教育局\n庙头水库,乙,水利局\n")
    assert not any("主管部门" in n for n in given.notes)


def test_the_contact_below_a_head_over_two_columns(tmp_path: Path) -> None:
    """联络员 over 姓名 and 手机; of two people the one to ask, with this one's number."""
    lines: Lines = (
        ["序号", "单位", "负责人", None, "联络员", None],
        [None, None, "姓名", "电话", "姓名", "手机"],
        [1, "教育局", "甲", "11", "乙", "22"],
        [2, "发改局", "丙", "33", None, None],
    )
    merged = ("A1:A2", "B1:B2", "C1:D1", "E1:F1")
    given = roster.load(book(tmp_path / "1.xlsx", ("S", lines), merged=merged))
    found = roster.attendance(given, [], today=date(2026, 1, 12))
    assert [(m.contact, m.telephone) for m in found.members] == [("乙", "22"), (None, None)]
    for text, asked in (
        ("单位,负责人,电话,联络员,手机\n教育局,甲,11,乙,22\n", ("乙", "22")),
        ("单位,负责人,电话,联络员,手机\n教育局,甲,11,乙,\n", ("甲", "11")),
        ("单位,联络员,负责人,电话\n教育局,甲,乙,11\n", ("甲", "11")),
        ("单位,电话,姓名\n教育局,11,乙\n", ("乙", "11")),
        ("单位,联系人及电话\n教育局,乙 22\n", (None, "乙 22")),
    ):
        (member,) = roster.attendance(listed(tmp_path, text), [], today=date(2026, 1, 12)).members
        assert (member.contact, member.telephone) == asked, text


def test_several_bodies_in_a_cell_or_line_are_several(tmp_path: Path) -> None:
    def of_text(text: str) -> roster.RosterFile:
        (tmp_path / "名单.txt").write_bytes(text.encode("gbk"))
        return roster.load(tmp_path / "名单.txt")

    given = of_text(
        "县2025年年报应报单位\r\n1、县教育局；\r\n2.县水利局、县交通局\r\n（三）陇集镇、庙头镇\r\n共5家\r\n"
    )
    assert [m.name for m in given.roster.members] == ["县教育局", "县水利局", "县交通局", "陇集镇", "庙头镇"]
    assert any("分开来读" in n and "县水利局、县交通局" in n for n in given.notes)
    given = of_text("部门：县教育局，县水利局，县交通局。\n乡镇：陇集镇，庙头镇。\n")
    assert len(given.roster.members) == 5
    given = listed(tmp_path, "单位,联系人\n县教育局、县体育局,甲\n县发展和改革局（粮食局、物价局）,乙\n*县民政局,丙\n")
    assert [m.name for m in given.roster.members] == [
        "县教育局", "县体育局", "县发展和改革局（粮食局、物价局）", "县民政局",
    ]  # fmt: skip
    # A list in Word without a table; a letter that names two offices is none.
    for lines, members in (
        (["应报单位：", "县教育局", "县水利局", "县交通局"], 3),
        (["致县教育局", "请核对。", "县水利局", "此致"], 0),
    ):
        document = docx.Document()
        for line in lines:
            document.add_paragraph(line)
        document.save(str(tmp_path / "名单.docx"))
        if members:
            assert len(names(tmp_path / "名单.docx")) == members
        else:
            with pytest.raises(SheetError):
                names(tmp_path / "名单.docx")


@pytest.mark.parametrize(
    "name",
    ["沭阳县交通运输局", "01沭阳县交通运输局2025年年报（定稿）", "附件2：县交通运输局年报", "交通运输局2025年度报告"],
)
def test_a_file_that_cannot_be_read_is_its_offices_by_another_wording_of_its_name(name: str, tmp_path: Path) -> None:
    given = listed(tmp_path, "单位,报送日期\n县住建局,2026-01-10\n交通局,\n县教育局,\n沭阳县人民政府,\n")
    path = tmp_path / f"{name}.docx"
    path.write_bytes(b"PK\x03\x04 and no more")
    full = tmp_path / "沭阳县住房和城乡建设局.docx"
    full.write_bytes(b"PK\x03\x04 and no more")
    # 教育局 is in the name of another body.
    other = tmp_path / "沭阳县交通运输局幼儿园.docx"
    other.write_bytes(b"PK\x03\x04 and no more")
    unread = [Reviewed(checks.check(extract(p))) for p in (path, full, other)]
    found = roster.attendance(given, [*folder(), *unread], today=date(2026, 2, 1))
    states = {m.name: m.state for m in found.members}
    assert (states["交通局"], states["县住建局"], states["县教育局"]) == ("unreadable", "unreadable", "missing")
    assert found.strangers == [str(other)]


def test_days_without_a_year_and_what_is_no_day_stop_nothing(tmp_path: Path) -> None:
    """The year is the round's or the drafts'; what is no day is told by its member, and the rest goes on."""
    given = listed(
        tmp_path,
        "单位,报送时限,报送日期\n教育局,1月20日前,1月21日\n发改局,1月底,12月31日\n财政局,1.20（周二）,\n司法局,2月30日,\n水利局,20日,已报\n",
    )
    assert [("水利局" in n, "司法局" in n) for n in given.notes] == [(True, True), (True, False)]
    assert "“20日”" in given.notes[0] and "教育局" not in given.notes[0]
    of_year = replace(given, roster=replace(given.roster, year=2025))
    found = roster.attendance(of_year, [], today=date(2026, 1, 25))
    due = [date(2026, 1, 20), date(2026, 1, 31), date(2026, 1, 20), None, None]
    assert [m.due for m in found.members] == due
    assert [m.received for m in found.members] == [date(2026, 1, 21), date(2025, 12, 31), None, None, None]
    assert [m.late for m in found.members] == [1, None, 5, None, None]
    truth = truth_of(office("沭阳县教育局"), 1)
    drafts = [Reviewed(checks.check(extract(Path("1.docx"), render(truth, clean_layout()))))]
    assert roster.attendance(given, drafts).members[0].due == date(truth.year + 1, 1, 20), "the draft's year"


def test_a_remark_that_nothing_is_to_come_is_heeded_and_told(tmp_path: Path) -> None:
    given = listed(
        tmp_path,
        "单位,备注\n扶贫办,已撤销，并入农业农村局\n税务局,垂直管理，自行公开\n统计局,今年由发改局代报\n教育局,尚未撤销\n水利局,新任联络员\n",
    )
    found = roster.attendance(given, [], today=date(2026, 2, 1))
    assert [m.name for m in found.to_remind] == ["教育局", "水利局"]
    assert [(m.name, m.remark) for m in found.excused][1] == ("税务局", "垂直管理，自行公开")
    total, *rest = roster_lines(found, "zh")
    assert "未报 2" in total and total.endswith("，不用报 3"), "every member is in one of the numbers"
    (line,) = [t for t in rest if "不用报" in t]
    assert "扶贫办（已撤销，并入农业农村局）" in line


def test_whom_to_ask_stands_behind_a_name_and_who_keeps_the_list_is_not_reminded(tmp_path: Path) -> None:
    text = "单位,简称,联系人,电话,备注\n县政府办公室,县政府办,甲,1234567,本机关\n教育体育局,县教体局,乙,7654321,\n水利局,县水务局,,,本机关改革后新设\n"
    given = listed(tmp_path, text + "注：1.各单位经主要负责人签字后报送；2.逾期未报的予以通报。\n")
    assert given.notes == ["名单里这些行没有当作单位：“注：1.各单位经主要负责人签字后报送…”。"], "简称 is used"
    found = roster.attendance(given, [], today=date(2026, 2, 1))
    lines = roster_lines(found, "zh")
    assert "请催报 2 个单位：教育体育局（乙 7654321）、水利局" in lines
    assert any("是本机关、没有催的：县政府办公室。" in line for line in lines)
    top = page.content([], found, [], "zh").decode()
    assert top.index("教育体育局（乙 7654321）、水利局") < top.index("各单位核对结果")


def test_groups_are_no_bodies_and_a_column_of_groups_is_no_column_of_names(tmp_path: Path) -> None:
    lines = [["部门", "单位"], ["政府部门", "教育局"], ["政府部门", "发改局"], ["乡镇", "陇集镇"]]
    assert names(book(tmp_path / "1.xlsx", ("S", lines))) == NAMES
    lines = [
        ["名单"],
        ["一、县直部门（2个）"],
        [1, "1.教育局"],
        [2, "发 改 局"],
        ["二、各乡镇"],
        [3, "陇集镇"],
        ["合计", 3],
    ]
    given = roster.load(book(tmp_path / "2.xlsx", ("S", lines)))
    assert [m.name for m in given.roster.members] == NAMES
    assert any("没有表头" in n for n in given.notes)
    # A numbered heading is told of to nobody; one with a body's name may be meant as it.
    assert not any("县直部门" in n or "乡镇" in n for n in given.notes)
    (tmp_path / "4.csv").write_text("单位\n一、县政府工作部门\n教育局\n发改局\n二、水利局\n陇集镇\n")
    (note,) = roster.load(tmp_path / "4.csv").notes
    assert "水利局" in note and "工作部门" not in note
    (tmp_path / "3.csv").write_text(
        "单位,联系人\n县直部门（2个）,\n教育局,甲\n发改局,乙\n各乡镇（街道）：,\n陇集镇,丙\n共3个单位,\n"
    )
    given = roster.load(tmp_path / "3.csv")
    assert [m.name for m in given.roster.members] == NAMES
    assert all(w in given.notes[0] for w in ("县直部门", "各乡镇", "共3个"))


def test_heads_in_words_of_their_own_and_days_without_a_format(tmp_path: Path) -> None:
    lines: Lines = [
        ["序号", "主管部门", "被考核单位", "报送截止", "交稿日期"],
        [1, "县政府办", "教育局", 46037, "2026-1-10"],
    ]
    for head in ("被考核单位", "公开主体名称", "政务公开责任部门（科室）", "谁"):
        given = [[*lines[0][:2], head, *lines[0][3:]], lines[1], [2, "县政府办", "发改局", 46037, "未交"]]
        found = roster.load(book(tmp_path / f"{head[:2]}.xlsx", ("S", given)))
        assert [(m.name, m.due) for m in found.roster.members] == [(n, date(2026, 1, 15)) for n in NAMES[:2]], head
        assert len(found.notes) == 1 and "发改局的报送日期" in found.notes[0]


def test_a_roster_in_any_format(tmp_path: Path) -> None:
    lines = [
        ["序号", "填报单位", "期限"],
        ["1", "教育局", "1月15日"],
        ["2", "发改局", "2026年1月15日前"],
        ["3", "陇集镇", ""],
    ]
    word = docx.Document()
    word.add_paragraph("2025年度年报报送名单")
    table = word.add_table(4, 3)
    old = xlwt.Workbook()
    sheet = old.add_sheet("S")
    sheet.write(0, 0, "2025年度年报报送名单")
    for r, line in enumerate(lines):
        for c, text in enumerate(line):
            table.cell(r, c).text = text
            sheet.write(r + 1, c, text)
    word.save(str(tmp_path / "名单.docx"))
    old.save(str(tmp_path / "名单.xls"))
    text = "\n".join(["2025年度名单", *(",".join(line) for line in lines)])
    (tmp_path / "gbk.csv").write_text(text, "gbk")
    (tmp_path / "utf8.csv").write_text(text, "utf-8")
    (tmp_path / "bom.csv").write_text(text, "utf-8-sig")
    (tmp_path / "plain.txt").write_text("\n".join(NAMES), "utf-8")
    for path in sorted(tmp_path.iterdir()):
        members = roster.load(path).roster.members
        assert [m.name for m in members] == NAMES, path.name
        if path.suffix != ".txt":
            assert [m.due for m in members] == [date(2026, 1, 15)] * 2 + [None], path.name


def test_short_names_mean_the_bodies_at_home(tmp_path: Path) -> None:
    """Where most are of one county, its own are meant; a neighbour's draft is nobody's, and a name for two is told."""
    home = (
        "沭阳县教育局",
        "沭阳县发展和改革局",
        "沭阳县人民政府沭城街道办事处",
        "沭阳县市场监督管理局",
        "泗阳县公安局",
    )
    two = ("沭阳县水利局", "沭阳县水务局")
    drafts = [
        Reviewed(checks.check(extract(Path(f"{name}.docx"), render(truth_of(office(name), i), clean_layout()))))
        for i, name in enumerate((*home, *two))
    ]
    given = listed(tmp_path, "单位\n县教育局\n发改局\n沭城街道办\n市监局\n公安局\n水利局\n")
    found = roster.attendance(given, drafts, today=date(2025, 2, 1))
    states = {m.name: m.state for m in found.members}
    assert [n for n, s in states.items() if s == "missing"] == ["公安局"]
    assert found.strangers == ["泗阳县公安局.docx", "沭阳县水务局.docx"]


def drafts_of(*names: str) -> list[Reviewed]:
    return [
        Reviewed(checks.check(extract(Path(f"{name}.docx"), render(truth_of(office(name), i), clean_layout()))))
        for i, name in enumerate(names)
    ]


def test_a_town_that_is_called_like_a_short_form_is_met() -> None:
    """县河镇 is 竹溪县's 县河镇; with a 河镇 beside it each has its own; 县城关镇 stays the county's 城关镇."""
    county = ("竹溪县教育局", "竹溪县民政局", "竹溪县财政局")
    drafts = drafts_of(*county, "竹溪县县河镇人民政府", "竹溪县河镇人民政府", "竹溪县城关镇人民政府")

    def files(*members: str, of: list[Reviewed]) -> dict[str, list[str]]:
        given = roster.from_rows([{"单位": m} for m in members], "名单.csv")
        return {m.name: m.files for m in roster.attendance(given, of, today=date(2026, 2, 1)).members}

    for name in ("县河镇", "县河镇人民政府"):
        for there in ([*drafts[:4], drafts[5]], drafts):
            assert files(name, "县城关镇", "县教育局", of=there) == {
                name: ["竹溪县县河镇人民政府.docx"],
                "县城关镇": ["竹溪县城关镇人民政府.docx"],
                "县教育局": ["竹溪县教育局.docx"],
            }, name
        assert files(name, of=drafts[3:4]) == {name: ["竹溪县县河镇人民政府.docx"]}, "with nothing else at hand"
    assert files("县河镇", of=[*drafts[:3], drafts[4]]) == {"县河镇": ["竹溪县河镇人民政府.docx"]}


def test_homes_short_name_and_a_towns_office_mean_one_body() -> None:
    drafts = drafts_of("竹溪县教育局", "竹溪县民政局", "竹溪县财政局", "竹溪县兵营镇人民政府")

    def found(*members: str) -> roster.Attendance:
        given = roster.from_rows([{"单位": m} for m in members], "名单.csv")
        return roster.attendance(given, drafts, today=date(2026, 2, 1))

    given = found("竹溪民政局", "兵营镇党政办", "房县民政局", "竹山财政局")
    assert [m.files for m in given.members] == [["竹溪县民政局.docx"], ["竹溪县兵营镇人民政府.docx"], [], []]
    said = "\n".join(roster_lines(given, "zh"))
    assert "竹溪县财政局.docx" in said and "“别名”" in said
    both = found("兵营镇党政办", "兵营镇")
    assert [m.files for m in both.members] == [[], ["竹溪县兵营镇人民政府.docx"]], "the town is listed itself"
    whole = found("教育局", "民政局", "财政局", "兵营镇")
    assert all(m.files for m in whole.members) and "别名" not in "\n".join(roster_lines(whole, "zh"))


def test_a_draft_that_two_members_may_be_is_told(tmp_path: Path) -> None:
    truth = truth_of(office("沭阳县文化广电和旅游局"), 1)
    draft = Reviewed(checks.check(extract(Path("1.docx"), render(truth, clean_layout()))))
    found = roster.attendance(listed(tmp_path, "单位\n文旅局\n广旅局\n县文广旅局\n"), [draft])
    assert [m.state for m in found.members] == ["missing", "missing", "received"]
    found = roster.attendance(listed(tmp_path, "单位\n文旅局\n教育局\n公安局\n"), [draft])
    assert [m.state for m in found.members] == ["received", "missing", "missing"]
    found = roster.attendance(listed(tmp_path, "单位\n文旅局\n文化局\n"), [draft])
    assert found.either == [("1.docx", ["文旅局", "文化局"])] and found.strangers == ["1.docx"]


ROWS = [
    ["沭阳县2025年度应报单位名单", "", "", ""],
    ["", "", "", ""],
    ["序号", "单位", "截止日期", "联系人"],
    ["一", "县直单位", "", ""],
    ["1", "教育局", "2026-01-10", "王五"],
    ["2", "民政局", "2026-01-10", ""],
    ["（二）", "乡镇（街道）", "", ""],
    ["3", "陇集镇", "2026-01-10", "李四"],
    ["4", "开发区", "2026-01-10", "赵六"],
    ["合　计", "4个单位", "", ""],
    ["共计", "4家", "", ""],
    ["备注", "垂管单位自行报送", "", ""],
    ["", "逾期不报的，予以通报。", "", ""],
    ["", "填表人：张三", "", ""],
]


def written(folder: Path, ending: str, rows: Sequence[Sequence[str]]) -> Path:
    """The rows as a file of one of the kinds that rosters come in; numbers are such where there are any."""
    path = folder / f"名单{ending}"
    if ending == ".docx":
        document = docx.Document()
        table = document.add_table(len(rows), len(rows[0]))
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                table.cell(r, c).text = text
        document.save(str(path))
    elif ending == ".csv":
        path.write_text("\n".join(",".join(row) for row in rows), "utf-8-sig")
    else:
        book = openpyxl.Workbook() if ending == ".xlsx" else xlwt.Workbook()
        sheet = book.active if ending == ".xlsx" else book.add_sheet("S")
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                value = int(text) if text.isdecimal() else text
                if text and ending == ".xlsx":
                    sheet.cell(r + 1, c + 1, value)
                elif text:
                    sheet.write(r, c, value)
        book.save(str(path))
    return path


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".csv", ".docx"])
def test_groups_sums_and_remarks_are_no_bodies_in_any_format(tmp_path: Path, ending: str) -> None:
    given = roster.load(written(tmp_path, ending, ROWS))
    assert [m.name for m in given.roster.members] == ["教育局", "民政局", "陇集镇", "开发区"]
    assert [m.due for m in given.roster.members] == [date(2026, 1, 10)] * 4
    (note,) = given.notes
    assert all(what in note for what in ("县直单位", "合计", "垂管单位自行报送")) and "。。" not in note


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".csv", ".docx"])
def test_numbers_in_chinese_are_numbers_where_there_are_no_others(tmp_path: Path, ending: str) -> None:
    rows = [["序号", "单位"], ["一", "教育局"], ["二", "民政局"], ["三", "陇集镇"]]
    assert [m.name for m in roster.load(written(tmp_path, ending, rows)).roster.members] == [
        "教育局",
        "民政局",
        "陇集镇",
    ]
    rows = [["教育局"], ["民政局"], ["陇集镇"]]
    assert len(roster.load(written(tmp_path, ending, rows)).roster.members) == 3, "one column, no head"


def test_an_old_workbook_has_its_dates_merged_cells_and_hidden_sheets_as_a_new_one(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    hidden, sheet = book.add_sheet("旧"), book.add_sheet("名单")
    hidden.write(0, 0, "单位")
    hidden.write(1, 0, "财政局")
    hidden.visibility = 1
    sheet.write_merge(0, 0, 0, 2, "2025年度名单")
    day = xlwt.easyxf(num_format_str="m月d日")
    for r, row in enumerate([["单位", "截止日期", "联系人"], ["教育局", date(2026, 1, 10), "王五"]]):
        for c, value in enumerate(row):
            sheet.write(r + 1, c, value, day if isinstance(value, date) else xlwt.Style.default_style)
    sheet.write_merge(3, 3, 0, 2, "乡镇")
    sheet.write(4, 0, "陇集镇")
    book.active_sheet = 1
    book.save(str(tmp_path / "名单.xls"))
    members = roster.load(tmp_path / "名单.xls").roster.members
    assert [(m.name, m.due) for m in members] == [("教育局", date(2026, 1, 10)), ("陇集镇", None)]


def test_a_list_in_word_that_goes_on_in_a_second_table_is_one(tmp_path: Path) -> None:
    document = docx.Document()
    for rows in ([["序号", "单位"], ["1", "教育局"], ["2", "民政局"]], [["3", "陇集镇"]]):
        table = document.add_table(len(rows), 2)
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                table.cell(r, c).text = text
        document.add_paragraph("")
    document.save(str(tmp_path / "名单.docx"))
    assert [m.name for m in roster.load(tmp_path / "名单.docx").roster.members] == ["教育局", "民政局", "陇集镇"]
    # A table of something else behind the list is none of it.
    other = document.add_table(1, 3)
    other.cell(0, 0).text = "办公电话"
    document.save(str(tmp_path / "名单.docx"))
    assert len(roster.load(tmp_path / "名单.docx").roster.members) == 3


@pytest.mark.parametrize("with_roster", [True, False])
def test_a_roster_among_the_drafts_is_no_draft(
    tmp_path: Path, with_roster: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "稿").mkdir()
    shutil.copyfile(SHUYANG, tmp_path / "稿" / "县.docx")
    path = written(tmp_path / "稿", ".xlsx", ROWS)
    options = ["--roster", str(path)] if with_roster else []
    assert main(["check", str(tmp_path / "稿"), *options, "--format", "json"]) in (0, 1)
    out, err = capsys.readouterr()
    assert [Path(r["source"]["path"]).name for r in json.loads(out)] == ["县.docx"]
    assert "名单.xlsx 是单位名单，没有当作草稿" in err


@pytest.mark.parametrize("as_folder", [False, True])
@pytest.mark.parametrize("with_sum", [False, True])
def test_a_roster_that_is_checked_alone_is_told_as_one(
    tmp_path: Path, with_sum: bool, as_folder: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["教育局", "民政局", "水利局", "陇集镇"]
    sums = [["合计", "", len(names)]] if with_sum else []
    path = book(
        tmp_path / "名单.xlsx",
        ("名单", [["序号", "单位", "备注"], *([i, n, ""] for i, n in enumerate(names, 1)), *sums]),
    )
    assert main(["check", str(path.parent if as_folder else path)]) == 2
    said = capsys.readouterr().out
    assert "《名单.xlsx》是单位名单，不是年报" in said and "和各单位的草稿一起" in said
    assert "缺项" not in said and "有错误" not in said and "请确认是否选对" not in said


def test_a_body_that_is_listed_twice_is_one(tmp_path: Path) -> None:
    """Under a shorter name, with its place, in the same words; what only one of its lines says is kept."""
    given = listed(
        tmp_path,
        "单位,报送期限,联系人\n沭阳县财政局,,\n沭阳县民政局,,\n沭阳县水利局,,\n教育局,,王平\n县教育局,2026-01-20,\n沭城镇,,\n"
        "沭城镇人民政府,,\n沭阳县教育局,,\n水利局,,\n文旅局,,\n文广旅局,,\n泗阳县教育局,,\n",
    )
    names = [m.name for m in given.roster.members]
    assert names == [
        "沭阳县财政局", "沭阳县民政局", "沭阳县水利局", "教育局", "沭城镇", "文旅局", "文广旅局", "泗阳县教育局",
    ]  # fmt: skip
    assert given.roster.members[3].due == date(2026, 1, 20) and whom_to_ask(given.rows["教育局"]) == ("王平", None)
    said = [n for n in given.notes if "按一个算" in n]
    assert len(said) == 4 and "名单里“沭城镇”和“沭城镇人民政府”是同一个单位" in "".join(said)
    # Without a place that is certain only what is alike in every respect is one.
    apart = listed(tmp_path, "单位\n市教育局\n县教育局\n甲县教育局\n乙县教育局\n市教育局\n")
    assert [m.name for m in apart.roster.members] == ["市教育局", "县教育局", "甲县教育局", "乙县教育局"]
    assert apart.notes == []


def test_a_name_that_a_body_has_got_since_is_heeded(tmp_path: Path) -> None:
    given = listed(
        tmp_path,
        "单位,备注\n科技局,2025年6月与工信局合并为工业和信息化科技局\n扶贫办,更名为乡村振兴局\n文旅局,未更名为文化局\n水利局,现名水务局\n水务局,\n",
    )
    assert {m.name: m.aliases for m in given.roster.members} == {
        "科技局": ("工业和信息化科技局",), "扶贫办": ("乡村振兴局",), "文旅局": (), "水利局": (), "水务局": (),
    }  # fmt: skip
    assert list(given.excused) == ["科技局"]


def test_who_has_merged_with_the_office_that_has_the_remark_is_not_reminded(tmp_path: Path) -> None:
    given = listed(
        tmp_path,
        "单位,备注\n科技局,2025年6月与县工业和信息化局合并为科技和产业局\n工业和信息化局,\n商务局,\n粮食局,由商务局、粮食局整合组建商务局\n文旅局,未与体育局合并\n体育局,\n农业农村局,由扶贫办、农业局合并组建\n扶贫办,\n",
    )
    found = roster.attendance(given, [], today=date(2026, 2, 1))
    assert [m.name for m in found.to_remind] == ["商务局", "文旅局", "体育局", "农业农村局"], (
        "the new office itself is to report"
    )
    assert {m.name: m.remark for m in found.excused}["工业和信息化局"].startswith("科技局备注：2025年6月与")


def test_heads_in_two_lines_of_when_it_was_due_and_came(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("2025年度年报报送情况", None, None, None, None), ("序号", "责任单位", "报送", None, "备注"),
        (None, None, "时限", "实际", None), (1, "教育局", "1月20日", "1月22日", None), (2, "审计局", "1月20日", None, "在改"),
    ):  # fmt: skip
        sheet.append(row)
    for cells in ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"):
        sheet.merge_cells(cells)
    path = tmp_path / "台账.xlsx"
    book.save(path)
    found = roster.attendance(roster.load(path), [], today=date(2026, 1, 21))
    assert [(m.name, m.due, m.received) for m in found.members] == [
        ("教育局", date(2026, 1, 20), date(2026, 1, 22)), ("审计局", date(2026, 1, 20), None),
    ]  # fmt: skip
