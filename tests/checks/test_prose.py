"""Sections, names, periods, legal bases, personal data: what is found, and what only looks like it."""

from __future__ import annotations

import pytest

from checks.prose import Prose
from checks.rules import rule
from schemas.facts import Passage, Place, Report, Residue
from schemas.findings import Finding

from .reports import findings, retext, say, sound_report


def text_report(*texts: str, **fields: object) -> Report:
    r = sound_report(**fields)
    r.passages = [Passage(t, Place(paragraph=i)) for i, t in enumerate(texts, start=1)]
    return r


HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    "五、政府信息公开工作存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
# What stands under the headings: of tables nothing in words.
SAID = (["本年做了许多工作。"], [], [], [], ["问题是不够及时。今后改进。"], ["没有收取信息处理费。"])


class TestSections:
    @pytest.mark.parametrize(
        "headings",
        [
            HEADINGS,
            tuple(h.replace("、", ".", 1) for h in HEADINGS),
            tuple(h[2:] for h in HEADINGS),
            tuple(f"第{h[0]}部分 {h[2:]}" for h in HEADINGS),
            tuple(f"| {h}" for h in HEADINGS),
            ("一、總體情況", "二、主動公開政府信息情況", *HEADINGS[2:]),
            (*HEADINGS[:4], "五、存在的问题和改进措施", "六、其他应当报告的事项"),
            (*HEADINGS[:2], "三、收到和处理政府信息公开申请情况统计表", "四、行政复议、行政诉讼情况", *HEADINGS[4:]),
        ],
    )
    def test_headings_as_they_are_printed(self, headings: tuple[str, ...]) -> None:
        prose = Prose(text_report(*headings))
        assert [h.n for h in prose.headings] == [1, 2, 3, 4, 5, 6]
        assert not findings(text_report(*headings), "structure.section")

    def test_headings_in_running_text(self) -> None:
        r = text_report("前言。" + "正文若干。".join(HEADINGS) + "没有收取信息处理费。")
        prose = Prose(r)
        assert [h.n for h in prose.headings] == [1, 2, 3, 4, 5, 6]
        assert prose.sections[1].text == "正文若干。"
        assert prose.sections[6].text == "没有收取信息处理费。"

    @pytest.mark.parametrize(
        "contents",
        [
            [f"{h}…………{i}" for i, h in enumerate(HEADINGS, start=1)],
            [f"{h} {i}" for i, h in enumerate(HEADINGS, start=1)],
            [f"{h}·····({i})" for i, h in enumerate(HEADINGS[2:], start=3)],
            ["目录 " + " ".join(f"{h}......{i}" for i, h in enumerate(HEADINGS, start=1))],
            [line for i, h in enumerate(HEADINGS, start=1) for line in (f"{h} {i}", f"（一）有关情况 {i}")],
            list(HEADINGS),
            [*HEADINGS[:3], "四、复议和诉讼", *HEADINGS[4:]],
        ],
    )
    def test_a_list_of_contents_has_no_sections(self, contents: list[str]) -> None:
        preamble = "清河县教育局2024年政府信息公开工作年度报告，现予公布，内容共六个部分，欢迎监督。"
        body = [text for h, said in zip(HEADINGS, SAID, strict=True) for text in (h, *said)]
        r = text_report("目 录", *contents, preamble, *body)
        assert [h.n for h in Prose(r).headings] == [1, 2, 3, 4, 5, 6]
        assert Prose(r).sections[6].text == "".join(SAID[5])
        assert not findings(r, "fees.unreported") and not findings(r, "structure.section")
        # What is in the list alone is not there.
        missing = text_report("目 录", *[f"{h}…………{i}" for i, h in enumerate(HEADINGS)], preamble, *body[:-2])
        assert [f.message for f in findings(missing, "structure.section")] == [
            f.message for f in findings(text_report(*body[:-2]), "structure.section")
        ]
        assert not findings(missing, "fees.unreported")
        # Sections of tables alone, and a number behind a heading, are sections.
        assert [h.n for h in Prose(text_report(*body)).headings] == [1, 2, 3, 4, 5, 6]
        assert [h.n for h in Prose(text_report(f"{HEADINGS[0]} 1", *body[1:])).headings] == [1, 2, 3, 4, 5, 6]

    def test_a_list_of_the_sections_in_the_preamble_is_no_heading(self) -> None:
        listed = "本报告共分六个部分：总体情况、主动公开政府信息情况、其他需要报告的事项。"
        assert [h.n for h in Prose(text_report(listed, *HEADINGS)).headings] == [1, 2, 3, 4, 5, 6]

    def test_missing(self) -> None:
        (finding,) = findings(text_report(*HEADINGS[:4], HEADINGS[5]), "structure.section")
        assert (finding.outcome, finding.severity) == ("broken", "warning")
        assert "五、" in finding.message

    def test_a_section_whose_table_is_there_is_not_missing(self) -> None:
        assert not findings(text_report(*HEADINGS[:1], *HEADINGS[3:]), "structure.section")

    @pytest.mark.parametrize("n", [2, 3, 4])
    def test_a_table_without_the_title_of_its_section(self, n: int) -> None:
        (finding,) = findings(text_report(*HEADINGS[: n - 1], *HEADINGS[n:]), "structure.section")
        assert finding.outcome == "broken" and HEADINGS[n - 1][:2] in finding.message
        # The title stands in running text, or under another number.
        title = HEADINGS[n - 1].partition("、")[2]
        assert not findings(text_report(*HEADINGS[: n - 1], f"以下是{title}", *HEADINGS[n:]), "structure.section")
        other = f"{HEADINGS[n - 1][0]}、有关数据"
        assert not findings(text_report(*HEADINGS[: n - 1], other, *HEADINGS[n:]), "structure.section")

    def test_hardly_any_heading_means_that_they_were_not_read(self) -> None:
        assert [f.outcome for f in findings(text_report("一些文字。"), "structure.section")] == ["not_assessable"]

    def test_misnumbered(self) -> None:
        wrong = (*HEADINGS[:4], HEADINGS[4].replace("五、", "四、"), HEADINGS[5])
        (finding,) = findings(text_report(*wrong), "structure.section")
        assert (finding.printed, finding.expected) == (4, 5) and "写成了“四”" in finding.message

    def test_every_wrong_number_is_told(self) -> None:
        wrong = [
            HEADINGS[0],
            HEADINGS[1],
            *(h.replace(a, b, 1) for h, a, b in zip(HEADINGS[2:], "三四五六", "四五六七", strict=True)),
        ]
        found = findings(text_report(*wrong, HEADINGS[2].replace("三", "四", 1)), "structure.section")
        assert [(f.printed, f.expected) for f in found] == [(4, 3), (5, 4), (6, 5), (7, 6)]

    @pytest.mark.parametrize("one", ["一、主动公开。及时更新。", "三、监督保障"])
    def test_one_topic_numbered_as_a_section(self, one: str) -> None:
        topics = ["（一）主动公开。", "（二）依申请公开。", "（三）监督保障。", "（四）平台建设。"]
        wrong = [one, *topics[1:]] if one[0] == "一" else [*topics[:2], one, *topics[2:]]
        (finding,) = findings(text_report(HEADINGS[0], *wrong, *HEADINGS[1:]), "structure.section")
        assert finding.severity == "warning" and one[:4] in finding.message
        # A section that is called otherwise is no topic.
        other = text_report(HEADINGS[0], *topics, "二、信息主动公开的情况", *HEADINGS[2:])
        assert not [f for f in findings(other, "structure.section") if "混淆" in f.message]

    @pytest.mark.parametrize("numbers", ["一二二四五", "一二四五", "一二三四四五", "一三二"])
    def test_numbers_of_topics(self, numbers: str) -> None:
        topics = [f"（{n}）方面{k}。及时更新。" for k, n in enumerate(numbers)]
        for wrong in (topics, ["".join(topics)]):
            (finding,) = findings(text_report(HEADINGS[0], *wrong, *HEADINGS[1:]), "structure.section")
            assert finding.severity == "note" and f"（{'）（'.join(numbers)}）" in finding.message

    @pytest.mark.parametrize("numbers", ["一二三四五", "一二", "二三四五", "一一二三四", "一二一二三四", "一一二二三"])
    def test_numbers_of_topics_that_may_be_right(self, numbers: str) -> None:
        """Lists within a topic begin anew; two are no row."""
        topics = [f"（{n}）方面{k}。及时更新。" for k, n in enumerate(numbers)]
        assert not findings(text_report(HEADINGS[0], *topics, *HEADINGS[1:]), "structure.section")
        # A copy that leaves text out may have left out a topic.
        cut = text_report(HEADINGS[0], *(f"（{n}）方面。" for n in "一二四五"), "（下略）", *HEADINGS[1:])
        assert not findings(cut, "structure.section")

    def test_topics_numbered_as_sections(self) -> None:
        topics = ("一、主动公开。及时更新。", "二、依申请公开", "三、监督保障：考核。")
        (finding,) = findings(text_report(HEADINGS[0], *topics, *HEADINGS[1:]), "structure.section")
        assert "“一、主动公开”、“二、依申请公开”、“三、监督保障”" in finding.message
        right = (
            "（一）主动公开。及时更新。",
            "（二）依申请公开。",
            "1、考核。",
            "一、二季度各检查一次，三、四季度各一次。",
        )
        assert not findings(text_report(HEADINGS[0], *right, *HEADINGS[1:]), "structure.section")

    def test_out_of_order(self) -> None:
        wrong = (HEADINGS[0], HEADINGS[1], HEADINGS[2], HEADINGS[4], HEADINGS[3], HEADINGS[5])
        found = findings(text_report(*wrong), "structure.section")
        assert ["不在应有的位置" in f.message for f in found] == [True]

    def test_tables_annexed_after_the_prose_are_legitimate(self) -> None:
        annexed = (HEADINGS[0], HEADINGS[4], HEADINGS[5], HEADINGS[1], HEADINGS[2], HEADINGS[3])
        assert not findings(text_report(*annexed), "structure.section")

    def test_older_forms_have_no_such_sections(self) -> None:
        r = text_report("一、概述", form="2014", year=2016, facts=[], layouts=[])
        assert not findings(r, "structure.section")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("无", "几乎没有内容"),
        ("略。", "几乎没有内容"),
        ("", "只有标题"),
        ("下一步将加强学习，提升业务水平，完善制度。", "没有写存在的问题"),
        ("解读形式还很单调，人员更换频繁，存在不少不足之处。", "没有写改进"),
        ("（一）加强学习培训，提高人员素质；（二）完善制度，规范公开流程。", "没有写存在的问题"),
        ("一是人员不足；二是更新不及时；三是解读单一。", "没有写改进"),
    ],
)
def test_section_five(text: str, what: str) -> None:
    (finding,) = findings(retext(sound_report(), 5, text), "structure.empty_section")
    assert what in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "村级财务公开的格式不统一。自下半年起统一使用县农业农村局的样表。",
        "干部轮换勤，新手多。编了一本20页的工作手册，人手一册。",
        "案件公开周期长，今后结案后20日内公开。",
        "公开栏破损。已修复7处。",
        "数据解读少。每季写一篇。",
        "附件打不开的有11处。逐一替换，每月抽查一次。",
    ],
)
def test_both_halves_without_the_usual_words(text: str) -> None:
    assert not findings(retext(sound_report(), 5, text), "structure.empty_section")


