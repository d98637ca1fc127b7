"""What a click says to Excel and what Excel answers, access by access: to compare a real Excel with the test tool.

Off unless the program's own folder holds the marker (``incubxl addin record on``); no workbook can switch it on. One
UTF-8 file per click. Of what cells, notes and messages say only the kind is written (text, number, date, how many of
each): in clear are sheet names, addresses, number formats, sizes and Excel's own numbers.
"""

from __future__ import annotations

import datetime as dt
import platform
import re
import types
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from incubxl import __version__
from incubxl.excel.own import home, logger
from incubxl.publish.own_sheet import marked

_DATA = (bool, int, float, str, bytes, tuple, list, dt.date, dt.time, Decimal, type(None))
_CELLS = ("Value", "Value2", "Formula", "Text")
_VARYING = ("Left", "Top", "Hwnd")  # with fonts, screens and windows
_SHOWN_SETTINGS = ("NumberFormat", "Address", "PrintTitleRows", "Values", "XValues", "LeftHeader", "CenterFooter")
_SHOWN_CALLS = ("Range", "Worksheets", "Hyperlinks.Add", "Names.Add")
_NEW_SHEET = re.compile(r"^Sheets\.Add\((?:[^()]|\([^()]*\))*\)$")
_SHEET = re.compile(r'^((?:Works|S)heets(\[\d+\]|\(\d+\)|\("[^"]*"\))|(Application\.)?ActiveSheet)$')
_OWN = re.compile(r"^incubxl_\w+$")  # names that this program gives


def folder() -> Path:
    """Where transcripts are."""
    return home() / "transcripts"


def marker() -> Path:
    """The file that switches recording on."""
    return home() / "record.on"


def switch(on: bool) -> None:
    """Record the clicks from now on, or no longer. Raises OSError."""
    if on:
        home().mkdir(parents=True, exist_ok=True)
        marker().write_text("", encoding="utf-8")
    else:
        marker().unlink(missing_ok=True)


def watched(api: Any, path: str, label: str, at: dt.datetime) -> Any:
    """``api`` itself, or with the recorder around it and around everything it gives.

    It is Excel's Workbook (``path`` empty) or, without one, its Application (``path`` is that word).
    """
    if not marker().is_file():
        return api
    try:
        folder().mkdir(parents=True, exist_ok=True)
        file = folder() / f"{at:%Y%m%d-%H%M%S-%f}-{label}.txt"
        script = _Script(file.open("x", encoding="utf-8", newline="\n", buffering=1))  # each line: Excel may be killed
    except OSError as error:
        logger().warning("no transcript of %s: %s", label, error)
        return api
    program = api.Application
    for line in (
        f"button: {label}",
        f"program: {program.Name} {program.Version}",
        f"incubxl: {__version__}",
        f"python: {platform.python_version()} {platform.system()}",
        f"at: {at:%Y-%m-%d %H:%M:%S}",
    ):
        script.write(f"# {line}")
    return _Watched(api, path, script)


class _Script:
    """The file. A disk that is full ends the recording, not the click."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, line: str) -> None:
        if self._file is None:
            return
        try:
            self._file.write(line + "\n")
        except OSError as error:
            logger().warning("the transcript ends here: %s", error)
            self._file = None

    def failed(self, what: str, error: BaseException) -> None:
        info = error.args[2] if len(error.args) > 2 else None
        numbers = [str(error.args[0])] if error.args and isinstance(error.args[0], int) else []
        numbers += [str(info[5])] if isinstance(info, tuple) and len(info) > 5 else []
        self.write(f"fail {what} ! {type(error).__name__} {' '.join(numbers)}".rstrip())


class _Watched:
    """An object of Excel's; ``path``: how it was reached."""

    def __init__(self, inner: Any, path: str, script: _Script) -> None:
        object.__setattr__(self, "_watched", (inner, path, script))

    def __getattr__(self, name: str) -> Any:
        inner, path, script = self._watched
        here = _member(path, name)
        try:
            value = getattr(inner, name)
        except Exception as error:
            script.failed(f"get {here}", error)
            raise
        if _is_method(value):
            return _Method(value, here, script)
        return _given(f"get {here}", value, here, script)

    def __setattr__(self, name: str, value: Any) -> None:
        inner, path, script = self._watched
        here = _member(path, name)
        what = f"set {here} = {_setting(here, value)}"
        try:
            setattr(inner, name, _bare(value))
        except Exception as error:
            script.failed(what, error)
            raise
        script.write(what)
        if name == "Name" and _NEW_SHEET.match(path):
            object.__setattr__(self, "_watched", (inner, f'Worksheets("{value}")', script))

    def __call__(self, *args: Any, **named: Any) -> Any:
        inner, path, script = self._watched
        return _call(inner, path, script, args, named)

    def __iter__(self) -> Iterator[Any]:
        inner, path, script = self._watched
        script.write(f"each {path}")
        for n, item in enumerate(inner, 1):
            yield _Watched(item, f"{path}[{n}]", script)


