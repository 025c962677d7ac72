"""Whose name and which year a report says in its parts: what is accused is the odd one out, and nothing that may stand."""

from __future__ import annotations

import pytest

from parsers.prose import identity, statements
from schemas.facts import Passage, Place, Report
from schemas.findings import Finding

from .reports import change, findings, sound_report

OWN = "清河县教育局"


def draft(
    *sentences: str,
    title: str = f"{OWN}2023年政府信息公开工作年度报告",
    period: int | None = 2023,
    signed: tuple[str, ...] = (),
    own: str = OWN,
) -> Report:
    """A draft with these sentences in its first section, read as a document would be."""
    lines = [title.replace(OWN, own)]
    if period is not None:
        lines.append(f"根据条例要求编制，所列数据的统计期限自{period}年1月1日起至{period}年12月31日止。")
    lines += ["一、总体情况", *sentences, "二、主动公开政府信息情况", "六、其他需要报告的事项", *signed]
    passages = [Passage(text, Place(line=i)) for i, text in enumerate(lines, start=1)]
    who = identity.identify(titles=[], passages=passages, metadata={}, file_name="")
    r = sound_report(2023)
    r.identity, r.passages = who.identity, passages
    r.statements = statements.find(passages, year=r.year, scope=r.scope, form="2021")
    return r


def rules(r: Report, rule: str) -> list[Finding]:
    return [f for f in findings(r, rule) if f.outcome == "broken"]


class TestYears:
    def test_a_title_that_nothing_else_agrees_with(self) -> None:
        r = draft("2024年，我局扎实推进政务公开。", period=2024, signed=(OWN, "2025年1月20日"))
        (finding,) = rules(r, "statement.year")
        assert (finding.printed, finding.expected, finding.place.line) == (2023, 2024, 1)
        assert "标题" in finding.message and "统计期限" in finding.message and "落款" in finding.message
        assert not rules(r, "statement.period") and not rules(r, "statement.date")

    def test_a_period_that_nothing_else_agrees_with(self) -> None:
        r = draft("2023年，我局扎实推进政务公开。", period=2022, signed=(OWN, "2024年1月20日"))
        assert not rules(r, "statement.year")
        (finding,) = rules(r, "statement.period")
        assert "2022年1月1日 至 2022年12月31日" in finding.message

    def test_two_against_two_accuses_no_title(self) -> None:
        r = draft("2023年，我局扎实推进政务公开。", period=2024, signed=(OWN, "2025年1月20日"))
        assert not [f for f in rules(r, "statement.year") if "标题" in f.message]

    def test_all_agree(self) -> None:
        r = draft("2023年，我局扎实推进政务公开。", signed=(OWN, "2024年1月20日"))
        for rule in ("statement.year", "statement.period", "statement.date"):
            assert not findings(r, rule)

    def test_a_figure_of_last_year_beside_what_was_carried_over(self) -> None:
        r = draft("2022年全年新收政府信息公开申请195件，上年结转15件，办结189件。")
        (finding,) = rules(r, "statement.year")
        assert finding.statement == "requests_received" and "2022" in finding.message

    @pytest.mark.parametrize(
        "text",
        [
            "2022年收到政府信息公开申请195件，2023年收到88件。",
            "全年收到政府信息公开申请88件，比2022年减少107件。",
            "2022年收到政府信息公开申请195件，同比增长3%。",
            "上年结转15件，全年办结189件。",
        ],
    )
    def test_what_compares_is_no_old_draft(self, text: str) -> None:
        assert not rules(draft(text), "statement.year")

    def test_where_requests_went_is_no_other_year(self) -> None:
        """结转下年度 in the sentence does not excuse the year that it begins with."""
        assert rules(draft("2022年全年新收政府信息公开申请25件，结转下年度3件。"), "statement.year")

    def test_documents_issued_in_another_year(self) -> None:
        assert rules(draft("2022年，我局共制发规范性文件6件。"), "statement.year")
        assert not rules(draft("2024年拟制发规范性文件3件。", "2024年将制发规范性文件6件。"), "statement.year")

    def test_sentences_that_begin_with_the_year_before(self) -> None:
        r = draft("2022年，我局扎实推进政务公开，取得新成效。", "（二）依申请公开。2022年，答复逐件审核，未引发争议。")
        (finding,) = rules(r, "statement.year")
        assert (finding.printed, finding.expected) == (2022, 2023)

    @pytest.mark.parametrize(
        "texts",
        [
            ("2023年，我局扎实推进政务公开，取得新成效。", "2022年，我局修订了制度，今年继续执行。"),
            ("2022年，省政府印发文件，2023年我局抓好落实。",),
            ("2021年，条例施行满两年，我局继续执行。",),
            ("2022年12月31日前，各项栏目完成归并。",),
        ],
    )
    def test_sentences_about_the_year_before(self, texts: tuple[str, ...]) -> None:
        assert not rules(draft(*texts), "statement.year")


