"""All measurements of speed: `python -m benchmarks` (`make bench`) writes benchmarks/RESULTS.md itself.

Example: python -m benchmarks --only reading --quick --out -
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from . import ingest, queries, reading, startup
from .corpus import Corpus
from .results import Part, machine, page, with_unseen

RESULTS = Path(__file__).with_name("RESULTS.md")
# What `python -m benchmarks.wild --out` wrote last: how documents of the second generator were read. The page ends with it.
UNSEEN = Path(__file__).with_name("unseen.md")
PARTS = ("startup", "reading", "ingest", "queries")


def _told(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def measure(work: Path, only: list[str], *, quick: bool, count: int | None) -> list[Part]:
    """The parts asked for, in order: those that need a quiet machine first."""
    corpus = Corpus(work)
    makers: dict[str, Callable[[], Part]] = {
        "startup": lambda: startup.run(corpus, quick=quick, told=_told),
        "reading": lambda: reading.run(corpus, quick=quick, told=_told),
        "ingest": lambda: ingest.run(work, quick=quick, told=_told, count=count),
        "queries": lambda: queries.run(work, quick=quick, told=_told),
    }
    return [makers[name]() for name in PARTS if name in only]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", action="append", choices=PARTS, help="this part only (may be repeated)")
    parser.add_argument("--quick", action="store_true", help="a few documents: shows that it works, measures nothing")
    parser.add_argument("--count", type=int, help=f"reports to ingest (default {ingest.FULL:,})")
    parser.add_argument("--work", type=Path, help="folder that keeps documents between runs (default: a temporary one)")
    parser.add_argument(
        "--out", help="file to write, or - for standard output (default: RESULTS.md if all is measured)"
    )
    options = parser.parse_args(argv)
    start, where = time.monotonic(), machine()
    with tempfile.TemporaryDirectory(prefix="gouji-bench-") as temporary:
        work = options.work or Path(temporary)
        parts = measure(work, options.only or list(PARTS), quick=options.quick, count=options.count)
    text = page(parts, where, time.monotonic() - start)
    whole = not (options.only or options.quick or options.count)
    if whole and UNSEEN.exists():
        text = with_unseen(text, UNSEEN.read_text(encoding="utf-8"))
    if options.out not in (None, "-"):
        Path(options.out).write_text(text, encoding="utf-8")
    elif whole and options.out is None:
        RESULTS.write_text(text, encoding="utf-8")
        _told(f"written to {RESULTS}")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
