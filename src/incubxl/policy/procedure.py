"""procedure.yaml: stages in the measure's own order, duties and their dates, sanctions and bans."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Key
from pydantic import model_validator

from incubxl.policy.consecutive import Streak
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
    """One option the measure lists for a finding; the office chooses.

    ``ban`` names the parameter with the length of the ban that this option brings, where only it does; ``no_ban``
    says that the sanction's own ban does not come with it.
    """

    id: Id
    label: Text
    ban: str = ""
    no_ban: bool = False


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
    streak: Streak | None = None  # which results of the years make the row

    @model_validator(mode="after")
    def _complete(self) -> Sanction:
        if (self.consecutive is None) != (self.streak is None):
            raise ValueError("consecutive 与 streak 必须同时出现")
        return self

    def ban_of(self, option: str) -> str:
        """The parameter with the length of the ban that the option brings; empty: it brings none."""
        chosen = next(o for o in self.options if o.id == option)
        return "" if chosen.no_ban else chosen.ban or self.ban

    @property
    def may_ban(self) -> bool:
        """Whether at least one option forbids applying again."""
        return any(self.ban_of(option.id) for option in self.options)


class ProcedurePolicy(Strict):
    stages: tuple[Stage, ...]
    duties: tuple[Duty, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    ban_first_day: str = ""  # the interpretation that says when a ban begins
    application: str = ""  # the stage in which somebody applies: not within a ban

    def sanction(self, id: str) -> Sanction:
        return next(s for s in self.sanctions if s.id == id)
