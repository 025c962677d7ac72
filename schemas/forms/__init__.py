"""The statutory forms, one data file each.

Belongs here: which form files there are, when each is in force, the forms themselves. Does not belong here: anything about
one particular form: that is in its file; what a form is (`model`), how a file is read (`loading`).

The files of this folder are always there. Where the environment variable ``GOUJI_FORMS`` names a folder, its ``*.toml``
are forms beside them: a province's own form, or next year's before it is built in.

A national form is in force until the next national one is: a newer file need not change an older one.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from .loading import FormError, Raw, Reader
from .model import (
    Aspect,
    Column,
    ColumnRole,
    Demand,
    Drawing,
    Form,
    Identity,
    Notice,
    Row,
    RowRole,
    Section,
    SectionRole,
    TableForm,
    TableRole,
    Variant,
)

__all__ = [
    "Aspect",
    "Column",
    "ColumnRole",
    "Demand",
    "Drawing",
    "Form",
    "FormError",
    "Identity",
    "Notice",
    "Row",
    "RowRole",
    "Section",
    "SectionRole",
    "TableForm",
    "TableRole",
    "Variant",
    "in_force",
    "load",
    "load_all",
    "national",
    "newest",
    "newest_first",
    "same_series",
    "version",
    "with_sections",
    "with_table",
]

FOLDER = "GOUJI_FORMS"
_BUILT_IN = Path(__file__).parent
_LAST_YEAR = 9999
_IN_FORCE = re.compile(rb"^in_force *= *\[ *(\d+) *(?:, *(\d+) *)?\]", re.MULTILINE)
_PROVINCIAL = re.compile(rb'^issuer_prefixes *= *\[\s*"', re.MULTILINE)
_VERSION = re.compile(rb'^version *= *"([^"]+)"', re.MULTILINE)


@cache
def _paths() -> dict[str, Path]:
    """Every form file by the form's id. Raises `FormError`."""
    folders = [_BUILT_IN]
    if os.environ.get(FOLDER):
        folders.append(Path(os.environ[FOLDER]))
        if not folders[1].is_dir():
            raise FormError(folders[1], "", f"is no folder; {FOLDER} names one with form files, or is not set")
    out: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            if path.stem in out:
                raise FormError(path, "id", f"there is a form {path.stem!r} already: give this one another name")
            out[path.stem] = path
    return out


@cache
def _files() -> dict[str, bytes]:
    return {form_id: path.read_bytes() for form_id, path in _paths().items()}


@cache
def _years() -> dict[str, tuple[int, int]]:
    """First and last year of every form, without reading the rest of it: reading TOML takes a while."""
    given: dict[str, tuple[int, int]] = {}
    for form_id, raw in _files().items():
        m = _IN_FORCE.search(raw)
        if m is None:
            raise FormError(_paths()[form_id], "in_force", "is missing: add the first report year, in_force = [2021]")
        given[form_id] = int(m[1]), int(m[2] or _LAST_YEAR)
    starts = [given[i][0] for i, raw in _files().items() if _PROVINCIAL.search(raw) is None]
    out = {}
    for form_id, (first, last) in given.items():
        is_national = _PROVINCIAL.search(_files()[form_id]) is None
        out[form_id] = first, min([last, *(start - 1 for start in starts if is_national and start > first)])
    return out


def _raw(form_id: str, chain: tuple[str, ...] = ()) -> Raw:
    """A form's content with what it takes over from the form it is like."""
    path = _paths()[form_id]

    def inherit(other: str) -> Raw:
        if other not in _paths():
            raise FormError(path, "like", f"there is no form {other!r}; there are {', '.join(_paths())}")
        if other in (*chain, form_id):
            raise FormError(path, "like", f"goes round in a circle: {' → '.join((*chain, form_id, other))}")
        return _raw(other, (*chain, form_id))

    return Reader(path, inherit).raw(_files()[form_id])


@cache
def load(form_id: str) -> Form:
    """The form with this id. Raises KeyError with the ids there are, `FormError` where its file is wrong."""
    if form_id not in _files():
        raise KeyError(f"no form {form_id!r}; there are {', '.join(_files())}")
    raw, years = _raw(form_id), _years()
    continues = raw.get("continues")
    if continues is None:
        # A form that is like an older one goes on from it.
        older = raw.get("like")
        continues = older if older and years[older][0] < years[form_id][0] else ""
    elif continues and continues not in years:
        raise FormError(_paths()[form_id], "continues", f"there is no form {continues!r}; there are {', '.join(years)}")
    path = _paths()[form_id]
    return Reader(path, _raw, patterns=path.parent != _BUILT_IN).form(raw, years[form_id], continues or None)


@cache
def load_all() -> tuple[Form, ...]:
    """Every form, newest first. Raises `FormError`."""
    return tuple(load(i) for i in newest_first())


@cache
def newest_first() -> tuple[str, ...]:
    """The ids of all forms by the years they are in force, without loading them."""
    years = _years()
    return tuple(sorted(years, key=lambda i: years[i], reverse=True))


def newest() -> Form:
    """The national form that came into force last."""
    return next(f for f in map(load, newest_first()) if not f.issuer_prefixes)


@cache
def in_force(year: int) -> tuple[str, ...]:
    """The ids of the forms in force for a report year, newest first, without loading them."""
    return tuple(i for i in newest_first() if _years()[i][0] <= year <= _years()[i][1])


def national(year: int | None) -> Form | None:
    """The national form in force for a report year; None where there was none, or the year is not known."""
    there = in_force(year) if year is not None else ()
    return next((f for f in map(load, there) if not f.issuer_prefixes), None)


def with_table(role: TableRole, form_id: str, year: int | None) -> Form:
    """A form with a table of this role: the one given, else the national one in force, else the first that had it.

    For what is said of such tables in reports that have none.
    """
    return _first(form_id, year, lambda form: form.table(role) is not None)


def with_sections(form_id: str, year: int | None) -> Form:
    """A form that prescribes sections, chosen in the same way: how the text of a report without them is taken apart."""
    return _first(form_id, year, lambda form: bool(form.sections))


def _first(form_id: str, year: int | None, has: Callable[[Form], bool]) -> Form:
    for form in (load(form_id) if form_id in _files() else None, national(year)):
        if form is not None and has(form):
            return form
    return next(form for form in map(load, reversed(newest_first())) if has(form))


@cache
def same_series(form_id: str) -> frozenset[str]:
    """The forms whose figures may be held against this one's year by year: it, and those that it continues."""
    out: list[str] = []
    at: str | None = form_id
    while at is not None and at not in out:
        out.append(at)
        at = load(at).continues if at in _files() else None
    return frozenset(out)


@cache
def version() -> str:
    """The version of all form files together: the newest date, and a fingerprint of their content."""
    digest = hashlib.sha256(b"\0".join(_files().values())).hexdigest()[:8]
    dates = [m[1].decode() for raw in _files().values() if (m := _VERSION.search(raw))]
    return f"{max(dates)}+{digest}"
