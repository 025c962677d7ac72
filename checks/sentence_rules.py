"""Rules about figures stated in sentences: against the tables, against each other.

Belongs here: evaluators that look at statements. Does not belong here: reading them (`parsers/prose/statements`), which sums
they are compared with (`compare.toml`).

Only figures of the report's own year and scope are compared; a figure said of a part of the area, of another year, or
about (约) never is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from schemas import identities
from schemas.facts import Place, Statement, Value
from schemas.findings import Finding
from schemas.identities import Cell, Equation, Result
from schemas.labels import fold

from .context import Context, magnitude, show
from .rules import Lang, Rule, data, words_of

_STATED = "stated"


# -- what a figure is compared with ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sum:
    """A sum of cells, with the words by which a sentence says that it means it."""

    name: str
    table: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    words: str | None = None


@dataclass(frozen=True)
class Comparison:
    """What statements of one code are compared with, and the sums that are copied by mistake."""

    code: str
    sum: Sum
    others: tuple[Sum, ...] = ()


def _sum(table: str, name: str, columns: Sequence[str]) -> Sum:
    raw = data("compare.toml")["sum"][table][name]
    columns = raw.get("columns", columns)

    def cells(rows: Sequence[str], of: Sequence[str]) -> tuple[str, ...]:
        return tuple(f"{table}.{row}.{column}" for row in rows for column in of)

    minus = cells(raw.get("minus_rows", ()), columns) + cells(raw["rows"], raw.get("minus_columns", ()))
    return Sum(name, table, cells(raw["rows"], columns), minus, raw.get("words"))


@cache
def comparisons() -> dict[str, Comparison]:
    """By code of the statement, for the forms that have the tables of article 20, requests and disputes."""
    raw = data("compare.toml")
    out: dict[str, Comparison] = {}
    for each in raw["compare"]:
        table = each["table"]
        if "cells" in each:
            out[each["code"]] = Comparison(each["code"], Sum(each["code"], table, tuple(each["cells"])))
            continue
        spec = raw["table"][table]
        if "{column}" not in each["code"]:
            columns = [each.get("columns", [spec["total"]])]
            codes = [each["code"]]
        else:
            names = [c for c in (*spec["parts"], spec["total"]) if c not in each.get("except", [spec["total"]])]
            columns = [[c] for c in names]
            codes = [each["code"].format(column=c) for c in names]
        for code, of in zip(codes, columns, strict=True):
            others = tuple(_sum(table, name, of) for name in each.get("others", ()))
            out[code] = Comparison(code, _sum(table, each["sum"], of), others)
    return out


def comparison_for(context: Context, code: str) -> Comparison | None:
    """What a statement of this code is compared with in this report; None where nothing is."""
    form = context.form
    if form is None:
        return None
    if "statistics" not in form.tables:
        found = comparisons().get(code)
        return found if found is not None and found.sum.table in form.tables else None
    raw, table = data("compare.toml")["statistics"], form.tables["statistics"]
    rows = raw["sums"].get(code, [code] if code in raw["codes"] else [])
    if not rows or any(row not in table.row for row in rows):
        return None
    column = table.columns[0].code
    return Comparison(code, Sum(code, "statistics", tuple(f"statistics.{row}.{column}" for row in rows)))


def evaluate(context: Context, value: Value, of: Sum) -> Result | None:
    """Put a stated figure to a sum of the tables; None where the table is not there."""
    plus, minus = _at_hand(context, of.plus), _at_hand(context, of.minus)
    if not plus:
        return None
    equation = Equation(_STATED, of.table, None, None, (_STATED, *minus), plus)
    return identities.evaluate(equation, _with(context.cells, value))


def _with(cells: Mapping[str, Cell], value: Value) -> dict[str, Cell]:
    return {**cells, _STATED: Cell(value=value)}


def _at_hand(context: Context, addresses: Sequence[str]) -> tuple[str, ...]:
    """The cells that the form has here; a total without a figure is replaced by its parts."""
    out: list[str] = []
    for address in addresses:
        if address not in context.addresses:
            continue
        table, row, column = address.split(".")
        spec = data("compare.toml")["table"].get(table)
        if spec is None or column != spec["total"] or context.cells.get(address, Cell()) != Cell():
            out.append(address)
        else:
            out.extend(f"{table}.{row}.{p}" for p in spec["parts"])
    return tuple(out)


# -- a sentence against the table --------------------------------------------------------------------------------------


def disagrees(rule: Rule, context: Context) -> Iterator[Finding]:
    """Figures in sentences that are not the table's, and what other sum of the table they are."""
    seen: set[tuple[str, Value]] = set()
    right = _stated_right(context)
    for statement in context.own_statements:
        key = (statement.code, statement.value)
        if statement.share_of is not None or statement.unit == "%" or key in seen:
            continue
        comparison = comparison_for(context, statement.code)
        result = evaluate(context, statement.value, comparison.sum) if comparison is not None else None
        if comparison is None or result is None:
            continue
        seen.add(key)
        context.holds(rule)
        if result.outcome == "not_assessable":
            if not _is_meant(context, statement, comparison):
                yield _unassessable(rule, context, statement, comparison, result)
        elif result.outcome == "broken":
            yield from _disagreement(rule, context, statement, comparison, result, right)


