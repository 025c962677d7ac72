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

from gouji import outputs
from gouji.outputs import Refused, Target
from gouji.show.names import quoted
from gouji.words import Lang, say
from parsers.files import marks

if TYPE_CHECKING:
    from gouji.summing import CellSum, Draft, Rollup

EXAMPLE = """示例： | Example:
  gouji rollup 各单位草稿 --roster 名单.xlsx --out 汇总.docx
  gouji rollup 各单位草稿 上报.zip --own 本机关.docx --choices 选择.csv --out 汇总.docx --workbook 汇总.xlsx
  gouji rollup 各单位草稿 --template 空表.docx --against 全县草稿.docx --out 汇总.docx"""
HELP = "把下级各单位的三张表逐格相加，填成汇总表 | add up the tables of all drafts, cell by cell"
# So many cells or names are listed on the screen; the workbook has them all.
_MOST = 12
# Contributions of a draft to a table that are one line of the choices.
_TOGETHER = ("absent", "not_zero", "blank_table")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="DRAFTS", help="草稿、文件夹或 zip | drafts, folders, zips"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.docx", help="写出的汇总表 | the summed form")
    parser.add_argument("--workbook", type=Path, metavar="FILE.xlsx", help="每一格来自哪些单位 | who contributed what")
    parser.add_argument("--own", type=Path, metavar="FILE", help="本机关的草稿 | the own office's draft")
    parser.add_argument("--template", type=Path, metavar="FILE.docx", help="填在这份空表里 | fill in this blank form")
    parser.add_argument(
        "--choices",
        type=Path,
        metavar="FILE",
        help="选择和调整（.csv 或 .xlsx）；没有这个文件就写一份待填的 | choices; written for you if there is none",
    )
    parser.add_argument("--against", type=Path, metavar="FILE", help="与已有的汇总草稿比对 | compare with this draft")
    parser.add_argument("--area", metavar="NAME", help="汇总的地区：名称或代码 | the area: name or code")
    parser.add_argument("--roster", type=Path, metavar="FILE", help="应汇总的单位名单 | who has to be there")


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Read, add up, write; returns 0, or 2 if something could not be read, decided or written."""
    from gouji.batch.sheets import SheetError
    from gouji.round.state import StateError
    from gouji.summing import ChoiceError, rollup

    if args.out.suffix.lower() != ".docx":
        print(say(lang, "docx_only", path=args.out), file=sys.stderr)
        return 2
    choices = args.choices if args.choices is not None and args.choices.exists() else None
    # A file of choices that is not there is written, to be filled in.
    skeleton = Target(args.choices, None) if args.choices is not None and choices is None else None
    workbook = Target(args.workbook, "workbook") if args.workbook is not None else None
    inputs = (*args.paths, args.own, args.against, args.template, args.roster, choices)
    outputs.allow((Target(args.out, "summed"), workbook, skeleton), inputs, lang)
    try:
        roster = _roster(args.roster)
        written = {p.resolve() for p in (args.out, args.workbook, args.choices, args.roster) if p is not None}
        result = rollup(
            args.paths,
            own=args.own,
            choices=choices,
            against=args.against,
            template=args.template,
            area=args.area,
            roster=roster.roster if roster is not None else None,
            excused=roster.excused if roster is not None else None,
            without=written,
            lang=lang,
        )
    except (ChoiceError, SheetError, StateError, LookupError) as error:
        print(error.args[0] if error.args else error, file=sys.stderr)
        return 2
    except OSError as error:
        print(say(lang, "no_access", path=error.filename, why=outputs.fault(error, lang)), file=sys.stderr)
        return 2
    why = _why_not_done(result)
    if not _write(args, result, lang):
        why.append("rollup.status_unwritten")
    for line in summary(result, args.against, lang, args.workbook):
        print(line)
    if args.choices is not None and choices is None and not _write_skeleton(args.choices, result, lang):
        why.append("rollup.status_unwritten")
    if why:
        said = dict.fromkeys(say(lang, key) for key in why)
        print(say(lang, "rollup.status", why=say(lang, "semicolon").join(said)), file=sys.stderr)
    return 2 if why else 0


def _why_not_done(result: Rollup) -> list[str]:
    """Why the sums are not done with, as keys of words; nothing for those that are."""
    found = {
        "incomplete": result.incomplete or bool(result.left_of_rounds),
        "beside": bool(result.beside) or len(result.problems) > len(result.unread) + len(result.beside),
        "open": bool(result.open_cells) and bool(result.counted),
        "notes": bool(result.notes),
        "by_choice": bool(result.broken_by_choice),
        "differs": any(f.outcome == "broken" and f.severity == "error" for f in result.findings),
    }
    return [f"rollup.status_{key}" for key, there in found.items() if there]


def _roster(path: Path | None) -> Any:
    if path is None:
        return None
    from gouji.batch.roster import load

    return load(path)


def _write(args: argparse.Namespace, result: Rollup, lang: Lang) -> bool:
    """Write the form and the workbook; whether all went well."""
    from gouji.summing import filling
    from gouji.word import official_form
    from parsers.document import UnreadableError

    if not result.counted:
        print(say(lang, "rollup.empty"), file=sys.stderr)
        return False
    well = True
    # By where its drafts lie: what is in them changes from one day to the next.
    origin = marks.origin((str(path), str(path.resolve())) for path in args.paths)
    try:
        if args.template is not None:
            content, notes = filling.filled(result, args.template)
            result.notes += notes
        elif official_form.can_draw(result.form_data):
            content = filling.drawn(result)
        else:
            print(say(lang, "rollup.cannot_draw", form=result.form), file=sys.stderr)
            return False
        for note in outputs.write(Target(args.out, "summed", origin), content, lang):
            print(note, file=sys.stderr)
        print(say(lang, "written", path=args.out), file=sys.stderr)
    except UnreadableError as error:
        print(error.message, file=sys.stderr)
        well = False
    except Refused as refused:
        print(refused, file=sys.stderr)
        well = False
    except OSError as error:
        print(outputs.cannot_write(error, args.out, lang), file=sys.stderr)
        well = False
    if args.workbook is not None:
        from gouji.summing import workbook

        try:
            content = workbook.content(result, lang)
            for note in outputs.write(Target(args.workbook, "workbook", origin), content, lang):
                print(note, file=sys.stderr)
            print(say(lang, "written", path=args.workbook), file=sys.stderr)
        except Refused as refused:
            print(refused, file=sys.stderr)
            well = False
        except OSError as error:
            print(outputs.cannot_write(error, args.workbook, lang), file=sys.stderr)
            well = False
    return well


def _write_skeleton(path: Path, result: Rollup, lang: Lang) -> bool:
    """Write the file of choices to be filled in, where there is something to choose; whether all went well."""
    from gouji.summing import choices

    waiting = bool(result.doubtful or result.open_cells or result.unread)
    # Nothing has to be chosen of them, and who wants to count one finds its line.
    by_rule = [d for d in result.left_out if d.reason.code in ("vertical", "roster_vertical")]
    if not waiting and not by_rule:
        print(say(lang, "rollup.no_choice", path=path), file=sys.stderr)
        return True
    try:
        text = choices.skeleton(result.doubtful, _open_contributions(result, lang), result.unread, by_rule)
        outputs.write(Target(path, None), text.encode(), lang)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return False
    except OSError as error:
        print(outputs.cannot_write(error, path, lang), file=sys.stderr)
        return False
    print(say(lang, "rollup.skeleton" if waiting else "rollup.skeleton_optional", path=path), file=sys.stderr)
    return True


def _open_contributions(result: Rollup, lang: Lang) -> list[tuple[Draft, str, str]]:
    """Every contribution that is not known, each cell by its name; the blanks of a draft are one line a table."""
    from gouji.show.named import name_of

    form = result.form_data
    out: list[tuple[Draft, str, str]] = []
    for draft in result.counted:
        own = [(c.address, f) for c in result.cells.values() for f in c.figures if f.draft is draft and f.value is None]
        for table in form.tables:
            of_table = [(a, f) for a, f in own if a.startswith(f"{table}.")]
            blank = [(a, f) for a, f in of_table if f.how in _TOGETHER]
            if len(blank) > 1:
                named = say(lang, "list_mark").join(name_of(a, form) for a, _ in blank[:3])
                which = named if len(blank) <= 3 else say(lang, "rollup.and_others", listed=named, n=len(blank))
                hows = dict.fromkeys(say(lang, f"rollup.how_{f.how}") for _, f in blank)
                why = say(lang, "semicolon").join(hows) + say(lang, "aside", text=which)
                out.append((draft, f"{form.tables[table].title}/*", why))
                of_table = [(a, f) for a, f in of_table if f.how not in _TOGETHER]
            for address, figure in of_table:
                printed = say(lang, "quoted", text=figure.printed) if figure.printed else ""
                out.append((draft, name_of(address, form), f"{say(lang, f'rollup.how_{figure.how}')}{printed}"))
    return out


# -- the summary ---------------------------------------------------------------------------------------------------


def summary(result: Rollup, against: Path | None = None, lang: Lang = "zh", workbook: Path | None = None) -> list[str]:
    """What a person has to know of the sums, in lines; what is too long for a screen stands in the ``workbook``."""
    return [
        *_who(result, lang),
        *_cells(result, lang, workbook),
        *(f"  {note.say(lang)}" for note in result.notes),
        *_compared(result, against, lang, workbook),
        # Last, where it is read: what is in no sum, however certain those of the others are.
        *_absent(result, lang),
    ]


def _listed(lines: Sequence[str], lang: Lang, workbook: Path | None, sheet: str = "") -> list[str]:
    if len(lines) <= _MOST:
        return list(lines)
    where = say(lang, "rollup.in_workbook", file=workbook.name) if workbook else say(lang, "rollup.with_workbook")
    if workbook and sheet:
        where += say(lang, "rollup.in_sheet", sheet=say(lang, f"rollup.sheet_{sheet}"))
    return [*lines[:_MOST], say(lang, "rollup.more", n=len(lines) - _MOST, where=where)]


def _who(result: Rollup, lang: Lang) -> Iterable[str]:
    if result.drafts:
        issuer = result.issuer or say(lang, "rollup.unknown")
        numbers = {"year": result.year or "?", "n": len(result.drafts), "counted": len(result.counted)}
        yield say(lang, "rollup.title", issuer=issuer, **numbers)
    else:
        yield say(lang, "rollup.nothing_read")
    roles: dict[str, int] = {}
    for draft in result.counted:
        roles[draft.role or "department"] = roles.get(draft.role or "department", 0) + 1
    yield from (*result.of_rounds, *result.left_of_rounds)
    if roles:
        said = [say(lang, "rollup.role", role=say(lang, f"rollup.role_{role}"), n=n) for role, n in roles.items()]
        yield say(lang, "rollup.roles", roles=say(lang, "list_mark").join(said))
    if "own" not in roles and result.drafts:
        yield say(lang, "rollup.no_own")
    for key, drafts in (("left_out", result.left_out), ("doubtful", result.doubtful)):
        if drafts:
            yield say(lang, f"rollup.{key}", n=len(drafts))
            # Nobody is left out without a word.
            yield from (f"  {d.name}（{d.file}）：{d.reason.say(lang)}" for d in drafts)
            yield from _how_to_place(result, drafts, lang)
    if result.problems:
        yield say(lang, "rollup.problems", n=len(result.problems))
        yield from (f"  {p.message}" for p in result.problems)
    if result.missing:
        sent = {a.office: a.file for a in result.absent if a.file}
        names = [n + (say(lang, "aside", text=sent[n]) if n in sent else "") for n in result.missing]
        yield say(lang, "rollup.missing", n=len(names), names=say(lang, "list_mark").join(names))
    if result.excused:
        named = [name + say(lang, "aside", text=remark) for name, remark in result.excused.items()]
        yield say(lang, "rollup.excused", n=len(named), names=say(lang, "list_mark").join(named))
    if result.by_rule:
        yield say(lang, "rollup.by_rule", n=len(result.by_rule), names=say(lang, "list_mark").join(result.by_rule))
    yield from _by_others(result, lang)
    outside = [d for d in result.counted if d.reason.code == "roster_outside"]
    if outside:
        yield say(lang, "rollup.by_roster", n=len(outside))
        yield from (f"  {d.name}（{d.file}）：{d.reason.say(lang)}" for d in outside)
    broken = [d.name for d in result.counted if d.broken]
    if broken:
        yield say(lang, "rollup.broken", n=len(broken), names="、".join(broken))
    from gouji.summing import doubts

    yield from doubts.lines(result, lang, _MOST)
    same = [f for f in result.findings if f.rule == "batch.duplicate"]
    if same:
        yield say(lang, "rollup.duplicates")
        yield from (f"  {f.message}" for f in same)


def _how_to_place(result: Rollup, drafts: Sequence[Draft], lang: Lang) -> Iterable[str]:
    """Which option settles whose names say no area."""
    from gouji.summing import members

    unplaced = [d for d in drafts if d.reason.code == "no_place"]
    if result.has_roster or not unplaced:
        return
    by_area = members.settled_by_area(unplaced, result)
    yield say(lang, f"rollup.no_place_{'how' if by_area else 'roster'}", area=by_area)


def _by_others(result: Rollup, lang: Lang) -> Iterable[str]:
    """Townships that count for their neighbours' sake."""
    found = [d for d in result.counted if d.reason.code == "township_by_others"]
    if found:
        names = say(lang, "list_mark").join(d.name for d in found)
        yield say(lang, "rollup.by_others", n=len(found), area=found[0].reason.values["area"], names=names)


