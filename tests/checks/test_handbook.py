"""The page of rules is current, and says of every rule what a reader needs."""

from __future__ import annotations

import subprocess
import sys

from checks.handbook import page
from checks.rules import catalogue, data
from tests.conftest import ROOT


def test_the_committed_page_is_current() -> None:
    """`make docs` makes it anew."""
    assert (ROOT / "docs/rules.md").read_text("utf-8") == page()


def test_the_module_prints_the_page() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "checks.handbook"], cwd=ROOT, capture_output=True, check=True, timeout=60
    )
    assert run.stdout.decode("utf-8") == page()
    assert not run.stderr


def test_every_rule_has_its_entry() -> None:
    text = page()
    for rule in catalogue():
        assert f"### `{rule.id}` {rule.words['zh']['name']} · {rule.words['en']['name']}" in text
        assert rule.words["zh"]["example"] in text
        assert rule.words["en"]["example"] in text


def test_a_manual_review_is_covered() -> None:
    """Every rule answers to an item of a review, and every item names rules that there are."""
    named = [r for item in data("rules.toml")["review"] for r in item["rules"]]
    assert set(named) == {r.id for r in catalogue()}


def test_both_languages_say_the_same_things() -> None:
    for rule in catalogue():
        assert set(rule.words["zh"]) == set(rule.words["en"]), rule.id
    words = data("rules.toml")["words"]
    assert set(words["zh"]) == set(words["en"])