def _stated_right(context: Context) -> set[str]:
    """Codes whose figure some sentence states as the table has it."""
    out = set()
    for statement in context.own_statements:
        comparison = comparison_for(context, statement.code)
        result = evaluate(context, statement.value, comparison.sum) if comparison is not None else None
        if result is not None and result.outcome == "holds" and statement.unit != "%":
            out.add(statement.code)
    return out


def _is_meant(context: Context, statement: Statement, comparison: Comparison) -> bool:
    """Whether the words around the figure say that it is another sum, and it is."""
    words = _clause(statement)
    return any(
        other.words is not None and re.search(other.words, words) and _is(context, statement.value, other)
        for other in comparison.others
    )


def _is(context: Context, value: Value, of: Sum) -> bool:
    result = evaluate(context, value, of)
    return result is not None and result.outcome == "holds"


def _disagreement(
    rule: Rule, context: Context, statement: Statement, comparison: Comparison, result: Result, right: set[str]
) -> Iterator[Finding]:
    if _is_meant(context, statement, comparison):
        return
    assert result.expected is not None
    explained = next((o.name for o in comparison.others if _is(context, statement.value, o)), None)
    if explained is not None:
        case, what = "explained", "explained"
    elif statement.code in right:
        case, what = "repeated", "message"
    else:
        case, what = None, "bounded" if result.bounded else "message"
    minus = sum(context.value(a) or 0 for a in _at_hand(context, comparison.sum.minus))
    expected = result.expected - minus
    addresses = _at_hand(context, comparison.sum.plus)
    yield context.finding(
        rule,
        "broken",
        case=case,
        key=f"{statement.code}.{show(statement.value)}",
        message=rule.say(
            context.lang,
            what,
            stated=statement.printed,
            expected=show(expected),
            what=code_words(context.lang, statement.code),
            explained=sum_words(context.lang, explained) if explained else "",
        ),
        advice=rule.say(context.lang, "advice_explained" if explained else "advice"),
        table=comparison.sum.table,
        statement=statement.code,
        cells=list(addresses),
        terms=context.terms(addresses),
        printed=statement.value,
        expected=expected,
        difference=statement.value - expected,
        explained_by=explained,
        sentence=statement.sentence,
        place=statement.place,
    )


def _unassessable(
    rule: Rule, context: Context, statement: Statement, comparison: Comparison, result: Result
) -> Finding:
    cells = [context.name(a) for a in result.unknown]
    return context.finding(
        rule,
        "not_assessable",
        key=f"{statement.code}.{show(statement.value)}",
        message=words_of(
            context.lang,
            "statement_unassessable",
            what=code_words(context.lang, statement.code),
            stated=statement.printed,
            cells=context.listed(cells, 3),
        ),
        table=comparison.sum.table,
        statement=statement.code,
        cells=list(_at_hand(context, comparison.sum.plus)),
        printed=statement.value,
        sentence=statement.sentence,
        place=statement.place,
        consistent_with_zero=result.consistent_with_zero,
    )