def _cells(result: Rollup, lang: Lang, workbook: Path | None) -> Iterable[str]:
    if not result.counted:
        return
    groups: tuple[tuple[str, list[CellSum], tuple[str, ...]], ...] = (
        ("open", [c for c in result.cells.values() if c.open], ()),
        ("zero", result.zero_cells, ("as_zero",)),
        ("implied", [c for c in result.cells.values() if c.implied], ("implied",)),
    )
    for key, cells, hows in groups:
        if cells:
            yield say(lang, f"rollup.{key}", n=len(cells))
            yield from _listed(_by_draft(result, cells, hows, lang), lang, workbook)
    if result.replaced:
        yield say(lang, "rollup.replaced", n=len(result.replaced))
        yield from _listed(_replacements(result, lang), lang, workbook)
    given = [c for c in result.cells.values() if c.adjustments or any(f.how == "given" for f in c.figures)]
    if given:
        yield say(lang, "rollup.given", n=len(given))
    if result.broken:
        names = say(lang, "list_mark").join(result.broken[:_MOST])
        yield say(lang, "rollup.result_broken", n=len(result.broken), names=names)
        if named := [n or say(lang, "rollup.adjusted_alone") for n in result.broken_by_choice]:
            yield say(lang, "rollup.broken_by_choice", names=say(lang, "list_mark").join(named))
    elif not result.open_cells and not result.zero_cells and not result.incomplete:
        yield say(lang, "rollup.complete")


