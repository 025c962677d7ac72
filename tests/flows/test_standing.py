"""One report counts for a body, a year, a scope: copies, renderings, conflicts, corrected identities."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import publishing, standing
from tests.conftest import LONG

from .helpers import Collection, document, dump, report

FIGURES = {
    f"requests.{row}.total": n
    for n, row in enumerate(("new_received", "granted", "carried_over", "processed_total"), 3)
}


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def printed(facts: dict[str, Any] | None = None, title: str = "年度报告", **more: Any) -> str:
    return document(report(facts=FIGURES if facts is None else facts, title=title, **more))


def standings(collection: Collection) -> dict[str, str]:
    return dict(collection.query("SELECT lineage, standing FROM report WHERE is_current"))


def total(collection: Collection, row: str = "new_received") -> Any:
    return collection.query(f"SELECT sum(total) FROM requests WHERE row_code = '{row}'")[0][0]


def test_two_names_of_one_body_count_once(collection: Collection) -> None:
    collection.load({"a": printed(issuer="洪泽区人民政府", division="320813")})
    collection.load({"b": printed(issuer="淮安市洪泽区人民政府", division="320813")})
    assert standings(collection) == {"a": "preferred", "b": "copy"}
    assert total(collection) == 3
    assert collection.query("SELECT count(*) FROM all_requests WHERE row_code = 'granted'") == [(2,)]
    originals = "SELECT p.lineage FROM report c JOIN report p ON p.report_key = c.copy_of"
    assert collection.query(originals) == [("a",)]
    names = {
        n
        for (n,) in collection.query(
            "SELECT name FROM alias WHERE body_id = '320813/government/' AND source = 'report'"
        )
    }
    assert names == {"洪泽区人民政府", "淮安市洪泽区人民政府"}


def test_a_government_goes_by_its_divisions_name_however_reports_spell_it(collection: Collection) -> None:
    names = ("江苏省常州市", "常州市", "江苏常州市政府", "江苏省常州市人民政府")
    collection.load({name: printed(issuer=name, division=None) for name in names})
    assert collection.query("SELECT body_id, name FROM body") == [("320400/government/", "常州市人民政府")]
    assert sorted(standings(collection).values()) == ["copy", "copy", "copy", "preferred"]


def test_reports_that_disagree_are_flagged_and_neither_counts(collection: Collection) -> None:
    collection.load({"a": printed()})
    collection.load({"b": printed({**FIGURES, "requests.granted.total": 9})})
    assert standings(collection) == {"a": "conflict", "b": "conflict"}
    assert total(collection) is None
    assert collection.query("SELECT report_key, len(reports), conflict FROM preferred") == [(None, 2, True)]
    assert collection.query("SELECT DISTINCT status, value FROM value") == [("conflict", None)]
    # Which cells differ, what comes of it, what to do.
    said = "SELECT DISTINCT f.message.split('：淮安市')[1], f.advice LIKE '%移走%', f.message_en LIKE '%1 cells differ: requests.granted.total 4, 9%', f.cells FROM finding f"
    assert collection.query(said) == [
        (
            "同一机关、同一年度、同一统计范围有几份报告，1 格数字不同：（一）予以公开／总计 4、9，都不作数，这一年的各项指标为 conflict",
            True,
            True,
            ["requests.granted.total"],
        )
    ]


def test_a_rendering_with_more_cells_counts(collection: Collection) -> None:
    collection.load({"a": printed({"requests.new_received.total": 3})})
    collection.load({"b": printed()})
    assert standings(collection) == {"a": "copy", "b": "preferred"}


def test_an_unknown_scope_with_the_figures_of_a_known_one_is_its_copy(collection: Collection) -> None:
    collection.load({"a": printed()})
    collection.load({"b": printed(scope="unknown", title="另一标题")})
    assert standings(collection) == {"a": "preferred", "b": "copy"}
    collection.load({"c": printed({**FIGURES, "requests.granted.total": 9}, scope="unknown")})
    assert standings(collection)["c"] == "preferred"


def test_office_and_area_both_count(collection: Collection) -> None:
    collection.load({"a": printed()})
    collection.load({"b": printed(scope="office")})
    assert standings(collection) == {"a": "preferred", "b": "preferred"}


def test_without_a_body_or_year_a_report_does_not_count(collection: Collection) -> None:
    collection.load({"a": printed(issuer=None, division=None), "b": printed(year=None)})
    assert set(standings(collection).values()) == {"unidentified"}
    assert total(collection) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": 2023},
        {"issuer": "淮阴区人民政府", "division": "320804"},
        {"scope": "unknown"},
        {"issuer": None, "division": None},
    ],
)
def test_an_identity_corrected_at_its_place_is_a_revision(collection: Collection, wrong: dict[str, Any]) -> None:
    collection.load({"a": printed(**wrong)})
    collection.load({"a": printed({**FIGURES, "requests.carried_forward.total": 7})})
    assert collection.query("SELECT year, issuer, is_current FROM report WHERE is_current") == [
        (2024, "淮安市人民政府", True)
    ]
    assert total(collection) == 3


def test_what_replaces_a_report_at_its_place_is_its_revision_whatever_scope_is_read_in_it(
    collection: Collection,
) -> None:
    """One body and year: also where its figures are others, and for what had the former scope before."""
    for n, scope in enumerate(("unknown", "unknown", "area"), 1):
        collection.load({"a": printed({k: v + 100 * n for k, v in FIGURES.items()}, scope=scope)}, publish=n > 1)
        if n == 2:
            assert collection.reports() == [("a", 1, False), ("a", 2, True)]
    assert collection.reports() == [("a", 1, False), ("a", 2, False), ("a", 3, True)]
    assert total(collection) == 303
    # What another body has there is none of its; of a file of two scopes each keeps its own.
    collection.load({"a": printed(scope="unknown", issuer="淮阴区人民政府", division="320804")}, publish=False)
    both = (report(year=2023, facts=FIGURES, scope=s) for s in ("area", "office"))
    collection.load({"b": document(*both)}, publish=False)
    collection.load({"b": printed({k: v + 100 for k, v in FIGURES.items()}, scope="office", year=2023)})
    current = "SELECT year, scope, issuer[1:2], revision FROM report WHERE is_current ORDER BY ALL"
    assert collection.query(current) == [
        (2023, "area", "淮安", 1),
        (2023, "office", "淮安", 2),
        (2024, "area", "淮安", 3),
        (2024, "unknown", "淮阴", 1),
    ]


def test_next_years_report_at_the_same_place_replaces_nothing(collection: Collection) -> None:
    collection.load({"a": printed(year=2023)})
    collection.load({"a": printed({k: v + 20 for k, v in FIGURES.items()})})
    assert collection.query("SELECT year FROM report WHERE is_current ORDER BY 1") == [(2023,), (2024,)]


def test_unknown_issuers_at_one_place_do_not_pile_up(collection: Collection) -> None:
    for n in (1, 2, 3):
        collection.load({"a": printed({"requests.granted.total": n}, issuer=None, division=None)})
    assert collection.query("SELECT count(*) FROM report WHERE is_current") == [(1,)]


def test_an_area_drawn_up_by_the_office_is_the_governments(collection: Collection) -> None:
    office = {"issuer": "淮安市人民政府办公室", "kind": "office"}
    collection.load({"a": printed(), "b": printed(**office)}, publish=False)
    collection.load({"c": printed(scope="office", **office)})
    assert sorted(standings(collection).values()) == ["copy", "preferred", "preferred"]
    found = collection.query("SELECT issuer_id, name, kind FROM issuer ORDER BY 1")
    assert [(i, n) for i, n, _ in found] == [
        ("320800/government/", "淮安市人民政府"),
        ("320800/office/", "淮安市人民政府办公室"),
    ]
    assert collection.query("SELECT reported FROM coverage WHERE level = 'prefecture' AND parent = '320000'") == [(1,)]


def test_of_copies_the_one_with_more_figures_counts_whatever_its_bytes(collection: Collection) -> None:
    blank = {**FIGURES, "requests.new_received.total": ""}
    for n, city in enumerate(("320100", "320200", "320300", "320400", "320500")):
        name = {"issuer": f"市{n}人民政府", "division": city}
        collection.load({f"{n}a": printed(blank, **name), f"{n}b": printed(**name)}, publish=n == 4)
    assert {k for k, v in standings(collection).items() if v == "preferred"} == {f"{n}b" for n in range(5)}


# --- places that are gone, files that were renamed


def test_a_renamed_file_keeps_its_history_when_it_is_revised(collection: Collection) -> None:
    first, second, third = (printed({**FIGURES, "requests.granted.total": n}) for n in (4, 5, 6))
    collection.load({"a": first}, publish=False)
    collection.load({"a": second}, publish=False)
    collection.load({"b": second}, gone=["a"], publish=False)
    collection.load({"b": third})
    assert collection.reports() == [("b", 1, False), ("b", 2, False), ("b", 3, True)]
    assert standings(collection) == {"b": "preferred"}
    assert total(collection, "granted") == 6
    assert collection.duplicates() == set()
    assert collection.query("SELECT DISTINCT gone FROM report") == [(False,)]
    changed = collection.query("SELECT revision, before, after FROM change ORDER BY 1")
    assert changed == [(2, "4", "5"), (3, "5", "6")]


def test_a_copy_that_stays_is_no_new_name(collection: Collection) -> None:
    collection.load({"a": printed(), "b": printed()}, publish=False)
    collection.load({"b": printed({**FIGURES, "requests.granted.total": 9})})
    assert standings(collection) == {"a": "conflict", "b": "conflict"}


def test_a_file_that_is_gone_counts_still_and_is_known_as_such(collection: Collection) -> None:
    collection.load({"a": printed(), "b": printed(year=2023)})
    collection.load({"b": printed(year=2023)}, gone=["a"])
    assert collection.query("SELECT lineage, standing, gone FROM report ORDER BY 1") == [
        ("a", "preferred", True),
        ("b", "preferred", False),
    ]
    assert collection.query("SELECT path, standing, load_id FROM missing_file") == [("a", "preferred", 2)]
    collection.load({"a": printed()})
    assert collection.query("SELECT DISTINCT gone FROM report") == [(False,)]
    assert collection.query("SELECT path FROM missing_file") == []


def test_a_file_that_was_taken_away_contradicts_nothing_and_stays_in_sight(collection: Collection) -> None:
    collection.load({"a": printed(), "b": printed({**FIGURES, "requests.granted.total": 9})})
    assert set(standings(collection).values()) == {"conflict"}
    collection.load({"c": printed(year=2023)}, gone=["a"])
    assert collection.query("SELECT lineage, standing, gone FROM report WHERE year = 2024 ORDER BY 1") == [
        ("a", "superseded", True),
        ("b", "preferred", False),
    ]
    assert collection.query("SELECT address, before, after, why FROM change") == [
        ("requests.granted.total", "4", "9", "gone")
    ]
    said = collection.query(
        "SELECT lineage, f.message FROM finding f JOIN report USING (report_key) WHERE rule = 'batch.duplicate'"
    )
    assert [place for place, _ in said] == ["b"] and "已从原处移走" in said[0][1] and "（a）" in said[0][1]
    step_by_step = dump(collection.database)
    collection.publish(anew=True)
    assert dump(collection.database) == step_by_step


@pytest.mark.parametrize("scopes", [("area", "area"), ("unknown", "area"), ("area", "unknown")])
def test_a_page_that_is_gone_gives_way_to_what_is_there(collection: Collection, scopes: tuple[str, str]) -> None:
    """As a file that was taken away does, and where the redesigned page's scope is read otherwise."""
    more = {**FIGURES, "requests.carried_forward.total": 7}
    one, other = printed(more, scope=scopes[0]), printed({**more, "requests.granted.total": 9}, scope=scopes[1])
    collection.load({"https://a.cn/1": one}, publication="https://a.cn/1", publish=False)
    collection.load({"https://b.cn/2": other}, publication="https://b.cn/2")
    both = {"https://a.cn/1", "https://b.cn/2"} if scopes[0] == scopes[1] else set()
    assert {k for k, v in standings(collection).items() if v == "conflict"} == collection.duplicates() == both
    collection.load({"c": printed(year=2023)}, gone=["https://a.cn/1"])
    assert collection.query("SELECT lineage, standing, gone, is_current FROM report WHERE year = 2024 ORDER BY 1") == [
        ("https://a.cn/1", "superseded", True, False),
        ("https://b.cn/2", "preferred", False, True),
    ]
    assert collection.duplicates() == {"https://b.cn/2"}
    # Nothing is lost where all are gone: the last one there counts on.
    collection.load({"d": printed(year=2022)}, gone=["https://b.cn/2"])
    assert "preferred" in {s for (s,) in collection.query("SELECT standing FROM report WHERE year = 2024")} or both


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("https://a.cn/p.html", ("https://a.cn/f/b1.docx", "https://a.cn/f/b2.docx", "https://a.cn/f/a0.docx")),
        ("https://a.cn/p.html", ("https://a.cn/1.zip/年报.docx", "https://a.cn/1.zip/年报（更正）.docx", "https://a.cn/2.docx")),
        (None, ("/in/上报.zip/年报.docx", "/in/上报.zip/二.docx", "/in/上报.zip/一.docx")),
    ],
)  # fmt: skip
def test_a_file_that_stands_in_the_place_of_another_is_its_revision(
    collection: Collection, page: str | None, names: tuple[str, ...]
) -> None:
    """Under whatever name, with whatever scope, if none was said; what a page had beside it from the start is none, nor
    another body's."""
    aside = names[0].replace("年报", "别").replace("b1", "c1")
    other = printed(issuer="淮阴区人民政府", division="320804", scope="unknown")
    collection.load({names[0]: printed(scope="unknown"), aside: printed(scope="office")}, publication=page)
    for n, scope in enumerate(("area", "unknown"), 1):
        figures = {k: v + 100 * n for k, v in FIGURES.items()}
        collection.load(
            {names[n]: printed(figures, scope=scope, evidence="figures: penalty=0"), f"{aside}.doc": other},
            publication=page,
            gone=[names[n - 1]],
        )
        found = collection.query("SELECT lineage, revision, is_current, gone FROM report WHERE issuer[1:2] = '淮安' AND scope <> 'office' ORDER BY 2")  # fmt: skip
        assert found == [(names[n], m + 1, m == n, m < n) for m in range(n + 1)]
    assert collection.query("SELECT sum(total) FROM requests WHERE row_code = 'new_received'") == [(203 + 3 + 3,)]
    # Gone with nothing in its place it is still what there is.
    collection.load({"c": printed(year=2022)}, gone=[aside])
    assert collection.query("SELECT standing, gone FROM report WHERE scope = 'office'") == [("preferred", True)]


