"""How often the smallest explanation is the right one: slips made on purpose in random `requests` tables.

Belongs here: making slips, asking for the explanation, counting. Used by the tests with few tables and by the
benchmarks with many: `measure(slips=2, tables=1000)`.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from checks import explain
from data.generator import make_truth
from schemas.facts import Fact, Place, PrintedLabel, Report, TableLayout
from schemas.forms import load
from schemas.report_identity import ReportIdentity


@dataclass
class HitRates:
    """Of ``tables`` tables with slips: how often the smallest explanation is unique and right, and how long it took."""

    slips: int
    tables: int = 0
    unique_right: int = 0
    unique_wrong: int = 0
    several_with_right: int = 0
    several_without_right: int = 0
    none: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def right(self) -> float:
        """Share of tables whose smallest explanation is unique and right."""
        return self.unique_right / self.tables

    @property
    def wrong(self) -> float:
        """Share of tables whose smallest explanation is unique and wrong."""
        return self.unique_wrong / self.tables

    @property
    def slowest_ms(self) -> float:
        return max(self.seconds) * 1000


def requests_report(values: dict[str, int], form: str = "2021", variant: str | None = None) -> Report:
    """A report of one table, `requests`, with these figures."""
    report = Report("hit-rates", ReportIdentity(year=2023), form, variant)
    report.facts = [Fact(a, v, "number", str(v), "件", Place(), "cells") for a, v in values.items()]
    layout = TableLayout("requests")
    layout.rows = [PrintedLabel(r.code, r.label, "official", Place()) for r in load(form).rows("requests", variant)]
    report.layouts = [layout]
    return report


def random_table(rng: random.Random) -> dict[str, int]:
    """The figures of a random table that satisfies every identity."""
    size = rng.choice(("small", "medium", "medium", "large"))
    truth = make_truth(rng.randrange(10**9), "2021", size=size)
    return {a: int(v) for a, v in truth.values.items() if a.startswith("requests.")}


def slip(rng: random.Random, value: int) -> int:
    """A wrong figure for a cell, of the kinds that people make; never the value itself."""
    digits = str(value)
    wrong = value
    while wrong == value:
        kind = rng.choice(("digit", "digit", "swap", "drop", "add", "off"))
        i = rng.randrange(len(digits))
        if kind == "digit":
            wrong = int(digits[:i] + rng.choice("0123456789") + digits[i + 1 :])
        elif kind == "swap" and len(digits) > 1:
            i = rng.randrange(len(digits) - 1)
            wrong = int(digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :])
        elif kind == "drop" and len(digits) > 1:
            wrong = int(digits[:i] + digits[i + 1 :])
        elif kind == "add":
            wrong = int(digits[:i] + rng.choice("0123456789") + digits[i:])
        elif kind == "off":
            wrong = max(value + rng.randint(-30, 30), 0)
    return wrong


def measure(slips: int, tables: int = 200, seed: int = 1) -> HitRates:
    """Make ``slips`` slips in each of ``tables`` random tables of form 2021 and explain them."""
    rng = random.Random(f"hit-rates/{seed}/{slips}")
    rates = HitRates(slips)
    while rates.tables < tables:
        right = random_table(rng)
        cells = rng.sample(sorted(right), slips)
        printed = right | {a: slip(rng, right[a]) for a in cells}
        start = time.perf_counter()
        found, _ = explain(requests_report(printed))
        rates.seconds.append(time.perf_counter() - start)
        truth = {a: right[a] for a in cells}
        sets = [{c.address: c.value for c in e.changes} for e in found if e.changes is not None]
        rates.tables += 1
        if not sets:
            rates.none += 1
        elif len(sets) == 1:
            if sets[0] == truth:
                rates.unique_right += 1
            else:
                rates.unique_wrong += 1
        elif truth in sets:
            rates.several_with_right += 1
        else:
            rates.several_without_right += 1
    return rates


if __name__ == "__main__":
    for n in (1, 2, 3, 4):
        r = measure(n, 1000 if n < 4 else 200)
        ordered = sorted(r.seconds)
        print(
            f"{n} slips: {r.tables} tables, unique and right {r.right:.1%}, unique and wrong {r.wrong:.2%}, "
            f"several {r.several_with_right} with and {r.several_without_right} without the right one, none {r.none}; "
            f"median {ordered[len(ordered) // 2] * 1000:.1f} ms, slowest {r.slowest_ms:.1f} ms"
        )
