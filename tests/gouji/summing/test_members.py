"""Which drafts count: a county's, a city's and a province's, double counting, the same office twice."""

from __future__ import annotations

import pytest

from gouji.summing import Choice, Draft, Rollup, members, sum_up
from gouji.summing.sums import area_code
from schemas.facts import Extraction
from tests.gouji.offices import YEAR, emptied, given, read, truth_of
from tests.gouji.offices import issuer as issuer_of

CITY, HONGZE, XUYI, COUNTY = "320800", "320813", "320830", "321322"


def states(result: Rollup) -> dict[str, tuple[str, str]]:
    return {d.name: (d.state, d.reason.code) for d in result.drafts}


def state(extraction: Extraction, *beside: Extraction, area: str = CITY) -> tuple[str, str]:
    result = sum_up([extraction, *beside], area=area)
    draft: Draft = result.drafts[0]
    return draft.state, draft.reason.code


HONGZE_AREA = given("淮安市洪泽区人民政府", "government", "area", HONGZE, level="county")
YUNLONG_ZONE = given("淮安经济技术开发区管理委员会", "zone", "area", CITY, level="zone")

# Each draft is judged beside Hongze's own sum, in a roll-up of Huai'an.
CASES: dict[str, tuple[Extraction, tuple[str, str]]] = {
    "the city's office": (given("淮安市人民政府办公室", "office", "office", CITY), ("counted", "own_office")),
    "the city's government, office only": (
        given("淮安市人民政府", "government", "office", CITY),
        ("counted", "own_office"),
    ),
    "a department": (given("淮安市教育局", "department", "body", CITY), ("counted", "department")),
    "a lower area": (given("盱眙县人民政府", "government", "area", XUYI), ("counted", "lower_area")),
    "a lower area by its office": (given("盱眙县人民政府办公室", "office", "area", XUYI), ("counted", "lower_area")),
    "a zone of the city": (given("淮安经济技术开发区管理委员会", "zone", "body", CITY), ("counted", "zone")),
    "the city's own sum": (given("淮安市人民政府", "government", "area", CITY), ("left_out", "the_sum_itself")),
    "a vertical agency": (given("国家税务总局淮安市税务局", "vertical", "body", CITY), ("left_out", "vertical")),
    "a vertical agency below": (
        given("国家税务总局洪泽区税务局", "vertical", "body", HONGZE),
        ("left_out", "vertical"),
    ),
    "the office of a summed area": (
        given("淮安市洪泽区人民政府办公室", "office", "office", HONGZE),
        ("left_out", "in_the_sum_of"),
    ),
    "a department of a summed area": (
        given("洪泽区教育局", "department", "body", HONGZE),
        ("left_out", "in_the_sum_of"),
    ),
    "a township of a summed area": (
        given("洪泽区岔河镇人民政府", "township", "body", HONGZE),
        ("left_out", "in_the_sum_of"),
    ),
    "an office whose area is not here": (
        given("盱眙县人民政府办公室", "office", "office", XUYI),
        ("doubtful", "lower_office"),
    ),
    "a department whose area is not here": (
        given("盱眙县教育局", "department", "body", XUYI),
        ("doubtful", "lower_body"),
    ),
    "a township whose area is not here": (
        given("盱眙县马坝镇人民政府", "township", "body", XUYI),
        ("doubtful", "lower_body"),
    ),
    "a lower government of unknown scope": (
        given("盱眙县人民政府", "government", "unknown", XUYI),
        ("doubtful", "lower_unclear"),
    ),
    "the city of unknown scope": (given("淮安市人民政府", "government", "unknown", CITY), ("doubtful", "own_or_area")),
    "the city's own level": (given("淮安市人民政府", "government", "level", CITY), ("doubtful", "own_level")),
    "a department's whole system": (given("淮安市教育局", "department", "system", CITY), ("doubtful", "system")),
    "another city's department": (given("宿迁市教育局", "department", "body", "321300"), ("doubtful", "elsewhere")),
    "a name without a place": (given("教育局", "department", "body", None), ("doubtful", "no_place")),
    "nobody knows what": (given("某某", None, "unknown", CITY), ("doubtful", "no_kind")),
    "no name": (given(None, None, "unknown", None, file="x.docx"), ("doubtful", "no_kind")),
    "another year": (given("淮安市教育局", "department", "body", CITY, year=YEAR - 1), ("left_out", "other_year")),
    "no year": (given("淮安市教育局", "department", "body", CITY, year=None), ("doubtful", "no_year")),
    "half a year": (given("淮安市教育局", "department", "body", CITY, period="half"), ("left_out", "not_a_year")),
    "another form": (given("淮安市教育局", "department", "body", CITY, form="2019"), ("doubtful", "other_form")),
    "no tables": (given("淮安市教育局", "department", "body", CITY, facts=[]), ("left_out", "no_tables")),
}


