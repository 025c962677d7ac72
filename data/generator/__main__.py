"""Write generated reports and their truth into a folder.

Example: python -m data.generator --seed 1 --count 30 --formats docx,html,pdf-libreoffice --out generated
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from dataclasses import asdict
from pathlib import Path

from schemas.forms import national, newest

from . import ERROR_KINDS, FORMATS, Layout, Truth, make_truth, random_layout, render, render_pdfs, suffix


def _forms() -> list[tuple[str, str | None]]:
    """The newest national form twice and in its variants, and the one before it."""
    new = newest()
    before = national(new.in_force[0] - 1)
    variants: list[str | None] = [v.id for v in new.variants]
    return [(new.id, None), (new.id, None), *([(before.id, None)] if before else []), *((new.id, v) for v in variants)]


def draw(seed: int, formats: list[str], error_share: float) -> tuple[Truth, Layout]:
    """The report and layout number ``seed``: forms and formats in turn, errors in ``error_share`` of them."""
    rng = random.Random(f"draw/{seed}")
    form, variant = rng.choice(_forms())
    errors = (rng.choice(ERROR_KINDS),) if rng.random() < error_share else ()
    layout = random_layout(seed, formats[seed % len(formats)])  # type: ignore[arg-type]
    return make_truth(seed, form, variant, errors=errors), layout


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m data.generator", description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, required=True, help="reports SEED, SEED+1, … are made")
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--formats", default="docx,html,pdf-drawn", help=f"out of {','.join(FORMATS)}")
    parser.add_argument("--errors", type=float, default=0.2, help="share of reports with a planted error")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    formats = options.formats.split(",")
    if unknown := set(formats) - set(FORMATS):
        parser.error(f"unknown formats: {', '.join(sorted(unknown))}")
    options.out.mkdir(parents=True, exist_ok=True)
    truths: dict[str, object] = {}
    printed = []
    for seed in range(options.seed, options.seed + options.count):
        truth, layout = draw(seed, formats, options.errors)
        name = f"report-{seed:06d}-{layout.format}"
        truths[f"{name}{suffix(layout)}"] = {**truth.to_json(layout), "layout": asdict(layout)}
        if layout.format in ("pdf-libreoffice", "pdf-chromium"):
            printed.append((name, truth, layout))
        else:
            (options.out / f"{name}{suffix(layout)}").write_bytes(render(truth, layout))
    render_pdfs(printed, options.out)
    text = json.dumps(truths, ensure_ascii=False, indent=1)
    (options.out / "truth.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(truths)} reports in {options.out}, seeds {options.seed} to {options.seed + options.count - 1}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
