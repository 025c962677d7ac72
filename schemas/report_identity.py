"""Which report it is: whose, of which year, scope and period, published when, and the evidence for it.

Belongs here: the one value that says so, and its part of the JSON. Does not belong here: how it is found
(`parsers.prose.identity`), which body a name means (`bodies`), equations over cells (`forms.Identity`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True, frozen=True)
class Evidence:
    """One thing a document says of itself. ``about`` is ``issuer``, ``place``, ``year`` or ``published``.

    ``source`` names where it stands (``title``, ``announced``, ``signature``, ``publisher``, ``file name`` …); ``says``
    is the name, division code, year or date read from what is ``printed`` there. The greater ``weight`` outweighs; what
    has none is kept for people, and decides nothing.
    """

    about: str
    source: str
    says: str
    printed: str
    weight: int

    def to_json(self) -> dict[str, Any]:
        return {
            "about": self.about,
            "source": self.source,
            "says": self.says,
            "printed": self.printed,
            "weight": self.weight,
        }


@dataclass(slots=True, frozen=True)
class ReportIdentity:
    """Fields as in the interface; None and ``unknown`` where the document does not say, or contradicts itself.

    ``issuer_flags`` say what about the issuer is uncertain: those of `schemas.divisions.IssuerMatch`; with ``similar``
    the printed name is misread or misspelt and ``issuer`` is what the evidence names. ``published_from`` is
    ``metadata``, ``text`` or ``signature``.
    """

    issuer: str | None = None
    issuer_printed: str | None = None
    division_code: str | None = None
    level: str | None = None
    kind: str | None = None
    year: int | None = None
    scope: str = "unknown"
    scope_evidence: str | None = None
    period: str = "year"
    published: str | None = None
    published_from: str | None = None
    title: str | None = None
    document_number: str | None = None
    index_number: str | None = None
    issuer_flags: tuple[str, ...] = ()
    issuer_evidence: str | None = None
    evidence: tuple[Evidence, ...] = ()
