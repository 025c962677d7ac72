"""The next draft, begun from last year's report; and section 一 of a finished one.

Belongs here: which figures of last year stand in this year's form, and what is left to be written. Does not belong here:
the form's layout (`word.official_form`), the sentences (`sentences`), arguments (`commands.prefill`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gouji.word import official_form
from gouji.word.official_form import Content, printed
from schemas import forms
from schemas.facts import Extraction, Report, Value
from schemas.forms import Form
from schemas.identities import Equation, cells_of, evaluate, of_report

from . import sentences
from .sentences import Written


class PrefillError(Exception):
    """Nothing could be begun or written; the message says why and what to do, in Chinese."""


@dataclass
class Prefilled:
    """A draft begun. ``carried`` are the figures put in, by address; ``left`` the addresses for which there was none."""

    content: bytes
    year: int
    issuer: str
    carried: dict[str, Value] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    # Figures of a stock, which stand from last year until somebody has looked: shaded, with a comment.
    noted: list[str] = field(default_factory=list)
    # Sums of last year's report that do not hold and concern what was carried.
    doubtful: list[Equation] = field(default_factory=list)
    # Ids of the new form and of last year's.
    form: str = ""
    last_form: str = ""


def read_report(path: Path) -> Report:
    """The one report of a file. Raises `PrefillError`, OSError."""
    from parsers import extract

    if path.is_dir():
        raise PrefillError(f"{path}：这是文件夹，这里要一份年报。请写出文件名。")
    return the_report(extract(path), path.name)


def the_report(extraction: Extraction, name: str) -> Report:
    """The one report of what was read. Raises `PrefillError`."""
    with_tables = [r for r in extraction.reports if r.facts]
    if len(with_tables) == 1:
        return with_tables[0]
    if extraction.problems:
        raise PrefillError(extraction.problems[0].message)
    if with_tables:
        raise PrefillError(f"{name}：文件里有 {len(with_tables)} 份报告，不知以哪份为准。请拆开后再试。")
    raise PrefillError(f"{name}：没有找到统计表。请给出有三张表的年度报告。")


def form_for(year: int) -> Form:
    """The national form in force for a report year. Raises `PrefillError` where there is none that can be drawn."""
    form = forms.national(year)
    if form is None or not official_form.can_draw(form):
        raise PrefillError(f"没有 {year} 年度的表式。")
    return form


def prefill(last: Report, year: int | None = None) -> Prefilled:
    """Begin the draft that follows ``last``. Raises `PrefillError`."""
    if year is None and last.year is None:
        raise PrefillError("看不出去年报告是哪一年的，请用 --year 写明新报告的年度。")
    new_year = year or (last.year or 0) + 1
    if last.year is not None and last.year + 1 != new_year:
        raise PrefillError(f"给出的是 {last.year} 年的报告，不是 {new_year - 1} 年的，不能结转到 {new_year} 年。")
    form = form_for(new_year)
    # Of forms that fit it equally the one in force for its year.
    before = forms.national(new_year - 1)
    last = (last.on(before.id) if before is not None else None) or last
    issuer = last.issuer_printed or last.issuer or ""
    out = Prefilled(b"", new_year, issuer, form=form.id, last_form=last.form)
    values = last.values()
    for address, source in _sources(form, forms.load(last.form)):
        value = values.get(source) if source is not None else None
        if value is None:
            out.left.append(address)
        else:
            out.carried[address] = value
    if not out.carried:
        raise PrefillError("去年的表里没有可以带过来的数字（上年结转、现行有效件数都是空的）。请核对是不是给成了空表。")
    out.noted = [a for a in form.cells("proactive", columns=["stock"]) if a in out.carried]
    out.doubtful = _doubtful(last)
    content = Content(
        form,
        f"{issuer}{new_year}年{form.title}",
        [_opening(last, form, new_year)],
        official_form.to_be_written(form),
        {a: printed(v) for a, v in out.carried.items()},
        notes=dict.fromkeys(out.noted, _stands_from(new_year - 1)),
        signature=official_form.signed(issuer, new_year),
    )
    out.content = official_form.document(content)
    return out


def _stands_from(year: int) -> str:
    """What is said at a figure that stood at the end of last year and may stand no more."""
    return (
        f"这是 {year} 年末的现行有效件数，由去年的年报带过来，不是今年的数。\n"
        "请按今年制发、废止以后的实有件数核对、改写，然后删除这条批注和底色。"
    )


def _sources(form: Form, last: Form) -> list[tuple[str, str | None]]:
    """Cells of the new form that begin with a figure of last year, each with last year's cell; None: there was none.

    What was carried forward is what is carried over, and a stock stands until something changes it.
    """
    out: list[tuple[str, str | None]] = []
    for over in form.cells("requests", ["carried_over"]):
        column = over.split(".")[2]
        before = [a for a in last.cells("requests", ["carried_forward"]) if a.split(".")[2] == column]
        out.append((over, before[0] if before else None))
    stocks = last.cells("proactive", columns=["stock"])
    out += [(stock, stock if stock in stocks else None) for stock in form.cells("proactive", columns=["stock"])]
    return out


def _doubtful(last: Report) -> list[Equation]:
    """Equations that do not hold and in which a carried figure takes part."""
    cells = cells_of(last)
    carried = set(forms.load(last.form).cells("requests", ["carried_forward"]))
    return [
        e
        for e in of_report(last)
        if not carried.isdisjoint((*e.left, *e.right)) and evaluate(e, cells).outcome == "broken"
    ]


def _opening(last: Report, form: Form, year: int) -> str:
    """The preamble: basis, scope and period."""
    name = last.issuer_printed or last.issuer or "本单位"
    government = name.removesuffix("办公室").removesuffix("办公厅")
    scope = {
        "area": f"本报告汇总各部门和各下级单位的报告编制而成，反映{sentences.area_words(name, last.level)}情况",
        "office": f"本报告反映以{government}和{name}名义开展的政府信息公开工作" if government != name else
        f"本报告反映以{name}及其办公室名义开展的政府信息公开工作",
    }.get(last.scope, f"本报告由{name}编制，反映本单位的情况")  # fmt: skip
    return (
        f"根据《中华人民共和国政府信息公开条例》和{form.basis}的要求，{scope}。"
        f"所列数据的统计期限为{year}年1月1日至{year}年12月31日。"
    )


def written(report: Report) -> Written:
    """Section 一 of a finished draft. Raises `PrefillError` where its year or form leaves nothing to write."""
    if report.year is None:
        raise PrefillError("看不出这份草稿是哪一年的，写不了句子。请在标题里写明年度。")
    return sentences.write(
        report.values(), forms.load(report.form), report.year, sentences.subject_of(report), report.variant
    )
