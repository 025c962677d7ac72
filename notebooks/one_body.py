"""One body across every form: `marimo edit notebooks/one_body.py`; GOUJI_BODY names the body, else the one with most years."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="一个机关的全部年份 · one body across every era")


@app.cell
def _():
    import os
    import sys
    from pathlib import Path

    import altair as alt
    import pandas as pd

    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import pages

    import gouji

    return alt, gouji, os, pages, pd


@app.cell
def _(gouji, os, pages):
    _con = gouji.connect(pages.home())
    _most = _con.execute(
        "SELECT body_id FROM preferred WHERE period = 'year' GROUP BY 1 ORDER BY count(DISTINCT year) DESC, 1 LIMIT 1"
    ).fetchone()
    body = os.environ.get("GOUJI_BODY") or _most[0]
    codes = ["requests_received", "granted_any", "denied", "not_held", "reconsideration", "litigation"]
    series = gouji.series(body, codes, home=pages.home())
    (name,) = _con.execute("SELECT name FROM body WHERE body_id = ?", [series.attrs["body_id"]]).fetchone()
    labels = dict(_con.execute("SELECT code, zh FROM indicator").fetchall())
    _con.close()
    return body, codes, labels, name, series


@app.cell
def _(alt, codes, labels, name, pages, pd, series):
    def _reason(each):
        if each["because"] == "form":
            return f"表式 {each['before']} → {each['after']}"
        return (
            f"范围 {each['before']} → {each['after']}"
            if each["because"] == "scope"
            else series.attrs["notes"].get(each["because"], "口径中断")
        )

    _first, _last = int(series.index.min()), int(series.index.max())
    _broken = sorted({each["year"] for each in series.attrs["breaks"]})
    _rows = []
    for _year in range(_first, _last + 1):
        for _code in codes:
            _value = series.at[_year, _code] if _year in series.index else None
            # A line never runs over a break or over a year without a figure.
            _rows.append((_year, labels[_code], _value, sum(_year >= b for b in _broken)))
    long = pd.DataFrame(_rows, columns=["年度", "指标", "件数", "段"])
    _x = alt.X(
        "年度:Q",
        axis=alt.Axis(format="d", tickMinStep=1),
        scale=alt.Scale(domain=[_first - 0.5, _last + 0.5], zero=False, nice=False),
    )
    _base = alt.Chart(long).encode(
        x=_x,
        y=alt.Y("件数:Q", title="件"),
        color=alt.Color("指标:N", title=None, sort=[labels[c] for c in codes]),
    )
    _lines = _base.mark_line(invalid="break-paths-show-domains").encode(detail="段:N")
    _points = _base.mark_point(filled=True, size=45)
    _breaks = pd.DataFrame({"年度": [b - 0.5 for b in _broken]})
    _rules = alt.Chart(_breaks).mark_rule(strokeDash=[4, 4], color="#888").encode(x=_x)
    _said = [f"{each['year']} 年起：{_reason(each)}。" for each in series.attrs["breaks"]]
    # What was merged has a series of its own.
    _said += [
        f"{each['year']} 年起区划有变：{each['before']} → {each['after']}。" for each in series.attrs["successions"]
    ]
    _gaps = "、".join(map(str, series.attrs["missing_years"])) or "无"
    if series.attrs["conflicting_years"]:
        _gaps += "；报告互相冲突、没有取数的 " + "、".join(map(str, series.attrs["conflicting_years"]))
    pages.Section(
        f"{name}，{_first}—{_last} 年",
        f"有报告的 {len(series)} 年；缺 {_gaps}。虚线处序列中断，线不连过去。",
        (_rules + _lines + _points).properties(width=640, height=320),
        "\n".join(_said),
    )
    return (long,)


@app.cell
def _(codes, labels, pages, pd, series):
    status = pd.DataFrame(
        series.attrs["status"]["data"], index=series.attrs["status"]["index"], columns=series.attrs["status"]["columns"]
    )
    table = series.reset_index()[["year", "form", "scope", *codes]].astype(object)
    for _code in codes:
        # Where there is no number the reason stands in its place; nothing is taken for zero.
        table[_code] = [
            value if pd.notna(value) else pages.WORDS[status.at[year, _code]]
            for year, value in zip(table["year"], table[_code], strict=True)
        ]
    table.columns = ["年度", "表式", "范围", *(labels[c] for c in codes)]
    pages.Section(
        "逐年的数 · year by year",
        table,
        "须一并说明：",
        "\n".join(f"{k}：{v}" for k, v in series.attrs["notes"].items()),
    )
    return (table,)


@app.cell
def _(body, gouji, pages, series):
    newest = int(series.index.max())
    traced = gouji.trace(body, newest, "requests_received", scope=series.at[newest, "scope"], home=pages.home())
    pages.Section(f"{newest} 年的收到申请从哪里来 · where it comes from", str(traced))
    return (traced,)


if __name__ == "__main__":
    app.run()
