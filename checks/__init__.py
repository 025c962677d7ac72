"""What is wrong with facts: the rule catalogue and the engine that puts it to a report.

Belongs here: rules as data (`rules.toml`), the evaluators they name, verdicts.
Does not belong here: reading documents (`parsers`), showing findings (`gouji`), storing them (`flows`).
"""

from __future__ import annotations

from .engine import check, check_report
from .rules import version

__all__ = ["check", "check_report", "version"]
