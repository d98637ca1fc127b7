"""incubxl mail from the run's folder to the recipient's server and back, as an official types it."""

from __future__ import annotations

import datetime as dt
import email
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from email.policy import default
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer

from incubxl.cli import mail_send
from incubxl.cli.commands import app
from incubxl.mail.outbox import Outbox
from tests.batch.build import concluded, data, filled, go
from tests.conftest import ROOT
from tests.mail.account import served
from tests.mail.server import USER, Certificates, Server

MONDAY, SUNDAY = dt.datetime(2026, 6, 22, 9, 0), dt.datetime(2026, 6, 21, 9, 0)


class Desk:
    """One office: a run of three final letters, an outbox, an account at a server."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capture = folder, capture
        self.out = folder / "结果"
        self.register = folder / "登记.xlsx"
        self.register.write_bytes(data(concluded(filled(3))))
        go(self.register, out=self.out)

    def __call__(self, *arguments: object) -> tuple[int, str]:
        """The exit code and everything that was said."""
        self.capture.readouterr()
        code = app(["mail", *map(str, arguments)], standalone_mode=False)
        said = self.capture.readouterr()
        return code, said.out + said.err

    def json(self, *arguments: object) -> dict[str, Any]:
        self.capture.readouterr()
        app(["mail", *map(str, arguments), "--json"], standalone_mode=False)
        return json.loads(self.capture.readouterr().out)  # type: ignore[no-any-return]

    def states(self) -> list[str]:
        return [row["state"] for row in self.json("status")["mails"]]

    def ready(self) -> None:
        assert self("drafts", self.out)[0] == 0
        assert self("approve", "--all", "--by", "示例乙")[0] == 0


@pytest.fixture
def server(certs: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(mail_send, "now", lambda: MONDAY)
    with served(certs, tmp_path / "home", monkeypatch) as running_server:
        yield running_server


@pytest.fixture
def desk(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_from_the_run_to_the_recipient(desk: Desk, server: Server) -> None:
    code, said = desk("preview", desk.out)
    assert code == 0
    assert "可寄 3 封" in said
    assert "主题：2026年度" in said
    assert not (desk.folder / "home" / "发件箱.sqlite3").exists()
    code, said = desk("drafts", desk.out)
    assert (code, desk.states()) == (0, ["draft"] * 3)
    code, said = desk("send", "--by", "示例丙", "--count", 3)
    assert code == 3
    assert "没有可以发送的邮件" in said  # nothing is sent without a named approval
    assert desk("approve", "--all", "--by", "示例乙")[0] == 0
    code, said = desk("send", "--by", "示例丙", "--count", 3)
    assert (code, desk.states()) == (0, ["sent"] * 3), said
    assert [(got.sender, got.recipients) for got in server.inbox] == [
        (USER, (f"office{n}@example.org",)) for n in (1, 2, 3)
    ]
    message = email.message_from_bytes(server.inbox[0].content, policy=default)
    assert message["To"].addresses[0].addr_spec == "office1@example.org"  # type: ignore[union-attr]
    (attachment,) = message.iter_attachments()  # type: ignore[union-attr]
    assert attachment.get_content() == (desk.out / desk.json("status", 1)["mails"][0]["letter"]).read_bytes()
    steps = desk.json("status", 1)["history"]
    assert [(s["after"], s["who"]) for s in steps][1:] == [
        ("approved", "示例乙"), ("sending", "示例丙"), ("sent", "示例丙"),
    ]  # fmt: skip
    assert desk("send", "--by", "示例丙", "--count", 3)[0] == 3
    assert desk("drafts", desk.out)[0] == 0
    assert len(server.inbox) == 3


def test_no_address_is_shown_whole(desk: Desk, server: Server) -> None:
    everything = ""
    for words in (("preview", desk.out), ("drafts", desk.out), ("status",)):
        everything += desk(*words)[1] + json.dumps(desk.json(*words), ensure_ascii=False)
    everything += desk("approve", "--all", "--by", "示例乙")[1]
    server.fault = ("rcpt", "550")
    everything += desk("send", "--by", "示例丙", "--count", 3)[1] + desk("status")[1] + desk("status", 1)[1]
    assert "@example.org" not in everything
    assert "o*****@e*****.org" in everything


def test_drafts_open_for_editing_and_go_when_they_are_sent(desk: Desk) -> None:
    desk("drafts", desk.out)
    drafts = sorted((desk.out / "邮件草稿").glob("*.eml"))
    assert len(drafts) == 3
    message = email.message_from_bytes(drafts[0].read_bytes(), policy=default)
    assert (message["X-Unsent"], message["To"]) == ("1", "office1@example.org")
    theirs = desk.out / "邮件草稿" / "会议.1.eml"
    theirs.write_bytes(b"From: somebody\r\n")  # not ours, whatever its name
    desk.register.write_bytes(data(concluded(filled(3, name="示例更名后的孵化器", contact_email="new@example.org"))))
    go(desk.register, out=desk.out)
    desk("drafts", desk.out)
    (renamed,) = (path for path in (desk.out / "邮件草稿").glob("*.1.eml") if path != theirs)
    assert "更名" in renamed.name  # the one under the old name and address is gone
    go(desk.register, out=desk.folder / "另一个")
    desk("drafts", desk.folder / "另一个")
    assert list((desk.out / "邮件草稿").glob("*.eml")) == [theirs]  # one draft of a mail, wherever
    desk("drafts", desk.out)
    desk("approve", 1, "--by", "示例乙")
    assert not renamed.exists()  # nobody sends by hand what the program will
    assert len(list((desk.out / "邮件草稿").glob("*.eml"))) == 3
    desk("approve", "--all", "--by", "示例乙")
    desk("send", "--by", "示例丙", "--count", 3)
    assert list((desk.out / "邮件草稿").glob("*.eml")) == [theirs]


@pytest.mark.parametrize(("count", "said"), [((), "没有输入要发送的封数"), (("--count", 2), "2 与可以发送的 3 封不符")])
def test_the_count_is_typed_by_a_person(desk: Desk, server: Server, count: tuple[object, ...], said: str) -> None:
    desk.ready()
    code, words = desk("send", "--by", "示例丙", *count)
    assert code == 3
    assert said in words
    assert not server.inbox
    assert desk.states() == ["approved"] * 3


def test_not_on_a_sunday_without_a_reason(desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.ready()
    monkeypatch.setattr(mail_send, "now", lambda: SUNDAY)
    code, said = desk("send", "--by", "示例丙", "--count", 3)
    assert (code, server.inbox) == (3, [])
    assert "周末" in said or "放假" in said
    assert desk("send", "--by", "示例丙", "--count", 3, "--anyway", "公示期限明天届满")[0] == 0
    with Outbox(desk.folder / "home" / "发件箱.sqlite3") as outbox:
        assert any("公示期限明天届满" in what for _, _, what in outbox.events())


def test_a_year_without_published_holidays_is_answered_by_the_office(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Monday 4 January 2099 … of a year that nobody has published; the example of the office's file answers 2027."""
    desk.ready()
    days = desk.folder / "home" / "workdays.toml"
    for text, when, code, words in (
        ("", dt.datetime(2099, 1, 5, 9, 0), 3, "workdays.toml"),
        ("years = [2099]\noff = [2099-01-05]\n", dt.datetime(2099, 1, 5, 9, 0), 3, "本单位列为休息"),
        ("years = [2099]\n", dt.datetime(2099, 1, 4, 9, 0), 3, "周末"),  # a Sunday
        ('off = ["2099-01-05"]\n', dt.datetime(2099, 1, 5, 9, 0), 3, "不能使用"),
        ("years = [2099]\n", dt.datetime(2099, 1, 5, 9, 0), 0, "这次发出 3 封"),
    ):
        if text:
            days.write_text(text, encoding="utf-8")
        monkeypatch.setattr(mail_send, "now", lambda when=when: when)
        got, said = desk("send", "--by", "示例丙", "--count", 3)
        assert (got, words in said) == (code, True), said


