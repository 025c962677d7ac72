"""Long campaigns: `python -m benchmarks.soak` (`make soak`); a fresh seed is drawn and printed where none is given.

Belongs here: generated documents over fresh seeds, fuzzing, killed ingests; what counts as a finding; keeping it.
Does not belong here: how documents are damaged (`damage`) and judged (`judging`, `oracle`).

`generated`  documents with known truth, over all formats: a wrong figure that nothing flags is a finding.
`fuzz`       damaged real and generated documents, read in child processes. Findings: an exception that a reader lets
             through, a preserving mutation that changes what is read, a wrong figure that nothing flags and that the
             damage does not explain. A child that crashes, hangs or runs out of memory costs one file, is counted and kept.
`kill`       ingests killed at random moments: what is published is whole at any time, and the end is the same as without.

Exit status 1 if there is a finding; the documents lie in the folder that is printed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from data.generator import Format, TruthCell
from parsers.isolation.supervisor import Limits, each
from schemas import forms
from schemas.facts import Extraction

from . import accuracy, damage, ingest, oracle
from .corpus import ROOT, Corpus
from .judging import Wrong, wrong_facts
from .oracle import plain

CAMPAIGNS = ("generated", "fuzz", "kill")
GENERATED, FUZZED, KILLED = 3_000, 20_000, 20
LIMITS = Limits(seconds=60.0)
_BASES = 12
_GENERATED: dict[str, tuple[Format, ...]] = {
    "docx": ("docx",),
    "html": ("html",),
    "txt": ("txt", "md"),
    "pdf": ("pdf-drawn", "pdf-libreoffice", "pdf-chromium"),
}
_ENDINGS = {"docx": (".docx",), "html": (".html", ".htm"), "txt": (".txt", ".md"), "pdf": (".pdf",)}
# Mutants of large documents say no more and cost more.
_MOST_BYTES = 3_000_000


# -- fuzzing: the parent --------------------------------------------------------------------------------------------


def bases(work: Path, format: str, seed: int, printed: bool) -> Path:
    """A folder of whole documents to damage: real ones, and generated ones of this seed."""
    folder = work / f"bases-{seed}" / format
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shared = Path(os.environ.get("GOUJI_SHARED", ROOT.parent / "shared"))
    real = [
        p for place in (ROOT / "data/samples", shared / "reports", shared / "seeds") for p in sorted(place.glob("*"))
    ]
    usable = [p for p in real if p.suffix in _ENDINGS[format] and p.stat().st_size < _MOST_BYTES]
    for i, path in enumerate(p for p in usable if format != "docx" or zipfile.is_zipfile(p)):
        shutil.copyfile(path, folder / f"real-{i:02d}{path.suffix}")
    formats = [f for f in _GENERATED[format] if printed or f not in ("pdf-libreoffice", "pdf-chromium")]
    for sample in Corpus(work).make(range(seed, seed + _BASES // len(formats)), formats):
        shutil.copyfile(sample.path, folder / f"made-{sample.format}-{sample.seed}{sample.path.suffix}")
    return folder


@dataclass(slots=True)
class Fuzzed:
    """What became of one mutant; what a child hands back."""

    how: str = ""
    base: str = ""
    preserving: bool = False
    # `same`, `refused`, `different`: facts as those of the original, no report any more, other facts.
    outcome: str = ""
    findings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """A campaign's counts."""

    outcomes: Counter[str] = field(default_factory=Counter)
    findings: int = 0


def fuzz(
    format: str, seed: int, count: int, workers: int, work: Path, kept: Path, told: Callable[[str], None]
) -> Tally:
    """Damage and read ``count`` documents of a format."""
    printed = bool(format != "pdf" or (shutil.which("soffice") and shutil.which("chromium")))
    folder = bases(work, format, seed, printed)
    paths = [folder / f"{seed}-{i}" for i in range(count)]
    tally = Tally()
    start = time.monotonic()
    for i, (path, (outcome, result)) in enumerate(zip(paths, each(damaged, paths, workers, LIMITS), strict=True)):
        if outcome == "done":
            assert isinstance(result, Fuzzed)
            tally.outcomes[result.outcome] += 1
            found = result.findings
        else:
            tally.outcomes[outcome] += 1
            # What a reader lets through is its fault; a crash or hang of native code is what the child is for.
            found = [f"{outcome}: {result}"] if outcome in ("failed", "os", "start") else []
            if not found:
                _keep(path, kept / "survived", [f"{outcome}: {result}"])
        if found:
            tally.findings += 1
            told(f"FINDING {format} {path.name}: {'; '.join(found)[:600]}")
            _keep(path, kept, found)
        if (i + 1) % 1000 == 0:
            told(f"fuzz {format}: {i + 1} of {count}, {(time.monotonic() - start) / (i + 1) * 1000:.0f} ms each")
    return tally


