"""Thousands of reports that are all of different authorities or years.

Belongs here: county governments of the registry as issuers, one key for each number. Does not belong here: documents.
"""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache

from data.generator import Truth, make_truth
from data.generator.issuers import Issuer

from .corpus import ROOT

# Years in which the current two forms are in force.
YEARS = tuple(range(2019, 2026))


@cache
def counties() -> tuple[Issuer, ...]:
    """Counties (县) that still stand and whose name no other division bears."""
    with (ROOT / "schemas/divisions.csv").open(encoding="utf-8", newline="") as stream:
        divisions = list(csv.DictReader(stream))
    borne = Counter(name for name, _ in {(d["name"], d["code"]) for d in divisions})
    names = {
        d["name"]: d["code"][:2]
        for d in divisions
        if d["level"] == "county" and d["name"].endswith("县") and not d["valid_to"] and borne[d["name"]] == 1
    }
    return tuple(
        Issuer(f"{name}人民政府", "government", "county", "我县", "全县", "area", province)
        for name, province in sorted(names.items())
    )


def truth(index: int) -> Truth:
    """Report number ``index``: no two numbers below ``len(counties()) * len(YEARS)`` have the same issuer and year."""
    issuers = counties()
    year = YEARS[index % len(YEARS)]
    form = "2019" if year <= 2020 else "2021"
    return make_truth(index, form, issuer=issuers[index // len(YEARS) % len(issuers)], year=year, size="small")
