"""The Word reader: grids with merges, what is printed of edits, fields and boxes, bounds on hostile packages."""

from __future__ import annotations

import io
import random
import re
import time
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Document, Table, UnreadableError
from parsers.readers import builder, word
from parsers.readers.word.package import MAX_TAGS
from schemas.facts import Place
from tests.parsers.tables.grids import Grid, as_wordml, grids, read_back

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{OFFICE}" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def package(body: str, *, main: str = "word/document.xml", raw: str | None = None, **parts: str) -> bytes:
    """A Word package around a body; ``parts`` are styles, comments (in word/) and core (in docProps/)."""
    document = raw if raw is not None else f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    folder = main.rpartition("/")[0]
    inner = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{part}" Target="{part}.xml"/>'
        for n, part in enumerate(parts)
        if part != "core"
    )
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{rels}"><Relationship Id="a" Type="{OFFICE}/officeDocument" Target="/{main}"/>'
            f'<Relationship Id="b" Type="{rels}/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
        )
        file.writestr(
            f"{folder}/_rels/{main.rpartition('/')[2]}.rels", f'<Relationships xmlns="{rels}">{inner}</Relationships>'
        )
        file.writestr(main, document)
        for part, content in parts.items():
            file.writestr("docProps/core.xml" if part == "core" else f"{folder}/{part}.xml", content)
    return out.getvalue()


def read(body: str, **parts: Any) -> Document:
    return word.read(package(body, **parts), "报告.docx")


def rows(table: Table) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in table.grid()]


def lines(document: Document) -> list[str]:
    return [p.text for p in document.paragraphs]


def notes(document: Document) -> list[tuple[str, str]]:
    return [(r.kind, r.text) for r in document.residue]


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def par(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content if content.startswith('<') else run(content)}</w:p>"


def tc(content: str, properties: str = "") -> str:
    inner = content if content.startswith(("<w:p>", "<w:tbl>", "<w:sdt>")) else par(content or run(""))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows_: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows_)}</w:tbl>"


def one_cell(content: str, **parts: Any) -> tuple[str, list[tuple[str, str]]]:
    """The text of a cell with this content, and the notes."""
    document = read(tbl(tr(tc("新收"), tc(content))), **parts)
    return str(rows(document.tables[0])[0][1]), notes(document)


# -- grids ----------------------------------------------------------------------------------------------------------


@given(grids())
@settings(max_examples=120, deadline=None)
def test_random_grids_read_back(grid: Grid) -> None:
    (table,) = read(as_wordml(grid)).tables
    assert read_back(table) == grid


def test_places_count_from_one() -> None:
    document = read(par("前") + tbl(tr(tc("a"), tc("1"))) + par("中") + tbl(tr(tc("b"), tc("2"))))
    second = document.tables[1]
    assert second.place(second.cells[1]) == Place(table=2, row=1, column=2)
    assert [p.place for p in document.paragraphs] == [Place(paragraph=1), Place(paragraph=2)]
    assert [type(b).__name__ for b in document.blocks] == ["Paragraph", "Table", "Paragraph", "Table"]


def test_columns_left_free_before_a_row() -> None:
    free = '<w:gridBefore w:val="2"/><w:gridAfter w:val="1"/>'
    document = read(tbl(tr(tc("a"), tc("b"), tc("c"), tc("d")), tr(tc("1"), properties=free)))
    assert rows(document.tables[0]) == [["a", "b", "c", "d"], [None, None, "1", None]]


def test_broken_merges_leave_cells_apart() -> None:
    go, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    document = read(
        tbl(
            tr(tc("甲", on), tc("1", go)),
            tr(tc("", on), tc("2")),
            tr(tc("乙", '<w:gridSpan w:val="1"/>'), tc("3", on)),
            tr(tc("丙", on + '<w:gridSpan w:val="2"/>')),
        )
    )
    # A merge that nothing began stands by itself; one that was broken off does not reach over the gap.
    assert rows(document.tables[0]) == [["甲", "1"], ["甲", "2"], ["乙", "3"], ["丙", "丙"]]


def test_text_in_a_merged_cell_is_not_printed() -> None:
    document = read(
        tbl(tr(tc("甲", '<w:vMerge w:val="restart"/>'), tc("1")), tr(tc("9", '<w:vMerge w:val="continue"/>'), tc("2")))
    )
    assert rows(document.tables[0]) == [["甲", "1"], ["甲", "2"]]
    assert notes(document) == [("hidden", "9")]


def test_horizontal_merges_of_old() -> None:
    document = read(
        tbl(tr(tc("甲", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), tc("1")), tr(tc("a"), tc("b"), tc("c")))
    )
    assert rows(document.tables[0]) == [["甲", "甲", "1"], ["a", "b", "c"]]


@pytest.mark.parametrize("value", ["0", "-2", "abc", ""])
def test_wrong_spans_count_as_one(value: str) -> None:
    document = read(tbl(tr(tc("a", f'<w:gridSpan w:val="{value}"/>'), tc("b")), tr(tc("1"), tc("2"))))
    assert rows(document.tables[0]) == [["a", "b"], ["1", "2"]]


def test_spans_beyond_all_bounds_reach_the_edge() -> None:
    document = read(
        tbl(
            tr(tc("标题", '<w:gridSpan w:val="1000000"/>')),
            tr(tc("x"), tc("y", '<w:gridSpan w:val="99999"/>'), tc("z")),
            tr(tc("1"), tc("2"), tc("3"), tc("4")),
        )
    )
    assert rows(document.tables[0]) == [["标题"] * 4, ["x", "y", "y", "z"], ["1", "2", "3", "4"]]


