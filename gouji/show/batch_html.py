"""`--report out.html`: the folder as one page, readable on a screen and on paper.

Belongs here: the order of the page. Does not belong here: what the rows say (`overview`), its look (`html`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from gouji.batch.reviewed import Reviewed
from gouji.batch.roster import Attendance, State
from gouji.words import Lang, say

from .compare import beside_last_year
from .html import cause_block, page, picture_table, tag
from .overview import Office, offices
from .text import strangers

_VERDICTS = ("unreadable", "fail", "warn", "pass")
_STATES: tuple[State, ...] = ("missing", "unreadable", "late", "received")


def content(
    all_reviewed: Sequence[Reviewed],
    attendance: Attendance | None,
    about: Sequence[tuple[str, str]],
    lang: Lang,
) -> bytes:
    """The page in UTF-8. ``about`` are lines on what was checked, when, with what."""
    body = _Body(offices(all_reviewed, lang), all_reviewed, attendance, about, lang)
    return page(say(lang, "batch_title"), body.lines(), lang).encode()


class _Body:
    def __init__(
        self,
        found: Sequence[Office],
        all_reviewed: Sequence[Reviewed],
        attendance: Attendance | None,
        about: Sequence[tuple[str, str]],
        lang: Lang,
    ) -> None:
        self.found, self.all_reviewed, self.attendance, self.about, self.lang = (
            found,
            all_reviewed,
            attendance,
            about,
            lang,
        )

    def lines(self) -> Iterator[str]:
        lang = self.lang
        yield f"<h1>{escape(say(lang, 'batch_title'))}</h1>"
        for name, text in self.about:
            yield f'<p class="quiet path">{escape(name)}{say(lang, "colon")}{escape(text)}</p>'
        verdicts = Counter(o.verdict for o in self.found)
        boxes = [(v, say(lang, f"verdict_{v}"), verdicts[v]) for v in _VERDICTS]
        yield self._boxes(boxes)
        yield from self._summary()
        if self.attendance is not None:
            yield from self._roster(self.attendance)
        yield from self._missing()
        yield from self._closed()
        yield f"<h2>{escape(say(lang, 'sheet_problems'))}</h2>"
        for i, office in enumerate(self.found, start=1):
            yield from self._office(i, office)

    def _boxes(self, boxes: Sequence[tuple[str, str, int]]) -> str:
        inner = "".join(f'<div class="box {kind}"><b>{n}</b>{escape(word)}</div>' for kind, word, n in boxes)
        return f'<div class="boxes">{inner}</div>'

    def _table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
        head = "".join(f"<th>{escape(say(self.lang, h))}</th>" for h in heads)
        body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
        return f'<table class="list"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'

    def _summary(self) -> Iterator[str]:
        lang = self.lang
        rows = []
        for i, o in enumerate(self.found, start=1):
            figures = "".join(f'<td class="n">{n or ""}</td>' for n in (*self._counts(o), o.unassessable))
            name = f'<a href="#o{i}">{escape(o.name)}</a>' if o.causes or o.verdict == "unreadable" else escape(o.name)
            rows.append(
                [
                    f'<td class="n">{i}</td><td>{name}</td><td class="n">{escape(o.year)}</td>',
                    f"<td>{tag(o.verdict, say(lang, f'verdict_{o.verdict}'))}</td>{figures}<td>{escape(o.worst)}</td>",
                ]
            )
        yield f"<h2>{escape(say(lang, 'sheet_summary'))}</h2>"
        heads = ("col_number", "col_office", "col_year", "col_verdict", "severity_error", "severity_warning")
        yield self._table((*heads, "severity_note", "not_assessable", "col_worst"), rows)

    @staticmethod
    def _counts(office: Office) -> tuple[int, int, int]:
        return office.counts["error"], office.counts["warning"], office.counts["note"]

    def _roster(self, attendance: Attendance) -> Iterator[str]:
        lang = self.lang
        yield f"<h2>{escape(say(lang, 'sheet_roster'))}</h2>"
        yield self._boxes([(s, say(lang, f"state_{s}"), attendance.count(s)) for s in _STATES if attendance.count(s)])
        remind = [m.name for m in attendance.to_remind]
        if remind:
            names = say(lang, "list_mark").join(remind)
            yield f"<p><b>{escape(say(lang, 'to_remind', n=len(remind)))}</b>{escape(names)}</p>"
        rows = []
        for m in sorted(attendance.members, key=lambda m: _STATES.index(m.state)):
            late = say(lang, "days", n=m.late) if m.late else ""
            texts = [m.due.isoformat() if m.due else "", m.received.isoformat() if m.received else "", late]
            texts += [m.contact or "", m.telephone or "", "、".join(Path(f).name for f in m.files)]
            rest = "".join(f"<td>{escape(t)}</td>" for t in texts)
            rows.append([f"<td>{escape(m.name)}</td><td>{tag(m.state, say(lang, f'state_{m.state}'))}</td>{rest}"])
        heads = ("col_office", "col_state", "col_due", "col_received", "col_late", "col_contact", "col_telephone")
        yield self._table((*heads, "col_file"), rows)
        for what, names in strangers(attendance, lang, most=40):
            yield f'<p class="quiet">{escape(what + say(lang, "colon") + names)}</p>'

    def _missing(self) -> Iterator[str]:
        lang = self.lang
        rows = []
        for o in self.found:
            texts = [*(p.message for p in o.reviewed.checked.extraction.problems), *o.missing]
            if texts:
                inner = "<br>".join(escape(t) for t in texts)
                rows.append([f"<td>{escape(o.name)}</td><td class='n'>{escape(o.year)}</td><td>{inner}</td>"])
        if rows:
            yield f"<h2>{escape(say(lang, 'sheet_missing'))}</h2>"
            yield self._table(("col_office", "col_year", "col_missing"), rows)

    def _closed(self) -> Iterator[str]:
        lang = self.lang
        rows = [
            [f"<td>{escape(Path(r.path).name)}</td><td>{escape(f.get('message', ''))}</td>"]
            for r in self.all_reviewed
            for f in r.closed
        ]
        if rows:
            yield f"<h2>{escape(say(lang, 'sheet_closed'))}</h2>"
            yield self._table(("col_file", "col_message"), rows)

    def _office(self, number: int, office: Office) -> Iterator[str]:
        lang = self.lang
        reviewed = office.reviewed
        if not (office.causes or reviewed.waived or reviewed.previous or office.verdict == "unreadable"):
            return
        yield '<div class="report">'
        verdict = tag(office.verdict, say(lang, f"verdict_{office.verdict}"))
        yield f'<h2 id="o{number}">{verdict} {escape(office.name)} {escape(office.year)}</h2>'
        yield f'<p class="quiet path">{escape(office.file)}</p>'
        for problem in office.reviewed.checked.extraction.problems:
            yield f"<p>{escape(problem.message)}</p>"
        for i, cause in enumerate(office.causes, start=1):
            yield cause_block(cause, i, lang)
        for problem_row in office.problems:
            if problem_row.reason:
                who = say(lang, "aside", text=problem_row.who) if problem_row.who else ""
                text = f"{problem_row.message} {say(lang, 'col_reason')}{say(lang, 'colon')}{problem_row.reason}{who}"
                yield f"<p>{tag('closed', say(lang, 'waived'))} {escape(text)}</p>"
        yield from self._last_year(office)
        yield "</div>"

    def _last_year(self, office: Office) -> Iterator[str]:
        previous = (office.reviewed.previous or {}).get(office.report.report_id) if office.report else None
        if office.report is None or previous is None:
            return
        pictures = beside_last_year(office.report, previous, self.lang)
        yield f"<h3>{escape(say(self.lang, 'beside_last_year'))}</h3>"
        yield from (f"<p>{escape(p.title)}</p>{picture_table(p, self.lang)}" for p in pictures)
        if not pictures:
            yield f"<p>{escape(say(self.lang, 'other_form'))}</p>"
