"""Rules about shares and changes in percent against the counts that the same text states.

Belongs here: evaluators that compute a percentage again. Does not belong here: counts against tables
(`sentence_rules`), parts against their whole (`parts_rules`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from schemas.facts import Statement, Value
from schemas.findings import Finding
from schemas.labels import fold

from .breakdowns import Done, done_of_received, of_their_wholes, rated, shares_of_one_whole
from .comparisons import Sentence, code_words, fronts, sentence_at
from .context import Context, magnitude, show
from .reckoned import changes_by_wording, differences_by_wording, shares_above_all, shares_by_wording, shares_of_a_whole
from .rules import Rule, data, words_of

_WAY = re.compile(
    "(增长|增加|上升|提高|提升|净增|递增|减少|下降|降低|回落|净减|递减|增|减|多|少|升|降)(?:了|约|近|达|至|幅|率|为|幅度为?)*$"
)


def stated_shares(rule: Rule, context: Context) -> Iterator[Finding]:
    """Shares and changes in percent that their own counts do not give."""
    yield from shares_of(rule, context, context.report.statements)


def shares_of(rule: Rule, context: Context, statements: Sequence[Statement]) -> Iterator[Finding]:
    adjusted = _adjusted_sentences(statements)
    for i, statement in enumerate(statements):
        if statement.approximate:
            continue
        if statement.code.endswith(".change") and statement.unit not in ("倍", "个百分点"):
            yield from _change(rule, context, statements, i)
        elif statement.unit != "%":
            continue
        elif statement.share_of is not None:
            yield from _share(rule, context, statements, i, adjusted=sentence_at(statement) in adjusted)


def _adjusted_sentences(statements: Sequence[Statement]) -> set[Sentence]:
    """Sentences whose shares of one whole sum to exactly 100."""
    sums: dict[Sentence, dict[str, Value]] = {}
    for s in statements:
        if s.unit == "%" and s.share_of is not None:
            of = sums.setdefault(sentence_at(s), {})
            of[s.share_of] = of.get(s.share_of, 0) + s.value
    return {at for at, of in sums.items() if any(total == 100 for total in of.values())}


def _share(
    rule: Rule, context: Context, statements: Sequence[Statement], i: int, *, adjusted: bool
) -> Iterator[Finding]:
    statement = statements[i]
    rate = statement.code.endswith(".rate")
    above = statement.value > 100 and not rate and not statement.code.startswith("matters_")
    part = _part_of_share(statements[:i], statement)
    whole = _whole_of_share(context, statements[:i], statement, part)
    context.holds(rule)
    if above:
        yield _share_finding(rule, context, statement, "above", None, None, None)
        return
    if part is None or whole is None or not whole.value or whole.approximate or part.approximate:
        return
    computed = percent(part.value, whole.value)
    outcome = judge(statement, computed, adjusted=adjusted)
    if outcome is None or any(
        judge(statement, percent(part.value, other), adjusted=False) is None
        for other in (
            *_other_wholes(statement, part, whole),
            *_stated_wholes(rule, context, statements[:i], statement),
            # 全省收到415件。按申请人看，自然人3件，占75%: of a sentence before, perhaps not of that total.
            *(wholes_of_the_table(context) if sentence_at(whole) != sentence_at(statement) else ()),
        )
        if other
    ):
        return
    yield _share_finding(rule, context, statement, outcome, computed, part, whole)


def wholes_of_the_table(context: Context) -> list[Value | None]:
    """What the table of requests offers as wholes; None for a sum of which a figure is missing."""
    raw = data("compare.toml")["unsaid"]["wholes"]
    out: list[Value | None] = []
    for rows in raw:
        addresses = context.select({"table": "requests", "rows": rows, "columns": ["total"]})
        values = [context.value(a) for a in addresses if a in context.addresses]
        known = [v for v in values if v is not None]
        out.append(sum(known) if values and len(known) == len(values) else None)
    return out


def percent(part: Value, whole: Value) -> Decimal:
    """A part of a whole in percent."""
    return Decimal(part) * 100 / Decimal(whole)


def _places(printed: str) -> int:
    m = re.search(r"\d+(?:\.(\d+))?%", fold(printed))
    return len(m[1]) if m is not None and m[1] else 0


def judge(statement: Statement, computed: Decimal, *, adjusted: bool) -> str | None:
    """None where the stated percentage is what its counts give; else ``cut``, ``adjusted`` or ``message``."""
    stated, unit = abs(Decimal(statement.value)), Decimal(1).scaleb(-_places(statement.printed))
    computed = abs(computed)
    if abs(stated - computed) <= unit / 2:
        return None
    if stated <= computed < stated + unit:
        return "cut"
    # Rounded up, or made to fit: shares that sum to 100 may each be off by a little.
    if adjusted and abs(stated - computed) <= Decimal("0.1"):
        return "adjusted"
    return "message"


def _part_of_share(before: Sequence[Statement], share: Statement) -> Statement | None:
    """The count that a share is said of: the last of its code in its own sentence."""
    return next(
        (
            s
            for s in reversed(before)
            if s.unit != "%" and s.code == share.code and sentence_at(s) == sentence_at(share)
        ),
        None,
    )


def _whole_of_share(
    context: Context, before: Sequence[Statement], share: Statement, part: Statement | None
) -> Statement | None:
    """The total that a share is of, stated last; where it counts the same, that of the report's own scope."""
    same = share.share_of == share.code
    for s in reversed(before):
        if s.unit == "%" or s.code != share.share_of or s is part or s.year != share.year:
            continue
        if s.scope == context.report.scope or (s.scope == share.scope and not same):
            return s
    return None


