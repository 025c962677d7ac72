"""What each kind of damage to a correct draft leads to: the rules that must find it, or that nothing can.

`DAMAGES`, below, is the table; hypothesis applies each line to correct drafts at random.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import checks
from data.generator import make_truth
from schemas import identities
from schemas.facts import PrintedLabel, Report
from schemas.forms import load

from .reports import APPLICANTS, PROSE, change, put, report

SEEDS = range(12)
COLUMNS = [*APPLICANTS, "total"]
ROWS = [r.code for r in load("2021").rows("requests")]
OUTCOMES = [r.code for r in load("2021").rows("requests") if "outcome" in r.roles]
BOUND = sorted({a for e in identities.equations("2021") for a in (*e.left, *e.right)})
INVISIBLE: frozenset[str] = frozenset()


@cache
def _draft(seed: int) -> Report:
    truth = make_truth(seed, "2021", size="medium", issuer="沭阳县人民政府", year=2023)
    # Fees large enough that 元 for 万元 shows, plain enough for the level.
    values = {**truth.values, "article20.fees.amount": 41 + seed}
    return report({**values}, prose=PROSE, scope="body", issuer="沭阳县人民政府")


def draft(seed: int) -> Report:
    return copy.deepcopy(_draft(seed))


def value(r: Report, address: str) -> int:
    return next(int(f.value or 0) for f in r.facts if f.address == address)


def rules_on(address: str) -> frozenset[str]:
    """The identities that a cell takes part in: each must break when it alone changes."""
    return frozenset(e.rule for e in identities.equations("2021") if address in (*e.left, *e.right))


@dataclass
class Done:
    """A damaged draft, the rules that must be broken, and last year's report where one is at hand."""

    report: Report
    found_by: frozenset[str]
    previous: Report | None = None
    # Rules that may speak as well.
    also: frozenset[str] = frozenset()


Damage = Callable[[st.DataObject, Report], Done]


def _digits(change: Callable[[st.DataObject, str], str], least: int = 0) -> Damage:
    """A change of the digits of one cell that holds at least so much."""

    def damage(data: st.DataObject, r: Report) -> Done:
        figures = {f.address: f.value or 0 for f in r.facts}
        address = data.draw(st.sampled_from([a for a in BOUND if figures[a] >= least]))
        was = str(value(r, address))
        wrong = int(change(data, was))
        assume(wrong != int(was))
        return Done(
            put(r, {address: wrong}), rules_on(address), also=frozenset({"split.digits", "misplaced.applicant"})
        )

    return damage


def _changed(data: st.DataObject, digits: str) -> str:
    i = data.draw(st.integers(0, len(digits) - 1))
    return digits[:i] + data.draw(st.sampled_from("0123456789")) + digits[i + 1 :]


def _swapped(data: st.DataObject, digits: str) -> str:
    i = data.draw(st.integers(0, len(digits) - 2))
    return digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]


def _dropped(data: st.DataObject, digits: str) -> str:
    i = data.draw(st.integers(0, len(digits) - 1))
    return digits[:i] + digits[i + 1 :]


def digit_of_article20(data: st.DataObject, r: Report) -> Done:
    """The numbers of decisions stand in no equation."""
    address = f"article20.{data.draw(st.sampled_from(('licensing', 'penalty', 'coercion')))}.decisions"
    return Done(put(r, {address: int(_changed(data, str(value(r, address))))}), INVISIBLE)


def joined(data: st.DataObject, r: Report) -> Done:
    """Two neighbouring figures in one cell, the other empty."""
    row = data.draw(st.sampled_from(ROWS))
    i = data.draw(st.integers(0, len(APPLICANTS) - 2))
    one, other = (f"requests.{row}.{c}" for c in APPLICANTS[i : i + 2])
    first, second = value(r, one), value(r, other)
    found = {"value.blank"}
    if first > 0:
        # Ten times and more what it was: no filling of the empty cell can make up for it.
        found.add("requests.applicants")
    also = {"requests.outcomes", "requests.balance", "statement.disagrees"}
    return Done(put(r, {one: int(f"{first}{second}"), other: None}), frozenset(found), also=frozenset(also))


def emptied(data: st.DataObject, r: Report) -> Done:
    address = data.draw(st.sampled_from(BOUND))
    return Done(put(r, {address: None}), frozenset({"value.blank"}))


def emptied_in_article20(data: st.DataObject, r: Report) -> Done:
    address = f"article20.{data.draw(st.sampled_from(('licensing', 'penalty', 'coercion')))}.decisions"
    return Done(put(r, {address: None}), frozenset({"value.blank"}))


