"""Files were dropped: check them, and open the result.

Belongs here: the order of this, and what is said where it cannot be done. Does not belong here: the check
(`gouji.commands.check`), where the page lies (`place`), the page while it runs (`progress`).
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from gouji.commands.check import Options, check
from gouji.outputs import Refused, cannot_write

from . import desktop, place
from .progress import Progress

MANUAL = "使用说明.html"


def run(dropped: Sequence[Path]) -> int:
    """Check what was dropped and open the result page; ask for files where nothing was.

    Returns what `gouji check` returns: 0, 1 for errors found, 2 if something could not be done.
    """
    paths = list(dropped) or desktop.choose_files()
    if not paths:
        manual = Path(sys.executable).parent.parent / MANUAL
        if manual.is_file():
            desktop.open_page(manual)
        else:
            desktop.tell("请把年报草稿（文件或文件夹）拖到“勾稽核对”上。")
        return 0
    said, out, errors = io.StringIO(), sys.stdout, sys.stderr

    def opens(page: Path) -> None:
        # While it is checked everything that is printed is kept for the page.
        with redirect_stdout(out), redirect_stderr(errors):
            desktop.open_page(page)

    try:
        page = place.page_for(paths)
        progress = Progress(page, "、".join(path.name for path in paths[:3]), opens)
    except OSError as error:
        desktop.tell(f"没有核对：结果无处可写（{error}）。")
        return 2
    try:
        with redirect_stdout(said), redirect_stderr(said):
            status = check(paths, Options(report=page, watch=progress))
    except Refused as refused:
        said.write(f"\n{refused}")
        status = 2
    except OSError as error:
        said.write(f"\n{cannot_write(error, page, 'zh')}")
        status = 2
    if _has_result(page, progress):
        if not progress.shown:
            desktop.open_page(page)
        return status
    why = said.getvalue().strip()
    if not progress.ended(why):
        desktop.tell(f"没有核对完：\n\n{why[-1500:]}")
    return 2


def _has_result(page: Path, progress: Progress) -> bool:
    """Whether the page is there and is more than the one that said how far the check was."""
    try:
        return 'http-equiv="refresh"' not in page.read_text("utf-8")[:500] if progress.shown else page.is_file()
    except OSError:
        return False
