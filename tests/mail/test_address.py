"""Exactly one address or none: the hostile table. Nothing hostile becomes another mailbox."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubxl.mail.address import Address, NoAddress, read_address

LONG_LOCAL = "a" * 65 + "@example.com"
LONG = "a@" + ".".join(["b" * 60] * 5) + ".com"

HOSTILE = [
    ("a@b.cn;c@d.cn", "不止一个地址"),
    ("a@b;c@d", "不止一个地址"),
    ("a@b.cn；c@d.cn", "不止一个地址"),
    ("a@b.cn,c@d.cn", "不止一个地址"),
    ("a@b.cn，c@d.cn", "不止一个地址"),
    ("a@b.cn、c@d.cn", "不止一个地址"),
    ("a@b.cn/c@d.cn", "不止一个地址"),
    ("a@b.cn|c@d.cn", "不止一个地址"),
    ("a@b.cn c@d.cn", "2个@"),
    ("a@b.cn　c@d.cn", "2个@"),
    ("a@b.cn\nc@d.cn", "换行"),
    ("a@b.cn\r\nBcc: c@d.cn", "换行"),
    ("a@b.cn\n", "换行"),
    ("王\n某 <a@b.cn>", "换行"),
    ("a@b.cn\u2028c@d.cn", "换行"),
    ("a\x00@b.cn", "U+0000"),
    ("a@b.cn\t", "U+0009"),
    ("a\u200b@b.cn", "U+200B"),
    ("\ufeffa@b.cn", "U+FEFF"),
    ("a@b\u00ad.cn", "U+00AD"),
    ("\u202ea@b.cn", "U+202E"),
    ("a\ud800@b.cn", "U+D800"),
    ("a@@b.cn", "2个@"),
    ("a@b@c.cn", "2个@"),
    ("a＠b.cn", "「＠」"),
    ("a＠b.cn＠c.cn", "2个@"),
    ("a@b。cn", "「。」"),
    ("a@b．cn", "「．」"),
    ("ａbc@b.cn", "全角字母"),
    ("王某 <a@b.cn>", "姓名或括号"),
    ("<a@b.cn>", "姓名或括号"),
    ("a@b.cn（王某）", "姓名或括号"),
    ("a@b.cn (office)", "姓名或括号"),
    ('"a b"@b.cn', "引号"),
    ('"a"@b.cn', "引号"),
    ("“a@b.cn”", "引号"),
    ("'a@b.cn'", "引号"),
    ("a @b.cn", "空格"),
    ("a@b. cn", "空格"),
    ("a@ b.cn", "空格"),
    ("mailto:a@b.cn", "mailto:"),
    ("MAILTO:a@b.cn", "mailto:"),
    ("a@b.cn.", "末尾多了一个点"),
    (".a@b.cn", "点的位置"),
    ("a.@b.cn", "点的位置"),
    ("a..b@b.cn", "点的位置"),
    ("a@b..cn", "点的位置"),
    ("a@.b.cn", "点的位置"),
    ("a@例子.cn", "域名含有中文"),
    ("a@bücher.example", "域名含有中文或其他非英文"),
    ("a@ｂ.cn", "全角字母"),
    ("王某@b.cn", "@前含有中文"),
    ("а@b.cn", "@前含有中文或其他非英文"),  # Cyrillic а
    ("@b.cn", "@前没有内容"),
    ("a@", "@后没有域名"),
    ("a@localhost", "域名不完整"),
    ("a@[127.0.0.1]", "方括号"),
    ("a@b_c.cn", "域名不是有效"),
    ("a@-b.cn", "域名不是有效"),
    ("a@b.invalid", ".invalid"),
    ("a@b.local", ".local"),
    ("a:b@b.cn", "不能用的符号"),
    ("a\\b@b.cn", "不能用的符号"),
    (LONG_LOCAL, "65个字符"),
    (LONG, "超过254个"),
    ("无", "没有@"),
    ("a at b.cn", "没有@"),
    ("", "没有填"),
    (" 　\u00a0", "没有填"),
]


@pytest.mark.parametrize(("raw", "why"), HOSTILE)
def test_hostile_is_refused_with_what_was_seen_and_how_to_mend(raw: str, why: str) -> None:
    found = read_address(raw)
    assert isinstance(found, NoAddress)
    assert why in found.reason
    assert found.remedy.endswith("。")
    assert found.sentence.isprintable()
    if raw.strip(" 　\u00a0"):
        assert found.seen and found.seen in found.sentence


def test_what_cannot_be_seen_is_shown() -> None:
    found = read_address("a@b.cn\r\nBcc: c@d.cn")
    assert isinstance(found, NoAddress)
    assert found.seen == "a@b.cn<U+000D><U+000A>Bcc: c@d.cn"


@pytest.mark.parametrize(
    "raw",
    [
        "office@example.com", "a.b+c@sub.example.org", "123456@example.cn", "o'neil@example.com",
        "Office@EXAMPLE.Com", "a@xn--fsqu00a.xn--0zwm56d", "a_b@example.com",
    ],
)  # fmt: skip
def test_one_address_stays_letter_for_letter(raw: str) -> None:
    assert read_address(raw) == Address(raw)


@pytest.mark.parametrize("raw", [" a@example.com", "a@example.com ", "　a@example.com\u00a0"])
def test_blanks_around_it_are_taken_off_and_said(raw: str) -> None:
    assert read_address(raw) == Address("a@example.com", "去掉了地址前后的空格")


@given(st.text(max_size=40) | st.from_regex(r"\A.{0,6}[a-z]{1,5}@[a-z]{1,5}\.cn.{0,9}\Z"))
def test_any_text_is_itself_or_refused(raw: str) -> None:
    found = read_address(raw)
    if isinstance(found, Address):
        assert found.value == raw.strip(" \u00a0\u3000")
        assert found.value.isascii() and found.value.isprintable()
        assert found.value.count("@") == 1 and not set(found.value) & set(' ;,<>"()[]:\\\r\n')
    else:
        assert found.sentence.isprintable()
