"""From a seed and an index to one document with its truth.

Belongs here: which kind an index has, and making the source of a document. Does not belong here: printing sources to
PDF, which is done for many at once (`campaign`).
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.wild import css, saved, spoken, text, word, workbook
from benchmarks.wild.drawing import Draw
from benchmarks.wild.judge import Truth
from benchmarks.wild.report import Report, Wish, draw_report

# Which kinds come how often: one round of twenty. The order is fixed, so that an index always has the same kind.
_ROUND = [
    "css",
    "text",
    "saved",
    "css",
    "word",
    "wordpdf",
    "sentences",
    "css",
    "text",
    "word",
    "css",
    "saved",
    "wordpdf",
    "text",
    "sentences",
    "css",
    "word",
    "text",
    "css",
    "xlsx",
]
# So many reports of the printed kinds speak of their figures too: line and page ends fall into sentences.
_SPEAKING = 0.25
KINDS = tuple(dict.fromkeys(_ROUND))


@dataclass(slots=True)
class Source:
    """A document before it is printed: its bytes, and how to print them if they are to become a PDF."""

    truth: Truth
    data: bytes
    ending: str
    # "" as it is, "chromium" or "soffice" to be printed.
    printer: str = ""
    scale: float = 1.0


def kind_of(index: int) -> str:
    return _ROUND[index % len(_ROUND)]


def make(seed: int, index: int) -> Source:
    kind = kind_of(index)
    draw = Draw(f"{seed}/{index}")
    printer, scale = "", 1.0
    if kind == "css":
        report = draw_report(draw, Wish(sentences=draw.chance(_SPEAKING)))
        printed = css.render(draw, report)
        data, ending, printer, scale = printed.html.encode(), "html", "chromium", printed.scale
    elif kind == "text":
        report, data, ending = text.render(draw)
    elif kind == "saved":
        report, data, ending = saved.render(draw)
    elif kind == "sentences":
        report, data, ending = spoken.render(draw)
    elif kind == "xlsx":
        report = draw_report(draw, Wish())
        data, ending = workbook.render(draw, report), "xlsx"
    else:
        report = draw_report(draw, Wish(sentences=draw.chance(_SPEAKING)))
        data, ending = word.render(draw, report, printed=kind == "wordpdf"), "docx"
        printer = "soffice" if kind == "wordpdf" else ""
    return Source(_truth(f"w{index:05}", kind, draw, report), data, ending, printer, scale)


def _truth(name: str, kind: str, draw: Draw, report: Report) -> Truth:
    body = report.body
    issuers = body.accepted
    if "area title" in draw.traits:
        # 某县2023年政府信息公开工作年度报告 names the county; its government is meant, and either is right.
        issuers |= {name.removesuffix("人民政府") for name in issuers}
    return Truth(
        name,
        kind,
        list(draw.traits),
        issuers,
        body.name,
        body.division.code,
        report.year,
        report.single_other,
        dict(report.cells),
        list(report.planted),
    )
