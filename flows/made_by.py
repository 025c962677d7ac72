"""By which statements a derived table was made.

Belongs here: one name for the text of some modules, for `meta`: what another version of them derived is derived anew as a whole.
Does not belong here: versions of parser, forms and rules (`schemas`), which go with every report.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path


@cache
def modules(*files: str) -> str:
    """A hash of the text of modules (their ``__file__``): nobody has to think of raising a number."""
    found = hashlib.sha256()
    for file in files:
        found.update(Path(file).read_bytes())
    return found.hexdigest()[:12]
