"""One statutory table printed more than once: copies, other tables of the same form, tables that go on."""

from __future__ import annotations

import pytest

from parsers.document import Table
from parsers.tables import instances
from schemas.facts import Fact, Method, Place, TableLayout, Unresolved

from .test_columns import FIFTEEN, line
from .test_matching import FIRST, HEAD, SECOND, Spec, open_columns, paragraph, read, table, values

GRANTED: list[Spec] = [("（一）予以公开", 3, 1), *("2" for _ in range(6)), "12"]
OTHER_FIRST: list[Spec] = [FIRST[0], "9", *FIRST[2:7], "29"]


def test_another_table_of_the_form_does_not_fill_up_the_first() -> None:
    """The first has no row 予以公开 that can be read; the second has, and other figures."""
    first = table([*HEAD, FIRST, SECOND], 1)
    second = table([*HEAD, OTHER_FIRST, SECOND, GRANTED], 2)
    found = read(paragraph("本级"), first, paragraph("全省"), second)
    assert not values(found, "granted")
    assert len(open_columns(found, "granted")) == 7
    assert {u.reason for u in found.unresolved} == {"repeated"}
    # What both say alike is certain whichever it is.
    assert values(found, "carried_over") == [7, 0, 0, 0, 0, 0, 7]
    assert not found.layouts[0].reordered


def test_another_table_in_the_same_grid_under_a_head_of_its_own() -> None:
    found = read(table([*HEAD, FIRST, SECOND, *HEAD, OTHER_FIRST, SECOND, GRANTED]))
    assert not values(found, "granted")
    assert len(open_columns(found, "granted")) == 7
    assert not found.layouts[0].reordered


def test_a_copy_fills_up_what_could_not_be_read() -> None:
    first = table([*HEAD, FIRST, SECOND], 1)
    copy = table([*HEAD, FIRST, SECOND, GRANTED], 2)
    found = read(first, copy)
    assert values(found, "granted") == [2] * 6 + [12]
    assert not found.unresolved


@pytest.mark.parametrize(
    "caption", ["附件：2022年度收到和处理政府信息公开申请情况", "上年收到和处理政府信息公开申请情况", "（2021年）"]
)
def test_last_year_s_table_annexed_is_not_this_year_s(caption: str) -> None:
    annex = table([*HEAD, OTHER_FIRST, SECOND, GRANTED], 2)
    found = read(
        table([*HEAD, FIRST, SECOND], 1), paragraph("2023年度没有其他需要报告的事项。"), paragraph(caption), annex
    )
    assert values(found, "new_received") == [1, 2, 3, 4, 5, 6, 21]
    assert not values(found, "granted")
    assert not found.unresolved
    assert "granted" in found.layouts[0].missing_rows


def test_the_only_table_is_read_whatever_stands_before_it() -> None:
    found = read(paragraph("2022年度情况"), table([*HEAD, FIRST]))
    assert values(found, "new_received") == [1, 2, 3, 4, 5, 6, 21]


def test_a_table_that_goes_on_in_another_grid_is_one() -> None:
    found = read(table([*HEAD, FIRST, SECOND], 1), table([GRANTED], 2))
    assert values(found, "granted") == [2] * 6 + [12]
    # Its last row printed again on the next page does not begin it anew.
    again = read(table([*HEAD, FIRST, SECOND], 1), table([*HEAD, SECOND, GRANTED], 2))
    assert values(again, "granted") == [2] * 6 + [12]
    assert not again.unresolved


def test_a_misprinted_row_of_one_table_is_not_missed_because_another_has_it() -> None:
    misprint: list[Spec] = [("二、上年结传政府信息公开申请数量", 3, 1), *SECOND[1:]]
    copy = table([*HEAD, FIRST, SECOND, GRANTED], 2)
    found = read(table([*HEAD, FIRST, misprint, GRANTED], 1), copy)
    assert values(found, "carried_over") == [7, 0, 0, 0, 0, 0, 7]
    assert not found.layouts[0].extra


def test_bare_labels_of_a_second_table_are_those_of_the_first() -> None:
    def grid(number: int) -> Table:
        rows: list[list[Spec]] = [
            *HEAD,
            [("（六）其他处理", 1, 3), ("1.逾期不补正", 2, 1), *("3" for _ in range(7))],
            [("2.逾期未缴费", 2, 1), *("4" for _ in range(7))],
            [("3.其他", 2, 1), *("5" for _ in range(7))],
        ]
        return table(rows, number)

    found = read(grid(1), grid(2))
    assert values(found, "other_remaining") == [5] * 7
    assert not found.unresolved


def test_two_lines_of_disputes_under_two_heads() -> None:
    wordy = ["约3", *FIFTEEN[1:]]
    other = ["7", *FIFTEEN[1:14], "99"]
    found = read(table(line(*wordy), 1), table(line(*other), 2))
    assert 7 not in [f.value for f in found.facts]
    assert {u.address for u in found.unresolved} >= {"disputes.litigation_after_reconsideration.total"}


def test_parts_behind_another_year_s_table_are_nobody_s() -> None:
    """Two years beside one another, written out part by part: the last part has no year, and may be either's."""
    own, others = table([*HEAD, FIRST, SECOND], 1), table([*HEAD, OTHER_FIRST, SECOND], 2)
    rest = table([*HEAD, FIRST, SECOND, GRANTED], 3)
    found = read(paragraph("2023年"), own, paragraph("2022年"), others, rest)
    assert values(found, "new_received") == [1, 2, 3, 4, 5, 6, 21]
    assert values(found, "carried_over") == [7, 0, 0, 0, 0, 0, 7]
    assert not values(found, "granted")
    assert len(open_columns(found, "granted")) == 7
    dated = read(paragraph("2022年"), others, paragraph("2023年"), table([*HEAD, FIRST, SECOND, GRANTED], 3))
    assert values(dated, "granted") == [2] * 6 + [12]


def test_a_line_of_disputes_that_goes_on_in_the_next_line_has_no_certain_figure() -> None:
    """１５ stands over １, ２ over ２, in narrow cells without rules: 22 is no 2 that was printed twice."""

    def read_twice(*values: tuple[int, int], method: Method = "anchored") -> dict[str, Fact | Unresolved]:
        found: dict[str, list[Fact | Unresolved]] = {
            f"disputes.reconsideration.{c}": [
                Fact(f"disputes.reconsideration.{c}", v, "number", str(v), "件", Place(line=n), method)
                for n, v in enumerate(pair)
            ]
            for c, pair in zip(("upheld", "corrected", "other"), values, strict=True)
        }
        printed = [instances.Printed(TableLayout("disputes", [], []), [], found)]
        return instances.merge(printed, printed, 2023)

    assert [type(f) for f in read_twice((1, 8), (2, 2), (15, 1)).values()] == [Unresolved] * 3
    # Two copies that agree, and rows with borders, which are whole.
    assert [type(f) for f in read_twice((1, 1), (2, 2), (15, 15)).values()] == [Fact] * 3
    assert [type(f) for f in read_twice((1, 8), (2, 2), (1, 1), method="cells").values()] == [Unresolved, Fact, Fact]
