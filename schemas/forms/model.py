"""What a statutory form is: tables with rows and columns that carry roles, the six sections, the notice it comes from.

Belongs here: the types, and the questions every room asks of a form (rows of a variant, cells by role, addresses).
Does not belong here: reading form files (`loading`), which forms there are (`schemas.forms`), any one form's content.

A **role** says what a row, column, table or section is, whatever it is called and wherever it stands on a form: what was
received, what was carried over, an outcome and its kind, a total. Everything outside this folder selects by roles, so
that a new form needs no change anywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, get_args

TableRole = Literal["proactive", "requests", "disputes", "statistics"]
RowRole = Literal[
    # requests: what came in, how it ended, what is left
    "received", "carried_over", "outcome", "processed", "carried_forward",
    # requests: the kinds of outcomes, beside `outcome`
    "granted", "partially_granted", "denied", "unavailable", "not_processed", "other_handling",
    # requests: reasons that reports state in sentences, beside `denied`
    "state_secret", "endangers_security",
    # disputes; both kinds of `litigation` are litigation
    "reconsideration", "litigation", "litigation_direct", "litigation_after_reconsideration",
    # proactive
    "regulations", "normative", "licensing", "penalty", "coercion", "fees",
    # statistics
    "disclosed",
]  # fmt: skip
ColumnRole = Literal[
    # what is added up, and the sum of it; who applied
    "part", "total", "natural_person", "organization",
    # disputes, beside `part`
    "pending",
    # proactive: documents (a stock, what came to it, what left it), decisions, money
    "stock", "issued", "repealed", "decisions", "amount",
    # proactive, before 2021: what was made and put online; items of a list, and how many more or fewer
    "produced", "disclosed", "disclosed_total", "items_before", "items_change",
    # statistics
    "value", "cumulative",
]  # fmt: skip
SectionRole = Literal["overview", "proactive", "requests", "disputes", "problems", "other"]
# What a section has to say, beyond being there: both problems and improvements; the fees for handling requests.
Demand = Literal["halves", "fees"]
# How an official table is laid out: parts with heads of their own, rows in merged groups, all rows in one line.
Layout = Literal["parts", "groups", "line"]

# The numbers of sections and aspects.
HAN = "一二三四五六七八九"
TABLE_ROLES: frozenset[str] = frozenset(get_args(TableRole))
ROW_ROLES: frozenset[str] = frozenset(get_args(RowRole))
COLUMN_ROLES: frozenset[str] = frozenset(get_args(ColumnRole))
SECTION_ROLES: frozenset[str] = frozenset(get_args(SectionRole))


class Column(NamedTuple):
    """A column of a form's table. ``value`` is ``count``, ``signed`` (增/减) or ``amount`` (a decimal)."""

    code: str
    label: str
    group: str | None = None
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    unit: str | None = None
    value: str = "count"


class Row(NamedTuple):
    """A row of a form's table; ``group`` is the merged label in front of it, ``columns`` what it has if not all.

    ``value`` overrides what its column's figures are. An ``optional`` row is not in every edition of the form: where
    it is not printed, the edition has no such row, and equations do without it.
    """

    code: str
    label: str
    group: str | None = None
    aliases: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    variant: str | None = None
    unit: str | None = None
    parent: str | None = None
    value: str | None = None
    optional: bool = False


class Identity(NamedTuple):
    """An equation that a form states: the sum of ``left`` equals (``relation`` ``=``) or bounds the sum of ``right``.

    ``each`` says along what it is repeated: ``column`` (codes are rows) or ``row`` (codes are columns). Sides that the
    file gives by role hold all codes of those roles, rows of variants too. ``only`` limits it to some rows or columns.
    """

    rule: str
    each: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    relation: str = "="
    only: tuple[str, ...] = ()


