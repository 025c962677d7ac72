"""The commands `ingest`, `query` and `rebuild`.

Belongs here: progress on the screen, the summary in words, exit status.
Does not belong here: the work (`flows`), arguments (each command's module). `flows` and what it needs is imported when a command runs.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from gouji import outputs
from gouji.words import Lang, say

if TYPE_CHECKING:
    from flows.run import Summary

# What the extra `pipeline` brings.
_NEEDED = ("duckdb", "httpx", "pandas", "pandera", "prefect", "protego", "pyarrow")
# A folder of a thousand broken files should not scroll the summary away.
_LISTED = 50
_NAMED = 5


def add_home(parser: argparse.ArgumentParser) -> None:
    """The arguments that say which home and which database."""
    parser.add_argument("--home", type=Path, help="存放一切的目录 folder that keeps everything ($GOUJI_HOME)")
    parser.add_argument("--database", help="数据库文件名 name of the published database in the home folder")


def add_scale(parser: argparse.ArgumentParser) -> None:
    """The arguments for more than one machine."""
    parser.add_argument("--runner", choices=("pool", "dask"), help="在何处读取 where to read: processes here, or Dask")
    parser.add_argument("--address", metavar="TCP", help="Dask 调度器 its scheduler, e.g. tcp://10.0.0.1:8786")
    add_warehouse(parser)


def add_warehouse(parser: argparse.ArgumentParser) -> None:
    """The arguments that say which warehouse several homes share."""
    parser.add_argument(
        "--warehouse",
        metavar="DUCKLAKE",
        help="多机共用的仓库 shared by several homes: ducklake:postgres:dbname=… host=…",
    )
    parser.add_argument("--warehouse-data", metavar="DIR", help="其数据目录（共享盘）the shared folder of its rows")


def scale_of(args: argparse.Namespace) -> dict[str, Any]:
    """These arguments as settings; those that are not given are None."""
    names = ("runner", "address", "warehouse", "warehouse_data")
    return {name: getattr(args, name, None) for name in names}


def lacking(lang: Lang) -> bool:
    """Whether the extra is not installed; says so."""
    for name in _NEEDED:
        if importlib.util.find_spec(name) is None:
            print(say(lang, "pipeline_missing", name=name), file=sys.stderr)
            return True
    return False


class Progress:
    """A bar on standard error: stage, files done of all, reports so far. Nothing where that is no terminal."""

    def __init__(self, lang: Lang) -> None:
        from rich import progress as bars
        from rich.console import Console

        self._lang = lang
        self._bar = bars.Progress(
            bars.TextColumn("{task.description}"),
            bars.BarColumn(),
            bars.MofNCompleteColumn(),
            bars.TextColumn("{task.fields[reports]}"),
            bars.TimeElapsedColumn(),
            console=Console(file=sys.stderr),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task: Any = None

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def stage(self, name: str, total: int | None) -> None:
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(say(self._lang, f"pipeline.{name}"), total=total, reports="")

    def advance(self) -> None:
        if self._task is not None:
            self._bar.advance(self._task)

    def found(self, reports: int) -> None:
        if self._task is not None:
            self._bar.update(self._task, reports=say(self._lang, "pipeline.reports", n=reports))


def _reason(name: str, message: str) -> str:
    """The message without the file's own name, which readers put in front and the line has already."""
    return message.removeprefix(f"{Path(name).name}：")


