"""Which applicant the selection is about, and which cell has the next problem."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from incubxl.assess.model import Assessment
from incubxl.excel.guard import Click
from incubxl.excel.reading import VISIBLE
from incubxl.excel.refused import RefusedError
from incubxl.grid import address
from incubxl.issues import SEVERITY_WORDS
from incubxl.register.model import Register
from incubxl.results.words import link_target, quoted, shown_verdict
from incubxl.verdict import Verdict


class Spot(NamedTuple):
    """A cell (its sheet, A1 address, and 0-based row and column) and what is wrong with it."""

    sheet: str
    cell: str
    row: int
    column: int
    said: str


def selected_applicant(click: Click, register: Register) -> str:
    """The id of the applicant whose row is selected: on the register, a detail sheet, or a sheet of ours.

    Raises RefusedError where the row belongs to nobody.
    """
    sheet, row = click.at.sheet, click.at.row - 1
    if row < 0:
        raise RefusedError("没有选中单元格（选中的是图表或别的对象）", "请选中那个单位的任一单元格，再点一次")
    ids = register.columns["applicant_id"]
    if sheet == ids.sheet:
        for i, at in enumerate(ids.rows.tolist()):
            if at == row:
                return register.ids[i]
    for table in register.tables.values():
        column = next(iter(table.columns.values()), None)
        if column is not None and column.sheet == sheet:
            for owner, at in zip(table.owner.tolist(), column.rows.tolist(), strict=True):
                if at == row and owner >= 0:
                    return register.ids[int(owner)]
    first = click.book.Worksheets(sheet).Range(address(row, 0)).Value
    if isinstance(first, str) and first.strip() in register.index:
        return str(first.strip())
    refused = next((r for r in register.refused if r.sheet == sheet and r.row == row + 1), None)
    why = f"，这一行被拒收：{refused.reason}" if refused else ""
    raise RefusedError(
        f"「{sheet}」第{row + 1}行不是某个申报单位的行{why}",
        "请选中申报登记（或明细、结果表）里那个单位的任一单元格，再点一次",
    )


def places(assessment: Assessment, sheets: Sequence[str]) -> list[Spot]:
    """Cells with errors or 疑点, and source cells of what is 不符合 or 资料不足, in the workbook's order, each once."""
    order = {name: n for n, name in enumerate(sheets)}
    said: dict[tuple[str, str], list[str]] = {}
    for issue in assessment.issues:
        if issue.severity != "info" and issue.place.cell:
            text = f"{SEVERITY_WORDS[issue.severity]}：{issue.text}"
            said.setdefault((issue.place.sheet, issue.place.cell), []).append(text)
    for one in assessment.determinations:
        for result in one.results:
            target = link_target(result.cell) if result.verdict in (Verdict.NOT_MET, Verdict.UNKNOWN) else None
            if target:
                advice = assessment.pack.criterion[result.criterion].remedy
                way = result.remedy.removesuffix(f"。{advice}").rstrip("。")  # the way alone: the advice says it again
                said.setdefault(target, []).append(f"{one.applicant} {result.title}：{shown_verdict(result)}。{way}。")
    spots = []
    for (sheet, cell), texts in said.items():
        target = link_target(f"{quoted(sheet)}!{cell}")
        if sheet in order and target:
            first = target[1].partition(":")[0]
            spots.append(Spot(sheet, first, *_numbers(first), "".join(dict.fromkeys(texts))))
    return sorted(spots, key=lambda s: (order[s.sheet], s.row, s.column))


def next_place(click: Click, spots: Sequence[Spot], sheets: Sequence[str]) -> Spot | None:
    """The first spot behind the active cell, row by row; behind the last one the first. None on hidden sheets."""
    order = {name: n for n, name in enumerate(sheets)}
    here = (order.get(click.at.sheet, -1), click.at.row - 1, click.at.column - 1)
    behind = [s for s in spots if (order[s.sheet], s.row, s.column) > here]
    shown = cache(lambda name: click.book.Sheets(name).Visible == VISIBLE)
    return next((s for s in [*behind, *spots] if shown(s.sheet)), None)


def _numbers(cell: str) -> tuple[int, int]:
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(cell[len(letters) :]) - 1, column - 1
