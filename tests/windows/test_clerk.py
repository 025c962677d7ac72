"""What runs in the Windows folder, as far as it runs anywhere: what was dropped, where the page lies, what opens."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from gouji import outputs
from gouji.batch.options import Options
from gouji.cli import main
from gouji.outputs import Target
from schemas.facts import Extraction
from schemas.findings import Checked
from tests.conftest import ROOT
from windows.clerk import __main__ as clerk
from windows.clerk import desktop, dropped, launch, links, place, progress
from windows.clerk.progress import Progress

SAMPLES = ROOT / "data" / "samples"
DRAFT = "沭阳县人民政府2025年政府信息公开工作年度报告.docx"
CMD = r'C:\Windows\system32\cmd.exe /c ""D:\勾稽 核对\勾稽核对.cmd" '


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_BROWSER", "none")
    monkeypatch.delenv("GOUJI_LINE", raising=False)


# -- what was dropped ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ['"D:\\年报 草稿\\a b.docx"'],
        ["D:\\甲&乙.docx"],
        ["D:\\100%PATH%.docx", "D:\\真的!吗!.docx", "D:\\a^b.docx"],
        ['"D:\\（甲）局 (1).docx"', "D:\\a,b;c=d.docx"],
        ["\\\\server\\share\\草稿"],
        ['"\\\\server\\共享 文件\\草稿.docx"', "D:\\x.docx"],
    ],
)
def test_explorers_line_is_taken_apart(names: list[str]) -> None:
    line = CMD + " ".join(names) + '"'
    assert dropped.words_after_script(line) == [name.strip('"') for name in names]


def test_a_script_without_blanks_in_its_path() -> None:
    line = r"cmd.exe /c D:\gouji\勾稽核对.cmd D:\a.docx"
    assert dropped.words_after_script(line) == ["D:\\a.docx"]
    assert dropped.words_after_script("cmd.exe") == []
    assert dropped.words_after_script(CMD + '"') == []


def test_words_of_the_program_go_before_the_line() -> None:
    assert dropped.paths(["a.docx", "", "b", "a.docx"], CMD + 'c.docx"') == [Path("a.docx"), Path("b")]
    assert dropped.paths([], CMD + 'c.docx"') == [Path("c.docx")]
    assert dropped.paths([], None) == []


def test_the_dialogs_answer() -> None:
    assert desktop.picked("C:\\a\\b.docx\0\0\0") == [Path("C:\\a\\b.docx")]
    assert desktop.picked("C:\\a\0b.docx\0c.docx\0\0") == [Path("C:\\a", "b.docx"), Path("C:\\a", "c.docx")]
    assert desktop.picked("\0\0") == []


# -- where the page lies ---------------------------------------------------------------------------------------------


def test_the_page_lies_beside_the_draft_and_over_nothing(tmp_path: Path) -> None:
    draft = tmp_path / "年报.docx"
    draft.write_bytes(b"")
    first = place.page_for([draft])
    assert first == tmp_path / "年报 核对结果.html"
    first.write_text("mine", "utf-8")
    assert place.page_for([draft]) == tmp_path / "年报 核对结果（2）.html"
    # A link that leads nowhere is there all the same.
    (tmp_path / "年报 核对结果（2）.html").symlink_to(tmp_path / "nowhere")
    assert place.page_for([draft]) == tmp_path / "年报 核对结果（3）.html"


def test_the_page_of_a_folder_lies_beside_it(tmp_path: Path) -> None:
    drafts = tmp_path / "草稿"
    drafts.mkdir()
    assert place.page_for([drafts]) == tmp_path / "草稿 核对结果.html"
    inside = drafts / "a.docx"
    inside.write_bytes(b"")
    # Dropped with its folder: beside it would be inside what is checked.
    assert place.page_for([inside, drafts]) == tmp_path / "a 等2项 核对结果.html"


def test_a_place_that_may_not_be_written_to_is_left_for_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = tmp_path / "share" / "年报.docx"
    draft.parent.mkdir()
    draft.write_bytes(b"")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    monkeypatch.setattr(
        place, "may_write", lambda folder: folder != draft.parent and place.Path(folder).mkdir(parents=True) is None
    )
    assert place.page_for([draft]) == tmp_path / "local" / "勾稽" / "核对结果" / "年报 核对结果.html"


def test_no_place_at_all_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(place, "may_write", lambda folder: False)
    assert launch.run([tmp_path / "a.docx"]) == 2
    assert "没有可以写入" in capsys.readouterr().err


def test_a_long_title_leaves_room_for_the_path(tmp_path: Path) -> None:
    assert len(place.page_for([tmp_path / ("长" * 75 + ".docx")]).name) < 80


def test_may_write_tries_it(tmp_path: Path) -> None:
    assert place.may_write(tmp_path / "new") and not list((tmp_path / "new").iterdir())
    (tmp_path / "file").write_bytes(b"")
    assert not place.may_write(tmp_path / "file")


# -- the whole way ---------------------------------------------------------------------------------------------------


def test_a_dropped_draft_opens_its_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = tmp_path / "甲&乙 (1) 100%!.docx"
    shutil.copyfile(SAMPLES / DRAFT, draft)
    before = draft.read_bytes()
    status = clerk.main([str(draft)])
    page = tmp_path / "甲&乙 (1) 100%! 核对结果.html"
    assert capsys.readouterr().out.split("\n")[0] == str(page)
    text = page.read_text("utf-8")
    assert "749" in text and 'http-equiv="refresh"' not in text
    assert status in (0, 1) and draft.read_bytes() == before


def test_what_cannot_be_read_still_has_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = tmp_path / "坏.docx"
    draft.write_bytes(b"PK\x03\x04 nothing")
    assert clerk.main([str(draft)]) == 2
    page = Path(capsys.readouterr().out.split("\n")[0])
    assert "坏.docx" in page.read_text("utf-8")


def test_a_rounds_folder_gets_the_rounds_next_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafts = tmp_path / "2025年报"
    drafts.mkdir()
    shutil.copyfile(SAMPLES / DRAFT, drafts / "沭阳县.docx")
    assert main(["round", "start", str(drafts)]) == 0
    capsys.readouterr()
    assert clerk.main([str(drafts)]) in (0, 1)
    page = Path(capsys.readouterr().out.splitlines()[0])
    assert page.is_relative_to(drafts / "核对结果") and "749" in page.read_text("utf-8")
    assert not list(tmp_path.glob("*.html"))
    # Once more, nothing changed, with a file in it that cannot be read: the last page, and no alarm.
    (drafts / "坏.docx").write_bytes(b"PK\x03\x04 nothing")
    assert clerk.main([str(drafts)]) == 2
    second = capsys.readouterr()
    assert "第2次" in second.out and not second.err
    assert clerk.main([str(drafts)]) == 2
    third = capsys.readouterr()
    assert third.out == second.out and "没有核对完" not in third.err
    assert "与第 2 次核对相比，文件和名单都没有变化" in third.err


def test_a_fault_ends_the_page_that_waits_and_names_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / "甲局.docx"
    shutil.copyfile(SAMPLES / DRAFT, draft)

    def fail(paths: object, options: Options) -> int:
        assert options.watch is not None
        options.watch(1, 2)
        raise RuntimeError("a fault")

    monkeypatch.setattr(progress, "_FIRST_AFTER", -1.0)
    monkeypatch.setattr(launch, "check", fail)
    assert clerk.main([str(draft)]) == 2
    (page,) = capsys.readouterr().out.splitlines()
    text = Path(page).read_text("utf-8")
    assert "甲局.docx" in text and "a fault" in text and "refresh" not in text[:500] and "没有核对完" in text


def test_a_draft_that_our_rules_fail_on_is_named_on_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import checks

    right = checks.check

    def fail(extraction: Extraction, *given: Any, **named: Any) -> Checked:
        if "坏" in str(extraction.source.path):
            raise ZeroDivisionError("a fault")
        return right(extraction, *given, **named)

    for name in ("坏.docx", "好.docx"):
        shutil.copyfile(SAMPLES / DRAFT, tmp_path / name)
    monkeypatch.setattr(checks, "check", fail)
    assert clerk.main([str(tmp_path / "坏.docx"), str(tmp_path / "好.docx")]) == 2
    (page,) = capsys.readouterr().out.splitlines()
    text = Path(page).read_text("utf-8")
    assert "坏.docx" in text and "a fault" in text and "749" in text


def test_the_command_line_begins_in_the_users_documents(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(desktop, "known_folder", {desktop.DOCUMENTS: tmp_path / "文档"}.__getitem__)
    assert clerk.main(["--documents"]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "文档")


def test_a_round_that_cannot_be_checked_opens_no_old_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafts = tmp_path / "2025年报"
    old = drafts / "核对结果" / "第1次" / "核对报告.html"
    old.parent.mkdir(parents=True)
    old.write_text("old", "utf-8")
    os.utime(old, (0, 0))
    (drafts / "勾稽轮次.json").write_text("{broken", "utf-8")
    assert clerk.main([str(drafts)]) == 2
    said = capsys.readouterr()
    assert str(old) not in said.out and "没有核对完" in said.err


def test_nothing_dropped_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert clerk.main([]) == 0
    said = capsys.readouterr()
    assert "拖到" in said.err or "使用说明" in said.out


def test_a_fault_of_ours_is_seen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(paths: object, options: object) -> int:
        raise RuntimeError("a fault")

    monkeypatch.setattr(launch, "check", fail)
    assert clerk.main([str(SAMPLES / DRAFT)]) == 2
    assert "a fault" in capsys.readouterr().err


def test_a_page_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / DRAFT
    shutil.copyfile(SAMPLES / DRAFT, draft)

    def full(target: Target, content: bytes, lang: str) -> None:
        raise OSError(28, "No space left on device", str(target.path))

    monkeypatch.setattr(outputs, "write", full)
    assert clerk.main([str(draft)]) == 2
    assert "没有核对完" in (err := capsys.readouterr().err) and "磁盘已满" in err


# -- while it runs ---------------------------------------------------------------------------------------------------


def test_progress_is_shown_once_it_lasts_and_gives_way_to_the_result(tmp_path: Path) -> None:
    page, opened = tmp_path / "x.html", list[Path]()
    tell = Progress(page, "草稿<1>", opened.append)
    tell(1, 9)
    assert not page.exists() and not opened
    tell._next = 0
    tell(2, 9)
    text = page.read_text("utf-8")
    assert (
        opened == [page]
        and 'http-equiv="refresh"' in text
        and "已读 2 个文件，共 9 个" in text
        and "草稿&lt;1&gt;" in text
    )
    tell._next = 0
    tell(3, 9)
    assert opened == [page] and "3/9" in page.read_text("utf-8")
    outputs.write(Target(page, "report"), b"<!DOCTYPE html><p>done", "zh")
    assert b"done" in page.read_bytes()


def test_a_check_that_lasts_opens_its_page_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.docx", "b.docx"):
        shutil.copyfile(SAMPLES / DRAFT, tmp_path / name)
    monkeypatch.setattr(progress, "_FIRST_AFTER", -1.0)
    monkeypatch.setattr(progress, "_EVERY", -1.0)
    assert clerk.main([str(tmp_path / "a.docx"), str(tmp_path / "b.docx")]) in (0, 1)
    (page,) = capsys.readouterr().out.splitlines()
    assert "749" in (text := Path(page).read_text("utf-8")) and "refresh" not in text[:500]


def test_a_check_that_fails_ends_the_page_that_is_open(tmp_path: Path) -> None:
    tell = Progress(tmp_path / "x.html", "草稿", lambda page: None)
    assert not tell.ended("why")
    tell._next = 0
    tell(1, 2)
    assert tell.ended("磁盘<满>")
    text = (tmp_path / "x.html").read_text("utf-8")
    assert "refresh" not in text and "磁盘&lt;满&gt;" in text


def test_a_check_tells_how_far_it_is(tmp_path: Path) -> None:
    from gouji.batch.read_files import read_all

    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("无", "utf-8")
    seen = list[tuple[int, int]]()
    list(read_all([tmp_path], "zh", label="", watch=lambda done, total: seen.append((done, total))))
    assert seen == [(1, 2), (2, 2)]


# -- links -----------------------------------------------------------------------------------------------------------


def test_links_are_made_and_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = {desktop.SEND_TO: tmp_path / "SendTo", desktop.DESKTOP: tmp_path / "桌面"}
    for folder in folders.values():
        folder.mkdir()

    def shortcut(path: Path, target: Path, arguments: str, description: str) -> None:
        path.write_bytes(f"{target} {arguments}".encode("utf-16-le"))

    monkeypatch.setattr(desktop, "known_folder", folders.__getitem__)
    monkeypatch.setattr(desktop, "make_shortcut", shortcut)
    assert clerk.main(["--links"]) == 0
    assert "发送到" in capsys.readouterr().err
    found = sorted(tmp_path.rglob("*.lnk"))
    assert [path.name for path in found] == [links.NAME, links.NAME]
    assert "pythonw.exe -X utf8 -m windows.clerk" in found[0].read_bytes().decode("utf-16-le")
    # Another's link of that name stays.
    found[0].write_bytes("notepad.exe".encode("utf-16-le"))
    assert clerk.main(["--no-links"]) == 0
    assert [path.exists() for path in found] == [True, False]


def test_a_link_that_cannot_be_made_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(identifier: str) -> Path:
        raise OSError("拒绝访问")

    monkeypatch.setattr(desktop, "known_folder", fail)
    assert links.change(add=True) == 2
    assert "拒绝访问" in capsys.readouterr().err


def test_the_browser_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script, out = tmp_path / "browser", tmp_path / "opened"
    script.write_text(f'#!/bin/sh\necho "$1" > "{out}.part"; mv "{out}.part" "{out}"\n', "utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("GOUJI_BROWSER", str(script))
    desktop.open_page(tmp_path / "甲&.html")
    for _ in range(100):
        if out.exists():
            break
        os.sched_yield()
        __import__("time").sleep(0.05)
    assert out.read_text("utf-8").strip() == str(tmp_path / "甲&.html")


def test_a_list_that_is_dropped_with_drafts_says_who_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And what is said beside the results stands on the page: nobody sees the streams."""
    folder = tmp_path / "草稿"
    folder.mkdir()
    shutil.copyfile(SAMPLES / DRAFT, folder / DRAFT)
    (folder / "旧结果.html").write_bytes(outputs.marked(b"<!DOCTYPE html><p>x</p>", "report"))
    listed = tmp_path / "名单.csv"
    listed.write_text("单位\n沭阳县人民政府\n沭阳县教育局\n合计,2\n", "utf-8-sig")
    launch.run([listed, folder])
    page = Path(capsys.readouterr().out.strip().splitlines()[-1]).read_text("utf-8")
    assert "请催报 1 个单位" in page and "沭阳县教育局" in page
    assert "略过本程序写出的 1 个文件" in page and "名单里这些行没有当作单位" in page
    # Alone it is told as what it is, with what to do.
    launch.run([listed])
    alone = Path(capsys.readouterr().out.strip().splitlines()[-1]).read_text("utf-8")
    assert "是单位名单，不是年报" in alone and "和各单位的草稿一起拖上来" in alone
