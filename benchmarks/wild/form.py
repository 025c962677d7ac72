"""The statutory tables as the notices of 2019 and 2021 print them.

Belongs here: codes, official labels and sums of the forms `2021` and `2019`, written from the description of the forms.
Does not belong here: wordings met in published reports (`labels`) and anything read from `schemas/forms`: two
independent copies of the form are what lets one notice a slip in the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

APPLICANTS = {
    "natural_person": "自然人",
    "commercial_enterprise": "商业企业",
    "research_institution": "科研机构",
    "social_welfare_organization": "社会公益组织",
    "legal_service_institution": "法律服务机构",
    "other": "其他",
    "total": "总计",
}
ORGANIZATIONS = list(APPLICANTS)[1:6]
RELATION = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RESULTS = "三、本年度办理结果"
DENIED, UNAVAILABLE = "（三）不予公开", "（四）无法提供"
NOT_PROCESSED, OTHER = "（五）不予处理", "（六）其他处理"


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    label: str
    # The merged labels in front of it: 三、本年度办理结果, then the kind of outcome.
    result: bool = False
    group: str = ""


_DENIED = {
    "denied_state_secret": "1.属于国家秘密",
    "denied_prohibited_by_law": "2.其他法律行政法规禁止公开",
    "denied_endangers_security": "3.危及“三安全一稳定”",
    "denied_third_party_rights": "4.保护第三方合法权益",
    "denied_internal_affairs": "5.属于三类内部事务信息",
    "denied_deliberative_process": "6.属于四类过程性信息",
    "denied_enforcement_file": "7.属于行政执法案卷",
    "denied_administrative_query": "8.属于行政查询事项",
}
_UNAVAILABLE = {
    "unavailable_not_held": "1.本机关不掌握相关政府信息",
    "unavailable_needs_creation": "2.没有现成信息需要另行制作",
    "unavailable_still_unclear": "3.补正后申请内容仍不明确",
}
_NOT_PROCESSED = {
    "not_processed_petition": "1.信访举报投诉类申请",
    "not_processed_repeat": "2.重复申请",
    "not_processed_publication": "3.要求提供公开出版物",
    "not_processed_excessive": "4.无正当理由大量反复申请",
    "not_processed_confirmation": "5.要求行政机关确认或重新出具已获取信息",
}
_OTHER = {
    "other_overdue_correction": "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "other_unpaid_fee": "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "other_remaining": "3.其他",
}


def request_rows(*, single_other: bool) -> list[Row]:
    """The rows of table 三; with one row （六） on form 2019 and on the known variant of form 2021."""
    rows = [
        Row("new_received", "一、本年新收政府信息公开申请数量"),
        Row("carried_over", "二、上年结转政府信息公开申请数量"),
        Row("granted", "（一）予以公开", True),
        Row("partially_granted", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", True),
    ]
    for group, labels in ((DENIED, _DENIED), (UNAVAILABLE, _UNAVAILABLE), (NOT_PROCESSED, _NOT_PROCESSED)):
        rows += [Row(code, label, True, group) for code, label in labels.items()]
    if single_other:
        rows.append(Row("other_handling", OTHER, True))
    else:
        rows += [Row(code, label, True, OTHER) for code, label in _OTHER.items()]
    return [*rows, Row("processed_total", "（七）总计", True), Row("carried_forward", "四、结转下年度继续办理")]


def outcomes(*, single_other: bool) -> list[str]:
    """Codes of the rows that add up to （七）总计."""
    rows = request_rows(single_other=single_other)
    return [r.code for r in rows if r.result and r.code != "processed_total"]


GROUPS = {
    DENIED: list(_DENIED),
    UNAVAILABLE: list(_UNAVAILABLE),
    NOT_PROCESSED: list(_NOT_PROCESSED),
    OTHER: list(_OTHER),
}

DISPUTES = {
    "reconsideration": "行政复议",
    "litigation_direct": "未经复议直接起诉",
    "litigation_after_reconsideration": "复议后起诉",
}
RESULTS_OF_DISPUTES = {
    "upheld": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    "pending": "尚未审结",
    "total": "总计",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of table 二: 第二十条第（…）项 with its own heads."""

    item: str
    heads: dict[str, str]
    rows: dict[str, str]


_ITEMS = {"items_last_year": "上一年项目数量", "items_change": "本年增/减"}
ARTICLE20 = {
    "2021": [
        Part(
            "第二十条第（一）项",
            {"issued": "本年制发件数", "repealed": "本年废止件数", "in_force": "现行有效件数"},
            {"regulations": "规章", "normative_documents": "行政规范性文件"},
        ),
        Part("第二十条第（五）项", {"decisions": "本年处理决定数量"}, {"licensing": "行政许可"}),
        Part(
            "第二十条第（六）项",
            {"decisions": "本年处理决定数量"},
            {"penalty": "行政处罚", "coercion": "行政强制"},
        ),
        Part("第二十条第（八）项", {"amount": "本年收费金额（单位：万元）"}, {"fees": "行政事业性收费"}),
    ],
    "2019": [
        Part(
            "第二十条第（一）项",
            {"produced": "本年新制作数量", "disclosed": "本年新公开数量", "disclosed_total": "对外公开总数量"},
            {"regulations": "规章", "normative_documents": "规范性文件"},
        ),
        Part(
            "第二十条第（五）项",
            {**_ITEMS, "decisions": "处理决定数量"},
            {"licensing": "行政许可", "other_services": "其他对外管理服务事项"},
        ),
        Part(
            "第二十条第（六）项",
            {**_ITEMS, "decisions": "处理决定数量"},
            {"penalty": "行政处罚", "coercion": "行政强制"},
        ),
        Part("第二十条第（八）项", _ITEMS, {"fees": "行政事业性收费"}),
        Part(
            "第二十条第（九）项",
            {"projects": "采购项目数量", "amount": "采购总金额"},
            {"procurement": "政府集中采购"},
        ),
    ],
}


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum the form asks for: what stands left equals what stands right."""

    rule: str
    row: str | None
    column: str | None
    left: tuple[str, ...]
    right: tuple[str, ...]


def sums(*, single_other: bool) -> Iterator[Sum]:
    for column in APPLICANTS:

        def at(*rows: str, column: str = column) -> tuple[str, ...]:
            return tuple(f"requests.{row}.{column}" for row in rows)

        parts = outcomes(single_other=single_other)
        balance = at("new_received", "carried_over"), at("processed_total", "carried_forward")
        yield Sum("requests.balance", None, column, *balance)
        yield Sum("requests.outcomes", None, column, at("processed_total"), at(*parts))
    for row in request_rows(single_other=single_other):
        whole, *_ = (f"requests.{row.code}.total",)
        six = tuple(f"requests.{row.code}.{c}" for c in APPLICANTS if c != "total")
        yield Sum("requests.applicants", row.code, None, (whole,), six)
    for group in DISPUTES:
        four = tuple(f"disputes.{group}.{c}" for c in RESULTS_OF_DISPUTES if c != "total")
        yield Sum("disputes.total", group, None, (f"disputes.{group}.total",), four)


def addresses(form: str, *, single_other: bool) -> list[str]:
    """Every cell that a report on this form has."""
    cells = [f"article20.{row}.{head}" for part in ARTICLE20[form] for row in part.rows for head in part.heads]
    cells += [f"requests.{r.code}.{c}" for r in request_rows(single_other=single_other) for c in APPLICANTS]
    return [*cells, *(f"disputes.{group}.{c}" for group in DISPUTES for c in RESULTS_OF_DISPUTES)]
