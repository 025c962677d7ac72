"""Colours of text and of what it stands on: whether the one can be told from the other.

Belongs here: colours as style sheets and office files name them, and how near two of them are.
Does not belong here: which colour a piece of text has and what its ground is (each format's reader), colours of drawn
pages (`pdf.visible` looks at the pixels).
"""

from __future__ import annotations

import colorsys
import re
from enum import Enum
from functools import lru_cache

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)

# Levels out of 255 in the channel that differs most: so near to its ground nobody sees text, and so near somebody may.
_UNSEEN, _HARDLY = 16, 32


class Seen(Enum):
    """Whether text of a colour is seen on a ground."""

    NO = "no"
    UNCERTAIN = "uncertain"
    YES = "yes"


def seen(text: Colour, ground: Colour) -> Seen:
    """Whether text of one colour is seen on a ground of the other."""
    apart = max(abs(a - b) for a, b in zip(text, ground, strict=True))
    return Seen.NO if apart <= _UNSEEN else Seen.UNCERTAIN if apart <= _HARDLY else Seen.YES


def of_hex(digits: str) -> Colour | None:
    """A colour of six hexadecimal digits; None for anything else, as ``auto``."""
    if len(digits) != 6:
        return None
    try:
        value = int(digits, 16)
    except ValueError:
        return None
    return value >> 16, value >> 8 & 255, value & 255


def of_css(value: str) -> tuple[Colour, float] | None:
    """A colour as style sheets write it, and how much of the ground it covers (0 to 1); None for what is no colour here."""
    return _of_css(value.strip().lower())


@lru_cache(maxsize=2048)
def _of_css(value: str) -> tuple[Colour, float] | None:
    if value in _NAMED:
        return _NAMED[value], 1.0
    if value == "transparent":
        return WHITE, 0.0
    if m := _HEX.fullmatch(value):
        digits = m[1] if len(m[1]) > 4 else "".join(2 * digit for digit in m[1])
        colour = of_hex(digits[:6])
        return None if colour is None else (colour, int(digits[6:] or "ff", 16) / 255)
    if m := _FUNCTION.fullmatch(value):
        parts = [part for part in re.split(r"[\s,/]+", m["parts"].strip()) if part]
        if len(parts) not in (3, 4) or not all(_PART.fullmatch(part) for part in parts):
            return None
        alpha = _share(parts[3], 1.0) if len(parts) == 4 else 1.0
        if m["kind"] == "rgb":
            red, green, blue = (round(255 * _share(part, 255.0)) for part in parts[:3])
        else:
            turn = float(parts[0].removesuffix("deg").rstrip("%")) / 360 % 1
            saturation, light = (_share(part, 100.0) for part in parts[1:3])
            red, green, blue = (round(255 * level) for level in colorsys.hls_to_rgb(turn, light, saturation))
        return (red, green, blue), alpha
    return None


def _share(part: str, whole: float) -> float:
    number = float(part[:-1]) / 100 if part.endswith("%") else float(part.removesuffix("deg")) / whole
    return min(max(number, 0.0), 1.0)


def over(colour: Colour, alpha: float, ground: Colour) -> Colour:
    """What is seen of a colour that covers ``alpha`` of the ground."""
    red, green, blue = (round(alpha * a + (1 - alpha) * b) for a, b in zip(colour, ground, strict=True))
    return red, green, blue


def tinted(colour: Colour, tint: float) -> Colour:
    """A colour made lighter (``tint`` up to 1) or darker (down to -1), as office files do with those of a theme."""
    hue, light, saturation = colorsys.rgb_to_hls(*(level / 255 for level in colour))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    red, green, blue = (round(255 * level) for level in colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), saturation))
    return red, green, blue


