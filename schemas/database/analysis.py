"""Tables and views for comparing: bodies, divisions, cells, indicators, values, rates, coverage, changes.

Belongs here: names, types and meaning of what is derived from facts for an analyst, and the queries of its views.
Does not belong here: what is read from documents (`tables`), which cells feed an indicator (`indicators.toml`), filling
the tables (`flows.dimensions`, `flows.values`).

Only reports that stand as the preferred one of their body, year, scope and period are compared: nothing counts twice.
"""

from __future__ import annotations

from dataclasses import replace

from schemas import indicators

from .table_model import (
    BIGINT,
    BOOLEAN,
    DECIMAL,
    INSTANT,
    INTEGER,
    TEXT,
    TEXTS,
    Column,
    Table,
    View,
    literal,
    made,
    quoted,
)

DOUBLE = "DOUBLE"
BIGINTS = "BIGINT[]"

_BODY_ID = Column("body_id", TEXT, "机关", "the body")
_YEAR = Column("year", INTEGER, "报告年度", "report year")
_SCOPE = Column("scope", TEXT, "统计范围", "what it counts")
_PERIOD = Column("period", TEXT, "期间", "period")
_KEY = (_BODY_ID, _YEAR, _SCOPE, _PERIOD)
# Of reports that need not have one.
_BODY_AND_YEAR = (replace(_BODY_ID, nullable=True), replace(_YEAR, nullable=True))
_CELL = (
    Column("table_code", TEXT, "表", "table"),
    Column("row_code", TEXT, "行", "row"),
    Column("column_code", TEXT, "列", "column"),
)
_INDICATOR = Column("indicator", TEXT, "指标代码", "indicator")
_STATUS = Column(
    "status",
    TEXT,
    "number 有数；否则为何没有：blank、mark、text、missing、unresolved、not_on_form、no_denominator（没有人口等分母）、conflict",
    "number, or why there is none",
    allowed=indicators.STATUSES,
)
_REPORT = Column("report_key", BIGINT, "出自哪份报告；有冲突时为空", "the report it is from; null in a conflict", True)
_CODE_THEN = Column(
    "division_code",
    TEXT,
    "行政区划代码，当年的：换了上级的县，换以前是原来的代码",
    "division code as it was in that year: of a county that changed its prefecture the former one before",
    True,
)
_NAMES = (
    Column("name", TEXT, "机关名称", "name of the body", True),
    Column("level", TEXT, "级别", "level", True),
    _CODE_THEN,
    Column("province", TEXT, "省级行政区名称", "the province", True),
    Column(
        "full_name",
        TEXT,
        "机关全名：前面加上所在的省、市，各年都用最后的名称和最后所在的市；同名的机关靠它和 body_id 区分",
        "name behind those of the places around it, the latest ones in every year: bodies of one name are told apart by it and by body_id",
        True,
    ),
)
_CONTRADICTED = Column(
    "contradicted",
    BOOLEAN,
    "真：所取的某个合计，表内自己的分项相加是另一个数（见 finding）；印的数照用，不擅自改",
    "true where a total that it is made of is not the sum of its own printed parts, see finding: the total stands as printed",
)
_NOTES = Column("notes", TEXTS, "使用时须一并说明的注（见 note）", "what must be said beside it, see note")
_ZH = Column("zh", TEXT, "中文名称", "name in Chinese")
_EN = Column("en", TEXT, "英文名称", "name in English")
_FORM = Column("form", TEXT, "表式", "form")
_IS_OPTIONAL = Column(
    "is_optional",
    BOOLEAN,
    "真：不是每年的版本都有这一行；没有印的，当年的表上就没有",
    "not in every edition of the form: where it is not printed, that edition has no such cell",
)

