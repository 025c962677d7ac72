"""A release as the validators of its formats see it. They bring twenty packages, so that they are a group of their own:

python -m pip install --constraint constraints.txt --group release
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flows import releases

from .helpers import Collection
from .test_releases import CELLS, files

REASON = "needs the group release: make release-formats"
frictionless = pytest.importorskip("frictionless", reason=REASON)
mlcroissant = pytest.importorskip("mlcroissant", reason=REASON)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with a revision, a conflict, unread cells and findings in it."""
    root = tmp_path_factory.mktemp("formats")
    collection = Collection(root / "home")
    collection.load({"a": files(2023), "b": files(2024)}, publish=False)
    changed: dict[str, Any] = {next(iter(CELLS)): 5}
    collection.load({"a": files(2023, **changed), "x": files(2024, **changed), "c": files(2022, **changed)})
    return releases.publish(collection.database, root / "out", version="v2026.11.0")


def test_the_data_package_is_valid_with_its_keys_and_references(made: Path) -> None:
    report = frictionless.validate(str(made / "datapackage.json"))
    found = [(task.name, error.type, error.message) for task in report.tasks for error in task.errors]
    assert report.valid, found or report.errors
    assert {"value", "fact", "report", "preferred", "meta"} <= {task.name for task in report.tasks}


def test_a_changed_file_is_noticed(made: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(made, copy)
    value = copy / "csv" / "value.csv"
    text = value.read_text("utf-8").splitlines()
    value.write_text("\n".join([*text, text[-1]]) + "\n", "utf-8")
    report = frictionless.validate(str(copy / "datapackage.json"))
    assert {e.type for task in report.tasks for e in task.errors} >= {"hash-count", "primary-key"}


def test_croissant_is_read_without_an_issue(made: Path) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(made / "croissant.json"))
    issues = dataset.metadata.ctx.issues
    assert not issues.errors and not issues.warnings, issues.report()
    rows = list(dataset.records("value"))
    known = {r["value/indicator"] for r in rows if r["value/year"] == 2023}
    assert b"granted" in known
