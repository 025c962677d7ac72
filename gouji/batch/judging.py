"""One draft checked, together with last year's report.

Belongs here: handing a draft and its past to the rules. Does not belong here: the rules (`checks`), what drafts say of one
another (`mutual`), finding last year's reports (`previous`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import checks
from checks.rules import Profile
from gouji.words import Lang, say
from schemas import forms
from schemas.facts import Extraction, Problem, Report
from schemas.findings import Checked
from schemas.forms import FormError

from .reviewed import Reviewed

if TYPE_CHECKING:
    from .previous import Previous


def mean_year(extraction: Extraction) -> None:
    """Give a draft whose title alone says another year the year of the rest: it is told, and all else is of this year.

    What is published is of no known year then; a draft is checked as the one that was meant.
    """
    for i, given in enumerate(extraction.reports):
        year = checks.year_meant(given) if given.year is None else None
        if year is not None:
            from parsers.prose import statements

            # Of forms that fit equally the one in force for the year.
            in_force = (given.on(form) for form in forms.in_force(year) if form in given.form_readings)
            report = extraction.reports[i] = next(in_force, None) or given
            report.identity = replace(report.identity, year=year)
            report.statements = statements.find(report.passages, year=year, scope=report.scope, form=report.form)


def one(extraction: Extraction, previous: Previous | None, profile: Profile, lang: Lang) -> Reviewed:
    """Check a draft, against last year's reports of its bodies where there are any."""
    if profile == "draft":
        mean_year(extraction)
    earlier: Sequence[Report] = previous.of(extraction.reports) if previous is not None else ()
    same_body = previous is not None and previous.same_body(extraction.reports)
    try:
        checked = checks.check(extraction, profile, lang, previous=earlier, same_body=same_body)
    except FormError:
        # A form that somebody put beside the built-in ones is wrong for every draft: told once, by the command.
        raise
    except Exception as error:  # a fault of ours in one draft must not take the others of a folder with it
        checked = _failed(extraction, error, lang)
    extraction.versions["rules"] = checks.version()
    reviewed = Reviewed(checked)
    if previous is not None:
        from checks.series_rules import past_of
        from gouji.batch.previous import notes

        reviewed.previous = {}
        for report in extraction.reports:
            past = past_of(report, earlier, same_body=same_body)
            if past.previous is not None:
                reviewed.previous[report.report_id] = past.previous
            if said := notes(report, past, lang):
                reviewed.about_previous[report.report_id] = said
    return reviewed


def _failed(extraction: Extraction, error: Exception, lang: Lang) -> Checked:
    why = f"{type(error).__name__}: {error}"[:300]
    extraction.problems.append(Problem("unreadable", say(lang, "internal_check", path=extraction.source.path, why=why)))
    return Checked(extraction, verdict="unreadable")
