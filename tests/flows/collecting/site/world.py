"""The reports of the test site: bodies, years, formats, and what becomes of them.

Belongs here: which reports there are, their bytes, revising and withdrawing them. Does not belong here: addresses and pages.

Places and kinds of bodies are real, so that the registry knows them; every figure and sentence is the generator's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache

from data.generator import Layout, Truth, clean_layout, make_truth, render
from data.generator.issuers import Issuer

DEPARTMENTS = (
    "教育局", "财政局", "民政局", "司法局", "水利局", "审计局", "统计局", "公安局", "交通运输局", "农业农村局",
    "卫生健康委员会", "应急管理局", "自然资源局", "生态环境局", "住房和城乡建设局", "市场监督管理局",
    "发展和改革委员会", "人力资源和社会保障局", "退役军人事务局", "医疗保障局",
)  # fmt: skip


@dataclass
class Report:
    """One report. ``format`` as the generator names it; ``version`` rises with each revision; ``up``: it can be had."""

    key: str
    body: str
    division: str
    year: int
    format: str
    seed: int
    published: date
    version: int = 0
    up: bool = True

    @property
    def title(self) -> str:
        return f"{self.body}{self.year}年政府信息公开工作年度报告"

    @property
    def truth(self) -> Truth:
        return _truth(self.body, self.year, self.seed, self.published.isoformat(), self.version)

    def bytes(self, format: str | None = None) -> bytes:
        """The report in its format, or in another: the same figures."""
        return _rendered(
            self.body, self.year, self.seed, self.published.isoformat(), self.version, format or self.format
        )

    @property
    def article(self) -> str:
        """Its paragraphs and tables as markup, without a page around them."""
        page = self.bytes("html").decode()
        return page[page.index("<body>") + 6 : page.index("</body>")]

    @property
    def tag(self) -> str:
        return hashlib.sha256(f"{self.key}/{self.version}".encode()).hexdigest()[:12]

    def revise(self) -> str:
        """Another figure in one cell that no equation has; returns its address."""
        self.version += 1
        return _alone(self.truth)


def _issuer(body: str) -> Issuer:
    if body.endswith("人民政府"):
        return Issuer(body, "government", "county", "我县", "全县", "area", "32")
    return Issuer(body, "department", "county", "我局", "本单位", "body", "32")


def _alone(truth: Truth) -> str:
    bound = {a for e in truth.equations for a in e.cells}
    return next(a for a in truth.values if a.startswith("article20.") and a not in bound)


@lru_cache(maxsize=1024)
def _truth(body: str, year: int, seed: int, published: str, version: int) -> Truth:
    truth = make_truth(seed, "2021", None, issuer=_issuer(body), year=year)
    truth.published = published
    if version:
        at = _alone(truth)
        truth = replace(truth, values={**truth.values, at: truth.values[at] + version})
    return truth


@lru_cache(maxsize=1024)
def _rendered(body: str, year: int, seed: int, published: str, version: int, format: str) -> bytes:
    layout: Layout = clean_layout(format)  # type: ignore[arg-type]
    return render(_truth(body, year, seed, published, version), layout)


@dataclass
class World:
    """All reports, by key."""

    reports: dict[str, Report] = field(default_factory=dict)

    def add(self, place: str, division: str, names: tuple[str, ...], years: range, *formats: str) -> list[Report]:
        """Reports of bodies of one place, newest year first; formats in turn (html where none is named)."""
        made = []
        for year in reversed(years):
            for name in names:
                n = len(self.reports)
                report = Report(
                    key=f"r{n:04d}",
                    body=place + name,
                    division=division,
                    year=year,
                    format=(formats or ("html",))[len(made) % len(formats or ("html",))],
                    seed=100_000 + n,
                    published=date(year + 1, 1, 8) + timedelta(days=n % 22),
                )
                self.reports[report.key] = report
                made.append(report)
        return made

    def __iter__(self) -> Iterator[Report]:
        return iter(self.reports.values())

    def __len__(self) -> int:
        return len(self.reports)
