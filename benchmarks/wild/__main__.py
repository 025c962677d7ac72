"""The second generator as a command: `python -m benchmarks.wild --seed 7 --count 300`.

Belongs here: the command line. Does not belong here: anything that draws, prints, runs or counts.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.wild import campaign, tally
from benchmarks.wild.documents import KINDS, kind_of, make


def _told(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.wild",
        description="Documents of a second generator, judged by what the commands print.",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40, help="documents (default 40)")
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"some of {','.join(KINDS)}")
    parser.add_argument("--one", type=int, metavar="INDEX", help="this document only; with --keep it is written")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write documents, truths and failures.jsonl here")
    parser.add_argument("--gouji", help="the command to judge (default: the one beside this Python)")
    parser.add_argument("--out", type=Path, help="write the page here too")
    return parser


def main(argv: list[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(argv)
    kinds = options.kinds.split(",")
    if strange := sorted(set(kinds) - set(KINDS)):
        parser.error(f"no such kind: {', '.join(strange)} (there are {', '.join(KINDS)})")
    missing = campaign.unavailable()
    for kind in sorted(set(kinds) & set(missing)):
        _told(missing[kind])
    kinds = [k for k in kinds if k not in missing]
    if options.one is not None:
        wanted = [options.one]
        if kind_of(options.one) in missing:
            parser.error(missing[kind_of(options.one)])
    else:
        wanted = list(campaign.indices(options.count if kinds else 0, kinds))
    command = shlex.split(options.gouji) if options.gouji else campaign.default_command()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gouji-wild-") as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "failures.jsonl").unlink(missing_ok=True)
        judged = campaign.run(options.seed, wanted, folder, command, keep=bool(options.keep), told=_told)
    text = tally.page(judged, options.seed)
    if options.one is not None:
        print("\n".join(make(options.seed, options.one).truth.traits))
        print(campaign.failure_json(options.seed, *judged[0]))
        return 0
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    _told(f"{time.monotonic() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
