"""No definition that nobody uses: functions, classes, methods and constants, read from the text of the house.

Belongs here: what is defined and never named again outside tests. Does not belong here: unused imports and variables
(ruff), code that is named but never runs (coverage).

A name counts as used where its own module names it outside its definition, where another imports it from there, where it
stands behind a dot, or where a text names it (registries, `__getattr__`).
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.test_house import MODULES

# Named by nobody here, and why it stays.
CALLED_FROM_OUTSIDE = {
    "_repr_html_": "notebooks call it",
    "_constructor": "pandas calls it",
    "format_usage": "argparse calls it, and the next",
    "format_help": "",
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
TO_GO: set[str] = set()
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


def _imported(name: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What a module imports by name from others: (module, name)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = _package(name)
            for _ in range(node.level - 1):
                base = base.rpartition(".")[0]
            start = node.module or "" if not node.level else ".".join(filter(None, (base, node.module)))
            yield from ((start, alias.name) for alias in node.names)


@dataclass(frozen=True)
class Definition:
    """What a module defines, and how often it names it itself inside: by its name, and behind a dot."""

    name: str
    of_class: bool
    plain: int
    dotted: int


def _definitions(body: list[ast.stmt], of_class: bool = False) -> Iterator[Definition]:
    def made(name: str, node: ast.stmt) -> Definition:
        inside = _named(node)
        return Definition(name, of_class, inside[name], inside[f".{name}"])

    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            # What a decorator registers is used by the registry.
            registered = any(isinstance(d, ast.Call) for d in node.decorator_list) and not isinstance(
                node, ast.ClassDef
            )
            if not registered:
                yield made(node.name, node)
            if isinstance(node, ast.ClassDef):
                yield from _definitions(node.body, of_class=True)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and not of_class:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (made(t.id, node) for t in targets if isinstance(t, ast.Name))
        elif isinstance(node, ast.If | ast.Try):
            yield from _definitions(node.body, of_class)


class House:
    """Who names what in the modules given, by their trees."""

    def __init__(self, trees: Iterable[tuple[str, ast.Module]]) -> None:
        self.named: dict[str, Counter[str]] = {}
        self.everywhere = Counter[str]()
        self.imported: set[tuple[str, str]] = set()
        self.definitions: dict[str, list[Definition]] = {}
        for name, tree in trees:
            self.named[name] = _named(tree)
            self.everywhere.update(self.named[name])
            self.imported.update(_imported(name, tree))
            if name in CHECKED:
                self.definitions[name] = list(_definitions(tree.body))

    def unused(self, name: str) -> list[str]:
        """The definitions of a module that nobody uses."""
        out = []
        for defined in self.definitions[name]:
            if defined.name.startswith("__") or defined.name in CALLED_FROM_OUTSIDE:
                continue
            dotted = self.everywhere[f".{defined.name}"] - defined.dotted
            here = self.named[name][defined.name] - defined.plain
            if not dotted and (defined.of_class or (not here and (name, defined.name) not in self.imported)):
                out.append(defined.name)
        return out


def test_every_definition_is_used() -> None:
    house = House((name, ast.parse(path.read_text("utf-8"))) for name, path in MODULES.items())
    assert len(house.definitions) > 400
    assert {f"{name}.{defined}" for name in CHECKED for defined in house.unused(name)} == TO_GO


def test_a_definition_that_nobody_uses_is_found() -> None:
    """Not even one that calls itself."""
    module = ast.parse(
        "def idle(n):\n    return idle(n - 1)\n"
        "class Used:\n    def only_itself(self):\n        self.only_itself()\n    def seen(self):\n        return 1\n"
        "LEFT = 1\nprint(Used().seen())\n"
    )
    assert House([(CHECKED[0], module)]).unused(CHECKED[0]) == ["idle", "only_itself", "LEFT"]
