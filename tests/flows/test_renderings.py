"""The same report as page and as attachment: one counts, both are compared, a difference is told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from .helpers import Collection, document, report

PAGE, FILE = "https://a.gov.cn/p.html", "https://a.gov.cn/f.docx"
FIGURES = {
    f"requests.{row}.total": n
    for n, row in enumerate(("new_received", "granted", "carried_over", "processed_total"), 3)
}
OTHER = {**FIGURES, "requests.granted.total": 9}


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def printed(facts: dict[str, Any], title: str = "年度报告", **more: Any) -> str:
    return document(report(facts=facts, title=title, **more))


def standings(collection: Collection) -> dict[str, str]:
    return dict(collection.query("SELECT lineage, standing FROM report WHERE is_current"))


def told(collection: Collection) -> list[tuple[Any, ...]]:
    return collection.query(
        "SELECT rule, lineage, cells, printed, expected, difference FROM finding JOIN report USING (report_key) "
        "WHERE rule LIKE 'batch.%' ORDER BY 1, 2"
    )


def test_renderings_that_agree_are_one_and_nothing_is_said(collection: Collection) -> None:
    collection.load({PAGE: printed(FIGURES), FILE: printed(FIGURES, "附件")}, publication=PAGE)
    assert sorted(standings(collection).values()) == ["copy", "preferred"]
    assert told(collection) == []
    assert collection.query("SELECT sum(total) FROM requests WHERE row_code = 'new_received'") == [(3,)]


def test_a_difference_is_told_and_no_value_is_made_of_it(collection: Collection) -> None:
    more = {**OTHER, "requests.carried_forward.total": 1}
    collection.load({PAGE: printed(FIGURES), FILE: printed(more)}, publication=PAGE)
    assert standings(collection) == {PAGE: "copy", FILE: "preferred"}
    cell = "requests.granted.total"
    assert told(collection) == [("batch.renderings", FILE, [cell], Decimal(9), Decimal(4), Decimal(5))]
    (message,) = collection.query("SELECT message FROM finding WHERE rule = 'batch.renderings'")[0]
    assert PAGE in message and "予以公开" in message and "9" in message and "4" in message
    values = dict(collection.query("SELECT indicator, status FROM value"))
    assert values["granted"] == "conflict"
    assert values["requests_received"] == "number"
    # Mended at its place: nothing is left of it.
    collection.load({PAGE: printed(more, "改")}, publication=PAGE)
    assert told(collection) == []
    assert dict(collection.query("SELECT indicator, status FROM value"))["granted"] == "number"


def test_of_two_with_as_many_figures_the_one_whose_sums_hold_counts(collection: Collection) -> None:
    for year, one, other in ((2023, FILE, PAGE), (2024, PAGE, FILE)):
        good, bad = f"{one}?{year}", f"{other}?{year}"
        files = {bad: printed(FIGURES, bad=1, year=year), good: printed(OTHER, year=year)}
        collection.load(files, publication=f"{PAGE}?{year}")
        assert standings(collection)[good] == "preferred" and standings(collection)[bad] == "copy"


def test_a_blank_beside_a_figure_is_a_difference_and_beside_a_zero_none(collection: Collection) -> None:
    zero = {**FIGURES, "requests.granted.total": 0}
    collection.load(
        {PAGE: printed(FIGURES), FILE: printed({**FIGURES, "requests.granted.total": ""})}, publication=PAGE
    )
    assert [(rule, cells) for rule, _, cells, *_ in told(collection)] == [
        ("batch.renderings", ["requests.granted.total"])
    ]
    collection.load({PAGE: printed(zero), FILE: printed({**zero, "requests.granted.total": ""})}, publication=PAGE)
    assert told(collection) == []


def test_reports_of_other_publications_still_disagree(collection: Collection) -> None:
    collection.load({PAGE: printed(FIGURES), FILE: printed(FIGURES, "附件")}, publication=PAGE)
    collection.load({"https://b.gov.cn/p.html": printed(OTHER)}, publication="https://b.gov.cn/p.html")
    assert sorted(standings(collection).values()) == ["conflict", "conflict", "copy"]
    assert [rule for rule, *_ in told(collection)] == ["batch.duplicate"] * 2


def test_several_bodies_reports_of_one_page_are_no_renderings(collection: Collection) -> None:
    files = {f"{FILE}?{n}": printed(FIGURES, issuer=f"淮安市第{n}局") for n in range(3)}
    files[PAGE] = printed(OTHER, scope="office")
    collection.load(files, publication=PAGE)
    assert set(standings(collection).values()) == {"preferred"}


@pytest.mark.parametrize("unknown", [{"scope": "unknown"}, {"issuer": None, "division": None}, {"year": None}])
def test_a_rendering_whose_identity_is_not_known(collection: Collection, unknown: dict[str, Any]) -> None:
    many = {**FIGURES, "requests.carried_forward.total": 7}
    collection.load(
        {PAGE: printed(many), FILE: printed({**many, "requests.granted.total": 9}, **unknown)}, publication=PAGE
    )
    assert standings(collection) == {PAGE: "preferred", FILE: "copy"}
    assert [rule for rule, *_ in told(collection)] == ["batch.renderings"]
    # Others' figures: something else.
    other = {k: v + 50 for k, v in many.items()}
    collection.load({FILE: printed(other, **unknown)}, publication=PAGE)
    assert told(collection) == []
    assert standings(collection)[FILE] == ("preferred" if "scope" in unknown else "unidentified")


def test_what_may_belong_to_two_belongs_to_none(collection: Collection) -> None:
    """An attachment without a scope beside a page with two reports: the area's and the office's."""
    page = document(report(facts=FIGURES), report(facts=OTHER, scope="office"))
    collection.load(
        {PAGE: page, FILE: printed({**FIGURES, "requests.carried_forward.total": 7}, scope="unknown")}, publication=PAGE
    )
    assert standings(collection)[FILE] == "preferred"
    assert told(collection) == []


def test_a_page_with_the_text_and_its_attachment_with_the_tables_are_parts(collection: Collection) -> None:
    more = {"disputes.reconsideration.total": 2}
    collection.load(
        {
            PAGE: printed(more, statements=1),
            FILE: printed({"requests.granted.total": 4, "requests.carried_over.total": 1}),
        },
        publication=PAGE,
    )
    assert standings(collection) == {PAGE: "part", FILE: "preferred"}
    assert collection.query("SELECT total FROM disputes") == [(2,)]
    found = dict(collection.query("SELECT indicator, value FROM value WHERE status = 'number'"))
    assert (found["granted"], found["reconsideration"], found["requests_received"]) == (4, 2, 5)
