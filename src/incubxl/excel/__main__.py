"""One click: what the add-in starts, ``pythonw -m incubxl.excel --from_xl=1 --hwnd=… --job=…``.

The job file (ASCII JSON, made by the add-in, removed here) names the button and the workbook, so that a workbook's
name may hold any character; the window number says which Excel, as for ``xlwings.Book.caller()``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import xlwings

from incubxl.batch.run import calm_collector
from incubxl.excel import commands
from incubxl.excel.guard import ATTEMPTS, explained
from incubxl.excel.own import log_file, logger
from incubxl.excel.refused import RefusedError


def main(arguments: Sequence[str]) -> int:
    """Do what was clicked; 0 when done. The person is told whatever happens."""
    try:
        calm_collector()
        options = dict(part.split("=", 1) for part in arguments if part.startswith("--") and "=" in part)
        action, workbook = read_job(Path(options["--job"]))
        run = button(action)
        where = _place(int(options["--hwnd"]), workbook)
    except Exception as error:  # noqa: BLE001  (the top: nobody else is there to tell)
        logger().error("could not start: %s", list(arguments), exc_info=error)
        what, then = explained(error)
        _box(f"没有能够开始：{what}。\n\n{then}。\n\n详细记录：{log_file()}")
        return 1
    return 0 if run(where) else 1


def read_job(path: Path) -> tuple[str, str]:
    """Button and workbook; the file is removed. Raises OSError, RefusedError for one that is not the add-in's."""
    text = path.read_text(encoding="utf-8")
    path.unlink()
    try:
        job: dict[str, Any] = json.loads(text)
        return str(job["action"]), str(job["workbook"])
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedError(f"任务文件不对（{path.name}）", "请重新运行 incubxl addin install，再点一次") from error


def button(action: str) -> Callable[[xlwings.Book | xlwings.App], bool]:
    """The function of the button. Raises RefusedError when there is none."""
    run = getattr(commands, action, None)
    if action not in commands.__all__ or run is None:
        raise RefusedError(
            f"没有「{action}」这个功能，加载项与程序的版本不一致", "请重新运行 incubxl addin install，再点一次"
        )
    return run  # type: ignore[no-any-return]


def _place(window: int, name: str) -> xlwings.Book | xlwings.App:
    """The clicked workbook in the Excel with this window, or that Excel where no workbook is open."""
    from xlwings import _xlwindows

    engine: Any = _xlwindows
    engine.N_COM_ATTEMPTS = ATTEMPTS
    app = xlwings.App(impl=engine.App(xl=window))
    app.status_bar = False  # the add-in's "starting"
    return xlwings.Book(impl=app.books[name].impl) if name else app


def _box(text: str) -> None:
    """A message box of Windows itself: Excel may be what does not answer."""
    print(text, file=sys.stderr)
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(0, text, "孵化管理", 0x30)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
