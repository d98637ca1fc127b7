"""A mail server on this machine with the account that a user of it has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.mail.server import PASSWORD, USER, Certificates, Server, running


@contextmanager
def served(certs: Certificates, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server runs; ``home`` (INCUBXL_HOME) holds the account, the environment its password."""
    monkeypatch.setenv("INCUBXL_HOME", str(home))
    monkeypatch.setenv("INCUBXL_MAIL_PASSWORD", PASSWORD)
    monkeypatch.delenv("INCUBXL_OUTBOX", raising=False)
    home.mkdir(parents=True, exist_ok=True)
    with running(implicit=certs.good, auth=True) as server:
        account = {
            "host": "127.0.0.1", "port": server.port, "security": "implicit", "sender_name": "示例市科学技术局",
            "sender_address": USER, "ca_file": str(certs.authority), "per_minute": 600, "timeout_seconds": 5,
            "final_timeout_seconds": 5,
        }  # fmt: skip
        text = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in account.items())
        (home / "mail.toml").write_text(text, encoding="utf-8")
        yield server
