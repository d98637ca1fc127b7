"""all_of, any_of, n_of, not: how limbs combine, and the shortest way to meet what is not met."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TypeVar

from incubxl.evaluation.view import Node, Reason
from incubxl.verdict import MET, NOT_MET, PENDING, UNKNOWN, Verdict, all_of, any_of, n_of, negate

T = TypeVar("T")
_OPEN = (NOT_MET, UNKNOWN, PENDING)


def _joined(
    reasons: Sequence[Reason],
    word: str,
    missing: tuple[str, ...],
    steps: tuple[str, ...],
    failed: tuple[str, ...] = (),
) -> Reason:
    return Reason(
        "；".join([r.value for r in reasons]),
        word.join(dict.fromkeys([r.threshold for r in reasons])),
        _once([r.cells for r in reasons]),
        missing,
        _once([r.settled for r in reasons]),
        steps,
        any([r.near for r in reasons]),  # noqa: C419  (a list of booleans is faster than a generator)
        _once([r.judged for r in reasons]),
        failed,
    )


def _once(parts: Sequence[tuple[T, ...]]) -> tuple[T, ...]:
    """The parts one after the other, what repeats once."""
    filled = [part for part in parts if part]
    if len(filled) < 2:
        return filled[0] if filled else ()
    return tuple(dict.fromkeys(chain.from_iterable(filled)))


def _failed(pairs: Sequence[tuple[Reason, int]], verdict: int) -> tuple[str, ...]:
    """Where limbs together are not met: the values of those that are not, each once."""
    return _once([r.failed or (r.value,) for r, v in pairs if v == NOT_MET]) if verdict == NOT_MET else ()


def _of(pairs: Sequence[tuple[Reason, int]], verdict: Verdict) -> tuple[str, ...]:
    """What the limbs with this verdict lack."""
    return _once([r.missing for r, v in pairs if v == verdict])


class All(Node):
    """Every limb. What is missing is that of the limbs that make it unknown; the steps are those of all open limbs."""

    def __init__(self, limbs: Sequence[Node]) -> None:
        self.limbs = limbs
        self.verdicts = all_of([limb.verdicts for limb in limbs])

    def reason(self, i: int) -> Reason:
        reasons = [limb.reason(i) for limb in self.limbs]
        verdict = self.codes[i]
        if verdict not in _OPEN:
            return _joined(reasons, "；", (), ())
        pairs = [(r, limb.codes[i]) for r, limb in zip(reasons, self.limbs, strict=True)]
        missing = _of(pairs, UNKNOWN) if verdict == UNKNOWN else ()
        steps = _once([r.steps for r, v in pairs if v in _OPEN])
        return _joined(reasons, "；", missing, steps, _failed(pairs, verdict))


class Some(Node):
    """At least ``n`` of the limbs (any_of: 1)."""

    def __init__(self, limbs: Sequence[Node], n: int) -> None:
        self.limbs, self.n = limbs, n
        self.word = " 或 " if n == 1 else f"（至少{n}项）；"
        arrays = [limb.verdicts for limb in limbs]
        self.verdicts = any_of(arrays) if n == 1 else n_of(arrays, n)

    def reason(self, i: int) -> Reason:
        reasons = [limb.reason(i) for limb in self.limbs]
        verdict = self.codes[i]
        if verdict not in _OPEN:
            return _joined(reasons, self.word, (), ())
        pairs = [(r, limb.codes[i]) for r, limb in zip(reasons, self.limbs, strict=True)]
        missing = _of(pairs, UNKNOWN) if verdict == UNKNOWN else ()
        return _joined(reasons, self.word, missing, self._shortest(pairs), _failed(pairs, verdict))

    def _shortest(self, pairs: Sequence[tuple[Reason, int]]) -> tuple[str, ...]:
        """The ways in order of length; people choose, so all of them are named."""
        ways = sorted((r.steps for r, v in pairs if v in _OPEN and r.steps), key=len)
        if len(ways) < 2:
            return ways[0] if ways else ()
        done = sum(v == MET for _, v in pairs)
        lead = "以下任选其一：" if self.n == 1 else f"以下至少再满足{self.n - done}项："
        return (lead + "；".join(f"（{n}）{'，并'.join(way)}" for n, way in enumerate(ways, 1)),)


class Negated(Node):
    """The opposite of a limb."""

    def __init__(self, limb: Node) -> None:
        self.limb = limb
        self.verdicts = negate(limb.verdicts)

    def reason(self, i: int) -> Reason:
        own = self.limb.reason(i)
        steps = own.steps if self.codes[i] in (UNKNOWN, PENDING) else ()
        return Reason(
            own.value, f"不得{own.threshold}", own.cells, own.missing, own.settled, steps, own.near, own.judged
        )
