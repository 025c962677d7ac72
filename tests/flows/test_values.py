"""Indicators and rates, with what must be said beside them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import warehouse
from flows.dimensions import DENOMINATORS
from schemas import forms, indicators
from schemas.database import analysis
from schemas.database.table_model import quoted

from .helpers import Collection, document, dump, report

DENIED = [row.code for row in forms.load("2021").tables["requests"].rows_as("denied")]


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def printed(**more: Any) -> str:
    facts = {
        "requests.new_received.total": 100,
        "requests.carried_over.total": 10,
        "requests.granted.total": 30,
        "requests.partially_granted.total": 10,
        "requests.processed_total.total": 80,
        "requests.carried_forward.total": 30,
        **{f"requests.{row}.total": 1 for row in DENIED},
        **more.pop("cells", {}),
    }
    return document(report(facts={k: v for k, v in facts.items() if v is not None}, **more))


# What is peculiar to the reports of one body, by year: one load for all the tests that only look.
HOLE = f"requests.{DENIED[0]}.total"
RECEIVED = "requests.new_received.total"
YEARS: dict[int, dict[str, Any]] = {
    # An equation that has no total is broken.
    2012: {"bad": 1},
    2013: {"cells": {HOLE: ""}},
    2014: {"cells": {HOLE: "/"}},
    2015: {"cells": {HOLE: None}},
    2016: {"cells": {HOLE: None}, "unresolved": [HOLE]},
    2017: {"cells": {"requests.processed_total.total": 19}},
    2018: {"cells": {"requests.granted.total": 90}},
    # A total of two parts that say something else.
    2019: {
        "contradicted": [
            ["requests.processed_total.total", "requests.granted.total", "requests.partially_granted.total"]
        ]
    },
    2023: {"cells": {RECEIVED: ""}, "statements": 1},
    2024: {"cells": {RECEIVED: None}, "statements": 1},
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    made = Collection(tmp_path_factory.mktemp("shelf"))
    made.load({str(year): printed(year=year, **dict(more)) for year, more in YEARS.items()})
    return made


def values(collection: Collection, code: str, year: int = 2024) -> tuple[Any, ...]:
    found = collection.query(
        f"SELECT value, lower_bound, status, source FROM value WHERE indicator = '{code}' AND year = {year}"
    )
    assert len(found) == 1
    return found[0]


def test_a_sum_of_cells_and_a_rate(shelf: Collection) -> None:
    assert values(shelf, "denied", 2012) == (8, None, "number", "cells")
    assert shelf.query("SELECT DISTINCT method, source FROM value WHERE status = 'number' ORDER BY ALL") == [
        ("ruled", "cells"),
        (None, "statement"),
    ]
    assert values(shelf, "requests_to_handle", 2012) == (110, None, "number", "cells")
    assert values(shelf, "staff", 2012) == (None, None, "not_on_form", None)
    found = shelf.query(
        "SELECT numerator, denominator, value, small_base, status FROM rate WHERE rate = 'grant_rate' AND year = 2012"
    )
    assert found == [(40, 80, 0.5, False, "number")]


@pytest.mark.parametrize(("year", "status"), [(2013, "blank"), (2014, "mark"), (2015, "missing"), (2016, "unresolved")])
def test_a_sum_with_a_hole_has_a_status_and_a_bound(shelf: Collection, year: int, status: str) -> None:
    assert values(shelf, "denied", year) == (None, 7, status, None)
    found = shelf.query(f"SELECT status, value FROM rate WHERE rate = 'denial_rate' AND year = {year}")
    assert found == [(status, None)]


def test_a_sentence_stands_in_where_the_table_has_nothing_and_only_there(shelf: Collection) -> None:
    assert values(shelf, "requests_received", 2024) == (5, None, "number", "statement")
    assert values(shelf, "requests_received", 2023)[2] == "blank"


def test_a_small_base_is_flagged_and_not_ranked(shelf: Collection) -> None:
    assert shelf.query("SELECT small_base FROM rate WHERE rate = 'grant_rate' AND year = 2017") == [(True,)]
    ranked = {y for (y,) in shelf.query("SELECT year FROM ranking WHERE rate = 'grant_rate'")}
    assert 2012 in ranked and 2017 not in ranked


def test_a_part_above_its_whole_is_flagged_and_not_ranked(shelf: Collection) -> None:
    found = shelf.query(
        "SELECT value, impossible FROM rate WHERE rate = 'grant_rate' AND year IN (2012, 2018) ORDER BY year"
    )
    assert found == [(0.5, False), (1.25, True)]
    assert 2018 not in {y for (y,) in shelf.query("SELECT year FROM ranking WHERE rate = 'grant_rate'")}
    assert shelf.query("SELECT grant_rate FROM panel WHERE year = 2018") == [(None,)]


def test_a_total_that_its_own_parts_contradict_is_marked_stands_as_printed_and_is_not_ranked(shelf: Collection) -> None:
    marked = shelf.query("SELECT year, indicator, value FROM value WHERE contradicted ORDER BY ALL")
    assert marked == [(2019, "requests_answered", 80)]
    rates = shelf.query("SELECT year, rate FROM rate WHERE contradicted ORDER BY ALL")
    assert (2019, "grant_rate") in rates and {year for year, _ in rates} == {2019}
    ranked = {y for (y,) in shelf.query("SELECT year FROM ranking WHERE rate = 'grant_rate'")}
    assert 2012 in ranked and 2019 not in ranked
    found = shelf.query(
        "SELECT year, contradicted, requests_answered, grant_rate FROM panel WHERE year IN (2012, 2019) ORDER BY 1"
    )
    assert found == [(2012, [], 80, 0.5), (2019, ["requests_answered"], 80, None)]


def test_a_correction_settles_a_contradicted_total(collection: Collection) -> None:
    """One of the total, or of a part if the sum then holds."""
    collection.load({str(year): printed(**YEARS[2019], year=year) for year in (2022, 2023, 2024)})
    asked = "SELECT year FROM value WHERE contradicted ORDER BY year"
    assert collection.query(asked) == [(2022,), (2023,), (2024,)]
    used = {2022: ("processed_total.total,80,41"), 2023: "granted.total,30,70", 2024: "granted.total,30,69"}
    lines = [f"淮安市人民政府,{year},area,requests.{what},误植,来函,张三" for year, what in used.items()]
    text = "\n".join(["issuer,year,scope,address,printed,used,reason,evidence,who", *lines, ""])
    (collection.home.root / "corrections.csv").write_text(text, "utf-8")
    collection.publish()
    assert collection.query(asked) == [(2024,)]


def test_a_year_stands_beside_the_one_before(shelf: Collection) -> None:
    found = shelf.query(
        "SELECT year, value, before, change, status_before FROM yearly_change WHERE indicator = 'granted' "
        "AND year IN (2012, 2013) ORDER BY year"
    )
    assert found == [(2012, 30, None, None, "missing"), (2013, 30, 30, 0, "number")]


@pytest.mark.parametrize(
    ("forms_by_year", "broken", "noted"),
    [
        ({2020: "2019", 2021: "2021", 2022: "2021"}, [2021], [2021, 2022]),
        # The form decides, not the year.
        ({2020: "2019", 2021: "2019", 2022: "2021"}, [2022], [2022]),
        ({2018: "2014", 2019: "2019", 2020: "2019"}, [], []),
    ],
)
def test_a_series_breaks_where_the_form_changes_what_is_counted(
    collection: Collection, forms_by_year: dict[int, str], broken: list[int], noted: list[int]
) -> None:
    penalties: dict[str, Any] = {"article20.penalty.decisions": 5}
    made = {
        str(y): document(report(year=y, form=f, facts={} if f == "2014" else penalties))
        for y, f in forms_by_year.items()
    }
    collection.load(made)
    asked = "SELECT year, broken, list_contains(notes, 'n2021') AS noted FROM yearly_change WHERE indicator = 'penalty_decisions'"
    assert collection.query(f"SELECT year FROM ({asked}) WHERE broken ORDER BY year") == [(y,) for y in broken]
    for view in (
        asked,
        asked.replace("broken, ", "").replace("yearly_change WHERE indicator = 'penalty_decisions'", "panel"),
    ):
        assert collection.query(f"SELECT year FROM ({view}) WHERE noted ORDER BY year") == [(y,) for y in noted]
    outcomes = collection.query("SELECT year FROM yearly_change WHERE indicator = 'granted' AND broken")
    assert outcomes == ([(2019,)] if 2018 in forms_by_year else [])


def test_reports_in_conflict_show_the_cells_that_differ(collection: Collection) -> None:
    collection.load(
        {"a": printed(), "b": printed(cells={"requests.granted.total": 31, "requests.carried_over.total": None})}
    )
    found = collection.query("SELECT address, lineage, printed FROM conflict_cell ORDER BY ALL")
    assert found == [
        ("requests.carried_over.total", "a", "10"),
        ("requests.carried_over.total", "b", None),
        ("requests.granted.total", "a", "30"),
        ("requests.granted.total", "b", "31"),
    ]


def test_the_panel_has_a_row_a_report_and_a_column_an_indicator(shelf: Collection) -> None:
    found = shelf.query("SELECT granted, denied, grant_rate, name FROM panel WHERE year IN (2012, 2013) ORDER BY year")
    assert found == [(30, 8, 0.5, "淮安市人民政府"), (30, None, 0.5, "淮安市人民政府")]


def test_requests_per_resident_name_their_population(collection: Collection) -> None:
    collection.load({"a": printed(issuer="江苏省人民政府", division="320000", level="province")})
    found = collection.query("SELECT round(value, 4), base_name FROM rate WHERE rate = 'requests_per_100k'")
    assert found[0][0] == pytest.approx(100_000 * 100 / 84_748_016, abs=1e-4)
    assert found[0][1].startswith("residents 2020 ")


def test_own_denominators_count_and_bad_ones_name_their_line(collection: Collection) -> None:
    (collection.home.root / DENOMINATORS).write_text(
        "division_code,year,name,value\n320800,2024,residents,1000000\n", "utf-8"
    )
    collection.load({"a": printed()})
    assert collection.query("SELECT value FROM rate WHERE rate = 'requests_per_100k'") == [(10.0,)]
    (collection.home.root / DENOMINATORS).write_text(
        "division_code,year,name,value\n320800,2024,residents,viele\n320800,2023,residents,2000000\n"
        "320899,2024,residents,5\n320800,2022,resident,5\n320800,2024,residents,-5\n320800,20,residents,5\n"
        "320500,2024,residents,5\n320500,2024,residents,6\n320000,2020,residents,100\n", "utf-8",
    )  # fmt: skip
    collection.load(
        {"b": printed(year=2023), "c": printed(issuer="江苏省人民政府", division="320000", level="province")}
    )
    # The other lines count, of contradicting ones none, and the user's own figure stands before the census's.
    found = collection.query("SELECT body_id, year, value FROM rate WHERE rate = 'requests_per_100k' ORDER BY ALL")
    assert found == [
        ("320000/government/", 2024, 100_000.0),
        ("320800/government/", 2023, 5.0),
        ("320800/government/", 2024, 5.0),
    ]
    told = collection.query("SELECT line FROM list_fault WHERE file = 'denominators.csv' ORDER BY 1")
    assert told == [(2,), (4,), (5,), (6,), (7,), (8,), (9,)]


def test_without_a_denominator_there_is_a_status_of_its_own(collection: Collection) -> None:
    collection.load({"a": printed()})
    found = collection.query("SELECT numerator, denominator, value, status FROM rate WHERE rate = 'requests_per_100k'")
    assert found == [(100, None, None, "no_denominator")]


def test_notes_travel_with_results(collection: Collection) -> None:
    collection.load({"a": printed()})
    (notes,) = collection.query("SELECT notes FROM value WHERE indicator = 'reconsideration'")[0]
    assert {"n2024", "n-dispute", "n-area"} <= set(notes) and "n2019" not in notes


def test_a_sum_of_members_stands_beside_the_parents_own_figure(collection: Collection) -> None:
    collection.load({"p": printed(issuer="江苏省人民政府", division="320000", level="province")})
    collection.load(
        {
            "a": printed(),
            "b": printed(issuer="宿迁市人民政府", division="321300", cells={"requests.new_received.total": 7}),
        }
    )
    found = collection.query(
        "SELECT members, with_value, total, own, difference FROM members WHERE indicator = 'requests_received' "
        "AND division_code = '320000' AND level = 'prefecture'"
    )
    assert found == [(13, 2, 107, 100, -7)]
    coverage = collection.query(
        "SELECT expected, reported FROM coverage WHERE level = 'prefecture' AND parent = '320000'"
    )
    assert coverage == [(13, 2)]


def test_what_changed_between_revisions_is_listed(collection: Collection) -> None:
    collection.load({"a": printed()})
    collection.load({"a": printed(cells={"requests.granted.total": 31, "requests.carried_over.total": ""})})
    found = collection.query("SELECT address, before, after, revision FROM change ORDER BY address")
    assert found == [("requests.carried_over.total", "10", "", 2), ("requests.granted.total", "30", "31", 2)]


def test_every_expected_cell_is_somewhere(collection: Collection) -> None:
    collection.load({"a": printed(unresolved=["disputes.reconsideration.total"])})
    found = collection.query(
        "SELECT table_code, expected = number + blank + mark + text + unresolved + missing, unresolved FROM completeness ORDER BY 1"
    )
    assert found == [("article20", True, 0), ("disputes", True, 1), ("requests", True, 0)]


def test_rows_of_other_editions_of_a_form_are_not_missing(collection: Collection) -> None:
    """On Fujian's form channels and kinds of reply come and go: what this edition does not print it does not have."""
    year = {"requests_received": 9, "replied": 8, "requests_in_person": 2, "requests_email": 3, "channel_gazette": 4}
    cells = {f"statistics.{row}.year": n for row, n in year.items()}
    unread = ["statistics.requests_fax.year"]
    collection.load({"a": document(report(year=2011, form="fujian", facts=cells, unresolved=unread))})
    (found,) = collection.query(
        "SELECT expected, number, unresolved, missing, not_on_form, "
        "(SELECT count(*) FROM cell WHERE form = 'fujian') AS every FROM completeness"
    )
    expected, number, unresolved, missing, other, every = found
    assert (number, unresolved, other) == (5, 1, every - expected) and expected == number + unresolved + missing
    # Both columns of every row that all editions have, and those that were printed here.
    always = sum(not row.optional for row in forms.load("fujian").tables["statistics"].rows)
    assert expected == 2 * always + 3
    answered = collection.query(
        "SELECT indicator, status, value, lower_bound FROM value WHERE indicator IN "
        "('other_outcome', 'denied', 'requests_online', 'disclosed_gazette') ORDER BY 1"
    )
    assert answered == [
        ("denied", "missing", None, None),
        ("disclosed_gazette", "number", 4, None),
        ("other_outcome", "not_on_form", None, None),
        ("requests_online", "not_on_form", None, 3),
    ]