def test_a_mail_to_oneself_changes_nothing(desk: Desk, server: Server) -> None:
    desk.ready()
    account = desk.folder / "home" / "mail.toml"
    account.write_text(account.read_text(encoding="utf-8") + 'test_addresses = ["me@example.com"]\n', encoding="utf-8")
    code, said = desk("send", "--by", "示例丙", "--to-self", "me@example.com")
    assert code == 0, said
    assert [got.recipients for got in server.inbox] == [("me@example.com",)]
    message = email.message_from_bytes(server.inbox[0].content, policy=default)
    assert message["To"] == "me@example.com"
    assert message["Subject"].startswith("【测试】2026年度")
    assert b"office1@example.org" not in server.inbox[0].content
    assert message["Message-ID"] != desk.json("status", 1)["mails"][0]["message_id"]
    (attachment,) = message.iter_attachments()  # type: ignore[union-attr]
    assert attachment.get_filename().endswith(".docx")
    assert desk.states() == ["approved"] * 3
    assert desk("send", "--by", "示例丙", "--to-self", "a@example.com;b@example.com")[0] == 3


@pytest.mark.parametrize("to", ["office2@example.org", "OFFICE2@example.org", "stranger@example.com"])
def test_a_trial_never_goes_to_anybody_but_the_office(desk: Desk, server: Server, to: str) -> None:
    """One applicant's letter to another's address, or to somebody unknown."""
    desk.ready()
    account = desk.folder / "home" / "mail.toml"
    if to != "stranger@example.com":  # not even where the account lists it
        text = account.read_text(encoding="utf-8") + f'test_addresses = ["{to}"]\n'
        account.write_text(text, encoding="utf-8")
    code, said = desk("send", 1, "--by", "示例丙", "--to-self", to)
    assert (code, server.inbox) == (3, [])
    assert "不能试发" in said
    assert to not in said


