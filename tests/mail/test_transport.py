"""Verified TLS or nothing, one connection for many mails, one recipient each, and no secret anywhere."""

from __future__ import annotations

import logging
import socket
from typing import Any

import pytest

from incubxl.mail.message import build, message_id
from incubxl.mail.settings import SettingsRefused
from tests.mail.conftest import credentials, session
from tests.mail.letter import RECIPIENT, SENDER, letter
from tests.mail.server import PASSWORD, USER, Certificates, running


def mail(n: int) -> tuple[bytes, str, str]:
    """The ``n``-th mail: content, sender, recipient."""
    to = f"apply{n}@example.org"
    return build(letter(recipient=to, message_id=message_id(SENDER, to, n))).data, SENDER, to


@pytest.mark.parametrize("security", ["implicit", "starttls"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_over_verified_tls_with_a_login(security: str, host: str, certs: Certificates) -> None:
    with running(**{security: certs.good}, auth=True) as server:
        with session(server.port, security=security, host=host, ca_file=certs.authority, login=True) as ours:
            assert ours.open() is None
            assert ours.deliver(*mail(1)).outcome == "sent"
        assert server.logins == [(USER.encode(), PASSWORD.encode())]
        assert [(got.recipients, got.content) for got in server.inbox] == [(("apply1@example.org",), mail(1)[0])]
        assert server.commands[-1] == "QUIT"


def test_login_is_used_where_plain_is_not_offered(certs: Certificates) -> None:
    with running(implicit=certs.good, auth=True, auth_exclude_mechanism=["PLAIN"]) as server:
        with session(server.port, ca_file=certs.authority, login=True) as ours:
            assert ours.deliver(*mail(1)).outcome == "sent"
        assert server.logins == [(USER.encode(), PASSWORD.encode())]


def test_without_the_extra_authority_the_good_certificate_is_not_trusted(certs: Certificates) -> None:
    with running(implicit=certs.good, auth=True) as server:
        with session(server.port, login=True) as ours:
            became = ours.deliver(*mail(1))
        assert (became.outcome, became.phase) == ("unsent", "tls")
        assert "服务器的证书不是可信机构签的" in became.reason
        assert server.commands == [] and server.logins == []


@pytest.mark.parametrize(
    ("which", "why"),
    [
        ("wrong_host", "证书不是这个地址的"),
        ("expired", "证书已经过期"),
        ("unknown_authority", "证书不是可信机构签的"),
        ("self_signed", "证书是自己签的"),
    ],
)
@pytest.mark.parametrize("security", ["implicit", "starttls"])
def test_a_bad_certificate_gets_neither_password_nor_mail(
    security: str, which: str, why: str, certs: Certificates
) -> None:
    with running(**{security: getattr(certs, which)}, auth=True) as server:
        with session(server.port, security=security, ca_file=certs.authority, login=True) as ours:
            first = ours.open()
            second = ours.deliver(*mail(1))
        assert first is not None and first == second
        assert (second.outcome, second.phase) == ("unsent", "tls")
        assert why in second.reason
        assert server.logins == [] and server.inbox == []
        assert not [said for said in server.commands if said.startswith(("AUTH", "MAIL", "RCPT", "DATA"))]


def test_a_stripped_starttls_gets_neither_password_nor_mail(certs: Certificates) -> None:
    with running(auth=True) as server:  # offers AUTH in the clear, but no STARTTLS
        with session(server.port, security="starttls", ca_file=certs.authority, login=True) as ours:
            became = ours.deliver(*mail(1))
        assert (became.outcome, became.phase) == ("unsent", "starttls")
        assert "没有提供加密" in became.reason and "拦截" in became.reason
        assert server.commands == ["EHLO [127.0.0.1]"] and server.logins == [] and server.inbox == []


def test_a_wrong_password_is_tried_once(certs: Certificates) -> None:
    with running(implicit=certs.good, auth=True) as server:
        with session(server.port, ca_file=certs.authority, login=True, password="mistyped") as ours:
            became = ours.deliver(*mail(1))
        assert (became.outcome, became.phase, became.code) == ("unsent", "auth", 535)
        assert "登录名或密码不对" in became.reason
        assert server.logins == [(USER.encode(), b"mistyped")]


def test_many_mails_share_a_connection_and_each_has_its_own_recipient() -> None:
    with running() as server:
        with session(server.port, plain=True) as ours:
            assert [ours.deliver(*mail(n)).outcome for n in range(6)] == ["sent"] * 6
        assert server.connections == 1
        assert server.commands.count("RSET") == 5
        assert [(got.recipients, got.content) for got in server.inbox] == [
            ((mail(n)[2],), mail(n)[0]) for n in range(6)
        ]


def test_a_new_connection_after_so_many_mails() -> None:
    with running() as server:
        with session(server.port, plain=True, per_connection=2) as ours:
            assert [ours.deliver(*mail(n)).outcome for n in range(5)] == ["sent"] * 5
        assert server.connections == 3
        assert server.commands.count("QUIT") == 3


@pytest.mark.parametrize("fault", ["closed", "421", "no SMTP"])
def test_a_connection_that_went_stale_is_made_anew_and_the_mail_goes_once(fault: str) -> None:
    with running() as server:
        with session(server.port, plain=True) as ours:
            assert ours.deliver(*mail(1)).outcome == "sent"
            server.fault, server.once = ("rset", fault), True
            assert ours.deliver(*mail(2)).outcome == "sent"
        assert server.connections == 2
        assert [got.recipients for got in server.inbox] == [("apply1@example.org",), ("apply2@example.org",)]


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data"])
def test_a_reply_too_many_never_stands_for_another(phase: str) -> None:
    with running() as server:
        server.fault, server.once = (phase, "two replies"), True
        with session(server.port, plain=True) as ours:
            became = ours.deliver(*mail(1))
            assert (became.outcome, server.inbox) == ("unsent", [])
            assert "对不上" in became.reason
            assert ours.deliver(*mail(2)).outcome == "sent"
        assert [got.recipients for got in server.inbox] == [("apply2@example.org",)]


def test_a_server_without_extensions_gets_the_same_bytes() -> None:
    with running() as server:
        server.fault = ("starttls", "not offered")  # EHLO names SIZE only: no 8BITMIME, no SMTPUTF8
        with session(server.port, plain=True) as ours:
            assert ours.deliver(*mail(1)).outcome == "sent"
        assert server.inbox[0].content == mail(1)[0]
        assert [said for said in server.commands if said.startswith("MAIL")] == [
            f"MAIL FROM:<{SENDER}> SIZE={len(mail(1)[0])}"
        ]


def test_lines_that_begin_with_a_dot_arrive_as_they_were() -> None:
    data = f"From: <{SENDER}>\r\nTo: {RECIPIENT}\r\n\r\n.\r\n..\r\n.x\r\nRSET\r\n".encode()
    with running() as server:
        with session(server.port, plain=True) as ours:
            assert ours.deliver(data, SENDER, RECIPIENT).outcome == "sent"
        assert server.inbox[0].content == data


HEAD = f"From: <{SENDER}>\r\nTo: {RECIPIENT}\r\n"


@pytest.mark.parametrize(
    ("data", "to", "why"),
    [
        (HEAD + "Bcc: other@example.org\r\n\r\nx\r\n", RECIPIENT, "信上的收件人"),
        (HEAD + "To: other@example.org\r\n\r\nx\r\n", RECIPIENT, "信上的收件人"),
        (HEAD + "Cc: other@example.org\r\n\r\nx\r\n", RECIPIENT, "信上的收件人"),
        (HEAD + "\r\nx\r\n", "other@example.org", "信上的收件人"),
        (HEAD + "\r\nx\r\n", f"{RECIPIENT},other@example.org", "收件地址不是恰好一个"),
        (HEAD + "\r\nx\r\n", f"{RECIPIENT}> SIZE=1\r\nRCPT TO:<other@example.org", "收件地址不是恰好一个"),
        (HEAD.replace("office@", "boss@") + "\r\nx\r\n", RECIPIENT, "信上的发件人"),
        (HEAD + "\r\nx\n.\nMAIL FROM:<a@example.org>\r\n", RECIPIENT, "不是定稿时的格式"),
        (HEAD + "\r\nx\r.\r\n", RECIPIENT, "不是定稿时的格式"),
        (HEAD + "\r\nx", RECIPIENT, "不是定稿时的格式"),
        (HEAD + "\r\n通知\r\n", RECIPIENT, "不是定稿时的格式"),
    ],
)
def test_what_is_not_this_recipients_frozen_letter_reaches_no_server(data: str, to: str, why: str) -> None:
    with running() as server:
        with session(server.port, plain=True) as ours:
            became = ours.deliver(data.encode(), SENDER, to)
        assert (became.outcome, became.phase) == ("refused", "check")
        assert why in became.reason
        assert server.connections == 0


def test_connecting_is_tried_again_with_growing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    real, refusals = socket.create_connection, [2]

    def flaky(*where: Any, **options: Any) -> socket.socket:
        if refusals[0]:
            refusals[0] -= 1
            raise ConnectionRefusedError(111, "Connection refused")
        return real(*where, **options)

    monkeypatch.setattr(socket, "create_connection", flaky)
    with running() as server, session(server.port, plain=True, pause=waits.append) as ours:
        assert ours.deliver(*mail(1)).outcome == "sent"
        assert waits == [1, 2]
        ours.close()
        refusals[0], waits[:] = 3, []
        became = ours.deliver(*mail(2))
        assert (became.outcome, became.phase, waits) == ("unsent", "connect", [1, 2])
        assert "请核对服务器名称和端口" in became.reason


def test_a_slow_server_has_longer_for_the_whole_message_than_for_a_command() -> None:
    with running() as server:
        server.fault = ("answer", "slow")
        with session(server.port, plain=True, timeout_seconds=1, final_timeout_seconds=10) as ours:
            became = ours.deliver(*mail(1))
        assert (became.outcome, became.words) == ("sent", "2.0.0 stored at last")
        assert len(server.inbox) == 1


@pytest.mark.parametrize(
    ("phase", "code", "reason"),
    [
        ("rcpt", "550", "报出收件地址时：服务器不接受这个收件地址（服务器答复 550），不能发出，需要改正。"),
        ("rcpt", "450", "报出收件地址时：服务器答复 450，服务器暂时不收，这一次没有发出，可以稍后再试。"),
        ("mail", "552", "报出发件地址时：信太大，或对方邮箱已满（服务器答复 552），不能发出，需要改正。"),
        ("answer", "554", "等待服务器收下时：服务器看过内容以后拒收（服务器答复 554），不能发出，需要改正。"),
        ("answer", "closed", "等待服务器收下时：服务器断开了连接，不知道服务器收下没有，不能自动再发。"),
        ("data", "closed", "请求递交内容时：服务器断开了连接，没有发出，可以再试。"),
    ],
)
def test_what_an_official_reads(phase: str, code: str, reason: str) -> None:
    with running() as server:
        server.fault = (phase, code)
        with session(server.port, plain=True) as ours:
            assert ours.deliver(*mail(1)).reason == reason


def test_nothing_after_the_connection_is_tried_again() -> None:
    waits: list[float] = []
    with running() as server, session(server.port, plain=True, pause=waits.append) as ours:
        server.fault = ("greeting", "421")
        assert ours.deliver(*mail(1)).outcome == "unsent"
        assert (server.connections, waits) == (1, [])


def test_an_interrupt_drops_the_connection_and_goes_on_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with running() as server, session(server.port, plain=True) as ours:
        assert ours.open() is None

        def interrupted(*_: Any) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr("incubxl.mail.dialogue.Dialogue.send_content", interrupted)
            with pytest.raises(KeyboardInterrupt):
                ours.deliver(*mail(1))
        assert ours.deliver(*mail(2)).outcome == "sent"
        assert server.connections == 2
        assert [got.recipients for got in server.inbox] == [("apply2@example.org",)]


def test_unencrypted_smtp_goes_to_this_machine_only() -> None:
    with pytest.raises(ValueError, match="this machine"):
        session(25, plain=True, host="mail.example.com")


def test_an_unusable_authority_file_is_said_at_once(tmp_path: Any) -> None:
    bad = tmp_path / "ca.pem"
    for text in (None, "no certificate"):
        if text:
            bad.write_text(text)
        with pytest.raises(SettingsRefused, match="证书机构文件"):
            session(25, ca_file=bad)


def test_the_password_stands_nowhere(certs: Certificates, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="incubxl")
    with (
        running(implicit=certs.good, auth=True) as server,
        session(server.port, ca_file=certs.authority, login=True, password="open-sesame") as ours,
    ):
        became = ours.deliver(*mail(1))
        shown = repr(became) + repr(ours) + repr(credentials("open-sesame")) + str(vars(ours))
    assert server.logins == [(USER.encode(), b"open-sesame")]
    assert "open-sesame" not in shown + caplog.text
