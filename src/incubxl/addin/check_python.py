"""The running Python, what it needs for Excel, and whether a click would start this very one."""

from __future__ import annotations

import platform
import sys
from pathlib import PureWindowsPath

from incubxl.addin.check import Check, attention, good, problem
from incubxl.addin.interpreter import beyond_code_page, interpreter, read_line
from incubxl.addin.machine import Machine
from incubxl.addin.places import ICON_ARGUMENTS, Refusal, icon_file, interpreter_file

_INSTALL = "请运行 incubxl addin install"


def check_python(machine: Machine) -> Check:
    """Version and bitness, and whether buttons can start it."""
    bits = "64 位" if sys.maxsize > 2**32 else "32 位"
    seen = f"Python {platform.python_version()}，{bits}，{machine.python}"
    if not machine.windows:
        return good("Python", seen)
    try:
        interpreter(machine)
    except Refusal as refusal:
        return problem("Python", f"{seen}；{refusal.what}", refusal.next)
    return good("Python", seen)


def check_libraries(machine: Machine) -> Check:
    """What the buttons need beside the program."""
    for name, package in (("pythoncom", "pywin32"), ("xlwings", "xlwings")):
        if why := machine.library(name):
            return problem(
                "连接 Excel 的组件", f"{package} 用不了（{why}）", f"请运行 pip install --force-reinstall {package}"
            )
    if machine.needs_licence():
        return attention(
            "连接 Excel 的组件",
            "xlwings 启用了收费的部分（PRO），本程序不用它",
            "请删去环境变量 XLWINGS_LICENSE_KEY，或用户文件夹 .xlwings 里的 LICENSE_KEY",
        )
    return good("连接 Excel 的组件", "pywin32 和 xlwings（免费部分）都能用")


def check_interpreter(machine: Machine) -> Check:
    """What a click starts."""
    name, path = "按钮启动的 Python", interpreter_file(machine)
    try:
        ours = interpreter(machine)
        refusal = None
    except Refusal as found:
        ours, refusal = "", found
    if unnamable := beyond_code_page(machine, ours):
        return problem(name, *unnamable)
    try:
        recorded = read_line(machine, path.read_bytes())
    except FileNotFoundError:
        return problem(name, f"还没有记下（没有 {path}）", _INSTALL)
    except OSError as error:
        return problem(name, f"{path} 打不开：{error.strerror}", "请核对这个文件的权限")
    if not machine.is_file(recorded):
        return problem(name, f"记下的 {recorded} 已经不在", _INSTALL)
    if refusal is not None:
        return attention(name, f"{recorded}（不是现在运行的这个；{refusal.what}）", refusal.next)
    if recorded.casefold() != ours.casefold():
        return attention(
            name,
            f"{recorded}，而现在运行的是 {ours}",
            "两个都装过本程序的，请用要用的那一个再运行 incubxl addin install",
        )
    return good(name, recorded)


def check_icon(machine: Machine) -> Check:
    """The desktop icon."""
    link = icon_file(machine)
    if not link.is_file():
        return attention("桌面图标", f"没有「{link.stem}」", f"{_INSTALL}；不用图标的不必理会")
    try:
        target, arguments = machine.shortcut(link)
    except (OSError, ImportError) as error:
        return attention("桌面图标", f"读不了 {link}（{error}）", _INSTALL)
    if arguments.strip() != ICON_ARGUMENTS or not machine.is_file(target):
        return problem("桌面图标", f"图标启动的是 {target} {arguments}", "请删去这个图标，再运行 incubxl addin install")
    here = str(PureWindowsPath(machine.python).parent / "python.exe")
    if target.casefold() != here.casefold():
        return attention("桌面图标", f"图标启动的是 {target}，而现在运行的是 {here}", _INSTALL)
    return good("桌面图标", str(link))
