"""The tables that say what codes mean: divisions, forms, cells, rules, indicators, and how they belong together.

Belongs here: filling them from the files they are described in, anew when one of these has changed.
Does not belong here: anything that depends on reports (`standing`, `values`); the user's own denominators are read here,
because they are such a file too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Any

from checks import rules
from schemas import bodies, divisions, forms, indicators
from schemas.database.table_model import literal, quoted, sql_row
from schemas.forms.model import Form

from . import lists
from .home import Home
from .lists import Fault

if TYPE_CHECKING:
    import duckdb

# A user's own denominators, in the home folder; the columns are those of the table, `source` may be left out.
DENOMINATORS = "denominators.csv"
_META = "dimensions"
# Rows of one INSERT: parameters one by one would take a hundred times as long.
_AT_ONCE = 1_000
_YEARS = range(2003, 2041)
_SCOPE_WORDS = {
    "body": ("本机关", "the body itself"),
    "office": ("政府办公室（本级机关）", "the government's own office"),
    "level": ("本级政府各部门", "the departments of this level"),
    "area": ("全域：本级和下级", "the whole area: this level and those below"),
    "system": ("本系统：上下对口部门", "the system: departments of one trade at all levels"),
    "unknown": ("未写明", "not said"),
}

Row = tuple[Any, ...]


def fill(con: duckdb.DuckDBPyConnection, home: Home, faults: list[Fault]) -> bool:
    """Fill the tables anew where what they are made from has changed; returns whether it had.

    Lines of denominators that cannot be used go to ``faults``. Raises PipelineError for a file without its columns.
    """
    own = own_denominators(home, faults)
    mine = {row[:3] for row in own}
    denominators = [*(row for row in _census() if row[:3] not in mine), *own]
    hashed = _hashed().copy()
    hashed.update(repr(denominators).encode())
    wanted = hashed.hexdigest()[:16]
    if con.execute(f"SELECT 1 FROM meta WHERE key = '{_META}' AND value = {literal(wanted)}").fetchone():
        return False
    for name, rows in (_described() | {"denominator": denominators}).items():
        con.execute(f"DELETE FROM {quoted(name)}")
        insert(con, name, rows)
    _spread_notes(con)
    con.execute(f"DELETE FROM meta WHERE key = '{_META}'")
    con.execute(f"INSERT INTO meta VALUES ('{_META}', {literal(wanted)})")
    return True


@cache
def _described() -> dict[str, list[Row]]:
    """The rows of every table that the package's own files describe, made once in a process."""
    return {name: list(rows()) for name, rows in _ROWS.items()}


@cache
def _hashed() -> hashlib._Hash:
    """What these rows are, begun once in a process; never changed, but copied."""
    return hashlib.sha256(repr(_described()).encode())


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    """Rows into a table, all columns in order."""
    for start in range(0, len(rows), _AT_ONCE):
        con.execute(f"INSERT INTO {quoted(table)} VALUES {', '.join(map(sql_row, rows[start : start + _AT_ONCE]))}")


def _spread_notes(con: duckdb.DuckDBPyConnection) -> None:
    """What must be said of every indicator in every year, whether of an area or not, of a zone or not."""
    con.execute("DELETE FROM indicator_note")
    con.execute(
        "INSERT INTO indicator_note SELECT i.code, y.year, a.area, z.zone, list(n.id ORDER BY n.first_year, n.id) "
        f"FROM indicator i, (SELECT unnest(range({_YEARS.start}, {_YEARS.stop}))::INTEGER AS year) y, "
        "(VALUES (false), (true)) a(area), (VALUES (false), (true)) z(zone), note n "
        "WHERE list_contains(i.notes, n.id) AND coalesce(n.first_year, 0) <= y.year AND coalesce(n.last_year, 9999) >= y.year "
        "AND (n.scope IS NULL OR (n.scope = 'area') = a.area) AND (n.body_kind IS NULL OR (n.body_kind = 'zone') = z.zone) "
        "GROUP BY ALL"
    )


