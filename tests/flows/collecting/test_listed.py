"""The operator's list of sources: what it may say, and that what is wrong is named with file, entry and key."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from flows.collecting import adding, listed
from flows.collecting.listed import SourcesError, chosen, load
from flows.collecting.looking import Look
from flows.collecting.sources import Paths, Source, Years
from tests.conftest import ROOT

from .plainly import Plainly
from .site import Built


def sources(folder: Path, text: str) -> list[Source]:
    path = folder / "sources.toml"
    path.write_text(text, "utf-8")
    return load(path)


def test_an_entry_says_what_it_says_and_else_the_defaults_hold(tmp_path: Path) -> None:
    first, second, third = sources(
        tmp_path,
        """
[defaults]
delay = 5
years = "2020-"
[[source]]
name = "某市"
address = "https://x.test/nb/"
bodies = ["某市人民政府", "某市教育局"]
years = "2018, 2020-2022"
words = ["公开情况"]
allow = ["http"]
[[source]]
name = "共享盘"
address = "年报"
[[source]]
name = "查询"
address = "https://x.test/a.jsp?y={year}&b={body}"
values = { "某市教育局" = "001", "某市财政局" = 2 }
""",
    )
    assert (first.kind, first.delay, first.bodies) == ("list", 5.0, ("某市人民政府", "某市教育局"))
    assert [y for y in range(2016, 2025) if y in first.years] == [2018, 2020, 2021, 2022]
    assert first.allows("http", "x.test") and not first.allows("http", "y.test")
    assert second.kind == "folder"
    assert second.addresses == (str(tmp_path / "年报"),)
    assert (third.kind, third.values) == ("query", {"某市教育局": "001", "某市财政局": "2"})
    assert 2035 in third.years and 2019 not in third.years


def test_a_table_holds_hundreds(tmp_path: Path) -> None:
    rows = "\n".join(f"县{n},https://x{n}.test/nb/,县{n}人民政府；县{n}教育局,2020-,2" for n in range(300))
    (tmp_path / "县区.csv").write_bytes(f"name,address,bodies,years,delay\n{rows}\n".encode("gb18030"))
    found = sources(tmp_path, 'tables = ["县区.csv"]\n[defaults]\nallow = ["http"]\n')
    assert len(found) == 300
    assert found[7].bodies == ("县7人民政府", "县7教育局")
    assert found[7].delay == 2.0
    assert found[7].allow == {"http"}


@pytest.mark.parametrize(
    ("entry", "key", "zh", "en"),
    [
        ('name = "a"\nadress = "https://x.test/"', "adress", "是不是 address", "did you mean address"),
        ('name = "a"', "address", "没有写地址", "no address"),
        ('address = "https://x.test/"', "name", "名称", "name"),
        ('name = "a"\naddress = "https://"', "address", "不是可用的网址", "not an address"),
        ('name = "a"\naddress = "https://me:secret@x.test/"', "address", "用户名和密码", "password"),
        ('name = "a"\naddress = "https://x.test/"\nyears = "2024-2020"', "years", "前后颠倒", "before the first"),
        ('name = "a"\naddress = "https://x.test/"\nyears = "去年"', "years", "看不懂", "no years"),
        ('name = "a"\naddress = "https://x.test/"\ndelay = -1', "delay", "不小于", "or more"),
        (
            'name = "a"\naddress = "https://x.test/"\nallow = ["everything"]',
            "allow",
            "private_address",
            "private_address",
        ),
        ('name = "a"\naddress = "https://x.test/"\nfamily = "trss"', "family", "trs", "trs"),
        ('name = "a"\naddress = "https://x.test/?b={body}"', "address", "values", "values"),
        ('name = "a"\naddress = "https://x.test/?y={year}"', "address", "years", "years"),
        ('name = "a"\naddress = "https://x.test/"\nfamily = "json"', "address", "[source.json]", "[source.json]"),
        ('name = "a"\naddress = "https://x.test/"\n[source.json]\nitem = "x"', "json", "items", "items"),
        ('name = "a"\naddress = "https://x.test/"\nbodies = [1]', "bodies", "文字", "text"),
    ],
)
def test_what_is_wrong_is_named_with_file_entry_and_key(tmp_path: Path, entry: str, key: str, zh: str, en: str) -> None:
    with pytest.raises(SourcesError) as refused:
        sources(tmp_path, f"[[source]]\n{entry}\n")
    for message, words in ((refused.value.zh, zh), (refused.value.en, en)):
        assert "sources.toml" in message
        assert "source 1" in message
        assert key in message
        assert words in message


def test_other_faults_of_the_file_are_named_too(tmp_path: Path) -> None:
    one = '[[source]]\nname = "a"\naddress = "https://x.test/"\n'
    for text, words in (
        (one + one, "重名"),
        ("[[source]\n", "写法有误"),
        ("[[sources]]\n", "是不是 source"),
        ("[defaults]\nspeed = 3\n", "speed"),
        ('tables = ["没有.csv"]\n', "没有.csv"),
    ):
        with pytest.raises(SourcesError, match=r".") as refused:
            sources(tmp_path, text)
        assert words in refused.value.zh, text
    with pytest.raises(SourcesError, match="no list of sources"):
        load(tmp_path / "nowhere.toml")
    (tmp_path / "t.csv").write_text("name,address\na,https://x.test/\nb,nonsense://\n", "utf-8")
    with pytest.raises(SourcesError) as refused:
        sources(tmp_path, 'tables = ["t.csv"]')
    assert "t.csv" in refused.value.zh and "第3行" in refused.value.zh


def test_a_source_is_chosen_by_its_name(tmp_path: Path) -> None:
    there = sources(tmp_path, '[[source]]\nname = "沭阳县"\naddress = "https://x.test/"\n')
    assert chosen(there, None) == chosen(there, "沭阳县") == there
    with pytest.raises(SourcesError) as refused:
        chosen(there, "沭阳")
    assert "是不是“沭阳县”" in refused.value.zh


def test_what_is_added_is_read_back_and_the_rest_of_the_list_stays(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text('# 我的说明\n[[source]]\nname = "a"  # 不要改\naddress = "https://x.test/"\n', "utf-8")
    source = Source(
        'a', ("https://y.test/l?p=1",), family="json", bodies=("某县人民政府",), years=Years(((2020, None), (2015, 2015))),
        allow=frozenset({"http"}), json=Paths(items="data.rows", title="t", address="u"),
    )  # fmt: skip
    written = adding.write(path, source)
    assert path.read_text("utf-8").startswith('# 我的说明\n[[source]]\nname = "a"  # 不要改\n')
    first, second = load(path)
    assert first.name == "a"
    assert (second.name, written.name) == ("a 2", "a 2")
    for field in ("addresses", "family", "bodies", "years", "allow", "json", "kind"):
        assert getattr(second, field) == getattr(source, field), field
    with pytest.raises(SourcesError, match="already"):
        adding.write(path, source)


def test_every_kind_of_entry_survives_writing(tmp_path: Path) -> None:
    for source in (
        Source("b", ("https://x.test/1.html", "https://x.test/2.html"), kind="page"),
        Source(
            "c",
            ("https://x.test/?y={year}&b={body}",),
            kind="query",
            years=Years(((2020, 2021),)),
            values={"某局": "1"},
        ),
        Source("d", ("https://x.test/sitemap.xml",), path="/nb/", words=("甲",), not_words=("乙",), delay=9.0, hops=1),
    ):
        (tmp_path / "sources.toml").unlink(missing_ok=True)
        adding.write(tmp_path / "sources.toml", source)
        (back,) = load(tmp_path / "sources.toml")
        for field in ("name", "addresses", "kind", "years", "values", "path", "words", "not_words", "delay", "hops"):
            assert getattr(back, field) == getattr(source, field), field


def test_paths_of_a_json_list_are_found_out(built: Built) -> None:
    address = built.url("json", "/api/list?pageNo=1&pageSize=8")
    look = Look(Plainly().fetch(address, source=Source("s", (address,))), Source("s", (address,)), address)
    found = adding.guessed_paths(look.json, look.query)
    assert found == Paths("data.rows", "docTitle", "docUrl", "pubTime", "dept.name", "data.pager.total", "", "pageNo")
    assert adding.guessed_paths({"data": [{"id": 1, "x": "y"}]}, {}) is None


@pytest.mark.parametrize(
    ("host", "path", "kind", "family", "reports"),
    [
        ("gkmlpt", "/gkmlpt/annualreport#2671", "list", "gkmlpt", 48),
        ("jpage", "/col/col151/index.html", "list", "jpage", 48),
        ("trs", "/col/xxgknb/index.html", "list", "trs", 48),
        ("hops", "/nb/", "list", "plain", 16),
        ("feeds", "/sitemap.xml", "list", "sitemap", 20),
        ("json", "/api/list?pageNo=1&pageSize=8", "list", "json", 30),
        ("shapes", "/nb/page.html", "page", "", 1),
        ("shapes", "/nb/direct_pdf.pdf", "page", "", 1),
        ("xxgk", "/module/xxgk/xxgkAnnualReport.jsp?fbtime=2024&area=003", "query", "", 2),
        ("json", "/", "list", "plain", 0),
    ],
)
def test_an_address_is_looked_at_and_the_entry_fits(
    built: Built, tmp_path: Path, host: str, path: str, kind: str, family: str, reports: int
) -> None:
    proposed = adding.propose(built.url(host, path), Plainly(timeout=10))
    assert (proposed.source.kind, proposed.family) == (kind, family)
    assert len(proposed.looked.candidates) == reports
    adding.write(tmp_path / "sources.toml", proposed.source)
    (back,) = load(tmp_path / "sources.toml")
    assert back.addresses == proposed.source.addresses
    assert tomllib.loads(proposed.text)["source"][0]["name"] == proposed.source.name


def test_what_cannot_be_looked_at_is_told(built: Built) -> None:
    proposed = adding.propose(built.url("plain", "/nowhere/"), Plainly())
    assert proposed.problem is not None and proposed.problem.problem == "gone"


def test_the_page_about_sources_shows_what_can_be_read(tmp_path: Path) -> None:
    text = (ROOT / "docs/sources.md").read_text("utf-8")
    examples = [block.split("```")[0] for block in text.split("```toml\n")[1:]]
    assert len(examples) >= 4
    for n, example in enumerate(examples):
        (tmp_path / "县区.csv").write_text("name,address\n", "utf-8")
        assert sources(tmp_path, example) is not None, n
    for key in sorted(listed._KEYS):
        assert f"`{key}`" in text, key
