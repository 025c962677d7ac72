"""Reviewed copies of PDFs: highlights and notes behind the file's end, at the figures that are meant."""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as c
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

import checks
from data.generator import clean_layout, make_truth, random_layout, render
from gouji.cli import main
from gouji.pdf.marking import Mark, marks_of
from gouji.pdf.reviewed_copy import pdf_copy
from gouji.pdf.update import Name, Update
from gouji.show.remarks import remarks_on
from parsers import extract
from parsers.files import marks
from parsers.readers.pdf.calls import LOCK
from schemas.findings import Checked

RED = (255, 158, 158)


def check_bytes(data: bytes) -> Checked:
    return checks.check(extract(Path("草稿.pdf"), data))


def findings(checked: Checked) -> list[tuple[object, ...]]:
    return [(f.rule, f.outcome, f.severity, f.cells, f.place, f.message) for f in checked.findings]


def copy_of(data: bytes) -> bytes:
    return pdf_copy(data, "草稿.pdf", marks_of(remarks_on(check_bytes(data), "zh")))


def _text(annotation: Any, key: bytes) -> str:
    out = (ctypes.c_ushort * 4000)()
    n = c.FPDFAnnot_GetStringValue(annotation, key, out, 8000)
    return bytes(out)[: max(n - 2, 0)].decode("utf-16-le")


def annotations(data: bytes) -> Iterator[tuple[int, str, str, str]]:
    """Page, author, text and the printed words under the marks of every annotation."""
    with LOCK:
        document = pypdfium2.PdfDocument(data)
        for number, page in enumerate(document, start=1):
            words = page.get_textpage()
            for i in range(c.FPDFPage_GetAnnotCount(page)):
                annotation = c.FPDFPage_GetAnnot(page, i)
                quad, under = c.FS_QUADPOINTSF(), []
                for n in range(c.FPDFAnnot_CountAttachmentPoints(annotation)):
                    c.FPDFAnnot_GetAttachmentPoints(annotation, n, quad)
                    under.append(words.get_text_bounded(quad.x3, quad.y3, quad.x2, quad.y2))
                yield number, _text(annotation, b"T"), _text(annotation, b"Contents"), "".join(under)
                c.FPDFPage_CloseAnnot(annotation)
        document.close()


@pytest.fixture(scope="module")
def wrong() -> tuple[bytes, str]:
    """A drawn PDF with one wrong figure, and that figure."""
    truth = make_truth(1, "2021", year=2024, errors=("digit_swap",))
    data = render(truth, random_layout(1, "pdf-drawn"))
    [explanation] = check_bytes(data).explanations
    assert explanation.changes is not None
    [change] = explanation.changes
    return data, str(change.printed)


def varied(data: bytes, rotation: int, *, cropped: bool) -> bytes:
    with LOCK:
        document = pypdfium2.PdfDocument(data)
        for page in document:
            page.set_rotation(rotation)
            if cropped:
                left, bottom, right, top = page.get_mediabox()
                page.set_mediabox(left - 40, bottom - 70, right + 30, top + 60)
                page.set_cropbox(left + 10, bottom + 20, right - 5, top - 8)
        out = io.BytesIO()
        document.save(out)
        document.close()
    return out.getvalue()


def with_xref_stream(data: bytes) -> bytes:
    """The same file with a cross-reference stream at its end, as newer programs write it."""
    start = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    root = re.findall(rb"/Root\s+\d+\s+\d+\s+R", data)[-1]
    size = int(re.findall(rb"/Size\s+(\d+)", data)[-1])
    at = len(data)
    entry = b"\x01" + at.to_bytes(4, "big") + b"\x00"
    head = b"%d 0 obj\n<</Type/XRef/W[1 4 1]/Index[%d 1]/Size %d/Prev %d%s/Length 6>>\nstream\n" % (
        *(size, size, size + 1, start),
        root,
    )
    return data + head + entry + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at


