"""Which report it is: whose, of which year, scope and period; when published; where a new report begins in a file.

Belongs here: what the rest of the reader asks of this room. Does not belong here: which division a name stands for
(`schemas.issuers`), which names are one body (`schemas.bodies`), and the report's figures, except as evidence of scope.

Everything that a document says of itself is collected with its weight (`collecting`), and weighed (`deciding`): title,
preamble, signature, the page's metadata, the file's name. What none of them says, or what they contradict each other
about, is None or `unknown`; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from schemas import divisions, issuers
from schemas.facts import Passage
from schemas.report_identity import Evidence, ReportIdentity

from .annexes import annexed, refers_to_annexes
from .collecting import Collected, collect, romanised
from .dates import bare_date, date_in
from .deciding import decide_issuer, decide_year
from .elsewhere import place_evidence, settled
from .metadata import Metadata, page_metadata
from .patterns import clean, patterns
from .scope import Identified, weigh_figures, with_scope
from .several import Span, report_spans
from .titles import Found, is_title, running_title, scan, title_row

__all__ = [
    "Found",
    "Identified",
    "Span",
    "annexed",
    "identify",
    "is_title",
    "page_metadata",
    "place_evidence",
    "refers_to_annexes",
    "report_spans",
    "running_title",
    "scan",
    "title_row",
    "weigh_figures",
]

# So many headings of the form's six parts show that a text without a title is a report.
_HEADINGS = 2


def identify(
    *,
    titles: Sequence[str] = (),
    passages: Sequence[Passage] = (),
    metadata: Mapping[str, str] | None = None,
    file_name: str = "",
    found: Sequence[Found] | None = None,
    cells: Sequence[str] = (),
    standing: Sequence[Evidence] = (),
) -> Identified:
    """Which report it is, by candidate title lines, its text, the page's metadata and the file's name; never raises.

    ``found`` are the titles among the passages where the caller has them (`scan`); ``cells`` are texts that stand alone
    in the first rows of tables. ``standing`` is evidence from where the document stood: it settles what the rest leaves open.
    """
    about = Metadata(metadata or {}, passages)
    lines = [p.text for p in passages]
    collected = collect(titles, passages, about, file_name, found, cells)
    identity = ReportIdentity(
        year=decide_year(collected),
        title=collected.title.text if collected.title else None,
        period=_period(collected),
        document_number=_form(about.get("document_number"), patterns().document_number),
        index_number=_form(about.get("index_number"), patterns().index_number),
    )
    identity = decide_issuer(identity, collected)
    if "unmatched" in identity.issuer_flags and identity.issuer_printed:
        identity = _misread(identity, identity.issuer_printed, about, file_name)
    identity = _with_published(identity, about, lines, collected.signed)
    if standing:
        identity = settled(identity, collected, standing)
    identity = replace(identity, evidence=(*collected.evidence, *standing))
    said = {e.source for e in collected.evidence}
    is_report = (
        # What only says what such reports are called is the name of a column or of a list.
        (collected.title is not None and (collected.title.complete > 0 or collected.headings > 0))
        or ("announced" in said and not collected.is_news)
        or "table title" in said
        or collected.headings >= _HEADINGS
        or ((collected.headings > 0 or collected.speaks_of_itself) and "period" in said)
        or (collected.speaks_of_itself and collected.about("year") != [] and collected.about("issuer") != [])
    )
    return replace(with_scope(identity, collected.preamble, lines, about), is_report=is_report)


def _period(collected: Collected) -> str:
    title, span = collected.title, collected.span
    if title is not None and title.period != "year":
        return title.period
    if title is not None and "年度" in title.text:
        return "year"
    if span is not None and span["year2"] in {None, span["year"]}:
        return {"6": "half", "06": "half", "3": "quarter", "03": "quarter"}.get(span["month"], "year")
    return collected.from_name.period if collected.from_name is not None and title is None else "year"


def _form(text: str | None, form: re.Pattern[str]) -> str | None:
    m = form.search(clean(text)) if text else None
    return m[0] if m else None


def _misread(identity: ReportIdentity, name: str, about: Metadata, file_name: str) -> ReportIdentity:
    """A name one character from a division's, where the address of the page or the file's name spells that division.

    Names of sites and files are romanised (shuyang.gov.cn, 2025-shuyang-county): evidence that does not depend on the
    character in question. The printed name is kept and the reading flagged; without such evidence nothing changes.
    """
    words = romanised(file_name, about)
    near = {d.name: d for d in divisions.similar(name, identity.year) if d.pinyin in words} if words else {}
    if len(near) != 1:
        return identity
    division = next(iter(near.values()))
    meant = division.name + name[len(division.name) :]
    read = issuers.match_issuer(meant, identity.year)
    if read.division_code != division.code or read.kind is None:
        return identity
    return replace(
        identity,
        issuer=read.issuer,
        issuer_evidence=f"similar: {name} → {meant} ({division.pinyin})",
        division_code=read.division_code,
        level=read.level,
        kind=read.kind,
        issuer_flags=("similar", *read.flags),
    )


def _with_published(
    identity: ReportIdentity, about: Metadata, lines: Sequence[str], signed: str | None
) -> ReportIdentity:
    told = about.published()
    if told is not None:
        return replace(identity, published=told[0], published_from=told[1])
    under_title = next((d for d in map(bare_date, lines[:6]) if d), None)
    if under_title:
        return replace(identity, published=under_title, published_from="text")
    if signed:
        return replace(identity, published=signed, published_from="signature")
    written = about.get("written")
    date = date_in(written) if written else None
    return replace(identity, published=date, published_from="metadata") if date else identity
