"""`gouji extract`: what is in the documents.

Belongs here: the three ways of printing extractions. Does not belong here: reading (`parsers`), batches (`work`).
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from checks import rules
from gouji import console, outputs
from gouji.batch.read_files import read_all
from gouji.outputs import Target, harmless
from gouji.show.names import place_words, report_name
from gouji.words import Lang, say
from parsers.files.marks import CSV_HEADS
from schemas.facts import Extraction

HELP = "读出文件里的数 | what is in the documents"
EXAMPLE = """示例： | Example:
  gouji extract data/samples/洪泽区人民政府2023年政府信息公开工作年度报告.pdf
  gouji extract 年报文件夹 --format csv --output 数据.csv"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--format", choices=("json", "csv", "text"), default="json")
    parser.add_argument("--output", type=Path, metavar="FILE", help="写入文件（UTF-8） | write to a file")


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, or 2 if a file could not be read."""
    return extract(args.paths, output_format=args.format, output=args.output, lang=lang)


def extract(
    paths: Sequence[Path], *, output_format: str = "json", output: Path | None = None, lang: Lang = "zh"
) -> int:
    """Print what every file holds; returns 0, or 2 if a file could not be read. Raises `outputs.Refused`, OSError."""
    status = 0
    target = None if output is None else Target(output, "result")
    outputs.allow([target], paths, lang)

    def results() -> Iterator[Extraction]:
        nonlocal status
        for extraction in read_all(paths, lang, label=say(lang, "reading")):
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
    if output is not None:
        print(say(lang, "written", path=output), file=sys.stderr)
    return status


def _write_csv(stream: IO[str], extractions: Iterator[Extraction], *, to_file: bool) -> None:
    if to_file:
        stream.write("\ufeff")  # Excel takes a UTF-8 file without this mark for GBK
    writer = csv.writer(stream)
    writer.writerow(CSV_HEADS)
    for extraction in extractions:
        for report in extraction.reports:
            common = (extraction.source.path, report.issuer, report.year, report.scope, report.form)
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
        variant = f"（{report.variant}）" if report.variant else ""
        line = say(
            lang,
            "facts_line",
            facts=kinds["number"],
            blank=kinds["blank"],
            mark=kinds["mark"],
            text=kinds["text"],
            unresolved=len(report.unresolved),
        )
        form = say(lang, "form_line", form=report.form, variant=variant)
        stream.write(f"  {report_name(report, lang)} · {form} · {line}\n")
    for circular in extraction.circulars:
        stream.write(f"  通报 {circular.issuer or ''} {circular.title or ''}\n")
