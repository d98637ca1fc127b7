"""The .docx templates that a pack's letters are made from: the shared layouts, under the pack's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from incubxl.files.packs import SHIPPED


@lru_cache(maxsize=1)
def shared_layouts() -> Mapping[str, bytes]:
    """The shipped templates by name: forms (``form-…``), partials (``part-…``) and the layouts."""
    return {p.stem: p.read_bytes() for p in sorted((SHIPPED / "common" / "letters").glob("*.docx"))}


def templates(own: Mapping[str, Path]) -> dict[str, bytes]:
    """Template bytes by kind id or layout. ``own``: a pack's (or an office's) ``letters/<name>.docx``, which win."""
    return {**shared_layouts(), **{name: path.read_bytes() for name, path in own.items()}}
