"""Letters about another letter (更正, 补发, 撤回): they wait until that one has surely left."""

from __future__ import annotations

import sqlite3
from typing import Any

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.mail.identity import amended_unsent
from incubxl.mail.model import Addressed, Mail
from incubxl.mail.outbox import COLUMNS
from incubxl.mail.states import WORDS

define(
    "mail.withdrawal_unsent",
    "error",
    "「{name}」的「{label}」没有寄：它撤回的「{number}」没有用邮件寄出过",
    "原件没有送达的，两份都不用寄，「结论」表里的两行不要删；原件已用别的方式送达的，撤回也照样送达",
    "同一次运行里既有决定，又有对它的撤回",
)
define(
    "mail.original_unknown",
    "error",
    "「{name}」的「{label}」没有寄：它所说的原件「{number}」（第{id}号邮件）是「{state}」，不知道对方收到没有",
    "请先用 incubxl mail reconcile 核实原件，再起草",
    "原件发送中断，没有核实就登记了更正",
)
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
