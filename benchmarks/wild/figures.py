"""The figures of one report: consistent, and each with the text that stands in its cell.

Belongs here: drawing numbers that satisfy the form, how a number, a nothing or a word is written into a cell, and which
sums the written cells break. Does not belong here: where on a page the cell stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from benchmarks.wild import form
from benchmarks.wild.drawing import Draw

# Outcomes in the order of the form, as often as offices meet them.
_WEIGHTS = {
    "granted": 36, "partially_granted": 9, "denied_state_secret": 0.3, "denied_prohibited_by_law": 1.5,
    "denied_endangers_security": 0.4, "denied_third_party_rights": 2, "denied_internal_affairs": 2.5,
    "denied_deliberative_process": 2, "denied_enforcement_file": 3, "denied_administrative_query": 3,
    "unavailable_not_held": 22, "unavailable_needs_creation": 3, "unavailable_still_unclear": 1.5,
    "not_processed_petition": 3, "not_processed_repeat": 2.5, "not_processed_publication": 0.3,
    "not_processed_excessive": 0.6, "not_processed_confirmation": 0.8, "other_overdue_correction": 2,
    "other_unpaid_fee": 0.3, "other_remaining": 3, "other_handling": 5,
}  # fmt: skip
_APPLICANTS = [80, 12, 0.6, 0.8, 3, 3]
_SCALES = {
    "none": (0, 0), "few": (1, 6), "tens": (7, 60), "hundreds": (61, 700), "thousands": (701, 9000),
}  # fmt: skip
_WORD_MARKS = ("无", "不涉及", "不适用")
_MARKS = {"/": 5, "／": 2, "-": 3, "—": 3, "－": 1, "--": 1, "——": 1, "无": 1.5, "不涉及": 0.3, "N/A": 0.2, "○": 0.3}
_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows, what it means, and which answers are right."""

    printed: str
    # number, blank, mark or text; `also` are kinds that are as good.
    kind: str
    value: float | None = None
    also: tuple[str, ...] = ()
    # The page leaves room for doubt: unresolved is a right answer here.
    open: bool = False


Values = dict[str, float]


