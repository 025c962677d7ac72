"""Errors that a person must act on.

Belongs here: one error type whose message exists in both languages.
Does not belong here: faults of one document (they are set aside with a reason), faults of the program.
"""

from __future__ import annotations


class PipelineError(Exception):
    """The run cannot go on. ``zh`` and ``en`` say why and what to do.

    ``kind`` where a caller tells errors apart: ``foreign`` (a file that is no database of ours), ``schema`` (one of
    another version), ``held`` (one that another program has open).
    """

    def __init__(self, zh: str, en: str, kind: str = "") -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.kind = kind

    def message(self, lang: str) -> str:
        return self.en if lang == "en" else self.zh

    def __reduce__(self) -> tuple[type[PipelineError], tuple[str, str, str]]:
        return (type(self), (self.zh, self.en, self.kind))
