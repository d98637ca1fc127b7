"""Two letters of one kind, two rows of one code, a letter taken back: each letter its own mail, or none."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from incubxl.batch.mailing import Published, gather, mail_templates
from incubxl.issues import Issue
from incubxl.mail.claims import Sender
from incubxl.mail.compose import composer
from incubxl.mail.drafting import Drafted, draft
from incubxl.mail.guards import why_not
from incubxl.mail.outbox import Outbox
from incubxl.mail.worker import send
from tests.batch.build import concluded, data, filled, go
from tests.mail.build import SENDER, Clock, Said, Server

A, B = "XJ-00001", "XJ-00002"
FIVE = "示科函〔2026〕5号"
NINTH = dt.date(2026, 6, 9)
Rows = list[dict[str, Any]]


def row(id: str, **more: Any) -> dict[str, Any]:
    signed = {"letter": "refusal", "on": dt.date(2026, 6, 8), "signer": "示例甲", "reason": "（示例）经核对"}
    return {"applicant_id": id, **signed, **more}


def amended(letter: str, number: str, *, refers_to: str = FIVE, **more: Any) -> dict[str, Any]:
    return row(A, letter=letter, refers_to=refers_to, document_number=number, on=NINTH, **more)


class Office:
    """One office's folder: a run, its outbox."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "结果"
        self.outbox = Outbox(folder / "发件箱.sqlite3", clock=Clock())

    def run(self, rows: Rows, edit: Callable[[Rows], object] = lambda register: None, applicants: int = 2) -> None:
        made = concluded(filled(applicants))
        register = [dict(one) for one in made.register]
        edit(register)
        tables = {**made.tables, "conclusions": tuple(rows)}
        path = self.folder / "登记.xlsx"
        path.write_bytes(data(dataclasses.replace(made, register=tuple(register), tables=tables)))
        go(path, out=self.out)

    def drafts(self, *ids: str, **more: Any) -> tuple[Drafted, list[str]]:
        found = gather(self.out, None)
        compose = composer(SENDER, lambda pack: mail_templates(None, pack), Clock())
        letters = [one for one in found.letters if not ids or one.applicant in ids]
        done = draft(self.outbox, letters, compose, "示例甲", **more)
        return done, [i.code for i in (*found.issues, *done.issues) if i.severity != "info"]

    def look(self, id: int) -> Issue | None:
        mail = self.outbox.mail(id)
        return why_not(Published(None).current, self.outbox.confirmed)(mail, self.outbox.message(mail))

    def send(self) -> Server:
        """Approve and send what passes."""
        check, server = why_not(Published(None).current, self.outbox.confirmed), Server()
        for mail in self.outbox.mails(("draft",)):
            self.outbox.approve(mail.id, "示例乙", check)
        with Sender(self.outbox, "示例丙") as sender:
            send(sender, server, sender.due(), check, per_minute=0)
        return server

    def numbers(self) -> list[str]:
        return [mail.letter_key for mail in self.outbox.mails()]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.outbox.close()


def test_two_corrections_of_two_letters_are_two_mails(office: Office) -> None:
    earlier = {"refers_on": dt.date(2026, 1, 5), "refers_kind": "补正", "details": "（示例）更正"}
    rows = [
        amended("amend_correct", "示科函〔2026〕7号", refers_to="示科函〔2026〕1号", **earlier),
        amended("amend_correct", "示科函〔2026〕9号", refers_to="示科函〔2026〕2号", **earlier),
    ]
    office.run(rows)
    done, codes = office.drafts()
    assert (len(done.added), codes) == (2, [])
    assert office.numbers() == ["示科函〔2026〕7号", "示科函〔2026〕9号"]
    done, codes = office.drafts()
    assert (len(done.kept), codes) == (2, [])
    assert len(office.send().accepted) == 2
    rows[1]["details"] = "（示例）又一处"
    office.run(rows)
    assert office.drafts()[1] == ["mail.already"]  # the same letter redone


def test_a_decision_after_a_withdrawn_one_is_another_mail(office: Office) -> None:
    rows = [row(A, document_number=FIVE)]
    office.run(rows)
    office.drafts()
    assert len(office.send().accepted) == 1
    rows += [amended("amend_withdraw", "示科函〔2026〕6号")]
    rows += [row(A, document_number="示科函〔2026〕8号", on=dt.date(2026, 6, 10))]
    office.run(rows)
    done, codes = office.drafts()
    assert (len(done.added), codes) == (2, ["mail.withdrawn"])
    assert sorted(office.numbers()) == [FIVE, "示科函〔2026〕6号", "示科函〔2026〕8号"]
    assert len(office.send().accepted) == 2


def test_a_letter_withdrawn_before_it_left_is_not_mailed(office: Office) -> None:
    rows = [row(A, document_number=FIVE)]
    office.run(rows)
    office.drafts()
    office.outbox.approve(1, "示例乙", lambda mail, data: None)
    office.run([*rows, amended("amend_withdraw", "示科函〔2026〕7号")])
    found = office.look(1)
    assert found is not None
    assert (found.code, FIVE in found.message) == ("mail.withdrawn", True)
    assert office.drafts()[1] == ["mail.withdrawn", "mail.withdrawal_unsent"]  # it never left: nothing to take back
    assert not office.send().accepted
    assert [m.state for m in office.outbox.mails()] == ["approved"]


