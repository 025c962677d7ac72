"""The tables and columns of a release.

Belongs here: the queries, their keys, and what each column means. Does not belong here: writing files.

No query names a path of this machine, a time of a run or the number of a load.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.database import tables

_KEY = ("body_id", "year", "scope", "period")
_ADDRESS = ("table_code", "row_code", "column_code")
_WEB = "CASE WHEN regexp_matches(r.lineage, '^https?://') THEN r.lineage END"
_PREFERRED = "report r WHERE r.standing = 'preferred'"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a release, with the type DuckDB gives it."""

    name: str
    type: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Released:
    """A table of a release. ``key`` orders its rows without ties; ``yearly``: one file a year."""

    name: str
    sql: str
    key: tuple[str, ...]
    yearly: bool
    zh: str
    en: str
    columns: tuple[Column, ...] = ()

    @property
    def primary(self) -> tuple[str, ...]:
        """The columns that tell rows apart, where none of them may be empty."""
        return () if self.name in _LOOSE else _PRIMARY.get(self.name, self.key)

    @property
    def points(self) -> tuple[tuple[str, str, str], ...]:
        """Columns that name a row of another table: column, table, column there."""
        names = {c.name for c in self.columns} if self.name not in ("division", "succession") else set()
        return tuple(p for p in _POINTS if p[0] in names and p[1] != self.name)


# Tables whose key may be empty in places, or that have none.
_LOOSE = frozenset({"alias", "division", "change", "correction"})
_PRIMARY = {
    "report": ("report_id",),
    "indicator": ("code",),
    "finding": ("report_id", "finding_id"),
    "not_assessable": ("report_id", "finding_id"),
}
_POINTS = (
    ("body_id", "body", "body_id"),
    ("report_id", "report", "report_id"),
    ("indicator", "indicator", "code"),
    ("rate", "indicator", "code"),
)

