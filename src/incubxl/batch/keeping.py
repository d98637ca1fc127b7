"""What replay needs, kept beside the results: copies of inputs, of the pack's folder and of what was decided.

They lie in ``审计留存`` of the output folder, once per content, as long as the office has set (see docs/privacy.md).
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from incubxl.assess.model import Assessment, LetterView
from incubxl.audit.outcome import acts, outcome, packed
from incubxl.files.packs import PackStore, pack_texts
from incubxl.publish.store import BlobStore

KEPT = "审计留存"
_DATE = (1980, 1, 1, 0, 0, 0)  # the same folder gives the same bytes


def kept(out: Path) -> BlobStore:
    """The copies beside the results in ``out``."""
    return BlobStore(out / KEPT)


def audited(
    assessment: Assessment, letters: Sequence[LetterView], store: PackStore, assumed: str
) -> tuple[dict[str, Any], bytes, bytes]:
    """What the record says of a workbook, what was decided (packed), and the pack's folder as an archive."""
    pack = assessment.pack
    decided = packed(outcome(assessment, letters))
    about = {
        "as_of": assessment.as_of.isoformat(),
        "assumed": bool(assumed),
        "pack": {"id": pack.id, "version": pack.measure.version, "digest": pack.digest},
        **acts(assessment),
    }
    return about, decided, _folder(store.load(pack.id).folder)


def keep(out: Path, about: dict[str, Any], decided: bytes, pack: bytes, source: bytes | None) -> dict[str, Any]:
    """Keep the copies; ``about`` with their SHA-256. ``source``: the input's bytes, None when the office keeps none.

    Raises OSError.
    """
    blobs = kept(out)
    copies = {"outcome": blobs.put(decided), "pack": blobs.put(pack)}
    if source is not None:
        copies["input"] = blobs.put(source)
    return {**about, "kept": copies}


@lru_cache(maxsize=8)
def _folder(folder: Path) -> bytes:
    """A pack's folder as an archive, with 公共部分 as it was read beside it: a later program may have another."""
    files = sorted(p for p in (*folder.glob("*.yaml"), *folder.glob("letters/*")) if p.is_file())
    common = {f"common/{name}": text.encode() for name, text in sorted(pack_texts(folder)[1].items())}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.writestr(zipfile.ZipInfo(path.relative_to(folder).as_posix(), _DATE), path.read_bytes())
        for name, data in common.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), data)
    return buffer.getvalue()


def unchanged(path: Path, sha256: str) -> bytes | None:
    """An input's bytes, if they still are what was read."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def unpack_folder(data: bytes, into: Path) -> None:
    """The pack's folder again. Raises ValueError, OSError for a damaged archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if not (into / name).resolve().is_relative_to(into.resolve()):
                    raise ValueError(name)
            archive.extractall(into)
    except zipfile.BadZipFile as error:
        raise ValueError("not an archive") from error
