"""A reader for tests: files are JSON that says what they yield, or how they misbehave.

``{"reports": [{"issuer": …, "year": …, "scope": …, "facts": {"requests.granted.total": 3}}]}``;
``bad`` of a report or circular is a number of findings, ``open`` of rules that cannot be assessed, ``statements`` of statements,
``contradicted`` a list of totals with their parts, all addresses;
``do`` is one of ``sleep``, ``exit``, ``segfault``, ``memory``, ``raise``, ``repeat`` (an address twice),
``unknown`` (a code that no form has). Its version is in the environment, so that a test can raise it; so is whether the
installation is broken: then what a file ``lacks`` is a part of it (``reader``, ``second_engine``), or cannot be imported (``import``).
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import multiprocessing
import os
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from parsers.document import IncompleteError
from schemas.facts import (
    Assessment,
    Circular,
    Extraction,
    Fact,
    Place,
    Problem,
    Report,
    Source,
    Statement,
    Unresolved,
)
from schemas.findings import Checked, Finding, Term
from schemas.report_identity import ReportIdentity


def versions() -> dict[str, str]:
    return {"parser": os.environ.get("FAKE_PARSER", "1"), "forms": "f1", "rules": "r1"}


def _misbehave(what: str) -> None:
    assert multiprocessing.parent_process() is not None, "a document that does harm is read in a child only"
    if what == "sleep":
        time.sleep(600)
    elif what == "exit":
        os._exit(7)
    elif what == "segfault":
        ctypes.string_at(0)
    elif what == "memory":
        blocks = []
        while True:
            blocks.append(bytearray(16 << 20))
    elif what == "raise":
        raise RuntimeError("broken reader")


def _fact(address: str, value: Any) -> Fact:
    place = Place(page=1, table=1, row=2, column=3, box=(1.0, 2.0, 3.5, 4.0))
    if isinstance(value, str):
        return Fact(address, None, "mark" if value else "blank", value, "件", place, "ruled")
    number = Decimal(str(value)) if isinstance(value, float) else value
    # A version that reads otherwise.
    number += int(os.environ.get("FAKE_ADDS", "0"))
    return Fact(address, number, "number", str(value), "件", place, "ruled")


def _report(raw: dict[str, Any], report_id: str, what: str | None) -> Report:
    facts = [_fact(a, v) for a, v in raw.get("facts", {}).items()]
    if what == "repeat":
        facts.append(_fact(facts[0].address, 99))
    if what == "unknown":
        facts.append(_fact("requests.nonsense.total", 1))
    return Report(
        report_id,
        ReportIdentity(
            issuer=raw.get("issuer"),
            issuer_printed=raw.get("issuer"),
            division_code=raw.get("division"),
            level=raw.get("level"),
            kind=raw.get("kind", "government"),
            year=raw.get("year"),
            scope=raw.get("scope", "area"),
            period=raw.get("period", "year"),
            scope_evidence=raw.get("evidence"),
            published=raw.get("published", "2025-01-24"),
            title=raw.get("title", "年度报告"),
        ),
        form=raw.get("form", "2021"),
        facts=facts,
        unresolved=[Unresolved(a, "12", "joined", [1, 2], Place(table=1)) for a in raw.get("unresolved", ())],
        statements=[
            Statement("requests_received", 5, "件", 2024, "area", False, None, "5件", "收到5件。", Place(paragraph=1))
            for _ in range(raw.get("statements", 0))
        ],
    )


def _finding(owner: str, facts: list[Fact], number: int) -> Finding:
    terms = [Term(f.address, 1, f.printed, f.value) for f in facts[:20]]
    return Finding(
        hashlib.sha256(f"{owner}|{number}".encode()).hexdigest()[:12],
        owner,
        "requests.balance",
        "broken",
        "error",
        table="requests",
        column="total",
        cells=["requests.granted.total"],
        terms=terms,
        printed=3,
        expected=4,
        difference=-1,
        message="不平",
        advice="核对",
    )


def _contradiction(report: Report, addresses: list[str], number: int) -> Finding:
    """A total that is not the sum of its parts."""
    printed = {f.address: f for f in report.facts}
    signs = [1] + [-1] * (len(addresses) - 1)
    terms = [Term(a, sign, printed[a].printed, printed[a].value) for a, sign in zip(addresses, signs, strict=True)]
    made = _finding(report.report_id, [], number)
    return replace(made, rule="requests.outcomes", cells=addresses, terms=terms, message="合计不符")


def read(path: Path, data: bytes) -> Checked:
    sha256 = hashlib.sha256(data).hexdigest()
    extraction = Extraction(Source(str(path), sha256, "application/json", len(data)), versions())
    try:
        raw = json.loads(data)
    except ValueError:
        extraction.problems.append(Problem("unreadable", f"{path.name}：读不了"))
        return Checked(extraction, verdict="unreadable")
    lacks = raw.get("lacks") if os.environ.get("FAKE_BROKEN") else None
    if lacks == "import":
        raise ImportError("broken")
    if lacks is not None:
        extraction.unusable[lacks] = "broken"
    if lacks == "reader":
        extraction.problems.append(Problem("unreadable", IncompleteError(path.name, "broken").message))
        return Checked(extraction, verdict="unreadable")
    what = raw.get("do")
    if what:
        _misbehave(what)
    time.sleep(raw.get("seconds", 0))
    for n, one in enumerate(raw.get("reports", ()), start=1):
        extraction.reports.append(_report(one, hashlib.sha256(f"{sha256}|{n}".encode()).hexdigest()[:24], what))
    for n, one in enumerate(raw.get("circulars", ()), start=1):
        assessments = [Assessment("政务公开", "附件1", "乡镇场", 1, "八家户农场", Decimal("98.5"))]
        circular = Circular(f"{sha256[:12]}-{n}", one.get("issuer"), None, 2020, "通报", [], assessments)
        extraction.circulars.append(circular)
    findings = [
        _finding(report.report_id, report.facts, number)
        for report, one in zip(extraction.reports, raw.get("reports", ()), strict=True)
        for number in range(one.get("bad", 0))
    ]
    findings += [
        _finding(circular.circular_id, [], number)
        for circular, one in zip(extraction.circulars, raw.get("circulars", ()), strict=True)
        for number in range(one.get("bad", 0))
    ]
    findings += [
        replace(_finding(report.report_id, report.facts, 1000 + number), outcome="not_assessable", difference=None)
        for report, one in zip(extraction.reports, raw.get("reports", ()), strict=True)
        for number in range(one.get("open", 0))
    ]
    findings += [
        _contradiction(report, addresses, number)
        for report, one in zip(extraction.reports, raw.get("reports", ()), strict=True)
        for number, addresses in enumerate(one.get("contradicted", ()), start=2000)
    ]
    return Checked(extraction, findings)
