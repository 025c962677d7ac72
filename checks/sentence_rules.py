"""Rules about figures in sentences against the tables.

Belongs here: evaluators that compare statements with cells. Does not belong here: reading statements
(`parsers/prose/statements`), which sums they are compared with (`compare.toml`, `comparisons`), figures against each
other (`share_rules`, `parts_rules`).

Only figures of the report's own year and scope are compared; a figure said of a part of the area, of another year, or
about (约) never is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from schemas.facts import Statement, Value
from schemas.findings import Compared, Finding
from schemas.identities import Result
from schemas.labels import fold

from .beside import beside_the_table
from .comparisons import (
    Comparison,
    Sum,
    at_hand,
    clause_of,
    code_words,
    comparison_for,
    evaluate,
    fronts,
    sentence_at,
    sum_words,
)
from .context import Context, show
from .divided import is_of_a_part, is_with_some_set_aside
from .elsewhere import is_of_others_or_of_some
from .meant import agrees, fits_its_whole, instead, is_of, meant, surely_named
from .rules import Rule, data, words_of

# How names of sums end that add up the results of one way of appeal.
_ADDED_UP = "the results added up"


def stated(rule: Rule, context: Context) -> Iterator[Finding]:
    """Figures in sentences that are not the table's, and what other sum of the table they are."""
    seen: set[tuple[str, Value]] = set()
    for statement in context.own_statements:
        key = (statement.code, statement.value)
        if statement.share_of is not None or statement.unit == "%" or key in seen:
            continue
        comparison = comparison_for(context, statement.code)
        result = evaluate(context, statement.value, comparison.sum) if comparison is not None else None
        if comparison is None or result is None or _counts_else(context, statement, comparison, result):
            continue
        seen.add(key)
        context.holds(rule)
        of, outcome = comparison.sum, result.outcome
        if outcome != "holds" and (other := meant(context, statement, comparison)) is not None:
            of, outcome = other, "holds"
        if outcome == "broken":
            finding = _disagreement(rule, context, statement, comparison, result)
            context.compared.append(Compared(statement, list(finding.cells), outcome, finding.expected))
            yield finding
            continue
        cells, agreed = list(at_hand(context, of.plus)), outcome == "holds"
        context.compared.append(Compared(statement, cells, outcome, statement.value if agreed else None))
        if not agreed:
            yield _unassessable(rule, context, statement, comparison, result)


def about(rule: Rule, context: Context) -> Iterator[Finding]:
    """约52件 beside 26: figures that are only about right, where the table's is far from them."""
    report, raw = context.report, data("compare.toml")["about"]
    for s in report.statements:
        comparison = comparison_for(context, s.code)
        if not s.approximate or s.year != report.year or s.scope != report.scope or s.unit == "%":
            continue
        result = evaluate(context, s.value, comparison.sum) if comparison is not None and not comparison.loose else None
        if comparison is None or result is None or result.outcome != "broken" or result.bounded:
            continue
        if _counts_else(context, s, comparison, result) or any(
            _is_about(context, s, other) for other in comparison.others
        ):
            continue
        right, printed = _expected(context, comparison.sum, result), fold(s.printed)
        at_least = re.search(raw["at_least"], printed) is not None
        far = abs(s.value - right) > max(raw["off"] * float(right), raw["least"])
        if not (s.value > right + raw["least"] if at_least else far):
            context.holds(rule)
            continue
        yield beside_the_table(
            rule,
            context,
            s,
            at_hand(context, comparison.sum.plus),
            right,
            case="loose",
            key=f"about.{s.code}.{show(s.value)}",
            what="about",
        )


def _is_about(context: Context, s: Statement, of: Sum) -> bool:
    """Whether another sum that people mean is near the figure."""
    result = evaluate(context, s.value, of)
    if result is None or result.expected is None:
        return False
    right = _expected(context, of, result)
    raw = data("compare.toml")["about"]
    within: bool = abs(s.value - right) <= max(raw["off"] * float(right), raw["least"])
    return within


def _expected(context: Context, of: Sum, result: Result) -> Value:
    """What the tables have where a sentence has its figure."""
    assert result.expected is not None
    return result.expected - sum(context.value(a) or 0 for a in at_hand(context, of.minus))


