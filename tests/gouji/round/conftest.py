"""Rounds are of whole drafts: what they are read in is not tried here."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _here(read_here: None) -> None:
    """Every test of the folder."""
