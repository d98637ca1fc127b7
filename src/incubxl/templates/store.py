"""The committed templates: one blank register workbook per pack, and whether they are what the packs say today."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from incubxl.policy.pack import Pack
from incubxl.publish.atomic import write_bytes
from incubxl.templates.build import build_workbook

_NOT_COMPARED = ("docProps/",)  # time stamps and the writing program's version


def file_name(pack: Pack) -> str:
    """The template's file name."""
    return f"{pack.id}.xlsx"


def build_all(packs: Iterable[Pack], folder: Path) -> list[Path]:
    """Write the blank template of every pack into ``folder``; gives the files. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for pack in packs:
        path = folder / file_name(pack)
        write_bytes(path, build_workbook(pack, year=None))
        written.append(path)
    return written


def check_all(packs: Iterable[Pack], folder: Path) -> list[str]:
    """What is wrong with the templates in ``folder``, in Chinese; empty when they are current.

    Workbooks are compared part by part as canonical XML, not byte by byte.
    """
    found: list[str] = []
    names: set[str] = set()
    for pack in packs:
        name = file_name(pack)
        names.add(name)
        path = folder / name
        if not path.is_file():
            found.append(f"{name}：缺少模板")
            continue
        try:
            committed = parts(path.read_bytes())
        except (zipfile.BadZipFile, etree.XMLSyntaxError):
            found.append(f"{name}：不是完整的 Excel 工作簿")
            continue
        fresh = parts(build_workbook(pack, year=None))
        differing = sorted(k for k in committed.keys() | fresh.keys() if committed.get(k) != fresh.get(k))
        if differing:
            found.append(f"{name}：与办法「{pack.measure.short_name}」的数据不一致（{'、'.join(differing[:5])}）")
    left = sorted(p.name for p in folder.glob("*.xlsx") if p.name not in names)
    return found + [f"{name}：没有对应的办法" for name in left]


def parts(data: bytes) -> dict[str, bytes]:
    """A workbook's parts as canonical XML, without those that only tell when and by what it was written."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {
            name: _canonical(package.read(name))
            for name in package.namelist()
            if not name.startswith(_NOT_COMPARED)
        }  # fmt: skip


def _canonical(xml: bytes) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.tostring(etree.fromstring(xml, parser), method="c14n")
