"""``incubxl.xlam``: the parts of the smallest add-in workbook around a VBA project and a ribbon.

Zip entries are stored, not deflated, with one fixed date: the same sources give the same bytes with every Python and
every zlib.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from incubxl.addin.project import vba_project
from incubxl.addin.sources import Sources

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DATE = (2026, 1, 1, 0, 0, 0)
_TITLE = "孵化管理（incubxl）"
_ABOUT = "孵化器、众创空间管理办法的年度核对。源代码见 macros 文件夹。"

_TYPES = {
    "/xl/workbook.xml": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
    "/xl/worksheets/sheet1.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
    "/xl/styles.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml",
    "/xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
    "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_WORKBOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr codeName="ThisWorkbook"/>'
    '<bookViews><workbookView visibility="hidden"/></bookViews>'
    '<sheets><sheet name="texts" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def build(sources: Sources) -> bytes:
    """The add-in's bytes. Raises ValueError (also UnicodeEncodeError) for sources that a VBA project cannot hold."""
    parts: dict[str, bytes] = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(
            ("rId1", f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
            ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (
                "rId3",
                "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
                "customUI/customUI14.xml",
            ),
        ),
        "xl/workbook.xml": _xml(_WORKBOOK),
        "xl/_rels/workbook.xml.rels": _relationships(
            ("rId1", f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"),
            ("rId2", f"{_OFFICE}/styles", "styles.xml"),
            ("rId3", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
        ),
        "xl/worksheets/sheet1.xml": _texts(sources.texts),
        "xl/styles.xml": _xml(_STYLES),
        "xl/vbaProject.bin": vba_project(sources.modules),
        "docProps/core.xml": _core(),
        "customUI/customUI14.xml": sources.ribbon,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = 0
            archive.writestr(info, data)
    return buffer.getvalue()


def _xml(text: str) -> bytes:
    return (_HEAD + text).encode("utf-8")


def _content_types() -> bytes:
    rows = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in _TYPES.items())
    return _xml(
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def _relationships(*rows: tuple[str, str, str]) -> bytes:
    found = "".join(f'<Relationship Id="{id}" Type="{type}" Target="{target}"/>' for id, type, target in rows)
    return _xml(f'<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>')


def _texts(texts: Mapping[str, str]) -> bytes:
    """The one sheet: column A a text's name, column B the text."""
    rows = "".join(
        f'<row r="{n}">{_cell(f"A{n}", name)}{_cell(f"B{n}", text)}</row>'
        for n, (name, text) in enumerate(texts.items(), 1)
    )
    return _xml(
        f'<worksheet xmlns="{_MAIN}"><sheetPr codeName="Sheet1"/><sheetData>{rows}</sheetData></worksheet>',
    )


def _cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _core() -> bytes:
    """What Excel's list of add-ins shows."""
    return _xml(
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{_TITLE}</dc:title>'
        f"<dc:description>{_ABOUT}</dc:description></cp:coreProperties>"
    )
