"""The arithmetic of the forms: when an equation holds, breaks, or cannot be assessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import forms, identities
from schemas.facts import Fact, Place, Report, Unresolved
from schemas.identities import Cell, Equation, cells_of, evaluate

EQUATION = Equation("t", "x", "r", None, ("whole",), ("a", "b", "c"))


def cells(**values: int | tuple[int, ...] | None) -> dict[str, Cell]:
    out = {}
    for name, value in values.items():
        out[name] = Cell(readings=value) if isinstance(value, tuple) else Cell(value=value)
    return out


def test_counts_of_the_current_form() -> None:
    by_rule: dict[str, int] = {}
    for equation in identities.equations("2021"):
        by_rule[equation.rule] = by_rule.get(equation.rule, 0) + 1
    assert by_rule == {"requests.balance": 7, "requests.outcomes": 7, "requests.applicants": 25, "disputes.total": 3}
    assert sum(e.rule == "requests.applicants" for e in identities.equations("2021", "single_other")) == 23
    assert sum(e.rule == "requests.applicants" for e in identities.equations("2019")) == 23


def test_every_term_is_a_cell_of_its_form() -> None:
    for form in forms.load_all():
        for variant in (None, *(v.id for v in form.variants)):
            addresses = set(form.addresses(variant))
            for equation in identities.equations(form.id, variant):
                assert {*equation.left, *equation.right} <= addresses


def test_holds_and_breaks() -> None:
    assert evaluate(EQUATION, cells(whole=6, a=1, b=2, c=3)).outcome == "holds"
    result = evaluate(EQUATION, cells(whole=7, a=1, b=2, c=3))
    assert (result.outcome, result.printed, result.expected, result.bounded) == ("broken", 7, 6, False)


def test_a_blank_part_is_never_zero() -> None:
    result = evaluate(EQUATION, cells(whole=6, a=1, b=5, c=None))
    assert (result.outcome, result.consistent_with_zero, result.unknown) == ("not_assessable", True, ("c",))
    result = evaluate(EQUATION, cells(whole=6, a=1, b=2, c=None))
    assert (result.outcome, result.consistent_with_zero) == ("not_assessable", False)


def test_bounds_break_an_equation_with_blanks() -> None:
    result = evaluate(EQUATION, cells(whole=6, a=4, b=5, c=None))
    assert (result.outcome, result.expected, result.bounded) == ("broken", 9, True)


def test_a_blank_whole_is_missing_not_wrong() -> None:
    assert evaluate(EQUATION, cells(whole=None, a=4, b=5, c=1)).outcome == "not_assessable"


def test_readings_decide_only_when_none_fits() -> None:
    assert evaluate(EQUATION, cells(whole=6, a=1, b=2, c=(3, 30))).outcome == "not_assessable"
    assert evaluate(EQUATION, cells(whole=6, a=1, b=2, c=(4, 30))).outcome == "broken"


@pytest.mark.parametrize(("closed", "outcome"), [(True, "broken"), (False, "not_assessable")])
def test_readings_break_a_sum_only_where_they_are_all_there_can_be(closed: bool, outcome: str) -> None:
    place = Place()
    r = Report("r")
    r.facts = [Fact(a, v, "number", str(v), "件", place, "cells") for a, v in (("whole", 6), ("a", 1), ("b", 2))]
    r.unresolved = [Unresolved("c", "4?", "repeated", [4, 30], place, closed)]
    assert evaluate(EQUATION, cells_of(r)).outcome == outcome


def test_lower_bounds() -> None:
    at_least = Equation("t", "x", "r", None, ("whole",), ("a", "b"), ">=")
    assert evaluate(at_least, cells(whole=6, a=1, b=2)).outcome == "holds"
    assert evaluate(at_least, cells(whole=2, a=1, b=2)).outcome == "broken"


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=3, max_size=3), st.one_of(st.none(), st.integers(0, 27))
)
def test_outcome_agrees_with_trying_every_filling(parts: list[int | None], whole: int | None) -> None:
    known = cells(whole=whole, a=parts[0], b=parts[1], c=parts[2])
    outcome = evaluate(EQUATION, known).outcome
    import itertools

    choices = [[p] if p is not None else range(28) for p in parts]
    wholes = [whole] if whole is not None else range(28)
    possible = any(w == sum(ps) for w in wholes for ps in itertools.product(*choices) if sum(ps) <= 27)
    complete = whole is not None and None not in parts
    expected = "holds" if complete and possible else "not_assessable" if possible else "broken"
    assert outcome == expected
