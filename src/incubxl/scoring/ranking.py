"""排名 from the scores as they are: ties shown; whoever is not fully scored is shown so, without rank or nought.

This holds whatever the setting 「缺少得分时」 says: until all books are back, a missing score is no zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubxl.grading.scheme import Scheme, read_scheme
from incubxl.grading.scores import Marks
from incubxl.grading.standing import SCOPE, Rankings, Standing, standings
from incubxl.grading.totals import belongs
from incubxl.money import plain
from incubxl.register.model import Register

UNSCORED, PARTLY, OPEN, VETOED, APART, RANKED = "未评", "未评完", "待定", "一票否决", "不参加排名", "已排名"
_AFTER = (VETOED, OPEN, PARTLY, UNSCORED, APART)


@dataclass(frozen=True, slots=True)
class Place:
    """One applicant. ``rank`` None: not ranked, ``state`` and ``why`` say how. ``done`` of ``expected`` scores."""

    i: int
    group: str
    state: str
    rank: int | None
    tied: bool
    score: Decimal | None
    low: Decimal
    high: Decimal
    done: int
    expected: int
    why: str


def ranking(register: Register) -> tuple[list[Place], str]:
    """Everybody, ranked ones first within their group; and what has to be said of the ranking as a whole."""
    scheme, _ = read_scheme(register)
    marks = Marks(register, scheme.indicators)
    all_ = standings(register, scheme, marks)
    scope = str(register.settings.values.get("rank_scope") or "")
    rankings = Rankings(register, all_)
    found = []
    for standing in all_:
        keys = rankings.of(standing.i)
        group = _label(register, *keys[0][0]) if scope and len(keys) == 1 else "类别未定" if scope else ""
        found.append(_place(register, scheme, marks, standing, group))
    out: list[Place] = []
    for group in dict.fromkeys(place.group for place in found):
        out += _ranked([place for place in found if place.group == group])
    said = [*scheme.blocked] if scheme.blocked or scope else [f"{SCOPE}，暂按全部单位一起排"]
    if still := sum(p.state in (OPEN, PARTLY, UNSCORED) for p in out):
        said.append(f"还有{still}家没有定分，现在的名次只在已定分的单位之间，以后会变")
    return out, "；".join(said)


def _label(register: Register, way: str, part: str) -> str:
    if way == "track":
        return next((t.label for t in register.pack.measure.tracks if t.id == part), part)
    return next((s.label for s in register.pack.evaluation.sets if s.id == part), "") if way == "set" else ""


def _place(register: Register, scheme: Scheme, marks: Marks, standing: Standing, group: str) -> Place:
    i, total = standing.i, standing.total
    done = expected = nobody = 0
    for indicator in scheme.indicators:
        if not indicator.scored or belongs(register, indicator, i) is False:
            continue
        taking = [mark for mark in marks.of(i, indicator.id) if not mark.excused]
        nobody += not taking
        expected += len(taking) or 1
        done += sum(mark.score is not None for mark in taking)
    exact = total.low == total.high and not total.unset and not scheme.blocked
    why = ""
    if standing.out:
        state, done, expected = APART, 0, 0
        why = standing.apart or "；".join(c.words for c in (*standing.waived, *standing.exempt) if c.sure)
    elif expected and not done:
        state, why = UNSCORED, "还没有专家打分"
    elif done < expected:
        state = PARTLY
        why = f"应有{expected}个得分，已有{done}个" + (f"；{nobody}项指标没有专家打分" if nobody else "")
    elif standing.vetoed:
        state, why = VETOED, "；".join(call.words for call in standing.veto if call.sure)
    elif maybe := [c.words for c in (*standing.waived, *standing.exempt, *standing.veto) if not c.sure]:
        state, why = OPEN, "；".join(maybe)
    elif not exact:
        state, why = OPEN, "；".join((*total.open, *total.unset, *scheme.blocked))
        why = why or f"总分在{plain(total.low)}至{plain(total.high)}之间"
    else:
        state = RANKED
    score = total.low if exact and state in (RANKED, VETOED) else None
    return Place(i, group, state, None, False, score, total.low, total.high, done, expected, why)


def _ranked(places: Sequence[Place]) -> list[Place]:
    """With their ranks: 1, 2, 2, 4."""
    scored = sorted((p for p in places if p.state == RANKED), key=lambda p: (-(p.score or Decimal(0)), p.i))
    out = []
    for p in scored:
        above = sum((q.score or 0) > (p.score or 0) for q in scored)
        tied = sum(q.score == p.score for q in scored) > 1
        out.append(Place(p.i, p.group, p.state, above + 1, tied, p.score, p.low, p.high, p.done, p.expected, p.why))
    return out + sorted((p for p in places if p.state != RANKED), key=lambda p: _AFTER.index(p.state))
