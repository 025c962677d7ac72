"""Rules about a batch: a parent and its subordinates, the same year; a roster says who they are.

Belongs here: who is there, sums over members, duplicates, dates. Does not belong here: one report alone, one body's years
(`series_rules`), the roster (`roster`).

Without a roster nothing claims that everyone is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from schemas.bodies import body_of, relation
from schemas.facts import Fact, Report, Value
from schemas.findings import Finding
from schemas.labels import fold

from .context import Context, form_of, show
from .roster import Roster
from .rules import Lang, Profile, Rule, data
from .time_rules import odd_title


@dataclass
class Batch:
    """Many reports under check together. ``parent`` is the report that sums up the others, where it is known."""

    reports: Sequence[Report]
    roster: Roster | None
    parent: Report | None
    profile: Profile
    lang: Lang
    # The file that a report is from, by the report's identity in memory: two may have the same id.
    files: dict[int, str] = field(default_factory=dict)
    contexts: dict[int, Context] = field(default_factory=dict)

    def context(self, report: Report) -> Context:
        return self.contexts.setdefault(id(report), Context(report, self.profile, self.lang))

    @cached_property
    def of_members(self) -> dict[str, Report]:
        """The report of each member that is summed, by the member's name; of a lower government that of its area."""
        out: dict[str, Report] = {}
        if self.roster is None:
            return out
        for report in self.reports:
            member = self.roster.member(report)
            if report is self.parent or member is None or member.parent or not self._same_year(report):
                continue
            known = out.get(member.name)
            if known is None or (known.scope == "office" and report.scope == "area"):
                out[member.name] = report
        return out

    def _same_year(self, report: Report) -> bool:
        year = self.parent.year if self.parent is not None else self.roster.year if self.roster else None
        return report.period == "year" and (year is None or report.year == year)

    @cached_property
    def missing(self) -> list[str]:
        if self.roster is None:
            return []
        return [m.name for m in self.roster.members if not m.parent and m.name not in self.of_members]


_AUTHOR = r"(?:^|[由,。;:]){name}(?:负责)?(?:编制|编写|撰写)|^{name}$|由{name}(?:按照|依据|根据)"

BatchEvaluator = Callable[[Rule, Batch], Iterator[Finding]]


def due_date(report: Report, year: int | None = None) -> tuple[date, date | None, str] | None:
    """When a report has to be public: the date asked for, the later legal one where it differs, and the basis.

    ``year`` is the report's, where that is another than its title says.
    """
    year = year or report.year
    if year is None or report.period != "year":
        return None
    for each in data("due.toml")["due"]:
        if not each["years"][0] <= year <= each["years"][1]:
            continue
        if any(key in each and value not in each[key] for key, value in _who(report).items()):
            continue
        legal = _next_year(year, each["legal"]) if "legal" in each else None
        return _next_year(year, each["date"]), legal, each["basis"]
    return None


def _who(report: Report) -> dict[str, str | None]:
    return {"kinds": report.kind, "levels": report.level, "scopes": report.scope}


def _next_year(year: int, month_day: str) -> date:
    month, day = (int(p) for p in month_day.split("-"))
    return date(year + 1, month, day)


# -- sums over members -------------------------------------------------------------------------------------------------


def _members_sum(batch: Batch, address: str) -> tuple[Value, list[str], list[str]]:
    """The sum of a cell over the members at hand; who has a figure, and who has none there."""
    total: Value = 0
    having: list[str] = []
    lacking: list[str] = []
    assert batch.roster is not None
    for member in batch.roster.members:
        report = batch.of_members.get(member.name)
        if report is None or not member.summed:
            continue
        fact = batch.context(report).facts.get(address)
        if fact is not None and fact.value is not None and _summable(report, fact):
            total += fact.value
            having.append(member.name)
        else:
            lacking.append(member.name)
    return total, having, lacking


def _summable(report: Report, fact: Fact) -> bool:
    """Amounts are summed in the form's own unit only."""
    form = form_of(report)
    if form is None:
        return False
    table, row, column = fact.address.split(".")
    of = form.tables[table]
    amount = of.value_of(of.row[row], of.column[column]) == "amount"
    return not amount or fact.unit == of.unit_of(of.row[row], of.column[column])


