"""The command `doctor`: is what the home keeps still what was kept?

Belongs here: the answer in words and as JSON, exit status. Does not belong here: looking (`flows.doctor`).
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from gouji.dataset import Progress, add_format, add_home, print_json, told
from gouji.words import Lang, say

if TYPE_CHECKING:
    from flows.doctor import Findings

HELP = "检查留存的内容是否完好 | is what the home keeps still sound"
EXAMPLE = """示例： | Example:
  gouji doctor --home 数据目录"""
# So many troubles of one kind are listed on the screen.
_LISTED = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_format(parser)
    add_home(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0 where all is sound, 1 where something is wrong, 2 where it could not look."""
    return doctor(home=args.home, database=args.database, output_format=args.format, lang=lang)


def doctor(
    *,
    home: str | os.PathLike[str] | None = None,
    database: str | os.PathLike[str] | None = None,
    output_format: str = "text",
    lang: Lang = "zh",
) -> int:
    """Look a home over. Returns 0 where all is sound, 1 where something is wrong, 2 where it could not look (2 wins)."""

    def work() -> int:
        from flows import doctor as looking

        with Progress(lang) as progress:
            found = looking.examine(home_dir=home, database=database, progress=progress)
        status = 2 if found.unseen else 1 if found.troubles else 0
        if output_format == "json":
            print_json(_as_json(found, status, lang), lang)
        else:
            _tell(found, lang)
        for unseen in found.unseen:
            print(unseen.message(lang), file=sys.stderr)
        return status

    return told(lang, work)


def _as_json(found: Findings, status: int, lang: Lang) -> dict[str, object]:
    return {
        "home": found.home,
        "database": found.database,
        "status": status,
        "snapshots": found.snapshots,
        "loads": found.loads,
        "detached": found.detached,
        "troubles": [
            {"kind": t.kind, "name": t.name, "paths": list(t.paths), "message": t.en if lang == "en" else t.zh}
            for t in found.troubles
        ],
        "unseen": [e.message(lang) for e in found.unseen],
    }


def _tell(found: Findings, lang: Lang) -> None:
    print(say(lang, "doctor.looked", home=found.home, snapshots=found.snapshots, loads=found.loads))
    if found.detached:
        print(say(lang, "doctor.detached", n=found.detached))
    if found.troubles:
        print(say(lang, "doctor.wrong", n=len(found.troubles)))
        for trouble in found.troubles[:_LISTED]:
            print(f"  {trouble.en if lang == 'en' else trouble.zh}")
        if len(found.troubles) > _LISTED:
            print(f"  {say(lang, 'doctor.more', n=len(found.troubles) - _LISTED)}")
    elif not found.unseen:
        print(say(lang, "doctor.sound"))
    if found.unseen:
        print(say(lang, "doctor.unseen"))
