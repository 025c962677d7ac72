"""Next year's form, one file: every rule that speaks of what it has fires on it, and nothing fires on a sound report."""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Iterator

import pytest

import checks
from checks.comparisons import comparisons
from checks.rules import catalogue, rule
from schemas import forms
from schemas.facts import Fact, Place, PrintedLabel, Report
from schemas.forms import Form
from tests.next_form import COLUMN, ID, LATER, LATER_ID, RESULT, ROW, TITLE, YEAR, known

from .reports import put, retext, say, sound_report
from .test_outcomes import CASES, Make, last_year

OLD = "2021"
_SHIFT = YEAR - 2023
# A year that is no part of a paper's number.
_YEARS = re.compile(r"(?<!〔)20\d\d(?=年|-)")


@pytest.fixture(scope="module")
def form() -> Iterator[Form]:
    with known() as it:
        assert it is not None
        yield it


def _later(text: str) -> str:
    return _YEARS.sub(lambda m: str(int(m[0]) + _SHIFT), text)


def onto(form: Form, report: Report) -> Report:
    """A report of form 2021 as it would be on the next form, as many years later: what is new there is 0."""
    if report.form != OLD:
        return report
    out = copy.deepcopy(report)
    year = out.year + _SHIFT if out.year is not None else None
    evidence = tuple(dataclasses.replace(e, says=str(YEAR)) if e.about == "year" else e for e in out.identity.evidence)
    published = _later(out.published) if out.published else None
    out.identity = dataclasses.replace(out.identity, year=year, published=published, evidence=evidence)
    for passage in out.passages:
        passage.text = _later(passage.text)
    for statement in out.statements:
        statement.sentence = _later(statement.sentence)
        statement.year = statement.year + _SHIFT if statement.year else None
    # The year before, the form of 2021 was still in force.
    if year is None or not form.is_for(year):
        return out
    out.form = form.id
    there = {f.address for f in out.facts} | {u.address for u in out.unresolved}
    tables = {layout.table for layout in out.layouts}
    for address in form.addresses(out.variant):
        if address not in there and address.split(".")[0] in tables:
            out.facts.append(Fact(address, 0, "number", "0", "件", Place(table=1), "cells"))
    for layout in out.layouts:
        printed = {row.code for row in layout.rows}
        layout.rows += [
            PrintedLabel(r.code, r.label, "official", Place())
            for r in form.rows(layout.table, out.variant)
            if r.code not in printed and r.code == ROW
        ]
        order = [r.code for r in form.tables[layout.table].rows]
        layout.rows.sort(key=lambda row: order.index(row.code) if row.code in order else -1)
    for passage in out.passages:
        if passage.text.startswith("五、"):
            passage.text = f"五、{TITLE}"
    return out


def _of(form_id: str) -> set[str]:
    """The rules on one report or a series that speak of what a form has."""
    identities = {i.rule for t in forms.load(form_id).tables.values() for i in t.identities}
    return {
        r.id
        for r in catalogue()
        if (r.by or r.by_series) and (r.id in identities if r.by == "identity" else r.speaks_of(form_id))
    }


def test_it_has_what_the_form_before_it_has(form: Form) -> None:
    assert _of(form.id) == _of(OLD)
    assert len(_of(ID)) > 35
    assert comparisons(ID).keys() - comparisons(OLD).keys() == {
        f"requests_received.{COLUMN}",
        *(f"{dispute}_{RESULT}" for dispute in ("reconsideration", "litigation")),
        *(f"litigation_{kind}.{RESULT}" for kind in ("direct", "after_reconsideration")),
    }


def test_a_sound_report_has_no_findings(form: Form) -> None:
    sound = onto(form, sound_report())
    assert sound.form == ID
    assert not checks.check_report(sound)
    assert not checks.check_report(copy.deepcopy(sound), "published", "en")
    before = onto(form, last_year()())
    assert (before.form, before.year) == (OLD, YEAR - 1)
    assert not checks.check_series([before, sound])


@pytest.mark.parametrize("rule_id", sorted(CASES.keys() - {"structure.wrong_form"}))
def test_every_rule_fires_on_it(form: Form, rule_id: str) -> None:
    if rule_id not in _of(ID):
        assert not rule(rule_id).speaks_of(OLD) or rule(rule_id).by == "identity"
        return
    case = CASES[rule_id]
    report = onto(form, case.breaks())
    previous = [onto(form, p()) for p in case.previous]
    assert checks.outcomes(report, previous=previous)[rule_id] == case.breaks_is
    for lang in ("zh", "en"):
        found = [f for f in checks.check_report(report, "draft", lang) if f.rule == rule_id]
        assert all(f.message and "{" not in f.message + f.advice for f in found)


def test_which_form_is_in_force(form: Form) -> None:
    late = sound_report(YEAR)
    (finding,) = [f for f in checks.check_report(late) if f.rule == "structure.wrong_form"]
    assert form.basis in finding.message
    early = onto(form, sound_report())
    early.identity = dataclasses.replace(early.identity, year=YEAR - 1)
    assert checks.outcomes(early)["structure.wrong_form"] == "broken"
    assert checks.outcomes(onto(form, sound_report()))["structure.wrong_form"] == "holds"


