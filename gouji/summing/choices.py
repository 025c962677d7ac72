"""A person's choices: which drafts count, what a cell's figure is, what is added to a sum, each with its reason.

Belongs here: reading the lines of the file, which drafts and cells a line means, writing lines to be filled in.
Does not belong here: what the lines do to the sums (`members`, `sums`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gouji.outputs import as_meant, harmless
from gouji.show.named import cells_named, name_of
from schemas.facts import Report, Value
from schemas.forms import Form, newest
from schemas.labels import fold

if TYPE_CHECKING:
    from .model import Draft

Action = Literal["include", "exclude", "set", "adjust"]
# Heads and words as the file is written; English ones are understood too.
HEADS: dict[str, tuple[str, ...]] = {
    "draft": ("文件或单位", "单位", "文件", "file", "issuer", "draft"),
    "action": ("处理", "action"),
    "address": ("单元格", "格", "address", "cell"),
    "amount": ("数量", "数", "amount", "value"),
    "reason": ("理由", "原因", "reason"),
    "who": ("经办人", "who"),
    "hint": ("提示", "hint"),
}
_ACTIONS: dict[str, Action] = {
    "计入": "include",
    "include": "include",
    "不计入": "exclude",
    "exclude": "exclude",
    "填数": "set",
    "set": "set",
    "调整": "adjust",
    "adjust": "adjust",
}
ACTION_WORDS: dict[Action, str] = {"include": "计入", "exclude": "不计入", "set": "填数", "adjust": "调整"}


class ChoiceError(Exception):
    """A file of choices that cannot be used; the message says which line and what to do, in Chinese."""


@dataclass(slots=True)
class Choice:
    """One line. ``draft`` names a file or an issuer, ``*`` and ``?`` standing for any characters; empty: the sum itself.

    ``include``, ``exclude``: the draft counts or does not. ``set``: the draft's figure in the cell is ``amount``; of
    cells named by a pattern only in those that the draft leaves blank or marked, or that cannot be read.
    ``adjust``: ``amount`` (also negative) is added to the sum of the cell. ``used`` is set when the line had an effect.
    """

    line: int
    draft: str
    action: Action
    address: str | None
    amount: Value | None
    reason: str
    who: str
    used: bool = False
    # The cell as the line names it.
    cell: str = ""
    # The issuer that a short name in ``draft`` means, once that is known.
    body: str = ""

    def means(self, path: str, names: Iterable[str | None]) -> bool:
        """Whether the line means a draft, by its path, its file's name or its issuer's."""
        pattern = _plain(self.body or self.draft)
        file = path.replace("\\", "/")
        texts = [file, file.rpartition("/")[2], *(n for n in names if n)]
        folded = [_plain(t) for t in texts]
        return any(fnmatchcase(t, pattern) for t in folded) or folded[0].endswith("/" + pattern)

    @property
    def means_many(self) -> bool:
        """Whether the line is for all cells of a pattern."""
        return self.address is not None and ("*" in self.address or "?" in self.address)

    def means_cell(self, address: str) -> bool:
        return self.address is not None and fnmatchcase(address, self.address)


def _plain(text: str) -> str:
    # A file's name may hold brackets, which fnmatch would take for a set of characters.
    return fold(text.replace("\\", "/")).casefold().replace("[", "【").replace("]", "】")


def read(path: Path, form: Form | None = None) -> list[Choice]:
    """The lines of a .csv or .xlsx file; those without a 处理 are not filled in and left out.

    Raises `ChoiceError`, OSError.
    """
    from gouji.batch.sheets import SheetError, numbered_rows_of

    try:
        rows = numbered_rows_of(path, HEADS["action"])
    except SheetError as error:
        raise ChoiceError(str(error)) from error
    out = []
    for number, row in rows:
        given = {fold(k).casefold(): "" if v is None else as_meant(str(v).strip()) for k, v in row.items()}
        cells = {
            what: next((given[f] for h in heads if (f := fold(h).casefold()) in given), "")
            for what, heads in HEADS.items()
        }
        if cells["action"]:
            out.append(_choice(number, cells, path.name, form))
    return out


def _choice(line: int, cells: dict[str, str], name: str, form: Form | None) -> Choice:
    def wrong(what: str) -> ChoiceError:
        return ChoiceError(f"{name} 第 {line} 行：{what}")

    action = _ACTIONS.get(fold(cells["action"]).casefold())
    if action is None:
        raise wrong(f"“处理”写的是“{cells['action']}”，应为 {'、'.join(ACTION_WORDS.values())} 之一。")
    if not cells["reason"]:
        raise wrong("没有写理由。每一行选择都要写明理由。")
    if action != "adjust" and not cells["draft"]:
        raise wrong("没有写明是哪个文件或单位。")
    address, amount = None, None
    if action in ("set", "adjust"):
        found = _addresses(cells["address"], form)
        if not found:
            raise wrong(f"单元格“{cells['address']}”认不出来。{_how_to_name(form or newest())}")
        if len(found) > 1:
            listed = "、".join(name_of(a, form or newest()) if "*" not in a else a for a in found[:4])
            raise wrong(f"单元格“{cells['address']}”可以指 {len(found)} 处（{listed}），请写明是哪一处。")
        [address] = found
        amount = _amount(cells["amount"])
        if amount is None:
            raise wrong(f"数量“{cells['amount']}”不是数。")
        if action == "set" and amount < 0:
            raise wrong("“填数”不能是负数。")
    choice = Choice(
        line, cells["draft"], action, address, amount, cells["reason"], cells["who"], cell=cells["address"].strip()
    )
    if action == "adjust" and choice.means_many:
        raise wrong("“调整”只能写一个单元格。")
    return choice


def _how_to_name(form: Form) -> str:
    """How a cell is named, with one of the form's as an example."""
    address = next(iter(form.cells("requests", ["carried_forward"], ["total"])), form.addresses()[0])
    table = form.tables[address.split(".")[0]]
    return f"请写“行/列”，例如 {name_of(address, form)}，或代码，例如 {address}；一张表的全部空格写 {table.title}/*。"


