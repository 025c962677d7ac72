"""A fault of ours in one draft leaves the others of its folder checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import checks
from data.generator import clean_layout, make_truth, render
from gouji.cli import main
from schemas.facts import Extraction
from schemas.findings import Checked


def test_one_draft_that_cannot_be_checked_is_told_and_the_others_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, seed in (("甲.html", 11), ("乙.html", 12)):
        (tmp_path / name).write_bytes(render(make_truth(seed, size="tiny"), clean_layout("html")))
    inner = checks.check

    def check(extraction: Extraction, *given: object, **named: object) -> Checked:
        if extraction.source.path.endswith("甲.html"):
            raise ZeroDivisionError("0/0")
        return inner(extraction, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(checks, "check", check)
    assert main(["check", str(tmp_path), "--format", "json"]) == 2
    by_name = {Path(each["source"]["path"]).name: each for each in json.loads(capsys.readouterr().out)}
    assert by_name["乙.html"]["verdict"] == "pass"
    assert by_name["甲.html"]["verdict"] == "unreadable"
    (problem,) = by_name["甲.html"]["problems"]
    assert "甲.html" in problem["message"] and "没有核对完" in problem["message"]
    assert main(["check", str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert "没有核对完" in told.out + told.err and "乙.html" in told.out
