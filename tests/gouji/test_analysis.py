"""The analyst's functions and `gouji trace`, on a small collection with planted duplicates, conflicts and holes."""

from __future__ import annotations

import io
import json
import pickle
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from PIL import Image, ImageChops

import gouji
from flows import naming
from flows.errors import PipelineError
from flows.home import Home
from flows.store import stored_at
from flows.tracing import Traced
from gouji import cli
from gouji.show import placed
from schemas import divisions
from tests.conftest import ROOT
from tests.flows.helpers import Collection, document, report

CITIES = {"南京市": "320100", "苏州市": "320500", "淮安市": "320800", "宿迁市": "321300"}


def printed(city: str, year: int, received: Any, **more: Any) -> str:
    cells = {
        "requests.new_received.total": received,
        "requests.granted.total": 30,
        "requests.partially_granted.total": 10,
        "requests.processed_total.total": 80,
        "requests.carried_forward.total": 90,
        "disputes.reconsideration.total": 40,
        "disputes.reconsideration.corrected": 5,
        "disputes.reconsideration.pending": 1,
        **{
            f"disputes.{r}.{c}": 0
            for r in ("litigation_direct", "litigation_after_reconsideration")
            for c in ("total", "corrected", "pending")
        },
        **more.pop("cells", {}),
    }
    return document(report(issuer=f"{city}人民政府", division=CITIES[city], year=year, facts=cells, **more))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    made = Collection(tmp_path_factory.mktemp("shelf"))
    first = {
        f"{city}{year}": printed(city, year, 100 + n + year - 2021)
        for n, city in enumerate(CITIES)
        for year in (2021, 2023, 2024)
        if (city, year) != ("宿迁市", 2024)
    }
    first["南京市2021"] = printed("南京市", 2021, 100, bad=1)
    first["苏州市2021"] = printed("苏州市", 2021, 101, open=1)
    whole = ["disputes.reconsideration.total", "disputes.reconsideration.corrected", "disputes.reconsideration.pending"]
    few = {"requests.processed_total.total": 19}
    first["宿迁市2022"] = printed("宿迁市", 2022, 105, contradicted=[whole], cells=few)
    # The same file at two places.
    first["又一处"] = first["淮安市2024"]
    first["宿迁市半年"] = printed("宿迁市", 2025, 44, period="half")
    first["办公室"] = document(
        {
            **json.loads(printed("宿迁市", 2024, 3, scope="office", kind="office"))["reports"][0],
            "issuer": "宿迁市人民政府办公室",
        }
    )
    made.load({**first, "office": printed("淮安市", 2024, 7, scope="office")}, publish=False)
    # A copy under the longer name, a contradiction, a revision.
    made.load(
        {
            "copy": document(
                {**json.loads(printed("南京市", 2024, 103))["reports"][0], "issuer": "江苏省南京市人民政府"}
            ),
            "other": printed("苏州市", 2024, 999),
            "淮安市2023": printed("淮安市", 2023, 104, cells={"requests.granted.total": 31}),
        }
    )
    return made


def statements() -> list[str]:
    return re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "analysis.md").read_text("utf-8"), re.DOTALL)


def test_every_question_is_one_statement_that_runs(shelf: Collection) -> None:
    asked = statements()
    assert len(asked) == 13
    answers = [shelf.query(sql) for sql in asked]
    by_prefecture = {(name, year): (value, status) for name, year, value, status, _ in answers[0]}
    assert by_prefecture["南京市", 2024] == (103, "number")
    assert by_prefecture["苏州市", 2024] == (None, "conflict")
    assert by_prefecture["宿迁市", 2024] == by_prefecture["无锡市", 2024] == (None, "no_report")
    (levels,) = [row for row in answers[1] if row[1] == 2023]
    assert levels[2][1] == pytest.approx(0.5) and levels[3] == 4 and levels[4] > 300
    assert answers[4][0] == (2021, "prefecture", "2021", 4, 0.25, 0.25)
    assert all(row[4] >= 30 for row in answers[2]) and {(row[0], row[1]) for row in answers[2]} == {
        (f"江苏省{c}人民政府", 2023) for c in CITIES
    }
    assert len(answers[2]) == len(CITIES)
    assert [row[3:] for row in answers[5]] == [("requests.granted.total", "30", "31")]
    assert answers[8][-1][3:] == (105, 7)
    assert {row[1] for row in answers[9]} >= {"requests.denied_state_secret.total"}
    assert len({row[1] for row in answers[9]}) == len(answers[9])
    assert [row[1] for row in answers[12]][-1] == "宿迁市" and answers[12][-1][3] == 2023
    assert "南京市" not in [row[1] for row in answers[12]]


