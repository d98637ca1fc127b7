"""One message to one recipient as frozen bytes, made once: kept, previewed, sent and sent again as they are.

7-bit with CRLF line ends, so no server needs 8BITMIME or SMTPUTF8 (RFC 5322, 2045). Equal inputs give equal bytes.
Headers are made by ``email.header.Header``: EmailMessage folds a long Chinese subject with spaces wrongly (CPython 3.11
loses or adds blanks between encoded words). An attachment's name stands twice: by RFC 2231 in Content-Disposition, and
as RFC 2047 words in Content-Type's ``name``, which older Outlook and Foxmail read.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.header import Header, decode_header, make_header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.policy import compat32
from email.utils import encode_rfc2231, format_datetime

from incubxl.mail.address import NoAddress, read_address

LIMIT = 20_000_000  # bytes as sent: what common servers take at least
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_KINDS = {
    ".docx": (DOCX, b"PK\x03\x04"),
    ".pdf": ("application/pdf", b"%PDF-"),
}
_NAME_BYTES = 240  # UTF-8 bytes of an attachment's name; RFC 5322 allows 998 characters a line
_SUBJECT_CHARACTERS = 150
# Control characters, surrogates, noncharacters, and the marks that turn the direction of what follows.
_BAD = (
    "\x00-\x1f\x7f-\x9f\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff"
    "\ufffe\uffff" + "".join(chr(0x10000 * n + 0xFFFE) + chr(0x10000 * n + 0xFFFF) for n in range(1, 17))
)
_BAD_LINE = re.compile(f"[{_BAD}]")
_BAD_TEXT = re.compile(f"(?![\n\t])[{_BAD}]")
_BAD_NAME = re.compile(r'[\\/:*?"<>|]')
_MESSAGE_ID = re.compile(r"<[0-9A-Za-z.]{1,80}@[0-9A-Za-z.-]{1,255}>")
_WIRE = compat32.clone(linesep="\r\n", max_line_length=None)  # headers are folded below, not once more


class MessageRefused(Exception):
    """No message. ``reasons`` are Chinese clauses, all of them at once."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("；".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A .docx or .pdf by the name that its reader sees."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says. ``text`` has LF line ends; its alternative is ``html``, made from the text where that is
    empty; ``date`` has a zone."""

    sender_name: str
    sender: str
    recipient: str
    subject: str
    text: str
    attachments: tuple[Attachment, ...]
    date: dt.datetime
    message_id: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Frozen:
    """The message as it goes over the wire, before dot-stuffing; ``sha256`` in hex."""

    data: bytes
    message_id: str
    sha256: str


def message_id(sender: str, recipient: str, *key: str | int) -> str:
    """The one Message-ID of a mail, at the sender's domain: SHA-256 over what identifies it (year, applicant, kind,
    round …) and over its recipient."""
    parts = json.dumps([*key, recipient]).encode()
    return f"<{hashlib.sha256(parts).hexdigest()[:40]}@{sender.rpartition('@')[2].lower()}>"


def build(letter: Letter, *, limit: int = LIMIT) -> Frozen:
    """The message. Raises MessageRefused; ValueError for a date without a zone or a malformed Message-ID."""
    if letter.date.tzinfo is None:
        raise ValueError("the date needs a time zone")
    if not _MESSAGE_ID.fullmatch(letter.message_id):
        raise ValueError(f"malformed Message-ID {letter.message_id!r}")
    if reasons := _refusals(letter):
        raise MessageRefused(reasons)
    # A boundary with "=_" cannot stand in base64, the only encoding below.
    mark = f"=_{hashlib.sha256(letter.message_id.encode()).hexdigest()[:24]}"
    words = MIMEMultipart("alternative", boundary=f"{mark}_a")
    words.attach(_part("text/plain; charset=utf-8", _canonical(letter.text)))
    words.attach(_part("text/html; charset=utf-8", _canonical(letter.html or as_html(letter.subject, letter.text))))
    mail = words
    if letter.attachments:
        mail = MIMEMultipart("mixed", boundary=f"{mark}_m")
        mail.attach(words)
        for attachment in letter.attachments:
            mail.attach(_attached(attachment))
    mail["From"] = f"{_words('From', letter.sender_name)}\n <{letter.sender}>"
    mail["To"] = letter.recipient
    mail["Subject"] = _words("Subject", letter.subject)
    mail["Date"] = format_datetime(letter.date)
    mail["Message-ID"] = letter.message_id
    mail["Content-Language"] = "zh-CN"
    data = mail.as_bytes(policy=_WIRE)
    if len(data) > limit:
        raise MessageRefused([f"邮件共{_mb(len(data))}，超过{_mb(limit)}的上限，请减少或压缩附件"])
    return Frozen(data, letter.message_id, hashlib.sha256(data).hexdigest())


def draft(frozen: Frozen) -> bytes:
    """The same message as an .eml that Outlook and Thunderbird open for editing and sending."""
    return b"X-Unsent: 1\r\n" + frozen.data


def for_self(data: bytes, address: str, token: str) -> bytes:
    """A copy of a frozen message for the office's own eyes: to ``address``, its subject marked 【测试】, its Message-ID
    another one; every other byte is the message's. Raises MessageRefused."""
    found = read_address(address)
    if isinstance(found, NoAddress) or found.value != address:
        raise MessageRefused([f"测试地址：{found.reason if isinstance(found, NoAddress) else '前后有空格'}"])
    head, _, body = data.partition(b"\r\n\r\n")
    fields = []
    for field in re.split(r"\r\n(?![ \t])", head.decode("ascii")):
        name, _, value = field.partition(": ")
        if name == "To":
            value = address
        elif name == "Subject":
            value = _words(name, f"【测试】{make_header(decode_header(value))}").replace("\n", "\r\n")
        elif name == "Message-ID":
            value = f"<test.{token}.{value[1:]}"
        fields.append(f"{name}: {value}")
    return "\r\n".join(fields).encode("ascii") + b"\r\n\r\n" + body


