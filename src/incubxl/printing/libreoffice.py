"""LibreOffice as a process: many documents each, a profile of its own, a hard limit of time.

Processes are otherwise no part of the program; here one is unavoidable, and nothing of it outlives the call.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
)
# Bookmarks become named destinations: the page on which each letter of a merged document begins.
_FILTER = (
    'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"false"},'
    '"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'
)
_LOOK = 0.25  # seconds between looks at what is written
_KILLED_AFTER = 10.0  # seconds until an ended process must be gone


def find() -> str:
    """The command, or an empty string."""
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    return on_path or next((place for place in _PLACES if Path(place).is_file()), "")


class LibreOffice:
    """``folder`` (ours, temporary) keeps one profile for each worker. Times are in seconds."""

    program = "LibreOffice"
    merges = True

    def __init__(self, command: Sequence[str], folder: Path, *, start: float = 60.0, each: float = 60.0) -> None:
        """``start``: time for the program to start; ``each``: from one document to the next, and for a megabyte."""
        self._command = tuple(command)
        self._folder = folder
        self._start, self._each = start, each
        self._stopped = threading.Event()
        self._running: set[subprocess.Popen[bytes]] = set()

    def convert(self, worker: int, documents: Mapping[Path, Path]) -> str:
        """See ``Converter``. Documents lie in one folder, their PDFs in one folder, under the same stems."""
        (out,) = {target.parent for target in documents.values()}
        profile = (self._folder / f"profile-{worker}").resolve().as_uri()
        arguments = [*self._command, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nologo"]
        arguments += ["--nofirststartwizard", "--convert-to", _FILTER, "--outdir", str(out), *map(str, documents)]
        if self._stopped.is_set():
            return "已取消"
        try:
            process = subprocess.Popen(  # noqa: S603  (names are ours: numbers in a folder of ours)
                arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_group()
            )
        except OSError as error:
            return f"LibreOffice 启动不了（{error.strerror}）"
        self._running.add(process)
        try:
            code = self._wait(process, documents)
        finally:
            _end(process)
            self._running.discard(process)
        if code is None:
            return "LibreOffice 转换时卡住，超过时限，已结束它"
        return f"LibreOffice 中途退出（{code}）" if code else "LibreOffice 没有写出这一份"

    def _wait(self, process: subprocess.Popen[bytes], documents: Mapping[Path, Path]) -> int | None:
        """The exit code, or None when the program has written nothing new for longer than allowed."""
        each = self._each * (1 + max(path.stat().st_size for path in documents) / 1e6)
        written = 0
        limit = time.monotonic() + self._start + each
        while True:
            try:
                return process.wait(_LOOK)
            except subprocess.TimeoutExpired:
                now = sum(target.exists() for target in documents.values())
                if now > written:
                    written, limit = now, time.monotonic() + each
                elif time.monotonic() > limit:
                    return None

    def stop(self) -> None:
        """See ``Converter``."""
        self._stopped.set()
        for process in tuple(self._running):
            _end(process)


def _group() -> dict[str, Any]:
    """The process leads a group, so that what it starts ends with it."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started. soffice is a script that starts the program proper."""
    if sys.platform == "win32":
        if process.poll() is None:
            subprocess.run(  # noqa: S603
                ["taskkill", "/F", "/T", "/PID", str(process.pid)],  # noqa: S607
                capture_output=True, timeout=30, check=False,
            )  # fmt: skip
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody of the group is left
            os.killpg(process.pid, signal.SIGKILL)
    process.wait(_KILLED_AFTER)
