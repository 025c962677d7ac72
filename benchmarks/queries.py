"""Load and queries over millions of facts.

Belongs here: a record of that size, `gouji rebuild` over it, five queries that analysts ask. Does not belong here:
parsing: a few hundred reports are really ingested, and their record is multiplied with keys of its own for each copy.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from . import ingest
from .corpus import ROOT
from .results import Goal, Part, number

FACTS_FULL, FACTS_QUICK = 5_000_000, 20_000
_REPORTS_FULL, _REPORTS_QUICK = 600, 9

QUERIES = {
    "requests received by year and level": (
        "SELECT year, level, count(*), sum(total) FROM requests WHERE row_code = 'new_received' AND scope = 'area' "
        "GROUP BY ALL ORDER BY ALL"
    ),
    "one county through the years": (
        "SELECT year, row_code, natural_person, total FROM requests WHERE issuer = "
        "(SELECT min(issuer) FROM issuer JOIN report USING (issuer_id)) ORDER BY year, row_code"
    ),
    "counties that grant least, with at least 20 outcomes": (
        "SELECT issuer, year, sum(value) FILTER (WHERE outcome IN ('granted', 'partially_granted')) / sum(value) AS share "
        "FROM outcomes GROUP BY ALL HAVING sum(value) >= 20 ORDER BY share, issuer, year LIMIT 20"
    ),
    "broken rules by year": (
        "SELECT r.year, f.rule, count(*), count(DISTINCT f.report_key) FROM finding f JOIN report r USING (report_key) "
        "WHERE r.is_current GROUP BY ALL ORDER BY ALL"
    ),
    "disputes for each thousand requests, by province": (
        "WITH d AS (SELECT report_key, sum(total) AS n FROM disputes GROUP BY 1) "
        "SELECT q.division_code[1:2], q.year, 1000 * sum(d.n) / nullif(sum(q.total), 0) FROM requests q "
        "JOIN d USING (report_key) WHERE q.row_code = 'new_received' GROUP BY ALL ORDER BY ALL"
    ),
}


def _copied(column: str, copy: str) -> str:
    """A column of copy number ``copy`` (SQL): what tells reports and files apart differs, figures do not."""
    own = {
        # Keys have 53 bits; the other operand is a prime times the copy's number.
        "report_key": f"xor(report_key, 274877906951 * {copy})",
        "report_id": f"sha256(report_id || '/' || {copy})[1:24]",
        "issuer": f"issuer || {copy}",
        "path": f"path || '.' || {copy}",
        "lineage": f"lineage || '.' || {copy}",
        "fingerprint": f"sha256(fingerprint || '/' || {copy})[1:32]",
        "sha256": f"sha256(sha256 || '/' || {copy})",
        "source_sha256": f"sha256(source_sha256 || '/' || {copy})",
        "circular_id": f"sha256(circular_id || '/' || {copy})[1:24]",
    }
    return f'{own[column]} AS "{column}"' if column in own else f'"{column}"'


def multiply(source: Path, target: Path, copies: int) -> dict[str, int]:
    """A home whose record is that of ``source`` so many times over; returns its counts."""
    import duckdb

    from flows import home, record
    from schemas.database import tables

    here, there = home.Home(source), home.Home(target)
    shutil.rmtree(target, ignore_errors=True)
    there.create()
    load = record.read(here, 1)
    con = duckdb.connect()
    con.execute("SET memory_limit = '1GB'")
    for table, paths in load.files.items():
        known = {t.name: t for t in tables.recorded()}[table]
        columns = ", ".join(_copied(c.name, "copy") for c in known.columns)
        for path in paths:
            (there.record / path).parent.mkdir(parents=True, exist_ok=True)
            con.execute(
                f"COPY (SELECT {columns} FROM read_parquet('{here.record / path}'), range(1, {copies + 1}) AS c(copy)) "
                f"TO '{there.record / path}' (FORMAT parquet, COMPRESSION zstd)"
            )
    con.close()
    counts = {name: n * copies for name, n in load.counts.items()}
    record.commit(there, replace(load, counts=counts, files={}), there.staging)
    _name_files(there, load)
    return counts


def _name_files(there: Any, load: Any) -> None:
    """Put the files into the manifest; they lie where they belong already."""
    import json

    path = there.record / "loads" / f"{load.load_id:08d}.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"] = load.files
    path.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def _ask(home: Path, times: int) -> list[tuple[str, float, float, int]]:
    """Each query: seconds the first time and the median of more, and how many rows it has."""
    from flows import queries
    from flows.home import Home

    answers = []
    for name, sql in QUERIES.items():
        con = queries.connect(Home(home).database())
        taken, rows = [], 0
        for _ in range(times):
            start = time.perf_counter()
            rows = len(con.execute(sql).fetchall())
            taken.append(time.perf_counter() - start)
        con.close()
        if not rows:
            raise RuntimeError(f"the query {name!r} has no rows")
        answers.append((name, taken[0], median(taken[1:]), rows))
    return answers


def run(work: Path, *, quick: bool, told: Callable[[str], None]) -> Part:
    """Rebuild a database of five million facts, then ask it."""
    wanted = FACTS_QUICK if quick else FACTS_FULL
    reports = _REPORTS_QUICK if quick else _REPORTS_FULL
    source = ingest.folder(work, reports, max(reports // 10, 2), told)
    told(f"queries: ingesting {reports} reports")
    small, large = work / "home-small", work / "home-large"
    summary = ingest.watch(source, small, os.cpu_count() or 1).summary
    copies = -(-wanted // summary["totals"]["fact"])
    told(f"queries: {copies} copies of their record")
    counts = multiply(small, large, copies)
    told(f"queries: gouji rebuild over {counts['facts']:,} facts")
    start = time.perf_counter()
    command = [sys.executable, "-m", "gouji", "rebuild", "--home", os.fspath(large)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"rebuild failed: {done.stderr.decode(errors='replace')[-2000:]}")
    rebuilt = time.perf_counter() - start
    size = next(large.glob("*.duckdb")).stat().st_size
    answers = _ask(large, 3 if quick else 6)
    for home in (small, large):
        shutil.rmtree(home, ignore_errors=True)
    part = Part(
        f"Database of {counts['facts']:,} facts",
        [
            f"The record of {reports} ingested reports, {copies} times over with keys of its own for each copy: "
            f"{counts['reports']:,} reports. `gouji rebuild` over it took {rebuilt:.1f} seconds "
            f"({counts['facts'] / rebuilt:,.0f} facts a second); the file has {size / 1e6:,.0f} MB.",
            "Each query in a new read-only connection: the first time, and the median of those that follow.",
        ],
        ("query", "first, ms", "again, ms", "rows"),
        [(name, number(1000 * a, 0), number(1000 * b, 0), f"{rows:,}") for name, a, b, rows in answers],
    )
    slowest = max(first for _, first, _, _ in answers)
    if not quick:
        part.goals.append(
            Goal("slowest of five queries, seconds", "below 2 (our own)", number(slowest, 2), slowest < 2)
        )
    return part
