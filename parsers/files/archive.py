"""Zip files, opened within bounds: nothing is inflated that could fill the memory or take long.

Belongs here: reading members of office packages by name, and the limits on it.
Does not belong here: what the members mean (`word`, `sniff`).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import IO

from parsers.document import UnreadableError

# An office package has a few dozen members; a picture-heavy one a few hundred.
MAX_MEMBERS = 5_000
# Text parts of the largest reports are about 1 MB.
MAX_PART_BYTES = 40_000_000
# Real parts shrink up to about 60 times; only above this size does a ratio tell a bomb.
MAX_RATIO = 250
RATIO_FROM_BYTES = 4_000_000

_END = b"PK\x05\x06"
_CENTRAL = b"PK\x01\x02"


class Archive:
    """A zip file in memory. Member names are compared without regard to case, as office packages do.

    Raises `UnreadableError`: ``unreadable`` for a broken file, ``encrypted``, ``too_large``.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        # zipfile reads the whole directory at once, so its size is bounded before.
        if data.count(_CENTRAL) > MAX_MEMBERS:
            raise UnreadableError(
                "too_large", f"《{name}》压缩包内文件过多（超过{MAX_MEMBERS}个），未读取；请核对文件来源。"
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError, EOFError) as error:
            raise UnreadableError("unreadable", self._broken()) from error
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._repeated: set[str] = set()
        for info in infos:
            key = info.filename.replace("\\", "/").lstrip("/").lower()
            if key in self._members:
                self._repeated.add(key)
            self._members[key] = info

    def _broken(self) -> str:
        return (
            f"《{self.name}》已损坏或不完整（可能下载中断），无法读取；请重新下载，或在 Word/WPS 中打开后另存为 .docx。"
        )

    def __contains__(self, member: str) -> bool:
        return member.lstrip("/").lower() in self._members

    def names(self) -> list[str]:
        """Member names in lower case."""
        return list(self._members)

    def infos(self) -> list[zipfile.ZipInfo]:
        """Every member as the directory lists it, repeated ones too."""
        return self._zip.infolist()

    def read(self, member: str, limit: int = MAX_PART_BYTES) -> bytes:
        """The member's bytes, at most ``limit``. Raises KeyError where there is no such member."""
        key = member.lstrip("/").lower()
        info = self._members[key]
        if key in self._repeated:
            # Programs differ in which of the two they show, so neither is what the document says.
            raise UnreadableError(
                "unreadable", f"《{self.name}》内部有重复部件，内容无法确定；请在 Word/WPS 中打开后另存为 .docx。"
            )
        return self.inflate(info, limit)

    def open(self, info: zipfile.ZipInfo) -> IO[bytes]:
        """A stream over one of `infos`, to look at its beginning. Raises what `zipfile` does."""
        return self._zip.open(info)

    def inflate(self, info: zipfile.ZipInfo, limit: int = MAX_PART_BYTES) -> bytes:
        """The bytes of one of `infos`, at most ``limit``."""
        if info.flag_bits & 0x1:
            raise UnreadableError("encrypted", f"《{self.name}》已加密，无法读取；请取消密码后另存，再重新提交。")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # Office packages use no other, and the others cannot be inflated piece by piece.
            raise UnreadableError("unreadable", self._broken())
        self._bound(info, info.file_size, limit)
        try:
            with self._zip.open(info) as stream:
                # The size in the directory may lie, so no more is inflated than the limit.
                content = stream.read(limit + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            ValueError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise UnreadableError("unreadable", self._broken()) from error
        self._bound(info, len(content), limit)
        return content

    def _bound(self, info: zipfile.ZipInfo, size: int, limit: int) -> None:
        bomb = size > RATIO_FROM_BYTES and size > MAX_RATIO * max(info.compress_size, 1)
        if size > limit or bomb:
            raise UnreadableError(
                "too_large",
                f"《{self.name}》解压后过大（疑为异常文件），未读取；请核对文件来源，或另存为 .docx 后再试。",
            )


def looks_like_zip(data: bytes) -> bool:
    """Whether the bytes begin as a zip file does, whole or cut off."""
    return data.startswith((b"PK\x03\x04", _END, b"PK\x07\x08"))
