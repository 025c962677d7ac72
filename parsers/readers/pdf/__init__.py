"""PDF: a document by either of two engines, with what each is not sure of.

Belongs here: `read`, the order in which an engine's steps run, and what the first engine tells about its certainty.
Does not belong here: when the second engine runs and how the two are compared (`parsers.extraction`), time limits and
child processes (above), which row of a form a label is (`parsers.tables.matching`).

Steps: glyphs of every page (`pdfium` or `plumber`), ruling lines of the pages that hold a statutory table
(`vocabulary`), grids (`ruled`, or `anchored` where rules are missing), fragments joined over pages (`joining`), and the
text around them (`prose`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from parsers.document import Document, UnreadableError

from .engine import PdfDocument, PdfEvidence
from .engine import read as read_first

Engine = Literal["pdfium", "pdfplumber"]


def read(data: bytes, name: str, *, engine: Engine = "pdfium", pages: frozenset[int] | None = None) -> PdfDocument:
    """Read a PDF with one engine alone.

    ``pages`` (counted from 1) limits the search for tables; the text of the others is still read by the first engine,
    and left out by the second. Raises `UnreadableError`, and nothing else but what is not the file's word: MemoryError, and ImportError of the second
    engine.
    """
    if not data:
        raise UnreadableError("empty", f"{name}：文件是空的（0 字节）。请重新下载或重新导出。")
    try:
        if engine == "pdfplumber":
            from .plumber import read as read_again

            return read_again(data, name, pages)
        with _without_collection():
            return read_first(data, name, pages)
    except (UnreadableError, MemoryError):
        raise
    except ImportError as error:
        if engine == "pdfplumber":
            raise
        message = f"{name}：安装不完整，PDF 的读取引擎不能用（{error}）。请重新安装本程序。"
        raise UnreadableError("unreadable", message) from error
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


__all__ = ["Document", "Engine", "PdfDocument", "PdfEvidence", "read"]
