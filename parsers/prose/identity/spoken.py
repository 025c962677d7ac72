"""How a text without a title speaks of itself, and whose inner office a name is.

Belongs here: the words by which a text calls itself a report, or tells of others' reports. Does not belong here: names
that are said of the report (`collecting`), and what the evidence amounts to (`deciding`).
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.issuers import match_issuer
from schemas.labels import fold

from .names import PLACED, is_place, is_typical, quality
from .patterns import patterns

# In how many passages a paper's words are looked for, and so much of each.
_PASSAGES = 60
_CHARACTERS = 3000
_HAVE_OFFICES = frozenset({"department", "vertical", "institution", "zone"})


def calls_itself_a_report(preamble: str) -> bool:
    """Whether a folded preamble says of its own text that it is a report: 本年报根据…编制, and what is in it or its period."""
    return patterns().own_report.search(preamble) is not None and patterns().own_parts.search(preamble) is not None


def is_news(lines: Sequence[str]) -> bool:
    """Whether a text tells of a report that others published: 报告显示, 记者."""
    return any(patterns().news.search(fold(line[:_CHARACTERS])) for line in lines[:_PASSAGES])


def body_of(name: str) -> str | None:
    """The whole body that a name is, or whose inner office it is: 清河县公安局行政审批办公室 → 清河县公安局; None: neither."""
    whole = None
    for end in range(len(name), 2, -1):
        front, rest = name[:end], name[end:]
        if not _is_whole(front) and not (rest and is_place(front)):
            continue
        kind = match_issuer(front).kind
        inner = patterns().disclosure_office if kind in ("government", "office") else patterns().inner_office
        if rest and not inner.fullmatch(rest):
            continue
        is_inner = kind in _HAVE_OFFICES and patterns().inner_office.search(front) is not None
        if not rest and (is_inner or (kind == "township" and front.endswith(("办公室", "党政办")))):
            # 清河县教育局办公室 is known as a department, too, and is its bureau's.
            whole = whole or front
            continue
        return front
    return whole


def _is_whole(name: str) -> bool:
    match = match_issuer(name)
    if not quality(name) or is_place(name) or match.kind is None:
        return False
    if match.kind == "township":
        return patterns().town.fullmatch(fold(name)) is not None or (quality(name) == PLACED and is_typical(name))
    if match.level == "nation" or match.kind == "vertical":
        return patterns().inner_office.search(name) is None
    return is_typical(name) or (match.kind == "department" and "no_place" in match.flags and quality(name) > 0)
