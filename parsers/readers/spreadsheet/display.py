"""How a workbook shows a stored number: digits after the point, thousands, percent, dates.

Belongs here: number formats. Does not belong here: where formats are kept (`xlsx`, `xls`).

What a clerk sees and copies into the report is the figure as shown. Where the format hides digits of it altogether (25.4
shown as 25, 12000 shown as 12 thousands) both readings are given, and the cell is not certain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

GENERAL = "General"
# Formats that files name by number only; those of dates differ from country to country in their order alone.
_DATE, _TIME = "yyyy-mm-dd", "h:mm:ss"
BUILTIN: dict[int, str] = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: GENERAL, 12: GENERAL, 13: GENERAL,
    **dict.fromkeys((14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58), _DATE),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), _TIME),
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 48: GENERAL, 49: "@",
}  # fmt: skip

_MOST_DIGITS = 15  # a double has no more
# What sums of doubles leave behind: a number of so few digits, but for one beyond so many.
_FEW_DIGITS, _BEFORE_NOISE = 9, 12
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<skip>[_*].)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*)?|\.[0#?]+)|(?P<percent>%)|(?P<text>@)"
    r"|(?P<science>[eE][+-])|(?P<date>[ymdhs年月日]+|am/pm|a/p|上午/下午)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CURRENCY = re.compile(r"\$(?P<sign>[^-]*)(?:-[0-9A-Fa-f]+)?$")
_FIRST_DAY = datetime(1899, 12, 30)
_FIRST_DAY_1904 = datetime(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class Shown:
    """The text a cell shows; ``full`` is the stored number where the text hides digits of it."""

    text: str
    full: str | None = None


@dataclass(frozen=True, slots=True)
class _Section:
    """One part of a format: texts around the number, and how the number is cut."""

    kind: str  # number, general, date, time, text, literal (words in the number's place), unknown
    before: str = ""
    after: str = ""
    places: int = 0
    least_places: int = 0
    thousands: bool = False
    divided: int = 0
    percent: bool = False
    # Some digit is shown even of a zero: 0 is, # and ? are not.
    has_zero: bool = False
    condition: bool = False


def plain(number: float | str) -> str:
    """A stored number without a format: as many digits as a double holds without noise, no exponent. Raises ValueError."""
    try:
        value = Decimal(format(float(number), f".{_MOST_DIGITS}g"))
    except (InvalidOperation, OverflowError) as error:
        raise ValueError(str(number)) from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 30:
        raise ValueError(str(number))
    near = Decimal(format(float(number), f".{_BEFORE_NOISE}g"))
    if near != value and len(near.normalize().as_tuple().digits) <= _FEW_DIGITS:
        value = near
    return _trimmed(value)


def _trimmed(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(number: float | str, code: str, *, from_1904: bool = False) -> Shown:
    """What a cell of format ``code`` shows for a number. Raises ValueError for what is no number."""
    stored = plain(number)
    value = Decimal(stored)
    sections = _sections(code)
    negative = value < 0
    if any(s.condition for s in sections):
        return Shown(stored)
    section = sections[1] if negative and len(sections) > 1 else sections[0]
    if value == 0:
        section = sections[2] if len(sections) > 2 else section
        if section.kind == "literal" or (section.kind == "number" and not section.has_zero):
            # What stands for a zero is all that is shown: a dash, a word, nothing.
            return Shown(f"{section.before}{section.after}".strip())
    if section.kind in ("date", "time"):
        return Shown(_moment(value, section.kind, from_1904) or stored)
    if section.kind == "literal":
        return Shown(section.before, stored)
    if section.kind != "number":
        return Shown(stored)
    # A section for negative numbers brings its own sign.
    own_sign = negative and len(sections) > 1
    sign = "-" if negative and (not own_sign or not re.search(r"[-−(（]", section.before)) else ""
    text, exact = _cut(abs(value), section)
    shown = f"{sign}{section.before.replace('(', '-').replace('（', '-') if own_sign else section.before}{text}"
    shown += section.after.replace(")", "").replace("）", "") if own_sign else section.after
    return Shown(shown.strip(), None if exact else stored)


def _cut(value: Decimal, section: _Section) -> tuple[str, bool]:
    """The digits shown, and whether they are the whole number but for decimals that were rounded."""
    if section.percent:
        value *= 100
    if section.divided:
        value = value.scaleb(-3 * section.divided)
    whole = value.quantize(Decimal(1).scaleb(-section.places), ROUND_HALF_UP)
    # Rounded decimals are what the report prints; a count that is not whole must not look like one.
    exact = section.divided == 0 and (section.places > 0 or whole == value)
    text = f"{whole:f}"
    integer, _, decimals = text.partition(".")
    decimals = decimals[: section.least_places] + decimals[section.least_places :].rstrip("0")
    if section.thousands:
        integer = f"{int(integer):,}"
    return (f"{integer}.{decimals}" if decimals else integer) + ("%" if section.percent else ""), exact


def _moment(value: Decimal, kind: str, from_1904: bool) -> str | None:
    """A date or time of day; None for what no calendar has."""
    days = float(value)
    if not 0 <= days < 2_958_466:
        return None
    # The 1900 calendar counts a 29 February that never was; the first of March is right again.
    moment = (_FIRST_DAY_1904 if from_1904 else _FIRST_DAY) + timedelta(days=days + (days < 60 and not from_1904))
    if kind == "time" and days < 1:
        return f"{moment:%H:%M:%S}"
    return f"{moment.year}年{moment.month}月{moment.day}日"


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    if not code.strip() or len(code) > 255:
        return (_Section("general"),)
    tokens: list[list[tuple[str, str]]] = [[]]
    for m in _TOKEN.finditer(code):
        kind = m.lastgroup or "other"
        text = m[kind]
        if kind == "other" and text == ";":
            tokens.append([])
        else:
            tokens[-1].append((kind, text))
    return tuple(_section(part) for part in tokens[:4])


def _section(tokens: list[tuple[str, str]]) -> _Section:
    if all(kind == "skip" for kind, _ in tokens):
        # Nothing at all, as in ;;; which hides every number.
        return _Section("literal")
    before: list[str] = []
    after: list[str] = []
    digits = ""
    percent = False
    for kind, text in tokens:
        side = after if digits else before
        if kind in ("quoted", "escaped"):
            side.append(text)
        elif kind == "bracket":
            if re.match(r"[<>=]", text):
                return _Section("unknown", condition=True)
            if text.lower().startswith("dbnum"):
                return _Section("unknown")
            if text.lower() in ("h", "hh", "m", "mm", "s", "ss"):
                return _Section("time")
            if m := _CURRENCY.match(text):
                side.append(m["sign"])
        elif kind == "general":
            return _Section("general")
        elif kind == "text":
            return _Section("text")
        elif kind == "science" or (kind == "digits" and digits) or (kind == "other" and text in "/?"):
            return _Section("unknown")  # telephone numbers, fractions
        elif kind == "date":
            letters = "".join(t for k, t in tokens if k == "date").lower()
            return _Section("date" if re.search("[yd年日]", letters) else "time")
        elif kind == "digits":
            digits = text
        elif kind == "percent":
            percent = True
        elif kind == "other":
            side.append(text)
    if not digits:
        return _Section("literal", "".join(before)) if before else _Section("unknown")
    integer, _, decimals = digits.partition(".")
    trailing = len(integer) - len(integer.rstrip(","))
    return _Section(
        "number",
        "".join(before),
        "".join(after),
        places=len(decimals.replace(",", "")),
        least_places=decimals.count("0"),
        thousands="," in integer.rstrip(","),
        divided=trailing,
        percent=percent,
        has_zero="0" in digits,
    )
