"""How long a clerk waits for a command on one Word file: fresh processes, wall time.

Belongs here: start-up. Does not belong here: reading many files (`ingest`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from .corpus import ROOT, Corpus
from .results import Goal, Part, number

SEED = 710_000
# Status 1 says that the report has errors, which is no failure here.
_FINE = (0, 1)


def _children() -> float:
    """CPU seconds of all children that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _fresh(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of one run in a new process."""
    before, start = _children(), time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    wall = time.perf_counter() - start
    if done.returncode not in _FINE:
        raise RuntimeError(f"{command}: status {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return wall, _children() - before


def run(corpus: Corpus, *, quick: bool, told: Callable[[str], None]) -> Part:
    """The median of ten fresh processes for each command and format."""
    times = 2 if quick else 10
    told(f"startup: {times} fresh processes each")
    docx, html, pdf = corpus.make([SEED], ["docx", "html", "pdf-drawn"])
    gouji = [sys.executable, "-m", "gouji"]
    commands: dict[str, list[str]] = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "gouji --version": [*gouji, "--version"],
        "gouji extract one.docx": [*gouji, "extract", str(docx.path)],
        "gouji check one.docx": [*gouji, "check", str(docx.path)],
        "gouji check one.html": [*gouji, "check", str(html.path)],
        "gouji check one.pdf": [*gouji, "check", str(pdf.path)],
    }
    part = Part(
        "Start-up: seconds of a fresh process",
        [f"Median of {times}, files and byte code already in the system's cache; the PDF is read in a child process."],
        ("command", "wall", "fastest", "CPU"),
    )
    walls: dict[str, float] = {}
    for name, command in commands.items():
        _fresh(command)
        taken = [_fresh(command) for _ in range(times)]
        walls[name] = median(wall for wall, _ in taken)
        fastest, cpu = min(wall for wall, _ in taken), median(cpu for _, cpu in taken)
        part.rows.append((f"`{name}`", number(walls[name], 2), number(fastest, 2), number(cpu, 2)))
    wall = walls["gouji check one.docx"]
    part.goals.append(Goal("`gouji check one.docx`, wall seconds", "below 0.4", number(wall, 2), wall < 0.4))
    return part