def test_a_trial_is_looked_at_like_any_mail(desk: Desk, server: Server) -> None:
    desk.ready()
    assert desk("send", 1, "--by", "示例丙", "--to-self", USER)[0] == 0
    desk.register.write_bytes(data(concluded(filled(3, contact_email="new@example.org"))))
    code, said = desk("send", 1, "--by", "示例丙", "--to-self", USER)
    assert (code, len(server.inbox)) == (3, 1)
    assert "运行以后改过" in said


def test_lost_after_data_is_unknown_until_a_person_settles_it(desk: Desk, server: Server, tmp_path: Path) -> None:
    desk.ready()
    server.fault, server.once = ("answer", "closed after it was stored"), True
    code, said = desk("send", "--by", "示例丙", "--count", 3)
    assert code == 4
    assert desk.states() == ["unknown", "sent", "sent"], said
    assert desk("status")[0] == 1
    assert desk("send", "--by", "示例丙", "--count", 1)[0] == 3
    assert desk("retry", 1, "--by", "示例甲", "--reason", "再试")[0] == 3
    assert len(server.inbox) == 3
    id = desk.json("status", 1)["mails"][0]["message_id"]
    log = tmp_path / "mail.log"
    log.write_text("nothing of it\n", encoding="utf-8")
    assert desk("reconcile", "--log", log, "--by", "示例甲")[0] == 4
    log.write_text(
        f"Jun 22 09:00:01 mx postfix/cleanup[1]: 4F1: message-id={id}\n"
        "Jun 22 09:00:02 mx postfix/smtp[1]: 4F1: to=<office1@example.org>, relay=x, status=sent (250 OK)\n",
        encoding="utf-8",
    )
    assert desk("reconcile", "--log", log, "--by", "示例甲")[0] == 0
    assert desk.states() == ["sent"] * 3
    assert desk.json("status")["counts"] == {
        "draft": 0, "approved": 0, "sending": 0, "sent": 3, "retry": 0, "failed": 0, "unknown": 0, "pending": 0,
        "all": 3,
    }  # fmt: skip


def test_a_person_s_word_settles_it_too(desk: Desk, server: Server) -> None:
    desk.ready()
    server.fault = ("answer", "closed before it was stored")
    desk("send", "--by", "示例丙", "--count", 3)
    assert "unknown" in desk.states()
    assert desk("reconcile", 1, "--not-delivered", "--by", "示例甲")[0] == 3  # without evidence
    assert desk("reconcile", 1, "--not-delivered", "--by", "示例甲", "--reason", "电话问过，没有收到")[0] == 0
    assert desk("retry", 1, "--by", "示例甲", "--reason", "对方没有收到")[0] == 0
    server.fault = ("", "")
    desk("send", 1, "--by", "示例丙", "--count", 1)
    assert desk.states()[0] == "sent"


