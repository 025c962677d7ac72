"""The one description of every table, view and column of the warehouse.

Belongs here: names, types, units and meaning (Chinese and English), and what is generated from them: DuckDB DDL with
comments, Arrow schemas of the record, pandera schemas, the data dictionary (`python -m schemas.database.tables`).
Does not belong here: how rows are made and loaded (`flows`).

Wide views take their columns from the forms (`schemas.forms`), so a form added as data widens them by itself.
pandera, pandas and pyarrow are imported inside the functions that need them: a clerk's command needs none of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any, get_args

from schemas import forms
from schemas.facts import Kind, Method, ProblemKind
from schemas.findings import Severity

from . import analysis, collected, expected
from .table_model import (
    BIGINT,
    BOOLEAN,
    BOX,
    DATE,
    DECIMAL,
    DECIMALS,
    INSTANT,
    INTEGER,
    PERIODS,
    PLACE,
    PRECISION,
    RESERVED,
    SCALE,
    SCOPES,
    SHA256,
    STANDINGS,
    TERMS,
    TEXT,
    TEXTS,
    VERSIONS,
    Column,
    Table,
    View,
    literal,
    made,
    quoted,
)


def _key(nullable: bool = False) -> Column:
    return Column(
        "report_key",
        BIGINT,
        "报告键：由 report_id 算出的整数",
        "report: an integer made from report_id",
        nullable,
        minimum=0,
    )


def _versions() -> Column:
    return Column("versions", VERSIONS, "程序、解析器、表式、规则的版本", "versions of gouji, parser, forms and rules")


def _place_columns() -> tuple[Column, ...]:
    return (
        Column("page", INTEGER, "页码，从 1 起；仅 PDF", "page, from 1; PDF only", True, minimum=1),
        Column("table", INTEGER, "文件中第几个表格，从 1 起", "table of the document, from 1", True, minimum=1),
        Column("row", INTEGER, "表格的第几行，从 1 起", "row of that table, from 1", True, minimum=1),
        Column("column", INTEGER, "表格的第几列，从 1 起", "column of that table, from 1", True, minimum=1),
        Column("line", INTEGER, "第几行文字；仅纯文本", "line; plain text only", True, minimum=1),
        Column("paragraph", INTEGER, "第几段", "paragraph", True, minimum=1),
        Column(
            "box",
            BOX,
            "页面上的方框 x0, top, x1, bottom；仅 PDF",
            "x0, top, x1, bottom on the page; PDF only",
            True,
            "pt",
        ),
    )


_TABLE_CODE = Column("table_code", TEXT, "法定表的代码", "code of the statutory table")
_ROW_CODE = Column("row_code", TEXT, "行的代码", "code of the row")
_COLUMN_CODE = Column("column_code", TEXT, "列的代码", "code of the column")
_ADDRESS = Column("address", TEXT, "单元格地址：表.行.列", "the cell: table.row.column")
_ISSUER_ID = Column("issuer_id", TEXT, "发布机关", "issuer", True)
_LEVEL = Column(
    "level", TEXT, "级别：nation、province、prefecture、county、township、zone", "level of government", True
)
_ISSUER_KIND = Column(
    "kind", TEXT, "机关类别：government、office、department、township、zone、vertical", "kind of authority", True
)
_DIVISION = Column("division_code", TEXT, "行政区划代码", "administrative division code", True)

# A rule's word on a place of a report or a circular: where it is broken, and where it could not be assessed.
_FINDING = (
    Column("finding_id", TEXT, "编号", "id"),
    _key(True),
    Column("circular_id", TEXT, "所在通报；报告中的为空", "the circular it stands in; null for a report", True),
    Column("rule", TEXT, "规则", "rule"),
    Column("severity", TEXT, "严重程度：error、warning、note", "severity", allowed=get_args(Severity)),
    Column("table", TEXT, "法定表", "statutory table", True),
    Column("row", TEXT, "行", "row", True),
    Column("column", TEXT, "列", "column", True),
    Column("statement", TEXT, "所涉句子数字的代码", "code of the statement concerned", True),
    Column("cells", TEXTS, "所涉单元格", "cells concerned"),
    Column("terms", TERMS, "等式各项：地址、符号、印的原文、数值", "terms of the equation"),
    Column("printed", DECIMAL, "受质疑的数字", "the figure under question", True),
    Column(
        "printed_text",
        TEXT,
        "受质疑的原文（不是数字时）",
        "the text under question, where it is no figure",
        True,
    ),
    Column("expected", DECIMAL, "由其他各项算出的数", "what the other terms give", True),
    Column("difference", DECIMAL, "二者之差：printed − expected", "printed − expected", True),
    Column("explained_by", TEXT, "与之相等的另一合计", "another sum of the table that equals it", True),
    Column("sentence", TEXT, "所涉句子", "the sentence concerned", True),
    Column("place", PLACE, "受质疑数字的位置", "where the figure stands"),
    Column("message", TEXT, "说明", "what is wrong"),
    Column("advice", TEXT, "怎么办", "what to do"),
    Column(
        "message_en",
        TEXT,
        "说明（英文）；旧版本读取的为空",
        "what is wrong, in English; null where an older version read it",
        True,
    ),
    Column("advice_en", TEXT, "怎么办（英文）", "what to do, in English", True),
)
_ONLY_BROKEN = {"expected", "difference", "explained_by", "advice", "advice_en"}

TABLES: tuple[Table, ...] = (
    Table(
        "source",
        "收到的文件，一个内容在一个位置占一行",
        "a file as received: one row per content and place",
        (
            Column("sha256", TEXT, "文件内容的 SHA-256", "SHA-256 of the content", pattern=SHA256),
            Column("path", TEXT, "文件路径", "path of the file"),
            Column("address", TEXT, "网址；本地文件为空", "web address; null for a local file", True),
            Column(
                "publication",
                TEXT,
                "所属的发布页面：页面及其附件属同一次发布；本地文件为空",
                "the page it was published with: page and attachments are one publication; null for a local file",
                True,
            ),
            Column(
                "lineage", TEXT, "来路：网址，没有网址则为路径", "lineage: the address, or the path where there is none"
            ),
            Column("media_type", TEXT, "按内容识别的文件类型", "media type, by content"),
            Column("bytes", BIGINT, "大小", "size", unit="字节", minimum=0),
            Column("retrieved_at", INSTANT, "首次收到的时刻（UTC）", "when it was first received (UTC)"),
            Column(
                "first_load",
                INTEGER,
                "首次在此位置见到该内容的入库批次",
                "load that first met this content here",
                minimum=1,
            ),
            Column(
                "last_load",
                INTEGER,
                "最近一次此位置换成该内容的入库批次",
                "load that last found the place changed to it",
                minimum=1,
            ),
        ),
        unique=("sha256", "path"),
    ),
    made(
        "issuer",
        "发布机关",
        "an authority",
        (
            Column(
                "issuer_id",
                TEXT,
                "区划代码/类别/机关：同一机关的各种写法为一个；区划不明时为 ?-机关名称",
                "division code, kind and body: one for all its spellings; ?- and the name where the division is unknown",
            ),
            Column("name", TEXT, "机关名称", "name"),
            _DIVISION,
            _LEVEL,
            _ISSUER_KIND,
            Column(
                "parent_id",
                TEXT,
                "上级政府；库中没有则为空",
                "the government above it; null where the database has none",
                True,
            ),
        ),
        unique=("issuer_id",),
        keyed=True,
    ),
    Table(
        "report",
        "文件中的一份年度报告",
        "a report in a file",
        (
            _key(),
            Column(
                "report_id",
                TEXT,
                "报告编号：文件内容与报告次序的散列",
                "hash of the file's content and the report's position",
            ),
            _ISSUER_ID,
            Column("issuer", TEXT, "发布机关名称，按本报告", "name of the issuer, as this report gives it", True),
            Column("issuer_printed", TEXT, "报告上印的机关名称", "the issuer as printed", True),
            _DIVISION,
            _LEVEL,
            _ISSUER_KIND,
            Column(
                "year",
                INTEGER,
                "报告年度；不明为空",
                "report year; null where unknown",
                True,
                minimum=1900,
                maximum=2999,
            ),
            Column(
                "scope", TEXT, "统计范围：body、office、level、area、system、unknown", "what it counts", allowed=SCOPES
            ),
            Column("scope_evidence", TEXT, "统计范围的依据", "why this scope", True),
            Column("period", TEXT, "期间：year、half、quarter", "period", allowed=PERIODS),
            Column(
                "form",
                TEXT,
                "表式；同样符合几种、文件里看不出是哪一种的，全部列出：2019|2021",
                "form; of several that fit equally where the document does not say which, all: 2019|2021",
            ),
            Column("variant", TEXT, "表式的变体", "variant of the form", True),
            Column("title", TEXT, "标题", "title", True),
            Column("published", DATE, "发布日期（中国时间）", "date of publication (China)", True),
            Column("source_sha256", TEXT, "来源文件", "the file it stands in", pattern=SHA256),
            Column("position", INTEGER, "文件中的第几份报告，从 1 起", "which report of the file, from 1", minimum=1),
            Column("figures", INTEGER, "非零数字的个数", "number of figures other than zero", minimum=0),
            Column(
                "distinct_figures",
                INTEGER,
                "不同的非零数字的个数",
                "number of different figures other than zero",
                minimum=0,
            ),
            Column(
                "fingerprint",
                TEXT,
                "全部非零数字的散列；没有则为空",
                "hash of all figures other than zero; null without any",
                True,
            ),
            Column("lineage", TEXT, "来路：网址或路径", "lineage: address or path"),
            Column(
                "revision",
                INTEGER,
                "同一来路、同一键的第几个版本，从 1 起",
                "which revision within its lineage, from 1",
                minimum=1,
            ),
            Column("is_current", BOOLEAN, "是否现行版本", "whether it is the current one"),
            Column(
                "standing",
                TEXT,
                "preferred 采用、copy 同一发布的副本、part 同一报告的另一部分、conflict 与另一份冲突、superseded 已被替换、"
                "unidentified 机关或年度不明",
                "whether it counts: preferred; copy of one that does; part of one that does; in conflict with another; "
                "superseded; unidentified",
                allowed=STANDINGS,
            ),
            Column("copy_of", BIGINT, "为哪份报告的副本或部分", "the report that it is a copy of, or a part of", True),
            Column(
                "gone",
                BOOLEAN,
                "真：原处的文件已经不在，别处也没有",
                "true where its file is no longer at its place, nor anywhere else",
            ),
            _versions(),
        ),
        unique=("report_key",),
        keyed=True,
    ),
    Table(
        "fact",
        "法定表的一个单元格，照印",
        "a printed cell of a statutory table",
        (
            _key(),
            _TABLE_CODE,
            _ROW_CODE,
            _COLUMN_CODE,
            Column(
                "value", DECIMAL, "数值；kind 为 number 时才有", "the value, only where kind is number", True, "见 unit"
            ),
            Column(
                "kind",
                TEXT,
                "number 数、blank 空白、mark 记号、text 文字",
                "what the cell holds",
                allowed=get_args(Kind),
            ),
            Column("printed", TEXT, "印的原文", "the text as printed"),
            Column(
                "unit",
                TEXT,
                "换算后的单位；unknown 表示未写明",
                "unit after conversion; unknown where none is given",
                True,
            ),
            Column(
                "method",
                TEXT,
                "读法：cells、ruled、anchored、order、solved、ocr",
                "how it was read",
                allowed=get_args(Method),
            ),
        ),
        unique=("report_key", "table_code", "row_code", "column_code"),
    ),
    Table(
        "fact_place",
        "单元格在来源文件中的位置",
        "where a printed cell stands in its source",
        (_key(), _ADDRESS, *_place_columns()),
        unique=("report_key", "address"),
    ),
    Table(
        "unresolved",
        "读不准的单元格",
        "a cell that could not be read with certainty",
        (
            _key(),
            _ADDRESS,
            Column("position", INTEGER, "本报告的第几个，从 1 起", "which of the report, from 1", minimum=1),
            Column("printed", TEXT, "印的原文", "the text as printed"),
            Column(
                "reason",
                TEXT,
                "原因：joined、engines、unconfirmed、label、count、repeated、characters、range",
                "why: joined digits, engines that differ, unconfirmed, label, count, repeated, characters, out of range",
            ),
            Column("readings", DECIMALS, "可能的读法", "the values it may have"),
            Column("place", PLACE, "在来源文件中的位置", "where it stands"),
        ),
        unique=("report_key", "position"),
    ),
    Table(
        "statement",
        "句子中的一个数字",
        "a figure in a sentence",
        (
            _key(True),
            Column("circular_id", TEXT, "所在通报；报告中的为空", "the circular it stands in; null for a report", True),
            Column("position", INTEGER, "第几个，从 1 起", "which of its document, from 1", minimum=1),
            Column("code", TEXT, "所指项目的代码", "code of what it counts"),
            Column("value", DECIMAL, "数值；超出范围为空", "the value; null where out of range", True, "见 unit"),
            Column("unit", TEXT, "单位", "unit", True),
            Column("year", INTEGER, "所指年度", "year it speaks of", True),
            Column("scope", TEXT, "所指范围", "scope it speaks of"),
            Column("approximate", BOOLEAN, "是否约数", "whether it is approximate"),
            Column(
                "share_of",
                TEXT,
                "占比所指的整体；有值时 value 为百分比",
                "the whole of a share; value is then in percent",
                True,
            ),
            Column("printed", TEXT, "印的原文", "the figure as printed"),
            Column("sentence", TEXT, "整句", "the sentence"),
            Column("place", PLACE, "在来源文件中的位置", "where it stands"),
        ),
        unique=("report_key", "circular_id", "position"),
    ),
    Table(
        "finding",
        "一条不成立的规则，出自报告或通报",
        "a broken rule, of a report or a circular",
        _FINDING,
        unique=("report_key", "circular_id", "finding_id"),
    ),
    Table(
        "not_assessable",
        "一条无从核对的规则：缺了数，既不能说成立，也不能说不成立",
        "a rule that could not be assessed: figures are lacking, so that it neither holds nor is broken",
        (
            *(c for c in _FINDING if c.name not in _ONLY_BROKEN),
            Column(
                "consistent_with_zero",
                BOOLEAN,
                "真：空白都当作 0 时成立",
                "it would hold with zeros in the blank cells",
            ),
        ),
        unique=("report_key", "circular_id", "finding_id"),
    ),
    Table(
        "circular",
        "通报",
        "a circular",
        (
            Column("circular_id", TEXT, "编号", "id"),
            Column("issuer", TEXT, "发布机关", "issuer", True),
            Column("document_number", TEXT, "文号", "document number", True),
            Column("year", INTEGER, "年度", "year", True, minimum=1900, maximum=2999),
            Column("title", TEXT, "标题", "title", True),
            Column("source_sha256", TEXT, "来源文件", "the file it stands in", pattern=SHA256),
            _versions(),
        ),
        unique=("circular_id",),
        keyed=True,
    ),
    Table(
        "assessment",
        "通报中的名次或得分",
        "a rank or score in a circular",
        (
            Column("circular_id", TEXT, "所在通报", "the circular"),
            Column("position", INTEGER, "第几条，从 1 起", "which of the circular, from 1", minimum=1),
            Column("category", TEXT, "考核类别", "category"),
            Column("table_title", TEXT, "表的标题", "title of the table", True),
            Column("group_name", TEXT, "分组", "group", True),
            Column("rank", INTEGER, "名次", "rank", True, minimum=1),
            Column("unit", TEXT, "被考核单位", "the authority assessed"),
            Column("score", DECIMAL, "得分", "score", True, "分"),
        ),
        unique=("circular_id", "position"),
    ),
    Table(
        "set_aside",
        "不能用的文件或文件中不能用的部分",
        "a file, or a part of it, that could not be used",
        (
            Column("sha256", TEXT, "文件内容的 SHA-256", "SHA-256 of the content", pattern=SHA256),
            Column("path", TEXT, "首次见到的路径", "path where it was first met"),
            Column("kind", TEXT, "原因类别", "kind of reason", allowed=get_args(ProblemKind)),
            Column("message", TEXT, "原因，以及怎么办", "the reason, and what to do"),
            Column(
                "part", BOOLEAN, "真：只是文件的一部分不能用", "true where only a part of the file could not be used"
            ),
        ),
    ),
    Table(
        "parsed",
        "每次读取一个文件的记录：版本、限制、结果",
        "one reading of a file: versions, limits, outcome",
        (
            Column("sha256", TEXT, "文件内容的 SHA-256", "SHA-256 of the content", pattern=SHA256),
            Column("media_type", TEXT, "按内容识别的文件类型", "media type, by content"),
            _versions(),
            Column("reports", INTEGER, "报告数", "reports found", minimum=0),
            Column("circulars", INTEGER, "通报数", "circulars found", minimum=0),
            Column(
                "kind",
                TEXT,
                "不能用的原因类别；能用则为空",
                "why it could not be used; null if it could",
                True,
                allowed=get_args(ProblemKind),
            ),
            Column("message", TEXT, "不能用的原因", "the reason", True),
            Column("time_limit", INTEGER, "每个文件的时限", "time limit for a file", unit="秒", minimum=1),
            Column("memory_limit", INTEGER, "每个文件的内存上限", "memory limit for a file", unit="MiB", minimum=1),
        ),
        unique=("sha256",),
        published=False,
    ),
    Table(
        "gone",
        "不在原处的文件，每次发现占一行",
        "a place whose file was found to be gone",
        (Column("path", TEXT, "文件路径或网址", "path or web address"),),
        unique=("path",),
        published=False,
    ),
    made(
        "load",
        "一次入库",
        "a run",
        (
            Column(
                "load_id",
                INTEGER,
                "批次号，从 1 起；没有做完的为负",
                "number of the run, from 1; below zero for runs that did not end",
            ),
            Column("started", INSTANT, "开始时刻（UTC）", "when it started (UTC)"),
            Column("finished", INSTANT, "结果存妥的时刻（UTC）", "when its results were safely kept (UTC)"),
            Column("files", INTEGER, "文件数", "files", unit="个", minimum=0),
            Column("files_new", INTEGER, "新文件", "files at a place not seen before", unit="个", minimum=0),
            Column(
                "files_revised", INTEGER, "内容有变的文件", "files with other content than before", unit="个", minimum=0
            ),
            Column(
                "files_reread",
                INTEGER,
                "因版本更新而重读的文件",
                "files read again by a new version",
                unit="个",
                minimum=0,
            ),
            Column("files_unchanged", INTEGER, "没有变化的文件", "files unchanged", unit="个", minimum=0),
            Column(
                "files_set_aside",
                INTEGER,
                "其中不能用的文件",
                "of these, files that cannot be used",
                unit="个",
                minimum=0,
            ),
            Column("reports", INTEGER, "本次读出的报告", "reports read by this run", unit="份", minimum=0),
            Column("facts", BIGINT, "本次读出的单元格", "cells read by this run", unit="个", minimum=0),
            Column("findings", BIGINT, "本次发现的问题", "findings of this run", unit="条", minimum=0),
            _versions(),
            Column("error", TEXT, "为何没有做完；做完则为空", "why it did not end; null where it did", True),
        ),
        unique=("load_id",),
        keyed=True,
    ),
    made(
        "correction",
        "经审核的更正：印的数不动，另记应采用的数、理由和依据；印的原文一变即停用",
        "reviewed corrections: the printed figure stays, the one to use stands here with its reason; a changed source stops it",
        (
            Column("line", INTEGER, "corrections.csv 的行号", "line of corrections.csv", minimum=1),
            Column("report_key", BIGINT, "报告", "report", True),
            Column("issuer", TEXT, "机关", "authority"),
            Column("year", INTEGER, "报告年度", "report year"),
            Column("scope", TEXT, "统计范围", "scope", allowed=SCOPES),
            Column("period", TEXT, "期间", "period", allowed=PERIODS),
            Column("address", TEXT, "单元格地址：表.行.列", "cell address: table.row.column"),
            Column("printed", TEXT, "更正时印的原文", "what was printed when it was corrected"),
            Column("printed_now", TEXT, "现在印的原文", "what is printed now", True),
            Column("used", DECIMAL, "应采用的数", "figure to use"),
            Column("reason", TEXT, "理由", "reason"),
            Column("evidence", TEXT, "依据", "evidence"),
            Column("who", TEXT, "审核人", "who decided"),
            Column(
                "state",
                TEXT,
                "applied 采用、source_changed 原文已变、no_report 无此报告、several_reports 报告不止一份、no_cell 无此格、repeated 重复",
                "whether it is applied, or why not",
                allowed=("applied", "source_changed", "no_report", "several_reports", "no_cell", "repeated"),
            ),
        ),
        unique=("line",),
    ),
    made(
        "list_fault",
        "数据目录的名单中不能用的行：corrections.csv、denominators.csv、bodies.csv",
        "lines of the home's lists that cannot be used",
        (
            Column("file", TEXT, "文件", "file"),
            Column("line", INTEGER, "第几行，从 1 起", "line, from 1", minimum=1),
            Column("message", TEXT, "原因", "what is wrong"),
            Column("message_en", TEXT, "原因（英文）", "what is wrong, in English"),
        ),
    ),
    made(
        "meta",
        "库的说明：schema、views、gouji、parser、forms、rules 的版本",
        "about this file: versions of schema, views, gouji, parser, forms, rules",
        (
            Column("key", TEXT, "名称", "name"),
            Column("value", TEXT, "值", "value"),
        ),
        unique=("key",),
        keyed=True,
    ),
)

TABLES += (*analysis.DIMENSIONS, *analysis.DERIVED, *expected.TABLES, *collected.TABLES)
TABLE = {t.name: t for t in TABLES}
# Written by the warehouse from all that it holds, so the record has them not: see flows.warehouse.
DERIVED = {
    "report": ("issuer_id", "lineage", "revision", "is_current", "standing", "copy_of", "gone"),
    "source": ("media_type", "retrieved_at", "first_load", "last_load"),
}
# Every recorded row says which load it came with.
_LOAD_ID = Column("load_id", INTEGER, "入库批次", "load it came with", minimum=1)
_OBSERVED = Column("retrieved_at", INSTANT, "收到的时刻（UTC）", "when it was received (UTC)")


def published() -> tuple[Table, ...]:
    """The tables of the DuckDB file."""
    return tuple(t for t in TABLES if t.published)


def recorded() -> tuple[Table, ...]:
    """The tables of the record, each with the columns that parse results have."""
    return tuple(record_table(t.name) for t in TABLES if t.recorded)


@cache
def record_table(name: str) -> Table:
    """A table as the record keeps it: without what the warehouse derives, with ``load_id``."""
    table = TABLE[name]
    derived = DERIVED.get(name, ())
    extra = (_OBSERVED, _LOAD_ID) if name == "source" else (_LOAD_ID,)
    columns = tuple(c for c in table.columns if c.name not in derived) + extra
    return Table(table.name, table.zh, table.en, columns, table.unique)


@cache
def schema_version() -> str:
    """The schema's version: a fingerprint of every published table's columns and types."""
    shape = [(t.name, [(c.name, c.type, c.nullable) for c in t.columns], t.keyed) for t in published()]
    return "2-" + hashlib.sha256(repr(shape).encode()).hexdigest()[:10]


# --- views -----------------------------------------------------------------------------------------------------------

_IDENTITY = (
    TABLE["report"].column["report_key"],
    TABLE["report"].column["report_id"],
    _ISSUER_ID,
    TABLE["report"].column["issuer"],
    _DIVISION,
    _LEVEL,
    _ISSUER_KIND,
    TABLE["report"].column["year"],
    TABLE["report"].column["scope"],
    TABLE["report"].column["period"],
    TABLE["report"].column["form"],
    TABLE["report"].column["variant"],
)
_REVISION = tuple(TABLE["report"].column[name] for name in ("revision", "is_current", "standing"))


def _union(tables: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Codes of several forms in form order, with the labels they have there."""
    labels: dict[str, list[str]] = {}
    for code, label in tables:
        known = labels.setdefault(code, [])
        if label not in known:
            known.append(label)
    return {code: "；".join(seen) for code, seen in labels.items()}


