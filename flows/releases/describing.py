"""What a release says of itself: README, dictionary, quality, datapackage.json, croissant.json.

Belongs here: words and metadata, made from the same descriptions as the database. Does not belong here: the data.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .contents import LOADS, Released

_TITLE = "勾稽：政府信息公开工作年度报告数据 · Annual reports on government information disclosure in China"
_LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
_TYPES = {"INTEGER": "integer", "BIGINT": "integer", "DOUBLE": "number", "BOOLEAN": "boolean", "DATE": "date"}
_CROISSANT = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "string": "sc:Text",
    "array": "sc:Text",
}


def write(
    con: Any,
    made: list[Released],
    folder: Path,
    version: str,
    licence: str,
    hashes: dict[str, str],
    previous: Path | None,
) -> None:
    """All of it, into the folder of the release."""
    pages = {
        "README.md": _readme(con, made, version, licence, previous),
        "dictionary.md": _dictionary(made),
        "dictionary.html": _dictionary_html(made, version),
        "quality.html": _quality(con, version),
        "load.json": _loads(con),
        "datapackage.json": json.dumps(
            _datapackage(made, folder, version, licence, hashes), ensure_ascii=False, indent=1
        )
        + "\n",
        "croissant.json": json.dumps(_croissant(made, folder, version, licence), ensure_ascii=False, indent=1) + "\n",
    }
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8", newline="\n")


def _loads(con: Any) -> str:
    """The runs that the data came in, oldest first."""
    found = con.execute(LOADS)
    names = [d[0] for d in found.description]
    rows = [
        {n: v.isoformat() + "Z" if isinstance(v, datetime) else v for n, v in zip(names, row, strict=True)}
        for row in found.fetchall()
    ]
    return json.dumps(rows, indent=1) + "\n"


def _created() -> str:
    """The instant of the release: as the environment says, where the same bytes are wanted."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return (datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _type(duckdb_type: str) -> str:
    if duckdb_type.endswith("[]"):
        return "array"
    return "number" if duckdb_type.startswith("DECIMAL") else _TYPES.get(duckdb_type, "string")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _datapackage(
    made: list[Released], folder: Path, version: str, licence: str, hashes: dict[str, str]
) -> dict[str, Any]:
    resources = []
    for table in made:
        path = folder / "csv" / f"{table.name}.csv"
        fields = [
            {"name": c.name, "type": _type(c.type), "description": f"{c.zh} | {c.en}".strip(" |")}
            for c in table.columns
        ]
        resources.append(
            {
                "name": table.name,
                "title": f"{table.zh} {table.en}",
                "path": f"csv/{table.name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": path.stat().st_size,
                "hash": f"sha256:{_hash(path)}",
                "schema": {"fields": fields, "missingValues": [""], **_keys(table)},
                "rows_sha256": hashes[table.name],
            }
        )
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "gouji",
        "title": _TITLE,
        "version": version,
        "created": _created(),
        "licenses": [{"name": licence, **({"path": _LICENCES[licence]} if licence in _LICENCES else {})}],
        "resources": resources,
    }


def _keys(table: Released) -> dict[str, Any]:
    """What tells rows apart, and which tables their columns point to."""
    out: dict[str, Any] = {"primaryKey": list(table.primary)} if table.primary else {}
    if table.points:
        out["foreignKeys"] = [
            {"fields": [field], "reference": {"resource": resource, "fields": [there]}}
            for field, resource, there in table.points
        ]
    return out


