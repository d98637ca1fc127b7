"""Servers, certificates and sessions of the mail tests; everything is on this machine."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from incubxl.mail.settings import Credentials, account
from incubxl.mail.transport import MailSession
from tests.mail.server import PASSWORD, USER, Certificates, certificates


@pytest.fixture(scope="session")
def certs(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Good and bad server certificates."""
    return certificates(tmp_path_factory.mktemp("certificates"))


def credentials(password: str = PASSWORD) -> Credentials:
    """The login that the test server knows."""
    return Credentials(USER, SecretStr(password))


def session(port: int, *, plain: bool = False, login: bool = False, **changed: Any) -> MailSession:
    """A session with short waits; ``changed``: fields of the account, and options of the session."""
    options = {name: changed.pop(name) for name in ("per_connection", "connects", "pause") if name in changed}
    values: dict[str, Any] = {
        "host": "127.0.0.1", "port": port, "security": "implicit", "sender_name": "天山市科学技术局",
        "sender_address": "office@example.com", "timeout_seconds": 5, "final_timeout_seconds": 5,
    }  # fmt: skip
    password = changed.pop("password", PASSWORD)
    options.setdefault("pause", lambda seconds: None)
    found = credentials(password) if login else None
    return MailSession(account(values | changed), found, plain_loopback=plain, **options)
