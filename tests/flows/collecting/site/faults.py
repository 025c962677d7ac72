"""Hosts that misbehave: errors in every guise, answers without end, robots.txt in every state.

Belongs here: what goes wrong between two machines. `FAULTS` says of each what a collector must make of it.
Does not belong here: reports in odd shapes (`attachments`).
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from email.utils import formatdate
from functools import cache
from typing import Any

from .families import entries, put
from .markup import shell
from .server import ETAG, NONE, Answer, Host, Request, Site, redirect
from .world import World

PLACE, DIVISION = "固镇县", "340323"
# Each fault, and the `Problem` it is; "" where a report is got in the end.
FAULTS: dict[str, str] = {
    "fine": "",
    "not_found": "gone",
    "gone": "gone",
    "soft_404": "soft_404",
    "home_page": "home_page",
    "forbidden": "forbidden",
    "challenge_412": "challenge",
    "challenge_521": "challenge",
    "challenge_200": "challenge",
    "broken": "server_error",
    "twice_broken": "",
    "busy_then_fine": "",
    "busy_until_date": "",
    "always_busy": "busy",
    "slow": "timed_out",
    "drip": "timed_out",
    "endless": "too_large",
    "cut_gzip": "cut",
    "cut_length": "cut",
    "bomb": "too_large",
    "raw_bomb": "too_large",
    "empty": "no_report",
    "loop": "too_many_redirects",
    "to_private": "private_elsewhere",
    "to_metadata": "private_elsewhere",
    "to_file": "bad_address",
    "hangs_up": "network",
    "not_http": "network",
    "gzip": "",
    "sent_home": "home_page",
    "soft_404_gbk": "soft_404",
    "login_page": "login_page",
    "picture": "no_report",
}
# Seconds a slow answer takes; a test's collector waits less, and long enough for a machine that is busy.
SLOW = 20.0


def faults(site: Site, world: World) -> None:
    """A list at /nb/ with one link for each fault."""
    host = site.host("faults", NONE)
    reports = world.add(PLACE, DIVISION, tuple(f"第{n}小学" for n in range(len(FAULTS))), range(2025, 2026))
    placed = []
    for fault, report in zip(FAULTS, reports, strict=True):
        path = f"/nb/{fault}.html"
        put(host, report, path)
        whole = host.routes[path]
        if (made := globals().get(f"_{fault}")) is not None:
            host.at(path, made(host, whole))
        placed.append((report, path))
    host.page("/nb/", shell("政府信息公开年报", f"<ul>{entries(placed)}</ul>", place=PLACE, code=DIVISION))
    host.page("/", _home())


def _home() -> str:
    news = "".join(f'<li><a href="/news/{n}.html">要闻{n}</a></li>' for n in range(60))
    return shell(f"{PLACE}人民政府网站", f"<h2>要闻</h2><ul>{news}</ul>", place=PLACE, code=DIVISION)


_SORRY = shell("提示信息", "<h2>您访问的文章不存在或已被删除</h2>", place=PLACE)
_LOGIN = '<html><head><title>用户登录</title></head><body><form action="/login"><input name="user">用户名<input name="pass">密码</form></body></html>'
# A PNG of one pixel.
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
Made = Callable[[Host, Callable[[Request], Answer]], Callable[[Request], Answer]]


def _always(answer: Answer) -> Made:
    return lambda host, whole: lambda request: answer


_not_found = _always(Answer(b"<html><title>404</title></html>", 404))
_gone = _always(Answer(b"<html><title>410</title></html>", 410))
_soft_404 = _always(
    Answer(shell("页面不存在", "<h2>抱歉，您访问的页面不存在或已删除！</h2><p>5秒后返回首页</p>", place=PLACE).encode())
)
_home_page = _always(Answer(_home().encode()))
_forbidden = _always(Answer(b"<html>403 Forbidden</html>", 403))
_CHALLENGE = b'<html><head><meta id="x7Gd" content="qqW"><script>$_ts=window[\'$_ts\'];if(!$_ts)$_ts={};$_ts.cd="a8f9";</script><script src="/x/c.js" r="m"></script></head><body></body></html>'
_challenge_412 = _always(Answer(_CHALLENGE, 412))
_challenge_521 = _always(
    Answer(
        b"<script>document.cookie=('__jsl_clearance_s=')+'1';location.href=location.pathname+location.search</script>",
        521,
    )
)
_challenge_200 = _always(Answer(_CHALLENGE, 200))
_broken = _always(Answer(b"<html>500 Internal Server Error</html>", 500))
_always_busy = _always(Answer(b"busy", 429, headers={"Retry-After": "1"}))
_empty = _always(Answer(b""))
_loop = _always(redirect("loop.html"))
_to_metadata = _always(redirect("http://169.254.169.254/latest/meta-data/"))
_sent_home = _always(redirect("/", 301))
_soft_404_gbk = _always(Answer(_SORRY.encode("gb18030"), type="text/html"))
_login_page = _always(Answer(_LOGIN.encode(), type="application/pdf"))
_picture = _always(Answer(_PIXEL, type="text/html"))
_to_file = _always(redirect("file:///etc/passwd"))


def _to_private(host: Host, whole: Any) -> Callable[[Request], Answer]:
    # Another address of this machine: one that the source does not name.
    return lambda _: redirect(host.site.hosts["private"].url("/secret.html"))


def _twice_broken(host: Host, whole: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
    return lambda request: Answer(b"503", 503) if request.count < 2 else whole(request)


def _busy_then_fine(host: Host, whole: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
    return lambda request: Answer(b"429", 429, headers={"Retry-After": "1"}) if request.count < 1 else whole(request)


def _busy_until_date(host: Host, whole: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
    def handler(request: Request) -> Answer:
        if request.count < 1:
            return Answer(b"503", 503, headers={"Retry-After": formatdate(time.time() + 2, usegmt=True)})
        return whole(request)

    return handler


def _writing(write: Callable[[Any], None]) -> Callable[[Request], Answer]:
    return lambda _: Answer(write=write)


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def _slow(host: Host, whole: Any) -> Callable[[Request], Answer]:
    def handler(request: Request) -> Answer:
        host.site.closing.wait(SLOW)
        return Answer(whole(request).body, late=True)

    return handler


def _drip(host: Host, whole: Any) -> Callable[[Request], Answer]:
    """A byte every tenth of a second: no single read is slow."""

    def write(out: Any) -> None:
        out.write(_HEAD + b"Connection: close\r\n\r\n<html>")
        while not host.site.closing.wait(0.1):
            out.write(b" ")

    return _writing(write)


def _endless(host: Host, whole: Any) -> Callable[[Request], Answer]:
    def write(out: Any) -> None:
        out.write(_HEAD + b"Connection: close\r\n\r\n<html>")
        while not host.site.closing.is_set():
            out.write(b"<p>0</p>" * 8192)

    return _writing(write)


def _packed(host: Host, whole: Callable[[Request], Answer]) -> bytes:
    return gzip.compress(whole(Request(host.label, "", {}, {}, 0)).body, mtime=0)


def _cut_gzip(host: Host, whole: Any) -> Callable[[Request], Answer]:
    """Gzip that ends early, and a length that says that this is all."""
    return lambda _: Answer(_packed(host, whole)[:-400], headers={"Content-Encoding": "gzip"})


def _gzip(host: Host, whole: Any) -> Callable[[Request], Answer]:
    return lambda _: Answer(_packed(host, whole), headers={"Content-Encoding": "gzip"})


def _cut_length(host: Host, whole: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
    def write(out: Any) -> None:
        body = whole(Request(host.label, "", {}, {}, 0)).body
        out.write(_HEAD + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body[: len(body) // 2])

    return _writing(write)


def _bomb(host: Host, whole: Any) -> Callable[[Request], Answer]:
    """100 MB of nothing in 100 KB."""
    return lambda _: Answer(_bomb_bytes(), headers={"Content-Encoding": "gzip"})


@cache
def _bomb_bytes() -> bytes:
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"\0" * 1_000_000
    return b"".join(packer.compress(block) for _ in range(100)) + packer.flush()


def _raw_bomb(host: Host, whole: Any) -> Callable[[Request], Answer]:
    """A length beyond all measure."""

    def write(out: Any) -> None:
        out.write(_HEAD + b"Content-Length: 99999999999\r\nConnection: close\r\n\r\n")
        while not host.site.closing.is_set():
            out.write(b"\0" * 65536)

    return _writing(write)


def _hangs_up(host: Host, whole: Any) -> Callable[[Request], Answer]:
    return _writing(lambda out: None)


def _not_http(host: Host, whole: Any) -> Callable[[Request], Answer]:
    return _writing(lambda out: out.write(b"220 mail ESMTP\r\n"))


# --- robots.txt

# Label of the host, and whether its reports may be asked for ("" = yes, else the problem).
ROBOTS: dict[str, str] = {
    "robots_fine": "",
    "robots_closed": "robots",
    "robots_broken": "robots_unavailable",
    "robots_home_page": "",
    "robots_gbk": "robots",
    "robots_delay": "",
    "robots_forbidden": "",
    "robots_redirected": "robots",
    "robots_busy": "robots_unavailable",
    "robots_silent": "timed_out",
    "robots_cut": "robots_unavailable",
}


def robots(site: Site, world: World) -> None:
    """A host for each state of robots.txt, with two reports at /nb/ and one of them closed where rules are."""
    site.host("private").page("/secret.html", "<html><body>内网</body></html>")
    closed = "User-agent: *\nDisallow: /nb/*_closed.html$\n"
    texts: dict[str, Answer] = {
        "robots_fine": Answer(b"User-agent: *\nAllow: /\n", type="text/plain"),
        "robots_closed": Answer(closed.encode(), type="text/plain"),
        "robots_broken": Answer(b"oops", 503),
        "robots_home_page": Answer(_home().encode()),
        "robots_gbk": Answer(("# 本站不允许抓取以下目录\n" + closed).encode("gb18030"), type="text/plain"),
        "robots_delay": Answer(b"User-agent: *\nCrawl-delay: 1\n", type="text/plain"),
        "robots_forbidden": Answer(b"", 403),
        "robots_redirected": redirect("/rules/robots.txt"),
        "robots_busy": Answer(b"", 429),
        "robots_silent": Answer(write=lambda _: site.closing.wait(SLOW)),
        "robots_cut": Answer(
            write=lambda out: out.write(_HEAD + b"Content-Length: 900\r\nConnection: close\r\n\r\nUser-agent: *\n")
        ),
    }
    for n, (label, text) in enumerate(texts.items()):
        host = site.host(label, ETAG)
        host.at("/robots.txt", lambda _, text=text: text)
        host.page("/rules/robots.txt", closed, type="text/plain")
        reports = world.add("五河县", "340322", (f"第{n}中学", f"第{n}医院"), range(2025, 2026))
        paths = ("/nb/1_open.html", "/nb/2_closed.html")
        placed = [(r, put(host, r, p)) for r, p in zip(reports, paths, strict=True)]
        host.page("/nb/", shell("政府信息公开年报", f"<ul>{entries(placed)}</ul>", place="五河县", code="340322"))