@pytest.mark.parametrize(
    "problems",
    [
        "自查发现：一是归档靠老办法；二是登记拖沓，衔接不紧。",
        "从年度测评看，专题栏目失分多。",
        "全年工作也暴露出协同不畅的情形。",
        "几个科室重审批轻发布，供稿慢半拍。",
        "解读的篇幅偏长，图表欠缺。",
    ],
)
@pytest.mark.parametrize(
    "improvements",
    [
        "针对上述情况，我局拟办两期讲座，争取年中以前办完。",
        "2024年，本单位将统一乡镇目录。",
        "2024年工作打算：多用短视频。",
        "接下来我们要逐条销号。",
        "明年重点办好讲座。",
        "为此，已调来专人，并于12月改版。",
        "往后多做图解，勤更新。",
    ],
)
def test_both_halves_in_plain_words(problems: str, improvements: str) -> None:
    assert not findings(retext(sound_report(), 5, problems + improvements), "structure.empty_section")


class TestPeriod:
    @pytest.mark.parametrize(
        "text",
        [
            "数据的统计期限自2023年1月1日起至2023年12月31日止。",
            "所列数据统计期限从2023年1月1日到12月31日止。",
            "统计期限为2023年1月1日至2023年12月31日。",
            "统计期限：2023年01月01日—2023年12月31日。",
            "2023年3月1日至2023年4月1日举办了培训。",
            "条例自2019年5月15日起施行。",
        ],
    )
    def test_right_or_no_period_at_all(self, text: str) -> None:
        assert not findings(retext(sound_report(), 0, text), "statement.period")

    @pytest.mark.parametrize(
        "text",
        [
            "数据的统计期限自2022年1月1日起至2022年12月31日止。",
            "统计期限从2023年1月1日至2023年12月30日。",
            "本报告的统计期限为2022年1月1日至2023年12月31日。",
        ],
    )
    def test_wrong(self, text: str) -> None:
        assert [f.severity for f in findings(retext(sound_report(), 0, text), "statement.period")] == ["warning"]

    def test_2008_began_in_may(self) -> None:
        r = text_report("统计期限自2008年5月1日起至2008年12月31日止。", year=2008, form="prose")
        assert not findings(r, "statement.period")


