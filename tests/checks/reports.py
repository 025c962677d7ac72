"""Reports made by hand for the tests of rules: sound ones, and the means to damage them.

Belongs here: builders and look-ups shared by the tests of this room. Does not belong here: any test.
"""

from __future__ import annotations

import copy
import dataclasses

import checks
from schemas import forms
from schemas.facts import Fact, Kind, Passage, Place, PrintedLabel, Report, Statement, TableLayout, Unresolved, Value
from schemas.findings import Finding
from schemas.report_identity import ReportIdentity

Cells = dict[str, Value | str | None]
APPLICANTS = [c.code for c in forms.load("2021").tables["requests"].columns if c.code != "total"]

# Section by section, heading first.
PROSE = {
    0: (
        "某县2023年政府信息公开工作年度报告",
        "根据条例要求编制，所列数据的统计期限自2023年1月1日起至2023年12月31日止。",
    ),
    1: (
        "一、总体情况",
        "主动公开方面，重要文件及时上网。依申请公开方面，答复逐件审核。",
        "政府信息管理方面，历史文件逐件清理。平台建设方面，网站栏目作了归并。监督保障方面，组织了业务培训，开展了考核评议。",
    ),
    2: ("二、主动公开政府信息情况",),
    3: ("三、收到和处理政府信息公开申请情况",),
    4: ("四、政府信息公开行政复议、行政诉讼情况",),
    5: ("五、存在的主要问题及改进情况", "解读形式单调，存在不足。下一步将丰富形式，加强培训。"),
    6: ("六、其他需要报告的事项", "本年度没有收取信息处理费。"),
}


def sound_cells(form_id: str = "2021", variant: str | None = None) -> Cells:
    """Every cell of a form with small figures that satisfy all its identities and bounds."""
    form = forms.load(form_id)
    cells: Cells = dict.fromkeys(form.addresses(variant), 0)
    kinds = [c.code for c in form.tables["requests"].columns if c.code != "total"]
    outcomes = [r.code for r in form.rows("requests", variant) if "outcome" in r.roles]
    for i, kind in enumerate(kinds):
        cells[f"requests.carried_over.{kind}"] = i
        for j, outcome in enumerate(outcomes):
            cells[f"requests.{outcome}.{kind}"] = (i * 3 + j * 2) % 4
        processed = sum(int(cells[f"requests.{o}.{kind}"] or 0) for o in outcomes)
        cells[f"requests.processed_total.{kind}"] = processed
        cells[f"requests.carried_forward.{kind}"] = i + 1
        cells[f"requests.new_received.{kind}"] = processed + 1
    for row in form.rows("requests", variant):
        cells[f"requests.{row.code}.total"] = sum(int(cells[f"requests.{row.code}.{k}"] or 0) for k in kinds)
    for row in form.rows("disputes"):
        for n, column in enumerate(("upheld", "corrected", "other", "pending"), start=1):
            cells[f"disputes.{row.code}.{column}"] = n
        cells[f"disputes.{row.code}.total"] = 10
    if form_id == "2021":
        cells |= {"article20.normative_documents.issued": 5, "article20.normative_documents.in_force": 40}
        cells["article20.fees.amount"] = 12
    return cells


def report(
    cells: Cells,
    form_id: str = "2021",
    variant: str | None = None,
    year: int = 2023,
    *,
    issuer: str | None = "某县人民政府",
    scope: str = "area",
    prose: dict[int, tuple[str, ...]] | None = None,
) -> Report:
    """A report that prints these cells: numbers, None for blank, "/" for a mark, other strings for words."""
    form = forms.load(form_id)
    who = ReportIdentity(issuer=issuer, level="county", kind="government", year=year, scope=scope)
    out = Report("r", who, form_id, variant)
    for address, value in cells.items():
        kind: Kind = "number"
        if value is None:
            kind = "blank"
        elif isinstance(value, str):
            kind = "mark" if value == "/" else "text"
        number = None if isinstance(value, str) else value
        printed = "" if value is None else str(value)
        table, row, column = address.split(".")
        of = form.tables[table]
        unit = of.unit_of(of.row[row], of.column[column])
        out.facts.append(Fact(address, number, kind, printed, unit, Place(table=1), "cells"))
    for code in form.tables:
        layout = TableLayout(code)
        layout.rows = [PrintedLabel(r.code, r.label, "official", Place()) for r in form.rows(code, variant)]
        out.layouts.append(layout)
    out.passages = [Passage(t, Place(paragraph=n)) for n, texts in (prose or {}).items() for t in texts]
    return out


def sound_report(year: int = 2023, **changes: object) -> Report:
    """A whole report of form 2021 with text, on which no rule has anything to say."""
    out = report(
        sound_cells(), year=year, prose={n: tuple(t.replace("2023", str(year)) for t in p) for n, p in PROSE.items()}
    )
    return change(out, **{"published": f"{year + 1}-02-10", **changes})


def change(r: Report, **fields: object) -> Report:
    """Set fields of a report and of its identity in place."""
    who = {name: fields.pop(name) for name in list(fields) if name in ReportIdentity.__slots__}
    r.identity = dataclasses.replace(r.identity, **who)  # type: ignore[arg-type]
    for name, value in fields.items():
        setattr(r, name, value)
    return r


def with_cells(r: Report, **values: Value | str | None) -> Report:
    """The report with other figures; ``__`` stands for the dots of an address."""
    out = copy.deepcopy(r)
    return put(out, {a.replace("__", "."): v for a, v in values.items()})


def put(r: Report, values: Cells) -> Report:
    """Change the cells of a report in place."""
    facts = {f.address: f for f in r.facts}
    for address, value in values.items():
        fact = facts[address]
        fact.kind = "blank" if value is None else "text" if isinstance(value, str) else "number"
        fact.value = None if isinstance(value, str) else value
        fact.printed = "" if value is None else str(value)
    return r


def unread(r: Report, address: str, *readings: Value, closed: bool = True) -> Report:
    """Make one cell unresolved, with nothing else that it can be than these readings."""
    r.facts = [f for f in r.facts if f.address != address]
    r.unresolved.append(Unresolved(address, "?", "joined", list(readings), Place(), closed and bool(readings)))
    return r


def say(
    r: Report,
    code: str,
    value: Value,
    sentence: str = "",
    *,
    unit: str = "件",
    year: int | None = 2023,
    scope: str | None = None,
    share_of: str | None = None,
    printed: str | None = None,
    approximate: bool = False,
) -> Report:
    """Add a figure stated in a sentence."""
    printed = printed or f"{value}{unit}"
    statement = Statement(
        code,
        value,
        unit,
        year,
        scope or r.scope,
        approximate,
        share_of,
        printed,
        sentence or printed,
        Place(paragraph=9),
    )
    r.statements.append(statement)
    return r


def retext(r: Report, section: int, *texts: str) -> Report:
    """Replace the text of one section under its heading; without texts the heading goes, too."""
    kept = [p for p in r.passages if p.place.paragraph != section]
    heading = [p for p in r.passages if p.place.paragraph == section][:1]
    new = [Passage(t, Place(paragraph=section)) for t in texts]
    r.passages = sorted([*kept, *(heading if texts else []), *new], key=lambda p: p.place.paragraph or 0)
    return r


def findings(r: Report, rule: str | None = None) -> list[Finding]:
    found = checks.check_report(r)
    return [f for f in found if rule is None or f.rule == rule]


def broken(r: Report) -> set[str]:
    """The rules that the report breaks."""
    return {f.rule for f in checks.check_report(r) if f.outcome == "broken"}