def _requests(draw: Draw, scale: str, *, single_other: bool) -> Values:
    least, most = _SCALES[scale]
    count = draw.whole(least, most)
    over = draw.whole(0, max(1, count // 12)) if count and draw.chance(0.6) else 0
    forward = draw.whole(0, max(1, (count + over) // 12)) if count and draw.chance(0.6) else 0
    rows = form.outcomes(single_other=single_other)
    values: Values = {}
    new, old = draw.spread(count, _APPLICANTS), draw.spread(over, _APPLICANTS)
    left = min(forward, count + over)
    ahead = [0] * 6
    # What is carried forward was received from somebody.
    for who in draw.shuffled([i for i in range(6) for _ in range(new[i] + old[i])])[:left]:
        ahead[who] += 1
    columns = [c for c in form.APPLICANTS if c != "total"]
    for i, column in enumerate(columns):
        done = new[i] + old[i] - ahead[i]
        parts = draw.spread(done, [_WEIGHTS[r] for r in rows])
        whole = {"new_received": new[i], "carried_over": old[i], "processed_total": done, "carried_forward": ahead[i]}
        for row, value in {**whole, **dict(zip(rows, parts, strict=True))}.items():
            values[f"requests.{row}.{column}"] = value
    for code in (r.code for r in form.request_rows(single_other=single_other)):
        values[f"requests.{code}.total"] = sum(values[f"requests.{code}.{c}"] for c in columns)
    return values


def _disputes(draw: Draw, scale: str) -> Values:
    values: Values = {}
    most = {"none": 0, "few": 1, "tens": 6, "hundreds": 40, "thousands": 400}[scale]
    for group in form.DISPUTES:
        count = draw.whole(0, most) if draw.chance(0.6) else 0
        parts = draw.spread(count, [6, 1.5, 2, 2])
        for code, value in zip(form.RESULTS_OF_DISPUTES, [*parts, count], strict=True):
            values[f"disputes.{group}.{code}"] = value
    return values


def _article20(draw: Draw, form_id: str, scale: str, *, may_make_rules: bool) -> Values:
    size = {"none": 20, "few": 300, "tens": 4000, "hundreds": 60000, "thousands": 900000}[scale]
    values: Values = {}

    def decisions() -> int:
        return draw.whole(0, size) if draw.chance(0.75) else 0

    for row in ("regulations", "normative_documents"):
        some = may_make_rules if row == "regulations" else draw.chance(0.7)
        issued = draw.whole(0, 12) if some else 0
        stock = issued + (draw.whole(0, 400 if scale == "thousands" else 60) if some else 0)
        if form_id == "2021":
            heads = {"issued": issued, "repealed": draw.whole(0, 9) if some else 0, "in_force": stock}
        else:
            heads = {"produced": issued, "disclosed": draw.whole(0, issued), "disclosed_total": stock}
        values |= {f"article20.{row}.{head}": value for head, value in heads.items()}
    if form_id == "2021":
        for row in ("licensing", "penalty", "coercion"):
            values[f"article20.{row}.decisions"] = decisions()
        values["article20.fees.amount"] = _amount(draw, size)
        return values
    for row in ("licensing", "other_services", "penalty", "coercion", "fees"):
        items = draw.whole(0, 900) if draw.chance(0.7) else 0
        values[f"article20.{row}.items_last_year"] = items
        values[f"article20.{row}.items_change"] = draw.whole(-min(items, 30), 30) if items and draw.chance(0.5) else 0
        if row != "fees":
            values[f"article20.{row}.decisions"] = decisions()
    values["article20.procurement.projects"] = draw.whole(0, 300) if draw.chance(0.7) else 0
    values["article20.procurement.amount"] = _amount(draw, size)
    return values


def _amount(draw: Draw, size: int) -> float:
    if draw.chance(0.35):
        return 0
    return draw.real(0.01, max(size / 8, 2), draw.one([0, 1, 2, 2, 2, 4, 6]))


def draw_values(draw: Draw, form_id: str, scale: str, *, single_other: bool, may_make_rules: bool) -> Values:
    values = _article20(draw, form_id, scale, may_make_rules=may_make_rules)
    values |= _requests(draw, scale, single_other=single_other)
    return values | _disputes(draw, scale)


def plain(value: float) -> str:
    """Digits as a machine writes them: no exponent, no zeros behind the last decimal."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _thousands(value: float, comma: str) -> str:
    whole, dot, decimals = plain(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{dot}{decimals}".replace(",", comma)


@dataclass(frozen=True, slots=True)
class Writing:
    """How this office writes: one hand for the whole document."""

    comma: str
    full_width: bool
    units: bool
    zeros: str
    mark: str
    change: str
    notes: bool


def draw_writing(draw: Draw) -> Writing:
    zeros = draw.pick("zeros", {"printed": 55, "blank": 14, "marks": 10, "some blank": 13, "some marks": 8})
    return Writing(
        comma=draw.one([",", "，", ","]) if draw.chance(0.12, "commas for thousands") else "",
        full_width=draw.chance(0.04, "full-width digits"),
        units=draw.chance(0.1, "units in cells"),
        zeros=zeros,
        mark=draw.pick("mark", _MARKS) if "marks" in zeros else "",
        change=draw.weighted({"+-": 2, "words": 2, "arrows": 0.6, "words and unit": 1}),
        notes=draw.chance(0.06, "a note in a cell"),
    )


def _digits(writing: Writing, value: float) -> str:
    text = _thousands(value, writing.comma) if writing.comma and abs(value) >= 1000 else plain(value)
    return text.translate(_FULL_WIDTH) if writing.full_width else text


def _change(writing: Writing, value: float) -> str:
    if value == 0:
        return "0"
    size = _digits(writing, abs(value))
    if writing.change == "+-":
        return f"{'+' if value > 0 else '-'}{size}"
    if writing.change == "arrows":
        return f"{'↑' if value > 0 else '↓'}{size}"
    return f"{'增加' if value > 0 else '减少'}{size}{'项' if writing.change != 'words' else ''}"


def _unit(address: str) -> str:
    head = address.rpartition(".")[2]
    return {"items_last_year": "项", "amount": "万元", "projects": "个"}.get(head, "件")


def _nothing(draw: Draw, writing: Writing, value: float) -> Cell | None:
    """A zero that is not printed as 0."""
    ways = {
        "blank": (1.0, ""),
        "marks": (1.0, writing.mark),
        "some blank": (0.6, ""),
        "some marks": (0.5, writing.mark),
    }
    if value != 0 or writing.zeros not in ways:
        return None
    share, text = ways[writing.zeros]
    if not draw.chance(share):
        return None
    if not text:
        return Cell("", "blank")
    return Cell(text, "mark", also=("text",) if text in _WORD_MARKS else ())


def write(draw: Draw, writing: Writing, values: Mapping[str, float]) -> dict[str, Cell]:
    """The text of every cell. What is not printed is always a zero, so the sums hold if blanks are nothing."""
    cells: dict[str, Cell] = {}
    for address, value in values.items():
        table, _, head = address.partition(".")[0], "", address.rpartition(".")[2]
        nothing = _nothing(draw, writing, value) if head != "items_change" else None
        if nothing:
            cells[address] = nothing
            continue
        text = _change(writing, value) if head == "items_change" else _digits(writing, value)
        if table == "article20" and writing.units and head != "items_change":
            text += _unit(address)
        cells[address] = Cell(text, "number", value)
    if writing.notes:
        _add_note(draw, cells, values)
    return cells


def _add_note(draw: Draw, cells: dict[str, Cell], values: Mapping[str, float]) -> None:
    for head in ("issued", "in_force", "produced", "disclosed_total"):
        address = f"article20.normative_documents.{head}"
        cell = cells.get(address)
        if cell and cell.kind == "number" and values[address] >= 2:
            part = draw.whole(1, int(values[address]) - 1)
            words = draw.one(["其中修订", "含修改", "含联合发文", "其中自然失效"])
            cells[address] = replace(cell, printed=f"{cell.printed}（{words}{part}件）")
            return


def wordy(draw: Draw, cells: dict[str, Cell]) -> None:
    """One cell that holds words instead of a figure."""
    address = draw.one([a for a, c in cells.items() if c.kind == "number" and "items_change" not in a])
    cell = cells[address]
    if cell.value:
        cells[address] = Cell(draw.one([f"约{cell.printed}", f"{cell.printed}件左右", f"{cell.printed}余"]), "text")
    else:
        cells[address] = Cell(draw.one(["暂无", "未发生", "待统计"]), "text", also=("mark",))


def _limits(addresses: tuple[str, ...], cells: Mapping[str, Cell]) -> tuple[float, float]:
    """The least and the most that these cells can add up to; a cell that is not a number may be anything from 0."""
    known = sum(cells[a].value or 0 for a in addresses)
    return known, (known if all(cells[a].kind == "number" for a in addresses) else float("inf"))


def broken(cells: Mapping[str, Cell], *, single_other: bool) -> list[form.Sum]:
    """The sums that no filling of the cells without a number can make hold."""
    found = []
    for one in form.sums(single_other=single_other):
        left, right = _limits(one.left, cells), _limits(one.right, cells)
        if left[0] > right[1] + 1e-9 or right[0] > left[1] + 1e-9:
            found.append(one)
    return found


def plant(draw: Draw, cells: dict[str, Cell], *, single_other: bool) -> str | None:
    """Change one printed figure of table 三 or 四 so that a sum breaks; says which, or None where nothing can break."""
    numbers = [a for a, c in cells.items() if c.kind == "number" and not a.startswith("article20")]
    for address in draw.shuffled(numbers)[:12]:
        old = cells[address]
        wrong = (old.value or 0) + draw.whole(1, 9)
        changed = {**cells, address: Cell(plain(wrong), "number", wrong)}
        if broken(changed, single_other=single_other):
            cells[address] = changed[address]
            return address
    return None
