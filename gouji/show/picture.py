"""The table as printed around the cells of a cause: which rows and columns are shown, and what each cell says.

Belongs here: choosing rows and columns, what equations add up to beside them. Does not belong here: how it is drawn
(`text`, `html`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from gouji.words import Lang, say
from schemas import identities
from schemas.facts import Place, Value
from schemas.findings import Finding

from .causes import Cause, Mark, equation_name
from .names import Names

# A row of so many columns is shown whole; of longer ones only the columns concerned.
_FEW_COLUMNS = 8
# A sum of so many rows is shown whole; of longer ones, where cells are accused, their rows and the totals.
_FEW_ROWS = 9


@dataclass(frozen=True)
class PictureCell:
    """A cell as it is shown. ``sum``: computed by us, not printed in the document."""

    text: str
    mark: Mark | None = None
    sum: bool = False
    address: str | None = None


@dataclass
class Picture:
    """Part of a table. ``rows`` are label and cells, as many as ``heads``; ``omitted`` says what is not shown."""

    title: str
    place: Place
    heads: list[str]
    rows: list[tuple[str, list[PictureCell]]]
    omitted: list[str] = field(default_factory=list)


def figure(value: Value | None, *, at_least: bool = False) -> str:
    """A computed figure: without useless zeros; a lower bound is marked as one."""
    if value is None:
        return ""
    text = f"{value:f}" if not isinstance(value, int) else str(value)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"≥{text}" if at_least else text


def of_cause(cause: Cause, lang: Lang) -> Picture | None:
    """The cells of a cause's sums, with what they add up to; None for a cause that has no sums."""
    if not cause.sums:
        return None
    return _Sums(cause, lang).picture()


