"""A new version of the parser, forms or rules, put to everything that was ever received.

Belongs here: which contents were read by another version, reading them again from the snapshots (old revisions too), what would change,
and replacing it in batches. Does not belong here: what a run's steps do (`steps`), what counts as current (`warehouse`).

Every batch is a load of its own: a run that is killed has replaced whole batches, and the next one goes on behind them.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from schemas.database.table_model import literal

from . import home, lock, record, surroundings, warehouse
from .errors import PipelineError
from .home import Home, Settings
from .index import Index, version_key
from .progress import Progress, Silent
from .snapshots import Item, Plan
from .steps import Run
from .store import HEAD, stored_at
from .worker import load_reader

# Contents of one load: some minutes of work.
BATCH = 1000
_OF_REPORTS = ("issuer", "year", "scope", "period", "form", "title")


@dataclass(frozen=True, slots=True)
class Change:
    """What would change: a cell, or ``report.issuer`` and the like. ``before`` and ``after``: a figure, the printed text of what is
    none, None where there is no such cell."""

    address: str
    report_id: str
    before: int | float | str | None
    after: int | float | str | None


@dataclass(slots=True)
class Reparsed:
    """``contents`` were read by another version, ``lost`` of them are not among the snapshots any more (their hashes)."""

    contents: int = 0
    lost: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    # Contents that could not be read: place and reason.
    bad: list[tuple[str, str]] = field(default_factory=list)
    # Faults of the installation, as in `Summary`: what is left stays as it was.
    left: dict[str, int] = field(default_factory=dict)
    unusable: list[str] = field(default_factory=list)
    loads: int = 0
    totals: dict[str, int] = field(default_factory=dict)


class _Again(Run):
    """A run over contents of the record instead of files."""

    def __init__(self, items: list[Item], *given: Any) -> None:
        super().__init__((), *given)
        self._items = items

    def _listed(self) -> Plan:
        return Plan(
            items=self._items,
            files=len(self._items),
            sorts={name: "reread" for item in self._items for name in item.files},
        )

    def read(self) -> None:
        """Read everything, in as many processes as the settings say."""
        self.begin()
        with self.converted():
            batches = self.batches()
            with self.pool() as pool, ThreadPoolExecutor(self.settings.processes) as threads:
                for results in threads.map(pool.run, range(len(batches)), batches):
                    self.parsed(results)

    def parts(self) -> list[str]:
        return sorted(self._slice.results.parts)


def reparse(
    *,
    diff: bool,
    home_dir: str | os.PathLike[str] | None = None,
    database: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    batch: int = BATCH,
    **given: Any,
) -> Reparsed:
    """Read again what another version has read. ``diff``: say what would change and leave everything as it is.

    Raises PipelineError as `run.ingest` does.
    """
    where = home.find(home_dir)
    settings = home.settings(where, **given)
    target = where.database(database)
    if not record.load_ids(where):
        raise PipelineError(
            f"{where.root} 中还没有记录。请先运行 gouji ingest。",
            f"there is no record in {where.root} yet; run gouji ingest first",
        )
    out = Reparsed()
    with surroundings.told(where.root, lambda: surroundings.UNCHANGED):
        where.create()
        with lock.writing(where.lock):
            record.heal(where)
            _synced(where, target, settings)
            items = list(_items(where, settings, out))
            out.contents = len(items) + len(out.lost)
            for begun in range(0, len(items), batch):
                last = begun + batch >= len(items)
                with _run(items[begun : begun + batch], where, target, settings, progress or Silent()) as run:
                    run.read()
                    if diff:
                        out.changes += _changes(run, target, settings)
                    else:
                        run.load()
                        run.commit()
                        out.loads += 1
                        if last:
                            run.publish()
                    summary = run.summary()
                    out.bad += [(name, message) for name, _, message in summary.bad]
                    out.totals = summary.totals
                    out.left = dict(Counter(out.left) + Counter(summary.left))
                    out.unusable = sorted({*out.unusable, *summary.unusable})
    return out


@contextmanager
def _run(items: list[Item], where: Home, target: Path, settings: Settings, progress: Progress) -> Iterator[_Again]:
    run = _Again(items, where, target, settings, progress)
    try:
        run.check()
        yield run
    finally:
        run.clean()


def _synced(where: Home, target: Path, settings: Settings) -> None:
    """Bring the cache of what is known up to the record."""
    with _run([], where, target, settings, Silent()):
        pass


def _items(where: Home, settings: Settings, out: Reparsed) -> Iterator[Item]:
    """Every content of the record that was read by other versions than ours."""
    import pyarrow.parquet as pq

    from .collecting.origins import origins

    current = version_key(load_reader(settings.reader).versions())
    places: dict[str, str] = {}
    for path in record.paths(where, [record.read(where, i) for i in record.load_ids(where)], "source"):
        table = pq.ParquetFile(path).read(["sha256", "path"])
        for sha256, place in zip(table["sha256"].to_pylist(), table["path"].to_pylist(), strict=True):
            places.setdefault(sha256, place)
    known = origins(where)
    index = Index(where.index)
    try:
        for sha256, place in sorted(places.items(), key=lambda each: each[1]):
            reading = index.reading(sha256)
            if reading is not None and reading.versions == current:
                continue
            path = stored_at(os.fspath(where.snapshots), sha256)
            try:
                with open(path, "rb") as stream:  # noqa: PTH123
                    head = stream.read(HEAD)
                size = os.stat(path).st_size  # noqa: PTH116
            except OSError:
                out.lost.append(sha256)
                continue
            item = Item(path, place, sha256, size, head, files=[place], known=reading is not None)
            if (origin := known.get(place)) is not None:
                item.origins[place] = origin
            yield item
    finally:
        index.close()


def _changes(run: _Again, database: Path, settings: Settings) -> Iterator[Change]:
    """What the run's results would change in the database, cell by cell."""
    parts = run.parts()
    if not database.exists() or not parts:
        return
    con = warehouse.connect(Path(":memory:"), settings.load_memory, run.folder / "spill")
    try:
        con.execute(f"ATTACH {literal(os.fspath(database))} AS published (READ_ONLY)")
        con.execute("CREATE TEMP TABLE again (sha256 VARCHAR)")
        parsed = _parquet(parts, "parsed")
        con.execute(f"INSERT INTO again SELECT DISTINCT sha256 FROM {parsed}")
        old = "published.main.report r SEMI JOIN again a ON a.sha256 = r.source_sha256"
        con.execute(f"CREATE TEMP TABLE old_report AS SELECT * FROM {old}")
        con.execute(f"CREATE TEMP TABLE new_report AS {_selected(parts, 'report')}")
        con.execute(
            "CREATE TEMP TABLE old_fact AS SELECT f.* FROM published.main.fact f SEMI JOIN old_report USING (report_key)"
        )
        con.execute(f"CREATE TEMP TABLE new_fact AS {_selected(parts, 'fact')}")
        for name in _OF_REPORTS:
            rows = con.execute(
                f"SELECT coalesce(o.report_id, n.report_id), o.{name}, n.{name} FROM old_report o FULL JOIN new_report n "
                f"USING (report_id) WHERE o.{name} IS DISTINCT FROM n.{name} ORDER BY 1"
            ).fetchall()
            yield from (Change(f"report.{name}", report_id, before, after) for report_id, before, after in rows)
        rows = con.execute(
            "WITH cells AS (SELECT report_key, table_code || '.' || row_code || '.' || column_code AS address, 0 AS side, kind, "
            "value, printed, unit FROM old_fact UNION ALL SELECT report_key, table_code || '.' || row_code || '.' || column_code, 1, "
            "kind, value, printed, unit FROM new_fact), "
            "pairs AS (SELECT report_key, address, max(kind) FILTER (side = 0) AS k0, max(value) FILTER (side = 0) AS v0, "
            "max(printed) FILTER (side = 0) AS p0, max(unit) FILTER (side = 0) AS u0, max(kind) FILTER (side = 1) AS k1, "
            "max(value) FILTER (side = 1) AS v1, max(printed) FILTER (side = 1) AS p1, max(unit) FILTER (side = 1) AS u1 "
            "FROM cells GROUP BY ALL) "
            "SELECT coalesce(n.report_id, o.report_id), address, k0, v0, p0, k1, v1, p1 FROM pairs LEFT JOIN new_report n USING (report_key) "
            "LEFT JOIN old_report o USING (report_key) WHERE (k0, v0, p0, u0) IS DISTINCT FROM (k1, v1, p1, u1) ORDER BY 1, 2"
        ).fetchall()
        for report_id, address, k0, v0, p0, k1, v1, p1 in rows:
            yield Change(address, report_id, _shown(k0, v0, p0), _shown(k1, v1, p1))
    finally:
        con.close()


def _parquet(parts: Sequence[str], table: str) -> str:
    there = [p for part in parts if (p := Path(part) / f"{table}.parquet").exists()]
    listed = ", ".join(literal(os.fspath(p)) for p in there)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def _selected(parts: Sequence[str], table: str) -> str:
    """The staged rows of a table; with no part that has any, no rows of the published table's shape."""
    if any((Path(part) / f"{table}.parquet").exists() for part in parts):
        return f"SELECT * FROM {_parquet(parts, table)}"
    return f"SELECT * FROM published.main.{table} LIMIT 0"


def _shown(kind: str | None, value: Decimal | None, printed: str | None) -> int | float | str | None:
    if kind is None:
        return None
    if value is None:
        return printed
    return int(value) if value == value.to_integral_value() else float(value)
