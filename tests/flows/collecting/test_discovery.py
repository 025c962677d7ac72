"""From sources to candidates, on the test site: every family, every page of a list, nothing that is no report."""

from __future__ import annotations

from collections import Counter

import pytest

from flows.collecting import families, listed
from flows.collecting.contract import Trouble
from flows.collecting.discovery import Found, discover, queries
from flows.collecting.links import judge, year_of
from flows.collecting.looking import Row
from flows.collecting.sources import Source, Years

from .plainly import Plainly
from .site import Built
from .site.families import DECOYS

# Source, host and what the world calls the place: how many reports the site publishes there.
PLACES = {
    "plain": "沭阳县", "trs": "开化县", "jpage": "临泽县", "xxgk": "连江县", "gkmlpt": "平潭县", "json": "乾县", "by_year": "泾县",
    "by_body": "祁门县", "platform": "舒城县", "rss": "盘山县", "atom": "喀喇沁旗", "sitemap": "怀宁县",
}  # fmt: skip


@pytest.fixture(scope="module")
def sources(built: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Source]:
    path = tmp_path_factory.mktemp("sources") / "sources.toml"
    path.write_text(built.sources, "utf-8")
    return {s.name: s for s in listed.load(path)}


def found(source: Source) -> tuple[list[Found], list[Trouble], Plainly]:
    fetcher = Plainly()
    everything = list(discover(source, fetcher))
    return [f for f in everything if isinstance(f, Found)], [t for t in everything if isinstance(t, Trouble)], fetcher


@pytest.mark.parametrize("name", PLACES)
def test_a_family_gives_every_report_and_nothing_else(name: str, built: Built, sources: dict[str, Source]) -> None:
    if name in ("rss", "atom"):
        pytest.importorskip("feedparser")
    candidates, troubles, fetcher = found(sources[name])
    expected = {(r.body, r.year) for r in built.world if r.body.startswith(PLACES[name])}
    assert troubles == []
    assert len(candidates) == len(expected)
    if name != "sitemap":
        assert {(f.candidate.body, f.candidate.year) for f in candidates} == expected
    asked = Counter([*fetcher.asked, *(f.candidate.address for f in candidates if f.fetched is None)])
    assert asked.most_common(1)[0][1] == 1
    assert not any(a.endswith(path) for a in asked for _, path in DECOYS)


def test_years_that_are_not_wanted_are_left_out(built: Built, sources: dict[str, Source]) -> None:
    candidates, _, _ = found(sources["gbk"])
    assert {(f.candidate.body, f.candidate.year) for f in candidates} == {
        (r.body, r.year) for r in built.world if r.body.startswith("攸县") and r.year >= 2023
    }


def test_dates_come_from_the_row(built: Built, sources: dict[str, Source]) -> None:
    for name in ("plain", "jpage", "gkmlpt", "json", "platform"):
        published = {(r.body, r.year): r.published for r in built.world}
        candidates, _, _ = found(sources[name])
        assert all(f.candidate.date == published[f.candidate.body or "", f.candidate.year or 0] for f in candidates), (
            name
        )


def test_a_list_whose_further_pages_are_encrypted_is_told(built: Built) -> None:
    source = Source("later", (built.url("jpage", "/col/col152/index.html"),), allow=frozenset({"private_address"}))
    candidates, troubles, _ = found(source)
    assert len(candidates) == 15
    assert [t.problem for t in troubles] == ["encrypted_list"]


def test_a_page_that_is_no_list_is_told(built: Built) -> None:
    candidates, troubles, _ = found(Source("app", (built.url("json", "/"),)))
    assert candidates == []
    assert [t.problem for t in troubles] == ["no_list"]


def test_a_list_that_is_gone_is_told(built: Built) -> None:
    candidates, troubles, _ = found(Source("gone", (built.url("plain", "/nowhere/"),)))
    assert candidates == []
    assert [t.problem for t in troubles] == ["gone"]


def test_the_bound_of_pages_is_kept_and_told(built: Built) -> None:
    candidates, troubles, fetcher = found(Source("few", (built.url("plain", "/zwgk/nb/"),), most_pages=2))
    assert len(fetcher.asked) == 2
    assert len(candidates) == 40
    assert [t.problem for t in troubles] == ["too_many_pages"]


def test_a_report_that_was_looked_at_comes_with_its_answer(sources: dict[str, Source]) -> None:
    candidates, _, fetcher = found(sources["by_year"])
    assert all(f.fetched is not None for f in candidates)
    assert len(fetcher.asked) == 1 + 2 + len(candidates)


def test_queries_are_made_of_bodies_and_years() -> None:
    source = Source(
        "q",
        ("https://x.test/a?y={year}&b={body}",),
        kind="query",
        years=Years(((2020, 2021),)),
        values={"甲": "1", "乙": "2"},
    )
    made = list(queries(source.address, source))
    assert made[0] == ("https://x.test/a?y=2021&b=1", "甲", 2021)
    assert len(made) == 4


