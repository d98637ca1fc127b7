"""A block of cells to typed columns: whole columns at once, distinct texts parsed once."""

from __future__ import annotations

from collections.abc import Sequence
from types import NoneType
from typing import Any

import numpy as np
import numpy.typing as npt

from incubxl.grid import CellKind, CellValue, Place, Sheet, address
from incubxl.issues import Issue, issue
from incubxl.policy.fields import Field
from incubxl.register.fold import nearest
from incubxl.register.headers import Header
from incubxl.register.model import Column, Kinds
from incubxl.register.ordinary import ordinary
from incubxl.register.parse import NUMERIC, read_cell
from incubxl.register.reading import ONE, Context, Reading, seen

_FLAGS = {bool, NoneType}
_NONE = {NoneType}
_BLANK = np.int8(CellKind.BLANK)
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
        self._cells = list(zip(*_chosen(sheet, rows.tolist()), strict=True)) if header else []
        self._position = {int(row): i for i, row in enumerate(rows)} if sheet.special else {}

    def column(self, spec: Field) -> Column:
        """The typed column of ``spec``; all blank when the sheet does not have it. Findings go to ``issues``."""
        at = self.header.columns.get(spec.id, -1) if self.header else -1
        n = len(self.rows)
        if at < 0 or self.header is None:
            return Column(spec, self.sheet.name, -1, self.rows, *_nothing(spec, n))
        cells = self._cells[at] if n else ()
        context = Context(self._date_1904, self.header.factors.get(spec.id, ONE), self._free_text)
        kinds, values = self._read(spec, at, cells, context, quiet=spec.id in self.header.unusable)
        for (row, column), (kind, text) in self.sheet.special.items():
            i = self._position.get(row, -1) if column == at else -1
            if i >= 0:
                kinds[i] = kind
                code = "cell.uncached" if kind == CellKind.UNCACHED else "cell.error"
                self.issues.append(
                    issue(code, self._place(i, at), applicant=self.about[i], label=spec.label, seen=text)
                )
        if spec.id in self.header.unusable:
            kinds[kinds == CellKind.VALUE] = CellKind.UNREADABLE
        elif spec.required and spec.id != self._key:
            self._required(spec, at, kinds)
        return Column(spec, self.sheet.name, at, self.rows, kinds, values)

    def _read(
        self, spec: Field, at: int, cells: Sequence[CellValue], context: Context, *, quiet: bool
    ) -> tuple[Kinds, npt.NDArray[Any]]:
        n = len(cells)
        types = set(map(type, cells))
        if types <= _NONE:
            return _nothing(spec, n)
        plain = ordinary(spec, cells, types) if context.factor == ONE else None
        if plain is None:
            return self._read_singly(spec, at, cells, range(n), context, quiet)
        if plain.odd:
            odd = [cells[i] for i in plain.odd]
            plain.kinds[plain.odd], plain.values[plain.odd] = self._read_singly(
                spec, at, odd, plain.odd, context, quiet
            )
        return plain.kinds, plain.values

    def _read_singly(
        self, spec: Field, at: int, cells: Sequence[CellValue], places: Sequence[int], context: Context, quiet: bool
    ) -> tuple[Kinds, npt.NDArray[Any]]:
        """Distinct cells one after the other; ``places[i]`` is the position of ``cells[i]`` in the column."""
        types = set(map(type, cells))
        exact = bool in types and not types <= _FLAGS  # True and 1 are one dictionary key
        keys: Sequence[Any] = [(type(c), c) for c in cells] if exact else cells
        readings = {key: read_cell(key[1] if exact else key, spec, context) for key in set(keys)}
        if len(readings) == 1:
            one = next(iter(readings.values()))
            kinds, values = (
                np.full(len(keys), int(one.kind), dtype=np.int8),
                _values(spec, [one.value]).repeat(len(keys)),
            )
        else:
            kind_of = {key: int(reading.kind) for key, reading in readings.items()}
            kinds = np.fromiter(map(kind_of.__getitem__, keys), dtype=np.int8, count=len(keys))
            values = _spread(spec, keys, {key: reading.value for key, reading in readings.items()})
        noisy = {key for key, reading in readings.items() if reading.code or reading.shown or reading.why}
        if noisy and not quiet:
            told = [(places[i], cells[i], readings[key]) for i, key in enumerate(keys) if key in noisy]
            self._tell(spec, at, told)
        return kinds, values

    def _tell(self, spec: Field, at: int, noisy: list[tuple[int, CellValue, Reading]]) -> None:
        mixed = spec.type == "percent" and any(isinstance(c, float | int) and c > 1 for c in self._cells[at])
        listed: list[tuple[int, Reading]] = []
        for i, raw, reading in noisy:
            code = reading.code or ("cell.percent_mixed" if mixed and reading.why else "")
            if code:
                self.issues.append(self._finding(spec, code, i, at, raw, reading))
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


def _chosen(sheet: Sheet, rows: list[int]) -> Sequence[Sequence[CellValue]]:
    if rows and rows[-1] - rows[0] + 1 == len(rows):
        return sheet.rows[rows[0] : rows[-1] + 1]
    return [sheet.rows[row] for row in rows]


def _nothing(spec: Field, n: int) -> tuple[Kinds, npt.NDArray[Any]]:
    """A column of blanks."""
    return np.full(n, _BLANK), _values(spec, [None]).repeat(n)


def _spread(spec: Field, keys: Sequence[Any], value_of: dict[Any, Any]) -> npt.NDArray[Any]:
    """``_values`` of every key's value, converting each distinct value once."""
    known = _values(spec, list(value_of.values()))
    at = dict(zip(value_of, range(len(value_of)), strict=True))
    return known[np.fromiter(map(at.__getitem__, keys), dtype=np.int64, count=len(keys))]


def _values(spec: Field, values: list[Any]) -> npt.NDArray[Any]:
    if spec.type in NUMERIC:
        return np.array(values, dtype=np.float64)
    if spec.type == "date":
        return np.array(values, dtype="datetime64[D]")
    if spec.type == "boolean":
        return np.array([value is True for value in values], dtype=np.bool_)
    return np.array(["" if value is None else value for value in values], dtype=object)
