"""Findings as HTML: one page in one file, readable on a screen and on paper.

Belongs here: the page around everything, causes and pictures as HTML. Does not belong here: the review copy of a
document (`html_copy`), the result page (`page`).

Nothing is fetched from anywhere: no script, no font, no picture. All text is escaped here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from gouji.words import Lang, say
from schemas.facts import Report
from schemas.findings import Checked

from . import picture
from .causes import Cause, causes_of
from .names import Names, place_words, report_name
from .text import explanation_lines, message_lines
from .verdicts import is_doubt_only, reasons_of_doubt, unassessable, verdict_words

STYLE = """
:root { --error: #b3261e; --warning: #8a5a00; --note: #1f5f8b; --good: #1e6b3a; }
* { box-sizing: border-box; }
body { font: 15px/1.65 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Source Han Sans SC", sans-serif;
  color: #1d1d1f; background: #fff; margin: 0 auto; padding: 24px 28px 60px; max-width: 1120px; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 30px 0 8px; padding-top: 8px; }
h3 { font-size: 15px; margin: 16px 0 4px; } p { margin: 4px 0; }
a { color: #1f5f8b; text-decoration: none; } a:hover { text-decoration: underline; }
.quiet { color: #5f6368; font-size: 13px; } .path { overflow-wrap: anywhere; }
.tag { display: inline-block; border-radius: 3px; padding: 0 7px; font-size: 13px; line-height: 21px; color: #fff;
  white-space: nowrap; background: #5f6368; }
.tag.error, .tag.fail, .tag.unreadable, .tag.missing { background: var(--error); }
.tag.warning, .tag.warn, .tag.late { background: var(--warning); } .tag.note { background: var(--note); }
.tag.pass, .tag.received, .tag.closed { background: var(--good); }
table { border-collapse: collapse; margin: 8px 0; font-size: 13px; line-height: 1.45; }
th, td { border: 1px solid #b9bcc2; padding: 3px 7px; vertical-align: middle; }
th { background: #f1f3f5; font-weight: 600; text-align: center; }
td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.sum, th.sum { background: #f7f7f7; color: #5f6368; font-style: italic; }
.wrong, .m-error { background: #ffd6d6; outline: 2px solid #b3261e; outline-offset: -2px; font-weight: 600; }
.maybe, .m-warning { background: #fff0c2; outline: 1px solid #b98a1d; outline-offset: -1px; }
.m-note { background: #dce9f7; } mark { padding: 0 1px; }
sup.r { font-size: 11px; line-height: 0; margin-left: 2px; } sup.r a { color: var(--error); font-weight: 600; }
.cause { border-left: 4px solid #b9bcc2; padding: 2px 0 6px 14px; margin: 14px 0; break-inside: avoid; }
.cause.error { border-color: var(--error); } .cause.warning { border-color: #d59a1c; } .cause.note { border-color: #6aa0cc; }
.cause ul { margin: 2px 0; padding-left: 20px; } .what-to-do { color: var(--good); }
.scroll { overflow-x: auto; }
@media print {
  body { font-size: 10.5pt; max-width: none; padding: 0; }
  .tag { border: 1px solid #333; } a { color: inherit; } thead { display: table-header-group; } tr { break-inside: avoid; }
  .wrong, .maybe, .tag, .m-error, .m-warning, .m-note { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""

# On a page there is room for all but a flood.
_MOST = 60
_FRAGMENT = """
.gouji { color: #1d1d1f; background: #fff; padding: 8px 12px; font-size: 14px; line-height: 1.6; }
.gouji h3 { font-size: 14px; margin: 12px 0 2px; } .gouji p { margin: 4px 0; }
.gouji table { border-collapse: collapse; font-size: 12px; line-height: 1.4; margin: 4px 0; }
.gouji th, .gouji td { border: 1px solid #b9bcc2; padding: 2px 6px; text-align: left; background: #fff; color: #1d1d1f; }
.gouji th { background: #f1f3f5; } .gouji td.n { text-align: right; white-space: nowrap; }
.gouji td.wrong { background: #ffd6d6; outline: 2px solid #b3261e; outline-offset: -2px; font-weight: 600; }
.gouji td.maybe { background: #fff0c2; outline: 1px solid #b98a1d; outline-offset: -1px; }
.gouji .tag { border-radius: 3px; padding: 0 6px; font-size: 12px; color: #fff; background: #5f6368; }
.gouji .tag.error, .gouji .tag.fail, .gouji .tag.unreadable { background: #b3261e; }
.gouji .tag.warning, .gouji .tag.warn { background: #8a5a00; } .gouji .tag.note { background: #1f5f8b; }
.gouji .tag.pass { background: #1e6b3a; } .gouji .scroll { overflow-x: auto; }
"""


def page(title: str, body: Iterable[str], lang: Lang) -> str:
    """A whole page in one file."""
    language = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def tag(kind: str, text: str) -> str:
    """A coloured word; its meaning is in the word, not in the colour."""
    return f'<span class="tag {kind}">{escape(text)}</span>'


def cause_block(cause: Cause, number: int, lang: Lang, *, anchor: str = "") -> str:
    """One cause: what is wrong, the table around it, the smallest explanation, what to do."""
    lines = [f'<div class="cause {cause.severity}"{f" id={chr(34)}{anchor}{chr(34)}" if anchor else ""}>']
    lines.append(
        f"<h3>{number}. {tag(cause.severity, say(lang, f'severity_{cause.severity}'))} {escape(cause.title)}</h3>"
    )
    lines.append(listed(message_lines(cause, lang, _MOST)))
    shown = picture.of_cause(cause, lang)
    if shown is not None:
        lines.append(picture_table(shown, lang))
    lines.extend(f"<p>{escape(line.removeprefix('· '))}</p>" for line in explanation_lines(cause, lang))
    if len(cause.advice) == 1:
        lines.append(f'<p class="what-to-do">{escape(say(lang, "advice") + say(lang, "colon") + cause.advice[0])}</p>')
    lines.append("</div>")
    return "\n".join(lines)


def listed(lines: Sequence[str]) -> str:
    """Lines that begin with a dot as a list; what follows a dot without one belongs to it."""
    items: list[str] = []
    for line in lines:
        if line.startswith("· ") or not items:
            items.append(escape(line.removeprefix("· ")))
        else:
            items[-1] += f"<br>{escape(line.strip())}"
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def picture_table(shown: picture.Picture, lang: Lang) -> str:
    """Part of a table with its marks."""
    sums = max((len(cells) for _, cells in shown.rows), default=0)
    heads = "".join(f"<th>{escape(h)}</th>" for h in shown.heads)
    rows = []
    for label, cells in shown.rows:
        computed = all(c.sum for c in cells if c.text)
        row = "".join(_picture_cell(c) for c in cells)
        row += "<td></td>" * (sums - len(cells))
        rows.append(f"<tr><td{' class=sum' if computed else ''}>{escape(label)}</td>{row}</tr>")
    where = "；".join(x for x in (place_words(shown.place, lang), *shown.omitted) if x)
    below = f'<p class="quiet">{escape(where)}</p>' if where else ""
    return f'<div class="scroll"><table><thead><tr><th></th>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>{below}'


def _picture_cell(cell: picture.PictureCell) -> str:
    classes = ["n"]
    if cell.sum:
        classes.append("sum")
    elif cell.mark:
        classes.append(cell.mark)
    return f'<td class="{" ".join(classes)}">{escape(cell.text)}</td>'


def fragment(inner: str) -> str:
    """Something to stand in a notebook's page: its style reaches nothing else."""
    return f'<style>{_FRAGMENT}</style><div class="gouji">{inner}</div>'


def verdict_block(checked: Checked, lang: Lang) -> str:
    """The verdict, and every cause in a line."""
    causes = [c for report in checked.extraction.reports for c in causes_of(checked, report, lang)]
    name = escape(Path(checked.extraction.source.path).name)
    doubts = [f for report in checked.extraction.reports for f in unassessable(checked, report)]
    tally = escape(verdict_words(checked.verdict, causes, doubts, checked.extents, lang))
    out = [f"<p>{tag(checked.verdict, say(lang, f'verdict_{checked.verdict}'))} <b>{name}</b> {tally}</p>"]
    out += [f"<p>{escape(p.message)}</p>" for p in checked.extraction.problems]
    lines = []
    for cause in causes:
        said = "<br>".join(
            escape(x.strip().removeprefix("· ")) for x in (*message_lines(cause, lang), *explanation_lines(cause, lang))
        )
        lines.append(
            f"<li>{tag(cause.severity, say(lang, f'severity_{cause.severity}'))} {escape(cause.title)}<br>{said}</li>"
        )
    out.append(f"<ol>{''.join(lines)}</ol>" if lines else "")
    if is_doubt_only(checked.verdict, causes):
        out += [f"<p>{escape(line.removeprefix('· '))}</p>" for line in reasons_of_doubt(doubts, lang)]
    return "\n".join(out)


def tables_of(checked: Checked, lang: Lang) -> str:
    """The tables of every report of a file, as read, with their marks."""
    out = []
    for report in checked.extraction.reports:
        out.append(f"<p><b>{escape(report_name(report, lang))}</b></p>")
        out.append(report_tables(report, causes_of(checked, report, lang), lang))
    return "\n".join(out)


def report_tables(report: Report, causes: Sequence[Cause], lang: Lang) -> str:
    """All tables of a report as read, with the cells that causes mark."""
    names = Names(report, lang)
    form = names.form
    if form is None:
        return ""
    printed = {address: cell.printed for address, cell in report.printed().items()}
    marks: dict[str, str] = {}
    notes: dict[str, list[str]] = {}
    for cause in causes:
        for address, mark in cause.marked.items():
            marks.setdefault(address, mark)
            notes.setdefault(address, []).append(cause.title)
    out = []
    for layout in report.layouts:
        rows = [r.code for r in form.rows(layout.table, report.variant)]
        columns = [c.code for c in form.tables[layout.table].columns]
        there = {tuple(a.split(".")[1:]) for a in printed if a.split(".")[0] == layout.table}
        rows = [r for r in rows if any((r, c) in there for c in columns)]
        columns = [c for c in columns if any((r, c) in there for r in rows)]
        heads = "".join(f"<th>{escape(names.printed_column(layout.table, c))}</th>" for c in columns)
        lines = []
        for r in rows:
            cells = []
            for c in columns:
                address = f"{layout.table}.{r}.{c}"
                note = "；".join(notes.get(address, []))
                title = f' title="{escape(note)}"' if note else ""
                cells.append(
                    f'<td class="n {marks.get(address, "")}"{title}>{escape(printed.get(address, "").strip())}</td>'
                )
            lines.append(f"<tr><td>{escape(names.printed_row(layout.table, r))}</td>{''.join(cells)}</tr>")
        out.append(
            f"<h3>{escape(names.table(layout.table))}</h3>"
            f'<div class="scroll"><table><thead><tr><th></th>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
        )
    return "\n".join(out)
