"""Random tables of the forms, and the ways in which text prints them.

Belongs here: making values that obey a form's sums, and laying them out with cells or without. Does not belong here:
any reader, and any judgement of what was read.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal

from schemas import forms
from schemas.forms import Form, Row, TableForm

Number = int | Decimal
Values = dict[str, Number]


def _number(rng: random.Random, kind: str) -> Number:
    """Mostly zeros and small counts, as in real reports; now and then a large one."""
    if kind == "amount":
        return Decimal(rng.choice([0, 0, rng.randrange(10), rng.randrange(10**9)])) / Decimal(
            10 ** rng.choice([0, 2, 6])
        )
    return rng.choice([0, 0, 0, 0, 0, 1, 2, rng.randrange(10), rng.randrange(100), rng.randrange(5000)])


def _terms(rows: tuple[Row, ...], right: tuple[str, ...]) -> list[str]:
    return [r.code for r in rows if r.code in right]


def values(form: Form, rng: random.Random, variant: str | None = None, without: frozenset[str] = frozenset()) -> Values:
    """A value for every cell of the form; all its equations hold. ``without``: optional rows that are not printed."""
    out: Values = {}
    for code, table in form.tables.items():
        rows = tuple(r for r in form.rows(code, variant) if r.code not in without)
        cells = {(r.code, c.code): _number(rng, table.value_of(r, c)) for r in rows for c in table.columns_of(r)}
        # Wholes from their parts, inner ones first.
        for _ in range(3):
            for identity in table.identities:
                if identity.each != "column":
                    continue
                right = _terms(rows, identity.right)
                for column in (c.code for c in table.columns):
                    total = sum(int(cells[r, column]) for r in right)
                    if identity.relation == ">=":
                        cells[identity.left[0], column] = max(int(cells[identity.left[0], column]), total)
                    elif len(identity.left) == 1:
                        cells[identity.left[0], column] = total
                    else:
                        first, second = identity.left
                        cells[second, column] = min(int(cells[second, column]), total)
                        cells[first, column] = total - int(cells[second, column])
            for identity in table.identities:
                if identity.each == "row":
                    for r in rows:
                        cells[r.code, identity.left[0]] = sum(int(cells[r.code, c]) for c in identity.right)
        out |= {f"{code}.{r}.{c}": v for (r, c), v in cells.items()}
    return out


def printed(value: Number) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


# --- with cells


@dataclass
class Grid:
    """Rows of printed cells, heads first."""

    table: str
    rows: list[list[str]] = field(default_factory=list)


def _label(table: TableForm, row: Row, before: Row | None) -> list[str]:
    """A row's label cells: its group in front where a new one begins."""
    grouped = row.group and (before is None or before.group != row.group) and label_is_part(table, row.group)
    return [row.group, row.label] if grouped and row.group else [row.label]


def label_is_part(table: TableForm, group: str) -> bool:
    return group in table.parts and not table.unit_column


def grids(form: Form, given: Values, variant: str | None = None) -> list[tuple[str, list[Grid]]]:
    """The form's tables with their titles; a table whose rows have different columns becomes several grids."""
    out: list[tuple[str, list[Grid]]] = []
    for code, table in form.tables.items():
        rows = [r for r in form.rows(code, variant) if f"{code}.{r.code}.{table.columns_of(r)[0].code}" in given]
        found: list[Grid] = []
        if table.rows_in_head:
            heads = [c.label for c in table.columns] * len(rows)
            first = [r.label for r in rows if not r.parent] + list(table.parts)
            second = [r.label for r in rows if r.parent]
            width = len(table.columns)
            figures = [printed(given[f"{code}.{r.code}.{c.code}"]) for r in rows for c in table.columns]
            found.append(Grid(code, [first, heads[:width] + second, heads[width:], figures]))
        before: Row | None = None
        for row in () if table.rows_in_head else rows:
            columns = table.columns_of(row)
            if before is None or table.columns_of(before) != columns:
                stubs = ["指标名称", "单位"] if table.unit_column else [table.stubs[0]]
                found.append(Grid(code, [[*stubs, *(c.label for c in columns)]]))
            figures = [printed(given[f"{code}.{row.code}.{c.code}"]) for c in columns]
            unit = [row.unit or ""] if table.unit_column else []
            found[-1].rows.append([*_label(table, row, before), *unit, *figures])
            before = row
        out.append((f"{'一二三四五六'[(table.section or 1) - 1]}、{table.title}", found))
    return out


# --- without cells


