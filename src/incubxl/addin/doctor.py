"""``incubxl addin doctor``: everything between a click and a result, looked at without changing anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from incubxl.addin.check import Check, State, attention, good, problem, unchecked
from incubxl.addin.check_office import check_excel, check_wps
from incubxl.addin.check_policy import check_blocked, check_disabled, check_policy
from incubxl.addin.check_python import check_icon, check_interpreter, check_libraries, check_python
from incubxl.addin.install import check_packs
from incubxl.addin.machine import Machine
from incubxl.addin.places import Refusal, addin_file, is_our_addin, jobs_folder, program_data, startup
from incubxl.addin.store import ADDIN
from incubxl.files.office import SettingsError, home, log_file, policies
from incubxl.files.refusal import described
from incubxl.publish.writable import refused


def examine(machine: Machine) -> list[Check]:
    """Every check, in the order in which to mend. Elsewhere than on Windows only what matters there."""
    found = [_system(machine)]
    steps: tuple[tuple[str, Callable[[Machine], Check]], ...] = (
        ("Excel", check_excel),
        ("WPS", check_wps),
        ("Python", check_python),
        ("连接 Excel 的组件", check_libraries),
        ("按钮启动的 Python", check_interpreter),
        ("Excel 加载项", _addin),
        ("来自网络的标记", check_blocked),
        ("宏和加载项的安全设置", check_policy),
        ("Excel 的禁用项目", check_disabled),
        ("桌面图标", check_icon),
    )
    for name, step in steps:
        found.append(
            _guarded(name, step, machine)
            if machine.windows or step is check_python
            else unchecked(name, "只有 Windows 上才有")
        )
    return [*found, _packs(), _writing(machine), good("日志", _log())]


def worst(checks: Iterable[Check]) -> State:
    """The state that the report as a whole has."""
    states = {check.state for check in checks}
    return next((s for s in (State.PROBLEM, State.ATTENTION) if s in states), State.GOOD)


def _guarded(name: str, step: Callable[[Machine], Check], machine: Machine) -> Check:
    """One thing that cannot be looked at must not hide the others."""
    try:
        return step(machine)
    except Refusal as refusal:
        return problem(name, refusal.what, refusal.next)
    except OSError as error:
        return unchecked(name, f"查不了：{described(error)}")


def _system(machine: Machine) -> Check:
    if machine.windows:
        return good("系统", machine.name)
    return attention(
        "系统",
        f"{machine.name}：Excel 的功能区按钮只在 Windows 上能用",
        "这里请用命令行：incubxl run 核对，incubxl drop 与 Windows 的桌面图标相同；结果完全一样",
    )


def _addin(machine: Machine) -> Check:
    name, path = "Excel 加载项", addin_file(machine)
    if not path.is_file():
        return problem(name, f"还没有装（没有 {path}）", "请运行 incubxl addin install")
    data = path.read_bytes()
    if not is_our_addin(data):
        return problem(name, f"{path} 不是本程序的加载项", "请把它改名或移走，再运行 incubxl addin install")
    if data != ADDIN.read_bytes():
        return problem(name, f"{path} 与本程序的版本不同", "请关闭 Excel，运行 incubxl addin install")
    second = _second(machine, path)
    if second:
        return attention(name, f"{path}；另有一份在 {second}，Excel 会打开两次", "请删去另外那一份")
    return good(name, f"{path}，与本程序自带的逐字节相同")


def _second(machine: Machine, path: Path) -> str:
    """Another copy in the folder that the user has Excel open besides (AltStartup)."""
    for version in ("16.0", "15.0"):
        folder = machine.value(f"HKCU\\Software\\Microsoft\\Office\\{version}\\Excel\\Options", "AltStartup")
        if folder and (other := Path(str(folder)) / path.name) != path and other.is_file():
            return str(other)
    return ""


def _packs() -> Check:
    name = "本单位的政策包"
    try:
        folder = policies()
    except SettingsError as error:
        return problem(name, error.what, error.next)
    if folder is None:
        return good(name, "没有另外指定，用自带的办法")
    try:
        check_packs(folder)
    except Refusal as refusal:
        return problem(name, refusal.what, f"{refusal.next}；不再用的，请运行 incubxl addin install --no-policies")
    return good(name, str(folder))


def _writing(machine: Machine) -> Check:
    folders = [home(), log_file().parent]
    if machine.windows:
        try:
            folders += [program_data(machine), jobs_folder(machine), startup(machine)]
        except Refusal as refusal:
            return problem("写入权限", refusal.what, refusal.next)
    wrong = [f"{folder}：{why}" for folder in dict.fromkeys(folders) if (why := refused(folder))]
    if wrong:
        return problem("写入权限", "；".join(wrong), "请核对这些文件夹的权限和磁盘空间，或交给信息部门")
    return good("写入权限", "程序的文件夹" + ("和 XLSTART " if machine.windows else "") + "都能写")


def _log() -> str:
    path = log_file()
    return str(path) if path.is_file() else f"{path}（还没有记录）"
