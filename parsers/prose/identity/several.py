"""Where the reports of a file begin: by their titles, by a second whole set of sections; links to others' are none.

Belongs here: cutting a file's texts into reports. Does not belong here: what a title is (`titles`), which blocks of a
document a report gets (`parsers.extraction`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from schemas.labels import fold

from .dates import DATE
from .names import PLACED, on_its_own, quality
from .patterns import patterns
from .titles import Found, Title, scan

# Longer lines are no headings and no signatures.
_HEADING, _SIGNED = 40, 60


@dataclass(slots=True, frozen=True)
class Span:
    """Where a report stands among the texts of a file: from ``start`` up to, not including, ``end``."""

    start: int
    end: int
    title: str


def report_spans(texts: Sequence[str], found: Iterable[Found] | None = None) -> list[Span]:
    """Where each report stands among the texts (paragraphs; an empty text for a table).

    One span per title that is not the one before over again (a running head, a breadcrumb). Three or more different
    titles in a row are a list of links. The single report of a file has all of it. No title: an empty list.
    """
    starts: list[Found] = []
    known = list(scan(texts) if found is None else found)
    seconds = _second_reports(texts, known)
    for f in without_link_lists(known):
        if starts and f.start not in seconds and _same_report(starts[-1].title, f.title):
            if f.title.complete > starts[-1].title.complete:
                starts[-1] = replace(starts[-1], title=f.title)
            continue
        starts.append(f)
    for start in (0, *seconds) if seconds and not starts else seconds:
        if not any(f.start == start for f in starts):
            # Without a title of its own.
            starts.append(Found(Title(texts[start], None, None, "year"), start, start))
    starts.sort(key=lambda f: f.start)
    if len(starts) == 1:
        return [Span(0, len(texts), starts[0].title.text)]
    spans: list[Span] = []
    for k, f in enumerate(starts):
        start = f.start
        while start > (starts[k - 1].end if k else 0) and _header_line(texts[start - 1]):
            start -= 1
        if spans:
            spans[-1] = replace(spans[-1], end=start)
        spans.append(Span(start, len(texts), f.title.text))
    return spans


def _second_reports(texts: Sequence[str], found: Sequence[Found]) -> list[int]:
    """Where a report begins that only its first section shows behind the tables of the one before, by another body.

    One that has the same body's name, or none, is the same over again (a page and its print version).
    """
    first = patterns().headings[0]
    sections = [i for i, t in enumerate(texts) if t and len(t) < _HEADING and first.match(fold(t))]
    out: list[int] = []
    begin = 0
    for a, b in pairwise(sections):
        table = max((i for i in range(a, b) if not texts[i]), default=None)
        end = next((s for s in sections if s > b), len(texts))
        if table is None or all(texts[b:end]):
            # A table of contents, or a text without tables.
            continue
        title = max((f for f in found if table < f.start < b), key=lambda f: f.title.complete, default=None)
        dated = max((i for i in range(table, b) if _is_date(texts[i])), default=None)
        start = title.start if title is not None else dated + 1 if dated is not None else b
        before, after = (_whose(texts, found, *span) for span in ((begin, start), (start, end)))
        if before and after and not before.endswith(after) and not after.endswith(before):
            out.append(start)
            begin = start
    return out


def _is_date(text: str) -> bool:
    folded = fold(text[:40])
    return len(text) < _SIGNED and DATE.search(folded) is not None and not DATE.sub("", folded).strip("()。 ")


def _whose(texts: Sequence[str], found: Sequence[Found], start: int, end: int) -> str | None:
    """The body that the title of a part, or else the last line of a name in it, says."""
    title = next((f.title.issuer for f in found if start <= f.start < end and f.title.issuer), None)
    if title is not None:
        return fold(title)
    last = max((i for i in range(start, end) if not texts[i]), default=start)
    signed = [n for t in texts[last:end] if t and len(t) < _SIGNED and (n := on_its_own(t)) and quality(n) == PLACED]
    return fold(signed[-1]) if signed else None


def _same_report(a: Title, b: Title) -> bool:
    if a.period != b.period or (a.year and b.year and a.year != b.year):
        return False
    if a.issuer is None or b.issuer is None:
        # A title without a year and an issuer says nothing of its own.
        return (a.year is not None and a.year == b.year) or not a.complete or not b.complete
    x, y = fold(a.issuer), fold(b.issuer)
    return x in y or y in x


def without_link_lists(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    run: list[Found] = []
    for f in [*found, None]:
        if f is not None and (not run or f.start == run[-1].end):
            run.append(f)
            continue
        different = {(r.title.issuer, r.title.year, r.title.period) for r in run}
        if len(different) < 3:
            kept.extend(run)
        elif run[-1].title.complete > max(r.title.complete for r in run[:-1]):
            # The report's own title under the list.
            kept.append(run[-1])
        run = [f] if f is not None else []
    return kept


def _header_line(text: str) -> bool:
    key, colon, _ = fold(text[:40]).partition(":")
    return bool(colon) and any(key in keys for keys in patterns().keys.values())
