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
    inner = (pdf.read, pdf.read_again)

    def timed(engine: str, call: Any) -> Any:
        def run(*arguments: Any) -> Any:
            start = time.process_time()
            try:
                return call(*arguments)
            finally:
                seen.seconds[engine].append(time.process_time() - start)

        return run

    pdf.read, pdf.read_again = timed("pdfium", pdf.read), timed("pdfplumber", pdf.read_again)
    try:
        yield seen
    finally:
        pdf.read, pdf.read_again = inner
