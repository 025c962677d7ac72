"""The page that documents every rule, made from the catalogue: `python -m checks.handbook > docs/rules.md`.

Belongs here: laying out what `rules.toml` says. Does not belong here: anything about a rule that is not in that file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby

from schemas import forms

from .rules import Rule, catalogue, data

_SEVERITY = {"error": "error 错误", "warning": "warning 疑点", "note": "note 提示"}
_GROUPS = {
    "report": "One report · 一份报告",
    "series": "A series: the same body and scope, two or more years · 同一机关的历年报告",
    "batch": "A batch: a parent and its subordinates, the same year · 同一年的一批报告",
}

_INTRODUCTION = """# The rules · 规则

<!-- Made from checks/rules.toml by `make docs` (python -m checks.handbook). Do not edit. -->

A rule is data: `checks/rules.toml` holds its severity, basis, words and options, `checks/*_rules.py` the few ways of looking
at a report. `gouji --version` tells the version of all rules together.

An outcome is one of four: **holds**, **broken**, **not assessable** (a figure it needs is blank or could not be read; the
finding names the cells), **not applicable** (not on this form). A blank is never read as 0. Bounds may decide all the
same: where no filling of the blank cells with whole non-negative numbers, and no listed reading of an unresolved one, can
make a rule hold, it is broken and the expected figure is a lower bound.

Severity: **error** (the form itself is violated), **warning** (probably wrong, a reason may exist), **note** (worth a look).
Where two are given, the first is for a draft, the second for a published report (`--profile published`).

结果分四种：成立、不成立、无法核对（所需的数字空白或读不准）、不适用。空格不当作 0。错误：违反表式本身；疑点：多半有错，也可能有
原因；提示：值得看一眼。两种并列的，前者用于草稿，后者用于已公布的报告。

`python -m checks.handbook > docs/rules.md` makes this page; a test fails when it is out of date.
"""

_LIMITS = """## What the identities cannot see · 勾稽关系看不见的错

- Two whole outcome rows exchanged satisfy every identity: only labels and history can tell. 两行办理结果整行互换，各项关系
  照样成立，只有行名和历年数据能看出来。
- Errors that cancel out are invisible: a case counted under the wrong outcome and the wrong applicant twice over, a figure
  wrong in the same way in the row and in every total above it. 互相抵消的错看不出来。
- Article 20 has no identity but the bound of `article20.stock`: a wrong number of licences, penalties or fees shows only
  against another year (`series.jump`, `value.unit`) or in a parent's sum (`rollup.*`). 第二部分的表几乎没有勾稽关系，要靠与
  上年比较或上级汇总才能发现。
- In `disputes` one identity holds each group: a break shows that one of five figures is wrong, not which. 表四每组只有一条关系，
  能看出有错，看不出错在哪一格。
- An equation that was used to read joined digits is no check of them: it is not assessable. 用来拆分连写数字的关系，不能再
  用来核对。

## The smallest explanation · 最可能的改法

For a table with broken identities every smallest set of cells is listed whose change makes all of them hold, with the
values they would take; at most four cells, in whole non-negative numbers. It is an explanation, never a verdict: what
really happened only the register tells. Where all cells of one equation explain it equally, the equation is named and no
cell. Beyond four cells the advice is to read the table again. Digit evidence beside a cell (two digits swapped, a digit
dropped) decides nothing. Last year's carried_forward, where it is known, is not changed.

最可能的改法：列出最少改动哪几格就能使各项关系全部成立，以及改成多少；至多四格。它只是解释，不是定论，以台账为准。
"""


def page() -> str:
    """The whole page, in Markdown."""
    parts = [_INTRODUCTION, *_sections(), *_review(), _LIMITS]
    return "\n".join(parts)


def _kind(rule: Rule) -> str:
    if rule.by is not None:
        return "report"
    return "series" if rule.by_series is not None else "batch"


def _sections() -> Iterator[str]:
    for kind, rules in groupby(catalogue(), _kind):
        yield f"## {_GROUPS[kind]}\n"
        yield from (_entry(r) for r in rules)


def _forms(rule: Rule) -> list[str]:
    """The forms that have what the rule is about; none where it is about any report."""
    if rule.by == "identity":
        return [
            f.id for f in forms.load_all() if any(i.rule == rule.id for t in f.tables.values() for i in t.identities)
        ]
    return [f.id for f in forms.load_all() if rule.speaks_of(f.id)] if rule.needs or rule.forms else []


def _severity(severity: dict[str, str]) -> str:
    draft, published = _SEVERITY[severity["draft"]], _SEVERITY[severity["published"]]
    return draft if draft == published else f"{draft} / {published}"


def _entry(rule: Rule) -> str:
    zh, en = rule.words["zh"], rule.words["en"]
    lines = [
        f"### `{rule.id}` {zh['name']} · {en['name']}\n",
        f"- **Severity 程度:** {_severity(dict(rule.severity))}{_cases(rule)}",
    ]
    if rule.exceptions:
        said = "; ".join(_exception(dict(e)) for e in rule.exceptions)
        lines.append(f"- **Except 例外:** {said}")
    lines += [
        f"- **Forms 表式:** {', '.join(f'`{f}`' for f in _forms(rule)) or 'all 全部'}",
        f"- **Basis 依据:** {rule.basis}",
        f"- **Example 例:** {zh['example']} · {en['example']}",
        f"- **Words 说法:** {zh['message']} · {en['message']}",
        f"- **Advice 修改建议:** {zh['advice']} · {en['advice']}\n",
    ]
    return "\n".join(lines)


def _cases(rule: Rule) -> str:
    return "".join(f"; {name}: {_severity(dict(severity))}" for name, severity in rule.cases.items())


def _exception(exception: dict[str, str]) -> str:
    severity = exception.pop("severity")
    said = ", ".join(
        f"{key.removesuffix('_like')} `{str(value).replace('|', '｜')}`" for key, value in exception.items()
    )
    return f"{said}: {_SEVERITY[severity]}"


def _review() -> Iterator[str]:
    yield "## Which rule covers which item of a manual review · 人工审核要点与规则对照\n"
    yield "| Item 要点 | Rules 规则 |\n| --- | --- |"
    for item in data("rules.toml")["review"]:
        yield f"| {item['zh']} · {item['en']} | {', '.join(f'`{r}`' for r in item['rules'])} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.write(page())
