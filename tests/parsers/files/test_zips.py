"""Zip archives of documents: names of every kind, archives in archives, bounds, and the commands over them."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from data.generator import clean_layout, make_truth, render
from gouji.batch.files import expand
from parsers import extract
from parsers.document import UnreadableError
from parsers.files import zips
from tests.conftest import ROOT

DOCX = render(make_truth(1, issuer="沭阳县人民政府"), clean_layout())
OTHER = render(make_truth(2, issuer="攸县教育局"), clean_layout())


def zip_of(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def raw_zip(names: list[bytes], data: bytes, extra: bytes = b"") -> bytes:
    """An archive as old programs write it: names in the system's encoding, without saying which."""
    out, directory = b"", b""
    packed, check = zlib.compress(data, 9)[2:-4], zlib.crc32(data)
    for name in names:
        common = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, check, len(packed), len(data), len(name), len(extra))
        directory += b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHLL", 0, 0, 0, 0, len(out)) + name + extra
        out += b"PK\x03\x04" + common + name + extra + packed
    end = struct.pack("<HHHHLLH", 0, 0, len(names), len(names), len(directory), len(out), 0)
    return out + directory + b"PK\x05\x06" + end


def names_in(path: Path) -> list[str]:
    return [p.relative_to(path).as_posix() for p in zips.members(path) or []]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_without_a_declared_encoding(tmp_path: Path, encoding: str) -> None:
    # 乗 ends in a byte that looks like a backslash.
    wanted = ["教育局/2024年年报.docx", "网岭镇年报.docx", "乗.docx"]
    path = tmp_path / "上报.zip"
    path.write_bytes(raw_zip([n.encode(encoding) for n in wanted], DOCX))
    assert names_in(path) == sorted(wanted)
    for name in wanted:
        assert zips.read_bytes(path / name) == DOCX


def test_declared_names_and_the_extra_field(tmp_path: Path) -> None:
    path = tmp_path / "上报.zip"
    path.write_bytes(zip_of({"民政局.docx": DOCX}))
    assert names_in(path) == ["民政局.docx"]
    raw = "民政局.docx".encode("big5")
    told = b"\x01" + struct.pack("<L", zlib.crc32(raw)) + "民政局.docx".encode()
    path.write_bytes(raw_zip([raw], DOCX, struct.pack("<HH", 0x7075, len(told)) + told))
    assert names_in(path) == ["民政局.docx"]


