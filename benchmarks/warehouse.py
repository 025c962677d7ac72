"""The warehouse at scale: `python -m benchmarks.warehouse` rebuilds it from a drawn record and asks an analyst's questions of it.

Belongs here: a record of any size, drawn by SQL (bodies of the registry, cells of the forms; copies, conflicts, blanks and unread
cells planted), `rebuild` over it in a child process with its memory watched, the questions of docs/analysis.md with their
time, the sizes of tables. Does not belong here: parsing (`ingest`), a real record multiplied (`queries`).

Example: nice python -m benchmarks.warehouse --reports 25500
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from schemas import divisions, forms
from schemas.database.table_model import literal, quoted

from .corpus import ROOT

# Governments there are in a year; from the last year backwards until there are enough reports.
LAST_YEAR = 2024
# What is made from facts, beside the facts.
MATERIALISED = ("preferred", "part", "replacement", "indicator_value", "rate_value", "alias")


def draw(home_dir: Path, reports: int, cells: int | None = None) -> int:
    """Write the record of so many reports of one load; returns the number of facts. ``cells``: so many of each form at most."""
    import duckdb

    from flows import dimensions, home, record
    from schemas.database import tables

    where = home.Home(home_dir)
    shutil.rmtree(home_dir, ignore_errors=True)
    where.create()
    con = duckdb.connect()
    con.execute("SET memory_limit = '1GB'; SET preserve_insertion_order = false")
    con.execute("CREATE TABLE place (code VARCHAR, name VARCHAR, level VARCHAR)")
    standing = {d.code: d for d in divisions.every() if d.valid_to is None and d.level != "zone"}
    dimensions.insert(con, "place", [(d.code, d.name, d.level) for d in standing.values()])
    con.execute(
        "CREATE TABLE cell (form VARCHAR, n INTEGER, table_code VARCHAR, row_code VARCHAR, column_code VARCHAR)"
    )
    for form in forms.load_all():
        found = [(form.id, n, *address.split(".")) for n, address in enumerate(form.addresses(None))]
        dimensions.insert(con, "cell", found[:cells])
    files: dict[str, list[str]] = {}
    facts, left, year = 0, reports, LAST_YEAR
    while left > 0 and year > 1999:
        drawn = min(left, _reports(con, year, left))
        left -= drawn
        for table, sql in _TABLES.items():
            name = record.file_name(table, str(year), 1)
            path = where.record / name
            path.parent.mkdir(parents=True, exist_ok=True)
            columns = ", ".join(quoted(c.name) for c in tables.record_table(table).columns)
            con.execute(
                f"COPY (SELECT {columns} FROM ({sql})) TO {literal(os.fspath(path))} (FORMAT parquet, COMPRESSION zstd)"
            )
            files.setdefault(table, []).append(name)
        facts += con.execute(f"SELECT count(*) FROM ({_TABLES['fact']})").fetchall()[0][0]
        year -= 1
    con.close()
    versions = {"gouji": "0", "parser": "0", "forms": "0", "rules": "0"}
    counts = {c.name: 0 for c in tables.TABLE["load"].columns if c.name.startswith(("files", "reports", "fi", "fa"))}
    counts.pop("finished")
    instant = "2026-01-01T00:00:00+00:00"
    record.commit(where, record.Load(1, instant, instant, versions, counts), where.staging)
    manifest = where.record / record.manifest(1)
    manifest.write_text(json.dumps({**json.loads(manifest.read_text("utf-8")), "files": files}), "utf-8")
    return facts


def _reports(con: Any, year: int, most: int) -> int:
    """The year's reports: area and office of every government, some twice (a copy or a contradiction)."""
    form = "2021" if year >= 2021 else "2019" if year >= 2019 else "2014"
    con.execute(
        "CREATE OR REPLACE TABLE r AS WITH every AS ("
        "  SELECT p.*, s.scope, c.copy, hash(p.code, s.scope) AS h FROM place p, (VALUES ('area'), ('office')) s(scope), "
        "  (VALUES (0), (1)) c(copy) WHERE c.copy = 0 OR hash(p.code, s.scope) % 25 = 0) "
        f"SELECT code, name, level, scope, copy, h % 100 = 0 AND copy = 1 AS other, {year} AS year, '{form}' AS form, "
        f"  sha256(concat_ws('/', code, scope, copy, {year})) AS sha, hash(code, scope, {year}) AS seed, "
        f"  (hash(code, scope, copy, {year}) >> 11)::BIGINT AS report_key FROM every ORDER BY copy, scope, code LIMIT {most}"
    )
    return int(con.execute("SELECT count(*) FROM r").fetchall()[0][0])


