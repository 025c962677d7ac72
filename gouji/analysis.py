"""The analyst's functions: a connection, a panel, a series, the source of a number.

Belongs here: what a notebook calls on a home's database, as pandas frames that carry their notes and coverage.
Does not belong here: reading and checking files (`api`), the queries of the database's views (`schemas.database.analysis`).

Only reports that count are asked (`preferred`): a publication never counts twice, reports that disagree count as `conflict`.
"""

from __future__ import annotations

import base64
import html
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schemas import indicators
from schemas.database.table_model import PERIODS, SCOPES, literal

from .words import Lang

if TYPE_CHECKING:
    import duckdb
    import pandas

    from flows.home import Home
    from flows.tracing import Traced

AnyPath = str | os.PathLike[str]
LEVELS = ("nation", "province", "prefecture", "county", "township", "zone")
# Values and rates in one column. A rate that is not to be compared is left out, as of the views `panel` and `ranking`, and ``status`` says why;
# a total that its own parts contradict stands as printed. ``mark`` is what must be said of either.
_LONG = (
    "(SELECT * REPLACE (CASE WHEN mark IS NULL OR kind <> 'rate' THEN value END AS value, "
    "CASE WHEN mark IS NULL OR kind <> 'rate' THEN status ELSE mark END AS status) FROM ("
    "SELECT body_id, name, level, division_code, year, scope, period, form, indicator AS code, 'count' AS kind, CAST(value AS DOUBLE) AS value, "
    "status, false AS small, CASE WHEN contradicted THEN 'contradicted' END AS mark, notes FROM value UNION ALL "
    "SELECT body_id, name, level, division_code, year, scope, period, form, rate, 'rate', value, status, coalesce(small_base, false), "
    "CASE WHEN impossible THEN 'impossible' WHEN contradicted THEN 'contradicted' WHEN small_base THEN 'small_base' END, notes FROM rate))"
)


def _home(home: AnyPath | None) -> Home:
    from flows.home import find

    return find(home)


@contextmanager
def _speaking(lang: Lang) -> Iterator[None]:
    """What goes wrong is said in the language that was asked for; in Chinese with the English behind it."""
    from flows.errors import PipelineError

    try:
        yield
    except PipelineError as error:
        error.args = (error.en if lang == "en" else f"{error.zh} {error.en}",)
        raise


def connect(home: AnyPath | None = None, *, database: str | None = None) -> duckdb.DuckDBPyConnection:
    """The home's database, to be read only, with all its views. Raises PipelineError where there is none."""
    from flows import queries

    return queries.connect(_home(home).database(database))


def _listed(values: str | int | Iterable[str | int]) -> list[str | int]:
    return [values] if isinstance(values, str | int) else list(values)


def _in(values: Iterable[str | int]) -> str:
    return "(" + (", ".join(literal(v) if isinstance(v, str) else str(int(v)) for v in values) or "NULL") + ")"


def _known(what: str, given: str | None, known: Sequence[str]) -> None:
    """Raises ValueError for what no body and no report can be: an empty answer would say that there is none."""
    if given is not None and given not in known:
        zh = {"level": "级别", "scope": "统计范围", "period": "期间"}[what]
        raise ValueError(f"没有这样的{zh} unknown {what}: {given}; 有 known are {', '.join(known)}")


def _codes(codes: Sequence[str]) -> None:
    crosswalk = indicators.load()
    known = {i.code for i in crosswalk.indicators} | {r.code for r in crosswalk.rates}
    if unknown := [c for c in codes if c not in known]:
        raise ValueError(
            f"没有这样的指标 unknown indicators: {', '.join(unknown)}; 全部指标 all of them: SELECT code, zh, en FROM indicator"
        )
    if not codes:
        raise ValueError(
            "没有写指标 no indicators were named; 全部指标 all of them: SELECT code, zh, en FROM indicator"
        )


