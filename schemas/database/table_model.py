"""What a table, a view and a column are, and the types that columns have.

Belongs here: the three descriptions and the DuckDB types. Does not belong here: which tables there are (`tables`,
`analysis`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

# Figures: counts are whole numbers, amounts have up to six places.
PRECISION, SCALE = 24, 6

TEXT = "VARCHAR"
INTEGER = "INTEGER"
BIGINT = "BIGINT"
BOOLEAN = "BOOLEAN"
DECIMAL = f"DECIMAL({PRECISION},{SCALE})"
DATE = "DATE"
INSTANT = "TIMESTAMP"
TEXTS = "VARCHAR[]"
DECIMALS = f"{DECIMAL}[]"
BOX = "FLOAT[]"
PLACE = (
    'STRUCT(page INTEGER, "table" INTEGER, "row" INTEGER, "column" INTEGER, line INTEGER, paragraph INTEGER, '
    "box FLOAT[])"
)
TERMS = f'STRUCT(address VARCHAR, "sign" INTEGER, printed VARCHAR, "value" {DECIMAL})[]'
VERSIONS = "STRUCT(gouji VARCHAR, parser VARCHAR, forms VARCHAR, rules VARCHAR)"

SCOPES = ("body", "office", "level", "area", "system", "unknown")
STANDINGS = ("preferred", "copy", "part", "conflict", "superseded", "unidentified")
PERIODS = ("year", "half", "quarter")
# Names of columns that SQL takes for words of its own, unless they are quoted.
RESERVED = ("at", "column", "from", "table", "to")
SHA256 = r"[0-9a-f]{64}"


@dataclass(frozen=True)
class Column:
    """A column: DuckDB type, meaning in both languages, unit, and what its values are held to."""

    name: str
    type: str
    zh: str
    en: str
    nullable: bool = False
    unit: str | None = None
    allowed: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = None

    @property
    def nested(self) -> bool:
        """Lists and structs: pandera sees their presence only."""
        return self.type.startswith("STRUCT") or self.type.endswith("[]")


@dataclass(frozen=True)
class Table:
    """A table. ``unique`` names the columns that tell its rows apart; ``recorded``: parse results hold it too."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ()
    # A primary key costs much on large tables: small ones only.
    keyed: bool = False
    recorded: bool = True
    published: bool = True

    @property
    def column(self) -> dict[str, Column]:
        return {c.name: c for c in self.columns}


def made(name: str, zh: str, en: str, columns: tuple[Column, ...], **more: Any) -> Table:
    """A table that is made from others: parse results do not hold it."""
    return Table(name, zh, en, columns, recorded=False, **more)


@dataclass(frozen=True)
class View:
    """A view: its columns with their meaning, and the query behind it."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    sql: str


def quoted(name: str) -> str:
    """An SQL identifier; `table`, `row` and `column` are reserved words and fixed names at once."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def sql_value(given: Any) -> str:
    """Any value as SQL. As parameters DuckDB would import pandas for it, which takes longer and holds more memory (80 MiB) than a
    small load. Raises TypeError for what no column holds."""
    if given is None:
        return "NULL"
    if isinstance(given, str):
        return literal(given)
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int | Decimal | float):
        return str(given)
    if isinstance(given, datetime):
        return f"TIMESTAMP {literal(given.isoformat(sep=' '))}"
    if isinstance(given, dict):
        return "{" + ", ".join(f"{literal(k)}: {sql_value(v)}" for k, v in given.items()) + "}"
    if isinstance(given, list | tuple):
        return "[" + ", ".join(map(sql_value, given)) + "]"
    raise TypeError(type(given).__name__)


def sql_row(given: tuple[Any, ...] | list[Any]) -> str:
    """A row of values as SQL."""
    return "(" + ", ".join(map(sql_value, given)) + ")"
