"""Writing to a person's terminal, whatever its encoding.

Belongs here: streams that never fail on a character (a GBK console on Windows), JSON that stays JSON on any console, what
is said once however many files it is about.
Does not belong here: what is written, files (`outputs`).
"""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterable
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


# What was said of the installation by this run of a command.
_FAULTS: set[str] = set()


def begin() -> None:
    """A command begins: nothing has been said of the installation yet."""
    _FAULTS.clear()


def tell_fault(sentence: str) -> None:
    """Say on stderr what is wrong with the installation, once a run."""
    if sentence not in _FAULTS:
        _FAULTS.add(sentence)
        print(sentence, file=sys.stderr)


def is_at_fault() -> bool:
    """Whether something had to be said of the installation."""
    return bool(_FAULTS)


def write_json_list(stream: IO[str], items: Iterable[dict[str, Any]]) -> None:
    """A JSON list written item by item, so that a large folder is never held as one text."""
    first = True
    stream.write("[")
    for item in items:
        stream.write("\n" if first else ",\n")
        stream.write(json.dumps(item, ensure_ascii=False))
        first = False
    stream.write("]\n" if first else "\n]\n")
