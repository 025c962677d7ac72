"""Tables that stand together behind the last report of a file, under headings that say whose annex they are.

Belongs here: such headings, and which report of the file each stretch of texts belongs to. Does not belong here: where
reports begin (`several`), what a table is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemas.labels import fold

from .titles import Found

_LONGEST = 60
# 某某县人民政府2023年附表, 某某县教育局2023年政府信息公开工作年度报告附表1-3.
_HEADING = re.compile(
    r"(?P<name>.{3,40}?)\(?(?P<year>20\d\d)\)?年度?\)?(?:政府信息公开)?(?:工作)?(?:年度报告|年报)?(?:的|之)?附[表件]"
    r"[一二三四五六七八九十\d]{0,3}(?:[-—–~至、][一二三四五六七八九十\d]{1,3})?[。.:]?"
)
_SEE = re.compile(r"(?:详?见|参见|见后)(?:后)?附(?:表|件)")


def annexed(texts: Sequence[str], reports: Sequence[tuple[int, Found | None]]) -> list[tuple[int, int, int]]:
    """Stretches of texts that belong to an earlier report than the one they stand in: start, end, and which it is.

    ``reports``: where each begins, in order, and its title. A table's text is empty.
    """
    heads: list[tuple[int, int | None]] = []
    for i, text in enumerate(texts):
        if text and len(text) < _LONGEST and (m := _HEADING.fullmatch(fold(text))):
            heads.append((i, _whose(m["name"], int(m["year"]), reports)))
    begins = [start for start, _ in reports]
    found = []
    for k, (i, whose) in enumerate(heads):
        stands_in = max((r for r, start in enumerate(begins) if start <= i), default=None)
        ends = [*(j for j, _ in heads[k + 1 : k + 2]), *(b for b in begins if b > i), len(texts)]
        if whose is not None and stands_in is not None and whose != stands_in:
            found.append((i, min(ends), whose))
    return found


def _whose(name: str, year: int, reports: Sequence[tuple[int, Found | None]]) -> int | None:
    """The one report that has this name, and no other year."""
    of_name = [
        k
        for k, (_, found) in enumerate(reports)
        if found is not None
        and found.title.issuer
        and fold(found.title.issuer) == name
        and found.title.year in (None, year)
    ]
    return of_name[0] if len(of_name) == 1 else None


def refers_to_annexes(texts: Sequence[str]) -> bool:
    """Whether a report says of its tables that they are annexed to it."""
    return any(len(text) < _LONGEST and _SEE.search(fold(text)) for text in texts)
