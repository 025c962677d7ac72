"""`gouji rebuild`: the database made anew from the kept parse results.

Belongs here: arguments, what the database then holds. Does not belong here: the work (`flows`).
"""

from __future__ import annotations

import argparse
import os
from typing import Any

from gouji.dataset import add_home, add_warehouse, misfits, scale_of, told
from gouji.words import Lang, say

HELP = "由留存的读取结果重建数据库 | make the database anew from the record"
EXAMPLE = """示例： | Example:
  gouji rebuild --home 数据目录"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_home(parser)
    add_warehouse(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 when there is no record or the database cannot be written."""
    return rebuild(home=args.home, database=args.database, lang=lang, **scale_of(args))


def rebuild(
    *,
    home: str | os.PathLike[str] | None = None,
    database: str | os.PathLike[str] | None = None,
    lang: Lang = "zh",
    **settings: Any,
) -> int:
    """Make the database anew from the record. Returns 0, or 2 when there is none or it cannot be written."""

    def work() -> int:
        from flows import home as homes
        from flows import run

        totals = run.rebuild(home_dir=home, database=database, **settings)
        print(say(lang, "pipeline.holds", **totals))
        print(say(lang, "pipeline.database", path=homes.find(home).database(database)))
        return 2 if misfits(totals, lang) else 0

    return told(lang, work)