def panel(
    codes: str | Sequence[str],
    *,
    bodies: str | Sequence[str] | None = None,
    level: str | None = None,
    parent: str | None = None,
    years: int | Iterable[int] | None = None,
    scope: str = "area",
    period: str = "year",
    home: AnyPath | None = None,
    lang: Lang = "zh",
) -> pandas.DataFrame:
    """Indicators and rates by body and year: one row per body and year, one column per code, empty where there is no number.

    ``bodies``: names in any spelling; ``level``: province, prefecture, county …; ``parent``: the division (name or code)
    that the bodies lie in; ``period``: year, half or quarter. Rates of a small base or of figures that contradict one another are left out, as of the view
    `panel`. ``attrs`` of the frame: ``labels``, ``units``, ``status`` (a frame of the same shape that says why a value is
    not there), ``marks`` (which rates were left out for that, and which totals stand as printed although their own parts
    contradict them), ``small_base``, ``notes``, ``coverage`` (n of N a year), ``scope``; with a ``parent``
    ``not_reported`` (by year the governments without such a report, by the registry of that year), ``successions`` (mergers
    and splits that bodies of the frame had a part in), with ``bodies`` ``absent`` (those that have reports
    of other scopes only). Raises PipelineError for a body that is not there or a name that may mean several, or where
    none of the named bodies has a report of the scope, ValueError for an unknown code, level, scope or period.
    """
    _known("level", level, LEVELS)
    _known("scope", scope, SCOPES)
    _known("period", period, PERIODS)
    wanted = [str(c) for c in _listed(codes)]
    _codes(wanted)
    chosen = None if years is None else sorted({int(y) for y in _listed(years)})
    with _speaking(lang):
        con = connect(home)
        try:
            return _asked(con, wanted, bodies, level, parent, chosen, scope, period, lang)
        finally:
            con.close()


def _asked(
    con: duckdb.DuckDBPyConnection,
    codes: list[str],
    bodies: str | Sequence[str] | None,
    level: str | None,
    parent: str | None,
    years: list[int] | None,
    scope: str,
    period: str,
    lang: Lang,
) -> pandas.DataFrame:
    from flows import naming

    where = [f"v.scope = {literal(scope)}", f"v.period = {literal(period)}"]
    # How many there should be is known of years only.
    whole = period == "year"
    absent: dict[str, list[str]] = {}
    if bodies is not None:
        named = {naming.body(con, str(b)): str(b) for b in _listed(bodies)}
        absent = naming.without(con, named, scope) if whole else {}
        where.append(f"v.body_id IN {_in(named)}")
    if level is not None:
        where.append(f"v.level = {literal(level)}")
    if parent is not None:
        where.append(naming.inside(naming.division(parent), "v.division_code"))
    if years is not None:
        where.append(f"v.year IN {_in(years)}")
    frame = _panel(con, codes, " AND ".join(where), scope, level if whole else None, parent, lang)
    if not whole:
        frame.attrs["period"] = period
    if years is not None:
        frame.attrs["coverage"] = [c for c in frame.attrs["coverage"] if c["year"] in years]
    if absent:
        frame.attrs["absent"] = absent
    ids, of_years = (set(frame.index.get_level_values(name)) for name in ("body_id", "year"))
    if found := naming.successions(con, sorted(ids), years or sorted(of_years)):
        frame.attrs["successions"] = found
    if whole and parent is not None and level in ("prefecture", "county") and bodies is None:
        of = years or sorted(set(frame.index.get_level_values("year")))
        frame.attrs["not_reported"] = naming.unreported(con, level, naming.division(parent), of, scope)
    return frame


def _panel(
    con: duckdb.DuckDBPyConnection,
    codes: list[str],
    where: str,
    scope: str,
    level: str | None,
    parent: str | None,
    lang: Lang,
) -> pandas.DataFrame:
    from . import frames

    known = con.execute("SELECT code, kind, zh, en, unit FROM indicator").fetchall()
    about = {code: (kind, zh, en, unit) for code, kind, zh, en, unit in known}
    sql = (
        "SELECT body_id, name, year, code, value, status, small, mark, notes "
        f"FROM {_LONG} v WHERE {where} AND code IN {_in(codes)} ORDER BY kind, code, year, body_id"
    )
    long = con.execute(sql).df()
    frame = frames.Frame(_wide(long, "value", codes))
    status = _wide(long, "status", codes)
    small = _wide(long, "small", codes)
    ids = sorted({n for notes in long["notes"] for n in notes})
    notes = con.execute(f"SELECT id, {lang} FROM note WHERE id IN {_in(ids)} ORDER BY first_year, id").fetchall()
    frame.attrs = {
        "scope": scope,
        "lang": lang,
        "labels": {c: about[c][1 if lang == "zh" else 2] for c in codes},
        "units": {c: about[c][3] for c in codes},
        "status": status.to_dict("tight"),
        "small_base": small.to_dict("tight"),
        "marks": _marks(long, lambda row: f"{row.code} {row.name} {row.year}"),
        "notes": dict(notes),
        "coverage": _coverage(con, frame, level, parent, scope),
    }
    return frame