def test_nested_tables() -> None:
    inner = tbl(tr(tc("a"), tc("1")), tr(tc("b"), tc("2")))
    layout = tbl(tr(tc(par("一、总体") + inner + par("后")), tc(par("旁"))))
    document = read(layout)
    assert [rows(t) for t in document.tables] == [[["a", "1"], ["b", "2"]]]
    assert [getattr(b, "text", "表") for b in document.blocks] == ["一、总体", "表", "后", "旁"]
    boxed = read(tbl(tr(tc("新收"), tc(tbl(tr(tc("61"))) + par("")))))
    assert rows(boxed.tables[0]) == [["新收", "61"]]
    data = tbl(*(tr(tc(f"行{n}"), tc(str(n)), tc(str(n))) for n in range(3)), tr(tc("合计"), tc(inner), tc("3")))
    outer, second = read(data).tables
    assert [c.doubt for c in outer.cells if c.text.startswith("a")] == ["joined"]
    assert rows(second) == [["a", "1"], ["b", "2"]]


def test_content_controls_at_every_level() -> None:
    def sdt(content: str) -> str:
        return f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    document = read(
        sdt(par("块"))
        + sdt(tbl(sdt(tr(tc("a"), sdt(tc("1")))), tr(tc("b"), tc(sdt(par(run("2") + sdt(run("3"))))))))
        + f"<w:customXml>{par('外')}</w:customXml>"
    )
    assert lines(document) == ["块", "外"]
    assert rows(document.tables[0]) == [["a", "1"], ["b", "23"]]


# -- text -----------------------------------------------------------------------------------------------------------


def test_what_a_run_may_hold() -> None:
    content = (
        '<w:r><w:t>本年</w:t><w:br/><w:t>新收</w:t><w:tab/><w:t xml:space="preserve"> 3 </w:t><w:noBreakHyphen/><w:t>5</w:t>'
        '<w:softHyphen/><w:cr/><w:t>乙</w:t><w:lastRenderedPageBreak/><w:sym w:font="Symbol" w:char="F033"/>'
        '<w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="x" w:char="zz"/></w:r>'
    )
    assert lines(read(par(content))) == ["本年", "新收\t 3 -5", "乙3\uf0fc\ufffd"]


def test_text_where_the_format_has_none_is_not_passed_over() -> None:
    """A damaged tag: 15.15 must not become 15."""
    assert one_cell(par(f"<w:r><w:jc>15.</w:jc></w:r>{run('15')}"))[0] == "\ufffd15"
    unshown = "<w:r><w:lang> </w:lang><!-- 9 --><w:delText>9</w:delText><w:instrText>PAGE</w:instrText></w:r>"
    assert one_cell(par(unshown + run("15")))[0] == "15"


@pytest.mark.parametrize("tag", ["sz", "vAlign", "proofErr", "bookmarkStart", "tcW", "pPr"])
def test_runs_under_another_name_are_not_passed_over(tag: str) -> None:
    """A faulty program's ``<w:sz>`` for ``<w:r>``: half of a figure is not the figure."""
    other = f"<w:{tag}><w:rPr><w:b/></w:rPr><w:t>63</w:t></w:{tag}>"
    assert one_cell(par(run("4.") + other))[0] == "4.\ufffd"
    assert one_cell(par(other + run("4.")))[0] == "\ufffd4."
    assert one_cell(par(run("4") + f"<w:{tag}><w:t> </w:t></w:{tag}>"))[0] == "4"


def test_text_among_properties_is_not_passed_over() -> None:
    assert one_cell(par(f"<w:r><w:rPr><w:b/></w:rPr><w:rPr>52</w:rPr></w:r>{run('4.63')}"))[0] == "\ufffd4.63"
    lost = f"<w:tcPr><w:pPr><w:jc w:val='left'/></w:pPr>{run('12')}</w:tcPr>"
    assert one_cell(lost + par(""))[0].strip() == "\ufffd"


def test_text_split_over_runs_tags_and_links() -> None:
    content = (
        f"{run('3')}<w:proofErr/><w:bookmarkStart/>{run('1')}<w:smartTag>{run('1')}</w:smartTag>"
        f"<w:hyperlink>{run('9')}</w:hyperlink><w:bdo>{run('8')}</w:bdo><w:bookmarkEnd/>"
    )
    assert one_cell(par(content)) == ("31198", [])
    assert one_cell(par("<w:r><w:t>1<!-- 注 -->2<?x y?>3</w:t></w:r>"))[0] == "123"


def test_lines_of_a_cell() -> None:
    assert one_cell(par("结果") + par("") + par("维持"))[0] == "结果\n维持"
    assert one_cell(par("\u3000\xa0"))[0] == ""
    assert one_cell(par(" 1\xa0234 "))[0] == "1\xa0234"


