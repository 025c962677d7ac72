"""`gouji query`: SQL to the published database, read-only.

Belongs here: arguments, where the answer goes. Does not belong here: the database and how rows are written (`flows.queries`).
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import ExitStack
from pathlib import Path

from gouji import outputs
from gouji.dataset import add_home, add_warehouse, told
from gouji.words import Lang, say

HELP = "用 SQL 查询（只读） | query the database, read-only"
EXAMPLE = """示例： | Example:
  gouji query "SELECT issuer, year, total FROM requests WHERE row_code = 'new_received' AND scope = 'area' AND period = 'year' ORDER BY year"
  gouji query "SELECT rule, count(*) FROM finding GROUP BY rule" --format csv
  gouji query "SELECT * FROM panel WHERE scope = 'area' AND period = 'year'" --format csv --bom --output 指标.csv    # Excel 直接打开 opens in Excel"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("sql", metavar="SQL")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.add_argument("--output", type=Path, metavar="FILE", help="写入文件（UTF-8） | write to a file")
    parser.add_argument(
        "--bom",
        action="store_true",
        help="CSV 以 BOM 开头，Excel 才认作 UTF-8 | a byte order mark before CSV, for Excel",
    )
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
        output=args.output,
        bom=args.bom,
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
    output: Path | None = None,
    bom: bool = False,
) -> int:
    """Put SQL to the published database (or to a shared ``warehouse``) and print the answer as ``table``, ``csv`` or ``json``.

    ``output``: a file instead, which is there when all of the answer is in it; ``bom``: a byte order mark before CSV.
    Returns 0, or 2 when there is no such database or the SQL is wrong. Raises `outputs.Refused`, OSError.
    """
    target = None if output is None else outputs.Target(output, None)
    outputs.allow([target], [], lang)

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
            with outputs.results(target, output_format, lang) as stream:
                if bom and output_format == "csv":
                    stream.write("\ufeff")
                rows = queries.WRITERS[output_format](result, stream)
        if output is not None:
            print(say(lang, "written", path=output), file=sys.stderr)
        elif output_format == "table" and sys.stderr.isatty():
            print(say(lang, "pipeline.rows", n=rows), file=sys.stderr)
        return 0

    return told(lang, work)
