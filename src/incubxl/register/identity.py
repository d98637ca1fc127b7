"""Text that names somebody: words, credit codes, e-mail addresses, telephone numbers."""

from __future__ import annotations

import datetime as dt
import re
from operator import mul

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from incubxl.grid import CellValue
from incubxl.register.fold import bad_character, fold, tidy
from incubxl.register.reading import BLANK, VALUE, Reading, number_text, seen, unreadable

_CODE = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{18}")
# Plain ASCII addresses that email-validator accepts as they stand; everything else is asked of the library.
PLAIN_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9]{0,20})\.){1,4}(?:cn|com|org|net)"
_PLAIN_EMAIL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@" + PLAIN_HOST)
PLAIN_PHONE = r"1[3-9][0-9]{9}|(?:010|02[0-9])-[2-8][0-9]{7}|0[3-9][1-9][0-9]-[2-8][0-9]{6,7}"
_PLAIN_PHONE = re.compile(PLAIN_PHONE)
# GB 32100-2015: weights 3^i mod 31, sum 0 with the check character. What does not sum so is asked of stdnum.
CODE_VALUE = {character: n for n, character in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
CODE_WEIGHTS = (*(pow(3, i, 31) for i in range(17)), 1)


def read_text(raw: CellValue, *, lines: bool = False) -> Reading:
    """Any cell as text: stripped, NFC, without invisible characters. ``lines``: line breaks stay."""
    if not isinstance(raw, str):
        return _words(raw)
    if lines and "\n" in raw:
        parts = [read_text(line) for line in raw.splitlines()]
        wrong = next((part for part in parts if part.code), None)
        text = "\n".join(part.value or "" for part in parts).strip()
        return wrong or (Reading(VALUE, text) if text else BLANK)
    text, cleaned = tidy(raw)
    if not text:
        return BLANK
    if bad := bad_character(text):
        return unreadable("cell.bad_text", bad)
    return Reading(VALUE, text, "", "", f"{text[:20]}（去掉了看不见的字符或换行）" if cleaned else "")


def _words(raw: CellValue) -> Reading:
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        if abs(raw) >= 1e15:
            return unreadable("cell.digits_lost")
        return Reading(VALUE, number_text(raw))
    if isinstance(raw, dt.timedelta):
        return Reading(VALUE, str(raw))
    return Reading(VALUE, seen(raw))


def read_code(raw: CellValue) -> Reading:
    """统一社会信用代码: 18 characters with a check digit (GB 32100-2015); 15 digits are old numbers."""
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        if abs(raw) >= 1e15:
            return unreadable("cell.digits_lost")
        raw = number_text(raw)
    if not isinstance(raw, str):
        return unreadable("cell.unreadable_code")
    if _CODE.fullmatch(raw):
        text = raw
        if _checks(text):
            return Reading(VALUE, text)
    else:
        text = re.sub(r"[\s-]", "", fold(raw)).upper()
    if not text:
        return BLANK
    if not _CODE.fullmatch(text):
        return unreadable("cell.unreadable_code")
    shown = "" if text == raw.strip() else f"{seen(raw)} 读作 {text}"
    if len(text) == 15:
        return Reading(VALUE, text, "cell.check_digit", "是15位旧号码", shown)
    try:
        uscc.validate(text)
    except ValidationError:
        return Reading(VALUE, text, "cell.check_digit", "校验位不对", shown)
    return Reading(VALUE, text, "", "", shown)


def _checks(text: str) -> bool:
    """Whether 18 characters are surely a valid code."""
    if len(text) != 18 or not text[:8].isdecimal():
        return False
    values = [CODE_VALUE.get(character, -1) for character in text]
    return -1 not in values and sum(map(mul, values, CODE_WEIGHTS)) % 31 == 0


def read_email(raw: CellValue) -> Reading:
    """Exactly one address; no network look-up."""
    if not isinstance(raw, str):
        return unreadable("cell.bad_email", "不是电子邮箱")
    text = raw.strip(" \u00a0\u3000")
    if not text:
        return BLANK
    if len(text) < 64 and _PLAIN_EMAIL.fullmatch(text):
        return Reading(VALUE, text)
    if re.search(r"[\r\n\u2028\u2029]", raw) or re.search(r"[;；,，、/|\s]", text) or text.count("@") > 1:
        return unreadable("cell.bad_email", "不是恰好一个地址" if "@" in text else "不是电子邮箱")
    if "＠" in text or not text.isascii():
        return unreadable(
            "cell.bad_email", "含有全角字符或中文" if re.search("[\uff01-\uff5e]", text) else "含有非英文字符"
        )
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return unreadable("cell.bad_email", "不是有效的电子邮箱")
    return Reading(VALUE, text)


def read_phone(raw: CellValue) -> Reading:
    """A telephone number; one that cannot be possible in China is a 疑点, and the text is kept."""
    words = read_text(raw)
    if words.kind != VALUE:
        return words
    text = fold(words.value)
    if not _PLAIN_PHONE.fullmatch(text):
        try:
            possible = phonenumbers.is_possible_number(phonenumbers.parse(text, "CN"))
        except phonenumbers.NumberParseException:
            possible = False
        if not possible:
            return words._replace(code="cell.bad_phone")
    return words