class TestWhatIsNew:
    """The row, the columns, the title and the notice that form 2021 does not have."""

    def sound(self, form: Form) -> Report:
        return onto(form, sound_report())

    @pytest.mark.parametrize(
        ("address", "rules"),
        [
            (f"requests.{ROW}.natural_person", {"requests.outcomes", "requests.applicants"}),
            (f"requests.new_received.{COLUMN}", {"requests.balance", "requests.applicants"}),
            (f"requests.granted.{COLUMN}", {"requests.outcomes", "requests.applicants"}),
            (f"disputes.reconsideration.{RESULT}", {"disputes.total"}),
        ],
    )
    def test_it_counts_in_the_sums(self, form: Form, address: str, rules: set[str]) -> None:
        report = put(self.sound(form), {address: 1})
        assert {f.rule for f in checks.check_report(report) if f.severity == "error"} == rules
        assert {f.rule for f in checks.check_report(put(self.sound(form), {address: -1}))} == {*rules, "value.negative"}
        assert "value.blank" in {f.rule for f in checks.check_report(put(self.sound(form), {address: None}))}

    def test_it_counts_in_what_sentences_state(self, form: Form) -> None:
        figures = {f"requests.{r}.{c}": 3 for r in (ROW, "processed_total", "new_received") for c in (COLUMN, "total")}
        report = self.sound(form)
        values = {f.address: f.value or 0 for f in report.facts}
        put(report, {a: values[a] + n for a, n in figures.items()})
        others = sum(values[f"requests.{r.code}.total"] for r in form.rows("requests") if "other_handling" in r.roles)
        say(report, "other_handling", others + 3, year=YEAR)
        say(report, f"requests_received.{COLUMN}", 3, year=YEAR)
        assert not checks.check_report(report)
        say(report, "other_handling", others, "其他处理，另说。", year=YEAR)
        assert {f.rule for f in checks.check_report(report)} == {"statement.disagrees"}

    def test_the_sections_are_its_own(self, form: Form) -> None:
        report = self.sound(form)
        report.passages = [p for p in report.passages if TITLE not in p.text]
        (finding,) = [f for f in checks.check_report(report) if f.rule == "structure.section"]
        assert TITLE in finding.message
        nothing = retext(self.sound(form), 5, "无。")
        assert [f.rule for f in checks.check_report(nothing)] == ["structure.empty_section"]

    def test_the_notice_is_its_own(self, form: Form) -> None:
        cited = retext(self.sound(form), 0, f"根据{form.basis}编制。")
        assert not checks.check_report(cited)
        old = retext(self.sound(form), 0, f"根据{forms.load(OLD).basis}编制。")
        (finding,) = checks.check_report(old)
        assert finding.rule == "statement.basis"
        assert form.basis in finding.message
        assert form.notice is not None
        wrong = retext(self.sound(form), 0, f"根据《{form.notice.name}》（{forms.load(OLD).basis}）编制。")
        assert [f.rule for f in checks.check_report(wrong)] == ["statement.basis"]

    def test_what_was_carried_over_comes_from_the_form_before(self, form: Form) -> None:
        """The new kind of applicant has no cell in last year's report: only the total can be compared."""
        before = onto(form, last_year()())
        report = put(self.sound(form), {f"requests.carried_over.{COLUMN}": 1})
        values = {f.address: f.value or 0 for f in report.facts}
        for row, column in (("carried_over", "total"), ("carried_forward", COLUMN), ("carried_forward", "total")):
            put(report, {f"requests.{row}.{column}": values[f"requests.{row}.{column}"] + 1})
        found = checks.check_series([before, report])
        assert [(f.rule, f.column) for f in found] == [("series.carry", "total")]

    def test_explanations_name_its_cells(self, form: Form) -> None:
        report = put(self.sound(form), {f"requests.{ROW}.{COLUMN}": 4})
        (explanation,), unexplained = checks.explain(report)
        assert not unexplained
        assert explanation.changes is not None
        assert [(c.address, c.value) for c in explanation.changes] == [(f"requests.{ROW}.{COLUMN}", 0)]


def test_no_finding_follows_from_a_form_that_is_one_of_several() -> None:
    with known(LATER, LATER_ID):
        sound = sound_report()
        other = dataclasses.replace(sound, form=LATER_ID)
        assert [f.rule for f in checks.check_report(other)] == ["structure.wrong_form", "structure.section"]
        for one, also in ((sound, other), (other, sound)):
            assert not checks.check_report(dataclasses.replace(one, also=(also,)))
        # What is wrong on any of them is.
        put(sound, {"requests.granted.natural_person": -1})
        wrong = dataclasses.replace(sound, also=(dataclasses.replace(sound, form=LATER_ID),))
        assert checks.check_report(wrong) == checks.check_report(sound) != []


def test_nothing_of_it_is_left_behind() -> None:
    """The rules of the other tests know the built-in forms only."""
    make: Make = sound_report
    with known(None):
        assert ID not in {f.id for f in forms.load_all()}
        assert not checks.check_report(make())