DIMENSIONS: tuple[Table, ...] = (
    made(
        "division",
        "行政区划，一个名称、一段时间占一行",
        "an administrative division: one row per name and time",
        (
            Column("code", TEXT, "代码", "code"),
            Column("name", TEXT, "名称", "name"),
            Column("level", TEXT, "级别", "level"),
            Column("parent_code", TEXT, "上级代码", "the division around it", True),
            Column("province", TEXT, "省级行政区名称", "name of the province", True),
            Column("valid_from", INTEGER, "自哪年末起；空为 2002 年以前", "from the end of; null before 2002", True),
            Column("valid_to", INTEGER, "至哪年末止；空为至今", "to the end of; null: still", True),
            Column("body_id", TEXT, "其政府；只改名称、代码或上级的始终是同一个", "its government; the same under another name, code or parent"),
        ),
    ),
    made(
        "succession",
        "合并、并入、拆分：撤销的区划由谁承接；只改名称、代码或上级的不在此列",
        "mergers and splits: what took over the area of a division that ended; a mere change of name, code or parent is none",
        (
            Column("body_id", TEXT, "撤销的区划的政府", "the government of the division that ended"),
            Column("name", TEXT, "撤销的区划", "the division that ended"),
            Column("successor_id", TEXT, "承接者的政府", "the government of what took it over"),
            Column("successor", TEXT, "承接的区划", "the division that took it over"),
            Column("year", INTEGER, "自哪个报告年度起", "from which report year"),
            Column(
                "kind",
                TEXT,
                "merged 几个合并为新的一个、absorbed 并入原有的一个、divided 拆开分给几个",
                "merged into a new one, absorbed by one that stood already, divided among several",
                allowed=("merged", "absorbed", "divided"),
            ),
        ),
    ),
    made(
        "place",
        "区划各年的代码，附最后的名称：每个代码、一段时间占一行，各年都有",
        "a division's code in every year, with its latest name: one row per code and time, without gaps",
        (
            Column("key", TEXT, "区划，即 body_id 的第一段", "the division: the first part of a body_id"),
            Column("first_year", INTEGER, "自哪年", "from which year"),
            Column("last_year", INTEGER, "至哪年", "to which year"),
            Column("code", TEXT, "当时的代码", "the code that it had then"),
            Column("name", TEXT, "最后的名称", "the latest name"),
            Column("province", TEXT, "省级行政区名称", "name of the province", True),
            Column("whole", TEXT, "最后的名称，前面加上省、市", "the latest name behind the province's and the city's"),
        ),
    ),
    made(
        "alias",
        "机关用过的名称",
        "a name that a body goes by",
        (
            _BODY_ID,
            Column("name", TEXT, "名称", "name"),
            Column("from", INTEGER, "最早哪年", "first year", True),
            Column("to", INTEGER, "最晚哪年；空为至今或不明", "last year; null: still, or not known", True),
            Column("source", TEXT, "report 报告所写、registry 区划名录", "where it is from", allowed=("report", "registry")),
        ),
    ),
    made(
        "form",
        "表式",
        "a statutory form",
        (
            _FORM,
            Column("version", TEXT, "表式数据的版本", "version of its data"),
            Column("title", TEXT, "名称", "title"),
            Column("basis", TEXT, "依据", "the paper that prescribes it"),
            Column("first_year", INTEGER, "适用的最早年度", "first report year"),
            Column("last_year", INTEGER, "适用的最晚年度", "last report year"),
        ),
    ),
    made(
        "cell",
        "表式的一个单元格",
        "a cell of a form",
        (
            _FORM,
            Column("variant", TEXT, "变体；基本式为空串", "variant; empty for the base form"),
            Column("table", TEXT, "表", "table"),
            Column("row", TEXT, "行", "row"),
            Column("column", TEXT, "列", "column"),
            Column("address", TEXT, "地址：表.行.列", "address: table.row.column"),
            Column("position", INTEGER, "第几格，从 1 起", "which cell of the form, from 1"),
            _ZH,
            _EN,
            Column("labels", TEXTS, "表上的行名、列名及其别称", "labels of row and column, and what else they are called"),
            Column("unit", TEXT, "单位", "unit", True),
            Column("role", TEXTS, "行和列的角色", "roles of row and column"),
            _IS_OPTIONAL,
        ),
    ),
    made(
        "rule",
        "核对规则",
        "a rule of the checks",
        (
            Column("rule", TEXT, "规则", "rule"),
            Column("severity", TEXT, "严重程度", "severity"),
            _ZH,
            _EN,
            Column(
                "judged_by",
                TEXT,
                "核对方式：identity 为表内的等式；只在年度之间、各单位之间或全库核对的为空",
                "how it looks at a report: identity for the equations of a table; null where it looks at several reports only",
                True,
            ),
        ),
    ),
    made(
        "scope",
        "统计范围",
        "what a report counts",
        (Column("scope", TEXT, "统计范围", "scope"), _ZH, _EN),
    ),
    made(
        "indicator",
        "指标和比率",
        "an indicator, or a rate",
        (
            Column("code", TEXT, "代码", "code"),
            Column("kind", TEXT, "count 件数、amount 金额、rate 比率", "count, amount or rate"),
            _ZH,
            _EN,
            Column("unit", TEXT, "单位", "unit", True),
            Column("numerator", TEXTS, "比率的分子", "of a rate: what is divided", True),
            Column("denominator", TEXTS, "比率的分母", "of a rate: by what", True),
            Column("base", INTEGER, "分母低于此数为小基数", "a denominator below it is a small base", True),
            Column("version", TEXT, "定义的版本", "version of the definition"),
            Column("notes", TEXTS, "须说明的注", "notes"),
            Column("position", INTEGER, "次序", "order"),
        ),
    ),
    made(
        "note",
        "使用指标时须说明的事项",
        "what must be said beside a figure",
        (
            Column("id", TEXT, "编号", "id"),
            Column("first_year", INTEGER, "自哪年", "from", True),
            Column("last_year", INTEGER, "至哪年", "to", True),
            Column("scope", TEXT, "仅此统计范围", "of this scope only", True),
            Column("body_kind", TEXT, "仅此类机关", "of bodies of this kind only", True),
            Column("form", TEXT, "仅用此表式或更新表式的报告", "of reports on this form or a later one only", True),
            Column("breaks", BOOLEAN, "真：前后不可直接比较", "true where figures before and after are not to be compared"),
            _ZH,
            _EN,
        ),
    ),
    made(
        "indicator_cell",
        "指标取自各表式的哪些单元格",
        "which cells of a form feed an indicator",
        (
            _FORM,
            Column("variant", TEXT, "变体；基本式为空串", "variant; empty for the base form"),
            _INDICATOR,
            Column("address", TEXT, "单元格", "cell"),
            Column("sign", INTEGER, "1 加、-1 减", "1 added, -1 taken off"),
            *_CELL,
            _IS_OPTIONAL,
        ),
    ),
    made(
        "indicator_statement",
        "句子中的哪些数字可作指标",
        "which figures in sentences may stand in for an indicator",
        (_INDICATOR, Column("code", TEXT, "句子数字的代码", "code of the statement")),
    ),
    made(
        "indicator_note",
        "各指标、比率各年须说明的注",
        "the notes of an indicator or rate in a year",
        (
            _INDICATOR,
            _YEAR,
            Column("area", BOOLEAN, "是否全域口径", "whether the scope is area"),
            Column("zone", BOOLEAN, "是否功能区", "whether the body is a zone"),
            _NOTES,
        ),
    ),
    made(
        "rate_part",
        "比率由哪些指标算出",
        "the indicators that a rate is made of",
        (
            Column("rate", TEXT, "比率", "rate"),
            Column("side", TEXT, "numerator 分子、denominator 分母", "side", allowed=("numerator", "denominator")),
            _INDICATOR,
            Column("sign", INTEGER, "1 加、-1 减", "1 added, -1 taken off"),
        ),
    ),
    made(
        "denominator",
        "人口等分母",
        "what a rate may be per: residents, or the user's own",
        (
            Column("division_code", TEXT, "区划代码", "division"),
            Column("year", INTEGER, "统计年份", "year it was counted"),
            Column("name", TEXT, "名称", "name"),
            Column("value", DECIMAL, "数值", "value"),
            Column("source", TEXT, "出处", "source"),
        ),
    ),
)  # fmt: skip

