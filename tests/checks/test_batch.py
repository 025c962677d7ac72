"""A parent and its members: sums, who is missing, duplicates, dates; the three outcomes of each rule of a batch."""

from __future__ import annotations

import time
from datetime import date, datetime

import pytest

import checks
from checks import Member, Roster, due_date
from checks.batch_rules import Batch
from checks.repeat_rules import copied_in_batch
from checks.rules import catalogue
from schemas.facts import Passage, Place, Report
from schemas.findings import Finding
from schemas.report_identity import Evidence

from .reports import change, put, retext, sound_report

NAMES = ("某县财政局", "某县教育局", "东风镇人民政府")
ADDITIVE = ("requests", "disputes", "article20")


def member(name: str, **fields: object) -> Report:
    r = sound_report()
    change(r, report_id=name, issuer=name, kind="department", scope="body", level="county", published="2024-01-20")
    # Nothing but the figures is alike.
    put(r, {"article20.penalty.decisions": len(name) * 10 + NAMES.index(name)})
    return change(r, **fields)


def parent(*members: Report) -> Report:
    """A parent whose every cell is its members' sum."""
    r = sound_report()
    r.report_id = "parent"
    values = {}
    for fact in r.facts:
        values[fact.address] = sum(next(f.value or 0 for f in m.facts if f.address == fact.address) for m in members)
    return put(r, {**values})


def roster(*names: str) -> Roster:
    return Roster((Member("某县人民政府", parent=True), *(Member(n) for n in names)), 2023)


def batch(*reports: Report, on: Roster | None = None, rule: str | None = None) -> list[Finding]:
    return [f for f in checks.check_batch(reports, on) if rule is None or f.rule == rule]


class TestRollup:
    members = tuple(member(n) for n in NAMES)

    def test_it_adds_up(self) -> None:
        found = batch(parent(*self.members), *self.members, on=roster(*NAMES))
        assert not [f for f in found if f.rule.startswith("rollup")]

    def test_it_does_not(self) -> None:
        whole = parent(*self.members)
        put(whole, {"article20.penalty.decisions": 1})
        (finding,) = batch(whole, *self.members, on=roster(*NAMES), rule="rollup.sum")
        assert (finding.severity, finding.outcome, finding.printed) == ("error", "broken", 1)
        assert finding.report_id == "parent"
        assert finding.cells == ["article20.penalty.decisions"]

    def test_a_members_blank_is_named_and_never_taken_for_zero(self) -> None:
        blank = put(member(NAMES[0]), {"article20.penalty.decisions": None})
        whole = parent(*self.members)
        (finding,) = batch(whole, blank, *self.members[1:], on=roster(*NAMES), rule="rollup.sum")
        assert finding.outcome == "not_assessable"
        assert NAMES[0] in finding.message
        put(whole, {"article20.penalty.decisions": 1})
        found = batch(whole, blank, *self.members[1:], on=roster(*NAMES))
        assert [(f.rule, f.outcome) for f in found if f.rule.startswith("rollup")] == [("rollup.exceeds", "broken")]

    def test_members_at_hand_that_exceed(self) -> None:
        whole = parent(*self.members[:2])
        put(whole, {"article20.penalty.decisions": 3})
        found = batch(whole, *self.members[:2], on=roster(*NAMES))
        assert [(f.rule, f.column) for f in found if f.rule.startswith("rollup.e")] == [("rollup.exceeds", "decisions")]
        assert not [f for f in found if f.rule == "rollup.sum"]
        (missing,) = [f for f in found if f.rule == "rollup.missing"]
        assert NAMES[2] in missing.message
        assert missing.severity == "note"

    def test_not_everyone_there_and_less_than_the_whole_is_fine(self) -> None:
        whole = parent(*self.members)
        found = batch(whole, *self.members[:2], on=roster(*NAMES))
        assert {f.rule for f in found} == {"rollup.missing"}

    def test_without_a_roster_nothing_is_claimed(self) -> None:
        whole = put(parent(*self.members), {"article20.penalty.decisions": 1})
        assert not [f for f in batch(whole, *self.members) if f.rule.startswith("rollup")]

    def test_only_a_report_that_sums_up_is_a_parent(self) -> None:
        whole = put(parent(*self.members), {"article20.penalty.decisions": 1})
        change(whole, scope="office")
        assert not [f for f in batch(whole, *self.members, on=roster(*NAMES)) if f.rule.startswith("rollup.s")]

    def test_vertical_agencies_report_and_are_not_summed(self) -> None:
        with_tax = Roster((*roster(*NAMES).members, Member("某县税务局", summed=False)), 2023)
        found = batch(parent(*self.members), *self.members, on=with_tax)
        assert [f.rule for f in found] == ["rollup.missing"]

    def test_a_lower_government_counts_with_its_area(self) -> None:
        area = member(NAMES[2], scope="area", kind="government")
        office = put(
            member(NAMES[2], scope="office", kind="government", report_id="o"), {"article20.penalty.decisions": 1}
        )
        for order in ((office, area), (area, office)):
            found = batch(parent(*self.members[:2], area), *self.members[:2], *order, on=roster(*NAMES))
            assert not [f for f in found if f.rule.startswith("rollup")]

    def test_another_years_report_is_no_members(self) -> None:
        late = member(NAMES[2], year=2022)
        found = batch(parent(*self.members), *self.members[:2], late, on=roster(*NAMES))
        assert [f.rule for f in found if f.rule.startswith("rollup")] == ["rollup.missing"]


