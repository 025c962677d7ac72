"""A list of who has to report, in words: how many have, whom to remind, which files are nobody's.

Belongs here: lines for the screen, and pieces of them for the page. Does not belong here: what follows from the list
(`batch.roster`).
"""

from __future__ import annotations

from collections.abc import Iterator

from gouji.batch.files import called
from gouji.batch.roster import Attendance, Standing, State
from gouji.words import Lang, say


def roster_lines(attendance: Attendance, lang: Lang) -> list[str]:
    """The list in numbers, whom to remind, who is late, which files are nobody's on it."""
    states: tuple[State, ...] = ("received", "late", "missing", "unreadable")
    counts = {s: attendance.count(s) for s in states}
    year = say(lang, "year", year=attendance.year) if attendance.year else say(lang, "unknown_year")
    # All members are in one of these numbers.
    rest = {s: n for s in ("unfiled", "excused") if (n := attendance.count(s))}
    more = "".join(say(lang, f"roster_line_{s}", n=n) for s, n in rest.items())
    # What came late has come.
    there = counts["received"] + counts["late"]
    lines = [say(lang, "roster_line", year=year, n=len(attendance.members), there=there, **counts) + more]
    mark = say(lang, "list_mark")
    remind = [reminded(m, lang) for m in attendance.to_remind]
    if remind:
        lines.append(say(lang, "to_remind", n=len(remind)) + mark.join(remind))
    if own := attendance.own:
        lines.append(own_line(own, lang))
    if unfiled := attendance.unfiled:
        named = [m.name + say(lang, "aside", text=str(m.received)) for m in unfiled]
        lines.append(say(lang, "unfiled_line", n=len(named)) + mark.join(named))
    if excused := attendance.excused:
        named = [m.name + say(lang, "aside", text=m.remark) for m in excused]
        lines.append(say(lang, "excused_line", n=len(named)) + mark.join(named))
    late = [
        m.name + say(lang, "aside", text=say(lang, "days", n=m.late)) for m in attendance.members if m.state == "late"
    ]
    if late:
        lines.append(say(lang, "late_line") + mark.join(late))
    lines.extend(f"{what}{say(lang, 'colon')}{names}" for what, names in strangers(attendance, lang, most=8))
    if attendance.strangers and any(m.state == "missing" and m.other_year is None for m in attendance.members):
        lines.append(say(lang, "alias_hint"))
    return lines


def reminded(member: Standing, lang: Lang) -> str:
    """One whom to remind by name, with what came that is of no use."""
    why = ""
    if member.state == "unreadable":
        why = say(lang, "remind_unreadable")
    elif member.other_year is not None:
        why = say(lang, "remind_year", year=member.other_year) if member.other_year else say(lang, "remind_no_year")
    return member.name + asked(why, (member.contact, member.telephone), lang)


def asked(why: str, whom: tuple[str | None, str | None], lang: Lang) -> str:
    """Behind a name: what came of it that is of no use, and whom to ask."""
    said = say(lang, "semicolon").join(t for t in (why, " ".join(w for w in whom if w)) if t)
    return say(lang, "aside", text=said) if said else ""


def own_line(own: list[Standing], lang: Lang) -> str:
    """That nothing is here of the body that keeps the list, which is not reminded."""
    return say(lang, "own_line", names=say(lang, "list_mark").join(m.name for m in own))


def strangers(attendance: Attendance, lang: Lang, *, most: int) -> Iterator[tuple[str, str]]:
    """Files that a roster has no use for: what they are, and the names of the first ``most``."""
    for what, paths in (("strangers", attendance.strangers), ("other_years", attendance.other_years)):
        if paths:
            more = say(lang, "and_files", n=len(paths)) if len(paths) > most + 1 else ""
            names = say(lang, "list_mark").join(called(p) for p in (paths[:most] if more else paths))
            yield say(lang, what), names + more
    for member in attendance.members:
        if member.candidates:
            yield say(lang, "candidates", name=member.name), say(lang, "list_mark").join(member.candidates)
    for path, members in attendance.either:
        yield say(lang, "either", file=called(path)), say(lang, "list_mark").join(members)