def test_members_have_paths_within_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    names = ["../../etc/x.docx", "/root.docx", "C:\\Users\\y.docx", "x.docx", "x.docx", "__MACOSX/._x.docx", "~$x.docx"]
    with pytest.warns(UserWarning, match="Duplicate name"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name in names:
                archive.writestr(name, DOCX)
            archive.mkdir("空文件夹")
    path.write_bytes(buffer.getvalue())
    assert names_in(path) == sorted(["etc/x.docx", "root.docx", "C_/Users/y.docx", "x.docx", "x(2).docx"])
    assert zips.read_bytes(path / "x(2).docx") == DOCX
    for absent in ("y.docx", "etc", "x.docx/z.docx"):
        with pytest.raises(FileNotFoundError):
            zips.read_bytes(path / absent)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_office_files_are_no_archives_of_documents(tmp_path: Path, method: int) -> None:
    (tmp_path / "a.docx").write_bytes(DOCX)
    assert zips.members(tmp_path / "a.docx") is None
    assert zips.members(tmp_path / "不存在.zip") is None
    (tmp_path / "b.zip").write_bytes(zip_of({"内.docx": DOCX}, method))
    assert names_in(tmp_path / "b.zip") == ["内.docx"]
    # An archive without documents stays a file that its reading explains.
    (tmp_path / "c.zip").write_bytes(zip_of({}))
    assert zips.members(tmp_path / "c.zip") is None
    [problem] = extract(tmp_path / "c.zip").problems
    assert problem.kind in ("empty", "unreadable")


def test_an_archive_in_an_archive_is_opened_one_level_deep(tmp_path: Path) -> None:
    deepest = zip_of({"c.docx": DOCX})
    inner = zip_of({"b.docx": OTHER, "更深.zip": deepest})
    path = tmp_path / "外.zip"
    path.write_bytes(zip_of({"a.docx": DOCX, "内.zip": inner}))
    assert names_in(path) == ["a.docx", "内.zip/b.docx", "内.zip/更深.zip"]
    assert zips.read_bytes(path / "内.zip" / "b.docx") == OTHER
    extraction = extract(path / "内.zip" / "b.docx")
    assert extraction.reports[0].issuer == "攸县教育局"
    assert extraction.source.path == str(path / "内.zip" / "b.docx")
    [problem] = extract(path / "内.zip" / "更深.zip").problems
    assert "解压" in problem.message


def test_bombs_are_not_inflated(tmp_path: Path) -> None:
    path = tmp_path / "弹.zip"
    path.write_bytes(zip_of({"大.docx": bytes(60_000_000), "好.docx": DOCX}))
    assert names_in(path) == ["大.docx", "好.docx"]
    with pytest.raises(UnreadableError) as caught:
        zips.read_bytes(path / "大.docx")
    assert caught.value.kind == "too_large"
    [problem] = extract(path / "大.docx").problems
    assert problem.kind == "too_large"
    assert extract(path / "好.docx").reports
    # A member that claims little and holds much.
    lying = raw_zip([b"a.docx"], bytes(60_000_000)).replace(struct.pack("<L", 60_000_000), struct.pack("<L", 100))
    path.write_bytes(lying)
    assert extract(path / "a.docx").problems


def test_damaged_archives_are_files_like_others(tmp_path: Path) -> None:
    whole = zip_of({"a.docx": DOCX, "b.docx": OTHER})
    for cut in (40, 200, len(whole) // 2, len(whole) - 5):
        path = tmp_path / "坏.zip"
        path.write_bytes(whole[:cut])
        assert zips.members(path) is None
        [problem] = extract(path).problems
        assert "坏.zip" in problem.message


def test_encrypted_members_say_so(tmp_path: Path) -> None:
    path = tmp_path / "密.zip"
    data = bytearray(zip_of({"a.docx": DOCX}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    [problem] = extract(path / "a.docx").problems
    assert problem.kind == "encrypted"


def test_folders_and_archives_expand_in_order(tmp_path: Path) -> None:
    (tmp_path / "1.docx").write_bytes(DOCX)
    (tmp_path / "2.zip").write_bytes(zip_of({"b.docx": DOCX, "a.docx": DOCX}))
    (tmp_path / "3.docx").write_bytes(DOCX)
    found = [p.relative_to(tmp_path).as_posix() for p, there in expand([tmp_path]) if there]
    assert found == ["1.docx", "2.zip/a.docx", "2.zip/b.docx", "3.docx"]
    member = tmp_path / "2.zip" / "a.docx"
    assert list(expand([member, tmp_path / "2.zip" / "c.docx"])) == [
        (member, True),
        (tmp_path / "2.zip" / "c.docx", False),
    ]


def test_the_commands_read_archives(tmp_path: Path) -> None:
    one, many = tmp_path / "一份.zip", tmp_path / "多份.zip"
    one.write_bytes(zip_of({"a.docx": DOCX}))
    many.write_bytes(zip_of({"a.docx": DOCX, "b.docx": OTHER, "坏.docx": b"PK\x03\x04"}))
    for path, count, status in ((one, 1, 0), (many, 3, 2)):
        run = subprocess.run(
            [sys.executable, "-m", "gouji", "extract", str(path)],
            cwd=ROOT,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert run.returncode == status, run.stderr.decode()
        found = json.loads(run.stdout)
        assert len(found) == count
        assert found[0]["source"]["path"] == str(path / "a.docx")
        assert found[0]["reports"][0]["issuer"] == "沭阳县人民政府"