def locked(password: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(password, ownerPassword="x", canModify=0))
    canvas.drawString(50, 700, "2024")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_the_file_stays_byte_for_byte_and_the_wrong_figure_is_marked(wrong: tuple[bytes, str]) -> None:
    data, figure = wrong
    copy = copy_of(data)
    assert copy.startswith(data)
    assert len(copy) < len(data) + 20_000
    found = list(annotations(copy))
    assert {author for _, author, _, _ in found} == {"勾稽"}
    [text] = [text for _, _, text, under in found if under.strip() == figure]
    assert text.startswith("【错误】") and "最可能的改法" in text
    assert findings(check_bytes(copy)) == findings(check_bytes(data))


@pytest.mark.parametrize(("rotation", "cropped"), [(0, True), (90, True), (180, False), (270, True)])
def test_turned_and_cropped_pages_are_marked_where_the_figure_stands(
    wrong: tuple[bytes, str], rotation: int, cropped: bool
) -> None:
    data, figure = varied(wrong[0], rotation, cropped=cropped), wrong[1]
    copy = copy_of(data)
    assert [under.strip() for _, _, text, under in annotations(copy) if "最可能的改法" in text] == [figure]
    assert findings(check_bytes(copy)) == findings(check_bytes(data))


def test_the_mark_is_seen_on_the_page(wrong: tuple[bytes, str]) -> None:
    def reds(data: bytes) -> int:
        with LOCK:
            document = pypdfium2.PdfDocument(data)
            count = sum(
                n
                for page in document
                for n, colour in page.render(scale=1).to_pil().convert("RGB").getcolors(1_000_000) or ()
                if colour[0] > 240 and abs(colour[1] - RED[1]) < 6 and abs(colour[2] - RED[2]) < 6
            )
            document.close()
        return count

    assert reds(wrong[0]) == 0
    assert reds(copy_of(wrong[0])) > 100


def test_annotations_of_others_stay_and_a_second_review_replaces_ours(wrong: tuple[bytes, str]) -> None:
    update = Update(wrong[0])
    page = update.pages - 1
    own = {
        "Type": Name("Annot"),
        "Subtype": Name("Square"),
        "Rect": [50, 50, 90, 70],
        "Contents": "领导意见",
        "T": "张三",
    }
    update.annotate(page, [update.add(own)])
    data = update.written()
    copy = copy_of(data)
    for again in (copy, copy_of(copy)):
        found = [(author, text) for _, author, text, _ in annotations(again)]
        assert ("张三", "领导意见") in found
        assert sum("最可能的改法" in text for _, text in found) == 1


def test_a_file_with_a_cross_reference_stream_goes_on_with_one(wrong: tuple[bytes, str]) -> None:
    data = with_xref_stream(wrong[0])
    assert findings(check_bytes(data)) == findings(check_bytes(wrong[0]))
    copy = copy_of(data)
    assert copy[len(data) :].count(b"/Type /XRef") == 1 and b"\nxref\n" not in copy[len(data) :]
    assert [under.strip() for _, _, text, under in annotations(copy) if "最可能的改法" in text] == [wrong[1]]
    # Another library follows it as well.
    assert Update(copy).pages == Update(data).pages
    assert any(Update(copy).annotations(i) for i in range(Update(copy).pages))