def _other_wholes(statement: Statement, part: Statement, whole: Statement) -> Iterator[Value]:
    """Other figures of the same sentence that the share may be of: another count, or the whole less another count."""
    for m in re.finditer(r"(?<![\d.])\d+(?![\d.%])", fold(statement.sentence)):
        figure = int(m[0])
        if figure in (part.value, whole.value):
            continue
        if figure > part.value:
            yield figure
        if part.value <= whole.value - figure < whole.value:
            yield whole.value - figure


def _stated_wholes(rule: Rule, context: Context, before: Sequence[Statement], share: Statement) -> Iterator[Value]:
    """Totals stated earlier that the share may be of as well: “of the total” does not say of which."""
    codes = rule.options.get("wholes", ())
    for s in before:
        if s.code in codes and s.unit != "%" and s.value and s.year == share.year and s.scope == share.scope:
            yield s.value


def _share_finding(
    rule: Rule,
    context: Context,
    statement: Statement,
    outcome: str,
    computed: Decimal | None,
    part: Statement | None,
    whole: Statement | None,
) -> Finding:
    stated = magnitude(statement.value)
    expected = None if computed is None else rounded(abs(computed))
    return context.on_statement(
        rule,
        "broken",
        statement,
        case=outcome if outcome in rule.cases else None,
        key=f"{statement.code}.{show(statement.value)}",
        message=rule.say(
            context.lang,
            outcome,
            stated=statement.printed,
            said=with_its_way(context, statement),
            expected=show(expected),
            what=code_words(context.lang, statement.code),
            part=part.printed if part else "",
            whole=whole.printed if whole else "",
            way=words_of(context.lang, "way_down" if computed is not None and computed < 0 else "way_up"),
        ),
        statement=statement.code.removesuffix(".change"),
        printed=stated,
        expected=expected,
    )


def with_its_way(context: Context, statement: Statement) -> str:
    """A change as its sentence says it, with the word in front of its figure: 增长 20.4%."""
    said = (m for before in fronts(statement) if (m := _WAY.search(before)) is not None)
    word = next((m[1] for m in said), words_of(context.lang, "way_some"))
    return f"{word} {statement.printed}"


def rounded(value: Decimal) -> Decimal:
    """A percentage to two places, without zeros behind."""
    out = value.quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
    return out.quantize(Decimal(1)) if out == out.to_integral_value() else out


