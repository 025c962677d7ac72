"""Administrative divisions: names, codes, levels, who lies in whom, and what became of them.

Belongs here: the registry (`divisions.csv`, made by `data/divisions/build.py`) and looking a name or a code up in it for
a year. Does not belong here: taking an authority's name apart (`issuers`), evidence from a document
(`parsers.prose.identity`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

_SPACE = re.compile(r"\s+")
# Nothing else stands in the name of a division or an authority.
NAME = re.compile(r"[\w()、·]+")


@dataclass(slots=True, frozen=True)
class Division:
    """One division under one name and code, in the years at whose end it stood.

    ``valid_from`` None: before the first edition (2002); ``valid_to`` None: still. ``inferred`` names the bounds
    (``from``, ``to``) that no edition shows: zones have none, and no edition of 2025 is at hand. ``successors`` are
    codes. ``stem`` is the name without its ending (临夏, 淮安), ``short`` the short forms that have one (临夏州);
    ``pinyin`` is the stem without tones.
    """

    code: str
    name: str
    short: tuple[str, ...]
    stem: str
    level: str
    parent: str | None
    valid_from: int | None
    valid_to: int | None
    inferred: frozenset[str]
    successors: tuple[str, ...]
    pinyin: str

    def stood(self, first: int, last: int | None = None) -> bool:
        """Whether it stood in any of the years ``first`` to ``last``."""
        last = first if last is None else last
        return (self.valid_from or 0) <= last and (self.valid_to or 9999) >= first


class _Registry:
    """`divisions.csv` as one text that is searched: no index is built for the one name that a clerk's command asks.

    A `Division` is made when it is asked for, once.
    """

    def __init__(self, text: str) -> None:
        # Every line stands behind a line's end.
        self.text = text
        self._made: dict[int, Division] = {}

    def _division(self, start: int) -> Division:
        """The division of the line that begins at a position."""
        made = self._made.get(start)
        if made is None:
            cells = self.text[start : self.text.index("\n", start)].split(",")
            code, name, short, stem, level, parent, first, last, inferred, successors, pinyin = cells
            made = Division(
                code=code,
                name=name,
                short=tuple(short.split(";")) if short else (),
                stem=stem,
                level=level,
                parent=parent or None,
                valid_from=int(first) if first else None,
                valid_to=int(last) if last else None,
                inferred=frozenset(inferred.split("+")) if inferred else frozenset(),
                successors=tuple(successors.split()),
                pinyin=pinyin,
            )
            self._made[start] = made
        return made

    def _lines_with(self, words: str) -> list[Division]:
        """Divisions whose line holds the words anywhere."""
        out: list[Division] = []
        at = self.text.find(words)
        while at >= 0:
            start = self.text.rfind("\n", 0, at + 1) + 1
            out.append(self._division(start))
            at = self.text.find(words, self.text.index("\n", start))
        return out

    def named(self, name: str) -> list[Division]:
        """Divisions of this full name, and of this short form with an ending."""
        having = self._lines_with(name) if NAME.fullmatch(name) else []
        return [d for d in having if d.name == name or name in d.short]

    def stemmed(self, stem: str) -> list[Division]:
        """Divisions of this name without its ending."""
        return [d for d in self._lines_with(stem) if d.stem == stem] if NAME.fullmatch(stem) else []

    def coded(self, code: str) -> list[Division]:
        """Divisions that bore this code, oldest first."""
        # A line begins with its code.
        return self._lines_with(f"\n{code},") if code.isdigit() else []

    def predecessors(self, code: str) -> list[Division]:
        """Divisions that ended and whose area went to this code."""
        return [d for d in self._lines_with(code) if code in d.successors] if code.isdigit() else []

    def all(self) -> list[Division]:
        starts = [m.end() for m in re.finditer("\n", self.text)]
        return [self._division(start) for start in starts[:-1]]


@cache
def _registry() -> _Registry:
    text = Path(__file__).with_name("divisions.csv").read_text("utf-8")
    return _Registry(text[text.index("\n") :])


@lru_cache(maxsize=16_384)
def named(name: str) -> tuple[Division, ...]:
    return tuple(_registry().named(name))


@lru_cache(maxsize=4096)
def stemmed(stem: str) -> tuple[Division, ...]:
    return tuple(_registry().stemmed(stem))


@lru_cache(maxsize=4096)
def _coded(code: str) -> tuple[Division, ...]:
    return tuple(_registry().coded(code))


def every() -> list[Division]:
    """All divisions, in the registry's order."""
    return _registry().all()


# --- looking up


