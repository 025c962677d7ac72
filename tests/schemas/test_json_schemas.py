"""The schemas of `extract` and `check` are those of the real outputs, field by field."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gouji import cli
from schemas import json_schemas
from tests.conftest import ROOT

SAMPLES = sorted((ROOT / "data" / "samples").iterdir())
SCHEMAS = {"extract": json_schemas.extract_schema(), "check": json_schemas.check_schema()}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What the commands print of the samples, a circular, and a file that is no document."""
    folder = tmp_path_factory.mktemp("in")
    circular = folder / "通报.txt"
    circular.write_text(
        "关于2020年政务公开工作考核情况的通报\n各乡镇：现将2020年政务公开考核结果通报如下。\n"
        "全县共收到政府信息公开申请40件，其中网络申请10件，占25%。\n一、甲镇，得分98.5分。\n二、乙镇，得分97分。\n",
        "utf-8",
    )
    files = [*map(str, SAMPLES), str(circular)]
    out = {}
    for command, more in (("extract", ()), ("check", ("--all",))):
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
            cli.main([command, *files, "--format", "json", *more])
        out[command] = json.loads(said.getvalue())
    return out


def strict(schema: Any) -> Any:
    """The schema with no other fields than those it names: what is printed must stand in it."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    return {**closed, "additionalProperties": False} if schema.get("required") else closed


@pytest.mark.parametrize("command", SCHEMAS)
def test_outputs_are_what_the_schema_says_and_nothing_else(command: str, outputs: dict[str, list[Any]]) -> None:
    assert len(outputs[command]) == len(SAMPLES) + 1
    assert sum(len(file["reports"]) for file in outputs[command]) >= 6
    jsonschema.Draft202012Validator(strict(SCHEMAS[command])).validate(outputs[command])


def broken(command: str, made: list[Any]) -> Iterator[Any]:
    """The output with one thing wrong, one after the other."""
    for change in (
        lambda f: f.pop("source"),
        lambda f: f["source"].update(sha256="abc"),
        lambda f: f["reports"][0].update(scope="somewhere"),
        lambda f: f["reports"][0].update(year="2024"),
        *(
            (
                lambda f: f["reports"][0]["facts"][0].update(value=None, kind="number"),
                lambda f: f["reports"][0]["facts"][0].update(value=3, kind="blank"),
                lambda f: f["reports"][0]["facts"][0]["place"].update(row=0),
                lambda f: f["reports"][0]["facts"][0].update(address="requests"),
            )
            if command == "extract"
            else (lambda f: f.update(verdict="good"), lambda f: f["findings"][0].update(severity="bad"))
        ),
    ):
        copy = json.loads(json.dumps(made))
        change(next(f for f in copy if f["reports"] and f.get("findings", True)))
        yield copy


@pytest.mark.parametrize("command", SCHEMAS)
def test_what_is_wrong_is_refused(command: str, outputs: dict[str, list[Any]]) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMAS[command])
    for copy in broken(command, outputs[command]):
        assert not validator.is_valid(copy)


def test_the_schemas_beside_the_documentation_are_the_generated_ones() -> None:
    for name, text in json_schemas.written().items():
        assert (ROOT / "docs" / name).read_text("utf-8") == text, "run: python -m schemas.json_schemas docs"
        jsonschema.Draft202012Validator.check_schema(json.loads(text))
        assert Path(name).suffix == ".json"
