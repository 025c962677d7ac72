"""The warehouse at scale, very small: it draws what it says, rebuilds it, and every question has an answer of its own time."""

from __future__ import annotations

from pathlib import Path

from benchmarks import warehouse
from flows.home import Home
from flows.published import opened
from tests.conftest import LONG


@LONG
def test_a_drawn_record_is_rebuilt_and_asked(tmp_path: Path) -> None:
    facts = warehouse.draw(tmp_path, 6800, cells=4)
    seconds, peak = warehouse._build(str(tmp_path), 200)
    assert seconds > 0 and peak > 0
    con = opened(Home(tmp_path).database())
    assert con.execute("SELECT count(*) FROM fact").fetchall() == [(facts,)]
    standing = dict(con.execute("SELECT standing, count(*) FROM report GROUP BY 1").fetchall())
    con.close()
    assert sum(standing.values()) == 6800 and {"preferred", "copy", "conflict"} <= standing.keys()
    assert len(warehouse.questions()) == 13
    answers = warehouse.ask(tmp_path, times=2)
    assert len(answers) == 13 and all(first > 0 for first, _, _ in answers)
    assert {"fact", "indicator_value"} <= warehouse.sizes(tmp_path).keys()
