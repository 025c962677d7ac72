"""Last year's reports for a check: from a file, a folder, or a database that `gouji ingest` made.

Belongs here: finding earlier reports of a body. Does not belong here: what two years say of one another (`checks`),
making databases (`flows`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gouji.words import Lang, say
from schemas.bodies import body_of, codes_of, relation
from schemas.facts import Fact, Place, Report, Unresolved, Value
from schemas.report_identity import ReportIdentity

from .files import expand, own_output
from .read_files import read_all
from .sheets import SheetError

if TYPE_CHECKING:
    from checks.series_rules import Past

# As `flows.home` names it, which a clerk's check does not import.
_DATABASE = "gouji.duckdb"
# Fewer files are read as fast as they are looked at.
_MANY = 6
_IDENTITY = (
    *("issuer", "issuer_printed", "division_code", "level", "kind", "year", "scope", "scope_evidence"),
    *("period", "published", "title"),
)


@dataclass
class Previous:
    """Where earlier reports come from. ``alone``: one file was given, so it is meant for the one draft.

    ``waiting`` are files of a folder that are read when a draft asks for them, those that are certainly another body's never;
    ``problems`` is what could not be read.
    """

    reports: list[Report] = field(default_factory=list)
    alone: bool = False
    database: Any = None
    waiting: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    lang: Lang = "zh"

    def of(self, reports: Sequence[Report]) -> list[Report]:
        """Earlier reports that may be of the same bodies as these."""
        if self.database is None:
            if self.waiting:
                from .glance import is_anothers

                self.read([p for p in self.waiting if not is_anothers(p, reports)])
            return self.reports
        return [earlier for report in reports for earlier in _from_database(self.database, report)]

    def same_body(self, reports: Sequence[Report]) -> bool:
        """Whether the one earlier report was given for the one draft: then it is this draft's whatever it is called."""
        return self.alone and len(reports) == 1

    def read(self, files: Sequence[Path]) -> None:
        """Read these of the files that wait; the reports stay in the order of the files."""
        self.waiting = [p for p in self.waiting if p not in set(files)]
        found = list(read_all(files, self.lang, label=say(self.lang, "reading_previous"))) if files else []
        self.reports += [r for e in found for r in e.reports]
        self.problems += [p.message for e in found for p in e.problems]

    def close(self) -> None:
        if self.database is not None:
            self.database.close()


def load(path: Path, lang: Lang, *, for_one: bool = False) -> tuple[Previous, list[str]]:
    """The reports under a path, and what could not be read of it. Raises `SheetError`, OSError.

    ``for_one``: for a single draft; of a folder the files wait then until it asks (`Previous.of`).
    """
    if not path.exists():
        raise SheetError(say(lang, "no_file", path=path))
    path = _of_home(path)
    if path.is_file() and _is_database(path):
        return Previous(database=_connect(path, lang)), []
    from gouji.round.state import StateError, counted

    try:
        # Of a round that is over the drafts that counted in it.
        of_round = counted(path, lang) if path.is_dir() else None
    except StateError as error:
        raise SheetError(str(error)) from error
    if for_one and of_round is None and path.is_dir() and (files := _plain_files(path)):
        return Previous(waiting=files, lang=lang), []
    found = list(read_all(of_round or [path], lang, label=say(lang, "reading_previous")))
    reports = [r for e in found for r in e.reports]
    problems = [p.message for e in found for p in e.problems]
    return Previous(reports, alone=path.is_file() and len(reports) == 1), problems


def _plain_files(folder: Path) -> list[Path]:
    """The files of a folder, where they are so many that a glance pays and none is an output of ours; else none."""
    files = [p for p, there in expand([folder]) if there]
    return files if len(files) >= _MANY and all(own_output(p) is None for p in files) else []


def beside_each_other(reports: Sequence[Report], lang: Lang) -> str | None:
    """What to say where drafts and last year's reports of the same bodies were given together; None where they were not."""
    now = max((r.year for r in reports if r.year is not None), default=0)
    of_year = [[r for r in reports if r.year == year] for year in (now - 1, now)]
    if not all(of_year):
        return None
    bodies = [{b.key or b.printed for r in some if (b := body_of(r.identity)) is not None} for some in of_year]
    both = bodies[0] & bodies[1]
    return say(lang, "two_years", n=len(both), then=now - 1, now=now) if both else None


