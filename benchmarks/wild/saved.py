"""A report as a page saved from a site: much that is no report around it, and titles in odd places.

Belongs here: the markup of sites' pages. Does not belong here: the words around a report (`sites`) and pages for
printing (`css`).
"""

from __future__ import annotations

from html import escape

from benchmarks.wild import markup, sites
from benchmarks.wild.drawing import Draw
from benchmarks.wild.grid import Box, Grid
from benchmarks.wild.report import Para, Report, Wish, draw_report

_TITLES = {
    "h1": 20, "div": 16, "p": 10, "meta and h2": 8, "wrapped spans": 8, "only title element": 7, "table row": 6,
    "nowhere": 5, "h1 of the site above": 8, "with column name": 6,
}  # fmt: skip


def render(draw: Draw) -> tuple[Report, bytes, str]:
    place = draw.pick("title place", _TITLES)
    # A title that stands nowhere is made up for by the preamble.
    report = draw_report(draw, Wish(sentences=draw.chance(0.25), untitled=1.0 if place == "nowhere" else 0.0))
    page = _Page(draw, report, place)
    html = page.html()
    code = draw.pick(
        "charset", {"utf-8": 70, "gbk declared": 14, "gb2312 declared": 6, "utf-8 undeclared": 6, "gbk undeclared": 4}
    )
    name, declared = code.split()[0], "undeclared" not in code
    html = html.replace("@CHARSET@", f'<meta charset="{name}">' if declared else "")
    data = html.encode("utf-8" if name == "utf-8" else "gb18030")
    return report, data, draw.one(["html", "htm", "shtml"])


