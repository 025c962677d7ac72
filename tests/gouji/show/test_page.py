"""The result page: the form as it is printed, what is red and what is not, what stands beside."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

import checks
from checks.series_rules import past_of
from gouji.batch.reviewed import Reviewed
from gouji.cli import main
from gouji.show import page
from gouji.words import Lang
from parsers import extract
from schemas import forms
from schemas.facts import TableLayout, Unresolved
from tests.gouji.drafts import HONGZE, QUZHOU, SAMPLES, SHANGHAI, SHUYANG, changed

PINGTAN = SAMPLES / "平潭综合实验区2025年政府信息公开工作年度报告.md"


class Cells(HTMLParser):
    """The cells of every table of the form: classes, text, spans; those of the head apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[list[tuple[str, str, str, dict[str, str]]]] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "table":
            self.inside = given.get("class", "").startswith("form")
            if self.inside:
                self.tables.append([])
        elif tag in ("td", "th") and self.inside:
            self.tables[-1].append((tag, given.get("class", ""), "", given))

    def handle_data(self, data: str) -> None:
        if self.inside and self.tables[-1]:
            tag, kind, text, given = self.tables[-1][-1]
            self.tables[-1][-1] = tag, kind, text + data.strip(), given

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.inside = False

    def of(self, kind: str) -> list[str]:
        """The texts of the cells of a class."""
        return [text for table in self.tables for tag, kinds, text, _ in table if tag == "td" and kind in kinds.split()]


def reviewed(path: Path, data: bytes | None = None, previous: bytes | None = None) -> Reviewed:
    extraction = extract(path, data if data is not None else path.read_bytes())
    earlier = extract(Path("去年.docx"), previous).reports if previous is not None else []
    out = Reviewed(checks.check(extraction, previous=earlier))
    if previous is not None:
        past = {r.report_id: past_of(r, earlier).previous for r in extraction.reports}
        out.previous = {k: v for k, v in past.items() if v is not None}
    return out


def page_of(path: Path, data: bytes | None = None, lang: Lang = "zh", previous: bytes | None = None) -> str:
    return page.content([reviewed(path, data, previous)], lang=lang).decode()


@pytest.fixture(scope="module")
def right() -> str:
    return page_of(PINGTAN)


@pytest.fixture(scope="module")
def wrong() -> str:
    """One figure with its digits exchanged: it breaks a row and a column."""
    return page_of(SHUYANG, changed(SHUYANG, {"requests.unavailable_not_held.natural_person": "999"}))


def test_the_tables_are_laid_out_as_the_form_prints_them(right: str) -> None:
    found = Cells(right)
    form = forms.load("2021")
    article20, requests, disputes = found.tables
    assert sum(tag == "td" for table in found.tables for tag, *_ in table) == len(form.addresses())
    labels = {text for table in found.tables for tag, _, text, _ in table if tag == "th"}
    assert {"三、本年度办理结果", "（三）不予公开", "法人或其他组织", "社会公益组织", "未经复议直接起诉"} <= labels
    assert all(row.label in labels for row in form.rows("requests"))
    corner = requests[0]
    assert (corner[3]["rowspan"], corner[3]["colspan"]) == ("3", "3")
    assert next(x for x in requests if x[2] == "三、本年度办理结果")[3]["rowspan"] == "22"
    assert [x[2] for x in disputes if x[0] == "td"] == disputes_of(PINGTAN)
    assert any("第二十条第（一）项" in x[2] for x in article20)


def disputes_of(path: Path) -> list[str]:
    (report,) = extract(path).reports
    printed = {f.address: f.printed.strip() for f in report.facts}
    return [printed[a] for a in forms.load("2021").addresses() if a.startswith("disputes.")]


def test_a_right_report_has_no_mark_and_says_what_was_checked(right: str) -> None:
    assert not any(Cells(right).of(kind) for kind in ("bad", "doubt", "sum", "said", "hint", "open", "gone"))
    assert "核对 200 格、42 条关系、正文 5 个数，全部相符。" in right
    assert 'class="legend"' not in right


def test_only_the_cause_is_red_and_the_sums_are_marked_lightly(wrong: str) -> None:
    found = Cells(wrong)
    (red,) = found.of("bad")
    assert red.startswith("999") and "应为 111？" in red
    assert Counter(re.sub(r"\d.*", "", s) for s in found.of("sum")).total() >= 2
    assert any("本行合计" in s for s in found.of("sum")) and any("本列合计" in s for s in found.of("sum"))
    assert not [s for s in found.of("doubt") if "各项合计" in s]
    # What the column comes to stands below the table.
    assert "核对：各项（21 项）合计" in wrong
    assert "最可能的改法" in wrong and 'class="problem error" id="o1p1"' in wrong
    assert wrong.count('class="problem error"') == 1
    assert "requests.outcomes" not in wrong


