"""Documents with known truth: reports of any form in any format, repeatable from a seed.

Belongs here: what tests, benchmarks and campaigns need to make a report and to know what a right reading of it gives.
Does not belong here: reading anything. Only `schemas` is imported from the product, so that readers are tested by
something they have no part in.

    truth = make_truth(7, "2021", errors=("digit_swap",))
    layout = random_layout(7, "docx")
    data = render(truth, layout)
    truth.expected(layout)["requests.new_received.total"]   # TruthCell(printed, kind, value, unit)
"""

from __future__ import annotations

from .compose import compose
from .docx import render_docx
from .drawn import render_drawn_pdf
from .figures import SIZES
from .html import render_html, render_print_html
from .layout import FORMATS, Format, Layout, clean_layout, random_layout
from .pdf import Chromium, chromium, libreoffice, render_pdfs
from .text import render_markdown, render_text
from .truth import ERROR_KINDS, STATEMENT_ERRORS, TABLE_ERRORS, PlantedError, Truth, TruthCell, make_truth

__all__ = [
    "ERROR_KINDS",
    "FORMATS",
    "SIZES",
    "STATEMENT_ERRORS",
    "TABLE_ERRORS",
    "Chromium",
    "Format",
    "Layout",
    "PlantedError",
    "Truth",
    "TruthCell",
    "chromium",
    "clean_layout",
    "compose",
    "libreoffice",
    "make_truth",
    "random_layout",
    "render",
    "render_docx",
    "render_drawn_pdf",
    "render_html",
    "render_markdown",
    "render_pdfs",
    "render_print_html",
    "render_text",
    "suffix",
]


def render(truth: Truth, layout: Layout) -> bytes:
    """The report in a format that needs no other program: all but the printed PDFs, for which it raises ValueError."""
    renderers = {
        "docx": render_docx,
        "html": render_html,
        "pdf-drawn": render_drawn_pdf,
        "txt": render_text,
        "md": render_markdown,
    }
    if layout.format not in renderers:
        raise ValueError(f"{layout.format} is printed by another program: use render_pdfs")
    return renderers[layout.format](truth, layout)


def suffix(layout: Layout) -> str:
    """The file ending of a layout's format, with its dot."""
    return ".pdf" if layout.format.startswith("pdf") else f".{layout.format}"
