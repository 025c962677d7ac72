"""Who has to publish: every government of the registry, and the operator's own bodies; who of them is late.

Belongs here: the two tables `expected` and `due_day` filled, the question put to the database. Does not belong here: the tables and the
query (`schemas.database.expected`), words (`gouji`).

The operator's own list is `bodies.csv` in the home, beside it the bodies that `sources.toml` names:

    机关,上级,自,至,期限
    沭阳县教育局,沭阳县人民政府,2019,,01-31

All columns but the first may be left out; English heads are body, parent, from, to, due.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.rules import data as rules_data
from parsers.files.encoding import decode
from schemas import bodies, divisions
from schemas.database import expected, tables
from schemas.database.table_model import literal, quoted, sql_value
from schemas.issuers import match_issuer

from . import dimensions, lists, naming
from .errors import PipelineError
from .home import Home
from .lists import Fault

if TYPE_CHECKING:
    import duckdb

LIST = "bodies.csv"
_META = "expected"
_HEADS = {
    "body": ("机关", "单位", "名称", "机关名称", "单位名称", "body", "name"),
    "parent": ("上级", "主管", "上级机关", "parent"),
    "first_year": ("自", "起", "from"),
    "last_year": ("至", "止", "to"),
    "due_day": ("期限", "截止日期", "due"),
}
_LEVELS = ("province", "prefecture", "county")
_CHINA = timezone(timedelta(hours=8))
# The first report year under the regulations in force, and the last day they give anybody.
_NOW_IN_FORCE, _LATEST = 2019, "03-31"


@dataclass(frozen=True, slots=True)
class Expected:
    """A row of the table: one body under one name, in the report years it has to publish for."""

    body_id: str
    body: str
    level: str | None
    kind: str | None
    division_code: str | None
    parent: str | None
    first_year: int | None = None
    last_year: int | None = None
    due_day: str | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """A body that has not published for a year although the day has passed."""

    year: int
    body_id: str
    body: str
    level: str | None
    kind: str | None
    division_code: str | None
    parent: str | None
    due: date
    last_year: int | None
    own: bool


def late(
    con: duckdb.DuckDBPyConnection, home: Home, year: int, today: date | None = None, *, within: str | None = None
) -> list[Late]:
    """Who is late with the report of a year, by level and place; by the registry and list as they are now.

    ``within``: only bodies in the division of that code or name. Raises PipelineError for a list or place that cannot be used.
    """
    codes = _codes(within) if within else None
    rows = list(_rows(home))
    con.execute("BEGIN")
    try:
        # Names of temporary tables come before the database's own, but the view has its own in it: ask the query itself.
        for table, columns in (("expected_now", "expected"), ("due_day_now", "due_day")):
            con.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM {columns} LIMIT 0")
        _insert(con, "expected_now", (_values(r) for r in rows))
        _insert(con, "due_day_now", _due_days(rows))
        day = f"DATE {literal((today or datetime.now(_CHINA).date()).isoformat())}"
        sql = expected.late_sql("expected_now", "due_day_now", day)
        found = con.execute(f"SELECT * FROM ({sql}) WHERE year = {int(year)}").fetchall()
    finally:
        con.execute("ROLLBACK")
    order = {level: n for n, level in enumerate((*_LEVELS, "zone", "township"))}
    out = [Late(*row) for row in found]
    if codes is not None:
        out = [
            r for r in out if r.division_code is not None and any(divisions.inside(r.division_code, c) for c in codes)
        ]
    return sorted(out, key=lambda r: (order.get(r.level or "", 9), r.division_code or "~", r.kind or "", r.body))


def _codes(within: str) -> list[str]:
    """The codes that a place has borne: its counties had those of the year."""
    if within.isdigit() and len(within) == 6:
        found = divisions.by_code(within)
        return naming.codes(found[-1]) if found else [within]
    # A short name too, as `trace` takes it.
    return naming.codes(naming.division(within))


# --- filling


def fill(con: duckdb.DuckDBPyConnection, home: Home, faults: list[Fault]) -> None:
    """Fill the tables anew where the registry, the lists or the days have changed; within the caller's transaction.

    Lines that cannot be used go to ``faults``. Raises PipelineError for a list without a head.
    """
    wanted = literal(_state(home))
    list(_list(home.root / LIST, faults))
    if con.execute(f"SELECT 1 FROM meta WHERE key = '{_META}' AND value = {wanted}").fetchone():
        return
    rows = list(_rows(home, []))
    _bring(con, "expected", map(_values, rows))
    _bring(con, "due_day", _due_days(rows))
    con.execute(f"DELETE FROM meta WHERE key = '{_META}'")
    con.execute(f"INSERT INTO meta VALUES ('{_META}', {wanted})")


def _state(home: Home) -> str:
    """What the tables are made from, as a hash."""
    found = hashlib.sha256()
    package = Path(divisions.__file__).parent
    for path in (
        package / "divisions.csv",
        package / "bodies.toml",
        package / "issuers.toml",
        home.root / LIST,
        home.sources,
    ):
        found.update(path.read_bytes() if path.is_file() else b"-")
    found.update(repr(rules_data("due.toml")).encode())
    return found.hexdigest()[:16]


def _bring(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Make a table hold just these rows. Nearly all are there already: only keys (the first column) with other rows are written."""
    there, wanted = Counter(con.execute(f"SELECT * FROM {table}").fetchall()), Counter(rows)
    other = {row[0] for row in (there - wanted) + (wanted - there)}
    if there and other:
        key = quoted(tables.TABLE[table].columns[0].name)
        con.execute(f"DELETE FROM {table} WHERE {key} IN ({', '.join(map(sql_value, sorted(other)))})")
    _insert(con, table, (row for row in wanted.elements() if row[0] in other))


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    if every := list(rows):
        dimensions.insert(con, table, every)


