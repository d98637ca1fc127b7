"""The mail account of this user: ``mail.toml`` in the user's own settings folder, never beside a workbook.

The password is not in it: it comes from the environment or from the system's keyring. There is no unencrypted mode.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from incubxl.mail.address import NoAddress, read_address

SERVICE = "incubxl-mail"  # the keyring's name for our passwords
USER, PASSWORD = "INCUBXL_MAIL_USER", "INCUBXL_MAIL_PASSWORD"

EXAMPLE = """\
# 发信账户。密码不要写在这里：存入系统密钥环（keyring set incubxl-mail 登录名），
# 或设环境变量 INCUBXL_MAIL_PASSWORD。
host = "smtp.example.com"                # 发信服务器
port = 465                               # implicit 一般是 465，starttls 一般是 587
security = "implicit"                    # implicit（一连接就加密）或 starttls
sender_name = "某某市科学技术局"          # 收件人看到的发件人
sender_address = "office@example.com"
# login = "office@example.com"           # 登录名与发件地址不同时填写
# authentication = "none"                # 只有单位内部免登录的服务器才这样写
# timeout_seconds = 60                   # 每一步最多等多少秒
# per_minute = 20                        # 每分钟最多发几封
# ca_file = "/etc/ssl/单位根证书.pem"      # 单位自建的证书机构
# test_addresses = ["li@example.com"]    # 除发件地址外，还可以试发到的本单位邮箱
"""


class SettingsRefused(Exception):
    """The account cannot be used. ``reasons`` are Chinese clauses, all at once; no value of a secret is in them."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("；".join(reasons))
        self.reasons = tuple(reasons)


def _one_address(value: str) -> str:
    found = read_address(value)
    if isinstance(found, NoAddress) or found.value != value:
        raise ValueError("not exactly one address")
    return value


def _one_line(value: str) -> str:
    if not value.isprintable() or value != value.strip():
        raise ValueError("not one printable line")
    return value


Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9:]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$")]
Address = Annotated[str, AfterValidator(_one_address)]
Line = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_one_line)]


class MailAccount(BaseModel):
    """How to reach the server, and as whom. ``final_timeout_seconds``: how long the server may take to accept a whole
    message (RFC 5321 4.5.3.2.6 wants 10 minutes; a shorter wait leaves more mails uncertain)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    host: Host
    port: int = Field(ge=1, le=65535)
    security: Literal["starttls", "implicit"]
    sender_name: Line
    sender_address: Address
    login: Annotated[str, Field(max_length=254), AfterValidator(_one_line)] = ""
    authentication: Literal["password", "none"] = "password"
    timeout_seconds: float = Field(default=60, ge=1, le=300)
    final_timeout_seconds: float = Field(default=600, ge=1, le=1800)
    per_minute: int = Field(default=20, ge=1, le=600)
    ca_file: Path | None = None
    test_addresses: tuple[Address, ...] = ()  # of the office itself, where trials may go beside sender_address


@dataclass(frozen=True, slots=True)
class Credentials:
    """A login; the password does not show in ``repr``."""

    user: str
    password: SecretStr


_FIELDS = {
    "host": ("发信服务器", "服务器域名，例如 smtp.example.com"),
    "port": ("端口", "1 到 65535 的整数，一般是 465 或 587"),
    "security": ("加密方式", "implicit 或 starttls；没有不加密的方式"),
    "sender_name": ("发件人名称", "1 到 80 个字，一行"),
    "sender_address": ("发件地址", "恰好一个地址，例如 office@example.com"),
    "login": ("登录名", "一行文字"),
    "authentication": ("登录方式", "password 或 none"),
    "timeout_seconds": ("每步等待秒数", "1 到 300"),
    "final_timeout_seconds": ("等待服务器收下的秒数", "1 到 1800"),
    "per_minute": ("每分钟封数", "1 到 600 的整数"),
    "ca_file": ("证书机构文件", "PEM 文件的路径"),
    "test_addresses": ("试发地址", '方括号里的一个或几个地址，例如 ["li@example.com"]'),
}


def settings_file() -> Path:
    """Where the account stands. INCUBXL_HOME puts the user's folder elsewhere."""
    own = os.environ.get("INCUBXL_HOME")
    return (Path(own) if own else platformdirs.user_config_path("incubxl", appauthor=False)) / "mail.toml"


def read_account() -> MailAccount:
    """The account as the user set it. Raises SettingsRefused."""
    path = settings_file()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SettingsRefused([f"还没有设置发信账户，请建立「{path}」，写法见 docs/mail-account.md"]) from None
    except (OSError, UnicodeDecodeError) as error:
        why = "不是 UTF-8 文本" if isinstance(error, UnicodeDecodeError) else "打不开"
        raise SettingsRefused([f"发信账户「{path}」{why}"]) from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # the library's words name line and column only, never the text
        raise SettingsRefused([f"发信账户「{path}」的写法不对：{error}；文字要写在英文引号里"]) from None
    return account(values)


def account(values: Mapping[str, Any]) -> MailAccount:
    """The account from its fields. Raises SettingsRefused with every wrong field; values are not repeated."""
    try:
        return MailAccount.model_validate(values)
    except ValidationError as error:
        raise SettingsRefused(
            list(dict.fromkeys(_reason(found["loc"], found["type"]) for found in error.errors()))
        ) from None


def _reason(place: tuple[int | str, ...], kind: str) -> str:
    name = str(place[0])
    if name not in _FIELDS:
        if any(word in name.lower() for word in ("pass", "pwd", "secret", "token", "密码", "授权码")):
            return f"发信账户里不能写密码（{name}）：请删去，改用系统密钥环或环境变量 {PASSWORD}，并更换已写出的密码"
        return f"发信账户里没有「{name}」这一项"
    label, wanted = _FIELDS[name]
    return f"发信账户的{label}（{name}）{'没有填' if kind == 'missing' else '写得不对'}，应为{wanted}"


def read_credentials(account: MailAccount) -> Credentials | None:
    """The login from the environment, else from the keyring; None where the account wants none. Raises
    SettingsRefused."""
    if account.authentication == "none":
        return None
    user = os.environ.get(USER) or account.login or account.sender_address
    password = os.environ.get(PASSWORD) or _from_keyring(user)
    if not (user + password).isascii() or not (user + password).isprintable():
        raise SettingsRefused(["登录名或密码含有中文、全角或看不见的字符，服务器不会接受，请核对输入法"])
    return Credentials(user, SecretStr(password))


def _from_keyring(user: str) -> str:
    import keyring
    from keyring.errors import KeyringError, KeyringLocked, NoKeyringError

    instead = f"请改设环境变量 {PASSWORD}（登录名另设 {USER}）"
    try:
        password = keyring.get_password(SERVICE, user)
    except NoKeyringError:
        raise SettingsRefused([f"这台机器没有系统密钥环（服务器、容器或没有桌面的登录常是这样），{instead}"]) from None
    except KeyringLocked:
        raise SettingsRefused([f"系统密钥环是锁着的，请先登录桌面并解锁；无法解锁的，{instead}"]) from None
    except KeyringError as error:
        raise SettingsRefused([f"系统密钥环读不出来（{type(error).__name__}），{instead}"]) from None
    if not password:
        raise SettingsRefused(
            [f"系统密钥环里没有「{user}」的密码，请运行 keyring set {SERVICE} {user}；或{instead[1:]}"]
        )
    return password
