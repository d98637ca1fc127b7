"""The outbox: each letter once over all runs, content frozen, every step with who and why, trouble told in Chinese."""

from __future__ import annotations

import io
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from incubxl.batch.mail_run import in_outbox
from incubxl.letters.whose import Names
from incubxl.mail.claims import Sender
from incubxl.mail.compose import contents, first_mail
from incubxl.mail.drafting import draft
from incubxl.mail.findings import MailRefused
from incubxl.mail.ledger import ledger
from incubxl.mail.model import Addressed, Again
from incubxl.mail.outbox import Outbox
from incubxl.mail.worker import send
from tests.mail.build import Clock, Said, Server, compose, letter, light, nothing_wrong, states


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox(tmp_path: Path, clock: Clock) -> Iterator[Outbox]:
    with Outbox(tmp_path / "box" / "发件箱.sqlite3", clock=clock) as opened:
        yield opened


def sent(outbox: Outbox, *answers: Said, by: str = "示例甲") -> Server:
    """Approve and send all drafts."""
    server = Server(list(answers))
    for mail in outbox.mails(("draft",)):
        assert outbox.approve(mail.id, by, nothing_wrong) is None
    with Sender(outbox, by) as sender:
        send(sender, server, sender.due(), nothing_wrong, per_minute=0)
    return server


def test_a_letter_is_drafted_once_over_all_runs(outbox: Outbox, tmp_path: Path) -> None:
    letters = [letter(n, tmp_path) for n in range(3)]
    first = draft(outbox, letters, compose(), "示例甲")
    again = draft(outbox, letters, compose(Clock()), "示例甲")
    assert (len(first.added), again.added, again.kept) == (3, [], first.added)
    sent(outbox)
    third = draft(outbox, letters, compose(), "示例甲")
    assert third.kept == first.added
    assert not third.issues
    assert states(outbox) == ["sent"] * 3


@pytest.mark.parametrize(
    "change",
    [
        {"code": "91650100MA0000000X", "name": "改了名字的孵化器有限公司", "applicant": "B-7"},  # the code tells
        {"source": "/elsewhere/登记.xlsx", "applicant": "B-7"},  # the name tells
        {
            "name": "示例0001孵化器　有限公司",
            "source": "/elsewhere/登记.xlsx",
            "applicant": "B-7",
        },  # so does a wide space
        {"name": "改正了名称的孵化器有限公司", "code": "91650100MA0000001X"},  # the row tells
    ],
)
def test_the_same_applicant_is_found_by_code_or_name_or_row(
    outbox: Outbox, tmp_path: Path, change: dict[str, str]
) -> None:
    code = "91650100MA0000000X" if "改了名字" in change.get("name", "") else ""
    draft(outbox, [letter(1, tmp_path, code=code)], compose(), "示例甲")
    sent(outbox)
    changed = replace(letter(1, tmp_path), **change)
    done = draft(outbox, [changed], light, "示例甲")
    assert [i.code for i in done.issues] == ["mail.already"]
    assert done.issues[0].place.sheet == "申报登记"
    assert len(outbox.mails()) == 1


def test_namesakes_with_two_codes_are_not_taken_for_one(outbox: Outbox, tmp_path: Path) -> None:
    one = letter(1, tmp_path, code="91650100MA0000000X")
    other = letter(2, tmp_path, name=one.name, code="91650100MA0000001X")
    done = draft(outbox, [one, other], light, "示例甲")
    assert (len(done.added), [i.code for i in done.issues]) == (1, ["mail.conflict"])
    assert outbox.mail(1).code == one.code
    corrected = replace(one, code="91650100MA0000002X")  # the same row and name: the code was mistyped
    assert draft(outbox, [corrected], light, "示例甲").replaced == [1]


