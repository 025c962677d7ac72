"""The smallest explanation: right values, every smallest set, locked cells, patterns, and the oracle's agreement."""

from __future__ import annotations

import random
import time

import pytest

from checks import explain
from checks.evidence import digit_evidence
from checks.search import Search, Sum
from schemas import identities
from schemas.facts import Report, Value
from schemas.findings import Explanation
from schemas.forms import load

from .hit_rates import measure, random_table, requests_report, slip
from .oracle import smallest_supports
from .reports import APPLICANTS, put, report, sound_cells, sound_report, unread

Sets = list[dict[str, Value]]


def sets(r: Report, **known: Value) -> Sets:
    found, _ = explain(r, locked={a.replace("__", "."): v for a, v in known.items()})
    return [{c.address: c.value for c in e.changes} for e in found if e.changes is not None]


def damaged(values: dict[str, Value | None]) -> Report:
    return put(sound_report(), dict(values))


def only(r: Report) -> Explanation:
    found, unexplained = explain(r)
    assert not unexplained
    assert len(found) == 1
    return found[0]


def test_a_sound_report_needs_no_explanation() -> None:
    assert explain(sound_report()) == ([], [])


@pytest.mark.parametrize(
    "address",
    [
        "requests.granted.natural_person",
        "requests.new_received.total",
        "requests.processed_total.other",
        "requests.carried_forward.natural_person",
    ],
)
def test_one_wrong_cell_is_found_with_its_value(address: str) -> None:
    right = sound_cells()[address]
    explanation = only(damaged({address: 78}))
    assert explanation.changes is not None
    assert [(c.address, c.printed, c.value) for c in explanation.changes] == [(address, 78, right)]
    assert "最可能的改法" in explanation.message


def test_an_explanation_mends_every_identity() -> None:
    rng = random.Random(7)
    for _ in range(20):
        right = random_table(rng)
        printed = right | {a: slip(rng, right[a]) for a in rng.sample(sorted(right), 3)}
        for changes in sets(requests_report(printed)):
            cells = {a: identities.Cell(value=v) for a, v in {**printed, **changes}.items()}
            for equation in identities.equations("2021"):
                if equation.table == "requests":
                    assert identities.evaluate(equation, cells).outcome == "holds"
            assert all(changes[a] != printed[a] and changes[a] >= 0 for a in changes)


@pytest.mark.parametrize("seed", range(12))
def test_the_oracle_finds_the_same_sets(seed: int) -> None:
    """Integer programming lists the same smallest sets, also where slips lie in one row, one column or a ring."""
    rng = random.Random(f"oracle/{seed}")
    right = random_table(rng)
    rows, columns = (sorted({a.split(".")[i] for a in right}) for i in (1, 2))
    pools = [
        sorted(right),
        [f"requests.{rng.choice(rows)}.{c}" for c in columns],
        [f"requests.{r}.{c}" for r in rng.sample(rows, 2) for c in rng.sample(columns, 2)],
    ]
    cells = rng.sample(sorted(set(pools[seed % 3])), 1 + seed % 4)
    printed = right | {a: max(right[a] + rng.choice((-2, -1, 1, 2)), 0) for a in cells}
    equations = [e for e in identities.equations("2021") if e.table == "requests"]
    size, supports = smallest_supports(equations, printed, most=40)
    mine = {frozenset(s) for s in sets(requests_report(printed))}
    if len(supports) < 40 and size <= 4:
        assert mine == supports
    else:
        assert size > 4 or supports <= mine


def test_a_ring_of_four_is_found() -> None:
    """Two rows crossing two columns leave their values open: no cell stands alone in an equation."""
    sums = [Sum("row", {"a": 1, "b": 1, "r": -1}), Sum("row", {"c": 1, "d": 1, "s": -1})]
    sums += [Sum("column", {"a": 1, "c": 1, "p": -1}), Sum("column", {"b": 1, "d": 1, "q": -1})]
    values = {"a": 1, "b": 1, "c": 1, "d": 1, "r": 4, "s": 4, "p": 4, "q": 4}
    locked = frozenset("rspq")
    found = Search(sums, values, locked).run()
    assert found
    # Two cells take up the whole of two rows and two columns already.
    assert {frozenset(f) for f in found} == {frozenset("ad"), frozenset("bc")}
    values |= {"r": 1, "s": 1, "p": 1, "q": 1}
    values |= {"a": 2, "b": 2, "c": 2, "d": 2}
    found = Search(sums, values, locked).run()
    assert found
    assert {frozenset(f) for f in found} == {frozenset("abcd")}


