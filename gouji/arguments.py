"""What is wrong with the arguments of a command, told in the reader's language.

Belongs here: argparse's English messages read back and said in our words, dashes that an editor made of hyphens, options
that come near a misspelt one. Does not belong here: the words (`words/arguments.py`), which arguments there are (`commands`).
"""

from __future__ import annotations

import argparse
import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from .words import Lang, say, table

# Word, and a Chinese keyboard, make these of two hyphens.
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\u2500"
_DASHED = re.compile(rf"[-{_DASHES}]*[{_DASHES}][-{_DASHES}]*(?P<option>[A-Za-z][A-Za-z-]*)(?:=.*)?", re.DOTALL)
# An option or argument and what is said of it.
_TWO_COLUMNS = re.compile(r"( {2,4}\S.*?)( {2,})(\S.*)")
# As argparse of Python 3.11 to 3.14 writes them; what none of them is stays as it is.
_KNOWN = (
    ("unrecognized", re.compile(r"unrecognized arguments: (?P<what>.+)", re.DOTALL)),
    ("required", re.compile(r"the following arguments are required: (?P<what>.+)")),
    ("one_of", re.compile(r"one of the arguments (?P<what>.+) is required")),
    ("expects", re.compile(r"argument (?P<name>.+?): expected (?:one argument|at least one argument|\d+ arguments?)")),
    (
        "choice",
        re.compile(r"argument (?P<name>.+?): invalid choice: (?P<what>.+) \(choose from (?P<choices>.+)\)", re.DOTALL),
    ),
    ("value", re.compile(r"argument (?P<name>.+?): invalid \w+ value: (?P<what>.+)", re.DOTALL)),
    ("together", re.compile(r"argument (?P<name>.+?): not allowed with argument (?P<what>.+)")),
    ("ambiguous", re.compile(r"ambiguous option: (?P<name>.+) could match (?P<what>.+)")),
    ("no_value", re.compile(r"argument (?P<name>.+?): ignored explicit argument (?P<what>.+)", re.DOTALL)),
)


def stands_for(action: argparse.Action, lang: Lang) -> str | tuple[str, ...] | None:
    """What stands for an argument's value in a usage: 文件.docx for FILE.docx. Words of the command line stay as they are."""
    given = action.metavar
    if given is None and action.option_strings and action.nargs != 0 and action.choices is None:
        given = action.dest.upper()
    if lang == "en" or not isinstance(given, str):
        return given
    pieces = []
    for piece in given.split("|"):
        name, dot, ending = piece.partition(".")
        known = f"for_{name}" in table("arguments")
        pieces.append((say(lang, f"arguments.for_{name}") if known else name) + dot + ending)
    return "|".join(dict.fromkeys(pieces))


def in_columns(text: str) -> str:
    """A help whose second column stands straight although Chinese characters are as wide as two others."""
    return "\n".join(_straight(line) for line in text.split("\n"))


def _straight(line: str) -> str:
    found = _TWO_COLUMNS.fullmatch(line)
    if found is None:
        return line
    left, between, right = found.groups()
    return left + " " * max(len(between) - cells(left) + len(left), 2) + right


def cells(text: str) -> int:
    """How wide a text is on a screen."""
    return len(text) + sum(unicodedata.east_asian_width(c) in "WF" for c in text)


def spoken(text: str, lang: Lang) -> str:
    """Of a text of a command, whose lines may be in both languages (中文 | English), those of one."""
    return "\n".join(_half(line, lang) for line in text.split("\n"))


def _half(line: str, lang: Lang) -> str:
    zh, between, en = line.partition(" | ")
    return en if between and lang == "en" else zh


def told(message: str, options: Iterable[str], lang: Lang) -> str:
    """A message of argparse in our words, with the option that a misspelt one comes near."""
    for key, pattern in _KNOWN:
        if (found := pattern.fullmatch(message)) is not None:
            given = {name: text for name, text in found.groupdict().items() if text}
            if "choices" in given:
                given["choices"] = say(lang, "list_mark").join(c.strip(" '\"") for c in given["choices"].split(","))
            line = say(lang, f"arguments.{key}", **given)
            return line + (_near(given["what"], list(options), lang) if key == "unrecognized" else "")
    return message


def _near(words: str, options: Sequence[str], lang: Lang) -> str:
    near = [n for w in words.split() if w[:1] == "-" for n in difflib.get_close_matches(w, options, n=1)]
    return say(lang, "arguments.perhaps", option=near[0]) if near else ""


def dashed(words: Sequence[str], options: Iterable[str], lang: Lang) -> str | None:
    """What to say of a word like ——report, which is meant as an option and is no file."""
    known = list(options)
    for word in words:
        found = _DASHED.fullmatch(word)
        if found is not None and not Path(word).exists():
            meant = difflib.get_close_matches(f"--{found['option']}", known, n=1)
            if meant:
                return say(lang, "arguments.dashed", word=word, option=meant[0])
    return None
