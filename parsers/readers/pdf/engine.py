"""The first engine from bytes to document.

Belongs here: the order of work on a file, what makes a file unreadable, and the evidence handed on.
Does not belong here: any single step.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from statistics import median

from parsers.document import Document, Evidence, Paragraph, importing
from parsers.grammar.figures import is_figure, is_figure_word
from parsers.grammar.labels import vocabulary
from schemas.facts import Box, Place, Problem, Residue
from schemas.labels import label

from . import accounted, anchored, cut_rows, health, joining, layout, ruled, running_text, strips
from .content import Line, PageContent, lines_of, words_of
from .grid import Fragment
from .ink import Ink

MEDIA_TYPE = "application/pdf"
# Of a longer file only so many pages are read: reports are short, and a longer file is something else.
MOST_PAGES = 300
# Without a single statutory label every page of a short file is looked at for ruled tables (circulars, appendices).
_LOOK_AT_ALL = 60
_FEWEST_HITS = 2
# Where remarks may stand, as a share of a table's width.
_FAR = 0.75
_SHORT_WORD = 7
# Three figures that follow one another stand in no sentence.
_FIGURES_IN_A_ROW = re.compile(r"(?<!\S)\d[\d,]*(?:\s+\d[\d,]*){2}(?!\S)")


# Text that is in no block: the number of its page, and where it stands.
_Aside = tuple[int, str, Box]


@dataclass(slots=True)
class PageParts:
    """A page taken apart: ruled fragments, and the lines of text outside them."""

    page: PageContent
    fragments: list[Fragment] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    surveyed: bool = True


def read(data: bytes, name: str, seen: list[PageContent] | None = None) -> Document:
    """Read with PDFium. ``seen`` is given the pages as tables were looked for on them. Raises `UnreadableError`, ImportError."""
    with importing():
        from . import pdfium

    contents: list[PageContent] = []
    texts: list[str] = []
    pictures: dict[int, float] = {}
    problems: list[Problem] = []
    # Whoever reads a file twice has it read twice.
    pdfium.close()
    with pdfium.opened(data, name) as file:
        count = min(file.pages, MOST_PAGES)
        if file.pages > MOST_PAGES:
            message = (
                f"{name}：共 {file.pages} 页，只读了前 {MOST_PAGES} 页。如果年度报告在后面，请把它单独存成一个文件。"
            )
            problems.append(Problem("too_large", message))
        wanted = _Wanted()
        for index in range(count):
            with file.page(index) as page:
                texts.append(page.text)
                full = wanted.see(index + 1, page.text) or page.printed < health.FEW_CHARACTERS
                content = page.content() if full else page.prose()
                contents.append(content)
                page.annotations(content)
                if full:
                    pictures[index + 1] = page.largest_picture
        if not wanted.any and count <= _LOOK_AT_ALL:
            for index in range(count):
                if index + 1 not in pictures:
                    with file.page(index) as page:
                        contents[index] = page.content()
                        page.annotations(contents[index])
                        pictures[index + 1] = page.largest_picture
        metadata = file.metadata()
    layer = health.text_layer(contents, texts, pictures, name)
    problems.extend(health.scanned_pages(contents, pictures, name))
    contents, surveyed = layout.parted(contents, pictures)
    running_text.drop_page_numbers(contents)
    if seen is not None:
        seen += contents
    parts: list[PageParts] = []
    before: Fragment | None = None
    for content in contents:
        parts.append(_take_apart(content, content.number in surveyed, before))
        before = parts[-1].fragments[-1] if parts[-1].fragments else before
    document = Document(MEDIA_TYPE, title=metadata.get("title"), metadata=metadata, problems=problems)
    document.evidence = Evidence(text_layer=layer, pages=count)
    document.has_pictures = any(share > 0.03 for share in pictures.values())
    document.residue = _residue(contents)
    assemble(document, parts, partial(_inks, data, name))
    return document


def _inks(data: bytes, name: str, numbers: Collection[int]) -> dict[int, Ink]:
    """Some pages as they are seen without their text. The file is opened for it again, which few files need."""
    from . import pdfium

    out: dict[int, Ink] = {}
    with pdfium.opened(data, name) as file:
        for number in sorted(numbers):
            with file.page(number - 1) as page:
                ink = page.ink()
                if ink is not None:
                    out[number] = ink
    return out


class _Wanted:
    """Which pages get table work: those with statutory labels and the page after each, also after one on which a table's
    figures go on beside labels that are cut into lines."""

    def __init__(self) -> None:
        self.any = False
        self._last_hit = -1

    def see(self, number: int, text: str) -> bool:
        if vocabulary().stands_in(text):
            self._last_hit = number
            self.any = True
            return True
        if self._last_hit != number - 1:
            return False
        if _FIGURES_IN_A_ROW.search(text):
            self._last_hit = number
        return True


def _residue(contents: Sequence[PageContent]) -> list[Residue]:
    out: list[Residue] = []
    for content in contents:
        out.extend(
            Residue(kind, text, Place(page=content.printed_number, box=content.shown(box)))
            for kind, found in (("annotation", content.notes), ("struck", content.struck))
            for box, text in found
        )
        if content.hidden:
            out.append(Residue("hidden", content.hidden[:500], Place(page=content.printed_number)))
    return out


def _take_apart(page: PageContent, surveyed: bool, before: Fragment | None = None) -> PageParts:
    """Glyphs to the ruled bands they stand in, the others to lines. ``before``: the last grid of the pages before."""
    if page.lines is not None:
        return PageParts(page, [], page.lines + lines_of(page.glyphs) if page.glyphs else page.lines, False)
    bands = ruled.bands(page) if surveyed else []
    rest = ruled.sort_in(bands, page.glyphs) if bands else page.glyphs
    fragments: list[Fragment] = []
    for band in bands:
        fragment = ruled.fragment(band, page, fragments[-1] if fragments else before)
        if fragment is not None:
            fragments.append(fragment)
        else:
            rest.extend(band.glyphs)
    return PageParts(page, fragments, lines_of(rest) if rest else [], surveyed)


# -- blocks --------------------------------------------------------------------------------------------------------


def assemble(document: Document, parts: Sequence[PageParts], look: accounted.Look | None = None) -> None:
    """Put fragments and lines of all pages into blocks in reading order. ``look`` draws pages without their text."""
    pages = {p.page.number: p.page for p in parts}
    # What is no text of the document, and what finds no place in it: it may be a table's all the same.
    aside: list[_Aside] = []
    order = strips.find(_in_order(parts, aside), {p.page.number for p in parts if p.surveyed}, pages)
    found: list[Fragment | list[running_text.PlacedLine]] = []
    # The table that the next fragment may continue, which is the last one found, and the page it has come to.
    table: Fragment | None = None
    reached = 0
    waiting: list[running_text.PlacedLine] = []
    # Parts of merged labels that a page end pushed out of their table.
    pushed: list[running_text.PlacedLine] = []
    for item in order:
        if isinstance(item, running_text.PlacedLine):
            if table is not None and vocabulary().is_part_of_any(item.text):
                pushed.append(item)
                continue
            if not waiting:
                waiting = []
                found.append(waiting)
            waiting += [*pushed, item]
            table, pushed = None, []
            continue
        if isinstance(item, strips.Strip):
            fragment = anchored.fragment(item)
            aside += [(p.page, p.text, p.box) for p in anchored.left_over(item, fragment)]
        else:
            fragment = item
        if fragment is None or (table is not None and fragment.page == reached and _is_empty(fragment)):
            # The latter is what a page end left of a row.
            continue
        shift = joining.joinable(table, fragment) if table is not None else None
        if table is not None and shift is not None:
            table = joining.join(table, joining.moved(fragment, shift))
            found[-1] = table
            aside += [_aside(p.page, p.line) for p in pushed]
        else:
            if pushed:
                found.append(pushed)
            table = fragment
            found.append(table)
        reached = fragment.page
        waiting, pushed = [], []
    if pushed:
        found.append(pushed)
    document.aside = [
        Paragraph(text, Place(page=pages[n].printed_number, box=pages[n].shown(box))) for n, text, box in aside
    ]
    for entry in found:
        if isinstance(entry, Fragment):
            cut_rows.doubt_ends(entry.cells, entry.n_rows)
    if look is not None:
        accounted.settle([entry for entry in found if isinstance(entry, Fragment)], pages, look)
    sizes = [p.line.height for p in order if isinstance(p, running_text.PlacedLine)]
    _emit(document, found, pages, median(sizes) if sizes else 0.0)


def _is_empty(fragment: Fragment) -> bool:
    return not any(cell.text or cell.content.doubt for cell in fragment.cells)


def _aside(page: PageContent, line: Line) -> _Aside:
    return page.number, line.text, (line.x0, line.top, line.x1, line.bottom)


def _in_order(parts: Sequence[PageParts], aside: list[_Aside]) -> list[running_text.PlacedLine | Fragment]:
    """Fragments and lines of all pages from top to bottom, without furniture, which goes ``aside``.

    A statutory table with figures that no rule parts is given back as lines, with all its fragments: its labels and
    figures tell its rows better than what rules it has.
    """
    gone = running_text.furniture([(p.page, p.lines) for p in parts])
    aside += [_aside(part.page, line) for part in parts for line in part.lines if id(line) in gone]
    dissolved = _dissolved(parts, gone)
    out: list[running_text.PlacedLine | Fragment] = []
    for part in parts:
        loose = [f for f in part.fragments if id(f) in dissolved]
        framed, others = _framed_lines(loose, [ln for ln in part.lines if id(ln) not in gone])
        items: list[tuple[float, Fragment | running_text.PlacedLine]] = [
            (f.box[1], f) for f in part.fragments if id(f) not in dissolved
        ]
        items.extend((ln.top, running_text.PlacedLine(part.page, ln, framed=True)) for ln in framed)
        items.extend((ln.top, running_text.PlacedLine(part.page, ln)) for ln in others if not ln.blank)
        items.sort(key=lambda item: item[0])
        out.extend(item for _, item in items)
    return out


def _framed_lines(fragments: Sequence[Fragment], lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of dissolved fragments, with what stands beside them on the same lines; and the other lines."""
    if not fragments:
        return [], list(lines)
    beside = [ln for ln in lines if any(f.box[1] < ln.middle < f.box[3] for f in fragments)]
    glyphs = [g for f in fragments for g in f.glyphs] + [g for ln in beside for g in ln.glyphs]
    taken = {id(ln) for ln in beside}
    return lines_of(glyphs), [ln for ln in lines if id(ln) not in taken]


