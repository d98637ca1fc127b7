"""Read a workbook into a Grid: values by calamine, the kinds of emptiness by a scan of the XML, hostile parts exactly.

The file is read once. calamine is given a plain package made of the parts that were unpacked and looked at here, so
that both see the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import stat
import zipfile
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from incubxl.files import apart
from incubxl.files.exact import Context, TooLarge, context, read_sheet
from incubxl.files.package import Package, PartError, SheetPart, open_package, plain_path
from incubxl.files.refusal import not_downloaded, reason
from incubxl.files.scan import Scan, scan
from incubxl.files.shared import shared_text
from incubxl.grid import Grid, Place, Sheet
from incubxl.issues import Issue, issue

if TYPE_CHECKING:
    from incubxl.files.calamine import Rows

MAX_PACKED = 200 << 20  # bytes of a file
_SHOWN_FAR_CELLS = 5
_CELL = 40  # bytes that calamine takes for one, with Python's
_COUNT = re.compile(rb"""\s(?:uniqueC|c)ount\s*=\s*(?:"[^"]*"|'[^']*')""")


def read_grid(path: Path, skip: Collection[str] = ()) -> tuple[Grid | None, list[Issue]]:
    """Read an .xlsx or .xlsm file. The grid is None where nothing can be read; an issue then says why.

    A sheet that is damaged is left out with an issue; the others are read. ``Grid.name`` is the file's name.
    ``skip``: names of sheets that hold nothing of the user's and need not be read.
    """
    place = Place(file=path.name)
    if path.name.startswith("~$"):
        return None, [issue("file.owner_lock", place, path=path.name)]
    try:
        size = path.stat()
        if stat.S_ISDIR(size.st_mode):
            return None, [issue("file.is_folder", place, path=path.name)]
        if not stat.S_ISREG(size.st_mode):
            return None, [issue("file.no_access", place, path=path.name, reason="它不是普通文件")]
        if size.st_size > MAX_PACKED:
            return None, [issue("file.heavy", place, path=path.name, packed=f"{size.st_size / 1e6:.0f}")]
        data = path.read_bytes()
    except FileNotFoundError:
        return None, [issue("file.not_found", place, path=path.name)]
    except OSError as error:
        code = "file.in_cloud" if not_downloaded(error) else "file.no_access"
        return None, [issue(code, place, path=path.name, reason=reason(error))]
    if size.st_size and not data:
        return None, [issue("file.in_cloud", place, path=path.name)]
    return read_bytes(data, path.name, skip)


def read_bytes(data: bytes, name: str, skip: Collection[str] = ()) -> tuple[Grid | None, list[Issue]]:
    """As ``read_grid``, from the bytes of a file called ``name``."""
    package = open_package(data, name)
    if isinstance(package, Issue):
        return None, [package]
    wanted = tuple(sheet for sheet in package.sheets if sheet.name not in skip)
    return read_package(replace(package, sheets=wanted), name, hashlib.sha256(data).hexdigest())


def read_package(package: Package, name: str, sha256: str) -> tuple[Grid | None, list[Issue]]:
    """As ``read_bytes``: the sheets that an opened package lists. Without its ``shared`` no cell may refer to it."""
    issues: list[Issue] = list(package.notes)
    try:
        common = _common(package)
    except PartError as error:
        at = Place(file=name)
        return None, [
            issue(error.code or "file.truncated", at, path=name, reason=str(error), part=f"部件 {error} "),
        ]
    parts = _unpack(package, name, issues)
    scans = {sheet.name: scan(parts[sheet.name]) for sheet in package.sheets if sheet.name in parts}
    fast = _calamine(package, common, parts, scans)
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
        except PartError as error:
            issues.append(_damaged(sheet.name, name, error))
        except TooLarge as size:
            at = Place(sheet=sheet.name, file=name)
            rows_seen, columns_seen = size.args
            issues.append(issue("file.sheet_too_large", at, sheet=sheet.name, rows=rows_seen, columns=columns_seen))
        else:
            sheets[sheet.name] = exact
            issues.extend(_far(sheet.name, name, far))
    grid = Grid(name, sheets, sha256, package.date_1904)
    return (grid if sheets or not issues else None), issues


