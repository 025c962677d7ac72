"""A report as a page with a style drawn at random, to be printed by a browser.

Belongs here: everything a style sheet can do to a report that a person still reads without doubt. Does not belong here:
starting the browser (`chromium`), what is done to single figures (`touches`) and pages of sites (`saved`).
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from benchmarks.wild import form, markup
from benchmarks.wild.drawing import Draw
from benchmarks.wild.grid import Box, Grid
from benchmarks.wild.report import Para, Report
from benchmarks.wild.touches import Touches

_FONTS = {
    "'Noto Serif CJK SC'": 5, "'Noto Sans CJK SC'": 5, "'Noto Sans Mono CJK SC'": 1, "'Noto Serif CJK TC'": 0.5,
    "'DejaVu Serif','Noto Serif CJK SC'": 2, "'DejaVu Sans','Noto Sans CJK SC'": 2,
    "'DejaVu Sans Mono','Noto Sans CJK SC'": 1,
}  # fmt: skip
_PAGES = {"A4": 70, "A4 landscape": 12, "A3": 3, "Letter": 5, "B5": 3, "two pages on a sheet": 7}
_SIZES = {"two pages on a sheet": "A3 landscape", "B5": "JIS-B5"}


@dataclass(slots=True)
class Printed:
    """A page's HTML and how the browser shall print it."""

    html: str
    scale: float


@dataclass(slots=True)
class Style:
    borders: str
    full: bool
    align: str
    wraps: bool


def render(draw: Draw, report: Report) -> Printed:
    page = draw.pick("page", _PAGES)
    style = Style(borders := draw.pick("borders", _BORDERS), borders in _FULL, "", False)
    rules = [_page_rule(draw, page, report), _body_rule(draw), *_table_rules(draw, style), *_heading_rules(draw)]
    doubtful = style.align == "justify" or style.wraps
    touched = Touches(draw, report, full=style.full, doubtful=doubtful)
    body = []
    for block in report.blocks:
        if isinstance(block, Para):
            body.append(_paragraph(draw, block))
        else:
            body.append(_table(draw, block, style, touched))
    inner = "\n".join(body)
    if page == "two pages on a sheet":
        rules.append(f"main{{column-count:2;column-gap:{draw.whole(20, 60)}px}}")
    around = _overlays(draw, report, rules)
    html = (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{draw.one(["", "打印", escape(report.title)])}'
        f"</title><style>{chr(10).join(rules)}</style></head><body>{around}<main>{inner}</main></body></html>"
    )
    scale = draw.one([0.6, 0.75, 0.85, 1.1, 1.2]) if draw.chance(0.2, "scaled print") else 1.0
    return Printed(html, scale)


def _page_rule(draw: Draw, page: str, report: Report) -> str:
    boxes = ""
    if draw.chance(0.4, "page numbers"):
        way = draw.one(
            [
                '"- " counter(page) " -"',
                "counter(page)",
                '"第" counter(page) "页 共" counter(pages) "页"',
                '"— " counter(page) " —"',
            ]
        )
        boxes += f"@bottom-{draw.one(['center', 'right', 'left'])}{{content:{way};font-size:9pt}}"
    if draw.chance(0.12, "running header"):
        text = draw.one([report.body.name, report.title.replace("\n", ""), "政府信息公开", f"{report.year}年度"])
        boxes += f'@top-{draw.one(["center", "right", "left"])}{{content:"{text}";font-size:8pt}}'
    top, side = draw.whole(10, 30), draw.whole(8, 28)
    return f"@page{{size:{_SIZES.get(page, page)};margin:{top}mm {side}mm {draw.whole(12, 30)}mm;{boxes}}}"


def _body_rule(draw: Draw) -> str:
    font = draw.pick("font", _FONTS)
    size, line = draw.real(9, 17, 1), draw.real(1.1, 2.2, 2)
    justify = "text-align:justify;" if draw.chance(0.5) else ""
    return (
        f"body{{margin:0;font-family:{font},'Noto Sans CJK SC';font-size:{size}px;line-height:{line};{justify}"
        f"color:{draw.one(['#000', '#222', '#333', '#003'])}}}p{{margin:{draw.real(0, 12, 0)}px 0;text-indent:{draw.one(['2em', '0', '2em'])}}}"
    )


# Which rules a table has. Where all four sides of a cell are drawn, figures may wrap within it.
_BORDERS = {
    "all": 40, "none": 9, "rows": 8, "columns": 4, "outer": 4, "head": 5, "double": 6, "dotted": 5, "separate": 6,
    "thick outer": 4, "hairlines": 4, "three lines": 5,
}  # fmt: skip
_FULL = ("all", "double", "dotted", "separate", "thick outer", "hairlines")


