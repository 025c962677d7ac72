"""The folder for Windows as it lies on the disk, made of a small Python and small wheels."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.windows import made
from windows import folder, packing, parts, trial

LIBRARY = "python/Lib/site-packages"


def _make(where: Path, root: Path) -> Path:
    wheels = [
        made.wheel(where / "wheels", "thing", {"thing/__init__.py": "WHAT = 'a thing'\n", "thing/LICENSE": "MIT"}),
        made.wheel(
            where / "wheels",
            "pywin32",
            {
                "win32/win32api.pyd": "MZ",
                "win32/win32gui.pyd": "MZ",
                "win32/lib/winerror.py": "S_OK = 0\n",
                "pythonwin/mfc140u.dll": "MZ",
                "PyWin32.chm": "",
                "pywin32.pth": "win32",
                "pywin32-1.0.data/scripts/x.py": "",
                "pywin32-1.0.data/platlib/moved/__init__.py": "",
            },
        ),
    ]
    target = where / folder.NAME
    folder.make(target, parts.unpacked(made.embeddable()), wheels, root)
    return target


@pytest.fixture(autouse=True, scope="module")
def _without_wine() -> Iterator[None]:
    """These Pythons are none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trial, "wine", lambda: None)
        yield


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of a few modules."""
    root = tmp_path_factory.mktemp("checkout")
    for room in folder.ROOMS:
        (root / room / "__pycache__").mkdir(parents=True)
        (root / room / "__init__.py").write_text('"""A room."""\nKNOWN = {"a", "b", "c"}\n', "utf-8")
        (root / room / "__pycache__" / "old.pyc").write_bytes(b"")
    shutil.copytree(ROOT / "windows", root / "windows", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "LICENSE", root / "LICENSE")
    return root


@pytest.fixture(scope="module")
def made_folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _make(tmp_path_factory.mktemp("one"), root)


def test_python_looks_nowhere_but_in_the_folder(made_folder: Path) -> None:
    (path,) = (made_folder / "python").glob("*._pth")
    lines = path.read_bytes().decode().split("\r\n")
    assert lines[:3] == ["python311.zip", ".", "Lib\\site-packages"]
    assert "import site" not in lines


def test_what_is_not_needed_stays_out(made_folder: Path) -> None:
    library = made_folder / LIBRARY
    assert (library / "win32" / "win32api.pyd").is_file() and (library / "win32" / "lib" / "winerror.py").is_file()
    assert (library / "moved" / "__init__.py").is_file()
    assert not any(
        (library / name).exists() for name in ("pythonwin", "PyWin32.chm", "win32/win32gui.pyd", "pywin32.pth")
    )
    assert not list(library.rglob("old.pyc"))
    # What builds the folder is not in it; what runs in it is.
    assert (library / "windows" / "clerk" / "launch.py").is_file() and not (library / "windows" / "parts.py").exists()


def test_modules_are_compiled_and_name_no_path_of_this_machine(made_folder: Path) -> None:
    (compiled,) = (made_folder / LIBRARY / "thing" / "__pycache__").iterdir()
    content = compiled.read_bytes()
    # Flags: by hash, and not compared with the source.
    assert content[4:8] == b"\x01\0\0\0"
    assert str(made_folder.parent).encode() not in content
    assert (made_folder / LIBRARY / "gouji" / "__pycache__").is_dir()


def test_batch_files_hold_what_every_code_page_reads(made_folder: Path) -> None:
    found = list(made_folder.glob("*.cmd"))
    assert {"勾稽核对.cmd", "gouji.cmd", "安装到发送到.cmd"} <= {path.name for path in found}
    for path in found:
        content = path.read_bytes()
        assert content.isascii() and b"\n" not in content.replace(b"\r\n", b"")


def test_every_licence_is_there(made_folder: Path) -> None:
    licences = made_folder / "许可证"
    listed = (licences / "清单.txt").read_text("utf-8")
    assert "thing 1.0\tMIT" in listed and "python\tPSF" in listed
    assert (licences / "gouji" / "LICENSE").is_file() and (licences / "python" / "LICENSE.txt").read_bytes() == b"PSF"
    assert (licences / "thing" / "LICENSE").read_text("utf-8") == "MIT"


def test_a_part_without_a_licence_is_not_handed_on(tmp_path: Path, root: Path) -> None:
    nobodys = made.wheel(tmp_path, "nobodys", {"nobodys.py": ""}, "")
    with pytest.raises(ValueError, match=r"nobodys.*licence"):
        folder.make(tmp_path / "out", parts.unpacked(made.embeddable()), [nobodys], root)


def test_a_wheel_writes_nothing_outside(tmp_path: Path, root: Path) -> None:
    bad = made.wheel(tmp_path, "bad", {"../../escaped.py": ""})
    with pytest.raises(ValueError, match="outside"):
        folder.make(tmp_path / "out", parts.unpacked(made.embeddable()), [bad], root)
    assert not list(tmp_path.rglob("escaped.py"))


def test_the_list_names_every_file(made_folder: Path) -> None:
    about = json.loads((made_folder / "清单.json").read_text("utf-8"))
    there = {p.relative_to(made_folder).as_posix() for p in made_folder.rglob("*") if p.is_file()}
    assert set(about["files"]) == there - {"清单.json"}
    assert about["python"]["version"] == "3.11.9" and "thing-1.0-py3-none-any.whl" in about["wheels"]


def test_same_parts_same_bytes(made_folder: Path, root: Path, tmp_path: Path) -> None:
    again = _make(tmp_path / "elsewhere", root)
    one, two = packing.pack(made_folder, tmp_path / "1.zip"), packing.pack(again, tmp_path / "2.zip")
    with zipfile.ZipFile(one) as archive, zipfile.ZipFile(two) as other:
        assert not [name for name in archive.namelist() if archive.read(name) != other.read(name)]
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        info = archive.getinfo("勾稽核对/勾稽核对.cmd")
        assert info.flag_bits & 0x800, "a name that is not marked as UTF-8 is garbage on Windows"
