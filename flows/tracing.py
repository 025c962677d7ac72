"""Where a number comes from: value → cells → printed text → place → file.

Belongs here: following a value to what was printed. Does not belong here: finding a body by its name (`naming`), drawing the
place (`gouji.show.placed`), words for people (`gouji`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from schemas.database.table_model import literal

from . import contradictions, naming
from .errors import PipelineError
from .queries import plain

if TYPE_CHECKING:
    import duckdb

_PLACE = ("page", "table", "row", "column", "line", "paragraph", "box")
# Of several scopes the one that is meant where none is named.
_FIRST = ("area", "body", "level", "office", "system", "unknown")


@dataclass(slots=True)
class Traced:
    """A value and all that it was made of. ``parts`` are the indicators of a rate, ``reports`` those in conflict."""

    body_id: str
    body: str
    year: int
    scope: str
    code: str
    zh: str
    en: str
    value: Any
    status: str
    unit: str | None = None
    lower_bound: Any = None
    cells: list[dict[str, Any]] = field(default_factory=list)
    statements: list[dict[str, Any]] = field(default_factory=list)
    parts: list[Traced] = field(default_factory=list)
    report_id: str | None = None
    revision: int | None = None
    source: dict[str, Any] | None = None
    versions: dict[str, Any] | None = None
    corrected: bool = False
    contradicted: bool = False
    small_base: bool = False
    impossible: bool = False
    notes: list[dict[str, str]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    other_scopes: list[str] = field(default_factory=list)
    period: str = "year"
    other_periods: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As `gouji trace --format json` prints it."""
        out = {name: getattr(self, name) for name in self.__slots__}
        out["parts"] = [p.to_json() for p in self.parts]
        found: dict[str, Any] = plain(out)
        return found


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    answer = con.execute(sql)
    names = [d[0] for d in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def trace(
    con: duckdb.DuckDBPyConnection, body: str, year: int, code: str, scope: str | None = None, period: str = "year"
) -> Traced:
    """Follow an indicator, a rate or the address of a cell. Raises PipelineError: no such body, year, scope or code."""
    key = naming.body(con, body, year)
    where = f"body_id = {literal(key)} AND year = {int(year)}"
    every = _rows(con, f"SELECT * FROM preferred WHERE {where} ORDER BY period")
    found = [r for r in every if r["period"] == period]
    periods = list(dict.fromkeys(r["period"] for r in every if r["period"] != period))
    scopes = sorted((r["scope"] for r in found), key=_FIRST.index)
    if not found:
        years = ", ".join(
            str(r["year"])
            for r in _rows(
                con,
                f"SELECT DISTINCT year FROM preferred WHERE body_id = {literal(key)} AND period = {literal(period)} ORDER BY 1",
            )
        )
        what = (
            ("年的报告", "report") if period == "year" else (f"年期间为 {period} 的报告", f"report of period {period}")
        )
        zh = f"；这一年有期间为 {'、'.join(periods)} 的（用 --period 指定）" if periods else ""
        en = f"; for that year there is one of period {', '.join(periods)} (name it with --period)" if periods else ""
        raise PipelineError(
            f"库中没有“{body}”{year} {what[0]}（有：{years or '无'}）{zh}。",
            f"there is no {what[1]} of {body} for {year} (there are: {years or 'none'}){en}",
        )
    chosen = scope or scopes[0]
    if chosen not in scopes:
        raise PipelineError(
            f"“{body}”{year} 年没有统计范围为 {chosen} 的报告（有：{'、'.join(scopes)}）。",
            f"{body} has no report of scope {chosen} for {year} (there are: {', '.join(scopes)})",
        )
    preferred = next(r for r in found if r["scope"] == chosen)
    made = _cell(con, preferred, code) if code.count(".") == 2 else _indicator(con, preferred, code)
    made.other_scopes, made.other_periods = [s for s in scopes if s != chosen], periods
    return made


def _begin(con: duckdb.DuckDBPyConnection, preferred: dict[str, Any], code: str, zh: str, en: str) -> Traced:
    name = _rows(con, f"SELECT name FROM body WHERE body_id = {literal(preferred['body_id'])}")[0]["name"]
    made = Traced(preferred["body_id"], name, preferred["year"], preferred["scope"], code, zh, en, None, "missing")
    made.period = preferred["period"]
    if preferred["conflict"]:
        made.status = "conflict"
        listed = ", ".join(map(str, preferred["reports"]))
        made.reports = _rows(
            con,
            "SELECT r.report_id, r.lineage AS path, r.source_sha256 AS sha256, r.revision FROM report r "
            f"WHERE r.report_key IN ({listed}) ORDER BY r.lineage",
        )
        return made
    report = _rows(con, f"SELECT * FROM report WHERE report_key = {preferred['report_key']}")[0]
    made.report_id, made.revision, made.versions = report["report_id"], report["revision"], report["versions"]
    made.source = _file(con, preferred["report_key"])
    return made


def _file(con: duckdb.DuckDBPyConnection, report_key: int) -> dict[str, Any]:
    """The file that a report stands in."""
    return _rows(
        con,
        "SELECT s.path, s.address, r.source_sha256 AS sha256, s.media_type, s.bytes, s.retrieved_at FROM report r "
        f"LEFT JOIN source s ON s.sha256 = r.source_sha256 WHERE r.report_key = {report_key} "
        "ORDER BY s.lineage <> r.lineage, s.first_load LIMIT 1",
    )[0]


def _cell(con: duckdb.DuckDBPyConnection, preferred: dict[str, Any], address: str) -> Traced:
    known = _rows(con, f"SELECT zh, en, unit FROM cell WHERE address = {literal(address)} LIMIT 1")
    if not known:
        raise PipelineError(f"没有单元格 {address}。", f"there is no cell {address}")
    made = _begin(con, preferred, address, known[0]["zh"], known[0]["en"])
    made.unit = known[0]["unit"]
    if made.status != "conflict":
        made.cells = [_printed(con, preferred["report_key"], address)]
        only = made.cells[0]
        made.status, made.value, made.corrected = only["status"], only["used"], only["corrected"]
        made.contradicted = "contradicted" in only
    return made


def _printed(con: duckdb.DuckDBPyConnection, report_key: int, address: str) -> dict[str, Any]:
    """A cell as printed, with its place and the figure to use."""
    table, row, column = (literal(part) for part in address.split("."))
    places = ", ".join(f'p."{name}"' for name in _PLACE)
    found = _rows(
        con,
        f"SELECT f.printed, f.kind, f.value, f.unit, f.method, f.printed_in, c.used, c.reason, {places} FROM counted_fact f "
        "LEFT JOIN fact_place p ON p.report_key = f.printed_in "
        f"AND p.address = {literal(address)} LEFT JOIN correction c ON c.state = 'applied' AND c.report_key = f.printed_in "
        f"AND c.address = {literal(address)} WHERE f.report_key = {report_key} AND f.table_code = {table} "
        f"AND f.row_code = {row} AND f.column_code = {column}",
    )
    if found:
        one = found[0]
        place = {name: one[name] for name in _PLACE if one[name] is not None}
        used = one["value"] if one["used"] is None else one["used"]
        corrected = one["used"] is not None
        return {
            **{"address": address, "printed": one["printed"], "kind": one["kind"], "value": one["value"], "used": used},
            **{"status": "number" if corrected else one["kind"], "unit": one["unit"], "method": one["method"]},
            **{"corrected": corrected, "reason": one["reason"], "place": place},
            **_contradicted(con, one["printed_in"], address),
            # Of a report in several files: the file that prints this cell.
            **({} if one["printed_in"] == report_key else {"source": _file(con, one["printed_in"])}),
        }
    open_ = _rows(
        con,
        f"SELECT printed, reason, readings, place FROM unresolved WHERE report_key = {report_key} "
        f"AND address = {literal(address)} ORDER BY position LIMIT 1",
    )
    empty: dict[str, Any] = {"address": address, "kind": None, "value": None, "used": None, "corrected": False}
    if not open_:
        on_form = _rows(
            con,
            "SELECT 1 FROM report r JOIN cell c ON c.form = r.form AND c.variant = coalesce(r.variant, '') "
            f"WHERE r.report_key = {report_key} AND c.address = {literal(address)} AND NOT c.is_optional",
        )
        return {**empty, "printed": None, "status": "missing" if on_form else "not_on_form", "place": {}}
    place = {name: v for name, v in (open_[0]["place"] or {}).items() if v is not None}
    readings = open_[0]["readings"]
    return {
        **empty,
        "printed": open_[0]["printed"],
        "status": "unresolved",
        "readings": readings,
        "doubt": open_[0]["reason"],
        "place": place,
    }


def _contradicted(con: duckdb.DuckDBPyConnection, report_key: int, address: str) -> dict[str, Any]:
    """What is broken about a total that its own parts contradict."""
    wrong = contradictions.sql(f"(SELECT {report_key}::BIGINT AS report_key)")
    found = _rows(
        con,
        "SELECT f.rule, f.printed, f.expected, f.message, f.message_en "
        f"FROM ({wrong}) x JOIN finding f USING (report_key, finding_id) WHERE x.address = {literal(address)} ORDER BY f.finding_id",
    )
    return {"contradicted": found} if found else {}


def _indicator(con: duckdb.DuckDBPyConnection, preferred: dict[str, Any], code: str) -> Traced:
    known = _rows(con, f"SELECT * FROM indicator WHERE code = {literal(code)}")
    if not known:
        raise PipelineError(
            f"没有指标 {code}（全部指标：SELECT code, zh FROM indicator）。",
            f"there is no indicator {code} (all of them: SELECT code, en FROM indicator)",
        )
    about = known[0]
    made = _begin(con, preferred, code, about["zh"], about["en"])
    made.unit = about["unit"]
    key = (
        f"body_id = {literal(preferred['body_id'])} AND year = {preferred['year']} AND scope = {literal(preferred['scope'])} "
        f"AND period = {literal(preferred['period'])}"
    )
    view, column = ("rate", "rate") if about["kind"] == "rate" else ("value", "indicator")
    row = _rows(con, f"SELECT * FROM {view} WHERE {key} AND {column} = {literal(code)}")
    if row:
        made.value, made.status, made.lower_bound = row[0]["value"], row[0]["status"], row[0].get("lower_bound")
        for mark in ("contradicted", "small_base", "impossible"):
            setattr(made, mark, bool(row[0].get(mark)))
        ids = ", ".join(map(literal, row[0]["notes"])) or "NULL"
        made.notes = _rows(con, f"SELECT id, zh, en FROM note WHERE id IN ({ids}) ORDER BY first_year, id")
    elif made.status != "conflict":
        # A rate per resident that this body or scope has not.
        made.status = "no_denominator" if about["kind"] == "rate" else "not_on_form"
    if made.status == "conflict":
        return made
    if about["kind"] == "rate":
        parts = _rows(con, f"SELECT DISTINCT indicator FROM rate_part WHERE rate = {literal(code)}")
        order = [c.removeprefix("-") for c in (*about["numerator"], *about["denominator"])]
        made.parts = [_indicator(con, preferred, c) for c in order if c in {p["indicator"] for p in parts}]
        made.corrected = any(p.corrected for p in made.parts)
        return made
    # Of a text whose tables stand in another file the form is that file's.
    report = _rows(
        con,
        f"SELECT form, variant FROM report WHERE report_key = {preferred['report_key']} "
        f"OR (standing = 'part' AND copy_of = {preferred['report_key']}) ORDER BY form = 'prose', standing <> 'preferred', report_key",
    )[0]
    cells = _rows(
        con,
        f"SELECT address, sign FROM indicator_cell WHERE indicator = {literal(code)} AND form = {literal(report['form'])} "
        f"AND variant = {literal(report['variant'] or '')}",
    )
    made.cells = [{**_printed(con, preferred["report_key"], c["address"]), "sign": c["sign"]} for c in cells]
    made.corrected = any(c["corrected"] for c in made.cells)
    if row and row[0]["source"] == "statement":
        made.statements = _rows(
            con,
            "SELECT s.printed, s.sentence, s.value, s.place, s.report_key FROM statement s JOIN indicator_statement i ON i.code = s.code "
            f"WHERE (s.report_key = {preferred['report_key']} OR s.report_key IN (SELECT report_key FROM report "
            f"  WHERE standing = 'part' AND copy_of = {preferred['report_key']})) AND i.indicator = {literal(code)} AND s.share_of IS NULL "
            f"AND s.value = {row[0]['value']} AND coalesce(s.year, {preferred['year']}) = {preferred['year']} "
            f"AND coalesce(s.scope, {literal(preferred['scope'])}) = {literal(preferred['scope'])} "
            f"ORDER BY s.report_key <> {preferred['report_key']}, s.report_key, s.position",
        )
        for statement in made.statements:
            if (key := statement.pop("report_key")) != preferred["report_key"]:
                statement["source"] = _file(con, key)
    return made
