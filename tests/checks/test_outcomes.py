"""Every rule of the catalogue three times: where it holds, where it breaks, where it cannot be assessed.

A rule that is never short of a figure has, in place of the third, a report to which it does not apply.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

import checks
from checks.rules import catalogue
from schemas.facts import Passage, Place, PrintedLabel, Report, Residue, Trace
from schemas.findings import Outcome
from schemas.report_identity import Evidence, ReportIdentity

from .reports import put, report, retext, say, sound_cells, sound_report, unread

Make = Callable[[], Report]


@dataclass
class Case:
    """Reports for one rule. ``third`` is not assessable, or not applicable where the rule needs no figure."""

    holds: Make
    breaks: Make
    third: Make
    third_is: Outcome = "not_assessable"
    previous: Sequence[Make] = ()
    # What cannot be read is never wrong.
    breaks_is: Outcome = "broken"


def changed(**values: int | float | str | None) -> Make:
    """The sound report with other cells; ``__`` stands for the dots of an address."""
    return lambda: put(sound_report(), {a.replace("__", "."): v for a, v in values.items()})  # type: ignore[misc]


def edited(edit: Callable[[Report], object], year: int = 2023, **fields: object) -> Make:
    def make() -> Report:
        r = sound_report(year, **fields)
        edit(r)
        return r

    return make


def named(title: str, signed: str) -> Make:
    """A report whose title and signature name a body."""
    evidence = (
        Evidence("issuer", "title", title, f"{title}2023年政府信息公开工作年度报告", 10),
        Evidence("issuer", "signature", signed, signed, 6),
    )
    return lambda: sound_report(issuer=title, issuer_printed=title, evidence=evidence)


def scoped(scope: str, evidence: str, licences: int) -> Make:
    """A county's report of this scope, with so many licences."""
    return lambda: put(
        sound_report(level="county", kind="government", scope=scope, scope_evidence=evidence),
        {"article20.licensing.decisions": licences},
    )


def prose() -> Report:
    return Report("r", ReportIdentity(issuer="某县人民政府", level="county", kind="government", year=2016))


def form_2019(**values: int | None) -> Make:
    def make() -> Report:
        r = report(sound_cells("2019"), "2019", year=2020)
        return put(r, {a.replace("__", "."): v for a, v in values.items()})

    return make


def form_2014(**values: int | None) -> Make:
    def make() -> Report:
        from schemas.forms import load

        cells = dict.fromkeys(load("2014").addresses(), 0)
        r = report({**cells}, "2014", year=2016)
        return put(r, {f"statistics.{a}.value": v for a, v in values.items()})

    return make


def texts(section: int, *paragraphs: str, year: int = 2023, **fields: object) -> Make:
    return edited(lambda r: retext(r, section, *paragraphs), year, **fields)


def missing_layout(r: Report) -> None:
    r.layouts = [x for x in r.layouts if x.table != "disputes"]
    r.facts = [f for f in r.facts if not f.address.startswith("disputes")]


def layout(r: Report, change: Callable[[object], object]) -> None:
    change(next(x for x in r.layouts if x.table == "requests"))


def last_year(**values: int | None) -> Make:
    """Last year's report, from which the sound one follows."""

    def make() -> Report:
        r = sound_report(2022)
        figures = {
            f.address.replace("carried_over", "carried_forward"): f.value
            for f in r.facts
            if f.address.startswith("requests.carried_over.")
        }
        put(r, {**figures})
        put(r, {"article20.normative_documents.in_force": 35})
        # Another year's text, so that nothing but figures can be told from it.
        for p in r.passages:
            p.text = p.text if len(p.text) < 60 else "上年情况另述。" + p.text[::-1]
        return put(r, {a.replace("__", "."): v for a, v in values.items()})

    return make


LONG = "一年来办理工作平稳有序，" * 30

