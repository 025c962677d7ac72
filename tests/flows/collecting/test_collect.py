"""The small internet collected for real: what comes in, how politely, what a second run asks, what changes and what goes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows import status
from flows.collecting import collect as work
from flows.collecting.outcome import Collect
from flows.collecting.store import Collected
from flows.collecting.visits import skeleton
from tests.conftest import LONG, ROOT
from tests.flows.helpers import dump, examine, rows, without_prefect

from .answering import reply, serving
from .site import Built, attachments, build

pytestmark = pytest.mark.xdist_group("ingest")
SETTINGS: dict[str, Any] = {"request_seconds": 12, "request_megabytes": 8, "retries": 2, "retry_wait": 3, "workers": 2}


@dataclass
class Collection:
    built: Built
    home: Path

    def collect(self, only: str | None = None, **more: Any) -> Collect:
        """All of the site with Prefect and processes that read; a part of it plainly."""
        self.built.site.forget()
        with nullcontext() if only is None else without_prefect():
            return work.collect(home_dir=self.home, only=only, **SETTINGS, **more)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return rows(self.home / "gouji.duckdb", sql)


def _collection(built: Built, home: Path) -> Collection:
    home.mkdir(exist_ok=True)
    (home / "sources.toml").write_text(built.sources, "utf-8")
    return Collection(built, home)


# -- all of it ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def everything(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[Collection, Collect]]:
    if not os.environ.get("GOUJI_SOAK"):
        pytest.skip("the whole test site takes minutes: make soak")
    request.getfixturevalue("prefect_api")
    with build(delay=0.02) as built:
        attachments.made(built.world)
        made = _collection(built, tmp_path_factory.mktemp("everything"))
        yield made, made.collect()


def test_everything_is_collected_politely_and_once(everything: tuple[Collection, Collect]) -> None:
    made, done = everything
    site = made.built.site
    assert done.new >= 400 and done.reports >= done.new, done.counts()
    aside = {address.rpartition("/")[2] for address in done.listed["set_aside"]}
    assert aside == {"picture.html"}
    assert {path for _, path in site.repeated()} <= set(_asked_again(made))
    # An answer that is given up goes on at the server until it notices.
    assert {label: n for label, n in site.most_at_once.items() if n > 1}.keys() <= {"faults"}
    pauses = {label: site.shortest_pause(label, given_up=label == "faults") for label in site.hosts}
    assert all(pause >= 0.02 for pause in pauses.values()), pauses
    # What is read is what is published there, figure by figure as the generator made it.
    wanted = Counter((r.body, r.year) for r in made.built.world)
    found = Counter(made.query("SELECT issuer, year FROM report WHERE is_current"))
    strange = {key: n for key, n in found.items() if key not in wanted}
    assert not strange, strange
    assert made.query("SELECT count(*) FROM source WHERE address IS NULL OR publication IS NULL") == [(0,)]


def _quiet(made: Collection) -> set[str]:
    """Publications that were seen again at the last run."""
    record = Collected(made.home / "collected.sqlite")
    known = record.publications()
    record.close()
    last = max(p.checked for p in known)
    return {p.address for p in known if p.last_seen == last}


def _asked_again(made: Collection) -> list[str]:
    """Targets that fail in passing, which may be tried twice."""
    passing = (408, 425, 429, 500, 502, 503)
    half = ("/nb/cut_gzip.html", "/nb/cut_length.html")
    return [*half, *(a.target for a in made.built.site.asked() if a.status in passing or a.sent == 0)]


def test_troubles_are_told_by_their_names(everything: tuple[Collection, Collect]) -> None:
    made, done = everything
    root = made.built.site.hosts["faults"].root
    told = {t.address.removeprefix(f"{root}/nb/").removesuffix(".html"): t.problem for t in done.troubles}
    wanted = {
        "not_found": "gone",
        "gone": "gone",
        "soft_404": "soft_404",
        "home_page": "home_page",
        "forbidden": "forbidden",
        "challenge_412": "challenge",
        "challenge_521": "challenge",
        "challenge_200": "challenge",
        "broken": "server_error",
        "always_busy": "busy",
        "drip": "timed_out",
        "endless": "too_large",
        "cut_gzip": "cut",
        "cut_length": "cut",
        "bomb": "too_large",
        "to_private": "private_elsewhere",
        "to_metadata": "private_elsewhere",
        "sent_home": "home_page",
        "soft_404_gbk": "soft_404",
        "login_page": "login_page",
    }
    assert {name: told.get(name) for name in wanted} == wanted


def test_a_second_run_asks_with_conditions_and_reads_nothing(everything: tuple[Collection, Collect]) -> None:
    made, first = everything
    before = dump(made.home / "gouji.duckdb")
    second = made.collect()
    assert (second.new, second.revised, second.reports, second.ingest) == (0, 0, 0, None), second.listed
    left = {*first.listed["new"]}.difference(second.listed["unchanged"], _quiet(made))
    assert not left, [(t.address, t.problem) for t in second.troubles if t.address in left] or left
    asked = made.built.site.asked()
    good = [a for a in asked if a.status in (200, 304) and a.path != "/robots.txt"]
    with_validators = {label for label, host in made.built.site.hosts.items() if host.freshness == "etag"}
    # A file whose address is another at every visit has no condition to be asked with.
    always = "/nb/changing_token/down.jsp"
    bare = [a for a in good if a.host in with_validators and not a.conditional and a.path != always]
    assert not bare, bare[:3]
    assert not [a for a in asked if a.path == "/robots.txt" and a.status in (200, 404) and not a.broken]
    assert dump(made.home / "gouji.duckdb") == before


def test_of_all_of_it_only_what_changed_is_news(everything: tuple[Collection, Collect]) -> None:
    """A third run: reports of several families revised, some withdrawn; the rest says the same with other counters, dates, tokens."""
    made, _ = everything
    before = dict(made.query("SELECT issuer || year, count(*) FROM report WHERE is_current GROUP BY 1"))
    chosen = [
        r
        for r in made.built.world
        if r.body.startswith(("沭阳县", "攸县", "开化县", "平潭县", "乾县")) and r.year == 2024
    ]
    revised, away = chosen[::3], chosen[1::9]
    for report in revised:
        report.revise()
    for report in away:
        report.up = False
    third = made.collect()
    assert (third.new, third.revised, third.gone) == (0, len(revised), 0), third.listed
    assert len(third.listed["missing"]) == len(away)
    assert dict(made.query("SELECT issuer || year, count(*) FROM report WHERE is_current GROUP BY 1")) == before
    cells = "SELECT count(DISTINCT report_key), count(*) FROM change"
    assert made.query(cells) == [(len(revised), len(revised))]
    for report in away:
        report.up = True
    fourth = made.collect()
    assert (fourth.new, fourth.revised, fourth.ingest) == (0, 0, None), fourth.listed


# -- what changes -----------------------------------------------------------------------------------------------------------


# A source of thirty pages, each a report: small, and read for all tests once.
SMALL = "platform"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    with build() as built:
        made = _collection(built, tmp_path_factory.mktemp("small"))
        made.collect(SMALL)
        yield made


def _pages(made: Collection) -> list[tuple[str, str, int]]:
    """Address, body and year of reports that stand on a page of their own."""
    return made.query(
        "SELECT s.address, r.issuer, r.year FROM report r JOIN source s ON s.sha256 = r.source_sha256 "
        "WHERE s.address = s.publication AND r.is_current ORDER BY 1"
    )


def test_a_revision_is_one_and_decoration_is_none(small: Collection) -> None:
    again = small.collect(SMALL)
    assert (again.new, again.revised) == (0, 0)
    address, body, year = _pages(small)[0]
    report = next(r for r in small.built.world if (r.body, r.year) == (body, year))
    cell = report.revise()
    done = small.collect(SMALL)
    assert (done.new, done.revised) == (0, 1) and done.listed["revised"] == [address]
    assert small.query(
        f"SELECT revision, is_current FROM report JOIN source ON sha256 = source_sha256 WHERE address = '{address}' ORDER BY 1"
    ) == [
        (1, False),
        (2, True),
    ]
    assert done.changes == {address: 1}
    assert small.query("SELECT address FROM change") == [(cell,)]


def test_a_page_that_is_away_three_times_is_gone_keeps_its_data_and_may_come_back(small: Collection) -> None:
    address, body, year = _pages(small)[1]
    report = next(r for r in small.built.world if (r.body, r.year) == (body, year))
    before = dump(small.home / "gouji.duckdb")
    report.up = False
    told = [small.collect(SMALL) for _ in range(4)]
    assert [d.gone for d in told] == [0, 0, 1, 0], [d.listed for d in told]
    assert small.query("SELECT address, missing FROM publication WHERE state = 'gone'") == [(address, 4)]
    now = dump(small.home / "gouji.duckdb")
    assert all(now[table] == before[table] for table in ("fact", "finding", "indicator_value", "set_aside"))
    assert small.query("SELECT issuer, year FROM report WHERE gone") == [(body, year)]
    record = Collected(small.home / "collected.sqlite")
    gone = record.publication(address)
    assert gone is not None and gone.gone is not None and gone.missing == 4
    report.up = True
    back = small.collect(SMALL)
    assert back.returned == 1 and back.listed["returned"] == [address] and back.revised == 0
    assert small.query("SELECT count(*) FROM report WHERE gone") == [(0,)]
    again = record.publication(address)
    assert again is not None and again.gone is None and again.returned is not None
    happened = ["missing", "missing", "missing", "gone", "missing", "returned"]
    assert [e["what"] for e in record.events(address)] == happened
    assert [e["what"] for e in record.events(last=2)] == happened[-2:]
    record.close()
    # The same in the database, which nobody built anew for it.
    asked = f"SELECT what FROM publication_event WHERE address = '{address}' ORDER BY event"
    assert [what for (what,) in small.query(asked)] == ["new", *happened]
    assert small.query(
        f"SELECT state, issuer, year, revisions, gone IS NULL, returned >= last_seen FROM history WHERE publication = '{address}'"
    ) == [("there", body, year, 1, True, True)]
    assert {state for (state,) in small.query("SELECT state FROM collect_run")} == {"done"}
    found = status.look(home_dir=small.home)
    assert [(e["what"], e["address"]) for e in found.events] == [("returned", address), ("gone", address)]
    sound = examine(small.home)
    assert (sound.troubles, sound.unseen) == ([], [])


_PAGE = "<html><head><title>年报</title></head><body><div class=i>发布时间：2024-01-28　浏览次数：{n}次</div>{menu}<p>收到申请{k}件。</p></body></html>"


def test_what_counts_as_decoration() -> None:
    page = _PAGE.format(n=1, menu="", k=3).encode()
    menu = "<ul><li><a href=/a>别的报告 2024</a> 2024-01-02</li></ul><script>var t=1</script>"
    assert skeleton(page) == skeleton(_PAGE.format(n=2345, menu=menu, k=3).encode())
    assert skeleton(page) != skeleton(_PAGE.format(n=1, menu="", k=4).encode())
    assert skeleton(b"%PDF-1.4") is None
    for one, other in (("网站访问量1次。", "网站访问量2次。"), ("<td>1</td><td>2</td>", "<td>12</td><td></td>")):
        a, b = (skeleton(f"<html><body><table><tr>{x}</tr></table></body></html>".encode()) for x in (one, other))
        assert a != b


# -- what could not be had ------------------------------------------------------------------------------------------------------

_LEADING = '<html><head><title>某县教育局2024年政府信息公开工作年度报告</title></head><body><p>某县教育局2024年政府信息公开工作年度报告</p><p><a href="/f/a.docx">某县教育局2024年政府信息公开工作年度报告.docx</a></p></body></html>'


@pytest.mark.parametrize("page_too", [False, pytest.param(True, marks=LONG)])
def test_an_attachment_that_failed_is_asked_for_again_although_its_page_has_not_changed(
    tmp_path: Path, page_too: bool
) -> None:
    samples = sorted((ROOT / "data/samples").iterdir())
    document = next(p for p in samples if p.suffix == ".docx" and "损坏" not in p.name).read_bytes()
    page = _LEADING
    if page_too:
        link = '<p><a href="/f/a.docx">2024年政府信息公开工作年度报告.docx</a></p></body>'
        page = next(p for p in samples if p.suffix == ".html").read_text("utf-8").replace("</body>", link)
    answers = {
        "/p.html": reply(page, Content_Type="text/html; charset=utf-8", ETag='"1"'),
        "/f/a.docx": reply("no", "500 Oops"),
    }
    with serving(dict(answers)) as server:
        (tmp_path / "sources.toml").write_text(
            f'[[source]]\nname = "one"\nkind = "page"\naddress = "{server.url("/p.html")}"\ndelay = 0\nallow = ["private_address"]\n',
            "utf-8",
        )

        def collect() -> Collect:
            with without_prefect():
                return work.collect(home_dir=tmp_path, retries=0, workers=1)

        told = [collect(), collect()]
        assert [[t.problem for t in d.troubles] for d in told] == [["server_error"], ["server_error"]], told
        assert [d.reports for d in told] == [int(page_too), 0]
        server.answers["/f/a.docx"] = reply(document, ETag='"2"')
        healed = collect()
        assert healed.reports == 1 and not healed.troubles, healed
        asked = len(server.asked)
        quiet = collect()
        assert (quiet.unchanged, quiet.ingest, len(server.asked) - asked) == (1, None, 2)


def test_a_share_that_is_not_mounted_stays_in_sight_until_it_is(tmp_path: Path) -> None:
    share = tmp_path / "share"
    (tmp_path / "sources.toml").write_text(f'[[source]]\nname = "in"\nkind = "folder"\naddress = "{share}"\n', "utf-8")

    def problems() -> list[str]:
        with without_prefect():
            done = work.collect(home_dir=tmp_path / "home", sources=tmp_path / "sources.toml", workers=1)
        found = status.look(home_dir=tmp_path / "home")
        assert [t["problem"] for t in found.troubles] == [t.problem for t in done.troubles]
        assert dict(found.needs).get("trouble", 0) == len(done.troubles) and done.ok == (not done.troubles)
        return [t.problem for t in done.troubles]

    assert problems() == ["unreadable_path"]
    share.mkdir()
    assert problems() == ["empty_folder"]
    (share / "a.docx").write_bytes(
        next(p for p in (ROOT / "data/samples").glob("*.docx") if "损坏" not in p.name).read_bytes()
    )
    assert problems() == []
    (share / "a.docx").rename(tmp_path / "a.docx")
    assert problems() == ["empty_folder"]
    share.rmdir()
    assert problems() == ["unreadable_path"]
    assert rows(tmp_path / "home" / "gouji.duckdb", "SELECT count(*) FROM report WHERE is_current") == [(1,)]


def test_files_of_a_folder_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.docx").write_bytes(b"PK\x03\x04half")
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "in"\nkind = "folder"\naddress = "{tmp_path / "in"}"\n', "utf-8"
    )
    with without_prefect():
        done = work.collect(home_dir=tmp_path, workers=1)
    assert (
        not done.ok
        and done.set_aside == 1
        and list(done.reasons) == done.listed["set_aside"] == [str(tmp_path / "in" / "a.docx")]
    )