def test_a_panel_carries_its_coverage_notes_and_statuses(shelf: Collection) -> None:
    frame = gouji.panel(
        ["requests_received", "grant_rate"],
        level="prefecture",
        parent="江苏省",
        years=[2023, 2024],
        home=shelf.home.root,
    )
    assert frame.loc[("320100/government/", "南京市人民政府", 2024), "requests_received"] == 103
    assert frame["requests_received"].isna().sum() == 1  # the two that disagree
    status = dict(zip(frame.attrs["status"]["index"], frame.attrs["status"]["data"], strict=True))
    assert status[("320500/government/", "苏州市人民政府", 2024)][0] == "conflict"
    assert {"n2019v", "n-area"} <= set(frame.attrs["notes"])
    by_year = {c["year"]: c for c in frame.attrs["coverage"]}
    assert (by_year[2024]["expected"], by_year[2024]["reported"], by_year[2024]["conflicting"]) == (13, 3, 1)
    with pytest.raises(ValueError, match="unknown indicators: nonsense"):
        gouji.panel("nonsense", home=shelf.home.root)


def test_what_is_not_to_be_compared_is_left_out_and_said(shelf: Collection) -> None:
    """As of the view `panel`: a small base, a part above its whole, a total that its own parts contradict."""
    codes = ["reconsideration", "grant_rate", "denial_rate", "dispute_rate"]
    asked: dict[str, Any] = {"bodies": "宿迁", "years": [2022], "home": shelf.home.root}
    frame = gouji.panel(codes, **asked)
    view = shelf.query(f"SELECT {', '.join(codes)} FROM panel WHERE name = '宿迁市人民政府' AND year = 2022")
    assert view == [(40, None, None, None)]
    assert frame.iloc[0, 0] == 40 and list(frame.iloc[0].isna()) == [False, True, True, True]
    assert (
        frame.attrs["status"]["data"][0][:2] == ["number", "impossible"]
        and frame.attrs["status"]["data"][0][3] == "contradicted"
    )
    assert "（contradicted），数照印、比率不列：reconsideration 宿迁市人民政府 2022" in repr(frame)
    assert "left out: grant_rate 2022" in repr(gouji.series("宿迁", codes, home=shelf.home.root, lang="en"))
    traced = str(gouji.trace("宿迁", 2022, "dispute_rate", home=shelf.home.root))
    assert (
        "合计与表内自己的分项之和不符" in traced and "不符（requests.outcomes）：合计不符" in traced and "小" in traced
    )
    assert "不符" not in str(gouji.trace("淮安", 2023, "dispute_rate", home=shelf.home.root))


def test_years_in_conflict_are_told_as_such_not_as_another_form(shelf: Collection) -> None:
    shown = repr(gouji.series("苏州", ["requests_received"], home=shelf.home.root))
    assert "几份报告冲突（conflict）、没有取数的年度：2024" in shown and "口径有变" not in shown


def test_the_coverage_is_that_of_the_scope_asked_for(shelf: Collection) -> None:
    asked: dict[str, Any] = {"level": "prefecture", "parent": "江苏", "years": [2024], "home": shelf.home.root}
    shown = repr(gouji.panel("granted", scope="office", **asked))
    # An office of its own is the government's too.
    assert "有 office 报告的／应有的：2024 2/13" in shown and "等 11 个" in shown
    assert "有全域报告的／应有的：2024 2/13" in repr(gouji.panel("granted", **asked))


def test_half_a_year_is_asked_for_by_name(shelf: Collection, capsys: pytest.CaptureFixture[str]) -> None:
    home = shelf.home.root
    half = gouji.panel("requests_received", bodies="宿迁", period="half", home=home)
    assert list(half["requests_received"]) == [44] and "期间：half" in repr(half)
    assert 2025 not in gouji.panel("requests_received", bodies="宿迁", home=home).index.get_level_values("year")
    with pytest.raises(PipelineError, match="这一年有期间为 half 的"):
        gouji.trace("宿迁", 2025, "requests_received", home=home)
    asked = ["trace", "宿迁", "2025", "requests_received", "--home", str(home), "--period", "half"]
    assert cli.main(asked) == 0
    assert "宿迁市人民政府 2025 年（area, half）" in capsys.readouterr().out
    with pytest.raises(ValueError, match="unknown period"):
        gouji.panel("granted", period="month", home=home)


