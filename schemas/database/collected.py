"""What the collector knows, as tables: publications with their history, its runs; and what still waits to be mended.

Belongs here: their columns and the queries of the views. Does not belong here: filling the tables (`flows.history`), the collector's own
record they are filled from (`flows.collecting.store`).
"""

from __future__ import annotations

from .table_model import BIGINT, DATE, INSTANT, INTEGER, TEXT, Column, Table, View, made

_PUBLICATION = Column("publication", TEXT, "发布页面的网址", "address of the page it is published at")
_SOURCE = Column("source", TEXT, "来源清单中的名称", "its source, by the name in the list of sources")
_FIRST_SEEN = Column("first_seen", INSTANT, "首次见到的时刻（UTC）", "when it was first seen (UTC)")
_LAST_SEEN = Column("last_seen", INSTANT, "最近一次见到的时刻（UTC）", "when it was last seen (UTC)")
_CHANGED = Column("changed", INSTANT, "内容最近一次改变的时刻（UTC）", "when what it says last changed (UTC)", True)
_GONE = Column(
    "gone",
    INSTANT,
    "下线的时刻（UTC）：连续多次访问都已不在；数据保留",
    "when it counted as gone (UTC): not there at several visits in a row; its data stays",
    True,
)
_RETURNED = Column("returned", INSTANT, "下线后重新出现的时刻（UTC）", "when it came back (UTC)", True)
_STATE = Column(
    "state",
    TEXT,
    "there 在；away 最近一次访问不在；gone 已下线",
    "there; away: not there at the last visit; gone",
    allowed=("there", "away", "gone"),
)
_WHAT = Column(
    "what",
    TEXT,
    "new 首次收到、revised 内容改变、same 只有装饰改变、missing 访问时不在、gone 下线、returned 重新出现、unlinked 附件不再被引用、moved 已移到 address",
    "new; revised; same: changed in decoration only; missing at a visit; gone; returned; unlinked: an attachment no longer led to; moved to address",
)

TABLES: tuple[Table, ...] = (
    made(
        "publication",
        "采集到的一次发布（网页及其附件），首次、最近见到的时刻与现状",
        "a publication that was collected (a page and its files): first seen, last seen, changed, gone",
        (
            Column("address", TEXT, "网址", "address"),
            _SOURCE,
            Column("found_on", TEXT, "从哪个列表页找到", "the list it was found on", True),
            Column("link_text", TEXT, "链接的文字", "the words of the link", True),
            Column("date", DATE, "列表上的日期", "the list's date", True),
            Column("year", INTEGER, "列表所说的年度", "the year that the list says", True),
            Column("body", TEXT, "列表所说的机关", "the body that the list says", True),
            _STATE,
            _FIRST_SEEN,
            _LAST_SEEN,
            Column("checked", INSTANT, "最近一次访问的时刻（UTC）", "when it was last visited (UTC)"),
            _CHANGED,
            Column("missing", INTEGER, "连续多少次访问都不在", "visits in a row at which it was not there", minimum=0),
            _GONE,
            _RETURNED,
        ),
        unique=("address",),
    ),
    made(
        "publication_event",
        "一次发布的经历：收到、改变、不在、下线、重新出现",
        "what happened to a publication: received, changed, missing, gone, returned",
        (
            Column("event", BIGINT, "序号，按发生的先后", "number, in the order of what happened", minimum=1),
            Column("at", INSTANT, "时刻（UTC）", "when (UTC)"),
            Column("run", INTEGER, "第几次采集", "which collect", minimum=1),
            _PUBLICATION,
            Column("address", TEXT, "所涉文件的网址", "address of the file it is about"),
            _WHAT,
            Column("sha256", TEXT, "收到的内容", "the content that was received", True),
        ),
    ),
    made(
        "collect_run",
        "一次采集",
        "a run of the collector",
        (
            Column("run", INTEGER, "第几次", "number", minimum=1),
            Column("started", INSTANT, "开始时刻（UTC）", "when it started (UTC)"),
            Column("finished", INSTANT, "结束时刻（UTC）", "when it ended (UTC)", True),
            Column(
                "state",
                TEXT,
                "done 完成、running 进行中、failed 失败、broken 中断",
                "done, running, failed or broken off",
            ),
            *(
                Column(name, INTEGER, zh, en, minimum=0)
                for name, zh, en in (
                    ("requests", "请求数", "requests"),
                    ("new", "新发布", "new publications"),
                    ("revised", "有变的发布", "revised publications"),
                    ("gone", "下线的发布", "publications that are gone"),
                    ("trouble", "异常", "troubles"),
                )
            ),
        ),
        unique=("run",),
    ),
)


