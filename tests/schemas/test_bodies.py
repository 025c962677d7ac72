"""Which names are one body, which are two, and what is meant by a short one."""

from __future__ import annotations

import pytest

from schemas.bodies import body_named, body_of, codes_of, is_known, parent_of, relation
from schemas.report_identity import ReportIdentity


def how(a: str, b: str, year_a: int | None = 2023, year_b: int | None = 2023) -> str:
    return relation(body_named(a, year_a), body_named(b, year_b), year_a, year_b)


SAME = (
    ("清河县卫生健康委员会", "清河县卫健委"),
    ("清河县卫生健康局", "清河县卫健委"),
    ("洪泽区人民政府", "淮安市洪泽区人民政府"),
    ("江苏省淮安市洪泽区人民政府", "洪泽区"),
    ("洪泽县人民政府", "洪泽区人民政府"),
    ("清河县政府办", "清河县人民政府办公室"),
    ("清河县发改委", "清河县发展和改革局"),
    ("清河县人社局", "清河县人力资源和社会保障局"),
    ("清河县市监局", "清河县市场监督管理局"),
    ("清河县教体局", "清河县教育和体育局"),
    ("清河县城管局", "清河县城市管理综合行政执法局"),
    ("清河县外事办", "清河县人民政府外事办公室"),
    ("清河县编办", "中共清河县委机构编制委员会办公室"),
    ("清河县残联", "清河县残疾人联合会"),
    ("国家税务总局清河县税务局", "清河县税务局"),
    ("清河县油坊镇", "清河县油坊镇人民政府"),
    ("沭阳县沭城街道", "沭阳县沭城街道办事处"),
    ("沭阳县人民政府沭城街道办事处", "沭阳县沭城街道办事处"),
    ("沭阳经济技术开发区管委会", "江苏沭阳经济技术开发区管理委员会"),
    ("临安市教育局", "杭州市临安区教育局"),
    ("某县财政局", "某县财政局"),
)
POSSIBLE = (
    ("县教育局", "清河县教育局"),
    ("教育局", "清河县教育局"),
    ("油坊镇", "清河县油坊镇人民政府"),
    ("沭城街道办事处", "沭阳县沭城街道"),
    ("清河县文旅局", "清河县文化广电和旅游局"),
    ("教育局", "清河县教育体育局"),
    ("鼓楼区人民政府", "南京市鼓楼区人民政府"),
    ("市场监管局", "清河县市场监督管理局"),
    ("市监局", "清河县市场监督管理局"),
    ("经开区管委会", "沭阳经济技术开发区管理委员会"),
    ("开发区", "沭阳经济技术开发区管理委员会"),
    ("陇集", "沭阳县陇集镇人民政府"),
    ("生态环境局", "宿迁市沭阳生态环境局"),
    ("县生态环境局", "宿迁市沭阳生态环境局"),
    ("沭阳县生态环境局", "宿迁市沭阳生态环境局"),
)
OTHER = (
    ("清河县人民政府", "清河县人民政府办公室"),
    ("平潭综合实验区", "平潭综合实验区管委会办公室"),
    ("清河县教育局", "威县教育局"),
    ("泗阳县生态环境局", "宿迁市沭阳生态环境局"),
    ("县教育局", "宿迁市沭阳生态环境局"),
    ("陇集", "沭阳县陇南镇人民政府"),
    ("清河县教育局", "清河县民政局"),
    ("区教育局", "清河县教育局"),
    ("鼓楼区人民政府", "清河县人民政府"),
    ("某县财政局", "别县财政局"),
    ("清河县教育局", "清河县教育局幼儿园"),
    ("清河县大数据局", "清河县数据局"),
    ("清河县油坊镇", "清河县王官庄镇"),
)


@pytest.mark.parametrize(("a", "b"), SAME)
def test_one_body_by_two_names(a: str, b: str) -> None:
    assert how(a, b) == how(b, a) == "same"
    assert body_named(a, 2023).key == body_named(b, 2023).key


