"""Verdicts added up, and the page that shows them.

Belongs here: counts by kind and by trait, goals, and their Markdown. Does not belong here: judging one document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from benchmarks.wild.judge import Truth, Verdict

Judged = tuple[Truth, Verdict]
_HEADS = (
    "kind", "documents", "cells", "right", "share", "silent cells", "silent documents", "other kind", "unresolved", "allowed",
    "without a trace", "false errors", "accused documents", "planted found", "missed", "wrong issuer", "open", "wrong year", "open",
    "wrong code", "open", "no_report", "several",
)  # fmt: skip


def _row(name: str, judged: Sequence[Judged]) -> list[str]:
    verdicts = [v for _, v in judged]
    cells, right = sum(v.cells for v in verdicts), sum(v.right for v in verdicts)
    numbers = [
        len(verdicts), cells, right, f"{100 * right / cells:.2f} %" if cells else "–",
        sum(len(v.silent) for v in verdicts), sum(bool(v.silent) for v in verdicts),
        sum(len(v.other_kind) for v in verdicts), sum(len(v.unresolved) for v in verdicts), sum(v.allowed for v in verdicts),
        sum(len(v.lost) for v in verdicts), sum(len(v.false_errors) for v in verdicts),
        sum(bool(v.false_errors) for v in verdicts), sum(v.found for v in verdicts), sum(len(v.missed) for v in verdicts),
        sum(bool(v.wrong_issuer) for v in verdicts), sum(v.open_issuer for v in verdicts),
        sum(bool(v.wrong_year) for v in verdicts), sum(v.open_year for v in verdicts),
        sum(bool(v.wrong_code) for v in verdicts), sum(v.open_code for v in verdicts),
        sum(v.no_report for v in verdicts), sum(v.several for v in verdicts),
    ]  # fmt: skip
    return [name, *map(str, numbers)]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(r) + " |" for r in rows]
    return [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]


def goals(judged: Sequence[Judged]) -> list[str]:
    """The goals, each with what was measured."""
    verdicts = [v for _, v in judged]
    count = max(len(verdicts), 1)
    cells = max(sum(v.cells for v in verdicts), 1)
    silent, accused = sum(bool(v.silent) for v in verdicts), sum(bool(v.false_errors) for v in verdicts)
    who = sum(bool(v.wrong_issuer) or bool(v.wrong_year) for v in verdicts)
    share, lost = sum(v.right for v in verdicts) / cells, sum(len(v.lost) for v in verdicts)
    met = {
        f"silent in at most 1 of 500 documents: {silent} of {count}": silent * 500 <= count,
        f"a false error in at most 1 of 200: {accused} of {count}": accused * 200 <= count,
        f"no wrong issuer or year: {who}": who == 0,
        f"at least 98 % of cells right: {100 * share:.2f} %": share >= 0.98,
        f"none without a trace: {lost}": lost == 0,
    }
    return [f"- {'met' if ok else 'MISSED'}: {text}" for text, ok in met.items()]


def by_trait(judged: Sequence[Judged], least: int = 2) -> list[str]:
    """For each kind of failure the traits met oftener in failing documents than in all, most telling first."""
    lines = []
    for failure in ("silent", "lost", "false error", "missed", "unresolved", "issuer", "year", "code", "no_report"):
        failing = [t for t, v in judged if failure in v.fails]
        if not failing:
            continue
        everywhere = Counter(x for t, _ in judged for x in t.traits)
        here = Counter(x for t in failing for x in t.traits)
        usual = len(failing) / len(judged)
        telling = [
            (n / everywhere[x] / usual, n, x) for x, n in here.items() if n >= least and n > 1.5 * usual * everywhere[x]
        ]
        best = sorted(telling, key=lambda x: (-x[0], -x[1], x[2]))[:12]
        shown = ", ".join(f"{x} {n}/{everywhere[x]}" for _, n, x in best) or "no trait stands out"
        lines.append(f"- **{failure}** {len(failing)}/{len(judged)}: {shown}")
    return lines


def page(judged: Sequence[Judged], seed: int) -> str:
    kinds = list(dict.fromkeys(t.kind for t, _ in judged))
    rows = [list(_HEADS), *(_row(k, [j for j in judged if j[0].kind == k]) for k in sorted(kinds)), _row("all", judged)]
    warnings = Counter(w.partition(":")[0] for t, v in judged if not t.planted for w in v.warnings)
    told = ", ".join(f"{rule} {n}" for rule, n in warnings.most_common()) or "none"
    return "\n".join(
        [
            f"# The second generator, seed {seed}", "", *_table(rows), "", "## Goals", "", *goals(judged), "",
            "## Failures by trait", "", *(by_trait(judged) or ["- none"]), "",
            f"Warnings and notes on documents without a planted fault, by rule: {told}.", "",
        ]
    )  # fmt: skip
