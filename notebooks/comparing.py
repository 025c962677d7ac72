"""Comparing places: `marimo edit notebooks/comparing.py`; GOUJI_LEVEL and GOUJI_RATE choose, else the level with _most rates, grant_rate."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="各地比较 · comparing places")


@app.cell
def _():
    import os
    import sys
    from pathlib import Path

    import altair as alt

    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import pages

    import gouji

    con = gouji.connect(pages.home())
    rate = os.environ.get("GOUJI_RATE", "grant_rate")
    _most = con.execute(
        "SELECT level FROM rate WHERE rate = ? AND scope = 'area' AND period = 'year' AND level IS NOT NULL "
        "GROUP BY 1 ORDER BY count(*) FILTER (status = 'number') DESC, 1 LIMIT 1", [rate]
    ).fetchone()  # fmt: skip
    level = os.environ.get("GOUJI_LEVEL") or (_most[0] if _most else "prefecture")
    (label,) = con.execute("SELECT zh FROM indicator WHERE code = ?", [rate]).fetchone()
    where = f"r.rate = '{rate}' AND r.level = '{level}' AND r.scope = 'area' AND r.period = 'year'"
    usable = (
        "r.status = 'number' AND r.value IS NOT NULL AND NOT r.small_base AND NOT r.impossible AND NOT r.contradicted"
    )

    def ask(sql):
        return con.execute(sql).df()

    return alt, ask, label, level, pages, rate, usable, where


@app.cell
def _(alt, ask, label, level, pages, usable, where):
    years = ask(
        f"SELECT r.year AS 年度, quantile_cont(r.value, 0.25) FILTER ({usable}) AS 下四分位, median(r.value) FILTER ({usable}) AS 中位数, "
        f"quantile_cont(r.value, 0.75) FILTER ({usable}) AS 上四分位, (count(*) FILTER ({usable}))::INTEGER AS n, "
        "any_value(c.expected)::INTEGER AS 应有, (count(*) FILTER (r.status = 'number' AND (r.small_base OR r.impossible OR r.contradicted)))::INTEGER AS 小基数或自相矛盾, "
        "(count(*) FILTER (r.status <> 'number'))::INTEGER AS 无数, any_value(c.conflicting)::INTEGER AS 冲突 "
        f"FROM rate r LEFT JOIN coverage c ON c.level = r.level AND c.year = r.year AND c.parent = 'all' WHERE {where} "
        "GROUP BY r.year ORDER BY r.year"
    )
    years["覆盖"] = years["n"].astype(str) + "/" + years["应有"].astype(str)
    _base = alt.Chart(years).encode(x=alt.X("年度:O", axis=alt.Axis(labelAngle=0)))
    _chart = (
        _base.mark_bar(size=26, color="#9ecae1").encode(
            y=alt.Y("下四分位:Q", title=label, scale=alt.Scale(zero=False)), y2="上四分位:Q"
        )
        + _base.mark_tick(color="#08519c", thickness=3, size=30).encode(y="中位数:Q")
        + _base.mark_text(dy=-8, fontSize=11).encode(y="上四分位:Q", text="覆盖:N")
    ).properties(width=560, height=300)
    pages.Section(
        f"{pages.LEVELS.get(level, level)}政府的{label}：中位数和四分位",
        "每柱上的数为 n/N：参加计算的政府数，和当年末应有的政府数。小基数、自相矛盾和没有数的不参加。",
        _chart,
        years.drop(columns="覆盖"),
    )
    return (years,)


@app.cell
def _(alt, ask, label, level, pages, rate, usable, where):
    newest = ask(f"SELECT coalesce(max(r.year), 0)::INTEGER AS year FROM rate r WHERE {where} AND {usable}")[
        "year"
    ].iloc[0]
    ranked = ask(
        "SELECT place::INTEGER AS 名次, r.full_name AS 政府, r.value AS 比率, r.numerator AS 分子, r.denominator AS 分母, "
        f"ranked::INTEGER AS 参加排名 FROM ranking r WHERE r.rate = '{rate}' AND r.level = '{level}' AND r.kind = 'government' AND r.scope = 'area' "
        f"AND r.period = 'year' AND r.year = {newest} ORDER BY 1, 2 LIMIT 20"
    )
    left = ask(
        "SELECT (count(*) FILTER (r.small_base))::INTEGER AS small, (count(*) FILTER (r.impossible OR r.contradicted))::INTEGER AS impossible, "
        f"(count(*) FILTER (r.status <> 'number'))::INTEGER AS without FROM rate r WHERE {where} AND r.year = {newest}"
    ).iloc[0]
    ranked["名称"] = ranked["名次"].astype(str) + ". " + ranked["政府"]
    _chart = (
        alt.Chart(ranked.astype({"比率": float, "分母": float}))
        .mark_bar(color="#3182bd")
        .encode(
            x=alt.X("比率:Q", title=label),
            y=alt.Y("名称:N", title=None, sort=list(ranked["名称"])),
            opacity=alt.Opacity("分母:Q", title="分母（件）", scale=alt.Scale(type="log", range=[0.45, 1])),
        )
        .properties(width=480)
    )
    pages.Section(
        f"{newest} 年{label}最高的二十个",
        f"没有参加排名的：小基数 {left['small']} 个，自相矛盾 {left['impossible']} 个，没有数的 {left['without']} 个。分母小的柱色浅。",
        _chart,
        ranked.drop(columns="名称"),
    )
    return (ranked,)


@app.cell
def _(ask, level, pages):
    covered = ask(
        "SELECT year AS 年度, parent_name AS 地方, expected::INTEGER AS 应有, reported::INTEGER AS 有报告, reported_area::INTEGER AS 有全域报告, "
        f"conflicting::INTEGER AS 冲突, only_sentences::INTEGER AS 只有文字 FROM coverage WHERE level = '{level}' AND reported > 0 "
        "ORDER BY year DESC, parent = 'all' DESC, parent"
    )
    _notes = ask("SELECT id AS 编号, zh AS 须说明 FROM note ORDER BY first_year NULLS FIRST, id")
    pages.Section("覆盖 · coverage", covered, "须一并说明：", _notes)
    return (covered,)


if __name__ == "__main__":
    app.run()
