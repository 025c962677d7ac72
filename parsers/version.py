"""The versions of what makes a result.

Belongs here: the parser's own version, and it with those beside it. Does not belong here: anything that is read with; a
command that only asks for versions starts none of it.
"""

from __future__ import annotations

from schemas import VERSION, forms

PARSER_VERSION = "17"


def versions() -> dict[str, str]:
    """The versions of what made a result: the distribution, the parser, the forms. `checks` adds its rules to each."""
    return {"gouji": VERSION, "parser": PARSER_VERSION, "forms": forms.version()}
