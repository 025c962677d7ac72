"""A small county's drafts for the tests of rounds: a few offices, right or with an error, in the folder of a round.

Belongs here: making drafts and running the command in this process. Does not belong here: what is to be found.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data.generator import Layout, clean_layout, make_truth, render
from gouji.cli import main
from tests.gouji.offices import issuer

YEAR = 2024
EDUCATION, JUSTICE, WATER = "沭阳县教育局", "沭阳县司法局", "沭阳县水利局"
SEEDS = {EDUCATION: 1, JUSTICE: 2, WATER: 3, "泗阳县公安局": 4, "沭阳县财政局": 5, "泗阳县水利局": 3}
WRONG = ("wrong_total",)
_LAYOUT = clean_layout()


def draft(office: str, *errors: str, year: int = YEAR, layout: Layout = _LAYOUT, seed: int = 0) -> bytes:
    """An office's draft; its figures are the same in every version but for the error."""
    truth = make_truth(
        SEEDS[office] + 100 * seed, "2021", issuer=issuer(office), year=year, size="small", errors=errors
    )  # type: ignore[arg-type]
    return render(truth, layout)


def county(folder: Path) -> Path:
    """A round's folder with three drafts, one of which has an error, and the list beside it."""
    drafts = folder / f"{YEAR}年报"
    drafts.mkdir(parents=True)
    for office in (EDUCATION, JUSTICE, WATER):
        (drafts / f"{office}.docx").write_bytes(draft(office, *(WRONG if office == EDUCATION else ())))
    (folder / "名单.csv").write_text("单位,报送日期\n县教育局,\n司法局,\n水利局,\n财政局,\n", "utf-8-sig")
    assert main(["round", "start", str(drafts), "--roster", str(folder / "名单.csv")]) == 0
    return drafts


def checked(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    """What a check of the round prints as JSON."""
    capsys.readouterr()
    main(["round", "check", str(folder), "--format", "json", *options])
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def told(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """What it says to a person, on both streams."""
    capsys.readouterr()
    main(["round", *(options or ("check",)), str(folder)])
    out = capsys.readouterr()
    return out.out + out.err


def offices(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {o["office"]: o for o in found["offices"]}