_VERSIONS = "{'gouji': '0', 'parser': '0', 'forms': '0', 'rules': '0'}"
_CELLS = "r JOIN cell c USING (form), (SELECT 1) one, LATERAL (SELECT hash(r.seed, c.n) AS x) v"
# One cell in a hundred is not there, as many could not be read; three are blank, one has a mark.
_VALUE = (
    "CASE WHEN row_code IN ('new_received', 'processed_total', 'requests_received', 'replied') "
    "THEN 200 + x % 800 ELSE x % 20 END + CASE WHEN other AND n = 1 THEN 1 ELSE 0 END"
)
_KIND = "CASE WHEN x % 101 < 3 THEN 'blank' WHEN x % 101 = 3 THEN 'mark' ELSE 'number' END"
_TABLES = {
    "source": "SELECT sha AS sha256, '/in/' || year || '/' || code || '-' || scope || copy || '.html' AS path, NULL AS address, "
    "NULL AS publication, path AS lineage, 1000::BIGINT AS bytes, TIMESTAMP '2026-01-01' AS retrieved_at, 1 AS load_id FROM r",
    "parsed": f"SELECT sha AS sha256, 'text/html' AS media_type, {_VERSIONS} AS versions, 1 AS reports, 0 AS circulars, NULL AS kind, "
    "NULL AS message, 60 AS time_limit, 1024 AS memory_limit, 1 AS load_id FROM r",
    "report": "SELECT report_key, sha[1:24] AS report_id, name || '人民政府' AS issuer, name || '人民政府' AS issuer_printed, "
    "code AS division_code, level, 'government' AS kind, year::INTEGER AS year, scope, NULL AS scope_evidence, 'year' AS period, form, "
    "NULL AS variant, year || '年度报告' AS title, make_date(year + 1, 1, 20) AS published, sha AS source_sha256, 1 AS position, "
    "150 AS figures, 40 AS distinct_figures, md5(seed::VARCHAR || other) AS fingerprint, "
    f"{_VERSIONS} AS versions, 1 AS load_id FROM r",
    "fact": "SELECT report_key, table_code, row_code, column_code, CASE WHEN kind = 'number' THEN value END::DECIMAL(24, 6) AS value, kind, "
    "CASE kind WHEN 'number' THEN value::VARCHAR WHEN 'mark' THEN '/' ELSE '' END AS printed, '件' AS unit, 'cells' AS method, 1 AS load_id "
    f"FROM (SELECT *, {_KIND} AS kind, {_VALUE} AS value FROM {_CELLS} WHERE x % 100 > 1)",
    "fact_place": "SELECT report_key, concat_ws('.', table_code, row_code, column_code) AS address, NULL::INTEGER AS page, 1 AS \"table\", "
    "n // 7 + 1 AS \"row\", n % 7 + 1 AS \"column\", NULL::INTEGER AS line, NULL::INTEGER AS paragraph, NULL::FLOAT[] AS box, 1 AS load_id "
    f"FROM {_CELLS} WHERE x % 100 > 1",
    "unresolved": "SELECT report_key, concat_ws('.', table_code, row_code, column_code) AS address, (n + 1)::INTEGER AS position, '12' AS printed, "
    "'joined' AS reason, [1, 2]::DECIMAL(24, 6)[] AS readings, {'page': NULL::INTEGER, 'table': 1, 'row': 1, 'column': 1, 'line': NULL::INTEGER, "
    f"'paragraph': NULL::INTEGER, 'box': NULL::FLOAT[]}} AS place, 1 AS load_id FROM {_CELLS} WHERE x % 100 = 1",
}  # fmt: skip


