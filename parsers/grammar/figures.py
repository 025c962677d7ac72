"""What a printed cell says: blank, mark, number, words, with its unit.

Belongs here: turning the text of one cell into kind, value and unit, or saying that its digits can be read in more
than one way. Does not belong here: which cell it is (`matching`) and whether the value makes sense (`checks`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from schemas.characters import has_lost, lost_as_one
from schemas.facts import Kind, Value

# Marks that stand for "nothing here"; compared after folding to half width.
MARKS = frozenset(
    "/ ⁄ ∕ ⧸ ╱ \\ - -- --- — —— – − ― ○ ◯ × * ** 空 无 不涉及 不适用 n/a na null none | 丨 . … …… _ __".split()  # noqa: SIM905
)
COUNT_UNITS = frozenset("人次 件 宗 条 项 次 起 例 份 篇 人 个 笔 家 场 期".split())  # noqa: SIM905
# Measure words and numerals of traditional documents.
_TRADITIONAL = str.maketrans("萬億條項個筆場減無適", "万亿条项个笔场减无适")
# How many of the form's 万元 one printed unit is.
MONEY_UNITS = {
    "亿元": Decimal(10_000),
    "万元": Decimal(1),
    "千元": Decimal("0.1"),
    "百元": Decimal("0.01"),
    "元": Decimal("0.0001"),
}
_MULTIPLIERS = {"亿": 100_000_000, "万": 10_000, "千": 1_000}
_LONGEST = 15  # digits; longer ones are joined cells

# Circled and raised figures behind a number are note marks; NFKC would turn 22① into 221.
_NOTE_MARKS = re.compile(r"(?<=[\d０-９件条项元])\s*[①-⑳⑴-⒇❶-❿⓪²³¹⁰⁴-⁹†‡※＊*]+$")
# Circled figures that are no note mark: words, not a count.
_CIRCLED = re.compile(r"[①-⒛❶-➓²³¹⁰⁴-⁹]")
_NOTE = re.compile(r"^(?P<head>[^()]*?)\((?P<note>.*)\)[。.;；]?$", re.DOTALL)
_CUT_NOTE = re.compile(r"^(?P<head>[^()]*?\d)\((?P<note>[^()]*)$", re.DOTALL)
_SPACED = re.compile(r"^\d{1,3}(?: \d{3})+(?:\.\d+)?$", re.ASCII)
_GROUPED = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$", re.ASCII)
_PLAIN = re.compile(r"^\d+(?:\.\d+)?$", re.ASCII)
_FIGURE_LIKE = re.compile(r"[\s\d,.]*")
_SIGNED = re.compile(
    r"^(?P<word>\+|-|−|↑|↓|净增加?|净减少?|新增|增加|增长|增|减少|下降|减)?了?(?P<digits>[\d., ]*\d)(?P<unit>[^\d]*)$"
)
_DOWN = ("-", "−", "↓", "净减", "净减少", "减少", "减", "下降")
_NUMBER_AND_UNIT = re.compile(r"^(?P<sign>[-+−])?(?P<digits>[\d., ]*\d)\s*(?P<unit>[^\d]*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reading:
    """One cell read. ``doubt`` is set when the digits are not certain; ``value`` is then None and ``readings`` lists them.

    ``unit`` is the unit after conversion, ``unit_printed`` what cell or head say.
    """

    kind: Kind
    value: Value | None = None
    unit: str | None = None
    unit_printed: str | None = None
    doubt: str | None = None
    readings: tuple[Value, ...] = ()


def _fold(text: str) -> str:
    """Half width, single spaces; unlike label folding this keeps spaces, which may separate figures."""
    text = unicodedata.normalize("NFKC", _NOTE_MARKS.sub("", text.strip()))
    text = text.replace("\u200b", "").replace("\ufeff", "").translate(_TRADITIONAL)
    return re.sub(r"[^\S\n]+", " ", text).strip()


def is_unit(text: str) -> bool:
    """Whether a cell holds a unit and nothing else."""
    folded = _fold(text)
    return folded in COUNT_UNITS or folded in MONEY_UNITS


def money_unit(text: str) -> str | None:
    """The unit of money that a cell names, or None."""
    folded = _fold(text)
    return folded if folded in MONEY_UNITS else None


def is_value_like(text: str) -> bool:
    """Whether a cell may hold a figure, a mark or nothing, rather than a label."""
    return _is_value_like(text)


@lru_cache(maxsize=16_384)
def _is_value_like(text: str) -> bool:
    if has_lost(text):
        # A figure that lost a digit is still no label.
        text = lost_as_one(text, "")
        if _FIGURE_LIKE.fullmatch(text):
            return True
    folded = _fold(text)
    if not folded or folded.casefold() in MARKS:
        return True
    return (folded[0].isdigit() and read(text).kind == "number") or read(text, signed=True).kind == "number"


def _digits(text: str) -> tuple[Decimal | None, bool]:
    """The number that digits with separators give, and whether there is doubt about them."""
    text = text.strip()
    if _PLAIN.match(text):
        whole = text.split(".", 1)[0]
        if len(whole) > _LONGEST or (len(whole) > 1 and whole.startswith("0")):
            return None, True
        return Decimal(text), False
    if _GROUPED.match(text) or _SPACED.match(text):
        return Decimal(text.replace(",", "").replace(" ", "")), False
    return None, True


def _tidy(number: Decimal, *, amount: bool) -> Value:
    """Counts are whole numbers; an amount, and a count that is not whole, stay decimals."""
    if not amount and number == number.to_integral_value():
        return int(number)
    if amount:
        whole = number == number.to_integral_value()
        return number.quantize(Decimal(1)) if whole else number.normalize()
    return number


@lru_cache(maxsize=16_384)
def read(  # noqa: C901 -- to be cut where notes and lines end and units begin
    printed: str, *, unit: str | None = None, amount: bool = False, signed: bool = False, head_unit: str | None = None
) -> Reading:
    """Read one printed cell.

    ``unit`` is what the form asks for, ``head_unit`` what this document's own head says (万件 too); ``amount`` cells are
    decimals in 万元, ``signed`` ones say 增 or 减. An amount whose unit neither cell nor head says is ``unknown``, for
    nobody knows whether it is 元 or 万元; nothing is nothing in any unit.
    """
    if has_lost(printed) and (is_value_like(printed) or any(c.isdigit() for c in printed)):
        return Reading("text", unit=unit, doubt="characters")
    folded = _fold(printed)
    if not folded:
        return Reading("blank", unit=unit)
    if _CIRCLED.search(_NOTE_MARKS.sub("", printed.strip())):
        return Reading("text", unit=unit)
    if "".join(folded.casefold().split()) in MARKS:
        return Reading("mark", unit=unit)
    note = _NOTE.match(folded)
    cut = _CUT_NOTE.match(folded)
    if (
        cut
        and (whole := read(cut["head"], unit=unit, amount=amount, signed=signed, head_unit=head_unit)).kind == "number"
    ):
        # A note that does not end: the rest of it, or of the figure, stands elsewhere.
        return Reading("text", unit=unit, doubt="wrapped", readings=(whole.value,) if whole.value is not None else ())
    if note and note["head"].strip():
        folded = note["head"].strip()
    if "\n" in folded:
        # Digits on two lines of one cell are one wrapped number or two numbers.
        parts = [p.strip() for p in folded.split("\n") if p.strip()]
        if all(_PLAIN.match(p) for p in parts):
            return Reading("text", unit=unit, doubt="wrapped", readings=(int("".join(p.split(".")[0] for p in parts)),))
        folded = "".join(parts)
        kinds = {read(p, unit=unit, amount=amount, signed=signed, head_unit=head_unit).kind for p in parts}
        if "number" in kinds <= {"number", "mark"} and not any(p[-1] in ".," for p in parts[:-1]):
            # Each line is a figure by itself; only a separator behind the first tells that it goes on.
            whole = read(folded, unit=unit, amount=amount, signed=signed, head_unit=head_unit)
            readings = (whole.value,) if whole.kind == "number" and whole.value is not None else ()
            return Reading("text", unit=unit, doubt="wrapped", readings=readings)
    m = (_SIGNED if signed else _NUMBER_AND_UNIT).match(folded)
    if not m:
        return Reading("text", unit=unit)
    unit_text = m["unit"].strip().rstrip("。.;；")
    multiplier = 1
    if amount and unit_text in ("万", "亿"):
        unit_text += "元"  # 27.5万 of money, whatever the head counts in
    if unit_text[:1] in _MULTIPLIERS and unit_text not in MONEY_UNITS:
        multiplier, unit_text = _MULTIPLIERS[unit_text[0]], unit_text[1:]
    elif not unit_text and head_unit and head_unit[0] in _MULTIPLIERS and head_unit not in MONEY_UNITS:
        multiplier, head_unit = _MULTIPLIERS[head_unit[0]], head_unit[1:]
    if unit_text and unit_text not in COUNT_UNITS and unit_text not in MONEY_UNITS:
        return Reading("text", unit=unit)
    number, doubtful = _digits(m["digits"])
    if number is None:
        return Reading("text", unit=unit, doubt="characters" if doubtful else None)
    number *= multiplier
    if signed:
        if (m["word"] or "") in _DOWN:
            number = -number
    elif m["sign"] in ("-", "−"):
        number = -number
    said = unit_text or head_unit
    if amount:
        if said in MONEY_UNITS:
            asked = unit if unit in MONEY_UNITS else "万元"
            converted = number * MONEY_UNITS[said] / MONEY_UNITS[asked]
            return Reading("number", _tidy(converted, amount=True), asked, said)
        if said is None and (unit is None or number):
            return Reading("number", _tidy(number, amount=True), "unknown", None)
        return Reading("number", _tidy(number, amount=True), unit, said)
    if unit_text in MONEY_UNITS and unit not in MONEY_UNITS:
        # Money where a count is asked: keep it as it is, the unit tells.
        return Reading("number", _tidy(number, amount=False), unit_text, unit_text)
    return Reading("number", _tidy(number, amount=False), unit_text or unit, unit_text or head_unit)