def test_what_an_edition_lacks_says_less_than_what_could_not_be_read(collection: Collection) -> None:
    unread = ["statistics.requests_online.year"]
    collection.load({"a": document(report(year=2011, form="fujian", facts={}, unresolved=unread))})
    assert values(collection, "requests_online", 2011) == (None, None, "unresolved", None)


def test_loads_one_by_one_give_the_same_as_all_at_once(collection: Collection) -> None:
    collection.load({"a": printed(), "b": printed(year=2023)})
    collection.load({"b": printed(year=2023, cells={"requests.granted.total": 33})})
    collection.load({"c": printed(cells={"requests.granted.total": 33})})
    step_by_step = dump(collection.database)
    collection.publish(anew=True)
    assert dump(collection.database) == step_by_step


def test_only_what_changed_is_made_anew(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    collection.load({"a": printed(), "b": printed(year=2023)})
    collection.load({"c": printed(year=2022)})
    made: list[int] = []

    def counted(con: Any) -> None:
        made.append(con.execute("SELECT count(*) FROM values_new").fetchone()[0])

    monkeypatch.setattr(warehouse.values, "_indicators", counted)
    collection.load({"d": printed(year=2021)})
    # Two files take turns: this one has seen the first load, and neither of the others.
    assert made == [2]


def test_a_correction_changes_the_value(collection: Collection) -> None:
    (collection.home.root / "corrections.csv").write_text(
        "issuer,year,scope,address,printed,used,reason,evidence,who\n"
        "淮安市人民政府,2024,area,requests.granted.total,30,35,漏加,来函,张三\n", "utf-8"
    )  # fmt: skip
    collection.load({"a": printed()})
    assert values(collection, "granted") == (35, None, "number", "cells")
    assert collection.query("SELECT value FROM fact WHERE row_code = 'granted'") == [(Decimal(30),)]


def test_a_bad_line_stops_nothing_and_is_told(collection: Collection) -> None:
    (collection.home.root / "corrections.csv").write_text(
        "issuer,year,scope,period,address,printed,used,reason,evidence,who\n"
        "淮安市人民政府,去年,area,,requests.granted.total,30,35,漏加,来函,张三\n"
        "淮安市人民政府,2024,地区,,requests.granted.total,30,35,漏加,来函,张三\n"
        "江苏省淮安市,2024,area,,requests.granted.total,30,36,漏加,来函,张三\n"
        "淮安市人民政府,2024,area,half,requests.granted.total,30,37,漏加,来函,张三\n", "utf-8"
    )  # fmt: skip
    (collection.home.root / "bodies.csv").write_text("机关,期限\n沭阳县教育局,下月\n沭阳县水利局,\n", "utf-8")
    collection.load({"a": printed()})
    assert values(collection, "granted") == (36, None, "number", "cells")
    assert collection.query("SELECT state FROM correction ORDER BY line") == [("applied",), ("no_report",)]
    told = collection.query("SELECT file, line FROM list_fault ORDER BY ALL")
    assert told == [("bodies.csv", 2), ("corrections.csv", 2), ("corrections.csv", 3)]
    assert collection.query("SELECT body FROM expected WHERE kind = 'department'") == [("沭阳县水利局",)]


def test_the_census_adds_up() -> None:
    assert sum(d.value for d in indicators.census()) == 1_409_778_724
    assert len(indicators.census()) == 31


def test_a_crosswalk_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    text = 'version = "1"\nrates = []\nnotes = []\n[[indicators]]\ncode = "x"\nzh = "x"\nen = "x"\nunit = "件"\n'
    path = tmp_path / "i.toml"
    path.write_text(text + 'cells = [["requests.nonsense"]]\n', "utf-8")
    with pytest.raises(ValueError, match="no form has the cells of x"):
        indicators.load(path)
    path.write_text(text + 'cells = [["requests.granted"]]\nnotes = ["n0"]\n', "utf-8")
    indicators.load.cache_clear()
    with pytest.raises(ValueError, match="unknown notes"):
        indicators.load(path)


def test_values_made_in_slices_are_those_made_at_once(shelf: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = dump(shelf.database)
    made: list[int] = []
    whole = warehouse.values._slice

    def counted(con: Any, number: int) -> None:
        made.append(number)
        whole(con, number)

    monkeypatch.setattr(warehouse.values, "_AT_ONCE", 2)
    monkeypatch.setattr(warehouse.values, "_slice", counted)
    shelf.publish(anew=True)
    assert made == [0, 1, 2, 3, 4]
    assert dump(shelf.database) == at_once


def test_numbers_in_two_columns_are_the_same_to_the_last_place() -> None:
    amounts = ("5949.088667", "0.000001", "999999999999999999.999999", "9007199254740993", "0", "-3.5", "-0.000002")
    con = duckdb.connect()
    (table,) = (t for t in analysis.DERIVED if t.name == "indicator_value")
    con.execute(f"CREATE TABLE indicator_value ({', '.join(f'{quoted(c.name)} {c.type}' for c in table.columns)})")
    for amount in amounts:
        kept = analysis.kept(f"'{amount}'")
        con.execute(f"INSERT INTO indicator_value (value_whole, value_millionths) SELECT {kept}")
    con.execute(f"INSERT INTO indicator_value (value_whole, value_millionths) SELECT {analysis.kept('NULL')}")
    found = con.execute(f"SELECT value FROM {analysis.whole('indicator_value')}").fetchall()
    assert [v for (v,) in found] == [*map(Decimal, amounts), None]
    con.close()
