"""Around every button: who is asked, what may be in the way, and what is said when something fails.

Nothing escapes: a failure becomes a Chinese message (what, where, what next) and an entry in the log. Excel's switches
and the active sheet are put back as they were.
"""

from __future__ import annotations

import datetime as dt
import functools
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import xlwings
from filelock import FileLock, Timeout

from incubxl import __version__
from incubxl.excel import own
from incubxl.excel.bare import Bare
from incubxl.excel.own import Memory, home, log_file, logger
from incubxl.excel.recorder import watched
from incubxl.excel.refused import RefusedError
from incubxl.files.refusal import described

ATTEMPTS = 40  # of one COM call that Excel rejects; xlwings' default is for ever
_READY_WITHIN = 3.0  # seconds
REJECTED, EDITING = -2147418111, -2146777998
GONE = (-2147023174, -2147023170, -2147417848)
_WPS = ("wps", "kingsoft", "金山")
_SWITCHES = ("ScreenUpdating", "EnableEvents", "DisplayAlerts")


class Said(NamedTuple):
    """What a button says at its end: in a message box, or (``quiet``) in the status bar."""

    text: str
    quiet: bool = False


class At(NamedTuple):
    """What was selected when the button was pressed: a sheet, and a row and column from 1 (0: no cell)."""

    sheet: str
    row: int
    column: int


Where = xlwings.Book | Bare


def now() -> dt.datetime:
    """The clock of a press: local time, as officials read it."""
    return dt.datetime.now()  # noqa: DTZ005


class Click:
    """One press of a button: Excel, the workbook if there is one, where in it, and the time."""

    def __init__(self, where: Where, label: str, at: At | None = None) -> None:
        self.label = label
        self.now = now()
        self.app: Any = where if isinstance(where, Bare) else where.app
        book: Any = None if isinstance(where, Bare) else watched(where.api, "", label, self.now)
        self._book = book
        self.application: Any = where if book is None else book.Application
        self.goal: tuple[str, str] | None = None
        self._at = at

    @property
    def has_book(self) -> bool:
        """Whether a workbook was open."""
        return self._book is not None

    @property
    def book(self) -> Any:
        """Excel's Workbook. Raises RefusedError where none was open."""
        if self._book is None:
            raise RefusedError("没有打开的工作簿", "请先打开登记工作簿，再点一次")
        return self._book

    @functools.cached_property
    def at(self) -> At:
        """What was selected at the press; the user may be elsewhere by now."""
        if self._at is not None:
            return self._at
        cell, sheet = self.application.ActiveCell, str(self.book.ActiveSheet.Name)
        return At(sheet, int(cell.Row), int(cell.Column)) if cell is not None else At(sheet, 0, 0)

    @functools.cached_property
    def memory(self) -> Memory:
        """What is kept about this workbook."""
        return Memory(str(self.book.FullName), bool(self.book.Path), f"{self.app.pid}|{self.application.Hwnd}")

    def goes_to(self, sheet: str, cell: str) -> None:
        """Let the button end with this cell selected, instead of where the user was."""
        self.goal = (sheet, cell)

    def progress(self, text: str) -> None:
        """Show in the status bar what is being done."""
        self.application.StatusBar = f"孵化管理·{self.label}：{text}"


def command(label: str, *, anywhere: bool = False) -> Callable[[Callable[[Click], Said]], Callable[..., bool]]:
    """Make a button's function of ``work``: it takes the workbook, or Excel without one, and is True when done.

    Without an argument the workbook is the caller's. ``anywhere``: works in WPS and protected view, without a
    workbook and beside another click, because it touches no cell and none of Excel's switches.
    """

    def decorate(work: Callable[[Click], Said]) -> Callable[..., bool]:
        @functools.wraps(work)
        def run(where: Where | None = None, at: At | None = None) -> bool:
            return _run(work, label, where, at, anywhere)

        run.label = label  # type: ignore[attr-defined]
        return run

    return decorate


def _run(work: Callable[[Click], Said], label: str, where: Where | None, at: At | None, anywhere: bool) -> bool:
    log = logger()
    try:
        _bound_retries()
        where = where or xlwings.Book.caller()
        click = Click(where, label, at)
        if anywhere:
            said = work(click)
        else:
            if not click.has_book:
                raise RefusedError("没有打开的工作簿", "请先打开登记工作簿，再点一次")
            with one_click(), _as_it_was(click):
                _check_program(click)
                said = work(click)
        log.info("%s: done", label)
        if said.quiet:
            click.application.StatusBar = said.text
        else:
            click.app.alert(said.text, f"孵化管理·{label}", "ok", "info")
    except Exception as error:
        log.error("%s failed; incubxl %s, Python %s", label, __version__, platform.python_version(), exc_info=error)
        _tell(where, label, error)
        return False
    return True


@contextmanager
def one_click() -> Iterator[None]:
    """Clicks are processes of their own: two at once would write the same sheets and mix up Excel's switches.

    Raises RefusedError while another click is at work. The system frees the lock of a process that died.
    """
    path = home() / "click.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=0):
            yield
    except Timeout as error:
        raise RefusedError("上一次点击还没有做完", "请等它做完（状态栏的提示消失）再点一次") from error


def _bound_retries() -> None:
    engine = sys.modules.get("xlwings._xlwindows")
    if engine is not None:
        engine.N_COM_ATTEMPTS = ATTEMPTS  # type: ignore[attr-defined]


