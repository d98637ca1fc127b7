"""What a letter takes from where, and what comes back when there is no letter."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from incubxl.assess.model import OverrideView, UsedInterpretation
from incubxl.batch.job import open_assessment
from incubxl.files.packs import PackStore
from incubxl.funding.model import FundingLine
from incubxl.grading.model import GradeOutcome, IndicatorScore
from incubxl.grid import Place
from incubxl.issues import Issue
from incubxl.letters.cells import without_cells
from incubxl.letters.choose import LetterPlan, letters_for
from incubxl.letters.context import build
from incubxl.letters.engine import LetterEngine
from incubxl.letters.findings import LetterIncomplete
from incubxl.letters.write import Letter, letter_file_name, write
from incubxl.policy.pack import Pack
from incubxl.verdict import Verdict
from tests.letters.case import OFFICE, assessment, concluded, paid, result, signed
from tests.tools.samples import SAMPLES


def test_a_letter_comes_with_a_name_of_its_own(xinjiang: Pack, engine: LetterEngine) -> None:
    whole, one = assessment(xinjiang, name="甲/乙:公司", conclusions=[concluded("备案")])
    made = write(engine, whole, one, letters_for(whole, one)[0])
    assert isinstance(made, Letter)
    assert made.file == "A-01_备案_甲-乙-公司.docx"
    assert made.data.startswith(b"PK")


@pytest.mark.parametrize("pack_id", ["urumqi-intl", "national-base", "xinjiang-makerspace", "shanghai-hq"])
def test_kinds_and_states_of_one_applicant_never_share_a_name(packs: PackStore, pack_id: str) -> None:
    kinds = packs.pack(pack_id).letters.kinds
    name = "很长的单位名称" * 20
    files = {
        letter_file_name("an-id-" * 20, name, LetterPlan(k.id, k.label, state, ""))
        for k in kinds
        for state in ("draft", "final")
    }
    assert len(files) == 2 * len(kinds)
    assert all(len(f.encode()) <= 120 for f in files)


def test_a_refused_letter_is_an_issue_at_the_applicant(xinjiang: Pack, engine: LetterEngine) -> None:
    whole, one = assessment(xinjiang, name="甲\ud800\x07公司")
    found = write(engine, whole, one, letters_for(whole, one)[0])
    assert isinstance(found, Issue)
    assert (found.code, found.place, found.applicant) == ("letter.unprintable", Place("登记表", "B3"), "A-01")
    assert "U+D800" in found.message
    assert (found.message + found.remedy).isprintable()
    found.message.encode("utf-8")


def test_a_correction_lists_each_missing_thing_once_with_its_cell(urumqi: Pack) -> None:
    unread = Issue("error", "x.y", Place("登记表", "H3"), "面积「约500」不是数字。", "只填数字。", "A-01")
    other = replace(unread, applicant="A-02")
    warning = replace(unread, severity="warning", place=Place("登记表", "J3"))
    at_name = replace(unread, place=Place("登记表", "B3"))
    grade = GradeOutcome("open", indicators=(
        IndicatorScore("i1", "服务收入", "按数量计分", "", None, None, None, ("登记表!K5",), ("收入",), ("收入",)),
        IndicatorScore("i2", "专家意见", "直接打分", "", None, None, None, ("评分!D4",), ("专家Z2未打分",)),
    ))  # fmt: skip
    line = FundingLine(
        "x", "补贴", "市级", 1, Verdict.UNKNOWN, None, (), (), "第13条", "最高", missing=("overseas_area",)
    )
    rows = [
        result(Verdict.UNKNOWN, missing=["overseas_area", "name"]),
        result(Verdict.UNKNOWN, missing=["name"], title="另一条件"),
        replace(result(Verdict.UNKNOWN, missing=["team_total"], title="提示"), advisory=True),
    ]
    whole, one = assessment(
        urumqi, name="", verdict=Verdict.UNKNOWN, results=rows, grade=grade, funding=[line],
        issues=[unread, other, warning, at_name],
    )  # fmt: skip
    assert [p.state for p in letters_for(whole, one)] == ["none"]  # no letter to nobody; what one would list:
    made = build(whole, one, LetterPlan("correction", "补正", "draft", ""))
    assert [(m.number, m.what, m.where) for m in made.missing] == [
        ("1", "国外孵化场地面积", "登记表"),
        ("2", "单位名称（空白）", "登记表“单位名称”栏"),
        ("3", "收入", "登记表"),  # an expert's mark is not the applicant's to supply
        ("4", "面积「约500」不是数字。", "登记表"),
    ]
    assert made.missing[2].how == "补齐后评定“服务收入”"
    assert made.applicant == "〔单位名称待填〕"


def test_readings_and_persons_behind_a_result_are_told(urumqi: Pack) -> None:
    question = urumqi.interpretations[0]
    used = (
        UsedInterpretation(question.id, question.options[0].id, question.options[0].label),
        UsedInterpretation("number-inclusive", "inclusive", "包括本数", "《民法典》第一千二百五十九条（类推）"),
    )
    rows = [
        replace(result(Verdict.MET), interpretations=used, override=OverrideView(Verdict.MET, False, signed())),
        replace(result(Verdict.MET, title="人工"), interpretations=used, judged=(signed(),)),
        result(Verdict.NOT_APPLICABLE, title="不适用的"),
    ]
    whole, one = assessment(urumqi, results=rows)
    made = build(whole, one, letters_for(whole, one)[0])
    assert [(r.title, r.verdict) for r in made.results] == [
        ("国外孵化场地", "符合（改判）"),
        ("人工", "符合（含人工判断）"),
    ]
    said = [n for n in made.notes if n.startswith("口径：")]
    assert len(said) == 2
    assert said[0].endswith("（本单位选定）。")
    assert said[1].endswith("——包括本数（《民法典》第一千二百五十九条（类推））。")


def test_an_undated_measure_says_so(packs: PackStore) -> None:
    whole, one = assessment(packs.pack("tongliao-award"), funding=[paid("500000")])
    made = build(whole, one, letters_for(whole, one)[0])
    assert any("没有印施行日期和有效期" in n for n in made.notes)
    assert made.marks == ("草稿——未经签发，不得送达",)


@pytest.mark.parametrize(
    ("case", "hole"),
    [
        ({"office": ""}, "本单位名称"),
        ({"conclusions": [concluded("不予备案", by=signed(name=""))]}, "签发人"),
        ({"conclusions": [concluded("不予备案", by=signed(on=None))]}, "签发日期"),
        ({"settings": {**OFFICE, "remedy_text": ""}}, "救济途径"),
        ({"name": " "}, "单位名称"),
    ],
)
def test_a_final_letter_with_a_hole_is_refused_even_if_someone_plans_it(
    xinjiang: Pack, case: dict[str, object], hole: str
) -> None:
    given = {"verdict": Verdict.NOT_MET, "conclusions": [concluded("不予备案")], **case}
    whole, one = assessment(xinjiang, **given)  # type: ignore[arg-type]
    plan = LetterPlan("refusal", "不予备案", "final", "", one.conclusions[0])
    with pytest.raises(LetterIncomplete, match=hole):
        build(whole, one, plan)


def test_no_context_is_made_for_a_letter_that_is_not_planned(xinjiang: Pack) -> None:
    whole, one = assessment(xinjiang, verdict=Verdict.PENDING)
    with pytest.raises(ValueError, match="待认定"):
        build(whole, one, letters_for(whole, one)[0])


def test_no_cell_of_the_workbook_stands_in_a_letter_to_an_applicant(xinjiang: Pack) -> None:
    register = assessment(xinjiang, texts={"seats": ""}, verdict=Verdict.UNKNOWN)[0].register
    assert without_cells(register, "补填（登记表!K3）；另见登记表!B3:B9，7行") == (
        "补填（登记表“创业工位数”栏）；另见登记表“单位名称”栏，7行"
    )
    assert without_cells(register, "「300-500」是一个范围，登记表!ZZ9") == "「300-500」是一个范围，登记表"


@pytest.mark.parametrize("layout", ["correction", "refusal"])
def test_tables_and_facts_name_columns(xinjiang: Pack, layout: str) -> None:
    verdict = Verdict.UNKNOWN if layout == "correction" else Verdict.NOT_MET
    found = result(verdict, missing=["name"] if layout == "correction" else [])
    found = replace(found, value=found.value and "420平方米（登记表!B3）", remedy="补填单位名称（登记表!B3）")
    whole, one = assessment(xinjiang, verdict=verdict, results=[found])
    made = build(whole, one, letters_for(whole, one)[0])
    said = "".join(str(x) for x in (*made.missing, *made.facts, *made.results))
    assert "登记表“单位名称”栏" in said
    assert "!" not in said


def test_a_refusal_says_each_failing_limb_once_and_no_limb_that_is_met() -> None:
    whole, _ = open_assessment(SAMPLES / "xinjiang-makerspace-2026.xlsx", None, dt.date(2026, 6, 20), None)
    assert whole
    one = next(d for d in whole.determinations if d.applicant == "X26-08")
    plan = next(p for p in letters_for(whole, one) if p.kind == "refusal")
    made = build(whole, one, plan)
    said = "\n".join(made.facts)
    assert len(made.facts) == 2  # 第六条3 and 第六条10
    assert said.count("是否已报送统计数据") == 1
    assert "核对值同上" in said
    for text in (said, "\n".join(row.value for row in made.results)):
        assert "符合" not in text.replace("不符合", "")
