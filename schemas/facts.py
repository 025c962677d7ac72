"""What a document yields: places, facts, unresolved cells, statements, reports, circulars, problems.

Belongs here: the plain typed objects that every room passes on, and their JSON as `extract` prints it.
Does not belong here: how they are read (`parsers`), what is wrong with them (`findings`), how they are stored (`tables`).

Everything is a dataclass of plain values, so that a batch can be pickled to a child process and a clerk's command
needs no library to handle it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from .report_identity import ReportIdentity

Kind = Literal["number", "blank", "mark", "text"]
Method = Literal["cells", "ruled", "anchored", "order", "solved", "ocr"]
ProblemKind = Literal["unreadable", "encrypted", "empty", "too_large", "timed_out", "no_report", "scan"]
# Of the program: what reads a format, what reads the doubtful figures of a PDF once more.
Part = Literal["reader", "second_engine"]
Box = tuple[float, float, float, float]
Value = int | Decimal


def as_number(value: Value | None) -> int | float | None:
    """JSON has no decimals; a figure of at most six places survives the way through a double."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)
    return value


# Nobody changes a place, which many objects share. Not frozen all the same: a report has hundreds, and that would make
# them three times as dear.
@dataclass(slots=True, unsafe_hash=True)
class Place:
    """Where something stands in its source. Everything counts from 1; ``box`` is (x0, top, x1, bottom) in points.

    Pages and boxes exist in PDFs only, lines in plain text only. In a workbook ``sheet`` names the sheet, whose rows and
    columns ``row`` and ``column`` are.
    """

    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    box: Box | None = None
    line: int | None = None
    paragraph: int | None = None
    sheet: str | None = None

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name in ("page", "table", "row", "column", "line", "paragraph", "sheet"):
            value = getattr(self, name)
            if value is not None:
                out[name] = value
        if self.box is not None:
            out["box"] = [round(v, 1) for v in self.box]
        return out


@dataclass(slots=True)
class Fact:
    """One printed cell of a statutory table. ``value`` is there only when ``kind`` is ``number``."""

    address: str
    value: Value | None
    kind: Kind
    printed: str
    unit: str | None
    place: Place
    method: Method
    # The unit as the cell or its head prints it, before conversion; None where neither names one.
    unit_printed: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "address": self.address,
            "value": as_number(self.value),
            "kind": self.kind,
            "printed": self.printed,
            "unit": self.unit,
            "place": self.place.to_json(),
            "method": self.method,
        }


@dataclass(slots=True)
class Unresolved:
    """A cell that could not be read with certainty. ``readings`` are values it may have, where some can be named.

    ``reason``: ``joined`` digits, ``engines`` that differ, ``unconfirmed`` (a second reading was wanted and failed),
    ``label`` (the row or column is not certain), ``count`` (more or fewer cells than columns), ``repeated`` (the address
    occurs twice with different figures), ``characters``. ``closed``: it has one of the readings and nothing else; only
    then does it say anything about a sum that none of them fits.
    """

    address: str
    printed: str
    reason: str
    readings: list[Value]
    place: Place
    closed: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "address": self.address,
            "printed": self.printed,
            "reason": self.reason,
            "readings": [as_number(v) for v in self.readings],
            "closed": self.closed,
            "place": self.place.to_json(),
        }


@dataclass(slots=True)
class Statement:
    """A figure said in a sentence. A share (``share_of`` names the whole) has its value in percent.

    ``sentence`` is as printed; of an endless one it is what stands around the figure, with … where it is cut.
    """

    code: str
    value: Value
    unit: str | None
    year: int | None
    scope: str
    approximate: bool
    share_of: str | None
    printed: str
    sentence: str
    place: Place
    # Which sentence of the text it is, for those that carry an excerpt of theirs; 0: not known, the words decide.
    number: int = 0
    # Which paragraph of the text it stands in; 0: not known, the place decides.
    passage: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "value": as_number(self.value),
            "unit": self.unit,
            "year": self.year,
            "scope": self.scope,
            "approximate": self.approximate,
            "share_of": self.share_of,
            "printed": self.printed,
            "sentence": self.sentence,
            "place": self.place.to_json(),
        }


