"""How our own sheets look: named styles, and the style that a word takes (结论, 等级状态, 严重程度).

Every coloured cell also carries its word, and the fills differ in lightness (greyscale print, colour-blind eyes):
不适用 white, then 符合, 待认定, 资料不足, 不符合 each darker. None is so dark that the blue which LibreOffice gives to
every linked cell could not be read on it. Hues follow Okabe and Ito.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

FONT = "宋体"

# Print set-up: landscape, one page wide, the header row on every page, the notice in the page header.
PAPERS: Mapping[str, int] = {"A4": 9, "A3": 8}  # Excel's numbers
FOOTER = "第 &P 页 共 &N 页"

# Charts: the name by which ours is known on a sheet, and what is not black.
CHART_NAME = "incubxl_chart"
GRID_LINES, BAR_GAP = "D0D0D0", 60


def bgr(colour: str) -> int:
    """RRGGBB as the number that Excel's object model takes."""
    red, green, blue = (int(colour[n : n + 2], 16) for n in (0, 2, 4))
    return blue << 16 | green << 8 | red


def page_header(notice: str) -> str:
    """A notice as a page header takes it, where & begins a code; short enough for Excel with the sheet's name."""
    return notice[:180].replace("&", "&&")


@dataclass(frozen=True, slots=True)
class Style:
    """One look. Colours are RRGGBB; ``number_format`` is Excel's; ``text`` marks cells that must stay text."""

    bold: bool = False
    italic: bool = False
    size: float = 10.5
    colour: str = "000000"
    fill: str = ""
    align: str = "left"
    middle: bool = False  # centred top to bottom; else at the top
    wrap: bool = True
    border: bool = True
    number_format: str = "General"
    text: bool = True


_TEXT = Style()
_WORD = Style(align="center", middle=True)
_NUMBER = Style(align="right", text=False)

STYLES: Mapping[str, Style] = {
    "title": Style(bold=True, size=16, middle=True, wrap=False, border=False),
    "line": Style(colour="404040", wrap=False, border=False, middle=True),
    "notice": Style(bold=True, size=12, colour="7A1F00", fill="FBE3D6", wrap=False, border=False, middle=True),
    "heading": Style(bold=True, size=12, wrap=False, border=False, middle=True),
    "header": Style(bold=True, colour="FFFFFF", fill="1F3A5F", align="center", middle=True),
    "text": _TEXT,
    "strong": replace(_TEXT, bold=True),
    "yes": replace(_TEXT, bold=True, align="center"),
    "centre": replace(_TEXT, align="center"),
    "small": replace(_TEXT, size=9, colour="404040"),
    "run": replace(_TEXT, wrap=False, border=False),
    "link": replace(_TEXT, colour="0B4F9E"),
    "empty": replace(_TEXT, italic=True, colour="595959", wrap=False, border=False),
    "integer": replace(_NUMBER, number_format="0"),
    "count": replace(_NUMBER, number_format="0", bold=True, align="center"),
    "number": replace(_NUMBER, number_format="#,##0.######"),
    "yuan": replace(_NUMBER, number_format="#,##0.00"),
    "wan": replace(_NUMBER, number_format="#,##0.00####"),
    "date": replace(_NUMBER, number_format="yyyy-mm-dd", align="center"),
    "met": replace(_WORD, colour="00513B", fill="D5EEE3"),
    "near": replace(_WORD, colour="00513B", fill="D5EEE3", italic=True, bold=True),
    "pending": replace(_WORD, colour="12344D", fill="A9CBE5"),
    "unknown": replace(_WORD, bold=True, fill="EDAA1F"),
    "not_met": replace(_WORD, bold=True, fill="D9703F"),
    "not_applicable": replace(_WORD, colour="595959"),
}

_VERDICTS = {
    "符合": "met",
    "不符合": "not_met",
    "资料不足": "unknown",
    "待认定": "pending",
    "不适用": "not_applicable",
}
NEAR, OVERRIDDEN, STALE = "（临界）", "（改判）", "（改判需复核）"

WORDS: Mapping[str, str] = {
    **_VERDICTS,
    **{word + NEAR: "near" if style == "met" else style for word, style in _VERDICTS.items()},
    **{word + OVERRIDDEN: style for word, style in _VERDICTS.items()},
    **{word + STALE: "unknown" if style == "met" else style for word, style in _VERDICTS.items()},
    "错误": "not_met",
    "疑点": "unknown",
    "提示": "pending",
    "待定": "unknown",
    "未确定": "unknown",
    "正式": "met",
    "草稿": "pending",
    "不出": "not_applicable",
    "达到": "not_met",
    "未达到": "met",
    "在期内": "not_met",
    "申报在期内": "not_met",
    "待决定": "unknown",
    "相符": "met",
    "有问题": "not_met",
    "没有记录": "not_applicable",
    "完成": "met",
    "未完成": "not_met",
    "已确定": "met",
    "类推": "pending",
    "是": "yes",
    "已发出": "met",
    "待批准": "pending",
    "已批准": "pending",
    "正在发送": "pending",
    "待重试": "unknown",
    "不明": "unknown",
    "未发成": "not_met",
    "已收回": "met",
    "部分收回": "pending",
    "须核实": "unknown",
    "未收回": "not_met",
    "不能用": "unknown",
    "逾期": "not_met",
    "临近": "unknown",
    "已到": "pending",
    "日期未定": "not_applicable",
    "已办完": "met",
    "办理中": "pending",
    "未开始": "not_applicable",
    "未到": "not_applicable",
}
