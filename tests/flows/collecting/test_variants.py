"""Lists as sites write them, each small and by hand: rows, pagers, ways to lists, and what must not be taken for a report."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from flows.collecting.contract import Fetched
from flows.collecting.discovery import Found, discover
from flows.collecting.sources import Paths, Source

AT = "https://x.test"
TITLE = "信息公开年报"
META = '<meta name="SiteIDCode" content="3413240001">'


class Pages:
    """A fetcher of pages in memory; what is not there is gone."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = {f"{AT}{path}": text for path, text in pages.items()}
        self.asked: list[str] = []

    def fetch(self, address: str, *, source: Source, referer: str | None = None) -> Fetched:
        self.asked.append(address)
        text = self.pages.get(address)
        status, problem = (404, "gone") if text is None else (200, None)
        return Fetched(address, address, status, {}, (text or "").encode(), datetime.now(UTC), problem=problem)


def page(inner: str, title: str = TITLE) -> str:
    return f"<html><head><title>{title}</title>{META}</head><body><ul><li><a href='/'>首页</a></li><li><a href='/zw/'>政务公开</a></li></ul>{inner}</body></html>"


REPORT = page(
    "<h1>{}</h1><p>一、总体情况</p><p>二、主动公开政府信息情况</p><p>三、收到和处理政府信息公开申请情况</p>"
    "<p>四、政府信息公开行政复议、行政诉讼情况</p><p>五、存在的主要问题及改进情况</p><p>六、其他需要报告的事项</p>"
)


def title(body: str, year: int) -> str:
    return f"{body}{year}年政府信息公开工作年度报告"


def found(
    pages: dict[str, str], entry: str = "/nb/", **more: object
) -> tuple[set[tuple[str | None, int | None]], Pages, list[str]]:
    fetcher = Pages(pages)
    source = Source("s", (f"{AT}{entry}",), **more)  # type: ignore[arg-type]
    everything = list(discover(source, fetcher))
    assert len(fetcher.asked) == len(set(fetcher.asked))
    candidates = [f.candidate for f in everything if isinstance(f, Found)]
    assert len({c.address for c in candidates}) == len(candidates)
    return {(c.body, c.year) for c in candidates}, fetcher, [t.problem for t in everything if not isinstance(t, Found)]


TWO = {("泗县教育局", 2024), ("泗县财政局", 2024)}


def links(*pairs: tuple[str, str], tag: str = "li") -> str:
    return "".join(f'<{tag}><a href="{to}">{text}</a></{tag}>' for to, text in pairs)


A, B = ("1.html", title("泗县教育局", 2024)), ("2.html", title("泗县财政局", 2024))


@pytest.mark.parametrize(
    ("first", "others"),
    [
        (f'<a href="column-index-2.shtml">下一页</a>{links(A)}', {"/nb/column-index-2.shtml": links(B)}),
        (f'{links(A)}<a href="/nb/2.html?x=1">2</a> <a href="/nb/2.html?x=1">尾页</a>', {"/nb/2.html?x=1": links(B)}),
        (f'{links(A)}<a href="?currPage=2">下一页 &gt;</a>', {"/nb/?currPage=2": links(B)}),
        (f'{links(A)}<a href="?pageNo=2">»</a>', {"/nb/?pageNo=2": links(B)}),
        (f'{links(A)}<select><option>第1页</option><option value="index_1.html">第2页</option></select>', {"/nb/index_1.html": links(B)}),
        (f'{links(A)}<script>createPageHTML(2, 0, "index", "shtml");</script>', {"/nb/index_1.shtml": links(B)}),
        (f"{links(A)}<script>var currentPage = 0;//页\nvar countPage = 2//共\ndocument.write(1)</script>", {"/nb/index_1.html": links(B)}),
        (f"{links(A)}<script>createPageHTML('p', 2, 1, 'list', 'html', 30)</script>", {"/nb/list_2.html": links(B)}),
    ],
)  # fmt: skip
def test_pagers(first: str, others: dict[str, str]) -> None:
    got, _, troubles = found({"/nb/": page(first), **{path: page(text) for path, text in others.items()}})
    assert got == TWO
    assert troubles == []


