"""Sums of drafts: known totals, blanks, choices, variants, templates, the parent's draft, the workbook."""

from __future__ import annotations

import csv
import io
import random
import subprocess
import time
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st
from lxml import etree

import checks
from checks import Member, Roster
from data.generator import libreoffice, make_truth
from gouji.cli import main
from gouji.commands.rollup import _open_contributions, summary
from gouji.show.named import cells_named, name_of
from gouji.show.names import Names
from gouji.summing import Choice, ChoiceError, Rollup, choices, filling, rollup, sum_up, workbook
from gouji.word import official_form
from parsers import extract
from parsers.document import UnreadableError
from parsers.readers.word import origins
from schemas import forms
from schemas.facts import Extraction, Fact, Problem, Report, Source
from schemas.report_identity import ReportIdentity
from tests.gouji.drafts import plain_text
from tests.gouji.offices import (
    COUNTY,
    VERTICAL,
    YEAR,
    emptied,
    given,
    issuer,
    read,
    total,
    truth_of,
    truths,
    unread,
    write,
)

FORM = forms.load("2021")


def line(action: str, draft: str = "", address: str | None = None, amount: int | None = None) -> Choice:
    return Choice(1, draft, action, address, amount, "已电话核实", "")  # type: ignore[arg-type]


def report_in(data: bytes) -> Report:
    extraction = extract(Path("汇总.docx"), data)
    assert not extraction.problems
    [report] = extraction.reports
    return report


# -- whole -----------------------------------------------------------------------------------------------------------


def test_the_sum_is_that_of_the_offices_and_the_form_checks_clean(tmp_path: Path) -> None:
    offices = truths()
    write(tmp_path, [*offices, truth_of(VERTICAL, 99)])
    result = rollup([tmp_path])
    assert result.values == total(offices)
    assert (result.issuer, result.division_code, result.year) == ("沭阳县人民政府", "321322", YEAR)
    assert len(result.counted) == 5
    assert [(d.name, d.reason.code) for d in result.left_out] == [("国家税务总局沭阳县税务局", "vertical")]
    data = filling.drawn(result)
    report = report_in(data)
    assert {f.address: f.value for f in report.facts} == total(offices)
    assert (report.issuer, report.year, report.scope) == ("沭阳县人民政府", YEAR, "area")
    assert all(r.how == "official" for layout in report.layouts for r in (*layout.rows, *layout.columns))
    findings = checks.check(extract(Path("汇总.docx"), data)).findings
    # What is left is what a person has to write.
    assert {(f.rule, f.severity) for f in findings} == {
        ("structure.empty_section", "warning"),
        ("structure.residue", "warning"),
    }
    # Every aspect of the overview has its place, and there is somebody to sign.
    lines = plain_text(data)
    aspects = [
        "（一）主动公开",
        "（二）依申请公开",
        "（三）政府信息管理",
        "（四）政府信息公开平台建设",
        "（五）监督保障",
    ]
    assert [x for x in lines if x in aspects] == aspects
    assert "制发行政规范性文件" in lines[lines.index("（一）主动公开") + 1] and lines[-2:] == [
        "沭阳县人民政府",
        f"{YEAR + 1}年　月　日",
    ]


def test_written_twice_it_is_the_same_file() -> None:
    result = sum_up([read(t) for t in truths()])
    assert filling.drawn(result) == filling.drawn(result)


@pytest.mark.skipif(libreoffice() is None, reason="LibreOffice (soffice) is not installed")
def test_it_opens_in_libreoffice_with_every_figure_in_place(tmp_path: Path) -> None:
    offices = truths()
    (tmp_path / "汇总.docx").write_bytes(filling.drawn(sum_up([read(t) for t in offices])))
    program = libreoffice()
    assert program is not None
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        program,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "汇总.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    extraction = extract(tmp_path / "汇总.pdf")
    assert {f.address: f.value for f in extraction.reports[0].facts} == total(offices)


def test_drafts_in_a_zip_beside_the_choices_and_the_last_result(tmp_path: Path) -> None:
    offices = truths()
    folder = tmp_path / "各单位"
    folder.mkdir()
    write(folder, offices[:2])
    buffer = io.BytesIO()
    rest = tmp_path / "其余"
    rest.mkdir()
    write(rest, offices[2:])
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(rest.iterdir()):
            archive.write(path, path.name)
    (folder / "乡镇.zip").write_bytes(buffer.getvalue())
    # What an earlier run left in the folder is no draft.
    (folder / "汇总.docx").write_bytes(filling.drawn(sum_up([read(t) for t in offices])))
    (folder / "选择.csv").write_text("文件或单位,处理,单元格,数量,理由,经办人\n", "utf-8")
    result = rollup([folder], choices=folder / "选择.csv")
    assert result.values == total(offices)
    assert [(d.file, d.reason.code) for d in result.left_out] == [("汇总.docx", "the_sum_itself")]
    assert not result.problems


@settings(max_examples=40, deadline=None)
@hypothesis_given(st.integers(0, 10**6), st.sampled_from([0.0, 0.02, 0.3]), st.booleans())
def test_no_sum_is_wrong_without_a_word(seed: int, share: float, marks: bool) -> None:
    """Any cells emptied: a sum is right, or missing, or it says whose blank was taken as zero."""
    rng = random.Random(seed)
    offices = [truth_of(o, seed + i) for i, o in enumerate(COUNTY[:3])]
    drafts = [given(t.issuer.name, t.issuer.kind, t.issuer.scope, "321322", t.values, level="county") for t in offices]
    for draft in drafts:
        gone = [f.address for f in draft.reports[0].facts if rng.random() < share]
        emptied(draft, gone, *(("mark", "／") if marks else ("blank", "")))
    result = sum_up(drafts, area="321322")
    right = total(offices)
    assert len(result.counted) == 3
    for address, cell in result.cells.items():
        if not cell.as_zero and cell.value is not None:
            assert cell.value == right[address], address
        if not share:
            assert cell.value == right[address]


# -- blanks and what could not be read -----------------------------------------------------------------------------


def office(values: dict[str, int] | None = None) -> dict[str, int]:
    """Figures of a small office that satisfy every sum: two requests of natural persons, both granted."""
    out = dict.fromkeys(FORM.addresses(), 0)
    for row in ("new_received", "granted", "processed_total"):
        out[f"requests.{row}.natural_person"] = out[f"requests.{row}.total"] = 2
    return out | (values or {})


