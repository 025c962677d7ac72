"""Nothing is lost or doubled where several ways lead to one report, and where addresses change while what stands there does not."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from flows import status
from flows.collecting import changing
from flows.collecting.contract import Candidate
from flows.collecting.outcome import Collect
from flows.collecting.pages import address_of
from flows.collecting.store import Collected, Publication
from tests.flows.helpers import rows

from .answering import Answer, Server, reply, serving
from .test_fetching import Collector, source
from .test_years import PAGE, WORD, collect, page

__all__ = ["Collector"]
pytestmark = pytest.mark.xdist_group("ingest")


def report(body: str) -> str:
    return PAGE.replace("平潭综合实验区", body)


def title(body: str) -> str:
    return f"{body}2023年政府信息公开工作年度报告"


def links(**named: str) -> str:
    """A list: path (with ``__`` for what no name may hold) is said by the caller; here address → body."""
    items = "".join(f'<li><a href="{to}">{title(body)}</a><span>2024-01-20</span></li>' for to, body in named.items())
    return (
        f'<html><head><meta charset="utf-8"><title>政府信息公开年报</title></head><body><ul>{items}</ul></body></html>'
    )


class Changing(dict[str, Any]):
    """Answers by path, whatever the query."""

    def get(self, path: str, default: Any = None) -> Any:
        return super().get(path.partition("?")[0], default)


def listed(home: Path, **sources: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "sources.toml").write_text(
        "".join(
            f'[[source]]\nname = "{name}"\naddress = "{address}"\ndelay = 0\nallow = ["private_address"]\n'
            for name, address in sources.items()
        ),
        "utf-8",
    )


def counted(done: Collect) -> tuple[int, int, int]:
    return done.new, done.revised, done.unchanged


def test_two_lists_that_name_one_report_and_two_pages_that_lead_to_one_file(tmp_path: Path) -> None:
    """Each is visited, counted, read and kept once; tokens in addresses make nothing new; a file that got another name is no revision."""
    visit = 0

    def leading(_: Server, __: Any, ___: Any) -> bytes:
        return page(
            f"<html><head><title>{title('沭阳县')}</title></head><body><h1>{title('沭阳县')}</h1>"
            f'<p><a href="/down.jsp?id=7&token={visit}a">{title("沭阳县")}.docx</a></p></body></html>'
        )

    def first(_: Server, __: Any, ___: Any) -> bytes:
        return page(
            links(
                **{
                    f"/a.jsp?id=1&sid={visit}f": "泗县教育局",
                    "/b.html": "泗县财政局",
                    "/w1.html": "沭阳县",
                    "/w2.html": "沭阳县",
                }
            )
        )

    answers: dict[str, bytes | list[bytes] | Answer] = Changing(
        {
            "/one.html": first,
            "/two.html": page(links(**{"/b.html": "泗县财政局", "/c.html": "泗县民政局"})),
            "/a.jsp": page(report("泗县教育局")),
            "/b.html": page(report("泗县财政局")),
            "/c.html": page(report("泗县民政局")),
            "/w1.html": leading,
            "/w2.html": leading,
            "/down.jsp": reply(WORD),
        }
    )
    with serving(answers) as server:
        listed(tmp_path, one=server.url("/one.html"), two=server.url("/two.html"))
        done = collect(tmp_path)
        assert (counted(done), done.set_aside, done.troubles) == ((5, 0, 0), 0, [])
        assert Counter(server.paths()).most_common(1)[0][1] == 1
        assert rows(tmp_path / "gouji.duckdb", "SELECT count(*) FROM report WHERE is_current") == [(4,)]
        visit = 1
        server.asked.clear()
        again = collect(tmp_path)
        assert counted(again) == (0, 0, 5) and again.ingest is None
        assert {n for path, n in Counter(server.paths()).items() if not path.startswith("/down")} == {1}
        visit, server.answers["/b.html"] = (
            2,
            page(report("泗县财政局").replace("</body>", "<p>本年新收政府信息公开申请999件。</p></body>")),
        )
        server.answers["/a.jsp"] = page(
            report("泗县教育局").replace("</body>", "<p>本年新收政府信息公开申请999件。</p></body>")
        )
        assert counted(collect(tmp_path)) == (0, 2, 3)
        lineages = rows(tmp_path / "gouji.duckdb", "SELECT count(*), count(DISTINCT lineage) FROM report")
        assert lineages == [(6, 4)]


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("HTTP://X.TEST:80/a/./b/../c.html", "http://x.test/a/c.html"),
        ("https://x.test:443/%7ea/%e5%b9%b4.html?", "https://x.test/~a/%E5%B9%B4.html"),
        ("/a.jsp?id=1&JSESSIONID=9F&x=2", "https://x.test/a.jsp?id=1&x=2"),
        ("/a.jsp?utm_source=wx", "https://x.test/a.jsp"),
        ("https://x.test/../../a/", "https://x.test/a/"),
        ("http://年报.中国/a", "http://xn--hwt46g.xn--fiqs8s/a"),
        ("/a/b..c/.d", "https://x.test/a/b..c/.d"),
    ],
)
def test_spellings_of_an_address_are_one(link: str, address: str) -> None:
    assert address_of("https://x.test/nb/", link) == address


AT = "https://x.test"


def candidate(path: str, text: str = "甲", year: int | None = 2024) -> Candidate:
    return Candidate(AT + path, "s", AT, text, year=year)


def known(path: str, text: str = "甲", year: int | None = 2024) -> Publication:
    return Publication(AT + path, "s", link_text=text, year=year)


@pytest.mark.parametrize(
    ("now", "before", "stands"),
    [
        (["/a?id=1&t=2"], ["/a?id=1&t=1"], 1),
        (["/(S(x1))/a.aspx"], ["/(S(x2))/a.aspx"], 1),
        # Two reports, told apart by their number.
        (["/a?id=2"], ["/a?id=1"], 0),
        (["/a?id=2&t=2"], ["/a?id=1&t=1"], 0),
        # The list still has the one of before.
        (["/a?id=1&t=2", "/a?id=1&t=1"], ["/a?id=1&t=1"], 0),
        # Whose is it?
        (["/a?t=3"], ["/a?t=1", "/a?t=2"], 0),
        (["/a"], ["/a"], 0),
        (["/b?t=2"], ["/a?t=1"], 0),
    ],
)
def test_which_new_address_stands_for_a_known_one(now: list[str], before: list[str], stands: int) -> None:
    listed_now = {c.address: c for c in map(candidate, now)}
    assert len(changing.standing_for(listed_now, [known(p) for p in before])) == stands


def test_a_parameter_that_changes_at_all_links_of_a_list_tells_nothing_apart() -> None:
    texts = "甲乙丙丁"
    before = [known(f"/a?id={n}&x=1{n}", text) for n, text in enumerate(texts)]
    now = {c.address: c for c in (candidate(f"/a?id={n}&x=2{n}", text) for n, text in enumerate(texts))}
    assert changing.standing_for(now, before) == {f"{AT}/a?id={n}&x=2{n}": f"{AT}/a?id={n}&x=1{n}" for n in range(4)}
    kept = {**dict(list(now.items())[:3]), before[3].address: candidate("/a?id=3&x=13", "丁")}
    assert changing.standing_for(kept, before) == {}
    # Other words, another year: another report.
    assert changing.standing_for({c.address: c for c in [candidate("/a?t=2", "乙")]}, [known("/a?t=1")]) == {}
    assert changing.standing_for({c.address: c for c in [candidate("/a?t=2", year=2025)]}, [known("/a?t=1")]) == {}


# -- asked at the same time, asked by several ---------------------------------------------------------------------------------


def test_whoever_asks_at_the_same_time_or_by_a_redirect_has_the_same_answer(tmp_path: Path) -> None:
    def slow(_: Server, __: Any, ___: Any) -> bytes:
        time.sleep(0.2)
        return reply("text")

    collector = Collector(tmp_path)
    answers: dict[str, bytes | list[bytes] | Answer] = {
        "/a": slow,
        "/old": reply(status="301 Moved", Location="/a"),
        "/b": reply("b"),
        "/older": reply(status="302 Found", Location="/b"),
    }
    with serving(answers) as server:
        said: list[bytes] = []
        threads = [
            threading.Thread(
                target=lambda: said.append(collector.web.fetch(server.url("/a"), source=source(server)).body)
            )
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert said == [b"text"] * 3
        sent_on = collector.web.fetch(server.url("/old"), source=source(server))
        assert (sent_on.body, sent_on.address, sent_on.asked) == (b"text", server.url("/a"), server.url("/old"))
        assert collector.web.sha256(server.url("/old")) == collector.web.sha256(server.url("/a"))
        for path in ("/older", "/b"):
            assert collector.web.fetch(server.url(path), source=source(server)).body == b"b"
        assert sorted(server.paths()) == ["/a", "/b", "/old", "/older", "/robots.txt"]
    collector.close()


def test_what_one_source_may_not_ask_for_another_may(tmp_path: Path) -> None:
    collector = Collector(tmp_path)
    with serving({"/a": reply("text")}) as server:
        strict = source(server, "http")
        open_ = source(server, "http", "private_address")
        object.__setattr__(open_, "name", "别的")
        address = server.url("/a")
        assert collector.web.fetch(address, source=strict).problem == "private_address"
        assert collector.web.fetch(address, source=open_).body == b"text"
        assert collector.web.fetch(address, source=strict).body == b"text"
    collector.close()


# -- a host that is no more ---------------------------------------------------------------------------------------------------


def test_a_host_that_takes_the_connection_and_says_nothing_costs_a_bounded_time(tmp_path: Path) -> None:
    """At the first run, and when its reports and robots.txt are known; the others are collected, and the status says it."""
    home = tmp_path
    old = {"/list.html": page(links(**{f"/{n}.html": f"泗县第{n}中学" for n in range(8)}))}
    old |= {f"/{n}.html": page(report(f"泗县第{n}中学").replace("</body>", f"<p>{n}</p></body>")) for n in range(8)}
    with serving(
        {"/list.html": page(links(**{"/a.html": "泗县财政局"})), "/a.html": page(report("泗县财政局"))}
    ) as good:
        with serving(old) as server:
            listed(home, 旧=server.url("/list.html"), 好=good.url("/list.html"))
            assert counted(collect(home)) == (9, 0, 0)
            port = server.port
        with socket.create_server(("127.0.0.1", port)):
            for _ in range(2):
                begun = time.monotonic()
                done = collect(home, request_seconds=1)
                assert time.monotonic() - begun < 10
                assert counted(done) == (0, 0, 1)
                problems = [(t.problem, t.address) for t in done.troubles]
                assert problems.count(("left_alone", f"http://127.0.0.1:{port}/")) == 1
                assert len(problems) <= 4
    record = Collected(home / "collected.sqlite", read_only=True)
    assert {p.gone for p in record.publications()} == {None}
    record.close()
    found = status.look(home_dir=home)
    assert "left_alone" in {t["problem"] for t in found.troubles} and dict(found.needs)["trouble"] == 1


def test_what_failed_before_does_not_keep_the_rest_from_being_looked_at(tmp_path: Path) -> None:
    """A day's requests go to what is new, then to what is known, and only then to links that never answered well."""
    paths = {f"/{n}.html": f"泗县第{n}中学" for n in range(6)}
    with serving({"/list.html": page(links(**paths)), "/5.html": page(report("泗县第5中学"))}) as server:
        (tmp_path / "sources.toml").write_text(
            f'[[source]]\nname = "one"\naddress = "{server.url("/list.html")}"\ndelay = 0\ndaily_cap = 9\nallow = ["private_address"]\n',
            "utf-8",
        )
        assert collect(tmp_path).new == 1
        assert "/4.html" in server.paths()
        server.asked.clear()
        (tmp_path / "collecting" / "hosts.sqlite").unlink()
        text = (tmp_path / "sources.toml").read_text("utf-8").replace("daily_cap = 9", "daily_cap = 4")
        (tmp_path / "sources.toml").write_text(text, "utf-8")
        done = collect(tmp_path)
        assert server.paths()[:3] == ["/robots.txt", "/list.html", "/5.html"] and done.unchanged == 1
