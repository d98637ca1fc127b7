"""A recorded run as it can be computed again: every workbook with its input, its pack's texts, its day."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import incubxl.audit.findings  # noqa: F401  (defines the issues)
from incubxl.audit.outcome import unpacked
from incubxl.audit.verify import verify
from incubxl.batch.job import GENERATED
from incubxl.batch.keeping import kept
from incubxl.batch.recorded import is_run, is_workbook, recorded
from incubxl.batch.replay import recorded_input
from incubxl.files.packs import pack_texts
from incubxl.files.read import read_bytes
from incubxl.grid import Grid

Texts = Mapping[str, str]
_RUN = re.compile(r"\d{8}-\d{6}")


class CannotCompareError(Exception):
    """A run cannot be taken. ``remedy`` says how to mend it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.remedy = remedy


@dataclass(frozen=True)
class Side:
    """One workbook of one run. ``outcome``: what was decided then. ``why`` says why it cannot be computed again."""

    folder: str
    shown: str
    pack: str
    version: str
    outcome: Mapping[str, Any] | None
    grid: Grid | None = None
    texts: Texts | None = None
    common: Texts | None = None
    as_of: dt.date | None = None
    hold: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class RunSide:
    """A run: its number, where, by which program, and its workbooks by the folder of their results."""

    run: str
    out: Path
    program: str
    workbooks: Mapping[str, Side]


def open_run(named: str, out: Path) -> RunSide:
    """``named``: a results folder (its last run), ``folder@run``, or a run's number within ``out``.

    Raises CannotCompareError.
    """
    folder, at, wanted = named.rpartition("@")
    if not at and _RUN.fullmatch(named):
        place, wanted = out, named
    elif at and _RUN.fullmatch(wanted):
        place = Path(folder)
    else:
        place, wanted = Path(named), ""
    if not place.is_dir():
        raise CannotCompareError(f"找不到运行「{named}」", "请写结果文件夹；要某一次运行的，后面接 @ 和运行编号")
    runs = recorded(place)
    if not runs:
        raise CannotCompareError(f"「{place}」里没有审计记录", "请写运行时用 --out 指定的文件夹")
    if not verify(place).sound:
        raise CannotCompareError(
            f"「{place}」的审计记录与写入时不符，不能拿来比较", f"先看 incubxl audit verify {place}"
        )
    found = next((r for r in reversed(runs) if not wanted or r.run == wanted), None)
    if found is None:
        listed = "、".join(r.run for r in runs[-10:])
        raise CannotCompareError(f"「{place}」里没有运行 {wanted}", f"记录里有：{listed}")
    if not is_run(found.begun):
        raise CannotCompareError(f"运行 {found.run} 的记录不是本程序写的", "请另选一次运行")
    bodies = [entry["body"] for entry in found.workbooks if is_workbook(entry["body"])]
    sides = (_side(place, body) for body in bodies if body["status"] == "done")
    return RunSide(found.run, place, found.begun["program"], {side.folder: side for side in sides})


def _side(out: Path, body: Mapping[str, Any]) -> Side:
    copies, blobs = body.get("kept", {}), kept(out)
    pack = {"version": "", **body["pack"]}
    hold = tuple(body["hold"])
    try:
        outcome = unpacked(blobs.get(copies.get("outcome", "")))
    except (OSError, ValueError):
        why = "当时的结果没有留存（过了保留期或损坏）"
        return Side(body["folder"], body["input"], pack["id"], pack["version"], None, why=why)
    bare = Side(body["folder"], body["input"], pack["id"], pack["version"], outcome, hold=hold)
    data, _ = recorded_input(out, blobs, body)
    if isinstance(data, str):
        return _without(bare, "输入不在了，也没有留存副本" if data == "gone" else "输入已被改动，也没有留存副本")
    try:
        texts, common = _texts(blobs.get(copies.get("pack", "")))
    except (OSError, ValueError, zipfile.BadZipFile):
        return _without(bare, "当时的办法数据没有留存（过了保留期或损坏）")
    grid, issues = read_bytes(data, Path(body["input"].replace("\\", "/")).name, GENERATED)
    if grid is None:
        return _without(bare, f"现在读不出这个输入：{issues[0].message}")
    try:
        day = dt.date.fromisoformat(str(body.get("as_of")))
    except ValueError:
        return _without(bare, "记录里没有基准日")
    return Side(bare.folder, bare.shown, bare.pack, bare.version, outcome, grid, texts, common, day, hold)


def _without(side: Side, why: str) -> Side:
    return Side(side.folder, side.shown, side.pack, side.version, side.outcome, hold=side.hold, why=why)


def _texts(archive: bytes) -> tuple[Texts, Texts]:
    """The pack's texts and those of 公共部分; a record of an earlier program has none, then the shipped ones."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        found = {n: packed.read(n).decode("utf-8") for n in packed.namelist() if n.endswith(".yaml")}
    own = {name: text for name, text in found.items() if "/" not in name}
    common = {name.removeprefix("common/"): text for name, text in found.items() if name.startswith("common/")}
    return own, common or pack_texts(Path())[1]