def draft(name: str = "沭阳县教育局", values: dict[str, int] | None = None) -> object:
    return given(name, "department", "body", "321322", office(values), level="county")


def summed(*drafts: object, **options: object) -> Rollup:
    return sum_up(drafts, area="321322", **options)  # type: ignore[arg-type]


NEW = "requests.new_received"


def test_blanks_that_the_sums_decide_are_filled_in_and_named() -> None:
    blanks = [f"{NEW}.other", f"{NEW}.total", "requests.granted.natural_person"]
    result = summed(emptied(draft(), blanks), draft("沭阳县民政局"))  # type: ignore[arg-type]
    cells = result.cells
    assert [cells[a].value for a in blanks] == [0, 4, 4]
    assert [f.draft.name for f in cells[f"{NEW}.total"].implied] == ["沭阳县教育局"]
    assert not result.zero_cells
    assert not result.open_cells


def test_blanks_that_nothing_decides_count_as_zero_and_are_named() -> None:
    blanks = ["article20.licensing.decisions", "article20.fees.amount"]
    result = summed(
        emptied(draft(values={"article20.penalty.decisions": 7}), blanks, "mark", "—"), draft("沭阳县民政局")
    )  # type: ignore[arg-type]
    assert {c.address: [f.draft.name for f in c.as_zero] for c in result.zero_cells} == {
        a: ["沭阳县教育局"] for a in blanks
    }
    assert result.cells["article20.licensing.decisions"].value == 0


def test_a_blank_that_cannot_be_zero_leaves_the_sum_open() -> None:
    # Two blanks share what the total leaves for them: which has how much is not known.
    blanks = [f"{NEW}.natural_person", f"{NEW}.other", "requests.granted.natural_person", "requests.granted.other"]
    blanks += [f"requests.processed_total.{c}" for c in ("natural_person", "other")]
    result = summed(emptied(draft(), blanks), draft("沭阳县民政局"))  # type: ignore[arg-type]
    assert [c.address for c in result.open_cells] == sorted(blanks, key=FORM.addresses().index)
    assert {f.how for c in result.open_cells for f in c.open} == {"not_zero"}
    assert result.cells[f"{NEW}.natural_person"].known == 2
    assert result.cells[f"{NEW}.total"].value == 4


@pytest.mark.parametrize(
    ("how", "change"),
    [
        ("unresolved", lambda d: unread(d, f"{NEW}.total")),
        ("words", lambda d: emptied(d, [f"{NEW}.total"], "text", "约2件")),
    ],
)
def test_what_was_not_read_is_never_added(how: str, change: object) -> None:
    result = summed(change(draft()), draft("沭阳县民政局"))  # type: ignore[operator]
    [cell] = result.open_cells
    assert cell.address == f"{NEW}.total"
    assert [(f.draft.name, f.how) for f in cell.open] == [("沭阳县教育局", how)]
    data = filling.drawn(result)
    fact = next(f for f in report_in(data).facts if f.address == cell.address)
    assert (fact.kind, fact.value) == ("blank", None)


def test_an_amount_of_unknown_unit_is_not_added() -> None:
    one = draft()
    fact = next(f for f in one.reports[0].facts if f.address == "article20.fees.amount")  # type: ignore[attr-defined]
    fact.unit = "unknown"
    result = summed(one)
    assert [(f.how) for c in result.open_cells for f in c.open] == ["unit"]


def test_amounts_keep_six_places() -> None:
    amounts = [Decimal("0.000001"), Decimal("1234567.1"), Decimal("0.3")]
    drafts = [
        given(f"沭阳县{n}局", "department", "body", "321322", {**office(), "article20.fees.amount": v}, level="county")
        for n, v in zip("甲乙丙", amounts, strict=True)
    ]
    result = summed(*drafts)
    assert result.cells["article20.fees.amount"].value == Decimal("1234567.400001")
    fact = next(f for f in report_in(filling.drawn(result)).facts if f.address == "article20.fees.amount")
    assert fact.printed == "1234567.400001"


def test_a_table_that_a_draft_lacks_leaves_its_cells_open() -> None:
    one = draft()
    [report] = one.reports  # type: ignore[attr-defined]
    report.facts = [f for f in report.facts if not f.address.startswith("disputes.")]
    report.layouts = [t for t in report.layouts if t.table != "disputes"]
    result = summed(one, draft("沭阳县民政局"))
    assert {c.address.split(".")[0] for c in result.open_cells} == {"disputes"}
    assert len(result.open_cells) == 15
    result = summed(one, draft("沭阳县民政局"), choices=[line("set", "沭阳县教育局", "disputes.*", 0)])
    assert not result.open_cells
    assert not result.notes


def test_drafts_whose_own_sums_do_not_hold_are_named() -> None:
    result = summed(draft(values={f"{NEW}.total": 5}), draft("沭阳县民政局"))
    assert [d.name for d in result.counted if d.broken] == ["沭阳县教育局"]
    assert "一、本年新收政府信息公开申请数量（申请人合计不符）" in result.counted[0].broken


# -- variants --------------------------------------------------------------------------------------------------------


def variant_draft(name: str, other: int) -> object:
    """A draft with the one row （六）其他处理."""
    one = draft(
        name, {"requests.processed_total.natural_person": 2 + other, "requests.processed_total.total": 2 + other}
    )
    [report] = one.reports  # type: ignore[attr-defined]
    absent = FORM.variants[0].absent
    report.facts = [f for f in report.facts if f.address.split(".")[1] not in absent]
    for column in FORM.tables["requests"].columns:
        value = other if column.code in ("natural_person", "total") else 0
        report.facts.append(
            Fact(
                f"requests.other_handling.{column.code}",
                value,
                "number",
                str(value),
                "件",
                report.facts[0].place,
                "cells",
            )
        )
    report.variant = "single_other"
    return one


def test_drafts_of_one_variant_are_summed_in_it() -> None:
    result = summed(variant_draft("沭阳县教育局", 3), variant_draft("沭阳县民政局", 4))
    assert result.variant == "single_other"
    assert result.cells["requests.other_handling.total"].value == 7
    assert "requests.other_remaining.total" not in result.cells
    assert report_in(filling.drawn(result)).variant == "single_other"