@pytest.mark.parametrize("case", CASES)
def test_who_counts_in_a_citys_sum(case: str) -> None:
    draft, expected = CASES[case]
    # Others of the city's make the year and the form plain.
    assert state(draft, HONGZE_AREA, given("淮安市民政局", "department", "body", CITY)) == expected


def test_a_province_takes_cities_not_what_lies_in_them() -> None:
    result = sum_up(
        [
            given("淮安市人民政府", "government", "area", CITY),
            HONGZE_AREA,
            given("宿迁市宿城区人民政府", "government", "area", "321302"),
            given("江苏省教育厅", "department", "body", "320000"),
        ],
        area="320000",
    )
    assert states(result) == {
        "淮安市人民政府": ("counted", "lower_area"),
        "淮安市洪泽区人民政府": ("left_out", "in_the_sum_of"),
        "宿迁市宿城区人民政府": ("doubtful", "two_levels_down"),
        "江苏省教育厅": ("counted", "department"),
    }


def test_a_zone_and_its_departments() -> None:
    own = given("淮安经济技术开发区财政局", "department", "body", CITY, level="zone")
    assert state(own, given("淮安市教育局", "department", "body", CITY)) == ("doubtful", "zone_missing")
    assert state(own, YUNLONG_ZONE) == ("left_out", "in_the_sum_of")
    alone = given("淮安经济技术开发区管理委员会", "zone", "body", CITY, level="zone")
    assert state(own, alone) == ("doubtful", "in_the_zone")


def test_a_county_counts_departments_that_sum_up_what_is_theirs() -> None:
    assert state(given("沭阳县教育局", "department", "area", COUNTY), area=COUNTY) == ("counted", "department")


@pytest.mark.parametrize(
    "name, others, expected",
    [
        ("甲镇人民政府", [], ("counted", "township_by_others")),
        ("甲镇人民政府", [given("盱眙县民政局", "department", "body", XUYI)], ("doubtful", "no_place")),
        ("丙县甲镇人民政府", [], ("doubtful", "no_place")),
    ],
)
def test_a_townships_bare_name_is_of_the_county_that_is_named_and_that_all_others_are_of(
    name: str, others: list[Extraction], expected: tuple[str, str]
) -> None:
    beside = [given(f"沭阳县{n}局", "department", "body", COUNTY) for n in ("教育", "民政", "财政")] + others
    town = given(name, "township", "body", None)
    assert state(town, *beside, area=COUNTY) == expected
    unasked = sum_up([town, *beside])
    assert states(unasked)[name] == ("doubtful", "no_place")
    settled = members.settled_by_area(unasked.doubtful, unasked)
    assert settled == ("沭阳县" if expected[0] == "counted" else "")


# -- which area ------------------------------------------------------------------------------------------------------


def test_the_area_follows_from_the_drafts() -> None:
    towns = [given(f"沭阳县{n}镇人民政府", "township", "body", COUNTY) for n in "甲乙丙"]
    assert sum_up([*towns, given("国家税务总局淮安市税务局", "vertical", "body", CITY)]).division_code == COUNTY
    result = sum_up([HONGZE_AREA, given("盱眙县人民政府", "government", "area", XUYI)])
    assert (result.division_code, result.issuer) == (CITY, "淮安市人民政府")
    assert len(result.counted) == 2


def test_an_area_that_the_drafts_leave_open_is_not_guessed() -> None:
    result = sum_up(
        [given("沭阳县教育局", "department", "body", COUNTY), given("盱眙县教育局", "department", "body", XUYI)]
    )
    assert result.division_code is None
    assert {s for s, _ in states(result).values()} == {"doubtful"}
    assert {c for _, c in states(result).values()} == {"no_area"}


def test_the_own_office_decides() -> None:
    other = [given(f"沭阳县{n}局", "department", "body", COUNTY) for n in "甲乙丙"]
    own = given("盱眙县人民政府办公室", "office", "office", XUYI, file="own.docx")
    result = sum_up(other, own=[own])
    assert result.division_code == XUYI
    assert [d.name for d in result.counted] == ["盱眙县人民政府办公室"]
    wrong = given("盱眙县人民政府", "government", "area", XUYI, file="own.docx")
    assert [(d.state, d.reason.code) for d in sum_up([], own=[wrong]).drafts] == [("doubtful", "own_is_area")]


def test_the_issuer_is_written_without_doubt() -> None:
    # Several districts are called 鼓楼区.
    result = sum_up([given("南京市鼓楼区教育局", "department", "body", "320106")])
    assert result.issuer == "南京市鼓楼区人民政府"
    assert sum_up([given("沭阳县教育局", "department", "body", COUNTY)]).issuer == "沭阳县人民政府"


