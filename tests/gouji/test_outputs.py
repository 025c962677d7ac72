"""Nothing is written over an input or over a file that is not ours, and our own outputs are known as such."""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import json
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from lxml import etree

from data.generator import clean_layout, render
from gouji import outputs
from gouji.batch.files import own_output, told_apart
from gouji.cli import main
from gouji.outputs import Folder, Refused, Target
from parsers import extract
from parsers.files import marks, whole
from schemas.facts import Source

from . import offices
from .drafts import HONGZE, SHUYANG, changed

# One worker: what they share costs more than they do.
pytestmark = pytest.mark.xdist_group("one")

Capture = pytest.CaptureFixture[str]
WRONG = {"requests.granted.natural_person": "999"}


def laid(folder: Path) -> None:
    """A draft and last year's report that differ from what any command would write."""
    (folder / "草稿.docx").write_bytes(changed(SHUYANG, WRONG))
    shutil.copyfile(SHUYANG, folder / "去年.docx")
    (folder / "名单.csv").write_text("单位\n沭阳县人民政府\n", "utf-8")
    (folder / "各单位").mkdir()
    offices.write(folder / "各单位", offices.truths(offices.COUNTY[:2]))


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in."""
    laid(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def same(a: Path) -> list[str]:
    """Other spellings of a path: relative, roundabout, links."""
    link, hard = a.with_name("链接.docx"), a.with_name("硬链接.docx")
    link.symlink_to(a.name)
    os.link(a, hard)
    (a.parent / "sub").mkdir()
    return [a.name, str(a), f"sub/../{a.name}", link.name, hard.name]


@pytest.mark.skipif(sys.platform == "win32", reason="makes links")
@pytest.mark.parametrize(
    "command",
    [
        ["prefill", "草稿.docx", "--out"],
        ["prefill", "--sentences", "草稿.docx", "--out"],
        ["check", "草稿.docx", "--output"],
        ["check", "去年.docx", "--previous", "草稿.docx", "--output"],
        ["check", "*稿.docx", "--format", "json", "--output"],
        ["extract", "草稿.docx", "--output"],
        ["extract", "去年.docx", "草稿.docx", "--format", "csv", "--output"],
        ["rollup", "去年.docx", "--own", "草稿.docx", "--out"],
        ["rollup", "去年.docx", "--against", "草稿.docx", "--out"],
        ["rollup", "草稿.docx", "--out", "汇总.docx", "--workbook"],
    ],
    ids=" ".join,
)
def test_an_input_is_never_written_over(there: Path, command: list[str], capsys: Capture) -> None:
    draft = there / "草稿.docx"
    before = draft.read_bytes()
    for spelling in same(draft):
        assert main([*command, spelling]) == 2, spelling
        assert draft.read_bytes() == before, spelling
        assert "这是要读的文件" in capsys.readouterr().err, spelling
    names = {"草稿.docx", "去年.docx", "名单.csv", "各单位", "链接.docx", "硬链接.docx", "sub"}
    assert {p.name for p in there.iterdir()} == names


def test_the_archive_of_an_input_is_an_input(there: Path, capsys: Capture) -> None:
    with zipfile.ZipFile("上报.zip", "w") as archive:
        archive.write("草稿.docx")
    before = Path("上报.zip").read_bytes()
    for given in ("上报.zip", "上报.zip/草稿.docx"):
        assert main(["extract", given, "--output", "上报.zip"]) == 2
        assert "这是要读的文件" in capsys.readouterr().err
    assert Path("上报.zip").read_bytes() == before


@pytest.mark.parametrize(
    "command",
    [
        ["prefill", "去年.docx", "--out", "我的.docx"],
        ["check", "草稿.docx", "--output", "我的.docx"],
        ["check", "草稿.docx", "--report", "我的.xlsx"],
        ["check", "草稿.docx", "--report", "我的.html"],
        ["extract", "草稿.docx", "--output", "我的.json"],
        ["rollup", "去年.docx", "--out", "我的.docx"],
        ["rollup", "去年.docx", "--out", "汇总.docx", "--workbook", "我的.xlsx"],
        ["prefill", "--sentences", "草稿.docx", "--out", "我的.txt"],
    ],
    ids=" ".join,
)
def test_somebody_elses_file_stays(there: Path, command: list[str], capsys: Capture) -> None:
    mine = Path(next(c for c in command if c.startswith("我的")))
    for content in (b"precious", b"[]", Path("去年.docx").read_bytes(), b""):
        mine.write_bytes(content)
        assert main(command) == 2
        assert mine.read_bytes() == content
        assert f"{mine}：已经有这个文件" in capsys.readouterr().err
    mine.unlink()
    mine.mkdir()
    assert main(command) == 2
    assert "这是文件夹" in capsys.readouterr().err


def by_hand_docx(path: Path) -> None:
    document = Document(str(path))
    document.tables[1].rows[3].cells[4].text = "17"
    document.save(str(path))


def by_hand_xlsx(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book.worksheets[1]["O2"] = "台账如此"
    book.save(path)


def by_hand_text(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("沭阳县", "沭阳县人民", 1), "utf-8")


@pytest.mark.parametrize(
    ("command", "by_hand"),
    [
        (["prefill", "去年.docx", "--out", "新.docx"], by_hand_docx),
        (["check", "草稿.docx", "--report", "新.xlsx"], by_hand_xlsx),
        (["check", "草稿.docx", "--report", "新.html"], by_hand_text),
        (["check", "草稿.docx", "--output", "新.txt"], by_hand_text),
        (["rollup", "各单位", "--out", "新.docx"], by_hand_docx),
        (["rollup", "各单位", "--out", "汇总.docx", "--workbook", "新.xlsx"], by_hand_xlsx),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_an_output_is_made_anew_until_somebody_works_in_it(
    there: Path, command: list[str], by_hand: Callable[[Path], None], capsys: Capture
) -> None:
    path = Path(next(c for c in command if c.startswith("新")))
    main(command)
    assert path.exists()
    os.utime(path, (1, 1))
    main(command)
    assert path.stat().st_mtime > 1, "not made anew"
    by_hand(path)
    worked_in = path.read_bytes()
    capsys.readouterr()
    assert main(command) == 2
    assert path.read_bytes() == worked_in
    assert f"{path}：这个文件写出以后有人改动过" in capsys.readouterr().err


def test_an_output_of_another_kind_stays(there: Path) -> None:
    assert main(["prefill", "去年.docx", "--out", "新.docx"]) == 0
    before = Path("新.docx").read_bytes()
    assert main(["rollup", "去年.docx", "--out", "新.docx"]) == 2
    assert main(["check", "草稿.docx", "--output", "新.docx"]) == 2
    assert Path("新.docx").read_bytes() == before


def test_a_check_gives_as_many_reports_as_are_asked_for(there: Path, capsys: Capture) -> None:
    asked = [word for name in ("核对.xlsx", "核对.html", "核对.json") for word in ("--report", name)]
    main(["check", "草稿.docx", "--format", "json", *asked])
    assert json.loads(Path("核对.json").read_text("utf-8")) == json.loads(capsys.readouterr().out)
    assert Path("核对.xlsx").is_file() and Path("核对.html").is_file()
    assert main(["check", "草稿.docx", "--report", "又.html", "--report", "./又.html"]) == 2
    assert main(["check", "草稿.docx", "--report", "又.html", "--report", "又.doc"]) == 2
    assert "又.doc" in capsys.readouterr().err and not Path("又.html").exists()
    Path("我的.json").write_text("[]", "utf-8")
    assert main(["check", "草稿.docx", "--report", "我的.json"]) == 2, "what somebody else made stays"


def test_two_results_do_not_go_into_one_file(there: Path, capsys: Capture) -> None:
    assert main(["check", "草稿.docx", "--output", "新.html", "--report", "./新.html"]) == 2
    assert main(["rollup", "去年.docx", "--out", "新.docx", "--choices", "新.docx"]) == 2
    assert capsys.readouterr().err.count("两项结果") == 2
    assert not Path("新.html").exists() and not Path("新.docx").exists()


def test_json_and_csv_are_made_anew(there: Path) -> None:
    for command in (["check", "--format", "json"], ["extract"], ["extract", "--format", "csv"]):
        for _ in range(2):
            assert main([*command, "草稿.docx", "--output", "新"]) in (0, 1)
        Path("新").unlink()


def test_copies_and_slips_go_beside_what_is_there(there: Path, capsys: Capture) -> None:
    command = ["check", "草稿.docx", "--annotate", "审阅", "--slips", "单"]
    assert main(command) == 1
    (slip,) = Path("单").iterdir()
    copy = Path("审阅/草稿.勾稽.docx")
    by_hand_docx(copy)
    slip.write_bytes(b"mine")
    worked_in = copy.read_bytes()
    capsys.readouterr()
    assert main(command) == 1
    assert copy.read_bytes() == worked_in and slip.read_bytes() == b"mine"
    assert Path("审阅/草稿.勾稽.2.docx").exists() and slip.with_name(f"{slip.stem}.2.docx").exists()
    said = capsys.readouterr().err
    assert "另写为 草稿.勾稽.2.docx" in said and f"另写为 {slip.stem}.2.docx" in said
    # What nobody has touched is replaced: no third copy.
    assert main(command) == 1
    assert len(list(Path("审阅").iterdir())) == len(list(Path("单").iterdir())) == 2


def test_a_folder_of_copies_that_is_a_file(there: Path, capsys: Capture) -> None:
    for option in ("--annotate", "--slips"):
        assert main(["check", "草稿.docx", option, "名单.csv"]) == 2
        assert "不是文件夹" in capsys.readouterr().err
    assert Path("名单.csv").read_text("utf-8").startswith("单位")


def test_two_drafts_of_one_name_get_copies_of_their_own(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "审阅", "zh")
    written = [folder.write(Path("a.html"), b"<!DOCTYPE html>", "copy") for _ in range(3)]
    assert [p.name for p in written] == ["a.html", "a.2.html", "a.3.html"]
    assert folder.notes == []


def test_drafts_of_one_name_in_one_run_are_no_earlier_runs_and_are_told_by_their_folders(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "审阅", "zh")
    for name in ("甲/教育局.docx", "乙/教育局.docx", "丙/教育局.docx"):
        folder.write(
            Path("教育局.勾稽.html"), b"<!DOCTYPE html>", "copy", Source(name, sha256=name, media_type="", bytes=1)
        )
    assert len(folder.notes) == 1 and "文件名相同" in folder.notes[0]
    assert "教育局.docx 的是 教育局.勾稽.3.html" in folder.notes[0]
    paths = ["a/甲/教育局.docx", "a/乙/教育局.docx", "a/财政局.docx", "教育局.docx", "b/甲/教育局.docx"]
    assert list(told_apart(paths).values()) == [
        "财政局.docx",
        "教育局.docx",
        "乙/教育局.docx",
        "a/甲/教育局.docx",
        "b/甲/教育局.docx",
    ]


# -- our own outputs are no drafts ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that this program writes, once for all tests that only look at copies of it."""
    folder = tmp_path_factory.mktemp("written")
    laid(folder)
    given = ["草稿.docx", str(HONGZE)]
    files = ["--annotate", "出/审阅", "--slips", "出/单", "--report", "出/核对.xlsx", "--output", "出/核对.txt"]
    with contextlib.chdir(folder):
        main(["check", *given, *files])
        main(["check", *given, "--report", "出/核对.html", "--format", "json", "--output", "出/核对.json"])
        main(["extract", *given, "--format", "csv", "--output", "出/数.csv"])
        main(["extract", *given, "--format", "text", "--output", "出/数.txt"])
        main(["extract", *given, "--output", "出/数.json"])
        main(["rollup", "各单位", "--workbook", "出/汇总明细.xlsx", "--out", "出/汇总.docx"])
    return folder / "出"


