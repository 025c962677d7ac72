"""Findings as text for a terminal: a verdict line, causes, the table around the wrong cells, what to do.

Belongs here: lines, alignment for Chinese width, colour. Does not belong here: what belongs together (`causes`), which
part of a table is shown (`picture`), consoles and encodings (`gouji.console`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.rules import words_of
from gouji.batch.reviewed import Reviewed
from gouji.words import Lang, say
from schemas.facts import Report
from schemas.findings import Checked, Explanation, Finding
from schemas.report_identity import ReportIdentity

from . import picture
from .causes import Cause, causes_of, cells_in_words, rule_name
from .names import Names, form_words, place_words, quoted, report_name, squeeze, whereabouts
from .verdicts import is_doubt_only, reasons_of_doubt, unassessable, verdict_words, whole_tables

if TYPE_CHECKING:
    pass

# Of many findings of one cause so many are written out; the JSON has them all.
_SHOWN = 6
_SENTENCE = 64
# Columns at the right edge for closing marks, which never begin a line.
_OVERHANG = 4
# Widths of a column's head, of a row's label and between columns: the first that fits the screen.
_WIDTHS = ((8, 34, 2), (4, 28, 1), (4, 18, 1))
_COLOURS = {
    "error": "31;1",
    "warning": "33;1",
    "note": "36",
    "good": "32;1",
    "wrong": "31;1",
    "maybe": "33;1",
    "dim": "2",
}


@dataclass(frozen=True)
class Screen:
    """What the lines are for. ``width`` 0 means that lines are not broken; ``wide_ambiguous``: “ and … take two columns;
    ``codes``: rules are shown by their ids, too; ``brief``: of many files, what is not wrong is left to the page."""

    lang: Lang = "zh"
    colour: bool = False
    width: int = 0
    wide_ambiguous: bool = False
    encoding: str = "utf-8"
    codes: bool = False
    brief: bool = False

    def paint(self, text: str, what: str) -> str:
        return f"\x1b[{_COLOURS[what]}m{text}\x1b[0m" if self.colour and what in _COLOURS else text

    def cells(self, text: str) -> int:
        """How many columns a text takes."""
        wide = "WFA" if self.wide_ambiguous else "WF"
        return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in wide else 1 for c in text)

    def fit(self, text: str) -> str:
        """What the console will show of a text: characters it lacks become a question mark."""
        if self.encoding.startswith("utf"):
            return text
        return text.encode(self.encoding, "replace").decode(self.encoding)

    def cut(self, text: str, width: int) -> str:
        if self.cells(text) <= width:
            return text
        while text and self.cells(text) > width - self.cells("…"):
            text = text[:-1]
        return f"{text}…"

    def pad(self, text: str, width: int, *, right: bool = False) -> str:
        space = " " * max(0, width - self.cells(text))
        return space + text if right else text + space


def subjects(checked: Checked) -> list[Report]:
    """What findings can be about: the reports, and for circulars a stand-in."""
    circulars = [
        Report(c.circular_id, ReportIdentity(issuer=c.issuer, year=c.year)) for c in checked.extraction.circulars
    ]
    return [*checked.extraction.reports, *circulars]


def lines_of(reviewed: Reviewed, screen: Screen, *, everything: bool = False) -> Iterator[str]:
    """All lines on one file; findings closed by a reason stand at the end of their report."""
    lang, checked, without = screen.lang, reviewed.checked, reviewed.waived
    reports = subjects(checked)
    causes = [causes_of(checked, report, lang, without=without) for report in reports]
    doubts = [f for report in reports for f in unassessable(checked, report, without)]
    yield _verdict_line(checked, screen, [c for of_one in causes for c in of_one], doubts, len(without))
    told = (*without, *doubts, *reviewed.closed, *reviewed.unclear)
    if screen.brief and checked.verdict == "pass" and not told:
        # Hints of those that passed are named, no more: what has to be done shall be seen.
        return
    yield from _hang("  ", [p.message for p in checked.extraction.problems], screen)
    if reviewed.seen_before is not None:
        yield from _round_lines(reviewed, screen)
    for i, report in enumerate(reports):
        if i:
            yield ""
        yield f"  {report_name(report, lang)}{_form(report, lang) if report in checked.extraction.reports else ''}"
        for number, cause in enumerate(causes[i], start=1):
            yield ""
            yield from _cause_lines(number, cause, screen)
        found = unassessable(checked, report, without, notes=everything)
        why = is_doubt_only(checked.verdict, causes[i])
        yield from _not_assessable(found, screen, each=everything, why=why)
        yield from _waived_lines(reviewed, report, screen)
        yield from _last_year(reviewed, report, screen)


def _form(report: Report, lang: Lang) -> str:
    said = form_words(report, lang)
    return f" · {say(lang, 'no_tables' if report.form == 'prose' else 'form_line', form=said, variant='')}"


def _round_lines(reviewed: Reviewed, screen: Screen) -> Iterator[str]:
    lang = screen.lang
    if not reviewed.seen_before:
        yield f"  {say(lang, 'round_unknown')}"
        return
    line = since_last(reviewed, lang)
    if not line:
        return
    yield from _hang("  ", [line], screen)
    closed = say(lang, "round_closed") + say(lang, "colon")
    yield from _hang("    ", [f"· {closed}{f.get('message', '')}" for f in reviewed.closed[:_SHOWN]], screen)
    if len(reviewed.closed) > _SHOWN:
        yield f"    · {say(lang, 'more', n=len(reviewed.closed) - _SHOWN)}"


def since_last(reviewed: Reviewed, lang: Lang) -> str:
    """What has become of the round before: of one from whom nothing has come since, that; empty where all was right and is."""
    n = reviewed.compared
    if reviewed.shut:
        return say(lang, "round_shut", files=say(lang, "list_mark").join(reviewed.shut))
    if reviewed.same_since and not n["closed"] and not n["new"]:
        return say(lang, "round_same", n=reviewed.same_since)
    if not (reviewed.closed or reviewed.unclear or n["open"] or n["new"]):
        return ""
    line = say(lang, "round_line", closed=n["closed"], open=n["open"], new=n["new"])
    return line + unclear_words(reviewed, lang)


def unclear_words(reviewed: Reviewed, lang: Lang) -> str:
    """How many findings of last round can no longer be seen: an emptied cell corrects nothing."""
    return say(lang, "round_unclear", n=len(reviewed.unclear)) if reviewed.unclear else ""


def _waived_lines(reviewed: Reviewed, report: Report, screen: Screen) -> Iterator[str]:
    lang = screen.lang
    mine = [f for f in reviewed.checked.findings if f.report_id == report.report_id and f.finding_id in reviewed.waived]
    if not mine:
        return
    yield ""
    yield f"  {say(lang, 'waived_line', n=len(mine))}"
    for finding in mine[:_SHOWN]:
        waiver = reviewed.waived[finding.finding_id]
        who = say(lang, "aside", text=waiver.who) if waiver.who else ""
        name = rule_name(finding.rule, lang)
        line = say(lang, "waived_one", name=name, message=finding.message, reason=waiver.reason, who=who)
        yield from _hang("    ", [f"· {line}"], screen)
    if len(mine) > _SHOWN:
        yield f"    · {say(lang, 'more', n=len(mine) - _SHOWN)}"


def _last_year(reviewed: Reviewed, report: Report, screen: Screen) -> Iterator[str]:
    if reviewed.previous is None:
        return
    previous = reviewed.previous.get(report.report_id)
    notes = reviewed.about_previous.get(report.report_id, [])
    if screen.brief:
        # Of whom nothing was found is told of all together.
        yield from _hang("  ", notes, screen)
        return
    if previous is None:
        yield from _hang("  ", notes or [say(screen.lang, "no_last_year")], screen)
        return
    from .compare import beside_last_year

    yield ""
    yield f"  {say(screen.lang, 'beside_last_year')}"
    yield from _hang("     ", notes, screen)
    pictures = beside_last_year(report, previous, screen.lang)
    for shown in pictures:
        yield f"     {shown.title}"
        yield from (f"       {line}".rstrip() for line in _picture_lines(shown, screen))
    if not pictures:
        yield f"     {say(screen.lang, 'other_form')}"


def _verdict_line(
    checked: Checked, screen: Screen, causes: Sequence[Cause], doubts: Sequence[Finding], waived: int
) -> str:
    lang = screen.lang
    word = say(lang, f"verdict_{checked.verdict}")
    tone = {"fail": "error", "unreadable": "error", "warn": "warning"}.get(checked.verdict, "good")
    head = screen.paint(say(lang, "verdict_head", word=word), tone)
    said = verdict_words(checked.verdict, causes, doubts, checked.extents, lang, waived=waived)
    if screen.brief and checked.verdict == "pass" and causes:
        # That is all that is said of them.
        said += say(lang, "colon") + say(lang, "semicolon").join(dict.fromkeys(cause.title for cause in causes))
    return f"{head}{checked.extraction.source.path}{say(lang, 'colon') + said if said else ''}"


# -- causes --------------------------------------------------------------------------------------------------------


def _cause_lines(number: int, cause: Cause, screen: Screen) -> Iterator[str]:
    lang = screen.lang
    severity = say(lang, f"severity_{cause.severity}")
    rules = f"[{', '.join(cause.rules)}]" if screen.codes else ""
    fits = not screen.width or screen.cells(f"  {number}. {severity} {cause.title} {rules}") <= screen.width
    rules = screen.paint(rules, "dim") if rules else ""
    yield f"  {number}. {screen.paint(severity, cause.severity)} {cause.title}{f' {rules}' if fits and rules else ''}"
    if rules and not fits:
        yield f"     {rules}"
    yield from _hang("     ", message_lines(cause, lang), screen)
    shown = picture.of_cause(cause, lang)
    if shown is not None:
        yield from (f"       {line}".rstrip() for line in _picture_lines(shown, screen))
    yield from _hang("     ", explanation_lines(cause, lang), screen)
    advice = cause.advice
    if len(advice) == 1:
        yield from _hang("     ", [f"{say(lang, 'advice')}{say(lang, 'colon')}{advice[0]}"], screen)


def _hang(indent: str, lines: Sequence[str], screen: Screen) -> Iterator[str]:
    """Lines, broken at the screen's width and continued under their own beginning."""
    for line in lines:
        mark = "· " if line.startswith("· ") else ""
        yield from _broken(indent, line, indent + " " * screen.cells(mark), screen)


