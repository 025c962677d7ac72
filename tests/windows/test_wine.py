"""The folder for Windows, built and run: by wine, as a clerk's Windows would run it.

Belongs here: what only a Windows shows. Does not belong here: what `test_clerk` and `test_folder` hold without one.

The folder is built once (its libraries come through the package client and are kept in the system's temporary folder), and
run under a Windows of its own, with the code page of a Chinese one. Where wine or the parts cannot be had the tests say so.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT
from windows import folder, packing, parts, trial

pytestmark = pytest.mark.xdist_group("wine")

SAMPLES = ROOT / "data" / "samples"
DRAFT = SAMPLES / "沭阳县人民政府2025年政府信息公开工作年度报告.docx"
PDF = SAMPLES / "洪泽区人民政府2023年政府信息公开工作年度报告.pdf"
_LIBRARIES = "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows"
_CODE_PAGES = "/usr/share/wine/nls"
_KINDS = (".dll", ".exe", ".com", ".acm", ".drv", ".ocx", ".cpl", ".nls")
# Of what wine would write into the registry only the class of links is needed.
_LINKS = r"HKCR\CLSID\{00021401-0000-0000-C000-000000000046}\InProcServer32"


@dataclass
class Windows:
    """A Windows with the folder on it."""

    program: str
    prefix: Path
    folder: Path
    locales: Path | None

    def environment(self) -> dict[str, str]:
        chinese = {"LOCPATH": str(self.locales), "LC_ALL": "zh_CN.UTF-8"}
        return {
            **{k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "TMPDIR", "USER")},
            **(chinese if self.locales is not None else {"LC_ALL": "C.UTF-8"}),
            "WINEPREFIX": str(self.prefix),
            "WINEPATH": r"C:\windows\system32;C:\windows",
            "PATHEXT": ".COM;.EXE;.BAT;.CMD",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",
        }

    def run(self, *words: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
        """Run a program; its output as bytes. Handles of a pipe each: wine gives a program none of Linux's own."""
        command = [self.program, *(str(word) for word in words)]
        given = self.environment() | environment
        return subprocess.run(command, cwd=cwd, env=given, input=b"\n", capture_output=True, timeout=120, check=False)

    def gouji(self, *words: str | Path, cwd: Path, **environment: str) -> tuple[int, str]:
        """The folder's command as gouji.cmd gives it: exit status, and all that it said."""
        done = self.run("cmd", "/c", self.folder / "gouji.cmd", *words, cwd=cwd, **environment)
        return done.returncode, (done.stdout + done.stderr).decode("utf-8").replace("\r\n", "\n")

    def drop(self, *paths: str | Path, cwd: Path, **environment: str) -> tuple[int, Path, str]:
        """What happens when these are dropped on the link: exit status, the page that opened, messages."""
        program = self.folder / "python" / "python.exe"
        words = ("-X", "utf8", "-m", "windows.clerk")
        done = self.run(program, *words, *paths, cwd=cwd, GOUJI_BROWSER="none", **environment)
        page, said = done.stdout.decode("utf-8").partition("\r\n")[0], done.stderr.decode("utf-8")
        assert page or said, (done.returncode, done.stdout, done.stderr)
        return done.returncode, self.unix(page), said

    def unix(self, path: str) -> Path:
        """Where a path of this Windows is."""
        drive, rest = path[:2].lower(), path[2:].replace("\\", "/")
        return Path(rest) if drive == "z:" else Path(f"{self.prefix}/drive_c{rest}")


def _chinese(cache: Path) -> Path | None:
    """A Chinese locale, from which wine takes the system's code page; None where it cannot be made."""
    locales = cache / "locales"
    program = shutil.which("localedef")
    if not locales.is_dir() and program is not None and Path("/usr/share/i18n/locales/zh_CN").is_file():
        working = cache / f"locales.{os.getpid()}"
        working.mkdir()
        subprocess.run([program, "-i", "zh_CN", "-f", "UTF-8", str(working / "zh_CN.UTF-8")], check=False)
        working.rename(locales)
    return locales if (locales / "zh_CN.UTF-8").is_dir() else None


