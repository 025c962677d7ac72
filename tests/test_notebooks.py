"""The notebooks run from start to end, and their pages work by themselves."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from tests.conftest import ROOT
from tests.flows.helpers import Collection, document, report

pytest.importorskip("marimo", reason="needs the extra analysis")
pytest.importorskip("vl_convert", reason="needs the extra analysis")

CITIES = {"南京市": "320100", "苏州市": "320500", "淮安市": "320800"}


@pytest.fixture(scope="module")
def pages() -> Iterator[ModuleType]:
    sys.path.insert(0, str(ROOT / "notebooks"))
    try:
        import pages as module

        yield module
    finally:
        sys.path.remove(str(ROOT / "notebooks"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three cities, three years: one report twice, two that disagree, a blank, a small base, a missing year, a bad line."""
    made = Collection(tmp_path_factory.mktemp("notebooks"))

    def printed(city: str, year: int, received: int, **more: object) -> str:
        cells = {
            "new_received": received,
            "granted": 30,
            "partially_granted": 10,
            "processed_total": 80,
            "carried_forward": 9,
        }
        facts = {f"requests.{row}.total": n for row, n in cells.items()}
        return document(report(f"{city}人民政府", year, division=CITIES[city], facts={**facts, **more}, bad=1))

    files = {
        f"{city}{year}": printed(city, year, 100 + n)
        for n, city in enumerate(CITIES)
        for year in (2020, 2022, 2023, 2024)
    }
    files["南京市2023"] = printed(
        "南京市", 2023, 7, **{"requests.processed_total.total": 10, "requests.granted.total": ""}
    )
    files |= {"copy": document(report("江苏省淮安市", 2024, facts={"requests.new_received.total": 102}))}
    files |= {"other": printed("苏州市", 2024, 999)}
    (made.home.root / "corrections.csv").write_text(
        "issuer,year,scope,address,printed,used,reason,evidence,who\n,,,,,,,,x\n", "utf-8"
    )
    made.load(files)
    return made.home.root


@pytest.mark.parametrize(
    ("name", "sections", "said"),
    [
        ("tour", 5, ["共 12 份", "采用 11 份", "互相冲突 2 份", "副本 1 份", "南京市人民政府"]),
        ("one_body", 3, ["淮安市人民政府，2020—2024 年", "缺 2021", "n2024"]),
        ("comparing", 3, ["地级政府的公开率", "小基数 0 个", "没有数的 1 个", "应有的政府数"]),
        ("quality", 4, ["互相冲突的 1 组", "名单中不能用的 1 行", "收到申请"]),
    ],
)
def test_a_notebook_runs_and_its_page_needs_nothing_else(
    name: str,
    sections: int,
    said: list[str],
    pages: ModuleType,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GOUJI_HOME", str(home))
    monkeypatch.setenv("GOUJI_BODY", "淮安市")
    page = tmp_path / "page.html"
    assert pages.export(name, page) == sections
    text = page.read_text("utf-8")
    assert [words for words in said if words not in text] == []
    assert text.count("<svg") >= 1
    # No script, nothing from elsewhere.
    assert "<script" not in text
    assert re.findall(r"""(?:src|href)\s*=\s*["'](?!#)[^"']*|url\((?!#)[^)]*|@import""", text) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/srv/收 件/年报.docx", "年报.docx"),
        ("来源 /srv/收件/年报.docx，第3页", "来源 年报.docx，第3页"),
        ("C:\\用户\\收件\\年报.docx", "年报.docx"),
        ("https://www.example.gov.cn/x/y.html", "https://www.example.gov.cn/x/y.html"),
        ("自然人/法人", "自然人/法人"),
    ],
)
def test_a_page_shows_no_folder_of_the_disk_that_it_was_made_on(text: str, shown: str, pages: ModuleType) -> None:
    section = pages.Section("题", text, pd.DataFrame({"文件": [text]}))._repr_html_()
    assert f">{shown}</p>" in section
    assert f"<td>{shown}</td>" in section