@pytest.fixture
def littered(there: Path, written: Path) -> Path:
    """A folder of drafts in which everything that this program writes was left."""
    drafts = there / "草稿夹"
    drafts.mkdir()
    shutil.copyfile(there / "草稿.docx", drafts / "草稿.docx")
    shutil.copyfile(HONGZE, drafts / HONGZE.name)
    shutil.copytree(written, drafts / "出")
    return drafts


def test_all_outputs_are_known_and_passed_over_in_one_line(littered: Path, capsys: Capture) -> None:
    found = {p.name: own_output(p) for p in littered.rglob("*") if p.is_file()}
    assert {n for n, kind in found.items() if kind is None} == {"草稿.docx", HONGZE.name, "汇总.docx"}
    assert set(found.values()) == {None, "copy", "report", "slip", "workbook", "result"}
    (littered / "出/汇总.docx").unlink()
    capsys.readouterr()
    assert main(["check", str(littered), "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert {Path(each["source"]["path"]).name for each in json.loads(out)} == {"草稿.docx", HONGZE.name}
    assert not any(f["rule"].startswith("batch.") for each in json.loads(out) for f in each["findings"])
    (line,) = [each for each in err.splitlines() if "略过本程序写出的" in each]
    assert f"{sum(kind is not None for kind in found.values())} 个文件" in line and "批注" in line
    # The same in an archive, and when the shell has written all names out.
    shutil.make_archive("包", "zip", littered)
    for paths in (["包.zip"], [str(p) for p in littered.rglob("*") if p.is_file()]):
        assert main(["extract", *paths]) == 0
        assert len(json.loads(capsys.readouterr().out)) == 2


def test_a_folder_of_nothing_else_is_told(littered: Path, capsys: Capture) -> None:
    assert main(["check", str(littered / "出/单")]) == 2
    assert "没有草稿" in capsys.readouterr().out


def test_a_copy_that_is_named_alone_is_read_and_one_without_our_comments_is_a_draft(littered: Path) -> None:
    copy = littered / "出/审阅/草稿.勾稽.docx"
    assert main(["check", str(copy)]) == 1
    document = Document(str(copy))
    comments = document.part._comments_part.element
    for comment in list(comments):
        comments.remove(comment)
    document.save(str(copy))
    assert own_output(copy) is None


@pytest.mark.parametrize("name", ["核对.xlsx", "核对.html"])
def test_a_report_of_ours_that_is_named_alone_is_no_draft(littered: Path, capsys: Capture, name: str) -> None:
    assert main(["check", str(littered / "出" / name), "--format", "json"]) == 2
    (told,) = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "unreadable" and not told["findings"]
    assert "不是草稿" in told["problems"][0]["message"]


def test_outputs_that_a_person_has_saved_again_are_still_known(littered: Path) -> None:
    report, slip = littered / "出/核对.xlsx", next((littered / "出/单").iterdir())
    by_hand_xlsx(report)
    document = Document(str(slip))
    document.add_paragraph("已阅")
    document.save(str(slip))
    page = littered / "出/核对.html"
    page.write_text(page.read_text("utf-8").replace("<h1>", "<h1>x"), "utf-8")
    assert [own_output(p) for p in (report, slip, page)] == ["report", "slip", "report"]
    assert all(not m.written for p in (report, slip, page) if (m := marks.of(p.read_bytes())))


def test_a_draft_that_was_begun_is_a_draft(there: Path) -> None:
    assert main(["prefill", "去年.docx", "--out", "新.docx"]) == 0
    assert own_output(Path("新.docx")) is None and marks.of(Path("新.docx").read_bytes()) is not None
    assert main(["check", "新.docx", "去年.docx", "--format", "json", "--output", "r.json"]) in (0, 1)
    assert len(json.loads(Path("r.json").read_text("utf-8"))) == 2


# -- the mark ---------------------------------------------------------------------------------------------------------


def test_the_mark_joins_properties_that_are_there_and_changes_nothing_else() -> None:
    properties = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer">'
        "<vt:lpwstr>2052-12.1</vt:lpwstr></property></Properties>"
    )
    plain = SHUYANG.read_bytes()
    given = io.BytesIO(plain)
    with zipfile.ZipFile(given, "a") as package:
        package.writestr(marks.PROPERTIES, properties)
    for content in (plain, given.getvalue()):
        made = outputs.marked(content, "draft")
        assert marks.of(made) == marks.Mark("draft", True)
        # Marked once more it has one mark, of the later kind.
        again = outputs.marked(made, "summed")
        assert marks.of(again) == marks.Mark("summed", True)
        with zipfile.ZipFile(io.BytesIO(again)) as package, zipfile.ZipFile(io.BytesIO(content)) as before:
            written = package.read(marks.PROPERTIES).decode()
            assert written.count('name="gouji"') == 1
            assert ("KSOProductBuildVer" in written) == (content is not plain)
            assert len(package.namelist()) == len(set(package.namelist()))
            touched = {n for n in before.namelist() if before.read(n) != package.read(n)}
            assert touched <= {"[Content_Types].xml", "_rels/.rels", marks.PROPERTIES}
        (a,), (b,) = extract(Path("a.docx"), content).reports, extract(Path("a.docx"), again).reports
        assert [(f.address, f.printed) for f in a.facts] == [(f.address, f.printed) for f in b.facts]
        assert len(Document(io.BytesIO(again)).tables) == len(Document(io.BytesIO(content)).tables)


def test_what_cannot_be_marked_is_written_as_it_is() -> None:
    for content in (b"PK\x03\x04 broken", b"", b"text", b"PK"):
        assert outputs.marked(content, "copy") == content
        assert marks.of(content) is None


@pytest.mark.parametrize("path", [SHUYANG, HONGZE], ids=lambda p: p.suffix)
def test_a_draft_has_no_mark(path: Path) -> None:
    assert marks.of_file(path) is None and marks.of(path.read_bytes()) is None


def test_csv_heads_are_those_that_are_recognised(there: Path) -> None:
    assert main(["extract", "草稿.docx", "--format", "csv", "--output", "数.csv"]) == 0
    first = Path("数.csv").read_text("utf-8-sig").splitlines()[0]
    assert tuple(first.split(",")) == marks.CSV_HEADS
    assert marks.of(first.encode()) is None, "a user's own CSV without our byte order mark"


# -- whole files ------------------------------------------------------------------------------------------------------


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    target = Target(tmp_path / "r.txt", "result")
    with outputs.results(target, "text", "zh") as stream:
        stream.write("first\n")
    before = target.path.read_bytes()
    assert marks.of(before) == marks.Mark("result", True)
    with pytest.raises(KeyError), outputs.results(target, "text", "zh") as stream:
        stream.write("second\n")
        raise KeyError
    assert target.path.read_bytes() == before and list(tmp_path.iterdir()) == [target.path]


def test_a_file_that_came_to_be_there_meanwhile_stays(tmp_path: Path) -> None:
    target = Target(tmp_path / "r.docx", "draft")
    outputs.allow([target], [], "zh")
    target.path.write_bytes(b"mine")
    with pytest.raises(Refused):
        outputs.write(target, SHUYANG.read_bytes(), "zh")
    assert target.path.read_bytes() == b"mine"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux devices")
def test_devices_and_a_full_disk(there: Path, capsys: Capture) -> None:
    assert main(["check", "草稿.docx", "--output", "/dev/null"]) == 1
    assert main(["extract", "草稿.docx", "--output", "/dev/full"]) == 2
    assert "没有做完" in capsys.readouterr().err
    assert not Path("/dev/full").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="makes links")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    link, real = tmp_path / "link.html", tmp_path / "real.html"
    link.symlink_to(real.name)
    for _ in range(2):
        outputs.write(Target(link, "report"), b"<!DOCTYPE html>\n", "zh")
    assert link.is_symlink() and marks.of(real.read_bytes()) == marks.Mark("report", True)
    assert not list(tmp_path.glob(f"*{whole.ENDING}"))


