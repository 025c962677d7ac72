"""Watching the two PDF engines at work inside `parsers.extract`.

Belongs here: how often and how long each engine ran. Does not belong here: changing what they do.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Watched:
    """CPU seconds of every call, by engine."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {"pdfium": [], "pdfplumber": []})

    @property
    def second_ran(self) -> bool:
        return bool(self.seconds["pdfplumber"])


@contextmanager
def watched() -> Iterator[Watched]:
    """While this context lasts, calls of the PDF reader are counted and timed."""
    from parsers.readers import pdf

    seen = Watched()
    inner: Any = pdf.read

    def read(data: bytes, name: str, **options: Any) -> Any:
        start = time.process_time()
        try:
            return inner(data, name, **options)
        finally:
            seen.seconds[options.get("engine", "pdfium")].append(time.process_time() - start)

    pdf.read = read
    try:
        yield seen
    finally:
        pdf.read = inner
