"""`check --annotate DIR`: a reviewed copy of every file.

Belongs here: which kind of copy a file gets, its name, writing it. Does not belong here: what the copy says (`show`).

A Word draft gets its own copy with comments, a workbook its own with notes; one of an older format what LibreOffice made
of it, which is also what was read. All but Word drafts get a page that shows what was read. What reads a PDF runs in a child process, here as
everywhere.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gouji.outputs import Folder, fault
from gouji.show.remarks import Remarks, remarks_on
from gouji.words import Lang, say
from parsers.document import UnreadableError
from parsers.files import sniff
from parsers.files.paths import actual, shown
from schemas.facts import Source

from .files import content
from .reviewed import Reviewed

if TYPE_CHECKING:
    from gouji.pdf.marking import Mark
    from parsers.document import Paragraph, Table

_MARK = "勾稽"
# So many children read again, where there are so many files.
_MOST_WORKERS, _MANY = 4, 12
# What macros make of a package's ending: Word and Excel open no other.
_MACROS = {"docx": ".docm", "xlsx": ".xlsm"}
_MACRO_TYPE = re.compile(rb"macroEnabled\.main\+xml", re.I)
Format = Literal["docx", "xlsx"]


@dataclass(frozen=True)
class _Job:
    """A file and what is to be written on it."""

    reviewed: Reviewed
    lang: Lang

    @property
    def source(self) -> Source:
        return self.reviewed.checked.extraction.source

    @property
    def path(self) -> Path:
        return Path(self.source.path)

    @property
    def remarks(self) -> Remarks:
        return remarks_on(self.reviewed.checked, self.lang, without=self.reviewed.waived)


def annotate(
    all_reviewed: Iterable[Reviewed], directory: Path, given: Sequence[Path], lang: Lang
) -> tuple[list[str], list[str]]:
    """Write the copies; returns what could not be done, and what else is to be known, in sentences.

    ``given`` are the paths the command got: inside a folder its structure is kept.
    """
    folder = Folder(directory, lang)
    jobs = [
        _Job(reviewed, lang)
        for reviewed in all_reviewed
        if (reviewed.checked.extraction.reports or reviewed.checked.extraction.circulars) and not reviewed.kept_from
    ]
    writer = _Writer(folder, [Path(shown(str(g))) for g in given], lang)
    return writer.write(jobs), writer.notes + folder.notes


class _Writer:
    def __init__(self, folder: Folder, given: Sequence[Path], lang: Lang) -> None:
        self.folder, self.given, self.lang = folder, given, lang
        self.notes: list[str] = []
        self.several: set[Path] = set()

    def write(self, jobs: Sequence[_Job]) -> list[str]:
        from parsers.readers import convert

        pages = []
        # Drafts of one name in several formats would get copies of one name.
        self.several = {name for name, n in Counter(self._stem(j) for j in jobs).items() if n > 1}
        old = [j for j in jobs if _is_old(j.source.media_type)]
        with convert.ahead((j.source.path, content(actual(j.path))) for j in old):
            for job in jobs:
                wanted = _format(job.source.media_type)
                done = wanted is not None and self._office(job, wanted)
                # A workbook's page shows at once what one would have to look for in its sheets.
                if not done or wanted == "xlsx":
                    pages.append(job)
        return list(self._pages(pages))

    def _office(self, job: _Job, wanted: Format) -> bool:
        """Write the draft's own file with comments; False where that cannot be done, which is said."""
        from parsers.readers import convert

        source = job.source
        try:
            data = content(actual(job.path))
            if _is_old(source.media_type):
                data = convert.converted(data, job.path.name, source.media_type)
            if wanted == "docx":
                from gouji.word.reviewed_copy import word_copy

                copy = word_copy(data, job.path.name, job.remarks)
            else:
                from gouji.excel.reviewed_copy import excel_copy

                copy = excel_copy(data, job.remarks)
        except (UnreadableError, OSError, ValueError) as error:
            self.notes.append(say(self.lang, "copy_is_page", path=job.path, why=_why(error, self.lang)))
            return False
        self.folder.write(self._target(job, _ending(data, wanted)), copy, "copy", source)
        return True

    def _pages(self, jobs: Sequence[_Job]) -> Iterator[str]:
        """What was read, as a page."""
        if not jobs:
            return
        from gouji.show.html_copy import html_copy
        from parsers.isolation.supervisor import each, problem

        paths = [actual(job.path) for job in jobs]
        again = ((p, _marks(j)) for p, j in zip(paths, jobs, strict=True))
        workers = min(os.cpu_count() or 1, _MOST_WORKERS) if len(jobs) >= _MANY else 1
        with closing(each(_read_again, again, workers)) as results:
            for job, path in zip(jobs, paths, strict=True):
                outcome, found = next(results)
                if outcome != "done":
                    yield problem(path, outcome, found).message
                    continue
                blocks, pdf, fault = found
                page = html_copy(job.reviewed.checked, blocks, job.remarks, self.lang)
                self.folder.write(self._target(job, ".html"), page.encode(), "copy", job.source)
                if pdf is not None:
                    self.folder.write(self._target(job, ".pdf"), pdf, "copy", job.source)
                elif job.source.media_type == sniff.PDF:
                    word = "no_copy_pdf" if fault is None else "no_copy_installation"
                    why = say(self.lang, word, error=fault)
                    self.notes.append(say(self.lang, "copy_is_page", path=job.path, why=why))
        if any(job.source.media_type == sniff.XLS for job in jobs):
            self.notes.append(say(self.lang, "copy_of_xls"))

    def _target(self, job: _Job, suffix: str) -> Path:
        """Where the copy goes: as the file lies in the folder given, under a name that is never the draft's.

        The draft's ending stands in the name where others are called the same but for it.
        """
        stem = self._stem(job)
        name = f"{stem.name}{job.path.suffix}" if stem in self.several else stem.name
        return stem.with_name(f"{name}.{_MARK}{suffix}")

    def _stem(self, job: _Job) -> Path:
        path = job.path
        # Below a folder or in an archive.
        inside = next((path.relative_to(g).parent for g in self.given if g != path and path.is_relative_to(g)), Path())
        return inside / path.stem