def _broken(first: str, text: str, after: str, screen: Screen) -> Iterator[str]:
    if not screen.width:
        yield first + text
        return
    line, width = first, screen.cells(first)
    for c in text:
        w = screen.cells(c)
        # Closing marks never begin a line.
        if width + w > screen.width - _OVERHANG and c not in "，。；：、）】”！？,.;:)":
            # Nor do opening ones end it.
            kept = line.rstrip("（“【《(")
            yield kept.rstrip()
            line = after + line[len(kept) :]
            width = screen.cells(line)
        line += c
        width += w
    yield line


def message_lines(cause: Cause, lang: Lang, most: int = _SHOWN) -> list[str]:
    """What is wrong: the sentences of the first ``most`` findings, or for many cells at fault where they are."""
    findings = cause.findings
    if cause.of_cells and len(findings) > _SHOWN:
        return _many_cells(cause, lang, most)
    lines = []
    said: str | None = None
    for finding in findings[:most]:
        where = whereabouts(cause.report, finding.place, lang)
        lines.append(f"· {finding.message}{say(lang, 'aside', text=where) if where else ''}")
        if finding.sentence and finding.sentence != said:
            lines.append(f"  {say(lang, 'sentence')}{say(lang, 'colon')}{_around(finding)}")
        said = finding.sentence
        if finding.advice and len(cause.advice) > 1:
            lines.append(f"  {say(lang, 'advice')}{say(lang, 'colon')}{finding.advice}")
    if len(findings) > most:
        lines.append(f"· {say(lang, 'more', n=len(findings) - most)}")
    return lines


