"""The record beside the letters: whoever loses the outbox, or has another one, sends no letter twice."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from incubxl.batch.mail_run import in_outbox
from incubxl.cli.commands import app
from incubxl.letters.whose import Names
from incubxl.mail.claims import Sender, recover
from incubxl.mail.drafting import draft
from incubxl.mail.elsewhere import Elsewhere, altered
from incubxl.mail.findings import MailRefused
from incubxl.mail.model import Addressed, Again
from incubxl.mail.outbox import Outbox
from incubxl.mail.sent_record import FOLDER
from incubxl.mail.takeover import take_over
from incubxl.mail.worker import Sending, send
from tests.conftest import ROOT
from tests.mail.build import Clock, Said, Server, compose, letter, nothing_wrong, states
from tests.mail.killed_sender import STEPS


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "结果"


def box(tmp_path: Path, name: str, clock: Clock | None = None) -> Outbox:
    return Outbox(tmp_path / f"{name}.sqlite3", clock=clock or Clock())


def approved(outbox: Outbox, letters: list[Addressed], again: Again | None = None) -> list[str]:
    """Draft and approve; the codes of what was refused."""
    issues = draft(outbox, letters, compose(), "示例甲", again=again).issues
    look = Elsewhere(outbox).guard(nothing_wrong)
    found = [outbox.approve(mail.id, "示例乙", look) for mail in outbox.mails(("draft",))]
    return [one.code for one in (*issues, *found) if one is not None]


def go(outbox: Outbox, server: Server) -> Sending:
    with Sender(outbox, "示例丙") as sender:
        return send(sender, server, sender.due(), Elsewhere(outbox).guard(nothing_wrong), per_minute=0)


def test_an_outbox_that_is_gone_is_no_reason_to_send_again(tmp_path: Path, out: Path) -> None:
    letters = [letter(n, out) for n in range(3)]
    server = Server([Said("sent"), Said("uncertain"), Said("refused", "550 no such user")])
    with box(tmp_path, "first") as outbox:
        assert approved(outbox, letters) == []
        go(outbox, server)
        assert states(outbox) == ["sent", "unknown", "failed"]
    with box(tmp_path, "second") as outbox:
        done = draft(outbox, letters, compose(), "示例甲")
        assert [issue.code for issue in done.issues] == ["mail.sent_elsewhere"] * 2
        assert "已经发出" in done.issues[0].message
        assert "可能已经发出" in done.issues[1].message
        assert done.issues[0].place.cell
        assert [outbox.mail(id).applicant for id in done.added] == ["X-0002"]  # which the server surely refused
        taken = take_over(outbox, out, "示例丁")
        assert ([outbox.mail(id).applicant for id in taken.sent], len(taken.unknown)) == (["X-0000"], 1)
        assert not taken.issues
        again = draft(outbox, letters, compose(), "示例甲")
        assert not again.added
        assert not again.issues
        assert {(step.who, step.after) for step in outbox.history(taken.sent[0])} == {
            ("示例丁", after) for after in ("draft", "approved", "sending", "sent")
        }
        assert "示例丙" in outbox.mail(taken.sent[0]).why
        assert take_over(outbox, out, "示例丁").sent == []
        (unknown,) = taken.unknown
        assert outbox.settle_unknown(unknown, delivered=False, who="示例丁", evidence="电话问过") is None
        assert draft(outbox, letters[1:2], compose(), "示例甲").replaced == [unknown]  # whose bytes the first one had
        assert approved(outbox, letters[1:2]) == []
        go(outbox, server)
        assert outbox.mail(unknown).state == "sent"
    with box(tmp_path, "first") as outbox:  # which turns up again
        assert outbox.settle_unknown(2, delivered=False, who="示例丁", evidence="电话问过") is None
        assert outbox.retry(2, "示例丁", "没有收到") is None
        assert [issue.code for _, issue in go(outbox, server).withheld] == ["mail.sent_elsewhere"]
    assert Counter(address for address, _ in server.accepted) == {one.address: 1 for one in letters}


def test_what_another_outbox_sends_meanwhile_is_held(tmp_path: Path, out: Path) -> None:
    letters = [letter(n, out) for n in range(2)]
    with box(tmp_path, "first") as first, box(tmp_path, "second") as second:
        assert approved(first, letters) == []
        assert approved(second, letters[:1]) == []
        draft(second, letters, compose(), "示例甲")
        server = Server()
        go(first, server)
        done = go(second, server)
        assert [issue.code for _, issue in done.withheld] == ["mail.sent_elsewhere"]
        look = Elsewhere(second).guard(nothing_wrong)
        assert second.approve(2, "示例乙", look).code == "mail.sent_elsewhere"  # type: ignore[union-attr]
        assert Counter(address for address, _ in server.accepted) == {one.address: 1 for one in letters}
        taken = take_over(second, out, "示例丁")
        assert (len(taken.sent), states(second)) == (2, ["sent", "sent"])


def test_two_outboxes_at_the_same_letter_only_one_gets_it(tmp_path: Path, out: Path) -> None:
    with box(tmp_path, "first") as first, box(tmp_path, "second") as second:
        for outbox in (first, second):
            assert approved(outbox, [letter(1, out)]) == []
        with Sender(first, "甲") as one, Sender(second, "乙") as other:
            assert one.claim(1) is not None
            assert other.claim(1) is None
        assert (states(second), second.mail(1).why) == (["retry"], "发送记录里有另一个发件箱的同一份通知书")


def test_an_outbox_from_a_backup_does_not_send_again(tmp_path: Path, out: Path) -> None:
    with box(tmp_path, "box") as outbox:
        approved(outbox, [letter(1, out)])
    shutil.copyfile(tmp_path / "box.sqlite3", tmp_path / "backup.sqlite3")
    server = Server()
    with box(tmp_path, "box") as outbox:
        go(outbox, server)
    with box(tmp_path, "backup") as outbox:
        assert [issue.code for _, issue in go(outbox, server).withheld] == ["mail.sent_elsewhere"]
        take_over(outbox, out, "示例丁")
        assert states(outbox) == ["sent"]
        assert draft(outbox, [letter(1, out)], compose(), "示例甲").kept == [1]
    assert len(server.accepted) == 1


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not there on Windows")
def test_killed_at_any_step_and_the_outbox_lost_nothing_goes_twice(tmp_path: Path, out: Path, step: str) -> None:
    got = tmp_path / "got"
    with box(tmp_path, "first") as outbox:
        approved(outbox, [letter(1, out)])
    command = [sys.executable, "-m", "tests.mail.killed_sender", str(tmp_path / "first.sqlite3"), step, str(got)]
    ended = subprocess.run(command, cwd=ROOT, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    left = got.read_text(encoding="utf-8").split() if got.exists() else []
    with box(tmp_path, "second") as outbox:
        codes = approved(outbox, [letter(1, out)])
        server = Server()
        go(outbox, server)
        assert len(left) + len(server.accepted) <= 1
        begun = STEPS.index(step) >= STEPS.index("record begun")
        assert codes == (["mail.sent_elsewhere"] if begun else [])
    with box(tmp_path, "first") as outbox:  # the outbox turns up again
        recover(outbox)
        at = STEPS.index(step)
        settled = at >= STEPS.index("settled in the outbox")
        assert states(outbox) == ["approved" if at == 0 else "sent" if settled else "unknown"]
        assert len(left) + len(server.accepted) + len(_sent_by(outbox)) <= 1


def _sent_by(outbox: Outbox) -> list[str]:
    server = Server()
    go(outbox, server)
    return [address for address, _ in server.accepted]


def test_a_record_that_cannot_be_written_sends_nothing(tmp_path: Path, out: Path) -> None:
    with box(tmp_path, "box") as outbox:
        approved(outbox, [letter(1, out)])
        (out / FOLDER).write_text("a file where the folder should be", encoding="utf-8")
        server = Server()
        with Sender(outbox, "甲") as sender, pytest.raises(MailRefused) as refusal:
            send(sender, server, sender.due(), nothing_wrong, per_minute=0)
        assert refusal.value.issue.code == "mail.record_access"
        assert (states(outbox), server.asked) == (["retry"], [])


def test_a_damaged_record_counts_as_perhaps_sent_and_is_not_guessed_at(tmp_path: Path, out: Path) -> None:
    with box(tmp_path, "first") as outbox:
        approved(outbox, [letter(1, out)])
        go(outbox, Server())
    (record,) = (out / FOLDER).glob("*.jsonl")
    for harm in (b"", b"\xff\xfe garbage", record.read_bytes()[:40]):
        record.write_bytes(harm)
        with box(tmp_path, f"second{len(harm)}") as outbox:
            assert approved(outbox, [letter(1, out)]) == ["mail.sent_elsewhere"]
            done = take_over(outbox, out, "示例丁")
            assert [issue.code for issue in done.issues] == ["mail.record_damaged"]
            assert not outbox.mails()


@pytest.mark.parametrize("name", ["{} (2).jsonl", "{}_冲突副本.jsonl", "{}.jsonl.bak", "改过名.jsonl"])
def test_a_renamed_file_of_the_record_still_tells_of_its_letter(tmp_path: Path, out: Path, name: str) -> None:
    with box(tmp_path, "first") as outbox:
        approved(outbox, [letter(1, out)])
        go(outbox, Server())
    (record,) = (out / FOLDER).glob("*.jsonl")
    record.rename(record.with_name(name.format(record.stem)))
    with box(tmp_path, "second") as outbox:
        assert approved(outbox, [letter(1, out)]) == ["mail.sent_elsewhere"]
        done = take_over(outbox, out, "示例丁")
        assert (len(done.sent), done.issues) == (1, [])
        assert approved(outbox, [letter(1, out)]) == []
        assert states(outbox) == ["sent"]


def test_a_copy_beside_a_file_of_the_record_tells_nothing_more(tmp_path: Path, out: Path) -> None:
    with box(tmp_path, "first") as outbox:
        approved(outbox, [letter(1, out)])
        go(outbox, Server())
    (record,) = (out / FOLDER).glob("*.jsonl")
    shutil.copy(record, record.with_name(f"{record.stem} (2).jsonl"))
    with box(tmp_path, "second") as outbox:
        done = take_over(outbox, out, "示例丁")
        assert (len(done.sent), done.issues) == (1, [])


def test_the_record_goes_with_its_folder_and_knows_a_letter_whose_text_has_changed(tmp_path: Path, out: Path) -> None:
    with box(tmp_path, "first") as outbox:
        approved(outbox, [letter(1, out, code="91650100MA0000001X")])
        go(outbox, Server())
    moved = tmp_path / "改过名的"
    shutil.move(out, moved)
    with box(tmp_path, "second") as outbox:
        other = letter(1, moved, name="示例改名孵化器有限公司", text="示例改名孵化器有限公司：改过。")
        other = replace(
            other, code="91650100MA0000001X", source=str(tmp_path / "别处.xlsx"), letter_key="示科〔2026〕9号"
        )
        assert approved(outbox, [other]) == ["mail.sent_elsewhere"]
        assert approved(outbox, [letter(2, moved)]) == []


def test_mails_that_an_older_version_sent_are_put_on_record(tmp_path: Path, out: Path) -> None:
    with box(tmp_path, "first") as outbox:
        approved(outbox, [letter(1, out)])
        go(outbox, Server())
        shutil.rmtree(out / FOLDER)  # as that version left it
        assert draft(outbox, [letter(1, out)], compose(), "示例甲").kept == [1]
        assert draft(outbox, [letter(1, out)], compose(), "示例甲").kept == [1]
    assert len(list((out / FOLDER).glob("*.jsonl"))) == 1
    with box(tmp_path, "second") as outbox:
        assert approved(outbox, [letter(1, out)]) == ["mail.sent_elsewhere"]


def test_a_record_that_cannot_be_put_beside_a_letter_adds_nothing_at_each_drafting(tmp_path: Path, out: Path) -> None:
    with box(tmp_path, "first") as outbox:
        approved(outbox, [letter(1, out)])
        go(outbox, Server([Said("uncertain")]))
        (record,) = (out / FOLDER).glob("*.jsonl")
        whole = record.read_bytes()
        record.write_bytes(b"garbage")  # the letter's place is taken, and nobody can read by what
        for _ in range(3):
            draft(outbox, [letter(1, out)], compose(), "示例甲")
        assert outbox.rows("SELECT count(*) FROM claims")[0][0] == 2
        record.write_bytes(whole)  # from a backup
        assert outbox.settle_unknown(1, delivered=True, who="示例丁", evidence="电话问过") is None
        assert "核实已送达服务器" in record.read_text(encoding="utf-8")  # in the file of the attempt that began


def test_a_letter_that_was_not_taken_goes_again_from_its_own_outbox_and_is_then_on_record(
    tmp_path: Path, out: Path
) -> None:
    clock = Clock()
    server = Server([Said("deferred", "451 later")])
    with box(tmp_path, "box", clock) as outbox:
        approved(outbox, [letter(1, out)])
        go(outbox, server)
        clock.forward(-600)  # the machine's clock is set back: it waits longer, and that is all
        go(outbox, server)
        assert states(outbox) == ["retry"]
        clock.forward(1200)
        go(outbox, server)
        assert states(outbox) == ["sent"]
        assert approved(outbox, [letter(1, out)], Again("补发", "没有收到", "示例丁")) == []
        go(outbox, server)
        assert states(outbox) == ["sent", "sent"]
    assert len(list((out / FOLDER).glob("*.jsonl"))) == 3
    with box(tmp_path, "second") as outbox:
        taken = take_over(outbox, out, "示例丁")
        assert len(taken.sent) == 2
        assert [(m.copy, m.relation, m.relates_to) for m in outbox.mails()] == [(0, "", None), (1, "补发", 1)]


_BY_HAND = {
    "address": "nobody", "year": 10**30, "round": 0, "relation": "更正", "letter_sha256": "x", "pack": "",
    "name": "另一家有限公司", "name_key": "另一家有限公司", "code": "91650100MA7777777X", "kind": "refusal",
}  # fmt: skip


@pytest.mark.parametrize("field", _BY_HAND)
def test_a_record_that_was_edited_by_hand_lets_nothing_go_again(tmp_path: Path, out: Path, field: str) -> None:
    """Above all not by being taken over: a mail of somebody else would be known then, and this one sent once more."""
    letters = [letter(n, out, code="" if field == "name_key" else f"91650100MA000000{n}Y") for n in range(2)]
    server = Server()
    with box(tmp_path, "first") as outbox:
        assert approved(outbox, letters) == []
        go(outbox, server)
    for path in (out / FOLDER).glob("*.jsonl"):
        first, *rest = path.read_text(encoding="utf-8").splitlines()
        line = json.loads(first)
        if line["mail"]["applicant"] == "X-0000":
            line["mail"][field] = _BY_HAND[field]
            path.write_text("\n".join((json.dumps(line), *rest)) + "\n", encoding="utf-8")
    with box(tmp_path, "second") as outbox:
        taken = take_over(outbox, out, "示例丁")
        assert "X-0001" in [outbox.mail(id).applicant for id in taken.sent]  # one bad file stops none of the others
        approved(outbox, letters)
        go(outbox, server)
        assert [issue.code for issue in taken.issues] == ["mail.record_damaged"]
    assert Counter(address for address, _ in server.accepted) == {one.address: 1 for one in letters}


def _typed(path: Path, fate: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"fate": fate, "at": "2026-06-23 09:00:00", "who": "示例甲", "words": ""}) + "\n")


def _turned(path: Path, was: str, now: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(was, now), encoding="utf-8")


def _old(path: Path) -> None:
    """As version 1 wrote it: lines without hashes."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    plain = [{key: value for key, value in line.items() if key not in ("prev", "hash")} for line in lines]
    plain[0]["version"] = 1
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in plain), encoding="utf-8")


