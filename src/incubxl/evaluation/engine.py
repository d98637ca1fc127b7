"""Criteria of a pack over a register: verdict columns at once, reasons for the rows asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from incubxl.evaluation.combine import All, Negated, Some
from incubxl.evaluation.numbers import Bound, ShareBound
from incubxl.evaluation.people import Judgement, Principle, Reading, Unbanned
from incubxl.evaluation.values import Earlier, Equal, Filled, Held, Within
from incubxl.evaluation.view import Node, Reason, View
from incubxl.policy.criteria import Attested, Criterion, Limb
from incubxl.verdict import MET, NOT_APPLICABLE, PENDING, UNKNOWN, VerdictArray


def build(limb: Limb, view: View) -> Node:
    """Evaluate one limb over all applicants."""
    match limb.operator, getattr(limb, limb.operator):
        case "at_least", spec:
            return Bound(spec, view, least=True, gap=limb.gap)
        case "at_most", spec:
            return Bound(spec, view, least=False, gap=limb.gap)
        case "share_at_least", spec:
            return ShareBound(spec, view, limb.gap)
        case "is_" | "one_of", spec:
            return Equal(spec, view, limb.gap)
        case "provided", spec:
            return Filled(spec, view)
        case "held_for", spec:
            return Held(spec, view, limb.gap)
        case "earlier_than", spec:
            return Earlier(spec, view, limb.gap)
        case "in_force", spec:
            return Within(spec, view, limb.gap)
        case "attested", spec:
            return Judgement(spec, view)
        case "in_principle", spec:
            return Principle(build(spec.check, view), Judgement(Attested(judgement=spec.judgement), view))
        case "by_interpretation", spec:
            return Reading(spec, view, {option: build(child, view) for option, child in spec.options.items()})
        case "no_ban", spec:
            return Unbanned(spec, view)
        case "all_of", limbs:
            return All([build(child, view) for child in limbs])
        case "any_of", limbs:
            return Some([build(child, view) for child in limbs], 1)
        case "n_of", spec:
            return Some([build(child, view) for child in spec.of], spec.n)
        case "not_", child:
            return Negated(build(child, view))
        case operator, _:
            raise AssertionError(f"operator without code: {operator}")


@dataclass(frozen=True)
class Evaluated:
    """One criterion over all applicants."""

    criterion: Criterion
    verdicts: VerdictArray
    check: Node
    applies: Node | None

    def reason(self, i: int) -> Reason:
        """Why applicant i has this verdict."""
        if self.applies is not None and self.applies.codes[i] != MET:
            return self.applies.reason(i)
        return self.check.reason(i)


def evaluate(view: View) -> tuple[Evaluated, ...]:
    """Every criterion of the pack, in the measure's order."""
    tracks = np.array(view.register.tracks, dtype=object)
    several = len(view.register.pack.measure.tracks) > 1
    out = []
    for criterion in view.register.pack.criteria:
        check = build(criterion.check, view)
        applies = build(criterion.applies, view) if criterion.applies else None
        verdicts = check.verdicts.copy()
        if applies is not None:
            gate = applies.verdicts
            verdicts[gate != MET] = NOT_APPLICABLE
            verdicts[gate == UNKNOWN] = UNKNOWN
            verdicts[gate == PENDING] = PENDING
        if criterion.tracks and several:
            unread = tracks == ""
            verdicts[~_member(tracks, criterion.tracks) & ~unread] = NOT_APPLICABLE
            verdicts[unread] = UNKNOWN
        out.append(Evaluated(criterion, verdicts, check, applies))
    return tuple(out)


def _member(
    tracks: np.ndarray[tuple[int], np.dtype[np.object_]], wanted: tuple[str, ...]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.fromiter((track in wanted for track in tracks), np.bool_, len(tracks))