# --- places and names


def _divisions() -> Iterator[Row]:
    every = divisions.every()
    provinces = {d.code: d.name for d in every if d.level == "province"}
    for d in every:
        key = bodies.body_named(d.name, d.valid_to).key if d.level == "zone" else None
        province = provinces.get(d.code[:2] + "0000")
        # The body of a division is its government, of a zone the zone itself.
        body = key or bodies.government_of(d)
        yield (d.code, d.name, d.level, d.parent, province, d.valid_from, d.valid_to, body)


def _places() -> Iterator[Row]:
    """The code of every division in every year: before its first one the first, after its last one the last."""
    every = divisions.every()
    latest = {d.code: d.name for d in sorted(every, key=lambda d: d.valid_from or 0)}
    rows: dict[str, list[divisions.Division]] = {}
    for d in every:
        rows.setdefault(d.code if d.level == "zone" else divisions.key_of(d), []).append(d)
    for key, of in rows.items():
        of.sort(key=lambda d: d.valid_from or 0)
        code, name = of[-1].code, of[-1].name
        province, city = latest.get(code[:2] + "0000"), latest.get(code[:4] + "00")
        around = [n for n in (province, city if city != province else None) if n is not None and n != name]
        ends = [(d.valid_from or 0) - 1 for d in of[1:]] + [9999]
        first = 0
        for d, last in zip(of, ends, strict=True):
            yield (key, first, last, d.code, name, province, "".join((*around, name)))
            first = last + 1


def _successions() -> Iterator[Row]:
    """What became of the divisions that did not go on whole and alone."""
    for d in divisions.every():
        if d.valid_to is None or divisions.continued_by(d) is not None:
            continue
        heirs = divisions.heirs(d)
        for heir in heirs:
            kind = "divided" if len(heirs) > 1 else "absorbed" if heir.stood(d.valid_to - 1) else "merged"
            first = (
                max(d.valid_to, heir.valid_from) if heir.valid_from in (d.valid_to, d.valid_to + 1) else d.valid_to + 1
            )
            yield (bodies.government_of(d), d.name, bodies.government_of(heir), heir.name, first, kind)


# --- forms


def _forms() -> Iterator[Row]:
    for form in forms.load_all():
        yield (form.id, form.version, form.title, form.basis, *form.in_force)


def _cells() -> Iterator[Row]:
    for form in forms.load_all():
        for variant in indicators.variants(form):
            for position, address in enumerate(form.addresses(variant or None), start=1):
                yield _cell(form, variant, address, position)


def _cell(form: Form, variant: str, address: str, position: int) -> Row:
    table_code, row_code, column_code = address.split(".")
    table = form.tables[table_code]
    row, column = table.row[row_code], table.column[column_code]
    labels = [row.label, *row.aliases, column.label, *column.aliases]
    roles = list(dict.fromkeys((*row.roles, *column.roles)))
    zh = f"{table.title}：{row.label}／{column.label}"
    en = f"{table_code}: {row_code} / {column_code}".replace("_", " ")
    where = (table_code, row_code, column_code, address, position)
    return (form.id, variant, *where, zh, en, labels, table.unit_of(row, column), roles, row.optional)


def _rules() -> Iterator[Row]:
    for rule in rules.catalogue():
        yield (rule.id, rule.severity["published"], rule.words["zh"]["name"], rule.words["en"]["name"], rule.by)


def _scopes() -> Iterator[Row]:
    for scope, (zh, en) in _SCOPE_WORDS.items():
        yield (scope, zh, en)


# --- indicators


def _indicators() -> Iterator[Row]:
    crosswalk = indicators.load()
    position = 0
    for i in crosswalk.indicators:
        position += 1
        yield (i.code, i.kind, i.zh, i.en, i.unit, None, None, None, crosswalk.version, _ids(i.code), position)
    for r in crosswalk.rates:
        position += 1
        below = list(r.denominator) or [str(r.population)]
        yield (r.code, "rate", r.zh, r.en, r.unit, list(r.numerator), below, r.base, r.version, _ids(r.code), position)