def notes(report: Report, past: Past, lang: Lang) -> list[str]:
    """What a person has to know of the comparison with last year: in what the two differ, or why there is none."""
    out: list[str] = []
    last = past.previous
    if last is not None:
        mine, its = body_of(report.identity), body_of(last.identity)
        if mine and its and relation(mine, its, report.year, last.year) != "same":
            names = (last.issuer_printed or last.issuer or "", report.issuer_printed or report.issuer or "")
            out.append(say(lang, "compared_names", then=names[0], now=names[1]))
        if last.scope != report.scope:
            scopes = [say(lang, f"scope_{s}") for s in (last.scope, report.scope)]
            out.append(say(lang, "compared_scopes", then=scopes[0], now=scopes[1]))
        return out
    for other, why in past.left_out:
        scopes = [say(lang, f"scope_{s}") for s in (other.scope, report.scope)]
        reason = say(lang, f"left_out_{why}", then=scopes[0], now=scopes[1])
        name = other.issuer_printed or other.issuer or say(lang, "unknown_issuer")
        out.append(say(lang, "left_out", issuer=name, year=other.year, why=reason))
    return out


def is_database(path: Path) -> bool:
    """Whether a path is a database, or the home of one."""
    path = _of_home(path)
    return path.is_file() and _is_database(path)


def _of_home(path: Path) -> Path:
    """The database of a home of `gouji ingest`: what is kept beside it are no reports of last year's. Any other path as it is."""
    return path / _DATABASE if (path / "record").is_dir() and (path / _DATABASE).is_file() else path


def _is_database(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(12)[8:12] == b"DUCK"


def _connect(path: Path, lang: Lang) -> Any:
    try:
        import duckdb
    except ModuleNotFoundError as missing:
        raise SheetError(say(lang, "database_needs_duckdb", path=path)) from missing
    try:
        database = duckdb.connect(os.fspath(path), read_only=True)
        # A progress bar would stand in what the command prints.
        database.execute("SET enable_progress_bar = false")
        database.execute("SELECT report_key, is_current FROM report LIMIT 0")
        database.execute("SELECT report_key, table_code, row_code, column_code, value FROM fact LIMIT 0")
        database.execute("SELECT report_key, address, printed, reason, readings FROM unresolved LIMIT 0")
    except duckdb.Error as error:
        raise SheetError(say(lang, "not_our_database", path=path)) from error
    return database


def _from_database(database: Any, report: Report) -> Iterable[Report]:
    """The current earlier reports of a report's body."""
    body = body_of(report.identity)
    if body is None or report.year is None:
        return
    names = [n for n in (report.issuer, report.issuer_printed) if n]
    columns = ("report_id", "form", "variant", *_IDENTITY)
    keys = database.execute(
        f"SELECT report_key, {', '.join(columns)} FROM report WHERE is_current AND year < ? AND (issuer IN (SELECT "
        "unnest(?)) OR issuer_printed IN (SELECT unnest(?)) OR division_code IN (SELECT unnest(?))) ORDER BY year, report_key",
        [report.year, names, names, codes_of(body)],
    ).fetchall()
    for key, *values in keys:
        row = dict(zip(columns, values, strict=True))
        if isinstance(row["published"], date):
            row["published"] = row["published"].isoformat()
        who = ReportIdentity(**{name: row[name] for name in _IDENTITY})
        its = body_of(who)
        if its is None or relation(body, its, report.year, who.year) == "other":
            continue
        earlier = Report(row["report_id"], who, row["form"], row["variant"])
        facts = database.execute(
            "SELECT table_code || '.' || row_code || '.' || column_code, value, kind, printed, unit, method "
            "FROM fact WHERE report_key = ?",
            [key],
        ).fetchall()
        earlier.facts = [Fact(a, _plain(v), k, p or "", u, Place(), m) for a, v, k, p, u, m in facts]
        unread = database.execute(
            "SELECT address, printed, reason, readings FROM unresolved WHERE report_key = ?", [key]
        ).fetchall()
        earlier.unresolved = [
            Unresolved(a, p or "", r, [x for v in s or () if (x := _plain(v)) is not None], Place())
            for a, p, r, s in unread
        ]
        yield earlier


def _plain(value: object) -> Value | None:
    """A database's decimal as a report holds it: whole numbers as such."""
    if value is None:
        return None
    number = Decimal(str(value))
    return int(number) if number == number.to_integral_value() else number.normalize()
