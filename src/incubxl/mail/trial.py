"""A trial goes to the office itself: to the account's own address or one that the account lists, to nobody else."""

from __future__ import annotations

from collections.abc import Iterable

from incubxl.grid import Place
from incubxl.issues import Issue, issue, register
from incubxl.mail.address import NoAddress, read_address
from incubxl.mail.model import Mail
from incubxl.mail.settings import MailAccount
from incubxl.mask import mask

register(
    "mail.trial_address",
    "error",
    "不能试发到「{address}」：{reason}",
    "请用发信账户自己的地址；要用别的，先写进 mail.toml 的 test_addresses，写法见 docs/mail-account.md",
    "把一家单位的通知书试发到另一家单位的邮箱",
)


def trial_address(given: str, account: MailAccount, mails: Iterable[Mail]) -> str | Issue:
    """The address that a trial goes to, or why none does. An applicant's address is never one."""
    read = read_address(given)
    if isinstance(read, NoAddress):
        return issue("mail.trial_address", Place(), applicant="", address="所给的地址", reason=read.reason.rstrip("。"))
    key = read.value.casefold()
    reason = ""
    if any(mail.address_key == key for mail in mails):
        reason = "发件箱里有要寄到这个地址的邮件，它是收件单位的地址"
    elif key not in {own.casefold() for own in (account.sender_address, *account.test_addresses)}:
        reason = "它不是发信账户的地址，也没有列入 test_addresses"
    return (
        issue("mail.trial_address", Place(), applicant="", address=mask(read.value), reason=reason)
        if reason
        else read.value
    )
