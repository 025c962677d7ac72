"""The words of the commands, in Chinese and English.

Belongs here: every sentence that a command of its own says to a person. Does not belong here: the words of rules
(`checks/rules.toml`) and of unreadable files (the readers, in Chinese).
"""

from __future__ import annotations

from typing import Literal

Lang = Literal["zh", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    "no_file": (
        "{path}：找不到这个文件或文件夹，请核对路径。",
        "{path}: there is no such file or folder; check the path.",
    ),
    "no_access": ("{path}：打不开（{why}）。请确认没有被其他程序占用，并有读取权限。", "{path}: cannot be opened ({why})."),
    "empty_folder": (
        "{path}：文件夹里没有可以读的文件（支持 .docx、.html、.pdf、.txt、.md）。",
        "{path}: the folder holds no file that can be read (.docx, .html, .pdf, .txt, .md).",
    ),
    "internal": (
        "{path}：读取时程序出错（{why}）。其余文件不受影响；请把这个文件发给我们。",
        "{path}: the program failed on this file ({why}); the other files are not affected. Please send it to us.",
    ),
    "reading": ("正在读取", "reading"),
    "checking": ("正在核对", "checking"),
    "written": ("结果已写入 {path}", "written to {path}"),
    "verdict_fail": ("有错误", "errors"),
    "verdict_warn": ("有疑点", "warnings"),
    "verdict_pass": ("通过", "passed"),
    "verdict_unreadable": ("读不了", "unreadable"),
    "severity_error": ("错误", "error"),
    "severity_warning": ("疑点", "warning"),
    "severity_note": ("提示", "note"),
    "counts": ("{error} 处错误，{warning} 处疑点，{note} 条提示", "{error} errors, {warning} warnings, {note} notes"),
    "unassessable": ("{n} 项因空白或读不准而无法核对（--all 可列出）", "{n} checks could not be assessed (--all lists them)"),
    "advice": ("怎么改", "what to do"),
    "more_places": ("等 {n} 处", "{n} places"),
    "unknown_issuer": ("单位不明", "issuer unknown"),
    "unknown_year": ("年份不明", "year unknown"),
    "facts_line": ("{facts} 格有数，{blank} 格空白，{mark} 格为符号，{text} 格为文字，{unresolved} 格读不准",
                   "{facts} numbers, {blank} blanks, {mark} marks, {text} words, {unresolved} unresolved"),
    "form_line": ("表式 {form}{variant}", "form {form}{variant}"),
    "summary": (
        "共 {files} 个文件：{fail} 个有错误，{warn} 个有疑点，{pass_} 个通过，{unreadable} 个读不了",
        "{files} files: {fail} with errors, {warn} with warnings, {pass_} passed, {unreadable} unreadable",
    ),
    "place_page": ("第{n}页", "page {n}"),
    "place_table": ("第{n}个表", "table {n}"),
    "place_row": ("第{n}行", "row {n}"),
    "place_column": ("第{n}列", "column {n}"),
    "place_line": ("第{n}行文字", "line {n}"),
    "table_now": ("表中所填", "as printed"),
    "not_assessable": ("无法核对", "not assessable"),
    "pipeline_missing": (
        "这个命令需要数据管道组件：pip install \"gouji[pipeline]\"（缺少 {name}）",
        "this command needs the pipeline extra: pip install \"gouji[pipeline]\" ({name} is missing)",
    ),
}  # fmt: skip


def say(lang: Lang, key: str, **values: object) -> str:
    """The sentence ``key`` in ``lang``, filled in."""
    return _WORDS[key][0 if lang == "zh" else 1].format(**values)