class _Page:
    def __init__(self, draw: Draw, report: Report, place: str) -> None:
        self.draw, self.report, self.place = draw, report, place
        self.date = sites.published(draw, report.year)
        self.title = report.title.replace("\n", "")
        self.rules: list[str] = []
        self.look = draw.pick(
            "markup", {"plain": 30, "word export": 25, "editor spans": 20, "nested divs": 15, "font tags": 10}
        )
        self.hidden = draw.pick(
            "hidden", {"nothing": 60, "old title": 10, "figures": 10, "old table": 10, "script text": 10}
        )

    def html(self) -> str:
        draw, site = self.draw, f"{self.report.body.division.name}人民政府"
        head = self._head(site)
        body = [self._banner(site)] if draw.chance(0.6, "site banner") else []
        body += [f"<div>{escape(line)}</div>" for line in sites.above(draw, self.report.body, self.date)]
        if draw.chance(0.25, "metadata table"):
            body.append(self._metadata())
        if draw.chance(0.2, "neighbours before"):
            body.append(self._neighbours("相关信息"))
        body.append(self._content())
        if draw.chance(0.35, "neighbours after"):
            body.append(self._neighbours("相关文档"))
        body += [
            f"<p class='foot'>{escape(line)}</p>" for line in sites.below(draw, self.report.body, self.report.year)
        ]
        style = f"<style>{chr(10).join(self.rules)}</style>" if self.rules else ""
        if draw.chance(0.15, "a frame beside"):
            body.append('<iframe src="./count.html" width="0" height="0"></iframe>')
        tail = "<script>var total=12;document.write('');</script>" if draw.chance(0.3) else ""
        doctype = draw.one(
            ["<!DOCTYPE html>", "<!DOCTYPE html>", '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">', ""]
        )
        inner = "\n".join(body)
        return f"{doctype}\n<html>\n<head>{head}{style}</head>\n<body>\n{inner}\n{tail}</body>\n</html>\n"

    def _head(self, site: str) -> str:
        draw = self.draw
        name = draw.one(
            [f"{self.title}_{site}", f"{self.title}-{site}门户网站", self.title, site, f"政府信息公开年报_{site}"]
        )
        if self.place in ("only title element", "with column name"):
            name = f"{self.title}_政府信息公开年报_{site}" if draw.chance(0.6) else self.title
        lines = ["@CHARSET@", f"<title>{escape(name)}</title>"]
        if draw.chance(0.4, "meta names") or self.place == "meta and h2":
            lines += [
                f'<meta name="SiteName" content="{site}">',
                f'<meta name="SiteIDCode" content="{self.report.body.division.code}{draw.whole(1000, 9999)}">',
                f'<meta name="ColumnName" content="{draw.one(sites.COLUMNS)}">',
                f'<meta name="ArticleTitle" content="{escape(self.title)}">',
                f'<meta name="PubDate" content="{self.date} 09:{draw.whole(10, 59)}">',
            ]
        return "\n".join(lines)

    def _banner(self, site: str) -> str:
        links = "".join(f'<a href="#">{w}</a> ' for w in ("首页", "要闻动态", "政务公开", "办事服务", "互动交流"))
        return f'<div id="top"><div class="logo">{site}</div><div class="nav">{links}</div></div>'

    def _metadata(self) -> str:
        body, year = self.report.body, self.report.year
        pairs = [
            ("索引号", f"{self.draw.whole(10000000, 99999999)}/{year + 1}-{self.draw.whole(1000, 99999):05}"),
            ("发布机构", self.draw.one([body.name, f"{body.division.name}人民政府办公室"])),
            ("生成日期", self.date),
            ("文号", "无"),
            ("名称", self.title),
        ]
        cells = "".join(f"<tr><td>{k}：</td><td>{escape(v)}</td></tr>" for k, v in pairs)
        return f'<table class="info">{cells}</table>'

    def _neighbours(self, name: str) -> str:
        """Links to reports of other years and of other bodies of the same place."""
        body, year = self.report.body, self.report.year
        place = body.division.name
        titles = [f"{body.name}{y}年政府信息公开工作年度报告" for y in (year - 1, year - 2)]
        titles += [f"{place}{b}{year}年政府信息公开工作年度报告" for b in ("档案馆", "气象局", "供销合作社联合社")]
        items = "".join(
            f'<li><a href="./t{self.draw.whole(1000, 9999)}.html" title="{escape(t)}">{escape(t[:22])}…</a></li>'
            for t in titles
        )
        return f"<div class='rel'><h3>{name}</h3><ul>{items}</ul></div>"

    def _content(self) -> str:
        draw, report = self.draw, self.report
        parts = []
        for block in report.blocks:
            if isinstance(block, Grid):
                parts.append(self._table(block))
            elif block.role == "title":
                parts += self._title(block)
            else:
                parts.append(self._paragraph(block))
        if self.hidden != "nothing":
            parts.insert(draw.whole(0, len(parts) - 1), self._unseen())
        inner = "\n".join(parts)
        if self.place == "table row":
            # The whole article stands in a layout table whose first row is the title.
            return f'<table width="100%"><tr><td align="center">{escape(self.title)}</td></tr><tr><td>{inner}</td></tr></table>'
        return f'<div class="{draw.one(["content", "TRS_Editor", "article", "zoom"])}">{inner}</div>'

    def _title(self, block: Para) -> list[str]:
        draw = self.draw
        text = escape(block.text, quote=False).replace("\n", "<br>")
        after = (
            [f'<div class="source">{escape(sites.source_line(draw, self.report.body, self.date))}</div>']
            if draw.chance(0.5)
            else []
        )
        if self.place in ("only title element", "table row", "nowhere"):
            return after
        if self.place == "wrapped spans":
            half = len(block.text) // 2
            first, second = (escape(p) for p in (block.text[:half], block.text[half:]))
            return [f"<p align='center'><span>{first}</span><span>{second}</span></p>".replace("\n", "<br>"), *after]
        if self.place == "h1 of the site above":
            return [
                f"<h1>{draw.one(['政府信息公开', '政府信息公开年报', '政务公开'])}</h1><div class='t'>{text}</div>",
                *after,
            ]
        if self.place == "with column name":
            return [f"<div class='col'>{draw.one(sites.COLUMNS)}</div><div class='t'><b>{text}</b></div>", *after]
        tag = {"h1": "h1", "p": "p", "meta and h2": "h2"}.get(self.place, "div")
        return [f"<{tag} class='t'>{text}</{tag}>", *after]

    def _paragraph(self, block: Para) -> str:
        text = escape(block.text, quote=False)
        if self.look == "word export":
            return f'<p class="MsoNormal" style="text-indent:32.0pt"><span lang="EN-US" style="font-family:仿宋">{text}<o:p></o:p></span></p>'
        if self.look == "editor spans":
            cut = len(text) // 2
            # Never within an entity: these texts hold none but may one day.
            pieces = (text[:cut], text[cut:]) if "&" not in text else (text, "")
            return f'<p>　　<span style="font-size:16px">{pieces[0]}</span><span>{pieces[1]}</span></p>'
        if self.look == "font tags":
            return f'<p><font face="宋体" size="3">&nbsp;&nbsp;&nbsp;&nbsp;{text}</font></p>'
        if self.look == "nested divs":
            return f"<div><div>{text}</div></div>"
        return f"<p>{text}</p>"

    def _table(self, grid: Grid) -> str:
        blank = self.draw.one(["", "&nbsp;", "<br>", "<p>&nbsp;</p>", "　"])

        def content(box: Box) -> str:
            text = markup.text_of(box) or blank
            if self.look == "word export":
                return f'<p class="MsoNormal" align="center"><span lang="EN-US">{text}</span></p>'
            if self.look == "editor spans":
                return f"<p><span>{text}</span></p>"
            return f'<font size="2">{text}</font>' if self.look == "font tags" else text

        attributes = self.draw.one(
            [' border="1"', ' border="1" cellspacing="0"', ' class="MsoTableGrid" border="1"', ""]
        )
        made = markup.table(grid, attributes=attributes, content=content, heads=self.draw.one(["td", "td", "th"]))
        return f'<div style="overflow:auto">{made}</div>' if self.draw.chance(0.2) else made

    def _unseen(self) -> str:
        """Something the page does not show, by one of the ways a page can hide."""
        draw, other = self.draw, self.report.year - 1
        if self.hidden == "script text":
            return f"<script>var title='{other}年政府信息公开工作年度报告';</script><!-- {other}年 收到申请99件 -->"
        if self.hidden == "old title":
            inner = f"<p>某某局{other}年政府信息公开工作年度报告</p>"
        elif self.hidden == "figures":
            inner = f"<p>收到政府信息公开申请{draw.whole(300, 900)}件。</p>"
        else:
            inner = "<table border='1'><tr><td>行政许可</td><td>99999</td></tr><tr><td>行政处罚</td><td>88888</td></tr></table>"
        way = draw.pick("hidden by", {"style": 3, "class": 3, "hidden": 2, "descendant": 2, "visibility": 1})
        if way == "style":
            return f'<div style="display:none">{inner}</div>'
        if way == "hidden":
            return f"<div hidden>{inner}</div>"
        if way == "visibility":
            return f'<div style="visibility: hidden">{inner}</div>'
        self.rules.append(".old{display:none}" if way == "class" else ".keep .old{display:none}")
        return (
            f'<div class="old">{inner}</div>'
            if way == "class"
            else f'<div class="keep"><div class="old">{inner}</div></div>'
        )
