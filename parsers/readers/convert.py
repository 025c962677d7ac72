"""Formats that another program reads for us: .doc, .wps, .rtf, .odt, .ods.

Belongs here: finding LibreOffice, running it on its own profile within a time limit, many files in one run; else, on
Windows, the same by Word or WPS.
Does not belong here: reading what it makes (`word`, `spreadsheet`), driving Word or WPS (`office`), what to say where all are
missing (`sniff`).

Nothing here is imported for other formats. LibreOffice runs as a program of its own, in a folder of its own, with
macros and links to the outside switched off. `ahead` converts a whole batch in one run before it is read file by file,
perhaps in other processes: these find the results by the content's hash in the folder that they are told to `use`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from parsers.document import Document, UnreadableError
from parsers.files import sniff

from . import office

# Where a clerk's LibreOffice is, if it is not found by itself; set and empty: none is used.
PROGRAM = "GOUJI_SOFFICE"
# A first start on a slow machine, and each file.
START_SECONDS = 90.0
FILE_SECONDS = 20.0
MOST_BYTES = 60 * 1024 * 1024
_BATCH = 40

# What `ahead` leaves of a file for which there was no program after all.
_NO_PROGRAM = b"none"
# Where `ahead` has put what is already converted.
_AHEAD: ContextVar[Path | None] = ContextVar("ahead", default=None)

# What a file is handed over as, and what comes back.
_KINDS: dict[str, tuple[str, str]] = {
    sniff.DOC: ("doc", "docx"),
    sniff.WPS: ("wps", "docx"),
    sniff.RTF: ("rtf", "docx"),
    sniff.ODT: ("odt", "docx"),
    sniff.ODS: ("ods", "xlsx"),
    sniff.WORD_2003: ("xml", "docx"),
    sniff.EXCEL_2003: ("xml", "xlsx"),
}
_FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
_OLE = b"\xd0\xcf\x11\xe0"
_PLACES = (
    (
        r"C:\Program Files\LibreOffice\program\soffice.com",
        r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    )
    if sys.platform == "win32"
    else (
        "/Applications/LibreOffice.app/Contents/MacOS/soffice",
        "/usr/lib/libreoffice/program/soffice",
        "/opt/libreoffice/program/soffice",
    )
)
# Macros off, no links followed into other files or the network, no first-start dialogs.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True)
class _Program:
    """What converts: LibreOffice by its path, or Word and WPS by the names that they are installed under."""

    path: str | None = None
    names: tuple[str, ...] = ()

    def takes(self, media_type: str) -> bool:
        """Whether it can convert this type: Word and WPS make documents only."""
        return self.path is not None or becomes_word(media_type)

    def command(self, paths: Sequence[Path], target: str, results: Path, profile: Path) -> list[str]:
        """What makes ``results/STEM.target`` of every path."""
        if self.path is None:
            return office.command(self.names, paths, results)
        alone = (f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless", "--norestore", "--nolockcheck")
        makes = ("--nodefault", "--convert-to", _FILTERS[target], "--outdir", str(results))
        return [self.path, *alone, *makes, *map(str, paths)]


def is_convertible(media_type: str) -> bool:
    """Whether another program can read this type for us."""
    return media_type in _KINDS


def program() -> str | None:
    """Path of LibreOffice, or None where it is not installed."""
    given = os.environ.get(PROGRAM)
    if given is not None:
        return given if Path(given).is_file() else None
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((p for p in _PLACES if Path(p).is_file()), None)


def _program() -> _Program | None:
    """What converts here; None where nothing does."""
    if (path := program()) is not None:
        return _Program(path)
    names = office.programs()
    return _Program(names=tuple(names)) if names else None


def becomes_word(media_type: str) -> bool:
    """Whether `converted` gives a .docx."""
    return _KINDS.get(media_type, ("", ""))[1] == "docx"


def converted(data: bytes, name: str, media_type: str) -> bytes:
    """A file of a type that `is_convertible` as a .docx or .xlsx. Raises `UnreadableError`."""
    result = _kept(data)
    if result is None:
        if len(data) > MOST_BYTES:
            raise UnreadableError("too_large", f"《{name}》过大，未转换；请用 Word 或 WPS 打开后另存为 .docx 再提交。")
        found = _program()
        if found is None or not found.takes(media_type):
            raise UnreadableError(*sniff.unsupported_message(media_type, name))
        with tempfile.TemporaryDirectory(prefix="gouji-", ignore_cleanup_errors=True) as folder:
            try:
                result = _run(found, [(data, media_type)], Path(folder)).get(0)
            except office.NoProgram:
                result = _NO_PROGRAM
    if result == _NO_PROGRAM:
        raise UnreadableError(*sniff.unsupported_message(media_type, name))
    if not result:
        saved_as = ".xlsx" if name.lower().endswith((".et", ".ett", ".xls", ".xlt", ".ods")) else ".docx"
        raise UnreadableError(
            "unreadable",
            f"《{name}》转换不了，可能已损坏；请用 Word、Excel 或 WPS 打开看一看，能打开的另存为 {saved_as} 再提交。",
        )
    return result


def read(data: bytes, name: str) -> Document:
    """Reads a file of a type that `is_convertible`. Raises `UnreadableError`."""
    media_type = sniff.sniff(data, name)
    result = converted(data, name, media_type)
    if _KINDS[media_type][1] == "xlsx":
        from . import spreadsheet

        document = spreadsheet.read(result, name)
    else:
        from . import word

        document = word.read(result, name)
    document.media_type = media_type
    return document


def use(folder: Path | None) -> None:
    """From now on `read` takes from this folder what `ahead` made in it: for a process that reads for another one."""
    _AHEAD.set(folder)


@contextlib.contextmanager
def ahead(contents: Iterable[tuple[str, bytes]]) -> Generator[Path | None]:
    """Converts all of these (name, content) that need it in as few runs as can be, for `read` within the block.

    Gives the folder that other processes are to `use`, None where there was nothing to do. Files of other types cost a
    look at their first bytes. Where no program converts nothing is done.
    """
    todo: dict[str, tuple[bytes, str]] = {}
    found: _Program | None = None
    for name, data in contents:
        if not may_need(data[:64]) or len(data) > MOST_BYTES:
            continue
        media_type = sniff.sniff(data, name)
        if not is_convertible(media_type):
            continue
        found = found or _program()
        if found is None:
            break
        if found.takes(media_type):
            todo[_hash(data)] = (data, media_type)
    if not todo or found is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="gouji-", ignore_cleanup_errors=True) as folder:
        kept, work = Path(folder, "kept"), Path(folder, "work")
        kept.mkdir()
        work.mkdir()
        try:
            results, missing = _run(found, list(todo.values()), work), b""
        except office.NoProgram:
            results, missing = {}, _NO_PROGRAM
        for i, key in enumerate(todo):
            # An empty file says that it could not be converted: nobody need try again.
            (kept / key).write_bytes(results.get(i, missing))
        token = _AHEAD.set(kept)
        try:
            yield kept
        finally:
            _AHEAD.reset(token)


def may_need(head: bytes) -> bool:
    """Whether a file that begins like this (64 bytes) may be one to convert: ask before reading the whole of it."""
    # OpenDocument has its media type as the first member of the package.
    return head.startswith((_OLE, b"{\\rtf")) or (head.startswith(b"PK\x03\x04") and head[30:38] == b"mimetype")


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _kept(data: bytes) -> bytes | None:
    """What `ahead` made of this content: empty bytes where it failed, None where it was not asked."""
    folder = _AHEAD.get()
    if folder is None:
        return None
    try:
        return (folder / _hash(data)).read_bytes()
    except OSError:
        return None


def _run(found: _Program, items: Sequence[tuple[bytes, str]], folder: Path) -> dict[int, bytes]:
    """What the program makes of each item, by its position; those it fails on are left out. Raises `office.NoProgram`.

    A file that hangs or crashes it takes the rest of its run with it: the rest is tried again without it.
    """
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    out: dict[int, bytes] = {}
    for target in _FILTERS:
        waiting = [i for i, (_, media_type) in enumerate(items) if _KINDS[media_type][1] == target]
        while waiting:
            batch = waiting[:_BATCH]
            made, whole = _convert(found, [(i, *items[i]) for i in batch], target, folder, profile)
            out |= made
            missing = [i for i in batch if i not in made]
            # Files are taken in order: what ended the run is the first that is missing.
            done = set(batch) if whole else set(made) | set(missing[:1])
            waiting = [i for i in waiting if i not in done]
    return out


def _convert(
    found: _Program, batch: Sequence[tuple[int, bytes, str]], target: str, folder: Path, profile: Path
) -> tuple[dict[int, bytes], bool]:
    """One run of the program: what it made, and whether it came to its end. Raises `office.NoProgram`."""
    sources, results = folder / "in", folder / "out"
    for each in (sources, results):
        shutil.rmtree(each, ignore_errors=True)
        each.mkdir()
    paths = []
    for i, data, media_type in batch:
        path = sources / f"{i}.{_KINDS[media_type][0]}"
        path.write_bytes(data)
        paths.append(path)
    ended = _execute(found.command(paths, target, results, profile), START_SECONDS + FILE_SECONDS * len(batch))
    if office.has_none(results):
        raise office.NoProgram
    if not ended and (left := office.started(results)) is not None:
        _end(left)
    made = {}
    for i, _, _ in batch:
        path = results / f"{i}.{target}"
        if path.is_file() and path.stat().st_size <= MOST_BYTES:
            made[i] = path.read_bytes()
    return made, ended


def _execute(command: Sequence[str], seconds: float) -> bool:
    """Run a program to its end, all that it starts included; whether it came to its end."""
    with _own_limits():
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    try:
        # 1 tells of a file that it could not load; after a crash it is another number.
        return process.wait(seconds) in (0, 1)
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            _kill(process)
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a program with its children: soffice is only the starter of the program that works."""
    if sys.platform == "win32":
        _end(process.pid)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _end(process: int) -> None:
    """End a process by its number, with what it started."""
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(process)]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


@contextlib.contextmanager
def _own_limits() -> Iterator[None]:
    """LibreOffice claims more address space than a reader may have; its files are bounded in size instead."""
    try:
        import resource
    except ImportError:  # Windows
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == hard:
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
