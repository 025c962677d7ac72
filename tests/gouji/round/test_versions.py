"""Which of several drafts is the newest: by what it is told, and where nothing tells."""

from __future__ import annotations

import pytest

from gouji.round.versions import Version, base, date_in_name, is_copy, order, rank, sorted_by_age


def told(*names: str) -> tuple[str | None, str]:
    found = order([Version(n, n, 1) for n in names])
    return (found.newest.path if found.newest else None), found.by


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("教育局.docx", "教育局（修改稿）.docx"),
        ("教育局.docx", "教育局(2).docx"),
        ("教育局(2).docx", "教育局(3).docx"),
        ("教育局年报.docx", "教育局年报（第二次报送）.docx"),
        ("教育局第二稿.docx", "教育局第三稿.docx"),
        ("教育局V1.docx", "教育局V2.1.docx"),
        ("教育局初稿.docx", "教育局.docx"),
        ("教育局（作废）.docx", "教育局.docx"),
        ("教育局旧稿(3).docx", "教育局.docx"),
        ("教育局修改稿(5).docx", "教育局定稿.docx"),
        ("教育局修改稿.docx", "教育局修改稿2.docx"),
        ("第一次报送/教育局.docx", "第二次报送/教育局.docx"),
        ("教育局_final.pdf.docx".replace("_final", ""), "教育局_final.docx"),
    ],
)
def test_a_name_tells(older: str, newer: str) -> None:
    assert told(older, newer) == told(newer, older) == (newer, "name")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("教育局(2).docx", "教育局修改稿.docx"),
        ("教育局.docx", "教育局 - 副本.docx"),
        ("发改局.docx", "发展和改革局.docx"),
        ("2025年教育局.docx", "教育局2025年度.docx"),
    ],
)
def test_a_name_that_tells_nothing(one: str, other: str) -> None:
    """改 of 发改局 is no correction, a year no version; and what two names say may go against each other."""
    assert told(one, other) == (None, "")


def test_a_copy_or_a_cut_download_is_called_as_the_file() -> None:
    """One content under two such names is no wrong file; a name of another office is another name."""
    names = (
        "财政局2025年年报.html",
        "财政局2025年年报.html.crdownload",
        "财政局2025年年报(1).html",
        "副本财政局2025年年报.html",
    )
    assert {base(name) for name in names} == {"财政局年报"} != {base("教育局2025年年报.html")}
    assert [is_copy(name) for name in names] == [False, True, False, True]


def test_a_date_in_the_name() -> None:
    assert told("教育局20260105.docx", "教育局20260112.docx")[1] == "dated"
    assert told("教育局1月5日.docx", "教育局12月28日.docx")[0] == "教育局1月5日.docx", "December comes before January"
    assert date_in_name("教育局2026-01-15.docx") == (2026, 1, 15)
    assert date_in_name("教育局2025年年报.docx") is None and date_in_name("教育局20261399.docx") is None


def test_the_order_of_what_tells() -> None:
    old = Version("a（修改稿）.docx", "1", 1, "2026-01-20", 2000.0)
    new = Version("a.docx", "2", 2, "2026-01-10", 1000.0)
    found = order([old, new])
    assert found.newest is new and found.by == "seen" and found.against == ["name", "printed", "modified"]
    same = [Version("a.docx", "1", 1, None, 1000.0), Version("b.docx", "2", 1, None, 5000.0)]
    found = order(same)
    assert (found.newest, found.by, found.against) == (same[1], "modified", [])
    together = [Version("a.docx", "1", 1, None, 1000.0), Version("b.docx", "2", 1, None, 1001.0)]
    assert order(together).newest is None, "unpacked together"
    dated = [Version("a.docx", "1", 1, "2026-01-10"), Version("b.docx", "2", 1, "2026-01-12")]
    assert order(dated).by == "printed"
    assert order([Version("a.docx", "1", 1, None, None), Version("b.docx", "2", 1, None, 5.0)]).newest is None


def test_a_name_that_says_nothing_is_told_by_the_others() -> None:
    """初稿 in the other's name: that is what is said, and no empty quotes."""
    found = order([Version("某局.docx", "1", 1), Version("某局初稿.docx", "2", 1)])
    assert found.newest is not None and found.newest.path == "某局.docx"
    assert (found.by, found.value, found.other) == ("name", "", "初稿")


def test_three_by_age() -> None:
    three = [Version(n, n, 1) for n in ("局终稿.docx", "局.docx", "局（修改稿）.docx")]
    assert [v.path for v in sorted_by_age(three)] == ["局.docx", "局（修改稿）.docx", "局终稿.docx"]
    assert (
        base("教育局（修改稿）.docx")
        == base("教育局 (2).docx")
        == base("教育局 - 副本.docx")
        == base("教育局20260112.docx")
    )
    assert base("教育局.docx") != base("体育局.docx") and rank("发改局.docx") == (0, 0)
