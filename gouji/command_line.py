"""The command line: which command is meant.

Belongs here: choosing the command, its parser, the first help screen, what every command's end has in common.
Does not belong here: arguments and what a command does (`gouji.commands`, a module each; only the one that runs is
imported: `extract` and `check` must start fast and touch no pipeline library).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from parsers.files.paths import shown
from schemas.forms import FormError

from . import arguments
from .commands import CLERKS, PIPELINE
from .console import begin, is_at_fault, prepare_streams
from .outputs import Refused, fault
from .words import Lang, say

_OVERVIEW = """\
勾稽：读取、核对政府信息公开工作年度报告 | Gouji reads, checks and collects disclosure reports

从核对一份草稿开始： | Begin with checking a draft:
  gouji 草稿.docx
{first}

审核、起草、汇总： | For the clerk:
{clerks}

汇集成数据库（先装 pip install "gouji[pipeline]"）： | For a dataset (pip install "gouji[pipeline]"):
{pipeline}

每个命令的用法：gouji 命令 --help | Each command's usage: gouji COMMAND --help --lang en
各部分的版本：gouji --version | Versions of all parts: gouji --version
English: gouji --help --lang en | 
"""
# What a clerk does first, and what that gives.
_FIRST = (
    ("gouji 草稿.docx --report 结果.html", "网页：错的格标红 | a page, wrong cells red"),
    ("gouji 草稿.docx --previous 去年年报.docx --annotate 审阅稿", "加批注的副本 | a copy with comments"),
    ("gouji 草稿文件夹 --report 结果.xlsx", "整个文件夹 | a whole folder"),
    ("gouji round start 2025年报 --roster 名单.xlsx", "一轮：收稿、退改、再核对 | a whole round in one folder"),
)


# Arguments of many commands, which say what they are here.
_SAID_OF_ALL = ("format", "paths")


class _Parser(argparse.ArgumentParser):
    """Says in the reader's language that something is wrong with the arguments."""

    lang: Lang = "zh"

    @property
    def parts(self) -> list[_Parser]:
        """Itself and the parsers of its parts (`round start`)."""
        below = [p for a in self._actions if isinstance(a.choices, dict) for p in a.choices.values()]
        return [self, *(p for p in below if isinstance(p, _Parser))]

    @property
    def options(self) -> list[str]:
        """The long names of the options, its parts' too."""
        return sorted({name for p in self.parts for name in p._option_string_actions if name.startswith("--")})

    def speak(self, lang: Lang) -> None:
        """Say all that argparse says by itself in the reader's language, here and in the parts."""
        for part in self.parts:
            part.lang = lang
            part.description, part.epilog = (
                arguments.spoken(text, lang) if text else text for text in (part.description, part.epilog)
            )
            part._positionals.title, part._optionals.title = (
                say(lang, f"arguments.{what}") for what in ("positionals", "optionals")
            )
            for action in part._actions:
                self._translate(action)

    def _translate(self, action: argparse.Action) -> None:
        """An argument's help and what stands for its value."""
        lang = self.lang
        if isinstance(action, argparse._HelpAction):
            action.help = say(lang, "arguments.help")
        elif action.help is None and action.dest in _SAID_OF_ALL:
            action.help = say(lang, f"arguments.{action.dest}")
        elif action.help and action.help != argparse.SUPPRESS:
            action.help = arguments.spoken(action.help, lang)
        for part in getattr(action, "_choices_actions", ()):
            part.help = arguments.spoken(part.help, lang)
        action.metavar = arguments.stands_for(action, lang)

    def format_usage(self) -> str:
        return self._said(super().format_usage())

    def format_help(self) -> str:
        return arguments.in_columns(self._said(super().format_help()))

    def _said(self, text: str) -> str:
        """A usage as argparse makes it, with its first word in ours."""
        usage = say("en", "arguments.usage")
        return say(self.lang, "arguments.usage") + text.removeprefix(usage) if text.startswith(usage) else text

    def error(self, message: str) -> NoReturn:
        told = arguments.told(message, self.options, self.lang)
        self.exit(2, f"{say(self.lang, 'arguments.head', prog=self.prog)}\n{self.prog}: {told}\n")


def _module(command: str) -> Any:
    return import_module(f".commands.{command}", __package__)