class TestDates:
    @pytest.mark.parametrize("date", ["2023年1月20日", "2023年12月20日", "2022年1月9日"])
    def test_signed_before_the_year_was_over(self, date: str) -> None:
        (finding,) = rules(draft(signed=(OWN, date)), "statement.date")
        assert finding.severity == "warning" and "落款" in finding.message

    @pytest.mark.parametrize(
        "date", ["2023年12月31日", "2024年1月20日", "2024年3月30日", "2025年6月1日", "2023年1月1日"]
    )
    def test_signed_afterwards(self, date: str) -> None:
        assert not findings(draft(signed=(OWN, date)), "statement.date")

    def test_without_a_date(self) -> None:
        assert not findings(draft(), "statement.date")

    def test_a_date_of_the_page_against_a_divided_report(self) -> None:
        """Title and period differ: which year it is of is open, and the page's date decides nothing."""
        r = draft(period=2022)
        change(r, year=2023, published="2023-01-20", published_from="metadata")
        assert not rules(r, "statement.date")
        r = change(draft(), published="2023-01-20", published_from="metadata")
        assert len(rules(r, "statement.date")) == 1


class TestOtherBodies:
    @pytest.mark.parametrize(
        ("own", "name"),
        [
            (OWN, "南宫市教育局"),
            (OWN, "清河县民政局"),
            (OWN, "威县教育局"),
            ("清河县人民政府", "南宫市人民政府"),
            ("清河县王官庄镇人民政府", "清河县油坊镇人民政府"),
        ],
    )
    def test_another_body_as_the_subject(self, own: str, name: str) -> None:
        r = draft(f"2023年，{name}坚持以公开为常态，扎实推进政务公开。", own=own)
        (finding,) = rules(r, "statement.body")
        assert finding.severity == "warning" and finding.printed == name and own in finding.message

    @pytest.mark.parametrize(
        ("own", "text"),
        [
            # The body itself, however it is called.
            (OWN, "2023年，清河县教育局坚持以公开为常态，扎实推进政务公开。"),
            ("清河县卫生健康局", "清河县卫健局认真落实政务公开要求。"),
            ("清河县人民政府", "清河县人民政府办公室认真落实政务公开要求。"),
            ("清河县人民政府办公室", "清河县人民政府高度重视政务公开工作。"),
            ("清河县人民政府办公室", "认真做好县政府办公室主动公开信息的发布工作。"),
            # Those above, below and beside, and those who are said to do something else.
            (OWN, "邢台市教育局高度重视政务公开工作，我局抓好落实。"),
            (OWN, "清河县人民政府高度重视政务公开工作。"),
            ("清河县人民政府", "清河县教育局认真落实政务公开要求。"),
            ("邢台市人民政府", "清河县人民政府认真落实政务公开要求。"),
            (OWN, "我局与清河县民政局、清河县档案局密切协作，推进政务公开。"),
            (OWN, "清河县档案局设立政府信息公开查阅点。"),
            (OWN, "清河县民政局严格审核救助对象，救助资金按月发放。"),
            (OWN, "清河县民政局、清河县教育局认真落实政务公开要求。"),
            ("清河县不动产登记中心", "清河县自然资源局高度重视政务公开工作。"),
            (OWN, "县民政局认真落实政务公开要求。"),
            (OWN, "全局上下认真落实政务公开要求。"),
            # What stands in front of the verb is a phrase, no body.
            (OWN, "我局全年通过县政府网站主动公开信息300条。"),
            (OWN, "通过清河县人民政府网站主动公开政府信息300条。"),
            (OWN, "我局在清河县人民政府门户网站主动公开政府信息300条。"),
            (OWN, "利用清河县政府网站主动公开信息50条。"),
            (OWN, "清河县民政局网站主动公开信息50条。"),
            # In the title of another's paper.
            ("清河县王官庄镇人民政府", "根据《清河县民政局关于我局救助工作的通知》，公开救助名单。"),
        ],
    )
    def test_bodies_that_may_be_named(self, own: str, text: str) -> None:
        assert not rules(draft(text, own=own), "statement.body")

    @pytest.mark.parametrize(
        ("own", "text", "name"),
        [
            (OWN, "2023年，南宫市教育局全年召开推进会2次，部署年度公开任务。", "南宫市教育局"),
            (OWN, "清河县民政局2023年公开信息210条，取得良好成效。", "清河县民政局"),
            (OWN, "油坊镇人民政府2023年坚持以公开促落实，全镇公开信息210条。", "油坊镇人民政府"),
            ("清河县王官庄镇人民政府", "公开渠道还不多。南宫市垂杨镇群众知晓率不高，我镇将加强宣传。", "南宫市垂杨镇"),
        ],
    )
    def test_another_bodys_year_or_people(self, own: str, text: str, name: str) -> None:
        (finding,) = rules(draft(text, own=own), "statement.body")
        assert finding.severity == "warning" and finding.printed == name

    @pytest.mark.parametrize(
        ("own", "text"),
        [
            (OWN, "清河县教育局2023年公开信息210条。"),
            (OWN, "邢台市教育局2023年公开信息2100条。"),
            (OWN, "县民政局2023年公开信息210条。"),
            (OWN, "清河县油坊镇2023年开展政务公开日活动，我局派员参加。"),
            (OWN, "清河县民政局2023年拨付救助资金300万元。"),
            ("清河县人民政府", "清河县民政局2023年公开信息210条。"),
            ("清河县政务服务局", "清河县民政局2023年公开信息210条。"),
            ("清河县王官庄镇人民政府", "王官庄镇群众知晓率不高，我镇将加强宣传。"),
            ("清河县王官庄镇人民政府", "南宫市垂杨镇群众前来查询公开信息。"),
        ],
    )
    def test_others_of_whom_a_report_may_tell(self, own: str, text: str) -> None:
        assert not rules(draft(text, own=own), "statement.body")

    def test_another_body_in_the_signature(self) -> None:
        (finding,) = rules(draft(signed=("清河县民政局", "2024年1月20日")), "statement.body")
        assert finding.printed == "清河县民政局" and "落款" in finding.message

    @pytest.mark.parametrize(
        ("own", "signature"),
        [
            (OWN, "南宫市人民政府"),
            (OWN, "清河县油坊镇人民政府"),
            (OWN, "威县人民政府办公室"),
            ("清河县人民政府", "南宫市教育局"),
            ("清河县油坊镇人民政府", "南宫市教育局"),
        ],
    )
    def test_a_body_of_another_kind_in_the_signature(self, own: str, signature: str) -> None:
        (finding,) = rules(draft(own=own, signed=(signature, "2024年1月20日")), "statement.body")
        assert finding.printed == signature and "落款" in finding.message

    @pytest.mark.parametrize("own", ["清河县人民政府", "清河县油坊镇人民政府"])
    def test_the_government_signs_for_those_below_it(self, own: str) -> None:
        assert not rules(draft(own=own, signed=("清河县人民政府办公室", "2024年1月20日")), "statement.body")

    @pytest.mark.parametrize(
        "line",
        [
            "南宫市民政局2022年政府信息公开工作年度报告",
            "上一篇：南宫市民政局2022年政府信息公开工作年度报告",
            "• 南宫市民政局2022年政府信息公开年度报告 2023-01-20",
            f"{OWN}2022年政府信息公开工作年度报告2023-01-21上一篇：南宫市民政局2022年政府信息公开工作年度报告",
            "上一篇：南宫市民政局2022年政府信息公开工作年度报告下一篇：威县财政局2021年政府信息公开年度报告",
            "【打印本页】上一篇：南宫市民政局2022年政府信息公开工作年度报告",
            "南宫市民政局2022年政府信息公开工作年度报告…",
            "· 南宫市民政局2022年政府信息公开工作年度报告...",
        ],
    )
    def test_a_link_to_anothers_report(self, line: str) -> None:
        assert not rules(draft(signed=(OWN, "2024年1月20日", line)), "statement.body")
        assert rules(draft("现公布南宫市民政局2022年政府信息公开工作年度报告。"), "statement.body")

    @pytest.mark.parametrize(
        ("own", "text", "name"),
        [
            (OWN, "南宫市政务公开水平明显提升。", "南宫市"),
            (OWN, "根据南宫市委、市政府部署，我局开展自查。", "南宫市"),
            (OWN, "南宫市教育局不断完善公开机制。", "南宫市教育局"),
            (OWN, "按照威县人民政府统一安排，开展自查。", "威县"),
            ("清河县人民政府", "南宫市教育局将政务公开纳入年度考核。", "南宫市教育局"),
            ("清河县油坊镇人民政府", "南宫市教育局将政务公开纳入年度考核。", "南宫市教育局"),
        ],
    )
    def test_another_place(self, own: str, text: str, name: str) -> None:
        (finding,) = rules(draft(text, own=own), "statement.body")
        assert finding.printed == name and own in finding.message

    @pytest.mark.parametrize(
        "text",
        [
            "清河县政务公开水平明显提升。",
            "邢台市政务公开水平明显提升。",
            "根据邢台市委、市政府部署，我局开展自查。",
            "按照河北省人民政府要求，开展自查。",
            "根据县委、县政府部署，我局开展自查。",
            "按照《南宫市政府信息公开编码指南》的要求，逐条核对。",
            "南宫市政府信息公开编码指南",
            "认真学习南宫市政务公开经验。",
        ],
    )
    def test_places_that_may_be_named(self, text: str) -> None:
        assert not rules(draft(text), "statement.body")

    @pytest.mark.parametrize("own", ["荆州市沙市区人民政府", "津市市人民政府", "乌鲁木齐市新市区人民政府"])
    def test_a_name_made_of_what_names_have_in_common(self, own: str) -> None:
        text = f"现公布{own}2023年政府信息公开工作年度报告。"
        assert not rules(draft(text, own=own), "statement.body")

    @pytest.mark.parametrize("signature", [OWN, "清河县教育局办公室", "清河县人民政府办公室", "邢台市教育局"])
    def test_signatures_that_may_stand(self, signature: str) -> None:
        assert not rules(draft(signed=(signature, "2024年1月20日")), "statement.body")

    def test_a_cut_or_misread_name(self) -> None:
        own = "本溪满族自治县古岭镇人民政府"
        assert not rules(draft("溪满族自治县古岭镇人民政府认真落实政务公开要求。", own=own), "statement.body")
        assert not rules(draft("干安县人民政府认真落实政务公开要求。", own="乾安县人民政府"), "statement.body")

    def test_a_misread_name_is_no_other_body(self) -> None:
        r = draft("2023年，沐阳县人民政府认真落实政务公开要求。", own="沐阳县人民政府")
        assert not rules(r, "statement.body")


