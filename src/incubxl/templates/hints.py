"""What a column tells the person who types: notes on headers, input prompts, dropdowns, checks that warn."""

from __future__ import annotations

import datetime as dt
from typing import Any

from incubxl.policy.fields import Field
from incubxl.policy.pack import Pack
from incubxl.templates.text import clipped

_HOW = {
    "date": "写日期，例：2026-05-20。",
    "year": "写四位年份，例：2025。",
    "percent": "写百分数里的数字：75 表示 75%，不要写 0.75。",
    "boolean": "从下拉列表选「是」或「否」。",
    "choice": "从下拉列表选。",
    "uscc": "18位统一社会信用代码。",
    "email": "只写一个地址。",
    "money": "只写数字；没有空着，不要写 0 代替。",
    "number": "只写数字；没有数据空着，不要写 0 代替。",
    "integer": "写整数；没有数据空着，不要写 0 代替。",
}
FIRST_DAY, LAST_DAY = dt.date(1949, 10, 1), dt.date(2100, 12, 31)


def asked(field: Field) -> str:
    """The words over a header: 必填 or 按实填, and the unit."""
    unit = "％" if field.type == "percent" else field.unit
    return ("必填" if field.required else "按实填") + (f"·{unit}" if unit else "")


def note(field: Field, pack: Pack, clause: str = "") -> str:
    """The note on a header: what is asked, on which clause, in which form, for whom."""
    tracks = "、".join(t.label for t in pack.measure.tracks if t.id in field.tracks)
    lines = [
        "必填。" if field.required else "",
        field.note,
        f"单位：{field.unit}" if field.unit else "",
        _HOW.get(field.type, "") if not field.note or field.type in ("percent", "year") else "",
        "不涉及的写「不适用」。" if field.may_not_apply else "",
        f"仅{tracks}填写。" if tracks else "",
        f"表格：{field.form}" if field.form else "",
        f"条款：{field.clause or clause}" if field.clause or clause else "",
    ]
    return "\n".join(x for x in lines if x)


def prompt(field: Field, clause: str = "") -> tuple[str, str]:
    """Title (≤ 32 characters) and message (≤ 255) of the input prompt."""
    unit = f"单位：{field.unit}。" if field.unit else ""
    where = f"条款：{field.clause or clause}。" if field.clause or clause else ""
    message = "".join(
        x for x in ("必填。" if field.required else "", field.note, unit, _HOW.get(field.type, ""), where) if x
    )
    return clipped(field.label, 32), clipped(message, 255)


def validation(field: Field, list_name: str, first_cell: str, clause: str = "") -> dict[str, Any] | None:
    """XlsxWriter's options for the column, or None when there is nothing to say. Every check warns, none stops."""
    title, message = prompt(field, clause)
    options = _check(field, list_name, first_cell)
    if options is None and not message:
        return None
    return {
        **(options or {"validate": "any"}),
        "ignore_blank": True,
        "error_type": "warning",
        "error_title": "请核对",
        **({"input_title": title, "input_message": message} if message else {}),
    }


def _check(field: Field, list_name: str, cell: str) -> dict[str, Any] | None:
    label = clipped(field.label, 40)
    if list_name:
        return {
            "validate": "list",
            "source": f"={list_name}",
            "error_message": f"「{label}」请从下拉列表选。确需保留手写内容请按“是”，读取时会列为问题或按别名识别。",
        }
    match field.type:
        case "integer":
            return {
                "validate": "integer", "criteria": ">=", "value": 0,
                "error_message": f"「{label}」应为不小于 0 的整数。",
            }  # fmt: skip
        case "number" | "money":
            unit = f"，单位：{field.unit}" if field.unit else ""
            return {
                "validate": "decimal", "criteria": ">=", "value": 0,
                "error_message": f"「{label}」应为不小于 0 的数字{unit}。「3万元」这样的文字也能读，但不计入合计。",
            }  # fmt: skip
        case "percent":
            return {
                "validate": "custom", "value": f"=OR({cell}=0,{cell}>=1)",
                "error_message": f"「{label}」写百分数里的数字：75 表示 75%，不要写 0.75。",
            }  # fmt: skip
        case "date":
            return {
                "validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY,
                "error_message": f"「{label}」应为日期，例：2026-05-20。",
            }  # fmt: skip
        case "year":
            return {
                "validate": "integer", "criteria": "between", "minimum": 1949, "maximum": 2100,
                "error_message": f"「{label}」应为四位年份，例：2025。",
            }  # fmt: skip
        case "uscc":
            return {
                "validate": "length", "criteria": "==", "value": 18,
                "error_message": f"「{label}」应为18位，请核对有没有多写空格或漏写。",
            }  # fmt: skip
        case _:
            return None
