"""What becomes of sources and sites over the years: other names, other hosts, next year's report at the same address."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import status
from flows.collecting.outcome import Collect
from flows.collecting.store import Collected
from flows.home import Home
from parsers.files.encoding import decode
from tests.conftest import ROOT
from tests.flows.helpers import rows

from .answering import Server, reply, serving
from .test_faults import collect

pytestmark = pytest.mark.xdist_group("ingest")
SAMPLES = sorted(p for p in (ROOT / "data/samples").iterdir() if "损坏" not in p.name)
WORD = next(p for p in SAMPLES if p.suffix == ".docx").read_bytes()
TEXT = decode(next(p for p in SAMPLES if p.suffix == ".html" and "2023" in p.name).read_bytes())
PAGE = re.sub(r"charset=[\w-]+", "charset=utf-8", TEXT)
ASK = "SELECT lineage, year, revision, is_current, standing, gone FROM report ORDER BY 1, 2, 3"


def page(text: str) -> bytes:
    return reply(text, Content_Type="text/html; charset=utf-8")


def links(**years: int) -> bytes:
    """A list of reports: path without its slash and ending → year."""
    items = "".join(
        f'<li><a href="/{name}.html">平潭综合实验区{year}年政府信息公开工作年度报告</a><span>{year + 1}-01-20</span></li>'
        for name, year in years.items()
    )
    return page(
        f'<html><head><meta charset="utf-8"><title>政府信息公开年报</title></head><body><ul>{items}</ul></body></html>'
    )


def listed(home: Path, name: str, *servers: Server) -> None:
    home.mkdir(exist_ok=True)
    (home / "sources.toml").write_text(
        "".join(
            f'[[source]]\nname = "{name}{n or ""}"\naddress = "{s.url("/list.html")}"\ndelay = 0\nallow = ["private_address"]\n'
            for n, s in enumerate(servers)
        ),
        "utf-8",
    )


@pytest.fixture
def server() -> Iterator[Server]:
    with serving({"/list.html": links(a=2023), "/a.html": page(PAGE)}) as running:
        yield running


def events(home: Path) -> list[str]:
    record = Collected(home / "collected.sqlite", read_only=True)
    try:
        return [e["what"] for e in record.events()]
    finally:
        record.close()


def test_a_source_that_was_renamed_is_the_same_source(tmp_path: Path, server: Server) -> None:
    """What its list does not name any more is looked at under the new name as under the old one."""
    listed(tmp_path, "one", server)
    assert collect(tmp_path).new == 1
    listed(tmp_path, "two", server)
    server.answers["/list.html"] = links()
    server.answers["/a.html"] = page(PAGE.replace("</body>", "<p>本年新收政府信息公开申请999件。</p></body>"))
    done = collect(tmp_path)
    assert (done.new, done.revised) == (0, 1)
    del server.answers["/a.html"]
    assert [collect(tmp_path).gone for _ in range(3)] == [0, 0, 1]


def test_what_belongs_to_no_source_any_more_is_said_and_is_no_trouble(tmp_path: Path, server: Server) -> None:
    listed(tmp_path, "one", server)
    server.answers["/list.html"] = links(a=2023, b=2022)
    assert [t.problem for t in collect(tmp_path).troubles] == ["gone"]
    (tmp_path / "sources.toml").write_text('[[source]]\nname = "else"\nkind = "folder"\naddress = "/"\n', "utf-8")
    assert status.look(home_dir=tmp_path).unlisted == 1
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.docx").write_bytes(WORD)
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "else"\nkind = "folder"\naddress = "{(tmp_path / "in").as_posix()}"\n', "utf-8"
    )
    done = collect(tmp_path)
    assert (done.requests, done.troubles) == (0, [])
    found = status.look(home_dir=tmp_path)
    assert (found.unlisted, found.troubles) == (1, [])


def test_a_site_that_moves_keeps_its_history_and_its_reports_count_once(tmp_path: Path, server: Server) -> None:
    """To https or to another host: the old addresses send on to the new ones, until nobody answers there."""

    def counted(done: Collect) -> tuple[int, int, int, int]:
        return done.new, done.revised, done.gone, len(done.troubles)

    with serving({"/list.html": links(a=2023), "/a.html": page(PAGE)}) as old:
        listed(tmp_path, "one", old)
        assert counted(collect(tmp_path)) == (1, 0, 0, 0)
        for path in ("/list.html", "/a.html"):
            old.answers[path] = reply(status="301 Moved", Location=server.url(path))
        moved = collect(tmp_path)
        assert counted(moved) == (1, 0, 0, 0) and moved.listed["moved"] == [old.url("/a.html")]
        assert events(tmp_path) == ["moved"]
    listed(tmp_path, "one", server)
    # The old host is not asked for any more, and what is revised at the new one contradicts nothing.
    quiet = collect(tmp_path)
    assert (counted(quiet), quiet.requests) == ((0, 0, 0, 0), 2)
    figure = re.search(r"(<td[^>]*>(?:<[^/][^>]*>)*)([1-9]\d*)(</)", PAGE)
    assert figure is not None
    server.answers["/a.html"] = page(PAGE[: figure.start(2)] + "98765" + PAGE[figure.end(2) :])
    assert counted(collect(tmp_path)) == (0, 1, 0, 0)
    place = server.url("/a.html")
    assert rows(Home(tmp_path).database(), ASK) == [
        (place, 2023, 1, False, "superseded", False),
        (place, 2023, 2, True, "preferred", False),
    ]


def test_next_years_report_at_the_same_address_is_another_report(tmp_path: Path, server: Server) -> None:
    listed(tmp_path, "one", server)
    collect(tmp_path)
    later = PAGE.replace("2023", "2024").replace("2022", "2023")
    later = re.sub(r">(\d{1,6})<", lambda m: f">{3 * int(m[1]) + 1}<", later)
    server.answers |= {"/list.html": links(a=2024), "/a.html": page(later)}
    done = collect(tmp_path)
    assert (done.new, done.revised) == (0, 1)
    place = server.url("/a.html")
    assert rows(Home(tmp_path).database(), ASK) == [
        (place, 2023, 1, True, "preferred", False),
        (place, 2024, 1, True, "preferred", False),
    ]
    assert rows(Home(tmp_path).database(), "SELECT year, link_text LIKE '%2024%' FROM publication") == [(2024, True)]


def _zipped(**members: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _with(figure: str) -> tuple[bytes, bytes]:
    """The sample documents (Word; text in an archive) with another figure in a cell."""
    with zipfile.ZipFile(io.BytesIO(WORD)) as word:
        parts = {name: word.read(name) for name in word.namelist()}
    xml = parts["word/document.xml"].decode()
    parts["word/document.xml"] = re.sub(r"(<w:t[^>]*>)[1-9]\d{3,}(?=</w:t>)", rf"\g<1>{figure}", xml, count=1).encode()
    text = next(p for p in SAMPLES if p.suffix == ".txt").read_text("utf-8")
    return _zipped(**parts), _zipped(**{f"{figure}.txt": text.replace("150件", f"{figure}件")})


def test_a_file_replaced_under_another_name_is_a_revision(tmp_path: Path) -> None:
    """An attachment whose former address answers no more, and a document of an archive that stays where it is; at once."""
    lead = "<html><head><meta charset='utf-8'><title>{0}</title></head><body><a href='{1}'>{0}</a></body></html>"
    title = "沭阳县人民政府2025年政府信息公开工作年度报告"
    ask = "SELECT year, revision, is_current, standing, gone FROM report ORDER BY 1, 2"
    with serving() as server:
        (tmp_path / "sources.toml").write_text(
            '[[source]]\nname = "one"\nkind = "page"\ndelay = 0\nallow = ["private_address"]\n'
            f'address = ["{server.url("/a.html")}", "{server.url("/all.zip")}"]\n'
        )
        for n, name in enumerate(("b1", "b2", "a0")):
            word, archive = _with(f"98{n}")
            server.answers.clear()
            server.answers |= {"/a.html": page(lead.format(title, f"/f/{name}.docx")), f"/f/{name}.docx": reply(word)}
            server.answers["/all.zip"] = reply(archive)
            done = collect(tmp_path)
            assert (done.new, done.revised, done.troubles) == ((0, 2, []) if n else (2, 0, []))
    found = [(m + 1, m == 2, "preferred" if m == 2 else "superseded", m < 2) for m in range(3)]
    assert rows(Home(tmp_path).database(), ask) == [(year, *each) for year in (2020, 2025) for each in found]
    assert "conflict" not in dict(status.look(home_dir=tmp_path).needs)
