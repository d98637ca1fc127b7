"""The package: a zip that is the same for the same content, verified before it gets its name.

``清单.json`` lists every other member with size and SHA-256; its own SHA-256 is printed, to be noted elsewhere.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from incubxl import __version__
from incubxl.archive.collect import Package, personal
from incubxl.archive.verify import LIST, Checked, check
from incubxl.files.write import Properties, render
from incubxl.mask import masked
from incubxl.plan import Block, Column, SheetPlan
from incubxl.publish.atomic import writing

CONTENTS = "目录.xlsx"
FORMAT = 1
_DATE = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes
_DAY = dt.datetime(*_DATE)  # noqa: DTZ001  (a property without meaning)


class PackageBrokenError(Exception):
    """What was written does not read back as it should; nothing got its name. ``checked`` says what."""

    def __init__(self, checked: Checked) -> None:
        super().__init__("、".join(i.message for i in checked.issues[:3]))
        self.checked = checked


@dataclass(frozen=True)
class Written:
    """``head``: SHA-256 of 清单.json."""

    files: int
    size: int
    head: str


def write(package: Package, path: Path) -> Written:
    """Write the package to ``path``. Raises OSError, PackageBrokenError."""
    listed: dict[str, dict[str, object]] = {}
    with writing(path) as temp:
        with zipfile.ZipFile(temp, "w") as archive:
            for name in sorted(package.pieces):
                piece = package.pieces[name]
                data = piece.read()
                _put(archive, name, data)
                listed[name] = _entry(piece.kind, data)
            contents = render(_contents(package, listed), properties=Properties("目录", _DAY))
            _put(archive, CONTENTS, contents)
            listed[CONTENTS] = _entry("目录", contents)
            body = {"format": FORMAT, "program": f"incubxl {__version__}", "files": listed}
            manifest = json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True).encode()
            _put(archive, LIST, manifest)
        checked = check(temp)
        if checked.issues:
            raise PackageBrokenError(checked)
    return Written(len(listed), path.stat().st_size, hashlib.sha256(manifest).hexdigest())


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    archive.writestr(info, data, compresslevel=6)


def _entry(kind: str, data: bytes) -> dict[str, object]:
    return {"kind": kind, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _contents(package: Package, listed: Mapping[str, Mapping[str, object]]) -> Sequence[SheetPlan]:
    rows = [
        (n, str(entry["kind"]), masked(name), int(str(entry["size"])), str(entry["sha256"]))
        for n, (name, entry) in enumerate(sorted(listed.items()), 1)
    ]
    columns = (
        Column("序号", "integer"), Column("类别", "centre"), Column("文件"), Column("字节", "integer"),
        Column("SHA-256", "small"),
    )  # fmt: skip
    lines = (
        f"共 {len(rows)} 个文件（另有本目录和清单.json）。用 incubxl archive verify 核对有没有改动、缺少和多出。",
        "把「1_结果」里的文件夹取出，可用 incubxl audit verify 和 incubxl audit replay 核验、复算。",
    )
    runs = (Column("结果文件夹"), Column("运行"), Column("程序和操作人"), Column("结束"), Column("审计记录"))
    blocks = (
        Block(runs, package.runs, heading="运行"),
        Block((Column("文件"), Column("含有的个人信息")), list(personal(package.pieces)), heading="个人信息"),
        Block((Column("没有装入的"), Column("原因")), [(masked(a), b) for a, b in package.left_out],
              heading="没有装入的"),
    )  # fmt: skip
    about = (
        "本包含个人信息，请按登记表同样的要求保管；对外提供前先删去不需要的。",
        "「审计留存」里是各次运行的输入、办法和结论的副本，文件名就是校验值。",
    )
    return [
        SheetPlan("目录", "目录", "", (7, 20, 80, 14, 70), (Block(columns, rows),), lines),
        SheetPlan("说明", "说明", "", (34, 44, 40, 14, 60), blocks, about),
    ]