def test_a_row_that_stands_for_three_is_divided_only_where_it_is_zero() -> None:
    result = summed(variant_draft("沭阳县教育局", 3), draft("沭阳县民政局"))
    assert result.variant is None
    rows = ("other_overdue_correction", "other_unpaid_fee", "other_remaining")
    assert {c.address for c in result.open_cells} == {
        f"requests.{row}.{c}" for row in rows for c in ("natural_person", "total")
    }
    assert {f.how for c in result.open_cells for f in c.open} == {"undivided"}
    assert result.cells["requests.other_remaining.other"].value == 0
    # The other way round it is a sum.
    result = summed(
        variant_draft("沭阳县教育局", 3),
        draft("沭阳县民政局", {f"requests.{row}.natural_person": n for n, row in enumerate(rows, start=1)}),
        variant="single_other",
    )
    assert result.cells["requests.other_handling.natural_person"].value == 9


# -- choices ---------------------------------------------------------------------------------------------------------


def choices_file(path: Path, rows: list[list[str]], encoding: str = "utf-8-sig") -> Path:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["文件或单位", "处理", "单元格", "数量", "理由", "经办人"], *rows])
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_lines_of_a_file_decide(tmp_path: Path, encoding: str) -> None:
    path = choices_file(
        tmp_path / "选择.csv",
        [
            ["马厂镇*", "计入", "", "", "是本县的乡镇", "张三"],
            ["沭阳县民政局", "不计入", "", "", "由教育局代报", ""],
            ["沭阳县教育局.docx", "填数", "requests.new_received.total", "9", "扫描件上是 9", ""],
            ["", "调整", "本年新收政府信息公开申请数量/自然人", "-1", "重复登记一件", "李四"],
            ["没有这个局", "", "", "", "没有填处理的行不算", ""],
        ],
        encoding,
    )
    lines = choices.read(path, FORM)
    assert [(c.line, c.action) for c in lines] == [(2, "include"), (3, "exclude"), (4, "set"), (5, "adjust")]
    town = given("马厂镇人民政府", "township", "body", None, office(), level="township")
    before = summed(draft(), draft("沭阳县民政局"), town)
    assert [d.name for d in before.doubtful] == ["马厂镇人民政府"]
    result = summed(unread(draft(), f"{NEW}.total"), draft("沭阳县民政局"), town, choices=lines)  # type: ignore[arg-type]
    assert [d.name for d in result.counted] == ["沭阳县教育局", "马厂镇人民政府"]
    assert result.cells[f"{NEW}.total"].value == 9 + 2
    assert result.cells[f"{NEW}.natural_person"].value == 2 + 2 - 1
    assert result.cells[f"{NEW}.natural_person"].adjustments == [lines[3]]
    assert not result.notes
    assert result.doubtful == []


def test_a_line_for_many_cells_fills_what_is_blank_and_no_printed_figure() -> None:
    name = "沭阳县教育局"
    one = unread(emptied(draft(), [f"{NEW}.other"]), f"{NEW}.natural_person")
    before = summed(one).cells
    result = summed(one, choices=[line("set", name, "requests.*", 5)])
    changed = {a: c.figures[0] for a, c in result.cells.items() if c.figures != before[a].figures}
    # No figures; blanks, marks, and the cell in which something is printed that could not be read.
    assert set(changed) == {f"{NEW}.other", f"{NEW}.natural_person"} | {
        a for a, c in before.items() if c.figures[0].how == "as_zero"
    }
    assert {(f.value, f.how) for f in changed.values()} == {(5, "given")}
    assert result.cells[f"{NEW}.natural_person"].value == 5
    assert not result.replaced
    # Words are printed and can be read: no line for many cells takes their place.
    words = draft()
    cell = next(f for f in words.reports[0].facts if f.address == "requests.granted.total")
    cell.kind, cell.value, cell.printed = "text", None, "约3"
    assert summed(words, choices=[line("set", name, "requests.*", 5)]).cells["requests.granted.total"].value is None
    # A line for the one cell decides it, whatever is printed.
    exact = [line("set", name, "requests.*", 5), line("set", name, f"{NEW}.natural_person", 8)]
    assert summed(one, choices=exact).cells[f"{NEW}.natural_person"].value == 8
    # What a line says of a table that the draft lacks.
    lacking = draft()
    lacking.reports[0].facts = [f for f in lacking.reports[0].facts if not f.address.startswith("disputes.")]  # type: ignore[attr-defined]
    filled = summed(lacking, choices=[line("set", name, "disputes.*", 0)])
    assert {c.value for a, c in filled.cells.items() if a.startswith("disputes.")} == {0}


def test_a_printed_figure_that_a_line_replaces_is_named_with_both_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "草稿").mkdir()
    write(tmp_path / "草稿", truths()[1:3])
    name = COUNTY[1].name
    was = truths()[1].values["requests.granted.total"]
    lines = tmp_path / "选择.csv"
    lines.write_text(f"单位,处理,单元格,数量,理由\n{name},填数,“（一）予以公开”的“总计”,4321,核对台账\n", "utf-8")
    out = [tmp_path / "汇总.docx", tmp_path / "汇总.xlsx"]
    given = ["rollup", str(tmp_path / "草稿"), "--choices", str(lines), "--out", str(out[0]), "--workbook", str(out[1])]
    # One figure alone breaks the sums it stands in, and that is said as well.
    assert main(given) == 2
    assert f"{name}：“（一）予以公开”的“总计”原为 {was}，按第 2 行改为 4321" in capsys.readouterr().out
    sheet = openpyxl.load_workbook(out[1])["选择和调整"]
    row = dict(zip([c.value for c in sheet[1]], [c.value for c in sheet[2]], strict=True))
    assert (row["原数"], row["数量"]) == (str(was), 4321)


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("requests.granted.total", "requests.granted.total"),
        ("（一）予以公开/总计", "requests.granted.total"),
        ("予以公开／总计", "requests.granted.total"),
        ("“（三）1.属于国家秘密”的“自然人”", "requests.denied_state_secret.natural_person"),
        ("（三）不予公开 1.属于国家秘密 自然人", "requests.denied_state_secret.natural_person"),
        ("三、收到和处理政府信息公开申请情况/（七）总计/总计", "requests.processed_total.total"),
        ("收到和处理政府信息公开申请情况/*", "requests.*"),
        ("*/自然人", "requests.*.natural_person"),
        ("复议诉讼", "disputes.*"),
        ("行政诉讼 复议后起诉/结果维持", "disputes.litigation_after_reconsideration.upheld"),
    ],
)
def test_cells_are_named_as_the_outputs_print_them(name: str, means: str, tmp_path: Path) -> None:
    path = tmp_path / "选择.csv"
    path.write_text(f"单位,处理,单元格,数量,理由\n某局,填数,{name},1,核对\n", "utf-8")
    assert choices.read(path, FORM)[0].address == means


