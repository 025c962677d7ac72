"""The command line.

Belongs here: arguments, exit status, and handing each command to its module.
Does not belong here: what a command does (`gouji/*_command.py`). Only what a command needs is imported, when it runs:
`extract` and `check` must start fast and touch no pipeline library.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from .commands import prefill, rollup
from .console import prepare_streams
from .words import Lang, say

_EXTRACT_EXAMPLE = """示例 example:
  gouji extract data/samples/洪泽区人民政府2023年政府信息公开工作年度报告.pdf
  gouji extract 年报文件夹 --format csv --output 数据.csv"""
_CHECK_EXAMPLE = """示例 example:
  gouji check data/samples
  gouji check 草稿.docx --previous 去年年报.docx --annotate 审阅稿
  gouji check 草稿文件夹 --roster 名单.xlsx --report 核对报告.xlsx --slips 反馈意见单
  gouji check 草稿文件夹 --format json --output 结果.json"""
_INGEST_EXAMPLE = """示例 example:
  gouji ingest data/samples
  gouji ingest 年报文件夹 --home 数据目录"""
_QUERY_EXAMPLE = """示例 example:
  gouji query "SELECT issuer, year, total FROM requests WHERE row_code = 'new_received' ORDER BY year"
  gouji query "SELECT rule, count(*) FROM finding GROUP BY rule" --format csv"""
_REBUILD_EXAMPLE = """示例 example:
  gouji rebuild --home 数据目录"""

_DOCTOR_EXAMPLE = """示例 example:
  gouji doctor --home 数据目录"""


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 language of messages (default zh)")


def _home(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", type=Path, help="存放一切的目录 folder that keeps everything ($GOUJI_HOME)")
    parser.add_argument("--database", help="数据库文件名 name of the published database in the home folder")


class _Parser(argparse.ArgumentParser):
    """Says in Chinese, too, that something is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"参数有误，看用法请用 {self.prog} --help\n{self.prog}: {message}\n")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = _Parser(
        prog="gouji",
        description="勾稽：读取、核对政府信息公开工作年度报告 · read, check and collect disclosure reports",
    )
    top.add_argument("--version", action="store_true", help="版本：程序、读取器、表式、规则 versions of all parts")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def add(name: str, help_: str, example: str) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, help=help_, description=help_, epilog=example, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        _common(command)
        return command

    extract = add("extract", "读出文件里的数 what is in the documents", _EXTRACT_EXAMPLE)
    extract.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    extract.add_argument("--format", choices=("json", "csv", "text"), default="json")
    extract.add_argument("--output", type=Path, metavar="FILE", help="写入文件（UTF-8）write to a file")

    check = add("check", "核对年报，指出哪一格有问题 what is wrong with them", _CHECK_EXAMPLE)
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.add_argument("--output", type=Path, metavar="FILE", help="写入文件（UTF-8）write to a file")
    check.add_argument(
        "--profile", choices=("draft", "published"), default="draft", help="草稿或已公布 draft or published"
    )
    check.add_argument("--all", action="store_true", help="连无法核对的也列出 also list what cannot be assessed")

    check.add_argument(
        "--previous",
        type=Path,
        metavar="PATH",
        help="上一年的报告：文件、文件夹或数据库 last year: file, folder, database",
    )
    check.add_argument("--annotate", type=Path, metavar="DIR", help="写出加批注的审阅稿 write reviewed copies")
    check.add_argument(
        "--report", type=Path, metavar="FILE", help="整批的核对报告（.xlsx 或 .html）report on the whole batch"
    )
    check.add_argument("--roster", type=Path, metavar="FILE", help="应报单位名单（.xlsx 或 .csv）who must report")
    check.add_argument("--slips", type=Path, metavar="DIR", help="给每个单位写反馈意见单（Word）return slips")
    check.add_argument("--since", type=Path, metavar="JSON", help="与上一轮结果比对 compare with last round's JSON")
    check.add_argument(
        "--waivers",
        type=Path,
        metavar="FILE",
        help="情况说明（.csv 或 .xlsx），已说明的疑点不再列 reasons for findings",
    )

    rollup.add_arguments(add("rollup", rollup.HELP, rollup.EXAMPLE))
    prefill.add_arguments(add("prefill", prefill.HELP, prefill.EXAMPLE))

    ingest = add("ingest", "收集、核对、入库 the main job: snapshot, read, check, load", _INGEST_EXAMPLE)
    ingest.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    _home(ingest)

    query = add("query", "用 SQL 查询（只读）query the database, read-only", _QUERY_EXAMPLE)
    query.add_argument("sql", metavar="SQL")
    query.add_argument("--format", choices=("table", "csv", "json"), default="table")
    _home(query)

    rebuild = add("rebuild", "由留存的读取结果重建数据库 make the database anew from the record", _REBUILD_EXAMPLE)
    _home(rebuild)

    doctor = add("doctor", "检查留存的内容是否完好 is what the home keeps still sound", _DOCTOR_EXAMPLE)
    doctor.add_argument("--format", choices=("text", "json"), default="text")
    _home(doctor)
    return top


def _print_versions() -> None:
    import platform

    import checks
    import parsers

    versions = {**parsers.versions(), "rules": checks.version()}
    print(f"gouji {versions['gouji']}")
    for part in ("parser", "forms", "rules"):
        print(f"{part} {versions[part]}")
    print(f"python {platform.python_version()}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (0 fine, 1 errors found by check, 2 something could not be done)."""
    prepare_streams()
    top = parser()
    args = top.parse_args(argv)
    if args.version:
        _print_versions()
        return 0
    if args.command is None:
        top.print_help()
        return 2
    lang: Lang = args.lang
    try:
        return _run(args, lang)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output went away (head, a closed pager).
        sys.stderr.close()
        return 0


def _run(args: argparse.Namespace, lang: Lang) -> int:
    if args.command == "extract":
        from gouji.commands.extract import extract

        return extract(args.paths, output_format=args.format, output=args.output, lang=lang)
    if args.command == "check":
        from gouji.commands.check import Options, check

        return check(
            args.paths,
            Options(
                output_format=args.format,
                output=args.output,
                profile=args.profile,
                everything=args.all,
                previous=args.previous,
                roster=args.roster,
                annotate=args.annotate,
                report=args.report,
                slips=args.slips,
                since=args.since,
                waivers=args.waivers,
                lang=lang,
            ),
        )
    if args.command == "rollup":
        return rollup.run(args, lang)
    if args.command == "prefill":
        return prefill.run(args, lang)
    try:
        from .commands import pipeline
    except ModuleNotFoundError as missing:
        print(say(lang, "pipeline_missing", name=missing.name), file=sys.stderr)
        return 2
    if args.command == "ingest":
        from gouji.batch.files import matching

        paths = [found for given in args.paths for found in ([given] if given.exists() else matching(given))]
        return pipeline.ingest(paths, home=args.home, database=args.database, lang=lang)
    if args.command == "query":
        return pipeline.query(args.sql, home=args.home, database=args.database, output_format=args.format, lang=lang)
    if args.command == "doctor":
        from .commands.doctor import doctor

        return doctor(home=args.home, database=args.database, output_format=args.format, lang=lang)
    return pipeline.rebuild(home=args.home, database=args.database, lang=lang)


if __name__ == "__main__":
    sys.exit(main())