def _tell(summary: Summary, lang: Lang) -> None:
    """Reasons on standard error, the summary on standard output."""
    for missing in summary.missing:
        print(missing.en if lang == "en" else missing.zh, file=sys.stderr)
    for name, _, message in summary.bad[:_LISTED]:
        print(say(lang, "pipeline.aside", name=name, message=_reason(name, message)), file=sys.stderr)
    if len(summary.bad) > _LISTED:
        print(say(lang, "pipeline.more", n=len(summary.bad) - _LISTED), file=sys.stderr)
    if summary.lost:
        names = ", ".join(f"{sha256[:12]}…" for sha256 in summary.lost[:_NAMED])
        print(say(lang, "pipeline.lost", n=len(summary.lost), names=names), file=sys.stderr)
    if not summary.files and not summary.missing:
        print(say(lang, "pipeline.nothing"), file=sys.stderr)
    counts = {
        name: getattr(summary, name)
        for name in ("files", "new", "revised", "reread", "unchanged", "set_aside", "reports", "facts", "findings")
    }
    print(say(lang, "pipeline.files", **counts))
    print(say(lang, "pipeline.read", **counts))
    if summary.gone:
        print(say(lang, "pipeline.gone", n=summary.gone))
    print(say(lang, "pipeline.holds", **summary.totals))
    print(say(lang, "pipeline.database", path=summary.database))


def ingest(
    paths: Iterable[str | os.PathLike[str]],
    *,
    home: str | os.PathLike[str] | None = None,
    database: str | os.PathLike[str] | None = None,
    lang: Lang = "zh",
    **settings: Any,
) -> int:
    """Read, check and load files and folders. ``settings`` are those of `flows.home.Settings`.

    Returns 0, or 2 when a file could not be used or the run could not go on.
    """
    if lacking(lang):
        return 2
    from flows import run
    from flows.errors import PipelineError

    try:
        with Progress(lang) as progress:
            summary = run.ingest(paths, home_dir=home, database=database, progress=progress, **settings)
    except PipelineError as error:
        print(error.message(lang), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(say(lang, "pipeline.interrupted"), file=sys.stderr)
        return 130
    _tell(summary, lang)
    misfits = _misfits(summary.totals, lang)
    return 0 if summary.ok and not misfits else 2


def _misfits(totals: dict[str, int], lang: Lang) -> int:
    """Tell of corrections that no longer fit and of lines that cannot be used; returns how many there are."""
    told = 0
    for name, words in (("misfit_corrections", "pipeline.misfits"), ("bad_lines", "pipeline.bad_lines")):
        if n := totals.get(name, 0):
            print(say(lang, words, n=n), file=sys.stderr)
            told += n
    return told


def query(
    sql: str,
    *,
    home: str | os.PathLike[str] | None = None,
    database: str | os.PathLike[str] | None = None,
    output_format: str = "table",
    lang: Lang = "zh",
    warehouse: str | None = None,
    warehouse_data: str | None = None,
) -> int:
    """Put SQL to the published database (or to a shared ``warehouse``) and print the answer as ``table``, ``csv`` or ``json``.

    Returns 0, or 2 when there is no such database or the SQL is wrong.
    """
    if lacking(lang):
        return 2
    from flows import home as homes
    from flows import queries
    from flows.errors import PipelineError

    try:
        with ExitStack() as stack:
            if warehouse:
                from flows import lake

                con = stack.enter_context(lake.opened(warehouse, warehouse_data or "", read_only=True))
            else:
                con = queries.connect(homes.find(home).database(database))
                stack.callback(con.close)
            result = queries.Result(con, sql)
            with outputs.results(None, output_format, lang) as stream:
                rows = queries.WRITERS[output_format](result, stream)
    except PipelineError as error:
        print(error.message(lang), file=sys.stderr)
        return 2
    if output_format == "table" and sys.stderr.isatty():
        print(say(lang, "pipeline.rows", n=rows), file=sys.stderr)
    return 0


def rebuild(
    *,
    home: str | os.PathLike[str] | None = None,
    database: str | os.PathLike[str] | None = None,
    lang: Lang = "zh",
    **settings: Any,
) -> int:
    """Make the database anew from the record. Returns 0, or 2 when there is none or it cannot be written."""
    if lacking(lang):
        return 2
    from flows import home as homes
    from flows import run
    from flows.errors import PipelineError

    try:
        totals = run.rebuild(home_dir=home, database=database, **settings)
    except PipelineError as error:
        print(error.message(lang), file=sys.stderr)
        return 2
    print(say(lang, "pipeline.holds", **totals))
    print(say(lang, "pipeline.database", path=homes.find(home).database(database)))
    return 2 if _misfits(totals, lang) else 0
