"""Read a workbook into a Grid: values by calamine, the kinds of emptiness by a scan of the XML, hostile parts exactly.

The file is read once. calamine is given a plain package made of the parts that were unpacked and looked at here, so
that both see the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import zipfile
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import cast

from python_calamine import CalamineWorkbook

from incubxl.files.exact import Context, TooLarge, context, read_sheet
from incubxl.files.package import Package, PartError, SheetPart, open_package, plain_path
from incubxl.files.refusal import reason
from incubxl.files.scan import Scan, scan
from incubxl.grid import CellValue, Grid, Place, Sheet
from incubxl.issues import Issue, issue

_SHOWN_FAR_CELLS = 5


def read_grid(path: Path, skip: Collection[str] = ()) -> tuple[Grid | None, list[Issue]]:
    """Read an .xlsx or .xlsm file. The grid is None where nothing can be read; an issue then says why.

    A sheet that is damaged is left out with an issue; the others are read. ``Grid.name`` is the file's name.
    ``skip``: names of sheets that hold nothing of the user's and need not be read.
    """
    place = Place(file=path.name)
    if path.name.startswith("~$"):
        return None, [issue("file.owner_lock", place, path=path.name)]
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None, [issue("file.not_found", place, path=path.name)]
    except OSError as error:
        return None, [issue("file.no_access", place, path=path.name, reason=reason(error))]
    return read_bytes(data, path.name, skip)


def read_bytes(data: bytes, name: str, skip: Collection[str] = ()) -> tuple[Grid | None, list[Issue]]:
    """As ``read_grid``, from the bytes of a file called ``name``."""
    package = open_package(data, name)
    if isinstance(package, Issue):
        return None, [package]
    package = replace(package, sheets=tuple(sheet for sheet in package.sheets if sheet.name not in skip))
    issues: list[Issue] = []
    parts = _unpack(package, name, issues)
    scans = {sheet.name: scan(parts[sheet.name]) for sheet in package.sheets if sheet.name in parts}
    fast = _calamine(package, parts, scans)
    sheets: dict[str, Sheet] = {}
    known: Context | None = None
    for sheet in package.sheets:
        if sheet.name not in parts:
            continue
        seen, rows = scans[sheet.name], fast.get(sheet.name)
        if seen is not None and rows is not None:
            sheets[sheet.name] = _join(sheet, rows, seen)
            continue
        try:
            known = known or context(package)
            exact, far = read_sheet(parts[sheet.name], sheet.name, sheet.hidden, known)
        except PartError as reason:
            issues.append(_damaged(sheet.name, name, str(reason)))
        except TooLarge as size:
            at = Place(sheet=sheet.name, file=name)
            rows_seen, columns_seen = size.args
            issues.append(issue("file.sheet_too_large", at, sheet=sheet.name, rows=rows_seen, columns=columns_seen))
        else:
            sheets[sheet.name] = exact
            issues.extend(_far(sheet.name, name, far))
    grid = Grid(name, sheets, hashlib.sha256(data).hexdigest(), package.date_1904)
    return (grid if sheets or not issues else None), issues


def _unpack(package: Package, file: str, issues: list[Issue]) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    for sheet in package.sheets:
        if sheet.part is None:
            issues.append(_damaged(sheet.name, file, "文件里缺少这张表的内容"))
            continue
        try:
            parts[sheet.name] = package.read(sheet.part)
        except PartError as reason:
            issues.append(_damaged(sheet.name, file, str(reason)))
    return parts


def _damaged(sheet: str, file: str, reason: str) -> Issue:
    return issue("file.sheet_damaged", Place(sheet=sheet, file=file), sheet=sheet, reason=reason)


def _far(sheet: str, file: str, cells: list[str]) -> list[Issue]:
    if not cells:
        return []
    shown = "、".join(cells[:_SHOWN_FAR_CELLS]) + ("……" if len(cells) > _SHOWN_FAR_CELLS else "")
    at = Place(sheet=sheet, cell=cells[0], file=file)
    return [issue("file.far_cell", at, sheet=sheet, cells=shown, count=len(cells))]


def _calamine(
    package: Package, parts: dict[str, bytes], scans: dict[str, Scan | None]
) -> dict[str, list[list[CellValue]]]:
    """The rows of the sheets that calamine may and can read."""
    wanted = [sheet for sheet in package.sheets if scans.get(sheet.name) is not None]
    if not wanted:
        return {}
    try:
        workbook = CalamineWorkbook.from_filelike(_plain(package, parts, wanted))
    except BaseException as error:  # noqa: BLE001
        _only_unreadable(error)
        return {}
    read: dict[str, list[list[CellValue]]] = {}
    for sheet in wanted:
        try:
            read[sheet.name] = _rows(workbook, sheet.name)
        except BaseException as error:  # noqa: BLE001
            _only_unreadable(error)
    return read


def _only_unreadable(error: BaseException) -> None:
    """Whatever calamine stumbles over goes to the exact reader: its errors, dates out of range, panics in Rust.

    A panic is a BaseException of its own. Ctrl-C and the like are raised again.
    """
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error


def _plain(package: Package, parts: dict[str, bytes], wanted: list[SheetPart]) -> io.BytesIO:
    """An uncompressed package of the workbook, its relations, texts and styles and the wanted sheets."""
    unpacked = {sheet.part: parts[sheet.name] for sheet in wanted}
    folder, leaf = posixpath.split(plain_path(package.workbook))
    small = {"[content_types].xml", "_rels/.rels", posixpath.join(folder, "_rels", f"{leaf}.rels").lower()}
    small |= {plain_path(part).lower() for part in (package.workbook, package.shared, package.styles) if part}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as plain:
        for name in dict.fromkeys(package.archive.namelist()):
            if name in unpacked:
                plain.writestr(plain_path(name), unpacked[name])
            elif plain_path(name).lower() in small:
                plain.writestr(plain_path(name), package.read(name))
    target.seek(0)
    return target


def _rows(workbook: CalamineWorkbook, name: str) -> list[list[CellValue]]:
    """A sheet's rows from A1 with None for calamine's empty text; the truth test first, as it is the quicker one."""
    rows = cast("list[list[CellValue]]", workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
    for number, row in enumerate(rows):
        rows[number] = [value or (None if value == "" else value) for value in row]
    return rows


def _join(sheet: SheetPart, rows: list[list[CellValue]], seen: Scan) -> Sheet:
    """calamine's rows with the special cells made None; the block grows where one lies outside."""
    if seen.special:
        height = max(len(rows), 1 + max(row for row, _ in seen.special))
        width = max(len(rows[0]) if rows else 0, 1 + max(column for _, column in seen.special))
        for row in rows:
            row.extend([None] * (width - len(row)))
        rows.extend([None] * width for _ in range(height - len(rows)))
        for row_number, column in seen.special:
            rows[row_number][column] = None
    return Sheet(sheet.name, rows, seen.special, sheet.hidden, seen.hidden_rows, seen.merged)
