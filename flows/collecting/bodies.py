"""The body of an answer: unpacked as it comes, bounded before and after, whole or not at all.

Belongs here: gzip and deflate, bombs, what is cut off. Does not belong here: charsets, what is in a body.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

import httpcore

from .guard import Clock


def bounded(chunks: Iterable[bytes], encoding: str, most: int, clock: Clock) -> tuple[bytes, str | None]:
    """The decoded body, and what is wrong with it: ``too_large``, or why it is not whole."""
    names = [n for e in encoding.lower().split(",") if (n := e.strip()) and n != "identity"]
    if len(names) > 1 or (names and names[0] not in ("gzip", "x-gzip", "deflate")):
        return b"", f"content-encoding {encoding[:60]}"
    unpacked = _Unpacked(names[0] if names else "", most)
    raw = 0
    for chunk in chunks:
        raw += len(chunk)
        if raw > most or not unpacked.add(chunk):
            return b"", "too_large"
        if clock.left() <= 0:
            raise httpcore.ReadTimeout("the time for this request is over")
    return unpacked.end()


class _Unpacked:
    """A body as it is decoded, never larger than ``most``."""

    def __init__(self, encoding: str, most: int) -> None:
        self._most = most
        self._parts: list[bytes] = []
        self._size = 0
        self._zlib: Any = None
        self._plain = not encoding
        self._gzip = encoding in ("gzip", "x-gzip")
        self._broken = ""
        self._first = True

    def _take(self, piece: bytes) -> bool:
        self._size += len(piece)
        self._parts.append(piece)
        return self._size <= self._most

    def add(self, chunk: bytes) -> bool:
        """Take bytes; False when it grows too large."""
        if self._first and chunk:
            self._first = False
            # Said to be packed and is not: a fault that browsers forgive.
            if self._gzip and not chunk.startswith(b"\x1f"):
                self._plain = True
            wbits = 31 if self._gzip else 15 if chunk[0] & 0x0F == 8 else -15
            self._zlib = zlib.decompressobj(wbits)
        if self._plain:
            return self._take(chunk)
        while chunk and not self._broken:
            try:
                piece = self._zlib.decompress(chunk, self._most - self._size + 1)
            except zlib.error as e:
                self._broken = str(e)
                break
            if not self._take(piece):
                return False
            if self._zlib.eof:
                chunk = self._zlib.unused_data
                # Several members may follow one another; anything else behind the end is rubbish.
                if not chunk.startswith(b"\x1f\x8b"):
                    break
                self._zlib = zlib.decompressobj(31)
            else:
                chunk = self._zlib.unconsumed_tail
        return True

    def end(self) -> tuple[bytes, str | None]:
        body = b"".join(self._parts)
        if self._plain or self._zlib is None:
            return body, None
        if self._broken:
            return b"", f"gzip: {self._broken}"
        return (body, None) if self._zlib.eof else (b"", "gzip ends early")
