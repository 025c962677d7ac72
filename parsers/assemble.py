"""From a file to its extraction: choose the reader, split into reports, put the readings together.

Belongs here: the order in which the parts of this room work on one file, and the second opinion on PDFs.
Does not belong here: any of that work itself (readers, `matching`, `joined`, `identity`, `statements`, `circulars`),
and any folder, batch or process (`flows`, `gouji`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from schemas import VERSION, forms, identities
from schemas.facts import Extraction, Fact, Passage, Place, Problem, Report, Source, Unresolved, Value
from schemas.labels import label

from . import identity, matching, sniff, statements
from .document import Document, Paragraph, Table, UnreadableError
from .paths import shown

PARSER_VERSION = "5"
_MAY_BE_CIRCULAR = re.compile(r"通\s*[报報]")
# Larger files are refused before they are read; readers have narrower bounds of their own.
_PAGES = ("text/html", "application/xhtml+xml")
# A page's table of metadata (索引号, 发布机构, …) is a small one.
_METADATA_CELLS = 60
MOST_BYTES = 200 * 1024 * 1024


@cache
def versions() -> dict[str, str]:
    """The versions of what made a result: the distribution, the parser, the forms. `checks` adds its rules."""
    return {"gouji": VERSION, "parser": PARSER_VERSION, "forms": forms.version()}


def read_document(data: bytes, name: str) -> Document:
    """Read a file's bytes with the reader its content asks for. Raises `UnreadableError`."""
    media_type = sniff.sniff(data, name)
    if media_type == "application/pdf":
        from . import pdf

        return pdf.read(data, name)
    reader: Callable[[bytes, str], Document]
    if media_type.startswith("application/vnd.openxmlformats-officedocument.wordprocessingml"):
        from . import word

        reader = word.read
    elif media_type in _PAGES:
        from . import html

        reader = html.read
    elif media_type in ("text/plain", "text/markdown"):
        from . import text

        reader = text.read
    elif media_type in (sniff.XLSX, sniff.XLS):
        from . import spreadsheet

        reader = spreadsheet.read
    else:
        from . import convert

        if convert.is_convertible(media_type):
            return convert.read(data, name, media_type)
        kind, message = sniff.unsupported_message(media_type, name)
        raise UnreadableError(kind, message)
    return reader(data, name)


def extract(path: Path, data: bytes | None = None) -> Extraction:
    """All that one file yields. Never raises for what is in the file: that becomes a problem.

    ``path`` may be that of a document in a zip archive (`bundle`). Raises OSError when the file itself cannot be opened.
    """
    name = shown(path.name)
    if data is None and not path.is_file():
        from . import bundle

        try:
            data = bundle.read_bytes(path)
        except UnreadableError as error:
            source = Source(shown(str(path)), "", "application/octet-stream", 0)
            return Extraction(source, versions(), problems=[Problem(error.kind, error.message)])
    if data is None:
        size = path.stat().st_size
        if size > MOST_BYTES:
            source = Source(shown(str(path)), "", "application/octet-stream", size)
            message = f"{name}：文件有 {size // 1024 // 1024} MB，超过上限。请拆开，或删去其中的图片后再试。"
            return Extraction(source, versions(), problems=[Problem("too_large", message)])
        data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    source = Source(shown(str(path)), sha256, sniff.sniff(data, name), len(data))
    extraction = Extraction(source, versions())
    try:
        document = read_document(data, name)
    except UnreadableError as error:
        extraction.problems.append(Problem(error.kind, error.message))
        return extraction
    extraction.problems.extend(document.problems)
    _read_reports(extraction, document, data, name)
    if not extraction.reports and not extraction.circulars and not extraction.problems:
        message = f"{name}：没有找到政府信息公开工作年度报告（没有标题，也没有统计表）。请确认是否选对了文件。"
        extraction.problems.append(Problem("no_report", message))
    return extraction


def _read_reports(extraction: Extraction, document: Document, data: bytes, name: str) -> None:
    passages = [Passage(p.text, p.place) for p in document.paragraphs]
    titles = [document.title] if document.title else []
    circular = None
    # What a clerk checks is hardly ever a circular, nor are its digits joined: those modules wait until they are needed.
    if any(_MAY_BE_CIRCULAR.search(t) for t in (*titles, *(p.text for p in passages))):
        from . import circulars

        circular = circulars.find(titles, passages, document.tables, document.metadata)
    if circular is not None:
        circular.circular_id = _id(extraction.source.sha256, "circular", 1)
        extraction.circulars.append(circular)
        return
    parts = _split(document)
    for part in parts:
        report = _read_report(document, part, name, alone=len(parts) == 1)
        if report is None:
            continue
        report.report_id = _id(extraction.source.sha256, "report", len(extraction.reports) + 1)
        if _wants_second_opinion(document, report):
            _second_opinion(document, report, data, name)
        if getattr(document, "evidence", None) is not None:
            _doubt_digits(report)
        if len(report.statements) >= statements.MOST_STATEMENTS:
            message = (
                f"{name}：文字里的数字超过 {statements.MOST_STATEMENTS} 个，其余的没有读取。请核对是否选对了文件。"
            )
            extraction.problems.append(Problem("too_large", message))
        extraction.reports.append(report)


