"""Counts and shares that the sentences of a circular state.

Belongs here: what a sentence counts and rates. Does not belong here: figures of disclosure as reports state them
(`statements`), and any pattern (`circulars.toml`).
"""

from __future__ import annotations

import re
from decimal import Decimal

from parsers.prose.statements.notes import excerpt
from schemas.facts import Statement, Value

from .blocks import Block, unquoted, wide
from .data import Data

_Sentence = tuple[int, str]


class Sayer:
    """States the counts and shares of one block. A sentence is its start in the block and its text."""

    def __init__(self, block: Block, year: int | None, departments: str, data: Data) -> None:
        self.block, self.year, self.departments, self.data = block, year, departments, data
        self.out: list[tuple[int, Statement]] = []

    def statements(self) -> list[Statement]:
        """What has been stated, in reading order."""
        return [s for _, s in sorted(self.out, key=lambda pair: pair[0])]

    def sentence(self, sentence: _Sentence, category: str) -> None:
        self._counts(sentence, category)
        self._shares(sentence)
        self._parts(sentence)
        self._quality(sentence)

    def _say(
        self,
        code: str,
        value: Value,
        unit: str,
        span: tuple[int, int],
        sentence: _Sentence,
        *,
        share_of: str | None = None,
        approximate: bool = False,
    ) -> None:
        """One statement; ``span`` is that of the printed figure in its sentence."""
        start, text = sentence
        printed = self.block.printed(start + span[0], start + span[1])
        whole = excerpt(self.block.folded, (start, start + len(text)), (start + span[0], start + span[1]))
        place = self.block.place(start + span[0])
        statement = Statement(code, value, unit, self.year, "area", approximate, share_of, printed, whole, place)
        self.out.append((start + span[0], statement))

    def _change(self, m: re.Match[str], code: str, sentence: _Sentence) -> None:
        """同比增加2个: behind the figure that it is said of."""
        if not m.groupdict().get("change"):
            return
        value = value_of(m["change"])
        down = m["direction"] in ("减少", "下降", "降低")
        span = (m.start("change"), m.end("change_unit"))
        self._say(f"{code}.change", -value if down else value, m["change_unit"], span, sentence)

    def _counts(self, sentence: _Sentence, category: str) -> None:
        for count in self.data.counts:
            for m in count.scan.finditer(sentence[1]):
                each = [m]
                if count.each is not None:
                    each = list(count.each.finditer(sentence[1], *m.span("rest")))
                for one in each:
                    code = self._code(count.code, m, one, category)
                    more = one.groupdict().get("more") or ""
                    span = (one.start("n"), one.end("n") + len(more) + 1)
                    self._say(code, int(one["n"]), count.unit, span, sentence, approximate=bool(more))
                if count.each is None:
                    self._change(m, self._code(count.code, m, m, category), sentence)

    def _code(self, template: str, m: re.Match[str], each: re.Match[str], category: str) -> str:
        """The code of a count: the template with the pieces of its match."""
        data = self.data
        named = {k: v or "" for k, v in {**m.groupdict(), **each.groupdict()}.items()}
        group = data.groups.get(named.get("g", ""), "")
        if template == "assessed {g}" and group in data.assessed:
            return data.assessed[group]
        mark = re.sub(r"分(\(总分\d+分\))(及?以上)", r"分\2\1", named.get("t", ""))
        short = data.short
        named |= {"g": short.get(group, group), "t": mark, "category": short.get(category, category)}
        return wide(template.format(**named))

    def _shares(self, sentence: _Sentence) -> None:
        """某某指标(此项总分10分)市州得7分及以上的占50%,部门得满分的占60%."""
        indicators = list(self.data.indicator.finditer(sentence[1]))
        for m in self.data.share.finditer(sentence[1]):
            named = [i for i in indicators if i.end("i") <= m.start()]
            if not named:
                continue
            group = self.data.groups[m["g"]]
            group = wide(self.departments if group == "部门" else group)
            code = wide(f"{unquoted(named[-1]['i'])} {m['t']} {group}")
            self._say(code, value_of(m["p"]), "%", (m.start("p"), m.end()), sentence, share_of=group)

    def _parts(self, sentence: _Sentence) -> None:
        """60个账号中,合格50个,不合格6个,注销4个,合格率89%."""
        data, text = self.data, sentence[1]
        m = data.whole.search(text)
        parts = list(data.part.finditer(text, m.end())) if m is not None else []
        if m is None or len(parts) < 2:
            return
        code = data.things.get(m["w"], m["w"])
        self._say(code, int(m["n"]), "个", (m.start("n"), m.end("n") + 1), sentence)
        for part in parts:
            name = data.before_part.sub("", part["w"]) or part["w"]
            self._say(f"{code}.{name}", int(part["n"]), "个", (part.start("n"), part.end("n") + 1), sentence)
        for rate in data.part_rate.finditer(text, parts[-1].end()):
            span = (rate.start("p"), rate.end("p") + 1)
            self._say(f"{code}.{rate['w']}", value_of(rate["p"]), "%", span, sentence, share_of=code)

    def _quality(self, sentence: _Sentence) -> None:
        """“某某”优良率达到80%,同比提高5个百分点."""
        start, text = sentence
        if self.data.whole.search(text):
            return
        for m in self.data.quality.finditer(text):
            what = m["i"] or ""
            if not what:
                # 三是政务新媒体监管规范有序。……抽查合格率: the subject stands in this sentence or the one before.
                before = self.block.text[max(0, start - 60) : start + m.start()]
                known = [s for s in self.data.rate_subjects if s in before]
                what = (max(known, key=before.rfind) if known else "") + (m["j"] or "")
            code = what + m["w"]
            end = m.end("more") if m["more"] else m.end("p") + 1
            self._say(code, value_of(m["p"]), "%", (m.start("p"), end), sentence, approximate=bool(m["more"]))
            self._change(m, code, sentence)


def value_of(text: str) -> Value:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number