@pytest.mark.parametrize("family", families.names())
def test_families_have_names_in_both_languages(family: str) -> None:
    loaded = families.load(family)
    assert loaded.zh and loaded.en.isascii()


COLUMN = "https://x.test/nb/1.html"


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ("某县教育局2024年政府信息公开工作年度报告", "report"),
        ("泾县审计局2024年政府信息公开工作年度报告", "report"),
        ("泾县财政局2024年度政府信息公开年报", "report"),
        ("关于建立政府信息公开工作年度报告制度的通知", None),
        ("泾县2024年政府信息公开工作年度报告解读", None),
        ("2024年政府网站工作年度报表", None),
        ("某公司2024年度社会责任报告", None),
        ("2024年统计年报", None),
        ("一图读懂泾县2024年政府信息公开工作年度报告", "spare"),
        ("政府信息公开年报", "column"),
        ("2024年", "lead"),
        ("泾县教育局", "lead"),
        ("首页", None),
        ("联系我们", None),
    ],
)
def test_links_are_judged_by_their_words(text: str, judged: str | None) -> None:
    assert judge(Row(COLUMN, text), Source("s", (COLUMN,)), in_column=True) == judged


def test_outside_of_a_column_only_titles_count() -> None:
    source = Source("s", (COLUMN,))
    assert judge(Row(COLUMN, "2024年"), source, in_column=False) is None
    assert judge(Row(COLUMN, "泾县教育局"), source, in_column=False) is None
    assert judge(Row(COLUMN, "泾县教育局2024年政府信息公开工作年度报告"), source, in_column=False) == "report"


def test_a_sources_own_words_count() -> None:
    source = Source("s", (COLUMN,), words=("公开情况总结",), not_words=("街道",))
    assert judge(Row(COLUMN, "泾县2010年公开情况总结"), source, in_column=False) == "report"
    assert judge(Row(COLUMN, "某街道2024年政府信息公开工作年度报告"), source, in_column=True) is None


def test_the_year_is_the_reports() -> None:
    assert year_of(Row(COLUMN, "2024年年度报告")) == 2024
    assert year_of(Row(COLUMN, "2023-2024年对照")) is None


def test_a_pager_that_counts_from_one_goes_on_with_two() -> None:
    from datetime import UTC, datetime

    from flows.collecting.contract import Fetched
    from flows.collecting.looking import Look

    for call, pages in (
        ('createPageHTML(3, 0, "index", "html")', ["index_1.html", "index_2.html"]),
        ("createPageHTML('page-div',3,1,'index','shtml',52)", ["index_2.shtml", "index_3.shtml"]),
        ('createPageHTML(1, 0, "index", "html")', []),
    ):
        address = "https://x.test/nb/index.html"
        body = f"<html><body><a href='1.html'>1</a><script>{call};</script></body></html>".encode()
        look = Look(Fetched(address, address, 200, {}, body, datetime.now(UTC)), Source("s", (address,)), address)
        assert list(families.load("trs").more(look)) == [f"https://x.test/nb/{p}" for p in pages]
        assert families.of(look).name == "trs"


@pytest.mark.parametrize("column", ["153", "154"])
def test_a_list_that_wants_its_parameters_posted(built: Built, column: str) -> None:
    """One refuses to be asked otherwise, the other answers with something else."""
    source = Source("posted", (built.url("jpage", f"/col/col{column}/index.html"),))
    candidates, troubles, fetcher = found(source)
    expected = {(r.body, r.year) for r in built.world if r.body.startswith(PLACES["jpage"])}
    assert troubles == []
    assert {(f.candidate.body, f.candidate.year) for f in candidates} == expected
    posted = [a for a in fetcher.asked if "#post:" in a]
    assert len(posted) == len(expected) // 15 and all("startrecord" in a.partition("#")[0] for a in posted)
    assert len([a for a in fetcher.asked if "dataproxy" in a and a not in posted]) == 1


@pytest.mark.parametrize("path", ["/gkmlpt/index", "/gkmlpt/menu"])
def test_the_column_of_a_platform_is_found_by_its_name(built: Built, path: str) -> None:
    candidates, troubles, fetcher = found(Source("platform", (built.url("gkmlpt", path),)))
    assert troubles == []
    assert len(candidates) == sum(r.body.startswith(PLACES["gkmlpt"]) for r in built.world)
    assert not any("2670" in a for a in fetcher.asked)


def test_a_title_that_is_cut_and_nowhere_whole_is_looked_at() -> None:
    source = Source("a", ("https://x.test/",))
    for text in ("沭阳县水利局2023年政府信…", "沭阳县水利局2023年政府信息公开工作..."):
        assert judge(Row("https://x.test/1.html", text), source, in_column=True) == "lead"
    assert judge(Row("https://x.test/1.html", "沭阳县水利局2023年政府信…"), source, in_column=False) is None
    for text in ("2023年度部门决算公…", "沭阳县水利局召开会议部署…", "2024年政府信息公开工作年度报告解读…"):
        assert judge(Row("https://x.test/1.html", text), source, in_column=True) is None
