"""What an answer is worth, judged by its content: a page that tests its visitor, an error page that says 200, a home page.

Belongs here: the marks of pages that are no documents. Does not belong here: working around any of them, which nobody here does;
whether a page holds a report (`following`, and in the end the reader).
"""

from __future__ import annotations

import re

from parsers.files.encoding import decode

# Longer pages have something to say.
_MOST = 300_000
_TESTING = (202, 403, 412, 503, 521)
_HIDDEN = re.compile(
    r"<(script|style|noscript|template|svg)\b.*?</\1\s*>|<!--.*?-->|<title\b.*?</title\s*>", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<[^>]*>")
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
# What the scripts of such pages are made of: a cookie that is computed, names of the products.
_MARKS = re.compile(
    r"\$_ts\b|__jsl_clid|acw_sc__v2|cf-chl|_guard/|document\.cookie\s*=|challenge-platform|wzws|safedog|yunsuo|r='m'",
    re.IGNORECASE,
)
# So many characters are something to read.
_WORDS = 40


def visible(text: str) -> str:
    """The words of a page that a visitor sees without its scripts, roughly."""
    return re.sub(r"(?:\s|&nbsp;)+", "", _TAG.sub(" ", _HIDDEN.sub(" ", text)))


def is_challenge(status: int, body: bytes) -> bool:
    """Whether an answer is a script that tests whether a browser asks: nothing to read in it, and a script that sets its mark."""
    if len(body) > _MOST or (status != 200 and status not in _TESTING):
        return False
    text = decode(body)
    if _SCRIPT.search(text) is None or len(visible(text)) >= _WORDS:
        return False
    return status != 200 or _MARKS.search(text) is not None
