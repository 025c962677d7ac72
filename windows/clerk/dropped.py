"""Which files and folders were dropped.

Belongs here: the words of a command line as Explorer makes it, names of any spelling. Does not belong here: what is in them.

A program that files are dropped on gets them as words, well quoted. A .cmd gets them through the command interpreter, which
takes ``&``, ``^`` and ``%`` in a name for its own; so 勾稽核对.cmd hands over the whole line as it was, and it is taken
apart here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

# The environment's name for that line.
LINE = "GOUJI_LINE"


def paths(arguments: Sequence[str], line: str | None = None) -> list[Path]:
    """What was dropped, each once, in the order given. ``line`` is the command interpreter's, if a .cmd was dropped on."""
    words = [word for word in arguments if word]
    if not words and line:
        words = words_after_script(line)
    return [Path(word) for word in dict.fromkeys(words)]


def words_after_script(line: str) -> list[str]:
    """The names in ``cmd.exe /c ""C:\\…\\勾稽核对.cmd" "C:\\a b.docx" C:\\c&d.docx"``.

    Explorer quotes a name that has a blank; no name has a quote. The quotes around the whole are the interpreter's.
    """
    start = line.lower().find("/c ")
    if start < 0:
        return []
    rest = line[start + 3 :].strip()
    if rest.startswith('""') and rest.endswith('"'):
        rest = rest[1:-1].strip()
    words, word, quoted = [], "", False
    for character in rest:
        if character == '"':
            quoted = not quoted
        elif character == " " and not quoted:
            words.append(word)
            word = ""
        else:
            word += character
    words.append(word)
    return [each for each in words if each][1:]
