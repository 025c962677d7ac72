"""What figures in sentences are compared with: the sums of `compare.toml`, evaluated on one report.

Belongs here: comparisons as typed objects, the words for codes and sums, the sentence and the clause a figure stands in.
Does not belong here: what is wrong with a figure (`sentence_rules`, `share_rules`, `parts_rules`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas import forms, identities
from schemas.facts import Place, Statement, Value
from schemas.forms import Column, RowRole, TableForm
from schemas.identities import Cell, Equation, Result
from schemas.labels import fold

from .context import Context
from .rules import Lang, data

_STATED = "stated"


@dataclass(frozen=True)
class Sum:
    """A sum of cells, with the words by which a sentence says that it means it."""

    name: str
    table: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    words: str | None = None
    # The same of the whole sentence, where the figure's clause has none of the words `unless`.
    sentence: str | None = None
    unless: str | None = None
    # Words in front of a figure, or right behind it, with which it is this sum, whether it has its value or not.
    surely: str | None = None
    surely_behind: str | None = None
    # What else the sentence states, rightly, and words of its paragraph, with which a figure is this sum.
    divided: tuple[str, ...] = ()
    paragraph: str | None = None


@dataclass(frozen=True)
class Comparison:
    """What statements of one code are compared with, and the sums that are copied by mistake.

    ``loose``: sentence and table may rightly differ; ``unless``: a clause with these words counts something else.
    """

    code: str
    sum: Sum
    others: tuple[Sum, ...] = ()
    # What words may mean, and nobody copies.
    by_words: tuple[Sum, ...] = ()
    loose: bool = False
    unless: str | None = None


def _sum(table: TableForm, name: str, columns: Sequence[Column]) -> Sum:
    raw = data("compare.toml")["sum"][table.role][name]
    if "columns" in raw:
        columns = table.columns_as(*raw["columns"])

    def cells(rows: Sequence[RowRole], of: Sequence[Column]) -> tuple[str, ...]:
        return tuple(table.address(row, column) for row in table.rows_as(*rows) for column in of)

    minus = cells(raw.get("minus_rows", ()), columns)
    minus += cells(raw["rows"], table.columns_as(*raw.get("minus_columns", ())))
    said = {key: raw.get(key) for key in ("words", "sentence", "unless", "surely", "surely_behind", "paragraph")}
    return Sum(
        name,
        table.code,
        cells(raw["rows"], columns),
        minus,
        **said,
        divided=tuple(raw.get("divided", ())),
    )


@cache
def comparisons(form_id: str) -> dict[str, Comparison]:
    """By code of the statement, for the tables that a form has."""
    form = forms.load(form_id)
    out: dict[str, Comparison] = {}
    for each in data("compare.toml")["compare"]:
        table = form.table(each["table"])
        if table is None:
            continue
        if "rows" in each:
            cells = form.cells(each["table"], each["rows"], each["columns"])
            if not cells:
                continue
            of_cells, loose = Sum(each["code"], table.code, cells), bool(each.get("loose"))
            out[each["code"]] = Comparison(each["code"], of_cells, loose=loose, unless=each.get("unless"))
            continue
        if "{column}" in each["code"]:
            columns: list[tuple[Column, ...]] = [(c,) for c in table.columns_as("part")]
            codes = [each["code"].format(column=c.code) for (c,) in columns]
        else:
            columns, codes = [table.columns_as(*each.get("columns", ["total"]))], [each["code"]]
        for code, of in zip(codes, columns, strict=True):
            others, by_words = (tuple(_sum(table, n, of) for n in each.get(key, ())) for key in ("others", "by_words"))
            out[code] = Comparison(code, _sum(table, each["sum"], of), others, by_words)
    for table in form.tables.values():
        column = table.column_as("total") if table.role == "requests" else None
        for code in data("compare.toml")["rows"]["codes"] if column is not None else ():
            if code in table.row and code not in out and column is not None:
                out[code] = Comparison(
                    code, Sum(code, table.code, (table.address(table.row[code], column),)), loose=True
                )
    return out


def comparison_for(context: Context, code: str) -> Comparison | None:
    """What a statement of this code is compared with in this report; None where nothing is."""
    return _comparison(context.form.id, code) if context.form is not None else None


@lru_cache(maxsize=4096)
def _comparison(form_id: str, code: str) -> Comparison | None:
    form = forms.load(form_id)
    table = form.table("statistics")
    if table is None:
        return comparisons(form.id).get(code)
    raw = data("compare.toml")["statistics"]
    rows = raw["sums"].get(code, [code] if code in raw["codes"] else [])
    column = table.column_as("value")
    if not rows or column is None or any(row not in table.row for row in rows):
        return None
    return Comparison(code, Sum(code, table.code, tuple(table.address(row, column) for row in rows)))


def cells_of(context: Context, code: str) -> tuple[str, ...]:
    """The cells that statements of a code are compared with in this report; none where nothing is."""
    comparison = comparison_for(context, code)
    return at_hand(context, comparison.sum.plus) if comparison is not None else ()


def evaluate(context: Context, value: Value, of: Sum) -> Result | None:
    """Put a stated figure to a sum of the tables; None where the table is not there."""
    plus, minus = at_hand(context, of.plus), at_hand(context, of.minus)
    if not plus:
        return None
    equation = Equation(_STATED, of.table, None, None, (_STATED, *minus), plus)
    cells = {a: cell for a in (*minus, *plus) if (cell := context.cells.get(a)) is not None}
    return identities.evaluate(equation, cells | {_STATED: Cell(value=value)})


def at_hand(context: Context, addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The cells that the form has here; a total without a figure is replaced by its parts."""
    found = context.at_hand.get(addresses)
    if found is None:
        found = context.at_hand[addresses] = _at_hand(context, addresses)
    return found


