"""What a form asks, resolved against the pack: the measure's printed form, or a slice of the register."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.policy.fields import Field
from incubxl.policy.forms import Printed, Rows, Values
from incubxl.policy.pack import Pack
from incubxl.register.fold import squash
from incubxl.register.tables import OFFICERS

define(
    "collect.form_unknown", "error",
    "没有表「{seen}」。",
    "可用的表有：{known}；也可以用 --slice 发登记表的一部分。",
    "表的标识写成了 fujian1",
)  # fmt: skip
define(
    "collect.one_each", "error",
    "「{form}」是一个单位一份的表，不能合发给推荐单位。",
    "请去掉 --to districts；要推荐单位填的，用 --slice。",
    "把附件1发给区县",
)  # fmt: skip
define(
    "collect.slice_unknown", "error",
    "登记表里没有「{seen}」这一栏或这张明细表。",
    "请写「全部」「推荐单位」、明细表名称或栏目名称；可用的明细表有：{known}。",
    "栏目名称写错了一个字",
)  # fmt: skip
define(
    "collect.slice_empty", "error",
    "「{seen}」里没有可以发出去填的栏目。",
    "这个办法没有写明由推荐单位填写的栏目（forms.yaml 的 district）；请写栏目名称或明细表名称。",
    "对没有推荐环节的办法写「推荐单位」",
)  # fmt: skip

define(
    "collect.slice_kept", "error",
    "「{seen}」由{who}填写，不发给{whom}填。",
    "请去掉这一栏或这张表；推荐单位填的，加 --to districts。",
    "把「状态」发给申报单位填",
)  # fmt: skip

ALL, DISTRICT = "全部", "推荐单位"
REGISTER_PART = "register"
WHO = ("applicant_id", "name", "uscc")
_GIVEN = frozenset((*WHO, "track", "district", "application_date"))
_SLICE_BLANK = 30


@dataclass(frozen=True)
class Asked:
    """One value asked: the field it fills, the words beside it, and whether the office has given it.

    ``kept``: it is the office's (or, in an applicant's form, the district's) alone: locked, also where it is empty.
    """

    field: Field
    label: str
    given: bool = False
    kept: bool = False


@dataclass(frozen=True)
class Card:
    """Single values of one applicant, one under the other."""

    id: str
    title: str
    asked: tuple[Asked, ...]
    note: str = ""


@dataclass(frozen=True)
class Rowed:
    """Rows: of a detail sheet (``table``), or of the register itself (one row per applicant).

    ``owned``: the first column says whose row it is (a workbook of several applicants). ``fixed``: column → choice id
    of every row. ``most``: rows at most, 0 for any number.
    """

    id: str
    title: str
    table: str
    asked: tuple[Asked, ...]
    owner: str = ""
    owned: bool = False
    fixed: dict[str, str] = field(default_factory=dict)
    year: str = ""
    blank: int = 0
    most: int = 0


@dataclass(frozen=True)
class Words:
    """Printed words, not to be typed into."""

    id: str
    text: str
    lines: int = 1


Part = Card | Rowed | Words


@dataclass(frozen=True)
class Shape:
    """A form. ``id`` names it in every workbook made from it; ``version`` changes with what it asks.

    ``one_sheet``: everything on one sheet, as printed. ``tracks`` empty: for every applicant.
    """

    id: str
    label: str
    source: str  # 附件1，第十一条（二）
    version: str
    parts: tuple[Part, ...]
    tracks: tuple[str, ...] = ()
    one_sheet: bool = False
    reminder: str = ""
    needs: tuple[tuple[str, str], ...] = ()

    @property
    def cards(self) -> list[Card]:
        return [p for p in self.parts if isinstance(p, Card)]

    @property
    def rowed(self) -> list[Rowed]:
        return [p for p in self.parts if isinstance(p, Rowed)]


def printed_form(pack: Pack, wanted: str, *, districts: bool = False) -> Shape | Issue:
    """The measure's form with this id or number; it is one applicant's, never a district's."""
    form = pack.forms.form(wanted)
    if form is None:
        known = "、".join(f"{f.id}（{f.form}）" for f in pack.forms.forms) or "无（这个办法没有印表格）"
        return issue("collect.form_unknown", Place(), seen=wanted, known=known)
    if districts:
        return issue("collect.one_each", Place(), form=form.label)
    parts = tuple(_part(pack, section) for section in form.sections)
    needs = tuple((n.fact, n.then) for n in form.needs)
    reminder = form.reminder or _reminder(pack)
    return Shape(
        form.id, form.label, f"{form.form}　{form.clause}", _version(pack, form.model_dump_json()), parts, form.tracks,
        one_sheet=True, reminder=reminder, needs=needs,
    )  # fmt: skip


def _part(pack: Pack, section: Values | Rows | Printed) -> Part:
    if isinstance(section, Values):
        cells = tuple(Asked(pack.fact[c.fact], c.shown, c.given) for c in section.cells)
        return Card(section.id, section.title, cells, section.note)
    if isinstance(section, Printed):
        return Words(section.id, section.quote, section.lines)
    table = pack.table[section.table]
    columns = tuple(Asked(table.column(c.column), c.quote) for c in section.columns)
    return Rowed(
        section.id, section.quote, table.id, columns, table.owner, fixed=dict(section.fixed), year=section.year,
        blank=section.blank, most=section.most,
    )  # fmt: skip