def _identity_sql(everything: bool) -> str:
    columns = _IDENTITY + (_REVISION if everything else ())
    return ", ".join(f"r.{quoted(c.name)}" for c in columns)


def _cells(everything: bool) -> str:
    return "fact" if everything else "counted_fact"


def _where(everything: bool) -> str:
    return "" if everything else " WHERE r.standing = 'preferred'"


def _wide_view(code: str, everything: bool) -> View:
    """Report × row of one statutory table, a column per column of any form."""
    tables = [f.tables[code] for f in forms.load_all() if code in f.tables]
    labels = _union((c.code, c.label) for t in tables for c in t.columns)
    taken = {c.name for c in _IDENTITY + _REVISION} | {"row_code"}
    # Form `fujian` has a column `year`, which the report's own year already is.
    names = {c: f"{c}_value" if c in taken else c for c in labels}
    # Positions are those of the newest form; rows of older forms follow.
    rows = _union((r.code, r.label) for t in tables for r in t.rows)
    # An amount of unknown unit must not be summed with one in 万元, so its unit stands beside it.
    amounts = dict.fromkeys(c.code for t in tables for c in t.columns if c.value == "amount")
    cells = [("max(value)", c, n) for c, n in names.items()] + [("max(unit)", c, f"{names[c]}_unit") for c in amounts]
    pivot = ", ".join(
        f"{what} FILTER (WHERE column_code = {literal(col)}) AS {quoted(name)}" for what, col, name in cells
    )
    chosen = ", ".join(f"w.{quoted(name)}" for _, _, name in cells)
    sql = (
        f"SELECT {_identity_sql(everything)}, w.row_code, {chosen} FROM report r JOIN "
        f"(SELECT report_key, row_code, {pivot} FROM {_cells(everything)} WHERE table_code = {literal(code)} "
        f"GROUP BY report_key, row_code) w ON w.report_key = r.report_key{_where(everything)}"
    )
    # The row says the unit of an amount.
    units = {c.code: f"见 {names[c.code]}_unit" if c.code in amounts else c.unit for t in tables for c in t.columns}
    columns = (
        *_IDENTITY,
        *(_REVISION if everything else ()),
        Column("row_code", TEXT, "行：" + "、".join(rows), "row"),
        *(
            Column(n, DECIMAL, labels[c], c.replace("_", " "), True, units[c] or tables[0].unit)
            for c, n in names.items()
        ),
        *(Column(f"{names[c]}_unit", TEXT, f"{labels[c]}的单位", f"unit of {c}", True) for c in amounts),
    )
    kept = "全部报告" if everything else "采用的报告"
    which = "all reports" if everything else "preferred reports"
    return View(
        ("all_" if everything else "") + code,
        f"{tables[0].title}：报告 × 行（{kept}）；不是数的格和读不准的格为空，详见 fact、unresolved",
        f"table {code}: report × row ({which}); cells that hold no number or could not be read are null",
        columns,
        sql,
    )


