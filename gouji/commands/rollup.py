"""`gouji rollup`: sum up the drafts of all that is below a government.

Belongs here: arguments, what is written where, the summary that a person reads. Does not belong here: who counts and what
the sums are (`summing`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gouji import console
from gouji.words import Lang
from gouji.words import say as say_common

if TYPE_CHECKING:
    from gouji.summing import CellSum, Draft, Rollup

EXAMPLE = """示例 example:
  gouji rollup 各单位草稿 --out 汇总.docx
  gouji rollup 各单位草稿 上报.zip --own 本机关.docx --choices 选择.csv --out 汇总.docx --workbook 汇总.xlsx
  gouji rollup 各单位草稿 --template 空表.docx --against 全县草稿.docx --out 汇总.docx"""
HELP = "把下级各单位的三张表逐格相加，填成汇总表 add up the tables of all drafts, cell by cell"
# So many cells or names are listed on the screen; the workbook has them all.
_MOST = 12

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("{issuer} {year} 年汇总：读到 {n} 份，计入 {counted} 份",
              "{issuer} {year}: {n} reports read, {counted} counted"),
    "unknown": ("（地区不明）", "(area unknown)"),
    "roles": ("计入：{roles}", "counted: {roles}"),
    "role": ("{role} {n} 份", "{role} {n}"),
    "no_own": ("没有计入本机关的草稿（可用 --own 给出）。", "no draft of the own office was counted (give it with --own)."),
    "left_out": ("不计入 {n} 份：", "left out: {n}"),
    "doubtful": ("待定 {n} 份，未计入；请在选择文件里写明计入或不计入和理由：",
                 "in doubt and left out: {n}; say in the choices whether each counts, and why:"),
    "problems": ("读不了 {n} 个文件：", "not readable: {n}"),
    "missing": ("名单上还缺 {n} 个单位：{names}", "missing from the roster: {n}: {names}"),
    "broken": ("{n} 份草稿自身的合计不成立，汇总也会不成立，请先核对（gouji check）：{names}",
               "{n} drafts have sums that do not hold; the roll-up will not either. Check them first: {names}"),
    "open": ("{n} 格没有填：有草稿的这一格读不准、不是数或没有：", "{n} cells are left empty, as a draft's figure is not known:"),
    "zero": ("{n} 格里有空白或记号按 0 计：", "in {n} cells a blank or mark was taken as 0:"),
    "implied": ("{n} 格里有空白按草稿自己的合计关系推得：", "in {n} cells a blank was filled from the draft's own sums:"),
    "given": ("{n} 格按选择文件填数或调整。", "{n} cells were set or adjusted by the choices."),
    "cells": ("{row} {column}", "{row}, {column}"),
    "cell_line": ("  {cells}：{why}", "  {cells}: {why}"),
    "more": ("  ……另有 {n} 处，见 --workbook", "  ... and {n} more, see --workbook"),
    "complete": ("每一格都有确定的数。", "every cell has a sum."),
    "empty": ("没有可以计入的草稿，没有写汇总表。", "no draft counts: nothing was written."),
    "against_none": ("与 {file} 比对：没有不符。", "compared with {file}: no difference."),
    "against": ("与 {file} 比对：{n} 格不符：", "compared with {file}: {n} cells differ:"),
    "against_lower": ("（没有名单，或还有缺报、待定的，只核对是否超过。）",
                      "(without a roster, or with some missing or in doubt, only excess can be told.)"),
    "against_unknown": ("其中 {n} 格因有的草稿没有可用的数，无法核对。", "{n} cells could not be compared for lack of a figure."),
    "duplicates": ("疑似重复：", "perhaps the same twice:"),
    "skeleton": ("已写出选择文件 {path}，请填好“处理”和“理由”后再运行一次。",
                 "wrote {path} for your choices: fill in action and reason, and run again."),
    "cannot_draw": ("表式 {form} 没有自带的版式，请用 --template 给出空表。", "there is no layout for form {form}: give a --template."),
    "cannot_write": ("{path}：写不了（{why}）。请关闭正在打开它的程序，或换一个位置。", "{path}: cannot be written ({why})."),
}  # fmt: skip


def say(lang: Lang, key: str, **values: object) -> str:
    return _WORDS[key][0 if lang == "zh" else 1].format(**values)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="DRAFTS", help="草稿、文件夹或 zip drafts, folders, zips"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.docx", help="写出的汇总表 the summed form")
    parser.add_argument("--workbook", type=Path, metavar="FILE.xlsx", help="每一格来自哪些单位 who contributed what")
    parser.add_argument("--own", type=Path, metavar="FILE", help="本机关的草稿 the own office's draft")
    parser.add_argument("--template", type=Path, metavar="FILE.docx", help="填在这份空表里 fill in this blank form")
    parser.add_argument(
        "--choices",
        type=Path,
        metavar="FILE",
        help="选择和调整（.csv 或 .xlsx）；没有这个文件就写一份待填的 choices; written for you if there is none",
    )
    parser.add_argument("--against", type=Path, metavar="FILE", help="与已有的汇总草稿比对 compare with this draft")
    parser.add_argument("--area", metavar="NAME", help="汇总的地区：名称或代码 the area: name or code")
    parser.add_argument("--roster", type=Path, metavar="FILE", help="应汇总的单位名单 who has to be there")


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Read, add up, write; returns 0, or 2 if something could not be read, decided or written."""
    from gouji.batch.sheets import SheetError
    from gouji.summing import ChoiceError, rollup

    if args.out.suffix.lower() != ".docx":
        print(say_common(lang, "docx_only", path=args.out), file=sys.stderr)
        return 2
    if (obstacle := console.obstacle(args.out, args.workbook)) is not None:
        print(say(lang, "cannot_write", path=obstacle.filename, why=obstacle.strerror), file=sys.stderr)
        return 2
    choices = args.choices if args.choices is not None and args.choices.exists() else None
    try:
        roster = _roster(args.roster)
        outputs = {p.resolve() for p in (args.out, args.workbook, args.choices) if p is not None}
        result = rollup(
            args.paths,
            own=args.own,
            choices=choices,
            against=args.against,
            template=args.template,
            area=args.area,
            roster=roster,
            without=outputs,
            lang=lang,
        )
    except (ChoiceError, SheetError, LookupError) as error:
        print(error.args[0] if error.args else error, file=sys.stderr)
        return 2
    except OSError as error:
        print(say_common(lang, "no_access", path=error.filename, why=error.strerror), file=sys.stderr)
        return 2
    failed = bool(result.problems or result.doubtful or result.notes or result.open_cells)
    failed |= not _write(args, result, lang)
    for line in summary(result, args.against, lang):
        print(line)
    if args.choices is not None and choices is None and (result.doubtful or result.open_cells or result.unread):
        failed |= not _write_skeleton(args.choices, result, lang)
    return 2 if failed or any(f.outcome == "broken" and f.severity == "error" for f in result.findings) else 0