@pytest.mark.parametrize("answer", ["sent", "uncertain"])
@pytest.mark.parametrize("how", ["typed", "turned", "copied"])
def test_that_it_was_not_sent_is_believed_of_nobody_who_types_it(
    tmp_path: Path, out: Path, answer: Literal["sent", "uncertain"], how: str
) -> None:
    server = Server([Said(answer), Said("refused", "550")])
    with box(tmp_path, "first") as outbox:
        approved(outbox, [letter(1, out), letter(2, out)])
        go(outbox, server)
        paths = {json.loads(p.read_text("utf-8").splitlines()[0])["mail"]["applicant"]: p
                 for p in (out / FOLDER).glob("*.jsonl")}  # fmt: skip
        path = paths["X-0001"]
        if how == "typed":
            _typed(path, "not_sent")
        elif how == "turned":
            _turned(path, '"sent"', '"not_sent"')
            _typed(path, "not_sent")
        else:  # a line that this program wrote of another letter
            with path.open("ab") as file:
                file.write(paths["X-0002"].read_bytes().splitlines(keepends=True)[-1])
        (told,) = altered([str(out)])
        assert (told.code, told.place.file) == ("mail.record_altered", path.name)
        assert "示例0001孵化器有限公司" in told.message
        assert "已经发出处理" in told.message
    with box(tmp_path, "second") as outbox:
        assert approved(outbox, [letter(1, out)]) == ["mail.sent_elsewhere"]
        assert approved(outbox, [letter(2, out)]) == []  # whose record says so itself
        held = in_outbox(tmp_path / "second.sqlite3", [letter(1, out)])
        assert [issue.code for issue in held.issues] == ["mail.sent_elsewhere", "mail.record_altered"]
    assert len(server.asked) == 2


