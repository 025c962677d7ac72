"""Words of `gouji prefill`.

Belongs here: what the command says. Does not belong here: what stands in the draft (`drafting`).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "nothing": ("请给出去年的年报，或用 --sentences 给出定稿。", "give last year's report, or a finished draft with --sentences."),
    "no_out": ("请用 --out 写明草稿写到哪里。", "say with --out where the draft goes."),
    "begun": ("{issuer} {year} 年草稿：已填 {n} 格（上年结转，现行有效件数）。",
              "{issuer} {year}: {n} cells filled in (carried over, in force)."),
    "left": ("有 {n} 格去年没有可用的数，留空：{cells}", "{n} cells left empty for lack of a figure last year: {cells}"),
    "doubtful": ("注意：去年报告里与结转有关的合计不符，请核对：{names}",
                 "note: sums of last year's report about what was carried do not hold: {names}"),
    "of_row": ("{label}行{rule}", "row {label}: {rule}"),
    "of_column": ("{label}列{rule}", "column {label}: {rule}"),
    "broken": ("注意：表里有 {n} 处合计不符，句子里的数可能要改，请先核对（gouji check）。",
               "note: {n} sums of the tables do not hold; check the draft first."),
    "unwritten": ("有的数空白或读不准，与之有关的句子没有写：{cells}", "blank or unread, and so not written about: {cells}"),
    "no_sentence": ("表里没有可以写成句子的数。", "the tables have no figures to write about."),
}  # fmt: skip
