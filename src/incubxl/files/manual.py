"""The manual that is shipped with the program: one HTML page, made from README.zh-CN.md."""

from __future__ import annotations

from pathlib import Path


def manual_file() -> Path:
    """Where it is; any browser shows it, without a network."""
    return Path(__file__).resolve().with_name("manual.html")
