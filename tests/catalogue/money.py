"""One bad register for every code about grades and money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from incubxl.files.packs import store
from incubxl.funding.engine import fund
from incubxl.issues import Issue
from tests.catalogue.bad import Bad
from tests.funding import build as funding
from tests.funding import ledgers
from tests.grading import build as grading
from tests.grading.build import ONE, RULES

_S1 = ({"applicant_id": "S1"},)
_SECOND = dt.date(2025, 3, 1)
_CODE = "91150500MA0XHGM00T"


def _graded(
    place: str, *also: str, indicators: Any = ONE, scores: Any = (), rules: Any = RULES, **settings: Any
) -> Bad:
    def made(_: object) -> list[Issue]:
        return grading.found(grading.workbook(_S1, indicators, scores, rules, settings))

    return Bad(place, made)


def _paid(place: str, pack: str, rows: Sequence[Any], **more: Any) -> Bad:
    return Bad(place, lambda _: funding.issues(funding.register(pack, rows, **more)))


def _recorded(*ledger: Any, typed: float) -> Bad:
    """A third year whose 第二年…市级已拨付 is ``typed``, beside rows of the ledger."""

    def made(_: object) -> list[Issue]:
        row = ledgers.hq("y3", operating_second_paid=typed, city_paid=300)
        book = ledgers.book(ledgers.SHANGHAI, 2026, [row], ledger=ledger)
        return fund(book.register, book.as_of)[1]

    return Bad(f"申报登记!{_column('shanghai-hq', 'operating_second_paid')}2", made)


def _column(pack: str, fact: str) -> str:
    """The letters of the register's column of ``fact``."""
    return get_column_letter(1 + [f.id for f in store().pack(pack).facts].index(fact))


def _score(points: float, **more: Any) -> dict[str, Any]:
    return {"applicant_id": "S1", "indicator": "Z1", "expert": "甲", "score": points, **more}


def _weighted(first: float, second: float, maximum: float = 100) -> tuple[dict[str, Any], ...]:
    return (
        {"indicator": "A", "name": "甲项", "method": "direct", "maximum": maximum, "weight": first},
        {"indicator": "B", "name": "乙项", "method": "direct", "maximum": 100, "weight": second},
    )


BAD: dict[str, Bad] = {
    "grading.scheme": _graded("评价指标!A2", indicators=[{**ONE[0], "method": None}]),
    "grading.weights": _graded("评价指标", indicators=_weighted(60, 60), score_total="weighted"),
    "grading.maxima": _graded("评价指标!A2", indicators=_weighted(40, 60, 20), score_total="weighted"),
    "grading.rules": _graded(
        "等级规则",
        rules=({"grade": "优秀", "minimum": 70}, {"grade": "良好", "minimum": 80}, {"grade": "不合格"}),
    ),
    "grading.no_floor": _graded("等级规则", rules=RULES[:3]),
    "grading.score_range": _graded("评分!D2", scores=[_score(101)]),
    "grading.score_twice": _graded("评分!D3", scores=[_score(80), _score(85)]),
    "grading.score_unknown": _graded("评分!B2", scores=[_score(80, indicator="Z9")]),
    "grading.score_not_asked": _graded(
        "评分!B2",
        indicators=[{**ONE[0], "method": "per_unit", "source": "运营管理团队人数", "step_value": 1, "step_points": 1}],
        scores=[_score(80)],
    ),
    "funding.total_exceeded": _paid(
        "设置!B4",
        "shanghai-hq",
        [funding.operating(), funding.operating(operating_city_approved=800)],
        settings={"city_total_control": 1799},
    ),
    "funding.over_used": _paid(
        f"申报登记!{_column('shanghai-hq', 'city_used')}2",
        "shanghai-hq",
        [funding.operating(support_year="y2", annual_result="stop", city_paid=300, city_used=320)],
    ),
    "funding.twice": _paid("申报登记!C3", "tongliao-award", [funding.title(uscc=_CODE), funding.title(uscc=_CODE)]),
    "funding.history_differs": _paid(
        f"申报登记!{_column('tongliao-award', 'previous_award_amount')}2",
        "tongliao-award",
        [funding.title(previous_title="regional-incubator", previous_award_amount=40)],
        answers={"upgrade": "top-up"},
        history=[{"kind": "award", "what": "自治区级科技企业孵化器", "year": 2024, "amount": 50, "applicant_id": "A1"}],
    ),
    "funding.ledger_differs": _recorded(ledgers.city("paid", 300, _SECOND, "第二年"), typed=0),
    "funding.ledger_lacks": _recorded(ledgers.city("paid", 300, dt.date(2024, 3, 1)), typed=100),
    "funding.ledger_unread": _recorded(
        ledgers.city("paid", 300, _SECOND, "第二年"), ledgers.city("paid", None, _SECOND, "第二年"), typed=400
    ),
    "funding.unlisted_award": _paid(
        "历史记录!E2",
        "tongliao-award",
        [funding.title()],
        history=[{"kind": "award", "what": "国家级孵化器", "year": 2024, "amount": 50, "applicant_id": "A1"}],
    ),
}
