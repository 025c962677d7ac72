"""Colours of a workbook: of fonts, of what cells stand on, and whether the one is seen on the other.

Belongs here: theme, palette and tints of the xlsx format. Does not belong here: how near two colours are
(`readers.colours`), what becomes of text that is not seen (`xlsx`).
"""

from __future__ import annotations

from typing import Any

from parsers.readers.colours import BLACK, WHITE, Colour, of_hex, tinted

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SCHEME = "{http://schemas.openxmlformats.org/drawingml/2006/main}clrScheme"
# The palette of old workbooks, from number 8; the first eight are the same as those before them.
_OLD_COLOURS = (
    "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 800000 008000 000080 808000 800080 008080 C0C0C0 808080 "
    "9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF "
    "00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 "
    "003366 339966 003300 333300 993300 993366 333399 333333 000000 FFFFFF"
)
_PALETTE = _OLD_COLOURS.split()


class Shades:
    """The colours of one workbook. ``theme``: the root of its theme, if it has one."""

    def __init__(self, theme: Any | None) -> None:
        scheme = next(theme.iter(_SCHEME), None) if theme is not None else None
        found = [_of_scheme(entry) for entry in scheme] if scheme is not None else []
        dark_light = [*found[:4], None, None, None, None][:4]
        # Written dark before light, counted light before dark.
        self._theme = [dark_light[1] or WHITE, dark_light[0] or BLACK, dark_light[3], dark_light[2], *found[4:]]

    def colour(self, color: Any | None) -> Colour | None:
        """The colour of a font's ``color`` element, black where it has none; None for what is not known."""
        if color is None or color.get("auto"):
            return BLACK
        tint = float(color.get("tint", "0"))
        found: Colour | None = None
        if rgb := color.get("rgb"):
            found = of_hex(rgb[-6:])
        elif (number := color.get("theme", "")).isdecimal():
            found = self._theme[int(number)] if int(number) < len(self._theme) else None
        elif (number := color.get("indexed", "")).isdecimal():
            place = int(number) if int(number) < 8 else int(number) - 8
            found = of_hex(_PALETTE[place]) if place < len(_PALETTE) else None
        return tinted(found, tint) if found is not None and tint else found

    def ground(self, fill: Any | None) -> Colour | None:
        """What a cell of this ``fill`` stands on: paper, or one colour; None for a pattern and what is not known."""
        pattern = fill.find(f"{_S}patternFill") if fill is not None else None
        if pattern is None:
            # A gradient.
            return None if fill is not None and len(fill) else WHITE
        kind = pattern.get("patternType", "none")
        if kind == "none":
            return WHITE
        color = pattern.find(f"{_S}fgColor")
        return self.colour(color) if kind == "solid" and color is not None else None


def _of_scheme(entry: Any) -> Colour | None:
    said = entry[0] if len(entry) else None
    return None if said is None else of_hex(said.get("lastClr") or said.get("val", ""))
