"""Put the add-in, the interpreter's path and the desktop icon in place for this Windows account; no administrator."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from incubxl.addin.interpreter import beyond_code_page, interpreter, line
from incubxl.addin.machine import Machine
from incubxl.addin.places import (
    ICON_ARGUMENTS,
    Refusal,
    addin_file,
    icon_file,
    interpreter_file,
    is_our_addin,
    is_our_icon,
    only_windows,
)
from incubxl.addin.store import ADDIN
from incubxl.files.office import SETTINGS, home, settings_text
from incubxl.files.packs import PackStore
from incubxl.files.refusal import reason
from incubxl.publish.atomic import write_bytes

_DESCRIPTION = "把登记工作簿或文件夹拖到这里：核对，并写出结果和通知书"
_SHARING_VIOLATION, _ACCESS_DENIED = 32, 5  # Windows' error numbers


@dataclass
class Installed:
    """``written``: what it is and where, changed by this run; ``same``: what was already right. ``caveats``: what did
    not come about although the rest did, and what to do."""

    written: list[tuple[str, Path]] = field(default_factory=list)
    same: list[tuple[str, Path]] = field(default_factory=list)
    caveats: list[tuple[str, str]] = field(default_factory=list)

    def put(self, what: str, path: Path, data: bytes) -> None:
        """Write a file where it differs. Raises OSError."""
        if path.is_file() and path.read_bytes() == data:
            self.same.append((what, path))
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, data)
        self.written.append((what, path))


def install(machine: Machine, packs: Path | None = None, *, forget_packs: bool = False) -> Installed:
    """Install, or bring up to date. ``packs``: the office's own pack folder, to be recorded.

    Raises Refusal before anything is written, except where Excel holds the old add-in open; OSError for other files.
    """
    only_windows(machine)
    python = interpreter(machine)
    if packs is not None:
        check_packs(packs)
    done = Installed()
    if unnamable := beyond_code_page(machine, python):  # buttons that always fail are not put there
        done.caveats.append(unnamable)
    else:
        _put_addin(machine, done)
        done.put("按钮要启动的 Python", interpreter_file(machine), line(machine, python))
    if packs is not None or forget_packs:
        text = settings_text(packs.resolve() if packs is not None else None)
        done.put("本单位的政策包文件夹", home() / SETTINGS, text.encode())
    _put_icon(machine, done)
    return done


def check_packs(folder: Path) -> None:
    """Raises Refusal for a folder without packs, or with a pack that is not sound."""
    found = sorted(p.parent.name for p in folder.glob("*/measure.yaml"))
    if not found:
        raise Refusal(
            f"「{folder}」里没有政策包", "请指明放着政策包的上级文件夹，例如里面有「我的办法」、再里面有 measure.yaml"
        )
    store = PackStore(folder)
    broken = [id for id in found if store.load(id).pack is None]
    if broken:
        raise Refusal(f"政策包「{'」「'.join(broken)}」有错误", f"请运行 incubxl policy lint {folder}，改好再安装")


def _put_addin(machine: Machine, done: Installed) -> None:
    path = addin_file(machine)
    try:
        if path.is_file() and not is_our_addin(path.read_bytes()):
            raise Refusal(f"{path} 不是本程序的加载项，没有盖掉它", "请把它改名或移走，再运行一次")
        done.put("Excel 加载项", path, ADDIN.read_bytes())
    except OSError as error:
        raise held(path, error) from error


def held(path: Path, error: OSError) -> Refusal:
    """Why the add-in cannot be replaced or removed."""
    if isinstance(error, PermissionError) or getattr(error, "winerror", 0) in (_SHARING_VIOLATION, _ACCESS_DENIED):
        return Refusal(
            f"{path} 正被占用，多半是 Excel 开着",
            "请先关闭 Excel（全部窗口；任务管理器里还有 Excel 的，也结束它），再运行一次；"
            "Excel 没开的，请核对这个文件夹的写入权限",
        )
    return Refusal(f"写不了 {path}：{reason(error)}", "请核对这个文件夹的写入权限和磁盘空间，再运行一次")


def _put_icon(machine: Machine, done: Installed) -> None:
    """The icon is a help, not the thing itself: without it the rest stands."""
    link = icon_file(machine)
    target = str(PureWindowsPath(machine.python).parent / "python.exe")
    try:
        if link.is_file():
            if not is_our_icon(machine, link):
                done.caveats.append((f"{link} 是别的程序的图标，没有动它", "请把它改名，再运行一次"))
                return
            if machine.shortcut(link)[0].casefold() == target.casefold():
                done.same.append(("桌面图标", link))
                return
        machine.make_shortcut(link, target, ICON_ARGUMENTS, _DESCRIPTION)
        done.written.append(("桌面图标", link))
    except ImportError as error:
        done.caveats.append(
            (f"没有组件 pywin32，桌面图标没有做成（{error}）", "请运行 pip install pywin32，再运行一次")
        )
    except OSError as error:
        done.caveats.append(
            (f"桌面图标没有做成：{reason(error)}", "请核对桌面能不能新建文件，再运行一次；也可以用 incubxl run")
        )
