"""Rules about parts and wholes that sentences state.

Belongs here: evaluators that add up what a text lists. Does not belong here: sums of the tables (`table_rules`),
shares in percent (`share_rules`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemas import forms
from schemas.facts import Place, Statement, Value
from schemas.findings import Finding
from schemas.labels import fold

from .breakdowns import Breakdown, breakdowns, parts_of_a_year, sums
from .comparisons import Sentence, code_words, is_excerpt, sentence_at
from .context import Context, show
from .reckoned import persons_above, sums_by_wording
from .rules import Rule, data

# Parts that do not add up are all listed: no report states more.
_MOST_LISTED = 40


def of_codes(rule: Rule, context: Context) -> Iterator[Finding]:
    """Stated parts that exceed their stated whole, or fall short of it where they claim to be complete."""
    statements = [s for s in context.own_statements if s.unit != "%"]
    for group in data("compare.toml")["parts"]:
        yield from _group(rule, context, statements, _with_columns(context, group))


def _with_columns(context: Context, group: Mapping[str, Any]) -> Mapping[str, Any]:
    """A kind of parts with the codes of the columns in place of ``{column}``."""
    if "table" not in group:
        return group
    form = forms.with_table(group["table"], context.report.form, context.report.year)
    table = form.table(group["table"])
    assert table is not None
    codes = [c.code for c in table.columns_as("part")]
    return {
        **group,
        **{key: [each.format(column=c) for each in group[key] for c in codes] for key in ("parts", "complete")},
    }


def _group(
    rule: Rule, context: Context, statements: Sequence[Statement], group: Mapping[str, Any]
) -> Iterator[Finding]:
    """One kind of parts, sentence by sentence."""
    sentences: dict[Sentence, dict[str, Statement]] = {}
    for s in statements:
        if s.code in group["parts"]:
            sentences.setdefault(sentence_at(s), {}).setdefault(s.code, s)
    for at, found in sentences.items():
        if len(found) < 2:
            continue
        # The sum of a pair stands for the pair where both are stated.
        counted = [s for code, s in found.items() if not _is_part_of_stated(code, found)]
        wholes = _wholes_near(statements, group["whole"], at)
        if not wholes:
            continue
        context.holds(rule)
        total = sum(s.value for s in counted)
        if any(w.value == total for w in wholes):
            continue
        complete = "complete" in group and all(
            any(code in found for code in choice.split("|")) for choice in group["complete"]
        )
        whole = wholes[0]
        exceeds = all(total > w.value + _also_done(context, group, w) for w in wholes)
        short = complete and all(total < w.value and not _is_left_open(context, group, w, total) for w in wholes)
        if exceeds or short:
            yield _parts_finding(rule, context, whole, counted, total, "exceeds" if exceeds else "short")


def _also_done(context: Context, group: Mapping[str, Any], whole: Statement) -> Value:
    """收到2件，予以公开3件: how many more than the received may have results, for they were carried over."""
    if not _has_results(group, whole):
        return 0
    # Nobody knows how many they were.
    return max(_carried(context, "carried_over") or [whole.value])


def _is_left_open(context: Context, group: Mapping[str, Any], whole: Statement, total: Value) -> bool:
    """受理16件, results for 15, 结转下年度1件: whether what has no result yet is what is carried forward."""
    if not _has_results(group, whole):
        return False
    earlier = [0, *_carried(context, "carried_over")]
    return any(whole.value + one == total + left for left in _carried(context, "carried_forward") for one in earlier)


def _has_results(group: Mapping[str, Any], whole: Statement) -> bool:
    return whole.code == "requests_received" and "closed" in group["whole"]


def _carried(context: Context, row: str) -> list[Value]:
    """How many cases are carried over or forward, by the sentences and the table; none where the table cannot tell."""
    stated = [s.value for s in context.own_statements if s.code == row]
    values = [context.value(a) for a in context.select({"table": "requests", "rows": [row], "columns": ["total"]})]
    return [*stated, *(v for v in values if v is not None)]


def _is_part_of_stated(code: str, found: Mapping[str, Statement]) -> bool:
    """予以公开3件、部分公开2件 beside 予以公开和部分公开5件."""
    return code in ("replied_granted", "replied_partially_granted") and "granted_or_partially_granted" in found


def _wholes_near(statements: Sequence[Statement], codes: Sequence[str], at: Sentence) -> list[Statement]:
    """Figures of these codes in the same passage, those of the same sentence first."""
    near = [s for code in codes for s in statements if s.code == code and sentence_at(s)[0] == at[0]]
    return sorted(near, key=lambda s: sentence_at(s) != at)


def _parts_finding(
    rule: Rule,
    context: Context,
    whole: Statement,
    counted: Sequence[Statement],
    total: Value,
    what: str,
    printed: Sequence[str] = (),
) -> Finding:
    """``printed``: the parts as the message lists them; they add up to ``total``."""
    return context.finding(
        rule,
        "broken",
        key=f"{whole.code}.{counted[0].code}",
        message=rule.say(
            context.lang,
            what,
            whole=whole.printed,
            what=code_words(context.lang, whole.code),
            parts=context.listed(list(printed) or [s.printed for s in counted], _MOST_LISTED),
            expected=show(total),
        ),
        statement=whole.code,
        printed=whole.value,
        expected=total,
        difference=whole.value - total,
        sentence=counted[0].sentence,
        place=counted[0].place,
    )


def by_kind(rule: Rule, context: Context) -> Iterator[Finding]:
    """Lists by kind that end with 其他 and so claim to be complete."""
    raw = data("compare.toml")["lists"]
    statements = context.report.statements
    for code in raw["codes"]:
        base = code.removesuffix(".category")
        groups: dict[Sentence, list[int]] = {}
        for i, s in enumerate(statements):
            if s.code == code and s.unit != "%":
                groups.setdefault(sentence_at(s), []).append(i)
        for indices in groups.values():
            kinds = [statements[i] for i in indices]
            whole = next(
                (
                    s
                    for s in reversed(statements[: indices[0]])
                    if s.code == base and s.unit == kinds[0].unit and s.scope in (kinds[0].scope, context.report.scope)
                ),
                None,
            )
            if whole is None or whole.approximate or whole.year != context.report.year:
                continue
            items = None if is_excerpt(kinds[0]) else _items(kinds[0].sentence, whole, kinds, raw)
            if items is None or re.search(raw["open"], _before_list(kinds[0].sentence, kinds[0])):
                continue
            context.holds(rule)
            total, of_known = sum(i.value for i in items), sum(i.value for i in items if i.known)
            if of_known > whole.value:
                # Those between them are of the list as well: 86条、1000条、300条 are told with their whole sum.
                yield _parts_finding(rule, context, whole, kinds, total, "exceeds", [i.printed for i in items])
            elif total < whole.value and re.match(raw["last"], items[-1].label):
                yield _parts_finding(rule, context, whole, kinds, total, "short", [i.printed for i in items])


@dataclass(frozen=True)
class _Item:
    """A figure of a list with the words in front of it; ``known``: its words were taken for a kind."""

    label: str
    printed: str
    value: int
    known: bool


def _items(sentence: str, whole: Statement, kinds: Sequence[Statement], raw: Mapping[str, str]) -> list[_Item] | None:
    """The items of a list: up to its last kind, or 其他 behind it. A kind whose words were not understood counts too.

    None where the list is not one run of figures with a unit, or something else is told in between.
    """
    text, printed = fold(sentence), fold(whole.printed)
    at = text.find(printed) + len(printed) if printed in text else 0
    items: list[_Item] = []
    end = 0
    for m in re.finditer(rf"(\d[\d,]*){re.escape(fold(kinds[0].unit or ''))}", text[at:]):
        value = int(m[1].replace(",", ""))
        label = text[at:][end : m.start()].lstrip(",、;:和及()").removeprefix("其中").lstrip(":,")
        kind = next((k for k in kinds if k.value == value and (label + m[0]).endswith(fold(k.printed))), None)
        items.append(_Item(label, label + m[0] if kind is None else kind.printed, value, kind is not None))
        end = m.end()
    last = max((k for k, item in enumerate(items) if item.known), default=-1)
    if sum(item.known for item in items) < len(kinds):
        return None
    if last + 1 < len(items) and re.match(raw["last"], items[last + 1].label):
        last += 1
    items = items[: last + 1]
    return None if any(re.match(raw["verbs"], i.label) for i in items if not i.known) else items


def _before_list(sentence: str, first: Statement) -> str:
    text = fold(sentence)
    return text[: max(text.find(fold(first.printed)), 0)]


def of_members(rule: Rule, context: Context) -> Iterator[Finding]:
    """市本级30件、各县70件 of a total of the area: two members of one sentence may not exceed it."""
    report = context.report
    own = [s for s in context.own_statements if s.unit != "%" and not s.code.endswith(".category")]
    for whole in own:
        members = [
            s
            for s in report.statements
            if s.code == whole.code
            and s.scope in ("level", "part")
            and s.unit == whole.unit
            and sentence_at(s) == sentence_at(whole)
            and s.year == whole.year
        ]
        if [s.scope for s in members] != ["level", "part"]:
            continue
        context.holds(rule)
        total = sum(s.value for s in members)
        if total > whole.value:
            yield _parts_finding(rule, context, whole, members, total, "exceeds")


def as_listed(rule: Rule, context: Context) -> Iterator[Finding]:
    """Lists of parts as they stand in the text, also of what no code is known for."""
    nearly = data("compare.toml")["breakdowns"]["nearly"]
    for i, text in context.prose.counting:
        passage = context.report.passages[i]
        listed = list(sums(text))
        known = {found.value for found in listed}
        for found in (*listed, *(f for f in (*sums_by_wording(text), *persons_above(text)) if f.value not in known)):
            context.holds(rule)
            yield _listed_finding(rule, context, found, passage.place)
        if not any(word in text for word in ("其中", "包括", "分别", "中,", "中:")):
            continue
        for found in breakdowns(text):
            if found.kind == "open":
                continue
            context.holds(rule)
            over = found.total - found.value
            if over == 0 or (found.kind == "members" and over < 0):
                continue
            if found.kind == "many" and abs(over) > nearly * found.value:
                continue
            yield _listed_finding(rule, context, found, passage.place)


def of_a_year(rule: Rule, context: Context) -> Iterator[Finding]:
    """Quarters or halves that do not add up to the year: the figure of their sentence, else the received of their paragraph."""
    raw = data("compare.toml")["breakdowns"]
    known = {s.value for s in context.own_statements if s.unit != "%"}
    for i, text in context.prose.counting:
        passage = context.report.passages[i]
        for listed in parts_of_a_year(text):
            found, total = listed, listed.total
            context.holds(rule)
            if total in known:
                continue
            if not found.value and re.search(raw["received"], found.sentence) and re.search("申请", text):
                # 一季度收到16件……: of the requests that the paragraph counts.
                whole = next(
                    (s for s in context.own_statements if s.passage == i + 1 and s.code == raw["received_code"]), None
                )
                if whole is None and "公开" in found.sentence:
                    yield from _of_the_table(rule, context, found, passage.place)
                if whole is None or not found.parts[0].printed.endswith(whole.unit or ""):
                    continue
                found = replace(found, printed=whole.printed, value=int(whole.value))
            if found.value:
                yield _listed_finding(rule, context, found, passage.place)


def _of_the_table(rule: Rule, context: Context, found: Breakdown, place: Place) -> Iterator[Finding]:
    """上半年收到政府信息公开申请8件，下半年收到9件, where only the table says how many there were."""
    cells = context.select({"table": "requests", "rows": ["received"], "columns": ["total"]})
    value = context.value(cells[0]) if cells else None
    if value is None or value == found.total:
        return
    stated = replace(found, printed=show(value), value=int(value))
    yield _listed_finding(rule, context, stated, place, what="table", cells=cells)


def _listed_finding(
    rule: Rule, context: Context, found: Breakdown, place: Place, *, what: str | None = None, cells: Sequence[str] = ()
) -> Finding:
    """``what``: the message, left out: the parts are more, or less, than their whole."""
    return context.finding(
        rule,
        "broken",
        case="nearly" if found.kind in ("many", "over") else None,
        key=f"listed.{place}.{found.printed}",
        message=rule.say(
            context.lang,
            what or ("exceeds" if found.total > found.value else "short"),
            whole=found.printed,
            what="",
            parts=context.listed([p.printed for p in found.parts], _MOST_LISTED),
            expected=show(found.total),
        ),
        cells=list(cells),
        printed=found.value,
        expected=found.total,
        difference=found.value - found.total,
        sentence=found.sentence,
        place=place,
    )
