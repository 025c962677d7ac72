"""Words of `gouji serve`."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "ready": (
        "已开始按时采集：{when}。Prefect 服务 {url}。按 Ctrl-C 结束。",
        "collecting on schedule: {when}. Prefect's server is {url}. Ctrl-C ends it.",
    ),
    "interval": ("每 {seconds} 秒一次", "every {seconds} s"),
    "calendar": ("{schedule}（北京时间）", "{schedule} (China's time)"),
}
