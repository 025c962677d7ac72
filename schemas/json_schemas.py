"""JSON Schemas of what `gouji extract` and `gouji check` print: names, types, allowed values.

Belongs here: the two schemas, put together from the same types as the output. Does not belong here: the output (`facts`,
`findings`). `python -m schemas.json_schemas docs` writes `extract.schema.json` and `check.schema.json`.

Fields may be added at any time: a program that reads the output must not stumble over one that it does not know.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

from . import facts, findings
from .database.table_model import PERIODS, SCOPES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LEVELS = ("nation", "province", "prefecture", "county", "township", "zone")
_KINDS = ("government", "office", "department", "township", "zone", "vertical")
_SHA256 = "^[0-9a-f]{64}$"
_ADDRESS = r"^[a-z0-9_]+\.[a-z0-9_]+\.[a-z0-9_]+$"

Schema = dict[str, Any]


def _object(required: Schema, optional: Schema | None = None) -> Schema:
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _or_null(of: Schema) -> Schema:
    return {"anyOf": [of, {"type": "null"}]}


def _one_of(*values: str) -> Schema:
    return {"enum": list(values)}


_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "number"}
_WHOLE: Schema = {"type": "integer"}
_BOOLEAN: Schema = {"type": "boolean"}
_FROM_ONE: Schema = {"type": "integer", "minimum": 1}
_YEAR: Schema = {"type": "integer", "minimum": 1900, "maximum": 2999}
_PLACE = _object(
    {},
    {
        **dict.fromkeys(("page", "table", "row", "column", "line", "paragraph"), _FROM_ONE),
        "sheet": _TEXT,
        "box": {"type": "array", "items": _NUMBER, "minItems": 4, "maxItems": 4},
    },
)
_VERSIONS = _object(dict.fromkeys(("gouji", "parser", "forms", "rules"), _TEXT))
_SOURCE = _object(
    {
        "path": _TEXT,
        "sha256": {"type": "string", "pattern": _SHA256},
        "media_type": _TEXT,
        "bytes": {"type": "integer", "minimum": 0},
    }
)
_PROBLEM = _object({"kind": _one_of(*get_args(facts.ProblemKind)), "message": _TEXT})
_STATEMENT = _object(
    {
        "code": _TEXT,
        "value": _NUMBER,
        "unit": _or_null(_TEXT),
        "year": _or_null(_WHOLE),
        "scope": _one_of(*SCOPES),
        "approximate": _BOOLEAN,
        "share_of": _or_null(_TEXT),
        "printed": _TEXT,
        "sentence": _TEXT,
        "place": _PLACE,
    }
)
# A value exactly where the kind is number.
_FACT = {
    **_object(
        {
            "address": {"type": "string", "pattern": _ADDRESS},
            "value": _or_null(_NUMBER),
            "kind": _one_of(*get_args(facts.Kind)),
            "printed": _TEXT,
            "unit": _or_null(_TEXT),
            "place": _PLACE,
            "method": _one_of(*get_args(facts.Method)),
        }
    ),
    "if": {"properties": {"kind": {"const": "number"}}},
    "then": {"properties": {"value": _NUMBER}},
    "else": {"properties": {"value": {"type": "null"}}},
}
_UNRESOLVED = _object(
    {
        "address": {"type": "string", "pattern": _ADDRESS},
        "printed": _TEXT,
        "reason": _TEXT,
        "readings": _list(_NUMBER),
        "closed": _BOOLEAN,
        "place": _PLACE,
    }
)
_LEFTOVER = _object(
    {"table": _TEXT, "printed": _TEXT, "reason": _one_of("column", "serial", "row", "table", "note"), "place": _PLACE}
)
_EVIDENCE = _object({"about": _TEXT, "source": _TEXT, "says": _TEXT, "printed": _TEXT, "weight": _WHOLE})
_IDENTITY: Schema = {
    "report_id": _TEXT,
    **{name: _or_null(_TEXT) for name in ("issuer", "issuer_printed")},
    "division_code": _or_null({"type": "string", "pattern": "^[0-9]{6}([0-9]{3}|[0-9]{6})?$"}),
    "level": _or_null(_one_of(*_LEVELS)),
    "kind": _or_null(_one_of(*_KINDS)),
    "year": _or_null(_YEAR),
    "scope": _one_of(*SCOPES),
    "scope_evidence": _or_null(_TEXT),
    "period": _one_of(*PERIODS),
    "form": _TEXT,
    "form_readings": _list(_TEXT),
    "variant": _or_null(_TEXT),
    "published": _or_null({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}"}),
    **{name: _or_null(_TEXT) for name in ("title", "document_number", "index_number")},
    "issuer_flags": _list(_TEXT),
    "issuer_evidence": _or_null(_TEXT),
    "evidence": _list(_EVIDENCE),
}
_ASSESSMENT = _object(
    {
        "category": _TEXT,
        "table": _or_null(_TEXT),
        "group_name": _or_null(_TEXT),
        "rank": _or_null(_WHOLE),
        "unit": _TEXT,
        "score": _or_null(_NUMBER),
    }
)
_CIRCULAR = _object(
    {
        "circular_id": _TEXT,
        "issuer": _or_null(_TEXT),
        "document_number": _or_null(_TEXT),
        "year": _or_null(_WHOLE),
        "title": _or_null(_TEXT),
        "statements": _list(_STATEMENT),
        "assessments": _list(_ASSESSMENT),
    }
)
_TERM = _object({"address": _TEXT, "sign": {"enum": [1, -1]}, "printed": _or_null(_TEXT), "value": _or_null(_NUMBER)})
_WAIVER = _object({"reason": _TEXT, "who": _or_null(_TEXT), "date": _or_null(_TEXT)})
_FINDING = _object(
    {
        "finding_id": _TEXT,
        "report_id": _TEXT,
        "rule": _TEXT,
        "outcome": _one_of(*get_args(findings.Outcome)),
        "severity": _one_of(*get_args(findings.Severity)),
        **{name: _or_null(_TEXT) for name in ("table", "row", "column", "statement")},
        "cells": _list(_TEXT),
        "terms": _list(_TERM),
        "printed": {"type": ["number", "string", "null"]},
        "expected": _or_null(_NUMBER),
        "difference": _or_null(_NUMBER),
        "explained_by": _or_null(_TEXT),
        "sentence": _or_null(_TEXT),
        "place": _PLACE,
        "message": _TEXT,
        "advice": _TEXT,
        "consistent_with_zero": _BOOLEAN,
    },
    # With reasons, and with a round before.
    {"waived_by": _or_null(_WAIVER), "round": _or_null(_one_of("open", "new"))},
)
_CHANGE = _object({"address": _TEXT, "printed": _or_null(_NUMBER), "value": _NUMBER, "evidence": _or_null(_TEXT)})
_EXPLANATION = _object(
    {
        "report_id": _TEXT,
        "table": _TEXT,
        "equation": _TEXT,
        "changes": _or_null(_list(_CHANGE)),
        "pattern": _or_null(_TEXT),
        "message": _TEXT,
    }
)
_UNEXPLAINED = _object({"report_id": _TEXT, "table": _TEXT, "equations": _list(_TEXT), "message": _TEXT})

_COUNT: Schema = {"type": "integer", "minimum": 0}
_UNCOMPARED = _object({"sentence": _TEXT, "figures": _list(_TEXT), "place": _PLACE})
_EXTENT = _object(
    {
        "report_id": _TEXT,
        "cells": _COUNT,
        "relations": _COUNT,
        "figures": _COUNT,
        "uncompared": _list(_UNCOMPARED),
    }
)


def extract_schema() -> Schema:
    """What `gouji extract --format json` prints."""
    report = _object(
        {
            **_IDENTITY,
            "facts": _list(_FACT),
            "unresolved": _list(_UNRESOLVED),
            "leftovers": _list(_LEFTOVER),
            "statements": _list(_STATEMENT),
        }
    )
    file = _object(
        {
            "source": _SOURCE,
            "versions": _VERSIONS,
            "reports": _list(report),
            "circulars": _list(_CIRCULAR),
            "problems": _list(_PROBLEM),
        }
    )
    return {"$schema": DIALECT, "title": "gouji extract --format json", **_list(file)}


def check_schema() -> Schema:
    """What `gouji check --format json` prints."""
    report = _object({**_IDENTITY, "leftovers": {"type": "integer", "minimum": 0}})
    file = _object(
        {
            "source": _SOURCE,
            "versions": _VERSIONS,
            "reports": _list(report),
            "problems": _list(_PROBLEM),
            "verdict": _one_of(*get_args(findings.Verdict)),
            "checked": _list(_EXTENT),
            "findings": _list(_FINDING),
            "explanations": _list(_EXPLANATION),
            "unexplained": _list(_UNEXPLAINED),
        },
        # With a round before, last year's report, a roster.
        {
            "closed": _list({"type": "object"}),
            "unclear": _list({"type": "object"}),
            "about_previous": {"type": "object"},
            "roster": {"type": "object"},
        },
    )
    return {"$schema": DIALECT, "title": "gouji check --format json", **_list(file)}


def written() -> dict[str, str]:
    """The files of the schemas by name."""
    made = {"extract.schema.json": extract_schema(), "check.schema.json": check_schema()}
    return {name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n" for name, schema in made.items()}


def main() -> None:
    """Write both into the folder named."""
    import sys

    for name, text in written().items():
        (Path(sys.argv[1]) / name).write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