@pytest.mark.parametrize(("a", "b"), POSSIBLE)
def test_a_name_that_may_mean_the_other(a: str, b: str) -> None:
    assert how(a, b) == how(b, a) == "possible"


@pytest.mark.parametrize(("a", "b"), OTHER)
def test_two_bodies(a: str, b: str) -> None:
    assert how(a, b) == how(b, a) == "other"


def test_a_department_that_was_renamed_is_one_across_the_years() -> None:
    old, new = "清河县卫生和计划生育局", "清河县卫生健康局"
    assert how(old, new, 2017, 2019) == how(new, old, 2019, 2018) == "same"
    assert how(old, new, 2024, 2015) == "other"
    assert how("清河县国土资源局", "清河县自然资源和规划局", 2018, 2019) == "same"
    assert how("清河县工商行政管理局", "清河县市场监督管理局", 2018, 2019) == "other", "a merger"


def test_the_body_of_a_report() -> None:
    assert body_of(ReportIdentity()) is None
    told = body_of(ReportIdentity(issuer="油坊镇", division_code="130534", kind="township", year=2018))
    assert told is not None and told.key == "130534/township/油坊镇"
    old = body_of(ReportIdentity(issuer="洪泽县人民政府", division_code="320829", kind="government", year=2014))
    assert old is not None and old.key == "320813/government/"
    assert codes_of(old) == ["320829", "320813"]
    # A name that nobody can take apart stays a body of its own.
    odd = [body_of(ReportIdentity(issuer=n, division_code="320813", kind="government")) for n in ("机关1", "机关2")]
    assert len({b.key for b in odd if b is not None}) == 2


def test_the_parts_of_a_merger_are_other_bodies_than_the_whole() -> None:
    part, other, whole = ("320602", 2019, "崇川区"), ("320611", 2019, "港闸区"), ("320613", 2020, "崇川区")
    named = [body_named(f"南通市{name}教育局", year) for _, year, name in (part, other, whole)]
    assert [b.key for b in named] == [f"{code}/department/教育" for code, *_ in (part, other, whole)]
    assert relation(named[0], named[2], 2019, 2020) == "other"
    # Without a year it is the one that stands; a name printed for the year before is still its own.
    assert body_named("南通市崇川区教育局").key == named[2].key
    assert body_named("清江浦区人民政府", 2015).key == "320812/government/"
    # The code of one of them serves the whole.
    codes = [
        body_of(ReportIdentity(issuer="机关", division_code="130503", kind="government", year=y)) for y in (2019, 2020)
    ]
    assert [b.division for b in codes if b is not None] == ["130503-2019", "130503"]


def test_whom_a_body_answers_to() -> None:
    # Pingtan's zone answers to the province, not to the prefecture around it.
    assert parent_of(body_named("平潭综合实验区")) == "350000"
    assert parent_of(body_named("清河县人民政府")) == "130500"
    assert parent_of(body_named("清河县教育局")) == "130534"
    assert parent_of(body_named("县教育局")) is None


def test_departments_that_every_place_has() -> None:
    assert is_known("教育局") and is_known("卫健委") and is_known("人力资源和社会保障局")
    assert not is_known("教育") and not is_known("本年度办") and not is_known("某某局")


def test_towns_whose_own_names_begin_like_a_short_form() -> None:
    def how(a: str, b: str) -> str:
        return relation(body_named(a), body_named(b))

    for short, full in (
        ("县河镇", "竹溪县县河镇人民政府"),
        ("县河镇人民政府", "竹溪县县河镇"),
        ("市中街道", "滕州市市中街道办事处"),
        ("县城镇", "清河县县城镇人民政府"),
        # The same beginnings as short forms.
        ("县城关镇", "竹溪县城关镇人民政府"),
        ("县教育局", "竹溪县教育局"),
    ):
        assert how(short, full) == how(full, short) == "possible", short
    assert how("县河镇", "竹溪县城关镇人民政府") == how("竹溪县河镇", "竹溪县县河镇") == "other"
    assert how("县教育局", "竹溪县县教育局") == "other", "a department has no name of its own"
