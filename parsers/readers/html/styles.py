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

from lxml import etree

# Sheets longer than this come from a framework; what hides a table stands at the page itself.
MAX_SHEET = 300_000
# Comparisons of rules with elements; a page of 20,000 elements and 100 rules makes a few thousand.
MAX_COMPARISONS = 400_000
# The window that media queries are put to, in CSS pixels.
DESKTOP_WIDTH = 1280

# Selectors of more than names that are put to one page; what hides comes first.
MAX_SELECTORS = 400
# Rules in rules: so deep, and so many selectors of a list on either side.
_DEEPEST, _MOST_AROUND = 8, 20
# Pixels beyond which nobody looks, and below which nobody sees.
_OFF_PAGE, _TINY, _FAINT = -200.0, 1.5, 0.05
_NUMBER = re.compile(r"\d*\.?\d+")
# Pixels: no figure of a report is set smaller, and so far off its line text is seen to be.
_SMALL, _MOVED = 12.0, 1.5
# What a child sets to be seen inside an element that hides what is inherited.
_TAKEN_BACK = ("visibility", "color", "font-size", "font")

_PROPERTY_NAMES = (
    "display visibility text-decoration text-decoration-line vertical-align opacity font-size font color "
    "-webkit-text-fill-color background background-color background-image text-indent position left top bottom float "
    "filter clip clip-path height max-height width max-width overflow transform content unicode-bidi direction "
    "flex-direction"
)
_PROPERTIES = frozenset(_PROPERTY_NAMES.split())
# Colours matter only where some text may have that of its ground (`shades`), and are asked for then.
_GROUNDS = frozenset({"background", "background-color", "background-image"})
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|%|ex|ch|vw|vh|cm|mm|in)?")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "cm": 38.0, "mm": 3.8, "in": 96.0}
_CLEAR = re.compile(r"transparent|#[0-9a-f]{6}00|#[0-9a-f]{3}0|(?:rgba|hsla)\([^()]*,\s*0?\.?0+%?\s*\)")
_CLIPPED = re.compile(r"rect\(\s*0(?:px)?[\s,]+0(?:px)?[\s,]+0(?:px)?[\s,]+0(?:px)?\s*\)|inset\(\s*(?:[5-9]\d|100)%.*")
_FILTERED = re.compile(r".*opacity\(\s*0?(?:\.0\d*)?%?\s*\).*")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*))?\)")
_TRANSLATED = re.compile(r"translatey\(\s*([^()]*?)\s*\)|translate(?:3d)?\([^(),]*,\s*([^(),]*?)\s*[,)]")
_GENERATED = re.compile(r"[\"'][^\"']*\d[^\"']*[\"']|attr\(|counter")
_PLAIN_NAMES = re.compile(r"[.#]([\w-]+)")
_BRACKET = re.compile(r"([][(),])")
_NOT_ANY = re.compile(r":not\(([^()]*,[^()]*)\)")
# A pseudo-class of conditions; such as ``:is(.a, .b)``.
_CONDITION = re.compile(r":[\w-]+\((?:[^()]|\([^()]*\))*\)")
_BRACE = re.compile(r"([{}])")
_SELECTOR = re.compile(r"([a-zA-Z][\w-]*)?((?:[.#][\w-]+)+)")
_SIMPLE = re.compile(r"[.#][\w-]+")
_WIDTH = re.compile(r"\(\s*(min|max)-(?:device-)?width\s*:\s*([\d.]+)(px|em|rem)\s*\)")
_LINE_OF_ITS_OWN = frozenset({"block", "flex", "grid", "list-item", "table", "flow-root", "table-row", "table-cell"})

# The parts of a table that other elements can be drawn as.
_PARTS = {
    "table": "table",
    "table-row-group": "tbody",
    "table-header-group": "thead",
    "table-footer-group": "tfoot",
    "table-row": "tr",
    "table-cell": "td",
}
# What names a cell in front of its text.
_NAMES = re.compile(r"attr\(\s*(data-[\w-]+)\s*\)\s*(?:\"[\s:：]*\"|'[\s:：]*')?")

