"""The overview of a folder on the result page: offices and verdicts, who has not handed in, what is missing.

Belongs here: everything above the reports. Does not belong here: a report (`office`), what the rows say (`overview`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from gouji.batch.reviewed import InRound, Reviewed
from gouji.batch.roster import Attendance
from gouji.show.attendance import own_line, reminded, strangers
from gouji.show.html import tag
from gouji.show.overview import STATES, Office, state_words
from gouji.show.text import explanation_lines, message_lines
from gouji.words import Lang, say

# So many names stand in a line, however few drafts there are.
_MANY_NAMES = 12
_VERDICTS = ("unreadable", "fail", "warn", "pass")


def overview(
    found: Sequence[Office],
    all_reviewed: Sequence[Reviewed],
    attendance: Attendance | None,
    anchors: Mapping[int, str],
    files: Mapping[str, str],
    lang: Lang,
    in_round: InRound | None = None,
    told: Sequence[str] = (),
) -> Iterator[str]:
    """The first sheet of a folder's page; the most serious first, each with a link to its part."""
    counted = [o for o in found if o.reviewed.uncounted is None]
    verdicts = Counter(o.verdict for o in counted)
    yield '<section class="sheet">'
    yield f"<h1>{escape(say(lang, 'page.title'))}</h1>"
    summary = say(
        lang, "summary", files=len(all_reviewed), fail=verdicts["fail"], warn=verdicts["warn"], pass_=verdicts["pass"],
        unreadable=verdicts["unreadable"],
    )  # fmt: skip
    yield f'<p class="quiet">{escape(summary if in_round is None else in_round.head)}</p>'
    boxes = [(v, say(lang, f"verdict_{v}"), verdicts[v]) for v in _VERDICTS if verdicts[v]]
    if rest := len(found) - len(counted):
        boxes.append(("uncounted", say(lang, "state_uncounted"), rest))
    yield _boxes(boxes)
    if attendance is not None:
        # Who is missing is what one has to act on first.
        yield from _standing(attendance, lang)
    yield from (f'<p class="quiet">{escape(line)}</p>' for line in told)
    if in_round is not None:
        yield from _round(in_round)
    yield f"<h3>{escape(say(lang, 'page.overview'))}</h3>"
    rows = []
    for i, o in enumerate(found, start=1):
        problems = sum(c.severity != "note" for c in o.causes)
        name = f'<a href="#{anchors[id(o)]}">{escape(o.name)}</a>'
        file = files.get(o.file, Path(o.file).name)
        below = f'<div class="quiet path screen">{escape(file)}</div>' if file != o.name else ""
        rows.append(
            f'<tr><td class="n hide">{i}</td><td>{name}{below}</td>'
            f'<td class="n">{escape(o.year)}</td><td>{_verdict_tags(o, lang)}</td>'
            f'<td class="n" data-h="{escape(say(lang, "page.col_problems"))}">{problems or ""}</td>'
            f'<td class="w">{_hint(o, lang)}{escape(o.worst or o.said(lang))}{_first(o, lang)}</td></tr>'
        )
    heads = ("col_number", "col_office", "col_year", "col_verdict", "page.col_problems", "col_worst")
    yield _table(heads, rows, lang, numbers=(0, 2, 4))
    if attendance is not None:
        yield from _roster(attendance, lang)
    yield from _missing(found, lang)
    yield from _closed(all_reviewed, files, lang)
    yield f'<p class="quiet paper">{escape(say(lang, "page.on_paper"))}</p></section>'


def _round(in_round: InRound) -> Iterator[str]:
    """What is to be known of the round, and what became of its offices."""
    yield from (f'<p class="quiet">{escape(line)}</p>' for line in in_round.told)
    for title, lines in in_round.groups:
        inner = ""
        for line in lines:
            # What is set further in belongs to the office before it.
            below = line.startswith(("　　", "    ")) and inner.endswith("</li>")
            text = escape(line.strip())
            inner = (
                f'{inner.removesuffix("</li>")}<div class="quiet">{text}</div></li>'
                if below
                else f"{inner}<li>{text}</li>"
            )
        yield f'<div class="group"><b>{escape(title)}</b><ul>{inner}</ul></div>'


def _verdict_tags(office: Office, lang: Lang) -> str:
    """The verdict; of a draft that does not count in its round that it does not."""
    if office.reviewed.uncounted is None:
        return tag(office.verdict, say(lang, f"verdict_{office.verdict}"))
    return tag("uncounted", say(lang, "state_uncounted"))


def _hint(office: Office, lang: Lang) -> str:
    """In front of what is only a note on one that passed."""
    only = office.verdict == "pass" and office.causes
    return tag("note", say(lang, "severity_note")) + " " if only else ""


def _first(office: Office, lang: Lang) -> str:
    """Below the title of the most serious problem what it is: the correction where there is one."""
    if not office.causes:
        return ""
    cause = office.causes[0]
    lines = explanation_lines(cause, lang) if cause.proposed else message_lines(cause, lang)
    return f'<div class="quiet">{escape(lines[0].removeprefix("· "))}</div>' if lines else ""


