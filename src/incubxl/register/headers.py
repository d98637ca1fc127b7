"""Find a sheet's header row wherever it stands, and which column holds which field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from incubxl.grid import Place, Sheet, address
from incubxl.issues import Issue, issue
from incubxl.policy.fields import Field
from incubxl.register.fold import nearest, squash
from incubxl.register.numbers import unit_scale
from incubxl.register.reading import ONE

DEPTH = 30
_MARKS = re.compile(
    r"[*:;,.。、\s]+|必填项?|选填|\((?:必填项?|选填|可选|例.*|如.*|请.*|填.*|是/否|有/无|从下拉.*|\*)\)"
)
_NUMBERING = re.compile(
    r"^(?:\(?[0-9]{1,2}\)|\([一二三四五六七八九十]+\)|[0-9]{1,2}[、.](?![0-9])|[一二三四五六七八九十]+、)"
)
_UNIT = re.compile(r"^(.*[^(])\((?:单位:?)?([^()]+)\)$")
_UNITS = frozenset(
    (
        *("元", "千元", "万元", "百万元", "亿元", "美元", "万美元", "%", "‰"),
        *("平方米", "㎡", "m2", "m²", "平米", "万平方米", "亩", "公顷", "工位"),
        *("家", "户", "个", "人", "名", "场", "次", "场次", "项", "件", "年", "月", "个月", "日", "天", "分"),
    )
)


@dataclass(frozen=True)
class Header:
    """Where a sheet's fields stand. ``row`` is the last header row, 0-based; data begin below it.

    ``columns``: field id → 0-based column. ``factors``: what bare numbers are multiplied by, where the header names
    another unit than the field. ``unusable``: fields whose column is there, but not to be read.
    """

    row: int
    columns: Mapping[str, int]
    factors: Mapping[str, Decimal]
    unusable: frozenset[str]
    issues: tuple[Issue, ...]


@lru_cache(maxsize=20_000)
def heading(text: str) -> str:
    """A header or label reduced to what is compared: folded, without marks, numbering and notes."""
    return _MARKS.sub("", _NUMBERING.sub("", squash(text)))


class _Names:
    """The headings of a sheet's fields."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = {field.id: field for field in fields}
        self.known: dict[str, str] = {}
        for names in ([(f.label, f.id) for f in fields], [(a, f.id) for f in fields for a in f.aliases]):
            for name, field in names:
                self.known.setdefault(heading(name), field)
                if (unit := _UNIT.match(heading(name))) and unit[2] in _UNITS:
                    self.known.setdefault(unit[1], field)

    def find(self, text: str) -> tuple[str, str] | None:
        """(field id, unit named in brackets or empty)."""
        name = heading(text)
        if name in self.known:
            return self.known[name], ""
        unit = _UNIT.match(name) if name.endswith(")") else None
        if unit and unit[1] in self.known and self.fields[self.known[unit[1]]].unit:
            field = self.fields[self.known[unit[1]]]
            if unit[2] in _UNITS or unit_scale(unit[2], field) is not None:
                return field.id, unit[2]
        if unit and unit[1] in self.known and unit[2] == "%":
            return self.known[unit[1]], "%"
        return None


def find_header(sheet: Sheet, fields: Sequence[Field]) -> Header | None:
    """The best header among the first rows, or None when no row names two fields (or the only one).

    A row of sub-headers or units below a row of group headers wins over it when it names as many fields.
    """
    names = _names(tuple(fields))
    heads = _Heads(sheet)
    best: Mapping[int, tuple[str, str]] = {}
    best_row, best_size = -1, 0
    for row in range(min(DEPTH, sheet.height)):
        if best_row >= 0 and row > best_row + 1 and best_size * 10 >= len(fields) * 6:
            break
        if not any(type(value) is str for value in sheet.rows[row]):
            continue
        found, joined = _match_row(heads, row, names)
        size = len({field for field, _ in found.values()})
        if size > best_size or (joined and size == best_size and row == best_row + 1):
            best, best_row, best_size = found, row, size
    if best_size < min(2, len(fields)):
        return None
    return _resolve(heads, best_row, best, names)


@lru_cache(maxsize=256)
def _names(fields: tuple[Field, ...]) -> _Names:
    return _Names(fields)


