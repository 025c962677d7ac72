"""Reading and checking one file without garbage collection in between.

Belongs here: `uncollected`. Does not belong here: what is read.

A file makes tens of thousands of small objects that all live until it is read: collecting on the way looks at every one of
them again and again and finds nothing. What is left over is collected after the file, as always.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No collection inside; as before afterwards, also where it fails."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
