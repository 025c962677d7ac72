"""The licences of everything in the folder, in one place where a person finds them.

Belongs here: finding them in wheels and in Python's own files. Does not belong here: judging them.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path, PurePosixPath

FOLDER = "许可证"
_NAMES = re.compile(r"(?:licen[cs]e|copying|notice|authors|copyright)", re.IGNORECASE)


def collect(target: Path, wheels: list[Path], root: Path) -> None:
    """Write the licence files of all parts below ``target``. Raises ValueError for a part that names none at all."""
    folder = target / FOLDER
    folder.mkdir()
    own = folder / "gouji"
    own.mkdir()
    shutil.copyfile(root / "LICENSE", own / "LICENSE")
    python = target / "python" / "LICENSE.txt"
    if python.is_file():
        (folder / "python").mkdir()
        shutil.copyfile(python, folder / "python" / "LICENSE.txt")
    lines = ["gouji\tApache-2.0", "python\tPSF-2.0"]
    for wheel in sorted(wheels):
        name, version = wheel.name.split("-")[:2]
        with zipfile.ZipFile(wheel) as archive:
            texts = {n: archive.read(n) for n in archive.namelist() if _is_licence(n)}
            metadata = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
            terms = _terms(archive.read(metadata).decode("utf-8"))
        if not texts and not terms:
            raise ValueError(f"{wheel.name} names no licence")
        for inner, content in sorted(texts.items()):
            path = folder / name / "__".join(PurePosixPath(inner).parts[1:] or (inner,))
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        lines.append(f"{name} {version}\t{terms or '见 ' + name + '/'}")
    (folder / "清单.txt").write_text("\n".join([*lines, ""]), "utf-8", newline="\r\n")


def _is_licence(name: str) -> bool:
    """Of the distribution's own, or of what is bundled in it."""
    path = PurePosixPath(name)
    is_text = path.suffix.lower() in ("", ".txt", ".md", ".rst", ".html") or ".dist-info/" in name
    return (
        is_text and (_NAMES.match(path.name) is not None or ".dist-info/licenses/" in name) and not name.endswith("/")
    )


def _terms(metadata: str) -> str:
    """The licence as the metadata names it, in one line."""
    head = metadata.partition("\n\n")[0]
    found = re.search(r"^License-Expression: (.+)$", head, re.MULTILINE)
    if found is not None:
        return found[1].strip()
    classified = re.findall(r"^Classifier: License :: (?:OSI Approved :: )?(.+)$", head, re.MULTILINE)
    if classified:
        return "; ".join(classified)
    found = re.search(r"^License: (.+)$", head, re.MULTILINE)
    return found[1].strip()[:100] if found is not None else ""