def test_grounds_are_compared_for_the_same_bodies(tmp_path: Path) -> None:
    made = Collection(tmp_path)
    grounds = "requests.denied_state_secret.total"
    made.load(
        {
            "a": printed("南京市", 2021, 1, cells={grounds: 5}),
            "b": printed("南京市", 2024, 1, cells={grounds: 7}),
            "c": printed("苏州市", 2021, 1, cells={grounds: 100}),
            "d": printed("苏州市", 2024, 1, cells={grounds: ""}),
        }
    )
    assert [row for row in made.query(statements()[10]) if row[0] == "denied_state_secret"] == [
        ("denied_state_secret", 5, 7, 1)
    ]


def test_a_panel_says_who_is_not_there(shelf: Collection) -> None:
    home = shelf.home.root
    frame = gouji.panel("granted", level="prefecture", parent="江苏", years=["2024"], home=home)
    assert [c["year"] for c in frame.attrs["coverage"]] == [2024]
    assert {"无锡市", "宿迁市"} <= set(frame.attrs["not_reported"][2024])
    assert "南京市" not in frame.attrs["not_reported"][2024]
    assert "2024 2/13" in repr(frame) and "徐州市" in frame._repr_html_() and "n-area" in repr(frame)
    assert "n-area" not in repr(frame.head(1) + 1)  # what is made from it is a plain frame
    assert type(pickle.loads(pickle.dumps(frame))) is type(frame)
    # Reports of another scope are not the same as having published nothing.
    with pytest.raises(PipelineError, match="no report of scope office"):
        gouji.panel("granted", bodies="南京", scope="office", home=home)
    both = gouji.panel("granted", bodies=["南京", "淮安"], scope="office", home=home, lang="en")
    assert both.attrs["absent"] == {"南京": ["area"]} and "南京 has no report of this scope" in repr(both)
    with pytest.raises(ValueError, match="no indicators"):
        gouji.panel([], home=home)
    with pytest.raises(PipelineError, match="库中没有“无锡”的报告"):
        gouji.series("无锡", home=home)


def test_bodies_of_one_name_are_told_apart(tmp_path: Path) -> None:
    made = Collection(tmp_path)
    # Two districts of one name, one of a city under the state, a county-level city under its province, a province.
    places = ("320106", "350102", "110101", "419001", "320500", "650000")
    whole = {code: divisions.by_code(code)[-1] for code in places}
    facts = {"requests.new_received.total": 30, "requests.granted.total": 3, "requests.processed_total.total": 30}
    made.load(
        {
            code: document(report(issuer=f"{d.name}人民政府", division=code, year=2024, facts=facts))
            for code, d in whole.items()
        }
    )
    for view in ("value", "rate", "panel", "ranking", "yearly_change"):
        names = dict(made.query(f"SELECT DISTINCT division_code, full_name FROM {view}"))
        assert names == {code: f"{naming.full_name(d)}人民政府" for code, d in whole.items()}, view


def test_what_must_be_said_of_every_figure(shelf: Collection) -> None:
    said = {
        (i, y): n
        for i, y, n in shelf.query(
            "SELECT indicator, year, notes FROM indicator_note WHERE area AND NOT zone AND year IN (2008, 2013, 2014)"
        )
    }
    for code in ("requests_received", "granted", "grant_rate", "reconsideration", "correction_rate", "staff"):
        assert {"n2008", "n-2013"} <= set(said[code, 2008]) and "n-2013" in said[code, 2013]
        assert not {"n2008", "n-2013"} & set(said[code, 2014])


