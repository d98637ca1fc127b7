"""Show a file or folder in the program that the system has for it."""

from __future__ import annotations

import os
from pathlib import Path


def show(path: Path) -> bool:
    """Whether the system has been asked to show it: on Windows only."""
    if not hasattr(os, "startfile"):
        return False
    os.startfile(path)  # noqa: S606  (our own file, in the program that the system has for it)
    return True
