"""What a successor reads names what is there."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from flows.home import Settings
from tests.conftest import ROOT

PAGES = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
# A path of ours with a folder in it, as it stands in code marks; NAME and the like stand for one.
_PATH = re.compile(r"`((?:schemas|parsers|checks|flows|gouji|data|benchmarks|tests|docs)/[\w./*-]*)`")
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_paths_and_links_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    for path in _PATH.findall(text):
        assert "NAME" in path or list(ROOT.glob(path.rstrip("/"))), path
    for link in _LINK.findall(text):
        assert (page.parent / link).exists(), link


def test_the_glossary_is_in_order_and_has_each_word_once() -> None:
    rows = re.findall(r"^\| ([a-z][^|]*) \|", (ROOT / "docs/glossary.md").read_text("utf-8"), re.MULTILINE)
    words = [row for row in rows if row != "word"]
    assert len(words) > 30
    assert words == sorted(set(words))


def test_every_setting_stands_on_its_page_with_its_built_in_value() -> None:
    page = (ROOT / "docs/collecting.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]*?) ?\|", page, re.MULTILINE))
    built_in = {f.name: str(f.default) for f in dataclasses.fields(Settings) if f.name != "reader"}
    assert {name: value.strip("`") for name, value in rows.items() if name in built_in} == built_in
