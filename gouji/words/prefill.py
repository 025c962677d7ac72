"""Words of `gouji prefill`.

Belongs here: what the command says. Does not belong here: what stands in the draft (`drafting`).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "nothing": ("请给出去年的年报，或用 --sentences 给出定稿。", "give last year's report, or a finished draft with --sentences."),
    "no_out": ("请用 --out 写明草稿写到哪里。", "say with --out where the draft goes."),
    "other_year": ("是 {year} 年的，其余是 {wanted} 年的，没有据此起草。", "is of {year}, the others are of {wanted}: no draft was begun from it"),
    "other_place": ("是{issuer}的，与其余的不在一处，没有据此起草。确要起草的，请单独给出这个文件。",
                    "is of {issuer}, of another place than the others: no draft was begun from it; give it alone to have one"),
    "older": ("同一单位另有较新的 {newest}，按那一份起草。", "there is a newer one, {newest}, from which the draft was begun"),
    "begun": ("{issuer} {year} 年草稿：已填 {n} 格（上年结转，现行有效件数）。",
              "{issuer} {year}: {n} cell(s) filled in (carried over, in force)."),
    "noted": ("其中 {n} 格现行有效件数是 {year} 年末的，已加底色和批注，请改成今年的实有数。",
              "{n} of them are the stock at the end of {year}: shaded, with a comment, to be brought up to date"),
    "reading": ("读去年的年报", "reading last year's reports"),
    "file": ("{issuer}{year}年政府信息公开工作年度报告（草稿）", "{issuer} {year} draft"),
    "begun_all": ("已起草 {n} 份，写在 {path}。现行有效件数是去年的，已加底色和批注，请各单位改成今年的实有数。",
                  "{n} draft(s) begun in {path}; the stock of documents is last year's, shaded and with a comment"),
    "stays": ("{n} 份草稿已有人填写，没有动：", "{n} drafts have been worked in and stay as they are:"),
    "not_begun": ("{n} 个文件没有起草：", "{n} file(s) gave no draft:"),
    "twice": ("{file}：与前面的文件是同一单位，{path} 已经起草", "{file}: of the same body as one before; {path} has been begun"),
    "out_folder": ("{path}：这是文件夹，--out 也请写一个文件夹，会给每个单位各起草一份。",
                   "{path} is a folder: --out has to be one too, for a draft of every body"),
    "out_inside": ("{path} 在去年年报的文件夹里，草稿会和去年的混在一起。请另选一个文件夹。",
                   "{path} lies among last year's reports; choose another folder"),
    "left": ("有 {n} 格去年没有可用的数，留空：{cells}", "{n} cell(s) left empty for lack of a figure last year: {cells}"),
    "doubtful": ("注意：去年报告里与结转有关的合计不符，请核对：{names}",
                 "note: sums of last year's report about what was carried do not hold: {names}"),
    "of_row": ("{label}行{rule}", "row {label}: {rule}"),
    "of_column": ("{label}列{rule}", "column {label}: {rule}"),
    "broken": ("注意：表里有 {n} 处合计不符，句子里的数可能要改，请先核对（gouji check）。",
               "note: {n} sums of the tables do not hold; check the draft first."),
    "unwritten": ("有的数空白或读不准，与之有关的句子没有写：{cells}", "blank or unread, and so not written about: {cells}"),
    "no_sentence": ("表里没有可以写成句子的数。", "the tables have no figures to write about."),
}  # fmt: skip
