"""Sentences with their figures beside those of the tables.

Belongs here: which figures of a sentence are shown, the sentence with them marked. Does not belong here: what is compared
with what (`checks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from checks.comparisons import code_words
from gouji.show.names import whereabouts
from gouji.show.picture import figure
from gouji.words import Lang, say
from schemas.facts import Place, Report, Value
from schemas.findings import Compared, Finding, Uncompared

# Findings by the code of a statement and its figure.
ByFigure = dict[tuple[str | None, Value | str | None], Finding]
_MARKS = {"holds": "yes", "broken": "no"}


def sentences(
    report: Report,
    compared: Sequence[Compared],
    findings: Sequence[Finding],
    links: dict[str, int],
    anchor: str,
    lang: Lang,
) -> Iterator[str]:
    """The sentences whose figures were compared: those with one that differs or cannot be told first and open.

    ``findings`` are the report's broken ones on sentences, ``links`` the number of each one's problem by its id.
    """
    if not compared:
        return
    by_figure: ByFigure = {
        (f.statement, f.printed): f for f in findings if f.statement and f.rule == "statement.disagrees"
    }
    groups: dict[tuple[str, Place], list[Compared]] = {}
    for each in compared:
        groups.setdefault((each.statement.sentence, each.statement.place), []).append(each)
    told: list[list[Compared]] = []
    agree: list[list[Compared]] = []
    for mine in groups.values():
        (agree if all(c.outcome == "holds" for c in mine) else told).append(mine)
    yield f'<div class="sentences{"" if told else " clean"}"><h3>{escape(say(lang, "page.sentences"))}</h3>'
    yield f'<p class="quiet">{escape(say(lang, "page.sentences_note", n=len(compared)))}</p>'
    number = 0
    for mine in told:
        number += 1
        yield _block(report, mine, by_figure, links, anchor, number, lang)
    if agree:
        n = sum(len(mine) for mine in agree)
        yield f"<details class=agree><summary>{escape(say(lang, 'page.others_agree', n=n))}</summary>"
        for mine in agree:
            number += 1
            yield _block(report, mine, by_figure, links, anchor, number, lang)
        yield "</details>"
    yield "</div>"


def left_out(report: Report, given: Sequence[Uncompared], lang: Lang) -> Iterator[str]:
    """The sentences with figures about the tables that were not put to them, folded away."""
    if not given:
        return
    yield f'<details class="agree"><summary>{escape(say(lang, "page.not_compared", n=len(given)))}</summary>'
    yield f'<p class="quiet">{escape(say(lang, "page.not_compared_note"))}</p>'
    for each in given:
        where = whereabouts(report, each.place, lang)
        aside = f' <span class="quiet">{escape(say(lang, "aside", text=where))}</span>' if where else ""
        spans: list[tuple[int, int, str]] = []
        for printed in each.figures:
            if (at := _find(each.sentence, printed, spans)) >= 0:
                spans.append((at, at + len(printed), ""))
        yield f'<div class="said-in"><p class="quote">{_with_marks(each.sentence, spans)}{aside}</p></div>'
    yield "</details>"


def _block(
    report: Report,
    mine: Sequence[Compared],
    by_figure: ByFigure,
    links: dict[str, int],
    anchor: str,
    number: int,
    lang: Lang,
) -> str:
    worst = (
        "no"
        if any(c.outcome == "broken" for c in mine)
        else ""
        if all(c.outcome == "holds" for c in mine)
        else "open-q"
    )
    where = whereabouts(report, mine[0].statement.place, lang)
    aside = f' <span class="quiet">{escape(say(lang, "aside", text=where))}</span>' if where else ""
    heads = "".join(f"<th{' class=n' if k != 'page.col_what' else ''}>{escape(say(lang, k))}</th>" for k in _HEADS)
    rows = "".join(_row(c, by_figure.get((c.statement.code, c.statement.value)), links, anchor, lang) for c in mine)
    return (
        f'<div class="said-in {worst}" id="{anchor}s{number}"><p class="quote">{marked(mine)}{aside}</p>'
        f'<table class="plain"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


_HEADS = ("page.col_what", "page.col_text", "page.col_table", "page.col_result")


def _row(each: Compared, finding: Finding | None, links: dict[str, int], anchor: str, lang: Lang) -> str:
    statement = each.statement
    bounded = finding is not None and any(t.value is None for t in finding.terms)
    table = figure(each.expected, at_least=bounded) if each.expected is not None else "—"
    if each.outcome == "holds":
        result, kind = escape(say(lang, "page.agrees")), "fine"
    elif each.outcome == "broken":
        result, kind = escape(say(lang, "page.disagrees")), "wrongly"
        number = links.get(finding.finding_id) if finding is not None else None
        result += f' <a href="#{anchor}p{number}">{number}</a>' if number else ""
    else:
        result, kind = escape(say(lang, "page.cannot_tell")), "quiet"
    what = code_words(lang, statement.code)
    return (
        f"<tr{' class=no' if each.outcome == 'broken' else ''}><td>{escape(what)}</td><td class=n>{escape(statement.printed)}</td>"
        f'<td class=n>{escape(table)}</td><td class="n {kind}">{result}</td></tr>'
    )


def marked(mine: Sequence[Compared]) -> str:
    """The sentence, escaped, with its compared figures marked where they stand once in it, in order."""
    sentence = mine[0].statement.sentence
    spans: list[tuple[int, int, str]] = []
    for each in mine:
        at = _find(sentence, each.statement.printed, spans)
        if at >= 0:
            spans.append((at, at + len(each.statement.printed), _MARKS.get(each.outcome, "")))
    return _with_marks(sentence, spans)


def _with_marks(sentence: str, spans: Sequence[tuple[int, int, str]]) -> str:
    out, done = "", 0
    for start, end, kind in sorted(spans):
        out += (
            escape(sentence[done:start])
            + f"<mark{f' class={kind}' if kind else ''}>{escape(sentence[start:end])}</mark>"
        )
        done = end
    return out + escape(sentence[done:])


def _find(sentence: str, printed: str, taken: Sequence[tuple[int, int, str]]) -> int:
    """Where a figure stands that no other one has and that is no part of a longer one; -1 where it cannot be told."""
    at = sentence.find(printed) if printed else -1
    while at >= 0:
        free = all(at + len(printed) <= start or at >= end for start, end, _ in taken)
        part = (printed[0].isdigit() and at > 0 and (sentence[at - 1].isdigit() or sentence[at - 1] in ".,，")
                and sentence[at - 1 : at] != "，")  # fmt: skip
        if free and not part:
            return at
        at = sentence.find(printed, at + 1)
    return -1
