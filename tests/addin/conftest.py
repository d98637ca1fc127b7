"""The sources in ``macros/`` and a copy of them that a test may spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from incubxl.addin.sources import Sources, read_sources

MACROS = Path(__file__).resolve().parents[2] / "macros"


@pytest.fixture(scope="session")
def sources() -> Sources:
    """As committed."""
    return read_sources(MACROS)


@pytest.fixture
def macros(tmp_path: Path) -> Path:
    """A copy of the folder."""
    return Path(shutil.copytree(MACROS, tmp_path / "macros"))
