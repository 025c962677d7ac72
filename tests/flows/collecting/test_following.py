"""From candidates to the files that hold the report: every shape that the test site has."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.collecting.contract import Candidate, Publication
from flows.collecting.following import disposed, follow
from flows.collecting.leading import is_report
from flows.collecting.pages import Page
from flows.collecting.sources import Source
from parsers.extraction import extract
from tests.conftest import LONG

from .plainly import Plainly
from .site import Built, attachments, faults

AT = {"direct_pdf": "direct_pdf.pdf", "direct_download": "direct_download/get?id=3"}


def followed(built: Built, host: str, name: str, hops: int = 3) -> tuple[Publication, Plainly]:
    address = built.url(host, f"/nb/{name}")
    fetcher = Plainly(timeout=10)
    source = Source("s", (address,), hops=hops)
    return follow(Candidate(address, "s", built.url(host, "/nb/"), year=2025), source, fetcher), fetcher


@pytest.mark.parametrize(
    "shape", [pytest.param(s, marks=LONG if s in attachments.SLOW else ()) for s in attachments.SHAPES]
)
def test_the_report_is_found_in_every_shape_and_read_right(shape: str, built: Built, tmp_path: Path) -> None:
    if shape in attachments.SLOW:
        attachments.made(built.world)
    publication, fetcher = followed(built, "shapes", AT.get(shape, f"{shape}.html"))
    report = attachments.shape_of(built.world, shape)
    endings = attachments.SHAPES[shape]
    assert len(fetcher.asked) == len(set(fetcher.asked))
    assert not any("guide" in a or "viewer.html" in a for a in fetcher.asked)
    if not endings:
        assert publication.problem == "no_report"
        return
    assert publication.problem is None
    whole = [r for r in publication.renderings if r.role != "part"]
    assert sorted(Path(r.name).suffix for r in whole) == sorted(endings)
    expected = {a: c.value for a, c in report.truth.expected().items() if c.kind == "number"}
    for rendering in whole:
        data = publication.joined if rendering.role == "page" and publication.joined else rendering.fetched.body
        if rendering.name.endswith(".zip") or (shape == "both_differ" and rendering.role == "attachment"):
            continue
        (tmp_path / rendering.name).write_bytes(data)
        (read,) = extract(tmp_path / rendering.name).reports
        assert (read.issuer_printed, read.year) == (report.body, report.year)
        assert {f.address: f.value for f in read.facts if f.value is not None} == expected


@pytest.mark.parametrize("shape", ["attached", "download_utf8", "download_gbk", "download_quoted", "direct_download"])
def test_files_bear_the_names_that_people_gave_them(shape: str, built: Built) -> None:
    publication, _ = followed(built, "shapes", AT.get(shape, f"{shape}.html"))
    (rendering,) = publication.renderings
    assert Path(rendering.name).stem == attachments.shape_of(built.world, shape).title


@pytest.mark.parametrize(
    "fault",
    [
        *("not_found", "gone", "soft_404", "home_page", "forbidden", "challenge_412", "broken", "empty"),
        *("sent_home", "soft_404_gbk"),
    ],
)
def test_what_is_no_report_is_told(fault: str, built: Built) -> None:
    publication, _ = followed(built, "faults", f"{fault}.html")
    assert publication.problem == faults.FAULTS[fault]
    assert publication.renderings == ()


def test_a_file_that_cannot_be_had_is_the_trouble(built: Built) -> None:
    at = built.url("shapes", "/nb/missing")
    built.site.hosts["shapes"].page("/nb/missing.html", f'<html><body><a href="{at}.docx">附件.docx</a></body></html>')
    publication, _ = followed(built, "shapes", "missing.html")
    assert publication.problem == "gone"
    assert [t.address for t in publication.troubles] == [f"{at}.docx"]


def test_hops_are_bounded(built: Built) -> None:
    publication, fetcher = followed(built, "shapes", "three_hops.html", hops=0)
    assert publication.problem == "too_many_hops"
    assert len(fetcher.asked) == 1


def test_an_article_that_only_quotes_headings_is_no_report() -> None:
    page = Page("<p>一、总体情况</p><p>二、存在的问题</p>", "https://x.test/")
    assert not is_report(page)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename*=UTF-8''%E5%B9%B4%E6%8A%A5.docx", "年报.docx"),
        ("attachment; filename=\"x.doc\"; filename*=gbk''%C4%EA%B1%A8.doc", "年报.doc"),
        ('attachment; filename="' + "年报.doc".encode("gbk").decode("latin-1") + '"', "年报.doc"),
        ('attachment; filename="' + "年报.doc".encode().decode("latin-1") + '"', "年报.doc"),
        ("attachment;filename=%E5%B9%B4%E6%8A%A5.pdf", "年报.pdf"),
        ("attachment; filename==?utf-8?B?5bm05oqlLmRvYw==?=", "年报.doc"),
        ("inline", ""),
        ("", ""),
    ],
)
def test_names_in_content_disposition(header: str, name: str) -> None:
    assert disposed(header) == name
