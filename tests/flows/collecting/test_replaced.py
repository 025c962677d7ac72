"""What comes in the place of a known report and is none, or only half of one: told, and the known report stays."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.collecting import collect as work
from flows.collecting.outcome import Collect
from flows.collecting.wholeness import why_cut
from tests.conftest import ROOT
from tests.flows.helpers import examine, rows, without_prefect

from .answering import Server, reply, serving

pytestmark = pytest.mark.xdist_group("ingest")
_SAMPLES = [p for p in sorted((ROOT / "data/samples").iterdir()) if "损坏" not in p.name]
_PAGE = next(p for p in _SAMPLES if p.suffix == ".html").read_bytes()
_WORD = next(p for p in _SAMPLES if p.suffix == ".docx").read_bytes()
_TITLE = "泗县教育局2024年政府信息公开工作年度报告"


def _page(n: int) -> bytes:
    """A report of another year."""
    return _PAGE.replace(b"2019", str(2019 + n).encode())


def _said(title: str, words: str) -> bytes:
    return reply(
        f"<html><head><title>{title}</title></head><body><p>{words}</p></body></html>", Content_Type="text/html"
    )


def _closing(body: bytes) -> bytes:
    """An answer that ends where the connection does."""
    return b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nETag: "x"\r\n\r\n' + body


_INSTEAD = {
    "/login.html": ("login_page", _said("用户登录", "用户名 <input> 密码 <input type=password>")),
    "/captcha.html": ("captcha", _said("安全验证", "请输入验证码")),
    "/maintenance.html": ("maintenance", _said("系统维护", "网站正在升级维护中，请稍后访问")),
    "/other.html": ("replaced", _said("通知", "关于做好有关工作的通知。" * 50)),
    "/empty.html": ("replaced", reply("")),
    "/cut.html": ("ends_early", _closing(_page(5)[: len(_PAGE) * 2 // 3])),
    "/half.docx": ("ends_early", reply(_WORD[: len(_WORD) // 2])),
}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server]]:
    """A home that knows reports on pages, in a file, in an archive and behind a page, and who serves them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.docx", _WORD + b"\0")
    link = f'<html><head><title>{_TITLE}</title></head><body><a href="/in.docx">{_TITLE}.docx</a></body></html>'
    answers = {path: reply(_WORD if path.endswith("docx") else _page(n)) for n, path in enumerate(_INSTEAD)}
    answers |= {"/3.zip": reply(packed.getvalue()), "/to.html": reply(link, ETag='"1"')}
    home = tmp_path_factory.mktemp("known")
    with serving({**answers, "/in.docx": reply(_WORD + b"\0\0")}) as server:
        addresses = ", ".join(f'"{server.url(path)}"' for path in answers)
        (home / "sources.toml").write_text(
            f'[[source]]\nname = "one"\nkind = "page"\naddress = [{addresses}]\ndelay = 0\nallow = ["private_address"]\n'
        )
        assert collect(home).new == len(answers)
        yield home, server


def collect(home: Path) -> Collect:
    with without_prefect():
        return work.collect(home_dir=home, retries=0, workers=1)


def test_a_lost_snapshot_is_brought_back_by_what_comes_again(known: tuple[Path, Server]) -> None:
    home, server = known
    assert collect(home).restored == 0
    bodies = [server.answers[path].partition(b"\r\n\r\n")[2] for path in ("/login.html", "/to.html", "/captcha.html")]  # type: ignore[union-attr]
    kept = [home / "snapshots" / h[:2] / h[2:4] / h for h in map(_sha256, (*bodies, _WORD + b"\0"))]
    for path in (kept[0], kept[1], kept[3]):
        path.unlink()
    # Damage that a size and a time do not show is found by rehashing.
    was = kept[2].stat()
    kept[2].chmod(0o644)
    kept[2].write_bytes(b"x" * was.st_size)
    os.utime(kept[2], ns=(was.st_atime_ns, was.st_mtime_ns))
    assert all("gouji collect" in t.zh for t in examine(home).troubles)
    again = collect(home)
    assert (again.restored, again.revised, again.unchanged) == (4, 0, len(_INSTEAD) + 2)
    assert examine(home).troubles == [] and collect(home).restored == 0


def test_what_comes_in_the_place_of_a_known_report_is_no_revision(
    known: tuple[Path, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, server = known
    whole = {path: server.answers[path] for path in _INSTEAD}

    def on(day: int) -> Collect:
        monkeypatch.setattr(work, "now", lambda: f"2026-03-{day:02}T02:00:00+00:00")
        return collect(home)

    def there() -> list[tuple[object, ...]]:
        asked = (
            "SELECT address, revision, is_current, gone FROM report JOIN source ON sha256 = source_sha256 ORDER BY ALL"
        )
        return rows(home / "gouji.duckdb", asked)

    before, asked = there(), len(server.asked)
    server.answers.update({path: answer for path, (_, answer) in _INSTEAD.items()})
    # Of a file behind a page it is told of the file.
    attached, server.answers["/in.docx"] = server.answers["/in.docx"], _INSTEAD["/login.html"][1]
    for day in (2, 3):
        told = on(day)
        assert (told.revised, told.set_aside, told.ingest) == (0, 0, None), told.listed
        assert sorted((t.address, t.problem) for t in told.troubles) == sorted(
            [(server.url(path), problem) for path, (problem, _) in _INSTEAD.items()]
            + [(server.url("/in.docx"), "login_page")]
        )
    # It was asked for once more in each run, and never on the strength of what had come.
    cut = [a for a in server.asked[asked:] if a.path == "/cut.html"]
    assert len(cut) == 4 and all("if-none-match" not in a.headers for a in cut)
    # What is whole again is what it was; what comes alike on a third day is what is there now.
    server.answers.update({path: answer for path, answer in whole.items() if path != "/cut.html"})
    server.answers["/in.docx"] = attached
    back = on(4)
    assert (back.revised, back.set_aside, back.troubles) == (1, 0, [])
    taken = server.url("/cut.html")
    assert back.listed["revised"] == [taken] and len([row for row in there() if row[0] == taken]) == 2
    assert [row for row in there() if row[0] != taken] == [row for row in before if row[0] != taken]


@pytest.mark.parametrize(
    ("body", "known", "headers", "why"),
    [
        (b"<html><table><tr><td>1", b"<html><table></table></html>", {}, "</html>"),
        # A longer page of whole tables may have lost its end for good.
        (b"<html><table><tr></tr></table><p>1", b"<html><table></table></html>", {}, None),
        (b"<html><table></table><p", b"<html><table></table>", {}, "</table>"),
        (b"<html><table>", None, {}, "</html>"),
        (b"<html><table>", None, {"content-length": "13"}, None),
        (b"<html><p>1", None, {}, None),
        (b"%PDF-1.4 1", b"%PDF-1.4 1 %%EOF", {}, "%%EOF"),
        (b"%PDF-1.4 1", b"%PDF-1.4 2", {}, None),
        (b"plain", b"<html></html>", {}, None),
    ],
)
def test_what_says_that_an_answer_is_not_whole(
    body: bytes, known: bytes | None, headers: dict[str, str], why: str | None
) -> None:
    assert why_cut(body, headers, known) == why


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
