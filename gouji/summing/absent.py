"""What is not in a sum and belongs there, or may: whose it is, which file, why, and what to do.

Belongs here: putting together what could not be read, who has sent nothing, what waits for a choice or was set aside; saying it
in the lines that stand at the head of everything written. Does not belong here: who counts (`members`), where the lines
stand (`filling`, `form_sheet`, `workbook`, `commands.rollup`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from checks import Roster
from gouji.batch.called import member_called, name_in
from gouji.words import Lang, say
from schemas.bodies import body_of

if TYPE_CHECKING:
    from gouji.round.chosen import Left

    from .model import Draft, Reason, Rollup

# A file that nobody could read; an office that sent nothing, or nothing that counts; a draft that waits for a choice; of a
# round a file in which no report was found, one of another year or place, one that came since its last check; by a
# person's line. A table of a draft in which nothing is filled in.
Kind = Literal["unread", "missing", "doubtful", "left_unread", "left_odd", "left_since", "by_line", "blank"]
# What an office may send in place of the report that it owes.
_OTHER = ("other_year", "no_tables", "not_a_year")
# The ground on which it stands in a workbook.
GROUND = "FDECEA"


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody or something that is not in the sum. ``office`` or ``file`` may be empty, not both."""

    kind: Kind
    office: str
    file: str = ""
    # In a reader's words, or as a reason; of some kinds it says itself why.
    why: str | Reason = ""
    path: str = ""
    # Another draft of the office is in the sum.
    earlier: bool = False
    # Of a draft that is in the sum the tables that are not.
    tables: str = ""

    def reason(self, lang: Lang) -> str:
        """Why it is not in the sum."""
        if self.why:
            return self.why if isinstance(self.why, str) else self.why.say(lang)
        said = say(lang, f"rollup.absent_{self.kind}", tables=self.tables)
        return said + (say(lang, "rollup.absent_earlier") if self.earlier else "")

    def named(self, lang: Lang) -> str:
        """The office and its file, as one name."""
        if not self.office or not self.file:
            return self.office or self.file
        return self.office + say(lang, "aside", text=self.file)


@dataclass
class Notice:
    """That a sum is not whole: a headline, a line for each kind of what is absent, what to do."""

    headline: str
    lines: list[str] = field(default_factory=list)
    todo: str = ""

    def text(self) -> str:
        """All of it, a line each."""
        return "\n".join((self.headline, *self.lines, *([self.todo] if self.todo else [])))


def gathered(result: Rollup, roster: Roster | None) -> list[Absent]:
    """All that is not in the sum by the drafts and the roster."""
    out: list[Absent] = []
    waited_for = set(result.missing)
    for path, message in result.unread:
        member = member_called(roster, path) if roster is not None else None
        name = member.name if member is not None else name_in(path) or ""
        waited_for.discard(name)
        file = _file(path)
        # The file has a place of its own beside it.
        why = message.removeprefix(path).removeprefix(file).lstrip("：: ")
        out.append(Absent("unread", name, file, why, path))
    for name in (n for n in result.missing if n in waited_for):
        # What came from it and is not what is waited for: another year's, one without tables.
        theirs = [
            d for d in result.left_out if roster is not None and (m := roster.member(d.report)) and m.name == name
        ]
        if theirs:
            out += [Absent("missing", name, d.file, d.reason, d.path) for d in theirs]
        else:
            out.append(Absent("missing", name))
    if roster is None:
        out += _not_what_was_asked(result)
    out += [Absent("doubtful", d.name, d.file, d.reason, d.path) for d in result.doubtful]
    out += _blank(result)
    apart = set(result.set_apart)
    for draft in result.left_out:
        member = roster.member(draft.report) if roster is not None and apart else None
        if member is not None and member.name in apart:
            out.append(Absent("by_line", member.name, draft.file, draft.reason, draft.path))
    return out


def _blank(result: Rollup) -> list[Absent]:
    """The tables of drafts in which nothing is filled in, but those of which a line of the choices says what is in them."""
    tables: dict[int, dict[str, None]] = {}
    for cell in result.cells.values():
        for figure in cell.figures:
            if figure.how == "blank_table":
                title = result.form_data.tables[cell.address.partition(".")[0]].title
                tables.setdefault(id(figure.draft), {})[f"“{title}”"] = None
    return [
        Absent("blank", d.name, d.file, path=d.path, tables="".join(tables[id(d)]))
        for d in result.counted
        if id(d) in tables
    ]


def _not_what_was_asked(result: Rollup) -> list[Absent]:
    """Without a roster: whose draft is another year's, or has no tables, and of whom nothing else is there."""
    there = {_who(d) for d in result.drafts if d.state != "left_out" or d.reason.code not in _OTHER}
    return [
        Absent("missing", d.name, d.file, d.reason, d.path)
        for d in result.left_out
        if d.reason.code in _OTHER and _who(d) not in there
    ]


def _who(draft: Draft) -> object:
    body = body_of(draft.report.identity)
    return (body.key or body.printed) if body is not None else draft.name


def of_rounds(result: Rollup, left: list[Left]) -> None:
    """Add what rounds have left; an office that is missing has sent what is left of it."""
    said = [
        Absent(f"left_{each.why}", each.office, each.file, earlier=each.earlier)  # type: ignore[arg-type]
        for each in left
    ]
    sent = {a.office for a in said if a.office}
    silent = [a for a in result.absent if not (a.kind == "missing" and not a.file and a.office in sent)]
    result.absent = [*silent, *said]


def _file(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


# -- in words ------------------------------------------------------------------------------------------------------


def notice(result: Rollup, lang: Lang = "zh") -> Notice | None:
    """What has to stand at the head of everything written; None for a sum of which nothing is absent."""
    if not result.absent:
        return None
    key = "rollup.notice" if result.incomplete else "rollup.notice_by_line"
    out = Notice(say(lang, key, n=len(result.absent), counted=len(result.counted)), list(_lines(result, lang)))
    if result.incomplete:
        out.todo = _todo(result, lang)
    return out


def _todo(result: Rollup, lang: Lang) -> str:
    """What to do of each kind that is there, and then to sum up again; drafts of a round are checked first."""
    there = {a.kind for a in result.absent}
    in_round = bool(result.of_rounds)
    steps = {
        "ask": "missing" in there,
        "save_round" if in_round else "save": bool(there & {"unread", "left_unread"}),
        "odd": "left_odd" in there,
        "check": in_round and bool(there & {"missing", "unread", "left_unread", "left_odd", "left_since"}),
        "choose": "doubtful" in there,
        "blank": "blank" in there,
    }
    said = [say(lang, f"rollup.todo_{key}") for key, wanted in steps.items() if wanted]
    return say(lang, "rollup.todo", steps=say(lang, "semicolon").join([*said, say(lang, "rollup.todo_again")]))


def _lines(result: Rollup, lang: Lang) -> Iterator[str]:
    """Those of whom there is no file in one line, all by name; of the others each with its file and why."""
    silent = [a for a in result.absent if not a.file]
    if silent:
        names = say(lang, "list_mark").join(a.office for a in silent)
        yield say(lang, "rollup.notice_silent", n=len(silent), names=names)
    for each in result.absent:
        if each.file:
            yield say(lang, "rollup.notice_one", name=each.named(lang), why=each.reason(lang))
