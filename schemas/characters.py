"""Characters that print nothing of themselves and yet stand for something that was printed.

Belongs here: which characters show that something was lost on the way from print to text.
Does not belong here: what a figure or a label beside one is then worth (the readers), and characters that carry nothing
(zero-width space, soft hyphen, byte order mark, direction marks), which do no harm.
"""

from __future__ import annotations

import re

# The character that decoders put for bytes that mean nothing.
REPLACEMENT = "\ufffd"
# Control characters that are no white space, lone surrogates, private use, what Unicode never assigns, the stand-ins for
# bytes and for objects, tags: for a regular expression's brackets.
LOST = (
    "\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff"
    "\U000e0000-\U000e007f\U000f0000-\U0010ffff"
)
_LOST = re.compile(f"[{LOST}]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


# What follows is shown from right to left whatever it is, up to the sign that ends it or the line's end.
_OVERRIDE, _END_OF_OVERRIDE = "\u202e", "\u202c"
_OVERRIDDEN = re.compile(f"{_OVERRIDE}([^{_OVERRIDE}{_END_OF_OVERRIDE}\\n]*){_END_OF_OVERRIDE}?")
_DIGIT = re.compile(r"\d")


def without_overrides(text: str) -> str:
    """The text with `REPLACEMENT` for digits that are shown in another order than they are written in.

    A digit alone under an override is shown as it is.
    """
    return _OVERRIDDEN.sub(_settled, text) if _OVERRIDE in text else text


def overridden(text: str) -> str:
    """The text under an override from right to left, as `without_overrides` knows it."""
    return f"{_OVERRIDE}{text}{_END_OF_OVERRIDE}"


def _settled(m: re.Match[str]) -> str:
    shown = m[1].strip()
    return m[1] if len(shown) < 2 or shown == shown[::-1] else _DIGIT.sub(REPLACEMENT, m[1])


def has_lost(text: str) -> bool:
    """Whether something of this text was lost: a byte that could not be decoded, a glyph without a meaning."""
    return _LOST.search(text) is not None


def lost_as_one(text: str, by: str = REPLACEMENT) -> str:
    """The text with the same character, or nothing, for everything that was lost. The length stays if ``by`` has one."""
    return _LOST.sub(by, text)


def without_controls(text: str) -> str:
    """The text with `REPLACEMENT` for control characters, some of which Python takes for white space and strips."""
    return _CONTROL.sub(REPLACEMENT, text)