def test_an_old_record_says_that_a_mail_went_and_never_that_it_did_not(tmp_path: Path, out: Path) -> None:
    with box(tmp_path, "first") as outbox:
        approved(outbox, [letter(1, out), letter(2, out)])
        go(outbox, Server([Said("sent"), Said("refused", "550")]))
    for path in (out / FOLDER).glob("*.jsonl"):
        _old(path)
    assert altered([str(out)]) == []
    with box(tmp_path, "second") as outbox:
        assert approved(outbox, [letter(1, out), letter(2, out)]) == ["mail.sent_elsewhere"] * 2
        taken = take_over(outbox, out, "示例丁")
        assert (len(taken.sent), len(taken.unknown)) == (1, 1)


def test_what_was_found_out_follows_a_line_that_a_crash_left_half(tmp_path: Path, out: Path) -> None:
    with box(tmp_path, "first") as outbox:
        approved(outbox, [letter(1, out)])
        go(outbox, Server([Said("uncertain")]))
        (path,) = (out / FOLDER).glob("*.jsonl")
        with path.open("ab") as file:
            file.write(b'{"fate": "sen')
        assert outbox.settle_unknown(1, delivered=False, who="示例丁", evidence="电话问过") is None
    assert altered([str(out)]) == []
    with box(tmp_path, "second") as outbox:
        assert approved(outbox, [letter(1, out)]) == []  # not sent, as a person found out and the program wrote


