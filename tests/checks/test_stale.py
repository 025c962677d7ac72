"""Single years that an older draft left behind, and days that no calendar has: what is told, and what may stand."""

from __future__ import annotations

import pytest

from parsers.prose import identity
from schemas.facts import Passage, Place, Report
from schemas.findings import Finding

from .reports import findings, sound_report

OWN = "清河县教育局"
RIGHT = {
    "preamble": f"现公布{OWN}2023年政府信息公开工作年度报告。统计期限自2023年1月1日起至2023年12月31日止。",
    "overview": "2023年，我局依法公开。现行有效规范性文件见附表，结转至2024年继续办理。",
    "five": "公开意识不强。2024年，我局将进一步加强培训。",
    "six": "2023年度未收取信息处理费。",
    "signed": "2024年1月20日",
}


def draft(**changed: str) -> Report:
    said = RIGHT | changed
    lines = [
        said.get("title", f"{OWN}2023年政府信息公开工作年度报告"),
        said["preamble"],
        "一、总体情况",
        said["overview"],
        "五、存在的主要问题及改进情况",
        said["five"],
        "六、其他需要报告的事项",
        said["six"],
        OWN,
        said["signed"],
    ]
    passages = [Passage(text, Place(line=i)) for i, text in enumerate(lines, start=1)]
    r = sound_report(2023)
    r.identity, r.passages = (
        identity.identify(titles=[], passages=passages, metadata={}, file_name="").identity,
        passages,
    )
    return r


def told(rule: str = "statement.year", **changed: str) -> list[Finding]:
    return [f for f in findings(draft(**changed), rule) if f.outcome == "broken"]


@pytest.mark.parametrize(
    ("where", "text", "stated", "right", "severity"),
    [
        ("six", "2022年度未收取信息处理费，无其他需要报告的事项。", 2022, 2023, "warning"),
        ("six", "2022年，全县各级行政机关均未收取信息处理费。", 2022, 2023, "warning"),
        ("five", "公开意识不强。2022年，我们将加强业务培训。", 2022, 2024, "warning"),
        ("five", "公开意识不强。2023年，我局将进一步加强培训。", 2023, 2024, "warning"),
        ("overview", "2023年，我局收到申请12件，结转至2023年继续办理2件。", 2023, 2024, "warning"),
        ("overview", "2023年，我局依法公开。截至2022年12月31日，现行有效行政规范性文件43件。", 2022, 2023, "note"),
        ("overview", "2022年，我局认真贯彻落实《条例》。2023年，我局办理申请2件。", 2022, 2023, "note"),
        (
            "overview",
            "（一）主动公开。2022年，我局坚持以公开为常态。（二）2023年，我局办理申请2件。",
            2022,
            2023,
            "note",
        ),
        ("preamble", RIGHT["preamble"].replace("2023", "2022", 1), 2022, 2023, "warning"),
    ],
)
def test_years_left_behind(where: str, text: str, stated: int, right: int, severity: str) -> None:
    (found,) = told(**{where: text})
    assert (found.printed, found.expected, found.severity) == (stated, right, severity)
    assert str(right) in found.message and found.place != Place()


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("six", "2022年收取信息处理费120元，2023年未收取。"),
        ("six", "与2022年相同，本年度未收取信息处理费。"),
        ("six", "2023年度对8件申请收取信息处理费共计450元，已全额上缴国库；2022年收取225元。"),
        ("six", "本年度收取信息处理费450元。2022年收取信息处理费225元。"),
        ("six", "《2022年信息处理费未收取的说明》已公开，本年未收取信息处理费。"),
        ("five", "2022年提出将加强培训，公开意识不强。2024年将继续加强。"),
        ("five", "2023年，我局将政务公开纳入绩效考核，仍有不足。下一步将改进。"),
        ("five", "到2025年，我局将进一步实现全流程公开，目前不足较多。"),
        ("overview", "2023年，我局依法公开。2022年结转至2023年办理的2件申请已办结。"),
        ("overview", "2023年，我局依法公开。上年结转至2023年的申请2件。"),
        ("overview", "2023年，我局依法公开。截至2022年底累计公开信息120条，2023年新增30条。"),
        ("overview", "2023年，我局依法公开。2022年，我局被评为全国示范单位。"),
        ("overview", "2023年，我局依法公开。2022年，我局坚持以公开为常态，2023年继续。"),
        ("overview", "2023年，《清河县2022年，我局坚持以公开为常态》一文见报。"),
    ],
)
def test_years_that_may_stand(where: str, text: str) -> None:
    assert not told(**{where: text})


def test_where_the_year_is_not_certain_nothing_is_said() -> None:
    assert not told(title=f"{OWN}政府信息公开工作年度报告", preamble="现公布如下。", six="2022年度未收取信息处理费。")


@pytest.mark.parametrize(
    "day", ["2024年2月30日", "2024年13月2日", "2023年2月29日", "2024年4月31日", "二〇二四年二月三十日"]
)
def test_days_that_there_are_not(day: str) -> None:
    (found,) = told("statement.date", signed=day)
    assert (found.severity, found.printed) == ("warning", day)


@pytest.mark.parametrize(
    "text", ["2024年2月29日", "二〇二四年一月三十一日", "12月31日", "1—12月31日前", "每月32日龄", "3.15月30日"]
)
def test_days_that_there_are(text: str) -> None:
    assert not told("statement.date", overview=f"2023年，我局依法公开。资料截至{text}。")