class TestBasis:
    def basis(self, text: str, year: int = 2023) -> list[Finding]:
        return findings(text_report(text, year=year), "statement.basis")

    def test_in_force(self) -> None:
        assert not self.basis("根据《中华人民共和国政府信息公开条例》（国务院令第711号）。")
        assert not self.basis("根据国办公开办函〔2019〕60号。", 2020)
        assert not self.basis("根据《条例》（国务院令第492号）。", 2015)

    def test_not_in_force(self) -> None:
        assert [f.printed for f in self.basis("根据国务院令第492号。")] == ["国务院令第492号"]
        assert [f.severity for f in self.basis("根据国办公开办函[2019]60号。")] == ["note"]

    def test_number_and_title_of_different_notices(self) -> None:
        wrong = "根据《关于政府信息公开工作年度报告有关事项的通知》（国办公开办函〔2021〕30号）。"
        assert ["不是同一个文件" in f.message for f in self.basis(wrong)] == [True]
        right = "根据《关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》（国办公开办函〔2021〕30号）。"
        assert not self.basis(right)


class TestBody:
    def body(self, text: str, **fields: object) -> list[Finding]:
        return findings(text_report(text, **fields), "statement.body")

    def test_another_kind_of_body(self) -> None:
        assert self.body("一年来，我局高度重视。", kind="township")
        assert self.body("我镇积极落实。", kind="department")
        assert not self.body("我局高度重视，我县群众满意。", kind="department")
        assert not self.body("我镇积极落实，我县支持。", kind="township")
        assert not self.body("我县我办高度重视。", kind="government")
        assert not self.body("我局部地区仍有不足，区司法局说：“我局将改进”。", kind="government")

    def test_another_places_name(self) -> None:
        found = self.body("现将东山县人民政府2023年政府信息公开年度报告公布如下。", issuer="西河县人民政府", title=None)
        assert [f.printed for f in found] == ["东山县人民政府"]
        same = "现将西河县人民政府办公室2023年政府信息公开年度报告公布如下。"
        assert not self.body(same, issuer="某市西河县人民政府")
        assert not self.body("汇总各乡镇人民政府政府信息公开年度报告编制。", issuer="西河县人民政府")
        assert not self.body("组织编制本镇2022年政府信息公开年度报告。", issuer="西河县人民政府")