def _many_cells(cause: Cause, lang: Lang, most: int) -> list[str]:
    where = cells_in_words(cause.report, [f.cells[0] for f in cause.findings], lang)
    lines = [f"· {say(lang, 'cells', n=len(cause.findings))}"] if len(where) > 1 else []
    # Why cells are not certain differs; one of them in full says more than where they are.
    examples = [f"· {say(lang, 'for_instance', what=cause.findings[0].message)}"] if _differ(cause) else []
    lines.extend(f"· {line}" for line in where[:most])
    if len(where) > most:
        lines.append(f"· {say(lang, 'more', n=len(where) - most)}")
    return [*lines, *examples]


def _differ(cause: Cause) -> bool:
    """Whether the cells of one fault have something to tell beside where they are: what is printed in them, and why."""
    unread = {u.address for u in cause.report.unresolved}
    return any(f.cells[0] in unread for f in cause.findings)


def _around(finding: Finding) -> str:
    """The sentence, cut to what stands around the figure."""
    sentence = squeeze(finding.sentence or "")
    if len(sentence) <= _SENTENCE:
        return f"“{sentence}”"
    printed = str(finding.printed if finding.printed is not None else "")
    at = max(sentence.find(printed), 0) if printed else 0
    start = max(0, min(at - _SENTENCE // 2, len(sentence) - _SENTENCE))
    end = start + _SENTENCE
    return f"“{'…' if start else ''}{sentence[start:end]}{'…' if end < len(sentence) else ''}”"


def explanation_lines(cause: Cause, lang: Lang) -> list[str]:
    """The smallest explanations, spoken of as such; what no small change mends has to be read again."""
    whole = [e for e in cause.explanations if not e.changes]
    order = {f.address: i for i, f in enumerate(cause.report.facts)}
    ways = [e for e in cause.explanations if e.changes]
    # What a sentence bears out comes first: the sentence's words call it so.
    ways.sort(key=lambda e: (not e.borne_out, [order.get(c.address, len(order)) for c in e.changes or ()]))
    lines = []
    if len(ways) == 1:
        lines.append(said(ways[0], cause, lang))
    elif ways:
        lines.append(say(lang, "several_ways", n=len(ways)))
        agrees = say(lang, "agrees_with_text")
        lines.extend(f"· {agrees if e.borne_out else ''}{said(e, cause, lang, alone=False)}" for e in ways[:_SHOWN])
        if len(ways) > _SHOWN:
            lines.append(f"· {say(lang, 'more_ways', n=len(ways) - _SHOWN)}")
    lines.extend(e.message or say(lang, "whole_equation") for e in whole)
    lines.extend(u.message for u in cause.unexplained)
    return list(dict.fromkeys(lines))


def said(explanation: Explanation, cause: Cause, lang: Lang, *, alone: bool = True) -> str:
    """What an explanation changes; of several (not ``alone``) none is "the" smallest."""
    one = "" if alone else words_of(lang, "smallest", changes="\0").partition("\0")[0]
    where = _in_sheets(explanation, cause, lang)
    if explanation.message:
        return explanation.message.removeprefix(one) + where
    names = Names(cause.report, lang)
    changes = [
        say(
            lang, "change", cell=names.cell(c.address), printed=picture.figure(c.printed), value=picture.figure(c.value)
        )
        for c in explanation.changes or ()
    ]
    return say(lang, "smallest", changes=say(lang, "semicolon").join(changes)).removeprefix(one) + where


def _in_sheets(explanation: Explanation, cause: Cause, lang: Lang) -> str:
    """The cells of an explanation as Excel calls them, where they stand in a workbook."""
    cells = cause.report.printed()
    places = [cells[c.address].place for c in explanation.changes or () if c.address in cells]
    listed = say(lang, "list_mark").join(place_words(p, lang) for p in places if p.sheet is not None)
    return say(lang, "aside", text=listed) if listed else ""


def _not_assessable(findings: Sequence[Finding], screen: Screen, *, each: bool, why: bool) -> Iterator[str]:
    """How much could not be checked; ``each`` of it in words, or the first of it where nothing else says ``why``."""
    if not findings:
        return
    lang = screen.lang
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    yield ""
    if not each and len(whole_tables(findings)) == len(findings):
        # The tables may be pictures: what to do about that stands below, not which rule it is.
        yield f"  {say(lang, 'tables_unread', n=len(findings))}"
        yield from _hang("    ", reasons_of_doubt(findings, lang), screen)
        return
    counts = [
        say(lang, "unassessable_rule", rule=quoted(rule_name(rule, lang), lang), n=len(found))
        for rule, found in by_rule.items()
    ]
    what = say(lang, "list_mark").join(counts)
    yield from _hang("  ", [say(lang, "unassessable", n=len(findings), what=what)], screen)
    # A sum of nothing but blanks agrees with zeros whatever it should be.
    zero = sum(f.consistent_with_zero and any(t.value is not None for t in f.terms) for f in findings)
    if zero:
        yield f"  {say(lang, 'zero_would_do', n=zero)}"
    if each:
        for rule, found in by_rule.items():
            code = f" [{rule}]" if screen.codes else ""
            yield f"    {say(lang, 'not_assessable')} {rule_name(rule, lang)}{code}"
            yield from _hang("      ", [f"· {finding.message}" for finding in found], screen)
    elif shown := findings if why else whole_tables(findings):
        yield from _hang("    ", reasons_of_doubt(shown, lang), screen)


# -- pictures ------------------------------------------------------------------------------------------------------


def _picture_lines(shown: picture.Picture, screen: Screen, indent: int = 7) -> Iterator[str]:
    """The table with its columns under one another; wrong cells in 【】, possible ones with a question mark."""
    for widths in _WIDTHS:
        lines = _table_lines(shown, screen, *widths)
        widest = max(screen.cells("".join(text for text, _ in line)) for line in lines)
        if not screen.width or widest <= screen.width - indent:
            break
    yield from ("".join(screen.paint(text, mark) for text, mark in line) for line in lines)
    where = place_words(shown.place, screen.lang)
    remarks = ([where] if where else []) + shown.omitted
    if remarks:
        yield screen.paint(say(screen.lang, "aside", text=say(screen.lang, "semicolon").join(remarks)), "dim")


def _table_lines(
    shown: picture.Picture, screen: Screen, head_width: int, label_width: int, gap: int
) -> list[list[tuple[str, str]]]:
    """Lines of the table, each in pieces with their marks."""
    labels = [screen.cut(screen.fit(label), label_width) for label, _ in shown.rows]
    heads = [_head_lines(screen.fit(h), screen, head_width) for h in shown.heads]
    texts = [[_cell_text(cell, screen) for cell in cells] for _, cells in shown.rows]
    widths = [
        max([screen.cells(x) for x in head] + [screen.cells(row[i]) for row in texts] + [3])
        for i, head in enumerate(heads)
    ]
    width = max(screen.cells(label) for label in labels)

    def line(label: str, cells: Sequence[str], marks: Sequence[str]) -> list[tuple[str, str]]:
        pieces = [(screen.pad(label, width), "")]
        for text, w, mark in zip(cells, widths, marks, strict=True):
            pieces += [(" " * (gap + w - screen.cells(text)), ""), (text, mark)]
        return pieces

    height = max(len(h) for h in heads)
    # Heads stand on the line above the figures, whatever their height.
    tops = [[*[""] * (height - len(h)), *h] for h in heads]
    out = [line("", [h[i] for h in tops], [""] * len(heads)) for i in range(height)]
    out.append([("-" * (width + sum(widths) + gap * len(widths)), "")])
    for label, row, (_, cells) in zip(labels, texts, shown.rows, strict=True):
        out.append(line(label, row, [cell.mark or "" for cell in cells]))
    return out


def _cell_text(cell: picture.PictureCell, screen: Screen) -> str:
    text = screen.cut(screen.fit(cell.text), 16)
    if cell.sum:
        return f"({text})" if text else ""
    if cell.mark == "wrong":
        return say(screen.lang, "wrong_cell", text=text or " ")
    return f"{text}?" if cell.mark == "maybe" else text


def _head_lines(head: str, screen: Screen, width: int) -> list[str]:
    """A column's head on as many lines as its width asks for."""
    if screen.lang == "en":
        return head.split()
    lines = [""]
    for c in head:
        if screen.cells(lines[-1] + c) > width:
            lines.append("")
        lines[-1] += c
    return lines