def _keep(path: Path, kept: Path, words: Iterable[str]) -> None:
    """Write a mutant, its original and what is wrong into the folder of findings."""
    base, mutant = mutant_of(path)
    kept.mkdir(parents=True, exist_ok=True)
    stem = f"{path.parent.name}-{path.name}"
    (kept / f"{stem}{base.suffix}").write_bytes(mutant.data)
    (kept / f"{stem}-original{base.suffix}").write_bytes(base.read_bytes())
    (kept / f"{stem}.log").write_text("\n".join([mutant.how, *words]) + "\n", encoding="utf-8")


# -- fuzzing: the child ---------------------------------------------------------------------------------------------


@cache
def _originals(folder: Path) -> list[tuple[Path, bytes]]:
    return [(p, p.read_bytes()) for p in sorted(folder.iterdir()) if p.suffix]


def mutant_of(path: Path) -> tuple[Path, damage.Mutant]:
    """The mutant that a path ``<bases>/<format>/<seed>-<number>`` stands for, and the document it was made of."""
    rng = random.Random(f"{path.parent.name}/{path.name}")
    originals = _originals(path.parent)
    base, data = rng.choice(originals)
    return base, damage.FORMATS[path.parent.name](rng, data, [d for _, d in originals])


@cache
def _original(base: Path) -> tuple[dict[str, TruthCell], int]:
    """What is read from a whole document: its facts, and how many reports."""
    from parsers import extract

    extraction = extract(base)
    if len(extraction.reports) != 1:
        return {}, len(extraction.reports)
    report = extraction.reports[0]
    facts = {f.address: TruthCell(f.printed, f.kind, f.value, f.unit) for f in report.facts}
    return facts, 1


def damaged(path: Path) -> Fuzzed:
    """Read one mutant and compare it with its original."""
    from parsers import extract

    base, mutant = mutant_of(path)
    expected, reports = _original(base)
    # As if it had the original's name, which is evidence too.
    extraction = extract(base, mutant.data)
    out = Fuzzed(mutant.how, base.name, mutant.preserving)
    extraction.to_json()
    if reports != 1:
        out.outcome = f"{len(extraction.reports)} of {reports} reports"
        return out
    wrong = wrong_facts(extraction, expected)
    read = {f.address for r in extraction.reports for f in r.facts}
    # What a second engine would have to confirm stays open where that engine cannot open the damaged file.
    unconfirmed = {u.address for r in extraction.reports for u in r.unresolved if u.reason == "unconfirmed"}
    missing = expected.keys() - read - unconfirmed
    if not extraction.reports:
        out.outcome = "refused" if extraction.problems or extraction.circulars else "nothing"
    else:
        out.outcome = "different" if wrong or missing else "same"
    if not extraction.reports and not extraction.problems and not extraction.circulars:
        out.findings.append(f"{mutant.how}: neither a report nor a problem")
    if mutant.preserving and (wrong or missing) and not _refused_pdf(extraction, path):
        words = [w.words() for w in wrong] + [f"missing {a}" for a in sorted(missing)]
        out.findings.append(
            f"{mutant.how} changes nothing that is shown, yet: {'; '.join(words[:3])} ({len(words)} in all)"
        )
    elif not mutant.preserving:
        silent = [w for w in wrong if not w.flagged and w.fact.kind == "number" and not _same_again(w, expected)]
        unexplained = _unexplained(silent, mutant.data, base) if silent else []
        out.findings += [f"{mutant.how}: {w.words()}" for w in unexplained]
    return out