def _values(row: Expected) -> tuple[Any, ...]:
    return (
        row.body_id, row.body, row.level, row.kind, row.division_code, row.parent,
        row.first_year, row.last_year, row.due_day, row.own,
    )  # fmt: skip


def _rows(home: Home, faults: list[Fault] | None = None) -> Iterator[Expected]:
    """The registry's governments and the operator's bodies, each body and time once: what the list says of a government counts."""
    own = list(_own(home, faults))
    listed = {r.body_id: r for r in own}
    governments = _registry()
    for row in governments:
        mine = listed.get(row.body_id)
        yield row if mine is None else replace(row, own=True, due_day=mine.due_day, parent=mine.parent or row.parent)
    known = {r.body_id for r in governments}
    yield from (r for r in own if r.body_id not in known)


@cache
def _registry() -> tuple[Expected, ...]:
    """The registry's governments, made once in a process."""
    return tuple(_governments())


def _governments() -> Iterator[Expected]:
    every = divisions.every()
    names: dict[str, list[divisions.Division]] = {}
    for d in every:
        names.setdefault(d.code, []).append(d)
    for d in every:
        if d.level not in _LEVELS:
            continue
        around = [p for p in names.get(d.parent or "", []) if p.stood(d.valid_from or 0, d.valid_to)]
        yield Expected(
            body_id=bodies.government_of(d),
            body=f"{d.name}人民政府",
            level=d.level,
            kind="government",
            division_code=d.code,
            parent=f"{around[-1].name}人民政府" if around else None,
            first_year=d.valid_from,
            last_year=d.valid_to,
        )


def _own(home: Home, faults: list[Fault] | None = None) -> Iterator[Expected]:
    """The operator's own bodies: those of the list, then those that only the sources name; each once."""
    seen: set[str] = set()
    for row in (*_list(home.root / LIST, faults), *(_named(name) for name in _of_sources(home))):
        if row.body_id not in seen:
            seen.add(row.body_id)
            yield row


def _of_sources(home: Home) -> list[str]:
    """Bodies that `sources.toml` names. A list that cannot be used is told by whoever collects."""
    from .collecting import listed

    if not home.sources.is_file():
        return []
    try:
        return [name for s in listed.load(home.sources) for name in (*s.bodies, *s.values)]
    except PipelineError:
        return []


def _named(name: str) -> Expected:
    """A body by its name, with the government of its place above it."""
    match = match_issuer(name)
    body_id = bodies.body_named(name).key or f"?-{match.issuer}"
    division = match.division
    around = divisions.parents(division) if division is not None else []
    above = division if division is not None and match.kind not in ("government", "zone") else next(iter(around), None)
    return Expected(
        body_id=body_id,
        body=name,
        level=match.level,
        kind=match.kind,
        division_code=match.division_code,
        parent=f"{above.name}人民政府" if above is not None else None,
        own=True,
    )


def _list(path: Path, faults: list[Fault] | None = None) -> Iterator[Expected]:
    """The lines of the list that can be used; the others go to ``faults``, whoever asks for them."""
    if not path.is_file():
        return
    rows = csv.reader(io.StringIO(decode(path.read_bytes()), newline=""))
    head = [h.strip().lower() for h in next(rows, [])]
    at = {key: next((head.index(n) for n in names if n in head), None) for key, names in _HEADS.items()}
    if at["body"] is None:
        raise PipelineError(
            f"{path} 的第一行应是表头，其中要有“机关”一列。",
            f"the first line of {path} must be a head with a column 'body'",
        )
    for number, row in enumerate(rows, 2):

        def cell(key: str, row: list[str] = row) -> str:
            n = at[key]
            return row[n].strip() if n is not None and n < len(row) else ""

        if not cell("body"):
            continue
        named = _named(cell("body"))
        try:
            first, last = (int(cell(k)) if cell(k) else None for k in ("first_year", "last_year"))
            due = _month_day(cell("due_day"))
        except ValueError as e:
            zh, en = "自、至写年份，期限写 01-31", "from and to are years, due is a day such as 01-31"
            lists.refuse(path, number, f"看不懂：{e}（{zh}）。", f"{e} ({en})", faults)
            continue
        yield replace(named, first_year=first, last_year=last, due_day=due, parent=cell("parent") or named.parent)


def _month_day(text: str) -> str | None:
    if not text:
        return None
    m = re.fullmatch(r"(?:\d{4}[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?", text)
    if m is None:
        raise ValueError(text)
    # A leap day would be no day in most years.
    return f"{date(2025, int(m[1]), int(m[2])):%m-%d}"


def _due_days(rows: Iterable[Expected]) -> list[tuple[Any, ...]]:
    """The days of `checks/due.toml` for the kinds and levels there are; whom no entry is for has time as long as anybody."""
    out = []
    for kind, level in sorted({(r.kind or "", r.level or "") for r in rows}):
        taken: set[int] = set()
        for each in rules_data("due.toml")["due"]:
            if (
                "scopes" in each
                or (kind not in each.get("kinds", [kind]))
                or (level not in each.get("levels", [level]))
            ):
                continue
            first, last = each["years"]
            # The first entry that fits counts.
            if first not in taken:
                taken.add(first)
                out.append((kind, level, first, last, each["date"]))
        if max(taken, default=0) < _NOW_IN_FORCE:
            out.append((kind, level, _NOW_IN_FORCE, 9999, _LATEST))
    return out
