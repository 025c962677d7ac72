"""Figures in sentences against tables and against each other: what is a slip, what is meant, what is left alone."""

from __future__ import annotations

import copy
import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

import checks
from checks.comparisons import code_words, comparisons
from parsers.prose import statements
from schemas import forms
from schemas.facts import Circular, Passage, Place, Report, Statement
from schemas.findings import Finding

from .reports import findings, put, report, say, sound_report, unread

# The sound report: 195 received, 15 carried over, 189 processed, 21 carried forward.
RECEIVED, PROCESSED, WITH_CARRIED = 195, 189, 210


def disagreements(r: Report) -> list[Finding]:
    return [f for f in findings(r, "statement.disagrees") if f.outcome == "broken"]


def test_the_numbers_this_file_builds_on() -> None:
    facts = {f.address: f.value for f in sound_report().facts}
    assert facts["requests.new_received.total"] == RECEIVED
    assert facts["requests.processed_total.total"] == PROCESSED
    assert RECEIVED + int(facts["requests.carried_over.total"] or 0) == WITH_CARRIED


class TestDisagreements:
    def test_a_figure_that_nothing_explains_is_an_error(self) -> None:
        r = say(sound_report(), "requests_received", 700, "全县共收到申请700件。")
        (finding,) = disagreements(r)
        assert (finding.severity, finding.printed, finding.expected, finding.difference) == (
            "error",
            700,
            RECEIVED,
            505,
        )
        assert finding.statement == "requests_received"
        assert finding.cells == ["requests.new_received.total"]
        assert finding.sentence == "全县共收到申请700件。"
        assert "700件" in finding.message

    def test_another_sum_of_the_table_is_named_and_only_a_warning(self) -> None:
        for value, name in ((WITH_CARRIED, "new_received + carried_over"), (PROCESSED, "processed_total")):
            (finding,) = disagreements(say(sound_report(), "requests_received", value, f"收到申请{value}件。"))
            assert (finding.severity, finding.explained_by) == ("warning", name)

    def test_a_sentence_that_says_so_is_no_finding(self) -> None:
        for sentence in (
            f"共收到申请{WITH_CARRIED}件（含上年结转15件）。",
            f"收办申请{WITH_CARRIED}件。",
            f"共收到申请{WITH_CARRIED}件，含上年度结转15件。",
        ):
            assert not disagreements(say(sound_report(), "requests_received", WITH_CARRIED, sentence))

    def test_a_sentence_that_says_the_contrary(self) -> None:
        sentence = f"新收申请（不含上年结转的15件）{WITH_CARRIED}件。"
        (finding,) = disagreements(say(sound_report(), "requests_received", WITH_CARRIED, sentence))
        assert finding.severity == "warning"

    @pytest.mark.parametrize(
        ("sentence", "told"),
        [
            ("当年新收195件，当年办结174件，跨年21件；上年结转15件，全部办结。", False),
            ("新收195件，其中办结174件、结转21件；上年结转15件年内办结。", False),
            ("上年结转的15件已办结，当年申请办结174件。", False),
            ("新收申请195件中，当年办结174件，转下年度21件。", False),
            ("当年受理的195件申请中，年内已办结174件。", False),
            ("今年收到申请195件，办结174件。", True),
            ("当年申请当年办结174件，跨年办理21件。", False),
            ("上年结转的15件已办结，全年办结174件。", True),
            ("上年结转15件，新收195件，办结174件。", True),
            ("当年办结174件。", True),
        ],
    )
    def test_those_of_the_year_beside_those_carried_over(self, sentence: str, told: bool) -> None:
        found = disagreements(say(sound_report(), "closed", 174, sentence, printed="办结174件"))
        assert [f.severity for f in found] == ["warning"] * told

    # The sound report has new 195, over 15, done 189, forward 21; of this year's own 174 are done, in hand were 210.
    @pytest.mark.parametrize(
        ("sentence", "value", "expected"),
        [
            ("今年受理的195件中，已办结{}件，其余跨年办理。", 174, 174),
            ("新收195件（其中当年已办结{}件），另有21件跨年。", 174, 174),
            ("扣除上年结转的申请后，当年新收办结{}件。", 174, 174),
            ("本年度收到的申请195件中已答复{}件。", 175, 174),
            ("当年受理件年内办结{}件，其余跨年。", 171, 174),
            ("新收的195件申请中，已有{}件答复，其余结转。", 173, 174),
            ("当年受理申请195件，当年办结{}件。", 174, 174),
            ("共处理申请{}件：新收195件，结转15件。", 210, 210),
            ("办理申请{}件（本年新收195件、结转15件），已答复189件。", 212, 210),
            ("全年办理申请{}件（含上一年结转15件），其中189件办理完毕。", 210, 210),
            ("全年办理申请{}件（含上一年结转15件），其中189件办理完毕。", 211, 210),
            ("共处理申请{}件，包括2022年结转15件，已答复189件。", 212, 210),
            # Words of another figure: the first of these is all that was done.
            ("扣除上年结转后当年办结174件，全年办结{}件。", 188, 189),
        ],
    )
    def test_words_name_another_sum_right_or_not(self, sentence: str, value: int, expected: int) -> None:
        r = say(sound_report(), "closed", value, sentence.format(value))
        found = disagreements(r)
        assert [(f.printed, f.expected) for f in found] == ([] if value == expected else [(value, expected)])

    @pytest.mark.parametrize(
        ("sentence", "told"),
        [
            ("予以公开{}件、部分公开{}件、不予公开若干。", True),
            ("其中：公开{}件，部分公开{}件。", True),
            ("分别为予以公开{}件、部分公开{}件", True),
            ("予以公开{}件（其中部分公开{}件）。", False),
            ("予以公开{}件，其中{}件为部分公开。", False),
            ("公开（含部分公开）{}件", False),
        ],
    )
    def test_granted_beside_partially_granted_is_no_sum_of_both(self, sentence: str, told: bool) -> None:
        r = sound_report()
        granted, partial = (
            sum(int(f.value or 0) for f in r.facts if f.address == f"requests.{row}.total")
            for row in ("granted", "partially_granted")
        )
        assert granted and partial
        words = sentence.format(*(granted + partial, partial)[: sentence.count("{}")])
        found = disagreements(say(r, "replied_granted", granted + partial, words))
        assert [(f.severity, f.expected) for f in found] == ([("warning", granted)] if told else [])

    def test_those_who_asked_that_add_up_were_copied_from_no_other_row(self) -> None:
        r = sound_report()
        facts = {f.address: f.value or 0 for f in r.facts}
        done = int(facts["requests.processed_total.natural_person"])
        words = f"收到申请{RECEIVED}件，自然人{done}件、法人或其他组织{RECEIVED - done}件。"
        say(r, "requests_received", RECEIVED, words)
        say(r, "requests_received.natural_person", done, words)
        alone = disagreements(r)
        say(r, "requests_received.organizations", RECEIVED - done, words)
        both = disagreements(r)
        assert [f.explained_by for f in alone] == ["processed_total"]
        assert [(f.severity, f.explained_by) for f in both] == [("error", None)] * 2

    @pytest.mark.parametrize(
        ("denied", "forward", "told"), [(5, 1, False), (5, 2, True), (6, None, False), (5, None, True)]
    )
    def test_what_has_no_result_yet_is_carried_forward(self, denied: int, forward: int | None, told: bool) -> None:
        """受理16件, results for 15 of them, and 1 carried forward: nothing is missing."""
        r = put(sound_report(), {"requests.carried_forward.total": forward, "requests.carried_over.total": 0})
        figures = {
            "requests_received": 16,
            "replied_granted": 2,
            "replied_partially_granted": 3,
            "replied_denied": denied,
            "unavailable": 2,
            "not_processed": 2,
            "other_handling": 1,
        }
        for code, value in figures.items():
            say(r, code, value, "受理申请16件，办理结果为……")
        assert any(f.outcome == "broken" for f in findings(r, "statement.sum")) == told

    def test_words_elsewhere_in_the_sentence_excuse_nothing(self) -> None:
        sentence = f"共收到申请{WITH_CARRIED}件，其中自然人200件；共办理{PROCESSED}件，上年结转的均已答复。"
        (finding,) = disagreements(say(sound_report(), "requests_received", WITH_CARRIED, sentence))
        assert finding.explained_by == "new_received + carried_over"

    def test_cases_filed_and_concluded(self) -> None:
        """Ten less four pending are six that were concluded."""
        concluded = say(sound_report(), "reconsideration", 6, "审结行政复议6件。")
        assert not disagreements(concluded)
        (finding,) = disagreements(say(sound_report(), "reconsideration", 6, "被申请行政复议6件。"))
        assert (finding.severity, finding.explained_by) == ("warning", "reconsideration - pending")

    def test_rows_together_and_columns(self) -> None:
        r = say(sound_report(), "litigation", 20)
        say(r, "reconsideration_and_litigation", 30)
        say(r, "reconsideration_upheld", 1)
        say(r, "litigation_direct.pending", 4)
        facts = {f.address: f.value or 0 for f in r.facts}
        say(r, "requests_received.natural_person", facts["requests.new_received.natural_person"])
        organizations = facts["requests.new_received.total"] - facts["requests.new_received.natural_person"]
        say(r, "requests_received.organizations", organizations)
        denied = sum(int(v) for a, v in facts.items() if a.startswith("requests.denied") and a.endswith(".total"))
        say(r, "replied_denied", denied)
        assert not disagreements(r)
        say(r, "litigation_direct.pending", 3)
        say(r, "litigation", 19)
        assert {f.statement for f in disagreements(r)} == {"litigation_direct.pending", "litigation"}

    def test_other_years_scopes_and_about_are_left_alone(self) -> None:
        r = sound_report()
        say(r, "requests_received", 700, year=2022)
        say(r, "requests_received", 701, scope="part")
        say(r, "requests_received", 702, scope="office")
        # About so many, and not far from it.
        say(r, "requests_received", 203, approximate=True, printed="约203件")
        say(r, "requests_received", Decimal("61.5"), unit="%", share_of="disclosed")
        say(r, "visits", 99999)
        assert not disagreements(r)

    def test_table_two_both_ways(self) -> None:
        """Decisions, fees and stocks: a warning, since a sentence may count another day or not all."""
        stated = {
            "licensing.decisions": (670, 67),
            "penalty.decisions": (533, 0),
            "coercion.decisions": (0, 3),
            "normative_documents.in_force": (14, 40),
            "normative_documents.repealed": (4, 2),
            "regulations.in_force": (2, 0),
        }
        for code, (said, printed) in stated.items():
            r = put(sound_report(), {f"article20.{code}": printed})
            assert not disagreements(say(r, code, printed))
            (finding,) = disagreements(say(r, code, said))
            assert (finding.printed, finding.expected, finding.cells) == (said, printed, [f"article20.{code}"])
            assert finding.severity == "warning"
            assert code_words("zh", code) in finding.message
        r = say(put(sound_report(), {"article20.fees.amount": Decimal("55.1")}), "fees.amount", 551, unit="万元")
        assert [f.severity for f in disagreements(r)] == ["warning"]
        # Nothing to compare with.
        r = say(put(sound_report(), {"article20.licensing.decisions": None}), "licensing.decisions", 670)
        assert not disagreements(r)
        assert [f.outcome for f in findings(r, "statement.disagrees")] == ["not_assessable"]

    def test_single_rows_of_the_results(self) -> None:
        r = sound_report()
        row = next(f.value for f in r.facts if f.address == "requests.unavailable_not_held.total")
        assert row is not None
        assert not disagreements(say(r, "unavailable_not_held", row, f"不掌握相关政府信息{row}件。"))
        (finding,) = disagreements(say(sound_report(), "unavailable_not_held", row + 2, f"不掌握{row + 2}件。"))
        assert (finding.severity, finding.expected) == ("warning", row)

    @pytest.mark.parametrize(
        ("value", "printed", "told"),
        [
            (Decimal(88200), "8.82亿元", False),
            (Decimal(88100), "8.81亿元", True),
            (Decimal(88000), "8.8亿元", False),
            (Decimal("88215.4"), "88215.4万元", False),
            (Decimal("88251.4"), "88251.4万元", True),
        ],
    )
    def test_amounts_are_rounded_to_what_is_printed(self, value: Decimal, printed: str, told: bool) -> None:
        r = put(sound_report(), {"article20.fees.amount": Decimal("88215.4")})
        text = f"收取行政事业性收费{printed}。"
        found = disagreements(say(r, "fees.amount", value, text, printed=printed, unit="万元"))
        assert bool(found) == told
        assert all("表格里是 88215.4万元。" in f.message for f in found), "an amount has its unit"

    def test_a_list_published_is_not_the_stock(self) -> None:
        sentence = "清理并集中公布现行有效规范性文件35件。"
        r = say(sound_report(), "normative_documents.in_force", 35, sentence)
        assert not findings(r, "statement.disagrees")
        assert disagreements(say(r, "normative_documents.in_force", 35, "现行有效规范性文件35件。"))

    def test_cases_of_a_paragraph_that_does_not_name_disclosure(self) -> None:
        """被提起行政诉讼9件 may be of any business: a warning where nothing around it says 公开."""
        alone, with_words = "全年被提起行政诉讼9件。", "因政府信息公开被提起行政诉讼9件。"
        assert [f.severity for f in disagreements(say(sound_report(), "litigation", 9, alone))] == ["warning"]
        assert [f.severity for f in disagreements(say(sound_report(), "litigation", 9, with_words))] == ["error"]
        decided = "全年受理政府信息公开行政复议案件25件。"
        assert [f.severity for f in disagreements(say(sound_report(), "reconsideration", 25, decided))] == ["warning"]
        against = "因政府信息公开被申请行政复议25件，均已受理。"
        assert [f.severity for f in disagreements(say(sound_report(), "reconsideration", 25, against))] == ["error"]

    def test_a_second_figure_beside_the_right_one_is_a_warning(self) -> None:
        r = say(say(sound_report(), "requests_received", RECEIVED), "requests_received", 700)
        assert [(f.severity, f.printed) for f in disagreements(r)] == [("warning", 700)]

    def test_blanks_bound(self) -> None:
        """A blank total is replaced by its parts, and blanks among these only bound."""
        r = put(sound_report(), {"requests.granted.total": None, "requests.granted.other": None})
        facts = {f.address: f.value for f in r.facts}
        known = sum(int(v) for a, v in facts.items() if a.startswith("requests.granted.") and v)
        (low,) = disagreements(say(r, "replied_granted", known - 1))
        assert (low.expected, low.severity) == (known, "error")
        assert "至少" in low.message or "已是" in low.message
        r.statements.clear()
        (open_,) = findings(say(r, "replied_granted", known), "statement.disagrees")
        assert (open_.outcome, open_.consistent_with_zero) == ("not_assessable", True)

    def test_readings_decide(self) -> None:
        r = unread(sound_report(), "requests.new_received.total", 19, 195)
        assert not disagreements(say(r, "requests_received", RECEIVED))
        assert disagreements(say(r, "requests_received", 700))

    def test_forms_with_statistics(self) -> None:
        cells = dict.fromkeys(forms.load("2014").addresses(), 0) | {"statistics.requests_received.value": 7}
        r = report({**cells}, "2014", year=2016)
        say(r, "requests_received", 7, year=2016)
        say(r, "granted_or_partially_granted", 0, year=2016)
        assert not disagreements(r)
        (finding,) = disagreements(say(r, "replied_denied", 3, year=2016))
        assert (finding.cells, finding.expected) == (["statistics.replied_denied.value"], 0)

    @pytest.mark.parametrize("form_id", ["2019", "2021"])
    def test_every_comparison_names_cells_of_its_form(self, form_id: str) -> None:
        form = forms.load(form_id)
        known = {a for v in (None, *(v.id for v in form.variants)) for a in form.addresses(v)}
        assert len(comparisons(form_id)) > 30
        for comparison in comparisons(form_id).values():
            for each in (comparison.sum, *comparison.others):
                assert each.plus and set(each.plus + each.minus) <= known, comparison.code

    def test_sums_go_by_role(self) -> None:
        """Form 2021 has three rows where form 2019 has one, and both count documents in columns of their own names."""
        others = {f: comparisons(f)["other_handling"].sum.plus for f in ("2019", "2021")}
        assert len(others["2021"]) == 4 and others["2019"] == ("requests.other_handling.total",)
        issued = {f: comparisons(f)["normative_documents.issued"].sum.plus for f in ("2019", "2021")}
        assert issued == {
            "2019": ("article20.normative_documents.produced",),
            "2021": ("article20.normative_documents.issued",),
        }
        assert comparisons("2014") == {}


