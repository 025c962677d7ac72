"""Generated reports as PDFs, printed by the programs that offices use.

Belongs here: driving LibreOffice (Word file → PDF, many in one process) and Chromium (web page → PDF, one process for
all, spoken to over its debugging pipe; needs no further package). Does not belong here: what is printed.

Both programs write the time into the file: their PDFs are repeatable in content, not byte for byte.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from data.generator.docx import render_docx
from data.generator.drawn import render_drawn_pdf
from data.generator.html import render_print_html
from data.generator.layout import Layout
from data.generator.truth import Truth

Item = tuple[str, Truth, Layout]
# A batch that LibreOffice converts in one go: long enough to forget its start, short enough to lose little in a crash.
_BATCH = 40

_CHROMIUM_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
)


def libreoffice() -> str | None:
    """Path of LibreOffice, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def chromium() -> str | None:
    """Path of Chromium or Chrome, or None."""
    return next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)


def print_with_libreoffice(items: Iterable[Item], workdir: Path) -> dict[str, Path]:
    """PDFs of the items' Word files, by name. Raises RuntimeError where LibreOffice leaves one out."""
    program = libreoffice()
    if program is None:
        raise RuntimeError("LibreOffice (soffice) is not installed")
    made: dict[str, Path] = {}
    for batch in _batches(items):
        sources = []
        for name, truth, layout in batch:
            source = workdir / f"{name}.docx"
            source.write_bytes(render_docx(truth, layout))
            sources.append(source)
        command = [program, f"-env:UserInstallation={(workdir / 'profile').resolve().as_uri()}", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(workdir), *map(str, sources)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30 + 15 * len(sources), check=False)
        for source in sources:
            source.unlink()
            pdf = source.with_suffix(".pdf")
            if not pdf.is_file():
                raise RuntimeError(f"LibreOffice made no PDF of {source.name}: {done.stderr.strip()[:500]}")
            made[source.stem] = pdf
    return made


def _batches(items: Iterable[Item]) -> Iterable[tuple[Item, ...]]:
    rest = iter(items)
    while batch := tuple(itertools.islice(rest, _BATCH)):
        yield batch


class Chromium:
    """One running Chromium that prints pages. A context manager; POSIX only (it is spoken to over two pipes)."""

    def __init__(self, workdir: Path) -> None:
        program = chromium()
        if program is None:
            raise RuntimeError("Chromium is not installed")
        to_child, self._write = os.pipe()
        self._read, from_child = os.pipe()
        # Chromium reads commands from descriptor 3 and answers on 4.
        spare = (os.dup(to_child), os.dup(from_child))

        def place_pipes() -> None:
            high = (os.dup(spare[0]), os.dup(spare[1]))
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        command = [program, *_CHROMIUM_OPTIONS, "--remote-debugging-pipe", f"--user-data-dir={workdir / 'chromium'}"]
        self._process = subprocess.Popen(
            command,
            preexec_fn=place_pipes,  # noqa: PLW1509 - no thread runs yet, and descriptors 3 and 4 are fixed
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for fd in (to_child, from_child, *spare):
            os.close(fd)
        self._buffer = b""
        self._ids = itertools.count(1)
        self._session: str | None = None
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._call("Page.enable")

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            chunk = os.read(self._read, 1 << 20)
            if not chunk:
                raise RuntimeError("Chromium ended before it answered")
            self._buffer += chunk
        message, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(message))

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._ids)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"Chromium refused {method}: {answer['error']}")
                return dict(answer["result"])

    def pdf(self, page: Path) -> bytes:
        """A web page of this computer, printed."""
        self._call("Page.navigate", url=page.resolve().as_uri())
        while self._receive().get("method") != "Page.loadEventFired":
            pass
        printed = self._call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(printed["data"])

    def __enter__(self) -> Chromium:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._write)
        os.close(self._read)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def print_with_chromium(items: Iterable[Item], workdir: Path) -> dict[str, Path]:
    """PDFs of the items' print pages, by name."""
    made: dict[str, Path] = {}
    with Chromium(workdir) as browser:
        for name, truth, layout in items:
            page = workdir / f"{name}.print.html"
            page.write_text(render_print_html(truth, layout), encoding="utf-8")
            made[name] = page.with_name(f"{name}.pdf")
            made[name].write_bytes(browser.pdf(page))
            page.unlink()
    return made


def render_pdfs(items: Iterable[Item], workdir: Path) -> dict[str, Path]:
    """A PDF for each item whose layout asks for one, by name, in ``workdir``. Names must differ.

    Raises RuntimeError where the program that a layout's format names is missing or fails.
    """
    wanted = list(items)
    workdir.mkdir(parents=True, exist_ok=True)
    made: dict[str, Path] = {}
    by_format = {f: [i for i in wanted if i[2].format == f] for f in ("pdf-libreoffice", "pdf-chromium")}
    if by_format["pdf-libreoffice"]:
        made.update(print_with_libreoffice(by_format["pdf-libreoffice"], workdir))
    if by_format["pdf-chromium"]:
        made.update(print_with_chromium(by_format["pdf-chromium"], workdir))
    for name, truth, layout in wanted:
        if layout.format == "pdf-drawn":
            made[name] = workdir / f"{name}.pdf"
            made[name].write_bytes(render_drawn_pdf(truth, layout))
    return made
