"""The words around the tables: six sections as the forms ask for, in our own wording.

Belongs here: sentences, headings, filling paragraphs; the figures in them are those of `Truth.claims`.
Does not belong here: tables and their labels.

Filling paragraphs hold no figures, so that they change nothing but where pages end.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from schemas.forms import Form

from .truth import Truth

# Before 2019 no format was prescribed; these sections were usual.
_OLDER_HEADINGS: dict[int, tuple[str, ...]] = {
    1: ("一、概述",),
    2: ("二、主动公开政府信息的情况",),
    3: ("三、依申请公开政府信息的情况",),
    4: ("四、因政府信息公开申请行政复议、提起行政诉讼的情况",),
    5: ("五、存在的主要问题和改进措施",),
    6: ("六、政府信息公开情况统计表",),
}

_LAW = "《中华人民共和国政府信息公开条例》"

_SCOPE = {
    "area": "本报告由{issuer}办公室汇总{whole}各部门和下级政府的报告编制而成",
    "office": "本报告只反映以{government}和{issuer}名义开展的政府信息公开工作",
    "body": "本报告由{issuer}编制，反映本单位开展政府信息公开工作的情况",
}

_ACTIVE = (
    "围绕群众关心的就业、教育、医疗等事项梳理公开目录，文件印发后及时上网，解读材料与文件一并发布。",
    "按照应公开尽公开的要求，对年内制发的文件逐件确定公开属性，重要文件配发图解和问答。",
    "在网站首页集中展示规划、财政、采购等栏目，栏目更新由专人盯办，过期内容及时归档。",
)
_MANAGEMENT = (
    "严格执行先审查后公开的流程，对涉及个人隐私的内容作技术处理，历史文件逐件清理并标明效力。",
    "完善信息发布台账，做到审查有记录、责任能追溯，对失效文件在网页上作醒目标注。",
)
_PLATFORM = (
    "优化门户网站检索功能，政务新媒体账号统一备案管理，政务服务大厅设有查阅点供群众使用。",
    "对网站栏目作了归并调整，移动端页面同步改版，基层便民服务点配备了自助查询设备。",
)
_SUPERVISION = (
    "把公开工作列入年度考核，邀请社会代表参加评议，全年没有发生因公开工作被追究责任的情形。",
    "组织业务培训和交流，对栏目更新迟缓的责任单位发出提醒，整改结果在内部通报。",
)
_PROBLEMS = (
    "工作中还存在一些不足：部分文件的解读形式单调，基层人员更换较快，答复文书的规范程度参差不齐。",
    "主要问题：一是栏目之间内容交叉，群众查找不便；二是业务培训的针对性不强，个别答复说理不够充分。",
)
_IMPROVEMENTS = (
    "下一步将采取以下改进措施：统一答复文书样式，分批轮训工作人员，用视频和图表丰富解读形式。",
    "改进情况：已对栏目重新归类，并编写了常见问题手册；今后将继续加强对基层的指导，定期抽查答复质量。",
)
_FEES = (
    "{year}年没有收取信息处理费。",
    "本年度未发出收费通知，信息处理费收取金额为零。",
)
_NOTHING_ELSE = ("除上述内容外，没有其他需要报告的事项。", "无其他需要说明的事项。")

_FILLING = (
    "各责任单位结合自身职能，把公开要求落实到文件起草、审核、印发的各个环节，做到同步研究、同步部署、同步检查。",
    "对群众反映集中的事项，由牵头单位会同有关部门研究答复口径，避免出现前后说法不一的情形。",
    "公开内容力求通俗易懂，避免照搬文件原文，让不熟悉政策的群众也能看得明白、用得上。",
    "针对基层力量薄弱的实际，采取以老带新、跟班学习等方式，帮助新到岗的同志尽快熟悉流程。",
    "网站后台保留了完整的修改记录，任何一次发布、更正和撤下都能查到经办人和审核人。",
    "对依申请公开中反复出现的共性需求，经研究转为主动公开，从源头上减少群众来回奔波。",
    "结合实际修订了内部工作规程，对登记、审查、答复、送达、归档等步骤作出具体规定。",
    "重视听取企业和行业组织的意见，涉及市场主体的文件在起草阶段即公开征求意见并反馈采纳情况。",
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of a report. ``role``: ``body``, ``subheading`` or ``heading``."""

    text: str
    role: str = "body"


