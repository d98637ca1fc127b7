"""What concerns several rows: total control, one-time support claimed twice, one carrier with several titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from incubxl.funding.model import FundingLine, Limit
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.money import WAN, in_words
from incubxl.policy.funding import Exclusive, TotalControl
from incubxl.register.model import Register
from incubxl.verdict import Verdict

Lines = list[list[FundingLine]]


def together(register: Register, lines: Lines) -> list[Issue]:
    """Change ``lines`` (per applicant, in the pack's order of items) where several rows hang together."""
    policy = register.pack.funding
    issues: list[Issue] = []
    rows = _by_code(register)
    for item in policy.items:
        if item.once:
            issues += _twice(register, lines, rows, item.id)
    if policy.exclusive is not None:
        _highest(register, lines, rows, policy.exclusive)
    for control in policy.totals:
        issues += _total(register, lines, control)
    _dependants(register, lines)
    return issues


def _by_code(register: Register) -> dict[str, list[int]]:
    """Applicants that share a credit code."""
    found: dict[str, list[int]] = defaultdict(list)
    column = register.columns["uscc"]
    for i in range(register.size):
        if column.has(i):
            found[column.text(i)].append(i)
    return {code: rows for code, rows in found.items() if len(rows) > 1}


def _at(register: Register, item: str) -> int:
    return next(n for n, one in enumerate(register.pack.funding.items) if one.id == item)


def _open(made: FundingLine, reason: str, verdict: Verdict = Verdict.PENDING) -> FundingLine:
    """The line without its amount."""
    return replace(made, verdict=verdict, amount=None, binding=(), reason=reason)


def _twice(register: Register, lines: Lines, rows: dict[str, list[int]], item: str) -> Iterable[Issue]:
    n = _at(register, item)
    column = register.columns["uscc"]
    for code, members in rows.items():
        paid = [i for i in members if lines[i][n].verdict == Verdict.MET]
        if len(paid) < 2:
            continue
        names = "、".join(register.ids[i] for i in paid)
        reason = f"统一社会信用代码{code}的{names}都申报本项，一次性支持只能给一次，请先核对"
        sheet, _, cell = column.cell(paid[1]).partition("!")
        label = lines[paid[0]][n].label
        yield issue(
            "funding.twice", Place(sheet, cell), applicant=register.ids[paid[1]], uscc=code, rows=names, item=label
        )
        for i in paid:
            lines[i][n] = _open(lines[i][n], reason)


def _highest(register: Register, lines: Lines, rows: dict[str, list[int]], policy: Exclusive) -> None:
    answer = register.answers.get(policy.interpretation)
    if answer is not None and answer.option != policy.option:
        return
    places = [_at(register, item) for item in policy.items]
    for members in rows.values():
        paid = [(i, n) for i in members for n in places if lines[i][n].verdict == Verdict.MET]
        if len(paid) < 2:
            continue
        top = max(lines[i][n].amount or Decimal(0) for i, n in paid)
        best = [at for at in paid if lines[at[0]][at[1]].amount == top]
        for i, n in paid:
            questions = tuple(dict.fromkeys((*lines[i][n].interpretations, policy.interpretation)))
            made = replace(lines[i][n], interpretations=questions)
            if answer is None:
                words = f"口径未确定：「{register.pack.interpretation[policy.interpretation].question}」"
                lines[i][n] = _open(made, words + policy.reason)
            elif (i, n) not in best:
                reason = f"{policy.reason}，最高一项为{in_words(top)}"
                lines[i][n] = _open(made, reason, Verdict.NOT_MET)
            elif len(best) > 1:
                lines[i][n] = _open(made, f"{policy.reason}，有几项金额相同，请决定以哪一项支持")


def _total(register: Register, lines: Lines, control: TotalControl) -> Iterable[Issue]:
    """Nobody is cut: where the sum exceeds the control, all its lines wait for the office."""
    value = register.settings.values.get(control.setting)
    if value is None:
        return
    spec = next(field for field in register.pack.settings if field.id == control.setting)
    ceiling = Decimal(value) * (WAN if spec.unit == "万元" else 1)
    places = [_at(register, item) for item in control.items]
    all_ = [(i, n) for i in range(register.size) for n in places]
    counted = [(i, n) for i, n in all_ if lines[i][n].amount]
    waiting = sum(lines[i][n].verdict in (Verdict.UNKNOWN, Verdict.PENDING) for i, n in all_)
    total = sum((lines[i][n].amount or Decimal(0) for i, n in counted), Decimal(0))
    cell = register.settings.cells.get(control.setting, "")
    basis = f"各单位合计{in_words(total)}，控制数{in_words(ceiling)}" + (f"，另有{waiting}项未定" if waiting else "")
    cells = (cell,) if cell else ()
    limit = Limit(control.id, control.label, ceiling, False, control.clause, basis, cells, quotes=(control.quote,))
    if total <= ceiling:
        note = f"{control.label}：{basis}"
        for i, n in counted if waiting else ():
            lines[i][n] = replace(lines[i][n], notes=(*lines[i][n].notes, note))
        return
    sheet, _, address = cell.partition("!")
    items = "、".join(register.pack.funding.item(id).label for id in control.items)
    seen = {"label": control.label, "items": items, "total": in_words(total)}
    over = in_words(total - ceiling)
    yield issue("funding.total_exceeded", Place(sheet, address), limit=in_words(ceiling), over=over, **seen)
    for i, n in counted:
        made = lines[i][n]
        own = in_words(made.amount or Decimal(0))
        reason = f"{control.label}：{basis}，超出{over}；本单位按其他限额为{own}，如何调减由本单位主管部门决定"
        lines[i][n] = _open(replace(made, limits=(*made.limits, limit)), reason)


def _dependants(register: Register, lines: Lines) -> None:
    """What is counted from a line that became open is open too."""
    for n, item in enumerate(register.pack.funding.items):
        for at in [_at(register, before) for before in item.depends_on()]:
            for mine in lines:
                if mine[at].verdict in (Verdict.PENDING, Verdict.NOT_MET) and mine[n].verdict == Verdict.MET:
                    mine[n] = _open(mine[n], mine[at].reason, mine[at].verdict)