def _croissant(made: list[Released], folder: Path, version: str, licence: str) -> dict[str, Any]:
    distribution, records = [], []
    for table in made:
        path = folder / "csv" / f"{table.name}.csv"
        file_id = f"{table.name}-csv"
        distribution.append(
            {
                **{"@type": "cr:FileObject", "@id": file_id, "name": path.name, "contentUrl": f"csv/{path.name}"},
                **{"encodingFormat": "text/csv", "sha256": _hash(path)},
            }
        )
        fields = [
            {
                "@type": "cr:Field",
                "@id": f"{table.name}/{c.name}",
                "name": c.name,
                "description": f"{c.zh} | {c.en}".strip(" |"),
                "dataType": _CROISSANT[_type(c.type)],
                "source": {"fileObject": {"@id": file_id}, "extract": {"column": c.name}},
            }
            for c in table.columns
        ]
        records.append(
            {
                "@type": "cr:RecordSet",
                "@id": table.name,
                "name": table.name,
                "description": f"{table.zh} {table.en}",
                "field": fields,
            }
        )
    return {
        "@context": {
            "@language": "en",
            "@vocab": "https://schema.org/",
            "sc": "https://schema.org/",
            "cr": "http://mlcommons.org/croissant/",
            "rai": "http://mlcommons.org/croissant/RAI/",
            "dct": "http://purl.org/dc/terms/",
            "citeAs": "cr:citeAs",
            "column": "cr:column",
            "conformsTo": "dct:conformsTo",
            "data": {"@id": "cr:data", "@type": "@json"},
            "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
            "equivalentProperty": "cr:equivalentProperty",
            "samplingRate": "cr:samplingRate",
            "examples": {"@id": "cr:examples", "@type": "@json"},
            "extract": "cr:extract",
            "field": "cr:field",
            "fileProperty": "cr:fileProperty",
            "fileObject": "cr:fileObject",
            "fileSet": "cr:fileSet",
            "format": "cr:format",
            "includes": "cr:includes",
            "isLiveDataset": "cr:isLiveDataset",
            "jsonPath": "cr:jsonPath",
            "key": "cr:key",
            "md5": "cr:md5",
            "parentField": "cr:parentField",
            "path": "cr:path",
            "recordSet": "cr:recordSet",
            "references": "cr:references",
            "regex": "cr:regex",
            "repeated": "cr:repeated",
            "replace": "cr:replace",
            "separator": "cr:separator",
            "source": "cr:source",
            "subField": "cr:subField",
            "transform": "cr:transform",
        },
        "@type": "sc:Dataset",
        "name": "gouji",
        "description": _TITLE,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "license": _LICENCES.get(licence, licence),
        "version": version.removeprefix("v"),
        "datePublished": _created()[:10],
        "citeAs": f"Gouji, release {version}",
        "distribution": distribution,
        "recordSet": records,
    }


def _dictionary(made: list[Released]) -> str:
    lines = ["# 数据字典 Dictionary", ""]
    for table in made:
        lines += [
            f"## `{table.name}`",
            "",
            f"{table.zh} · {table.en}",
            "",
            "| column | type | 说明 | meaning |",
            "| --- | --- | --- | --- |",
        ]
        lines += [f"| `{c.name}` | {c.type} | {c.zh} | {c.en} |" for c in table.columns]
        lines.append("")
    return "\n".join(lines)


def _page(title: str, body: str) -> str:
    style = "body{font:16px/1.5 sans-serif;margin:2em;max-width:70em}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2em .6em;text-align:left}"
    return f'<!doctype html>\n<html lang="zh-Hans"><meta charset="utf-8"><title>{html.escape(title)}</title><style>{style}</style>\n<h1>{html.escape(title)}</h1>\n{body}</html>\n'


def _table_html(heads: list[str], rows: list[tuple[Any, ...]]) -> str:
    def cells(tag: str, row: Any) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape('' if v is None else str(v))}</{tag}>" for v in row) + "</tr>"

    return "<table>" + cells("th", heads) + "\n".join(cells("td", row) for row in rows) + "</table>\n"


def _dictionary_html(made: list[Released], version: str) -> str:
    body = "".join(
        f"<h2>{html.escape(t.name)}</h2><p>{html.escape(t.zh)} · {html.escape(t.en)}</p>"
        + _table_html(["column", "type", "说明", "meaning"], [(c.name, c.type, c.zh, c.en) for c in t.columns])
        for t in made
    )
    return _page(f"数据字典 Dictionary {version}", body)


