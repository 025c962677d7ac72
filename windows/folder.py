"""The folder itself, put together from its parts.

Belongs here: what lies where, which Python modules are left out, compiling, the list of what is in it.
Does not belong here: where the parts come from (`parts`), their licences (`licences`), the zip and the installer
(`packing`).

Everything is made so that the same parts give the same bytes: names in order, no times, no paths of this machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import schemas

from . import licences, trial
from .parts import ROOT, Python

NAME = "勾稽核对"
ROOMS = ("schemas", "parsers", "checks", "flows", "gouji")
LIBRARIES = Path("python", "Lib", "site-packages")
_FILES = Path(__file__).parent / "files"
# Of pywin32 only what talks to another program is needed; the rest is a text editor, a server and their helps.
_LEFT_OUT = re.compile(
    r"pythonwin/|isapi/|adodbapi/|win32comext/|win32/(?!lib/|(?:win32api|win32event|_win32sysloader)\.pyd)|win32com/(?:demos|test|html)/|"
    r".*\.(?:chm|lib|pyi|pth|h|c|pyx|pxd)$",
    re.IGNORECASE,
)
SAMPLES = "示例"
SAMPLE = "沭阳县人民政府2025年政府信息公开工作年度报告.docx"


def make(target: Path, python: Python, wheels: list[Path], root: Path = ROOT) -> None:
    """Make the folder anew at ``target``; an older one there is taken away. Raises OSError, ValueError.

    Where wine is, the folder is run once.
    """
    shutil.rmtree(target, ignore_errors=True)
    add_libraries(target, python, wheels)
    add_program(target, python, root)
    licences.collect(target, wheels, root)
    trial.run(target, root / "data" / "samples")
    (target / "清单.json").write_text(_contents(target, python, wheels), "utf-8", newline="\n")


def add_libraries(target: Path, python: Python, wheels: list[Path]) -> None:
    """Python and the libraries, compiled."""
    home, library = target / "python", target / LIBRARIES
    library.mkdir(parents=True)
    for name, content in sorted(python.files.items()):
        if not name.endswith("._pth"):
            (home / name).write_bytes(content)
    # With this file Python looks nowhere else: not at the registry, the environment, or the folder that drafts lie in.
    paths = (
        f"python{python.tag}.zip",
        ".",
        *(f"Lib\\site-packages{inner}" for inner in ("", "\\win32", "\\win32\\lib")),
    )
    (home / f"python{python.tag}._pth").write_text("\n".join([*paths, ""]), "utf-8", newline="\r\n")
    for wheel in sorted(wheels):
        _unpack(wheel, library)
    _compile(library, python)


def add_program(target: Path, python: Python, root: Path = ROOT) -> None:
    """Our own packages, compiled, and what a person sees in the folder."""
    library = target / LIBRARIES
    for room in ROOMS:
        shutil.copytree(root / room, library / room, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    _copy_clerk(root / "windows", library / "windows")
    _compile(library, python, *ROOMS, "windows")
    for file in sorted(_FILES.iterdir()):
        if file.suffix == ".cmd":
            # The command interpreter wants its own line ends, and misreads anything but ASCII in some code page.
            (target / file.name).write_text(file.read_text("ascii"), "ascii", newline="\r\n")
        elif file.suffix in (".html", ".txt"):
            text = file.read_text("utf-8").replace("{version}", schemas.VERSION)
            (target / file.name).write_text(text, "utf-8", newline="\r\n")
    sample = root / "data" / "samples" / SAMPLE
    if sample.is_file():
        (target / SAMPLES).mkdir()
        shutil.copyfile(sample, target / SAMPLES / sample.name)


def _unpack(wheel: Path, library: Path) -> None:
    """A wheel's modules where Python finds them."""
    with zipfile.ZipFile(wheel) as archive:
        for info in archive.infolist():
            name = info.filename
            first, _, rest = name.partition("/")
            if first.endswith(".data"):
                kind, _, rest = rest.partition("/")
                if kind not in ("purelib", "platlib"):
                    continue  # scripts, headers
                name = rest
            if info.is_dir() or _LEFT_OUT.match(name):
                continue
            path = library / name
            if not path.resolve().is_relative_to(library.resolve()):
                raise ValueError(f"{wheel.name}: {name} would lie outside")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(info))


def _copy_clerk(source: Path, target: Path) -> None:
    """Of this room only what runs in the folder."""
    target.mkdir()
    shutil.copyfile(source / "__init__.py", target / "__init__.py")
    shutil.copytree(source / "clerk", target / "clerk", ignore=shutil.ignore_patterns("__pycache__"))


def _compile(library: Path, python: Python, *rooms: str) -> None:
    """Compiled modules beside the modules (of all packages, or some), if a Python of that version is here.

    Else the first start does it.

    They are not compared with their source at every start, and name no path of this machine.
    """
    program = sys.executable
    if f"{sys.version_info[0]}.{sys.version_info[1]}" != python.minor:
        found = shutil.which(f"python{python.minor}")
        if found is None:
            print(f"no Python {python.minor} here: modules are not compiled, the first start is slow", file=sys.stderr)
            return
        program = found
    # In one process of its own with a fixed seed: what was compiled before in a process shows in the bytes.
    command = [program, "-I", "-m", "compileall", "-qq", "--invalidation-mode", "unchecked-hash"]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    paths = [str(library / room) for room in rooms] or [str(library)]
    subprocess.run([*command, "-s", str(library), *paths], env=environment, check=False, stdout=subprocess.DEVNULL)


def _contents(target: Path, python: Python, wheels: list[Path]) -> str:
    """What the folder was made of, and a hash for each of its files."""
    files = {
        path.relative_to(target).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(target.rglob("*"))
        if path.is_file()
    }
    parts = {wheel.name: hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in sorted(wheels)}
    about = {"gouji": schemas.VERSION, "python": {"version": python.version, "sha256": python.sha256}, "wheels": parts}
    return json.dumps(about | {"files": files}, ensure_ascii=False, indent=1) + "\n"