def test_a_body_is_found_by_any_spelling_that_means_one_only(shelf: Collection) -> None:
    home = shelf.home.root
    keys = {name: gouji.series(name, "granted", home=home).attrs["body_id"] for name in (
        "南京", "江苏南京", "南京市", "江苏省南京市", "南京市政府", "江苏省南京市人民政府", "320100/government/",
    )}  # fmt: skip
    assert set(keys.values()) == {"320100/government/"}
    every = gouji.panel("granted", level="prefecture", parent="江苏", home=home)
    assert len(every) == len(gouji.panel("granted", level="prefecture", parent="320000", home=home)) == 12
    assert gouji.trace("淮安", 2024, "granted", home=home).body == "淮安市人民政府"
    # Known to the database or not: a name that several places bear is nobody's.
    for asked in (
        lambda: gouji.series("鼓楼区", home=home),
        lambda: gouji.trace("鼓楼区人民政府", 2024, "granted", home=home),
        lambda: gouji.panel("granted", parent="鼓楼", home=home),
    ):
        with pytest.raises(PipelineError) as error:
            asked()
        assert "江苏省南京市鼓楼区" in error.value.zh and "福建省福州市鼓楼区" in error.value.zh
    with pytest.raises(PipelineError, match="no place is called"):
        gouji.panel("granted", parent="何处", home=home)
    with pytest.raises(PipelineError, match="no report of"):
        gouji.series("无锡", home=home)


def test_functions_work_beside_an_open_connection(shelf: Collection) -> None:
    """A notebook has one open all the time, and every function opens its own."""
    con = gouji.connect(shelf.home.root)
    try:
        assert len(gouji.series("南京", "granted", home=shelf.home.root)) == 3
        assert gouji.trace("南京", 2024, "granted", home=shelf.home.root).value == 30
        assert con.execute("SELECT count(*) FROM body").fetchone() == (5,)
        with pytest.raises(duckdb.Error, match="locked"):
            con.execute("SET enable_external_access = true")
    finally:
        con.close()


def test_what_no_body_can_be_is_refused_and_not_empty(shelf: Collection) -> None:
    home = shelf.home.root
    for wrong in ({"level": "nonsense"}, {"scope": "nonsense"}):
        with pytest.raises(ValueError, match="nonsense"):
            gouji.panel("granted", home=home, **wrong)
    with pytest.raises(ValueError, match="nonsense"):
        gouji.series("南京", scope="nonsense", home=home)
    with pytest.raises(ValueError, match="nonsense"):
        gouji.series("南京", "nonsense", home=home)


def test_a_rate_without_a_denominator_says_so(shelf: Collection) -> None:
    assert gouji.trace("南京", 2024, "requests_per_100k", home=shelf.home.root).status == "no_denominator"
    assert (
        gouji.trace("淮安", 2024, "requests_per_100k", scope="office", home=shelf.home.root).status == "no_denominator"
    )


def test_a_series_says_its_gaps_and_breaks(shelf: Collection) -> None:
    frame = gouji.series("江苏省淮安市", ["requests_received"], home=shelf.home.root)
    assert list(frame.index) == [2021, 2023, 2024]
    assert list(frame["scope"]) == ["area"] * 3
    assert frame.attrs["missing_years"] == [2022] and frame.attrs["breaks"] == []


def test_a_trace_goes_from_the_value_to_the_file(shelf: Collection, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(shelf.home.root)]
    assert cli.main(["trace", "南京市", "2024", "granted_any", "--format", "json", *home]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["value"], found["status"], found["scope"]) == (40, "number", "area")
    assert [(c["address"], c["printed"], c["place"]["page"]) for c in found["cells"]] == [
        ("requests.granted.total", "30", 1),
        ("requests.partially_granted.total", "10", 1),
    ]
    assert found["source"]["path"] == "南京市2024" and len(found["source"]["sha256"]) == 64
    assert found["revision"] == 1 and found["versions"]["parser"] == "1"
    assert cli.main(["trace", "淮安市人民政府", "2024", "grant_rate", *home]) == 0
    text = capsys.readouterr().out
    assert "0.5000" in text and "requests.processed_total.total" in text and "office" in text


def test_a_cell_that_the_reports_form_has_not_is_not_called_missing(shelf: Collection) -> None:
    def status(address: str) -> str:
        return str(gouji.trace("南京市", 2024, address, home=shelf.home.root).status)

    assert status("requests.other_remaining.total") == "missing"
    assert status("statistics.requests_received.value") == "not_on_form"


