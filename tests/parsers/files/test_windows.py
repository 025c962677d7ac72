"""What Windows makes of paths and open files, as far as it can be held elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parsers.files import whole
from parsers.files.paths import allowed_on_windows, below, long_spelling, reachable, shown


@pytest.mark.parametrize(
    ("path", "long"),
    [
        (r"D:\年报\甲.docx", r"\\?\D:\年报\甲.docx"),
        (r"\\server\共享\甲.docx", r"\\?\UNC\server\共享\甲.docx"),
    ],
)
def test_a_long_path_is_spelled_so_that_it_is_found_and_shown_as_it_was(path: str, long: str) -> None:
    assert long_spelling(path) == long == long_spelling(long)
    assert shown(long) == path == shown(path)


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("年报.docx", "年报.docx"),
        ("a:b?.docx", "a_b_.docx"),
        ("甲局. ", "甲局"),
        ("aux.docx", "_aux.docx"),
        ("CON", "_CON"),
        ("com1.审阅.docx", "_com1.审阅.docx"),
        ("console.docx", "console.docx"),
        ("com10.docx", "com10.docx"),
        ("...", "_"),
        ("a\tb.docx", "a_b.docx"),
    ],
)
def test_names_become_those_that_windows_takes(name: str, allowed: str) -> None:
    assert allowed_on_windows(name) == allowed


@pytest.mark.skipif(sys.platform == "win32", reason="of other systems")
def test_elsewhere_paths_stay_as_they_are(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["长" * 20] * 12)
    deep.mkdir(parents=True)
    (deep / "b.txt").touch()
    assert reachable(deep) == deep
    assert below(tmp_path)[-1] == (deep / "b.txt", (deep / "b.txt").relative_to(tmp_path))


class _Held(type(Path())):  # type: ignore[misc]
    """A file that something looks at for its first ``held`` tries."""

    held = 0

    def replace(self, target: Path) -> Path:
        if type(self).held:
            type(self).held -= 1
            raise PermissionError(13, "in use", str(target))
        return Path(super().replace(target))


@pytest.mark.parametrize(
    ("platform", "held", "written"), [("win32", 3, True), ("win32", 99, False), ("linux", 1, False)]
)
def test_a_file_that_is_looked_at_for_a_moment_is_replaced_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, held: int, written: bool
) -> None:
    target = tmp_path / "x.html"
    target.write_bytes(b"old")
    monkeypatch.setattr(_Held, "held", held)
    monkeypatch.setattr(whole, "_PAUSES", (0.0,) * 5)
    monkeypatch.setattr(whole, "beside", lambda path: _Held(tmp_path / "x.tmp"))
    monkeypatch.setattr(sys, "platform", platform)
    if written:
        whole.write(target, b"new")
    else:
        with pytest.raises(PermissionError):
            whole.write(target, b"new")
    assert target.read_bytes() == (b"new" if written else b"old")
    assert not (tmp_path / "x.tmp").exists()
