"""What a measurement gives, and the page that is written of it.

Belongs here: tables, goals, the machine and the versions, Markdown. Does not belong here: measuring.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

LIBRARIES = (
    "gouji", "lxml", "pypdfium2", "pdfplumber", "pdfminer.six", "python-docx", "opencc", "duckdb", "pyarrow", "pandas",
    "pandera", "prefect",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Goal:
    """What is asked for, what was measured, and whether that is enough."""

    what: str
    wanted: str
    measured: str
    met: bool


@dataclass(slots=True)
class Part:
    """One section of the page."""

    title: str
    notes: list[str] = field(default_factory=list)
    head: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


def number(value: float, places: int = 1) -> str:
    """A figure as the page prints it."""
    return f"{value:,.{places}f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table; columns after the first hold figures."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return [f"| {' | '.join(line)} |" for line in (head, rule, *rows)]


def cpu_model() -> str:
    """The processor by its name, where the system tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def memory_gb() -> float:
    """Gigabytes of memory; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0.0
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "not installed"


def machine() -> list[str]:
    """Where and with what this was measured."""
    load = f", load {os.getloadavg()[0]:.1f} at the start" if sys.platform != "win32" else ""
    return [
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {os.cpu_count()} cores ({cpu_model()}), "
        f"{memory_gb():.0f} GB of memory{load}; {platform.system()}, Python {platform.python_version()}.",
        "",
        ", ".join(f"{name} {_version(name)}" for name in LIBRARIES) + ".",
    ]


_UNSEEN = "<!-- The second generator: `python -m benchmarks.wild --out benchmarks/unseen.md`, then `make bench`. -->"


def page(parts: Sequence[Part], where: Sequence[str], seconds: float) -> str:
    """The whole page."""
    lines = ["# Benchmarks", "", "Written by `make bench`; do not edit.", "", *where, ""]
    goals = [g for part in parts for g in part.goals]
    if goals:
        rows = [(g.what, g.wanted, g.measured, "yes" if g.met else "**no**") for g in goals]
        lines += ["## Goals", "", *_table(("goal", "wanted", "measured", "met"), rows), ""]
    for part in parts:
        lines += [f"## {part.title}", ""]
        for note in part.notes:
            lines += [note, ""]
        if part.rows:
            lines += [*_table(part.head, part.rows), ""]
    lines.append(f"The whole run took {seconds / 60:.0f} minutes.")
    return "\n".join(lines) + "\n"


def with_unseen(page: str, unseen: str) -> str:
    """The page with how documents of the second generator were read, in place of what it said of that before."""
    own = page.partition(_UNSEEN)[0].rstrip("\n")
    # Its headings are of a page of their own.
    return (
        f"{own}\n\n{_UNSEEN}\n\n"
        + "\n".join(f"#{line}" if line.startswith("#") else line for line in unseen.splitlines())
        + "\n"
    )