def _build(home_dir: str, memory: int) -> tuple[float, float]:
    """Seconds of a rebuild and the most memory (MiB) of its process; to be called in a loader process, which does nothing else."""
    from flows import home, warehouse

    where = home.Home(Path(home_dir))
    start = time.perf_counter()
    database = os.fspath(where.database())
    Path(database).unlink(missing_ok=True)
    warehouse.build(where, database, database, memory, os.fspath(where.staging), anew=True)
    return time.perf_counter() - start, _most_memory()


def _most_memory() -> float:
    """MiB. `getrusage` would tell what the parent had, if that was more: it goes on through fork and exec."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


def rebuild(home_dir: Path, memory: int) -> tuple[float, float]:
    from flows import loading

    with loading.executor() as child:
        return child.submit(_build, os.fspath(home_dir), memory).result()


def questions() -> list[str]:
    """The statements of docs/analysis.md, in its order."""
    page = (ROOT / "docs" / "analysis.md").read_text("utf-8")
    return re.findall(r"```sql\n(.*?)```", page, re.DOTALL)


def ask(home_dir: Path, threads: int = 2, times: int = 3) -> list[tuple[float, float, int]]:
    """Of each question: milliseconds the first time and the median of more, rows."""
    from flows.home import Home
    from flows.published import opened

    con = opened(Home(home_dir).database(), threads=str(threads))
    out = []
    try:
        for sql in questions():
            taken: list[float] = []
            rows = 0
            for _ in range(times):
                start = time.perf_counter()
                rows = len(con.execute(sql).fetchall())
                taken.append(1000 * (time.perf_counter() - start))
            out.append((taken[0], median(taken[1:]), rows))
    finally:
        con.close()
    return out


def sizes(home_dir: Path) -> dict[str, float]:
    """MiB of the blocks that each table has in the file."""
    from flows.home import Home
    from flows.published import opened

    con = opened(Home(home_dir).database())
    try:
        names = [n for (n,) in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
        return {
            n: con.execute(
                f"SELECT count(DISTINCT block_id) / 4 FROM pragma_storage_info({literal(n)}) WHERE block_id >= 0"
            ).fetchall()[0][0]
            for n in names
        }
    finally:
        con.close()


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.warehouse", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--reports", type=int, default=25_500)
    parser.add_argument("--cells", type=int, help="cells of each report at most (default: all of its form)")
    parser.add_argument(
        "--memory", type=int, default=320, help="load_memory of the rebuild, MiB (default 320, as built in)"
    )
    parser.add_argument("--work", type=Path, help="folder that keeps the home (default: a temporary one)")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="gouji-warehouse-") as temporary:
        work = options.work or Path(temporary)
        if not (work / "home" / "record" / "loads").exists():
            draw(work / "home", options.reports, options.cells)
        seconds, peak = rebuild(work / "home", options.memory)
        found = sizes(work / "home")
        made = sum(found[name] for name in MATERIALISED)
        print(f"rebuild: {seconds:.0f} s in {options.memory} MiB, process {peak:.0f} MiB")
        print(f"facts {found['fact']:.0f} MiB, places {found['fact_place']:.0f} MiB, made from them {made:.0f} MiB")
        print(" ".join(f"{n} {v:.1f}" for n, v in found.items() if v >= 1))
        for n, (first, again, rows) in enumerate(ask(work / "home"), start=1):
            print(f"question {n}: {first:.0f} ms, again {again:.0f} ms, {rows} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
