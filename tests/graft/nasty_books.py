# ruff: noqa: E501
"""Workbooks whose own parts are out of the ordinary: states, names, styles, encodings, prefixes, protection."""

from __future__ import annotations

import re

from tests.graft.workbook import HEAD, MAIN, MC, MS, OFFICE, SHEET, STYLES, Ready, Workbook


def very_hidden() -> Workbook:
    w = Workbook(("登记", "参数", "附表"))
    w.sheet_attributes = {"参数": ' state="veryHidden"', "附表": ' state="hidden"'}
    w.before_sheets = '<bookViews><workbookView firstSheet="0" activeTab="0"/></bookViews>'
    return w


def dynamic_arrays() -> Workbook:
    w = Workbook()
    w.add(
        "xl/metadata.xml",
        f'{HEAD}<metadata xmlns="{MAIN}" xmlns:xda="{MS}/spreadsheetml/2017/dynamicarray"><metadataTypes count="1"><metadataType '
        'name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" cellMeta="1"/></metadataTypes>'
        '<futureMetadata name="XLDAPR" count="1"><bk><extLst><ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata>'
        '<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>',
        f"{SHEET}.sheetMetadata+xml", "xl/workbook.xml", f"{OFFICE}/sheetMetadata",
    )  # fmt: skip
    w.first(
        rows='<row r="1"><c r="A1" cm="1"><f t="array" ref="A1:A2">_xlfn._xlws.SORT(B1:B2)</f><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>2</v></c><c r="B2"><v>1</v></c></row>'
    )
    return w


def edit_ranges() -> Workbook:
    w = Workbook()
    w.first(
        '<sheetProtection algorithmName="SHA-512" hashValue="AAAA" saltValue="AAAA" spinCount="100000" sheet="1" objects="1"/>'
        '<protectedRanges><protectedRange algorithmName="SHA-512" hashValue="AAAA" saltValue="AAAA" spinCount="100000" sqref="A1:A9" name="可填区域"/></protectedRanges>'
    )
    return w


def sheet_protection() -> Workbook:
    w = Workbook()
    w.first('<sheetProtection password="CC1A" sheet="1" objects="1" scenarios="1"/>')
    w.before_sheets = (
        '<fileSharing readOnlyRecommended="1" userName="示例"/><workbookPr/><workbookProtection workbookPassword="CC1A" lockWindows="1"/>'
        + w.before_sheets.replace("<workbookPr/>", "")
    )
    return w


def year_1904() -> Workbook:
    w = Workbook()
    w.before_sheets = '<workbookPr date1904="1"/>'
    return w


def many_styles() -> Workbook:
    w = Workbook()
    more = "".join(
        f'<xf numFmtId="{n % 40 % 12}" fontId="{n % 2}" fillId="0" borderId="0" xfId="0"/>' for n in range(20_000)
    )
    w.parts["xl/styles.xml"] = (
        STYLES.replace('<cellXfs count="3">', '<cellXfs count="20003">')
        .replace("</cellXfs>", f"{more}</cellXfs>")
        .encode()
    )
    w.first(rows='<row r="1"><c r="A1" s="20002"><v>1</v></c></row>')
    return w


def local_names() -> Workbook:
    w = Workbook(("登记", "附'表", "第三"))
    w.after_sheets = (
        '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">登记!$A$1:$B$2</definedName>'
        '<definedName name="_xlnm.Print_Titles" localSheetId="2">第三!$1:$1</definedName><definedName name="范围" localSheetId="1">\'附\'\'表\'!$A$1</definedName>'
        '<definedName name="范围" comment="全局">登记!$A$1</definedName></definedNames><calcPr calcId="191029" iterate="1" fullPrecision="0"/>'
    )
    return w


def relative_targets() -> Workbook:
    """Targets as Excel itself writes them, and one with a detour."""
    w = Workbook()
    w.rels["xl/workbook.xml"] = [
        (i, k, t.replace("/xl/", "./../xl/" if "sheet2" in t else ""), o) for i, k, t, o in w.rels["xl/workbook.xml"]
    ]
    w.rels[""] = [(i, k, t.lstrip("/"), o) for i, k, t, o in w.rels[""]]
    return w


def unusual_names() -> Workbook:
    """The workbook lies in no folder, a sheet in one with a blank and Chinese, and letter case differs."""
    w = Workbook()
    moved = {
        "xl/workbook.xml": "Book.xml",
        "xl/worksheets/sheet1.xml": "tab%20les/表A.xml",
        "xl/styles.xml": "XL/Styles.XML",
    }
    w.done()
    made = w.done()
    parts = {}
    for name, content in made.items():
        parts[name] = content
        for old, new in moved.items():
            parts[name] = parts[name].replace(f"/{old}".encode(), f"/{new}".encode())
    w.parts = {
        moved.get(n, n).replace("%20", " "): c
        for n, c in parts.items()
        if not n.endswith(".rels") and n != "[Content_Types].xml"
    }
    return Ready(
        w.parts
        | {
            "[Content_Types].xml": parts["[Content_Types].xml"],
            "_rels/.rels": parts["_rels/.rels"],
            "_rels/Book.xml.rels": parts["xl/_rels/workbook.xml.rels"],
        }
    )


