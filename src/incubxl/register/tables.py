"""Detail sheets and the officers' sheets, each as a typed table with its rows' owners."""

from __future__ import annotations

import numpy as np

from incubxl.grid import Grid, Sheet
from incubxl.issues import Issue
from incubxl.policy.fields import TableSpec
from incubxl.policy.pack import Pack
from incubxl.register.columns import Block
from incubxl.register.findings import headless
from incubxl.register.headers import Header, find_header
from incubxl.register.model import Table
from incubxl.register.rows import Applicants, filled_rows, hidden_note, owners, total_row, total_words
from incubxl.register.sheets import REGISTER, SETTINGS, find_sheet, tables_missing

BY_CODE, CODE = ("history", "ledger"), "uscc"  # what outlives the applicant's id of one year: the code says whose
EVENTS = "procedure_events"  # what was done for all applicants at once is one row of 全体
# The common sheets: what stands there is people's words, where 「不适用」 is an answer like another.
OFFICERS = frozenset(
    (
        *("judgements", "overrides", "interpretations", "conclusions", "history", "procedure_events", "settings"),
        *("indicators", "score_bands", "scores", "grade_rules", "ledger"),
    )
)


def read_tables(grid: Grid, pack: Pack, applicants: Applicants) -> tuple[dict[str, Table], list[Issue]]:
    """Every table of the pack; a missing sheet has no rows."""
    tables: dict[str, Table] = {}
    issues: list[Issue] = []
    missing: list[TableSpec] = []
    used = {*REGISTER}
    for spec in pack.tables:
        sheet, found = find_sheet(grid, (spec.sheet, *spec.aliases))
        issues += found
        if sheet is None:
            missing += [spec] if _expected(spec, pack) else []
            sheet = Sheet(spec.sheet, ())
        else:
            used.add(sheet.name)
        tables[spec.id], found = _read_table(sheet, spec, applicants, grid.date_1904)
        issues += found if spec.sheet != SETTINGS else []  # told where the settings are read
    if missing:
        issues.append(tables_missing(grid, missing, [name for name in grid.sheets if name not in used]))
    return tables, issues


def _expected(spec: TableSpec, pack: Pack) -> bool:
    """Whether a workbook without this sheet lacks something: scoring and past years need not concern an office."""
    return (
        spec.id not in OFFICERS or spec.id == "interpretations" or (spec.id == "judgements" and bool(pack.judgements))
    )


def _read_table(sheet: Sheet, spec: TableSpec, applicants: Applicants, date_1904: bool) -> tuple[Table, list[Issue]]:
    header = find_header(sheet, spec.columns) if sheet.height else None
    issues: list[Issue] = []
    rows: list[int] = []
    if header:
        issues += header.issues
        rows, totals = _data_rows(sheet, header, spec)
        issues += [*totals, *hidden_note(sheet, rows)]
    elif any(value is not None for cells in sheet.rows for value in cells):
        issues.append(headless(sheet, spec.columns))
    owner = [-1] * len(rows)
    contested: dict[int, tuple[int, ...]] = {}
    if spec.owner and header:
        code_at = header.columns.get(CODE, -1) if spec.id in BY_CODE else -1
        owner, found = owners(
            sheet, rows, header.columns.get(spec.owner, -1), code_at, applicants, contested, everybody=spec.id == EVENTS
        )
        issues += found
    about = [applicants.ids[i] if i >= 0 else "" for i in owner]
    block = Block(
        sheet,
        header,
        np.array(rows, dtype=np.int64),
        about,
        date_1904=date_1904,
        free_text=spec.id in OFFICERS,
        key=spec.owner,
    )
    columns = {field.id: block.column(field) for field in spec.columns}
    return Table(spec, columns, np.array(owner, dtype=np.int64), contested), [*issues, *block.issues]


def _data_rows(sheet: Sheet, header: Header, spec: TableSpec) -> tuple[list[int], list[Issue]]:
    at = header.columns.get(spec.owner, -1)
    filled = filled_rows(sheet, header)
    totals = total_words(sheet, header, filled, at)
    issues = [total_row(sheet, row, word) for row, word in totals.items()]
    return [row for row in filled if row not in totals] if totals else filled, issues