class TestPersons:
    IDENTITY, MOBILE = "11010519491231002X", "13900000000"

    def test_a_number_beside_an_identity_number_is_no_contact_line(self) -> None:
        r = draft(f"申请人某甲（身份证号{self.IDENTITY}，手机{self.MOBILE}）的问题已答复。")
        found = " ".join(f.message for f in rules(r, "statement.personal"))
        assert "手机" in found and "身份证" in found
        assert self.MOBILE not in found and self.IDENTITY not in found

    @pytest.mark.parametrize("text", ["联系电话：{}。", "咨询手机{}，欢迎来电。", "联系人：办公室，手机：{}。"])
    def test_contact_lines_are_none(self, text: str) -> None:
        assert not rules(draft(text.format(self.MOBILE)), "statement.personal")

    def test_a_persons_telephone_is_none(self) -> None:
        assert len(rules(draft(f"申请人某甲（联系电话{self.MOBILE}）的问题已答复。"), "statement.personal")) == 1


def test_the_year_in_front_of_a_subject_is_no_part_of_its_name() -> None:
    r = draft("2023年度我局主动公开政府信息32条。")
    assert not rules(r, "statement.body")


def test_another_body_that_will_improve_its_publicity() -> None:
    (finding,) = rules(draft("清河县民政局将进一步健全制度，提高公开质量。"), "statement.body")
    assert "清河县民政局" in finding.message
    assert not rules(draft("清河县教育局将进一步健全制度，提高公开质量。"), "statement.body")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我局在威县政府网站公开信息。", "威县"),
        ("全年通过南宫市人民政府门户网站主动公开信息。", "南宫市"),
        ("按照山东省政务公开工作要点落实。", "山东省"),
        ("执行《陕西省政府信息公开规定》。", "陕西省"),
        ("如有疑问，请与清河县水利局办公室联系（电话：0319-1234567）。", "清河县水利局"),
        ("对本报告有疑问的，可向威县教育局咨询。", "威县教育局"),
        ("清河县民政局成立政务公开领导小组，统筹推进公开工作。", "清河县民政局"),
        ("清河县民政局将继续完善政府信息管理制度。", "清河县民政局"),
        ("2023年，清河县民政局认真贯彻《条例》。", "清河县民政局"),
        ("2023年，威县教育局共发布信息300条。", "威县教育局"),
    ],
)
def test_anothers_site_rules_and_contact(text: str, name: str) -> None:
    (found,) = rules(draft(text), "statement.body")
    assert found.severity == "warning" and found.printed == name


