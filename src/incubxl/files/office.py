"""What this user's installation remembers outside any workbook: where things are kept, and the office's own packs.

``incubxl addin install`` writes the settings; what runs without a command line (a button, the desktop icon) asks here.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import platformdirs

from incubxl.files.refusal import reason

SETTINGS = "settings.json"


_AGAIN = (
    "请重新运行 incubxl addin install --policies 文件夹；不用自己的政策包的，运行 incubxl addin install --no-policies"
)


class SettingsError(Exception):
    """What is wrong with the settings and what to do ``next``: Chinese sentences without the last full stop."""

    def __init__(self, what: str, next: str) -> None:
        super().__init__(what)
        self.what, self.next = what, next


def home() -> Path:
    """The folder for state, backups and settings. INCUBXL_HOME puts it elsewhere."""
    own = os.environ.get("INCUBXL_HOME")
    return Path(own) if own else platformdirs.user_data_path("incubxl", appauthor=False)


def log_file() -> Path:
    """Where details of failures stand."""
    own = os.environ.get("INCUBXL_HOME")
    folder = Path(own) if own else platformdirs.user_log_path("incubxl", appauthor=False)
    return folder / "excel.log"


def policies() -> Path | None:
    """The office's own pack folder, as recorded; None where there is none.

    Raises SettingsError for one that is gone and for settings that cannot be read: an office's packs replace shipped
    ones, so going on without them would be a guess.
    """
    path = home() / SETTINGS
    try:
        recorded = json.loads(path.read_text(encoding="utf-8"))["policies"]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"读不了设置文件 {path}（{reason(error)}）", "请核对这个文件的权限，再试一次") from error
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"设置文件 {path} 的内容不对", _AGAIN) from error
    if not isinstance(recorded, str):
        raise SettingsError(f"设置文件 {path} 的内容不对", _AGAIN)
    if recorded and not Path(recorded).is_dir():
        what = f"本单位的政策包文件夹「{recorded}」不在了，没有改用自带的办法"
        raise SettingsError(what, f"文件夹在网络上的，请先连上；搬了地方的，{_AGAIN}")
    return Path(recorded) if recorded else None


def settings_text(folder: Path | None) -> str:
    """The settings that say ``folder``; None for no packs of the office's own."""
    return json.dumps({"policies": str(folder or "")}, ensure_ascii=False) + "\n"
