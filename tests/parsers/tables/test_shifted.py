"""Lines of printed figures that add up a column aside: none of their cells is certain."""

from __future__ import annotations

import pytest

from parsers.tables.shifted import beside_joined, counting, in_doubt
from schemas import forms
from schemas.facts import Fact, Method, Place, Unresolved

FORM = forms.load("2021")
DISPUTES = [
    f"disputes.{r.code}.{c.code}" for r in FORM.tables["disputes"].rows for c in FORM.tables["disputes"].columns
]
GRANTED = [f"requests.granted.{c.code}" for c in FORM.tables["requests"].columns]


def line(addresses: list[str], printed: str, method: Method = "anchored") -> list[Fact]:
    """A line of figures, a dot for each empty cell."""
    out = []
    for n, (address, text) in enumerate(zip(addresses, printed.split(), strict=True)):
        place = Place(page=1, table=1, row=4, column=n + 2, box=(10.0 * n, 0.0, 10.0 * n + 9, 9.0))
        value = int(text) if text.isdecimal() else None
        kind = "blank" if text == "." else "number" if value is not None else "mark"
        out.append(Fact(address, value, kind, text, None, place, method))
    return out


@pytest.mark.parametrize(
    ("addresses", "printed"),
    [
        (DISPUTES, ". 1 . . . 1 . . . . . . . . ."),
        (DISPUTES, ". . . . . . . 1 1 . . 1 . 1 ."),
        (GRANTED, "4 . . . 1 5 ."),
    ],
)
def test_a_line_that_adds_up_a_column_aside_is_in_doubt(addresses: list[str], printed: str) -> None:
    facts = line(addresses, printed)
    assert in_doubt(facts, "2021", None) == facts
    assert in_doubt(line(addresses, printed, "order"), "2021", None)
    # Rules say for certain where a figure stands.
    assert not in_doubt(line(addresses, printed, "ruled"), "2021", None)


@pytest.mark.parametrize(
    ("addresses", "printed"),
    [
        (DISPUTES, "1 . . . 1 . . . . . . . . . ."),  # right
        (DISPUTES, "1 . . . 2 . . . . . . . . . ."),  # wrong in print, wherever it stands
        (GRANTED, "4 . . . 1 . 6"),
        (GRANTED, "4 . . . 1 . 5"),
        (GRANTED, "4 0 0 0 1 5 0"),  # no room to move
        (GRANTED, "4 / / / 1 5 /"),
        (GRANTED, ". . . . . . ."),
        (GRANTED[:5], "4 . . . 1"),  # its total is nowhere
    ],
)
def test_other_lines_stay_what_they_are(addresses: list[str], printed: str) -> None:
    assert not in_doubt(line(addresses, printed), "2021", None)


def _column(*printed: str) -> list[Fact]:
    rows = [r.code for r in FORM.tables["requests"].rows]
    return [
        fact
        for row, text in zip(rows, printed, strict=False)
        for fact in line([f"requests.{row}.natural_person", f"requests.{row}.other"], f"{text} .")
    ]


@pytest.mark.parametrize("printed", ["1 2 3 4 5 6 7", "3 . 4 5 . 6 7 8"])
def test_a_column_that_counts_the_rows_leaves_its_table_in_doubt(printed: str) -> None:
    facts = _column(*printed.split())
    others = line(DISPUTES, "1 2 3 4 10 . . . . . . . . . .")
    assert counting([*facts, *others]) == facts


@pytest.mark.parametrize("printed", ["1 2 3 4 5", "1 2 3 4 5 6 6", "0 0 0 0 0 0 0", "9 8 7 6 5 4 3", ". . . . . . . ."])
def test_other_columns_count_something_else(printed: str) -> None:
    assert not counting(_column(*printed.split()))


def test_blanks_beside_a_cell_with_the_figures_of_several_are_in_doubt() -> None:
    facts = line(GRANTED, ". . . 3 . . /")
    place = facts[3].place
    joined = Unresolved(GRANTED[3], "2014 754 444 771", "joined", [], place)
    blanks = [f for f in facts if f.kind == "blank"]
    assert beside_joined(facts, [joined]) == blanks
    # One figure that a space parts, and another line's.
    assert not beside_joined(facts, [Unresolved(GRANTED[3], "2 014", "joined", [], place)])
    assert not beside_joined(facts, [Unresolved(GRANTED[3], "1 2 3 4", "joined", [], Place(table=1, row=5))])
