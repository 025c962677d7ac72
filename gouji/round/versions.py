"""Which of several drafts of one office is the newest, and by what that is known.

Belongs here: what files' names, dates and their coming in say of their order. Does not belong here: whose draft a file is
(`offices`), what follows (`commands.round`).

A draft that came in after an earlier check is newer than those that were there then; else the name decides (修改稿, 第二次,
(2)), a date in it, the date printed in the report, last the file's own time, which may be that of a copy. What one of them
says and a later one denies is told; where none tells them apart none is chosen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

# How far a draft has come, by words in its name; the farther one is the newer.
_VOID, _FINAL = -2, 2
_STAGES: tuple[tuple[int, re.Pattern[str]], ...] = (
    (_VOID, re.compile(r"作废|废稿|旧稿|旧版|\(旧\)|(?<![a-z])old(?![a-z])")),
    (-1, re.compile(r"初稿|原稿|草稿|送审稿|征求意见稿|初版")),
    (
        1,
        re.compile(
            r"修改后|修改稿|修改|修订|更正|改正|订正|补正|整改|重新?报送?|再次?报送?|再报|补报|退回后|新版|新稿|\([改新]\)|[-_ ][改新]\s*$"
        ),
    ),
    (_FINAL, re.compile(r"定稿|终稿|最终|终版|正式|盖章|签发|(?<![a-z])final(?![a-z])")),
)
_HAN = "零一二三四五六七八九十"
_N = r"(\d{1,2}|[一二三四五六七八九十])"
_NUMBERS = tuple(
    re.compile(p)
    for p in (
        rf"第{_N}(?:次|稿|版|轮|批)(?:修改|报送|提交)?稿?",
        rf"(?<![\d一二三四五六七八九十]){_N}(?:稿|次稿)",
        r"(?:修改|修订|改|定|终|新)稿?[-_ ]?(\d{1,2})(?!\d)",
        r"\((\d{1,2})\)\s*$",
        r"(?<![a-z])v(?:er)?\.?\s?(\d{1,2})(?:\.\d+)*(?![a-z])",
        r"[-_ ](\d{1,2})\s*$",
    )
)
_COPY = re.compile(r"\s*-\s*副本|副本|复件|复制|(?<![a-z])copy(?![a-z])")
# What browsers and download programs put behind the name of a file that they have not finished.
_DOWNLOAD = re.compile(r"(?:\.(?:crdownload|opdownload|download|part|partial|tmp|td|xltd|aria2))+$", re.IGNORECASE)
_DATES = (
    re.compile(r"(?<!\d)(20\d\d)[-_.年]?(\d{2})[-_.月]?(\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(20\d\d)[-_.年](\d{1,2})[-_.月](\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)()(\d{1,2})月(\d{1,2})日"),
    re.compile(r"(?<=[-_ (])()(\d{1,2})[.\-](\d{1,2})(?=\)?\s*$)"),
)
_SEPARATORS = re.compile(r"[\s\-_—()\[\]【】.,、]+")
# Files that were unpacked together differ by less; some file systems count in twos.
_SECONDS = 3.0
_SPRING = 7


@dataclass(frozen=True)
class Version:
    """A draft of an office: its path in the round's folder, and what tells when it came."""

    path: str
    sha256: str
    first_check: int
    printed: str | None = None
    modified: float | None = None


@dataclass
class Order:
    """``newest`` is None where nothing tells. ``by`` is what told (seen, name, dated, printed, modified), ``value`` its word.

    ``against`` names what says otherwise. Where the newest one's name has no such word, ``other`` is that of the others'.
    """

    newest: Version | None
    by: str = ""
    value: str = ""
    against: list[str] = field(default_factory=list)
    other: str = ""
    # The word of each in ``against`` that another draft has.
    contrary: dict[str, str] = field(default_factory=dict)


def order(versions: Sequence[Version]) -> Order:
    """The newest of several."""
    told = [(by, v) for by, choose in _SIGNALS if (v := choose(versions)) is not None]
    if not told:
        return Order(None)
    by, newest = told[0]
    out = Order(newest, by, _word(by, newest), [other for other, v in told[1:] if v is not newest])
    # What is said for another draft, or where that has no word (修改稿 against nothing) against this one.
    out.contrary = {other: _word(other, v) for other, v in told[1:] if v is not newest}
    if by == "name" and not out.value:
        out.other = "、".join(dict.fromkeys(w for v in versions if v is not newest and (w := words_of(v.path))))
    return out


def sorted_by_age(versions: Sequence[Version]) -> list[Version]:
    """Oldest first, as far as anything tells; those that cannot be told apart by their paths."""
    left, out = sorted(versions, key=lambda v: v.path), []
    while left:
        newest = order(left).newest or left[-1]
        out.append(newest)
        left.remove(newest)
    return out[::-1]


# -- what tells ----------------------------------------------------------------------------------------------------