def test_renumbered_rows_keep_their_mails(outbox: Outbox, tmp_path: Path) -> None:
    letters = [letter(n, tmp_path, code=f"91650100MA000000{n}X") for n in (1, 2, 3)]
    draft(outbox, letters, light, "示例甲")
    sent(outbox)
    renumbered = [replace(one, applicant=f"X-{9 - n:04d}") for n, one in enumerate(letters)]
    renumbered[0] = replace(renumbered[0], applicant="X-0002")  # another's number of before
    done = draft(outbox, renumbered, light, "示例甲")
    assert (done.added, [i.code for i in done.issues]) == ([], ["mail.already"] * 3)


def test_another_kind_year_round_or_measure_is_another_mail(outbox: Outbox, tmp_path: Path) -> None:
    one = letter(1, tmp_path)
    others = [replace(one, kind="correction"), replace(one, year=2027), replace(one, pack="shanghai-hq")]
    assert len(draft(outbox, [one, *others], light, "示例甲").added) == 4
    another = replace(one, sha256="7" * 64)
    assert len(draft(outbox, [another], light, "示例甲", round=2).added) == 1


@pytest.mark.parametrize("outcome", ["sent", "uncertain"])
def test_a_second_round_repeats_no_letter(outbox: Outbox, tmp_path: Path, outcome: str) -> None:
    one = letter(1, tmp_path)
    draft(outbox, [one], light, "示例甲")
    sent(outbox, Said(outcome))  # type: ignore[arg-type]
    second = draft(outbox, [one], light, "示例甲", round=2)
    assert (second.added, [i.code for i in second.issues]) == ([], ["mail.other_round"])
    other = draft(outbox, [replace(one, sha256="7" * 64)], light, "示例甲", round=2)
    wanted = ["mail.round_unknown"] if outcome == "uncertain" else []
    assert ([i.code for i in other.issues], len(other.added)) == (wanted, 0 if wanted else 1)
    if not wanted:  # the next run's first round knows what went with the second
        assert draft(outbox, [replace(one, sha256="7" * 64)], light, "示例甲").kept == other.added


def test_the_same_letter_redone_keeps_its_mail(outbox: Outbox, tmp_path: Path) -> None:
    """With the number it had, with another one, and with none before: never a second mail of it."""
    one = letter(1, tmp_path)
    draft(outbox, [one], light, "示例甲")
    numbered = replace(one, letter_key="示科函〔2026〕5号", sha256="5" * 64)
    assert draft(outbox, [numbered], light, "示例甲").replaced == [1]
    assert draft(outbox, [replace(numbered, sha256="6" * 64)], light, "示例甲").replaced == [1]
    sent(outbox)
    corrected = replace(numbered, letter_key="示科函〔2026〕15号", sha256="7" * 64)
    assert [i.code for i in draft(outbox, [corrected], light, "示例甲").issues] == ["mail.already"]
    again = draft(outbox, [corrected], light, "示例甲", again=Again("更正", "文号写错", "示例局长"))
    assert outbox.mail(again.added[0]).relates_to == 1
    plain = draft(outbox, [corrected], light, "示例甲")  # the repetition is drafted by --again only
    assert ([i.code for i in plain.issues], plain.ids) == (["mail.already"], [])


def test_one_name_that_is_too_long_stops_its_own_mail_only(outbox: Outbox, tmp_path: Path) -> None:
    letters = [letter(n, tmp_path) for n in (1, 2)]
    long = letter(3, tmp_path, name="示例" + "长" * 150)
    done = draft(outbox, [long, *letters], compose(), "示例甲")
    assert (len(done.added), [(i.code, i.applicant) for i in done.issues]) == (2, [("mail.unwordable", "X-0003")])
    first, found = first_mail([long, *letters], compose())
    assert first is not None
    assert (first.recipients, [(one.name, i.code) for one, i in found.items()]) == (
        ("x0001@example.org",),
        [(long.name, "mail.unwordable")],
    )


