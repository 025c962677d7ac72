"""Rounds that are killed at any moment lose nothing that was there, and come to the same end as one nobody disturbed."""

from __future__ import annotations

import io
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji.cli import main
from gouji.round import state
from parsers.files import whole
from tests.conftest import ROOT

from .county import EDUCATION, JUSTICE, county, draft

_COMMAND = [sys.executable, "-m", "gouji", "round", "check"]


def _begun(base: Path) -> Path:
    """A round checked once, whose workbook a person has worked in, and to which corrections have come."""
    drafts = county(base)
    main(["round", "check", str(drafts)])
    path = drafts / state.OUTPUTS / "第1次" / "核对报告.xlsx"
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["A1"] = "我改过"
    book.save(path)
    (drafts / f"{EDUCATION}.docx").write_bytes(draft(EDUCATION))
    (drafts / "司法局修改稿.docx").write_bytes(draft(JUSTICE, "off_by_one"))
    return drafts


def _persons(folder: Path) -> dict[str, bytes]:
    """All that must be as it was: drafts, and the first check's outputs."""
    files = [p for p in folder.rglob("*") if p.is_file() and p.suffix != whole.ENDING]
    kept = {p.relative_to(folder).as_posix(): p for p in files}
    return {n: p.read_bytes() for n, p in kept.items() if not n.startswith((state.FILE, f"{state.OUTPUTS}/第2次"))}


def _whole(path: Path) -> bool:
    """Whether a file was written to its end."""
    data = path.read_bytes()
    if path.suffix in (".docx", ".xlsx"):
        return zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    return b"gouji:" in data[-200:] or path.suffix == ".json"


def _known(folder: Path) -> list[dict[str, Any]]:
    found = state.load(folder, "zh")
    assert found is not None
    return found.offices


def campaign(base: Path, kills: int) -> None:
    """Kill a check so many times, each at a random moment of what an undisturbed one takes, and end it each time."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chosen = random.Random(seed)
    begun = _begun(base / "begun")
    before = _persons(begun)
    undisturbed = base / "undisturbed" / begun.name
    shutil.copytree(begun, undisturbed)
    start = time.monotonic()
    subprocess.run([*_COMMAND, str(undisturbed)], cwd=ROOT, check=False, capture_output=True)
    duration = time.monotonic() - start
    struck = 0
    for n in range(kills):
        folder = base / str(n) / begun.name
        shutil.copytree(begun, folder)
        started = subprocess.Popen(
            [*_COMMAND, str(folder)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chosen.uniform(0.3, 1.0) * duration)
        started.send_signal(signal.SIGKILL)
        started.wait()
        struck += (folder / state.OUTPUTS / "第2次").exists()
        assert _persons(folder) == before
        assert _known(folder) in (_known(begun), _known(undisturbed))
        written = [p for p in (folder / state.OUTPUTS / "第2次").rglob("*") if p.is_file() and p.suffix != whole.ENDING]
        assert all(_whole(p) for p in written)
        main(["round", "check", str(folder)])
        assert _persons(folder) == before and _known(folder) == _known(undisturbed)
        names = [{p.relative_to(f).as_posix() for p in f.rglob("*") if p.is_file()} for f in (folder, undisturbed)]
        assert names[0] == names[1], ("nothing half is left, and nothing is there twice", names[0] ^ names[1])
        shutil.rmtree(folder.parent)
    print(f"{kills} kills, {struck} while outputs were written; undisturbed {duration:.1f} s")


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_killed_at_any_moment(tmp_path: Path) -> None:
    campaign(tmp_path, 2)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        campaign(Path(name), int(sys.argv[1]) if len(sys.argv) > 1 else 50)