@pytest.mark.parametrize("kind", ["amend_correct", "amend_withdraw"])
def test_what_is_about_a_letter_of_unknown_fate_waits_until_somebody_knows(office: Office, kind: str) -> None:
    rows = [row(A, document_number=FIVE)]
    office.run(rows)
    office.drafts()
    office.outbox.approve(1, "示例乙", lambda mail, data: None)
    with Sender(office.outbox, "示例丙") as sender:
        send(sender, Server([Said("uncertain")]), [1], lambda mail, data: None, per_minute=0)
    office.run([*rows, amended(kind, "示科函〔2026〕7号", details="（示例）一处")])
    done, codes = office.drafts()
    assert done.added == []
    assert codes[-1] == "mail.original_unknown"
    assert office.outbox.settle_unknown(1, True, "示例乙", "电话问过，已收到") is None
    assert len(office.drafts()[0].added) == 1
    assert len(office.send().accepted) == 1


def test_a_letter_and_its_correction_never_leave_together(office: Office) -> None:
    first, second = row(A, document_number=FIVE), amended("amend_correct", "示科函〔2026〕7号", details="（示例）一处")
    office.run([first, second])
    done, codes = office.drafts()
    assert (done.ids, codes) == ([], ["mail.amended_unsent"] * 2)
    office.run([first])
    office.drafts()
    office.run([first, second])  # the correction came after the draft
    assert office.look(1).code == "mail.amended_unsent"  # type: ignore[union-attr]
    assert not office.send().accepted
    office.run([first])
    assert len(office.send().accepted) == 1
    office.run([first, second])
    done, codes = office.drafts()
    assert (len(done.added), codes) == (1, [])
    assert len(office.send().accepted) == 1


@pytest.mark.parametrize("ids", [(), (A,)])
def test_two_rows_of_one_code_are_two_applicants(
    office: Office, ids: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def edit(register: Rows) -> None:
        register[1]["uscc"] = register[0]["uscc"]

    monkeypatch.setattr("incubxl.assess.engine.two_rows", lambda register: ())  # as older versions made letters
    office.run([row(A), row(B)], edit)
    done, codes = office.drafts(*ids)
    assert (done.ids, codes) == ([], ["mail.conflict"] * 2)


def test_two_rows_of_one_name_without_codes_are_two_applicants(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def edit(register: Rows) -> None:
        register[1]["name"] = register[0]["name"]
        for one in register:
            one["uscc"] = None

    monkeypatch.setattr("incubxl.assess.engine.two_rows", lambda register: ())
    office.run([row(A), row(B)], edit)
    done, codes = office.drafts()
    assert (done.ids, codes) == ([], ["mail.conflict"] * 2)


@pytest.mark.parametrize("rows", [[row(A)], [row(A), row(B)]])
def test_an_address_of_a_row_without_a_letter_counts(office: Office, rows: Rows) -> None:
    def edit(register: Rows) -> None:
        register[0]["contact_email"] = register[1]["contact_email"]

    office.run(rows)
    office.drafts(A)
    office.run(rows, edit)
    assert office.drafts(A)[1] == ["mail.shared_address"]
    office.outbox.approve(1, "示例乙", lambda mail, data: None)
    assert not office.send().accepted


def test_a_shared_address_is_held_at_approval_until_somebody_confirms_it(office: Office) -> None:
    def edit(register: Rows) -> None:
        register[1]["contact_email"] = register[0]["contact_email"]

    office.run([row(A)])
    office.drafts()
    office.run([row(A)], edit)  # another row has it now; the letter itself has not changed
    assert office.look(1).code == "mail.shared_address"  # type: ignore[union-attr]
    names = {one.name_key for one in gather(office.out, None).letters for one in (one, *one.sharers)}
    office.outbox.confirm_shared("office1@example.org", names, "示例甲", "同一法人")
    assert office.look(1) is None


def test_a_letter_that_names_another_applicant_is_held(office: Office) -> None:
    office.run([row(A, reason="（示例）示例众创空间2提交的材料不实")])
    done, codes = office.drafts()
    assert (done.ids, codes) == ([], ["mail.wrong_letter"])


def test_a_longer_name_is_not_the_shorter_one(office: Office, tmp_path: Path) -> None:
    """「示例众创空间1」 within 「示例众创空间12」 is another applicant's name."""
    office.run([row(A)], lambda register: register[1].update(name=f"{register[0]['name']}2"))
    (letter,) = gather(office.out, None).letters
    assert letter.names.others([f"{letter.name}2：不予认定。"], [letter.name]) == (False, [f"{letter.name}2"])
    assert letter.names.others([f"{letter.name}：不予认定。"], [letter.name]) == (True, [])