def test_fields_show_their_result() -> None:
    def char(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = "<w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r>"
    assert one_cell(par(char("begin") + code + char("separate") + run("61") + char("end")))[0] == "61"
    assert one_cell(par(f"<w:fldSimple w:instr='PAGE'>{run('7')}</w:fldSimple>"))[0] == "7"
    nested = char("begin") + code + char("begin") + code + char("separate") + run("9") + char("end") + run("x")
    assert one_cell(par(nested + char("separate") + run("5") + char("end")))[0] == "5"
    # An instruction that never ends hides its own paragraph's rest only.
    assert lines(read(par(run("前") + char("begin") + code + run("隐")) + par("后"))) == ["前", "后"]
    assert lines(
        read(par(char("begin") + code + char("separate") + run("目录")) + par("一") + par(char("end") + run("尾")))
    ) == [*("目录", "一", "尾")]


def test_ruby_and_formulas() -> None:
    ruby = "<w:r><w:ruby><w:rt><w:r><w:t>kè</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>克</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    assert lines(read(par(run("攸") + ruby + run("县")))) == ["攸克县"]
    assert one_cell(par("<m:oMath><m:r><m:t>61</m:t></m:r></m:oMath>"))[0] == "61"


def test_note_marks_are_not_joined_to_figures() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    assert one_cell(par(run("22") + run("①", raised))) == ("22", [("note_mark", "①")])
    assert one_cell(par(run("22") + run("1", raised) + run("2", raised))) == ("22", [("note_mark", "12")])
    assert one_cell(par(run("2") + run("2", '<w:vertAlign w:val="baseline"/>'))) == ("22", [])
    assert one_cell(par(run("22") + '<w:r><w:footnoteReference w:id="1"/></w:r>' + run("件"))) == ("22件", [])
    own = '<w:r><w:endnoteReference w:customMarkFollows="1" w:id="1"/><w:t>3</w:t></w:r>'
    assert one_cell(par(run("22") + own)) == ("22", [("note_mark", "3")])
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:type="character" w:styleId="a3"><w:name w:val="footnote reference"/>'
        f"<w:rPr>{raised}</w:rPr></w:style></w:styles>"
    )
    assert one_cell(par(run("22") + run("1", '<w:rStyle w:val="a3"/>')), styles=styles) == ("22", [("note_mark", "1")])
    assert one_cell(par(run("总计") + run("1", raised)))[0] == "总计"
    assert one_cell(par(run("61", raised)))[0] == "61"


# -- what is not printed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("properties", "kind"),
    [
        ("<w:vanish/>", "hidden"),
        ('<w:vanish w:val="1"/>', "hidden"),
        ("<w:strike/>", "struck"),
        ("<w:dstrike/>", "struck"),
        ('<w:rStyle w:val="gone"/>', "hidden"),
    ],
)
def test_hidden_and_struck_text_is_left_out_and_noted(properties: str, kind: str) -> None:
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:type="character" w:styleId="base"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="gone"><w:basedOn w:val="base"/></w:style></w:styles>'
    )
    text, left = one_cell(par(run("1", properties) + run("2", properties) + run("3")), styles=styles)
    assert (text, left) == ("3", [(kind, "12")])


@pytest.mark.parametrize(
    "properties", ['<w:vanish w:val="0"/>', '<w:strike w:val="false"/>', '<w:dstrike w:val="off"/>', "<w:webHidden/>"]
)
def test_switched_off_properties_hide_nothing(properties: str) -> None:
    assert one_cell(par(run("12", properties))) == ("12", [])


def test_a_hidden_paragraph_mark_hides_no_text() -> None:
    assert one_cell(par("12", "<w:rPr><w:vanish/><w:strike/></w:rPr>")) == ("12", [])


def test_paragraph_styles_hide_unless_the_run_says_otherwise() -> None:
    styles = f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    document = read(
        par(run("隐") + run("现", '<w:vanish w:val="0"/>'), '<w:pStyle w:val="h"/>') + par("后"), styles=styles
    )
    assert lines(document) == ["现", "后"]
    assert [(r.text, r.place) for r in document.residue] == [("隐", Place(paragraph=1))]


def test_tracked_changes() -> None:
    deleted = "<w:del><w:r><w:delText>12</w:delText></w:r></w:del>"
    text, left = one_cell(par(deleted + f"<w:ins>{run('13')}</w:ins>"))
    assert (text, left) == ("13", [("tracked_deletion", "12"), ("tracked_insertion", "13")])
    text, left = one_cell(par(f"<w:moveFrom>{run('4')}</w:moveFrom>" + run("5") + f"<w:moveTo>{run('6')}</w:moveTo>"))
    assert (text, left) == ("56", [("tracked_deletion", "4"), ("tracked_insertion", "6")])
    assert one_cell(par(f"<w:ins><w:del>{run('7')}</w:del>{run('8')}</w:ins>"))[0] == "8"
    # Where the mark between them is deleted two paragraphs are one.
    assert lines(read(par("收到12", "<w:rPr><w:del/></w:rPr>") + par("件") + par("后", "<w:rPr><w:ins/></w:rPr>"))) == [
        "收到12件",
        "后",
    ]


def test_deleted_rows_and_cells() -> None:
    document = read(
        tbl(
            tr(tc("a"), tc("9", "<w:cellDel/>"), tc("1")),
            tr(tc("x"), tc("7"), properties="<w:del/>"),
            tr(tc("b"), tc("2"), properties="<w:ins/>"),
            tr(tc("y"), tc("6"), properties="<w:hidden/>"),
        )
    )
    assert rows(document.tables[0]) == [["a", "1"], ["b", "2"]]
    assert notes(document) == [("tracked_deletion", "9"), ("tracked_deletion", "x7"), ("hidden", "y6")]