def joined(
    form: Form,
    given: Values,
    rng: random.Random,
    variant: str | None = None,
    *,
    border: float = 0.0,
    stray: float = 0.0,
    marks: bool = True,
) -> str:
    """The form's tables as running text. ``border``: how often a lost border left a space; ``stray``: how often a
    space stands within a number; ``marks``: whether item numbers kept the mark behind them (2. or 2)."""
    parts: list[str] = ["一、总体情况今年公开信息2599条，予以公开3件，占71.3%。"]
    for code, table in form.tables.items():
        rows = [r for r in form.rows(code, variant) if f"{code}.{r.code}.{table.columns_of(r)[0].code}" in given]
        parts.append(f"{'一二三四五六'[(table.section or 1) - 1]}、{table.title}")

        def line(addresses: list[str]) -> str:
            digits = [printed(given[a]) for a in addresses]
            digits = ["".join(c + (" " if rng.random() < stray else "") for c in d[:-1]) + d[-1] for d in digits]
            return "".join(d + (" " if rng.random() < border else "") for d in digits[:-1]) + digits[-1]

        if table.rows_in_head:
            heads = "".join(c.label for c in table.columns)
            first = "".join(r.label for r in rows if not r.parent) + "".join(table.parts)
            parts.append(first + heads + "".join(r.label for r in rows if r.parent) + heads * 2)
            parts.append(line([f"{code}.{r.code}.{c.code}" for r in rows for c in table.columns]))
            continue
        before: Row | None = None
        for row in rows:
            columns = table.columns_of(row)
            if before is None or table.columns_of(before) != columns:
                stubs = "指标名称计量单位" if table.unit_column else table.stubs[0]
                parts.append(stubs + "".join(c.label for c in columns))
            text = "".join(_label(table, row, before))
            parts.append(text if marks else text.replace(".", ""))
            parts.append(f"{row.unit or ''}" if table.unit_column else "")
            parts.append(line([f"{code}.{row.code}.{c.code}" for c in columns]))
            before = row
    return "".join(parts) + "五、存在的主要问题及改进情况无。"


def all_forms() -> list[tuple[Form, str | None]]:
    return [(form, variant) for form in forms.load_all() for variant in (None, *(v.id for v in form.variants))]


# --- with cells, in text


def heads_of(grid: Grid) -> int:
    """How many rows at the top of a grid are heads."""
    return 3 if len(grid.rows) == 4 and len(grid.rows[3]) == 15 else 1


def one_cell_a_line(tables: list[tuple[str, list[Grid]]], *, bars: bool) -> str:
    """Every cell on a line of its own; with bars, each cell and each row ends in one, but for a table's last cell."""
    lines: list[str] = []
    for title, found in tables:
        lines.append(title)
        for grid in found:
            for row in grid.rows:
                cells = [cell for cell in row if cell]
                lines += [f"{cell} |" for cell in cells] if bars else cells
                if bars:
                    lines.append("|" * (1 + len(cells) % 3))
        if bars:
            lines.pop()
            lines[-1] = lines[-1].removesuffix(" |")
    return "\n".join(lines)


def tabs(tables: list[tuple[str, list[Grid]]]) -> str:
    """Rows with tabs between cells; label cells that span rows are blank below their first row."""
    return "\n".join(
        "\n".join([title, *("\t".join(row) for grid in found for row in level(grid))]) for title, found in tables
    )


def level(grid: Grid) -> list[list[str]]:
    """The rows of a grid brought to one width: a row without its group's label has a blank there."""
    width = max(len(row) for row in grid.rows)
    if heads_of(grid) == 3:
        # Merged heads are blank but for their first cell: 行政复议 over five columns, its heads over two rows.
        top, middle, low, figures = grid.rows
        fifth = width // 3
        blank = [""] * (fifth - 1)
        first = [top[0], *blank, top[1], *[""] * (2 * fifth - 1)]
        second = [*middle[:fifth], middle[fifth], *blank, middle[fifth + 1], *blank]
        return [first, second, [*[""] * fifth, *low], figures]
    return [[*[""] * (width - len(row)), *row] for row in grid.rows]


def markdown(tables: list[tuple[str, list[Grid]]], *, outer: bool = True) -> str:
    lines: list[str] = []
    for title, found in tables:
        lines += [f"## {title}", ""]
        for grid in found:
            rows = [[cell.replace("|", "\\|") for cell in row] for row in level(grid)]
            rows.insert(1, ["---"] * len(rows[0]))
            # Without outer bars the first and the last cell cannot be blank.
            lines += [
                f"| {' | '.join(row)} |" if outer or not (row[0] and row[-1]) else " | ".join(row) for row in rows
            ]
            lines.append("")
    return "\n".join(lines)
