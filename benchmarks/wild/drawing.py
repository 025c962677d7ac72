"""Chance that can be repeated, and remembers what it decided.

Belongs here: the one source of randomness of this package and the list of traits a document drew. Does not belong here:
what the traits mean.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """Random decisions from a text seed. Text is hashed by SHA-512, so every process draws the same."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self.traits: list[str] = []

    def note(self, trait: str) -> None:
        if trait not in self.traits:
            self.traits.append(trait)

    def chance(self, share: float, trait: str | None = None) -> bool:
        """True in this share of the documents; a trait is written down only where it is there."""
        drawn = self._random.random() < share
        if drawn and trait:
            self.note(trait)
        return drawn

    def pick(self, name: str, options: Mapping[str, float]) -> str:
        """One of several weighted ways, written down as name=way."""
        way = self.weighted(options)
        self.note(f"{name}={way}")
        return way

    def weighted(self, options: Mapping[str, float]) -> str:
        return self._random.choices(list(options), weights=list(options.values()))[0]

    def one(self, options: Sequence[T]) -> T:
        return options[self._random.randrange(len(options))]

    def some(self, options: Sequence[T], least: int, most: int) -> list[T]:
        """Different members of a list, in random order."""
        return self._random.sample(list(options), min(len(options), self._random.randint(least, most)))

    def whole(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def real(self, least: float, most: float, digits: int = 2) -> float:
        return round(self._random.uniform(least, most), digits)

    def shuffled(self, options: Sequence[T]) -> list[T]:
        return self._random.sample(list(options), len(options))

    def spread(self, count: int, weights: Sequence[float]) -> list[int]:
        """A count thrown into boxes."""
        boxes = [0] * len(weights)
        for hit in self._random.choices(range(len(weights)), weights=list(weights), k=count):
            boxes[hit] += 1
        return boxes
