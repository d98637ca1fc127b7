"""The states of a mail in the outbox and the only ways between them."""

from __future__ import annotations

from typing import Literal

State = Literal["draft", "approved", "sending", "sent", "retry", "failed", "unknown"]

WORDS: dict[State, str] = {
    "draft": "待批准",
    "approved": "已批准",
    "sending": "正在发送",
    "sent": "已发出",
    "retry": "待重试",
    "failed": "未发成",
    "unknown": "不明",
}
BEFORE = "新"  # before the first state


def word(state: str) -> str:
    """A state of the history in Chinese; it begins with none."""
    return next((said for known, said in WORDS.items() if known == state), BEFORE)


MEANING: dict[State, str] = {
    "draft": "内容已定稿，还没有人批准，不会发出",
    "approved": "有人署名批准，等待发送",
    "sending": "正在交给邮件服务器",
    "sent": "邮件服务器已经收下",
    "retry": "服务器暂时没有收，或没有连上；确定没有发出，可以再发",
    "failed": "服务器拒收，或已查实没有送达；改正后重新起草，或由人决定再试",
    "unknown": "交给服务器时中断，不知道收下没有；程序不会自行重发，须由人核实",
}
# Only unknown → sent | failed settles what nobody knows, and only a person with evidence does it (mail reconcile).
TRANSITIONS: dict[State, tuple[State, ...]] = {
    "draft": ("approved",),
    "approved": ("draft", "sending"),
    "sending": ("sent", "retry", "failed", "unknown"),
    "sent": (),
    "retry": ("draft", "sending", "failed", "retry"),  # the last: a person will not wait for the time
    "failed": ("draft", "retry"),
    "unknown": ("sent", "failed"),
}
SENDABLE: tuple[State, ...] = ("approved", "retry")
PENDING: tuple[State, ...] = ("draft", "approved", "sending", "retry")
MAY_HAVE_LEFT: tuple[State, ...] = ("sending", "sent", "unknown")  # the applicant may have it, or get it yet