def test_the_record_stays_readable_and_status_names_the_file_that_was_written_in(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with box(tmp_path, "first") as outbox:
        approved(outbox, [letter(1, out)])
        go(outbox, Server())
    (path,) = (out / FOLDER).glob("*.jsonl")
    assert "示例0001孵化器有限公司" in path.read_text(encoding="utf-8")
    words = ["mail", "status", "--outbox", str(tmp_path / "first.sqlite3")]
    assert app(words, standalone_mode=False) == 0
    _typed(path, "not_sent")
    capsys.readouterr()
    assert app(words, standalone_mode=False) == 1
    said = capsys.readouterr().err
    assert "发送记录有人改过" in said
    assert path.name in said


def test_an_edited_token_is_told(tmp_path: Path, out: Path) -> None:
    server = Server()
    with box(tmp_path, "first") as outbox:
        approved(outbox, [letter(0, out)])
        go(outbox, server)
    (path,) = (out / FOLDER).glob("*.jsonl")
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join((json.dumps({**json.loads(first), "token": ""}), *rest)) + "\n", encoding="utf-8")
    with box(tmp_path, "second") as outbox:
        assert [issue.code for issue in take_over(outbox, out, "示例丁").issues] == ["mail.record_damaged"]
        assert approved(outbox, [letter(0, out)]) == ["mail.sent_elsewhere"]


def test_the_same_mailbox_under_a_new_name_and_number_is_not_sent_to_by_another_outbox(
    tmp_path: Path, out: Path
) -> None:
    server = Server()
    with box(tmp_path, "first") as outbox:
        approved(outbox, [letter(0, out)])
        go(outbox, server)
    renamed = letter(0, out, name="示例改名孵化器有限公司", applicant="X-0900", letter_key="示科函〔2026〕9号")
    with box(tmp_path, "second") as outbox:
        assert approved(outbox, [renamed]) == ["mail.sent_elsewhere"]
        take_over(outbox, out, "示例丁")
        assert approved(outbox, [renamed]) == ["mail.shared_address"]
    both = Names([renamed.name, "示例0000孵化器有限公司"])  # the other one is there too: two units
    with box(tmp_path, "third") as outbox:
        assert approved(outbox, [replace(renamed, names=both)]) == []