def _outcomes_view(everything: bool) -> View:
    """Report × outcome: the total column of every row that the forms call an outcome."""
    tables = [t for f in forms.load_all() if (t := f.table("requests")) is not None]
    rows = _union((r.code, r.label) for t in tables for r in t.rows_as("outcome"))
    codes = ", ".join(literal(c) for c in rows)
    totals = ", ".join(literal(c) for c in dict.fromkeys(c.code for t in tables for c in t.columns_as("total")))
    of = ", ".join(literal(c) for c in dict.fromkeys(t.code for t in tables))
    sql = (
        f"SELECT {_identity_sql(everything)}, f.row_code AS outcome, f.value, f.kind AS cell_kind, f.printed "
        f"FROM report r JOIN {_cells(everything)} f ON f.report_key = r.report_key AND f.table_code IN ({of}) "
        f"AND f.column_code IN ({totals}) AND f.row_code IN ({codes}){_where(everything)}"
    )
    columns = (
        *_IDENTITY,
        *(_REVISION if everything else ()),
        Column("outcome", TEXT, "办理结果：" + "、".join(rows), "outcome"),
        Column("value", DECIMAL, "总计", "total", True, "件"),
        Column("cell_kind", TEXT, "number 数、blank 空白、mark 记号、text 文字", "what the cell holds"),
        Column("printed", TEXT, "印的原文", "the text as printed"),
    )
    kept = "全部报告" if everything else "采用的报告"
    which = "all reports" if everything else "preferred reports"
    return View(
        "all_outcomes" if everything else "outcomes",
        f"办理结果：报告 × 结果，取总计列（{kept}）",
        f"outcomes: report × outcome, the total column ({which})",
        columns,
        sql,
    )