def _marks(job: _Job) -> list[Mark] | None:
    """What is to be marked in a PDF; None for other files."""
    if job.source.media_type != sniff.PDF:
        return None
    from gouji.pdf.marking import marks_of

    return marks_of(job.remarks)


def _read_again(job: tuple[Path, list[Mark] | None]) -> tuple[list[Paragraph | Table], bytes | None, str | None]:
    """In the child: what a file holds, of a PDF its copy, and what of the program could not be imported for that. Raises `UnreadableError`, OSError."""
    from gouji.show.html_copy import blocks_of, bytes_of

    path, marks = job
    copy = fault = None
    if marks is not None:
        from parsers.readers.pdf.ciphers import prepare

        try:
            prepare()
            from gouji.pdf.reviewed_copy import pdf_copy

            copy = pdf_copy(bytes_of(path), path.name, marks)
        except (ValueError, UnreadableError):
            pass
        except ImportError as error:
            fault = str(error)[:300]
    return blocks_of(path), copy, fault


def _format(media_type: str) -> Format | None:
    """The office format whose copy a file gets."""
    if media_type == sniff.DOCX:
        return "docx"
    if media_type == sniff.XLSX:
        return "xlsx"
    if not _is_old(media_type):
        return None
    from parsers.readers import convert

    return "docx" if convert.becomes_word(media_type) else "xlsx"


def _is_old(media_type: str) -> bool:
    """Whether the file was converted before it was read."""
    if media_type in (sniff.DOCX, sniff.XLSX, sniff.XLS, sniff.PDF) or media_type.startswith("text/"):
        return False
    from parsers.readers import convert

    return convert.is_convertible(media_type)


def _ending(data: bytes, wanted: Format) -> str:
    """The ending that Word or Excel asks for."""
    from gouji.word.package import FAULTS, opened

    try:
        with opened(data) as package:
            has_macros = _MACRO_TYPE.search(package.read("[Content_Types].xml"))
    except (ValueError, *FAULTS):
        has_macros = None
    return _MACROS[wanted] if has_macros else f".{wanted}"


def _why(error: Exception, lang: Lang) -> str:
    """What a person can make of it; the names of Python's errors say nothing to a clerk."""
    if isinstance(error, UnreadableError):
        return error.message
    if isinstance(error, OSError):
        return fault(error, lang)
    return say(lang, "no_copy_package")
