"""In which order the rules about sentences tell what they find, and what each of them does not tell again.

Belongs here: the steps of each such rule, one list a rule: that one mistake is one problem is decided here. Does not belong
here: looking for a mistake (`*_rules`), findings of several rules beside each other (`reconciling`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple

from schemas.findings import Finding

from .context import Context, Evaluator
from .counted_rules import listed, nearly
from .denied_rules import denied
from .divided import added
from .parts_rules import as_listed, by_kind, of_a_year, of_codes, of_members
from .rules import Rule
from .sentence_rules import about, stated
from .share_rules import changed, more_done, rates, stated_shares
from .unsaid_rules import answered, without_whole
from .worded_rules import settled, worded

# By what a finding is known to those after it.
Mark = Callable[[Finding], Hashable]


def _figure(finding: Finding) -> Hashable:
    return "figure", finding.place, finding.printed


def _paragraph(finding: Finding) -> Hashable:
    return "paragraph", finding.place


def _words(finding: Finding) -> Hashable:
    return "words", finding.place, finding.message


def _code(finding: Finding) -> Hashable:
    return "code", finding.statement


def _sum(finding: Finding) -> Hashable:
    return "sum", finding.printed, finding.expected


def _of_two_years(finding: Finding) -> Hashable:
    """The sum of new requests and those carried over stands in the text as a list, too; another code's list may be another."""
    return _paragraph(finding) if finding.statement == "requests_in_hand" else ("", finding.finding_id)


class Step(NamedTuple):
    """Who looks, what its findings leave to be known by, what of the steps before it is not told again, and what itself
    tells once only."""

    look: Evaluator
    leaves: Sequence[Mark] = ()
    minds: Sequence[Mark] = ()
    once: Sequence[Mark] = ()


# Figures beside the tables: those that have a code, then the wordings of the data, from the surest to the freest.
DISAGREES = (
    Step(stated),
    Step(listed, leaves=[_figure]),
    Step(nearly, leaves=[_figure], minds=[_figure]),
    Step(worded, minds=[_figure]),
    Step(settled, minds=[_figure]),
    Step(denied),
    Step(added),
    Step(about),
)
# Percentages and changes: of counts that have a code, then of any two counts side by side, then of a whole that is not said.
SHARES = (
    Step(stated_shares, leaves=[_paragraph], once=[_words]),
    Step(more_done, minds=[_paragraph], once=[_words]),
    Step(rates, minds=[_paragraph], once=[_words]),
    Step(changed, minds=[_paragraph], once=[_words]),
    Step(without_whole, once=[_words]),
    Step(answered, once=[_words]),
)
# Parts and their whole: by their codes, by kind and member, of a year, then any list.
PARTS = (
    Step(of_codes, leaves=[_sum, _of_two_years], once=[_code]),
    Step(by_kind, leaves=[_paragraph]),
    Step(of_members, leaves=[_paragraph]),
    Step(of_a_year, leaves=[_paragraph], minds=[_paragraph]),
    Step(as_listed, minds=[_paragraph, _sum]),
)


def told(steps: Sequence[Step], rule: Rule, context: Context) -> Iterator[Finding]:
    """What the steps find, each mistake once."""
    known: set[Hashable] = set()
    for step in steps:
        left: set[Hashable] = set()
        for finding in step.look(rule, context):
            own = {mark(finding) for mark in step.once}
            if own & known or any(mark(finding) in known for mark in step.minds):
                continue
            known |= own
            left.update(mark(finding) for mark in step.leaves)
            yield finding
        known |= left


def disagrees(rule: Rule, context: Context) -> Iterator[Finding]:
    """Figures in sentences that are not the tables'."""
    return told(DISAGREES, rule, context)


def shares(rule: Rule, context: Context) -> Iterator[Finding]:
    """Shares, rates and changes that their counts do not give."""
    return told(SHARES, rule, context)


def parts(rule: Rule, context: Context) -> Iterator[Finding]:
    """Parts that do not make up their whole."""
    return told(PARTS, rule, context)
