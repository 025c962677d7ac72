"""Rows name their columns, and a row that does not is refused."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows import read_one, rows
from flows.rows import Context
from flows.snapshots import Item
from flows.staged import YEAR, Rows
from schemas.database import tables
from tests.conftest import ROOT

from . import fake_reader
from .helpers import document, report

CONTEXT = Context({"gouji": "0", "parser": "1", "forms": "f", "rules": "r"}, datetime(2026, 1, 1), 60, 1024)
ASSESSMENT = {"circular_id": "c", "position": 1, "category": "政务公开", "table_title": None, "group_name": None}


def used(text: str) -> Rows:
    data = text.encode()
    item = Item("a", "a", hashlib.sha256(data).hexdigest(), len(data), data[:16], places=["a", "b"])
    return rows.used(item, fake_reader.read(Path("a"), data), CONTEXT).rows


def test_a_row_has_exactly_its_tables_columns() -> None:
    made = Rows()
    with pytest.raises(ValueError, match="score"):
        made.add("assessment", **ASSESSMENT, rank=1, unit="甲镇", **{YEAR: "2020"})
    with pytest.raises(ValueError, match="points"):
        made.add("assessment", **ASSESSMENT, rank=1, unit="甲镇", score=None, points=1, **{YEAR: "2020"})
    assert made.count("assessment") == 0
    made.add("assessment", score=None, unit="甲镇", rank=1, **{YEAR: "2020"}, **ASSESSMENT)
    assert made.column("assessment", "unit") == ["甲镇"]


def test_every_table_is_filled_and_fits_its_schema(tmp_path: Path) -> None:
    text = document(
        report(bad=2, open=1, statements=1, unresolved=["requests.granted.other"]),
        circulars=[{"bad": 1, "issuer": "甲市"}],
    )
    made = used(text)
    made.extend(used(text))
    made.extend(rows.gone(["/a/b.html"]))
    made.write(tmp_path)
    for table in tables.recorded():
        path = tmp_path / f"{table.name}.parquet"
        if table.name == "set_aside":
            assert not path.exists()
            continue
        found = pq.read_table(path)
        assert found.num_rows == made.count(table.name) > 0, table.name
        assert {c.name for c in table.columns} == {*found.column_names, "load_id"} - {YEAR}


def test_a_finding_belongs_to_a_report_or_a_circular_of_its_file() -> None:
    made = used(document(report(bad=2), circulars=[{"bad": 1}, {}]))
    assert [k is None for k in made.column("finding", "report_key")] == [False, False, True]
    assert made.column("finding", "circular_id")[2] == made.column("circular", "circular_id")[0]
    assert made.column("finding", YEAR) == ["2024", "2024", "2020"]
    data = document(report(bad=1)).encode()
    checked = fake_reader.read(Path("a"), data)
    checked.findings[0].report_id = "nobody"
    with pytest.raises(ValueError, match="nobody"):
        rows.used(Item("a", "a", "0" * 64, 1, b""), checked, CONTEXT)


def test_what_cannot_be_assessed_is_kept_apart_from_what_is_broken() -> None:
    made = used(document(report(bad=1, open=2)))
    assert made.count("finding") == 1 and made.count("not_assessable") == 2
    assert len({*made.column("finding", "finding_id"), *made.column("not_assessable", "finding_id")}) == 3


def test_a_blank_beside_a_total_is_not_assessable_in_both_languages() -> None:
    path = next((ROOT / "data/samples").glob("平潭*2025*.md"))
    text = path.read_text("utf-8").replace("| 0 |", "|   |", 3)
    checked = read_one.read(path, text.encode())
    made = rows.used(Item("a", "a", "0" * 64, 1, b""), checked, CONTEXT).rows
    found = [f for f in checked.findings if f.outcome == "not_assessable"]
    assert found and made.count("not_assessable") == len(found)
    assert made.column("not_assessable", "message") == [f.message for f in found]
    assert all(f.message_en and f.message_en != f.message for f in found)


def test_what_is_broken_is_said_in_both_languages() -> None:
    path = next((ROOT / "data/samples").glob("平潭*2025*.md"))
    text = path.read_text("utf-8").replace("| 0 |", "| 7 |", 3)
    checked = read_one.read(path, text.encode())
    broken = [f for f in checked.findings if f.outcome == "broken"]
    assert broken
    for finding in broken:
        assert finding.message_en and finding.advice_en and finding.message_en != finding.message
    made = rows.used(Item("a", "a", "0" * 64, 1, b""), checked, CONTEXT).rows
    assert made.column("finding", "message_en") == [f.message_en for f in broken]
