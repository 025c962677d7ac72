"""The command `reparse`: what a new version of the program changes in what was read before; and changing it.

Belongs here: arguments, the answer in words and as JSON, exit status. Does not belong here: the work (`flows.reparsing`).
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from gouji.dataset import Progress, add_format, add_home, print_json, tell_faults, told
from gouji.words import Lang, say

if TYPE_CHECKING:
    from flows.reparsing import Reparsed

HELP = "用新版本重读留存的全部内容 | read everything kept with a new version"
EXAMPLE = """示例： | Example:
  gouji reparse --diff --home 数据目录      先看会改变什么，不动数据
  gouji reparse --home 数据目录"""
_LISTED = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("--diff", action="store_true", help="只报告会改变什么 | only say what would change")
    add_format(parser)
    add_home(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 where something could not be read or the run could not go on."""

    def work() -> int:
        from flows import reparsing

        with Progress(lang) as progress:
            done = reparsing.reparse(diff=args.diff, home_dir=args.home, database=args.database, progress=progress)
        if args.format == "json":
            print_json([asdict(c) for c in done.changes], lang)
        else:
            _tell(done, args.diff, lang)
        if done.lost:
            print(say(lang, "reparse.lost", n=len(done.lost)), file=sys.stderr)
        tell_faults(done.left, done.unusable, lang)
        return 2 if done.lost or done.left or done.unusable else 0

    return told(lang, work)


def _tell(done: Reparsed, diff: bool, lang: Lang) -> None:
    if not done.contents:
        print(say(lang, "reparse.nothing"))
        return
    none = say(lang, "reparse.none")
    for change in done.changes[:_LISTED]:
        before, after = (none if v is None else v for v in (change.before, change.after))
        print(
            say(lang, "reparse.change", report_id=change.report_id, address=change.address, before=before, after=after)
        )
    if len(done.changes) > _LISTED:
        print(say(lang, "reparse.more", n=len(done.changes) - _LISTED))
    if diff:
        print(say(lang, "reparse.would", contents=done.contents, n=len(done.changes)))
    else:
        print(say(lang, "reparse.done", contents=done.contents - sum(done.left.values()), loads=done.loads))
        if done.totals:
            print(say(lang, "pipeline.holds", **done.totals))
