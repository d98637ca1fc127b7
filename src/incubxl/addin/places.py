"""Where the add-in, the interpreter's path and the desktop icon go, and how to know that what lies there is ours."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from incubxl.addin.machine import Machine
from incubxl.addin.store import ADDIN

ICON = "孵化管理（拖放工作簿）.lnk"
ICON_ARGUMENTS = "-E -P -X utf8 -m incubxl drop"
_RIBBON, _TAB = "customUI/customUI14.xml", b'id="incubxl_tab"'


class Refusal(Exception):
    """Why something cannot be done and what to do: Chinese sentences without the last full stop."""

    def __init__(self, what: str, next: str) -> None:
        super().__init__(what)
        self.what, self.next = what, next


def startup(machine: Machine) -> Path:
    """XLSTART: Excel opens what lies in it, and trusts it. The folder that a user may choose besides (AltStartup) is
    not used: it is no trusted place, and Excel opens both."""
    return _variable(machine, "APPDATA") / "Microsoft" / "Excel" / "XLSTART"


def addin_file(machine: Machine) -> Path:
    """The installed add-in."""
    return startup(machine) / ADDIN.name


def program_data(machine: Machine) -> Path:
    """The folder in which the macros look for the interpreter and put their jobs."""
    return _variable(machine, "LOCALAPPDATA") / "incubxl"


def interpreter_file(machine: Machine) -> Path:
    """One line: the interpreter that a click starts."""
    return program_data(machine) / "interpreter.txt"


def jobs_folder(machine: Machine) -> Path:
    """Where a click leaves what was clicked."""
    return program_data(machine) / "jobs"


def icon_file(machine: Machine) -> Path:
    """The icon on which workbooks are dropped."""
    return machine.desktop() / ICON


def is_our_addin(data: bytes) -> bool:
    """Whether these are an add-in of this program, of whatever version: its ribbon has our tab."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _TAB in package.read(_RIBBON)
    except (zipfile.BadZipFile, KeyError):
        return False


def is_our_icon(machine: Machine, link: Path) -> bool:
    """Whether the icon runs this program. Raises OSError, ImportError."""
    return machine.shortcut(link)[1].strip() == ICON_ARGUMENTS


def only_windows(machine: Machine) -> None:
    """Raises Refusal elsewhere."""
    if not machine.windows:
        raise Refusal(
            f"这里是 {machine.name}，Excel 的功能区按钮和桌面图标只能装在 Windows 上",
            "请用命令行：incubxl run 核对工作簿，incubxl drop 做的和桌面图标一样；结果完全相同",
        )


def _variable(machine: Machine, name: str) -> Path:
    value = machine.variable(name)
    if not value:
        raise Refusal(
            f"Windows 没有给出环境变量 {name}，不知道装到哪里", "请注销后重新登录，再运行一次；仍不行请交给信息部门"
        )
    return Path(value)
