"""Documents to facts: readers for each format, and what turns their grids and sentences into facts.

Belongs here: everything between the bytes of a file and an `Extraction`.
Does not belong here: whether the figures are right (`checks`), folders and schedules (`flows`), words for a person
(`gouji`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .extraction import extract, read_document
    from .version import PARSER_VERSION, versions

__all__ = ["PARSER_VERSION", "extract", "read_document", "versions"]


def __getattr__(name: str) -> Any:
    # One reader can be imported without all the others, which keeps start-up short.
    if name in ("PARSER_VERSION", "versions"):
        from . import version

        return getattr(version, name)
    if name in __all__:
        from . import extraction

        return getattr(extraction, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