def _border_rules(draw: Draw, borders: str) -> list[str]:
    line = f"{draw.one(['1px', '1px', '0.75pt', '0.5pt', '1.5px'])} {draw.weighted({'solid': 9, 'dashed': 1})} {draw.one(['#000', '#000', '#666', '#999', '#369'])}"
    collapse = "table{border-collapse:collapse}"
    if borders == "none":
        return [collapse]
    if borders == "rows":
        return [collapse, f"td,th{{border-bottom:{line}}}", f"table{{border-top:{line}}}"]
    if borders == "columns":
        return [collapse, f"td,th{{border-left:{line};border-right:{line}}}"]
    if borders == "outer":
        return [collapse, f"table{{border:{line}}}"]
    if borders == "head":
        return [collapse, f".head,.title{{border:{line}}}", f"table{{border-bottom:{line}}}"]
    if borders == "double":
        return [collapse, f"td,th{{border:3px double {draw.one(['#000', '#444'])}}}"]
    if borders == "dotted":
        return [collapse, "td,th{border:1px dotted #000}"]
    if borders == "separate":
        return [f"table{{border-collapse:separate;border-spacing:{draw.whole(1, 5)}px}}", f"td,th{{border:{line}}}"]
    if borders == "thick outer":
        return [collapse, f"td,th{{border:{line}}}", "table{border:2.5px solid #000}"]
    if borders == "hairlines":
        return [collapse, "td,th{border:0.1pt solid #000}"]
    if borders == "three lines":
        return [
            collapse,
            "table{border-top:2px solid #000;border-bottom:2px solid #000}",
            ".head{border-bottom:1px solid #000}",
        ]
    return [collapse, f"td,th{{border:{line}}}"]


def _table_rules(draw: Draw, style: Style) -> list[str]:
    style.align = draw.pick("figures", {"center": 55, "right": 15, "left": 15, "mixed": 8, "justify": 7})
    if style.align == "mixed" and not (style.full or style.borders == "columns"):
        # A figure at the right edge beside one at the left edge is one figure to the eye where no rule parts them.
        style.align = "center"
    rules = _border_rules(draw, style.borders)
    space = draw.one([0, 1, 2, 4, 6, 9]) if style.full else draw.one([3, 4, 6])
    rules.append(
        f"td,th{{padding:{draw.one([0, 1, 2, 4, 8])}px {space}px;vertical-align:{draw.one(['middle', 'middle', 'top', 'bottom'])};overflow-wrap:anywhere;text-indent:0}}"
    )
    rules.append(
        f"table{{width:{draw.one(['100%', '100%', '95%', '90%'])};margin:{draw.one(['0 auto', '0', '6px auto'])};font-size:{draw.real(8, 14, 1)}px;line-height:{draw.real(1.0, 1.9, 2)}}}"
    )
    spread = "text-align:justify;text-align-last:justify"
    align = {"justify": spread, "mixed": "text-align:center"}.get(style.align, f"text-align:{style.align}")
    rules.append(f".figure{{{align};overflow-wrap:normal}}")
    if style.align == "mixed":
        rules += [
            f".figure:nth-last-child({i}){{text-align:{draw.one(['left', 'right', 'center'])}}}" for i in range(1, 8)
        ]
    labels = draw.pick("label text", {"left": 55, "center": 30, "right": 3, "spread": 12})
    rules.append(f".label{{{spread if labels == 'spread' else f'text-align:{labels}'}}}")
    rules.append(
        f".head,.title{{text-align:{draw.one(['center', 'center', 'left'])};font-weight:{draw.one(['bold', 'normal'])}}}"
    )
    if draw.chance(0.15, "shaded rows"):
        rules.append(f"tr:nth-child(even){{background:{draw.one(['#eee', '#f4f8ff', '#ddd'])}}}")
    if draw.chance(0.12, "shaded heads"):
        rules.append(f".head{{background:{draw.one(['#cde', '#eee', '#d9e2f3'])}}}")
    if draw.chance(0.3, "rows never cut"):
        rules.append("tr{break-inside:avoid}")
    if draw.chance(0.15, "a table a page"):
        rules.append(".requests{break-before:page}")
    if draw.chance(0.1, "figures in another font"):
        rules.append(
            f".figure{{font-family:{draw.one(['DejaVu Serif', 'DejaVu Sans Mono', 'Noto Serif CJK TC'])};font-style:{draw.one(['italic', 'normal'])}}}"
        )
    if draw.chance(0.06, "letters spaced"):
        rules.append(f"td{{letter-spacing:{draw.real(0.3, 1.5)}px}}")
    if style.full and draw.chance(0.08, "narrow figures wrap"):
        style.wraps = True
        rules.append(f".figure{{overflow-wrap:anywhere;word-break:break-all;max-width:{draw.real(1.6, 2.4, 1)}em}}")
    return rules