def test_hit_rates() -> None:
    """The measured rates of the benchmarks, on few tables."""
    for slips, least in ((1, 0.99), (2, 0.97), (3, 0.93)):
        rates = measure(slips, 40, seed=3)
        assert rates.right >= least
        assert rates.wrong <= 0.01
        assert sorted(rates.seconds)[rates.tables // 2] < 0.05


def test_more_than_four_cells_is_no_explanation_but_advice() -> None:
    rng = random.Random(5)
    right = random_table(rng)
    rows = ["granted", "denied_internal_affairs", "unavailable_not_held", "not_processed_repeat", "other_remaining"]
    cells = [f"requests.{r}.{c}" for r, c in zip(rows, APPLICANTS, strict=False)]
    printed = right | {a: right[a] + 100 + 17 * i for i, a in enumerate(cells)}
    start = time.perf_counter()
    found, unexplained = explain(requests_report(printed))
    assert time.perf_counter() - start < 1
    assert not found
    assert [(u.table, bool(u.equations)) for u in unexplained] == [("requests", True)]
    assert "重新核对" in unexplained[0].message


# -- what is not accused ---------------------------------------------------------------------------------------------


def test_in_disputes_the_equation_is_shown_and_no_cell_accused() -> None:
    r = damaged({"disputes.reconsideration.total": 0, "disputes.litigation_direct.other": 8})
    found, unexplained = explain(r)
    assert [(e.table, e.equation, e.changes) for e in found] == [
        ("disputes", "disputes.total reconsideration", None),
        ("disputes", "disputes.total litigation_direct", None),
    ]
    assert not unexplained
    assert "行政复议" in found[0].message


def test_where_the_totals_are_blank_no_outcome_is_accused() -> None:
    """Without row totals nothing tells the outcomes of one column apart."""
    cells = sound_cells()
    for address in cells:
        if address.startswith("requests.") and address.endswith(".total"):
            cells[address] = None
    cells["requests.granted.other"] = 50
    found, _ = explain(report(cells))
    assert [(e.equation, e.changes) for e in found] == [("requests.outcomes other", None)]


def test_a_broken_bound_is_shown_as_an_equation() -> None:
    """With a blank beside it the equation only bounds: no values follow from it."""
    r = damaged({"disputes.reconsideration.total": 1, "disputes.reconsideration.other": None})
    assert [(e.equation, e.changes) for e in explain(r)[0]] == [("disputes.total reconsideration", None)]


def test_unread_cells_take_no_part_and_are_not_contradicted() -> None:
    r = unread(damaged({"requests.granted.natural_person": 78}), "requests.granted.research_institution", 2, 22)
    for changes in sets(r):
        assert "requests.granted.research_institution" not in changes
        assert changes["requests.granted.natural_person"] == 0


def test_an_identity_that_was_used_to_read_takes_no_part() -> None:
    r = damaged({"disputes.reconsideration.total": 0})
    r.spent = {("disputes.total", "reconsideration")}
    assert explain(r) == ([], [])


# -- what is known from elsewhere -------------------------------------------------------------------------------------


def test_a_locked_cell_is_not_changed() -> None:
    right = sound_cells()
    # One short in the balance of a column and its total: received or carried over, both would do.
    wrong = {a: int(right[a] or 0) + 3 for a in ("requests.carried_over.other", "requests.carried_over.total")}
    r = damaged({**wrong})
    free = sets(r)
    assert {frozenset(s) for s in free} >= {frozenset(wrong)}
    known = {a.replace(".", "__"): v for a, v in wrong.items()}
    locked = sets(r, **known)
    assert locked
    assert all("carried_over" not in a for s in locked for a in s)


def test_a_cell_printed_otherwise_takes_its_known_value() -> None:
    right = sound_cells()
    r = damaged({"requests.carried_over.total": 50})
    found = sets(r, requests__carried_over__total=int(right["requests.carried_over.total"] or 0))
    assert found == [{"requests.carried_over.total": right["requests.carried_over.total"]}]
    known = {"requests.carried_over.total": int(right["requests.carried_over.total"] or 0)}
    (explanation,) = explain(r, locked=known)[0]
    assert [c.evidence for c in explanation.changes or []] == ["known from last year"]
    assert "上一年报告" in explanation.message


def test_nothing_is_forced_where_nothing_is_broken() -> None:
    assert not sets(sound_report(), requests__carried_over__total=1)


# -- evidence and patterns -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "value", "beside", "expected"),
    [
        (16, 61, (), "digit swap"),
        (120, 102, (), "digit swap"),
        (132, 102, (), "digit changed"),
        (12, 102, (), "dropped digit"),
        (102, 12, (), "added digit"),
        (20, 2, (0,), "joined pair"),
        (315, 15, (3,), "joined pair"),
        (2, 20, (0, 5), "split pair"),
        (7, 8, (), None),
        (100, 3, (), None),
        (5, 5, (), None),
        (None, 5, (), None),
        (321, 123, (), None),
    ],
)
def test_digit_evidence(printed: int | None, value: int, beside: tuple[int, ...], expected: str | None) -> None:
    assert digit_evidence(printed, value, beside) == expected


def test_cases_under_the_wrong_applicant() -> None:
    r = damaged({"requests.granted.natural_person": 2, "requests.granted.commercial_enterprise": 1})
    found, _ = explain(r)
    moved = [e for e in found if e.pattern == "wrong_applicant"]
    assert moved
    assert "别的申请人" in moved[0].message


