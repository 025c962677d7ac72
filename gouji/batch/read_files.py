"""Reading many files for a command: in this process where that is safe and fast, in child processes where it is not.

Belongs here: order, progress and isolation of a clerk's batch. Does not belong here: reading (`parsers`), anything of
the pipeline (`flows`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gouji import console
from gouji.words import Lang, say
from parsers.document import IncompleteError
from parsers.files import faults
from parsers.files.paths import shown
from schemas.facts import Extraction, Problem, Source

from .files import content, expand, head, own_output

if TYPE_CHECKING:
    from parsers.files.marks import Kind
    from parsers.isolation.supervisor import Limits

# From this many files on, child processes on all cores repay their start.
_MANY = 12
_MOST_WORKERS = 8
# So many of our own outputs are named in the line that says they were passed over.
_NAMED = 4
# A single file up to this size is read without a child: starting one takes longer than reading it.
_SMALL_BYTES = 4 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0"

# What is told how many files of how many are read.
Watch = Callable[[int, int], None]


def _read(path: Path) -> Extraction:
    """What a child process does with one file."""
    from parsers import extract

    return extract(path)


def _refused(path: Path, message: str) -> Extraction:
    source = Source(shown(str(path)), "", "application/octet-stream", 0)
    return Extraction(source, {}, problems=[Problem("unreadable", message)])


def _no_file(path: Path, exists: bool, lang: Lang) -> Extraction | None:
    """Why there is nothing to read; None where there is a file."""
    if not exists:
        return _refused(path, say(lang, "no_file", path=path))
    # A pipe or a device would never end. A document in an archive is no file of its own.
    if path.exists() and not path.is_file():
        why = say(lang, "no_regular_file")
        return _refused(path, say(lang, "no_access", path=path, why=why))
    return None


def _needs_child(path: Path) -> bool:
    """Whether a file alone may not be read in the command's own process.

    PDF libraries are native code that a hostile file can hang, and what reads old Excel files is not bounded; readers
    of Word and HTML are, and a small file cannot keep them long.
    """
    try:
        with path.open("rb") as stream:
            beginning = stream.read(1024)
            return b"%PDF" in beginning or beginning.startswith(_OLE) or path.stat().st_size > _SMALL_BYTES
    except (FileNotFoundError, NotADirectoryError):
        return True  # in an archive
    except OSError:
        return False


def read_all(
    paths: Sequence[Path], lang: Lang, *, label: str, limits: Limits | None = None, watch: Watch | None = None
) -> Iterator[Extraction]:
    """The extraction of every file, in order; a file that cannot be read yields its problem and nothing else is lost."""
    todo: list[tuple[Path, bool]] = []
    own: list[tuple[Path, Kind]] = []
    seen: set[str] = set()
    twice = 0
    for given in paths:
        every = list(expand([given]))
        found = _not_seen(every, seen) if len(paths) > 1 else every
        if twice_here := len(every) - len(found):
            twice += twice_here
            if not found:
                continue
        kinds = [own_output(path) if there else None for path, there in found]
        alone = len(paths) == 1 and found == [(given, True)]
        if alone and kinds == ["copy"]:
            # A reviewed copy that is named alone is read as the draft that it is a copy of.
            kinds = [None]
        left = [each for each, kind in zip(found, kinds, strict=True) if kind is None]
        own += [(path, kind) for (path, _), kind in zip(found, kinds, strict=True) if kind is not None]
        if not left:
            source = Source(shown(str(given)), "", "application/octet-stream", 0)
            key = "own_alone" if alone else "only_own" if found else "empty_folder"
            message = say(lang, key, path=given, formats=_formats(lang))
            if not found or alone or given.is_dir():
                yield Extraction(source, {}, problems=[Problem("empty", message)])
        todo.extend(left)
    if own and not (len(paths) == 1 and own == [(paths[0], own[0][1])]):
        print(_passed_over(own, lang), file=sys.stderr)
    if twice:
        print(say(lang, "given_twice", n=twice), file=sys.stderr)
    unusable: dict[str, None] = {}
    with _progress(label, len(todo), watch) as tick:
        if len(todo) == 1 and _no_file(*todo[0], lang) is None and not _needs_child(todo[0][0]):
            yield _read_here(todo[0][0], lang)
            return
        for extraction in _in_children(todo, lang, limits):
            tick()
            unusable |= dict.fromkeys(faults_of([extraction], lang))
            yield extraction
    for said in unusable:
        console.tell_fault(said)


def faults_of(extractions: Iterable[Extraction], lang: Lang) -> list[str]:
    """What is to be said of the installation after reading these; what has no reader each file says itself."""
    every = (each.unusable.get("second_engine") for each in extractions)
    return list(dict.fromkeys(say(lang, "second_engine", why=why) for why in every if why is not None))


def _not_seen(found: Sequence[tuple[Path, bool]], seen: set[str]) -> list[tuple[Path, bool]]:
    """The files that were not given before: a folder given twice, or one and a file in it, are read once."""
    out = []
    for path, there in found:
        real = os.path.realpath(path)
        if real not in seen:
            seen.add(real)
            out.append((path, there))
    return out


def _formats(lang: Lang) -> str:
    from parsers.readers import ENDINGS

    return say(lang, "list_mark").join(dict.fromkeys(ENDINGS.values()))


def _passed_over(own: Sequence[tuple[Path, Kind]], lang: Lang) -> str:
    """The line that says which files are no drafts."""
    names = say(lang, "list_mark").join(shown(path.name) for path, _ in own[:_NAMED])
    more = say(lang, "own_more") if len(own) > _NAMED else ""
    if any(kind == "copy" for _, kind in own):
        more += say(lang, "own_copies")
    return say(lang, "own_passed_over", n=len(own), files=names, more=more) + ("。" if lang == "zh" else ".")


def _read_here(path: Path, lang: Lang) -> Extraction:
    try:
        return _read(path)
    except OSError as error:
        return _refused(path, say(lang, "no_access", path=path, why=faults.why(error, lang)))
    except ImportError as error:
        return _refused(path, IncompleteError(path.name, str(error)[:300]).message)
    except Exception as error:  # a fault of ours must not end in a traceback for a clerk
        return _refused(path, say(lang, "internal", path=path, why=f"{type(error).__name__}: {error}"[:300]))


def _in_children(todo: Sequence[tuple[Path, bool]], lang: Lang, limits: Limits | None) -> Iterator[Extraction]:
    # Not needed for a single Word file, and slow to import.
    from parsers.isolation.supervisor import each, extraction_of_failure

    workers = min(os.cpu_count() or 1, _MOST_WORKERS) if len(todo) >= _MANY else 1
    looked_at = [(path, _no_file(path, exists, lang)) for path, exists in todo]
    there = [path for path, nothing in looked_at if nothing is None]
    with _converted(there) as prepare, closing(each(_read, there, workers, limits, prepare=prepare)) as results:
        for path, nothing in looked_at:
            if nothing is not None:
                yield nothing
                continue
            outcome, result = next(results)
            if outcome == "done":
                assert isinstance(result, Extraction)
                yield result
            else:
                yield extraction_of_failure(path, outcome, result)


def read_isolated(path: Path, lang: Lang) -> Extraction:
    """The extraction of one file, read in a child process that is kept for the next one."""
    from parsers.isolation.supervisor import extraction_of_failure, run_kept
    from parsers.readers import convert

    if convert.may_need(head(path)):
        (extraction,) = read_all([path], lang, label="")
        return extraction
    outcome, result = run_kept(_read, path)
    if outcome == "done":
        assert isinstance(result, Extraction)
        for said in faults_of([result], lang):
            console.tell_fault(said)
        return result
    return extraction_of_failure(path, outcome, result)


@contextmanager
def _converted(paths: Sequence[Path]) -> Iterator[Callable[[], object] | None]:
    """Files that LibreOffice must convert are converted beforehand, in as few runs as can be.

    Gives what tells a child process where they are.
    """
    from parsers.readers import convert

    old = [path for path in paths if convert.may_need(head(path))]
    with convert.ahead((path.name, content(path)) for path in old) as folder:
        yield partial(convert.use, folder) if folder is not None else None


class _progress:
    """A progress bar on stderr for work that lasts, nothing for a few files or a pipe; or whoever asked to be told."""

    def __init__(self, label: str, total: int, watch: Watch | None) -> None:
        self.bar: Any = None
        self.label, self.total, self.watch = label, total, watch
        self.done = 0

    def __enter__(self) -> Any:
        if self.watch is not None:
            return self._tell
        if self.total >= _MANY and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar.start()
            task = self.bar.add_task(self.label, total=self.total)
            return lambda: self.bar.advance(task)
        return lambda: None

    def _tell(self) -> None:
        self.done += 1
        assert self.watch is not None
        self.watch(self.done, self.total)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()
