# ruff: noqa: E501
"""A small workbook, part by part, for the tests' XML that no library writes."""

from __future__ import annotations

import base64
import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MS = "http://schemas.microsoft.com/office"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"
X14 = f"{MS}/spreadsheetml/2009/9/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

Parts = dict[str, bytes]


class Workbook:
    """Parts with their types and relationships; written out in the end."""

    def __init__(self, sheets: tuple[str, ...] = ("登记", "附表")) -> None:
        self.parts: Parts = {}
        self.types: dict[str, str] = {}
        self.defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
        self.rels: dict[str, list[tuple[str, str, str, bool]]] = {}
        self.titles = list(sheets)
        self.sheet_attributes: dict[str, str] = {}
        self.root = f'xmlns="{MAIN}" xmlns:r="{OFFICE}"'
        self.before_sheets, self.after_sheets = '<workbookPr/><bookViews><workbookView activeTab="1"/></bookViews>', ""
        self.kind = f"{SHEET}.sheet.main+xml"
        self.add("xl/workbook.xml", "", self.kind, "", f"{OFFICE}/officeDocument")
        for n, title in enumerate(sheets, 1):
            self.sheet(f"xl/worksheets/sheet{n}.xml", self.cells(title))
        self.add("xl/styles.xml", STYLES, f"{SHEET}.styles+xml", "xl/workbook.xml", f"{OFFICE}/styles")
        self.add(
            "xl/sharedStrings.xml",
            f'{HEAD}<sst xmlns="{MAIN}" count="2" uniqueCount="2"><si><t>星河孵化器</t></si><si><t>云杉空间</t></si></sst>',
            f"{SHEET}.sharedStrings+xml", "xl/workbook.xml", f"{OFFICE}/sharedStrings",
        )  # fmt: skip

    @staticmethod
    def cells(title: str) -> str:
        return (
            '<row r="1"><c r="A1" t="s" s="1"><v>0</v></c><c r="B1" s="2"><v>45000</v></c><c r="C1"><f>B1*2</f><v>90000</v></c></row>'
            f'<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="inlineStr"><is><t>{title}</t></is></c></row>'
        )

    def sheet(self, path: str, rows: str, before: str = "", after: str = "", root: str = "") -> None:
        xml = f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"{root}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
        if path in self.parts:
            self.parts[path] = xml.encode()
        else:
            self.add(path, xml, f"{SHEET}.worksheet+xml", "xl/workbook.xml", f"{OFFICE}/worksheet")

    def first(self, after: str = "", root: str = "", before: str = "", rows: str = "") -> None:
        """Write the first sheet anew with more around its rows."""
        self.sheet("xl/worksheets/sheet1.xml", rows or self.cells("登记"), before, after, root)

    def add(
        self,
        path: str,
        content: str | bytes,
        type: str = "",
        owner: str | None = None,
        kind: str = "",
        target: str = "",
    ) -> str:
        """A part, and a relationship from ``owner`` to it; gives the relationship's id."""
        self.parts[path] = content.encode() if isinstance(content, str) else content
        if type:
            self.types[path] = type
        return self.relate(owner, kind, target or f"/{path}") if owner is not None else ""

    def relate(self, owner: str, kind: str, target: str, outside: bool = False) -> str:
        rels = self.rels.setdefault(owner, [])
        rels.append((f"rId{len(rels) + 1}", kind, target, outside))
        return rels[-1][0]

    def done(self) -> Parts:
        ids = [
            id
            for id, kind, _, _ in self.rels["xl/workbook.xml"]
            if kind.endswith(("/worksheet", "/chartsheet", "/dialogsheet", "/xlMacrosheet"))
        ]
        listed = "".join(
            f'<sheet name="{title}" sheetId="{n * 3}"{self.sheet_attributes.get(title, "")} r:id="{id}"/>'
            for n, (title, id) in enumerate(zip(self.titles, ids, strict=True), 1)
        )
        if not self.parts["xl/workbook.xml"]:
            self.parts["xl/workbook.xml"] = (
                f"{HEAD}<workbook {self.root}>{self.before_sheets}<sheets>{listed}</sheets>{self.after_sheets}</workbook>"
            ).encode()
        self.types["xl/workbook.xml"] = self.kind
        out: Parts = {"[Content_Types].xml": self._types().encode()}
        for owner, rels in self.rels.items():
            folder, _, leaf = owner.rpartition("/")
            lines = "".join(
                f'<Relationship Id="{id}" Type="{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if outside else ""}/>'
                for id, kind, target, outside in rels
            )
            name = f"{folder}/_rels/{leaf}.rels".lstrip("/")
            out[name] = f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'.encode()
        return out | self.parts

    def _types(self) -> str:
        defaults = "".join(f'<Default Extension="{e}" ContentType="{t}"/>' for e, t in self.defaults.items())
        overrides = "".join(f'<Override PartName="/{p}" ContentType="{t}"/>' for p, t in self.types.items())
        return f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{defaults}{overrides}</Types>'


class Ready(Workbook):
    """Parts that are made already."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def done(self) -> Parts:
        return self.parts


def zipped(parts: Parts) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 3, 4, 5, 6, 8)), content)
    return target.getvalue()


STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="等线"/></font><font><b/><sz val="14"/><name val="黑体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles>'
    '<dxfs count="1"><dxf><font><color rgb="FFFF0000"/></font></dxf></dxfs></styleSheet>'
)
VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,xe"/>'
    '<v:shape id="_x0000_s1025" type="#_x0000_t201" style="position:absolute;width:80pt;height:20pt"><x:ClientData '
    'ObjectType="{}"><x:Anchor>3, 0, 3, 0, 5, 0, 5, 0</x:Anchor>{}</x:ClientData></v:shape></xml>'
)
WSDR = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="' + OFFICE + '"'
)
ANCHOR = (
    "<xdr:oneCellAnchor><xdr:from><xdr:col>4</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>4</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    '<xdr:ext cx="900000" cy="300000"/>{}<xdr:clientData/></xdr:oneCellAnchor>'
)
PICTURE = (
    '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="{0}"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="{1}"/>'
    '</xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
)
SHAPE = (
    '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="3" name="文本框"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>填报说明</a:t></a:r></a:p></xdr:txBody></xdr:sp>'
)
FIRST = "xl/worksheets/sheet1.xml"