@pytest.fixture(scope="module")
def built() -> Path:
    """The folder, built of the libraries that are kept and the program as it is now."""
    cache = Path(tempfile.gettempdir()) / f"gouji-windows-{os.getuid()}"
    cache.mkdir(mode=0o700, exist_ok=True)
    # Several processes of one run: the first fetches and builds, the others wait for it.
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            python = parts.python(cache)
            wheels = parts.wheels(cache, python.minor)
        except (parts.Missing, OSError) as missing:
            pytest.skip(f"the parts of the Windows folder cannot be had here: {missing}")
        recipe = (ROOT / "windows" / "folder.py").read_bytes()
        names = "\n".join([python.sha256, *(w.name for w in wheels)]).encode()
        libraries = cache / f"libraries-{hashlib.sha256(recipe + names).hexdigest()[:16]}"
        if not libraries.is_dir():
            for old in cache.glob("libraries*"):
                # Not under the hands of another run.
                if old.stat().st_mtime < time.time() - 86400:
                    shutil.rmtree(old, ignore_errors=True)
            working = cache / f"libraries.{os.getpid()}"
            folder.add_libraries(working, python, wheels)
            working.rename(libraries)
    made = cache / f"built.{os.getpid()}" / folder.NAME
    # Nothing is written into a library's file: one copy serves all.
    shutil.copytree(libraries, made, copy_function=os.link)
    folder.add_program(made, python)
    return made


@pytest.fixture(scope="module")
def windows(built: Path) -> Iterator[Windows]:
    program = trial.wine()
    if program is None or not Path(_LIBRARIES).is_dir():
        pytest.skip("wine64 is not installed: the Windows folder was built, and not run")
    prefix = built.parent / "prefix"
    system = prefix / "drive_c" / "windows" / "system32"
    system.mkdir(parents=True)
    # What wine would copy there in half a minute.
    for file in (*Path(_LIBRARIES).iterdir(), *Path(_CODE_PAGES).iterdir()):
        if file.suffix in _KINDS:
            (system / file.name).symlink_to(file)
    (prefix / ".update-timestamp").write_text("disable\n", "ascii")
    server = Path(program).with_name("wineserver")
    made = Windows(program, prefix, built, _chinese(built.parents[1]))
    subprocess.run([str(server), "-p60"], env=made.environment(), check=False)
    # What this first one starts in the background holds its output open for as long as the server lives.
    command = [program, "reg", "add", _LINKS, "/ve", "/d", r"C:\windows\system32\shell32.dll", "/f"]
    nowhere = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(command, env=made.environment(), check=False, timeout=120, **nowhere)
    try:
        yield made
    finally:
        subprocess.run([str(server), "-k"], env=made.environment(), check=False)
        shutil.rmtree(built.parent, ignore_errors=True)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A clerk's folder, with a name as they have."""
    made = tmp_path / "年报 草稿（2025）"
    made.mkdir()
    shutil.copyfile(DRAFT, made / "沭阳县.docx")
    return made


def test_it_is_a_windows_of_a_chinese_office(windows: Windows, tmp_path: Path) -> None:
    if windows.locales is None:
        pytest.skip("no Chinese locale can be made here (package locales): the code page is another")
    code = "import locale, sys; print(locale.getpreferredencoding(False), sys.stdout.encoding, sys.platform)"
    done = windows.run(windows.folder / "python" / "python.exe", "-c", code, cwd=tmp_path)
    assert done.stdout.split() == [b"cp936", b"gbk", b"win32"]
    status, said = windows.gouji("--version", cwd=tmp_path)
    assert status == 0 and "python 3.11.9" in said


def test_word_and_pdf_are_checked(windows: Windows, desk: Path) -> None:
    shutil.copyfile(PDF, desk / "洪泽区 & 2023.pdf")
    status, said = windows.gouji("check", desk, "--format", "json", cwd=desk)
    assert status in (1, 2), said
    by_name = {Path(o["source"]["path"].replace("\\", "/")).name: o for o in json.loads(said[: said.rindex("]") + 1])}
    assert by_name["沭阳县.docx"]["reports"][0]["issuer"] == "沭阳县人民政府"
    assert by_name["洪泽区 & 2023.pdf"]["reports"][0]["year"] == 2023
    rules = {f["rule"] for f in by_name["沭阳县.docx"]["findings"]}
    assert "statement.disagrees" in rules


