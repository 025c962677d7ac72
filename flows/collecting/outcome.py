"""What a collect tells: its counts, its lists, who is late, what changed in the database.

Belongs here: the outcome and its tables. Does not belong here: the run itself (`collect`), who is told (`notifying`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from flows import published
from flows.errors import PipelineError
from flows.summary import Summary

from .contract import Trouble
from .looking import CHINA

# What a site has decided, and nobody here can mend: told for a while, and then only listed.
_DECIDED = frozenset({"robots", "gone"})
_WHILE = timedelta(days=7)
# An artifact is no archive.
_MOST_LATE = 500


@dataclass(slots=True)
class Collect:
    """What a collect did. ``new``, ``revised``, ``unchanged`` count publications; ``set_aside`` files of this run that nothing could be
    read in although they are all that their publication has."""

    sources: int = 0
    requests: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    gone: int = 0
    returned: int = 0
    set_aside: int = 0
    reports: int = 0
    # Lost snapshots whose content came again.
    restored: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    # Of these, what has been told long enough (`stands`): it is listed, and needs nobody.
    standing: list[Trouble] = field(default_factory=list)
    # Addresses by what became of them: ``new``, ``revised``, ``missing``, ``gone``, ``returned``, ``set_aside``.
    listed: dict[str, list[str]] = field(default_factory=dict)
    # Of addresses that were set aside: why.
    reasons: dict[str, str] = field(default_factory=dict)
    # Changed cells of revised publications: address → how many.
    changes: dict[str, int] = field(default_factory=dict)
    ingest: Summary | None = None
    # Why nobody could be told of the run.
    untold: list[str] = field(default_factory=list)
    # The run before this one was broken off.
    resumed: bool = False
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        read = self.ingest
        wanting = read is not None and (read.missing or read.left or read.unusable)
        return len(self.troubles) == len(self.standing) and not self.set_aside and not wanting

    def counts(self) -> dict[str, int]:
        names = ("sources", "requests", "new", "revised", "unchanged", "gone", "returned", "set_aside", "reports")
        return {name: getattr(self, name) for name in names} | {"trouble": len(self.troubles)}

    def add(self, what: str, address: str) -> None:
        self.listed.setdefault(what, []).append(address)


def stands(problem: str, since: str, now: str) -> bool:
    """Whether a trouble at an entry of a list has been told long enough: the entry stays, and so does what the site says of it."""
    return problem in _DECIDED and datetime.fromisoformat(now) - datetime.fromisoformat(since) >= _WHILE


def late(database: Path) -> list[dict[str, str]]:
    """Who has not published the report that was due last, the operator's own bodies first; empty where the database cannot be asked."""
    year = datetime.now(CHINA).year - 1
    try:
        con = published.opened(database)
    except PipelineError:
        return []
    try:
        rows = con.execute(
            "SELECT body, level, parent, CAST(due AS VARCHAR), CAST(last_year AS VARCHAR) FROM late WHERE year = ? "
            "ORDER BY own DESC, division_code, body LIMIT ?",
            [year, _MOST_LATE],
        ).fetchall()
    finally:
        con.close()
    names = ("body", "level", "parent", "due", "last_year")
    return [{n: v or "" for n, v in zip(names, row, strict=True)} for row in rows]


def tables(out: Collect) -> dict[str, list[dict[str, str]]]:
    """What a run has to show, table by table."""
    made = {
        what: [{"address": a, "why": out.reasons.get(a, "")} for a in out.listed.get(what, [])]
        for what in ("new", "revised", "set_aside", "missing", "gone")
    }
    made["trouble"] = [
        {"source": t.source, "address": t.address, "problem": t.problem, "detail": t.detail} for t in out.troubles
    ]
    return made


def changes(database: Path, revised: list[str]) -> dict[str, int]:
    """How many cells of revised publications are others than before; empty where the database cannot be asked now."""
    if not revised:
        return {}
    try:
        con = published.opened(database)
    except PipelineError:
        return {}
    try:
        rows = con.execute(
            "SELECT s.publication, count(*) FROM change c JOIN report r USING (report_key) "
            "JOIN source s ON s.sha256 = r.source_sha256 WHERE r.is_current AND s.publication IN (SELECT unnest($1)) GROUP BY 1",
            [revised],
        ).fetchall()
    finally:
        con.close()
    return dict(rows)
