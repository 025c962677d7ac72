"""`gouji rollup` from end to end: what it writes, what it says, its exit status."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

import gouji
from data.generator import clean_layout, render
from gouji.summing import filling, sum_up
from parsers import extract
from tests.conftest import ROOT
from tests.gouji.called import called
from tests.gouji.offices import COUNTY, VERTICAL, issuer, read, total, truth_of, truths, write

pytestmark = pytest.mark.usefixtures("read_here")


def run(*arguments: str | Path, apart: bool = False) -> subprocess.CompletedProcess[str]:
    if not apart:
        return called("rollup", *arguments)
    command = [sys.executable, "-m", "gouji", "rollup", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("草稿")
    write(folder, [*truths(), truth_of(VERTICAL, 99)])
    return folder


def values_in(path: Path) -> dict[str, object]:
    return {f.address: f.value for f in extract(path).reports[0].facts}


def test_a_complete_roll_up(folder: Path, tmp_path: Path) -> None:
    out, book = tmp_path / "结果" / "汇总.docx", tmp_path / "结果" / "汇总.xlsx"
    done = run(folder, "--out", out, "--workbook", book, apart=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "沭阳县人民政府 2024 年汇总：读到 6 份，计入 5 份" in done.stdout
    assert "本机关 1 份、部门 2 份、乡镇街道 2 份" in done.stdout
    assert "国家税务总局沭阳县税务局" in done.stdout
    assert "每一格都有确定的数" in done.stdout
    assert values_in(out) == total(truths())
    assert book.is_file()
    check = called("check", out)
    assert check.returncode == 0, check.stdout


def test_the_same_in_english(folder: Path, tmp_path: Path) -> None:
    done = run(folder, "--out", tmp_path / "sum.docx", "--lang", "en")
    assert done.returncode == 0
    assert "6 reports read, 5 counted" in done.stdout
    assert "a vertical agency" in done.stdout


def test_what_is_in_doubt_is_settled_in_a_second_run(tmp_path: Path) -> None:
    folder, file = tmp_path / "草稿", tmp_path / "选择.csv"
    folder.mkdir()
    town = truth_of(issuer("清水镇人民政府", "township", "township"), 7)
    write(folder, [*truths(), town])
    done = run(folder, "--out", tmp_path / "汇总.docx", "--choices", file)
    assert done.returncode == 2
    assert "待定 1 份" in done.stdout
    assert "清水镇人民政府" in done.stdout
    assert values_in(tmp_path / "汇总.docx") == total(truths())
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    [waiting] = rows[1:]
    assert waiting[0].endswith("清水镇人民政府.docx")
    waiting[1], waiting[4] = "计入", "本县的镇"
    with file.open("w", encoding="gbk", newline="") as stream:
        csv.writer(stream).writerows(rows)
    done = run(folder, "--out", tmp_path / "汇总.docx", "--choices", file)
    assert done.returncode == 0, done.stdout
    assert values_in(tmp_path / "汇总.docx") == total([*truths(), town])


def test_a_file_that_cannot_be_read_gets_a_line_too(tmp_path: Path) -> None:
    folder, file = tmp_path / "草稿", tmp_path / "选择.csv"
    folder.mkdir()
    write(folder, truths())
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 cut off")
    first = run(folder, "--out", tmp_path / "汇总.docx", "--choices", file)
    assert first.returncode == 2
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    [waiting] = rows[1:]
    assert waiting[0].endswith("坏.docx")
    assert "每一格都有确定的数" not in first.stdout
    *_, short, todo = first.stdout.splitlines()
    assert short == "汇总数还不完整，没有加进来的有 1 份：坏.docx"
    assert todo == "怎样补齐：读不了的请另存为 .docx，放进草稿文件夹代替原来的文件；然后再汇总一次。"
    assert "退出码 2：汇总数还不完整" in first.stderr
    waiting[1], waiting[4] = "不计入", "已请该单位重报"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    done = run(folder, "--out", tmp_path / "汇总.docx", "--choices", file)
    assert done.returncode == 0, done.stdout


def test_a_vertical_agency_left_out_has_a_line_to_count_it(folder: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "选择.csv", tmp_path / "汇总.docx"
    done = run(folder, "--out", out, "--choices", file)
    assert done.returncode == 0 and "每一格都有确定的数" in done.stdout and "不计入的不用填" in done.stderr
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    [line] = rows[1:]
    assert "税务局" in line[0] and line[1] == ""
    # As it was written it changes nothing.
    again = run(folder, "--out", out, "--choices", file)
    assert again.returncode == 0 and values_in(out) == total(truths())
    line[1], line[4] = "计入", "一并汇总"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    assert run(folder, "--out", out, "--choices", file).returncode == 0
    assert values_in(out) == total([*truths(), truth_of(VERTICAL, 99)])


def test_template_own_and_parent(folder: Path, tmp_path: Path, shared: Path) -> None:
    rest, own = tmp_path / "各单位", tmp_path / "own.docx"
    rest.mkdir()
    write(rest, truths()[1:])
    own.write_bytes(render(truths()[0], clean_layout()))
    parent = tmp_path / "全县草稿.docx"
    result = sum_up([read(t) for t in truths()])
    result.cells["requests.granted.total"].figures.pop()
    parent.write_bytes(filling.drawn(result))
    done = run(rest, "--own", own, "--template", shared / "reports/blank-form-2021.docx", "--against", parent, "--out", tmp_path / "汇总.docx")  # fmt: skip
    assert done.returncode == 2
    assert "1 格不符" in done.stdout
    assert "“（一）予以公开”的“总计”" in done.stdout
    assert values_in(tmp_path / "汇总.docx") == total(truths())
    assert extract(tmp_path / "汇总.docx").reports[0].passages[0].text == "政府信息公开工作年度报告格式模板"


def test_blanks_and_unreadable_files_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "草稿"
    folder.mkdir()
    write(folder, truths()[:2])
    write(folder, truths()[2:3], zero="blank")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04")
    done = run(folder, "--out", tmp_path / "汇总.docx")
    assert done.returncode == 2
    assert "读不了 1 个文件" in done.stdout
    assert "坏.docx" in done.stdout
    assert "空白" in done.stdout
    # Of the table in which nothing is filled in nobody knows whether there was nothing.
    assert "“政府信息公开行政复议、行政诉讼情况”整张空白" in done.stdout
    disputes = {a: None for a in total(truths()) if a.startswith("disputes.")}
    assert values_in(tmp_path / "汇总.docx") == total(truths()[:3]) | disputes


@pytest.mark.parametrize(
    ("extra", "word"),
    [
        (["--area", "没有这个县"], "没有这个县"),
        (["--roster", "没有.xlsx"], "没有.xlsx"),
        (["--template", "没有.docx"], "没有.docx"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    folder: Path, tmp_path: Path, extra: list[str], word: str
) -> None:
    done = run(folder, "--out", tmp_path / "汇总.docx", *extra)
    assert done.returncode == 2
    assert word in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "汇总.docx").exists()


def test_no_draft_at_all(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    done = run(tmp_path / "空", tmp_path / "没有.docx", "--out", tmp_path / "汇总.docx")
    assert done.returncode == 2
    assert "没有可以计入的草稿" in done.stderr
    assert not (tmp_path / "汇总.docx").exists()


def test_the_function_of_the_package(folder: Path) -> None:
    result = gouji.rollup([folder])
    assert result.values == total(truths(COUNTY))
    assert "5 counted" in repr(result)


def test_nothing_of_the_pipeline_is_imported(folder: Path, tmp_path: Path) -> None:
    code = (
        "import sys\nfrom gouji.cli import main\nif __name__ == '__main__':\n"
        f"    main(['rollup', {str(next(folder.glob('*教育局.docx')))!r}, '--out', {str(tmp_path / 'x.docx')!r}])\n"
        "    wrong = {'prefect', 'pandas', 'pandera', 'pyarrow', 'duckdb', 'fastapi', 'numpy', 'openpyxl'} & set(sys.modules)\n"
        "    assert not wrong, wrong\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "x.docx").is_file()
