"""The little of CSS that decides what of a page is seen: hidden, struck, raised, and whether it stands on a line of its own.

Belongs here: inline styles and the rules of a page's own style sheets, as a desktop browser applies them. Selectors that
are more than names are found by cssselect, and only where a page hides anything with them or against them.
Does not belong here: linked sheets (they are not in the file), and everything else about looks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

# Sheets longer than this come from a framework; what hides a table stands at the page itself.
MAX_SHEET = 300_000
# Comparisons of rules with elements; a page of 20,000 elements and 100 rules makes a few thousand.
MAX_COMPARISONS = 400_000
# The window that media queries are put to, in CSS pixels.
DESKTOP_WIDTH = 1280

# Selectors of more than names that are put to one page; what hides comes first.
MAX_SELECTORS = 400
# Pixels beyond which nobody looks, and below which nobody sees.
_OFF_PAGE, _TINY, _FAINT = -200.0, 1.5, 0.05
_NUMBER = re.compile(r"\d*\.?\d+")
# What a child sets to be seen inside an element that hides what is inherited.
_TAKEN_BACK = ("visibility", "color", "font-size", "font")

_PROPERTIES = frozenset(
    (
        *("display", "visibility", "text-decoration", "text-decoration-line", "vertical-align", "opacity", "font-size"),
        *("font", "color", "background", "background-color", "background-image", "text-indent", "position", "left"),
        *(
            "top",
            "bottom",
            "float",
            "filter",
            "clip",
            "clip-path",
            "height",
            "max-height",
            "width",
            "max-width",
            "overflow",
            "transform",
            "content",
        ),
        *("unicode-bidi", "direction", "flex-direction"),
    )
)
# Backgrounds matter only under white text, and are asked for then.
_GROUNDS = frozenset({"background", "background-color", "background-image"})
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|%|ex|ch|vw|vh|cm|mm|in)?")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "cm": 38.0, "mm": 3.8, "in": 96.0}
_PAPER = re.compile(
    r"white|snow|ivory|ghostwhite|floralwhite|whitesmoke|azure|mintcream|#fff|#(?:f[0-9a-f]){3}(?:[0-9a-f]{2})?"
    r"|rgba?\(\s*25[0-5][\s,]+25[0-5][\s,]+25[0-5]\s*(?:[,/]\s*1(?:\.0*)?\s*)?\)"
    r"|hsla?\(\s*[\d.]+(?:deg)?[\s,]+[\d.]+%[\s,]+(?:9[89]|100)(?:\.\d+)?%\s*(?:[,/]\s*1(?:\.0*)?\s*)?\)"
)
_CLEAR = re.compile(r"transparent|#[0-9a-f]{6}00|#[0-9a-f]{3}0|(?:rgba|hsla)\([^()]*,\s*0?\.?0+%?\s*\)")
_NO_GROUND = frozenset({"", "none", "inherit", "initial", "unset", "transparent"})
_CLIPPED = re.compile(r"rect\(\s*0(?:px)?[\s,]+0(?:px)?[\s,]+0(?:px)?[\s,]+0(?:px)?\s*\)|inset\(\s*(?:[5-9]\d|100)%.*")
_FILTERED = re.compile(r".*opacity\(\s*0?(?:\.0\d*)?%?\s*\).*")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*))?\)")
_GENERATED = re.compile(r"[\"'][^\"']*\d[^\"']*[\"']|attr\(|counter")
_PLAIN_NAMES = re.compile(r"[.#]([\w-]+)")
_BRACE = re.compile(r"([{}])")
_SELECTOR = re.compile(r"([a-zA-Z][\w-]*)?((?:[.#][\w-]+)+)")
_SIMPLE = re.compile(r"[.#][\w-]+")
_WIDTH = re.compile(r"\(\s*(min|max)-(?:device-)?width\s*:\s*([\d.]+)(px|em|rem)\s*\)")
_LINE_OF_ITS_OWN = frozenset({"block", "flex", "grid", "list-item", "table", "flow-root", "table-row", "table-cell"})

# Property → (value, whether it is !important).
_Declarations = dict[str, tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Effect:
    """What styles do to an element. ``display`` is ``none``, ``block``, ``other`` or None where nothing is said.

    ``white``: its text has the colour of paper, and is seen only on a ground (``ground``) of its own or around it.
    ``generated``: a style prints digits there that stand nowhere in the page. ``reversed``: its pieces or characters are
    seen in another order than they are written in.
    """

    display: str | None = None
    invisible: bool = False
    struck: bool = False
    raised: bool = False
    white: bool = False
    ground: bool = False
    generated: bool = False
    reversed: bool = False
    # Hidden by what its children inherit and may take back.
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    tag: str | None
    names: frozenset[str]
    declarations: _Declarations
    # Ids weigh more than classes, classes more than tags; then the later rule wins.
    weight: tuple[int, int, int, int]
    # Of a ::before or ::after, what stands beside the element's own text.
    beside: bool = False


def _without_comments(css: str) -> str:
    """The sheet without comments and the marks that hid it from browsers of old. An open comment runs to the end."""
    pieces = []
    for number, piece in enumerate(css.split("/*")):
        # What follows the end of the comment; the first piece stands before any.
        pieces.append(piece if not number else piece.partition("*/")[2])
    return " ".join(pieces).replace("<!--", " ").replace("-->", " ")


def _declarations(style: str) -> _Declarations:
    found: _Declarations = {}
    for declaration in style.lower().split(";"):
        name, colon, value = declaration.partition(":")
        name = name.strip()
        if colon and (name in _PROPERTIES or name.startswith("--")):
            value, mark, _ = value.partition("!")
            found[name] = (value.strip(), bool(mark))
    return found


def named(style: str) -> dict[str, str]:
    """What an element's own style says, by the property's name, whatever it is of."""
    pieces = (declaration.partition(":") for declaration in style.lower().split(";"))
    return {name.strip(): value.partition("!")[0].strip() for name, colon, value in pieces if colon}


def length(value: str) -> float | None:
    """A length in pixels, roughly; None for words and for shares of something."""
    return _pixels(value)


def _pixels(value: str) -> float | None:
    """A length in pixels, roughly; None for words and for shares of something."""
    m = _LENGTH.fullmatch(value.strip())
    if m is None:
        return None
    return float(m[1]) * (_PIXELS.get(m[2], 16.0) if m[2] else 1.0) if m[2] != "%" else None


def _is_blank_by_inheritance(values: dict[str, str]) -> bool:
    """Whether text is hidden by what children inherit and may take back: hidden, clear or tiny text."""
    if values.get("visibility") in ("hidden", "collapse") or _CLEAR.fullmatch(values.get("color", "")):
        return True
    size = values.get("font-size") or values.get("font", "").partition("/")[0].rpartition(" ")[2]
    pixels = _pixels(size)
    return pixels == 0.0 or (pixels is not None and pixels < _TINY and not size.endswith("m"))


def _is_out_of_sight(values: dict[str, str]) -> bool:
    """Whether an element with all that is in it is out of sight: clear, clipped, or beyond the page's edge."""
    opacity = values.get("opacity", "")
    if _NUMBER.fullmatch(opacity) and float(opacity) < _FAINT:
        return True
    if _FILTERED.fullmatch(values.get("filter", "")):
        return True
    away = [_pixels(values.get("text-indent", ""))]
    if values.get("position") in ("absolute", "fixed", "relative"):
        away += [_pixels(values.get("left", "")), _pixels(values.get("top", ""))]
        if _CLIPPED.fullmatch(values.get("clip", "")):
            return True
    if any(length is not None and length < _OFF_PAGE for length in away):
        return True
    if _CLIPPED.fullmatch(values.get("clip-path", "")) or values.get("transform", "").startswith("scale(0)"):
        return True
    shut = values.get("overflow") in ("hidden", "clip")
    return shut and any(_pixels(values.get(name, "")) == 0.0 for name in ("height", "max-height", "width", "max-width"))


