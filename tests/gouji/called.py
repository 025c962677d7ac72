"""A command called in this process, as if it were a process of its own: what it writes to which stream, and its status.

What a process of its own adds (consoles, imports, signals) is held where a test starts one.
"""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess

from gouji.cli import main


def called(*arguments: str | Path) -> CompletedProcess[str]:
    command = [*map(str, arguments)]
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(command)
        except SystemExit as end:
            assert isinstance(end.code, int)
            status = end.code
    return CompletedProcess(command, status, out.getvalue(), err.getvalue())
