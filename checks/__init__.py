"""What is wrong with facts: the rule catalogue and the engine that puts it to reports.

Belongs here: rules as data (`rules.toml` and its neighbours), the evaluators they name, explanations, verdicts.
Does not belong here: reading documents (`parsers`), showing findings (`gouji`), storing them (`flows`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .batch_rules import due_date
    from .engine import (
        check,
        check_batch,
        check_circular,
        check_report,
        check_series,
        outcomes,
        say_in_english,
        verdict,
    )
    from .explanations import explain
    from .roster import Member, Roster, day_written
    from .rules import version
    from .time_rules import year_meant

_HOME = {
    "Member": "roster",
    "Roster": "roster",
    "day_written": "roster",
    "due_date": "batch_rules",
    "check": "engine",
    "check_batch": "engine",
    "check_circular": "engine",
    "check_report": "engine",
    "check_series": "engine",
    "outcomes": "engine",
    "say_in_english": "engine",
    "verdict": "engine",
    "explain": "explanations",
    "version": "rules",
    "year_meant": "time_rules",
}

__all__ = [
    "Member",
    "Roster",
    "check",
    "check_batch",
    "check_circular",
    "check_report",
    "check_series",
    "day_written",
    "due_date",
    "explain",
    "outcomes",
    "say_in_english",
    "verdict",
    "version",
    "year_meant",
]


def __getattr__(name: str) -> Any:
    # `checks.rules` and a command's --help need no evaluator.
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
