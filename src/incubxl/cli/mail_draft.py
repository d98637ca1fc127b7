"""incubxl mail preview | drafts: nothing here is ever sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from incubxl.batch.mail_run import composing, draft_letters, in_outbox, line, operator, outbox_path
from incubxl.batch.mailing import Gathered, gather
from incubxl.blanks import names_nobody, says_nothing
from incubxl.cli.chinese import Exit
from incubxl.cli.mail_show import (
    SHOWN,
    code,
    count_row,
    issue_row,
    mail_row,
    print_json,
    refusing,
    say,
    tell_issues,
)
from incubxl.cli.show import fail, may_write, table, write_file
from incubxl.issues import Issue
from incubxl.mail.address import NoAddress, read_address
from incubxl.mail.check_sheet import TITLE, check_sheet
from incubxl.mail.compose import first_mail
from incubxl.mail.draft_files import FOLDER
from incubxl.mail.drafting import Drafted
from incubxl.mail.model import Addressed, Again, Mail, Relation, Unit
from incubxl.mail.outbox import Outbox, now
from incubxl.mail.settings import SettingsRefused, read_account
from incubxl.mail.sharing import names_at
from incubxl.mail.states import SENDABLE, WORDS
from incubxl.mask import mask


def _chosen(found: Gathered, ids: Sequence[str]) -> tuple[list[Addressed], list[str]]:
    """The letters of these applicants (of all), and ids that the run does not know."""
    if not ids:
        return list(found.letters), []
    known = {one.applicant for one in found.letters} | {i.applicant for i in found.issues}
    return [one for one in found.letters if one.applicant in ids], [id for id in ids if id not in known]


@refusing
def preview(
    out: Path,
    ids: Sequence[str],
    sender: str,
    sheet: Path | None,
    policies: Path | None,
    box: Path | None,
    *,
    as_json: bool,
) -> int:
    """Who would get what, and the first mail as it would read. ``sheet``: a workbook with the whole addresses."""
    if sheet is not None and not may_write(sheet, ".xlsx", TITLE):
        return Exit.INPUT
    found = gather(out, policies)
    letters, unknown = _chosen(found, ids)
    if unknown:
        return _unknown(unknown)
    issues = [i for i in found.issues if not ids or i.applicant in (*ids, "")]
    office = _sender(sender)
    if isinstance(office, int):
        return office
    compose = composing(*office, policies)
    first, unwritable = first_mail(letters, compose)
    held = in_outbox(outbox_path(box), letters)
    issues += [*held.issues, *unwritable.values()]
    rows = [(one, _held(held.mails.get(one))) for one in letters]
    if sheet is not None:
        unseen = {(one.source, one.cell) for one in letters if one.unseen}
        write_file(sheet, check_sheet(((one, held.mails.get(one)) for one in letters), now(), unseen))
        say(f"寄送核对表写在：{sheet}（含完整的收件地址，请妥善保管）")
    if as_json:
        body: dict[str, Any] = {
            "letters": [_letter_row(one, state) for one, state in rows],
            "issues": [issue_row(i) for i in issues],
            "first": {"subject": first.subject, "text": first.text} if first else None,
        }
        print_json(body)
        return code(issues)
    table(
        ("申报编号", "单位名称", "通知书", "收件地址", "出处", "发件箱"),
        [(o.applicant, o.name, o.label, mask(o.address), o.cell, s or "（没有）") for o, s in rows[:SHOWN]],
        "会寄出的通知书",
    )
    if len(rows) > SHOWN:
        say(f"……共 {len(rows)} 封；最后一封：{rows[-1][0].applicant} {rows[-1][0].name}")
    if first:
        say(f"第一封（{first.recipients[0] and mask(first.recipients[0])}）：")
        say(f"主题：{first.subject}\n附件：{'、'.join(first.attachments)}\n\n{first.text}")
    cannot = sum(i.severity != "info" for i in issues)
    tell_issues(issues, head=f"{cannot} 处不能寄：" if cannot else "另有：")
    states = {one: held.mails[one].state for one in letters if one in held.mails}
    barred = {*held.barred, *unwritable, *(one for one, state in states.items() if state not in ("draft", *SENDABLE))}
    say(f"可寄 {sum(one not in barred for one in letters)} 封，不能寄 {cannot} 处。这是预览，什么都没有起草、没有发。")
    return code(issues)


def _held(mail: Mail | None) -> str:
    return f"{WORDS[mail.state]}（第{mail.id}号）" if mail else ""


def _letter_row(one: Addressed, state: str) -> dict[str, Any]:
    return {
        "applicant": one.applicant,
        "name": one.name,
        "kind": one.kind,
        "label": one.label,
        "address": mask(one.address),
        "cell": one.cell,
        "letter": one.letter,
        "letter_sha256": one.sha256,
        "outbox": state,
    }


def _unknown(ids: Sequence[str]) -> int:
    return fail(f"这次运行没有「{'」「'.join(ids)}」的正式通知书", "请核对申报编号；没有结论的单位只有草稿，不能寄")


def _sender(given: str) -> tuple[str, str] | int:
    """The office's address and name: as given, or from the account; the exit code where there is none."""
    if given:
        read = read_address(given)
        return (
            fail(f"发件地址：{read.reason}", read.remedy.rstrip("。"))
            if isinstance(read, NoAddress)
            else (read.value, "")
        )
    try:
        account = read_account()
    except SettingsRefused as error:
        return fail("；".join(error.reasons), "改好发信账户；只写草稿的，也可以用 --from 给出发件地址")
    return account.sender_address, account.sender_name


