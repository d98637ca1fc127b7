"""The buttons of the group 帮助."""

from __future__ import annotations

import platform
import sys

from incubxl import __version__
from incubxl.excel.guard import Click, Said, command
from incubxl.excel.opening import show
from incubxl.excel.own import log_file
from incubxl.excel.packs import packs, policies
from incubxl.files.manual import manual_file

_SHOWN = 10  # lines of the log


@command("日志", anywhere=True)
def log(click: Click) -> Said:
    """Open the log where the system can; say where it is and what it ends with."""
    path = log_file()
    if not path.is_file():
        return Said(f"还没有日志。以后的记录会在：{path}")
    show(path)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return Said("\n".join([f"日志：{path}", *(line[:160] for line in lines[-_SHOWN:])]))


@command("手册", anywhere=True)
def manual(click: Click) -> Said:
    """The manual, in the browser where the system can show it."""
    path = manual_file()
    shown = show(path)
    return Said(f"{'已打开手册' if shown else '手册在'}：{path}", quiet=shown)


@command("关于", anywhere=True)
def about(click: Click) -> Said:
    """Versions of everything, for a question to the maintainers."""
    excel = click.application
    known = packs()
    bits = platform.architecture()[0].removesuffix("bit")
    return Said(
        "\n".join(
            [
                f"incubxl {__version__}　Python {platform.python_version()} {bits} 位",
                f"{excel.Name} {excel.Version}（{excel.Path}）",
                f"解释器：{sys.executable}",
                f"日志：{log_file()}",
                f"本单位的政策包：{policies() or '没有，用自带的办法'}",
                "办法：" + "、".join(known.pack(id).measure.short_name for id in known.ids),
            ]
        )
    )
