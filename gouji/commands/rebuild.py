"""`gouji rebuild`: the database made anew from the kept parse results.

Belongs here: arguments. Does not belong here: what is printed (`pipeline`), the work (`flows`).
"""

from __future__ import annotations

import argparse

from gouji.words import Lang

from . import pipeline

HELP = "由留存的读取结果重建数据库 make the database anew from the record"
EXAMPLE = """示例 example:
  gouji rebuild --home 数据目录"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    pipeline.add_home(parser)
    pipeline.add_warehouse(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 when there is no record or the database cannot be written."""
    return pipeline.rebuild(home=args.home, database=args.database, lang=lang, **pipeline.scale_of(args))
