"""From a file to its extraction: choose the reader, split into reports, put the readings together.

Belongs here: the order in which the parts of this room work on one file.
Does not belong here: any of that work itself (`readers`, `tables`, `prose`, `second_opinion`),
and any folder, batch or process (`flows`, `gouji`).
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from parsers.files.paths import shown
from schemas import forms
from schemas.facts import Extraction, Passage, Problem, Report, Source
from schemas.report_identity import Evidence, ReportIdentity
from schemas.uncollected import uncollected

from . import readers
from .document import Document, IncompleteError, Paragraph, Table, UnreadableError
from .files import sniff
from .prose import identity, paragraphs, statements
from .tables import badly_read, matching, open_cells, out_of_step, traces
from .tables.form_choice import Told
from .tables.match import Match, agreed
from .version import versions

_MAY_BE_CIRCULAR = re.compile(r"通\s*[报報]")
# A page's table of metadata (索引号, 发布机构, …) is a small one.
_METADATA_CELLS = 60
# A covering note is no longer; a report that says so little has at least the titles of its sections.
_FEW_WORDS = 800
_SECTION = re.compile(
    r"[一二三四五六]\s*[、.．]\s*(?:总体|概述|主动公开|收到|依申请|政府信息公开|因政府信息|存在|其他)"
)
# So many characters behind a title are links to its neighbours and the page's foot; a report says more.
_LINKS = 400
# Larger files are refused before they are read; readers have narrower bounds of their own.
MOST_BYTES = 200 * 1024 * 1024


def read_document(data: bytes, name: str) -> Document:
    """Read a file's bytes with the reader its content asks for. Raises `UnreadableError`."""
    return readers.read(data, name, sniff.sniff(data, name))


@uncollected()
def extract(path: Path, data: bytes | None = None, *, standing: Sequence[Evidence] = ()) -> Extraction:
    """All that one file yields. Never raises for what is in the file: that becomes a problem.

    ``standing`` is evidence of body and year from where the file was found (`prose.identity.place_evidence`). ``path`` may be that of a document in a zip archive (`bundle`). Raises OSError when the file itself cannot be opened.
    """
    name = shown(path.name)
    if data is None and not path.is_file():
        from .files import zips

        try:
            data = zips.read_bytes(path)
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
        document = readers.read(data, name, source.media_type)
    except UnreadableError as error:
        extraction.problems.append(Problem(error.kind, error.message))
        if isinstance(error, IncompleteError):
            extraction.unusable["reader"] = error.why
        return extraction
    extraction.problems.extend(document.problems)
    _read_reports(extraction, document, data, name, standing)
    if document.evidence is not None:
        from .readers import pdf

        pdf.close()
    if not extraction.reports and not extraction.circulars and not extraction.problems:
        message = f"{name}：没有找到政府信息公开工作年度报告（没有标题，也没有统计表）。请确认是否选对了文件。"
        from .readers import convert

        if convert.is_convertible(source.media_type):
            message += "文件也可能已损坏：请用 Word 或 WPS 打开看一看，是乱码的请重新提交。"
        if document.elsewhere:
            message += f"网页里嵌入了 {'、'.join(document.elsewhere[:3])}，报告可能在其中，请打开另存后再提交。"
        extraction.problems.append(Problem("no_report", message))
        extraction.few_words = not convert.is_convertible(source.media_type) and _is_few_words(document)
    return extraction


def _is_few_words(document: Document) -> bool:
    """Whether a file holds a few words and nothing else: a covering note. Old Word files may be damaged reports."""
    texts = [p.text.strip() for p in document.paragraphs if p.text.strip()]
    n = sum(map(len, texts))
    if document.tables or document.has_pictures or document.apart or document.elsewhere or not 0 < n <= _FEW_WORDS:
        return False
    han = sum("\u4e00" <= c <= "\u9fff" for t in texts for c in t)
    return 2 * han > n and not any(_SECTION.match(t) for t in texts)