def parser(command: str) -> _Parser:
    """The parser of one command."""
    module = _module(command)
    made = _Parser(
        prog=f"gouji {command}",
        description=module.HELP,
        epilog=module.EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 | language of messages (default zh)")
    module.add_arguments(made)
    return made


def overview(lang: Lang) -> str:
    """The first help screen: what a clerk does first, the pipeline below."""

    def listed(commands: Sequence[str]) -> str:
        return "\n".join(f"  {command:<10}{arguments.spoken(_module(command).HELP, lang)}" for command in commands)

    widths = [arguments.cells(line) for line, _ in _FIRST]
    first = "\n".join(
        f"  {line}{' ' * (max(widths) - width + 4)}{arguments.spoken(what, lang)}"
        for (line, what), width in zip(_FIRST, widths, strict=True)
    )
    frame = arguments.spoken(_OVERVIEW, lang).rstrip() + "\n"
    return frame.format(first=first, clerks=listed(CLERKS), pipeline=listed(PIPELINE))


def _print_versions() -> None:
    import platform

    import checks
    import parsers

    versions = {**parsers.versions(), "rules": checks.version()}
    print(f"gouji {versions['gouji']}")
    for part in ("parser", "forms", "rules"):
        print(f"{part} {versions[part]}")
    print(f"python {platform.python_version()}")


def _is_draft(words: Sequence[str]) -> bool:
    """Whether a command's name alone can only be meant as the file or folder of that name: these commands want a path."""
    return len(words) == 1 and words[0] in CLERKS and Path(words[0]).exists()


def _unknown(word: str) -> str | None:
    """What to say of a first word that is neither a command nor a file but looks like a command."""
    if not (word.isascii() and word.isalpha()) or Path(word).exists():
        return None
    import difflib

    near = difflib.get_close_matches(word.lower(), (*CLERKS, *PIPELINE), n=1)
    lang: Lang = "zh"
    return say(lang, "unknown_command", word=word) + (say(lang, "perhaps_command", command=near[0]) if near else "")


def _lang_of(words: Sequence[str]) -> Lang:
    """The language asked for, before the arguments are read."""
    return "en" if "--lang=en" in words or ("--lang", "en") in pairwise(words) else "zh"


def _without_lang(words: Sequence[str]) -> list[str]:
    return [w for before, w in pairwise(["", *words]) if before != "--lang" and w.partition("=")[0] != "--lang"]


def run(words: list[str]) -> int:
    """As `gouji.cli.main`, which is for everybody."""
    prepare_streams()
    begin()
    try:
        status = _run(words)
        # What a part of the program that is not there would have done could not be done.
        return 2 if is_at_fault() else status
    except KeyboardInterrupt:
        return 130
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    except FormError as error:
        # Only a file that somebody put beside the built-in forms can be wrong.
        lang: Lang = "en" if "en" in words and "--lang" in words else "zh"
        print(say(lang, "form_file", why=error), file=sys.stderr)
        return 2
    except ImportError as error:
        lang = _lang_of(words)
        print(say(lang, "installation", why=f"{type(error).__name__}: {error}"[:300]), file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of our output went away (head, a closed pager).
        sys.stderr.close()
        return 0
    except OSError as error:
        # A full disk, a folder that may not be written to: the same for every command.
        lang = "en" if "en" in words and "--lang" in words else "zh"
        print(say(lang, "system", why=_reason(error, lang)), file=sys.stderr)
        return 2


def _reason(error: OSError, lang: Lang) -> str:
    why = fault(error, lang)
    return f"{shown(str(error.filename))}: {why}" if error.filename else why


def _run(words: list[str]) -> int:
    lang = _lang_of(words)
    rest = _without_lang(words)
    if not rest or rest[0] in ("-h", "--help") or (rest == ["help"] and not Path("help").exists()):
        print(overview(lang), end="")
        return 0 if rest else 2
    if words[0] == "--version":
        _print_versions()
        return 0
    command = "check"
    if (words[0] in CLERKS or words[0] in PIPELINE) and not _is_draft(words):
        command = words.pop(0)
    elif (complaint := _unknown(words[0])) is not None:
        print(complaint, file=sys.stderr)
        return 2
    reader = parser(command)
    reader.speak(lang)
    if (wrong := arguments.dashed(words, reader.options, lang)) is not None:
        print(wrong, file=sys.stderr)
        return 2
    args = reader.parse_args(words)
    lang = args.lang
    try:
        return int(_module(command).run(args, lang))
    except ModuleNotFoundError as missing:
        if command not in PIPELINE or missing.name is None:
            raise
        print(say(lang, "pipeline_missing", name=missing.name), file=sys.stderr)
        return 2