@refusing
def drafts(
    out: Path,
    ids: Sequence[str],
    eml: Path | None,
    round: int,
    again: Relation | None,
    sharing: Sequence[str],
    units: tuple[Sequence[str], Sequence[str]],
    by: str,
    reason: str,
    sender: str,
    policies: Path | None,
    box: Path | None,
    *,
    as_json: bool,
) -> int:
    """Freeze the run's final letters into the outbox, and write them as .eml drafts. ``units``: applicants that are the
    same unit as the one that they look like, and those that are another."""
    same, other = units
    if (again or sharing or same or other or round > 1) and (names_nobody(by) or says_nothing(reason)):
        return fail("更正、补发、分批、共用邮箱、是不是同一单位须由人决定", "请写明 --by 姓名 和 --reason 理由")
    if both := sorted({*same} & {*other}):
        return fail(f"「{'」「'.join(both)}」既写了是同一单位，又写了是另一单位", "请只写一样")
    if again and not ids:
        return fail(f"没有写明给谁{again}", "请用 --id 写明申报编号，一次只办看过的几家")
    office = _sender(sender)
    if isinstance(office, int):
        return office
    found = gather(out, policies)
    letters, unknown = _chosen(found, ids)
    unknown += [id for id in (*same, *other) if id not in {one.applicant for one in letters}]
    if unknown:
        return _unknown(unknown)
    compose = composing(*office, policies)
    with Outbox(outbox_path(box)) as outbox:
        for one in sharing:
            key = one.strip().casefold()
            names = names_at(key, found.letters, outbox.mails())
            if not names:
                return fail(f"没有单位登记这个邮箱：{mask(one)}", "请照登记表写完整的地址")
            outbox.confirm_shared(key, names, by.strip(), reason.strip())
        wanted = Again(again, reason.strip(), by.strip()) if again else None
        for ids_, word in ((same, "是同一单位（改了名称）"), (other, "是另一单位")):
            if ids_:
                outbox.note(by.strip(), f"申报编号{'、'.join(ids_)}与疑似的那家：{word}；{reason.strip()}")
        known: dict[str, Unit] = {**dict.fromkeys(same, "same"), **dict.fromkeys(other, "other")}
        where, who = eml or out / FOLDER, operator(by)
        drafts = draft_letters(outbox, letters, compose, who, where, round=round, again=wanted, units=known)
        done, mails, written = drafts.done, drafts.mails, drafts.written
        if round > 1 and done.added:
            outbox.note(by.strip(), f"起草第{round}批 {len(done.added)} 封：{reason.strip()}")
        issues = [*(i for i in found.issues if not ids or i.applicant in (*ids, "")), *done.issues]
        if as_json:
            print_json({
                "added": [mail_row(mails[id]) for id in done.added],
                "replaced": [mail_row(mails[id]) for id in done.replaced],
                "kept": [mail_row(mails[id]) for id in done.kept],
                "issues": [issue_row(i) for i in issues],
                "counts": count_row(outbox),
                "eml": [str(path) for path in written],
                "check_sheet": str(drafts.sheet or ""),
                "stopped": drafts.stopped,
            })  # fmt: skip
            return Exit.CANCELLED if drafts.stopped else code(issues)
        _tell(done, mails, issues, written, eml or out / FOLDER)
        if drafts.stopped:
            say(drafts.stopping(len(letters)))
        if drafts.sheet:
            say(f"批准以前请核对：{drafts.sheet}（含完整的收件地址，请妥善保管）")
    return Exit.CANCELLED if drafts.stopped else code(issues)


def _tell(
    done: Drafted, mails: Mapping[int, Mail], issues: Sequence[Issue], written: Sequence[Path], folder: Path
) -> None:
    for head, ids in (("新起草", done.added), ("有变化、重新起草（须重新批准）", done.replaced)):
        if ids:
            say(f"{head} {len(ids)} 封：")
            for id in ids[:SHOWN]:
                say(f"  {line(mails[id])}")
            if len(ids) > SHOWN:
                say(f"  …… 最后一封：{line(mails[ids[-1]])}")
    if done.kept:
        say(f"没有变化 {len(done.kept)} 封，保持原来的状态。")
    cannot = sum(i.severity != "info" for i in issues)
    tell_issues(issues, head=f"{cannot} 处没有起草：" if cannot else "另有：")
    if written:
        say(f"草稿文件 {len(written)} 个在：{folder}（双击可在 Outlook 中打开查看）")
    if any(mails[id].state == "draft" for id in done.ids):
        say("还没有发送。请看过草稿，再运行：incubxl mail approve --all --by 姓名；然后 incubxl mail send --by 姓名")
        say("用程序发送的，不要再从 .eml 草稿手工发送，否则对方会收到两封。")
