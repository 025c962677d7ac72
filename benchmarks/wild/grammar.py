"""A grammar of sentences about the figures of a report.

Belongs here: one function a topic, each giving a true sentence in one of several wordings, with its figures apart from
its words. Does not belong here: which topics a document takes up (`sentences`). The words are ours; figures that are of
something else than the tables (last year, another kind of application, posts) are marked as not to be checked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.wild import form
from benchmarks.wild.drawing import Draw


@dataclass(frozen=True, slots=True)
class Figure:
    value: float
    # The table holds this figure, under the words the sentence uses: a change of it must be found.
    checked: bool = False


@dataclass(slots=True)
class Sentence:
    name: str
    pieces: list[str | Figure]


class Known:
    """The figures of the table under short names."""

    def __init__(self, draw: Draw, values: dict[str, float], year: int, we: str, form_id: str) -> None:
        self.draw, self.values, self.year, self.we, self.form = draw, values, year, we, form_id
        self.new, self.over = self.total("new_received"), self.total("carried_over")
        self.done, self.ahead = self.total("processed_total"), self.total("carried_forward")
        self.granted, self.partly = self.total("granted"), self.total("partially_granted")
        self.denied = self._group(form.DENIED)
        self.unavailable = self._group(form.UNAVAILABLE)
        self.refused = self._group(form.NOT_PROCESSED)
        self.rest = (
            self._group(form.OTHER) if "requests.other_remaining.total" in values else self.total("other_handling")
        )
        self.person = values["requests.new_received.natural_person"]
        self.organizations = self.new - self.person
        self.reviews = values["disputes.reconsideration.total"]
        self.suits = sum(values[f"disputes.{g}.total"] for g in form.DISPUTES if g != "reconsideration")
        self.time = draw.one([f"{year}年", "全年", "本年度", f"{year}年度", f"{year}年，{we}", f"{we}全年"])

    def total(self, row: str) -> float:
        return self.values[f"requests.{row}.total"]

    def _group(self, group: str) -> float:
        return sum(self.total(row) for row in form.GROUPS[group])

    def explained(self) -> set[float]:
        """Figures of the tables and their usual sums: a slip that gives one of them is no plain slip."""
        six = [
            self.new,
            self.over,
            self.done,
            self.ahead,
            self.new + self.over,
            self.done - self.over,
            self.new + self.done,
        ]
        parts = [
            self.granted,
            self.partly,
            self.granted + self.partly,
            self.denied,
            self.unavailable,
            self.refused,
            self.rest,
        ]
        cases = [self.reviews, self.suits, self.reviews + self.suits]
        open_ = [self.values[f"disputes.{g}.pending"] for g in form.DISPUTES]
        cases += [c - o for c in cases for o in open_]
        return {*six, *parts, *cases, *self.values.values()}


def _say(name: str, template: str, **figures: float | Figure) -> Sentence:
    """A template with {names}; a bare number is a checked figure."""
    pieces: list[str | Figure] = []
    rest = template
    while "{" in rest:
        before, _, rest = rest.partition("{")
        key, _, rest = rest.partition("}")
        value = figures[key]
        pieces += [before, value if isinstance(value, Figure) else Figure(value, checked=True)]
    return Sentence(name, [*pieces, rest])


def received(k: Known) -> Sentence:
    d, t = k.draw, k.time
    if k.new == 0:
        words = [
            f"{t}未收到政府信息公开申请。",
            f"{t}没有接到公民、法人和其他组织提出的政府信息公开申请。",
            f"{t}收到政府信息公开申请0件。",
        ]
        return Sentence("nothing received", [d.one(words)])
    unit, apply = d.one(["件", "件", "件", "宗", "份", "起"]), d.one(["政府信息公开申请", "依申请公开", "信息公开申请"])
    templates = [
        f"{t}共收到{apply}{{n}}{unit}。",
        f"{t}新收{apply}{{n}}{unit}，比上年增加{{x}}{unit}。",
        f"{t}受理{apply}共计{{n}}{unit}，均依法登记。",
        f"{t}收到公民、法人和其他组织提出的{apply}{{n}}{unit}。",
        f"{t}接收各类{apply}{{n}}{unit}，较{k.year - 1}年（{{x}}{unit}）有所变化。",
        f"{apply}方面，{t}新收{{n}}{unit}。",
    ]
    if k.year >= 2020:
        templates.append(f"与{k.year - 1}年的{{x}}{unit}相比，{k.year}年收到的{apply}为{{n}}{unit}。")
    return _say("received", d.one(templates), n=k.new, x=Figure(d.whole(1, 90)))


def applicants(k: Known) -> Sentence:
    d, unit = k.draw, "件"
    if k.new == 0:
        return Sentence("no applicants", ["申请受理渠道保持畅通。"])
    if k.organizations == 0 and d.chance(0.6):
        words = [
            "全年新收申请{n}件，均为自然人提出。",
            "收到的{n}件申请全部来自自然人。",
            "新收的{n}件政府信息公开申请中，申请人均为自然人。",
        ]
        return _say("all natural persons", d.one(words), n=k.new)
    templates = [
        "收到的申请中，自然人提出{p}件，法人或其他组织提出{o}件。",
        "新收申请{n}件，其中自然人申请{p}件，法人或其他组织申请{o}件。",
        "从申请人看，自然人{p}件、法人或其他组织{o}件。",
    ]
    if k.values["requests.new_received.commercial_enterprise"] == k.organizations > 0:
        templates.append("本年新收的申请中，自然人{p}件，商业企业{o}件。")
    if d.chance(0.3):
        share = round(k.person * 100 / k.new + 1e-9, 1)
        templates = [f"新收申请{{n}}{unit}，其中自然人申请{{p}}{unit}，占比{{s}}%。"]
        return _say("share of persons", templates[0], n=k.new, p=k.person, s=Figure(share))
    return _say("applicants", d.one(templates), n=k.new, p=k.person, o=k.organizations)


def channels(k: Known) -> Sentence:
    """How they came: the table does not know it, but the parts add up."""
    if k.new < 3:
        return Sentence("no channels", ["申请人可通过信函、网络和当面等方式提出申请。"])
    online, letter, visit = k.draw.spread(int(k.new), [6, 3, 1])
    templates = [
        "从申请方式看，网络申请{a}件、信函申请{b}件、当面申请{c}件。",
        "新收申请{n}件，线上{a}件，信函{b}件，当面{c}件。",
        "新收的{n}件申请中，通过网络提交{a}件，通过信函提交{b}件，当面提交{c}件。",
    ]
    figures = {"a": Figure(online), "b": Figure(letter), "c": Figure(visit)}
    return _say("channels", k.draw.one(templates), n=k.new, **figures)


def carried(k: Known) -> Sentence:
    d = k.draw
    if k.over == 0:
        words = ["无上年结转申请。", f"{k.year - 1}年没有结转至{k.year}年办理的申请。", "上年度结转0件。"]
        return Sentence("nothing carried over", [d.one(words)])
    templates = [
        "上年结转政府信息公开申请{o}件。",
        f"{k.year - 1}年结转至{k.year}年办理的申请{{o}}件。",
        "新收申请{n}件，结转上年度申请{o}件。",
        f"新收政府信息公开申请{{n}}件，另有{k.year - 1}年结转{{o}}件，合计{{b}}件。",
        "本年度需办理的申请共{b}件，其中新收{n}件、上年结转{o}件。",
    ]
    return _say("carried over", d.one(templates), n=k.new, o=k.over, b=Figure(k.new + k.over))


def closed(k: Known) -> Sentence:
    d = k.draw
    if k.done == 0:
        return Sentence("nothing closed", ["暂无办结的申请。"])
    templates = [
        "全年办结政府信息公开申请{d}件。",
        "截至年底，已办结申请{d}件，均在法定期限内答复。",
        "共答复政府信息公开申请{d}件。",
        "已依法答复申请人{d}件。",
        "本年度办结{d}件，按期办结率100%。" if k.ahead == 0 else "本年度共办结{d}件。",
        "回复政府信息公开申请共计{d}件，无一超期。",
    ]
    if k.over:
        templates += [f"办结申请{{d}}件（含{k.year - 1}年结转的{{o}}件），无超期答复情况。"]
    return _say("closed", d.one(templates), d=k.done, o=Figure(k.over))


def results(k: Known) -> Sentence:
    """A list of outcomes: complete, with the words the table uses or common short ones."""
    d = k.draw
    if k.done == 0:
        return Sentence("no outcomes", ["依申请公开制度运行平稳。"])
    parts = [
        (d.one(["予以公开", "同意公开", "予以公开"]), k.granted),
        (d.one(["部分公开", "予以部分公开"]), k.partly),
        (d.one(["不予公开"]), k.denied),
        (d.one(["无法提供"]), k.unavailable),
        (d.one(["不予处理"]), k.refused),
        (d.one(["其他处理", "作其他处理"]), k.rest),
    ]
    shown = [(w, v) for w, v in parts if v or d.chance(0.3)]
    start = d.one(
        ["办结的{d}件申请中，", "已办结{d}件，其中", "全年共办结申请{d}件，办理结果为：", "从办理结果看，共办结{d}件，"]
    )
    comma = d.one(["，", "、", "；"])
    without_unit = d.chance(0.1) and len(shown) > 2
    with_shares = d.chance(0.2) and not without_unit
    texts, figures = [], {}
    for i, (word, value) in enumerate(shown):
        figures[f"v{i}"] = Figure(value, checked=True)
        unit = "" if without_unit and i == 1 else "件"
        share = ""
        if with_shares:
            figures[f"s{i}"] = Figure(round(value * 100 / k.done + 1e-9, 2))
            share = f"（占{{s{i}}}%）" if d.chance(0.5) else f"，占{{s{i}}}%"
        texts.append(f"{word}{{v{i}}}{unit}{share}")
    glue = "；" if with_shares else comma
    name = "outcomes with shares" if with_shares else "outcomes"
    return _say(
        "outcomes, a unit left out" if without_unit else name, start + glue.join(texts) + "。", d=k.done, **figures
    )


def granted_alone(k: Known) -> Sentence:
    templates = [
        "办结的申请中予以公开{g}件、部分公开{p}件。",
        "予以公开{g}件，部分公开{p}件，其余申请均已依法答复。",
        "全年予以公开{g}件，部分公开{p}件。",
    ]
    if k.done == 0:
        return Sentence("nothing granted", ["全年没有需要答复的申请。"])
    return _say("granted", k.draw.one(templates), g=k.granted, p=k.partly)


def forward(k: Known) -> Sentence:
    d = k.draw
    if k.ahead == 0:
        words = [
            "所有申请均已办结，无结转下年度事项。",
            "没有结转下年度继续办理的申请。",
            "无结转至下一年度办理的申请。",
        ]
        return Sentence("nothing carried forward", [d.one(words)])
    templates = [
        "结转下年度继续办理{f}件。",
        f"{{f}}件结转{k.year + 1}年继续办理。",
        "另有{f}件尚在办理期限内，结转下一年度继续办理。",
        f"结转至{k.year + 1}年度办理的申请{{f}}件。",
    ]
    return _say("carried forward", d.one(templates), f=k.ahead)


def disputes(k: Known) -> Sentence:
    d = k.draw
    cause = d.one(["因政府信息公开", "因信息公开工作", "涉及政府信息公开的"])
    if k.reviews == 0 and k.suits == 0:
        words = [
            f"{k.time}未发生{cause}引发的行政复议、行政诉讼案件。".replace(
                "涉及政府信息公开的引发的", "涉及政府信息公开的"
            ),
            "没有发生因政府信息公开引发的行政复议、行政诉讼。",
            "全年无政府信息公开类行政复议和行政诉讼案件。",
            "未被申请行政复议，未被提起行政诉讼。",
        ]
        return Sentence("no cases", [d.one(words)])
    if k.reviews == 0:
        templates = ["因政府信息公开被提起行政诉讼{s}件，未发生行政复议。", "因信息公开引发行政诉讼{s}起，无行政复议。"]
        return _say("suits alone", d.one(templates), s=k.suits)
    if k.suits == 0:
        still = k.values["disputes.reconsideration.pending"]
        templates = [
            "因政府信息公开被申请行政复议{r}件，未被提起行政诉讼。",
            "发生政府信息公开行政复议{r}件，无行政诉讼。",
        ]
        if still == k.reviews:
            templates.append("被申请行政复议{r}件，目前尚未审结；无行政诉讼。")
        return _say("reviews alone", d.one(templates), r=k.reviews)
    templates = [
        "因政府信息公开引发行政复议{r}件，行政诉讼{s}件。",
        "全年被申请行政复议{r}件、被提起行政诉讼{s}件。",
        "涉及政府信息公开的行政复议案件{r}件，行政诉讼案件{s}件。",
        "政府信息公开行政复议、行政诉讼共{b}件，其中行政复议{r}件，行政诉讼{s}件。",
    ]
    return _say("cases", d.one(templates), r=k.reviews, s=k.suits, b=Figure(k.reviews + k.suits))


def review_results(k: Known) -> Sentence:
    v = {c: k.values[f"disputes.reconsideration.{c}"] for c in form.RESULTS_OF_DISPUTES}
    if k.reviews == 0:
        return Sentence("no review results", ["依法做好应诉准备工作。"])
    parts = [("结果维持", "upheld"), ("结果纠正", "corrected"), ("其他结果", "other"), ("尚未审结", "pending")]
    shown = [(word, code) for word, code in parts if v[code]]
    inner = "、".join(f"{word}{{{code}}}件" for word, code in shown)
    return _say(
        "review results",
        f"行政复议{{r}}件（{inner}）。",
        r=k.reviews,
        **{code: Figure(v[code]) for _, code in shown},
    )


def documents(k: Known) -> Sentence:
    d = k.draw
    if k.form != "2021":
        return _say("documents, loose", "通过门户网站公开文件{x}件。", x=Figure(d.whole(3, 90)))
    row = "article20.normative_documents"
    issued, repealed, stock = (k.values[f"{row}.{c}"] for c in ("issued", "repealed", "in_force"))
    templates = [
        "全年制发行政规范性文件{i}件，废止{r}件，现行有效{s}件。",
        "本年制发行政规范性文件{i}件，现行有效行政规范性文件{s}件。",
        f"截至{k.year}年底，现行有效行政规范性文件{{s}}件。",
    ]
    return _say("documents", d.one(templates), i=issued, r=repealed, s=stock)


def decisions(k: Known) -> Sentence:
    a, b = k.values["article20.licensing.decisions"], k.values["article20.penalty.decisions"]
    c = k.values["article20.coercion.decisions"]
    templates = [
        "全年作出行政许可决定{a}件、行政处罚决定{b}件、行政强制决定{c}件。",
        "本年度作出行政许可决定{a}件，行政处罚决定{b}件。",
    ]
    return _say("decisions", k.draw.one(templates), a=a, b=b, c=c)


def disclosed(k: Known) -> Sentence:
    """Posts and meetings: figures of this year that no table holds."""
    d = k.draw
    sites, others = d.whole(20, 4000), d.whole(5, 900)
    templates = [
        "全年主动公开政府信息{t}条，其中门户网站{a}条，政务新媒体{b}条。",
        "通过门户网站发布信息{a}条，政务新媒体发布{b}条。",
        "编印政府公报{x}期，刊登文件{y}件。",
        "召开新闻发布会{x}场，制作政策解读材料{y}篇。",
        f"{k.year}年主动公开信息{{t}}条，较{k.year - 1}年增加{{y}}条。",
    ]
    figures = {"t": Figure(sites + others), "a": Figure(sites), "b": Figure(others)}
    return _say("posts", d.one(templates), **figures, x=Figure(d.whole(2, 24)), y=Figure(d.whole(2, 60)))


def in_hand(k: Known) -> Sentence:
    """All there was to do, and those who asked, without the total in the sentence."""
    d = k.draw
    if k.new < 2 or k.organizations == 0:
        return Sentence("nothing in hand", ["依申请公开流程规范有序。"])
    templates = [
        "应办理政府信息公开申请{b}件，其中新收{n}件、上年结转{o}件。",
        "收到的政府信息公开申请中，自然人{p}件，法人或其他组织{q}件。",
        "新收政府信息公开申请{n}件（不含上年结转{o}件）。",
    ]
    figures = {"n": k.new, "o": k.over, "p": k.person, "q": k.organizations}
    return _say("in hand", d.one(templates), b=Figure(k.new + k.over), **figures)


def through_the_year(k: Known) -> Sentence:
    """Halves and quarters add up to the year; what is about so much is near it."""
    if k.new < 4:
        return Sentence("no halves", ["各季度申请数量均衡。"])
    q = k.draw.spread(int(k.new), [1, 1, 1, 1])
    templates = [
        "上半年收到政府信息公开申请{h}件，下半年收到{i}件。",
        "收到政府信息公开申请{n}件，其中上半年{h}件、下半年{i}件。",
        "上半年、下半年分别收到政府信息公开申请{h}件、{i}件，全年合计{n}件。",
        "四个季度分别收到政府信息公开申请{a}件、{b}件、{c}件、{d}件。",
        "12月收到政府信息公开申请{d}件。",
        "约{d}件政府信息公开申请涉及征地拆迁。",
    ]
    figures = {"h": q[0] + q[1], "i": q[2] + q[3], "n": k.new, **dict(zip("abcd", q, strict=True))}
    return _say("through the year", k.draw.one(templates), **{key: Figure(v) for key, v in figures.items()})


def together(k: Known) -> Sentence:
    """Shares of several, of a printed whole, and replies whose kinds alone show what they are."""
    if k.done == 0:
        return Sentence("no shares", ["未发生逾期答复情况。"])
    share = Figure(round((k.granted + k.partly) * 100 / k.done + 1e-9, 1))
    templates = [
        "政府信息公开申请予以公开{g}件、部分公开{p}件，两项合计占{s}%。",
        "予以公开和部分公开合计{b}件，占办结总数{d}件的{s}%。",
        "答复{d}件，其中予以公开{g}件，不予公开{x}件，无法提供{u}件。",
    ]
    figures = {"g": k.granted, "p": k.partly, "d": k.done, "x": k.denied, "u": k.unavailable}
    unchecked = {key: Figure(v) for key, v in figures.items()}
    return _say("together", k.draw.one(templates), b=Figure(k.granted + k.partly), s=share, **unchecked)


def elsewhere(k: Known) -> Sentence:
    """Figures of other business and other years, in the verbs the table's figures have too."""
    d, year = k.draw, k.year
    templates = [
        "受理不动产登记申请{a}件，办结{a}件。",
        "办理民生实事{x}件，全部办结。",
        f"{year - 3}年至{year}年，累计收到政府信息公开申请{{a}}件。",
        "办理人大代表建议{x}件、政协提案{y}件，答复率100%。",
        "受理群众来信来访{a}件次，办结{a}件。",
        "12345热线受理诉求{a}件，按期办结率99%。",
        "作为行政复议机关，办理行政复议案件{a}件。",
        f"上年度收到申请{{x}}件，{year - 1}年办结{{y}}件。",
        "开展业务培训{x}次，参训{a}人次。",
        "下属单位中有{x}家全年收到申请0件。",
        "依法履行行政复议职责，办理行政复议案件{a}件，维持{x}件。",
        "召开推进会{x}次，走访企业{a}家，收集意见{y}条。",
    ]
    figures = {"a": Figure(d.whole(100, 9000)), "x": Figure(d.whole(2, 40)), "y": Figure(d.whole(2, 40))}
    return _say("other business", d.one(templates), **figures)


Topic = Callable[[Known], Sentence]
# Topics with the share of documents that take them up: about requests, and about what is published unasked.
ABOUT_REQUESTS: list[tuple[Topic, float]] = [
    (received, 0.85),
    (applicants, 0.45),
    (channels, 0.25),
    (carried, 0.4),
    (closed, 0.45),
    (results, 0.55),
    (granted_alone, 0.15),
    (forward, 0.5),
    (disputes, 0.6),
    (review_results, 0.2),
    (elsewhere, 0.4),
    (in_hand, 0.25),
    (through_the_year, 0.25),
    (together, 0.2),
]
ABOUT_PUBLISHING: list[tuple[Topic, float]] = [(documents, 0.35), (decisions, 0.3), (disclosed, 0.4)]
