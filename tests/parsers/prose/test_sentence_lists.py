"""Figures of several things at once: lists with 分别, names behind their figures, brackets that add a group, some who report.

Each text is of a report of 2023 of an area; what stands beside it is all that it states of itself and its year.
"""

from __future__ import annotations

import pytest

from .test_statements import counts, find

# With 分别 in front of a verb each figure is of one of the things before it: none is the whole.
RESPECTIVELY = {
    "一至四季度分别收到申请25件、18件、21件、26件，共90件。": {},
    "四个季度分别受理政府信息公开申请25件、18件、21件和26件。": {},
    "前三季度和四季度分别收到申请64件和26件。": {},
    "自然资源、住建部门分别收到申请184件、147件。": {},
    "县自然资源局、县住建局分别收到政府信息公开申请18件、14件。": {},
    "邮寄、网络渠道分别受理申请31件、89件。": {"requests_letter": 31, "requests_online": 89},
    "网络、信函、当面三种方式分别收到申请31件、12件、4件。": {},
    "收到申请最多的三个月分别收到11件、9件、8件。": {},
    "1月、2月、3月分别收到申请11件、9件、8件。": {},
    "甲、乙两个街道分别收到申请11件和9件。": {},
    # One figure of several: of each, or of all, the words do not say.
    "县政府、县政府办公室分别收到申请11件。": {},
    # Guards: one figure, years, what has its own name behind 分别.
    "2022年、2023年分别收到申请51件、59件。": {"requests_received": 59},
    "收到申请60件。不予处理12件，分别为信访举报投诉类申请8件、重复申请4件。": {
        "requests_received": 60,
        "not_processed": 12,
        "not_processed_petition": 8,
        "not_processed_repeat": 4,
    },
}

# The words stand behind their figures, joined by 、 as by ，.
BEHIND = {
    "收到申请90件。21件系上年结转、70件系本年新收。": {"requests_received": (90, 70), "carried_over": 21},
    "办结的91件中，有21件系上年结转、70件系当年新收。": {"closed": 91},
    "办结的91件申请中有21件属上年结转、70件属当年新收。": {"closed": 91},
    "收到申请90件。不予公开和无法提供的申请中，4件申请复议。": {"requests_received": 90},
    "全年办结申请91件，21件来自上年结转、70件来自本年新收。": {"closed": 91},
    "收到申请90件。36件系予以公开、20件系部分公开、9件系不予公开。": {
        "requests_received": 90,
        "replied_granted": 36,
        "replied_partially_granted": 20,
        "replied_denied": 9,
    },
    "政府信息公开行政诉讼20件中，12件系直接起诉、8件系复议后起诉。": {
        "litigation": 20,
        "litigation_direct": 12,
        "litigation_after_reconsideration": 8,
    },
    # Guards: words in front of the first figure go on in front of the next.
    "收到申请90件，予以公开36件、部分公开20件。": {
        "requests_received": 90,
        "replied_granted": 36,
        "replied_partially_granted": 20,
    },
    "新收申请90件、上年结转21件，办结91件。": {"requests_received": 90, "carried_over": 21, "closed": 91},
}

# A bracket says that the figure behind it counts another group as well.
INCLUDED = {
    "收到申请90件。不予公开（含不予处理）40件。": {"requests_received": 90},
    "收到申请90件。不予公开（包括无法提供、不予处理）40件。": {"requests_received": 90},
    "收到申请90件。予以公开（含部分公开）40件。": {"requests_received": 90, "granted_or_partially_granted": 40},
    # Guards: parts of the same group, and ways.
    "收到申请90件。不予公开（含内部事务信息）40件。": {"requests_received": 90, "replied_denied": 40},
    "收到申请（含网上申请）90件。": {"requests_received": 90},
}

# Of some who report a denial is none of the whole.
SOME = {
    "7个单位全年未收到申请。": {},
    "共有55家单位收到申请，12家全年未收到申请。": {},
    "超过九成的单位全年未收到申请。": {},
    "近半数单位本年度没有收到政府信息公开申请。": {},
    "超过60%的单位全年未收到申请。": {},
    "10所学校全年未收到政府信息公开申请。": {},
    "县教育局全年未收到申请。": {},
    "半数以上的科室未发生行政复议、行政诉讼。": {},
    # Guards: the reporter itself, and nobody named.
    "我局全年未收到申请。": {"requests_received": 0},
    "2023年全年未收到政府信息公开申请。": {"requests_received": 0},
    "公开信息12条，未收到政府信息公开申请。": {"requests_received": 0},
}


@pytest.mark.parametrize(("text", "want"), [*RESPECTIVELY.items(), *BEHIND.items(), *INCLUDED.items(), *SOME.items()])
def test_figures_of_several_things(text: str, want: dict[str, int]) -> None:
    assert counts(find(text)) == want
