"""`gouji prefill`: begin the next draft, or write section 一 of a finished one.

Belongs here: arguments, where the result goes, what is said about it. Does not belong here: what stands in it (`prefill`,
`sentences`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gouji import outputs
from gouji.outputs import Target
from gouji.words import Lang, say
from parsers.files import marks
from parsers.files.paths import actual
from schemas import forms
from schemas.facts import Extraction, Fact, Place, Report

if TYPE_CHECKING:
    from gouji.drafting.prefill import Prefilled
    from schemas.identities import Equation

EXAMPLE = """示例： | Example:
  gouji prefill 2024年年报.docx --out 2025年草稿.docx
  gouji prefill 2024年报 --out 2025年草稿（文件夹：每个单位各起草一份）
  gouji prefill --sentences 2025年定稿.docx"""
HELP = "由去年的年报起草今年的，或按定稿的表写第一部分 | begin the next draft, or write section one"
_MOST = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "last", nargs="?", type=Path, metavar="LAST", help="去年的年报：文件，或文件夹 | last year's: file or folder"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE|DIR",
        help="写出的草稿（.docx）、文件夹，或句子 | the draft, a folder of them, the sentences",
    )
    parser.add_argument("--year", type=int, metavar="YEAR", help="新报告的年度 | the new report's year")
    parser.add_argument(
        "--sentences",
        type=Path,
        metavar="FINISHED",
        help="按这份定稿的表写第一部分 | write section one from its tables",
    )


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 if something could not be read or written."""
    from gouji.drafting.prefill import PrefillError

    if args.last is None and args.sentences is None:
        print(say(lang, "prefill.nothing"), file=sys.stderr)
        return 2
    if args.last is not None and args.out is None:
        print(say(lang, "prefill.no_out"), file=sys.stderr)
        return 2
    of_folder = args.last is not None and args.last.is_dir()
    wanted = _wanted(args.last, args.out, lang) if args.last is not None else None
    if wanted is not None:
        print(wanted, file=sys.stderr)
        return 2
    # A folder whose name is a document's was not meant as one.
    into = of_folder or (args.last is not None and args.out.is_dir() and args.out.suffix.lower() != ".docx")
    draft = Target(args.out, "draft") if args.last is not None and not into else None
    # Sentences are copied into a draft: they carry no mark, and a file that is there stays.
    text = Target(args.out, None) if args.last is None and args.out is not None else None
    outputs.allow((draft, text), (args.last, args.sentences), lang)
    status = 0
    try:
        if draft is not None:
            _begin(args.last, draft, args.year, lang)
        elif into:
            status = _begin_all(args.last, args.out, args.year, lang)
        if args.sentences is not None:
            _write_sentences(args.sentences, text, lang)
    except PrefillError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(say(lang, "no_access", path=error.filename, why=outputs.fault(error, lang)), file=sys.stderr)
        return 2
    return status


def _wanted(last: Path, out: Path, lang: Lang) -> str | None:
    """What is wrong with where the drafts are to go; None where nothing is."""
    if not last.is_dir():
        return None if out.is_dir() or out.suffix.lower() == ".docx" else say(lang, "docx_only", path=out)
    if out.is_file() or out.suffix.lower() in (".docx", ".doc"):
        return say(lang, "prefill.out_folder", path=last)
    # Drafts among last year's reports would be taken for them next time.
    if out.resolve().is_relative_to(last.resolve()):
        return say(lang, "prefill.out_inside", path=out)
    return None


def _cells(addresses: Sequence[str], form: str, lang: Lang) -> str:
    """Cells in the form's words, whole rows and columns as such."""
    from gouji.show.causes import cells_in_words

    # With every cell of the form there, so that a whole row is known for one.
    there = [Fact(a, None, "blank", "", None, Place(), "cells") for a in forms.load(form).addresses()]
    lines = cells_in_words(Report("", form=form, facts=there), addresses, lang)
    more = f"……（{len(lines)}）" if len(lines) > _MOST else ""
    return say(lang, "semicolon").join(lines[:_MOST]) + more


