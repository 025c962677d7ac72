"""What the commands that keep a dataset share.

Belongs here: the arguments of all of them, a bar of progress, and saying in a sentence what cannot go on.
Does not belong here: what one command alone says (its module in `commands`), the work (`flows`), which is imported when a command runs.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from gouji import outputs
from gouji.words import Lang, say

# What the extra `pipeline` brings.
_NEEDED = ("duckdb", "httpx", "pandas", "pandera", "prefect", "protego", "pyarrow")


def add_format(parser: argparse.ArgumentParser) -> None:
    """``--format text`` or ``json``, and ``--json`` for short."""
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--json",
        action="store_const",
        const="json",
        dest="format",
        help="与 --format json 相同 | same as --format json",
    )


def add_home(parser: argparse.ArgumentParser) -> None:
    """The arguments that say which home and which database."""
    parser.add_argument(
        "--home", type=Path, help="存放一切的文件夹（$GOUJI_HOME） | folder that keeps everything ($GOUJI_HOME)"
    )
    parser.add_argument("--database", help="数据库文件名 | name of the published database in the home folder")


def add_scale(parser: argparse.ArgumentParser) -> None:
    """The arguments for more than one machine."""
    parser.add_argument(
        "--runner",
        choices=("pool", "dask"),
        help="在何处读取：本机几个进程，或 Dask | where to read: processes here, or Dask",
    )
    parser.add_argument(
        "--address", metavar="TCP", help="Dask 调度器，如 tcp://10.0.0.1:8786 | its scheduler, e.g. tcp://10.0.0.1:8786"
    )
    add_warehouse(parser)


def add_warehouse(parser: argparse.ArgumentParser) -> None:
    """The arguments that say which warehouse several homes share."""
    parser.add_argument(
        "--warehouse",
        metavar="DUCKLAKE",
        help="多机共用的仓库：ducklake:postgres:dbname=… host=… | shared by several homes: ducklake:postgres:dbname=… host=…",
    )
    parser.add_argument(
        "--warehouse-data", metavar="DIR", help="其数据文件夹（共享盘） | the shared folder of its rows"
    )


def scale_of(args: argparse.Namespace) -> dict[str, Any]:
    """These arguments as settings; those that are not given are None."""
    names = ("runner", "address", "warehouse", "warehouse_data")
    return {name: getattr(args, name, None) for name in names}


def told(lang: Lang, work: Callable[[], int]) -> int:
    """The exit status of a command's work; 2 after a sentence where it cannot go on, 130 where it was interrupted."""
    for name in _NEEDED:
        if importlib.util.find_spec(name) is None:
            print(say(lang, "pipeline_missing", name=name), file=sys.stderr)
            return 2
    from flows.errors import PipelineError

    try:
        return work()
    except PipelineError as error:
        print(error.message(lang), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(say(lang, "pipeline.interrupted"), file=sys.stderr)
        return 130


def print_json(answer: object, lang: Lang) -> None:
    """An answer for other programs, on standard output."""
    with outputs.results(None, "json", lang) as stream:
        stream.write(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")


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


def tell_faults(left: dict[str, int], unusable: Iterable[str], lang: Lang) -> None:
    """Tell what of the installation could not be used."""
    for why, n in left.items():
        print(say(lang, "pipeline.left", why=why, n=n), file=sys.stderr)
    for why in unusable:
        print(say(lang, "pipeline.second_engine", why=why), file=sys.stderr)


def misfits(totals: dict[str, int], lang: Lang) -> int:
    """Tell of corrections that no longer fit and of lines that cannot be used; returns how many there are."""
    told = 0
    for name, words in (("misfit_corrections", "pipeline.misfits"), ("bad_lines", "pipeline.bad_lines")):
        if n := totals.get(name, 0):
            print(say(lang, words, n=n), file=sys.stderr)
            told += n
    return told