def _roster(path: Path | None) -> Any:
    if path is None:
        return None
    from gouji.batch.roster import load

    return load(path).roster


def _write(args: argparse.Namespace, result: Rollup, lang: Lang) -> bool:
    """Write the form and the workbook; whether all went well."""
    from gouji.summing import filling
    from gouji.word import official_form
    from parsers.document import UnreadableError

    if not result.counted:
        print(say(lang, "empty"), file=sys.stderr)
        return False
    well = True
    try:
        if args.template is not None:
            content, notes = filling.filled(result, args.template)
            result.notes += notes
        elif official_form.can_draw(result.form_data):
            content = filling.drawn(result)
        else:
            print(say(lang, "cannot_draw", form=result.form), file=sys.stderr)
            return False
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_bytes(content)
        print(say_common(lang, "written", path=args.out), file=sys.stderr)
    except UnreadableError as error:
        print(error.message, file=sys.stderr)
        well = False
    except OSError as error:
        print(say(lang, "cannot_write", path=args.out, why=error.strerror), file=sys.stderr)
        well = False
    if args.workbook is not None:
        from gouji.summing import workbook

        try:
            workbook.write(result, args.workbook, lang)
            print(say_common(lang, "written", path=args.workbook), file=sys.stderr)
        except OSError as error:
            print(say(lang, "cannot_write", path=args.workbook, why=error.strerror), file=sys.stderr)
            well = False
    return well


def _write_skeleton(path: Path, result: Rollup, lang: Lang) -> bool:
    from gouji.summing import choices

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            choices.skeleton(result.doubtful, _open_contributions(result, lang), result.unread), "utf-8", newline=""
        )
    except OSError as error:
        print(say(lang, "cannot_write", path=path, why=error.strerror), file=sys.stderr)
        return False
    print(say(lang, "skeleton", path=path), file=sys.stderr)
    return True


def _open_contributions(result: Rollup, lang: Lang) -> list[tuple[Draft, str, str]]:
    """Every contribution that is not known; a table that a draft lacks altogether is one line."""
    from gouji.summing.words import say as reason

    out: list[tuple[Draft, str, str]] = []
    for draft in result.counted:
        own = [(c.address, f) for c in result.cells.values() for f in c.figures if f.draft is draft]
        for table in result.form_data.tables:
            of_table = [(a, f) for a, f in own if a.startswith(f"{table}.")]
            if of_table and all(f.value is None and f.how == "absent" for _, f in of_table):
                out.append((draft, f"{table}.*", reason(lang, "how_absent")))
                continue
            for address, figure in of_table:
                if figure.value is None:
                    printed = f"“{figure.printed}”" if figure.printed else ""
                    out.append((draft, address, f"{reason(lang, f'how_{figure.how}')}{printed}"))
    return out


