"""The national, Shanghai and Tongliao packs say what the measures print. Every value is typed from their texts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from incubxl.assess.engine import assess
from incubxl.assess.model import Determination
from incubxl.assess.scenarios import run_scenarios, scenario_grid
from incubxl.files.packs import store
from incubxl.policy.lint import lint
from incubxl.policy.pack import Case, Force, ScenarioGroup
from incubxl.register.read import read_register
from incubxl.verdict import Verdict

NATIONAL = "national-base"
SHANGHAI = "shanghai-hq"
TONGLIAO = "tongliao-award"
PACKS = (NATIONAL, SHANGHAI, TONGLIAO)


def determine(id: str, as_of: str, **case: object) -> Determination:
    """One applicant, from cells to a determination."""
    day = dt.date.fromisoformat(as_of)
    group = ScenarioGroup(criterion="x", clause="x", as_of=day, cases=(Case(name="x", expect="met"),))
    grid = scenario_grid(store().pack(id), group, Case(name="x", expect="met", **case))
    return assess(read_register(grid, store().pack(id)), day).determinations[0]


@pytest.mark.parametrize("id", PACKS)
def test_pack_is_sound(id: str) -> None:
    loaded = store().load(id)
    assert not loaded.errors
    assert loaded.pack is not None
    assert [str(e) for e in lint(loaded.pack, loaded.lines)] == []


@pytest.mark.parametrize("id", PACKS)
def test_scenarios_hold(id: str) -> None:
    failed = [o for o in run_scenarios(store().pack(id)) if not o.passed]
    assert failed == []


@pytest.mark.parametrize(
    ("id", "parameter", "value", "unit", "clause"),
    [
        (NATIONAL, "pilot-term", 2, "年", "第四条、第十二条（五）"),
        (NATIONAL, "extension-term", 1, "年", "第十三条（三）"),
        (NATIONAL, "platform-min", 1, "个", "第十条（四）"),
        (NATIONAL, "paper-copies", 2, "份", "附件1"),
        (NATIONAL, "pilot-ban", 2, "年", "第十二条（四）"),
        (NATIONAL, "final-ban", 2, "年", "第十三条（三）"),
        (NATIONAL, "base-ban", 2, "年", "第十四条"),
        (NATIONAL, "failed-years", 2, "年", "第十四条"),
        (SHANGHAI, "support-years-hq", 3, "年", "第七条"),
        (SHANGHAI, "support-years-cultivation", 2, "年", "第七条"),
        (SHANGHAI, "change-lead", 3, "个月", "第九条"),
        (SHANGHAI, "startup-share-max", 50, "%", "第十三条（三）"),
        (SHANGHAI, "operating-city-first-hq", 1000, "万元", "第十三条（三）"),
        (SHANGHAI, "operating-city-first-cultivation", 300, "万元", "第十三条（三）"),
        (SHANGHAI, "operating-city-later-hq", 500, "万元", "第十三条（三）"),
        (SHANGHAI, "operating-city-later-cultivation", 200, "万元", "第十三条（三）"),
        (SHANGHAI, "operating-match-ratio", 100, "%", "第十三条（三）"),
        (SHANGHAI, "operating-share-max", 50, "%", "第十三条（三）"),
        (SHANGHAI, "bonus-city-hq", 500, "万元", "第十三条（三）"),
        (SHANGHAI, "bonus-city-cultivation", 200, "万元", "第十三条（三）"),
        (SHANGHAI, "bonus-match-ratio", 100, "%", "第十三条（三）"),
        (TONGLIAO, "award-national-incubator", 100, "万元", "三（一）"),
        (TONGLIAO, "award-regional-incubator", 50, "万元", "三（一）"),
        (TONGLIAO, "award-national-makerspace", 30, "万元", "三（一）"),
        (TONGLIAO, "award-national-xingchuang", 30, "万元", "三（一）"),
        (TONGLIAO, "award-regional-makerspace", 20, "万元", "三（一）"),
        (TONGLIAO, "award-regional-xingchuang", 10, "万元", "三（一）"),
    ],
)
def test_printed_numbers(id: str, parameter: str, value: int, unit: str, clause: str) -> None:
    found = store().pack(id).parameter[parameter]
    assert found.at(dt.date(2026, 6, 30)) == Decimal(value)
    assert (found.unit, found.clause) == (unit, clause)


def test_shanghai_numbers_begin_with_the_measure() -> None:
    for parameter in store().pack(SHANGHAI).parameters:
        assert parameter.at(dt.date(2023, 10, 29)) is None
        assert parameter.at(dt.date(2023, 10, 30)) is not None


def test_shanghai_is_in_force_for_two_years() -> None:
    measure = store().pack(SHANGHAI).measure
    forces = [measure.force(dt.date.fromisoformat(d)) for d in ("2023-10-29", "2023-10-30", "2025-10-29", "2025-10-30")]
    assert forces == [Force.NOT_YET, Force.IN_FORCE, Force.IN_FORCE, Force.EXPIRED]
    assert "已届满" in measure.notice(dt.date(2025, 10, 30))


@pytest.mark.parametrize("id", [NATIONAL, TONGLIAO])
def test_no_effective_date_is_invented(id: str) -> None:
    measure = store().pack(id).measure
    assert measure.force(dt.date(2026, 6, 30)) == Force.UNDATED
    assert "没有印" in measure.notice(dt.date(2026, 6, 30))


def test_national_publicity_comes_after_the_plaque() -> None:
    order = [s.label for s in store().pack(NATIONAL).procedure.stages]
    assert order.index("公示") == order.index("审核意见函、授予和授牌") + 1


def test_national_bans_and_consecutive_years() -> None:
    procedure = store().pack(NATIONAL).procedure
    assert {s.id for s in procedure.sanctions if s.ban} == {"pilot-cancelled", "final-cancelled", "base-cancelled"}
    assert procedure.sanction("base-failed").consecutive == 2
    assert [o.label[:2] for o in procedure.sanction("base-failed").options] == ["通报", "取消"]


def test_shanghai_lists_what_the_office_may_choose() -> None:
    sanctions = store().pack(SHANGHAI).procedure.sanctions
    assert [s.clause for s in sanctions] == [f"第十二条（{n}）" for n in "一二三四五"]
    assert all("约谈" in [o.label for o in s.options] and not s.ban for s in sanctions)


def test_shanghai_conditions_have_no_threshold() -> None:
    article_five = [c for c in store().pack(SHANGHAI).criteria if c.clause.startswith("第五条")]
    operators = {limb.operator for c in article_five for limb in c.check.walk()}
    assert len(article_five) == 6
    assert not operators & {"at_least", "at_most", "share_at_least", "held_for"}


def test_tongliao_has_a_title_per_award_and_no_grades_of_its_own() -> None:
    pack = store().pack(TONGLIAO)
    assert [t.label for t in pack.measure.tracks] == [
        "国家级科技企业孵化器", "自治区级科技企业孵化器", "国家众创空间",
        "国家星创天地", "自治区级众创空间", "自治区级星创天地",
    ]  # fmt: skip
    assert pack.evaluation.grades == ()
    assert [s.label[:3] for s in pack.evaluation.sets] == ["综合型", "专业型", "社会建", "高校建"]


@pytest.mark.parametrize(
    ("id", "questions"),
    [
        (
            NATIONAL,
            {
                "provincial-reach", "liaison-opinion", "pilot-start", "plan-summary-and", "extension-count",
                "ban-first-day", "not-submitted-fails",
            },
        ),
        (
            SHANGHAI,
            {
                "generally", "force-majeure", "later-years", "cultivation-third-year", "operating-basis",
                "third-year-result", "after-expiry",
            },
        ),
        (TONGLIAO, {"new-from", "first-evaluation", "upgrade", "stacking", "approved-scope"}),
    ],
)  # fmt: skip
def test_open_questions_have_no_answer_of_ours(id: str, questions: set[str]) -> None:
    own = [q for q in store().pack(id).interpretations if not q.clause.startswith("民法典")]
    assert {q.id for q in own} >= questions
    assert all(q.default is None for q in own)


@pytest.mark.parametrize(
    ("track", "facts", "state", "grade", "possible"),
    [
        ("pilot", {}, "not_graded", "", ()),
        ("final", {}, "open", "", ("授予国合孵化基地", "延长试点建设期一年", "取消试点建设资格")),
        ("final", {"outcome": "extend"}, "graded", "延长试点建设期一年", ()),
        ("base", {"outcome": "fail"}, "graded", "考核不合格", ()),
        ("base", {"outcome": "award"}, "open", "", ("表彰", "考核未定为不合格", "考核不合格")),
    ],
)
def test_national_results_belong_to_their_track(
    track: str, facts: dict[str, str], state: str, grade: str, possible: tuple[str, ...]
) -> None:
    found = determine(NATIONAL, "2025-06-30", track=track, facts=facts).grade
    assert (found.state, found.grade, found.possible) == (state, grade, possible)


def test_missing_platform_never_fails_a_national_applicant() -> None:
    facts = {"overseas_plan": False, "overseas_action": False}
    results = determine(NATIONAL, "2025-06-30", track="pilot", facts=facts).results
    found = next(r for r in results if r.criterion == "a10-4")
    assert (found.verdict, found.missing) == (Verdict.UNKNOWN, ("platform_count",))


def test_late_change_names_the_last_day_to_report() -> None:
    facts = {"has_change": True, "change_type": "site", "change_on": "2024-12-01", "change_reported_on": "2024-09-02"}
    results = determine(SHANGHAI, "2024-12-31", track="hq", facts=facts).results
    found = next(r for r in results if r.criterion == "a9-lead")
    assert found.verdict == Verdict.NOT_MET
    assert "2024-09-01" in found.threshold
    assert found.advisory
