"""`check --annotate DIR`: a reviewed copy of every file.

Belongs here: which kind of copy a file gets, its name, writing it. Does not belong here: what the copy says (`show`).

A Word draft gets its own copy with comments; an old one (.doc, .wps) what LibreOffice made of it, which is also what was
read; a PDF, a page or a text a page that shows what was read. What reads a PDF runs in a child process, here as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from gouji.outputs import Folder
from gouji.show.remarks import remarks_on
from gouji.words import Lang, say
from parsers.document import UnreadableError
from parsers.files.paths import actual, shown
from schemas.facts import Source

from .files import content
from .reviewed import Reviewed

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MARK = "勾稽"


def annotate(
    all_reviewed: Iterable[Reviewed], directory: Path, given: Sequence[Path], lang: Lang
) -> tuple[list[str], list[str]]:
    """Write the copies; returns what could not be done, and what else is to be known, in sentences.

    ``given`` are the paths the command got: inside a folder its structure is kept.
    """
    problems: list[str] = []
    pages: list[tuple[Reviewed, Path]] = []
    words: list[tuple[Reviewed, Path]] = []
    folder = Folder(directory, lang)
    for reviewed in all_reviewed:
        if not reviewed.checked.extraction.reports and not reviewed.checked.extraction.circulars:
            continue
        source = reviewed.checked.extraction.source
        is_word = source.media_type.startswith(_WORD) or _is_old(source.media_type)
        target = _target(source, given, ".docx" if is_word else ".html")
        (words if is_word else pages).append((reviewed, target))
    problems.extend(_write_words(words, folder, lang))
    problems.extend(_write_pages(pages, folder, lang))
    return problems, folder.notes


def _is_old(media_type: str) -> bool:
    if media_type.startswith((_WORD, "application/pdf", "text/")):
        return False
    from parsers.readers import convert

    return convert.becomes_word(media_type)


def _write_words(words: Sequence[tuple[Reviewed, Path]], folder: Folder, lang: Lang) -> Iterable[str]:
    if not words:
        return
    from gouji.word.reviewed_copy import word_copy
    from parsers.readers import convert

    old = [r.checked.extraction.source for r, _ in words if _is_old(r.checked.extraction.source.media_type)]
    with convert.ahead((s.path, content(actual(Path(s.path)))) for s in old):
        for reviewed, target in words:
            source = reviewed.checked.extraction.source
            path = Path(source.path)
            try:
                data = content(actual(path))
                if _is_old(source.media_type):
                    data = convert.converted(data, path.name, source.media_type)
                copy = word_copy(data, path.name, remarks_on(reviewed.checked, lang, without=reviewed.waived))
            except (UnreadableError, OSError, ValueError) as error:
                yield say(lang, "no_copy", path=path, why=_why(error, lang))
                continue
            folder.write(target, copy, "copy")


def _write_pages(pages: Sequence[tuple[Reviewed, Path]], folder: Folder, lang: Lang) -> Iterable[str]:
    if not pages:
        return
    from gouji.show.html_copy import blocks_of, html_copy
    from parsers.isolation.supervisor import each, problem

    paths = [actual(Path(r.path)) for r, _ in pages]
    with closing(each(blocks_of, paths)) as results:
        for (reviewed, target), path in zip(pages, paths, strict=True):
            outcome, blocks = next(results)
            if outcome != "done":
                yield problem(path, outcome, blocks).message
                continue
            remarks = remarks_on(reviewed.checked, lang, without=reviewed.waived)
            folder.write(target, html_copy(reviewed.checked, blocks, remarks, lang).encode(), "copy")


def _why(error: Exception, lang: Lang) -> str:
    """What a person can make of it; the names of Python's errors say nothing to a clerk."""
    if isinstance(error, UnreadableError):
        return error.message
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return say(lang, "no_copy_package")


def _target(source: Source, given: Sequence[Path], suffix: str) -> Path:
    """Where the copy goes: as the file lies in the folder given, under a name that is never the draft's."""
    path = Path(source.path)
    given = [Path(shown(str(g))) for g in given]
    # Below a folder or in an archive.
    inside = next((path.relative_to(g).parent for g in given if g != path and path.is_relative_to(g)), Path())
    return inside / f"{path.stem}.{_MARK}{suffix}"
