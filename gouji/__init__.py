"""勾稽: read and check annual reports on government information disclosure.

Belongs here: what a person touches: the command line, the Python API, pages.
Does not belong here: reading (`parsers`), rules (`checks`), schedules and the database (`flows`).

    >>> import gouji
    >>> gouji.check("草稿.docx", previous="去年.docx")        # doctest: +SKIP
    >>> gouji.read("年报.pdf").to_pandas()                    # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import Check, Reading, check, check_all, read
    from .summing import rollup

# Where each name of the API lives. Nothing is imported before it is asked for: a command must start fast. (No module
# may be called like a function of the API: importing it would hide the function.)
_HOME = {
    "Check": "api",
    "Reading": "api",
    "check": "api",
    "check_all": "api",
    "read": "api",
    "rollup": "summing",
}

__all__ = ["Check", "Reading", "check", "check_all", "read", "rollup"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
