"""The next draft from last year's report, and section 一 from a finished one."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

import checks
from data.generator import Truth, clean_layout, make_truth, render
from data.generator.prose import opening
from gouji.batch.files import own_output
from gouji.cli import main
from gouji.drafting import sentences
from gouji.drafting.prefill import PrefillError, prefill, read_report, written
from gouji.word import official_form
from gouji.word.official_form import Content, Text
from parsers import extract
from schemas import forms
from schemas.facts import Report
from tests.conftest import ROOT
from tests.gouji.drafts import changed
from tests.gouji.offices import COUNTY, YEAR, issuer, truth_of


def report_of(truth: Truth, **layout: object) -> Report:
    [report] = extract(Path("去年.docx"), render(truth, clean_layout(**layout))).reports
    return report


def drafted(content: bytes) -> Report:
    [report] = extract(Path("草稿.docx"), content).reports
    return report


COLUMNS = [c.code for c in forms.load("2021").tables["requests"].columns]


@pytest.mark.parametrize("who", COUNTY, ids=lambda i: i.name)
def test_the_next_draft_begins_with_last_years_figures(who: object) -> None:
    truth = truth_of(who, 5)  # type: ignore[arg-type]
    last = report_of(truth)
    made = prefill(last)
    report = drafted(made.content)
    assert (report.issuer, report.year, report.scope, report.form) == (last.issuer, 2025, last.scope, "2021")
    expected = {f"requests.carried_over.{c}": truth.values[f"requests.carried_forward.{c}"] for c in COLUMNS}
    rows = ("regulations", "normative_documents")
    expected |= {f"article20.{r}.in_force": truth.values[f"article20.{r}.in_force"] for r in rows}
    assert {f.address: f.value for f in report.facts if f.kind == "number"} == expected == made.carried
    assert all(f.kind == "blank" for f in report.facts if f.address not in expected)
    assert len(report.facts) == 200
    assert not made.left
    assert not made.doubtful
    # The series rules find nothing to say of it.
    found = checks.check_series([last, report])
    assert not [f for f in found if f.outcome == "broken" and f.rule in ("series.carry", "series.in_force")]


def test_a_folder_is_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prefill", str(tmp_path), "--out", str(tmp_path / "新.docx")]) == 2
    assert "这是文件夹" in capsys.readouterr().err


def test_what_last_year_did_not_say_is_left_empty_and_named() -> None:
    last = report_of(truth_of(COUNTY[1], 3), zero="blank")
    made = prefill(last)
    blank = {f.address for f in last.facts if f.kind == "blank"}
    assert blank
    left = [a for a in (f"requests.carried_over.{c}" for c in COLUMNS) if a.replace("over", "forward") in blank]
    assert made.left == left
    facts = {f.address: f for f in drafted(made.content).facts}
    assert all(facts[a].kind == "blank" for a in left)


def test_a_form_of_old_has_no_documents_in_force() -> None:
    truth = make_truth(2, "2019", issuer="沭阳县发展和改革局", year=2020)
    made = prefill(report_of(truth))
    assert made.year == 2021
    assert made.left == ["article20.regulations.in_force", "article20.normative_documents.in_force"]
    assert made.carried["requests.carried_over.total"] == truth.values["requests.carried_forward.total"]


def test_last_years_broken_sums_are_named() -> None:
    truth = make_truth(4, issuer="攸县教育局", size="medium", errors=("column_balance",))
    made = prefill(report_of(truth))
    assert any(e.name.startswith("requests.balance") for e in made.doubtful)


def test_the_command_names_cells_and_sums_in_the_forms_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = make_truth(4, issuer="攸县教育局", size="medium", errors=("column_balance",))
    path = tmp_path / "去年.docx"
    path.write_bytes(render(truth, clean_layout()))
    assert main(["prefill", str(path), "--out", str(tmp_path / "今年.docx")]) == 0
    said = capsys.readouterr().out
    assert "requests." not in said
    assert "列申请件数前后不平" in said
    blank = tmp_path / "空.docx"
    blank.write_bytes(render(make_truth(4, issuer="攸县教育局", size="none"), clean_layout(zero="blank")))
    assert main(["prefill", str(blank), "--out", str(tmp_path / "今年.docx")]) == 0
    said = capsys.readouterr().out
    assert "“二、上年结转政府信息公开申请数量”整行" in said
    assert "requests." not in said


def test_what_cannot_be_begun_says_why(tmp_path: Path) -> None:
    last = report_of(truth_of(COUNTY[1], 3))
    with pytest.raises(PrefillError, match="不是 2025 年的"):
        prefill(last, 2026)
    last.identity = replace(last.identity, year=None)
    with pytest.raises(PrefillError, match="--year"):
        prefill(last)
    assert prefill(last, 2025).year == 2025
    with pytest.raises(PrefillError, match="2005"):
        prefill(last, 2005)
    text = tmp_path / "x.txt"
    text.write_text("没有表", "utf-8")
    with pytest.raises(PrefillError):
        read_report(text)


# -- sentences -------------------------------------------------------------------------------------------------------


def with_sentences(truth: Truth, paragraphs: list[Text]) -> bytes:
    """A finished report with the sentences in section 一."""
    figures = {a: official_form.printed(v) for a, v in truth.values.items()}
    sections = {
        1: paragraphs,
        5: [
            Text("存在的问题：解读形式单调，基层人员更换较快。"),
            Text("改进情况：统一答复文书样式，分批轮训工作人员。"),
        ],
        6: [Text(f"{truth.year}年没有收取信息处理费。")],
    }
    before = [p.text for p in opening(truth)]
    content = Content(forms.load(truth.form), truth.title, before, sections, figures, truth.variant)
    return official_form.document(content)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("form", ["2021", "2019"])
def test_the_sentences_agree_with_the_tables(seed: int, form: str) -> None:
    truth = make_truth(seed, form, "single_other" if seed % 4 == 3 and form == "2021" else None)
    result = written(report_of(truth))
    assert result.paragraphs
    assert not result.left_out
    extraction = extract(Path("定稿.docx"), with_sentences(truth, result.paragraphs))
    findings = checks.check(extraction).findings
    # Three of the five aspects are for a person to write.
    assert [f for f in findings if f.rule.startswith("statement") and f.rule != "statement.length"] == []
    stated = {s.code: s.value for s in extraction.reports[0].statements}
    assert stated["requests_received"] == truth.values["requests.new_received.total"]
    assert stated["carried_forward"] == truth.values["requests.carried_forward.total"]
    assert stated["reconsideration"] == truth.values["disputes.reconsideration.total"]


_NONE_OF: dict[str, tuple[str, str]] = {
    "anything": (
        r"",
        "无上年结转的申请，也无结转下年度继续办理的申请。全年未发生因政府信息公开引起的行政复议、行政诉讼。",
    ),
    "documents made": (r"article20\.normative_documents\.(issued|repealed)", "未制发行政规范性文件，现行有效的"),
    "documents at all": (r"article20\.normative_documents\.", "未制发行政规范性文件，没有现行有效的行政规范性文件。"),
    "one decision": (r"article20\.penalty\.", "件，未作出行政处罚决定。"),
    "decisions and fees": (
        r"article20\.(licensing|penalty|coercion|fees)\.",
        "未作出行政许可、行政处罚、行政强制决定。未收取行政事业性收费。",
    ),
    "carried over": (r"requests\.carried_over\.", "件，无上年结转的申请。"),
    "carried forward": (r"requests\.carried_forward\.", "件，无结转下年度继续办理的申请。"),
    "received": (r"requests\.(new_received|carried_over)\.", "无上年结转的申请。全年办结"),
    "disputes": (r"disputes\.", "全年未发生因政府信息公开引起的行政复议、行政诉讼。"),
}


@pytest.mark.parametrize("what", _NONE_OF)
def test_what_there_was_none_of_is_said_as_an_office_says_it(what: str) -> None:
    pattern, expected = _NONE_OF[what]
    truth = make_truth(6, issuer="攸县教育局", size="medium")
    figures = {a: 0 if re.match(pattern, a) else v for a, v in truth.values.items()}
    said = sentences.write(figures, forms.load("2021"), truth.year, "我局").paragraphs
    text = "".join(p.text for p in said)
    assert expected in text and not re.search(r"(?<![\d.])0[件万]", text), text
    # And the check reads it so.
    shown = {a: official_form.printed(v) for a, v in figures.items()}
    before = [p.text for p in opening(truth)]
    content = Content(forms.load("2021"), truth.title, before, {1: said}, shown, truth.variant)
    found = checks.check(extract(Path("定稿.docx"), official_form.document(content))).findings
    assert [f.message for f in found if f.rule.startswith("statement") and f.rule != "statement.length"] == []


def test_a_wrong_figure_in_such_a_sentence_is_found() -> None:
    truth = make_truth(6, issuer="攸县教育局", size="medium")
    paragraphs = written(report_of(truth)).paragraphs
    received = truth.values["requests.new_received.total"]
    changed = [
        Text(p.text.replace(f"申请{received}件，上年", f"申请{received + 13}件，上年"), p.role) for p in paragraphs
    ]
    assert changed != paragraphs
    findings = checks.check(extract(Path("定稿.docx"), with_sentences(truth, changed))).findings
    assert "statement.disagrees" in {f.rule for f in findings if f.outcome == "broken"}


def test_nothing_is_written_about_what_is_not_known() -> None:
    report = report_of(make_truth(6, issuer="攸县教育局", size="medium"))
    report.facts = [f for f in report.facts if f.address != "disputes.litigation_direct.total"]
    result = written(report)
    text = "".join(p.text for p in result.paragraphs)
    assert "诉讼" not in text
    assert "复议" not in text
    assert result.left_out == ["disputes.litigation_direct.total"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("沭阳县人民政府", "全县"),
        ("洪泽区人民政府办公室", "全区"),
        ("淮安市人民政府", "全市"),
        ("恩施土家族苗族自治州人民政府", "全州"),
    ],
)
def test_an_area_in_words(name: str, words: str) -> None:
    assert sentences.area_words(name, None) == words


# -- the command -----------------------------------------------------------------------------------------------------


def gouji(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gouji", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=60)


def test_of_a_total_that_is_not_that_of_its_columns_no_sentence_says_the_rest() -> None:
    truth = make_truth(5)
    figures = {a: cell.value for a, cell in truth.cells.items() if cell.value is not None}
    form = forms.load("2021")

    def said() -> str:
        return "".join(p.text for p in sentences.write(figures, form, 2025, "全县").paragraphs)

    assert "法人或其他组织申请" in said()
    figures["requests.new_received.total"] += 63
    assert "新收政府信息公开申请" in said()
    assert "法人或其他组织申请" not in said()


def test_the_command_begins_a_draft_and_writes_sentences(tmp_path: Path) -> None:
    last = tmp_path / "去年.docx"
    last.write_bytes(render(truth_of(COUNTY[1], 3), clean_layout()))
    run = gouji("prefill", last, "--out", tmp_path / "新" / "草稿.docx")
    assert run.returncode == 0, run.stderr
    assert "9 格" in run.stdout
    assert drafted((tmp_path / "新" / "草稿.docx").read_bytes()).year == 2025
    run = gouji("prefill", "--sentences", last)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("（一）主动公开\n2024年，")
    run = gouji("prefill", "--sentences", last, "--out", tmp_path / "句子.txt")
    assert (tmp_path / "句子.txt").read_text("utf-8").startswith("（一）主动公开\n")
    for arguments in ([], [last], [tmp_path / "没有.docx", "--out", tmp_path / "x.docx"]):
        run = gouji("prefill", *arguments)
        assert run.returncode == 2
        assert run.stderr.strip()
        assert "Traceback" not in run.stderr


def test_last_years_stock_is_marked_until_somebody_has_looked(tmp_path: Path) -> None:
    """Shaded, with a comment that the check of a draft finds; the comment is not that of a reviewed copy."""
    truth = truth_of(COUNTY[1], 5)
    made = prefill(report_of(truth))
    path = tmp_path / "草稿.docx"
    path.write_bytes(made.content)
    document = Document(str(path))
    assert [c.author for c in document.comments] == ["勾稽起草"] * 2
    assert all("2024 年末" in c.text for c in document.comments)
    assert own_output(path) is None
    found = checks.check(extract(path)).findings
    left = [f for f in found if f.rule == "structure.residue" and "2024 年末" in f.message]
    assert {f.place.column for f in left} == {4} and len(left) == 2
    shaded = [c for row in document.tables[0].rows for c in row.cells if "FFF0C2" in c._tc.xml]
    assert {c.text for c in shaded} == {
        str(truth.values[f"article20.{r}.in_force"]) for r in ("regulations", "normative_documents")
    }


def test_a_folder_of_last_years_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    last, out = tmp_path / "去年", tmp_path / "今年"
    last.mkdir()
    for i, who in enumerate(COUNTY[1:4]):
        (last / f"{i}.docx").write_bytes(render(truth_of(who, i), clean_layout()))
    (last / "通知.txt").write_text("关于报送年报的通知", "utf-8")
    assert main(["prefill", str(last), "--out", str(last / "草稿")]) == 2
    assert main(["prefill", str(last), "--out", str(out)]) == 2, "the notice gave no draft, and that is said"
    assert "通知.txt" in capsys.readouterr().err
    drafts = sorted(out.iterdir())
    assert [p.name.partition("20")[0] for p in drafts] == sorted(w.name for w in COUNTY[1:4])
    (last / "通知.txt").unlink()
    filled = changed(drafts[0], {"requests.carried_over.total": "7"})
    drafts[0].write_bytes(filled)
    assert main(["prefill", str(last), "--out", str(out)]) == 2
    assert "已有人填写" in capsys.readouterr().err
    assert drafts[0].read_bytes() == filled and sorted(out.iterdir()) == drafts
    drafts[0].unlink()
    assert main(["prefill", str(last), "--out", str(out)]) == 0
    assert len(list(out.iterdir())) == 3
    assert main(["prefill", str(last / "0.docx"), "--out", str(out)]) == 0, "a file into a folder"


def test_a_folder_gives_each_office_one_draft_from_its_newest_report_of_the_year_of_most(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last, out = tmp_path / "去年", tmp_path / "今年"
    last.mkdir()
    truths = [truth_of(who, i) for i, who in enumerate(COUNTY[1:4])]
    for i, truth in enumerate(truths):
        (last / f"{i}.docx").write_bytes(render(truth, clean_layout()))
    earlier = make_truth(9, "2021", issuer=COUNTY[1], year=YEAR - 1, size="small")
    (last / "更早.docx").write_bytes(render(earlier, clean_layout()))
    (last / "2（修改稿）.docx").write_bytes(render(truth_of(COUNTY[3], 7), clean_layout()))
    (last / "邻县.docx").write_bytes(render(truth_of(issuer("泗阳县民政局"), 5), clean_layout()))
    assert main(["prefill", str(last), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "邻县.docx：是泗阳县民政局的，与其余的不在一处" in said
    assert f"更早.docx：是 {YEAR - 1} 年的" in said and "2.docx：同一单位另有较新的 2（修改稿）.docx" in said
    drafts = sorted(out.iterdir())
    assert len(drafts) == 3 and all(f"{YEAR + 1}年" in p.name for p in drafts)
    (mine,) = [p for p in drafts if COUNTY[3].name in p.name]
    (report,) = extract(mine).reports
    forward = truth_of(COUNTY[3], 7).values["requests.carried_forward.total"]
    assert report.values().get("requests.carried_over.total") == forward


def test_a_blank_form_is_nobodys_report_of_last_year() -> None:
    blank = report_of(truth_of(COUNTY[1]))
    for fact in blank.facts:
        fact.value, fact.kind, fact.printed = None, "blank", ""
    with pytest.raises(PrefillError, match="没有可以带过来的数字"):
        prefill(blank)


def test_regulations_are_written_about_where_there_are_any() -> None:
    report = report_of(make_truth(6, issuer="攸县教育局", size="medium"))
    for fact in report.facts:
        if fact.address.startswith("article20.regulations."):
            fact.value = 3
    text = "".join(p.text for p in written(report).paragraphs)
    assert "攸" not in text and "制发规章3件，废止3件，现行有效的规章3件。制发行政规范性文件" in text
    for fact in report.facts:
        if fact.address.startswith("article20.regulations."):
            fact.value = 0
    assert "规章" not in "".join(p.text for p in written(report).paragraphs)