def test_every_cell_of_every_form_is_read_back_by_its_names() -> None:
    for form in forms.load_all():
        names = Names(Report("", ReportIdentity(), form.id), "zh")
        for address in form.addresses(None):
            row, column = workbook.row_words(form, address)
            written = (names.cell(address), f"{row}/{column}", f"{row} {column}", name_of(address, form))
            assert {w: cells_named(w, form) for w in written} == {w: [address] for w in written}


def test_a_name_that_several_cells_bear_is_told(tmp_path: Path) -> None:
    path = tmp_path / "选择.csv"
    path.write_text("单位,处理,单元格,数量,理由\n某局,填数,其他/总计,1,核对\n", "utf-8")
    with pytest.raises(ChoiceError, match="可以指 2 处"):
        choices.read(path, FORM)


def test_the_blanks_of_a_draft_are_one_line_to_fill_in(tmp_path: Path) -> None:
    """Blanks that zero would break: who confirms them does so once."""
    one = emptied(draft(), [f"{NEW}.natural_person", f"{NEW}.other", "requests.granted.natural_person"])
    for fact in one.reports[0].facts:
        if fact.address in (f"{NEW}.total", "requests.granted.total"):
            fact.value, fact.printed = 9999, "9999"
    lines = _open_contributions(summed(one), "zh")
    assert len([a for _, a, _ in lines]) == 1
    assert lines[0][1] == "收到和处理政府信息公开申请情况/*"
    assert cells_named(lines[0][1], FORM) == ["requests.*"]


@pytest.mark.parametrize("printed", ["9999", "约9", "／"])
def test_what_a_template_held_is_gone_where_there_is_no_sum(tmp_path: Path, printed: str) -> None:
    address = f"{NEW}.natural_person"
    template = blank(tmp_path, figures={address: printed, "requests.granted.total": "8888"})
    result = summed(unread(draft(), address))
    assert result.cells[address].value is None
    data, notes = filling.filled(result, template)
    (fact,) = [f for f in report_in(data).facts if f.address == address]
    assert (fact.kind, fact.printed) == ("blank", "")
    assert [(n.code, n.values["n"]) for n in notes] == [("template_had", 1), ("template_cleared", 1)]


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (["甲局", "计入", "", "", "", ""], "理由"),
        (["甲局", "算上", "", "", "因为", ""], "算上"),
        (["", "计入", "", "", "因为", ""], "哪个"),
        (["甲局", "填数", "没有这一格", "1", "因为", ""], "没有这一格"),
        (["甲局", "填数", "本年新收政府信息公开申请数量/其他", "约1", "因为", ""], "约1"),
        (["甲局", "填数", f"{NEW}.total", "-1", "因为", ""], "负"),
        (["", "调整", "requests.*", "1", "因为", ""], "一个"),
        # 其他 heads two rows of different groups.
        (["甲局", "填数", "其他处理/其他处理", "1", "因为", ""], "认不出"),
    ],
)
def test_lines_that_cannot_be_used_are_refused_with_their_number(tmp_path: Path, row: list[str], word: str) -> None:
    with pytest.raises(ChoiceError) as caught:
        choices.read(choices_file(tmp_path / "选择.csv", [["乙局", "计入", "", "", "好", ""], row]), FORM)
    # As Excel numbers them: the heads stand in the first.
    assert "第 3 行" in str(caught.value)
    assert word in str(caught.value)


def test_lines_without_effect_are_named() -> None:
    lines = [
        line("include", "没有的局"),
        line("set", "沭阳县教育局", "statistics.nothing.value", 1),
        line("adjust", "没有的局", f"{NEW}.total", 1),
    ]
    result = summed(draft(), choices=lines)
    assert [n.code for n in result.notes] == ["choice_no_draft", "choice_no_cell", "choice_nobody"]
    assert result.cells[f"{NEW}.total"].value == 2


def test_why_a_line_had_no_effect_is_said_in_its_own_words(tmp_path: Path) -> None:
    many = "收到和处理政府信息公开申请情况/*"
    rows = [
        ["沭阳县教育局", "填数", many, "0", "空白", ""],
        ["沭阳县教育局", "填数", f"{NEW}.total", "7", "电话", ""],
        ["沭阳县教育局", "填数", f"{NEW}.total", "8", "又电话", ""],
        ["沭阳县民政局", "填数", f"{NEW}.total", "8", "电话", ""],
    ]
    lines = choices.read(choices_file(tmp_path / "选择.csv", rows), FORM)
    past = given("沭阳县民政局", "department", "body", "321322", office(), year=YEAR - 1)
    result = summed(draft(), past, choices=lines)
    # A line for many cells replaces no printed figure, whatever a later line does with one of them.
    assert [(n.code, n.values["line"]) for n in result.notes] == [
        ("choice_nothing_open", 2),
        ("choice_overruled", 3),
        ("choice_not_counted", 5),
    ]
    assert f"“{many}”" in result.notes[0].say() and "requests.*" not in result.notes[0].say()


def test_a_file_that_is_left_out_need_not_be_readable() -> None:
    notice = Extraction(
        Source("通知.docx", "", "", 0), {}, problems=[Problem("no_report", "通知.docx：没有找到年报。")]
    )
    assert len(summed(draft(), notice).problems) == 1
    result = summed(draft(), notice, choices=[line("exclude", "通知.docx")])
    assert not result.problems
    assert not result.notes


def test_a_sum_below_zero_is_not_written() -> None:
    result = summed(draft(), choices=[line("adjust", "", f"{NEW}.total", -3)])
    assert [n.code for n in result.notes] == ["below_zero"]
    assert [c.address for c in result.open_cells] == [f"{NEW}.total"]


