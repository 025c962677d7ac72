"""What the words in front of a figure say by how they stand: its year, its last word, what is named side by side.

Belongs here: small questions about a span of tokens. Does not belong here: which claim they make (`fitting`), and what
is stated (`figures`).
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import pairwise

from .lexicon import UNKNOWN
from .scan import FIGURE, MARK, TITLE, Figure, Token
from .state import COUNTS, TIMES

# Words for a sum of what stands before.
SUMS = ("合计", "共计", "总计", "共", "一共", "总共")
# Between two figures with their names behind them.
JOINTS = ("和", "与", "及", "以及")
_SENTENCE_ENDS = "。！？!?…"
_OF_WHAT = ("涉及", "涉", "关于", "与", "属于", "属", "来自", "因", "围绕", "集中在", "为", "是")
_WORK = frozenset(("receive", "accept", "handle", "close", "reply"))


def is_other_years(span: Sequence[Token]) -> bool:
    """Whether the words in front of a figure make it another year's: 比2019年的, 由去年的."""
    at = next((k for k, t in enumerate(span) if t.symbol in ("compare", "was") or _from(span, k)), None)
    return at is not None and all(
        t.symbol in ("filler", "every", "via", "compare", "was") or t.symbol in TIMES for t in span[at:]
    )


def last_word(span: Sequence[Token]) -> Token | None:
    """The last word in front of a figure that is not mere connection; None behind an unknown stretch."""
    words = [t for t in span if t.symbol not in ("filler", "every", "and", "cumulative")]
    # 由2022年的203件下降到2023年的167件: the year is that of the figure.
    while len(words) > 1 and words[-1].symbol in TIMES and words[-2].symbol in ("becomes", *TIMES):
        words.pop()
    last = words[-1] if words else None
    return None if last is None or last.symbol in (UNKNOWN, TITLE) else last


def years_alone(span: Sequence[Token]) -> list[Token]:
    """The years that these words name, if they name nothing else."""
    rest = [t for t in span if t.symbol not in ("and", "filler", "via")]
    return rest if all(t.symbol in TIMES for t in rest) else []


def named_beside(span: Sequence[Token]) -> list[list[Token]]:
    """The things that these words name side by side; of several years the last has the words that hold for all."""
    items: list[list[Token]] = [[]]
    for token in span:
        if token.symbol == "and":
            items.append([])
        else:
            items[-1].append(token)
    years = [item[0] for item in items if item and item[0].symbol in TIMES]
    if len(years) == len(items) > 1 and all(years_alone(item) for item in items[:-1]):
        return [[year, *items[-1][1:]] for year in years]
    return items


def with_words_behind(tokens: Sequence[Token], i: int, leading: Set[str], plain: Set[str]) -> list[int]:
    """21件为上年结转、370件为当年新收: the figures of the clause of ``i`` where all have their words behind them, else none.

    ``leading``: what may stand in front of the first of them.
    """
    start = next((j for j in range(i - 1, -1, -1) if tokens[j].symbol == MARK), -1) + 1
    end = next((j for j in range(i + 1, len(tokens)) if tokens[j].symbol == MARK), len(tokens))
    at = [j for j in range(start, end) if tokens[j].symbol == FIGURE]
    if any(t.symbol not in leading for t in tokens[start : at[0]]):
        return []
    between = [tokens[a + 1 : b] for a, b in pairwise(at)]
    if not all(words and words[-1].symbol == "and" for words in between):
        return []
    named = (any(t.symbol not in plain for t in words) for words in (*between, tokens[at[-1] + 1 : end]))
    return at if all(named) else []


def is_row_of_figures(tokens: Sequence[Token], i: int) -> bool:
    """Whether another figure follows with nothing but 、 or 和 between."""
    return [t.symbol for t in tokens[i + 1 : i + 3]] == ["and", FIGURE]


def narrows(rest: Sequence[Token]) -> bool:
    """150件申请与征地有关: whether the words behind tell of what kind they are."""
    return any(a.text in _OF_WHAT and b.symbol in (UNKNOWN, "foreign") for a, b in pairwise(rest))


def _from(span: Sequence[Token], k: int) -> bool:
    """Whether 由 or 从 stands here before a year: 由2022年的30件降至25件."""
    return span[k].text in ("由", "从") and span[k + 1 : k + 2] != [] and span[k + 1].symbol in TIMES


def has_object(span: Sequence[Token]) -> bool:
    """Whether a verb of work has an object that no list of words holds, or one that is another matter."""
    at = next((k for k, t in enumerate(span) if t.symbol in _WORK), None)
    return at is not None and any(t.symbol in (UNKNOWN, "foreign") for t in span[at + 1 :])


def words_behind(tokens: list[Token], i: int) -> tuple[list[Token], int]:
    """The words behind the figure ``i`` up to the next mark; before another figure, up to the last 、 in front of it."""
    last_and = None
    for j in range(i + 1, len(tokens)):
        token = tokens[j]
        if token.symbol == MARK:
            return tokens[i + 1 : j], j
        if token.symbol == FIGURE and j - 1 > i and tokens[j - 1].text in JOINTS:
            return tokens[i + 1 : j - 1], j - 1
        if token.symbol == FIGURE:
            return (tokens[i + 1 : last_and], last_and) if last_and is not None else ([], i + 1)
        if token.text == "、":
            last_and = j
    return tokens[i + 1 :], len(tokens)


def measure_beside(tokens: Sequence[Token], i: int) -> Figure | None:
    """A count of the same sentence with its measure word: the nearest before the figure ``i``, else the nearest behind."""
    for way in (range(i - 1, -1, -1), range(i + 1, len(tokens))):
        for j in way:
            figure = tokens[j].figure
            if figure is not None and figure.kind in COUNTS:
                return figure
            if tokens[j].symbol == MARK and tokens[j].text in _SENTENCE_ENDS:
                break
    return None


def marks_between(tokens: Sequence[Token], first: Token, last: Token) -> set[str]:
    """The marks between two tokens."""
    return {t.text for t in tokens if t.symbol == MARK and first.end <= t.start < last.start}
