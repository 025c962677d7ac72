"""Words of `gouji late`.

Belongs here: who is late, in words. Does not belong here: who that is (`flows.expected`).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "none": ("{year} 年度：没有逾期的机关。", "{year}: nobody is late."),
    "not_yet": ("{year} 年度报告的期限还没有到。", "reports of {year} are not due yet."),
    "head": (
        "{year} 年度：期限已过而没有收到报告的机关 {n} 个",
        "{year}: {n} bodies have not published although the day has passed",
    ),
    "group": ("{level} {n} 个：", "{level}: {n}"),
    "under": ("  {parent}（{n} 个）", "  {parent} ({n})"),
    "line": ("    {body}  期限 {due}  {last}", "    {body}  due {due}  {last}"),
    "last": ("最近有 {year} 年度", "last of {year}"),
    "never": ("从未收到", "never"),
    "more": (
        "    ……另有 {n} 个，全部见 --format json 或视图 late",
        "    ... and {n} more: --format json, or the view late",
    ),
    "nowhere": ("（无上级）", "(nothing above)"),
    "level_province": ("省级", "provinces"),
    "level_prefecture": ("市级", "prefectures"),
    "level_county": ("县级", "counties"),
    "level_township": ("乡镇街道", "townships"),
    "level_zone": ("功能区", "zones"),
    "level_nation": ("国家", "the nation"),
    "level_other": ("其他", "others"),
}