def code_words(lang: Lang, code: str) -> str:
    """What a statement's code is called in a sentence."""
    words: dict[str, list[str]] = data("rules.toml")["codes"]
    base = code.removesuffix(".change").removesuffix(".category").removesuffix(".rate")
    if base in words:
        return words[base][lang == "en"]
    whole, _, part = base.partition(".")
    if part and whole in words:
        return f"{words[whole][lang == 'en']}（{words.get(part, [part, part])[lang == 'en']}）"
    return base.replace("_", " ")


def sum_words(lang: Lang, name: str) -> str:
    """What another sum of a table is called in a sentence."""
    words: dict[str, str] = data("rules.toml")["sums"]
    return words.get(name, name) if lang == "zh" else name.replace("_", " ")


_CLAUSE_ENDS = "。;,!?"
_GOES_ON = ("含", "其中含", "包括", "包含", "其中上年", "不含")


def _clause(statement: Statement) -> str:
    """The clause around a figure, folded, with the next one where that goes on about what is counted in."""
    sentence, printed = fold(statement.sentence), fold(statement.printed)
    at = sentence.find(printed)
    if at < 0:
        return sentence
    start = max((sentence.rfind(c, 0, at) for c in _CLAUSE_ENDS), default=-1) + 1
    end = at + len(printed)
    ends = [i for c in _CLAUSE_ENDS if (i := sentence.find(c, end)) >= 0]
    stop = min(ends, default=len(sentence))
    following = sentence[stop + 1 :]
    if following.startswith(_GOES_ON):
        stop = min([i for c in _CLAUSE_ENDS if (i := sentence.find(c, stop + 1)) >= 0], default=len(sentence))
    return sentence[start:stop]


def contradiction(rule: Rule, context: Context) -> Iterator[Finding]:
    """全部办结 of this year's requests beside requests that are carried forward."""
    options = rule.options
    statement = next(
        (
            s
            for s in context.own_statements
            if s.code == options["code"] and s.share_of == options["of"] and s.value == 100
        ),
        None,
    )
    if statement is None or options["cell"] not in context.cells:
        return
    context.holds(rule)
    forward = context.value(options["cell"])
    if forward == 0:
        return
    yield context.finding(
        rule,
        "not_assessable" if forward is None else "broken",
        key=statement.code,
        message=rule.say(
            context.lang,
            "unknown" if forward is None else "message",
            stated=statement.printed,
            printed=show(forward),
            cell=context.name(options["cell"]),
        ),
        table="requests",
        statement=statement.code,
        cells=[options["cell"]],
        printed=statement.value,
        sentence=statement.sentence,
        place=statement.place,
    )


# -- shares ------------------------------------------------------------------------------------------------------------


def share(rule: Rule, context: Context) -> Iterator[Finding]:
    """Shares and changes in percent that their own counts do not give."""
    yield from shares_of(rule, context, context.report.statements)


def shares_of(rule: Rule, context: Context, statements: Sequence[Statement]) -> Iterator[Finding]:
    adjusted = _adjusted_sentences(statements)
    for i, statement in enumerate(statements):
        if statement.unit != "%" or statement.approximate:
            continue
        if statement.code.endswith(".change"):
            yield from _change(rule, context, statements, i)
        elif statement.share_of is not None:
            yield from _share(rule, context, statements, i, adjusted=_at(statement) in adjusted)


# What tells one sentence from another: its passage, and its number or, where none is known, its words.
_Sentence = tuple[Place, str | int]


def _at(statement: Statement) -> _Sentence:
    return statement.place, statement.number or statement.sentence


def _is_excerpt(statement: Statement) -> bool:
    """Whether the statement may carry only a part of its sentence."""
    return statement.number > 0 and (statement.sentence.startswith("…") or statement.sentence.endswith("…"))


