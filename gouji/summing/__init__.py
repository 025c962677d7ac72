"""Summing up: the tables of all drafts below a government, added cell by cell.

Belongs here: which drafts count (`members`), what each contributes to a cell (`figures`), a person's choices
(`choices`), the sums (`sums`), and how they are handed on (`workbook`, `filling`). Does not belong here: reading drafts
(`parsers`), rules (`checks`), the command (`commands.rollup`).

The package is not called `rollup`, so that `gouji.rollup` can be the function.
"""

from __future__ import annotations

from .choices import Choice, ChoiceError
from .model import CellSum, Draft, Figure, Rollup
from .sums import rollup, sum_up

__all__ = ["CellSum", "Choice", "ChoiceError", "Draft", "Figure", "Rollup", "rollup", "sum_up"]
