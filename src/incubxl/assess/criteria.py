"""Evaluated criteria → results an official can read, with judgements, overrides and interpretations beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from incubxl.assess.model import CriterionResult, OverrideView, UsedInterpretation
from incubxl.assess.seen import Seen
from incubxl.evaluation.engine import Evaluated, evaluate
from incubxl.evaluation.view import BanView, Reason, View
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.policy.criteria import Criterion
from incubxl.policy.pack import Force
from incubxl.procedure.bans import Ban, bans
from incubxl.register.model import Register
from incubxl.verdict import MET, NOT_APPLICABLE, NOT_MET, PENDING, UNKNOWN, Verdict, all_of

define(
    "override.stale",
    "error",
    "{name}的「{criterion}」改判所依据的数据已经变化（现在的核对码是 {now}，改判时是 {seen}）。",
    "请按现在的数据重新判断；仍要改判的，把核对码改为 {now} 并更新日期。",
    "改判以后又修改了面积",
)
define(
    "override.idle",
    "info",
    "{name}的「{criterion}」改判结论与计算结论相同。",
    "不需要改判，可以删去这一行。",
    "计算结论已是符合，改判也写符合",
)

_BAN_VERDICTS = {
    "none": MET,
    "over": MET,
    "running": NOT_MET,
    "undated": UNKNOWN,
    "unsaid": UNKNOWN,
    "unnamed": UNKNOWN,
    "contested": UNKNOWN,
    "open": PENDING,
    "unset": PENDING,
}


def ban_views(register: Register, as_of: dt.date) -> dict[str, BanView]:
    """Every sanction with a ban, as the evaluation reads it."""
    procedure = register.pack.procedure
    question = (procedure.ban_first_day,) if procedure.ban_first_day else ()
    out = {}
    for sanction in procedure.sanctions:
        if not sanction.may_ban:
            continue
        found = bans(register, sanction, as_of)
        parameter = register.pack.parameter[next(filter(None, (sanction.ban_of(o.id) for o in sanction.options)))]
        value = parameter.at(as_of)
        out[sanction.id] = BanView(
            np.array([_BAN_VERDICTS[ban.state] for ban in found], dtype=np.int8),
            [_ban_words(ban) for ban in found],
            [ban.cell for ban in found],
            [("history",) if ban.state in ("undated", "unsaid", "unnamed", "contested") else () for ban in found],
            question,
            f"{value}{parameter.unit}" if value is not None else "",
        )
    return out


def _ban_words(ban: Ban) -> str:
    """The sanction with its clause, the decision with its number, the ban's days."""
    label = f"{ban.sanction.label}（{ban.sanction.clause}）"
    number = f"，{ban.document_number}" if ban.document_number else ""
    decided = f"{ban.sanction.label}（{ban.sanction.clause}，{ban.decided}决定{number}）"
    match ban.state:
        case "none":
            return ""
        case "undated":
            days = f"：{ban.hint}" if ban.hint else ""
            return f"{label}没有决定日期，无法计算禁止申报期{days}；请补填历史记录的日期"
        case "unset":
            return f"{decided}，早于本办法有关规定施行，当时禁止多久本办法没有写（{ban.hint}），是否仍禁止申报由人判断"
        case "unsaid":
            options = "、".join(o.label for o in ban.sanction.options)
            why = f"没有写明选定的是哪一种处理（{options}），无法判断有没有禁止申报期"
            return f"{decided}{why}，请在「事件」表补记处理决定"
        case "unnamed":
            when = f"{ban.decided}" if ban.decided else "日期没有填"
            why = f"不是本办法列出的情形，无法判断有没有禁止申报期（{ban.sanction.clause}）"
            known = f"是「{ban.sanction.label}」的，请改为这几个字，或在「事件」表补记处理决定"
            return f"历史记录的处理决定「{ban.words}」（{when}{number}）{why}；{known}"
        case "contested":
            row = f"历史记录的处理决定（{ban.cell}，{ban.sanction.label}）"
            return f"{row}申报编号和统一社会信用代码写的不是同一家单位，不知道处理的是哪一家；请改正以后重新运行"
        case "open":
            return f"{decided}的禁止申报期起算日口径未定，申报日期和基准日是否在期内取决于口径"
        case "over":
            return f"{decided}，禁止申报期{ban.first}至{ban.last}，已过"
        case _:
            applied = f"{ban.applied}的申报在期内，" if ban.applied else ""
            return f"{decided}，禁止申报期{ban.first}至{ban.last}，{applied}期满后方可申报"


