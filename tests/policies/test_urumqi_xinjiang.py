"""The packs of Urumqi and Xinjiang say what the measures print. Every value here is typed from the measures' text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from incubxl.files.packs import store
from incubxl.policy.lint import lint
from incubxl.policy.pack import Force, Pack

URUMQI = "urumqi-intl"
XINJIANG = "xinjiang-makerspace"


@pytest.fixture(params=[URUMQI, XINJIANG])
def pack(request: pytest.FixtureRequest) -> Pack:
    return store().pack(request.param)


@pytest.mark.parametrize("id", [URUMQI, XINJIANG])
def test_pack_is_sound(id: str) -> None:
    loaded = store().load(id)
    assert not loaded.errors
    assert loaded.pack is not None
    assert [str(e) for e in lint(loaded.pack, loaded.lines)] == []


@pytest.mark.parametrize(
    ("id", "parameter", "value", "unit", "clause"),
    [
        (URUMQI, "overseas-area", 500, "平方米", "第6条（二）"),
        (URUMQI, "operation-time", 1, "年", "第6条（四）"),
        (URUMQI, "local-area", 300, "平方米", "第7条（二）"),
        (URUMQI, "foreign-tenants", 3, "家", "第7条（三）"),
        (URUMQI, "talents", 5, "人", "第7条（四）"),
        (URUMQI, "team-size", 3, "人", "第7条（七）"),
        (URUMQI, "change-notice", 1, "个月", "第10条"),
        (URUMQI, "fraud-ban", 2, "年", "第11条"),
        (URUMQI, "evaluation-after", 1, "年", "第12条"),
        (XINJIANG, "registered-time", 1, "年", "第六条3"),
        (XINJIANG, "service-area", 500, "平方米", "第六条4"),
        (XINJIANG, "seats", 30, "个", "第六条4"),
        (XINJIANG, "shared-share", 75, "%", "第六条4"),
        (XINJIANG, "tenants", 20, "家", "第六条5"),
        (XINJIANG, "new-companies", 8, "家", "第六条6"),
        (XINJIANG, "financed", 3, "家", "第六条6"),
        (XINJIANG, "cases", 3, "个", "第六条7"),
        (XINJIANG, "staff", 3, "人", "第六条8"),
        (XINJIANG, "mentors", 3, "人", "第六条8"),
        (XINJIANG, "events", 10, "场次", "第六条9"),
        (XINJIANG, "residence", 24, "个月", "第七条"),
        (XINJIANG, "fraud-ban", 2, "年", "第十一条"),
    ],
)
def test_printed_numbers(id: str, parameter: str, value: int, unit: str, clause: str) -> None:
    found = store().pack(id).parameter[parameter]
    assert found.at(dt.date(2026, 6, 30)) == Decimal(value)
    assert (found.unit, found.clause) == (unit, clause)


def test_xinjiang_numbers_begin_with_the_measure() -> None:
    for parameter in store().pack(XINJIANG).parameters:
        assert parameter.at(dt.date(2019, 3, 31)) is None
        assert parameter.at(dt.date(2019, 4, 1)) is not None


def test_urumqi_is_a_draft_without_number_or_date() -> None:
    measure = store().pack(URUMQI).measure
    assert measure.force(dt.date(2026, 6, 30)) == Force.DRAFT
    assert measure.notice(dt.date(2026, 6, 30)) == "征求意见稿，仅供试运行"
    assert measure.document_number == ""
    assert measure.validity.since is None


def test_xinjiang_is_in_force_from_april_2019_without_end() -> None:
    measure = store().pack(XINJIANG).measure
    assert measure.force(dt.date(2019, 3, 31)) == Force.NOT_YET
    assert measure.force(dt.date(2019, 4, 1)) == Force.IN_FORCE
    assert measure.force(dt.date(2040, 1, 1)) == Force.IN_FORCE
    assert measure.document_number == "新科高字〔2019〕34号"


@pytest.mark.parametrize(
    ("id", "clauses"),
    [
        (
            URUMQI,
            [f"第6条（{n}）" for n in "一二三四五六七"] + [f"第7条（{n}）" for n in "一二三四五六七八"] + ["第11条"],
        ),
        (XINJIANG, [f"第六条{n}" for n in range(1, 11)] + ["第十条2", "第十一条"]),
    ],
)
def test_conditions_stand_in_the_order_of_the_articles(id: str, clauses: list[str]) -> None:
    assert [c.clause for c in store().pack(id).criteria if not c.advisory] == clauses


@pytest.mark.parametrize(
    ("id", "questions"),
    [
        (
            URUMQI,
            {
                "applicant-kind",
                "platform-list",
                "foreign-tenant-types",
                "talent-scope",
                "talent-standard",
                "who-decides",
                "ban-first-day",
                "consecutive-scope",
                "waiver-counts",
                "mixed-years",
            },
        ),
        (XINJIANG, {"every-year", "both-roles", "ban-first-day", "consecutive-scope", "mixed-years"}),
    ],
)
def test_open_questions_have_no_default_of_their_own(id: str, questions: set[str]) -> None:
    own = {i.id: i for i in store().pack(id).interpretations if i.id not in ("number-inclusive", "period-start")}
    assert own.keys() == questions
    assert all(i.default is None for i in own.values())


def test_only_printed_grades_are_named() -> None:
    assert [g.label for g in store().pack(URUMQI).evaluation.grades] == ["优秀", "良好", "合格", "不合格"]
    assert [g.label for g in store().pack(XINJIANG).evaluation.grades] == ["不合格"]
    waived = store().pack(URUMQI).evaluation.waived
    assert [(w.label, w.clause, w.value) for w in waived] == [("放弃", "第14条（二）", False)]


def test_every_person_column_is_marked_and_no_identity_number_is_asked(pack: Pack) -> None:
    for table in pack.tables:
        for column in table.columns:
            assert "身份证" not in column.label
            if column.id == "person_name":
                assert column.personal


def test_prompts_are_short(pack: Pack) -> None:
    for field in (*pack.facts, *(c for t in pack.tables for c in t.columns)):
        assert len(field.note) <= 120


def test_site_visit_is_mandatory_and_stands_before_the_recommendation() -> None:
    stages = store().pack(XINJIANG).procedure.stages
    order = [s.id for s in stages]
    assert order.index("site-visit") < order.index("recommendation") < order.index("publicity")
    assert next(s for s in stages if s.id == "site-visit").mandatory


def test_scenarios_are_many_and_every_condition_has_both_outcomes(pack: Pack) -> None:
    outcomes: dict[str, set[str]] = {}
    for group in pack.scenarios:
        outcomes.setdefault(group.criterion, set()).update(str(case.expect) for case in group.cases)
    assert sum(len(g.cases) for g in pack.scenarios) >= 60
    for criterion in pack.criteria:
        seen = outcomes[criterion.id]
        assert "met" in seen, criterion.id
        assert seen & {"unknown", "pending"}, criterion.id
        only_filled = criterion.check.provided is not None  # a blank is unknown; there is nothing to fail
        assert only_filled or "not_met" in seen, criterion.id
