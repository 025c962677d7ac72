"""The little of CSS that decides what of a page is printed: hidden, struck, raised, and whether it stands on a line of its own.

Belongs here: inline styles and the simple rules of a page's own style sheets, as a desktop browser applies them.
Does not belong here: linked sheets (they are not in the file), combinators, and everything about looks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Sheets longer than this come from a framework; what hides a table stands at the page itself.
MAX_SHEET = 300_000
# Comparisons of rules with elements; a page of 20,000 elements and 100 rules makes a few thousand.
MAX_COMPARISONS = 400_000
# The window that media queries are put to, in CSS pixels.
DESKTOP_WIDTH = 1280

_PROPERTIES = frozenset({"display", "visibility", "text-decoration", "text-decoration-line", "vertical-align"})
_BRACE = re.compile(r"([{}])")
_SELECTOR = re.compile(r"([a-zA-Z][\w-]*)?((?:[.#][\w-]+)+)")
_SIMPLE = re.compile(r"[.#][\w-]+")
_WIDTH = re.compile(r"\(\s*(min|max)-(?:device-)?width\s*:\s*([\d.]+)(px|em|rem)\s*\)")
_LINE_OF_ITS_OWN = frozenset({"block", "flex", "grid", "list-item", "table", "flow-root", "table-row", "table-cell"})

# Property → (value, whether it is !important).
_Declarations = dict[str, tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Effect:
    """What styles do to an element. ``display`` is ``none``, ``block``, ``other`` or None where nothing is said."""

    display: str | None = None
    invisible: bool = False
    struck: bool = False
    raised: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    tag: str | None
    names: frozenset[str]
    declarations: _Declarations
    # Ids weigh more than classes, classes more than tags; then the later rule wins.
    weight: tuple[int, int, int, int]


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
        if colon and name in _PROPERTIES:
            value, mark, _ = value.partition("!")
            found[name] = (value.strip(), bool(mark))
    return found


def _effect(values: dict[str, str]) -> Effect | None:
    display = values.get("display")
    if display is not None:
        display = display if display == "none" else "block" if display in _LINE_OF_ITS_OWN else "other"
    decoration = values.get("text-decoration", "") + values.get("text-decoration-line", "")
    effect = Effect(
        display=display,
        invisible=values.get("visibility") in ("hidden", "collapse"),
        struck="line-through" in decoration,
        raised=values.get("vertical-align") in ("super", "sub", "text-top", "text-bottom"),
    )
    return effect if effect != Effect() else None


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
    """The simple rules of a page's own style sheets: ``.class``, ``#id``, ``tag.class`` and compounds of these."""

    _rules: dict[str, list[_Rule]] = field(default_factory=dict)
    _order: int = 0
    _comparisons: int = 0

    def __bool__(self) -> bool:
        return bool(self._rules)

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
        for selector in selectors.split(","):
            m = _SELECTOR.fullmatch(selector.strip())
            if not m:
                continue
            self._order += 1
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

    def effect(self, tag: str, element_id: str | None, classes: str | None, style: str | None) -> Effect | None:
        """What all styles together do to an element, or None for nothing. Raises OverflowError on a hostile sheet."""
        layers = [rule.declarations for rule in self._matching(tag, element_id, classes)] if self._rules else []
        if style:
            layers.append(_declarations(style))
        values: dict[str, str] = {}
        for important in (False, True):
            for layer in layers:
                values.update({name: value for name, (value, mark) in layer.items() if mark is important})
        return _effect(values) if values else None
