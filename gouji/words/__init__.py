"""Every word that a command says to a person, in Chinese and English.

Belongs here: `say`, and one table for each area: ``say(lang, "rollup.title", …)`` is ``title`` of `words/rollup.py`, a key
without an area is one of `words/common.py`. Both languages stand side by side, with the same places to fill in. A new word
is one entry in its area's table; a new area is one module with ``WORDS``.
Does not belong here: the words of rules (`checks/rules.toml`), of unreadable files (the readers, in Chinese), of a run that
cannot go on (`flows.errors`), help and examples (each command's module).
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Literal

from parsers.files.paths import shown

Lang = Literal["zh", "en"]

# English words behind a number of which there may be one: ``{n} problem(s)``.
_COUNTED = re.compile(r"(\{(\w+)\} (?:[a-z]+ )*?[a-z]+)\(s\)")


@cache
def table(area: str) -> dict[str, tuple[str, str]]:
    """The words of one area: Chinese and English by key."""
    words: dict[str, tuple[str, str]] = import_module(f".{area}", __name__).WORDS
    return words


def say(lang: Lang, key: str, **values: object) -> str:
    """The sentence ``key`` (``area.name``, or ``name`` alone) in ``lang``, filled in; paths as text that can be stored."""
    area, _, name = key.rpartition(".")
    given = {k: shown(str(v)) if isinstance(v, Path) else v for k, v in values.items()}
    sentence = table(area or "common")[name][0 if lang == "zh" else 1]
    if "(s)" in sentence:
        sentence = _COUNTED.sub(lambda m: m[1] + ("" if given.get(m[2]) in (1, "1") else "s"), sentence)
    return sentence.format(**given)
