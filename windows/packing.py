"""The folder as one file to hand on: a zip, and an installer for one user.

Belongs here: archives whose bytes follow from the folder alone, the call of makensis. Does not belong here: what is in the
folder (`folder`), what the installer does (`files/installer.nsi`).
"""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import schemas

from .folder import NAME, SAMPLE, SAMPLES

_SCRIPT = Path(__file__).parent / "files" / "installer.nsi"
# The earliest that a zip can say.
_TIME = (1980, 1, 1, 0, 0, 0)
_SECONDS = 900


def pack(folder: Path, target: Path) -> Path:
    """Write the zip: same folder, same bytes. Names are marked as UTF-8, which Windows' own unpacker knows."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*"), key=lambda p: p.relative_to(folder).as_posix()):
            if path.is_file():
                info = zipfile.ZipInfo(f"{NAME}/{path.relative_to(folder).as_posix()}", _TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, path.read_bytes())
    return target


def installer(folder: Path, target: Path) -> Path | None:
    """Write the installer; None where makensis is not installed. Raises `subprocess.CalledProcessError` with its words."""
    program = shutil.which("makensis")
    if program is None:
        return None
    kilobytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 1024
    given = {"SOURCE": folder.resolve(), "OUTPUT": target.resolve(), "VERSION": schemas.VERSION, "SIZE": kilobytes}
    sample = folder / SAMPLES / SAMPLE
    given |= {"SAMPLES": SAMPLES, "SAMPLE": SAMPLE, "SAMPLE_SIZE": sample.stat().st_size if sample.is_file() else 0}
    defined = [f"-D{key}={value}" for key, value in given.items()]
    subprocess.run(
        [program, "-V2", "-INPUTCHARSET", "UTF8", *defined, str(_SCRIPT)],
        check=True,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
    )
    return target