def _refused_pdf(extraction: Extraction, path: Path) -> bool:
    """Bytes before and in a PDF move its objects: a reader may refuse such a file, but not read something else."""
    return path.parent.name == "pdf" and bool(extraction.problems) and not extraction.reports


def _same_again(wrong: Wrong, expected: dict[str, TruthCell]) -> bool:
    """A figure read a second time, as it was printed the first time."""
    cell = expected.get(wrong.fact.address)
    return wrong.cell is None and cell is not None and cell.value == wrong.fact.value


def _labels(wrong: Wrong) -> list[str]:
    """The labels by which a figure's row was recognised; an empty one where they stand in a head, not beside figures.

    One that is nothing like the form's own proves nothing and is left out.
    """
    table, row, _ = wrong.fact.address.split(".")
    official = plain(forms.load(wrong.report.form).tables[table].row[row].label)
    figures = {(f.place.table, f.place.row, f.place.column, f.place.line) for f in wrong.report.facts}
    out = []
    for layout in wrong.report.layouts:
        for label in layout.rows:
            if (layout.table, label.code) == (table, row):
                like = SequenceMatcher(None, plain(label.printed), official).ratio() > 0.5
                place = label.place
                # A label from a head is said to stand where its first figure does.
                in_head = (place.table, place.row, place.column, place.line) in figures
                # A head that is gone claims nothing that is not printed.
                if label.how in ("official", "alias") or like or (in_head and not label.printed):
                    beside = (place.row, place.line) == (wrong.fact.place.row, wrong.fact.place.line)
                    out.append(label.printed if beside and not in_head else "")
    return out


def _unexplained(silent: list[Wrong], data: bytes, base: Path) -> list[Wrong]:
    """Those wrong figures that the damaged document does not print where they were read."""
    format = base.parent.name
    if format == "pdf":
        # If any page looks or reads otherwise than before, the damage has changed what is printed.
        return silent if oracle.pages(data) == oracle.pages(base.read_bytes()) else []
    out = []
    for wrong in silent:
        if wrong.fact.method == "solved":
            # Figures run together: no second reading can part them, but it sees whether they are the same.
            if oracle.digits(data, format) == oracle.digits(base.read_bytes(), format):
                out.append(wrong)
            continue
        if not any(oracle.prints(data, format, wrong.fact.printed, label) for label in _labels(wrong)):
            out.append(wrong)
    return out


# -- kills ---------------------------------------------------------------------------------------------------------


def _content(database: Path) -> dict[str, str]:
    """Each table of a published database as a hash of its rows, without instants and numbers of loads."""
    import duckdb

    con = duckdb.connect(os.fspath(database), read_only=True)
    out = {}
    try:
        for (table,) in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall():
            if table in ("load", "meta"):
                continue
            columns = [r[0] for r in con.execute(f'DESCRIBE "{table}"').fetchall()]
            left = ", ".join(
                f'"{c}"'
                for c in columns
                if c not in ("retrieved_at", "first_load", "last_load", "versions", "revision")
            )
            rows = sorted(str(r) for r in con.execute(f'SELECT {left} FROM "{table}"').fetchall())
            out[str(table)] = f"{len(rows)} {hashlib.sha256(chr(10).join(rows).encode()).hexdigest()[:16]}"
    finally:
        con.close()
    return out


def _whole(database: Path) -> str | None:
    """What is wrong with a published database; None where it is whole or not there yet."""
    import duckdb

    if not database.exists():
        return None
    try:
        con = duckdb.connect(os.fspath(database), read_only=True)
    except duckdb.Error as error:
        return f"cannot be opened: {error}"
    try:
        loads, reports = con.execute("SELECT max(load_id), sum(reports) FROM load").fetchall()[0]
        (held,) = con.execute("SELECT count(*) FROM report").fetchall()[0]
        (orphans,) = con.execute("SELECT count(*) FROM fact ANTI JOIN report USING (report_key)").fetchall()[0]
        if held != reports or orphans:
            return f"{held} reports where its {loads} loads say {reports}; {orphans} facts without a report"
    except duckdb.Error as error:
        return f"cannot be read: {error}"
    finally:
        con.close()
    return None


