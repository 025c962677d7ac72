"""Last year's report beside this year's: from a file, a folder, a database."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data.generator import Truth, make_truth
from data.generator.issuers import Issuer
from flows.home import DATABASE
from gouji.batch import judging, not_compared, previous
from gouji.batch.sheets import SheetError
from gouji.cli import main
from gouji.show.compare import beside_last_year
from parsers import extract
from schemas.database import tables
from schemas.facts import Report
from tests.gouji.drafts import HONGZE, SHUYANG, changed
from tests.gouji.offices import YEAR, issuer, read, truth_of, write

# Last year 36 cases went on to this year; this year's report says so too.
LAST_YEAR = {
    "requests.carried_forward.natural_person": "36",
    "requests.carried_forward.total": "36",
    "requests.new_received.natural_person": "710",
    "requests.new_received.total": "718",
    "article20.normative_documents.in_force": "27",
}


@pytest.fixture
def last_year(tmp_path: Path) -> Path:
    """The same body's report of the year before."""
    path = tmp_path / "去年" / "沭阳县2024.docx"
    path.parent.mkdir()
    path.write_bytes(changed(SHUYANG, LAST_YEAR, {"2025": "2024", "2026": "2025"}))
    (report,) = extract(path).reports
    assert (report.issuer_printed, report.year, report.scope) == ("沭阳县人民政府", 2024, "area")
    return path


def test_figures_of_both_years_stand_beside_each_other(last_year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(SHUYANG), "--codes", "--previous", str(last_year)])
    text = capsys.readouterr().out
    assert "与上年对照" in text and "statement.disagrees" in text
    lines = [line.split() for line in text.splitlines()]
    assert ["一、本年新收政府信息公开申请数量", "718", "713", "-5"] in lines
    assert "series.carry" not in text


def test_two_years_given_together_are_not_compared_which_is_said(
    last_year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "1 个单位 2024 和 2025 两个年度的报告，各自核对，没有互相比较"
    page, book = tmp_path / "结果.html", tmp_path / "结果.xlsx"
    main(["check", str(SHUYANG), str(last_year), "--report", str(page), "--report", str(book)])
    assert said in capsys.readouterr().err
    # In every report too: on the screen it stands above sixty drafts.
    about = [str(c) for row in openpyxl.load_workbook(book)["说明"].iter_rows(values_only=True) for c in row]
    assert page.read_text("utf-8").count(said) == 1 and any(c.startswith(f"这里有 {said}") for c in about)
    # Another body's of last year is not this one's, and who has asked for the comparison has it.
    main(["check", str(HONGZE), str(last_year)])
    main(["check", str(SHUYANG), str(last_year), "--previous", str(last_year)])
    assert "没有互相比较" not in capsys.readouterr().err


def test_figures_of_both_years_are_in_digits_of_one_width(last_year: Path) -> None:
    """What is printed stays as it is printed in its own report."""
    (now,), (then,) = extract(SHUYANG).reports, extract(last_year).reports
    fact = next(f for f in now.facts if f.address == "requests.new_received.total")
    fact.printed = "７１３"
    rows = {label: [c.text for c in cells] for p in beside_last_year(now, then, "zh") for label, cells in p.rows}
    assert rows["一、本年新收政府信息公开申请数量"] == ["718", "713", "-5"] and fact.printed == "７１３"


@pytest.mark.parametrize("given", ["file", "folder"])
def test_what_does_not_follow_last_year_is_found(
    given: str, last_year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / "今年.docx"
    wrong = {"requests.carried_over.natural_person": "63", "requests.carried_over.total": "63"}
    draft.write_bytes(changed(SHUYANG, wrong))
    main(["check", str(draft), "--codes", "--previous", str(last_year if given == "file" else last_year.parent)])
    assert "series.carry" in capsys.readouterr().out


def test_another_bodys_report_is_not_last_years(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(SHUYANG), "--previous", str(HONGZE)])
    text = capsys.readouterr().out
    assert "series." not in text
    assert "与上年对照" not in text
    assert "没有找到这个单位上一年的报告" in text


def test_what_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(SHUYANG), "--previous", str(tmp_path / "没有.docx")]) == 2
    assert "没有.docx" in capsys.readouterr().err
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04")
    assert main(["check", str(SHUYANG), "--previous", str(tmp_path / "坏.docx")]) == 2
    assert "坏.docx" in capsys.readouterr().err


