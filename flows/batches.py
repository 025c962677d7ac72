"""How the work is cut up.

Belongs here: what reading a file is expected to cost, and batches of about equal cost.
Does not belong here: running them (`pool`).
"""

from __future__ import annotations

from collections.abc import Iterable

from .home import Settings
from .snapshots import Item

# Seconds to read and check a file: for opening it, and for each MB. Measured by `make bench`; only the proportions
# matter much, since a wrong estimate makes a batch longer or shorter and nothing else.
_COSTS = {
    "pdf": (0.040, 0.10),
    "zip": (0.015, 0.10),
    "ole": (1.500, 0.10),
    "text": (0.013, 0.10),
}
_NOTE_ONLY = 0.0005
_OLE = b"\xd0\xcf\x11\xe0"


def _kind(head: bytes) -> str:
    if b"%PDF" in head:
        return "pdf"
    if head.startswith(b"PK"):
        return "zip"
    return "ole" if head.startswith(_OLE) else "text"


def cost(item: Item) -> float:
    """Expected seconds of work."""
    if not item.read:
        return _NOTE_ONLY
    opening, per_megabyte = _COSTS[_kind(item.head)]
    return opening + per_megabyte * item.size / 1e6


def sliced(items: list[Item], settings: Settings) -> list[list[Item]]:
    """The items in slices of about ``slice_seconds`` of the run's time, one at least; those that are only noted come last, in one
    slice with what is gone: a renamed file is both."""
    items = sorted(items, key=lambda item: not item.read)
    most = settings.slice_seconds * settings.processes
    slices: list[list[Item]] = [[]]
    held = 0.0
    for item in items:
        seconds = cost(item)
        if held + seconds > most and slices[-1]:
            slices.append([])
            held = 0.0
        slices[-1].append(item)
        held += seconds
    return slices


def cut(items: Iterable[Item], settings: Settings) -> list[list[Item]]:
    """Batches in the order of the items, each of about ``batch_seconds``, smaller where there is little to do.

    With few batches a long last one would leave the other processes idle, so each process gets at least four.
    """
    costed = [(item, cost(item)) for item in items]
    total = sum(c for _, c in costed)
    aim = min(settings.batch_seconds, max(0.5, total / (4 * settings.processes)))
    batches: list[list[Item]] = []
    held = aim
    for item, seconds in costed:
        if (held + seconds > aim and held > 0) or not batches:
            batches.append([])
            held = 0.0
        batches[-1].append(item)
        held += seconds
    return batches
