"""CPU time of reading, by format; in the same run what PDFium's bare text and a naive pdfplumber cost.

Belongs here: milliseconds per document in one warm process. Does not belong here: whether it is read right (`accuracy`).

Ratios between rows of one run hold on other machines; milliseconds do not.
"""

from __future__ import annotations

import gc
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import fmean

import checks
import parsers
from data.generator import Format

from .corpus import Corpus, Sample
from .engines import watched
from .results import Goal, Part, number

SEED = 700_000
# Each document is read so many times and its fastest reading counts: neighbours on the machine only slow things down.
_REPEATS = 3
_WARM = 3


def seconds(work: Callable[[], object], repeats: int = _REPEATS) -> float:
    """CPU seconds of a piece of work, the least of several times."""
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def bare_text(data: bytes) -> int:
    """All text of all pages by PDFium, and nothing else: the least that any use of it costs."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    characters = 0
    for page in document:
        text = page.get_textpage()
        characters += len(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return characters


def naive_pdfplumber(data: bytes) -> int:
    """What the library's own documentation shows: open, go through all pages, extract the tables."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        return sum(len(page.extract_tables()) for page in document.pages)


def pdfplumber_for_all(data: bytes) -> int:
    """The same with the text of every page: what it takes to have what the reader gives, sentences and tables."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        return sum(len(page.extract_tables()) + len(page.extract_text()) for page in document.pages)


@dataclass(slots=True)
class Costs:
    """CPU milliseconds of every document of a group."""

    reader: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    naive: list[float] = field(default_factory=list)
    naive_with_text: list[float] = field(default_factory=list)
    # Of the documents on which it ran: what the second engine alone cost.
    second: list[float] = field(default_factory=list)
    clean: int = 0
    second_on_clean: int = 0

    def add(self, other: Costs) -> None:
        for name in ("reader", "whole", "check", "bare", "naive", "naive_with_text", "second"):
            getattr(self, name).extend(getattr(other, name))
        self.clean += other.clean
        self.second_on_clean += other.second_on_clean


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else 0.0


def measure(sample: Sample, *, rivals: bool = True) -> Costs:
    """One document: reader alone, the whole of `extract`, `check`; for a PDF also the rivals."""
    data, name = sample.path.read_bytes(), sample.path.name
    costs = Costs()
    costs.reader.append(1000 * seconds(lambda: parsers.read_document(data, name)))
    with watched() as engines:
        extraction = parsers.extract(sample.path, data)
    costs.whole.append(1000 * seconds(lambda: parsers.extract(sample.path, data)))
    costs.check.append(1000 * seconds(lambda: checks.check(extraction, "published")))
    if sample.format.startswith("pdf"):
        truth, _ = sample.drawn()
        costs.clean += not truth.errors
        costs.second_on_clean += not truth.errors and engines.second_ran
        if engines.second_ran:
            costs.second.append(1000 * sum(engines.seconds["pdfplumber"]))
        if rivals:
            costs.bare.append(1000 * seconds(lambda: bare_text(data)))
            costs.naive.append(1000 * seconds(lambda: naive_pdfplumber(data)))
            costs.naive_with_text.append(1000 * seconds(lambda: pdfplumber_for_all(data)))
    return costs


def _ruled(sample: Sample) -> str:
    return "with all rules" if sample.drawn()[1].rules == "full" else "rules missing"


def run(corpus: Corpus, *, quick: bool, told: Callable[[str], None]) -> Part:
    """Documents of every format, measured one after the other in this process."""
    # Two hundred PDFs, half of them of each program.
    per_format = {"pdf": 3 if quick else 100, "": 3 if quick else 60}
    groups: dict[str, Costs] = {}
    formats: tuple[Format, ...] = ("html", "docx", "txt", "pdf-libreoffice", "pdf-chromium")
    for format in formats:
        number_of = per_format["pdf" if format.startswith("pdf") else ""]
        told(f"reading: making {number_of} {format}")
        samples = corpus.make(range(SEED, SEED + number_of), [format])
        told(f"reading: measuring {format}")
        for sample in samples[: 1 if quick else _WARM]:
            measure(sample, rivals=False)
        gc.collect()
        gc.freeze()
        for sample in samples:
            name = f"{format}, {_ruled(sample)}" if format.startswith("pdf") else format
            groups.setdefault(name, Costs()).add(measure(sample))
        gc.unfreeze()
    return _part(groups, per_format)


def _part(groups: dict[str, Costs], per_format: dict[str, int]) -> Part:
    pdfs = Costs()
    for name, costs in groups.items():
        if name.startswith("pdf"):
            pdfs.add(costs)
    shown = dict(sorted(groups.items())) | {"all PDFs": pdfs}
    part = Part(
        "Reading: CPU milliseconds per document",
        [
            f"{per_format['']} generated documents of each format, {per_format['pdf']} of each kind of PDF, seeds from {SEED}, "
            "random layouts; one warm process, the "
            f"least of {_REPEATS} times, then the mean over documents. *reader*: bytes to paragraphs and tables (for a PDF "
            "the first engine). *rest*: which report it is, matching, sentences, and for a PDF the second engine where it "
            "runs. *check*: the rules.",
            "*bare text*: PDFium loads every page and gives its text. *pdfplumber*: naive `extract_tables()` on every page; "
            "*and text*: `extract_text()` as well, since the reader gives paragraphs too. All are timed alike.",
        ],
        (
            "format",
            "reader",
            "rest",
            "check",
            "bare text",
            "reader ÷ bare",
            "pdfplumber",
            "÷ reader",
            "and text",
            "÷ reader",
        ),
    )
    for name, costs in shown.items():
        reader, bare, naive = _mean(costs.reader), _mean(costs.bare), _mean(costs.naive)
        with_text = _mean(costs.naive_with_text)
        part.rows.append(
            (
                name,
                number(reader),
                number(_mean(costs.whole) - reader),
                number(_mean(costs.check)),
                number(bare) if bare else "",
                number(reader / bare, 2) if bare else "",
                number(naive) if naive else "",
                number(naive / reader, 1) if naive else "",
                number(with_text) if naive else "",
                number(with_text / reader, 1) if naive else "",
            )
        )
    share = 100 * pdfs.second_on_clean / max(pdfs.clean, 1)
    part.notes.append(
        f"Second engine: ran on {len(pdfs.second)} of {len(pdfs.reader)} PDFs and cost {_mean(pdfs.second):.0f} ms on each "
        f"of these; on {pdfs.second_on_clean} of the {pdfs.clean} PDFs without a planted error ({share:.1f} %)."
    )
    reader, bare, naive = _mean(pdfs.reader), _mean(pdfs.bare), _mean(pdfs.naive)
    whole = _mean(pdfs.whole)
    part.goals = [
        Goal("first PDF engine, CPU ms a report", "at most 25", number(reader), reader <= 25),
        Goal("first PDF engine ÷ PDFium's bare text", "at most 2", number(reader / bare, 2), reader <= 2 * bare),
        Goal("naive pdfplumber ÷ first PDF engine", "at least 10", number(naive / reader), naive >= 10 * reader),
        Goal("naive pdfplumber ÷ whole `extract` of PDFs", "at least 8", number(naive / whole), naive >= 8 * whole),
        Goal("second engine on PDFs without a planted error", "at most 5 %", f"{share:.1f} %", share <= 5),
    ]
    return part
