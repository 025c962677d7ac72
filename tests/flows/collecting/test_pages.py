"""Pages as trees: charsets, addresses, links, several pages as one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows.collecting.contract import Fetched
from flows.collecting.pages import Page, address_of, decoded, page_of, same_page
from flows.collecting.parts import joined
from parsers import extraction


def fetched(body: bytes, address: str = "https://x.test/a/index.html", content_type: str = "text/html") -> Fetched:
    return Fetched(address, address, 200, {"content-type": content_type}, body, datetime(2026, 1, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("./202201/t20220128_1.html", "https://x.test/zw/nb/202201/t20220128_1.html"),
        ("../t_2.html#top", "https://x.test/zw/t_2.html"),
        ("/art/2022/1/28/art_1_2.html;jsessionid=AB12", "https://x.test/art/2022/1/28/art_1_2.html"),
        ("//y.test:8080/a b.docx", "https://y.test:8080/a%20b.docx"),
        ("年报.docx", "https://x.test/zw/nb/%E5%B9%B4%E6%8A%A5.docx"),
        ("\\files\\1.doc", "https://x.test/files/1.doc"),
        ("javascript:void(0)", None),
        ("#", None),
        ("http://[bad", None),
        ("ftp://x.test/1", None),
    ],
)
def test_links_become_addresses(link: str, address: str | None) -> None:
    assert address_of("https://x.test/zw/nb/index.html", link) == address


def test_one_page_has_several_addresses() -> None:
    assert same_page("http://x.test/a/index.html", "https://x.test/a/")
    assert not same_page("https://x.test/a/?y=2024", "https://x.test/a/?y=2025")


def test_names_in_addresses_are_utf8_or_gbk() -> None:
    assert decoded("%E5%B9%B4%E6%8A%A5.doc") == decoded("%C4%EA%B1%A8.doc") == "年报.doc"


@pytest.mark.parametrize("claimed", ["text/html", "text/html; charset=utf-8", "text/html; charset=iso-8859-1"])
def test_gbk_is_read_whatever_the_server_claims(claimed: str) -> None:
    body = '<title>某县政府信息公开</title><a href="1.html">2024年政府信息公开工作年度报告</a>'.encode("gb18030")
    page = page_of(fetched(body, content_type=claimed))
    assert page.title == "某县政府信息公开"
    assert [link.text for link in page.links()] == ["2024年政府信息公开工作年度报告"]


def test_a_cut_link_says_what_its_title_says() -> None:
    page = Page(
        '<a href="1" title="某某县教育局2024年政府信息公开工作年度报告">某某县教育局2024年政…</a>', "https://x.test/"
    )
    assert [link.text for link in page.links()] == ["某某县教育局2024年政府信息公开工作年度报告"]


def test_no_page_is_no_error() -> None:
    assert list(page_of(fetched(b"")).links()) == []
    assert list(page_of(fetched(b"\x00\x01\x02<" * 50)).links()) == []


def test_pages_of_one_report_are_joined_without_a_second_title() -> None:
    head = (
        "<html><head><title>某县2024年政府信息公开工作年度报告</title></head><body><div><a href='/'>网站首页</a></div>"
    )
    title = "<h1>某县2024年政府信息公开工作年度报告</h1>"
    one = f"{head}{title}<p>一、总体情况</p><p>本年共收到申请12件。</p><p>打印</p></body></html>".encode("gb18030")
    two = f"{head}{title}<p>二、主动公开政府信息情况</p><table><tr><td>0</td></tr></table><p>打印</p></body></html>".encode()
    page = joined([fetched(one), fetched(two)])
    text = page.decode()
    assert text.count("<h1>") == 1
    assert text.count("网站首页") == 1
    assert "本年共收到申请12件" in text and "<td>0</td>" in text
    assert text.index("一、总体情况") < text.index("二、主动公开")
    document = extraction.read_document(page, "年报.html")
    assert [p.text for p in document.paragraphs].count("某县2024年政府信息公开工作年度报告") == 1