def test_every_code_of_a_sentence_has_words() -> None:
    claims = tomllib.loads((Path(statements.__file__).parent / "claims.toml").read_text(encoding="utf-8"))
    codes = {c["code"] for found in claims.values() if isinstance(found, list) for c in found if "code" in c}
    codes = {c.replace("{dispute}", d) for c in codes for d in ("reconsideration", "litigation")}
    assert len(codes) > 80
    assert not [c for c in sorted(codes) if code_words("zh", c) == c.replace("_", " ")]


class TestShares:
    def share(self, stated: str, part: int = 42, whole: int = 81, sentence: str = "s") -> list[Finding]:
        r = say(sound_report(), "closed", whole, sentence)
        say(r, "unavailable", part, sentence)
        say(r, "unavailable", Decimal(stated), sentence, unit="%", share_of="closed")
        return [f for f in findings(r, "statement.share") if f.statement == "unavailable"]

    def test_rounding_to_the_printed_places(self) -> None:
        for stated in ("51.85", "51.9", "52"):
            assert not self.share(stated)

    def test_wrong(self) -> None:
        (finding,) = self.share("53.9")
        assert (finding.severity, finding.printed, finding.expected) == ("warning", Decimal("53.9"), Decimal("51.85"))

    def test_cut_off_is_a_note(self) -> None:
        (finding,) = self.share("51.8")
        assert finding.severity == "note"
        assert "截去" in finding.message

    def test_another_whole_of_the_sentence_explains_it(self) -> None:
        """70 of 80, of which two are being closed: 90 %."""
        sentence = "现有80个账号中，合格70个，不合格8个，正在注销2个，合格率90%。"
        assert not self.share("90", 70, 80, sentence)
        assert self.share("93", 70, 80, sentence)

    def test_another_stated_total_explains_it(self) -> None:
        """Nine of ten requests are replied to, seven granted: “70 % of the total” is of the ten."""
        r = say(sound_report(), "requests_received", 10, "w")
        say(r, "replied", 9, "s")
        for stated, wrong in (("70", False), ("77.78", False), ("75", True)):
            found = say(copy.deepcopy(r), "replied_granted", 7, "s")
            say(found, "replied_granted", Decimal(stated), "s", unit="%", share_of="replied")
            assert bool([f for f in findings(found, "statement.share") if f.statement == "replied_granted"]) is wrong

    def test_above_100_for_a_part(self) -> None:
        (finding,) = self.share("101")
        assert "超过" in finding.message

    def test_shares_adjusted_to_sum_to_100_are_a_note(self) -> None:
        r = say(sound_report(), "requests_received", 52971, "w")
        for code, n, stated in (("online", 26448, "49.9"), ("letter", 8442, "15.9"), ("in_person", 17914, "33.8"),
                                ("fax", 167, "0.4")):  # fmt: skip
            say(r, f"requests_{code}", n, "s")
            say(r, f"requests_{code}", Decimal(stated), "s", unit="%", share_of="requests_received")
        found = findings(r, "statement.share")
        assert [(f.severity, f.statement) for f in found] == [("note", "requests_fax")]

    def test_a_scoped_part_is_of_the_whole_area(self) -> None:
        r = say(sound_report(), "disclosed", 425)
        for value, stated, scope in ((303, "71.3", "level"), (122, "28.7", "part")):
            say(r, "disclosed", value, "s", unit="条", scope=scope)
            say(r, "disclosed", Decimal(stated), "s", unit="%", scope=scope, share_of="disclosed")
        assert not findings(r, "statement.share")

    def test_a_change_in_cases_is_the_difference_of_its_counts(self) -> None:
        def change(by: int, own: int | None = 64, last: int | None = 44, percent: str | None = None) -> list[Finding]:
            r = sound_report()
            for value, year in ((own, 2023), (last, 2022)):
                if value is not None:
                    say(r, "requests_received", value, "s", year=year, unit="件")
            say(r, "requests_received.change", by, "s", unit="件")
            if percent is not None:
                say(r, "requests_received.change", Decimal(percent), "s", unit="%")
            return findings(r, "statement.share")

        assert not change(20)
        assert not change(26, last=None)
        (finding,) = change(26)
        assert (finding.severity, finding.printed, finding.expected) == ("warning", 26, 20)
        (turned,) = change(-20)
        assert "写反" in turned.message
        # 比上年的44件增加20件，增长52.8%: this year's figure is known by the change.
        assert not change(20, own=None, percent="45.5")
        (percent,) = change(20, own=None, percent="52.8")
        assert percent.expected == Decimal("45.45")

    @pytest.mark.parametrize(
        ("code", "cell", "words"),
        [
            ("carried_forward", "requests.carried_forward.total", "无结转下年度"),
            ("reconsideration", "disputes.reconsideration.total", "未发生行政复议"),
            ("normative_documents.issued", "article20.normative_documents.issued", "未制发行政规范性文件"),
        ],
    )
    def test_none_in_words_is_copied_from_no_row(self, code: str, cell: str, words: str) -> None:
        r = put(
            sound_report(), {a: 0 for a in sound_report().values() if a.partition(".")[0] == cell.partition(".")[0]}
        )
        put(r, {cell: 2})
        (found,) = findings(say(r, code, 0, f"全年{words}。", printed=words), "statement.disagrees")
        assert f"正文写“{words}”" in found.message and "抄错了行" not in found.message and found.explained_by is None

    def test_growth(self) -> None:
        def change(stated: str) -> list[Finding]:
            r = say(sound_report(), "requests_received", 456, "s")
            say(r, "requests_received", 598, "s", year=2022)
            say(r, "requests_received.change", Decimal(stated), "s", unit="%")
            return findings(r, "statement.share")

        assert not change("-23.75")
        assert not change("-23.7")
        (finding,) = change("-25.6")
        assert (finding.statement, finding.printed, finding.expected) == (
            "requests_received",
            Decimal("25.6"),
            Decimal("23.75"),
        )
        (turned,) = change("23.75")
        assert "写反" in turned.message and "应为" not in turned.message
        (turned,) = change("23.7")
        assert "写反" in turned.message
        (turned,) = change("25.6")
        assert "应为减少 23.75%" in turned.message

    def test_growth_by_the_change_in_cases(self) -> None:
        for percent, wrong in (("17.7", False), ("27.7", True)):
            text = f"收到政府信息公开申请167件，同比减少36件（2022年为203件），下降{percent}%。"
            r = report({})
            r.statements = statements.find([Passage(text, Place())], year=2023, scope="area", form="2021")
            r.passages = [Passage(text, Place())]
            assert bool(findings(r, "statement.share")) == wrong

    def test_growth_above_100_and_completion_rates_are_no_findings(self) -> None:
        r = say(sound_report(), "requests_received", 42, "s")
        say(r, "requests_received", 20, "s", year=2022)
        say(r, "requests_received.change", 110, "s", unit="%")
        assert not findings(r, "statement.share")

    def test_circulars(self) -> None:
        circular = Circular("c", year=2022)
        circular.statements = [
            Statement("x 省政府部门", Decimal("101.1"), "%", 2022, "unknown", False, "部门", "101.1%", "s", Place()),
            Statement("y 省政府部门", Decimal("93.3"), "%", 2022, "unknown", False, "部门", "93.3%", "s", Place()),
        ]
        from checks.engine import check_circular

        assert [(f.report_id, f.printed, f.severity) for f in check_circular(circular)] == [
            ("c", Decimal("101.1"), "warning")
        ]


