"""What is not in a sum, and that everything written says so."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from checks import Member, Roster
from data.generator import clean_layout, render
from gouji.commands.rollup import _open_contributions, summary
from gouji.round import kept_figures
from gouji.summing import Choice, absent, doubts, filling, sum_up, workbook
from parsers import extract
from schemas.facts import Extraction, Problem, Report, Source
from schemas.findings import Finding
from tests.gouji.drafts import plain_text
from tests.gouji.offices import COUNTY, YEAR, emptied, given, read, truths, unread

NAMES = [who.name for who in COUNTY]
ROSTER = Roster(tuple(Member(n) for n in NAMES), YEAR)
UNREAD = Extraction(
    Source(f"草稿/{NAMES[2]}2024年报.doc", "", "", 0),
    {},
    problems=[Problem("unreadable", f"{NAMES[2]}2024年报.doc：打不开。")],
)


@pytest.fixture(scope="module")
def drafts() -> list[Extraction]:
    return [read(truth) for truth in truths()]


def test_who_and_what_is_absent_is_told_wherever_the_sums_stand(drafts: list[Extraction], tmp_path: Path) -> None:
    """One of the offices has sent a file that cannot be read, one nothing; the parent's draft has them all."""
    parent = given("沭阳县人民政府", "government", "area", "321322", {}, level="county").reports[0]
    result = sum_up([*drafts[:2], drafts[3], UNREAD], roster=ROSTER, parent=parent)
    assert [(a.kind, a.office, a.file, a.reason("zh")) for a in result.absent] == [
        ("unread", NAMES[2], f"{NAMES[2]}2024年报.doc", "打不开。"),
        ("missing", NAMES[4], "", "没有收到草稿"),
    ]
    book = tmp_path / "汇总.xlsx"
    content = workbook.content(result)
    sheets = openpyxl.load_workbook(io.BytesIO(content))
    told = {
        "word": "\n".join(plain_text(filling.drawn(result))),
        "form": str(sheets["汇总表"]["A3"].value),
        "compared": str(sheets["比对"]["A1"].value),
        "page": result._repr_html_(),
        "screen": "\n".join(summary(result, Path("全县.docx"), workbook=book)),
    }
    for where, text in told.items():
        assert "还不完整" in text and "另存为 .docx" in text, where
        assert all(name in text for name in (NAMES[2], NAMES[4], f"{NAMES[2]}2024年报.doc")), where
    assert "每一格都有确定的数" not in told["screen"]
    # What the screen has no room for is there, also where the parent's draft can only be above the sums.
    differing = len(result.above) + sum(f.outcome == "broken" for f in result.findings)
    assert "见 汇总.xlsx 的“比对”表" in told["screen"]
    rows = list(sheets["比对"].iter_rows(min_row=3, values_only=True))
    assert sum(row[3] is not None and row[5] not in (None, 0) for row in rows) == differing > 12
    offices = list(sheets["单位"].iter_rows(min_row=2, values_only=True))
    assert all(row[1] and row[5] for row in offices)
    assert offices[-2][1:6:4] == (NAMES[2], f"草稿/{NAMES[2]}2024年报.doc")
    # The frame takes nothing from the form: it is read as before.
    out = tmp_path / "汇总.docx"
    out.write_bytes(filling.drawn(result))
    [again] = extract(out).reports
    assert (again.issuer, again.values()) == ("沭阳县人民政府", result.values)
    blank = tmp_path / "空表.docx"
    blank.write_bytes(render(replace(truths()[0], values=dict.fromkeys(truths()[0].values, 0)), clean_layout()))
    filled, _ = filling.filled(result, blank)
    assert (
        plain_text(filled)[0].startswith("汇总数还不完整") and extract(out, filled).reports[0].values() == result.values
    )


def test_of_a_whole_sum_nothing_is_said_and_a_comparison_has_its_sheet(drafts: list[Extraction]) -> None:
    whole = sum_up(drafts, roster=ROSTER)
    parent = given("沭阳县人民政府", "government", "area", "321322", dict(whole.values), level="county").reports[0]
    result = sum_up(drafts, roster=ROSTER, parent=parent)
    assert not result.incomplete and absent.notice(result) is None
    assert not any("还不完整" in t for t in plain_text(filling.drawn(result)))
    sheets = openpyxl.load_workbook(io.BytesIO(workbook.content(result)))
    assert sheets["汇总表"]["A3"].value is None
    assert [[c.value for c in row][-1] for row in sheets["比对"]] == ["说明", "没有不符"]
    assert "比对" not in openpyxl.load_workbook(io.BytesIO(workbook.content(whole))).sheetnames