_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FUNCTION = re.compile(r"(?P<kind>rgb|hsl)a?\((?P<parts>[^()]{1,80})\)")
_PART = re.compile(r"\d{0,4}\.?\d{1,6}(?:%|deg)?")
_NAMES = (
    "aliceblue:f0f8ff antiquewhite:faebd7 aqua:00ffff aquamarine:7fffd4 azure:f0ffff beige:f5f5dc bisque:ffe4c4 "
    "black:000000 blanchedalmond:ffebcd blue:0000ff blueviolet:8a2be2 brown:a52a2a burlywood:deb887 "
    "cadetblue:5f9ea0 chartreuse:7fff00 chocolate:d2691e coral:ff7f50 cornflowerblue:6495ed cornsilk:fff8dc "
    "crimson:dc143c cyan:00ffff darkblue:00008b darkcyan:008b8b darkgoldenrod:b8860b darkgray:a9a9a9 "
    "darkgreen:006400 darkgrey:a9a9a9 darkkhaki:bdb76b darkmagenta:8b008b darkolivegreen:556b2f darkorange:ff8c00 "
    "darkorchid:9932cc darkred:8b0000 darksalmon:e9967a darkseagreen:8fbc8f darkslateblue:483d8b "
    "darkslategray:2f4f4f darkslategrey:2f4f4f darkturquoise:00ced1 darkviolet:9400d3 deeppink:ff1493 "
    "deepskyblue:00bfff dimgray:696969 dimgrey:696969 dodgerblue:1e90ff firebrick:b22222 floralwhite:fffaf0 "
    "forestgreen:228b22 fuchsia:ff00ff gainsboro:dcdcdc ghostwhite:f8f8ff gold:ffd700 goldenrod:daa520 "
    "gray:808080 green:008000 greenyellow:adff2f grey:808080 honeydew:f0fff0 hotpink:ff69b4 indianred:cd5c5c "
    "indigo:4b0082 ivory:fffff0 khaki:f0e68c lavender:e6e6fa lavenderblush:fff0f5 lawngreen:7cfc00 "
    "lemonchiffon:fffacd lightblue:add8e6 lightcoral:f08080 lightcyan:e0ffff lightgoldenrodyellow:fafad2 "
    "lightgray:d3d3d3 lightgreen:90ee90 lightgrey:d3d3d3 lightpink:ffb6c1 lightsalmon:ffa07a lightseagreen:20b2aa "
    "lightskyblue:87cefa lightslategray:778899 lightslategrey:778899 lightsteelblue:b0c4de lightyellow:ffffe0 "
    "lime:00ff00 limegreen:32cd32 linen:faf0e6 magenta:ff00ff maroon:800000 mediumaquamarine:66cdaa "
    "mediumblue:0000cd mediumorchid:ba55d3 mediumpurple:9370db mediumseagreen:3cb371 mediumslateblue:7b68ee "
    "mediumspringgreen:00fa9a mediumturquoise:48d1cc mediumvioletred:c71585 midnightblue:191970 mintcream:f5fffa "
    "mistyrose:ffe4e1 moccasin:ffe4b5 navajowhite:ffdead navy:000080 oldlace:fdf5e6 olive:808000 olivedrab:6b8e23 "
    "orange:ffa500 orangered:ff4500 orchid:da70d6 palegoldenrod:eee8aa palegreen:98fb98 paleturquoise:afeeee "
    "palevioletred:db7093 papayawhip:ffefd5 peachpuff:ffdab9 peru:cd853f pink:ffc0cb plum:dda0dd "
    "powderblue:b0e0e6 purple:800080 rebeccapurple:663399 red:ff0000 rosybrown:bc8f8f royalblue:4169e1 "
    "saddlebrown:8b4513 salmon:fa8072 sandybrown:f4a460 seagreen:2e8b57 seashell:fff5ee sienna:a0522d "
    "silver:c0c0c0 skyblue:87ceeb slateblue:6a5acd slategray:708090 slategrey:708090 snow:fffafa "
    "springgreen:00ff7f steelblue:4682b4 tan:d2b48c teal:008080 thistle:d8bfd8 tomato:ff6347 turquoise:40e0d0 "
    "violet:ee82ee wheat:f5deb3 white:ffffff whitesmoke:f5f5f5 yellow:ffff00 yellowgreen:9acd32 "
)
_NAMED: dict[str, Colour] = {
    name: (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16))
    for name, _, digits in (pair.partition(":") for pair in _NAMES.split())
}
