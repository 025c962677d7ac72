"""What many drafts say of one another, put on the drafts concerned.

Belongs here: handing a batch to the rules and its findings back to the files. Does not belong here: the rules
(`checks.check_batch`), who must report (`roster`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import checks
from checks.rules import Profile
from gouji.words import Lang
from schemas.findings import Finding

from .reviewed import Reviewed

_DUPLICATE = "batch.duplicate"


def judge(
    reviewed: Sequence[Reviewed], roster: checks.Roster | None = None, *, profile: Profile = "draft", lang: Lang = "zh"
) -> list[Finding]:
    """Add what a batch brings to light to each file's findings; returns what is broken and is nobody's."""
    # A file that was given twice, by itself and in its folder, is still one.
    by_path: dict[str, Reviewed] = {}
    for each in reviewed:
        by_path.setdefault(each.path, each)
    distinct = list(by_path.values())
    reports = [r for each in distinct for r in each.reports]
    files = [Path(each.path).name for each in distinct for _ in each.reports]
    by_report: dict[str, dict[str, Finding]] = {}
    for finding in checks.check_batch(reports, roster, profile=profile, lang=lang, files=files):
        by_report.setdefault(finding.report_id, {})[finding.finding_id] = finding
    for each in reviewed:
        mine = [f for r in each.reports for f in by_report.get(r.report_id, {}).values()]
        each.add(_of_this_file(mine, Path(each.path).name))
    known = {r.report_id for each in distinct for r in each.reports}
    nobodys = [f for id_, rest in by_report.items() if id_ not in known for f in rest.values()]
    return [f for f in nobodys if f.outcome == "broken"]


def _of_this_file(findings: Sequence[Finding], name: str) -> list[Finding]:
    """What is said of a file. Copies of one file have one id, and each is told of the others, not of itself."""
    copies = [f for f in findings if f.rule == _DUPLICATE]
    others = [f for f in copies if name not in f.message] or copies[:1]
    return [f for f in findings if f.rule != _DUPLICATE or f in others]