def test_what_is_new_since_last_round_is_called_so() -> None:
    checked = reviewed(HONGZE)
    checked.seen_before = True
    checked.status = {f.finding_id: "new" if f.rule == "disputes.total" else "open" for f in checked.open_findings}
    text = page.content([checked]).decode()
    assert "2 处合计或勾稽关系不符（新出现）" in text and "缺少行或列（未改）" in text
    assert "与上一轮相比：已改正 0 处，未改 3 处，新出现 2 处。" in text


def test_codes_stand_on_the_page_only_where_they_are_asked_for() -> None:
    checked = reviewed(HONGZE)
    assert b"disputes.total" not in page.content([checked])
    assert b"disputes.total" in page.content([checked], codes=True)


def test_where_no_cell_is_accused_all_that_may_be_the_cause_are_amber() -> None:
    found = Cells(page_of(HONGZE))
    assert not found.of("bad")
    assert len(found.of("doubt")) == 10
    # Its form of 2021 has one row where three are asked for: they have their place, and are missing there.
    assert found.of("gone") == ["缺项"] * 21


def test_cells_that_are_not_certain_or_not_there_are_never_blank() -> None:
    checked = reviewed(SHUYANG)
    (report,) = checked.reports
    first = report.facts.pop(0)
    gone = report.facts.pop(0)
    report.unresolved.append(Unresolved(first.address, "3960", "joined", [3, 39], first.place))
    report.layouts = [x for x in report.layouts if x.table != "disputes"]
    report.facts = [f for f in report.facts if not f.address.startswith("disputes.")]
    blank = next(f for f in report.facts if f.address == "requests.granted.other")
    blank.kind, blank.value, blank.printed = "blank", None, ""
    text = page.content([checked]).decode()
    found = Cells(text)
    assert found.of("open") == ["3960读不准"]
    assert "读不准：印作“3960”；可能是 3、39" in text
    assert found.of("unread") == ["未读到"] and gone.address not in text
    assert "空白" in found.of("blank")
    assert "文件里没有读到这张表。" in text
    checked.add(checks.check_report(report))
    assert "没有找到“政府信息公开行政复议、行政诉讼情况”的表格。</p>" in page.content([checked]).decode()
    # A row that the form has and the document lacks is missing, which is something else than not read.
    layout: TableLayout = next(x for x in report.layouts if x.table == "article20")
    layout.missing_rows = [gone.address.split(".")[1]]
    assert "缺项" in Cells(page.content([checked]).decode()).of("gone")


def test_sentences_stand_beside_the_figures_of_the_table() -> None:
    text = page_of(QUZHOU)
    block = re.search(r'<div class="said-in no".*?</div>', text, re.DOTALL)
    assert block is not None
    assert "<mark class=no>456件</mark>" in block[0]
    row = re.search(r"<tr class=no>.*?</tr>", block[0])
    assert row is not None and re.findall(r">([^<>]+)</", row[0])[:4] == ["收到申请", "456件", "451", "1"]
    # The figure is another sum's: the cell beside it is not the one to change, and is not red.
    found = Cells(text)
    assert [s for s in found.of("said") if "正文 456" in s] and not found.of("bad")


def test_last_year_stands_small_beside_this_year() -> None:
    last = changed(
        SHUYANG,
        {"requests.new_received.total": "700", "requests.carried_forward.total": "40", "requests.carried_forward.natural_person": "40"},
        {"2025": "2024"},
    )  # fmt: skip
    checked = reviewed(SHUYANG, previous=last)
    text = page.content([checked]).decode()
    assert "<small>700 +13</small>" in text
    # Whose members change may rightly begin with other cases; whose do not, may not.
    (finding,) = [f for f in checked.checked.findings if f.rule == "series.carry" and f.outcome == "broken"]
    assert any(s.startswith("36") and "上年末结转 40" in s for s in Cells(text).of("doubt"))
    finding.severity = "error"
    (red,) = Cells(page.content([checked]).decode()).of("bad")
    assert red.startswith("36") and "上年末结转 40" in red
    # The same zeros of both years say nothing.
    assert "<small>0</small>" not in text


