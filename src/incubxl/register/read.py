"""Grid and pack to a register: everything a workbook says, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from incubxl.blanks import says_nothing
from incubxl.grid import Grid, Place, Sheet, address
from incubxl.issues import Issue, issue
from incubxl.policy.pack import Pack
from incubxl.register.columns import Block
from incubxl.register.counts import count_all
from incubxl.register.findings import headless
from incubxl.register.headers import Header, find_header
from incubxl.register.model import Column, Register
from incubxl.register.officers import read_acts
from incubxl.register.rows import Applicants, hidden_note, read_applicants
from incubxl.register.settings import read_settings
from incubxl.register.sheets import REGISTER, find_sheet, register_missing
from incubxl.register.tables import read_tables

ID = "applicant_id"


def read_register(grid: Grid, pack: Pack) -> Register:
    """Read the whole workbook. Bad input becomes issues; nothing is raised for it.

    Every row of the register sheet with anything in it is an applicant or stands in ``refused``.
    """
    settings, issues = read_settings(grid, pack)
    sheet, found = find_sheet(grid, REGISTER)
    issues += found if sheet else [register_missing(grid)]
    sheet = sheet or Sheet(REGISTER[0], ())
    header = find_header(sheet, pack.facts) if sheet.height else None
    applicants = Applicants(np.empty(0, np.int64), ())
    if header:
        applicants = read_applicants(sheet, header, ID)
        issues += [*header.issues, *applicants.issues, *hidden_note(sheet, applicants.rows.tolist())]
    elif sheet.height:
        issues.append(headless(sheet, pack.facts))
    columns, found = _columns(sheet, header, applicants, pack, grid.date_1904)
    issues += found
    issues += _nameless(columns, applicants.ids)
    applicants.uscc = columns["uscc"].texts()
    tables, found = read_tables(grid, pack, applicants)
    issues += found
    counted, found = count_all(pack, tables, columns, settings, applicants.ids)
    issues += found
    acts = read_acts(pack, tables, applicants.ids)
    return Register(
        pack=pack,
        settings=settings,
        ids=applicants.ids,
        names=tuple(columns["name"].texts()) if "name" in columns else (),
        tracks=_tracks(pack, columns, len(applicants.ids)),
        rows=applicants.rows,
        columns=columns,
        counted=counted,
        tables=tables,
        judgements=acts.judgements,
        overrides=acts.overrides,
        answers=acts.answers,
        conclusions=acts.conclusions,
        history=acts.history,
        events=acts.events,
        issues=(*issues, *acts.issues),
        refused=tuple(applicants.refused),
        rows_seen=applicants.seen,
        contested=acts.contested,
    )


def _nameless(columns: Mapping[str, Column], ids: Sequence[str]) -> list[Issue]:
    """Names that are only a word for a blank (/, 待定)."""
    column = columns.get("name")
    return [
        issue(
            "cell.no_name",
            Place(column.sheet, address(int(column.rows[i]), column.sheet_column)),
            applicant=ids[i],
            label=column.spec.label,
            seen=name,
        )
        for i, name in enumerate(column.texts() if column else ())
        if column and name and says_nothing(name)
    ]


def _columns(
    sheet: Sheet, header: Header | None, applicants: Applicants, pack: Pack, date_1904: bool
) -> tuple[dict[str, Column], list[Issue]]:
    block = Block(sheet, header, applicants.rows, applicants.ids, date_1904=date_1904, key=ID)
    return {field.id: block.column(field) for field in pack.facts}, block.issues


def _tracks(pack: Pack, columns: Mapping[str, Column], n: int) -> tuple[str, ...]:
    """The track of every applicant; a measure of one track needs no column."""
    if len(pack.measure.tracks) == 1:
        return (pack.measure.tracks[0].id,) * n
    return tuple(columns["track"].texts())
