"""Figures in a sum that the round's last check found in doubt or wrong: they are added as printed, and named.

Belongs here: which findings these are, and saying them in a line an office. Does not belong here: finding them (`checks`),
sums of a draft that do not hold, blanks and what could not be read (`figures`), where the lines stand (`filling`,
`form_sheet`, `workbook`, `commands.rollup`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gouji.words import Lang, say
from schemas import identities
from schemas.findings import Finding

if TYPE_CHECKING:
    from .model import Rollup

# What is said otherwise: blanks are taken as 0 or open, what cannot be read is open.
_SAID = ("value.blank", "value.mark", "value.text", "value.unresolved")
# So many are told of an office, and so many offices where there is little room.
_EACH, _MOST = 2, 12


def note(result: Rollup, found: Mapping[str, Sequence[Finding]]) -> None:
    """Keep with each draft that counts what was found of its figures, by its path."""
    of_sums = {e.rule for e in identities.equations(result.form, result.variant)}
    given = {(id(f.draft), a) for a, cell in result.cells.items() for f in cell.figures if f.how == "given"}
    for draft in result.counted:
        draft.doubts = [
            f.message
            for f in found.get(draft.path, ())
            if f.table is not None
            and f.severity in ("error", "warning")
            and f.rule not in (*_SAID, *of_sums)
            and not any((id(draft), address) in given for address in f.cells)
        ]


def lines(result: Rollup, lang: Lang, most: int | None = None) -> list[str]:
    """A headline and a line for each office; nothing where nothing was found."""
    those = [d for d in result.counted if d.doubts]
    if not those:
        return []
    out = [say(lang, "rollup.doubts", n=len(those))]
    out += [say(lang, "rollup.doubts_one", name=d.name, what=what(d.doubts, lang)) for d in those[:most]]
    if most is not None and len(those) > most:
        out.append(say(lang, "rollup.doubts_more", n=len(those) - most))
    return out


def what(doubts: Sequence[str], lang: Lang) -> str:
    """The first findings of a draft."""
    more = say(lang, "rollup.doubts_each", n=len(doubts)) if len(doubts) > _EACH else ""
    return "".join(doubts[:_EACH]) + more


def on_paper(result: Rollup, lang: Lang = "zh") -> list[str]:
    """The lines for the head of a form."""
    return lines(result, lang, _MOST)
