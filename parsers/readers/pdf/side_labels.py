"""The labels beside the figures of a table without rules: which lines are one label.

Belongs here: the columns that labels stand in, and cutting their lines into whole labels, by what the forms call their
rows, then by numbering, rules and spacing. Does not belong here: which figures a label has (`figure_rows`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from statistics import median

from parsers.grammar.figures import is_figure_word
from parsers.grammar.labels import vocabulary
from schemas.labels import label

from .content import Glyph, Rule, text_of
from .in_order import cheapest
from .pieces import Piece

_MOST_LINES = 16
# Two labels beside one another have at least this room between them, in line heights.
_ROOM = 0.08
# Characters of the beginning of a label.
_FEWEST = 4


@dataclass(slots=True)
class Label:
    """The lines of one label. ``kind``: ``row``, ``group`` (heads several rows, or none), ``unknown``."""

    pieces: list[Piece]
    kind: str
    key: str
    track: int = 0
    top: float = field(init=False)
    bottom: float = field(init=False)
    middle: float = field(init=False)

    def __post_init__(self) -> None:
        self.top = self.pieces[0].top
        self.bottom = max([p.bottom for p in self.pieces])
        self.middle = (self.top + self.bottom) / 2

    @property
    def text(self) -> str:
        return "\n".join(p.text for p in self.pieces)


def side_labels(pieces: Sequence[Piece], rules: Sequence[Rule]) -> tuple[list[Label], list[Label], int]:
    """Labels of rows and of groups, from the words left of the figures; and how many tracks they stand in."""
    tracks = _tracks(pieces)
    rows: list[Label] = []
    groups: list[Label] = []
    for number, track in enumerate(tracks):
        for one in _cut(track, rules):
            one.track = number
            (groups if one.kind == "group" else rows).append(one)
    rows, groups = _mended(rows, groups)
    for one in [r for r in rows if _is_part_of_group(r, rows)]:
        rows.remove(one)
        one.kind = "group"
        groups.append(one)
    under = vocabulary().groups
    headed = {group for one in rows for group in under.get(one.key, ())}
    for one in [r for r in rows if r.key in headed]:
        # The same words name a row where it has no parts, and head the parts where it has.
        if any(r.track > one.track and one.key in under.get(r.key, ()) for r in rows):
            rows.remove(one)
            one.kind = "group"
            groups.append(one)
    rows.sort(key=lambda one: one.middle)
    groups.sort(key=lambda one: (one.track, one.middle))
    return rows, groups, len(tracks)


def _mended(rows: list[Label], groups: list[Label]) -> tuple[list[Label], list[Label]]:
    """Put pieces of labels together that stand in different tracks because their lines are centred."""
    vocab = vocabulary()
    everything = sorted((*rows, *groups), key=lambda one: (one.top, one.pieces[0].x0))
    done: list[Label] = []
    gone: set[int] = set()
    for i, one in enumerate(everything):
        if id(one) in gone:
            continue
        below = (o for o in islice(everything, i + 1, None) if id(o) not in gone and o.kind == "unknown")
        found = completed(one, below)
        if found is not None:
            gone.update(id(o) for o in found)
            pieces = [p for o in (one, *found) for p in o.pieces]
            key = label("".join(p.text for p in pieces)).key
            kind = "row" if key in vocab.rows else "group"
            done.append(Label(pieces, kind, key, min(o.track for o in (one, *found))))
        else:
            done.append(one)
    return [o for o in done if o.kind != "group"], [o for o in done if o.kind == "group"]


def _is_part_of_group(one: Label, rows: Sequence[Label]) -> bool:
    """Whether an unknown label is a part of a merged one, cut by a page end or written downwards, left of its rows."""
    if one.kind != "unknown":
        return False
    vocab = vocabulary()
    text = "".join(p.text for p in one.pieces)
    tables = {t for r in rows if r.kind == "row" and r.track > one.track for t in vocab.tables[r.key]}
    return any(vocab.is_part(text, table) for table in tables)


def completed(one: Label, below: Iterable[Label]) -> list[Label] | None:
    """The labels below that make this one a known label, each close under the last and over the same place."""
    vocab = vocabulary()
    if one.key and one.key not in vocab.prefixes:
        return None
    chain: list[Label] = []
    text = "".join([p.text for p in one.pieces])
    before, height, left, right = _end(one)
    for other in below:
        piece = other.pieces[0]
        far = (piece.top - before.bottom) / height
        if far > (1.2 if piece.page == before.page else 2.2):
            break
        if far < -0.2:
            # On the same line: the second half of a label with a gap in it.
            if not -1 < piece.x0 - before.x1 < height or abs(piece.middle - before.middle) > 0.3 * height:
                continue
        else:
            over = min(right, piece.x1) - max(left, piece.x0)
            if over < 0.5 * min(piece.x1 - piece.x0, before.x1 - before.x0):
                continue
        longer = text + "".join(p.text for p in other.pieces)
        key = label(longer).key
        possible = key in vocab.prefixes
        if far < -0.2 and not possible:
            continue
        text = longer
        chain.append(other)
        if vocab.knows(key):
            return chain
        if not possible:
            return None
        before, height, left, right = _end(other)
    return None


def _end(one: Label) -> tuple[Piece, float, float, float]:
    """A label's last line, that line's height, and the label's left and right side."""
    last = one.pieces[-1]
    return last, last.height, min([p.x0 for p in one.pieces]), max([p.x1 for p in one.pieces])


