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

from incubxl.excel.bare import Bare, box

_JOBS = "jobs"  # the folder that the add-in writes jobs into


def main(arguments: Sequence[str]) -> int:
    """Do what was clicked; 0 when done. The person is told whatever happens, a broken installation too."""
    try:
        from incubxl.batch.run import calm_collector
        from incubxl.excel.guard import At, explained
        from incubxl.excel.own import log_file, logger
    except Exception as error:  # noqa: BLE001  (without a console nobody would see why)
        box(f"没有能够开始：程序没有装完整（{error}）。\n\n请运行 incubxl addin doctor，照它说的办。")
        return 1
    calm_collector()
    try:
        options = dict(part.split("=", 1) for part in arguments if part.startswith("--") and "=" in part)
        job = read_job(Path(options.get("--job", "")))
        run = button(str(job["action"]))
        place = _place(int(options["--hwnd"]), job)
        at = At(str(job["sheet"]), int(job["row"]), int(job["column"])) if job["workbook"] else None
    except Exception as error:  # noqa: BLE001  (the top: nobody else is there to tell)
        logger().error("could not start: %s", list(arguments), exc_info=error)
        what, then = explained(error)
        box(f"没有能够开始：{what}。\n\n{then}。\n\n详细记录：{log_file()}")
        return 1
    return 0 if run(place, at) else 1


def read_job(path: Path) -> dict[str, Any]:
    """What the add-in wrote; the file is removed. Raises OSError, RefusedError for one that is not the add-in's."""
    from incubxl.excel.refused import RefusedError

    again = "请重新运行 incubxl addin install，再点一次"
    if path.suffix != ".json" or path.parent.name != _JOBS:
        raise RefusedError(f"任务文件不对（{path.name}）", again)
    try:
        job = json.loads(path.read_text(encoding="utf-8"))
        wrong = {"action", "workbook", "sheet", "row", "column", "host", "version"} - job.keys()
    except (ValueError, AttributeError) as error:
        raise RefusedError(f"任务文件不对（{path.name}）", again) from error
    if wrong:
        raise RefusedError(f"任务文件不对（{path.name}）", again)
    path.unlink()
    return dict(job)


def button(action: str) -> Callable[..., bool]:
    """The function of the button. Raises RefusedError when there is none."""
    from incubxl.excel import commands
    from incubxl.excel.refused import RefusedError

    run = getattr(commands, action, None)
    if action not in commands.__all__ or run is None:
        raise RefusedError(
            f"没有「{action}」这个功能，加载项与程序的版本不一致", "请重新运行 incubxl addin install，再点一次"
        )
    return run  # type: ignore[no-any-return]


def _place(window: int, job: dict[str, Any]) -> Any:
    """The clicked workbook in the Excel with this window; or ``Bare`` where none is open.

    Without a workbook Excel has no window that hands out its application (xlwings' engine says so too).
    """
    if not job["workbook"]:
        return Bare(window, str(job["host"]), str(job["version"]))
    import xlwings
    from xlwings import _xlwindows

    from incubxl.excel.guard import ATTEMPTS

    engine: Any = _xlwindows
    engine.N_COM_ATTEMPTS = ATTEMPTS
    app = xlwings.App(impl=engine.App(xl=window))
    app.status_bar = False  # the add-in's "starting"
    return xlwings.Book(impl=app.books[str(job["workbook"])].impl)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