def test_an_office_whose_draft_is_another_years_is_absent_with_its_file(drafts: list[Extraction]) -> None:
    old = given(NAMES[4], "township", "body", "321322", {}, year=YEAR - 1)
    result = sum_up([*drafts[:4], old], roster=ROSTER)
    [each] = result.absent
    assert (each.kind, each.office, each.file) == ("missing", NAMES[4], f"{NAMES[4]}.docx")
    assert f"{YEAR - 1} 年" in each.reason("zh")
    # Without a roster as well, unless the right one is there, too.
    [same] = sum_up([*drafts[:4], old]).absent
    assert same == each and not sum_up([*drafts, old]).absent


def test_a_table_that_nobody_filled_in_is_no_table_of_zeros(drafts: list[Extraction]) -> None:
    """One that has a mark in it was filled in; a line of the choices says what a blank one holds."""
    whole = read(truths()[0])
    addresses = [f.address for f in whole.reports[0].facts if f.address.startswith("requests.")]
    result = sum_up([emptied(whole, addresses), *drafts[1:]])
    assert {c.address for c in result.open_cells} == set(addresses) and not result.zero_cells
    assert [(a.kind, a.office, a.path) for a in result.absent] == [("blank", NAMES[0], whole.source.path)]
    title = "收到和处理政府信息公开申请情况"
    told = {
        "word": "\n".join(plain_text(filling.drawn(result))),
        "form": str(openpyxl.load_workbook(io.BytesIO(workbook.content(result)))["汇总表"]["A3"].value),
        "screen": "\n".join(summary(result)),
    }
    assert all(NAMES[0] in text and title in text and "填数 0" in text for text in told.values()), told
    [(draft, cells, why)] = _open_contributions(result, "zh")
    assert (draft.name, cells) == (NAMES[0], f"{result.form_data.tables['requests'].title}/*") and "整张表空白" in why

    zeros = Choice(2, NAMES[0], "set", "requests.*", 0, "电话核实", "")
    chosen = sum_up([whole, *drafts[1:]], choices=[zeros])
    assert not chosen.open_cells and not chosen.incomplete and not chosen.notes
    marked = sum_up([emptied(read(truths()[0]), addresses, "mark", "/"), *drafts[1:]])
    assert not marked.open_cells and {c.address for c in marked.zero_cells} == set(addresses)


def test_figures_in_doubt_are_named_wherever_the_sums_stand(drafts: list[Extraction]) -> None:
    """A fee that may be in yuan; what is said otherwise, what is no figure and what a line replaces is not named."""
    address = "article20.fees.amount"

    def found(draft: Extraction, rule: str, table: str | None = "article20", severity: str = "warning") -> Finding:
        id_ = draft.reports[0].report_id
        cells = [address] if table else []
        return Finding("1", id_, rule, "broken", severity, table=table, cells=cells, message=f"{rule} 填 251000。")  # type: ignore[arg-type]

    first, second = drafts[:2]
    of = {
        first.source.path: [found(first, "value.unit"), found(first, "value.blank"), found(first, "x", None)],
        second.source.path: [found(second, "value.unit"), found(second, "note", severity="note")],
    }
    given = Choice(2, NAMES[1], "set", address, 25, "电话核实", "")
    result = sum_up(drafts, choices=[given])
    doubts.note(result, of)
    assert [d.doubts for d in result.counted][:2] == [["value.unit 填 251000。"], []]
    told = {
        "word": plain_text(filling.drawn(result)),
        "form": str(openpyxl.load_workbook(io.BytesIO(workbook.content(result)))["汇总表"]["A3"].value).splitlines(),
        "screen": summary(result),
    }
    for where, lines in told.items():
        assert sum(f"{NAMES[0]}：value.unit 填 251000。" in line for line in lines) == 1, where
        assert not [line for line in lines if NAMES[1] in line and "251000" in line], where


def test_cells_are_kept_as_they_were_read() -> None:
    """Numbers, blanks, marks, words, what could not be read, amounts: each is what it was."""
    address = "requests.new_received.total"
    [report] = unread(
        emptied(given("沭阳县教育局", "department", "body", "321322", {"article20.fees.amount": 3}), ["requests.carried_over.other"], "mark", "/"),
        address,
    ).reports  # fmt: skip
    again = Report(report.report_id, report.identity, report.form, report.variant)
    kept_figures.put_back(again, kept_figures.to_text(report))
    assert again.facts == report.facts and again.unresolved == report.unresolved
    assert [x.table for x in again.layouts] == [x.table for x in report.layouts]
