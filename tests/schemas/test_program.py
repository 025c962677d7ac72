"""What a process of a program of ours begins and ends with."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from schemas import kept
from schemas.program import program


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    """The collector as it was: this process is not the program's."""
    thresholds, frozen = gc.get_threshold(), gc.get_freeze_count()
    yield
    gc.set_threshold(*thresholds)
    if not frozen:
        gc.unfreeze()


@pytest.mark.parametrize("failing", [False, True])
def test_a_program_remembers_first_and_keeps_at_its_end(failing: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(kept, "remember", lambda: done.append("remember"))
    monkeypatch.setattr(kept.KEPT, "save", lambda: done.append("save"))
    gc.unfreeze()
    try:
        with program():
            done.append("work")
            # It still collects what a long run leaves behind.
            assert gc.isenabled()
            assert gc.get_freeze_count() == 0
            if failing:
                raise SystemExit(2)
    except SystemExit:
        assert failing
    assert done == ["remember", "work", "save"]
    # Python looks through all that is left when it ends, which costs as much as reading a draft.
    assert gc.get_freeze_count() > 1000
