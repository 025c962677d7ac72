"""The ways in which a rule can look at a report, a series or a batch, by the names that `rules.toml` gives them.

Belongs here: the three registries, and fetching an evaluator when a rule needs it: a draft without earlier years and
other offices needs neither the series rules nor the batch rules. Does not belong here: any evaluator (`*_rules`).
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .batch_rules import BatchEvaluator
    from .context import Evaluator
    from .series_rules import SeriesEvaluator

EVALUATORS: dict[str, str] = {
    "identity": "table_rules.identity",
    "bound": "table_rules.bound",
    "power": "table_rules.power",
    "cell": "table_rules.cell",
    "unresolved": "table_rules.unresolved",
    "number": "table_rules.number",
    "unit": "table_rules.unit",
    "split_digits": "table_rules.split_digits",
    "misplaced": "table_rules.misplaced",
    "missing_table": "structure_rules.missing_table",
    "nothing_read": "structure_rules.nothing_read",
    "missing_row": "structure_rules.missing_row",
    "order": "structure_rules.order",
    "not_read": "structure_rules.not_read",
    "extra_row": "structure_rules.extra_row",
    "wrong_form": "structure_rules.wrong_form",
    "label": "structure_rules.printed_label",
    "title": "title_rules.title",
    "own_name": "title_rules.own_name",
    "section": "prose_rules.section",
    "empty_section": "prose_rules.empty_section",
    "length": "prose_rules.length",
    "fees": "prose_rules.fees",
    "period": "time_rules.period",
    "basis": "time_rules.basis",
    "body": "name_rules.body",
    "personal": "name_rules.personal",
    "residue": "prose_rules.residue",
    "year": "time_rules.year",
    "signed": "time_rules.signed",
    "disagrees": "telling.disagrees",
    "contradiction": "sentence_rules.contradiction",
    "share": "telling.shares",
    "parts": "telling.parts",
    "slip": "slip_rules.slip",
    "twice": "doubled_rules.doubled",
    "stood": "place_rules.stood",
    "scope": "scope_rules.stated",
}

SERIES: dict[str, str] = {
    "carry": "series_rules.carry",
    "in_force": "series_rules.in_force",
    "pending": "series_rules.pending",
    "jump": "series_rules.jump",
    "items": "series_rules.items",
    "copied": "repeat_rules.copied",
    "unchanged": "repeat_rules.unchanged",
    "missing_year": "series_rules.missing_year",
    "unit_history": "series_rules.unit_history",
    "last_year": "past_rules.last_year",
    "changes": "past_rules.changes",
}

BATCH: dict[str, str] = {
    "rollup": "batch_rules.rollup",
    "missing": "batch_rules.missing",
    "duplicate": "batch_rules.duplicate",
    "copied": "repeat_rules.copied_in_batch",
    "late": "batch_rules.late",
    "odd_year": "together_rules.odd_year",
    "odd_place": "together_rules.odd_place",
}


@cache
def _fetch(home: str) -> Any:
    module, _, name = home.partition(".")
    return getattr(import_module(f".{module}", __package__), name)


def on_report(name: str) -> Evaluator:
    """The evaluator of one report that goes by this name."""
    evaluator: Evaluator = _fetch(EVALUATORS[name])
    return evaluator


def on_series(name: str) -> SeriesEvaluator:
    """The evaluator of a series that goes by this name."""
    evaluator: SeriesEvaluator = _fetch(SERIES[name])
    return evaluator


def on_batch(name: str) -> BatchEvaluator:
    """The evaluator of a batch that goes by this name."""
    evaluator: BatchEvaluator = _fetch(BATCH[name])
    return evaluator
