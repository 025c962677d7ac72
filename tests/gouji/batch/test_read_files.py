"""Where a command reads a file: in its own process only what is alone, small and no PDF."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import parsers
from data.generator import clean_layout, make_truth, render
from gouji.batch import read_files
from gouji.cli import main
from parsers.readers import convert
from schemas.facts import Extraction
from tests.parsers.readers.test_convert import fake_soffice, posix

TRUTH = make_truth(11, size="tiny")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that this process itself reads."""
    seen: list[Path] = []
    inner = parsers.extract

    def extract(path: Path, data: bytes | None = None) -> Extraction:
        seen.append(path)
        return inner(path, data)

    monkeypatch.setattr(parsers, "extract", extract)
    return seen


def write(folder: Path, name: str, format: str) -> Path:
    path = folder / name
    path.write_bytes(render(TRUTH, clean_layout(format)))  # type: ignore[arg-type]
    return path


def read(*paths: Path) -> list[Extraction]:
    results = list(read_files.read_all(paths, "zh", label=""))
    for extraction in results:
        facts = {f.address: f.value for r in extraction.reports for f in r.facts}
        assert facts == {a: c.value for a, c in TRUTH.cells.items()}
    return results


@pytest.mark.parametrize("format", ["docx", "html", "md"])
def test_one_small_file_is_read_at_once(tmp_path: Path, here: list[Path], format: str) -> None:
    path = write(tmp_path, f"a.{format}", format)
    read(path)
    assert here == [path]


def test_a_pdf_is_read_in_a_child_whatever_it_is_called(tmp_path: Path, here: list[Path]) -> None:
    read(write(tmp_path, "a.docx", "pdf-drawn"))
    assert here == []


def test_a_large_file_is_read_in_a_child(tmp_path: Path, here: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_files, "_SMALL_BYTES", 1000)
    read(write(tmp_path, "a.docx", "docx"))
    assert here == []


def test_of_several_files_none_is_read_here(tmp_path: Path, here: list[Path]) -> None:
    read(write(tmp_path, "a.docx", "docx"), write(tmp_path, "b.html", "html"))
    assert here == []


def test_what_is_given_twice_is_read_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same folder twice in two spellings, and a file in it."""
    (tmp_path / "草稿").mkdir()
    one, two = (write(tmp_path / "草稿", f"{n}.docx", "docx") for n in "ab")
    monkeypatch.chdir(tmp_path)
    found = read(Path("草稿"), tmp_path / "草稿", two)
    assert [Path(e.source.path).name for e in found] == [one.name, two.name]
    assert "有 3 个文件给了不止一次，只算一次。" in capsys.readouterr().err
    read(one, two)
    assert capsys.readouterr().err == ""


def test_a_fault_of_ours_is_told_and_not_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def extract(path: Path) -> Extraction:
        raise KeyError("x")

    monkeypatch.setattr(parsers, "extract", extract)
    (extraction,) = read_files.read_all([write(tmp_path, "a.docx", "docx")], "zh", label="")
    (problem,) = extraction.problems
    assert problem.kind == "unreadable"
    assert "KeyError" in problem.message
    assert os.fspath(tmp_path / "a.docx") in problem.message


@posix
def test_what_was_converted_together_is_found_by_the_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, docx = tmp_path / "runs", write(tmp_path, "source", "docx")
    body = (
        f"target.write_bytes(Path({str(docx)!r}).read_bytes())"
        f"; Path({str(log)!r}).open('a').write(str(os.getpid()) + ' ')"
    )
    monkeypatch.setenv(convert.PROGRAM, fake_soffice(tmp_path, body))
    for n in range(3):
        (tmp_path / f"{n}.rtf").write_bytes(b"{\\rtf1 %d" % n)
    found = list(read_files.read_all(sorted(tmp_path.glob("*.rtf")), "zh", label=""))
    assert [len(extraction.reports) for extraction in found] == [1, 1, 1]
    runs = log.read_text("utf-8").split()
    assert len(runs) == 3 and len(set(runs)) == 1, "one run for all"


def test_a_broken_installation_is_told_as_such_and_no_file_is_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Libraries that fail when they are imported, with whatever they raise: of two readers, and of the second look at a PDF."""
    broken = tmp_path / "broken"
    broken.mkdir()
    monkeypatch.syspath_prepend(str(broken))
    (broken / "lxml.py").write_text("raise ImportError('no etree')\n", "utf-8")
    (broken / "pypdfium2.py").write_text("raise OSError('libpdfium.so: cannot open')\n", "utf-8")
    files = [write(tmp_path, "a.html", "html"), write(tmp_path, "a.pdf", "pdf-drawn")]
    assert main(["extract", *map(str, files)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.partition("：安装不完整")[0] for line in told] == ["a.html", "a.pdf"]
    assert "no etree" in told[0] and "libpdfium.so" in told[1]
    for library in broken.glob("*.py"):
        library.unlink()
    (broken / "pdfplumber.py").write_text("raise RuntimeError('no plumber')\n", "utf-8")
    wrong = make_truth(1, size="tiny", errors=("digit_swap",))
    for name in ("b.pdf", "c.pdf"):
        (tmp_path / name).write_bytes(render(wrong, clean_layout("pdf-drawn")) + name.encode())
    page = tmp_path / "page.html"
    assert main(["check", str(tmp_path / "b.pdf"), str(tmp_path / "c.pdf"), "--report", str(page)]) == 2
    said = capsys.readouterr()
    # Once, whatever the number of files; whoever reads the page hears of it too.
    assert said.err.count("第二个读取引擎不能用（RuntimeError: no plumber）") == 1
    assert "第二个读取引擎不能用" in page.read_text("utf-8") and "2 个有错误" in said.out