def test_what_cannot_be_continued_for_certain_is_refused(wrong: tuple[bytes, str]) -> None:
    mark = [Mark(1, "error", [(50.0, 50.0, 80.0, 70.0)], "x")]
    for data in (
        b"\n\n" + wrong[0],
        wrong[0].replace(b"startxref", b"startxxxx"),
        re.sub(rb"startxref\s+\d+", b"startxref\n9", wrong[0]),
        locked(""),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            pdf_copy(data, "草稿.pdf", mark)


def test_a_sentence_is_marked_line_by_line() -> None:
    truth = make_truth(5, "2021", year=2024, size="small")
    data = render(truth, clean_layout("pdf-drawn"))
    report = extract(Path("草稿.pdf"), data).reports[0]
    passage = max(report.passages, key=lambda p: len(p.text))
    copy = pdf_copy(data, "草稿.pdf", [Mark(passage.place.page or 1, "warning", [], "核对", passage.text)])
    [under] = [under for _, _, text, under in annotations(copy) if text == "核对"]
    assert "".join(under.split()) == "".join(passage.text.split())


def test_the_command_writes_pdf_and_page_that_are_known_again(
    wrong: tuple[bytes, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drafts = tmp_path / "草稿"
    drafts.mkdir()
    (drafts / "甲.pdf").write_bytes(wrong[0])
    (drafts / "乙.pdf").write_bytes(b"\n\n" + wrong[0])
    assert main(["check", str(drafts), "--annotate", str(tmp_path / "审阅")]) == 1
    assert "乙.pdf：审阅稿只做成网页" in capsys.readouterr().err
    written = {p.name: p.read_bytes() for p in (tmp_path / "审阅").iterdir()}
    assert set(written) == {"甲.勾稽.pdf", "甲.勾稽.html", "乙.勾稽.html"}
    assert written["甲.勾稽.html"].count(b"m-error") == written["乙.勾稽.html"].count(b"m-error") > 0
    assert marks.of(written["甲.勾稽.pdf"]) == marks.Mark("copy", True)
    # Among the drafts it is passed over, also when another program has saved something behind it.
    (drafts / "甲.勾稽.pdf").write_bytes(written["甲.勾稽.pdf"])
    update = Update(written["甲.勾稽.pdf"])
    update.annotate(0, [])
    (drafts / "甲.勾稽2.pdf").write_bytes(update.written())
    assert marks.of(update.written()) == marks.Mark("copy", False)
    main(["check", str(drafts)])
    assert "勾稽.pdf" not in (out := capsys.readouterr().out) and "勾稽2.pdf" not in out


def _breaks(folder: Path, package: str, why: str) -> None:
    """A package that cannot be imported: found before the installed one, by children as well."""
    (folder / package).mkdir(parents=True)
    (folder / package / "__init__.py").write_text(f"raise ImportError({why!r})\n", "utf-8")


def test_a_library_of_ciphers_that_does_not_load_is_not_missed(
    wrong: tuple[bytes, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in the Windows folder, where a system lacks what the library needs: no PDF is encrypted here."""
    _breaks(tmp_path / "broken", "cryptography", "DLL load failed while importing _rust")
    monkeypatch.syspath_prepend(str(tmp_path / "broken"))
    (tmp_path / "甲.pdf").write_bytes(wrong[0])
    assert main(["check", str(tmp_path / "甲.pdf"), "--annotate", str(tmp_path / "审阅")]) == 1
    said = capsys.readouterr().err
    assert "网页" not in said and "安装" not in said and "损坏" not in said
    copy = (tmp_path / "审阅" / "甲.勾稽.pdf").read_bytes()
    assert [under.strip() for _, _, text, under in annotations(copy) if "最可能的改法" in text] == [wrong[1]]


def test_what_cannot_be_imported_is_no_fault_of_the_file_and_the_page_is_written(
    wrong: tuple[bytes, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _breaks(tmp_path / "broken", "pdfminer", "DLL load failed while importing _x")
    monkeypatch.syspath_prepend(str(tmp_path / "broken"))
    (tmp_path / "甲.pdf").write_bytes(wrong[0])
    assert main(["check", str(tmp_path / "甲.pdf"), "--annotate", str(tmp_path / "审阅")]) == 2
    said = capsys.readouterr().err
    assert "第二个读取引擎不能用" in said
    assert "审阅稿只做成网页（安装不完整" in said and "_x；请重新安装" in said
    assert "损坏" not in said and "加密" not in said
    assert [p.name for p in (tmp_path / "审阅").iterdir()] == ["甲.勾稽.html"]
