"""The command `collect`: fetch what is new at the sources, and ingest it.

Belongs here: arguments, the summary in words and as JSON, exit status. Does not belong here: the work (`flows.collecting`).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gouji.dataset import Progress, add_format, add_home, add_scale, print_json, scale_of, tell_faults, told
from gouji.words import Lang, say, table

if TYPE_CHECKING:
    from flows.collecting.outcome import Collect

HELP = "按来源清单采集新发布的报告 | fetch what is new at the sources, and ingest it"
EXAMPLE = """示例： | Example:
  gouji collect --home 数据目录
  gouji collect --sources 来源.toml --only 某市 --format json"""
_LISTED = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "--sources", type=Path, metavar="FILE", help="来源清单 | list of sources (sources.toml of the home)"
    )
    parser.add_argument("--only", metavar="NAME", help="只采集这一个来源 | this source only")
    add_format(parser)
    add_home(parser)
    add_scale(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 when a source was in trouble, something could not be used, or the run could not go on."""

    def work() -> int:
        from flows.collecting import collect as collecting
        from flows.errors import PipelineError

        try:
            with Progress(lang) as progress:
                done = collecting.collect(
                    sources=args.sources,
                    only=args.only,
                    home_dir=args.home,
                    database=args.database,
                    progress=progress,
                    **scale_of(args),
                )
        except PipelineError as error:
            if args.format == "json":
                # Whoever reads a log of answers has one of every run.
                print_json({"status": 2, "error": error.message(lang)}, lang)
            raise
        status = 0 if done.ok else 2
        if args.format == "json":
            print_json(as_json(done, status, lang), lang)
        else:
            _tell(done, lang)
        return status

    return told(lang, work)


def sentence(problem: str, lang: Lang) -> str:
    """What a trouble means, for the operator; its own name where it is a new one."""
    key = f"problem_{problem}"
    return say(lang, f"collect.{key}") if key in table("collect") else problem


def as_json(done: Collect, status: int, lang: Lang) -> dict[str, Any]:
    """The summary for machines."""
    return {
        **{name: n for name, n in done.counts().items() if name != "trouble"},
        "status": status,
        "resumed": done.resumed,
        "restored": done.restored,
        "seconds": done.seconds,
        "trouble": [
            {
                "source": t.source,
                "address": t.address,
                "problem": t.problem,
                "detail": t.detail,
                "message": sentence(t.problem, lang),
            }
            for t in done.troubles
        ],
        "addresses": {
            what: [
                {"address": a, **({"message": why} if (why := done.reasons.get(a)) else {}), **_cells(done, a)}
                for a in addresses
            ]
            for what, addresses in sorted(done.listed.items())
            if what != "unchanged"
        },
        "missing": [m.en if lang == "en" else m.zh for m in done.ingest.missing] if done.ingest else [],
    }


def _cells(done: Collect, address: str) -> dict[str, int]:
    return {"cells": done.changes[address]} if address in done.changes else {}


def _tell(done: Collect, lang: Lang) -> None:
    """Troubles on standard error, the summary on standard output."""
    lines = []
    for trouble in done.troubles:
        detail = (
            f"（{trouble.detail}）"
            if trouble.detail and lang == "zh"
            else f" ({trouble.detail})"
            if trouble.detail
            else ""
        )
        what = sentence(trouble.problem, lang)
        lines.append(
            say(lang, "collect.trouble", source=trouble.source, address=trouble.address, what=what, detail=detail)
        )
    lines += [
        say(lang, "collect.set_aside", address=a, why=done.reasons.get(a, "")) for a in done.listed.get("set_aside", [])
    ]
    if done.ingest is not None:
        told = {t.address for t in done.troubles}
        lines += [m.en if lang == "en" else m.zh for m in done.ingest.missing if m.name not in told]
        tell_faults(done.ingest.left, done.ingest.unusable, lang)
    lines += [say(lang, "collect.untold", why=why) for why in done.untold]
    for line in lines[:_LISTED]:
        print(line, file=sys.stderr)
    if len(lines) > _LISTED:
        print(say(lang, "collect.more", n=len(lines) - _LISTED), file=sys.stderr)
    if done.troubles:
        print(say(lang, "collect.nothing_lost"), file=sys.stderr)
    if done.resumed:
        print(say(lang, "collect.resumed"))
    counts = done.counts()
    print(say(lang, "collect.asked", **counts))
    print(say(lang, "collect.found", **counts))
    if done.restored:
        print(say(lang, "collect.restored", n=done.restored))
    for what in ("revised", "gone", "moved", "returned"):
        for address in done.listed.get(what, [])[:_LISTED]:
            if what == "revised" and address in done.changes:
                print(say(lang, "collect.revised", address=address, cells=done.changes[address]))
            elif what == "revised":
                print(say(lang, "collect.revised_words", address=address))
            else:
                print(say(lang, f"collect.{what}", address=address))
    if done.ingest is not None:
        print(say(lang, "pipeline.holds", **done.ingest.totals))
        print(say(lang, "pipeline.database", path=done.ingest.database))
