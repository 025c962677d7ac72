"""What a person means by a name: the body or the place, in any spelling that can mean one only.

Belongs here: 南京, 江苏省常州市, 洪泽县人民政府 → one body or division, or what it may be. Does not belong here: taking names apart
(`schemas.issuers`), what the body has published (`tracing`).

A name that several places bear is never chosen for a person, even where the database knows one of them only: the candidates
are named, each by its whole name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from schemas import bodies, divisions
from schemas.database.table_model import literal
from schemas.divisions import Division

from .errors import PipelineError

if TYPE_CHECKING:
    import duckdb

_NAMED = 8
_GOVERNMENTS = ("government", "zone")


def body(con: duckdb.DuckDBPyConnection, name: str, year: int | None = None) -> str:
    """The body that a name means: an id, a name in any spelling, a place without more. Raises PipelineError: none, or several."""
    if _in_database(con, [name]):
        return name
    meant = bodies.body_named(name, year)
    if meant.key is not None:
        known = _in_database(con, [meant.key]) or ([] if year is not None else _before_a_merger(con, name, meant))
        if len(known) == 1:
            return known[0]
        raise _nothing(name)
    # Several divisions bear it, or it is a place without its ending: its government, or the zone.
    places = [d for code in meant.candidates for d in divisions.by_code(code)[-1:]] or stems(name, year)
    if places:
        keys = {divisions.key_of(d): d for d in places}
        if meant.candidates and meant.kind not in _GOVERNMENTS:
            raise _several(name, (f"{full_name(d)}{_rest(name, d)}" for d in keys.values()))
        if len(keys) > 1:
            raise _several(name, map(full_name, keys.values()))
        code = next(iter(keys))
        there = _in_database(con, [f"{code}/government/"]) or _zones(con, code)
        if len(there) == 1:
            return there[0]
        raise _nothing(name) if not there else _several(name, _names(con, there))
    known = _called(con, f"name = {literal(name)}") or _called(con, f"contains(name, {literal(name)})")
    # A place without more (平潭) is its government or the zone.
    if len(known) > 1 and len(first := [k for k in known if k.split("/")[1:2] in (["government"], ["zone"])]) == 1:
        known = first
    if len(known) == 1:
        return known[0]
    raise _several(name, _names(con, known)) if known else _nothing(name)


def _before_a_merger(con: duckdb.DuckDBPyConnection, name: str, meant: bodies.Body) -> list[str]:
    """The bodies of the database that bore the name before what bears it now was made of them and others."""
    parts = [d for of in divisions.by_code(meant.division or "") for d in divisions.parts_of(of)]
    keys = {bodies.body_named(name, d.valid_to).key for d in parts}
    return _in_database(con, [k for k in keys if k is not None and k != meant.key])


def division(name: str) -> Division:
    """The division of a code or name, with or without its ending and the places around it (江苏, 南京市, 320100).

    Raises PipelineError: none, or several.
    """
    if name.isdigit():
        found = divisions.by_code(name)[-1:]
    else:
        key = bodies.body_named(name)
        codes = [key.division] if key.division and key.kind in _GOVERNMENTS and not key.name else list(key.candidates)
        found = [d for code in codes for d in divisions.by_code(code)[-1:]] or divisions.lookup(name) or stems(name)
    newest = {divisions.key_of(d): d for d in found}
    if len(newest) == 1:
        return divisions.by_code(next(iter(newest)))[-1]
    if newest:
        raise _several(name, map(full_name, newest.values()))
    raise PipelineError(f"没有叫“{name}”的地方。", f"no place is called {name}")


def codes(of: Division) -> list[str]:
    """The codes that a division has borne, oldest first."""
    return list(dict.fromkeys(d.code for d in divisions.history(of)))


def inside(of: Division, column: str) -> str:
    """A condition on a column of codes: the divisions inside another one, under any code that it bore."""
    either = []
    for code in codes(of):
        within = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
        either.append(f"(starts_with({column}, {literal(within)}) AND {column} <> {literal(code)})")
    return f"({' OR '.join(either)})"


def without(con: duckdb.DuckDBPyConnection, named: dict[str, str], scope: str) -> dict[str, list[str]]:
    """Of named bodies (their ids, and what they were called) those without a report of a scope, with the scopes they have.

    Raises PipelineError where all are such: an empty answer would say that they have published nothing.
    """
    ids = ", ".join(map(literal, named)) or "NULL"
    rows = con.execute(
        "SELECT body_id, list(DISTINCT scope ORDER BY scope) FROM preferred "
        f"WHERE body_id IN ({ids}) AND period = 'year' GROUP BY body_id ORDER BY body_id"
    ).fetchall()
    found = {named[key]: scopes for key, scopes in rows if scope not in scopes}
    if found and len(found) == len(named):
        each = "；".join(f"{name}：{', '.join(scopes)}" for name, scopes in found.items())
        raise PipelineError(
            f"没有范围为 {scope} 的报告（有的范围：{each}）。", f"no report of scope {scope} (there are: {each})"
        )
    return found


def of_division(scope: str) -> str:
    """SQL: whether a report ``p`` is one of the government of a division ``d``; of its own office also, where that scope is asked for."""
    if scope == "office":
        return "p.body_id IN (d.body_id, replace(d.body_id, '/government/', '/office/'))"
    return "p.body_id = d.body_id"


def unreported(
    con: duckdb.DuckDBPyConnection, level: str, parent: Division, years: Iterable[int], scope: str
) -> dict[int, list[str]]:
    """By year the divisions of a level inside another one whose government has no report of the scope."""
    conditions = f"d.level = {literal(level)} AND {inside(parent, 'd.code')}"
    rows = con.execute(
        f"SELECT y.year, list(d.name ORDER BY d.code) FROM division d, (SELECT unnest({list(years)}::INTEGER[]) AS year) y "
        f"WHERE {conditions} AND coalesce(d.valid_from, 0) <= y.year AND coalesce(d.valid_to, 9999) >= y.year "
        f"AND NOT EXISTS (SELECT 1 FROM preferred p WHERE {of_division(scope)} AND p.year = y.year AND p.period = 'year' "
        f"  AND p.scope = {literal(scope)}) GROUP BY y.year ORDER BY y.year"
    ).fetchall()
    return dict(rows)


def stems(name: str, year: int | None = None) -> list[Division]:
    """Divisions of a name without its ending, perhaps behind those around it (南京, 江苏南京): of the year, else those of today."""

    def stands(d: Division) -> bool:
        return d.valid_to is None if year is None else d.stood(year)

    text = divisions.clean(name)
    found = [d for d in divisions.stemmed(text) if stands(d)]
    for cut in range(2, len(text) - 1):
        around = [*divisions.stemmed(text[:cut]), *divisions.named(text[:cut])]
        inner = [*divisions.stemmed(text[cut:]), *divisions.named(text[cut:])]
        found += [
            d for d in inner if stands(d) and any(divisions.inside(d.code, a.code) and d.code != a.code for a in around)
        ]
    # A city and its district or county of the same name (淮安市, 淮安区): without an ending it is the city.
    outer = [d for d in found if not any(d.code != a.code and divisions.inside(d.code, a.code) for a in found)]
    return list({d.code: d for d in outer}.values())


def successions(
    con: duckdb.DuckDBPyConnection, of: Iterable[str], years: Sequence[int] | None = None
) -> list[dict[str, Any]]:
    """Mergers and splits that bodies had a part in, oldest first: what became what. ``years``: only from the first to the last of them."""
    if years is not None and not years:
        return []
    # What befalls a place befalls its departments.
    ids = ", ".join(literal(f"{body.split('/')[0]}/government/") for body in of) or "NULL"
    # No report is of an earlier year. One year more: who stands alone in the last one need not go on.
    first, last = (2008, 9999) if years is None else (min(years), max(years) + 1)
    rows = con.execute(
        "SELECT year, kind, list(name || ' ' || body_id ORDER BY body_id), successor || ' ' || successor_id FROM succession "
        f"WHERE year BETWEEN {first} AND {last} AND (year, successor_id) IN (SELECT (year, successor_id) "
        f"FROM succession WHERE body_id IN ({ids}) OR successor_id IN ({ids})) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return [
        {"year": year, "because": kind, "before": "、".join(before), "after": after}
        for year, kind, before, after in rows
    ]


def full_name(found: Division) -> str:
    """The name of a division behind those of the divisions around it."""
    around = [p.name for p in reversed(divisions.parents(found)) if p.code != found.code]
    return "".join([*around, found.name])


def _rest(name: str, found: Division) -> str:
    return next((name[len(n) :] for n in (found.name, *found.short) if name.startswith(n)), "")


def _in_database(con: duckdb.DuckDBPyConnection, ids: Iterable[str]) -> list[str]:
    return _column(con, f"SELECT body_id FROM body WHERE body_id IN ({', '.join(map(literal, ids))}) ORDER BY 1")


def _zones(con: duckdb.DuckDBPyConnection, code: str) -> list[str]:
    return _column(con, f"SELECT body_id FROM body WHERE starts_with(body_id, {literal(code + '/zone/')}) ORDER BY 1")


def _called(con: duckdb.DuckDBPyConnection, condition: str) -> list[str]:
    return _column(
        con,
        "SELECT DISTINCT body_id FROM (SELECT body_id, name FROM body UNION ALL SELECT body_id, name FROM alias "
        f"SEMI JOIN body USING (body_id)) WHERE {condition} ORDER BY 1",
    )


def _names(con: duckdb.DuckDBPyConnection, ids: list[str]) -> list[str]:
    return _column(con, f"SELECT name FROM body WHERE body_id IN ({', '.join(map(literal, ids))}) ORDER BY 1")


def _column(con: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return [row[0] for row in con.execute(sql).fetchall()]


def _nothing(name: str) -> PipelineError:
    return PipelineError(f"库中没有“{name}”的报告。", f"the database has no report of {name}")


def _several(name: str, candidates: Iterable[str]) -> PipelineError:
    every = list(candidates)
    names = "、".join(every[:_NAMED]) + ("等" if len(every) > _NAMED else "")
    return PipelineError(
        f"“{name}”可能指：{names}。请写全名。", f"{name} may mean one of these: {names}; give the full name"
    )
