"""`gouji check`: what is wrong with them.

Belongs here: the text and JSON that `check` prints and its exit status. Does not belong here: rules and verdicts
(`checks`), batches (`work`).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import IO

import checks
from checks.rules import Profile, catalogue
from schemas.findings import Checked, Finding

from . import console
from .extract_command import place_words, report_name
from .words import Lang, say
from .work import read_all

_SEVERITIES = ("error", "warning", "note")
# Of many findings of one rule so many are written out; the JSON has them all.
_SHOWN = 8
_COLOURS = {"error": "\x1b[31;1m", "warning": "\x1b[33;1m", "note": "\x1b[36m", "good": "\x1b[32;1m", "off": "\x1b[0m"}


def check(
    paths: Sequence[Path],
    *,
    output_format: str = "text",
    output: Path | None = None,
    profile: Profile = "draft",
    everything: bool = False,
    lang: Lang = "zh",
) -> int:
    """Check every file; returns 0, 1 for findings of severity error, 2 if a file could not be read (2 wins)."""
    status = 0
    verdicts: Counter[str] = Counter()

    def results() -> Iterator[Checked]:
        nonlocal status
        for extraction in read_all(paths, lang, label=say(lang, "checking")):
            checked = checks.check(extraction, profile, lang)
            extraction.versions["rules"] = checks.version()
            verdicts[checked.verdict] += 1
            if extraction.problems or checked.verdict == "unreadable":
                status = 2
            elif checked.verdict == "fail":
                status = max(status, 1)
            yield checked

    with console.output(output, as_json=output_format == "json") as stream:
        if output_format == "json":
            console.write_json_list(stream, (c.to_json(everything=everything) for c in results()))
        else:
            colour = output is None and _colour(stream)
            for checked in results():
                _write_text(stream, checked, lang, everything=everything, colour=colour)
            if sum(verdicts.values()) > 1:
                summary = say(
                    lang,
                    "summary",
                    files=sum(verdicts.values()),
                    fail=verdicts["fail"],
                    warn=verdicts["warn"],
                    pass_=verdicts["pass"],
                    unreadable=verdicts["unreadable"],
                )
                stream.write(f"\n{summary}\n")
    if output is not None:
        print(say(lang, "written", path=output), file=sys.stderr)
    return status


def _colour(stream: IO[str]) -> bool:
    """Colour where the terminal shows it: not in files and pipes, not in the old Windows console."""
    import os

    if not stream.isatty() or os.environ.get("NO_COLOR"):
        return False
    return sys.platform != "win32" or bool(os.environ.get("WT_SESSION") or os.environ.get("ANSICON"))


def _paint(text: str, what: str, colour: bool) -> str:
    return f"{_COLOURS[what]}{text}{_COLOURS['off']}" if colour else text


def _write_text(stream: IO[str], checked: Checked, lang: Lang, *, everything: bool, colour: bool) -> None:
    broken = [f for f in checked.findings if f.outcome == "broken"]
    counts = Counter(f.severity for f in broken)
    verdict = say(lang, f"verdict_{checked.verdict}")
    tone = {"fail": "error", "unreadable": "error", "warn": "warning"}.get(checked.verdict, "good")
    tally = say(lang, "counts", error=counts["error"], warning=counts["warning"], note=counts["note"])
    head = f"【{verdict}】" if lang == "zh" else f"[{verdict}]"
    summary = "" if checked.verdict == "unreadable" else f" {tally}"
    stream.write(f"{_paint(head, tone, colour)}{checked.extraction.source.path}{summary}\n")
    for problem in checked.extraction.problems:
        stream.write(f"  {problem.message}\n")
    names = {r.id: r.words[lang]["name"] for r in catalogue()}
    for report in checked.extraction.reports:
        mine = [f for f in broken if f.report_id == report.report_id]
        variant = f"（{report.variant}）" if report.variant else ""
        stream.write(f"  {report_name(report, lang)} · {say(lang, 'form_line', form=report.form, variant=variant)}\n")
        for severity in _SEVERITIES:
            of_severity = [f for f in mine if f.severity == severity]
            for rule, found in groupby(of_severity, key=lambda f: f.rule):
                _write_rule(stream, names[rule], list(found), lang, colour)
        skipped = [f for f in checked.findings if f.report_id == report.report_id and f.outcome == "not_assessable"]
        if skipped and everything:
            for rule, found in groupby(skipped, key=lambda f: f.rule):
                stream.write(f"    {say(lang, 'not_assessable')} {names[rule]} [{rule}]\n")
                for finding in found:
                    stream.write(f"      · {finding.message}\n")
        elif skipped:
            stream.write(f"    {say(lang, 'unassessable', n=len(skipped))}\n")


def _write_rule(stream: IO[str], name: str, found: list[Finding], lang: Lang, colour: bool) -> None:
    """The findings of one rule: what it is, where, and once what to do."""
    severity = found[0].severity
    places = f" {say(lang, 'more_places', n=len(found))}" if len(found) > 1 else ""
    label = _paint(say(lang, f"severity_{severity}"), severity, colour)
    stream.write(f"    {label} {name} [{found[0].rule}]{places}\n")
    for finding in found[:_SHOWN]:
        where = place_words(finding.place.to_json(), lang)
        stream.write(f"      · {finding.message}{f' （{where}）' if where else ''}\n")
    if len(found) > _SHOWN:
        stream.write("      · …\n")
    advice = {f.advice for f in found if f.advice}
    if len(advice) == 1:
        stream.write(f"      → {say(lang, 'advice')}：{next(iter(advice))}\n")