class Criteria:
    """All criteria of a register, ready to be told applicant by applicant."""

    def __init__(self, register: Register, as_of: dt.date, force: Force) -> None:
        self.register = register
        self.view = View(register, as_of, ban_views(register, as_of))
        self.evaluated = evaluate(self.view)
        self.seen = Seen(register, as_of)
        if force == Force.NOT_YET:
            for one in self.evaluated:
                one.verdicts[:] = NOT_APPLICABLE
        self.used = {id: _used(register, id) for id in register.pack.interpretation}

    def results(self, i: int, issues: list[Issue]) -> tuple[CriterionResult, ...]:
        """Every criterion for applicant i; stale and idle overrides are added to ``issues``."""
        return tuple(self._result(one, i, issues) for one in self.evaluated)

    def _result(self, one: Evaluated, i: int, issues: list[Issue]) -> CriterionResult:
        criterion = one.criterion
        computed = Verdict(int(one.verdicts[i]))
        reason = _NOT_ASKED if computed == NOT_APPLICABLE and not _asked(one, i) else one.reason(i)
        if computed == UNKNOWN and not self.register.tracks[i] and criterion.tracks:
            cell = self.register.columns["track"].cell(i)
            reason = Reason("申报类型：未填", "", (cell,), ("track",), (), (f"补填「申报类型」（{cell}）",))
        code = self.seen.code(i, criterion)
        override = self._override(i, criterion, computed, code, issues)
        verdict = computed
        if override is not None:
            verdict = PENDING if override.stale else override.verdict
        return CriterionResult(
            criterion=criterion.id,
            title=criterion.title,
            clause=criterion.clause,
            quote=criterion.quote,
            verdict=verdict,
            computed=computed,
            value=reason.value,
            threshold=reason.threshold,
            cell="；".join(reason.cells),
            missing=reason.missing if computed == UNKNOWN else (),
            interpretations=tuple(self.used[s] for s in reason.settled),
            remedy=_remedy(verdict, computed, reason, criterion.remedy),
            code=code,
            override=override,
            judged=reason.judged,
            near=reason.near,
            advisory=criterion.advisory,
            failed=reason.failed,
        )

    def _override(
        self, i: int, criterion: Criterion, computed: Verdict, code: str, issues: list[Issue]
    ) -> OverrideView | None:
        found = self.register.overrides.get((self.register.ids[i], criterion.id))
        if found is None:
            return None
        stale = found.seen != code
        sheet, _, cell = found.signed.cell.rpartition("!")
        told: Mapping[str, str] = {"name": self.register.names[i], "criterion": criterion.title}
        if stale:
            place = Place(sheet, cell)
            seen = found.seen or "空白"
            issues.append(issue("override.stale", place, applicant=self.register.ids[i], now=code, seen=seen, **told))
        elif found.verdict == computed:
            issues.append(issue("override.idle", Place(sheet, cell), applicant=self.register.ids[i], **told))
        return OverrideView(found.verdict, stale, found.signed)


_NOT_ASKED = Reason("", "", ())


def _asked(one: Evaluated, i: int) -> bool:
    """False where the criterion is another track's: there is nothing to tell."""
    return one.check.verdicts[i] == NOT_APPLICABLE or (one.applies is not None and one.applies.verdicts[i] != MET)


def _used(register: Register, id: str) -> UsedInterpretation:
    answer = register.answers.get(id)
    if answer is None:
        return UsedInterpretation(id, "", "未确定")
    return UsedInterpretation(
        id, answer.option, register.pack.interpretation[id].option_label(answer.option), answer.source
    )


def _remedy(verdict: Verdict, computed: Verdict, reason: Reason, advice: str) -> str:
    if verdict in (MET, NOT_APPLICABLE):
        return ""
    steps = "；".join(reason.steps)
    if computed in (UNKNOWN, PENDING) and steps:
        return steps
    return f"{steps}。{advice}" if steps else advice


def overall(results: tuple[CriterionResult, ...]) -> Verdict:
    """是否符合: every criterion that is a condition, by the precedence of the verdicts."""
    counted = [np.array([r.verdict], dtype=np.int8) for r in results if not r.advisory]
    return Verdict(int(all_of(counted)[0])) if counted else NOT_APPLICABLE
