"""What the notebooks share: the home they read, sections that show text, tables and charts without any script, export.

A section is HTML with charts as SVG inside, so that an exported page works by itself: no network, no server, no script.

    python notebooks/pages.py comparing 比较.html        # runs the notebook and writes the page
"""

from __future__ import annotations

import html
import importlib.util
import math
import os
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

FONT = "'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', 'Source Han Sans SC', 'SimHei', sans-serif"
# Figures of statuses and standings in words.
WORDS = {
    "number": "有数", "blank": "空白", "mark": "记号", "text": "文字", "missing": "缺格", "unresolved": "读不准",
    "not_on_form": "表上没有", "no_denominator": "没有分母", "conflict": "互相冲突", "preferred": "采用", "copy": "副本",
    "part": "另一部分", "superseded": "已被替换", "unidentified": "机关或年度不明",
}  # fmt: skip
# What is there is blue in every chart, what is not there is paler the less it needs a person.
COLOURS = {
    "number": "#4c78a8", "blank": "#d9d9d9", "mark": "#bdbdbd", "text": "#b79a20", "missing": "#f2cf5b", "unresolved": "#e45756",
    "not_on_form": "#efefef", "no_denominator": "#d8b5a5", "conflict": "#7f0000",
}  # fmt: skip
LEVELS = {
    "nation": "全国",
    "province": "省级",
    "prefecture": "地级",
    "county": "县级",
    "township": "乡级",
    "zone": "功能区",
}
_MOST_ROWS = 40
# The folders in front of a local file's name, not those of an address: a page may be published, its maker's disk is not.
_FOLDERS = re.compile(r"(?<![\w:/.\\])(?:[A-Za-z]:[\\/]|\\\\|/)(?:[^\\/\n:*?\"<>|，。；]+[\\/])+(?=[^\\/\n])")
_STYLE = (
    f"body{{font:16px/1.6 {FONT};margin:2em auto;max-width:62em;padding:0 1em;color:#222}}"
    "table{border-collapse:collapse;font-size:14px;margin:.6em 0}td,th{border-bottom:1px solid #ccc;padding:.2em .7em;text-align:left}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}svg{max-width:100%;height:auto}.note{color:#555;font-size:14px}"
)


def home() -> Path:
    """The home that is read: $GOUJI_HOME, else that of `make demo`."""
    return Path(os.environ.get("GOUJI_HOME") or Path(__file__).resolve().parents[1] / "data" / "demo")


class Section:
    """A heading with text, tables (frames) and charts under it."""

    def __init__(self, title: str, *content: Any) -> None:
        self.title = title
        self.content = content

    def _repr_html_(self) -> str:
        return f"<section><h2>{html.escape(self.title)}</h2>{''.join(map(_html, self.content))}</section>"


def _html(content: Any) -> str:
    if isinstance(content, pd.DataFrame):
        return _table(content)
    if isinstance(content, alt.TopLevelMixin):
        return svg(content)
    return "".join(f'<p class="note">{_shown(line)}</p>' for line in str(content).splitlines() if line)


def _table(frame: pd.DataFrame) -> str:
    shown = frame.head(_MOST_ROWS)
    head = "".join(f"<th>{html.escape(str(c))}</th>" for c in shown.columns)
    rows = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in shown.itertuples(index=False))
    more = f'<p class="note">共 {len(frame)} 行，显示前 {_MOST_ROWS} 行。</p>' if len(frame) > _MOST_ROWS else ""
    return f"<table><tr>{head}</tr>{rows}</table>{more}"


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        value = "、".join(map(str, value))
    value = value.item() if hasattr(value, "item") else value
    if value is None or value is pd.NA or (isinstance(value, float | Decimal) and math.isnan(value)):
        return "<td></td>"
    if isinstance(value, bool):
        return f"<td>{'是' if value else '否'}</td>"
    if isinstance(value, int | float | Decimal):
        text = (
            f"{value:,.0f}"
            if value == int(value) and abs(value) >= 10_000
            else f"{value:g}"
            if value == int(value)
            else f"{value:.3f}"
        )
        return f'<td class="n">{text}</td>'
    return f"<td>{_shown(str(value))}</td>"


def _shown(text: str) -> str:
    return html.escape(_FOLDERS.sub("", text))


def by_status(codes: list[str]) -> Any:
    """The colours of statuses: the same one has the same colour in every chart."""
    scale = alt.Scale(domain=[WORDS[c] for c in codes], range=[COLOURS[c] for c in codes])
    return alt.Color("状态:N", title=None, scale=scale)


def svg(chart: Any) -> str:
    """A chart as it is drawn, with the fonts of whoever looks at it."""
    import vl_convert

    styled = chart.configure(font=FONT).configure_axis(labelFontSize=12, titleFontSize=13, labelLimit=260)
    return str(vl_convert.vegalite_to_svg(styled.to_json()))


def export(name: str, target: Path) -> int:
    """Run a notebook from start to end and write its sections as one page; returns how many there are."""
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"notebook_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    outputs, _ = module.app.run()
    sections = [o for o in outputs if isinstance(o, Section) or type(o).__name__ == "Section"]
    body = "".join(s._repr_html_() for s in sections)
    title = html.escape(module.app._config.app_title or name)
    text = f'<!doctype html>\n<html lang="zh-Hans"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>\n<h1>{title}</h1>\n{body}</html>\n'
    target.write_text(text, "utf-8", newline="\n")
    return len(sections)


if __name__ == "__main__":
    export(sys.argv[1], Path(sys.argv[2]))
