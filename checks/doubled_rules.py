"""Paragraphs and sentences that a report holds twice: what was copied and pasted once too often.

Belongs here: the same words twice in one report. Does not belong here: words of earlier years or of other bodies
(`repeat_rules`), words and marks set twice (`slip_rules`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schemas.facts import Place
from schemas.findings import Finding

from .context import Context
from .prose import pattern
from .rules import Rule

_EXCERPT = 40


class _Paragraph(NamedTuple):
    """A paragraph of sentences without its number; ``section`` counts the headings before it, from 0."""

    passage: int
    text: str
    section: int


def doubled(rule: Rule, context: Context) -> Iterator[Finding]:
    """Paragraphs that stand twice, and sentences that follow themselves. What is before the first heading is left out:
    a page may show its beginning as a summary."""
    if not context.is_annual:
        return
    paragraphs = _paragraphs(context)
    if not paragraphs:
        return
    context.holds(rule)
    runs = list(_runs(rule, paragraphs))
    again = sum(len(p.text) for run in runs for p in run)
    if again > rule.options["most"] * sum(len(p.text) for p in paragraphs):
        # The page holds its whole text twice, for another screen or for print.
        return
    for run in runs:
        yield _finding(rule, context, "message" if len(run) == 1 else "run", run[0].passage, run[0].text, n=len(run))
    told = {p.passage for run in runs for p in run}
    for paragraph in paragraphs:
        sentence = _sentence_twice(rule, paragraph.text) if paragraph.passage not in told else None
        if sentence is not None:
            yield _finding(rule, context, "sentence", paragraph.passage, sentence)


def _paragraphs(context: Context) -> list[_Paragraph]:
    headings = [(h.passage, h.end) for h in context.prose.headings]
    out = []
    number = pattern("twice", "number")
    for i, text in enumerate(context.prose.texts):
        section = bisect_right(headings, (i, len(text)))
        # A heading may stand in front of its text.
        own = text[headings[section - 1][1] :] if section and headings[section - 1][0] == i else text
        if section and "。" in own:
            own = number.sub("", own)
            if "。" in own:
                out.append(_Paragraph(i, own, section))
    return out


def _runs(rule: Rule, paragraphs: Sequence[_Paragraph]) -> Iterator[list[_Paragraph]]:
    """Paragraphs that have stood before, those that follow one another there and here together."""
    first: dict[str, int] = {}
    run: list[_Paragraph] = []
    before = -1
    for i, paragraph in enumerate(paragraphs):
        at = first.setdefault(paragraph.text, i)
        least = rule.options["least_here" if paragraphs[at].section == paragraph.section else "least_apart"]
        is_again = at < i and len(paragraph.text) >= least
        if run and not (is_again and at == before + 1):
            yield run
            run = []
        if is_again:
            run.append(paragraph)
            before = at
    if run:
        yield run


def _sentence_twice(rule: Rule, text: str) -> str | None:
    """The sentences of a paragraph that follow themselves, or a long one that comes again."""
    # Most have none: what stands between their stops tells it at once.
    said = text.replace(";", "。").replace("!", "。").replace("?", "。").split("。")
    if len(set(said)) == len(said):
        return None
    sentences = pattern("twice", "sentence").findall(text)
    if len(set(sentences)) == len(sentences):
        return None
    for n in range(1, len(sentences) // 2 + 1):
        for i in range(len(sentences) - 2 * n + 1):
            run = "".join(sentences[i : i + n])
            if sentences[i : i + n] == sentences[i + n : i + 2 * n] and len(run) >= rule.options["least_sentence"]:
                return run
    long = [s for s in sentences if len(s) >= rule.options["least_long"]]
    return next((s for i, s in enumerate(long) if s in long[:i]), None)


def _finding(rule: Rule, context: Context, what: str, passage: int, text: str, *, n: int = 1) -> Finding:
    place: Place = context.report.passages[passage].place
    printed = context.quoted(text[:_EXCERPT], place)
    return context.finding(
        rule,
        "broken",
        case="sentence" if what == "sentence" else None,
        key=f"{what}.{text[:_EXCERPT]}",
        message=rule.say(context.lang, what, n=n, printed=printed + ("…" if len(text) > _EXCERPT else "")),
        printed=printed,
        sentence=printed,
        place=place,
    )
