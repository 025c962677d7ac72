"""The folder run once by wine, before it is packed: what every start needs is made then and not at the clerk's first one.

Belongs here: finding wine, a Windows of its own for the run, what is run. Does not belong here: testing (`tests/windows`).

What is kept is known by the very Python that made it (`schemas.kept`), so no other than the folder's own can make it.
Without wine nothing is lost but a moment at the first start.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

_PROGRAMS = ("/usr/lib/wine/wine64", "/usr/lib/wine/wine64-stable")
_SECONDS = 300


def wine() -> str | None:
    """The program, None where it is not installed."""
    return next((p for p in _PROGRAMS if Path(p).is_file()), shutil.which("wine64"))


def run(folder: Path, samples: Path) -> bool:
    """Let the folder check the samples, each kind of output once; whether it was run. Drafts are copies."""
    program = wine()
    if program is None:
        return False
    with tempfile.TemporaryDirectory(prefix="gouji-wine-", ignore_cleanup_errors=True) as place:
        drafts = Path(place, "drafts")
        shutil.copytree(samples, drafts)
        environment = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "USER")} | {
            "LC_ALL": "C.UTF-8",
            # Sets in one order, so that the same parts give the same bytes.
            "PYTHONHASHSEED": "0",
            "WINEPREFIX": str(Path(place, "windows")),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",
        }
        words = ["-X", "utf8", "-m", "gouji", "check", str(drafts), "--report", "x.html", "--annotate", "copies"]
        done = subprocess.run(
            [program, str(folder / "python" / "python.exe"), *words],
            cwd=place,
            env=environment,
            input=b"\n",
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode not in (0, 1, 2) or not Path(place, "x.html").is_file():
            said = done.stderr.decode("utf-8", "replace").strip()[-500:]
            raise ValueError(f"the folder does not run: {said or done.returncode}")
        return True