def kill(seed: int, count: int, work: Path, told: Callable[[str], None], reports: int = 90) -> Tally:
    """Kill ingests of one folder at random moments, with all their processes or the first alone."""
    rng = random.Random(f"kill/{seed}")
    source = ingest.folder(work, reports, max(reports // 15, 2), told)
    clean = ingest.watch(source, work / "kill-clean", 2)
    wanted = _content(Path(clean.summary["database"]))
    lasts = clean.summary["seconds"]["total"]
    tally = Tally()
    home = work / "kill-home"
    shutil.rmtree(home, ignore_errors=True)
    database = home / Path(clean.summary["database"]).name
    for i in range(count):
        if rng.random() < 0.3:
            shutil.rmtree(home, ignore_errors=True)
        command = [sys.executable, "-m", "benchmarks.ingest", os.fspath(source), os.fspath(home), "2"]
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as process:
            time.sleep(rng.uniform(0.2, 1.1) * lasts)
            everything = rng.random() < 0.5
            if process.poll() is None:
                # Its own children must notice by themselves when it alone is gone.
                for pid in ingest._descendants(process.pid) if everything else [process.pid]:
                    _kill(pid)
                tally.outcomes["killed"] += 1
            else:
                tally.outcomes["ended before"] += 1
        wrong = _whole(database)
        if wrong:
            tally.findings += 1
            told(f"FINDING kill {i}: {wrong}")
    time.sleep(3)
    left = [p for p in _processes() if os.fspath(home) in p]
    if left:
        tally.findings += 1
        told(f"FINDING kill: processes are left: {left}")
    ingest.watch(source, home, 2, anew=False)
    got = _content(database)
    if got != wanted:
        tally.findings += 1
        told(
            f"FINDING kill: the database differs from that of an undisturbed run: {set(wanted.items()) ^ set(got.items())}"
        )
    for leftover in (home, work / "kill-clean"):
        shutil.rmtree(leftover, ignore_errors=True)
    return tally


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _processes() -> list[str]:
    """Command lines of all processes (Linux)."""
    out = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            out.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return out


# -- all campaigns ---------------------------------------------------------------------------------------------------


def _told(text: str) -> None:
    print(text, flush=True)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, help="a fresh one is drawn and printed where none is given")
    parser.add_argument("--only", action="append", choices=CAMPAIGNS)
    parser.add_argument("--count", type=int, help="documents (of each format when fuzzing) or kills")
    parser.add_argument("--formats", default=",".join(damage.FORMATS), help="formats to fuzz")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--work", type=Path, help="folder that keeps documents between runs (default: a temporary one)")
    parser.add_argument(
        "--keep", type=Path, help="folder for the documents of findings (default: in the temporary folder)"
    )
    options = parser.parse_args(argv)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**9)
    only = options.only or CAMPAIGNS
    kept = options.keep or Path(tempfile.gettempdir()) / f"gouji-soak-{seed}"
    print(f"seed {seed}", flush=True)
    findings = 0
    with tempfile.TemporaryDirectory(prefix="gouji-soak-") as temporary:
        work = options.work or Path(temporary)
        if "generated" in only:
            count = options.count or GENERATED
            formats = list(accuracy.DEFAULT_FORMATS)
            samples = Corpus(work).make(range(seed, seed + -(-count // len(formats))), formats)[:count]
            outcome = accuracy.campaign(samples, options.workers)
            print("\n".join([*accuracy.table(outcome), "", *accuracy.worst(outcome)]), flush=True)
            findings += outcome.total.tally.silent
        if "fuzz" in only:
            for format in options.formats.split(","):
                tally = fuzz(format, seed, options.count or FUZZED, options.workers, work, kept, _told)
                print(f"fuzz {format}: {dict(tally.outcomes.most_common())}, {tally.findings} findings", flush=True)
                findings += tally.findings
        if "kill" in only:
            tally = kill(seed, options.count or KILLED, work, _told)
            print(f"kill: {dict(tally.outcomes)}, {tally.findings} findings", flush=True)
            findings += tally.findings
    if kept.exists():
        print(f"documents are kept in {kept}")
    print(f"seed {seed}: {findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
