"""The words of a roll-up, in Chinese and English.

Belongs here: why a draft counts or not, how a figure came about, what the command says. Does not belong here: when any of
it is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gouji.words import Lang

_WORDS: dict[str, tuple[str, str]] = {
    # why a draft counts or not
    "no_tables": ("没有统计表，无数可加", "no tables, nothing to add"),
    "not_a_year": ("不是年度报告（半年或季度）", "not an annual report (half-year or quarter)"),
    "other_year": ("是 {year} 年的，不是 {wanted} 年的", "of {year}, not of {wanted}"),
    "roster_parent": ("名单写明是汇总单位自己", "the roster names it as the parent"),
    "roster_not_summed": ("名单写明不计入汇总", "the roster says it is not summed"),
    "roster_member": ("在名单上", "on the roster"),
    "not_on_roster": ("不在名单上", "not on the roster"),
    "vertical": ("垂直管理单位，由其上级系统汇总", "a vertical agency, summed up by its own system"),
    "no_year": ("看不出是哪一年的", "its year is not known"),
    "other_form": ("表式是 {form}，其他草稿是 {wanted}", "on form {form}, the others on {wanted}"),
    "own_given": ("作为本机关草稿给出", "given as the own office's draft"),
    "own_is_area": ("作为本机关草稿给出，但文中说是全区域的汇总，计入会重复",
                    "given as the own office's, but it says that it sums up the whole area"),
    "no_area": ("不知道是给哪个地区汇总（可用 --area 写明）", "the area to sum up is not known (say it with --area)"),
    "no_kind": ("认不出是什么单位", "what kind of body it is is not known"),
    "no_place": ("名称看不出属于哪个地区", "its name does not say which area it belongs to"),
    "elsewhere": ("不属于本地区", "not of this area"),
    "own_office": ("本机关", "the own office"),
    "the_sum_itself": ("就是本地区的汇总，计入会重复", "this area's own sum"),
    "own_level": ("是本级汇总，已含各部门，计入会与部门重复", "sums up the own level: its departments would count twice"),
    "own_or_area": ("看不出是本机关的还是全区域的", "the own office's or the whole area's: not known"),
    "township": ("乡镇街道", "a township"),
    "zone": ("功能区", "a zone"),
    "department": ("部门", "a department"),
    "system": ("文中说汇总了全系统或下级单位，可能与下级地区重复", "sums up its whole system, which may be in lower areas too"),
    "zone_missing": ("功能区的部门，功能区自己的草稿不在其中", "a zone's department; the zone's own draft is not here"),
    "in_the_sum_of": ("已含在{other}的汇总中", "contained in the sum of {other}"),
    "in_the_zone": ("功能区的部门，看不出{other}的数是否已包括它", "a zone's department; whether {other} contains it is not known"),
    "lower_area": ("下级地区的汇总", "a lower area's sum"),
    "two_levels_down": ("是再下一级地区的汇总，中间一级的不在其中", "a sum from two levels down; the level between is not here"),
    "lower_office": ("只是下级政府办公室的，该地区的汇总不在其中", "a lower government's office alone; its area's sum is not here"),
    "lower_unclear": ("看不出是下级地区的汇总还是其办公室的", "a lower area's sum or its office's: not known"),
    "lower_body": ("是下级地区的单位，该地区的汇总不在其中", "a body of a lower area, whose sum is not here"),
    "same_again": ("与 {other} 是同一单位，数也相同，只计一次", "the same office and figures as {other}: counted once"),
    "rivals": ("同一单位有几份不同的草稿（另见 {other}），不知以哪份为准",
               "the same office handed in different drafts (see {other}): which one counts is not known"),
    "rival_chosen": ("同一单位已选定 {other}", "{other} was chosen for this office"),
    "chosen_in": ("按选择第 {line} 行计入：{reason}", "counted by line {line} of the choices: {reason}"),
    "chosen_out": ("按选择第 {line} 行不计入：{reason}", "left out by line {line} of the choices: {reason}"),
    # as what
    "role_own": ("本机关", "own office"),
    "role_department": ("部门", "department"),
    "role_township": ("乡镇街道", "township"),
    "role_zone": ("功能区", "zone"),
    "role_area": ("下级地区", "lower area"),
    # how a figure came about
    "how_printed": ("照填报数", "as printed"),
    "how_given": ("按选择文件", "by the choices"),
    "how_implied": ("空白，按该草稿的合计关系推得", "blank, follows from the draft's own sums"),
    "how_as_zero": ("空白或记号，按 0 计", "blank or a mark, taken as 0"),
    "how_parts": ("按其他处理的合并或分项换算", "from the rows of the other variant"),
    "how_unresolved": ("读不准", "could not be read with certainty"),
    "how_words": ("是文字不是数", "words, not a number"),
    "how_not_zero": ("空白，按 0 计则与该草稿的合计不符", "blank, and zero would break the draft's own sums"),
    "how_absent": ("该草稿没有这一格", "the draft has no such cell"),
    "how_undivided": ("该草稿合并填报，分不出这一项", "the draft states several rows as one"),
    "how_unit": ("金额单位不明", "an amount of unknown unit"),
    # what could not be done
    "choice_unused": ("选择文件第 {line} 行没有起作用：没有对应的草稿或单元格（{what}）",
                      "line {line} of the choices had no effect: no such draft or cell ({what})"),
    "below_zero": ("{cell}调整后小于 0，未填", "{cell} is below 0 after the adjustments and was left empty"),
    "template_lacks": ("模板里没有 {cell} 这一格，未填", "the template has no cell {cell}: not filled in"),
    "template_had": ("模板里有 {n} 格原来有数，已换成汇总数", "{n} cells of the template held figures, which were replaced"),
    "circular": ("{path}：是通报，不是年度报告，未计入", "{path}: a circular, not an annual report; left out"),
}  # fmt: skip


def say(lang: Lang, key: str, **values: object) -> str:
    """The sentence ``key`` in ``lang``, filled in."""
    return _WORDS[key][0 if lang == "zh" else 1].format(**values)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code with what it speaks of; `say` puts it in words."""

    code: str
    values: dict[str, object] = field(default_factory=dict)

    def say(self, lang: Lang = "zh") -> str:
        return say(lang, self.code, **self.values)

    def __str__(self) -> str:
        return self.say()
