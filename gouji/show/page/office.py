"""One report on the result page: verdict, problems with what to do, tables, sentences.

Belongs here: the order of a report's part and the problems' words as HTML. Does not belong here: the tables (`grid`), the
sentences (`sentences`), the overview of a folder (`folder`).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from gouji.show.causes import Cause
from gouji.show.html import listed, tag
from gouji.show.names import report_name
from gouji.show.overview import Office
from gouji.show.text import explanation_lines, message_lines, since_last
from gouji.show.verdicts import checked_words, is_doubt_only, reasons_of_doubt, whole_tables
from gouji.words import Lang, say
from schemas import forms

from .grid import Grid, legend
from .marks import marks_of
from .sentences import left_out, sentences

_MOST = 60


class OfficePart:
    """Writes one office. ``anchor`` begins all its ids, ``file`` is the file's name as the page may show it."""

    def __init__(self, office: Office, anchor: str, file: str, lang: Lang, *, codes: bool = False) -> None:
        self.office, self.anchor, self.file, self.lang, self.codes = office, anchor, file, lang, codes
        self.report = office.report if office.report in office.reviewed.reports else None
        self.marks = marks_of(office.causes, lang)
        previous = (office.reviewed.previous or {}).get(self.report.report_id) if self.report is not None else None
        self.grid = Grid(self.report, previous, self.marks, anchor, lang) if self.report is not None else None
        self.previous = previous
        if self.grid is not None and self.report is not None:
            mine = [f for f in office.reviewed.checked.findings if f.report_id == self.report.report_id]
            self.grid.lacking = {f.table: f.message for f in whole_tables(mine) if f.table}

    def lines(self, *, single: bool, heading: str = "h2") -> Iterator[str]:
        """The whole part; in a folder the tables of one that passed are folded away, also on paper."""
        kept_from = self.office.reviewed.kept_from
        folded = not single and self.office.verdict == "pass" and not kept_from
        # Of a draft that cannot be opened now that is on the page of the check that read it.
        at_that = f'<p class="quiet">{escape(say(self.lang, "page.tables_of_check", n=kept_from))}</p>'
        tables = [at_that] if kept_from else list(self._tables())
        kind = " passed" if folded else ""
        if folded and not self.office.causes:
            # The overview has all that there is to say of it.
            kind += " silent"
        elif self.grid is None or not self.grid.marked:
            kind += " short"
        yield f'<section class="sheet{kind}" id="{self.anchor}">'
        yield from self._head(heading, single=single)
        yield from self._problems()
        if folded:
            yield f"<details class=folded><summary>{escape(say(self.lang, 'page.show_tables'))}</summary>"
        yield from tables
        yield from self._sentences()
        if folded:
            yield "</details>"
        yield from self._rest()
        yield "</section>"

    # -- the head --------------------------------------------------------------------------------------------------

    def _head(self, heading: str, *, single: bool) -> Iterator[str]:
        lang, office = self.lang, self.office
        name = report_name(office.report, lang) if office.report is not None else office.name
        yield f"<{heading}>{escape(name)}</{heading}>"
        about = [say(lang, "page.file", file=self.file)]
        if self.grid is not None and self.grid.names.form is not None:
            own = self.grid.names.report
            papers = [forms.load(i).basis for i in own.form_readings or (own.form,)]
            said = say(lang, "form_or").join(papers)
            about.append(say(lang, "page.form", form=say(lang, "form_open", forms=said) if own.also else said))
        up = "" if single else f' <a class="up" href="#top">{escape(say(lang, "page.to_overview"))}</a>'
        yield f'<p class="quiet path">{escape(" · ".join(about))}{up}</p>'
        verdict = office.verdict
        yield f'<div class="verdict {verdict}"><b>{escape(say(lang, f"verdict_{verdict}"))}</b>'
        said = office.said(lang)
        if verdict != "pass" and (checked := checked_words(office.extents, lang)):
            said = f"{said}{say(lang, 'page.and_checked', what=checked)}" if said else checked
        yield f'<p class="said">{escape(said)}{escape(say(lang, "full_stop")) if said else ""}</p></div>'
        yield from (f"<p>{escape(p)}</p>" for p in office.file_problems)
        reviewed = office.reviewed
        if reviewed.seen_before:
            line = since_last(reviewed, lang)
            yield f"<p>{escape(line + say(lang, 'full_stop'))}</p>" if line else ""
        if office.report is not None:
            yield from (
                f'<p class="quiet">{escape(note)}</p>'
                for note in reviewed.about_previous.get(office.report.report_id, ())
            )
            if reviewed.previous is not None and self.previous is None and not reviewed.about_previous:
                yield f'<p class="quiet">{escape(say(lang, "no_last_year"))}</p>'
            elif self.previous is not None and self.grid is not None and not self.grid.then:
                yield f'<p class="quiet">{escape(say(lang, "other_form"))}</p>'

    # -- problems --------------------------------------------------------------------------------------------------

    def _problems(self) -> Iterator[str]:
        lang, office = self.lang, self.office
        numbered = list(enumerate(office.causes, start=1))
        problems = [(n, c) for n, c in numbered if c.severity != "note"]
        notes = numbered[len(problems) :]
        if problems:
            yield f"<h3>{escape(say(lang, 'page.problems'))}</h3>"
        yield from (self._problem(number, cause) for number, cause in problems)
        if notes:
            yield f'<details class="notes"><summary>{escape(say(lang, "page.notes", n=len(notes)))}</summary>'
            yield from (self._problem(number, cause) for number, cause in notes)
            yield "</details>"
        doubts = office.doubts if is_doubt_only(office.verdict, office.causes) else whole_tables(office.doubts)
        if doubts:
            yield f"<h3>{escape(say(lang, 'page.unassessable'))}</h3>"
            yield listed(reasons_of_doubt(doubts, lang, most=12))

    def _problem(self, number: int, cause: Cause) -> str:
        lang = self.lang
        statuses = {self.office.reviewed.status.get(f.finding_id) for f in cause.findings}
        status = statuses.pop() if len(statuses) == 1 else None
        if status == "open" and cause.severity == "note":
            # Nobody has to correct it.
            status = None
        title = cause.title + (say(lang, "aside", text=say(lang, f"round_{status}")) if status else "")
        codes = f' <span class="quiet">{escape(", ".join(cause.rules))}</span>' if self.codes else ""
        out = [
            f'<div class="problem {cause.severity}" id="{self.anchor}p{number}"><h4><span class="number">{number}</span>'
            f"{tag(cause.severity, say(lang, f'severity_{cause.severity}'))} {escape(title)}{codes}{self._go(number)}</h4>",
        ]
        lines, advice = message_lines(cause, lang, _MOST), cause.advice
        explained = [line.removeprefix("· ") for line in explanation_lines(cause, lang)]
        how = "most" if cause.proposed else "why"
        said = [f'<p class="{how}">{escape(line)}</p>' for line in explained]
        out += [*said, listed(lines)] if cause.proposed else [listed(lines), *said]
        if len(advice) == 1:
            out.append(
                f'<p class="do"><b>{escape(say(lang, "advice") + say(lang, "colon"))}</b>{escape(advice[0])}</p>'
            )
        out.append("</div>")
        return "".join(out)

    def _go(self, number: int) -> str:
        """A link to the first cell that the problem marks."""
        if self.grid is None:
            return ""
        mine = [(a, m) for a, m in self.marks.cells.items() if number in m.problems and a in self.grid.cells]
        order = ("bad", "doubt", "hint", "sum", "said")
        first = min(mine, key=lambda x: order.index(x[1].kind), default=None)
        if first is None:
            return ""
        return f' <a class="go" href="#{escape(self.grid.cell_id(first[0]))}">{escape(say(self.lang, "page.see_cell"))}</a>'

    # -- what was read ---------------------------------------------------------------------------------------------

    def _tables(self) -> Iterator[str]:
        if self.grid is None:
            if self.office.report is not None:
                yield f'<p class="quiet">{escape(say(self.lang, "page.circular"))}</p>'
            return
        tables = "\n".join(self.grid.tables())
        yield legend(self.grid.shown, self.lang, on_paper=bool(self.grid.marked))
        yield tables

    def _sentences(self) -> Iterator[str]:
        if self.report is None:
            return
        links = {f.finding_id: n for n, cause in enumerate(self.office.causes, start=1) for f in cause.findings}
        extent = self.office.reviewed.checked.extent(self.report.report_id)
        broken = self.office.reviewed.open_findings
        mine = [f for f in broken if f.report_id == self.report.report_id]
        yield from sentences(self.report, extent.compared, mine, links, self.anchor, self.lang)
        yield from left_out(self.report, extent.uncompared, self.lang)

    def _rest(self) -> Iterator[str]:
        lang, office = self.lang, self.office
        waived = [p for p in office.problems if p.reason]
        if waived:
            yield f"<h3>{escape(say(lang, 'page.waived'))}</h3>"
        for p in waived:
            who = say(lang, "aside", text=p.who) if p.who else ""
            line = say(lang, "waived_one", name=p.name, message=p.message, reason=p.reason, who=who)
            yield f"<p>{tag('closed', say(lang, 'waived'))} {escape(line)}</p>"
        if office.doubts and not is_doubt_only(office.verdict, office.causes):
            n = len(office.doubts)
            yield f"<details class=rest><summary>{escape(say(lang, 'page.unassessable_note', n=n))}</summary>"
            yield listed([f"· {f.message}" for f in office.doubts]) + "</details>"
