"""What a report says in words without touching the figures of its tables.

Belongs here: titles, preambles, headings, harmless sentences and signatures, in words of our own. Does not belong here:
sentences that state figures of the tables (`sentences`).
"""

from __future__ import annotations

from benchmarks.wild.bodies import Body
from benchmarks.wild.drawing import Draw

_NUMERALS = "一二三四五六"
_SECTIONS = (
    {"总体情况": 1},
    {"主动公开政府信息情况": 8, "主动公开政府信息的情况": 1, "行政机关主动公开政府信息情况": 1},
    {"收到和处理政府信息公开申请情况": 9, "收到和处理信息公开申请情况": 1},
    {"政府信息公开行政复议、行政诉讼情况": 6, "因政府信息公开工作被申请行政复议、提起行政诉讼情况": 4},
    {"存在的主要问题及改进情况": 6, "政府信息公开工作存在的主要问题及改进情况": 3, "存在的主要问题和改进措施": 1},
    {"其他需要报告的事项": 1},
)


def title(draw: Draw, body: Body, year: int) -> str:
    """A title that names body and year. An area's title may leave 人民政府 out, as governments do."""
    area = body.kind == "government" and draw.chance(0.25, "area title")
    name = body.name.removesuffix("人民政府") if area else body.name
    work = draw.weighted({"政府信息公开工作年度报告": 8, "政府信息公开年度报告": 2})
    way = draw.pick(
        "title", {"body, year": 5, "body, year with 度": 2, "year, body": 2, "关于": 1, "on two lines": 2, "spaced": 1}
    )
    if way == "body, year with 度":
        return f"{name}{year}年度{work.removesuffix('年度报告')}{'年度报告' if draw.chance(0.5) else '报告'}"
    if way == "year, body":
        return f"{year}年{name}{work}"
    if way == "关于":
        return f"{name}关于{year}年{work.removesuffix('年度报告')}年度报告"
    if way == "on two lines":
        return f"{name}\n{year}年{work}"
    if way == "spaced":
        return f"{name} {year} 年 {work}"
    return f"{name}{year}年{work}"


def preamble(draw: Draw, body: Body, year: int, *, name_it: bool) -> str:
    law = "《中华人民共和国政府信息公开条例》"
    basis = draw.one([f"根据{law}", f"按照{law}要求", f"依据{law}第五十条"])
    who = body.name if name_it else draw.one(["本机关", body.we])
    do = draw.one([f"由{who}编制", f"{who}组织编写了本报告", f"现向社会公布{who}{year}年政府信息公开工作年度报告"])
    period = draw.one(
        [
            f"本报告中所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。",
            f"数据统计期限为{year}年1月1日至{year}年12月31日。",
            f"统计时间：{year}年1月1日—{year}年12月31日。",
        ]
    )
    contact = draw.one(
        ["", "", f"如有疑问，请与本机关联系（电话：0{draw.whole(310, 999)}-{draw.whole(2000000, 8999999)}）。"]
    )
    return f"{basis}，{do}。{period}{contact}"


def heading(draw: Draw, number: int, mark: str) -> str:
    return f"{_NUMERALS[number - 1]}{mark}{draw.weighted(_SECTIONS[number - 1])}"


def contents(draw: Draw, mark: str) -> list[str]:
    """A list of contents before the report: the headings, each with its page."""
    lead = draw.one(["……", "……………………", "..........", "\t", "·······", "   "])
    page, lines = 1, ["目　录"]
    for number in range(1, len(_SECTIONS) + 1):
        lines.append(f"{heading(draw, number, mark)}{lead}{page}")
        page += draw.whole(0, 2)
    return lines


_ASPECTS = (
    (
        "主动公开",
        [
            "坚持以公开为常态，围绕民生关切及时更新专栏内容。",
            "通过门户网站、公告栏和便民服务点多渠道发布信息，方便群众查阅。",
            "按照目录要求梳理公开事项，做到应公开尽公开。",
        ],
    ),
    (
        "依申请公开",
        [
            "健全受理、登记、审核、答复各环节台账，保障申请人合法权益。",
            "规范答复文书，畅通线上线下渠道，加强与申请人的沟通。",
            "严格对照时限要求办理，做到登记有据、答复有理。",
        ],
    ),
    (
        "政府信息管理",
        ["落实三审三校，定期清理失效内容。", "完善信息发布保密审查，守好安全底线。", "明确专人负责，及时维护更新。"],
    ),
    (
        "平台建设",
        ["优化栏目布局，提升检索体验。", "加强政务新媒体管护，规范账号运行。", "完善无障碍浏览功能，方便老年人使用。"],
    ),
    (
        "监督保障",
        [
            "把公开工作纳入年度考核，压实责任。",
            "自觉接受社会评议，对发现的问题立行立改。",
            "开展业务学习，提升经办人员能力。",
        ],
    ),
)


def overview(draw: Draw, body: Body, year: int, own: dict[str, list[str]]) -> list[str]:
    """Part one: the five aspects, with sentences of our own under the aspect they belong to."""
    made = [f"{year}年，{draw.one([body.we, '本机关', body.name])}认真贯彻落实上级部署，扎实做好信息公开各项工作。"]
    marks = draw.one(["（{}）{}。", "（{}）{}情况。", "{}是{}方面。", "（{}）{}："])
    for i, (name, sentences) in enumerate(_ASPECTS):
        text = "".join(draw.some(sentences, 1, 2))
        if own.get(name):
            text = "".join(own[name]) + (text if draw.chance(0.5) else "")
        made.append(marks.format(_NUMERALS[i], name) + text)
    return made


def problems(draw: Draw) -> list[str]:
    found = draw.some(
        ["政策解读形式较为单一", "个别栏目更新不够及时", "基层经办人员业务能力有待提升", "公开内容与群众期待还有差距"],
        1,
        2,
    )
    mended = draw.some(["加强业务培训", "丰富解读形式", "建立定期通报机制", "健全内部协调机制", "细化公开目录"], 2, 3)
    if draw.chance(0.5):
        return [f"存在的主要问题：{'；'.join(found)}。", f"改进情况：{'，'.join(mended)}，推动工作再上新台阶。"]
    return [f"过去一年，我们的工作仍有不足，主要是{'，'.join(found)}。下一步将{'，'.join(mended)}，持续改进。"]


def others(draw: Draw, year: int) -> str:
    return draw.one(
        [
            f"{year}年度未收取信息处理费，无其他需要报告的事项。",
            "本年度没有收取政府信息公开信息处理费。",
            f"按照信息处理费管理办法，{year}年未产生信息处理费。没有其他需要报告的事项。",
        ]
    )


def signature_date(draw: Draw, year: int) -> str:
    month, day = draw.one([(1, draw.whole(4, 31)), (2, draw.whole(1, 20)), (3, draw.whole(1, 10))])
    return f"{year + 1}年{month}月{day}日"