def _is_raised(values: dict[str, str]) -> bool:
    """Whether text is a mark above or below its line, by name, by a length, or small and moved."""
    align = values.get("vertical-align", "")
    if align in ("super", "sub", "text-top", "text-bottom") or (_LENGTH.fullmatch(align) and not align.startswith("0")):
        return True
    size = values.get("font-size", "")
    smaller = size in ("smaller", "x-small", "xx-small") or (
        (m := _LENGTH.fullmatch(size)) is not None and m[2] in ("%", "em") and float(m[1]) < (100 if m[2] == "%" else 1)
    )
    moved = [_pixels(values.get(name, "")) or 0.0 for name in ("top", "bottom")]
    return smaller and values.get("position") == "relative" and any(abs(length) > _TINY for length in moved)


def _is_reversed(values: dict[str, str]) -> bool:
    """Whether characters run from right to left whatever they are, or parts stand in reverse."""
    turned = values.get("unicode-bidi", "").endswith("-override") and values.get("direction") != "ltr"
    return turned or values.get("flex-direction", "").endswith("-reverse")


def is_paper(colour: str) -> bool:
    """Whether a colour cannot be told from white paper."""
    return _PAPER.fullmatch(colour.strip().lower()) is not None


def _has_ground(values: dict[str, str]) -> bool:
    """Whether an element has a background that is not the paper's."""
    for name in ("background-color", "background", "background-image"):
        value = values.get(name, "")
        if value in _NO_GROUND or all(_PAPER.fullmatch(part) or part in _NO_GROUND for part in value.split()):
            continue
        return True
    return False


