"""Counties that were merged, split or given to another prefecture: whose figure is whose, in which year, and who is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import gouji
from flows import expected, queries, tracing
from flows.errors import PipelineError

from .helpers import Collection, document, report

RECEIVED = {
    ("500105", "江北区", 2022): 64,
    ("500112", "渝北区", 2022): 73,
    ("500105", "江北区", 2023): 59,
    # Both names serve the whole, too: the one by its name, the other by its code.
    ("320602", "崇川区", 2019): 84,
    ("320611", "港闸区", 2019): 68,
    ("320613", "崇川区", 2020): 150,
    ("130503", "桥西区", 2019): 83,
    ("130521", "邢台县", 2019): 92,
    ("130503", "信都区", 2020): 170,
    ("340203", "弋江区", 2019): 31,
    # The whole signs for the last year of its parts.
    ("320812", "清江浦区", 2015): 120,
    # A district that took another one in.
    ("330102", "上城区", 2020): 57,
    ("330102", "上城区", 2021): 94,
    # Another prefecture since 2020.
    ("220381", "公主岭市", 2019): 142,
    ("220184", "公主岭市", 2020): 143,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    collection = Collection(tmp_path_factory.mktemp("merged"))
    # Other cities have districts of these names as well.
    around = {"1305": "邢台市"}
    schools = report("上城区教育局", 2021, division="330102", level="county", kind="department", scope="body")
    collection.load(
        {"schools": document(schools)}
        | {
            f"{code}-{year}": document(
                report(
                    issuer=f"{around.get(code[:4], '')}{name}人民政府",
                    division=code,
                    level="county",
                    year=year,
                    facts={"requests.new_received.total": n},
                    title=f"{name}{year}",
                )
            )
            for (code, name, year), n in RECEIVED.items()
        }
    )
    return collection


@pytest.fixture
def home(made: Collection) -> Path:
    return made.home.root


def test_each_figure_is_of_the_body_that_stood_then(made: Collection) -> None:
    rows = made.query(
        "SELECT division_code, year, value, status FROM value WHERE scope = 'area' AND indicator = 'requests_received'"
    )
    assert {(code, year): n for code, year, n, _ in rows} == {(c, y): n for (c, _, y), n in RECEIVED.items()}
    assert {status for *_, status in rows} == {"number"}
    ids = dict(made.query("SELECT DISTINCT body_id, full_name FROM value"))
    assert ids["130503-2019/government/"] == "河北省邢台市桥西区人民政府"
    assert (
        ids["130503/government/"] == "河北省邢台市信都区人民政府"
        and ids["500112/government/"] == "重庆市渝北区人民政府"
    )
    # The same county under another prefecture is one body, under its latest name and city in all years.
    assert ids["220184/government/"] == "吉林省长春市公主岭市人民政府" and "220381/government/" not in ids
    assert made.query(
        "SELECT expected, reported, reported_area FROM coverage WHERE parent = '500000' AND year = 2023"
    ) == [(38, 1, 1)]


def test_one_part_is_never_the_other_or_the_whole(made: Collection, home: Path) -> None:
    con = queries.connect(made.database)
    try:
        assert tracing.trace(con, "重庆市江北区", 2023, "requests_received").value == 59
        for name in ("重庆市渝北区", "渝北", "两江新区"):
            with pytest.raises(PipelineError):
                tracing.trace(con, name, 2023, "requests_received")
        late = {e.body for e in expected.late(con, made.home, 2023, date(2025, 4, 1), within="重庆市")}
        assert "渝北区人民政府" in late and "江北区人民政府" not in late
        # What signed for both parts has published for them; of another year it says nothing.
        for year, are_late in ((2015, False), (2014, True)):
            late = {e.body for e in expected.late(con, made.home, year, date(2025, 4, 1), within="淮安市")}
            assert ({"清河区人民政府", "清浦区人民政府"} <= late, "清浦区人民政府" in late) == (are_late, are_late)
        # The prefecture of today and its counties had other codes then.
        late = {e.division_code for e in expected.late(con, made.home, 2014, date(2025, 4, 1), within="650400")}
        assert late == {"652100", "652101", "652122", "652123"}
    finally:
        con.close()
    series = gouji.series("南通市崇川区", "requests_received", home=home)
    assert dict(series["requests_received"]) == {2020: 150}
    assert "2020 年起区划有变（合并）：崇川区 320602/government/、港闸区 320611/government/ → 崇川区 320613" in repr(
        series
    )
    assert dict(gouji.series("320602/government/", "requests_received", home=home)["requests_received"]) == {2019: 84}
    assert "merged as of 2020" in repr(
        gouji.panel("requests_received", bodies="港闸区", years=2019, home=home, lang="en")
    )
    # Of the whole that bears the name there is no report: then it is the part that bore it, and that is told.
    alone = gouji.series("芜湖市弋江区", "requests_received", home=home)
    assert alone.attrs["body_id"] == "340203/government/" and "340209" in repr(alone)


def test_a_year_in_which_another_was_taken_in_is_no_plain_change(made: Collection, home: Path) -> None:
    broken = "SELECT broken FROM yearly_change WHERE indicator = 'requests_received' AND year = "
    assert made.query(f"{broken} 2021 AND name = '上城区人民政府'") == [(True,)]
    assert made.query(f"{broken} 2020 AND name = '公主岭市人民政府'") == [(False,)]
    said = gouji.series("上城区", "requests_received", home=home).attrs["successions"]
    assert [(s["year"], s["because"]) for s in said] == [(2021, "divided")]
    assert not gouji.series("公主岭市", "requests_received", home=home).attrs["successions"]
    # So it is of its departments.
    assert made.query(f"{broken} 2021 AND name = '上城区教育局'") == [(True,)]
    assert gouji.series("杭州市上城区教育局", "requests_received", home=home).attrs["successions"] == said


@pytest.mark.parametrize(("parent", "year", "n", "of"), [("四平市", 2019, 142, 6), ("长春市", 2020, 143, 11)])
def test_a_county_stands_in_the_prefecture_of_the_year(home: Path, parent: str, year: int, n: int, of: int) -> None:
    frame = gouji.panel("requests_received", level="county", parent=parent, years=[2019, 2020], home=home)
    assert dict(frame["requests_received"]) == {("220184/government/", "公主岭市人民政府", year): n}
    there = {c["year"]: (c["reported_area"], c["expected"]) for c in frame.attrs["coverage"]}
    assert there[year] == (1, of) and there[2019 + 2020 - year][0] == 0
    assert not any("公主岭市" in names for names in frame.attrs["not_reported"].values())


def test_the_prefecture_itself_under_another_code(tmp_path: Path) -> None:
    """毕节地区 and its counties had other codes than 毕节市 and its districts."""
    collection = Collection(tmp_path)
    facts = {"requests.new_received.total": 7}
    collection.load(
        {
            y: document(report("大方县人民政府", int(y), division=c, level="county", facts=facts))
            for y, c in (("2010", "522422"), ("2020", "520521"))
        }
    )
    frame = gouji.panel("requests_received", level="county", parent="520500", home=collection.home.root)
    assert sorted(frame.index.get_level_values("year")) == [2010, 2020]
    assert [(c["year"], c["reported"]) for c in frame.attrs["coverage"]] == [(2010, 1), (2020, 1)]
    members = collection.query(
        "SELECT year, body_id, total FROM members WHERE indicator = 'requests_received' AND level = 'county'"
    )
    assert sorted(members) == [(2010, "520500/government/", 7), (2020, "520500/government/", 7)]
