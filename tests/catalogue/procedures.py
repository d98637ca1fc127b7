"""One bad register for every code about stages, their order, 状态 and what was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from incubxl.issues import Issue
from incubxl.procedure.duties import duties
from incubxl.procedure.progress import progress
from tests.catalogue.bad import Bad
from tests.procedure.build import D, event, register, stage

AS_OF = D(2026, 6, 30)
BEGUN = [stage("application", "2026-03-01"), stage("first-review", "2026-03-10")]


def _course(place: str, *events: Mapping[str, Any], **facts: Any) -> Bad:
    def made(_: Path) -> list[Issue]:
        return list(progress(register("xinjiang-makerspace", *events, facts=facts), AS_OF).issues)

    return Bad(place, made)


def _handed(_: Path) -> list[Issue]:
    wrong = event("submission", "quarterly-report", "2026-04-09", period="一季度")
    found = register("shanghai-hq", wrong, facts={"contract_on": "2025-04-10"}, track="hq")
    return list(duties(found, AS_OF, 90, progress(found, AS_OF)).issues)


def _everybody(_: Path) -> list[Issue]:
    return list(
        register("xinjiang-makerspace", {**event("finding", "falsified", "2026-03-20"), "applicant_id": "全体"}).issues
    )


_WHOLE = [
    *BEGUN,
    stage("site-visit", "2026-03-15"),
    stage("recommendation", "2026-03-20"),
    stage("review", "2026-04-20"),
]
BAD: dict[str, Bad] = {
    "procedure.skipped": _course("事件!C4", *BEGUN, stage("recommendation", "2026-03-20")),
    "procedure.out_of_order": _course("事件!C3", stage("application", "2026-03-12"), BEGUN[1]),
    "procedure.unmet": _course(
        "事件!C8", *_WHOLE, stage("publicity", "2026-05-06", until="2026-05-13"), stage("confirmation", "2026-05-08"),
        objection=False,
    ),
    "procedure.publicity_days": _course("事件!C7", *_WHOLE, stage("publicity", "2026-05-06", until="2026-04-13")),
    "procedure.dates_differ": _course("事件!C2", BEGUN[0], application_date="2026-03-02"),
    "procedure.status_unknown": _course("申报登记!I2", *BEGUN, status="办理中"),
    "procedure.status_differs": _course("申报登记!I2", *BEGUN, status="公示"),
    "officer.everybody": Bad("事件!A2", _everybody),
    "duty.period": Bad("事件!C2", _handed),
}  # fmt: skip
