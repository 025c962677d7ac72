"""Usage and help: Chinese by default, English where it is asked for, what argparse says by itself too.

Belongs here: the words around the arguments. Does not belong here: what is wrong with arguments (`commands/test_commands`).
"""

from __future__ import annotations

import re

import pytest

from gouji.arguments import cells
from gouji.cli import main
from gouji.commands import CLERKS, PIPELINE

Capture = pytest.CaptureFixture[str]
# The first letters of argparse's own sentences, and metavariables in English.
_ENGLISH = re.compile(
    r"usage:|positional arguments|^options:|show this help message|\b(?:FILE|PATH|FOLDER|DIR|DATE|YEAR|NAME|DRAFTS|HOME)\b",
    re.M,
)


def _help(capsys: Capture, *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", [*CLERKS, *PIPELINE])
def test_a_usage_is_chinese_unless_english_is_asked_for(command: str, capsys: Capture) -> None:
    said = _help(capsys, command)
    assert said.startswith(f"用法：gouji {command}") and "\n选项:\n" in said
    assert _ENGLISH.search(said) is None, _ENGLISH.search(said)
    # No help has both languages: two English words in a row are a sentence of the other.
    explained = said.partition("要写的:")[2] or said.partition("选项:")[2]
    assert re.search(r"(?<![-{,])\b[a-z]{2,} [a-z]{2,}\b", explained.partition("示例：")[0]) is None
    assert re.search(r"[\u4e00-\u9fff]", _help(capsys, command, "--lang", "en").partition("Example:")[0]) is None
    assert _help(capsys, command, "--lang", "en").startswith(f"usage: gouji {command}")


def test_the_parts_of_a_command_and_what_is_missing(capsys: Capture) -> None:
    said = _help(capsys, "round", "start")
    assert _ENGLISH.search(said) is None and "--roster 文件" in said and "--deadline 日期" in said
    with pytest.raises(SystemExit):
        main(["check"])
    assert "缺少必须写的参数：文件或文件夹" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["check", "--lang", "en"])
    assert "required: PATH" in capsys.readouterr().err


def test_the_first_screen_is_in_one_language(capsys: Capture) -> None:
    assert main(["--help", "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert main([]) == 2
    chinese = capsys.readouterr().out
    assert "Begin with checking a draft" in english and "从核对一份草稿开始" not in english
    assert "从核对一份草稿开始" in chinese and "a page, wrong" not in chinese
    assert chinese.splitlines()[-1] == "English: gouji --help --lang en"


def test_what_is_said_of_the_options_stands_in_one_column(capsys: Capture) -> None:
    """On a screen, where a Chinese character is as wide as two others."""
    said = _help(capsys, "rollup")
    # One that is too long for its column has two blanks behind it.
    lines = [re.match(r"(  --\S+ \S+ {3,})\S", x) for x in said.splitlines()]
    starts = {cells(m[1]) for m in lines if m is not None}
    assert len(starts) == 1, starts
