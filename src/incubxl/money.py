"""Money: Decimal yuan to the cent, shown in figures with 元/万元 and in capital Chinese numerals (大写)."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
WAN = Decimal(10000)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿", "万亿")
LIMIT = Decimal(10) ** 16


def yuan(value: Decimal | int | str) -> Decimal:
    """Round to the cent, half up (the rounding that Chinese accounts use)."""
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)


def floor_yuan(value: Decimal) -> Decimal:
    """Cut to the cent: a cap is never exceeded by rounding."""
    return value.quantize(CENT, rounding=ROUND_DOWN)


def plain(value: Decimal) -> str:
    """A Decimal as people write it: no exponent, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_words(value: Decimal) -> str:
    """Yuan as an official reads it: ``10000000`` → ``1000万元``, ``1234.5`` → ``1234.50元``."""
    if value and value % 100 == 0 and abs(value) >= WAN:
        return f"{plain(value / WAN)}万元"
    return f"{plain(value)}元" if value == value.to_integral_value() else f"{yuan(value):.2f}元"


def capital(value: Decimal) -> str:
    """Capital Chinese numerals (大写) of an amount in yuan, per 支付结算办法 附一 / 票据法 practice.

    Raises ValueError beyond 10^16 yuan. Negative amounts begin with 负.
    """
    amount = yuan(value)
    if abs(amount) >= LIMIT:
        raise ValueError(f"amount out of range for capital numerals: {value}")
    sign = "负" if amount < 0 else ""
    cents = int(abs(amount) * 100)
    whole, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = _whole(whole) + "元" if whole else ""
    if not jiao and not fen:
        return sign + (text or "零元") + "整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif whole:
        text += "零"
    return sign + text + (_DIGITS[fen] + "分" if fen else "整")


def _whole(number: int) -> str:
    text = ""
    gap = False  # zeros were passed since the last digit written
    for section in range(3, -1, -1):
        group = number // 10 ** (4 * section) % 10_000
        if not group:
            gap = gap or bool(text)
            continue
        part = ""
        for place in range(3, -1, -1):
            digit = group // 10**place % 10
            if digit:
                part += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
                gap = False
            else:
                gap = gap or bool(text or part)
        # a section's own trailing zeros are spoken only when a digit follows
        unit = _SECTIONS[section]
        if section == 3 and number // 10**8 % 10_000:
            unit = "万"  # 亿 is spoken once, after the next section
        text += part + unit
    return text
