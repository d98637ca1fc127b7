"""Addresses that two applicants have: nothing is drafted to them until a person says that they do share them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.mail.model import Addressed, Mail
from incubxl.mail.outbox import Outbox
from incubxl.mask import mask
from incubxl.register.fold import squash


@dataclass
class Shared:
    """Addresses of two applicants, as issues. ``names``: address → name keys that may not be drafted to it."""

    issues: list[Issue] = field(default_factory=list)
    names: dict[str, set[str]] = field(default_factory=dict)


class _User(NamedTuple):
    name: str
    cell: str
    party: str  # the credit code, or the name where there is none: two names of one party share their address


def shared(outbox: Outbox, letters: Collection[Addressed]) -> Shared:
    """Addresses of two applicants that nobody has confirmed: none of those letters is drafted."""
    with outbox.reading() as connection:
        return shared_in(connection, letters, {letter.address_key for letter in letters})


def shared_in(c: sqlite3.Connection, letters: Iterable[Addressed], addresses: Collection[str]) -> Shared:
    """Which of ``addresses`` two applicants have that nobody has confirmed: among the letters, all rows of their
    registers, and the mails there."""
    users: dict[str, dict[str, _User]] = defaultdict(dict)  # address → name key → who
    shown: dict[str, Addressed] = {}
    rows: dict[tuple[str, str], str] = {}  # register and applicant id → party, whatever the name was before
    for letter in (one for one in letters if one.address_key in addresses):
        if not letter.reader:
            rows[letter.source, letter.applicant] = letter.party
        shown_name = letter.reader or letter.name
        users[letter.address_key][letter.reader_key] = _User(shown_name, letter.cell, letter.party)
        for row in letter.sharers:
            rows[row.source, row.applicant] = row.party
            users[letter.address_key].setdefault(row.name_key, _User(row.name, row.cell, row.party))
        shown.setdefault(letter.address_key, letter)
    held = Shared()
    query = "SELECT name_key, name, cell, code, source, applicant, reader FROM mails WHERE address_key = ?"
    for address, names in users.items():
        for key, name, cell, code, source, applicant, reader in c.execute(query, (address,)):
            if reader:
                names.setdefault(squash(reader), _User(reader, cell, squash(reader)))
            else:
                names.setdefault(key, _User(name, cell, rows.get((source, applicant)) or code or key))
        agreed = {row[0] for row in c.execute("SELECT name_key FROM shared WHERE address_key = ?", (address,))}
        if len({user.party for user in names.values()}) < 2 or names.keys() <= agreed:
            continue
        held.names[address] = set(names)
        held.issues.append(_told(shown[address], names.values()))
    return held


def unconfirmed(letter: Addressed, agreed: Collection[str]) -> Issue | None:
    """Whether another row of the registers has this letter's address now. ``agreed``: name keys somebody confirmed."""
    own = letter.party
    others = [row for row in letter.sharers if row.party != own]
    if not others or {letter.reader_key, *(row.name_key for row in others)} <= set(agreed):
        return None
    users = [
        _User(letter.reader or letter.name, letter.cell, own),
        *(_User(row.name, row.cell, row.party) for row in others),
    ]
    return _told(letter, users)


def names_at(address_key: str, letters: Iterable[Addressed], mails: Iterable[Mail]) -> set[str]:
    """The name keys of everybody who has this address, for confirming that they share it."""
    found: set[str] = set()
    for letter in letters:
        if letter.address_key == address_key:
            found |= {letter.reader_key, *(row.name_key for row in letter.sharers)}
    return found | {squash(mail.reader) or mail.name_key for mail in mails if mail.address_key == address_key}


def _told(letter: Addressed, users: Iterable[_User]) -> Issue:
    known = list(users)
    place = Place(*letter.cell.split("!", 1)) if "!" in letter.cell else Place(file=letter.source)
    return issue(
        "mail.shared_address",
        place,
        applicant=letter.applicant,
        name=letter.name,
        label=letter.label,
        names="".join(f"「{user.name}」" for user in known),
        cells="、".join(user.cell for user in known),
        address=mask(letter.address),
    )
