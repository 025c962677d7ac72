"""The test site, served once for all tests of this folder that only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .site import Built, build


@pytest.fixture(scope="session")
def built() -> Iterator[Built]:
    """A site that nobody may change; tests that revise or withdraw build their own."""
    with build() as made:
        yield made