@dataclass(slots=True)
class Assessment:
    """A rank or a score given to an authority in a circular."""

    category: str
    table: str | None
    group_name: str | None
    rank: int | None
    unit: str
    score: Value | None

    def to_json(self) -> dict[str, Any]:
        return {
            "category": self.category,
            "table": self.table,
            "group_name": self.group_name,
            "rank": self.rank,
            "unit": self.unit,
            "score": as_number(self.score),
        }


@dataclass(slots=True)
class PrintedLabel:
    """How a row or column of the form is labelled here, and how it was recognised.

    ``how``: ``official`` wording, ``alias``, ``similar`` (a misprint, recognised beyond doubt), ``order``.
    """

    code: str
    printed: str
    how: str
    place: Place


@dataclass(slots=True)
class TableLayout:
    """What of a statutory table is there: labels in the order printed, codes absent, rows the form does not have."""

    table: str
    rows: list[PrintedLabel] = field(default_factory=list)
    columns: list[PrintedLabel] = field(default_factory=list)
    extra: list[PrintedLabel] = field(default_factory=list)
    missing_rows: list[str] = field(default_factory=list)
    missing_columns: list[str] = field(default_factory=list)
    # Row codes in the order printed differ from the form's order.
    reordered: bool = False
    place: Place = field(default_factory=Place)


@dataclass(slots=True)
class Trace:
    """Something of a statutory table that stands in the document and could not be placed.

    ``table`` and ``row`` say what of the form it may be, ``row`` None for the table as a whole; ``printed`` is what is
    there: a label, heads, a line of figures.
    """

    table: str
    row: str | None
    printed: str
    place: Place


@dataclass(slots=True)
class Leftover:
    """A figure printed inside a statutory table that is no cell of the form.

    ``reason``: ``column`` (its head is none of the form's), ``serial`` (numbers of lines, codes), ``row`` (nor is its
    row), ``table`` (another table of the form: last year's), ``note`` (beside rows and columns).
    """

    table: str
    printed: str
    reason: Literal["column", "serial", "row", "table", "note"]
    place: Place

    def to_json(self) -> dict[str, Any]:
        return {"table": self.table, "printed": self.printed, "reason": self.reason, "place": self.place.to_json()}


@dataclass(slots=True)
class Residue:
    """Something left over from a template or an edit: hidden or struck text, comments, tracked changes."""

    kind: str
    text: str
    place: Place


@dataclass(slots=True)
class Passage:
    """A paragraph of the report's own text, for the checks of sections and sentences.

    One that was put together from several lines knows where each begins in its text, and the line's place.
    """

    text: str
    place: Place
    lines: tuple[tuple[int, Place], ...] = ()

    def place_at(self, position: int) -> Place:
        """The place of the line that holds this position of the text."""
        return next((place for start, place in reversed(self.lines) if start <= position), self.place)


