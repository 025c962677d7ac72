"""The command `debug`: why does a page of a PDF read as it does?

Belongs here: arguments, what is told in words beside the picture. Does not belong here: drawing (`show.seen`), seeing
(`parsers.readers.pdf`).
"""

from __future__ import annotations

import argparse
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from gouji import outputs
from gouji.words import Lang, say

if TYPE_CHECKING:
    from gouji.show.seen import Seen

HELP = "画出读取程序在 PDF 某页看到的内容 | what the reader saw on a page of a PDF"
EXAMPLE = """示例： | Example:
  gouji debug 年报.pdf --page 4
  gouji debug 年报.pdf --page 4 --out 第4页.png"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="PDF 文件 | a PDF")
    parser.add_argument(
        "--page", type=int, default=1, metavar="N", help="第几页，从 1 数起 | which page, from 1 (default 1)"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE.png", help="图的位置（默认在当前目录） | where the picture goes"
    )


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0 where the page was drawn, 2 where there is no such page or file."""
    return debug(args.file, args.page, args.out, lang)


def debug(path: Path, number: int, out: Path | None = None, lang: Lang = "zh") -> int:
    """Draw page ``number`` (from 1) of a PDF, and tell its cells on stdout. Raises `outputs.Refused` and OSError."""
    from gouji.batch.files import content
    from gouji.show import seen
    from parsers import extract
    from parsers.document import UnreadableError
    from parsers.files import sniff
    from parsers.readers import pdf

    try:
        data = content(path)
        if (media_type := sniff.sniff(data, path.name)) != "application/pdf":
            print(say(lang, "debug.no_pdf", path=path, media_type=media_type), file=sys.stderr)
            return 2
        pages: list[pdf.PageContent] = []
        document = pdf.read(data, path.name, seen=pages)
    except OSError as error:
        print(say(lang, "no_access", path=path, why=outputs.fault(error, lang)), file=sys.stderr)
        return 2
    except UnreadableError as error:
        print(error.message, file=sys.stderr)
        return 2
    for problem in document.problems:
        print(problem.message, file=sys.stderr)
    last = max(page.printed_number for page in pages)
    if not 1 <= number <= last:
        print(say(lang, "debug.no_page", path=path, page=number, pages=last), file=sys.stderr)
        return 2
    target = outputs.Target(out if out is not None else _free(Path(f"{path.stem}.p{number}.png")), None)
    outputs.allow([target], [path], lang)
    found = seen.on_page(number, pages, document, extract(path, data).reports)
    outputs.write(target, seen.drawn(data, found), lang)
    _tell(found, lang)
    print(say(lang, "debug.written", path=target.path))
    return 0


def _free(path: Path) -> Path:
    """A name that nothing has."""
    free, number = path, 1
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}.{number}{path.suffix}")
    return free


def _tell(found: Seen, lang: Lang) -> None:
    counts = {
        "glyphs": sum(len(p.glyphs) for p in found.pages),
        "unmapped": sum(p.unmapped for p in found.pages),
        "horizontal": sum(len(p.horizontal) for p in found.pages),
        "vertical": sum(len(p.vertical) for p in found.pages),
        "shapes": sum(len(p.pictures) for p in found.pages),
        "cells": len(found.cells),
    }
    print(say(lang, "debug.page", page=found.number, **counts))
    if any(p.lines is not None for p in found.pages):
        print(say(lang, "debug.only_text"))
    for page in found.pages:
        if page.hidden:
            print(say(lang, "debug.hidden", text=page.hidden))
    addresses = found.addresses()
    codes = {(place.table, place.row, place.column): code for code, place in found.labels if place.page == found.number}
    for table, cells in groupby(found.cells, key=lambda pair: pair[0]):
        print(say(lang, "debug.table", table=table, method=found.methods[table]))
        for _, cell in cells:
            place = (table, cell.row + 1, cell.column + 1)
            known = say(lang, "debug.address", address=addresses[place]) if place in addresses else ""
            if place in codes:
                known += say(lang, "debug.label", code=codes[place])
            doubt = say(lang, "debug.doubt", doubt=" ".join((cell.doubt, *cell.readings))) if cell.doubt else ""
            text = cell.text.replace("\n", "⏎")
            print(say(lang, "debug.row", row=cell.row + 1, column=cell.column + 1, text=text, known=known, doubt=doubt))
    for one in found.unresolved:
        print(say(lang, "debug.open", address=one.address, reason=one.reason, printed=one.printed.replace("\n", "⏎")))
