"""The committed add-in, ``incubxl.xlam`` beside this file, and whether it is what the sources give today."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from incubxl.addin.package import build
from incubxl.addin.sources import Sources
from incubxl.publish.atomic import write_bytes

ADDIN = Path(__file__).resolve().with_name("incubxl.xlam")


def write(sources: Sources, path: Path) -> None:
    """Build into ``path``. Raises OSError, ValueError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, build(sources))


def differences(sources: Sources, path: Path) -> list[str]:
    """How ``path`` differs from a build of ``sources``, in Chinese; empty when they are the same byte for byte."""
    if not path.is_file():
        return [f"没有 {path.name}"]
    committed, fresh = path.read_bytes(), build(sources)
    if committed == fresh:
        return []
    try:
        old, new = _parts(committed), _parts(fresh)
    except zipfile.BadZipFile:
        return [f"{path.name} 不是完整的加载项"]
    names = sorted(n for n in old.keys() | new.keys() if old.get(n) != new.get(n))
    return [f"{path.name} 的 {name} 与 {sources.folder.name} 里的源文件不一致" for name in names] or [
        f"{path.name} 的打包方式与现在的不一致"
    ]


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