def _effect(values: dict[str, str]) -> Effect | None:
    display = values.get("display")
    if display is not None:
        display = display if display == "none" else "block" if display in _LINE_OF_ITS_OWN else "other"
    if display != "none" and values.get("float") in ("left", "right"):
        # It stands beside the line, on whatever side of the words.
        display = "block"
    decoration = values.get("text-decoration", "") + values.get("text-decoration-line", "")
    inherited = _is_blank_by_inheritance(values)
    effect = Effect(
        display=display,
        invisible=inherited or _is_out_of_sight(values),
        inherited=inherited,
        struck="line-through" in decoration,
        raised=_is_raised(values),
        white=_PAPER.fullmatch(values.get("color", "")) is not None,
        ground=_has_ground(values),
        reversed=_is_reversed(values),
    )
    return effect if effect != Effect() else None


def _hides(declarations: _Declarations) -> bool:
    """Whether a rule does anything to what is read, lines apart."""
    if any("var(" in value for value, _ in declarations.values()):
        return True
    effect = _effect({name: value for name, (value, _) in declarations.items() if name not in _GROUNDS})
    return effect is not None and effect != Effect(display=effect.display if effect.display != "none" else None)


def applies(media: str) -> bool:
    """Whether a media query holds on a desktop screen. What cannot be told does not apply."""
    return not media.strip() or any(_one_applies(query.strip().lower()) for query in media.split(","))


def _one_applies(query: str) -> bool:
    for part in " ".join(query.split()).removeprefix("only ").split(" and "):
        if m := _WIDTH.fullmatch(part):
            width = float(m[2]) * (1 if m[3] == "px" else 16) if m[2].count(".") < 2 else 0.0
            if width > DESKTOP_WIDTH if m[1] == "min" else width < DESKTOP_WIDTH:
                return False
        elif part not in ("screen", "all"):
            return False
    return True