# Property → (value, whether it is !important).
_Declarations = dict[str, tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Effect:
    """What styles do to an element. ``display`` is ``none``, ``block``, ``other`` or None where nothing is said.

    ``doubtful``: somebody may see its text, or part of it, and nobody can say which. ``lifted``: it is off its line, which
    may make it a mark. ``generated``: a style prints digits there that stand nowhere in the page. ``reversed``: its pieces or characters are
    seen in another order than they are written in.
    """

    display: str | None = None
    invisible: bool = False
    struck: bool = False
    raised: bool = False
    lifted: bool = False
    doubtful: bool = False
    generated: bool = False
    reversed: bool = False
    # Hidden by what its children inherit and may take back.
    inherited: bool = False
    # The part of a table that it is drawn as, by HTML's name for it; the attribute that a style prints in front of it.
    part: str | None = None
    names: str | None = None


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


def pixels(value: str) -> float | None:
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
    high = pixels(size)
    return high == 0.0 or (high is not None and high < _TINY and not size.endswith("m"))


def _is_out_of_sight(values: dict[str, str]) -> bool:
    """Whether an element with all that is in it is out of sight: clear, clipped, or beyond the page's edge."""
    opacity = values.get("opacity", "")
    if _NUMBER.fullmatch(opacity) and float(opacity) < _FAINT:
        return True
    if _FILTERED.fullmatch(values.get("filter", "")):
        return True
    away = [pixels(values.get("text-indent", ""))]
    if values.get("position") in ("absolute", "fixed", "relative"):
        away += [pixels(values.get("left", "")), pixels(values.get("top", ""))]
        if _CLIPPED.fullmatch(values.get("clip", "")):
            return True
    if any(length is not None and length < _OFF_PAGE for length in away):
        return True
    if _CLIPPED.fullmatch(values.get("clip-path", "")) or values.get("transform", "").startswith("scale(0)"):
        return True
    shut = values.get("overflow") in ("hidden", "clip")
    return shut and any(pixels(values.get(name, "")) == 0.0 for name in ("height", "max-height", "width", "max-width"))


def _is_raised(values: dict[str, str]) -> bool:
    """Whether text is a mark above or below its line, by name, by a length, or small and moved."""
    align = values.get("vertical-align", "")
    if align in ("super", "sub", "text-top", "text-bottom") or (_LENGTH.fullmatch(align) and not align.startswith("0")):
        return True
    size = values.get("font-size", "")
    smaller = size in ("smaller", "x-small", "xx-small") or (
        (m := _LENGTH.fullmatch(size)) is not None and m[2] in ("%", "em") and float(m[1]) < (100 if m[2] == "%" else 1)
    )
    high = pixels(size)
    smaller = smaller or (high is not None and high < _SMALL)
    return smaller and (_is_moved(values) or align in ("top", "bottom"))


def _is_moved(values: dict[str, str]) -> bool:
    """Whether text stands off its line by more than a hair."""
    moved = [values.get(name, "") for name in ("top", "bottom")] if values.get("position") == "relative" else []
    if m := _TRANSLATED.search(values.get("transform", "")):
        moved.append(m[1] or m[2])
    return any(abs(pixels(length) or 0.0) > _MOVED for length in moved)


def _is_reversed(values: dict[str, str]) -> bool:
    """Whether characters run from right to left whatever they are, or parts stand in reverse."""
    turned = values.get("unicode-bidi", "").endswith("-override") and values.get("direction") != "ltr"
    return turned or values.get("flex-direction", "").endswith("-reverse")


def _effect(values: dict[str, str]) -> Effect | None:
    display = values.get("display")
    part = _PARTS.get(display or "")
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
        lifted=_is_moved(values),
        reversed=_is_reversed(values),
        part=part,
    )
    return effect if effect != Effect() else None


def _names(rules: Sequence[_Rule]) -> str | None:
    """The attribute that a style prints in front of an element, if that is all that it prints beside it."""
    printed = {rule.declarations["content"][0] for rule in rules if rule.beside and "content" in rule.declarations}
    m = _NAMES.fullmatch(printed.pop()) if len(printed) == 1 else None
    return m[1] if m else None


def _hides(declarations: _Declarations) -> bool:
    """Whether a rule does anything to what is read, lines apart."""
    if any("var(" in value for value, _ in declarations.values()):
        return True
    effect = _effect({name: value for name, (value, _) in declarations.items() if name not in _GROUNDS})
    shown = effect.display if effect is not None and effect.display != "none" else None
    return effect is not None and effect != Effect(display=shown, part=effect.part)


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


def _listed(selectors: str) -> list[str]:
    """The selectors of a list, parted at the commas that stand in no brackets."""
    found, depth = [""], 0
    for piece in _BRACKET.split(selectors):
        depth += (piece in "([") - (piece in ")]") if len(piece) == 1 else 0
        if piece == "," and depth <= 0:
            found.append("")
        else:
            found[-1] += piece
    # ``:not(.a, .b)`` as ``:not(.a):not(.b)``.
    return [
        _NOT_ANY.sub(lambda m: "".join(f":not({each.strip()})" for each in m[1].split(",")), one.strip())
        for one in found
        if one.strip()
    ]


