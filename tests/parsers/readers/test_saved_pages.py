"""Pages as programs save them: in one file with all they hold, and before their scripts have shown them."""

from __future__ import annotations

import base64
import quopri
from email.message import Message

import pytest

from parsers.document import UnreadableError
from parsers.files.sniff import MHTML, sniff
from parsers.readers import html, mhtml, read

ARTICLE = (
    "<p>甲县统计局2023年政府信息公开工作年度报告</p><table><tr><td>一、本年新收</td><td>3</td></tr>"
    "<tr><td>二、上年结转</td><td><span style='font-size:14px'>4</span></td></tr></table><p>" + "正文。" * 40 + "</p>"
)


def _saved(coding: str, charset: str = "gb2312", *parts: str) -> bytes:
    page = f"<html><head><meta charset='{charset}'></head><body>{ARTICLE}</body></html>".encode(charset)
    body = quopri.encodestring(page) if coding == "quoted-printable" else base64.encodebytes(page)
    head = (
        b'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="--b"\r\n\r\n'
    )
    first = f"----b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: {coding}\r\n\r\n".encode() + body
    rest = "".join(f"\r\n----b\r\nContent-Type: {p}\r\n\r\nx" for p in parts).encode()
    return head + first + rest + b"\r\n----b--\r\n"


@pytest.mark.parametrize("coding", ["quoted-printable", "base64"])
@pytest.mark.parametrize("charset", ["gb2312", "utf-8"])
def test_a_page_saved_in_one_file_is_read(coding: str, charset: str) -> None:
    data = _saved(coding, charset, "text/css", "image/png")
    assert sniff(data, "报告.mht") == MHTML
    document = read(data, "报告.mht", MHTML)
    assert [c.text for c in document.tables[0].cells] == ["一、本年新收", "3", "二、上年结转", "4"]
    assert document.paragraphs[0].text.startswith("甲县统计局") and not document.apart
    assert "object" in read(_saved(coding, charset, "text/html"), "报告.mht", MHTML).apart


def test_a_file_without_a_page_says_so() -> None:
    message = Message()
    message["Content-Type"] = "multipart/related; boundary=b"
    with pytest.raises(UnreadableError, match="没有可以识别的网页"):
        mhtml.read(message.as_bytes(), "报告.mht")


HIDDEN = ["visibility: hidden; opacity: 0;", "visibility:hidden", "opacity:0"]


@pytest.mark.parametrize("style", HIDDEN)
def test_an_article_that_a_script_shows_is_seen(style: str) -> None:
    page = f"<meta charset=utf-8><h1>标题</h1><script>{'x' * 5000}</script><div id=a style='{style}'>{ARTICLE}</div>"
    document = html.read(page.encode(), "报告.html")
    cells = document.tables[0].cells
    assert [c.text for c in cells] == ["一、本年新收", "3", "二、上年结转", "4"] and not any(c.doubt for c in cells)


@pytest.mark.parametrize("style", HIDDEN)
@pytest.mark.parametrize(
    "beside", [ARTICLE, "<p>" + "另一份正文。" * 60 + "</p>", "<table><tr><td>1</td></tr></table>"]
)
def test_what_is_hidden_beside_what_is_seen_stays_hidden(style: str, beside: str) -> None:
    page = f"<meta charset=utf-8>{beside}<div style='{style}'>{ARTICLE.replace('>4<', '>5<')}</div>"
    document = html.read(page.encode(), "报告.html")
    assert not any(c.text == "5" and c.doubt is None for t in document.tables for c in t.cells)


def test_what_is_taken_out_of_the_page_stays_out() -> None:
    with pytest.raises(UnreadableError):
        html.read(f"<meta charset=utf-8><div style='display:none;opacity:0'>{ARTICLE}</div>".encode(), "报告.html")
