"""What stays as it is from run to run: what a site forbids, what is gone, a collecting that nobody starts any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import status
from flows.collecting import collect as work
from flows.collecting.outcome import Collect
from gouji.cli import main
from tests.conftest import ROOT
from tests.flows.helpers import without_prefect

from .answering import Server, reply, serving

pytestmark = pytest.mark.xdist_group("ingest")
_PAGE = next(p for p in sorted((ROOT / "data/samples").iterdir()) if p.suffix == ".html").read_bytes()
_TITLE = "泗县教育局{}年政府信息公开工作年度报告"


def _list(*years: int) -> bytes:
    links = "".join(f'<li><a href="/n/{y}.html">{_TITLE.format(y)}</a></li>' for y in years)
    return reply(f"<html><head><title>政府信息公开年报</title></head><body><ul>{links}</ul></body></html>")


@pytest.fixture
def server() -> Server:
    pages = {f"/n/{y}.html": reply(_PAGE.replace(b"2019", str(y).encode())) for y in (2019, 2020)}
    with serving(
        {"/": _list(2019, 2020, 2021), "/robots.txt": reply("User-agent: *\nDisallow: /n/2021"), **pages}
    ) as made:
        yield made


def test_what_a_site_has_decided_is_told_for_a_week_and_what_is_gone_is_asked_for_less_and_less(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "one"\naddress = "{server.url("/")}"\ndelay = 0\nallow = ["private_address"]\n', "utf-8"
    )
    begun = datetime.now(UTC) - timedelta(weeks=30)

    def collect(week: float) -> Collect:
        monkeypatch.setattr(work, "now", lambda: (begun + timedelta(weeks=week)).isoformat(timespec="seconds"))
        with without_prefect():
            return work.collect(home_dir=tmp_path, retries=0, workers=1)

    def needs() -> dict[str, int]:
        return dict(status.look(home_dir=tmp_path).needs)

    first, soon, later = (collect(week) for week in (0, 0.5, 1))
    assert [[t.problem for t in d.troubles] for d in (first, soon, later)] == [["robots"]] * 3
    assert [d.ok for d in (first, soon, later)] == [False, False, True]
    assert "trouble" not in needs()
    # A list that may not be read is trouble as long as it is so.
    server.answers["/robots.txt"] = reply("User-agent: *\nDisallow: /")
    (tmp_path / "collecting" / "hosts.sqlite").unlink()
    assert [collect(week).ok for week in (1.1, 3)] == [False, False] and needs()["trouble"] == 1
    server.answers["/robots.txt"] = reply("")
    (tmp_path / "collecting" / "hosts.sqlite").unlink()
    server.answers["/"] = _list(2019)
    del server.answers["/n/2020.html"]
    asked = server.times("/n/2020.html")
    told = [collect(week) for week in range(4, 13)]
    assert all(d.ok for d in told) and sum(d.gone for d in told) == 1
    assert [len(d.listed.get("missing", [])) for d in told] == [1, 1, 1, *[0] * 6]
    # Three times until it is gone, then after 1, 1, 2, 4 weeks.
    assert server.times("/n/2020.html") - asked == 3 + 3
    server.answers["/"], server.answers["/n/2020.html"] = _list(2019, 2020), server.answers["/n/2019.html"]
    assert collect(13).returned == 1
    capsys.readouterr()
    main(["status", "--home", str(tmp_path)])
    said = capsys.readouterr().out
    assert "重新出现" in said and "已下线" not in said


@pytest.mark.parametrize(
    ("settings", "days", "stalled"),
    [
        ("", 7, 0),
        ("", 50, 50),
        ("interval = 7776000", 50, 0),
        ("interval = 3600", 3, 3),
        ('schedule = "0 2 1 * *"', 30, 0),
    ],
)
def test_a_collecting_that_nobody_starts_any_more_is_seen(
    settings: str, days: int, stalled: int, tmp_path: Path
) -> None:
    versions = dict.fromkeys(("parser", "forms", "rules"), "1")
    found = status.Status("", "", versions, sources=1, disk={"free": 1 << 40})
    found.collects = [{"started": (datetime.now(UTC) - timedelta(days=days, hours=1)).isoformat(), "state": "done"}]
    (tmp_path / "settings.toml").write_text(settings, "utf-8")
    status._needs(found, status.home.settings(status.Home(tmp_path)))
    assert dict(found.needs).get("stalled", 0) == stalled
    found.sources, found.needs = 0, []
    status._needs(found, status.home.settings(status.Home(tmp_path)))
    assert "stalled" not in dict(found.needs)