def _absent(result: Rollup, lang: Lang) -> Iterable[str]:
    from gouji.summing import absent

    told = absent.notice(result, lang)
    if told is None or not result.counted or not result.incomplete:
        return
    names = [
        a.named(lang) + (say(lang, "aside", text=a.reason(lang)) if a.kind == "blank" else "")
        for a in result.absent
        if a.kind != "by_line"
    ]
    more = say(lang, "and_files", n=len(names)) if len(names) > _MOST else ""
    yield say(lang, "rollup.short", n=len(names), files=say(lang, "list_mark").join(names[:_MOST]) + more)
    yield told.todo


def _replacements(result: Rollup, lang: Lang) -> list[str]:
    """What a draft prints and what was taken instead, in a line each."""
    from gouji.summing.workbook import row_words

    lines = []
    for address, figure in result.replaced:
        row, column = row_words(result.form_data, address)
        cell = say(lang, "cell", row=quoted(row, lang), column=quoted(column, lang))
        line = figure.choice.line if figure.choice else 0
        said = {"draft": figure.draft.name, "cell": cell, "was": figure.printed.strip(), "value": figure.value}
        lines.append(say(lang, "rollup.replaced_line", line=line, **said))
    return lines


def _by_draft(result: Rollup, cells: Sequence[CellSum], hows: tuple[str, ...], lang: Lang) -> list[str]:
    """A line for each draft and reason: its cells."""
    from gouji.summing.workbook import row_words

    form = result.form_data
    found: dict[tuple[str, str], list[str]] = {}
    for cell in cells:
        for figure in cell.figures:
            if figure.how in hows or (not hows and figure.value is None):
                row, column = row_words(form, cell.address)
                found.setdefault((figure.draft.name, figure.how), []).append(
                    say(lang, "rollup.cells", row=row, column=column)
                )
    lines = []
    for (name, how), names in found.items():
        listed = say(lang, "list_mark").join(names[:3])
        some = listed if len(names) <= 3 else say(lang, "rollup.and_others", listed=listed, n=len(names))
        where = name + say(lang, "colon") + some
        lines.append(say(lang, "rollup.cell_line", cells=where, why=say(lang, f"rollup.how_{how}")))
    return lines


