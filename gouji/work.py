"""Reading many files for a command: in this process where that is safe and fast, in child processes where it is not.

Belongs here: order, progress and isolation of a clerk's batch. Does not belong here: reading (`parsers`), anything of
the pipeline (`flows`).
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import local
from typing import Any

from parsers.isolate import Isolated, Limits, extraction_of_failure
from schemas.facts import Extraction, Problem, Source

from .files import expand
from .words import Lang, say

# From this many files on, child processes on all cores repay their start.
_MANY = 12


def _read(path: Path) -> Extraction:
    """What a child process does with one file."""
    from parsers import extract

    return extract(path)


def _not_found(path: Path, lang: Lang) -> Extraction:
    source = Source(str(path), "", "application/octet-stream", 0)
    return Extraction(source, {}, problems=[Problem("unreadable", say(lang, "no_file", path=path))])


def _needs_child(path: Path) -> bool:
    """PDF libraries are native code that a hostile file can hang: they never run in the command's own process."""
    try:
        with path.open("rb") as stream:
            return b"%PDF" in stream.read(1024)
    except OSError:
        return False


def read_all(paths: Sequence[Path], lang: Lang, *, label: str, limits: Limits | None = None) -> Iterator[Extraction]:
    """The extraction of every file, in order; a file that cannot be read yields its problem and nothing else is lost."""
    todo: list[tuple[Path, bool]] = []
    for given in paths:
        found = list(expand([given]))
        if not found:
            source = Source(str(given), "", "application/octet-stream", 0)
            yield Extraction(source, {}, problems=[Problem("empty", say(lang, "empty_folder", path=given))])
        todo.extend(found)
    with ExitStack() as stack:
        tick = stack.enter_context(_progress(label, len(todo)))
        many = len(todo) >= _MANY
        results = _in_children(todo, lang, stack, limits) if many else _one_by_one(todo, lang, stack, limits)
        for extraction in results:
            tick()
            yield extraction


def _one_by_one(
    todo: list[tuple[Path, bool]], lang: Lang, stack: ExitStack, limits: Limits | None
) -> Iterator[Extraction]:
    child: Isolated | None = None
    for path, exists in todo:
        if not exists:
            yield _not_found(path, lang)
        elif _needs_child(path):
            if child is None:
                child = stack.enter_context(Isolated(_read, limits))
            yield _from_child(child, path)
        else:
            yield _read_here(path, lang)


def _read_here(path: Path, lang: Lang) -> Extraction:
    source = Source(str(path), "", "application/octet-stream", 0)
    try:
        return _read(path)
    except OSError as error:
        why = error.strerror or type(error).__name__
        return Extraction(source, {}, problems=[Problem("unreadable", say(lang, "no_access", path=path, why=why))])
    except Exception as error:  # a fault of ours on one file must not lose the others
        why = f"{type(error).__name__}: {error}"[:300]
        return Extraction(source, {}, problems=[Problem("unreadable", say(lang, "internal", path=path, why=why))])


def _from_child(child: Isolated, path: Path) -> Extraction:
    outcome, result = child.run(path)
    if outcome == "done":
        assert isinstance(result, Extraction)
        return result
    return extraction_of_failure(path, outcome, result)


def _in_children(
    todo: list[tuple[Path, bool]], lang: Lang, stack: ExitStack, limits: Limits | None
) -> Iterator[Extraction]:
    workers = max(1, min(os.cpu_count() or 1, 8, len(todo)))
    own = local()

    def one(path: Path, exists: bool) -> Extraction:
        if not exists:
            return _not_found(path, lang)
        if not hasattr(own, "child"):
            own.child = Isolated(_read, limits)
            stack.callback(own.child.close)
        return _from_child(own.child, path)

    pool = stack.enter_context(ThreadPoolExecutor(workers))
    waiting: deque[Future[Extraction]] = deque()
    remaining = iter(todo)
    # A window instead of all at once: results are handed on in order and never pile up.
    for path, exists in remaining:
        waiting.append(pool.submit(one, path, exists))
        if len(waiting) >= workers * 4:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


class _progress:
    """A progress bar on stderr for work that lasts, nothing for a few files or a pipe."""

    def __init__(self, label: str, total: int) -> None:
        self.bar: Any = None
        self.label, self.total = label, total

    def __enter__(self) -> Any:
        if self.total >= _MANY and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar.start()
            task = self.bar.add_task(self.label, total=self.total)
            return lambda: self.bar.advance(task)
        return lambda: None

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()