def byte_order_mark() -> Workbook:
    made = Workbook().done()
    bom = b"\xef\xbb\xbf"
    names = ("xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels")
    return Ready(made | {name: bom + made[name] for name in names})


def utf_16() -> Workbook:
    made = Workbook().done()
    names = ("xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels")
    return Ready(made | {name: made[name].decode().replace('"UTF-8"', '"UTF-16"').encode("utf-16") for name in names})


def gb18030() -> Workbook:
    made = Workbook().done()
    book = made["xl/workbook.xml"].decode().replace('"UTF-8"', '"GB18030"').encode("gb18030")
    return Ready(made | {"xl/workbook.xml": book})


def alternate_content() -> Workbook:
    w = Workbook()
    w.root += f' xmlns:mc="{MC}" mc:Ignorable="x15 xr" xmlns:x15="{MS}/spreadsheetml/2010/11/main" xmlns:xr="{MS}/spreadsheetml/2014/revision"'
    w.before_sheets = (
        '<fileVersion appName="xl" lastEdited="7"/><workbookPr defaultThemeVersion="166925"/><mc:AlternateContent><mc:Choice Requires="x15">'
        f'<x15ac:absPath url="C:\\报表\\" xmlns:x15ac="{MS}/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent>'
        '<xr:revisionPtr revIDLastSave="0" documentId="13_ncr:1_{0}"/><bookViews><workbookView activeTab="1" xr2:uid="{0}" '
        f'xmlns:xr2="{MS}/spreadsheetml/2015/revision2"/></bookViews>'
    )
    w.after_sheets = '<calcPr calcId="191029"/>'
    return w


def no_styles() -> Workbook:
    w = Workbook()
    del w.parts["xl/styles.xml"], w.types["xl/styles.xml"]
    w.rels["xl/workbook.xml"] = [r for r in w.rels["xl/workbook.xml"] if not r[1].endswith("/styles")]
    for n in (1, 2):
        w.sheet(f"xl/worksheets/sheet{n}.xml", '<row r="1"><c r="A1"><v>1</v></c></row>')
    return w


def bare_styles() -> Workbook:
    """Cell formats without the fonts, fills and borders that they name; libraries of some systems write this."""
    w = Workbook()
    w.parts["xl/styles.xml"] = (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="2"/></cellXfs></styleSheet>'.encode()
    )
    return w


def no_shared_strings() -> Workbook:
    w = Workbook()
    del w.parts["xl/sharedStrings.xml"], w.types["xl/sharedStrings.xml"]
    w.rels["xl/workbook.xml"] = [r for r in w.rels["xl/workbook.xml"] if not r[1].endswith("/sharedStrings")]
    for n in (1, 2):
        w.sheet(
            f"xl/worksheets/sheet{n}.xml", '<row r="1"><c r="A1" t="inlineStr" s="1"><is><t>星河</t></is></c></row>'
        )
    return w


def prefixed() -> Workbook:
    """Every element with a prefix, as .NET's libraries write."""
    made = Workbook().done()

    def with_prefix(content: bytes) -> bytes:
        text = content.decode().replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
        return re.sub(r"<(/?)(?![?!])([A-Za-z])", r"<\1x:\2", text).encode()

    names = [n for n in made if n.startswith("xl/") and n.endswith(".xml")]
    return Ready(made | {name: with_prefix(made[name]) for name in names})


def calculation_chain() -> Workbook:
    w = Workbook()
    w.add(
        "xl/calcChain.xml",
        f'{HEAD}<calcChain xmlns="{MAIN}"><c r="C1" i="3"/><c r="C1" i="6"/></calcChain>',
        f"{SHEET}.calcChain+xml",
        "xl/workbook.xml",
        f"{OFFICE}/calcChain",
    )
    w.after_sheets = '<calcPr calcId="191029" calcMode="manual"/>'
    return w


def old_macro_sheet() -> Workbook:
    """An Excel 4.0 macro sheet among the sheets: it counts for localSheetId."""
    w = Workbook(("登记", "宏1", "附表"))
    w.kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    w.rels["xl/workbook.xml"] = [
        (i, f"{MS}/2006/relationships/xlMacrosheet" if t.endswith("sheet2.xml") else k, t, o)
        for i, k, t, o in w.rels["xl/workbook.xml"]
    ]
    w.types["xl/worksheets/sheet2.xml"] = "application/vnd.ms-excel.macrosheet+xml"
    w.parts["xl/worksheets/sheet2.xml"] = (
        f'{HEAD}<xm:macrosheet xmlns="{MAIN}" xmlns:xm="{MS}/excel/2006/main"><sheetData><row r="1"><c r="A1"><f>RETURN()</f><v>0</v></c></row></sheetData></xm:macrosheet>'.encode()
    )
    w.after_sheets = '<definedNames><definedName name="范围" localSheetId="2">附表!$A$1</definedName></definedNames>'
    return w
