"""Everything the installer and doctor ask of the computer, in one place; tests put a fake in its stead.

Windows' own modules are imported only where they are used. Registry keys are ``HKCU``, ``HKLM`` or ``HKCR`` and a path;
both the 64-bit and the 32-bit view are read, so that either kind of Office is seen from either kind of Python.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import Any, Protocol

import platformdirs

_REMOTE_DRIVE = 4  # GetDriveTypeW


class Machine(Protocol):
    """A computer. Paths that only Windows has (the interpreter) are text; folders we write into are paths."""

    @property
    def windows(self) -> bool:
        """Whether this is Windows."""

    @property
    def name(self) -> str:
        """The system, for people."""

    @property
    def python(self) -> str:
        """The full path of the running interpreter."""

    @property
    def python_home(self) -> str:
        """The folder of the Python that a virtual environment rests on, or of the running one."""

    def variable(self, name: str) -> str:
        """An environment variable; empty when it is not set."""

    def desktop(self) -> Path:
        """The folder of the desktop."""

    def is_file(self, path: str) -> bool:
        """Whether there is such a file."""

    def is_remote(self, path: str) -> bool:
        """Whether the path is on another computer."""

    def short_path(self, path: str) -> str:
        """The 8.3 form of an existing path; the path itself where it has none."""

    def code_page(self) -> int:
        """The number of the ANSI code page."""

    def value(self, key: str, name: str = "") -> Any:
        """A registry value (int, str, bytes …); ``name`` empty: the key's own. None when there is none."""

    def values(self, key: str) -> dict[str, Any]:
        """All values of a key by name."""

    def keys(self, key: str) -> tuple[str, ...]:
        """The names of the keys below a key."""

    def library(self, name: str) -> str:
        """Why a Python library cannot be imported; empty when it can."""

    def needs_licence(self) -> bool:
        """Whether xlwings runs its paid part."""

    def make_shortcut(self, link: Path, target: str, arguments: str, description: str) -> None:
        """Write a .lnk. Raises OSError, or ImportError without pywin32."""

    def shortcut(self, link: Path) -> tuple[str, str]:
        """Target and arguments of a .lnk. Raises OSError, or ImportError without pywin32."""


class ThisMachine:
    """The computer the program runs on."""

    windows = sys.platform == "win32"
    python = sys.executable

    @property
    def name(self) -> str:
        return f"{platform.system()} {platform.version() if self.windows else platform.release()}"

    @property
    def python_home(self) -> str:
        return sys.base_prefix

    def variable(self, name: str) -> str:
        return os.environ.get(name, "")

    def desktop(self) -> Path:
        return platformdirs.user_desktop_path()

    def is_file(self, path: str) -> bool:
        return Path(path).is_file()

    def is_remote(self, path: str) -> bool:
        root = PureWindowsPath(path).drive
        if root.startswith("\\\\"):
            return True
        return bool(root) and _kernel().GetDriveTypeW(f"{root}\\") == _REMOTE_DRIVE

    def short_path(self, path: str) -> str:
        import ctypes

        size = _kernel().GetShortPathNameW(path, None, 0)
        if not size:
            return path
        buffer = ctypes.create_unicode_buffer(size)
        return buffer.value if _kernel().GetShortPathNameW(path, buffer, size) else path

    def code_page(self) -> int:
        return int(_kernel().GetACP())

    def value(self, key: str, name: str = "") -> Any:
        return next((v for n, v in self._each_value(key) if n.casefold() == name.casefold()), None)

    def values(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in self._each_value(key):
            found.setdefault(name, value)
        return found

    def keys(self, key: str) -> tuple[str, ...]:
        import winreg

        winreg_: Any = winreg
        found: dict[str, None] = {}
        for handle in _opened(key):
            for n in range(winreg_.QueryInfoKey(handle)[0]):
                found[winreg_.EnumKey(handle, n)] = None
        return tuple(found)

    def library(self, name: str) -> str:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001  (a broken library raises whatever it likes; it is told)
            return f"{type(error).__name__}: {error}"
        return ""

    def needs_licence(self) -> bool:
        return bool(getattr(importlib.import_module("xlwings"), "__pro__", False))

    def make_shortcut(self, link: Path, target: str, arguments: str, description: str) -> None:
        shell_link, file = _shell_link()
        shell_link.SetPath(target)
        shell_link.SetArguments(arguments)
        shell_link.SetDescription(description)
        with _com_errors(link):
            file.Save(str(link), 0)

    def shortcut(self, link: Path) -> tuple[str, str]:
        shell_link, file = _shell_link()
        with _com_errors(link):
            file.Load(str(link), 0)
        return str(shell_link.GetPath(0)[0]), str(shell_link.GetArguments())

    def _each_value(self, key: str) -> Iterator[tuple[str, Any]]:
        import winreg

        winreg_: Any = winreg
        for handle in _opened(key):
            for n in range(winreg_.QueryInfoKey(handle)[1]):
                name, value, _ = winreg_.EnumValue(handle, n)
                yield name, value


def _opened(key: str) -> Iterator[Any]:
    """The key in both views, as far as it is there and may be read."""
    import winreg

    winreg_: Any = winreg
    hive, _, path = key.partition("\\")
    root = {
        "HKCU": winreg_.HKEY_CURRENT_USER,
        "HKLM": winreg_.HKEY_LOCAL_MACHINE,
        "HKCR": winreg_.HKEY_CLASSES_ROOT,
    }[hive]
    for view in (winreg_.KEY_WOW64_64KEY, winreg_.KEY_WOW64_32KEY):
        try:
            handle = winreg_.OpenKey(root, path, 0, winreg_.KEY_READ | view)
        except OSError:
            continue  # not there in this view
        with handle:
            yield handle


def _kernel() -> Any:
    import ctypes

    library: Any = ctypes
    return library.windll.kernel32


def _shell_link() -> tuple[Any, Any]:
    """A shell link and its file. Unlike WScript.Shell it takes every character in names and paths."""
    pythoncom: Any = importlib.import_module("pythoncom")
    shell: Any = importlib.import_module("win32com.shell.shell")
    link = pythoncom.CoCreateInstance(shell.CLSID_ShellLink, None, pythoncom.CLSCTX_INPROC_SERVER, shell.IID_IShellLink)
    return link, link.QueryInterface(pythoncom.IID_IPersistFile)


@contextlib.contextmanager
def _com_errors(link: Path) -> Iterator[None]:
    """COM's errors as OSError."""
    errors: Any = importlib.import_module("pythoncom").com_error
    try:
        yield
    except errors as error:
        raise OSError(None, str(error.args[1]), str(link)) from error
