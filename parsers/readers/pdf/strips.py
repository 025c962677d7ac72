"""Runs of lines that are a table without (enough) ruling lines, found among the lines of text.

Belongs here: telling lines of a table from headings and prose by the labels and figures in them, and putting the lines
of consecutive pages under one another. Does not belong here: rows and columns (`anchored`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from statistics import median

from parsers.grammar.figures import is_value_like
from schemas.facts import Box
from schemas.labels import label

from .content import Glyph, Line, PageContent, Rule, cut_at_gaps, has_digit, size_of, text_of, words_of
from .grid import Fragment
from .running_text import PlacedLine
from .vocabulary import is_like_a_beginning, likeness, vocabulary

# A word wider than this share of the page is prose, unless it is a label.
_PROSE_WIDTH = 0.5
_PROSE_LENGTH = 26
# A label's first character, if the label is long enough to be taken for prose.
_LABEL_STARTS = frozenset("(（[【“0123456789０１２３４５６７８９一二三四五六七八九十⼀⼆⼗第")
_MOST_LINES = 2_000
_LONGEST_LABEL = 16
# So many known words are a table even without a figure.
_MOST_HEADS = 8
# Characters of a line of a narrow column's head.
_SHORT_HEAD = 4
# Points within which figures stand under one another; shares of a page's figures that do after it was moved, and more
# than before.
_SAME_PLACE, _FITS, _BETTER = 1.5, 0.6, 0.3
_BESIDE_RULE = 15.0
# So many of them written downwards; points by which the middles of their characters differ; heads of neighbouring
# columns may look like one short word.
_UPRIGHT_HEADS, _UPRIGHT, _MOST_BESIDE = 5, 2.5, 8
# A line that is so like a row's label is no title.
_LIKE_A_ROW = 0.8
# A short word with a digit is a cell as well: 约300.
_SHORT_WORD = 7
_NOTE_BEGUN = re.compile(r"[\d０-９][\d０-９,，.]*[(（]")
# A figure cut behind its separator or within a group of thousands; a label's number has no third digit.
_CUT = re.compile(r"[\d０-９]{1,3}(?:[,，][\d０-９]{3})*[,，][\d０-９]{0,2}|[\d０-９]{3,}[.．]")
# A row's number behind a part of the label merged beside it; characters of a row's label, cut or not.
_INNER_NUMBER = re.compile(r"[(（][一二三四五六七八九十⼀⼆⼗][)）]")
_FEWEST_OF_LABEL = 4
_NUMBER_ALONE = re.compile(r"[（(]?[一二三四五六七八九十\d]{0,3}[）)、.．]?")
# Shares of the font size.
_FIGURES_APART = 0.36
_LABEL_APART = 0.15
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
    """Figures on one baseline."""

    pieces: list[Piece]
    middle: float = field(init=False)
    height: float = field(init=False)

    def __post_init__(self) -> None:
        tops, bottoms = [p.top for p in self.pieces], [p.bottom for p in self.pieces]
        self.middle = (median(tops) + median(bottoms)) / 2
        self.height = max(median(bottoms) - median(tops), 1.0)


@dataclass(slots=True)
class Strip:
    """The lines of one table, page under page, and the level rules between them."""

    lines: list[list[Piece]]
    rules: list[Rule]
    ocr: bool = False
    pages: list[int] = field(default_factory=list)
    box: Box = (0.0, 0.0, 0.0, 0.0)
    # More text follows on the last page.
    closed: bool = False
    # Something is drawn or noted among the lines, or was left out of them as a page number: a figure may be hidden by it.
    obscured: bool = False


@dataclass(slots=True)
class _Seen:
    """A line and what its words say about it."""

    placed: PlacedLine
    words: list[Piece]
    figures: int
    known: int
    kind: str


def find(
    items: Sequence[PlacedLine | Fragment], surveyed: set[int], pages: dict[int, PageContent]
) -> list[PlacedLine | Fragment | Strip]:
    """The same items, runs of lines that are a table replaced by strips."""
    out: list[PlacedLine | Fragment | Strip] = []
    run: list[_Seen] = []

    def flush() -> None:
        if run:
            out.extend(_settle(run, pages))
            run.clear()

    for item in items:
        if isinstance(item, Fragment):
            flush()
            out.append(item)
            continue
        if item.page.number not in surveyed or len(run) >= _MOST_LINES:
            flush()
            out.append(item)
            continue
        seen = _look(item)
        if seen.kind in ("title", "prose"):
            flush()
            out.append(item)
        else:
            run.append(seen)
    flush()
    for strip, after in pairwise(out):
        if isinstance(strip, Strip):
            if isinstance(after, Strip):
                page = after.pages[0]
            else:
                page = after.page if isinstance(after, Fragment) else after.page.number
            strip.closed = page == strip.pages[-1]
    return out


def _look(placed: PlacedLine) -> _Seen:
    found = words_of(placed.line)
    if len(found) == 1 and not placed.framed and _is_plainly_prose(placed):
        return _Seen(placed, [], 0, 0, "prose")
    words = pieces_of(placed, found)
    figures = known = 0
    for word in words:
        if word.is_figure:
            figures += 1
            continue
        known += _known(word.text)
    kind = "table" if figures >= 2 or (figures and known) or known >= 2 else "other"
    if kind == "other":
        kind = _kind(placed, words, known)
    return _Seen(placed, words, figures, known, kind)


def _is_plainly_prose(placed: PlacedLine) -> bool:
    """Whether a line of one word is long and begins with no numbering: prose, without asking what it means."""
    line, text = placed.line, placed.text
    long = len(text) > _PROSE_LENGTH or line.x1 - line.x0 > _PROSE_WIDTH * placed.page.width
    return long and text[0] not in _LABEL_STARTS and " " not in text and not _INNER_NUMBER.search(text, 1, _MOST_BESIDE)


def _kind(placed: PlacedLine, words: Sequence[Piece], known: int) -> str:
    """Title, prose or neither, of a line that is no row of a table by itself."""
    vocab = vocabulary()
    text = placed.text
    spelt = label(text)
    if spelt.key in vocab.titles and not vocab.knows(spelt.key):
        return "title"
    if placed.framed:
        return "other"
    numbered = spelt.number is not None and spelt.number[0] == 1 and len(spelt.key) >= 4
    # A row's label has such a number as well, and may be misprinted.
    if numbered and not known and len(words) == 1 and likeness(spelt.key) < _LIKE_A_ROW:
        return "other" if is_like_a_beginning(spelt.key) else "title"
    if known:
        return "other"
    if len(words) == 1 and (words[0].x1 - words[0].x0 > _PROSE_WIDTH * placed.page.width or len(text) > _PROSE_LENGTH):
        return "prose"
    if len(text) > 2 * _PROSE_LENGTH:
        return "prose"
    return "other"


@lru_cache(maxsize=16_384)
def is_figure_word(text: str) -> bool:
    """Whether a word is a figure, perhaps with unit, sign or note, or one of the short marks for nothing."""
    if has_digit(text):
        if _CUT.fullmatch(text):
            return True
        if text[-1] in ".．、":
            return False
        if is_value_like(text) or _NOTE_BEGUN.match(text):
            return True
        return len(text) <= _SHORT_WORD and label(text).number is None
    return len(text) < 4 and is_value_like(text)


def pieces_of(placed: PlacedLine, words: Sequence[Line] | None = None) -> list[Piece]:
    """The words of a line (`words_of`, where the caller has them), still in the coordinates of their page."""
    out: list[Piece] = []
    for word in _spread_together(words_of(placed.line) if words is None else words):
        text = word.text
        for glyphs in _figures_apart(word.glyphs, text):
            x0, x1, part = word.x0, word.x1, text
            if len(glyphs) < len(word.glyphs):
                x0, x1, part = glyphs[0][0], max([g[2] for g in glyphs]), text_of(glyphs)
            box = (x0, word.top, x1, word.bottom)
            out.append(
                Piece(
                    x0,
                    word.top,
                    x1,
                    word.bottom,
                    part,
                    glyphs,
                    placed.page.number,
                    box,
                    placed.line.overprinted,
                    is_figure_word(part),
                )
            )
    return out


def _spread_together(words: Sequence[Line]) -> Sequence[Line]:
    """Single characters side by side that are a label as one word: 其 他."""
    singles = [len(word.glyphs) == 1 and word.glyphs[0][4] >= "\u2e80" for word in words]
    if not any(a and b for a, b in pairwise(singles)):
        return words
    knows = vocabulary().knows
    out: list[Line] = []
    start = 0
    while start < len(words):
        end = start + 1
        while end < len(words) and singles[start] and singles[end]:
            end += 1
        # The longest first, so that a label is not taken for the shorter one that it begins with.
        while end > start + 1 and not knows(label("".join(word.text for word in words[start:end])).key):
            end -= 1
        group = words[start:end]
        out.append(group[0] if len(group) == 1 else _one_word(group))
        start = end
    return out


def _one_word(group: Sequence[Line]) -> Line:
    glyphs = [glyph for word in group for glyph in word.glyphs]
    top, bottom = min(word.top for word in group), max(word.bottom for word in group)
    return Line(group[0].x0, top, group[-1].x1, bottom, glyphs, gapped=False)


def _figures_apart(glyphs: list[Glyph], text: str) -> list[list[Glyph]]:
    """Figures of narrow columns stand nearer than words do, but farther than the space that groups digits."""
    if not has_digit(text):
        return _merged_and_label(glyphs) if _INNER_NUMBER.search(text, 1) else [glyphs]
    if " " not in text:
        return _label_and_figure(glyphs)
    groups = cut_at_gaps(glyphs, _FIGURES_APART)
    return groups if all(is_figure_word(text_of(group)) for group in groups) else _label_and_figure(glyphs)


def _merged_and_label(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Some characters of a merged label and the row's own label close behind them, without paddings, are two words."""
    text = "".join([glyph[4] for glyph in glyphs])
    found = _INNER_NUMBER.search(text, 1)
    if found is None:
        return [glyphs]
    before, own = text[: found.start()], label(text[found.start() :]).key
    if (
        len(own) < _FEWEST_OF_LABEL
        or own not in vocabulary().beside_prefixes
        or not vocabulary().is_part_of_any(before)
    ):
        return [glyphs]
    return [glyphs[: found.start()], glyphs[found.start() :]]


