"""Old Word documents, opened by the Word or WPS that a Windows has: for `convert`, where LibreOffice is not installed.

Belongs here: which of these is installed, the child process that drives one, what it may do with it. Does not belong here:
which files are converted, time limits, what becomes of the result (`convert`).

A child process drives it through COM (pywin32, which the Windows folder brings along), so that a document that makes it
hang costs the child and not the caller. The child starts an instance of its own, never joins one that a person works in,
lets no macro run and no dialog appear, opens a copy read-only, and ends its instance. If the child itself has to be ended,
the instance that it started is ended by the number that the child wrote down, no other.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

# What they are registered as. WPS can pass for Word; then it is Word for us.
WORD, WPS = "Word.Application", "KWPS.Application"
_OLD_WPS = "WPS.Application"
# Files beside the results: the number of the instance's process; that there was no instance to be had.
PROCESS, NONE = "process", "none"
_DOCX = 12  # wdFormatXMLDocument
_NO_MACROS = 3  # msoAutomationSecurityForceDisable
_NO_DIALOGS = 0  # wdAlertsNone
_DO_NOT_SAVE = 0  # wdDoNotSaveChanges
# No document has it; a document with another is refused instead of asking for it.
_PASSWORD = "\u200b"
# What the child ends with: all was tried; the program went away in between.
DONE, LOST = 0, 3


class NoProgram(Exception):
    """Word or WPS is installed and none of them will do: it is not allowed to start, or a person works in the only one."""


def programs() -> list[str]:
    """Names by which COM knows Word and WPS, as far as they are installed and can be driven."""
    if sys.platform != "win32":
        return []
    import winreg
    from importlib.util import find_spec

    if find_spec("win32com") is None:
        return []
    found = []
    for name in (WORD, WPS, _OLD_WPS):
        try:
            winreg.CloseKey(winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, rf"{name}\CLSID"))
            found.append(name)
        except OSError:
            continue
    return found


def command(names: Sequence[str], paths: Sequence[Path], results: Path) -> list[str]:
    """The child that saves every path as ``results/STEM.docx`` by the first of these programs that will do."""
    return [sys.executable, "-X", "utf8", "-m", __name__, ",".join(names), str(results), *map(str, paths)]


def started(results: Path) -> int | None:
    """The process of the instance that a child started; None where it is not known."""
    try:
        return int((results / PROCESS).read_text("ascii"))
    except (OSError, ValueError):
        return None


def has_none(results: Path) -> bool:
    """Whether the child found no program that will do."""
    return (results / NONE).exists()


# -- in the child --------------------------------------------------------------------------------------------------


def drive(
    create: Callable[[str], Any],
    names: Sequence[str],
    paths: Sequence[Path],
    results: Path,
    process_of: Callable[[str], int | None],
) -> int:
    """Save the documents; returns `DONE`, `LOST` where the program went away in between.

    ``create`` starts an instance by its name, ``process_of`` finds the process whose window has a title.
    """
    for name in names:
        try:
            application = create(name)
        except Exception:
            continue
        # WPS may hand out the instance that a person works in: not ours to change, nor to end.
        if _is_somebodys(application):
            continue
        try:
            if not _is_quiet(application):
                continue
            if (process := _process(application, process_of)) is not None:
                (results / PROCESS).write_text(str(process), "ascii")
            for path in paths:
                _save(application, path, results / f"{path.stem}.docx")
                if not _lives(application):
                    return LOST
            return DONE
        finally:
            _quit(application)
            (results / PROCESS).unlink(missing_ok=True)
    (results / NONE).touch()
    return DONE


def _is_somebodys(application: Any) -> bool:
    try:
        return bool(application.Visible) or application.Documents.Count > 0
    except Exception:
        return True


def _is_quiet(application: Any) -> bool:
    """Switch macros and dialogs off; whether that could be done."""
    try:
        application.Visible = False
        application.AutomationSecurity = _NO_MACROS
        application.DisplayAlerts = _NO_DIALOGS
        return bool(application.AutomationSecurity == _NO_MACROS)
    except Exception:
        return False


def _process(application: Any, process_of: Callable[[str], int | None]) -> int | None:
    title = f"gouji-{uuid4()}"
    try:
        application.Caption = title
        return process_of(title)
    except Exception:
        return None


def _save(application: Any, source: Path, target: Path) -> None:
    """Save one document as .docx; a document that cannot be opened leaves nothing."""
    document = None
    try:
        # By place: no confirmation of converters, read-only, not among the recent files.
        document = application.Documents.Open(str(source), False, True, False, _PASSWORD)
        document.SaveAs(str(target), _DOCX)
    except Exception:
        target.unlink(missing_ok=True)
    finally:
        if document is not None:
            _tried(lambda: document.Close(_DO_NOT_SAVE))


def _quit(application: Any) -> None:
    _tried(lambda: application.Quit(_DO_NOT_SAVE))


def _lives(application: Any) -> bool:
    return _tried(lambda: application.Version)


def _tried(action: Callable[[], object]) -> bool:
    """Whether it could be done. Every fault of a COM call is an exception of its own."""
    try:
        action()
    except Exception:
        return False
    return True


def _process_of(title: str) -> int | None:
    """The process that has a window with this title, seen or not."""
    if sys.platform != "win32":
        return None
    import ctypes
    from ctypes import wintypes

    window = ctypes.windll.user32.FindWindowW(None, title)
    number = wintypes.DWORD()
    if window:
        ctypes.windll.user32.GetWindowThreadProcessId(window, ctypes.byref(number))
    return number.value or None


def main(words: Sequence[str]) -> int:
    """``NAMES RESULTS PATH...``, as `command` says them."""
    names, results, *paths = words
    try:
        import pythoncom
        from win32com.client import DispatchEx
    except ImportError:
        Path(results, NONE).touch()
        return DONE
    pythoncom.CoInitialize()
    return drive(DispatchEx, names.split(","), [Path(p) for p in paths], Path(results), _process_of)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