def _at_hand(context: Context, addresses: tuple[str, ...]) -> tuple[str, ...]:
    out: list[str] = []
    for address in addresses:
        if address not in context.addresses:
            continue
        code, row, column = address.split(".")
        table = context.form.tables[code] if context.form is not None else None
        has_parts = table is not None and "total" in table.column[column].roles and table.columns_as("part")
        if table is None or not has_parts or context.cells.get(address, Cell()) != Cell():
            out.append(address)
        else:
            out.extend(table.address(row, part) for part in has_parts)
    return tuple(out)


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


def clause_of(statement: Statement) -> str:
    """The clause around a figure, folded, with the next one where that goes on about what is counted in."""
    return next(clauses_of(statement))


def clauses_of(statement: Statement, context: Context | None = None) -> Iterator[str]:
    """The clause of each place of its sentence where the statement's figure stands: which one is meant nobody tells.

    With the ``context`` the one place, where the same figure is another statement's in the others.
    """
    sentence, printed = fold(statement.sentence), fold(statement.printed)
    starts = [len(before) for before in fronts(statement)]
    if len(starts) > 1 and context is not None and (own := start_of(context, statement)) is not None:
        starts = [own]
    if not starts:
        yield sentence
    for at in starts:
        yield _clause_at(sentence, printed, at)


def _clause_at(sentence: str, printed: str, at: int) -> str:
    start = max((sentence.rfind(c, 0, at) for c in _CLAUSE_ENDS), default=-1) + 1
    end = at + len(printed)
    ends = [i for c in _CLAUSE_ENDS if (i := sentence.find(c, end)) >= 0]
    stop = min(ends, default=len(sentence))
    following = sentence[stop + 1 :]
    if following.startswith(_GOES_ON):
        stop = min([i for c in _CLAUSE_ENDS if (i := sentence.find(c, stop + 1)) >= 0], default=len(sentence))
    return sentence[start:stop]


# What tells one sentence from another: its paragraph, and its number or, where none is known, its words.
Sentence = tuple[Place | int, str | int]


def fronts(statement: Statement) -> Iterator[str]:
    """What stands in front of a statement's figure in its sentence, for each place where the figure stands by itself."""
    text, printed = fold(statement.sentence), fold(statement.printed)
    at = text.find(printed)
    while at >= 0:
        # A comma or a point is the figure's own between digits only.
        own = at and (text[at - 1].isdecimal() or (text[at - 1] in ".," and text[: at - 1][-1:].isdecimal()))
        alone = not own
        if alone:
            yield text[:at]
        at = text.find(printed, at + (len(printed) or 1 if alone else 1))


def start_of(context: Context, statement: Statement) -> int | None:
    """Where a statement's figure stands in its folded sentence; None where it stands there several times, for this one or others."""
    starts = [len(before) for before in fronts(statement)]
    if len(starts) == 1:
        return starts[0]
    here = sentence_at(statement)
    same = [s for s in context.report.statements if s.printed == statement.printed and sentence_at(s) == here]
    at = next((k for k, s in enumerate(same) if s is statement), None)
    return starts[at] if at is not None and len(same) == len(starts) else None


def sentence_at(statement: Statement) -> Sentence:
    return statement.passage or statement.place, statement.number or statement.sentence


def is_excerpt(statement: Statement) -> bool:
    """Whether the statement may carry only a part of its sentence."""
    return statement.number > 0 and (statement.sentence.startswith("…") or statement.sentence.endswith("…"))