def _unpack(package: Package, file: str, issues: list[Issue]) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    for sheet in package.sheets:
        if sheet.part is None:
            issues.append(_damaged(sheet.name, file, PartError("文件里缺少这张表的内容")))
            continue
        try:
            parts[sheet.name] = package.read(sheet.part)
        except PartError as error:
            issues.append(_damaged(sheet.name, file, error))
    return parts


def _damaged(sheet: str, file: str, error: PartError) -> Issue:
    told = {"path": file, "part": f"工作表“{sheet}”", "sheet": sheet, "reason": str(error)}
    return issue(error.code or "file.sheet_damaged", Place(sheet=sheet, file=file), **told)


def _common(package: Package) -> dict[str, bytes]:
    """What the sheets share, by lower-case path: types, relations, workbook, texts and styles. Raises PartError."""
    folder, leaf = posixpath.split(plain_path(package.workbook))
    wanted = {"[content_types].xml", "_rels/.rels", posixpath.join(folder, "_rels", f"{leaf}.rels").lower()}
    wanted |= {plain_path(part).lower() for part in (package.workbook, package.shared, package.styles) if part}
    return {name: package.read(name) for name in package.archive.namelist() if plain_path(name).lower() in wanted}


def _far(sheet: str, file: str, cells: list[str]) -> list[Issue]:
    if not cells:
        return []
    shown = "、".join(cells[:_SHOWN_FAR_CELLS]) + ("……" if len(cells) > _SHOWN_FAR_CELLS else "")
    at = Place(sheet=sheet, cell=cells[0], file=file)
    return [issue("file.far_cell", at, sheet=sheet, cells=shown, count=len(cells))]


def _calamine(
    package: Package, common: dict[str, bytes], parts: dict[str, bytes], scans: dict[str, Scan | None]
) -> dict[str, Rows]:
    """The rows of the sheets that calamine may and can read.

    It aborts its process where memory ends (``apart``). It takes memory by the block from A1 to the last cell, which
    ``scan`` has bounded, by the texts, of which every cell gets a copy of its own (and Python another), and by the
    number of texts that the shared texts claim to have, which is taken out here.
    """
    blocks = {name: seen.cells for name, seen in scans.items() if seen is not None}
    wanted = [sheet for sheet in package.sheets if sheet.name in blocks]
    texts = common.get(package.shared or "", b"")
    if not wanted or b"<!" in texts or b"\0" in texts:
        return {}
    claimed = {package.shared: _without_counts(texts)} if package.shared else {}
    takes = _CELL * sum(blocks.values()) + len(texts) + 2 * shared_text(texts, [parts[s.name] for s in wanted])
    return apart.read(_plain({**common, **claimed}, parts, wanted), [sheet.name for sheet in wanted], takes)


def _without_counts(texts: bytes) -> bytes:
    end = min((at for at in (texts.find(b"<si"), texts.find(b":si")) if at >= 0), default=len(texts))
    return _COUNT.sub(b"", texts[:end]) + texts[end:]


def _plain(common: dict[str, bytes], parts: dict[str, bytes], wanted: list[SheetPart]) -> bytes:
    """An uncompressed package of what the sheets share and the wanted sheets."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as plain:
        for name, data in common.items():
            plain.writestr(plain_path(name), data)
        for part, name in dict.fromkeys((sheet.part, sheet.name) for sheet in wanted):
            if part is not None:
                plain.writestr(plain_path(part), parts[name])
    return target.getvalue()


def _join(sheet: SheetPart, rows: Rows, seen: Scan) -> Sheet:
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