@pytest.mark.parametrize(
    "text",
    [
        "我局在清河县政府网站、邢台市人民政府网站公开信息。",
        "学习威县政府网站公开的做法。",
        "赴南宫市学习在南宫市政府网站集中公开的经验。",
        "按照河北省、邢台市政务公开工作要点落实，执行《河北省政府信息公开条例》。",
        "如有疑问，请与清河县教育局办公室联系。",
        "如有疑问，请与清河县人民政府办公室联系，也可向清河县政务服务管理局咨询。",
        "清河县人民政府成立政务公开领导小组，统筹推进公开工作。",
        "请申请人向清河县水利局提出申请。",
        "清河县民政局认真贯彻《社会救助暂行办法》。",
        "清河县教育局共发布信息300条。",
        "清河县人民政府网站共发布信息300条。",
    ],
)
def test_sites_rules_and_contacts_that_may_be_named(text: str) -> None:
    assert not rules(draft(text), "statement.body")


def test_signed_two_years_later() -> None:
    for day, told in (("2025年1月15日", True), ("2024年12月30日", False), ("2024年4月8日", False)):
        found = rules(draft(signed=(OWN, day)), "statement.date")
        assert [f.severity for f in found] == ["note"] * told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("根据《政府信息公开工作年度报告格式》（国办公开办函〔2021〕3号）编制。", True),
        ("根据《政府信息公开工作年度报告格式》（国办公开办函[2021]31号）编制。", True),
        ("根据《关于政府信息公开工作年度报告有关事项的通知》（国办公开办函〔2019〕6号）编制。", True),
        ("根据《政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）编制。", False),
        ("根据《政府信息公开工作年度报告格式》（国办公开办函[2021]30号）编制。", False),
        ("根据《公共企事业单位信息公开规定》（国办公开办函〔2021〕3号）公开信息。", False),
    ],
)
def test_a_notices_number_misprinted(text: str, told: bool) -> None:
    found = [f for f in rules(draft(text), "statement.basis") if "像是写错了" in f.message]
    assert len(found) == told