class TestSums:
    PARTS = ("granted_or_partially_granted", "replied_denied", "unavailable", "not_processed", "other_handling")

    def sums(self, whole: int, *parts: int, code: str = "replied") -> list[Finding]:
        r = say(sound_report(), code, whole, "w")
        for name, value in zip(self.PARTS, parts, strict=False):
            say(r, name, value, "s")
        return findings(r, "statement.sum")

    def test_all_kinds_of_reply_claim_to_be_complete(self) -> None:
        assert not self.sums(716, 258, 35, 265, 158, 0)
        (finding,) = self.sums(805, 258, 35, 265, 158, 0)
        assert (finding.statement, finding.printed, finding.expected) == ("replied", 805, 716)
        assert not self.sums(805, 258, 35), "two kinds alone do not"

    def test_too_much_is_wrong_in_any_case(self) -> None:
        (finding,) = self.sums(200, 258, 35)
        assert finding.expected == 293
        assert "超过" in finding.message

    def test_any_whole_that_fits_will_do(self) -> None:
        r = say(sound_report(), "requests_received", 456, "w")
        say(r, "closed", 450, "w")
        for name, value in zip(self.PARTS, (327, 22, 85, 15, 7), strict=True):
            say(r, name, value, "s")
        assert not findings(r, "statement.sum")

    def test_results_of_the_concluded_cases_only(self) -> None:
        r = say(sound_report(), "litigation", 32, "s")
        for code, n in (("litigation_upheld", 13), ("litigation_corrected", 4), ("litigation_other", 11)):
            say(r, code, n, "s")
        assert not findings(r, "statement.sum")

    def listed(self, sentence: str, *kinds: tuple[str, int], whole: int = 100) -> list[Finding]:
        r = say(sound_report(), "disclosed", whole, "全年公开100条。", unit="条")
        for name, n in kinds:
            say(r, "disclosed.category", n, sentence, unit="条", printed=f"{name}{n}条")
        return findings(r, "statement.sum")

    def test_a_list_that_ends_with_others_is_complete(self) -> None:
        sentence = "其中机构职能25条，规划计划28条，其他信息30条。"
        (finding,) = self.listed(sentence, ("机构职能", 25), ("规划计划", 28), ("其他信息", 30))
        assert (finding.statement, finding.printed, finding.expected) == ("disclosed", 100, 83)

    def test_a_list_of_the_main_kinds_is_not(self) -> None:
        assert not self.listed("主要类别有：机构职能25条，其他30条。", ("机构职能", 25), ("其他", 30))
        assert not self.listed("其中机构职能25条，规划计划28条。", ("机构职能", 25), ("规划计划", 28))

    def test_kinds_that_were_not_understood_count_all_the_same(self) -> None:
        sentence = "其中机构职能25条，行政许可类45条，其他信息30条。"
        assert not self.listed(sentence, ("机构职能", 25), ("其他信息", 30))

    def test_kinds_above_the_whole_are_told_with_their_sum(self) -> None:
        sentence = "其中机构职能25条，行政许可类45条，其他信息80条。"
        (finding,) = self.listed(sentence, ("机构职能", 25), ("其他信息", 80))
        assert finding.expected == 150
        assert "行政许可类45条" in finding.message

    def test_a_figure_of_another_clause_is_no_item(self) -> None:
        sentence = "其中机构职能40条，规划计划60条，组织培训2场，发布解读信息2条。"
        assert not self.listed(sentence, ("机构职能", 40), ("规划计划", 60))
        # Between two kinds it leaves open what the list is.
        sentence = "其中机构职能40条，发布解读信息2条，其他信息50条。"
        assert not self.listed(sentence, ("机构职能", 40), ("其他信息", 50))

    def test_the_parts_listed_add_up_to_the_sum_that_is_stated(self) -> None:
        short = self.listed("其中机构职能25条，行政许可类15条，其他信息30条。", ("机构职能", 25), ("其他信息", 30))
        over = self.listed("其中机构职能60条，行政许可类45条，其他信息50条。", ("机构职能", 60), ("其他信息", 50))
        many = [(f"第{n}类信息", 10) for n in range(12)]
        full = self.listed("其中" + "，".join(f"{name}{n}条" for name, n in many) + "。", *many)
        for (finding,) in (short, over, full):
            parts = finding.message[finding.message.index("（") + 1 : finding.message.index("）")]
            assert sum(int(n) for n in re.findall(r"(\d+)条", parts)) == finding.expected

    def test_members_may_not_exceed_the_area(self) -> None:
        def members(level: int, part: int) -> list[Finding]:
            r = say(sound_report(), "requests_received", 100, "s")
            say(r, "requests_received", level, "s", scope="level")
            say(r, "requests_received", part, "s", scope="part")
            return findings(r, "statement.sum")

        assert not members(30, 70)
        assert not members(30, 60)
        assert [f.expected for f in members(40, 70)] == [110]