def rollup(rule: Rule, batch: Batch) -> Iterator[Finding]:
    """The parent's cell is the sum over all members; or the members at hand already exceed it."""
    parent = batch.parent
    if parent is None or batch.roster is None or not batch.of_members or parent.scope not in rule.options["scopes"]:
        return
    context = batch.context(parent)
    tables = context.tables(*rule.options["tables"])
    complete = not any(m.summed and m.name in batch.missing for m in batch.roster.members)
    for address, fact in context.facts.items():
        if fact.value is None or fact.value < 0 or address.split(".")[0] not in tables:
            continue
        if not _summable(parent, fact):
            continue
        total, having, lacking = _members_sum(batch, address)
        everyone = complete and not lacking
        if rule.options["everyone"] != everyone or not having:
            if rule.options["everyone"] and complete and lacking and total <= fact.value:
                yield _rollup_finding(rule, batch, fact, total, having, "unknown", lacking)
            continue
        context.holds(rule)
        if (everyone and total != fact.value) or (not everyone and total > fact.value):
            yield _rollup_finding(rule, batch, fact, total, having, "message", lacking)


def _rollup_finding(
    rule: Rule, batch: Batch, fact: Fact, total: Value, having: Sequence[str], what: str, lacking: Sequence[str]
) -> Finding:
    table, row, column = fact.address.split(".")
    assert fact.value is not None
    assert batch.parent is not None
    context = batch.context(batch.parent)
    broken = what == "message"
    assert batch.roster is not None
    bodies = [m.name for m in batch.roster.members if m.is_body and m.name in having]
    if broken and len(bodies) < len(having):
        what = "adjusted"
    return context.finding(
        rule,
        "broken" if broken else "not_assessable",
        key=fact.address,
        message=rule.say(
            context.lang,
            what,
            cell=context.name(fact.address),
            printed=show(fact.value),
            expected=show(total),
            n=len(bodies),
            members=context.listed(list(lacking), 4),
        ),
        table=table,
        row=row,
        column=column,
        cells=[fact.address],
        terms=context.terms((fact.address,)),
        printed=fact.value,
        expected=total if broken else None,
        difference=fact.value - total if broken else None,
        place=fact.place,
    )


def missing(rule: Rule, batch: Batch) -> Iterator[Finding]:
    """Who is on the roster and has no report."""
    if batch.roster is None or not batch.missing:
        return
    context = batch.context(batch.parent or Report(""))
    yield context.finding(
        rule,
        "broken",
        key="missing",
        message=rule.say(context.lang, "message", n=len(batch.missing), members=context.listed(batch.missing, 20)),
        printed="、".join(batch.missing),
    )


# -- whose words they are ----------------------------------------------------------------------------------------------


def is_copied_from(copy: Report, other: Report) -> bool:
    """Whether a report still names another's body as its author, which itself does not name the first: it is the copy.

    A body that is merely spoken of (会同某局) is no author: it prepares the report in its words, or stands alone below it.
    """
    return _is_author_in(other, copy) and not _is_author_in(copy, other)


def _is_author_in(author: Report, report: Report) -> bool:
    names = {fold(n) for n in (author.issuer, author.issuer_printed) if n and len(fold(n)) > 4}
    names -= {fold(n) for n in (report.issuer, report.issuer_printed) if n}
    for passage in report.passages:
        text = fold(passage.text)
        if any(n in text for n in names) and any(re.search(_AUTHOR.format(name=re.escape(n)), text) for n in names):
            return True
    return False


# -- duplicates --------------------------------------------------------------------------------------------------------