def _counts_else(context: Context, statement: Statement, comparison: Comparison, result: Result) -> bool:
    """Whether the figure's own words say that it counts something else than the table: other cases, more than the year."""
    clause = clause_of(statement)
    if comparison.unless is not None and re.search(comparison.unless, clause):
        return True
    if result.outcome != "broken":
        return False
    if result.expected is not None and _is_rounded(statement, result.expected):
        return True
    if is_of_a_part(context, statement, comparison):
        return True
    if result.expected is not None and (
        is_with_some_set_aside(statement, result.expected) or is_of_others_or_of_some(statement, result.expected)
    ):
        return True
    apart = data("compare.toml")["apart"]
    if statement.unit in apart["units"]:
        return not _beside_one_of_the_table(context, statement)
    if statement.code in apart["done"] and result.expected is not None:
        withdrawn = [int(m["n"] or m["n2"]) for m in re.finditer(apart["withdrawn"], fold(statement.sentence))]
        if withdrawn and statement.value + sum(withdrawn) == result.expected:
            return True
    over = result.expected is not None and statement.value > result.expected
    # 截至年底，累计收到320件: the clause before the comma is of the figure as well.
    clause = next(fronts(statement), "")
    clause = clause[max(map(clause.rfind, "。;")) + 1 :]
    since = max(clause.rfind(word) for word in apart["since"])
    return over and since >= 0 and any(word in clause[since : since + 30] for word in apart["more"])


def _beside_one_of_the_table(context: Context, statement: Statement) -> bool:
    """收到申请3416件次，办结3346件次: whether another count of the sentence shows that its 件次 are the table's 件."""
    return any(
        s.unit == statement.unit and s.code != statement.code and s.value and agrees(context, s)
        for s in context.own_statements
        if sentence_at(s) == sentence_at(statement)
    )


_MULTIPLE = re.compile(r"\d(?:\.(?P<decimals>\d+))?(?P<multiple>[万亿])")


def _is_rounded(statement: Statement, expected: Value) -> bool:
    """Whether a figure printed in 万 or 亿 is the table's, rounded or cut to its last digit: 8.82亿元 for 88215.4万元."""
    printed = _MULTIPLE.search(fold(statement.printed))
    if printed is None:
        return False
    step = Decimal(10_000 if printed["multiple"] == "万" else 100_000_000)
    if statement.unit == "万元":
        step /= 10_000
    step = step.scaleb(-len(printed["decimals"] or ""))
    off = Decimal(expected) - Decimal(statement.value)
    return -step / 2 <= off < step


# Verbs of one who decides cases, and words that tell of one whom they are brought against.
_DECIDES, _AGAINST = r"受理|审理|办理", r"被|因|引发|引起|应诉|产生|发生|我[局委办镇乡厅]"


def _about_disclosure(context: Context, statement: Statement) -> bool:
    """Whether a figure is surely of cases against the reporter, about disclosure.

    被提起行政诉讼9件 alone may be of any business; 受理行政复议25件 may be cases that it decides for others.
    """
    clause = clause_of(statement)
    if re.search(_DECIDES, clause) and not re.search(_AGAINST, clause):
        return False
    passages = context.report.passages
    if statement.passage:
        passages = passages[statement.passage - 1 : statement.passage]
    else:
        passages = [p for p in passages if p.place == statement.place]
    return any("公开" in fold(text) for text in (statement.sentence, *(p.text for p in passages)))


def _is_stated_right(context: Context, code: str) -> bool:
    """Whether some sentence states the figure of a code as the table has it."""
    comparison = comparison_for(context, code)
    return comparison is not None and any(
        s.code == code and s.unit != "%" and is_of(context, s.value, comparison.sum) for s in context.own_statements
    )


def _disagreement(
    rule: Rule, context: Context, statement: Statement, comparison: Comparison, result: Result
) -> Finding:
    # 无结转下年度, 未发生行政复议: words, which are quoted as such, and copied from no row.
    in_words = not any(c.isdigit() for c in statement.printed)
    explained = next((o.name for o in comparison.others if is_of(context, statement.value, o)), None)
    if explained is not None and (surely_named(statement, comparison) or fits_its_whole(context, statement)):
        explained = None
    own = _expected(context, comparison.sum, result)
    named = instead(context, statement, comparison, own) if explained is None and not in_words else None
    if explained is not None and in_words and statement.value == 0:
        # It may still be said of that other sum.
        explained, case, what = None, "explained", "message"
    elif explained is not None:
        case, what = "explained", "summed" if explained.endswith(_ADDED_UP) else "explained"
    elif _is_stated_right(context, statement.code):
        case, what = "repeated", "message"
    else:
        case, what = None, "bounded" if result.bounded else "message"
        if comparison.loose:
            case = "loose"
        elif comparison.sum.table in context.tables("disputes") and not _about_disclosure(context, statement):
            case = "unsaid"
    if in_words and what == "message":
        what = "words"
    of, expected = comparison.sum, own
    if named is not None:
        of, expected = named
        # What was done of this year's own also depends on whose the requests carried forward are.
        case, what = "loose" if of.surely is not None else case, "named"
    shown = explained or (of.name if named is not None else None)
    return beside_the_table(
        rule,
        context,
        statement,
        at_hand(context, of.plus),
        expected,
        case=case,
        key=f"{statement.code}.{show(statement.value)}",
        what=what,
        words={"explained": sum_words(context.lang, shown) if shown else ""},
        advice=rule.say(
            context.lang,
            _advice(context, statement, explained),
            stated=statement.printed,
            expected=show(expected),
            explained=sum_words(context.lang, explained) if explained else "",
        ),
        explained_by=explained,
    )


