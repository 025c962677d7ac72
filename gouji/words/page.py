"""Words of the result page (`check --report out.html`).

Belongs here: what the page says beside the findings. Does not belong here: verdicts, severities, names of places, which
every output shares (`common`).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": ("年报核对结果", "Result of the check"),
    "title_of": ("{report}年报核对结果", "{report}: result of the check"),
    "at": ("核对时间：{when}", "checked {when}"),
    "file": ("文件：{file}", "file: {file}"),
    "form": ("表式：{form}", "form: {form}"),
    "and_checked": ("。{what}", ". {what}"),
    "problems": ("问题和修改建议", "Problems, and what to do"),
    "notes": ("提示 {n} 条", "{n} note(s)"),
    "nothing": ("没有发现问题。", "No problem was found."),
    "see_cell": ("看表格", "see the table"),
    "tables": ("统计表", "Tables"),
    "unit": ("（单位：{unit}）", " ({unit})"),
    "no_table": ("文件里没有读到这张表。", "This table was not found in the file."),
    "no_tables": ("文件里没有统计表，只核对了文字。", "The file has no tables; only its text was checked."),
    "is_bad": ("有错", "wrong"),
    "is_doubt": ("可能有误，或需补填", "may be wrong, or to be filled in"),
    "is_hint": ("提示", "note"),
    "is_sum": ("所在的合计不符", "in a sum that does not hold"),
    "is_said": ("与正文的数不同", "another figure in the text"),
    "is_open": ("读不准", "not certain"),
    "is_gone": ("缺项", "missing"),
    "is_blank": ("空白", "blank"),
    "is_last": ("上年数和增减", "last year, and the change"),
    "blank": ("空白", "blank"),
    "gone": ("缺项", "missing"),
    "unread": ("未读到", "not read"),
    "open": ("读不准", "not certain"),
    "open_said": ("读不准：印作“{printed}”", "not certain: printed “{printed}”"),
    "open_may": ("可能是 {readings}", "may be {readings}"),
    "most_likely": ("应为 {value}？", "{value}?"),
    "most_likely_title": ("最可能的改法：{printed} 改为 {value}", "most likely: {printed} to {value}"),
    "adds_up": ("各项合计 {value}", "adds up to {value}"),
    "says": ("正文 {value}", "text {value}"),
    "forward": ("上年末结转 {value}", "{value} carried forward last year"),
    "check_line": ("核对：{what}", "check: {what}"),
    "sentences": ("正文与表格对照", "Sentences beside the tables"),
    "sentences_note": ("正文里有 {n} 个数与表格作了对照。", "{n} figures of the text were compared with the tables."),
    "others_agree": ("与表格相符的 {n} 个数", "{n} figures that agree with the tables"),
    "col_what": ("说的是", "of"),
    "col_text": ("正文", "text"),
    "col_table": ("表格", "table"),
    "col_result": ("结果", "result"),
    "agrees": ("相符", "agrees"),
    "disagrees": ("不符", "differs"),
    "cannot_tell": ("无法核对", "cannot be told"),
    "unassessable": ("无法核对的内容", "What could not be checked"),
    "unassessable_note": (
        "下面 {n} 项因表中空白、读不准或文件里没有而无法核对：",
        "{n} checks could not be made, because of blanks, unread cells or what is not there:",
    ),
    "waived": ("已说明原因的", "With a reason given"),
    "closed": ("与上一轮相比", "Against last round"),
    "overview": ("各单位核对结果", "Offices"),
    "col_problems": ("问题", "problems"),
    "to_overview": ("回到汇总", "to the overview"),
    "show_tables": ("展开统计表和正文对照", "show tables and sentences"),
    "limit": (
        "核对只能看出勾稽关系、表式和文字上的问题；互相抵消的错误，或者各处都写成同一个错数，看不出来。"
        "“最可能的改法”是改动最少的一种，请以台账为准。",
        "The check sees what the form's own arithmetic, structure and sentences show; errors that cancel out are invisible. "
        "The most likely correction is the one that changes least; your register decides.",
    ),
    "circular": ("这是一份通报，不是年度报告。", "This is a circular, no annual report."),
}  # fmt: skip
