"""How exactly generated documents are read: `python -m benchmarks.accuracy --seed N --count 3000`.

Belongs here: extraction against truth over all layouts, by class of layout, the goals, the worst seeds.
Does not belong here: speed (`reading`), broken documents (`soak`).

Exit status 1 if a wrong figure is flagged by nothing; 0 otherwise, also where another goal is missed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from data.generator import FORMATS, Format, Layout, Truth
from data.generator.compose import Text, compose
from parsers.isolation.supervisor import Limits, each

from . import oracle
from .corpus import PRINTED, Corpus, Sample
from .engines import watched
from .judging import Judgement, Tally, judge

DEFAULT_FORMATS: tuple[Format, ...] = ("docx", "html", "pdf-libreoffice", "pdf-chromium")
# A document takes well below a second; a loaded machine takes its time.
LIMITS = Limits(seconds=120.0)
_SHOWN = 12


@dataclass(slots=True)
class Read:
    """One document read and judged; what a child hands back."""

    seed: int
    format: Format
    look: str
    clean: bool
    second: bool
    judgement: Judgement = field(default_factory=Judgement)
    # Cells that the program that printed the document left out: they are on no page, and no reader can find them.
    unprinted: int = 0


def look(sample: Sample) -> str:
    """The class of layout that a document is counted under."""
    _, layout = sample.drawn()
    if layout.format.startswith("pdf"):
        return f"{layout.format} {layout.rules}" + (f" {layout.scan}" if layout.scan else "")
    if layout.format == "html":
        return f"html {layout.html_style}"
    return f"txt {layout.text_style}" if layout.format == "txt" else layout.format


def read(path: Path) -> Read:
    """Read a file of the corpus and judge it. Runs in a child process."""
    from parsers import extract

    sample = Sample.of(path)
    truth, layout = sample.drawn()
    with watched() as engines:
        extraction = extract(path)
    expected = truth.expected(layout)
    one = Read(
        sample.seed,
        sample.format,
        look(sample),
        not truth.errors,
        engines.second_ran,
        judge(extraction, truth, expected),
    )
    tally = one.judgement.tally
    if sample.format in PRINTED and tally.missing and not oracle.prints_all(path.read_bytes(), _texts(truth, layout)):
        one.unprinted = tally.missing
        tally.cells -= tally.missing
        tally.missing = 0
        # Nor can anyone tell the form of a report by the table that is not there.
        one.judgement.identity.clear()
    return one


def _texts(truth: Truth, layout: Layout) -> list[str]:
    """Every text that should be on the pages."""
    texts: list[str] = []
    for block in compose(truth, layout).blocks:
        texts += [block.text] if isinstance(block, Text) else [cell.text for row in block.rows for cell in row]
    return texts


@dataclass(slots=True)
class Group:
    """All documents of one class."""

    documents: int = 0
    tally: Tally = field(default_factory=Tally)
    clean: int = 0
    second_on_clean: int = 0
    failed: list[str] = field(default_factory=list)
    misread: int = 0
    unprinted: int = 0

    def add(self, one: Read) -> None:
        self.documents += 1
        self.tally.add(one.judgement.tally)
        self.clean += one.clean
        self.second_on_clean += one.clean and one.second
        self.misread += bool(one.judgement.identity)
        self.unprinted += one.unprinted

    def merge(self, other: Group) -> None:
        self.documents += other.documents
        self.tally.add(other.tally)
        self.clean += other.clean
        self.second_on_clean += other.second_on_clean
        self.failed += other.failed
        self.misread += other.misread
        self.unprinted += other.unprinted


@dataclass(slots=True)
class Outcome:
    """A whole campaign."""

    groups: dict[str, Group] = field(default_factory=dict)
    reads: list[Read] = field(default_factory=list)

    @property
    def total(self) -> Group:
        out = Group()
        for group in self.groups.values():
            out.merge(group)
        return out


def campaign(samples: Iterable[Sample], workers: int) -> Outcome:
    """Read and judge all samples in child processes; those that cannot be read count as missing."""
    out = Outcome()
    todo = list(samples)
    for sample, (outcome, result) in zip(todo, each(read, [s.path for s in todo], workers, LIMITS), strict=True):
        if outcome == "done":
            assert isinstance(result, Read)
            out.groups.setdefault(result.look, Group()).add(result)
            out.reads.append(result)
        else:
            out.groups.setdefault(look(sample), Group()).failed.append(f"{sample.path.name}: {outcome} {result}")
    return out


def goal(name: str, tally: Tally) -> list[str]:
    """What a class misses of what is asked of it."""
    missed = []
    cells = max(tally.cells, 1)
    if tally.silent:
        missed.append(f"{tally.silent} silent")
    if name.startswith("pdf"):
        least = 99.9 if name.endswith(" full") else 99.0
        if 100 * tally.right / cells < least:
            missed.append(f"right < {least} %")
    elif not name.startswith(("txt", "md")):
        if tally.flagged:
            missed.append("wrong values")
        if 100 * (tally.unresolved + tally.missing) / cells > 0.5:
            missed.append("unresolved > 0.5 %")
    return missed


def _row(name: str, group: Group) -> str:
    t = group.tally
    cells = max(t.cells, 1)
    second = f"{100 * group.second_on_clean / group.clean:5.1f}" if group.clean and name.startswith("pdf") else "    -"
    return (
        f"{name:30}{group.documents:6}{t.cells:9}{100 * t.right / cells:9.3f}{t.silent:8}{t.flagged:9}"
        f"{100 * t.unresolved / cells:9.3f}{100 * t.missing / cells:9.3f}{second:>8}{group.misread:9}"
    )


def table(outcome: Outcome) -> list[str]:
    """The results as lines of text."""
    head = (
        f"{'layout':30}{'docs':>6}{'cells':>9}{'right %':>9}{'silent':>8}{'flagged':>9}{'unres. %':>9}{'missing %':>9}"
        f"{'2nd %':>8}{'identity':>9}"
    )
    lines = [head]
    for name in sorted(outcome.groups):
        group = outcome.groups[name]
        missed = goal(name, group.tally)
        lines.append(_row(name, group) + (f"  MISSED: {', '.join(missed)}" if missed else ""))
    lines.append(_row("all", outcome.total))
    if outcome.total.unprinted:
        lines.append(f"{outcome.total.unprinted} cells are on no page: the printing program left rows out; not counted")
    pdfs = Group()
    for name, group in outcome.groups.items():
        if name.startswith("pdf"):
            pdfs.merge(group)
    if pdfs.clean:
        share = 100 * pdfs.second_on_clean / pdfs.clean
        missed_share = "  MISSED: at most 5 %" if share > 5 else ""
        lines.append(f"second engine on {share:.1f} % of the PDFs without a planted error{missed_share}")
    return lines


def worst(outcome: Outcome, shown: int = _SHOWN) -> list[str]:
    """The documents with most to look at, and what it is."""

    def badness(one: Read) -> tuple[int, int, int]:
        t = one.judgement.tally
        return t.silent, t.flagged, t.unresolved + t.missing

    lines = [f"failed: {text}" for group in outcome.groups.values() for text in group.failed]
    bad = sorted((r for r in outcome.reads if any(badness(r))), key=badness, reverse=True)
    for one in bad[:shown]:
        t = one.judgement.tally
        lines.append(
            f"{one.format} {one.seed} ({one.look}): {t.silent} silent, {t.flagged} flagged, {t.unresolved} unresolved, "
            f"{t.missing} missing of {t.cells}"
        )
        lines += [f"    SILENT {text}" for text in one.judgement.silent[:4]]
        lines += [f"    {text}" for text in one.judgement.others[:2]]
    misread = [r for r in outcome.reads if r.judgement.identity]
    lines += [f"{r.format} {r.seed}: {'; '.join(r.judgement.identity)}" for r in misread[:shown]]
    return lines


def _show(sample: Sample) -> None:
    """Everything about one document."""
    truth, layout = sample.drawn()
    print(sample.path)
    print(layout)
    print(f"form {truth.form} {truth.variant or ''}, {truth.title}, planted {[e.kind for e in truth.errors]}")
    one = read(sample.path)
    print(f"{one.judgement.tally}, second engine {'ran' if one.second else 'did not run'}")
    for text in (*one.judgement.silent, *one.judgement.others, *one.judgement.identity):
        print(f"  {text}")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--seed", type=int, help="first seed; a fresh one is drawn and printed where none is given")
    parser.add_argument("--count", type=int, default=300, help="documents, over all formats in turn")
    parser.add_argument("--formats", default=",".join(DEFAULT_FORMATS), help=f"out of {','.join(FORMATS)}")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--work", type=Path, help="folder that keeps documents between runs (default: a temporary one)")
    parser.add_argument("--show", action="store_true", help="one document (--seed, one format) in all detail")
    options = parser.parse_args(argv)
    formats = options.formats.split(",")
    if unknown := set(formats) - set(FORMATS):
        parser.error(f"unknown formats: {', '.join(sorted(unknown))}")
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**9)
    with tempfile.TemporaryDirectory(prefix="gouji-accuracy-") as temporary:
        corpus = Corpus(options.work or Path(temporary))
        if options.show:
            _show(corpus.make([seed], formats[:1])[0])
            return 0
        per_format = -(-options.count // len(formats))
        print(f"seed {seed}, {per_format} documents in each of {', '.join(formats)}", flush=True)
        samples = corpus.make(range(seed, seed + per_format), formats)[: options.count]
        outcome = campaign(samples, options.workers)
    print("\n".join([*table(outcome), "", *worst(outcome)]))
    return 1 if outcome.total.tally.silent else 0


if __name__ == "__main__":
    sys.exit(main())
