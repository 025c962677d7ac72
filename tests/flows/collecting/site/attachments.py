"""A host whose list leads to reports in every shape that a report can have behind its link.

Belongs here: attachments, viewers, frames, several pages, several hops, redirects by script. `SHAPES` says of each what is
right: which formats are found behind it.
Does not belong here: lists (`families`), servers that misbehave (`faults`).
"""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
import zipfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from data.generator import clean_layout
from tests.parsers.readers import workbooks

from .families import entries, put
from .markup import article, document, page, shell
from .server import ETAG, Answer, Host, Request, Site, redirect
from .world import Report, World

# Each shape: the file names (endings) of the renderings that hold the report, in any order; () where none can be had.
SHAPES: dict[str, tuple[str, ...]] = {
    "page": (".html",),
    "attached": (".docx",),
    "download_utf8": (".docx",),
    "download_gbk": (".docx",),
    "download_quoted": (".pdf",),
    "script_link": (".docx",),
    "viewer_frame": (".pdf",),
    "viewer_link": (".pdf",),
    "embedded": (".pdf",),
    "object": (".pdf",),
    "framed_page": (".html",),
    "both": (".docx", ".html"),
    "both_differ": (".docx", ".html"),
    "several_pages": (".html",),
    "picture_text": (".html",),
    "meta_refresh": (".html",),
    "script_redirect": (".html",),
    "three_hops": (".docx",),
    "packed": (".zip",),
    "wrong_type": (".pdf",),
    "among_others": (".docx",),
    "pictures_only": (),
    "direct_pdf": (".pdf",),
    "direct_download": (".docx",),
    "http_redirect": (".html",),
    "workbook": (".xlsx",),
    "word_and_pdf": (".docx", ".pdf"),
    "capital_ending": (".docx",),
    "changing_token": (".docx",),
    "called_binary": (".html",),
    "old_word": (".doc",),
    "called_wps": (".doc",),
}
# LibreOffice makes and reads these: seconds each.
SLOW = ("old_word", "called_wps")
PLACE, DIVISION = "怀远县", "340321"


def shapes(site: Site, world: World) -> None:
    """One report for each shape, all on one list at /nb/."""
    host = site.host("shapes", ETAG)
    names = tuple(f"第{n}幼儿园" for n in range(len(SHAPES)))
    reports = world.add(PLACE, DIVISION, names, range(2025, 2026))
    placed = []
    for (shape, _), report in zip(SHAPES.items(), reports, strict=True):
        placed.append((report, globals()[f"_{shape}"](host, report, f"/nb/{shape}")))
    host.page("/nb/", shell("政府信息公开年报", f"<ul>{entries(placed)}</ul>", place=PLACE, code=DIVISION))
    # What the viewer itself is asked for would be its own scripts.
    host.page("/pdfjs/web/viewer.html", "<html><title>PDF.js viewer</title><body></body></html>")
    host.page("/files/guide.docx", b"PK\x03\x04 not asked for")


def shape_of(world: World, shape: str) -> Report:
    """The report of a shape."""
    n = list(SHAPES).index(shape)
    return next(r for r in world if r.body == f"{PLACE}第{n}幼儿园")


def made(world: World) -> None:
    """Make what takes longer to make than a collector waits."""
    for shape in SLOW:
        _as_doc(shape_of(world, shape).bytes("docx"))


def _leading(host: Host, report: Report, at: str, inner: str) -> str:
    """A page at ``at.html`` with nothing of the report but ``inner``."""
    host.at(f"{at}.html", page(lambda _: article(report, f"<h1>{report.title}</h1>{inner}"), report))
    return f"{at}.html"


def _page(host: Host, report: Report, at: str) -> str:
    return put(host, report, f"{at}.html")


def _attached(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}/P020260110.docx", document(report, "docx"))
    return _leading(host, report, at, f'<p>附件：<a href="{at}/P020260110.docx">{report.title}.docx</a></p>')


def _download_utf8(host: Host, report: Report, at: str) -> str:
    name = quote(f"{report.title}.docx")
    host.at(
        f"{at}/download.jsp",
        document(report, "docx", type="application/octet-stream", disposition=f"attachment; filename*=UTF-8''{name}"),
    )
    return _leading(host, report, at, f'<p>附件下载：<a href="{at}/download.jsp?id=17&amp;v=2">{report.title}</a></p>')


