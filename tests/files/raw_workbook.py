"""Workbooks whose sheet XML is written by hand, for what no library writes."""

from __future__ import annotations

import io
import zipfile

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def parts(
    rows: str, shared: str = "", after: str = "", formats: tuple[str, ...] = (), date_1904: bool = False
) -> dict[str, str]:
    """The parts of a one-sheet workbook 「登记表」. ``formats``: numFmtId of cell styles 1, 2 …"""
    styles = "".join(f'<xf numFmtId="{number}"/>' for number in ("0", *formats))
    relation = f'<Relationship Id="{{}}" Type="{_OFFICE}/{{}}" Target="{{}}"/>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + relation.format("rId1", "officeDocument", "xl/workbook.xml")
        + "</Relationships>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + relation.format("rId1", "worksheet", "worksheets/sheet1.xml")
        + relation.format("rId2", "sharedStrings", "sharedStrings.xml")
        + relation.format("rId3", "styles", "styles.xml")
        + "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{int(date_1904)}"/>'
        '<sheets><sheet name="登记表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{shared}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs>{styles}</cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>',
    }


def zipped(entries: dict[str, str] | dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook(
    rows: str, shared: str = "", after: str = "", formats: tuple[str, ...] = (), date_1904: bool = False
) -> bytes:
    return zipped(parts(rows, shared, after, formats, date_1904))
