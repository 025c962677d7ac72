"""One report as the rules look at it: its cells by address, the words for them, and findings in the making.

Belongs here: what every evaluator needs. Does not belong here: any way of looking at a report (`*_rules`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import Any

from schemas import forms, identities
from schemas.facts import Fact, Place, Report, Statement, Unresolved, Value
from schemas.findings import Compared, Finding, Outcome, Term
from schemas.labels import label

from .prose import Prose
from .quoting import as_printed
from .rules import Lang, Profile, Rule, words_of


def form_of(report: Report) -> forms.Form | None:
    """The form a report stands on; None for prose."""
    try:
        return forms.load(report.form)
    except KeyError:
        return None


def row_label(report: Report, table: str, code: str | None, lang: Lang) -> str:
    """A row as the form words it, with its group where the label alone is not enough."""
    form = form_of(report)
    if code is None or form is None:
        return code or ""
    return _row_label(form.id, table, code, lang)


@lru_cache(maxsize=1024)
def _row_label(form_id: str, table: str, code: str, lang: Lang) -> str:
    form = forms.load(form_id)
    row = form.tables[table].row[code]
    if lang == "en":
        return code.replace("_", " ")
    text = label(row.label).key if row.label.startswith(("一、", "二、", "四、")) else row.label
    if row.parent:
        text = f"{row.parent}（{row.label}）"
    elif group := form.tables[table].group_of(row):
        text = f"{group} {text}"
    # Sentences put it in quotation marks: those in it become single ones.
    return text.replace("“", "‘").replace("”", "’")


def column_label(report: Report, table: str, code: str | None, lang: Lang) -> str:
    form = form_of(report)
    return code or "" if code is None or form is None else _column_label(form, table, code, lang)


def _column_label(form: forms.Form, table: str, code: str, lang: Lang) -> str:
    return code.replace("_", " ") if lang == "en" else form.tables[table].column[code].label


@cache
def _addresses(form_id: str, variant: str | None, tables: frozenset[str]) -> frozenset[str]:
    return frozenset(a for a in forms.load(form_id).addresses(variant) if a.partition(".")[0] in tables)


@dataclass
class Context:
    """One report under check. ``assessed`` collects the rules that were put to something in it, ``compared`` the figures
    of sentences that were put to the tables."""

    report: Report
    profile: Profile
    lang: Lang
    facts: dict[str, Fact] = field(init=False)
    unresolved: dict[str, Unresolved] = field(init=False)
    assessed: set[str] = field(default_factory=set, init=False)
    compared: list[Compared] = field(default_factory=list, init=False)
    # Figures that no statement has and that were put to the tables: the paragraph's number, the digits.
    looked_at: set[tuple[int, str]] = field(default_factory=set, init=False)
    # Which cells stand for some addresses here (`comparisons.at_hand`).
    at_hand: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict, init=False)
    _results: dict[int, identities.Result] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.facts = self.report.read()
        self.unresolved = {u.address: u for u in self.report.unresolved}

    @cached_property
    def form(self) -> forms.Form | None:
        return form_of(self.report)

    @cached_property
    def cells(self) -> dict[str, identities.Cell]:
        return identities.cells_of(self.report)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Every cell of the form in this variant, in tables that are there."""
        if self.form is None:
            return frozenset()
        return _addresses(self.form.id, self.report.variant, frozenset(t.table for t in self.report.layouts))

    @property
    def has_broken_equations(self) -> bool:
        """Whether one that was not spent on reading joined digits does not hold."""
        spent = self.report.spent
        return any(
            self.result(e).outcome == "broken" and not (spent and e.key in spent)
            for of_rule in self.equations.values()
            for e in of_rule
        )

    def tables(self, *roles: forms.TableRole) -> frozenset[str]:
        """The codes of the form's tables of these roles."""
        every = self.form.tables.values() if self.form is not None else ()
        return frozenset(t.code for t in every if t.role in roles)

    def is_total(self, address: str) -> bool:
        """Whether a cell stands in a column of totals."""
        table, _, column = address.split(".")
        return self.form is not None and "total" in self.form.tables[table].column[column].roles

    def select(self, what: Mapping[str, Any]) -> tuple[str, ...]:
        """The addresses of the cells that a rule names by role: ``table``, ``rows``, ``columns`` (left out: all)."""
        if self.form is None:
            return ()
        return self.form.cells(what["table"], what.get("rows"), what.get("columns"), self.report.variant)

    @cached_property
    def equations(self) -> dict[str, list[identities.Equation]]:
        """The equations of the tables that are there, by rule."""
        out: dict[str, list[identities.Equation]] = {}
        if self.form is not None:
            present = {layout.table for layout in self.report.layouts}
            for equation in identities.of_report(self.report):
                if equation.table in present:
                    out.setdefault(equation.rule, []).append(equation)
        return out

    def result(self, equation: identities.Equation) -> identities.Result:
        """How one of the report's own ``equations`` comes out. Several rules ask, and the explanations."""
        found = self._results.get(id(equation))
        if found is None:
            found = self._results[id(equation)] = identities.evaluate(equation, self.cells)
        return found

    @cached_property
    def without_number(self) -> list[Fact]:
        """The cells that are blank or hold a mark or words, in the report's order."""
        return [fact for fact in self.report.facts if fact.kind != "number"]

    @cached_property
    def prose(self) -> Prose:
        return Prose(self.report)

    @property
    def is_annual(self) -> bool:
        """Whether it is a whole year's report, with a text."""
        return self.report.period == "year" and bool(self.report.passages)

    @cached_property
    def own_statements(self) -> list[Statement]:
        """Exact figures said of the report's own year and scope."""
        report = self.report
        return [
            s
            for s in report.statements
            if s.year is not None and s.year == report.year and s.scope == report.scope and not s.approximate
        ]

    def holds(self, rule: Rule) -> None:
        """Note that a rule applies here; without a finding it then holds."""
        self.assessed.add(rule.id)

    def place(self, address: str) -> Place:
        cell = self.facts.get(address) or self.unresolved.get(address)
        return cell.place if cell else Place()

    def printed(self, address: str) -> str | None:
        cell = self.facts.get(address) or self.unresolved.get(address)
        return cell.printed if cell else None

    def value(self, address: str) -> Value | None:
        fact = self.facts.get(address)
        return fact.value if fact else None

    def row_label(self, table: str, code: str | None) -> str:
        return _row_label(self.form.id, table, code, self.lang) if code is not None and self.form else code or ""

    def column_label(self, table: str, code: str | None) -> str:
        return _column_label(self.form, table, code, self.lang) if code is not None and self.form else code or ""

    def names(self, address: str) -> dict[str, str]:
        table, row, column = address.split(".")
        return {"row": self.row_label(table, row), "column": self.column_label(table, column)}

    def name(self, address: str) -> str:
        """A cell in words: its row and its column."""
        names = self.names(address)
        return f"“{names['row']}”的“{names['column']}”" if self.lang == "zh" else f"{names['row']}, {names['column']}"

    def listed(self, names: list[str], most: int = 6) -> str:
        """Names in a row, cut after ``most``."""
        said = ("、" if self.lang == "zh" else ", ").join(names[:most])
        return said if len(names) <= most else said + words_of(self.lang, "and_more", n=len(names))

    def terms(self, plus: tuple[str, ...], minus: tuple[str, ...] = ()) -> list[Term]:
        return [
            Term(a, sign, self.printed(a), self.value(a))
            for addresses, sign in ((plus, 1), (minus, -1))
            for a in addresses
        ]

    def quoted(self, words: str, place: Place | None = None) -> str:
        """Words of the report as they are printed, those that stand at ``place`` first."""
        passages = self.report.passages
        here = [p.text for p in passages if p.place == place] if place is not None else []
        return as_printed(words, (*here, *(p.text for p in passages)))

    def finding(
        self,
        rule: Rule,
        outcome: Outcome,
        *,
        key: str,
        message: str,
        advice: str | None = None,
        case: str | None = None,
        **fields: Any,
    ) -> Finding:
        """A finding of ``rule``; ``key`` tells it from the rule's others on this report, and names it for good.

        ``case`` is one of the rule's cases with a severity of its own. What cannot be assessed has no advice.
        """
        self.assessed.add(rule.id)
        if advice is None:
            advice = rule.say(self.lang, "advice") if outcome == "broken" else ""
        name = f"{self.report.report_id}|{rule.id}|{key}"
        if fields.get("sentence"):
            fields["sentence"] = self.quoted(fields["sentence"], fields.get("place"))
        return Finding(
            finding_id=hashlib.sha256(name.encode()).hexdigest()[:16],
            report_id=self.report.report_id,
            rule=rule.id,
            outcome=outcome,
            severity=rule.severity_for(self.report, self.profile, case),
            message=message,
            advice=advice,
            **fields,
        )

    def on_statement(
        self,
        rule: Rule,
        outcome: Outcome,
        said: Statement,
        *,
        printed: Value | str,
        expected: Value | None = None,
        **fields: Any,
    ) -> Finding:
        """A finding on what a sentence says (as `finding`): which it is and where, and how far it is from what is ``expected``."""
        fields.setdefault("statement", said.code)
        if expected is not None and not isinstance(printed, str):
            fields |= {"expected": expected, "difference": printed - expected}
        return self.finding(rule, outcome, printed=printed, sentence=said.sentence, place=said.place, **fields)


Evaluator = Callable[[Rule, Context], Iterator[Finding]]


def show(value: Value | str | None) -> str:
    """A value as it reads in a sentence."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "—" if value is None else str(value)


def magnitude(value: Value) -> Value:
    """A value without its sign."""
    return max(value, -value)
