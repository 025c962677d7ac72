"""One report counts for a body, a year, a scope: copies, renderings, conflicts, corrected identities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .helpers import Collection, document, report

FIGURES = {
    f"requests.{row}.total": n
    for n, row in enumerate(("new_received", "granted", "carried_over", "processed_total"), 3)
}


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def printed(facts: dict[str, Any] | None = None, title: str = "年度报告", **more: Any) -> str:
    return document(report(facts=FIGURES if facts is None else facts, title=title, **more))


def standings(collection: Collection) -> dict[str, str]:
    return dict(collection.query("SELECT lineage, standing FROM report WHERE is_current"))


def total(collection: Collection, row: str = "new_received") -> Any:
    return collection.query(f"SELECT sum(total) FROM requests WHERE row_code = '{row}'")[0][0]


def test_two_names_of_one_body_count_once(collection: Collection) -> None:
    collection.load({"a": printed(issuer="洪泽区人民政府", division="320813")})
    collection.load({"b": printed(issuer="淮安市洪泽区人民政府", division="320813")})
    assert standings(collection) == {"a": "preferred", "b": "copy"}
    assert total(collection) == 3
    assert collection.query("SELECT count(*) FROM all_requests WHERE row_code = 'granted'") == [(2,)]
    originals = "SELECT p.lineage FROM report c JOIN report p ON p.report_key = c.copy_of"
    assert collection.query(originals) == [("a",)]
    names = {
        n
        for (n,) in collection.query(
            "SELECT name FROM alias WHERE body_id = '320813/government/' AND source = 'report'"
        )
    }
    assert names == {"洪泽区人民政府", "淮安市洪泽区人民政府"}


def test_reports_that_disagree_are_flagged_and_neither_counts(collection: Collection) -> None:
    collection.load({"a": printed()})
    collection.load({"b": printed({**FIGURES, "requests.granted.total": 9})})
    assert standings(collection) == {"a": "conflict", "b": "conflict"}
    assert total(collection) is None
    assert collection.query("SELECT report_key, len(reports), conflict FROM preferred") == [(None, 2, True)]
    assert collection.query("SELECT DISTINCT status, value FROM value") == [("conflict", None)]


def test_a_rendering_with_more_cells_counts(collection: Collection) -> None:
    collection.load({"a": printed({"requests.new_received.total": 3})})
    collection.load({"b": printed()})
    assert standings(collection) == {"a": "copy", "b": "preferred"}


def test_an_unknown_scope_with_the_figures_of_a_known_one_is_its_copy(collection: Collection) -> None:
    collection.load({"a": printed()})
    collection.load({"b": printed(scope="unknown", title="另一标题")})
    assert standings(collection) == {"a": "preferred", "b": "copy"}
    collection.load({"c": printed({**FIGURES, "requests.granted.total": 9}, scope="unknown")})
    assert standings(collection)["c"] == "preferred"


def test_office_and_area_both_count(collection: Collection) -> None:
    collection.load({"a": printed()})
    collection.load({"b": printed(scope="office")})
    assert standings(collection) == {"a": "preferred", "b": "preferred"}


def test_without_a_body_or_year_a_report_does_not_count(collection: Collection) -> None:
    collection.load({"a": printed(issuer=None, division=None), "b": printed(year=None)})
    assert set(standings(collection).values()) == {"unidentified"}
    assert total(collection) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": 2023},
        {"issuer": "淮阴区人民政府", "division": "320804"},
        {"scope": "unknown"},
        {"issuer": None, "division": None},
    ],
)
def test_an_identity_corrected_at_its_place_is_a_revision(collection: Collection, wrong: dict[str, Any]) -> None:
    collection.load({"a": printed(**wrong)})
    collection.load({"a": printed({**FIGURES, "requests.carried_forward.total": 7})})
    assert collection.query("SELECT year, issuer, is_current FROM report WHERE is_current") == [
        (2024, "淮安市人民政府", True)
    ]
    assert total(collection) == 3


def test_next_years_report_at_the_same_place_replaces_nothing(collection: Collection) -> None:
    collection.load({"a": printed(year=2023)})
    collection.load({"a": printed({k: v + 20 for k, v in FIGURES.items()})})
    assert collection.query("SELECT year FROM report WHERE is_current ORDER BY 1") == [(2023,), (2024,)]


def test_unknown_issuers_at_one_place_do_not_pile_up(collection: Collection) -> None:
    for n in (1, 2, 3):
        collection.load({"a": printed({"requests.granted.total": n}, issuer=None, division=None)})
    assert collection.query("SELECT count(*) FROM report WHERE is_current") == [(1,)]


def test_an_area_drawn_up_by_the_office_is_the_governments(collection: Collection) -> None:
    office = {"issuer": "淮安市人民政府办公室", "kind": "office"}
    collection.load({"a": printed(), "b": printed(**office)}, publish=False)
    collection.load({"c": printed(scope="office", **office)})
    assert sorted(standings(collection).values()) == ["copy", "preferred", "preferred"]
    found = collection.query("SELECT issuer_id, name, kind FROM issuer ORDER BY 1")
    assert [(i, n) for i, n, _ in found] == [
        ("320800/government/", "淮安市人民政府"),
        ("320800/office/", "淮安市人民政府办公室"),
    ]
    assert collection.query("SELECT reported FROM coverage WHERE level = 'prefecture' AND parent = '320000'") == [(1,)]


def test_of_copies_the_one_with_more_figures_counts_whatever_its_bytes(collection: Collection) -> None:
    blank = {**FIGURES, "requests.new_received.total": ""}
    for n, city in enumerate(("320100", "320200", "320300", "320400", "320500")):
        name = {"issuer": f"市{n}人民政府", "division": city}
        collection.load({f"{n}a": printed(blank, **name), f"{n}b": printed(**name)}, publish=n == 4)
    assert {k for k, v in standings(collection).items() if v == "preferred"} == {f"{n}b" for n in range(5)}
