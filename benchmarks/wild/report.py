"""One true report, ready to be put on a page: who, when, figures, and the blocks of text and tables in order.

Belongs here: what a report says and what is right to answer about it. Does not belong here: formats (`css`, `word`,
`text`, `saved`, `workbook`) and comparing (`judge`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from benchmarks.wild import figures, prose, sentences
from benchmarks.wild.bodies import Body, draw_body
from benchmarks.wild.drawing import Draw
from benchmarks.wild.figures import Cell
from benchmarks.wild.grid import Grid
from benchmarks.wild.labels import Wording
from benchmarks.wild.tables import Tables


@dataclass(slots=True)
class Para:
    """A paragraph; `role` is title, preamble, heading, body, caption, sign or date."""

    text: str
    role: str = "body"


Block = Para | Grid


@dataclass(slots=True)
class Expected:
    """A fault that was planted on purpose and must be told as one."""

    rule: str
    row: str | None = None
    column: str | None = None
    printed: float | None = None


@dataclass(slots=True)
class Report:
    body: Body
    year: int
    form: str
    single_other: bool
    cells: dict[str, Cell]
    title: str
    date: str
    blocks: list[Block] = field(default_factory=list)
    planted: list[Expected] = field(default_factory=list)

    def loosen(self, address: str) -> None:
        """From here on a careful reader may leave this cell open."""
        self.cells[address] = replace(self.cells[address], open=True)

    def grids(self) -> list[Grid]:
        return [b for b in self.blocks if isinstance(b, Grid)]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the page to come can carry."""

    # Part one speaks of the figures, and may be wrong about one.
    sentences: bool = False
    # No columns beside those of the form.
    plain: bool = False
    # An empty cell can be seen on the page.
    blanks: bool = True
    # In so many documents the title stands nowhere in the text.
    untitled: float = 0.0


def draw_report(draw: Draw, wish: Wish) -> Report:
    """A report without a page."""
    body = draw_body(draw)
    form_id = draw.pick("form", {"2021": 82, "2019": 18})
    year = draw.one([2021, 2022, 2023, 2024, 2025] if form_id == "2021" else [2019, 2020])
    single = form_id == "2019" or draw.chance(0.08, "single （六）")
    small = body.kind == "township"
    scale = draw.pick(
        "scale",
        {"none": 20, "few": 45, "tens": 25, "hundreds": 8, "thousands": 2}
        if small
        else {"none": 8, "few": 22, "tens": 35, "hundreds": 23, "thousands": 12},
    )
    may_make_rules = body.kind == "government" and body.division.level == "prefecture"
    values = figures.draw_values(draw, form_id, scale, single_other=single, may_make_rules=may_make_rules)
    planted: list[Expected] = []
    said: dict[str, list[str]] = {}
    writing = figures.draw_writing(draw)
    if not wish.blanks and "blank" in writing.zeros:
        writing = replace(writing, zeros="printed")
    if wish.sentences:
        spoken = sentences.draw_sentences(draw, values, year, body.we, form_id)
        said = {"依申请公开": spoken.requests, "主动公开": spoken.publishing}
        if spoken.wrong is not None:
            # A sum with an empty cell in it could be anything: then nobody can call the sentence wrong.
            writing = replace(writing, zeros="printed")
            planted.append(Expected("statement.disagrees", printed=spoken.wrong))
    cells = figures.write(draw, writing, values)
    if not wish.sentences and draw.chance(0.06, "a broken sum") and figures.plant(draw, cells, single_other=single):
        planted += [Expected(s.rule, s.row, s.column) for s in figures.broken(cells, single_other=single)]
    elif not wish.sentences and draw.chance(0.03, "a cell with words"):
        figures.wordy(draw, cells)
    report = Report(body, year, form_id, single, cells, prose.title(draw, body, year), prose.signature_date(draw, year))
    report.planted = planted
    _compose(draw, report, said, wish)
    return report


def _compose(draw: Draw, report: Report, said: dict[str, list[str]], wish: Wish) -> None:
    """The order of an annual report, with the liberties that offices take."""
    tables = Tables(draw, Wording(draw), report.cells, report.form, single=report.single_other, plain=wish.plain)
    mark = draw.weighted({"、": 9, "．": 0.5, ".": 0.5})
    untitled = draw.chance(wish.untitled, "no title in the text")
    named = untitled or draw.chance(0.5)
    blocks: list[Block] = [] if untitled else [Para(report.title, "title")]
    if not untitled and draw.chance(0.25, "date under the title"):
        blocks.append(Para(f"（{report.date}）", "date"))
    if draw.chance(0.05, "contents"):
        blocks += [Para(t) for t in prose.contents(draw, mark)]
    blocks.append(Para(prose.preamble(draw, report.body, report.year, name_it=named)))
    blocks.append(Para(prose.heading(draw, 1, mark), "heading"))
    blocks += [Para(t) for t in prose.overview(draw, report.body, report.year, said)]
    blocks.append(Para(prose.heading(draw, 2, mark), "heading"))
    blocks += _with_captions(tables.article20())
    blocks.append(Para(prose.heading(draw, 3, mark), "heading"))
    if tables.shape.relation == "paragraph":
        blocks.append(Para("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "caption"))
    blocks.append(tables.requests())
    blocks.append(Para(prose.heading(draw, 4, mark), "heading"))
    blocks += _with_captions(tables.disputes())
    blocks.append(Para(prose.heading(draw, 5, mark), "heading"))
    blocks += [Para(t) for t in prose.problems(draw)]
    blocks.append(Para(prose.heading(draw, 6, mark), "heading"))
    blocks.append(Para(prose.others(draw, report.year)))
    if draw.chance(0.5, "signed"):
        blocks += [Para(report.body.name, "sign"), Para(report.date, "sign")]
    report.blocks = blocks


def _with_captions(grids: list[tuple[str | None, Grid]]) -> list[Block]:
    blocks: list[Block] = []
    for caption, grid in grids:
        if caption:
            blocks.append(Para(caption, "caption"))
        blocks.append(grid)
    return blocks