class TestRoster:
    def test_from_rows(self) -> None:
        made = Roster.from_rows(
            [
                {"单位名称": "某县人民政府", "汇总单位": "是"},
                {"单位名称": " 某县财政局 ", "截止日期": "2024年1月25日", "别名": "县财政局；财政局"},
                {"单位名称": "某县税务局", "截止日期": datetime(2024, 1, 31), "垂直管理": "是"},
                {"单位名称": None, "截止日期": ""},
            ],
            2023,
        )
        assert [m.name for m in made.members] == ["某县人民政府", "某县财政局", "某县税务局"]
        assert made.parent is made.members[0]
        assert made.members[1].due == date(2024, 1, 25)
        assert made.members[2] == Member("某县税务局", date(2024, 1, 31), summed=False)
        assert made.member(member(NAMES[0], issuer="县财政局")) is made.members[1]
        assert made.member(member(NAMES[0], issuer="別縣財政局")) is None

    @pytest.mark.parametrize("row", [{"单位": "", "截止日期": "2024-01-31"}, {"单位": "某局", "截止日期": "一月底"}])
    def test_rows_that_cannot_be_read_say_which(self, row: dict[str, str]) -> None:
        with pytest.raises(ValueError, match="第 1 行"):
            Roster.from_rows([row])