class Drawing(NamedTuple):
    """How the official blank draws a table. Widths in twips: of the table, and of its columns of labels.

    The columns of figures share what the labels leave. ``corner`` stands over the labels, ``over`` over the columns.
    """

    layout: Layout
    width: int
    labels: tuple[int, ...] = ()
    corner: str = ""
    over: str = ""
    own_page: bool = False


@dataclass(frozen=True)
class TableForm:
    """One statutory table of a form. ``short`` is its name where there is little room (a sheet of a workbook)."""

    code: str
    title: str
    titles: tuple[str, ...]
    section: int | None
    unit: str | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    identities: tuple[Identity, ...]
    role: TableRole
    parts: tuple[str, ...] = ()
    stubs: tuple[str, ...] = ()
    rows_in_head: bool = False
    unit_column: bool = False
    short: str = ""
    drawing: Drawing | None = None

    @cached_property
    def row(self) -> dict[str, Row]:
        return {r.code: r for r in self.rows}

    @cached_property
    def column(self) -> dict[str, Column]:
        return {c.code: c for c in self.columns}

    def columns_of(self, row: Row) -> tuple[Column, ...]:
        """The columns that this row has on the form, in form order."""
        return tuple(self.column[c] for c in row.columns) if row.columns else self.columns

    def rows_as(self, *roles: RowRole) -> tuple[Row, ...]:
        """The rows that have one of the roles, in form order, those of variants too."""
        return tuple(r for r in self.rows if not set(roles).isdisjoint(r.roles))

    def columns_as(self, *roles: ColumnRole) -> tuple[Column, ...]:
        """The columns that have one of the roles, in form order."""
        found = self._columns_as.get(roles)
        if found is None:
            found = self._columns_as[roles] = tuple(c for c in self.columns if not set(roles).isdisjoint(c.roles))
        return found

    @cached_property
    def _columns_as(self) -> dict[tuple[ColumnRole, ...], tuple[Column, ...]]:
        return {}

    def column_as(self, role: ColumnRole, row: Row | None = None) -> Column | None:
        """The one column of a role (of those that ``row`` has); None where there is none, or more than one."""
        found = [c for c in (self.columns if row is None else self.columns_of(row)) if role in c.roles]
        return found[0] if len(found) == 1 else None

    def group_of(self, row: Row) -> str | None:
        """The group whose words belong to a row's name; None where groups only head parts of the table."""
        return None if self.role == "proactive" else row.group

    def address(self, row: Row | str, column: Column | str) -> str:
        """The address of a cell, by its row and column or their codes."""
        row_code, column_code = (what if isinstance(what, str) else what.code for what in (row, column))
        return f"{self.code}.{row_code}.{column_code}"

    def unit_of(self, row: Row, column: Column) -> str | None:
        """The unit a figure has when the cell and its head name none."""
        if self.value_of(row, column) == "amount":
            return row.unit or column.unit
        return row.unit or column.unit or self.unit

    def value_of(self, row: Row, column: Column) -> str:
        """What the figures of a cell are: ``count``, ``signed`` or ``amount``."""
        return row.value or column.value


class Variant(NamedTuple):
    """A known deviation of a form: rows that are absent, and rows present in their place."""

    id: str
    table: str
    absent: tuple[str, ...]
    present: tuple[str, ...]


class Aspect(NamedTuple):
    """What section 一 has to tell of, with the words (a pattern on folded text) that show that it does."""

    zh: str
    en: str
    pattern: str


class Section(NamedTuple):
    """One of a report's sections. ``pattern`` finds its title in folded text, without the number; ``titles`` are others
    that it goes by.

    ``most`` is the number of characters it may have, 0 for no limit; ``hint`` what the official blank prints in it.
    """

    n: int
    role: SectionRole
    title: str
    titles: tuple[str, ...]
    en: str
    pattern: str
    most: int = 0
    aspects: tuple[Aspect, ...] = ()
    asks: tuple[Demand, ...] = ()
    hint: str = ""

    @property
    def heading(self) -> str:
        """Number and title as the form words them: ``三、收到和处理政府信息公开申请情况``."""
        return f"{HAN[self.n - 1]}、{self.title}"