class _Sums:
    """Puts one picture together."""

    def __init__(self, cause: Cause, lang: Lang) -> None:
        report = cause.report
        self.cause, self.lang, self.names = cause, lang, Names(report, lang)
        self.table = cause.findings[0].table or ""
        self.cells = report.printed()
        self.broken = [f for f in cause.findings if not f.statement and f.table == self.table]
        terms = {a for f in self.broken for a in f.cells}
        form = self.names.form
        assert form is not None
        rows = [r.code for r in form.rows(self.table, report.variant)]
        columns = [c.code for c in form.tables[self.table].columns]
        self.rows = [r for r in rows if any(a.split(".")[1] == r for a in terms)]
        self.columns = [c for c in columns if any(a.split(".")[2] == c for a in terms)]
        self.rules = list(dict.fromkeys(f.rule for f in self.broken))
        self.equations = {e.name: e for e in identities.of_report(report)}

    def picture(self) -> Picture:
        lang = self.lang
        columns, no_columns = self._without_nothing(self.columns, by_row=False)
        rows, no_rows = self._without_nothing(self.rows, by_row=True)
        rows, not_accused = self._around_the_accused(rows)
        across = [f for f in self.broken if f.row is not None and f.column is None]
        down = [f for f in self.broken if f.column is not None and f.row is None]
        heads = [self.names.printed_column(self.table, c) for c in columns]
        if across:
            heads.append(say(lang, "adds_up"))
        by_row = {f.row: f for f in across}
        lines = []
        for row in rows:
            cells = [self._cell(f"{self.table}.{row}.{c}") for c in columns]
            if across:
                cells.append(_sum(by_row.get(row)))
            lines.append((self.names.printed_row(self.table, row), cells))
        lines.extend(self._sum_lines(down, columns, padded=bool(across)))
        omitted = []
        if no_rows:
            omitted.append(say(lang, "omitted_rows", n=len(no_rows)))
        if not_accused:
            omitted.append(say(lang, "omitted_parts", n=len(not_accused)))
        if no_columns:
            omitted.append(say(lang, "omitted_columns", n=len(no_columns)))
        return Picture(self.names.table(self.table), self._place(), heads, lines, omitted)

    def _cell(self, address: str) -> PictureCell:
        cell = self.cells.get(address)
        mark = self.cause.marks.get(address)
        text = " ".join(cell.printed.split()) if cell else ""
        return PictureCell(text, mark if mark != "part" else None, address=address)

    def _without_nothing(self, codes: list[str], *, by_row: bool) -> tuple[list[str], list[str]]:
        """Rows or columns worth showing, and those of only zeros that no sum of ours stands beside."""
        if not by_row and len(codes) <= _FEW_COLUMNS:
            return codes, []
        totals = self._singled_out(by_row=by_row)
        kept = [c for c in codes if c in totals or not self._nothing(c, by_row=by_row)]
        # Leaving out one or two says less than showing them.
        return (codes, []) if len(codes) - len(kept) <= 2 else (kept, [c for c in codes if c not in kept])

    def _around_the_accused(self, rows: list[str]) -> tuple[list[str], list[str]]:
        """Of many rows those of accused cells and the totals, and the rest."""
        accused = {a.split(".")[1] for a in self.cause.accused}
        kept = accused | set(self._singled_out(by_row=True))
        if len(rows) <= _FEW_ROWS or not accused:
            return rows, []
        return [r for r in rows if r in kept], [r for r in rows if r not in kept]

    def _singled_out(self, *, by_row: bool) -> Collection[str]:
        """What a broken equation is about, and stands alone on one of its sides."""
        out: set[str | None] = set()
        for finding in self.broken:
            out.add(finding.row if by_row else finding.column)
            equation = self.equations.get(equation_name(finding))
            sides = (equation.left, equation.right) if equation else ()
            out |= {a.split(".")[1 if by_row else 2] for side in sides if len(side) <= 2 for a in side}
        return {code for code in out if code}

    def _nothing(self, code: str, *, by_row: bool) -> bool:
        codes = self.columns if by_row else self.rows
        addresses = [f"{self.table}.{code}.{c}" if by_row else f"{self.table}.{c}.{code}" for c in codes]
        return all(
            self.cause.marks.get(a, "part") == "part"
            and (a not in self.cells or getattr(self.cells[a], "value", None) == 0)
            for a in addresses
        )

    def _sum_lines(
        self, down: list[Finding], columns: list[str], *, padded: bool
    ) -> Iterator[tuple[str, list[PictureCell]]]:
        """Below the table: what the sides of each broken equation along a column come to."""
        for rule in self.rules:
            found = {f.column: f for f in down if f.rule == rule}
            if not found:
                continue
            equation = self.equations.get(equation_name(next(iter(found.values()))))
            if equation is None:
                continue
            for side, addresses in (("printed", equation.left), ("expected", equation.right)):
                if side == "printed" and len(addresses) == 1:
                    continue
                cells = [_sum(found.get(c), side) for c in columns]
                yield self._side_name(addresses), [*cells, PictureCell("")] if padded else cells

    def _side_name(self, addresses: tuple[str, ...]) -> str:
        rows = [self.names.printed_row(self.table, a.split(".")[1]) for a in addresses]
        if len(rows) > 2:
            return say(self.lang, "adds_up_rows", n=len(rows))
        return " + ".join(_numbering(r) or r for r in rows)

    def _place(self) -> Place:
        layout = next((x for x in self.cause.report.layouts if x.table == self.table), None)
        page = next((f.place.page for f in self.broken if f.place.page), None)
        table = next((f.place.table for f in self.broken if f.place.table), None)
        sheet = next((f.place.sheet for f in self.broken if f.place.sheet), None)
        known = page or table or sheet
        return Place(page=page, table=table, sheet=sheet) if known else (layout.place if layout else Place())


def _numbering(label: str) -> str:
    """一 of 一、本年新收…, （七） of （七）总计: how people name the lines of the form."""
    if label[1:2] == "、":
        return label[0]
    return label[:3] if label.startswith("（") and label[2:3] == "）" else ""


def _sum(finding: Finding | None, side: str = "expected") -> PictureCell:
    if finding is None:
        return PictureCell("", sum=True)
    if side == "printed":
        printed = finding.printed
        return PictureCell(printed if isinstance(printed, str) else figure(printed), sum=True)
    bounded = any(t.value is None for t in finding.terms)
    return PictureCell(figure(finding.expected, at_least=bounded), sum=True)
