"""The simple conditions that money hangs on, for one row: coded facts, bounds, judgements."""

from __future__ import annotations

from incubxl.funding.case import Case
from incubxl.grid import CellKind
from incubxl.policy.criteria import Compare, EarlierThan, Limb
from incubxl.verdict import Verdict

# Looked up once: finding a member on its class costs more than the condition itself.
NOT_APPLICABLE, MET, PENDING, UNKNOWN, NOT_MET = Verdict
VALUE, DECLARED_NA = int(CellKind.VALUE), int(CellKind.DECLARED_NA)
_SWAP = {MET: NOT_MET, NOT_MET: MET}
_ANY = (NOT_APPLICABLE, NOT_MET, PENDING, UNKNOWN, MET)  # the stronger stands later
INCLUSIVE = "number-inclusive"
Found = tuple[Verdict, tuple[str, ...]]  # verdict, missing facts


def check(case: Case, limb: Limb) -> Found:
    """The verdict of a limb for the case's applicant, and the facts that are missing where it is unknown."""
    if limb.is_ is not None:
        return _coded(case, limb.is_.fact, (limb.is_.value,))
    if limb.one_of is not None:
        return _coded(case, limb.one_of.fact, limb.one_of.choices)
    if limb.all_of is not None:
        return _all(case, limb.all_of)
    if limb.any_of is not None:
        return _any(case, limb.any_of)
    if limb.not_ is not None:
        verdict, lacking = check(case, limb.not_)
        return _SWAP.get(verdict, verdict), lacking
    if limb.provided is not None:
        lacking = tuple(f for f in limb.provided.facts if not case.filled(f))
        return (UNKNOWN, lacking) if lacking else (MET, ())
    if limb.at_least is not None:
        return _bound(case, limb.at_least, least=True)
    if limb.at_most is not None:
        return _bound(case, limb.at_most, least=False)
    if limb.earlier_than is not None:
        return _earlier(case, limb.earlier_than)
    if limb.attested is not None:
        judged = case.register.judgements.get((case.register.ids[case.i], limb.attested.judgement))
        return (judged.verdict, ()) if judged is not None else (PENDING, ())
    if limb.by_interpretation is not None:
        reading = limb.by_interpretation
        return check(case, reading.options[case.ask(reading.interpretation)])
    raise ValueError(f"经费条件不能用运算符 {limb.operator}")


def _coded(case: Case, fact: str, wanted: tuple[bool | str, ...]) -> Found:
    if fact == "track":
        track = case.register.tracks[case.i]
        return (MET if track in wanted else NOT_MET, ()) if track else (UNKNOWN, (fact,))
    column = case.register.columns[fact]
    kind = int(column.kinds[case.i])
    if kind != VALUE:
        return (NOT_APPLICABLE, ()) if kind == DECLARED_NA else (UNKNOWN, (fact,))
    value = column.flag(case.i) if column.spec.type == "boolean" else column.text(case.i)
    return (MET if value in wanted else NOT_MET), ()


def _earlier(case: Case, spec: EarlierThan) -> Found:
    first, second = (case.register.columns[f].day(case.i) for f in (spec.fact, spec.than))
    if first is None or second is None:
        return UNKNOWN, tuple(f for f, day in ((spec.fact, first), (spec.than, second)) if day is None)
    return (MET if first < second else NOT_MET), ()


def _bound(case: Case, spec: Compare, *, least: bool) -> Found:
    parameter = case.pack.parameter[spec.than]
    limit = parameter.at(case.as_of)
    if limit is None:
        return NOT_APPLICABLE, ()
    found = case.number(spec.fact)
    if found is None:
        return UNKNOWN, case.missing(spec.fact)
    answer = case.register.answers.get(INCLUSIVE)
    strict = answer is not None and answer.option == "exclusive" and not parameter.exact

    gaps = [(end - limit) if least else (limit - end) for end in found]
    ends = {gap > 0 or (gap == 0 and not strict) for gap in gaps}
    if len(ends) == 2:
        return UNKNOWN, case.missing(spec.fact)
    return (MET if ends == {True} else NOT_MET), ()


def _all(case: Case, limbs: tuple[Limb, ...]) -> Found:
    """Left to right, stopping at the first that fails: questions behind it need not be asked."""
    verdict = NOT_APPLICABLE
    lacking: tuple[str, ...] = ()
    for limb in limbs:
        got, missing = check(case, limb)
        if got == NOT_MET:
            return got, ()
        verdict, lacking = max(verdict, got), (*lacking, *missing)
    return verdict, lacking if verdict == UNKNOWN else ()


def _any(case: Case, limbs: tuple[Limb, ...]) -> Found:
    verdict = NOT_APPLICABLE
    lacking: tuple[str, ...] = ()
    for limb in limbs:
        got, missing = check(case, limb)
        if got == MET:
            return got, ()
        verdict, lacking = max(verdict, got, key=_ANY.index), (*lacking, *missing)
    return verdict, lacking if verdict == UNKNOWN else ()
