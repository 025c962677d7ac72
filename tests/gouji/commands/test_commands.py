"""The clerk's commands as a person runs them: output, exit status, consoles that are not UTF-8."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from gouji import commands
from gouji.cli import main
from parsers.readers import ENDINGS, READERS
from tests.conftest import ROOT
from tests.gouji.drafts import SHUYANG

SAMPLES = ROOT / "data/samples"
HONGZE = SAMPLES / "洪泽区人民政府2023年政府信息公开工作年度报告.pdf"


def run(*arguments: str | Path, encoding: str = "utf-8", cwd: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "0"}
    return subprocess.run(
        [sys.executable, "-m", "gouji", *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        check=False,
        timeout=120,
    )


def test_extract_gives_every_cell_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", str(HONGZE)]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert result["source"]["media_type"] == "application/pdf"
    assert set(result["versions"]) >= {"gouji", "parser", "forms"}
    (report,) = result["reports"]
    assert (report["issuer_printed"], report["year"], report["form"], report["variant"]) == (
        "洪泽区人民政府",
        2023,
        "2021",
        "single_other",
    )
    facts = {f["address"]: f for f in report["facts"]}
    assert len(facts) == 186
    fees = facts["article20.fees.amount"]
    assert (fees["value"], fees["unit"], fees["printed"], fees["kind"]) == (7730.28, "万元", "7730.28", "number")
    assert set(fees["place"]) == {"page", "table", "row", "column", "box"}


def test_check_finds_the_publishers_two_errors_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(HONGZE), "--format", "json"]) == 1
    (result,) = json.loads(capsys.readouterr().out)
    assert result["verdict"] == "fail"
    assert result["versions"]["rules"]
    errors = [f for f in result["findings"] if f["severity"] == "error"]
    assert [(f["rule"], f["row"], f["printed"], f["expected"], f["difference"]) for f in errors] == [
        ("disputes.total", "reconsideration", 0, 11, -11),
        ("disputes.total", "litigation_after_reconsideration", 0, 5, -5),
    ]
    assert all(f["place"]["page"] for f in errors)


def test_check_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(HONGZE)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("【有错误】")
    assert any("行政复议" in line and "11" in line for line in lines)
    assert any("修改建议" in line for line in lines)
    assert main(["check", str(HONGZE), "--lang", "en"]) == 1
    assert capsys.readouterr().out.startswith("[errors]")


def test_a_folder_with_a_broken_file_loses_only_that_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(SAMPLES), "--format", "json"]) == 2
    results = json.loads(capsys.readouterr().out)
    verdicts = {Path(r["source"]["path"]).name: r["verdict"] for r in results}
    broken = [name for name, verdict in verdicts.items() if verdict == "unreadable" and "损坏" in name]
    assert len(broken) == 1
    assert sum(v in ("pass", "warn", "fail") for v in verdicts.values()) >= 6


def test_csv_opens_in_excel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "结果" / "数据.csv"
    assert main(["extract", str(HONGZE), "--format", "csv", "--output", str(target)]) == 0
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig"))))
    assert len(rows) == 186
    assert {r["issuer"] for r in rows} != {""}
    capsys.readouterr()


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252"])
def test_consoles_that_are_not_utf8(encoding: str) -> None:
    words = run("check", HONGZE, encoding=encoding)
    assert words.returncode == 1, words.stderr
    if encoding == "gbk":
        assert words.stdout.decode("gbk").startswith("【有错误】")
    as_json = run("extract", HONGZE, encoding=encoding)
    assert as_json.returncode == 0, as_json.stderr
    (result,) = json.loads(as_json.stdout.decode(encoding))
    assert result["reports"][0]["issuer_printed"] == "洪泽区人民政府"


def test_missing_paths_and_empty_folders_are_told(tmp_path: Path) -> None:
    (tmp_path / "空文件夹").mkdir()
    result = run("check", tmp_path / "没有.docx", tmp_path / "空文件夹", HONGZE, encoding="gbk")
    assert result.returncode == 2
    out = result.stdout.decode("gbk")
    assert "没有.docx" in out
    assert "空文件夹" in out
    assert "洪泽区" in out


def test_an_empty_folder_names_every_format_that_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".git").mkdir()
    for hidden in (".gitkeep", ".git/年报.docx", "~$年报.docx"):
        (tmp_path / hidden).write_bytes(SHUYANG.read_bytes())
    assert main(["check", str(tmp_path)]) == 2
    said = capsys.readouterr().out
    assert READERS.keys() == ENDINGS.keys()
    assert all(ending in said for ending in (*ENDINGS.values(), ".wps", ".doc", ".zip"))


def test_versions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    out = capsys.readouterr().out
    assert {line.split()[0] for line in out.splitlines()} == {"gouji", "parser", "forms", "rules", "python"}


COMMANDS = [*commands.CLERKS, *commands.PIPELINE]


def test_every_command_is_listed_and_has_a_module_of_its_name() -> None:
    modules = {p.stem for p in (ROOT / "gouji/commands").glob("*.py")} - {"__init__", "pipeline"}
    assert modules == set(COMMANDS)


def test_the_first_help_screen_begins_with_what_a_clerk_does_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    screen = capsys.readouterr().out
    places = [screen.index(f"\n  {command} ") for command in COMMANDS]
    assert screen.index("gouji 草稿.docx") < places[0]
    assert places == sorted(places)
    # Without a word the same is shown, but nothing was done.
    assert main([]) == 2
    assert capsys.readouterr().out == screen


def test_paths_alone_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["check", str(HONGZE)])
    checked = capsys.readouterr().out
    assert (main([str(HONGZE)]), capsys.readouterr().out) == (status, checked)
    assert main(["--lang", "en", str(HONGZE)]) == status
    assert capsys.readouterr().out.startswith("[errors]")


def test_a_file_called_like_a_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "chekc").write_bytes(SHUYANG.read_bytes())
    assert main(["chekc"]) == 0
    assert "沭阳" in capsys.readouterr().out
    (tmp_path / "chekc").unlink()
    assert main(["chekc"]) == 2
    told = capsys.readouterr().err
    assert "gouji check" in told
    assert "命令" in told


@pytest.mark.parametrize("name", ["年报", "nianbao.docx", "a/b", "nothing*"])
def test_what_looks_like_a_path_is_told_as_a_missing_file(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name]) == 2
    said = capsys.readouterr()
    assert "找不到" in said.out + said.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert f"gouji {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "DRAFT", "--output", "TARGET.json"],
        ["check", "DRAFT", "--report", "TARGET.xlsx"],
        ["extract", "DRAFT", "--output", "TARGET.csv"],
        ["rollup", "DRAFT", "--out", "TARGET.docx"],
        ["prefill", "DRAFT", "--out", "TARGET.docx"],
    ],
)
def test_what_cannot_be_written_is_said_before_any_work(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a draft was read")

    monkeypatch.setattr("parsers.extraction.extract", read)
    # A file stands where a folder would have to be.
    (tmp_path / "文件").write_bytes(b"")
    target = str(tmp_path / "文件" / "结果")
    given = [a.replace("TARGET", target).replace("DRAFT", str(SHUYANG)) for a in arguments]
    assert main(given) == 2
    said = capsys.readouterr()
    assert "文件" in said.err
    assert "写" in said.err
    assert said.out == ""


@pytest.mark.parametrize("command", ["rollup", "prefill"])
def test_a_word_file_is_called_one(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, str(SHUYANG), "--out", str(tmp_path / "汇总.txt")]) == 2
    assert ".docx" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_wrong_arguments_are_told_in_chinese_too(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check"])
    assert ended.value.code == 2
    assert "参数有误，看用法请用 gouji check --help" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["check", "稿.docx", "--reprot", "a.html"], "没有这样的选项或多出了参数：--reprot", "Did you mean --report?"),
        (["check", "稿.docx", "--report"], "--report 后面要写内容", "a value is expected"),
        (["check", "稿.docx", "--lang", "cn"], "--lang 不能写 'cn'，只能写：zh、en", ""),
        (["rollup", "稿.docx"], "缺少必须写的参数：--out", "required: --out"),
        (["check"], "缺少必须写的参数", "required: PATH"),
        (["check", "稿.docx", "--r", "x"], "不够明确", "ambiguous option"),
    ],
)
def test_what_argparse_says_is_told_in_one_language(
    words: list[str], zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    said = capsys.readouterr().err
    assert ended.value.code == 2 and zh in said
    assert not re.search("argument|required|invalid|expected|option", said)
    if en:
        with pytest.raises(SystemExit):
            main([words[0], "--lang", "en", *words[1:]])
        said = capsys.readouterr().err
        assert en in said and not re.search("[\u4e00-\u9fff]", said.replace("稿.docx", ""))


@pytest.mark.parametrize("dash", ["——", "–", "—", "－－", "-–", "−−"])
def test_dashes_of_a_chinese_keyboard_are_told_from_hyphens(dash: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(SHUYANG), f"{dash}report", "结果.html"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f"{dash}report" in said.err and "两个半角减号：--report" in said.err
    assert main(["round", "start", "轮", f"{dash}roster=名单.xlsx"]) == 2
    assert "两个半角减号：--roster" in capsys.readouterr().err


def test_a_file_whose_name_begins_with_a_dash_is_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("——report").mkdir()
    (Path("——report") / "稿.docx").write_bytes(SHUYANG.read_bytes())
    main(["check", "——report"])
    assert "半角" not in capsys.readouterr().err


def test_what_the_system_refuses_is_told_in_the_readers_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "文件").write_text("")
    page = str(tmp_path / "文件" / "结果.html")
    main(["check", str(SHUYANG), "--report", page])
    said = capsys.readouterr().err
    assert "写不进去" in said and not re.search("[A-Za-z]{4,} [a-z]+", said.replace(str(tmp_path), ""))


def test_a_rollup_of_nothing_names_no_area(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollup", str(tmp_path / "没有"), "--out", str(tmp_path / "汇总.docx")]) == 2
    said = capsys.readouterr().out
    assert "没有读到年度报告" in said and "地区不明" not in said and "--own" not in said


def test_patterns_that_the_command_line_leaves_to_us(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where nobody else expands them."""
    for name in ("乙[改].docx", "甲.docx", "~$甲.docx", "丙.txt"):
        (tmp_path / name).write_bytes(SHUYANG.read_bytes())
    monkeypatch.chdir(tmp_path)
    main(["check", "*.docx", "没有*.pdf", "--format", "json"])
    files = json.loads(capsys.readouterr().out)
    assert [f["source"]["path"] for f in files] == ["乙[改].docx", "甲.docx", "没有*.pdf"]
    assert [f["verdict"] for f in files] == ["warn", "warn", "unreadable"]
    # A name that only looks like a pattern is a name.
    main(["check", "乙[改].docx", "--format", "json"])
    assert [f["verdict"] for f in json.loads(capsys.readouterr().out)] == ["warn"]


def test_a_draft_may_be_called_as_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name alone that is a file can be meant as nothing else; with more words the command is meant."""
    monkeypatch.chdir(tmp_path)
    assert main(["help"]) == 0
    assert "gouji 草稿.docx" in capsys.readouterr().out
    for name in ("check", "rollup", "help"):
        (tmp_path / name).write_bytes(SHUYANG.read_bytes())
        assert main([name]) == 0
        assert capsys.readouterr().out.startswith(f"【有疑点】{name}：1 个问题，涉及 2 处")
    assert main(["check", "check", "--codes"]) == 0
    assert "statement.disagrees" in capsys.readouterr().out
    (tmp_path / "check").unlink()
    with pytest.raises(SystemExit):
        main(["check"])