def _change(rule: Rule, context: Context, statements: Sequence[Statement], i: int) -> Iterator[Finding]:
    """A growth or fall, in percent or in cases, against the two counts the sentence states."""
    statement = statements[i]
    code = statement.code.removesuffix(".change")
    near = [
        s for s in statements if s.code == code and s.unit != "%" and s.scope == statement.scope and not s.approximate
    ]
    own = [s for s in near if s.year == statement.year and sentence_at(s) == sentence_at(statement)]
    last = [s for s in near if s.year is not None and statement.year is not None and s.year == statement.year - 1]
    last = [s for s in last if sentence_at(s) == sentence_at(statement)]
    by = _changes_in_cases(statements, statement) if statement.unit == "%" else []
    if by and _since_another_year(statement, (own or last or by)[0]):
        # 比2022年的90件下降28.9%，比上年增加20件: the twenty are of another comparison.
        return
    if len(own) == 1 and not last:
        last = _other_end(by, own[0], back=True)
    elif len(last) == 1 and not own:
        own = _other_end(by, last[0], back=False)
    if len(own) != 1 or len(last) != 1 or not last[0].value:
        return
    context.holds(rule)
    if statement.unit != "%":
        if own[0].unit == last[0].unit == statement.unit and own[0].value - last[0].value != statement.value:
            yield _change_finding(rule, context, statement, own[0], last[0])
        return
    computed = percent(own[0].value - last[0].value, last[0].value)
    outcome = judge(statement, computed, adjusted=False)
    if (computed < 0) != (statement.value < 0):
        outcome = "change_turned" if outcome == "message" else "turned"
    if outcome is not None:
        what = "change" if outcome == "message" else outcome
        yield _share_finding(rule, context, statement, what, computed, own[0], last[0])


def _since_another_year(change: Statement, known: Statement) -> bool:
    """Whether a change is since a year that is neither its own nor the one before, by the words of its sentence."""
    sentence = fold(change.sentence)
    text = sentence[: max(sentence.find(fold(change.printed)), 0)]
    text = text[max(text.rfind(fold(known.printed)), 0) :]
    own = change.year or 0
    return any(int(y) not in (own, own - 1) for y in re.findall(r"20\d\d(?=年)", text))


def _changes_in_cases(statements: Sequence[Statement], change: Statement) -> list[Statement]:
    """The changes in cases that the sentence of a change in percent states."""
    return [
        s
        for s in statements
        if (s.code, s.year, s.scope) == (change.code, change.year, change.scope)
        and s.unit != "%"
        and not s.approximate
        and sentence_at(s) == sentence_at(change)
    ]


def _other_end(by: Sequence[Statement], known: Statement, *, back: bool) -> list[Statement]:
    """The other year's count by a change in cases: 167件，减少36件，下降17.7%; 比上年的44件增加20件，增长45.5%."""
    if len(by) != 1 or by[0].unit != known.unit:
        return []
    value = known.value - by[0].value if back else known.value + by[0].value
    return [replace(known, value=value, printed=f"{show(value)}{known.unit or ''}")] if value > 0 else []


def _change_finding(rule: Rule, context: Context, statement: Statement, own: Statement, last: Statement) -> Finding:
    """A change in cases that is not the difference of its two counts."""
    by = own.value - last.value
    expected, stated = Decimal(magnitude(by)), Decimal(magnitude(statement.value))
    turned = expected == stated and (by < 0) != (statement.value < 0)
    return context.on_statement(
        rule,
        "broken",
        statement,
        key=f"{statement.code}.{show(statement.value)}",
        message=rule.say(
            context.lang,
            "turned" if turned else "by",
            stated=statement.printed,
            said=with_its_way(context, statement),
            part=own.printed,
            whole=last.printed,
            expected=show(expected),
        ),
        advice=rule.say(context.lang, "advice_by"),
        statement=statement.code.removesuffix(".change"),
        printed=stated,
        expected=expected,
    )


