"""Remove what ``install`` put in place, and say what stays."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path

from incubxl.addin.install import held
from incubxl.addin.machine import Machine
from incubxl.addin.places import (
    addin_file,
    icon_file,
    interpreter_file,
    is_our_addin,
    is_our_icon,
    jobs_folder,
    only_windows,
    program_data,
)
from incubxl.files.office import SETTINGS, home, log_file
from incubxl.files.refusal import reason


@dataclass
class Removed:
    """``removed`` and ``stays``: what it is and where. ``caveats``: what is still there against the wish, and why."""

    removed: list[tuple[str, Path]] = field(default_factory=list)
    stays: list[tuple[str, Path]] = field(default_factory=list)
    caveats: list[tuple[str, str]] = field(default_factory=list)


def uninstall(machine: Machine, *, everything: bool = False) -> Removed:
    """Remove the add-in, the interpreter's path, jobs that never started, and the icon. ``everything``: settings too.

    Backups of workbooks and logs stay: they are the user's. Raises Refusal while Excel holds the add-in open, before
    anything else is removed; OSError where another file cannot be removed.
    """
    only_windows(machine)
    done = Removed()
    addin = addin_file(machine)
    if addin.is_file():
        if is_our_addin(addin.read_bytes()):
            try:
                addin.unlink()
            except OSError as error:
                raise held(addin, error) from error
            done.removed.append(("Excel 加载项", addin))
        else:
            done.caveats.append((f"{addin} 不是本程序的加载项，没有删", "请自己核对它是什么"))
    _remove("按钮要启动的 Python", interpreter_file(machine), done)
    for job in sorted(jobs_folder(machine).glob("*.json")):
        _remove("没有开始的任务", job, done)
    _remove_icon(machine, done)
    settings = home() / SETTINGS
    if everything:
        _remove("本单位的政策包文件夹（只删这条记录）", settings, done)
    elif settings.is_file():
        done.stays.append(("记下的政策包文件夹（加 --all 一并删去）", settings))
    for folder in (jobs_folder(machine), program_data(machine)):
        with contextlib.suppress(OSError):  # not empty: backups or logs are in it
            folder.rmdir()
    kept = (
        ("写入工作簿以前的备份", home() / "books"),
        ("长任务的结果", home() / "work"),
        ("预览过的通知书", home() / "preview"),
        ("日志", log_file()),
    )
    done.stays += [(what, path) for what, path in kept if path.exists()]
    return done


def _remove(what: str, path: Path, done: Removed) -> None:
    if path.is_file():
        path.unlink()
        done.removed.append((what, path))


def _remove_icon(machine: Machine, done: Removed) -> None:
    link = icon_file(machine)
    if not link.is_file():
        return
    try:
        ours = is_our_icon(machine, link)
    except (OSError, ImportError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        done.caveats.append((f"认不出 {link} 是不是本程序的图标（{why}），没有删", "不要了可以直接删去"))
        return
    if ours:
        _remove("桌面图标", link, done)
    else:
        done.caveats.append((f"{link} 是别的程序的图标，没有删", "请自己核对它是什么"))
