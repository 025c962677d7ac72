"""How a worker reads one file: parse it, then check it.

Belongs here: the one place where parsing and checking meet in the pipeline.
Does not belong here: anything else. Tests put a module with the same two functions in its place (`Settings.reader`).
"""

from __future__ import annotations

from pathlib import Path

from schemas.findings import Checked
from schemas.report_identity import Evidence


def read(path: Path, data: bytes, evidence: tuple[Evidence, ...] = ()) -> Checked:
    """What is in a file and what is wrong with it, judged as published. ``path`` is where it was received, ``evidence`` what that
    place says of it."""
    import checks
    import parsers

    checked = checks.check(parsers.extract(path, data, standing=evidence), profile="published")
    checks.say_in_english(checked, "published")
    return checked


def versions() -> dict[str, str]:
    """The versions that decide whether a known file must be read again."""
    import checks
    import parsers
    from schemas import forms

    return {"parser": parsers.PARSER_VERSION, "forms": forms.version(), "rules": checks.version()}