def test_what_is_open_is_written_out_to_be_filled_in(tmp_path: Path) -> None:
    town = given("马厂镇人民政府", "township", "body", None, office(), level="township", file="乡镇/马厂[1].docx")
    drafts = (unread(draft(), f"{NEW}.total"), town)  # type: ignore[arg-type]
    result = summed(*drafts)
    [cell] = result.open_cells
    text = choices.skeleton(result.doubtful, [(f.draft, cell.address, "读不准") for f in cell.open])
    path = tmp_path / "选择.csv"
    path.write_text(text, "utf-8")
    assert choices.read(path, FORM) == []
    filled = text.replace("马厂[1].docx,,", "马厂[1].docx,计入,").replace(",,马厂镇", ",本县乡镇,马厂镇", 1)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0][1] == "处理"
    rows[1][1], rows[1][4] = "计入", "本县乡镇"
    rows[2][1], rows[2][3], rows[2][4] = "填数", "2", "已核实"
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    path.write_text(buffer.getvalue(), "utf-8")
    assert filled
    again = summed(*drafts, choices=choices.read(path, FORM))
    assert len(again.counted) == 2
    assert again.values[f"{NEW}.total"] == 4
    assert not again.notes


# -- somebody's own form ---------------------------------------------------------------------------------------------


def test_the_official_blank_is_filled_in(shared: Path) -> None:
    offices = truths()
    result = sum_up([read(t) for t in offices])
    template = shared / "reports/blank-form-2021.docx"
    data, notes = filling.filled(result, template)
    assert not notes
    assert {f.address: f.value for f in report_in(data).facts} == total(offices)
    with zipfile.ZipFile(template) as old, zipfile.ZipFile(io.BytesIO(data)) as new:
        assert old.namelist() == new.namelist()
        changed = [n for n in old.namelist() if old.read(n) != new.read(n)]
        assert changed == ["word/document.xml"]
    before = [p.text for p in extract(template).reports[0].passages]
    assert [p.text for p in report_in(data).passages] == before


def blank(tmp_path: Path, variant: str | None = None, figures: dict[str, str] | None = None) -> Path:
    path = tmp_path / "空表.docx"
    content = official_form.Content(FORM, "政府信息公开工作年度报告", [], {}, figures or {}, variant)
    path.write_bytes(official_form.document(content))
    return path


def test_the_template_decides_the_variant(tmp_path: Path) -> None:
    offices = truths()
    folder = tmp_path / "草稿"
    folder.mkdir()
    write(folder, offices)
    template = blank(tmp_path, "single_other", {"requests.granted.total": "0"})
    result = rollup([folder], template=template)
    assert result.variant == "single_other"
    data, notes = filling.filled(result, template)
    assert [n.code for n in notes] == ["template_had"]
    facts = {f.address: f.value for f in report_in(data).facts}
    right = total(offices)
    parts = [f"requests.{r}.total" for r in FORM.variants[0].absent]
    assert facts["requests.other_handling.total"] == sum(right[a] for a in parts)
    assert facts["requests.granted.total"] == right["requests.granted.total"]


def test_a_template_whose_package_is_not_sound_says_so(tmp_path: Path) -> None:
    template = blank(tmp_path)
    with zipfile.ZipFile(template, "a") as package:
        package.writestr("word/media/image1.png", b"picture" * 9)
    data = template.read_bytes()
    template.write_bytes(data.replace(b"picture" * 9, b"pikture" * 9))
    with pytest.raises(UnreadableError, match=r"空表\.docx：模板的内部结构不完整"):
        filling.filled(sum_up([read(t) for t in truths()]), template)


def test_a_template_without_a_row_or_of_another_form_says_so(tmp_path: Path) -> None:
    result = sum_up([read(t) for t in truths()])
    data, notes = filling.filled(result, blank(tmp_path, "single_other"))
    assert {n.code for n in notes} == {"template_lacks"}
    assert len(notes) == 21
    assert report_in(data).facts
    path = tmp_path / "旧.docx"
    older = forms.load("2019")
    path.write_bytes(official_form.document(official_form.Content(older, "政府信息公开工作年度报告")))
    with pytest.raises(filling.UnreadableError, match="2019"):
        filling.filled(result, path)
    (tmp_path / "空.docx").write_bytes(b"")
    with pytest.raises(filling.UnreadableError):
        filling.filled(result, tmp_path / "空.docx")


# -- the parent's draft and the roster -------------------------------------------------------------------------------


def roster(*more: Member) -> Roster:
    return Roster((Member("沭阳县人民政府", parent=True), Member("沭阳县教育局"), Member("沭阳县民政局"), *more), YEAR)


def against(change: dict[str, int], who: Roster | None) -> Rollup:
    right = {a: v * 2 for a, v in office().items()}
    parent = given("沭阳县人民政府", "government", "area", "321322", right | change, level="county").reports[0]
    return summed(draft(), draft("沭阳县民政局"), parent=parent, roster=who)


def broken(result: Rollup) -> list[tuple[str, list[str], object]]:
    return [(f.rule, f.cells, f.difference) for f in result.findings if f.outcome == "broken" and "rollup" in f.rule]


def test_without_a_roster_only_an_excess_is_an_error() -> None:
    assert broken(against({}, None)) == []
    assert broken(against({f"{NEW}.total": 9}, None)) == []
    assert broken(against({f"{NEW}.total": 3}, None)) == [("rollup.exceeds", [f"{NEW}.total"], -1)]


def test_an_adjustment_is_no_office_more() -> None:
    right = {a: v * 2 for a, v in office().items()}
    parent = given("沭阳县人民政府", "government", "area", "321322", right, level="county").reports[0]
    line = choices.Choice(2, "", "adjust", f"{NEW}.total", 3, "漏报", "李四")
    [finding] = summed(draft(), draft("沭阳县民政局"), parent=parent, choices=[line]).findings
    assert finding.rule == "rollup.exceeds"
    assert "2 个单位相加，连同调整已是 7" in finding.message


def test_with_everyone_on_the_roster_every_difference_is() -> None:
    result = against({f"{NEW}.total": 9}, roster())
    assert broken(result) == [("rollup.sum", [f"{NEW}.total"], 5)]
    assert result.missing == []
    result = against({f"{NEW}.total": 9}, roster(Member("沭阳县财政局")))
    assert result.missing == ["沭阳县财政局"]
    assert broken(result) == []


