"""What a reader of sentences has at hand and writes down: text, state, the statements so far.

Belongs here: making statements, and the excerpt of a sentence. Does not belong here: what a figure is of (`figures`,
`comparing`), and the walk through a text (`walk`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from schemas.facts import Passage, Statement, Value

from .fitting import Fitter
from .lexicon import Folded
from .scan import Figure, Token
from .state import Fit, State, Stated
from .whose import Whose

# Longer sentences are no prose: of these a statement carries what stands around its figure.
_LONGEST_SENTENCE, _AROUND = 1_000, 200
# Wholes that hold requests of two years.
_ALL_THERE_WAS = ("closed", "replied", "requests_in_hand")


@dataclass
class Notes:
    """The text at hand, what it has said before, and the statements of the passage so far."""

    state: State
    whose: Whose
    fitter: Fitter
    text: Folded = field(default_factory=lambda: Folded("", range(0), ""))
    tokens: list[Token] = field(default_factory=list)
    found: list[Stated] = field(default_factory=list)

    def scope(self, named: str | None) -> str:
        """The scope of a figure whose own words name this subject, or None."""
        return "part" if self.state.parts else self.whose.scope(self.state.subject(named))

    def add(
        self,
        code: str,
        value: Value,
        unit: str | None,
        year: int | None,
        scope: str,
        start: int,
        end: int,
        share_of: str | None = None,
        *,
        fit: Fit | None = None,
        approximate: bool = False,
    ) -> Stated:
        """State a value; ``start`` and ``end`` are those of its printed text."""
        stated = Stated(code, value, unit, year, scope, approximate, share_of, start, end, self.state.sentence, fit)
        self.found.append(stated)
        self.state.said[code] = self.state.sentence
        if unit != "%":
            self.state.last = stated
        return stated

    def add_figure(
        self, code: str, token: Token, year: int | None, scope: str, *, fit: Fit | None = None, start: int | None = None
    ) -> Stated:
        """A count as printed; ``start``: where the printed text begins, if not at the figure."""
        figure = figure_of(token)
        begin = token.start if start is None else start
        return self.add(
            code, figure.value, figure.measure, year, scope, begin, token.end, fit=fit, approximate=figure.approximate
        )

    def add_share(
        self, code: str, token: Token, year: int | None, scope: str, whole: str, *, fit: Fit | None = None
    ) -> None:
        """A share in percent of the total with the code ``whole``."""
        figure = figure_of(token)
        self.add(
            code, figure.value, "%", year, scope, token.start, token.end, whole, fit=fit, approximate=figure.approximate
        )

    def is_beside_new(self, start: int) -> bool:
        """共办理8件，其中新收7件、结转1件: whether words at ``start`` tell what a whole has beside the new ones of the year."""
        here = [t for t in self.state.totals[-2:] if t.sentence == self.state.sentence]
        if len(here) < 2 or here[0].code not in _ALL_THERE_WAS or here[1].code != "requests_received":
            return False
        whole, new = here
        said = self.fitter.words.divides.match(self.text.text, whole.end, new.start) is not None
        # 办结7件（新收8件，结转1件）: what is left of those.
        return said and "newly" in new.symbols and new.value < whole.value and start - new.end <= 1

    def statements(self, passage: Passage, number: int, ends: list[int]) -> list[Statement]:
        """The statements of a passage in the order of their figures, each with its sentence as printed."""
        bounds = [0, *ends, len(self.text.text)]
        out: list[Statement] = []
        k = 0
        for f in sorted(self.found, key=lambda f: f.end):
            while k + 2 < len(bounds) and bounds[k + 1] <= f.start:
                k += 1
            sentence = excerpt(self.text, (bounds[k], bounds[k + 1]), (f.start, f.end))
            printed = self.text.slice(f.start, f.end).strip()
            place = passage.place_at(self.text.at[f.start])
            said = (f.code, f.value, f.unit, f.year, f.scope, f.approximate, f.share_of, printed, sentence, place)
            out.append(Statement(*said, number=f.sentence, passage=number))
        return out


def excerpt(text: Folded, sentence: tuple[int, int], figure: tuple[int, int]) -> str:
    """A sentence as printed, or, of an endless one, what stands around a figure; spans are of the folded text."""
    start, end = sentence
    if end - start <= _LONGEST_SENTENCE:
        return text.slice(start, end).strip()
    first, last = max(start, figure[0] - _AROUND), min(end, figure[1] + _AROUND)
    return ("…" if first > start else "") + text.slice(first, last).strip() + ("…" if last < end else "")


def figure_of(token: Token) -> Figure:
    """The figure of a token that is one."""
    assert token.figure is not None
    return token.figure


def in_wan(figure: Figure) -> tuple[Value, str]:
    """An amount in 万元."""
    factor = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}[figure.measure]
    amount = Decimal(figure.value) * factor
    return (int(amount) if amount == amount.to_integral_value() else amount.normalize()), "万元"
