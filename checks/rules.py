"""The rule catalogue as typed objects.

Belongs here: loading `rules.toml`, severity by profile and exception, filling a rule's words.
Does not belong here: how a rule is evaluated (`evaluators`).
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

from schemas.facts import Report
from schemas.findings import Severity

Profile = Literal["draft", "published"]
Lang = Literal["zh", "en"]


@dataclass(frozen=True)
class Rule:
    """One row of the catalogue. ``options`` are the keys that only its evaluator reads."""

    id: str
    by: str
    severity: dict[str, Severity]
    basis: str
    words: dict[str, dict[str, str]]
    forms: tuple[str, ...] = ()
    exceptions: tuple[dict[str, Any], ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def severity_for(self, report: Report, profile: Profile) -> Severity:
        """The severity for this report: the first exception whose keys all match it, else that of the profile."""
        for exception in self.exceptions:
            asked = {k: v for k, v in exception.items() if k != "severity"}
            if all(getattr(report, k, None) == v for k, v in asked.items()):
                severity: Severity = exception["severity"]
                return severity
        return self.severity[profile]

    def say(self, lang: Lang, what: str, **values: object) -> str:
        """The rule's words for ``what`` (``message``, ``bounded``, ``advice``, …), filled in."""
        words = self.words[lang]
        return words.get(what, words.get("message", "")).format(**values)


_COMMON = {"id", "by", "severity", "basis", "zh", "en", "forms", "exceptions"}


def _rule(raw: dict[str, Any]) -> Rule:
    severity = raw["severity"]
    if isinstance(severity, str):
        severity = {"draft": severity, "published": severity}
    return Rule(
        id=raw["id"],
        by=raw["by"],
        severity=severity,
        basis=raw["basis"],
        words={"zh": raw["zh"], "en": raw["en"]},
        forms=tuple(raw.get("forms", ())),
        exceptions=tuple(raw.get("exceptions", ())),
        options={k: v for k, v in raw.items() if k not in _COMMON},
    )


@cache
def _file() -> bytes:
    return resources.files(__package__ or "checks").joinpath("rules.toml").read_bytes()


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(_file().decode("utf-8"))


@cache
def catalogue() -> tuple[Rule, ...]:
    """Every rule, in catalogue order."""
    return tuple(_rule(r) for r in _raw()["rule"])


@cache
def version() -> str:
    """The version of the rule file: its date, and a fingerprint of its content."""
    return f"{_raw()['version']}+{hashlib.sha256(_file()).hexdigest()[:8]}"
