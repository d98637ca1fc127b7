"""One 文号 is one letter: another year, kind or unit under a number that has left is asked about, never mailed."""

from __future__ import annotations

import sqlite3

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.mail.identity import copied, same_applicant
from incubxl.mail.model import Addressed, Mail
from incubxl.mail.outbox import COLUMNS, Outbox
from incubxl.mail.states import MAY_HAVE_LEFT, WORDS
from incubxl.register.fold import squash

define(
    "mail.same_number",
    "error",
    "「{name}」的「{label}」与第{id}号邮件（{state}，{at}，「{other}」）都是「{number}」，而{differs}不同，没有起草、不发",
    "文号写错的请改正；同一份的由负责人 incubxl mail drafts --same-unit {applicant_id}，另一份 --other-unit，写明理由",
    "发出以后改了申报年度；或两份文书写了同一个文号",
)
_AMENDMENT = "amend_"  # kinds that may bear the number of the letter that they are about, having none of their own
_SAME = "SELECT {columns} FROM mails WHERE letter_key <> '' AND letter_key = ? ORDER BY id"
_LEFT_SINCE = """
  SELECT 1 FROM history WHERE mail = ? AND after IN ('sending', 'sent', 'unknown')
    AND id > (SELECT max(id) FROM history WHERE mail = ? AND after = 'draft')
"""


def clash(one: Addressed | Mail, mail: Mail) -> bool:
    """Whether a mail bears this letter's number and is not known to be this very letter.

    The same document may go to several readers. (A letter of the same year, kind and unit is ``identity``'s matter.)
    """
    if not one.letter_key or one.letter_key != mail.letter_key:
        return False
    unit = same_applicant(one, mail)
    if unit and (one.pack, one.year, one.kind) == (mail.pack, mail.year, mail.kind):
        return False
    if unit and any(kind.startswith(_AMENDMENT) for kind in (one.kind, mail.kind)):
        return False
    return not copied(one, mail)


def clashing(c: sqlite3.Connection, one: Addressed | Mail) -> list[Mail]:
    """The outbox's mails that ``clash`` with a letter."""
    return [
        mail for row in c.execute(_SAME.format(columns=COLUMNS), (one.letter_key,)) if clash(one, mail := Mail(*row))
    ]


def left_since(outbox: Outbox, mail: Mail) -> Issue | None:
    """Why a mail may not go: under its number another one has left after it was drafted (drafting asked about those
    before)."""
    with outbox.reading() as connection:
        for other in clashing(connection, mail):
            left = other.state in MAY_HAVE_LEFT and other.id != mail.id
            if left and connection.execute(_LEFT_SINCE, (other.id, mail.id)).fetchone():
                return told(mail, other)
    return None


def told(one: Addressed | Mail, other: Mail) -> Issue:
    """That ``other`` bears the number already, and what differs."""
    place = Place(*one.cell.split("!", 1)) if "!" in one.cell else Place(file=one.source)
    pairs = (
        ("申报年度", one.year, other.year),
        ("办法", one.pack, other.pack),
        ("通知书种类", one.label, other.label),
        ("单位名称", one.name_key, other.name_key),
        ("信用代码", one.code, other.code),
        ("主送", squash(one.reader), squash(other.reader)),
    )
    differs = "、".join(what for what, ours, theirs in pairs if ours != theirs)
    seen = {"id": other.id, "state": WORDS[other.state], "at": other.at, "other": f"{other.name}：{other.label}"}
    seen |= {"number": one.letter_key, "applicant_id": one.applicant, "differs": differs}
    return issue("mail.same_number", place, applicant=one.applicant, name=one.name, label=one.label, **seen)
