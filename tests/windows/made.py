"""A Python and wheels of a few bytes, for tests of what is made of them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

RESOURCE = b"MZ..." + "FileVersion".encode("utf-16-le") + b"\0\0\0\0" + "3.11.9".encode("utf-16-le") + b"\0\0"


def embeddable(inside: str = "cp311/") -> bytes:
    """An archive as python.org's, in a folder or not."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {
            "python.exe": RESOURCE,
            "pythonw.exe": b"MZ",
            "python311.dll": b"MZ",
            "python311.zip": b"PK",
            "python311._pth": b"python311.zip\n.\n#import site\n",
            "LICENSE.txt": b"PSF",
        }.items():
            archive.writestr(zipfile.ZipInfo(inside + name), content)
    return out.getvalue()


def wheel(folder: Path, name: str, files: dict[str, str], metadata: str = "License-Expression: MIT\n") -> Path:
    """A wheel of version 1.0 with these files."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        # Without the time of day: the same wheel has the same bytes.
        archive.writestr(
            zipfile.ZipInfo(f"{name}-1.0.dist-info/METADATA"),
            f"Metadata-Version: 2.4\nName: {name}\n{metadata}\nlong text",
        )
        for inner, content in files.items():
            archive.writestr(zipfile.ZipInfo(inner), content)
    return path
