"""Random grids with valid spans, and their markup: what a reader must give back exactly."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from hypothesis import strategies as st

from parsers.document import Table


@dataclass(frozen=True)
class Span:
    """A cell of a known grid."""

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str


@dataclass(frozen=True)
class Grid:
    n_rows: int
    n_columns: int
    cells: tuple[Span, ...]

    def at(self, row: int, column: int) -> Span:
        return next(
            c for c in self.cells if c.row <= row < c.row + c.rowspan and c.column <= column < c.column + c.colspan
        )


TEXTS = st.sampled_from(
    ["", "0", "12", "3,119", "１２３", "其他", "总计", "本年新收\n数量", "22（其中修订16件）", "/", "<&>"]
)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """A rectangle cut into at least two cells."""
    n_rows = draw(st.integers(1, 7))
    n_columns = draw(st.integers(2 if n_rows == 1 else 1, 8))
    taken = [[False] * n_columns for _ in range(n_rows)]
    cells = []
    for r in range(n_rows):
        for c in range(n_columns):
            if taken[r][c]:
                continue
            wide = 1
            while c + wide < n_columns and not taken[r][c + wide] and wide < 4:
                wide += 1
            colspan = draw(st.integers(1, wide))
            rowspan = draw(st.integers(1, min(3, n_rows - r)))
            if (rowspan, colspan) == (n_rows, n_columns):
                rowspan, colspan = 1, 1
            for i in range(r, r + rowspan):
                for j in range(c, c + colspan):
                    taken[i][j] = True
            cells.append(Span(r, c, rowspan, colspan, draw(TEXTS)))
    return Grid(n_rows, n_columns, tuple(cells))


def read_back(table: Table) -> Grid:
    """A reader's table as a grid, to be compared with the one that was written."""
    cells = (Span(c.row, c.column, c.rowspan, c.colspan, c.text) for c in table.cells)
    return Grid(table.n_rows, table.n_columns, tuple(sorted(cells, key=lambda s: (s.row, s.column))))


def as_html(grid: Grid, *, end_tags: bool = True) -> str:
    """The table in HTML; without end tags for rows and cells as older editors wrote it."""
    out = ["<table>"]
    for r in range(grid.n_rows):
        out.append("<tr>")
        for cell in (c for c in grid.cells if c.row == r):
            spans = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
            spans += f" colspan={cell.colspan}" if cell.colspan > 1 else ""
            text = "<br/>".join(escape(line) for line in cell.text.split("\n")) or "&nbsp;"
            out.append(f"<td{spans}>{text}" + ("</td>" if end_tags else ""))
        out.append("</tr>" if end_tags else "")
    out.append("</table>")
    return "".join(out)


def as_wordml(grid: Grid) -> str:
    """The table in WordprocessingML."""
    out = ["<w:tbl><w:tblPr/><w:tblGrid>", "<w:gridCol/>" * grid.n_columns, "</w:tblGrid>"]
    for r in range(grid.n_rows):
        out.append("<w:tr>")
        c = 0
        while c < grid.n_columns:
            cell = grid.at(r, c)
            merge = ""
            if cell.rowspan > 1:
                merge = '<w:vMerge w:val="restart"/>' if cell.row == r else "<w:vMerge/>"
            span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
            lines = cell.text.split("\n") if cell.row == r else [""]
            paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
            out.append(f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{paragraphs}</w:tc>")
            c += cell.colspan
        out.append("</w:tr>")
    return "".join([*out, "</w:tbl>"])