# --- a load looks at no more than what it changes


def test_what_a_load_does_not_touch_is_not_told_anew(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    collection.load({"a": printed(), "b": printed(year=2023)})
    for database in (collection.database, publishing.spare(collection.database)):
        if database.exists():
            con = duckdb.connect(str(database))
            con.execute("UPDATE report SET standing = 'copy' WHERE year = 2024")
            con.close()
    collection.load({"c": printed(year=2022)})
    assert standings(collection) == {"a": "copy", "b": "preferred", "c": "preferred"}
    # What another version of the program told is told anew.
    monkeypatch.setattr(standing, "_MADE_BY", "another")
    collection.load({"d": printed(year=2021)})
    assert set(standings(collection).values()) == {"preferred"}


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=LONG)])
def test_load_by_load_and_at_once_are_the_same(collection: Collection, seed: int) -> None:
    """Copies, conflicts, revisions, unknown scopes, renderings, files that go and come: whatever comes in which order."""
    chosen = random.Random(seed)

    def drawn() -> str:
        return printed(
            {
                **FIGURES,
                "requests.granted.total": chosen.choice([4, 4, 9]),
                "requests.carried_forward.total": chosen.choice([0, 7]),
            },
            year=chosen.choice([2023, 2024]),
            scope=chosen.choice(["area", "area", "unknown"]),
            issuer=chosen.choice(["洪泽区人民政府", "淮阴区人民政府"]),
            division=None,
        )

    there: set[str] = set()
    for n in range(7):
        page = chosen.choice([None, "https://a.cn/1"])
        names = chosen.sample(["a", "b", "c"] if page is None else [page, "https://a.cn/1.docx"], 2)
        gone = [p for p in sorted(there - set(names)) if chosen.random() < 0.3]
        collection.load({name: drawn() for name in names}, publication=page, gone=gone, publish=n % 2 == 0)
        there = (there | set(names)) - set(gone)
    step_by_step = dump(collection.database)
    collection.publish(anew=True)
    assert dump(collection.database) == step_by_step


