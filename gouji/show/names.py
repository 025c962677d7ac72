"""What cells, rows, columns, tables and places are called when they are shown.

Belongs here: short names by the form and as printed. Does not belong here: sentences (`gouji.words`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from checks.prose import Heading, Prose
from gouji.words import Lang, say
from schemas import forms
from schemas.facts import Place, Report

_SECTION = "〇一二三四五六七八九十"
_NUMBER = re.compile(r"^[（(][一二三四五六七八九十]+[）)]")
# A remark of the form behind a label: （区分处理的，只计这一情形，不计其他情形）.
_ASIDE = re.compile(r"[（(][^（()）]{12,}[）)]$")
# So much of a paragraph tells which it is: up to the first stop, else so many characters.
_BEGINNING = 12
_HEAD = re.compile(rf".{{4,{_BEGINNING}}}?(?=[。；：，;:,])")
_SPACE = re.compile(r"\s+")


def squeeze(text: str) -> str:
    """Text on one line: line breaks and runs of spaces inside a label carry nothing."""
    return _SPACE.sub("" if any("\u4e00" <= c <= "\u9fff" for c in text) else " ", text.strip())


def quoted(text: str, lang: Lang) -> str:
    """A label in quotation marks; those inside it become single ones."""
    return say(lang, "quoted", text=text.replace("“", "‘").replace("”", "’"))


def report_name(report: Report, lang: Lang) -> str:
    """Issuer and year as printed, or that they are not known."""
    issuer = report.issuer_printed or report.issuer or say(lang, "unknown_issuer")
    year = say(lang, "year", year=report.year) if report.year else say(lang, "unknown_year")
    return f"{issuer} {year}"


def form_words(report: Report, lang: Lang) -> str:
    """The id of its form; where several fit equally all of them, and that nothing says which it is."""
    if not report.also:
        return report.form
    return say(lang, "form_open", forms=say(lang, "form_or").join(report.form_readings))


def place_words(place: Place, lang: Lang) -> str:
    """A place as a person reads it: page, table, row, column; of a paragraph its number; of a workbook as Excel has it."""
    if place.sheet is not None:
        return _in_sheet(place, lang)
    parts = [
        say(lang, f"place_{name}", n=value)
        for name in ("page", "table", "row", "column")
        if (value := getattr(place, name)) is not None
    ]
    # Of text in a sheet the row is known.
    if place.page is None and place.table is None and place.row is None:
        if place.line is not None:
            parts.append(say(lang, "place_line", n=place.line))
        elif place.paragraph is not None:
            parts.append(say(lang, "place_paragraph", n=place.paragraph))
    return say(lang, "place_mark").join(parts)


def whereabouts(report: Report, place: Place, lang: Lang) -> str:
    """A place as a person finds it: nobody counts paragraphs, so that one is told by its section and its first words."""
    alone = place.paragraph is not None and all(
        getattr(place, name) is None for name in ("table", "row", "line", "sheet")
    )
    if not alone:
        return place_words(place, lang)
    found = (place.page, place.paragraph)
    at = next((i for i, p in enumerate(report.passages) if (p.place.page, p.place.paragraph) == found), None)
    if at is None:
        return place_words(place, lang)
    n = _section_at(report, at)
    text = squeeze(report.passages[at].text)
    m = _HEAD.match(text)
    begins = m[0] if m is not None else text[:_BEGINNING]
    begins += "…" if text[len(begins) :].strip("。；：，.;:,") else ""
    where = say(lang, "place_top") if n is None else say(lang, "place_section", n=_section_number(n, lang))
    page = say(lang, "place_on_page", n=place.page) if place.page is not None else ""
    return where + quoted(begins, lang) + page


def _section_number(n: int, lang: Lang) -> str:
    return _SECTION[n] if lang == "zh" and n < len(_SECTION) else str(n)


def _section_at(report: Report, passage: int) -> int | None:
    """The section that a passage stands in; None in front of the first."""
    if not _known or _known[0][0] is not report:
        # Of one report after the other: what is shown of it asks often.
        _known[:] = [(report, Prose(report).headings)]
    before = [h.n for h in _known[0][1] if h.passage <= passage]
    return before[-1] if before else None


_known: list[tuple[Report, list[Heading]]] = []


def _in_sheet(place: Place, lang: Lang) -> str:
    """``年报!E53``; a row or a column alone by its number or letter."""
    column, number = "", place.column or 0
    while number:
        number, digit = divmod(number - 1, 26)
        column = chr(ord("A") + digit) + column
    name = place.sheet or ""
    # As Excel quotes it in a formula.
    sheet = name if re.fullmatch(r"[^\W\d]\w*", name) else "'" + name.replace("'", "''") + "'"
    if place.row and column:
        return f"{sheet}!{column}{place.row}"
    alone = say(lang, "place_row", n=place.row) if place.row else say(lang, "place_column", n=column) if column else ""
    return f"{sheet}!{alone}" if alone else sheet


@dataclass
class Names:
    """The names of one report's cells. Labels are those of the form; ``printed_*`` those of the document."""

    report: Report
    lang: Lang

    @cached_property
    def form(self) -> forms.Form | None:
        try:
            return forms.load(self.report.form)
        except KeyError:
            return None

    def table(self, code: str) -> str:
        """The table's title with its section number."""
        # A report without tables is told which ones its year's form asks for.
        form = self.form or forms.national(self.report.year)
        table = form.tables.get(code) if form else None
        if self.lang == "en" or table is None:
            return code
        section = f"{_SECTION[table.section]}、" if table.section else ""
        return f"{section}{table.title}"

    def row(self, table: str, code: str | None) -> str:
        """A row's official label, with the number of its group where the label alone says too little."""
        row = self._row(table, code)
        if row is None:
            return (code or "").replace("_", " ")
        return self._in_group(row.label, self._group(table, row))

    def short_row(self, table: str, code: str) -> str:
        """A row's official label without the form's remark behind it."""
        return _ASIDE.sub("", self.row(table, code))

    def column(self, table: str, code: str | None) -> str:
        """A column's official label."""
        if self.form is None or code is None or self.lang == "en":
            return (code or "").replace("_", " ")
        column = self.form.tables[table].column.get(code) if table in self.form.tables else None
        return column.label if column else code

    def cell(self, address: str) -> str:
        """“行”的“列”."""
        table, row, column = address.split(".")
        only_column = self.form is not None and table in self.form.tables and len(self.form.tables[table].columns) == 1
        if only_column:
            return quoted(self.short_row(table, row), self.lang)
        row, column = quoted(self.short_row(table, row), self.lang), quoted(self.column(table, column), self.lang)
        return say(self.lang, "cell", row=row, column=column)

    def printed_row(self, table: str, code: str) -> str:
        """A row's label as the document prints it, in a few words."""
        printed = self._printed[0].get((table, code))
        row = self._row(table, code)
        if self.lang == "en" or not printed or row is None:
            return self.row(table, code)
        return _ASIDE.sub("", self._in_group(squeeze(printed), self._group(table, row))) or printed

    def printed_column(self, table: str, code: str) -> str:
        """A column's head as the document prints it."""
        printed = self._printed[1].get((table, code))
        if self.lang == "en" or not printed:
            return self.column(table, code)
        return squeeze(printed)

    def _row(self, table: str, code: str | None) -> forms.Row | None:
        if self.form is None or code is None or self.lang == "en" or table not in self.form.tables:
            return None
        return self.form.tables[table].row.get(code)

    def _group(self, table: str, row: forms.Row) -> str | None:
        return self.form.tables[table].group_of(row) if self.form is not None else None

    def _in_group(self, label: str, group: str | None) -> str:
        if group is None:
            return label
        number = _NUMBER.match(group)
        if number is None:
            return f"{group} {label}"
        return label if _NUMBER.match(label) else f"{number[0]}{label}"

    @cached_property
    def _printed(self) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
        rows: dict[tuple[str, str], str] = {}
        columns: dict[tuple[str, str], str] = {}
        for layout in self.report.layouts:
            for label in layout.rows:
                rows.setdefault((layout.table, label.code), label.printed)
            for label in layout.columns:
                columns.setdefault((layout.table, label.code), label.printed)
        return rows, columns