class _Method:
    """A member that takes arguments."""

    def __init__(self, inner: Any, path: str, script: _Script) -> None:
        self._parts = (inner, path, script)

    def __call__(self, *args: Any, **named: Any) -> Any:
        return _call(*self._parts, args, named)


def _call(inner: Any, path: str, script: _Script, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    told = [_argument(path, a) for a in args] + [f"{name}={_argument(path, a)}" for name, a in named.items()]
    here = f"{path}({', '.join(told)})"
    try:
        value = inner(*map(_bare, args), **{name: _bare(a) for name, a in named.items()})
    except Exception as error:
        script.failed(f"call {here}", error)
        raise
    return _given(f"call {here}", value, here, script)


def _given(what: str, value: Any, path: str, script: _Script) -> Any:
    """Write what came back, and go on watching it where it is an object."""
    if isinstance(value, _DATA):
        script.write(f"{what} -> {_setting(path, value)}")
        return value
    script.write(f"{what} -> object")
    return _Watched(value, path, script)


def _member(path: str, name: str) -> str:
    return name if name == "Application" or not path else f"{path}.{name}"


def _is_method(value: Any) -> bool:
    return isinstance(value, types.MethodType | types.FunctionType) or type(value).__name__ == "COMRetryMethodWrapper"


def _bare(value: Any) -> Any:
    return value._watched[0] if isinstance(value, _Watched) else value


def _setting(path: str, value: Any) -> str:
    """A property's value, as far as it may be shown."""
    owner, _, name = path.rpartition(".")
    if name in _CELLS:
        return _signature(value)
    if name in _VARYING:
        return "varies"
    shown = name in _SHOWN_SETTINGS or (name == "Name" and (_is_sheet(owner) or owner.endswith(".Font")))
    return _shape(value, shown=shown)


def _is_sheet(path: str) -> bool:
    return bool(_SHEET.match(path) or _NEW_SHEET.match(path))


def _argument(path: str, value: Any) -> str:
    if isinstance(value, _Watched):
        return f"<{value._watched[1]}>"
    if path.endswith("ChartObjects().Add") and isinstance(value, float):
        return "size"
    return _shape(value, shown=path.endswith(_SHOWN_CALLS))


def _shape(value: Any, *, shown: bool) -> str:
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) else repr(float(value))
    if isinstance(value, str) and (shown or _OWN.match(value)):
        return '"=mark"' if marked(value) else f'"{value}"'
    return _signature(value)


def _signature(value: Any) -> str:
    """What kinds of values there are, and how many: never what they say."""
    if isinstance(value, tuple | list) and value and isinstance(value[0], tuple | list):
        kinds = Counter(_kind(cell) for row in value for cell in row)
        return f"{len(value)}x{len(value[0])} " + ", ".join(f"{kind} {kinds[kind]}" for kind in sorted(kinds))
    return _kind(value)


def _kind(value: Any) -> str:
    if value is None or value == "":
        return "blank"
    for kind, of in (
        (bool, "yes-no"),
        (str, "text"),
        (int, "error"),  # Excel's numbers are floats
        (float, "number"),
        (Decimal, "currency"),
        (dt.date, "date"),
    ):
        if isinstance(value, kind):
            return of
    return type(value).__name__
