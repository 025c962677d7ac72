"""Known addresses without news: what a collect costs itself when every server says that nothing has changed.

Belongs here: a record of publications that is written without reading any, hosts on loopback that know conditions, a collect in a process
of its own whose CPU and memory are measured. Does not belong here: how a collect works (`flows.collecting`).

Run as ``python -m benchmarks.known [PUBLICATIONS]``; ``collect HOME`` is that process, ``serve HOSTS FOLDER`` the hosts.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from schemas import divisions

from .corpus import ROOT

HOSTS = 8
_BODY = b"<html><body><p>nothing of interest</p></body></html>"
_LONG_AGO = "2026-01-20T02:00:00+00:00"
# What 20,000 may cost: CPU seconds, MB.
MOST_SECONDS, MOST_MEGABYTES = 20.0, 300


_KINDS = ("人民政府", "教育局", "财政局", "民政局", "司法局", "水利局", "审计局", "统计局", "公安局", "交通运输局")


@cache
def _counties() -> list[str]:
    return [d.name for d in divisions.every() if d.level == "county" and d.valid_to is None][::7]


def _title(n: int) -> str:
    """A real place's, so that its name is told as quickly as in life: county by county, its bodies, years."""
    county, kind = _counties()[n // 60 % len(_counties())], _KINDS[n % 10]
    return f"{county}{kind}{2019 + n % 60 // 10}年政府信息公开工作年度报告"


# -- the hosts ---------------------------------------------------------------------------------------------------------


async def _serve(hosts: int, folder: Path) -> None:
    """Answer 304 to whoever has a condition, a list of all pages of the host at /list.html, 404 for robots.txt."""
    lists = [(folder / f"list{n}.html").read_bytes() for n in range(hosts)]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        here = lists[int(writer.get_extra_info("sockname")[0].rpartition(".")[2]) - 1]
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1]
                if path == b"/robots.txt":
                    said = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
                elif b"if-none-match" in head.lower():
                    said = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
                else:
                    body = here if path == b"/list.html" else _BODY
                    said = (
                        b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n'
                        % len(body)
                        + body
                    )
                writer.write(said)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    servers = [await asyncio.start_server(answer, f"127.0.5.{n + 1}", 0) for n in range(hosts)]
    print(json.dumps([s.sockets[0].getsockname()[1] for s in servers]), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


# -- the record --------------------------------------------------------------------------------------------------------


def draw(home: Path, roots: list[str], publications: int) -> None:
    """Write a home in which so many publications are known, as collects would have left it."""
    from flows.collecting.answers import Answers
    from flows.collecting.store import Collected, File, Publication

    home.mkdir(parents=True, exist_ok=True)
    sources = (f'[[source]]\nname = "{n}"\naddress = "{root}/list.html"\ndelay = 0\n' for n, root in enumerate(roots))
    head = '[defaults]\ndaily_cap = 1000000\nallow = ["private_address", "http"]\n\n'
    (home / "sources.toml").write_text(head + "\n".join(sources), "utf-8")
    record = Collected(home / "collected.sqlite")
    answers = Answers(home / "collecting", lambda sha256: str(home / "snapshots" / sha256))
    sha256 = hashlib.sha256(_BODY).hexdigest()
    headers = {"etag": '"1"', "content-type": "text/html"}
    at = datetime.fromisoformat(_LONG_AGO).astimezone(UTC)
    with record.changing():
        for n in range(publications):
            root = n % len(roots)
            address = f"{roots[root]}/{n}.html"
            times: dict[str, Any] = {"first_seen": _LONG_AGO, "last_seen": _LONG_AGO}
            record.put(
                Publication(
                    address, str(root), f"{roots[root]}/list.html", _title(n), year=2024, checked=_LONG_AGO, **times
                )
            )
            record.put_file(File(address, address, "page", "page.html", "", sha256, sha256, None, **times))
            answers.keep(address, headers, _BODY, at)
    answers.close()
    record.close()


def lists(folder: Path, hosts: int, publications: int) -> None:
    """Write the list of each host."""
    for root in range(hosts):
        items = (f'<li><a href="/{n}.html">{_title(n)}</a> 2025-01-20</li>' for n in range(root, publications, hosts))
        page = f"<html><head><meta charset=utf-8><title>政府信息公开年报</title></head><body><ul>{''.join(items)}</ul></body></html>"
        (folder / f"list{root}.html").write_text(page, "utf-8")


def _collect(home: str) -> None:
    import resource

    from flows.collecting import collect

    start = time.monotonic()
    done = collect.collect(home_dir=home, hosts=HOSTS)
    used = resource.getrusage(resource.RUSAGE_SELF)
    said: dict[str, Any] = {
        "unchanged": done.unchanged,
        "new": done.new,
        "requests": done.requests,
        "troubles": len(done.troubles),
    }
    said |= {"cpu": round(used.ru_utime + used.ru_stime, 2), "megabytes": used.ru_maxrss >> 10}
    print(json.dumps(said | {"seconds": round(time.monotonic() - start, 1)}))


def measure(publications: int, work: Path) -> list[dict[str, Any]]:
    """Two collects of so many known addresses: the lists are news to the first, nothing is to the second."""
    lists(work, HOSTS, publications)
    me = [sys.executable, "-m", "benchmarks.known"]
    hosts = subprocess.Popen(
        [*me, "serve", str(HOSTS), str(work)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert hosts.stdin is not None and hosts.stdout is not None
    try:
        ports = json.loads(hosts.stdout.readline())
        draw(work / "home", [f"http://127.0.5.{n + 1}:{port}" for n, port in enumerate(ports)], publications)
        said = []
        for _ in range(2):
            command = [*me, "collect", str(work / "home")]
            out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
            said.append(json.loads(out.splitlines()[-1]))
        return said
    finally:
        hosts.stdin.close()
        hosts.wait(30)
        hosts.stdout.close()


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["serve"]:
        asyncio.run(_serve(int(arguments[1]), Path(arguments[2])))
        return 0
    if arguments[:1] == ["collect"]:
        _collect(arguments[1])
        return 0
    publications = int(arguments[0]) if arguments else 20_000
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        said = measure(publications, Path(name))
    for each in said:
        print(json.dumps(each))
    last = said[-1]
    share = publications / 20_000
    good = (last["unchanged"], last["new"], last["troubles"]) == (publications, 0, 0)
    good &= last["cpu"] <= 2 + (MOST_SECONDS - 2) * share and last["megabytes"] <= MOST_MEGABYTES
    print("as promised" if good else "NOT as promised")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
