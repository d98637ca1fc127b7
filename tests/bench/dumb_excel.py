"""An Excel that only serves blocks of values and swallows every call: what remains is our own time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from incubxl.grid import Grid, Sheet, address


class _Swallowing:
    """Any member is there, takes anything and gives another such thing; what is set is forgotten."""

    def __getattr__(self, name: str) -> Any:
        return NOTHING

    def __setattr__(self, name: str, value: Any) -> None:
        pass

    def __call__(self, *args: Any, **named: Any) -> Any:
        return NOTHING

    def __iter__(self) -> Iterator[Any]:
        return iter(())


NOTHING = _Swallowing()


class _Known(_Swallowing):
    """With some answers."""

    def __init__(self, **answers: Any) -> None:
        self.__dict__.update(answers)


class _Collection(_Known):
    def __init__(self, items: dict[str, Any]) -> None:
        super().__init__(items=items, Count=len(items))

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items.values())

    def __call__(self, key: Any) -> Any:
        return self.items.get(key, NOTHING)


def _sheet(sheet: Sheet, block: tuple[tuple[Any, ...], ...]) -> _Known:
    whole = f"$A$1:${address(sheet.height - 1, sheet.width - 1)}"
    rows = _Known(Hidden=False)
    used = _Known(Address=whole, Value=block, MergeCells=False, HasFormula=False, EntireRow=rows)
    return _Known(Name=sheet.name, UsedRange=used, Visible=-1, Names=())


def _value(value: Any) -> Any:
    """As pywin32 gives it: numbers as floats, dates as datetimes that bear UTC."""
    if isinstance(value, bool) or not isinstance(value, int | dt.date):
        return value
    if isinstance(value, int):
        return float(value)
    moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)
    return moment.replace(tzinfo=dt.UTC)


def blocks(grid: Grid) -> dict[str, tuple[tuple[Any, ...], ...]]:
    """What Excel would send for each sheet, made before the clock starts."""
    return {name: tuple(tuple(map(_value, row)) for row in sheet.rows) for name, sheet in grid.sheets.items()}


def workbook(grid: Grid, values: dict[str, tuple[tuple[Any, ...], ...]], path: str, said: list[str]) -> Any:
    """An xlwings Book of this grid, without sheets of ours. Merged cells, errors and hidden rows are not played.

    ``said`` takes what message boxes say.
    """
    sheets = _Collection({name: _sheet(sheet, values[name]) for name, sheet in grid.sheets.items()})
    application = _Known(
        Name="Microsoft Excel", Path="", Version="16.0", Ready=True, ActiveProtectedViewWindow=None, Calculation=-4105
    )
    book = _Known(
        Name=grid.name, FullName=path, Path="folder", Application=application, Worksheets=sheets, ReadOnly=False,
        ProtectStructure=False, Date1904=False, ActiveSheet=next(iter(sheets)),
    )  # fmt: skip
    return _Known(api=book, app=_Known(pid=1, alert=lambda text, *_: said.append(text)))
