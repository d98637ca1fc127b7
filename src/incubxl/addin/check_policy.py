"""What Office's security settings and the administrator's policies let an unsigned add-in in XLSTART do.

Sources: Microsoft's administrative templates for Office (registry names), and "Trusted Locations for Office files".
"""

from __future__ import annotations

import re
from pathlib import PureWindowsPath

from incubxl.addin.check import Check, attention, good, problem, unchecked
from incubxl.addin.check_office import excel
from incubxl.addin.machine import Machine
from incubxl.addin.places import addin_file, startup

_MACROS = {1: "全部启用", 2: "禁用并提示", 3: "只准有数字签名的", 4: "全部禁用，不提示"}
_DEFENDER = "Software\\Policies\\Microsoft\\Windows Defender\\Windows Defender Exploit Guard\\ASR"
_NO_CHILDREN = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"  # "Block all Office applications from creating child processes"
_OWN = (
    "请在 Excel 的「文件→选项→信任中心→信任中心设置」里改：「加载项」一页的勾都去掉；「受信任位置」一页不要勾「禁用」，"
    "并且要有 XLSTART 这个文件夹。改不了的，交给信息部门"
)
_IT = "这是单位的策略，请把这一行交给信息部门；在放行以前可以用桌面图标或命令行，结果完全相同"


def check_policy(machine: Machine) -> Check:
    """Everything that keeps macros in XLSTART from running, in plain words."""
    version = excel(machine).key
    wrong = _forbidden(machine, version)
    if wrong:
        remedy = _IT if any(forced for _, forced in wrong) else _OWN
        return problem("宏和加载项的安全设置", "；".join(words for words, _ in wrong), remedy)
    macros = _setting(machine, version, "Excel\\Security", "VBAWarnings")
    word = _MACROS.get(macros or 0, "没有设定，默认禁用并提示")
    untrusted = _untrusted(machine, version)
    if untrusted and macros == 1:
        return attention(
            "宏和加载项的安全设置", f"{untrusted}；宏设为「{word}」，仍能运行", "不用改；设置变了请再查一次"
        )
    if untrusted and macros in (3, 4):
        return problem("宏和加载项的安全设置", f"{untrusted}；宏设为「{word}」，加载项里的宏不会运行", _OWN)
    if untrusted:
        return attention(
            "宏和加载项的安全设置",
            f"{untrusted}；宏设为「{word}」",
            "打开 Excel 时出现「安全声明」的，请点「启用宏」；没有出现、按钮也不动的，请交给信息部门",
        )
    return good("宏和加载项的安全设置", f"XLSTART 是受信任的位置，里面的加载项可以运行（其他文件的宏：{word}）")


def check_blocked(machine: Machine) -> Check:
    """The mark that Windows puts on files from the internet."""
    path = addin_file(machine)
    if not path.is_file():
        return unchecked("来自网络的标记", "加载项还没有装")
    try:
        mark = path.with_name(f"{path.name}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return good("来自网络的标记", "加载项没有「来自网络」的标记")
    if "ZoneId=3" not in mark and "ZoneId=4" not in mark:
        return good("来自网络的标记", "加载项的标记不是「来自网络」")
    version = excel(machine).key
    blocks = _setting(machine, version, "Excel\\Security", "BlockContentExecutionFromInternet") == 1
    seen = "加载项带着「来自网络」的标记" + ("，单位的策略禁止这种文件里的宏" if blocks else "")
    remedy = "请关闭 Excel，运行 incubxl addin uninstall，再运行 incubxl addin install"
    if untrusted := _untrusted(machine, version):
        return problem("来自网络的标记", f"{seen}；{untrusted}", remedy)
    return attention("来自网络的标记", f"{seen}；放在受信任的位置，多半仍能运行", remedy)


def check_disabled(machine: Machine) -> Check:
    """Excel's own list of what it has switched off after a crash."""
    key = f"HKCU\\Software\\Microsoft\\Office\\{excel(machine).key}\\Excel\\Resiliency\\DisabledItems"
    for data in machine.values(key).values():
        if isinstance(data, bytes) and any(_names_us(data[start:]) for start in (0, 1)):
            return problem(
                "Excel 的禁用项目",
                "Excel 把加载项禁用了（多半因为有一次打开时 Excel 意外退出）",
                "请在 Excel 里点「文件→选项→加载项」，最下面「管理」选「禁用项目」，"
                "点「转到」，选中 incubxl，点「启用」，再重开 Excel",
            )
    return good("Excel 的禁用项目", "加载项不在里面")


def _names_us(data: bytes) -> bool:
    return "incubxl.xlam" in data[: len(data) // 2 * 2].decode("utf-16-le", "ignore").casefold()


def _forbidden(machine: Machine, version: str) -> list[tuple[str, bool]]:
    """What no trusted location helps against, and whether the administrator has set it."""
    rules = (
        ("Excel\\Security", "DisableAllAddins", 1, "禁用了全部加载项（DisableAllAddins）"),
        ("Excel\\Security", "RequireAddinSig", 1, "加载项必须有签名，本加载项没有（RequireAddinSig）"),
        ("Common\\Security", "RequireAlwaysOnMacroSig", 1, "自动打开的宏必须有签名（RequireAlwaysOnMacroSig）"),
        ("Common", "VBAOff", 1, "Office 的 VBA 整个关掉了（VBAOff）"),
    )  # fmt: skip
    wrong = [
        (words, _setting(machine, version, key, name, policies_only=True) == value)
        for key, name, value, words in rules
        if _setting(machine, version, key, name) == value
    ]
    rule = str(machine.value(f"HKLM\\{_DEFENDER}\\Rules", _NO_CHILDREN) or "")
    if rule == "1":
        wrong.append(("Windows 安全中心禁止 Office 启动别的程序（攻击面减少规则），按钮启动不了 Python", True))
    return wrong


def _untrusted(machine: Machine, version: str) -> str:
    """Why XLSTART is no trusted location; empty when it is one."""
    if _setting(machine, version, "Excel\\Security\\Trusted Locations", "AllLocationsDisabled") == 1:
        return "受信任的位置全部停用了（AllLocationsDisabled）"
    if _setting(machine, version, "Common\\Security\\Trusted Locations", "Allow User Locations") == 0:
        return "只承认单位指定的受信任位置（Allow User Locations = 0），XLSTART 不算"
    folder = str(startup(machine))
    if machine.is_remote(folder):
        return f"XLSTART 在网络上（{folder}），默认不受信任"
    root = f"HKCU\\Software\\Microsoft\\Office\\{version}\\Excel\\Security\\Trusted Locations"
    listed = [str(machine.value(f"{root}\\{name}", "Path") or "") for name in machine.keys(root)]
    if listed and not any(_same(machine, path, folder) for path in listed):
        return f"Excel 的受信任位置里没有 {folder}"
    return ""


def _same(machine: Machine, listed: str, folder: str) -> bool:
    full = re.sub(r"%(\w+)%", lambda found: machine.variable(found[1].upper()) or found[0], listed)
    return PureWindowsPath(full.rstrip("\\/")) == PureWindowsPath(folder)


def _setting(machine: Machine, version: str, key: str, name: str, *, policies_only: bool = False) -> int | None:
    """A setting; the administrator's before the user's."""
    hives = ("HKCU\\Software\\Policies", "HKLM\\Software\\Policies", "HKCU\\Software")
    for hive in hives[:2] if policies_only else hives:
        value = machine.value(f"{hive}\\Microsoft\\Office\\{version}\\{key}", name)
        if isinstance(value, int):
            return value
        if isinstance(value, str) and value.isdigit():
            return int(value)
    return None