def test_an_outbox_of_before_knows_its_letters(outbox: Outbox, tmp_path: Path) -> None:
    """Mails that were sent before letters had keys: found by their bytes, and given their key."""
    first = letter(1, tmp_path)
    draft(outbox, [first], light, "示例甲")
    sent(outbox)
    key, other = "示科函〔2026〕5号", ("示科函〔2026〕8号", "8" * 64)
    second = replace(first, letter_key=other[0], sha256=other[1], siblings=((key, first.sha256),))
    third = replace(first, letter_key=key, siblings=(other,))
    done = draft(
        outbox, [second, third], compose=lambda one, *more: light(first if one is third else one, *more), who="甲"
    )
    assert (done.kept, len(done.added), done.issues) == ([1], 1, [])
    assert [m.letter_key for m in outbox.mails()] == [key, other[0]]


def test_until_it_left_a_changed_letter_replaces_its_draft_and_loses_the_approval(
    outbox: Outbox, tmp_path: Path
) -> None:
    draft(outbox, [letter(1, tmp_path)], compose(), "示例甲")
    outbox.approve(1, "示例乙", nothing_wrong)
    before = outbox.mail(1)
    done = draft(outbox, [letter(1, tmp_path, address="new@example.org")], compose(), "示例甲")
    after = outbox.mail(1)
    assert (done.replaced, after.state, after.address) == ([1], "draft", "new@example.org")
    assert after.message_id != before.message_id
    assert b"new@example.org" in outbox.message(after)
    assert [(s.before, s.after, s.who) for s in outbox.history(1)] == [
        ("", "draft", "示例甲"),
        ("draft", "approved", "示例乙"),
        ("approved", "draft", "示例甲"),
    ]


def test_a_refused_mail_may_be_drafted_anew_with_another_address(outbox: Outbox, tmp_path: Path) -> None:
    draft(outbox, [letter(1, tmp_path)], compose(), "示例甲")
    sent(outbox, Said("refused", "550 5.1.1 no such user x0001@example.org"))
    assert states(outbox) == ["failed"]
    assert "x0001@example.org" not in outbox.mail(1).why
    assert draft(outbox, [letter(1, tmp_path, address="y@example.org")], compose(), "示例甲").replaced == [1]


def test_a_letter_that_left_is_sent_again_only_by_a_recorded_decision(outbox: Outbox, tmp_path: Path) -> None:
    draft(outbox, [letter(1, tmp_path)], compose(), "示例甲")
    sent(outbox)
    corrected = letter(1, tmp_path, text="示例0001孵化器有限公司：更正。")
    refused = draft(outbox, [corrected], compose(), "示例甲")
    assert [i.code for i in refused.issues] == ["mail.already"]
    done = draft(outbox, [corrected], compose(), "示例甲", again=Again("更正", "金额写错", "示例局长"))
    mail = outbox.mail(done.added[0])
    assert (mail.copy, mail.relates_to, mail.relation, mail.relation_why, mail.relation_by) == (
        1, 1, "更正", "金额写错", "示例局长",
    )  # fmt: skip
    assert mail.subject.startswith("【更正】")
    assert mail.message_id != outbox.mail(1).message_id
    server = sent(outbox)
    assert [to for to, _ in server.accepted] == ["x0001@example.org"]
    told = contents(server.accepted[0][1]).text
    assert f"发出的“{outbox.mail(1).subject}”，更正原因：金额写错" in told  # it names the mail that it corrects
    assert draft(outbox, [corrected], compose(), "示例甲").kept == [mail.id]  # the next run knows of it
    third = draft(outbox, [corrected], compose(), "示例甲", again=Again("补发", "没有收到", "示例局长"))
    assert outbox.mail(third.added[0]).copy == 2