def _requests_sentence(truth: Truth, rng: random.Random) -> str:
    c = truth.claims
    if "replied" in c:
        return f"{truth.year}年共收到政府信息公开申请{c['requests_received']}件，答复{c['replied']}件。"
    whole = truth.issuer.whole
    wording = rng.choice(
        (
            "{year}年，{whole}共收到政府信息公开申请{received}件，上年结转{over}件，办结{closed}件，结转下年度继续办理{forward}件。",
            "全年{whole}新收政府信息公开申请{received}件，另有上年结转的{over}件；已办结{closed}件，结转下年度{forward}件。",
        )
    )
    return wording.format(
        year=truth.year,
        whole=whole,
        received=c["requests_received"],
        over=c["carried_over"],
        closed=c["closed"],
        forward=c["carried_forward"],
    )


def _disputes_sentence(truth: Truth) -> str:
    if "reconsideration" not in truth.claims or any(e.kind == "disputes_zero" for e in truth.errors):
        return ""
    return f"因政府信息公开被申请行政复议{truth.claims['reconsideration']}件，被提起行政诉讼{truth.claims['litigation']}件。"


def opening(truth: Truth) -> list[Passage]:
    """The preamble: basis, scope and period."""
    if "opening" in truth.words:
        return [Passage(p) for p in truth.words["opening"]]
    government = truth.issuer.name.removesuffix("办公室").removesuffix("办公厅")
    scope = _SCOPE[truth.issuer.scope].format(issuer=truth.issuer.name, whole=truth.issuer.whole, government=government)
    form = truth.form_data
    basis = f"{_LAW}和《{form.notice.name}》（{form.basis}）" if form.notice is not None else _LAW
    period = f"所列数据的统计期限从{truth.year}年1月1日起，至{truth.year}年12月31日止"
    return [Passage(f"根据{basis}的要求，{scope}。{period}。")]


def scope_evidence(truth: Truth) -> str:
    """The sentence of the preamble that says what the report counts."""
    return opening(truth)[0].text


def _headings(form: Form) -> dict[int, tuple[str, ...]]:
    """What each of a form's sections may be called, the official title first."""
    return {
        n: tuple(section.heading.replace(section.title, title) for title in (section.title, *section.titles))
        for n, section in form.sections.items()
    }


def sections(truth: Truth, seed: int) -> dict[int, list[Passage]]:
    """Heading and paragraphs of each section; tables come at the end of theirs."""
    headings = _headings(truth.form_data)
    if truth.words:
        given = {n: truth.words.get(str(n), ()) for n in headings}
        return {n: [Passage(headings[n][0], "heading"), *map(_passage, given[n])] for n in headings}
    rng = random.Random(f"prose/{truth.seed}/{seed}")
    fees = rng.choice(_FEES).format(year=truth.year) if truth.form_data.asking("fees") else ""
    received = _requests_sentence(truth, rng)
    bodies: dict[int, list[Passage]] = {
        1: [
            Passage(f"{truth.year}年，{truth.issuer.we}认真落实政府信息公开各项要求，公开工作总体平稳有序。"),
            Passage("（一）主动公开", "subheading"),
            Passage(rng.choice(_ACTIVE)),
            Passage("（二）依申请公开", "subheading"),
            Passage(received + _disputes_sentence(truth)),
            Passage("（三）政府信息管理", "subheading"),
            Passage(rng.choice(_MANAGEMENT)),
            Passage("（四）政府信息公开平台建设", "subheading"),
            Passage(rng.choice(_PLATFORM)),
            Passage("（五）监督保障", "subheading"),
            Passage(rng.choice(_SUPERVISION)),
        ],
        2: [],
        3: [],
        4: [],
        5: [Passage(rng.choice(_PROBLEMS)), Passage(rng.choice(_IMPROVEMENTS))],
        6: [Passage(fees + rng.choice(_NOTHING_ELSE))],
    }
    if not headings:
        headings = _OLDER_HEADINGS
        bodies[2], bodies[3] = [Passage(rng.choice(_ACTIVE))], [Passage(received)]
        bodies[1], bodies[6] = [bodies[1][0], Passage(rng.choice(_MANAGEMENT))], []
    return {n: [Passage(rng.choice(headings[n]), "heading"), *bodies[n]] for n in bodies}


def _passage(text: str) -> Passage:
    """A paragraph of given words: a short line with a number in brackets is a heading."""
    return Passage(text, "subheading" if text.startswith("（") and len(text) < 20 else "body")


def filling(seed: int, count: int) -> list[Passage]:
    """``count`` paragraphs without figures."""
    rng = random.Random(f"filling/{seed}")
    return [Passage(rng.choice(_FILLING)) for _ in range(count)]