def _adjusted_sentences(statements: Sequence[Statement]) -> set[_Sentence]:
    """Sentences whose shares of one whole sum to exactly 100."""
    sums: dict[_Sentence, dict[str, Value]] = {}
    for s in statements:
        if s.unit == "%" and s.share_of is not None:
            of = sums.setdefault(_at(s), {})
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
    computed = _percent(part.value, whole.value)
    outcome = _judge(statement, computed, adjusted=adjusted)
    if outcome is None or any(
        _judge(statement, _percent(part.value, other), adjusted=False) is None
        for other in (*_other_wholes(statement, part, whole), *_stated_wholes(rule, context, statements[:i], statement))
    ):
        return
    yield _share_finding(rule, context, statement, outcome, computed, part, whole)


def _percent(part: Value, whole: Value) -> Decimal:
    return Decimal(part) * 100 / Decimal(whole)


def _places(printed: str) -> int:
    m = re.search(r"\d+(?:\.(\d+))?%", fold(printed))
    return len(m[1]) if m is not None and m[1] else 0


def _judge(statement: Statement, computed: Decimal, *, adjusted: bool) -> str | None:
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
        (s for s in reversed(before) if s.unit != "%" and s.code == share.code and _at(s) == _at(share)),
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
    expected = None if computed is None else _rounded(abs(computed))
    return context.finding(
        rule,
        "broken",
        case=outcome if outcome in rule.cases else None,
        key=f"{statement.code}.{show(statement.value)}",
        message=rule.say(
            context.lang,
            outcome,
            stated=statement.printed,
            expected=show(expected),
            what=code_words(context.lang, statement.code),
            part=part.printed if part else "",
            whole=whole.printed if whole else "",
        ),
        statement=statement.code.removesuffix(".change"),
        printed=stated,
        expected=expected,
        difference=None if expected is None else Decimal(stated) - expected,
        sentence=statement.sentence,
        place=statement.place,
    )


def _rounded(value: Decimal) -> Decimal:
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded


def _change(rule: Rule, context: Context, statements: Sequence[Statement], i: int) -> Iterator[Finding]:
    """A growth or fall in percent against the two counts the sentence states."""
    statement = statements[i]
    code = statement.code.removesuffix(".change")
    near = [
        s for s in statements if s.code == code and s.unit != "%" and s.scope == statement.scope and not s.approximate
    ]
    own = [s for s in near if s.year == statement.year and _at(s) == _at(statement)]
    last = [s for s in near if s.year is not None and statement.year is not None and s.year == statement.year - 1]
    last = [s for s in last if _at(s) == _at(statement)]
    if len(own) != 1 or len(last) != 1 or not last[0].value:
        return
    context.holds(rule)
    computed = _percent(own[0].value - last[0].value, last[0].value)
    outcome = _judge(statement, computed, adjusted=False)
    if outcome is not None or (computed < 0) != (statement.value < 0):
        what = "change" if outcome in (None, "message") else outcome
        yield _share_finding(rule, context, statement, what, computed, own[0], last[0])


# -- parts and wholes --------------------------------------------------------------------------------------------------


def parts(rule: Rule, context: Context) -> Iterator[Finding]:
    """Stated parts that exceed their stated whole, or fall short of it where they claim to be complete."""
    statements = [s for s in context.own_statements if s.unit != "%"]
    reported: set[str] = set()
    for group in data("compare.toml")["parts"]:
        for finding in _group(rule, context, statements, group):
            if finding.statement not in reported:
                reported.add(finding.statement or "")
                yield finding
    yield from _lists(rule, context)
    yield from _members(rule, context)


def _group(
    rule: Rule, context: Context, statements: Sequence[Statement], group: Mapping[str, Any]
) -> Iterator[Finding]:
    """One kind of parts, sentence by sentence."""
    sentences: dict[_Sentence, dict[str, Statement]] = {}
    for s in statements:
        if s.code in group["parts"]:
            sentences.setdefault(_at(s), {}).setdefault(s.code, s)
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
        exceeds = all(total > w.value for w in wholes)
        if exceeds or (complete and all(total < w.value for w in wholes)):
            yield _parts_finding(rule, context, whole, counted, total, "exceeds" if exceeds else "short")


