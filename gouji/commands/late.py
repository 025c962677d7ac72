"""The command `late`: who has not published although the day has passed.

Belongs here: arguments, the list in words and as JSON. Does not belong here: who that is (`flows.expected`).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from gouji.dataset import add_format, add_home, print_json, told
from gouji.words import Lang, say

if TYPE_CHECKING:
    from flows.expected import Late

HELP = "期限已过还没有收到哪些机关的报告 | who has not published although the day has passed"
EXAMPLE = """示例： | Example:
  gouji late --year 2025
  gouji late --year 2025 --within 江苏省 --format json
  自己的机关名单 your own list of bodies: bodies.csv in the home (机关,上级,自,至,期限)"""
# Under each body above, so many are shown.
_LISTED = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("--year", type=int, required=True, metavar="Y", help="报告年度 | report year")
    parser.add_argument(
        "--within", metavar="PLACE", help="只看某地（名称或区划代码） | only in this place: name or division code"
    )
    parser.add_argument("--own", action="store_true", help="只看自己名单上的 | only bodies on your own list")
    parser.add_argument(
        "--on", type=date.fromisoformat, metavar="DAY", help="按这一天算 | as of this day (default today)"
    )
    add_format(parser)
    add_home(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 when there is no database or the list of bodies is wrong."""

    def work() -> int:
        from flows import expected, home, queries

        where = home.find(args.home)
        con = queries.connect(where.database(args.database))
        try:
            found = expected.late(con, where, args.year, args.on, within=args.within)
        finally:
            con.close()
        if args.own:
            found = [each for each in found if each.own]
        if args.format == "json":
            print_json([_as_json(each) for each in found], lang)
        else:
            _tell(found, args.year, args.on or date.today(), lang)
        return 0

    return told(lang, work)


def _as_json(late: Late) -> dict[str, Any]:
    return {
        "body": late.body,
        "level": late.level,
        "parent": late.parent,
        "due": late.due.isoformat(),
        "last_year": late.last_year,
        "body_id": late.body_id,
        "kind": late.kind,
        "division_code": late.division_code,
        "own": late.own,
    }


def _tell(found: Sequence[Late], year: int, today: date, lang: Lang) -> None:
    if not found:
        print(say(lang, "late.not_yet" if year >= today.year else "late.none", year=year))
        return
    print(say(lang, "late.head", year=year, n=len(found)))
    for level, group in groupby(found, key=lambda each: each.level):
        of_level = list(group)
        name = say(lang, f"late.level_{level or 'other'}")
        print(say(lang, "late.group", level=name, n=len(of_level)))
        parents: dict[str, list[Late]] = {}
        for each in of_level:
            parents.setdefault(each.parent or say(lang, "late.nowhere"), []).append(each)
        for parent, bodies in parents.items():
            print(say(lang, "late.under", parent=parent, n=len(bodies)))
            for each in bodies[:_LISTED]:
                last = say(lang, "late.last", year=each.last_year) if each.last_year else say(lang, "late.never")
                print(say(lang, "late.line", body=each.body, due=each.due.isoformat(), last=last))
            if len(bodies) > _LISTED:
                print(say(lang, "late.more", n=len(bodies) - _LISTED))
