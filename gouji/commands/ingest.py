"""`gouji ingest`: the main job.

Belongs here: arguments. Does not belong here: progress and the summary (`pipeline`), the work (`flows`).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from gouji.words import Lang

from . import pipeline

HELP = "收集、核对、入库 the main job: snapshot, read, check, load"
EXAMPLE = """示例 example:
  gouji ingest data/samples
  gouji ingest 年报文件夹 --home 数据目录"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    pipeline.add_home(parser)
    pipeline.add_scale(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 when a file could not be used or the run could not go on."""
    from gouji.batch.files import matching

    paths = [found for given in args.paths for found in ([given] if given.exists() else matching(given))]
    return pipeline.ingest(paths, home=args.home, database=args.database, lang=lang, **pipeline.scale_of(args))