@dataclass(slots=True)
class Report:
    """One report in a file: which it is, its facts, and what of its structure the checks need."""

    report_id: str
    identity: ReportIdentity = field(default_factory=ReportIdentity)
    form: str = "prose"
    variant: str | None = None
    facts: list[Fact] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    layouts: list[TableLayout] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    residue: list[Residue] = field(default_factory=list)
    # Pictures or attachments that may hold a table which the text does not.
    has_pictures: bool = False
    # Which of them, beside pictures: ``object`` (an embedded workbook, a frame), ``attachment``.
    apart: frozenset[str] = frozenset()
    # What of tables and rows was seen and not read, and figures in tables that are no cells of the form.
    traces: list[Trace] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    # Identities that were used to read joined digits and so cannot be checked by them: (rule, row or column).
    spent: set[tuple[str, str]] = field(default_factory=set)
    # The same report as other forms read it that nothing in it tells from this one: ``form`` is then one of several.
    also: tuple[Report, ...] = ()

    @property
    def form_readings(self) -> tuple[str, ...]:
        """The forms that fit equally where nothing says which it is, oldest first; empty where the form is certain."""
        return (self.form, *(r.form for r in self.also)) if self.also else ()

    @property
    def form_said(self) -> str:
        """The id of its form; of several that fit equally all ids, for none of them is an answer: ``2019|2021``."""
        return "|".join(self.form_readings or (self.form,))

    @property
    def variant_said(self) -> str | None:
        """The variant of its form; None where the forms that fit equally do not all call it so."""
        return self.variant if all(r.variant == self.variant for r in self.also) else None

    def on(self, form: str) -> Report | None:
        """This report on one of the forms that may be its own, as where that is certain; None where it is on another."""
        found = next((r for r in (self, *self.also) if r.form == form), None)
        return replace(found, identity=self.identity, also=()) if found is not None and self.also else found

    def read(self) -> dict[str, Fact]:
        """The cells that could be read, by address."""
        return {f.address: f for f in self.facts}

    def printed(self) -> dict[str, Fact | Unresolved]:
        """All cells by address, read or not."""
        return {**self.read(), **{u.address: u for u in self.unresolved}}

    def values(self) -> dict[str, Value]:
        """The figures by address: numbers, no blanks, marks or words."""
        return {f.address: f.value for f in self.facts if f.value is not None}

    @property
    def issuer(self) -> str | None:
        return self.identity.issuer

    @property
    def issuer_printed(self) -> str | None:
        return self.identity.issuer_printed

    @property
    def division_code(self) -> str | None:
        return self.identity.division_code

    @property
    def level(self) -> str | None:
        return self.identity.level

    @property
    def kind(self) -> str | None:
        return self.identity.kind

    @property
    def year(self) -> int | None:
        return self.identity.year

    @property
    def scope(self) -> str:
        return self.identity.scope

    @property
    def period(self) -> str:
        return self.identity.period

    @property
    def published(self) -> str | None:
        return self.identity.published

    @property
    def title(self) -> str | None:
        return self.identity.title

    def identity_json(self) -> dict[str, Any]:
        who = self.identity
        return {
            "report_id": self.report_id,
            "issuer": who.issuer,
            "issuer_printed": who.issuer_printed,
            "division_code": who.division_code,
            "level": who.level,
            "kind": who.kind,
            "year": who.year,
            "scope": who.scope,
            "scope_evidence": who.scope_evidence,
            "period": who.period,
            "form": self.form_said,
            "form_readings": list(self.form_readings),
            "variant": self.variant_said,
            "published": who.published,
            "title": who.title,
            "document_number": who.document_number,
            "index_number": who.index_number,
            "issuer_flags": list(who.issuer_flags),
            "issuer_evidence": who.issuer_evidence,
            "evidence": [e.to_json() for e in who.evidence],
        }

    def to_json(self) -> dict[str, Any]:
        return {
            **self.identity_json(),
            "facts": [f.to_json() for f in self.facts],
            "unresolved": [u.to_json() for u in self.unresolved],
            "leftovers": [x.to_json() for x in self.leftovers],
            "statements": [s.to_json() for s in self.statements],
        }


@dataclass(slots=True)
class Circular:
    """A circular (通报) that ranks or scores authorities; never a report."""

    circular_id: str
    issuer: str | None = None
    document_number: str | None = None
    year: int | None = None
    title: str | None = None
    statements: list[Statement] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "circular_id": self.circular_id,
            "issuer": self.issuer,
            "document_number": self.document_number,
            "year": self.year,
            "title": self.title,
            "statements": [s.to_json() for s in self.statements],
            "assessments": [a.to_json() for a in self.assessments],
        }


@dataclass(slots=True)
class Problem:
    """Why a file, or a part of it, yields nothing; ``message`` names the file, the place and what to do."""

    kind: ProblemKind
    message: str

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "message": self.message}


@dataclass(slots=True)
class Source:
    """A file as received."""

    path: str
    sha256: str
    media_type: str
    bytes: int

    def to_json(self) -> dict[str, Any]:
        return {"path": self.path, "sha256": self.sha256, "media_type": self.media_type, "bytes": self.bytes}


@dataclass(slots=True)
class Extraction:
    """All that one file yields: what `gouji extract` prints for it."""

    source: Source
    versions: dict[str, str]
    reports: list[Report] = field(default_factory=list)
    circulars: list[Circular] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # All that is in the file are a few words, without a table, a picture or a section of a report: a covering note.
    few_words: bool = False
    # Parts of the installation that could not be used on it, and why. What lacks for that is no word on the file, and is told
    # once for all files.
    unusable: dict[Part, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source.to_json(),
            "versions": dict(self.versions),
            "reports": [r.to_json() for r in self.reports],
            "circulars": [c.to_json() for c in self.circulars],
            "problems": [p.to_json() for p in self.problems],
        }
