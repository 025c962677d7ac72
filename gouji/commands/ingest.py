"""`gouji ingest`: the main job.

Belongs here: arguments and the summary in words. Does not belong here: progress (`gouji.dataset`), the work (`flows`).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gouji.dataset import Progress, add_home, add_scale, misfits, scale_of, tell_faults, told
from gouji.words import Lang, say

if TYPE_CHECKING:
    from flows.run import Summary

HELP = "收集、核对、入库 | the main job: snapshot, read, check, load"
EXAMPLE = """示例： | Example:
  gouji ingest data/samples
  gouji ingest 年报文件夹 --home 数据目录"""
# A folder of a thousand broken files should not scroll the summary away.
_LISTED, _NAMED = 50, 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    add_home(parser)
    add_scale(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 when a file could not be used or the run could not go on."""
    from gouji.batch.files import matching

    paths = [found for given in args.paths for found in ([given] if given.exists() else matching(given))]
    return ingest(paths, home=args.home, database=args.database, lang=lang, **scale_of(args))


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

    def work() -> int:
        from flows import run

        with Progress(lang) as progress:
            summary = run.ingest(paths, home_dir=home, database=database, progress=progress, **settings)
        _tell(summary, lang)
        unfit = misfits(summary.totals, lang)
        return 0 if summary.ok and not unfit else 2

    return told(lang, work)


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
    tell_faults(summary.left, summary.unusable, lang)
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