class TestPersonal:
    def personal(self, text: str) -> list[Finding]:
        return findings(text_report(text), "statement.personal")

    def test_found_and_not_repeated_in_full(self) -> None:
        (finding,) = self.personal("身份证号11010519491231002X的申请人。")
        assert "19491231" not in finding.message + str(finding.printed)
        (finding,) = self.personal("申请人手中的13812345678无人接听。")
        assert finding.printed == "138****78"
        (finding,) = self.personal("申请人张建国向我县申请公开。")
        assert "建国" not in finding.message

    @pytest.mark.parametrize(
        "text",
        [
            "联系电话：13812345678。",
            "电话0517-87222589，邮编223100。",
            "申请人无正当理由逾期不补正。",
            "申请人张某某向我县申请公开。",
            "申请人情况见下表。",
            "本年新收政府信息公开申请数量15130000154",
            "（七）总计14710000148",
            "政府集中采购13575394432.52元",
            "编号110105194912310021",
        ],
    )
    def test_what_only_looks_like_it(self, text: str) -> None:
        assert not self.personal(text)


class TestLengthAndFees:
    def test_length(self) -> None:
        text = "主动公开、依申请公开、政府信息管理、平台建设、监督保障。"
        assert not findings(retext(sound_report(), 1, text * 30), "statement.length")
        (finding,) = findings(retext(sound_report(), 1, text * 50), "statement.length")
        assert (finding.severity, finding.expected) == ("note", 1000)

    def test_aspects(self) -> None:
        text = "主动公开文件，全年接到申请三件，建设公开平台，栏目内容充实，群众查阅方便。" * 2
        (finding,) = findings(retext(sound_report(), 1, text), "statement.length")
        assert "监督保障" in finding.message
        assert "政府信息管理" in finding.message
        assert "依申请公开" not in finding.message
        (other,) = findings(
            retext(sound_report(), 1, text.replace("接到申请三", "办理不动产登记申请三")), "statement.length"
        )
        assert "依申请公开" in other.message
        # What is too short is not to be shortened.
        assert "补写" in (finding.advice or "") and "精简" not in (finding.advice or "")
        (longer, lacking) = findings(retext(sound_report(), 1, text * 20), "statement.length")
        assert "精简" in (longer.advice or "") and "精简" in (lacking.advice or "")

    @pytest.mark.parametrize(
        ("text", "aspect"),
        [
            ("公开低保、特困、临时救助等信息198条。", "主动公开"),
            ("全年上网88条。", "主动公开"),
            ("县财政局公开预决算信息，单位全覆盖。", "主动公开"),
            ("没有人向我局提出申请。", "依申请公开"),
            ("新收22件，办结21件。", "依申请公开"),
        ],
    )
    def test_an_aspect_in_other_words(self, text: str, aspect: str) -> None:
        said = "政府信息管理有序，平台建设平稳，监督保障到位，栏目内容充实，群众查阅方便，没有发生差错。"
        (without,) = findings(retext(sound_report(), 1, said * 2), "statement.length")
        assert aspect in without.message
        assert not any(
            aspect in f.message for f in findings(retext(sound_report(), 1, said * 2 + text), "statement.length")
        )

    @pytest.mark.parametrize("signature", [("{issuer}", "2026年1月10日"), ("二〇二六年一月十日",), ()])
    def test_a_quotation_ends_before_the_signature(self, signature: tuple[str, ...]) -> None:
        r = sound_report()
        below = [s.format(issuer=r.issuer) for s in signature]
        (finding,) = findings(retext(r, 6, "没有其他需要报告的事项。", *below), "fees.unreported")
        assert finding.printed == "没有其他需要报告的事项。"
        assert "“没有其他需要报告的事项。”" in finding.message

    def test_a_date_in_a_sentence_is_no_signature(self) -> None:
        (finding,) = findings(retext(sound_report(), 6, "其他事项见公告，公告日期为2026年1月10日"), "fees.unreported")
        assert str(finding.printed).endswith("2026年1月10日")

    def test_fees(self) -> None:
        assert not findings(retext(sound_report(), 6, "全年收取信息处理费380元。"), "fees.unreported")
        (finding,) = findings(retext(sound_report(), 6, "没有其他需要报告的事项。"), "fees.unreported")
        assert finding.severity == "warning"

    def test_fees_that_contradict_each_other(self) -> None:
        r = say(say(sound_report(), "fees_collected", 0, unit="万元"), "fees_collected", 1, unit="万元")
        (finding,) = findings(r, "fees.unreported")
        assert "不同" in finding.message
        part = say(say(sound_report(), "fees_collected", 1, unit="万元"), "fees_collected", 0, scope="part")
        assert not findings(part, "fees.unreported")


