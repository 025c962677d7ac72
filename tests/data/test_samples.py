"""The sample files: rebuilt byte for byte, of real figures, and as small as they should be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data import make_samples
from schemas.facts import Value

# Which real report's right values each sample's figures are.
GOLD = {
    "洪泽区人民政府2023年政府信息公开工作年度报告.pdf": "2023-hongze-district",
    "沭阳县人民政府2025年政府信息公开工作年度报告.docx": "2025-shuyang-county",
    "上海市人民政府办公厅2019年政府信息公开工作年度报告.html": "2019-shanghai-gov-office",
    "衢州市人民政府2020年政府信息公开工作年度报告（繁體）.txt": "quzhou-2020",
    "平潭综合实验区2023年政府信息公开工作年度报告.html": "2023-pingtan-district",
    "平潭综合实验区2025年政府信息公开工作年度报告.md": "2025-pingtan-district",
}


def test_samples_are_what_the_script_makes(capsys: pytest.CaptureFixture[str]) -> None:
    assert make_samples.main(["--check"]) == 0, capsys.readouterr().err


def test_check_notices_a_change(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = {"a.txt": b"1", "b.txt": b"2"}
    monkeypatch.setattr(make_samples, "FOLDER", tmp_path)
    (tmp_path / "a.txt").write_bytes(b"0")
    (tmp_path / "c.txt").write_bytes(b"3")
    assert make_samples.differences(files) == ["not made by this script: c.txt", "missing: b.txt", "differs: a.txt"]


def test_samples_are_small() -> None:
    assert max(len(data) for data in make_samples.build().values()) < 200_000


def test_a_figure_that_cannot_be_read_is_refused() -> None:
    report = make_samples.reports()[0]
    report["tables"]["disputes"]["reconsideration"] = "10 1 0 0 约0"
    with pytest.raises(ValueError, match=r"disputes\.reconsideration\.total"):
        make_samples.truth_of(report)


@pytest.mark.shared
@pytest.mark.parametrize("report", make_samples.reports(), ids=lambda r: str(GOLD[r["file"]]))
def test_figures_are_those_of_the_published_report(report: dict[str, object], shared: Path) -> None:
    gold = json.loads((shared / "gold" / f"{GOLD[str(report['file'])]}.json").read_text(encoding="utf-8"))
    facts: dict[str, Value] = {**gold.get("likely", {}), **gold["facts"]}
    cells = make_samples.truth_of(report).expected(make_samples.layout_of(report))
    numbers = {a: float(c.value) for a, c in cells.items() if c.kind == "number" and c.value is not None}
    assert numbers == {a: float(v) for a, v in facts.items()}
    assert {a for a, c in cells.items() if c.kind == "blank"} == set(gold.get("blank", ()))
