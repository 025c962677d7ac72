"""What a page says of itself: its metadata, its box of 索引号 and 发布机构, and lines of the text that say the same.

Belongs here: keys and their values, by what they are about. Does not belong here: what a value is evidence of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from schemas.facts import Passage
from schemas.labels import fold

from .dates import date_in
from .patterns import SPACE, patterns

# How far into a report, and from its end, such lines may stand; how much of a line is looked at.
_HEAD, _TAIL = 30, 6
_CHARACTERS = 600


@cache
def _keys() -> frozenset[str]:
    """What such tables call what they say."""
    return frozenset(k for keys in patterns().keys.values() for k in keys if not k.isascii())


def page_metadata(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """What a table of a page's metadata says (索引号 | … | 发布机构 | …); empty where the table is none.

    Rows are cells in reading order, keys and values in turn. It is such a table when two keys at least are known, or
    one with a date of publication.
    """
    known = _keys()
    out: dict[str, str] = {}
    for row in rows:
        cells = [c.strip() for c in row]
        i = 0
        while i < len(cells):
            key, colon, rest = fold(cells[i]).partition(":")
            if key in known:
                if colon and rest:
                    out.setdefault(key, cells[i].replace("：", ":").partition(":")[2].strip())
                elif i + 1 < len(cells) and fold(cells[i + 1]).rstrip(":") not in known:
                    out.setdefault(key, cells[i + 1])
                    i += 1
            i += 1
    dated = any(k in patterns().keys["published"] and date_in(v) for k, v in out.items())
    return out if len(out) >= 2 or dated else {}


class Metadata:
    """The page's metadata and the lines of the text that say the same, by what they are about."""

    def __init__(self, metadata: Mapping[str, str], passages: Sequence[Passage]) -> None:
        self.values = {SPACE.sub("", k).lower(): v.strip() for k, v in metadata.items() if v and v.strip()}
        self.inline: dict[str, str] = {}
        near = [*passages[:_HEAD], *passages[max(_HEAD, len(passages) - _TAIL) :]]
        for passage in near:
            if ":" not in passage.text and "：" not in passage.text:
                continue
            # Blanks part one key from the next, and a date from a time of day.
            text = " ".join(fold(word) for word in passage.text[:_CHARACTERS].split())
            for m in patterns().inline.finditer(text):
                self.inline.setdefault(SPACE.sub("", m["key"]), m["value"].strip())

    def get(self, about: str) -> str | None:
        return next(iter(self.all(about)), None)

    def all(self, about: str) -> list[str]:
        keys = patterns().keys[about]
        return [self.values[k] for k in keys if k in self.values] + [self.inline[k] for k in keys if k in self.inline]

    def published(self) -> tuple[str, str] | None:
        """The date of publication that the page or a line of the text gives, and which of the two."""
        keys = patterns().keys["published"]
        for values, origin in ((self.values, "metadata"), (self.inline, "text")):
            date = next((d for k in keys if k in values and (d := date_in(values[k]))), None)
            if date:
                return date, origin
        return None
