"""Words of `gouji doctor`.

Belongs here: the summary of what was looked over. Does not belong here: the troubles that were found (`flows.doctor`).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "looked": (
        "检查了 {home}：快照 {snapshots} 份，入库记录 {loads} 次。",
        "looked over {home}: {snapshots} snapshots, {loads} loads.",
    ),
    "detached": (
        "其中 {n} 份快照原是与收到的文件相连的链接，已改成独立的副本。",
        "{n} snapshots were links to received files and are copies of their own now.",
    ),
    "sound": ("一切完好。", "all is sound."),
    "wrong": ("发现 {n} 处问题：", "{n} things are wrong:"),
    "more": ("……另有 {n} 处，全部见 --format json。", "... and {n} more; --format json lists all."),
    "unseen": ("没能检查完，结论不完整。", "not all could be looked at."),
}
