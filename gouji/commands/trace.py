"""`gouji trace`: where a number comes from.

Belongs here: arguments and what is printed. Does not belong here: following a value (`flows.tracing`), the picture
(`gouji.show.placed`).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gouji import outputs
from gouji.dataset import add_home, told
from gouji.words import Lang, say
from schemas.database.table_model import PERIODS

if TYPE_CHECKING:
    from flows.tracing import Traced

HELP = "一个数从哪里来：报告、页或表、印的原文 | where a number comes from"
EXAMPLE = """示例： | Example:
  gouji trace 洪泽区人民政府 2023 requests_received
  gouji trace 洪泽区人民政府 2023 grant_rate --format json
  gouji trace 洪泽区人民政府 2023 denied --picture 出处.png"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("body", metavar="BODY", help="机关名称 | name of the body")
    parser.add_argument("year", metavar="YEAR", type=int, help="报告年度 | report year")
    parser.add_argument("code", metavar="CODE", help="指标代码或单元格地址 | an indicator, or a cell's address")
    parser.add_argument("--scope", help="统计范围 | scope (area, office, …)")
    parser.add_argument(
        "--period", choices=PERIODS, default="year", help="期间，默认全年 | the year (default), a half or a quarter"
    )
    parser.add_argument(
        "--picture", type=Path, metavar="FILE.png", help="画出原件上的位置 | draw the place in the source"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_home(parser)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 when there is no such report or indicator, or the place cannot be drawn."""

    def work() -> int:
        from flows import home as homes
        from flows import queries, tracing

        where = homes.find(args.home)
        target = outputs.Target(args.picture, None) if args.picture is not None else None
        outputs.allow([target], [], lang)
        con = queries.connect(where.database(args.database))
        try:
            found = tracing.trace(con, args.body, args.year, args.code, args.scope, args.period)
        finally:
            con.close()
        if args.format == "json":
            print(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
        else:
            print("\n".join(lines(found, lang)))
        if target is not None:
            # What there is to say is said first: why there is no picture may well be in it.
            from gouji.show import placed

            outputs.write(target, placed.picture(found, where, lang), lang)
        return 0

    return told(lang, work)


def lines(found: Traced, lang: Lang, indent: str = "") -> list[str]:
    """A trace in words."""
    name = found.zh if lang == "zh" else found.en
    scope = found.scope if found.period == "year" else f"{found.scope}, {found.period}"
    out = [indent + say(lang, "trace.head", body=found.body, year=found.year, scope=scope, name=name, code=found.code)]
    out.append(indent + "  " + _value(found, lang))
    marks = [m for m in ("small_base", "impossible", "contradicted") if getattr(found, m)]
    out += [indent + "  " + say(lang, f"trace.{m}") for m in marks]
    said = [say(lang, "trace.said", printed=t["printed"], sentence=t["sentence"]) for t in found.statements]
    out += [f"{indent}  {line}" for line in (*(line for cell in found.cells for line in _cell(cell, lang)), *said)]
    for part in found.parts:
        out += lines(part, lang, indent + "  ")
    if found.reports:
        out += [
            indent + "  " + say(lang, "trace.in_conflict", path=r["path"], sha256=r["sha256"][:12])
            for r in found.reports
        ]
        out.append(indent + "  " + say(lang, "trace.differing", body=found.body_id, year=found.year, scope=found.scope))
    if not indent:
        out += _source(found, lang)
        out += [say(lang, "trace.note", text=n[lang]) for n in found.notes]
        if found.other_scopes:
            out.append(say(lang, "trace.scopes", scopes=", ".join(found.other_scopes)))
        if found.other_periods:
            out.append(say(lang, "trace.periods", periods=", ".join(found.other_periods)))
    return out


def _number(value: Any) -> str:
    from flows.queries import text

    return f"{value:.4f}" if isinstance(value, float) else text(value)


def _value(found: Traced, lang: Lang) -> str:
    if found.status == "number":
        if found.value is None:
            return say(lang, "trace.no_base")
        return say(lang, "trace.value", value=_number(found.value), unit=found.unit or "")
    bound = "" if found.lower_bound is None else say(lang, "trace.bound", value=_number(found.lower_bound))
    return say(lang, f"trace.{found.status}") + bound


def _cell(cell: dict[str, Any], lang: Lang) -> list[str]:
    """A cell as printed and how it was read; below it the equations that contradict it."""
    printed = say(lang, "trace.nothing") if cell["printed"] is None else f"“{cell['printed']}”"
    sign = "−" if cell.get("sign") == -1 else ""
    parts = [
        say(lang, f"trace.at_{name}", n=cell["place"][name])
        for name in ("page", "table", "row", "column", "line", "paragraph")
        if name in cell["place"]
    ]
    used = say(lang, "trace.used", value=_number(cell["used"]), reason=cell["reason"]) if cell["corrected"] else ""
    if method := cell.get("method"):
        parts.append(say(lang, "trace.method", method=method))
    if doubt := cell.get("doubt"):
        parts.append(say(lang, "trace.doubt", reason=doubt))
        if cell["readings"]:
            parts.append(say(lang, "trace.readings", readings=", ".join(map(_number, cell["readings"]))))
    message = "message" if lang == "zh" else "message_en"
    return [
        f"{sign}{cell['address']}  {printed}  {' '.join(parts)}{used}".rstrip(),
        *(f"  {say(lang, 'trace.broken', rule=c['rule'], message=c[message])}" for c in cell.get("contradicted", ())),
    ]


def _source(found: Traced, lang: Lang) -> list[str]:
    if found.source is None:
        return []
    s = found.source
    where = s.get("address") or s.get("path")
    out = [say(lang, "trace.file", where=where, sha256=s["sha256"], when=str(s.get("retrieved_at") or "")[:19])]
    versions = found.versions or {}
    out.append(
        say(lang, "trace.read", report=found.report_id, revision=found.revision, parser=versions.get("parser", ""))
    )
    return out