def _read_reports(
    extraction: Extraction, document: Document, data: bytes, name: str, standing: Sequence[Evidence]
) -> None:
    passages = [Passage(p.text, p.place) for p in document.paragraphs]
    titles = [document.title] if document.title else []
    circular = None
    # What a clerk checks is hardly ever a circular, nor are its digits joined: those modules wait until they are needed.
    if any("通" in t and _MAY_BE_CIRCULAR.search(t) for t in (*titles, *(p.text for p in passages))):
        from .prose import circulars

        circular = circulars.find(titles, passages, document.tables, document.metadata)
    if circular is not None:
        circular.circular_id = _id(extraction.source.sha256, "circular", 1)
        extraction.circulars.append(circular)
        return
    parts = _split(document)
    read = [(p, _read_report(document, p, name, standing, alone=len(parts) == 1)) for p in parts]
    if len(parts) > 1 and all(report is None for _, report in read):
        # Behind the titles of a page and a notice there may be one report, of words alone.
        longest = max(parts, key=_words)
        if _words(longest) > _LINKS:
            read = [(longest, _read_report(document, longest, name, standing, alone=True))]
    for part, report in read:
        if report is None:
            continue
        for each in (report, *report.also):
            each.report_id = _id(extraction.source.sha256, "report", len(extraction.reports) + 1)
            if document.evidence is not None:
                # Of all formats only a PDF has cells that are seen and not given.
                from . import second_opinion

                if (why := second_opinion.review(each, data, name)) is not None:
                    extraction.unusable["second_engine"] = why
            _add_traces(each, part.blocks, document.aside if len(parts) == 1 else ())
        if len(report.statements) >= statements.MOST_STATEMENTS:
            message = (
                f"{name}：文字里的数字超过 {statements.MOST_STATEMENTS} 个，其余的没有读取。请核对是否选对了文件。"
            )
            extraction.problems.append(Problem("too_large", message))
        extraction.reports.append(report)


def _id(sha256: str, what: str, position: int) -> str:
    return hashlib.sha256(f"{sha256}|{what}|{position}".encode()).hexdigest()[:24]


@dataclass(slots=True)
class _Part:
    """The blocks of one report, and the titles among its texts, by their places in it."""

    blocks: list[Paragraph | Table]
    titles: list[identity.Found]
    # Its tables may stand behind another report of the file, and nothing says which.
    annexed: bool = False


def _split(document: Document) -> list[_Part]:
    """The reports in the file, by its titles; all of it where there is one title or none."""
    texts = [b.text if isinstance(b, Paragraph) else identity.title_row(b) for b in document.blocks]
    found = identity.scan(texts)
    spans = [(s.start, s.end) for s in identity.report_spans(texts, found)]
    starts, links = _starts(document, spans)
    # Links to neighbours say nothing of this report.
    found = [f for f in found if not any(a <= f.start < b for a, b in links)]
    if len(starts) < 2:
        return [_Part(list(document.blocks), found)]
    bounds = list(itertools.pairwise([*starts, len(document.blocks)]))
    parts = [_Part(list(document.blocks[a:b]), [f.moved(-a) for f in found if a <= f.start < b]) for a, b in bounds]
    _bring_home(parts, texts, bounds)
    return parts


def _bring_home(parts: list[_Part], texts: list[str], bounds: list[tuple[int, int]]) -> None:
    """Give tables that are annexed to the last report to the one that their heading names, if it has none of its own."""
    reports = [(a, part.titles[0] if part.titles else None) for part, (a, _) in zip(parts, bounds, strict=True)]
    moved = [move for move in identity.annexed(texts, reports) if _tables(parts[move[2]]) == 0]
    for start, end, whose in reversed(moved):
        source, (first, _) = next((p, b) for p, b in zip(parts, bounds, strict=True) if b[0] <= start < b[1])
        stretch = source.blocks[start - first : end - first]
        del source.blocks[start - first : end - first]
        parts[whose].blocks += stretch
    for part in parts:
        others = sum(_tables(other) for other in parts if other is not part)
        words = [b.text for b in part.blocks if isinstance(b, Paragraph)]
        part.annexed = bool(others) and _tables(part) == 0 and identity.refers_to_annexes(words)


def _tables(part: _Part) -> int:
    return sum(1 for b in part.blocks if isinstance(b, Table) and len(b.cells) > _METADATA_CELLS)


def _starts(document: Document, spans: Sequence[tuple[int, int]]) -> tuple[list[int], list[tuple[int, int]]]:
    """Where the reports of a file begin, and the spans that are none. A title with nothing of a report behind it is a link to one: its neighbour's.

    Tables before the first title are of a report whose title stands elsewhere (in the page's head), or nowhere.
    """
    blocks = document.blocks
    tables = [i for i, b in enumerate(blocks) if isinstance(b, Table) and len(b.cells) > _METADATA_CELLS]
    links = [
        (a, b)
        for a, b in spans
        if tables
        and not any(isinstance(block, Table) for block in blocks[a:b])
        and sum(len(block.text) for block in blocks[a:b] if isinstance(block, Paragraph)) <= _LINKS
    ]
    starts = [a for a, b in spans if (a, b) not in links]
    if tables and starts and tables[0] < starts[0]:
        starts.insert(0, 0)
    return starts, links


