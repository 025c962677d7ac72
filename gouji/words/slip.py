"""Words of the return slips.

Belongs here: what a slip says beside its findings, and what it is called. Does not belong here: the words of findings and verdicts.
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "not_ours": (
        "{file} 像是别的地区的，没有写反馈意见单。",
        "{file} looks like another place's; no slip was written",
    ),
    "older": (
        "{office}报来不止一份，反馈意见单按 {file} 写；没有为 {older} 另写。",
        "{office} sent several drafts; the slip is on {file}, none was written on {older}",
    ),
    "in_year": ("{year}年", "{year}"),
    # A slip that only points something out: nothing has to be sent again.
    "notes_only": ("（仅提示）", " (notes only)"),
    "through": ("（已通过）", " (passed)"),
    "file": ("{office}{year}政府信息公开工作年度报告反馈意见单", "{office} {year} return slip"),
    "title": ("政府信息公开工作年度报告反馈意见单", "Return slip"),
    "to": ("{office}：", "To: {office}"),
    "intro": (
        "你单位报来的 {year} 年度政府信息公开工作年度报告，经勾稽核对，{counts}。具体如下：",
        "Your annual report for {year} was checked: {counts}.",
    ),
    "intro_short": (
        "你单位报来的 {year} 年度政府信息公开工作年度报告，经勾稽核对，{counts}。",
        "Your annual report for {year} was checked: {counts}.",
    ),
    "notes": (
        "以上只是提示，请斟酌是否修改；不修改的，不必再报。",
        "These are notes only; nothing has to be sent back unless you change it.",
    ),
    "other_year": (
        "你单位报来的是 {year} 年度的报告，这一轮应报 {wanted} 年度的，没有计入。",
        "What you sent is the report for {year}; this round is for {wanted}, so it does not count.",
    ),
    "how_year": ("请报送 {wanted} 年度的报告。", "Please send the report for {wanted}."),
    "how_year_by": ("请于 {day}前报送 {wanted} 年度的报告。", "Please send the report for {wanted} by {day}."),
    "sent_year": ("（报来的是{year}年的）", " (what came is of {year})"),
    "passed": ("核对已通过，不必再报。", "The report has passed; nothing has to be sent back."),
    "found": ("发现 {counts}", "found {counts}"),
    "corrected": ("上一轮的问题均已改正", "all problems of last round are corrected"),
    "unassessable": (
        "另有 {n} 项因表中空白、符号或读不准的数字而无法核对，请补填完整后再报。",
        "{n} more relations could not be checked because of blanks or unreadable figures; please fill them in.",
    ),
    "how": ("请对照台账核实后更正原稿，并将更正稿报回{reasons}。", "Please compare with your register, correct the draft and send it back{reasons}."),
    # No reason closes an error: where there are errors alone none is asked for.
    "reasons": ("；确有特殊原因的，请写明原因一并报回", "; where there is a reason, state it"),
    "reasons_but": ("。错误须改正；疑点确有特殊原因的，请写明原因一并报回", "; errors have to be corrected; where a warning has a reason, state it"),
    "how_by": (
        "请对照台账核实后更正原稿，并于 {day}前将更正稿报回{reasons}。",
        "Please compare with your register, correct the draft and send it back by {day}{reasons}.",
    ),
    "on_day": ("{year}年{month}月{day}日", "{year}-{month:02}-{day:02}"),
    "smallest": (
        "“最可能的改法”是改动最少的一种，请以台账为准。",
        " The most likely correction is the one that changes least; your register decides.",
    ),
    "what": ("问题和位置", "what and where"),
    "from": ("审核单位：{sender}", "checked by: {sender}"),
    "date": ("　　年　　月　　日", "date:            "),
}  # fmt: skip
