"""Cells as people write them, read back: the names that our own outputs print, in the form's words or as codes.

Belongs here: which cells a written name means. Does not belong here: what cells are called (`names`), labels (`schemas`).

Understood are codes with ``*`` and ``?``, ``行/列``, “行”的“列”, ``行 列``, a table, a row; ``*`` for any row or column; a
table in front of them with another ``/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

from schemas import forms
from schemas.facts import Report
from schemas.forms import Form, Row, TableForm
from schemas.labels import fold, label
from schemas.report_identity import ReportIdentity

from .names import Names

_OF = re.compile(r"[“\"](?P<row>.+)[”\"]的[“\"](?P<column>.+)[”\"](?:列)?")
_QUOTES = "“”\"‘’'"
_SECTION = re.compile(r"^[一二三四五六七八九十]、")


def cells_named(text: str, form: Form) -> list[str]:
    """The addresses, or patterns of them, that a name may mean; none or several where it is not clear."""
    text = text.strip()
    if any(fnmatchcase(a, text) for a in _addresses(form)):
        return [text]
    said, tables = fold(text).replace("／", "/"), list(form.tables.values())
    head, _, rest = said.partition("/")
    if (only := _table(head, form)) is not None:
        if rest in ("", "*"):
            return [f"{only.code}.*"]
        said, tables = rest, [only]
    if (quoted := _OF.fullmatch(said)) is not None:
        return _of_pair(quoted["row"], quoted["column"], tables)
    # A label may hold the mark itself: 本年增/减.
    for at in [m.start() for m in re.finditer("/", said)]:
        if found := _of_pair(said[:at], said[at + 1 :], tables):
            return found
    return _of_pieces(text, said, tables)


def name_of(address: str, form: Form) -> str:
    """A cell's name that is read back as this cell; its code where no name is."""
    code, row, column = address.split(".")
    names = _names(form)
    said = f"{names.short_row(code, row)}/{names.column(code, column)}"
    for name in (said, f"{form.tables[code].title}/{said}"):
        if cells_named(name, form) == [address]:
            return name
    return address


def _of_pieces(text: str, said: str, tables: list[TableForm]) -> list[str]:
    """Row and column with a space between, or a row alone."""
    pieces = text.split()
    found: list[str] = []
    for i in range(len(pieces) - 1, 0, -1):
        found = _of_pair(fold("".join(pieces[:i])), fold("".join(pieces[i:])), tables)
        if found:
            return found
    for table in tables:
        for row in _rows(said.strip(_QUOTES), table):
            columns = table.columns_of(row)
            found.append(f"{table.code}.{row.code}.{columns[0].code if len(columns) == 1 else '*'}")
    return found


def _of_pair(row: str, column: str, tables: list[TableForm]) -> list[str]:
    row, column = row.strip(_QUOTES), column.strip(_QUOTES)
    out: list[str] = []
    # A label written in full stands before one that is only meant by its words.
    for exact in (True, False):
        for table in tables:
            if row == "*":
                codes = dict.fromkeys(
                    c.code for r in table.rows for c in table.columns_of(r) if _is(column, c.label, c.aliases)
                )
                out += [f"{table.code}.*.{code}" for code in codes]
                continue
            for found in _rows(row, table, exact=exact):
                if column == "*":
                    out.append(f"{table.code}.{found.code}.*")
                    continue
                columns = [c for c in table.columns_of(found) if _is(column, c.label, c.aliases)]
                out += [f"{table.code}.{found.code}.{c.code}" for c in columns]
        if out:
            break
    return list(dict.fromkeys(out))


def _is(text: str, printed: str, aliases: tuple[str, ...]) -> bool:
    return label(text).key in {label(w).key for w in (printed, *aliases)}


def _rows(text: str, table: TableForm, *, exact: bool | None = None) -> list[Row]:
    """The rows of a table that a text names: by one of their whole names, else by their words."""
    if exact is not False and (found := [r for r in table.rows if fold(text) in _whole(table, r)]):
        return found
    if exact is True:
        return []
    key = label(text).key
    return [r for r in table.rows if key and key in {label(w).key for w in (*_whole(table, r), *r.aliases)}]


def _whole(table: TableForm, row: Row) -> set[str]:
    """What outputs call a row: by its label, behind its group's number, behind its group, without the form's remark."""
    return _whole_names(table.code, row.code, row.label, table.group_of(row) or row.parent or "")


@cache
def _whole_names(table: str, row: str, printed: str, above: str) -> set[str]:
    out = {printed, above + printed}
    for form in forms.load_all():
        if table in form.tables and row in form.tables[table].row:
            names = _names(form)
            out |= {names.row(table, row), names.short_row(table, row)}
    return {fold(name) for name in out}


def _table(text: str, form: Form) -> TableForm | None:
    """The table of this title, with its section's number or without, or of its short name."""
    said = _SECTION.sub("", fold(text).strip(_QUOTES))
    titles = {t.code: {fold(t.title), fold(t.short or ""), t.code} - {""} for t in form.tables.values()}
    return next((t for t in form.tables.values() if said in titles[t.code]), None)


@cache
def _names_of(form: str) -> Names:
    return Names(Report("", ReportIdentity(), form), "zh")


def _names(form: Form) -> Names:
    return _names_of(form.id)


def _addresses(form: Form) -> Iterator[str]:
    for table in form.tables.values():
        for row in table.rows:
            for column in table.columns_of(row):
                yield f"{table.code}.{row.code}.{column.code}"
