"""Words of the commands that keep a dataset.

Belongs here: progress, summaries, what `ingest`, `query` and `rebuild` say. Does not belong here: the reasons why a run
cannot go on (`flows.errors`).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "collect": ("采集", "collecting"),
    "list": ("登记文件", "listing files"),
    "convert": ("转换旧格式", "converting old formats"),
    "parse": ("读取核对", "reading and checking"),
    "load": ("入库", "loading"),
    "wait": ("等另一个任务写完", "waiting for another run"),
    "rehash": ("校验快照", "rehashing snapshots"),
    "compare": ("比对数据库", "comparing the database"),
    "reports": ("{n} 份报告", "{n} reports"),
    "files": (
        "文件 {files} 个：新 {new}，内容有变 {revised}，重读 {reread}，未变 {unchanged}；其中不能用 {set_aside}",
        "{files} files: {new} new, {revised} revised, {reread} read again, {unchanged} unchanged; {set_aside} set aside",
    ),
    "read": (
        "本次读出报告 {reports} 份、单元格 {facts} 个，发现问题 {findings} 处",
        "read by this run: {reports} reports, {facts} facts, {findings} findings",
    ),
    "holds": (
        "库中现有报告 {report} 份（现行 {current_reports} 份）、单元格 {fact} 个、问题 {finding} 处",
        "the database holds {report} reports ({current_reports} current), {fact} facts, {finding} findings",
    ),
    "misfits": (
        "corrections.csv 有 {n} 行与库中内容不符，没有采用（原文可能已经更正）。请查看：SELECT * FROM correction WHERE state <> 'applied'",
        "{n} lines of corrections.csv do not fit what the database holds and were not applied (the source may have been "
        "corrected); see SELECT * FROM correction WHERE state <> 'applied'",
    ),
    "bad_lines": (
        "数据目录的名单有 {n} 行不能用，其余照用。请查看：SELECT * FROM list_fault",
        "{n} lines of the home's lists cannot be used, the others count; see SELECT * FROM list_fault",
    ),
    "gone": ("{n} 个文件已不在原处（视图 missing_file）", "{n} files are no longer at their place (view missing_file)"),
    "database": ("数据库：{path}", "database: {path}"),
    "aside": ("不能用：{name}：{message}", "set aside: {name}: {message}"),
    "left": (
        "安装不完整，读取程序的一部分不能用（{why}）：{n} 个文件没有重读，原来的结果保留。请重新安装本程序后再次运行。",
        "the installation is not complete, a part of what reads cannot be used ({why}): {n} files were not read again, and their "
        "results stay. Install the program again, then repeat this.",
    ),
    "second_engine": (
        "安装不完整：PDF 的第二个读取引擎不能用（{why}），PDF 里有疑问的数字没有复核。请重新安装本程序后再次运行，这些文件会重读。",
        "the installation is not complete: the second engine for PDF cannot be used ({why}), and doubtful figures of PDF files were not "
        "read a second time. Install the program again, then repeat this: these files will be read again.",
    ),
    "more": ("……另有 {n} 个，见表 set_aside。", "... and {n} more; see the table set_aside"),
    "lost": (
        "{n} 份快照已不是收到时的内容：旧版本把它们存成与原文件相连的链接，原文件改动时一起变了（{names}）。请运行 gouji doctor 查看是哪些文件。",
        "{n} snapshots are no longer what was received: an earlier version kept them as links, and they changed with the "
        "files ({names}). gouji doctor says which files they were.",
    ),
    "nothing": ("没有找到任何文件。", "there is no file at all."),
    "rows": ("（{n} 行）", "({n} rows)"),
    "interrupted": (
        "已中断。已存妥的结果不受影响，再次运行即可继续。",
        "interrupted; what was kept is whole, run it again to go on",
    ),
}
