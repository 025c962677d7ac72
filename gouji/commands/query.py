"""`gouji query`: SQL to the published database, read-only.

Belongs here: arguments. Does not belong here: what is printed (`pipeline`), the database (`flows`).
"""

from __future__ import annotations

import argparse

from gouji.words import Lang

from . import pipeline

HELP = "用 SQL 查询（只读）query the database, read-only"
EXAMPLE = """示例 example:
  gouji query "SELECT issuer, year, total FROM requests WHERE row_code = 'new_received' ORDER BY year"
  gouji query "SELECT rule, count(*) FROM finding GROUP BY rule" --format csv"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("sql", metavar="SQL")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    pipeline.add_home(parser)
    pipeline.add_warehouse(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 when there is no such database or the SQL is wrong."""
    return pipeline.query(
        args.sql,
        home=args.home,
        database=args.database,
        output_format=args.format,
        lang=lang,
        warehouse=args.warehouse,
        warehouse_data=args.warehouse_data,
    )
