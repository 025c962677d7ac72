"""What a verdict says: how many problems there are, how much was checked, why a report is doubtful.

Belongs here: the words behind a verdict, the same in every output. Does not belong here: the problems themselves
(`causes`), how any of it looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from checks.quoting import cut
from gouji.words import Lang, say
from schemas.facts import Report
from schemas.findings import Checked, Extent, Finding

from .causes import SEVERITIES, Cause

# Of what could not be checked so much is written out where nothing else says why a report is doubtful.
_REASONS = 3
# So many sentences that were not compared are named by their beginning.
_NAMED, _BEGINNING = 2, 24


def tally_words(causes: Sequence[Cause], lang: Lang) -> str:
    """How many problems there are, and in how many places: one mistake breaks several sums. Notes are no problems."""
    return tally_of(tally(causes), lang)


def tally(causes: Iterable[Cause]) -> dict[str, int]:
    """How many problems there are of each severity, and in how many ``places`` those are that are no notes."""
    listed = list(causes)
    counts = Counter(c.severity for c in listed)
    places = sum(f.places for c in listed if c.severity != "note" for f in c.findings)
    return {**{s: counts[s] for s in SEVERITIES}, "places": places}


def tally_of(counts: Mapping[str, int], lang: Lang) -> str:
    """The same in words."""
    notes, places = counts["note"], counts["places"]
    kinds = {s: n for s in SEVERITIES if s != "note" and (n := counts[s])}
    n_problems = sum(kinds.values())
    if not kinds:
        return say(lang, "count_note", n=notes) if notes else ""
    said = say(lang, "tally_problems", n=n_problems)
    if len(kinds) > 1:
        said += say(lang, "aside", text=say(lang, "list_mark").join(_kind(s, kinds[s], lang) for s in kinds))
    if places > n_problems:
        said += say(lang, "tally_places", n=places)
    if notes:
        said += say(lang, "tally_notes", n=notes)
    return said


def _kind(severity: str, n: int, lang: Lang) -> str:
    return say(lang, f"count_{severity}", n=n)


def checked_words(extents: Iterable[Extent], lang: Lang) -> str:
    """How much was checked: cells, relations, figures of sentences; empty where there was nothing to count."""
    all_extents = list(extents)
    cells, relations, figures = (
        sum(getattr(e, what) for e in all_extents) for what in ("cells", "relations", "figures")
    )
    said = [say(lang, key, n=n) for key, n in (("n_cells", cells), ("n_relations", relations)) if n]
    if figures:
        said.append(say(lang, "n_figures", n=figures))
    return say(lang, "checked_extent", what=say(lang, "list_mark").join(said)) if said else ""


def uncompared_words(extents: Iterable[Extent], lang: Lang) -> str:
    """How many sentences have figures about the tables that were not put to them: of these nothing is said."""
    all_of_them = [u for e in extents for u in e.uncompared]
    if not all_of_them:
        return ""
    if len(all_of_them) <= _NAMED:
        quoted = (say(lang, "quoted", text=cut(u.sentence.strip(), _BEGINNING)) for u in all_of_them)
        which = say(lang, "not_compared_which", sentences=say(lang, "list_mark").join(quoted))
    else:
        which = say(lang, "not_compared_page")
    return say(lang, "not_compared", n=len(all_of_them), which=which)


def verdict_words(
    verdict: str,
    causes: Sequence[Cause],
    doubts: Sequence[Finding],
    extents: Sequence[Extent],
    lang: Lang,
    *,
    waived: int = 0,
) -> str:
    """What stands behind the verdict: of a pass what was checked, of all others what is wrong or why it is doubtful.

    ``waived`` findings have a reason: with them a report passes, and not all agrees.
    """
    tally = tally_words(causes, lang)
    if verdict == "pass":
        checked = checked_words(extents, lang)
        if not checked:
            return tally or say(lang, "passed_text_only")
        how = "passed_waived" if waived else "passed_but_open" if doubts else "passed_all"
        if causes and not waived:
            how = "passed_but_open_noted" if doubts else "passed_all_noted"
        said = checked + say(lang, how, n=waived or len(doubts)) + uncompared_words(extents, lang)
        return said + (say(lang, "tally_notes", n=len(causes)) if causes else "")
    if verdict == "warn" and all(cause.severity == "note" for cause in causes):
        said = say(lang, "doubt_only", n=len(doubts)) if doubts else ""
        return said + (say(lang, "tally_notes", n=len(causes)) if causes and said else "" if said else tally)
    return tally


def unassessable(
    checked: Checked, report: Report, without: Collection[str] = (), *, notes: bool = False
) -> list[Finding]:
    """What could not be checked, in the order of the rules; ``notes``: also what would be worth a note only."""
    return [
        f
        for f in checked.findings
        if f.report_id == report.report_id
        and f.outcome == "not_assessable"
        and f.finding_id not in without
        and (notes or f.severity != "note")
    ]


def whole_tables(findings: Iterable[Finding]) -> list[Finding]:
    """Of what could not be checked that which is about a table as a whole, which pictures may hold: it is always told."""
    return [f for f in findings if f.table and not f.cells and not f.statement and f.row is None]


def is_doubt_only(verdict: str, causes: Sequence[Cause]) -> bool:
    """Whether a report is doubtful only for what could not be checked: then this has to be said."""
    return verdict == "warn" and all(cause.severity == "note" for cause in causes)


def reasons_of_doubt(findings: Sequence[Finding], lang: Lang, most: int = _REASONS) -> list[str]:
    """The first of what could not be checked, in words: it is why a report without another doubt does not pass."""
    # What makes the verdict doubtful comes first.
    first = sorted(findings, key=lambda f: SEVERITIES.index(f.severity))[:most]
    lines = [f"· {finding.message}" for finding in first]
    if len(findings) > len(first):
        lines.append(f"· {say(lang, 'more_unassessable', n=len(findings) - len(first))}")
    return lines


def summary(verdicts: Iterable[str], lang: Lang, key: str = "summary") -> str:
    """How many files there are, and how many of each verdict."""
    counts = Counter(verdicts)
    return say(
        lang,
        key,
        files=counts.total(),
        fail=counts["fail"],
        warn=counts["warn"],
        pass_=counts["pass"],
        unreadable=counts["unreadable"],
    )
