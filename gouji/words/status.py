"""Words of `gouji status`: runs, troubles, what needs a person."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "home": ("数据目录 {home}", "home {home}"),
    "running": ("正在运行：{note}", "at work now: {note}"),
    "versions": (
        "程序 {gouji}，解析器 {parser}，表式 {forms}，规则 {rules}",
        "gouji {gouji}, parser {parser}, forms {forms}, rules {rules}",
    ),
    "disk": (
        "磁盘：快照 {snapshots}，记录 {record}，缓存 {cache}，数据库 {database}；剩余 {free}",
        "disk: snapshots {snapshots}, record {record}, cache {cache}, database {database}; {free} free",
    ),
    "load": (
        "第 {load_id} 次入库（{started}）：文件 {files}，新 {files_new}，有变 {files_revised}，不能用 {files_set_aside}；报告 {reports}",
        "load {load_id} ({started}): {files} files, {files_new} new, {files_revised} revised, {files_set_aside} set aside; {reports} reports",
    ),
    "collect": (
        "第 {run} 次采集（{started}，{state}）：请求 {requests}，新 {new}，有变 {revised}，下线 {gone}，异常 {trouble}",
        "collect {run} ({started}, {state}): {requests} requests, {new} new, {revised} revised, {gone} gone, {trouble} in trouble",
    ),
    "failed": ("最近一次没有做完的入库（{started}）：{why}", "the last run that did not end ({started}): {why}"),
    "unlisted": (
        "{n} 个已知发布的来源已不在 sources.toml 中，不再访问（数据保留）",
        "{n} known publications are of sources that sources.toml does not name: they are not visited any more (their data stays)",
    ),
    "moved": ("已移到新网址（{at}）：{address}", "moved ({at}), now at: {address}"),
    "gone": ("已下线（{at}，数据保留）：{address}", "gone ({at}, its data stays): {address}"),
    "returned": ("重新出现（{at}）：{address}", "back again ({at}): {address}"),
    "needs_failed": (
        "上次入库没有做完，排除原因后再次运行",
        "the last run did not end: run again when its cause is mended",
    ),
    "state_done": ("完成", "done"),
    "state_running": ("进行中", "running"),
    "state_broken": ("中断", "broken off"),
    "state_failed": ("失败", "failed"),
    "trouble": ("{source}：{address}：{what}（自 {since}）", "{source}: {address}: {what} (since {since})"),
    "aside": ("不能用：{path}：{message}（自 {since}）", "set aside: {path}: {message} (since {since})"),
    "more": ("……另有 {n} 处，全部见 --format json。", "... and {n} more; --format json lists all."),
    "nothing": ("没有需要处理的事。", "nothing needs a person."),
    "needs_set_aside": ("{n} 个文件读不了，要换成能读的", "{n} files cannot be read and need to be replaced"),
    "needs_incomplete": (
        "{n} 个文件是在安装不完整时读的：重新安装本程序，再运行 gouji reparse",
        "{n} files were read by a program of which a part could not be used: install it again, then run gouji reparse",
    ),
    "needs_conflict": (
        "{n} 份年报有几份内容不同的报告，都没有采用：见 finding 中的 batch.duplicate，核实后移走不对的文件",
        "of {n} annual reports there are several that say otherwise, none of which counts: see batch.duplicate in finding, and "
        "remove what is wrong",
    ),
    "needs_trouble": ("{n} 个来源有异常", "{n} sources are in trouble"),
    "standing": ("，网站一直如此，不再催办", "; it has been so for long and needs nobody"),
    "more_events": (
        "……另有 {n} 个发布下线、移走或重新出现，全部见 --format json。",
        "... and {n} more publications are gone, moved or back; --format json lists all.",
    ),
    "needs_stalled": (
        "已 {n} 天没有采集：看看 cron、systemd 或 gouji serve 是否还在运行",
        "nothing was collected for {n} days: see whether cron, systemd or gouji serve still run",
    ),
    "needs_broken": (
        "上次采集没有完成，再次运行 gouji collect 即可接着做",
        "the last collect did not end; gouji collect goes on with it",
    ),
    "needs_disk": ("磁盘快满了", "the disk is almost full"),
    "needs_reparse": (
        "程序换了版本，用 gouji reparse --diff 看哪些结果会改变",
        "the program has another version now; gouji reparse --diff says what would change",
    ),
}
