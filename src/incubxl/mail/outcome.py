"""What became of a mail: from the phase and the server's reply to an outcome, and the words for it.

The table is docs/mail-delivery.md; the rules are RFC 5321's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["sent", "deferred", "refused", "unsent", "uncertain"]
Phase = Literal[
    "check", "connect", "tls", "greeting", "ehlo", "starttls", "auth", "reset", "mail", "rcpt", "data", "content",
    "answer",
]  # fmt: skip
_SESSION: frozenset[Phase] = frozenset(("connect", "tls", "greeting", "ehlo", "starttls", "auth", "reset"))
_GIVEN: frozenset[Phase] = frozenset(("content", "answer"))

PHASE_WORDS: dict[Phase, str] = {
    "check": "投递前核对",
    "connect": "连接服务器",
    "tls": "建立加密连接",
    "greeting": "等待服务器问候",
    "ehlo": "与服务器互报身份",
    "starttls": "要求加密",
    "auth": "登录",
    "reset": "沿用已有的连接",
    "mail": "报出发件地址",
    "rcpt": "报出收件地址",
    "data": "请求递交内容",
    "content": "递交内容",
    "answer": "等待服务器收下",
}
_MEANING: dict[Outcome, str] = {
    "sent": "服务器已经收下",
    "deferred": "服务器暂时不收，这一次没有发出，可以稍后再试",
    "refused": "不能发出，需要改正",
    "unsent": "没有发出，可以再试",
    "uncertain": "不知道服务器收下没有，不能自动再发",
}
# What a permanent refusal in this phase is about (RFC 5321 4.2.2, 4.3.2).
_REFUSED: dict[Phase, str] = {
    "mail": "服务器不接受这个发件地址",
    "rcpt": "服务器不接受这个收件地址",
    "data": "服务器不接受这封信",
    "answer": "服务器看过内容以后拒收",
}
_TOO_LARGE = 552


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one mail. ``code``: the server's reply code, if that decided; ``words``: what the server or the
    system said, one line, addresses masked; ``reason``: a Chinese sentence without addresses."""

    outcome: Outcome
    phase: Phase
    code: int | None
    words: str
    reason: str

    @property
    def about_session(self) -> bool:
        """Whether the fault is the account's, the server's or the network's: the next mail would meet it too."""
        return self.phase in _SESSION


def outcome(phase: Phase, code: int | None) -> Outcome:
    """By phase and reply code; ``code`` None: no valid reply came."""
    if phase == "check":
        return "refused"
    if phase in _SESSION:
        return "unsent"
    digit = code // 100 if code is not None else 0
    if digit == 4:
        return "deferred"
    if digit == 5:
        return "refused"
    if phase in _GIVEN:
        return "sent" if phase == "answer" and digit == 2 else "uncertain"
    return "unsent"


def delivery(phase: Phase, code: int | None, words: str, why: str = "") -> Delivery:
    """The outcome with its sentence. ``why``: what is known about the cause, in Chinese."""
    became = outcome(phase, code)
    if became == "sent":
        return Delivery(became, phase, code, words, f"{_MEANING[became]}。")
    return Delivery(
        became, phase, code, words, f"{PHASE_WORDS[phase]}时：{_known(phase, code, why)}{_MEANING[became]}。"
    )


def _known(phase: Phase, code: int | None, why: str) -> str:
    if code is None:
        return f"{why}，" if why else ""
    if code == _TOO_LARGE:
        why = "信太大，或对方邮箱已满"
    elif code // 100 == 5:
        why = why or _REFUSED.get(phase, "")
    return f"{why}（服务器答复 {code}），" if why else f"服务器答复 {code}，"