def _download_gbk(host: Host, report: Report, at: str) -> str:
    raw = f'attachment; filename="{report.title}.docx"'.encode("gb18030").decode("latin-1")
    host.at(f"{at}/DownloadServlet", document(report, "docx", type="application/x-download", disposition=raw))
    return _leading(host, report, at, f'<a href="{at}/DownloadServlet?fileId=99">点击下载</a>')


def _download_quoted(host: Host, report: Report, at: str) -> str:
    name = quote(f"{report.title}.pdf")
    host.at(
        f"{at}/file.do",
        document(report, "pdf-drawn", type="application/octet-stream", disposition=f'inline; filename="{name}"'),
    )
    return _leading(host, report, at, f'<a href="{at}/file.do?method=downFile&amp;id=5">附件</a>')


def _script_link(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}/a.docx", document(report, "docx"))
    return _leading(
        host, report, at, f'<a href="javascript:void(0)" onclick="downFile(\'{at}/a.docx\')">{report.title}</a>'
    )


def _viewer_frame(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}/年报.pdf".replace("年报", quote("年报")), document(report, "pdf-drawn"))
    to = quote(f"{at}/{quote('年报')}.pdf", safe="")
    return _leading(host, report, at, f'<iframe src="/pdfjs/web/viewer.html?file={to}" width="100%"></iframe>')


def _viewer_link(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}/b.pdf", document(report, "pdf-drawn"))
    return _leading(
        host, report, at, f'<a href="/pdfjs/web/viewer.html?file={host.url(at)}/b.pdf" target="_blank">在线阅读</a>'
    )


def _embedded(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}/c.pdf", document(report, "pdf-drawn"))
    return _leading(host, report, at, f'<embed src="{at}/c.pdf" type="application/pdf">')


def _object(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}/d.pdf", document(report, "pdf-drawn"))
    return _leading(host, report, at, f'<object data="{at}/d.pdf" type="application/pdf"><p>请安装阅读器</p></object>')


def _framed_page(host: Host, report: Report, at: str) -> str:
    host.at(
        f"{at}/content.html",
        page(lambda _: f"<html><head><title></title></head><body>{report.article}</body></html>", report),
    )
    return _leading(host, report, at, f'<iframe src="{at}/content.html" frameborder="0"></iframe>')


def _both(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}/e.docx", document(report, "docx"))
    return _leading(host, report, at, f'{report.article}<p>附件：<a href="{at}/e.docx">{report.title}.docx</a></p>')


def _both_differ(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}/f.docx", document(replace(report, version=report.version + 3), "docx"))
    return _leading(host, report, at, f'{report.article}<p>附件：<a href="{at}/f.docx">{report.title}.docx</a></p>')


def _several_pages(host: Host, report: Report, at: str) -> str:
    def part(n: int) -> str:
        halves = re.split(r"(?=<h2>四、)", report.article, maxsplit=1)
        pager = f'<div class="page"><a href="{at}.html">1</a> <a href="{at}_2.html">2</a> <a href="{at}_2.html">下一页</a></div>'
        head = f"<h1>{report.title}</h1>" if n else ""
        return article(report, head + halves[n] + pager)

    host.at(f"{at}.html", page(lambda _: part(0), report))
    host.at(f"{at}_2.html", page(lambda _: part(1), report))
    return f"{at}.html"


def _picture_text(host: Host, report: Report, at: str) -> str:
    put(host, report, f"{at}/full.html")
    inner = f'<img src="/img/1.png"><img src="/img/2.png"><p><a href="{at}/full.html">{report.title}</a></p>'
    host.at(f"{at}.html", page(lambda _: article(report, f"<h1>一图读懂：{report.title}</h1>{inner}"), report))
    return f"{at}.html"


def _meta_refresh(host: Host, report: Report, at: str) -> str:
    put(host, report, f"{at}/g.html")
    host.page(f"{at}.html", f'<html><head><meta http-equiv="refresh" content="0;url={at}/g.html"></head></html>')
    return f"{at}.html"


def _script_redirect(host: Host, report: Report, at: str) -> str:
    put(host, report, f"{at}/h.html")
    host.page(
        f"{at}.html", f'<html><head><script>window.location.href = "{at}/h.html";</script></head><body></body></html>'
    )
    return f"{at}.html"


def _three_hops(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}/i.docx", document(report, "docx"))
    last = _leading(host, report, f"{at}/last", f'<p><a href="{at}/i.docx">{report.title}</a></p>')
    return _leading(host, report, at, f'<p>请见：<a href="{last}">{report.title}</a></p>')


