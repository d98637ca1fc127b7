"""A letter of a fictional office, for the tests of this room."""

from __future__ import annotations

import datetime as dt
from typing import Any

from incubxl.mail.message import Attachment, Letter, message_id

SENDER = "office@example.com"
RECIPIENT = "apply@example.org"
DOCX = b"PK\x03\x04" + bytes(range(256)) * 8
BEIJING = dt.timezone(dt.timedelta(hours=8))


def letter(**changed: Any) -> Letter:
    """A complete letter; ``changed`` fields differ."""
    values: dict[str, Any] = {
        "sender_name": "天山市科学技术局",
        "sender": SENDER,
        "recipient": RECIPIENT,
        "subject": "关于天山某某众创空间认定结果的通知",
        "text": "天山某某众创空间：\n\n　　现将认定结果通知你们，详见附件。\n.\n..两个点\n\n天山市科学技术局\n",
        "attachments": (Attachment("认定结果通知（2026年第5号）.docx", DOCX),),
        "date": dt.datetime(2026, 5, 6, 9, 0, tzinfo=BEIJING),
    }
    values |= changed
    values.setdefault("message_id", message_id(values["sender"], values["recipient"], 2026, "A001", "recognition", 1))
    return Letter(**values)
