"""Numbers of a round add up and are the same everywhere; what counts, what is explained and what is asked for is said.

Belongs here: the words of a check on numbers, reasons, versions and slips. Does not belong here: which draft counts (`test_versions`).
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from gouji.batch import roster
from gouji.batch.sheets import SheetError
from gouji.cli import main
from gouji.round import chosen, keeping, state
from gouji.show import page
from gouji.show.attendance import roster_lines
from parsers import extract
from tests.gouji.drafts import plain_text

from .county import EDUCATION, JUSTICE, WATER, YEAR, checked, county, draft, offices, told
from .test_words_of_a_round import reviewed, slip

Capture = pytest.CaptureFixture[str]


def test_every_file_of_the_folder_is_in_one_of_the_numbers(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    checked(drafts, capsys)
    shutil.copy(drafts / state.OUTPUTS / "第1次" / "核对报告.xlsx", drafts / "核对报告.xlsx")
    (drafts / f"{WATER}旧稿.docx").write_bytes(draft(WATER, seed=1))
    head = next(line for line in told(drafts, capsys).splitlines() if "第 2 次核对（" in line)
    assert "文件 5 个，计入本轮草稿 3 份" in head and "本程序写出的 1 个" in head
    counted, *rest = (int(n) for n in re.findall(r"(?<!\d)(\d+) [份个]", head.partition("个，")[2]))
    assert counted + sum(rest) == 5


def test_those_that_came_late_have_come_on_the_page_too(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("单位,截止日期,报送日期\n教育局,2025-01-10,2025-01-08\n水利局,2025-01-10,2025-01-15\n", "utf-8-sig")
    came = [reviewed(tmp_path, "1.docx", draft(EDUCATION)), reviewed(tmp_path, "2.docx", draft(WATER))]
    found = roster.attendance(roster.load(path), came)
    shown = page.content(came, found).decode()
    tiles = dict(re.findall(r'<div class="box (\w+)"><b>(\d+)</b>', shown))
    assert (tiles["received"], tiles["late"]) == ("2", "1") and "</b>其中迟报</div>" in shown
    assert "已收到 2（其中迟报 1）" in roster_lines(found, "zh")[0]


def test_one_that_has_sent_nothing_since_is_told_so_on_its_slip(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    checked(drafts, capsys)
    (drafts / "沭阳县财政局.docx").write_bytes(draft("沭阳县财政局"))
    (drafts / f"{JUSTICE}.docx").write_bytes(draft(JUSTICE, "wrong_total", seed=1))
    checked(drafts, capsys)
    assert "与上一轮相比" in slip(drafts, 2, "司法局")
    same = slip(drafts, 2, "水利局")
    assert "第 1 次核对以后没有收到新的稿子" in same and "已改正 0 处" not in same


def test_a_reason_is_told_where_it_explains_and_where_it_cannot(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    found = checked(drafts, capsys)
    broken = {(f["rule"], f["severity"]) for each in found["files"] for f in each["findings"]}
    doubt = next(rule for rule, severity in sorted(broken) if severity == "warning")
    error = next(rule for rule, severity in sorted(broken) if severity == "error")
    reasons = tmp_path / "说明.csv"
    rows = ["规则,单位,原因", f"{doubt},{JUSTICE},台账如此", f"{error},{EDUCATION},台账如此"]
    reasons.write_text("\n".join(rows), "utf-8-sig")
    main(["round", "waive", str(drafts), str(reasons)])
    taken, left, *said = capsys.readouterr().out.splitlines()
    assert "记下 1 条原因" in taken and "1 条原因写的是错误，没有记下：说明不能代替更正" in left
    # What counts for nothing is not on the list, and is told once.
    assert len(said) == 1 and EDUCATION not in said[0]
    main(["round", "waive", str(drafts), str(reasons)])
    assert "错误" not in capsys.readouterr().out
    known = state.load(drafts, "zh")
    assert known is not None
    known.waivers.append({"reason": "台账如此", "rule": error, "issuer": EDUCATION, "year": None})
    state.save(known, drafts)
    checked(drafts, capsys)
    known = state.load(drafts, "zh")
    assert known is not None and [w["rule"] for w in known.waivers] == [doubt], "one kept by an earlier version goes"
    assert "司法局（已说明原因 1 处）" in told(drafts, capsys)
    assert "司法局（已说明原因 1 处）" in told(drafts, capsys, "status")
    assert offices(checked(drafts, capsys))["司法局"]["waived"] == 1
    # What a reason explains is no doubt in a sum; what it does not is.
    of_round = chosen.of_round(drafts, "zh")
    assert of_round is not None
    found_now = of_round.found([extract(drafts / f"{n}.docx") for n in (EDUCATION, JUSTICE)])
    rules = [{f.rule for f in each} for each in found_now.values()]
    assert error in rules[0] and doubt not in rules[1]
    # One taken back: the status says so as the sum does, until the next check tells the finding again.
    main(["round", "waive", str(drafts), "--drop", "1"])
    assert "再核对一次才生效" in capsys.readouterr().out
    status = told(drafts, capsys, "status")
    assert "司法局（撤回了原因的 1 处又是问题，再核对一次后列出）" in status and "已说明原因" not in status


def test_who_has_sent_another_years_report_is_asked_for_this_ones(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    (drafts / f"{WATER}.docx").write_bytes(draft(WATER, "wrong_total", year=YEAR - 1))
    main(["round", "start", str(drafts), "--deadline", "2025-01-20"])
    checked(drafts, capsys)
    (path,) = (drafts / state.OUTPUTS / "第1次" / "反馈意见单").glob("*水利局*.docx")
    said = "\n".join(plain_text(path.read_bytes()))
    assert f"{YEAR}年" in path.name and f"（报来的是{YEAR - 1}年的）" in path.name
    assert f"请于 2025年1月20日前报送 {YEAR} 年度的报告。" in said
    assert "更正原稿" not in said and "程度" not in said


def test_words_of_a_folder_are_not_quoted_as_those_of_a_file(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    (drafts / "第二批").mkdir()
    (drafts / "第二批" / "水利局 定稿.docx").write_bytes(draft(WATER, seed=1))
    (drafts / "第二批" / f"{JUSTICE}.docx").write_bytes(draft(JUSTICE, seed=1))
    said = told(drafts, capsys)
    assert "用 第二批/水利局 定稿.docx：文件名写明“定稿”、所在文件夹写明“第二批”" in said
    assert f"用 第二批/{JUSTICE}.docx：所在文件夹写明“第二批”" in said


def test_that_it_is_checking_is_said_before_anything_is_read(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = county(tmp_path)
    before: list[str] = []

    def brought(*_: object) -> object:
        before.append(capsys.readouterr().err)
        raise SheetError("stop")

    monkeypatch.setattr(keeping, "brought", brought)
    capsys.readouterr()
    assert main(["round", "check", str(drafts)]) == 2
    assert before == ["正在核对 3 个文件，请稍候……\n"]


def test_a_new_draft_that_cannot_be_opened_has_come(tmp_path: Path, capsys: Capture) -> None:
    """Its office is not among those that have sent nothing, on the screen, its slip and the status; it is not late."""
    drafts = county(tmp_path)
    (tmp_path / "名单.csv").write_text(
        "单位,截止日期\n县教育局,2025-01-10\n司法局,\n水利局,\n财政局,2025-01-10\n", "utf-8-sig"
    )
    checked(drafts, capsys)
    (drafts / "教育局修改稿.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off")
    (drafts / "财政局.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off")
    said = told(drafts, capsys)
    assert "交来新稿、没有读出年报 1 个" in said and "（没有读出的：教育局修改稿.doc）" in said
    assert "没有再报 2 个" in said
    assert said.count("教育局修改稿.doc") < 4 and "另有 教育局修改稿.doc" not in said
    assert "交来新稿、没有读出年报 1 个" in told(drafts, capsys, "status")
    assert "报来的新稿没有读出年报（教育局修改稿.doc）" in slip(drafts, 2, "教育局")
    known = roster.load(tmp_path / "名单.csv")
    standing = next(m for m in roster.attendance(known, [reviewed(tmp_path, "财政局.doc", b"x")]).members if m.due)
    assert standing.late, "nothing came of this one"
    late = {m.name: m.late for m in roster.attendance(known, [reviewed(tmp_path, "财政局.doc", b"x")]).members}
    assert late["财政局"] is None and late["县教育局"]


def test_slips_of_those_that_are_through_are_written_once(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    checked(drafts, capsys)
    (drafts / f"{EDUCATION}.docx").write_bytes(draft(EDUCATION))
    checked(drafts, capsys)
    (drafts / "通知.txt").write_text("请各单位于月底前报送年报。\n", "utf-8")
    found = offices(checked(drafts, capsys))
    slips = [{p.name for p in (drafts / state.OUTPUTS / f"第{n}次" / "反馈意见单").glob("*教育局*")} for n in (2, 3)]
    assert len(slips[0]) == 1 and slips[1] == set() and found["县教育局"]["verdict"] == "pass"


def test_settings_say_what_is_past_and_what_did_not_change(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    capsys.readouterr()
    main(["round", "start", str(drafts)])
    assert "原有记录和设置都在，这次没有改动" in capsys.readouterr().out
    main(["round", "start", str(drafts), "--deadline", "2025-01-20"])
    assert "更正期限 2025-01-20 已经过了" in capsys.readouterr().err
    main(["round", "start", str(drafts), "--deadline", "2999-01-20"])
    assert "已经过了" not in capsys.readouterr().err
    main(["round", "start", str(drafts), "--deadline", f"{YEAR}年1月25日"])
    assert f"更正期限 {YEAR}-01-25 在报告年度（{YEAR} 年）结束以前，年份是不是写错了" in capsys.readouterr().err
    main(["round", "start", str(drafts), "--deadline", "12月20日"])
    assert "结束以前" not in capsys.readouterr().err, "its year is taken from the season"


def test_which_version_counts_is_told_of_its_office_and_once(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    checked(drafts, capsys)
    (drafts / f"{WATER}修改稿.docx").write_bytes(draft(WATER, seed=1))
    said = told(drafts, capsys)
    assert f"水利局：用 {WATER}修改稿.docx" in said
    page_of = (drafts / state.OUTPUTS / "第2次" / "核对报告.html").read_text("utf-8")
    assert f'<div class="quiet">水利局：用 {WATER}修改稿.docx' in page_of
    (drafts / "沭阳县财政局.docx").write_bytes(draft("沭阳县财政局"))
    assert f"用 {WATER}修改稿.docx" not in told(drafts, capsys)
