"""A second round against the first: what is closed, what is still open, what is new.

Belongs here: last round as JSON or in its workbook, and matching findings across changed drafts. Does not belong here: reasons
(`waivers`), how a round is shown (`show`).

A finding's id changes with its file, so findings are matched by rule and place within the report of the same body,
year and scope. What can no longer be assessed, or stands in a file that can no longer be read, is not closed.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gouji.show.following import JUMP, UNIT
from schemas.bodies import body_of
from schemas.findings import Finding
from schemas.report_identity import ReportIdentity

from .reviewed import Reviewed
from .sheets import SheetError

Key = tuple[str | None, ...]
# The sheet of the workbook of `--report` on which a round is kept for the next one.
SHEET = "gouji"
_KEPT = ("finding_id", "rule", "outcome", "severity", "table", "row", "column", "statement", "printed", "message")


@dataclass
class Round:
    """Last round's files, and which of them were met again."""

    files: list[dict[str, Any]]
    met: set[int] = field(default_factory=set)

    @property
    def not_met(self) -> list[str]:
        """Files of last round that are not among this round's."""
        return [str(f["source"]["path"]) for i, f in enumerate(self.files) if i not in self.met]

    def compare(self, reviewed: Reviewed) -> None:
        """Put on a file's findings whether they are new, and list those that are closed or unclear."""
        index = self._same(reviewed)
        reviewed.seen_before = index is not None
        if index is not None:
            self.compare_with(index, reviewed)

    def compare_with(self, index: int, reviewed: Reviewed) -> None:
        """The same, with this file of last round's."""
        reviewed.seen_before = True
        self.met.add(index)
        earlier = [f for f in self.files[index].get("findings", ()) if f.get("outcome", "broken") == "broken"]
        # What only said a worse finding again was never told.
        again = {str(f.get("cells")) for f in earlier if f.get("rule") == UNIT}
        earlier = [f for f in earlier if f.get("rule") != JUMP or str(f.get("cells")) not in again]
        if not reviewed.reports and not reviewed.checked.extraction.circulars:
            return
        keys_of = [_keys_of_json(f) for f in earlier]
        left = Counter(key for keys in keys_of for key in keys)
        unassessable = {_key(f) for f in reviewed.checked.findings if f.outcome == "not_assessable"}
        for finding in reviewed.checked.findings:
            if finding.outcome != "broken":
                continue
            keys = _keys(finding)
            known = all(left[key] > 0 for key in keys)
            left.subtract(key for key in keys if left[key] > 0)
            reviewed.status[finding.finding_id] = "open" if known else "new"
        for finding_json, keys in zip(earlier, keys_of, strict=True):
            gone = [key for key in keys if left[key] > 0]
            left.subtract(gone)
            if gone:
                # Of a table that was blank as a whole some cells may have been filled in.
                some = {**finding_json, "places": len(gone)} if len(keys) > 1 else finding_json
                if 0 < len(gone) < len(keys):
                    some["message"] = f"{finding_json.get('message', '')}（{len(gone)}/{len(keys)}）"
                (reviewed.unclear if gone[0] in unassessable else reviewed.closed).append(some)

    def _same(self, reviewed: Reviewed) -> int | None:
        """The file of last round that has the same report, else the one of the same name."""
        mine = {_body(r.identity) for r in reviewed.reports} - {None}
        free = [i for i in range(len(self.files)) if i not in self.met]
        for i in free:
            if mine & {_body_of_json(r) for r in self.files[i].get("reports", ())}:
                return i
        name = Path(reviewed.path).stem
        return next((i for i in free if _stem(str(self.files[i]["source"]["path"])) == name), None)


def _stem(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]


def _body(who: ReportIdentity) -> Key | None:
    body = body_of(who)
    return (body.key or body.printed, str(who.year), who.scope, who.period) if body is not None else None


def _body_of_json(report: Mapping[str, Any]) -> Key | None:
    names = ("issuer", "issuer_printed", "division_code", "kind", "year", "scope", "period")
    return _body(ReportIdentity(**{n: report[n] for n in names if report.get(n) is not None}))


def _key(finding: Finding) -> Key:
    return _made(
        finding.rule, finding.table, finding.row, finding.column, finding.statement, finding.printed, finding.message
    )


def _keys(finding: Finding) -> list[Key]:
    """What tells it again: of what is blank as a whole each of its cells."""
    if finding.places < 2:
        return [_key(finding)]
    return [(finding.rule, *address.split("."), None) for address in finding.cells]


def _keys_of_json(finding: Mapping[str, Any]) -> list[Key]:
    """The same as kept: with its cells where it has several places, or with those of all that was printed."""
    cells = finding.get("cells") or []
    whole = str(finding.get("rule")).startswith("value.") and finding.get("expected") is None
    if len(cells) < 2 or not whole or finding.get("statement") is not None:
        return [_key_of_json(finding)]
    return [(str(finding["rule"]), *str(address).split("."), None) for address in cells]


def _key_of_json(finding: Mapping[str, Any]) -> Key:
    names = ("rule", "table", "row", "column", "statement", "printed", "message")
    return _made(*(finding.get(n) for n in names))


def _made(rule: Any, table: Any, row: Any, column: Any, statement: Any, printed: Any, message: Any) -> Key:
    """Rule and place; where a finding has no place in a table, what it is about."""
    if row or column or statement:
        return rule, table, row, column, statement
    return rule, table, printed if isinstance(printed, str) else message


def to_text(reviewed: Reviewed) -> str:
    """What of a file's check a later round compares with, as ASCII JSON."""
    given = reviewed.to_json()
    kept = {name: given[name] for name in ("source", "verdict", "reports")}
    whole = {f.finding_id: f.cells for f in reviewed.checked.findings if f.places > 1}
    kept["findings"] = [
        {name: f[name] for name in _KEPT if f.get(name) is not None}
        | ({"cells": cells} if (cells := whole.get(f["finding_id"])) else {})
        for f in given["findings"]
    ]
    return json.dumps(kept)


def load(path: Path) -> Round:
    """Last round as `check --format json --output` or `--report x.xlsx` wrote it. Raises `SheetError`, OSError."""
    data = path.read_bytes()
    try:
        files = _from_workbook(data) if data.startswith(b"PK") else json.loads(data.decode("utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise SheetError(
            f"{path.name}：不是上一轮的结果。请给上一轮的核对报告（--report 写出的 .xlsx），或 --format json --output 写出的文件。"
        ) from error
    if not isinstance(files, list) or not all(_is_checked(f) for f in files):
        raise SheetError(f"{path.name}：不是 gouji check 写出的结果或核对报告（.xlsx），不能拿来比对。")
    return Round(files)


def _from_workbook(data: bytes) -> object:
    """The files that a workbook keeps on its hidden sheet; None for another workbook."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        return None
    try:
        if SHEET not in book.sheetnames:
            return None
        lines = book[SHEET].iter_rows(values_only=True)
        return [json.loads("".join(str(v) for v in line if v is not None)) for line in lines if any(line)]
    finally:
        book.close()


def _is_checked(each: object) -> bool:
    return isinstance(each, dict) and isinstance(each.get("source"), dict) and "verdict" in each