def test_a_trace_that_cannot_be_says_why(shelf: Collection, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(shelf.home.root)]
    assert cli.main(["trace", "苏州市", "2024", "granted", "--format", "json", *home]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "conflict" and {r["path"] for r in found["reports"]} == {"苏州市2024", "other"}
    # There is nothing to draw; why, is said all the same.
    picture = str(shelf.home.root / "there-is-none.png")
    assert cli.main(["trace", "苏州市", "2024", "granted", "--picture", picture, *home]) == 2
    told = capsys.readouterr()
    assert "other" in told.out and told.err and not Path(picture).exists()
    for words, said in (
        (["无锡市", "2024", "granted"], "无锡市"),
        (["南京市", "2020", "granted"], "2021, 2023, 2024"),
        (["南京市", "2024", "nonsense"], "nonsense"),
        (["南京市", "2024", "granted", "--scope", "office"], "area"),
    ):
        assert cli.main(["trace", *words, *home]) == 2
        assert said in capsys.readouterr().err


def test_an_answer_goes_to_a_file(shelf: Collection, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(shelf.home.root)]
    target = tmp_path / "表" / "政府.csv"
    words = ["query", "SELECT name FROM body ORDER BY 1 LIMIT 1", "--format", "csv", "--bom", "--output", str(target)]
    assert cli.main([*words, *home]) == 0
    told = capsys.readouterr()
    assert not told.out and target.name in told.err
    assert target.read_bytes().decode("utf-8").split() == ["\ufeffname", "南京市人民政府"]
    # What is there is not written over; of a wrong statement there is no file.
    assert cli.main([*words, *home]) == 2
    assert cli.main(["query", "SELECT nonsense", "--output", str(tmp_path / "none.txt"), *home]) == 2
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [target.name]
    capsys.readouterr()
    assert cli.main(["query", "SELECT 1 AS a", "--format", "csv", *home]) == 0
    assert not capsys.readouterr().out.startswith("\ufeff")


def kept(home: Home, name: str, data: bytes, cells: list[dict[str, Any]]) -> Traced:
    path = Path(stored_at(str(home.snapshots), "ab" * 32))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    made = Traced("b", "某县", 2024, "area", "granted", "予以公开", "granted", 3, "number", cells=cells)
    made.source = {"path": name, "address": None, "sha256": "ab" * 32}
    return made


def marked(png: bytes) -> tuple[int, int, int, int] | None:
    """The box of what is washed yellow."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    red, _, blue = image.split()
    return ImageChops.subtract(red, blue).point(lambda v: 255 if v > 80 else 0).getbbox()


def test_the_cell_of_a_table_is_marked(tmp_path: Path) -> None:
    page = "<table><tr><td>项目</td><td>数</td></tr><tr><td>予以公开</td><td>3</td></tr></table>"
    left = kept(
        Home(tmp_path), "a.html", page.encode(), [{"place": {"table": 1, "row": 2, "column": 1}, "printed": "予以公开"}]
    )
    right = kept(
        Home(tmp_path), "a.html", page.encode(), [{"place": {"table": 1, "row": 2, "column": 2}, "printed": "3"}]
    )
    one, other = marked(placed.picture(left, Home(tmp_path), "zh")), marked(placed.picture(right, Home(tmp_path), "zh"))
    assert one is not None and other is not None and one[2] <= other[0] + 8


def test_the_figure_inside_a_line_is_marked_or_the_whole_line(tmp_path: Path) -> None:
    assert placed._where("收到申请13件，答复3件", {"printed": "3", "place": {}}) == (10, 11)
    assert placed._where("收到3件，答复3件", {"printed": "3", "place": {}}) == (0, 9)
    assert placed._where("收到3件，答复3件。上年3件", {"printed": "3", "place": {}, "sentence": "上年3件"}) == (12, 13)
    text = "第一行\n收到申请13件，答复3件\n第三行"
    found = kept(Home(tmp_path), "a.txt", text.encode(), [{"place": {"line": 2}, "printed": "3"}])
    box = marked(placed.picture(found, Home(tmp_path), "zh"))
    assert box is not None and box[2] - box[0] < 30


def test_without_a_snapshot_or_place_there_is_no_picture(tmp_path: Path) -> None:
    nowhere = Traced("b", "某县", 2024, "area", "granted", "予以公开", "granted", None, "missing")
    with pytest.raises(PipelineError, match="granted"):
        placed.picture(nowhere, Home(tmp_path), "zh")
    lost = Traced("b", "某县", 2024, "area", "g", "g", "g", 3, "number", cells=[{"place": {"line": 1}}])
    lost.source = {"path": "a", "address": None, "sha256": "cd" * 32}
    with pytest.raises(PipelineError, match="cdcd"):
        placed.picture(lost, Home(tmp_path), "zh")
