"""Writing to a person's terminal or a file, whatever its encoding.

Belongs here: streams that never fail on a character (a GBK console on Windows), output files in UTF-8, JSON that stays
JSON on any console. Does not belong here: what is written.
"""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


def _json_escape(error: UnicodeError) -> tuple[str, int]:
    """Characters a console cannot show become ``\\uXXXX``, which keeps JSON valid."""
    assert isinstance(error, UnicodeEncodeError)
    units = error.object[error.start : error.end].encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2)), error.end


codecs.register_error("gouji_json", _json_escape)


def prepare_streams() -> None:
    """Make stdout and stderr survive characters their encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def obstacle(*targets: Path | None) -> OSError | None:
    """What keeps one of these files from being written: known before the work whose result goes there.

    Nothing is left behind where there was no file; a file that is there stays as it is.
    """
    for path in targets:
        if path is None:
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            there = path.exists()
            with path.open("ab"):
                pass
            if not there:
                path.unlink()
        except OSError as error:
            error.filename = error.filename or str(path)
            return error
    return None


@contextmanager
def output(path: Path | None, *, as_json: bool = False) -> Iterator[IO[str]]:
    """The stream results go to: a UTF-8 file, or stdout."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            yield stream
        return
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if as_json and reconfigure is not None:
        reconfigure(errors="gouji_json")
    yield sys.stdout
    sys.stdout.flush()


def write_json_list(stream: IO[str], items: Iterable[dict[str, Any]]) -> None:
    """A JSON list written item by item, so that a large folder is never held as one text."""
    first = True
    stream.write("[")
    for item in items:
        stream.write("\n" if first else ",\n")
        stream.write(json.dumps(item, ensure_ascii=False))
        first = False
    stream.write("]\n" if first else "\n]\n")
