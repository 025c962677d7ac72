"""Write the sample reports into data/samples, or check that they are what this script writes.

Belongs here: reading `samples.toml` and rendering each report with the generator's renderers, and the one broken file.
Does not belong here: figures and sentences (`samples.toml`), markup (`data.generator`).

The files are the same byte for byte on every machine: nothing in them is compressed and no date is taken from a clock.

Example: python data/make_samples.py            writes the files
         python data/make_samples.py --check    says which files differ; exit status 1 if any does
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from data.generator.issuers import Issuer  # noqa: E402
from schemas.forms import Column, Row, TableForm, load  # noqa: E402

from .generator import Layout, Truth, TruthCell, render  # noqa: E402

FOLDER = HERE / "samples"
# A draft whose transfer broke off: only its first part arrived.
BROKEN = ("沭阳县人民政府2025年政府信息公开工作年度报告.docx", "损坏的草稿.docx", 0.6)

_FIGURE = re.compile(r"(增加|减少)?([-+]?\d+(?:\.\d+)?)(件|项|个|万元|元)?")
_IN_TEN_THOUSAND_YUAN = {"万元": Decimal(1), "元": Decimal(1) / 10_000}


def cell(table: TableForm, row: Row, column: Column, printed: str) -> TruthCell:
    """The right reading of a cell of `samples.toml`. Raises ValueError for text that this script does not know."""
    if printed == "_":
        return TruthCell("", "blank", None, None)
    found = _FIGURE.fullmatch(printed)
    if found is None:
        raise ValueError(f"{table.code}.{row.code}.{column.code}: {printed!r} is no figure")
    direction, digits, unit = found.groups()
    form_unit = table.unit_of(row, column)
    if table.value_of(row, column) == "amount":
        amount = Decimal(digits) * _IN_TEN_THOUSAND_YUAN.get(unit or "", Decimal(1))
        return TruthCell(printed, "number", amount, "万元" if unit or form_unit == "万元" else "unknown")
    return TruthCell(printed, "number", -int(digits) if direction == "减少" else int(digits), form_unit)


def truth_of(report: dict[str, Any]) -> Truth:
    """A report of `samples.toml` as the generator's renderers take it; raises ValueError where cells do not fit."""
    form = load(report["form"])
    variant = report.get("variant")
    fixed: dict[str, TruthCell] = {}
    for code, rows in report["tables"].items():
        table = form.tables[code]
        if list(rows) != [r.code for r in form.rows(code, variant)]:
            raise ValueError(f"{report['file']}: the rows of {code} are not those of the form, in its order")
        for row in form.rows(code, variant):
            columns, printed = table.columns_of(row), rows[row.code].split()
            for column, text in zip(columns, printed, strict=True):
                fixed[f"{code}.{row.code}.{column.code}"] = cell(table, row, column, text)
    figures = {a: c.value for a, c in fixed.items() if c.value is not None}
    return Truth(
        seed=0,
        form=report["form"],
        variant=variant,
        issuer=Issuer(**report["issuer"]),
        year=report["year"],
        published=report["published"],
        right=figures,
        values=figures,
        fixed=fixed,
        words={section: tuple(paragraphs) for section, paragraphs in report["words"].items()},
    )


def layout_of(report: dict[str, Any]) -> Layout:
    """How a sample is laid out: as `samples.toml` says, and without compression, which differs between machines."""
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in report["layout"].items()}
    return replace(Layout(**given), compressed=False)


def reports() -> list[dict[str, Any]]:
    """The reports of `samples.toml`, as they stand there."""
    return list(tomllib.loads((HERE / "samples.toml").read_text(encoding="utf-8"))["report"])


def build() -> dict[str, bytes]:
    """Every sample file by name."""
    files = {r["file"]: render(truth_of(r), layout_of(r)) for r in reports()}
    whole, broken, share = BROKEN
    files[broken] = files[whole][: int(len(files[whole]) * share)]
    return files


def differences(files: dict[str, bytes]) -> list[str]:
    """What in data/samples is not as `files` has it, one line each."""
    there = {p.name: p.read_bytes() for p in FOLDER.iterdir() if p.is_file() and p.name != "README.md"}
    lines = [f"not made by this script: {name}" for name in sorted(there.keys() - files.keys())]
    lines += [f"missing: {name}" for name in sorted(files.keys() - there.keys())]
    return lines + [f"differs: {n}" for n in sorted(files.keys() & there.keys()) if files[n] != there[n]]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python data/make_samples.py", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; say which files differ")
    options = parser.parse_args(argv)
    files = build()
    if options.check:
        found = differences(files)
        for line in found:
            print(line, file=sys.stderr)
        return 1 if found else 0
    FOLDER.mkdir(exist_ok=True)
    for name, data in files.items():
        (FOLDER / name).write_bytes(data)
        print(f"{len(data):8,} bytes  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