# Numbers that are materialised by the million stand in two columns: a DECIMAL is 128 bits wide, and takes five times as long
# to read as a whole number; the rest is nearly always 0.
_VALUE = Column("value", DECIMAL, "数值；status 为 number 时才有", "the value, only where status is number", True)
_NUMERATOR = Column("numerator", DECIMAL, "分子", "numerator", True)
_DENOMINATOR = Column("denominator", DECIMAL, "分母", "denominator", True)
_SPLIT = (_VALUE, _NUMERATOR, _DENOMINATOR)


def _kept(column: Column) -> tuple[Column, Column]:
    """The two columns of a number: see `kept`."""
    return (
        Column(f"{column.name}_whole", BIGINT, f"{column.zh}：整数部分", f"{column.en}: the whole part", True),
        Column(
            f"{column.name}_millionths", INTEGER, f"{column.zh}：百万分之几", f"{column.en}: millionths beside it", True
        ),
    )


def kept(sql: str) -> str:
    """A number as its two columns, exactly: the whole part, and the millionths with the same sign."""
    number = f"CAST({sql} AS {DECIMAL})"
    return f"trunc({number})::BIGINT, (({number} - trunc({number})::{DECIMAL}) * 1000000)::INTEGER"


def _joined(name: str) -> str:
    return f"({name}_whole::{DECIMAL} + {name}_millionths * 0.000001::DECIMAL(7, 6))::{DECIMAL}"


def whole(table: str) -> str:
    """A materialised table as a query, its numbers in one column again."""
    columns = next(t for t in DERIVED if t.name == table).columns
    shown = [
        f"{_joined(c.name)} AS {quoted(c.name)}" if c in _SPLIT else quoted(c.name) for c in _whole_columns(columns)
    ]
    return f"(SELECT {', '.join(shown)} FROM {table})"


