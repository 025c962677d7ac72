"""Sentences for section 一, written from the figures of the tables.

Belongs here: wording of our own around figures that the tables give. Does not belong here: reading sentences
(`parsers.prose.statements`), holding them against the tables (`checks`).

A sentence is written only where every figure in it is known: what is blank or unread is left out, and said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gouji.word.official_form import Text, printed
from schemas.facts import Report, Value
from schemas.forms import ColumnRole, Form, Row, RowRole, TableRole

# How a report names what it counts, by its scope; and the cities and counties by the ending of their name.
_OWN = {"office": "本机关", "level": "本级", "system": "本系统"}
_AREA = {"province": "全省", "prefecture": "全市", "county": "全县"}
_ENDINGS = {
    "省": "全省",
    "自治区": "全区",
    "市": "全市",
    "县": "全县",
    "区": "全区",
    "州": "全州",
    "旗": "全旗",
    "盟": "全盟",
}


# Between what there was none of.
_NONE = "、"


@dataclass
class Written:
    """Paragraphs for section 一; ``left_out`` are the addresses for lack of which something is not said."""

    paragraphs: list[Text] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def subject_of(report: Report) -> str:
    """What the report speaks of, in its own words: 全县, 本机关, 我局."""
    if report.scope == "area":
        return area_words(report.issuer or "", report.level)
    if report.kind == "township":
        return "我街道" if "街道" in (report.issuer or "") else "我乡" if "乡" in (report.issuer or "") else "我镇"
    name = report.issuer or ""
    if report.kind == "department" and name.endswith(("局", "委", "厅")):
        return f"我{name[-1]}"
    return _OWN.get(report.scope, "本单位")


def area_words(name: str, level: str | None) -> str:
    """全县 for 沭阳县人民政府, 全区 for 洪泽区, 全市 for 淮安市."""
    place = name.removesuffix("办公室").removesuffix("办公厅").removesuffix("人民政府").removesuffix("政府")
    for ending in sorted(_ENDINGS, key=len, reverse=True):
        if place.endswith(ending):
            return _ENDINGS[ending]
    return _AREA.get(level or "", "全区")


def write(figures: Mapping[str, Value], form: Form, year: int, subject: str, variant: str | None = None) -> Written:
    """Section 一 from ``figures`` (values by address). Aspects of which the tables say nothing are not invented."""
    writer = _Writer(figures, form, variant)
    out = writer.out
    for title, sentences in (
        ("（一）主动公开", _disclosed(writer, year, subject)),
        ("（二）依申请公开", [*_received(writer, year, subject), *_outcomes(writer), *_disputed(writer)]),
    ):
        if sentences:
            out.paragraphs += [Text(title, "subheading"), Text("".join(sentences))]
    return out


class _Writer:
    """The figures, and which of them were missed."""

    def __init__(self, figures: Mapping[str, Value], form: Form, variant: str | None) -> None:
        self.figures, self.form, self.variant = figures, form, variant
        self.out = Written()

    def sum(self, addresses: Sequence[str]) -> Value | None:
        """The sum of cells, or None (noted) where one of them is not known."""
        missing = [a for a in addresses if a not in self.figures]
        if missing or not addresses:
            self.out.left_out += [a for a in missing if a not in self.out.left_out]
            return None
        return sum((self.figures[a] for a in addresses), start=0)

    def cells(
        self, table: TableRole, rows: Sequence[RowRole] | None = None, columns: Sequence[ColumnRole] | None = None
    ) -> tuple[str, ...]:
        return self.form.cells(table, rows, columns, self.variant)

    def row(self, address: str) -> Row:
        """The row that a cell is in."""
        table, row, _ = address.split(".")
        return self.form.tables[table].row[row]

    def unit(self, address: str) -> str:
        table, _, column = address.split(".")
        of = self.form.tables[table]
        return of.unit_of(self.row(address), of.column[column]) or ""

    def total(self, row: RowRole, column: ColumnRole = "total") -> Value | None:
        """The figure of one kind of requests; of all rows of the role, where the form has several."""
        return self.sum(self.cells("requests", [row], [column]))


def _disclosed(writer: _Writer, year: int, subject: str) -> list[str]:
    if not writer.cells("proactive", ["normative"], ["stock"]):
        return []
    out: list[str] = []
    roles: tuple[RowRole, ...] = ("regulations", "normative")
    for role in roles:
        documents = _documents(writer, role, year if not out else None, subject)
        out += [documents] if documents else []
    decisions = {a: writer.sum([a]) for a in writer.cells("proactive", columns=["decisions"])}
    said = [f"{writer.row(a).label}决定{n}件" for a, n in decisions.items() if n]
    none = [writer.row(a).label for a, n in decisions.items() if n == 0]
    if said:
        out.append(f"全年作出{'、'.join(said)}{f'，未作出{_NONE.join(none)}决定' if none else ''}。")
    elif none:
        out.append(f"全年未作出{_NONE.join(none)}决定。")
    for address in writer.cells("proactive", ["fees"], ["amount"]):
        fees = writer.sum([address])
        if fees is not None:
            label = writer.row(address).label
            out.append(f"{label}{printed(Decimal(fees))}{writer.unit(address)}。" if fees else f"未收取{label}。")
    return out


def _documents(writer: _Writer, role: RowRole, year: int | None, subject: str) -> str:
    """Documents made, repealed and in force, as an office says it where there are none.

    Of regulations, which few may make, only where there are any.
    """
    columns: tuple[ColumnRole, ...] = ("issued", "repealed", "stock")
    cells = [writer.cells("proactive", [role], [column]) for column in columns]
    if not all(cells) or (role == "regulations" and not any(writer.figures.get(c[0]) for c in cells)):
        return ""
    issued, repealed, in_force = (writer.sum(c) for c in cells)
    if issued is None or repealed is None or in_force is None:
        return ""
    name = writer.row(cells[0][0]).label
    when = f"{year}年，{subject}" if year is not None else ""
    made = f"制发{name}{issued}件" if issued else f"未制发{name}"
    gone = f"，废止{repealed}件" if repealed else ""
    left = f"现行有效的{name}{in_force}件" if in_force else f"没有现行有效的{name}"
    return f"{when}{made}{gone}，{left}。"


def _received(writer: _Writer, year: int, subject: str) -> list[str]:
    new, over, processed, forward = (
        writer.total("received"),
        writer.total("carried_over"),
        writer.total("processed"),
        writer.total("carried_forward"),
    )
    out = []
    if new == 0 and over == 0 and not processed and not forward:
        return [f"{year}年，{subject}未收到政府信息公开申请，无上年结转的申请，也无结转下年度继续办理的申请。"]
    if new is not None and over is not None:
        came = f"新收政府信息公开申请{new}件" if new else "未收到政府信息公开申请"
        before = f"上年结转{over}件" if over else "无上年结转的申请"
        out.append(f"{year}年，{subject}{came}，{before}。")
        people = writer.total("received", "natural_person")
        others = sum(writer.figures.get(a, 0) for a in writer.cells("requests", ["received"], ["organization"]))
        # Where a printed total is not that of its columns, no sentence can agree with both.
        if people is not None and new and people + others == new:
            by = [f"自然人申请{people}件"] * bool(people) + [f"法人或其他组织申请{others}件"] * bool(others)
            out.append(f"新收申请中，{'，'.join(by)}。")
    if processed is not None and forward is not None:
        done = f"全年办结{processed}件" if processed else "全年没有办结的申请"
        left = f"结转下年度继续办理{forward}件" if forward else "无结转下年度继续办理的申请"
        out.append(f"{done}，{left}。")
    return out


def _outcomes(writer: _Writer) -> list[str]:
    """How requests ended, by the form's groups; kinds of which there was none are not listed."""
    groups: dict[str, list[str]] = {}
    for address in writer.cells("requests", ["outcome"], ["total"]):
        row = writer.row(address)
        name = (row.group or row.label).partition("）")[2].partition("（")[0]
        groups.setdefault(name, []).append(address)
    counts = {name: writer.sum(addresses) for name, addresses in groups.items()}
    if None in counts.values() or not any(counts.values()):
        return []
    said = [f"{name}{n}件" for name, n in counts.items() if n]
    return [f"办理结果为：{'，'.join(said)}。"]


def _disputed(writer: _Writer) -> list[str]:
    review = writer.sum(writer.cells("disputes", ["reconsideration"], ["total"]))
    suits = writer.sum(writer.cells("disputes", ["litigation"], ["total"]))
    if review is None or suits is None:
        return []
    if not review and not suits:
        return ["全年未发生因政府信息公开引起的行政复议、行政诉讼。"]
    return [f"因政府信息公开被申请行政复议{review}件，被提起行政诉讼{suits}件。"]
