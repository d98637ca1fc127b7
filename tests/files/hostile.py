"""Files as they should not be: each is made here by name, for the tests that say what is answered."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator

import openpyxl
from tests.files.raw_workbook import parts, workbook, zipped

GOOD = '<row r="1"><c r="A1"><v>1</v></c></row>'
SHEET = "xl/worksheets/sheet1.xml"
_TEXT = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
_LAUGHS = '<!DOCTYPE x [<!ENTITY a "哈">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 20}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
_LAUGHS += "]>"


def ole(*streams: str) -> bytes:
    """The head of a compound file and the names of its streams."""
    names = b"".join(f"{stream}\0".encode("utf-16-le") for stream in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names


def with_entries(*more: tuple[str, str]) -> bytes:
    """The good workbook with entries added, of one name with another if need be."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in [*parts(GOOD).items(), *more]:
            archive.writestr(name, content)
    return target.getvalue()


def with_sheet(rows: str, before: str = "") -> bytes:
    """A workbook with ``rows``, and XML ``before`` its sheetData."""
    entries = parts(rows)
    entries[SHEET] = entries[SHEET].replace("<sheetData>", f"{before}<sheetData>")
    return zipped(entries)


def with_part(part: str, head: str = "", content: str = "", rows: str = _TEXT) -> bytes:
    """A workbook in which ``part`` is preceded by ``head``, or is ``content``."""
    entries = parts(rows, "<si><t>&i;</t></si>" if head and part.endswith("Strings.xml") else "<si><t>x</t></si>")
    entries[part] = content or head + entries[part]
    return zipped(entries)


def wrong_sum(part: str, data: bytes = b"") -> bytes:
    """The checksum of ``part`` does not fit it."""
    data = data or workbook(GOOD)
    told = struct.pack("<I", zipfile.ZipFile(io.BytesIO(data)).getinfo(part).CRC)
    assert data.count(told) == 2
    return data.replace(told, b"\xde\xad\xbe\xef")


def locked_by_zip() -> bytes:
    """Marked as encrypted by the zip program, in both directories."""
    return bits(1)


def bits(flags: int = 0, method: int = 8) -> bytes:
    """Every entry with these general purpose flags and this compression method."""
    data = bytearray(workbook(GOOD))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = data.find(sign)
        while found >= 0:
            struct.pack_into("<HH", data, found + at, flags, method)
            found = data.find(sign, found + 4)
    return bytes(data)


def streamed(pieces: Callable[[], Iterator[str]], rest: str = "") -> bytes:
    """A workbook whose sheet is written piece by piece behind the good row."""
    target = io.BytesIO()
    head, tail = parts(GOOD)[SHEET].split("</sheetData>")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts(GOOD).items():
            if name != SHEET:
                archive.writestr(name, content)
        with archive.open(SHEET, "w", force_zip64=True) as stream:
            stream.write(head.encode())
            for piece in pieces():
                stream.write(piece.encode())
            stream.write(f"{rest}</sheetData>{tail}".encode())
    return target.getvalue()


def dragged_down(columns: str, last: int = 1_048_576, cell: str = '<c r="{}" s="1"/>', rest: str = "") -> bytes:
    """Formats dragged down to the last row of the sheet; ``cell``: every cell of ``columns``."""

    def pieces() -> Iterator[str]:
        line = "".join(cell.replace("{}", f"{letter}@") for letter in columns)
        row = f'<row r="@" s="1" customFormat="1">{line}</row>'
        for first in range(2, last + 1, 4096):
            yield "".join(row.replace("@", str(n)) for n in range(first, min(first + 4096, last + 1)))

    return streamed(pieces, rest)


def spaces(count: int) -> bytes:
    """A sheet that unpacks to ``count`` MB of nothing."""
    return streamed(lambda: (" " * (1 << 20) for _ in range(count)))


def nul_in_a_name() -> bytes:
    return with_entries(("xl/w_x.xml", "x")).replace(b"xl/w_x.xml", b"xl/w\0x.xml")


def two_sheets() -> bytes:
    """「好」 and 「坏」, by openpyxl."""
    book = openpyxl.Workbook()
    book.active.title = "好"
    book.active["A1"] = "在"
    book.create_sheet("坏")["A1"] = 1
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


