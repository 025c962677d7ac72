"""What many drafts say of one another, put on the drafts concerned.

Belongs here: handing a batch to the rules and its findings back to the files. Does not belong here: the rules
(`checks.check_batch`), who must report (`roster`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import checks
from checks.rules import Profile
from gouji.words import Lang
from schemas.findings import Finding

from .files import told_apart
from .reviewed import Reviewed

_DUPLICATE = "batch.duplicate"
# The finding that tells a draft of another place.
PLACE = "batch.place"


def judge(
    reviewed: Sequence[Reviewed],
    roster: checks.Roster | None = None,
    *,
    profile: Profile = "draft",
    lang: Lang = "zh",
    strays: Sequence[Reviewed] = (),
) -> list[Finding]:
    """Add what a batch brings to light to each file's findings; returns what is broken and is nobody's.

    ``strays`` do not belong in the batch, nor does a draft of another place: they are told of all, and accuse nobody else.
    """
    # A file that was given twice, by itself and in its folder, is still one.
    by_path: dict[str, Reviewed] = {}
    for each in reviewed:
        by_path.setdefault(each.path, each)
    distinct = list(by_path.values())
    names = told_apart(list(by_path))
    by_report = _findings(distinct, roster, profile, lang, names)
    odd = {r.report_id for each in strays for r in each.reports}
    odd |= {id_ for id_, found in by_report.items() if any(f.rule == PLACE for f in found.values())}
    fitting = [each for each in distinct if not any(r.report_id in odd for r in each.reports)]
    if fitting and len(fitting) < len(distinct):
        among_them = _findings(fitting, roster, profile, lang, names)
        by_report = {id_: found for id_, found in by_report.items() if id_ in odd} | among_them
    for each in reviewed:
        mine = [f for r in each.reports for f in by_report.get(r.report_id, {}).values()]
        each.add(_of_this_file(mine, names[each.path]))
    known = {r.report_id for each in distinct for r in each.reports}
    nobodys = [f for id_, rest in by_report.items() if id_ not in known for f in rest.values()]
    return [f for f in nobodys if f.outcome == "broken"]


def _findings(
    reviewed: Sequence[Reviewed],
    roster: checks.Roster | None,
    profile: Profile,
    lang: Lang,
    names: Mapping[str, str],
) -> dict[str, dict[str, Finding]]:
    """What many files say of one another, by report and by id."""
    reports = [r for each in reviewed for r in each.reports]
    files = [names[each.path] for each in reviewed for _ in each.reports]
    out: dict[str, dict[str, Finding]] = {}
    for finding in checks.check_batch(reports, roster, profile=profile, lang=lang, files=files):
        out.setdefault(finding.report_id, {})[finding.finding_id] = finding
    return out


def _of_this_file(findings: Sequence[Finding], name: str) -> list[Finding]:
    """What is said of a file. Copies of one file have one id, and each is told of the others, not of itself."""
    copies = [f for f in findings if f.rule == _DUPLICATE]
    others = [f for f in copies if name not in f.message] or copies[:1]
    return [f for f in findings if f.rule != _DUPLICATE or f in others]