def as_html(title: str, text: str) -> str:
    """The text as HTML: a blank line parts paragraphs. Nothing is loaded from elsewhere."""
    blocks = re.split(r"\n[ \u3000]*\n+", text.strip("\n"))
    body = "".join(f"<p>{html.escape(block).replace(chr(10), '<br>')}</p>\n" for block in blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>\n'
        f'<body style="font-family:SimSun,serif;font-size:14pt;line-height:1.6">\n{body}</body></html>\n'
    )


def _refusals(letter: Letter) -> list[str]:
    found = []
    for what, address in (("发件地址", letter.sender), ("收件地址", letter.recipient)):
        read = read_address(address)
        if isinstance(read, NoAddress):
            found.append(f"{what}：{read.reason}")
        elif read.value != address:
            found.append(f"{what}前后有空格")
    found += _line("发件人名称", letter.sender_name) + _line("主题", letter.subject)
    if len(letter.subject) > _SUBJECT_CHARACTERS:
        found.append(f"主题有{len(letter.subject)}个字，超过{_SUBJECT_CHARACTERS}个")
    if not letter.text.strip():
        found.append("正文是空的")
    if bad := _BAD_TEXT.search(letter.text):
        found.append(f"正文第{letter.text.count(chr(10), 0, bad.start()) + 1}行含有不能使用的字符 {_code(bad)}")
    names = [attachment.name.casefold() for attachment in letter.attachments]
    for attachment in letter.attachments:
        found += _file(attachment)
        if names.count(attachment.name.casefold()) > 1:
            found.append(f"有两个附件都叫「{attachment.name}」")
    return list(dict.fromkeys(found))


def _line(what: str, text: str) -> list[str]:
    if bad := _BAD_LINE.search(text):
        return [f"{what}含有不能使用的字符 {_code(bad)}（第{bad.start() + 1}个字符）"]
    if not text.strip():
        return [f"{what}是空的"]
    return [f"{what}前后有空格"] if text != text.strip() else []


def _file(attachment: Attachment) -> list[str]:
    name = attachment.name
    if wrong := _line("附件名称", name):
        return wrong
    stem, dot, ending = name.rpartition(".")
    kind = _KINDS.get(f"{dot}{ending}".lower())
    if kind is None or not stem:
        return [f"附件「{name}」不是 .docx 或 .pdf 文件"]
    if _BAD_NAME.search(name):
        return [f"附件名称「{name}」含有文件名不能用的符号"]
    if len(name.encode()) > _NAME_BYTES:
        return [f"附件名称「{name[:20]}…」太长"]
    if not attachment.content.startswith(kind[1]):
        return [f"附件「{name}」{'的内容与扩展名不符' if attachment.content else '是空的'}"]
    return []


def _attached(attachment: Attachment) -> Message:
    name = attachment.name
    kind = _KINDS[f".{name.rpartition('.')[2].lower()}"][0]
    part = _part(f'{kind};\n name="{_words("name=", name)}"', attachment.content)
    part["Content-Disposition"] = f"attachment;\n filename*={encode_rfc2231(name, 'utf-8')}"
    return part


def _part(kind: str, content: bytes) -> Message:
    part = Message(policy=compat32)
    part["Content-Type"] = kind
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(content).decode("ascii"))
    return part


def _words(header: str, text: str) -> str:
    """RFC 2047 words, a line each, to stand after ``header``; always encoded, so that no quoting is needed."""
    return Header(text, "utf-8", maxlinelen=75, header_name=header).encode()


def _canonical(text: str) -> bytes:
    """Text as MIME wants it before encoding: CRLF line ends (RFC 2045 section 6.8)."""
    return text.replace("\n", "\r\n").encode()


def _code(found: re.Match[str]) -> str:
    return f"U+{ord(found.group()):04X}"


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
