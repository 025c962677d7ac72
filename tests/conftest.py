"""Fixtures that every room's tests share: where the real documents are, and what the machine lacks."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from _pytest.nodeid import coerce_node_id

ROOT = Path(__file__).resolve().parents[1]
# What guards nothing of its own, or a longer look at what a shorter test samples.
LONG = pytest.mark.skipif(not os.environ.get("GOUJI_SOAK"), reason="takes long: make soak")
SHARED = Path(os.environ.get("GOUJI_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the checkout."""
    if not (SHARED / "reports").is_dir():
        pytest.skip("the real documents (../shared, or GOUJI_SHARED) are not here")
    return SHARED


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: no collection of garbage goes through it, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The tests of a file that says so (`xdist_group`) run in one process, so that what they share is made once; those of the group
    "prefect" in one whatever their file, since they share a server.

    pytest-xdist asks for that by a name behind "@" in the test's id, which the pytest of today keeps elsewhere than it writes.
    """
    if not hasattr(config, "workerinput"):
        return
    for item in items:
        if (asked := item.get_closest_marker("xdist_group")) is not None:
            group = "prefect" if asked.args == ("prefect",) else item.nodeid.partition("::")[0].replace("/", ".")
            item._id = coerce_node_id(f"{item.nodeid}@{group}")
