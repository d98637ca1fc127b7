"""预演, 存草稿, 发送, 发送台账: from the letters of the open workbook to a server that keeps what it gets."""

from __future__ import annotations

import datetime as dt
import email
import re
import time
from collections.abc import Callable, Iterator
from email.policy import default
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.batch.mailing import gather
from incubxl.excel import background, commands, guard, mail_work, work, worker
from incubxl.mail.drafting import draft
from incubxl.mail.outbox import Outbox
from tests.batch.build import concluded, data, filled
from tests.live.fakewin import Scene
from tests.mail.account import served
from tests.mail.build import light
from tests.mail.server import Certificates, Server, certificates

pytestmark = pytest.mark.office
MONDAY, SUNDAY = dt.datetime(2026, 6, 22, 9, 0), dt.datetime(2026, 6, 21, 9, 0)
NO = 7
BY = "示例乙"


@pytest.fixture(scope="module")
def certs(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server(certs: Certificates, tmp_path: Path, excel: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A mail server and the account at it; Monday."""
    monkeypatch.setattr(guard, "now", lambda: MONDAY)
    monkeypatch.setattr(work, "PATIENCE", 90.0)
    with served(certs, tmp_path / "own", monkeypatch) as running:
        yield running


class Desk:
    """One office with its register of three concluded applicants open in Excel, and its letters made."""

    def __init__(self, book: Any, excel: Any, folder: Path) -> None:
        self.book, self.excel, self.folder = book, excel, folder
        self.out = folder / "通知书存放"
        self.out.mkdir()
        self.excel.chosen = [self.out]
        assert commands.make_letters(), Scene.dialogs

    @property
    def box(self) -> Path:
        return self.folder / "own" / "发件箱.sqlite3"

    def states(self) -> list[str]:
        with Outbox(self.box) as outbox:
            return [mail.state for mail in outbox.mails()]

    def answers(self, *given: Any) -> None:
        """For the questions of 发送: the name and the number."""
        self.excel.chosen, self.excel.questions = list(given), []


def registers(applicants: int = 3, **facts: Any) -> bytes:
    return data(concluded(filled(applicants, **facts)))


@pytest.fixture
def desk(server: Server, opened: Callable[..., Any], excel: Any, tmp_path: Path) -> Desk:
    source = tmp_path / "来" / "登记.xlsx"
    source.parent.mkdir()
    source.write_bytes(registers())
    return Desk(opened(source), excel, tmp_path)


def last() -> str:
    return Scene.dialogs[-1][0]


def test_from_the_letters_to_the_recipients_and_into_the_ledger(desk: Desk, server: Server) -> None:
    assert commands.mail_preview(), Scene.dialogs
    assert last().startswith("可以寄 3 封，不能寄 0 处。\n第一封：XJ-00001")
    assert "第一封的主题：2026年度" in last()
    assert "什么都没有写，也没有发" in last()
    assert not desk.box.exists()

    assert commands.mail_drafts(), Scene.dialogs
    assert last().startswith("新起草 3 封")
    assert len(list((desk.out / "邮件草稿").glob("*.eml"))) == 3
    assert (desk.states(), server.inbox) == (["draft"] * 3, [])

    desk.answers(BY, "3")
    assert commands.mail_send(), Scene.dialogs
    shown = Scene.dialogs[-2][0]
    assert shown.startswith(f"由 {BY} 批准并发送 3 封（其中 0 封以前已批准）：")
    assert "第一封：第1号 XJ-00001" in shown
    assert "最后一封：第3号 XJ-00003" in shown
    assert all(len(question) <= 255 for question in desk.excel.questions)  # Excel's InputBox takes no more
    assert f"由 {BY} 批准，应发 3 封，这次发出 3 封。" in last()
    assert [got.recipients for got in server.inbox] == [(f"office{n}@example.org",) for n in (1, 2, 3)]
    for got in server.inbox:
        (attachment,) = email.message_from_bytes(got.content, policy=default).iter_attachments()  # type: ignore[attr-defined]
        assert attachment.get_content() in [path.read_bytes() for path in desk.out.rglob("*.docx")]
    with Outbox(desk.box) as outbox:
        assert [(s.after, s.who) for s in outbox.history(1)][1:] == [("approved", BY), ("sending", BY), ("sent", BY)]
    assert list(desk.folder.glob("own/work/*")) == []
    assert list((desk.out / "邮件草稿").glob("*.eml")) == []  # nobody sends by hand too what the program sent

    everything = "\n".join(text for text, _, _ in Scene.dialogs)
    assert "@example.org" not in everything
    assert "o*****@e*****.org" in everything

    assert commands.mail_ledger(), Scene.dialogs
    path = desk.out / "发送台账.xlsx"
    assert f"已写出并打开：{path}" in last()
    assert [book.title() for book in desk.excel.books] == ["登记.xlsx", "发送台账.xlsx"]
    rows = [[str(c) for c in row if c is not None] for row in openpyxl.load_workbook(path)["发送台账"].values]
    assert sum("已发出" in row and BY in row for row in rows) == 3
    assert not commands.mail_ledger(desk.book)
    assert "正打开着" in last()

    desk.answers(BY)
    assert not commands.mail_send(desk.book)
    assert "没有可以发送的邮件" in last()
    assert commands.mail_preview(desk.book)
    assert "可以寄 0 封" in last()
    assert "不再寄的：已发出 3 封" in last()
    assert len(server.inbox) == 3


@pytest.mark.parametrize("given", [(None,), (BY, None)])
def test_taking_it_back_sends_nothing(desk: Desk, server: Server, given: tuple[Any, ...]) -> None:
    commands.mail_drafts()
    desk.answers(*given)
    assert commands.mail_send(), Scene.dialogs
    assert "已取消，没有批准，也没有发出任何邮件" in last()
    desk.answers(BY)
    Scene.answers = [NO]
    assert commands.mail_send(), Scene.dialogs
    assert "已取消" in last()
    assert (desk.states(), server.connections) == (["draft"] * 3, 0)


@pytest.mark.parametrize(
    ("given", "said"),
    [((BY, "2"), "输入的「2」与可以发送的 3 封不符"), ((BY, "全部"), "输入的「全部」"), ((BY, ""), "输入的「」"),
     (("  ",), "没有写批准人的姓名")],
)  # fmt: skip
def test_another_number_or_no_name_sends_nothing(desk: Desk, server: Server, given: tuple[str, ...], said: str) -> None:
    commands.mail_drafts()
    desk.answers(*given)
    assert not commands.mail_send()
    assert said in last()
    assert (desk.states(), server.connections) == (["draft"] * 3, 0)


def test_without_drafts_nothing_is_asked_to_be_counted(desk: Desk, server: Server) -> None:
    desk.answers(BY)
    assert not commands.mail_send()
    assert "没有可以发送的邮件" in last()
    assert "请先点「存草稿」" in last()
    assert not commands.mail_ledger()
    assert "请先点「存草稿」" in last()
    assert not desk.box.exists()


def test_not_on_a_day_off(desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    commands.mail_drafts()
    monkeypatch.setattr(guard, "now", lambda: SUNDAY)
    assert not commands.mail_send()
    assert "今天（2026-06-21）" in last()
    assert "--anyway 理由" in last()
    assert (desk.states(), server.connections) == (["draft"] * 3, 0)


def test_without_an_account_or_a_password(desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    commands.mail_drafts()
    monkeypatch.setenv("INCUBXL_MAIL_PASSWORD", "密码")
    assert not commands.mail_send()
    assert "登录名或密码含有中文" in last()
    (desk.folder / "own" / "mail.toml").unlink()
    for button in (commands.mail_preview, commands.mail_drafts, commands.mail_send):
        assert not button()
        assert "还没有设置发信账户" in last()
        assert "请改好发信账户，再点一次" in last()
    assert server.connections == 0


def test_a_wrong_password_approves_and_sends_nothing(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.mail_drafts()
    monkeypatch.setenv("INCUBXL_MAIL_PASSWORD", "wrong")
    desk.answers(BY, "3")
    assert commands.mail_send(), Scene.dialogs
    assert "邮件服务器用不了" in last()
    assert "没有批准，也没有发出任何邮件" in last()
    assert (desk.states(), server.inbox) == (["draft"] * 3, [])


def test_before_the_letters_are_made(server: Server, opened: Callable[..., Any], tmp_path: Path) -> None:
    source = tmp_path / "来" / "登记.xlsx"
    source.parent.mkdir()
    source.write_bytes(registers(1))
    opened(source)
    for button in (commands.mail_preview, commands.mail_drafts, commands.mail_send, commands.mail_ledger):
        assert not button()
        assert "请先点「生成」" in last()


def test_what_cannot_go_is_told_with_its_cell(
    server: Server, opened: Callable[..., Any], excel: Any, tmp_path: Path
) -> None:
    source = tmp_path / "来" / "登记.xlsx"
    source.parent.mkdir()
    source.write_bytes(registers(3, contact_email="office2@example.org"))
    desk = Desk(opened(source), excel, tmp_path)
    assert commands.mail_preview(), Scene.dialogs
    assert last().startswith("可以寄 1 封，不能寄 1 处。\n第一封：XJ-00003")
    assert "登记了同一个邮箱" in last()
    assert commands.mail_drafts(), Scene.dialogs
    assert last().startswith("新起草 1 封")
    assert desk.states() == ["draft"]


def test_a_letter_that_somebody_changed_is_withheld_and_the_others_go(desk: Desk, server: Server) -> None:
    commands.mail_drafts()
    with Outbox(desk.box) as outbox:
        (desk.out / outbox.mail(2).letter).write_bytes(b"changed")
    desk.answers(BY, "2")
    assert commands.mail_send(), Scene.dialogs
    assert "1 封没有通过发送前核对，不发" in Scene.dialogs[-2][0]
    assert "写出以后有人改过" in Scene.dialogs[-2][0]
    assert desk.states() == ["sent", "draft", "sent"]
    assert len(server.inbox) == 2


def test_what_nobody_knows_the_fate_of_is_told_and_not_sent_again(desk: Desk, server: Server) -> None:
    commands.mail_drafts()
    server.fault, server.once = ("answer", "closed after it was stored"), True
    desk.answers(BY, "3")
    assert commands.mail_send(), Scene.dialogs
    assert "1 封状态不明，程序不会自行重发" in last()
    assert desk.states() == ["unknown", "sent", "sent"]
    desk.answers(BY)
    assert not commands.mail_send()
    assert "另有 1 封状态不明，不会重发" in last()
    assert len(server.inbox) == 3


def test_drafted_anew_behind_the_count_is_not_approved_by_it(desk: Desk, server: Server) -> None:
    """Between the number typed and the approval somebody drafts anew: that content nobody has seen."""
    commands.mail_drafts()

    def anew(question: str) -> str:
        with Outbox(desk.box) as outbox:
            assert draft(outbox, gather(desk.out, None).letters[:1], light, "示例丁").replaced == [1]
        return "3"

    desk.answers(BY, anew)
    assert commands.mail_send(), Scene.dialogs
    assert "1 封没有通过发送前核对，没有发" in last()
    assert desk.states() == ["draft", "sent", "sent"]


def test_sending_goes_on_behind_excel_and_stops_between_mails(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.mail_drafts()
    toml = desk.folder / "own" / "mail.toml"
    toml.write_text(re.sub(r"per_minute = \d+", "per_minute = 4", toml.read_text("utf-8")), encoding="utf-8")
    monkeypatch.setattr(work, "PATIENCE", 0.0)
    desk.answers(BY, "3")
    assert commands.mail_send(), Scene.dialogs
    assert "做完后请再点一次「发送」" in desk.excel.switches["StatusBar"]
    [running] = background.works()
    until = time.monotonic() + 60
    while running.beat.done == 0 and time.monotonic() < until:
        time.sleep(0.1)
    assert (running.beat.done, running.beat.total) == (1, 3)
    assert commands.stop()
    assert "已请「发送」停止（1/3" in last()
    assert background.wait(running, 60) is not None
    assert commands.mail_send(), Scene.dialogs
    assert "这次发出 1 封" in last()
    assert "按要求停止" in last()
    assert desk.states() == ["sent", "approved", "approved"]
    toml.write_text(toml.read_text("utf-8").replace("per_minute = 4", "per_minute = 600"), encoding="utf-8")
    monkeypatch.setattr(work, "PATIENCE", 90.0)
    desk.answers("示例丁", "2")
    assert commands.mail_send(), Scene.dialogs
    assert "由 示例丁 批准并发送 2 封（其中 2 封以前已批准）" in Scene.dialogs[-2][0]
    assert desk.states() == ["sent"] * 3
    with Outbox(desk.box) as outbox:
        assert [s.who for s in outbox.history(3) if s.after == "approved"] == [BY]


def test_saving_what_was_written_into_the_workbook_is_no_change_of_the_register(desk: Desk, server: Server) -> None:
    """生成 adds 通知书清单; whoever saves it has the same register, whoever changes an address has not."""
    path = desk.folder / "登记.xlsx"
    before = path.read_bytes()
    desk.book.api.SaveCopyAs(str(path))
    assert path.read_bytes() != before
    assert "通知书清单" in openpyxl.load_workbook(path).sheetnames
    assert commands.mail_drafts(), Scene.dialogs
    assert last().startswith("新起草 3 封")
    path.write_bytes(registers(3, contact_email="new@example.org"))
    desk.answers(BY)
    assert not commands.mail_send()
    assert "运行以后改过" in last()
    assert "改好后保存工作簿，再依次点「生成」「存草稿」" in last()
    assert server.connections == 0


def test_the_outbox_is_the_one_that_the_office_named(
    desk: Desk, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "共享" / "发件箱.sqlite3"
    shared.parent.mkdir()
    monkeypatch.setenv("INCUBXL_OUTBOX", str(shared))
    assert commands.mail_drafts(), Scene.dialogs
    assert not desk.box.exists()
    with Outbox(shared) as outbox:
        assert len(outbox.mails()) == 3


def test_a_ledger_that_somebody_wrote_in_is_not_replaced(desk: Desk, server: Server) -> None:
    commands.mail_drafts()
    path = desk.out / "发送台账.xlsx"
    own = openpyxl.Workbook()
    own.save(path)
    before = path.read_bytes()
    assert not commands.mail_ledger()
    assert "没有覆盖" in last()
    assert path.read_bytes() == before


def test_the_office_own_days_hold_for_the_button_too(desk: Desk, server: Server) -> None:
    commands.mail_drafts()
    days = desk.folder / "own" / "workdays.toml"
    days.write_text("off = [2026-06-22]\n", encoding="utf-8")
    assert not commands.mail_send()
    assert "本单位列为休息" in last()
    days.write_text('off = ["2026-06-22"]\n', encoding="utf-8")
    assert not commands.mail_send()
    assert "不能使用" in last()
    assert (desk.states(), server.connections) == (["draft"] * 3, 0)


def test_many_letters_are_drafted_and_looked_at_behind_excel(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_work, "LONG_BATCH", 2)  # three are many now
    monkeypatch.setattr(work, "PATIENCE", 0.0)
    assert commands.mail_drafts(), Scene.dialogs
    [drafting] = background.works()
    assert drafting.job.action == "mail_drafts"
    assert background.wait(drafting, 60) is not None
    assert commands.mail_drafts(), Scene.dialogs
    assert last().startswith("新起草 3 封")
    assert "寄送核对表.xlsx" in last()
    assert desk.states() == ["draft"] * 3

    assert commands.mail_send(), Scene.dialogs
    assert "做完后请再点一次「发送」" in desk.excel.switches["StatusBar"]
    [looking] = background.works()
    assert looking.job.action == "mail_look"
    assert background.wait(looking, 60) is not None
    assert desk.states() == ["draft"] * 3  # nothing is approved, and nobody was asked
    assert not any("批准" in question for question in desk.excel.questions)
    monkeypatch.setattr(work, "PATIENCE", 90.0)
    desk.answers(BY, "3")
    assert commands.mail_send(), Scene.dialogs
    assert Scene.dialogs[-2][0].startswith(f"由 {BY} 批准并发送 3 封（其中 0 封以前已批准）：")
    assert "这次发出 3 封" in last()
    assert len(server.inbox) == 3
    assert background.works() == []


def test_a_drafting_behind_excel_is_stopped_and_goes_on(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_work, "LONG_BATCH", 2)
    monkeypatch.setattr(work, "PATIENCE", 0.0)
    monkeypatch.setattr(background, "_spawn", lambda started: None)  # its process begins after 停止 was pressed
    assert commands.mail_drafts(), Scene.dialogs
    [drafting] = background.works()
    assert commands.stop()
    assert "已请「存草稿」停止" in last()
    assert worker.main([f"--work={drafting.folder}"]) == 0
    assert drafting.outcome is not None
    assert drafting.outcome.state == "stopped"
    assert commands.mail_drafts(), Scene.dialogs
    assert last().startswith("已按要求停止：共 3 封，已起草进发件箱 0 封（含没有变化的），写出草稿文件 0 个。")
    assert desk.states() == []
    monkeypatch.setattr(mail_work, "LONG_BATCH", 200)
    assert commands.mail_drafts(), Scene.dialogs
    assert last().startswith("新起草 3 封")


def test_what_was_looked_at_long_ago_is_looked_at_anew(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.mail_drafts()
    monkeypatch.setattr(mail_work, "LONG_BATCH", 2)
    monkeypatch.setattr(work, "PATIENCE", 0.0)
    assert commands.mail_send()
    [looking] = background.works()
    assert background.wait(looking, 60) is not None
    next(path for path in desk.out.rglob("XJ-00002*.docx")).unlink()  # meanwhile
    monkeypatch.setattr(guard, "now", lambda: MONDAY + dt.timedelta(hours=1))
    monkeypatch.setattr(work, "PATIENCE", 90.0)
    desk.answers(BY, "2")
    assert commands.mail_send(), Scene.dialogs
    assert "批准并发送 2 封" in Scene.dialogs[-2][0]
    assert sorted(desk.states()) == ["draft", "sent", "sent"]
