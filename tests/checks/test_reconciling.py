"""Findings beside explanations: sentences that a likely correction bears out, guesses it makes needless; quotations as printed."""

from __future__ import annotations

import pytest

import checks
from checks.quoting import as_printed
from gouji.show.causes import causes_of
from gouji.show.text import explanation_lines
from schemas.facts import Extraction, Report, Source
from schemas.findings import Finding

from .reports import put, say, sound_cells, sound_report

RECEIVED = "requests.new_received.total"
RIGHT = int(sound_cells()[RECEIVED] or 0)


def file_of(r: Report) -> Extraction:
    return Extraction(Source("草稿.docx", "0", "x", 1), {}, [r])


def checked(r: Report, rule: str) -> list[Finding]:
    found = checks.check(file_of(r)).findings
    return [f for f in found if f.rule == rule and f.outcome == "broken"]


class TestSentences:
    def test_the_sentence_has_the_figure_of_the_correction(self) -> None:
        r = say(put(sound_report(), {RECEIVED: RIGHT + 27}), "requests_received", RIGHT)
        (found,) = checked(r, "statement.disagrees")
        assert "改正后，两处一致" in found.message and "抄错" not in found.message
        assert found.explained_by is None and "不用改" in found.advice

    def test_a_sentence_of_a_sum_with_the_cell_at_fault_is_not_accused(self) -> None:
        """全年共办理…（含结转…）: right by the corrected cell, and put to another one that is right itself."""
        values = sound_report().values()
        both = int(values[RECEIVED]) + int(values["requests.carried_over.total"])
        words = f"全年共办理依申请公开{both}件（含上年结转{int(values['requests.carried_over.total'])}件）"
        assert not checked(say(sound_report(), "closed", both, words), "statement.disagrees")
        wrong = put(sound_report(), {RECEIVED: RIGHT + 27})
        assert not checked(say(wrong, "closed", both, words), "statement.disagrees")
        off = say(put(sound_report(), {RECEIVED: RIGHT + 27}), "closed", both + 3, words)
        assert checked(off, "statement.disagrees"), "a figure that no correction bears out"

    def test_the_sentence_has_the_results_of_a_row_whose_total_is_wrong(self) -> None:
        total = "disputes.reconsideration.total"
        right = int(sound_report().values()[total] or 0)
        r = say(put(sound_report(), {total: right - 1}), "reconsideration", right, f"被申请行政复议{right}件。")
        (found,) = checked(r, "statement.disagrees")
        assert "抄错" not in found.message and "不用改" in found.advice

    def test_the_sentence_has_another_figure(self) -> None:
        r = say(put(sound_report(), {RECEIVED: RIGHT + 27}), "requests_received", RIGHT + 5)
        (found,) = checked(r, "statement.disagrees")
        assert "改正" not in found.message

    def test_the_table_is_sound(self) -> None:
        (found,) = checked(say(sound_report(), "requests_received", RIGHT + 27), "statement.disagrees")
        assert "改正后" not in found.message

    def test_of_several_corrections_the_one_that_the_sentence_bears_out_is_named(self) -> None:
        sound = sound_report().values()
        person, total = "requests.carried_forward.natural_person", "requests.carried_forward.total"
        wrong = put(sound_report(), {person: sound[person] + 1, total: sound[total] + 1})
        whole = checks.check(file_of(say(wrong, "carried_forward", int(sound[total]))))
        (found,) = (f for f in whole.findings if f.rule == "statement.disagrees")
        ways = [e for e in whole.explanations if e.changes]
        assert len(ways) > 1 and "可能的改法中的第 1 种" in found.message and "最可能" not in found.message
        assert [{c.address for c in e.changes or ()} for e in ways if e.borne_out] == [{person, total}]
        checks.say_in_english(whole)
        assert "the first of the likely corrections" in (found.message_en or "")
        (cause,) = causes_of(whole, whole.extraction.reports[0], "zh")
        first, *others = [said for said in explanation_lines(cause, "zh") if said.startswith("·")]
        assert first.startswith("· 与正文的数相符：") and "结转下年度" in first and not any("相符" in o for o in others)
        # A sentence that agrees with none of them bears none out.
        again = put(sound_report(), {person: sound[person] + 1, total: sound[total] + 1})
        off = checks.check(file_of(say(again, "carried_forward", int(sound[total]) + 7)))
        assert not any(e.borne_out for e in off.explanations)

    def test_in_english(self) -> None:
        whole = checks.check(file_of(say(put(sound_report(), {RECEIVED: RIGHT + 27}), "requests_received", RIGHT)))
        checks.say_in_english(whole)
        (found,) = (f for f in whole.findings if f.rule == "statement.disagrees")
        assert "they agree" in found.message_en


class TestSplitDigits:
    CELLS = tuple(a for a in sound_cells() if a.startswith("requests.granted."))
    FIRST, SECOND = CELLS[0], CELLS[1]

    def split(self, first: int, second: int) -> Report:
        """Two digits of one figure in two cells of a row, everything else as if it were in the first."""
        r = sound_report()
        by = {self.FIRST: int(f"{first}{second}"), self.SECOND: 0}
        for address, value in by.items():
            more = value - int(r.values()[address])
            column = address.rpartition(".")[2]
            for row in ("granted", "processed_total", "new_received"):
                for cell in (f"requests.{row}.{column}", f"requests.{row}.total"):
                    put(r, {cell: r.values()[cell] + more})
        return put(r, {self.FIRST: first, self.SECOND: second})

    @pytest.mark.parametrize(("first", "second"), [(4, 7), (3, 6), (9, 0)])
    def test_a_figure_over_two_cells_is_told(self, first: int, second: int) -> None:
        (found,) = checked(self.split(first, second), "split.digits")
        assert found.expected == int(f"{first}{second}")

    def test_one_wrong_cell_is_enough(self) -> None:
        cells = [a for a in sound_cells() if a.startswith("requests.new_received.")]
        values = [int(sound_cells()[a] or 0) for a in cells]
        joined = int(f"{values[0]}{values[1]}")
        r = put(sound_report(), {cells[-1]: values[-1] - values[0] - values[1] + joined})
        assert [f.rule for f in checks.check_report(r) if f.rule == "split.digits"]
        assert not checked(r, "split.digits")


class TestQuotations:
    @pytest.mark.parametrize(
        ("words", "text", "quoted"),
        [
            (
                "公开信息615条,其中图解12条",
                "全年公开信息６１５条，其中图解12条。",
                "全年公开信息６１５条，其中图解12条",
            ),
            ("(文字描述)", "一、总体情况（文字描述）", "（文字描述）"),
            ("6处,逐件标注效力。", "更新目录。清理链接16处，逐件标注效力。", "清理链接16处，逐件标注效力。"),
            ("强化管理", "按时更新。强化 管理，压实责任。", "强化 管理"),
            ("别处的话", "全年公开信息615条。", "别处的话"),
            ("…公开信息615条…", "全年公开信息615条。", "…公开信息615条…"),
        ],
    )
    def test_as_the_text_has_it(self, words: str, text: str, quoted: str) -> None:
        assert as_printed(words, ["前言。", text]) == quoted

    def test_a_text_that_folding_rebuilds(self) -> None:
        assert as_printed("ABC", ["Ａ\u0301BC", "前ＡＢＣ"]) in ("前ＡＢＣ", "ＡＢＣ")
