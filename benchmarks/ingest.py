"""Ingest of a large folder: seconds by stage on one and on two processes, memory of all processes.

Belongs here: the folder, running `flows.run.ingest` in a fresh process and watching it from outside.
Does not belong here: how an ingest works (`flows`), CPU of single readers (`reading`).

Run as `python -m benchmarks.ingest FOLDER HOME PROCESSES` it is that fresh process: it ingests and prints its summary.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from data.generator import Format, random_layout, render, render_pdfs, suffix

from .authorities import truth
from .corpus import PRINTED, ROOT, fingerprint
from .results import Goal, Part, number

FULL, QUICK = 10_000, 30
# So many different PDFs; the rest are copies of them with a comment of their own behind the end.
_PDFS_FULL, _PDFS_QUICK = 300, 4
_EVERY = 0.5


# -- the folder ----------------------------------------------------------------------------------------------------


def _make(job: tuple[str, Format, Sequence[int]]) -> int:
    """Write the reports of these numbers; runs in a child process."""
    folder, format, numbers = job
    items = [(f"{n:05d}", truth(n), random_layout(n, format)) for n in numbers]
    target = Path(folder) / format
    target.mkdir(parents=True, exist_ok=True)
    if format in PRINTED:
        render_pdfs(items, target)
        for leftover in target.iterdir():
            if leftover.suffix != ".pdf":
                shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    else:
        for name, report, layout in items:
            (target / f"{name}{suffix(layout)}").write_bytes(render(report, layout))
    return len(items)


def folder(work: Path, count: int, pdfs: int, told: Callable[[str], None]) -> Path:
    """A folder of ``count`` reports, a third of each kind, made once."""
    target = work / f"ingest-{count}-{pdfs}-{fingerprint()}"
    # Beside the folder: in it, it would be read.
    complete = target.with_suffix(".complete")
    if complete.exists():
        return target
    shutil.rmtree(target, ignore_errors=True)
    told(f"ingest: making {count} reports in {target}")
    third = count // 3
    numbers: dict[Format, range] = {
        "docx": range(third),
        "html": range(third, 2 * third),
        "pdf-libreoffice": range(2 * third, 2 * third + pdfs // 2),
        "pdf-chromium": range(2 * third + pdfs // 2, 2 * third + pdfs),
    }
    jobs = [(os.fspath(target), f, n[i : i + 200]) for f, n in numbers.items() for i in range(0, len(n), 200)]
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        list(pool.map(_make, jobs))
    printed = sorted(p for f in PRINTED for p in (target / f).iterdir())
    for i in range(count - 2 * third - len(printed)):
        original = printed[i % len(printed)]
        copy = original.with_stem(f"{original.stem}-{i // len(printed)}")
        copy.write_bytes(original.read_bytes() + b"\n%% copy %d\n" % i)
    complete.touch()
    return target


# -- the process under observation ---------------------------------------------------------------------------------


class _Stages:
    """Progress as lines on standard error: which stage began when."""

    def stage(self, name: str, total: int | None) -> None:
        print(json.dumps({"stage": name, "at": time.time()}), file=sys.stderr, flush=True)

    def advance(self) -> None:
        pass

    def found(self, reports: int) -> None:
        pass


def main(argv: Sequence[str]) -> int:
    from flows.run import ingest

    source, home, processes = argv
    summary = ingest([source], home_dir=home, progress=_Stages(), workers=int(processes))
    print(json.dumps(asdict(summary), default=str))
    return 0


def _descendants(root: int) -> list[int]:
    """A process and all below it (Linux)."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # The name in parentheses may hold anything; the parent is the second field behind it.
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _pss(pid: int) -> int:
    """Bytes of memory of a process, shared pages by their share."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return 0


@dataclass(slots=True)
class Watched:
    """One ingest: its summary, when its stages began, and the memory of all its processes over time."""

    summary: dict[str, Any]
    stages: list[tuple[str, float]] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)

    def peak(self, stage: str | None = None, half: int | None = None) -> float:
        """Megabytes at most, over the whole run or a stage or its first (0) or second (1) half."""
        start, end = float("-inf"), float("inf")
        if stage is not None:
            i = next(i for i, (name, _) in enumerate(self.stages) if name == stage)
            start = self.stages[i][1]
            end = self.stages[i + 1][1] if i + 1 < len(self.stages) else end
            if half is not None:
                middle = (start + end) / 2
                start, end = (start, middle) if half == 0 else (middle, end)
        return max((size for at, size in self.memory if start <= at < end), default=0) / 1e6


def watch(source: Path, home: Path, processes: int, *, anew: bool = True) -> Watched:
    """Ingest a folder in a fresh process, into a fresh home if ``anew``. Raises RuntimeError if it fails."""
    if anew:
        shutil.rmtree(home, ignore_errors=True)
    command = [sys.executable, "-m", "benchmarks.ingest", os.fspath(source), os.fspath(home), str(processes)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        out = Watched({})
        errors: list[str] = []

        def listen() -> None:
            assert process.stderr is not None
            for line in process.stderr:
                if line.startswith('{"stage"'):
                    message = json.loads(line)
                    out.stages.append((message["stage"], message["at"]))
                else:
                    errors.append(line)

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        while process.poll() is None:
            out.memory.append((time.time(), sum(map(_pss, _descendants(process.pid)))))
            time.sleep(_EVERY)
        listener.join(10)
        assert process.stdout is not None
        printed = process.stdout.read()
    if process.returncode != 0:
        raise RuntimeError(f"ingest failed with status {process.returncode}: {''.join(errors)[-2000:]}")
    out.summary = json.loads(printed)
    return out


# -- the measurement -----------------------------------------------------------------------------------------------


def _rest(watched: Watched) -> float:
    """Seconds of everything but parsing."""
    seconds = watched.summary["seconds"]
    return float(seconds["total"] - seconds["parse"])


def run(work: Path, *, quick: bool, told: Callable[[str], None], count: int | None = None) -> Part:
    """The same folder on two processes and on one, and a tenth of it for the growth of memory."""
    count = count or (QUICK if quick else FULL)
    pdfs = _PDFS_QUICK if quick else min(_PDFS_FULL, count // 10)
    source = folder(work, count, pdfs, told)
    small = folder(work, max(count // 10, 6), max(pdfs // 10, 2), told)
    runs: dict[int, Watched] = {}
    for processes in (2, 1):
        told(f"ingest: {count} reports on {processes} processes")
        runs[processes] = watch(source, work / "home", processes)
    told("ingest: a tenth of it")
    tenth = watch(small, work / "home", 2)
    shutil.rmtree(work / "home", ignore_errors=True)
    return _part(count, pdfs, runs, tenth)


def _part(count: int, pdfs: int, runs: dict[int, Watched], tenth: Watched) -> Part:
    one, two = runs[1], runs[2]
    stages = list(two.summary["seconds"])
    part = Part(
        f"Ingest of {count:,} reports: seconds by stage",
        [
            "A third each Word, HTML and PDF (half LibreOffice, half Chromium), random layouts, each of another county and "
            f"year. The PDFs are {pdfs} different ones and copies of them with a comment behind the end, so that every file "
            "has a content of its own. Fresh home and fresh process for each run; stages overlap where they can "
            "(`snapshot` with `prefect_start`), and `flow` holds those inside Prefect.",
            f"Two processes read {two.summary['reports']:,} reports, {two.summary['facts']:,} cells; "
            f"{two.summary['findings']:,} findings; {two.summary['set_aside']} files set aside.",
        ],
        ("stage", "2 processes", "1 process"),
        [(s, number(two.summary["seconds"][s]), number(one.summary["seconds"].get(s, 0.0))) for s in stages],
    )
    part.rows += [
        ("all but parsing", number(_rest(two)), number(_rest(one))),
        ("memory at most, MB (PSS of all processes)", number(two.peak(), 0), number(one.peak(), 0)),
        ("… first half of parsing", number(two.peak("parse", 0), 0), number(one.peak("parse", 0), 0)),
        ("… second half of parsing", number(two.peak("parse", 1), 0), number(one.peak("parse", 1), 0)),
        ("… at a tenth of the files", number(tenth.peak(), 0), ""),
    ]
    faster = one.summary["seconds"]["parse"] / two.summary["seconds"]["parse"]
    first, second = two.peak("parse", 0), two.peak("parse", 1)
    part.goals = [
        Goal("parsing on two processes ÷ on one", "at least 1.8 times faster", number(faster, 2), faster >= 1.8),
        Goal(f"all but parsing, {count:,} reports, seconds", "at most 40", number(_rest(two)), _rest(two) <= 40),
        Goal("memory of all processes, MB", "below 1,000", number(two.peak(), 0), two.peak() < 1000),
        Goal(
            "memory in the second half of parsing ÷ in the first",
            "not growing (at most 1.1)",
            number(second / max(first, 1), 2),
            0 < second <= 1.1 * first,
        ),
    ]
    return part


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
