"""What a round says in its second check, on its slips and of its state: one county's season, told once."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from docx import Document

import checks
from data.generator import clean_layout, render
from gouji.batch import roster, rounds
from gouji.batch.reviewed import Reviewed
from gouji.batch.slips import write_slips
from gouji.cli import main
from gouji.round import state, telling
from gouji.round import status as status_of_round
from gouji.round.offices import Office, findings_of
from gouji.show import overview
from gouji.word.slip import Letter
from gouji.word.slip import slip as word_slip
from parsers import extract
from schemas.findings import Finding
from tests.gouji.drafts import changed, plain_text
from tests.gouji.offices import COUNTY, truth_of

from .county import EDUCATION, JUSTICE, WATER, WRONG, YEAR, checked, county, draft, offices, told

Capture = pytest.CaptureFixture[str]


def slip(folder: Path, number: int, office: str) -> str:
    (path,) = (folder / state.OUTPUTS / f"第{number}次" / "反馈意见单").glob(f"*{office}*.docx")
    return "\n".join(plain_text(path.read_bytes()))


def test_a_second_check_as_it_is_told(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    (drafts / "通知.txt").write_text("请各单位于月底前报送年报。\n", "utf-8")
    (drafts / "新建.docx").write_bytes(b"PK")
    (drafts / "泗阳县公安局.docx").write_bytes(draft("泗阳县公安局"))
    (drafts / f"{WATER}旧.docx").write_bytes(draft(WATER, year=YEAR - 1))
    main(["round", "start", str(drafts), "--deadline", "2025-01-20"])
    said = told(drafts, capsys)
    assert "文件 7 个，计入本轮草稿 3 份" in said, (
        "a note, a neighbour's and last year's are none of the round's drafts"
    )
    assert "（另有没有读出年报的 1 个、年度或地区不符的 2 个、不是年报的文字 1 个）" in said, "the numbers add up"
    assert "没有读出年报、没有计入 1 个：新建.docx" in said and "　读不了　新建.docx" not in said, (
        "nobody's, so in no group"
    )
    assert "不是年报也没有表格的文字 1 个（如报送说明），没有当作草稿：通知.txt" in said
    assert "更正期限 2025-01-20 已经过了" in said and "--deadline" in said
    page = (drafts / state.OUTPUTS / "第1次" / "核对报告.html").read_text("utf-8")
    assert "更正期限 2025-01-20 已经过了" in page and "--deadline" not in page, "who reads the page types no command"
    assert "可以在意见单上直接改写" in page and "可以在意见单上直接改写" not in said
    # Problems are counted as on the page and the slip: one in several places.
    line = next(t for t in said.splitlines() if "县教育局" in t and "有错误" in t)
    counted = line.split("县教育局")[1].strip("　")
    assert "个问题" in counted and "涉及" in counted and f"发现 {counted}" in slip(drafts, 1, "教育局")
    assert "前将更正稿报回" in slip(drafts, 1, "教育局") and "具体如下" in slip(drafts, 1, "教育局")
    # What has come since is told before anything is checked.
    (drafts / f"{EDUCATION}.docx").write_bytes(draft(EDUCATION))
    (drafts / "沭阳县财政局.docx").write_bytes(draft("沭阳县财政局"))
    status = told(drafts, capsys, "status")
    assert "新来 1 个文件：沭阳县财政局.docx" in status and f"有改动 1 个文件：{EDUCATION}.docx" in status
    assert "错误 0 处" not in status
    said = told(drafts, capsys)
    assert "通知" not in (status := told(drafts, capsys, "status")) and "新来" not in status


def test_an_office_whose_only_doubt_has_a_reason_is_through(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    found = checked(drafts, capsys)
    doubts = {f["rule"] for each in found["files"] for f in each["findings"] if f["outcome"] == "broken"}
    lines = [f"{rule},{JUSTICE},台账如此" for rule in sorted(doubts)] + [f"{r},{EDUCATION},台账如此" for r in doubts]
    reasons = tmp_path / "说明.csv"
    reasons.write_text("\n".join(["规则,单位,原因", *lines]), "utf-8-sig")
    (drafts / f"{JUSTICE}.docx").write_bytes(draft(JUSTICE, seed=1))
    checked(drafts, capsys)
    main(["round", "waive", str(drafts), str(reasons)])
    said = told(drafts, capsys)
    # A reason closes no error of the form's own arithmetic, and that is said at once.
    assert "错误虽写了说明，但错误不能用说明代替" in said and "不作已说明处理。（县教育局）" in said
    for office in offices(checked(drafts, capsys)).values():
        assert office["coming"] == ("not_again" if office["verdict"] != "pass" else "same"), office["office"]


def test_of_undecided_versions_nothing_is_added_up(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    alone = offices(checked(drafts, capsys))["县教育局"]
    for name in ("甲", "乙"):
        (drafts / f"教育局{name}.docx").write_bytes(draft(EDUCATION, *WRONG) + b"\0" * (1 + (name == "乙")))
    found = offices(checked(drafts, capsys))["县教育局"]
    assert found["clash"] and len(found["files"]) > 1
    assert (found["problems"]["error"], found["errors"]) == (alone["problems"]["error"], alone["errors"])
    assert "（问题最多的一份）" in told(drafts, capsys)


def test_who_is_there_by_the_list_and_by_the_folder(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    listed = tmp_path / "台账.csv"
    rows = [
        "水利局,1月20日,,",
        "教育局,1月20日,1月18日,",
        "财政局,1月20日,1月18日,",
        "税务局,1月20日,,垂直管理，不需报送",
    ]
    names = [f"第{i}中学" for i in range(1, 12)]
    rows += [f"{name},1月20日,," for name in ("司法局", *names)]
    listed.write_text("\n".join(["单位,报送期限,收到日期,备注", *rows]), "utf-8-sig")
    year = str(YEAR)
    assert main(["round", "start", str(drafts), "--roster", str(listed), "--year", year, "--deadline", "1月25日"]) == 0
    assert f"更正期限 {YEAR + 1}-01-25" in capsys.readouterr().out
    # A neighbour's draft is told, and is nobody's to send again.
    (drafts / "泗阳县公安局.docx").write_bytes(draft("泗阳县公安局"))
    said = told(drafts, capsys)
    assert f"名单记有收到日期、这里没有文件的 1 个（请把文件放进来）：财政局（{YEAR + 1}-01-18）" in said
    reminded = next(line for line in said.splitlines() if line.startswith("请催报"))
    assert "财政局" not in reminded and "税务局" not in reminded and names[-1] in reminded
    assert "地区不符：泗阳县公安局.docx" in said and "　泗阳县公安局" not in said
    assert "计入本轮草稿 3 份" in said and "计入的 3 份：1 份有错误" in said
    assert main(["round", "status", str(drafts)]) in (0, 1, 2)
    assert "这里没有文件的 1 个（请把文件放进来）：财政局\n" in capsys.readouterr().out
    # As on the list, and all of the missing by their names.
    status = told(drafts, capsys, "status")
    assert all(n in status for n in names) and "泗阳" not in status
    known = state.load(drafts, "zh")
    assert known is not None
    named = [{"office": o} for o in ("司法局", "名单外", "教育局", "水利局")]
    assert [o["office"] for o in sorted(named, key=status_of_round._as_listed(known))] == [
        "水利局",
        "教育局",
        "司法局",
        "名单外",
    ]
    # Summing up knows the round's list.
    main(["rollup", str(drafts), "--out", str(tmp_path / "汇总.docx")])
    summed = capsys.readouterr().out
    assert f"名单上还缺 {1 + len(names)} 个单位：财政局、" in summed
    assert "写明不用报、没有算作缺的 1 个：税务局（垂直管理，不需报送）" in summed


def test_all_outputs_count_what_is_corrected_alike(tmp_path: Path) -> None:
    from gouji.round import telling
    from gouji.round.offices import Office
    from gouji.show import page
    from gouji.show.text import Screen, lines_of

    each = reviewed(tmp_path, "1.docx", draft(EDUCATION, *WRONG))
    each.seen_before, each.closed = True, [{"message": "旧的"}]
    each.status = {f.finding_id: "open" for f in each.open_findings}
    explained = each.open_findings[-1]
    from gouji.batch.reviewed import Waiver

    each.waived = {explained.finding_id: Waiver("台账如此", None, None)}
    n = each.compared
    assert n["open"] == sum(f.severity != "note" for f in each.open_findings) > 0 and n["closed"] == 1
    line = f"已改正 1 处，未改 {n['open']} 处，新出现 0 处"
    assert line in telling._compared(Office("县教育局", [each]), "zh")
    assert line in page.content([each], None).decode()
    assert any(line in text for text in lines_of(each, Screen()))
    (office,) = overview.offices([each], "zh")
    assert line in "\n".join(plain_text(word_slip(office, Letter(), "zh")))


def reviewed(tmp_path: Path, name: str, content: bytes) -> Reviewed:
    path = tmp_path / name
    path.write_bytes(content)
    return Reviewed(checks.check(extract(path)))


def test_what_is_left_of_an_office_that_is_through_are_notes(tmp_path: Path) -> None:
    from gouji.round import telling
    from gouji.round.offices import Office

    right, wrong = (reviewed(tmp_path, f"{e}.docx", draft(EDUCATION, *e)) for e in ((), WRONG))
    for each in (right, wrong):
        each.seen_before = True
        each.closed = [{}, {}]
        each.status = {f.finding_id: "open" for f in each.open_findings}
    notes = len(right.open_findings)
    assert right.verdict == "pass"
    said = telling._compared(Office("县教育局", [right]), "zh").strip("　")
    assert said == ("已改正 2 处" + (f"，其余 {notes} 条是提示" if notes else ""))
    assert "未改 " in telling._compared(Office("县教育局", [wrong]), "zh")


def test_slips_of_a_folder_are_one_for_an_office_and_none_for_a_neighbour(tmp_path: Path) -> None:
    from gouji.batch import mutual

    old = reviewed(tmp_path, "教育局.docx", draft(EDUCATION, *WRONG))
    new = reviewed(tmp_path, "教育局（修改稿）.docx", draft(EDUCATION, "off_by_one"))
    others = [
        reviewed(tmp_path, f"{o}.docx", draft(o, *WRONG)) for o in (JUSTICE, WATER, "沭阳县财政局", "泗阳县公安局")
    ]
    everything = [old, new, *others]
    mutual.judge(everything, None, profile="draft", lang="zh")
    assert any(f.rule == "batch.place" for f in others[-1].open_findings)
    said = [p for o in overview.offices(everything, "zh") for p in o.problems if p.rule == "batch.duplicate"]
    assert said and all(p.printed == "" for p in said), "what tells files apart is no figure of a cell"
    n, notes = write_slips(everything, tmp_path / "出", "zh")
    names = [p.name for p in (tmp_path / "出").iterdir()]
    assert n == 4 == len(names) and not any("泗阳" in x for x in names)
    assert any("按 教育局（修改稿）.docx 写" in note for note in notes) and any("泗阳县公安局.docx" in x for x in notes)


def test_what_came_for_another_year_is_told_and_is_late_by_its_own_day(tmp_path: Path) -> None:
    from gouji.show import page, workbook

    path = tmp_path / "名单.csv"
    path.write_text("单位,截止日期,报送日期\n教育局,2025-01-10,2025-01-08\n水利局,2025-01-10,2025-01-08\n", "utf-8-sig")
    came = [reviewed(tmp_path, "1.docx", draft(EDUCATION)), reviewed(tmp_path, "2.docx", draft(WATER, year=YEAR - 1))]
    given = roster.load(path)
    given.roster = checks.Roster(given.roster.members, YEAR)
    found = roster.attendance(given, came, today=date(2025, 6, 1))
    water = found.members[1]
    assert (water.state, water.other_year, water.late) == ("missing", YEAR - 1, None)
    said = "未报（报来的是别的年度）"
    book = openpyxl.load_workbook(io.BytesIO(workbook.content(came, found, [], "zh")))
    states = {row[0]: row[1] for row in book["名单"].iter_rows(min_row=2, values_only=True)}
    assert states["水利局"] == said and states["教育局"] == "已收到"
    # On the page, too, and whom to remind comes before the reports; paper leaves out the tables of those that passed.
    shown = page.content(came, found).decode()
    assert said in shown and shown.index("请催报 1 个单位") < shown.index("各单位核对结果")
    # Counts and an amount in one table: no one unit stands above it.
    heads = re.findall(r"<h3>([^<]*)<span class=\"unit\">([^<]*)</span>", shown)
    assert {u for t, u in heads if "主动公开" in t} == {""} and "（单位：件）" in {u for t, u in heads if "申请" in t}
    folded = [part for part in shown.split("<section ")[2:] if part.startswith('class="sheet passed')]
    assert folded and all("<details class=folded>" in part for part in folded)


def test_a_blank_form_has_as_many_places_as_cells(tmp_path: Path) -> None:
    (report,) = extract(Path("a.docx"), draft(EDUCATION)).reports
    blank = draft(EDUCATION)
    path = tmp_path / "空.docx"
    path.write_bytes(blank)
    for table in ("article20", "requests", "disputes"):
        cells = {f.address: "" for f in report.facts if f.address.startswith(f"{table}.")}
        path.write_bytes(changed(path, cells))
    (office,) = overview.offices([Reviewed(checks.check(extract(path)))], "zh")
    assert "涉及 200 处" in office.said("zh")
    assert "空白 200 格" in office.missing, "the workbook's list has the same number"


def test_status_names_those_that_are_through_in_one_line(tmp_path: Path) -> None:
    through = [
        {"office": f"局{i:02}", "coming": "same", "verdict": "pass", "errors": 0, "warnings": 0} for i in range(45)
    ]
    given = state.State(
        "2025-01-01", YEAR, checks=[state.Check(1, "2025-01-02T08:00", "", "第1次", 45)], offices=through
    )
    lines = [line for line in status_of_round.status(tmp_path, given, "zh") if "局00" in line]
    assert len(lines) == 1 and "局44" in lines[0] and "等 45 个" not in lines[0], "all are named"


def test_an_office_that_has_corrected_everything_is_asked_for_nothing(tmp_path: Path) -> None:
    given = reviewed(tmp_path, "1.docx", render(truth_of(COUNTY[2]), clean_layout()))
    given.closed, given.seen_before = [{"severity": "error", "message": "合计不符", "rule": "requests.outcomes"}], True
    (office,) = overview.offices([given], "zh")
    assert office.verdict == "pass" and not office.causes
    said = "\n".join(plain_text(word_slip(office, Letter(deadline="2025-01-20"), "zh")))
    assert "上一轮的问题均已改正" in said and "核对已通过，不必再报" in said
    assert all(w not in said for w in ("具体如下", "请对照台账", "报回", "1月20日"))


@pytest.mark.parametrize(
    ("severities", "asked"),
    [
        (("error", "note"), "报回。"),
        (("error", "warning"), "报回。错误须改正；疑点确有特殊原因的，请写明原因一并报回。"),
        (("warning",), "报回；确有特殊原因的，请写明原因一并报回。"),
    ],
)
def test_a_slip_asks_for_reasons_of_what_a_reason_closes(
    tmp_path: Path, severities: tuple[str, ...], asked: str
) -> None:
    given = reviewed(tmp_path, "1.docx", render(truth_of(COUNTY[2]), clean_layout()))
    for n, severity in enumerate(severities):
        given.checked.findings.append(
            Finding(str(n), given.reports[0].report_id, "series.carry", "broken", severity, message=f"不符{n}")  # type: ignore[arg-type]
        )
    (office,) = overview.offices([given], "zh")
    assert sorted(c.severity for c in office.causes) == sorted(severities)
    for deadline in ("2025-01-20", None):
        said = plain_text(word_slip(office, Letter(deadline=deadline), "zh"))
        (how,) = (line for line in said if "请对照台账" in line)
        assert how.endswith(f"更正稿{asked}")


def test_what_does_not_count_is_in_one_group_and_the_numbers_agree(tmp_path: Path, capsys: Capture) -> None:
    """An office whose only draft is of another year: on the screen, in the state, on the page and in the workbook."""
    drafts = county(tmp_path)
    (drafts / f"{WATER}.docx").write_bytes(draft(WATER, year=YEAR - 1))
    (drafts / "财政局.docx").write_bytes(b"PK")
    (drafts / "乙").mkdir()
    (drafts / "乙" / f"{JUSTICE}.docx").write_bytes((drafts / f"{JUSTICE}.docx").read_bytes())
    for said in (told(drafts, capsys), told(drafts, capsys)):
        assert "文件 5 个，计入本轮草稿 2 份（另有旧稿 1 个、没有读出年报的 1 个、年度或地区不符的 1 个）" in said
        listed = said.split("名单（2024 年）4 个单位：")[1]
        assert listed.startswith("已收到 2（其中迟报 0），未报 1，收到但读不了 1\n")
        reminded = next(line for line in said.splitlines() if line.startswith("请催报"))
        assert f"水利局（报来的是 {YEAR - 1} 年的）" in reminded and "财政局（报来的读不了）" in reminded
        groups = said[said.index("新报" if "新报" in said else "还有问题") :]
        left = groups.split("报来了、没有计入 2 个（请重新报）：\n")[1].splitlines()
        assert left[0] == f"　水利局：报来的是 {YEAR - 1} 年的，应报 {YEAR} 年的"
        assert left[1].startswith("　财政局：") and "财政局.docx" in left[1]
        assert "　有疑点　水利局" not in groups and "　读不了" not in groups
        assert "计入的 2 份：" in groups
    status = told(drafts, capsys, "status")
    assert f"请催报 2 个单位：水利局（报来的是 {YEAR - 1} 年的）、财政局（报来的读不了）" in status
    assert "新来" not in status, "a copy is no news"
    assert "报来了、没有计入 2 个" in status and "　水利局：报来的是" in status
    (folder,) = (drafts / state.OUTPUTS).glob("第1次")
    page = (folder / "核对报告.html").read_text("utf-8")
    assert "文件 5 个，计入本轮草稿 2 份" in page and "<b>2</b>没有计入" in page and "<li>水利局：报来的是" in page
    book = openpyxl.load_workbook(folder / "核对报告.xlsx")
    about = "\n".join(str(row[1]) for row in book["说明"].iter_rows(values_only=True))
    assert "文件 5 个，计入本轮草稿 2 份" in about
    verdicts = {row[1]: row[3] for row in book["汇总"].iter_rows(min_row=2, values_only=True)}
    assert verdicts[WATER] == "没有计入" and verdicts[EDUCATION] == "有错误"


def test_what_does_not_count_beside_a_draft_that_does_is_no_second_group(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    (drafts / "水利局修改.docx").write_bytes(b"PK")
    for command in ("check", "check", "status"):
        said = told(drafts, capsys, command)
        assert "（请重新报）" not in said, command
        if command == "check":
            assert "另有 水利局修改.docx 没有计入：" in said
    page = next((drafts / state.OUTPUTS).glob("第1次")) / "核对报告.html"
    assert "请重新报" not in page.read_text("utf-8") and "另有 水利局修改.docx 没有计入" in page.read_text("utf-8")


def test_all_that_are_through_are_named() -> None:
    names = [f"某某{i}局" for i in range(45)]
    there = [Office(n, coming="same") for n in names]
    lines = "".join(telling._group(there, 2, "zh", all_of_them=False, beside={}))
    assert all(n in lines for n in names) and "等 45 个" not in lines


def test_hints_of_those_that_passed_are_counted(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    document = Document(io.BytesIO((drafts / f"{WATER}.docx").read_bytes()))
    line = next(p for p in document.paragraphs if p.text.endswith("。") and len(p.text) > 30)
    line.runs[-1].text += "加强统筹（各股室配合。"
    document.save(str(drafts / f"{WATER}.docx"))
    # The generator's texts are like one another.
    (drafts / f"{JUSTICE}.docx").unlink()
    (drafts / f"{EDUCATION}.docx").unlink()
    found = offices(checked(drafts, capsys))
    hinted = [o for o in found.values() if o["verdict"] == "pass" and o["problems"]["note"]]
    said = told(drafts, capsys) + told(drafts, capsys, "status")
    assert hinted and all(f"{o['office']}（{o['problems']['note']} 条提示）" in said for o in hinted)


def test_what_says_that_the_other_draft_is_newer_is_said_with_its_word(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    final = drafts / "教育局终稿.docx"
    (drafts / f"{EDUCATION}.docx").rename(final)
    checked(drafts, capsys)
    (drafts / "教育局.docx").write_bytes(draft(EDUCATION))
    said = told(drafts, capsys)
    assert "用 教育局.docx：第 2 次核对时才出现。但没有用的那份文件名写明“终稿”，请确认" in said


def test_a_day_that_does_not_exist_is_told_as_such(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    for day, what in (
        ("1月35日", "没有“1月35日”这一天"),
        ("2026-2-30", "没有“2026-2-30”这一天"),
        ("下周", "日期“下周”看不懂"),
    ):
        capsys.readouterr()
        assert main(["round", "start", str(drafts), "--deadline", day]) == 2
        said = capsys.readouterr().err
        assert what in said and "1月15日" in said, day


def test_a_file_with_another_offices_name_is_told(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    (drafts / f"{WATER}.docx").rename(drafts / "财政局定稿.docx")
    (drafts / f"{JUSTICE}.docx").rename(drafts / "审计局.docx")
    (drafts / "水利局.docx").write_bytes((drafts / f"{EDUCATION}.docx").read_bytes())
    said = told(drafts, capsys)
    line = next(x for x in said.splitlines() if x.startswith("文件名与里面的报告"))
    # 审计局 is nobody at hand nor on the list: a name that we do not know may be anybody's.
    assert "的 1 个，" in line and f"财政局定稿.docx（里面是{WATER}的）" in line
    # Of one content under two names the office's own is kept.
    assert f"用 {EDUCATION}.docx：内容完全相同；两份的文件名不是同一个单位，是否交错了文件；没有用 水利局.docx" in said
    assert "文件名与里面的报告" not in told(county(tmp_path / "又"), capsys)


def test_a_covering_note_is_no_draft_that_could_not_be_read(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    (drafts / f"{EDUCATION}.docx").write_bytes(draft(EDUCATION))
    (drafts / "教育局报送说明.txt").write_text("各位领导好，附件是我局的年报，请查收。\n", "utf-8")
    assert main(["round", "check", str(drafts)]) == 0, "all drafts pass, and a note is none"
    assert "没有当作草稿：教育局报送说明.txt" in capsys.readouterr().out
    assert "新来" not in told(drafts, capsys, "status")
    # A letter with the office's name as the list writes it, or in full, is none either while its draft is there.
    for name in ("教育局报送函", f"{EDUCATION}关于报送{YEAR}年年报的函", "县教育局的函"):
        (drafts / f"{name}.txt").write_text("县政府办：现将我局年报报上，请审核。\n", "utf-8")
    assert main(["round", "check", str(drafts)]) == 0
    assert "没有读出年报" not in capsys.readouterr().out
    # What is called as an office of which nothing else has come stands for its draft; so does what has a report's sections.
    (drafts / "财政局.txt").write_text("各位领导好，附件是我局的年报，请查收。\n", "utf-8")
    (drafts / "新稿.txt").write_text("一、总体情况\n我局认真做好公开工作。\n五、存在的主要问题\n无。\n", "utf-8")
    assert main(["round", "check", str(drafts)]) == 2
    said = capsys.readouterr().out
    assert (
        "没有读出年报、没有计入 1 个：财政局.txt" in said and "新稿.txt　" in said and "财政局（报来的读不了）" in said
    )


def test_a_counted_file_that_has_gone_is_told_by_the_status(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    main(["round", "check", str(drafts)])
    assert "现在不在文件夹里" not in told(drafts, capsys, "status")
    (drafts / f"{JUSTICE}.docx").rename(drafts / "换了名字.docx")
    assert "现在不在文件夹里" not in told(drafts, capsys, "status"), "under another name it is still there"
    (drafts / "换了名字.docx").unlink()
    said = told(drafts, capsys, "status")
    assert f"最近一次核对时有、现在不在文件夹里 1 个文件：{JUSTICE}.docx" in said


def test_a_year_that_no_draft_is_of_is_told_when_it_is_set(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    main(["round", "check", str(drafts)])
    capsys.readouterr()
    assert main(["round", "start", str(drafts), "--year", str(YEAR - 1)]) == 0
    assert f"多数草稿是 {YEAR} 年的，改成 {YEAR - 1} 年度后" in capsys.readouterr().err
    assert main(["round", "start", str(drafts), "--year", str(YEAR)]) == 0
    assert "请注意" not in capsys.readouterr().err


def test_a_draft_whose_title_alone_is_of_another_year_counts(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    path = drafts / f"{JUSTICE}.docx"
    document = Document(io.BytesIO(path.read_bytes()))
    title = next(p for p in document.paragraphs if "年度报告" in p.text)
    title.text = title.text.replace(str(YEAR), str(YEAR - 1))
    document.save(str(path))
    found = checked(drafts, capsys)
    (mine,) = (o for o in found["offices"] if o["office"] == "司法局")
    assert mine["year"] == YEAR and mine["verdict"] == "warn" and mine["counted"]
    assert "司法局" not in found["missing"]
    assert any(f["rule"] == "statement.year" for r in found["files"] for f in r["findings"]), "and the title is told"


def test_what_is_corrected_is_counted_in_places_as_all_else(tmp_path: Path) -> None:
    (report,) = extract(Path("a.docx"), draft(EDUCATION)).reports
    path = tmp_path / "空.docx"
    path.write_bytes(draft(EDUCATION))
    path.write_bytes(changed(path, {f.address: "" for f in report.facts if f.address.startswith("article20.")}))
    given = Reviewed(checks.check(extract(path)))
    (blank,) = (f for f in given.checked.findings if f.rule == "value.blank" and len(f.cells) > 1)
    given.status = {f.finding_id: "open" for f in given.open_findings}
    assert given.compared["open"] >= len(blank.cells) == blank.places
    # Of what was blank as a whole some is filled in, and some is left.
    last = rounds.Round([{"source": {"path": "空.docx"}, "reports": [], "findings": findings_of(given)}])
    path.write_bytes(draft(EDUCATION))
    path.write_bytes(changed(path, dict.fromkeys(blank.cells[:3], "")))
    again = Reviewed(checks.check(extract(path)))
    last.compare_with(0, again)
    counted = again.compared
    assert (counted["closed"], counted["open"], counted["new"]) == (given.compared["open"] - 3, 3, 0)
    assert any(f"（{len(blank.cells) - 3}/{len(blank.cells)}）" in f["message"] for f in again.closed)
    # All of it as the workbook and the state keep it, and nothing left.
    last = rounds.Round([{"source": {"path": "空.docx"}, "reports": [], "findings": findings_of(given)}])
    again = Reviewed(checks.check(extract(Path("a.docx"), draft(EDUCATION))))
    last.compare_with(0, again)
    assert again.compared["closed"] == given.compared["open"] and not again.compared["open"]
