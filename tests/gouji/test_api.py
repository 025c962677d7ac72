"""The Python API: typed objects that show themselves."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import gouji
from tests.conftest import ROOT

from .drafts import HONGZE, SAMPLES, SHUYANG, changed


def test_an_archive_is_checked_member_by_member(tmp_path: Path) -> None:
    path = tmp_path / "上报.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("东 乡/定稿.docx", SHUYANG.read_bytes())
        archive.writestr("西 乡/旧稿.docx", changed(SHUYANG, {"article20.penalty.decisions": "5"}))
    one, other = gouji.check_all([path])
    assert (one.verdict, other.verdict) == ("warn", "warn")
    assert [f.message for f in other.reviewed.checked.findings if f.rule == "batch.duplicate"] == [
        "沭阳县人民政府2025年的报告有两份，有 1 格的数字不同（另一份是 定稿.docx）：要确认哪一份是定稿。"
    ]
    assert gouji.read(path / "东 乡" / "定稿.docx")["requests.new_received.total"].value == 713


def test_read() -> None:
    reading = gouji.read(SHUYANG)
    assert reading["requests.new_received.total"].value == 713
    assert reading.report.year == 2025
    assert "沭阳县人民政府 2025" in repr(reading)
    with pytest.raises(KeyError):
        reading["requests.new_received.nobody"]
    assert "713" in reading._repr_html_()


def test_check() -> None:
    check = gouji.check(str(HONGZE))
    assert check.verdict == "fail"
    assert [f.row for f in check.errors] == ["reconsideration", "litigation_after_reconsideration"]
    assert len(check.warnings) == 3
    assert repr(check) == f"<Check {HONGZE.name}: fail, 2 errors, 3 warnings, 0 notes>"
    assert str(check).startswith("【有错误】")
    assert [c.severity for c in check.causes] == ["error", "warning"]
    assert check.explanations
    assert check.to_json()["verdict"] == "fail"


def test_the_tables_are_drawn_with_their_marks(tmp_path: Path) -> None:
    path = tmp_path / "草稿.docx"
    path.write_bytes(changed(SHUYANG, {"requests.granted.natural_person": "999", "requests.granted.other": "<b>"}))
    html = gouji.check(path)._repr_html_()
    assert html.count('<td class="n wrong"') == 2
    assert ">999</td>" in html
    assert "&lt;b&gt;" in html
    assert "<b>" not in html.replace("<b>草稿.docx</b>", "").replace("<p><b>", "")
    assert html.count("<h3>") == 3


def test_last_year_as_a_path_or_as_read(tmp_path: Path) -> None:
    path = tmp_path / "去年.docx"
    wrong = {"requests.carried_forward.natural_person": "63", "requests.carried_forward.total": "63"}
    path.write_bytes(changed(SHUYANG, wrong, {"2025": "2024", "2026": "2025"}))
    by_path = gouji.check(SHUYANG, previous=path)
    read = gouji.check(SHUYANG, previous=gouji.read(path))
    many = gouji.check(SHUYANG, previous=[gouji.check(path)])
    rules = [[f.rule for f in c.findings] for c in (by_path, read, many)]
    assert rules[0] == rules[1] == rules[2]
    assert "series.carry" in rules[0]


def test_to_pandas() -> None:
    pytest.importorskip("pandas")
    facts = gouji.read(SHUYANG).to_pandas()
    assert len(facts) == 200
    granted = facts[(facts.row == "granted") & (facts.column == "total")]
    assert granted.value.tolist() == [294]
    findings = gouji.check(HONGZE).to_pandas()
    assert findings.severity.tolist() == ["error", "error", "warning", "warning", "warning"]


def test_a_folder_is_for_check_all(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="check_all"):
        gouji.check(SAMPLES)
    with pytest.raises(FileNotFoundError):
        gouji.read(tmp_path / "没有.docx")
    for name in ("甲.docx", "乙.docx"):
        (tmp_path / name).write_bytes(SHUYANG.read_bytes())
    checks = gouji.check_all([tmp_path, tmp_path / "没有.docx"])
    assert [c.verdict for c in checks] == ["warn", "warn", "unreadable"]
    assert any(f.rule == "batch.duplicate" for c in checks for f in c.findings)


def test_an_unguarded_script_may_check_a_pdf(tmp_path: Path) -> None:
    """No `if __name__ == "__main__"` is asked of people who write a line in a notebook."""
    script = tmp_path / "one.py"
    script.write_text(f"import gouji\nprint(gouji.check({str(HONGZE)!r}).verdict)\n", "utf-8")
    run = subprocess.run([sys.executable, str(script)], cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert run.stdout.split() == [b"fail"], run.stderr


def test_importing_the_package_imports_nothing_else() -> None:
    code = (
        "import sys, gouji; print(sorted(m for m in sys.modules if m.split('.')[0] in ('gouji', 'checks', 'parsers')))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, timeout=60)
    assert run.stdout.strip() == b"['gouji']"


def test_isolated_reading_keeps_its_child() -> None:
    first = gouji.read(HONGZE, isolated=True)
    children = {p.pid for p in multiprocessing.active_children()}
    again = gouji.read(HONGZE, isolated=True)
    assert {p.pid for p in multiprocessing.active_children()} == children != set()
    assert first.to_json() == again.to_json()
    assert first.to_json()["reports"] == gouji.read(HONGZE).to_json()["reports"]