@dataclass
class Sheet:
    """The rules of a page's own style sheets.

    Simple ones (``.class``, ``#id``, ``tag.class`` and compounds of these) are looked up element by element, others by
    `further`. ``foreign``: grounds may come from sheets
    that are not in the file, or from rules that are not looked at.
    """

    foreign: bool = False
    _rules: dict[str, list[_Rule]] = field(default_factory=dict)
    _selectors: list[tuple[str, _Declarations, int]] = field(default_factory=list)
    # Values that rules give names to, whatever they are given for: --gone: none.
    _named: dict[str, str] = field(default_factory=dict)
    _hides: bool = False
    _order: int = 0
    _comparisons: int = 0

    def __bool__(self) -> bool:
        return bool(self._rules or self._selectors)

    def add(self, css: str, media: str = "") -> None:
        """Takes in a sheet; later ones weigh more."""
        if not applies(media):
            return
        # Open blocks: whether what stands in them applies, and how many of them do not.
        blocks: list[bool] = []
        shut = 0
        prelude: str | None = None
        pieces = _BRACE.split(_without_comments(css[:MAX_SHEET]))
        for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
            if brace == "{":
                head = text.rpartition(";")[2].strip()
                prelude, open_ = head, True
                if head.startswith("@"):
                    name, _, condition = head[1:].partition(" ")
                    prelude, open_ = None, name == "supports" or (name == "media" and applies(condition))
                blocks.append(open_)
                shut += not open_
            else:
                if prelude is not None and not shut:
                    self._rule(prelude, text)
                prelude = None
                if blocks:
                    shut -= not blocks.pop()

    def _rule(self, selectors: str, body: str) -> None:
        declarations = _declarations(body)
        if not declarations:
            return
        self._named.update({name: value for name, (value, _) in declarations.items() if name.startswith("--")})
        self._hides = self._hides or _hides(declarations)
        for selector in selectors.split(","):
            m = _SELECTOR.fullmatch(selector.strip())
            self._order += 1
            if not m:
                if declarations.keys() <= _GROUNDS:
                    # What it gives a ground is not looked for; white text is then left uncertain.
                    self.foreign = True
                else:
                    self._selectors.append((selector.strip(), declarations, self._order))
                continue
            names = _SIMPLE.findall(m[2])
            ids = sum(1 for n in names if n.startswith("#"))
            weight = (ids, len(names) - ids, int(m[1] is not None), self._order)
            rule = _Rule(m[1].lower() if m[1] else None, frozenset(names), declarations, weight)
            self._rules.setdefault(names[0], []).append(rule)

    def _matching(self, tag: str, element_id: str | None, classes: str | None) -> list[_Rule]:
        names = {f".{c}" for c in (classes or "").split()}
        if element_id:
            names.add(f"#{element_id.strip()}")
        candidates = [rule for name in names for rule in self._rules.get(name, ())]
        self._comparisons += len(names) + len(candidates)
        if self._comparisons > MAX_COMPARISONS:
            raise OverflowError("more style rules than a page has")
        found = [rule for rule in candidates if rule.names <= names and rule.tag in (None, tag)]
        return sorted(found, key=lambda rule: rule.weight)

    def further(self, root: Any, text: str) -> dict[Any, list[_Rule]]:
        """The elements that selectors of more than names choose, with their rules; nothing where no rule hides.

        ``text`` is the page: a selector with a name that stands nowhere in it chooses nothing.
        """
        printing = [s for s in self._selectors if "content" in s[1] and _GENERATED.search(s[1]["content"][0])]
        wanted = self._selectors if self._hides else printing
        wanted = [s for s in wanted if all(f"{name}" in text for name in _PLAIN_NAMES.findall(s[0]))]
        if not wanted:
            return {}
        from cssselect import HTMLTranslator, SelectorError, parse

        wanted.sort(key=lambda s: not _hides(s[1]))
        translator = HTMLTranslator()
        found: dict[Any, list[_Rule]] = {}
        for selector, declarations, order in wanted[:MAX_SELECTORS]:
            try:
                parsed = parse(selector)[0]
                path = translator.selector_to_xpath(parsed, translate_pseudo_elements=False)
            except (SelectorError, IndexError):
                continue
            if parsed.pseudo_element is not None and (selector, declarations, order) not in printing:
                continue
            rule = _Rule(
                None, frozenset(), declarations, (*parsed.specificity(), order), parsed.pseudo_element is not None
            )
            for element in root.xpath(path):
                found.setdefault(element, []).append(rule)
        return found

    def effect(
        self, tag: str, element_id: str | None, classes: str | None, style: str | None, further: Sequence[_Rule] = ()
    ) -> Effect | None:
        """What all styles together do to an element, or None for nothing. Raises OverflowError on a hostile sheet.

        ``further``: the rules that `Sheet.further` found for it.
        """
        generated = any(rule.beside for rule in further)
        values = self._values(tag, element_id, classes, style, further)
        found = _effect(values) if values else None
        return replace(found or Effect(), generated=True) if generated else found

    def takes_back(self, element: Any) -> bool:
        """Whether an element sets of its own what it would inherit of an element that hides."""
        values = self._values(element.tag, element.get("id"), element.get("class"), element.get("style"), ())
        return any(name in values for name in _TAKEN_BACK) and not _is_blank_by_inheritance(values)

    def _values(
        self, tag: str, element_id: str | None, classes: str | None, style: str | None, further: Sequence[_Rule]
    ) -> dict[str, str]:
        rules = self._matching(tag, element_id, classes) if self._rules else []
        if further:
            rules = sorted([*rules, *(r for r in further if not r.beside)], key=lambda rule: rule.weight)
        layers = [rule.declarations for rule in rules]
        if style:
            layers.append(_declarations(style))
        values: dict[str, str] = {}
        for important in (False, True):
            for layer in layers:
                values.update({name: value for name, (value, mark) in layer.items() if mark is important})
        for name, value in values.items():
            if "var(" in value:
                values[name] = _VARIABLE.sub(lambda m: self._named.get(m[1], m[2] or ""), value)
        return values
