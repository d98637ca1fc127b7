"""Whether a package is as it was written: every edit, missing, additional or repeated member is told."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incubxl.files.refusal import reason
from incubxl.files.unzip import READ_ERRORS
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define

LIST = "清单.json"
_BLOCK = 1 << 20
_MOST_LIST = 256 << 20  # bytes of the list
_ASK = "请取另一份备份对照，查清是谁、为什么改的"

define("archive.unreadable", "error", "「{path}」不是归档包，或已经损坏：{reason}", "请从备份取回", "包的末尾被截去")
define(
    "archive.no_list", "error", "「{path}」里没有清单.json，或清单不能用", "请核对是不是归档包；" + _ASK, "另做的压缩包"
)
define("archive.edited", "error", "「{name}」写入后被改动", _ASK, "取出一份通知书改了再放回去")
define("archive.missing", "error", "缺少「{name}」", _ASK, "从包里删去一份通知书")
define("archive.added", "error", "多出「{name}」，清单里没有", _ASK, "往包里添了一个文件")
define("archive.twice", "error", "「{name}」在包里有两份", _ASK, "又放进一份同名的文件")
define(
    "archive.head",
    "error",
    "清单的校验值是 {now}…，与归档时抄下的 {then}… 不同：清单被改写，或抄的是别的包",
    "请先核对校验值有没有抄错；没有抄错的，" + _ASK,
    "改了文件又改了清单",
)


@dataclass(frozen=True)
class Checked:
    """``head``: SHA-256 of the list. ``files``: how many it lists."""

    head: str
    files: int
    issues: tuple[Issue, ...]


def check(path: Path, head: str = "") -> Checked:
    """Go through the package. ``head``: the list's SHA-256 (16 characters or more) as it was noted when written."""
    place = Place(file=path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            names = Counter(archive.namelist())
            listed, found = _listed(archive, names)
            if listed is None:
                return Checked("", 0, (issue("archive.no_list", place, path=path.name),))
            issues = list(_members(archive, names, listed, place))
    except READ_ERRORS as error:
        why = reason(error) if isinstance(error, OSError) and error.errno else "不是完整的 zip 文件"
        return Checked("", 0, (issue("archive.unreadable", place, path=path.name, reason=why),))
    wanted = head.strip().strip("…").lower()
    if wanted and not (len(wanted) >= 16 and found.startswith(wanted)):
        issues.insert(0, issue("archive.head", place, now=found[:16], then=wanted[:16]))
    return Checked(found, len(listed), tuple(issues))


def _listed(archive: zipfile.ZipFile, names: Counter[str]) -> tuple[Mapping[str, Any] | None, str]:
    if names[LIST] != 1 or archive.getinfo(LIST).file_size > _MOST_LIST:
        return None, ""
    try:
        data = archive.read(LIST)
        files = json.loads(data)["files"]
        good = isinstance(files, dict) and all(
            isinstance(entry["sha256"], str) and isinstance(entry["size"], int) for entry in files.values()
        )
    except (KeyError, TypeError, *READ_ERRORS):
        return None, ""
    return (files if good else None), hashlib.sha256(data).hexdigest()


def _members(archive: zipfile.ZipFile, names: Counter[str], listed: Mapping[str, Any], place: Place) -> Iterator[Issue]:
    for name, entry in listed.items():
        if not names[name]:
            yield issue("archive.missing", place, name=name)
        elif names[name] == 1 and _digest(archive, name, entry["size"]) != entry["sha256"]:
            yield issue("archive.edited", place, name=name)
    for name, count in names.items():
        if count > 1:
            yield issue("archive.twice", place, name=name)
        elif name not in listed and name != LIST:
            yield issue("archive.added", place, name=name)


def _digest(archive: zipfile.ZipFile, name: str, size: int) -> str:
    """SHA-256 of a member; empty for one that is damaged or of another size (a bomb is not unpacked)."""
    if archive.getinfo(name).file_size != size:
        return ""
    made = hashlib.sha256()
    try:
        with archive.open(name) as member:
            while block := member.read(_BLOCK):
                made.update(block)
    except READ_ERRORS:
        return ""
    return made.hexdigest()