def test_a_text_that_comes_back_is_a_change_like_any_other(collection: Collection) -> None:
    one, other = printed(), printed({**FIGURES, "requests.granted.total": 9})
    for text in (one, other, one):
        collection.load({"a": text}, publish=text is one)
    assert total(collection, "granted") == 4
    changed = collection.query("SELECT revision, before, after, why FROM change ORDER BY 1")
    assert changed == [(2, "4", "9", "content"), (3, "9", "4", "returned")]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"year": 2023}, ("year", "2023", "2024")),
        ({"scope": "office"}, ("scope", "office", "area")),
        (
            {"issuer": "淮阴区人民政府", "division": "320804"},
            ("issuer", "320804/government/", "320800/government/"),
        ),
    ],
)
def test_a_corrected_identity_is_seen_in_the_views(
    collection: Collection, wrong: dict[str, Any], said: tuple[str, str, str]
) -> None:
    collection.load({"a": printed(**wrong)}, publish=False)
    collection.load({"a": printed({**FIGURES, "requests.carried_forward.total": 7})})
    changed = collection.query("SELECT address, before, after FROM change ORDER BY 1")
    assert changed == sorted([said, ("requests.carried_forward.total", None, "7")])
    assert collection.query("SELECT revision, why FROM revision") == [(2, "identity")]
    assert collection.query("SELECT max(revision) FROM report") == [(2,)]