def _dissolved(parts: Sequence[PageParts], gone: set[int]) -> set[int]:
    """The ids of fragments whose tables lack rules: the underdivided ones and what continues them on other pages."""
    fragments = [f for part in parts for f in part.fragments]
    linked: set[int] = set()
    for before, after in pairwise(parts):
        if not before.fragments or not after.fragments:
            continue
        upper, lower = before.fragments[-1], after.fragments[0]
        between = [ln for ln in before.lines if ln.top > upper.box[3]] + [
            ln for ln in after.lines if ln.bottom < lower.box[1]
        ]
        # Words of a head or of a label that the page end cut off are no text between two tables.
        if all(id(ln) in gone or all(len(w.text) < _SHORT_WORD for w in words_of(ln)) for ln in between):
            linked.add(id(lower))
    out: set[int] = set()
    pages = {id(f): pair for pair in zip(parts, [*parts[1:], None], strict=True) for f in pair[0].fragments}
    loose = {id(f) for part in parts for f in part.fragments if _has_rows_beside(f, part)}
    chain: list[Fragment] = []
    ends: list[Fragment | None] = [*fragments, None]
    for fragment in ends:
        if fragment is not None and id(fragment) in linked and chain:
            chain.append(fragment)
            continue
        lacks = any(f.underdivided for f in chain) or _is_head_over_figures(chain, pages, gone)
        if any(id(f) in loose for f in chain) or (lacks and _is_statutory(chain)):
            out.update(id(f) for f in chain)
        chain = [fragment] if fragment is not None else []
    return out