def _packed(host: Host, report: Report, at: str) -> str:
    def handler(_: object) -> Answer:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as packed:
            packed.writestr(zipfile.ZipInfo(f"{report.title}.docx", (2026, 1, 9, 0, 0, 0)), report.bytes("docx"))
        return Answer(buffer.getvalue(), type="application/zip", tag=report.tag)

    host.at(f"{at}/j.zip", handler)
    return _leading(host, report, at, f'<a href="{at}/j.zip">{report.title}.zip</a>')


def _wrong_type(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}/k.pdf", document(report, "pdf-drawn", type="text/html; charset=utf-8"))
    return _leading(host, report, at, f'<a href="{at}/k.pdf">附件1：{report.title}.pdf</a>')


def _among_others(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}/l.docx", document(report, "docx"))
    inner = f'<p>1.<a href="/files/guide.docx">{PLACE}政府信息公开指南.docx</a></p><p>2.<a href="{at}/l.docx">{report.title}.docx</a></p>'
    return _leading(host, report, at, inner)


def _pictures_only(host: Host, report: Report, at: str) -> str:
    return _leading(host, report, at, "".join(f'<p><img src="/img/{n}.png"></p>' for n in range(3)))


def _direct_pdf(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}.pdf", document(report, "pdf-drawn"))
    return f"{at}.pdf"


def _direct_download(host: Host, report: Report, at: str) -> str:
    name = quote(f"{report.title}.docx")
    host.at(
        f"{at}/get",
        document(report, "docx", type="application/octet-stream", disposition=f"attachment; filename*=utf-8''{name}"),
    )
    return f"{at}/get?id=3"


def _workbook(host: Host, report: Report, at: str) -> str:
    def handler(_: object) -> Answer:
        body = workbooks.saved(workbooks.xlsx_of(report.truth, clean_layout("docx")))
        return Answer(body, type="application/vnd.ms-excel", tag=report.tag)

    host.at(f"{at}/n.xlsx", handler)
    return _leading(host, report, at, f'<a href="{at}/n.xlsx">{report.title}.xlsx</a>')


def _word_and_pdf(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}/o.docx", document(report, "docx"))
    host.at(f"{at}/o.pdf", document(report, "pdf-drawn"))
    links = "".join(f'<p>附件：<a href="{at}/o.{end}">{report.title}.{end}</a></p>' for end in ("docx", "pdf"))
    return _leading(host, report, at, links)


def _capital_ending(host: Host, report: Report, at: str) -> str:
    host.at(f"{at}/P.DOCX", document(report, "docx"))
    return _leading(host, report, at, f'<a href="{at}/P.DOCX">{report.title}</a>')


def _changing_token(host: Host, report: Report, at: str) -> str:
    """The page and the address of its file are others at every visit."""
    host.at(f"{at}/down.jsp", document(report, "docx", type="application/octet-stream"))

    def inner(request: Request) -> str:
        return f'<h1>{report.title}</h1><a href="{at}/down.jsp?id=8&amp;token={request.count}c">附件：{report.title}.docx</a>'

    host.at(f"{at}.html", page(lambda r: article(report, inner(r), visits=r.count)))
    return f"{at}.html"


def _called_binary(host: Host, report: Report, at: str) -> str:
    put(host, report, f"{at}.html")
    whole = host.routes[f"{at}.html"]
    host.at(f"{at}.html", lambda request: replace(whole(request), type="application/octet-stream"))
    return f"{at}.html"


@lru_cache(maxsize=4)
def _as_doc(docx: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "a.docx").write_bytes(docx)
        profile = f"-env:UserInstallation=file://{name}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", name, f"{name}/a.docx"]
        subprocess.run(command, check=True, capture_output=True, timeout=240)
        return (Path(name) / "a.doc").read_bytes()


def _old(host: Host, report: Report, at: str, ending: str) -> str:
    host.at(
        f"{at}/q.{ending}", lambda _: Answer(_as_doc(report.bytes("docx")), type="application/msword", tag=report.tag)
    )
    return _leading(host, report, at, f'<a href="{at}/q.{ending}">{report.title}.{ending}</a>')


def _old_word(host: Host, report: Report, at: str) -> str:
    return _old(host, report, at, "doc")


def _called_wps(host: Host, report: Report, at: str) -> str:
    return _old(host, report, at, "wps")


def _http_redirect(host: Host, report: Report, at: str) -> str:
    put(host, report, f"{at}/m.html")
    host.at(f"{at}.html", lambda _: redirect(f"{at}/m.html", 301))
    return f"{at}.html"
