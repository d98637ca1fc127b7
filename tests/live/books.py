"""Excel's Application, windows and workbooks, played by LibreOffice."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.live.cells import Range
from tests.live.com import Collection, Com, failed
from tests.live.office import Office, bridge
from tests.live.sheets import ChartSheet, Sheets, Worksheet, Worksheets

AUTOMATIC, MANUAL = -4105, -4135
_FILTER = "Calc MS Excel 2007 XML"


def _option(name: str, value: Any) -> Any:
    made = bridge().createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


class Workbook(Com):
    def __init__(self, application: Application, document: Any, read_only: bool) -> None:
        self.application, self.document, self.read_only = application, document, read_only
        self.locale = bridge().createUnoStruct("com.sun.star.lang.Locale", "", "", "")
        self.given: weakref.WeakSet[Worksheet] = weakref.WeakSet()  # objects of its sheets that somebody may hold
        self.charts: list[ChartSheet] = []
        self.chart: ChartSheet | None = None  # where it is the active sheet
        self.group: tuple[str, ...] = ()  # titles of the sheets that are selected together
        self.kinds: dict[int, int] = {}
        self.merged: dict[str, list[tuple[int, int, int, int]]] = {}

    def title(self) -> str:
        return self.path().name if self.document.URL else self.document.Title

    def path(self) -> Path:
        return Path(bridge().fileUrlToSystemPath(self.document.URL))

    def controller(self) -> Any:
        return self.document.CurrentController

    def struct(self, name: str) -> Any:
        return bridge().createUnoStruct(name)

    def enum(self, name: str, value: str) -> Any:
        return bridge().Enum(name, value)

    def format_kind(self, key: int) -> int:
        if key not in self.kinds:
            self.kinds[key] = self.document.NumberFormats.getByKey(key).Type
        return self.kinds[key]

    def format_key(self, code: str) -> int:
        formats = self.document.NumberFormats
        key = formats.queryKey(code, self.locale, False)
        return key if key != -1 else formats.addNew(code, self.locale)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Workbook) and other.document == self.document

    def __hash__(self) -> int:
        return id(self.document)

    Name = property(lambda self: self.title())
    FullName = property(lambda self: str(self.path()) if self.document.URL else self.title())
    Path = property(lambda self: str(self.path().parent) if self.document.URL else "")
    Application = property(lambda self: self.application)
    Worksheets = property(lambda self: Worksheets(self))  # noqa: PLW0108  (the name is being bound)
    Sheets = property(lambda self: Sheets(self))  # noqa: PLW0108  (the name is being bound)
    ActiveSheet = property(lambda self: self.active_sheet())
    ReadOnly = property(lambda self: self.read_only)
    ProtectStructure = property(lambda self: self.document.isProtected())
    Date1904 = property(lambda self: self.document.NullDate.Year == 1904)
    Saved = property(lambda self: not self.document.isModified())

    def Windows(self, number: int) -> Window:
        if number != 1:
            raise failed("Subscript out of range", -2147352565)
        return Window(self)

    def active_sheet(self) -> Any:
        """A worksheet or a chart sheet."""
        return self.chart or Worksheet(self, self.controller().ActiveSheet)

    def selected(self) -> list[Any]:
        """The sheets that are selected in its window: the active one, or a group."""
        return [sheet for sheet in Sheets(self).items() if sheet.title() in self.group] or [self.active_sheet()]

    def add_chart(self, name: str) -> ChartSheet:
        """A chart sheet of the user's."""
        self.charts.append(ChartSheet(self, name))
        return self.charts[-1]

    def SaveCopyAs(self, path: str) -> None:
        target = bridge().systemPathToFileUrl(path)
        self.document.storeToURL(target, (_option("FilterName", _FILTER),))

    def Close(self, save: bool = False) -> None:
        books = self.application.books
        books.remove(self)
        if self.application.active is self:
            self.application.active = books[-1] if books else None
        self.document.close(True)


class Workbooks(Collection):
    def __init__(self, application: Application) -> None:
        self.application = application

    def items(self) -> list[Workbook]:
        return list(self.application.books)

    def _load(self, url: str, read_only: bool = False) -> Workbook:
        # not hidden: LibreOffice forgets freeze panes of hidden documents
        options = (_option("MacroExecutionMode", 0), _option("ReadOnly", False))
        document = self.application.desktop.loadComponentFromURL(url, "_blank", 0, options)
        if document is None:
            raise failed(f"cannot open {url}")
        document.IsAdjustHeightEnabled = False  # rows are not measured: no test is about their heights
        book = Workbook(self.application, document, read_only)
        self.application.books.append(book)
        self.application.active = book
        return book

    def Add(self, *_: Any) -> Workbook:
        return self._load("private:factory/scalc")

    def Open(self, name: str, links: Any = None, read_only: Any = None, *_: Any) -> Workbook:
        return self._load(bridge().systemPathToFileUrl(str(Path(name).resolve())), bool(read_only))


class Window(Com):
    """A workbook's window: panes and gridlines of the sheet that is active in it."""

    def __init__(self, book: Workbook) -> None:
        self.book, self.split = book, [0, 0]

    ActiveSheet = property(lambda self: self.book.active_sheet())
    SelectedSheets = property(lambda self: self.book.selected())
    SplitRow = property(None, lambda self, row: self.split.__setitem__(0, row))
    SplitColumn = property(None, lambda self, column: self.split.__setitem__(1, column))
    ScrollRow = property(None, lambda self, row: self.book.controller().setFirstVisibleRow(row - 1))
    ScrollColumn = property(None, lambda self, column: self.book.controller().setFirstVisibleColumn(column - 1))
    DisplayGridlines = property(None, lambda self, on: setattr(self.book.controller(), "ShowGrid", bool(on)))

    @property
    def FreezePanes(self) -> bool:
        return self.book.controller().hasFrozenPanes()

    @FreezePanes.setter
    def FreezePanes(self, on: bool) -> None:
        row, column = self.split if on else (0, 0)
        self.book.controller().freezeAtPosition(column, row)