def _id(sha256: str, what: str, position: int) -> str:
    return hashlib.sha256(f"{sha256}|{what}|{position}".encode()).hexdigest()[:24]


def _split(document: Document) -> list[list[Paragraph | Table]]:
    """The blocks of each report in the file, by its titles; all of them where there is one title or none."""
    texts = [b.text if isinstance(b, Paragraph) else "" for b in document.blocks]
    spans = identity.report_spans(texts)
    if len(spans) < 2:
        return [list(document.blocks)]
    return [list(document.blocks[s.start : s.end]) for s in spans]


def _read_report(document: Document, blocks: list[Paragraph | Table], name: str, *, alone: bool) -> Report | None:
    paragraphs = [b for b in blocks if isinstance(b, Paragraph)]
    passages = [Passage(p.text, p.place) for p in paragraphs]
    # Of several reports in a file none may be named by what stands for the whole file.
    about = dict(document.metadata) if alone else {}
    for block in blocks:
        if isinstance(block, Table) and len(block.cells) <= _METADATA_CELLS:
            about |= identity.page_metadata([[c.text for c in block.cells]])
    who = identity.identify(
        titles=[document.title] if document.title and alone else [],
        passages=passages,
        metadata=about,
        file_name=name if alone else "",
    )
    report = Report(report_id="")
    found = matching.match(blocks, who.year)
    if found is not None:
        report.form, report.variant = found.form, found.variant
        report.facts, report.unresolved, report.layouts = found.facts, found.unresolved, found.layouts
    else:
        from . import joined

        solved = joined.read_joined(passages, who.year)
        if solved is not None:
            report.form, report.variant = solved.form_id, solved.variant
            report.facts, report.unresolved, report.layouts = solved.facts, solved.unresolved, solved.layouts
            report.spent = solved.spent
    _identify(report, who)
    report.passages = passages
    # What a page hides are its site's menus; what a draft hides was left over by its author.
    of_page = document.media_type in _PAGES
    report.residue = [r for r in document.residue if not (of_page and r.kind == "hidden")] if alone else []
    report.has_pictures = document.has_pictures
    report.statements = statements.find(passages, year=report.year, scope=report.scope, form=report.form)
    if not report.facts and not report.unresolved and not (who.title and (report.statements or alone)):
        return None
    return report


def _identify(report: Report, who: identity.Identity) -> None:
    """Put on the report which one it is; its table may refute what the text says of its scope."""
    who = identity.weigh_figures(who, report.facts)
    report.issuer, report.issuer_printed = who.issuer, who.issuer_printed
    report.issuer_flags, report.issuer_evidence = who.flags, who.issuer_evidence
    report.division_code, report.level, report.kind = who.division_code, who.level, who.kind
    report.year, report.period = who.year, who.period
    report.scope, report.scope_evidence = who.scope, who.scope_evidence
    report.published, report.title = who.published, who.title
    report.document_number, report.index_number = who.document_number, who.index_number


# -- the second opinion on PDFs ------------------------------------------------------------------------------------


def _wants_second_opinion(document: Document, report: Report) -> bool:
    """Whether anything about the first engine's reading is not beyond doubt."""
    evidence = getattr(document, "evidence", None)
    if evidence is None or not evidence.table_pages:
        return False
    if evidence.doubts or report.unresolved:
        return True
    # A report in sentences alone has no form.
    if not report.layouts or {layout.table for layout in report.layouts} != set(forms.load(report.form).tables):
        return True
    if any(layout.missing_rows or layout.missing_columns or layout.extra for layout in report.layouts):
        return True
    if any(r.how == "unknown" for layout in report.layouts for r in layout.rows):
        return True
    cells = _cells(report.facts, report.unresolved)
    return any(
        identities.evaluate(e, cells).outcome == "broken"
        for e in identities.of_report(report)
        if any(a in cells for a in e.left)
    )


def _cells(facts: Sequence[Fact], unresolved: Sequence[Unresolved]) -> dict[str, identities.Cell]:
    cells = {f.address: identities.Cell(value=f.value) for f in facts}
    cells |= {u.address: identities.Cell(readings=tuple(u.readings)) for u in unresolved}
    return cells


def _second_opinion(document: Document, report: Report, data: bytes, name: str) -> None:
    """Read the same pages with the other engine and keep what both read; where they differ nothing is certain."""
    from . import pdf

    evidence = getattr(document, "evidence", None)
    assert evidence is not None
    try:
        other = pdf.read(data, name, engine="pdfplumber", pages=frozenset(evidence.table_pages))
    except (UnreadableError, MemoryError):
        leave_open(report, evidence.doubts)
        return
    found = matching.match(other.blocks, report.year)
    if found is None or (found.form, found.variant) != (report.form, report.variant):
        leave_open(report, evidence.doubts)
        return
    merge_readings(report, found)


# The doubt that is of whole tables: ruling lines are missing. Others are of single cells, unresolved for them.
_OF_TABLES = "rules"