def _has_rows_beside(fragment: Fragment, part: PageParts) -> bool:
    """Whether labels or figures of a ruled part's own rows stand beside it."""
    _, top, _, bottom = fragment.box
    words = vocabulary()
    for word in (word for line in part.lines if top < line.middle < bottom for word in words_of(line)):
        key = label(word.text).key
        if is_figure_word(word.text) or words.knows(key) or words.begins(key):
            return True
    return False


def _is_head_over_figures(
    chain: Sequence[Fragment], pages: dict[int, tuple[PageParts, PageParts | None]], gone: set[int]
) -> bool:
    """Whether a ruled head has its figures right below it, without rules; it may stand again on the next page.

    ``pages``, by the fragments' ids, are each one's page and the next; ``gone`` are lines that are no text of the document.
    """
    if any(is_figure(cell.text) for fragment in chain for cell in fragment.cells):
        return False
    return any(_has_figures_below(fragment, *pages[id(fragment)], gone) for fragment in chain)


def _has_figures_below(fragment: Fragment, part: PageParts, after: PageParts | None, gone: set[int]) -> bool:
    """Whether figures stand right below a ruled part, on its page or at the top of the next."""
    x0, _, x1, bottom = fragment.box
    far = x0 + _FAR * (x1 - x0)
    figures = _figures_below(bottom, far, part, gone)
    ends = fragment is part.fragments[-1] and all(ln.top < bottom or id(ln) in gone for ln in part.lines)
    if not figures and ends and after is not None:
        figures = _figures_below(0.0, far, after, gone)
    return len(figures) > 1 and all(x0 - 5 < w.x0 and w.x1 < x1 + 5 for w in figures)


