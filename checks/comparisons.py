"""What figures in sentences are compared with: the sums of `compare.toml`, evaluated on one report.

Belongs here: comparisons as typed objects, the words for codes and sums, the sentence and the clause a figure stands in.
Does not belong here: what is wrong with a figure (`sentence_rules`, `share_rules`, `parts_rules`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from schemas import identities
from schemas.facts import Place, Statement, Value
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
    plus, minus = at_hand(context, of.plus), at_hand(context, of.minus)
    if not plus:
        return None
    equation = Equation(_STATED, of.table, None, None, (_STATED, *minus), plus)
    return identities.evaluate(equation, _with(context.cells, value))


def _with(cells: Mapping[str, Cell], value: Value) -> dict[str, Cell]:
    return {**cells, _STATED: Cell(value=value)}


def at_hand(context: Context, addresses: Sequence[str]) -> tuple[str, ...]:
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


# What tells one sentence from another: its passage, and its number or, where none is known, its words.
Sentence = tuple[Place, str | int]


def sentence_at(statement: Statement) -> Sentence:
    return statement.place, statement.number or statement.sentence


def is_excerpt(statement: Statement) -> bool:
    """Whether the statement may carry only a part of its sentence."""
    return statement.number > 0 and (statement.sentence.startswith("…") or statement.sentence.endswith("…"))