def _ids(code: str) -> list[str]:
    return [n.id for n in indicators.load().notes_of(code)]


def _notes() -> Iterator[Row]:
    for n in indicators.load().notes:
        yield (n.id, n.first, n.last, n.scope, n.body, n.form, n.breaks, n.zh, n.en)


def _indicator_cells() -> Iterator[Row]:
    for s in indicators.sources():
        table, row, column = s.address.split(".")
        optional = forms.load(s.form).tables[table].row[row].optional
        yield (s.form, s.variant, s.indicator, s.address, s.sign, table, row, column, optional)


def _indicator_statements() -> Iterator[Row]:
    for i in indicators.load().indicators:
        for code in i.statements:
            yield (i.code, code)


def _rate_parts() -> Iterator[Row]:
    for r in indicators.load().rates:
        for side, codes in (("numerator", r.numerator), ("denominator", r.denominator)):
            for sign, code in indicators.signed(codes):
                yield (r.code, side, code, sign)


def _census() -> Iterator[Row]:
    for d in indicators.census():
        yield (d.division_code, d.year, d.name, d.value, "2020年第七次全国人口普查")


def own_denominators(home: Home, faults: list[Fault]) -> list[Row]:
    """The user's own denominators; what is wrong with a line goes to ``faults``. Raises PipelineError without the columns."""
    path = home.root / DENOMINATORS
    if not path.is_file():
        return []
    known = {r.population for r in indicators.load().rates if r.population is not None}
    found: dict[Row, list[tuple[int, Row]]] = {}
    for number, cells in lists.lines(path, ("division_code", "year", "name", "value")):
        wrong = _wrong(cells)
        if wrong is None and cells["name"] not in known:
            # Kept for whoever asks for it in SQL.
            zh = f"没有比率用“{cells['name']}”（可用：{'、'.join(sorted(known))}）。"
            lists.refuse(
                path, number, zh, f"no rate is per {cells['name']!r} (known: {', '.join(sorted(known))})", faults
            )
        if wrong is not None:
            lists.refuse(path, number, *wrong, faults)
            continue
        row = (cells["division_code"], int(cells["year"]), cells["name"], Decimal(cells["value"]))
        found.setdefault(row[:3], []).append((number, (*row, cells.get("source") or path.name)))
    out = []
    for lines_of in found.values():
        if len({row[3] for _, row in lines_of}) > 1:
            # None is chosen.
            numbers = "、".join(str(n) for n, _ in lines_of)
            zh, en = f"与第 {numbers} 行互相矛盾，都不采用。", f"lines {numbers} contradict one another; none is used"
            faults += [Fault(DENOMINATORS, n, zh, en) for n, _ in lines_of]
        else:
            out.append(lines_of[0][1])
    return out


def _wrong(cells: dict[str, str]) -> tuple[str, str] | None:
    try:
        year, value = int(cells["year"]), Decimal(cells["value"])
    except (ValueError, InvalidOperation):
        return "year 或 value 不是数。", "year or value is no number"
    if not divisions.by_code(cells["division_code"]):
        return f"没有区划代码 {cells['division_code']}。", f"there is no division {cells['division_code']}"
    if not _YEARS.start - 60 <= year < _YEARS.stop:
        return f"{year} 不是年份。", f"{year} is no year"
    if not value.is_finite() or not 0 < value < 10**15:
        return "value 应大于 0。", "value must be greater than 0"
    return None


_ROWS: dict[str, Callable[[], Iterator[Row]]] = {
    "division": _divisions,
    "place": _places,
    "succession": _successions,
    "form": _forms,
    "cell": _cells,
    "rule": _rules,
    "scope": _scopes,
    "indicator": _indicators,
    "note": _notes,
    "indicator_cell": _indicator_cells,
    "indicator_statement": _indicator_statements,
    "rate_part": _rate_parts,
}
