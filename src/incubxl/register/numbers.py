"""Numbers as people type them, read only where they can mean one thing. Never ``float(text)``."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from incubxl.grid import CellValue
from incubxl.money import plain
from incubxl.policy.fields import Field
from incubxl.register.fold import fold
from incubxl.register.reading import ONE, VALUE, Context, Reading, seen, unreadable

_NUMBER = re.compile(
    r"(?P<sign>-?)(?:人民币|[¥￥])?\s*"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?P<rest>\.[0-9]+)?"
    r"\s*(?P<unit>[^0-9\s.,]\S*)?"
)
_VAGUE = re.compile(r"约|左右|大约|将近|余|多|超|以上|以下|不足|不到|近|至少|[<>≥≤~～+＋]")
_RANGE = re.compile(r"[0-9]\s*(?:[-–—~～]|至|到)\s*[0-9]")
_NOTHING = frozenset(("无", "没有", "暂无", "-", "--", "—", "——", "/", "\\", "n/a", "na", "none", "null", "nil"))
_MONEY = {
    "元": ONE, "人民币元": ONE, "元人民币": ONE, "千元": Decimal(1000), "万": Decimal(10_000), "万元": Decimal(10_000),
    "万元人民币": Decimal(10_000), "百万元": Decimal(10) ** 6, "千万元": Decimal(10) ** 7,
    "亿": Decimal(10) ** 8, "亿元": Decimal(10) ** 8,
}  # fmt: skip
_SAME = (
    frozenset(("平方米", "㎡", "m2", "m²", "平米", "平方", "平")),
    frozenset(("家", "户", "所", "个")),
    frozenset(("人", "名", "位", "个")),
    frozenset(("场", "次", "场次", "个")),
    frozenset(("项", "件", "个")),
    frozenset(("工位", "个")),
    frozenset(("月", "个月")),
    frozenset(("日", "天")),
)
APOSTROPHES = frozenset("'’‘`")  # as an import writes the sign of a text cell
_BROKEN = re.compile(r"\d\s*[\r\n\v\f\x85\u2028\u2029]\s*\d")
_TIMES = {"万": Decimal(10_000), "亿": Decimal(10) ** 8}


LARGEST = Decimal(10) ** 15  # from here on Excel itself has lost digits


def unit_scale(written: str, spec: Field) -> Decimal | None:
    """How many of the field's unit one ``written`` unit is, exactly; None when the two do not go together."""
    if spec.type == "money":
        scale = _MONEY.get(written.removesuffix("整"))
        return None if scale is None else scale / _MONEY[spec.unit]
    if spec.type == "percent":
        return ONE if written == "%" else None
    unit = fold(spec.unit)
    if written == unit or any(written in same and unit in same for same in _SAME):
        return ONE
    if written[:1] in _TIMES:
        rest = ONE if len(written) == 1 else unit_scale(written[1:], spec)
        return None if rest is None else _TIMES[written[0]] * rest
    return None


def settle(number: float) -> float:
    """The number to the 15 digits that Excel keeps and shows: 0.1+0.2 in a formula is 0.3."""
    return float(f"{number:.15g}")


def read_number(raw: CellValue, spec: Field, context: Context) -> Reading:
    """integer, number, money, percent → float in the field's unit, or why not. ``raw`` is neither blank nor 不适用."""
    if isinstance(raw, bool) or not isinstance(raw, str | float | int):
        return unreadable("cell.unreadable_number", "不是数字")
    if isinstance(raw, str):
        exact, unit, why = _from_text(raw, spec)
        if exact is None:
            return unreadable("cell.unreadable_number", why)
        shown = "" if raw.strip() == plain(exact) else "?"
    else:
        if not math.isfinite(raw):
            return unreadable("cell.unreadable_number", "不是数字")
        exact, unit, shown = Decimal(repr(settle(raw))), "", ""
    if unit:
        scale = unit_scale(unit, spec)
        if scale is None:
            return unreadable(
                "cell.unreadable_number", _why(fold(str(raw)), f"单位「{unit}」与本栏的「{spec.unit}」不符")
            )
        exact *= scale
    elif context.factor != ONE:
        exact, shown = exact * context.factor, "?"
    elif spec.type == "percent" and 0 < exact <= 1:
        if exact == 1:
            return unreadable("cell.unreadable_number", "看不出是1%还是100%，请写 1% 或 100")
        exact, shown = exact * 100, "%"
    return _check(raw, exact, shown, spec)


def _check(raw: CellValue, exact: Decimal, shown: str, spec: Field) -> Reading:
    if exact < 0:
        return unreadable("cell.negative")
    if spec.type == "integer" and exact != exact.to_integral_value():
        return unreadable("cell.not_integer")
    value = float(exact) + 0.0  # no -0
    if exact >= LARGEST or Decimal(repr(value)) != exact:
        return unreadable("cell.unreadable_number", "位数太多，无法精确记录")
    unit = "%" if spec.type == "percent" else spec.unit
    said = f"{seen(raw)} 读作 {plain(exact)}{unit}" if shown else ""
    if spec.plausible_max is not None and exact > spec.plausible_max:
        return Reading(VALUE, value, "cell.implausible", f"{plain(spec.plausible_max)}{unit}", said)
    if shown == "%":
        return Reading(VALUE, value, "", f"{plain(exact)}%", said)
    return Reading(VALUE, value, "", "", said)


def _from_text(raw: str, spec: Field) -> tuple[Decimal | None, str, str]:
    """(number, unit, why not)."""
    text = fold(raw)
    if _BROKEN.search(raw):
        return None, "", "有几行，不是一个数字"
    found = _NUMBER.fullmatch(text)
    if not found or len(text) > 40:
        return None, "", _why(text, "不是一个可以确定的数字")
    digits = re.sub("[, ]", "", found["whole"])
    return Decimal(f"{found['sign']}{digits}{found['rest'] or ''}"), found["unit"] or "", ""


def _why(text: str, otherwise: str) -> str:
    if text[:1] in APOSTROPHES:
        return "前面多了一个撇号"
    if text.casefold() in _NOTHING:
        return f"「{text}」不是数字，确实为零请填 0，没有数据请留空"
    if _RANGE.search(text):
        return "是一个范围，不是确定的数字"
    if _VAGUE.search(text):
        return "是约数，不是确定的数字"
    return otherwise
