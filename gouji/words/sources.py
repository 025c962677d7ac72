"""Words of `gouji sources`.

Belongs here: what a source would give, what was written. Does not belong here: errors of the list (`flows.collecting.listed`), troubles
at a source (`collect`).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "head": ("{name}：{n} 份", "{name}: {n} reports"),
    "of_years": ("（{years}）", " ({years})"),
    "line": ("  {year}  {body}  {title}", "  {year}  {body}  {title}"),
    "address": ("        {address}", "        {address}"),
    "unknown_year": ("年份不明", "no year"),
    "unknown_body": ("机关不明", "no body"),
    "more": ("  ……另有 {n} 份，全部见 --format json", "  ... and {n} more; --format json lists all"),
    "all": (
        "来源 {sources} 个，报告 {n} 份。没有读取、入库任何报告。",
        "{sources} sources, {n} reports. No report was read or loaded.",
    ),
    "trouble": ("{source}：{address}：{what}", "{source}: {address}: {what}"),
    "may_allow": (
        "确认无妨，可再运行一次并加上 {options}",
        "if that is all right, run it again with {options}",
    ),
    "cannot_look": ("看不了 {address}：{what}。", "cannot look at {address}: {what}."),
    "nothing_there": (
        "{address} 上没有找到年度报告，也没有找到通往年度报告的链接，没有写入清单。若页面由脚本生成，请在浏览器的开发者工具里找到列表接口（JSON）的地址再试；"
        "仍要写入请加 --anyway。",
        "no report and no link to one was found at {address}; nothing was written. Where a script makes the page, look for the "
        "address of its list (JSON) in the browser's developer tools; --anyway writes the entry all the same.",
    ),
    "is_page": ("这是一份报告。", "this is a report."),
    "is_query": (
        "这是一份报告，地址里有年份：各年都按此地址采集。",
        "this is a report whose address names its year: all years are asked for.",
    ),
    "is_list": ("这是列表（{family}），有报告 {n} 份，例如：", "this is a list ({family}) of {n} reports, such as:"),
    "written": ("已写入 {path}：", "written to {path}:"),
    "would_write": ("适合的写法（没有写入）：", "the entry that fits (not written):"),
}
