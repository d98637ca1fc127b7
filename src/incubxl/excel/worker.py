"""The process behind a long work: ``python -m incubxl.excel.worker --work=<folder>``, begun by ``background.begin``.

While it works, one thread writes a heartbeat each second and another says in Excel's status bar how far it is. An Excel
that is busy, edits a cell or is gone costs that word and nothing else.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from incubxl.excel.background import Outcome, Work
from incubxl.excel.guard import ATTEMPTS, explained
from incubxl.excel.own import log_file, logger
from incubxl.excel.tasks import TASKS, Progress

_LOGGED = 600  # characters of an outcome: a list of two thousand mails is not for the log
_EVERY = 1.0  # seconds between two signs of life


def main(arguments: Sequence[str]) -> int:
    """Do the work of a folder; 0 when it came to an end, whatever end."""
    options = dict(part.split("=", 1) for part in arguments if part.startswith("--") and "=" in part)
    work = Work(Path(options["--work"]))
    job = work.job
    progress = Progress(work.stop_file)
    with _Signs(work, progress, status_bar(job.window)) as signs:
        try:
            outcome, sheets = TASKS[job.action](work, progress)
        except Exception as error:  # noqa: BLE001  (the top of a process that nobody watches)
            logger().error("%s failed in the background", job.label, exc_info=error)
            what, then = explained(error)
            outcome, sheets = Outcome("failed", f"{what}。\n{then}。\n详细记录：{log_file()}"), []
    work.finish(outcome, sheets)
    logger().info("%s in the background: %s: %s", job.label, outcome.state, outcome.said[:_LOGGED].replace("\n", " / "))
    signs.say(f"孵化管理·{job.label}：{_END[outcome.state]}，请再点一次「{job.label}」看结果")
    return 0


_END = {"done": "已经做完", "stopped": "已经停止", "failed": "没有做成"}


def status_bar(window: int) -> Callable[[], Any]:
    """How to get at the Excel of a window, from the thread that will talk to it."""

    def connect() -> Any:
        if not window:
            return None
        import pythoncom
        from xlwings import _xlwindows

        pythoncom.CoInitialize()
        engine: Any = _xlwindows
        engine.N_COM_ATTEMPTS = ATTEMPTS
        return engine.App(xl=window).xl

    return connect


class _Signs:
    """The threads that say that the work is alive."""

    def __init__(self, work: Work, progress: Progress, connect: Callable[[], Any]) -> None:
        self.work, self.progress, self.connect = work, progress, connect
        self.label = work.job.label
        self.excel: Any = None
        self._end = threading.Event()
        # apart: an Excel with an open dialog keeps the second waiting, and the work is alive all the same
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._beat, self._tell)]

    def __enter__(self) -> _Signs:
        self.work.live(0, 0)
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(2 * _EVERY)

    def _beat(self) -> None:
        while not self._end.wait(_EVERY):
            self._quietly(lambda: self.work.live(self.progress.done, self.progress.total))

    def _tell(self) -> None:
        self._quietly(self._connect)
        while not self._end.wait(_EVERY):
            done, total = self.progress.done, self.progress.total
            far = f"{done}/{total}" if total else "正在读取"
            self._quietly(lambda: self._show(f"孵化管理·{self.label}：后台 {far}，「停止」可以停下"))  # noqa: B023

    def say(self, text: str) -> None:
        """The last word, from the thread that began the work."""
        self._quietly(self._connect)
        self._quietly(lambda: self._show(text))

    def _connect(self) -> None:
        self.excel = self.connect()

    def _show(self, text: str) -> None:
        if self.excel is not None:
            self.excel.StatusBar = text

    def _quietly(self, act: Callable[[], None]) -> None:
        """Signs are a courtesy: what hinders one is logged, and the work goes on."""
        try:
            act()
        except Exception as error:  # noqa: BLE001
            logger().info("%s: a sign of life was not given: %s", self.label, error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
