"""What rooms of this floor share: drafts that do no harm, read without a process of their own."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any
from unittest.mock import patch

import pytest

from parsers.isolation import supervisor
from parsers.readers import convert


def _each(
    work: Callable[[Any], Any], jobs: Iterable[Any], *_: object, prepare: Callable[[], object] | None = None
) -> Generator[tuple[str, Any], None, None]:
    if prepare is not None:
        prepare()
    try:
        for job in jobs:
            yield "done", work(job)
    finally:
        convert.use(None)


@pytest.fixture
def read_here() -> Iterator[None]:
    """Several drafts are read in this process: a child takes longer to start than to read them. What children are for is held by
    `tests/parsers/isolation`, `tests/hostile` and `tests/gouji/batch`."""
    with patch.object(supervisor, "each", _each):
        yield