def _equations(found: Sequence[Equation], form: str, lang: Lang) -> str:
    """Sums in words: which column or row, and what of it does not hold."""
    from gouji.show.causes import rule_name
    from gouji.show.names import Names, quoted

    names = Names(Report("", form=form), lang)
    words = []
    for e in found:
        key = "prefill.of_row" if e.row else "prefill.of_column"
        label = names.short_row(e.table, e.row) if e.row else names.column(e.table, e.column)
        words.append(say(lang, key, label=quoted(label, lang), rule=rule_name(e.rule, lang)))
    return say(lang, "list_mark").join(words)


def _begin(last: Path, out: Target, year: int | None, lang: Lang) -> None:
    from gouji.drafting.prefill import prefill, read_report

    made = prefill(read_report(last), year)
    for note in outputs.write(_from(last, out.path, made), made.content, lang):
        print(note, file=sys.stderr)
    print(say(lang, "prefill.begun", issuer=made.issuer, year=made.year, n=len(made.carried)))
    if made.noted:
        print(say(lang, "prefill.noted", n=len(made.noted), year=made.year - 1))
    _tell_left(made, lang)
    print(say(lang, "written", path=out.path), file=sys.stderr)


def _from(last: Path, out: Path, made: Prefilled) -> Target:
    """The draft as an output that knows from which report it was begun."""
    from hashlib import sha256

    return Target(out, "draft", marks.origin([(str(last), sha256(made.content).hexdigest())]))


def _tell_left(made: Prefilled, lang: Lang, of: str = "") -> None:
    """Cells for which last year had no figure, and sums of last year's that do not hold."""
    before = f"{of}{say(lang, 'colon')}" if of else ""
    if made.left:
        cells = _cells(made.left, made.form, lang)
        print(before + say(lang, "prefill.left", n=len(made.left), cells=cells))
    if made.doubtful:
        print(before + say(lang, "prefill.doubtful", names=_equations(made.doubtful, made.last_form, lang)))


def _begin_all(last: Path, out: Path, year: int | None, lang: Lang) -> int:
    """A draft for every report of a folder; returns 2 where one could not be begun, or stays because somebody works in it."""
    from gouji.batch.read_files import read_all
    from gouji.drafting.prefill import PrefillError, prefill, the_report
    from gouji.round.chosen import of_round
    from gouji.round.state import StateError

    try:
        chosen = of_round(last, lang)
    except StateError as error:
        raise PrefillError(str(error)) from error
    given = chosen.files if chosen is not None else [last]
    outputs.allow_folder(out, lang)
    begun, stays, problems = 0, [], []
    taken: set[Path] = set()
    everything = list(read_all(given, lang, label=say(lang, "prefill.reading")))
    if chosen is not None:
        chosen.stand_in(everything, lang)
    for note in (*chosen.notes, *chosen.left) if chosen is not None else ():
        print(note, file=sys.stderr)
    passed_over = _passed_over(everything, year, lang, chosen=chosen is not None)
    for extraction in everything:
        name = Path(extraction.source.path).name
        if (why := passed_over.get(extraction.source.path)) is not None:
            problems.append(f"{name}{say(lang, 'colon')}{why}")
            continue
        try:
            made = prefill(the_report(extraction, name), year)
        except PrefillError as error:
            problems.append(str(error) if name in str(error) else f"{name}：{error}")
            continue
        path = out / _file_name(made.issuer or Path(name).stem, made.year, lang)
        if path in taken:
            problems.append(say(lang, "prefill.twice", file=name, path=path.name))
            continue
        taken.add(path)
        mark = marks.of(path.read_bytes()) if path.exists() else None
        if path.exists() and (mark is None or mark.kind != "draft" or not mark.written):
            stays.append(path.name)
            continue
        for note in outputs.write(_from(Path(extraction.source.path), path, made), made.content, lang):
            print(note, file=sys.stderr)
        begun += 1
        if made.left or made.doubtful:
            _tell_left(made, lang, path.name)
    print(say(lang, "prefill.begun_all", n=begun, path=out))
    for key, names in (("prefill.stays", stays), ("prefill.not_begun", problems)):
        if names:
            print(say(lang, key, n=len(names)), file=sys.stderr)
            print("\n".join(f"  {each}" for each in names), file=sys.stderr)
    return 2 if stays or problems or not begun else 0