def _figures_below(height: float, far: float, part: PageParts, gone: Collection[int] = ()) -> list[Line]:
    """The figures of the lines next below a height, up to a line with words: those of one row may be wrapped.

    A row's own label stands beside them, and remarks, from ``far`` on; nothing else does.
    """
    below = sorted((ln for ln in part.lines if ln.top >= height and id(ln) not in gone), key=lambda ln: ln.top)
    under = min((f.box[1] for f in part.fragments if f.box[1] >= height), default=float("inf"))
    out: list[Line] = []
    for line in below:
        found = _without_remark(words_of(line), far)
        figures = [w for w in found if is_figure_word(w.text)]
        if line.top > under:
            break
        if not found:
            continue
        if len(figures) < len(found):
            others = [w.text for w in found if w not in figures]
            may_be = vocabulary().may_be_label
            # A label's characters may be spread over its cell.
            if out or not (all(map(may_be, others)) or may_be("".join(others))):
                break
            if figures:
                # The first row with a figure, and its label.
                return found
            continue
        out.extend(found)
    return out


def _without_remark(words: list[Line], far: float) -> list[Line]:
    """The words of a line without those at its end that are no figures, from so far to the right on."""
    end = len(words)
    while end and words[end - 1].x0 > far and not is_figure_word(words[end - 1].text):
        end -= 1
    return words[:end]


def _is_statutory(chain: Sequence[Fragment]) -> bool:
    """Whether labels of some form stand in these fragments, cut ones too."""
    words = vocabulary()
    texts = {cell.text for f in chain for cell in f.cells if cell.text}
    # What stands side by side in a cell, too: the rules between them are missing.
    parts = {part for text in texts for part in (text, *text.split("\n"), *text.split())}
    keys = {label(part).key for part in parts}
    return sum(1 for key in keys if words.knows(key) or words.begins(key)) >= _FEWEST_HITS


def _emit(
    document: Document,
    order: Iterable[Fragment | list[running_text.PlacedLine]],
    pages: dict[int, PageContent],
    usual: float,
) -> None:
    tables = paragraphs = 0
    for entry in order:
        if isinstance(entry, Fragment):
            tables += 1
            document.blocks.append(joining.to_table(entry, tables, pages))
            continue
        for group in running_text.paragraphs(entry):
            paragraphs += 1
            document.blocks.append(running_text.paragraph(group, paragraphs, usual))


__all__ = ["MEDIA_TYPE", "assemble", "read"]
