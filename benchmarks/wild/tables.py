"""The three statutory tables as grids, in the shapes offices give them.

Belongs here: how labels are merged, which columns stand beside the figures, one table or several. Does not belong here:
the words of labels (`labels`) and anything of a page or a file format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.wild import form
from benchmarks.wild.drawing import Draw
from benchmarks.wild.figures import Cell
from benchmarks.wild.grid import Box, Grid
from benchmarks.wild.labels import Wording


@dataclass(frozen=True, slots=True)
class Shape:
    """What this document does with its tables."""

    labels: str
    heads: str
    article20: str
    disputes: str
    numbers: bool
    remarks: str
    group_sums: bool
    relation: str


def draw_shape(draw: Draw, *, plain: bool) -> Shape:
    """A shape; a plain one has no columns and rows beside those of the form, for texts where heads are out of place."""
    labels = draw.pick("labels", {"merged": 70, "two": 8, "flat": 10, "repeated": 8, "prefixed": 3})
    return Shape(
        labels=labels,
        heads=draw.pick("heads", {"three": 75, "two": 10, "one": 15}),
        article20=draw.pick("article20", {"one": 70, "parts": 20, "parts with captions": 10}),
        disputes=draw.pick("disputes", {"one": 80, "three": 13, "rows": 7}),
        numbers=not plain and draw.chance(0.05, "row-number column"),
        remarks="nothing" if plain else draw.pick("beside", {"nothing": 90, "remarks": 7, "last year's total": 3}),
        group_sums=not plain and labels in ("flat", "merged") and draw.chance(0.05, "rows of groups with sums"),
        relation=draw.weighted({"cell": 85, "paragraph": 10, "left out": 5}),
    )


class Tables:
    """Makes the grids of one report."""

    def __init__(
        self, draw: Draw, word: Wording, cells: Mapping[str, Cell], form_id: str, *, single: bool, plain: bool
    ) -> None:
        self._draw, self._word, self._cells, self._form, self._single = draw, word, cells, form_id, single
        self.shape = draw_shape(draw, plain=plain)

    def _figure(self, address: str, cols: int = 1) -> Box:
        return Box(self._cells[address].printed, cols, address=address)

    def _head(self, label: str, cols: int = 1, rows: int = 1) -> Box:
        return Box(self._word(label), cols, rows, "head")

    def _label(self, label: str, cols: int = 1, rows: int = 1) -> Box:
        return Box(self._word(label), cols, rows, "label")

    def article20(self) -> list[tuple[str | None, Grid]]:
        """Table 二, whole or in parts; a part may have its name above it instead of in it."""
        parts = form.ARTICLE20[self._form]
        stub = self._draw.weighted({"信息内容": 9, "项目": 1})
        if self.shape.article20 == "one":
            whole = Grid("article20")
            for part in parts:
                whole.rows += self._part(part, 3, stub, titled=True)
            return [(None, whole)]
        made: list[tuple[str | None, Grid]] = []
        for part in parts:
            inside = self.shape.article20 == "parts"
            rows = self._part(part, len(part.heads), stub, titled=inside)
            made.append((None if inside else self._word(part.item), Grid("article20", rows, 2 if inside else 1)))
        return made

    def _part(self, part: form.Part, width: int, stub: str, *, titled: bool) -> list[list[Box]]:
        rows = [[Box(self._word(part.item), 1 + width, 1, "title")]] if titled else []
        spans = _spans(width, len(part.heads))
        rows.append(
            [Box(stub, 1, 1, "head"), *(self._head(h, s) for h, s in zip(part.heads.values(), spans, strict=True))]
        )
        for code, label in part.rows.items():
            figures = [self._figure(f"article20.{code}.{h}", s) for h, s in zip(part.heads, spans, strict=True)]
            rows.append([self._label(label), *figures])
        return rows

    def requests(self) -> Grid:
        shape = self.shape
        depth = {"merged": 3, "two": 2, "flat": 1, "repeated": 3, "prefixed": 1}[shape.labels]
        grid = Grid("requests", self._request_heads(depth), labels=depth)
        grid.head = len(grid.rows)
        rows = form.request_rows(single_other=self._single)
        open_groups: set[str] = set()
        for i, row in enumerate(rows, 1):
            labels = self._row_labels(row, rows, open_groups, grid)
            aside = [Box(str(i), role="aside")] if shape.numbers else []
            figures = [self._figure(f"requests.{row.code}.{c}") for c in form.APPLICANTS]
            grid.rows.append([*labels, *aside, *figures, *self._beside(row)])
        return grid

    def _beside(self, row: form.Row) -> list[Box]:
        if self.shape.remarks == "remarks":
            text = self._draw.weighted({"": 8, "详见附件": 1, "含转办": 1, "2": 0.5})
            return [Box(text, role="aside")]
        if self.shape.remarks == "last year's total":
            return [Box(str(self._draw.whole(0, 60)), role="aside")]
        return []

    def _request_heads(self, depth: int) -> list[list[Box]]:
        shape = self.shape
        names = list(form.APPLICANTS.values())
        corner = form.RELATION if shape.relation == "cell" else self._draw.one(["", "项目", "类别"])
        high = {"three": 3, "two": 2, "one": 1}[shape.heads]
        extra = [Box("行次", 1, high, "head")] if shape.numbers else []
        beside = {"remarks": "备注", "last year's total": "上年总计"}.get(shape.remarks)
        last = [Box(beside, 1, high, "head")] if beside else []
        first = [Box(corner, depth, high, "head"), *extra]
        if shape.heads == "one":
            return [[*first, *(self._head(n) for n in names), *last]]
        groups = [self._head(names[0], 1, 2), self._head("法人或其他组织", 5), self._head(names[6], 1, 2)]
        organizations = [self._head(n) for n in names[1:6]]
        if shape.heads == "two":
            return [[*first, *groups, *last], organizations]
        return [[*first, self._head("申请人情况", 7), *last], groups, organizations]

    def _row_labels(self, row: form.Row, rows: list[form.Row], begun: set[str], grid: Grid) -> list[Box]:
        """The label boxes of one row; those that span rows only where they begin."""
        way = self.shape.labels
        if way == "flat":
            for above in (form.RESULTS if row.result else "", row.group):
                if above and above not in begun:
                    begun.add(above)
                    grid.rows.append(self._group_row(above))
            return [self._label(row.label)]
        if way == "prefixed":
            return [
                Box(self._word(row.group) + self._word(row.label), role="label")
                if row.group
                else self._label(row.label)
            ]
        if way == "two":
            if not row.group:
                return [self._label(row.label, 2)]
            return [*self._begin(row.group, len(form.GROUPS[row.group]), begun), self._label(row.label)]
        if not row.result:
            return [self._label(row.label, 3)]
        if way == "repeated":
            inner = [self._label(row.group), self._label(row.label)] if row.group else [self._label(row.label, 2)]
            return [self._label(form.RESULTS), *inner]
        size = sum(r.result for r in rows)
        sums_of = [g for g in form.GROUPS if self.shape.group_sums and not (g == form.OTHER and self._single)]
        labels = self._begin(form.RESULTS, size + len(sums_of), begun)
        if not row.group:
            return [*labels, self._label(row.label, 2)]
        if row.group in sums_of and row.group not in begun:
            # The group's own row stands first, its parts below it.
            begun.add(row.group)
            grid.rows.append([*labels, *self._sums_row(row.group, 2)])
            return [self._label(row.label, 2)]
        if row.group in sums_of:
            return [self._label(row.label, 2)]
        return [*labels, *self._begin(row.group, len(form.GROUPS[row.group]), begun), self._label(row.label)]

    def _begin(self, label: str, rows: int, begun: set[str]) -> list[Box]:
        if label in begun:
            return []
        begun.add(label)
        return [self._label(label, 1, rows)]

    def _group_row(self, label: str) -> list[Box]:
        if self.shape.group_sums and label in form.GROUPS and not (label == form.OTHER and self._single):
            return self._sums_row(label, 1)
        extra = (1 if self.shape.numbers else 0) + (0 if self.shape.remarks == "nothing" else 1)
        return [Box(self._word(label), 8 + extra, 1, "title")]

    def _sums_row(self, group: str, depth: int) -> list[Box]:
        """（三）不予公开 with the sums of its parts; nothing where a part is not a number."""
        boxes = [Box(self._word(group), depth, 1, "label")]
        if self.shape.numbers:
            boxes.append(Box("", role="aside"))
        for column in form.APPLICANTS:
            parts = [self._cells[f"requests.{r}.{column}"] for r in form.GROUPS[group]]
            whole = sum(p.value or 0 for p in parts)
            known = all(p.kind == "number" for p in parts)
            boxes.append(Box(f"{whole:.0f}" if known else "", role="aside"))
        return [*boxes, *([Box("", role="aside")] if self.shape.remarks != "nothing" else [])]

    def disputes(self) -> list[tuple[str | None, Grid]]:
        results = list(form.RESULTS_OF_DISPUTES.items())
        if self.shape.disputes == "rows":
            rows = [[Box(self._draw.one(["", "类型"]), 1, 1, "head"), *(self._head(label) for _, label in results)]]
            for group, label in form.DISPUTES.items():
                name = label if group == "reconsideration" else f"行政诉讼（{self._word(label)}）"
                rows.append([Box(name, role="label"), *(self._figure(f"disputes.{group}.{c}") for c, _ in results)])
            return [(None, Grid("disputes", rows, 1))]
        if self.shape.disputes == "three":
            made: list[tuple[str | None, Grid]] = []
            inside = self._draw.chance(0.5)
            for group, label in form.DISPUTES.items():
                name = label if group == "reconsideration" else f"行政诉讼（{self._word(label)}）"
                rows = [[Box(name, 5, 1, "title")]] if inside else []
                rows.append([self._head(label) for _, label in results])
                rows.append([self._figure(f"disputes.{group}.{c}") for c, _ in results])
                made.append((None if inside else name, Grid("disputes", rows, len(rows) - 1, labels=0)))
            return made
        groups = list(form.DISPUTES.values())
        rows = [
            [self._head(groups[0], 5), self._head("行政诉讼", 10)],
            [
                *(self._head(label, 1, 2) for _, label in results),
                *(self._head(g, 5) for g in groups[1:]),
            ],
            [self._head(label) for _ in groups[1:] for _, label in results],
            [self._figure(f"disputes.{g}.{c}") for g in form.DISPUTES for c, _ in results],
        ]
        return [(None, Grid("disputes", rows, 3, labels=0))]


def _spans(width: int, count: int) -> list[int]:
    """A width shared by so many columns, the last taking what is left."""
    return [1] * (count - 1) + [width - count + 1]
