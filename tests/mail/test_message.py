"""A frozen message: what two independent readers find in it, and what is never frozen."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubxl.mail.message import Attachment, MessageRefused, build, draft, for_self, message_id
from tests.mail.letter import BEIJING, DOCX, RECIPIENT, SENDER, letter
from tests.mail.reading import perl_reads, python_reads

LONG_NAME = "新疆维吾尔自治区天山市高新技术产业开发区科学技术和工业信息化局（中小企业服务中心）"


def _fits(text: str) -> bool:
    try:
        build(letter(subject=text))
    except MessageRefused:
        return False
    return True


NAMES = st.text(max_size=90) | st.text('关于 有限公司（认定）,:;<>"()=?_a1\U0001f600\U00020000-@', max_size=90)


def test_python_reads_everything_back() -> None:
    data = build(letter()).data
    read = python_reads(data)
    assert read["from"] == ("天山市科学技术局", SENDER)
    assert read["to"] == [RECIPIENT]
    assert read["subject"] == "关于天山某某众创空间认定结果的通知"
    assert read["date"] == dt.datetime(2026, 5, 6, 9, 0, tzinfo=BEIJING)
    assert read["bodies"][0] == letter().text
    assert "　　现将认定结果通知你们，详见附件。<br>.<br>..两个点</p>" in read["bodies"][1]
    name = "认定结果通知（2026年第5号）.docx"
    assert read["files"] == [(name, name, hashlib.sha256(DOCX).hexdigest())]


def test_the_wire_form_is_seven_bit_lines_that_every_server_takes() -> None:
    data = build(letter(sender_name=LONG_NAME, subject="通知" * 70)).data
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"") and b"\r" not in data.replace(b"\r\n", b"")
    assert data.endswith(b"\r\n")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not [line for line in lines if line and not line.strip()]  # no header line of blanks only
    head = data.split(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(map(len, head)) <= 78


def test_equal_letters_give_equal_bytes_and_one_draft_form() -> None:
    first, second = build(letter()), build(letter())
    assert first == second
    assert first.sha256 == hashlib.sha256(first.data).hexdigest()
    assert draft(first) == b"X-Unsent: 1\r\n" + first.data
    assert python_reads(draft(first)) == python_reads(first.data)


def test_message_id_tells_every_part_of_the_key_apart() -> None:
    def made(*key: Any, sender: str = SENDER, to: str = RECIPIENT) -> str:
        return message_id(sender, to, *key)

    base = made(2026, "A001", "recognition", 1)
    assert base == made(2026, "A001", "recognition", 1)
    assert base.endswith("@example.com>") and len(base) == len("<@example.com>") + 40
    others = {
        made(2025, "A001", "recognition", 1), made(2026, "A002", "recognition", 1),
        made(2026, "A001", "refusal", 1), made(2026, "A001", "recognition", 2),
        made(2026, "A001", "recognition", 1, to="other@example.org"),
        made(2026, "A001recognition", "", 1), made(2026, "A001", "recognition", "1"),
    }  # fmt: skip
    assert len(others) == 7 and base not in others


@given(NAMES.map(str.strip).filter(_fits))
def test_a_copy_for_oneself_differs_in_three_headers_only(name: str) -> None:
    data = build(letter(subject=name)).data
    copy = for_self(data, "me@example.com", "t1")
    before, after = python_reads(data), python_reads(copy)
    assert after.pop("to") == ["me@example.com"] and before.pop("to") == [RECIPIENT]
    assert after.pop("subject") == f"【测试】{before.pop('subject')}"
    assert after.pop("message-id") == before.pop("message-id").replace("<", "<test.t1.")
    assert after == before
    assert copy.partition(b"\r\n\r\n")[2] == data.partition(b"\r\n\r\n")[2]
    assert max(map(len, copy.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78
    assert RECIPIENT.encode() not in copy.partition(b"\r\n\r\n")[0]


def test_a_copy_goes_to_one_valid_address() -> None:
    with pytest.raises(MessageRefused, match="测试地址：写了不止一个地址"):
        for_self(build(letter()).data, "a@example.com,b@example.com", "t")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"subject": "通知\r\nBcc: other@example.org"}, "主题含有不能使用的字符 U+000D"),
        ({"subject": "通知\nX"}, "主题含有不能使用的字符 U+000A"),
        ({"subject": "通知\ud800"}, "主题含有不能使用的字符 U+D800"),
        ({"subject": "通\u202e知"}, "主题含有不能使用的字符 U+202E"),
        ({"subject": " 通知"}, "主题前后有空格"),
        ({"subject": "　"}, "主题是空的"),
        ({"subject": "知" * 151}, "主题有151个字"),
        ({"sender_name": ""}, "发件人名称是空的"),
        ({"sender_name": "局\nTo: x@example.org"}, "发件人名称含有不能使用的字符 U+000A"),
        ({"recipient": "a@example.org, b@example.org"}, "收件地址：写了不止一个地址"),
        ({"recipient": "a@example.org "}, "收件地址前后有空格"),
        ({"recipient": "a@example.org\r\nBcc: b@example.org"}, "收件地址：地址里有换行"),
        ({"sender": "王 <a@example.org>"}, "发件地址：带有姓名或括号"),
        ({"text": " \n"}, "正文是空的"),
        ({"text": "一\n二\x08"}, "正文第2行含有不能使用的字符 U+0008"),
        ({"text": "一\r\n二"}, "正文第1行含有不能使用的字符 U+000D"),
        ({"text": "一\udc80"}, "正文第1行含有不能使用的字符 U+DC80"),
        ({"attachments": (Attachment("通知.exe", b"MZ"),)}, "不是 .docx 或 .pdf"),
        ({"attachments": (Attachment(".docx", DOCX),)}, "不是 .docx 或 .pdf"),
        ({"attachments": (Attachment("通知.docx", b""),)}, "附件「通知.docx」是空的"),
        ({"attachments": (Attachment("通知.docx", b"<html>"),)}, "内容与扩展名不符"),
        ({"attachments": (Attachment("../通知.docx", DOCX),)}, "文件名不能用的符号"),
        ({"attachments": (Attachment('通"知.docx', DOCX),)}, "文件名不能用的符号"),
        ({"attachments": (Attachment("通\n知.docx", DOCX),)}, "附件名称含有不能使用的字符 U+000A"),
        ({"attachments": (Attachment("通" * 80 + ".docx", DOCX),)}, "太长"),
        ({"attachments": (Attachment("甲.docx", DOCX), Attachment("甲.DOCX", DOCX))}, "有两个附件都叫"),
    ],
)
def test_what_is_never_frozen(changed: dict[str, Any], why: str) -> None:
    changed.setdefault("message_id", "<1@example.com>")
    with pytest.raises(MessageRefused) as refused:
        build(letter(**changed))
    assert [reason for reason in refused.value.reasons if why in reason]
    assert str(refused.value).isprintable()


def test_all_reasons_come_at_once() -> None:
    with pytest.raises(MessageRefused) as refused:
        build(letter(subject="", text="", attachments=(Attachment("甲.docx", b""),)))
    assert refused.value.reasons == ("主题是空的", "正文是空的", "附件「甲.docx」是空的")


def test_too_large_is_refused_with_both_sizes() -> None:
    big = Attachment("甲.docx", DOCX + b"x" * 3_000_000)
    with pytest.raises(MessageRefused, match=r"共4\.\d MB，超过4\.0 MB的上限"):
        build(letter(attachments=(big,)), limit=4_000_000)


def test_a_date_without_zone_or_a_forged_message_id_is_a_bug() -> None:
    with pytest.raises(ValueError, match="time zone"):
        build(letter(date=dt.datetime(2026, 5, 6)))
    with pytest.raises(ValueError, match="Message-ID"):
        build(letter(message_id="<1@example.com>\r\nBcc: x@example.org"))


def test_html_cannot_be_injected_by_a_name() -> None:
    read = python_reads(build(letter(text="<script>alert(1)</script>&amp;", subject="甲<b>乙")).data)
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;</p>" in read["bodies"][1]
    assert "<title>甲&lt;b&gt;乙</title>" in read["bodies"][1]


@given(NAMES.map(str.strip).filter(_fits))
def test_any_printable_name_survives_in_every_header(name: str) -> None:
    file = "".join(c for c in name if c not in '\\/:*?"<>|')[:40].strip() + "号.docx"
    made = letter(subject=name, sender_name=name, attachments=(Attachment(file, DOCX),), text=name)
    read = python_reads(build(made).data)
    assert read["subject"] == name
    assert read["bodies"][0] == name
    assert read["to"] == [RECIPIENT]
    assert read["from"] == (name, SENDER)
    assert [found[:2] for found in read["files"]] == [(file, file)]


def test_a_second_reader_finds_the_same(tmp_path: Path) -> None:
    pick = random.Random(2026)
    made = []
    for n in range(60):
        alphabet = "关于天山某某有限公司认定结果的通知（2026）  a-B𠀀😀、·"
        name = "".join(pick.choice(alphabet) for _ in range(pick.randint(1, 70))).strip() or "通知"
        made.append(letter(subject=name, sender_name=f"局{name[:30].strip()}", attachments=(
            Attachment(f"{name}.docx", DOCX), Attachment(f"{n}.pdf", b"%PDF-1.7 " + bytes(n)))))  # fmt: skip
    made.append(letter(sender_name=LONG_NAME, subject="通知" * 70))
    made.append(dataclasses.replace(made[0], attachments=()))
    files = [tmp_path / f"{n}.eml" for n in range(len(made))]
    for file, one in zip(files, made, strict=True):
        file.write_bytes(draft(build(one)))
    for one, read in zip(made, perl_reads(files), strict=True):
        assert read["subject"] == one.subject
        assert read["from"].replace('"', "") == f"{one.sender_name} <{one.sender}>"
        assert read["to"] == one.recipient and read["message-id"] == one.message_id
        assert read["bodies"][0] == {"type": "text/plain", "text": one.text.replace("\n", "\r\n")}
        assert [(f["disposition"], f["words"], f["sha256"]) for f in read["files"]] == [
            (a.name, a.name, hashlib.sha256(a.content).hexdigest()) for a in one.attachments
        ]
