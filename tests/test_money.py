"""Amounts in figures and in capital numerals (支付结算办法 附一; both printed forms of a zero are allowed there)."""

from __future__ import annotations

import re
from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubxl.money import LIMIT, capital, floor_yuan, in_words, plain, yuan

TYPED = {
    "0": "零元整",
    "0.01": "壹分",
    "0.05": "伍分",
    "0.10": "壹角整",
    "0.20": "贰角整",
    "0.55": "伍角伍分",
    "1": "壹元整",
    "1.01": "壹元零壹分",
    "1.10": "壹元壹角整",
    "10": "壹拾元整",
    "10.05": "壹拾元零伍分",
    "11": "壹拾壹元整",
    "20.30": "贰拾元叁角整",
    "100": "壹佰元整",
    "101": "壹佰零壹元整",
    "110": "壹佰壹拾元整",
    "325.04": "叁佰贰拾伍元零肆分",
    "1000": "壹仟元整",
    "1001": "壹仟零壹元整",
    "1010": "壹仟零壹拾元整",
    "1409.50": "壹仟肆佰零玖元伍角整",
    "1680.32": "壹仟陆佰捌拾元叁角贰分",
    "6007.14": "陆仟零柒元壹角肆分",
    "10000": "壹万元整",
    "10001": "壹万零壹元整",
    "10100": "壹万零壹佰元整",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "100000": "壹拾万元整",
    "107000.53": "壹拾万零柒仟元伍角叁分",
    "200000": "贰拾万元整",
    "300000": "叁拾万元整",
    "500000": "伍拾万元整",
    "1000000": "壹佰万元整",
    "1000001": "壹佰万零壹元整",
    "2500000": "贰佰伍拾万元整",
    "10000000": "壹仟万元整",
    "10000010": "壹仟万零壹拾元整",
    "9999900": "玖佰玖拾玖万玖仟玖佰元整",
    "20000000": "贰仟万元整",
    "100000000": "壹亿元整",
    "100000001": "壹亿零壹元整",
    "100010000": "壹亿零壹万元整",
    "101010101": "壹亿零壹佰零壹万零壹佰零壹元整",
    "600007700.40": "陆亿零柒仟柒佰元肆角整",
    "1234567890.12": "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分",
    "1000000000000": "壹万亿元整",
    "1000500000000": "壹万零伍亿元整",
    "-15.5": "负壹拾伍元伍角整",
    "2.675": "贰元陆角捌分",
}
DIGITS = "零壹贰叁肆伍陆柒捌玖"
amounts = st.one_of(st.integers(0, 10**13), st.integers(0, 10**18 - 1)).map(lambda cents: Decimal(cents) / 100)
sparse = st.lists(st.sampled_from("0001235"), min_size=1, max_size=18).map(lambda d: Decimal(int("".join(d))) / 100)


@pytest.mark.parametrize(("figures", "words"), TYPED.items())
def test_capital_numerals_typed_by_hand(figures: str, words: str) -> None:
    assert capital(Decimal(figures)) == words


def _value(words: str) -> Decimal:
    """Capital numerals back to yuan, read as a person reads them."""
    total = section = whole = Decimal(0)
    digit = 0
    cents = Decimal(0)
    for sign in words.removesuffix("整"):
        if sign in DIGITS:
            digit = DIGITS.index(sign)
        elif sign in "拾佰仟":
            section += digit * {"拾": 10, "佰": 100, "仟": 1000}[sign]
            digit = 0
        elif sign in "万亿":
            total, section = total + section + digit, Decimal(0)
            unit = 10_000 if sign == "万" else 100_000_000
            if sign == "亿":
                total, whole = Decimal(0), (whole + total) * unit
            else:
                total, whole = Decimal(0), whole + total * unit
            digit = 0
        elif sign == "元":
            whole, total, section, digit = whole + total + section + digit, Decimal(0), Decimal(0), 0
        else:
            cents += digit * (10 if sign == "角" else 1)
            digit = 0
    return whole + cents / 100


@given(st.one_of(amounts, sparse))
def test_the_words_say_the_amount(amount: Decimal) -> None:
    assert _value(capital(amount)) == amount


@given(st.one_of(amounts, sparse))
def test_zeros_are_spoken_once_and_between_digits(amount: Decimal) -> None:
    words = capital(amount)
    if amount:
        assert "零零" not in words
        assert not re.search("零[拾佰仟万亿元角分整]", words)
        assert not words.startswith("零")
        if re.search(r"[1-9]0+[1-9]", str(int(amount))):
            assert "零" in words
    assert words.endswith(("整", "分"))


@given(st.one_of(amounts, sparse))
def test_a_second_program_says_the_same_digits(amount: Decimal) -> None:
    """cn2an leaves out 零 where it may and where it may not, and 整 after 角; all else must agree."""
    other = cn2an.an2cn(f"{amount:.2f}", "rmb")
    if amount:
        assert capital(amount).replace("零", "").removesuffix("整") == other.replace("零", "").removesuffix("整")


