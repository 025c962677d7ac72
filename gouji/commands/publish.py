"""`gouji publish`: a release of the database.

Belongs here: arguments and what is printed. Does not belong here: the files of a release (`flows.releases`).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gouji.dataset import add_home, told
from gouji.words import Lang, say

HELP = "发布一版数据：Parquet、CSV、Excel、DuckDB | publish a release of the data"
EXAMPLE = """示例： | Example:
  gouji publish 发布                        # 发布/v2026.11.0
  gouji publish 发布 --version v2026.11.1   # 与上一版的差别见 diff-from-v2026.11.0.csv"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="各版所在的文件夹 | folder of releases")
    parser.add_argument("--version", help="版本号 vYYYY.M.N；默认为本月的下一个 | version (default: the month's next)")
    parser.add_argument("--licence", default="CC-BY-4.0", help="许可 | licence (default CC-BY-4.0)")
    add_home(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 when there is no database or the release is there already."""

    def work() -> int:
        from flows import home as homes
        from flows import releases

        def writing(name: str) -> None:
            if sys.stderr.isatty():
                print(say(lang, "publish.writing", name=name), file=sys.stderr)

        database = homes.find(args.home).database(args.database)
        made = releases.publish(database, args.folder, version=args.version, licence=args.licence, on_file=writing)
        print(say(lang, "publish.done", path=made, files=sum(p.is_file() for p in made.rglob("*"))))
        return 0

    return told(lang, work)
