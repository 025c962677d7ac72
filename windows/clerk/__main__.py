"""`python -m windows.clerk PATH...`: what the links and 勾稽核对.cmd start; ``--links`` and ``--no-links`` set these up,
``--documents`` prints the user's folder for documents, where 命令行.cmd begins.

Belongs here: which of these is meant, and that no fault goes unseen. Does not belong here: the work.
"""

from __future__ import annotations

import os
import sys
import traceback

from schemas.program import program


def main(arguments: list[str]) -> int:
    """Returns what `gouji check` returns, 2 where something could not be done."""
    from . import desktop, dropped, launch, place

    try:
        if arguments[:1] in (["--links"], ["--no-links"]):
            from . import links

            return links.change(add=arguments[0] == "--links")
        if arguments[:1] == ["--documents"]:
            print(place.documents())
            return 0
        return launch.run(dropped.paths(arguments, os.environ.get(dropped.LINE)))
    except Exception:
        desktop.tell(f"出错了，没有核对完。请把下面的文字发给维护人员。\n\n{traceback.format_exc()[-1500:]}")
        return 2


if __name__ == "__main__":
    # Windows runs this module again in every child that reads documents: these do not come here.
    with program():
        status = main(sys.argv[1:])
    sys.exit(status)
