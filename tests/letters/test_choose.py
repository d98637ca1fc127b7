"""Which letter a case allows: final only behind a complete conclusion that the determination bears out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from incubxl.assess.model import Assessment, Determination, OverrideView
from incubxl.files.packs import PackStore
from incubxl.funding.model import FundingLine
from incubxl.grading.model import GradeOutcome
from incubxl.grid import Place
from incubxl.issues import Issue
from incubxl.letters.choose import LetterPlan, letters_for
from incubxl.letters.notes import notes
from incubxl.policy.pack import Pack
from incubxl.register.model import Answer, PastEvent
from incubxl.verdict import Verdict
from tests.letters.case import OFFICE, assessment, concluded, paid, result, signed

FINAL = {**OFFICE, "final_document": "乌科规〔2026〕1号"}
FAILED = GradeOutcome("graded", score=Decimal("55.5"), grade="不合格", reason="总分低于合格线。")


def plans(pack: Pack, **case: object) -> list[LetterPlan]:
    return letters_for(*assessment(pack, **case))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [(Verdict.MET, "recognition"), (Verdict.NOT_MET, "refusal"), (Verdict.UNKNOWN, "correction")],
)
def test_without_a_conclusion_the_outcome_proposes_a_draft(xinjiang: Pack, verdict: Verdict, kind: str) -> None:
    (plan,) = plans(xinjiang, verdict=verdict)
    assert (plan.kind, plan.state, plan.conclusion) == (kind, "draft", None)
    assert "「结论」表没有本单位此项完整的结论" in plan.why


def test_a_pending_case_has_a_stated_reason_instead_of_a_letter(xinjiang: Pack) -> None:
    (plan,) = plans(xinjiang, verdict=Verdict.PENDING)
    assert (plan.kind, plan.state) == ("", "none")
    assert "待认定" in plan.why
    assert "国外孵化场地" in plan.why


@pytest.mark.parametrize("word", ["备案", "recognition", " 备案 "])
def test_a_complete_conclusion_that_fits_is_final(xinjiang: Pack, word: str) -> None:
    (plan,) = plans(xinjiang, conclusions=[concluded(word)])
    assert (plan.kind, plan.state) == ("recognition", "final")
    assert "示例签发人于2026年6月5日" in plan.why


@pytest.mark.parametrize(("by", "reason"), [(signed(name="  "), "没有签发人姓名"), (signed(on=None), "没有结论日期")])
def test_an_unsigned_or_undated_conclusion_is_a_draft(xinjiang: Pack, by: object, reason: str) -> None:
    (plan,) = plans(xinjiang, conclusions=[concluded("备案", by=by)])  # type: ignore[arg-type]
    assert plan.state == "draft"
    assert reason in plan.why


def test_recognising_one_that_does_not_meet_the_conditions_gives_no_letter(xinjiang: Pack) -> None:
    first, second = plans(xinjiang, verdict=Verdict.NOT_MET, conclusions=[concluded("备案")])
    assert (first.kind, first.state) == ("recognition", "none")
    assert "相反" in first.why
    assert (second.kind, second.state) == ("refusal", "draft")


def test_refusing_one_that_meets_the_conditions_gives_no_letter(xinjiang: Pack) -> None:
    first, second = plans(xinjiang, verdict=Verdict.MET, conclusions=[concluded("不予备案")])
    assert (first.kind, first.state) == ("refusal", "none")
    assert (second.kind, second.state) == ("recognition", "draft")


@pytest.mark.parametrize("verdict", [Verdict.UNKNOWN, Verdict.PENDING])
@pytest.mark.parametrize("word", ["备案", "不予备案"])
def test_an_open_case_is_never_decided(xinjiang: Pack, verdict: Verdict, word: str) -> None:
    first, *_ = plans(xinjiang, verdict=verdict, conclusions=[concluded(word)])
    assert first.state == "draft"
    assert verdict.word in first.why


def test_a_draft_measure_decides_nothing_without_the_final_document(urumqi: Pack) -> None:
    (plan,) = plans(urumqi, conclusions=[concluded("认定")])
    assert plan.state == "draft"
    assert "征求意见稿" in plan.why
    (plan,) = plans(urumqi, conclusions=[concluded("认定")], settings=FINAL)
    assert plan.state == "final"


@pytest.mark.parametrize("word", ["认定", "不予认定", "取消资格（弄虚作假）"])
def test_while_it_is_open_who_decides_no_decision_is_final(urumqi: Pack, word: str) -> None:
    verdict = Verdict.NOT_MET if word == "不予认定" else Verdict.MET
    case = {"verdict": verdict, "conclusions": [concluded(word)], "settings": FINAL}
    first, *_ = plans(urumqi, answers={}, **case)
    assert first.state == "draft"
    assert "认定决定由谁作出" in first.why
    first, *_ = plans(urumqi, **case)
    assert first.state == "final"


@pytest.mark.parametrize("verdict", [Verdict.NOT_MET, Verdict.UNKNOWN])
def test_nobody_is_recognised_before_the_publicity_ends_without_objection(xinjiang: Pack, verdict: Verdict) -> None:
    publicity = replace(result(verdict), criterion="m10-3", clause="第十条3", title="公示无异议", advisory=True)
    rows = [result(Verdict.MET), publicity]
    (plan,) = plans(xinjiang, results=rows, conclusions=[concluded("备案")])
    assert plan.state == "draft"
    assert f"「公示无异议」（第十条3）为「{verdict.word}」" in plan.why
    (plan,) = plans(
        xinjiang, results=[rows[0], replace(publicity, verdict=Verdict.MET)], conclusions=[concluded("备案")]
    )
    assert plan.state == "final"


def test_a_correction_is_no_decision_and_may_be_final_under_a_draft_measure(urumqi: Pack) -> None:
    case = {"verdict": Verdict.UNKNOWN, "results": [result(Verdict.UNKNOWN, missing=["overseas_area"])]}
    (plan,) = plans(urumqi, conclusions=[concluded("补正")], **case)
    assert plan.state == "final"
    without = {**OFFICE, "correction_days": None}
    (plan,) = plans(urumqi, conclusions=[concluded("补正")], settings=without, **case)
    assert plan.state == "draft"
    assert "补正期限天数" in plan.why


def test_an_adverse_letter_needs_the_offices_remedy_text(xinjiang: Pack) -> None:
    case = {"verdict": Verdict.NOT_MET, "conclusions": [concluded("不予备案")]}
    (plan,) = plans(xinjiang, **case)
    assert plan.state == "final"
    for blank in (None, "", " \n "):
        (plan,) = plans(xinjiang, settings={**OFFICE, "remedy_text": blank}, **case)
        assert plan.state == "draft"
        assert "救济途径" in plan.why


def test_only_the_failing_grade_is_adverse(xinjiang: Pack) -> None:
    blank = {**OFFICE, "remedy_text": ""}
    good = replace(FAILED, grade="合格")
    states = [
        next(p for p in plans(xinjiang, grade=g, conclusions=[concluded("评价结果")], settings=blank) if p.kind).state
        for g in (good, FAILED)
    ]
    assert states == ["final", "draft"]


@pytest.mark.parametrize(
    ("grade", "state"),
    [
        (GradeOutcome("open", possible=("良好", "合格"), reason="缺少专家评分。"), "draft"),
        (GradeOutcome("waived", reason="未按要求报送，视同自动放弃"), "none"),
        (GradeOutcome("not_graded"), "draft"),
    ],
)
def test_without_a_grade_there_is_no_final_result(urumqi: Pack, grade: GradeOutcome, state: str) -> None:
    first, *_ = plans(urumqi, grade=grade, conclusions=[concluded("评价结果")], settings=FINAL)
    assert (first.kind, first.state) == ("evaluation_result", state)


def test_shanghai_tells_three_results_apart(packs: PackStore) -> None:
    pack = packs.pack("shanghai-hq")
    stop = GradeOutcome("graded", grade="停止支持", reason="合同指标未完成。")
    kinds = {p.kind: p.state for p in plans(pack, grade=stop, verdict=Verdict.PENDING)}
    assert kinds == {"evaluation_stop": "draft"}
    first, *_ = plans(pack, grade=stop, verdict=Verdict.PENDING, conclusions=[concluded("评价结果（继续支持）")])
    assert (first.kind, first.state) == ("evaluation_continue", "none")


def test_a_revocation_needs_a_persons_reason(xinjiang: Pack) -> None:
    word = "取消资格（弄虚作假）"
    case = {"verdict": Verdict.PENDING}
    (plan,) = plans(xinjiang, conclusions=[concluded(word, by=signed(reason="提供的租赁合同系伪造"))], **case)
    assert (plan.kind, plan.state) == ("revocation_fraud", "final")
    (plan,) = plans(xinjiang, conclusions=[concluded(word, by=signed(reason=" "))], **case)
    assert plan.state == "draft"
    assert "理由" in plan.why


@pytest.mark.parametrize(("on", "found"), [(dt.date(2026, 3, 1), 1), (dt.date(2024, 3, 1), 0)])
def test_a_sanction_recorded_this_year_proposes_a_revocation(xinjiang: Pack, on: dt.date, found: int) -> None:
    event = PastEvent("sanction", "申报中弄虚作假", on, on.year, None, "历史记录!C4")
    kinds = [p.kind for p in plans(xinjiang, verdict=Verdict.PENDING, history=[event])]
    assert kinds.count("revocation_fraud") == found


def test_a_sanction_is_told_by_its_name(xinjiang: Pack) -> None:
    """The history sheet reads 「连续2次不合格或未上报统计数据」 as the sanction's id; officials never see that id."""
    event = PastEvent("sanction", "twice-failed-or-unreported", dt.date(2026, 3, 1), 2026, None, "历史记录!C4")
    plan = next(p for p in plans(xinjiang, history=[event]) if p.kind == "revocation_evaluation")
    assert "连续2次不合格或未上报统计数据" in plan.why
    assert "twice" not in plan.why


