"""A form file beside the built-in ones: what it takes over, when it is in force, and what is said of a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemas import forms
from schemas.forms import Form, FormError

HEAD = """id = "2033"
version = "2033-01-01"
basis = "试行〔2033〕9号"
in_force = [2033]
like = "2021"
"""
Write = Callable[..., Path]


def _forget() -> None:
    for known in vars(forms).values():
        if hasattr(known, "cache_clear"):
            known.cache_clear()


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes a form file into a folder beside the built-in one; the forms are known anew."""

    def written(text: str, name: str = "2033.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        monkeypatch.setenv(forms.FOLDER, str(tmp_path))
        _forget()
        return path

    yield written
    monkeypatch.delenv(forms.FOLDER, raising=False)
    _forget()


def _codes(form: Form, table: str, kind: str = "rows") -> list[str]:
    return [each.code for each in getattr(form.tables[table], kind)]


def _of_2021(write: Write, more: str = "") -> tuple[Form, Form]:
    write(HEAD + more)
    return forms.load("2033"), forms.load("2021")


class TestLike:
    def test_everything_unsaid_is_the_others(self, write: Write) -> None:
        new, old = _of_2021(write)
        assert new.tables == old.tables
        assert new.variants == old.variants
        assert new.sections == old.sections
        assert (new.title, new.basis) == (old.title, "试行〔2033〕9号")
        # The notice is a paper of its own.
        assert old.notice is not None
        assert new.notice is None

    def test_a_row_more_a_row_less_a_row_changed(self, write: Write) -> None:
        new, old = _of_2021(
            write,
            """
[tables.requests]
absent_rows = ["denied_enforcement_file"]
[[tables.requests.rows]]
code = "denied_trade_secret"
after = "denied_state_secret"
label = "2.属于商业秘密"
group = "（三）不予公开"
roles = ["outcome", "denied"]
[[tables.requests.rows]]
code = "granted"
label = "（一）同意公开"
""",
        )
        expected = _codes(old, "requests")
        expected.insert(expected.index("denied_state_secret") + 1, "denied_trade_secret")
        expected.remove("denied_enforcement_file")
        assert _codes(new, "requests") == expected
        assert new.tables["requests"].row["granted"].label == "（一）同意公开"
        assert new.tables["requests"].row["granted"].aliases == old.tables["requests"].row["granted"].aliases
        # Equations that go by roles go on as they should.
        outcomes = next(i for i in new.tables["requests"].identities if i.rule == "requests.outcomes")
        assert "denied_trade_secret" in outcomes.right
        assert "denied_enforcement_file" not in outcomes.right

    def test_a_column_more_counts_in_the_sum(self, write: Write) -> None:
        new, _ = _of_2021(
            write,
            """
[[tables.disputes.columns]]
code = "withdrawn"
after = ""
label = "撤回"
roles = ["part"]
""",
        )
        assert _codes(new, "disputes", "columns")[0] == "withdrawn"
        (total,) = new.tables["disputes"].identities
        assert total.right[0] == "withdrawn"
        assert len([a for a in new.addresses() if ".withdrawn" in a]) == 3

    def test_an_order_of_its_own(self, write: Write) -> None:
        more = '[[tables.article20.rows]]\ncode = "fees"\nafter = ""\n'
        new, old = _of_2021(write, more)
        assert _codes(new, "article20") == ["fees", *(c for c in _codes(old, "article20") if c != "fees")]

    def test_a_new_title_leaves_the_words_for_the_old_one(self, write: Write) -> None:
        new, old = _of_2021(write, '[sections.5]\ntitle = "自查与改进"\n[sections.7]\nrole = "other"\ntitle = "附件"\n')
        assert new.sections[5].pattern == "自查与改进"
        assert new.sections[5].asks == old.sections[5].asks
        assert new.sections[1] == old.sections[1]
        assert list(new.sections) == [1, 2, 3, 4, 5, 6, 7]

    def test_an_empty_text_is_none(self, write: Write) -> None:
        more = '[[tables.article20.columns]]\ncode = "amount"\nunit = ""\n[sections.6]\nabsent = true\n'
        new, _ = _of_2021(write, more)
        assert new.tables["article20"].column["amount"].unit is None
        assert 6 not in new.sections

    def test_a_table_less_and_one_all_of_its_own(self, write: Write) -> None:
        new, _ = _of_2021(
            write,
            """
[sections.4]
absent = true
[tables.disputes]
absent = true
[tables.article20]
like = false
role = "proactive"
title = "主动公开"
section = 2
columns = [{ code = "issued", label = "制发", roles = ["issued"] }]
rows = [{ code = "normative_documents", label = "规范性文件", roles = ["normative"] }]
""",
        )
        assert list(new.tables) == ["article20", "requests"]
        assert [a for a in new.addresses() if a.startswith("article20")] == ["article20.normative_documents.issued"]


class TestInForce:
    def test_the_next_form_ends_the_one_before(self, write: Write) -> None:
        assert forms.load("2021").in_force == (2021, 9999)
        new, old = _of_2021(write)
        assert (old.in_force, new.in_force) == ((2021, 2032), (2033, 9999))
        assert [getattr(forms.national(y), "id", None) for y in (2000, 2016, 2020, 2032, 2033)] == [
            None, "2014", "2019", "2021", "2033",
        ]  # fmt: skip
        assert [forms.in_force(y)[:1] for y in (2032, 2033)] == [("2021",), ("2033",)]
        assert forms.newest().id == forms.newest_first()[0] == "2033"

    def test_a_province_s_form_ends_none(self, write: Write) -> None:
        new, old = _of_2021(write, 'issuer_prefixes = ["35"]\n')
        assert new.issuer_prefixes == ("35",)
        assert old.in_force == (2021, 9999)
        assert forms.newest() == old

    def test_a_form_goes_on_from_an_older_one_that_it_is_like(self, write: Write) -> None:
        _of_2021(write)
        assert forms.same_series("2033") == {"2033", "2021"}
        assert forms.same_series("2021") == {"2021"}
        # 2019 is written as a change of 2021, which came later: what they count is not the same.
        assert forms.same_series("2019") == {"2019"}

    def test_unless_it_says_otherwise(self, write: Write) -> None:
        write(HEAD + 'continues = ""\n')
        assert forms.same_series("2033") == {"2033"}
        write(HEAD + 'continues = "2019"\n')
        assert forms.same_series("2033") == {"2033", "2019"}


class TestRoles:
    def test_cells_by_role(self) -> None:
        form = forms.load("2021")
        assert form.cells("requests", ["received"], ["total"]) == ("requests.new_received.total",)
        assert form.cells("proactive", columns=["decisions"]) == (
            "article20.licensing.decisions",
            "article20.penalty.decisions",
            "article20.coercion.decisions",
        )
        other = form.cells("requests", ["other_handling"], ["total"])
        assert len(other) == 3
        assert form.cells("requests", ["other_handling"], ["total"], "single_other") == (
            "requests.other_handling.total",
        )
        assert form.cells("statistics") == ()

    @pytest.mark.parametrize("form", [forms.load("2021"), forms.load("2019")], ids=lambda f: str(f.id))
    def test_each_thing_is_there_once(self, form: Form) -> None:
        requests, disputes = form.table("requests"), form.table("disputes")
        assert requests is not None
        assert disputes is not None
        for role in ("received", "carried_over", "processed", "carried_forward", "granted", "state_secret"):
            assert len(requests.rows_as(role)) == 1, role  # type: ignore[arg-type]
        for table in (requests, disputes):
            total = table.column_as("total")
            assert total is not None
            assert {c.code for c in table.columns} == {total.code, *(c.code for c in table.columns_as("part"))}
        assert len(requests.columns_as("natural_person")) == 1
        assert len(requests.columns_as("part")) == len(requests.columns_as("natural_person", "organization"))
        assert {r.code for r in disputes.rows} == {r.code for r in disputes.rows_as("reconsideration", "litigation")}
        assert [s.n for s in form.sections.values()] == [1, 2, 3, 4, 5, 6]


class TestWrong:
    @pytest.mark.parametrize(
        "text,key,says",
        [
            ("id = ", "", "not TOML"),
            (HEAD.replace('"2033"', '"2034"', 1), "id", "2033.toml"),
            (HEAD.replace('like = "2021"', 'like = "2022"'), "like", "2021"),
            (HEAD.replace('like = "2021"', 'like = "2033"'), "like", "circle"),
            (HEAD.replace("in_force = [2033]", ""), "in_force", "missing"),
            (HEAD.replace('basis = "试行〔2033〕9号"', ""), "basis", "missing"),
            (HEAD.replace("[2033]", '"2033"'), "in_force", "must be numbers"),
            (HEAD + "titel = 1\n", "titel", "did you mean 'title'?"),
            (HEAD + "title = 1\n", "title", "must be text"),
            (HEAD + "[tables.requests]\nabsent_rows = ['granteed']\n", "tables.requests.absent_rows[0]", "'granted'"),
            (
                HEAD + "[[tables.requests.rows]]\ncode = 'x'\nlabel = '甲'\n",
                "tables.requests.rows[0]",
                "what it stands behind",
            ),
            (
                HEAD + "[[tables.requests.rows]]\ncode = 'x'\nlabel = '甲'\nafter = 'grantd'\n",
                "tables.requests.rows[0].after",
                "'granted'",
            ),
            (HEAD + "[[tables.requests.rows]]\nlabel = '甲'\n", "tables.requests.rows[0].code", "missing"),
            (
                HEAD + "[[tables.requests.rows]]\ncode = 'x'\nafter = 'granted'\n",
                "tables.requests.rows[3].label",
                "official wording",
            ),
            (
                HEAD + "[[tables.requests.rows]]\ncode = 'granted'\nroles = ['outcom']\n",
                "tables.requests.rows[2].roles",
                "'outcome'",
            ),
            (
                HEAD + "[[tables.requests.rows]]\ncode = 'granted'\ncolumns = ['totl']\n",
                "tables.requests.rows[2].columns",
                "'total'",
            ),
            (HEAD + "[tables.requests]\nlike = false\nrole = 'requests'\n", "tables.requests.title", "missing"),
            (HEAD + "[tables.article20]\nsection = 8\n", "tables.article20.section", "[sections.8]"),
            (HEAD + "[sections.5]\npattern = '('\n", "sections.5.pattern", "regular expression"),
            (HEAD + "[sections.5]\nasks = ['half']\n", "sections.5.asks", "halves"),
            (HEAD + "[tables.requests]\nabsent_rows = ['other_handling']\n", "variants[0].present", "other_handling"),
            (
                HEAD
                + "[[tables.disputes.identities]]\nrule = 'disputes.total'\neach = 'row'\nleft = ['totl']\nright_roles = ['part']\n",
                "tables.disputes.identities[0].left",
                "'total'",
            ),
            (
                HEAD
                + "[[tables.disputes.identities]]\nrule = 'disputes.total'\neach = 'row'\nleft_roles = ['total']\n",
                "tables.disputes.identities[0].right",
                "right_roles",
            ),
            (
                HEAD + "[tables.requests]\ndrawing = { width = 100 }\n",
                "tables.requests.drawing.labels",
                "nothing is left",
            ),
        ],
    )
    def test_it_names_the_file_and_the_key_and_what_to_do(self, write: Write, text: str, key: str, says: str) -> None:
        path = write(text)
        with pytest.raises(FormError) as error:
            forms.load("2033")
        assert error.value.file == path
        assert error.value.key == key
        assert says in error.value.what
        assert str(path) in str(error.value)

    def test_a_name_that_is_taken(self, write: Write) -> None:
        write(HEAD.replace("2033", "2021"), "2021.toml")
        with pytest.raises(FormError, match="already"):
            forms.load_all()

    def test_a_folder_that_is_none(self, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        write(HEAD)
        monkeypatch.setenv(forms.FOLDER, str(tmp_path / "nowhere"))
        _forget()
        with pytest.raises(FormError, match="no folder"):
            forms.load_all()

    def test_a_wrong_form_elsewhere_hinders_no_other(self, write: Write) -> None:
        write(HEAD + "titel = 1\n")
        assert forms.load("2021").id == "2021"
