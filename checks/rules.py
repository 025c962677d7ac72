"""The rule catalogue as typed objects.

Belongs here: loading `rules.toml`, severity by profile, case and exception, filling a rule's words. `python -m
checks.rules` prints the catalogue's page of documentation.
Does not belong here: how a rule is evaluated (`*_rules`, named in `evaluators`).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from schemas import forms, kept
from schemas.facts import Report
from schemas.findings import Severity

Profile = Literal["draft", "published"]
Lang = Literal["zh", "en"]

# Every file whose change may change a finding.
_FILES = ("rules.toml", "prose.toml", "compare.toml", "due.toml")


def _severities(raw: Any) -> dict[str, Severity]:
    if isinstance(raw, str):
        raw = {"draft": raw, "published": raw}
    return dict(raw)


@dataclass(frozen=True)
class Rule:
    """One row of the catalogue. ``options`` are the keys that only its evaluators read.

    ``by``, ``by_series`` and ``by_batch`` name the evaluators for one report, for two of one body, and for many;
    ``cases`` are situations of the rule with a severity of their own.
    """

    id: str
    severity: dict[str, Severity]
    basis: str
    words: dict[str, dict[str, str]]
    by: str | None = None
    by_series: str | None = None
    by_batch: str | None = None
    # Told by the collection (`flows`), which alone knows what belongs to one publication.
    by_collection: bool = False
    forms: tuple[str, ...] = ()
    needs: dict[str, Any] = field(default_factory=dict)
    cases: dict[str, dict[str, Severity]] = field(default_factory=dict)
    exceptions: tuple[dict[str, Any], ...] = ()
    # Kinds of issuers whose reports follow forms of their own: the rule says nothing of them.
    not_kinds: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def speaks_of(self, form_id: str) -> bool:
        """Whether reports on this form have what the rule needs; ``prose`` is no form and has nothing."""
        return (not self.forms or form_id in self.forms) and (not self.needs or _has(form_id, self.id))

    def severity_for(self, report: Report, profile: Profile, case: str | None = None) -> Severity:
        """The severity for this report: of the case, of the first exception whose keys all match, of the profile."""
        if case is not None:
            return self.cases[case][profile]
        for exception in self.exceptions:
            asked = {k: v for k, v in exception.items() if k != "severity"}
            if all(_matches(report, k, v) for k, v in asked.items()):
                severity: Severity = exception["severity"]
                return severity
        return self.severity[profile]

    def say(self, lang: Lang, what: str, /, **values: object) -> str:
        """The rule's words for ``what`` (``message``, ``bounded``, ``advice``, …), filled in."""
        words = self.words[lang]
        return words.get(what, words.get("message", "")).format(**values)


@cache
def _has(form_id: str, rule_id: str) -> bool:
    needs = rule(rule_id).needs
    try:
        form = forms.load(form_id)
    except KeyError:
        return False
    if "table" in needs:
        table = form.table(needs["table"])
        return (
            table is not None
            and all(table.rows_as(role) for role in needs.get("rows", ()))
            and all(table.columns_as(role) for role in needs.get("columns", ()))
        )
    if "limit" in needs:
        section = form.section(needs["limit"])
        return section is not None and section.most > 0
    return (form.asking(needs["asks"]) if "asks" in needs else form.section(needs["section"])) is not None


def _matches(report: Report, key: str, asked: Any) -> bool:
    if key.endswith("_like"):
        value = getattr(report, key.removesuffix("_like"), None)
        return value is not None and re.search(asked, str(value)) is not None
    return bool(getattr(report, key, None) == asked)


_OWN = {
    "id",
    "severity",
    "basis",
    "zh",
    "en",
    "by",
    "not_kinds",
    "by_series",
    "by_batch",
    "by_collection",
    "forms",
    "forms_why",
    "needs",
    "cases",
    "exceptions",
}


def _rule(raw: dict[str, Any]) -> Rule:
    if "forms" in raw and not raw.get("forms_why"):
        raise ValueError(f"rule {raw['id']} names forms: select by role (needs), or say why not (forms_why)")
    return Rule(
        id=raw["id"],
        severity=_severities(raw["severity"]),
        basis=raw["basis"],
        words={"zh": raw["zh"], "en": raw["en"]},
        by=raw.get("by"),
        by_series=raw.get("by_series"),
        by_batch=raw.get("by_batch"),
        by_collection=raw.get("by_collection", False),
        forms=tuple(raw.get("forms", ())),
        needs=dict(raw.get("needs", {})),
        cases={name: _severities(s) for name, s in raw.get("cases", {}).items()},
        exceptions=tuple(raw.get("exceptions", ())),
        not_kinds=tuple(raw.get("not_kinds", ())),
        options={k: v for k, v in raw.items() if k not in _OWN},
    )


@cache
def data(name: str) -> dict[str, Any]:
    """One of this room's data files."""
    return kept.parsed(_bytes(name))


@cache
def _bytes(name: str) -> bytes:
    return Path(__file__).with_name(name).read_bytes()


@cache
def catalogue() -> tuple[Rule, ...]:
    """Every rule, in catalogue order."""
    return tuple(_rule(r) for r in data("rules.toml")["rule"])


@cache
def rule(rule_id: str) -> Rule:
    """The rule with this id. Raises KeyError."""
    return {r.id: r for r in catalogue()}[rule_id]


def words_of(lang: Lang, what: str, /, **values: object) -> str:
    """Words that belong to no one rule, filled in."""
    words: str = data("rules.toml")["words"][lang][what]
    return words.format(**values)


@cache
def version() -> str:
    """The version of the rule files: their date, and a fingerprint of their content."""
    digest = hashlib.sha256(b"\0".join(_bytes(name) for name in _FILES)).hexdigest()[:8]
    return f"{data('rules.toml')['version']}+{digest}"