def test_copies_reports_and_results_are_written(windows: Windows, desk: Path) -> None:
    shutil.copyfile(PDF, desk / "洪泽区.pdf")
    status, said = windows.gouji(
        *("check", "沭阳县.docx", "洪泽区.pdf"),
        *("--annotate", "审阅稿", "--report", "报告.html", "--output", "结果.txt"),
        cwd=desk,
    )
    # The PDF is one of the samples: nothing of it is encrypted, and no library of ciphers is missed.
    assert status in (0, 1) and not any(word in said for word in ("ImportError", "安装不完整", "只做成网页")), said
    assert (desk / "审阅稿" / "洪泽区.勾稽.pdf").read_bytes().startswith(PDF.read_bytes())
    assert "749" in (desk / "报告.html").read_text("utf-8")
    assert "749" in (desk / "结果.txt").read_text("utf-8")
    assert len([p for p in (desk / "审阅稿").iterdir() if p.suffix == ".docx"]) == 1


def test_a_console_of_gbk_shows_what_it_can(windows: Windows, desk: Path) -> None:
    """Without gouji.cmd: the encoding is the system's, and nothing fails on a character that it lacks."""
    (desk / "𠮷祥❌.txt").write_text("2025年政府信息公开工作年度报告", "utf-8")
    done = windows.run(windows.folder / "python" / "python.exe", "-m", "gouji", "check", ".", cwd=desk)
    said = done.stdout.decode("gbk" if windows.locales else "latin-1")
    assert "749" in said and b"Traceback" not in done.stderr
    if windows.locales is not None:
        assert "沭阳县.docx" in said and "正文写收到申请 749件" in said


def test_a_dropped_folder_opens_its_page(windows: Windows, desk: Path) -> None:
    status, page, said = windows.drop(desk, cwd=windows.folder)
    assert status in (0, 1) and page == desk.parent / f"{desk.name} 核对结果.html", said
    assert "沭阳县" in page.read_text("utf-8")


def test_dropped_files_of_any_name(windows: Windows, desk: Path) -> None:
    names = ["甲&乙.docx", "100%PATH%!.docx", "a^b (1).docx"]
    for name in names:
        shutil.copyfile(DRAFT, desk / name)
    status, page, said = windows.drop(*(desk / name for name in names), cwd=windows.folder)
    text = page.read_text("utf-8")
    assert page == desk / "甲&乙 等3项 核对结果.html" and status in (0, 1), said
    assert all(name.replace("&", "&amp;") in text for name in names)


def test_the_batch_file_hands_on_what_it_is_given(windows: Windows, desk: Path) -> None:
    done = windows.run(*("cmd", "/c", windows.folder / "勾稽核对.cmd", "沭阳县.docx"), cwd=desk, GOUJI_BROWSER="none")
    assert windows.unix(done.stdout.decode("utf-8").strip()) == desk / "沭阳县 核对结果.html"
    # As Explorer calls it: the line in the environment, nothing behind the script's name.
    line = f'cmd.exe /c ""C:\\x y\\勾稽核对.cmd" "{str(desk).replace("/", chr(92))}\\沭阳县.docx""'
    status, page, said = windows.drop(cwd=desk, GOUJI_LINE=line)
    assert page == desk / "沭阳县 核对结果（2）.html" and status in (0, 1), said


def test_an_open_draft_is_told_apart_from_a_broken_one(windows: Windows, desk: Path) -> None:
    """Word keeps its file from being written to, and some programs from being read."""
    holder = (
        "import ctypes, subprocess, sys\n"
        "h = ctypes.windll.kernel32.CreateFileW(sys.argv[1], 0xC0000000, 0, None, 3, 0, None)\n"
        "command = [sys.executable, '-X', 'utf8', '-m', 'gouji', 'check', '沭阳县.docx', '--output', sys.argv[1]]\n"
        "for words in (command[:-2], command[:-3] + ['x.docx', '--report', sys.argv[1]]):\n"
        "    done = subprocess.run(words, capture_output=True, stdin=subprocess.DEVNULL)\n"
        "    sys.stdout.buffer.write(done.stdout + done.stderr + b'\\n')\n"
    )
    (desk / "hold.py").write_text(holder, "utf-8")
    done = windows.run(windows.folder / "python" / "python.exe", "-X", "utf8", "hold.py", "沭阳县.docx", cwd=desk)
    said = done.stdout.decode("utf-8")
    assert "沭阳县.docx" in said and "Traceback" not in said
    assert "占用" in said or "另一个程序" in said or "denied" in said.lower() or "sharing" in said.lower(), said


