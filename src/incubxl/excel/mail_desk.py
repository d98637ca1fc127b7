"""The office's mail account, what mail refuses, and what it finds, as buttons say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from incubxl.batch.mail_run import with_cell
from incubxl.excel.refused import RefusedError
from incubxl.issues import Issue
from incubxl.mail.findings import MailRefused
from incubxl.mail.settings import Credentials, MailAccount, SettingsRefused, read_account, read_credentials

_TOLD = 10  # findings in a message box
_STALE = frozenset(
    f"mail.{name}"
    for name in (
        "register_changed", "register_missing", "run_again", "pack_changed", "letter_missing", "letter_changed",
        "not_theirs", "no_address",
    )
)  # fmt: skip
_ANEW = "登记表改过、要改的：改好后保存工作簿，再依次点「生成」「存草稿」。内容没有变的邮件不用重新批准。"


@contextmanager
def refusals() -> Iterator[None]:
    """What the outbox, a run's folder or the account refuses becomes a RefusedError."""
    try:
        yield
    except MailRefused as error:
        raise RefusedError(with_cell(error.issue, remedy=False), error.issue.remedy) from error
    except SettingsRefused as error:
        raise RefusedError("；".join(error.reasons), "请改好发信账户，再点一次；没有发出任何邮件") from error


def account() -> MailAccount:
    """Raises RefusedError where there is none that serves."""
    with refusals():
        return read_account()


def login(account: MailAccount) -> Credentials | None:
    """Raises RefusedError where there is no password for it."""
    with refusals():
        return read_credentials(account)


def findings(issues: Sequence[Issue], head: str) -> list[str]:
    """The first findings, each with what to do; and which buttons bring changed letters up to date."""
    if not issues:
        return []
    lines = [head, *(f"　{with_cell(one)}" for one in issues[:_TOLD])]
    if len(issues) > _TOLD:
        lines.append(f"　……共 {len(issues)} 处；全部见命令行 incubxl mail preview 结果文件夹 --json。")
    return [*lines, _ANEW] if any(one.code in _STALE for one in issues) else lines