class TestResidue:
    @pytest.mark.parametrize("text", ["（文字描述）", "收到申请××件。", "XX镇人民政府", "××县", "全年共收到____件"])
    def test_words_of_a_template(self, text: str) -> None:
        assert findings(text_report(text), "structure.residue")

    @pytest.mark.parametrize(
        "text",
        [
            "“双随机、一公开”",
            "2×3米展板",
            "申请人○○情况",
            "1*2",
            "张XX",
            "申请人张××、××公司申请公开",
            "网址www.example.gov.cn/a__b.html，为什么？？",
            "____________",
        ],
    )
    def test_words_that_are_none(self, text: str) -> None:
        assert not findings(text_report(text), "structure.residue")

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("信息在××平台发布。", "在××平台"),
            ("通过XX网站公开信息。", "通过XX网站"),
            ("全年公开信息____条。", "信息____条"),
            ("组织培训___，参加120人。", "培训___"),
            ("全年公开信息？？条。", "信息？？条"),
        ],
    )
    def test_what_was_still_to_be_put_in(self, text: str, shown: str) -> None:
        (found,) = findings(text_report(text), "structure.residue")
        assert shown in found.message

    def test_marks_of_notes_and_text_shown_twice_are_none(self) -> None:
        r = sound_report()
        r.residue = [Residue("note_mark", "1", Place()), Residue("hidden", "一、总体情况 2022年1月3日", Place())]
        assert not findings(r, "structure.residue")
        r.residue = [Residue("hidden", "领导批示：此数先不公布", Place())]
        assert findings(r, "structure.residue")

    def test_every_kind_has_words(self) -> None:
        r = sound_report()
        r.residue = [Residue(k, "x", Place()) for k in rule("structure.residue").options["kinds"]]
        assert len(findings(r, "structure.residue")) == len(r.residue)

    def test_what_the_reader_set_apart(self) -> None:
        r = sound_report()
        r.residue = [Residue("comment", "此处核实", Place()), Residue("tracked_deletion", "旧文字", Place())]
        assert ["批注" in f.message or "删除" in f.message for f in findings(r, "structure.residue")] == [True, True]
