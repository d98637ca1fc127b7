"""The account from the user's own file; the password from environment or keyring only, and never shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError, PasswordSetError

from incubxl.issues import Issue
from incubxl.mail.settings import (
    EXAMPLE,
    MailAccount,
    SettingsRefused,
    account,
    read_account,
    read_credentials,
    settings_file,
)
from incubxl.mail.trial import trial_address
from tests.conftest import ROOT

GOOD: dict[str, Any] = {
    "host": "smtp.example.com", "port": 465, "security": "implicit", "sender_name": "天山市科学技术局",
    "sender_address": "office@example.com",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path))
    monkeypatch.delenv("INCUBXL_MAIL_USER", raising=False)
    monkeypatch.delenv("INCUBXL_MAIL_PASSWORD", raising=False)


class _Ring(KeyringBackend):
    priority = 1  # type: ignore[assignment]

    def __init__(self, held: dict[tuple[str, str], str], error: Exception | None = None) -> None:
        super().__init__()
        self.held, self.error = held, error

    def get_password(self, service: str, username: str) -> str | None:
        if self.error:
            raise self.error
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError


@pytest.fixture
def ring() -> Any:
    """Put a keyring in place, and the old one back."""
    before = keyring.get_keyring()
    yield lambda held, error=None: keyring.set_keyring(_Ring(held, error))
    keyring.set_keyring(before)


def test_the_example_is_an_account_and_stands_in_the_documentation() -> None:
    settings_file().write_text(EXAMPLE, encoding="utf-8")
    read = read_account()
    assert (read.host, read.port, read.security) == ("smtp.example.com", 465, "implicit")
    assert (read.timeout_seconds, read.final_timeout_seconds, read.per_minute) == (60, 600, 20)
    assert EXAMPLE in (ROOT / "docs" / "mail-account.md").read_text(encoding="utf-8")


def test_the_file_may_begin_with_a_mark_as_notepad_writes_it() -> None:
    settings_file().write_text(EXAMPLE, encoding="utf-8-sig")
    assert read_account().sender_address == "office@example.com"


def test_where_the_file_stands_without_an_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("INCUBXL_HOME")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mail.toml").write_text(EXAMPLE, encoding="utf-8")  # beside the workbook: never read
    assert settings_file().parent != tmp_path
    assert settings_file().name == "mail.toml" and settings_file().parent.name == "incubxl"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "还没有设置发信账户"),
        ("host = smtp.example.com", "写法不对"),
        (b"host = '\xff\xfe'", "不是 UTF-8"),
        ("", "发信账户的发信服务器（host）没有填"),
    ],
)
def test_a_missing_or_broken_file(text: str | bytes | None, why: str) -> None:
    if text is not None:
        settings_file().write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsRefused) as refused:
        read_account()
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"security": "none"}, "应为implicit 或 starttls；没有不加密的方式"),
        ({"security": "plain"}, "没有不加密的方式"),
        ({"plain_loopback": True}, "没有「plain_loopback」这一项"),
        ({"verify": False}, "没有「verify」这一项"),
        ({"password": "open-sesame"}, "不能写密码（password）"),
        ({"smtp_passwd": "open-sesame"}, "不能写密码（smtp_passwd）"),
        ({"密码": "open-sesame"}, "不能写密码（密码）"),
        ({"授权码": "open-sesame"}, "不能写密码（授权码）"),
        ({"host": "https://smtp.example.com"}, "发信服务器（host）写得不对"),
        ({"host": "smtp.example.com\nX"}, "发信服务器（host）写得不对"),
        ({"port": 0}, "端口（port）写得不对"),
        ({"sender_address": "a@example.com;b@example.com"}, "发件地址（sender_address）写得不对"),
        ({"sender_address": " a@example.com"}, "发件地址（sender_address）写得不对"),
        ({"sender_name": "局\nBcc: x"}, "发件人名称（sender_name）写得不对"),
        ({"sender_name": ""}, "发件人名称（sender_name）写得不对"),
        ({"timeout_seconds": 0}, "每步等待秒数"),
        ({"timeout_seconds": float("inf")}, "每步等待秒数"),
        ({"timeout_seconds": float("nan")}, "每步等待秒数"),
        ({"per_minute": 0}, "每分钟封数"),
    ],
)
def test_what_no_account_may_say(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        account(GOOD | changed)
    assert len(refused.value.reasons) == 1 and why in refused.value.reasons[0]
    assert "open-sesame" not in repr(refused.value)


def test_all_wrong_fields_at_once() -> None:
    with pytest.raises(SettingsRefused) as refused:
        account({"security": "none", "password": "open-sesame"})
    assert len(refused.value.reasons) == 6


def test_environment_goes_before_the_keyring(monkeypatch: pytest.MonkeyPatch, ring: Any) -> None:
    ring({("incubxl-mail", "office@example.com"): "from the ring"})
    found = read_credentials(account(GOOD))
    assert found is not None
    assert (found.user, found.password.get_secret_value()) == ("office@example.com", "from the ring")
    monkeypatch.setenv("INCUBXL_MAIL_USER", "login")
    monkeypatch.setenv("INCUBXL_MAIL_PASSWORD", "open-sesame")
    found = read_credentials(account(GOOD))
    assert found is not None
    assert (found.user, found.password.get_secret_value()) == ("login", "open-sesame")
    assert "open-sesame" not in repr(found) + str(found)


def test_the_login_name_of_the_account_is_asked_of_the_keyring(ring: Any) -> None:
    ring({("incubxl-mail", "kjj"): "from the ring"})
    found = read_credentials(account(GOOD | {"login": "kjj"}))
    assert found is not None and found.user == "kjj"


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (NoKeyringError(), "没有系统密钥环"),
        (KeyringLocked(), "是锁着的"),
        (PasswordSetError("open-sesame"), "读不出来（PasswordSetError）"),
        (None, "请运行 keyring set incubxl-mail office@example.com"),
    ],
)
def test_a_keyring_that_gives_nothing_is_explained(error: Exception | None, why: str, ring: Any) -> None:
    ring({}, error)
    with pytest.raises(SettingsRefused) as refused:
        read_credentials(account(GOOD))
    assert why in str(refused.value) and "INCUBXL_MAIL_PASSWORD" in str(refused.value)
    assert "open-sesame" not in str(refused.value)


def test_no_login_where_the_account_wants_none(ring: Any) -> None:
    ring({}, NoKeyringError())
    assert read_credentials(account(GOOD | {"authentication": "none"})) is None


@pytest.mark.parametrize("password", ["ｐassword", "口令", "a\nb"])
def test_a_password_that_no_server_can_take(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCUBXL_MAIL_PASSWORD", password)
    with pytest.raises(SettingsRefused, match="全角或看不见的字符") as refused:
        read_credentials(account(GOOD))
    assert password not in str(refused.value)


def test_an_account_does_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        account(GOOD).host = "other.example.com"  # type: ignore[misc]
    assert isinstance(account(GOOD), MailAccount)


@pytest.mark.parametrize(
    ("given", "reason"),
    [("other@example.com", "test_addresses"), ("a@example.com;b@example.com", "不止一个"), ("", "")],
)
def test_a_trial_goes_to_the_account_s_addresses_only(given: str, reason: str) -> None:
    own = account(GOOD | {"test_addresses": ["li@example.com"]})
    assert trial_address("LI@example.com", own, []) == "LI@example.com"
    assert trial_address(own.sender_address, own, []) == own.sender_address
    found = trial_address(given, own, [])
    assert isinstance(found, Issue)
    assert found.code == "mail.trial_address"
    assert reason in found.message
    with pytest.raises(SettingsRefused, match="试发地址"):
        account(GOOD | {"test_addresses": ["two@example.com;three@example.com"]})
