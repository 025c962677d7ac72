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
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import pypdfium2

from .docx import render_docx
from .drawn import render_drawn_pdf
from .html import render_print_html
from .layout import Layout
from .truth import Truth

Item = tuple[str, Truth, Layout]
# A batch that LibreOffice converts in one go: long enough to forget its start, short enough to lose little in a crash.
_BATCH = 40

# Points of more room before each table, tried in turn.
_MORE_ROOM = (17.0, 61.0, 140.0)
# Characters on one another: side of the squares in which neighbours are looked for, share of the smaller one's box, and
# how many pairs may be on a page.
_NEAR, _MUCH, _FEW = 6.0, 0.4, 5

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
    """PDFs of the items' Word files, by name. Raises RuntimeError where LibreOffice leaves one out.

    Where the program prints two tables over one another (one print in a thousand) the page no longer shows what the
    truth says: such a document is printed again with other room before its tables.
    """
    wanted = list(items)
    made = _printed(wanted, workdir)
    for more in _MORE_ROOM:
        spoilt = [item for item in wanted if is_overprinted(made[item[0]].read_bytes())]
        if not spoilt:
            break
        moved = [(name, truth, replace(lay, shift=tuple(s + more for s in lay.shift))) for name, truth, lay in spoilt]
        made |= _printed(moved, workdir)
    return made


def is_overprinted(data: bytes) -> bool:
    """Whether different characters lie on one another on any page of a PDF."""
    document = pypdfium2.PdfDocument(data)
    try:
        return any(_overlaps(page.get_textpage()) > _FEW for page in document)
    finally:
        document.close()


def _overlaps(text: pypdfium2.PdfTextPage) -> int:
    """How many pairs of different characters share much of their ink's boxes."""
    near: dict[tuple[int, int], list[tuple[float, float, float, float, str]]] = {}
    count = 0
    for i in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(i)
        if right - left < 1 or top - bottom < 1:
            continue
        char = text.get_text_range(i, 1)
        column, row = int((left + right) / 2 // _NEAR), int((bottom + top) / 2 // _NEAR)
        for x, y in itertools.product((column - 1, column, column + 1), (row - 1, row, row + 1)):
            for x0, y0, x1, y1, other in near.get((x, y), ()):
                width, height = min(right, x1) - max(left, x0), min(top, y1) - max(bottom, y0)
                smaller = min((right - left) * (top - bottom), (x1 - x0) * (y1 - y0))
                count += other != char and width > 0 and height > 0 and width * height > _MUCH * smaller
        near.setdefault((column, row), []).append((left, bottom, right, top, char))
    return count


def _printed(items: Iterable[Item], workdir: Path) -> dict[str, Path]:
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