def test_contradiction_is_not_said_of_answers_in_time() -> None:
    r = say(sound_report(), "replied.rate", 100, "均按期答复。", unit="%", share_of="requests_received")
    assert not findings(r, "statement.contradiction")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("上年结转15件，全部办结；新收195件，办结174件，跨年21件。", False),
        ("新收195件，全部办结，上年结转15件。", True),
        ("上年底遗留的15件申请，今年全部办结；新收195件，办结174件。", False),
        ("2022年底转入的15件，本年内已全部办结，新收195件。", False),
        ("去年未办结结转15件，年内均全部办结，新收的195件还有21件未到期限。", False),
        ("2022年有15件结转至2023年，已全部办结；新收195件，21件结转2024年。", False),
        ("上年结转的15件已答复，新收195件，今年已全部办结。", True),
    ],
)
def test_contradiction_is_not_said_of_last_years_alone(text: str, told: bool) -> None:
    r = say(sound_report(), "requests_received", 195, text)
    say(r, "closed.rate", 100, text, unit="%", share_of="requests_received", printed="全部办结")
    assert [f.rule for f in findings(r, "statement.contradiction")] == ["statement.contradiction"] * told


def test_year() -> None:
    compared = say(sound_report(), "requests_received", 21, "比2022年的21件增加9件。", year=2022)
    assert not findings(compared, "statement.year")
    both = say(say(sound_report(), "requests_received", 21, "2022年21件。", year=2022), "requests_received", RECEIVED)
    assert not findings(both, "statement.year")
    (finding,) = findings(say(sound_report(), "closed", 21, "2022年共办结21件。", year=2022), "statement.year")
    assert (finding.severity, finding.statement) == ("warning", "closed")