@cache
def _used_view() -> View:
    """Every cell of preferred reports with the figure to use: as printed, or as corrected with the reason beside it."""
    sql = (
        f"SELECT {_identity_sql(False)}, f.table_code, f.row_code, f.column_code, f.printed, f.kind AS cell_kind, "
        "f.value, coalesce(c.used, f.value) AS used, c.line IS NOT NULL AS corrected, c.reason, c.evidence, c.who "
        "FROM report r JOIN counted_fact f ON f.report_key = r.report_key LEFT JOIN correction c ON c.state = 'applied' "
        "AND c.report_key = f.printed_in AND c.address = f.table_code || '.' || f.row_code || '.' || f.column_code "
        "WHERE r.standing = 'preferred'"
    )
    columns = (
        *_IDENTITY,
        Column("table_code", TEXT, "表", "table"),
        Column("row_code", TEXT, "行", "row"),
        Column("column_code", TEXT, "列", "column"),
        Column("printed", TEXT, "印的原文", "the text as printed"),
        Column("cell_kind", TEXT, "number 数、blank 空白、mark 记号、text 文字", "what the cell holds"),
        Column("value", DECIMAL, "印的数", "the figure as printed", True),
        Column(
            "used", DECIMAL, "采用的数：印的数，或更正后的数", "the figure to use: as printed, or as corrected", True
        ),
        Column("corrected", BOOLEAN, "是否经过更正", "whether it is corrected"),
        Column("reason", TEXT, "更正的理由", "reason of the correction", True),
        Column("evidence", TEXT, "更正的依据", "evidence of the correction", True),
        Column("who", TEXT, "审核人", "who decided", True),
    )
    return View(
        "fact_used",
        "单元格及采用的数（采用的报告）：印的数不动，更正另列",
        "cells with the figure to use (preferred reports): printed figures stay, corrections stand beside them",
        columns,
        sql,
    )