def test_comments_are_noted_at_their_place() -> None:
    comments = f'<w:comments xmlns:w="{W}"><w:comment w:id="3">{par("请核实")}</w:comment></w:comments>'
    content = '<w:commentRangeStart w:id="3"/>' + run("61") + '<w:r><w:commentReference w:id="3"/></w:r>'
    document = read(tbl(tr(tc("新收"), tc(par(content)))), comments=comments)
    assert rows(document.tables[0]) == [["新收", "61"]]
    assert [(r.kind, r.text, r.place) for r in document.residue] == [
        ("comment", "请核实", Place(table=1, row=1, column=2))
    ]


# -- text boxes and pictures ----------------------------------------------------------------------------------------


def box(content: str, kind: str = "anchor") -> str:
    shape = f"<wps:wsp><wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx></wps:wsp>"
    drawing = (
        f"<w:drawing><wp:{kind}><a:graphic><a:graphicData>{shape}</a:graphicData></a:graphic></wp:{kind}></w:drawing>"
    )
    pict = f"<w:pict><v:shape><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape></w:pict>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{pict}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_text_boxes_once_and_behind_their_paragraph() -> None:
    inner = par(run("框") + box(par("内框"))) + tbl(tr(tc("a"), tc("1")))
    document = read(par(run("前") + box(inner) + run("文")) + par("后"))
    assert [getattr(b, "text", "表") for b in document.blocks] == ["前文", "框", "内框", "表", "后"]
    fallback = f"<w:r><mc:AlternateContent><mc:Fallback><w:pict><v:textbox><w:txbxContent>{par('旧框')}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    assert lines(read(par(run("正文") + fallback))) == ["正文", "旧框"]


def test_text_boxes_in_cells() -> None:
    floating = read(tbl(tr(tc("新收"), tc(par(run("22") + box(par("3")))))))
    assert rows(floating.tables[0]) == [["新收", "22"]]
    assert lines(floating) == ["3"]
    in_line = read(tbl(tr(tc("新收"), tc(par(box(par("22"), "inline"))))))
    assert rows(in_line.tables[0]) == [["新收", "22"]]


def test_pictures() -> None:
    assert read(par(run("图") + "<w:r><w:drawing><wp:inline><a:blip/></wp:inline></w:drawing></w:r>")).has_pictures
    assert read(par(run("图") + "<w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r>")).has_pictures
    assert not read(par(run("框") + box(par("字")))).has_pictures
    with pytest.raises(UnreadableError) as caught:
        read(par("<w:r><w:drawing><wp:inline><a:blip/></wp:inline></w:drawing></w:r>"))
    assert caught.value.kind == "scan"


# -- headings and metadata ------------------------------------------------------------------------------------------


def test_headings_come_from_styles_and_outline_levels() -> None:
    styles = f"""<w:styles xmlns:w="{W}">
      <w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 1"/></w:style>
      <w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>
      <w:style w:type="paragraph" w:styleId="b"><w:name w:val="标题 2"/></w:style>
      <w:style w:type="paragraph" w:styleId="c"><w:name w:val="正文"/><w:basedOn w:val="d"/></w:style>
      <w:style w:type="paragraph" w:styleId="d"><w:name w:val="x"/><w:basedOn w:val="c"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
    </w:styles>"""
    body = "".join(par(s, f'<w:pStyle w:val="{s}"/>') for s in ("2", "t", "b", "c", "none"))
    body += par("直接", '<w:outlineLvl w:val="0"/>') + par("正文级", '<w:outlineLvl w:val="9"/>')
    # An automatic number is not in the text and is not made up.
    body += par("总体情况", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    document = read(body, styles=styles)
    assert [p.heading for p in document.paragraphs] == [1, 1, 2, 3, None, 1, None, None]
    assert lines(document)[-1] == "总体情况"


def test_core_properties() -> None:
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title> 某区2023年报告 </dc:title><dc:creator>张三</dc:creator>'
        "<cp:lastModifiedBy>李四</cp:lastModifiedBy><cp:keywords/></cp:coreProperties>"
    )
    document = read(par("正文"), core=core)
    assert document.title == "某区2023年报告"
    assert document.metadata == {"title": "某区2023年报告", "creator": "张三", "lastmodifiedby": "李四"}
    assert read(par("正文"), core="<broken").metadata == {}


def test_strict_documents_and_other_main_parts() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    raw = f'<w:document xmlns:w="{strict}"><w:body>{par("正文")}{tbl(tr(tc("a"), tc("1")))}</w:body></w:document>'
    document = word.read(package("", raw=raw), "严格.docx")
    assert (lines(document), rows(document.tables[0])) == (["正文"], [["a", "1"]])
    assert lines(word.read(package(par("正文"), main="doc/main2.xml"), "x.docm")) == ["正文"]


# -- python-docx's own documents --------------------------------------------------------------------------------------


def test_a_document_by_python_docx() -> None:
    made = docx.Document()
    made.core_properties.title = "某区报告"
    made.add_heading("某区2023年政府信息公开工作年度报告", 0)
    made.add_heading("一、总体情况", 1)
    paragraph = made.add_paragraph("收到")
    paragraph.add_run("61").bold = True
    paragraph.add_run("件").font.size = Pt(9)
    paragraph.add_run("废").font.hidden = True
    paragraph.add_run("弃").font.strike = True
    table = made.add_table(3, 4)
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row.cells):
            cell.text = f"{r}{c}"
    table.cell(0, 1).merge(table.cell(0, 3)).text = "宽"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "高"
    made.add_comment(paragraph.runs, "批", "甲", "j")
    out = io.BytesIO()
    made.save(out)
    document = word.read(out.getvalue(), "a.docx")
    assert [(p.text, p.heading) for p in document.paragraphs] == [
        ("某区2023年政府信息公开工作年度报告", 1),
        ("一、总体情况", 1),
        ("收到61件", None),
    ]
    assert rows(document.tables[0]) == [["00", "宽", "宽", "宽"], ["高", "11", "12", "13"], ["高", "21", "22", "23"]]
    assert document.title == "某区报告"
    assert notes(document) == [("hidden", "废"), ("struck", "弃"), ("comment", "批")]


