"""Put one workbook's outputs into its folder: announced first, whole each, and never over what somebody changed.

Before the first file is written, the names and hashes of all of them stand in a hidden record in the folder. A run
that is killed in the middle thus leaves nothing that the next one would not know as its own, and a letter that no
longer holds is found and removed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.publish.atomic import settle, write_beside, write_bytes
from incubxl.publish.opened import opener

ANNOUNCED = ".incubxl-announced.json"
ASIDE = "旧件保留"
Hashes = Mapping[str, Collection[str]]  # name below the task's folder → SHA-256 of what runs have put there

define(
    "output.failed",
    "error",
    "结果写不进「{folder}」：{reason}。",
    "请腾出空间、检查权限或换一个结果文件夹，再用同样的命令加 --resume 运行。",
    "磁盘已满，或结果文件夹只读",
)
define(
    "output.is_input",
    "error",
    "「{path}」是这次要核对的工作簿，又在结果文件要写的位置，没有开始。",
    "请用 --out 另指定一个文件夹，或把这个工作簿改名。",
    "待核对的工作簿叫「批量汇总.xlsx」，就放在结果文件夹里",
)
define(
    "output.record_damaged",
    "error",
    "结果文件夹里的记录「{path}」读不出来，不知道哪些文件是以前写出的，没有开始。",
    "请换一个结果文件夹；或确认其中没有要保留的文件，删去整个结果文件夹后重新运行。",
    "运行清单.json 被别的程序改过",
)


define(
    "output.open",
    "error",
    "「{file}」正由 {who} 打开着，这个工作簿的结果都没有写出",
    "请对方关闭后，用同样的命令加 --resume 再运行一次；确实没有人打开的，删去标记文件「{sign}」再运行",
    "上次的结果工作簿还在 Excel 里开着",
)
define(
    "output.renamed",
    "warning",
    "原来的结果工作簿被别的程序占用，这次的结果写到了「{name}」",
    "请关闭占用它的程序（例如 Excel 或资源管理器的预览窗格），以这次的文件为准；下次运行会清理旧文件",
    "Windows 资源管理器的预览窗格正显示上次的结果",
)
define(
    "output.busy",
    "error",
    "结果文件夹「{folder}」正由 {who} 运行，这次没有开始",
    "请等那边做完再运行，或用 --out 另指定一个文件夹；确实没有人在运行的，删去「{lock}」再运行",
    "两位同事同时往一个共享文件夹里写结果",
)


@dataclass(frozen=True)
class Published:
    """``files``: name → SHA-256. ``aside``: where files that somebody changed were moved to. ``renamed``: the name of
    the result workbook where another program did not let go of the old one; else empty."""

    files: Mapping[str, str]
    aside: tuple[str, ...]
    renamed: str = ""


class OpenElsewhereError(Exception):
    """A file that would be replaced is open in a program. ``issue`` says whose."""

    def __init__(self, found: Issue) -> None:
        super().__init__(found.message)
        self.issue = found


def publish(
    folder: Path, documents: Mapping[str, bytes], known: Hashes, entry: Mapping[str, Any], run_id: str, result: str = ""
) -> Published:
    """Write ``documents`` below ``folder``. Raises OSError; what stood there is then still there, or aside. Raises
    OpenElsewhereError, and has touched nothing, when somebody has a file open that would be replaced.

    A file that is in the way and that no run has written (its hash is not ``known``) is somebody's work, and a formal
    letter may have been sent: neither is lost, both are moved to 旧件保留/<run id>. ``entry`` is what the manifest
    will say of the workbook. ``result``: the document that may stand under a new name where Windows does not let go of
    the old one; a letter may not, lest it is sent twice.
    """
    _check_open(folder, documents)
    files = {name: hashlib.sha256(data).hexdigest() for name, data in documents.items()}
    folder.mkdir(parents=True, exist_ok=True)
    before = {name: sorted(hashes) for name, hashes in known.items()}
    body = {**entry, "files": files, "earlier": before}
    write_bytes(folder / ANNOUNCED, json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))
    aside, renamed = [], ""
    for name, data in documents.items():
        target = folder / name
        ours = {files[name]} if formal(name) else {files[name], *known.get(name, ())}
        if (target.is_symlink() or target.exists()) and not _ours(target, ours):
            aside.append(set_aside(folder, name, run_id))
        if file_hash(target) != files[name]:
            aside += set_print_aside(folder, name, run_id)
        target.parent.mkdir(parents=True, exist_ok=True)
        if name != result:
            write_bytes(target, data, settled=False)
        elif (made := write_beside(target, data, f"新{run_id}").name) != name:
            files[made] = files.pop(name)
            renamed = made
    for place in {(folder / name).parent for name in documents}:
        settle(place)
    return Published(files, tuple(aside), renamed)


def _check_open(folder: Path, names: Collection[str]) -> None:
    """Refuse where a sign says that a file which would be replaced is open. Folders without signs cost one listing."""
    for below in sorted({(folder / name).parent for name in names}):
        try:
            signs = [entry for entry in os.scandir(below) if entry.name.startswith(("~$", ".~"))]
        except OSError:  # not there yet, or told when it is written to
            continue
        if not signs:
            continue
        for target in sorted(folder / name for name in names):
            if target.parent == below and target.exists() and (who := opener(target)):
                shown = Place(file=str(target))
                raise OpenElsewhereError(issue("output.open", shown, file=target.name, who=who, sign=who.sign))


def formal(name: str) -> bool:
    """Whether a file is a formal letter: it may have been sent, so it is never deleted or replaced."""
    return name.endswith(".docx") and not name.endswith(".草稿.docx")


def set_aside(folder: Path, name: str, run_id: str) -> str:
    """Move a file that somebody changed out of the way; gives its new name below ``folder``. Raises OSError."""
    kept = folder / ASIDE / run_id / name
    while kept.exists():
        kept = kept.with_name(f"再{kept.name}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    (folder / name).rename(kept)
    return kept.relative_to(folder).as_posix()


def set_print_aside(folder: Path, name: str, run_id: str) -> list[str]:
    """Move the PDF of a letter that no longer holds (``letters pdf`` made it, and it may have been sent)."""
    printed = Path(name).with_suffix(".pdf").as_posix()
    there = name.endswith(".docx") and (folder / printed).is_file()
    return [set_aside(folder, printed, run_id)] if there else []


def _ours(target: Path, hashes: Collection[str]) -> bool:
    return not target.is_symlink() and target.is_file() and file_hash(target) in hashes


def announced(folder: Path) -> dict[str, Any]:
    """What an earlier run announced for this folder; empty without one (or one that cannot be read)."""
    try:
        body = json.loads((folder / ANNOUNCED).read_bytes())
    except (OSError, ValueError):
        return {}
    return body if isinstance(body, dict) and isinstance(body.get("files"), dict) else {}


def file_hash(path: Path) -> str:
    """SHA-256 of a file; empty for one that cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError:
        return ""
