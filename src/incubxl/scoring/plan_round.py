"""From a register and the office's experts to a round: who takes part, who scores what, and how the books call it."""

from __future__ import annotations

from collections.abc import Sequence

import incubxl.scoring.findings  # noqa: F401  (registers this room's issues)
from incubxl.grading.scheme import Indicator, Scheme, read_scheme
from incubxl.grading.scores import Marks
from incubxl.grading.sheet import to_decimal
from incubxl.grading.standing import Standing, standings
from incubxl.grading.totals import belongs
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.money import plain
from incubxl.register.model import Register
from incubxl.scoring.assign import assign
from incubxl.scoring.avoid import barred
from incubxl.scoring.model import Asked, Expert, Round, Task, digest


def plan_round(
    register: Register, experts: Sequence[Expert], per_applicant: int, name: str, *, blind: bool
) -> tuple[Round | None, list[str], list[Issue]]:
    """The round, who is left out and why (放弃, 免评 …), and issues. None: an error among the issues forbids it."""
    scheme, issues = read_scheme(register)
    why = _no_scheme(register, scheme)
    if why:
        return None, [], [*issues, issue("scoring.no_scheme", Place("评价指标"), why=why)]
    all_ = standings(register, scheme, Marks(register, scheme.indicators))
    among = [s.i for s in all_ if not s.out]
    left_out = [f"{register.ids[s.i]} {register.names[s.i]}：{_out(s)}" for s in all_ if s.out]
    asked = {i: _asked(register, scheme, i, issues) for i in among}
    away, found = barred(experts, register, among)
    issues += found
    if any(i.severity == "error" for i in issues):
        return None, left_out, issues
    among = [i for i in among if asked[i]]
    codes = [expert.code for expert in experts]
    made = assign(codes, [register.ids[i] for i in among], {(e, a) for e, a, _ in away}, per_applicant)
    if isinstance(made, list):
        reasons = {(e, a): w for e, a, w in away}
        for one in made:
            issues.append(
                issue(
                    "scoring.short",
                    Place("申报登记"),
                    applicant=one.applicant,
                    id=one.applicant,
                    name=register.names[register.index[one.applicant]],
                    needed=per_applicant,
                    count=len(one.allowed),
                    allowed="、".join(one.allowed) or "没有",
                    barred="、".join(f"{e}（{reasons[e, one.applicant]}）" for e in one.barred) or "没有",
                )
            )
        return None, left_out, issues
    return _round(register, scheme, made, away, codes, asked, per_applicant, name, blind), left_out, issues


def _no_scheme(register: Register, scheme: Scheme) -> str:
    if register.pack.evaluation.kind != "score":
        return "本办法没有按分数评价的规定"
    if scheme.blocked:
        return "；".join(scheme.blocked)
    return "" if any(x.scored for x in scheme.indicators) else "「评价指标」表没有由专家打分的指标"


def _out(standing: Standing) -> str:
    calls = [*standing.waived, *standing.exempt]
    return standing.apart or "；".join(f"{call.words}，{call.grade}" for call in calls if call.sure)


def _asked(register: Register, scheme: Scheme, i: int, issues: list[Issue]) -> list[Indicator]:
    mine = []
    for indicator in scheme.indicators:
        if not indicator.scored:
            continue
        answer = belongs(register, indicator, i)
        if answer:
            mine.append(indicator)
        elif answer is None:
            who = {"applicant": register.ids[i], "id": register.ids[i], "name": register.names[i]}
            why = f"指标「{indicator.name}」按「{indicator.set}」区分，登记表没有填"
            issues.append(issue("scoring.class_open", Place("申报登记"), why=why, **who))
    return mine


def _round(
    register: Register,
    scheme: Scheme,
    made: dict[str, tuple[str, ...]],
    away: list[tuple[str, str, str]],
    codes: list[str],
    asked: dict[int, list[Indicator]],
    per_applicant: int,
    name: str,
    blind: bool,
) -> Round:
    indicators = asked_now(scheme)
    settings = register.settings
    id = digest(
        name, register.pack.id, settings.year, per_applicant, blind, *codes,
        *(x.model_dump_json() for x in indicators),
        *(f"{a}={register.names[register.index[a]]}:{','.join(who)}" for a, who in made.items()),
        *(":".join(one) for one in away),
    )  # fmt: skip
    order = sorted(made, key=lambda a: digest(id, a)) if blind else list(made)
    shown = {
        a: f"{n:0{len(str(len(order)))}d}号" if blind else f"{a} {register.names[register.index[a]]}"
        for n, a in enumerate(order, 1)
    }
    tasks = tuple(
        Task(key=digest(id, expert, a, x.id), expert=expert, applicant=a, indicator=x.id)
        for expert in codes
        for a in order
        if expert in made[a]
        for x in asked[register.index[a]]
    )
    return Round(
        name=name,
        id=id,
        pack=register.pack.id,
        year=settings.year,
        per_applicant=per_applicant,
        blind=blind,
        experts=tuple(codes),
        names={a: register.names[register.index[a]] for a in order},
        shown=shown,
        barred=tuple(away),
        indicators=indicators,
        tasks=tasks,
    )


def asked_now(scheme: Scheme) -> tuple[Asked, ...]:
    """What experts are asked under the scheme."""
    return tuple(_as_asked(x) for x in scheme.indicators if x.scored)


def changed_since(register: Register, round: Round) -> list[Issue]:
    """Applicants and indicators of ``round`` that are no longer what was issued: scores must not fall to others."""
    place, found = Place("申报登记"), []
    for applicant, name in round.names.items():
        i = register.index.get(applicant, -1)
        now = register.names[i] if i >= 0 else ""
        if now != name:
            what = (
                f"申报编号「{applicant}」原为「{name}」，现为「{now}」" if i >= 0 else f"没有了「{applicant} {name}」"
            )
            found.append(issue("scoring.changed_since", place, what=what))
    asked = {one.id: one for one in asked_now(read_scheme(register)[0])}
    for one in round.indicators:
        if asked.get(one.id) != one:
            what = f"评价指标「{one.id} {one.name}」（{one.top}分）改了或者没有了"
            found.append(issue("scoring.changed_since", Place("评价指标"), what=what))
    return found


def _as_asked(indicator: Indicator) -> Asked:
    top = indicator.maximum if indicator.maximum is not None else indicator.ceiling
    return Asked(id=indicator.id, name=indicator.name, top=plain(to_decimal(top)), kind=indicator.method)
