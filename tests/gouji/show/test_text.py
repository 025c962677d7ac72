"""What `check` prints for a person: causes, the table around the wrong cells, alignment on any console."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

import checks
from data.generator import clean_layout, render
from gouji.cli import main
from gouji.show.names import place_words
from gouji.show.text import Screen, reasons_of_doubt
from parsers import extract
from schemas.facts import Place
from tests.conftest import ROOT
from tests.gouji.drafts import HONGZE, QUZHOU, SHANGHAI, SHUYANG, changed
from tests.gouji.offices import COUNTY, truth_of

TITLES = ["主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况"]


def text_of(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    main(["check", str(path), *more])
    return capsys.readouterr().out


def columns_of(text: str, *, wide_ambiguous: bool = False) -> int:
    wide = "WFA" if wide_ambiguous else "WF"
    return sum(2 if unicodedata.east_asian_width(c) in wide else 1 for c in text)


def draft(tmp_path: Path, cells: dict[str, str], sentences: dict[str, str] | None = None) -> Path:
    path = tmp_path / "草稿.docx"
    path.write_bytes(changed(SHUYANG, cells, sentences))
    return path


def test_one_wrong_cell_is_one_cause_with_its_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = text_of(draft(tmp_path, {"requests.granted.natural_person": "999"}), capsys)
    assert text.startswith("【有错误】")
    causes = re.findall(r"^  \d+\. 错误 .*$", text, re.MULTILINE)
    assert len(causes) == 1
    assert "requests." not in text
    coded = text_of(tmp_path / "草稿.docx", capsys, "--codes")
    assert coded.replace(" [requests.outcomes, requests.applicants]", "", 1).splitlines()[3] == causes[0]
    # The wrong cell is marked, the sums that do not fit stand beside it, the correction is called an explanation.
    (row,) = [line for line in text.splitlines() if "【999】" in line]
    assert row.strip().startswith("（一）予以公开")
    assert row.rstrip().endswith("(1003)")
    assert "最可能的改法" in text
    assert "290" in text
    # Other outcomes than the accused one take part in the sum, and are counted, not listed.
    assert not any("2.重复申请" in line and "6" in line for line in text.splitlines())


def test_one_mistake_that_breaks_several_sums_is_one_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The figure in the table breaks two sums; what the draft had before stands beside it."""
    text = text_of(draft(tmp_path, {"requests.granted.natural_person": "999"}), capsys)
    found = re.match(r"【有错误】.*：(\d+) 个问题（(\d+) 个错误、(\d+) 个疑点），涉及 (\d+) 处$", text.splitlines()[0])
    assert found is not None
    problems, errors, warnings, places = map(int, found.groups())
    assert problems == errors + warnings == len(re.findall(r"^  \d+\. ", text, re.MULTILINE)) < places
    # Of two problems of one kind and one place each there is no more to say.
    (line,) = [x for x in text_of(QUZHOU, capsys).splitlines() if x.startswith("【")]
    assert line.endswith("：2 个问题")


