"""How offices word the labels of the form.

Belongs here: variants of labels and heads that the notes on published reports list. Does not belong here: wordings a
person could take for another row or column.
"""

from __future__ import annotations

from benchmarks.wild.drawing import Draw

LOOSE = {
    "一、本年新收政府信息公开申请数量": ["一、本年新收政府信息公开申请数", "一、本年新收政府信息公开申请数量（件）"],
    "二、上年结转政府信息公开申请数量": ["二、上年结转政府信息公开申请数", "二、上年结转政府信息公开数量"],
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": ["（二）部分公开", "（二）部分公开（区分处理的）"],
    "2.其他法律行政法规禁止公开": ["2.其他法律、行政法规禁止公开", "2.法律行政法规禁止公开"],
    "3.危及“三安全一稳定”": ["3.危及三安全一稳定", '3.危及"三安全一稳定"', "3.危及「三安全一稳定」"],
    "4.保护第三方合法权益": ["4.保护第三方合法权益的"],
    "5.属于三类内部事务信息": ["5.三类内部事务信息"],
    "6.属于四类过程性信息": ["6.四类过程性信息"],
    "1.本机关不掌握相关政府信息": ["1.本机关不掌握相关信息"],
    "2.没有现成信息需要另行制作": ["2.没有现成信息，需要另行制作"],
    "3.补正后申请内容仍不明确": ["3.补正后申请内容不明确"],
    "1.信访举报投诉类申请": ["1.信访、举报、投诉类申请"],
    "5.要求行政机关确认或重新出具已获取信息": ["5.要求行政机关确认或重新出具"],
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": [
        "1.申请人无正当理由逾期不补正，行政机关不再处理其政府信息公开申请",
        "1.逾期不补正",
    ],
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": [
        "2.申请人逾期未按收费通知要求缴纳费用，行政机关不再处理其政府信息公开申请",
        "2.逾期未缴纳费用",
    ],
    "四、结转下年度继续办理": ["四、结转下年度", "四、结转下一年度继续办理"],
    "本年制发件数": ["本年制发数", "本年度制发件数"],
    "本年废止件数": ["本年废止数", "本年度废止件数"],
    "现行有效件数": ["现行有效数", "现行有效件"],
    "本年处理决定数量": ["处理决定数量", "本年度处理决定数量"],
    "本年收费金额（单位：万元）": ["本年收费金额（万元）", "本年收费总金额（单位：万元）", "收费金额（单位：万元）"],
    "行政规范性文件": ["规范性文件"],
    "规范性文件": ["行政规范性文件"],
    "法律服务机构": ["法律服务"],
    "社会公益组织": ["公益组织"],
    "商业企业": ["企业"],
    "未经复议直接起诉": ["未经复议直接诉讼"],
    "复议后起诉": ["复议后诉讼"],
    "结果维持": ["维持"],
    "结果纠正": ["纠正"],
    "其他结果": ["其他"],
    "尚未审结": ["未审结"],
    "总计": ["合计"],
}
_NOTES = {
    "行政许可": "（含变更、延续、注销）",
    "行政处罚": "（不含简易程序）",
    "行政强制": "（含强制措施和强制执行）",
    "行政事业性收费": "（不含教育收费）",
    "规章": "（含部门规章）",
    "（一）予以公开": "（含已主动公开）",
    "2.重复申请": "（同一申请人）",
    "1.本机关不掌握相关政府信息": "（含告知其他机关）",
    "四、结转下年度继续办理": "（在办件）",
}
# The code points of radicals that fonts and converters give instead of the characters.
_RADICALS = str.maketrans("一二人行工生用自食足立里金文大小", "⼀⼆⼈⾏⼯⽣⽤⾃⻝⾜⽴⾥⾦⽂⼤⼩")
_TRADITIONAL = str.maketrans(
    "数关条规单总结继续办处维尚审诉讼复议给类机构组织业应发现许证决标会务员区县长门开为无",
    "數關條規單總結繼續辦處維尚審訴訟復議給類機構組織業應發現許證決標會務員區縣長門開為無",
)


class Wording:
    """The labels of one document: official, or as this office words them."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._loose = draw.chance(0.3, "loose labels")
        self._notes = draw.chance(0.08, "notes behind labels")
        self._spaced = draw.chance(0.08, "spaces in labels")
        self._radicals = draw.chance(0.03, "radicals in labels")
        self._traditional = draw.chance(0.03, "traditional labels")
        self._marks = draw.weighted({"": 10, "、": 1, "．": 1})
        if self._marks:
            draw.note(f"item numbers with {self._marks}")
        self._made: dict[str, str] = {}

    def __call__(self, label: str) -> str:
        """The same label is worded the same way throughout."""
        if label not in self._made:
            self._made[label] = self._word(label)
        return self._made[label]

    def _word(self, label: str) -> str:
        text = label
        if self._loose and label in LOOSE and self._draw.chance(0.35):
            text = self._draw.one(LOOSE[label])
        if self._notes and label in _NOTES and self._draw.chance(0.4):
            text += _NOTES[label]
        if self._marks and len(text) > 1 and text[0].isdigit() and text[1] == ".":
            text = text[0] + self._marks + text[2:]
        if self._spaced and len(text) == 2:
            text = f"{text[0]} {text[1]}" if self._draw.chance(0.5) else f"{text[0]}　{text[1]}"
        if self._radicals:
            text = text.translate(_RADICALS)
        return text.translate(_TRADITIONAL) if self._traditional else text
