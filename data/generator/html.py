"""A composed report as a web page, in the markup habits of government sites.

Belongs here: pages as content management systems, Word's export and layout tables make them; the print version that
Chromium turns into a PDF. Does not belong here: what is in them (`compose`).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from html import escape

from .compose import Block, Grid, GridCell, Text, borders, compose
from .dress import traditional
from .layout import Layout
from .truth import Truth, make_truth

_NAVIGATION = ("首页", "走进本地", "政务公开", "办事服务", "互动交流", "数据开放")
_BORDERS = {"t": "top", "l": "left", "b": "bottom", "r": "right"}


class _Markup:
    """One way of writing paragraphs and cells."""

    def __init__(self, layout: Layout, printing: bool) -> None:
        self.layout, self.printing = layout, printing
        self.style = "plain" if printing else layout.html_style
        self.rng = random.Random(f"html/{layout.seed}")

    def inline(self, text: str) -> str:
        """Text inside a paragraph or cell."""
        lines = [escape(line, quote=False) for line in text.split("\n")]
        if self.style == "word":
            lines = [self._spans(line) for line in lines]
        return ("<br />" if self.style == "cms" else "<br>").join(lines)

    def _spans(self, text: str) -> str:
        """Word's export splits text over spans, in mid-word and in mid-number."""
        if len(text) < 2 or "&" in text or self.rng.random() < 0.4:
            return f'<span style="font-family:宋体;mso-bidi-font-family:宋体">{text}</span>'
        at = self.rng.randint(1, len(text) - 1)
        return (
            f'<span style="font-family:宋体">{text[:at]}</span><span lang="EN-US" '
            f'style="mso-font-kerning:0pt">{text[at:]}</span>'
        )

    def paragraph(self, block: Text) -> str:
        if block.role == "space":
            steps = int(block.points // 12)
            return (
                f'{"<div class=space></div>" * steps}<div style="height:{block.points % 12}pt"></div>' * self.printing
            )
        inner = self.inline(block.text)
        if self.style == "word":
            inner = f'<b style="mso-bidi-font-weight:normal">{inner}</b>' if block.role == "heading" else inner
            return f'<p class="MsoNormal" style="text-indent:32.0pt">{inner}<o:p></o:p></p>'
        if block.role == "title":
            return f"<h1>{inner}</h1>"
        if block.role == "heading" and self.style == "plain":
            return f"<h2>{inner}</h2>"
        if block.role in ("heading", "subheading"):
            return f'<p style="text-indent: 2em;"><strong>{inner}</strong></p>'
        align = "text-align: center;" if block.role == "date" else "text-indent: 2em;"
        return f'<p style="{align}">{inner}</p>'

    def content(self, cell: GridCell) -> str:
        if not cell.text:
            return {"cms": '<p align="center">&nbsp;</p>', "word": "<o:p>&nbsp;</o:p>"}.get(self.style, "")
        inner = self.inline(cell.text) + (f"<sup>{cell.mark}</sup>" if cell.mark else "")
        if self.style == "cms":
            align = "" if cell.left else ' align="center"'
            return f"<p{align}>{inner}</p>"
        if self.style == "word":
            return f'<p class="MsoNormal" align="{"left" if cell.left else "center"}">{inner}<o:p></o:p></p>'
        return inner

    def cell(self, cell: GridCell, sides: str, rowspan: int, colspan: int) -> str:
        attributes = (f' rowspan="{rowspan}"' if rowspan > 1 else "") + (f' colspan="{colspan}"' if colspan > 1 else "")
        drawn = "".join(f"border-{name}:1px solid #000;" for letter, name in _BORDERS.items() if letter in sides)
        style = drawn + ("text-align:left;" if cell.left else "text-align:center;")
        if self.printing and cell.sideways:
            style += "writing-mode:vertical-rl;"
        if cell.shaded:
            style += "background:#c6d9f1;"
        tag = "th" if cell.head and self.style == "plain" and not self.printing else "td"
        return f'<{tag}{attributes} style="{style}">{self.content(cell)}</{tag}>'

    def table(self, grid: Grid) -> str:
        sides = borders(grid, self.layout.rules, self.layout.seed)
        rows: list[list[str]] = [[] for _ in grid.rows]
        last = max(r for r, _, cell in grid.positions() if cell.rowspan > 1) if self._spans_too_far(grid) else -1
        for r, c, cell in grid.positions():
            # A span that runs over the table's edge: browsers cut it there, and so must a reader.
            rowspan = cell.rowspan + 7 if r == last and r + cell.rowspan == len(grid.rows) else cell.rowspan
            colspan = cell.colspan
            if last >= 0 and c + cell.colspan == len(grid.widths) and cell.colspan > 1 and cell.address is None:
                colspan += 3
            rows[r].append(self.cell(cell, sides[r, c], rowspan, colspan))
        lines = ["<tr>" + "".join(row) + "</tr>" for row in rows]
        head = lines[: grid.head] if self.layout.repeat_head and grid.head else []
        body = lines[len(head) :]
        total = sum(grid.widths)
        columns = "".join(f'<col style="width:{100 * w / total:.2f}%">' for w in grid.widths) if self.printing else ""
        border = {"cms": ' align="center" border="1" cellspacing="1"', "word": ' class="MsoNormalTable" border="1"'}
        opening = f"<table{border.get(self.style, '')}>{columns}"
        thead = f"<thead>{''.join(head)}</thead>" if head else ""
        return f"{opening}{thead}<tbody>{''.join(body)}</tbody></table>"

    def _spans_too_far(self, grid: Grid) -> bool:
        return self.layout.wrong_spans and not self.printing and any(c.rowspan > 1 for _, _, c in grid.positions())

    def article(self, blocks: list[Block]) -> str:
        return "\n".join(self.table(b) if isinstance(b, Grid) else self.paragraph(b) for b in blocks)


def _plain(title: str, article: str, charset: str, truth: Truth) -> str:
    return f"<head>{charset}<title>{title}</title></head><body>{article}</body>"


def _cms(title: str, article: str, charset: str, truth: Truth) -> str:
    links = "".join(f'<li><a href="#">{name}</a></li>' for name in _NAVIGATION)
    return (
        f'<head>{charset}<meta name="ArticleTitle" content="{title}">'
        f'<meta name="PubDate" content="{truth.published} 09:30">'
        f'<meta name="ContentSource" content="{truth.issuer.name}">'
        f"<title>{title}</title><style>.nav li {{float: left}}</style></head><body>"
        f'<div class="header"><ul class="nav">{links}</ul></div>'
        '<div class="position">当前位置：首页 &gt; 政务公开 &gt; 政府信息公开年报</div>'
        f'<div class="info"><span>发布日期：{truth.published}</span><span>浏览次数：<i id="hits">1286</i></span></div>'
        f'<div class="TRS_Editor" id="zoom">{article}</div>'
        f'<div class="footer"><p>主办单位：{truth.issuer.name}</p></div>'
        '<script>document.getElementById("hits").innerHTML = "1287";</script></body>'
    )


def _word(title: str, article: str, charset: str, truth: Truth) -> str:
    return (
        f'<head>{charset}<meta name="Generator" content="Microsoft Word 15"><title>{title}</title>'
        "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->"
        '<style><!-- p.MsoNormal {mso-style-parent:""; margin:0cm;} --></style></head>'
        f'<body lang="ZH-CN"><div class="WordSection1" style="layout-grid:15.6pt">{article}</div></body>'
    )


def _nested(title: str, article: str, charset: str, truth: Truth) -> str:
    links = "".join(f"<td>{name}</td>" for name in _NAVIGATION)
    return (
        f"<head>{charset}<title>{title}</title></head><body>"
        f'<table width="1000"><tr><td><table width="100%"><tr>{links}</tr></table></td></tr>'
        f'<tr><td><table width="100%"><tr><td width="20">&nbsp;</td><td>{article}</td></tr></table></td></tr>'
        f"<tr><td>版权所有：{truth.issuer.name}</td></tr></table></body>"
    )


_PAGES: dict[str, Callable[[str, str, str, Truth], str]] = {
    "plain": _plain,
    "cms": _cms,
    "word": _word,
    "nested": _nested,
}


def _stale_copy(truth: Truth, layout: Layout) -> str:
    """What phones are shown: an older state of the report, hidden here, whose figures must not be read."""
    older = make_truth(truth.seed + 1_000_003, truth.form, truth.variant, issuer=truth.issuer, year=truth.year)
    article = _Markup(layout, printing=False).article(compose(older, layout).blocks)
    return f'<div class="mobile" style="display:none">{article}</div>'


def render_html(truth: Truth, layout: Layout) -> bytes:
    """The report as a web page, in the layout's encoding."""
    article = _Markup(layout, printing=False).article(compose(truth, layout).blocks)
    if layout.hidden_duplicate:
        article += _stale_copy(truth, layout)
    named = {"utf-8": "utf-8", "gb18030": "gb2312", "big5": "big5"}
    wrong = "gb2312" if layout.encoding == "utf-8" else "utf-8"
    name = {"right": named[layout.encoding], "missing": "", "wrong": wrong}[layout.declared]
    charset = f'<meta http-equiv="Content-Type" content="text/html; charset={name}">' if name else ""
    page = _PAGES[layout.html_style](escape(truth.title), article, charset, truth)
    html = f'<!DOCTYPE html>\n<html lang="zh">{page}</html>\n'
    if layout.traditional:
        html = traditional(html)
    return html.encode(layout.encoding, "xmlcharrefreplace")


def render_print_html(truth: Truth, layout: Layout) -> str:
    """The report as a page that is meant to be printed: what Chromium makes a PDF of."""
    article = _Markup(layout, printing=True).article(compose(truth, layout).blocks)
    size = "A4 landscape" if layout.landscape else "A4"
    number = '@bottom-center {content: "- " counter(page) " -"; font-size: 9pt;}' if layout.page_numbers else ""
    if layout.running_head:
        number += f'@top-center {{content: "{truth.issuer.name}"; font-size: 9pt;}}'
    cut = "auto" if layout.cut_rows else "avoid"
    style = (
        f"@page {{size: {size}; margin: {layout.margin_mm}mm; {number}}} sup {{font-size: 60%;}}"
        f"body {{font-family: '{layout.font}'; font-size: {layout.body_size}pt; line-height: 1.6; margin: 0;}}"
        "h1 {font-size: 150%; text-align: center;} h2 {font-size: 100%; text-indent: 2em; margin: 0.4em 0;}"
        "p {margin: 0.2em 0;} .space {height: 12pt;} table {border-collapse: collapse; width: 100%; table-layout: fixed;"
        f" font-size: {layout.font_size}pt; line-height: 1.3;}}"
        f"td {{padding: 1pt 3pt; height: {layout.row_height}pt; overflow-wrap: anywhere;}} tr {{break-inside: {cut};}}"
    )
    return (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{escape(truth.title)}</title>'
        f"<style>{style}</style></head><body>{article}</body></html>"
    )