def test_a_second_copy_says_when_the_first_one_left_and_is_the_same_letter(
    outbox: Outbox, tmp_path: Path, clock: Clock
) -> None:
    first = replace(letter(1, tmp_path), number="示科函〔2026〕4号", letter_key="示科函〔2026〕4号")
    draft(outbox, [first], compose(), "示例甲")
    sent(outbox)  # on 22 June 2026
    clock.forward(3 * 24 * 60)
    again = Again("补发", "没有收到", "示例局长")
    changed = replace(
        letter(1, tmp_path, text="示例0001孵化器有限公司：改过。"), number=first.number, letter_key="示科函〔2026〕4号"
    )
    done = draft(outbox, [changed], compose(), "示例甲", again=again)
    assert [issue.code for issue in done.issues] == ["mail.no_repetition"]
    letter(1, tmp_path)  # the letter as it was
    (id,) = draft(outbox, [first], compose(), "示例甲", again=again).added
    mail = outbox.mail(id)
    said = contents(outbox.message(mail)).text
    assert "：所附文书（示科函〔2026〕4号）内容不变，不是新的决定" in said
    assert mail.subject.startswith("【补发】")
    assert draft(outbox, [first], compose(), "示例甲", again=again).kept == [id]
    sent(outbox)
    assert draft(outbox, [first], compose(), "示例甲").kept == [id]
    book = openpyxl.load_workbook(io.BytesIO(ledger(outbox, clock.now)))
    rows = [[str(cell) for cell in row] for row in book["发送台账"].iter_rows(values_only=True)]
    expected = "补发第1号（示科函〔2026〕4号，2026-06-22 发出）：没有收到"
    assert any(cell.startswith(expected) for row in rows for cell in row)


@pytest.mark.parametrize("outcome", ["uncertain", "refused", "deferred"])
def test_what_did_not_surely_arrive_is_not_repeated_as_a_second_mail(
    outbox: Outbox, tmp_path: Path, outcome: str
) -> None:
    draft(outbox, [letter(1, tmp_path)], compose(), "示例甲")
    sent(outbox, Said(outcome))  # type: ignore[arg-type]
    done = draft(outbox, [letter(1, tmp_path)], compose(), "示例甲", again=Again("补发", "没有收到", "示例局长"))
    assert [i.code for i in done.issues] == ["mail.nothing_to_repeat"]
    assert len(outbox.mails()) == 1


def test_an_address_of_two_applicants_waits_for_a_person(outbox: Outbox, tmp_path: Path) -> None:
    letters = [letter(1, tmp_path, address="Agent@example.org"), letter(2, tmp_path, address="agent@example.org")]
    done = draft(outbox, [*letters, letter(3, tmp_path)], compose(), "示例甲")
    assert [i.code for i in done.issues] == ["mail.shared_address"]
    assert "申报登记!H3、申报登记!H4" in done.issues[0].message
    assert "agent" not in done.issues[0].message
    assert len(done.added) == 1
    outbox.confirm_shared("agent@example.org", {one.name_key for one in letters}, "示例甲", "同一法人")
    assert len(draft(outbox, letters, compose(), "示例甲").added) == 2
    third = draft(outbox, [letter(4, tmp_path, address="agent@example.org")], compose(), "示例甲")
    assert [i.code for i in third.issues] == ["mail.shared_address"]  # a third one is another question


def test_an_earlier_run_s_address_counts_too(outbox: Outbox, tmp_path: Path) -> None:
    draft(outbox, [letter(1, tmp_path)], compose(), "示例甲")
    done = draft(outbox, [letter(2, tmp_path, address="x0001@example.org")], compose(), "示例甲")
    assert [i.code for i in done.issues] == ["mail.shared_address"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE mails SET state = 'sent'",
        "UPDATE mails SET state = 'unknown'",
        "UPDATE mails SET state = 'sending', claimed_by = 'x'",
        "UPDATE mails SET state = 'approved', who = ' '",
        "UPDATE mails SET address = 'a@example.org;b@example.org', state = 'posted'",
        "DELETE FROM mails",
        "DELETE FROM history",
        "UPDATE history SET who = 'x'",
        "DELETE FROM messages",
        "INSERT INTO transitions VALUES ('sent', 'approved')",
    ],
)
def test_the_file_itself_forbids_what_must_not_be(outbox: Outbox, tmp_path: Path, statement: str) -> None:
    draft(outbox, [letter(1, tmp_path)], light, "示例甲")
    other = sqlite3.connect(outbox.path)
    with pytest.raises(sqlite3.IntegrityError):
        other.execute(statement)
    other.close()
    assert states(outbox) == ["draft"]


