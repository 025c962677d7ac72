"""The quality of the data: `marimo edit notebooks/quality.py`."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="数据质量 · quality of the data")


@app.cell
def _():
    import sys
    from pathlib import Path

    import altair as alt

    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import pages

    import gouji

    con = gouji.connect(pages.home())

    def ask(sql):
        return con.execute(sql).df()

    return alt, ask, pages


@app.cell
def _(alt, ask, pages):
    standing = ask(
        "SELECT coalesce(year::VARCHAR, '不明') AS 年度, standing, count(*)::INTEGER AS 份数 FROM report GROUP BY ALL ORDER BY ALL"
    )
    standing["地位"] = standing["standing"].map(pages.WORDS)
    _chart = (
        alt.Chart(standing)
        .mark_bar()
        .encode(
            x=alt.X("年度:O", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("sum(份数):Q", title="报告（份）", axis=alt.Axis(format="d", tickMinStep=1)),
            color=alt.Color(
                "地位:N",
                title=None,
                sort=[pages.WORDS[s] for s in ("preferred", "part", "copy", "superseded", "conflict", "unidentified")],
            ),
        )
        .properties(width=560, height=260)
    )
    gone = ask("SELECT path AS 文件, year AS 年度, standing AS 地位, load_id AS 批次 FROM missing_file ORDER BY ALL")
    pages.Section(
        "报告：采用的、副本、冲突、被替换的 · reports",
        "汇总只用“采用”的；互相冲突的哪份也不用，须由人核对。",
        _chart,
        f"已不在原处的文件 {len(gone)} 个：" if len(gone) else "没有不在原处的文件。",
        *([gone] if len(gone) else []),
    )
    return (standing,)


@app.cell
def _(alt, ask, pages):
    cells = ask(
        "WITH c AS (SELECT c.* FROM completeness c JOIN report r USING (report_key) WHERE r.standing = 'preferred') "
        "UNPIVOT (SELECT table_code, sum(number)::DOUBLE AS number, sum(blank)::DOUBLE AS blank, sum(mark)::DOUBLE AS mark, sum(text)::DOUBLE AS text, "
        "sum(unresolved)::DOUBLE AS unresolved, sum(missing)::DOUBLE AS missing FROM c GROUP BY 1) "
        "ON number, blank, mark, text, unresolved, missing INTO NAME what VALUE n"
    )
    cells["状态"] = cells["what"].map(pages.WORDS)
    titles = dict(
        ask("SELECT DISTINCT \"table\" AS t, split_part(zh, '：', 1) AS zh FROM cell").itertuples(index=False)
    )
    cells["表"] = cells["table_code"].map(titles)
    _codes = ["number", "blank", "mark", "text", "unresolved", "missing"]
    _chart = (
        alt.Chart(cells)
        .mark_bar()
        .encode(
            x=alt.X("n:Q", stack="normalize", title="占表式应有的格", axis=alt.Axis(format="%")),
            y=alt.Y("表:N", title=None),
            color=pages.by_status(_codes),
            order=alt.Order("rank:Q"),
        )
        .transform_calculate(rank=f"indexof({[pages.WORDS[c] for c in _codes]!r}, datum['状态'])")
        .properties(width=520)
    )
    pages.Section("单元格：读出了多少 · cells", "空白不是零；读不准的不猜。", _chart)
    return (cells,)


@app.cell
def _(alt, ask, pages):
    status = ask(
        "SELECT i.zh AS 指标, v.status, count(*)::INTEGER AS n FROM indicator_value v JOIN indicator i ON i.code = v.indicator "
        "WHERE v.period = 'year' AND v.indicator IN ('requests_received', 'requests_answered', 'granted_any', 'denied', 'not_held', "
        "'other_outcome', 'reconsideration', 'litigation', 'requests_natural_persons', 'normative_documents_issued') GROUP BY ALL ORDER BY ALL"
    )
    status["状态"] = status["status"].map(pages.WORDS)
    _codes = [c for c in pages.COLOURS if (status["status"] == c).any()]
    _chart = (
        alt.Chart(status)
        .mark_bar()
        .encode(
            x=alt.X("n:Q", stack="normalize", title="占报告", axis=alt.Axis(format="%")),
            y=alt.Y("指标:N", title=None),
            color=pages.by_status(_codes),
            order=alt.Order("rank:Q"),
        )
        .transform_calculate(rank=f"indexof({[pages.WORDS[c] for c in _codes]!r}, datum['状态'])")
        .properties(width=520)
    )
    pages.Section("指标：有数的、没有的、为何没有 · indicators", _chart)
    return (status,)


@app.cell
def _(ask, pages):
    rules = ask(
        "SELECT u.zh AS 规则, f.severity AS 程度, count(*)::INTEGER AS 处, count(DISTINCT f.report_key)::INTEGER AS 份 FROM finding f "
        "JOIN report r USING (report_key) LEFT JOIN rule u ON u.rule = f.rule WHERE r.standing = 'preferred' GROUP BY ALL ORDER BY 3 DESC, 1 LIMIT 20"
    )
    open_ = ask(
        "SELECT u.zh AS 规则, count(*)::INTEGER AS 处, count(DISTINCT n.report_key)::INTEGER AS 份 FROM not_assessable n "
        "JOIN report r USING (report_key) LEFT JOIN rule u ON u.rule = n.rule WHERE r.standing = 'preferred' GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT 20"
    )
    conflicts = ask(
        "SELECT b.name AS 机关, p.year AS 年度, p.scope AS 范围, len(p.reports)::INTEGER AS 报告 FROM preferred p JOIN body b USING (body_id) "
        "WHERE p.conflict ORDER BY ALL"
    )
    corrected = ask(
        "SELECT issuer AS 机关, year AS 年度, address AS 单元格, printed AS 印, used AS 采用, reason AS 理由, state AS 状态 FROM correction"
    )
    faults = ask("SELECT file AS 文件, line AS 行, message AS 原因 FROM list_fault ORDER BY ALL")
    content = [f"不成立的规则 {len(rules)} 种（采用的报告）。", rules, f"缺了数、无从核对的规则 {len(open_)} 种。"]
    content += [*([open_] if len(open_) else []), f"互相冲突的 {len(conflicts)} 组。"]
    content += [conflicts] if len(conflicts) else []
    content += [f"经审核的更正 {len(corrected)} 行。", *([corrected] if len(corrected) else [])]
    content += [f"名单中不能用的 {len(faults)} 行。", *([faults] if len(faults) else [])]
    pages.Section("要人看的 · what needs a person", *content)
    return (rules,)


if __name__ == "__main__":
    app.run()
