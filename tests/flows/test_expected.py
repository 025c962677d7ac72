"""Who has to publish, and who is late with it: the registry, the operator's own list, the day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from flows import expected, queries
from flows.errors import PipelineError
from flows.expected import Late
from gouji.cli import main

from .helpers import Collection, document, report

SPRING = date(2025, 4, 1)


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """A collection with 沭阳县 of 2024 and 泗阳县 of 2022, for tests that only ask."""
    made = Collection(tmp_path_factory.mktemp("two"))
    made.load({"a": of("沭阳县人民政府", 2024, "321322"), "b": of("泗阳县人民政府", 2022, "321323")})
    return made


def of(issuer: str, year: int, division: str, level: str = "county", **more: object) -> str:
    return document(report(issuer=issuer, year=year, division=division, level=level, title=f"{issuer}{year}", **more))


def late(collection: Collection, year: int, today: date = SPRING, within: str | None = None) -> dict[str, Late]:
    con = queries.connect(collection.database)
    try:
        return {each.body: each for each in expected.late(con, collection.home, year, today, within=within)}
    finally:
        con.close()


def test_who_has_published_is_not_late_and_who_has_not_is(two: Collection) -> None:
    found = late(two, 2024, within="宿迁市")
    assert "沭阳县人民政府" not in found
    siyang = found["泗阳县人民政府"]
    assert (siyang.level, siyang.parent, siyang.due, siyang.last_year, siyang.own) == (
        "county", "宿迁市人民政府", date(2025, 2, 20), 2022, False,
    )  # fmt: skip
    assert found["泗洪县人民政府"].last_year is None
    assert found["宿迁市人民政府"].due == date(2025, 3, 10)


@pytest.mark.parametrize(
    ("today", "bodies"),
    [
        (date(2025, 2, 20), set()),
        (date(2025, 2, 21), {"泗阳县人民政府"}),
        (date(2025, 3, 11), {"泗阳县人民政府", "宿迁市人民政府"}),
    ],
)
def test_the_day_itself_is_in_time(two: Collection, today: date, bodies: set[str]) -> None:
    assert {"泗阳县人民政府", "宿迁市人民政府"} & late(two, 2024, today).keys() == bodies


def test_governments_are_those_that_stood_in_the_year(two: Collection) -> None:
    before, after = (late(two, year, within="淮安市").keys() for year in (2014, 2020))
    # 洪泽县 became 洪泽区 in 2016.
    assert "洪泽县人民政府" in before and "洪泽区人民政府" not in before
    assert "洪泽区人民政府" in after and "洪泽县人民政府" not in after


def test_a_report_under_the_older_name_is_the_same_government(collection: Collection) -> None:
    collection.load({"a": of("洪泽县人民政府", 2014, "320829")})
    found = late(collection, 2020, within="淮安市")
    assert found["洪泽区人民政府"].last_year == 2014
    assert "洪泽县人民政府" not in late(collection, 2014, within="淮安市")


def test_the_area_reported_by_the_office_is_the_governments(collection: Collection) -> None:
    office = {"kind": "office"}
    collection.load({
        "a": of("沭阳县人民政府办公室", 2024, "321322", scope="area", **office),
        "b": of("泗阳县人民政府办公室", 2024, "321323", scope="office", **office),
    })  # fmt: skip
    found = late(collection, 2024, within="宿迁市")
    assert late(collection, 2024, within="宿迁") == found
    assert "沭阳县人民政府" not in found
    assert "泗阳县人民政府" in found


def test_the_operators_own_list_counts_with_its_years_parents_and_days(collection: Collection) -> None:
    (collection.home.root / "bodies.csv").write_bytes(
        "机关,上级,自,至,期限\n沭阳县教育局,,,,\n沭阳县旧局,,2010,2018,\n沭阳县新局,沭阳县人民政府办公室,2019,,02-15\n没听说过的单位,,,,\n沭阳县人民政府,,,,01-20\n"
        .encode("gb18030")
    )  # fmt: skip
    collection.load({"a": of("沭阳县教育局", 2023, "321322", kind="department")})
    found = late(collection, 2024, date(2025, 2, 14))
    assert (found["沭阳县教育局"].due, found["沭阳县教育局"].last_year) == (date(2025, 1, 31), 2023)
    assert found["沭阳县教育局"].parent == "沭阳县人民政府"
    assert found["沭阳县人民政府"].due == date(2025, 1, 20) and found["沭阳县人民政府"].own
    assert not {"沭阳县旧局", "沭阳县新局", "没听说过的单位"} & found.keys()
    later = late(collection, 2024, date(2025, 4, 1))
    assert later["沭阳县新局"].parent == "沭阳县人民政府办公室"
    assert later["没听说过的单位"].due == date(2025, 3, 31)
    assert "沭阳县旧局" in late(collection, 2017)


def test_bodies_that_the_sources_name_are_expected_too(collection: Collection) -> None:
    (collection.home.root / "sources.toml").write_text(
        '[[source]]\nname = "a"\naddress = "https://x.test/"\nbodies = ["攸县财政局"]\n', "utf-8"
    )
    collection.load({"a": of("沭阳县人民政府", 2024, "321322")})
    assert late(collection, 2024)["攸县财政局"].own


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("地方,年\n沭阳县,2024\n", "机关"),
        ("机关,期限\n沭阳县教育局,下月\n", "第 2 行"),
        ("机关,自\n沭阳县教育局,以前\n", "第 2 行"),
    ],
)
def test_a_list_that_cannot_be_used_is_told(collection: Collection, text: str, words: str) -> None:
    collection.load({"a": of("沭阳县人民政府", 2024, "321322")})
    (collection.home.root / "bodies.csv").write_text(text, "utf-8")
    with pytest.raises(PipelineError) as refused:
        late(collection, 2024)
    assert words in refused.value.zh and "bodies.csv" in refused.value.zh


def test_the_view_says_the_same_as_the_question(two: Collection) -> None:
    con = queries.connect(two.database)
    try:
        asked = {(each.body_id, each.body, each.last_year) for each in expected.late(con, two.home, 2024)}
    finally:
        con.close()
    seen = set(two.query("SELECT body_id, body, last_year FROM late WHERE year = 2024"))
    assert asked == seen
    assert len(seen) > 3000


def test_what_a_changed_list_leaves_is_what_it_would_be_from_nothing(collection: Collection, tmp_path: Path) -> None:
    """Bodies that come, change and go, a government's own day among them: rows of others are as they were."""

    def listed(of_home: Collection, text: str) -> list[tuple[object, ...]]:
        (of_home.home.root / "bodies.csv").write_text(f"机关,上级,自,至,期限\n{text}", "utf-8")
        of_home.load({text: of("沭阳县人民政府", 2024, "321322")})
        return [row for t in ("expected", "due_day") for row in of_home.query(f"SELECT * FROM {t} ORDER BY ALL")]

    texts = (
        "沭阳县教育局,,,,\n沭阳县旧局,,2010,2018,\n沭阳县人民政府,,,,01-20\n",
        "沭阳县新局,,,,\n",
        "沭阳县教育局,,2019,,02-15\n沭阳县新局,,,,\n",
    )
    # Two files take turns: the third list follows on the first.
    first, _, third = (listed(collection, text) for text in texts)
    assert first != third == listed(Collection(tmp_path / "anew"), texts[2])


