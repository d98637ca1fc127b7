"""Print set-up of our sheets, as the result workbook has it; only the margins stay Excel's own (four calls a sheet).

Excel asks the printer about each setting, so they are sent together; and it refuses them where Windows has no printer
or the printer not this paper. The table is right without them: a refusal is logged, and the click goes on. What was
set once stays the user's to change: a later click sets only what has to differ.
"""

from __future__ import annotations

from typing import Any

from incubxl.excel.guard import EDITING, GONE, REJECTED, codes
from incubxl.excel.own import logger
from incubxl.excel.prepare import Prepared
from incubxl.publish.own_sheet import Layout, notice_of
from incubxl.style import FOOTER

_LANDSCAPE = 2


def set_up(application: Any, target: Any, sheet: Prepared, before: Layout | None) -> bool:
    """Set the sheet's page, or what of it differs from ``before``; whether Excel has taken it all.

    What Excel says about a busy, edited or ended workbook is raised as everywhere.
    """
    header_row = sheet.freeze[0]
    title: dict[str, Any] = {"PrintTitleRows": f"${header_row}:${header_row}"}
    if before is not None:
        changed = title if before.rows != header_row else {}
        if before.notice != notice_of(sheet.notice):
            changed["RightHeader"] = sheet.notice
        page = target.PageSetup if changed else None
        return all(_taken(page, sheet.name, name, value) for name, value in changed.items())
    page = target.PageSetup
    settings = title | {
        "LeftHeader": "&A",
        **({"RightHeader": sheet.notice} if sheet.notice else {}),
        "CenterFooter": FOOTER,
        "Orientation": _LANDSCAPE,
        "Zoom": False,  # one page wide, as it is unless somebody changes it
        "FitToPagesTall": False,
        "PaperSize": sheet.paper,  # the one that a printer may not have: nothing comes after it
    }
    together = _taken(application, sheet.name, "PrintCommunication", False)
    try:
        taken = all(_taken(page, sheet.name, name, value) for name, value in settings.items())
    finally:
        sent = not together or _taken(application, sheet.name, "PrintCommunication", True)
    return taken and sent


def _taken(owner: Any, sheet: str, name: str, value: Any) -> bool:
    """Set it; False, and a line in the log, where Excel does not accept it or (before 2010) does not know it."""
    try:
        setattr(owner, name, value)
    except Exception as error:
        found = codes(error)
        unknown = isinstance(error, AttributeError) and name == "PrintCommunication"
        if not unknown and (not found or found & {REJECTED, EDITING, *GONE}):
            raise
        logger().warning("print set-up of %s: Excel does not take %s=%r (%s)", sheet, name, value, error)
        return False
    return True