def test_a_sanction_waits_for_the_question_that_it_rests_on_and_tells_the_answer(xinjiang: Pack) -> None:
    """第十二条: does 连续2次 reach 未上报? Unanswered, nobody's standing is revoked; answered, the letter says how."""
    event = PastEvent("sanction", "连续2次不合格或未上报统计数据", dt.date(2026, 3, 1), 2026, None, "历史记录!C4")
    kind = xinjiang.letters.kind("revocation_evaluation")
    assert kind is not None

    def case(answers: dict[str, Answer]) -> tuple[Assessment, Determination]:
        decided = [concluded(kind.label)]
        return assessment(xinjiang, verdict=Verdict.PENDING, history=[event], conclusions=decided, answers=answers)

    (plan,) = letters_for(*case({}))
    assert plan.state == "draft"
    assert "口径未定：「连续2次」是否也限定「未上报统计数据」？" in plan.why
    asked = ("consecutive-scope", "mixed-years")
    given = case({q: Answer(xinjiang.interpretation[q].options[1].id, signed()) for q in asked})
    (plan,) = letters_for(*given)
    assert plan.state == "final"
    told = notes(*given, kind)
    assert "只限定不合格；一次未上报统计数据即可取消（本单位选定）" in told[0]
    assert "须为同一种情形（本单位选定）" in told[1]