_FACTS = (
    "SELECT r.issuer_id AS body_id, r.year, r.scope, r.period, r.form, f.table_code, f.row_code, f.column_code, f.kind, f.value, "
    "coalesce(c.used, f.value) AS used, c.used IS NOT NULL AS corrected, f.unit, f.printed, f.method, p.page, "
    'p."table" AS table_number, p."row" AS row_number, p."column" AS column_number, p.line, p.paragraph, o.report_id, '
    "o.versions.parser AS parser FROM report r JOIN counted_fact f USING (report_key) JOIN report o ON o.report_key = f.printed_in "
    "LEFT JOIN fact_place p ON p.report_key = f.printed_in AND p.address = f.table_code || '.' || f.row_code || '.' || f.column_code "
    "LEFT JOIN correction c ON c.state = 'applied' AND c.report_key = f.printed_in "
    "AND c.address = f.table_code || '.' || f.row_code || '.' || f.column_code WHERE r.standing = 'preferred'"
)
_SPECS: tuple[Released, ...] = (
    Released("body", "SELECT body_id, name, division_code, level, kind, parent_id FROM body", ("body_id",), False, "机关", "bodies"),
    Released(
        "alias", 'SELECT body_id, name, "from" AS first_year, "to" AS last_year, source FROM alias',
        ("body_id", "name", "source", "first_year"), False, "机关的名称", "names of bodies",
    ),
    Released("division", "SELECT * FROM division", ("code", "name", "valid_from"), False, "行政区划", "administrative divisions"),
    Released("succession", "SELECT * FROM succession", ("year", "body_id", "successor_id"), False, "合并、并入、拆分", "mergers and splits of divisions"),
    Released("form", "SELECT * FROM form", ("form",), False, "表式", "statutory forms"),
    Released(
        "cell", 'SELECT form, variant, address, position, zh, en, labels, unit, role, is_optional FROM cell',
        ("form", "variant", "position"), False, "表式的单元格", "cells of the forms",
    ),
    Released("indicator", "SELECT * FROM indicator", ("position",), False, "指标", "indicators and rates"),
    Released("indicator_cell", "SELECT form, variant, indicator, address, sign, is_optional FROM indicator_cell", ("form", "variant", "indicator", "address"), False, "指标取自哪些单元格", "cells behind the indicators"),
    Released("note", "SELECT * FROM note", ("id",), False, "须说明的事项", "what must be said beside figures"),
    Released(
        "report",
        "SELECT r.report_id, r.issuer_id AS body_id, r.issuer_printed, r.year, r.scope, r.period, r.form, r.variant, r.title, "
        f"r.published, r.source_sha256, {_WEB} AS address, r.revision, r.is_current, r.standing = 'preferred' AS preferred, r.standing, "
        "r.gone, c.report_id AS copy_of, r.versions.parser AS parser FROM report r LEFT JOIN report c ON c.report_key = r.copy_of WHERE r.year IS NOT NULL",
        ("year", "report_id"), True, "报告，全部版本", "reports, all revisions",
    ),
    Released(
        "preferred",
        "SELECT p.body_id, p.year, p.scope, p.period, any_value(r.report_id) FILTER (r.report_key = p.report_key) AS report_id, "
        "any_value(p.conflict) AS conflict, list(r.report_id ORDER BY r.report_id) AS reports "
        "FROM (SELECT *, unnest(reports) AS one FROM preferred) p JOIN report r ON r.report_key = p.one "
        "GROUP BY p.body_id, p.year, p.scope, p.period",
        _KEY, True, "每个机关、年度、统计范围、期间采用哪份报告", "which report counts for a body, year, scope and period",
    ),
    Released("fact", _FACTS, (*_KEY, *_ADDRESS), True, "单元格（采用的报告）", "printed cells of the reports that count"),
    Released(
        "unresolved",
        "SELECT r.issuer_id AS body_id, r.year, r.scope, r.period, u.address, u.position, u.printed, u.reason, u.readings, r.report_id "
        f"FROM unresolved u JOIN {_PREFERRED.replace(' WHERE', ' USING (report_key) WHERE')}",
        (*_KEY, "position"), True, "读不准的单元格", "cells that could not be read with certainty",
    ),
    Released(
        "finding",
        "SELECT r.issuer_id AS body_id, r.year, r.scope, r.period, f.finding_id, f.rule, f.severity, f.cells, f.printed, f.expected, "
        f"f.difference, f.message, f.message_en, r.report_id FROM finding f JOIN {_PREFERRED.replace(' WHERE', ' USING (report_key) WHERE')} "
        "AND f.rule <> 'batch.duplicate'",
        (*_KEY, "finding_id"), True, "不成立的规则", "broken rules",
    ),
    Released(
        "not_assessable",
        "SELECT r.issuer_id AS body_id, r.year, r.scope, r.period, f.finding_id, f.rule, f.severity, f.cells, f.printed, f.consistent_with_zero, "
        f"f.message, f.message_en, r.report_id FROM not_assessable f JOIN {_PREFERRED.replace(' WHERE', ' USING (report_key) WHERE')}",
        (*_KEY, "finding_id"), True, "无从核对的规则", "rules that could not be assessed",
    ),
    Released("value", "SELECT v.* EXCLUDE (report_key), r.report_id FROM value v LEFT JOIN report r USING (report_key)", (*_KEY, "indicator"), True, "指标值", "values of indicators"),
    Released("rate", "SELECT v.* EXCLUDE (report_key), r.report_id FROM rate v LEFT JOIN report r USING (report_key)", (*_KEY, "rate"), True, "比率", "rates"),
    Released(
        "correction",
        "SELECT c.issuer, c.year, c.scope, c.period, c.address, c.printed, c.used, c.reason, c.evidence, c.who, r.report_id "
        "FROM correction c JOIN report r USING (report_key) WHERE c.state = 'applied'",
        ("year", "issuer", "scope", "period", "address"), False, "经审核的更正", "reviewed corrections",
    ),
    Released(
        "meta", "SELECT key AS item, value AS version FROM meta WHERE key IN ('gouji', 'parser', 'forms', 'rules', 'schema')", ("item",), False,
        "程序、解析器、表式、规则、库结构的版本", "versions of the program, parser, forms, rules and schema",
    ),
    Released("coverage", "SELECT * FROM coverage", ("level", "parent", "year"), False, "覆盖", "coverage"),
    Released(
        "change",
        'SELECT body_id, year, scope, period, revision, address, "before", "after", value_before, value_after, why FROM change',
        (*_KEY, "revision", "address", "before", "after", "why"), False, "改版的单元格", "cells changed by revisions",
    ),
)  # fmt: skip
# The runs that the data came in: of the DuckDB file and `load.json`, for they differ where the same reports came otherwise.
LOADS = (
    "SELECT load_id, started, finished, files, files_new, files_revised, files_reread, files_unchanged, files_set_aside, reports, "
    "facts, findings FROM load ORDER BY load_id"
)
# Where the columns come from that the table or view of the same name has not: others whose descriptions hold for them.
_BESIDE = {
    "preferred": ("report",),
    "fact": ("counted_fact", "report"),
    "correction": ("report",),
    "change": ("report",),
}
_PLACES = {
    "table_number": ("文件中第几个表格", "table of the document"),
    "row_number": ("表格的第几行", "row of that table"),
    "column_number": ("表格的第几列", "column of that table"),
    "page": ("第几页", "page"),
    "line": ("第几行文字", "line of text"),
    "paragraph": ("第几段", "paragraph"),
}
_PARSER = ("解析器版本", "version of the parser")
_BODY = ("机关", "the body")
# What the columns mean that a release makes itself, or whose contents are others than in the database.
_OWN: dict[str, dict[str, tuple[str, str]]] = {
    "alias": {"first_year": ("最早哪年", "first year"), "last_year": ("最晚哪年；空为至今或不明", "last year; null: still, or not known")},
    "report": {
        "address": ("网址；本地文件为空", "web address; null for a local file"),
        "preferred": ("是否采用", "whether it counts"),
        "copy_of": ("为哪份报告的副本或部分：其 report_id", "the report_id of the report that it is a copy of, or a part of"),
        "body_id": _BODY,
        "parser": _PARSER,
    },
    "preferred": {
        "reports": (
            "全部现行报告的 report_id；多于一份为同一发布的副本，或互相冲突",
            "report_id of all current reports of the key: copies of one publication, or in conflict",
        ),
        "report_id": ("采用哪份报告；有冲突时为空", "the report that counts; null in a conflict"),
    },
    "fact": {
        **_PLACES,
        "body_id": _BODY,
        "used": ("采用的数：印的数，或更正后的数", "the figure to use: as printed, or as corrected"),
        "corrected": ("是否经过更正", "whether it is corrected"),
        "report_id": ("印有此格的报告", "the report that prints it"),
        "parser": _PARSER,
    },
    "meta": {"item": ("名称", "name"), "version": ("版本", "version")},
}  # fmt: skip


