"""`gouji query`: SQL to the published database, read-only.

Belongs here: arguments, where the answer goes. Does not belong here: the database and how rows are written (`flows.queries`).
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import ExitStack

from gouji import outputs
from gouji.dataset import add_home, add_warehouse, told
from gouji.words import Lang, say

HELP = "用 SQL 查询（只读）query the database, read-only"
EXAMPLE = """示例 example:
  gouji query "SELECT issuer, year, total FROM requests WHERE row_code = 'new_received' ORDER BY year"
  gouji query "SELECT rule, count(*) FROM finding GROUP BY rule" --format csv"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("sql", metavar="SQL")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    add_home(parser)
    add_warehouse(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 when there is no such database or the SQL is wrong."""
    return query(
        args.sql,
        home=args.home,
        database=args.database,
        output_format=args.format,
        lang=lang,
        warehouse=args.warehouse,
        warehouse_data=args.warehouse_data,
    )


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

    def work() -> int:
        from flows import home as homes
        from flows import queries

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
        if output_format == "table" and sys.stderr.isatty():
            print(say(lang, "pipeline.rows", n=rows), file=sys.stderr)
        return 0

    return told(lang, work)
