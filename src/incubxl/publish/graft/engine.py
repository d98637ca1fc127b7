"""Our result sheets into a copy of the user's workbook, every other part byte for byte.

``look`` says whether a workbook can take them, ``graft`` makes the copy from the workbook that the ordinary result
writer made, and gives it only when it has been opened again and compared (``proof``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from incubxl.files.dates import DateKind, date_styles
from incubxl.files.package import Package, open_package, parse
from incubxl.issues import Issue
from incubxl.publish.graft.archive import Archive
from incubxl.publish.graft.book import Added, Book, BookSheet, marker, renamed
from incubxl.publish.graft.held import changed, marks_of
from incubxl.publish.graft.parts import (
    OFFICE,
    TYPES,
    ContentTypes,
    below,
    related,
    relation_xml,
    relations,
    relative,
    rels_path,
)
from incubxl.publish.graft.proof import prove
from incubxl.publish.graft.refusal import Refused, kept
from incubxl.publish.graft.sheets import Result, transplanted
from incubxl.publish.graft.splice import Part
from incubxl.publish.graft.styles import merge
from incubxl.publish.own_sheet import marked

_MAIN_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": ".xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
}
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_REFERENCE = re.compile(rb"(<(?:[\w.-]+:)?f>)([^<]*)")
_FORMATTED = re.compile(rb'<(?:[\w.-]+:)?(?:c|row|col)\b[^>]*\s(?:s|style)\s*=\s*["\']0*[1-9]')
_NUMBERED = re.compile(r"\A(.*?)(\d*)(\.[A-Za-z]+)\Z")


@dataclass(frozen=True)
class Target:
    """A workbook that can take our sheets, once. ``suffix``: .xlsx or .xlsm, as its content and its name say."""

    data: bytes
    name: str
    suffix: str
    copy: _Copy

    @property
    def titles(self) -> frozenset[str]:
        """The titles of the sheets that will stand beside ours."""
        return frozenset(sheet.title for sheet in self.copy.book.sheets if not sheet.ours)

    @property
    def kept(self) -> tuple[Issue, ...]:
        """One for each of our sheets that a person has changed and that stays under another title."""
        return tuple(
            kept(self.name, sheet.was, sheet.title, known=marked(sheet.mark) is not None)
            for sheet in self.copy.book.sheets
            if sheet.was
        )


def look(data: bytes, name: str, titles: Collection[str]) -> Target | Issue:
    """Whether the bytes of the workbook called ``name`` can take our sheets, or the issue that says why not.

    ``titles``: all that results can have. A marked sheet under one of them is ours, and goes or is renewed; where a
    person has changed it, it stays under another title (``Target.kept``).
    """
    opened = open_package(data, name)
    if isinstance(opened, Issue):
        return opened
    try:
        copy = _Copy(Archive(data), opened, name, titles)
    except Refused as why:
        return why.issue(name)
    return Target(data, name, "." + name.rpartition(".")[2].lower(), copy)


def graft(target: Target, result: bytes) -> bytes | Issue:
    """The copy with the sheets of ``result`` (``files.write.render``) in it, proved; or the issue that says why not."""
    try:
        single = Result(result)
        made = target.copy.with_sheets(single)
        prove(target.data, made, single, target.copy.mine, target.copy.titles, target.copy.kept, target.copy.charts)
    except Refused as why:
        return why.issue(target.name)
    return made


class _Copy:
    """A workbook's package, read as far as needed."""

    def __init__(self, archive: Archive, package: Package, name: str, titles: Collection[str]) -> None:
        """Raises Refused."""
        self.archive, self.workbook, self.titles = archive, package.workbook, titles
        self.styles = package.styles
        self.mine: frozenset[str] = frozenset()  # entries that are ours or edited, once made
        self.charts: frozenset[str] = frozenset()  # those of them that are charts of kept sheets
        self._forbidden()
        types = ContentTypes.of(archive)
        suffix = _MAIN_TYPES.get(types.of_part(self.workbook))
        if suffix is None:
            raise Refused("graft.kind", seen="内容是模板、加载宏，或没有说明类型")
        if not name.lower().endswith(suffix):
            raise Refused("graft.kind", seen=f"内容是 {suffix}")
        self.types = types
        entry = archive.find(rels_path(self.workbook))
        if entry is None:
            raise Refused("graft.unusual", seen="缺少工作簿的关系部件")
        self.rels = Part(entry, archive.read(entry), 1)
        found = {relation.id: (relation, part) for relation, part in related(archive, self.workbook)}
        self.book = Book(Part(self.workbook, archive.read(self.workbook)), found, titles)
        if any(relation.kind.lower() in ("revisionheaders", "usernames") for relation, _ in found.values()):
            raise Refused("graft.shared")
        self.book.keep(changed(archive, package, self.book), titles)

    @property
    def kept(self) -> dict[str, str]:
        """Title → new title of the sheets of ours that a person has changed."""
        return {sheet.was: sheet.title for sheet in self.book.sheets if sheet.was}

    def _forbidden(self) -> None:
        paths = [name.lower().replace("\\", "/").lstrip("/") for name in self.archive.members]
        if any(path.startswith("_xmlsignatures/") for path in paths):
            raise Refused("graft.signed")
        if any(relation.type.endswith("/digital-signature/origin") for relation, _ in related(self.archive, "")):
            raise Refused("graft.signed")
        if any(path.startswith("xl/revisions/") for path in paths):
            raise Refused("graft.shared")

    def with_sheets(self, result: Result) -> bytes:
        """The new package. Raises Refused."""
        titles = {sheet.title.casefold() for sheet in result.sheets}
        taken = [s.title for s in self.book.sheets if not s.ours and s.title.casefold() in titles]
        if taken:
            raise Refused("graft.title_taken", titles="、".join(f"「{title}」" for title in taken))
        renewed = {s.title.casefold(): s for s in self.book.sheets if s.ours and s.title.casefold() in titles}
        gone = [n for n, s in enumerate(self.book.sheets) if s.ours and s.title.casefold() not in titles]
        removed = self._old_parts([*renewed.values(), *(self.book.sheets[n] for n in gone)])
        parting = [n for n, s in enumerate(self.book.sheets) if s.was and s.was.casefold() not in titles]
        self._no_references([self.book.sheets[n].title for n in gone], removed, gone)
        self._no_references([self.book.sheets[n].was for n in parting], self._below(parting), parting)

        kept = [s.part for s in renewed.values() if s.part]
        leading = relations(self.rels, self.workbook)
        named = {*self.types.named, *(relation.path for relation in leading if relation.path)}
        missing = [name for name in named if self.archive.find(name) is None]  # and stay so
        free = _Free([*(self.archive.members.keys() - removed), *kept, *missing])
        homes, ids = {}, {}
        lines = []
        relation_ids = {relation.id for relation in leading}
        for sheet in result.sheets:
            if old := renewed.get(sheet.title.casefold()):
                assert old.part and old.relation
                homes[sheet.title], ids[sheet.title] = old.part.replace("\\", "/").lstrip("/"), old.relation.id
                continue
            home = homes[sheet.title] = free(sheet.part)
            id = ids[sheet.title] = _unused(relation_ids)
            lines.append(self._relation(id, "worksheet", home))
        edited: dict[str, bytes] = {}
        added: dict[str, bytes] = {}
        formats = self._formats(result, edited, added, lines, relation_ids, free)
        marks = marks_of(result, self.book.date_1904)
        added_names = [Added(s.title, ids[s.title], (*s.names, marker(marks[s.title]))) for s in result.sheets]
        edited |= self._charts()
        for n in gone:
            relation = self.book.sheets[n].relation
            for line in relations(self.rels, self.workbook):
                if relation is not None and line.id == relation.id:
                    self.rels.remove(line.element)
        opened = self.book.edit(gone, added_names)
        dates = frozenset(_date_formats(result.styles)) if self.book.date_1904 else frozenset[int]()
        parts = transplanted(result, homes, formats, free, date_formats=dates, selected=opened)
        for name in removed:
            self.types.drop(name)
        for name, (content, type) in parts.items():
            added[name] = content
            if type:
                self.types.add(name, type)
        self.rels.append(self.rels.root, "".join(lines).encode())
        types = self.archive.find(TYPES)
        assert types is not None
        edited |= {
            self.workbook: self.book.part.edited(),
            self.rels.name: self.rels.edited(),
            types: self.types.edited(),
        }
        self.mine = frozenset((*edited, *removed, *added))
        return self.archive.rewritten(edited, removed, list(added.items()))

    def _relation(self, id: str, kind: str, path: str) -> str:
        return relation_xml(id, f"{OFFICE}/{kind}", relative(self.workbook, path), self.rels.root)

    def _formats(
        self,
        result: Result,
        changed: dict[str, bytes],
        added: dict[str, bytes],
        lines: list[str],
        relation_ids: set[str],
        free: _Free,
    ) -> dict[int, int]:
        """Our cell formats in the copy; where it has no styles it gets ours, which change no cell without a format."""
        if self.styles is not None:
            part = Part(self.styles, self.archive.read(self.styles))
            mapped = merge(part, result.styles)
            if (made := part.edited()) != self.archive.read(self.styles):
                changed[self.styles] = made
            return mapped
        for sheet in self.book.sheets:
            if sheet.part and not sheet.ours and _FORMATTED.search(self.archive.read(sheet.part)):
                raise Refused("graft.unusual", seen="单元格有格式，却没有格式部件 styles.xml")
        if any(relation.kind == "styles" for relation in relations(self.rels, self.workbook)):
            raise Refused("graft.unusual", seen="格式部件 styles.xml 不见了")
        home = free("xl/styles.xml")
        added[home] = result.styles
        self.types.add(home, _STYLES_TYPE)
        lines.append(self._relation(_unused(relation_ids), "styles", home))
        return {n: n for n in range(_count_formats(result.styles))}

    def _old_parts(self, sheets: Sequence[BookSheet]) -> set[str]:
        """The parts of our earlier sheets, which go; nothing that another part leads to. Raises Refused."""
        own = frozenset(s.part for s in sheets if s.part)
        return below(self.archive, own) - below(self.archive, [""], own) if own else set()

    def _below(self, sheets: Iterable[int]) -> set[str]:
        """The parts of these sheets and all below them."""
        return below(self.archive, [part for n in sheets if (part := self.book.sheets[n].part)])

    def _charts(self) -> dict[str, bytes]:
        """The charts of kept sheets, which go on showing their own sheet's cells: part → content."""
        made: dict[str, bytes] = {}
        for n, sheet in enumerate(self.book.sheets):
            for part in self._below([n]) if sheet.was else ():
                if self.types.of_part(part).endswith(".drawingml.chart+xml"):
                    old = self.archive.read(part)
                    new = _REFERENCE.sub(lambda m: m[1] + renamed(m[2], sheet.was, sheet.title), old)  # noqa: B023
                    made |= {part: new} if new != old else {}
        self.charts = frozenset(made)
        return made

    def _no_references(self, titles: Iterable[str], removed: set[str], gone: Sequence[int]) -> None:
        """Raises Refused where a part of the user's names a sheet that goes."""
        titles = list(titles)
        wanted = [t.replace("&", "&amp;").replace("<", "&lt;").replace("'", "''").encode() for t in titles]
        if not wanted:
            return
        looked = [n for n in self.archive.members if n not in removed and n.lower().endswith((".xml", ".vml"))]
        contents = [self.archive.read(n) for n in looked if n not in (self.workbook,) and "docprops/" not in n.lower()]
        contents += self.book.names_of_others(gone)
        for title, text in zip(titles, wanted, strict=True):
            place = re.compile(re.escape(text) + rb"(?:'|&apos;|&#39;)?!")
            if any(place.search(content) for content in contents):
                raise Refused("graft.result_in_use", sheet=title)


class _Free:
    """Gives part names that nothing has, in Excel's way of numbering: sheet4.xml behind sheet3.xml."""

    def __init__(self, names: Iterable[str]) -> None:
        self._taken = {name.lower().replace("\\", "/").lstrip("/") for name in names}

    def __call__(self, like: str) -> str:
        match = _NUMBERED.match(like)
        assert match is not None
        stem, number, suffix = match.groups()
        n = int(number or 0)
        while True:
            name = f"{stem}{n or ''}{suffix}"
            if not self._taken & {name.lower(), rels_path(name).lower()}:
                self._taken.add(name.lower())
                return name
            n += 1


def _unused(ids: set[str]) -> str:
    n = len(ids) + 1
    while f"rId{n}" in ids:
        n += 1
    ids.add(f"rId{n}")
    return f"rId{n}"


def _date_formats(styles: bytes) -> list[int]:
    kinds = date_styles(parse(styles, "styles.xml"))
    return [n for n, kind in enumerate(kinds) if kind is not DateKind.NUMBER]


def _count_formats(styles: bytes) -> int:
    return len(date_styles(parse(styles, "styles.xml")))
