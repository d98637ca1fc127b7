"""Exactly one e-mail address, as it stands, or why not. Nothing is turned into another mailbox.

Stricter than RFC 5321: ASCII only (so no server needs SMTPUTF8), no quoted local part, no display name, no domain
literal. Only spaces around the address are taken off, and that is said.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

_OUTER = " \u00a0\u3000"
_SHOWN = 60  # characters of what was seen
_SEPARATORS = re.compile(r"[;,|/；，、｜／]")
_WIDE_MARKS = {"＠": "@", "﹫": "@", "。": ".", "．": ".", "｡": "."}
_ONE = "请在该单元格里只填一个完整的地址，例如 office@example.com。"
_RETYPE = "请切换到英文输入法，把地址重新录入一遍。"


@dataclass(frozen=True, slots=True)
class Address:
    """``value``: the one mailbox, ASCII, as typed; ``note``: what was taken off around it, in Chinese, or empty."""

    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class NoAddress:
    """Why a text is not exactly one address. ``seen`` shows what cannot be seen; the caller adds the cell."""

    seen: str
    reason: str
    remedy: str

    @property
    def sentence(self) -> str:
        """All three as one Chinese sentence."""
        return f"写的是「{self.seen}」，{self.reason}。{self.remedy}" if self.seen else f"{self.reason}。{self.remedy}"


def read_address(raw: str) -> Address | NoAddress:
    """The one address in ``raw``, or the first reason why there is none."""
    text = raw.strip(_OUTER)
    if not text:
        return NoAddress("", "没有填电子邮箱", _ONE)
    if wrong := _unseen(text) or _several(text) or _clothed(text) or _not_ascii(text) or _invalid(text):
        reason, remedy = wrong
        return NoAddress(shown(text), reason, remedy)
    return Address(text, "" if text == raw else "去掉了地址前后的空格")


def shown(text: str) -> str:
    """A text in which every character can be seen: control and invisible ones as ``<U+200B>``; cut when long."""
    seen = "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text[:_SHOWN])
    return seen + ("…" if len(text) > _SHOWN else "")


def _unseen(text: str) -> tuple[str, str] | None:
    """Line breaks first: they forge headers and recipients."""
    if re.search(r"[\r\n\v\f\x85\u2028\u2029]", text):
        return "地址里有换行", "请删去换行和多余的内容；" + _ONE
    for c in text:
        kind = unicodedata.category(c)
        if kind in ("Cc", "Cf", "Cs", "Co", "Cn"):
            return f"含有看不见的字符 U+{ord(c):04X}", "请不要粘贴，手工重新录入地址。"
    return None


def _several(text: str) -> tuple[str, str] | None:
    found = _SEPARATORS.search(text)
    signs = text.count("@") + text.count("＠") + text.count("﹫")
    if found:
        words = "写了不止一个地址" if signs > 1 else "含有分隔符"
        return f"{words}（{found.group()}）", "一封信只寄给一个邮箱；" + _ONE
    if signs > 1:
        return f"有{signs}个@，不是恰好一个地址", _ONE
    if signs == 0:
        return "没有@，不是电子邮箱", _ONE
    return None


def _clothed(text: str) -> tuple[str, str] | None:
    """Around one address stands something else."""
    if text.casefold().startswith("mailto:"):
        return "带有链接前缀 mailto:", "请去掉 mailto:，只留地址。"
    if re.search(r"[<>＜＞《》()（）]", text):
        return "带有姓名或括号", "请去掉姓名和括号，只留地址。"
    if re.search('["“”‘’「」＂]', text) or text[0] == "'" or text[-1] == "'":
        return "带有引号", "请去掉引号，只留地址。"
    if re.search(r"\s", text):
        return "地址中间有空格", "请删去空格，并核对地址是否完整。"
    if "[" in text:
        return "域名是方括号里的数字地址", "请改填有域名的邮箱。"
    return None


def _not_ascii(text: str) -> tuple[str, str] | None:
    if text.isascii():
        return None
    for wide, plain in _WIDE_MARKS.items():
        if wide in text:
            return f"含有全角或中文标点「{wide}」（应为 {plain}）", _RETYPE
    if re.search("[\uff01-\uff5e]", text):
        return "含有全角字母或数字", _RETYPE
    local, _, _ = text.partition("@")
    if local.isascii():
        return "域名含有中文或其他非英文字符", "请改填域名的英文写法（xn-- 开头），或改用单位的其他邮箱。"
    return "@前含有中文或其他非英文字符", _RETYPE


def _invalid(text: str) -> tuple[str, str] | None:
    local, _, domain = text.partition("@")
    if not local:
        return "@前没有内容", _ONE
    if not domain:
        return "@后没有域名", _ONE
    if len(local) > 64:
        return f"@前有{len(local)}个字符，超过64个", "请核对地址。"
    if len(text) > 254:
        return f"地址有{len(text)}个字符，超过254个", "请核对地址。"
    if text.endswith("."):
        return "地址末尾多了一个点", "请删去末尾的点。"
    if local.startswith(".") or local.endswith(".") or ".." in text or domain.startswith("."):
        return "点的位置不对（开头、@前或连着两个）", "请核对地址里的点。"
    if "." not in domain:
        return "域名不完整", "请补全域名，例如 office@example.com。"
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return _library(local, domain)
    return None


def _library(local: str, domain: str) -> tuple[str, str]:
    """What email-validator refuses beyond the above, by the half that it refuses."""
    try:
        validate_email(f"{local}@example.com", check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return "@前含有不能用的符号", "请核对@前的内容。"
    last = domain.rpartition(".")[2].casefold()
    if last in ("test", "invalid", "local", "localhost", "arpa", "onion"):
        return f"域名以 .{last} 结尾，收不到外来的邮件", "请改填能收外来邮件的邮箱。"
    return "域名不是有效的域名", "请核对@后的域名。"
