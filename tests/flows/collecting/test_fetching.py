"""Requests as a server sees them, and what its answers are taken for."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from flows.collecting import guard
from flows.collecting.answers import Answers
from flows.collecting.contract import Fetched
from flows.collecting.fetching import Limits, Web
from flows.collecting.guard import UnresolvedError, is_public
from flows.collecting.looking import Look
from flows.collecting.queue import Queue
from flows.collecting.sources import Source

from .answering import Asked, Server, reply, serving
from .site import Built

packed = partial(gzip.compress, mtime=0)
LIMITS = Limits(seconds=3, megabytes=1, retries=2, retry_wait=2)
PUBLIC = "93.184.216.34"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


class Collector:
    """A `Web` with its files in a folder; ``names`` is what the name server says, call by call."""

    def __init__(self, folder: Path, names: dict[str, list[list[str]]] | None = None, limits: Limits = LIMITS) -> None:
        self.queue = Queue(folder / "hosts.sqlite")
        self.answers = Answers(folder, lambda sha256: str(folder / "none" / sha256))
        self.names = names or {}
        self.resolved: list[str] = []
        self.web = Web(self.queue, self.answers, limits, resolver=self.resolve)

    def resolve(self, host: str, port: int) -> list[str]:
        self.resolved.append(host)
        if host not in self.names:
            if host[0].isdigit() or host == "::1":
                return [host]
            raise UnresolvedError(host)
        said = self.names[host]
        return said.pop(0) if len(said) > 1 else said[0]

    def close(self) -> None:
        self.web.close()
        self.answers.close()
        self.queue.close()


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Collector]:
    made = Collector(tmp_path)
    yield made
    made.close()


def source(server: Server, *allow: str, **more: object) -> Source:
    allowed = frozenset(allow or ("private_address",))
    return Source("测试", (server.url(),), delay=0, allow=allowed, **more)  # type: ignore[arg-type]


def test_a_page_is_fetched_and_asked_for_once_only(server: Server, collector: Collector) -> None:
    server.answers["/a"] = reply("<p>信息公开</p>", ETag='"1"')
    first = collector.web.fetch(server.url("/a#part"), source=source(server), referer=server.url("/list"))
    assert (first.status, first.problem, first.body.decode(), first.not_modified) == (
        200,
        None,
        "<p>信息公开</p>",
        False,
    )
    assert first.headers["etag"] == '"1"' and first.fetched_at.utcoffset() is not None
    again = collector.web.fetch(server.url("/a"), source=source(server))
    assert again.body == first.body
    assert server.paths() == ["/robots.txt", "/a"]
    assert server.asked[1].headers["referer"] == server.url("/list")
    assert server.asked[1].headers["user-agent"].startswith("gouji/")
    assert "cookie" not in server.asked[1].headers


def test_the_next_run_asks_with_conditions_and_has_the_body(server: Server, tmp_path: Path) -> None:
    def answer(_: Server, asked: Asked, __: socket.socket) -> bytes:
        if asked.headers.get("if-none-match") == '"1"' and asked.headers.get("if-modified-since") == "yesterday":
            return b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n"
        return reply("text", ETag='"1"', Last_Modified="yesterday", Content_Type="text/html; charset=gbk")

    server.answers["/a"] = answer
    server.answers["/same"] = reply("no validators")
    for run in range(2):
        collector = Collector(tmp_path)
        for path in ("/a", "/same"):
            fetched = collector.web.fetch(server.url(path), source=source(server))
            assert fetched.not_modified is bool(run), path
            assert fetched.body in (b"text", b"no validators") and fetched.problem is None
        assert collector.web.fetch(server.url("/a"), source=source(server), body=False).body == b""
        collector.close()
    # A connection serves for many requests, whether there is news or not: one for each run here.
    assert server.connections == 2
    # robots.txt holds for a day; a body that is lost is asked for without conditions.
    assert server.times("/robots.txt") == 1
    for path in (tmp_path / "bodies").rglob("*"):
        if path.is_file():
            path.write_bytes(b"other")
    collector = Collector(tmp_path)
    known = collector.answers.known(server.url("/a"))
    assert known is not None and collector.answers.body(known.sha256) is None
    collector.close()


# -- where a request may go -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "169.254.169.254",
        "100.100.100.200",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "0.0.0.0",
        "224.0.0.1",
        "fe80::1%eth0",
        "2002:7f00:1::",
        "192.0.2.1",
        "nonsense",
    ],
)
def test_addresses_that_nobody_may_be_sent_to(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_web(address: str) -> None:
    assert is_public(address)


def test_a_private_address_is_refused_unless_the_source_allows_it(server: Server, collector: Collector) -> None:
    refused = collector.web.fetch(server.url("/"), source=source(server, "http"))
    assert (refused.problem, refused.status) == ("private_address", 0)
    assert "127.0.0.1" in refused.detail
    assert not server.asked


def test_a_redirect_to_a_private_address_is_refused(server: Server, tmp_path: Path) -> None:
    collector = Collector(tmp_path, {"public.test": [["127.0.0.1"]], "inner.test": [["127.0.0.1"]]})
    ours = Source("测试", (server.url("/", "public.test"),), delay=0, allow=frozenset({"private_address", "http"}))
    server.answers["/to-inner"] = reply(status="302 Found", Location=f"https://inner.test:{server.port}/secret")
    server.answers["/to-metadata"] = reply(status="302 Found", Location="https://169.254.169.254/latest")
    server.answers["/to-plain"] = reply(status="302 Found", Location=f"http://inner.test:{server.port}/secret")
    fetch = collector.web.fetch
    inner = fetch(server.url("/to-inner", "public.test"), source=ours)
    assert inner.problem == "private_elsewhere" and "inner.test → 127.0.0.1" in inner.detail
    assert "169.254.169.254" in fetch(server.url("/to-metadata", "public.test"), source=ours).detail
    assert fetch(server.url("/to-plain", "public.test"), source=ours).problem == "http_not_allowed"
    assert not any("secret" in path for path in server.paths())
    collector.close()


def test_a_name_is_resolved_once_for_a_connection(server: Server, tmp_path: Path) -> None:
    """The first answer is checked and used; a second one, which a rebinding server would give, is never asked for."""
    collector = Collector(tmp_path, {"rebind.test": [["127.0.0.1"], ["10.0.0.1"]]})
    ours = Source("测试", (server.url("/", "rebind.test"),), delay=0, allow=frozenset({"private_address"}))
    server.answers["/a"] = reply("text")
    fetched = collector.web.fetch(server.url("/a", "rebind.test"), source=ours)
    assert fetched.body == b"text"
    assert collector.resolved == ["rebind.test"]
    assert server.asked[0].headers["host"] == f"rebind.test:{server.port}"
    collector.close()


def test_a_host_with_one_private_address_among_public_ones_is_refused(tmp_path: Path) -> None:
    collector = Collector(tmp_path, {"mixed.test": [[PUBLIC, "10.0.0.1"]]})
    ours = Source("测试", ("https://mixed.test/",), delay=0)
    assert "10.0.0.1" in collector.web.fetch("https://mixed.test/", source=ours).detail
    collector.close()


def test_what_is_allowed_holds_for_the_sources_own_hosts(server: Server, tmp_path: Path) -> None:
    collector = Collector(tmp_path, {"other.test": [["127.0.0.1"]]})
    other = collector.web.fetch(f"https://other.test:{server.port}/", source=source(server))
    assert other.problem == "private_elsewhere" and "other.test → 127.0.0.1" in other.detail
    collector.close()


@pytest.mark.parametrize(
    "address", ["ftp://a.test/", "https:///x", "https://a.test:99999/", "javascript:alert(1)", "//"]
)
def test_addresses_that_are_none(collector: Collector, server: Server, address: str) -> None:
    assert collector.web.fetch(address, source=source(server)).problem == "bad_address"


# -- robots.txt -----------------------------------------------------------------------------------------------------------

_RULES = "User-agent: *\nDisallow: /secret\nAllow: /secret/report*.html$\n"


@pytest.mark.parametrize(
    ("robots", "path", "problem"),
    [
        (reply(_RULES), "/secret/a", "robots"),
        (reply(_RULES), "/secret/report1.html", None),
        (reply(_RULES), "/open", None),
        (reply("User-agent: gouji\nDisallow: /\n\nUser-agent: *\nAllow: /"), "/open", "robots"),
        (reply("User-agent: *\nDisallow: /年报".encode("gbk")), "/%E5%B9%B4%E6%8A%A5", "robots"),
        (reply("no", "404 Not Found"), "/open", None),
        (reply("no", "403 Forbidden"), "/open", None),
        (reply("no", "500 Oops"), "/open", "robots_unavailable"),
        (reply("no", "503 Oops"), "/open", "robots_unavailable"),
        (reply("<html><body>User-agent: * Disallow: / 首页</body></html>"), "/open", None),
        (reply(status="302 Found", Location="/elsewhere.txt"), "/open", "robots"),
        (
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\nUser-agent",
            "/open",
            "robots_unavailable",
        ),
    ],
)
def test_robots(server: Server, tmp_path: Path, robots: bytes, path: str, problem: str | None) -> None:
    collector = Collector(tmp_path, limits=replace(LIMITS, retries=0))
    server.answers |= {
        "/robots.txt": robots,
        path: reply("text"),
        "/elsewhere.txt": reply("User-agent: *\nDisallow: /open"),
    }
    fetched = collector.web.fetch(server.url(path), source=source(server))
    assert fetched.problem == problem, fetched
    assert (path in server.paths()) is (problem is None)
    collector.close()


def test_the_pause_that_robots_asks_for_is_kept(server: Server, collector: Collector) -> None:
    server.answers |= {"/robots.txt": reply("User-agent: *\nCrawl-delay: 0.4\n"), "/a": reply("a"), "/b": reply("b")}
    collector.web.fetch(server.url("/a"), source=source(server))
    collector.web.fetch(server.url("/b"), source=source(server))
    assert server.asked[2].came - server.asked[1].left >= 0.4


# -- whose turn -----------------------------------------------------------------------------------------------------------


def test_one_request_at_a_time_with_a_pause_whatever_the_number_of_threads(
    server: Server, collector: Collector
) -> None:
    def slow(*_: object) -> bytes:
        time.sleep(0.05)
        return reply("text")

    for n in range(6):
        server.answers[f"/{n}"] = slow
    ours = replace(source(server), delay=0.1)
    threads = [
        threading.Thread(target=collector.web.fetch, args=(server.url(f"/{n}"),), kwargs={"source": ours})
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.most_at_once == 1 and len(server.asked) == 7
    asked = sorted(server.asked, key=lambda a: a.came)
    assert all(b.came - a.left >= 0.09 for a, b in pairwise(asked))


def test_pause_and_daily_cap_hold_over_runs(server: Server, tmp_path: Path) -> None:
    ours = replace(source(server), delay=0.5, daily_cap=4)
    for n in range(6):
        server.answers[f"/{n}"] = reply(str(n))
    problems = []
    for n in range(6):
        collector = Collector(tmp_path)
        problems.append(collector.web.fetch(server.url(f"/{n}"), source=ours).problem)
        collector.close()
    assert problems == [None, None, None, "daily_cap", "daily_cap", "daily_cap"]
    assert len(server.asked) == 4
    assert all(b.came - a.came >= 0.5 for a, b in pairwise(server.asked))


def test_a_clock_that_was_set_back_costs_one_pause(tmp_path: Path) -> None:
    slept: list[float] = []
    for now in (2e9, 1e9):
        queue = Queue(tmp_path / "hosts.sqlite", clock=lambda now=now: now, sleep=slept.append)  # type: ignore[misc]
        with queue.turn("a.test", 3, 10):
            pass
        queue.close()
    assert slept == [3]


def test_a_new_day_in_china_begins_a_new_count(tmp_path: Path) -> None:
    # 15:30 and 16:30 UTC are two days in China.
    for now in (1_763_998_200.0, 1_763_998_200.0 + 3600):
        queue = Queue(tmp_path / "hosts.sqlite", clock=lambda now=now: now, sleep=lambda _: None)  # type: ignore[misc]
        with queue.turn("a.test", 0, 1):
            pass
        queue.close()


# -- what is asked again, and what never -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["400 Bad", "401 No", "403 No", "404 Gone", "410 Gone", "451 No"])
def test_a_refusal_is_never_asked_twice(server: Server, collector: Collector, status: str) -> None:
    server.answers["/a"] = reply("no", status, Retry_After="0")
    problem = collector.web.fetch(server.url("/a"), source=source(server)).problem
    assert problem == {"401": "forbidden", "403": "forbidden", "404": "gone", "410": "gone"}.get(status[:3], "status")
    assert server.times("/a") == 1


@pytest.mark.parametrize("status", ["429 Slow", "503 Busy", "500 Oops", "502 Bad", "408 Late"])
def test_passing_troubles_are_asked_again_when_the_server_says(
    server: Server, collector: Collector, status: str
) -> None:
    server.answers["/a"] = [reply("no", status, Retry_After="1"), reply("text")]
    assert collector.web.fetch(server.url("/a"), source=source(server)).body == b"text"
    first, second = (a for a in server.asked if a.path == "/a")
    assert 1.0 <= second.came - first.left < 2


def test_a_host_that_wants_to_be_left_alone_for_long_is(server: Server, tmp_path: Path) -> None:
    server.answers["/a"] = reply("no", "429 Slow", Retry_After="3600")
    for path, times in (("/a", 1), ("/b", 0)):
        collector = Collector(tmp_path)
        fetched = collector.web.fetch(server.url(path), source=source(server))
        assert fetched.problem == "busy" and server.times(path) == times
        assert "3600" in fetched.detail or "35" in fetched.detail
        collector.close()


def test_a_host_that_does_not_answer_is_given_up(collector: Collector) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    ours = Source("测试", (f"http://127.0.0.1:{port}/",), delay=0, allow=frozenset({"private_address"}))
    limits = replace(LIMITS, retries=0)
    collector.web._limits = limits
    said = [collector.web.fetch(f"http://127.0.0.1:{port}/{n}", source=ours) for n in range(3)]
    assert [f.problem for f in said] == ["network", "left_alone", "left_alone"]


# -- bounds ----------------------------------------------------------------------------------------------------------------


def _endless(_: Server, __: Asked, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    with pytest.raises(OSError):
        while True:
            connection.sendall(b"x" * 65536)


def _dripping(_: Server, __: Asked, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    try:
        for _n in range(1000):
            connection.sendall(b"x")
            time.sleep(0.1)
    except OSError:
        pass


def _dripping_head(_: Server, __: Asked, connection: socket.socket) -> None:
    try:
        for byte in b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 1000:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)
    except OSError:
        pass


def test_time_and_size_of_an_answer_are_bounded(server: Server, tmp_path: Path) -> None:
    collector = Collector(tmp_path, limits=replace(LIMITS, seconds=1, retries=0))
    bomb = packed(b"0" * (200 << 20))
    server.answers |= {
        "/endless": _endless,
        "/dripping": _dripping,
        "/head": _dripping_head,
        "/bomb": reply(bomb, Content_Encoding="gzip"),
        "/large": reply(b"x" * (2 << 20)),
        "/fits": reply(packed(b"x" * (1 << 20)), Content_Encoding="gzip"),
    }
    for path, problem in (
        ("/endless", "too_large"),
        ("/dripping", "timed_out"),
        ("/head", "timed_out"),
        ("/bomb", "too_large"),
        ("/large", "too_large"),
        ("/fits", None),
    ):
        start = time.monotonic()
        fetched = collector.web.fetch(server.url(path), source=source(server))
        assert fetched.problem == problem, (path, fetched.problem, fetched.detail)
        assert time.monotonic() - start < 2, path
        assert len(fetched.body) == ((1 << 20) if problem is None else 0)
    collector.close()


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (reply(packed(b"text" * 100), Content_Encoding="gzip"), b"text" * 100),
        (reply(packed(b"a") + packed(b"b"), Content_Encoding="x-gzip"), b"ab"),
        (reply(packed(b"a") + b"\0\0rubbish", Content_Encoding="gzip"), b"a"),
        (reply(zlib.compress(b"text"), Content_Encoding="deflate"), b"text"),
        (reply(zlib.compress(b"text")[2:-4], Content_Encoding="deflate"), b"text"),
        (reply(b"not packed at all", Content_Encoding="gzip"), b"not packed at all"),
        (reply(b"", Content_Encoding="gzip"), b""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntext\r\n0\r\n\r\n", b"text"),
    ],
)
def test_encodings(server: Server, collector: Collector, answer: bytes, body: bytes) -> None:
    server.answers["/a"] = answer
    fetched = collector.web.fetch(server.url("/a"), source=source(server))
    assert (fetched.problem, fetched.body) == (None, body)


@pytest.mark.parametrize(
    "answer",
    [
        reply(packed(b"text" * 1000)[:-12], Content_Encoding="gzip"),
        reply(packed(bytes(range(256)) * 20)[:200] + b"\xff" * 90, Content_Encoding="gzip"),
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntext\r\n",
    ],
)
def test_half_an_answer_is_none(server: Server, tmp_path: Path, answer: bytes) -> None:
    collector = Collector(tmp_path, limits=replace(LIMITS, retries=0))
    server.answers["/a"] = answer
    fetched = collector.web.fetch(server.url("/a"), source=source(server))
    assert fetched.problem == "cut" and not fetched.body
    assert collector.answers.known(server.url("/a")) is None
    collector.close()


# -- redirects ---------------------------------------------------------------------------------------------------------------


def test_redirects_are_followed_to_their_end(server: Server, collector: Collector) -> None:
    server.answers |= {
        "/a": reply(status="302 Found", Location="/%E5%B9%B4/b c"),
        "/%E5%B9%B4/b%20c": reply(status="301 Moved", Location="../年报.html"),
        "/%E5%B9%B4%E6%8A%A5.html": reply("text"),
        "/loop": reply(status="302 Found", Location="/loop2"),
        "/loop2": reply(status="302 Found", Location="/loop"),
    }
    fetched = collector.web.fetch(server.url("/a"), source=source(server))
    assert (fetched.asked, fetched.address) == (server.url("/a"), server.url("/%E5%B9%B4%E6%8A%A5.html"))
    assert collector.web.fetch(server.url("/loop"), source=source(server)).problem == "too_many_redirects"


# -- what answers are ----------------------------------------------------------------------------------------------------------

_TEST = "<html><head><script>var a=1;document.cookie='x='+a;location.reload()</script></head><body></body></html>"


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        ("200 OK", _TEST, "challenge"),
        ("412 Precondition Failed", "<html><meta id='m'><script>$_ts={}</script></html>", "challenge"),
        ("521 Origin", "<script>eval('x')</script>", "challenge"),
        ("403 Forbidden", "<script>eval('x')</script>", "challenge"),
        ("403 Forbidden", "<p>您没有权限访问该页面</p>", "forbidden"),
        ("200 OK", "<html><script>location.href='/b.html'</script></html>", None),
        ("200 OK", _TEST.replace("<body>", "<body>" + "本年度政府信息公开工作情况" * 5), None),
        ("404 Not Found", "<p>页面不存在</p>", "gone"),
        ("500 Oops", "error", "server_error"),
        ("204 No Content", "", "status"),
    ],
)
def test_what_an_answer_is(server: Server, tmp_path: Path, status: str, body: str, problem: str | None) -> None:
    collector = Collector(tmp_path, limits=replace(LIMITS, retries=0))
    server.answers["/a"] = reply(body, status, Content_Type="text/html")
    assert collector.web.fetch(server.url("/a"), source=source(server)).problem == problem
    collector.close()


def test_headers_in_gbk_are_readable(server: Server, collector: Collector) -> None:
    server.answers["/a"] = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Disposition: attachment; filename=" + (
        "年报.docx".encode("gbk") + b"\r\n\r\nx"
    )
    fetched = collector.web.fetch(server.url("/a"), source=source(server))
    assert fetched.headers["content-disposition"] == "attachment; filename=年报.docx"


# -- certificates --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def expired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A server whose certificate has expired, and that certificate, which the client is told to trust."""
    folder = tmp_path_factory.mktemp("certificates")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    private: Any = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "old.test")])
    made = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=9))
        .not_valid_after(datetime.now(UTC) - timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("old.test")]), critical=False)
        .sign(private, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    no_password = serialization.NoEncryption()
    key.write_bytes(private.private_bytes(pem, serialization.PrivateFormat.PKCS8, no_password))
    certificate.write_bytes(made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(connection, server_side=True) as stream:
                    stream.recv(4096)
                    stream.sendall(reply("text", Connection="close"))
            except OSError:
                continue

    threading.Thread(target=serve, daemon=True).start()
    yield listening.getsockname()[1], certificate
    listening.close()


@pytest.mark.parametrize(
    ("host", "allow", "body"),
    [
        ("old.test", (), b""),
        ("old.test", ("expired_certificate",), b"text"),
        ("other.test", ("expired_certificate",), b""),
        ("other.test", ("foreign_certificate",), b""),
        ("other.test", ("expired_certificate", "foreign_certificate"), b"text"),
    ],
)
def test_certificates(
    tmp_path: Path,
    expired: tuple[int, Path],
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    allow: tuple[str, ...],
    body: bytes,
) -> None:
    port, certificate = expired
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    guard.context.cache_clear()
    collector = Collector(tmp_path, {host: [["127.0.0.1"]]}, replace(LIMITS, retries=0))
    address = f"https://{host}:{port}/"
    ours = Source("测试", (address,), delay=0, allow=frozenset({"private_address", *allow}))  # type: ignore[arg-type]
    fetched = collector.web.fetch(address, source=ours)
    # What answers "text" to everything has no rules for robots.
    assert fetched.body == body, fetched
    if not body:
        assert fetched.problem == "certificate", fetched
    collector.close()


def test_a_proxy_of_the_environment_is_not_used(
    server: Server, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.answers["/a"] = reply("text")
    assert collector.web.fetch(server.url("/a"), source=source(server)).body == b"text"


def test_a_proxy_of_the_settings_is(server: Server, tmp_path: Path) -> None:
    collector = Collector(tmp_path, limits=replace(LIMITS, proxy=server.url("/")))
    server.answers |= {"http://a.test/robots.txt": reply("", "404 No"), "http://a.test/x": reply("through")}
    ours = Source("测试", ("http://a.test/",), delay=0)
    assert collector.web.fetch("http://a.test/x", source=ours).body == b"through"
    inner = Source("测试", ("http://10.0.0.1/",), delay=0)
    assert "10.0.0.1" in collector.web.fetch("http://10.0.0.1/x", source=inner).detail
    collector.close()


def test_a_form_is_posted_and_known_by_its_fields(built: Built, collector: Collector) -> None:
    address = built.url(
        "jpage", "/module/web/jpage/dataproxy.jsp?startrecord={}&endrecord=15&perpage=15#post:columnid=153&unitid=4567"
    )
    allowed = Source("测试", (address,), delay=0, allow=frozenset({"private_address", "http"}))
    built.site.forget()
    first, second = (collector.web.fetch(address.format(n), source=allowed) for n in (1, 2))
    assert first.body.count(b"<record>") == 15 and second.body.count(b"<record>") == 14
    assert collector.web.fetch(address.format(1), source=allowed).body == first.body
    asked = [a for a in built.site.asked("jpage") if a.path != "/robots.txt"]
    assert [a.method for a in asked] == ["POST", "POST"]
    assert asked[0].headers["content-type"].startswith("application/x-www-form-urlencoded")
    # A form in JSON, of a single-page site.
    look = Look(Fetched('https://x.test/list?v=1#post:{"pageNo": 1, "name": "年报"}', "https://x.test/list", 200, {}, b"", datetime.now(UTC)), allowed, "")  # fmt: skip
    assert look.query == {"v": "1", "pageNo": "1", "name": "年报"}
    assert look.with_query(pageNo="2") == 'https://x.test/list?v=1#post:{"pageNo": 2, "name": "年报"}'
