"""Excel for the tests: xlwings' Windows engine against an own LibreOffice; skips with a reason where that is not."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.com import Wire
from tests.live.fakewin import Scene, app, serve
from tests.live.office import Office, bridge


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    command = shutil.which("soffice")
    if not command:
        pytest.skip("LibreOffice is not installed")
    try:
        bridge()
    except ImportError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        pytest.skip(f"LibreOffice's bridge to Python {version} is not installed (python3-uno): {error}")
    office = Office(command, tmp_path_factory.mktemp("live"))
    yield office
    office.stop()


@pytest.fixture
def excel(soffice: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The application, without workbooks; what the program keeps for itself goes to a folder of the test."""
    from tests.live.books import Application

    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path / "own"))
    application = Application(soffice)
    engine = serve(application)
    Wire.reset()
    yield application
    Wire.reset()
    engine.BOOK_CALLER = None
    for book in list(application.books):
        book.Close()
    Scene.application = None


@pytest.fixture
def opened(excel: Any, tmp_path: Path) -> Callable[..., Any]:
    """Open a copy of a workbook as the one from which a button is pressed."""

    def open_copy(source: Path, *, read_only: bool = False) -> Any:
        path = tmp_path / source.name
        shutil.copy(source, path)
        book = app().books.open(str(path), read_only=read_only)
        sys.modules["xlwings._xlwindows"].BOOK_CALLER = book.impl.xl
        Wire.calls.clear()
        return book

    return open_copy
