"""Somebody is told of a run in which something happened, and a run never fails because nobody could be."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from flows.collecting import notifying
from flows.errors import PipelineError
from flows.home import Home, Settings

from .answering import reply, serving

COUNTS = {"new": 2, "revised": 0, "gone": 1, "trouble": 0}
TABLES = {"new": [{"address": "https://a.test/1", "why": ""}], "gone": [{"address": "https://a.test/2", "why": ""}]}


def test_an_address_is_told(tmp_path: Path) -> None:
    def take(*_: object) -> bytes:
        return reply("ok", Connection="close")

    with serving({"/hook": take}) as server:
        settings = Settings(notify_webhook=server.url("/hook"))
        assert notifying.told(settings, Home(tmp_path), COUNTS, TABLES) == []
        assert server.asked[0].headers["content-type"].startswith("application/json")
        assert int(server.asked[0].headers["content-length"]) > 50
        assert notifying.told(settings, Home(tmp_path), {"new": 0, "unchanged": 9}, {}) == []
        assert len(server.asked) == 1


def test_a_command_is_told_in_words(tmp_path: Path) -> None:
    program = "import sys, os; open(sys.argv[1], 'wb').write(os.environ['GOUJI_SUBJECT'].encode() + b'|' + sys.stdin.buffer.read())"
    (tmp_path / "mail.py").write_text(program)
    settings = Settings(notify_command=f"{sys.executable} {tmp_path / 'mail.py'} {tmp_path / 'letter'}")
    assert notifying.told(settings, Home(tmp_path), COUNTS, TABLES) == []
    letter = (tmp_path / "letter").read_text("utf-8")
    assert "新发布 new: 2" in letter and "https://a.test/2" in letter and letter.startswith("勾稽采集")
    notifying.failed(settings, Home(tmp_path), PipelineError("磁盘已满", "the disk is full"))
    assert "磁盘已满" in (tmp_path / "letter").read_text("utf-8")


def test_what_cannot_be_told_is_no_failure(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = Settings(notify_webhook=f"http://127.0.0.1:{port}/", notify_command="/no/such/command")
    failures = notifying.told(settings, Home(tmp_path), COUNTS, TABLES)
    assert len(failures) == 2 and "/no/such/command" in failures[1]
