"""The statutory forms, one data file each.

Belongs here: loading `*.toml` into typed objects, and the look-ups every room shares (rows of a variant, addresses).
Does not belong here: anything about one particular form: that is in its file.

A form file holds `id`, `version`, `title`, `basis`, `in_force`, `[[variants]]` and, for every table, `rows`, `columns`,
labels, aliases, units and `identities`. CONTRIBUTING.md explains each key.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column of a form's table. ``value`` is ``count``, ``signed`` (增/减) or ``amount`` (a decimal)."""

    code: str
    label: str
    group: str | None = None
    aliases: tuple[str, ...] = ()
    unit: str | None = None
    value: str = "count"


@dataclass(frozen=True)
class Row:
    """A row of a form's table; ``group`` is the merged label in front of it, ``columns`` what it has if not all.

    ``value`` overrides what its column's figures are. An ``optional`` row is not in every edition of the form: where
    it is not printed, the edition has no such row, and equations do without it.
    """

    code: str
    label: str
    group: str | None = None
    aliases: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    role: str | None = None
    variant: str | None = None
    unit: str | None = None
    parent: str | None = None
    value: str | None = None
    optional: bool = False


@dataclass(frozen=True)
class Identity:
    """An equation that a form states: the sum of ``left`` equals (``relation`` ``=``) or bounds the sum of ``right``.

    ``each`` says along what it is repeated: ``column`` (codes are rows) or ``row`` (codes are columns). ``right_role``
    stands for all rows of a role. ``only`` limits it to some rows or columns.
    """

    rule: str
    each: str
    left: tuple[str, ...]
    right: tuple[str, ...] = ()
    right_role: str | None = None
    relation: str = "="
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableForm:
    """One statutory table of a form."""

    code: str
    title: str
    titles: tuple[str, ...]
    section: int | None
    unit: str | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    identities: tuple[Identity, ...]
    parts: tuple[str, ...] = ()
    stubs: tuple[str, ...] = ()
    rows_in_head: bool = False
    unit_column: bool = False

    @cached_property
    def row(self) -> dict[str, Row]:
        return {r.code: r for r in self.rows}

    @cached_property
    def column(self) -> dict[str, Column]:
        return {c.code: c for c in self.columns}

    def columns_of(self, row: Row) -> tuple[Column, ...]:
        """The columns that this row has on the form, in form order."""
        return tuple(self.column[c] for c in row.columns) if row.columns else self.columns

    def unit_of(self, row: Row, column: Column) -> str | None:
        """The unit a figure has when the cell and its head name none."""
        if self.value_of(row, column) == "amount":
            return row.unit or column.unit
        return row.unit or column.unit or self.unit

    def value_of(self, row: Row, column: Column) -> str:
        """What the figures of a cell are: ``count``, ``signed`` or ``amount``."""
        return row.value or column.value


@dataclass(frozen=True)
class Variant:
    """A known deviation of a form: rows that are absent, and rows present in their place."""

    id: str
    table: str
    absent: tuple[str, ...]
    present: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A statutory form. ``issuer_prefixes``: division codes of the provinces whose form it is; empty for a national one."""

    id: str
    version: str
    title: str
    basis: str
    in_force: tuple[int, int]
    tables: dict[str, TableForm]
    variants: tuple[Variant, ...] = field(default=())
    issuer_prefixes: tuple[str, ...] = ()

    def rows(self, table: str, variant: str | None = None) -> tuple[Row, ...]:
        """The rows of a table in form order, for the base form or one of its variants."""
        chosen = next((v for v in self.variants if v.id == variant and v.table == table), None)
        absent = set(chosen.absent) if chosen else set()
        return tuple(
            r for r in self.tables[table].rows if r.code not in absent and (r.variant is None or r.variant == variant)
        )

    def addresses(self, variant: str | None = None) -> list[str]:
        """Every cell address of the form, in form order."""
        return [
            f"{code}.{row.code}.{column.code}"
            for code, table in self.tables.items()
            for row in self.rows(code, variant)
            for column in table.columns_of(row)
        ]


def _table(code: str, raw: dict[str, Any]) -> TableForm:
    def tup(d: dict[str, Any], *names: str) -> dict[str, Any]:
        return {**d, **{n: tuple(d[n]) for n in names if n in d}}

    return TableForm(
        code=code,
        title=raw["title"],
        titles=tuple(raw.get("titles", ())),
        section=raw.get("section"),
        unit=raw.get("unit"),
        columns=tuple(Column(**tup(c, "aliases")) for c in raw["columns"]),
        rows=tuple(Row(**tup(r, "aliases", "columns")) for r in raw["rows"]),
        identities=tuple(Identity(**tup(i, "left", "right", "only")) for i in raw.get("identities", ())),
        parts=tuple(raw.get("parts", ())),
        stubs=tuple(raw.get("stubs", ())),
        rows_in_head=raw.get("rows_in_head", False),
        unit_column=raw.get("unit_column", False),
    )


def _form(raw: dict[str, Any]) -> Form:
    return Form(
        id=raw["id"],
        version=raw["version"],
        title=raw["title"],
        basis=raw["basis"],
        in_force=(raw["in_force"][0], raw["in_force"][1]),
        tables={code: _table(code, t) for code, t in raw["tables"].items()},
        variants=tuple(
            Variant(v["id"], v["table"], tuple(v["absent"]), tuple(v["present"])) for v in raw.get("variants", ())
        ),
        issuer_prefixes=tuple(raw.get("issuer_prefixes", ())),
    )


_IN_FORCE = re.compile(rb"^in_force *= *\[ *(\d+) *, *(\d+) *\]", re.MULTILINE)
_VERSION = re.compile(rb'^version *= *"([^"]+)"', re.MULTILINE)


@cache
def _files() -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.toml"))}


@cache
def load(form_id: str) -> Form:
    """The form with this id. Raises KeyError with the ids there are."""
    try:
        raw = _files()[form_id]
    except KeyError:
        raise KeyError(f"no form {form_id!r}; there are {', '.join(_files())}") from None
    return _form(tomllib.loads(raw.decode("utf-8")))


@cache
def load_all() -> tuple[Form, ...]:
    """Every form, newest first."""
    return tuple(sorted((load(i) for i in _files()), key=lambda f: f.in_force, reverse=True))


@cache
def _years() -> dict[str, tuple[int, int]]:
    """The years that each form is in force, without loading it: reading TOML takes a while."""
    found = {form_id: _IN_FORCE.search(raw) for form_id, raw in _files().items()}
    return {form_id: (int(m[1]), int(m[2])) if m else (0, 0) for form_id, m in found.items()}


@cache
def newest_first() -> tuple[str, ...]:
    """The ids of all forms by the years they are in force."""
    return tuple(sorted(_years(), key=lambda i: _years()[i], reverse=True))


@cache
def in_force(year: int) -> tuple[str, ...]:
    """The ids of the forms in force for a report year, newest first."""
    return tuple(i for i in newest_first() if _years()[i][0] <= year <= _years()[i][1])


@cache
def version() -> str:
    """The version of all form files together: the newest date, and a fingerprint of their content."""
    digest = hashlib.sha256(b"\0".join(_files().values())).hexdigest()[:8]
    dates = [m[1].decode() for raw in _files().values() if (m := _VERSION.search(raw))]
    return f"{max(dates)}+{digest}"
