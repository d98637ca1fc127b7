"""Excel where no workbook is open: no other process can reach it, so what is said is in a message box of Windows."""

from __future__ import annotations

import sys
from typing import Any


def box(text: str, window: int = 0) -> None:
    """A message box of Windows itself, in front of the window; on stderr as well."""
    print(text, file=sys.stderr)
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(window, text, "孵化管理", 0x30)


class Bare:
    """What a button that needs no workbook asks of Excel, as far as the add-in has written it into the job."""

    def __init__(self, window: int, name: str, version: str) -> None:
        self.Hwnd, self.Name, self.Version, self.Path = window, name, version, "没有打开工作簿，位置不详"
        self.StatusBar: Any = False

    def alert(self, prompt: str, title: str, buttons: str, mode: str) -> str:
        """As ``xlwings.App.alert``; there is only 确定."""
        box(prompt, self.Hwnd)
        return "ok"