@pytest.mark.shared
def test_the_official_blank_form(shared: Path) -> None:
    data = (shared / "reports/blank-form-2021.docx").read_bytes()
    document = word.read(data, "blank-form-2021.docx")
    assert [(t.n_rows, t.n_columns) for t in document.tables] == [(14, 4), (28, 10), (4, 15)]
    second = rows(document.tables[1])
    assert second[2][3:] == ["自然人", "商业\n企业", "科研\n机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    assert second[3] == [*["一、本年新收政府信息公开申请数量"] * 3, *[""] * 7]
    assert [row[2] for row in second[23:26]] == [
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "3.其他",
    ]
    # python-docx's own, slow way gives the same text at every grid position.
    for table, theirs in zip(document.tables, docx.Document(io.BytesIO(data)).tables, strict=True):
        cells = [re.sub(r"\s", "", c.text) for c in theirs._cells]
        ours = [re.sub(r"\s", "", c.text) if c else None for row in table.grid() for c in row]
        assert ours == cells
    assert lines(document)[1:4] == ["一、总体情况", "（文字描述）", "二、主动公开政府信息情况"]


# -- hostile input --------------------------------------------------------------------------------------------------


def refused(data: bytes) -> str:
    started = time.process_time()
    with pytest.raises(UnreadableError) as caught:
        word.read(data, "恶意.docx")
    assert time.process_time() - started < 2
    assert "恶意.docx" in caught.value.message
    return caught.value.kind


GOOD = package(par("正文") + tbl(tr(tc("a"), tc("1"))))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (package(""), "empty"),
        (package(par(" ")), "empty"),
        (GOOD[: len(GOOD) // 2], "unreadable"),
        (GOOD[:-25], "unreadable"),
        (b"PK\x03\x04" + bytes(100), "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le"), "unreadable"),
        (b"<html><body>1</body></html>", "unreadable"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "scan"),
        (package("", raw="<w:document"), "unreadable"),
        (package("", raw=f'<w:document xmlns:w="{W}"/>'), "unreadable"),
        (package("", raw="<html><body>1</body></html>"), "unreadable"),
    ],
)
def test_what_is_no_word_document(data: bytes, kind: str) -> None:
    assert refused(data) == kind


def test_a_zip_of_something_else() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("xl/workbook.xml", "<a/>")
    with pytest.raises(UnreadableError, match="Excel"):
        word.read(out.getvalue(), "恶意.docx")


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "raw",
    [
        BOMB + f']><w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>',
        BOMB + f']><w:document xmlns:w="{W}" x="&i;"><w:body/></w:document>',
        f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>',
        f'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><w:document xmlns:w="{W}"><w:body/></w:document>',
    ],
)
def test_entities_and_dtds_are_refused(raw: str) -> None:
    assert refused(package("", raw=raw)) == "unreadable"
    utf16 = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(utf16, "w") as new:
        for name in old.namelist():
            new.writestr(name, raw.encode("utf-16") if name == "word/document.xml" else old.read(name))
    assert refused(utf16.getvalue()) == "unreadable"
    assert refused(package(par("正文"), styles=raw)) == "unreadable"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
        ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
        ("<w:ins>", "</w:ins>"),
        ("<w:customXml>", "</w:customXml>"),
        ("<w:p><w:r><w:pict><w:txbxContent>", "</w:txbxContent></w:pict></w:r></w:p>"),
        ("<x>", "</x>"),
    ],
)
@pytest.mark.parametrize("depth", [40, 230, 10_000])
def test_deep_nesting(start: str, end: str, depth: int) -> None:
    levels = min(depth, depth if depth > 1000 else depth // start.count("<"))
    data = package(start * levels + par("底") + end * levels + par("后"))
    if depth > 1000:
        assert refused(data) == "unreadable"
    else:
        assert lines(word.read(data, "深.docx"))[-1] == "后"


def test_zip_bombs() -> None:
    assert refused(package(par("1" * 39_000_000))) == "too_large"
    assert refused(package("<w:p/>" * 7_000_000)) == "too_large"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for n in range(6_000):
            file.writestr(f"word/{n}.xml", "")
    assert refused(out.getvalue()) == "too_large"


def test_too_many_tags() -> None:
    # Numbered, or it would be refused for its ratio.
    body = "".join(f"<w:p w:x='{n * 7919:x}'/>" for n in range(MAX_TAGS))
    assert refused(package(body)) == "too_large"


def test_endless_tables_are_cut_and_say_so() -> None:
    started = time.process_time()
    document = read(tbl(tr(tc("1"), tc("2")) * (builder.MAX_ROWS + 5)))
    assert document.tables[0].n_rows == builder.MAX_ROWS
    assert [p.kind for p in document.problems] == ["too_large"]
    wide = read(tbl(tr(tc("1") * (builder.MAX_COLUMNS + 5))))
    assert wide.tables[0].n_columns == builder.MAX_COLUMNS
    assert [p.kind for p in wide.problems] == ["too_large"]
    assert time.process_time() - started < 2


def numbered(piece: str, times: int) -> str:
    """The piece again and again, each time with another number for ``#``, or it would be refused for its ratio."""
    return "".join(piece.replace("#", str(n * 7919)) for n in range(times))


COMMENTED = '<w:r w:x="#"><w:commentReference w:id="1"/></w:r>'
LONG_COMMENT = f'<w:comments xmlns:w="{W}"><w:comment w:id="1">{"<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 20_000}</w:comment></w:comments>'
BEGUN = '<w:r w:x="#"><w:fldChar w:fldCharType="begin"/><w:fldChar w:fldCharType="separate"/></w:r>'
CHAIN = "".join(
    f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>' for n in range(20_000)
)


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (par("<w:ins>" * 200 + numbered('<w:r w:x="#"><w:t>1</w:t></w:r>', 20_000) + "</w:ins>" * 200), {}),
        (par(numbered(COMMENTED, 20_000) + run("1")), {"comments": LONG_COMMENT}),
        (par(numbered(BEGUN, 20_000)) + par("1") * 5_000, {}),
        (par("1"), {"styles": f'<w:styles xmlns:w="{W}">{CHAIN}</w:styles>'}),
        (numbered(f'<w:p w:x="#">{box(par("1"))}</w:p>', 5_000), {}),
    ],
    ids=["insertions", "comments", "fields", "styles", "boxes"],
)
def test_nothing_grows_faster_than_the_file(body: str, parts: dict[str, str]) -> None:
    data = package(body, **parts)
    started = time.process_time()
    word.read(data, "x.docx")
    assert time.process_time() - started < 2


