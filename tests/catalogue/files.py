"""One bad file for every code of the reader."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from incubxl.files import unzip
from incubxl.files.read import read_grid
from incubxl.issues import Issue
from tests.catalogue.bad import Bad
from tests.files.hostile import GOOD, READ, REFUSED, dragged_down, ole
from tests.files.raw_workbook import parts, workbook, zipped

NAME = "登记.xlsx"


def _file(data: Callable[[], bytes] | bytes, place: str = NAME, name: str = NAME) -> Bad:
    def made(folder: Path) -> list[Issue]:
        path = folder / name
        path.write_bytes(data if isinstance(data, bytes) else data())
        return read_grid(path)[1]

    return Bad(place, made)


def _known(name: str) -> Bad:
    make, _, sheet = REFUSED[name]
    return _file(make, sheet or NAME)


def _nothing_there(folder: Path) -> list[Issue]:
    return read_grid(folder / NAME)[1]


def _folder(folder: Path) -> list[Issue]:
    (folder / NAME).mkdir()
    return read_grid(folder / NAME)[1]


class _Path(type(Path())):  # type: ignore[misc]
    """A path whose bytes the system does not give."""

    error: OSError | None = None

    def read_bytes(self) -> bytes:
        if self.error is not None:
            raise self.error
        return b""


def _refused(error: OSError | None) -> Bad:
    def made(folder: Path) -> list[Issue]:
        (folder / NAME).write_bytes(workbook(GOOD))
        path = _Path(folder / NAME)
        path.error = error
        return read_grid(path)[1]

    return Bad(NAME, made)


def _heavy(folder: Path) -> list[Issue]:
    with (folder / NAME).open("wb") as stream:
        stream.truncate(300 << 20)
    return read_grid(folder / NAME)[1]


def _many_megabytes(folder: Path) -> list[Issue]:
    """A sheet above the bound, which is lowered for it: 300 MB take the test half a minute."""
    (folder / NAME).write_bytes(dragged_down("ABCDE", 9_000, '<c r="{}" t="str"><v>星河</v></c>'))
    with mock.patch.multiple(unzip, _LARGE=1 << 18, MAX_PART=1 << 20):
        return read_grid(folder / NAME)[1]


BAD: dict[str, Bad] = {
    "file.not_found": Bad(NAME, _nothing_there),
    "file.is_folder": Bad(NAME, _folder),
    "file.no_access": _refused(PermissionError(errno.EACCES, "Permission denied")),
    "file.in_cloud": _refused(None),
    "file.heavy": Bad(NAME, _heavy),
    "file.owner_lock": _file(b"\x05Admin", "~$登记.xlsx", "~$登记.xlsx"),
    "file.empty": _file(b""),
    "file.html": _file(b"<html><table><tr><td>1</td></tr></table></html>"),
    "file.text": _file("名称,信用代码\n星河科技,1\n".encode("gb18030")),
    "file.xml_spreadsheet": _file(
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    ),
    "file.old_xls": _file(ole("Workbook"), "登记.xls", "登记.xls"),
    "file.wps_table": _file(ole("Workbook"), "登记.et", "登记.et"),
    "file.old_document": _file(ole("WordDocument")),
    "file.encrypted": _file(ole("EncryptionInfo", "EncryptedPackage")),
    "file.binary_workbook": _file(zipped({"xl/workbook.bin": "x"}), "登记.xlsb", "登记.xlsb"),
    "file.unknown_kind": _file(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    "file.truncated": _file(workbook(GOOD)[:300]),
    "file.no_workbook": _file(zipped({"word/document.xml": "<x/>"})),
    "file.sheet_damaged": _file(
        zipped({name: xml for name, xml in parts(GOOD).items() if "sheet1" not in name}), "登记表"
    ),
    "file.prefixed": _known("something before"),
    "file.trailing": _file(READ["something behind"][0]),
    "file.bad_crc": _known("checksum of the sheet"),
    "file.part_twice": _known("a part twice"),
    "file.bad_path": _known("a path upwards"),
    "file.zip_password": _known("a password by the zip program"),
    "file.entities": _known("entities in the sheet"),
    "file.too_large": _known("a bomb of 900 MB"),
    "file.part_too_large": Bad("登记表", _many_megabytes),
    "file.sheet_too_large": _known("two hundred thousand filled rows and more"),
    "file.far_cell": _file(
        workbook(GOOD + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "登记表!XFD1048576"
    ),
}
