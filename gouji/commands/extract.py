"""`gouji extract`: what is in the documents.

Belongs here: the three ways of printing extractions. Does not belong here: reading (`parsers`), batches (`work`).
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from checks import rules
from gouji import console, outputs
from gouji.batch.read_files import read_all
from gouji.outputs import Target, harmless
from gouji.show.names import form_words, place_words, report_name
from gouji.words import Lang, say
from parsers.files.marks import CSV_HEADS
from schemas.facts import Extraction

if TYPE_CHECKING:
    from gouji.round.chosen import Chosen

HELP = "读出文件里的数 | what is in the documents"
EXAMPLE = """示例： | Example:
  gouji extract data/samples/洪泽区人民政府2023年政府信息公开工作年度报告.pdf
  gouji extract 年报文件夹 --format csv --output 数据.csv
  gouji extract 2025年报 --chosen --format csv --output 数据.csv    一轮的文件夹：只要采用的各稿 | a round: what counts"""

# So many offices are named of which several files are exported.
_MOST = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--format", choices=("json", "csv", "text"), default="json")
    parser.add_argument(
        "--chosen", action="store_true", help="一轮的文件夹只读采用的各稿 | of a round what counts only"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="写入文件（UTF-8） | write to a file")


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 if a file could not be read."""
    from gouji.round.state import StateError

    try:
        return extract(args.paths, output_format=args.format, output=args.output, chosen=args.chosen, lang=lang)
    except StateError as error:
        print(error, file=sys.stderr)
        return 2


def extract(
    paths: Sequence[Path],
    *,
    output_format: str = "json",
    output: Path | None = None,
    chosen: bool = False,
    lang: Lang = "zh",
) -> int:
    """Print what every file holds, of a round with ``chosen`` what counts; returns 0, or 2 if a file could not be read.

    Raises `outputs.Refused`, `round.state.StateError`, OSError.
    """
    status = 0
    # By office and year: several files are several drafts, and a sum over all of them counts it more than once.
    drafts: Counter[tuple[str, int | None, str]] = Counter()
    target = None if output is None else Target(output, "result")
    outputs.allow([target], paths, lang)

    rounds = [_round(path, lang) if chosen else None for path in paths]
    given = [f for path, of_one in zip(paths, rounds, strict=True) for f in (of_one.files if of_one else [path])]

    def results() -> Iterator[Extraction]:
        nonlocal status
        for extraction in read_all(given, lang, label=say(lang, "reading")):
            for of_one in rounds:
                if of_one is not None:
                    of_one.stand_in([extraction], lang)
            drafts.update(
                {(r.issuer, r.year, r.scope) for r in extraction.reports if r.issuer and r.period == "year" and r.facts}
            )
            # Importing the rules themselves would cost a start more than this.
            extraction.versions["rules"] = rules.version()
            if extraction.problems:
                status = 2
                for problem in extraction.problems:
                    print(problem.message, file=sys.stderr)
            yield extraction

    with outputs.results(target, output_format, lang) as stream:
        if output_format == "json":
            console.write_json_list(stream, (e.to_json() for e in results()))
        elif output_format == "csv":
            _write_csv(stream, results(), to_file=output is not None)
        else:
            for extraction in results():
                _write_text(stream, extraction, lang)
    for of_one in rounds:
        for line in (*of_one.notes, *of_one.left) if of_one is not None else ():
            print(line, file=sys.stderr)
    if more := sum(n - 1 for n in drafts.values()):
        names = [name for (name, *_), n in drafts.items() if n > 1]
        offices = say(lang, "list_mark").join(names[:_MOST])
        offices += say(lang, "and_files", n=len(names)) if len(names) > _MOST else ""
        print(say(lang, "extract_twice", n=more, offices=offices), file=sys.stderr)
    if output is not None:
        print(say(lang, "written", path=output), file=sys.stderr)
    return status


def _round(path: Path, lang: Lang) -> Chosen | None:
    from gouji.round.chosen import of_round

    return of_round(path, lang)


def _write_csv(stream: IO[str], extractions: Iterator[Extraction], *, to_file: bool) -> None:
    if to_file:
        stream.write("\ufeff")  # Excel takes a UTF-8 file without this mark for GBK
    writer = csv.writer(stream)
    writer.writerow(CSV_HEADS)
    for extraction in extractions:
        for report in extraction.reports:
            common = (extraction.source.path, report.issuer, report.year, report.scope, report.form_said)
            for fact in report.facts:
                cell = fact.to_json()
                place = place_words(fact.place, "zh")
                read = (fact.address, fact.kind, cell["value"], fact.unit, fact.printed, fact.method, place)
                writer.writerow(harmless((*common, *read)))
            for unread in report.unresolved:
                place = place_words(unread.place, "zh")
                left = (unread.address, "unresolved", None, None, unread.printed, unread.reason, place)
                writer.writerow(harmless((*common, *left)))


def _write_text(stream: IO[str], extraction: Extraction, lang: Lang) -> None:
    stream.write(f"{extraction.source.path}\n")
    for report in extraction.reports:
        kinds = {k: sum(f.kind == k for f in report.facts) for k in ("number", "blank", "mark", "text")}
        variant = f"（{report.variant}）" if report.variant_said else ""
        line = say(
            lang,
            "facts_line",
            facts=kinds["number"],
            blank=kinds["blank"],
            mark=kinds["mark"],
            text=kinds["text"],
            unresolved=len(report.unresolved),
        )
        form = say(lang, "form_line", form=form_words(report, lang), variant=variant)
        stream.write(f"  {report_name(report, lang)} · {form} · {line}\n")
    for circular in extraction.circulars:
        stream.write(f"  通报 {circular.issuer or ''} {circular.title or ''}\n")
