"""The summed form as a Word file: ours, or the user's own blank form filled in.

Belongs here: what stands in the summed report, and putting figures into somebody's blank form. Does not belong here: our
form's layout (`gouji.word.official_form`), the sums (`sums`).
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from gouji.drafting import sentences
from gouji.word import new, official_form
from gouji.word.official_form import Content, printed
from gouji.word.package import FAULTS, opened, parsed, serialised
from gouji.word.shading import shade
from gouji.words import say
from parsers.document import UnreadableError
from schemas.facts import Report

from . import absent, doubts
from .model import Reason, Rollup

# Who reports to a government of each level, in a sentence.
_BELOW = {
    "province": "省直各部门和各市",
    "prefecture": "市直各部门和各县（市、区）",
    "county": "各部门、各乡镇（街道）",
}


def drawn(result: Rollup) -> bytes:
    """The summed report on our own form. Cells without a sum stay empty and are shaded. Raises KeyError for a form without a layout."""
    form = result.form_data
    whole = sentences.area_words(result.issuer, result.level)
    written = sentences.write(result.values, form, result.year or 0, whole, result.variant)
    year = result.year or "××"
    opening = (
        f"根据《中华人民共和国政府信息公开条例》和{form.basis}的要求，本报告汇总{_BELOW.get(result.level or '', '各部门、各单位')}"
        f"的报告编制而成。所列数据的统计期限为{year}年1月1日至{year}年12月31日。"
    )
    sections = official_form.to_be_written(form, written.paragraphs)
    content = Content(
        form,
        f"{result.issuer}{year}年{form.title}",
        [opening],
        sections,
        {a: printed(v) for a, v in result.values.items()},
        result.variant,
        open=[c.address for c in result.open_cells],
        signature=official_form.signed(result.issuer, result.year),
        notice=_notice(result),
    )
    return official_form.document(content)


def filled(result: Rollup, template: Path) -> tuple[bytes, list[Reason]]:
    """The user's blank form with the sums in its cells, and what of it did not fit.

    Everything else of the file stays as it is. Raises `UnreadableError`, OSError.
    """
    from parsers import extract
    from parsers.readers.word import origins

    data = template.read_bytes()
    extraction = extract(template, data)
    report = next((r for r in extraction.reports if r.facts), None)
    if report is None:
        why = extraction.problems[0].message if extraction.problems else f"{template.name}：模板里没有找到统计表。"
        raise UnreadableError("no_report", why)
    said, report = report.form_said, report.on(result.form)
    if report is None:
        raise UnreadableError(
            "no_report",
            f"{template.name}：模板的表式是 {said}，草稿的是 {result.form}，不能填。请换用对应年度的模板。",
        )
    found = origins(data, template.name)
    places = _places(report)
    figures = {a: printed(v) for a, v in result.values.items() if a in places and places[a] in found.cells}
    held = {f.address for f in report.facts if f.kind != "blank"} | {u.address for u in report.unresolved}
    # What the template held where there is no sum is no part of it.
    cleared = [a for a in result.cells if a in held and a not in result.values and places.get(a) in found.cells]
    figures |= dict.fromkeys(cleared, "")
    cells = {found.cells[places[a]]: text for a, text in figures.items()}
    notes = [
        Reason("template_lacks", {"cell": a}) for a in result.cells if a not in places or places[a] not in found.cells
    ]
    overwritten = [f.address for f in report.facts if f.kind in ("number", "text") and f.address in result.values]
    overwritten += [u.address for u in report.unresolved if u.address in result.values]
    if overwritten:
        notes.append(Reason("template_had", {"n": len(overwritten)}))
    if cleared:
        notes.append(Reason("template_cleared", {"n": len(cleared)}))
    waiting = {found.cells[places[a]] for a in result.cells if a not in result.values and places.get(a) in found.cells}
    return _with_texts(data, template.name, found.member, cells, waiting, _notice(result)), notes


def _notice(result: Rollup) -> list[str]:
    """What is not in the sums, for the first page: who prints it has no screen beside it."""
    told = absent.notice(result)
    doubted = doubts.on_paper(result)
    if told is None:
        return [*doubted, say("zh", "rollup.doubts_drop")] if doubted else []
    return [*told.text().splitlines(), *doubted, say("zh", "rollup.notice_drop")]


def _places(report: Report) -> dict[str, tuple[int, int, int]]:
    out: dict[str, tuple[int, int, int]] = {}
    found = [(f.address, f.place) for f in report.facts] + [(u.address, u.place) for u in report.unresolved]
    for address, place in found:
        if place.table and place.row and place.column:
            out[address] = (place.table, place.row, place.column)
    return out


def _with_texts(
    data: bytes, name: str, member: str, cells: Mapping[int, str], waiting: Collection[int], notice: Sequence[str]
) -> bytes:
    """The package with the text of some cells of a part replaced, by their position among all elements.

    ``waiting`` are shaded, because a figure is still to come; the ``notice`` comes before all else. Raises `UnreadableError`.
    """
    try:
        with opened(data) as package:
            root = parsed(package.read(member))
            # Looked up by their position in the file, so all of them before any is changed.
            elements = list(root.iter("*"))
            for i, text in cells.items():
                _write(elements[i], text)
            for i in waiting:
                shade(elements[i], official_form.OPEN_SHADE)
            _head(root, notice)
            return package.with_parts({member: serialised(root)})
    except (ValueError, *FAULTS) as error:
        raise UnreadableError(
            "unreadable", f"{name}：模板的内部结构不完整，填不进去。请在 Word 或 WPS 中打开，另存为 .docx 后再试。"
        ) from error


def _head(root: Any, notice: Sequence[str]) -> None:
    """Put paragraphs at the beginning of a document."""
    body = next((e for e in root if etree.QName(e).localname == "body"), None)
    if body is None or not notice:
        return
    space = etree.QName(body).namespace
    written = etree.fromstring(f'<w:body xmlns:w="{space}">{"".join(new.boxed(notice))}</w:body>')
    for i, paragraph in enumerate(written):
        body.insert(i, paragraph)


def _write(cell: Any, text: str) -> None:
    """Put a text into a w:tc, in the look of what stood there, of its paragraph or of its row's labels."""
    w = f"{{{etree.QName(cell).namespace}}}"
    paragraph = cell.find(f"{w}p")
    if paragraph is None:
        paragraph = etree.SubElement(cell, f"{w}p")
    runs = list(cell.iter(f"{w}r"))
    look = next((r.find(f"{w}rPr") for r in runs if r.find(f"{w}rPr") is not None), None)
    if look is None:
        look = paragraph.find(f"{w}pPr/{w}rPr")
    if look is None:
        row = cell.getparent()
        look = next((p for p in row.iter(f"{w}rPr") if p.getparent().tag == f"{w}r"), None)
    for run in runs:
        for child in list(run):
            if child.tag != f"{w}rPr":
                run.remove(child)
    run = next((r for r in paragraph.iter(f"{w}r")), None)
    if run is None:
        run = etree.SubElement(paragraph, f"{w}r")
    if look is not None and run.find(f"{w}rPr") is None:
        properties = copy.deepcopy(look)
        properties.tag = f"{w}rPr"
        run.insert(0, properties)
    written = etree.SubElement(run, f"{w}t")
    written.text = text
