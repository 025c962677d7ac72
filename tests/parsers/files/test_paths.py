"""Names in bytes of another encoding, as text and back."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from parsers.files.paths import actual, shown

GBK = os.fsdecode("教育局.docx".encode("gbk"))
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names are text on other systems")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a/教育局.docx", "a/教育局.docx"),
        (GBK, "教育局.docx"),
        # Each part on its own: a folder's name in UTF-8 is no GBK.
        (f"/报送 稿/{GBK}", "/报送 稿/教育局.docx"),
        (os.fsdecode(b"a\xff\xff.pdf"), "a\\xff\\xff.pdf"),
    ],
)
def test_names_become_text(path: str, text: str) -> None:
    assert shown(path) == text


def test_the_file_is_found_by_the_text(tmp_path: Path) -> None:
    folder = tmp_path / "报送 稿" / os.fsdecode("乡镇".encode("gbk"))
    folder.mkdir(parents=True)
    (folder / GBK).write_bytes(b"here")
    seen = tmp_path / "报送 稿/乡镇/教育局.docx"
    assert shown(str(folder / GBK)) == str(seen)
    assert actual(seen).read_bytes() == b"here"
    (folder / os.fsdecode("包.zip".encode("gbk"))).write_bytes(b"")
    assert (
        actual(tmp_path / "报送 稿/乡镇/包.zip/内/年报.docx")
        == folder / os.fsdecode("包.zip".encode("gbk")) / "内/年报.docx"
    )
    assert actual(tmp_path / "报送 稿/没有/年报.docx") == tmp_path / "报送 稿/没有/年报.docx"
