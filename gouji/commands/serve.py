"""The command `serve`: collect on a schedule.

Belongs here: arguments and exit status. Does not belong here: the schedule and the server (`flows.serving`).
"""

from __future__ import annotations

import argparse
import signal
from contextlib import suppress
from pathlib import Path

from gouji.dataset import add_home, told
from gouji.words import Lang, say

HELP = "按时自动采集 | collect on a schedule"
EXAMPLE = """示例： | Example:
  gouji serve --home 数据目录
  GOUJI_SCHEDULE="0 2 * * *" gouji serve --home 数据目录"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "--sources", type=Path, metavar="FILE", help="来源清单 | list of sources (sources.toml of the home)"
    )
    add_home(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Runs until it is ended; returns 0 then, 2 where it could not begin."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    def work() -> int:
        from flows import home as homes
        from flows import serving
        from flows.collecting import listed

        signal.signal(signal.SIGTERM, end)
        where = homes.find(args.home)
        listed.load(args.sources if args.sources is not None else where.sources)
        settings = homes.settings(where)
        if settings.interval:
            when = say(lang, "serve.interval", seconds=settings.interval)
        else:
            when = say(lang, "serve.calendar", schedule=settings.schedule)

        def ready(url: str) -> None:
            print(say(lang, "serve.ready", when=when, url=url), flush=True)

        with suppress(KeyboardInterrupt):
            serving.serve(home_dir=args.home, sources=args.sources, database=args.database, on_ready=ready)
        return 0

    return told(lang, work)