_QUALITY = (
    (
        "报告 reports",
        "SELECT year, count(*) FILTER (standing = 'preferred') AS counting, count(*) FILTER (standing = 'copy') AS copies, "
        "count(*) FILTER (standing = 'conflict') AS conflicting, count(*) FILTER (standing = 'superseded') AS superseded, "
        "count(*) FILTER (standing = 'unidentified') AS unidentified FROM report GROUP BY year ORDER BY year",
    ),
    (
        "单元格 cells",
        "SELECT year, table_code, sum(expected)::BIGINT AS expected, sum(number)::BIGINT AS number, sum(blank)::BIGINT AS blank, "
        "sum(mark)::BIGINT AS mark, sum(text)::BIGINT AS text, sum(unresolved)::BIGINT AS unresolved, sum(missing)::BIGINT AS missing "
        "FROM completeness JOIN report USING (report_key) WHERE report.standing = 'preferred' GROUP BY completeness.year, table_code "
        "ORDER BY 1, 2",
    ),
    (
        "问题 findings",
        "SELECT f.rule, f.severity, count(*) AS findings, count(DISTINCT f.report_key) AS reports FROM finding f JOIN report r "
        "USING (report_key) WHERE r.standing = 'preferred' GROUP BY ALL ORDER BY ALL",
    ),
    ("覆盖 coverage", "SELECT * FROM coverage WHERE parent = 'all' ORDER BY level, year"),
)


def _quality(con: Any, version: str) -> str:
    body = ""
    for title, sql in _QUALITY:
        rows = con.execute(sql.replace("SELECT year, table_code", "SELECT completeness.year, table_code"))
        heads = [d[0] for d in rows.description]
        body += f"<h2>{html.escape(title)}</h2>" + _table_html(heads, rows.fetchall())
    return _page(f"数据质量 Quality {version}", body)


def _readme(con: Any, made: list[Released], version: str, licence: str, previous: Path | None) -> str:
    counts = {t.name: con.execute(f"SELECT count(*) FROM ({t.sql})").fetchone()[0] for t in made}
    versions = con.execute(
        "SELECT key, value FROM meta WHERE key IN ('gouji', 'parser', 'forms', 'rules', 'schema') ORDER BY key"
    ).fetchall()
    lines = [
        f"# {_TITLE}",
        "",
        f"Release {version}"
        + (f"; differences from {previous.name}: `diff-from-{previous.name}.csv`" if previous else ""),
        "",
        "| file | what |",
        "| --- | --- |",
        "| `parquet/` | every table; large ones one file a year |",
        "| `csv/` | every table, UTF-8 |",
        "| `panel.xlsx` | indicators and rates, one row a body, year and scope |",
        "| `gouji.duckdb` | every table in one DuckDB file |",
        "| `dictionary.html`, `dictionary.md` | what every column means |",
        "| `quality.html` | what is there, what is missing, what contradicts itself |",
        "| `load.json` | when the data were collected and read, run by run |",
        "| `datapackage.json`, `croissant.json`, `checksums.sha256` | for machines |",
        "",
        "| table | rows | |",
        "| --- | --- | --- |",
        *(f"| `{t.name}` | {counts[t.name]} | {t.zh} · {t.en} |" for t in made),
        "",
        "A figure is kept as printed; `used` is the figure to use. Blank is not zero: see `status`. Name the scope in every question.",
        "Two bodies may bear one name: `body_id` and `full_name` tell them apart. Amounts and counts are exact decimals; in pandas",
        "`read_parquet(path, dtype_backend='pyarrow')` calculates with them, without it they are Python's `Decimal`.",
        "Made with " + ", ".join(f"{key} {value}" for key, value in versions) + ".",
        "",
        "## 引用 Citation",
        "",
        f"Gouji, {version}. Give body, year, scope and the code of the indicator; every value names its report, every report the hash of its file.",
        "",
        f"Licence: {licence}" + (f" ({_LICENCES[licence]})" if licence in _LICENCES else ""),
        "",
    ]
    return "\n".join(lines)