@pytest.mark.parametrize(
    ("own", "text", "printed"),
    [
        ("洪泽区朱坝街道办事处", "我镇持续推进政务公开。", "我镇"),
        ("沭阳县陇集镇人民政府", "我乡持续推进政务公开。", "我乡"),
        ("沭阳县陇集镇人民政府", "我街道持续推进政务公开。", "我街道"),
        ("洪泽区教育局", "我县持续推进政务公开。", "我县"),
        ("沭阳县教育局", "我区持续推进政务公开。", "我区"),
        ("醴陵市泗汾镇人民政府", "我县持续推进政务公开。", "我县"),
        ("清河县教育局", "本镇坚持以公开为常态。", "本镇"),
        ("平阳县教育局", "2023年，平阳县农业农村局坚持“公开为常态、不公开为例外”。", "平阳县农业农村局"),
        ("沭阳县教育局", "我市坚持以公开为常态。", "我市"),
        ("洪泽区教育局", "我市高度重视政务公开工作。", "我市"),
        # The short name of another bureau of the place, where it does what only a body itself does.
        ("沭阳县教育局", "县财政局加强组织领导，推进政务公开。", "县财政局"),
        ("醴陵市财政局", "市民政局成立公开工作领导小组，统筹推进公开工作。", "市民政局"),
        # Another town, whatever it did, and whatever stands in front of it.
        ("沭阳县陇集镇人民政府", "下一步，胡集镇将进一步压实责任，确保信息真实。", "胡集镇"),
        ("沭阳县陇集镇人民政府", "今后，胡集镇人民政府将进一步加强培训。", "胡集镇人民政府"),
        ("沭阳县陇集镇人民政府", "胡集镇严格落实“三审三校”制度，村务公开栏按季更新。", "胡集镇"),
        ("沭阳县陇集镇人民政府", "沭阳县胡集镇人民政府严格落实制度。", "沭阳县胡集镇人民政府"),
        ("沭阳县陇集镇人民政府", "胡集镇党委、政府高度重视，及时研究改进措施。", "胡集镇"),
        ("沭阳县陇集镇人民政府", "虽然胡集镇政务公开工作取得一定成效，但也有不足。", "胡集镇"),
    ],
)
def test_words_of_another_kind_of_place(own: str, text: str, printed: str) -> None:
    found = rules(draft(text, title=f"{own}2023年政府信息公开工作年度报告", own=own), "statement.body")
    assert [f.printed for f in found] == [printed]


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ("洪泽区朱坝街道办事处", "我街道持续推进政务公开。"),
        ("沭阳县陇集镇人民政府", "我镇持续推进政务公开，我镇村两级同步公开。"),
        ("洪泽区教育局", "我区持续推进政务公开，落实全市要求。"),
        ("沭阳县教育局", "我县持续推进政务公开，我市统一部署。"),
        ("沭阳县教育局", "转发《关于我区政务公开的通知》，“我区”一词见附件，自我区分类管理。"),
        ("醴陵市教育局", "我市坚持以公开为常态。"),
        ("沭阳县教育局", "我局按照要求抓落实，我市统一部署。"),
        # What others do for all, the body's own short name, the city above a district.
        ("沭阳县教育局", "县财政局强化经费保障，推进政务公开。"),
        ("沭阳县教育局", "县政务服务管理办公室高度重视政务公开工作。"),
        ("沭阳县教育局", "县教育局高度重视政务公开工作，县委、县政府高度重视政务公开工作。"),
        ("洪泽区教育局", "市财政局加强组织领导，推进政务公开。"),
        ("沭阳县人民政府", "县财政局加强组织领导，推进政务公开。"),
        (
            "沭阳县陇集镇人民政府",
            "镇党委、政府高度重视。陇集镇党委、政府高度重视。县委、县政府高度重视。党委、政府重视。",
        ),
        ("沭阳县陇集镇人民政府", "虽然我镇政务公开工作取得一定成效，但也有不足。基层政务公开工作取得进展。"),
        ("沭阳县陇集镇人民政府", "陇集镇严格落实制度。县委严格落实制度。各乡镇严格落实制度。"),
        # A region calls itself so.
        ("灵山县教育局", "按照我区统一部署推进政务公开。"),
        ("清河县教育局", "指导本镇区学校公开信息。"),
    ],
)
def test_words_of_its_own_kind_of_place(own: str, text: str) -> None:
    assert not rules(draft(text, title=f"{own}2023年政府信息公开工作年度报告", own=own), "statement.body")