def leave_open(report: Report, doubts: Sequence[str]) -> None:
    """Take the certainty from what a second reading was wanted for and did not come.

    That is every cell where the first engine doubts more than single cells, those of tables with rows or columns
    missing or unknown, and those of sums that do not hold.
    """
    cells = _cells(report.facts, report.unresolved)
    broken = {
        a
        for e in identities.of_report(report)
        if identities.evaluate(e, cells).outcome == "broken"
        for a in (*e.left, *e.right)
    }
    unsure = {
        layout.table
        for layout in report.layouts
        if layout.missing_rows or layout.missing_columns or layout.extra or any(r.how == "unknown" for r in layout.rows)
    }
    everything = _OF_TABLES in doubts
    # A sum that the only reading breaks is still told to be wrong: nobody shall take such a file for sound.
    _unresolve(
        report,
        "unconfirmed",
        lambda f: everything or f.address in broken or f.address.partition(".")[0] in unsure,
        readable=True,
    )


def _unresolve(report: Report, reason: str, which: Callable[[Fact], bool], *, readable: bool) -> None:
    """Make unresolved cells of facts, blanks too. ``readable``: what they seem to hold is their one known reading."""
    taken = [f for f in report.facts if which(f)]
    report.facts = [f for f in report.facts if not which(f)]
    for f in taken:
        readings = [f.value] if readable and f.value is not None else []
        report.unresolved.append(Unresolved(f.address, f.printed, reason, readings, f.place))


# A PDF whose figures are words, or most of whose sums are wrong: by so many cells or sums, and such a share.
_FEWEST_TO_JUDGE, _MOST = 20, 0.75


def _doubt_digits(report: Report) -> None:
    """Take no figure of a PDF for certain whose character map seems to give other digits than are printed.

    Offices misprint some sums, and fonts shift all digits: then even rows of nothing but zeros do not add up.
    """
    figures = [f for f in report.facts if f.kind in ("number", "text")]
    words = sum(f.kind == "text" for f in figures)
    cells = _cells(report.facts, report.unresolved)
    outcomes = [identities.evaluate(e, cells).outcome for e in identities.of_report(report)]
    broken, holding = outcomes.count("broken"), outcomes.count("holds")
    if (len(figures) >= _FEWEST_TO_JUDGE and words > _MOST * len(figures)) or (
        broken >= _FEWEST_TO_JUDGE and broken > _MOST * (broken + holding)
    ):
        _unresolve(report, "characters", lambda f: f.kind in ("number", "text"), readable=False)


def merge_readings(report: Report, second: matching.Match) -> None:
    """Put a second reading of the same report beside the first, cell by cell.

    Both the same: the printed figure stands. Different: unresolved, with both readings. Read by the second alone: it
    stands only if every equation of the form that it takes part in then holds, and at least one does.
    """
    theirs = {f.address: f for f in second.facts}
    facts: list[Fact] = []
    for fact in report.facts:
        other = theirs.get(fact.address)
        if other is None or (other.kind, other.value) == (fact.kind, fact.value):
            facts.append(fact)
            continue
        readings: list[Value] = [f.value for f in (fact, other) if f.value is not None]
        report.unresolved.append(Unresolved(fact.address, fact.printed, "engines", readings, fact.place))
    report.facts = facts
    mine = {f.address for f in facts}
    differing = {u.address for u in report.unresolved if u.reason == "engines"}
    cells = _cells(report.facts, report.unresolved)
    candidates = {a: f for a, f in theirs.items() if a not in mine and a not in differing}
    trial = cells | {a: identities.Cell(value=f.value) for a, f in candidates.items() if f.value is not None}
    equations = identities.of_report(report)
    for address, fact in candidates.items():
        outcomes = [identities.evaluate(e, trial).outcome for e in equations if address in (*e.left, *e.right)]
        if "holds" in outcomes and "broken" not in outcomes:
            report.facts.append(fact)
            report.unresolved = [u for u in report.unresolved if u.address != address]
        elif all(u.address != address for u in report.unresolved) and fact.value is not None:
            report.unresolved.append(Unresolved(address, fact.printed, "engines", [fact.value], fact.place))
    _merge_layouts(report, second)


def _merge_layouts(report: Report, second: matching.Match) -> None:
    """A row or column that is missing to one engine only is not missing."""
    theirs = {layout.table: layout for layout in second.layouts}
    for layout in report.layouts:
        other = theirs.get(layout.table)
        if other is None:
            continue
        known = {r.code for r in layout.rows}
        layout.rows.extend(r for r in other.rows if r.code in layout.missing_rows and r.code not in known)
        layout.missing_rows = [c for c in layout.missing_rows if c in other.missing_rows]
        layout.missing_columns = [c for c in layout.missing_columns if c in other.missing_columns]
    mine = {layout.table for layout in report.layouts}
    report.layouts.extend(layout for table, layout in theirs.items() if table not in mine)


__all__ = ["PARSER_VERSION", "Place", "extract", "label", "merge_readings", "read_document", "versions"]