class Notice(NamedTuple):
    """The paper that prescribes the form. ``name`` is its full title.

    ``title`` is a pattern for what reports write of it, ``own`` one for words that no other notice's title has.
    """

    name: str
    title: str
    own: str


@dataclass(frozen=True)
class Form:
    """A statutory form. ``issuer_prefixes``: division codes of the provinces whose form it is; empty for a national one.

    ``in_force`` are its first and last report year. ``continues`` is the form before it, where figures of the same role
    mean the same on both.
    """

    id: str
    version: str
    title: str
    basis: str
    in_force: tuple[int, int]
    tables: dict[str, TableForm]
    variants: tuple[Variant, ...] = field(default=())
    issuer_prefixes: tuple[str, ...] = ()
    sections: dict[int, Section] = field(default_factory=dict)
    notice: Notice | None = None
    continues: str | None = None

    def is_for(self, year: int | None) -> bool:
        """Whether the form is in force for a report year."""
        return year is not None and self.in_force[0] <= year <= self.in_force[1]

    @cached_property
    def number(self) -> re.Pattern[str]:
        """How the number of the paper it rests on is printed in folded text, whatever brackets are around its year."""
        from schemas.labels import fold

        return re.compile(re.sub(r"[〔\[(【]([^〕\])】]*)[〕\])】]", r"[〔\\[(【]\1[〕\\])】]", fold(self.basis)))

    def table(self, role: TableRole) -> TableForm | None:
        """The table of a role; None where the form has none."""
        return self._by_role.get(role)

    @cached_property
    def _by_role(self) -> dict[TableRole, TableForm]:
        return {t.role: t for t in reversed(self.tables.values())}

    def section(self, role: SectionRole) -> Section | None:
        """The section of a role; None where the form has none."""
        return next((s for s in self.sections.values() if s.role == role), None)

    def asking(self, demand: Demand) -> Section | None:
        """The section that has to say something; None where the form asks for none."""
        return next((s for s in self.sections.values() if demand in s.asks), None)

    def rows(self, table: str, variant: str | None = None) -> tuple[Row, ...]:
        """The rows of a table in form order, for the base form or one of its variants."""
        chosen = next((v for v in self.variants if v.id == variant and v.table == table), None)
        absent = set(chosen.absent) if chosen else set()
        return tuple(
            r for r in self.tables[table].rows if r.code not in absent and (r.variant is None or r.variant == variant)
        )

    @cached_property
    def _addresses(self) -> dict[str | None, tuple[str, ...]]:
        return {}

    def addresses(self, variant: str | None = None) -> tuple[str, ...]:
        """Every cell address of the form, in form order."""
        if variant not in self._addresses:
            self._addresses[variant] = tuple(
                f"{code}.{row.code}.{column.code}"
                for code, table in self.tables.items()
                for row in self.rows(code, variant)
                for column in table.columns_of(row)
            )
        return self._addresses[variant]

    def cells(
        self,
        table: TableRole,
        rows: Iterable[RowRole] | None = None,
        columns: Iterable[ColumnRole] | None = None,
        variant: str | None = None,
    ) -> tuple[str, ...]:
        """The addresses of the cells in rows and columns of these roles (None: all), in form order.

        Nothing where the form has no such table, row or column.
        """
        found = self.table(table)
        if found is None:
            return ()
        of_rows, of_columns = (None if roles is None else frozenset(roles) for roles in (rows, columns))
        asked = table, of_rows, of_columns, variant
        if asked not in self._cells:
            self._cells[asked] = tuple(
                found.address(row, column)
                for row in self.rows(found.code, variant)
                if of_rows is None or not of_rows.isdisjoint(row.roles)
                for column in found.columns_of(row)
                if of_columns is None or not of_columns.isdisjoint(column.roles)
            )
        return self._cells[asked]

    @cached_property
    def _cells(self) -> dict[tuple[object, ...], tuple[str, ...]]:
        return {}
