"""What a person sees while a large folder is read: the result's own page, which says how far it is and looks again.

Belongs here: when it is shown and what it says. Does not belong here: the result.

It is written where the result will be and carries its mark, so that the result may take its place. A check that is over
within a second shows nothing of it.
"""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gouji import outputs
from gouji.outputs import Refused, Target

_FIRST_AFTER = 1.0
_EVERY = 1.0
_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>正在核对 {done}/{total}</title>
<style>body {{ font-family: "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; margin: 15vh auto; max-width: 32em; padding: 0 1em }}
progress {{ width: 100%; height: 1.4em }}</style></head>
<body><h1>正在核对……</h1><p>{name}</p><p><progress max="{total}" value="{done}"></progress></p>
<p>已读 {done} 个文件，共 {total} 个。读完以后本页自动变成核对结果，请不要关闭。</p></body></html>
"""


class Progress:
    """Call it with (files done, files in all); ``opens`` is called with the page once, when there is one."""

    def __init__(self, page: Path, name: str, opens: Callable[[Path], None]) -> None:
        self.page, self.name, self._opens = page, name, opens
        self.shown = False
        self._next = time.monotonic() + _FIRST_AFTER

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _EVERY
        content = _PAGE.format(name=html.escape(self.name), done=done, total=max(total, 1))
        # A page that could not be written is no reason to end a check.
        with suppress(OSError, Refused):
            outputs.write(Target(self.page, "report"), content.encode(), "zh")
            if not self.shown:
                self.shown = True
                self._opens(self.page)

    def ended(self, why: str) -> bool:
        """Say on a page that is open already that there will be no result; whether there was one."""
        if self.shown:
            text = _PAGE.replace('<meta http-equiv="refresh" content="1">', "").partition("<body>")[0]
            body = f"<body><h1>没有核对完</h1><p style='white-space: pre-wrap'>{html.escape(why)}</p></body></html>\n"
            content = text.format(done="", total="").replace("正在核对 /", "没有核对完") + body
            with suppress(OSError, Refused):
                outputs.write(Target(self.page, "report"), content.encode(), "zh")
                return True
        return False