def rows_exchanged_with_labels(data: st.DataObject, r: Report) -> Done:
    """The figures go with their labels: nothing is wrong but the order."""
    layout = next(x for x in r.layouts if x.table == "requests")
    i = data.draw(st.integers(0, len(OUTCOMES) - 2))
    at = next(k for k, label in enumerate(layout.rows) if label.code == OUTCOMES[i])
    layout.rows[at], layout.rows[at + 1] = layout.rows[at + 1], layout.rows[at]
    layout.reordered = True
    return Done(r, frozenset({"structure.order"}))


def rows_exchanged_without_labels(data: st.DataObject, r: Report) -> Done:
    one, other = data.draw(st.lists(st.sampled_from(OUTCOMES), min_size=2, max_size=2, unique=True))
    figures = {
        f"requests.{to}.{c}": value(r, f"requests.{of}.{c}") for of, to in ((one, other), (other, one)) for c in COLUMNS
    }
    return Done(put(r, {**figures}), INVISIBLE)


def received_and_carried_over_exchanged(data: st.DataObject, r: Report) -> Done:
    """Their sum is the same; last year's report tells."""
    last = copy.deepcopy(r)
    change(last, year=2022)
    put(last, {f"requests.carried_forward.{c}": value(r, f"requests.carried_over.{c}") for c in COLUMNS})
    figures = {}
    for c in COLUMNS:
        figures[f"requests.new_received.{c}"] = value(r, f"requests.carried_over.{c}")
        figures[f"requests.carried_over.{c}"] = value(r, f"requests.new_received.{c}")
    assume(value(r, "requests.new_received.total") != value(r, "requests.carried_over.total"))
    also = frozenset({"series.jump", "series.in_force", "series.copied", "series.pending"})
    return Done(put(r, {**figures}), frozenset({"series.carry"}), previous=last, also=also)


def row_deleted(data: st.DataObject, r: Report) -> Done:
    row = data.draw(st.sampled_from(ROWS))
    layout = next(x for x in r.layouts if x.table == "requests")
    layout.rows = [x for x in layout.rows if x.code != row]
    layout.missing_rows = [row]
    r.facts = [f for f in r.facts if not f.address.startswith(f"requests.{row}.")]
    return Done(r, frozenset({"structure.missing_row"}))


def row_added(data: st.DataObject, r: Report) -> Done:
    r.layouts[0].extra.append(PrintedLabel("", "其他主动公开文件", "unknown", r.layouts[0].place))
    return Done(r, frozenset({"structure.extra_row"}))


def row_shifted(data: st.DataObject, r: Report) -> Done:
    """All seven figures of a row one cell to the right: the last applicant's stands for the total."""
    row = data.draw(st.sampled_from(ROWS))
    line = [value(r, f"requests.{row}.{c}") for c in COLUMNS]
    assume(2 * line[5] != line[6])
    moved = dict(zip((f"requests.{row}.{c}" for c in COLUMNS), [0, *line[:-1]], strict=True))
    also = frozenset({"requests.outcomes", "requests.balance", "split.digits", "misplaced.applicant"})
    return Done(put(r, {**moved}), frozenset({"requests.applicants"}), also=also)


def columns_shifted(data: st.DataObject, r: Report) -> Done:
    """All applicants one column to the right, the last one first: every sum is what it was."""
    moved = {}
    for row in ROWS:
        line = [value(r, f"requests.{row}.{c}") for c in APPLICANTS]
        moved |= dict(zip((f"requests.{row}.{c}" for c in APPLICANTS), [line[-1], *line[:-1]], strict=True))
    return Done(put(r, {**moved}), INVISIBLE)


def total_copied(data: st.DataObject, r: Report) -> Done:
    """The sum of the outcomes is last year's."""
    column = data.draw(st.sampled_from(COLUMNS))
    address = f"requests.processed_total.{column}"
    last = value(draft(data.draw(st.sampled_from(SEEDS))), address)
    assume(last != value(r, address))
    also = frozenset({"split.digits", "misplaced.applicant"})
    return Done(put(r, {address: last}), rules_on(address), also=also)


def dispute_total_left_at_zero(data: st.DataObject, r: Report) -> Done:
    row = data.draw(st.sampled_from([x.code for x in load("2021").rows("disputes")]))
    address = f"disputes.{row}.total"
    assume(value(r, address) > 0)
    return Done(put(r, {address: 0}), frozenset({"disputes.total"}))