def _read_report(
    document: Document, part: _Part, name: str, standing: Sequence[Evidence], *, alone: bool
) -> Report | None:
    blocks = part.blocks
    passages = [Passage(b.text, b.place) for b in blocks if isinstance(b, Paragraph)]
    # Of several reports in a file none may be named by what stands for the whole file.
    about = dict(document.metadata) if alone else {}
    for block in blocks:
        if isinstance(block, Table) and len(block.cells) <= _METADATA_CELLS:
            about |= identity.page_metadata([[c.text for c in block.cells]])
    if alone and not part.titles and (head := identity.running_title([p.text for p in document.aside])):
        # A sheet that is printed over several pages has its title in the first line of each.
        about.setdefault("page_header", head)
    who = identity.identify(
        titles=[document.title] if document.title and alone else [],
        passages=passages,
        metadata=about,
        file_name=name if alone else "",
        found=part.titles,
        cells=[row for b in blocks if isinstance(b, Table) and (row := identity.title_row(b))],
        # Of several reports in a file the place says which only of the whole.
        standing=standing if alone else (),
    )
    tables = _tables_of(blocks, passages, who.identity)
    report = _report(document, part, passages, who, tables, alone=alone)
    report.also = tuple(_report(document, part, passages, who, m, alone=alone) for m in tables.also)
    if not report.facts and not report.unresolved and not (who.is_report and (report.statements or alone)):
        return None
    return report


def _tables_of(blocks: list[Paragraph | Table], passages: list[Passage], who: ReportIdentity) -> Match:
    """The statutory tables of a report, from grids and from running text."""
    said = (int(e.says) for e in who.evidence if e.about == "year" and e.weight and e.says.isdigit())
    texts = (t for b in blocks for t in ([b.text] if isinstance(b, Paragraph) else [c.text for c in b.cells]))
    # The words are looked at only where several forms fit the tables equally.
    told = Told(texts, tuple(said), who.published)
    tables = matching.match(blocks, who.year, told)
    if tables is not None and all(m.tables == set(forms.load(m.form).tables) for m in (tables, *tables.also)):
        return tables
    # Tables that are no grids may stand in the text.
    from .tables import lost_grid

    if tables is None:
        return lost_grid.read(passages, who.year, None, told) or Match("prose", None)
    for match in (tables, *tables.also):
        if (in_text := lost_grid.read(passages, who.year, match)) is not None:
            match.add(in_text)
    # Running text may be read otherwise by each.
    return (agreed([tables, *tables.also]) if tables.also else None) or tables


def _report(
    document: Document, part: _Part, passages: list[Passage], who: identity.Identified, tables: Match, *, alone: bool
) -> Report:
    """A report as one form reads its tables."""
    # What a page hides are its site's menus; what a draft hides was left over by its author.
    of_page = document.media_type == sniff.HTML
    report = Report(
        "",
        # The table may refute what the text says of its scope.
        identity.weigh_figures(who, tables.facts, tables.form),
        tables.form,
        tables.variant,
        tables.facts,
        tables.unresolved,
        layouts=tables.layouts,
        # Lines are evidence for tables and names; what sentences say needs whole paragraphs.
        passages=paragraphs.joined(passages),
        residue=[r for r in document.residue if not (of_page and r.kind == "hidden")] if alone else [],
        has_pictures=document.has_pictures or part.annexed,
        apart=document.apart | {"attachment"} if part.annexed else document.apart,
        traces=tables.traces,
        leftovers=tables.leftovers,
        spent=tables.spent,
    )
    report.statements = statements.find(report.passages, year=report.year, scope=report.scope, form=report.form)
    return report


def _words(part: _Part) -> int:
    return sum(len(b.text) for b in part.blocks if isinstance(b, Paragraph))


def _add_traces(report: Report, blocks: list[Paragraph | Table], aside: Sequence[Paragraph]) -> None:
    """Note what of the form's tables was seen and not read: its cells are unresolved, not missing."""
    form = report.form if report.layouts else getattr(forms.national(report.year), "id", None)
    if form is None:
        return
    hidden = [r for r in report.residue if r.kind == "hidden"]
    report.traces += traces.of_rows(blocks, form, report.layouts, hidden, aside)
    report.traces += open_cells.of_leftovers(report, form)
    report.traces += open_cells.of_lines(blocks, report, form)
    there = {layout.table for layout in report.layouts}
    if there != set(forms.load(form).tables):
        report.traces += traces.of_tables(blocks, form, there, aside)
    if report.traces:
        report.form = form
        out_of_step.doubt(report, form)
        badly_read.settle(report, form, blocks, aside)
    known = {f.address for f in report.facts} | {u.address for u in report.unresolved}
    unseen = open_cells.hidden_columns(report.layouts, hidden, form, report.variant) if hidden else []
    report.unresolved += [u for u in unseen if u.address not in known]
    if report.traces:
        told = {f.place for f in report.facts} | {u.place for u in report.unresolved}
        report.leftovers += open_cells.stray_figures(blocks, report.traces, told)
    known |= {u.address for u in unseen}
    for trace in report.traces:
        own = [u for u in open_cells.of_trace(trace, form, report.variant) if u.address not in known]
        report.unresolved += own
        known |= {u.address for u in own}
    report.unresolved += open_cells.unread_cells(report, form, blocks, aside)
