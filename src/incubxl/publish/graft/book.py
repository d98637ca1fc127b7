"""The user's workbook part: its sheets and names, which sheets are ours, and the edits that bring ours in.

A sheet is ours when it has the hidden name ``incubxl_result``, as in an open workbook (``excel.apply``), and one of the
titles that results have: the name goes along when the user renames or copies a sheet, which then is the user's. Ours
under a title that is made again keeps its place, its id and its part's name, so that formulas, names and charts of the
user's that refer to it go on doing so. Ours under a title that is no longer made is taken out. One that a person has
changed keeps its part and its id, gets another title, and is the user's from then on.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from incubxl.files.write_text import escape
from incubxl.publish.graft.parts import OFFICE, Relation
from incubxl.publish.graft.refusal import Refused
from incubxl.publish.graft.splice import Element, Part
from incubxl.publish.own_sheet import OWNED, kept_title

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_OURS_ON_A_SHEET = frozenset((OWNED, "_xlnm._filterdatabase", "_xlnm.print_titles"))
_YES = ("1", "true")
_LAST_ID = 65_534  # of a sheet, in Excel


@dataclass(frozen=True)
class BookSheet:
    """A sheet as the workbook lists it. ``part`` is its entry, None where that is missing.

    ``mark``: the text of our hidden name on it. ``was``: its title in the workbook, where the copy gives it another.
    """

    title: str
    element: Element
    relation: Relation | None
    part: str | None
    ours: bool
    mark: str = ""
    was: str = ""


@dataclass(frozen=True)
class Added:
    """One of our sheets as it goes in. ``names``: (name, hidden, text) of its defined names."""

    title: str
    relation_id: str
    names: Sequence[tuple[str, bool, str]]


class Book:
    """The workbook part, read."""

    def __init__(
        self, part: Part, relations: Mapping[str, tuple[Relation, str | None]], titles: Collection[str]
    ) -> None:
        """``relations``: id → relationship and entry; ``titles``: those that results have. Raises Refused."""
        self.part = part
        root = part.root
        if root.uri == _STRICT:
            raise Refused("graft.strict")
        sheets = root.first("sheets")
        if root.uri != MAIN or root.name != "workbook" or sheets is None or not sheets.children:
            raise Refused("graft.unusual", seen="工作簿部件里没有工作表的清单")
        protection = root.first("workbookProtection")
        if protection is not None and protection.attributes.get("lockStructure") in _YES:
            raise Refused("graft.structure_locked")
        settings = root.first("workbookPr")
        self.date_1904 = settings is not None and settings.attributes.get("date1904") in _YES
        self._sheets = sheets
        self._names = root.first("definedNames")
        marked = {
            place: html.unescape(part.data[name.inner : name.close].decode("utf-8", "replace"))
            for name in self._defined()
            if name.attributes.get("name", "").lower() == OWNED and (place := _local(name)) is not None
        }
        folded = {title.casefold() for title in titles}
        self.sheets: list[BookSheet] = []
        for n, element in enumerate(sheets.children):
            if element.name != "sheet" or element.uri != MAIN:
                raise Refused("graft.unusual", seen="工作表清单里有别的内容")
            relation, entry = relations.get(element.attributes.get(f"{OFFICE} id", ""), (None, None))
            title = element.attributes.get("name", "")
            ours = n in marked and title.casefold() in folded and entry is not None
            ours = ours and relation is not None and relation.kind == "worksheet"
            self.sheets.append(BookSheet(title, element, relation, entry, ours, marked.get(n, "")))
        if len({sheet.title.casefold() for sheet in self.sheets}) < len(self.sheets):
            raise Refused("graft.unusual", seen="有两张同名的工作表")
        parts = [sheet.part for sheet in self.sheets if sheet.part]
        if len(set(parts)) < len(parts):
            raise Refused("graft.unusual", seen="有两张工作表用同一个部件")

    def keep(self, changed: Collection[str], titles: Collection[str]) -> None:
        """Make the user's own, under another title, those of ours whose titles are ``changed``."""
        taken = {*titles, *(sheet.title for sheet in self.sheets)}
        for n, sheet in enumerate(self.sheets):
            if sheet.ours and sheet.title in changed:
                title = kept_title(sheet.title, taken)
                taken.add(title)
                self.sheets[n] = replace(sheet, title=title, ours=False, was=sheet.title)

    def _defined(self) -> Sequence[Element]:
        return [n for n in self._names.children if n.name == "definedName"] if self._names else ()

    def names_of_others(self, ours: Collection[int]) -> Sequence[bytes]:
        """What the user's defined names say; those on the sheets ``ours`` left out."""
        return [self.part.text(name) for name in self._defined() if _local(name) not in ours]

    def edit(self, gone: Collection[int], added: Sequence[Added]) -> str:
        """Take out the sheets at the places ``gone``, bring in or renew ours; returns the title that is open."""
        titles = {sheet.title.casefold(): n for n, sheet in enumerate(self.sheets) if sheet.ours}
        stay = [n for n in range(len(self.sheets)) if n not in gone]
        place = {n: at for at, n in enumerate(stay)}
        behind = len(stay)
        new_sheets, new_names = [], []
        ids = self._free_ids()
        renewed = set()
        for sheet in added:
            n = titles.get(sheet.title.casefold())
            if n is None:
                at, behind = behind, behind + 1
                new_sheets.append(self._sheet_xml(sheet, next(ids)))
            else:
                at = place[n]
                renewed.add(n)
            new_names += [self._name_xml(name, at, hidden, text) for name, hidden, text in sheet.names]
        for n in gone:
            self.part.remove(self.sheets[n].element)
        for kept in (sheet for sheet in self.sheets if sheet.was):
            self.part.set(kept.element, "name", escape(kept.title))
        self.part.append(self._sheets, "".join(new_sheets).encode())
        self._edit_names(new_names, place, renewed)
        return self._open(place, stay, {a.title.casefold() for a in added})

    def _free_ids(self) -> Iterator[int]:
        """Ids behind all others, as Excel gives them; where those end, the ones that nobody has."""
        texts = [sheet.element.attributes.get("sheetId", "") for sheet in self.sheets]
        taken = {int(text) for text in texts if text.isdecimal()}
        last = max(taken, default=0)
        return (id for id in chain(range(last + 1, _LAST_ID + 1), range(1, last)) if id not in taken)

    def _sheet_xml(self, sheet: Added, id: int) -> str:
        """With the prefix of the list; the relationships' namespace is declared on the spot."""
        tag = f"{self._sheets.prefix}sheet"
        title, relation = escape(sheet.title), escape(sheet.relation_id)
        return f'<{tag} xmlns:r="{OFFICE}" name="{title}" sheetId="{id}" r:id="{relation}"/>'

    def _name_xml(self, name: str, place: int, hidden: bool, text: str) -> str:
        tag = f"{self.part.root.prefix}definedName"
        state = ' hidden="1"' if hidden else ""
        return f'<{tag} name="{name}" localSheetId="{place}"{state}>{text}</{tag}>'

    def _edit_names(self, new: Sequence[str], place: Mapping[int, int], renewed: Collection[int]) -> None:
        for name in self._defined():
            n = _local(name)
            if n is None or n >= len(self.sheets):
                continue
            own = n in renewed and name.attributes.get("name", "").lower() in _OURS_ON_A_SHEET
            kept = self.sheets[n]
            if n not in place or own or (kept.was and name.attributes.get("name", "").lower() == OWNED):
                self.part.remove(name)
                continue
            if place[n] != n:
                self.part.set(name, "localSheetId", str(place[n]))
            if kept.was:
                text = self.part.data[name.inner : name.close]
                self.part.replace(name.inner, name.close, renamed(text, kept.was, kept.title))
        xml = "".join(new).encode()
        if self._names is not None:
            self.part.append(self._names, xml)
            return
        tag = f"{self.part.root.prefix}definedNames".encode()
        before = [self.part.root.first(name) for name in ("sheets", "functionGroups", "externalReferences")]
        at = max(element.end for element in before if element is not None)
        self.part.replace(at, at, b"<" + tag + b">" + xml + b"</" + tag + b">")

    def _open(self, place: Mapping[int, int], stay: Sequence[int], titles: Collection[str]) -> str:
        """Keep the same sheet open where sheets before it are taken out; returns the open sheet's title."""
        views = self.part.root.first("bookViews")
        opened = ""
        for view in views.all("workbookView") if views else ():
            for attribute in ("activeTab", "firstSheet"):
                text = view.attributes.get(attribute, "")
                old = int(text) if text.isdecimal() else 0
                beyond = 0 if old >= len(self.sheets) else min(old, len(stay) - 1)  # Excel opens the first then
                new = place.get(old, beyond)
                if text and new != old:
                    self.part.set(view, attribute, str(new))
                if attribute == "activeTab" and not opened and new < len(stay):
                    opened = self.sheets[stay[new]].title
        return opened if opened.casefold() in titles else ""


def marker(mark: str) -> tuple[str, bool, str]:
    """The hidden name that says a sheet is ours, and what it holds."""
    return OWNED, True, escape(mark)


def renamed(text: bytes, old: str, new: str) -> bytes:
    """XML text with references to the sheet ``old`` made to the sheet ``new``."""
    title = re.escape(escape(old.replace("'", "''")))
    quoted = escape("'" + new.replace("'", "''") + "'!")
    pattern = rf"(?<![\w.'\]])(?:'{title}'|{title})!"
    return re.sub(pattern, lambda _: quoted, text.decode()).encode()


def _local(name: Element) -> int | None:
    text = name.attributes.get("localSheetId", "")
    return int(text) if text.isdecimal() else None