class TestDuplicates:
    def test_the_same_figures_from_two_bodies(self) -> None:
        copy = member(NAMES[0])
        change(copy, report_id="x", issuer=NAMES[1])
        found = batch(member(NAMES[0]), copy, rule="batch.duplicate")
        assert [(f.severity, f.report_id) for f in found] == [("warning", NAMES[0]), ("warning", "x")]

    def test_two_versions_of_one_bodys_report(self) -> None:
        """No error of either, but only a person knows which is final; an area's and its office's are two reports."""
        first, second = member(NAMES[0]), put(member(NAMES[0]), {"requests.granted.total": 77})
        second.report_id = "x"
        found = batch(first, second, rule="batch.duplicate")
        assert [(f.severity, f.report_id) for f in found] == [("warning", NAMES[0]), ("warning", "x")]
        # A cell that differs counts once.
        assert all("有两份，有 1 格的数字不同" in f.message for f in found)
        found = batch(first, member(NAMES[0]), rule="batch.duplicate")
        assert all("数字相同" in f.message for f in found)
        third = put(change(member(NAMES[0]), report_id="y"), {"requests.granted.total": 78})
        found = batch(first, second, third, rule="batch.duplicate")
        assert [f.report_id for f in found] == [NAMES[0], "x", "y"]
        assert all("有3份" in f.message for f in found)
        change(second, scope="area")
        assert not batch(first, second, rule="batch.duplicate")

    def test_what_one_version_was_not_read_in_is_not_different(self) -> None:
        first, second = member(NAMES[0]), change(member(NAMES[0]), report_id="x")
        second.facts = [f for f in second.facts if not f.address.startswith("requests.")]
        found = batch(first, second, rule="batch.duplicate")
        assert len(found) == 2 and all("没有比较；都读到的格里有 0 格的数字不同" in f.message for f in found)

    def test_the_other_file_is_named(self) -> None:
        reports = [member(NAMES[0]), member(NAMES[0])]
        found = [f for f in checks.check_batch(reports, files=["定稿.docx", "旧.docx"]) if f.rule == "batch.duplicate"]
        assert ["（另一份是 旧.docx）" in f.message for f in found] == [True, False]
        assert ["（另一份是 定稿.docx）" in f.message for f in found] == [False, True]

    def test_the_same_file_twice(self) -> None:
        one, other = member(NAMES[0]), member(NAMES[1], report_id=NAMES[0])
        assert batch(one, other, rule="batch.duplicate")

    def test_tables_that_are_nearly_all_zero_are_alike_by_chance(self) -> None:
        def empty(name: str) -> Report:
            r = member(name)
            return put(r, {f.address: 0 for f in r.facts} | {"requests.granted.total": 1})

        assert not batch(empty(NAMES[0]), empty(NAMES[1]), rule="batch.duplicate")

    def test_different_figures(self) -> None:
        assert not batch(member(NAMES[0]), member(NAMES[1]), rule="batch.duplicate")

    def test_copied_text(self) -> None:
        text = "存在问题：" + "栏目更新不够及时，解读形式较为单一，基层人员更换频繁。" * 10 + "下一步加强改进。"
        first, second = batch(
            retext(member(NAMES[0]), 5, text), retext(member(NAMES[1]), 5, text + "。"), rule="series.copied"
        )
        assert NAMES[1] in first.message and NAMES[0] in second.message

    def test_of_a_copy_that_names_its_author_only_the_copy_is_told(self) -> None:
        text = "存在问题：" + "栏目更新不够及时，解读形式较为单一，基层人员更换频繁。" * 10 + "下一步加强改进。"

        def both(preface: str, *, own: str = "") -> tuple[list[str], list[str]]:
            owner, copy = retext(member(NAMES[0]), 5, text), retext(member(NAMES[1]), 5, text)
            put(copy, {f.address: f.value for f in owner.facts})
            for r, words in ((copy, preface), (owner, own)):
                r.passages.insert(0, Passage(words, Place(paragraph=0)))
            found = [batch(owner, copy, rule=rule) for rule in ("series.copied", "batch.duplicate")]
            return [f.report_id for f in found[0]], [f.report_id for f in found[1]]

        said = f"本报告根据有关规定，由{NAMES[0]}编制。"
        assert both(said) == ([NAMES[1]], [NAMES[1]])
        # Nothing says whose it was; it is spoken of; each names the other.
        everyone = sorted(NAMES[:2])
        for words, own in (("", ""), (f"会同{NAMES[0]}开展检查。", ""), (said, f"由{NAMES[1]}编制。")):
            assert [sorted(ids) for ids in both(words, own=own)] == [everyone, everyone], words

    def test_a_short_section_with_the_bodys_own_name_and_figures(self) -> None:
        """Of the section on problems, forty characters of its own are enough."""

        def of(i: int, n: int) -> Report:
            text = f"{NAMES[i]}栏目维护责任不明，{n}个专栏长期没有更新，答复文书格式不统一，村社人员对条例不熟悉，将逐个专栏明确到人。"
            return retext(member(NAMES[i]), 5, text)

        assert len(batch(of(0, 3), of(1, 12), rule="series.copied")) == 2
        # What everybody says is no copy.
        usual = "存在的主要问题：存在不足。下一步改进措施：改进工作。"
        assert not batch(retext(member(NAMES[0]), 5, usual), retext(member(NAMES[1]), 5, usual), rule="series.copied")

    def test_texts_of_a_large_county_are_compared_in_no_time(self) -> None:
        words = [f"第{chr(0x4E00 + 37 * i)}{chr(0x5E00 + 11 * i)}事" for i in range(90)]
        reports = []
        for i in range(260):
            text = "".join(f"{w}{'已办' if (i * 7 + k * k) % 5 < 3 else '未成'}，" for k, w in enumerate(words))
            reports.append(change(retext(member(NAMES[0]), 5, text), issuer=f"某县第{i}局", report_id=f"{i}"))
        rule = next(r for r in catalogue() if r.id == "series.copied")
        start = time.process_time()
        list(copied_in_batch(rule, Batch(reports, None, None, "draft", "zh")))
        assert time.process_time() - start < 5


