"""The command `status`: runs, sources in trouble, disk, versions, what needs a person.

Belongs here: the answer in words and as JSON, exit status. Does not belong here: gathering it (`flows.status`).
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gouji.dataset import add_format, add_home, print_json, told
from gouji.words import Lang, say

from .collect import sentence

if TYPE_CHECKING:
    from flows.status import Status

HELP = "运行情况，有什么要人处理 | how it goes, and what needs a person"
EXAMPLE = """示例： | Example:
  gouji status --home 数据目录
  gouji status --format json"""
_LISTED = 20
_RUNS = 3
_EVENTS = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_format(parser)
    add_home(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0 where nothing needs a person, 1 where something does, 2 where not all could be looked at."""

    def work() -> int:
        from flows import status as standing

        found = standing.look(home_dir=args.home, database=args.database)
        status = 2 if found.unseen else 1 if found.needs else 0
        if args.format == "json":
            print_json(_as_json(found, status, lang), lang)
        else:
            _tell(found, lang)
        for unseen in found.unseen:
            print(unseen.message(lang), file=sys.stderr)
        return status

    return told(lang, work)


def _as_json(found: Status, status: int, lang: Lang) -> dict[str, Any]:
    made = asdict(found)
    made["status"] = status
    made["unseen"] = [e.message(lang) for e in found.unseen]
    made["troubles"] = [{**t, "message": sentence(t["problem"], lang)} for t in found.troubles]
    made["needs"] = [
        {"what": what, "number": n, "message": say(lang, f"status.needs_{what}", n=n)} for what, n in found.needs
    ]
    return made


def _tell(found: Status, lang: Lang) -> None:
    print(say(lang, "status.home", home=found.home))
    print(say(lang, "status.versions", **found.versions))
    if found.running is not None:
        print(say(lang, "status.running", note=found.running))
    print(
        say(
            lang,
            "status.disk",
            **{k: _size(found.disk.get(k, 0)) for k in ("snapshots", "record", "cache", "database", "free")},
        )
    )
    for load in found.loads[:_RUNS]:
        print(say(lang, "status.load", **load))
    for each in found.collects[:_RUNS]:
        counts = {name: each.get(name, 0) for name in ("requests", "new", "revised", "gone", "trouble")}
        state = say(lang, f"status.state_{each['state']}")
        print(say(lang, "status.collect", run=each["run"], started=each["started"], state=state, **counts))
    for failed in found.failed[:1]:
        print(say(lang, "status.failed", started=failed["started"][:19], why=failed[lang]))
    if found.unlisted:
        print(say(lang, "status.unlisted", n=found.unlisted))
    # Of each publication how it is now.
    latest = list({e["publication"]: e for e in reversed(found.events)}.values())[::-1]
    for event in latest[:_EVENTS]:
        print(say(lang, f"status.{event['what']}", at=event["at"], address=event["address"]))
    if len(latest) > _EVENTS:
        print(say(lang, "status.more_events", n=len(latest) - _EVENTS))
    lines = [
        say(
            lang,
            "status.trouble",
            source=t["source"],
            address=t["address"],
            what=sentence(t["problem"], lang) + (say(lang, "status.standing") if t["standing"] else ""),
            since=t["since"],
        )
        for t in sorted(found.troubles, key=lambda t: t["standing"])
    ]
    lines += [say(lang, "status.aside", path=a.path, message=a.message, since=a.since[:10]) for a in found.set_aside]
    for line in lines[:_LISTED]:
        print(f"  {line}")
    if len(lines) > _LISTED:
        print(f"  {say(lang, 'status.more', n=len(lines) - _LISTED)}")
    for what, n in found.needs:
        print(f"→ {say(lang, f'status.needs_{what}', n=n)}")
    if not found.needs:
        print(say(lang, "status.nothing"))


def _size(count: int) -> str:
    """Bytes as people read them."""
    size = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} TB"
