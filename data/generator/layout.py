"""How a generated report looks, as data.

Belongs here: every choice about a document's appearance, and drawing one at random from a seed.
Does not belong here: how a choice is carried out (`dress` for figures, `compose` for labels and tables, the renderers).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Literal

Format = Literal["docx", "html", "pdf-libreoffice", "pdf-chromium", "pdf-drawn", "txt", "md"]
Rules = Literal["full", "none", "horizontal", "half"]

FORMATS: tuple[Format, ...] = ("docx", "html", "pdf-libreoffice", "pdf-chromium", "pdf-drawn", "txt", "md")
# Fonts that a plain Debian has with fonts-noto-cjk and fonts-droid-fallback.
FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC", "Droid Sans Fallback")
MARKS = ("/", "／", "-", "--", "—", "－", "无", "○")


@dataclass(frozen=True, slots=True)
class Layout:
    """The appearance of one document. ``seed`` settles what the other fields leave open."""

    format: Format = "docx"
    seed: int = 0

    # Page
    rules: Rules = "full"
    font: str = FONTS[0]
    font_size: float = 10.5
    body_size: float = 14.0
    margin_mm: float = 26.0
    row_height: float = 18.0
    landscape: bool = False
    page_numbers: bool = True
    # Paragraphs of filling before each statutory table, and points of space after them: page ends fall anywhere.
    padding: tuple[int, ...] = (0, 0, 0)
    shift: tuple[float, ...] = (0.0, 0.0, 0.0)
    # A running head on every page: the issuer's name.
    running_head: bool = False
    repeat_head: bool = False
    # A row may be cut by the page end.
    cut_rows: bool = True
    sideways: bool = False

    # Off: the same bytes whichever zlib is there (docx, pdf-drawn).
    compressed: bool = True

    # Figures
    digits: Literal["ascii", "fullwidth"] = "ascii"
    thousands: Literal["", ",", "，", " "] = ""
    # How a count of 0 is printed in tables of applications and disputes.
    zero: Literal["0", "blank", "mark", "mixed"] = "0"
    mark: str = "/"
    units_in_cells: bool = False
    notes_in_cells: bool = False
    decimals_in_counts: bool = False
    words_in_cells: bool = False
    # A raised mark behind one or two figures: 22①, or the 1 of a footnote. It is not part of the figure.
    footnote: Literal["", "①", "1"] = ""
    # Columns of figures so narrow that long figures are broken over lines.
    narrow: bool = False

    # Labels
    label_breaks: Literal["", "break", "space"] = ""
    # Heads of table 二 of which a lost line break left only the first half.
    lost_breaks: bool = False
    misprints: int = 0
    aliases: bool = False
    numbering: Literal["1.", "1、", "1．", "1. "] = "1."
    exchanged_rows: int = 0
    traditional: bool = False
    # 一 二 人 行 … as radicals (⼀ ⼆ ⼈ ⾏), as fonts of word processors leave them.
    radicals: bool = False
    # 三、本年度办理结果 printed again in mid-table, as hand-made page breaks leave it.
    repeated_group: bool = False
    # One label column with the groups as rows of their own, in place of three merged ones.
    flat_labels: bool = False
    # Table 三 cut in two tables by hand; the second has a head only with ``repeat_head``.
    parted: bool = False
    # Table 四 as one line of fifteen figures or as three tables of five.
    disputes: Literal["line", "three"] = "line"
    # A table of the issuer's own behind the last section: no statutory table, though its words are like theirs.
    appendix: bool = False

    # Markup
    html_style: Literal["plain", "cms", "word", "nested"] = "plain"
    encoding: Literal["utf-8", "gb18030", "big5"] = "utf-8"
    declared: Literal["right", "missing", "wrong"] = "right"
    hidden_duplicate: bool = False
    wrong_spans: bool = False
    split_runs: bool = False
    text_style: Literal["cells", "tabs", "joined"] = "cells"

    # Drawing (pdf-drawn): bold letters and totals as two strokes close to one another; a seal across table 三.
    bold_twice: bool = False
    seal: bool = False
    # Pages stored lying on their side, with the instruction to turn them.
    turned_pages: bool = False
    # Figures as filled form fields.
    form_fields: bool = False
    # Pages as pictures; with a layer of invisible text over them, or without.
    scan: Literal["", "picture", "layer"] = ""


def random_layout(seed: int, format: Format | None = None) -> Layout:
    """A layout in which every habit occurs often enough to be met, and most documents have few of them."""
    rng = random.Random(f"layout/{seed}")

    def seldom(share: float = 0.12) -> bool:
        return rng.random() < share

    chosen: Format = format if format is not None else rng.choice(FORMATS)
    traditional = seldom(0.08)
    layout = Layout(
        format=chosen,
        seed=seed,
        rules=rng.choices(("full", "none", "horizontal", "half"), (60, 15, 13, 12))[0],
        font="Noto Serif CJK TC" if traditional else rng.choice(FONTS),
        font_size=rng.choice((8, 9, 9, 10, 10.5, 10.5, 12)),
        body_size=rng.choice((12, 14, 14, 16)),
        margin_mm=rng.choice((18, 22, 26, 28)),
        row_height=rng.choice((0, 0, 14, 17, 20, 24, 30)),
        landscape=seldom(0.05),
        page_numbers=not seldom(0.2),
        padding=tuple(rng.choice((0, 0, 1, 2, 4, 6)) for _ in range(3)),
        shift=tuple(round(rng.uniform(0, 700), 1) if rng.random() < 0.7 else 0.0 for _ in range(3)),
        repeat_head=seldom(0.25),
        cut_rows=not seldom(0.3),
        sideways=seldom(0.3),
        digits="fullwidth" if seldom(0.08) else "ascii",
        thousands=rng.choices(("", ",", "，", " "), (85, 9, 3, 3))[0],
        zero=rng.choices(("0", "blank", "mark", "mixed"), (78, 10, 6, 6))[0],
        mark=rng.choice(MARKS),
        units_in_cells=seldom(),
        notes_in_cells=seldom(),
        decimals_in_counts=seldom(0.05),
        words_in_cells=seldom(0.05),
        label_breaks=rng.choices(("", "break", "space"), (75, 15, 10))[0],
        lost_breaks=seldom(0.04),
        misprints=rng.choices((0, 1, 2), (88, 8, 4))[0],
        aliases=seldom(0.15),
        numbering=rng.choices(("1.", "1、", "1．", "1. "), (79, 9, 6, 6))[0],
        exchanged_rows=1 if seldom(0.08) else 0,
        traditional=traditional,
        repeated_group=seldom(),
        flat_labels=seldom(0.06),
        parted=seldom(0.06),
        disputes="three" if seldom(0.06) else "line",
        html_style=rng.choice(("plain", "cms", "word", "nested")),
        encoding=rng.choices(("utf-8", "gb18030"), (70, 30))[0],
        declared=rng.choices(("right", "missing", "wrong"), (80, 12, 8))[0],
        hidden_duplicate=seldom(),
        wrong_spans=seldom(0.08),
        split_runs=seldom(0.3),
        text_style=rng.choice(("cells", "tabs")),
        bold_twice=seldom(0.3),
        seal=seldom(0.15),
        running_head=seldom(),
        footnote=rng.choices(("", "①", "1"), (94, 3, 3))[0],
        narrow=seldom(0.06),
        radicals=seldom(0.06),
        appendix=seldom(),
        turned_pages=seldom(0.05),
    )
    # Big5 lacks a few of these characters: a page can escape them, a text file cannot.
    if traditional and chosen == "html" and rng.random() < 0.3:
        layout = replace(layout, encoding="big5")
    if chosen in ("txt", "md") and layout.footnote == "1":
        # Nothing is raised in plain text: 221 would be the figure.
        layout = replace(layout, footnote="①")
    if layout.flat_labels:
        layout = replace(layout, repeated_group=False)
    if chosen == "txt" and layout.text_style == "cells" and layout.zero in ("blank", "mixed"):
        # One cell a line loses blank cells: nothing could tell where they stood.
        layout = replace(layout, zero="mark")
    return layout


def clean_layout(format: Format = "docx", **changes: object) -> Layout:
    """The official look: full rules, plain figures, exact labels."""
    return replace(Layout(format=format), **changes)  # type: ignore[arg-type]