def yuan_for_wan_printed(data: st.DataObject, r: Report) -> Done:
    """The unit stands in the cell: the reader converts it and the rule names it."""
    fact = next(f for f in r.facts if f.address == "article20.fees.amount")
    fact.printed, fact.unit_printed = f"{int(fact.value or 0) * 10_000}元", "元"
    return Done(r, frozenset({"value.unit"}))


def yuan_for_wan_unsaid(data: st.DataObject, r: Report) -> Done:
    """Without a unit only last year's amount tells."""
    last = copy.deepcopy(r)
    change(last, year=2022)
    fact = next(f for f in r.facts if f.address == "article20.fees.amount")
    put(r, {"article20.fees.amount": int(fact.value or 0) * 10_000 + data.draw(st.integers(-999, 999))})
    also = frozenset({"series.jump", "series.carry", "series.copied", "series.in_force", "series.pending"})
    return Done(r, frozenset({"value.unit"}), previous=last, also=also)


def yuan_for_wan_without_last_year(data: st.DataObject, r: Report) -> Done:
    return Done(put(r, {"article20.fees.amount": value(r, "article20.fees.amount") * 10_000}), INVISIBLE)


def errors_that_cancel_out(data: st.DataObject, r: Report) -> Done:
    """One case under another outcome and another applicant, twice over crosswise."""
    held = [(row, c) for row in OUTCOMES for c in APPLICANTS if value(r, f"requests.{row}.{c}") > 0]
    pairs = [(x, y) for x in held for y in held if x[0] != y[0] and x[1] != y[1]]
    (one, a), (other, b) = data.draw(st.sampled_from(pairs))
    moves = {(one, a): -1, (one, b): 1, (other, a): 1, (other, b): -1}
    figures = {f"requests.{row}.{c}": value(r, f"requests.{row}.{c}") + n for (row, c), n in moves.items()}
    return Done(put(r, {**figures}), INVISIBLE)


# The table: each kind of damage, and the rule that must find it. `identities` are those the cell takes part in.
DAMAGES: dict[str, tuple[Damage, str]] = {
    "a digit changed": (_digits(_changed), "identities"),
    "two digits swapped": (_digits(_swapped, 10), "identities"),
    "a digit dropped": (_digits(_dropped, 10), "identities"),
    "a digit changed in article 20": (digit_of_article20, "invisible"),
    "two figures joined in one cell": (joined, "value.blank"),
    "a cell emptied": (emptied, "value.blank"),
    "a cell emptied in article 20": (emptied_in_article20, "value.blank"),
    "two rows exchanged with their labels": (rows_exchanged_with_labels, "structure.order"),
    "two rows exchanged without their labels": (rows_exchanged_without_labels, "invisible"),
    "received and carried over exchanged": (received_and_carried_over_exchanged, "series.carry"),
    "a row deleted": (row_deleted, "structure.missing_row"),
    "a row added": (row_added, "structure.extra_row"),
    "a row shifted by one cell": (row_shifted, "requests.applicants"),
    "all columns shifted by one": (columns_shifted, "invisible"),
    "a total copied from last year": (total_copied, "identities"),
    "a dispute total left at 0": (dispute_total_left_at_zero, "disputes.total"),
    "元 for 万元, printed": (yuan_for_wan_printed, "value.unit"),
    "元 for 万元, unsaid": (yuan_for_wan_unsaid, "value.unit"),
    "元 for 万元, unsaid and without last year": (yuan_for_wan_without_last_year, "invisible"),
    "errors that cancel out": (errors_that_cancel_out, "invisible"),
}


def broken_rules(done: Done) -> set[str]:
    found = checks.check_report(done.report)
    if done.previous is not None:
        found += checks.check_series([done.previous, done.report])
    return {f.rule for f in found if f.outcome == "broken"}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_drafts_are_correct(seed: int) -> None:
    assert not broken_rules(Done(draft(seed), INVISIBLE))


@pytest.mark.parametrize("name", DAMAGES)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_damage(name: str, data: st.DataObject) -> None:
    damage, by = DAMAGES[name]
    done = damage(data, draft(data.draw(st.sampled_from(SEEDS))))
    found = broken_rules(done)
    if by == "invisible":
        assert not found, "nothing can see this, yet a rule speaks up"
        return
    assert done.found_by
    assert by == "identities" or by in done.found_by
    assert done.found_by <= found
    assert found <= done.found_by | done.also | {"article20.stock"}


def test_invisible_damages_are_documented() -> None:
    from checks.handbook import page

    text = page()
    for words in ("outcome rows exchanged", "cancel out", "Article 20 has no identity"):
        assert words in text