CASES: dict[str, Case] = {
    "requests.balance": Case(
        sound_report,
        changed(requests__carried_forward__other=99),
        changed(requests__carried_forward__other=None),
    ),
    "requests.outcomes": Case(
        sound_report,
        changed(requests__granted__natural_person=99),
        changed(requests__granted__natural_person=None),
    ),
    "requests.applicants": Case(
        sound_report, changed(requests__granted__total=99), changed(requests__granted__total=None)
    ),
    "disputes.total": Case(
        sound_report, changed(disputes__reconsideration__total=0), changed(disputes__reconsideration__total=None)
    ),
    "statistics.parts": Case(form_2014(), form_2014(requests_received=3), form_2014(requests_received=None)),
    "article20.stock": Case(
        sound_report,
        changed(article20__normative_documents__issued=41),
        changed(article20__normative_documents__in_force=None),
    ),
    "article20.power": Case(
        sound_report,
        changed(article20__regulations__in_force=2),
        edited(lambda r: put(r, {"article20.regulations.in_force": 2}), level=None),
    ),
    "value.not_a_number": Case(
        sound_report, changed(article20__licensing__decisions="见附件"), prose, "not_applicable"
    ),
    "value.blank": Case(sound_report, changed(requests__granted__other=None), prose, "not_applicable"),
    "value.mark": Case(
        sound_report,
        edited(
            lambda r: setattr(
                next(f for f in put(r, {"disputes.reconsideration.other": "/"}).facts if f.printed == "/"),
                "kind",
                "mark",
            )
        ),
        prose,
        "not_applicable",
    ),
    "value.unresolved": Case(
        sound_report, edited(lambda r: unread(r, "article20.penalty.decisions")), prose, "not_applicable"
    ),
    "value.negative": Case(sound_report, changed(article20__penalty__decisions=-3), prose, "not_applicable"),
    "value.fraction": Case(sound_report, changed(article20__penalty__decisions=2.5), prose, "not_applicable"),
    "value.unit": Case(
        sound_report,
        edited(
            lambda r: [
                setattr(f, "unit_printed", "元") or setattr(f, "printed", "12元")
                for f in r.facts
                if f.address == "article20.fees.amount"
            ]
        ),
        changed(article20__fees__amount=None),
        "not_applicable",
    ),
    "structure.missing_table": Case(sound_report, edited(missing_layout), edited(missing_layout, has_pictures=True)),
    "structure.nothing_read": Case(
        sound_report, prose, lambda: say(prose(), "requests_received", 5, "收到5件。"), "holds"
    ),
    "structure.missing_row": Case(
        sound_report,
        edited(lambda r: layout(r, lambda x: setattr(x, "missing_rows", ["granted"]))),
        prose,
        "not_applicable",
    ),
    "structure.order": Case(
        sound_report, edited(lambda r: layout(r, lambda x: setattr(x, "reordered", True))), prose, "not_applicable"
    ),
    "structure.not_read": Case(
        sound_report,
        edited(lambda r: r.traces.append(Trace("requests", "granted", "（一）予□公□", Place()))),
        prose,
        "not_applicable",
        breaks_is="not_assessable",
    ),
    "structure.extra_row": Case(
        sound_report,
        edited(lambda r: r.layouts[0].extra.append(PrintedLabel("", "其他主动公开文件", "unknown", Place()))),
        prose,
        "not_applicable",
    ),
    "structure.wrong_form": Case(
        sound_report,
        lambda: report(sound_cells("2019"), "2019", year=2022),
        lambda: sound_report(2023, period="half"),
        "not_applicable",
    ),
    "structure.label": Case(
        sound_report,
        edited(lambda r: r.layouts[0].rows.insert(0, PrintedLabel("licensing", "行政审批", "similar", Place()))),
        prose,
        "not_applicable",
    ),
    "structure.section": Case(
        sound_report,
        texts(5),
        edited(lambda r: (retext(r, 5), r.passages.append(Passage("[……]", Place(paragraph=1))))),
    ),
    "structure.empty_section": Case(sound_report, texts(5, "无。"), texts(5, "[……下略……]")),
    "structure.residue": Case(
        sound_report,
        edited(lambda r: r.residue.append(Residue("comment", "请核实", Place()))),
        sound_report,
        "holds",
    ),
    "split.digits": Case(
        sound_report,
        changed(
            requests__granted__natural_person=2, requests__granted__commercial_enterprise=0, requests__granted__total=26
        ),
        prose,
        "not_applicable",
    ),
    "misplaced.applicant": Case(
        sound_report,
        changed(requests__granted__natural_person=1, requests__granted__commercial_enterprise=2),
        changed(requests__granted__natural_person=1),
        "not_applicable",
    ),
    "statement.disagrees": Case(
        edited(lambda r: say(r, "requests_received", 195)),
        edited(lambda r: say(r, "requests_received", 9)),
        edited(
            lambda r: say(
                put(r, {"requests.new_received.total": None, "requests.new_received.other": None}),
                "requests_received",
                500,
            )
        ),
    ),
    "statement.share": Case(
        edited(
            lambda r: say(
                say(say(r, "closed", 80), "replied_denied", 8), "replied_denied", 10, unit="%", share_of="closed"
            )
        ),
        edited(lambda r: say(say(r, "closed", 80, "s"), "replied_denied", 101, "s", unit="%", share_of="closed")),
        sound_report,
        "not_applicable",
    ),
    "statement.sum": Case(
        edited(
            lambda r: [
                say(r, c, v, "s")
                for c, v in (("litigation", 5), ("litigation_direct", 3), ("litigation_after_reconsideration", 2))
            ]
        ),
        edited(
            lambda r: [
                say(r, c, v, "s")
                for c, v in (("litigation", 9), ("litigation_direct", 3), ("litigation_after_reconsideration", 2))
            ]
        ),
        edited(lambda r: say(r, "litigation_direct", 3)),
        "not_applicable",
    ),
    "statement.contradiction": Case(
        edited(
            lambda r: say(
                put(r, {"requests.carried_forward.total": 0}),
                "closed.rate",
                100,
                unit="%",
                share_of="requests_received",
            )
        ),
        edited(lambda r: say(r, "closed.rate", 100, unit="%", share_of="requests_received")),
        edited(
            lambda r: say(
                put(r, {"requests.carried_forward.total": None}),
                "closed.rate",
                100,
                unit="%",
                share_of="requests_received",
            )
        ),
    ),
    "statement.year": Case(
        edited(lambda r: say(r, "requests_received", 195)),
        edited(lambda r: say(r, "requests_received", 21, "2022年，全县收到申请21件。", year=2022)),
        sound_report,
        "not_applicable",
    ),
    "statement.period": Case(
        sound_report,
        texts(0, "本报告所列数据的统计期限自2022年1月1日起至2022年12月31日止。"),
        texts(0, "本报告由某县编制。"),
        "not_applicable",
    ),
    "statement.date": Case(
        edited(lambda r: None, evidence=(Evidence("year", "title", "2023", "", 10),)),
        edited(lambda r: None, published="2023-01-20", evidence=(Evidence("year", "title", "2023", "", 10),)),
        edited(lambda r: None, published=None),
        "not_applicable",
    ),
    "statement.basis": Case(
        texts(0, "根据国办公开办函〔2021〕30号编制。"),
        texts(0, "根据国办公开办函〔2019〕60号编制。"),
        sound_report,
        "not_applicable",
    ),
    "statement.body": Case(
        sound_report, texts(1, "一年来，我局高度重视公开工作。"), edited(lambda r: None, kind=None), "not_applicable"
    ),
    "statement.place": Case(
        edited(lambda r: None, evidence=(Evidence("year", "list link", "2023", "2023年年报", 5),)),
        edited(
            lambda r: None,
            issuer="清河县教育局",
            evidence=(Evidence("issuer", "list link", "清河县财政局", "清河县财政局2023年年报", 5),),
        ),
        sound_report,
        "not_applicable",
    ),
    "statement.personal": Case(
        sound_report, texts(1, "申请人张建国提出申请。"), edited(lambda r: r.passages.clear()), "not_applicable"
    ),
    "statement.slip": Case(
        texts(1, "全年完善公开公开目录，落实规范规范性文件备案（含解读），逐项逐项核对。"),
        texts(1, "全年落实资金资金保障，做好公开。"),
        edited(lambda r: r.passages.clear()),
        "not_applicable",
    ),
    "structure.title": Case(
        sound_report,
        edited(lambda r: r.passages.pop(0)),
        edited(lambda r: r.passages.clear()),
        "not_applicable",
    ),
    "statement.own_name": Case(
        named("清河县教育局", "清河县教育局"),
        named("清河县教育局", "清诃县教育局"),
        edited(lambda r: r.passages.clear()),
        "not_applicable",
    ),
    "statement.scope": Case(
        scoped("office", "preamble: 以某县人民政府办公室名义", licences=500),
        scoped("office", "stated: 以某县人民政府办公室名义", licences=58576),
        scoped("area", "figures: licensing=58576", licences=58576),
        "not_applicable",
    ),
    "statement.twice": Case(
        texts(1, "全年更新目录，逐项核对信息属性。答复逐件审核，逐件登记备查。"),
        texts(1, "全年更新目录，逐项核对信息属性。全年更新目录，逐项核对信息属性。"),
        edited(lambda r: r.passages.clear()),
        "not_applicable",
    ),
    "statement.length": Case(sound_report, texts(1, LONG * 4), texts(1, "[……]")),
    "fees.unreported": Case(sound_report, texts(6, "没有其他事项。"), texts(6, "[……]")),
    "series.carry": Case(
        sound_report, sound_report, changed(requests__carried_over__total=None), previous=(last_year(),)
    ),
    "series.in_force": Case(
        sound_report,
        changed(article20__normative_documents__in_force=90),
        changed(article20__normative_documents__in_force=None),
        previous=(last_year(),),
    ),
    "series.pending": Case(
        sound_report,
        changed(disputes__litigation_direct__total=1),
        changed(
            disputes__litigation_direct__total=None,
            disputes__reconsideration__total=None,
            disputes__litigation_after_reconsideration__total=None,
        ),
        "not_applicable",
        previous=(last_year(),),
    ),
    "series.jump": Case(
        sound_report,
        changed(requests__new_received__total=9000),
        lambda: sound_report(2021),
        "not_applicable",
        previous=(last_year(),),
    ),
    "series.items": Case(
        form_2019(),
        form_2019(article20__licensing__items_last_year=410),
        form_2019(article20__licensing__items_last_year=None),
        previous=(lambda: report(sound_cells("2019"), "2019", year=2019),),
    ),
    "series.copied": Case(
        texts(5, LONG),
        texts(5, "问题和改进：" + "".join(chr(0x4E00 + 7 * i) for i in range(300))),
        texts(5, "短。"),
        "not_applicable",
        previous=(texts(5, "问题和改进：" + "".join(chr(0x4E00 + 7 * i) for i in range(300)), year=2022),),
    ),
    "series.unchanged": Case(
        changed(requests__granted__total=99),
        sound_report,
        # Nearly everything is 0, in both years.
        lambda: put(sound_report(), {f.address: 0 for f in sound_report().facts}),
        "not_applicable",
        previous=(lambda: sound_report(2022),),
    ),
    "series.missing_year": Case(
        sound_report, lambda: sound_report(2024), lambda: sound_report(2021), "not_applicable", previous=(last_year(),)
    ),
}
CASES["series.carry"].breaks = changed(requests__carried_over__total=99)
BATCH = {"rollup.sum", "rollup.exceeds", "rollup.missing"} | {
    f"batch.{name}" for name in ("duplicate", "late", "renderings", "year", "place")
}