def views() -> tuple[View, ...]:
    """Every view: what compares reports, then the tables of the forms: preferred reports, and all of them as `all_…`."""
    codes = dict.fromkeys(code for f in forms.load_all() for code in f.tables)
    out: list[View] = []
    for everything in (False, True):
        out += [_wide_view(code, everything) for code in codes]
        if any(f.table("requests") is not None for f in forms.load_all()):
            out.append(_outcomes_view(everything))
    return (*analysis.views(), *out, _used_view(), expected.late_view(), *collected.views())


# --- DuckDB ----------------------------------------------------------------------------------------------------------


def comment(zh: str, en: str, unit: str | None = None) -> str:
    return f"{zh} | {en}" + (f" [{unit}]" if unit else "")


def table_ddl() -> list[str]:
    """CREATE TABLE and COMMENT statements of every published table."""
    out = []
    for table in published():
        columns = [f"{quoted(c.name)} {c.type}{'' if c.nullable else ' NOT NULL'}" for c in table.columns]
        if table.keyed:
            columns.append(f"PRIMARY KEY ({', '.join(quoted(c) for c in table.unique)})")
        out.append(f"CREATE TABLE {quoted(table.name)} ({', '.join(columns)})")
        out += _comments("TABLE", table.name, table.zh, table.en, table.columns)
    return out


