"""procedure.yaml: stages in the measure's own order, duties and their dates, terms, sanctions and bans."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import ConfigDict, model_validator
from pydantic import Field as Key

from incubxl.policy.consecutive import Streak
from incubxl.policy.fields import Id, Strict, Text

Need = Literal["publicity_over", "no_open_objection"]


class Sequence(Strict):
    """A course of stages. ``every`` year: it runs again each year; else once.

    ``tracks``: only for these kinds of applicants; empty: for all. ``after``: the stage of another course that opens
    it; ``over``: the term that must have ended before it begins.
    """

    id: Id
    label: Text
    tracks: tuple[str, ...] = ()
    every: Literal["", "year"] = ""
    after: str = ""
    over: str = ""


class Stage(Strict):
    """One step, done by ``actor`` (a role id, or ``applicant``). Steps of one ``sequence`` follow each other as listed.

    ``recorded``: the register's column (date or 是/否) that records it as done, beside the events sheet; ``record``:
    the one that says whether its documents are there. A 公示 is ``public``: it runs ``until`` a column's date;
    ``objection`` is the column that says whether one is open. ``needs``: what must hold of the 公示 before it in the
    same sequence. ``duty``: the duty that the stage fulfils; either event, 环节办结 or 报送, records both.
    """

    id: Id
    label: Text
    actor: Id
    clause: Text
    quote: Text
    documents: tuple[Text, ...] = ()
    mandatory: bool = True
    sequence: str = ""
    tracks: tuple[str, ...] = ()
    recorded: str = ""
    record: str = ""
    public: bool = False
    until: str = ""
    objection: str = ""
    needs: tuple[Need, ...] = ()
    duty: str = ""

    @model_validator(mode="after")
    def _public(self) -> Stage:
        if (self.until or self.objection) and not self.public:
            raise ValueError("until、objection 只用于 public: true 的公示环节")
        return self


class Reading(Strict):
    """Which date column counts, as an open question is answered: option id → column."""

    interpretation: Id
    columns: dict[str, Id]


class Extension(Strict):
    """A date that replaces the first one where it is filled, and the parameter counted from it (延长期)."""

    event: Id
    after: Id


class Exempt(Strict):
    """Events that no notice can precede (不可抗力): where ``column`` says ``value``, ``option`` of the question lifts
    the time ahead; while the question is open there is no date."""

    column: Id
    value: Id
    interpretation: Id
    option: Id


class Rows(Strict):
    """A table whose rows are counted one by one: its column of dates, and the column that says the matter is done.

    ``name``: the column that tells the rows apart for a reader. For reports by period, ``year`` and ``quarter`` are the
    columns with the period; only rows whose ``kind`` column says ``of`` count.
    """

    table: Id
    event: Id
    done: str = ""
    name: str = ""
    year: str = ""
    quarter: str = ""
    kind: str = ""
    of: str = ""


class Duty(Strict):
    """Something due: on a recurring occasion, a time before an event, or a time after it.

    ``event`` names a fact (date) or a stage; ``lead`` / ``after`` name a parameter with unit 个月, 年 or 日. Without a
    ``lead`` the act comes before the day of the event (事先); without ``after`` it may begin on that day. After an
    event no last day is printed: the duty begins when the time is over. ``rows``: a table with more such events, or
    with the reports of the periods. ``done``: the column (date or 是/否) that records it. ``since``: the fact or stage
    from which on the duty binds, ``till``: the date column until which; ``tracks``: whom. ``counted_from``: where the
    office's number of days starts in a period. ``changes``: rows 变更 of the events sheet are such events too.
    ``every`` year: what was done in an earlier year does not count for this one.
    """

    id: Id
    label: Text
    actor: Id
    clause: Text
    quote: Text
    kind: Literal["before_event", "after_event", "yearly", "quarterly", "as_notified"]
    event: str = ""
    by: Reading | None = None
    extension: Extension | None = None
    exempt: Exempt | None = None
    rows: Rows | None = None
    lead: str = ""
    after: str = ""
    done: str = ""
    since: str = ""
    till: str = ""
    tracks: tuple[str, ...] = ()
    every: Literal["", "year"] = ""
    changes: bool = False
    counted_from: Literal["start", "end"] = "end"
    advisory: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Duty:
        dated = bool(self.event or self.by or self.rows)
        if self.kind in ("before_event", "after_event") and not dated:
            raise ValueError(f"{self.kind} 须写明 event、by 或 rows")
        if self.kind in ("yearly", "quarterly") and self.rows and not self.rows.year:
            raise ValueError(f"{self.kind} 的 rows 须写明 year")
        return self


class Term(Strict):
    """A time that ends by itself, such as a pilot or a contract: on the date of ``event``, or ``after`` it.

    It binds nobody to an act, so its end never rolls.
    """

    id: Id
    label: Text
    clause: Text
    quote: Text
    event: str = ""
    by: Reading | None = None
    extension: Extension | None = None
    after: str = ""
    since: str = ""
    tracks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _dated(self) -> Term:
        if bool(self.event) == bool(self.by):
            raise ValueError("须写明 event 或 by 之一")
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
    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))

    sequences: tuple[Sequence, ...] = ()
    stages: tuple[Stage, ...]
    duties: tuple[Duty, ...] = ()
    terms: tuple[Term, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    ban_first_day: str = ""  # the interpretation that says when a ban begins
    application: str = ""  # the stage in which somebody applies: not within a ban

    @cached_property
    def stage(self) -> dict[str, Stage]:
        return {s.id: s for s in self.stages}

    @cached_property
    def courses(self) -> tuple[tuple[Sequence, tuple[Stage, ...]], ...]:
        """Every sequence with its stages, in the measure's order; one of all stages where none is declared."""
        if not self.sequences:
            return ((Sequence(id="all", label="办理程序"), self.stages),) if self.stages else ()
        return tuple((q, tuple(s for s in self.stages if s.sequence == q.id)) for q in self.sequences)

    def sanction(self, id: str) -> Sanction:
        return next(s for s in self.sanctions if s.id == id)
