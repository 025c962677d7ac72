"""Puts the catalogue to a report and says what a file's findings come to.

Belongs here: running every rule that applies, and the verdict. Does not belong here: how a rule looks at a report
(`evaluators`), its words and severity (`rules.toml`).
"""

from __future__ import annotations

from schemas.facts import Extraction, Report
from schemas.findings import Checked, Finding, Verdict

from .evaluators import EVALUATORS, Context
from .rules import Lang, Profile, catalogue


def check_report(report: Report, profile: Profile = "draft", lang: Lang = "zh") -> list[Finding]:
    """All findings on one report, broken and not assessable, in catalogue order."""
    context = Context(report, profile, lang)
    findings: list[Finding] = []
    for rule in catalogue():
        if rule.forms and report.form not in rule.forms:
            continue
        findings.extend(EVALUATORS[rule.by](rule, context))
    return findings


def verdict(extraction: Extraction, findings: list[Finding]) -> Verdict:
    """``fail`` for an error, ``warn`` for a warning or an error that cannot be assessed, ``pass`` for notes at most."""
    if not extraction.reports:
        return "unreadable"
    broken = [f.severity for f in findings if f.outcome == "broken"]
    if "error" in broken:
        return "fail"
    if "warning" in broken or any(f.severity == "error" for f in findings if f.outcome == "not_assessable"):
        return "warn"
    return "pass"


def check(extraction: Extraction, profile: Profile = "draft", lang: Lang = "zh") -> Checked:
    """Check every report of one file."""
    findings = [f for report in extraction.reports for f in check_report(report, profile, lang)]
    return Checked(extraction, findings, [], verdict(extraction, findings))