def register_slice(pack: Pack, names: Sequence[str], *, districts: bool) -> Shape | Issue:
    """The columns and detail sheets of ``names``: 全部, 推荐单位, a sheet's name, or a column's name or id.

    ``districts``: a workbook holds a row for each of a district's applicants, and no personal data beside what was
    asked for by name.
    """
    facts: dict[str, Field] = {}
    tables: dict[str, bool] = {}
    policy, own = pack.forms, [t for t in pack.tables if t.id not in OFFICERS and t.owner]
    office = {*policy.office.facts, *policy.office.tables, *(f.id for f in pack.facts if f.office)}
    theirs = {*policy.district.facts, *policy.district.tables}
    kept = office | theirs
    for name in names:
        word = squash(name)
        table = next((t for t in own if word in map(squash, (t.id, t.sheet, *t.aliases))), None)
        fact = next((f for f in pack.facts if word in map(squash, (f.id, f.label, *f.aliases))), None)
        if name == ALL:
            facts |= {f.id: f for f in pack.facts if f.id not in kept and not (districts and f.personal)}
            tables |= {t.id: True for t in own if t.id not in kept}
        elif name == DISTRICT:
            facts |= {id: pack.fact[id] for id in policy.district.facts}
            tables |= dict.fromkeys(policy.district.tables, True)
        elif table is not None or fact is not None:
            id = table.id if table is not None else fact.id if fact is not None else ""
            if id in office or (id in theirs and not districts):
                who, whom = ("本单位", "别的单位") if id in office else ("推荐单位", "申报单位")
                return issue("collect.slice_kept", Place(), seen=name, who=who, whom=whom)
            if table is not None:
                tables[id] = True
            else:
                facts |= {id: pack.fact[id]}
        else:
            known = "、".join(t.sheet for t in own)
            return issue("collect.slice_unknown", Place(), seen=name, known=known)
    wanted = [f for id, f in facts.items() if id not in WHO]
    if not tables and not any(f.id not in _GIVEN for f in wanted):
        return issue("collect.slice_empty", Place(), seen="、".join(names))
    first = [pack.fact[id] for id in WHO]
    cells = tuple(Asked(f, f.label, f.id in _GIVEN) for f in (*first, *wanted))
    parts: list[Part] = [
        Rowed(REGISTER_PART, "申报登记", "", cells, "applicant_id") if districts
        else Card(REGISTER_PART, "申报登记", cells)
    ]  # fmt: skip
    for id in tables:
        table = pack.table[id]
        seen = tuple(Asked(c, c.label, kept=c.office) for c in table.columns if districts or c.id != table.owner)
        parts.append(
            Rowed(id, table.sheet, id, seen, table.owner, owned=districts, blank=_SLICE_BLANK)
        )  # fmt: skip
    said = "、".join(dict.fromkeys(names))
    made = f"{said}|{districts}|{[(p.id, [a.field.id for a in p.asked]) for p in parts if not isinstance(p, Words)]}"
    return Shape(
        f"slice:{'|'.join(dict.fromkeys(names))}", f"登记表填报（{said}）", "申报登记", _version(pack, made),
        tuple(parts), reminder=_reminder(pack),
    )  # fmt: skip


def as_once_given(shape: Shape, pack: Pack, given: Iterable[tuple[str, str]]) -> Shape:
    """The shape to read an older form by: what it had asked, and is now known to be the office's, counts as locked.

    ``given``: (part, field) of what had been given out.
    """
    once = set(given)
    office = {*pack.forms.office.facts, *(f.id for f in pack.facts if f.office)}

    def grown(part: Part) -> Part:
        if isinstance(part, Words) or (isinstance(part, Rowed) and part.table):
            return part
        asked = {a.field.id for a in part.asked}
        more = [id for p, id in sorted(once) if p == part.id and id in office and id in pack.fact and id not in asked]
        extra = tuple(Asked(pack.fact[id], pack.fact[id].label, kept=True) for id in more)
        return replace(part, asked=(*part.asked, *extra))

    return replace(shape, parts=tuple(grown(part) for part in shape.parts))


def shape_of(pack: Pack, id: str, *, districts: bool) -> Shape | Issue:
    """The shape with an id that ``make`` has written into a workbook."""
    if id.startswith("slice:"):
        return register_slice(pack, id.removeprefix("slice:").split("|"), districts=districts)
    return printed_form(pack, id, districts=districts)


def _reminder(pack: Pack) -> str:
    """The letter kind that reminds: the measure's own 催报."""
    return next((k.id for k in pack.letters.kinds if k.label == "催报"), "")


def _version(pack: Pack, text: str) -> str:
    return hashlib.sha256(f"{pack.id}|{pack.measure.version}|{text}".encode()).hexdigest()[:12]
