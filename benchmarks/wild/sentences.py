"""Sentences about the figures, as an office writes them: right ones, and at times one that is wrong.

Belongs here: the choice of sentences and the slip planted in one of them. Does not belong here: the sentences
themselves (`grammar`) and harmless prose (`prose`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.wild.drawing import Draw
from benchmarks.wild.grammar import ABOUT_PUBLISHING, ABOUT_REQUESTS, Figure, Known, Sentence, Topic


@dataclass(slots=True)
class Spoken:
    requests: list[str] = field(default_factory=list)
    publishing: list[str] = field(default_factory=list)
    # The planted figure as stated, and what it should be.
    wrong: float | None = None
    right: float | None = None


@dataclass(slots=True)
class _Hand:
    """How figures are written in this document's sentences."""

    spaced: bool
    comma: bool
    full_width: bool

    def __call__(self, value: float) -> str:
        text = f"{value:,.0f}" if self.comma and value == int(value) else _plain(value)
        if self.full_width:
            text = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        return f" {text} " if self.spaced else text


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def draw_sentences(draw: Draw, values: dict[str, float], year: int, we: str, form_id: str) -> Spoken:
    """One sentence or more on each topic drawn; one figure in five documents is wrong."""
    known = Known(draw, values, year, we, form_id)
    hand = _Hand(
        draw.chance(0.12, "spaces around figures"),
        draw.chance(0.08, "commas in sentences"),
        draw.chance(0.04, "full-width figures in sentences"),
    )

    def made(topics: list[tuple[Topic, float]]) -> list[Sentence]:
        return [topic(known) for topic, share in topics if draw.chance(share)]

    requests, publishing = made(ABOUT_REQUESTS), made(ABOUT_PUBLISHING)
    spoken = Spoken()
    if draw.chance(0.25):
        _plant(draw, known, [*requests, *publishing], spoken)
    for one in (*requests, *publishing):
        draw.note(f"says {one.name}")
    spoken.requests = [_text(s, hand) for s in requests]
    spoken.publishing = [_text(s, hand) for s in publishing]
    return spoken


def _text(sentence: Sentence, hand: _Hand) -> str:
    return "".join(p if isinstance(p, str) else hand(p.value) for p in sentence.pieces)


def _plant(draw: Draw, known: Known, made: list[Sentence], spoken: Spoken) -> None:
    """Replace one checked figure by one that no sum of the table explains."""
    slots = [
        (s, i) for s in made for i, p in enumerate(s.pieces) if isinstance(p, Figure) and p.checked and p.value > 0
    ]
    if not slots:
        return
    taken = known.explained() | {p.value for s in made for p in s.pieces if isinstance(p, Figure)}
    sentence, at = draw.one(slots)
    old = sentence.pieces[at]
    assert isinstance(old, Figure)
    for _ in range(50):
        wrong = old.value + draw.one([1, 2, 3, 5, 7, 9, 10, 11, 20, 30, -1, -2, -3, -5])
        if wrong > 0 and wrong not in taken:
            sentence.pieces[at] = Figure(wrong)
            spoken.wrong, spoken.right = wrong, old.value
            draw.note("a wrong figure in a sentence")
            draw.note(f"wrong in {sentence.name}")
            return