def view_ddl() -> list[str]:
    """CREATE VIEW and COMMENT statements of every view."""
    out = []
    for view in views():
        names = ", ".join(quoted(c.name) for c in view.columns)
        # A list of names behind the view's own is not seen by COMMENT.
        out.append(f"CREATE OR REPLACE VIEW {quoted(view.name)} AS SELECT * FROM ({view.sql}) AS v({names})")
        out += _comments("VIEW", view.name, view.zh, view.en, view.columns)
    return out


def _comments(kind: str, name: str, zh: str, en: str, columns: Iterable[Column]) -> list[str]:
    return [
        f"COMMENT ON {kind} {quoted(name)} IS {literal(comment(zh, en))}",
        *(
            f"COMMENT ON COLUMN {quoted(name)}.{quoted(c.name)} IS {literal(comment(c.zh, c.en, c.unit))}"
            for c in columns
        ),
    ]


# --- Arrow and pandera -----------------------------------------------------------------------------------------------


def arrow_type(duckdb_type: str) -> Any:
    """The pyarrow type of a column type."""
    import pyarrow as pa

    decimal = pa.decimal128(PRECISION, SCALE)
    box = pa.list_(pa.float32())
    places = ("page", "table", "row", "column", "line", "paragraph")
    return {
        TEXT: pa.string(),
        INTEGER: pa.int32(),
        BIGINT: pa.int64(),
        BOOLEAN: pa.bool_(),
        DECIMAL: decimal,
        DATE: pa.date32(),
        INSTANT: pa.timestamp("us"),
        TEXTS: pa.list_(pa.string()),
        DECIMALS: pa.list_(decimal),
        analysis.BIGINTS: pa.list_(pa.int64()),
        analysis.DOUBLE: pa.float64(),
        BOX: box,
        PLACE: pa.struct([*((n, pa.int32()) for n in places), ("box", box)]),
        TERMS: pa.list_(
            pa.struct([("address", pa.string()), ("sign", pa.int32()), ("printed", pa.string()), ("value", decimal)])
        ),
        VERSIONS: pa.struct([(n, pa.string()) for n in ("gouji", "parser", "forms", "rules")]),
    }[duckdb_type]


