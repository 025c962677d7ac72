"""The index of labels: one reading of the forms, asked by readers, tables and running text.

Belongs here: what a printed text is by the forms. Does not belong here: documents.
"""

import pytest

from parsers.grammar.labels import Vocabulary, form_index, is_like_a_beginning, likeness, vocabulary
from schemas import forms
from schemas.labels import label
from tests.next_form import known


@pytest.mark.parametrize("form", forms.load_all(), ids=lambda form: form.id)
def test_every_label_of_a_form_is_found_by_both_views(form: forms.Form) -> None:
    index, words = form_index(form.id), vocabulary()
    for code, table in form.tables.items():
        for row in table.rows:
            for text in (row.label, *row.aliases):
                assert (code, row.code) in {(h.table, h.code) for h in index.hits(text)}
                key = label(text).key
                assert key in words.rows and words.knows(key) and code in words.tables[key]
                assert (key in index.beside) is any(
                    h.role == "row" and not form.tables[h.table].rows_in_head for h in index.rows[key]
                )
                assert words.begins(key[:4]) or len(key) < 5
        for column in table.columns:
            for text in (column.label, *column.aliases):
                assert any(column.code == found for found, _ in index.columns[code].values())
                assert label(text).key in words.columns and label(text).key[:2] in words.column_prefixes


def test_a_row_with_its_group_in_one_cell_is_that_row_and_no_label_beside_others() -> None:
    index, words = form_index("2021"), vocabulary()
    text = "（三）不予公开1.属于国家秘密"
    assert [h.code for h in index.hits(text)] == [h.code for h in index.hits("1.属于国家秘密")]
    # Two lines of a page are not one label for it.
    assert not words.knows(label(text).key) and label(text).key not in index.beside
    # 行政诉讼 and what stands under it are one head of a table of its own.
    assert words.knows(label("行政诉讼（复议后起诉）").key)


def test_what_a_text_can_be_depends_on_its_number() -> None:
    places = vocabulary().places_of
    assert {"row", "column"} <= places("总计") | places("（七）总计")
    assert places("（七）总计") == {"row"}
    assert places("第二十条第") == places("第二十条第（一）项") == {"row"}
    assert places("本年新收（件）") == places("本年新收") and not places("晴转多云")


def test_words_are_taken_off_the_end_before_digits() -> None:
    index = form_index("2021")
    rest, taken = index.taken_off("说明自然人法人或其他组织")
    assert rest == "说明" and [key for _, key in taken] == ["法人或其他组织", "自然人"]
    assert any(word.role == "column" and word.code == "natural_person" for word in taken[-1][0])


def test_nearness_to_a_label() -> None:
    assert likeness("属于国家秘密") == 1.0 and likeness("") == 0.0
    assert 0.7 < likeness("属于国家机密") < 1.0 and likeness("晴转多云今天") < 0.5
    assert is_like_a_beginning("没有现成信息需要") is is_like_a_beginning("没有现成信急需要")
    assert not is_like_a_beginning("没有")


def test_a_form_that_comes_later_is_in_it_and_goes_again() -> None:
    assert not vocabulary().knows("境外组织")
    with known():
        assert isinstance(vocabulary(), Vocabulary) and vocabulary().knows("境外组织")
        assert form_index("2027").columns["requests"]["境外组织"] == ("foreign", "official")
    assert not vocabulary().knows("境外组织")