def views() -> tuple[View, ...]:
    """A publication's history with the reports that were read in it, and the work list of what could not be read."""
    return (_history(), _work_list())


def _history() -> View:
    # A report that another one of the publication has replaced is a revision of that one's, whatever was read in it.
    sql = (
        "WITH RECURSIVE held AS (SELECT s.publication, r.report_key, r.issuer, r.year, r.scope, bool_or(r.is_current AND r.lineage = s.lineage) AS current_here "
        "  FROM source s JOIN report r ON r.source_sha256 = s.sha256 WHERE s.publication IS NOT NULL GROUP BY ALL), "
        "step AS (SELECT DISTINCT n.publication, x.report_key, x.previous_key FROM replacement x "
        "  JOIN held n ON n.report_key = x.report_key JOIN held o ON o.report_key = x.previous_key AND o.publication = n.publication), "
        "last AS (SELECT * FROM held h WHERE current_here OR NOT EXISTS (SELECT 1 FROM step s "
        "  WHERE s.publication = h.publication AND s.previous_key = h.report_key)), "
        "back(publication, report_key, earlier) AS (SELECT publication, report_key, report_key FROM last UNION "
        "  SELECT b.publication, b.report_key, s.previous_key FROM back b JOIN step s ON s.publication = b.publication AND s.report_key = b.earlier) "
        "SELECT p.address, p.source, p.state, r.issuer, r.year, r.scope, count(DISTINCT k.earlier), p.first_seen, p.last_seen, "
        "p.changed, p.gone, p.returned FROM publication p LEFT JOIN (last r JOIN back k USING (publication, report_key)) "
        "ON r.publication = p.address GROUP BY ALL"
    )
    return View(
        "history",
        "每次发布的经历：哪个机关哪一年的报告，首次、最近见到，改过几版，是否下线",
        "the history of publications: whose report of which year, first and last seen, how many revisions, whether gone",
        (
            _PUBLICATION,
            _SOURCE,
            _STATE,
            Column("issuer", TEXT, "机关；没有读出报告则为空", "issuer; null where no report was read", True),
            Column("year", INTEGER, "报告年度", "report year", True),
            Column("scope", TEXT, "统计范围", "scope", True),
            Column("revisions", BIGINT, "收到过几版", "how many revisions were received"),
            _FIRST_SEEN,
            _LAST_SEEN,
            _CHANGED,
            _GONE,
            _RETURNED,
        ),
        sql,
    )


def _work_list() -> View:
    """A file that was replaced is off the list; so is a page without a report whose publication has one."""
    sql = (
        "WITH last AS (SELECT path, arg_max(sha256, (last_load, first_load)) AS sha256, any_value(address) AS address, "
        "  any_value(publication) AS publication, arg_max(first_load, (last_load, first_load)) AS first_load FROM source GROUP BY path), "
        "read_well AS (SELECT DISTINCT l.publication FROM last l JOIN report r ON r.source_sha256 = l.sha256) "
        "SELECT l.path, a.kind, a.message, d.started, l.address FROM last l "
        "JOIN (SELECT sha256, any_value(kind) AS kind, any_value(message) AS message FROM set_aside WHERE NOT part GROUP BY sha256) a "
        "USING (sha256) JOIN load d ON d.load_id = l.first_load "
        "WHERE l.publication IS NULL OR l.publication NOT IN (SELECT publication FROM read_well WHERE publication IS NOT NULL)"
    )
    return View(
        "set_aside_now",
        "待处理：现在仍不能用的文件，自何时起；换成能读的文件后自动消去",
        "work list: files that cannot be used and still are what they were, since when; a file that is replaced is off it",
        (
            Column("path", TEXT, "文件路径或网址", "path or address"),
            Column("kind", TEXT, "原因类别", "kind of reason"),
            Column("message", TEXT, "原因，以及怎么办", "the reason, and what to do"),
            Column("since", INSTANT, "自何时起（UTC）", "since when (UTC)"),
            Column("address", TEXT, "网址；本地文件为空", "web address; null for a local file", True),
        ),
        sql,
    )
