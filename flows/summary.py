"""What a run did, as it is told, kept in an artifact and handed to whoever collects.

Belongs here: the numbers and names of one finished ingest. Does not belong here: how they come about (`steps`), the words
for a screen (`gouji/commands/ingest`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .files import Missing


@dataclass(slots=True)
class Summary:
    """What a run did. ``new`` + ``revised`` + ``reread`` + ``unchanged`` = ``files``; ``set_aside`` is part of these."""

    database: str
    load_id: int
    files: int = 0
    new: int = 0
    revised: int = 0
    reread: int = 0
    unchanged: int = 0
    set_aside: int = 0
    # Known places where nothing is any more.
    gone: int = 0
    # Read by this run.
    reports: int = 0
    facts: int = 0
    findings: int = 0
    # Rows per table that the database holds now, and `current_reports`.
    totals: dict[str, int] = field(default_factory=dict)
    # Files that could not be used: name, kind, message.
    bad: list[tuple[str, str, str]] = field(default_factory=list)
    # What was asked for and could not even be opened.
    missing: list[Missing] = field(default_factory=list)
    # Those of `bad` in which nothing was found before either, and nothing is expected: a README is no failure for ever.
    expected: set[str] = field(default_factory=set)
    # Faults of the installation. Why files were not read again that had been read before, and how many; why the doubtful figures of PDF
    # files were read once only.
    left: dict[str, int] = field(default_factory=dict)
    unusable: list[str] = field(default_factory=list)
    # Snapshots that were links in an earlier version and are no longer what was received: their hashes.
    lost: list[str] = field(default_factory=list)
    # Places on the web: ``new``, ``revised``, ``same`` (other bytes that read alike), ``reread``, ``unchanged``.
    states: dict[str, str] = field(default_factory=dict)
    # Their addresses.
    addresses: dict[str, str] = field(default_factory=dict)
    # Seconds by stage.
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether all files could be used."""
        wanting = self.missing or self.lost or self.left or self.unusable
        return all(name in self.expected for name, _, _ in self.bad) and not wanting