def test_a_pager_that_leads_in_a_circle_or_out_ends() -> None:
    first = page(f'{links(A)}<a href="index.html?p=1">下一页</a>')
    second = page(f'{links(A, B)}<a href="/nb/">下一页</a><a href="/other/1.html">3</a>')
    got, fetcher, _ = found({"/nb/": first, "/nb/index.html?p=1": second})
    assert got == TWO
    assert len(fetcher.asked) == 2


@pytest.mark.parametrize(
    "rows",
    [
        f"<dl><dd>{links(A, tag='span')}[2025-01-20]</dd><dd>{links(B, tag='span')}[2025-01-21]</dd></dl>",
        "".join(f'<table><tr><td><a href="{to}" title="{t}">{t[:8]}...</a></td></tr></table>' for to, t in (A, B)),
        "".join(f'<p>{t} 2025-01-20 <a href="{to}">查看</a></p>' for to, t in (A, B)),
        "".join(f"<tr><td>{t[:5]}</td><td>{t}</td><td><a href='{to}'>下载</a></td></tr>" for to, t in (A, B)).join(("<table>", "</table>")),
        "".join(f"<li><a href='javascript:void(0)' onclick=\"openUrl('{to}')\">{t}</a></li>" for to, t in (A, B)),
        "".join(f"<li><a href=\"javascript:go('{to}','{t}')\">{t}</a></li>" for to, t in (A, B)),
        "".join(f"<h3>{t[:5]}</h3><ul><li><a href='{to}'>2024年年度报告</a> 2025-01-20</li></ul>" for to, t in (A, B)),
        "".join(f"<div class='bt'>2024年</div><ul><li><a href='{to}'>{t[:5]}年度报告</a>2025-01-20</li></ul>" for to, t in (A, B))
        .replace("教育局年度报告", "教育局政府信息公开年度报告").replace("财政局年度报告", "财政局政府信息公开年度报告"),
    ],
)  # fmt: skip
def test_rows(rows: str) -> None:
    got, _, _ = found({"/nb/": page(rows), "/nb/1.html": REPORT.format(A[1]), "/nb/2.html": REPORT.format(B[1])})
    assert got == TWO


def test_a_table_of_bodies_and_years() -> None:
    head = "<tr><th>单位</th><th>2024年</th><th>2023年</th></tr>"
    rows = "".join(
        f"<tr><td>{body}</td><td><a href='{n}a.html'>查看</a></td><td><a href='{n}b.html'>查看</a></td></tr>"
        for n, body in enumerate(("泗县教育局", "泗县财政局"))
    )
    got, _, _ = found({"/nb/": page(f"<table>{head}{rows}</table>")})
    assert got == {(b, y) for b in ("泗县教育局", "泗县财政局") for y in (2023, 2024)}


def test_a_portal_leads_to_its_column_and_the_column_to_reports() -> None:
    portal = page(
        "<h3>政府信息公开年报</h3><a href='/nb/'>更多&gt;&gt;</a><h3>要闻</h3><a href='/news/'>更多</a>", "泗县人民政府"
    )
    got, fetcher, _ = found({"/": portal, "/nb/": page(links(A, B))}, "/")
    assert got == TWO
    assert f"{AT}/news/" not in fetcher.asked


def test_years_then_bodies_then_reports() -> None:
    pages = {
        "/nb/": page(links(("2024/", "2024年度"), ("2023/", "2023年度"))),
        "/nb/2024/": page("<h2>2024年度政府信息公开年报</h2>" + links(("jyj/", "县教育局"), ("czj/", "县财政局"))),
        "/nb/2023/": page("<h2>2023年度政府信息公开年报</h2>" + links(("jyj/", "县教育局"))),
        "/nb/2024/jyj/": page("<h2>县教育局</h2>" + links(("1.html", "政府信息公开工作年度报告"))),
        "/nb/2024/jyj/1.html": REPORT.format("教育局"),
        "/nb/2024/czj/": REPORT.format("财政局"),
        "/nb/2023/jyj/": REPORT.format("教育局"),
    }
    got, _, _ = found(pages)
    assert got == {*TWO, ("泗县教育局", 2023)}