@pytest.mark.parametrize(
    "text",
    [
        "申请人王小明对答复不服，申请行政复议。",
        "受理申请人张三的申请并答复。",
        "自然人李晓明提交的申请已答复。",
        "有1件（申请人：赵国强）延期答复。",
        "对某人（公民身份号码11010519491231002X、手机１３９００００００００）的来访作了答复。",
        "对来访人（11010519491231002X，139-0000-0000）作了答复。",
    ],
)
def test_persons_in_a_text(text: str) -> None:
    found = rules(draft(text), "statement.personal")
    assert found and any("手机" in f.message for f in found) == ("110105" in text)


@pytest.mark.parametrize(
    "text",
    [
        "申请人高度认可，申请人对答复不服的3件。",
        "自然人许可的申请、自然人金额有关的申请均已答复。",
        "申请人江苏某公司提交申请1件，申请人王某对答复不服。",
        "自然人提交的申请13件，当事人申请公开的信息已提供，申请人因不服提起诉讼1件。",
        "咨询电话139-0000-0000，编号2023-1390-0000-0000。",
    ],
)
def test_no_persons_in_a_text(text: str) -> None:
    assert not rules(draft(text), "statement.personal")


def test_a_number_that_is_announced_is_a_persons_though_its_last_digit_is_wrong() -> None:
    (found,) = rules(draft("申请人身份证号码：110105194912310021。"), "statement.personal")
    assert "身份证号码" in found.message and "19491231" not in found.message
    assert not rules(draft("文件编号110105194912310021。"), "statement.personal"), "of a number alone nobody knows"