def test_spans_of_ten_thousand_times_ten_thousand() -> None:
    started = time.process_time()
    wide = '<w:gridSpan w:val="10000"/><w:vMerge w:val="restart"/>'
    document = read(tbl(tr(tc("1", wide) * 100) * 50))
    assert document.tables[0].n_columns <= builder.MAX_COLUMNS
    assert time.process_time() - started < 2


def test_dangling_and_circular_relationships() -> None:
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/_rels/document.xml.rels":
                content = (
                    f'<Relationships xmlns="{rels}"><Relationship Id="a" Type="{OFFICE}/image" Target="NULL"/>'
                    f'<Relationship Id="b" Type="{OFFICE}/styles" Target="missing.xml"/>'
                    f'<Relationship Id="c" Type="{OFFICE}/comments" Target="document.xml"/>'
                    f'<Relationship Id="d" Type="{OFFICE}/hyperlink" Target="http://x/" TargetMode="External"/></Relationships>'
                ).encode()
            new.writestr(name, content)
    assert lines(word.read(out.getvalue(), "x.docx")) == ["正文"]


@given(st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
@pytest.mark.soak
def test_mutated_packages_fail_only_in_words(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(GOOD)
    for _ in range(chance.randrange(1, 6)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        word.read(bytes(data), "x.docx")
    except UnreadableError as error:
        assert error.message


@pytest.mark.soak
@pytest.mark.shared
def test_mutated_text_parts_fail_only_in_words(shared: Path) -> None:
    """Mutations inside the parts, which a zip's checksums would not let through."""
    with zipfile.ZipFile(shared / "reports/blank-form-2021.docx") as file:
        parts = {n: file.read(n) for n in file.namelist() if n.endswith((".xml", ".rels"))}
    chance = random.Random(20260102)
    targets = [
        "word/document.xml",
        "word/styles.xml",
        "_rels/.rels",
        "docProps/core.xml",
        "word/_rels/document.xml.rels",
    ]
    tags = re.findall(rb"</?w:\w+", parts["word/document.xml"])
    for _ in range(120):
        name = chance.choice(targets)
        data = bytearray(parts[name])
        for _ in range(chance.randrange(1, 5)):
            start = chance.randrange(len(data))
            match chance.randrange(3):
                case 0:
                    data[start] = chance.randrange(256)
                case 1:
                    # A tag by another name often stays well-formed and means something else.
                    old = chance.choice(tags)
                    at = data.find(old, start)
                    if at >= 0:
                        data[at : at + len(old)] = chance.choice(tags).replace(b"/", b"")
                case _:
                    del data[start : start + chance.randrange(1, 40)]
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as new:
            for part, content in parts.items():
                new.writestr(part, bytes(data) if part == name else content)
        try:
            word.read(out.getvalue(), "x.docx")
        except UnreadableError as error:
            assert error.message


# -- seen and unseen ---------------------------------------------------------------------------------------------------


def _run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def _one_cell(content: str, shading: str = "", table: str = "") -> tuple[str, str | None]:
    """Text and doubt of the second of two cells."""
    tcpr = f"<w:tcPr>{shading}</w:tcPr>"
    body = (
        f"<w:tbl>{table}<w:tr><w:tc><w:p>{_run('标签')}</w:p></w:tc>"
        f"<w:tc>{tcpr}<w:p>{content}</w:p></w:tc></w:tr></w:tbl>"
    )
    cell = word.read(package(body), "x.docx").tables[0].cells[1]
    return cell.text, cell.doubt


WHITE = '<w:color w:val="FFFFFF"/>'
DARK = '<w:shd w:val="clear" w:color="auto" w:fill="1F497D"/>'
PAPER = '<w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>'
STYLED = '<w:tblPr><w:tblStyle w:val="GridTable4"/></w:tblPr>'


@pytest.mark.parametrize(
    "white", [WHITE, '<w:color w:val="FEFEFE"/>', '<w:color w:val="auto" w:themeColor="background1"/>']
)
def test_text_in_the_colour_of_paper_is_not_seen(white: str) -> None:
    assert _one_cell(_run("9", white) + _run("558")) == ("558", None)
    assert _one_cell(_run("9", white) + _run("558"), shading=PAPER) == ("558", None)


def test_white_text_is_seen_on_a_ground_of_its_own() -> None:
    assert _one_cell(_run("558", WHITE), shading=DARK) == ("558", None)
    assert _one_cell(_run("558", WHITE + DARK)) == ("558", None)
    assert _one_cell(_run("558", WHITE + '<w:highlight w:val="darkBlue"/>')) == ("558", None)
    assert _one_cell("<w:pPr>" + DARK + "</w:pPr>" + _run("558", WHITE)) == ("558", None)
    # A light grey is pale and still seen; so is black said outright.
    assert _one_cell(_run("558", '<w:color w:val="D9D9D9"/>')) == ("558", None)


BLACK = '<w:color w:val="000000"/>'
ON_BLACK = '<w:shd w:val="clear" w:color="auto" w:fill="000000"/>'


@pytest.mark.parametrize(
    ("run", "shading"),
    [
        (BLACK + ON_BLACK, ""),
        (BLACK, ON_BLACK),
        (BLACK + '<w:highlight w:val="black"/>', ""),
        ('<w:color w:val="1F497D"/>', DARK),
        ('<w:color w:val="1B4580"/>', DARK),
        (BLACK, '<w:shd w:val="solid" w:color="000000" w:fill="FFFFFF"/>'),
        ('<w:color w:val="auto" w:themeColor="text1"/>', '<w:shd w:val="clear" w:fill="auto" w:themeFill="text1"/>'),
    ],
)
def test_text_in_the_colour_of_its_ground_is_not_seen(run: str, shading: str) -> None:
    assert _one_cell(_run("9", run) + _run("558", '<w:color w:val="FF9900"/>'), shading=shading) == ("558", None)


def test_text_that_its_ground_does_not_hide_is_seen() -> None:
    # Automatic text is white on a dark ground, and black on paper.
    assert _one_cell(_run("558"), shading=ON_BLACK) == ("558", None)
    assert _one_cell(_run("558", '<w:color w:val="auto"/>'), shading=ON_BLACK) == ("558", None)
    assert _one_cell(_run("558", BLACK) + _run("", WHITE)) == ("558", None)
    assert _one_cell(_run("558", WHITE), shading='<w:shd w:val="pct50" w:color="auto" w:fill="FFFFFF"/>') == (
        "558",
        None,
    )
    assert _one_cell(_run("558", '<w:color w:val="181818"/>'), shading=ON_BLACK) == ("558", "hidden")


def test_digits_that_are_turned_round_are_not_read_as_they_are_written() -> None:
    turned = "<w:bdo w:val='{}'>" + _run("62") + "</w:bdo>"
    assert "6" not in _one_cell(turned.format("rtl"))[0]
    assert "6" not in _one_cell(_run("\u202e6") + _run("2\u202c"))[0]
    assert _one_cell(turned.format("ltr")) == ("62", None)
    assert _one_cell(_run("\u202e5\u202c")) == ("5", None)
    assert _one_cell(_run("\u206762\u2069")) == ("62", None)


def _numbered_cells(levels: str, *contents: str, nums: str = "", **parts: str) -> list[tuple[str, str | None]]:
    """Text and doubt of the cells behind a label, in a document with one list."""
    nums = nums or '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    lists = f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>{nums}</w:numbering>'
    cells = "".join(f"<w:tc><w:p>{content}</w:p></w:tc>" for content in (_run("标签"), *contents))
    table = word.read(package(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>", numbering=lists, **parts), "x.docx").tables[0]
    return [(cell.text, cell.doubt) for cell in table.cells[1:]]


def _level(shape: str = "%1", kind: str = "decimal", start: int = 4996, more: str = "", level: int = 0) -> str:
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{shape}"/>'
        f"{more}</w:lvl>"
    )


def _in_list(text: str = "", number: int = 1, level: int = 0) -> str:
    return f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>' + (
        _run(text) if text else ""
    )


def test_a_number_that_word_sets_by_itself_is_the_figure_of_its_cell() -> None:
    assert _numbered_cells(_level(), _in_list()) == [("4996", None)]
    assert _numbered_cells(_level(start=3), _in_list(), _in_list(), _run("8")) == [
        ("3", None),
        ("4", None),
        ("8", None),
    ]
    restarted = (
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="21"/>'
        "</w:lvlOverride></w:num>"
    )
    assert _numbered_cells(_level(), _in_list(), _in_list(), nums=restarted) == [("21", None), ("22", None)]


def test_nothing_stands_before_a_bullet_or_outside_of_any_list() -> None:
    assert _numbered_cells(_level(kind="bullet"), _in_list(), _in_list("5")) == [("", None), ("5", None)]
    assert _numbered_cells(_level(), _in_list(number=0), _in_list("5", number=9)) == [("", None), ("5", None)]
    # A label keeps its words.
    assert _numbered_cells(_level(), _in_list("总计")) == [("总计", None)]


@pytest.mark.parametrize(
    ("levels", "cell"),
    [
        (_level(kind="chineseCounting"), _in_list()),
        (_level(more="<w:rPr><w:vanish/></w:rPr>"), _in_list()),
        (_level() + _level("%1.%2", level=1), _in_list(level=1)),
    ],
)
def test_a_number_that_is_not_certain_leaves_no_blank(levels: str, cell: str) -> None:
    assert _numbered_cells(levels, cell) == [("", "picture")]


def test_a_list_that_styles_or_boxes_put_paragraphs_into_is_not_counted() -> None:
    """Others than the paragraphs that name it may be in it, and the number is then another."""
    in_list = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = f'<w:styles {NAMESPACES}><w:style w:type="paragraph" w:styleId="a">{in_list}</w:style></w:styles>'
    assert _numbered_cells(_level(), _in_list(), styles=styles) == [("", "picture")]
    assert _numbered_cells(_level(), _in_list(), styles=styles.replace('w:val="1"', 'w:val="2"')) == [("4996", None)]
    assert _numbered_cells(_level(more='<w:pStyle w:val="a"/>'), _in_list()) == [("", "picture")]
    box = f"<w:r><w:pict><w:txbxContent><w:p>{_in_list('甲')}</w:p></w:txbxContent></w:pict></w:r>"
    assert _numbered_cells(_level(), _run("3") + box, _in_list())[1] == ("", "picture")


def test_a_number_before_a_figure_leaves_it_uncertain() -> None:
    assert _numbered_cells(_level(start=1), _in_list("5")) == [("5", "joined")]
    two = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="7"/></w:num>' for n in (1, 2))
    assert _numbered_cells(_level(), _in_list(), _in_list(number=2), nums=two) == [("", "picture")] * 2


def test_where_a_tables_style_may_give_the_ground_white_figures_are_not_certain() -> None:
    assert _one_cell(_run("9", WHITE) + _run("558"), table=STYLED) == ("9558", "hidden")
    assert _one_cell(_run("558"), table=STYLED) == ("558", None)


def test_what_is_set_too_small_to_see_is_not_seen() -> None:
    assert _one_cell(_run("9", '<w:sz w:val="2"/>') + _run("558")) == ("558", None)
    assert _one_cell(_run("558", '<w:sz w:val="16"/>')) == ("558", None)


def test_a_digit_off_its_line_beside_a_figure_is_not_certain() -> None:
    assert _one_cell(_run("558") + _run("1", '<w:position w:val="10"/><w:sz w:val="12"/>'))[1] == "raised"
    # A whole figure that was moved is a figure, a mark at a label is a mark.
    assert _one_cell(_run("558", '<w:position w:val="-4"/>')) == ("558", None)
    assert _one_cell(_run("自然人") + _run("1", '<w:position w:val="10"/>')) == ("自然人", None)
    assert _one_cell(_run("558", '<w:position w:val="0"/>') + _run("1")) == ("5581", None)


PICTURE = (
    "<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><a:blip r:embed='rId9'/></a:graphicData></a:graphic>"
    "</wp:inline></w:drawing></w:r>"
)


@pytest.mark.parametrize(
    "thing",
    [
        PICTURE,
        "<w:r><w:object><v:shape><v:imagedata r:id='rId9'/></v:shape></w:object></w:r>",
        "<w:r><w:pict><v:shape><v:textpath string='31'/></v:shape></w:pict></w:r>",
        "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList><w:listEntry w:val='31'/></w:ddList></w:ffData>"
        "</w:fldChar></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>",
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>EQ \\o(3,1)</w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r>",
    ],
    ids=["picture", "object", "word-art", "drop-down", "formula"],
)
def test_what_is_seen_and_is_no_text_is_never_blank(thing: str) -> None:
    assert _one_cell(thing) == ("", "picture")
    assert _one_cell(_run("31") + thing) == ("31", "picture")
    # Beside words it is an ornament.
    assert _one_cell(_run("自然人") + thing) == ("自然人", None)


def test_a_sum_without_its_result_and_a_box_over_a_cell_are_no_blanks() -> None:
    """Word works the sum out when it opens the file; the figure of the cell floats over it."""
    begin, end = (f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>" for kind in ("begin", "end"))
    instruction = "<w:r><w:instrText> =SUM(LEFT) </w:instrText></w:r>"
    assert _one_cell(begin + instruction + end) == ("", "picture")
    result = "<w:r><w:fldChar w:fldCharType='separate'/></w:r>" + _run("31")
    assert _one_cell(begin + instruction + result + end) == ("31", None)
    box = "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    assert _one_cell(box.format(par("31")))[1] == "picture"
    assert _one_cell(box.format(par("此处盖章"))) == ("", None)


def test_a_package_in_one_xml_file_is_read() -> None:
    main = f"<w:document {NAMESPACES}><w:body>{par('正文')}</w:body></w:document>"
    flat = (
        '<?xml version="1.0" standalone="yes"?><?mso-application progid="Word.Document"?>'
        '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
        f'<pkg:part pkg:name="/word/document.xml"><pkg:xmlData>{main}</pkg:xmlData></pkg:part></pkg:package>'
    ).encode()
    assert lines(word.read(flat, "报告.doc")) == ["正文"]
    bomb = flat.replace(b"<?mso", b'<!DOCTYPE x [<!ENTITY a "b">]><?mso')
    with pytest.raises(UnreadableError):
        word.read(bomb, "报告.doc")
