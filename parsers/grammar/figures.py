"""What a printed cell says: blank, mark, number, words, with its unit; and what a short text stands for.

Belongs here: what every reader and every table asks of a printed piece: is it a figure, a mark, a unit, words (`said`),
and what is it worth (`read`), or can its digits be read in more than one way. Does not belong here: which cell it is
(`matching`), whether the value makes sense (`checks`), figures within sentences (`prose.statements.scan`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from typing import Literal

from schemas.characters import has_lost, lost_as_one
from schemas.facts import Kind, Value

# Marks that stand for "nothing here"; compared after folding to half width, without spaces.
_MARKS = frozenset(
    unicodedata.normalize("NFKC", mark)
    for mark in "/ ⁄ ∕ ⧸ ╱ \\ - -- --- — —— – − ― _ __ ○ ◯ 〇 × * ** 空 无 不涉及 不适用 n/a na null none | 丨 . … ……".split()  # noqa: SIM905
)
_DASHES = frozenset("-—–−―_")
# Words that stand in a cell for nothing, or may be part of a label.
_NOTHING = frozenset(("没有", "暂无", "无数据"))
COUNT_UNITS = frozenset("人次 件 宗 条 项 次 起 例 份 篇 人 个 笔 家 场 期 册 部 类 处".split())  # noqa: SIM905
# Measure words and numerals of traditional documents.
_TRADITIONAL = str.maketrans("萬億條項個筆場減無適約暫沒", "万亿条项个笔场减无适约暂没")
# How many of the form's 万元 one printed unit is.
MONEY_UNITS = {
    "亿元": Decimal(10_000),
    "万元": Decimal(1),
    "千元": Decimal("0.1"),
    "百元": Decimal("0.01"),
    "元": Decimal("0.0001"),
}
MULTIPLES = {"亿": 100_000_000, "万": 10_000, "千": 1_000}
# One of any unit, for a regular expression; the longest first.
UNITS = "|".join(
    sorted(
        (*MONEY_UNITS, *COUNT_UNITS, *(m + u for m in MULTIPLES for u in "件条人项")),
        # In one order at every start: what is compiled from it is kept.
        key=lambda unit: (-len(unit), unit),
    )
)
_UNITS = frozenset(UNITS.split("|"))
_LONGEST = 15  # digits; longer ones are joined cells

# Circled and raised figures behind a number, or behind a mark, are note marks; NFKC would turn 22① into 221.
_NOTE_MARKS = re.compile(
    r"(?<=[\d０-９件条项元])\s*[①-⑳⑴-⒇❶-❿⓪²³¹⁰⁴-⁹†‡※＊*]+$|(?<=[/／—–－-])\s*[①-⑳⑴-⒇❶-❿⓪²³¹⁰⁴-⁹†‡※]+$|(?<=^无)\s*[①-⑳⑴-⒇❶-❿†‡※]+$"
)
# Circled figures that are no note mark: words, not a count.
_CIRCLED = re.compile(r"[①-⒛❶-➓²³¹⁰⁴-⁹]")
_NOTE = re.compile(r"^(?P<head>[^()]*?)\((?P<note>.*)\)[。.;；]?$", re.DOTALL)
_CUT_NOTE = re.compile(r"^(?P<head>[^()]*?\d)\((?P<note>[^()]*)$", re.DOTALL)
_SPACED = re.compile(r"^\d{1,3}(?: \d{3})+(?:\.\d+)?$", re.ASCII)
_GROUPED = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$", re.ASCII)
_PLAIN = re.compile(r"^\d+(?:\.\d+)?$", re.ASCII)
# Thousands parted as some programs do where their language is not Chinese: 25'282.
_APOSTROPHES = re.compile(r"(?<![\d'’.,])\d{1,3}(?:['’]\d{3})+(?!['’]?\d)", re.ASCII)
_FIGURE_LIKE = re.compile(r"[\s\d,.]*")
# Digits and what may part them: a figure, one broken over lines, or a part of one; a whole one.
_DIGITS = re.compile(r"[\d０-９,，.．]+")
_WHOLE = re.compile(r"[\d０-９]+(?:[.．][\d０-９]+)?|[\d０-９]{1,3}(?:[,，][\d０-９]{3})+(?:[.．][\d０-９]+)?")
_WIDE, _NARROW = re.compile(r"[０-９]"), re.compile(r"[0-9]")
_NOTED = re.compile(r"[\d０-９][\d０-９,，.]*(?:[(（][^()（）]*[)）]|[①-⑳])")
# The number of an item in front of a label: 1. （一） 二、 A figure cut behind its separator has three digits or a comma.
_ITEM = re.compile(r"\(?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[).、]+(?!\d)")
# What stands where a figure does and is no number for certain: about so many, a share, more than one.
_ROUGH = re.compile(
    rf"(?:约|大约|近|超过?|逾|达|共|计|新增|净?增加?|净?减少?|[+\-−↑↓±<>≤≥≈~])?[+\-−]?\d[\d,]*(?:\.\d+)?(?:多|余|几)?(?:{UNITS}|%)?(?:左右|上下|以上|以下)?[?!]*"
    r"(?:\([^()]*\))?"
)
_LONGEST_ROUGH, _SHORT = 60, 7
# What begins a figure or a mark; a line of text is seldom asked further.
_BEGINS = re.compile(r"[\d约約大近超逾达達共计計新净淨增加减減下没沒不无無空暂暫nN/+\-−↑↓±<>≤≥≈~\\*○◯〇×–—―⁄∕⧸╱丨|_.(]")
_SIGNED = re.compile(
    r"^(?P<word>\+|-|−|↑|↓|净 *增(?: *加)?|净 *减(?: *少)?|新 *增|增 *加|增 *长|增|减 *少|下 *降|减)? *了? *(?P<digits>[\d., ]*\d)(?P<unit>[^\d]*)$"
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
    text = _with_commas(text)
    return re.sub(r"[^\S\n]+", " ", text).strip()


def _with_commas(text: str) -> str:
    """Figures whose thousands apostrophes part, parted by commas."""
    if "'" not in text and "’" not in text:
        return text
    return _APOSTROPHES.sub(lambda m: m[0].replace("'", ",").replace("’", ","), text)


def _is_plain_count(text: str) -> bool:
    """Whether a text is digits alone, as most cells with a figure are: nothing else need be asked of it."""
    return text.isdecimal() and text.isascii() and len(text) <= _LONGEST and (text[0] != "0" or len(text) == 1)


def _is_mark(folded: str) -> bool:
    """Whether a text is a mark, or dashes side by side, however many."""
    squeezed = "".join(folded.casefold().split())
    return squeezed in _MARKS or _DASHES.issuperset(squeezed)


def is_unit(text: str) -> bool:
    """Whether a cell holds a unit and nothing else."""
    return said(text) == "unit"


def money_unit(text: str) -> str | None:
    """The unit of money that a cell names, or None."""
    folded = _fold(text)
    return folded if folded in MONEY_UNITS else None


# What a short text stands for: nothing; a number, whatever its sign, unit and note; a mark; words for nothing; something
# like a number (约300, 12%, 1 4, 007); a part of one (1,64 or 22（其中); one that lost a character; the number of an item;
# a unit; some digits among few letters; anything else.
Said = Literal["blank", "figure", "mark", "nothing", "rough", "part", "lost", "item", "unit", "loose", "words"]
_VALUES = frozenset(("blank", "figure", "mark", "lost"))
_CELLS = frozenset(("figure", "mark", "nothing", "rough", "part", "lost"))
_WORDS = frozenset(("figure", "mark", "rough", "part", "lost", "loose"))


@lru_cache(maxsize=32_768)
def said(text: str) -> Said:
    """What a short text stands for. Spaces around it and the width of its characters say nothing."""
    if _is_plain_count(text):
        return "figure"
    text = _with_commas(text)
    if has_lost(text):
        # A figure that lost a digit is still no label.
        rest = lost_as_one(text, "")
        return "lost" if _FIGURE_LIKE.fullmatch(rest) or said(rest) in _CELLS else "words"
    bare = text.strip()
    if not _BEGINS.match(unicodedata.normalize("NFKC", bare[:1])):
        return _among_letters(bare)
    folded = _fold(bare)
    if folded in (".", "|"):
        return "item"  # as in the letters of 3 . 其 他 set apart; a cell's border
    if _is_mark(folded):
        return "mark"
    if _CIRCLED.search(_NOTE_MARKS.sub("", bare)):
        return _among_letters(bare)
    if not has_digit(folded):
        return "nothing" if folded in _NOTHING else _among_letters(folded)
    if _ITEM.fullmatch(folded):
        return "item"
    reading = read(text)
    if reading.kind == "number" or read(text, signed=True).kind == "number":
        return "figure"
    if reading.doubt == "wrapped":
        return "part"
    if _DIGITS.fullmatch(folded) and folded.count(".") < 2:
        return "rough" if folded[-1].isdigit() else "part"
    squeezed = re.sub(r"\s", "", folded)
    if len(squeezed) <= _LONGEST_ROUGH and _ROUGH.fullmatch(squeezed):
        return "rough"
    return _among_letters(folded)


def _among_letters(text: str) -> Said:
    """What a text stands for that is no figure and no mark."""
    if not text:
        return "blank"
    folded = _fold(text) if len(text) <= _SHORT else text
    if folded in COUNT_UNITS or folded in MONEY_UNITS or folded == "%" or folded in _UNITS:
        return "unit"
    if _ITEM.fullmatch(folded):
        return "item"
    return "loose" if len(text) <= _SHORT and has_digit(folded) and not _ITEM.match(folded) else "words"


# Asked of every word and every cell, whose labels come again.
@lru_cache(maxsize=16_384)
def has_digit(text: str) -> bool:
    """Whether any character is a digit, of whatever script."""
    return not text.isalpha() and any(map(str.isdigit, text))


# These three are asked of every cell and word again and again: one look-up is cheaper than what leads to the other.
@lru_cache(maxsize=32_768)
def is_value_like(text: str) -> bool:
    """Whether a cell of a grid may hold a figure, a mark or nothing, rather than a label."""
    kind = said(text)
    return kind in _VALUES or (kind == "item" and read(text).kind != "text")


@lru_cache(maxsize=32_768)
def is_figure(text: str) -> bool:
    """Whether what stands alone in a cell or on a line is a figure, or a mark or words that stand where one would."""
    return said(text) in _CELLS


@lru_cache(maxsize=32_768)
def is_figure_word(text: str) -> bool:
    """Whether a word of a page is a figure or a part of one, a mark, or short and has a digit, as 约300 and 12O have."""
    return said(text) in _WORDS


def is_digits(text: str) -> bool:
    """Whether a line may be part of a figure: digits and separators alone."""
    return _DIGITS.fullmatch(text) is not None


def joined_figure(texts: Sequence[str]) -> str:
    """The figure that lines of digits, and of the separators behind them, are together; nothing where they are none.

    Digits of two widths are none: the mark of a note stands on a line of its own.
    """
    joined = "".join(texts) if all(map(is_digits, texts)) else ""
    return joined if _WHOLE.fullmatch(joined) and not (_WIDE.search(joined) and _NARROW.search(joined)) else ""


def is_noted(text: str) -> bool:
    """Whether a text is a figure with its note in brackets, or with the mark of one."""
    return _NOTED.fullmatch(text) is not None


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
def read(
    printed: str, *, unit: str | None = None, amount: bool = False, signed: bool = False, head_unit: str | None = None
) -> Reading:
    """Read one printed cell.

    ``unit`` is what the form asks for, ``head_unit`` what this document's own head says (万件 too); ``amount`` cells are
    decimals in 万元, ``signed`` ones say 增 or 减. An amount whose unit neither cell nor head says is ``unknown``, for
    nobody knows whether it is 元 or 万元; nothing is nothing in any unit.
    """
    if not (amount or signed or head_unit) and _is_plain_count(printed):
        return Reading("number", int(printed), unit)
    if has_lost(printed) and (is_value_like(printed) or any(c.isdigit() for c in printed)):
        return Reading("text", unit=unit, doubt="characters")
    folded = _fold(printed)
    if not folded:
        return Reading("blank", unit=unit)
    if _CIRCLED.search(_NOTE_MARKS.sub("", printed.strip())):
        return Reading("text", unit=unit)
    if _is_mark(folded):
        return Reading("mark", unit=unit)
    alike = partial(read, unit=unit, amount=amount, signed=signed, head_unit=head_unit)
    cut = _CUT_NOTE.match(folded)
    if cut and (whole := alike(cut["head"])).kind == "number":
        # A note that does not end: the rest of it, or of the figure, stands elsewhere.
        return _wrapped(whole, unit)
    note = _NOTE.match(folded)
    if note and note["head"].strip():
        folded = note["head"].strip()
    if "\n" in folded:
        parts = [p.strip() for p in folded.split("\n") if p.strip()]
        if (reading := _of_lines(parts, unit, alike)) is not None:
            return reading
        folded = "".join(parts)
    m = (_SIGNED if signed else _NUMBER_AND_UNIT).match(folded)
    return Reading("text", unit=unit) if m is None else _figure(m, unit, head_unit, amount=amount, signed=signed)


def _wrapped(whole: Reading, unit: str | None) -> Reading:
    """What is one figure only if its pieces belong together."""
    readings = (whole.value,) if whole.kind == "number" and whole.value is not None else ()
    return Reading("text", unit=unit, doubt="wrapped", readings=readings)


def _of_lines(parts: Sequence[str], unit: str | None, alike: Callable[[str], Reading]) -> Reading | None:
    """Digits on two lines of one cell are one wrapped number or two numbers; None where the lines are one text."""
    if all(_PLAIN.match(p) for p in parts):
        return Reading("text", unit=unit, doubt="wrapped", readings=(int("".join(p.split(".")[0] for p in parts)),))
    kinds = {alike(p).kind for p in parts}
    if "number" in kinds <= {"number", "mark"} and not any(p[-1] in ".," for p in parts[:-1]):
        # Each line is a figure by itself; only a separator behind the first tells that it goes on.
        return _wrapped(alike("".join(parts)), unit)
    return None


def _figure(m: re.Match[str], unit: str | None, head_unit: str | None, *, amount: bool, signed: bool) -> Reading:
    """The number of a cell, in the unit that the cell or its head says."""
    unit_text = m["unit"].strip().rstrip("。.;；")
    multiplier = 1
    if amount and unit_text in ("万", "亿"):
        unit_text += "元"  # 27.5万 of money, whatever the head counts in
    if unit_text[:1] in MULTIPLES and unit_text not in MONEY_UNITS:
        multiplier, unit_text = MULTIPLES[unit_text[0]], unit_text[1:]
    elif not unit_text and head_unit and head_unit[0] in MULTIPLES and head_unit not in MONEY_UNITS:
        multiplier, head_unit = MULTIPLES[head_unit[0]], head_unit[1:]
    if unit_text and unit_text not in COUNT_UNITS and unit_text not in MONEY_UNITS:
        return Reading("text", unit=unit)
    number, doubtful = _digits(m["digits"])
    if number is None:
        return Reading("text", unit=unit, doubt="characters" if doubtful else None)
    number *= multiplier
    if signed:
        # Its characters may be spread over the cell (分散对齐).
        if (m["word"] or "").replace(" ", "") in _DOWN:
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