class TestDates:
    @pytest.mark.parametrize(
        ("fields", "due"),
        [
            ({"kind": "department"}, date(2024, 1, 31)),
            ({"kind": "township", "level": "township"}, date(2024, 1, 31)),
            ({"kind": "government", "level": "county", "scope": "area"}, date(2024, 2, 20)),
            ({"kind": "government", "level": "county", "scope": "office"}, date(2024, 1, 31)),
            ({"kind": "government", "level": "prefecture", "scope": "area"}, date(2024, 3, 10)),
            ({"kind": "zone", "level": "zone", "scope": "area"}, date(2024, 3, 10)),
            ({"kind": "government", "level": "province", "scope": "area"}, date(2024, 3, 31)),
            ({"kind": "department", "level": "nation", "scope": "system"}, date(2024, 3, 31)),
            ({"kind": "department", "year": 2016}, date(2017, 3, 31)),
        ],
    )
    def test_due(self, fields: dict[str, object], due: date) -> None:
        found = due_date(member(NAMES[0], **fields))
        assert found is not None
        assert found[0] == due

    def test_nobody_knows(self) -> None:
        assert due_date(member(NAMES[0], kind=None, level=None)) is None
        assert due_date(member(NAMES[0], year=None)) is None

    def test_the_day_itself_is_in_time(self) -> None:
        assert not batch(member(NAMES[0], published="2024-01-31"), rule="batch.late")
        (finding,) = batch(member(NAMES[0], published="2024-02-01"), rule="batch.late")
        assert (finding.severity, finding.outcome, finding.printed) == ("note", "broken", "2024-02-01")
        assert "晚了 1 天" in finding.message

    def test_a_title_with_an_old_year_dates_nothing(self) -> None:
        """Title 2022, period and signature 2023: what is published in January 2024 is in time."""
        says = [("title", "2022"), ("period", "2023"), ("signature", "2023")]
        evidence = tuple(Evidence("year", source, year, "", 7) for source, year in says)
        fields = {"year": 2022, "published": "2024-01-20", "evidence": evidence}
        assert not batch(member(NAMES[0], **fields), rule="batch.late")
        (finding,) = batch(member(NAMES[0], **fields | {"evidence": evidence[:1]}), rule="batch.late")
        assert "2023-01-31" in finding.message

    def test_the_notices_date_and_the_legal_one_are_both_kept(self) -> None:
        fields = {"kind": "government", "level": "county", "scope": "area"}
        (finding,) = batch(member(NAMES[0], published="2024-03-01", **fields), rule="batch.late")
        assert "2024-03-31" in finding.message
        assert "2024-02-20" in finding.message

    def test_a_date_of_the_rosters_own_is_that_of_handing_in(self) -> None:
        on = Roster((Member(NAMES[0], date(2024, 1, 15)),), 2023)
        assert not batch(member(NAMES[0], published="2024-01-20"), on=on)
        assert [f.rule for f in batch(member(NAMES[0], published="2024-02-02"), on=on)] == ["batch.late"]

    def test_without_a_date_nothing_is_said(self) -> None:
        assert [f.outcome for f in batch(member(NAMES[0], published=None), rule="batch.late")] == ["not_assessable"]


def test_a_draft_of_another_year_or_place_than_the_rest() -> None:
    """Told where nearly all are of one; not where there is no rest that it could fit."""
    offices = ("教育局", "民政局", "水利局")
    home = [member(NAMES[0], issuer=f"沭阳县{o}", report_id=o, division_code="321322") for o in offices]

    def found(*more: Report) -> dict[str, list[str]]:
        out: dict[str, list[str]] = {}
        for f in checks.check_batch([*home, *more]):
            if f.rule in ("batch.year", "batch.place") and f.outcome == "broken":
                out.setdefault(f.rule, []).append(f.report_id)
        return out

    assert found() == {}
    assert found(member(NAMES[0], issuer="沭阳县公安局", report_id="x", year=2022)) == {"batch.year": ["x"]}
    assert found(member(NAMES[0], issuer="泗阳县公安局", report_id="x", division_code="321323")) == {
        "batch.place": ["x"]
    }
    fitting = (
        member(NAMES[0], issuer="沭阳县陇集镇人民政府", report_id="1", division_code="321322", kind="township"),
        member(NAMES[0], issuer="宿迁市沭阳生态环境局", report_id="2", division_code="321300"),
        member(NAMES[0], issuer="县公安局", report_id="3", division_code=None),
        member(NAMES[0], issuer=None, report_id="4", year=None),
    )
    assert found(*fitting) == {}
    several = [member(NAMES[0], report_id=str(y), year=y) for y in (2021, 2022, 2023)]
    assert not [f for f in checks.check_batch(several) if f.rule == "batch.year"], "several years of one body"
    versions = [member(NAMES[0], report_id=n) for n in ("1", "2", "3")]
    odd = [*versions, member(NAMES[0], report_id="4", year=2022)]
    assert not [f for f in checks.check_batch(odd) if f.rule == "batch.year"], "versions of one body"
    years = [
        change(r, year=y)
        for r, y in zip((*home, member(NAMES[0], issuer="泗阳县教育局")), (2020, 2021, 2022, 2023), strict=True)
    ]
    assert not [f for f in checks.check_batch(years) if f.rule == "batch.place"], "many years of many places"
    everywhere = [member(NAMES[0], issuer=f"{p}教育局", report_id=p) for p in ("沭阳县", "泗阳县", "清河县", "威县")]
    assert not [f for f in checks.check_batch(everywhere) if f.rule == "batch.place"]
