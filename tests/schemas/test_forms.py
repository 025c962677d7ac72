"""Every form file is sound, and holds the codes that the code book names."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from schemas import forms
from schemas.forms import Column, Form, Row, TableForm
from schemas.identities import equations
from schemas.labels import fold, label

FORMS = forms.load_all()
TABLES = [(form, table) for form in FORMS for table in form.tables.values()]
VALUES = {"count", "signed", "amount"}


def _name(value: object) -> str:
    return value.id if isinstance(value, Form) else value.code if isinstance(value, TableForm) else str(value)


def test_all_forms_are_there() -> None:
    assert {f.id for f in FORMS} == {"2021", "2019", "2014", "zhejiang-2013", "fujian"}
    assert FORMS[0].id == "2021"


@pytest.mark.parametrize("form", FORMS, ids=_name)
def test_addresses_are_unique(form: Form) -> None:
    for variant in (None, *(v.id for v in form.variants)):
        addresses = form.addresses(variant)
        assert addresses
        assert len(addresses) == len(set(addresses))
        assert all(re.fullmatch(r"[a-z0-9]+(\.[a-z][a-z0-9_]*){2}", a) for a in addresses)
    first, last = form.in_force
    assert 2008 <= first <= last
    assert all(re.fullmatch(r"\d{2}(\d{2}(\d{2})?)?", p) for p in form.issuer_prefixes)


@pytest.mark.parametrize("form,table", TABLES, ids=_name)
def test_labels_can_be_told_apart(form: Form, table: TableForm) -> None:
    named: list[Row | Column] = [*table.rows, *table.columns]
    for what in named:
        for text in (what.label, *what.aliases):
            assert label(text).key, f"{form.id} {what.code}: {text!r} has nothing to compare"
    spelt: dict[tuple[str | None, str, tuple[int, int] | None], str] = {}
    for row in table.rows:
        for text in {row.label, *row.aliases}:
            found = label(text)
            group = label(row.group).key if row.group else None
            # A row of a variant stands in place of others; it may share their words.
            other = spelt.setdefault((group, found.key, found.number), row.code)
            assert other == row.code, f"{form.id} {table.code}: {text!r} names {other} and {row.code}"
    heads = Counter(k for c in table.columns for k in {label(text).key for text in (c.label, *c.aliases)})
    assert [k for k, n in heads.items() if n > 1] == []


@pytest.mark.parametrize("form,table", TABLES, ids=_name)
def test_rows_and_columns_fit(form: Form, table: TableForm) -> None:
    assert table.title
    assert len(table.row) == len(table.rows)
    assert len(table.column) == len(table.columns)
    variants = {v.id for v in form.variants if v.table == table.code}
    for column in table.columns:
        assert column.value in VALUES
    for row in table.rows:
        assert set(row.columns) <= set(table.column)
        assert row.value is None or row.value in VALUES
        assert row.variant is None or row.variant in variants
        for column in table.columns_of(row):
            # Only form 2019's procurement has no official unit.
            assert table.unit_of(row, column) or (form.id, row.code) == ("2019", "procurement")
    for variant in form.variants:
        if variant.table == table.code:
            assert set(variant.absent) | set(variant.present) <= set(table.row)


@pytest.mark.parametrize("form,table", TABLES, ids=_name)
def test_identities_name_what_is_there(form: Form, table: TableForm) -> None:
    for identity in table.identities:
        assert identity.each in ("row", "column")
        assert identity.relation in ("=", ">=")
        assert identity.left
        assert identity.right
        terms = (*identity.left, *identity.right)
        known = table.row if identity.each == "column" else table.column
        assert set(terms) <= set(known)
        assert len(terms) == len(set(terms))
        assert set(identity.only) <= set(table.column if identity.each == "column" else table.row)


@pytest.mark.parametrize("form", FORMS, ids=_name)
def test_equations_name_addresses_of_the_form(form: Form) -> None:
    for variant in (None, *(v.id for v in form.variants)):
        known = set(form.addresses(variant))
        for equation in equations(form.id, variant):
            assert {*equation.left, *equation.right} <= known


# --- what the code book says

SIZES = {"2021": 7 * 25 + 15 + 10, "2019": 7 * 23 + 15 + 22, "2014": 58, "zhejiang-2013": 35, "fujian": 44}


@pytest.mark.parametrize("form", FORMS, ids=_name)
def test_number_of_cells(form: Form) -> None:
    assert len(form.addresses()) == SIZES[form.id]


def _section(text: str, start: str) -> str:
    found = re.search(rf"^## {re.escape(start)}.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, start
    return found[0]


def _codes(section: str) -> list[str]:
    """The codes in the first cell of every row of a Markdown table."""
    codes: list[str] = []
    for line in section.splitlines():
        if line.startswith("|") and not line.startswith(("| code", "| row code", "| ---")):
            codes += re.findall(r"[a-z][a-z_0-9]+", line.split("|")[1])
    return codes


@pytest.mark.shared
@pytest.mark.parametrize(
    "form_id,file,section",
    [
        ("2014", "forms.md", "Form `2014`"),
        ("zhejiang-2013", "forms.md", "Form `zhejiang-2013`"),
        ("fujian", "labels.md", "Form `fujian`"),
    ],
)
def test_rows_are_those_of_the_code_book(shared: Path, form_id: str, file: str, section: str) -> None:
    text = (shared / "domain" / file).read_text(encoding="utf-8")
    rows = [r.code for r in forms.load(form_id).tables["statistics"].rows]
    codes = _codes(_section(text, section))
    # The rows of the Fujian form changed over the years; its file has them in the order that fits all editions.
    if form_id == "fujian":
        rows, codes = sorted(rows), sorted(codes)
    assert rows == codes


@pytest.mark.shared
def test_official_labels_of_form_2014(shared: Path) -> None:
    text = _section((shared / "domain" / "forms.md").read_text(encoding="utf-8"), "Form `2014`")
    table = forms.load("2014").tables["statistics"]
    lines = [[c.strip(" `") for c in line.strip("|").split("|")] for line in text.splitlines() if "| `" in line]
    assert len(lines) == len(table.rows)
    for code, printed, unit in lines:
        row = table.row[code]
        # The code book puts section and part in front of the row's own number.
        own = label(re.sub(r"^（.）(?=\d)", "", re.sub(r"^[一二三四五六七八九](?=（)", "", printed)))
        assert own.key in {label(text).key for text in (row.label, *row.aliases)}
        assert row.unit == unit


@pytest.mark.parametrize("form", [f for f in FORMS if f.sections], ids=_name)
def test_words_of_the_sections(form: Form) -> None:
    """Titles are found by their own patterns and by no other section's; patterns are sound."""
    for section in form.sections.values():
        found = [s.n for s in form.sections.values() if re.fullmatch(s.pattern, fold(section.title))]
        assert found == [section.n]
        assert not section.aspects or all(re.search(a.pattern, fold(a.zh)) for a in section.aspects)
    assert form.notice is not None
    assert re.search(form.notice.title, form.notice.name)
    assert re.search(form.notice.own, form.notice.name)
    others = [f.notice for f in FORMS if f.notice is not None and f is not form]
    assert not any(re.search(n.title, form.notice.name) or re.search(n.own, form.notice.name) for n in others)


def test_amounts_and_units() -> None:
    table = forms.load("2014").tables["statistics"]
    value = table.columns[0]
    assert {r.code for r in table.rows if table.value_of(r, value) == "amount"} == {"fees_collected", "budget"}
    assert table.unit_of(table.row["budget"], value) == "万元"
    assert table.unit_of(table.row["staff"], value) == "人"
