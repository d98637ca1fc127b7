"""How long copies are kept, as the office has set it in ``retention.toml`` of the program's own folder.

    backups_days = 180        # copies of files that were replaced
    inputs_days = 1095        # copies of inputs that a run was made from, beside its results
    keep_inputs = true        # false: no such copies are made; replay then needs the inputs where they were

0 days keep for ever. The audit record itself is never cut: it holds no more personal data than names of officials.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from incubxl.files.office import home
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define

SETTINGS = "retention.toml"
_LONGEST = 36500

define(
    "retention.unreadable",
    "warning",
    "保留期限的设置「{path}」读不出来（{why}），按默认的保留期限办理，这次没有清理任何文件",
    "请改正这个文件，或删去它；写法见 docs/privacy.md",
    "retention.toml 里写成 backups_days = 半年",
)


@dataclass(frozen=True)
class Retention:
    """Days that copies are kept; 0 for ever. ``trouble``: why the settings cannot be read (then nothing is swept)."""

    backups_days: int = 180
    inputs_days: int = 1095
    keep_inputs: bool = True
    trouble: Issue | None = None


def retention() -> Retention:
    """What the office has set, else the defaults."""
    path = home() / SETTINGS
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Retention()
    except (OSError, ValueError) as error:
        return _unreadable(path, type(error).__name__)
    names = ("backups_days", "inputs_days")
    if set(found) - {*names, "keep_inputs"}:
        return _unreadable(path, "只能有 backups_days、inputs_days 和 keep_inputs")
    days = {name: found[name] for name in names if name in found}
    if any(type(value) is not int or not 0 <= value <= _LONGEST for value in days.values()):
        return _unreadable(path, "天数应为 0 至 36500 的整数")
    keep = found.get("keep_inputs", True)
    if not isinstance(keep, bool):
        return _unreadable(path, "keep_inputs 应为 true 或 false")
    return Retention(**days, keep_inputs=keep)


def _unreadable(path: Path, why: str) -> Retention:
    return Retention(trouble=issue("retention.unreadable", Place(file=str(path)), path=path, why=why))