def arrow_schema(table: Table) -> Any:
    """The pyarrow schema of a table as described."""
    import pyarrow as pa

    return pa.schema([pa.field(c.name, arrow_type(c.type), nullable=c.nullable) for c in table.columns])


def _known_codes(column: Column) -> tuple[str, ...]:
    """What the forms know: a fact at a code that no form has is a fault of the reader."""
    tables = [t for f in forms.load_all() for t in f.tables.values()]
    if column is _TABLE_CODE:
        return tuple({t.code for t in tables})
    if column is _ROW_CODE:
        return tuple({r.code for t in tables for r in t.rows})
    if column is _COLUMN_CODE:
        return tuple({c.code for t in tables for c in t.columns})
    return column.allowed


@cache
def pandera_schema(table: Table) -> Any:
    """The pandera schema of a table's columns that are no lists or structs, for Arrow-backed pandas frames.

    Checks run on Arrow arrays: pandera's own string checks are a hundred times slower on them.
    """
    import pandas as pd
    import pandera.pandas as pandera
    import pyarrow as pa
    import pyarrow.compute as pc

    def on_arrow(test: Any, name: str) -> Any:
        def check(series: Any) -> Any:
            passed = test(pa.array(series, from_pandas=True))
            # Nulls are judged by `nullable`, not here.
            return pd.Series(pc.fill_null(passed, True).to_numpy(zero_copy_only=False), index=series.index)

        return pandera.Check(check, name=name, ignore_na=False)

    def is_in(values: tuple[str, ...]) -> Any:
        known = pa.array(values, pa.string())
        return lambda a: pc.or_(pc.is_in(a, value_set=known), pc.is_null(a))

    columns = {}
    for column in table.columns:
        if column.nested:
            continue
        checks = []
        if allowed := _known_codes(column):
            checks.append(on_arrow(is_in(allowed), f"is a known {column.name}"))
        if column.minimum is not None:
            checks.append(on_arrow(lambda a, m=column.minimum: pc.greater_equal(a, m), f"at least {column.minimum}"))
        if column.maximum is not None:
            checks.append(on_arrow(lambda a, m=column.maximum: pc.less_equal(a, m), f"at most {column.maximum}"))
        if column.pattern is not None:
            whole = f"^(?:{column.pattern})$"
            checks.append(on_arrow(lambda a, p=whole: pc.match_substring_regex(a, p), f"matches {column.pattern}"))
        columns[column.name] = pandera.Column(
            pd.ArrowDtype(arrow_type(column.type)),
            checks,
            nullable=column.nullable,
            title=column.en,
            description=comment(column.zh, column.en, column.unit),
        )
    if table.name == "fact":
        number = on_frame_number()
        return pandera.DataFrameSchema(columns, checks=[number], strict=True, unique=list(table.unique))
    return pandera.DataFrameSchema(columns, strict=True, unique=list(table.unique) or None)


