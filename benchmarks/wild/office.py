"""Printing many Word files with one LibreOffice.

Belongs here: starting headless LibreOffice with a profile of its own. Does not belong here: what is printed.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path


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
