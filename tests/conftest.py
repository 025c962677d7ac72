"""Fixtures that every room's tests share: where the real documents are, and what the machine lacks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("GOUJI_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the checkout."""
    if not (SHARED / "reports").is_dir():
        pytest.skip("the real documents (../shared, or GOUJI_SHARED) are not here")
    return SHARED