def test_money_proposes_a_payment_and_only_positive_amounts_do(packs: PackStore) -> None:
    pack = packs.pack("tongliao-award")
    (plan,) = plans(pack, verdict=Verdict.NOT_APPLICABLE, funding=[paid("500000")])
    assert (plan.kind, plan.state) == ("payment", "draft")
    (plan,) = plans(pack, verdict=Verdict.NOT_APPLICABLE, funding=[paid("0")])
    assert plan.state == "none"
    (plan,) = plans(pack, verdict=Verdict.MET, funding=[paid("500000")], conclusions=[concluded("拨付")])
    assert plan.state == "final"


def test_money_that_cannot_be_computed_says_what_is_missing(packs: PackStore) -> None:
    line = FundingLine(
        "award",
        "一次性经费支持",
        "市级",
        None,
        Verdict.UNKNOWN,
        None,
        (),
        (),
        "三（一）",
        "一次性",
        missing=("title_on",),
    )
    (plan,) = plans(packs.pack("tongliao-award"), verdict=Verdict.NOT_APPLICABLE, funding=[line])
    assert plan.state == "none"
    assert "一次性经费支持资料不足" in plan.why
    (plan,) = plans(packs.pack("tongliao-award"), verdict=Verdict.MET, funding=[line], conclusions=[concluded("拨付")])
    assert plan.state == "draft"


