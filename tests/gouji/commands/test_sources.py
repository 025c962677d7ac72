"""`gouji sources` as an operator runs it, on the test site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partialmethod
from pathlib import Path

import pytest

from flows.collecting.listed import load
from flows.collecting.queue import Queue
from gouji.cli import main
from tests.flows.collecting.site import Built, build


@pytest.fixture(scope="module")
def site() -> Iterator[Built]:
    with build() as made:
        yield made


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test site is not spared: pauses between requests have tests of their own."""
    monkeypatch.setattr(Queue, "__init__", partialmethod(Queue.__init__, sleep=lambda _: None))


@pytest.fixture
def home(site: Built, tmp_path: Path) -> Path:
    (tmp_path / "sources.toml").write_text(site.sources, "utf-8")
    return tmp_path


def test_check_shows_what_would_be_collected_and_loads_nothing(
    home: Path, site: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    site.site.forget()
    assert main(["sources", "check", "trs", "--home", str(home), "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert {(e["body"], e["year"]) for e in entries} == {
        (r.body, r.year) for r in site.world if r.body.startswith("开化县")
    }
    assert set(entries[0]) >= {"source", "address", "title", "year", "body"}
    # Three pages of the list and robots.txt, no report.
    assert [a.path for a in site.site.asked("trs")] == [
        "/robots.txt",
        *(f"/col/xxgknb/index{n}.html" for n in ("", "_1", "_2")),
    ]
    assert not list(home.glob("*.duckdb")) and not (home / "record").exists()


def test_check_says_in_words_what_it_found_and_what_is_wrong(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "check", "by_body", "--home", str(home)]) == 0
    shown = capsys.readouterr().out
    assert "by_body：16 份（2024-2025）" in shown
    assert "祁门县教育局" in shown
    with (home / "sources.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[[source]]\nname = "空"\naddress = "空文件夹"\n')
    (home / "空文件夹").mkdir()
    assert main(["sources", "check", "空", "--home", str(home), "--lang", "en"]) == 2
    captured = capsys.readouterr()
    assert "空文件夹" in captured.err
    assert "1 sources, 0 reports" in captured.out


def test_add_writes_the_entry_and_check_then_finds_it(
    site: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = site.url("shapes", "/nb/page.html")
    arguments = ["sources", "add", address, "--home", str(tmp_path), "--allow", "private_address"]
    assert main([*arguments, "--dry-run"]) == 0
    assert "没有写入" in capsys.readouterr().out
    assert not (tmp_path / "sources.toml").exists()
    assert main([*arguments, "--name", "一份", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["source"], made["kind"], len(made["reports"])) == ("一份", "page", 1)
    (source,) = load(tmp_path / "sources.toml")
    assert (source.name, source.kind, source.address) == ("一份", "page", address)
    # The same address is not written twice.
    assert main(arguments) == 2
    assert "已有这个地址" in capsys.readouterr().err


def test_add_says_why_it_cannot_look(site: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "add", site.url("plain", "/zwgk/nb/"), "--home", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "127.0.0." in said and "--allow private_address" in said
    nothing = ["sources", "add", site.url("json", "/"), "--home", str(tmp_path), "--allow", "private_address"]
    assert main(nothing) == 2
    assert "JSON" in capsys.readouterr().err
    assert not (tmp_path / "sources.toml").exists()


def test_a_wrong_list_is_told_by_file_entry_and_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nname = "甲"\naddress = "https://x.test/"\ndelay = "慢"\n', "utf-8"
    )
    assert main(["sources", "check", "--home", str(tmp_path)]) == 2
    message = capsys.readouterr().err
    assert all(word in message for word in ("sources.toml", "source 1", "甲", "delay"))


def test_without_a_list_it_says_how_to_make_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "check", "--home", str(tmp_path)]) == 2
    assert "gouji sources add" in capsys.readouterr().err