SMALL = {"requests.new_received.total": 1, "requests.granted.total": 0}


@pytest.mark.parametrize(
    ("published", "current"),
    [
        (("2025-01-20", "2025-03-02"), [2024]),  # both after 2024: the first year was an error
        (("2024-01-20", "2025-01-20"), [2023, 2024]),  # a year apart, as two years' reports are
    ],
)
def test_of_two_years_with_the_same_few_figures_the_dates_decide(
    collection: Collection, published: tuple[str, str], current: list[int]
) -> None:
    collection.load({"a": printed(SMALL, year=2023, published=published[0])}, publish=False)
    collection.load({"a": printed(SMALL, published=published[1])})
    assert [y for (y,) in collection.query("SELECT year FROM report WHERE is_current ORDER BY 1")] == current


def test_small_reports_without_dates_are_one_if_they_follow_soon_and_say_something(collection: Collection) -> None:
    zero = dict.fromkeys(SMALL, 0)
    collection.load({"a": printed(SMALL, year=2023, published=None), "z": printed(zero, year=2023, published=None)})
    collection.load({"a": printed(SMALL, published=None), "z": printed(zero, published=None)})
    now = collection.query("SELECT lineage, year FROM report WHERE is_current ORDER BY 1, 2")
    assert now == [("a", 2024), ("z", 2023), ("z", 2024)]


