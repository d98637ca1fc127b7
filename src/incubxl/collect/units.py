"""The rows of a district's workbook that stand for applicants: whose a row is when its mark is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from incubxl.collect.found import Come, source_of
from incubxl.collect.model import Given, GivenRow, Returned
from incubxl.collect.shape import WHO, Shape
from incubxl.collect.values import known
from incubxl.grid import Place
from incubxl.issues import issue
from incubxl.issues import register as define
from incubxl.register.fold import squash
from incubxl.register.model import Register

define(
    "collect.rows_unmarked", "error",
    "「{file}」有些行丢了行标识：{ids}。只按看得见的申报编号认出，与登记表不同的都列在「冲突」里，没有合并。",
    "请逐项与推荐单位核实；或者请推荐单位在发出的原表里填好再交。",
    "推荐单位清空了隐藏的A列，或把内容抄到了新表里",
)  # fmt: skip

define(
    "collect.units_missing", "error",
    "「{file}」里没有{ids}的行：发出时有，退回表里找不到。",
    "请向推荐单位核实是不是删去了，补交后再收一次；没有退回的单位，登记表不改动。",
    "推荐单位删掉了一个单位的行",
)  # fmt: skip

_LOST, _AGAIN = "行标识没有了，是按看得见的文字认的", "同一个单位在退回表里不止一行"
_ID = WHO[0]


def by_sight(register: Register, mine: Sequence[int], row: GivenRow) -> int:
    """The one of ``mine`` that a row's visible id names, or its code or name where no id is written; -1 for none."""
    for id in (_ID, "uscc", "name"):
        if word := squash(row.who.get(id, "")):
            named = [i for i in mine if squash(register.columns[id].text(i)) == word]
            if id == _ID or named:
                return named[0] if len(named) == 1 else -1
    return -1


def come_by_sight(
    register: Register, returned: Returned, mine: Sequence[int], row: GivenRow
) -> Iterator[tuple[tuple[int, str], Come]] | None:
    """What a row without a mark brings, for a person to confirm; None where it names nobody of ``mine``."""
    i = by_sight(register, mine, row)
    if i < 0:
        return None
    again = row.copied or any(r.key == register.ids[i] for r in returned.rows if r.part == row.part)
    why = (_AGAIN if again else _LOST) + _otherwise(register, i, row)
    return (((i, id), Come(_confirm(register, i, v, why), source_of(returned, v))) for id, v in row.values.items())


def _confirm(register: Register, i: int, value: Given, why: str) -> Given:
    """A value that says something the register does not is in doubt; a blank one says nothing."""
    differs = value.text and value.text != known(register.columns[value.field], i)[0]
    return replace(value, before=None, doubt=(value.doubt or why) if differs else "")


def _otherwise(register: Register, i: int, row: GivenRow) -> str:
    """What else the row says of itself that is not the applicant's."""
    for id in WHO:
        column, word = register.columns[id], row.who.get(id, "")
        if word and squash(word) != squash(column.text(i)):
            return f"，{column.spec.label}写的却是「{word}」"
    return ""


def cover(register: Register, shape: Shape, returned: Returned, mine: Sequence[int]) -> None:
    """Fill in whose rows are missing and whose have lost their marks, and tell it."""
    for part in shape.rowed:
        if part.table:
            continue
        rows = [r for r in returned.rows if r.part == part.id]
        marked = {r.key for r in rows if r.key}
        seen = {register.ids[i] for r in rows if not r.key and (i := by_sight(register, mine, r)) >= 0}
        returned.unmarked = seen - marked
        ids = [register.ids[i] for i in mine]
        once = {g.texts[_ID] for g in returned.gone if g.part == part.id} if returned.stamp else set(ids)
        returned.missing = (once & set(ids)) - seen - marked
        place = Place(file=returned.name)
        for code, those in (("rows_unmarked", returned.unmarked), ("units_missing", returned.missing)):
            if those:
                told = {"file": returned.name, "ids": "、".join(id for id in ids if id in those)}
                returned.issues.append(issue(f"collect.{code}", place, **told))
