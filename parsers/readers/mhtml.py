"""A page saved with all it holds in one file (.mht): the part that is the page.

Belongs here: finding that part. Does not belong here: the page itself (`html`).
"""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message

from parsers.document import Document, UnreadableError
from parsers.files.encoding import decode

MAX_BYTES = 100_000_000
# A page and its frames; other parts are pictures and styles.
MAX_PARTS = 5_000


def read(data: bytes, name: str) -> Document:
    """The first page in the file. ``name`` is the file's, for messages. Raises `UnreadableError` as `html.read` does."""
    from parsers.readers import html

    if len(data) > MAX_BYTES or data.count(b"\n--") > MAX_PARTS:
        raise UnreadableError("too_large", f"《{name}》内容过多，未读取；请只保留年度报告正文，另存后再提交。")
    try:
        pages = [part for part in message_from_bytes(data).walk() if part.get_content_type() == "text/html"]
        found = [page for part in pages if (page := _page(part)).strip()]
    except (RecursionError, ValueError, LookupError) as error:
        raise _broken(name) from error
    if not found:
        raise _broken(name)
    document = html.read(("\ufeff" + found[0]).encode("utf-8"), name)
    if len(found) > 1:
        # Frames, which the page shows.
        document.apart |= {"object"}
    return document


def _page(part: Message) -> str:
    """The text of a part, in the encoding that it or its page says."""
    from parsers.readers.html.page import declared

    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    return decode(content, part.get_content_charset() or declared(content))


def _broken(name: str) -> UnreadableError:
    return UnreadableError(
        "unreadable",
        f"《{name}》里没有可以识别的网页，无法读取；请在浏览器中另存为 .html，或用 Word 打开后另存为 .docx 再提交。",
    )
