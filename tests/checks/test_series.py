"""One body's years: what has to follow from last year's report, and when that cannot be said."""

from __future__ import annotations

import pytest

import checks
from checks.series_rules import body_of, locked_cells, past_of
from schemas.facts import Extraction, Report, Source, Value
from schemas.findings import Finding

from .reports import change, put, retext, sound_report, unread
from .test_outcomes import last_year

FORWARD = "requests.carried_forward"
OVER = "requests.carried_over"


def before(**fields: object) -> Report:
    r = change(last_year()(), **fields)
    return r


def series(now: Report, *earlier: Report, rule: str | None = None, profile: str = "draft") -> list[Finding]:
    found = checks.check_series([*earlier, now], profile)  # type: ignore[arg-type]
    return [f for f in found if rule is None or f.rule == rule]


def with_total(value: Value | None, **fields: object) -> Report:
    r = change(put(sound_report(), {f"{OVER}.total": value}), **fields)
    return r


class TestCarry:
    def test_a_body_has_to_carry_on_what_it_carried_forward(self) -> None:
        now = with_total(99, scope="body")
        (finding,) = series(now, before(scope="body"), rule="series.carry")
        assert (finding.severity, finding.printed, finding.expected, finding.difference) == ("error", 99, 15, 84)
        assert "改正本年的上年结转" in finding.advice and "说明" not in finding.advice, "no reason closes an error"
        assert finding.cells == [f"{OVER}.total"]
        assert [t.address for t in finding.terms] == [f"{OVER}.total", f"2022:{FORWARD}.total"]
        (published,) = series(now, before(scope="body"), rule="series.carry", profile="published")
        assert published.severity == "warning"

    def test_membership_of_an_area_changes(self) -> None:
        (finding,) = series(with_total(99), before(), rule="series.carry")
        assert finding.severity == "warning" and "请说明" in finding.advice

    def test_a_single_column_is_less_than_the_total(self) -> None:
        now = put(sound_report(), {f"{OVER}.natural_person": 1, f"{OVER}.commercial_enterprise": 0})
        change(now, scope="body")
        found = series(now, before(scope="body"), rule="series.carry")
        assert {(f.column, f.severity) for f in found} == {
            ("natural_person", "warning"),
            ("commercial_enterprise", "warning"),
        }
        now = put(now, {f"{OVER}.total": 99})
        assert [f.column for f in series(now, before(scope="body"), rule="series.carry")] == ["total"]

    def test_from_the_old_forms_nothing_is_carried(self) -> None:
        old = before(year=2018, form="2014", facts=[], layouts=[])
        assert not series(sound_report(2019), old, rule="series.carry")

    def test_unread_cells(self) -> None:
        unclear = unread(before(), f"{FORWARD}.total", 15, 151)
        assert [f.outcome for f in series(with_total(15), unclear, rule="series.carry")] == ["not_assessable"]
        assert [f.outcome for f in series(with_total(16), unclear, rule="series.carry")] == ["broken"]


class TestWhoBelongsTogether:
    def test_other_bodies_scopes_years_and_periods_do_not(self) -> None:
        now = with_total(99)
        for fields in (
            {"issuer": "别县人民政府"},
            {"scope": "office"},
            {"year": 2021},
            {"period": "half"},
            {"year": None},
        ):
            assert not series(now, before(**fields), rule="series.carry"), fields

    def test_names_in_other_characters_are_the_same(self) -> None:
        assert body_of(before(issuer="某縣人民政府")) == body_of(sound_report())
        assert body_of(before(issuer=None, issuer_printed=None)) is None

    def test_the_caller_may_know_better(self) -> None:
        now = with_total(99)
        assert past_of(now, [before(issuer=None)]).previous is None
        assert past_of(now, [before(issuer=None)], same_body=True).previous is not None

    def test_unknown_never_meets_unknown(self) -> None:
        now = with_total(99, issuer=None)
        assert not series(now, before(issuer=None))


def test_in_force_above_and_below() -> None:
    stock = "article20.normative_documents.in_force"
    (above,) = series(put(sound_report(), {stock: 41}), before(), rule="series.in_force")
    assert (above.severity, above.printed, above.expected) == ("warning", 41, 40)
    (below,) = series(put(sound_report(), {stock: 39}), before(), rule="series.in_force")
    assert below.severity == "note"


def test_litigation_after_reconsiderations_that_ended() -> None:
    now = put(sound_report(), {"disputes.litigation_after_reconsideration.total": 13})
    (finding,) = series(now, before(), rule="series.pending")
    assert (finding.printed, finding.expected) == (13, 12)
    assert "复议后起诉" in finding.advice


def test_jumps() -> None:
    cell = "article20.penalty.decisions"
    assert [
        f.printed for f in series(put(sound_report(), {cell: 800}), put(before(), {cell: 80}), rule="series.jump")
    ] == [800]
    assert not series(put(sound_report(), {cell: 700}), put(before(), {cell: 80}), rule="series.jump")
    (fallen,) = series(put(sound_report(), {cell: 0}), put(before(), {cell: 80}), rule="series.jump")
    assert fallen.severity == "note"
    assert "漏填" in fallen.advice and "一位数" not in fallen.advice, "from or to 0 no digit is too many"
    (risen,) = series(put(sound_report(), {cell: 80}), put(before(), {cell: 0}), rule="series.jump")
    assert "上次是 0。" in risen.message, "ten times nothing is nothing"
    assert "本年新有" in risen.advice and "单位" not in risen.advice
    assert not series(put(sound_report(), {cell: 0}), put(before(), {cell: 8}), rule="series.jump"), (
        "small figures jump"
    )


