"""Files were dropped: check them, and open the result.

Belongs here: the order of this, and what is said where it cannot be done. Does not belong here: the check
(`gouji.commands.check`), where the page lies (`place`), the page while it runs (`progress`).
"""

from __future__ import annotations

import io
import sys
import traceback
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from gouji.batch.options import Options
from gouji.commands.check import check
from gouji.outputs import Refused, cannot_write, fault

from . import desktop, place
from .progress import Progress

MANUAL = "使用说明.html"
# A list is looked for among a few files of these kinds that were dropped by themselves, not in a folder.
_LISTS, _MOST_LISTS = (".xlsx", ".xls", ".csv", ".docx"), 6


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
    if len(paths) == 1 and _is_round(paths[0]):
        return _check_round(paths[0])
    said, notes, out, errors = io.StringIO(), io.StringIO(), sys.stdout, sys.stderr
    roster, paths = _roster_among(paths)

    def opens(page: Path) -> None:
        # While it is checked everything that is printed is kept for the page.
        with redirect_stdout(out), redirect_stderr(errors):
            desktop.open_page(page)

    try:
        page = place.page_for(paths)
        progress = Progress(page, "、".join(path.name for path in paths[:3]), opens)
    except OSError as error:
        desktop.tell(f"没有核对：结果无处可写（{fault(error, 'zh')}）。")
        return 2
    try:
        # What is said beside the results (files passed over, how the list was read) is told on the page.
        with redirect_stdout(said), redirect_stderr(notes):
            options = Options(
                report=(page,), roster=roster, watch=progress, told=lambda: notes.getvalue().splitlines(), quiet=True
            )
            status = check(paths, options)
    except Refused as refused:
        said.write(f"\n{refused}")
        status = 2
    except OSError as error:
        said.write(f"\n{cannot_write(error, page, 'zh')}")
        status = 2
    except Exception:
        # A page that is open must not wait for a result that never comes.
        said.write(f"\n{_fault(paths)}")
        status = 2
    if _has_result(page, progress):
        if not progress.shown:
            desktop.open_page(page)
        return status
    why = f"{notes.getvalue()}\n{said.getvalue()}".strip()
    if not progress.ended(why):
        desktop.tell(f"没有核对完：\n\n{why[-1500:]}")
    return 2


def _roster_among(paths: list[Path]) -> tuple[Path | None, list[Path]]:
    """The list of who has to report, where one was dropped together with drafts; and what else was dropped."""
    files = [p for p in paths if p.suffix.lower() in _LISTS and p.is_file()]
    if len(paths) < 2 or not files or len(files) > _MOST_LISTS:
        return None, paths
    from gouji.batch.roster import is_list, load
    from gouji.batch.sheets import SheetError
    from parsers import extract

    for path in files:
        try:
            load(path)
            if is_list(extract(path)):
                return path, [p for p in paths if p != path]
        except (SheetError, OSError):
            continue
    return None, paths


def _fault(paths: Sequence[Path]) -> str:
    """What to say of a fault of ours that ended a check: with which files, and what to do."""
    names = "、".join(path.name for path in paths[:3]) + (f" 等 {len(paths)} 项" if len(paths) > 3 else "")
    return (
        f"核对 {names} 时程序出错，草稿没有改动。多个文件请分开核对，看出错的是哪一个；"
        f"并请把下面的文字发给维护人员。\n\n{traceback.format_exc()[-1500:]}"
    )


def _is_round(folder: Path) -> bool:
    """Whether a round of checking was begun in a folder."""
    from gouji.round.state import FILE

    return (folder / FILE).is_file()


def _check_round(folder: Path) -> int:
    """The round's next check, whose page lies with its other results in the folder."""
    from gouji.cli import main
    from gouji.round.state import OUTPUTS, load
    from gouji.words import say

    said, complaints = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(complaints):
            status = main(["round", "check", str(folder)])
    except Exception:
        desktop.tell(f"没有核对完：\n\n{_fault([folder])}")
        return 2
    told = said.getvalue().strip()
    if not told:
        # A check that has ended says how the round stands; one that was refused has only complaints.
        desktop.tell(f"没有核对完：\n\n{complaints.getvalue().strip()[-1500:]}")
        return status
    known = load(folder, "zh")
    last = known.last if known is not None else None
    pages = sorted((folder / OUTPUTS / last.outputs).glob("*.html")) if last is not None else []
    if not pages:
        desktop.tell(told[-1500:])
        return status
    desktop.open_page(pages[-1])
    if last is not None and (unchanged := say("zh", "round.unchanged", n=last.number)) in told.splitlines():
        desktop.tell(f"{unchanged}打开的是那一次的结果。")
    return status


def _has_result(page: Path, progress: Progress) -> bool:
    """Whether the page is there and is more than the one that said how far the check was."""
    try:
        return 'http-equiv="refresh"' not in page.read_text("utf-8")[:500] if progress.shown else page.is_file()
    except OSError:
        return False
