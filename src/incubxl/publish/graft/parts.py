"""Content types and relationships of a package (ECMA-376 part 2), as far as the graft follows and extends them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from incubxl.files.package import plain_path
from incubxl.files.write_text import escape
from incubxl.publish.graft.archive import Archive
from incubxl.publish.graft.refusal import Refused
from incubxl.publish.graft.splice import Element, Part

RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
TYPES = "[Content_Types].xml"


@dataclass(frozen=True)
class Relation:
    """One relationship. ``kind`` is the last word of its type; ``path`` the target's, empty outside the package."""

    id: str
    type: str
    path: str
    element: Element

    @property
    def kind(self) -> str:
        return self.type.rsplit("/", 1)[-1]


def rels_path(owner: str) -> str:
    """Where the relationships of a part stand; '' is the package."""
    folder, leaf = posixpath.split(plain_path(owner))
    return posixpath.join(folder, "_rels", f"{leaf}.rels")


def relations(part: Part, owner: str) -> list[Relation]:
    """What the .rels ``part`` of ``owner`` says."""
    folder = posixpath.dirname(plain_path(owner))
    found = []
    for element in part.root.children:
        if element.name != "Relationship":
            continue
        target = element.attributes.get("Target", "").replace("\\", "/").strip()
        outside = element.attributes.get("TargetMode") == "External"
        path = "" if outside else posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
        found.append(Relation(element.attributes.get("Id", ""), element.attributes.get("Type", ""), path, element))
    return found


def find_part(archive: Archive, path: str) -> str | None:
    """The entry for a relationship's target, which may have its Chinese or blanks as %XX."""
    return archive.find(path) or archive.find(unquote(path))


def related(archive: Archive, owner: str) -> list[tuple[Relation, str | None]]:
    """Relationships of a part with the entries that they lead to. Raises Refused."""
    entry = archive.find(rels_path(owner))
    if entry is None:
        return []
    part = Part(entry, archive.read(entry), 1)
    return [(r, find_part(archive, r.path) if r.path else None) for r in relations(part, owner)]


def below(archive: Archive, starts: Iterable[str], without: frozenset[str] = frozenset()) -> set[str]:
    """All entries that relationships lead to from these parts, they and the .rels included, not through ``without``."""
    seen: set[str] = set()
    todo = [name for name in starts if name not in without]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        if name:
            seen.add(name)
        if entry := archive.find(rels_path(name)):
            seen.add(entry)
        todo += [entry for _, entry in related(archive, name) if entry and entry not in seen and entry not in without]
    return seen


def relation_xml(id: str, type: str, target: str, element: Element | None = None) -> str:
    """A Relationship; with the parent ``element``'s prefix."""
    prefix = element.prefix if element else ""
    return f'<{prefix}Relationship Id="{escape(id)}" Type="{escape(type)}" Target="{escape(target)}"/>'


def relative(owner: str, path: str) -> str:
    """A target as relationships write it."""
    return posixpath.relpath(path, posixpath.dirname(plain_path(owner)) or ".")


class ContentTypes:
    """[Content_Types].xml, read and extended."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._defaults: dict[str, str] = {}
        self._overrides: dict[str, Element] = {}
        for element in part.root.children:
            type = element.attributes.get("ContentType", "")
            if element.name == "Default":
                self._defaults[element.attributes.get("Extension", "").lower()] = type
            elif element.name == "Override":
                self._overrides[plain_path(element.attributes.get("PartName", "")).lower()] = element
        self._new: list[str] = []

    @classmethod
    def of(cls, archive: Archive) -> ContentTypes:
        """Raises Refused."""
        entry = archive.find(TYPES)
        if entry is None:
            raise Refused("graft.unusual", seen=f"缺少 {TYPES}")
        return cls(Part(entry, archive.read(entry), 1))

    @property
    def named(self) -> frozenset[str]:
        """Parts that have a type of their own, by path in lower case."""
        return frozenset(self._overrides)

    def of_part(self, path: str) -> str:
        """A part's type; empty where none is given."""
        path = plain_path(path).lower()
        if found := self._overrides.get(path):
            return found.attributes.get("ContentType", "")
        return self._defaults.get(path.rpartition(".")[2], "")

    def drop(self, path: str) -> None:
        """Forget a part that is removed."""
        if found := self._overrides.pop(plain_path(path).lower(), None):
            self._part.remove(found)

    def add(self, path: str, type: str) -> None:
        """Say the type of a new part."""
        if self.of_part(path) != type:
            prefix = self._part.root.prefix
            self._new.append(f'<{prefix}Override PartName="/{escape(path)}" ContentType="{escape(type)}"/>')

    def edited(self) -> bytes:
        """The whole part. The type of relationships is said where it was not."""
        rels = "application/vnd.openxmlformats-package.relationships+xml"
        if self._defaults.get("rels") != rels:
            if "rels" in self._defaults:
                raise Refused("graft.unusual", seen="关系部件的类型")
            self._new.insert(0, f'<{self._part.root.prefix}Default Extension="rels" ContentType="{rels}"/>')
        self._part.append(self._part.root, "".join(self._new).encode())
        return self._part.edited()