# -- formulas ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("x")', "@SUM(1)", "+cmd|' /C calc'!A0", "-1+2+A1", " =1", "\t=1", "＝1+1", "-A1", "=-1"]
)
def test_text_that_a_spreadsheet_would_compute_gets_a_quote(text: str) -> None:
    assert outputs.harmless([text]) == [f"'{text}"]
    assert outputs.as_meant(f"'{text}") == text


@pytest.mark.parametrize("value", ["-5", "+3.5", "-", "——", "-1,234", "3=3", "约300", "", None, -5, "'quoted", "- -"])
def test_all_else_is_as_it_was(value: object) -> None:
    assert outputs.harmless([value]) == [value]
    if isinstance(value, str):
        assert outputs.as_meant(value) == value


def test_csv_of_a_draft_with_a_formula(there: Path, capsys: Capture) -> None:
    Path("坏.docx").write_bytes(changed(SHUYANG, {"requests.granted.natural_person": '=HYPERLINK("http://x")'}))
    assert main(["extract", "坏.docx", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    (row,) = [r for r in rows if r["address"] == "requests.granted.natural_person"]
    assert row["printed"] == '\'=HYPERLINK("http://x")'


def test_the_copy_of_a_draft_in_order_is_ours_though_it_has_no_remarks(tmp_path: Path) -> None:
    shutil.copyfile(SHUYANG, tmp_path / "草稿.docx")
    copies = tmp_path / "审阅"
    for _ in range(2):
        assert main(["check", str(tmp_path / "草稿.docx"), "--annotate", str(copies)]) == 0
    (copy,) = copies.iterdir()
    assert own_output(copy) == "copy"


# -- made from another draft -------------------------------------------------------------------------------------------


def beside(tmp_path: Path, folder: str, name: str, content: bytes) -> str:
    path = tmp_path / folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return f"{folder}/{name}"


@pytest.mark.parametrize("option", ["--annotate", "--slips"])
def test_one_drafts_copy_never_takes_the_place_of_anothers(there: Path, option: str, capsys: Capture) -> None:
    """Drafts of one name from several offices, checked one after another into one folder."""
    ours = beside(there, "甲", "年报.docx", changed(SHUYANG, WRONG))
    other = beside(there, "乙", "年报.docx", changed(SHUYANG, {"requests.granted.natural_person": "777"}))
    main(["check", ours, option, "出"])
    (first,) = Path("出").iterdir()
    kept = first.read_bytes()
    capsys.readouterr()
    main(["check", other, option, "出"])
    (second,) = set(Path("出").iterdir()) - {first}
    assert first.read_bytes() == kept and second.name == f"{first.stem}.2.docx"
    said = capsys.readouterr().err
    assert "是另一份草稿的" in said and "乙" in said and second.name in said
    # The same draft once more, also one that has been corrected since, has its own replaced.
    beside(there, "甲", "年报.docx", changed(SHUYANG, {"requests.granted.natural_person": "998"}))
    main(["check", ours, option, "出"])
    assert set(Path("出").iterdir()) == {first, second} and first.read_bytes() != kept
    assert "另一份" not in capsys.readouterr().err
    kept, before = first.read_bytes(), second.read_bytes()
    os.utime(second, (1, 1))
    main(["check", other, option, "出"])
    assert first.read_bytes() == kept and second.read_bytes() == before and second.stat().st_mtime > 1
    assert set(Path("出").iterdir()) == {first, second}


def test_drafts_of_one_name_in_several_formats_are_told_by_their_copies_names(there: Path) -> None:
    truth = offices.truths(offices.COUNTY[:1])[0]
    for form in ("html", "txt"):
        beside(there, "稿", f"年报.{form}", render(truth, clean_layout(format=form)))
    assert main(["check", "稿", "--annotate", "出"]) in (0, 1)
    assert {p.name for p in Path("出").iterdir()} == {"年报.html.勾稽.html", "年报.txt.勾稽.html"}


def test_a_page_that_takes_the_place_of_another_drafts_says_so(there: Path, capsys: Capture) -> None:
    main(["check", "草稿.docx", "--report", "同.html"])
    main(["check", "草稿.docx", "--report", "同.html"])
    assert "原有的一份" not in capsys.readouterr().err
    main(["check", "去年.docx", "--report", "同.html"])
    assert "原有的一份是由别的文件做出的，已被这一份替换" in capsys.readouterr().err


def test_the_mark_of_a_format_says_what_it_was_made_from() -> None:
    origin = marks.origin([("甲/年报.docx", "0" * 64)])
    for content in (SHUYANG.read_bytes(), b"<!DOCTYPE html><p>x\n", b"%PDF-1.4\n%%EOF"):
        mark = marks.of(outputs.marked(content, "copy", origin))
        assert mark == marks.Mark("copy", True) and mark.origin == origin
    moved, corrected = marks.origin([("乙.docx", "0" * 64)]), marks.origin([("甲/年报.docx", "1" * 64)])
    assert marks.same_origin(origin, moved) and marks.same_origin(origin, corrected)
    assert not marks.same_origin(moved, corrected) and not marks.same_origin(None, None)


def test_a_workbook_that_a_full_disk_cuts_off_is_a_fault_of_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sheets go through temporary files, of which lxml tells in its own way."""
    said = "IO_ENOSPC"

    def save(out: object) -> None:
        raise etree.SerialisationError(said)

    book = openpyxl.Workbook()
    monkeypatch.setattr(book, "save", save)
    with pytest.raises(OSError, match=re.escape(os.strerror(errno.ENOSPC))) as full:
        outputs.workbook_bytes(book)
    assert full.value.errno == errno.ENOSPC and "磁盘已满" in outputs.cannot_write(full.value, Path("x.xlsx"), "zh")
    said = "IO_NOTHING_OF_THE_SYSTEM"
    with pytest.raises(etree.SerialisationError):
        outputs.workbook_bytes(book)