def test_two_figures_exchanged() -> None:
    rng = random.Random(11)
    right = random_table(rng)
    right_cells = ("requests.granted.natural_person", "requests.unavailable_not_held.natural_person")
    a, b = right_cells
    assert abs(right[a] - right[b]) > 1
    found, _ = explain(requests_report(right | {a: right[b], b: right[a]}))
    assert "exchanged" in {e.pattern for e in found}


def table(**rows: tuple[int, ...]) -> dict[str, int]:
    """A sound table whose rows hold these figures of the six applicants, and 0 elsewhere; new_received balances it."""
    figures = {r.code: (0,) * 6 for r in load("2021").rows("requests")} | rows
    outcomes = [r.code for r in load("2021").rows("requests") if "outcome" in r.roles]
    figures["processed_total"] = tuple(sum(column) for column in zip(*(figures[o] for o in outcomes), strict=True))
    figures["new_received"] = figures["processed_total"]
    return {
        f"requests.{code}.{c}": v
        for code, line in figures.items()
        for c, v in zip([*APPLICANTS, "total"], [*line, sum(line)], strict=True)
    }


def test_a_split_number() -> None:
    right = table(granted=(20, 0, 3, 0, 0, 1), denied_internal_affairs=(4, 1, 0, 0, 0, 0))
    found, _ = explain(requests_report(right | {"requests.granted.natural_person": 2}))
    assert [e.pattern for e in found] == ["split_number"]
    assert "拆开" in found[0].message


def test_a_total_copied_from_last_year() -> None:
    last = put(sound_report(2022), {"requests.processed_total.total": 64})
    r = damaged({"requests.processed_total.total": 64})
    found, _ = explain(r, previous=last)
    assert [e.pattern for e in found] == ["copied_total"]
    assert "上一年" in found[0].message
    assert [e.pattern for e in explain(r)[0]] == [None]


def shifted_right(right: dict[str, int], row: str) -> dict[str, int]:
    columns = [*APPLICANTS, "total"]
    line = [right[f"requests.{row}.{c}"] for c in columns]
    return right | {f"requests.{row}.{c}": v for c, v in zip(columns, [0, *line[:-1]], strict=True)}


def test_a_row_shifted_by_one_with_its_total_in_place() -> None:
    """Its own sum holds: six figures pasted one cell too far to the right, or to the left."""
    right = table(granted=(20, 27, 34, 41, 48, 0), partially_granted=(0, 1, 7, 2, 9, 3))
    columns = list(APPLICANTS)
    line = [right[f"requests.granted.{c}"] for c in columns]
    printed = right | dict(zip((f"requests.granted.{c}" for c in columns), [0, *line[:-1]], strict=True))
    found, unexplained = explain(requests_report(printed))
    assert [e.pattern for e in found] == ["row_shifted"]
    assert not unexplained
    assert "“（一）予以公开”行" in found[0].message
    assert printed | {c.address: c.value for c in found[0].changes or ()} == right
    line = [right[f"requests.partially_granted.{c}"] for c in columns]
    printed = right | dict(zip((f"requests.partially_granted.{c}" for c in columns), [*line[1:], 0], strict=True))
    found, _ = explain(requests_report(printed))
    assert [e.pattern for e in found] == ["row_shifted"]
    assert printed | {c.address: c.value for c in found[0].changes or ()} == right


def test_a_row_shifted_by_one() -> None:
    right = table(granted=(20, 27, 34, 41, 48, 55), partially_granted=(5, 1, 0, 2, 0, 3))
    printed = shifted_right(right, "granted")
    found, unexplained = explain(requests_report(printed))
    assert [e.pattern for e in found] == ["row_shifted"]
    assert not unexplained
    assert found[0].changes is not None
    assert printed | {c.address: c.value for c in found[0].changes} == right
    assert "移回一格" in found[0].message


def test_all_rows_shifted_down_by_one() -> None:
    rng = random.Random(8)
    right = random_table(rng)
    columns = [*APPLICANTS, "total"]
    rows = [r.code for r in load("2021").rows("requests")]
    at = rows.index("granted")
    printed = dict(right)
    for c in columns:
        line = [right[f"requests.{r}.{c}"] for r in rows]
        for r, v in zip(rows, [*line[:at], 0, *line[at:-1]], strict=True):
            printed[f"requests.{r}.{c}"] = v
    found, _ = explain(requests_report(printed))
    assert [e.pattern for e in found] == ["column_shifted"]
    assert found[0].changes is not None
    assert printed | {c.address: c.value for c in found[0].changes} == right


def test_json_and_english() -> None:
    found, _ = explain(damaged({"requests.granted.natural_person": 78}), lang="en")
    as_json = found[0].to_json()
    assert as_json["equation"].split()[0] in ("requests.outcomes", "requests.applicants")
    assert as_json["changes"] == [
        {"address": "requests.granted.natural_person", "printed": 78, "value": 0, "evidence": None}
    ]
    assert as_json["message"].startswith("The smallest explanation")
