"""What pages do to a few of their figures: struck ones beside them, notes, boxes, covers, other fonts, drawn digits.

Belongs here: the markup of one touched figure, and whether it leaves a careful reader in doubt. Does not belong here:
style sheets (`css`) and what Word does (`word`).
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.wild import markup
from benchmarks.wild.drawing import Draw
from benchmarks.wild.grid import Box
from benchmarks.wild.report import Report

# The strokes of a digit on a panel of seven: top, both at the right, bottom, both at the left, middle.
_STROKES = {
    "0": "abcdef", "1": "bc", "2": "abdeg", "3": "abcdg", "4": "bcfg", "5": "acdfg", "6": "acdefg", "7": "abc",
    "8": "abcdefg", "9": "abcdfg",
}  # fmt: skip
_LINES = {
    "a": (0, 0, 5, 0), "b": (5, 0, 5, 5), "c": (5, 5, 5, 10), "d": (0, 10, 5, 10), "e": (0, 5, 0, 10), "f": (0, 0, 0, 5),
    "g": (0, 5, 5, 5),
}  # fmt: skip


def drawn(text: str) -> str:
    """A figure of strokes, as a plotter writes it; no letter stands there."""
    lines = []
    for i, digit in enumerate(text):
        for stroke in _STROKES[digit]:
            x1, y1, x2, y2 = _LINES[stroke]
            lines.append(f'<line x1="{x1 + 8 * i + 1}" y1="{y1 + 1}" x2="{x2 + 8 * i + 1}" y2="{y2 + 1}"/>')
    size = f'width="{8 * len(text)}" height="12" viewBox="0 0 {8 * len(text)} 12"'
    return f'<svg {size} stroke="#000" fill="none">{"".join(lines)}</svg>'


def _span(style: str) -> Callable[[Draw, str], str]:
    return lambda draw, text: f'<span style="{style}">{text}</span>'


def _struck(draw: Draw, text: str) -> str:
    return f"<s>{draw.whole(1, 99)}</s> {text}"


def _crossed(draw: Draw, text: str) -> str:
    line = "background:linear-gradient(to top right,transparent 46%,#c00 46%,#c00 54%,transparent 54%)"
    return f'<span style="{line}">{draw.whole(1, 99)}</span> {text}'


def _covered(draw: Draw, text: str) -> str:
    """A white label pasted over an old figure, the new one on it."""
    over = "position:absolute;left:-2px;right:-2px;top:-1px;bottom:-1px;background:#fff;text-align:center"
    old = draw.whole(1, 9)
    return (
        f'<span style="position:relative;display:inline-block;min-width:{len(text) + 1}ch">'
        f'{old}<span style="{over}">{text}</span></span>'
    )


def _two_fonts(draw: Draw, text: str) -> str:
    at = draw.whole(1, len(text) - 1)
    other = "font-family:'Noto Serif CJK SC'" if draw.chance(0.5) else "font-family:'DejaVu Sans Mono';font-weight:bold"
    return f'{text[:at]}<span style="{other}">{text[at:]}</span>'


# How often in a document, whether it needs two digits, whether it takes digits only, and how it is written.
_WAYS: dict[str, tuple[float, int, bool, Callable[[Draw, str], str]]] = {
    "struck": (0.05, 1, False, _struck),
    "raised note": (0.06, 1, False, lambda d, t: f"{t}<sup>{d.one(['1', '①', '注', '[1]', '*'])}</sup>"),
    "white digit": (0.03, 1, False, lambda d, t: f'<span style="color:#fff">{d.whole(1, 9)}</span>{t}'),
    "shadow": (0.02, 1, False, _span("text-shadow:0.12em 0.05em 0 #888")),
    "box": (0.03, 1, False, _span("border:1px solid #000;padding:0 2px")),
    "circle": (0.02, 1, False, _span("border:1px solid #c00;border-radius:50%;padding:1px 3px")),
    "highlight": (0.02, 1, False, _span("background:#ff0")),
    "underline": (0.03, 1, False, _span("text-decoration:underline")),
    "crossed": (0.02, 1, False, _crossed),
    "cover": (0.02, 1, False, _covered),
    "two fonts": (0.03, 2, True, _two_fonts),
    "tiny mark": (0.02, 1, False, lambda d, t: f'<span style="font-size:2px">{d.whole(1, 9)}</span>{t}'),
    "strokes": (0.03, 1, True, lambda d, t: drawn(t)),
    "sparse": (0.02, 2, True, _span("letter-spacing:0.9em")),
}
# A person reads these as if nothing were done to them.
_CERTAIN = ("highlight", "underline")


class Touches:
    """Which figures of a document are touched and how; drawn once. `doubtful`: digits apart or on two lines."""

    def __init__(self, draw: Draw, report: Report, *, full: bool, doubtful: bool) -> None:
        self._draw = draw
        numbers = [a for a, c in report.cells.items() if c.kind == "number"]
        self._ways: dict[str, str] = {}
        for way, (share, least, digits, _) in _WAYS.items():
            if not draw.chance(share, f"a {way}") or (way == "sparse" and not full):
                continue
            fit = [
                a
                for a in numbers
                if len(report.cells[a].printed) >= least and (not digits or report.cells[a].printed.isdecimal())
                and report.cells[a].printed.isascii()
            ]  # fmt: skip
            for address in draw.some(fit, 1, 3) if fit else []:
                self._ways[address] = way
                if way not in _CERTAIN:
                    report.loosen(address)
        self._spread = full and draw.chance(0.03, "digits apart")
        if self._spread or doubtful:
            # Digits apart or on two lines in a ruled cell are one figure to a person; doubt is allowed.
            for address in numbers:
                if len(report.cells[address].printed) > 1:
                    report.loosen(address)

    def content(self, box: Box) -> str:
        text = markup.text_of(box)
        way = self._ways.get(box.address or "")
        if way:
            return _WAYS[way][3](self._draw, text)
        if self._spread and box.address:
            return f'<span style="letter-spacing:0.6em">{text}</span>'
        return text
