"""References of the sanctions in procedure.yaml: lengths of bans, questions, grades and stages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from incubxl.policy.consecutive import Streak
from incubxl.policy.pack import Pack
from incubxl.policy.source import Path

Found = tuple[str, Path, str]
UNITS = ("年", "个月", "月")


def sanctions(pack: Pack) -> Iterator[Found]:
    """Findings as (pack field, path in it, Chinese message)."""
    procedure = pack.procedure
    checked = {
        sanction
        for criterion in pack.criteria
        for limb in criterion.check.walk()
        if limb.no_ban
        for sanction in limb.no_ban.sanctions
    }
    for n, sanction in enumerate(procedure.sanctions):
        here = ("sanctions", n)
        for parameter in dict.fromkeys(filter(None, (sanction.ban, *(o.ban for o in sanction.options)))):
            if parameter not in pack.parameter:
                yield "procedure", (*here, "ban"), f"没有参数「{parameter}」"
            elif pack.parameter[parameter].unit not in UNITS:
                yield "procedure", (*here, "ban"), f"参数「{parameter}」的单位应为{'、'.join(UNITS)}"
        if sanction.may_ban and sanction.id not in checked:
            yield "procedure", here, f"处理「{sanction.label}」带禁止申报期，没有条件（no_ban）核对它"
        for question in sanction.interpretations:
            if question not in pack.interpretation:
                yield "procedure", (*here, "interpretations"), f"没有口径「{question}」"
        if sanction.streak is not None:
            yield from (("procedure", (*here, "streak"), m) for m in _streak(pack, sanction.streak))
            for question in sanction.streak.questions():
                if question not in sanction.interpretations:
                    yield "procedure", (*here, "interpretations"), f"streak 用到的口径「{question}」没有列出"
        kind = "sanction" if sanction.streak is None else "consecutive"
        if sanction.id not in {getattr(group, kind) for group in pack.scenarios}:
            yield "procedure", here, f"处理「{sanction.label}」没有情景（scenarios.yaml 的 {kind}）"
    known = {s.id: s for s in procedure.sanctions}
    for n, group in enumerate(pack.scenarios):
        if group.sanction and group.sanction not in known:
            yield "scenarios", (n, "sanction"), f"没有处理「{group.sanction}」"
        if group.consecutive and (group.consecutive not in known or known[group.consecutive].streak is None):
            yield "scenarios", (n, "consecutive"), f"没有连续情形的处理「{group.consecutive}」"
        if group.ledger and group.ledger not in {item.id for item in pack.funding.items}:
            yield "scenarios", (n, "ledger"), f"没有经费项目「{group.ledger}」"
    question = procedure.ban_first_day
    if question and question not in pack.interpretation:
        yield "procedure", ("ban_first_day",), f"没有口径「{question}」"
    if procedure.application and procedure.application not in {s.id for s in procedure.stages}:
        yield "procedure", ("application",), f"没有环节「{procedure.application}」"


def _streak(pack: Pack, streak: Streak) -> Iterator[str]:
    grades = {g.id for g in pack.evaluation.grades}
    for part in streak.parts:
        yield from (f"没有等级「{grade}」" for grade in part.grades if grade not in grades)
        yield from _answers(pack, part.under)
        yield from _answers(pack, part.once)
    yield from _answers(pack, streak.mixed)


def _answers(pack: Pack, answers: Mapping[str, str]) -> Iterator[str]:
    for question, option in answers.items():
        known = {o.id for o in pack.interpretation[question].options} if question in pack.interpretation else set()
        if option not in known:
            yield f"没有口径「{question}」或其选项「{option}」"
