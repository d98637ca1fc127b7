"""all_of, any_of, n_of, not: how limbs combine, and the shortest way to meet what is not met."""

from __future__ import annotations

from collections.abc import Sequence

from incubxl.evaluation.view import Node, Reason
from incubxl.verdict import Verdict, all_of, any_of, n_of, negate

_OPEN = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.PENDING)


def _joined(reasons: Sequence[Reason], word: str, missing: tuple[str, ...], steps: tuple[str, ...]) -> Reason:
    return Reason(
        "；".join(r.value for r in reasons),
        word.join(dict.fromkeys(r.threshold for r in reasons)),
        tuple(dict.fromkeys(c for r in reasons for c in r.cells)),
        missing,
        tuple(dict.fromkeys(s for r in reasons for s in r.settled)),
        steps,
        any(r.near for r in reasons),
        tuple(dict.fromkeys(s for r in reasons for s in r.judged)),
    )


class All:
    """Every limb. What is missing is that of the limbs that make it unknown; the steps are those of all open limbs."""

    def __init__(self, limbs: Sequence[Node]) -> None:
        self.limbs = limbs
        self.verdicts = all_of([limb.verdicts for limb in limbs])

    def reason(self, i: int) -> Reason:
        reasons = [limb.reason(i) for limb in self.limbs]
        pairs = [(r, limb.verdicts[i]) for r, limb in zip(reasons, self.limbs, strict=True)]
        missing: tuple[str, ...] = ()
        if self.verdicts[i] == Verdict.UNKNOWN:
            missing = tuple(dict.fromkeys(m for r, v in pairs if v == Verdict.UNKNOWN for m in r.missing))
        steps = tuple(dict.fromkeys(s for r, v in pairs if v in _OPEN for s in r.steps))
        return _joined(reasons, "；", missing, steps)


class Some:
    """At least ``n`` of the limbs (any_of: 1)."""

    def __init__(self, limbs: Sequence[Node], n: int) -> None:
        self.limbs, self.n = limbs, n
        arrays = [limb.verdicts for limb in limbs]
        self.verdicts = any_of(arrays) if n == 1 else n_of(arrays, n)

    def reason(self, i: int) -> Reason:
        reasons = [limb.reason(i) for limb in self.limbs]
        pairs = [(r, Verdict(limb.verdicts[i])) for r, limb in zip(reasons, self.limbs, strict=True)]
        missing: tuple[str, ...] = ()
        if self.verdicts[i] == Verdict.UNKNOWN:
            missing = tuple(dict.fromkeys(m for r, v in pairs if v == Verdict.UNKNOWN for m in r.missing))
        steps: tuple[str, ...] = ()
        if self.verdicts[i] in _OPEN:
            steps = self._shortest(pairs)
        word = " 或 " if self.n == 1 else f"（至少{self.n}项）；"
        return _joined(reasons, word, missing, steps)

    def _shortest(self, pairs: list[tuple[Reason, Verdict]]) -> tuple[str, ...]:
        """The ways in order of length; people choose, so all of them are named."""
        done = sum(v == Verdict.MET for _, v in pairs)
        ways = sorted((r.steps for r, v in pairs if v in _OPEN and r.steps), key=len)
        if not ways:
            return ()
        if len(ways) == 1:
            return ways[0]
        phrases = ["，并".join(way) for way in ways]
        lead = "以下任选其一：" if self.n == 1 else f"以下至少再满足{self.n - done}项："
        return (lead + "；".join(f"（{n}）{phrase}" for n, phrase in enumerate(phrases, 1)),)


class Negated:
    """The opposite of a limb."""

    def __init__(self, limb: Node) -> None:
        self.limb = limb
        self.verdicts = negate(limb.verdicts)

    def reason(self, i: int) -> Reason:
        own = self.limb.reason(i)
        steps = own.steps if self.verdicts[i] in (Verdict.UNKNOWN, Verdict.PENDING) else ()
        return Reason(
            own.value, f"不得{own.threshold}", own.cells, own.missing, own.settled, steps, own.near, own.judged
        )
