"""From a form file to a `Form`: what each key may be, what is taken over from the form it is ``like``, what is wrong with it.

Belongs here: reading TOML, merging, checking, and errors that name the file, the key and what to do. Does not belong here:
which files there are and when a form is in force (`schemas.forms`), what a form can be asked (`model`).

CONTRIBUTING.md ("Adding a form") explains each key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from schemas import kept

from .model import (
    COLUMN_ROLES,
    ROW_ROLES,
    SECTION_ROLES,
    TABLE_ROLES,
    Aspect,
    Column,
    Drawing,
    Form,
    Identity,
    Notice,
    Row,
    Section,
    TableForm,
    Variant,
)

Raw = dict[str, Any]


class FormError(ValueError):
    """A form file that cannot be used. ``file``, ``key`` and ``what`` say where and what to do."""

    def __init__(self, file: Path, key: str, what: str) -> None:
        super().__init__(f"{file}: {key}: {what}" if key else f"{file}: {what}")
        self.file, self.key, self.what = file, key, what


# What a key holds: text, a number, yes or no, a list of texts, a list of numbers, tables of its own.
_TEXT, _NUMBER, _FLAG, _TEXTS, _NUMBERS, _TABLE, _TABLES = (
    "text",
    "number",
    "true or false",
    "texts",
    "numbers",
    "table",
    "tables",
)
_IS: dict[str, Callable[[Any], bool]] = {
    _TEXT: lambda v: isinstance(v, str),
    _NUMBER: lambda v: isinstance(v, int) and not isinstance(v, bool),
    _FLAG: lambda v: isinstance(v, bool),
    _TEXTS: lambda v: isinstance(v, list) and all(isinstance(t, str) for t in v),
    _NUMBERS: lambda v: isinstance(v, list) and all(isinstance(t, int) for t in v),
    _TABLE: lambda v: isinstance(v, dict),
    _TABLES: lambda v: isinstance(v, list) and all(isinstance(t, dict) for t in v),
}
_FORM = {
    "id": _TEXT, "version": _TEXT, "title": _TEXT, "basis": _TEXT, "in_force": _NUMBERS, "issuer_prefixes": _TEXTS, "like": _TEXT,
    "continues": _TEXT, "notice": _TABLE, "sections": _TABLE, "variants": _TABLES, "tables": _TABLE,
}  # fmt: skip
_NOTICE = {"name": _TEXT, "title": _TEXT, "own": _TEXT}
_SECTION = {
    "role": _TEXT, "title": _TEXT, "titles": _TEXTS, "en": _TEXT, "pattern": _TEXT, "most": _NUMBER, "aspects": _TABLES, "asks": _TEXTS,
    "hint": _TEXT, "absent": _FLAG,
}  # fmt: skip
_ASPECT = {"zh": _TEXT, "en": _TEXT, "pattern": _TEXT}
_VARIANT = {"id": _TEXT, "table": _TEXT, "absent": _TEXTS, "present": _TEXTS}
_OF_TABLE = {
    "role": _TEXT, "title": _TEXT, "titles": _TEXTS, "short": _TEXT, "section": _NUMBER, "unit": _TEXT, "parts": _TEXTS, "stubs": _TEXTS,
    "rows_in_head": _FLAG, "unit_column": _FLAG, "drawing": _TABLE, "columns": _TABLES, "rows": _TABLES, "identities": _TABLES,
    "like": _FLAG, "absent": _FLAG, "absent_rows": _TEXTS, "absent_columns": _TEXTS,
}  # fmt: skip
_DRAWING = {"layout": _TEXT, "width": _NUMBER, "labels": _NUMBERS, "corner": _TEXT, "over": _TEXT, "own_page": _FLAG}
_COLUMN = {
    "code": _TEXT, "label": _TEXT, "group": _TEXT, "aliases": _TEXTS, "roles": _TEXTS, "unit": _TEXT, "value": _TEXT, "after": _TEXT,
}  # fmt: skip
_ROW = _COLUMN | {"columns": _TEXTS, "variant": _TEXT, "parent": _TEXT, "optional": _FLAG}
_IDENTITY = {
    "rule": _TEXT, "each": _TEXT, "left": _TEXTS, "right": _TEXTS, "left_roles": _TEXTS, "right_roles": _TEXTS, "relation": _TEXT,
    "only": _TEXTS,
}  # fmt: skip
_VALUES = ("count", "signed", "amount")
_CODE = re.compile(r"[a-z][a-z0-9_]*")


class Reader:
    """Reads one file. ``inherit`` gives the merged content of the form that a file is like, by its id.

    ``patterns``: whether regular expressions are tried out. That takes longer than all the rest, and the built-in files
    are tried by a test.
    """

    def __init__(self, file: Path, inherit: Callable[[str], Raw], *, patterns: bool = True) -> None:
        self.file, self.inherit, self.patterns = file, inherit, patterns

    def fail(self, key: str, what: str) -> NoReturn:
        raise FormError(self.file, key, what)

    # -- what is written -------------------------------------------------------------------------------------------

    def raw(self, data: bytes) -> Raw:
        """The file's content with everything it takes over. Raises `FormError`."""
        try:
            raw = kept.parsed(data)
        except ValueError as error:  # both of TOML and of UTF-8
            self.fail("", f"is not TOML in UTF-8: {error}")
        self.known(raw, _FORM, "", ("id", "version", "basis", "in_force"))
        if raw["id"] != self.file.stem:
            self.fail("id", f"is {raw['id']!r}; the file is called {self.file.name}: give both the same name")
        for code, table in raw.get("tables", {}).items():
            self._table_keys(code, table)
        for n, section in raw.get("sections", {}).items():
            self.known(section, _SECTION, f"sections.{n}")
        if "like" in raw:
            return self._merged(self.inherit(raw["like"]), raw)
        for code, table in raw.get("tables", {}).items():
            for kind in ("rows", "columns"):
                for i, each in enumerate(table.get(kind, ())):
                    if "after" in each:
                        where = f"tables.{code}.{kind}[{i}].after"
                        self.fail(
                            where, 'is only for a form that is like another: add like = "…" or put it in its place'
                        )
        return raw

    def _table_keys(self, code: str, table: Any) -> None:
        where = f"tables.{code}"
        if not isinstance(table, dict):
            self.fail(where, "must be a table: write [tables.CODE]")
        self.known(table, _OF_TABLE, where)
        if not _CODE.fullmatch(code):
            self.fail(where, "a code is small letters, digits and _")
        for kind, keys in (("rows", _ROW), ("columns", _COLUMN)):
            for i, each in enumerate(table.get(kind, ())):
                self.known(each, keys, f"{where}.{kind}[{i}]", ("code",))
        for i, each in enumerate(table.get("identities", ())):
            self.known(each, _IDENTITY, f"{where}.identities[{i}]", ("rule", "each"))

    def known(self, raw: Any, keys: Mapping[str, str], where: str, needed: Iterable[str] = ()) -> None:
        """Every key is one of ``keys`` and holds what it should; those ``needed`` are there. Raises `FormError`."""
        dot = f"{where}." if where else ""
        if not isinstance(raw, dict):
            self.fail(where, "must be a table")
        for key, value in raw.items():
            if key not in keys:
                self.fail(f"{dot}{key}", f"there is no such key{_near(key, keys)}")
            if not _IS[keys[key]](value):
                self.fail(f"{dot}{key}", f"must be {keys[key]}, not {value!r}")
        for key in needed:
            if key not in raw:
                self.fail(f"{dot}{key}", "is missing: add it")

    # -- like another form -----------------------------------------------------------------------------------------

    def _merged(self, base: Raw, own: Raw) -> Raw:
        """What ``own`` says, and of ``base`` whatever it says nothing of."""
        # What belongs to one form alone is never taken over.
        out = {k: v for k, v in base.items() if k not in ("like", "continues", "issuer_prefixes", "notice")} | own
        out["sections"] = self._sections(base.get("sections", {}), own.get("sections", {}))
        tables: Raw = {}
        given: Raw = own.get("tables", {})
        for code, table in base.get("tables", {}).items():
            mine = given.get(code, {})
            if mine.get("absent"):
                continue
            tables[code] = mine if mine.get("like") is False else self._table(code, table, mine)
        out["tables"] = tables | {code: table for code, table in given.items() if code not in base.get("tables", {})}
        return out

    def _sections(self, base: Raw, own: Raw) -> Raw:
        out = dict(base)
        for n, mine in own.items():
            if mine.get("absent"):
                out.pop(n, None)
                continue
            taken = dict(out.get(n, {}))
            if "title" in mine:
                # Words that find the old title do not find the new one.
                taken.pop("pattern", None)
                taken.pop("titles", None)
            out[n] = taken | mine
        return out

    def _table(self, code: str, base: Raw, own: Raw) -> Raw:
        out = base | {k: v for k, v in own.items() if k not in ("rows", "columns", "drawing")}
        if "drawing" in own:
            out["drawing"] = base.get("drawing", {}) | own["drawing"]
        for kind in ("rows", "columns"):
            out[kind] = self._listed(f"tables.{code}", kind, base.get(kind, []), own)
        return out

    def _listed(self, where: str, kind: str, base: list[Raw], own: Raw) -> list[Raw]:
        """Rows or columns: those taken over, changed, left out, and new ones behind the one they name."""
        absent = own.get(f"absent_{kind}", [])
        codes = [each["code"] for each in base]
        for i, code in enumerate(absent):
            if code not in codes:
                self.fail(f"{where}.absent_{kind}[{i}]", f"there is no {code!r} to leave out{_near(code, codes)}")
        out = [dict(each) for each in base if each["code"] not in absent]
        for i, mine in enumerate(own.get(kind, ())):
            at = next((k for k, each in enumerate(out) if each["code"] == mine["code"]), None)
            after = mine.get("after")
            each = {k: v for k, v in mine.items() if k != "after"}
            if at is not None:
                each = out[at] | each
                if after is None:
                    out[at] = each
                    continue
                del out[at]
            elif after is None:
                what = f'{mine["code"]!r} is new: say what it stands behind (after = "CODE", "" for the first place)'
                self.fail(f"{where}.{kind}[{i}]", what)
            order = [o["code"] for o in out]
            if after and after not in order:
                self.fail(f"{where}.{kind}[{i}].after", f"there is no {after!r}{_near(after, order)}")
            out.insert(order.index(after) + 1 if after else 0, each)
        return out

    # -- the typed form --------------------------------------------------------------------------------------------

    def form(self, raw: Raw, in_force: tuple[int, int], continues: str | None) -> Form:
        """The form that merged content describes. Raises `FormError`."""
        self.known(raw, _FORM, "", ("title", "tables"))
        tables = {code: self._table_form(code, table, raw) for code, table in raw["tables"].items()}
        given: Raw = raw.get("sections", {})
        for code, table in tables.items():
            if given and table.section and str(table.section) not in given:
                what = f"there is no section {table.section}: add [sections.{table.section}]"
                self.fail(f"tables.{code}.section", what)
        sections = {int(n): self._section(n, each, tables) for n, each in sorted(given.items())}
        notice = None
        if "notice" in raw:
            self.known(raw["notice"], _NOTICE, "notice", ("name", "title"))
            paper = raw["notice"]
            notice = Notice(
                paper["name"],
                self._pattern("notice.title", paper["title"]),
                self._pattern("notice.own", paper.get("own", paper["title"])),
            )
        return Form(
            id=raw["id"],
            version=raw["version"],
            title=raw["title"],
            basis=raw["basis"],
            in_force=in_force,
            tables=tables,
            variants=tuple(self._variant(i, v, tables) for i, v in enumerate(raw.get("variants", ()))),
            issuer_prefixes=tuple(raw.get("issuer_prefixes", ())),
            sections=sections,
            notice=notice,
            continues=continues,
        )

    def _pattern(self, where: str, text: str) -> str:
        if self.patterns:
            try:
                re.compile(text)
            except re.error as error:
                self.fail(where, f"is no regular expression: {error}")
        return text

    def _section(self, n: str, raw: Raw, tables: Mapping[str, TableForm]) -> Section:
        where = f"sections.{n}"
        if not re.fullmatch(r"[1-9]", n):
            self.fail(where, "a section is a number from 1 to 9")
        self.known(raw, _SECTION, where, ("role",))
        self._roles(f"{where}.role", [raw["role"]], SECTION_ROLES)
        title: str = raw.get("title") or next((t.title for t in tables.values() if t.section == int(n)), "")
        if not title:
            self.fail(f"{where}.title", "is missing: add it, or give a table this section")
        if "pattern" in raw:
            pattern = self._pattern(f"{where}.pattern", raw["pattern"])
        else:
            from schemas.labels import fold

            pattern = "|".join(re.escape(fold(t)) for t in (title, *raw.get("titles", ())))
        for ask in raw.get("asks", ()):
            if ask not in ("halves", "fees"):
                self.fail(f"{where}.asks", f"{ask!r} is none of: halves, fees")
        aspects = []
        for i, each in enumerate(raw.get("aspects", ())):
            self.known(each, _ASPECT, f"{where}.aspects[{i}]", ("zh", "en", "pattern"))
            aspects.append(
                Aspect(each["zh"], each["en"], self._pattern(f"{where}.aspects[{i}].pattern", each["pattern"]))
            )
        return Section(
            int(n),
            raw["role"],
            title,
            tuple(raw.get("titles", ())),
            raw.get("en") or title,
            pattern,
            raw.get("most", 0),
            tuple(aspects),
            tuple(raw.get("asks", ())),
            raw.get("hint", ""),
        )

    def _table_form(self, code: str, raw: Raw, form: Raw) -> TableForm:
        where = f"tables.{code}"
        for key in ("role", "title", "columns", "rows"):
            if key not in raw:
                self.fail(f"{where}.{key}", "is missing: add it")
        self._roles(f"{where}.role", [raw["role"]], TABLE_ROLES)
        columns = tuple(self._column(f"{where}.columns[{i}]", c) for i, c in enumerate(raw["columns"]))
        variants = [v.get("id") for v in form.get("variants", ())]
        rows = tuple(self._row(f"{where}.rows[{i}]", r, columns, variants) for i, r in enumerate(raw["rows"]))
        for kind, listed in (("rows", rows), ("columns", columns)):
            codes = [each.code for each in listed]
            twice = next((c for c in codes if codes.count(c) > 1), None)
            if twice is not None:
                self.fail(f"{where}.{kind}", f"{twice!r} is there twice: give one of them another code")
        return TableForm(
            code=code,
            title=raw["title"],
            titles=tuple(raw.get("titles", ())),
            section=raw.get("section"),
            unit=raw.get("unit") or None,
            columns=columns,
            rows=rows,
            identities=tuple(
                self._identity(f"{where}.identities[{i}]", each, rows, columns)
                for i, each in enumerate(raw.get("identities", ()))
            ),
            role=raw["role"],
            parts=tuple(raw.get("parts", ())),
            stubs=tuple(raw.get("stubs", ())),
            rows_in_head=raw.get("rows_in_head", False),
            unit_column=raw.get("unit_column", False),
            short=raw.get("short") or raw["title"],
            drawing=self._drawing(f"{where}.drawing", raw["drawing"], rows, columns) if "drawing" in raw else None,
        )

    def _common(self, where: str, raw: Raw, roles: frozenset[str]) -> Raw:
        """What rows and columns have in common. A text that is empty is one that is not given."""
        if not raw.get("label"):
            self.fail(f"{where}.label", "is missing: add the official wording")
        if not _CODE.fullmatch(raw["code"]):
            self.fail(f"{where}.code", f"{raw['code']!r}: a code is small letters, digits and _")
        if raw.get("value", "count") not in ("", *_VALUES):
            self.fail(f"{where}.value", f"{raw['value']!r} is none of: {', '.join(_VALUES)}")
        self._roles(f"{where}.roles", raw.get("roles", ()), roles)
        return {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items() if v != ""}

    def _column(self, where: str, raw: Raw) -> Column:
        return Column(**self._common(where, raw, COLUMN_ROLES))

    def _row(self, where: str, raw: Raw, columns: tuple[Column, ...], variants: list[str | None]) -> Row:
        row = Row(**self._common(where, raw, ROW_ROLES))
        codes = [c.code for c in columns]
        for code in row.columns:
            if code not in codes:
                self.fail(f"{where}.columns", f"the table has no column {code!r}{_near(code, codes)}")
        if row.variant is not None and row.variant not in variants:
            self.fail(f"{where}.variant", f"there is no variant {row.variant!r}: add it to [[variants]]")
        return row

    def _identity(self, where: str, raw: Raw, rows: tuple[Row, ...], columns: tuple[Column, ...]) -> Identity:
        if raw["each"] not in ("row", "column"):
            self.fail(f"{where}.each", f"{raw['each']!r} is neither row nor column")
        if raw.get("relation", "=") not in ("=", ">="):
            self.fail(f"{where}.relation", f"{raw['relation']!r} is neither = nor >=")
        terms, along = (rows, columns) if raw["each"] == "column" else (columns, rows)
        known = [t.code for t in terms]
        sides = []
        for side in ("left", "right"):
            roles = raw.get(f"{side}_roles", ())
            self._roles(f"{where}.{side}_roles", roles, ROW_ROLES if raw["each"] == "column" else COLUMN_ROLES)
            if bool(roles) == bool(raw.get(side)):
                self.fail(f"{where}.{side}", f"give either {side} (codes) or {side}_roles")
            codes = [t.code for role in roles for t in terms if role in t.roles] or raw.get(side, [])
            unknown = next((c for c in codes if c not in known), None)
            if unknown is not None:
                self.fail(f"{where}.{side}", f"the table has no {unknown!r}{_near(unknown, known)}")
            if not codes:
                self.fail(f"{where}.{side}_roles", f"nothing of the table has the role {' or '.join(roles)}")
            sides.append(tuple(dict.fromkeys(codes)))
        only = [t.code for t in along]
        for code in raw.get("only", ()):
            if code not in only:
                self.fail(f"{where}.only", f"the table has no {code!r}{_near(code, only)}")
        return Identity(
            raw["rule"], raw["each"], sides[0], sides[1], raw.get("relation", "="), tuple(raw.get("only", ()))
        )

    def _drawing(self, where: str, raw: Raw, rows: tuple[Row, ...], columns: tuple[Column, ...]) -> Drawing:
        self.known(raw, _DRAWING, where, ("layout", "width"))
        if raw["layout"] not in ("parts", "groups", "line"):
            self.fail(f"{where}.layout", f"{raw['layout']!r} is none of: parts, groups, line")
        if sum(raw.get("labels", ())) >= raw["width"]:
            self.fail(f"{where}.labels", "take the whole width: nothing is left for the figures")
        return Drawing(
            raw["layout"],
            raw["width"],
            tuple(raw.get("labels", ())),
            raw.get("corner", ""),
            raw.get("over", ""),
            raw.get("own_page", False),
        )

    def _variant(self, i: int, raw: Raw, tables: Mapping[str, TableForm]) -> Variant:
        where = f"variants[{i}]"
        self.known(raw, _VARIANT, where, ("id", "table", "absent", "present"))
        if raw["table"] not in tables:
            self.fail(f"{where}.table", f"there is no table {raw['table']!r}{_near(raw['table'], tables)}")
        known = tables[raw["table"]].row
        for key in ("absent", "present"):
            for code in raw[key]:
                if code not in known:
                    self.fail(f"{where}.{key}", f"the table has no row {code!r}{_near(code, known)}")
        return Variant(raw["id"], raw["table"], tuple(raw["absent"]), tuple(raw["present"]))

    def _roles(self, where: str, roles: Iterable[str], known: frozenset[str]) -> None:
        for role in roles:
            if role not in known:
                self.fail(
                    where, f"there is no role {role!r}{_near(role, known)} (roles are listed in schemas/forms/model.py)"
                )


def _near(wrong: str, known: Iterable[str]) -> str:
    """Words that offer what may have been meant."""
    from difflib import get_close_matches

    found = get_close_matches(wrong, list(known), 1)
    return f"; did you mean {found[0]!r}?" if found else ""
