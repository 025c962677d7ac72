"""Functions switched off one by one, and those that no test misses: `python -m benchmarks.switch_off` (`make mutate`).

Belongs here: which functions have a neutral answer, putting it in their place, running the tests of their room. Does not
belong here: documents damaged at random (`damage`), and any judgement: a function nobody misses is one to look at.

A function is switched off for one run of the tests by what it is declared to return: False, None, nothing to go through,
or its first argument of that type, as if it had found nothing to do. Others are left out, and counted.

Example: python -m benchmarks.switch_off parsers.readers.pdf.grid --tests tests/parsers/readers/pdf
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VARIABLE = "GOUJI_SWITCHED_OFF"
DEFAULT = ("parsers.readers.pdf", "parsers.tables")
# A switched-off function may make a test hang: a run takes seconds, and a hang counts as missed.
SECONDS = 900
_EMPTY = ("list", "dict", "set", "tuple", "frozenset")


@dataclass(frozen=True, slots=True)
class Function:
    """``module:Class.name`` or ``module:name``; ``lines`` of its body; what it answers when it is switched off."""

    module: str
    name: str
    lines: int
    neutral: str

    @property
    def key(self) -> str:
        return f"{self.module}:{self.name}"


def functions(module: str) -> tuple[list[Function], int]:
    """The functions of a module that have a neutral answer, and how many have none."""
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    found: list[Function] = []
    others = 0
    for owner, node in _definitions(ast.parse(path.read_text("utf-8"))):
        if node.name.startswith("__") or any("property" in ast.dump(d) for d in node.decorator_list):
            continue
        neutral = _neutral(node)
        if neutral is None:
            others += 1
            continue
        lines = (node.end_lineno or node.lineno) - node.body[0].lineno + 1
        found.append(Function(module, f"{owner}{node.name}", lines, neutral))
    return found, others


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield "", node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.", n) for n in node.body if isinstance(n, ast.FunctionDef))


def _neutral(node: ast.FunctionDef) -> str | None:
    """``False``, ``None``, the name of an empty collection, ``empty`` for a generator, or ``argument N``."""
    returns = ast.unparse(node.returns) if node.returns is not None else ""
    if returns in ("bool", "None"):
        return {"bool": "False", "None": "None"}[returns]
    if returns.endswith("| None"):
        return "None"
    if returns.startswith(("Iterator[", "Iterable[", "Generator[")):
        return "empty"
    for position, argument in enumerate(node.args.args):
        if argument.annotation is not None and ast.unparse(argument.annotation) == returns:
            return f"argument {position}"
    return next((kind for kind in _EMPTY if returns == kind or returns.startswith(f"{kind}[")), None)


def switch_off(key: str, neutral: str) -> None:
    """Put the neutral answer into a function: into the function itself, since other modules have it by name."""
    name, _, path = key.partition(":")
    holder: Any = importlib.import_module(name)
    *owners, last = path.split(".")
    for owner in owners:
        holder = getattr(holder, owner)
    found: Any = vars(holder)[last]
    while not isinstance(found, FunctionType):
        # What a decorator made of it: a method of the class, something that remembers its answers.
        found = found.__func__ if hasattr(found, "__func__") else found.__wrapped__
    found.__code__ = _answering(neutral).__code__
    found.__defaults__ = found.__kwdefaults__ = None


def _answering(neutral: str) -> FunctionType:
    """A function that closes over nothing, whatever it is called with."""
    if neutral.startswith("argument "):
        position = int(neutral.removeprefix("argument "))
        answer = f"given[{position}] if len(given) > {position} else next(iter(named.values()))"
    elif neutral in _EMPTY:
        answer = f"{neutral}()"
    else:
        answer = {"empty": "iter(())", "False": "False", "None": "None"}[neutral]
    made: dict[str, FunctionType] = {}
    exec(f"def answer(*given, **named): return {answer}", made)
    return made["answer"]


def pytest_configure() -> None:
    """As a plugin of pytest: the function that the environment names is off for this run."""
    key, _, neutral = os.environ[VARIABLE].partition("=")
    if key:
        switch_off(key, neutral)


def is_missed(function: Function | None, tests: list[str]) -> bool:
    """Whether some test fails without the function; None switches nothing off."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "benchmarks.switch_off",
        "-p",
        "no:cacheprovider",
        *tests,
    ]
    environment = {**os.environ, VARIABLE: f"{function.key}={function.neutral}" if function else ""}
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def _modules(names: list[str]) -> list[str]:
    out = []
    for name in names:
        folder = ROOT.joinpath(*name.split("."))
        if folder.is_dir():
            parts = (p.relative_to(ROOT).with_suffix("").parts for p in sorted(folder.rglob("*.py")))
            out += [".".join(p) for p in parts if p[-1] != "__init__"]
        else:
            out.append(name)
    return out


def main(argv: list[str] | None = None) -> int:
    """Exit status 1 if there is a function that no test misses, 2 if the tests fail as they are."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.switch_off", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("modules", nargs="*", default=list(DEFAULT), help="modules or packages")
    parser.add_argument("--tests", nargs="+", default=["tests/parsers"], help="the tests that should miss them")
    parser.add_argument("--most", type=int, default=0, help="look at so many functions, the longest first (0: all)")
    options = parser.parse_args(argv)
    chosen: list[Function] = []
    left_out = 0
    for module in _modules(options.modules):
        found, others = functions(module)
        chosen += found
        left_out += others
    chosen.sort(key=lambda f: -f.lines)
    chosen = chosen[: options.most or None]
    if is_missed(None, options.tests):
        print("the tests fail with every function in its place: nothing can be learned from them", file=sys.stderr)
        return 2
    unmissed = []
    started = time.monotonic()
    for number, function in enumerate(chosen, start=1):
        if not is_missed(function, options.tests):
            unmissed.append(function)
            print(f"\r{function.key}  ({function.lines} lines, answers {function.neutral})", flush=True)
        print(f"\r{number}/{len(chosen)} {time.monotonic() - started:.0f} s", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(f"{len(chosen)} switched off, {len(unmissed)} missed by no test, {left_out} without a neutral answer")
    return 1 if unmissed else 0


if __name__ == "__main__":
    sys.exit(main())