@dataclass
class Sheet:
    """The rules of a page's own style sheets.

    Simple ones (``.class``, ``#id``, ``tag.class`` and compounds of these) are looked up element by element, others by
    `further`. ``foreign``: grounds may come from sheets
    that are not in the file, or from rules that are not looked at.
    """

    foreign: bool = False
    # Elements that a rule may hide whose selector was not understood; after `further`.
    uncertain: set[Any] = field(default_factory=set)
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
        # Open blocks: the selectors that what stands in them is for, none outside of rules, and whether it applies.
        blocks: list[tuple[list[str], bool]] = []
        pieces = _BRACE.split(_without_comments(css[:MAX_SHEET]))
        for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
            around, open_ = blocks[-1] if blocks else ([], True)
            body, _, head = text.rpartition(";") if brace == "{" else (text, "", "")
            if around and open_ and body.strip():
                self._rule(around, body)
            if brace == "{":
                blocks.append(self._block(head.strip(), around, open_ and len(blocks) < _DEEPEST))
            elif blocks:
                blocks.pop()

    @staticmethod
    def _block(head: str, around: list[str], open_: bool) -> tuple[list[str], bool]:
        """The selectors of a block that begins with ``head`` inside of ``around``, and whether it applies."""
        if not open_:
            return [], False
        if head.startswith("@"):
            name, _, condition = head[1:].partition(" ")
            return around, (name in ("supports", "layer") or (name == "media" and applies(condition)))
        inner = _listed(head)
        if around:
            inner = [
                one.replace("&", outer) if "&" in one else f"{outer} {one}"
                for outer in around[:_MOST_AROUND]
                for one in inner[:_MOST_AROUND]
            ]
        return inner, True

    def _rule(self, selectors: Sequence[str], body: str) -> None:
        declarations = _declarations(body)
        if not declarations:
            return
        self._named.update({name: value for name, (value, _) in declarations.items() if name.startswith("--")})
        self._hides = self._hides or _hides(declarations)
        for selector in selectors:
            m = _SELECTOR.fullmatch(selector)
            self._order += 1
            if not m:
                self._selectors.append((selector, declarations, self._order))
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

    def further(self, root: Any, text: str, *, colours: bool = False) -> dict[Any, list[_Rule]]:
        """The elements that selectors of more than names choose, with their rules; nothing where no rule hides.

        ``text`` is the page: a selector with a name that stands nowhere in it chooses nothing. ``colours``: rules that
        give colours are looked for as well.
        """
        printing = [s for s in self._selectors if "content" in s[1] and _GENERATED.search(s[1]["content"][0])]
        wanted = self._selectors if self._hides or colours else printing
        # The names without which a selector chooses nothing stand in the page.
        wanted = [s for s in wanted if all(n in text for n in _PLAIN_NAMES.findall(_CONDITION.sub("", s[0])))]
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
                chosen = root.xpath(path)
            except (SelectorError, IndexError, etree.XPathError):
                self._beyond(selector, declarations, root)
                continue
            if parsed.pseudo_element is not None and (selector, declarations, order) not in printing:
                continue
            rule = _Rule(
                None, frozenset(), declarations, (*parsed.specificity(), order), parsed.pseudo_element is not None
            )
            for element in chosen:
                found.setdefault(element, []).append(rule)
        return found

    def _beyond(self, selector: str, declarations: _Declarations, root: Any) -> None:
        """A selector that is not understood: what it may hide is uncertain, if less of it can be read."""
        from cssselect import HTMLTranslator, SelectorError, parse

        less = _CONDITION.sub("", selector)
        if not _hides(declarations) or "::" in less or less.strip()[-1:] in ("", "*", ">", "+", "~"):
            return
        try:
            self.uncertain.update(root.xpath(HTMLTranslator().selector_to_xpath(parse(less)[0])))
        except (SelectorError, IndexError, etree.XPathError):
            return

    def paint(self, element: Any, style: str | None, further: Sequence[_Rule] = ()) -> tuple[str, list[str]]:
        """What styles say of an element's colour and, in all they say, of its ground; empty where nothing."""
        values = self._values(element.tag, element.get("id"), element.get("class"), style, further)
        grounds = [values[name] for name in ("background-color", "background", "background-image") if name in values]
        return values.get("-webkit-text-fill-color") or values.get("color", ""), grounds

    def effect(
        self, tag: str, element_id: str | None, classes: str | None, style: str | None, further: Sequence[_Rule] = ()
    ) -> Effect | None:
        """What all styles together do to an element, or None for nothing. Raises OverflowError on a hostile sheet.

        ``further``: the rules that `Sheet.further` found for it.
        """
        generated = any(rule.beside for rule in further)
        values = self._values(tag, element_id, classes, style, further)
        found = _effect(values) if values else None
        return replace(found or Effect(), generated=True, names=_names(further)) if generated else found

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
