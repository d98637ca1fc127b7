"""Which Python a click starts, and how its path is written so that VBA reads it (Launcher.bas: IsInterpreter)."""

from __future__ import annotations

import codecs
import re
from pathlib import PureWindowsPath

from incubxl.addin.machine import Machine
from incubxl.addin.places import Refusal, program_data

_DRIVE = re.compile(r"[A-Za-z]:\\")
_AGAIN = "再运行一次 incubxl addin install"


def interpreter(machine: Machine) -> str:
    """The running Python without a console, as its path is to stand in the file. Raises Refusal.

    ``Open``, ``Shell`` and ``Environ`` of VBA know only the ANSI code page: a path beyond it is given in its 8.3 form.
    """
    python = PureWindowsPath(machine.python)
    windowless = str(python.parent / "pythonw.exe")
    if _from_store(machine.python) or _from_store(machine.python_home):
        raise Refusal(
            f"正在用的是「Microsoft Store」的 Python（{machine.python}），它写下的文件 Excel 看不到，按钮启动不了它",
            f"请从 Python 官方网站装一个普通的 Python，用它安装本程序，{_AGAIN}",
        )
    if not _DRIVE.match(windowless) or machine.is_remote(windowless):
        raise Refusal(
            f"Python 不在本机的硬盘上（{machine.python}），按钮不启动别的电脑上的程序",
            f"请把 Python 装在本机，用它安装本程序，{_AGAIN}",
        )
    if not machine.is_file(windowless):
        raise Refusal(
            f"Python 旁边没有 pythonw.exe（{windowless}），按钮没有它就启动不了",
            f"请从 Python 官方网站重新装一个完整的 Python，用它安装本程序，{_AGAIN}",
        )
    if in_code_page(machine, windowless):
        return windowless
    return f"{machine.short_path(str(python.parent))}\\pythonw.exe"


def beyond_code_page(machine: Machine, python: str) -> tuple[str, str] | None:
    """What VBA cannot name, and what to do; None when it can name everything. ``python``: see ``interpreter``."""
    folder = str(program_data(machine))
    if not in_code_page(machine, folder):
        return (
            f"这个 Windows 账户的文件夹（{folder}）里有 Excel 的宏认不得的字，功能区按钮用不了",
            "请用桌面图标或命令行，结果完全相同；一定要用按钮的，请信息部门新建一个用英文字母的 Windows 账户",
        )
    if not in_code_page(machine, python):
        return (
            f"Python 的路径（{python}）里有 Excel 的宏认不得的字，也没有短文件名可以代替，功能区按钮用不了",
            f"请用桌面图标或命令行；一定要用按钮的，请把 Python 装到英文名的文件夹，用它安装本程序，{_AGAIN}",
        )
    return None


def in_code_page(machine: Machine, text: str) -> bool:
    """Whether the ANSI code page can write the text and gives it back."""
    try:
        return text.encode(_codec(machine)).decode(_codec(machine)) == text
    except UnicodeError:
        return False


def line(machine: Machine, path: str) -> bytes:
    """The content of the interpreter file."""
    return f"{path}\r\n".encode(_codec(machine))


def read_line(machine: Machine, data: bytes) -> str:
    """The path in the interpreter file, as VBA reads it."""
    first = data.splitlines()[0] if data else b""
    return first.decode(_codec(machine), "replace")


def _codec(machine: Machine) -> str:
    name = f"cp{machine.code_page()}"
    try:
        return codecs.lookup({"cp54936": "gb18030"}.get(name, name)).name
    except LookupError:
        return "ascii"


def _from_store(path: str) -> bool:
    return "windowsapps" in (part.casefold() for part in PureWindowsPath(path).parts)
