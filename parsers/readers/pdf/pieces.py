"""Words of a table without rules: what is a figure, and where the words of a line part.

Belongs here: `Piece`, and cutting a line into pieces: figures apart from labels and from one another, letters set apart
put together. Does not belong here: which lines are a table (`strips`), rows and columns (`anchored`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from parsers.grammar.figures import has_digit, is_figure_word, is_value_like
from parsers.grammar.labels import vocabulary
from schemas.facts import Box
from schemas.labels import label

from .content import Glyph, Line, characters, has_gap, size_of, text_of, words_of
from .grid import is_uneven
from .running_text import PlacedLine

_AMONG_WORDS = re.compile(r"[^\W\d_]")
# A row's number behind a part of the label merged beside it; characters of a row's label, cut or not.
INNER_NUMBER = re.compile(r"[(（][一二三四五六七八九十⼀⼆⼗][)）]")
_OPENING, _CLOSING = "(（〔［[", ")）〕］]"
# Shares of the font size.
_FIGURES_APART = 0.36
_LABEL_APART, _WORDS_APART, _UNEVEN = 0.15, 0.6, 0.35
_MOST_CUTS = 48
# What it costs to cut where there is hardly a gap.
_HARDLY = 2.0
# Heads of neighbouring columns have at least this room.
HEADS_APART = 0.3


@dataclass(slots=True)
class Piece:
    """A word in a strip: vertical positions go on from page to page."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    glyphs: list[Glyph]
    page: int
    box: Box
    overprinted: bool = False
    is_figure: bool = False
    # Position of the line it stands on.
    line: int = 0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def height(self) -> float:
        height = self.bottom - self.top
        return height if height > 0.1 else 0.1


@dataclass(slots=True)
class FigureLine:
    """Figures on one baseline; ``cut``: of the first one a beginning may stand farther left."""

    pieces: list[Piece]
    cut: bool = False
    middle: float = field(init=False)
    height: float = field(init=False)

    def __post_init__(self) -> None:
        top, bottom = median([p.top for p in self.pieces]), median([p.bottom for p in self.pieces])
        self.middle = (top + bottom) / 2
        self.height = max(bottom - top, 1.0)


def pieces_of(placed: PlacedLine, words: Sequence[Line] | None = None) -> list[Piece]:
    """The words of a line (`words_of`, where the caller has them), still in the coordinates of their page."""
    line = placed.line
    found = words_of(line) if words is None else words
    groups = _cut_by_labels(line.glyphs) if _is_in_question(found) else [word.glyphs for word in found]
    if placed.framed:
        height = line.middle
        rules = [x for x, top, bottom in placed.page.vertical if top < height < bottom]
        groups = [part for glyphs in groups for part in _cut_at_rules(glyphs, rules)] if rules else groups
    # Most words are as their line's gaps have them: their text is known, and how high they are.
    known = {id(word.glyphs): word for word in found}
    out: list[Piece] = []
    for glyphs in groups:
        if (word := known.get(id(glyphs))) is not None:
            # A whole line's end may be another's: what it was put together of may reach farther.
            end = word.x1 if len(found) > 1 else max([g[2] for g in glyphs])
            text, box = word.text, (word.x0, word.top, end, word.bottom)
        else:
            lefts, tops, rights, bottoms, _ = zip(*glyphs, strict=True)
            text, box = _text_of(glyphs), (lefts[0], min(tops), max(rights), max(bottoms))
        figure = is_figure_word(text)
        mixed = line.overprinted or (figure and is_uneven(glyphs))
        out.append(Piece(*box, text, glyphs, placed.page.number, box, mixed, figure))
    return out


def _cut_at_rules(glyphs: list[Glyph], upright: Sequence[float]) -> list[list[Glyph]]:
    """A word cut where an upright rule stands beside a digit: what is near on the other side is another cell's.

    ``upright``: where rules go through its line.
    """
    left, right = glyphs[0][0], glyphs[-1][2]
    rules = [x for x in upright if left < x < right]
    if not rules:
        return [glyphs]
    between = [i for i, (a, b) in enumerate(pairwise(glyphs), start=1) if a[4].isdigit() or b[4].isdigit()]
    cuts = [i for i in between if any(_parts(glyphs[i - 1], x, glyphs[i]) for x in rules)]
    return [glyphs[a:b] for a, b in pairwise([0, *cuts, len(glyphs)])]


def _parts(before: Glyph, x: float, after: Glyph) -> bool:
    """Whether a rule stands between the middles of two characters."""
    return before[0] + before[2] < 2 * x < after[0] + after[2]


def _text_of(glyphs: list[Glyph]) -> str:
    """The text of a word; a label that is spread over its cell has no spaces."""
    text = text_of(glyphs)
    return text if is_figure_word(text) or not has_gap(glyphs, _WORDS_APART) else text.replace(" ", "")


