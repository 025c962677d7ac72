"""Running heads that are printed over a table: the same words at the very same place of every page.

Belongs here: taking them out before tables are looked at. Does not belong here: heads and feet that stand on lines of their own,
and page numbers (`running_text`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.grammar.labels import likeness, vocabulary
from schemas.labels import label

from .content import Glyph, PageContent, cut_at_gaps, lines_of, text_of

# Shares of a page's height where they stand; characters of the shortest one; sizes of characters between two of its words.
_EDGE, _SHORTEST, _APART = 0.15, 6, 0.45
# Words are one label from so much likeness on.
_LIKE_A_LABEL = 0.7
# Steps of a point in which places are compared: what is printed again is printed at the very same one.
_STEPS = 10

_Spot = tuple[int, int, str]


def drop_running_heads(pages: Sequence[PageContent]) -> None:
    """Take out of every page's glyphs what all pages have at the same place, if it is a run of words and no label of a form.

    Nothing is taken from pages on which it stands on a line of its own: `running_text` knows what these are.
    """
    if len(pages) < 2 or len({(round(page.width), round(page.height)) for page in pages}) > 1:
        return
    common: set[_Spot] | None = None
    for page in pages:
        spots = {_spot(glyph) for glyph in _at_edges(page)}
        common = spots if common is None else common & spots
        if len(common) < _SHORTEST:
            return
    for page in pages:
        heads = [g for g in page.glyphs if _is_at_edge(g, page) and _spot(g) in (common or ())]
        if len(heads) < _SHORTEST:
            continue
        runs = [_words_of(run) for line in lines_of(heads) for run in cut_at_gaps(line.glyphs, _APART)]
        shared = set(heads)
        gone = {glyph for run in runs if run and _is_among_others(run, shared, page) for glyph in run}
        if gone:
            page.dropped.extend(glyph[:4] for glyph in gone)
            page.glyphs = [g for g in page.glyphs if g not in gone]


def _at_edges(page: PageContent) -> Iterator[Glyph]:
    # As `_is_at_edge` tells, which is not asked for every glyph of a page.
    low, high = _EDGE * page.height, (1 - _EDGE) * page.height
    yield from [g for g in page.glyphs if g[3] < low or g[1] > high]
    yield from [g for line in page.lines or () for g in line.glyphs if g[3] < low or g[1] > high]


def _is_at_edge(glyph: Glyph, page: PageContent) -> bool:
    return glyph[3] < _EDGE * page.height or glyph[1] > (1 - _EDGE) * page.height


def _spot(glyph: Glyph) -> _Spot:
    return round(glyph[0] * _STEPS), round(glyph[3] * _STEPS), glyph[4]


def _words_of(run: list[Glyph]) -> list[Glyph]:
    """A run without digits at its ends, which may be a table's; nothing where it is short, numbered, or a form's own words."""
    if sum(glyph[4] >= "\u2e80" for glyph in run) < _SHORTEST or _is_of_a_form(text_of(run)):
        return []
    while run and not run[0][4].isalpha():
        run = run[1:]
    while run and not run[-1][4].isalpha():
        run = run[:-1]
    is_short = sum(glyph[4] >= "\u2e80" for glyph in run) < _SHORTEST
    return [] if is_short or _is_of_a_form(text_of(run)) else run


def _is_of_a_form(text: str) -> bool:
    """Whether words are a label or a title, or the beginning or a line of one, or have a number as these have."""
    own, words = label(text), vocabulary()
    if own.number is not None or own.key in words.titles:
        return True
    return words.knows(own.key) or words.begins(own.key) or words.holds(own.key) or likeness(own.key) >= _LIKE_A_LABEL


def _is_among_others(run: Sequence[Glyph], common: set[Glyph], page: PageContent) -> bool:
    """Whether a head stands over rules, or on a line with what other pages do not have."""
    left, right = min(g[0] for g in run), max(g[2] for g in run)
    top, bottom = min(g[1] for g in run), max(g[3] for g in run)
    if any(g[1] < bottom and g[3] > top for g in page.glyphs if g not in common):
        return True
    return any(left < x < right and y0 < bottom and y1 > top for x, y0, y1 in page.vertical)


__all__ = ["drop_running_heads"]
