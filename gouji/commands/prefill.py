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
from schemas import forms
from schemas.facts import Fact, Place, Report

if TYPE_CHECKING:
    from schemas.identities import Equation

EXAMPLE = """示例 example:
  gouji prefill 2024年年报.docx --out 2025年草稿.docx
  gouji prefill --sentences 2025年定稿.docx"""
HELP = "由去年的年报起草今年的，或按定稿的表写第一部分 begin the next draft, or write section one"
_MOST = 6


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
        print(say(lang, "prefill.nothing"), file=sys.stderr)
        return 2
    if args.last is not None and args.out is None:
        print(say(lang, "prefill.no_out"), file=sys.stderr)
        return 2
    if args.last is not None and args.out.suffix.lower() != ".docx":
        print(say(lang, "docx_only", path=args.out), file=sys.stderr)
        return 2
    draft = Target(args.out, "draft") if args.last is not None else None
    # Sentences are copied into a draft: they carry no mark, and a file that is there stays.
    text = Target(args.out, None) if args.last is None and args.out is not None else None
    outputs.allow((draft, text), (args.last, args.sentences), lang)
    try:
        if draft is not None:
            _begin(args.last, draft, args.year, lang)
        if args.sentences is not None:
            _write_sentences(args.sentences, text, lang)
    except PrefillError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(say(lang, "no_access", path=error.filename, why=error.strerror), file=sys.stderr)
        return 2
    return 0


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
    outputs.write(out, made.content, lang)
    print(say(lang, "prefill.begun", issuer=made.issuer, year=made.year, n=len(made.carried)))
    if made.left:
        print(say(lang, "prefill.left", n=len(made.left), cells=_cells(made.left, made.form, lang)))
    if made.doubtful:
        print(say(lang, "prefill.doubtful", names=_equations(made.doubtful, made.last_form, lang)))
    print(say(lang, "written", path=out.path), file=sys.stderr)


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
