"""The buttons of the group 帮助."""

from __future__ import annotations

import platform
import sys

from incubxl import __version__
from incubxl.excel.guard import Click, Said, command
from incubxl.excel.opening import show
from incubxl.excel.own import log_file
from incubxl.files.packs import store

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


@command("关于", anywhere=True)
def about(click: Click) -> Said:
    """Versions of everything, for a question to the maintainers."""
    excel = click.application
    packs = store()
    return Said(
        "\n".join(
            [
                f"incubxl {__version__}　Python {platform.python_version()} {platform.architecture()[0]}",
                f"{excel.Name} {excel.Version}（{excel.Path}）",
                f"解释器：{sys.executable}",
                f"日志：{log_file()}",
                "办法：" + "、".join(packs.pack(id).measure.short_name for id in packs.ids),
            ]
        )
    )