def more_done(rule: Rule, context: Context) -> Iterator[Finding]:
    """More done than was received: 受理117件，办结171件. Requests are left to the tables, which know what was carried over."""
    processed = {s.value for s in context.report.statements if s.code in ("closed", "replied")}
    processed |= set(_of_all(context, "processed"))
    for i, text in context.prose.counting:
        passage = context.report.passages[i]
        for found in done_of_received(text):
            context.holds(rule)
            if found.done <= found.received:
                continue
            if found.done in processed and _carried(context, found):
                continue
            if any(int(y) != context.report.year for y in re.findall(r"(20\d\d)年", found.around)):
                # 2020年度：收到108件，办结146件: what was carried over then, this report does not tell.
                continue
            yield context.finding(
                rule,
                "broken",
                key=f"done.{passage.place}.{found.sentence}",
                message=rule.say(context.lang, "done", whole=found.printed, part=found.printed_done),
                advice=rule.say(context.lang, "advice_done"),
                printed=found.done,
                expected=found.received,
                difference=found.done - found.received,
                sentence=found.sentence,
                place=passage.place,
            )


def rates(rule: Rule, context: Context) -> Iterator[Finding]:
    """Rates of whatever is counted, which neither their own two counts nor others of the paragraph give."""
    for i, text in context.prose.holding("%"):
        passage = context.report.passages[i]
        for printed, total, sentence in shares_of_one_whole(text):
            yield context.finding(
                rule,
                "broken",
                key=f"shares.{passage.place}.{sentence}",
                message=rule.say(context.lang, "all_above", parts=context.listed(printed), expected=show(total)),
                expected=total,
                sentence=sentence,
                place=passage.place,
            )
        for share_printed, sentence in shares_above_all(text):
            yield context.finding(
                rule,
                "broken",
                key=f"above.{passage.place}.{share_printed}",
                message=rule.say(context.lang, "above", stated=share_printed),
                printed=share_printed,
                sentence=sentence,
                place=passage.place,
            )
        reckoned = [*rated(text), *of_their_wholes(text), *shares_by_wording(text), *changes_by_wording(text)]
        stated = {r.stated for r in reckoned}
        for found in (*reckoned, *(r for r in shares_of_a_whole(text) if r.stated not in stated)):
            context.holds(rule)
            expected = show(found.computed.quantize(Decimal("0.01"), ROUND_HALF_UP).normalize())
            said = {"stated": found.stated, "part": found.part, "whole": found.whole, "expected": expected}
            yield context.finding(
                rule,
                "broken",
                key=f"rate.{passage.place}.{found.sentence}",
                message=rule.say(context.lang, "rate", **said),
                printed=found.stated,
                expected=expected,
                sentence=found.sentence,
                place=passage.place,
            )


def changed(rule: Rule, context: Context) -> Iterator[Finding]:
    """Changes of whatever is counted that do not lie between the two counts beside them."""
    for i, text in context.prose.holding(data("compare.toml")["reckoned"]["changed_needs"]):
        place = context.report.passages[i].place
        for found in differences_by_wording(text):
            context.holds(rule)
            expected = show(abs(found.difference))
            turned = expected == re.sub(r"[^\d]", "", found.stated)
            if not found.difference:
                expected = words_of(context.lang, "way_none")
            elif found.grows != (found.difference > 0):
                expected = f"{words_of(context.lang, 'way_up' if found.difference > 0 else 'way_down')} {expected}"
            yield context.finding(
                rule,
                "broken",
                key=f"changed.{place}.{found.sentence}",
                message=rule.say(
                    context.lang,
                    "turned" if turned else "by",
                    said=found.way + found.stated,
                    stated=found.stated,
                    part=found.now,
                    whole=found.then,
                    expected=expected,
                ),
                advice=rule.say(context.lang, "advice_by"),
                printed=found.stated,
                expected=abs(found.difference),
                sentence=found.sentence,
                place=place,
            )


def _carried(context: Context, found: Done) -> bool:
    """Whether cases carried over account for what was done beyond the received, or may."""
    known = [s.value for s in context.own_statements if s.code == "carried_over"]
    known += _of_all(context, "carried_over")
    return not known or max(known) >= found.done - found.received


def _of_all(context: Context, row: str) -> list[Value]:
    """What the table of requests has in a row for all who asked, if it has."""
    cells = context.select({"table": "requests", "rows": [row], "columns": ["total"]})
    return [v for a in cells if (v := context.value(a)) is not None]
