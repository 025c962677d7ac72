"""How a text without a title speaks of itself and of whoever it belongs to.

Belongs here: whom a preamble gives to be asked about the report, and the words by which a text calls itself a report and
its body 我局 or 我县. Does not belong here: names that are said of the report
(`collecting`), and what the evidence amounts to (`deciding`).

All of it is weaker than a name that is said of the report, and counts only where there is none: a government's report may
name its data bureau to be asked. So a name must agree with the words by which the text calls its body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from schemas.issuers import match_issuer
from schemas.labels import fold

from .names import PLACED, is_place, is_typical, quality
from .patterns import patterns

# In how many passages a text's words for its own body are looked for, and so much of each.
_PASSAGES = 60
_CHARACTERS = 3000
# The kinds of body that each word a text has for itself may stand for.
_DEPARTMENTS = frozenset({"department", "vertical", "institution"})
_HAVE_OFFICES = _DEPARTMENTS | {"zone"}


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


def own_words(lines: Sequence[str]) -> Counter[str]:
    """How often a text calls its body by each word: 局 for 我局 and 本局, 县 for 我县 and 全县."""
    words: Counter[str] = Counter()
    for line in lines[:_PASSAGES]:
        words.update(m["word"] for m in patterns().own_word.finditer(fold(line[:_CHARACTERS])))
    return words


def fits(name: str, words: Counter[str]) -> str | None:
    """The name, or the part of it, that is called by these words; None where they are another kind of body's.

    The office of a government that calls itself 我县 is asked about the government's report, and its own says 我办.
    """
    kind = match_issuer(name).kind
    office = sum(words[w] for w in ("办", "室"))
    bureau = sum(words[w] for w in ("局", "委", "厅", "院", "关", "部门", "队", "站", "中心"))
    town = sum(words[w] for w in ("镇", "乡", "街道", "街", "苏木"))
    area = sum(words[w] for w in ("省", "市", "县", "区", "旗", "州", "盟"))
    if kind == "township":
        return name if not bureau and (town or not area) else None
    if kind in _DEPARTMENTS:
        return name if not town and (bureau or words["单位"] or words["机关"] or not area) else None
    if bureau or town or quality(name) != PLACED:
        return name if kind == "zone" and not (bureau or town) else None
    if kind == "office" and area > office:
        # 清河县人民政府办公室 is asked about what 我县 reports.
        return re.sub(r"办公?[厅室]?$", "", name)
    return name if kind == "office" or area or not words else None


def asked(preamble: str, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Bodies that the preamble gives to be asked about the report (请与…联系), and the words that say so."""
    words = own_words(lines)
    for m in patterns().contact.finditer(preamble):
        name = body_of(m["issuer"])
        if name is not None and (own := fits(name, words)) is not None:
            yield own, m[0]
