"""xlwings' own, unmodified Windows engine on any system: the pywin32 and ctypes names that it imports, played here.

``serve(application)`` says which COM-shaped object plays Excel.Application. Message boxes are recorded and answered
from a script; nothing waits for a person.
"""

from __future__ import annotations

import builtins
import ctypes
import datetime as dt
import importlib
import sys
import types
from typing import Any

OK, YES = 1, 6
REJECTED, EDITING, GONE, FAILED = -2147418111, -2146777998, -2147023174, -2147352567
DELETED = -2147221080


class ComError(Exception):
    """pywintypes.com_error: (hresult, strerror, excepinfo, argerror), excepinfo's last entry being the scode."""

    def __init__(self, hresult: int = FAILED, text: str = "Exception occurred.", info: Any = None) -> None:
        super().__init__(hresult, text, info, None)
        self.hresult, self.strerror, self.excepinfo, self.argerror = hresult, text, info, None


class PyTime(dt.datetime):
    """pywintypes.TimeType: a datetime that bears UTC."""


class CDispatch:
    """What win32com hands out; xlwings wraps exactly these."""


class Dispatch:
    """An object's IDispatch: it tells that a name is not known."""

    def GetIDsOfNames(self, lcid: int, name: str) -> None:
        raise ComError(-2147352570, "Unknown name.")


class Scene:
    """Who plays Excel, which message boxes were shown (text, title, style), and what answers them."""

    application: Any = None
    dialogs: list[tuple[str, str, int]] = []
    answers: list[int] = []


def _message_box(hwnd: int, text: str, title: str, style: int) -> int:
    Scene.dialogs.append((text, title, style))
    if Scene.answers:
        return Scene.answers.pop(0)
    return YES if style & 0xF in (3, 4) else OK


def _child_window(parent: int, *_: Any) -> int:
    """XLDESK and EXCEL7 are windows of workbooks: an Excel without one has none."""
    return 1 if parent and Scene.application is not None and Scene.application.books else 0


def _accessible(window: int, *_: Any) -> int:
    if not window:
        raise OSError(22, "AccessibleObjectFromWindow: invalid window handle")
    return 0


class _Nothing:
    def __getattr__(self, name: str) -> _Nothing:
        return _Nothing()

    def __call__(self, *args: Any, **named: Any) -> int:
        return 0


class _User32:
    def GetTopWindow(self, _: Any) -> int:
        return 1 if Scene.application is not None else 0

    def GetWindow(self, window: Any, which: Any) -> int:
        return 0

    def __getattr__(self, name: str) -> Any:
        return lambda *args: 0


def _module(name: str, **names: Any) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__file__ = __file__
    module.__dict__.update(names)
    sys.modules[name] = module
    return module


def _load() -> types.ModuleType:
    if "xlwings._xlwindows" in sys.modules:
        return sys.modules["xlwings._xlwindows"]
    import xlwings

    error = type("error", (Exception,), {})
    _module("pywintypes", com_error=ComError, error=error, TimeType=PyTime, IID=lambda s: s, datetime=PyTime)
    _module("pythoncom", ole_error=ComError, com_error=ComError, CoInitialize=lambda: None, new=lambda c: None)
    _module(
        "win32api",
        MessageBox=_message_box,
        OpenProcess=lambda *a: 0,
        TerminateProcess=lambda *a: None,
        CloseHandle=lambda *a: None,
    )
    buttons = {"MB_OK": 0, "MB_OKCANCEL": 1, "MB_YESNOCANCEL": 3, "MB_YESNO": 4}
    _module("win32con", MB_ICONINFORMATION=64, MB_ICONWARNING=48, MB_ICONERROR=16, **buttons)
    _module("win32gui", FindWindowEx=_child_window)
    _module("win32process", GetWindowThreadProcessId=lambda h: (0, Scene.application._pid))
    _module("win32timezone", TimeZoneInfo=types.SimpleNamespace(utc=lambda: dt.UTC))
    bases = {name: type(name, (), {}) for name in ("CoClassBaseClass", "DispatchBaseClass")}
    client = _module(
        "win32com.client",
        CDispatch=CDispatch,
        Dispatch=lambda o: o,
        DispatchEx=lambda progid: Scene.application,
        **bases,
    )
    _module("win32com", client=client)
    if not hasattr(builtins, "WindowsError"):
        builtins.WindowsError = OSError
    real = ctypes.PyDLL
    ole = types.SimpleNamespace(ole32=_Nothing(), oleacc=types.SimpleNamespace(AccessibleObjectFromWindow=_accessible))
    ctypes.oledll, ctypes.windll = ole, types.SimpleNamespace(user32=_User32())
    found = type("Found", (), {"__call__": lambda self, *a: Scene.application})
    ctypes.PyDLL = lambda file: types.SimpleNamespace(PyCom_PyObjectFromIUnknown=found())
    try:
        engine = importlib.import_module("xlwings._xlwindows")
    finally:
        ctypes.PyDLL = real
        del ctypes.oledll, ctypes.windll
    xlwings._xlwindows = engine
    xlwings.engines.add(xlwings.Engine(impl=engine.engine))
    xlwings.engines["excel"].activate()
    return engine


def serve(application: Any) -> types.ModuleType:
    """Let ``application`` be Excel; gives xlwings' engine."""
    Scene.application = application
    Scene.dialogs.clear()
    Scene.answers.clear()
    return _load()


def app() -> Any:
    """xlwings' App of the Excel that is served, whether or not it has a workbook open."""
    import xlwings

    engine = _load()
    return xlwings.App(impl=engine.App(xl=engine.COMRetryObjectWrapper(Scene.application)))
