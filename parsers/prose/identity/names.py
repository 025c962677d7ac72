"""Names of authorities among other words: whether a piece is one, and the one that a piece ends with.

Belongs here: telling a body's name from a site's words, a heading, a label of the form. Does not belong here: which
division and kind a name stands for (`schemas.issuers`), and what the name is evidence of (`collecting`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from schemas import bodies, issuers
from schemas.labels import fold

from .patterns import line_of, patterns

LONGEST = 40
# A name on a line of its own.
_LONGEST_LINE = 30
_ENCLOSED = re.compile(r"[(（〔\[](?P<name>[^()（）〔〕\[\]]+)[)）〕\]]")
_HAN = re.compile(r"[一-鿿〇○㐀-䶿]+")

# How sure it is that a piece is a body's name.
NONE, PLACELESS, SPECIAL, PLACED = 0, 1, 2, 3


@lru_cache(maxsize=4096)
def quality(name: str) -> int:
    """`PLACED`: a division of the registry opens it; `SPECIAL`: a short or national name; `PLACELESS`: any other."""
    if not 2 <= len(name) <= LONGEST or patterns().no_name.search(fold(name)):
        return NONE
    match = issuers.match_issuer(name)
    if any(c.isdigit() for c in name) and not (match.kind and match.division_code and "unmatched" not in match.flags):
        return NONE
    if match.kind is None:
        place = (match.division_code is not None and not match.rest) or patterns().some_place.search(fold(name))
        return PLACELESS if place else NONE
    if match.division_code is None and not match.candidates:
        return SPECIAL if match.level == "nation" else PLACELESS
    return SPECIAL if "short_name" in match.flags else PLACED


def is_place(name: str) -> bool:
    """Whether a piece is a division's name and nothing else."""
    match = issuers.match_issuer(name)
    return not match.rest and (match.division_code is not None or bool(match.candidates)) and match.kind is not None


@lru_cache(maxsize=4096)
def on_its_own(text: str) -> str | None:
    """The name that a line consists of; None where it is none, or could be anything (三、本年度办, 各乡镇).

    A name without a place counts where every place has such a body (县教育局, 教育局, 油坊镇人民政府).
    """
    line = line_of(text)
    printed = unsealed(line.printed)
    if len(line.gaps) == 1:
        # 中共清河县教育局党组 清河县教育局: two that sign together are not one; the party's group signs beside its office.
        (gap,) = line.gaps
        first, last = printed[:gap], printed[gap:]
        party = first.endswith(("党组", "党委"))
        if quality(last) == PLACED and (party or (quality(first) == PLACED and not is_place(first))):
            printed = last if party else ""
    if len(printed) > _LONGEST_LINE or not quality(printed):
        return None
    if quality(printed) > PLACELESS or _usual(printed):
        return printed
    return None


def unsealed(name: str) -> str:
    """A name without the note where its seal goes (清河县教育局（盖章）), and without brackets around all of it."""
    bare = patterns().seal.sub("", name)
    return m["name"] if (m := _ENCLOSED.fullmatch(bare)) else bare


def is_typical(name: str) -> bool:
    """Whether a name is whole for certain: a government, a township, a department as every place has one."""
    match = issuers.match_issuer(name)
    if match.kind in ("department", "vertical"):
        return bodies.is_known(match.rest or fold(name))
    if match.kind == "township":
        # 通渭县乡: the beginning of 乡村振兴局.
        return re.search("[省市州盟县区旗][乡镇]$", fold(name)) is None
    return match.kind is not None


def _usual(name: str) -> bool:
    """Whether a name that no division opens can hardly be anything but a body's."""
    folded = fold(name)
    match = issuers.match_issuer(name)
    if patterns().unfinished.fullmatch(folded):
        return False
    if match.kind == "township":
        return patterns().town.fullmatch(folded) is not None
    if match.kind in ("zone", "institution"):
        return True
    if "no_place" in match.flags:
        # 本站, 我局: a word for itself, no name.
        return folded[0] not in "我本"
    body = bodies.body_named(name)
    return bool(body.place) or bodies.is_known(folded)


@dataclass(slots=True, frozen=True)
class Piece:
    """A run of characters of a line, ``start`` in it, ``parted`` from what follows by more than a year."""

    text: str
    start: int
    parted: bool


@dataclass(slots=True, frozen=True)
class Ending:
    """The name that the pieces end with, and where it starts in their line."""

    name: str
    start: int


def at_the_end(pieces: Sequence[Piece]) -> Ending | None:
    """The name of a body that the last of these pieces make up; None where they end with anything else.

    One piece is a name, or ends with one behind words of a site; pieces are put together where the last one alone is
    no whole name (人民政府), or what stands before it is its place (淮安市 洪泽区人民政府).
    """
    if not pieces:
        return None
    best, best_quality = pieces[-1], quality(pieces[-1].text)
    for k in range(2, min(4, len(pieces)) + 1):
        front = pieces[-k]
        unfinished = best_quality == NONE or patterns().unfinished.fullmatch(fold(best.text)) is not None
        if not unfinished and best_quality == PLACELESS and not bodies.is_known(best.text):
            # 清河县应急 管理局: only together they are a department as every place has one.
            unfinished = quality(front.text + best.text) == PLACED and is_typical(front.text + best.text)
        if not (unfinished or is_place(front.text)):
            break
        joined = Piece(front.text + best.text, front.start, best.parted)
        if quality(joined.text) > best_quality or (quality(joined.text) == best_quality and is_place(front.text)):
            best, best_quality = joined, quality(joined.text)
        elif not unfinished:
            break
        else:
            # Not a name yet: 洪泽 区 人民政府.
            best = joined
    if best_quality < PLACED and (inner := _behind_other_words(best)) is not None:
        return inner
    if best_quality == NONE:
        # What was put together in vain.
        return None
    return Ending(best.text, best.start)


def letters_joined(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with letters that were set apart put together: 清 河 县 人 民 政 府."""
    out: list[Piece] = []
    for piece in pieces:
        if len(piece.text) == 1 and out and out[-1].start + len(out[-1].text) == piece.start and _single(out[-1]):
            out[-1] = Piece(out[-1].text + piece.text, out[-1].start, piece.parted)
        else:
            out.append(piece)
    return out


def _single(piece: Piece) -> bool:
    return _HAN.fullmatch(piece.text) is not None and len(piece.text) < _LONGEST_LINE


def _behind_other_words(piece: Piece) -> Ending | None:
    """A name behind words that belong to a site or a page (正文清河县教育局), or behind anything that is no name."""
    text = piece.text
    folded = fold(text)
    if len(folded) != len(text):
        return None
    if m := patterns().site_words.match(folded):
        rest = text[m.end() :]
        if quality(rest) and not patterns().unfinished.fullmatch(fold(rest)):
            return Ending(rest, piece.start + m.end())
    for i in range(1, len(text) - 2):
        if quality(text[i:]) != PLACED:
            continue
        if issuers.is_of_an_organisation(text[i:]):
            # 某某会清河县委员会: whose committee it is stands before the place.
            return None
        if not _may_belong_to_a_name(folded[:i]):
            return Ending(text[i:], piece.start + i)
    return None


def _may_belong_to_a_name(before: str) -> bool:
    """Whether words in front of a name may be its own: 国网清河县供电公司, 邢台市清河县…."""
    return before.endswith(tuple("省市州盟区县旗镇乡局委厅会院所站队部网行社")) or before.startswith(
        ("国", "中", "原", "驻", "省", "市", "县", "区")
    )
