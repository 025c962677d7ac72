"""Formats that LibreOffice converts: what it makes, many in one run, broken files, machines without it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from data.generator import clean_layout, libreoffice, make_truth, render
from parsers import extract
from parsers.document import UnreadableError
from parsers.files import sniff
from parsers.readers import convert
from tests.conftest import ROOT

from .workbooks import saved, xlsx_of

needs_libreoffice = pytest.mark.skipif(libreoffice() is None, reason="LibreOffice (soffice) is not installed")
KINDS = ("doc",)
RTF = b"{\\rtf1\\ansi\\pard broken"


@pytest.fixture(scope="module")
def old_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One report in old formats, made by LibreOffice itself."""
    program = libreoffice()
    assert program is not None
    folder = tmp_path_factory.mktemp("alt")
    (folder / "a.docx").write_bytes(render(make_truth(8), clean_layout()))
    (folder / "a.xlsx").write_bytes(saved(xlsx_of(make_truth(8), clean_layout())))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for kind in (*KINDS, "ods"):
        source = folder / ("a.xlsx" if kind == "ods" else "a.docx")
        command = [program, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return {kind: (folder / f"a.{kind}").read_bytes() for kind in (*KINDS, "ods")}


@needs_libreoffice
def test_old_formats_are_read_whole_and_in_one_run(
    old_files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[int] = []
    execute = convert._execute
    monkeypatch.setattr(convert, "_execute", lambda command, seconds: runs.append(1) or execute(command, seconds))
    expected = {a: c.value for a, c in make_truth(8).expected(clean_layout()).items()}
    contents = [(f"草稿.{kind}", data) for kind, data in old_files.items()]
    contents.insert(1, ("坏.rtf", RTF))
    with convert.ahead(contents):
        for name, data in contents:
            extraction = extract(Path(name), data)
            if name == "坏.rtf":
                continue
            assert not extraction.problems, name
            assert {f.address: f.value for f in extraction.reports[0].facts} == expected, name
            assert extraction.reports[0].issuer_printed == make_truth(8).issuer.name
        assert convert._kept(old_files["doc"])
    # One for the texts, one for the workbook.
    assert len(runs) == 2
    assert convert._kept(old_files["doc"]) is None


@needs_libreoffice
def test_a_single_file_is_converted_when_it_is_read(old_files: dict[str, bytes]) -> None:
    # A .wps is a .doc by another name.
    assert sniff.sniff(old_files["doc"], "草稿.wps") == sniff.WPS
    extraction = extract(Path("草稿.wps"), old_files["doc"])
    assert not extraction.problems
    assert len(extraction.reports[0].facts) == 200
    assert extraction.source.media_type == sniff.WPS


@needs_libreoffice
def test_a_broken_file_ends_in_a_sentence(old_files: dict[str, bytes]) -> None:
    broken = old_files["doc"][:900] + bytes(3000)
    with pytest.raises(UnreadableError) as caught:
        convert.read(broken, "坏.doc")
    assert "《坏.doc》" in caught.value.message
    assert "请" in caught.value.message


def fake_soffice(folder: Path, body: str) -> str:
    """A program that takes LibreOffice's arguments and does what ``body`` says with each file."""
    script = folder / "soffice"
    script.write_text(
        f"#!{sys.executable}\nimport os, sys, time\nfrom pathlib import Path\n"
        "out = Path(sys.argv[sys.argv.index('--outdir') + 1])\n"
        "for path in map(Path, sys.argv[sys.argv.index('--outdir') + 2:]):\n"
        f"    text = path.read_bytes()\n    target = out / (path.stem + '.docx')\n    {body}\n"
    )
    script.chmod(0o755)
    return str(script)


posix = pytest.mark.skipif(sys.platform == "win32", reason="a script with #! is no program on Windows")


@posix
def test_a_file_that_hangs_or_crashes_takes_no_other_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "time.sleep(60) if b'hang' in text else os.abort() if b'crash' in text else target.write_bytes(text)"
    monkeypatch.setenv(convert.PROGRAM, fake_soffice(tmp_path, body))
    monkeypatch.setattr(convert, "START_SECONDS", 2.0)
    monkeypatch.setattr(convert, "FILE_SECONDS", 0.1)
    contents = [
        (f"{i}.rtf", b"{\\rtf1 " + word) for i, word in enumerate([b"one", b"hang", b"two", b"crash", b"three"])
    ]
    started = time.monotonic()
    with convert.ahead(contents):
        kept = [convert._kept(data) for _, data in contents]
    assert kept == [contents[0][1], b"", contents[2][1], b"", contents[4][1]]
    assert time.monotonic() - started < 15


@posix
def test_what_it_started_is_ended_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "still-here"
    body = f"os.fork() or (time.sleep(2), Path({str(mark)!r}).touch(), os._exit(0)); time.sleep(60)"
    monkeypatch.setenv(convert.PROGRAM, fake_soffice(tmp_path, body))
    monkeypatch.setattr(convert, "START_SECONDS", 1.0)
    monkeypatch.setattr(convert, "FILE_SECONDS", 0.1)
    with pytest.raises(UnreadableError):
        convert.read(b"{\\rtf1 x", "x.rtf")
    time.sleep(1.5)
    assert not mark.exists()


def test_set_and_empty_it_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setenv(convert.PROGRAM, "")
    assert convert.program() is None
    monkeypatch.delenv(convert.PROGRAM)
    assert convert.program() == "/usr/bin/soffice"


def test_without_libreoffice_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "program", lambda: None)
    with convert.ahead([("旧.rtf", RTF)]):
        extraction = extract(Path("旧.rtf"), RTF)
    [problem] = extraction.problems
    assert problem.kind == "unreadable"
    assert "另存为 .docx" in problem.message
    assert "LibreOffice" in problem.message


def test_other_files_cost_a_look_at_their_first_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "program", lambda: pytest.fail("LibreOffice was looked for"))
    docx = render(make_truth(1), clean_layout())
    with convert.ahead([("a.docx", docx), ("b.html", b"<html></html>"), ("c.pdf", b"%PDF-1.4")]) as folder:
        assert folder is None
    assert not convert.may_need(b"%PDF-1.4")
    assert not convert.may_need(b"<html>")
    assert convert.may_need(RTF)


def test_reading_a_word_file_does_not_import_this() -> None:
    code = (
        "import sys; from pathlib import Path; from parsers import extract;"
        f"extract(Path({str(next((ROOT / 'data/samples').glob('沭阳*.docx')))!r}));"
        "assert not {'parsers.readers.convert', 'parsers.readers.spreadsheet', 'xlrd', 'subprocess'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=60)
