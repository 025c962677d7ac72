"""What a run tells while it goes on.

Belongs here: the calls that whoever shows progress has to answer. Does not belong here: showing it (`gouji`).
"""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a run tells while it goes on. Calls may come from any thread."""

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins: ``collect``, ``list``, ``convert``, ``parse``, ``load``, ``rehash``, ``compare``; ``total`` is its number
        of files where that is known."""

    def advance(self) -> None:
        """One more file of the stage."""

    def found(self, reports: int) -> None:
        """So many reports have been read so far."""


class Silent:
    """No progress shown."""

    def stage(self, name: str, total: int | None) -> None:
        pass

    def advance(self) -> None:
        pass

    def found(self, reports: int) -> None:
        pass