def on_frame_number() -> Any:
    """A fact has a value exactly where its kind is number."""
    import pandera.pandas as pandera

    return pandera.Check(
        lambda frame: frame["value"].notna() == (frame["kind"] == "number"), name="value exactly where kind is number"
    )


# --- data dictionary -------------------------------------------------------------------------------------------------

_SHORT = {
    PLACE: "STRUCT(page, table, row, column, line, paragraph, box)",
    VERSIONS: "STRUCT(gouji, parser, forms, rules)",
}
_SHORT[TERMS] = "STRUCT(address, sign, printed, value)[]"


def _section(kind: str, name: str, zh: str, en: str, columns: Iterable[Column], note: str = "") -> list[str]:
    lines = [f"### `{name}`", "", f"{kind}：{zh}。  ", f"{en[0].upper()}{en[1:]}.{note}", ""]
    lines += ["| column | type | null | unit | 说明 | meaning |", "| --- | --- | --- | --- | --- | --- |"]
    for c in columns:
        shown = _SHORT.get(c.type, c.type)
        lines.append(f"| `{c.name}` | `{shown}` | {'yes' if c.nullable else ''} | {c.unit or ''} | {c.zh} | {c.en} |")
    return [*lines, ""]


def data_dictionary() -> str:
    """The data dictionary as a Markdown page."""
    lines = [
        "# Data dictionary 数据字典",
        "",
        "Generated by `python -m schemas.database.tables docs/data-dictionary.md`; do not edit. 本页由程序生成，请勿手改。",
        "",
        "Dates are dates in China's time, instants are UTC. The same texts are the comments of the tables in the database",
        "(`SELECT table_name, column_name, comment FROM duckdb_columns()`).",
        "日期为中国时间，时刻为 UTC。库中各表各列的 COMMENT 与本页相同。",
        "",
        f'In SQL {", ".join(f"`{c}`" for c in RESERVED)} are words of the language: as columns they stand in double quotes (`p."column"`).',
        "上列各词是 SQL 的保留字，作列名时要加双引号。",
        "",
        "## Tables 表",
        "",
    ]
    for table in published():
        unique = ", ".join(f"`{c}`" for c in table.unique)
        note = f" One row per {unique}." if unique else ""
        lines += _section("表", table.name, table.zh, table.en, table.columns, note)
    lines += [
        "## Views 视图",
        "",
        "Tables of forms are there once for preferred reports and once, as `all_…`, for all reports and revisions.",
        "",
    ]
    for view in views():
        if not view.name.startswith("all_"):
            lines += _section("视图", view.name, view.zh, view.en, view.columns)
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Write the data dictionary to the file named, or print it."""
    import sys
    from pathlib import Path

    text = data_dictionary()
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