@pytest.mark.parametrize(
    "column", ["address = 'z@example.org'", "letter_sha256 = printf('%064d', 1)", "applicant = 'Z'"]
)
def test_an_approved_mail_cannot_be_changed_by_any_program(outbox: Outbox, tmp_path: Path, column: str) -> None:
    draft(outbox, [letter(1, tmp_path)], light, "示例甲")
    outbox.approve(1, "示例甲", nothing_wrong)
    other = sqlite3.connect(outbox.path)
    for statement in (f"UPDATE mails SET {column}", "UPDATE messages SET bytes = x'00'"):
        with pytest.raises(sqlite3.IntegrityError):
            other.execute(statement)
    other.close()


def test_damaged_bytes_are_neither_approved_nor_sent(outbox: Outbox, tmp_path: Path) -> None:
    draft(outbox, [letter(1, tmp_path)], light, "示例甲")
    other = sqlite3.connect(outbox.path)
    other.execute("UPDATE messages SET bytes = x'00'")
    other.commit()
    other.close()
    found = outbox.approve(1, "示例甲", nothing_wrong)
    assert found is not None
    assert found.code == "mail.frozen_damaged"
    assert draft(outbox, [letter(1, tmp_path)], light, "示例甲").replaced == [1]
    assert outbox.approve(1, "示例甲", nothing_wrong) is None


def test_the_journal_fits_the_place(tmp_path: Path) -> None:
    for network, mode, full in ((False, "wal", 2), (True, "delete", 3)):
        with Outbox(tmp_path / f"{mode}.sqlite3", network=network) as outbox:
            assert outbox.rows("PRAGMA journal_mode")[0][0] == mode
            assert outbox.rows("PRAGMA synchronous")[0][0] == full
    with Outbox(tmp_path / "wal.sqlite3", network=True) as moved:  # carried to a share
        assert moved.rows("PRAGMA journal_mode")[0][0] == "delete"


def test_a_locked_outbox_is_told(tmp_path: Path) -> None:
    path = tmp_path / "发件箱.sqlite3"
    with Outbox(path, patience=0.2) as outbox:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(MailRefused) as refusal:
            outbox.note("示例甲", "x")
        other.execute("ROLLBACK")
        other.close()
        assert refusal.value.issue.code == "mail.outbox_locked"
        assert "0.2秒" in refusal.value.issue.message
        outbox.note("示例甲", "x")


def test_a_full_disk_is_told_and_loses_nothing(outbox: Outbox, tmp_path: Path) -> None:
    draft(outbox, [letter(1, tmp_path)], light, "示例甲")
    pages = outbox.rows("PRAGMA page_count")[0][0]
    outbox.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(MailRefused) as refusal:
        draft(outbox, [letter(n, tmp_path) for n in range(2, 60)], compose(), "示例甲")
    assert refusal.value.issue.code == "mail.outbox_full"
    assert "磁盘已满" in refusal.value.issue.message
    assert len(outbox.mails()) == 1


def test_an_outbox_of_version_1_is_brought_on(tmp_path: Path) -> None:
    path = tmp_path / "box.sqlite3"
    with Outbox(path) as outbox:
        draft(outbox, [letter(1, tmp_path)], light, "示例甲")
    old = sqlite3.connect(path)
    for statement in (
        "DROP TRIGGER frozen", "DROP TABLE claims", "ALTER TABLE mails DROP COLUMN reader",
        "DROP INDEX one_by_name", "DROP INDEX one_by_code", "DROP INDEX by_number", "DROP TRIGGER one_letter",
        "ALTER TABLE mails DROP COLUMN letter_key",
        "CREATE UNIQUE INDEX one_by_name ON mails (pack, year, kind, round, copy, name_key)",
        "CREATE UNIQUE INDEX one_by_code ON mails (pack, year, kind, round, copy, code) WHERE code <> ''",
        "PRAGMA user_version = 1",
    ):  # fmt: skip
        old.execute(statement)
    old.commit()
    old.close()
    with Outbox(path, clock=Clock()) as outbox:
        assert draft(outbox, [letter(1, tmp_path)], light, "示例甲").kept == [1]
        others = [replace(letter(1, tmp_path), letter_key=key, sha256=key * 64) for key in "12"]
        siblings = [("", letter(1, tmp_path).sha256), ("1", "1" * 64), ("2", "2" * 64)]
        done = draft(outbox, [replace(one, siblings=tuple(siblings)) for one in others[:1]], light, "示例甲")
        assert done.added == [2]