def test_a_folder_that_may_not_be_written_to(windows: Windows, tmp_path: Path) -> None:
    # In there nobody can make a file, root included; what it holds is no draft, which the page says.
    status, page, said = windows.drop("Z:\\proc\\version", cwd=tmp_path)
    assert page.is_relative_to(windows.prefix) and page.parts[-3:-1] == ("勾稽", "核对结果"), said
    assert status == 2 and "version" in page.read_text("utf-8")


def test_a_draft_that_no_program_here_opens(windows: Windows, desk: Path) -> None:
    """An old Word document, and neither LibreOffice nor Word nor WPS."""
    (desk / "旧稿.doc").write_bytes(b"{\\rtf1\\ansi\\pard 2025}")
    status, said = windows.gouji("旧稿.doc", cwd=desk)
    assert status == 2 and "另存为 .docx" in said
    code = "import pythoncom, win32com.client; from parsers.readers import office; print(office.programs())"
    done = windows.run(windows.folder / "python" / "python.exe", "-c", code, cwd=desk)
    assert done.stdout.split() == [b"[]"], done.stderr


def test_folders_deeper_than_windows_once_allowed(windows: Windows, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["政府信息公开工作年度报告报送材料汇总" * 2] * 6)
    deep.mkdir(parents=True)
    shutil.copyfile(DRAFT, deep / "沭阳县.docx")
    assert len(str(deep)) > 260
    status, said = windows.gouji("check", ".", "--format", "json", cwd=tmp_path)
    (found,) = json.loads(said)
    assert status in (0, 1) and found["reports"][0]["year"] == 2025
    assert "?" not in found["source"]["path"]


def test_links_start_the_program(windows: Windows, tmp_path: Path) -> None:
    (windows.prefix / "drive_c/users").mkdir(exist_ok=True)
    status, _, said = windows.drop("--links", cwd=tmp_path)
    assert status == 0 and "发送到" in said
    found = sorted(windows.prefix.rglob("勾稽核对.lnk")) + sorted((Path.home() / "Desktop").glob("勾稽核对.lnk"))
    assert len(found) == 2
    for link in found:
        content = link.read_bytes()
        assert content.startswith(b"L\0\0\0") and "-X utf8 -m windows.clerk".encode("utf-16-le") in content
        assert b"pythonw.exe" in content
    status, _, said = windows.drop("--no-links", cwd=tmp_path)
    assert status == 0 and "移除" in said and not any(link.exists() for link in found)


def test_the_installer_installs_for_one_user(windows: Windows, tmp_path: Path) -> None:
    small = tmp_path / folder.NAME
    (small / "python").mkdir(parents=True)
    for name in ("python/pythonw.exe", "使用说明.html", "gouji.cmd", "清单.json"):
        (small / name).write_text(name, "utf-8")
    (small / folder.SAMPLES).mkdir()
    (small / folder.SAMPLES / folder.SAMPLE).write_bytes(b"sample")
    program = packing.installer(small, tmp_path / "setup.exe")
    if program is None:
        pytest.skip("makensis is not installed: no installer was made")
    windows.run(program, "/S", cwd=tmp_path)
    (installed,) = windows.prefix.rglob("Programs/Gouji")
    assert (installed / "python" / "pythonw.exe").is_file() and (installed / "使用说明.html").is_file()
    (link,) = windows.prefix.rglob("SendTo/勾稽核对.lnk")
    assert b"pythonw.exe" in link.read_bytes()
    (installed / "我的草稿.docx").write_text("mine", "utf-8")
    (installed / folder.SAMPLES / "我的练习.docx").write_text("mine", "utf-8")
    (installed / folder.SAMPLES / folder.SAMPLE).write_bytes(b"sample, worked in")
    # Installed once more, over it.
    windows.run(program, "/S", cwd=tmp_path)
    assert (installed / folder.SAMPLES / folder.SAMPLE).read_bytes() == b"sample, worked in"
    inside = str(installed.relative_to(windows.prefix / "drive_c")).replace("/", "\\")
    # Without this the uninstaller goes on as a copy of itself, and nobody waits for it.
    windows.run(installed / "卸载.exe", "/S", f"_?=C:\\{inside}", cwd=tmp_path)
    assert not link.exists() and not (installed / "python").exists()
    assert (installed / "我的草稿.docx").is_file() and not (installed / "gouji.cmd").exists()
    assert {p.name for p in (installed / folder.SAMPLES).iterdir()} == {"我的练习.docx", folder.SAMPLE}