def database(path: Path, report: Report) -> None:
    """A database with one report, as `gouji ingest` publishes it."""
    duckdb = pytest.importorskip("duckdb")
    con = duckdb.connect(str(path))
    for statement in tables.table_ddl():
        con.execute(statement)
    identity: dict[str, Any] = {n: getattr(report.identity, n) for n in previous._IDENTITY}
    identity |= {"report_id": report.report_id, "form": report.form, "variant": report.variant}
    versions = dict.fromkeys(("gouji", "parser", "forms", "rules"), "1")
    _insert(con, "report", identity | {"report_key": 1, "is_current": True, "versions": versions})
    for fact in report.facts:
        table, row, column = fact.address.split(".")
        values = {"table_code": table, "row_code": row, "column_code": column, "value": fact.value, "kind": fact.kind}
        _insert(con, "fact", {"report_key": 1, **values, "printed": fact.printed, "unit": fact.unit, "method": "cells"})
    unread = {"address": "requests.granted.other", "printed": "12", "reason": "joined", "readings": [1, 2]}
    place = dict.fromkeys(("page", "table", "row", "column", "line", "paragraph", "box"))
    _insert(con, "unresolved", {"report_key": 1, "place": place, **unread})
    con.close()


def _insert(con: Any, table: str, values: dict[str, Any]) -> None:
    """A row with every required column; what a check does not look at is filled with anything of its type."""
    columns = con.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = ? AND is_nullable = 'NO'",
        [table],
    ).fetchall()
    anything = {"VARCHAR": "0" * 64, "BOOLEAN": False, "DATE": "2025-01-01"}
    row = {c: anything.get(t, 1) for c, t in columns} | values
    marks = ", ".join("?" for _ in row)
    con.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def test_a_database(last_year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("duckdb")
    (report,) = extract(last_year).reports
    path = tmp_path / "库.duckdb"
    database(path, report)
    found, problems = previous.load(path, "zh")
    assert problems == []
    try:
        (this_year,) = extract(SHUYANG).reports
        (earlier,) = found.of([this_year])
    finally:
        found.close()
    assert earlier.identity_json()["year"] == 2024
    assert {f.address: f.value for f in earlier.facts} == {f.address: f.value for f in report.facts}
    assert [(u.address, u.readings) for u in earlier.unresolved] == [("requests.granted.other", [1, 2])]
    main(["check", str(SHUYANG), "--previous", str(path)])
    assert "与上年对照" in capsys.readouterr().out


def test_the_home_of_ingest_is_its_database(last_year: Path, tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    home = tmp_path / "数据目录"
    (home / "record").mkdir(parents=True)
    (home / "snapshots").mkdir()
    (home / "snapshots/e3b0").write_bytes(b"")
    [report] = extract(last_year).reports
    database(home / DATABASE, report)
    given, problems = previous.load(home, "zh")
    assert given.database is not None
    assert problems == []
    given.close()


def test_a_database_without_duckdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "库.duckdb"
    path.write_bytes(b"\0" * 8 + b"DUCK" + b"\0" * 100)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(SheetError, match=r"gouji\[pipeline\]"):
        previous.load(path, "zh")


def test_a_database_that_is_not_ours(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "别的.duckdb"
    con = duckdb.connect(str(path))
    con.execute("CREATE TABLE report (a INTEGER)")
    con.close()
    with pytest.raises(SheetError, match="不是 gouji ingest 做成的数据库"):
        previous.load(path, "zh")


def test_of_a_folder_only_what_may_be_the_drafts_own_is_read(tmp_path: Path) -> None:
    """Seven offices' reports: one draft needs its own, and what is called otherwise, says less, or names it somewhere."""
    folder = tmp_path / "去年"
    folder.mkdir()
    names = ("教育局", "民政局", "司法局", "水利局", "财政局", "审计局", "统计局")
    offices = [truth_of(issuer(f"沭阳县{name}"), i) for i, name in enumerate(names)]
    write(folder, offices)
    (own,) = (t for t in offices if t.issuer.name == "沭阳县教育局")
    draft = read(own).reports
    draft[0].identity = replace(draft[0].identity, year=YEAR + 1)

    def asked() -> tuple[list[str | None], int]:
        given, problems = previous.load(folder, "zh", for_one=True)
        assert problems == [] and given.reports == [] and given.waiting
        return [r.issuer for r in given.of(draft)], len(given.problems)

    found, problems = asked()
    # One of the others has a word of its name in the preamble: it may be the office's own.
    assert "沭阳县教育局" in found and len(found) < 4 and problems == 0
    assert len(previous.load(folder, "zh")[0].reports) == 7, "for many drafts all are read"
    # Whatever may be its own is read: a file that cannot be glanced at, one without a name, one that names it.
    (folder / "坏.docx").write_bytes(b"PK")
    (folder / "教育局旧.txt").write_text("没有标题", "utf-8")
    (folder / "沭阳县财政局.docx").rename(folder / "教育局（财政局代）.docx")
    found, problems = asked()
    assert {"沭阳县财政局", "沭阳县教育局"} <= set(found) and len(found) < 5 and problems == 2


TWO = [issuer(n) for n in ("沭阳县教育局", "沭阳县民政局")]


def small(who: Issuer, year: int = YEAR) -> Truth:
    return make_truth(9, "2021", issuer=who, year=year, size="tiny")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([(TWO[0], YEAR)], f"“去年”里是{YEAR}年的年报，不是{YEAR - 1}年的：上年结转、现行有效件数等无法与上年核对。"),
        ([], f"“去年”里没有读出 {YEAR - 1} 年的年报：上年结转、现行有效件数等无法与上年核对。"),
        (
            [(TWO[0], YEAR - 1)],
            "上年结转等没有与上年核对的 1 个单位（没有找到它们上一年的年报，或者不能比）：沭阳县民政局",
        ),
        ([(who, YEAR - 1) for who in TWO], None),
    ],
)
def test_what_could_not_be_compared_is_told(given: list[tuple[Issuer, int]], said: str | None) -> None:
    last = previous.Previous([r for who, year in given for r in read(small(who, year)).reports])
    reviewed = [judging.one(read(small(who)), last, "draft", "zh") for who in TWO]
    assert not_compared.lines(reviewed, last, Path("去年"), "zh") == ([said] if said else [])


def test_what_could_not_be_compared_is_told_when_it_is_given_and_in_every_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now, then = tmp_path / f"{YEAR}年报", tmp_path / "去年"
    for folder, year in ((now, YEAR), (then, YEAR - 1)):
        folder.mkdir()
        write(folder, [small(TWO[0], year)])
    write(now, [small(TWO[1])])
    for given, no_use in ((now / f"{TWO[0].name}.docx", True), (then, False)):
        assert main(["round", "start", str(now), "--previous", str(given)]) == 0
        assert (f"里是{YEAR}年的年报，不是{YEAR - 1}年的" in capsys.readouterr().err) == no_use
    main(["round", "check", str(now)])
    out = capsys.readouterr().out
    page, book = (next(now.glob(f"核对结果/*/*.{ending}")) for ending in ("html", "xlsx"))
    about = [str(c) for row in openpyxl.load_workbook(book)["说明"].iter_rows(values_only=True) for c in row]
    for told in (out, page.read_text("utf-8"), "\n".join(about)):
        assert told.count("没有与上年核对的 1 个单位（没有找到它们上一年的年报，或者不能比）：沭阳县民政局") == 1
