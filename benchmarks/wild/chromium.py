"""Printing many pages with one browser, over the pipe of its DevTools protocol.

Belongs here: starting, speaking to and ending headless Chromium. Does not belong here: what is printed.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any


def find() -> str | None:
    return next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)


class Browser:
    """A browser without a window; one page after another is loaded from a file and printed."""

    def __init__(self, program: str) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="gouji-wild-", ignore_cleanup_errors=True)
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()

        def connect() -> None:
            # The browser reads its commands from 3 and answers on 4. Copies first: our own ends may be 3 or 4.
            read, write = os.dup(to_read), os.dup(to_write)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self._process = subprocess.Popen(
            [
                program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
                "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-background-networking",
                f"--user-data-dir={self._profile.name}",
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            close_fds=False, preexec_fn=connect,  # noqa: PLW1509 - this process has no threads
        )  # fmt: skip
        os.close(to_read)
        os.close(to_write)
        self._number = 0
        self._rest = b""
        target = self._call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self._call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        self._call("Page.enable", {}, self._session)

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._to)
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._from)
        self._profile.cleanup()

    def _messages(self) -> Iterator[dict[str, Any]]:
        while True:
            one, zero, self._rest = self._rest.partition(b"\0")
            if zero:
                yield json.loads(one)
                continue
            self._rest = one
            chunk = os.read(self._from, 1 << 20)
            if not chunk:
                raise RuntimeError("the browser ended before it had answered")
            self._rest += chunk

    def _call(self, method: str, arguments: dict[str, Any], session: str = "", until: str = "") -> dict[str, Any]:
        """One command and its answer; with `until` wait for an event of the page too."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": arguments}
        if session:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        answer: dict[str, Any] | None = None
        seen = not until
        for one in self._messages():
            seen = seen or one.get("method") == until
            if one.get("id") == self._number:
                if "error" in one:
                    raise RuntimeError(f"the browser refused {method}: {one['error']}")
                answer = one["result"]
            if answer is not None and seen:
                return answer
        raise AssertionError("unreachable: the messages end with an exception")

    def print(self, page: Path, scale: float) -> bytes:
        self._call("Page.navigate", {"url": page.as_uri()}, self._session, until="Page.loadEventFired")
        options = {"scale": scale, "preferCSSPageSize": True, "printBackground": True}
        return base64.b64decode(self._call("Page.printToPDF", options, self._session)["data"])


def print_all(program: str, pages: Iterable[tuple[Path, float, Path]]) -> None:
    """Print each page with its scale into its PDF file, all with one browser."""
    with Browser(program) as browser:
        for page, scale, out in pages:
            out.write_bytes(browser.print(page, scale))
