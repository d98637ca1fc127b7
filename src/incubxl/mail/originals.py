"""Letters about another letter (更正, 补发, 撤回): they wait until that one has surely left."""

from __future__ import annotations

import sqlite3
from typing import Any

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.mail.identity import amended_unsent
from incubxl.mail.model import Addressed, Mail
from incubxl.mail.outbox import COLUMNS
from incubxl.mail.states import WORDS

_ORIGINALS = """
  SELECT {columns} FROM mails WHERE pack = :pack AND letter_key = :refers_to
    AND NOT (kind = :kind AND letter_key = :letter_key)
    AND (name_key = :name_key OR (code <> '' AND code = :code)) ORDER BY id
"""


def too_early(c: sqlite3.Connection, letter: Addressed) -> Issue | None:
    """Why a letter about another one has to wait: nobody knows whether that one arrived, or it is of the same run and
    has not left."""
    if not letter.refers_to:
        return None
    about = {"applicant": letter.applicant, "name": letter.name, "label": letter.label}
    values = {f: getattr(letter, f) for f in ("pack", "kind", "refers_to", "letter_key", "name_key", "code")}
    originals = [Mail(*row) for row in c.execute(_ORIGINALS.format(columns=COLUMNS), values)]
    if doubtful := next((mail for mail in originals if mail.state in ("sending", "unknown")), None):
        seen: dict[str, Any] = {"id": doubtful.id, "state": WORDS[doubtful.state], "number": letter.refers_to}
        return issue("mail.original_unknown", _place(letter), **about, **seen)
    if not letter.amends or any(mail.state == "sent" for mail in originals):
        return None
    if letter.withdraws:
        return issue("mail.withdrawal_unsent", _place(letter), **about, number=letter.amends)
    return amended_unsent(letter)


def _place(letter: Addressed) -> Place:
    return Place(*letter.cell.split("!", 1)) if "!" in letter.cell else Place(file=letter.source)