def _top(versions: Sequence[Version], key: Callable[[Version], Any]) -> Version | None:
    """The one with the highest key, if every version has one and no other has the same."""
    keys = [key(v) for v in versions]
    if any(k is None for k in keys) or len(versions) < 2:
        return None
    best = max(keys)
    return versions[keys.index(best)] if keys.count(best) == 1 else None


def _by_name(versions: Sequence[Version]) -> Version | None:
    """The one whose name says at every point as much as every other's, and more at some."""
    ranks = [rank(v.path) for v in versions]

    def above(a: tuple[int, int], b: tuple[int, int]) -> bool:
        if {a[0], b[0]} & {_FINAL, _VOID} and a[0] != b[0]:
            return a[0] > b[0]
        return a != b and a[0] >= b[0] and a[1] >= b[1]

    for i, mine in enumerate(ranks):
        if all(above(mine, other) for j, other in enumerate(ranks) if j != i):
            return versions[i]
    return None


def _by_time(versions: Sequence[Version]) -> Version | None:
    newest = _top(versions, lambda v: v.modified)
    if newest is None or newest.modified is None:
        return None
    others = [v.modified for v in versions if v is not newest and v.modified is not None]
    return newest if newest.modified - max(others) > _SECONDS else None


_SIGNALS: tuple[tuple[str, Callable[[Sequence[Version]], Version | None]], ...] = (
    ("seen", lambda versions: _top(versions, lambda v: v.first_check)),
    ("name", _by_name),
    ("dated", lambda versions: _top(versions, lambda v: date_in_name(v.path))),
    ("printed", lambda versions: _top(versions, lambda v: v.printed)),
    ("modified", _by_time),
)


def _word(by: str, version: Version) -> str:
    """What a person is told of it."""
    if by == "seen":
        return str(version.first_check)
    if by == "name":
        return words_of(version.path)
    if by == "dated":
        day = date_in_name(version.path)
        return f"{day[1]}月{day[2]}日" if day else ""
    if by == "printed":
        return version.printed or ""
    return datetime.fromtimestamp(version.modified or 0).strftime("%Y-%m-%d %H:%M")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _stems(path: str) -> list[str]:
    """The name without its ending, also that of a download cut short, and the folders that it lies in."""
    parts = path.replace("\\", "/").split("/")
    parts[-1] = _DOWNLOAD.sub("", parts[-1])
    return [_plain(Path(parts[-1]).stem), *(_plain(p) for p in parts[:-1])]


def rank(path: str) -> tuple[int, int]:
    """How far a draft has come by the words in its path, and the highest number that counts drafts there."""
    stages, numbers = [0], [0]
    for stem in _stems(path):
        rest = _without_dates(stem)
        # 终稿 says more than 修改 in front of it; 旧 takes back all else.
        found = [stage for stage, pattern in _STAGES if pattern.search(rest)]
        stages += [min(found) if _VOID in found else max(found)] if found else []
        numbers += [n for pattern in _NUMBERS for m in pattern.finditer(rest) if (n := _value(m[1])) is not None]
    stage = min(stages) if min(stages) == _VOID else max(stages, key=abs)
    return stage, max(numbers)


def _value(text: str) -> int | None:
    return int(text) if text.isdecimal() else _HAN.index(text) if text in _HAN else None


def words_of(path: str) -> str:
    """The words of a path that its rank comes from, each name's by itself: the folders' first, as in a path."""
    name, *folders = (_words_in(stem) for stem in _stems(path))
    said = [*(f for f in folders if f), *([name] if name else [])]
    return "/".join(said) if name or not said else f"{'/'.join(said)}/"


def _words_in(stem: str) -> str:
    rest = _without_dates(stem)
    patterns = (*_NUMBERS, *(p for _, p in _STAGES))
    found = [m for p in patterns for m in p.finditer(rest)]
    words = [
        m[0].strip(" -_")
        for m in found
        if not any(o is not m and o.start() <= m.start() and m.end() <= o.end() for o in found)
    ]
    return "".join(dict.fromkeys(words))


def _without_dates(stem: str) -> str:
    for pattern in _DATES:
        stem = pattern.sub(" ", stem)
    return re.sub(r"20\d\d年?度?", " ", stem)


def date_in_name(path: str) -> tuple[int, int, int] | None:
    """The day in a file's name; one without its year is of a season that goes from autumn into spring."""
    for stem in _stems(path):
        for pattern in _DATES:
            m = pattern.search(stem)
            if m is None:
                continue
            year, month, day = int(m[1] or 0), int(m[2]), int(m[3])
            try:
                date(year or 2024, month, day)
            except ValueError:
                continue
            return (year or 1 + (month < _SPRING), month, day)
    return None


def is_copy(path: str) -> bool:
    """Whether a file's name says that it is a copy, which tells nothing of its age."""
    return bool(_COPY.search(_stems(path)[0]) or _DOWNLOAD.search(path))


def base(path: str) -> str:
    """A file's name without what tells its versions apart."""
    text = _without_dates(_stems(path)[0])
    for pattern in (_COPY, *_NUMBERS, *(p for _, p in _STAGES)):
        text = pattern.sub(" ", text)
    return _SEPARATORS.sub("", text)
