"""Plain data of mails: one letter of a run with where it goes, its frozen message, a mail of the outbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from incubxl.letters.whose import Names
from incubxl.mail.states import State
from incubxl.register.fold import squash

Relation = Literal["更正", "补发"]
Unit = Literal["same", "other"]  # a person's word on whether two names are one applicant


class Row(NamedTuple):
    """A row of a register of the run: an applicant, whether there is a letter to it or not. ``party``: its credit
    code, or its name for comparing where it has none."""

    source: str
    applicant: str
    name: str
    name_key: str
    party: str
    cell: str  # of the address


@dataclass(frozen=True, slots=True)
class Addressed:
    """A final letter of a run, and the address that the register holds for its applicant.

    ``out`` (the run's folder) and ``source`` (the register workbook) are absolute paths; ``letter`` is the file's name
    below ``out``, ``sha256`` its hash as the run published it; ``cell`` is where the address stands.

    ``letter_key`` tells the applicant's letters of one kind apart: its 文号 for comparing, or else the number that it
    amends. ``siblings``: (key, hash) of its other letters of this kind in the run. ``amends``: the number of
    the run's letter that this one corrects, replaces or takes back (``withdraws``); ``amended_by``: the letter of the
    run that corrects or replaces this one. ``refers_to``: the number that it is about, in the run or not.
    ``reader``: to whom it goes by name where that is not the applicant that it is about (a district, an expert); the
    address is theirs then. ``unseen``: the address stands on a hidden sheet. ``sharers``: other rows of the run's
    registers with this address; ``names``: of everybody in those registers.
    """

    pack: str
    year: int
    applicant: str
    name: str
    code: str  # 统一社会信用代码; empty where the register has none
    kind: str
    label: str
    out: str
    source: str
    letter: str
    sha256: str
    address: str
    cell: str
    measure: str
    office: str
    contact: str
    note: str = ""  # words of the measure's force that every output bears
    title: str = ""  # as it stands in the letter
    number: str = ""  # its 文号, as it stands in the letter; empty where it has none
    letter_key: str = ""
    siblings: tuple[tuple[str, str], ...] = ()
    amends: str = ""
    amended_by: str = ""
    refers_to: str = ""
    withdraws: bool = False
    reader: str = ""
    unseen: bool = False
    sharers: tuple[Row, ...] = field(default=(), compare=False, repr=False)
    names: Names = field(default=Names(), compare=False, repr=False)

    @property
    def name_key(self) -> str:
        """The name for comparing."""
        return squash(self.name)

    @property
    def reader_key(self) -> str:
        """Who has the address, for comparing."""
        return squash(self.reader or self.name)

    @property
    def party(self) -> str:
        """Who has the address, whatever it is called: an applicant's code, else the name for comparing."""
        return squash(self.reader) if self.reader else self.code or self.name_key

    @property
    def address_key(self) -> str:
        """The address for comparing: letter case never tells two mailboxes of an applicant apart."""
        return self.address.casefold()


@dataclass(frozen=True, slots=True)
class Again:
    """Why a letter goes out once more, and by whose decision. ``first``: the mail that went before, day and subject."""

    relation: Relation
    reason: str
    by: str
    first: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A frozen mail. ``content_key``: hash of everything that its reader sees, and of the address."""

    sender: str
    subject: str
    message_id: str
    content_key: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A row of the outbox, without the message's bytes. Times are local, ``not_before`` seconds since 1970."""

    id: int
    state: State
    pack: str
    year: int
    applicant: str
    name: str
    name_key: str
    code: str
    kind: str
    label: str
    round: int
    copy: int
    relates_to: int | None
    relation: str
    relation_why: str
    relation_by: str
    out: str
    source: str
    letter: str
    letter_sha256: str
    letter_key: str
    reader: str
    sender: str
    address: str
    address_key: str
    cell: str
    subject: str
    content_key: str
    message_id: str
    message_sha256: str
    attempts: int
    not_before: float
    claimed_by: str
    said: str
    at: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a mail's history."""

    mail: int
    at: str
    before: str
    after: str
    who: str
    why: str
