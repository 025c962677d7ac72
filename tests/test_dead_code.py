"""No definition that nobody uses: functions, classes, methods and constants, read from the text of the house.

Belongs here: what is defined and never named again outside tests. Does not belong here: unused imports and variables
(ruff), code that is named but never runs (coverage).

A name counts as used where its own module names it outside its definition, where another imports it from there, where it
stands behind a dot, or where a text names it (registries, `__getattr__`).
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.test_house import MODULES, _tree

# Named by nobody here, and why it stays.
CALLED_FROM_OUTSIDE = {
    "_repr_html_": "notebooks call it",
    "_constructor": "pandas calls it",
    "handle_request": "httpx calls it",
    "connect_tcp": "httpcore calls it, and those that follow",
    "connect_unix_socket": "",
    "get_extra_info": "",
    "start_tls": "",
    "init_resources": "pdfminer calls it, and those that follow",
    "do_BT": "",
    "begin_page": "",
    "begin_figure": "",
    "end_page": "",
}
# Half-built or to be taken out with what stands around it; an entry goes with its definition.
TO_GO = {
    "parsers.tables.lost_grid.find_lines",
}
# Rooms of the product; `data` and `benchmarks` use it as others do.
CHECKED = [m for m in sorted(MODULES) if m.partition(".")[0] not in ("data", "benchmarks")]


def _named(node: ast.AST) -> Counter[str]:
    """How often names, attributes and texts stand in a part of a module."""
    found: Counter[str] = Counter()
    for n in ast.walk(node):
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load):
            found[n.id] += 1
        elif isinstance(n, ast.Attribute):
            found[f".{n.attr}"] += 1
        elif isinstance(n, ast.Constant) and isinstance(n.value, str):
            # Registries name what they hold: "table_rules.number".
            found.update(f".{part}" for part in n.value.split(".") if part.isidentifier())
    return found


def _package(name: str) -> str:
    return name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]


def _imported(name: str) -> Iterator[tuple[str, str]]:
    """What a module imports by name from others: (module, name)."""
    for node in ast.walk(_tree(MODULES[name])):
        if isinstance(node, ast.ImportFrom):
            base = _package(name)
            for _ in range(node.level - 1):
                base = base.rpartition(".")[0]
            start = node.module or "" if not node.level else ".".join(filter(None, (base, node.module)))
            yield from ((start, alias.name) for alias in node.names)


NAMED = {name: _named(_tree(path)) for name, path in MODULES.items()}
IMPORTED = {pair for name in MODULES for pair in _imported(name)}
EVERYWHERE = sum(NAMED.values(), Counter[str]())


def _definitions(body: list[ast.stmt], of_class: bool = False) -> Iterator[tuple[str, ast.stmt, bool]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            # What a decorator registers is used by the registry.
            registered = any(isinstance(d, ast.Call) for d in node.decorator_list) and not isinstance(
                node, ast.ClassDef
            )
            if not registered:
                yield node.name, node, of_class
            if isinstance(node, ast.ClassDef):
                yield from _definitions(node.body, of_class=True)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and not of_class:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((t.id, node, False) for t in targets if isinstance(t, ast.Name))
        elif isinstance(node, ast.If | ast.Try):
            yield from _definitions(node.body, of_class)


def unused(name: str) -> list[str]:
    """The definitions of a module that nobody uses."""
    out = []
    for defined, node, of_class in _definitions(_tree(MODULES[name]).body):
        if defined.startswith("__") or defined in CALLED_FROM_OUTSIDE:
            continue
        inside = _named(node)
        dotted = EVERYWHERE[f".{defined}"] - inside[f".{defined}"]
        here = NAMED[name][defined] - inside[defined]
        if not dotted and (of_class or (not here and (name, defined) not in IMPORTED)):
            out.append(defined)
    return out


@pytest.mark.parametrize("name", CHECKED)
def test_every_definition_is_used(name: str) -> None:
    assert {f"{name}.{defined}" for defined in unused(name)} == {x for x in TO_GO if x.rpartition(".")[0] == name}


def test_a_definition_that_nobody_uses_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even one that calls itself."""
    module = ast.parse(
        "def idle(n):\n    return idle(n - 1)\n"
        "class Used:\n    def only_itself(self):\n        self.only_itself()\n    def seen(self):\n        return 1\n"
        "LEFT = 1\nprint(Used().seen())\n"
    )
    monkeypatch.setitem(NAMED, CHECKED[0], _named(module))
    monkeypatch.setattr("tests.test_dead_code._tree", lambda _: module)
    monkeypatch.setitem(globals(), "EVERYWHERE", EVERYWHERE + _named(module))
    assert unused(CHECKED[0]) == ["idle", "only_itself", "LEFT"]