def test_no_list_is_filled_anew_without_need(collection: Collection) -> None:
    collection.load({"a": of("沭阳县人民政府", 2024, "321322")})
    before = collection.query("SELECT value FROM meta WHERE key = 'expected'")
    collection.load({"b": of("泗阳县人民政府", 2022, "321323")})
    assert collection.query("SELECT value FROM meta WHERE key = 'expected'") == before
    assert collection.query("SELECT count(*) > 3000 FROM expected") == [(True,)]


def test_the_command_gives_the_fields_of_the_interface(two: Collection, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(two.home.root), "--on", "2025-04-01"]
    assert main(["late", "--year", "2024", "--within", "321300", *home, "--format", "json"]) == 0
    found = {each["body"]: each for each in json.loads(capsys.readouterr().out)}
    assert set(found["泗阳县人民政府"]) >= {"body", "level", "parent", "due", "last_year"}
    assert found["泗阳县人民政府"]["last_year"] == 2022
    assert main(["late", "--year", "2024", "--within", "宿迁市", *home]) == 0
    shown = capsys.readouterr().out
    assert "泗阳县人民政府  期限 2025-02-20  最近有 2022 年度" in shown
    assert "宿迁市人民政府（" in shown
    assert main(["late", "--year", "2024", *home, "--own"]) == 0
    assert "没有逾期" in capsys.readouterr().out
    assert main(["late", "--year", "2025", *home, "--lang", "en"]) == 0
    assert "not due yet" in capsys.readouterr().out
    assert main(["late", "--year", "2024", "--within", "朝阳", *home]) == 2
    assert main(["late", "--year", "2024", "--home", str(two.home.root / "nowhere")]) == 2