def by_code(code: str, year: int | None = None) -> list[Division]:
    """Divisions that bore a code, oldest first; only those that stood in ``year`` where one is given.

    Of a key with a year (`key_of`) those that it is the key of.
    """
    found = _coded(code)
    if not found and "-" in code:
        found = tuple(d for d in _coded(code.partition("-")[0]) if key_of(d) == code)
    return [d for d in found if year is None or d.stood(year)]


def lookup(name: str, year: int | None = None, within: str | None = None) -> list[Division]:
    """Divisions of a name (full, or short with its ending), in the registry's order.

    ``year`` keeps those that stood at its end or in the year before or after (names outlive a change by months);
    ``within`` keeps those in a division of that code or name. An empty list: nobody bears the name.
    """
    found = list(named(clean(name)))
    if year is not None:
        found = [d for d in found if d.stood(year - 1, year + 1)]
    if within is not None:
        codes = [within] if within.isdigit() else [d.code for d in named(clean(within))]
        found = [d for d in found if any(inside(d.code, c) for c in codes)]
    return found


def continued_by(division: Division) -> Division | None:
    """The division that one became whole and alone: its new name, code or parent. None: it stands, or its area was merged or split.

    A division whose area two took over, and one made of two, is none of them: each has figures of its own.
    """
    ended = division.valid_to
    if ended is None or len(division.successors) != 1:
        return None
    later = [d for d in _coded(division.successors[0]) if d is not division and d.valid_from in {ended, ended + 1}]
    return later[0] if len(later) == 1 and _ended_before(later[0]) == [division] else None


def parts_of(division: Division) -> list[Division]:
    """The divisions that one was made of, or that were merged into it when it began."""
    return [d for d in _ended_before(division) if continued_by(d) is None]


def _ended_before(division: Division) -> list[Division]:
    """The divisions that ended when this one began, and whose area, or a part of it, it took over."""
    first = division.valid_from
    if first is None:
        return []
    earlier = _registry().predecessors(division.code)
    return [d for d in earlier if d.valid_to is not None and first - d.valid_to in {0, 1} and d is not division]


def heirs(division: Division) -> list[Division]:
    """The divisions that took over the area of one that ended, in whole or in part, as they stood right after it."""
    if (ended := division.valid_to) is None:
        return []
    return [
        next((d for d in after if d.valid_from in {ended, ended + 1}), after[0])
        for code in division.successors
        if (after := [d for d in _coded(code) if d is not division and d.stood(ended + 1)])
    ]


def is_heir(division: Division, of: Division) -> bool:
    """Whether a division stands, perhaps after others, on area of one that ended; a change of its name or code counts as well."""
    return any(d is division or is_heir(division, d) for d in heirs(of))


@lru_cache(maxsize=4096)
def key_of(division: Division) -> str:
    """The key of a division under all its names and codes: the code that it bears, or bore last.

    Where another division, not the same under a new name, has that code later, the last year is added (`130503-2019`).
    """
    last = division
    while (later := continued_by(last)) is not None:
        last = later
    if last.valid_to is None or last is _coded(last.code)[-1]:
        return last.code
    return f"{last.code}-{last.valid_to}"


def history(division: Division) -> list[Division]:
    """The same area under its earlier and later names and codes, oldest first, the division itself included.

    A county that became a district is one history. A merger or a split ends the histories of its parts and begins others.
    """
    chain = [division]
    while (earlier := _ended_before(chain[0])) and continued_by(earlier[0]) is chain[0]:
        chain.insert(0, earlier[0])
    while (later := continued_by(chain[-1])) is not None:
        chain.append(later)
    return chain


def parents(division: Division) -> list[Division]:
    """The divisions around one, nearest first, under the names they bore while it stood."""
    out: list[Division] = []
    code = division.parent
    while code is not None:
        around = by_code(code)
        if not around:
            break
        standing = [p for p in around if p.stood(division.valid_from or 0, division.valid_to)] or around
        out.append(standing[-1])
        code = standing[-1].parent
    return out


def similar(name: str, year: int | None = None) -> list[Division]:
    """Divisions whose full name differs from the name's beginning in exactly one character (沐阳县 → 沭阳县, …).

    Only a list of what may have been meant: choosing one takes other evidence.
    """
    text = clean(name)
    found: list[Division] = []
    for d in _registry().all():
        head = text[: len(d.name)]
        if len(head) < len(d.name) or len(d.name) < 3 or head[-1] != d.name[-1]:
            continue
        if sum(a != b for a, b in zip(head, d.name, strict=True)) == 1:
            found.append(d)
    return found if year is None else [d for d in found if d.stood(year - 1, year + 1)]


def inside(code: str, around: str) -> bool:
    """Whether a code lies in another's area (or is it), which its leading digits tell."""
    significant = around[:2] if around.endswith("0000") else around[:4] if around.endswith("00") else around
    return code.startswith(significant)


def clean(text: str) -> str:
    """Half width and without spaces."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))
