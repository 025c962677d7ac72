"""Nothing outside the form files names a form by its id or a cell by its address: all is selected by role."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from schemas import forms
from tests.conftest import ROOT

ROOMS = ("schemas", "parsers", "checks", "flows", "gouji", "data/generator")
# What may name them, and why.
ALLOWED: dict[str, str] = {}
_FORMS = forms.load_all()
_IDS = {f.id for f in _FORMS}
_ADDRESS = re.compile(
    r"(?:^|[^\w.])(?:"
    + "|".join(
        rf"{code}\.(?:{'|'.join(r.code for f in _FORMS if code in f.tables for r in f.tables[code].rows)})(?:\.|$)"
        rf"|{code}\.$"
        for code in dict.fromkeys(c for f in _FORMS for c in f.tables)
    )
    + ")"
)


def named(text: str) -> list[str]:
    """The strings of a module that name a form or a cell, documentation aside."""
    tree = ast.parse(text)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    strings = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return [n.value for n in strings if id(n) not in docs and (n.value in _IDS or _ADDRESS.search(n.value))]


def test_what_counts_as_naming() -> None:
    assert named('x = "2021"') == ["2021"]
    assert (
        named('x = "requests.granted.total"') and named('f"requests.{row}.total"') and named('x = "requests.granted."')
    )
    assert (
        not named('x = "requests.balance"')
        and not named('"""requests.granted.total"""')
        and not named('x = "requests"')
    )


def test_nothing_names_a_form_or_a_cell() -> None:
    found = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if not name.startswith("schemas/forms/") and (strings := named(path.read_text("utf-8"))):
                found[name] = strings
    assert found.keys() <= ALLOWED.keys(), found


def test_no_rule_names_a_cell() -> None:
    for path in (ROOT / "checks").glob("*.toml"):
        lines = Path(path).read_text("utf-8").splitlines()
        assert not [line for line in lines if _ADDRESS.search(line.split("#")[0])], path