def test_a_report_that_a_wrong_year_hid_is_current_again(collection: Collection) -> None:
    real = {k: v + 40 for k, v in FIGURES.items()}
    collection.load({"a": printed(real, year=2023)}, publish=False)
    collection.load({"a": printed(year=2023)}, publish=False)
    collection.load({"a": printed()})
    assert collection.query("SELECT year, figures FROM report WHERE is_current ORDER BY 1") == [(2023, 4), (2024, 4)]
    assert collection.query("SELECT sum(total) FROM requests WHERE row_code = 'granted' AND year = 2023") == [(44,)]


# --- one report in several files


def test_parts_of_one_report_are_put_together(collection: Collection) -> None:
    disputes = {"disputes.reconsideration.total": 2, "disputes.reconsideration.pending": 0}
    collection.load({
        "tables": printed(),
        "more": printed(disputes),
        "text": printed({}, statements=1),
        "again": printed({"requests.granted.total": 4}),
    })  # fmt: skip
    assert standings(collection) == {"tables": "preferred", "more": "part", "text": "part", "again": "copy"}
    assert collection.query("SELECT total FROM disputes") == [(2,)]
    assert collection.query("SELECT row_code, total FROM requests ORDER BY 2") == [
        (r.split(".")[1], n) for r, n in sorted(FIGURES.items(), key=lambda each: each[1])
    ]
    found = dict(collection.query("SELECT indicator, value FROM value WHERE status = 'number'"))
    assert (found["reconsideration"], found["granted"], found["reconsideration_pending"]) == (2, 4, 0)
    assert collection.query("SELECT count(*), count(DISTINCT address) FROM (SELECT concat_ws('.', table_code, row_code, "
                            "column_code) AS address FROM fact_used)") == [(6, 6)]  # fmt: skip
    # The report that counts is as complete as its files are together.
    found = collection.query(
        "SELECT sum(number), sum(expected - number - missing) FROM completeness JOIN report USING (report_key) "
        "WHERE standing = 'preferred'"
    )
    assert found == [(6, 0)]
    step_by_step = dump(collection.database)
    collection.publish(anew=True)
    assert dump(collection.database) == step_by_step


def test_a_sentence_in_the_text_file_stands_in_for_a_cell_the_tables_lack(collection: Collection) -> None:
    collection.load({"text": printed({}, statements=1), "tables": printed({"requests.granted.total": 4})})
    found = collection.query("SELECT value, source FROM value WHERE indicator = 'requests_received'")
    assert found == [(5, "statement")]


