"""Word and WPS as the converter of old documents: a stand-in for them that keeps a log of what it was told."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from parsers import extract
from parsers.document import UnreadableError
from parsers.readers import convert, office
from tests.conftest import ROOT

RTF = b"{\\rtf1\\ansi\\pard "
# As modules of pywin32, for a child process. What a document says is what happens to it.
COM = """
import os, time
from pathlib import Path

LOG = Path({log!r})

class Application:
    Visible = False
    AutomationSecurity = 1
    DisplayAlerts = -1
    Version = "16.0"
    Count = 0
    Caption = ""

    def __init__(self):
        self.Documents = self

    def Open(self, path, *rest):
        assert (self.AutomationSecurity, self.DisplayAlerts) == (3, 0)
        self.text = Path(path).read_bytes()
        self.note("open", Path(path).name, *rest[:3])
        if b"hang" in self.text:
            time.sleep(60)
        if b"broken" in self.text:
            raise RuntimeError("com_error")
        return self

    def SaveAs(self, path, kind):
        assert kind == 12
        Path(path).write_bytes(self.text)

    def Close(self, save):
        self.note("close", save)

    def Quit(self, save):
        self.note("quit", save)

    def note(self, *words):
        with LOG.open("a") as log:
            print(*words, file=log)
"""
CLIENT = "from . import word\n\ndef DispatchEx(name):\n    {body}\n    return word.Application()\n"


class Fake:
    """An application in this process."""

    def __init__(self, **values: Any) -> None:
        self.Visible, self.AutomationSecurity, self.DisplayAlerts, self.Version = False, 1, -1, "16.0"
        self.Documents, self.Count, self.Caption = self, 0, ""
        self.log: list[str] = []
        vars(self).update(values)

    def Open(self, path: str, *rest: object) -> Fake:
        self.log.append(f"open {Path(path).name} {rest}")
        if Path(path).read_bytes() == b"broken":
            raise RuntimeError("com_error")
        return self

    def SaveAs(self, path: str, kind: int) -> None:
        Path(path).write_bytes(b"PK")

    def Close(self, save: int) -> None:
        self.log.append(f"close {save}")

    def Quit(self, save: int) -> None:
        self.log.append(f"quit {save}")


class Locked(Fake):
    """One whose macros cannot be switched off."""

    def __setattr__(self, name: str, value: object) -> None:
        if name == "AutomationSecurity" and value == 3:
            raise AttributeError(name)
        super().__setattr__(name, value)


def _paths(folder: Path, *contents: bytes) -> list[Path]:
    paths = []
    for i, content in enumerate(contents):
        (path := folder / f"{i}.doc").write_bytes(content)
        paths.append(path)
    return paths


def test_documents_are_opened_read_only_without_macros_and_dialogs(tmp_path: Path) -> None:
    word = Fake()
    paths = _paths(tmp_path, b"one", b"broken", b"two")
    assert office.drive(lambda name: word, [office.WORD], paths, tmp_path, lambda title: None) == office.DONE
    assert (word.AutomationSecurity, word.DisplayAlerts, word.Visible) == (3, 0, False)
    assert word.log[0].startswith("open 0.doc (False, True, False,")
    assert [line for line in word.log if not line.startswith("open")] == ["close 0", "close 0", "quit 0"]
    assert sorted(p.name for p in tmp_path.glob("*.docx")) == ["0.docx", "2.docx"]
    assert not office.has_none(tmp_path)


@pytest.mark.parametrize("values", [{"Visible": True}, {"Count": 1}])
def test_an_instance_that_a_person_works_in_is_left_alone(tmp_path: Path, values: dict[str, Any]) -> None:
    persons, own = Fake(**values), Fake()
    instances = {office.WPS: persons, office.WORD: own}
    paths = _paths(tmp_path, b"one")
    assert office.drive(instances.__getitem__, [office.WPS, office.WORD], paths, tmp_path, lambda title: None) == 0
    assert persons.log == [] and persons.AutomationSecurity == 1 and persons.DisplayAlerts == -1
    assert own.log[-1] == "quit 0" and (tmp_path / "0.docx").is_file()


def test_a_program_whose_macros_cannot_be_switched_off_opens_nothing(tmp_path: Path) -> None:
    locked = Locked()
    office.drive(lambda name: locked, [office.WPS], _paths(tmp_path, b"one"), tmp_path, lambda title: None)
    assert locked.log == ["quit 0"] and office.has_none(tmp_path) and not (tmp_path / "0.docx").exists()


def test_a_program_that_does_not_start_is_passed_over(tmp_path: Path) -> None:
    def create(name: str) -> Fake:
        if name == office.WORD:
            raise OSError("class not registered")
        return Fake()

    names = [office.WORD, office.WPS]
    assert office.drive(create, names, _paths(tmp_path, b"one"), tmp_path, lambda title: None) == 0
    assert (tmp_path / "0.docx").is_file() and not office.has_none(tmp_path)


def test_the_instance_is_known_by_its_window_while_it_lives(tmp_path: Path) -> None:
    word, seen = Fake(), list[int | None]()

    def close(save: int) -> None:
        seen.append(office.started(tmp_path))

    word.Close = close  # type: ignore[method-assign]

    def process_of(title: str) -> int | None:
        return 4711 if title == word.Caption else None

    office.drive(lambda name: word, [office.WORD], _paths(tmp_path, b"one"), tmp_path, process_of)
    assert seen == [4711] and office.started(tmp_path) is None


def test_a_program_that_went_away_is_told(tmp_path: Path) -> None:
    word = Fake()
    del word.Version
    assert office.drive(lambda name: word, [office.WORD], _paths(tmp_path, b"a", b"b"), tmp_path, lambda t: None) == 3
    assert [line for line in word.log if line.startswith("open")] == [word.log[0]]


# -- through the front door --------------------------------------------------------------------------------------


def _installed(folder: Path, monkeypatch: pytest.MonkeyPatch, dispatch: str = "pass") -> Path:
    """Let this machine have Word: the child finds modules of pywin32. Gives the log."""
    log = folder / "log"
    package = folder / "modules" / "win32com"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "word.py").write_text(COM.format(log=str(log)), "utf-8")
    (package / "client.py").write_text(CLIENT.format(body=dispatch), "utf-8")
    (folder / "modules" / "pythoncom.py").write_text("def CoInitialize(): pass\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder / "modules"), str(ROOT)]))
    monkeypatch.setattr(office, "programs", lambda: [office.WORD])
    monkeypatch.setattr(convert, "program", lambda: None)
    return log


def test_a_batch_is_one_run_and_a_hanging_document_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = _installed(tmp_path, monkeypatch)
    monkeypatch.setattr(convert, "START_SECONDS", 2.0)
    monkeypatch.setattr(convert, "FILE_SECONDS", 0.1)
    contents = [(f"{i}.rtf", RTF + word) for i, word in enumerate([b"one", b"broken", b"hang", b"two"])]
    started = time.monotonic()
    with convert.ahead(contents):
        kept = [convert._kept(data) for _, data in contents]
    assert kept == [contents[0][1], b"", b"", contents[3][1]]
    assert time.monotonic() - started < 30
    assert log.read_text("utf-8").count("open 0.rtf") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a process of Linux stands for Word's")
def test_after_the_time_limit_its_own_instance_is_ended_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _installed(tmp_path, monkeypatch)
    monkeypatch.setattr(convert, "START_SECONDS", 1.0)
    monkeypatch.setattr(convert, "FILE_SECONDS", 0.1)
    ended = list[int]()
    monkeypatch.setattr(convert, "_end", ended.append)
    monkeypatch.setattr(office, "started", lambda results: 4711)
    with pytest.raises(UnreadableError, match=r"x\.rtf"):
        convert.read(RTF + b"hang", "x.rtf")
    assert ended == [4711]


def test_where_word_may_not_start_the_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(tmp_path, monkeypatch, "raise RuntimeError('access denied')")
    with convert.ahead([("旧.rtf", RTF + b"a"), ("老.rtf", RTF + b"b")]):
        (problem,) = extract(Path("旧.rtf"), RTF + b"a").problems
    assert "另存为 .docx" in problem.message and "损坏" not in problem.message
    with pytest.raises(UnreadableError, match=r"另存为 \.docx"):
        convert.converted(RTF, "旧.rtf", "application/rtf")


def test_word_makes_no_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = _installed(tmp_path, monkeypatch)
    with pytest.raises(UnreadableError, match="LibreOffice"):
        convert.converted(b"<?xml?>", "表.xml", convert.sniff.EXCEL_2003)
    assert not log.exists()


def test_elsewhere_there_is_no_word() -> None:
    if sys.platform != "win32":
        assert office.programs() == []
