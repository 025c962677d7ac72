"""The command `sources`: what would be collected, and an entry for an address.

Belongs here: arguments, what is printed, exit status. Does not belong here: the work (`flows.collecting`).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gouji.dataset import add_home, print_json, told
from gouji.words import Lang, say

from .collect import sentence

if TYPE_CHECKING:
    from flows.collecting.adding import Proposed
    from flows.collecting.checking import Looked
    from flows.collecting.contract import Candidate

HELP = "采集来源：试看会采集什么、添加来源 | what the sources would give; add one"
EXAMPLE = """示例： | Example:
  gouji sources check
  gouji sources check 某市 --format json
  gouji sources add https://www.example.gov.cn/zwgk/xxgknb/ --name 某市"""
_LISTED, _SHOWN = 20, 5
# What lets a source be looked at in spite of a trouble.
_ALLOWED = {
    "private_address": "--allow private_address",
    "http_not_allowed": "--allow http",
    "certificate": "--allow expired_certificate / --allow foreign_certificate",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command and of its two parts."""
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    check = parts.add_parser("check", help="试看会采集什么，不入库 | what would be collected; loads nothing")
    check.add_argument("name", nargs="?", metavar="NAME", help="只看这一个来源 | this source only")
    add = parts.add_parser("add", help="看一个网址，写出适合的来源 | look at an address, write the entry that fits")
    add.add_argument("address", metavar="ADDRESS")
    add.add_argument("--name", default="", help="来源的名称 | what the source is called")
    add.add_argument(
        "--allow",
        action="append",
        default=[],
        choices=("http", "expired_certificate", "foreign_certificate", "private_address"),
        help="允许 | what is allowed there; may be given several times",
    )
    add.add_argument("--dry-run", action="store_true", help="只显示，不写入 | show the entry, write nothing")
    add.add_argument("--anyway", action="store_true", help="没有找到报告也写入 | write it although no report was found")
    for part in (check, add):
        part.add_argument(
            "--sources", type=Path, metavar="FILE", help="来源清单 | list of sources (sources.toml of the home)"
        )
        part.add_argument("--format", choices=("text", "json"), default="text")
        part.add_argument(
            "--json",
            action="store_const",
            const="json",
            dest="format",
            help="与 --format json 相同 | same as --format json",
        )
        part.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        add_home(part)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0; 2 where a source or the list is in trouble, or nothing was written."""
    return told(lang, lambda: _check(args, lang) if args.part == "check" else _add(args, lang))


def _list(args: argparse.Namespace) -> Path:
    from flows import home

    return Path(args.sources) if args.sources is not None else home.find(args.home).sources


# --- check


def _check(args: argparse.Namespace, lang: Lang) -> int:
    from flows.collecting import checking, listed

    chosen = listed.chosen(listed.load(_list(args)), args.name)
    all_looked: list[Looked] = []
    for looked in checking.look(chosen, args.home):
        all_looked.append(looked)
        if args.format == "text":
            _tell(looked, lang)
        for trouble in looked.troubles:
            what = _what(trouble.problem, trouble.detail, lang)
            print(
                say(lang, "sources.trouble", source=trouble.source, address=trouble.address, what=what), file=sys.stderr
            )
    if args.format == "json":
        entries = [_as_json(c) for looked in all_looked for c in looked.candidates]
        print_json(entries, lang)
    else:
        print(say(lang, "sources.all", sources=len(chosen), n=sum(len(looked.candidates) for looked in all_looked)))
    return 2 if any(looked.troubles for looked in all_looked) else 0


def _as_json(candidate: Candidate) -> dict[str, Any]:
    return {
        "source": candidate.source,
        "address": candidate.address,
        "title": candidate.link_text,
        "year": candidate.year,
        "body": candidate.body,
        "date": candidate.date.isoformat() if candidate.date else None,
        "found_on": candidate.found_on,
        "evidence": [e.to_json() for e in candidate.evidence],
    }


def _tell(looked: Looked, lang: Lang) -> None:
    found = sorted({c.year for c in looked.candidates if c.year})
    spans = f"{found[0]}-{found[-1]}" if len(found) > 1 else "".join(map(str, found))
    head = say(lang, "sources.head", name=looked.source.name, n=len(looked.candidates))
    print(head + (say(lang, "sources.of_years", years=spans) if spans else ""))
    _lines(looked.candidates[:_LISTED], lang)
    if len(looked.candidates) > _LISTED:
        print(say(lang, "sources.more", n=len(looked.candidates) - _LISTED))


def _lines(candidates: list[Candidate], lang: Lang) -> None:
    for c in candidates:
        year = c.year or say(lang, "sources.unknown_year")
        body = c.body or say(lang, "sources.unknown_body")
        print(say(lang, "sources.line", year=year, body=body, title=c.link_text))
        print(say(lang, "sources.address", address=c.address))


def _what(problem: str, detail: str, lang: Lang) -> str:
    """A trouble in words, and the library's or server's own where there are some."""
    words = sentence(problem, lang)
    if not detail:
        return words
    return f"{words}（{detail}）" if lang == "zh" else f"{words} ({detail})"


# --- add


def _add(args: argparse.Namespace, lang: Lang) -> int:
    from flows import home
    from flows.collecting import adding, checking

    path = _list(args)
    with checking.web(home.find(args.home)) as fetcher:
        proposed = adding.propose(args.address, fetcher, name=args.name, allow=frozenset(args.allow))
    if proposed.problem is not None:
        what = _what(proposed.problem.problem, proposed.problem.detail, lang)
        print(say(lang, "sources.cannot_look", address=args.address, what=what), file=sys.stderr)
        if options := _ALLOWED.get(proposed.problem.problem):
            print(say(lang, "sources.may_allow", options=options), file=sys.stderr)
        return 2
    empty = not proposed.looked.candidates and not args.anyway
    source, text = proposed.source, proposed.text
    if not empty and not args.dry_run:
        source = adding.write(path, proposed.source)
        text = adding.entry(source)
    if args.format == "json":
        made = {
            "source": source.name,
            "kind": source.kind,
            "family": proposed.family or None,
            "entry": text,
            "written": None if empty or args.dry_run else str(path),
            "reports": [_as_json(c) for c in proposed.looked.candidates],
            "trouble": [
                {"address": t.address, "problem": t.problem, "detail": t.detail} for t in proposed.looked.troubles
            ],
        }
        print_json(made, lang)
    else:
        _tell_proposed(proposed, lang)
    for trouble in proposed.looked.troubles:
        what = _what(trouble.problem, trouble.detail, lang)
        print(say(lang, "sources.trouble", source=source.name, address=trouble.address, what=what), file=sys.stderr)
    if empty:
        print(say(lang, "sources.nothing_there", address=args.address), file=sys.stderr)
    elif args.format == "text":
        print(say(lang, "sources.would_write") if args.dry_run else say(lang, "sources.written", path=path))
        print(text, end="")
    return 2 if empty or proposed.looked.troubles else 0


def _tell_proposed(proposed: Proposed, lang: Lang) -> None:
    from flows.collecting import families

    source = proposed.source
    if source.kind in ("page", "query"):
        print(say(lang, "sources.is_page") if source.kind == "page" else say(lang, "sources.is_query"))
    elif proposed.looked.candidates:
        family = families.load(proposed.family)
        name = family.zh if lang == "zh" else family.en
        print(say(lang, "sources.is_list", family=name, n=len(proposed.looked.candidates)))
        _lines(proposed.looked.candidates[:_SHOWN], lang)