def test_a_folder_begins_with_an_overview_and_names_no_folder_of_this_machine(tmp_path: Path) -> None:
    drafts = tmp_path / "草稿"
    (drafts / "镇").mkdir(parents=True)
    for name, data in (
        ("a.docx", SHUYANG.read_bytes()),
        ("镇/b.docx", changed(SHUYANG, {"requests.processed_total.total": "720"})),
        ("坏.docx", (SAMPLES / "损坏的草稿.docx").read_bytes()),
    ):
        (drafts / name).write_bytes(data)
    (drafts / "c.md").write_bytes(PINGTAN.read_bytes())
    target = tmp_path / "结果.html"
    assert main(["check", str(drafts), "--report", str(target)]) == 2
    text = target.read_text("utf-8")
    assert str(tmp_path) not in text
    assert "镇/b.docx" in text.replace("\\", "/")
    order = [text.index(f'<tr><td class="n hide">{i}</td>') for i in (1, 2, 3, 4)]
    verdicts = re.findall(r'class="tag (fail|warn|pass|unreadable)"', text)
    assert order == sorted(order) and verdicts == ["unreadable", "fail", "warn", "pass"]
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(re.findall(r'id="([^"]+)"', text))
    assert len(re.findall(r'id="([^"]+)"', text)) == len(set(re.findall(r'id="([^"]+)"', text)))


def test_every_form_has_a_page() -> None:
    found = Cells(page_of(SHANGHAI))
    assert [len(table) for table in found.tables]
    assert len(found.of("doubt")) >= 130
    text = page_of(SHUYANG, lang="en")
    assert '<html lang="en">' in text and re.search(r"\b([2-9]|\d\d+) problems|\b1 problem\b", text)


@pytest.mark.parametrize("form_id", ["2014", "fujian", "zhejiang-2013"])
def test_tables_without_an_official_drawing_are_lists_with_their_units(form_id: str) -> None:
    from data.generator import clean_layout, make_truth, render

    truth = make_truth(3, form_id)
    checked = reviewed(Path("甲.docx"), render(truth, clean_layout()))
    found = Cells(page.content([checked]).decode())
    (table,) = found.tables
    assert sum(tag == "td" for tag, *_ in table) == len(checked.reports[0].facts)
    assert {"条", "件"} <= {text for tag, _, text, _ in table if tag == "th"}


def test_words_of_a_draft_are_escaped_everywhere() -> None:
    data = changed(SHUYANG, {"requests.granted.other": '"><script>x</script>'}, {"申请749件": "申请<b>7490件"})
    text = page_of(Path('<i>".docx'), data)
    assert (
        "<script>x" not in text and "<b>7490" not in text and "<i>" not in text.split("</style>")[1].split("<table")[0]
    )
    assert "&lt;i&gt;&quot;.docx" in text


def test_of_a_folder_only_what_is_to_be_corrected_goes_on_paper() -> None:
    """Offices without a finding stand in the overview alone; of the others the tables and sentences concerned."""
    wrong = changed(SHUYANG, {"requests.unavailable_not_held.natural_person": "999"})
    folder = page.content([reviewed(Path("错.docx"), wrong), reviewed(PINGTAN)]).decode()
    parts = {p.split('"', 1)[0]: p for p in folder.split('<section class="')[1:]}
    assert set(parts) == {"sheet", "sheet passed silent"} and 'id="top" class=many' in folder
    mine = parts["sheet"] if "overview" not in parts["sheet"] else folder.split('<section class="sheet"')[2]
    assert re.findall(r'<div class="keep( clean)?"><h3>(.)', mine) == [(" clean", "二"), ("", "三"), (" clean", "四")]
    assert ".many .clean, .many .silent" in folder and "打印时只印有问题的单位" in folder
    # One report alone is printed whole.
    assert "class=many" not in page.content([reviewed(Path("错.docx"), wrong)]).decode()


def test_of_few_drafts_a_long_list_of_names_does_not_stand_before_what_was_found(tmp_path: Path) -> None:
    from gouji.batch import roster

    path = tmp_path / "名单.csv"
    names = [f"沭阳县第{i}小学" for i in range(13)]
    path.write_text("\n".join(["单位", *names]), "utf-8-sig")
    attendance = roster.attendance(roster.load(path), [])
    shown = page.content([], attendance).decode()
    assert "<summary><b>请催报 13 个单位：</b>见下面的名单，点开看名字</summary>" in shown
    path.write_text("\n".join(["单位", *names[:12]]), "utf-8-sig")
    few = page.content([], roster.attendance(roster.load(path), [])).decode()
    assert "<p><b>请催报 12 个单位：</b>沭阳县第0小学、" in few and "点开看名字" not in few