def _is_in_question(words: Sequence[Line]) -> bool:
    """Whether the words of a line may be others than its gaps tell: single characters, or gaps that are none."""
    before = False
    for word in words:
        count = len(word.glyphs)
        if count == 1 and word.glyphs[0][4] >= "\u2e80":
            if before:
                return True
            before = True
            continue
        before = False
        if count > 1 and (
            (word.gapped and has_gap(word.glyphs, _LABEL_APART)) or INNER_NUMBER.search(word.text, 1) is not None
        ):
            return True
    return False


def _cut_by_labels(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """The glyphs of a line as words: the division over all in which labels, their lines and figures are whole.

    A gap is no end of a word where a label is spread over its cell (分散对齐), and a word may end at hardly a gap.
    """
    n = len(glyphs)
    sizes = list(map(size_of, glyphs))
    # In sizes of the larger character: punctuation says little about the font.
    rooms = [(b[0] - a[2]) / max(sizes[i], sizes[i + 1]) for i, (a, b) in enumerate(pairwise(glyphs))]
    # Behind which of them the room is one between Chinese characters.
    han = [a[4].isalpha() and b[4].isalpha() and a[4] >= "\u2e80" <= b[4] for a, b in pairwise(glyphs)]
    # Each with the space in front of it.
    chars = characters(glyphs)
    text = "".join([glyph[4] for glyph in glyphs])
    ends = {m.start() for m in INNER_NUMBER.finditer(text)}
    # No word ends right behind an opening bracket, or begins with a closing one.
    held = {
        i + 1
        for i, (a, b) in enumerate(pairwise(text))
        if rooms[i] <= _FIGURES_APART and (a in _OPENING or b in _CLOSING)
    }
    cuts = [0, *(i + 1 for i, room in enumerate(rooms) if room > _LABEL_APART or i + 1 in ends), n]
    cuts = [cut for cut in cuts if cut not in held]
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("-inf"), 0)] * (len(cuts) - 1)
    for k in range(1, len(cuts)):
        end = cuts[k]
        within = _Rooms()
        for j in range(k - 1, max(-1, k - 1 - _MOST_CUTS), -1):
            start = cuts[j]
            within.add(rooms[start : cuts[j + 1] - (j + 1 == k)], han[start : cuts[j + 1] - (j + 1 == k)])
            if within.spread and within.uneven:
                # Nor is a longer one a word.
                break
            if best[j][0] == float("-inf"):
                continue
            worth = _worth_as_word("".join(chars[start:end]).lstrip(" "), within)
            if worth is None:
                continue
            worth += best[j][0] - (_HARDLY if j and rooms[start - 1] <= _FIGURES_APART and start not in ends else 0.0)
            if worth > best[k][0]:
                best[k] = (worth, j)
    out: list[list[Glyph]] = []
    k = len(cuts) - 1
    while k:
        j = best[k][1]
        out.append(glyphs[cuts[j] : cuts[k]])
        k = j
    return out[::-1]


@dataclass(slots=True)
class _Rooms:
    """How far the characters of a word stand apart: the widest room, and the least and the most between Chinese ones."""

    widest: float | None = None
    least: float = float("inf")
    most: float = float("-inf")

    def add(self, rooms: list[float], han: list[bool]) -> None:
        """``han``: which of the rooms are between Chinese characters."""
        if not rooms:
            return
        widest = max(rooms)
        self.widest = widest if self.widest is None or widest > self.widest else self.widest
        if True in han:
            between = [room for room, own in zip(rooms, han, strict=True) if own]
            self.least, self.most = min(self.least, *between), max(self.most, *between)

    @property
    def spread(self) -> bool:
        return self.widest is not None and self.widest > _WORDS_APART

    @property
    def uneven(self) -> bool:
        """Whether Chinese characters are not set apart evenly, as they are in a cell that they fill."""
        return self.most - self.least > _UNEVEN


def _worth_as_word(text: str, within: _Rooms) -> float | None:
    """How good the text of some neighbouring glyphs is as one word, with the rooms within; None where it is none."""
    widest = within.widest or 0.0
    spread = within.spread
    if widest <= _FIGURES_APART and is_figure_word(text):
        return 1.0 + 0.1 * len(text)
    if not spread and has_digit(text) and is_value_like(text) and _AMONG_WORDS.search(text):
        # 增加 2 项
        return 2.0 * len(text) - 2.0
    if widest > _FIGURES_APART and not _AMONG_WORDS.search(text):
        return None
    if spread and (within.most == float("-inf") or within.uneven or widest > within.most + _UNEVEN):
        return None
    return _worth_as_label(text, spread=spread)


def _worth_as_label(text: str, *, spread: bool) -> float | None:
    """A label counts for its characters, a line of one for a little less: a long one is better than two shorter."""
    key = label(text).key
    words = vocabulary()
    if words.knows(key):
        return 2.0 * len(key) - 2.0
    if len(key) > 1 and words.holds(key):
        return 1.7 * len(key) - 2.0
    # Digits make no word longer: they may be a figure close behind it.
    worth = 1.0 if INNER_NUMBER.search(text, 1) else 1.2
    return None if spread else worth * sum(map(str.isalpha, key)) - 2.0
