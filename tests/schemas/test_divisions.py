"""The registry of divisions and what a printed name of an authority stands for."""

from __future__ import annotations

import itertools
import re
from importlib import resources
from pathlib import Path

import pytest

from schemas import divisions
from schemas.divisions import history, key_of, lookup, parents, similar

ROOT = Path(__file__).resolve().parents[2]


def codes(name: str, year: int | None = None) -> list[str]:
    return [d.code for d in lookup(name, year)]


# --- the registry


def test_every_row_is_well_formed() -> None:
    text = resources.files("schemas").joinpath("divisions.csv").read_text("utf-8")
    assert len(text.encode()) <= 400_000
    header, *lines = text.splitlines()
    assert header == "code,name,short,stem,level,parent,valid_from,valid_to,inferred,successors,pinyin"
    known = {line.split(",")[0] for line in lines}
    assert len(lines) > 3800
    for line in lines:
        code, name, _, stem, level, parent, first, last, inferred, successors, pinyin = line.split(",")
        assert re.fullmatch(r"\d{6}", code) and name.startswith(stem) and re.fullmatch(r"[a-z]+", pinyin), line
        assert level in {"province", "prefecture", "county", "zone"}, line
        assert (parent in known) if level != "province" else not parent, line
        assert not first or 2003 <= int(first) <= 2026, line
        assert not last or int(first or 2002) <= int(last) <= 2025, line
        assert set(filter(None, inferred.split("+"))) <= {"from", "to"}, line
        assert all(s in known for s in successors.split()), line


def test_no_code_and_no_name_within_a_parent_stands_twice_in_a_year() -> None:
    rows = [d for d in divisions._registry().all() if d.level != "zone"]
    for year in range(2008, 2027):
        standing = [d for d in rows if d.stood(year)]
        assert len({d.code for d in standing}) == len(standing), year
        assert len({(d.parent, d.name) for d in standing}) == len(standing), year
        assert 31 <= sum(d.level == "province" for d in standing) <= 34
        assert 2800 <= sum(d.level == "county" for d in standing) <= 2900, year


@pytest.mark.parametrize(
    ("old", "last", "new", "first"),
    [
        (("320829", "洪泽县"), 2015, ("320813", "洪泽区"), 2016),
        (("420600", "襄樊市"), 2009, ("420600", "襄阳市"), 2010),
        (("320803", "楚州区"), 2010, ("320803", "淮安区"), 2011),
        (("330183", "富阳市"), 2013, ("330111", "富阳区"), 2014),
        (("441421", "梅县"), 2012, ("441403", "梅县区"), 2013),
        (("610125", "户县"), 2015, ("610118", "鄠邑区"), 2016),
        (("542221", "乃东县"), 2015, ("540502", "乃东区"), 2016),
    ],
)
def test_a_division_that_changed_keeps_its_history(
    old: tuple[str, str], last: int, new: tuple[str, str], first: int
) -> None:
    (before,) = [d for d in divisions.by_code(old[0]) if d.name == old[1]]
    (after,) = [d for d in divisions.by_code(new[0]) if d.name == new[1]]
    assert before.valid_to == last and after.valid_from == first
    assert not before.inferred and not after.inferred
    for division in (before, after):
        names = [d.name for d in history(division)]
        assert names.index(old[1]) < names.index(new[1])


@pytest.mark.parametrize(
    ("code", "name", "last", "successors"),
    [
        ("110103", "崇文区", 2009, ("110101",)),
        ("110104", "宣武区", 2009, ("110102",)),
        ("371200", "莱芜市", 2017, ("370100",)),
        ("371202", "莱城区", 2017, ("370116",)),
        ("310108", "闸北区", 2014, ("310106",)),
        ("330103", "下城区", 2020, ("330105",)),
    ],
)
def test_a_division_that_was_merged_names_what_took_it_over(
    code: str, name: str, last: int, successors: tuple[str, ...]
) -> None:
    (division,) = [d for d in divisions.by_code(code) if d.name == name]
    assert (division.valid_to, division.successors) == (last, successors)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["110103"], "110101"),  # into a district that stood already
        (["320602", "320611"], "320613"),  # under the name of one of them
        (["410306", "410322"], "410308"),
        (["130503-2019", "130521"], "130503"),  # under the code of one of them
        (["330104"], "330114"),  # of a part of one
    ],
)
def test_a_merger_or_split_ends_a_history_and_begins_another(parts: list[str], whole: str) -> None:
    made = divisions.by_code(whole)[-1]
    assert key_of(made) == whole and made not in [d for p in parts for d in history(divisions.by_code(p)[-1])]
    for part in parts:
        ended = divisions.by_code(part)[-1]
        assert key_of(ended) == part and divisions.continued_by(ended) is None and made in divisions.heirs(ended)
        assert history(ended)[-1] is ended and divisions.is_heir(made, ended)


def test_no_two_divisions_of_one_year_have_one_key() -> None:
    rows = sorted(divisions.every(), key=lambda d: (key_of(d), d.valid_from or 0))
    for a, b in itertools.pairwise(rows):
        assert key_of(a) != key_of(b) or (a.valid_to is not None and a.valid_to < (b.valid_from or 0)), (a, b)
    # One under all its names and codes, also under another prefecture.
    assert {key_of(d) for code in ("220381", "220184") for d in divisions.by_code(code)} == {"220184"}


def test_the_newest_divisions_are_there_and_only_undated_ones_are_inferred() -> None:
    assert codes("和安县", 2025) and codes("和康县", 2025) and codes("白杨市", 2024)
    assert not codes("和安县", 2015)
    (liangjiang,) = lookup("两江新区", 2026)
    assert "from" in liangjiang.inferred
    for name in ("江北区", "渝北区"):
        ended = [d for d in lookup(name) if d.code.startswith("50")]
        assert [d.inferred for d in ended] == [frozenset({"to"})]
    dated = [d for d in divisions._registry().all() if d.level != "zone" and d.inferred]
    assert {d.name for d in dated} == {"两江新区", "江北区", "渝北区"}


def test_looking_up_by_year_and_parent() -> None:
    assert codes("巢湖市", 2009) == ["341400"]
    assert codes("巢湖市", 2014) == ["340181"]
    assert [d.code for d in lookup("朝阳区", 2020, within="北京市")] == ["110105"]
    assert [d.code for d in lookup("朝阳区", 2020, within="220000")] == ["220104"]
    assert codes("临夏州") == ["622900"] and codes("博州") == ["652700"]
    assert lookup("沐阳县") == [] and lookup("") == [] and lookup("不存在县", 2020, within="也不存在") == []
    (hongze,) = lookup("洪泽区")
    assert [d.name for d in parents(hongze)] == ["淮安市", "江苏省"]


def test_similar_names_are_only_listed() -> None:
    near = similar("沐阳县人民政府", 2025)
    assert "沭阳县" in {d.name for d in near} and len(near) > 1
    assert similar("沭", 2025) == [] and similar("", 2025) == []
