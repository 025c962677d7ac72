"""Pages of the test site: what stands around a list or a report, in the ways of several content management systems.

Belongs here: markup. Does not belong here: which page stands where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from html import escape

from .server import Answer, Request
from .world import Report

MENU = ("首页", "政务公开", "政务服务", "互动交流", "走进本地")


def shell(
    title: str, inner: str, *, place: str, code: str = "", crumbs: str = "", head: str = "", visits: int | None = None
) -> str:
    """A page of a site. ``visits``: a counter and the day's date, which differ at every visit."""
    menu = "".join(f'<li><a href="/channel{n}/">{name}</a></li>' for n, name in enumerate(MENU))
    site = f'<meta name="SiteName" content="{place}人民政府">' if place else ""
    site += f'<meta name="SiteIDCode" content="{code}0001">' if code else ""
    changing = f"<p>今天是{date.today():%Y年%m月%d日} 浏览次数：{1200 + visits}</p>" if visits is not None else ""
    return (
        f"<!DOCTYPE html><html><head><title>{escape(title)}</title>{site}{head}</head><body>"
        f'<div class="top"><ul>{menu}</ul></div>'
        + (f'<div class="dqwz">当前位置：{crumbs}</div>' if crumbs else "")
        + f"{inner}<div class='foot'>{changing}<p>主办：{place}人民政府办公室</p></div></body></html>"
    )


def article(
    report: Report,
    inner: str,
    *,
    visits: int | None = None,
    crumbs: str = "",
    neighbours: Iterable[tuple[str, str]] = (),
) -> str:
    """An article's page: metadata, the title, ``inner``, links to its neighbours."""
    place = report.body[: report.body.index("县") + 1] if "县" in report.body else ""
    head = (
        f'<meta name="ArticleTitle" content="{report.title}"><meta name="PubDate" content="{report.published} 10:12">'
        '<meta name="ColumnName" content="政府信息公开年报">'
    )
    links = "".join(
        f'<p>{word}：<a href="{to}">{name}</a></p>'
        for word, (to, name) in zip(("上一篇", "下一篇"), neighbours, strict=False)
    )
    return shell(
        report.title,
        f'<div class="info">发布时间：{report.published} 来源：{report.body}</div><div id="zoom">{inner}</div>{links}',
        place=place,
        code=report.division,
        crumbs=crumbs or "首页 &gt; 政务公开 &gt; 政府信息公开年报",
        head=head,
        visits=visits,
    )


def page(
    made: Callable[[Request], str], report: Report | None = None, *, charset: str = "utf-8", claimed: str | None = None
) -> Callable[[Request], Answer]:
    """A handler for a page that is made anew at each visit; of a withdrawn report nothing is left.

    ``charset`` is what the bytes are in, ``claimed`` what the server says ("" for nothing).
    """

    def handler(request: Request) -> Answer:
        if report is not None and not report.up:
            return Answer(b"<html><body>404</body></html>", 404)
        said = charset if claimed is None else claimed
        tag = report.tag if report is not None else None
        return Answer(
            made(request).encode(charset, "xmlcharrefreplace"),
            type=f"text/html; charset={said}" if said else "text/html",
            tag=tag,
            modified=1_760_000_000 + 60 * report.version if report is not None else None,
        )

    return handler


TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "doc": "application/msword",
    "html": "text/html",
    "txt": "text/plain",
    "zip": "application/zip",
}


def document(
    report: Report, format: str, *, type: str | None = None, disposition: str | None = None
) -> Callable[[Request], Answer]:
    """A handler for a report as a file. ``disposition`` is sent as it is (latin-1 stands for raw bytes)."""

    def handler(_: Request) -> Answer:
        if not report.up:
            return Answer(b"<html><body>404</body></html>", 404)
        ending = "pdf" if format.startswith("pdf") else format
        headers = {} if disposition is None else {"Content-Disposition": disposition}
        return Answer(
            report.bytes(format),
            type=TYPES[ending] if type is None else type,
            headers=headers,
            tag=f"{report.tag}{ending}",
            modified=1_760_000_000 + 60 * report.version,
        )

    return handler
