"""The program `gouji`: what a process of it begins and ends with.

Belongs here: nothing that takes time to import: what the command line is made of comes when the program has begun.
Does not belong here: which command is meant (`gouji.command_line`), what a command does (`gouji.commands`).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from schemas.program import program

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (0 fine, 1 errors found by check, 2 something could not be done).

    What begins with no command is checked: ``gouji PATH...`` is ``gouji check PATH...``.
    """
    if argv is not None:
        # A caller in Python: the process is not ours.
        from .command_line import run

        return run(list(argv))
    with program():
        from .command_line import run

        return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
