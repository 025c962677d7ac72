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

from gouji import console
from gouji.words import Lang
from gouji.words import say as say_common
from schemas import forms
from schemas.facts import Fact, Place, Report

if TYPE_CHECKING:
    from schemas.identities import Equation

EXAMPLE = """示例 example:
  gouji prefill 2024年年报.docx --out 2025年草稿.docx
  gouji prefill --sentences 2025年定稿.docx"""
HELP = "由去年的年报起草今年的，或按定稿的表写第一部分 begin the next draft, or write section one"

_WORDS: dict[str, tuple[str, str]] = {
    "nothing": ("请给出去年的年报，或用 --sentences 给出定稿。", "give last year's report, or a finished draft with --sentences."),
    "no_out": ("请用 --out 写明草稿写到哪里。", "say with --out where the draft goes."),
    "begun": ("{issuer} {year} 年草稿：已填 {n} 格（上年结转，现行有效件数）。",
              "{issuer} {year}: {n} cells filled in (carried over, in force)."),
    "left": ("有 {n} 格去年没有可用的数，留空：{cells}", "{n} cells left empty for lack of a figure last year: {cells}"),
    "doubtful": ("注意：去年报告里与结转有关的合计不成立，请核对：{names}",
                 "note: sums of last year's report about what was carried do not hold: {names}"),
    "of_row": ("{label}行{rule}", "row {label}: {rule}"),
    "of_column": ("{label}列{rule}", "column {label}: {rule}"),
    "broken": ("注意：表里有 {n} 处合计不成立，句子里的数可能要改，请先核对（gouji check）。",
               "note: {n} sums of the tables do not hold; check the draft first."),
    "unwritten": ("有的数空白或读不准，与之有关的句子没有写：{cells}", "blank or unread, and so not written about: {cells}"),
    "no_sentence": ("表里没有可以写成句子的数。", "the tables have no figures to write about."),
}  # fmt: skip
_MOST = 6


def say(lang: Lang, key: str, **values: object) -> str:
    return _WORDS[key][0 if lang == "zh" else 1].format(**values)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("last", nargs="?", type=Path, metavar="LAST", help="去年的年报 last year's report")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="写出的草稿（.docx），或句子 the draft, or the sentences"
    )
    parser.add_argument("--year", type=int, metavar="YEAR", help="新报告的年度 the new report's year")
    parser.add_argument(
        "--sentences", type=Path, metavar="FINISHED", help="按这份定稿的表写第一部分 write section one from its tables"
    )


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 if something could not be read or written."""
    from gouji.drafting.prefill import PrefillError

    if args.last is None and args.sentences is None:
        print(say(lang, "nothing"), file=sys.stderr)
        return 2
    if args.last is not None and args.out is None:
        print(say(lang, "no_out"), file=sys.stderr)
        return 2
    if args.last is not None and args.out.suffix.lower() != ".docx":
        print(say_common(lang, "docx_only", path=args.out), file=sys.stderr)
        return 2
    if (obstacle := console.obstacle(args.out)) is not None:
        why = obstacle.strerror or type(obstacle).__name__
        print(say_common(lang, "cannot_write", path=obstacle.filename, why=why), file=sys.stderr)
        return 2
    try:
        if args.last is not None:
            _begin(args.last, args.out, args.year, lang)
        if args.sentences is not None:
            _write_sentences(args.sentences, None if args.last is not None else args.out, lang)
    except PrefillError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(say_common(lang, "no_access", path=error.filename, why=error.strerror), file=sys.stderr)
        return 2
    return 0


def _cells(addresses: Sequence[str], form: str, lang: Lang) -> str:
    """Cells in the form's words, whole rows and columns as such."""
    from gouji.show.causes import cells_in_words

    # With every cell of the form there, so that a whole row is known for one.
    there = [Fact(a, None, "blank", "", None, Place(), "cells") for a in forms.load(form).addresses()]
    lines = cells_in_words(Report("", form=form, facts=there), addresses, lang)
    more = f"……（{len(lines)}）" if len(lines) > _MOST else ""
    return say_common(lang, "semicolon").join(lines[:_MOST]) + more


def _equations(found: Sequence[Equation], form: str, lang: Lang) -> str:
    """Sums in words: which column or row, and what of it does not hold."""
    from gouji.show.causes import rule_name
    from gouji.show.names import Names, quoted

    names = Names(Report("", form=form), lang)
    words = []
    for e in found:
        key = "of_row" if e.row else "of_column"
        label = names.short_row(e.table, e.row) if e.row else names.column(e.table, e.column)
        words.append(say(lang, key, label=quoted(label, lang), rule=rule_name(e.rule, lang)))
    return say_common(lang, "list_mark").join(words)


def _begin(last: Path, out: Path, year: int | None, lang: Lang) -> None:
    from gouji.drafting.prefill import prefill, read_report

    made = prefill(read_report(last), year)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(made.content)
    print(say(lang, "begun", issuer=made.issuer, year=made.year, n=len(made.carried)))
    if made.left:
        print(say(lang, "left", n=len(made.left), cells=_cells(made.left, made.form, lang)))
    if made.doubtful:
        print(say(lang, "doubtful", names=_equations(made.doubtful, made.last_form, lang)))
    print(say_common(lang, "written", path=out), file=sys.stderr)


def _write_sentences(finished: Path, out: Path | None, lang: Lang) -> None:
    from gouji.drafting.prefill import read_report, written
    from gouji.summing.figures import broken

    report = read_report(finished)
    result = written(report)
    wrong = broken(report)
    if wrong:
        print(say(lang, "broken", n=len(wrong)), file=sys.stderr)
    if result.left_out:
        print(say(lang, "unwritten", cells=_cells(result.left_out, report.form, lang)), file=sys.stderr)
    if not result.paragraphs:
        print(say(lang, "no_sentence"), file=sys.stderr)
    with console.output(out) as stream:
        for paragraph in result.paragraphs:
            stream.write(f"{paragraph.text}\n")
    if out is not None:
        print(say_common(lang, "written", path=out), file=sys.stderr)
