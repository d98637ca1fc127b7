"""The measures that buttons use: the shipped ones under the office's own, as ``addin install`` recorded them."""

from __future__ import annotations

from pathlib import Path

from incubxl.excel.refused import RefusedError
from incubxl.files import office
from incubxl.files.packs import PackStore


def policies() -> Path | None:
    """The office's own folder. Raises RefusedError where it is recorded and gone."""
    try:
        return office.policies()
    except office.SettingsError as error:
        raise RefusedError(error.what, error.next) from error


def packs() -> PackStore:
    """All measures. Raises RefusedError as ``policies``."""
    return PackStore(policies())