def test_doubt_for_what_cannot_be_assessed_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Pictures where the tables would be: nothing is wrong for sure, and the verdict alone would help nobody."""
    path = tmp_path / "图片.html"
    prose = "<p>一、总体情况</p><p>本年度新收政府信息公开申请12件。</p>"
    pictures = "".join(f"<h2>{title}</h2><p><img src='data:image/png;base64,AAAA'></p>" for title in TITLES)
    title = "<h1>清河县水务局2024年政府信息公开工作年度报告</h1>"
    path.write_text(f"<html><body>{title}{prose}{pictures}</body></html>", "utf-8")
    text = text_of(path, capsys)
    assert text.startswith("【有疑点】")
    assert not re.search(r"^  \d+\. (错误|疑点)", text, re.MULTILINE)
    assert re.findall(r"^    · 没有找到“(.*)”的表格；文件里有图片", text, re.MULTILINE) == TITLES
    # Where something else says why, what could not be checked stays a count; and with --all everything is told.
    assert not re.search(r"^    · ", text_of(SHANGHAI, capsys), re.MULTILINE)
    assert "有 3 张统计表没有读到" in text and "看不出是否有" not in text and "没有读到统计表，只核对了文字" in text
    assert text_of(path, capsys, "--all").count("文件里有图片") == 3


def test_of_many_that_cannot_be_assessed_the_first_are_told() -> None:
    checked = checks.check(extract(SHANGHAI))
    found = [f for f in checked.findings if f.outcome == "not_assessable"]
    assert len(found) > 3
    # What makes the verdict doubtful comes first, wherever it stood.
    last = dataclasses.replace(found[-1], severity="error", message="最后的")
    lines = reasons_of_doubt([dataclasses.replace(f, severity="warning") for f in found[:-1]] + [last], "zh")
    assert lines[0] == "· 最后的"
    assert lines[1:3] == [f"· {f.message}" for f in found[:2]]
    assert lines[3] == f"· ……另有 {len(found) - 3} 项"
    assert len(reasons_of_doubt(found[:3], "zh")) == 3


def test_blank_cells_do_not_flood(capsys: pytest.CaptureFixture[str]) -> None:
    text = text_of(SHANGHAI, capsys)
    assert "“科研机构”、“社会公益组织”整列" in text
    assert len(text.splitlines()) < 45
    assert text.count("修改建议：没有发生的填 0") == 2


def test_a_whole_blank_table_is_said_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    groups = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
    results = ("upheld", "corrected", "other", "pending", "total")
    text = text_of(draft(tmp_path, {f"disputes.{g}.{r}": "" for g in groups for r in results}), capsys)
    assert "· 整表 15 格" in text


def test_cells_of_an_equation_that_explain_it_equally_are_not_accused(capsys: pytest.CaptureFixture[str]) -> None:
    text = text_of(HONGZE, capsys)
    assert "【0】" not in text
    assert "0?" not in text
    assert "分不出是哪一格" in text
    (row,) = [line for line in text.splitlines() if line.strip().startswith("行政复议 ")]
    assert row.split() == ["行政复议", "10", "1", "0", "0", "0", "(11)"]


def test_a_sentence_that_states_what_the_parts_give_joins_the_sum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # No cell of the sum is accused, but the sentence is no second mistake.
    parts = {f"disputes.reconsideration.{c}": "0" for c in ("upheld", "corrected", "other", "pending")}
    cells = {**parts, "disputes.reconsideration.upheld": "8", "disputes.reconsideration.total": "9"}
    said = {"办理相关行政复议、行政诉讼案件共74件": "因政府信息公开被申请行政复议8件"}
    text = text_of(draft(tmp_path, cells, said), capsys)
    assert "正文写行政复议 8" in text
    causes = [line for line in text.splitlines() if re.match(r"  \d+\. ", line) and "四、" in line]
    assert len(causes) == 1, causes


def test_what_is_said_of_a_cell_beside_its_sums_is_no_sum_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = text_of(draft(tmp_path, {"requests.granted.natural_person": "-1"}), capsys, "--codes")
    (cause,) = [line for line in text.splitlines() if "value.negative" in line]
    assert "requests.outcomes, requests.applicants, value.negative" in cause
    assert "2 处合计或勾稽关系不符" in cause


def test_several_explanations_are_called_so_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = {"requests.carried_forward.total": "36", "requests.carried_forward.natural_person": "36"}
    text = text_of(draft(tmp_path, cells), capsys)
    assert "可能的改法有" in text
    assert text.count("的改法有") == 1
    # First the one that a sentence bears out, then in the order of the form.
    ways = [line for line in text.splitlines() if line.strip().startswith("· ") and "改为" in line]
    rows = ("结转下年度", "本年新收", "上年结转")
    assert "与正文的数相符：" in ways[0] and "改法中的第 1 种" in text
    assert [next(r for r in rows if r in w) for w in ways] == list(rows)


def test_a_sentence_that_states_the_explained_figure_joins_its_cause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The table's total is wrong, the sentence (718 cases) is right.
    text = text_of(draft(tmp_path, {"requests.processed_total.total": "781"}), capsys)
    errors = [line for line in text.splitlines() if re.match(r"  \d+\. 错误", line)]
    assert len(errors) == 1, errors
    assert "【781】" in text


def test_what_cannot_be_assessed_is_counted_and_listed_on_demand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = draft(tmp_path, {"requests.carried_forward.total": ""})
    brief = text_of(path, capsys)
    assert "有 2 项因空白、读不准或文件里没有而无法核对：" in brief
    assert "（加 --all 逐项列出）" in brief
    # The names of rules name faults: that they could not be seen must not read as if they were there.
    assert "看不出是否有“申请件数前后不平”（1 项）" in brief
    assert brief.startswith("【有疑点】")
    whole = text_of(path, capsys, "--all")
    assert len(whole.splitlines()) > len(brief.splitlines())
    assert "无法核对 申请人合计不符" in whole


@pytest.mark.parametrize("wide", [False, True])
def test_tables_are_aligned_for_chinese_width(tmp_path: Path, wide: bool) -> None:
    """Right edges of the columns stand under one another, whatever width a console gives “ and …"""
    path = draft(tmp_path, {"requests.denied_endangers_security.total": "7"})
    encoding = "gbk" if wide else "utf-8"
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "gouji", "check", str(path)]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=60)
    assert run.returncode == 1
    lines = run.stdout.decode(encoding).splitlines()
    rule = next(i for i, line in enumerate(lines) if set(line.strip()) == {"-"})
    table = [line for line in lines[rule + 1 : rule + 4] if "7" in line]
    assert any("“三安全一稳定”" in line for line in table)
    total = {columns_of(line[: line.index("【7】")], wide_ambiguous=wide) for line in table if "【7】" in line}
    heads = lines[rule - 1]
    assert heads.rstrip().endswith("应为合计")
    # The head 总计 ends where the marked figure ends.
    end = columns_of(heads[: heads.index("总计")], wide_ambiguous=wide) + 4
    assert {t + 5 for t in total} == {end}


def test_colour_only_where_asked() -> None:
    assert Screen(colour=True).paint("错", "error") == "\x1b[31;1m错\x1b[0m"
    assert Screen().paint("错", "error") == "错"


def test_no_output_in_a_pipe_has_colour(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in text_of(HONGZE, capsys)


def test_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = text_of(draft(tmp_path, {"requests.granted.natural_person": "999"}), capsys, "--lang", "en")
    assert text.startswith("[errors] ")
    assert "*999*" in text
    assert "what to do: " in text


def test_lines_are_broken_at_the_screens_width(tmp_path: Path) -> None:
    from gouji.batch.reviewed import Reviewed
    from gouji.show.text import lines_of

    reviewed = Reviewed(checks.check(extract(draft(tmp_path, {"requests.granted.natural_person": "999"}))))
    screen = Screen(width=100)
    prose = [line for line in lines_of(reviewed, screen) if "·" in line or "解释" in line]
    assert prose
    assert all(screen.cells(line) <= 102 for line in prose)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place(table=1, row=53, column=5, sheet="年报"), "年报!E53"),
        (Place(table=1, row=1, column=28, sheet="Sheet1"), "Sheet1!AB1"),
        (Place(row=2, column=702, sheet="2024 年报"), "'2024 年报'!ZZ2"),
        (Place(row=2, column=703, sheet="O'Neil"), "'O''Neil'!AAA2"),
        (Place(row=7, paragraph=3, sheet="年报"), "年报!第7行"),
        (Place(column=4, sheet="年报"), "年报!第D列"),
        (Place(table=2, row=3, column=4), "第2个表第3行第4列"),
    ],
)
def test_a_place_in_a_workbook_is_named_as_excel_names_it(place: Place, said: str) -> None:
    assert place_words(place, "zh") == said


def test_words_that_a_table_denies_are_quoted_as_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = text_of(draft(tmp_path, {}, {"结转下年31件": "无结转下年度"}), capsys)
    assert "正文写“无结转下年度”" in text and "正文写结转下年度 无" not in text


def test_sums_of_nothing_but_blanks_do_not_agree_with_zeros(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (report,) = extract(SHUYANG).reports
    cells = [f.address for f in report.facts if f.address.startswith("disputes.")]
    assert "如空格按 0 计" not in text_of(draft(tmp_path, dict.fromkeys(cells, "")), capsys)
    # With a figure in it, it says something.
    assert "如空格按 0 计" in text_of(draft(tmp_path, {"requests.denied_state_secret.other": ""}), capsys)


def test_last_rounds_file_that_was_and_is_right_is_no_news(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right = tmp_path / "教育局.docx"
    right.write_bytes(render(truth_of(COUNTY[2]), clean_layout()))
    main(["check", str(right), "--format", "json", "--output", str(tmp_path / "1.json")])
    text = text_of(right, capsys, "--since", str(tmp_path / "1.json"))
    assert text.startswith("【通过】") and "已改正" not in text
