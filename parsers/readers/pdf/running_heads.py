"""Running heads that are printed over a table: the same words at the very same place of every page.

Belongs here: taking them out before tables are looked at. Does not belong here: heads and feet that stand on lines of their own,
and page numbers (`running_text`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.grammar.labels import key_of, vocabulary

from .content import Glyph, PageContent, cut_at_gaps, lines_of, text_of

# Shares of a page's height where they stand; characters of the shortest one; sizes of characters between two of its words.
_EDGE, _SHORTEST, _APART = 0.15, 6, 0.45
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
        gone = {g for line in lines_of(heads) for run in cut_at_gaps(line.glyphs, _APART) for g in _words_of(run)}
        if gone and _is_among_others(gone, set(heads), page):
            page.dropped.extend(glyph[:4] for glyph in gone)
            page.glyphs = [g for g in page.glyphs if g not in gone]


def _at_edges(page: PageContent) -> Iterator[Glyph]:
    yield from (g for g in page.glyphs if _is_at_edge(g, page))
    yield from (g for line in page.lines or () for g in line.glyphs if _is_at_edge(g, page))


def _is_at_edge(glyph: Glyph, page: PageContent) -> bool:
    return glyph[3] < _EDGE * page.height or glyph[1] > (1 - _EDGE) * page.height


def _spot(glyph: Glyph) -> _Spot:
    return round(glyph[0] * _STEPS), round(glyph[3] * _STEPS), glyph[4]


def _words_of(run: list[Glyph]) -> list[Glyph]:
    """A run without digits at its ends, which may be a table's; nothing where it is short or a label."""
    while run and not run[0][4].isalpha():
        run = run[1:]
    while run and not run[-1][4].isalpha():
        run = run[:-1]
    key, words = key_of(text_of(run)), vocabulary()
    is_short = sum(glyph[4] >= "\u2e80" for glyph in run) < _SHORTEST
    return [] if is_short or words.knows(key) or words.begins(key) or words.holds(key) else run


def _is_among_others(gone: set[Glyph], common: set[Glyph], page: PageContent) -> bool:
    """Whether a head stands over rules, or on a line with what other pages do not have."""
    left, right = min(g[0] for g in gone), max(g[2] for g in gone)
    top, bottom = min(g[1] for g in gone), max(g[3] for g in gone)
    if any(g[1] < bottom and g[3] > top for g in page.glyphs if g not in common):
        return True
    return any(left < x < right and y0 < bottom and y1 > top for x, y0, y1 in page.vertical)


__all__ = ["drop_running_heads"]