def test_a_wrong_password_sends_nothing_and_claims_nothing(desk: Desk, server: Server, monkeypatch: Any) -> None:
    desk.ready()
    monkeypatch.setenv("INCUBXL_MAIL_PASSWORD", "wrong")
    code, said = desk("send", "--by", "示例丙", "--count", 3)
    assert code == 3
    assert "登录" in said
    assert "wrong" not in said
    assert desk.states() == ["approved"] * 3
    assert len(server.logins) == 1


def test_a_register_changed_after_approval_holds_everything(desk: Desk, server: Server) -> None:
    desk.ready()
    desk.register.write_bytes(data(concluded(filled(3, contact_email="new@example.org"))))
    code, said = desk("send", "--by", "示例丙", "--count", 3)
    assert code == 3
    assert "运行以后改过" in said
    assert not server.inbox


def test_a_second_letter_only_by_a_recorded_decision(desk: Desk, server: Server) -> None:
    desk.ready()
    desk("send", "--by", "示例丙", "--count", 3)
    assert desk("drafts", desk.out, "--again", "补发", "--id", "XJ-00001")[0] == 3
    assert desk("drafts", desk.out, "--again", "补发", "--by", "示例甲", "--reason", "没有收到")[0] == 3
    more = ("--again", "补发", "--id", "XJ-00001", "--by", "示例甲", "--reason", "对方说没有收到")
    assert desk("drafts", desk.out, *more)[0] == 0
    assert desk("approve", "--all", "--by", "示例乙")[0] == 0
    assert desk("send", "--by", "示例丙", "--count", 1)[0] == 0
    assert [got.recipients[0] for got in server.inbox].count("office1@example.org") == 2
    assert desk.json("status")["mails"][3]["relates_to"] == 1


def test_the_ledger_is_a_sheet_for_the_office(desk: Desk, server: Server) -> None:
    desk.ready()
    desk("send", 1, 2, "--by", "示例丙", "--count", 2)
    path = desk.folder / "发送台账.xlsx"
    assert desk("status", "--ledger", path)[0] == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["发送台账", "核对资料", "经过", "其他事项"]
    cells = [[str(c.value) for c in row if c.value is not None] for row in book["发送台账"].iter_rows()]
    text = "\n".join("|".join(row) for row in cells)
    assert "共 3 封：已发出 2，未发成 0，不明 0，待发 1" in text
    assert "office1@example.org" in text  # whole here, and only here
    assert sum("已发出" in row for row in cells) == 2
    assert desk("status", "--ledger", path)[0] == 0  # our own is written anew
    book["发送台账"]["A1"] = "本单位加的批注"
    book.save(path)
    for other in (path, desk.register):
        before = other.read_bytes()
        code, said = desk("status", "--ledger", other)
        assert (code, other.read_bytes()) == (3, before)
        assert "没有覆盖" in said
    assert any("开始发送 2 封" in str(c.value) for row in book["其他事项"].iter_rows() for c in row)


def test_ctrl_c_ends_after_the_mail_at_hand(desk: Desk, server: Server) -> None:
    desk.ready()
    toml = desk.folder / "home" / "mail.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("per_minute = 600", "per_minute = 12"), encoding="utf-8")
    command = [sys.executable, "-m", "incubxl", "mail", "send", "--by", "示例丙", "--count", "3", "--anyway", "测试"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ.copy())
    until = time.monotonic() + 60
    while not server.inbox and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert "按要求停止" in said
    assert desk.states() == ["sent", "approved", "approved"]


@pytest.mark.parametrize(
    "arguments",
    [("approve", "--by", "示例甲"), ("approve", "--all", "--by", " "), ("send", "--by", " "),
     ("approve", "--all", "--by", "待定"), ("send", "--by", "/"), ("approve", 99, "--by", "示例甲"),
     ("retry", 1, "--by", "示例甲", "--reason", " "), ("reconcile", "--by", "示例甲"), ("status", 99), ("stop",)],
)  # fmt: skip
def test_what_is_not_complete_is_refused_in_chinese(desk: Desk, arguments: tuple[object, ...]) -> None:
    code, said = desk(*arguments)
    assert code == 3
    assert "错误：" in said
    assert "怎么办：" in said


