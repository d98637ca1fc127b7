"""The real computer's registry reader, with Windows' own module played: both views, any case, the key's own value."""

from __future__ import annotations

import sys
from types import SimpleNamespace, TracebackType
from typing import Any

import pytest

from incubxl.addin.machine import ThisMachine

KEYS: dict[tuple[str, int], dict[str, Any]] = {
    (r"Software\A", 64): {"": "own", "Version": "64 bit"},
    (r"Software\A", 32): {"version": "32 bit", "Only32": 7},
    (r"Software\A\One", 64): {},
    (r"Software\A\Two", 32): {},
}


class _Handle:
    closed = 0

    def __init__(self, path: str, view: int) -> None:
        self.values = list(KEYS[path, view].items())
        self.below = [p.rpartition("\\")[2] for p, v in KEYS if p.startswith(f"{path}\\") and v == view]

    def __enter__(self) -> _Handle:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        _Handle.closed += 1


@pytest.fixture(autouse=True)
def winreg(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_key(root: str, path: str, reserved: int, access: int) -> _Handle:
        assert (root, reserved) == ("HKLM", 0)
        view = 64 if access & 0x100 else 32
        if (path, view) not in KEYS:
            raise FileNotFoundError(2, "not there")
        return _Handle(path, view)

    module = SimpleNamespace(
        HKEY_CURRENT_USER="HKCU",
        HKEY_LOCAL_MACHINE="HKLM",
        HKEY_CLASSES_ROOT="HKCR",
        KEY_READ=0x20019,
        KEY_WOW64_64KEY=0x100,
        KEY_WOW64_32KEY=0x200,
        OpenKey=open_key,
        QueryInfoKey=lambda handle: (len(handle.below), len(handle.values), 0),
        EnumKey=lambda handle, n: handle.below[n],
        EnumValue=lambda handle, n: (*handle.values[n], 1),
    )
    monkeypatch.setitem(sys.modules, "winreg", module)


def test_values_are_found_in_either_view_and_any_case() -> None:
    machine = ThisMachine()
    assert machine.value(r"HKLM\Software\A") == "own"
    assert machine.value(r"HKLM\Software\A", "VERSION") == "64 bit"
    assert machine.value(r"HKLM\Software\A", "only32") == 7
    assert machine.value(r"HKLM\Software\A", "none") is None
    assert machine.value(r"HKLM\Software\None") is None
    assert machine.values(r"HKLM\Software\A") == {"": "own", "Version": "64 bit", "version": "32 bit", "Only32": 7}
    assert machine.keys(r"HKLM\Software\A") == ("One", "Two")
    assert machine.keys(r"HKLM\Software\None") == ()


def test_keys_are_closed() -> None:
    before = _Handle.closed
    ThisMachine().values(r"HKLM\Software\A")
    assert _Handle.closed == before + 2


def test_a_library_that_cannot_be_imported_is_told() -> None:
    machine = ThisMachine()
    assert machine.library("json") == ""
    assert "ModuleNotFoundError" in machine.library("incubxl_has_no_such_module")
