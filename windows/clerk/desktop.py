"""The desktop of Windows: opening a page, a message, a dialog for files, known folders, shortcuts.

Belongs here: all that is called of Windows itself, without a library. Does not belong here: when and with what words.

`BROWSER` (an environment setting) names what pages are opened with instead of the system's choice: a program, or ``none``
to open nothing and say on stdout which page it would have been. Messages go to stderr then: nobody is there to click them
away.
"""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path

BROWSER = "GOUJI_BROWSER"
TITLE = "勾稽核对"
SEND_TO = "8983036C-27C0-404B-8F08-102D10DCFD74"
DOCUMENTS = "FDD39AD0-238F-46AF-ADB4-6C85480369C7"
DESKTOP = "B4BFCC3A-DB2C-424C-B029-7FE99A87C641"
_ALL_FILES = "年报草稿\0*.docx;*.doc;*.wps;*.pdf;*.xlsx;*.xls;*.et;*.html;*.htm;*.mht;*.txt;*.md;*.zip\0所有文件\0*.*\0"
_MOST_CHARACTERS = 65536


def _is_nobody_there() -> bool:
    return bool(os.environ.get(BROWSER)) or sys.platform != "win32"


def open_page(page: Path) -> None:
    """Show a page. Where that fails, say where it lies."""
    chosen = os.environ.get(BROWSER)
    if chosen == "none":
        if sys.stdout is not None:
            print(page)
            sys.stdout.flush()
        return
    try:
        if chosen:
            subprocess.Popen([chosen, str(page)])
        elif sys.platform == "win32":
            os.startfile(page)
        elif not webbrowser.open(page.as_uri()):
            tell(f"结果已写入：\n{page}")
    except OSError:
        # Nothing is set to open .html with.
        with suppress(OSError, webbrowser.Error):
            if webbrowser.open(page.resolve().as_uri()):
                return
        tell(f"结果已写入，请用浏览器打开：\n{page}")


def tell(text: str) -> None:
    """A message that has to be seen: a box on Windows."""
    if sys.platform == "win32" and not _is_nobody_there():
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, TITLE, 0x40 | 0x10000)  # information, in front
    elif sys.stderr is not None:
        print(text, file=sys.stderr)


def choose_files() -> list[Path]:
    """Files that a person picks; none where the dialog is closed, or there is no one to pick."""
    if sys.platform != "win32" or _is_nobody_there():
        return []
    import ctypes
    from ctypes import wintypes

    class Request(ctypes.Structure):
        """OPENFILENAMEW."""

        _fields_ = (
            ("lStructSize", wintypes.DWORD),
            ("hwndOwner", wintypes.HWND),
            ("hInstance", wintypes.HINSTANCE),
            ("lpstrFilter", wintypes.LPCWSTR),
            ("lpstrCustomFilter", wintypes.LPWSTR),
            ("nMaxCustFilter", wintypes.DWORD),
            ("nFilterIndex", wintypes.DWORD),
            ("lpstrFile", ctypes.c_void_p),
            ("nMaxFile", wintypes.DWORD),
            ("lpstrFileTitle", wintypes.LPWSTR),
            ("nMaxFileTitle", wintypes.DWORD),
            ("lpstrInitialDir", wintypes.LPCWSTR),
            ("lpstrTitle", wintypes.LPCWSTR),
            ("Flags", wintypes.DWORD),
            ("nFileOffset", wintypes.WORD),
            ("nFileExtension", wintypes.WORD),
            ("lpstrDefExt", wintypes.LPCWSTR),
            ("lCustData", wintypes.LPARAM),
            ("lpfnHook", ctypes.c_void_p),
            ("lpTemplateName", wintypes.LPCWSTR),
            ("pvReserved", ctypes.c_void_p),
            ("dwReserved", wintypes.DWORD),
            ("FlagsEx", wintypes.DWORD),
        )

    answer = ctypes.create_unicode_buffer(_MOST_CHARACTERS)
    request = Request(
        lStructSize=ctypes.sizeof(Request),
        lpstrFilter=_ALL_FILES,
        lpstrFile=ctypes.addressof(answer),
        nMaxFile=_MOST_CHARACTERS,
        lpstrTitle="选择要核对的年报草稿（可选多个；整个文件夹请直接拖到“勾稽核对”上）",
        # Several, the new dialog, must be there, no read-only box, stay in this folder.
        Flags=0x200 | 0x80000 | 0x1000 | 0x800 | 0x4 | 0x8,
    )
    if not ctypes.windll.comdlg32.GetOpenFileNameW(ctypes.byref(request)):
        return []
    return picked(answer[:])


def picked(answer: str) -> list[Path]:
    """What the dialog wrote: one path, or a folder and names in it, each ended by NUL and all by another."""
    first, *names = answer.partition("\0\0")[0].split("\0")
    if not first:
        return []
    return [Path(first) / name for name in names] if names else [Path(first)]


def known_folder(identifier: str) -> Path:
    """A folder of the user's, wherever it was moved to. Raises OSError."""
    if sys.platform != "win32":
        raise OSError("not on this system")
    import ctypes
    from uuid import UUID

    found = ctypes.c_wchar_p()
    code = ctypes.windll.shell32.SHGetKnownFolderPath(
        ctypes.c_char_p(UUID(identifier).bytes_le), 0x8000, None, ctypes.byref(found)
    )
    try:
        if code or not found.value:
            raise OSError(f"SHGetKnownFolderPath {code:#x}")
        return Path(found.value)
    finally:
        ctypes.windll.ole32.CoTaskMemFree(found)


def make_shortcut(path: Path, target: Path, arguments: str, description: str) -> None:
    """Write a .lnk that starts ``target``; files dropped on it follow ``arguments``. Raises OSError.

    By the shell's own interface: the scripting one knows only the characters of the system's code page.
    """
    if sys.platform != "win32":
        raise OSError("not on this system")
    import ctypes
    from uuid import UUID

    def identifier(text: str) -> ctypes.c_char_p:
        return ctypes.c_char_p(UUID(text).bytes_le)

    def call(pointer: ctypes.c_void_p, number: int, types: tuple[type, ...], *values: object) -> None:
        """The method at a place of an interface's table."""
        table = ctypes.cast(pointer, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p))).contents
        method = ctypes.WINFUNCTYPE(ctypes.c_long, ctypes.c_void_p, *types)(table[number] or 0)
        code = method(pointer, *values)
        if code < 0:
            raise OSError(f"{path}: {code & 0xFFFFFFFF:#x}")

    ole32 = ctypes.windll.ole32
    ole32.CoInitialize(None)
    link, file = ctypes.c_void_p(), ctypes.c_void_p()
    try:
        code = ole32.CoCreateInstance(
            identifier("00021401-0000-0000-C000-000000000046"),
            None,
            1,
            identifier("000214F9-0000-0000-C000-000000000046"),
            ctypes.byref(link),
        )
        if code:
            raise OSError(f"CoCreateInstance {code & 0xFFFFFFFF:#x}")
        text = (ctypes.c_wchar_p,)
        call(link, 20, text, str(target))
        call(link, 11, text, arguments)
        call(link, 9, text, str(target.parent))
        call(link, 7, text, description)
        persist = identifier("0000010b-0000-0000-C000-000000000046")
        call(link, 0, (ctypes.c_char_p, ctypes.c_void_p), persist, ctypes.byref(file))
        call(file, 6, (ctypes.c_wchar_p, ctypes.c_int), str(path), 1)
    finally:
        for pointer in (file, link):
            if pointer:
                with suppress(OSError):
                    call(pointer, 2, ())
        ole32.CoUninitialize()
