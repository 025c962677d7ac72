"""How a text without a title speaks of itself and of whoever it belongs to.

Belongs here: whom a preamble gives to be asked about the report, whose site it is on, whose rules it names, and the words
by which a text calls itself a report and its body 我局 or 我县. Does not belong here: names that are said of the report
(`collecting`), and what the evidence amounts to (`deciding`).

All of it is weaker than a name that is said of the report, and counts only where there is none: a government's report may
name its data bureau to be asked. So a name must agree with the words by which the text calls its body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from schemas.bodies import body_named, relation
from schemas.issuers import match_issuer
from schemas.labels import fold

from .names import PLACED, PLACELESS, is_place, is_typical, quality
from .patterns import patterns

# In how many passages a text's words for its own body are looked for, and so much of each.
_PASSAGES = 60
_CHARACTERS = 3000
# A line that is as long, and ends without a stop, goes on in the next one.
_WHOLE_LINE, _STOPS = 15, "。;:!?.)"
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


def in_full(names: Sequence[str], lines: Sequence[str]) -> tuple[str, str] | None:
    """The one name with its place that the text has for what is named without: 区民政局, and 清河区民政局网站 in a sentence.

    Where no name is given, for the bureau that its sentences begin with (2024年,市自然资源局认真…).
    """
    folded = [fold(line[:_CHARACTERS]) for line in lines[:_PASSAGES]]
    bare = list(names)
    if not bare:
        words = own_words(lines)
        begun = Counter(m["issuer"] for line in folded for m in patterns().subject.finditer(line))
        bare = [n for n, _ in begun.most_common(1) if "no_place" in match_issuer(n).flags and fits(n, words)]
    if len(bare) != 1 or "no_place" not in match_issuer(bare[0]).flags or match_issuer(bare[0]).kind != "department":
        return None
    found: dict[str, str] = {}
    for line in folded:
        for m in re.finditer(rf"[一-鿿]{{1,12}}?{re.escape(bare[0])}", line):
            whole = (m[0][i:] for i in range(len(m[0]) - len(bare[0])))
            name = next((n for n in whole if quality(n) == PLACED and match_issuer(n).division_code), None)
            if name is not None:
                found.setdefault(name, m[0])
    bodies = {body_named(n).key for n in found}
    return next(iter(found.items())) if len(bodies) == 1 else None


def at_home(preamble: str, lines: Sequence[str]) -> tuple[str, str] | None:
    """The one body of the text's own kind that it names as an owner: of a site or an account, of rules, as who did it.

    我乡 and 牛街乡人民政府 in one text are one; two townships leave it open. A bureau is the owner of the site that its
    report is published on.
    """
    words = own_words(lines)
    names: dict[str, str] = {}
    for m in patterns().stands_on.finditer(preamble):
        name = m["issuer"]
        if quality(name) == PLACED and match_issuer(name).kind in _DEPARTMENTS and words and fits(name, words):
            names.setdefault(name, m[0])
    before = ""
    for line in lines[:_PASSAGES]:
        folded = fold(line[:_CHARACTERS])
        goes_on, before = len(before) >= _WHOLE_LINE and before[-1] not in _STOPS, fold(line[-_CHARACTERS:]).rstrip()
        for m in patterns().owner.finditer(folded):
            if goes_on and not folded[: m.start("issuer")].strip():
                # 由…贡觉县 ⏎ 沙坝镇人民政府: the line above has the beginning of the name.
                continue
            # 清井镇 is what goes before 党政办 and 网站; before 人民政府 it is the beginning of a longer name.
            name = m["issuer"] + next((e for e in ("人民政府", "办事处") if folded.startswith(e, m.end())), "")
            kind = match_issuer(name).kind
            if (kind == "township" and patterns().town.fullmatch(name) and _is_called(name, words)) or (
                kind == "government" and quality(name) == PLACED and fits(name, words) and _ends_with(name, words)
            ):
                names.setdefault(name, m[0])
    one, *others = names or [None]
    if one is None or any(relation(body_named(one), body_named(o)) == "other" for o in others):
        return None
    full = max(names, key=lambda n: (quality(n) > PLACELESS, len(n)))
    return full, names[full]


def _is_called(name: str, words: Counter[str]) -> bool:
    """Whether a text has a word for a township of this kind, or only 我单位."""
    return any(words[w] for w in ("镇", "乡", "街道", "苏木") if w in name) or (
        sum(words.values()) == words["单位"] + words["机关"] > 0
    )


def _ends_with(name: str, words: Counter[str]) -> bool:
    """Whether the division that a government's name begins with ends as the text's word for its own: 我旗, 乌拉特前旗."""
    division = match_issuer(name).division
    return division is not None and words[division.name[-1]] > 0 and sum(words.values()) - words[division.name[-1]] == 0