def test_every_rule_has_its_cases() -> None:
    """The rules about a batch have theirs in `test_batch`, that about a collection in `tests/flows/test_renderings`."""
    assert set(CASES) | BATCH == {r.id for r in catalogue()}


@pytest.mark.parametrize("rule", sorted(CASES))
@pytest.mark.parametrize("which", ["holds", "breaks", "third"])
def test_outcome(rule: str, which: str) -> None:
    case = CASES[rule]
    make: Make = getattr(case, which)
    expected = {"holds": "holds", "breaks": case.breaks_is, "third": case.third_is}[which]
    outcomes = checks.outcomes(make(), previous=[p() for p in case.previous])
    assert outcomes[rule] == expected


def test_the_sound_report_has_no_findings_at_all() -> None:
    r = sound_report()
    assert not checks.check_report(r)
    assert not checks.check_series([last_year()(), r])
    assert not checks.check_report(copy.deepcopy(r), "published", "en")


@pytest.mark.parametrize("rule", sorted(CASES))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_findings_are_whole_sentences(rule: str, lang: str) -> None:
    """No placeholder stays open, in either language; what cannot be assessed has no advice but says why."""
    case = CASES[rule]
    for make in (case.breaks, case.third):
        r = make()
        found = checks.check_report(r, "draft", lang)  # type: ignore[arg-type]
        found += checks.check_series([*(p() for p in case.previous), r], "draft", lang)  # type: ignore[arg-type]
        for finding in found:
            assert finding.message
            assert "{" not in finding.message + finding.advice
            assert "None" not in finding.message
            assert bool(finding.advice) == (finding.outcome == "broken")