def _whole_columns(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns of a table with those of `_SPLIT` in the place of their two."""
    first = {f"{c.name}_whole": c for c in _SPLIT}
    second = {f"{c.name}_millionths" for c in _SPLIT}
    return tuple(first.get(c.name, c) for c in columns if c.name not in second)


DERIVED: tuple[Table, ...] = (
    made(
        "preferred",
        "每个机关、年度、统计范围、期间占一行：采用哪份报告",
        "one row per body, year, scope and period: which report counts",
        (
            *_KEY,
            _REPORT,
            Column("reports", BIGINTS, "全部现行报告；多于一份为同一发布的副本，或互相冲突", "all current reports of the key"),
            Column("conflict", BOOLEAN, "真：几份报告数字不同，不擅自取一份", "true where they differ: none is chosen"),
            Column("only_sentences", BOOLEAN, "真：只有文字，没有表格的格", "true where there are sentences only, no cells"),
            Column("basis", TEXT, "据以计算的内容的散列", "hash of what the values were made from"),
        ),
        unique=("body_id", "year", "scope", "period"),
    ),
    made(
        "placement",
        "一个位置上先后放过什么：每次变化占一行",
        "what stood at a place: one row each time it changed",
        (
            Column("path", TEXT, "文件路径或网址", "path or web address"),
            Column("load_id", INTEGER, "入库批次", "the load that found it", minimum=1),
            Column(
                "sha256", TEXT, "那时的内容；空为已不在", "the content that it found; null: nothing was there any more", True
            ),
        ),
        unique=("path", "load_id"),
    ),
    made(
        "part",
        "一份报告分在几个文件中时，采用的报告没有而别的文件有的单元格",
        "cells that a report that counts lacks and another file of the same report has",
        (
            Column("report_key", BIGINT, "采用的报告", "the report that counts"),
            Column("part_key", BIGINT, "印有此格的文件中的报告", "the report in the file that prints the cell"),
            *_CELL,
        ),
        unique=("report_key", "table_code", "row_code", "column_code"),
    ),
    made(
        "replacement",
        "谁替换了谁：同一来路上一份报告被下一份取代，每次占一行",
        "what took the place of what: one row each time a report replaced another of its lineage",
        (
            Column("report_key", BIGINT, "后来的报告", "the later report"),
            Column("previous_key", BIGINT, "被替换的报告", "the report it replaced"),
            Column("lineage", TEXT, "来路", "lineage"),
            Column("revision", BIGINT, "第几版", "which revision of it"),
            Column("load_id", INTEGER, "发现替换的入库批次", "the load that found it"),
            Column(
                "why",
                TEXT,
                "content 内容改了、identity 更正了机关、年度、范围或期间、returned 换回了以前的内容、gone 原处的文件已不在",
                "the content changed; body, year, scope or period were corrected; an earlier content came back; its file is gone",
                allowed=("content", "identity", "returned", "gone"),
            ),
        ),
    ),
    made(
        "indicator_value",
        "指标值（视图 value 另附注）",
        "values of indicators; the view value adds notes",
        (
            *_KEY,
            _INDICATOR,
            *_kept(_VALUE),
            Column("lower_bound", DECIMAL, "有缺的合计中已有各项之和", "the sum of the parts there are", True),
            _STATUS,
            Column("source", TEXT, "cells 表格、statement 句子", "from cells or from a sentence", True),
            Column("method", TEXT, "各格的读法（见 fact.method），不止一种的用逗号隔开；出自句子的为空", "how its cells were read, see fact.method; null of a sentence", True),
            _CONTRADICTED,
            Column("form", TEXT, "表式", "form", True),
            _REPORT,
        ),
    ),
    made(
        "rate_value",
        "比率（视图 rate 另附注）",
        "rates; the view rate adds notes",
        (
            *_KEY,
            Column("rate", TEXT, "比率代码", "rate"),
            Column("version", TEXT, "定义的版本", "version of the definition"),
            *_kept(_NUMERATOR),
            *_kept(_DENOMINATOR),
            Column("small_base", BOOLEAN, "分母低于最小基数", "the denominator is below the minimum base", True),
            Column("base_name", TEXT, "人口等分母的名称和年份", "name and year of a population", True),
            _STATUS,
            Column("impossible", BOOLEAN, "部分大于整体或出现负数：原表自相矛盾", "a part above its whole: the figures contradict"),
            _CONTRADICTED,
            Column("form", TEXT, "表式", "form", True),
            _REPORT,
        ),
    ),
)  # fmt: skip

# The key of the division that a body belongs to: the beginning of its id.
PLACE_KEY = (
    "CASE WHEN starts_with({b}.issuer_id, '?') THEN {b}.division_code ELSE split_part({b}.issuer_id, '/', 1) END"
)
_NAMED = (
    f"LEFT JOIN (SELECT *, {PLACE_KEY.format(b='issuer')} AS place_key FROM issuer) b ON b.issuer_id = {{v}}.body_id "
    "LEFT JOIN place d ON d.key = b.place_key AND {v}.year BETWEEN d.first_year AND d.last_year"
)
_CODE = "coalesce(d.code, b.division_code)"
_WHOLE = "CASE WHEN starts_with(b.name, d.name) THEN d.whole || b.name[length(d.name) + 1:] ELSE b.name END"
_ABOUT = f"b.name, b.level, {_CODE}, d.province, {_WHOLE}"


def _noted(alias: str, code: str | None) -> str:
    """Joins the notes of an indicator as ``n``, without a code those of all of them."""
    every = "(SELECT year, area, zone, list(DISTINCT id ORDER BY id) AS notes FROM (SELECT year, area, zone, unnest(notes) AS id FROM indicator_note) GROUP BY ALL)"
    return (
        f"LEFT JOIN {every if code is None else 'indicator_note'} n ON {'' if code is None else f'n.indicator = {alias}.{code} AND '}n.year = {alias}.year "
        f"AND n.area = ({alias}.scope = 'area') AND n.zone = (b.kind IS NOT DISTINCT FROM 'zone')"
    )


def _notes_of(alias: str) -> str:
    """What is said beside a row with a form: some notes are not said of reports that still stand on an older one."""
    notes = "coalesce(n.notes, [])"
    by_forms: dict[tuple[str, ...], list[str]] = {}
    for note in indicators.load().notes:
        if older := note.older_forms():
            by_forms.setdefault(older, []).append(note.id)
    for older, ids in by_forms.items():
        here = f"{alias}.form IN ({', '.join(map(literal, older))})"
        unsaid = f"[{', '.join(map(literal, ids))}]"
        notes = f"CASE WHEN {here} AND list_has_any(n.notes, {unsaid}) THEN list_filter({notes}, lambda id: NOT list_contains({unsaid}, id)) ELSE {notes} END"
    return notes


def _value_view() -> View:
    columns = _whole_columns(next(t for t in DERIVED if t.name == "indicator_value").columns)
    own = ", ".join(f"v.{quoted(c.name)}" for c in columns)
    return View(
        "value",
        "指标值：机关 × 年度 × 统计范围 × 指标，附名称和注",
        "values of indicators, with names and notes",
        (*columns, *_NAMES, _NOTES),
        f"SELECT {own}, {_ABOUT}, {_notes_of('v')} FROM {whole('indicator_value')} v {_NAMED.format(v='v')} "
        f"{_noted('v', 'indicator')}",
    )


def _quotient(alias: str) -> str:
    """A rate from its numerator and denominator: kept with each row it would be the widest column of all."""
    times = " ".join(f"WHEN {literal(r.code)} THEN {r.per}" for r in indicators.load().rates if r.per != 1)
    return (
        f"CASE WHEN {alias}.status = 'number' AND {alias}.denominator > 0 THEN CASE {alias}.rate {times} ELSE 1 END "
        f"* {alias}.numerator::DOUBLE / {alias}.denominator::DOUBLE END"
    )


def _rate_view() -> View:
    own_columns = _whole_columns(next(t for t in DERIVED if t.name == "rate_value").columns)
    after = own_columns.index(_DENOMINATOR) + 1
    quotient = Column(
        "value", DOUBLE, "比值；分母为 0 时为空", "the rate; null where the denominator is 0", True, "见 unit"
    )
    unit = Column(
        "unit",
        TEXT,
        "每百、每十万；空为份额（1 即全部）",
        "per 100 or per 100,000; null: a share, of which 1 is all",
        True,
    )
    per = " ".join(f"WHEN {literal(r.code)} THEN {literal(r.unit)}" for r in indicators.load().rates if r.unit)
    made_here = {"value": _quotient("v"), "unit": f"CASE v.rate {per} END"}
    columns = (*own_columns[:after], quotient, unit, *own_columns[after:])
    own = ", ".join(made_here.get(c.name) or f"v.{quoted(c.name)}" for c in columns)
    return View(
        "rate",
        "比率：分子、分母并列，小基数有标记，附名称和注",
        "rates, with numerator and denominator beside, names and notes",
        (*columns, *_NAMES, _NOTES),
        f"SELECT {own}, {_ABOUT}, {_notes_of('v')} FROM {whole('rate_value')} v {_NAMED.format(v='v')} {_noted('v', 'rate')}",
    )


def _panel_view() -> View:
    crosswalk = indicators.load()
    wide = [
        (i.code, DECIMAL, i.zh, i.en, f"max(value) FILTER (WHERE indicator = {literal(i.code)})")
        for i in crosswalk.indicators
    ]
    rates = [
        (
            r.code,
            DOUBLE,
            r.zh,
            r.en,
            f"max(value) FILTER (WHERE rate = {literal(r.code)} AND NOT small_base AND NOT impossible AND NOT contradicted)",
        )
        for r in crosswalk.rates
    ]
    key = "body_id, year, scope, period"
    values = ", ".join(f"{sql} AS {quoted(code)}" for code, *_, sql in wide)
    shares = ", ".join(f"{sql} AS {quoted(code)}" for code, *_, sql in rates)
    chosen = ", ".join([*(f"w.{quoted(code)}" for code, *_ in wide), *(f"r.{quoted(code)}" for code, *_ in rates)])
    sql = (
        f"SELECT w.body_id, {_ABOUT}, b.kind, w.year, w.scope, w.period, w.form, w.conflict, w.contradicted, {_notes_of('w')}, {chosen} FROM ("
        f"SELECT {key}, any_value(form) AS form, bool_or(status = 'conflict') AS conflict, "
        f"coalesce(list(indicator ORDER BY indicator) FILTER (contradicted), []) AS contradicted, {values} "
        f"FROM {whole('indicator_value')} GROUP BY {key}) w "
        f"LEFT JOIN (SELECT {key}, {shares} FROM (SELECT *, {_quotient('v')} AS value FROM {whole('rate_value')} v) GROUP BY {key}) r USING ({key}) {_NAMED.format(v='w')} "
        f"{_noted('w', None)}"
    )
    return View(
        "panel",
        "宽表：每个机关、年度、统计范围占一行，每个指标、比率占一列；小基数的、自相矛盾的比率为空",
        "wide: one row per body, year and scope, a column per indicator and rate; rates of a small base, or of contradictory figures, are null",
        (
            _BODY_ID,
            *_NAMES,
            Column("kind", TEXT, "机关类别", "kind of body", True),
            _YEAR,
            _SCOPE,
            _PERIOD,
            Column("form", TEXT, "表式", "form", True),
            Column("conflict", BOOLEAN, "几份报告互相冲突", "several reports disagree"),
            Column(
                "contradicted",
                TEXTS,
                "哪些指标的合计与其分项之和不符：数照印，由它算出的比率为空",
                "indicators that stand as printed although their own parts give another total; rates made of them are null",
            ),
            replace(
                _NOTES,
                zh="各列使用时须一并说明的注（见 note；哪一列的见 indicator.notes）",
                en="what must be said beside its columns, see note; of which columns: indicator.notes",
            ),
            *(Column(code, type_, zh, en, True) for code, type_, zh, en, _ in (*wide, *rates)),
        ),
        sql,
    )


def _coverage_view() -> View:
    sql = (
        "WITH y AS (SELECT DISTINCT year FROM preferred WHERE period = 'year'), "
        "expected AS (SELECT DISTINCT d.level, d.code, d.body_id, d.parent_code, d.code[1:2] || '0000' AS province_code, y.year "
        "  FROM division d CROSS JOIN y WHERE d.level IN ('province', 'prefecture', 'county') "
        "  AND coalesce(d.valid_from, 0) <= y.year AND coalesce(d.valid_to, 9999) >= y.year), "
        "there AS (SELECT body_id, year, "
        "    bool_or(scope = 'area' AND NOT conflict) AS area, bool_or(conflict) AS conflict, "
        "    bool_and(only_sentences) AS sentences "
        "  FROM preferred WHERE period = 'year' GROUP BY body_id, year), "
        "counted AS (SELECT e.*, t.body_id IS NOT NULL AS reported, coalesce(t.area, false) AS area, "
        "    coalesce(t.conflict, false) AS conflict, coalesce(t.sentences, false) AS sentences "
        "  FROM expected e LEFT JOIN there t USING (body_id, year)), "
        "around AS (SELECT *, unnest(list_distinct([parent_code, province_code, 'all'])) AS within FROM counted "
        "  WHERE level <> 'province' UNION ALL SELECT *, 'all' FROM counted WHERE level = 'province') "
        "SELECT a.level, a.within, (SELECT any_value(p.name) FROM division p WHERE p.code = a.within), a.year, count(*), "
        "count(*) FILTER (reported), count(*) FILTER (area), count(*) FILTER (conflict), count(*) FILTER (sentences) "
        "FROM around a GROUP BY a.level, a.within, a.year"
    )
    return View(
        "coverage",
        "覆盖：某级政府在某地某年应有多少、有报告的多少",
        "how many governments of a level there are in a place and year, and how many of them have a report",
        (
            Column("level", TEXT, "级别", "level"),
            Column("parent", TEXT, "所在地的区划代码；all 为全国", "the division around them; all for the nation"),
            Column("parent_name", TEXT, "所在地名称", "its name", True),
            _YEAR,
            Column("expected", BIGINT, "年末应有的政府数", "governments that stood at the end of the year"),
            Column("reported", BIGINT, "有现行报告的", "with a current report of any scope"),
            Column("reported_area", BIGINT, "有全域报告且无冲突的", "with a report of the whole area, not in conflict"),
            Column("conflicting", BIGINT, "报告互相冲突的", "with reports that disagree"),
            Column("only_sentences", BIGINT, "只有文字没有表格的", "with sentences only"),
        ),
        sql,
    )


def _ranking_view() -> View:
    sql = (
        f"WITH r AS (SELECT v.*, {_quotient('v')} AS value, b.name, b.level, {_CODE} AS division_code, b.kind, {_WHOLE} AS full_name FROM {whole('rate_value')} v "
        f"{_NAMED.format(v='v')} WHERE v.status = 'number' AND v.denominator > 0 AND NOT v.small_base AND NOT v.impossible AND NOT v.contradicted) "
        "SELECT r.rate, r.year, r.scope, r.period, r.level, r.kind, r.body_id, r.name, r.division_code, r.numerator, "
        "r.denominator, r.value, rank() OVER w, count(*) OVER (PARTITION BY r.rate, r.year, r.scope, r.period, r.level, r.kind), "
        "r.full_name FROM r WINDOW w AS (PARTITION BY r.rate, r.year, r.scope, r.period, r.level, r.kind ORDER BY r.value DESC)"
    )
    return View(
        "ranking",
        "比率名次：同年、同范围、同级别、同类机关之间；小基数不排",
        "ranks of rates among bodies of one level and kind in a year; small bases are left out",
        (
            Column("rate", TEXT, "比率", "rate"),
            _YEAR,
            _SCOPE,
            _PERIOD,
            Column("level", TEXT, "级别", "level", True),
            Column("kind", TEXT, "机关类别", "kind of body", True),
            _BODY_ID,
            Column("name", TEXT, "机关名称", "name"),
            _CODE_THEN,
            Column("numerator", DECIMAL, "分子", "numerator", True),
            Column("denominator", DECIMAL, "分母", "denominator", True),
            Column("value", DOUBLE, "比值", "rate"),
            Column("place", BIGINT, "名次，从高到低", "rank, highest first"),
            Column("ranked", BIGINT, "参加排名的机关数", "how many are ranked"),
            _NAMES[-1],
        ),
        sql,
    )


def _broken() -> str:
    """Whether something begins or ends between the two years after which an indicator counts otherwise."""
    crossed = []
    for note in (n for n in indicators.load().notes if n.breaks):
        older = ", ".join(map(literal, note.older_forms()))
        if note.form is None:
            across = f"v.year = {note.last}"
        else:
            # Whose form is not known, for its reports disagree, is judged by the year.
            across = (
                f"(CASE WHEN v.form IS NULL THEN v.year >= {note.first} ELSE v.form NOT IN ({older}) END) "
                f"AND (CASE WHEN p.form IS NULL THEN v.year <= {note.first} ELSE p.form IN ({older}) END)"
            )
        named = f"SELECT code FROM indicator WHERE list_contains(notes, {literal(note.id)})"
        crossed.append(f"({across} AND v.indicator IN ({named}))")
    return " OR ".join(crossed)


def _yearly_change_view() -> View:
    sql = (
        f"SELECT v.body_id, {_ABOUT}, v.year, v.scope, v.period, v.indicator, v.value, p.value, v.value - p.value, v.status, "
        f"coalesce(p.status, 'missing'), v.form IS DISTINCT FROM p.form, {_broken()} "
        "OR EXISTS (SELECT 1 FROM succession u WHERE u.successor_id = split_part(v.body_id, '/', 1) || '/government/' AND u.year = v.year), "
        f"v.contradicted OR coalesce(p.contradicted, false), {_notes_of('v')} "
        f"FROM {whole('indicator_value')} v LEFT JOIN {whole('indicator_value')} p ON p.body_id = v.body_id AND p.scope = v.scope "
        f"AND p.period = v.period AND p.indicator = v.indicator AND p.year = v.year - 1 {_NAMED.format(v='v')} {_noted('v', 'indicator')}"
    )
    return View(
        "yearly_change",
        "指标与上一年相比",
        "an indicator beside the year before",
        (
            _BODY_ID,
            *_NAMES,
            _YEAR,
            _SCOPE,
            _PERIOD,
            _INDICATOR,
            Column("value", DECIMAL, "本年", "this year", True),
            Column("before", DECIMAL, "上年", "the year before", True),
            Column("change", DECIMAL, "增减", "difference", True),
            _STATUS,
            Column("status_before", TEXT, "上年的状态", "status of the year before"),
            Column("other_form", BOOLEAN, "两年表式不同", "the forms differ"),
            Column(
                "broken",
                BOOLEAN,
                "口径中断或有区划并入（见 succession），不可直接比较",
                "the series is broken between the two years, by the form or by a merger (see succession)",
            ),
            replace(
                _CONTRADICTED,
                zh="真：两年中有一年的合计与其分项之和不符",
                en="true where a total of either year is not the sum of its own parts",
            ),
            _NOTES,
        ),
        sql,
    )


def _members_view() -> View:
    sql = (
        "WITH m AS (SELECT DISTINCT d.level, d.body_id, d.parent_code, y.year FROM division d CROSS JOIN "
        "  (SELECT DISTINCT year FROM preferred) y WHERE d.parent_code IS NOT NULL AND d.level <> 'zone' "
        "  AND coalesce(d.valid_from, 0) <= y.year AND coalesce(d.valid_to, 9999) >= y.year), "
        "g AS (SELECT *, coalesce(valid_from, 0) AS first, coalesce(valid_to, 9999) AS last FROM division), "
        f"v AS (SELECT * FROM {whole('indicator_value')} WHERE scope = 'area' AND period = 'year'), "
        "n AS (SELECT parent_code, level, year, count(*) AS members FROM m GROUP BY ALL), "
        "s AS (SELECT m.parent_code, m.level, m.year, v.indicator, count(v.value) AS with_value, sum(v.value) AS total "
        "  FROM m JOIN v USING (body_id, year) GROUP BY ALL) "
        "SELECT g.body_id, s.parent_code, s.year, s.level, s.indicator, n.members, s.with_value, s.total, own.value, "
        "own.value - s.total, g.name FROM s JOIN n USING (parent_code, level, year) "
        "JOIN g ON g.code = s.parent_code AND s.year BETWEEN g.first AND g.last "
        "LEFT JOIN v own ON own.body_id = g.body_id AND own.year = s.year AND own.indicator = s.indicator"
    )
    return View(
        "members",
        "下级政府全域报告之和，与上级自己的数并列",
        "the sum of the governments of one level below, beside the parent's own figure",
        (
            _BODY_ID,
            Column("division_code", TEXT, "上级的区划代码", "division of the parent"),
            _YEAR,
            Column("level", TEXT, "下级的级别", "level of the members"),
            _INDICATOR,
            Column("members", BIGINT, "应有的下级政府数", "members that stood that year"),
            Column("with_value", BIGINT, "其中有数的", "of these, with a value"),
            Column("total", DECIMAL, "有数的下级之和", "their sum", True),
            Column("own", DECIMAL, "上级自己的全域数", "the parent's own figure for its area", True),
            Column("difference", DECIMAL, "上级自己的数减下级之和", "own figure less the sum", True),
            Column("name", TEXT, "上级的名称", "name of the parent", True),
        ),
        sql,
    )


_BEFORE_AFTER = (
    Column("before", TEXT, "原来印的；空为没有此格", "printed before; null: no such cell", True),
    Column("after", TEXT, "现在印的；空为没有此格", "printed after; null: no such cell", True),
)
_WHY = Column("why", TEXT, "缘由，见 replacement", "why, see replacement")
_LINEAGE = Column("lineage", TEXT, "来路", "lineage")
_REVISION = Column("revision", BIGINT, "第几版", "revision")


def _revision_view() -> View:
    sql = (
        "SELECT n.issuer_id, n.year, n.scope, n.period, x.lineage, x.revision, x.report_key, x.previous_key, x.why, "
        "o.issuer_id, o.year, o.scope, o.period, o.title, n.title, x.load_id, l.started, n.standing "
        "FROM replacement x JOIN report n ON n.report_key = x.report_key JOIN report o ON o.report_key = x.previous_key "
        "LEFT JOIN load l ON l.load_id = x.load_id"
    )
    return View(
        "revision",
        "改版：同一来路上一份报告替换了另一份，包括机关、年度、范围、期间被更正的",
        "revisions: a report replaced another one at its place, also where body, year, scope or period were corrected",
        (
            *_BODY_AND_YEAR,
            _SCOPE,
            _PERIOD,
            _LINEAGE,
            _REVISION,
            Column("report_key", BIGINT, "后来的报告", "the later report"),
            Column("previous_key", BIGINT, "被替换的报告", "the report it replaced"),
            _WHY,
            Column("body_before", TEXT, "原来的机关", "the body before", True),
            Column("year_before", INTEGER, "原来的年度", "the year before", True),
            Column("scope_before", TEXT, "原来的统计范围", "the scope before"),
            Column("period_before", TEXT, "原来的期间", "the period before"),
            Column("title_before", TEXT, "原来的标题", "the title before", True),
            Column("title", TEXT, "现在的标题", "the title now", True),
            Column("load_id", INTEGER, "发现替换的入库批次", "the load that found it"),
            Column("found", INSTANT, "何时发现（UTC）", "when that was (UTC)", True),
            Column("standing", TEXT, "后来的报告现在是否采用", "the standing of the later report now"),
        ),
        sql,
    )


def _change_view() -> View:
    of = ", ".join(
        f"({literal(name)}, o.{column}::VARCHAR, n.{column}::VARCHAR)"
        for name, column in (("issuer", "issuer_id"), ("year", "year"), ("scope", "scope"), ("period", "period"))
    )
    sql = (
        "WITH f AS (SELECT report_key, table_code || '.' || row_code || '.' || column_code AS address, kind, value, printed "
        "  FROM fact SEMI JOIN (SELECT report_key FROM replacement UNION SELECT previous_key FROM replacement) USING (report_key)), "
        "n AS (SELECT x.*, f.address, f.kind, f.value, f.printed FROM replacement x JOIN f USING (report_key)), "
        "o AS (SELECT x.*, f.address, f.kind, f.value, f.printed FROM replacement x JOIN f ON f.report_key = x.previous_key), "
        "cells AS (SELECT coalesce(n.report_key, o.report_key) AS report_key, coalesce(n.previous_key, o.previous_key) AS previous_key, "
        "    coalesce(n.lineage, o.lineage) AS lineage, coalesce(n.revision, o.revision) AS revision, coalesce(n.why, o.why) AS why, "
        "    coalesce(n.address, o.address) AS address, o.printed AS was, n.printed AS is_, o.value AS value_was, n.value AS value_is "
        "  FROM n FULL JOIN o ON o.report_key = n.report_key AND o.previous_key = n.previous_key AND o.lineage = n.lineage "
        "    AND o.revision = n.revision AND o.address = n.address "
        "  WHERE o.kind IS DISTINCT FROM n.kind OR o.value IS DISTINCT FROM n.value "
        "  OR (n.value IS NULL AND o.printed IS DISTINCT FROM n.printed) "
        "  UNION ALL SELECT x.report_key, x.previous_key, x.lineage, x.revision, x.why, d.address, d.was, d.is_, NULL, NULL "
        "  FROM replacement x JOIN report n ON n.report_key = x.report_key JOIN report o ON o.report_key = x.previous_key, "
        f"  LATERAL (VALUES {of}) d(address, was, is_) WHERE d.was IS DISTINCT FROM d.is_) "
        "SELECT c.report_key, r.issuer_id, r.year, r.scope, r.period, c.lineage, c.revision, c.address, c.was, c.is_, "
        "c.value_was, c.value_is, c.why, c.previous_key FROM cells c JOIN report r USING (report_key)"
    )
    return View(
        "change",
        "改版后变了哪些单元格；机关、年度、范围、期间被更正的，地址为 issuer、year、scope、period",
        "cells that differ between a report and the one it replaced; corrected identities stand at issuer, year, scope, period",
        (
            Column("report_key", BIGINT, "新版报告", "the later revision"),
            *_BODY_AND_YEAR,
            _SCOPE,
            _PERIOD,
            _LINEAGE,
            _REVISION,
            Column("address", TEXT, "单元格", "cell"),
            *_BEFORE_AFTER,
            Column("value_before", DECIMAL, "原来的数", "value before", True),
            Column("value_after", DECIMAL, "现在的数", "value after", True),
            _WHY,
            Column("previous_key", BIGINT, "被替换的报告", "the report it replaced"),
        ),
        sql,
    )


def _conflict_view() -> View:
    key = "issuer_id, year, scope, period"
    sql = (
        f"WITH c AS (SELECT report_key, {key}, lineage, count(*) OVER (PARTITION BY {key}) AS reports FROM report WHERE standing = 'conflict'), "
        "f AS (SELECT c.*, x.table_code || '.' || x.row_code || '.' || x.column_code AS address, x.kind, x.value, x.printed "
        "  FROM c JOIN fact x USING (report_key)), "
        f"d AS (SELECT {key}, address FROM f GROUP BY {key}, address "
        "  HAVING count(*) < any_value(reports) OR count(DISTINCT concat_ws(' ', kind, coalesce(value::VARCHAR, printed))) > 1) "
        "SELECT c.issuer_id, c.year, c.scope, c.period, d.address, c.report_key, c.lineage, f.printed, f.value "
        f"FROM d JOIN c USING ({key}) LEFT JOIN f ON f.report_key = c.report_key AND f.address = d.address"
    )
    return View(
        "conflict_cell",
        "互相冲突的报告在哪些单元格不同：每格、每份报告占一行",
        "the cells in which reports in conflict differ: a row per cell and report",
        (
            *_KEY,
            Column("address", TEXT, "单元格", "cell"),
            Column("report_key", BIGINT, "报告", "report"),
            _LINEAGE,
            Column(
                "printed",
                TEXT,
                "印的原文；空为没有此格或读不准",
                "as printed; null: no such cell, or not read with certainty",
                True,
            ),
            Column("value", DECIMAL, "数值", "value", True),
        ),
        sql,
    )


def _gone_view() -> View:
    sql = (
        "SELECT p.path, p.sha256, r.report_key, r.issuer_id, r.year, r.scope, r.period, r.standing, p.at, l.started "
        "FROM (SELECT path, max(load_id) AS at, arg_max(sha256, load_id) AS sha256 FROM placement GROUP BY path "
        "  HAVING max(load_id) FILTER (sha256 IS NULL) = max(load_id)) p "
        "LEFT JOIN report r ON r.source_sha256 = p.sha256 LEFT JOIN load l ON l.load_id = p.at"
    )
    return View(
        "missing_file",
        "不在原处的文件，及其中的报告；改了名的，report.gone 为假",
        "places whose file is gone, with the reports it held; of a renamed file report.gone is false",
        (
            Column("path", TEXT, "文件路径或网址", "path or web address"),
            Column("sha256", TEXT, "最后的内容", "what stood there last"),
            Column("report_key", BIGINT, "其中的报告", "a report in it", True),
            *_BODY_AND_YEAR,
            Column("scope", TEXT, "统计范围", "what it counts", True),
            Column("period", TEXT, "期间", "period", True),
            Column("standing", TEXT, "是否采用", "whether it counts", True),
            Column("load_id", INTEGER, "发现不在的入库批次", "the load that found it gone"),
            Column("found", INSTANT, "何时发现（UTC）", "when that was (UTC)", True),
        ),
        sql,
    )


def _cell_view() -> View:
    """The cells of reports that count, also those that another file of the same report prints."""
    own = "f.table_code, f.row_code, f.column_code, f.value, f.kind, f.printed, f.unit, f.method, f.report_key AS printed_in"
    sql = (
        f"SELECT f.report_key, {own} FROM fact f SEMI JOIN (SELECT report_key FROM report WHERE standing = 'preferred') r "
        f"USING (report_key) UNION ALL SELECT p.report_key, {own} FROM part p JOIN fact f ON f.report_key = p.part_key "
        "AND f.table_code = p.table_code AND f.row_code = p.row_code AND f.column_code = p.column_code"
    )
    return View(
        "counted_fact",
        "采用的报告的单元格；一份报告分在几个文件中的，各文件的格合在一起，每格只有一次",
        "cells of the reports that count; of a report in several files all of them, each cell once",
        (
            Column("report_key", BIGINT, "采用的报告", "the report that counts"),
            *_CELL,
            Column("value", DECIMAL, "数值；kind 为 number 时才有", "the value, only where kind is number", True),
            Column("kind", TEXT, "number 数、blank 空白、mark 记号、text 文字", "what the cell holds"),
            Column("printed", TEXT, "印的原文", "the text as printed"),
            Column("unit", TEXT, "换算后的单位", "unit after conversion", True),
            Column("method", TEXT, "读法", "how it was read"),
            Column("printed_in", BIGINT, "印有此格的报告", "the report in the file that prints it"),
        ),
        sql,
    )


def _completeness_view() -> View:
    kinds = ("number", "blank", "mark", "text")
    counted = ", ".join(f"count(*) FILTER (f.kind = {literal(k)})" for k in kinds)
    nothing = "f.kind IS NULL AND u.address IS NULL"
    sql = (
        f'SELECT r.report_key, r.issuer_id, r.year, r.scope, r.is_current, c."table", count(*) FILTER (NOT (c.is_optional AND {nothing})), '
        f"{counted}, count(*) FILTER (f.kind IS NULL AND u.address IS NOT NULL), "
        f"count(*) FILTER ({nothing} AND NOT c.is_optional), count(*) FILTER ({nothing} AND c.is_optional) "
        "FROM report r JOIN cell c ON c.form = r.form AND c.variant = coalesce(r.variant, '') "
        # With what other files of the same report print.
        "LEFT JOIN (SELECT report_key, table_code, row_code, column_code, kind FROM fact UNION ALL "
        "  SELECT p.report_key, f.table_code, f.row_code, f.column_code, f.kind FROM part p JOIN fact f ON f.report_key = p.part_key "
        "  AND f.table_code = p.table_code AND f.row_code = p.row_code AND f.column_code = p.column_code) f "
        'ON f.report_key = r.report_key AND f.table_code = c."table" AND f.row_code = c."row" AND f.column_code = c."column" '
        "LEFT JOIN (SELECT DISTINCT report_key, address FROM unresolved) u ON u.report_key = r.report_key "
        "AND u.address = c.address GROUP BY ALL"
    )
    return View(
        "completeness",
        "每份报告每张表应有多少格，各在何处；采用的报告连同它分在别的文件中的格",
        "the cells that a report's form has, by what became of them; of one that counts with those that its other files print",
        (
            Column("report_key", BIGINT, "报告", "report"),
            *_BODY_AND_YEAR,
            _SCOPE,
            Column("is_current", BOOLEAN, "是否现行版本", "whether it is the current one"),
            Column("table_code", TEXT, "表", "table"),
            Column(
                "expected",
                BIGINT,
                "应有的格：以下各项之和，not_on_form 除外",
                "cells this edition of the form has: the sum of those below but not_on_form",
            ),
            *(Column(k, BIGINT, f"{k} 的格", f"cells of kind {k}") for k in kinds),
            Column("unresolved", BIGINT, "读不准的格", "cells that could not be read with certainty"),
            Column("missing", BIGINT, "本文件没有的格", "cells that this document does not have"),
            Column(
                "not_on_form",
                BIGINT,
                "当年的版本没有的行的格（见 cell.is_optional）",
                "cells that this edition of the form does not have, see cell.is_optional",
            ),
        ),
        sql,
    )


def _body_view() -> View:
    return View(
        "body",
        "机关",
        "a body",
        (
            _BODY_ID,
            Column("name", TEXT, "名称", "name"),
            Column("division_code", TEXT, "区划代码", "division code", True),
            Column("level", TEXT, "级别", "level", True),
            Column("kind", TEXT, "类别", "kind", True),
            Column("parent_id", TEXT, "上级政府", "the government above it", True),
        ),
        "SELECT issuer_id, name, division_code, level, kind, parent_id FROM issuer",
    )


def views() -> tuple[View, ...]:
    """Every view of this module."""
    return (
        _cell_view(),
        _body_view(),
        _value_view(),
        _rate_view(),
        _panel_view(),
        _coverage_view(),
        _ranking_view(),
        _yearly_change_view(),
        _members_view(),
        _revision_view(),
        _change_view(),
        _conflict_view(),
        _gone_view(),
        _completeness_view(),
    )