# -- the summary ---------------------------------------------------------------------------------------------------


def summary(result: Rollup, against: Path | None = None, lang: Lang = "zh") -> list[str]:
    """What a person has to know of the sums, in lines."""
    return [
        *_who(result, lang),
        *_cells(result, lang),
        *(f"  {note.say(lang)}" for note in result.notes),
        *_compared(result, against, lang),
    ]


def _listed(lines: Sequence[str], lang: Lang) -> list[str]:
    return [*lines[:_MOST], *([say(lang, "more", n=len(lines) - _MOST)] if len(lines) > _MOST else [])]


def _who(result: Rollup, lang: Lang) -> Iterable[str]:
    from gouji.summing.words import say as reason

    issuer = result.issuer or say(lang, "unknown")
    yield say(lang, "title", issuer=issuer, year=result.year or "?", n=len(result.drafts), counted=len(result.counted))
    roles: dict[str, int] = {}
    for draft in result.counted:
        roles[draft.role or "department"] = roles.get(draft.role or "department", 0) + 1
    if roles:
        said = [say(lang, "role", role=reason(lang, f"role_{role}"), n=n) for role, n in roles.items()]
        yield say(lang, "roles", roles="、".join(said) if lang == "zh" else ", ".join(said))
    if "own" not in roles:
        yield say(lang, "no_own")
    for key, drafts in (("left_out", result.left_out), ("doubtful", result.doubtful)):
        if drafts:
            yield say(lang, key, n=len(drafts))
            # Nobody is left out without a word.
            yield from (f"  {d.name}（{d.file}）：{d.reason.say(lang)}" for d in drafts)
    if result.problems:
        yield say(lang, "problems", n=len(result.problems))
        yield from (f"  {p.message}" for p in result.problems)
    if result.missing:
        yield say(lang, "missing", n=len(result.missing), names="、".join(result.missing))
    broken = [d.name for d in result.counted if d.broken]
    if broken:
        yield say(lang, "broken", n=len(broken), names="、".join(broken))
    same = [f for f in result.findings if f.rule == "batch.duplicate"]
    if same:
        yield say(lang, "duplicates")
        yield from (f"  {f.message}" for f in same)


def _cells(result: Rollup, lang: Lang) -> Iterable[str]:
    if not result.counted:
        return
    groups: tuple[tuple[str, list[CellSum], tuple[str, ...]], ...] = (
        ("open", [c for c in result.cells.values() if c.open], ()),
        ("zero", result.zero_cells, ("as_zero",)),
        ("implied", [c for c in result.cells.values() if c.implied], ("implied",)),
    )
    for key, cells, hows in groups:
        if cells:
            yield say(lang, key, n=len(cells))
            yield from _listed(_by_draft(result, cells, hows, lang), lang)
    given = [c for c in result.cells.values() if c.adjustments or any(f.how == "given" for f in c.figures)]
    if given:
        yield say(lang, "given", n=len(given))
    if not result.open_cells and not result.zero_cells:
        yield say(lang, "complete")


def _by_draft(result: Rollup, cells: Sequence[CellSum], hows: tuple[str, ...], lang: Lang) -> list[str]:
    """A line for each draft and reason: its cells."""
    from gouji.summing.words import say as reason
    from gouji.summing.workbook import row_words

    form = result.form_data
    found: dict[tuple[str, str], list[str]] = {}
    for cell in cells:
        for figure in cell.figures:
            if figure.how in hows or (not hows and figure.value is None):
                row, column = row_words(form, cell.address)
                found.setdefault((figure.draft.name, figure.how), []).append(say(lang, "cells", row=row, column=column))
    lines = []
    for (name, how), names in found.items():
        some = "、".join(names[:3]) + (f"等 {len(names)} 格" if len(names) > 3 and lang == "zh" else "")
        if len(names) > 3 and lang == "en":
            some += f" and others, {len(names)} cells"
        lines.append(say(lang, "cell_line", cells=f"{name}：{some}" if lang == "zh" else f"{name}: {some}",
                         why=reason(lang, f"how_{how}")))  # fmt: skip
    return lines


def _compared(result: Rollup, against: Path | None, lang: Lang) -> Iterable[str]:
    if against is None or not result.counted:
        return
    found = [f for f in result.findings if f.rule in ("rollup.sum", "rollup.exceeds")]
    broken = [f for f in found if f.outcome == "broken"]
    unknown = sum(f.outcome == "not_assessable" for f in found)
    if broken:
        yield say(lang, "against", file=against.name, n=len(broken))
        yield from _listed([f"  {f.message}" for f in broken], lang)
    else:
        yield say(lang, "against_none", file=against.name)
    if not result.has_roster or result.missing or result.doubtful:
        yield say(lang, "against_lower")
    if unknown:
        yield say(lang, "against_unknown", n=unknown)
