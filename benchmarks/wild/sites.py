"""What stands around a report on a site, and is no part of it.

Belongs here: words of buttons, breadcrumbs, lines of source and date, neighbours. Does not belong here: markup (`saved`).
"""

from __future__ import annotations

from benchmarks.wild.bodies import Body
from benchmarks.wild.drawing import Draw

BUTTONS = (
    "登录 注册", "打印", "关闭窗口", "无障碍浏览", "长者模式", "繁體", "手机版", "正文", "附件", "分享到：微信 微博",
    "字体：[大 中 小]", "【打印本页】 【关闭窗口】", "智能问答", "收藏", "加入收藏 设为首页", "扫一扫在手机打开当前页",
)  # fmt: skip
COLUMNS = ("政府信息公开年报", "政府信息公开年度报告", "信息公开年报", "法定主动公开内容", "政府信息公开")
_FOOT = ("网站地图", "联系我们", "隐私声明", "浏览次数：{}", "版权所有", "技术支持：信息中心")


def breadcrumb(draw: Draw) -> str:
    mark = draw.one([" > ", ">", " >> ", "/", " » "])
    way = ["首页", *draw.some(["政务公开", "政府信息公开", "信息公开"], 1, 2), draw.one(COLUMNS)]
    return draw.one(["当前位置：", "您的位置：", "您当前所在位置：", ""]) + mark.join(way)


def published(draw: Draw, year: int) -> str:
    return f"{year + 1}-{draw.whole(1, 3):02}-{draw.whole(1, 28):02}"


def source_line(draw: Draw, body: Body, date: str) -> str:
    """来源 and time, as sites print them under a title. The source may be another body of the same place."""
    place = body.division.name
    source = draw.one([body.name, "本站", "本站原创", f"{place}人民政府办公室", f"{place}融媒体中心", f"{place}政府网"])
    label = draw.one(["来源：", "信息来源：", "发布机构：", "作者：", "供稿："])
    time = draw.one(["发布时间：", "时间：", "发布日期：", "日期：", "更新时间："])
    return draw.one(
        [f"{label}{source} {time}{date}", f"{time}{date} {label}{source}", f"{time}{date} 10:{draw.whole(10, 59)}"]
    )


def above(draw: Draw, body: Body, date: str) -> list[str]:
    """Lines above a title."""
    lines = [breadcrumb(draw)] if draw.chance(0.6) else []
    lines += draw.some(BUTTONS, 0, 3)
    if draw.chance(0.3):
        lines.append(
            draw.one([f"{body.division.name}人民政府门户网站", f"中国·{body.division.name}", "政府信息公开平台"])
        )
    if draw.chance(0.2):
        lines.append(f"索引号：{draw.whole(100000, 999999)}/{draw.whole(2019, 2025)}-{draw.whole(10000, 99999)}")
    if draw.chance(0.15):
        lines.append(source_line(draw, body, date))
    return lines


def below(draw: Draw, body: Body, year: int) -> list[str]:
    """Lines under the end of a report: neighbours and the foot of the site."""
    lines = []
    if draw.chance(0.5):
        place = body.division.name
        other = draw.one([f"{place}气象局", f"{place}税务局", f"{place}档案馆", f"{place}人民政府"])
        lines.append(f"上一篇：{other}{year - 1}年政府信息公开工作年度报告")
        lines.append(draw.one([f"下一篇：{body.name}{year - 1}年政府信息公开工作年度报告", "下一篇：没有了"]))
    lines += [w.format(draw.whole(10, 9000)) for w in draw.some(_FOOT, 0, 3)]
    if draw.chance(0.3):
        lines.append(f"主办：{body.division.name}人民政府 承办：{body.division.name}人民政府办公室")
    return lines
