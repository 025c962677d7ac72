"""PDF: a document by the first of two engines, and what the second reads in boxes that are in question.

Belongs here: `read`, the order in which the first engine's steps run, and what it tells about its certainty; `read_again`.
Does not belong here: when the second engine is asked and how the two are compared (`parsers.second_opinion`), time limits
and child processes (above), which row of a form a label is (`parsers.tables.matching`).

Steps: glyphs of every page (`pdfium`), ruling lines of the pages that hold a statutory table, grids
(`ruled`, or `anchored` where rules are missing), fragments joined over pages (`joining`), and the text around them
(`running_text`).
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from parsers.document import Document, UnreadableError, importing
from schemas.facts import Box

from .content import PageContent
from .engine import read as read_first
from .grid import CellText


def read(data: bytes, name: str, *, seen: list[PageContent] | None = None) -> Document:
    """Read a PDF with the first engine. ``seen`` is given what it saw on each page, for who asks why. See `close`.

    Raises `UnreadableError`, and nothing else but what is not the file's word: MemoryError and ImportError.
    """
    if not data:
        raise UnreadableError("empty", f"{name}：文件是空的（0 字节）。请重新下载或重新导出。")
    with _told(name), _without_collection():
        return read_first(data, name, seen)


def read_again(data: bytes, name: str, places: Sequence[tuple[int, Box]]) -> list[CellText]:
    """What the second engine reads in boxes: page (from 1) and box in points of the page as shown; in the same order.

    Raises `UnreadableError`, and nothing else but what is not the file's word: MemoryError and ImportError.
    """
    with importing():
        from .ciphers import prepare

        prepare()
        from . import plumber

    with _told(name), _without_collection():
        return plumber.read(data, name, places)


def has_misnamed_digits(data: bytes, name: str, pages: Collection[int]) -> bool:
    """Whether on some pages (from 1) digits are drawn that their font's map says are others. Raises as `read` does."""
    from . import pdfium

    with _told(name), pdfium.opened(data, name) as file:
        known: set[tuple[int, str]] = set()
        for number in sorted(pages):
            if number <= file.pages:
                with file.page(number - 1) as page:
                    if page.is_misnamed(known):
                        return True
    return False


def close() -> None:
    """Close the file that was read last: it stays open for who looks at it again."""
    from . import pdfium

    pdfium.close()


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Whatever the content of a file makes an engine stumble over is told in a sentence."""
    try:
        yield
    except (UnreadableError, MemoryError, ImportError):
        raise
    except RecursionError as error:
        raise UnreadableError("unreadable", f"{name}：PDF 的结构嵌套过深，读不下去。请用原文件重新导出。") from error
    except Exception as error:
        message = f"{name}：PDF 的内容有错（{type(error).__name__}），读不下去。请用原文件重新导出为 PDF 或 .docx。"
        raise UnreadableError("unreadable", message) from error


@contextmanager
def _without_collection() -> Iterator[None]:
    """A page is thousands of small tuples, none in a cycle: looking for cycles among them costs a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


__all__ = [
    "Document",
    "PageContent",
    "close",
    "has_misnamed_digits",
    "read",
    "read_again",
]
