"""A Word package with some of its parts written anew and every other copied byte for byte.

Belongs here: reading parts whatever their names' spelling, writing the package again. Does not belong here: what is
changed in a part (`word.reviewed_copy`, `summing.filling`), reading drafts (`parsers.readers.word`).

python-docx is not used for it: it refuses packages that Word opens (macros, strict OOXML, dangling relationships), and
writes all parts anew.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lxml import etree

# A package of more than that, unpacked, is none that an office sends.
MOST_BYTES = 1_000_000_000
# What a package that is not in order raises.
FAULTS = (etree.LxmlError, KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError)

_DATED = (2020, 1, 1, 0, 0, 0)


class Package:
    """A package's members by name, in whatever spelling the archive has them. Raises ValueError for one too large."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        if sum(info.file_size for info in archive.infolist()) > MOST_BYTES:
            raise ValueError("package too large")
        self.archive = archive
        self.spelt = {_normal(info.filename): info.filename for info in archive.infolist()}

    def __contains__(self, member: str) -> bool:
        return _normal(member) in self.spelt

    def read(self, member: str) -> bytes:
        """A part's bytes. Raises KeyError where there is none."""
        return self.archive.read(self.spelt[_normal(member)])

    def with_parts(self, parts: Mapping[str, bytes]) -> bytes:
        """The package with some parts replaced, in their place, and new ones at its end."""
        left = {self.spelt.get(_normal(member), member): content for member, content in parts.items()}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
            for info in self.archive.infolist():
                new = left.pop(info.filename, None)
                copied = zipfile.ZipInfo(info.filename, info.date_time)
                stored = info.compress_type == zipfile.ZIP_STORED
                copied.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                copied.external_attr = info.external_attr
                copy.writestr(copied, self.archive.read(info) if new is None else new)
            for member, content in left.items():
                # Without the hour: the same copy is the same file.
                added = zipfile.ZipInfo(member, _DATED)
                added.compress_type = zipfile.ZIP_DEFLATED
                added.external_attr = 0o600 << 16
                copy.writestr(added, content)
        return out.getvalue()


@contextmanager
def opened(data: bytes) -> Iterator[Package]:
    """The package in these bytes. Raises ValueError where it is too large, one of `FAULTS` where it is not in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield Package(archive)


def parsed(blob: bytes) -> Any:
    """A part's root element. Nothing is left out and nothing is looked up: what is not touched is written as it was."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False)
    return etree.fromstring(blob, parser)


def serialised(root: Any) -> bytes:
    """A part's bytes again."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _normal(member: str) -> str:
    return member.replace("\\", "/").lstrip("/").lower()