def test_an_entry_that_sends_on_and_one_with_a_frame() -> None:
    list_page = page(links(A, B))
    refresh = '<html><head><meta http-equiv="refresh" content="0; url=/nb/list.html"></head></html>'
    assert found({"/nb/": refresh, "/nb/list.html": list_page})[0] == TWO
    frame = "<html><body><iframe src='list.html'></iframe></body></html>"
    assert found({"/nb/": frame, "/nb/list.html": list_page})[0] == TWO


def test_links_to_files_are_reports_too() -> None:
    got, _, _ = found({"/nb/": page(links(("a.pdf", A[1] + ".pdf"), ("b.docx", B[1])))})
    assert got == TWO


def test_the_datastore_of_a_column_is_paged_by_its_unit() -> None:
    def column(n: int, to: str, text: str) -> str:
        record = f"<record><![CDATA[<li><a href='{to}'>{text}</a></li>]]></record>"
        script = "<script>$('#4567').jpage({perPage:1,totalRecord:2});</script>"
        return page(f"<script type='text/xml'><datastore><recordset>{record}</recordset></datastore></script>{script}")

    got, fetcher, troubles = found(
        {"/col/index.html": column(1, *A), "/col/index.html?uid=4567&pageNum=2": column(2, *B)}, "/col/index.html"
    )
    assert got == TWO
    assert troubles == []
    assert len(fetcher.asked) == 2


def test_the_datastores_own_link_to_the_next_group_is_followed() -> None:
    def store(to: str, text: str) -> str:
        link = '<nextgroup><![CDATA[<a href="/proxy/dataproxy.jsp?page=1&columnid=7&unitid=9"></a>]]></nextgroup>'
        record = f"<record><![CDATA[<a href='{to}'>{text}</a>]]></record>"
        return f"<datastore>{link}<recordset>{record}</recordset><totalrecord>2</totalrecord></datastore>"

    pages = {
        "/nb/": page(f"<script>{store(*A)}</script>"),
        "/proxy/dataproxy.jsp?page=1&columnid=7&unitid=9": store(*B),
    }
    assert found(pages)[0] == TWO


def test_a_list_as_markup_within_json_and_jsonp() -> None:
    source = {"json": Paths(items="data.html"), "family": "json"}
    answer = json.dumps({"data": {"html": f"<ul>{links(A, B)}</ul>"}})
    assert found({"/nb/": answer}, **source)[0] == TWO
    assert found({"/nb/": f"callback({answer});"}, **source)[0] == TWO


def test_what_stands_beside_reports_is_left_alone() -> None:
    others = links(
        ("3.html", "泗县2024年统计年报"), ("4.html", "2024年度部门决算公开"), ("5.html", "企业年报公示"),
        ("6.html", "2024年政府信息公开工作年度报告解读"), ("7.html", "关于做好2024年政府信息公开工作年度报告编制发布的通知"),
        ("8.html", "政府信息公开指南"), ("9.html", "2024年政府网站工作年度报表"), ("10.html", "泗县教育局2024年法治政府建设年度报告"),
    )  # fmt: skip
    got, fetcher, _ = found({"/nb/": page(links(A, B) + others)})
    assert got == TWO
    assert len(fetcher.asked) == 1


def test_neighbours_of_an_article_are_not_taken_for_a_list() -> None:
    article = page(
        f"<h1>{A[1]}</h1><p><a href='1.docx'>{A[1]}.docx</a></p><p>上一篇：<a href='2.html'>{B[1]}</a></p><p>下一篇：<a href='9.html'>{title('泗县水利局', 2024)}</a></p>"
    )
    got, _, _ = found({"/nb/": page(links(("x.html", "泗县教育局"))), "/nb/x.html": article})
    assert got == {("泗县教育局", None)}
