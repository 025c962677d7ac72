"""Digits without cell borders: never a wrong value, and as much as the real documents allow."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.extraction import extract
from parsers.readers import text
from parsers.tables import splitting
from parsers.tables.lost_grid import read as read_lost
from parsers.tables.match import Match
from parsers.tables.splitting import Balance, Sum, consistent, settle, ways
from schemas import forms
from schemas.facts import Passage, Place
from schemas.forms import Form
from tests.next_form import known
from tests.parsers.readers.pdf import printed

FORMS = printed.all_forms()
YEARS = (2011, 2013, 2015, 2017, 2019, 2021, 2023, 2025)


def _name(value: object) -> str:
    return value.id if isinstance(value, Form) else str(value)


def _passages(words: str | Iterable[str]) -> list[Passage]:
    return [Passage(w, Place(line=i)) for i, w in enumerate([words] if isinstance(words, str) else words, start=1)]


# --- splitting


def _brute(digits: str, cells: int, sums: list[Sum]) -> set[tuple[str, ...]]:
    """Every way, by trying all of them."""
    found: set[tuple[str, ...]]
    if cells == 1:
        found = {(digits,)} if digits else set()
    else:
        found = {(digits[:i], *rest) for i in range(1, len(digits)) for rest in _brute(digits[i:], cells - 1, [])}
    return {
        way
        for way in found
        if all(len(c) == 1 or c[0] != "0" for c in way)
        and all(int(way[s.total]) == sum(int(way[p]) for p in s.parts) for s in sums)
    }


@given(st.text("0123456789", min_size=1, max_size=9), st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_ways_are_all_ways(digits: str, cells: int) -> None:
    for sums in (
        [],
        [Sum(cells - 1, tuple(range(cells - 1)))] if cells > 1 else [],
        [Sum(0, (1,))] if cells > 1 else [],
    ):
        found = ways([digits], [False] * cells, sums)
        assert found is not None
        assert len(found) == len(set(found))
        assert set(found) == _brute(digits, cells, sums)


@given(st.lists(st.integers(0, 30), min_size=6, max_size=6))
@settings(max_examples=100, deadline=None)
def test_ways_with_sums_in_the_middle(numbers: list[int]) -> None:
    first, second = numbers[:3], numbers[3:]
    cells = [*first, sum(first), *second, sum(second)]
    digits = "".join(map(str, cells))
    sums = [Sum(3, (0, 1, 2)), Sum(7, (4, 5, 6))]
    found = ways([digits], [False] * 8, sums)
    assert found is not None
    assert tuple(map(str, cells)) in found
    if len(digits) <= 13:
        assert set(found) == _brute(digits, 8, sums)


@pytest.mark.parametrize(
    "digits,count",
    [("898989", 10), ("3960181", 11), ("100153", 4), ("26480430", 16), ("126025", 7), ("693665", 10), ("77132470", 21)],
)
def test_number_of_ways_of_real_lines(digits: str, count: int) -> None:
    found = ways([digits], [False] * 3)
    assert found is not None and len(found) == count


def test_ways_keep_certain_borders() -> None:
    assert ways(["12", "3"], [False, False]) == [("12", "3")]
    assert set(ways(["12", "3"], [False] * 3) or ()) == {("1", "2", "3")}
    assert ways(["12", "3"], [False]) == []
    assert ways([""], [False]) == []
    assert set(ways(["13.5"], [False, True]) or ()) == {("1", "3.5")}
    assert ways(["1.5"], [False]) == []


def test_too_many_ways_are_not_listed() -> None:
    assert ways(["1" * 60], [False] * 7) is None


def _vectors(rng: random.Random, lines: int, width: int) -> list[list[tuple[int, ...]]]:
    return [[tuple(rng.randrange(4) for _ in range(width)) for _ in range(rng.randint(1, 3))] for _ in range(lines)]


@given(st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_consistent_keeps_every_solution(seed: int) -> None:
    rng = random.Random(seed)
    domains = _vectors(rng, 4, 2)
    balance = Balance((0, 1), (2, 3))
    solutions = [
        (a, b, c, d)
        for a in domains[0]
        for b in domains[1]
        for c in domains[2]
        for d in domains[3]
        if all(w + x == y + z for w, x, y, z in zip(a, b, c, d, strict=True))
    ]
    remaining = consistent(domains, [balance])
    if not solutions:
        assert remaining is None
    else:
        assert remaining is not None
        for line, vectors in enumerate(remaining):
            assert set(vectors) == {s[line] for s in solutions}
    # What `settle` drops is impossible even with any one column left out of account.
    for line, vectors in enumerate(settle(domains, [balance])):
        assert {s[line] for s in solutions} <= set(vectors)
        assert not solutions or set(vectors) <= set(domains[line])
        if not solutions:
            assert vectors == domains[line]


def test_wrong_column_sums_are_not_heard() -> None:
    # Two ways for the first line; no way fits the printed sum of the second.
    assert settle([[(1, 20), (12, 0)], [(13, 0)]], [Balance((0,), (1,))]) == [[(1, 20), (12, 0)], [(13, 0)]]
    assert settle([[(1, 20), (12, 0)], [(12, 0)]], [Balance((0,), (1,))]) == [[(12, 0)], [(12, 0)]]


def test_one_column_decides_nothing() -> None:
    # The ways differ in the first column only: its sum alone could be the one that is wrong in print.
    assert settle([[(1, 2), (7, 2)], [(7, 2)]], [Balance((0,), (1,))]) == [[(1, 2), (7, 2)], [(7, 2)]]


# --- the real documents


def _gold(shared: Path, name: str) -> dict[str, Any]:
    return json.loads((shared / "gold" / name).read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def _read(shared: Path, gold: dict[str, Any]) -> list[Passage]:
    path = shared / "reports" / gold["source"]
    return [Passage(p.text, p.place) for p in text.read(path.read_bytes(), path.name).paragraphs]


@pytest.mark.shared
@pytest.mark.parametrize("year", YEARS)
def test_real_reports(shared: Path, year: int) -> None:
    gold = _gold(shared, f"{year}-pingtan-district.json")
    passages = _read(shared, gold)
    result = read_lost(passages, gold["year"])
    assert result is not None
    assert (result.form, result.variant) == (gold["form"], None)
    facts = {f.address: f for f in result.facts}
    unresolved = {u.address: u for u in result.unresolved}
    for address, fact in facts.items():
        assert fact.value is not None and Decimal(str(fact.value)) == Decimal(str(gold["facts"][address])), address
        assert fact.place.line == 10
    hard = tuple(gold.get("hard", ()))
    missing = [a for a in gold["facts"] if a not in facts]
    assert [a for a in missing if not a.startswith(hard)] == [] if hard else missing == []
    assert set(gold["unresolved"]) <= set(unresolved)
    for address, likely in gold.get("likely", {}).items():
        readings = unresolved[address].readings
        assert not readings or Decimal(str(likely)) in [Decimal(str(r)) for r in readings], address
    for layout in result.layouts:
        assert (layout.missing_rows, layout.extra, layout.reordered) == ([], [], False)


@pytest.mark.shared
@pytest.mark.parametrize(
    "year,cells",
    [
        (2021, "requests.granted"),
        (2021, "requests.unavailable_not_held"),
        (2023, "requests.granted"),
        (2025, "requests.granted"),
    ],
)
def test_column_sums_settle_lines_that_their_own_total_does_not(shared: Path, year: int, cells: str) -> None:
    result = read_lost(_read(shared, _gold(shared, f"{year}-pingtan-district.json")), year)
    assert result is not None
    facts = {f.address: f for f in result.facts}
    assert facts[f"{cells}.natural_person"].method == "solved"
    code = cells.split(".")[1]
    assert {("requests.applicants", code), ("requests.outcomes", "natural_person")} <= result.spent


@pytest.mark.shared
def test_real_reports_are_fast(shared: Path) -> None:
    documents = [(_read(shared, g), g["year"]) for y in YEARS for g in (_gold(shared, f"{y}-pingtan-district.json"),)]
    for passages, year in documents:
        took = []
        for _ in range(3):
            start = time.process_time()
            read_lost(passages, year)
            took.append(time.process_time() - start)
        assert min(took) < 0.05


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "reports/2013-pingtan-local-tax-bureau.txt",
        "reports/notice-2019-no60.txt",
        "reports/notice-2021-no30.txt",
        "seeds/gansu-2021-assessment-circular.txt",
        "seeds/quzhou-guangdong-annual-reports.txt",
    ],
)
def test_no_table_in_prose(shared: Path, name: str) -> None:
    path = shared / name
    assert read_lost([Passage(p.text, p.place) for p in text.read(path.read_bytes(), path.name).paragraphs]) is None


# --- generated documents


def _check(result: Match | None, form: Form, truth: printed.Values) -> Match:
    assert result is not None
    assert result.form == form.id
    assert {f.address for f in result.facts} | {u.address for u in result.unresolved} <= set(truth)
    for fact in result.facts:
        assert fact.kind == "number"
        assert fact.value == truth[fact.address], fact
    for cell in result.unresolved:
        assert not cell.readings or truth[cell.address] in cell.readings, cell
    return result


def _without(form: Form, rng: random.Random) -> frozenset[str]:
    optional = [r.code for t in form.tables.values() for r in t.rows if r.optional]
    return frozenset(code for code in optional if rng.random() < 0.5)


@pytest.mark.parametrize("form,variant", FORMS, ids=_name)
@given(st.integers(0, 10**9), st.sampled_from([0.0, 0.3, 1.0]), st.sampled_from([0.0, 0.1]), st.booleans())
@settings(max_examples=25, deadline=None)
def test_never_a_wrong_value(
    form: Form, variant: str | None, seed: int, border: float, stray: float, marks: bool
) -> None:
    rng = random.Random(seed)
    truth = printed.values(form, rng, variant, _without(form, rng))
    words = printed.joined(form, truth, rng, variant, border=border, stray=stray, marks=marks)
    result = _check(read_lost(_passages(words)), form, truth)
    assert result.variant == variant
    read = {f.address for f in result.facts} | {u.address for u in result.unresolved}
    assert read == set(truth)


@pytest.mark.parametrize("form,variant", FORMS, ids=_name)
@given(st.integers(0, 10**9))
@settings(max_examples=15, deadline=None)
def test_spaces_at_every_border_are_cells(form: Form, variant: str | None, seed: int) -> None:
    rng = random.Random(seed)
    truth = printed.values(form, rng, variant, _without(form, rng))
    result = _check(read_lost(_passages(printed.joined(form, truth, rng, variant, border=1.0))), form, truth)
    assert result.unresolved == []
    assert {f.method for f in result.facts} == {"order"}
    assert result.spent == set()


@given(st.integers(0, 10**9), st.sampled_from(["2021", "2019"]), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_wrong_sums_in_print_lead_to_no_wrong_value(seed: int, form_id: str, errors: int) -> None:
    """Lines that keep their own total but no longer fit the column sums: what was published is what is read."""
    rng = random.Random(seed)
    form = forms.load(form_id)
    truth = printed.values(form, rng)
    table = form.tables["requests"]
    for _ in range(errors):
        row = rng.choice(table.rows[:-1]).code
        columns = [c.code for c in table.columns[:-1]]
        if f"requests.{row}.total" not in truth:
            continue
        change = rng.choice([1, 2, 5, 9, 10, 20, 90])
        for column in rng.sample(columns, rng.choice([1, 1, 2])):
            truth[f"requests.{row}.{column}"] += change
            truth[f"requests.{row}.total"] += change
    _check(read_lost(_passages(printed.joined(form, truth, rng))), form, truth)


def test_most_of_a_plain_table_is_read() -> None:
    """Cautious must not mean useless: nearly all cells of a small table come out."""
    read = asked = 0
    for seed in range(20):
        rng = random.Random(seed)
        form = forms.load("2021")
        truth = {a: v for a, v in printed.values(form, rng).items() if a.startswith(("requests", "disputes"))}
        result = read_lost(_passages(printed.joined(form, truth, rng)))
        assert result is not None
        read += len(result.facts)
        asked += len(truth)
    assert read / asked > 0.9


@pytest.mark.parametrize("year", [None, 2023, 2028])
@pytest.mark.parametrize("border", [0.0, 0.3, 1.0])
def test_a_later_form_with_one_label_more_never_takes_the_text_of_this_one(year: int | None, border: float) -> None:
    texts = []
    for seed, (form, variant) in enumerate(f for f in FORMS if f[0].id in ("2019", "2021")):
        rng = random.Random(seed)
        truth = printed.values(form, rng, variant)
        words = printed.joined(form, truth, rng, variant, border=border)
        texts.append((form, truth, words, read_lost(_passages(words), year)))
    with known():
        for form, truth, words, alone in texts:
            beside = read_lost(_passages(words), year)
            _check(beside, form, truth)
            assert alone is not None and beside is not None and beside.facts == alone.facts


def test_a_later_form_takes_its_own_text() -> None:
    with known() as form:
        assert form is not None
        for year in (None, 2028, 2023):
            rng = random.Random(year)
            truth = printed.values(form, rng)
            _check(read_lost(_passages(printed.joined(form, truth, rng)), year), form, truth)


def _small(rows: list[tuple[str, str]], heads: str = "指标名称计量单位2015年度历年累计") -> Match | None:
    return read_lost(_passages(heads + "".join(label + digits for label, digits in rows)))


def test_item_numbers_run_into_the_digits() -> None:
    result = _small(
        [
            ("受理依申请公开信息总数条", "01"),
            ("其中：1、当面申请数条", "00"),
            ("2、网上申请数条", "00"),
            ("3、信函、传真申请数条", "01"),
        ]
    )
    assert result is not None
    assert {f.address.split(".", 1)[1]: f.value for f in result.facts} == {
        "requests_received.year": 0,
        "requests_received.cumulative": 1,
        "requests_in_person.year": 0,
        "requests_in_person.cumulative": 0,
        "requests_online.year": 0,
        "requests_online.cumulative": 0,
        "requests_letter_fax.year": 0,
        "requests_letter_fax.cumulative": 1,
    }


def test_a_lost_cell_is_not_filled() -> None:
    result = _small(
        [
            ("主动公开文件数条", " 5 9"),
            ("其中：1、政府网站公开数条", " 5 9"),
            ("2、政府公报公开数条", " 0"),
            ("行政复议数件", " 0 0"),
        ]
    )
    assert result is not None
    lost = [u for u in result.unresolved if "channel_gazette" in u.address]
    assert [(u.reason, u.readings, u.printed) for u in lost] == [("count", [], "0")] * 2
    assert {f.address.split(".")[1] for f in result.facts} == {"disclosed", "channel_website", "reconsideration"}


@pytest.mark.parametrize("noise", ["/", "（其中修订1件）", "—"])
def test_a_mark_or_a_note_among_the_digits_leaves_them_unread(noise: str) -> None:
    heads = "信息内容本年制发件数本年废止件数现行有效件数"
    words = f"{heads}规章000行政规范性文件12{noise}3第二十条第（五）项信息内容本年处理决定数量行政许可7。"
    result = read_lost(_passages(words))
    assert result is not None
    assert {f.address: f.value for f in result.facts} == {
        "article20.regulations.issued": 0,
        "article20.regulations.repealed": 0,
        "article20.regulations.in_force": 0,
        "article20.licensing.decisions": 7,
    }
    assert {(u.address, tuple(u.readings)) for u in result.unresolved} == {
        (f"article20.normative_documents.{c}", ()) for c in ("issued", "repealed", "in_force")
    }


@pytest.mark.parametrize("figure", ["3, 119", "3，11", "3. 5", "3、4", "3 119", "3-4"])
def test_a_broken_figure_is_not_read_in_part(figure: str) -> None:
    head = "信息内容本年处理决定数量"
    result = read_lost(_passages(f"{head}行政许可{figure}{head}行政处罚 7行政强制8。"))
    assert result is not None
    assert {f.address.split(".")[1]: f.value for f in result.facts} == {"penalty": 7, "coercion": 8}
    assert [u.address.split(".")[1] for u in result.unresolved] == ["licensing"]


def test_a_line_against_its_own_total_is_left_unresolved() -> None:
    heads = "申请人情况自然人法人或其他组织总计商业企业科研机构社会公益组织法律服务机构其他"
    words = f"{heads}一、本年新收政府信息公开申请数量3000004二、上年结转政府信息公开申请数量1000001"
    result = read_lost(_passages(words))
    assert result is not None
    assert {f.address.split(".")[1] for f in result.facts} == {"carried_over"}
    assert {(u.address.split(".")[1], tuple(u.readings)) for u in result.unresolved} == {("new_received", ())}


def test_exchanged_rows_come_out_by_their_labels() -> None:
    rng = random.Random(7)
    form = forms.load("2021")
    truth = printed.values(form, rng)
    words = printed.joined(form, truth, rng)
    a, b = "（一）予以公开", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
    swapped = words.replace("（一）予以公开", "\0").replace(b, a).replace("\0", b)
    result = read_lost(_passages(swapped))
    assert result is not None
    exchanged = {"granted": "partially_granted", "partially_granted": "granted"}
    for fact in result.facts:
        table, row, column = fact.address.split(".")
        assert fact.value == truth[f"{table}.{exchanged.get(row, row)}.{column}"]
    assert next(x for x in result.layouts if x.table == "requests").reordered


def test_the_same_table_twice() -> None:
    rng = random.Random(3)
    form = forms.load("2019")
    truth = printed.values(form, rng)
    words = printed.joined(form, truth, rng, border=1.0)
    _check(read_lost(_passages(words + words)), form, truth)
    other = dict(truth)
    other["requests.granted.natural_person"] += 1
    result = read_lost(_passages(words + printed.joined(form, other, rng, border=1.0)))
    assert result is not None
    assert {u.address.split(".")[1] for u in result.unresolved if u.reason == "repeated"} == {"granted"}


def test_units_and_signs_are_borders() -> None:
    words = (
        "第二十条第（五）项信息内容上一年项目数量本年增/减处理决定数量行政许可997项增加5项388973件"
        "其他对外管理服务事项408项减少3项20件第二十条第（九）项信息内容采购项目数量采购总金额政府集中采购2118笔27042.62万元"
    )
    result = read_lost(_passages(words))
    assert result is not None
    assert {f.address.split(".", 1)[1]: f.value for f in result.facts} == {
        "licensing.items_last_year": 997,
        "licensing.items_change": 5,
        "licensing.decisions": 388973,
        "other_services.items_last_year": 408,
        "other_services.items_change": -3,
        "other_services.decisions": 20,
        "procurement.projects": 2118,
        "procurement.amount": Decimal("27042.62"),
    }


def test_traditional_characters_and_full_width_digits() -> None:
    words = "信息內容本年制發件數本年廢止件數現行有效件數規章０００行政規範性文件１２３第二十條第（五）項信息內容本年處理決定數量行政許可５８"
    result = read_lost(_passages(words))
    assert result is not None
    assert [f.value for f in result.facts] == [0, 0, 0, 1, 2, 3, 58]


def test_sentences_are_no_rows() -> None:
    words = "其中：予以公开3件，部分公开5件，不予公开2件。行政复议 2 起，结果维持1件。行政许可 17 件，行政处罚 9 件。"
    assert read_lost(_passages(words * 5)) is None
    assert read_lost([]) is None
    assert read_lost(_passages("")) is None


def test_every_line_has_its_place() -> None:
    heads = "信息内容本年制发件数本年废止件数现行有效件数"
    passages = _passages(
        ["一、总体情况", heads, "规章 0 0 0", "行政规范性文件", "1 2 3", "信息内容本年处理决定数量行政许可7"]
    )
    result = read_lost(passages)
    assert result is not None
    assert {f.address.split(".")[1]: f.place.line for f in result.facts} == {
        "regulations": 3,
        "normative_documents": 5,
        "licensing": 6,
    }


def test_long_digits_are_bounded() -> None:
    heads = "申请人情况自然人法人或其他组织总计商业企业科研机构社会公益组织法律服务机构其他"
    rows = forms.load("2021").tables["requests"].rows
    words = heads + "".join(r.label + "1234567890" * 6 for r in rows if not r.variant)
    start = time.process_time()
    result = read_lost(_passages(words))
    assert time.process_time() - start < 5
    assert result is not None and result.facts == []
    assert splitting.MOST_WAYS >= 1000


# --- what could not be decoded


LOST = ("\ufffd", "\x0e", "\x1c", "\x85", "\x9e", "\ue123", "\u0664")
COERCION = "第二十条第（六）项信息内容本年处理决定数量行政处罚1282行政强制{}第二十条第（八）项信息内容"
FEES = "本年收费金额（单位：万元）行政事业性收费24252.311082三、收到和处理政府信息公开申请情况"


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("printed", ["4{}", "{}2", "4{}2", "4 {}", "{} 2"])
def test_a_character_that_could_not_be_decoded_may_have_been_a_digit(printed: str, lost: str) -> None:
    words = COERCION + FEES
    whole = read_lost(_passages(words.format("42")), 2021)
    assert whole is not None
    assert {f.address: f.value for f in whole.facts}["article20.coercion.decisions"] == 42
    broken = read_lost(_passages(words.format(printed.format(lost))), 2021)
    assert broken is not None
    assert {f.address for f in broken.facts} == {f.address for f in whole.facts} - {"article20.coercion.decisions"}
    assert [(u.address, u.reason) for u in broken.unresolved] == [("article20.coercion.decisions", "characters")]


def test_a_letter_right_behind_a_figure_may_have_been_a_digit() -> None:
    broken = read_lost(_passages((COERCION + FEES).format("4r")), 2021)
    assert broken is not None
    assert [u.address for u in broken.unresolved] == ["article20.coercion.decisions"]


@pytest.mark.shared
def test_a_byte_that_cannot_be_decoded_in_a_real_report(shared: Path) -> None:
    path = shared / "reports" / "2021-pingtan-district.txt"
    data = path.read_bytes()
    damaged = data.replace("行政强制42第".encode(), "行政强制4".encode() + b"\x9e" + "第".encode())
    assert damaged != data
    report = extract(path, damaged).reports[0]
    assert "article20.coercion.decisions" in {u.address for u in report.unresolved}
    assert "article20.coercion.decisions" not in {f.address for f in report.facts}


def test_a_byte_that_swallows_the_next_character_is_noticed() -> None:
    """In GB18030 a damaged digit and the first byte of the word behind it make a character that nobody wrote."""
    words = (COERCION + FEES).format("42")
    data = words.encode("gb18030")
    at = data.index("082三".encode("gb18030")) + 2
    for byte in (0xB7, 0x9E, 0xE2):
        broken = data[:at] + bytes([byte]) + data[at + 1 :]
        result = read_lost(_passages(broken.decode("gb18030", errors="replace")), 2021)
        assert result is not None
        assert "article20.fees.amount" not in {f.address for f in result.facts}
        assert "article20.fees.amount" in {u.address for u in result.unresolved}


# --- what is not placed, and tables beside grids


def test_a_label_without_figures_and_figures_without_a_row_leave_a_trace() -> None:
    result = _small(
        [
            ("主动公开文件数条", " 5 9"),
            ("受理依申请公开信息总数条", " 3 4"),
            ("其中：1、当面申请数条", ""),
            ("2、网上申请数条", " 1 1"),
            ("本单位另设的指标条", " 77 78"),
            ("3、信函、传真申请数条", " 2 3"),
        ]
    )
    assert result is not None
    assert {t.row for t in result.traces} == {"requests_in_person"}
    assert [(x.printed, x.reason) for x in result.leftovers] == [("77 78", "row")]
    assert not any("requests_in_person" in f.address for f in result.facts)


def test_a_cell_that_has_one_of_its_readings_and_nothing_else_says_so() -> None:
    rng = random.Random(3)
    form = forms.load("2021")
    closed = 0
    for _ in range(6):
        truth = printed.values(form, rng)
        result = read_lost(_passages(printed.joined(form, truth, rng)), 2023)
        assert result is not None
        for cell in result.unresolved:
            assert not cell.closed or truth[cell.address] in cell.readings
            assert cell.closed is (bool(cell.readings) and cell.reason == "joined")
            closed += cell.closed
    assert closed


@pytest.mark.parametrize("lost", ["article20", "requests", "disputes"])
def test_a_table_that_lost_its_grid_is_read_beside_others_that_have_theirs(lost: str) -> None:
    form = forms.load("2021")
    rng = random.Random(7)
    truth = printed.values(form, rng)
    whole = read_lost(_passages(printed.joined(form, truth, rng, border=1.0)), 2023)
    assert whole is not None
    there = Match("2021", None, layouts=[t for t in whole.layouts if t.table != lost])
    there.facts = [f for f in whole.facts if f.address.partition(".")[0] != lost]
    more = read_lost(_passages(printed.joined(form, truth, rng, border=1.0)), 2023, there)
    assert more is not None and more.tables == {lost}
    assert {f.address.partition(".")[0] for f in more.facts} == {lost}
    before = len(there.facts)
    there.add(more)
    assert len(there.facts) == before + len(more.facts) and there.tables == {"article20", "requests", "disputes"}
    assert len({f.address for f in there.facts}) == len(there.facts)
    assert all(f.value == truth[f.address] for f in there.facts)


def test_sentences_beside_a_grid_are_no_table() -> None:
    grids = Match("2021", None)
    said = [
        "本年新收政府信息公开申请12件，上年结转政府信息公开申请3件。",
        "行政复议结果维持1件，结果纠正0件，其他结果0件，尚未审结0件，总计1件。",
        "行政许可本年处理决定数量30件。",
    ]
    assert read_lost(_passages(said), 2023, grids) is None


def test_figures_that_are_paragraphs_of_their_own_are_not_cut() -> None:
    """One of fifteen is gone: the others are not cut to make up for it."""
    heads = ["行政复议", "行政诉讼", *["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]]
    heads += ["未经复议直接起诉", *heads[2:], "复议后起诉", *heads[2:]]
    whole = ["2", "11", "0", "10", "23", "3", "0", "3", "10", "16", "2", "11", "0", "0", "13"]
    found = read_lost(_passages([*heads, *whole]), 2023, Match("2021", None))
    assert found is not None and [str(f.value) for f in found.facts] == whole
    short = [*whole[:11], *whole[12:]]
    found = read_lost(_passages([*heads, *short]), 2023, Match("2021", None))
    assert found is not None and not found.facts and len(found.unresolved) == 15
