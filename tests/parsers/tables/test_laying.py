"""Rows of pieces against the form's columns: which placings the sums leave, and what stays open."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.tables.laying import Laid, lay
from parsers.tables.placing import Line, Parting
from schemas import forms
from schemas.facts import Place

FORM = forms.load("2021")
TABLE = FORM.tables["requests"]
COLUMNS = tuple(c.code for c in TABLE.columns)


def _line(row: str, pieces: str, parting: Parting) -> Line:
    """``pieces`` are parted by bars, or are one stretch."""
    cells = tuple(p.strip() for p in pieces.split("|")) if parting != "none" else (pieces,)
    return Line("requests", tuple((row, c) for c in COLUMNS), (cells,), pieces, Place(), parting)


def _lay(parting: Parting, **rows: str) -> tuple[dict[str, Laid], set[tuple[str, str]]]:
    spent: set[tuple[str, str]] = set()
    lines = [_line(row, pieces, parting) for row, pieces in rows.items()]
    return dict(zip(rows, lay(lines, FORM, None, spent), strict=True)), spent


def _agreed(laid: Laid) -> dict[str, str]:
    ways = laid.ways or []
    return {c: ways[0][i] for i, c in enumerate(COLUMNS) if ways and len({w[i] for w in ways}) == 1}


def test_cells_that_are_all_there_stand_in_order() -> None:
    laid, spent = _lay("cells", granted="3 | | | | 1 | | 4")
    assert laid["granted"].ways == [("3", "", "", "", "1", "", "4")]
    assert (laid["granted"].method, spent) == ("order", set())


# Figures of six rows that leave no column empty, and of one with blanks, with a place between them for what fills up.
SIX = ["3|0|0|0|1|0|4", "|2|||||2", "1|||5|||6", "|||||7|7", "0|0|1|0|0|0|1", "3||||1||4"]


def _six(*, front: str = "", behind: str = "", within: str = "") -> dict[str, str]:
    codes = [r.code for r in TABLE.rows[3:9]]
    rows = ["|".join((*row.split("|")[:4], *([within] if within else []), *row.split("|")[4:])) for row in SIX]
    return {code: f"{front}{row}{behind}" for code, row in zip(codes, rows, strict=True)}


@pytest.mark.parametrize(
    "spare", [{"behind": "|"}, {"behind": "||"}, {"front": "||"}, {"front": "|", "behind": "||"}, {"within": " "}]
)
def test_what_fills_up_rows_stands_at_the_same_places_in_all_of_them(spare: dict[str, str]) -> None:
    laid, _ = _lay("cells", **_six(**spare))
    assert [one.ways for one in laid.values()] == [[tuple(row.split("|"))] for row in SIX]


def test_a_row_that_is_filled_up_otherwise_than_the_others_is_open() -> None:
    rows = _six(behind="|") | {TABLE.rows[8].code: "|3||||1||4"}
    laid, _ = _lay("cells", **rows)
    # It has as many cells as they have, and something where they have nothing: whose places are wrong is not known.
    assert not {"1", "3"} & set(_agreed(laid[TABLE.rows[8].code]).values())
    assert not {"1", "5"} & set(_agreed(laid[TABLE.rows[5].code]).values())
    rows = _six(behind="|") | {TABLE.rows[8].code: "3||||1||4|||"}
    laid, _ = _lay("cells", **rows)
    assert laid[TABLE.rows[3].code].ways == [("3", "0", "0", "0", "1", "0", "4")]
    assert not {"1", "3"} & set(_agreed(laid[TABLE.rows[8].code]).values())


def test_rows_that_none_of_their_cells_left_are_read_where_they_add_up() -> None:
    """What fills them up is of any length, and behind all of them."""
    ends = ["", "|", "||", "", "|", "|"]
    rows = {r.code: row + end for r, row, end in zip(TABLE.rows[3:9], SIX, ends, strict=True)}
    laid, _ = _lay("cells", **rows)
    assert [one.ways for one in laid.values()] == [[tuple(row.split("|"))] for row in SIX]
    # One that does not add up as it stands may have lost its blanks, and one of zeros too.
    for short in ("3|1|4||||||", "0|0|0||||||"):
        rows[TABLE.rows[4].code] = short
        laid, _ = _lay("cells", **rows)
        assert not {"1", "3", "0"} & set(_agreed(laid[TABLE.rows[4].code]).values())
        assert laid[TABLE.rows[3].code].ways == [tuple(SIX[0].split("|"))]


def test_one_row_alone_tells_its_total_and_not_which_of_its_blanks_fill_it_up() -> None:
    laid, _ = _lay("cells", granted="| 3 | | | 1 | | | | 4 |")
    agreed = _agreed(laid["granted"])
    assert agreed["total"] == "4" and not {"1", "3"} & set(agreed.values())
    # Two figures are equal by chance as well.
    laid, _ = _lay("cells", granted="| 4 | | | 0 | | | | 4 |")
    assert "4" not in _agreed(laid["granted"]).values()
    # Nothing but the total's own place is left for the last one of seven.
    laid, _ = _lay("cells", granted="3 | | | | 1 | | 4 | |")
    assert laid["granted"].ways == [("3", "", "", "", "1", "", "4")]


def test_a_figure_too_many_is_not_pressed_into_the_columns() -> None:
    laid, _ = _lay("cells", granted="1 | 3 | | | | 1 | | 4")
    assert not _agreed(laid["granted"])


def test_a_blank_total_is_seen_by_what_other_rows_are() -> None:
    """Two equal figures beside lost blanks are a part and the total, but where totals are left out."""
    laid, _ = _lay("lines", granted="3 | 3", partially_granted="1 | 2 | 3", carried_over="4 | 4")
    assert _agreed(laid["granted"]) == {"total": "3"}
    others = {"new_received": "5 | 2", "processed_total": "8 | 1 | 1"}
    rows = {"granted": "3 | 3", "partially_granted": "1 | 2 | 3", "carried_over": "4 | 4"}
    more = {r.code: "1 | 1" for r in TABLE.rows[4:14]}
    laid, _ = _lay("lines", **rows, **others, **more)
    assert not _agreed(laid["granted"])


def test_lost_blanks_leave_the_total_certain_and_the_rest_open() -> None:
    laid, spent = _lay("lines", granted="3 | 1 | 4")
    assert _agreed(laid["granted"]) == {"total": "4"}
    assert spent == {("requests.applicants", "granted")}


def test_lost_blanks_without_a_sum_leave_everything_open() -> None:
    laid, _ = _lay("lines", granted="3 | 1 | 5")
    assert _agreed(laid["granted"]) == {}
    assert laid["granted"].reason == "count"


def test_a_column_too_many_beside_a_blank_one_is_noticed() -> None:
    """Numbers of the rows in front, and a blank column that left no trace: seven figures, none in its place."""
    laid, _ = _lay(
        "lines",
        granted="1 | 30 | 2 | 1 | 1 | 1 | 35",
        partially_granted="2 | 20 | 2 | 1 | 1 | 1 | 25",
        denied_state_secret="3 | 10 | 2 | 1 | 1 | 1 | 15",
    )
    assert [one.ways for one in laid.values()] == [None, None, None]


def test_one_wrong_total_among_right_ones_is_printed_so() -> None:
    laid, _ = _lay("lines", **{r.code: "3 | 0 | 0 | 0 | 1 | 0 | 4" for r in TABLE.rows[3:9]}, granted="3|0|0|0|1|0|5")
    assert _agreed(laid["granted"])["total"] == "5"


def test_spaces_are_borders_where_lines_add_up_group_by_group() -> None:
    laid, _ = _lay("none", granted="213 14 1 6 2 236", partially_granted="37 2 1 40", carried_over="14 3 17")
    assert [_agreed(one)["total"] for one in laid.values()] == ["236", "40", "17"]
    assert all("21" not in way for way in laid["granted"].ways or [])


def test_spaces_are_nothing_where_lines_do_not_add_up_by_them() -> None:
    laid, _ = _lay("none", granted="300 0001 31", partially_granted="20 00 00 2", carried_over="5 0 00 0 05")
    assert _agreed(laid["partially_granted"])["total"] == "2"


def test_digits_are_not_cut_where_blanks_are_meant() -> None:
    laid, _ = _lay("none", granted="1111114", partially_granted="1 1", carried_over="22")
    assert laid["granted"].ways is None


def test_a_line_that_does_not_add_up_where_blanks_are_lost_may_have_lost_one_too() -> None:
    laid, _ = _lay("lines", granted="3|0|0|0|1|0|4", partially_granted="5 | 5", carried_over="7|1|4|1|9|2|9")
    assert laid["carried_over"].ways is None
    assert _agreed(laid["granted"])["total"] == "4"


def test_lines_of_which_too_many_add_up_in_no_way_lost_figures_and_no_blanks() -> None:
    """Programs that walk a page column by column leave two or three figures beside each label."""
    laid, _spent = _lay(
        "lines",
        granted="11 | 0",
        partially_granted="28 | 5",
        denied_state_secret="2 | 2",
        denied_prohibited_by_law="23 | 0",
    )
    assert all(one.ways is None and one.reason == "count" for one in laid.values())
    # Where they add up, blanks are what left no trace.
    laid, _ = _lay("lines", granted="11 | 11", partially_granted="28 | 5 | 33", denied_state_secret="2 | 2")
    assert [_agreed(one).get("total") for one in laid.values()] == ["11", "33", "2"]


# --- a placing is believed only if it is the only one


def _placings(pieces: list[str], parting: Parting) -> set[tuple[str, ...]]:
    """Every way to put pieces into seven columns, written down without regard to sums."""
    n = len(COLUMNS)
    filled = [p for p in pieces if p]
    if parting == "cells" and len(pieces) >= n:
        chosen = {tuple(pieces[k] for k in columns) for columns in combinations(range(len(pieces)), n)}
        found = {way for way in chosen if sum(map(bool, way)) == len(filled)}
        if any(not _broken(way, whole=True) for way in found) or len(pieces) == n == len(filled):
            return found
    places = combinations(range(n), len(filled))
    return {tuple(dict(zip(at, filled, strict=True)).get(i, "") for i in range(n)) for at in places if filled}


def _broken(way: tuple[str, ...], *, whole: bool) -> bool:
    """``whole``: its blanks are seen, and the total may be one beside no more than two figures."""
    numbers = [int(p or 0) for p in way]
    if whole and not way[-1] and sum(map(bool, numbers)) < 3:
        return False
    return any(numbers) and numbers[-1] != sum(numbers[:-1])


@given(
    pieces=st.lists(st.sampled_from(["", "", "0", "0", "1", "2", "3"]), min_size=1, max_size=10),
    total=st.booleans(),
    parting=st.sampled_from(["cells", "lines"]),
)
def test_a_row_is_solved_only_where_one_placing_alone_adds_up(pieces: list[str], total: bool, parting: Parting) -> None:
    """Zeros and blanks add up in every column: no way of placing them is better than another."""
    if total:
        at = max((i for i, p in enumerate(pieces) if p), default=0)
        pieces[at] = str(sum(int(p or 0) for p in pieces[:at]))
    laid, _ = _lay(parting, granted=" | ".join(pieces))
    ways = set(laid["granted"].ways or [])
    every = _placings(pieces, parting)
    whole = parting == "cells" and len(pieces) >= len(COLUMNS)
    fitting = {way for way in every if not _broken(way, whole=whole)}
    if laid["granted"].ways is not None:
        # Where blanks are seen, two equal figures are not taken for a part and its total.
        much = any(sum(p not in ("", "0") for p in way[:-1]) > 1 for way in fitting if not _broken(way, whole=False))
        filled = max((k + 1 for k, p in enumerate(pieces) if p), default=0)
        seen = parting == "cells" and "" in pieces[:filled]
        sure = (much or not seen) and (not whole or any(not _broken(way, whole=False) for way in every))
        assert ways == (fitting if fitting and sure else every)


def test_rows_that_lost_blanks_at_their_ends_are_open() -> None:
    # One sum alone says of no other row where it stands, and a row that is wrong in print is where the others are.
    laid, _ = _lay("cells", granted="|2|1|3||6|12", partially_granted="||1", carried_over="4|||||1|6", new_received="3")
    assert not _agreed(laid["new_received"]) and not _agreed(laid["partially_granted"])
    # Two equal figures are no sum: the second may be the last part, and the total blank or wrong.
    laid, _ = _lay("cells", granted="||||3|3", partially_granted="||0", carried_over="|||||3|3", new_received="||||0|0")
    assert not any(_agreed(one) for one in laid.values())


def test_sums_of_columns_choose_no_places_of_blanks() -> None:
    """They may be wrong in print, and then the place that they choose is."""
    rows = {"new_received": "||||||0", "carried_over": "3|3", "processed_total": "||||||0", "carried_forward": "3|3|0"}
    laid, spent = _lay("cells", **{code: pieces.lstrip("|") for code, pieces in rows.items()})
    assert not any(_agreed(one) for one in laid.values()) and not spent


def test_rows_of_zeros_are_not_placed_by_what_other_rows_look_like() -> None:
    """A blank row has one placing wherever its cells stand, and says nothing about others."""
    laid, _ = _lay(
        "cells", granted="| | 0 | | | 0 | 0 |", partially_granted="| | | | | | | |", carried_over="| 0 | | | | | | |"
    )
    assert not _agreed(laid["granted"]) and not _agreed(laid["carried_over"])
    assert laid["partially_granted"].ways == [("",) * 7]


def test_beside_a_row_with_a_remark_no_last_figure_is_its_total_for_certain() -> None:
    """What stands behind the total of one row may stand behind those of the others, too."""
    granted, short = "8 | 2 | 0 | 0 | 0 | 2 | 12 | 2", "1 | 0 | 0 | 1 | 2"
    laid, _ = _lay("lines", granted=granted, partially_granted=short, carried_over="3|0|0|0|1|0|4")
    assert laid["partially_granted"].ways is None
    assert laid["carried_over"].ways == [("3", "0", "0", "0", "1", "0", "4")]
    laid, _ = _lay("lines", granted="8|2|0|0|0|2|12", partially_granted=short)
    assert _agreed(laid["partially_granted"])["total"] == "2"
