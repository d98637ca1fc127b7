"""A Windows computer for the tests: registry, drives and code page are data, folders are in ``tmp_path``.

It is what a fresh office computer has: Excel 365 (64 bit), no WPS, python.org's Python, no policies.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path, PureWindowsPath
from typing import Any

PYTHON = "C:\\Python312\\python.exe"
_APP_PATHS = "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\App Paths"
OFFICE = "HKCU\\Software\\Microsoft\\Office\\16.0"
POLICIES = "HKCU\\Software\\Policies\\Microsoft\\Office\\16.0"
CLASS_ID = "{00024500-0000-0000-C000-000000000046}"


def program(path: Path, machine: int) -> Path:
    """A file with a Windows program's header for a kind of processor."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = b"MZ" + bytes(58) + struct.pack("<I", 128)
    path.write_bytes(head + bytes(64) + b"PE\0\0" + struct.pack("<H", machine) + bytes(18))
    return path


class Pc:
    """See incubxl.addin.machine.Machine. ``registry``: key → name → value; ``files``: Windows paths that are there."""

    def __init__(self, folder: Path, account: str = "office") -> None:
        self.windows, self.name = True, "Windows 10.0.22631"
        self.python, self.python_home = PYTHON, "C:\\Python312"
        user = folder / "Users" / account
        self.variables = {
            "APPDATA": str(user / "AppData" / "Roaming"),
            "LOCALAPPDATA": str(user / "AppData" / "Local"),
            "USERPROFILE": str(user),
        }
        self._desktop = user / "Desktop"
        self._desktop.mkdir(parents=True)
        self.files = {PYTHON.lower(), "c:\\python312\\pythonw.exe"}
        self.remote: set[str] = set()
        self.short: dict[str, str] = {}
        self.ansi = 936
        self.broken: dict[str, str] = {}
        self.licence = False
        self.no_pywin32 = False
        self.excel = str(program(folder / "Office16" / "EXCEL.EXE", 0x8664))
        self.registry: dict[str, dict[str, Any]] = {}
        self.put(f"{_APP_PATHS}\\excel.exe", "", self.excel)
        self.put("HKCR\\Excel.Application\\CurVer", "", "Excel.Application.16")
        self.put("HKCR\\Excel.Application\\CLSID", "", CLASS_ID)
        self.put(f"HKCR\\CLSID\\{CLASS_ID}\\LocalServer32", "", f'"{self.excel}" /automation')
        self.put("HKLM\\Software\\Microsoft\\Office\\ClickToRun\\Configuration", "VersionToReport", "16.0.17328.20162")
        self.put(f"{OFFICE}\\Excel\\Security\\Trusted Locations\\Location0", "Path", "C:\\Office\\root\\XLSTART\\")
        self.put(
            f"{OFFICE}\\Excel\\Security\\Trusted Locations\\Location1",
            "Path",
            f"{self.variables['APPDATA']}/Microsoft/Excel/XLSTART/",
        )

    def put(self, key: str, name: str, value: Any) -> None:
        """Set a registry value."""
        self.registry.setdefault(key.casefold(), {})[name] = value

    def variable(self, name: str) -> str:
        return self.variables.get(name, "")

    def desktop(self) -> Path:
        return self._desktop

    def is_file(self, path: str) -> bool:
        return path.lower() in self.files or Path(path).is_file()

    def is_remote(self, path: str) -> bool:
        return path.startswith("\\\\") or any(path.startswith(start) for start in self.remote)

    def short_path(self, path: str) -> str:
        return self.short.get(path, path)

    def code_page(self) -> int:
        return self.ansi

    def value(self, key: str, name: str = "") -> Any:
        return {n.casefold(): v for n, v in self.values(key).items()}.get(name.casefold())

    def values(self, key: str) -> dict[str, Any]:
        return dict(self.registry.get(key.casefold(), {}))

    def keys(self, key: str) -> tuple[str, ...]:
        start = f"{key.casefold()}\\"
        return tuple(dict.fromkeys(k[len(start) :].split("\\")[0] for k in self.registry if k.startswith(start)))

    def library(self, name: str) -> str:
        return self.broken.get(name, "")

    def needs_licence(self) -> bool:
        return self.licence

    def make_shortcut(self, link: Path, target: str, arguments: str, description: str) -> None:
        if self.no_pywin32:
            raise ImportError("No module named 'pythoncom'")
        link.write_text(json.dumps([target, arguments, description]), encoding="utf-8")

    def shortcut(self, link: Path) -> tuple[str, str]:
        target, arguments, _ = json.loads(link.read_text(encoding="utf-8"))
        return str(PureWindowsPath(target)), arguments