def _marks(long: pandas.DataFrame, named: Callable[[Any], str]) -> dict[str, list[str]]:
    """What must be said of single figures: which rates are left out for what, which totals their own parts contradict."""
    out: dict[str, list[str]] = {}
    for row in long[long["mark"].notna()].itertuples(index=False):
        out.setdefault(row.mark, []).append(named(row))
    return out


def _wide(long: pandas.DataFrame, column: str, codes: list[str]) -> pandas.DataFrame:
    wide = long.pivot(index=["body_id", "name", "year"], columns="code", values=column)
    return wide.reindex(columns=codes).rename_axis(columns=None)


def _coverage(
    con: duckdb.DuckDBPyConnection, frame: pandas.DataFrame, level: str | None, parent: str | None, scope: str
) -> list[dict[str, Any]]:
    """n of N by year, where a level was asked for; else how many bodies each year has."""
    if level is None:
        counted = frame.reset_index().groupby("year")["body_id"].nunique()
        return [{"year": int(y), "bodies": int(n)} for y, n in counted.items()]
    from flows import naming

    within = ["all"] if parent is None else naming.codes(naming.division(parent))
    found = con.execute(
        "SELECT year, expected, reported, reported_area, conflicting FROM coverage "
        f"WHERE level = {literal(level)} AND parent IN {_in(within)} ORDER BY year"
    )
    names = [d[0] for d in found.description or ()]
    covered = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    if scope != "area":
        there = " AND ".join(
            [
                f"d.level = {literal(level)}",
                *(() if parent is None else [naming.inside(naming.division(parent), "d.code")]),
                f"p.scope = {literal(scope)}",
            ]
        )
        counted = con.execute(
            f"SELECT p.year, count(DISTINCT d.body_id) FROM preferred p JOIN division d ON {naming.of_division(scope)} "
            "AND coalesce(d.valid_from, 0) <= p.year AND coalesce(d.valid_to, 9999) >= p.year "
            f"WHERE {there} AND p.period = 'year' AND NOT p.conflict GROUP BY p.year"
        )
        with_scope = dict(counted.fetchall())
        covered = [{**c, "reported_scope": with_scope.get(c["year"], 0)} for c in covered]
    return covered


def series(
    body: str,
    codes: str | Sequence[str] | None = None,
    *,
    scope: str | None = None,
    home: AnyPath | None = None,
    lang: Lang = "zh",
) -> pandas.DataFrame:
    """One body over all its years and forms: a row a year, a column an indicator (all counts, if none is named).

    Where the scope is not named each year has its widest one, in the column ``scope``. ``attrs``: ``missing_years``,
    ``conflicting_years`` (several reports disagree, none is chosen), ``marks`` (as of `panel`), ``breaks`` (years before which
    the series is broken, with the reason), ``successions`` (mergers and splits: what was merged has series of its own), ``notes``,
    ``status``. Raises as `panel`.
    """
    from flows import naming

    from . import frames

    _known("scope", scope, SCOPES)
    wanted = [str(c) for c in _listed(codes)] if codes is not None else [i.code for i in indicators.load().indicators]
    _codes(wanted)
    with _speaking(lang):
        con = connect(home)
        try:
            key = naming.body(con, body)
        except BaseException:
            con.close()
            raise
    try:
        chosen = "" if scope is None else f"AND scope = {literal(scope)}"
        order = "CASE scope WHEN 'area' THEN 0 WHEN 'body' THEN 1 WHEN 'level' THEN 2 WHEN 'office' THEN 3 ELSE 4 END"
        long = con.execute(
            f"SELECT year, scope, form, code, value, status, mark, notes FROM {_LONG} v "
            "SEMI JOIN (SELECT DISTINCT ON (year) year, scope FROM preferred "
            f"WHERE body_id = {literal(key)} AND period = 'year' {chosen} ORDER BY year, {order}) p USING (year, scope) "
            f"WHERE body_id = {literal(key)} AND period = 'year' AND code IN {_in(wanted)} ORDER BY kind, code, year"
        ).df()
        wide = long.pivot(index="year", columns="code", values="value").reindex(columns=wanted)
        frame = frames.Frame(wide.rename_axis(columns=None))
        by_year = long.dropna(subset=["form"]).drop_duplicates("year").set_index("year")
        conflicting = [int(y) for y, each in long.groupby("year")["status"] if (each == "conflict").all()]
        frame.insert(0, "form", by_year["form"])
        frame.insert(0, "scope", long.drop_duplicates("year").set_index("year")["scope"])
        ids = sorted({n for notes in long["notes"] for n in notes})
        notes = con.execute(f"SELECT id, {lang}, first_year, last_year FROM note WHERE id IN {_in(ids)}").fetchall()
        merged = naming.successions(con, [key])
    finally:
        con.close()
    years = [int(y) for y in frame.index]
    frame.attrs = {
        "body_id": key,
        "lang": lang,
        "missing_years": [y for y in range(min(years), max(years) + 1) if y not in years] if years else [],
        "conflicting_years": conflicting,
        "breaks": _breaks(frame),
        "marks": _marks(long, lambda row: f"{row.code} {row.year}"),
        "successions": merged,
        "notes": {id_: text for id_, text, *_ in notes},
        "status": long.pivot(index="year", columns="code", values="status").to_dict("tight"),
    }
    return frame


