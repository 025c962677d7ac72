"""Web pages: lxml parses, our own walk decides what is printed and rebuilds the grid of each table from its spans.

Belongs here: the order of the work on a page. Does not belong here: encodings (`files.encoding`), any label's meaning.
"""

from __future__ import annotations

from parsers.document import Document, UnreadableError
from parsers.files.encoding import decode
from parsers.files.sniff import HTML, sniff, unsupported_message
from parsers.readers.builder import Builder

from . import as_tables, placed, repeated
from .effects import effects_of
from .page import MAX_BYTES, collapse, declared, head_of, parse, spelled_out
from .walk import Walk


def read(data: bytes, name: str) -> Document:
    """Reads a page or a fragment of one from its bytes. ``name`` is the file's, for messages.

    Raises `UnreadableError`: ``empty``, ``too_large``, ``scan`` (pictures only), ``unreadable`` (no page at all).
    """
    builder, title, metadata = walked(data, name)
    return repeated.strip(builder.document(title, metadata))


def walked(data: bytes, name: str) -> tuple[Builder, str | None, dict[str, str]]:
    """What a page shows, before it is a document of its own; its title and metadata. Raises as `read`, but ``scan``."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableError(*unsupported_message("application/x-empty", name))
    if len(data) > MAX_BYTES:
        raise UnreadableError(
            "too_large", f"《{name}》超过{MAX_BYTES // 1_000_000}MB，未读取；请只保留年度报告正文，另存后再提交。"
        )
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"):
        raise UnreadableError(*unsupported_message(sniff(data, name), name))
    builder = Builder(name, HTML, collapse=collapse)
    text = spelled_out(decode(data, declared(data)))
    root = parse(text, builder)
    if root is None:
        raise UnreadableError("empty", f"《{name}》中没有任何文字，请核对文件内容。")
    # In bytes small letters are made, and words found, many times as fast.
    markup = text.encode("utf-8", "replace").lower()
    if placed.places_parts(text, markup):
        placed.settle(root)
    title, metadata, sheet = head_of(root)
    try:
        effects = effects_of(root, sheet, text, markup)
    except OverflowError as error:
        raise builder.too_large() from error
    as_tables.settle(root, effects)
    Walk(builder, effects).walk(root)
    return builder, title, metadata
