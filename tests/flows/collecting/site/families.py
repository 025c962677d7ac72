"""Hosts of the test site that publish as the families of government sites do.

Belongs here: lists, their pages, what a family's scripts and endpoints say. Does not belong here: attachments in odd shapes
(`attachments`), servers that misbehave (`faults`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from .markup import article, document, page, shell
from .server import ETAG, LYING, MODIFIED, NONE, Answer, Host, Request, Site
from .world import DEPARTMENTS, Report, World

# What else stands in such a column, and is no report.
DECOYS = (
    ("某县企业信用信息年报公示办法", "/decoy/1.html"),
    ("关于建立政府信息公开工作年度报告制度的通知", "/decoy/2.html"),
    ("2024年政府信息公开工作年度报告解读", "/decoy/3.html"),
    ("2024年度部门决算公开", "/decoy/4.html"),
    ("政府网站工作年度报表（2024年度）", "/decoy/5.html"),
)


def decoys(host: Host) -> None:
    """Pages that nobody should ask for."""
    for name, path in DECOYS:
        host.page(path, shell(name, f"<h1>{name}</h1>", place=""))


def put(
    host: Host, report: Report, path: str, *, charset: str = "utf-8", claimed: str | None = None, visits: bool = False
) -> str:
    """Publish a report at a path (``….html``): as a page, or as a page with nothing but a link to its file."""
    name = ending = ""
    if report.format != "html":
        ending = "pdf" if report.format.startswith("pdf") else report.format
        file = f"{path.removesuffix('.html')}.{ending}"
        host.at(file, document(report, report.format))
        name = file.rpartition("/")[2]

    def inner() -> str:
        if not name:
            return report.article
        return f'<h1>{report.title}</h1><p>附件：<a href="./{name}">{report.title}.{ending}</a></p>'

    host.at(
        path,
        page(
            lambda r: article(report, inner(), visits=r.count if visits else None),
            report,
            charset=charset,
            claimed=claimed,
        ),
    )
    return path


def entries(reports: Sequence[tuple[Report, str]], *, cut: int = 0) -> str:
    """``li`` with a link and a date; ``cut``: titles cut after so many characters, whole only in ``title``."""
    rows = []
    for report, to in reports:
        text = report.title if not cut else f"{report.title[:cut]}…"
        rows.append(f'<li><a href="{to}" title="{escape(report.title)}">{text}</a><span>{report.published}</span></li>')
    return "".join(rows)


def other(links: Sequence[tuple[str, str]] = DECOYS) -> str:
    return "".join(f'<li><a href="{to}">{name}</a><span>2025-02-01</span></li>' for name, to in links)


def pages_of(reports: Sequence[Any], size: int) -> list[list[Any]]:
    return [list(reports[i : i + size]) for i in range(0, len(reports), size)]


# --- the families


def plain(site: Site, world: World) -> None:
    """Relative links, titles cut, next page ``index_1.html``; servers with ETag."""
    host = site.host("plain", ETAG)
    decoys(host)
    reports = world.add("沭阳县", "321322", DEPARTMENTS, range(2022, 2026), "html", "html", "html", "docx", "pdf-drawn")
    placed = [
        (r, put(host, r, f"/zwgk/nb/{r.published:%Y%m}/t{r.published:%Y%m%d}_{n}.html")) for n, r in enumerate(reports)
    ]
    chunks = pages_of([(r, "." + p.removeprefix("/zwgk/nb")) for r, p in placed], 20)
    for n, chunk in enumerate(chunks):
        name = "index.html" if n == 0 else f"index_{n}.html"
        more = (
            f'<a href="index_{n + 1}.html">下一页</a> <a href="index_{len(chunks) - 1}.html">尾页</a>'
            if n + 1 < len(chunks)
            else ""
        )
        body = f'<h2>政府信息公开年报</h2><ul class="list">{other() if n == 0 else ""}{entries(chunk, cut=16)}</ul><div class="page">{more}</div>'
        html = shell("政府信息公开年报", body, place="沭阳县", code="321322")
        host.page(f"/zwgk/nb/{name}", html)
        if n == 0:
            host.page("/zwgk/nb/", html)


def gbk(site: Site, world: World) -> None:
    """GBK bytes: lists say nothing of it, articles claim UTF-8; ``?page=2``; Last-Modified is the time of the request."""
    host = site.host("gbk", LYING)
    decoys(host)
    reports = world.add("攸县", "430223", DEPARTMENTS[:12], range(2022, 2026))
    placed = [
        (r, put(host, r, f"/nb/{r.year}/{n}.html", charset="gb18030", claimed="utf-8", visits=True))
        for n, r in enumerate(reports)
    ]
    chunks = pages_of(placed, 15)

    def listing(request: Request) -> str:
        n = int(request.query.get("page", "1"))
        chunk = chunks[n - 1] if 0 < n <= len(chunks) else []
        links = "".join(f'<a href="?page={i + 1}">{i + 1}</a>' for i in range(len(chunks)))
        more = f'<a href="?page={n + 1}">下一页</a>' if n < len(chunks) else ""
        return shell(
            "信息公开年报",
            f"<ul>{entries(chunk)}{other() if n == 1 else ''}</ul>{links}{more}",
            place="攸县",
            visits=request.count,
        )

    host.at("/nb/list.asp", page(listing, charset="gb18030", claimed=""))


def trs(site: Site, world: World) -> None:
    """The pager is a script call with total, current page, stem and ending."""
    host = site.host("trs", MODIFIED)
    decoys(host)
    reports = world.add("开化县", "330824", DEPARTMENTS[:12], range(2022, 2026))
    placed = [(r, put(host, r, f"/col/xxgknb/{r.published:%Y%m}/t{n}.shtml.html")) for n, r in enumerate(reports)]
    chunks = pages_of([(r, "./" + p.removeprefix("/col/xxgknb/")) for r, p in placed], 16)
    for n, chunk in enumerate(chunks):
        name = "index.html" if n == 0 else f"index_{n}.html"
        script = f'<script>createPageHTML({len(chunks)}, {n}, "index", "html");</script>'
        host.page(
            f"/col/xxgknb/{name}", shell("年报", f"<ul>{entries(chunk)}</ul>{script}", place="开化县", code="330824")
        )


def jpage(site: Site, world: World) -> None:
    """A datastore in a script; further records from dataproxy.jsp, which answers with the same XML."""
    host = site.host("jpage")
    decoys(host)
    reports = world.add("临泽县", "620723", DEPARTMENTS[:12], range(2022, 2026))
    placed = [
        (r, put(host, r, f"/art/{r.published.year}/{r.published.month}/{r.published.day}/art_151_{n}.html"))
        for n, r in enumerate(reports)
    ]
    per = 15

    def records(first: int, last: int) -> str:
        chosen = placed[first - 1 : last]
        return "".join(f"<record><![CDATA[{entries([one])}]]></record>" for one in chosen)

    def datastore(first: int, last: int) -> str:
        return (
            f'<datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp"></a>]]></nextgroup>'
            f"<recordset>{records(first, last)}</recordset><totalrecord>{len(placed)}</totalrecord>"
            f"<totalpage>{-(-len(placed) // per)}</totalpage></datastore>"
        )

    def column(request: Request) -> str:
        number = request.path.split("/col")[2].removesuffix("/index.html") if "/col" in request.path else "151"
        script = (
            f'<div id="4567" class="page"></div><script type="text/xml">{datastore(1, per)}</script>'
            "<script>$(function(){$('#4567').jpage({showMode:'normal',"
            f"proxyUrl:'/module/web/jpage/dataproxy.jsp',perPage:{per},groupSize:1,startrecord:1,endrecord:{per},"
            f"totalRecord:{len(placed)},urlParams:{{col:1,appid:1,webid:12,path:'/',columnid:{number},sourceContentType:1,unitid:4567,webname:'网站',permissiontype:0}}}});}});</script>"
        )
        return shell("政府信息公开年报", script, place="临泽县", code="620723")

    def proxy(request: Request) -> Answer:
        given = {**request.query, **request.form}
        # These want their parameters posted, and say so or do not.
        if not request.form and given.get("columnid") in ("153", "154"):
            return Answer(b"", 405) if given["columnid"] == "153" else Answer(b"<p>error</p>")
        if given.get("columnid") not in ("151", "153", "154") or given.get("unitid") != "4567":
            return Answer(b"<datastore></datastore>", type="text/xml")
        first, last = int(given.get("startrecord", "1")), int(given.get("endrecord", "15"))
        return Answer(datastore(first, last).encode(), type="text/xml; charset=utf-8")

    for number in (151, 153, 154):
        host.at(f"/col/col{number}/index.html", page(column))
    host.at("/module/web/jpage/dataproxy.jsp", proxy)
    # A later version encrypts its parameters: only the first page can be read.
    first = "".join(f"<record><![CDATA[{entries([one])}]]></record>" for one in placed[:per])
    host.page(
        "/col/col152/index.html",
        shell(
            "年报",
            f'<script type="text/xml"><datastore><recordset>{first}</recordset></datastore></script>'
            f"<script>$('#99').jpage({{proxyUrl:'/module/web/jpage/dataproxy.jsp',perPage:{per},totalRecord:{len(placed)},"
            "encrypted:'9f86d081884c7d659a2feaa0c55ad015a3bf4f1b'});</script>",
            place="临泽县",
        ),
    )


def xxgk(site: Site, world: World) -> None:
    """One address for bodies and years; the body is named only by the parameter."""
    host = site.host("xxgk")
    reports = world.add("连江县", "350122", DEPARTMENTS[:10], range(2022, 2026))
    by = {(f"{1 + DEPARTMENTS.index(r.body.removeprefix('连江县')):03d}", str(r.year)): r for r in reports}

    def annual(request: Request) -> Answer:
        report = by.get((request.query.get("area", ""), request.query.get("fbtime", "")))
        if report is None or not report.up:
            return Answer(shell("信息公开年报", "<p>暂无内容</p>", place="连江县").encode())
        # Nothing in the page says whose it is.
        text = report.article.replace(report.body, "").replace("本报告由编制，", "").replace("我局", "")
        html = shell("政府信息公开年报", text.replace(report.title, ""), place="")
        return Answer(html.encode(), tag=report.tag)

    host.at("/module/xxgk/xxgkAnnualReport.jsp", annual)


def gkmlpt(site: Site, world: World) -> None:
    """A page whose script holds SID, a JSON list with addresses and times in epoch seconds."""
    host = site.host("gkmlpt", ETAG)
    reports = world.add("平潭县", "350128", DEPARTMENTS[:12], range(2022, 2026))
    placed = [(r, put(host, r, f"/gkmlpt/content/3/{n}/post_{n}.html")) for n, r in enumerate(reports)]
    size = 20
    host.page(
        "/gkmlpt/annualreport",
        shell(
            "政府信息公开平台",
            '<div id="app"></div><script>window._CONFIG = {SID: "754001", SITE_NAME: "平台"};</script>',
            place="",
            code="350128",
        ),
    )

    def api(request: Request) -> Answer:
        n = int(request.query.get("page", "1"))
        if request.query.get("sid") != "754001":
            return Answer(b'{"error": "sid"}', 400, "application/json")
        articles = [
            {
                "id": i,
                "title": r.title,
                "url": host.url(p),
                "post_url": "",
                "publisher": r.body,
                "created_at": int(
                    datetime(r.published.year, r.published.month, r.published.day, 2, tzinfo=UTC).timestamp()
                ),
            }
            for i, (r, p) in enumerate(placed[(n - 1) * size : n * size])
        ]
        return Answer(
            json.dumps({"total": len(placed), "articles": articles}, ensure_ascii=False).encode(),
            type="application/json",
        )

    host.at("/gkmlpt/api/all/2671", api)
    # The platform's entry: columns in the menu, and in what the script is told.
    config = '{SID: "754001", columns: [{"id": 2670, "name": "政策法规"}, {"id": "2671", "name": "政府信息公开年报"}]}'
    host.page("/gkmlpt/index", shell("平台", f"<div id=app></div><script>window._CONFIG = {config}</script>", place=""))
    menu = '<ul><li><a href="#2670">政策法规</a></li><li><a href="#/2671">信息公开年报</a></li></ul>'
    host.page("/gkmlpt/menu", shell("平台", menu + '<script>var SID = "754001"</script>', place=""))


def single(site: Site, world: World) -> None:
    """A single-page site: a list somewhere inside JSON, a page parameter."""
    host = site.host("json", ETAG)
    reports = world.add("乾县", "610424", DEPARTMENTS[:10], range(2023, 2026))
    placed = [(r, put(host, r, f"/detail/{n}.html")) for n, r in enumerate(reports)]
    size = 8

    def api(request: Request) -> Answer:
        n = int(request.query.get("pageNo", "1"))
        rows = [
            {"docTitle": r.title, "docUrl": p, "pubTime": f"{r.published} 09:00:00", "dept": {"name": r.body}}
            for r, p in placed[(n - 1) * size : n * size]
        ]
        body = {"code": 200, "data": {"pager": {"total": len(placed), "size": size}, "rows": rows}}
        return Answer(json.dumps(body, ensure_ascii=False).encode(), type="application/json;charset=UTF-8")

    host.at("/api/list", api)
    host.page(
        "/",
        '<!DOCTYPE html><html><head><title>平台</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>',
    )


def hops(site: Site, world: World) -> None:
    """An index by year, each leading to a list; an index by body, each leading to its list or report."""
    host = site.host("hops", NONE)
    decoys(host)
    by_year = world.add("泾县", "341823", DEPARTMENTS[:8], range(2024, 2026))
    for year in (2024, 2025):
        placed = [(r, put(host, r, f"/nb/{year}/{r.key}.html")) for r in by_year if r.year == year]
        # Here the list's links say whose, and only the way to it of which year.
        rows = "".join(f'<li><a href="{r.key}.html">{r.body}</a></li>' for r, _ in placed)
        host.page(
            f"/nb/{year}/", shell(f"{year}年", f"<h2>{year}年度政府信息公开年报</h2><ul>{rows}</ul>", place="泾县")
        )
    host.page(
        "/nb/",
        shell(
            "政府信息公开年报",
            '<h2>政府信息公开年报</h2><ul><li><a href="2025/">2025年</a></li><li><a href="2024/">2024年</a></li></ul>',
            place="泾县",
            code="341823",
        ),
    )
    by_body = world.add("祁门县", "341024", DEPARTMENTS[:8], range(2024, 2026))
    links = ""
    for name in DEPARTMENTS[:8]:
        own = [r for r in by_body if r.body == f"祁门县{name}"]
        rows = "".join(
            f'<li><a href="/qm/{r.key}.html">{r.year}年年度报告</a><span>{r.published}</span></li>' for r in own
        )
        for r in own:
            put(host, r, f"/qm/{r.key}.html")
        n = DEPARTMENTS.index(name)
        host.page(
            f"/qm/dept{n}/", shell(f"祁门县{name}", f"<h2>祁门县{name}信息公开年报</h2><ul>{rows}</ul>", place="祁门县")
        )
        links += f'<td><a href="/qm/dept{n}/">县{name}</a></td>'
    host.page(
        "/qm/",
        shell(
            "年报",
            f"<h2>各单位政府信息公开工作年度报告</h2><table><tr>{links}</tr></table>",
            place="祁门县",
            code="341024",
        ),
    )


def platform(site: Site, world: World) -> None:
    """A province's platform: rows of a table name body, title and date."""
    host = site.host("platform", ETAG)
    reports = world.add("舒城县", "341523", DEPARTMENTS[:10], range(2023, 2026))
    placed = [(r, put(host, r, f"/public/{n}.html")) for n, r in enumerate(reports)]
    chunks = pages_of(placed, 12)

    def listing(request: Request) -> str:
        n = int(request.query.get("pageNum", "1"))
        rows = "".join(
            f'<tr><td>{r.body}</td><td><a href="{p}">{r.year}年度政府信息公开工作年度报告</a></td><td>{r.published}</td></tr>'
            for r, p in (chunks[n - 1] if 0 < n <= len(chunks) else [])
        )
        return shell(
            "信息公开年报",
            f"<table><tr><th>单位</th><th>名称</th><th>日期</th></tr>{rows}</table><div>共{len(chunks)}页 <a href='?pageNum={min(n + 1, len(chunks))}'>下一页</a></div>",
            place="",
        )

    host.at("/public/annual", page(listing))


