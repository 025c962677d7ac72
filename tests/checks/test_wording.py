"""What findings say: the draft's own words, whole and as printed, and nothing that the draft does not say.

Belongs here: messages of single rules as a person reads them. Does not belong here: when a rule tells (each rule's test).
"""

from __future__ import annotations

import dataclasses

from schemas.facts import Passage, Place, Report, Statement
from schemas.report_identity import Evidence

from .reports import PROSE, change, findings, report, sound_cells, sound_report


def _statement(
    code: str, value: int | str, printed: str, sentence: str, unit: str = "件", year: int = 2023
) -> Statement:
    from decimal import Decimal

    number = Decimal(value) if isinstance(value, str) else value
    return Statement(code, number, unit, year, "area", False, None, printed, sentence, Place(paragraph=1))


def _changes(sentence: str, *changes: Statement) -> Report:
    r = sound_report()
    now = _statement("requests_received", 456, "456件", sentence)
    then = _statement("requests_received", 598, "598件", sentence, year=2022)
    return change(r, statements=[now, then, *changes])


def test_a_change_is_told_with_the_word_that_the_draft_has() -> None:
    sentence = "收到申请456件，比2022年的598件下降了25.6%。"
    by = _statement("requests_received.change", "-25.6", "25.6%", sentence, unit="%")
    (found,) = findings(_changes(sentence, by), "statement.share")
    assert "正文写下降 25.6%" in found.message
    # The figure by itself, not the end of another.
    sentence = "收到申请456件，较2022年598件增加8件。"
    by = _statement("requests_received.change", 8, "8件", sentence)
    (found,) = findings(_changes(sentence, by), "statement.share")
    assert "正文写增加 8件" in found.message


def test_all_that_fell_due_was_answered_though_some_is_carried_forward() -> None:
    def told(sentence: str, printed: str = "100%") -> list[str]:
        rate = dataclasses.replace(
            _statement("closed.rate", 100, printed, sentence, unit="%"), share_of="requests_received"
        )
        r = change(sound_report(), statements=[rate])
        r.passages.insert(3, Passage(sentence, Place(paragraph=1)))
        return [f.message for f in findings(r, "statement.contradiction")]

    assert not told("依申请公开按期办结率100%，无逾期答复。")
    assert not told("政府信息公开申请法定期限内答复率达100%。")
    assert told("申请办结率100%，按期答复率100%。") == told("按期答复率100%，申请办结率100%。") != []
    (message,) = told("本年申请均已处理，办结率达１００％。", "１００％")
    assert "“办结率达１００％”" in message


def test_an_odd_title_beside_a_signature_of_the_year_after() -> None:
    said = {"title": "2024", "period": "2023", "sentences": "2023", "signature": "2023"}
    printed = {"signature": "2024-01-28"}
    r = change(sound_report(), evidence=[Evidence("year", p, y, printed.get(p, f"{y}年"), 1) for p, y in said.items()])
    (found,) = findings(r, "statement.year")
    assert (
        "统计期限、正文都是2023年" in found.message and "落款日期（2024年1月28日）也与2023年的报告相合" in found.message
    )
    assert "落款日期都是" not in found.message


def test_two_departments_are_no_misprint_of_each_other() -> None:
    def told(title: str, signature: str) -> str:
        r = sound_report()
        evidence = [Evidence("issuer", p, n, n, 1) for p, n in (("title", title), ("signature", signature))]
        (found,) = findings(change(r, evidence=evidence), "statement.own_name")
        return found.message + found.advice

    assert "不是同一个单位的名称" in told("醴陵市民政局", "醴陵市财政局")
    assert "漏了一个字" in told("醴陵市退役军人事务局", "醴陵市退役军人事局")


def test_an_empty_last_section_is_called_empty() -> None:
    signed = "某县人民政府2024年1月27日"
    r = report(sound_cells(), prose={**PROSE, 6: ("六、其他需要报告的事项", signed)})
    (found,) = findings(change(r, issuer_printed="某县人民政府"), "fees.unreported")
    assert "第六部分是空的" in found.message and "1月27日" not in found.message
    # Words are quoted as they stand there, and cut where they are cut.
    words = "其他事项：(1)个别栏目…，更新一次；（2）无其他需要报告的事项，以后将按照有关要求逐项落实并及时更新栏目。"
    r = report(sound_cells(), prose={**PROSE, 6: ("六、其他需要报告的事项", words)})
    (found,) = findings(r, "fees.unreported")
    assert f"“{words[:40]}…”" in found.message


def test_a_year_left_behind_is_told_with_its_words() -> None:
    prose = {**PROSE, 5: (*PROSE[5], "本年度办理不完的申请结转至2023年继续办理。")}
    evidence = [Evidence("year", p, "2023", "2023年", 1) for p in ("title", "period")]
    (found,) = findings(change(report(sound_cells(), prose=prose), evidence=evidence), "statement.year")
    assert "结转至2023年”里的年份写的是2023年，这里应当是2024年" in found.message