def _label_and_figure(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """A row's whole label and the figure close behind it, of a table without paddings, are two words."""
    end = len(glyphs)
    while end and (glyphs[end - 1][4].isdigit() or glyphs[end - 1][4] in ",，."):
        end -= 1
    if not 1 < end < len(glyphs):
        return [glyphs]
    before, after = glyphs[end - 1], glyphs[end]
    if after[0] - before[2] < _LABEL_APART * size_of(before):
        return [glyphs]
    if label("".join([g[4] for g in glyphs[:end]])).key not in vocabulary().beside:
        return [glyphs]
    return [glyphs[:end], glyphs[end:]]


def _settle(run: Sequence[_Seen], pages: dict[int, PageContent]) -> list[PlacedLine | Fragment | Strip]:
    """A run of lines between headings and prose: its table, if it has one, and the lines before and after."""
    telling = [i for i, seen in enumerate(run) if seen.kind == "table"]
    figures = sum(run[i].figures for i in telling)
    known = sum(seen.known for seen in run)
    if telling and not figures:
        # Heads of narrow columns stand near one another.
        known = sum(
            _known(text_of(part))
            for seen in run
            for word in seen.words
            for part in cut_at_gaps(word.glyphs, HEADS_APART)
        )
    upright = _upright_heads(run) if not figures and known > 1 else None
    if upright is not None:
        telling = sorted({upright, *(i for i, seen in enumerate(run) if seen.known)})
    elif not telling or known < (2 if figures else _MOST_HEADS):
        return [seen.placed for seen in run]
    # Labels wrapped over several lines may begin above the first such line and end below the last.
    near = [i for i, seen in enumerate(run) if seen.known or seen.placed.framed or seen.figures == len(seen.words)]
    first = min((i for i in near if telling[0] - i <= _LONGEST_LABEL), default=telling[0])
    first, last = min(first, telling[0]), telling[-1]
    while first and _comes_before(run[first - 1], run[first]):
        first -= 1
    for i in near:
        # Rows of blanks are labels alone.
        if last < i <= last + _LONGEST_LABEL:
            last = i
    while last + 1 < len(run) and _continues(run[last], run[last + 1]):
        last += 1
    out: list[PlacedLine | Fragment | Strip] = [seen.placed for seen in run[:first]]
    out.append(_strip(run[first : last + 1], pages))
    out.extend(seen.placed for seen in run[last + 1 :])
    return out


def _upright_heads(run: Sequence[_Seen]) -> int | None:
    """The first line of the heads of a table's columns where they are written downwards, a character on each line."""
    # Middle, first line, characters.
    stacks: list[tuple[float, int, list[str]]] = []
    short = [(n, word.glyphs) for n, seen in enumerate(run) for word in seen.words if len(word.glyphs) < _MOST_BESIDE]
    for n, glyphs in short[:_MOST_LINES]:
        for x0, _, x1, _, char in glyphs:
            center = (x0 + x1) / 2
            stack = next((chars for x, _, chars in stacks if abs(x - center) < _UPRIGHT), None)
            if stack is None:
                stacks.append((center, n, [char]))
            else:
                stack.append(char)
    columns = [column for column in vocabulary().columns if len(column) > 1]
    found = [n for _, n, chars in stacks if len(chars) > 1 and any("".join(chars).endswith(c) for c in columns)]
    return min(found) if len(found) >= _UPRIGHT_HEADS else None


def _known(text: str) -> bool:
    """Whether a word is a label or begins one."""
    vocab = vocabulary()
    key = label(text).key
    return bool(key) and (vocab.knows(key) or vocab.begins(key))


def _continues(before: _Seen, after: _Seen) -> bool:
    """Whether a line below the last one may be the rest of a wrapped label, or of wrapped heads: close below it."""
    if before.placed.page is not after.placed.page or not before.words:
        return False
    gap = after.placed.line.top - before.placed.line.bottom
    if len(after.words) > 2:
        parts = [part for word in after.words for part in cut_at_gaps(word.glyphs, HEADS_APART)]
        return gap < 0.5 * after.placed.line.height and all(len(part) < 4 for part in parts)
    return gap < 0.5 * after.placed.line.height and after.words[0].x1 < before.words[-1].x0


def _comes_before(before: _Seen, after: _Seen) -> bool:
    """Whether a line above the first one is the beginning of heads written downwards or wrapped: close above it."""
    if before.placed.page is not after.placed.page or before.kind in ("title", "prose") or not before.words:
        return False
    gap = after.placed.line.top - before.placed.line.bottom
    return gap < 0.5 * after.placed.line.height and all(len(word.text) < _SHORT_HEAD for word in before.words)


def _side_by_side(lines: Sequence[Sequence[Piece]], rules: list[Rule]) -> list[Rule]:
    """Move the words of later pages to where they stand on the first: margins differ from page to page.

    Of all moves that bring a page's outermost words, or the ends of its rules, together with the first page's, the one
    is right after which most figures stand under or over others. Returns the rules, moved as well.
    """
    by_page: dict[int, list[Piece]] = {}
    for line in lines:
        by_page.setdefault(line[0].page, []).extend(line)
    if len(by_page) < 2:
        return rules
    numbers = iter(by_page)
    first = by_page[next(numbers)]
    places = sorted(x for p in first if p.is_figure for x in (p.x0, p.center, p.x1))
    out = [rule for rule in rules if rule[0] <= max(p.bottom for p in first)]
    for number in numbers:
        own = by_page[number]
        top, bottom = min(p.top for p in own), max(p.bottom for p in own)
        level = [rule for rule in rules if top - _BESIDE_RULE < rule[0] <= bottom + _BESIDE_RULE and rule not in out]
        best = _move(first, places, out, own, level)
        if best:
            for piece in own:
                piece.x0, piece.x1 = piece.x0 + best, piece.x1 + best
                piece.glyphs = [(g[0] + best, g[1], g[2] + best, g[3], g[4]) for g in piece.glyphs]
            level = [(y, x0 + best, x1 + best) for y, x0, x1 in level]
        out += level
    return sorted(out)


def _move(
    first: Sequence[Piece], places: Sequence[float], above: Sequence[Rule], own: Sequence[Piece], level: Sequence[Rule]
) -> float:
    """How far a page's words have to be moved to the right."""
    moves = {0.0, min(p.x0 for p in first) - min(p.x0 for p in own), max(p.x1 for p in first) - max(p.x1 for p in own)}
    if level and above:
        left = min(r[1] for r in above) - min(r[1] for r in level)
        right = max(r[2] for r in above) - max(r[2] for r in level)
        if abs(left - right) < _SAME_PLACE:
            # As wide as on the first page.
            return left if abs(left) > _SAME_PLACE else 0.0
        moves |= {left, right}
    figures = [p for p in own if p.is_figure]
    fits = {move: sum(_is_near(places, p, move) for p in figures) for move in moves}
    best = max(moves, key=lambda move: (fits[move], -abs(move)))
    better = figures and fits[best] > _FITS * len(figures) and fits[0.0] < fits[best] - _BETTER * len(figures)
    return best if better else 0.0


def _is_near(places: Sequence[float], piece: Piece, move: float) -> bool:
    """Whether an edge or the middle of a figure stands at one of some places."""
    for x in (piece.x0 + move, piece.center + move, piece.x1 + move):
        i = bisect_left(places, x - _SAME_PLACE)
        if i < len(places) and places[i] <= x + _SAME_PLACE:
            return True
    return False


def _without_gaps(lines: list[list[Piece]]) -> list[list[Piece]]:
    """The lines, labels beside the figures put together whose last lines are spread over their cells (分散对齐).

    Words are one line of a label if some label holds them together, and another label stands where the gap is.
    """
    firsts = sorted(next((p.x0 for p in line if p.is_figure), float("inf")) for line in lines)
    border = firsts[len(firsts) // 4]
    beside = [[p for p in line if p.x1 < border and not p.is_figure] for line in lines]
    if not any(_is_single(p) for words in beside for p in words):
        return lines
    covering = [p for words in beside for p in words if len(p.text) > 1]
    out: list[list[Piece]] = []
    for line in lines:
        joined: list[Piece] = []
        for piece in line:
            if joined and piece.x1 < border and _is_spread(joined[-1], piece, covering):
                joined[-1] = _one_piece(joined[-1], piece)
            else:
                joined.append(piece)
        out.append(joined)
    return out


def _is_single(piece: Piece) -> bool:
    """Whether a word is one character, or (part of) a label's number alone."""
    text = piece.text
    return not piece.is_figure and ((len(text) == 1 and text >= "\u2e80") or bool(_NUMBER_ALONE.fullmatch(text)))


def _is_spread(before: Piece, piece: Piece, covering: Sequence[Piece]) -> bool:
    if before.is_figure or piece.is_figure or not (_is_single(before) or _is_single(piece)):
        return False
    both = before.text + piece.text
    key = label(both).key
    if not (vocabulary().holds(key) if key else _NUMBER_ALONE.fullmatch(both)):
        return False
    left, right = before.x1 - 1.0, piece.x0 + 1.0
    return any(p.x0 < left and p.x1 > right and p is not before and p is not piece for p in covering)


def _one_piece(before: Piece, piece: Piece) -> Piece:
    text = before.text + piece.text
    box = (before.box[0], min(before.box[1], piece.box[1]), piece.box[2], max(before.box[3], piece.box[3]))
    return replace(
        before,
        top=min(before.top, piece.top),
        x1=piece.x1,
        bottom=max(before.bottom, piece.bottom),
        text=text,
        glyphs=before.glyphs + piece.glyphs,
        box=box,
    )


def _strip(run: Sequence[_Seen], pages: dict[int, PageContent]) -> Strip:
    lines: list[list[Piece]] = []
    rules: list[Rule] = []
    numbers: list[int] = []
    offset = 0.0
    end = 0.0
    obscured = False
    for n, seen in enumerate(run):
        page = seen.placed.page
        if page.number not in numbers:
            numbers.append(page.number)
            on_page = [s.placed.line for s in run[n:] if s.placed.page is page]
            top, bottom = min(ln.top for ln in on_page), max(ln.bottom for ln in on_page)
            # The first line of a page stands as far below the last one as lines of one label do.
            offset = end - top + (0.2 * seen.placed.line.height if len(numbers) > 1 else 0.0)
            rules.extend(
                (y + offset, x0, x1) for y, x0, x1 in page.horizontal if top - 15 <= y <= bottom + 15 and x1 - x0 > 5
            )
            end = bottom + offset
            marks = (*page.pictures, *(box for box, _ in page.notes), *page.dropped)
            obscured = obscured or any(top - 5 < (y0 + y1) / 2 < bottom + 5 for _, y0, _, y1 in marks)
        for word in seen.words:
            word.top += offset
            word.bottom += offset
            word.line = len(lines)
        lines.append(seen.words)
    rules = _side_by_side(lines, rules)
    x0 = min(w.x0 for ws in lines for w in ws)
    x1 = max(w.x1 for ws in lines for w in ws)
    first_page = [s.placed.line for s in run if s.placed.page.number == numbers[0]]
    return Strip(
        _without_gaps(lines),
        sorted(rules),
        any(pages[n].ocr for n in numbers),
        numbers,
        (x0, min(ln.top for ln in first_page), x1, max(ln.bottom for ln in first_page)),
        obscured=obscured,
    )
