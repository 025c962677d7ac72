"""Words of `gouji trace`.

Belongs here: what it says of a value and its source. Does not belong here: names of indicators and notes (data).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "head": ("{body} {year} 年（{scope}）{name} {code}", "{body} {year} ({scope}): {name}, {code}"),
    "value": ("= {value} {unit}", "= {value} {unit}"),
    "no_base": ("分母为 0，没有比率", "the denominator is 0: there is no rate"),
    "blank": ("没有数：有空白格", "no number: a cell is blank"),
    "mark": ("没有数：有格填的是记号", "no number: a cell holds a mark"),
    "text": ("没有数：有格填的是文字", "no number: a cell holds words"),
    "missing": ("没有数：报告中没有这一格", "no number: the report lacks the cell"),
    "unresolved": ("没有数：有格读不准", "no number: a cell could not be read with certainty"),
    "not_on_form": ("没有数：当年的表没有这一项", "no number: the form of that year does not have it"),
    "conflict": (
        "没有数：几份报告数字不同，没有擅自取一份：",
        "no number: several reports disagree, and none is chosen:",
    ),
    "in_conflict": ("{path}（SHA-256 {sha256}）", "{path} (SHA-256 {sha256})"),
    "differing": (
        "哪些单元格不同：gouji query \"SELECT * FROM conflict_cell WHERE body_id = '{body}' AND year = {year} AND scope = '{scope}'\"",
        "in which cells they differ: gouji query \"SELECT * FROM conflict_cell WHERE body_id = '{body}' AND year = {year} AND scope = '{scope}'\"",
    ),
    "bound": ("，其余各格之和为 {value}", ", the others add up to {value}"),
    "nothing": ("（没有）", "(nothing)"),
    "used": ("，更正为 {value}（{reason}）", ", corrected to {value} ({reason})"),
    "said": ("句中：{printed}——{sentence}", "in a sentence: {printed} - {sentence}"),
    "small_base": (
        "注意：分母小于最小基数，不宜比较，不参加排名",
        "note: the denominator is below the minimum base; not to be compared, not ranked",
    ),
    "impossible": (
        "注意：部分大于整体或出现负数，原表自相矛盾，不参加排名",
        "note: a part is greater than its whole: the figures contradict one another; not ranked",
    ),
    "contradicted": (
        "注意：合计与表内自己的分项之和不符，照印，未改；比率不参加排名",
        "note: a total is not the sum of its own printed parts; it stands as printed, rates of it are not ranked",
    ),
    "broken": ("不符（{rule}）：{message}", "contradicted ({rule}): {message}"),
    "method": ("读法 {method}", "read as {method}"),
    "doubt": ("读不准：{reason}", "not certain: {reason}"),
    "readings": ("可能是 {readings}", "may be {readings}"),
    "at_page": ("第 {n} 页", "page {n}"),
    "at_table": ("第 {n} 个表", "table {n}"),
    "at_row": ("第 {n} 行", "row {n}"),
    "at_column": ("第 {n} 列", "column {n}"),
    "at_line": ("第 {n} 行文字", "line {n}"),
    "at_paragraph": ("第 {n} 段", "paragraph {n}"),
    "file": (
        "来源：{where}（SHA-256 {sha256}，{when} UTC 收到）",
        "source: {where} (SHA-256 {sha256}, received {when} UTC)",
    ),
    "read": (
        "报告 {report}，第 {revision} 版，解析器 {parser}",
        "report {report}, revision {revision}, parser {parser}",
    ),
    "note": ("注：{text}", "note: {text}"),
    "scopes": ("另有统计范围：{scopes}（用 --scope 指定）", "there are other scopes: {scopes} (name one with --scope)"),
    "periods": (
        "另有期间：{periods}（用 --period 指定）",
        "there are other periods: {periods} (name one with --period)",
    ),
    "no_place": ("{code} 没有可画的位置。", "there is no place of {code} to draw"),
    "no_snapshot": (
        "快照 {sha256} 不在数据目录里，画不出来。",
        "the snapshot {sha256} is not in the home, so nothing can be drawn",
    ),
    "no_font": (
        "没有找到中文字体，画不出来。请安装一种（如 Noto Sans CJK）。",
        "no font for Chinese was found; install one (such as Noto Sans CJK)",
    ),
}
