"""Which Excel and which WPS are there, and which of them answers to the name Excel.Application."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from incubxl.addin.check import Check, attention, good, problem
from incubxl.addin.machine import Machine

_PATHS = "Software\\Microsoft\\Windows\\CurrentVersion\\App Paths"
_CLICK_TO_RUN = "HKLM\\SOFTWARE\\Microsoft\\Office\\ClickToRun\\Configuration"
_KINGSOFT = "Software\\Kingsoft\\Office\\6.0\\Common"
_MACHINES = {0x014C: "32 位", 0x8664: "64 位", 0xAA64: "64 位（ARM）"}  # PE header, IMAGE_FILE_MACHINE_*
_OLDEST = 15  # Excel 2013
_EXE = re.compile(r'"?([^"]+?\.exe)', re.IGNORECASE)
_USE_THE_ICON = "没有 Excel 也可以用：把工作簿拖到桌面图标上，或运行 incubxl run，结果完全相同"


@dataclass(frozen=True)
class Excel:
    """The installed Excel. ``version`` e.g. 16.0.17328.20162 or 16.0; ``path`` empty: none was found."""

    path: str
    version: str

    @property
    def key(self) -> str:
        """The version in registry paths; what Excel 2016 and later use where it is not known."""
        found = re.match(r"\d+", self.version)
        return f"{found[0]}.0" if found else "16.0"


def excel(machine: Machine) -> Excel:
    """The Excel that Windows knows of."""
    path = _app_path(machine, "excel.exe")
    current = str(machine.value("HKCR\\Excel.Application\\CurVer") or "").rpartition(".")[2]
    version = str(machine.value(_CLICK_TO_RUN, "VersionToReport") or "") if path else ""
    if not version and current.isdigit():
        version = f"{current}.0"
    return Excel(path, version)


def check_excel(machine: Machine) -> Check:
    """Version, path and bitness."""
    found = excel(machine)
    if not found.path:
        return problem("Excel", "没有找到 Excel", _USE_THE_ICON)
    try:
        bits = bitness(Path(found.path))
    except (OSError, ValueError):
        platform = {"x86": "32 位", "x64": "64 位"}.get(str(machine.value(_CLICK_TO_RUN, "Platform")), "位数不明")
        if not machine.is_file(found.path):
            return problem("Excel", f"登记的 Excel 不在 {found.path}", f"请修复 Office 的安装；{_USE_THE_ICON}")
        bits = platform
    seen = f"Excel {found.version or '版本不明'}，{bits}，{found.path}"
    number = re.match(r"\d+", found.version)
    if number and int(number[0]) < _OLDEST:
        return problem("Excel", seen, f"功能区按钮要 Excel 2013 或更新的版本；{_USE_THE_ICON}")
    return good("Excel", f"{seen}（Excel 与 Python 的位数不必相同）")


def check_wps(machine: Machine) -> Check:
    """Whether WPS is there, and whether it has taken Excel's place."""
    owner = _owner(machine)
    if PureWindowsPath(owner).name.lower() in ("et.exe", "wps.exe", "ksolaunch.exe") or "kingsoft" in owner.lower():
        return attention(
            "WPS",
            f"WPS 登记成了 Excel.Application（{owner}）",
            "在 WPS 里请用桌面图标；要用 Excel 按钮的，请打开「WPS 配置工具→高级→兼容设置」，"
            "去掉「WPS Office 兼容第三方系统和软件」，再到「控制面板→程序」修复 Office",
        )
    version = next((v for h in ("HKCU", "HKLM") if (v := machine.value(f"{h}\\{_KINGSOFT}", "Version"))), "")
    path = _app_path(machine, "et.exe") or _app_path(machine, "wps.exe")
    if version or path:
        seen = f"有 WPS {version}".rstrip() + (f"（{path}）" if path else "") + "，没有占用 Excel 的登记"
        return attention("WPS", seen, "功能区按钮在 WPS 里没有保证；用 WPS 打开的工作簿，请保存后拖到桌面图标上")
    return good("WPS", "没有装 WPS")


def bitness(path: Path) -> str:
    """Of a Windows program, from its PE header. Raises OSError, ValueError for a file that is none."""
    with path.open("rb") as file:
        head = file.read(64)
        if len(head) < 64 or head[:2] != b"MZ":
            raise ValueError(f"{path} is not a program")
        file.seek(struct.unpack_from("<I", head, 60)[0])
        signature = file.read(6)
    if len(signature) < 6 or signature[:4] != b"PE\0\0":
        raise ValueError(f"{path} is not a program")
    number = struct.unpack_from("<H", signature, 4)[0]
    return _MACHINES.get(number, f"类型 {number:#x}")


def _owner(machine: Machine) -> str:
    """The program behind Excel.Application."""
    class_id = machine.value("HKCR\\Excel.Application\\CLSID")
    command = str(machine.value(f"HKCR\\CLSID\\{class_id}\\LocalServer32") or "") if class_id else ""
    found = _EXE.match(command.strip())
    return found[1] if found else command


def _app_path(machine: Machine, name: str) -> str:
    for hive in ("HKCU", "HKLM"):
        if value := machine.value(f"{hive}\\{_PATHS}\\{name}"):
            return str(value).strip().strip('"')
    return ""
