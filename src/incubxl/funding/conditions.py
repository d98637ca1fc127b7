"""The simple conditions that money hangs on, for one row: coded facts, bounds, judgements."""

from __future__ import annotations

from incubxl.funding.case import Case
from incubxl.grid import CellKind
from incubxl.policy.criteria import Compare, EarlierThan, Limb
from incubxl.verdict import Verdict

INCLUSIVE = "number-inclusive"
Found = tuple[Verdict, tuple[str, ...]]  # verdict, missing facts


def check(case: Case, limb: Limb) -> Found:
    """The verdict of a limb for the case's applicant, and the facts that are missing where it is unknown."""
    match limb.operator:
        case "is_" if limb.is_ is not None:
            return _coded(case, limb.is_.fact, (limb.is_.value,))
        case "one_of" if limb.one_of is not None:
            return _coded(case, limb.one_of.fact, limb.one_of.choices)
        case "at_least" if limb.at_least is not None:
            return _bound(case, limb.at_least, least=True)
        case "at_most" if limb.at_most is not None:
            return _bound(case, limb.at_most, least=False)
        case "provided" if limb.provided is not None:
            lacking = tuple(f for f in limb.provided.facts if not case.filled(f))
            return (Verdict.UNKNOWN, lacking) if lacking else (Verdict.MET, ())
        case "earlier_than" if limb.earlier_than is not None:
            return _earlier(case, limb.earlier_than)
        case "attested" if limb.attested is not None:
            judged = case.register.judgements.get((case.register.ids[case.i], limb.attested.judgement))
            return (judged.verdict, ()) if judged is not None else (Verdict.PENDING, ())
        case "by_interpretation" if limb.by_interpretation is not None:
            reading = limb.by_interpretation
            return check(case, reading.options[case.ask(reading.interpretation)])
        case "not_" if limb.not_ is not None:
            verdict, lacking = check(case, limb.not_)
            swap = {Verdict.MET: Verdict.NOT_MET, Verdict.NOT_MET: Verdict.MET}
            return swap.get(verdict, verdict), lacking
        case "all_of":
            return _all(case, limb.all_of or ())
        case "any_of":
            return _any(case, limb.any_of or ())
    raise ValueError(f"经费条件不能用运算符 {limb.operator}")


def _coded(case: Case, fact: str, wanted: tuple[bool | str, ...]) -> Found:
    if fact == "track":
        track = case.register.tracks[case.i]
        return (Verdict.MET if track in wanted else Verdict.NOT_MET, ()) if track else (Verdict.UNKNOWN, (fact,))
    column = case.register.columns[fact]
    if column.kinds[case.i] == CellKind.DECLARED_NA:
        return Verdict.NOT_APPLICABLE, ()
    if not column.has(case.i):
        return Verdict.UNKNOWN, (fact,)
    value = column.flag(case.i) if column.spec.type == "boolean" else column.text(case.i)
    return (Verdict.MET if value in wanted else Verdict.NOT_MET), ()


def _earlier(case: Case, spec: EarlierThan) -> Found:
    first, second = (case.register.columns[f].day(case.i) for f in (spec.fact, spec.than))
    if first is None or second is None:
        return Verdict.UNKNOWN, tuple(f for f, day in ((spec.fact, first), (spec.than, second)) if day is None)
    return (Verdict.MET if first < second else Verdict.NOT_MET), ()


def _bound(case: Case, spec: Compare, *, least: bool) -> Found:
    limit = case.pack.parameter[spec.than].at(case.as_of)
    if limit is None:
        return Verdict.NOT_APPLICABLE, ()
    found = case.number(spec.fact)
    if found is None:
        return Verdict.UNKNOWN, case.missing(spec.fact)
    answer = case.register.answers.get(INCLUSIVE)
    strict = answer is not None and answer.option == "exclusive"

    gaps = [(end - limit) if least else (limit - end) for end in found]
    ends = {gap > 0 or (gap == 0 and not strict) for gap in gaps}
    if len(ends) == 2:
        return Verdict.UNKNOWN, case.missing(spec.fact)
    return (Verdict.MET if ends == {True} else Verdict.NOT_MET), ()


def _all(case: Case, limbs: tuple[Limb, ...]) -> Found:
    """Left to right, stopping at the first that fails: questions behind it need not be asked."""
    verdict = Verdict.NOT_APPLICABLE
    lacking: tuple[str, ...] = ()
    for limb in limbs:
        got, missing = check(case, limb)
        if got == Verdict.NOT_MET:
            return got, ()
        verdict, lacking = max(verdict, got), (*lacking, *missing)
    return verdict, lacking if verdict == Verdict.UNKNOWN else ()


def _any(case: Case, limbs: tuple[Limb, ...]) -> Found:
    strength = (Verdict.NOT_APPLICABLE, Verdict.NOT_MET, Verdict.PENDING, Verdict.UNKNOWN, Verdict.MET)
    verdict = Verdict.NOT_APPLICABLE
    lacking: tuple[str, ...] = ()
    for limb in limbs:
        got, missing = check(case, limb)
        if got == Verdict.MET:
            return got, ()
        verdict, lacking = max(verdict, got, key=strength.index), (*lacking, *missing)
    return verdict, lacking if verdict == Verdict.UNKNOWN else ()