def _meaning(table: str) -> dict[str, tuple[str, str]]:
    """What the columns of a table of a release mean: as the database says of the table or view of that name, and of nothing else.

    The same name stands for other things elsewhere (`kind`, `position`, `before`): no table may take another one's text.
    """
    described = {t.name: t.columns for t in tables.published()} | {v.name: v.columns for v in tables.views()}
    # The key of the report that a row is of is the same everywhere.
    out = {c.name: (c.zh, c.en) for c in described["report"] if c.name in ("report_id", *_KEY)}
    for name in _BESIDE.get(table, ()):
        out.update((c.name, (c.zh, c.en)) for c in described[name])
    out["body_id"] = _BODY
    out.update((c.name, (c.zh, c.en)) for c in described.get(table, ()))
    return out | _OWN.get(table, {})


def released(con: Any) -> list[Released]:
    """The tables of a release with the columns that they have in this database. Raises KeyError for a column that nobody describes."""
    out = []
    for spec in _SPECS:
        meaning = _meaning(spec.name)
        described_rows = con.execute(f"DESCRIBE {spec.sql}").fetchall()
        columns = tuple(Column(name, str(type_), *meaning[name]) for name, type_, *_ in described_rows)
        out.append(Released(spec.name, spec.sql, spec.key, spec.yearly, spec.zh, spec.en, columns))
    return out