def test_areas_by_name_or_code() -> None:
    assert area_code("沭阳县") == area_code("321322") == COUNTY
    for wrong, word in (("鼓楼区", "320106"), ("没有县", "没有县"), ("999999", "999999")):
        with pytest.raises(LookupError, match=word):
            area_code(wrong)


# -- the same office twice -------------------------------------------------------------------------------------------


def twice(second: Extraction, *choices: Choice) -> Rollup:
    first = given("沭阳县马厂镇人民政府", "township", "body", COUNTY, file="一.docx")
    return sum_up([first, second], area=COUNTY, choices=choices)


def test_the_same_figures_count_once() -> None:
    result = twice(given("沭阳县马厂镇", "township", "body", COUNTY, file="二.docx"))
    assert [(d.file, d.state, d.reason.code) for d in result.drafts] == [
        ("一.docx", "counted", "township"),
        ("二.docx", "left_out", "same_again"),
    ]
    assert result.values["requests.granted.total"] == 1
    assert "与 一.docx 是同一单位" in str(result.drafts[1].reason)
    # Of two files of one name the folder tells which.
    again = twice(given("沭阳县马厂镇", "township", "body", COUNTY, file="另/一.docx"))
    assert "/一.docx 是同一单位" in str(again.drafts[1].reason) and again.drafts[1].file == "一.docx"


def test_different_figures_wait_for_a_choice() -> None:
    second = given("沭阳县马厂镇人民政府", "township", "body", COUNTY, {"requests.granted.total": 2}, file="二.docx")
    result = twice(second)
    assert [d.reason.code for d in result.doubtful] == ["rivals", "rivals"]
    assert not result.counted
    result = twice(second, Choice(1, "二.docx", "include", None, None, "以后报的为准", ""))
    assert [(d.file, d.state, d.reason.code) for d in result.drafts] == [
        ("一.docx", "left_out", "rival_chosen"),
        ("二.docx", "counted", "chosen_in"),
    ]
    assert result.values["requests.granted.total"] == 2


def test_the_own_office_given_and_among_the_drafts_counts_once() -> None:
    own = given("沭阳县人民政府办公室", "office", "office", COUNTY, file="own.docx")
    among = given("沭阳县人民政府办公室", "office", "office", COUNTY, file="办公室.docx")
    result = sum_up([among], own=[own])
    assert [(d.file, d.state) for d in result.drafts] == [("own.docx", "counted"), ("办公室.docx", "left_out")]


def test_a_blank_and_a_figure_are_not_the_same() -> None:
    second = emptied(
        given("沭阳县马厂镇人民政府", "township", "body", COUNTY, file="二.docx"), ["requests.granted.total"]
    )
    assert len(twice(second).doubtful) == 2


def test_equal_figures_of_two_offices_are_pointed_out() -> None:
    result = sum_up(
        [given(f"沭阳县{n}局", "department", "body", COUNTY, {"requests.granted.total": 7}) for n in "甲乙"],
        area=COUNTY,
    )
    assert len(result.counted) == 2
    assert [f.severity for f in result.findings if f.rule == "batch.duplicate"] == ["warning", "warning"]


# -- as the reader identifies them -----------------------------------------------------------------------------------


def test_documents_are_told_apart_as_read() -> None:
    offices = [
        issuer_of("沭阳县人民政府办公室", "office", scope="office"),
        issuer_of("沭阳县教育局"),
        issuer_of("沭阳县马厂镇人民政府", "township", "township"),
        issuer_of("国家税务总局沭阳县税务局", "vertical"),
        issuer_of("沭阳县人民政府", "government", scope="area"),
        issuer_of("淮安市教育局", level="prefecture"),
    ]
    result = sum_up([read(truth_of(o, i)) for i, o in enumerate(offices)])
    assert states(result) == {
        "沭阳县人民政府办公室": ("counted", "own_office"),
        "沭阳县教育局": ("counted", "department"),
        "沭阳县马厂镇人民政府": ("counted", "township"),
        "国家税务总局沭阳县税务局": ("left_out", "vertical"),
        "沭阳县人民政府": ("left_out", "the_sum_itself"),
        "淮安市教育局": ("doubtful", "elsewhere"),
    }


def test_a_zone_is_summed_by_the_government_it_answers_to() -> None:
    def zone(name: str, code: str) -> str | None:
        return members.area_of([given(name, "zone", "area", code, level="zone").reports[0]]).code

    assert zone("平潭综合实验区", "350128") == "350000"
    assert zone("沭阳经济技术开发区", COUNTY) == COUNTY