def _check_program(click: Click) -> None:
    """WPS and protected view are recognised; a busy Excel gets a moment."""
    about = f"{click.application.Name} {click.application.Path}"
    if any(word in about.lower() for word in _WPS):
        raise RefusedError(
            f"这是 WPS（{about}），功能区按钮在 WPS 里没有保证，所以不动这个工作簿",
            "请先保存，再把工作簿拖到桌面的「孵化管理」图标上，或运行 incubxl run；结果工作簿和通知书完全一样",
        )
    if click.application.ActiveProtectedViewWindow is not None:
        raise RefusedError(
            "工作簿处于「受保护的视图」，读写都不允许", "请核实文件来源，点黄色条上的「启用编辑」，再点一次"
        )
    until = time.monotonic() + _READY_WITHIN
    while not click.application.Ready:
        if time.monotonic() > until:
            raise RefusedError("Excel 正忙", "请等它忙完、关掉打开的对话框，再点一次")
        time.sleep(0.1)


def check_writable(click: Click) -> None:
    """Raises RefusedError where our sheets cannot be added."""
    if click.book.ReadOnly:
        raise RefusedError("工作簿是只读打开的，写入的结果无法保存", "请另存一份（文件→另存为），在新的一份里再点一次")
    if click.book.ProtectStructure:
        raise RefusedError("工作簿的结构受保护，不能增加工作表", "请在「审阅→保护工作簿」里取消保护，再点一次")


@contextmanager
def _as_it_was(click: Click) -> Iterator[None]:
    """Quiet while we work; afterwards Excel's switches and the active sheet are as they were."""
    application = click.application
    program = str(click.app.pid)
    now = {switch: bool(getattr(application, switch)) for switch in _SWITCHES}
    before = now | own.switches(program)  # a click whose process was ended has left them off
    own.keep_switches(program, before)
    sheet = click.book.ActiveSheet
    name = str(sheet.Name)
    try:
        click.progress("正在读取…")
        for switch in _SWITCHES:
            setattr(application, switch, False)
        yield
        if click.goal:
            target = click.book.Worksheets(click.goal[0])
            target.Activate()
            target.Range(click.goal[1]).Select()
    finally:
        _restore(application, before)
        own.keep_switches(program, None)
        if not click.goal:
            _back(click, sheet, name)


def _restore(application: Any, before: Mapping[str, bool]) -> None:
    """Every switch, each for itself: an Excel that is left dark closes workbooks without asking."""
    failures = []
    for switch, value in {**before, "StatusBar": False}.items():  # Excel's own words again
        try:
            setattr(application, switch, value)
        except Exception as error:  # noqa: BLE001  (tried for every switch; the first is raised below)
            failures.append(error)
    if failures:
        raise failures[0]


def _back(click: Click, sheet: Any, name: str) -> None:
    """To the sheet that was active, if it is still there: undo may have taken it away."""
    try:
        if click.book.ActiveSheet.Name != name:
            sheet.Activate()
    except Exception as error:  # noqa: BLE001  (the work is done; where the user looks is a courtesy)
        logger().info("%s: the sheet that was active is gone: %s", click.label, error)


def _tell(place: Where | None, label: str, error: Exception) -> None:
    what, then = explained(error)
    where = f"「{label}」没有完成"
    text = f"{where}：{what}。\n\n{then}。\n\n详细记录：{log_file()}"
    try:
        if place is None:
            print(text, file=sys.stderr)
        else:
            app: Any = place if isinstance(place, Bare) else place.app
            app.alert(text, f"孵化管理·{label}", "ok", "critical")
    except Exception as second:  # noqa: BLE001  (Excel itself may be what is gone)
        logger().error("could not tell: %s", text, exc_info=second)
        print(text, file=sys.stderr)


def explained(error: BaseException) -> tuple[str, str]:
    """A failure in Chinese: what, and what to do next; without the last full stops."""
    if isinstance(error, RefusedError):
        return error.what, error.next
    numbers = codes(error)
    if type(error).__name__ == "ExcelBusyError" or numbers & {REJECTED, EDITING}:
        return "Excel 正在编辑单元格或者开着对话框", "请按 Enter 或 Esc 结束编辑、关掉对话框，再点一次"
    if numbers & set(GONE):
        what = "Excel 或者这个工作簿已经关闭，或者不再回答"
        return what, "请重新打开工作簿，再点一次；没有写完的结果可以用「撤销上次写入」收回"
    if isinstance(error, OSError):
        return f"磁盘上的文件不能读写（{described(error)}）", "请核对磁盘空间和权限，再点一次"
    if numbers:
        return (
            f"Excel 不接受这一步（{_excel_words(error)}）",
            "请核对工作簿和工作表是否受保护，再点一次；仍不行请把日志交给维护人员",
        )
    return (
        f"程序自身出错（给维护人员看：{type(error).__name__}：{error}）",
        "请把日志交给维护人员；如果已经写了结果，可以用「撤销上次写入」收回",
    )


def codes(error: BaseException) -> set[int]:
    """The numbers of a com_error: its hresult and the scode inside."""
    if type(error).__name__ not in ("com_error", "ComError"):
        return set()
    hresult, _, info, *_ = error.args
    return {hresult} | ({info[5]} if info else set())


def _excel_words(error: BaseException) -> str:
    info = error.args[2]
    return str(info[2] if info and info[2] else error.args[1])
