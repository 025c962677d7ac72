"""Generated documents for measurements, kept between runs in a folder outside the checkout.

Belongs here: which report and layout a seed stands for, and printing those that are not there yet.
Does not belong here: how reports are made (`data.generator`) and what is measured on them.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data.generator import ERROR_KINDS, Format, Layout, Truth, make_truth, random_layout, render, render_pdfs, suffix

ROOT = Path(__file__).resolve().parents[1]
# Current forms twice as often as the older one and the variant.
FORMS: tuple[tuple[str, str | None], ...] = (("2021", None), ("2021", None), ("2019", None), ("2021", "single_other"))
ERROR_SHARE = 0.2
PRINTED: tuple[Format, ...] = ("pdf-libreoffice", "pdf-chromium")
# Documents rendered in one go by another program.
_BATCH = 40

Progress = Callable[[int], None]


def draw(seed: int, format: Format) -> tuple[Truth, Layout]:
    """The report and the layout that a seed stands for in a format."""
    rng = random.Random(f"corpus/{seed}/{format}")
    form, variant = rng.choice(FORMS)
    errors = (rng.choice(ERROR_KINDS),) if rng.random() < ERROR_SHARE else ()
    return make_truth(seed, form, variant, errors=errors), random_layout(seed, format)


@cache
def fingerprint() -> str:
    """Changes with the generator and the forms: what an older generator made is not taken for a newer one's."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for folder, pattern in (("data/generator", "*.py"), ("schemas/forms", "*.toml")):
        for path in sorted((ROOT / folder).glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Sample:
    """One generated document: its file, and the seed and format it was drawn from."""

    path: Path
    seed: int
    format: Format

    def drawn(self) -> tuple[Truth, Layout]:
        return draw(self.seed, self.format)

    @classmethod
    def of(cls, path: Path) -> Sample:
        """The sample that a file of a corpus is."""
        return cls(path, int(path.stem), path.parent.name)  # type: ignore[arg-type]


class Corpus:
    """Documents by format and seed below ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / f"corpus-{fingerprint()}"

    def sample(self, seed: int, format: Format) -> Sample:
        ending = ".pdf" if format.startswith("pdf") else f".{format}"
        return Sample(self.folder / format / f"{seed}{ending}", seed, format)

    def make(self, seeds: Iterable[int], formats: Sequence[Format], told: Progress = lambda n: None) -> list[Sample]:
        """Samples of every seed in every format, made where they are missing. ``told`` hears of every new document.

        Raises RuntimeError where a PDF is wanted and the program that prints it is missing.
        """
        samples = [self.sample(seed, format) for seed in seeds for format in formats]
        missing = [s for s in samples if not s.path.exists()]
        self._print([s for s in missing if s.format in PRINTED], told)
        for sample in missing:
            if sample.format not in PRINTED:
                _put(sample.path, render(*sample.drawn()))
                told(1)
        return samples

    def _print(self, samples: list[Sample], told: Progress) -> None:
        for start in range(0, len(samples), _BATCH):
            batch = samples[start : start + _BATCH]
            with tempfile.TemporaryDirectory(prefix="gouji-print-") as work:
                made = render_pdfs([(f"{s.format}-{s.seed}", *s.drawn()) for s in batch], Path(work))
                for sample in batch:
                    _put(sample.path, made[f"{sample.format}-{sample.seed}"].read_bytes())
                    told(1)


def _put(path: Path, data: bytes) -> None:
    """Whole or not at all: an interrupted run leaves no half document behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    working = path.with_suffix(".tmp")
    working.write_bytes(data)
    working.replace(path)


__all__ = ["FORMS", "PRINTED", "ROOT", "Corpus", "Sample", "draw", "fingerprint", "suffix"]