class FileDialog(Com):
    """Excel's folder picker; what is chosen stands in the application's ``chosen`` (None: 取消)."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.asked: dict[str, Any] = {}
        self.result: list[str] = []

    Title = property(None, lambda self, text: self.asked.__setitem__("title", text))
    AllowMultiSelect = property(None, lambda self, on: self.asked.__setitem__("several", on))
    InitialFileName = property(None, lambda self, text: self.asked.__setitem__("start", text))

    def Show(self) -> int:
        self.application.questions.append(self.asked["title"])
        answer = self.application.chosen.pop(0)
        self.result = [] if answer is None else [str(answer)]
        return -1 if self.result else 0

    def SelectedItems(self, number: int) -> str:
        return self.result[number - 1]


class Application(Com):
    """``name`` and ``path`` can be another program's. ``history``: every switch that was set.

    ``chosen``: what answers dialogs for files, folders and lines of text (None: 取消); ``questions``: what they asked.
    ``papers``: what the printer has, by Excel's numbers; empty where Windows has no printer.
    """

    def __init__(self, office: Office) -> None:
        self.office, self.desktop, self._pid = office, office.desktop, office.process.pid
        self.books: list[Workbook] = []
        self.active: Workbook | None = None
        self.name, self.path, self.protected_view = "Microsoft Excel", r"C:\Program Files\Office16", None
        self.switches: dict[str, Any] = {
            "StatusBar": False,
            "ScreenUpdating": True,
            "EnableEvents": True,
            "DisplayAlerts": True,
        }
        self.switches |= {"Calculation": AUTOMATIC, "Interactive": True, "Cursor": -4143}
        self.history: list[tuple[str, Any]] = []
        self.papers: tuple[int, ...] = (9, 8)
        self.unsent: list[Callable[[], None]] | None = None
        self.chosen: list[Any] = []
        self.questions: list[str] = []

    def FileDialog(self, kind: int) -> FileDialog:
        if kind != 4:
            raise failed(f"a dialog of kind {kind}")
        return FileDialog(self)

    def GetSaveAsFilename(self, name: str, filter: str, index: int, title: str) -> Any:
        return self._answered(title)

    def GetOpenFilename(self, filter: str, index: int, title: str) -> Any:
        return self._answered(title)

    def InputBox(self, Prompt: str, Title: str, Default: str, Type: int) -> Any:
        if len(Prompt) > 255:
            raise failed("Unable to get the InputBox property of the Application class")
        return self._answered(Prompt)

    def _answered(self, question: str) -> Any:
        """What Excel gives: text, or False after 取消."""
        self.questions.append(question)
        answer = self.chosen.pop(0)
        return False if answer is None else str(answer(question) if callable(answer) else answer)

    def switch(self, name: str, value: Any) -> None:
        self.switches[name] = value
        self.history.append((name, value))

    def print_setting(self, refusal: str, work: Callable[[], None]) -> None:
        """Do it now or with the others; refused without a printer."""
        if not self.papers:
            raise failed(refusal)
        if self.unsent is None:
            work()
        else:
            self.unsent.append(work)

    @property
    def PrintCommunication(self) -> bool:
        return self.unsent is None

    @PrintCommunication.setter
    def PrintCommunication(self, on: bool) -> None:
        if not self.papers:
            raise failed("Method 'PrintCommunication' of object '_Application' failed")
        waiting, self.unsent = self.unsent or [], None if on else []
        for work in waiting:
            work()

    Application = property(lambda self: self)
    Name = property(lambda self: self.name)
    Path = property(lambda self: self.path)
    Version = property(lambda self: "16.0")
    OperatingSystem = property(lambda self: "Windows (64-bit) NT 10.00")
    Hwnd = property(lambda self: 1)
    Ready = property(lambda self: True)
    Visible = property(lambda self: True)
    CalculationState = property(lambda self: 0)
    ActiveProtectedViewWindow = property(lambda self: self.protected_view)
    Workbooks = property(lambda self: Workbooks(self))  # noqa: PLW0108  (the name is being bound)
    ActiveWorkbook = property(lambda self: self.active)
    ActiveWindow = property(lambda self: Window(self.active))
    ActiveSheet = property(lambda self: self.active.ActiveSheet)

    @property
    def Selection(self) -> Any:
        if self.active.chart:
            return self.active.chart
        found = self.active.controller().getSelection()
        a = found.RangeAddress
        sheet = Worksheet(self.active, found.Spreadsheet)
        return Range(sheet, [(a.StartRow, a.StartColumn, a.EndRow, a.EndColumn)])

    @property
    def ActiveCell(self) -> Range | None:
        if self.active is None or self.active.chart:
            return None
        r, c = self.Selection.corners[:2]
        return Range(self.active.ActiveSheet, [(r, c, r, c)])


def _switch(name: str) -> property:
    return property(lambda self: self.switches[name], lambda self, value: self.switch(name, value))


for _name in ("StatusBar", "ScreenUpdating", "EnableEvents", "DisplayAlerts", "Calculation", "Interactive", "Cursor"):
    setattr(Application, _name, _switch(_name))
