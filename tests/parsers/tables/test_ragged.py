"""Rows of running text against the form: what sums settle, what stays open, what heads forbid."""

from __future__ import annotations

import pytest

from parsers.document import Cell, Paragraph, Table
from parsers.tables import matching
from schemas.facts import Place

HEADS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]


def _match(*rows: list[str], blanks_seen: bool = True) -> matching.Match:
    cells = [Cell(text, r, c, line=r + 1) for r, row in enumerate(rows) for c, text in enumerate(row)]
    table = Table(1, cells, len(rows), max(map(len, rows)), ragged=True, blanks_seen=blanks_seen)
    title = Paragraph("三、收到和处理政府信息公开申请情况", Place(line=1))
    found = matching.match([title, table], 2023)
    assert found is not None
    return found


def _figures(found: matching.Match, row: str) -> dict[str, object]:
    facts = {f.address.rpartition(".")[2]: f.value for f in found.facts if f.address.split(".")[1] == row}
    return facts | {u.address.rpartition(".")[2]: u.reason for u in found.unresolved if u.address.split(".")[1] == row}


def test_lost_blanks_leave_the_total() -> None:
    found = _match(HEADS, ["（一）予以公开", "3", "1", "4"], ["（二）部分公开", "2", "2"], blanks_seen=False)
    assert _figures(found, "granted") == dict.fromkeys(_figures(found, "granted"), "count") | {"total": 4}
    assert {f.method for f in found.facts} == {"solved"}
    assert ("requests.applicants", "granted") in found.spent


def test_blanks_that_are_seen_keep_every_column() -> None:
    found = _match(HEADS, ["（一）予以公开", "3", "", "", "", "1", "", "4", "", ""])
    assert _figures(found, "granted") == {
        "natural_person": 3,
        "commercial_enterprise": None,
        "research_institution": None,
        "social_welfare_organization": None,
        "legal_service_institution": 1,
        "other": None,
        "total": 4,
    }
    assert {f.method for f in found.facts} == {"order"} and not found.spent


@pytest.mark.parametrize("total,kept", [("8", True), ("9", False)])
def test_a_misprinted_label_is_believed_with_its_sum(total: str, kept: bool) -> None:
    row = ["5.要求行机关确认或重新出具已获取信息", "7", "0", "0", "0", "1", "0", total]
    found = _match(["4.无正当理由大量反复申请", "3", "0", "0", "0", "1", "0", "4"], row)
    assert (_figures(found, "not_processed_confirmation").get("natural_person") == 7) is kept


def test_a_column_that_the_form_does_not_have_is_never_pressed_in() -> None:
    heads = ["行次", *HEADS]
    rows = [
        [label, n, "30", "2", "1", "1", "1", "35"] for n, label in (("1", "（一）予以公开"), ("2", "（二）部分公开"))
    ]
    found = _match(heads, *rows, blanks_seen=False)
    assert found.facts == []


def test_heads_cut_by_a_line_break_allow_the_order() -> None:
    cells = [["信息内容", "本年制", "本年废", "现行有"], ["规章", "0", "1", "2"]]
    table = Table(1, [Cell(t, r, c) for r, row in enumerate(cells) for c, t in enumerate(row)], 2, 4, ragged=True)
    found = matching.match([table], 2023)
    assert found is not None
    assert [f.value for f in found.facts] == [0, 1, 2]


ROWS = [
    ["（一）予以公开", "3", "1", "0", "0", "0", "0", "4"],
    ["（二）部分公开", "2", "2", "1", "0", "0", "0", "5"],
    ["1.属于国家秘密", "0", "0", "0", "0", "0", "0", "0"],
]


def test_a_column_that_no_form_has_leaves_rows_open() -> None:
    """Whatever stands beside the official columns: a whole row, a lost cell, a head that nobody knows, heads out of order, sums that do not bear it out: no row is read."""
    rows = [[*row, "9"] for row in ROWS]
    wrong = [[row[0], *row[2:], row[1], "9"] for row in ROWS]
    for head, lines in (
        ([*HEADS, "备注"], rows),
        ([*HEADS, "备注"], [row[:-1] for row in rows]),
        ([*HEADS, "本级小计"], rows),
        ([*HEADS[:-1], "备注", HEADS[-1]], wrong),
        ([*HEADS[3:], *HEADS[:3], "备注"], rows),
        ([*HEADS, "备注"], wrong),
    ):
        facts = _match(head, *lines).facts
        assert not [f for f in facts if f.value is not None and f.address.startswith("requests.partially")], head
