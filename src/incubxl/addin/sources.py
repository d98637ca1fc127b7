"""The add-in's sources: VBA modules, the ribbon's XML and the Chinese texts, read from ``macros/``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

RIBBON = "customUI14.xml"
TEXTS = "texts.toml"
# The workbook and its one sheet have a document module each; their names are the code names in the workbook's parts.
DOCUMENTS = {"ThisWorkbook": "00020819", "Sheet1": "00020820"}

_SUB = re.compile(r"^[ \t]*(Public |Private |Friend )?(?:Static )?(Sub|Function)[ \t]+(\w+)", re.I)


@dataclass(frozen=True, slots=True)
class Procedure:
    """A Sub or Function of a module; ``line`` counts from 1."""

    name: str
    line: int
    public: bool
    kind: Literal["sub", "function"]


@dataclass(frozen=True, slots=True)
class Module:
    """A VBA module as it stands in its file. ``text`` has line feeds only."""

    file: str
    name: str
    kind: Literal["document", "module"]
    text: str

    @property
    def procedures(self) -> tuple[Procedure, ...]:
        """Its procedures in order."""
        found = []
        for number, line in enumerate(self.text.splitlines(), 1):
            match = _SUB.match(line)
            if match:
                public = (match[1] or "Public ").strip().lower() == "public"
                found.append(Procedure(match[3], number, public, "sub" if match[2].lower() == "sub" else "function"))
        return tuple(found)

    def code(self) -> bytes:
        """The text as a VBA project holds it. Raises UnicodeEncodeError: VBA texts are ASCII."""
        return self.text.replace("\n", "\r\n").encode("ascii")


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything the add-in is made of. ``texts`` maps a message's name to its Chinese text."""

    folder: Path
    modules: tuple[Module, ...]
    ribbon: bytes
    texts: Mapping[str, str]


def read_sources(folder: Path) -> Sources:
    """Read ``folder``: documents first, then modules by name. Raises OSError, ValueError (also for broken TOML)."""
    modules = [_module(folder / f"{name}.cls", "document") for name in DOCUMENTS]
    modules += [_module(path, "module") for path in sorted(folder.glob("*.bas"))]
    texts = tomllib.loads((folder / TEXTS).read_text(encoding="utf-8"))
    strange = [name for name, text in texts.items() if not isinstance(text, str)]
    if strange:
        raise ValueError(f"{TEXTS}: {', '.join(strange)}")
    ribbon = (folder / RIBBON).read_bytes().replace(b"\r\n", b"\n")  # as a checkout on Windows may have it
    return Sources(folder, tuple(modules), ribbon, texts)


def _module(path: Path, kind: Literal["document", "module"]) -> Module:
    return Module(path.name, path.stem, kind, path.read_text(encoding="utf-8").rstrip("\n") + "\n")
