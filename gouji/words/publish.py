"""Words of `gouji publish`.

Belongs here: progress and the end. Does not belong here: what a release says of itself (`flows.releases.describing`).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "writing": ("正在写 {name}", "writing {name}"),
    "done": ("已发布：{path}（{files} 个文件）", "published: {path} ({files} files)"),
}