def test_the_day_up_to_which_the_figures_are() -> None:
    assert rules(draft("统计数据截至2022年12月31日。"), "statement.year")
    assert not rules(draft("统计数据截至2023年12月31日。"), "statement.year")
    assert rules(
        draft("2023年，我局公开信息2条。", "2022年，我局坚持问题导向，扎实推进信息公开，取得新成效。"), "statement.year"
    )


def test_a_year_end_of_last_year_before_this_years_figures() -> None:
    assert rules(draft("截至2022年12月31日，全年收到政府信息公开申请36件。"), "statement.year")
    assert not rules(draft("截至2023年12月31日，全年收到政府信息公开申请36件。"), "statement.year")
    assert not rules(draft("截至2022年12月31日，累计收到政府信息公开申请36件。"), "statement.year")


def test_what_another_office_is_said_to_do_is_quoted_with_its_titles() -> None:
    (found,) = rules(draft("2023年，清河县民政局认真贯彻《条例》，公开信息。"), "statement.body")
    assert "《条例》" in (found.sentence or "") and "·" not in (found.sentence or "")


@pytest.mark.parametrize(
    ("own", "text", "name"),
    [
        (OWN, "在南宫市委、市政府的坚强领导下，我局抓好公开工作。", "南宫市"),
        (OWN, "一年来，在中共苍溪县委、苍溪县人民政府的正确领导下，公开工作有序开展。", "苍溪县"),
        ("清河县人民政府", "2023年，威县县委、县政府高度重视政务公开，多次听取汇报。", "威县"),
        (OWN, "修订完善了《政府信息公开指南》《威县教育局信息公开目录》。", "威县"),
        ("清河县油坊镇人民政府", "研究制定《南宫市段芦头镇政务公开实施方案》，明确分工。", "南宫市"),
        (OWN, "严格执行《南宫市教育局信息公开保密审查制度》。", "南宫市"),
        (OWN, "威县教育局门户网站全年更新信息320条。", "威县"),
        (OWN, "全年通过苍溪县教育局微信公众号推送信息30条。", "苍溪县"),
        ("清河县人民政府", "在威县政务新媒体发布信息80条。", "威县"),
        (OWN, "威县教育局全年更新信息320条。", "威县教育局"),
        (OWN, "全年，威县教育局共收到信息公开申请12件。", "威县教育局"),
        (OWN, "收到申请11件，威县教育局全年办结12件，全部在法定期限内答复。", "威县教育局"),
        ("清河县油坊镇人民政府", "谢炉镇2023年收到申请3件，公开2件。", "谢炉镇"),
        ("清河县油坊镇人民政府", "没有收取信息处理费，特此报告。威县第什营镇人民政府", "威县第什营镇人民政府"),
        (OWN, "在南宫市政务公开领导小组的统一领导下，公开工作有序开展。", "南宫市"),
        ("清河县油坊镇人民政府", "认真贯彻落实威县县委、县政府关于政务公开的决策部署。", "威县"),
        (OWN, "公开方案经威县政府常务会议审议通过。", "威县"),
        (OWN, "公开工作纳入南宫市绩效考核体系。", "南宫市"),
        ("清河县人民政府", "切实提升威县政务公开水平。", "威县"),
        ("清河县人民政府", "威县各乡镇、各部门落实公开要求。", "威县"),
        (OWN, "在南宫市政务服务大厅设置信息查阅点。", "南宫市"),
        (OWN, "如需更多信息，请登录威县人民政府门户网站查询。", "威县"),
        (OWN, "依托“南宫市教育局”微信公众号、“威县政府网”发布信息。", "威县"),
        (OWN, "对《南宫市教育局政府信息公开目录》进行了修订完善。", "南宫市"),
    ],
)
def test_a_place_elsewhere_in_what_a_report_says_of_its_own_doing(own: str, text: str, name: str) -> None:
    (found,) = rules(draft(text, own=own), "statement.body")
    assert found.severity == "warning" and found.printed == name


