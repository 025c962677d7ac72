"""Reviewed copies: the draft itself with comments, or a page that shows what was read."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import RGBColor
from lxml import etree

import checks
from data.generator import clean_layout, libreoffice, make_truth
from gouji.cli import main
from gouji.show.remarks import remarks_on
from gouji.word.reviewed_copy import word_copy
from parsers import extract
from parsers.readers.word import origins
from schemas.findings import Checked
from tests.gouji.drafts import HONGZE, SHANGHAI, SHUYANG, changed, plain_text, with_part
from tests.parsers.readers.workbooks import xlsx_of

WRONG = {
    "requests.granted.natural_person": "999",
    "disputes.reconsideration.total": "77",
    "requests.denied_state_secret.other": "",
}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def check_bytes(data: bytes, name: str = "草稿.docx") -> Checked:
    return checks.check(extract(Path(name), data))


def copy_of(data: bytes) -> bytes:
    return word_copy(data, "草稿.docx", remarks_on(check_bytes(data), "zh"))


def findings(checked: Checked) -> list[tuple[object, ...]]:
    """All that a check says, without the ids that hang on the file's bytes."""
    return [(f.rule, f.outcome, f.severity, f.cells, f.place, f.message) for f in checked.findings]


def part(data: bytes, member: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(member)


def commented_cells(data: bytes) -> dict[tuple[int, int, int], list[str]]:
    """Comments by the (table, row, column) of the cell that holds them."""
    found = origins(data, "草稿.docx")
    root = etree.fromstring(part(data, found.member))
    elements = list(root.iter("*"))
    texts = {
        c.get(f"{W}id"): "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in c.iter(f"{W}p"))
        for c in etree.fromstring(part(data, "word/comments.xml"))
    }
    out: dict[tuple[int, int, int], list[str]] = {}
    for place, i in found.cells.items():
        mine = [texts[r.get(f"{W}id")] for r in elements[i].iter(f"{W}commentReference")]
        if mine:
            out[place] = mine
    return out


def test_the_copy_is_the_draft_but_for_comments_and_shading() -> None:
    data = changed(SHUYANG, WRONG)
    copy = copy_of(data)
    assert plain_text(copy) == plain_text(data)
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(io.BytesIO(copy)) as after:
        same = [n for n in before.namelist() if before.read(n) == after.read(n)]
        touched = set(before.namelist()) - set(same)
        assert touched == {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
        assert set(after.namelist()) - set(before.namelist()) == {"word/comments.xml"}
    # Without comments and shading the main part is the draft's, element for element.
    root = etree.fromstring(part(copy, "word/document.xml"))
    for element in list(root.iter(f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}shd")):
        element.getparent().remove(element)
    for reference in list(root.iter(f"{W}commentReference")):
        run = reference.getparent()
        run.getparent().remove(run)
    original = etree.fromstring(part(data, "word/document.xml"))
    for element in list(original.iter(f"{W}shd")):
        element.getparent().remove(element)
    assert [(e.tag, dict(e.attrib), e.text) for e in root.iter("*")] == [
        (e.tag, dict(e.attrib), e.text) for e in original.iter("*")
    ]


def test_the_copy_checks_as_the_draft_does() -> None:
    data = changed(SHUYANG, WRONG)
    copy = copy_of(data)
    assert findings(check_bytes(copy)) == findings(check_bytes(data))
    # Also when a copy is reviewed again.
    assert findings(check_bytes(copy_of(copy))) == findings(check_bytes(data))


def test_comments_stand_at_the_cells_concerned() -> None:
    copy = copy_of(changed(SHUYANG, WRONG))
    found = commented_cells(copy)
    # And at the cells that a sentence does not agree with, and those of a sum any of which may be wrong.
    either = {(2, 4, 4), (2, 4, 10), *((3, 4, column) for column in range(1, 5))}
    assert set(found) == {(2, 6, 4), (3, 4, 5), (2, 8, 9), *either}
    assert "正文写收到申请" in found[2, 4, 4][0]
    assert "最可能的改法" in found[2, 6, 4][0]
    assert "290" in found[2, 6, 4][0]
    assert found[2, 8, 9][0].startswith("【疑点】数据栏空白")
    document = Document(io.BytesIO(copy))
    assert {c.author for c in document.comments} == {"勾稽"}
    fills = {
        shading.get(qn("w:fill"))
        for cell in document.tables[1]._cells
        if cell.text == "999"
        for shading in cell._element.iter(qn("w:shd"))
    }
    assert fills == {"FFD6D6"}


def shaded(data: bytes) -> dict[str, list[str]]:
    """The texts of cells with a ground of ours, by its colour."""
    out: dict[str, list[str]] = {}
    for cell in Document(io.BytesIO(data)).element.body.iter(qn("w:tc")):
        for shading in cell.iterfind(f"{W}tcPr/{W}shd"):
            if shading.get(qn("w:fill")) in ("FFD6D6", "FFF0C2"):
                out.setdefault(shading.get(qn("w:fill")), []).append(
                    "".join(t.text or "" for t in cell.iter(qn("w:t")))
                )
    return out


def test_of_one_swapped_figure_that_breaks_many_sums_only_its_cell_is_red() -> None:
    address = "requests.processed_total.total"
    (report,) = extract(SHUYANG).reports
    printed = report.printed()[address].printed
    swapped = printed[:-2] + printed[-1] + printed[-2]
    data = changed(SHUYANG, {address: swapped})
    broken = [f for f in check_bytes(data).findings if f.outcome == "broken" and f.severity == "error"]
    assert len(broken) >= 3
    copy = copy_of(data)
    assert shaded(copy)["FFD6D6"] == [swapped]
    place = report.printed()[address].place
    [at] = [at for at, texts in commented_cells(copy).items() if "最可能的改法" in texts[0]]
    assert at == (place.table, place.row, place.column)


def test_where_several_cells_explain_a_sum_none_is_red() -> None:
    """A total of its column alone: that cell or another of the same sum may be the wrong one."""
    data = changed(SHUYANG, {"disputes.reconsideration.total": "77"})
    copy = copy_of(data)
    assert "FFD6D6" not in shaded(copy)
    assert len(shaded(copy)["FFF0C2"]) > 1
    # Where some explanations reach a cell, its comment says which.
    (report,) = extract(SHUYANG).reports
    wrong = ("requests.granted.natural_person", "requests.partially_granted.commercial_enterprise")
    data = changed(SHUYANG, {a: str(int(report.printed()[a].printed) + 1) for a in wrong})
    changes = [e for e in check_bytes(data).explanations if e.changes]
    assert len(changes) > 1
    copy = copy_of(data)
    assert "FFD6D6" not in shaded(copy)
    assert any("改这一格的是" in text for texts in commented_cells(copy).values() for text in texts)


def test_a_second_review_says_nothing_twice_and_a_corrected_cell_is_no_longer_red(tmp_path: Path) -> None:
    data = changed(SHUYANG, WRONG)
    first = copy_of(data)
    second = copy_of(first)
    assert commented_cells(second) == commented_cells(first)
    assert shaded(second) == shaded(first)
    path = tmp_path / "草稿.docx"
    path.write_bytes(first)
    (report,) = extract(SHUYANG).reports
    corrected = copy_of(changed(path, {a: report.printed()[a].printed for a in WRONG}))
    assert shaded(corrected) == shaded(copy_of(SHUYANG.read_bytes()))
    assert "FFD6D6" not in shaded(corrected)
    # What is left is what the draft had before: cells that a sentence of it does not agree with.
    assert commented_cells(corrected) == commented_cells(copy_of(SHUYANG.read_bytes()))
    assert b"999" not in part(corrected, "word/comments.xml")
    assert findings(check_bytes(corrected)) == findings(check_bytes(SHUYANG.read_bytes()))


def test_text_that_is_not_printed_stays_so() -> None:
    document = Document(io.BytesIO(changed(SHUYANG, WRONG)))
    [cell] = {c._element: c for c in document.tables[1]._cells if c.text == "999"}.values()
    for run in (r for p in cell.paragraphs for r in p.runs):
        run.font.color.rgb = RGBColor(255, 255, 255)
    buffer = io.BytesIO()
    document.save(buffer)
    data = buffer.getvalue()
    assert findings(check_bytes(copy_of(data))) == findings(check_bytes(data))


def test_a_sentence_is_commented_where_it_stands() -> None:
    data = changed(SHUYANG, {}, {"749": "947"})
    copy = copy_of(data)
    assert plain_text(copy) == plain_text(data)
    root = etree.fromstring(part(copy, "word/document.xml"))
    paragraphs = {r.getparent().getparent() for r in root.iter(f"{W}commentReference")}
    texts = ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in paragraphs]
    assert any("947" in t for t in texts)


def test_the_offices_own_comments_stay_and_are_found() -> None:
    document = Document(io.BytesIO(changed(SHUYANG, WRONG)))
    run = next(r for p in document.paragraphs for r in p.runs if r.text.strip())
    document.add_comment([run], text="请再核一下", author="张三", initials="张")
    buffer = io.BytesIO()
    document.save(buffer)
    data = buffer.getvalue()
    copy = copy_of(data)
    comments = list(Document(io.BytesIO(copy)).comments)
    assert [c.text for c in comments if c.author == "张三"] == ["请再核一下"]
    assert len({c.comment_id for c in comments}) == len(comments) > 3
    assert findings(check_bytes(copy)) == findings(check_bytes(data))
    residue = [r.text for report in extract(Path("草稿.docx"), copy).reports for r in report.residue]
    assert residue == ["请再核一下"]


def test_strict_and_macro_documents_get_copies() -> None:
    data = changed(SHUYANG, WRONG)
    types = part(data, "[Content_Types].xml")
    macro = with_part(
        data,
        "[Content_Types].xml",
        types.replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        ),
    )
    copy = copy_of(macro)
    assert findings(check_bytes(copy)) == findings(check_bytes(data))
    strict = data
    for member in ("word/document.xml", "word/_rels/document.xml.rels", "_rels/.rels"):
        blob = part(strict, member)
        blob = blob.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        strict = with_part(strict, member, blob)
    copy = copy_of(strict)
    assert findings(check_bytes(copy)) == findings(check_bytes(data))
    assert b"http://purl.oclc.org/ooxml/officeDocument/relationships/comments" in part(
        copy, "word/_rels/document.xml.rels"
    )


def test_the_command_writes_a_copy_for_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafts, copies = tmp_path / "草稿", tmp_path / "审阅稿"
    (drafts / "乡镇").mkdir(parents=True)
    (drafts / "甲.docx").write_bytes(changed(SHUYANG, WRONG))
    (drafts / "乡镇/甲.docx").write_bytes(SHUYANG.read_bytes())
    (drafts / "乙.pdf").write_bytes(HONGZE.read_bytes())
    (drafts / "丙.html").write_bytes(SHANGHAI.read_bytes())
    assert main(["check", str(drafts), "--annotate", str(copies)]) == 1
    capsys.readouterr()
    written = sorted(p.relative_to(copies).as_posix() for p in copies.rglob("*") if p.is_file())
    assert written == ["丙.勾稽.html", "乙.勾稽.html", "乙.勾稽.pdf", "乡镇/甲.勾稽.docx", "甲.勾稽.docx"]
    page = (copies / "乙.勾稽.html").read_text("utf-8")
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "<script" not in page
    # All five cells of a group that does not add up are marked, none is accused: red is for what must change.
    assert page.count('class="n m-warning"') == 10
    assert 'class="n m-error"' not in page
    assert 'rowspan="' in page
    assert "第3页" in page


def test_the_page_of_a_workbook_marks_the_cells_where_they_stand_in_the_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tables begin anywhere in a sheet, so its rows are not those of the table."""
    truth = make_truth(3, "2021", year=2024, size="small")
    book = xlsx_of(truth, clean_layout())
    sheet = book.active
    assert sheet is not None
    label = next(
        c for row in sheet.iter_rows() for c in row if str(c.value).replace(" ", "").startswith("（一）予以公开")
    )
    wrong = next(c for c in sheet[label.row][label.column :] if c.value is not None and str(c.value).isdecimal())
    wrong.value = 9876
    path = tmp_path / "草稿.xlsx"
    book.save(path)
    assert main(["check", str(path), "--annotate", str(tmp_path / "审阅")]) == 1
    assert f"{sheet.title}!" in capsys.readouterr().out
    assert (tmp_path / "审阅/草稿.勾稽.xlsx").is_file()
    page = (tmp_path / "审阅/草稿.勾稽.html").read_text("utf-8")
    (cell,) = re.findall(r'<td class="n m-error"[^>]*>9876', page)
    assert "9876" in cell


def test_drafts_in_an_archive_get_copies_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafts, copies = tmp_path / "草稿", tmp_path / "审阅稿"
    drafts.mkdir()
    with zipfile.ZipFile(drafts / "乡镇.zip", "w") as archive:
        archive.writestr("东 乡/甲.docx", changed(SHUYANG, WRONG))
        archive.writestr("西 乡/甲.docx", SHUYANG.read_bytes())
        archive.writestr("丙.html", SHANGHAI.read_bytes())
    for given, below in ((drafts, "乡镇.zip/"), (drafts / "乡镇.zip", "")):
        assert main(["check", str(given), "--annotate", str(copies / below)]) == 1
        assert "没有做成" not in capsys.readouterr().err
    written = sorted(p.relative_to(copies).as_posix() for p in copies.rglob("*") if p.is_file())
    mine = ["丙.勾稽.html", "东 乡/甲.勾稽.docx", "西 乡/甲.勾稽.docx"]
    assert written == sorted([*mine, *(f"乡镇.zip/乡镇.zip/{m}" for m in mine)])
    data = (copies / "东 乡/甲.勾稽.docx").read_bytes()
    assert plain_text(data) == plain_text(changed(SHUYANG, WRONG))
    assert findings(check_bytes(data)) == findings(check_bytes(changed(SHUYANG, WRONG)))


@pytest.mark.skipif(libreoffice() is None, reason="needs LibreOffice")
def test_an_old_draft_gets_a_word_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafts, copies = tmp_path / "草稿", tmp_path / "审阅稿"
    drafts.mkdir()
    (tmp_path / "甲.docx").write_bytes(changed(SHUYANG, WRONG))
    program = str(libreoffice())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    made = [
        program,
        profile,
        "--headless",
        "--convert-to",
        "doc:MS Word 97",
        "--outdir",
        str(drafts),
        tmp_path / "甲.docx",
    ]
    subprocess.run(made, check=True, capture_output=True, timeout=120)
    (drafts / "甲.doc").rename(drafts / "甲.wps")
    assert main(["check", str(drafts), "--annotate", str(copies)]) == 1
    capsys.readouterr()
    [copy] = copies.iterdir()
    assert copy.name == "甲.勾稽.docx"
    data = copy.read_bytes()
    assert findings(check_bytes(data)) == findings(checks.check(extract(drafts / "甲.wps")))
    assert any("最可能的改法" in text for texts in commented_cells(data).values() for text in texts)


def test_a_copy_never_lands_among_the_drafts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "甲.docx").write_bytes(SHUYANG.read_bytes())
    assert main(["check", str(tmp_path), "--annotate", str(tmp_path / "审阅稿")]) == 2
    assert "请另选一个文件夹" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["甲.docx"]


def test_nothing_is_said_to_be_written_where_nothing_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "教育局加密.docx").write_bytes(b"PK")
    main(["check", str(tmp_path / "教育局加密.docx"), "--annotate", str(tmp_path / "审阅稿")])
    out = capsys.readouterr()
    said = out.out + out.err
    assert "已写入" not in said and "没有写审阅稿" in said
    assert not list(tmp_path.glob("审阅稿/*"))
