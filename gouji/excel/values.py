"""Results of formulas in a workbook of our own, so that whoever does not calculate shows them too.

Belongs here: putting known results behind formulas. Does not belong here: any formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from lxml import etree

from gouji.word.package import opened

from .parts import Parts

Result = int | float | Decimal | str | None


def with_results(data: bytes, results: Mapping[str, Mapping[str, Result]]) -> bytes:
    """The workbook with a result for each formula, by sheet and cell; None leaves one to be calculated."""
    with opened(data) as package:
        parts = Parts(package)
        root = parts.root(parts.main)
        s = f"{{{etree.QName(root).namespace}}}"
        targets = {i: t for i, kind, t in parts.relations(parts.main) if kind == "worksheet"}
        for sheet in root.iterfind(f"{s}sheets/{s}sheet"):
            known = results.get(sheet.get("name", ""))
            member = targets.get(sheet.get(f"{{{parts.office}}}id"))
            if not known or member is None:
                continue
            for cell in parts.root(member).iter(f"{s}c"):
                result = known.get(cell.get("r", ""))
                if result is None or cell.find(f"{s}f") is None:
                    continue
                value = cell.find(f"{s}v")
                value = value if value is not None else etree.SubElement(cell, f"{s}v")
                if isinstance(result, str):
                    cell.set("t", "str")
                value.text = (
                    result if isinstance(result, str) else f"{result:f}" if isinstance(result, Decimal) else str(result)
                )
            parts.touch(member)
        return package.with_parts(parts.written())