def test_who_need_not_report_is_not_missing_from_the_sum() -> None:
    right = {a: v * 2 for a, v in office().items()}
    parent = given(
        "沭阳县人民政府", "government", "area", "321322", right | {f"{NEW}.total": 9}, level="county"
    ).reports[0]
    who = roster(Member("沭阳县税务局"), Member("沭阳县乡村振兴局"))
    excused = {"沭阳县税务局": "垂直管理", "沭阳县乡村振兴局": "已撤销"}
    drafts = [draft(), draft("沭阳县民政局")]
    result = sum_up(drafts, parent=parent, roster=who, excused=excused)
    assert (result.missing, result.excused, result.whole) == ([], excused, True)
    assert broken(result) == [("rollup.sum", [f"{NEW}.total"], 5)] and result.above == []
    # One of them may still be waited for: then the sum only bounds.
    bound = sum_up(drafts, parent=parent, roster=who, excused={"沭阳县税务局": "垂直管理"})
    assert (bound.missing, broken(bound)) == (["沭阳县乡村振兴局"], [])


def test_a_sum_that_only_bounds_is_said_to_be_one_in_the_first_line() -> None:
    for who, why in ((None, "没有名单"), (roster(Member("沭阳县财政局")), "单位还不齐")):
        result = against({f"{NEW}.total": 9}, who)
        lines = summary(result, Path("汇总稿.docx"))
        [first] = [i for i, said in enumerate(lines) if "比对" in said]
        assert lines[first].startswith(f"与 汇总稿.docx 比对：{why}") and "另有 1 格大于各单位之和" in lines[first]
        assert "填 9，2 个单位相加为 4" in lines[first + 1] and not any("没有不符" in said for said in lines)
    assert "没有哪一格大于各单位之和" in summary(against({}, None), Path("汇总稿.docx"))[-1]
    assert summary(against({}, roster()), Path("汇总稿.docx"))[-1] == "与 汇总稿.docx 比对：没有不符。"
    both = summary(against({f"{NEW}.total": 3}, None), Path("汇总稿.docx"))
    assert any("1 格不符" in said for said in both) and "没有哪一格大于" in both[-1]


def test_choices_count_in_the_comparison() -> None:
    parent = given("沭阳县人民政府", "government", "area", "321322", office(), level="county").reports[0]
    adjusted = summed(draft(), parent=parent, choices=[line("adjust", "", f"{NEW}.total", 1)])
    assert broken(adjusted) == [("rollup.exceeds", [f"{NEW}.total"], -1)]


def test_the_roster_decides_who_counts() -> None:
    who = roster(Member("国家税务总局沭阳县税务局", summed=False), Member("沭阳县医院"))
    tax = given("国家税务总局沭阳县税务局", "vertical", "body", "321322", office())
    hospital = given("沭阳县医院", None, "unknown", None, office())
    stranger = given("沭阳县财政局", "department", "body", "321322", office())
    result = summed(draft(), tax, hospital, stranger, roster=who)
    assert [d.name for d in result.counted] == ["沭阳县教育局", "沭阳县医院"]
    assert {d.name: d.reason.code for d in (*result.left_out, *result.doubtful)} == {
        "国家税务总局沭阳县税务局": "roster_not_summed",
        "沭阳县财政局": "not_on_roster",
    }
    assert result.missing == ["沭阳县民政局"]


def test_who_is_left_out_by_rule_is_not_missing_from_the_sum() -> None:
    tax = given("国家税务总局沭阳县税务局", "vertical", "body", "321322", office())
    who = roster(Member("国家税务总局沭阳县税务局"), Member("沭阳县财政局"))
    result = summed(draft(), draft("沭阳县民政局"), tax, roster=who)
    assert [(d.name, d.reason.code) for d in result.left_out] == [("国家税务总局沭阳县税务局", "roster_vertical")]
    assert result.missing == ["沭阳县财政局"]
    # Another year's report is not the one that is waited for.
    past = given("沭阳县财政局", "department", "body", "321322", office(), year=YEAR - 1)
    absent = summed(draft(), past, roster=who)
    assert (absent.missing, absent.by_rule) == (["沭阳县民政局", "沭阳县财政局"], ["国家税务总局沭阳县税务局"])
    assert any("没有算作缺的 1 个：国家税务总局沭阳县税务局" in said for said in summary(absent))
    # A line of the choices counts it, or leaves another out: that one may be in the parent's draft.
    chosen = summed(draft(), draft("沭阳县民政局"), tax, roster=who, choices=[line("include", "*税务局")])
    assert (chosen.missing, chosen.set_apart) == (["沭阳县财政局"], [])
    apart = summed(draft(), draft("沭阳县民政局"), tax, roster=roster(), choices=[line("exclude", "*民政局")])
    assert (apart.set_apart, apart.whole) == (["沭阳县民政局"], False)
    confirmed = summed(draft(), draft("沭阳县民政局"), tax, roster=who, choices=[line("exclude", "*税务局")])
    assert (confirmed.missing, confirmed.set_apart) == (["沭阳县财政局"], [])


@pytest.mark.parametrize("there", (True, False))
def test_beside_a_vertical_agency_on_the_roster_every_difference_is_told(there: bool) -> None:
    name = "国家税务总局沭阳县税务局"
    tax = given(name, "vertical", "body", "321322", office())
    right = {a: v * 2 for a, v in office().items()}

    def compared(change: dict[str, int]) -> Rollup:
        parent = given("沭阳县人民政府", "government", "area", "321322", right | change, level="county").reports[0]
        drafts = [draft(), draft("沭阳县民政局"), *([tax] if there else [])]
        return summed(*drafts, parent=parent, roster=roster(Member(name)))

    assert (compared({}).whole, broken(compared({}))) == (True, [])
    other = compared({f"{NEW}.total": 9})
    assert broken(other) == [("rollup.sum", [f"{NEW}.total"], 5)] and other.taken_in == []
    # What differs is all of the agency's: the parent's draft contains it.
    all_of_it = compared({a: v * 3 for a, v in office().items()})
    assert all_of_it.taken_in == ([name] if there else [])
    said = "\n".join(summary(all_of_it, Path("汇总稿.docx")))
    assert ("正好都是国家税务总局沭阳县税务局的数" in said) is there and "格不符" in said
    # Without the roster nobody says that all are there.
    assert not summed(draft(), tax).whole