def feeds(site: Site, world: World) -> None:
    """RSS, Atom, and sitemaps: an index, one of them packed."""
    import gzip

    host = site.host("feeds", ETAG)
    decoys(host)
    rss = world.add("盘山县", "211122", DEPARTMENTS[:10], range(2025, 2026))
    atom = world.add("喀喇沁旗", "150428", DEPARTMENTS[:10], range(2025, 2026))
    maps = world.add("怀宁县", "340822", DEPARTMENTS[:10], range(2024, 2026))
    items = "".join(
        f"<item><title>{r.title}</title><link>{host.url(put(host, r, f'/rss/{r.key}.html'))}</link><pubDate>{r.published:%a, %d %b %Y} 09:00:00 +0800</pubDate></item>"
        for r in rss
    ) + "".join(f"<item><title>{n}</title><link>{host.url(p)}</link></item>" for n, p in DECOYS)
    channel = f'<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><title>年报</title><link>{host.root}</link><description>x</description>{items}</channel></rss>'
    host.page("/rss.xml", channel.encode("gb18030"), type="text/xml")
    rows = "".join(
        f'<entry><title>{r.title}</title><link rel="alternate" href="{put(host, r, f"/atom/{r.key}.html")}"/><updated>{r.published}T09:00:00+08:00</updated><author><name>{r.body}</name></author></entry>'
        for r in atom
    )
    host.page(
        "/atom.xml",
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>年报</title>{rows}</feed>',
        type="application/atom+xml",
    )
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    for year in (2024, 2025):
        urls = "".join(
            f"<url><loc>{host.url(put(host, r, f'/zwgk/xxgknb/{year}/{r.key}.html'))}</loc><lastmod>{r.published}</lastmod></url>"
            for r in maps
            if r.year == year
        ) + "".join(f"<url><loc>{host.url(f'/xwdt/{n}.html')}</loc></url>" for n in range(40))
        xml = f'<?xml version="1.0" encoding="UTF-8"?><urlset {space}>{urls}</urlset>'.encode()
        if year == 2024:
            host.page("/sitemap-2024.xml.gz", gzip.compress(xml, mtime=0), type="application/x-gzip")
        else:
            host.page("/sitemap-2025.xml", xml, type="text/xml")
    host.page(
        "/sitemap.xml",
        f'<?xml version="1.0"?><sitemapindex {space}><sitemap><loc>{host.url("/sitemap-2024.xml.gz")}</loc></sitemap><sitemap><loc>{host.url("/sitemap-2025.xml")}</loc></sitemap></sitemapindex>',
        type="text/xml",
    )


ALL = (plain, gbk, trs, jpage, xxgk, gkmlpt, single, hops, platform, feeds)