@pytest.mark.parametrize(
    ("own", "text"),
    [
        (OWN, "在邢台市委、市政府和清河县委、县政府的领导下，公开工作有序开展。"),
        (OWN, "在河北省教育厅指导下，修订《邢台市教育局信息公开目录》中我县部分。"),
        (OWN, "对口帮扶威县，在威县县委统筹下选派教师。"),
        (OWN, "借鉴《威县教育局政务公开实施方案》，制定《清河县教育局政务公开实施方案》。"),
        (OWN, "与南宫市教育局联合制定《南宫市教育局跨市招生办法》。"),
        (OWN, "赴南宫市考察，观摩南宫市教育局门户网站发布信息的流程。"),
        (OWN, "经南宫市人民法院判决，修订《南宫市教育局信息公开目录》一事已了结。"),
        (OWN, "制定《城市书房管理方案》，建立《市直学校公开清单》。"),
        # 公主岭 stood under 四平 before.
        ("公主岭市人民政府", "在四平市委、市政府的领导下，公开工作有序开展。"),
        # What any place has, and no place.
        (OWN, "推进矿区政务公开，在老城区政务服务中心设置查阅点。"),
        (OWN, "切实提升全县政务公开水平，贯彻落实县委、县政府决策部署，纳入市县绩效考核。"),
        (OWN, "威县教育局来函告知，请申请人登录威县人民政府网站查询。"),
        (OWN, "经河北省人民政府批准，纳入邢台市考核，在邢台市政府网站公开。"),
        # Another's figures told as another's.
        (OWN, "收到申请11件，比威县教育局多3件，清河县水利局转来申请1件。"),
        ("清河县油坊镇人民政府", "谢炉镇收到申请6件，我镇收到11件；协助谢炉镇办理申请1件，部分乡镇收到申请较多。"),
        # Of a place that two bear nobody knows which.
        (OWN, "在鼓楼区委的领导下，公开工作有序开展。"),
    ],
)
def test_places_elsewhere_that_may_be_named(own: str, text: str) -> None:
    assert not rules(draft(text, own=own), "statement.body")


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2034年1月15日", True),
        ("2042年1月20日", True),
        ("2029年3月1日", True),
        ("2026年5月8日", False),
        ("2024年1月31日", False),
    ],
)
def test_signed_many_years_later(day: str, told: bool) -> None:
    found = rules(draft(signed=(OWN, day)), "statement.date")
    assert [f.severity for f in found] == ["warning"] * told
