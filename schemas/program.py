"""What holds for a process that is a program of ours and no library in somebody else's.

Belongs here: what is set before such a process imports anything, and what is done when it ends. Does not belong here: what
the program does, what is kept between two starts (`kept`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from . import kept

# Starting makes so many objects that stay; looking for garbage among them finds none.
_OBJECTS = 100_000


@contextmanager
def program() -> Iterator[None]:
    """Within, a program of ours runs from its first import to its end.

    Enter it before importing what the program is made of: only what comes after is found among what is kept. What Python
    would look through for garbage once more when it ends goes with the process.
    """
    gc.set_threshold(_OBJECTS)
    kept.remember()
    try:
        yield
    finally:
        kept.KEPT.save()
        gc.freeze()
