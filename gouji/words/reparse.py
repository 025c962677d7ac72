"""Words of `gouji reparse`: what a new version of the program changes in what was read before."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "nothing": (
        "所有内容都是当前版本读出的，无需重读。",
        "everything was read by the present version; there is nothing to do.",
    ),
    "would": (
        "由旧版本读出的内容 {contents} 份；换成当前版本，{n} 处会改变（没有改动任何东西）",
        "{contents} contents were read by another version; {n} places would change (nothing was changed)",
    ),
    "done": ("重读 {contents} 份内容，分 {loads} 批入库", "{contents} contents read again, in {loads} loads"),
    "change": ("{report_id} {address}：{before} → {after}", "{report_id} {address}: {before} → {after}"),
    "none": ("无", "none"),
    "more": ("……另有 {n} 处，全部见 --format json。", "... and {n} more; --format json lists all."),
    "lost": (
        "{n} 份快照不见了，没有重读，原来的结果保留。请运行 gouji doctor 查看。",
        "{n} snapshots are missing and were not read again; their results stay. gouji doctor says which.",
    ),
}
