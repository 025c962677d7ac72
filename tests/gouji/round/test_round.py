"""A round in one folder: what each check says of the one before, and that nothing of a person's is lost."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest

from data.generator import clean_layout
from gouji.batch import read_files
from gouji.cli import main
from gouji.round import folder as folders
from gouji.round import kept, state, telling, work
from gouji.words import Lang
from parsers import extract
from parsers.files import whole
from parsers.files.lock import try_lock
from schemas.facts import Extraction, Problem

from .county import EDUCATION, JUSTICE, WATER, WRONG, YEAR, checked, county, draft, offices, told

OUTPUTS = ("核对报告.xlsx", "核对报告.html", "反馈意见单", "审阅稿", state.COPY)
Capture = pytest.CaptureFixture[str]


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_season(tmp_path: Path, capsys: Capture) -> None:
    """First drafts, corrections in place and beside, one that does not come again, one that comes late."""
    drafts = county(tmp_path)
    first = checked(drafts, capsys)
    assert (first["number"], first["year"], first["missing"]) == (1, YEAR, ["财政局"])
    found = offices(first)
    assert {n: (o["coming"], o["verdict"] == "fail") for n, o in found.items()} == {
        "县教育局": ("first", True), "司法局": ("first", False), "水利局": ("first", False),
    }  # fmt: skip
    results = drafts / state.OUTPUTS / "第1次"
    assert {p.name for p in results.iterdir()} == set(OUTPUTS)

    (drafts / f"{EDUCATION}.docx").write_bytes(draft(EDUCATION))
    (drafts / "司法局（修改稿）.docx").write_bytes(draft(JUSTICE, *WRONG))
    (drafts / "沭阳县财政局.docx").write_bytes(draft("沭阳县财政局", *WRONG))
    (drafts / "~$教育局.docx").write_bytes(b"\0" * 162)
    second = checked(drafts, capsys)
    found = offices(second)
    assert second["number"] == 2 and second["missing"] == []
    mended = found["县教育局"]
    assert (mended["coming"], mended["closed"] > 0, mended["errors"]) == ("again", True, 0)
    worse = found["司法局"]
    assert (worse["coming"], worse["new"] > 0, worse["errors"] > 0) == ("again", True, True)
    assert worse["files"] == ["司法局（修改稿）.docx"] and worse["older"] == [f"{JUSTICE}.docx"]
    assert worse["chosen_by"] == "seen"
    assert found["财政局"]["coming"] == "first"
    assert {p.name for p in (drafts / state.OUTPUTS).iterdir()} == {"第1次", "第2次", state.COPY, ".核对中"}

    (drafts / "沭阳县水利局.docx").unlink()
    third = checked(drafts, capsys)
    found = offices(third)
    assert found["财政局"]["coming"] == found["司法局"]["coming"] == "not_again" and third["gone"] == ["水利局"]
    assert found["财政局"]["open"] > 0 and found["财政局"]["closed"] == 0
    said = told(drafts, capsys)
    assert all(
        w in said for w in ("没有变化", "没有再报", "上次有、这次文件夹里没有", "请催报 1 个单位：水利局", "（修改稿）")
    )


def test_checking_again_without_a_change_writes_nothing(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    first = checked(drafts, capsys)
    before = tree(drafts / state.OUTPUTS)
    again = checked(drafts, capsys)
    assert (again["number"], again["unchanged"]) == (1, True) and tree(drafts / state.OUTPUTS) == before
    assert {o["coming"] for o in again["offices"]} == {"first"} and again["offices"] == first["offices"]
    # An output that is gone is written again, under the same number.
    for path in (drafts / state.OUTPUTS / "第1次").rglob("*"):
        if path.is_file():
            path.unlink()
    (drafts / state.OUTPUTS / "第1次" / "审阅稿").rmdir()
    (drafts / state.OUTPUTS / "第1次" / "反馈意见单").rmdir()
    (drafts / state.OUTPUTS / "第1次").rmdir()
    assert checked(drafts, capsys)["number"] == 1
    assert tree(drafts / state.OUTPUTS).keys() == before.keys()


def test_a_draft_is_set_against_what_was_returned(tmp_path: Path, capsys: Capture) -> None:
    """Not against another that came with it: of three versions the newest against the one that was checked."""
    drafts = county(tmp_path)
    (drafts / "教育局（修改稿）.docx").write_bytes(draft(EDUCATION, "column_balance"))
    first = offices(checked(drafts, capsys))["县教育局"]
    assert (first["chosen_by"], first["coming"], first["closed"]) == ("name", "first", 0)
    (drafts / f"{JUSTICE}（二稿）.docx").write_bytes(draft(JUSTICE, *WRONG))
    (drafts / f"{JUSTICE}（终稿）.docx").write_bytes(draft(JUSTICE, "off_by_one"))
    found = offices(checked(drafts, capsys))["司法局"]
    assert found["files"] == [f"{JUSTICE}（终稿）.docx"] and found["closed"] == 0 and found["new"] > 0


def test_files_renamed_moved_and_the_whole_folder_moved(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    checked(drafts, capsys)
    (drafts / "部门").mkdir()
    (drafts / f"{EDUCATION}.docx").rename(drafts / "部门" / "教育.docx")
    (tmp_path / "别处").mkdir()
    moved = tmp_path / "别处" / "本轮"
    drafts.rename(moved)
    found = checked(moved, capsys)
    assert offices(found)["县教育局"]["coming"] == "not_again" and found["gone"] == []
    assert found["missing"] == ["财政局"], "the list is found where it was, though the folder moved"
    (tmp_path / "名单.csv").unlink()
    said = told(moved, capsys)
    assert "名单" in said and "不见了" in said and "请催报 1 个单位：财政局" in said, "as it was read last"


def test_what_nothing_tells_apart_is_not_chosen(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    text = draft(WATER, layout=clean_layout(format="txt"))
    (drafts / f"{WATER}.docx").unlink()
    other = drafts / "水利局.txt"
    other.write_bytes(text)
    (drafts / f"{WATER}.txt").write_bytes(text + b"\n")
    for path in (other, drafts / f"{WATER}.txt"):
        os.utime(path, (1e9, 1e9))
    found = offices(checked(drafts, capsys))["水利局"]
    assert found["clash"] and len(found["files"]) == 2
    assert "分不出哪一份在后" in told(drafts, capsys)
    (drafts / f"{WATER}.txt").write_bytes(text)
    found = offices(checked(drafts, capsys))["水利局"]
    assert (found["chosen_by"], len(found["files"]), found["clash"]) == ("copy", 1, False)


def test_a_year_and_a_county_that_do_not_fit_are_told(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    (drafts / "财政局.docx").write_bytes(draft("沭阳县财政局", year=YEAR - 1))
    (drafts / "公安局.docx").write_bytes(draft("泗阳县公安局"))
    said = told(drafts, capsys)
    assert f"年度不符（本轮是 {YEAR} 年度）：财政局.docx（{YEAR - 1} 年）" in said
    assert "地区不符：公安局.docx" in said and "不在名单上的文件：公安局.docx" in said
    # As well without a list, and in a plain check.
    capsys.readouterr()
    main(["check", str(drafts)])
    said = capsys.readouterr().out
    assert f"这份是 {YEAR - 1} 年的" in said and "这份是泗阳县公安局的" in said
    assert main(["round", "start", str(drafts), "--year", str(YEAR - 1)]) == 0
    assert f"但多数草稿是 {YEAR} 年的" in told(drafts, capsys)


def test_reasons_are_taken_from_the_workbook_that_a_person_filled(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    checked(drafts, capsys)
    path = drafts / state.OUTPUTS / "第1次" / "核对报告.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["问题"]
    heads = [c.value for c in sheet[1]]
    rows = [r for r in range(2, sheet.max_row + 1) if sheet.cell(r, heads.index("程度") + 1).value != "错误"]
    assert rows
    for row in rows:
        sheet.cell(row, heads.index("原因") + 1).value = "经核实无误"
    book.save(path)
    filled = path.read_bytes()
    found = checked(drafts, capsys)
    assert path.read_bytes() == filled, "a person's work stays"
    assert all(o["warnings"] == 0 for o in found["offices"])
    listed = told(drafts, capsys, "waive")
    assert "经核实无误" in listed and f"{len(rows)}. " in listed
    # Another draft of the office still has its reason; one that was taken back stays so though the workbook has it.
    n = listed.count("经核实无误")
    assert main(["round", "waive", str(drafts), "--drop", "1"]) == 0
    checked(drafts, capsys)
    assert told(drafts, capsys, "waive").count("经核实无误") == n - 1


def test_a_damaged_state_is_told_and_a_copy_restores_it(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    checked(drafts, capsys)
    path = drafts / state.FILE
    good = path.read_bytes()
    for damage in (b"", good[: len(good) // 2], b"[]", b'{"gouji_round": 1}', good.replace(b'"checks"', b'"cheks"')):
        path.write_bytes(damage)
        for command in (["check", str(drafts)], ["start", str(drafts)], ["status", str(drafts)]):
            assert main(["round", *command]) == 2
            assert "损坏" in capsys.readouterr().err and path.read_bytes() == damage
    path.write_bytes(good.replace(b'"gouji_round": 1', b'"gouji_round": 99'))
    assert main(["round", "restore", str(drafts)]) == 2 and "较新版本" in capsys.readouterr().err
    path.write_bytes(good[:100])
    assert main(["round", "restore", str(drafts)]) == 0
    assert (drafts / "勾稽轮次.损坏1.json").read_bytes() == good[:100]
    found = checked(drafts, capsys)
    assert (found["number"], found["unchanged"], len(found["offices"])) == (1, True, 3)
    path.unlink()
    for command in (["check", str(drafts)], ["start", str(drafts)]):
        assert main(["round", *command]) == 2 and "restore" in capsys.readouterr().err
    assert not path.exists() and main(["round", "restore", str(drafts)]) == 0
    assert main(["round", "restore", str(drafts)]) == 0, "nothing to do is no trouble"


def test_reasons_and_settings_given_after_the_last_check_are_restored(tmp_path: Path, capsys: Capture) -> None:
    """Whatever changes the memory leaves a copy; a newer copy that cannot be read is told."""
    drafts = county(tmp_path)
    path, latest = drafts / state.FILE, drafts / state.OUTPUTS / state.COPY
    assert latest.read_bytes() == path.read_bytes(), "a round that is begun"
    (tmp_path / "一.csv").write_text(f"规则,单位,原因\nrequests.balance,{EDUCATION},一并计入\n", "utf-8-sig")
    (tmp_path / "二.csv").write_text(f"规则,单位,原因\nrequests.balance,{JUSTICE},另有文号\n", "utf-8-sig")
    assert main(["round", "waive", str(drafts), str(tmp_path / "一.csv")]) == 0
    checked(drafts, capsys)
    assert main(["round", "waive", str(drafts), str(tmp_path / "二.csv")]) == 0
    assert main(["round", "waive", str(drafts), "--drop", "1"]) == 0
    assert main(["round", "start", str(drafts), "--from", "沭阳县政府办"]) == 0
    good = path.read_bytes()
    path.write_bytes(good[:100])
    capsys.readouterr()
    assert main(["round", "restore", str(drafts)]) == 0
    assert "已核对 1 次，记下原因 1 条" in capsys.readouterr().out
    found = state.load(drafts, "zh")
    assert found is not None and found.sender == "沭阳县政府办"
    assert [w["reason"] for w in found.waivers] == ["另有文号"] and [d["reason"] for d in found.dropped] == ["一并计入"]
    # The copy of the check before is used where the newer one is damaged as well, and that is said.
    path.write_bytes(good[:100])
    latest.write_bytes(good[:200])
    assert main(["round", "restore", str(drafts)]) == 0
    assert state.COPY in (said := capsys.readouterr().err) and "没有恢复" in said
    found = state.load(drafts, "zh")
    assert found is not None and [w["reason"] for w in found.waivers] == ["一并计入"]


def test_two_at_once_and_a_dead_lock(tmp_path: Path, capsys: Capture) -> None:
    drafts = county(tmp_path)
    lock = drafts / state.OUTPUTS / ".核对中"
    lock.write_text("left by a run that was killed")
    assert checked(drafts, capsys)["number"] == 1
    fd = os.open(lock, os.O_RDWR)
    try:
        assert try_lock(fd)
        assert main(["round", "check", str(drafts)]) == 2
        assert "另一个窗口正在核对" in capsys.readouterr().err
        assert main(["round", "status", str(drafts)]) == 0
    finally:
        os.close(fd)
    assert checked(drafts, capsys)["number"] == 1


def test_settings_stand_on_the_slips_and_starting_again_loses_nothing(tmp_path: Path, capsys: Capture) -> None:
    from docx import Document

    drafts = county(tmp_path)
    options = ["--deadline", "2025年1月20日", "--from", "沭阳县政府办", "--date", "2025-01-12"]
    checked(drafts, capsys, *options)
    (path,) = (drafts / state.OUTPUTS / "第1次" / "反馈意见单").glob(f"{EDUCATION}*")
    text = "\n".join(p.text for p in Document(str(path)).paragraphs)
    assert all(w in text for w in ("2025年1月20日前", "审核单位：沭阳县政府办", "2025年1月12日"))
    assert "已核对 1 次" in told(drafts, capsys, "start")
    assert json.loads((drafts / state.FILE).read_text("utf-8"))["deadline"] == "2025-01-20"
    assert main(["round", "start", str(drafts), "--deadline", "明天"]) == 2


def test_what_a_clerk_may_do_first(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wrong things first: each is told with the command that helps."""
    monkeypatch.chdir(tmp_path)
    for words, says in (
        (["check"], "gouji round start"),
        (["check", "没有"], "gouji round start 没有"),
        (["start", "2024年报", "--roster", "没有.xlsx"], "没有.xlsx"),
    ):
        assert main(["round", *words]) == 2
        assert says in capsys.readouterr().err
    assert not (tmp_path / "2024年报").exists()
    drafts = county(tmp_path)
    assert main(["round", "check"]) == 1, "the only round here"
    # The list and the state may lie among the drafts, and a plain check passes over outputs.
    (tmp_path / "名单.csv").rename(drafts / "名单.csv")
    assert main(["round", "start", str(drafts), "--roster", str(drafts / "名单.csv")]) == 0
    found = checked(drafts, capsys)
    assert len(found["files"]) == 3 and found["missing"] == ["财政局"]
    (drafts / state.OUTPUTS / "第1次" / "又一稿.docx").write_bytes(draft(WATER))
    assert checked(drafts, capsys)["strange"] == ["核对结果/第1次/又一稿.docx"]
    monkeypatch.chdir(drafts)
    capsys.readouterr()
    assert main(["round", "status"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{drafts.name}　") and "已核对 1 次" in said


def test_a_round_whose_folder_says_no_year(tmp_path: Path, capsys: Capture) -> None:
    """It is that of most drafts; drafts may come in an archive, as they were sent."""
    folder = tmp_path / "本轮 草稿"
    folder.mkdir()
    with zipfile.ZipFile(folder / "报送.zip", "w") as archive:
        for office in (EDUCATION, JUSTICE):
            archive.writestr(f"{office}.docx", draft(office, *(WRONG if office == EDUCATION else ())))
    assert f'gouji round check "{folder}"' in told(folder, capsys, "start")
    first = checked(folder, capsys)
    assert (first["year"], len(first["offices"])) == (YEAR, 2)
    assert checked(folder, capsys)["unchanged"]
    (folder / "名单.csv").write_text("单位\n教育局\n司法局\n", "utf-8")
    said = told(folder, capsys)
    assert "名单.csv 是单位名单，没有当作草稿" in said and "读不了" not in said
    (folder / "教育局.docx").write_bytes(draft(EDUCATION))
    found = offices(checked(folder, capsys))[EDUCATION]
    assert (found["files"], found["older"]) == (["教育局.docx"], [f"报送.zip/{EDUCATION}.docx"]) and found["closed"] > 0


def test_stopped_at_any_write_nothing_is_lost(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check stopped before or in the middle of its n-th write leaves all that was there; the next one ends it."""
    import shutil

    begun = county(tmp_path)
    checked(begun, capsys)
    (begun / f"{EDUCATION}.docx").write_bytes(draft(EDUCATION))
    there = tree(begun)
    original = whole.write

    class Stop(BaseException):
        pass

    writes = 0
    for n in range(0, 100, 3):
        drafts = tmp_path / f"stopped{n}" / begun.name
        shutil.copytree(begun, drafts)
        left = n

        def write(path: Path, content: bytes) -> None:
            nonlocal left
            if not left:
                # As a killed process leaves it: half a temporary file.
                whole.beside(path).write_bytes(content[: len(content) // 2])
                raise Stop
            left -= 1
            original(path, content)

        monkeypatch.setattr(whole, "write", write)
        try:
            main(["round", "check", str(drafts)])
        except Stop:
            now = tree(drafts)
            assert there.items() <= now.items()
        else:
            break
        finally:
            monkeypatch.setattr(whole, "write", original)
        writes += 1
        if n % 6:
            continue
        found = checked(drafts, capsys)
        assert found["number"] == 2 and offices(found)["县教育局"]["coming"] == "again"
        assert not list(drafts.rglob(f"*{whole.ENDING}"))
        assert {p.name for p in (drafts / state.OUTPUTS / "第2次").iterdir()} == set(OUTPUTS)
    assert writes >= 3


def test_the_files_of_a_round(tmp_path: Path) -> None:
    drafts = county(tmp_path)
    known = state.load(drafts, "zh")
    assert known is not None
    assert [p.name for p in folders.files_of(drafts, known).drafts] == sorted(
        f"{o}.docx" for o in (EDUCATION, JUSTICE, WATER)
    )


def test_a_plain_check_compares_with_the_workbook(tmp_path: Path, capsys: Capture) -> None:
    """As with the JSON of the last round: what is closed, open and new."""
    drafts = county(tmp_path)
    results = (tmp_path / "上轮.xlsx", tmp_path / "上轮.json")
    main(["check", str(drafts), "--report", str(results[0]), "--format", "json", "--output", str(results[1])])
    (drafts / f"{EDUCATION}.docx").write_bytes(draft(EDUCATION))
    (drafts / f"{JUSTICE}.docx").write_bytes(draft(JUSTICE, *WRONG))
    found = []
    for path in results:
        capsys.readouterr()
        main(["check", str(drafts), "--since", str(path), "--format", "json"])
        files = json.loads(capsys.readouterr().out)
        found.append([([x["round"] for x in f["findings"]], [x["message"] for x in f["closed"]]) for f in files])
    assert found[0] == found[1]
    assert [len(closed) > 0 for _, closed in found[0]] == [False, True, False]
    assert "new" in found[0][0][0]
    book = openpyxl.Workbook()
    book.save(tmp_path / "别的.xlsx")
    assert main(["check", str(drafts), "--since", str(tmp_path / "别的.xlsx")]) == 2
    assert "不能拿来比对" in capsys.readouterr().err


def test_what_the_round_has_chosen_holds_everywhere(tmp_path: Path, capsys: Capture) -> None:
    """A stray accuses nobody else, a year that was put right is closed, and sums and next year's drafts take what counts."""
    drafts = county(tmp_path)
    (drafts / f"{EDUCATION}.docx").unlink()
    (drafts / "教育局.docx").write_bytes(draft(EDUCATION, year=YEAR - 1))
    (drafts / "财政局.docx").write_bytes(draft("沭阳县财政局"))
    # Headed by another county's name, with the figures of an office that is right.
    (drafts / "水利局定稿.docx").write_bytes(draft("泗阳县水利局"))
    first = checked(drafts, capsys)
    found = offices(first)
    said_of_others = [x["message"] for f in first["files"] if "定稿" not in f["source"]["path"] for x in f["findings"]]
    assert not [m for m in said_of_others if "泗阳" in m]
    rules = {Path(f["source"]["path"]).stem: {x["rule"] for x in f["findings"]} for f in first["files"]}
    assert "batch.duplicate" in rules["水利局定稿"] and "batch.duplicate" not in rules[WATER]
    # One name for one office, also where its draft is of another year.
    assert "县教育局" in found and EDUCATION not in found and first["missing"] == ["县教育局"] and first["aside"] == []

    (drafts / "教育局（更正）.docx").write_bytes(draft(EDUCATION))
    (drafts / "又一份水利局.docx").write_bytes(draft(WATER, year=YEAR - 1))
    second = checked(drafts, capsys)
    found = offices(second)
    assert (found["县教育局"]["coming"], second["missing"]) == ("first", []) and EDUCATION not in found
    assert found["水利局"]["files"] == [f"{WATER}.docx"] and found["水利局"]["coming"] != "again"
    assert not [m for f in second["files"] for x in f["findings"] if str(YEAR - 1) in (m := x["message"])]
    assert {(a["file"], a["year"], *a["counts"]) for a in second["aside"]} == {
        ("教育局.docx", YEAR - 1, "教育局（更正）.docx"), ("又一份水利局.docx", YEAR - 1, f"{WATER}.docx"),
    }  # fmt: skip
    assert second["gone"] == []
    slips = drafts / state.OUTPUTS / "第2次" / "反馈意见单"
    assert not [p for p in slips.glob("*") if str(YEAR - 1) in p.name]
    said = told(drafts, capsys)
    assert f"没有用 教育局.docx（{YEAR - 1} 年）：县教育局本年度的已有 教育局（更正）.docx" in said
    assert "地区不符：水利局定稿.docx" in said

    # Summing up and next year's drafts: what counts, and a word on the rest.
    summed = tmp_path / "汇总.docx"
    capsys.readouterr()
    main(["rollup", str(drafts), "--area", "沭阳县", "--out", str(summed)])
    said = capsys.readouterr().out
    assert "读到 4 份，计入 4 份" in said and "第 2 次核对选定的 4 份" in said and "待定" not in said
    assert "年度或地区不符、没有用 1 个：水利局定稿.docx" in said
    # The round's list counts as if it were given.
    listed = tmp_path / "名单.csv"
    listed.write_text("单位\n县教育局\n司法局\n水利局\n审计局\n", "utf-8-sig")
    assert main(["round", "start", str(drafts), "--roster", str(listed)]) == 0
    counted = []
    for options in ([], ["--roster", str(listed)]):
        main(["rollup", str(drafts), "--area", "沭阳县", "--out", str(tmp_path / "单.docx"), *options])
        counted.append(capsys.readouterr().out.partition("读到")[2])
    assert counted[0] == counted[1] and "计入 3 份" in counted[0] and "名单上还缺 1 个单位：审计局" in counted[0]
    listed.write_text("单位\n县教育局\n司法局\n水利局\n财政局\n", "utf-8-sig")
    assert main(["round", "start", str(drafts), "--roster", str(listed)]) == 0
    begun = tmp_path / "明年"
    assert main(["prefill", str(drafts), "--out", str(begun)]) == 0
    assert len(list(begun.iterdir())) == 4
    # Versions that only the order of coming tells apart stay apart in both.
    (drafts / "司法局.docx").write_bytes(draft(JUSTICE, seed=1))
    capsys.readouterr()
    assert main(["rollup", str(drafts), "--area", "沭阳县", "--out", str(summed)]) == 2
    assert "新来或有改动的 1 个没有核对过：司法局.docx" in capsys.readouterr().out
    checked(drafts, capsys)
    main(["rollup", str(drafts), "--area", "沭阳县", "--out", str(summed)])
    said = capsys.readouterr().out
    assert "计入 4 份" in said and "待定" not in said
    # What is exported is all that lies there, which is said, or what counts.
    for options, files, twice in (([], 8, True), (["--chosen"], 4, False)):
        main(["extract", str(drafts), "--format", "csv", *options])
        out, told_too = capsys.readouterr()
        assert len({line.partition(",")[0] for line in out.splitlines()[1:]}) == files
        assert (f"多出 1 份（{JUSTICE}）" in told_too) == twice


def test_next_year_begins_with_what_counted(tmp_path: Path, capsys: Capture) -> None:
    """Of a round that is over the drafts that counted are last year's, for a check and for drafts to begin with."""
    drafts = county(tmp_path)
    (drafts / "司法局（修改稿）.docx").write_bytes(draft(JUSTICE, *WRONG))
    checked(drafts, capsys)
    begun = tmp_path / f"{YEAR + 1}草稿"
    assert main(["prefill", str(drafts), "--out", str(begun)]) == 0
    capsys.readouterr()
    assert len(list(begun.iterdir())) == 3
    assert main(["round", "start", str(begun), "--previous", str(drafts)]) == 0
    found = checked(begun, capsys)
    assert found["year"] == YEAR + 1 and len(found["offices"]) == 3
    # A carried figure that is changed is found against last year's draft.
    from tests.gouji.drafts import changed

    (path,) = begun.glob(f"{JUSTICE}*")
    path.write_bytes(changed(path, {"requests.carried_over.total": "99"}))
    found = checked(begun, capsys)
    (rules,) = ({x["rule"] for x in f["findings"]} for f in found["files"] if JUSTICE in f["source"]["path"])
    assert "series.carry" in rules


def unopened(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """From now on this computer cannot open these files, as where nothing converts a .doc."""

    def read(paths: Sequence[Path], lang: Lang, *, label: str) -> Iterator[Extraction]:
        for each in read_files.read_all(paths, lang, label=label):
            shut = Path(each.source.path).name in names
            problem = Problem("unreadable", "是旧版文档，不能直接读取。")
            yield Extraction(each.source, each.versions, problems=[problem]) if shut else each

    monkeypatch.setattr(work, "read_all", read)


def test_a_draft_that_cannot_be_opened_here_keeps_its_earlier_result(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = county(tmp_path)
    first = checked(drafts, capsys)
    unopened(monkeypatch, f"{EDUCATION}.docx", f"{JUSTICE}.docx")
    # With nothing new nothing is written anew.
    assert checked(drafts, capsys)["unchanged"]
    (drafts / "沭阳县财政局.docx").write_bytes(draft("沭阳县财政局"))
    said = told(drafts, capsys)
    assert "沿用第 1 次核对的结果 2 份，照样计入（内容没有变，只是这台电脑打不开 .docx）" in said
    assert "汇总时用那次读到的数" in said
    assert "计入本轮草稿 4 份" in said and "已收到 4" in said and "请催报" not in said and "收到但读不了 0" in said
    known = state.load(drafts, "zh")
    assert known is not None and [c.number for c in known.checks] == [1, 2]
    again = {o["office"]: o for o in known.offices}
    for name, office in offices(first).items():
        same = ("verdict", "problems", "errors", "warnings", "notes", "since")
        assert [again[name][k] for k in same] == [office[k] for k in same], name
    assert again["县教育局"]["coming"] == "not_again" and again["县教育局"]["compared"]["open"] > 0
    page = (drafts / state.OUTPUTS / "第2次" / "核对报告.html").read_text("utf-8")
    assert page.count("统计表和正文对照见第 1 次核对的结果。") == 2 and "没有读到这张表" not in page
    # A check that opens them again begins from what is in them, also where nothing else has changed.
    monkeypatch.undo()
    back = checked(drafts, capsys)
    assert (back["number"], back["unchanged"]) == (3, False) and "沿用" not in told(drafts, capsys)
    assert offices(back)["县教育局"]["errors"] == offices(first)["县教育局"]["errors"] > 0


def test_a_sum_of_a_round_says_what_this_computer_cannot_open(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its figures are kept from the check that read it; without them they are in no sum and in no draft of the next year."""
    drafts = county(tmp_path)
    (drafts / "沭阳县财政局.docx").write_bytes(draft("沭阳县财政局"))
    checked(drafts, capsys)
    whole = read_files.read_all

    def read(paths: Sequence[Path], lang: Lang, *, label: str) -> Iterator[Extraction]:
        for each in whole(paths, lang, label=label):
            shut = Path(each.source.path).name == f"{JUSTICE}.docx"
            problem = Problem("unreadable", f"{JUSTICE}.docx：是旧版文档，不能直接读取。")
            yield Extraction(each.source, each.versions, problems=[problem]) if shut else each

    out = tmp_path / "汇总.docx"
    assert main(["rollup", str(drafts), "--out", str(out)]) == 0
    whole_sum = extract(out).reports[0].values()
    monkeypatch.setattr(read_files, "read_all", read)
    capsys.readouterr()
    assert main(["rollup", str(drafts), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert f"其中 1 份这台电脑打不开，内容没有变，用第 1 次核对时读到的数：{JUSTICE}.docx" in said
    assert extract(out).reports[0].values() == whole_sum and "还不完整" not in said
    assert main(["prefill", str(drafts), "--out", str(tmp_path / "都有")]) == 0
    # A round that an earlier version has checked.
    known = state.load(drafts, "zh")
    assert known is not None
    kept.without_cells(known.submissions.values())
    state.save(known, drafts)
    capsys.readouterr()
    assert main(["rollup", str(drafts), "--out", str(out)]) == 2
    said = capsys.readouterr().out
    assert "没有留下它们的数，加不进来" in said
    assert f"汇总数还不完整，没有加进来的有 1 份：司法局（{JUSTICE}.docx）" in said
    assert extract(out).reports[0].values() != whole_sum
    assert main(["prefill", str(drafts), "--out", str(tmp_path / "明年")]) == 2
    told_of = capsys.readouterr()
    assert f"{JUSTICE}.docx：是旧版文档" in told_of.err and "没有起草" in told_of.err


def test_what_was_never_read_is_checked_as_soon_as_it_can_be(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = county(tmp_path)
    with monkeypatch.context() as patch:
        unopened(patch, f"{JUSTICE}.docx")
        assert "请催报 2 个单位：司法局（报来的读不了）、财政局" in told(drafts, capsys)
    found = checked(drafts, capsys)
    assert (found["number"], offices(found)["司法局"]["verdict"]) == (2, "warn"), (
        "it has a section in common with another"
    )
    # It has come with what is in it: to those that came before belong the others, also when nothing changes.
    for said in (found, checked(drafts, capsys)):
        assert {n: (o["coming"], o["since"]) for n, o in offices(said).items()} == {
            "县教育局": ("not_again", 1), "司法局": ("first", 2), "水利局": ("not_again", 1),
        }  # fmt: skip
    assert "（文件没有换，这次才读出来）" in told(drafts, capsys)
    (drafts / f"{EDUCATION}.docx").write_bytes(draft(EDUCATION))
    found = checked(drafts, capsys)
    assert (found["number"], offices(found)["司法局"]["coming"]) == (3, "not_again")


def test_no_list_is_cut_off_for_the_sake_of_one() -> None:
    names = [f"{i}.docx" for i in range(1, 11)]
    assert telling.some(names[:9], "zh").endswith("、9.docx")
    assert telling.some(names, "zh").endswith("、8.docx等 10 个")
