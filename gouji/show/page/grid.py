"""The statutory tables of a report on the result page, laid out as the form prints them.

Belongs here: heads that span, labels, figures as printed with what stands under them. Does not belong here: which cells are
marked (`marks`), how a layout is drawn up (`word.official_form`).

A cell is shown as what it is: a figure as printed, a blank as blank, one that is not certain, one that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from gouji.show.names import Names
from gouji.show.picture import figure
from gouji.word.official_form import FormCell, FormTable, layout
from gouji.words import Lang, say
from schemas.facts import Fact, Report, Unresolved
from schemas.findings import Finding
from schemas.forms import Form, TableForm, same_series

from .marks import Marks

_LABELS = {"part": "p", "label": "l", "head": ""}
_READINGS = 4
# What a cell may be though nothing is wrong with it.
_IN_ORDER = {"z", "last", "blank"}


class Grid:
    """The tables of one report. ``anchor`` begins the ids of its cells; ``previous`` is last year's report."""

    def __init__(self, report: Report, previous: Report | None, marks: Marks, anchor: str, lang: Lang) -> None:
        self.report, self.marks, self.anchor, self.lang = report, marks, anchor, lang
        self.names = Names(report, lang)
        self.cells = report.printed()
        comparable = previous is not None and previous.form in same_series(report.form)
        self.then = previous.read() if previous is not None and comparable else {}
        self.missing = {(x.table, code) for x in report.layouts for code in (*x.missing_rows, *x.missing_columns)}
        variants = self.names.form.variants if self.names.form is not None else ()
        self.missing |= {(v.table, code) for v in variants if v.id == report.variant for code in v.absent}
        self.shown: set[str] = set()
        # Tables in which something is marked or not to be read: of a folder only they go on paper.
        self.marked: set[str] = set()
        # What was found out about tables that are not there.
        self.lacking: dict[str, str] = {}

    def tables(self) -> Iterator[str]:
        """Every table of the form, those that are not in the file as such."""
        form = self.names.form
        if form is None:
            yield f'<p class="lacking">{escape(say(self.lang, "page.no_tables"))}</p>'
            return
        there = {x.table for x in self.report.layouts}
        for code, table in form.tables.items():
            # Of a table with amounts beside counts no one unit is said above it.
            units = {table.unit_of(row, column) for row in table.rows for column in table.columns}
            one = table.unit if units == {table.unit} and self.lang == "zh" else None
            unit = say(self.lang, "page.unit", unit=one) if one else ""
            head = f'<h3>{escape(self._title(code))}<span class="unit">{escape(unit)}</span></h3>'
            before, self.shown = self.shown, set()
            if code in there:
                shown = self._table(*self._layout(form, table), table)
            else:
                shown = f'<p class="lacking">{escape(self.lacking.get(code) or say(self.lang, "page.no_table"))}</p>'
            if code not in there or self.shown - _IN_ORDER:
                self.marked.add(code)
            self.shown |= before
            clean = "" if code in self.marked else " clean"
            yield f'<div class="keep{clean}">{head}{shown}</div>'

    def _title(self, code: str) -> str:
        return self.names.table(code).replace("_", " ")

    def _layout(self, form: Form, table: TableForm) -> tuple[FormTable, str]:
        if table.drawing is not None:
            # Rows that the document lacks have their place; instead of some of them it may have another.
            there = {r.code for r in form.rows(table.code, self.report.variant)}
            rows = [r for r in table.rows if r.code in there or (table.code, r.code) in self.missing]
            return layout(form, table.code, self.report.variant, rows), table.drawing.layout
        return self._listed(form, table), "generic"

    def _listed(self, form: Form, table: TableForm) -> FormTable:
        """A table without an official drawing: a line for each row, its unit and figures."""
        columns = [c for c in table.columns if any(self._there(table, r.code, c.code) for r in table.rows)]
        columns = columns or list(table.columns)
        rows = [
            r for r in form.rows(table.code, self.report.variant)
            if not r.optional or any(self._there(table, r.code, c.code) for c in columns)
        ]  # fmt: skip
        heads = [FormCell(table.stubs[0] if table.stubs else ""), FormCell("单位")]
        out = [[*heads, *(FormCell(c.label) for c in columns)]]
        group = None
        for row in rows:
            if row.group and row.group != group:
                out.append([FormCell(row.group, 2 + len(columns), role="part")])
            group = row.group
            mine = {c.code for c in table.columns_of(row)}
            unit = table.unit_of(row, columns[0]) or ""
            figures = [
                FormCell(role="figure", address=table.address(row, c) if c.code in mine else None) for c in columns
            ]
            out.append([FormCell(row.label, role="label"), FormCell(unit), *figures])
        widths = (5200, 900, *(3600 // len(columns) for _ in columns))
        return FormTable(table.code, widths, tuple(tuple(line) for line in out), 1)

    def _there(self, table: TableForm, row: str, column: str) -> bool:
        return f"{table.code}.{row}.{column}" in self.cells

    def _table(self, drawn: FormTable, kind: str, table: TableForm) -> str:
        total = sum(drawn.widths)
        columns = "".join(f'<col style="width:{100 * w / total:.2f}%">' for w in drawn.widths)
        lines = ["".join(self._cell(cell) for cell in row) for row in drawn.rows]
        head = "".join(f"<tr>{line}</tr>" for line in lines[: drawn.head])
        body = "".join(f"<tr>{line}</tr>" for line in lines[drawn.head :])
        head = f"<thead>{head}</thead>" if head else ""
        foot = "".join(self._checks(drawn, table))
        foot = f"<tfoot>{foot}</tfoot>" if foot else ""
        return (
            f'<div class="scroll"><table class="form {kind}"><colgroup>{columns}</colgroup>{head}'
            f"<tbody>{body}</tbody>{foot}</table></div>"
        )

    def _cell(self, cell: FormCell) -> str:
        spans = "".join(
            f' {name}="{n}"' for name, n in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if n > 1
        )  # fmt: skip
        if cell.role != "figure":
            text = escape(cell.text).replace("\n", "<br>")
            kind = _LABELS[cell.role]
            return f"<th{f' class={kind}' if kind else ''}{spans}>{text}</th>"
        if cell.address is None:
            return f"<td{spans}></td>"
        return self._figure(cell.address, spans)

    # -- a figure --------------------------------------------------------------------------------------------------

    def _figure(self, address: str, spans: str) -> str:
        cell, mark = self.cells.get(address), self.marks.cells.get(address)
        kinds, shown, title = self._as_it_is(address, cell)
        under = ""
        if mark is not None:
            self.shown.add(mark.kind)
            kinds = [
                mark.kind,
                *(["m"] if mark.faint and not mark.said else []),
                *(k for k in kinds if k in ("open", "gone", "unread")),
            ]
            if mark.proposed:
                title = say(
                    self.lang, "page.most_likely_title", printed=" ".join(cell.printed.split()) if cell else "", value=mark.proposed
                )  # fmt: skip
                shown = f"<s>{shown}</s>" if shown else shown
                under += f"<em>{escape(say(self.lang, 'page.most_likely', value=mark.proposed))}</em>"
            under += "".join(f'<em class="s">{escape(s)}</em>' for s in mark.said)
            if mark.said or mark.kind == "bad" or not mark.many:
                links = ",".join(f'<a href="#{self.anchor}p{n}">{n}</a>' for n in mark.problems)
                shown += f"<sup>{links}</sup>"
        under += self._last_year(address, cell)
        self.shown |= set(kinds)
        name = f' class="{" ".join(kinds)}"' if kinds else ""
        identity = f' id="{self.cell_id(address)}"' if mark is not None else ""
        about = f' title="{escape(title)}"' if title else ""
        return f"<td{name}{identity}{spans}{about}>{shown}{under}</td>"

    def cell_id(self, address: str) -> str:
        """The anchor of a marked cell."""
        return f"{self.anchor}-{address}"

    def _as_it_is(self, address: str, cell: Fact | Unresolved | None) -> tuple[list[str], str, str]:
        """Classes, what is printed, and what more there is to say of a cell."""
        lang = self.lang
        if cell is None:
            table, row, column = address.split(".")
            gone = (table, row) in self.missing or (table, column) in self.missing
            kind = "gone" if gone else "unread"
            return [kind], f"<i>{escape(say(lang, f'page.{kind}'))}</i>", ""
        printed = " ".join(cell.printed.split())
        if isinstance(cell, Unresolved):
            title = say(lang, "page.open_said", printed=printed)
            if cell.readings:
                readings = say(lang, "list_mark").join(figure(v) for v in cell.readings[:_READINGS])
                title += say(lang, "semicolon") + say(lang, "page.open_may", readings=readings)
            return ["open"], f"{escape(printed)} <i>{escape(say(lang, 'page.open'))}</i>", title
        if cell.kind == "blank" or not printed:
            return ["blank"], f"<i>{escape(say(lang, 'page.blank'))}</i>", ""
        return (["z"] if cell.value == 0 else []), escape(printed), ""

    def _last_year(self, address: str, cell: Fact | Unresolved | None) -> str:
        """Last year's figure and the change, where either year has one."""
        then = self.then.get(address)
        now = cell.value if isinstance(cell, Fact) else None
        if then is None or not then.printed.strip() or (then.value == 0 and now == 0):
            return ""
        text = " ".join(then.printed.split())
        if then.value is not None and now is not None and now != then.value:
            difference = now - then.value
            text += f" {'+' if difference > 0 else '−'}{figure(max(difference, -difference))}"
        self.shown.add("last")
        return f"<small>{escape(text)}</small>"

    # -- sums that do not hold -------------------------------------------------------------------------------------

    def _checks(self, drawn: FormTable, table: TableForm) -> Iterator[str]:
        """Below the table: what both sides of every broken equation along a column come to."""
        found = [f for f in self.marks.columns.get(table.code, ()) if f.column]
        place = {c.address: at for _, at, c in drawn.positions() if c.address}
        for rule in dict.fromkeys(f.rule for f in found):
            mine = {f.column: f for f in found if f.rule == rule}
            first = next(iter(mine.values()))
            sides = [[t.address for t in first.terms if t.sign == sign] for sign in (1, -1)]
            at = {column: place.get(f.cells[0], -1) for column, f in mine.items()}
            # What has nothing on one side is no sum: it is told with its problem.
            if any(n < 0 for n in at.values()) or not all(sides):
                continue
            start = min(n for address, n in place.items() if address.split(".")[0] == table.code)
            for addresses, what in zip(sides, ("printed", "expected"), strict=True):
                if len(addresses) == 1:
                    continue
                said = say(self.lang, "page.check_line", what=self._side(table, addresses))
                by_column = {at[c]: _side_of(f, what) for c, f in mine.items()}
                figures = "".join(f"<td>{escape(by_column.get(n, ''))}</td>" for n in range(start, len(drawn.widths)))
                yield f'<tr><th class="l" colspan="{start}">{escape(said)}</th>{figures}</tr>'

    def _side(self, table: TableForm, addresses: list[str]) -> str:
        rows = [self.names.short_row(table.code, a.split(".")[1]) for a in addresses]
        if len(rows) > 2:
            return say(self.lang, "adds_up_rows", n=len(rows))
        return " + ".join(r.split("、")[0] if r[1:2] == "、" else r for r in rows)


def _side_of(finding: Finding, what: str) -> str:
    """What one side of a broken equation comes to."""
    if what == "printed":
        return finding.printed if isinstance(finding.printed, str) else figure(finding.printed)
    return figure(finding.expected, at_least=any(t.value is None for t in finding.terms))


def legend(shown: set[str], lang: Lang, *, on_paper: bool = True) -> str:
    """What the marks that occur mean. ``on_paper``: whether a table goes there in which they do."""
    kinds = [
        k
        for k in ("bad", "doubt", "sum", "said", "hint", "open", "gone", "last")
        if k in shown or (k == "gone" and "unread" in shown)
    ]
    items = "".join(f'<span class="{k}">{escape(say(lang, f"page.is_{k}"))}</span>' for k in kinds)
    return f'<p class="legend{"" if on_paper else " clean"}">{items}</p>' if items else ""