def test_ten_thousand_times_last_years_amount() -> None:
    fees = "article20.fees.amount"
    (finding,) = series(put(sound_report(), {fees: 251_000}), put(before(), {fees: 25}), rule="value.unit")
    assert "一万倍" in finding.message
    assert not series(put(sound_report(), {fees: 2_500}), put(before(), {fees: 25}), rule="value.unit")


def test_copied_text_whatever_its_figures() -> None:
    text = "存在问题：" + "栏目更新不够及时，解读形式单一，2022年仅有15件。" * 12 + "下一步加强改进。"
    now = retext(sound_report(), 5, text.replace("2022", "2023").replace("15", "37"))
    (finding,) = series(now, retext(before(), 5, text), rule="series.copied")
    assert finding.severity == "warning"
    other = retext(
        sound_report(), 5, "存在差距：" + "人员轮换频繁，基层力量薄弱，培训针对性不强，答复说理不充分。" * 10
    )
    assert not series(other, retext(before(), 5, text), rule="series.copied")


def test_a_gap_in_the_years() -> None:
    (finding,) = series(sound_report(2025), before(), rule="series.missing_year")
    assert "2023、2024" in finding.message


def test_check_with_previous_locks_and_explains() -> None:
    """Carried over is known from last year, so the error lies elsewhere in its column."""
    wrong = {f"{OVER}.other": 9, f"{OVER}.total": 19}
    now = put(sound_report(), {**wrong})
    change(now, scope="body")
    past = past_of(now, [before(scope="body")])
    assert locked_cells(now, past)[f"{OVER}.total"] == 15
    extraction = Extraction(Source("草稿.docx", "0", "x", 1), {}, [now])
    alone, known = checks.check(extraction), checks.check(extraction, previous=[before(scope="body")])
    assert {a.address for e in alone.explanations for a in e.changes or []} >= set(wrong)
    assert all(any(c.address == f"{OVER}.total" and c.value == 15 for c in e.changes or []) for e in known.explanations)
    assert {f.rule for f in known.findings} - {f.rule for f in alone.findings} == {"series.carry"}
    change(now, scope="area")
    assert not locked_cells(now, past_of(now, [before()]))


class TestWhoseReportItIs:
    """A body by two names, and reports that are told of and not compared."""

    def past(self, mine: str, its: str, *, same_body: bool = False, **fields: object) -> tuple[object, list[str]]:
        now = change(sound_report(), issuer=mine, kind=None)
        found = past_of(now, [change(before(issuer=its), kind=None, **fields)], same_body=same_body)
        return found.previous, [why for _, why in found.left_out]

    @pytest.mark.parametrize(
        ("mine", "its"),
        [
            ("清河县卫健委", "清河县卫生健康委员会"),
            ("淮安市洪泽区人民政府", "洪泽区人民政府"),
            ("清河县教育局", "县教育局"),
            ("清河县文旅局", "清河县文化广电和旅游局"),
        ],
    )
    def test_one_body_by_two_names(self, mine: str, its: str) -> None:
        for one, other in ((mine, its), (its, mine)):
            previous, left_out = self.past(one, other)
            assert previous is not None and not left_out

    @pytest.mark.parametrize(
        ("mine", "its"),
        [
            ("清河县教育局", "清河县民政局"),
            ("清河县教育局", "威县教育局"),
            ("某县财政局", "某县教育局"),
            ("清河县教育局", "清河县人民政府"),
        ],
    )
    def test_two_bodies_are_not_compared_even_when_given(self, mine: str, its: str) -> None:
        assert self.past(mine, its) == (None, [])
        assert self.past(mine, its, same_body=True) == (None, ["place"])

    def test_a_short_name_that_two_may_bear(self) -> None:
        now = change(sound_report(), issuer="县教育局", kind=None)
        two = [before(issuer="清河县教育局"), before(issuer="威县教育局")]
        found = past_of(now, two)
        assert found.previous is None and [why for _, why in found.left_out] == ["unsure", "unsure"]

    def test_another_scope_or_period_is_told_and_compared_only_when_given(self) -> None:
        assert self.past("清河县人民政府", "清河县人民政府", scope="unknown")[1] == ["scope"]
        assert self.past("清河县人民政府", "清河县人民政府", scope="unknown", same_body=True)[0] is not None
        assert self.past("清河县人民政府", "清河县人民政府", period="half", same_body=True) == (None, ["period"])
        # A government and its office: one desk, but not one count.
        assert self.past("清河县人民政府办公室", "清河县人民政府", same_body=True)[0] is not None
        assert self.past("清河县人民政府办公室", "清河县人民政府")[0] is None


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("机构改革后，县乡村振兴局并入我局，其上年未办结的申请5件一并计入上年结转。", "warning"),
        ("接手原县乡村振兴局没有办完的5件，年内办结。", "warning"),
        ("两局合并后，原县粮食局、县乡村振兴局结转的申请合并计算，各有几件另附说明。", "warning"),
        ("接手原县乡村振兴局没有办完的3件。", "error"),
        ("承接上年结转申请5件。", "error"),
        ("机构改革后职能优化，依申请公开办理更规范。", "error"),
    ],
)
def test_carried_over_from_another_body(text: str, severity: str) -> None:
    """20 carried over beside 15 of last year: what the text tells of 5 taken over is to be explained, not to be corrected."""
    own = {"scope": "body", "kind": "department", "issuer": "某县农业农村局"}
    now = retext(with_total(20, **own), 1, "一、总体情况", text)
    (finding,) = series(now, before(**own), rule="series.carry")
    assert finding.severity == severity
    assert bool(locked_cells(now, past_of(now, [before(**own)]))) == (severity == "error")
    old = put(before(**own | {"issuer": "某县乡村振兴局"}), {f"{FORWARD}.total": 5})
    assert bool(series(now, before(**own), old, rule="series.carry")) == (severity == "error")
