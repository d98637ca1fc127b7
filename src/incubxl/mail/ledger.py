"""发送台账: the outbox as sheets for the office, whole addresses included. Keep it like the register itself."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from incubxl.files.write import Properties, render
from incubxl.mail.model import Mail, Step
from incubxl.mail.outbox import Outbox
from incubxl.mail.states import MEANING, PENDING, WORDS, State, word
from incubxl.plan import Block, Column, SheetPlan, Value

LEDGER = "发送台账.xlsx"


def ledger_of(outbox: Outbox, letters: Collection[str]) -> bytes | None:
    """The mails that carried one of ``letters`` (SHA-256), as they stood at their last step; None where there are none.

    The same mails give the same bytes.
    """
    mails = [mail for mail in outbox.mails() if mail.letter_sha256 in letters]
    if not mails:
        return None
    ids = {mail.id for mail in mails}
    steps = [step for step in outbox.history() if step.mail in ids]
    at = dt.datetime.fromisoformat(max(step.at for step in steps)).replace(tzinfo=None)
    return render(
        [_mails(mails, steps, at), _proofs(mails), _steps(mails, steps)], properties=Properties("发送台账", at)
    )


def ledger(outbox: Outbox, at: dt.datetime) -> bytes:
    """The workbook: every mail with its last state, every step, and what else was done."""
    mails, steps = outbox.mails(), outbox.history()
    plans = [_mails(mails, steps, at), _proofs(mails), _steps(mails, steps), _events(outbox.events())]
    return render(plans, properties=Properties("发送台账", at))


def totals(counts: Counter[State]) -> str:
    """``共 12 封：已发出 9，未发成 1，不明 1，待发 1``: the parts add up to the whole."""
    pending = sum(counts[state] for state in PENDING)
    return (
        f"共 {sum(counts.values())} 封：已发出 {counts['sent']}，未发成 {counts['failed']}，"
        f"不明 {counts['unknown']}，待发 {pending}"
    )


def _mails(mails: Sequence[Mail], steps: Sequence[Step], at: dt.datetime) -> SheetPlan:
    when: dict[int, dict[str, Step]] = defaultdict(dict)
    for step in steps:
        when[step.mail][step.after] = step
    meaning = "；".join(f"{WORDS[state]}：{MEANING[state]}" for state in WORDS)
    columns = (
        Column("邮件编号", "integer"), Column("状态", words=True, note=meaning), Column("申报编号"), Column("单位名称"),
        Column("通知书"), Column("更正补发"), Column("收件地址"), Column("地址出处"), Column("批准人"),
        Column("批准时间"), Column("发出时间"), Column("最近情况"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for m in mails:
        approved, sent = when[m.id].get("approved"), when[m.id].get("sent")
        signed = (approved.who, approved.at) if approved else ("", "")
        name = f"{m.name}（寄{m.reader}）" if m.reader else m.name
        again = _again(m, next((one for one in mails if one.id == m.relates_to), None), when) if m.relation else ""
        rows.append((
            m.id, WORDS[m.state], m.applicant, name, m.label, again, m.address, m.cell, *signed,
            sent.at if sent else "", f"{m.at} {m.who} {m.why}",
        ))  # fmt: skip
    widths = (7.0, 9.0, 12.0, 32.0, 12.0, 22.0, 28.0, 15.0, 9.0, 12.0, 12.0, 44.0)
    lines = (
        f"制表时间 {at:%Y-%m-%d %H:%M:%S}",
        totals(Counter(m.state for m in mails)),
        "本表含完整的收件地址，请按登记表同样的要求保管。",
    )
    return SheetPlan("发送台账", "发送台账", "", widths, (Block(columns, rows, empty="还没有邮件"),), lines, 0, 2, "A3")


def _again(mail: Mail, first: Mail | None, when: Mapping[int, Mapping[str, Step]]) -> str:
    """Which mail it repeats: its number, the letter's 文号 and when it was sent."""
    sent = when.get(first.id, {}).get("sent") if first else None
    about = [part for part in (first.letter_key if first else "", f"{sent.at[:10]} 发出" if sent else "") if part]
    return f"{mail.relation}第{mail.relates_to}号（{'，'.join(about)}）：{mail.relation_why}（{mail.relation_by}）"


def _proofs(mails: Sequence[Mail]) -> SheetPlan:
    """What shows that a mail carried this letter, and finds it in a server's log."""
    columns = (
        Column("邮件编号", "integer"), Column("办法"), Column("申报年度", "integer"), Column("批次", "integer"),
        Column("单位名称"), Column("统一社会信用代码"), Column("主题"), Column("附件"), Column("附件校验值"),
        Column("邮件标识"), Column("次数", "integer"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (m.id, m.pack, m.year, m.round, m.name, m.code, m.subject, m.letter, m.letter_sha256, m.message_id, m.attempts)
        for m in mails
    ]
    widths = (7.0, 20.0, 9.0, 6.0, 30.0, 22.0, 36.0, 36.0, 34.0, 34.0, 6.0)
    return SheetPlan("核对资料", "核对资料", "", widths, (Block(columns, rows, empty="没有"),), (), 0, 1, "A3")


def _steps(mails: Sequence[Mail], steps: Sequence[Step]) -> SheetPlan:
    names = {m.id: m for m in mails}
    columns = (
        Column("邮件编号", "integer"), Column("单位名称"), Column("通知书"), Column("时间"), Column("从"), Column("到"),
        Column("操作人"), Column("原因"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (s.mail, names[s.mail].name, names[s.mail].label, s.at, word(s.before), word(s.after), s.who, s.why)
        for s in steps
    ]
    widths = (9.0, 34.0, 14.0, 20.0, 10.0, 10.0, 12.0, 70.0)
    return SheetPlan("经过", "经过", "", widths, (Block(columns, rows, empty="没有"),), (), 0, 1, "A3")


def _events(events: Sequence[tuple[str, str, str]]) -> SheetPlan:
    block = Block((Column("时间"), Column("操作人"), Column("事项")), list(events), empty="没有")
    return SheetPlan("其他事项", "其他事项", "", (20.0, 12.0, 90.0), (block,))