def test_a_branch_counts_by_the_roster_and_both_ways_it_is_said_why() -> None:
    name = "宿迁市生态环境局沭阳县分局"
    branch = given(name, "department", "body", "321300", office())
    alone = summed(draft(), draft("沭阳县民政局"), branch)
    assert [(d.name, d.reason.code) for d in alone.doubtful] == [(name, "branch")]
    listed = summed(draft(), draft("沭阳县民政局"), branch, roster=roster(Member(name)))
    assert (listed.doubtful, listed.whole) == ([], True)
    assert any(name in said and "按名单计入（单看名称是宿迁市的单位）" in said for said in summary(listed))
    # One that is nowhere said to be here is of elsewhere.
    other = summed(draft(), draft("沭阳县民政局"), given("宿迁市民政局", "department", "body", "321300", office()))
    assert [d.reason.code for d in other.doubtful] == ["elsewhere"]


# -- what is handed on -----------------------------------------------------------------------------------------------


def test_the_workbook_shows_who_contributed_what(tmp_path: Path) -> None:
    lines = [line("set", "沭阳县教育局", f"{NEW}.total", 9), line("adjust", "", "requests.granted.total", 2)]
    drafts = (
        unread(draft(), f"{NEW}.total"),
        draft("沭阳县民政局"),
        given("沭阳县税务局", "vertical", "body", "321322"),
    )  # type: ignore[arg-type]
    result = summed(*drafts, choices=lines)
    path = tmp_path / "汇总.xlsx"
    path.write_bytes(workbook.content(result))
    # What the formulas come to is stored with them.
    book = openpyxl.load_workbook(path, data_only=True)
    assert book.sheetnames == ["汇总表", "单位", "主动公开", "依申请公开", "复议诉讼", "明细", "选择和调整"]
    rows = {r[2]: r for r in book["依申请公开"].iter_rows(values_only=True)}
    assert rows["代码"][6:] == ("沭阳县教育局", "沭阳县民政局")
    assert rows[f"{NEW}.total"][3:] == (11, "按选择文件：沭阳县教育局", None, 9, 2)
    assert rows["requests.granted.total"][3:] == (6, None, 2, 2, 2)
    for sheet, cells in (("主动公开", 10), ("依申请公开", 175), ("复议诉讼", 15)):
        table = list(book[sheet].iter_rows(min_row=2, values_only=True))
        assert len(table) == cells
        for row in table:
            assert row[3] == sum(v for v in row[6:] if v is not None) + (row[5] or 0)
    long = list(book["明细"].iter_rows(min_row=2, values_only=True))
    assert len(long) == 2 * 200 + 1
    assert [r[6] for r in book["选择和调整"].iter_rows(min_row=2, values_only=True)] == ["已电话核实"] * 2
    assert [r[2] for r in book["单位"].iter_rows(min_row=2, values_only=True)] == ["计入", "计入", "不计入"]


def test_a_workbook_does_not_look_through_its_sheets_for_every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from openpyxl.worksheet.worksheet import Worksheet

    asked = []
    whole = Worksheet.max_row.fget
    monkeypatch.setattr(Worksheet, "max_row", property(lambda sheet: asked.append(1) or whole(sheet)))
    workbook.content(summed(draft(), draft("沭阳县民政局")))
    assert 0 < len(asked) < 100


def test_a_sheet_in_the_forms_layout_has_live_sums_and_what_the_parents_draft_has_otherwise(tmp_path: Path) -> None:
    one, other = draft(), draft("沭阳县民政局")
    parent = summed(draft(), draft("沭阳县民政局"))
    total = parent.cells["requests.granted.total"].value
    path = tmp_path / "全县.docx"
    path.write_bytes(filling.drawn(parent))
    [of_parent] = extract(path).reports
    wrong = next(f for f in of_parent.facts if f.address == "requests.granted.total")
    wrong.value, wrong.printed = 1, "1"
    result = summed(unread(one, f"{NEW}.natural_person"), other, parent=of_parent)
    data = workbook.content(result)
    live, stored = (openpyxl.load_workbook(io.BytesIO(data), data_only=d) for d in (False, True))
    form, table = live["汇总表"], live["依申请公开"]
    row = next(c.row for c in table["C"] if c.value == "requests.granted.total")
    [cell] = [c for line in form.iter_rows() for c in line if c.value == f"=SUM('依申请公开'!F{row}:H{row})"]
    assert stored["汇总表"][cell.coordinate].value == total
    assert (cell.fill.fgColor.rgb, "汇总草稿填 1" in cell.comment.text) == ("00F4B6C2", True)
    # Every cell of the form stands in it, laid out and merged as on paper.
    formulas = [c for line in form.iter_rows() for c in line if str(c.value).startswith("=")]
    assert len(formulas) == 200
    assert sum(isinstance(stored["汇总表"][c.coordinate].value, int | float) for c in formulas) == 199
    texts = {str(c.value).replace("\n", "") for line in form.iter_rows() for c in line}
    assert {"（三）不予公开", "第二十条第（五）项", "复议后起诉", "社会公益组织"} <= texts
    assert "三、本年度办理结果" in texts and len(form.merged_cells.ranges) > 100
    # What is not known stays empty until every office has a number there.
    row = next(c.row for c in table["C"] if c.value == f"{NEW}.natural_person")
    [cell] = [c for line in form.iter_rows() for c in line if f"'依申请公开'!F{row}:H{row}" in str(c.value)]
    assert cell.value == f"=IF(COUNT('依申请公开'!G{row}:H{row})<2,\"\",SUM('依申请公开'!F{row}:H{row}))"
    assert cell.fill.fgColor.rgb == "00F8CBAD"
    [line] = [r for r in stored["比对"].iter_rows(min_row=2, values_only=True) if r[6].startswith("“（一）予以公开”")]
    assert line[:6] == ("收到和处理政府信息公开申请情况", "（一）予以公开", "总计", 1, total, 1 - total)
    # Few pages: the form in its width, of the tables the sums, nothing of the long list.
    assert live["明细"].sheet_state == "hidden"
    assert [s.print_area for s in (form, table)] == ["'汇总表'!$A$1:$Z$59", "'依申请公开'!$A$1:$E$176"]
    assert {s.page_setup.fitToHeight for s in live if s.sheet_state == "visible"} == {0}


