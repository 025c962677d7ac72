"""Which form a report stands on: what is printed first, the year second, what is missing third."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data.generator import clean_layout, make_truth, random_layout
from parsers.tables import matching
from parsers.tables.form_choice import Choice, Seen, Told, choose
from parsers.tables.match import agreed
from schemas import forms
from tests.next_form import ID, LATER, LATER_ID, LATER_TITLE, known

from .test_matching import COLUMNS, FIRST, HEAD, SECOND, Spec, blocks_of, paragraph, table


@pytest.fixture
def next_form() -> Iterator[str]:
    """A form that has all that the form of 2021 has, and a row and columns more."""
    with known():
        yield ID


def seen(form: str, *pieces: str, rows: int = 1) -> Seen:
    """What is printed of a form: its first ``rows`` rows of requests, and labels by any name."""
    codes = [r.code for r in forms.load(form).rows("requests")][:rows]
    return Seen(form, frozenset(("requests", c) for c in codes), frozenset(), frozenset(pieces))


def chosen(year: int | None, *all_seen: Seen, pieces: frozenset[str] = frozenset("abcdef")) -> Choice | None:
    by_form = {s.form: s for s in all_seen}
    return choose(by_form.get, pieces, year)


@pytest.mark.parametrize(("year", "form"), [(2020, "2019"), (2023, "2021")])
def test_of_forms_that_fit_equally_the_one_in_force_is_taken(year: int, form: str) -> None:
    assert chosen(year, seen("2021", "a", "b", rows=25), seen("2019", "a", "b", rows=2)) == Choice(form)


@pytest.mark.parametrize(("labels_more", "form"), [("c", "2019"), ("cd", "2021")])
def test_one_label_more_is_met_by_chance_two_are_not(labels_more: str, form: str) -> None:
    assert chosen(2020, seen("2021", "a", "b", *labels_more), seen("2019", "a", "b")) == Choice(form)


def test_labels_that_only_the_form_in_force_knows_count_against_those_that_only_another_knows() -> None:
    assert chosen(2020, seen("2021", "a", "b", "c"), seen("2019", "a", "d")) == Choice("2019")


def test_without_a_year_the_form_of_which_least_is_missing_is_taken() -> None:
    assert chosen(None, seen("2021", "a", rows=20), seen("2019", "a", rows=23)) == Choice("2019")
    assert chosen(None, seen("2021", "a", rows=22), seen("2019", "a", rows=20)) == Choice("2019", ("2021",))


@pytest.fixture(scope="class")
def later_form() -> Iterator[str]:
    """A form that differs from that of 2021 only in the title of a section and the paper it rests on."""
    with known(LATER, LATER_ID):
        yield LATER_ID


TITLES = {"2021": "六、其他需要报告的事项", LATER_ID: f"六、{LATER_TITLE}"}
PAPERS = {"2021": "国办公开办函〔2021〕30号", LATER_ID: "国办公开办函[2028] 15号"}
OPEN = Choice("2021", (LATER_ID,))


class TestOfFormsThatFitEqually:
    """What else a document says decides, and never that a form is the newer one."""

    @pytest.mark.parametrize(
        ("told", "choice"),
        [
            (Told(), OPEN),
            *((Told(["五、问题", title]), Choice(form)) for form, title in TITLES.items()),
            *((Told([title[2:]]), Choice(form)) for form, title in TITLES.items()),
            # Said in a sentence, it is no title.
            (Told([f"没有{LATER_TITLE}。"]), OPEN),
            (Told(TITLES.values()), OPEN),
            *((Told([f"根据《通知》（{paper}）编制。"]), Choice(form)) for form, paper in PAPERS.items()),
            (Told(PAPERS.values()), OPEN),
            # Papers may have one title; their numbers are their own.
            (Told(["《政府信息公开工作年度报告格式》的通知", PAPERS[LATER_ID]]), Choice(LATER_ID)),
            (Told(["《政府信息公开工作年度报告格式》的通知"]), Choice("2021")),
            (Told([TITLES["2021"], PAPERS[LATER_ID]]), Choice("2021")),
            (Told(years=(2023, 2024)), Choice("2021")),
            (Told(years=(2028, 2029)), Choice(LATER_ID)),
            (Told(years=(2027, 2028)), OPEN),
            (Told(published="2025-02-18"), Choice("2021")),
            (Told(published="2029-01-20"), Choice(LATER_ID)),
            # The report of a year may come out at its end.
            (Told(published="2028-12-30"), OPEN),
            (Told([PAPERS["2021"]], published="2029-01-20"), Choice("2021")),
        ],
    )
    def test_of_forms_that_fit_equally_what_else_is_said_decides(
        self, later_form: str, told: Told, choice: Choice
    ) -> None:
        both = {form: seen(form, "a", "b") for form in ("2021", later_form)}
        assert choose(both.get, frozenset("ab"), None, told) == choice
        # All that is printed fits the newer form: the older may fit as well.
        form = forms.load(later_form)
        rows = frozenset((t, r.code) for t in form.tables for r in form.rows(t))
        columns = frozenset((t, c.code) for t, table_ in form.tables.items() for c in table_.columns)
        whole = {i: Seen(i, rows, columns, frozenset("ab")) for i in both}
        assert choose(whole.get, frozenset("ab"), None, told) == choice
        assert choose(whole.get, frozenset("ab"), 2024, told) == Choice("2021")
        assert choose(whole.get, frozenset("ab"), 2028, told) == Choice(later_form)

    def test_of_forms_that_fit_equally_the_wording_decides_last_and_never_that_one_is_newer(
        self, later_form: str
    ) -> None:
        both = [
            Seen(f, s.rows, s.columns, s.pieces, [int, lambda: 1][n])
            for n, f in enumerate(("2021", later_form))
            if (s := seen(f, "a"))
        ]
        assert chosen(None, *both) == Choice(later_form)
        # Two labels ahead of the form in force, and so are both: the nearer in time.
        ahead = [seen(form, "a", "b", "c") for form in ("2021", later_form)]
        assert chosen(2020, seen("2019", "a"), *ahead) == Choice("2021")

    def test_the_words_are_not_looked_at_where_one_form_fits(self, later_form: str) -> None:
        def words() -> Iterator[str]:
            raise AssertionError
            yield ""

        looks = {"2021": seen("2021", "a", "b"), later_form: seen(later_form, "a")}
        assert choose(looks.get, frozenset("ab"), None, Told(words())) == Choice("2021")
        assert choose({i: seen(i, "a") for i in looks}.get, frozenset("a"), 2023, Told(words())) == Choice("2021")


def test_nothing_of_any_form_is_no_form() -> None:
    assert chosen(2023) is None


def test_forms_are_looked_at_only_until_one_explains_everything() -> None:
    asked: list[str] = []
    form = forms.load("2021")
    everything = Seen(
        "2021",
        frozenset((t, r.code) for t in form.tables for r in form.rows(t)),
        frozenset((t, c.code) for t, table_ in form.tables.items() for c in table_.columns),
        frozenset("ab"),
    )

    def look(form_id: str) -> Seen | None:
        asked.append(form_id)
        return everything if form_id == "2021" else None

    assert choose(look, frozenset("ab"), 2023) == Choice("2021")
    assert asked == ["2021"]
    # A printed label that it does not know may be another's.
    assert choose(look, frozenset("abc"), 2023) == Choice("2021")
    assert len(asked) > 2


@pytest.mark.usefixtures("next_form")
@pytest.mark.parametrize("form_id", ["2021", "2019"])
def test_the_next_form_changes_no_reading_of_the_last(form_id: str) -> None:
    for seed in range(50, 62):
        truth = make_truth(seed, form_id, variant="single_other" if form_id == "2021" and seed % 4 == 0 else None)
        blocks = blocks_of(truth, random_layout(seed, "docx"))
        with_next = [matching.match(blocks, year) for year in (None, truth.year, 2026)]
        with known(None):
            assert [matching.match(blocks, year) for year in (None, truth.year, 2026)] == with_next, seed
        assert all(m is not None and m.form == form_id for m in with_next), seed


@pytest.mark.usefixtures("next_form")
def test_the_next_form_is_read_from_its_own_documents() -> None:
    truth = make_truth(3, "2027", year=2027)
    for layout in (clean_layout("docx"), random_layout(8, "docx")):
        for year in (None, 2026, 2027):
            found = matching.match(blocks_of(truth, layout), year)
            assert found is not None and found.form == "2027"
            expected = {a: (c.kind, c.value) for a, c in truth.expected(layout).items()}
            assert {f.address: (f.kind, f.value) for f in found.facts} == expected


@pytest.mark.usefixtures("next_form")
def test_a_row_of_the_next_form_met_by_chance_does_not_choose_it() -> None:
    extra: list[Spec] = [("4.合并办理", 3, 1), *("9" for _ in range(7))]
    found = matching.match([table([*HEAD, FIRST, SECOND, extra])], 2023)
    assert found is not None and found.form == "2021"
    assert [e.printed for e in found.layouts[0].extra] == ["4.合并办理"]


def test_a_table_that_two_forms_share_is_the_one_s_in_force() -> None:
    line: list[Spec] = ["1", "0", "0", "0", "1"]
    blocks = [paragraph("行政复议"), table([COLUMNS, line])]
    for year, form in ((2020, "2019"), (2022, "2021")):
        found = matching.match(blocks, year)
        assert found is not None and found.form == form
        assert len(found.facts) == 5
    # Without a year both say the same of it.
    unknown = matching.match(blocks)
    assert unknown is not None and len(unknown.facts) == 5 and not unknown.unresolved


def test_what_two_forms_that_fit_equally_read_otherwise_is_not_certain() -> None:
    """A list of parts that the national table and a province's both have, of which one has one row more."""
    best = matching.Match("2021", None)
    other = matching.Match("2019", None)
    found = matching.match([table([*HEAD, FIRST])], 2023)
    assert found is not None
    best.facts = list(found.facts)
    other.facts = found.facts[:5]
    assert agreed([best, other]) is best
    assert [f.address for f in best.facts] == [f.address for f in found.facts[:5]]
    assert [(u.address, u.reason) for u in best.unresolved] == [(f.address, "label") for f in found.facts[5:]]


def test_figures_read_by_order_do_not_choose_a_form() -> None:
    """Heads of 2021 in padded rows: another form would take three figures a row in its own order."""
    rows: list[list[Spec]] = [
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "0", "0", "0"],
        ["行政规范性文件", "3", "0", "17"],
        ["信息内容", "本年处理决定数量", "", ""],
        ["行政许可", "1284", "", ""],
        ["信息内容", "本年处理决定数量", "", ""],
        ["行政处罚", "96", "", ""],
        ["行政强制", "8", "", ""],
    ]
    for year in (2022, None):
        found = matching.match([table(rows)], year)
        assert found is not None and found.form == "2021"
        assert {f.address: f.value for f in found.facts if f.value} == {
            "article20.normative_documents.issued": 3,
            "article20.normative_documents.in_force": 17,
            "article20.licensing.decisions": 1284,
            "article20.penalty.decisions": 96,
            "article20.coercion.decisions": 8,
        }