def test_messages_in_english() -> None:
    r = say(sound_report(), "requests_received", WITH_CARRIED, "收到申请210件。")
    found = [f for f in checks.check_report(r, "draft", "en") if f.rule == "statement.disagrees"]
    assert found[0].message == (
        "the sentence says requests received 210件, the table 195; "
        "the figure is the table's new received + carried over: perhaps the wrong row was copied."
    )


def test_figures_that_count_more_than_the_year_or_something_else() -> None:
    def told(value: int, sentence: str, unit: str = "件") -> list[Finding]:
        return disagreements(say(sound_report(), "requests_received", value, sentence, unit=unit))

    assert told(900, "全年累计收到申请900件。")
    assert told(900, "截至2023年底，共收到申请900件。")
    # Since when, nobody says.
    assert not told(900, "截至2023年底，累计收到申请900件。")
    # Less than the year's own figure it cannot be.
    assert told(9, "截至2023年底，累计收到申请9件。")
    assert not told(900, "全年收到申请900件次。", unit="件次")


@pytest.mark.parametrize(
    "words", ["含2022年度结转", "包括2022年转入的申请", "含上一年度结转", "含去年结转", "其中上年结转4件"]
)
def test_received_with_what_was_carried_over_is_said_in_many_ways(words: str) -> None:
    r = sound_report()
    cells = {f.address: int(f.value or 0) for f in r.facts}
    new, over = (cells[f"requests.{row}.total"] for row in ("new_received", "carried_over"))
    sentence = f"全年收到申请（{words}）{new + over}件。"
    assert not disagreements(say(r, "requests_received", new + over, sentence))