def _passed_over(everything: Sequence[Extraction], year: int | None, lang: Lang, *, chosen: bool) -> dict[str, str]:
    """Files of a folder that no draft is begun from, and why: of another year than most, an office's older version.

    ``chosen``: a round has chosen among versions already.
    """
    from collections import Counter

    from gouji.round.versions import Version, order
    from schemas.bodies import body_of

    reports = [(e, r) for e in everything for r in e.reports if r.facts]
    years = Counter(r.year for _, r in reports if r.year is not None)
    wanted = year - 1 if year is not None else max(years, key=lambda y: (years[y], y)) if years else None
    out: dict[str, str] = {}
    versions: dict[tuple[object, ...], list[Version]] = {}
    for each, report in reports:
        path = each.source.path
        if report.year is not None and report.year != wanted:
            out[path] = say(lang, "prefill.other_year", year=report.year, wanted=wanted)
        elif not chosen and (body := body_of(report.identity)) is not None:
            file = actual(Path(path))
            modified = file.stat().st_mtime if file.is_file() else None
            version = Version(path, each.source.sha256, 1, report.published, modified)
            versions.setdefault((body.key or body.printed, report.scope), []).append(version)
    out |= _elsewhere([(e, r) for e, r in reports if e.source.path not in out], lang)
    for several in versions.values():
        newest = order(several).newest if len({v.path for v in several}) > 1 else None
        for version in several if newest is not None else ():
            if newest is not None and version.path != newest.path:
                out[version.path] = say(lang, "prefill.older", newest=Path(newest.path).name)
    return out


def _elsewhere(reports: Sequence[tuple[Extraction, Report]], lang: Lang) -> dict[str, str]:
    """Files whose reports are of another place than nearly all of the folder, and what is said of them."""
    from checks.batch_rules import Batch
    from checks.rules import rule
    from checks.together_rules import odd_place

    odd = {
        f.report_id for f in odd_place(rule("batch.place"), Batch([r for _, r in reports], None, None, "draft", lang))
    }
    return {
        e.source.path: say(lang, "prefill.other_place", issuer=r.issuer_printed or r.issuer)
        for e, r in reports
        if r.report_id in odd
    }


def _file_name(issuer: str, year: int, lang: Lang) -> str:
    from gouji.batch.slips import REFUSED

    return REFUSED.sub("_", say(lang, "prefill.file", issuer=issuer, year=year))[:120] + ".docx"


def _write_sentences(finished: Path, out: Target | None, lang: Lang) -> None:
    from gouji.drafting.prefill import read_report, written
    from gouji.summing.figures import broken

    report = read_report(finished)
    result = written(report)
    wrong = broken(report)
    if wrong:
        print(say(lang, "prefill.broken", n=len(wrong)), file=sys.stderr)
    if result.left_out:
        print(say(lang, "prefill.unwritten", cells=_cells(result.left_out, report.form, lang)), file=sys.stderr)
    if not result.paragraphs:
        print(say(lang, "prefill.no_sentence"), file=sys.stderr)
    with outputs.results(out, "text", lang) as stream:
        for paragraph in result.paragraphs:
            stream.write(f"{paragraph.text}\n")
    if out is not None:
        print(say(lang, "written", path=out.path), file=sys.stderr)