def test_what_the_document_says_can_be_typed() -> None:
    """Every command and option in docs/mail.md exists."""
    commands = typer.main.get_command(app).commands["mail"].commands  # type: ignore[attr-defined]
    known = {name: {o for p in c.params for o in (*p.opts, *p.secondary_opts)} for name, c in commands.items()}
    found = re.findall(r"incubxl mail (\w+)([^`\n]*)", (ROOT / "docs" / "mail.md").read_text(encoding="utf-8"))
    assert {name for name, _ in found} == set(known)
    for name, rest in found:
        assert set(re.findall(r"--[a-z-]+", rest)) <= known[name], (name, rest)


def test_an_outbox_that_is_deleted_or_another_one_sends_nothing_again(desk: Desk, server: Server) -> None:
    desk.ready()
    assert desk("send", "--by", "示例丙", "--count", 3)[0] == 0
    other = ("--outbox", desk.folder / "另一个.sqlite3")
    code, said = desk("preview", desk.out, *other)
    assert (code, "可寄 0 封" in said) == (1, True), said
    code, said = desk("drafts", desk.out, *other)
    assert code == 1
    assert "在发送记录里已经发出" in said
    assert "reconcile --record" in said
    assert desk("approve", "--all", "--by", "示例乙", *other)[0] == 3
    code, said = desk("reconcile", "--record", desk.out, "--by", "示例丁", *other)
    assert (code, "已发出 3 封" in said) == (0, True), said
    assert "没有变化 3 封" in desk("drafts", desk.out, *other)[1]
    assert [row["state"] for row in desk.json("status", *other)["mails"]] == ["sent"] * 3
    (desk.folder / "home" / "发件箱.sqlite3").unlink()
    assert desk("drafts", desk.out)[0] == 1
    assert desk("reconcile", "--record", desk.out, "--by", "示例丁", "--log", desk.register)[0] == 3
    go(desk.register, out=desk.out)  # a new run leaves the record
    assert desk("drafts", desk.out)[0] == 1
    assert len(server.inbox) == 3


def test_whether_two_names_are_one_unit_is_a_named_person_s_word(desk: Desk) -> None:
    code, said = desk("drafts", desk.out, "--same-unit", "XJ-00001")
    assert (code, "须由人决定" in said) == (3, True)
    both = ("--same-unit", "XJ-00001", "--other-unit", "XJ-00001", "--by", "示例丁", "--reason", "问过")
    code, said = desk("drafts", desk.out, *both)
    assert (code, "请只写一样" in said) == (3, True)
    assert desk("drafts", desk.out, "--other-unit", "XJ-00001", "--by", "示例丁", "--reason", "问过")[0] == 0
    with Outbox(desk.folder / "home" / "发件箱.sqlite3") as outbox:
        assert outbox.events()[-1][1:] == ("示例丁", "申报编号XJ-00001与疑似的那家：是另一单位；问过")


def _cells(path: Path) -> list[list[str]]:
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_whoever_approves_sees_whole_addresses_in_a_sheet_and_nowhere_else(desk: Desk) -> None:
    path = desk.folder / "核对.xlsx"
    code, said = desk("preview", desk.out, "--sheet", path)
    assert code == 0
    assert "@example.org" not in said
    rows = [row for row in _cells(path) if "XJ-00002" in row]
    assert len(rows) == 1
    assert {"office2@example.org", "示例众创空间2", "还没有起草"} <= set(rows[0])
    said = desk("drafts", desk.out)[1]
    sheet = desk.out / "寄送核对表.xlsx"
    assert (str(sheet) in said, "@example.org" in said) == (True, False)
    rows = _cells(sheet)
    for mail in desk.json("status")["mails"]:
        (row,) = (row for row in rows if mail["applicant"] in row)
        assert {f"第{mail['id']}号", mail["cell"], Path(mail["letter"]).name, "待批准"} <= set(row)
    book = openpyxl.load_workbook(sheet)
    book.active.cell(30, 1).value = "已核对"  # type: ignore[union-attr]
    book.save(sheet)
    before = sheet.read_bytes()
    desk("drafts", desk.out)
    assert sheet.read_bytes() == before
    assert len(list(desk.out.glob("寄送核对表（*.xlsx"))) == 1
    assert desk("preview", desk.out, "--sheet", desk.register)[0] == 3