def duplicate(rule: Rule, batch: Batch) -> Iterator[Finding]:
    """The same file twice, the same figures from two bodies (tables that are nearly all zero excepted), or versions.

    Reports of one body, year and scope are versions: only a person knows which of them counts. Each is told.
    """
    keys = [_version_key(r) for r in batch.reports]
    figures = [_figures(r) for r in batch.reports]
    tables = [f if sum(1 for _, v in f if v) >= rule.options["least"] else None for f in figures]
    groups: dict[object, list[int]] = {}
    for i, report in enumerate(batch.reports):
        for key in (keys[i], tables[i], ("file", report.report_id) if report.report_id else None):
            if key is not None:
                groups.setdefault(key, []).append(i)
    for i, report in enumerate(batch.reports):
        batch.context(report).holds(rule)
        versions = [j for j in groups.get(keys[i], ()) if j != i]
        alike = {*groups.get(tables[i], ()), *groups.get(("file", report.report_id), ())} - {i, *versions}
        # Whoever was copied is told nothing: it has nothing to mend. Two copies of one file are told both.
        alike -= {
            j
            for j in alike
            if batch.reports[j].report_id != report.report_id and is_copied_from(batch.reports[j], report)
        }
        if versions:
            n = max(len(_differing(report, batch.reports[j])) for j in versions)
            others = [batch.reports[j] for j in versions]
            part = any(_cells(report) ^ _cells(o) for o in others)
            what = "versions_part" if part else "versions" if n else "same_body"
            yield _duplicate(rule, batch, report, others, what, n)
        if alike:
            yield _duplicate(rule, batch, report, [batch.reports[j] for j in sorted(alike)], "message", 0)


def _cells(report: Report) -> set[str]:
    return {f.address for f in report.facts}


def _differing(report: Report, other: Report) -> list[str]:
    """The cells that both were read in and that differ; one that was not read says nothing."""
    theirs = {f.address: f.value for f in other.facts}
    return [f.address for f in report.facts if f.address in theirs and f.value != theirs[f.address]]


def _version_key(report: Report) -> tuple[object, ...] | None:
    """Whose report it is, of what; None where it does not say, or has no tables to be one."""
    body = body_of(report.identity)
    if body is None or report.year is None or not report.facts:
        return None
    return "body", body.key or body.printed, report.year, report.scope, report.period


def _duplicate(rule: Rule, batch: Batch, report: Report, others: Sequence[Report], what: str, n: int) -> Finding:
    context = batch.context(report)
    first = others[0]
    files = [f for o in others if (f := batch.files.get(id(o)))]
    named = ""
    if files:
        named = rule.say(context.lang, "file" if len(files) == 1 else "files", name=context.listed(files, 5))
    count = len(others) + 1
    return context.finding(
        rule,
        "broken",
        # Copies of one file have one id: what tells them apart is where the others are.
        key=".".join(
            [f"{o.report_id}.{o.issuer}" for o in others] + (files if first.report_id == report.report_id else [])
        ),
        message=rule.say(
            context.lang,
            what,
            issuer=report.issuer or report.title or "—",
            other=first.issuer or first.title or "—",
            year=first.year or "—",
            n=n,
            count=("两" if context.lang == "zh" else "two") if count == 2 else count,
            file=named,
        ),
        printed=first.report_id,
    )


def _figures(report: Report) -> frozenset[tuple[str, Value]]:
    return frozenset((f.address, f.value) for f in report.facts if f.value is not None)


def of_one_body(a: Report, b: Report) -> bool:
    one, other = body_of(a.identity), body_of(b.identity)
    return a.issuer == b.issuer or (one is not None and other is not None and relation(one, other) == "same")


# -- dates -------------------------------------------------------------------------------------------------------------


def late(rule: Rule, batch: Batch) -> Iterator[Finding]:
    """Published after the date that it was due; the day itself is in time."""
    for report in batch.reports:
        context = batch.context(report)
        # A title that all the rest of the report contradicts dates nothing.
        odd = odd_title(context)
        due = due_date(report, odd.year if odd is not None else None)
        if due is None:
            continue
        asked, legal, basis = due
        common: dict[str, Any] = {"key": "late"}
        if report.published is None:
            yield context.finding(
                rule,
                "not_assessable",
                message=rule.say(context.lang, "unknown", due=asked.isoformat()),
                **common,
            )
            continue
        context.holds(rule)
        published = date.fromisoformat(report.published[:10])
        if published > asked:
            past_both = legal is None or published > legal
            yield context.finding(
                rule,
                "broken",
                message=rule.say(
                    context.lang,
                    "message" if past_both else "notice",
                    printed=report.published[:10],
                    due=asked.isoformat(),
                    legal=legal.isoformat() if legal else "",
                    days=(published - asked).days,
                    basis=basis,
                ),
                printed=report.published[:10],
                **common,
            )
