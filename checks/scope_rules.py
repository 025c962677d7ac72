"""Rules about what a report counts: its office alone, or its whole area.

Belongs here: what it says of its figures against what the figures look like. Does not belong here: finding either
(`parsers.prose.identity.scope`, `schemas.scopes`), sums over members (`batch_rules`).
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas import scopes
from schemas.findings import Finding

from .context import Context
from .rules import Rule


def stated(rule: Rule, context: Context) -> Iterator[Finding]:
    """A government that says that its figures are its area's, or its office's alone, has figures that may be so.

    What it says counts: that is its scope. A zone may have neither licences nor penalties to decide on.
    """
    identity = context.report.identity
    source, _, words = (identity.scope_evidence or "").partition(" ")
    if source not in scopes.SAID or identity.scope not in rule.options["scopes"] or context.form is None:
        return
    decided = context.form.cells("proactive", scopes.DECIDED, ["decisions"], context.report.variant)
    cells = tuple(a for a in decided if context.value(a) is not None)
    if identity.level not in rule.options["levels"] or not cells:
        return
    context.holds(rule)
    suggested = scopes.suggested(scopes.values_of(context.report.facts), context.form)
    if suggested is None or suggested[0] == identity.scope:
        return
    figures = (rule.say(context.lang, "cell", n=context.printed(a), **context.names(a)) for a in cells)
    message = rule.say(
        context.lang,
        identity.scope,
        words=context.quoted(words),
        figures=rule.say(context.lang, "between").join(figures),
    )
    yield context.finding(rule, "broken", key="stated", message=message, cells=cells, printed=words)
