"""`gouji debug`: what the reader saw on a page, as a picture and in words; and what cannot be drawn."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from data.generator import clean_layout, make_truth, render
from gouji import outputs
from gouji.cli import main
from gouji.show import seen
from parsers import extract
from parsers.readers import pdf
from schemas.facts import Box
from tests.parsers.readers.pdf.pictures import printed

PAGE = """
二、主动公开政府信息情况
+--------------------+--------------+--------------+--------------+
| 信息内容           | 本年制发件数 | 本年废止件数 | 现行有效件数 |
+--------------------+--------------+--------------+--------------+
|                    |              |              |              |
| 规章               |            1 |            2 |          30  |
|                    |              |              |              |
+--------------------+--------------+--------------+--------------+
|                    |              |              |              |
| 行政规范性文件     |            4 |      结果5   |          60  |
|                    |              |              |              |
+--------------------+--------------+--------------+--------------+
"""


def debug(*words: str) -> int:
    return main(["debug", *words])


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "年报.pdf"
    path.write_bytes(printed(PAGE))
    return path


def _share(image: Image.Image, box: Box | None, colour: seen.Colour) -> float:
    """How much of a box is tinted towards a colour rather than grey."""
    assert box is not None
    part = image.crop(tuple(round(seen.SCALE * v) for v in box)).convert("RGB")  # type: ignore[arg-type]
    pixels = [part.getpixel((x, y)) for x in range(part.width) for y in range(part.height)]
    strong, weak = max(range(3), key=lambda i: colour[i]), min(range(3), key=lambda i: colour[i])
    return sum(1 for p in pixels if p[strong] > p[weak] + 20) / len(pixels)  # type: ignore[index]


def test_cells_labels_and_what_is_open_are_drawn_and_told(
    page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "看.png"
    assert debug(str(page), "--out", str(out)) == 0
    told = capsys.readouterr().out
    assert "行 2 列 1  规章（行列名 regulations）" in told
    assert "行 2 列 4  30 → article20.regulations.in_force" in told
    assert "没有读定：article20.normative_documents.repealed joined 结果5" in told
    assert str(out) in told
    image = Image.open(out)
    (report,) = extract(page).reports
    places = {f.address: f.place.box for f in report.facts} | {u.address: u.place.box for u in report.unresolved}
    assert _share(image, places["article20.regulations.issued"], seen.READ) > 0.7
    assert _share(image, places["article20.normative_documents.repealed"], seen.OPEN) > 0.7
    assert _share(image, (450, 400, 500, 450), seen.OPEN) == 0


def test_what_is_seen_is_that_of_the_page(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(printed("一、总体情况\n本机关全年收到申请3件，均在期限内答复。\n~~~" + PAGE))
    pages: list[pdf.PageContent] = []
    document = pdf.read(path.read_bytes(), path.name, seen=pages)
    first, second = (seen.on_page(n, pages, document, extract(path).reports) for n in (1, 2))
    assert (len(first.cells), len(first.facts), len(first.pages)) == (0, 0, 1)
    assert len(second.cells) == 12
    assert set(second.addresses().values()) >= {"article20.regulations.issued"}
    assert len(second.pages[0].horizontal) >= 4


def test_a_real_page_in_a_run_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "报告.pdf"
    path.write_bytes(render(make_truth(3, size="small"), clean_layout("pdf-drawn", rules="none")))
    command = [sys.executable, "-m", "gouji", "debug", str(path), "--page", "2", "--lang", "en"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "page 2: " in done.stdout
    assert " -> requests." in done.stdout
    assert (tmp_path / "报告.p2.png").read_bytes().startswith(b"\x89PNG")
    # A second one takes the next name.
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert (tmp_path / "报告.p2.2.png").exists()


def test_what_cannot_be_drawn_is_told(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def refused(*words: str) -> str:
        assert debug(*words, "--out", str(tmp_path / "x.png")) == 2
        return capsys.readouterr().err

    assert "没有第 2 页，共 1 页" in refused(str(page), "--page", "2")
    assert "没有第 0 页" in refused(str(page), "--page", "0")
    word = tmp_path / "a.docx"
    word.write_bytes(render(make_truth(3, size="small"), clean_layout()))
    assert "不是 PDF" in refused(str(word))
    assert "no PDF" in refused(str(word), "--lang", "en")
    assert "nowhere.pdf" in refused(str(tmp_path / "nowhere.pdf"))
    broken = tmp_path / "b.pdf"
    broken.write_bytes(printed(PAGE)[:300])
    assert "b.pdf" in refused(str(broken))
    assert not (tmp_path / "x.png").exists()


def test_it_writes_over_nothing(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = page.read_bytes()
    assert debug(str(page), "--out", str(page)) == 2
    assert page.read_bytes() == before
    other = tmp_path / "other.png"
    other.write_bytes(b"mine")
    assert debug(str(page), "--out", str(other)) == 2
    assert other.read_bytes() == b"mine"
    assert outputs.Target(other, None).path.name in capsys.readouterr().err
