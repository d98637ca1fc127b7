"""The five verdicts and how they combine (design: strongest first, limbs that do not apply drop out)."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

VerdictArray = npt.NDArray[np.int8]


class Verdict(IntEnum):
    """The numbers order all_of: the larger wins. NOT_APPLICABLE is the neutral element of both combinations."""

    NOT_APPLICABLE = 0
    MET = 1
    PENDING = 2
    UNKNOWN = 3
    NOT_MET = 4

    @property
    def word(self) -> str:
        return _WORDS[self]

    @property
    def key(self) -> str:
        """The id used in JSON and scenarios: met, not_met, unknown, pending, not_applicable."""
        return self.name.lower()


_WORDS = {
    Verdict.NOT_APPLICABLE: "不适用",
    Verdict.MET: "符合",
    Verdict.PENDING: "待认定",
    Verdict.UNKNOWN: "资料不足",
    Verdict.NOT_MET: "不符合",
}
# Members by plain name: looking one up on the class costs ten times as much, which shows in a loop over rows.
NOT_APPLICABLE, MET, PENDING, UNKNOWN, NOT_MET = Verdict
BY_KEY = {verdict.key: verdict for verdict in Verdict}

# all_of is a plain maximum: not_met > unknown > pending > met.
# any_of is too, once met and not_met have changed places: met > unknown > pending > not_met.
_SWAP_MET = np.array([0, 4, 2, 3, 1], dtype=np.int8)


def all_of(limbs: list[VerdictArray]) -> VerdictArray:
    """Element-wise conjunction of verdict arrays of one length."""
    out: VerdictArray = np.maximum.reduce(limbs)
    return out


def any_of(limbs: list[VerdictArray]) -> VerdictArray:
    """Element-wise disjunction of verdict arrays of one length."""
    return _SWAP_MET[all_of([_SWAP_MET[limb] for limb in limbs])]


def n_of(limbs: list[VerdictArray], n: int) -> VerdictArray:
    """At least ``n`` of the limbs. Limbs that do not apply drop out; with none left the result does not apply."""
    stack = np.stack(limbs)
    met = (stack == Verdict.MET).sum(axis=0)
    unknown = (stack == Verdict.UNKNOWN).sum(axis=0)
    pending = (stack == Verdict.PENDING).sum(axis=0)
    out = np.full(stack.shape[1], Verdict.NOT_MET, dtype=np.int8)
    open_ = met + unknown + pending >= n
    out[open_ & (pending > 0)] = Verdict.PENDING
    out[open_ & (unknown > 0)] = Verdict.UNKNOWN
    out[met >= n] = Verdict.MET
    out[(stack == Verdict.NOT_APPLICABLE).all(axis=0)] = Verdict.NOT_APPLICABLE
    return out


def negate(limb: VerdictArray) -> VerdictArray:
    """Swap met and not_met; the rest stays."""
    return _SWAP_MET[limb]
