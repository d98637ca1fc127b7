"""Pack folders on disk: those shipped with the program, and an office's own, which overlay them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from incubxl.policy.load import Lines, load_with_lines
from incubxl.policy.pack import Pack
from incubxl.policy.source import PolicyError

SHIPPED = Path(str(files("incubxl.policies")))


@dataclass(frozen=True)
class LoadedPack:
    """A pack folder, read. ``pack`` is None when there are errors. ``letters``: file name → .docx of its own.

    ``mail``: file name → template of a mail's wording; the pack's own replace the office's, and those the shipped.
    """

    id: str
    folder: Path
    pack: Pack | None
    errors: tuple[PolicyError, ...]
    lines: Lines
    letters: Mapping[str, Path]
    mail: Mapping[str, Path]


class PackStore:
    """Packs by id. A folder in ``overlay`` replaces the shipped pack of the same name, whole."""

    def __init__(self, overlay: Path | None = None) -> None:
        self._folders = _folders(SHIPPED)
        if overlay is not None:
            self._folders |= _folders(overlay)
        self._shared = [SHIPPED / "common", *([overlay / "common"] if overlay is not None else [])]
        self._loaded: dict[str, LoadedPack] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """Pack ids, shipped ones first, in alphabetical order."""
        return tuple(self._folders)

    def load(self, id: str) -> LoadedPack:
        """Read one pack; read again only by a new store. KeyError for an unknown id."""
        if id not in self._loaded:
            folder = self._folders[id]
            pack, errors, lines = load_with_lines(id, *pack_texts(folder))
            if pack is not None and pack.id != id:
                errors = [PolicyError(f"{id}/measure.yaml", 1, f"标识「{pack.id}」与文件夹名「{id}」不同")]
                pack = None
            letters = {p.stem: p for p in sorted(folder.glob("letters/*.docx"))}
            mail = {p.name: p for root in (*self._shared, folder) for p in sorted(root.glob("mail/*")) if p.is_file()}
            self._loaded[id] = LoadedPack(id, folder, pack, tuple(errors), lines, letters, mail)
        return self._loaded[id]

    def pack(self, id: str) -> Pack:
        """The pack, which must be sound: ValueError tells the errors otherwise."""
        loaded = self.load(id)
        if loaded.pack is None:
            raise ValueError("\n".join(str(e) for e in loaded.errors))
        return loaded.pack


@lru_cache(maxsize=8)
def store(overlay: Path | None = None) -> PackStore:
    """The packs of this process."""
    return PackStore(overlay)


def pack_texts(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """A pack's own texts and those of 公共部分: the folder's ``common`` (only the audit record's copies have one), else
    the shipped ones. By file name."""
    return _texts(folder), _texts(folder / "common") or dict(_shipped_common())


@lru_cache(maxsize=1)
def _shipped_common() -> dict[str, str]:
    return _texts(SHIPPED / "common")


def _folders(root: Path) -> dict[str, Path]:
    return {p.parent.name: p.parent for p in sorted(root.glob("*/measure.yaml"))}


def _texts(folder: Path) -> dict[str, str]:
    return {p.name: p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.yaml"))}
