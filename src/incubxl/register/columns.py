"""A block of cells to typed columns: whole columns at once, distinct texts parsed once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import NoneType
from typing import Any

import numpy as np
import numpy.typing as npt

from incubxl.grid import CellKind, CellValue, Place, Sheet, address
from incubxl.issues import Issue, issue
from incubxl.policy.fields import Field
from incubxl.register.fold import nearest
from incubxl.register.headers import Header
from incubxl.register.model import Column
from incubxl.register.numbers import settle
from incubxl.register.parse import NUMERIC, read_cell
from incubxl.register.reading import ONE, Context, Reading, seen

_PLAIN_NUMBERS = {float, int, NoneType}
_EXAMPLES = 3
Rows = npt.NDArray[np.int64]


class Block:
    """Reads fields of one sheet at given rows. ``about[i]`` is the applicant id of row i, for its issues.

    ``key`` is the field whose blanks are reported elsewhere (the row's own key).
    """

    def __init__(
        self,
        sheet: Sheet,
        header: Header | None,
        rows: Rows,
        about: Sequence[str],
        *,
        date_1904: bool = False,
        free_text: bool = False,
        key: str = "",
    ) -> None:
        self.sheet = sheet
        self.header = header
        self.rows = rows
        self.about = about
        self.issues: list[Issue] = []
        self._date_1904 = date_1904
        self._free_text = free_text
        self._key = key
        self._cells = list(zip(*(sheet.rows[row] for row in rows.tolist()), strict=True)) if header else []
        self._position = {int(row): i for i, row in enumerate(rows)} if sheet.special else {}

    def column(self, spec: Field) -> Column:
        """The typed column of ``spec``; all blank when the sheet does not have it. Findings go to ``issues``."""
        at = self.header.columns.get(spec.id, -1) if self.header else -1
        n = len(self.rows)
        if at < 0 or self.header is None:
            return Column(
                spec, self.sheet.name, -1, self.rows, np.full(n, CellKind.BLANK, np.int8), _values(spec, [None] * n)
            )
        cells = self._cells[at] if n else ()
        context = Context(self._date_1904, self.header.factors.get(spec.id, ONE), self._free_text)
        kinds, values = self._read(spec, at, cells, context, quiet=spec.id in self.header.unusable)
        for (row, column), (kind, text) in self.sheet.special.items():
            i = self._position.get(row, -1) if column == at else -1
            if i >= 0:
                kinds[i] = kind
                code = "cell.uncached" if kind == CellKind.UNCACHED else "cell.error"
                self.issues.append(issue(code, self._place(i, at), applicant=self.about[i], seen=text))
        if spec.id in self.header.unusable:
            kinds[kinds == CellKind.VALUE] = CellKind.UNREADABLE
        elif spec.required and spec.id != self._key:
            self._required(spec, at, kinds)
        return Column(spec, self.sheet.name, at, self.rows, kinds, values)

    def _read(
        self, spec: Field, at: int, cells: Sequence[CellValue], context: Context, *, quiet: bool
    ) -> tuple[npt.NDArray[np.int8], npt.NDArray[Any]]:
        types = set(map(type, cells))
        if types <= _PLAIN_NUMBERS and spec.type in NUMERIC:
            fast = _plain_numbers(spec, cells, context)
            if fast is not None:
                return fast
        exact = bool in types  # True and 1 are one dictionary key
        readings: dict[Any, Reading] = {}
        keys: Sequence[Any] = [(type(c), c) for c in cells] if exact else cells
        for key in set(keys):
            readings[key] = read_cell(key[1] if exact else key, spec, context)
        seen_kinds = {reading.kind for reading in readings.values()}
        if len(seen_kinds) == 1:
            kinds = np.full(len(keys), seen_kinds.pop(), dtype=np.int8)
        else:
            kind_of = {key: int(reading.kind) for key, reading in readings.items()}
            kinds = np.fromiter(map(kind_of.__getitem__, keys), dtype=np.int8, count=len(keys))
        values = _spread(spec, keys, {key: reading.value for key, reading in readings.items()})
        noisy = {key for key, reading in readings.items() if reading.code or reading.shown or reading.why}
        if noisy and not quiet:
            self._tell(spec, at, cells, [(i, readings[key]) for i, key in enumerate(keys) if key in noisy])
        return kinds, values

    def _tell(self, spec: Field, at: int, cells: Sequence[CellValue], noisy: list[tuple[int, Reading]]) -> None:
        mixed = spec.type == "percent" and any(isinstance(c, float | int) and c > 1 for c in cells)
        listed: list[tuple[int, Reading]] = []
        for i, reading in noisy:
            code = reading.code or ("cell.percent_mixed" if mixed and reading.why else "")
            if code:
                self.issues.append(self._finding(spec, code, i, at, cells[i], reading))
            if reading.shown:
                listed.append((i, reading))
        if listed:
            examples = "；".join(f"{self._cell(i, at)} {reading.shown}" for i, reading in listed[:_EXAMPLES])
            more = "等" if len(listed) > _EXAMPLES else ""
            place = self._place(listed[0][0], at)
            self.issues.append(
                issue("cell.normalised", place, label=spec.label, count=len(listed), examples=examples + more)
            )

    def _finding(self, spec: Field, code: str, i: int, at: int, raw: CellValue, reading: Reading) -> Issue:
        labels = [choice.label for choice in spec.choices]
        near = nearest(seen(raw), [*labels, *(a for c in spec.choices for a in c.aliases)]) if labels else ""
        return issue(
            code,
            self._place(i, at),
            applicant=self.about[i],
            label=spec.label,
            seen=seen(raw),
            why=reading.why,
            limit=reading.why,
            shown=reading.why,
            unit=f"，单位{spec.unit}" if spec.unit else "",
            choices="、".join(labels[:12]),
            hint=f"；是不是「{near}」" if near else "",
        )

    def _required(self, spec: Field, at: int, kinds: npt.NDArray[np.int8]) -> None:
        blank = np.flatnonzero(kinds == CellKind.BLANK)
        if len(blank):
            examples = "、".join(self._cell(int(i), at) for i in blank[:_EXAMPLES])
            more = "等" if len(blank) > _EXAMPLES else ""
            one = int(blank[0])
            applicant = self.about[one] if len(blank) == 1 else ""
            self.issues.append(
                issue(
                    "cell.required_blank",
                    self._place(one, at),
                    applicant=applicant,
                    label=spec.label,
                    count=len(blank),
                    examples=examples + more,
                )
            )

    def _cell(self, i: int, at: int) -> str:
        return address(int(self.rows[i]), at)

    def _place(self, i: int, at: int) -> Place:
        return Place(self.sheet.name, self._cell(i, at))


def _plain_numbers(
    spec: Field, cells: Sequence[CellValue], context: Context
) -> tuple[npt.NDArray[np.int8], npt.NDArray[Any]] | None:
    """A column of floats and blanks with nothing to remark, without looking at single cells."""
    if context.factor != ONE:
        return None
    values = np.array(cells, dtype=np.float64)
    broken = np.flatnonzero((values != np.floor(values)) & ~np.isnan(values))
    values[broken] = [settle(number) for number in values[broken].tolist()]
    blank = np.isnan(values)
    filled = values[~blank]
    low, high = (1950, 2099) if spec.type == "year" else (0, np.inf)
    if spec.type == "percent":
        filled = filled[filled != 0]
        low = np.nextafter(1.0, 2.0)
    if len(filled) and (filled.min() < low or filled.max() > high or np.isinf(filled).any()):
        return None
    if spec.type in ("integer", "year") and (filled != np.floor(filled)).any():
        return None
    if spec.plausible_max is not None and len(filled) and Decimal(repr(float(filled.max()))) > spec.plausible_max:
        return None
    if int(blank.sum()) != cells.count(None):
        return None
    return np.where(blank, np.int8(CellKind.BLANK), np.int8(CellKind.VALUE)), values


def _spread(spec: Field, keys: Sequence[Any], value_of: dict[Any, Any]) -> npt.NDArray[Any]:
    """``_values`` of every key's value, converting each distinct day once."""
    if spec.type != "date":
        return _values(spec, list(map(value_of.__getitem__, keys)))
    days = dict(zip(value_of, _values(spec, list(value_of.values())).view(np.int64).tolist(), strict=True))
    return np.fromiter(map(days.__getitem__, keys), dtype=np.int64, count=len(keys)).view("datetime64[D]")


def _values(spec: Field, values: list[Any]) -> npt.NDArray[Any]:
    if spec.type in NUMERIC:
        return np.array(values, dtype=np.float64)
    if spec.type == "date":
        return np.array(values, dtype="datetime64[D]")
    if spec.type == "boolean":
        return np.array([value is True for value in values], dtype=np.bool_)
    return np.array(["" if value is None else value for value in values], dtype=object)
