"""procedure.yaml: stages in the measure's own order, duties and their dates, sanctions and bans."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Key
from pydantic import model_validator

from incubxl.policy.fields import Id, Strict, Text


class Stage(Strict):
    """One step, done by ``actor`` (a role id, or ``applicant``)."""

    id: Id
    label: Text
    actor: Id
    clause: Text
    quote: Text
    documents: tuple[Text, ...] = ()
    mandatory: bool = True


class Duty(Strict):
    """Something due: on a recurring occasion, a time before an event, or a time after it.

    ``event`` names a fact (date) or a stage; ``lead`` / ``after`` name a parameter with unit 个月, 年 or 日.
    """

    id: Id
    label: Text
    actor: Id
    clause: Text
    quote: Text
    kind: Literal["before_event", "after_event", "yearly", "quarterly", "as_notified"]
    event: str = ""
    lead: str = ""
    after: str = ""
    advisory: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Duty:
        if self.kind == "before_event" and not (self.event and self.lead):
            raise ValueError("before_event 须写明 event 与 lead")
        if self.kind == "after_event" and not (self.event and self.after):
            raise ValueError("after_event 须写明 event 与 after")
        return self


class SanctionOption(Strict):
    """One option the measure lists for a finding; the office chooses."""

    id: Id
    label: Text


class Sanction(Strict):
    """A finding and what the measure allows for it. ``ban`` names the parameter with the ban's length."""

    id: Id
    label: Text
    finding: Text
    clause: Text
    quote: Text
    options: tuple[SanctionOption, ...] = Key(min_length=1)
    ban: str = ""
    interpretations: tuple[Id, ...] = ()
    consecutive: int | None = None  # 连续两次: how many in a row


class ProcedurePolicy(Strict):
    stages: tuple[Stage, ...]
    duties: tuple[Duty, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    ban_first_day: str = ""  # the interpretation that says when a ban begins

    def sanction(self, id: str) -> Sanction:
        return next(s for s in self.sanctions if s.id == id)
