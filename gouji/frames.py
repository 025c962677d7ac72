"""A panel or a series as a pandas frame that shows what must be said beside it.

Belongs here: how such a frame looks when it is printed or shown in a notebook. Does not belong here: what is in it (`analysis`).
This module imports pandas, so nothing imports it before a frame is asked for.
"""

from __future__ import annotations

import html
from typing import Any

import pandas

_MOST_NAMES = 6
_MARKS = {
    "small_base": ("分母低于最小基数、不列的比率（small_base）", "rates of a small base, left out"),
    "impossible": ("部分大于整体、不列的比率（impossible）", "rates whose part is greater than the whole, left out"),
    "contradicted": (
        "合计与自己的分项之和不符（contradicted），数照印、比率不列",
        "totals that their own parts contradict: figures stand as printed, rates are left out",
    ),
}
_SUCCESSIONS = {"merged": ("合并", "merged"), "absorbed": ("并入", "absorbed"), "divided": ("拆分", "divided")}


class Frame(pandas.DataFrame):  # type: ignore[misc]
    """A frame whose ``attrs`` hold scope, coverage and notes; what is made from it is a plain frame."""

    @property
    def _constructor(self) -> Any:
        return pandas.DataFrame

    def __repr__(self) -> str:
        return "\n".join([super().__repr__(), *said(self.attrs)])

    def _repr_html_(self) -> str:
        shown = super()._repr_html_() or ""
        return shown + "".join(f"<p>{html.escape(line)}</p>" for line in said(self.attrs))


def said(attrs: dict[Any, Any]) -> list[str]:
    """The lines below a frame: scope, n of N a year, who is not there, breaks, notes."""
    zh = attrs.get("lang", "zh") == "zh"
    out = []
    if scope := attrs.get("scope"):
        out.append(f"统计范围：{scope}" if zh else f"scope: {scope}")
    if period := attrs.get("period"):
        out.append(f"期间：{period}" if zh else f"period: {period}")
    expected = [c for c in attrs.get("coverage", ()) if "expected" in c]
    if expected:
        each = ", ".join(f"{c['year']} {c.get('reported_scope', c['reported_area'])}/{c['expected']}" for c in expected)
        which = ("全域", "an area report") if scope == "area" else (f" {scope} ", f"a report of scope {scope}")
        out.append(f"有{which[0]}报告的／应有的：{each}" if zh else f"with {which[1]} / expected: {each}")
    for year, names in attrs.get("not_reported", {}).items():
        more = len(names) - _MOST_NAMES
        listed = ("、" if zh else ", ").join(names[:_MOST_NAMES])
        rest = "" if more <= 0 else (f"等 {len(names)} 个" if zh else f" and {more} more")
        out.append(f"{year} 年没有报告：{listed}{rest}" if zh else f"no report for {year}: {listed}{rest}")
    for name, scopes in attrs.get("absent", {}).items():
        other = ", ".join(scopes)
        out.append(
            f"{name} 没有这一范围的报告（有：{other}）"
            if zh
            else f"{name} has no report of this scope (there are: {other})"
        )
    if gaps := attrs.get("missing_years"):
        listed = ", ".join(map(str, gaps))
        out.append(f"没有报告的年度：{listed}" if zh else f"years without a report: {listed}")
    if disputed := attrs.get("conflicting_years"):
        listed = ", ".join(map(str, disputed))
        out.append(
            f"几份报告冲突（conflict）、没有取数的年度：{listed}"
            if zh
            else f"years in conflict, several reports disagree: {listed}"
        )
    for mark, figures in attrs.get("marks", {}).items():
        told = ("；" if zh else "; ").join(figures[:_MOST_NAMES])
        if len(figures) > _MOST_NAMES:
            told += f" 等 {len(figures)} 个" if zh else f" and {len(figures) - _MOST_NAMES} more"
        out.append(f"{_MARKS[mark][0]}：{told}" if zh else f"{_MARKS[mark][1]}: {told}")
    for b in attrs.get("breaks", ()):
        what = f"{b['because']} {b['before']} → {b['after']}" if "before" in b else b["because"]
        out.append(f"{b['year']} 年起口径有变：{what}" if zh else f"a break before {b['year']}: {what}")
    merged = attrs.get("successions", [])
    for s in merged[:_MOST_NAMES]:
        how = _SUCCESSIONS[s["because"]][0 if zh else 1]
        out.append(
            f"{s['year']} 年起区划有变（{how}）：{s['before']} → {s['after']}；各是一个机关，数字不相连"
            if zh
            else f"{how} as of {s['year']}: {s['before']} → {s['after']}; each is a body of its own, figures do not go on"
        )
    if (more := len(merged) - _MOST_NAMES) > 0:
        out.append(f'另有 {more} 处区划变动（attrs["successions"]）' if zh else f'{more} more in attrs["successions"]')
    return out + [f"{id_}: {text}" for id_, text in attrs.get("notes", {}).items()]
