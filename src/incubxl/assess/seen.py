"""核对码: a fingerprint of what a verdict saw. Values, standards, judgements and answers count; wording does not,
so that a better sentence in a pack or the program never turns an office's override into 需复核."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Sequence

from incubxl.grid import CellKind
from incubxl.policy.criteria import Criterion
from incubxl.procedure.bans import applications
from incubxl.register.model import Register

_VALUE = int(CellKind.VALUE)


class Seen:
    """Codes of a register's verdicts on one as-of date."""

    def __init__(self, register: Register, as_of: dt.date) -> None:
        self._register, self._as_of = register, as_of
        self._facts: dict[str, Sequence[str]] = {}
        self._plans: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {}

    def code(self, i: int, criterion: Criterion) -> str:
        """Seven letters and digits that are easy to copy, for applicant i and this criterion."""
        fixed, facts, judgements, sanctions = self._plan(criterion)
        applicant = self._register.ids[i]
        seen = [applicant, fixed, *(self._fact(fact)[i] for fact in facts)]
        for id in judgements:
            judged = self._register.judgements.get((applicant, id))
            seen.append(f"{id}={judged.verdict if judged else ''}")
        if sanctions:
            seen += [f"{e.what}={e.on}" for e in self._register.history.get(applicant, ()) if e.kind == "sanction"]
            events = self._register.events.get(applicant, ())
            seen += [f"{e.what}:{e.option}={e.on}" for e in events if e.kind == "decision" and e.what in sanctions]
            seen += [f"applied={day}" for day in applications(self._register, applicant, self._as_of)]
        digest = hashlib.blake2s("\0".join(seen).encode("utf-8", "surrogatepass"), digest_size=5).digest()
        return base64.b32encode(digest)[:7].decode()

    def _plan(self, criterion: Criterion) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """What is the same for every applicant, and the facts, judgements and sanctions to look up."""
        if criterion.id not in self._plans:
            limbs = [*criterion.check.walk(), *(criterion.applies.walk() if criterion.applies else ())]
            parameters = dict.fromkeys(p for limb in limbs for p in limb.parameters())
            answers = self._register.answers
            questions = dict.fromkeys(limb.by_interpretation.interpretation for limb in limbs if limb.by_interpretation)
            fixed = [criterion.id]
            fixed += [f"{p}={self._register.pack.parameter[p].at(self._as_of)}" for p in parameters]
            fixed += [f"{q}={answers[q].option if q in answers else ''}" for q in questions]
            self._plans[criterion.id] = (
                "\0".join(fixed),
                tuple(dict.fromkeys(f for limb in limbs for f in limb.facts())),
                tuple(dict.fromkeys(j for limb in limbs for j in limb.judgements())),
                tuple(s for limb in limbs if limb.no_ban for s in limb.no_ban.sanctions),
            )
        return self._plans[criterion.id]

    def _fact(self, fact: str) -> Sequence[str]:
        if fact not in self._facts:
            counted = self._register.counted.get(fact)
            if counted is not None:
                pairs = zip(counted.lo.tolist(), counted.hi.tolist(), strict=True)
                self._facts[fact] = [f"{fact}={lo}~{hi}" for lo, hi in pairs]
            else:
                column = self._register.columns[fact]
                cells = zip(column.kinds.tolist(), column.values.tolist(), strict=True)
                self._facts[fact] = [f"{fact}={value if kind == _VALUE else -kind}" for kind, value in cells]
        return self._facts[fact]
