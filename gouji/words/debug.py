"""Words of `gouji debug`.

Belongs here: what stands beside the picture of a page. Does not belong here: why a file cannot be read (the readers).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "no_pdf": (
        "{path}：不是 PDF（{media_type}）。debug 只看 PDF 的页面。",
        "{path}: no PDF ({media_type}); debug looks at pages of PDFs only",
    ),
    "no_page": ("{path}：没有第 {page} 页，共 {pages} 页。", "{path}: there is no page {page}; it has {pages}"),
    "page": (
        "第 {page} 页：字 {glyphs} 个（认不出的 {unmapped} 个），横线 {horizontal} 条，竖线 {vertical} 条，图形 {shapes} 个，表格单元 {cells} 个",
        "page {page}: {glyphs} glyphs ({unmapped} unknown), {horizontal} level and {vertical} upright rules, {shapes} shapes, {cells} cells",
    ),
    "only_text": (
        "这一页没有法定表格的字样，只读了文字，没有找表格。",
        "nothing on this page is of a statutory table: only its text was read, no table was looked for",
    ),
    "hidden": ("看不见的文字，没有采用：{text}", "text that is not seen and was left out: {text}"),
    "table": ("表 {table}（{method}）", "table {table} ({method})"),
    "row": ("  行 {row} 列 {column}  {text}{known}{doubt}", "  row {row} column {column}  {text}{known}{doubt}"),
    "address": (" → {address}", " -> {address}"),
    "label": ("（行列名 {code}）", " (label {code})"),
    "doubt": ("  不确定：{doubt}", "  not certain: {doubt}"),
    "open": ("没有读定：{address} {reason} {printed}", "unresolved: {address} {reason} {printed}"),
    "written": (
        "已画成图：{path}。浅蓝是字，绿线是表格线，蓝框是单元格（表:行,列），紫色是认出的行列名，绿底是读定的数，"
        "橙色是不确定的，红色是没有读定的，灰底是不计的页码，紫框是图形。",
        "drawn: {path}. Light blue: glyphs; green lines: rules; blue: cells (table:row,column); violet: labels that were "
        "recognised; green: figures read; orange: not certain; red: unresolved; grey: page numbers left out; violet frames: shapes.",
    ),
}
