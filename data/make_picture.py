"""The picture of the result page at the head of both READMEs: `python -m data.make_picture`.

Belongs here: the sample that is shown, with one figure written wrongly, and the way through Chromium. Does not belong here:
the page (`gouji.show.page`). Nothing at run time needs this; it is run by hand when the page's look has changed.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import checks
from gouji.batch.reviewed import Reviewed
from gouji.show import page
from parsers import extract

_SAMPLE = Path(__file__).parent / "samples/沭阳县人民政府2025年政府信息公开工作年度报告.docx"
_TARGET = Path(__file__).parents[1] / "docs/pictures/result-page.png"
# 290 requests were granted to natural persons; here two digits have changed places.
_WRONG = ("requests.granted.natural_person", 209)
_WIDTH, _HEIGHT = 1120, 1460
_COLOURS = 96


def main() -> int:
    """Write the picture; returns 0, or 2 where there is no Chromium."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        print("needs Chromium", file=sys.stderr)
        return 2
    from PIL import Image

    extraction = extract(_SAMPLE)
    fact = extraction.reports[0].read()[_WRONG[0]]
    fact.value, fact.printed = _WRONG[1], str(_WRONG[1])
    with tempfile.TemporaryDirectory() as folder:
        html, shot = Path(folder) / "page.html", Path(folder) / "page.png"
        html.write_bytes(page.content([Reviewed(checks.check(extraction))]))
        size = f"--window-size={_WIDTH},{_HEIGHT}"
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", size]
        subprocess.run([*command, f"--screenshot={shot}", html.as_uri()], check=True, capture_output=True, timeout=60)
        image = Image.open(io.BytesIO(shot.read_bytes())).convert("RGB").quantize(_COLOURS)
    _TARGET.parent.mkdir(parents=True, exist_ok=True)
    image.save(_TARGET, optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
