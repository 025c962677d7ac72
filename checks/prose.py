"""The text of a report: its sections, and what is said in each.

Belongs here: finding the headings of the form's sections in running text and paragraphs, and the text of a section. Does
not belong here: what is wrong with it (`prose_rules`), and any wording (`prose.toml`, the titles: `schemas/forms`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate

from schemas import forms
from schemas.facts import Place, Report
from schemas.forms import SectionRole
from schemas.labels import fold, han_number

from .rules import data

_DIGIT = re.compile(r"\d")
# A heading with a paragraph of its own is not longer.
_HEADING = 40
# What stands behind a heading in a list of contents: dots and the number of its page.
_LEADER = re.compile(r"[.·…⋯—–\-_(]*[0-9]{1,3}\)?")
# So many headings of sections, one after the other, are a list; sub-headings between them say so much at most.
_FEWEST_LISTED, _BETWEEN = 3, 150
_NOWHERE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Heading:
    """Where section ``n`` begins: passage and position in its folded text. ``number`` as printed, None if not."""

    n: int
    number: int | None
    passage: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A section's text, folded, without its heading."""

    n: int
    text: str
    place: Place


@dataclass(frozen=True)
class _Patterns:
    numbered: re.Pattern[str]
    alone: re.Pattern[str]


@cache
def _patterns(form_id: str) -> _Patterns:
    raw = data("prose.toml")
    titles = "|".join(f"(?P<s{s.n}>{s.pattern})" for s in forms.load(form_id).sections.values())
    return _Patterns(
        re.compile(f"(?<![第(〔]){raw['number']}(?:{titles})"),
        re.compile(f"(?:{raw['number']})?(?:{titles}){raw['after']}$"),
    )


def pattern(*path: str) -> re.Pattern[str]:
    """A pattern of `prose.toml` by its keys."""
    return _pattern(path)


@cache
def _pattern(path: tuple[str, ...]) -> re.Pattern[str]:
    value = data("prose.toml")
    for key in path:
        value = value[key]
    assert isinstance(value, str)
    return re.compile(value)