class _Heads:
    """The header texts of a sheet: cells of a merged range all show its first one's."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._anchor = {
            (row, column): (top, left)
            for top, left, bottom, right in sheet.merged
            if top <= DEPTH
            for row in range(top, min(bottom, DEPTH) + 1)
            for column in range(left, min(right, sheet.width - 1) + 1)
        }

    def line(self, row: int) -> tuple[str, ...]:
        if row < 0 or self._anchor:
            return tuple([self.text(row, column) for column in range(self.sheet.width)])
        return tuple([v.strip() if isinstance(v, str) and len(v) <= 80 else "" for v in self.sheet.rows[row]])

    def text(self, row: int, column: int) -> str:
        if row < 0:
            return ""
        if self._anchor:
            row, column = self._anchor.get((row, column), (row, column))
        value = self.sheet.rows[row][column]
        return value.strip() if isinstance(value, str) and len(value) <= 80 else ""


def _match_row(heads: _Heads, row: int, names: _Names) -> tuple[Mapping[int, tuple[str, str]], bool]:
    """Column → (field id, unit); and whether any was found by joining the cell with the one above."""
    return _match_texts(heads.line(row), heads.line(row - 1), names)


@lru_cache(maxsize=512)
def _match_texts(
    line: tuple[str, ...], line_above: tuple[str, ...], names: _Names
) -> tuple[Mapping[int, tuple[str, str]], bool]:
    found: dict[int, tuple[str, str]] = {}
    joined = False
    for column, (own, above) in enumerate(zip(line, line_above, strict=True)):
        grouped = bool(own and above and own != above)
        forms = [above + own, f"{above}({own})", own + above, own] if grouped else [own or above]
        for form in forms:
            if form and (hit := names.find(form)):
                found[column] = hit
                joined |= grouped and form is not own
                break
    return found, joined


def _resolve(heads: _Heads, row: int, found: Mapping[int, tuple[str, str]], names: _Names) -> Header:
    sheet = heads.sheet
    columns: dict[str, int] = {}
    factors: dict[str, Decimal] = {}
    unusable: set[str] = set()
    issues: list[Issue] = []
    for column, (id, unit) in found.items():
        field = names.fields[id]
        if id in columns:
            first = columns[id]
            if _empty_below(sheet, row, column):
                continue
            if not _empty_below(sheet, row, first):
                unusable.add(id)
                seen = {
                    "first": f"{sheet.name}!{address(row, first)}",
                    "second": f"{sheet.name}!{address(row, column)}",
                }
                issues.append(issue("header.twice", Place(sheet.name, address(row, column)), label=field.label, **seen))
                continue
        columns[id] = column
        factors.pop(id, None)
        scale = unit_scale(unit, field) if unit else ONE
        if scale is None:
            unusable.add(id)
            place = Place(sheet.name, address(row, column))
            issues.append(issue("header.unit", place, label=field.label, seen=unit, unit=field.unit or "无单位"))
        elif scale != ONE:
            factors[id] = scale
    spare = [text for c in range(sheet.width) if c not in found and (text := heads.text(row, c))]
    issues += _absent(sheet, [f for f in names.fields.values() if f.id not in columns], spare, row)
    return Header(row, columns, factors, frozenset(unusable), tuple(issues))


def _empty_below(sheet: Sheet, row: int, column: int) -> bool:
    if any(c == column and r > row for r, c in sheet.special):
        return False
    return all(cells[column] is None or cells[column] == "" for cells in sheet.rows[row + 1 :])


def _absent(sheet: Sheet, fields: list[Field], spare: list[str], row: int) -> list[Issue]:
    issues = []
    place = Place(sheet.name, address(row, 0))
    for field in fields:
        if field.required:
            near = next((n for name in (field.label, *field.aliases) if (n := nearest(name, spare))), "")
            hint = f"；表里的「{near}」是不是这一栏，若是请改名为「{field.label}」" if near else ""
            issues.append(issue("header.missing", place, sheet=sheet.name, label=field.label, hint=hint))
    optional = [field.label for field in fields if not field.required]
    if optional:
        pairs = [(label, nearest(label, spare, 0.6)) for label in optional]
        hint = "".join(f"；「{near}」是不是「{label}」" for label, near in pairs if near)
        issues.append(issue("header.absent", place, sheet=sheet.name, labels="、".join(optional), hint=hint))
    return issues
