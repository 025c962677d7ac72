"""Findings that follow from another: one mistake of a report told by several rules, or of several figures at once.

Belongs here: which finding says nothing but what another already says. Does not belong here: sums that hang together and the
causes themselves (`causes`), what is wrong (`checks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import get_args

from checks.reconciling import exchanged
from schemas.facts import Value
from schemas.findings import Finding, Severity

# A sentence's figure that is not the table's, and figures of a sentence that do not add up; of how many of the former.
_DISAGREES, _PARTS, _MOST_WRONG = "statement.disagrees", "statement.sum", 8
_SHARE, _ALL_DONE, _YEAR = "statement.share", "statement.contradiction", "statement.year"
_SERIOUS: tuple[Severity, ...] = get_args(Severity)
UNIT, JUMP = "value.unit", "series.jump"
_OF_LAST_YEAR = ("series.carry", JUMP)


def followers(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """The findings that follow from others, by the id of the one that tells their mistake."""
    out: dict[str, list[Finding]] = {}
    taken: set[str] = set()
    for first, second in (*_parts(findings), *_of_one_sentence(findings), *_of_exchanged(findings)):
        # What follows from another leads nothing, and follows from one.
        if second.finding_id not in taken and first.finding_id not in taken and second.finding_id not in out:
            taken.add(second.finding_id)
            out.setdefault(first.finding_id, []).append(second)
    return out


def repeated(findings: Sequence[Finding]) -> set[str]:
    """Notes on a cell that say again, in fewer words, what a worse finding says of it: by id."""
    units = {tuple(f.cells) for f in findings if f.rule == UNIT}
    return {f.finding_id for f in findings if f.rule == JUMP and tuple(f.cells) in units}


def _parts(findings: Sequence[Finding]) -> Iterator[tuple[Finding, Finding]]:
    """Sums of a sentence that hold with the table's figures: what they say follows from the figure that was misprinted."""
    for broken in findings:
        if broken.rule != _PARTS:
            continue
        wrong = [
            f
            for f in findings
            if f.rule == _DISAGREES and (f.place, f.sentence) == (broken.place, broken.sentence) and _by(f) is not None
        ]
        for some in (c for n in (1, 2, 3) for c in combinations(wrong[:_MOST_WRONG], n)):
            whole = sum(_by(f) or 0 for f in some if f.statement == broken.statement)
            parts = sum(_by(f) or 0 for f in some if f.statement != broken.statement)
            if broken.difference is not None and broken.difference + whole == parts:
                yield some[0], broken
                break


def _by(finding: Finding) -> Value | None:
    """By how much a sentence's figure has to change to be the table's."""
    return -finding.difference if finding.difference is not None else None


def _of_one_sentence(findings: Sequence[Finding]) -> Iterator[tuple[Finding, Finding]]:
    """What the other rules say of a sentence's figure that is not the table's."""
    said = [f for f in findings if f.sentence and (f.rule in (_DISAGREES, _SHARE, _ALL_DONE, _YEAR))]
    wrong = [f for f in said if f.rule == _DISAGREES]
    for finding in said if len(said) > 1 else ():
        if finding.rule == _YEAR:
            # A sentence of last year's: its figures are this year's, or an old draft's.
            yield from ((finding, f) for f in wrong if _same(f, finding) and not f.cells)
        elif finding.rule == _ALL_DONE:
            # 均已办结，没有结转 beside what is carried forward.
            yield from ((f, finding) for f in wrong if _same(f, finding) and set(f.cells) & set(finding.cells))
        elif finding.rule == _SHARE:
            # 受理4件，办结7件: more done than received, because one of the two is wrong.
            yield from (
                (f, finding)
                for f in wrong
                if _same(f, finding) and f.cells and finding.difference is not None
                if f.printed in (finding.printed, finding.expected)
            )
        elif finding.printed == 0:
            # 未发生行政复议、行政诉讼: one denial of several things; the worst is told.
            yield from (
                (f, finding)
                for f in wrong
                if f is not finding and f.printed == 0 and _same(f, finding) and f.table == finding.table
                if _SERIOUS.index(f.severity) < _SERIOUS.index(finding.severity)
            )


def _same(a: Finding, b: Finding) -> bool:
    """Whether two findings are of one sentence: of one of them a part may be quoted."""
    one, other = (a.sentence or "").rstrip("。"), (b.sentence or "").rstrip("。")
    return a.place == b.place and (one in other or other in one)


def _of_exchanged(findings: Sequence[Finding]) -> Iterator[tuple[Finding, Finding]]:
    """Two rows in each other's place: the other sentence, what last year's report says of them."""
    for one, other in exchanged(findings):
        yield one, other
        cells = {*one.cells, *other.cells}
        yield from ((one, f) for f in findings if f.rule in _OF_LAST_YEAR and cells & set(f.cells))
