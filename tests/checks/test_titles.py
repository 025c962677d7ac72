"""The title of a draft, and its own name in two spellings: what is told, and which titles and names may stand."""

from __future__ import annotations

import pytest

import checks
from parsers.prose import identity
from schemas.facts import Passage, Place, Report
from schemas.findings import Finding

from .reports import sound_report

OWN = "沭阳县教育局"
TITLE = f"{OWN}2025年政府信息公开工作年度报告"
BODY = (
    f"根据条例要求编制，现公布{OWN}2025年政府信息公开工作年度报告。统计期限自2025年1月1日起至2025年12月31日止。",
    "一、总体情况",
    "2025年，我局依法公开，逐件答复。",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "五、存在的主要问题及改进情况",
    "公开意识不强。2026年，我局将加强培训。",
    "六、其他需要报告的事项",
    "2025年度未收取信息处理费。",
)


def draft(*before: str, signed: tuple[str, ...] = (OWN, "2026年1月20日"), body: tuple[str, ...] = BODY) -> Report:
    passages = [Passage(text, Place(line=i)) for i, text in enumerate((*before, *body, *signed), start=1)]
    r = sound_report(2025)
    r.identity = identity.identify(titles=[], passages=passages, metadata={}, file_name="").identity
    r.passages = passages
    return r


def told(r: Report, rule: str, profile: checks.Profile = "draft") -> list[Finding]:
    return [f for f in checks.check_report(r, profile) if f.rule == rule and f.outcome == "broken"]


# As a text is whose preamble names no report: nothing else looks like a title.
PLAIN = ("根据条例要求编制，统计期限自2025年1月1日起至2025年12月31日止。", *BODY[1:])


class TestTitles:
    @pytest.mark.parametrize(
        "title",
        [
            f"{OWN}2025年政府信息公工作年度报告",
            f"{OWN}2025年政府信息公开工作年底报告",
            f"{OWN}政府信息公开工作年度报吿（2025年）",
            f"{OWN}2025年政府信息公开工作年度度报告",
            f"{OWN}2025年政府信公开年度报告",
        ],
    )
    def test_a_misprint(self, title: str) -> None:
        (found,) = told(draft(title, body=PLAIN), "structure.title")
        assert found.severity == "warning" and title in found.message

    @pytest.mark.parametrize(
        ("before", "shown"), [((), "没有读到标题"), (("2025年工作总结",), "2025年工作总结"), ((OWN, "汇报材料"), OWN)]
    )
    def test_none(self, before: tuple[str, ...], shown: str) -> None:
        (found,) = told(draft(*before, body=PLAIN), "structure.title")
        assert found.severity == "note" and shown in found.message
        assert not told(draft(*before, body=PLAIN), "structure.title", "published")

    @pytest.mark.parametrize(
        "before",
        [
            (TITLE,),
            (OWN, "2025年政府信息公开工作年度报告"),
            (f"{OWN}2025年度政府信息公开年报",),
            (f"{OWN}2025年政府信息公开工作情况报告",),
            (f"{OWN}2025年度政务公开工作总结",),
            (f"{OWN}政府信息公开工作报告（2025年度）",),
            (f"{OWN}关于2025年政府信息公开工作的年度报告",),
        ],
    )
    def test_titles_that_may_stand(self, before: tuple[str, ...]) -> None:
        assert not told(draft(*before, body=PLAIN), "structure.title")

    def test_a_part_of_a_report_or_a_picture_in_its_place(self) -> None:
        assert not told(draft(body=PLAIN[:4]), "structure.title")
        r = draft(body=PLAIN)
        r.has_pictures = True
        assert not told(r, "structure.title")


class TestNames:
    @pytest.mark.parametrize(
        ("title", "signed"),
        [
            ("沐阳县教育局", OWN),
            (OWN, "沭阳县教肓局"),
            ("沭阳县人力资源和社会保障局", "沭阳县人力资源和社会保障"),
            ("沭阳县市场监督管理局", "沭阳县市场监督理局"),
        ],
    )
    def test_one_character_apart(self, title: str, signed: str) -> None:
        r = draft(TITLE.replace(OWN, title), signed=(signed, "2026年1月20日"), body=PLAIN)
        (found,) = told(r, "statement.own_name")
        assert found.severity == "warning" and title in found.message and signed in found.message

    @pytest.mark.parametrize(
        ("title", "signed"),
        [
            (OWN, OWN),
            (OWN, "县教育局"),
            ("沭阳县发展和改革局", "沭阳县发展改革局"),
            ("沭阳县发展和改革局", "沭阳县发展与改革局"),
            ("沭阳县发展和改革局", "沭阳县发展和改革委"),
            ("沭阳县人民政府", "沭阳县人民政府办公室"),
            ("沭阳县陇集镇人民政府", "陇集镇人民政府"),
            ("第一中学城东校区", "第一中学城西校区"),
            ("威县教育局", "成县教育局"),
            ("沭陽縣教育局", "沭阳县教育局"),
        ],
    )
    def test_names_that_are_one_or_are_others(self, title: str, signed: str) -> None:
        r = draft(TITLE.replace(OWN, title), signed=(signed, "2026年1月20日"), body=PLAIN)
        assert not told(r, "statement.own_name")


class TestHeadings:
    @pytest.mark.parametrize(
        "heading",
        ["三、收到和处理政府信息公开情况", "五、存在的主要问题及改情况", "六、其他需要报告的事像"],
    )
    def test_a_character_wrong_or_missing(self, heading: str) -> None:
        body = tuple(heading if t[:2] == heading[:2] else t for t in BODY)
        found = [f for f in told(draft(TITLE, body=body), "structure.section") if "差了字" in f.message]
        assert [f.severity for f in found] == ["note"] and heading in found[0].message

    @pytest.mark.parametrize(
        "heading",
        [
            "三、收到和处理政府信息公开申请的情况",
            "三、收到与处理政府信息公开申请情况：",
            "五、存在主要问题和改进情况",
            "五、政府信息公开工作存在的主要问题及改进情况",
            "六、其它需要报告事项",
            "六、其他需报告的事项（含收费）",
            "二、主动公开政务信息情况",
        ],
    )
    def test_headings_that_may_stand(self, heading: str) -> None:
        body = tuple(heading if t[:2] == heading[:2] else t for t in BODY)
        assert not [f for f in told(draft(TITLE, body=body), "structure.section") if "差了字" in f.message]


@pytest.mark.parametrize(
    ("title", "word"),
    [
        (f"{TITLE}报告", "报告"),
        (f"{OWN}2025年2025年政府信息公开工作年度报告", "2025年"),
        (f"{OWN}2025年政府信息公开公开工作年度报告", "公开"),
        (f"{OWN}2025年政府信息公开工作年度年度报告", "年度"),
        (TITLE, None),
        ("沭阳县人民政府政府信息公开工作年度报告（2025年）", None),
        (f"{OWN}2025年年度政府信息公开工作报告", None),
    ],
)
def test_a_word_twice_in_the_title(title: str, word: str | None) -> None:
    found = told(draft(title), "structure.title")
    assert [(f.severity, f"“{word}”重复" in f.message) for f in found] == ([] if word is None else [("warning", True)])