def _tracks(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Label words by the column of labels they stand in, by their left edges; then top to bottom."""
    tracks = _with_ends(_by_left_edge(pieces))
    # Most of a column's labels may be centred, and some begin at its left.
    starts = [x for track in tracks if len(track) > 2 for x in (track[0].x0, median(p.x0 for p in track))]
    whole = [piece for track in tracks for piece in track]
    parted = [part for piece in whole for part in _parted(piece, starts)]
    if len(parted) > len(whole):
        tracks = _by_left_edge(parted)
    for track in tracks:
        track.sort(key=lambda p: (p.top, p.x0))
    return tracks


def _with_ends(tracks: list[list[Piece]]) -> list[list[Piece]]:
    """The tracks without those of single characters at the end of lines that fill their cell (分散对齐): most words of the
    track before reach over them, and none of another column's labels would.
    """
    out = tracks[:1]
    for track in tracks[1:]:
        start = track[0].x0
        reaching = [p for p in out[-1] if p.x1 > start + 0.5 * p.height]
        if len(reaching) <= len(track) or any(len(p.text) > 1 for p in track):
            out.append(track)
            continue
        beside = {(p.page, p.line): p for p in out[-1] if p.x1 <= start}
        for end in track:
            before = beside.get((end.page, end.line))
            if before is None:
                out[-1].append(end)
                continue
            at = next(k for k, p in enumerate(out[-1]) if p is before)
            box = (before.box[0], min(before.box[1], end.box[1]), end.box[2], max(before.box[3], end.box[3]))
            glyphs = [*before.glyphs, *end.glyphs]
            out[-1][at] = replace(before, x1=end.x1, text=before.text + end.text, glyphs=glyphs, box=box)
    return out


def _by_left_edge(pieces: Sequence[Piece]) -> list[list[Piece]]:
    tracks: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.x0):
        if tracks and piece.x0 - tracks[-1][0].x0 < 0.9 * piece.height:
            tracks[-1].append(piece)
        else:
            tracks.append([piece])
    return tracks


def _parted(piece: Piece, starts: Sequence[float]) -> list[Piece]:
    """A word cut where another column of labels begins, if there is some room between the two characters.

    What is a label, or begins one, is not two.
    """
    vocab = vocabulary()
    key = label(piece.text).key
    if vocab.knows(key) or (len(key) >= _FEWEST and vocab.begins(key)):
        return [piece]
    for before, after in pairwise(piece.glyphs):
        room = after[0] - before[2]
        if room > _ROOM * piece.height and any(abs(after[0] - x) < 0.3 * piece.height for x in starts):
            at = piece.glyphs.index(after)
            left, right = part_of(piece, piece.glyphs[:at]), part_of(piece, piece.glyphs[at:])
            return [left, *_parted(right, starts)]
    return [piece]


def part_of(piece: Piece, glyphs: list[Glyph]) -> Piece:
    """Some neighbouring glyphs of a word as a word of their own."""
    x0, x1 = glyphs[0][0], max(g[2] for g in glyphs)
    text = text_of(glyphs)
    box = (x0, piece.box[1], x1, piece.box[3])
    return replace(piece, x0=x0, x1=x1, text=text, glyphs=glyphs, box=box, is_figure=is_figure_word(text))


def _cut(track: Sequence[Piece], rules: Sequence[Rule]) -> list[Label]:
    """Cut the lines of a track into labels, the best division over all: known labels first, then numbering and space."""
    strains = _strains(track)
    ruled = [True, *(_rule_between(a, b, rules) for a, b in pairwise(track))]

    def into(end: int) -> Iterator[tuple[int, float, tuple[int, int, str]]]:
        """The labels that end with a line, the shortest first."""
        text = ""
        for start in range(end - 1, max(-1, end - 1 - _MOST_LINES), -1):
            text = track[start].text + text
            worth, kind = _worth(text, end - start, strains[end - 1] - strains[start])
            yield start, -worth, (start, end, kind)
            if ruled[start]:
                break

    way, _ = cheapest(len(track), into)
    members = [(list(track[start:end]), kind) for start, end, kind in way]
    return [Label(pieces, kind, label("".join(p.text for p in pieces)).key) for pieces, kind in members]


def _strains(track: Sequence[Piece]) -> list[float]:
    """How much speaks against each line's being one label with the line above, summed up from the top.

    Lines of one label stand as close as most lines do; a label's later lines have no numbering of their own.
    """
    gaps = sorted(b.top - a.bottom for a, b in pairwise(track) if a.page == b.page)
    leading = min(gaps[len(gaps) // 3], 0.8 * track[0].height) if gaps else 0.0
    out = [0.0]
    for before, after in pairwise(track):
        room = 0.3 if after.page == before.page else 1.3
        strain = max(0.0, (after.top - before.bottom - leading) / max(before.height, 1.0) - room)
        own = label(after.text)
        if own.number is not None and own.key:
            strain += 1.0
        out.append(out[-1] + strain)
    return out


def _worth(text: str, lines: int, strain: float) -> tuple[float, str]:
    """How good a text of so many lines is as one label, and what kind of label it is.

    A known label counts for its characters, so that a long one is better than the shorter ones it could be cut into.
    """
    vocab = vocabulary()
    key = label(text).key
    if key in vocab.rows:
        return len(key) - 1.5 - strain, "row"
    if key in vocab.others:
        return len(key) - 1.5 - strain, "group"
    return -1.0 - 3.0 * strain - 0.2 * lines, "unknown"


def _rule_between(above: Piece, below: Piece, rules: Sequence[Rule]) -> bool:
    """Whether a level rule parts two lines of a track. Rules are sorted by height."""
    if above.page != below.page:
        return False
    center, end = above.center, below.middle
    for y, x0, x1 in rules[bisect_right(rules, (above.middle, float("inf"), float("inf"))) :]:
        if y >= end:
            return False
        if x0 < center + 2 and x1 > center - 2:
            return True
    return False