def test_cells_that_wait_for_a_figure_are_shaded_in_both_forms(tmp_path: Path) -> None:
    address = f"{NEW}.natural_person"
    result = summed(unread(draft(), address))
    for data in (filling.drawn(result), filling.filled(result, blank(tmp_path, figures={address: "7"}))[0]):
        [fact] = [f for f in report_in(data).facts if f.address == address]
        assert fact.printed == ""
        assert fact.place.table is not None and fact.place.row is not None and fact.place.column is not None
        found = origins(data, "汇总.docx")
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            elements = list(etree.fromstring(package.read(found.member)).iter("*"))
        shaded = [at for at, i in found.cells.items() if "F8CBAD" in etree.tostring(elements[i]).decode()]
        assert shaded == [(fact.place.table, fact.place.row, fact.place.column)]


def test_the_result_shows_itself() -> None:
    result = summed(unread(draft(), f"{NEW}.total"), draft("沭阳县民政局"))  # type: ignore[arg-type]
    assert repr(result) == "<Rollup 沭阳县人民政府 2024: 2 counted, 0 left out, 0 doubtful, 199 of 200 cells>"
    html = result._repr_html_()
    assert html.count("<table") == 3
    assert html.count("#f8d7da") == 1
    assert "2024 年汇总：读到 2 份，计入 2 份，1 格没有数" in html
    data = result.to_json()
    assert data["cells"][f"{NEW}.total"]["open"] == [{"draft": "沭阳县教育局", "how": "unresolved", "printed": "1 2"}]
    frame = pytest.importorskip("pandas") and result.to_pandas()
    assert len(frame) == 400
    assert frame[frame.address == "requests.granted.total"]["value"].tolist() == [2, 2]


def test_two_hundred_drafts_add_up_in_no_time() -> None:
    drafts = [given(f"沭阳县第{i}局", "department", "body", "321322", office(), level="county") for i in range(200)]
    started = time.process_time()
    result = summed(*drafts)
    filling.drawn(result)
    assert time.process_time() - started < 6
    assert result.values[f"{NEW}.total"] == 400


@pytest.mark.parametrize("form_id", ["2021", "2019"])
@pytest.mark.parametrize("variant", [None, "single_other"])
def test_the_drawn_form_is_read_back(form_id: str, variant: str | None) -> None:
    if form_id == "2019" and variant:
        return
    truth = make_truth(7, form_id, variant)
    figures = {a: official_form.printed(v) for a, v in truth.values.items()}
    content = official_form.Content(forms.load(form_id), truth.title, [], {}, figures, variant)
    report = report_in(official_form.document(content))
    assert (report.form, report.variant) == (form_id, variant)
    assert {f.address: f.value for f in report.facts} == truth.values
    assert not any(t.missing_rows or t.missing_columns or t.extra or t.reordered for t in report.layouts)


def test_the_layout_is_the_official_one(shared: Path) -> None:
    from parsers.readers.word import read as read_word

    official = read_word((shared / "reports/blank-form-2021.docx").read_bytes(), "x")
    ours = read_word(official_form.document(official_form.Content(FORM, "政府信息公开工作年度报告")), "x")
    assert len(official.tables) == len(ours.tables) == 3
    for theirs, mine in zip(official.tables, ours.tables, strict=True):
        shape = [(c.row, c.column, c.rowspan, c.colspan, c.text.replace("\n", "")) for c in theirs.cells]
        assert [(c.row, c.column, c.rowspan, c.colspan, c.text.replace("\n", "")) for c in mine.cells] == shape


def test_a_choice_that_breaks_the_sums_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A figure set without its total: which sums do not hold, where to look, and no word that every cell is certain."""
    (tmp_path / "稿").mkdir()
    write(tmp_path / "稿", truths())
    chosen, out = tmp_path / "选择.csv", tmp_path / "汇总.docx"
    command = ["rollup", str(tmp_path / "稿"), "--out", str(out), "--choices", str(chosen)]
    assert main(command) == 0 and not chosen.exists()
    said = capsys.readouterr()
    assert "每一格都有确定的数" in said.out and "没有写" in said.err
    chosen.write_text("单位,处理,单元格,数量,理由\n,调整,（七）总计/自然人,2,补一件\n", "utf-8-sig")
    assert main(command) == 2
    said = capsys.readouterr()
    assert "合计不符" in said.out and "选择文件填过数" in said.out and "确定的数" not in said.out
    # Put right in all cells, nothing is wrong.
    result = rollup([tmp_path / "稿"], choices=chosen)
    assert result.broken and result.broken_by_choice == [""] and not rollup([tmp_path / "稿"]).broken


def test_only_what_a_choice_broke_is_laid_to_it() -> None:
    """A draft whose own sums are wrong, another for which a line sets a figure: right, or without its total."""
    wrong = draft()
    next(f for f in wrong.reports[0].facts if f.address == f"{NEW}.total").value = 99
    name, cell = "沭阳县民政局", f"{NEW}.natural_person"
    for amount, expected in ((2, []), (7, [name])):
        result = summed(wrong, draft(name), choices=[line("set", name, cell, amount)])
        assert (bool(result.broken), result.broken_by_choice) == (True, expected)
        said = "\n".join(summary(result))
        assert (f"合计不符：{name}；" in said) == bool(expected) and ("选择文件填过数" in said) == bool(expected)


def test_a_line_may_call_a_body_by_its_short_name() -> None:
    """One that only one of the drafts can be; of two both are named, and the line has no effect."""
    offices = [truth_of(issuer(f"{place}水利局"), i) for i, place in enumerate(("沭阳县", "泗阳县"))]
    one, both = [read(offices[0])], [read(t) for t in offices]
    for name in ("县水利局", "水利局"):
        result = sum_up(one, choices=[line("exclude", name)], area="321322")
        assert [d.state for d in result.drafts] == ["left_out"] and not result.notes
        result = sum_up(both, choices=[line("exclude", name)], area="321322")
        assert "chosen_out" not in {d.reason.code for d in result.drafts}
        (note,) = result.notes
        assert note.code == "choice_either" and "沭阳县水利局、泗阳县水利局" in note.say()
    result = sum_up(one, choices=[line("exclude", "县教育局")], area="321322")
    assert [n.code for n in result.notes] == ["choice_no_draft"]
