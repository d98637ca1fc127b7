"""Files that are no workbook, broken workbooks and far-out cells: each says what it is; nothing else is lost."""

from __future__ import annotations

import datetime as dt
import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.files.raw_workbook import parts, workbook, zipped

from incubxl.files.read import read_bytes, read_grid
from incubxl.grid import CellKind, Grid
from incubxl.issues import CATALOGUE, Issue

GOOD = '<row r="1"><c r="A1"><v>1</v></c></row>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def wide(stream: str) -> bytes:
    """A stream's name as a compound file writes it."""
    return f"{stream}\0".encode("utf-16-le")


def only_issue(result: tuple[Grid | None, list[Issue]]) -> Issue:
    grid, issues = result
    assert grid is None
    assert len(issues) == 1
    return issues[0]


def without(name: str) -> bytes:
    return zipped({part: xml for part, xml in parts(GOOD).items() if part != name})


def as_binary() -> bytes:
    entries = parts(GOOD)
    entries["_rels/.rels"] = entries["_rels/.rels"].replace("workbook.xml", "workbook.bin")
    entries["xl/workbook.bin"] = entries.pop("xl/workbook.xml")
    return zipped(entries)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "file.html"),
        ("\ufeff\r\n<!DOCTYPE html><html>".encode(), "file.html"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "file.xml_spreadsheet",
        ),
        ("名称,信用代码\n星河科技,1\n".encode(), "file.text"),
        ("名称,信用代码\n星河科技,1\n".encode("gb18030"), "file.text"),
        ("名称\t代码".encode("utf-16"), "file.text"),
        (OLE + wide("Workbook"), "file.old_xls"),
        (OLE + wide("Book"), "file.old_xls"),
        (OLE + wide("WordDocument"), "file.old_document"),
        (OLE, "file.old_xls"),
        (OLE + wide("EncryptionInfo") + wide("EncryptedPackage"), "file.encrypted"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "file.unknown_kind"),
        (bytes(2000), "file.unknown_kind"),
        (workbook(GOOD)[:-40], "file.truncated"),
        (workbook(GOOD)[:300], "file.truncated"),
        (zipped({"word/document.xml": "<x/>"}), "file.no_workbook"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
            "file.no_workbook",
        ),
        (zipped({"ppt/presentation.xml": "<x/>"}), "file.no_workbook"),
        (zipped({"照片.jpg": "x"}), "file.no_workbook"),
        (zipped({}), "file.no_workbook"),
        (without("xl/workbook.xml"), "file.no_workbook"),
        (as_binary(), "file.binary_workbook"),
        (without("xl/worksheets/sheet1.xml"), "file.sheet_damaged"),
        (zipped(parts(GOOD) | {"xl/workbook.xml": "<workbook><sheets>"}), "file.truncated"),
    ],
)
def test_what_is_no_workbook_is_named(data: bytes, code: str) -> None:
    assert only_issue(read_bytes(data, "登记.xlsx")).code == code


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    assert only_issue(read_grid(tmp_path / "没有.xlsx")).code == "file.not_found"
    assert only_issue(read_grid(tmp_path)).code == "file.is_folder"
    lock = tmp_path / "~$登记.xlsx"
    lock.write_bytes(b"\x05Admin")
    assert only_issue(read_grid(lock)).code == "file.owner_lock"


def test_an_issue_tells_the_file_and_how_to_mend() -> None:
    seen = only_issue(read_bytes(b"", "登记.xlsx"))
    assert seen.severity == "error"
    assert seen.place.file == "登记.xlsx"
    assert "登记.xlsx" in seen.message
    assert seen.remedy.endswith("。")


def test_every_code_of_the_room_has_words_for_officials() -> None:
    entries = {code: entry for code, entry in CATALOGUE.items() if code.startswith("file.")}
    assert len(entries) >= 17
    for entry in entries.values():
        assert entry.message.endswith("。")
        assert entry.remedy.endswith("。")
        assert entry.example


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts(GOOD).items():
            archive.writestr(name, xml)
        archive.writestr("xl/media/image1.bin", bytes(80 << 20))
    seen = only_issue(read_bytes(target.getvalue(), "登记.xlsx"))
    assert seen.code == "file.too_large"
    assert "84 MB" in seen.message


def test_entities_are_refused() -> None:
    entries = parts('<row r="1"><c r="A1" t="inlineStr"><is><t>&boom;</t></is></c></row>')
    name = "xl/worksheets/sheet1.xml"
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    doctype = f'<!DOCTYPE worksheet [<!ENTITY e0 "ha">{nested}<!ENTITY boom "&e8;">]>'
    entries[name] = doctype + entries[name]
    grid, issues = read_bytes(zipped(entries), "登记.xlsx")
    assert grid is None
    assert [(seen.code, seen.place.sheet) for seen in issues] == [("file.entities", "登记表")]