def _amount(text: str) -> Value | None:
    try:
        value = Decimal(fold(text).replace(",", "").replace("−", "-"))
    except InvalidOperation:
        return None
    if not value.is_finite():
        return None
    return int(value) if value == value.to_integral_value() else value


def _addresses(text: str, form: Form | None) -> list[str]:
    """The cells that a name or a code may mean; without a form what is written."""
    if form is None:
        return [text.strip()] if text.strip() else []
    return cells_named(text, form)


def names(report: Report, name: str) -> tuple[str | None, ...]:
    """What a draft may be called in a line."""
    return (name, report.issuer, report.issuer_printed)


def skeleton(
    drafts: Sequence[Draft],
    open_cells: Sequence[tuple[Draft, str, str]],
    unread: Sequence[tuple[str, str]] = (),
    by_rule: Sequence[Draft] = (),
) -> str:
    """A file to be filled in: a line for each draft in doubt, each file unread, each contribution that is not known.

    ``open_cells`` are (draft, address or pattern, why), ``unread`` (path, why), ``by_rule`` drafts left out that a line
    may count. Lines without a 处理 have no effect, so the file can be used at
    once. With a byte order mark, without which Excel takes it for GBK.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([words[0] for words in HEADS.values()])
    lines = [[d.path, "", "", "", "", "", f"{d.name}：{d.reason.say()}。计入还是不计入？"] for d in drafts]
    lines += [
        [path, "", "", "", "", "", f"{why}等改好的文件来了再汇总；不用汇总的，处理写“不计入”，并写理由。"]
        for path, why in unread
    ]
    lines += [
        [draft.path, "", address, "", "", "", f"{draft.name}：{why}。确认后处理写“填数”，并写数量和理由。"]
        for draft, address, why in open_cells
    ]
    lines += [[d.path, "", "", "", "", "", f"{d.name}：没有计入。要计入的，处理写“计入”，并写理由。"] for d in by_rule]
    writer.writerows(harmless(line) for line in lines)
    return "\ufeff" + out.getvalue()
