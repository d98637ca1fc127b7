"""What two independent readers find in a message: Python's parser and Perl's Email::MIME."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest

_READER = Path(__file__).with_name("read_mail.pl")


def python_reads(data: bytes) -> dict[str, Any]:
    """By the standard library."""
    mail = message_from_bytes(data, policy=SMTP)
    assert isinstance(mail, EmailMessage) and not mail.defects
    raw = message_from_bytes(data)  # its reader of headers puts no blank between two encoded words of a name
    bodies = [mail.get_body((kind,)) for kind in ("plain", "html")]
    name, address = parseaddr(raw["From"])
    return {
        "from": (str(make_header(decode_header(name))), address),
        "to": [a.addr_spec for a in mail["To"].addresses],
        "subject": str(mail["Subject"]),
        "date": mail["Date"].datetime,
        "message-id": str(mail["Message-ID"]),
        "bodies": [body.get_content().replace("\r\n", "\n") for body in bodies if body is not None],
        "files": [
            (
                part.get_filename(),
                # Python joins the words of a quoted parameter only when asked
                str(make_header(decode_header(str(raw_part.get_param("name"))))),
                hashlib.sha256(part.get_payload(decode=True)).hexdigest(),
            )
            for part, raw_part in zip(mail.walk(), raw.walk(), strict=True)
            if part.get_content_disposition() == "attachment"
        ],
    }


def perl_reads(files: list[Path]) -> list[dict[str, Any]]:
    """By Email::MIME (Debian: libemail-mime-perl)."""
    perl = shutil.which("perl")
    have = perl and subprocess.run([perl, "-MEmail::MIME", "-e1"], capture_output=True, timeout=30, check=False)
    if not have or have.returncode:
        pytest.skip("Perl's Email::MIME is not installed (libemail-mime-perl)")
    done = subprocess.run([str(perl), str(_READER), *map(str, files)], capture_output=True, timeout=120, check=True)
    assert not done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