@pytest.mark.parametrize(
    "cell",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c r="XFD1048576" t="e"><v>#N/A</v></c></row>',
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row r = "1048576"><c r\n=\n"XFD1048576"><v>1</v></c></row>',
        '<row r="9"><c r="xfd1048576"><v>1</v></c></row>',
        '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        '<row r="1048576"><c><v>1</v></c></row>',
        '<row r="2"><c r="XFD2"><v>1</v></c></row>',
        '<row r="200001"><c r="A200001"><f>1</f></c></row>',
        '<row r="2"><c r="BXY2"><v>1</v></c></row>',
    ],
)
def test_a_far_out_cell_is_named_and_the_rest_is_read(cell: str) -> None:
    grid, issues = read_bytes(workbook(GOOD + cell), "登记.xlsx")
    assert grid is not None
    assert grid.sheets["登记表"].rows == [[1.0]]
    assert grid.sheets["登记表"].special == {}
    assert [seen.code for seen in issues] == ["file.far_cell"]
    assert issues[0].severity == "warning"
    assert issues[0].place.cell in ("XFD1048576", "A1048576", "XFD2", "A200001", "BXY2")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2" s="1"><c r="XFD2" s="1"/></row><row r="1048576" s="1"><c r="A1048576" s="1"/></row>',
        '<row r="1048576" s="1" customFormat="1"/>',
    ],
)
def test_formatting_far_out_is_no_finding(rows: str) -> None:
    grid, issues = read_bytes(workbook(GOOD + rows), "登记.xlsx")
    assert grid is not None
    assert issues == []
    assert grid.sheets["登记表"].rows == [[1.0]]


def test_the_last_row_and_column_that_are_read() -> None:
    cells = '<row r="2"><c r="BXX2"><v>2</v></c></row><row r="200000"><c r="A200000"><v>3</v></c></row>'
    grid, issues = read_bytes(workbook(GOOD + cells), "登记.xlsx")
    assert grid is not None
    assert issues == []
    sheet = grid.sheets["登记表"]
    assert (sheet.height, sheet.width) == (200_000, 2_000)
    assert (sheet.rows[1][-1], sheet.rows[-1][0]) == (2.0, 3.0)


def test_two_corners_do_not_take_gigabytes() -> None:
    cells = '<row r="99999"><c r="ZZ99999"><v>2</v></c></row>'
    command = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (3 << 29, 3 << 29));"
        "from incubxl.files.read import read_bytes;"
        "grid, issues = read_bytes(sys.stdin.buffer.read(), 'x.xlsx');"
        "print(grid.sheets['登记表'].height, grid.sheets['登记表'].rows[-1][-1], issues)"
    )
    if sys.platform == "win32":
        pytest.skip("no memory limit on Windows")
    done = subprocess.run(
        [sys.executable, "-c", command], input=workbook(GOOD + cells), capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "99999 2.0 []"


def test_a_damaged_sheet_leaves_the_others() -> None:
    book = Workbook()
    book.active.title = "好"
    book.active["A1"] = "在"
    book.create_sheet("坏")["A1"] = 1
    target = io.BytesIO()
    book.save(target)
    source = zipfile.ZipFile(target)
    entries = {name: source.read(name) for name in source.namelist()}
    entries["xl/worksheets/sheet2.xml"] = entries["xl/worksheets/sheet2.xml"][:-60]
    grid, issues = read_bytes(zipped(entries), "登记.xlsx")
    assert grid is not None
    assert {name: sheet.rows for name, sheet in grid.sheets.items()} == {"好": [["在"]]}
    assert [(seen.code, seen.place.sheet) for seen in issues] == [("file.sheet_damaged", "坏")]


def test_damaged_bytes_never_raise() -> None:
    data = workbook(GOOD * 20)
    chance = random.Random(7)
    for _ in range(150):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            broken[chance.randrange(4, len(broken))] = chance.randrange(256)
        grid, issues = read_bytes(bytes(broken), "登记.xlsx")
        assert grid is not None or issues


def test_an_unbound_prefix_does_not_stop_the_reader() -> None:
    rows = '<row r="1"><c r="A1" t = "e"><q:v>#N/A</q:v></c><c r="B1"><v>1</v></c></row>'
    grid, issues = read_bytes(workbook(rows), "登记.xlsx")
    assert [seen.code for seen in issues] in ([], ["file.sheet_damaged"])
    assert grid is None or grid.sheets["登记表"].special == {(0, 0): (CellKind.ERROR, "#N/A")}


def test_paths_with_backslashes_inside_the_package() -> None:
    entries = {name.replace("/", "\\"): xml for name, xml in parts(GOOD).items()}
    grid, issues = read_bytes(zipped(entries), "登记.xlsx")
    assert grid is not None
    assert issues == []
    assert grid.sheets["登记表"].rows == [[1.0]]


def test_a_duration_that_no_calendar_holds_stays_a_number() -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>1E+15</v></c><c r="B1" s="1"><v>0.5</v></c><c r="C1"><v>3</v></c></row>'
    grid, issues = read_bytes(workbook(rows, formats=("46",)), "登记.xlsx")
    assert grid is not None
    assert issues == []
    assert grid.sheets["登记表"].rows == [[1e15, dt.timedelta(hours=12), 3.0]]