@cache
def _needs(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(data("prose.toml")["needs"].get(".".join(path), ()))


def holds_one(text: str, needs: Sequence[str]) -> bool:
    """Whether a text holds one of some words, or none is asked for."""
    for word in needs:
        if word in text:
            return True
    return not needs


def may_match(text: str, *path: str) -> bool:
    """Whether a text has what every match of a pattern of `prose.toml` has; else it need not be searched."""
    needs = _needs(path)
    for word in needs:
        if word in text:
            return True
    return not needs


class Prose:
    """The passages of one report, folded, and its sections: those of its form, or of the form for its year."""

    def __init__(self, report: Report) -> None:
        self.form = forms.with_sections(report.form, report.year)
        self.passages = report.passages
        self.texts = [fold(p.text) for p in report.passages]
        # To ask once for all whether a word is there.
        self.whole = "\n".join(self.texts)
        # Many rules ask for the same words.
        self._holding: dict[str, frozenset[int]] = {}

    @cached_property
    def _starts(self) -> list[int]:
        """Where each text begins in the whole."""
        return list(accumulate((len(text) + 1 for text in self.texts[:-1]), initial=0))

    @cached_property
    def _characters(self) -> frozenset[str]:
        return frozenset(self.whole)

    @cached_property
    def counting(self) -> list[tuple[int, str]]:
        """The texts with a figure, each with its passage (from 0): a pattern with a digit matches in no other."""
        return [(i, text) for i, text in enumerate(self.texts) if _DIGIT.search(text) is not None]

    def holding(self, words: Sequence[str]) -> list[tuple[int, str]]:
        """The texts that hold one of some words, each with its passage (from 0); all where no word is asked for."""
        if not words:
            return list(enumerate(self.texts))
        known, found, characters = self._holding, None, self._characters
        for word in words:
            there = known.get(word)
            if there is None:
                # Most words are asked for in vain, and have a character that is nowhere.
                there = known[word] = self._where(word) if characters.issuperset(word) else _NOWHERE
            if there:
                found = there if found is None else found | there
        return [(i, self.texts[i]) for i in sorted(found)] if found is not None else []

    def _where(self, word: str) -> frozenset[int]:
        """The passages that hold a word."""
        at = self.whole.find(word)
        if at < 0:
            return _NOWHERE
        found: set[int] = set()
        while at >= 0:
            i = bisect_right(self._starts, at) - 1
            found.add(i)
            at = self.whole.find(word, self._starts[i] + len(self.texts[i]))
        return frozenset(found)

    def searched(self, *path: str) -> list[tuple[int, str]]:
        """The texts in which a pattern of `prose.toml` may match, each with its passage (from 0)."""
        return self.holding(_needs(path))

    @cached_property
    def is_cut(self) -> bool:
        """Whether this copy leaves out text, by its own account."""
        return may_match(self.whole, "omission") and any(self.leaves_out(t) for t in self.texts)

    def leaves_out(self, text: str) -> bool:
        return may_match(text, "omission") and pattern("omission").search(text) is not None

    @cached_property
    def headings(self) -> list[Heading]:
        """Every heading of one of the form's sections, in reading order; what a list of contents names is none."""
        found = [h for i, text in enumerate(self.texts) for h in self._headings_in(i, text)]
        behind = [self._between(a, b) for a, b in zip(found, [*found[1:], None], strict=True)] if found else []
        paged = {i for i, heading in enumerate(found) if _LEADER.fullmatch(self._rest(heading, found[i + 1 :]))}
        listed = set(paged) if len(paged) >= _FEWEST_LISTED else set()
        first = min(self.form.sections, default=0)
        start = 0
        for i, heading in enumerate(found):
            end = i + 1
            if end < len(found) and found[end].n > heading.n and len(behind[i]) <= _BETWEEN and "。" not in behind[i]:
                continue
            again = {h.n for h in found[end:]}
            named = [h.n in again for h in found[start:end]]
            # Without pages: they are named once more, with their text; where the list begins with the overview, which
            # has words everywhere, most of them will do.
            most = found[start].n == first and 2 * sum(named) > len(named)
            if len(named) >= _FEWEST_LISTED and (most or all(named)):
                listed.update(range(start, end))
            start = end
        return [heading for i, heading in enumerate(found) if i not in listed]

    def _rest(self, heading: Heading, following: Sequence[Heading]) -> str:
        """What stands behind a heading in its own passage, up to the next one."""
        end = following[0].start if following and following[0].passage == heading.passage else None
        return self.texts[heading.passage][heading.end : end]

    @cached_property
    def _titles(self) -> _Patterns:
        return _patterns(self.form.id)

    @cached_property
    def _number_within(self) -> re.Pattern[str]:
        return pattern("number_within")

    def _headings_in(self, passage: int, text: str) -> Iterator[Heading]:
        patterns = self._titles
        if len(text) <= _HEADING:
            bare = text.lstrip("|丨·•*#-—_ 1l")
            m = patterns.alone.match(bare) or (patterns.alone.match(text) if bare != text else None)
            if m is not None:
                yield self._heading(m, passage, 0, len(text))
                return
        # Most passages hold no number that may stand in front of a title: looking for one is cheaper than for all titles.
        if self._number_within.search(text) is None:
            return
        for m in patterns.numbered.finditer(text):
            yield self._heading(m, passage, m.start(), m.end())

    def _heading(self, m: re.Match[str], passage: int, start: int, end: int) -> Heading:
        n = next(int(name[1:]) for name, text in m.groupdict().items() if text is not None and name[0] == "s")
        printed = m["han"] or m["part"]
        return Heading(n, han_number(printed) if printed else None, passage, start, end)

    @cached_property
    def sections(self) -> dict[int, Section]:
        """The text of each section that has a heading; of several with one heading the longest."""
        out: dict[int, Section] = {}
        for heading, following in zip(self.headings, [*self.headings[1:], None], strict=False):
            text = self._between(heading, following)
            if heading.n not in out or len(text) > len(out[heading.n].text):
                out[heading.n] = Section(heading.n, text, self.passages[heading.passage].place)
        return out

    def section(self, role: SectionRole) -> Section | None:
        """The section of a role, where it has a heading."""
        found = self.form.section(role)
        return self.sections.get(found.n) if found is not None else None

    def _between(self, heading: Heading, following: Heading | None) -> str:
        last = following.passage if following is not None else len(self.texts) - 1
        parts = [self.texts[i] for i in range(heading.passage, last + 1)]
        if following is not None:
            parts[-1] = parts[-1][: following.start]
        parts[0] = parts[0][heading.end :]
        return "".join(parts)

    def paragraphs(self, n: int) -> list[tuple[int, str]]:
        """The paragraphs between a section's first heading and the next one, each with its passage (from 0)."""
        at = next((i for i, h in enumerate(self.headings) if h.n == n), None)
        if at is None:
            return []
        heading = self.headings[at]
        following = self.headings[at + 1] if at + 1 < len(self.headings) else None
        if following is not None and heading.passage == following.passage:
            return [(heading.passage, self.texts[heading.passage][heading.end : following.start])]
        last = following.passage if following is not None else len(self.texts)
        own = [(heading.passage, self.texts[heading.passage][heading.end :])]
        return own + [(i, self.texts[i]) for i in range(heading.passage + 1, last)]
