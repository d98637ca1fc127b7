"""Word on Windows through COM: one private instance for each call, no dialogs, no macros, documents read-only.

A COM call cannot be cut off from outside; everything that would wait for a person is turned off instead.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_PDF, _NO_SAVE, _NO_ALERTS, _NO_MACROS, _FOR_PRINT = 17, 0, 0, 3, 0  # wdExportFormatPDF and so on
_NO_PASSWORD = "-"  # a protected document fails instead of asking  # noqa: S105


def available() -> bool:
    """Whether Word can be asked here."""
    if sys.platform != "win32":
        return False
    import winreg

    try:
        winreg.CloseKey(winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, r"Word.Application\CLSID"))
    except OSError:
        return False
    return True


def _private_word() -> Any:
    """A new Word of our own, also where the user has one open."""
    import pythoncom
    import win32com.client

    pythoncom.CoInitialize()
    return win32com.client.DispatchEx("Word.Application")


class Word:
    """``start`` gives Word's Application object; tests give their own."""

    program = "Word"
    merges = False  # each document costs it little, and a person may be asked about none

    def __init__(self, start: Callable[[], Any] = _private_word) -> None:
        self._start = start
        self._stopped = threading.Event()

    def convert(self, worker: int, documents: Mapping[Path, Path]) -> str:
        """See ``Converter``."""
        try:
            word = self._start()
        except Exception as error:  # noqa: BLE001  (com_error exists on Windows only)
            return f"Word 启动不了（{error}）"
        why = "已取消"
        try:
            word.Visible = False
            word.DisplayAlerts = _NO_ALERTS
            word.AutomationSecurity = _NO_MACROS
            for source, target in documents.items():
                if self._stopped.is_set():
                    break
                why = self._one(word, source, target) or why
        finally:
            word.Quit(SaveChanges=_NO_SAVE)
        return why

    @staticmethod
    def _one(word: Any, source: Path, target: Path) -> str:
        try:
            document = word.Documents.Open(
                FileName=str(source), ConfirmConversions=False, ReadOnly=True, AddToRecentFiles=False,
                PasswordDocument=_NO_PASSWORD, Visible=False, OpenAndRepair=False, NoEncodingDialog=True,
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001  (com_error exists on Windows only)
            return f"Word 打不开这一份（{error}）"
        try:
            document.ExportAsFixedFormat(
                OutputFileName=str(target), ExportFormat=_PDF, OpenAfterExport=False, OptimizeFor=_FOR_PRINT,
                BitmapMissingFonts=False,
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001
            return f"Word 没有转成这一份（{error}）"
        finally:
            document.Close(SaveChanges=_NO_SAVE)
        return ""

    def stop(self) -> None:
        """See ``Converter``: after the document that is being converted."""
        self._stopped.set()