@pytest.mark.parametrize("figures", ["1409.5", "6007.14", "16409.02", "325.04", "10000000", "101", "3500000"])
def test_a_second_program_agrees_to_the_letter_where_it_is_right(figures: str) -> None:
    assert capital(Decimal(figures)).removesuffix("整") == cn2an.an2cn(figures, "rmb").removesuffix("整")


def _slow(amount: Decimal) -> str:
    """A second program of our own, from the other end: the digits that are not zero, one after the other.

    票据法 practice (支付结算办法 附一): 零 stands wherever zeros lie between two digits; 万 and 亿 follow the last
    digit of their four places, 万亿 being 万 before 亿; 零 stands between 元 and 分 where 角 is zero; 整 ends the rest.
    """
    whole, cents = divmod(int(amount * 100), 100)
    digits = [
        (place, int(d)) for place, d in zip(range(len(str(whole)) - 1, -1, -1), str(whole), strict=True) if d != "0"
    ]
    words = ""
    for n, (place, digit) in enumerate(digits):
        if n and digits[n - 1][0] - place > 1:
            words += "零"
        words += DIGITS[digit] + ("", "拾", "佰", "仟")[place % 4]
        following = digits[n + 1][0] if n + 1 < len(digits) else -1
        for end, unit in ((12, "万"), (8, "亿"), (4, "万")):
            spoken_later = unit == "亿" and place >= 12 and following >= 8
            if place >= end > following and place < end + (8 if unit == "亿" else 4) and not spoken_later:
                words += unit
    words += "元" if digits else ""
    jiao, fen = divmod(cents, 10)
    if not cents:
        return (words or "零元") + "整"
    if not jiao:
        return words + ("零" if digits else "") + DIGITS[fen] + "分"
    return words + DIGITS[jiao] + "角" + (DIGITS[fen] + "分" if fen else "整")


@given(st.one_of(amounts, sparse))
def test_a_program_written_the_other_way_round_agrees_to_the_letter(amount: Decimal) -> None:
    assert capital(amount) == _slow(amount)


@pytest.mark.parametrize(("figures", "words"), TYPED.items())
def test_the_other_program_is_right_where_a_person_typed_it(figures: str, words: str) -> None:
    assert _slow(yuan(abs(Decimal(figures)))) == words.removeprefix("负")


@given(st.one_of(amounts, sparse), st.one_of(amounts, sparse))
def test_two_amounts_never_share_their_words(one: Decimal, other: Decimal) -> None:
    assert (capital(one) == capital(other)) == (one == other)


@given(st.decimals(0, 10**12, places=4))
def test_words_and_figures_of_a_letter_are_rounded_alike(amount: Decimal) -> None:
    """2.675 is 2.68 in both: cn2an cuts it to 2.67."""
    assert _value(capital(amount)) == yuan(amount) == Decimal(f"{yuan(amount):,.2f}".replace(",", ""))


@given(amounts.filter(bool))
def test_less_than_nothing_begins_with_its_word(amount: Decimal) -> None:
    assert capital(-amount) == "负" + capital(amount)


def test_where_a_second_program_is_wrong() -> None:
    """Why it is one oracle among several: 零 left out within the yuan, and cents cut instead of rounded."""
    assert cn2an.an2cn("600007700.40", "rmb") != capital(Decimal("600007700.40")).removesuffix("整")
    assert cn2an.an2cn("2.675", "rmb") == "贰元陆角柒分"
    assert capital(Decimal("2.675")) == "贰元陆角捌分"


def test_beyond_the_numerals() -> None:
    assert capital(LIMIT - Decimal("0.01")).endswith("玖元玖角玖分")
    with pytest.raises(ValueError, match="out of range"):
        capital(LIMIT)


@pytest.mark.parametrize(
    ("amount", "rounded", "cut"),
    [
        ("2.675", "2.68", "2.67"), ("2.665", "2.67", "2.66"), ("2.674999", "2.67", "2.67"),
        ("0.005", "0.01", "0.00"), ("-2.675", "-2.68", "-2.67"), ("3", "3.00", "3.00"),
    ],
)  # fmt: skip
def test_cents(amount: str, rounded: str, cut: str) -> None:
    assert str(yuan(Decimal(amount))) == rounded
    assert str(floor_yuan(Decimal(amount))) == cut


@given(amounts)
def test_cutting_never_exceeds_and_stays_within_a_cent(amount: Decimal) -> None:
    third = amount / 3
    assert 0 <= third - floor_yuan(third) < Decimal("0.01")
    assert abs(third - yuan(third)) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("10000000", "1000万元"), ("1234500", "123.45万元"), ("10100", "1.01万元"), ("9999", "9999元"),
        ("10050", "10050元"), ("1234.5", "1234.50元"), ("0", "0元"), ("0.75", "0.75元"), ("2.665", "2.67元"),
        ("1E+7", "1000万元"), ("-500000", "-50万元"),
    ],
)  # fmt: skip
def test_amounts_as_an_official_reads_them(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words


@given(amounts)
def test_words_and_figures_are_the_same_amount(amount: Decimal) -> None:
    words = in_words(amount)
    figure = Decimal(words.removesuffix("元").removesuffix("万"))
    assert figure * (10_000 if "万" in words else 1) == amount
    assert Decimal(plain(amount)) == amount
    assert "E" not in plain(amount)