def _compared(result: Rollup, against: Path | None, lang: Lang, workbook: Path | None) -> Iterable[str]:
    if against is None or not result.counted:
        return
    found = [f for f in result.findings if f.rule in ("rollup.sum", "rollup.exceeds")]
    broken = [f for f in found if f.outcome == "broken"]
    unknown = sum(f.outcome == "not_assessable" for f in found)
    if broken:
        yield say(lang, "rollup.against", file=against.name, n=len(broken))
        yield from _listed([f"  {f.message}" for f in broken], lang, workbook, "against")
        if result.taken_in:
            yield say(lang, "rollup.taken_in", names=say(lang, "list_mark").join(result.taken_in))
    elif result.whole:
        yield say(lang, "rollup.against_none", file=against.name)
    if not result.whole:
        why = say(lang, "rollup.bound_not_all" if result.has_roster else "rollup.bound_no_roster")
        above = say(lang, "rollup.above" if result.above else "rollup.above_none", n=len(result.above))
        key = "rollup.against_bound" if broken else "rollup.against_bound_none"
        yield say(lang, key, file=against.name, why=why, above=above)
        yield from _listed([f"  {f.message}" for f in result.above], lang, workbook, "against")
    if unknown:
        yield say(lang, "rollup.against_unknown", n=unknown)
