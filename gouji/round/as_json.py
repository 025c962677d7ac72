"""A round for a program: what a check of it found, how it stood at its last check.

Belongs here: names and shapes of `gouji round --format json`, and of an office in the state. Does not belong here: the same
in words (`telling`, `status`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from parsers.files.paths import shown

from .folder import inside
from .offices import Office, is_astray, problems, verdict_of
from .state import State
from .work import Done


def office_json(office: Office, state: State, folder: Path) -> dict[str, Any]:
    """An office as the state and `--format json` have it."""
    order = office.order
    member = next((r.member["member"] for r in office.drafts if r.member is not None), None)
    report = next((r for d in office.drafts for r in d.reports), None)
    return {
        "office": office.name,
        "member": member,
        "year": report.year if report is not None else None,
        "verdict": verdict_of(office),
        "coming": office.coming,
        "since": office.number,
        "files": [inside(d.path, folder) for d in office.drafts],
        "sha256": [d.checked.extraction.source.sha256 for d in office.drafts],
        "older": list(office.older),
        "chosen_by": order.by if order is not None and order.newest is not None else None,
        "chosen_against": list(order.against) if order is not None else [],
        "clash": office.clash,
        "astray": is_astray(office),
        "counted": office.counted,
        "problems": problems(office),
        "waived": office.waived,
        "compared": {name: office.compared[name] for name in ("closed", "open", "new", "notes")},
        **office.counts(),
    }


def as_json(folder: Path, state: State, done: Done, outputs: Path | None) -> dict[str, Any]:
    """All that a check of a round found."""
    return {
        "round": shown(str(folder)),
        "number": done.number,
        "year": state.year,
        "unchanged": done.unchanged,
        "outputs": shown(str(outputs)) if outputs is not None else None,
        "offices": [office_json(o, state, folder) for o in done.offices],
        "roster": [m.to_json() for m in done.attendance.members] if done.attendance is not None else None,
        "missing": [m.name for m in done.attendance.to_remind] if done.attendance is not None else None,
        "gone": done.gone,
        "aside": [
            {"file": a.path, "year": a.year, "office": o.name, "counts": [inside(d.path, folder) for d in o.drafts]}
            for a, o in done.aside
        ],
        "strange": [inside(p, folder) for p in done.files.strange],
        "messages": [f.message for f in done.nobodys],
        "files": [r.to_json() for r in done.reviewed],
    }


def status_json(folder: Path, state: State) -> dict[str, Any]:
    """The same for a program."""
    last = state.last
    return {
        "round": shown(str(folder)),
        "year": state.year,
        "number": last.number if last else 0,
        "at": last.at if last else None,
        "offices": state.offices,
        "missing": state.missing,
        "unfiled": state.unfiled,
        "reasons": state.waivers,
    }