def test_a_second_recognition_is_questioned(xinjiang: Pack) -> None:
    before = PastEvent("recognised", "自治区众创空间", dt.date(2023, 5, 1), 2023, None, "历史记录!C4")
    first, *_ = plans(xinjiang, conclusions=[concluded("备案")], history=[before])
    assert first.state == "draft"
    assert "历史记录!C4" in first.why
    assert plans(xinjiang, history=[before])[0].state == "none"
    this_year = replace(before, on=dt.date(2026, 5, 1), year=2026)
    first, *_ = plans(xinjiang, conclusions=[concluded("备案")], history=[this_year])
    assert first.state == "final"


def test_the_same_conclusion_twice_is_one_letter(xinjiang: Pack) -> None:
    first, second = plans(xinjiang, conclusions=[concluded("备案"), concluded("recognition", number="")])
    assert (first.state, second.state) == ("final", "none")
    assert "只出一份" in second.why


def test_two_conclusions_against_each_other_decide_nothing(xinjiang: Pack) -> None:
    first, second = plans(xinjiang, conclusions=[concluded("备案"), concluded("不予备案")])
    assert (first.state, second.state) == ("draft", "none")
    assert "「不予备案」" in first.why


def test_a_kind_that_the_measure_does_not_know_is_named_with_those_it_knows(xinjiang: Pack) -> None:
    first, *_ = plans(xinjiang, conclusions=[concluded("认定")])
    assert (first.kind, first.state) == ("", "none")
    assert "「认定」" in first.why
    assert "备案" in first.why


def test_a_stale_override_holds_the_letter_back(xinjiang: Pack) -> None:
    stale = replace(result(Verdict.MET), override=OverrideView(Verdict.MET, True, signed()))
    (plan,) = plans(xinjiang, results=[stale], conclusions=[concluded("备案")])
    assert plan.state == "draft"
    assert "需复核" in plan.why


@pytest.mark.parametrize(("cell", "state"), [("B3", "draft"), ("C3", "draft"), ("K3", "final")])
def test_an_error_on_who_the_applicant_is_holds_the_letter_back(xinjiang: Pack, cell: str, state: str) -> None:
    found = Issue("error", "x.y", Place("登记表", cell), "校验位不对。", "核对。", "A-01")
    (plan,) = plans(xinjiang, conclusions=[concluded("备案")], issues=[found])
    assert plan.state == state


def test_a_nameless_applicant_gets_no_decided_letter(xinjiang: Pack) -> None:
    first, *_ = plans(xinjiang, name="  ", conclusions=[concluded("备案")])
    assert first.state == "none"


def test_an_office_without_a_name_signs_nothing(xinjiang: Pack) -> None:
    (plan,) = plans(xinjiang, conclusions=[concluded("备案")], office="")
    assert plan.state == "draft"
    assert "本单位名称" in plan.why


def test_every_outcome_of_every_pack_has_a_plan_or_a_reason(pack: Pack) -> None:
    for verdict in Verdict:
        own = [k.label for k in pack.letters.kinds if k.recipient != "public"]  # announcements: test_announce.py
        for conclusions in ([], *([concluded(label)] for label in own)):
            found = plans(pack, verdict=verdict, conclusions=conclusions)
            assert found
            assert all(p.why for p in found)
            assert all(p.conclusion for p in found if p.state == "final")


def test_a_payment_says_the_readings_by_which_its_gates_let_it_pass(packs: PackStore) -> None:
    pack = packs.pack("tongliao-award")
    item = next(i for i in pack.funding.items if any("new-from" in gate.under for gate in i.gates))
    kind = next(k for k in pack.letters.kinds if k.layout == "payment")
    question = pack.interpretation["new-from"]
    for answers in ({"new-from": Answer("no-limit", signed())}, {}):
        whole, one = assessment(pack, funding=[paid(item=item.id)], answers=answers)
        said = [note for note in notes(whole, one, kind, final=True) if question.question in note]
        assert len(said) == len(answers)  # what the office has not chosen stands on no final letter
        assert any(question.question in note for note in notes(whole, one, kind))