def _breaks(frame: pandas.DataFrame) -> list[dict[str, Any]]:
    """Years whose figures do not simply go on from the year before in the frame: another form, another scope."""
    out: list[dict[str, Any]] = []
    for because in ("form", "scope"):
        # Where reports disagree no form is known: that is no other form.
        for (_, before), (year, after) in itertools.pairwise(frame[because].dropna().items()):
            if before != after:
                out.append({"year": int(year), "because": because, "before": before, "after": after})
    crosswalk = indicators.load()
    said = {n for code in frame.columns.difference(["form", "scope"]) for n in crosswalk.notes_of(code) if n.breaks}
    for note in crosswalk.notes:
        if note in said:
            after = [_is_after(note, year, form) for year, form in frame["form"].items()]
            years = [
                int(y)
                for y, (was, now) in zip(frame.index[1:], itertools.pairwise(after), strict=True)
                if now and not was
            ]
            out += [{"year": year, "because": note.id} for year in years[:1]]
    return sorted(out, key=lambda each: each["year"])


def _is_after(note: indicators.Note, year: int, form: str | None) -> bool:
    """Whether a report's figures are those from which on a note breaks a series; of a report whose form is not known its year decides."""
    if note.form is not None and isinstance(form, str):
        return form not in note.older_forms()
    return year >= (note.last or note.first or 0)


@dataclass(repr=False)
class Trace:
    """Where a number comes from: ``value``, ``status``, ``cells``, ``source`` … of ``traced``; shows itself with a picture."""

    traced: Traced
    home: Home
    lang: Lang = "zh"

    def __getattr__(self, name: str) -> Any:
        return getattr(self.traced, name)

    def __str__(self) -> str:
        from .commands.trace import lines

        return "\n".join(lines(self.traced, self.lang))

    __repr__ = __str__

    def picture(self) -> bytes:
        """A PNG of the place in the source. Raises PipelineError where there is none."""
        from .show import placed

        return placed.picture(self.traced, self.home, self.lang)

    def to_json(self) -> dict[str, Any]:
        """As `gouji trace --format json` prints it."""
        return self.traced.to_json()

    def _repr_html_(self) -> str:
        from flows.errors import PipelineError

        text = f"<pre>{html.escape(str(self))}</pre>"
        try:
            drawn = base64.b64encode(self.picture()).decode()
        except PipelineError as error:
            return text + f"<p>{html.escape(error.message(self.lang))}</p>"
        return text + f'<img style="max-width:100%" alt="" src="data:image/png;base64,{drawn}">'


def trace(
    body: str,
    year: int,
    code: str,
    *,
    scope: str | None = None,
    period: str = "year",
    home: AnyPath | None = None,
    lang: Lang = "zh",
) -> Trace:
    """Where an indicator, a rate or a cell (``table.row.column``) of a body and year comes from. Raises PipelineError, ValueError for
    an unknown period."""
    _known("period", period, PERIODS)
    from flows import tracing

    with _speaking(lang):
        con = connect(home)
        try:
            return Trace(tracing.trace(con, body, int(year), code, scope, period), _home(home), lang)
        finally:
            con.close()