def test_what_is_no_outbox_is_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "a.sqlite3"
    text.write_bytes(b"not a database, surely not, " * 40)
    other = tmp_path / "b.sqlite3"
    made = sqlite3.connect(other)
    made.execute("CREATE TABLE t (x)")
    made.commit()
    made.close()
    newer = tmp_path / "c.sqlite3"
    with Outbox(newer) as outbox:
        outbox.rows("PRAGMA user_version = 99")
    for path, code in ((text, "damaged"), (other, "damaged"), (newer, "newer")):
        before = path.read_bytes()
        with pytest.raises(MailRefused) as refusal:
            Outbox(path)
        assert refusal.value.issue.code == f"mail.outbox_{code}"
        if path is text:
            assert path.read_bytes() == before


def test_many_processes_make_one_outbox_at_once(tmp_path: Path) -> None:
    path = tmp_path / "发件箱.sqlite3"
    code = (
        f"from pathlib import Path; from incubxl.mail.outbox import Outbox; Outbox(Path({str(path)!r})).note('甲', 'x')"
    )
    running = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(6)]
    assert [process.wait(60) for process in running] == [0] * 6
    with Outbox(path) as outbox:
        assert len(outbox.events()) == 6


def test_a_look_knows_each_letter_s_own_mail_and_what_drafting_would_hold(outbox: Outbox, tmp_path: Path) -> None:
    first = letter(1, tmp_path, code="")
    keys = ("示科函〔2026〕5号", "示科函〔2026〕8号")
    one = replace(first, letter_key=keys[0], siblings=((keys[1], "8" * 64),))
    two = replace(first, letter_key=keys[1], sha256="8" * 64, siblings=((keys[0], first.sha256),))
    draft(outbox, [one], light, "示例甲")
    held = in_outbox(outbox.path, [one, two])
    assert {mail.id for mail in held.mails.values()} == {1}
    assert two not in held.mails

    namesake = replace(first, applicant="X-0009", address="x0009@example.org")
    mixed = in_outbox(outbox.path, [one, namesake])
    assert set(mixed.barred) == {one, namesake}
    assert {i.code for i in mixed.issues} == {"mail.conflict"}
    done = draft(outbox, [one, namesake], light, "示例甲")
    assert (done.ids, {i.code for i in done.issues}) == ([], {"mail.conflict"})