# name → (bytes, code, sheet that the place names)
REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "entities in the sheet": (lambda: with_part(SHEET, _LAUGHS), "file.entities", "登记表"),
    "entities in the texts": (lambda: with_part("xl/sharedStrings.xml", _LAUGHS), "file.entities", ""),
    "entities in the styles": (lambda: with_part("xl/styles.xml", _LAUGHS), "file.entities", ""),
    "entities in the workbook": (lambda: with_part("xl/workbook.xml", _LAUGHS), "file.entities", ""),
    "entities in the relations": (lambda: with_part("_rels/.rels", _LAUGHS), "file.entities", ""),
    "entities in the types": (lambda: with_part("[Content_Types].xml", _LAUGHS), "file.entities", ""),
    "entities behind a comment": (lambda: with_part(SHEET, f"<!--{'x' * 9999}-->{_LAUGHS}"), "file.entities", "登记表"),
    "an external entity": (
        lambda: with_part(
            SHEET,
            '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
            rows='<row r="1"><c r="A1" t="str"><v>&x;</v></c></row>',
        ),
        "file.entities",
        "登记表",
    ),
    "one long entity many times": (
        lambda: with_part(
            SHEET,
            f'<!DOCTYPE x [<!ENTITY a "{"A" * 200_000}">]>',
            rows=f'<row r="1"><c r="A1" t="str"><v>{"&a;" * 50_000}</v></c></row>',
        ),
        "file.entities",
        "登记表",
    ),
    "entities in UTF-16": (
        lambda: zipped(
            {name: xml.encode() for name, xml in parts(GOOD).items()}
            | {SHEET: f'<?xml version="1.0" encoding="utf-16"?>{_LAUGHS}{parts(GOOD)[SHEET]}'.encode("utf-16")}
        ),
        "file.entities",
        "登记表",
    ),
    "a part twice": (lambda: with_entries((SHEET, parts(_TEXT)[SHEET])), "file.part_twice", ""),
    "a part twice, in capitals": (lambda: with_entries(("XL/Worksheets/Sheet1.xml", "x")), "file.part_twice", ""),
    "a part twice, with backslashes": (lambda: with_entries((SHEET.replace("/", "\\"), "x")), "file.part_twice", ""),
    "a path upwards": (lambda: with_entries(("../../etc/x", "x")), "file.bad_path", ""),
    "a path upwards, backwards": (lambda: with_entries(("xl\\..\\..\\x", "x")), "file.bad_path", ""),
    "an absolute path": (lambda: with_entries(("/etc/x", "x")), "file.bad_path", ""),
    "a drive": (lambda: with_entries(("C:\\x", "x")), "file.bad_path", ""),
    "NUL in a path": (nul_in_a_name, "file.bad_path", ""),
    "checksum of the sheet": (lambda: wrong_sum(SHEET), "file.bad_crc", "登记表"),
    "checksum of the texts": (lambda: wrong_sum("xl/sharedStrings.xml"), "file.bad_crc", ""),
    "checksum of the workbook": (lambda: wrong_sum("xl/workbook.xml"), "file.bad_crc", ""),
    "another compression": (lambda: bits(method=9), "file.truncated", ""),
    "a password by the zip program": (locked_by_zip, "file.zip_password", ""),
    "something before": (lambda: b"MZ" + bytes(510) + workbook(GOOD), "file.prefixed", ""),
    "two packages in a row": (lambda: workbook(GOOD) * 2, "file.prefixed", ""),
    "a bomb of 900 MB": (lambda: spaces(900), "file.too_large", ""),
    "two hundred thousand filled rows and more": (
        lambda: dragged_down("A", 202_000, '<c r="{}"><v>1</v></c>'),
        "file.sheet_too_large",
        "登记表",
    ),
    "row 0": (lambda: workbook('<row r="0"><c r="A0"><v>1</v></c></row>'), "file.sheet_damaged", "登记表"),
    "column ZZZZZZZ": (
        lambda: workbook('<row r="1"><c r="ZZZZZZZ1"><v>1</v></c></row>'),
        "file.sheet_damaged",
        "登记表",
    ),
    "row 99999999999": (
        lambda: workbook('<row r="99999999999"><c><v>1</v></c></row>'),
        "file.sheet_damaged",
        "登记表",
    ),
}
# What would end the process or take gigabytes, and is read: name → (bytes, codes, size of the sheet)
READ: dict[str, tuple[Callable[[], bytes], list[str], tuple[int, int]]] = {
    "a million empty rows": (lambda: dragged_down(""), [], (1, 1)),
    "a million empty styled rows": (lambda: dragged_down("ABCDEFGHIJKL"), [], (1, 1)),
    "a dimension of the whole sheet": (lambda: with_sheet(GOOD, '<dimension ref="A1:XFD1048576"/>'), [], (1, 1)),
    "a dimension backwards": (lambda: with_sheet(GOOD, '<dimension ref="B9:A1"/>'), [], (1, 1)),
    "a dimension of nothing": (lambda: with_sheet(GOOD, '<dimension ref="ZZZZZZZ99999999999"/>'), [], (1, 1)),
    "a cell in the last corner": (
        lambda: workbook(GOOD + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        ["file.far_cell"],
        (1, 1),
    ),
    "a row that tells another number than its cell": (
        lambda: workbook('<row r="2"><c r="ZZ99999"><v>1</v></c></row>'),
        [],
        (99_999, 702),
    ),
    "a row number with zeros before it": (
        lambda: workbook('<row r="2"><c r="ZZ0000000001048576"><v>1</v></c></row>'),
        ["file.sheet_damaged"],
        (0, 0),
    ),
    "twenty million cells between two corners": (
        lambda: workbook(GOOD + '<row r="99999"><c r="GR99999"><v>1</v></c></row>'),
        [],
        (99_999, 200),
    ),
    "cells without references beside a far row": (
        lambda: workbook(f'<row r="1">{"<c><v>1</v></c>" * 1_500}</row><row r="190000"><c><v>1</v></c></row>'),
        [],
        (190_000, 1_500),
    ),
    "four billion texts claimed": (
        lambda: with_part(
            "xl/sharedStrings.xml",
            content='<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="4294967295"'
            ' uniqueCount="4294967295"><si><t>x</t></si></sst>',
        ),
        [],
        (1, 1),
    ),
    "something behind": (lambda: workbook(GOOD) + bytes(100_000), ["file.trailing"], (1, 1)),
}  # fmt: skip