def _boxes(boxes: Sequence[tuple[str, str, int]]) -> str:
    inner = "".join(f'<div class="box {kind}"><b>{n}</b>{escape(word)}</div>' for kind, word, n in boxes)
    return f'<div class="boxes">{inner}</div>'


def _table(heads: Sequence[str], rows: Sequence[str], lang: Lang, numbers: Sequence[int] = (), kind: str = "") -> str:
    head = "".join(f"<th{' class=n' if i in numbers else ''}>{escape(say(lang, h))}</th>" for i, h in enumerate(heads))
    return f'<table class="plain list {kind}"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _standing(attendance: Attendance, lang: Lang) -> Iterator[str]:
    """How many have handed in, and whom to remind."""
    counts = {s: attendance.count(s) for s in STATES}
    late = counts.pop("late")
    # As the screen counts them: what came late has come.
    counts["received"] += late
    boxes = [(str(s), say(lang, f"state_{s}"), n) for s, n in counts.items() if n]
    if late:
        at = next(i for i, (s, _, _) in enumerate(boxes) if s == "received") + 1
        boxes.insert(at, ("late", say(lang, "of_them_late"), late))
    yield _boxes(boxes)
    remind = [reminded(m, lang) for m in attendance.to_remind]
    at_hand = sum(bool(m.files) for m in attendance.members)
    if remind:
        yield _names(say(lang, "to_remind", n=len(remind)), remind, at_hand, lang)
    if attendance.own:
        yield f'<p class="quiet">{escape(own_line(attendance.own, lang))}</p>'
    if unfiled := [m.name + say(lang, "aside", text=str(m.received)) for m in attendance.unfiled]:
        yield _names(say(lang, "unfiled_line", n=len(unfiled)), unfiled, at_hand, lang)
    if excused := [m.name + say(lang, "aside", text=m.remark) for m in attendance.excused]:
        names = say(lang, "list_mark").join(excused)
        yield f'<p class="quiet">{escape(say(lang, "excused_line", n=len(excused)) + names)}</p>'


def _names(title: str, names: Sequence[str], at_hand: int, lang: Lang) -> str:
    """A line of names; more than are at hand, and many, do not stand in front of what was found: the list below has them."""
    listed = escape(say(lang, "list_mark").join(names))
    if len(names) <= max(_MANY_NAMES, at_hand):
        return f"<p><b>{escape(title)}</b>{listed}</p>"
    return f"<details class=rest><summary><b>{escape(title)}</b>{escape(say(lang, 'page.see_list'))}</summary><p>{listed}</p></details>"


def _roster(attendance: Attendance, lang: Lang) -> Iterator[str]:
    yield f"<h3>{escape(say(lang, 'sheet_roster'))}</h3>"
    rows = []
    members = sorted(attendance.members, key=lambda m: STATES.index(m.state))
    texts_of = {
        "col_due": [m.due.isoformat() if m.due else "" for m in members],
        "col_received": [m.received.isoformat() if m.received else "" for m in members],
        "col_late": [say(lang, "days", n=m.late) if m.late else "" for m in members],
        "col_contact": [m.contact or "" for m in members],
        "col_telephone": [m.telephone or "" for m in members],
    }
    # A column in which nobody has anything takes the others' room.
    texts_of = {head: texts for head, texts in texts_of.items() if any(texts)}
    for i, m in enumerate(members):
        rest = "".join(
            f'<td class="nw" data-h="{escape(say(lang, head))}">{escape(texts[i])}</td>'
            for head, texts in texts_of.items()
        )
        rest += f'<td class="w">{escape(m.remark or "、".join(Path(f).name for f in m.files))}</td>'
        rows.append(f"<tr><td>{escape(m.name)}</td><td>{tag(m.state, state_words(m, lang))}</td>{rest}</tr>")
    yield _table(("col_office", "col_state", *texts_of, "col_file"), rows, lang, kind="roster")
    for what, names in strangers(attendance, lang, most=40):
        yield f'<p class="quiet">{escape(what + say(lang, "colon") + names)}</p>'


def _missing(found: Sequence[Office], lang: Lang) -> Iterator[str]:
    rows = []
    for o in found:
        texts = [*o.file_problems, *o.missing]
        if texts:
            inner = "<br>".join(escape(t) for t in texts)
            rows.append(
                f'<tr><td>{escape(o.name)}</td><td class="n">{escape(o.year)}</td><td class="w">{inner}</td></tr>'
            )
    if rows:
        yield f"<h3>{escape(say(lang, 'sheet_missing'))}</h3>"
        yield _table(("col_office", "col_year", "col_missing"), rows, lang, numbers=(1,))


def _closed(all_reviewed: Sequence[Reviewed], files: Mapping[str, str], lang: Lang) -> Iterator[str]:
    rows = [
        f'<tr><td>{escape(files.get(r.path, Path(r.path).name))}</td><td class="w">{escape(f.get("message", ""))}</td></tr>'
        for r in all_reviewed
        for f in r.closed
    ]
    if rows:
        yield f"<h3>{escape(say(lang, 'sheet_closed'))}</h3>"
        yield _table(("col_file", "col_message"), rows, lang)