def test_a_cell_that_could_not_be_read_is_not_filled_from_elsewhere(collection: Collection) -> None:
    address = "requests.carried_forward.total"
    collection.load({
        "a": printed(unresolved=[address]),
        "b": printed({"requests.granted.total": 4, address: 7}),
    })  # fmt: skip
    assert collection.query("SELECT count(*) FROM part") == [(0,)]
    found = collection.query("SELECT status FROM value WHERE indicator = 'requests_carried_forward'")
    assert found == [("unresolved",)]


TABLES = {"requests.granted.total": 4, "requests.new_received.total": 3}
POWERS = {"article20.licensing.decisions": 7}
OTHERS = TABLES | {"disputes.reconsideration.total": 2}
PROSE: dict[str, Any] = {"form": "prose"}
# A report with its scope, one that does not say it, what else there is; whether they are one, may be (False), or are not (None).
PIECES: list[tuple[str, tuple[Any, ...], tuple[Any, ...], tuple[Any, ...] | None, bool | None]] = [
    # The text in one file, the tables in another; or each the tables that the other lacks.
    ("南京市", ({}, PROSE), (TABLES, {"evidence": "tables alone"}), None, True),
    ("无锡市", (POWERS, {}), (OTHERS, {}), None, True),
    # Sentences of its own, figures in them, a table in neither, figures that suggest another scope.
    ("徐州市", ({}, PROSE), (TABLES, {}), None, False),
    ("常州市", (POWERS, {}), (OTHERS, {"statements": 1}), None, False),
    ("苏州市", (POWERS, {}), (TABLES, {}), None, False),
    (
        "南通市",
        (POWERS, {}),
        (OTHERS, {"scope": "office", "evidence": "figures: licensing=0 (tables alone)"}),
        None,
        False,
    ),
    # Which of two it belongs to; which of two figures it has.
    ("连云港市", (POWERS, {}), (OTHERS, {}), ({"article20.licensing.decisions": 8}, {"scope": "office"}), False),
    ("淮安市", (POWERS, {}), (OTHERS, {}), (OTHERS | {"requests.granted.total": 5}, {}), False),
    # A table in both, read or not; another year.
    ("盐城市", (POWERS | {"requests.carried_over.total": 1}, {}), (OTHERS, {}), None, None),
    ("扬州市", (POWERS, {"unresolved": ["disputes.litigation.total"]}), (OTHERS, {}), None, None),
    ("镇江市", (POWERS, {}), (OTHERS, {"year": 2023}), None, None),
]


def test_tables_without_words_are_part_of_the_one_report_that_lacks_them(collection: Collection) -> None:
    files = {}
    for n, (place, text, tables, third, _) in enumerate(PIECES, 1):
        for name, of in (("text", text), ("tables", tables), ("third", third)):
            if of is not None:
                scope = {} if name == "text" else {"scope": "unknown"}
                body = {"issuer": f"{place}人民政府", "division": f"32{n:02}00"}
                files[f"{place}/{name}"] = printed(of[0], **scope | body | of[1])
    collection.load(files)
    found, sql = standings(collection), "SELECT lineage, message FROM finding JOIN report USING (report_key) WHERE "
    may = dict(collection.query(f"{sql} message LIKE '%不能确定%'"))
    counted = "SELECT body_id[:4], value FROM value WHERE scope = 'area' AND indicator = 'requests_received' AND status = 'number'"
    received = dict(collection.query(counted))
    for n, (place, *_, one) in enumerate(PIECES, 1):
        text, tables = f"{place}/text", f"{place}/tables"
        assert (found[text], found[tables] == "part") == ("preferred", one is True), place
        assert received.get(f"32{n:02}") == (3 if one else None), place
        assert (f"（{tables}）" in may.get(text, ""), f"（{text}）" in may.get(tables, "")) == (one is False,) * 2, (
            place
        )
    joined = dict(collection.query(f"{sql} rule = 'batch.duplicate' AND message LIKE '%合在一起，只计一次%'"))
    assert sorted(joined) == ["南京市/tables", "南京市/text", "无锡市/tables", "无锡市/text"]
    step_by_step = dump(collection.database)
    collection.publish(anew=True)
    assert dump(collection.database) == step_by_step
    # The file that was wanted comes: nothing is a part any more.
    whole = printed(POWERS | OTHERS, issuer="无锡市人民政府", division="320200")
    collection.load({"无锡市/text": whole})
    assert standings(collection)["无锡市/tables"] == "preferred"
