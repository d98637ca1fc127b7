"""What the mail commands share: issues and mails as they are shown. Addresses are masked."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ParamSpec

from incubxl.batch.mail_run import with_cell
from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail
from incubxl.issues import SEVERITY_WORDS, Issue
from incubxl.mail.findings import MailRefused
from incubxl.mail.ledger import totals
from incubxl.mail.model import Mail
from incubxl.mail.outbox import Outbox
from incubxl.mail.states import MEANING, PENDING, WORDS
from incubxl.mask import mask

P = ParamSpec("P")
SHOWN = 20  # lines of one list on the terminal


def refusing(work: Callable[P, int]) -> Callable[P, int]:
    """What the outbox or a guard refuses is told in Chinese, with the exit code for input."""

    @functools.wraps(work)
    def told(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return work(*args, **kwargs)
        except MailRefused as error:
            return fail(with_cell(error.issue, remedy=False), error.issue.remedy)

    return told


def say(text: str) -> None:
    """A line for a person, on stderr."""
    console(stderr=True).print(text, highlight=False, markup=False, soft_wrap=True)


def tell_issues(issues: Iterable[Issue], *, head: str = "") -> None:
    """The first issues with place and remedy."""
    found = list(issues)
    if found and head:
        say(head)
    for one in found[:SHOWN]:
        say(f"  [{SEVERITY_WORDS[one.severity]}] {with_cell(one)}")
    if len(found) > SHOWN:
        say(f"  ……共 {len(found)} 处，其余用 --json 查看。")


def issue_row(one: Issue) -> dict[str, Any]:
    """An issue as JSON."""
    return {
        "severity": one.severity,
        "code": one.code,
        "sheet": one.place.sheet,
        "cell": one.place.cell,
        "file": one.place.file,
        "applicant": one.applicant,
        "message": one.message,
        "remedy": one.remedy,
    }


def mail_row(mail: Mail) -> dict[str, Any]:
    """A mail as JSON, its address masked."""
    return {
        "id": mail.id,
        "state": mail.state,
        "pack": mail.pack,
        "year": mail.year,
        "applicant": mail.applicant,
        "name": mail.name,
        "kind": mail.kind,
        "label": mail.label,
        "round": mail.round,
        "relation": mail.relation,
        "relates_to": mail.relates_to,
        "address": mask(mail.address),
        "cell": mail.cell,
        "letter": mail.letter,
        "letter_sha256": mail.letter_sha256,
        "message_id": mail.message_id,
        "attempts": mail.attempts,
        "at": mail.at,
        "who": mail.who,
        "why": mail.why,
    }


def count_row(outbox: Outbox) -> dict[str, int]:
    """Mails by state, and the sums that must add up."""
    counts = outbox.counts()
    pending = sum(counts[s] for s in PENDING)
    return {**{s: counts[s] for s in WORDS}, "pending": pending, "all": sum(counts.values())}


def tell_counts(outbox: Outbox) -> None:
    """How many mails are in which state, and what each state means."""
    counts = outbox.counts()
    say(totals(counts))
    for state, word in WORDS.items():
        if counts[state]:
            say(f"  {word} {counts[state]} 封：{MEANING[state]}")


def print_json(body: Mapping[str, Any]) -> None:
    """One object on stdout."""
    print(json.dumps(body, ensure_ascii=False, indent=1))


def code(issues: Iterable[Issue]) -> int:
    """Done, or done with findings."""
    return Exit.FINDINGS if any(i.severity != "info" for i in issues) else Exit.DONE