def _advice(context: Context, statement: Statement, explained: str | None) -> str:
    """What to do about a figure, by the other sum that it is: how a sentence says that it means that one."""
    if explained is None:
        return "advice"
    if explained.endswith(_ADDED_UP):
        return "advice_confirms"
    if explained == "new_received + carried_over":
        beside = {s.code for s in context.own_statements if sentence_at(s) == sentence_at(statement)}
        return "advice_beside" if "carried_over" in beside else "advice_explained"
    return "advice_granted" if explained == "granted + partially_granted" else "advice_other"


def _unassessable(
    rule: Rule, context: Context, statement: Statement, comparison: Comparison, result: Result
) -> Finding:
    cells = [context.name(a) for a in result.unknown]
    return context.on_statement(
        rule,
        "not_assessable",
        statement,
        key=f"{statement.code}.{show(statement.value)}",
        message=words_of(
            context.lang,
            "statement_unassessable",
            what=code_words(context.lang, statement.code),
            stated=statement.printed,
            cells=context.listed(cells, 3),
        ),
        table=comparison.sum.table,
        cells=list(at_hand(context, comparison.sum.plus)),
        printed=statement.value,
        consistent_with_zero=result.consistent_with_zero,
    )


def _of_some(rule: Rule, context: Context, statement: Statement) -> bool:
    """Whether 均已办结 is said of what fell due, or of what was carried over alone."""
    sentence = fold(statement.sentence)
    if re.search(rule.options["of_some"], sentence):
        return True
    said, last = fold(statement.printed), re.compile(rule.options["of_last"])
    ends = [m.end() for m in re.finditer(re.escape(said), sentence)] if not said[:1].isdigit() else []
    if ends and all(last.search(sentence[:end]) for end in ends):
        return True
    rates = [before for before in fronts(statement) if re.search(rule.options["rate"], before)]
    if rates and all(re.search(rule.options["of_due"], before) for before in rates):
        return True
    beside = {s.code for s in context.own_statements if sentence_at(s) == sentence_at(statement)}
    return "carried_over" in beside and not beside & {"requests_received", "requests_in_hand", "closed", "replied"}


def _with_its_rate(rule: Rule, context: Context, statement: Statement) -> str:
    """A rate of 100% with what it is the rate of: 办结率100%."""
    printed = fold(statement.printed)
    rates = [m for before in fronts(statement) if (m := re.search(rule.options["rate"], before)) is not None]
    # Of several the one that is no rate of what fell due.
    rates = [m for m in rates if not re.search(rule.options["of_due"], m[0])] or rates
    m = rates[0] if rates and printed[:1].isdigit() else None
    return context.quoted(m[0] + printed, statement.place) if m is not None else statement.printed


def contradiction(rule: Rule, context: Context) -> Iterator[Finding]:
    """全部办结 of this year's requests beside requests that are carried forward."""
    options = rule.options
    statement = next(
        (
            s
            for s in context.own_statements
            if s.code == options["code"]
            and s.share_of == options["of"]
            and s.value == 100
            and not _of_some(rule, context, s)
        ),
        None,
    )
    cell = next(iter(context.select(options["cell"])), None)
    if statement is None or cell is None or cell not in context.cells:
        return
    context.holds(rule)
    forward = context.value(cell)
    if forward == 0:
        return
    yield context.on_statement(
        rule,
        "not_assessable" if forward is None else "broken",
        statement,
        key=statement.code,
        message=rule.say(
            context.lang,
            "unknown" if forward is None else "message",
            stated=_with_its_rate(rule, context, statement),
            printed=show(forward),
            cell=context.name(cell),
        ),
        table=cell.partition(".")[0],
        cells=[cell],
        printed=statement.value,
    )
