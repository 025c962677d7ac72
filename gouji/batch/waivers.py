"""Reasons for findings: a warning that is explained stays closed, and its reason goes with the data.

Belongs here: the file of reasons (CSV or Excel) and which finding a reason is for. Does not belong here: what closing
does to a verdict (`reviewed`).

A line names a finding by its id, or by rule and address (a cell, a row, a table, or nothing for any place), as codes or
by the names that our outputs print, for all bodies or one, for all years or one. The workbook that `--report` writes can be handed back with its column 原因 filled
in. A finding of severity error breaks the form itself: no reason closes it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from checks.rules import catalogue
from gouji.show.named import cells_named
from schemas import forms
from schemas.bodies import body_named, body_of, relation
from schemas.facts import Report
from schemas.findings import Finding
from schemas.labels import fold

from .reviewed import Reviewed, Waiver
from .sheets import Row, SheetError, numbered_rows_of

_CODE = "位置代码"
_HEADS: dict[str, tuple[str, ...]] = {
    "finding_id": ("问题编号", "编号", "finding_id"),
    "issuer": ("单位", "机关", "issuer"),
    "year": ("年度", "年份", "year"),
    "rule": ("规则", "规则编号", "问题", "rule"),
    "address": (_CODE, "地址", "位置", "address"),
    "table": ("表",),
    "row": ("行", "项目"),
    "column": ("列",),
    "reason": ("原因", "说明原因", "理由", "reason"),
    "who": ("说明人", "填写人", "谁", "who"),
    "date": ("日期", "说明日期", "date"),
}


@dataclass(frozen=True)
class Line:
    """One line of the file, by its number as Excel shows it: what it is for, and the reason.

    In ``issuer`` ``*`` and ``?`` stand for any characters, as in the choices of a roll-up.
    """

    number: int
    waiver: Waiver
    finding_id: str | None
    rule: str | None
    address: str | None
    issuer: str | None
    year: int | None

    def is_for(self, finding: Finding, report: Report | None) -> bool:
        """Whether the reason is for this finding."""
        if self.rule is None:
            return finding.finding_id == self.finding_id
        if finding.rule not in _rules_named(self.rule):
            return False
        if self.address and not any(_within(a, b) for a in _addresses(finding) for b in self._places(report)):
            return False
        if self.issuer is None and self.year is None:
            return True
        if report is None:
            return False
        return self.year in (None, report.year) and (self.issuer is None or self._is_of(self.issuer, report))

    def _places(self, report: Report | None) -> list[str]:
        """The address as a code: it may be written in the form's words, as the outputs print it."""
        address = self.address or ""
        if report is None or report.form not in (f.id for f in forms.load_all()):
            return [address]
        found = cells_named(address, forms.load(report.form)) or [address]
        # A table by its name: also what is said of it as a whole.
        return [a.removesuffix(".*") if a.count(".") == 1 else a for a in found]

    @staticmethod
    def _is_of(issuer: str, report: Report) -> bool:
        """Whether a name, which may hold wildcards, is the reporting body's in any of its spellings."""
        names = {fold(n) for n in (report.issuer, report.issuer_printed) if n}
        if any(fnmatchcase(n, fold(issuer)) for n in names):
            return True
        body = body_of(report.identity)
        return body is not None and relation(body_named(issuer, report.year), body, report.year, report.year) == "same"


@cache
def _rules_named(text: str) -> frozenset[str]:
    """The rules of this id or name; before a name may stand the table that it was found in, as in our outputs."""
    said = fold(text).casefold()
    named = re.search(r"\[([a-z_.]+)\]$", said)
    if named is not None:
        return frozenset({named[1]})
    names = {r.id: {fold(w["name"]).casefold() for w in r.words.values()} for r in catalogue()}
    ends = {said, re.split("[:：]", said, maxsplit=1)[-1]}
    return frozenset({text, *(rule for rule, known in names.items() if known & ends)})


def _addresses(finding: Finding) -> Iterable[str]:
    """What a finding is about: its table, row and column, or the code of its sentence; for one cell its address."""
    yield address_of(finding)
    if len(finding.cells) == 1:
        yield finding.cells[0]


def address_of(finding: Finding) -> str:
    """Table, row and column of a finding with * for what it has none of, or its statement's code."""
    if finding.table is None:
        return finding.statement or ""
    if finding.row is None and finding.column is None:
        return finding.table
    return f"{finding.table}.{finding.row or '*'}.{finding.column or '*'}"


def _within(address: str, given: str) -> bool:
    mine, asked = address.split("."), given.split(".")
    return len(asked) <= len(mine) and all(a in (m, "*") for m, a in zip(mine, asked, strict=False))


def load(path: Path) -> list[Line]:
    """The lines of a file that have a reason. Raises `SheetError` (also for a line that names nothing), OSError."""
    lines = []
    for number, row in numbered_rows_of(path, _HEADS["reason"]):
        text = {name: _text(row, heads) for name, heads in _HEADS.items()}
        if _CODE in row and not _text(row, (_CODE,)):
            # Of our own workbook 位置 says where to look (第17段), and is no name of a cell.
            text["address"] = None
        if not text["reason"]:
            continue
        if not text["rule"] and not text["finding_id"]:
            raise SheetError(
                f"{path.name}：第 {number} 行有原因，但没有写是哪个问题（要有“问题编号”，或“规则”和“位置代码”）。"
            )
        year = text["year"]
        if year and not year.isdecimal():
            raise SheetError(f"{path.name}：第 {number} 行的年度“{year}”不是年份。")
        waiver = Waiver(text["reason"], text["who"], text["date"])
        lines.append(
            Line(
                number,
                waiver,
                text["finding_id"],
                text["rule"],
                text["address"] or _in_words(text),
                text["issuer"],
                int(year) if year else None,
            )
        )
    return lines


def _in_words(text: Mapping[str, str | None]) -> str | None:
    """The place from the columns 表, 行 and 列 of our own workbook, where the one for the code was left out."""
    given = [text["table"], text["row"] or ("*" if text["column"] else None), text["column"]]
    return "/".join(part for part in given if part) or None


def _text(row: Row, heads: Iterable[str]) -> str | None:
    named: Mapping[str, object] = {fold(k).lower(): v for k, v in row.items()}
    for head in heads:
        value = named.get(fold(head).lower())
        if value not in (None, ""):
            text = str(value).strip()
            return text.removesuffix(".0") if text.endswith(".0") and text[:-2].isdecimal() else text
    return None


def apply(reviewed: Reviewed, lines: Iterable[Line]) -> tuple[set[int], int]:
    """Close what the lines explain. Returns which lines were used (from 0), and how many errors stayed open."""
    used: set[int] = set()
    errors = 0
    by_id = {r.report_id: r for r in reviewed.reports}
    for finding in reviewed.checked.findings:
        for i, line in enumerate(lines):
            if not line.is_for(finding, by_id.get(finding.report_id)):
                continue
            used.add(i)
            if finding.severity == "error" and finding.outcome == "broken":
                errors += 1
            else:
                reviewed.waived[finding.finding_id] = line.waiver
            break
    reviewed.settle()
    return used, errors


def errors_named(reviewed: Reviewed, lines: Collection[Line]) -> int:
    """How many errors some lines are for, which close none of them."""
    by_id = {r.report_id: r for r in reviewed.reports}
    broken = [f for f in reviewed.checked.findings if f.severity == "error" and f.outcome == "broken"] if lines else []
    return sum(any(line.is_for(f, by_id.get(f.report_id)) for line in lines) for f in broken)
