"""勾稽: read and check annual reports on government information disclosure.

Belongs here: what a person touches: the command line, the Python API, pages.
Does not belong here: reading (`parsers`), rules (`checks`), schedules and the database (`flows`).

    >>> import gouji
    >>> gouji.check("草稿.docx", previous="去年.docx")        # doctest: +SKIP
    >>> gouji.read("年报.pdf").to_pandas()                    # doctest: +SKIP
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .analysis import connect, panel, series, trace
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
    "connect": "analysis",
    "panel": "analysis",
    "series": "analysis",
    "trace": "analysis",
}

# Our packages stand at the top beside this one, under names that others use too.
_ROOMS = ("schemas", "parsers", "checks", "flows")

__all__ = ["Check", "Reading", "check", "check_all", "connect", "panel", "read", "rollup", "series", "trace"]


def _in_the_way() -> str | None:
    """A foreign module that would be imported in place of one of ours, in a sentence; None where there is none."""
    here = Path(__file__).resolve().parent.parent
    for name in _ROOMS:
        try:
            spec = find_spec(name)
        except ValueError:  # somebody put a module without a spec there
            found = getattr(sys.modules[name], "__file__", None) or f"<{name}>"
        else:
            if spec is None:
                continue
            # A folder without __init__.py has no origin.
            found = spec.origin or next(iter(spec.submodule_search_locations or ()), f"<{name}>")
        if Path(found).resolve() != here / name / "__init__.py":
            return (
                f"勾稽无法使用：{found} 与勾稽自己的模块 {name} 同名，挡在了前面，请给它改名，或换一个文件夹运行 · gouji "
                f"cannot be used: {found} is found in place of gouji's own {name}; rename it, or run in another folder"
            )
    return None


if (_message := _in_the_way()) is not None:
    if sys.argv[:1] == ["-m"] and "gouji" in sys.orig_argv[1:3]:  # python -m gouji: a person reads it
        print(_message, file=sys.stderr)
        raise SystemExit(2)
    raise ImportError(_message)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