def _renamed(tmp_path: Path, name: str = "示例改名孵化器有限公司", **more: object) -> Addressed:
    """Applicant 1 without a code, under another name and with another address, in a copy of the workbook."""
    values: dict[str, object] = {"address": "new@example.org", "source": str(tmp_path / "登记（副本）.xlsx")}
    return replace(letter(1, tmp_path, name=name), **(values | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("alike", ["申报编号", "发文字号"])
def test_a_unit_without_a_code_that_seems_renamed_is_asked_about(outbox: Outbox, tmp_path: Path, alike: str) -> None:
    draft(outbox, [replace(letter(1, tmp_path), letter_key="1号")], compose(), "示例甲")
    sent(outbox)
    other = {"申报编号": "X-0001", "发文字号": "1号"}
    new = _renamed(
        tmp_path,
        applicant=other["申报编号"] if alike == "申报编号" else "X-0099",
        letter_key=other["发文字号"] if alike == "发文字号" else "2号",
    )
    done = draft(outbox, [new], compose(), "示例甲")
    assert ([i.code for i in done.issues], states(outbox)) == (["mail.renamed"], ["sent"])
    assert f"{alike}相同" in done.issues[0].message
    assert "示例0001孵化器有限公司" in done.issues[0].message
    assert "疑似" in done.issues[0].message


def test_a_person_says_whether_two_names_are_one_unit(outbox: Outbox, tmp_path: Path) -> None:
    draft(outbox, [letter(1, tmp_path)], compose(), "示例甲")
    same = draft(outbox, [_renamed(tmp_path)], compose(), "示例甲", units={"X-0001": "same"})
    assert (same.replaced, outbox.mail(1).name) == (
        [1],
        "示例改名孵化器有限公司",
    )
    assert draft(outbox, [_renamed(tmp_path)], compose(), "示例甲").kept == [1]
    sent(outbox)
    third = _renamed(tmp_path, "示例另一家孵化器有限公司", address="third@example.org", source="别处.xlsx")
    assert [i.code for i in draft(outbox, [third], compose(), "示例甲").issues] == ["mail.renamed"]
    told = draft(outbox, [third], compose(), "示例甲", units={"X-0001": "same"})
    assert [i.code for i in told.issues] == ["mail.already"]  # the same unit: it has had its letter
    assert draft(outbox, [third], compose(), "示例甲", units={"X-0001": "other"}).added == [2]
    assert draft(outbox, [third], compose(), "示例甲").kept == [2]  # asked once


def test_units_that_codes_or_the_register_tell_apart_are_not_asked_about(outbox: Outbox, tmp_path: Path) -> None:
    first = replace(letter(1, tmp_path), code="91650100MA0000001X")
    draft(outbox, [first], compose(), "示例甲")
    assert draft(outbox, [_renamed(tmp_path, code="91650100MA0000002X")], compose(), "示例甲").added == [2]
    both = Names([letter(4, tmp_path).name, "示例丙孵化器有限公司"])  # one number over a notice to two units
    third = _renamed(tmp_path, "示例丙孵化器有限公司", address="third@example.org", applicant="X-0003", names=both)
    draft(outbox, [replace(letter(4, tmp_path), letter_key="1号")], compose(), "示例甲")
    assert not draft(
        outbox, [replace(third, letter_key="1号", names=Names([letter(4, tmp_path).name]))], compose(), "甲"
    ).issues


def test_one_number_under_another_name_and_code_is_asked_about(outbox: Outbox, tmp_path: Path) -> None:
    """The wrong unit stood in the row and had the letter; put right, the same 文号 does not go out once more."""
    first = letter(1, tmp_path, code="91650100MA0000001Y", letter_key="示科函〔2026〕5号")
    draft(outbox, [first], compose(), "示例甲")
    assert outbox.approve(1, "示例乙", nothing_wrong) is None
    with Sender(outbox, "示例丙") as sender:
        send(sender, Server(), [1], nothing_wrong, per_minute=0)
    right = _renamed(tmp_path, code="91650100MA0000002X", letter_key="示科函〔2026〕5号", address="new@example.org")
    done = draft(outbox, [right], compose(), "示例甲")
    assert ([issue.code for issue in done.issues], states(outbox)) == (["mail.renamed"], ["sent"])
    assert "发文字号相同" in done.issues[0].message
    assert draft(outbox, [right], compose(), "示例甲", units={"X-0001": "other"}).added == [2]


def test_name_and_code_put_right_in_one_row_are_asked_about(outbox: Outbox, tmp_path: Path) -> None:
    """A letter without a number: the row of the register is all that says it is the same one."""
    draft(outbox, [letter(1, tmp_path, code="91650100MA0000001X")], compose(), "示例甲")
    sent(outbox)
    right = _renamed(tmp_path, code="91650100MA0000002X", source=str(tmp_path / "登记.xlsx"))
    done = draft(outbox, [right], compose(), "示例甲")
    assert ([i.code for i in done.issues], states(outbox)) == (["mail.renamed"], ["sent"])
    assert "申报编号相同" in done.issues[0].message
    same = draft(outbox, [right], compose(), "示例甲", units={"X-0001": "same"})
    assert [i.code for i in same.issues] == ["mail.already"]
    assert draft(outbox, [right], compose(), "示例甲", units={"X-0001": "other"}).added == [2]
