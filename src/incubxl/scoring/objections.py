"""异议与答复 from the sheet 事件. An answer stands beside its objection only where it is sure which one it answers."""

from __future__ import annotations

from dataclasses import dataclass

from incubxl.register.fold import squash
from incubxl.register.model import Event, Register


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection and its answer; ``objection`` None: an answer whose objection is not known. ``state`` in words."""

    applicant: str
    objection: Event | None
    answer: Event | None
    state: str


def objections(register: Register) -> list[Objection]:
    """Per applicant in the register's order, by date. Matched by the same words, or where each is the only one."""
    out: list[Objection] = []
    for applicant in register.ids:
        events = register.events.get(applicant, ())
        open_ = sorted((e for e in events if e.kind == "objection"), key=lambda e: e.on)
        closed = sorted((e for e in events if e.kind == "objection_closed"), key=lambda e: e.on)
        alone = len(open_) == len(closed) == 1
        left = list(closed)
        for one in open_:
            answer = next(
                (c for c in left if c.on >= one.on and (alone or squash(c.written) == squash(one.written))), None
            )
            if answer:
                left.remove(answer)
            state = "已答复" if answer else "不能对应到答复，请核对" if closed else "尚未答复"
            out.append(Objection(applicant, one, answer, state))
        out += [Objection(applicant, None, answer, "不能对应到异议，请核对") for answer in left]
    return out