def _is_part_of_stated(code: str, found: Mapping[str, Statement]) -> bool:
    """予以公开3件、部分公开2件 beside 予以公开和部分公开5件."""
    return code in ("replied_granted", "replied_partially_granted") and "granted_or_partially_granted" in found


def _wholes_near(statements: Sequence[Statement], codes: Sequence[str], at: _Sentence) -> list[Statement]:
    """Figures of these codes in the same passage, those of the same sentence first."""
    near = [s for code in codes for s in statements if s.code == code and s.place == at[0]]
    return sorted(near, key=lambda s: _at(s) != at)


def _parts_finding(
    rule: Rule, context: Context, whole: Statement, counted: Sequence[Statement], total: Value, what: str
) -> Finding:
    return context.finding(
        rule,
        "broken",
        key=f"{whole.code}.{counted[0].code}",
        message=rule.say(
            context.lang,
            what,
            whole=whole.printed,
            what=code_words(context.lang, whole.code),
            parts=context.listed([s.printed for s in counted]),
            expected=show(total),
        ),
        statement=whole.code,
        printed=whole.value,
        expected=total,
        difference=whole.value - total,
        sentence=counted[0].sentence,
        place=counted[0].place,
    )


def _lists(rule: Rule, context: Context) -> Iterator[Finding]:
    """Lists by kind that end with 其他 and so claim to be complete."""
    raw = data("compare.toml")["lists"]
    statements = context.report.statements
    for code in raw["codes"]:
        base = code.removesuffix(".category")
        groups: dict[_Sentence, list[int]] = {}
        for i, s in enumerate(statements):
            if s.code == code and s.unit != "%":
                groups.setdefault(_at(s), []).append(i)
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
            sentence = kinds[0].sentence
            listed = None if _is_excerpt(kinds[0]) else _listed_figures(sentence, whole, kinds)
            if listed is None or re.search(raw["open"], _before_list(sentence, kinds[0])):
                continue
            context.holds(rule)
            total = sum(listed)
            complete = re.match(raw["last"], fold(kinds[-1].printed)) is not None or _last_is_other(
                sentence, kinds, raw
            )
            if total > whole.value or (complete and total < whole.value):
                what = "exceeds" if total > whole.value else "short"
                yield _parts_finding(rule, context, whole, kinds, total, what)


def _figures(text: str, unit: str | None) -> list[int]:
    return [int(m[1].replace(",", "")) for m in re.finditer(rf"(\d[\d,]*){re.escape(fold(unit or ''))}", text)]


def _listed_figures(sentence: str, whole: Statement, kinds: Sequence[Statement]) -> list[int] | None:
    """Every figure of the list as the sentence prints it; None where the list is not one run of figures with a unit."""
    text = fold(sentence)
    printed = fold(whole.printed)
    start = text.find(printed) + len(printed) if printed in text else 0
    figures = _figures(text[start:], kinds[0].unit)
    # The sentence's own figures, so that a kind whose words were not understood is counted all the same.
    values = [int(k.value) for k in kinds]
    return figures if len(figures) >= len(values) and all(v in figures for v in values) else None


def _before_list(sentence: str, first: Statement) -> str:
    text = fold(sentence)
    return text[: max(text.find(fold(first.printed)), 0)]


def _last_is_other(sentence: str, kinds: Sequence[Statement], raw: Mapping[str, str]) -> bool:
    """Whether the last item of the list is 其他, though its words were not taken for a kind."""
    unit = re.escape(fold(kinds[0].unit or ""))
    items = re.split(rf"\d[\d,]*{unit}", fold(sentence))
    last = items[-2] if len(items) > 1 else ""
    return re.match(raw["last"], last.lstrip(",、;:和及")) is not None


def _members(rule: Rule, context: Context) -> Iterator[Finding]:
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
            and _at(s) == _at(whole)
            and s.year == whole.year
        ]
        if [s.scope for s in members] != ["level", "part"]:
            continue
        context.holds(rule)
        total = sum(s.value for s in members)
        if total > whole.value:
            yield _parts_finding(rule, context, whole, members, total, "exceeds")