def _heading_rules(draw: Draw) -> list[str]:
    center = draw.one(["center", "center", "left"])
    return [
        f".doc-title{{text-align:center;text-indent:0;font-size:{draw.whole(16, 30)}px;font-weight:{draw.one(['bold', 'normal'])}}}",
        f".heading{{font-weight:{draw.one(['bold', 'normal'])};text-align:{draw.one(['left', center])}}}",
        ".caption{text-align:center;text-indent:0}",
        f".sign{{text-align:{draw.one(['right', 'center'])}}}.date{{text-align:center;text-indent:0}}",
    ]


def _paragraph(draw: Draw, block: Para) -> str:
    text = escape(block.text, quote=False).replace("\n", "<br>")
    if block.role == "title":
        tag = draw.one(["h1", "p", "div"])
        return f'<{tag} class="doc-title">{text}</{tag}>'
    tag = draw.one(["h2", "p", "h3"]) if block.role == "heading" else "p"
    return f'<{tag} class="{block.role}">{text}</{tag}>'


def _table(draw: Draw, grid: Grid, style: Style, touched: Touches) -> str:
    columns = _columns(draw, grid)
    upright = draw.chance(0.35) and grid.name == "requests"
    heads = draw.weighted({"": 88, "vertical": 6, "letters": 6}) if grid.name != "article20" and style.full else ""
    if upright:
        draw.note("upright label")
    if heads:
        draw.note(f"heads {heads}")

    def of_box(box: Box) -> str:
        extra = ""
        if upright and box.rows > 6:
            extra = ' style="writing-mode:vertical-rl;text-align:center"'
        elif heads == "vertical" and box.role == "head" and box.cols == 1 and box.text != form.RELATION:
            extra = ' style="writing-mode:vertical-rl"'
        return f' class="{box.role}"{extra}'

    def content(box: Box) -> str:
        if heads == "letters" and box.role == "head" and box.cols == 1 and box.rows < 3:
            return "<br>".join(escape(box.text.replace(" ", ""), quote=False))
        return touched.content(box)

    thead = draw.chance(0.3)
    if thead:
        draw.note("heads repeated")
    return markup.table(
        grid, attributes=f' class="{grid.name}"', of_box=of_box, content=content, before=columns, thead=thead
    )


def _columns(draw: Draw, grid: Grid) -> str:
    """Widths in percent: labels take a third to a half, figures share the rest evenly or not."""
    if draw.chance(0.4):
        return ""
    figures = grid.width - grid.labels
    labels = draw.whole(28, 48) if grid.labels else 0
    parts = [draw.real(0.8, 1.25) for _ in range(figures)] if draw.chance(0.5) else [1.0] * figures
    widths = [labels * part / grid.labels for part in [1.0] * grid.labels] if grid.labels else []
    if grid.labels == 3:
        widths = [labels * 0.15, labels * 0.27, labels * 0.58]
    widths += [(100 - labels) * p / sum(parts) for p in parts]
    return "<colgroup>" + "".join(f'<col style="width:{w:.1f}%">' for w in widths) + "</colgroup>"


def _overlays(draw: Draw, report: Report, rules: list[str]) -> str:
    """Watermarks and notes in the margin; elements of fixed position are printed on every page."""
    mark = draw.pick("overlay", {"nothing": 86, "watermark": 5, "tiled names": 4, "margin note": 5})
    colour = draw.one(["rgba(0,0,0,.08)", "#e4e4e4", "rgba(200,0,0,.1)"])
    angle = draw.one([-45, -30, 30, -20])
    if mark == "watermark":
        rules.append(
            f".mark{{position:fixed;top:40%;left:10%;transform:rotate({angle}deg);font-size:{draw.whole(50, 90)}px;color:{colour};white-space:nowrap;z-index:{draw.one([-1, 9])}}}"
        )
        return f'<div class="mark">{draw.one([report.body.name, "内部资料", "仅供查阅", "政府信息公开"])}</div>'
    if mark == "tiled names":
        rules.append(
            f".mark{{position:fixed;transform:rotate({angle}deg);font-size:{draw.whole(11, 18)}px;color:{colour};white-space:nowrap}}"
        )
        name = f"{draw.one(['李明', '王芳', '张伟', 'admin'])} {draw.whole(1000, 9999)}"
        return "".join(
            f'<div class="mark" style="top:{top}%;left:{left}%">{name}</div>'
            for top in range(5, 100, 18)
            for left in range(0, 95, 24)
        )
    if mark == "margin note":
        rules.append(
            ".mark{position:fixed;top:45%;left:-1.2em;width:1em;font-size:9px;writing-mode:vertical-rl;text-orientation:sideways}"
        )
        return f'<div class="mark">{draw.one(["公开方式：主动公开", "存档", report.body.name])}</div>'
    return ""
