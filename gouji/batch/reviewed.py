"""One file's check together with what a person brought to it: reasons, the round before, last year's report.

Belongs here: what closes a finding and what that makes of the verdict. Does not belong here: rules (`checks`), files of
reasons and rounds (`waivers`, `rounds`), how any of it is shown (`show`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import checks
from schemas.facts import Report
from schemas.findings import Checked, Finding, Verdict

Status = Literal["open", "new"]
# Nothing was read, or it is of another year, or of another place than the rest.
Uncounted = Literal["unread", "year", "place"]


@dataclass(frozen=True)
class Waiver:
    """A reason given for a finding, and by whom."""

    reason: str
    who: str | None = None
    date: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"reason": self.reason, "who": self.who, "date": self.date}


@dataclass(frozen=True)
class InRound:
    """Of a check of a round what concerns no single draft, in words: which it is, what to know, offices in groups with titles."""

    head: str
    told: Sequence[str] = ()
    groups: Sequence[tuple[str, Sequence[str]]] = ()


@dataclass
class Reviewed:
    """``waived`` holds the reason of every closed finding by its id, ``status`` whether a finding was there last round.

    ``closed`` are last round's findings (as JSON) that are no more; ``seen_before``: whether last round had this file
    at all, None where no round before is at hand. ``unclear`` are those that can no longer be assessed: not closed. ``previous`` are last year's reports by the id of this year's, None
    where nobody asked for them, ``about_previous`` what a person has to know of the comparison. ``member`` is the file's line on the roster.
    """

    checked: Checked
    waived: dict[str, Waiver] = field(default_factory=dict)
    status: dict[str, Status] = field(default_factory=dict)
    closed: list[dict[str, Any]] = field(default_factory=list)
    unclear: list[dict[str, Any]] = field(default_factory=list)
    seen_before: bool | None = None
    previous: dict[str, Report] | None = None
    about_previous: dict[str, list[str]] = field(default_factory=dict)
    member: dict[str, Any] | None = None
    # In a round: why it is none of its drafts; the check whose result this is, where the file cannot be opened now.
    uncounted: Uncounted | None = None
    kept_from: int = 0
    # The check in which this very draft was seen first, where that is an earlier one: nothing has come since.
    same_since: int = 0
    # What has come since from the same office and of which nothing could be read, by name.
    shut: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return self.checked.extraction.source.path

    @property
    def reports(self) -> list[Report]:
        return self.checked.extraction.reports

    @property
    def open_findings(self) -> list[Finding]:
        """What is broken and not closed by a reason."""
        return [f for f in self.checked.findings if f.outcome == "broken" and f.finding_id not in self.waived]

    @property
    def compared(self) -> Counter[str]:
        """How much of the round before is ``closed``, and how much is ``open`` still or ``new`` that no reason closes.

        In places, as problems are counted everywhere. What is no more than a note is counted by itself (``notes``): nobody
        has to correct it.
        """
        out = Counter({"closed": sum(map(_places, self.closed))})
        for finding in self.open_findings:
            if finding.severity == "note":
                out["notes"] += 1
            else:
                out[str(self.status.get(finding.finding_id))] += finding.places
        return out

    @property
    def verdict(self) -> Verdict:
        return self.checked.verdict

    def add(self, findings: Iterable[Finding]) -> None:
        """Findings on this file that a batch brought to light."""
        self.checked.findings.extend(findings)
        self.settle()

    def settle(self) -> None:
        """The verdict on what no reason closes; what was not checked to its end keeps its own."""
        extraction = self.checked.extraction
        if self.kept_from:
            # What could not be checked is not kept: the verdict stands but for what is known to be wrong.
            left_of = {f.severity for f in self.open_findings}
            if left_of & {"error", "warning"}:
                self.checked.verdict = "fail" if "error" in left_of else "warn"
            elif self.waived:
                self.checked.verdict = "pass"
            return
        if (extraction.reports or extraction.circulars) and self.checked.verdict != "unreadable":
            left = [f for f in self.checked.findings if f.finding_id not in self.waived]
            self.checked.verdict = checks.verdict(self.checked.extraction, left)

    def to_json(self, *, everything: bool = False) -> dict[str, Any]:
        """As `check --format json` prints it: reasons stay with their findings, rounds where one was given."""
        out = self.checked.to_json(everything=everything)
        for finding in out["findings"]:
            waiver = self.waived.get(finding["finding_id"])
            finding["waived_by"] = waiver.to_json() if waiver else None
            if self.seen_before is not None:
                finding["round"] = self.status.get(finding["finding_id"])
        if self.seen_before is not None:
            out["closed"] = self.closed
            out["unclear"] = self.unclear
        if self.kept_from:
            out["kept_from"] = self.kept_from
        if self.about_previous:
            out["about_previous"] = self.about_previous
        if self.member is not None:
            out["roster"] = self.member
        return out


def _places(closed: Mapping[str, Any]) -> int:
    """In how many places a finding of the round before was: as kept, or by its cells where all of it was printed."""
    given = closed.get("places")
    if given is None and "cells" in closed and str(closed.get("rule", "")).startswith("value."):
        given = len(closed["cells"]) if closed.get("expected") is None and closed.get("statement") is None else 1
    return max(int(given or 1), 1)
