"""Printing many Word files with one LibreOffice.

Belongs here: starting headless LibreOffice with a profile of its own; whether it printed all of a file: it leaves out
rows and tables that it cannot lay on its pages. Does not belong here: what is printed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pypdfium2

# So many characters that are on no page are a row of a table at the least; a font may lose a few.
_A_ROW = 12
_RUN = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")


def find() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def print_all(program: str, files: Sequence[tuple[Path, Path]]) -> None:
    """Print each file into its PDF, all in one call: starting takes longer than printing."""
    with tempfile.TemporaryDirectory(prefix="gouji-wild-") as place:
        profile, out = Path(place) / "profile", Path(place) / "out"
        call = [
            program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "pdf", "--outdir", str(out),
            *(str(source) for source, _ in files),
        ]  # fmt: skip
        run = subprocess.run(call, capture_output=True, check=False, timeout=120 + 20 * len(files))
        for source, target in files:
            printed = out / source.with_suffix(".pdf").name
            if not printed.exists():
                raise RuntimeError(f"LibreOffice did not print {source.name}: {run.stderr.decode()[-1000:]}")
            shutil.copyfile(printed, target)


def is_whole(source: Path, printed: Path) -> bool:
    """Whether all words of a Word file are on the pages that were printed from it."""
    with zipfile.ZipFile(source) as package:
        written = "".join(_RUN.findall(package.read("word/document.xml").decode()))
    document = pypdfium2.PdfDocument(printed)
    try:
        pages = "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return (_words(written) - _words(pages)).total() < _A_ROW


def _words(text: str) -> Counter[str]:
    return Counter(c for c in unicodedata.normalize("NFKC", text) if "\u4e00" <= c <= "\u9fff")
