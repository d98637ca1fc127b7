# ruff: noqa: E501
"""Workbooks with parts that most libraries drop: controls, slicers, comments, pictures, macros, caches."""

from __future__ import annotations

from tests.graft.workbook import (
    ANCHOR,
    DRAWING,
    FIRST,
    HEAD,
    MAIN,
    MC,
    MS,
    OFFICE,
    PICTURE,
    PIXEL,
    SHAPE,
    SHEET,
    VML,
    WSDR,
    X14,
    Workbook,
)


def form_controls() -> Workbook:
    w = Workbook()
    w.defaults["vml"] = "application/vnd.openxmlformats-officedocument.vmlDrawing"
    vml = w.add(
        "xl/drawings/vmlDrawing1.vml",
        VML.format("Checkbox", "<x:FmlaLink>$D$1</x:FmlaLink>"),
        "",
        FIRST,
        f"{OFFICE}/vmlDrawing",
    )
    prop = w.add(
        "xl/ctrlProps/ctrlProp1.xml", f'{HEAD}<formControlPr xmlns="{X14}" objectType="CheckBox" fmlaLink="$D$1"/>',
        "application/vnd.ms-excel.controlproperties+xml", FIRST, f"{OFFICE}/ctrlProp",
    )  # fmt: skip
    w.first(
        f'<legacyDrawing r:id="{vml}"/><mc:AlternateContent xmlns:mc="{MC}"><mc:Choice xmlns:x14="{X14}" Requires="x14"><controls>'
        f'<control shapeId="1025" r:id="{prop}" name="复选框 1"/></controls></mc:Choice></mc:AlternateContent>'
    )
    return w


def slicers() -> Workbook:
    w = Workbook()
    table = w.add(
        "xl/tables/table1.xml",
        f'{HEAD}<table xmlns="{MAIN}" id="1" name="表1" displayName="表1" ref="A1:B2" totalsRowShown="0"><autoFilter ref="A1:B2"/>'
        '<tableColumns count="2"><tableColumn id="1" name="甲"/><tableColumn id="2" name="乙"/></tableColumns></table>',
        f"{SHEET}.table+xml", FIRST, f"{OFFICE}/table",
    )  # fmt: skip
    slicer = w.add(
        "xl/slicers/slicer1.xml",
        f'{HEAD}<slicers xmlns="{X14}"><slicer name="甲" cache="切片器_甲" caption="甲" rowHeight="241300"/></slicers>',
        "application/vnd.ms-excel.slicer+xml", FIRST, f"{MS}/2007/relationships/slicer",
    )  # fmt: skip
    cache = w.add(
        "xl/slicerCaches/slicerCache1.xml",
        f'{HEAD}<slicerCacheDefinition xmlns="{X14}" name="切片器_甲" sourceName="甲"><extLst><x:ext '
        f'xmlns:x="{MAIN}" uri="{{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}}" xmlns:x15="{MS}/spreadsheetml/2010/11/main">'
        '<x15:tableSlicerCache tableId="1" column="1"/></x:ext></extLst></slicerCacheDefinition>',
        "application/vnd.ms-excel.slicerCache+xml", "xl/workbook.xml", f"{MS}/2007/relationships/slicerCache",
    )  # fmt: skip
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1" t="inlineStr"><is><t>乙</t></is></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>'
    w.first(
        f'<tableParts count="1"><tablePart r:id="{table}"/></tableParts><extLst><ext uri="{{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}}">'
        f'<x14:slicerList xmlns:x14="{X14}"><x14:slicer r:id="{slicer}"/></x14:slicerList></ext></extLst>', rows=rows,
    )  # fmt: skip
    w.after_sheets = (
        '<definedNames><definedName name="切片器_甲">#N/A</definedName></definedNames><extLst><ext uri="{46BE6895-7355-4a93-B00E-2C351335B9C9}">'
        f'<x15:slicerCaches xmlns:x15="{MS}/spreadsheetml/2010/11/main"><x14:slicerCache xmlns:x14="{X14}" r:id="{cache}"/></x15:slicerCaches></ext></extLst>'
    )
    return w


def threaded_comments() -> Workbook:
    w = Workbook()
    ns = f"{MS}/spreadsheetml/2018/threadedcomments"
    w.defaults["vml"] = "application/vnd.openxmlformats-officedocument.vmlDrawing"
    vml = w.add(
        "xl/drawings/vmlDrawing1.vml",
        VML.format("Note", "<x:Row>0</x:Row><x:Column>0</x:Column>"),
        "",
        FIRST,
        f"{OFFICE}/vmlDrawing",
    )
    w.add(
        "xl/comments1.xml",
        f'{HEAD}<comments xmlns="{MAIN}"><authors><author>tc={{00000000-0001-0000-0000-000000000001}}</author></authors><commentList>'
        '<comment ref="A1" authorId="0"><text><t>请核实</t></text></comment></commentList></comments>',
        f"{SHEET}.comments+xml", FIRST, f"{OFFICE}/comments",
    )  # fmt: skip
    w.add(
        "xl/threadedComments/threadedComment1.xml",
        f'{HEAD}<ThreadedComments xmlns="{ns}"><threadedComment ref="A1" dT="2026-05-01T08:00:00.00" '
        'personId="{00000000-0000-0000-0000-000000000002}" id="{00000000-0001-0000-0000-000000000001}"><text>请核实</text></threadedComment></ThreadedComments>',
        "application/vnd.ms-excel.threadedcomments+xml", FIRST, f"{MS}/2017/10/relationships/threadedComment",
    )  # fmt: skip
    w.add(
        "xl/persons/person.xml",
        f'{HEAD}<personList xmlns="{ns}"><person displayName="示例甲" id="{{00000000-0000-0000-0000-000000000002}}" userId="x" providerId="None"/></personList>',
        "application/vnd.ms-excel.person+xml", "xl/workbook.xml", f"{MS}/2017/10/relationships/person",
    )  # fmt: skip
    w.first(f'<legacyDrawing r:id="{vml}"/>')
    return w


def x14_validations() -> Workbook:
    w = Workbook()
    w.first(
        f'<extLst><ext xmlns:x14="{X14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}"><x14:dataValidations '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1"><x14:dataValidation type="list"><x14:formula1><xm:f>附表!$A$1:$A$2</xm:f>'
        "</x14:formula1><xm:sqref>A1:A9</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    return w


def x14_conditional_formats() -> Workbook:
    w = Workbook()
    w.first(
        f'<conditionalFormatting sqref="B1:B9"><cfRule type="cellIs" dxfId="0" priority="1" operator="greaterThan"><formula>1</formula></cfRule></conditionalFormatting>'
        f'<extLst><ext xmlns:x14="{X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}"><x14:conditionalFormattings><x14:conditionalFormatting '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:cfRule type="dataBar" id="{00000000-000E-0000-0000-000001000000}">'
        '<x14:dataBar><x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/></x14:dataBar></x14:cfRule><xm:sqref>B1:B9</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>'
    )
    return w


def cell_images() -> Workbook:
    """Pictures in cells, as WPS has them."""
    w = Workbook()
    w.defaults["png"] = "image/png"
    ns = "http://www.wps.cn/officeDocument/2017/etCustomData"
    image = w.add("xl/media/image1.png", PIXEL, "", "xl/cellimages.xml", f"{OFFICE}/image")
    w.add(
        "xl/cellimages.xml",
        f'{HEAD}<etc:cellImages xmlns:etc="{ns}" {WSDR}><etc:cellImage>{PICTURE.format("ID_0123456789ABCDEF", image)}</etc:cellImage></etc:cellImages>',
        "application/vnd.wps-officedocument.cellimage+xml", "xl/workbook.xml", "http://www.wps.cn/officeDocument/2020/cellImage",
    )  # fmt: skip
    w.first(
        rows='<row r="1"><c r="A1" t="str"><f>_xlfn.DISPIMG("ID_0123456789ABCDEF",1)</f><v>=DISPIMG("ID_0123456789ABCDEF",1)</v></c></row>'
    )
    return w


def custom_ui() -> Workbook:
    w = Workbook()
    ns = f"{MS}/2009/07/customui"
    w.add(
        "customUI/customUI14.xml", f'{HEAD}<customUI xmlns="{ns}"><ribbon><tabs><tab id="t" label="本处"/></tabs></ribbon></customUI>',
        "", "", f"{MS}/2007/relationships/ui/extensibility",
    )  # fmt: skip
    return w


def vba_project() -> Workbook:
    w = Workbook()
    w.kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    w.before_sheets = '<workbookPr codeName="ThisWorkbook"/><bookViews><workbookView activeTab="0"/></bookViews>'
    w.first(before='<sheetPr codeName="Sheet1"/>')
    w.add(
        "xl/vbaProject.bin",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
        "application/vnd.ms-office.vbaProject",
        "xl/workbook.xml",
        f"{MS}/2006/relationships/vbaProject",
    )
    return w


def external_links() -> Workbook:
    w = Workbook()
    link = w.add(
        "xl/externalLinks/externalLink1.xml",
        f'{HEAD}<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"><sheetNames><sheetName val="上年"/></sheetNames>'
        '<sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1"><v>7</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>',
        f"{SHEET}.externalLink+xml", "xl/workbook.xml", f"{OFFICE}/externalLink",
    )  # fmt: skip
    w.relate("xl/externalLinks/externalLink1.xml", f"{OFFICE}/externalLinkPath", "2025%E5%B9%B4.xlsx", outside=True)
    w.after_sheets = (
        f'<externalReferences><externalReference r:id="{link}"/></externalReferences><calcPr calcId="191029"/>'
    )
    w.first(rows='<row r="1"><c r="A1"><f>[1]上年!A1</f><v>7</v></c></row>')
    return w


def custom_xml() -> Workbook:
    w = Workbook()
    w.add(
        "customXml/item1.xml",
        "<本单位 xmlns='urn:example:office'><编号>7</编号></本单位>",
        "",
        "",
        f"{OFFICE}/customXml",
    )
    w.add(
        "customXml/itemProps1.xml",
        f'{HEAD}<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml" ds:itemID="{{00000000-0000-0000-0000-000000000003}}"/>',
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml", "customXml/item1.xml", f"{OFFICE}/customXmlProps",
    )  # fmt: skip
    return w


def pivot_caches() -> Workbook:
    w = Workbook()
    definition = "xl/pivotCache/pivotCacheDefinition1.xml"
    id = w.add(
        definition,
        f'{HEAD}<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rId1" refreshedBy="示例" recordCount="1"><cacheSource type="worksheet">'
        '<worksheetSource ref="A1:A2" sheet="登记"/></cacheSource><cacheFields count="1"><cacheField name="星河孵化器" numFmtId="0"><sharedItems count="1"><s v="云杉空间"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>',
        f"{SHEET}.pivotCacheDefinition+xml", "xl/workbook.xml", f"{OFFICE}/pivotCacheDefinition",
    )  # fmt: skip
    w.add(
        "xl/pivotCache/pivotCacheRecords1.xml", f'{HEAD}<pivotCacheRecords xmlns="{MAIN}" count="1"><r><x v="0"/></r></pivotCacheRecords>',
        f"{SHEET}.pivotCacheRecords+xml", definition, f"{OFFICE}/pivotCacheRecords",
    )  # fmt: skip
    w.add(
        "xl/pivotTables/pivotTable1.xml",
        f'{HEAD}<pivotTableDefinition xmlns="{MAIN}" name="透视表1" cacheId="1" dataCaption="值"><location ref="A4:A6" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>'
        '<pivotFields count="1"><pivotField axis="axisRow" showAll="0"><items count="2"><item x="0"/><item t="default"/></items></pivotField></pivotFields>'
        '<rowFields count="1"><field x="0"/></rowFields></pivotTableDefinition>',
        f"{SHEET}.pivotTable+xml", "xl/worksheets/sheet2.xml", f"{OFFICE}/pivotTable",
    )  # fmt: skip
    w.relate("xl/pivotTables/pivotTable1.xml", f"{OFFICE}/pivotCacheDefinition", f"/{definition}")
    w.after_sheets = f'<pivotCaches><pivotCache cacheId="1" r:id="{id}"/></pivotCaches>'
    return w


def chart_sheets() -> Workbook:
    w = Workbook(("登记", "附表", "图表1"))
    del w.parts["xl/worksheets/sheet3.xml"], w.types["xl/worksheets/sheet3.xml"]
    w.rels["xl/workbook.xml"] = [
        (id, f"{OFFICE}/chartsheet", "chartsheets/sheet1.xml", False)
        if target.endswith("sheet3.xml")
        else (id, kind, target, outside)
        for id, kind, target, outside in w.rels["xl/workbook.xml"]
    ]
    c = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    w.add(
        "xl/charts/chart1.xml",
        f'{HEAD}<c:chartSpace xmlns:c="{c}"><c:chart><c:plotArea><c:layout/><c:barChart><c:barDir val="col"/><c:ser><c:idx val="0"/><c:order val="0"/>'
        '<c:val><c:numRef><c:f>登记!$B$1</c:f></c:numRef></c:val></c:ser><c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling/><c:axPos val="b"/><c:crossAx val="2"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart></c:chartSpace>',
        "application/vnd.openxmlformats-officedocument.drawingml.chart+xml", "xl/drawings/drawing1.xml", f"{OFFICE}/chart",
    )  # fmt: skip
    w.add(
        "xl/drawings/drawing1.xml",
        f'{HEAD}<xdr:wsDr {WSDR}><xdr:absoluteAnchor><xdr:pos x="0" y="0"/><xdr:ext cx="9000000" cy="6000000"/><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>'
        '<xdr:cNvPr id="2" name="图表 1"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData '
        f'uri="{c}"><c:chart xmlns:c="{c}" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:absoluteAnchor></xdr:wsDr>',
        DRAWING, "xl/chartsheets/sheet1.xml", f"{OFFICE}/drawing",
    )  # fmt: skip
    w.add(
        "xl/chartsheets/sheet1.xml",
        f'{HEAD}<chartsheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheetViews><sheetView workbookViewId="0"/></sheetViews><drawing r:id="rId1"/></chartsheet>',
        f"{SHEET}.chartsheet+xml",
    )  # fmt: skip
    return w


def pictures_and_shapes() -> Workbook:
    w = Workbook()
    w.defaults["png"] = "image/png"
    image = w.add("xl/media/image1.png", PIXEL, "", "xl/drawings/drawing1.xml", f"{OFFICE}/image")
    drawing = w.add(
        "xl/drawings/drawing1.xml", f'{HEAD}<xdr:wsDr {WSDR}>{ANCHOR.format(PICTURE.format("图1", image))}{ANCHOR.format(SHAPE)}</xdr:wsDr>',
        DRAWING, FIRST, f"{OFFICE}/drawing",
    )  # fmt: skip
    w.first(f'<drawing r:id="{drawing}"/>')
    return w


def printer_settings_and_background() -> Workbook:
    w = Workbook()
    w.defaults |= {"bin": f"{SHEET}.printerSettings", "png": "image/png"}
    printer = w.add(
        "xl/printerSettings/printerSettings1.bin", bytes(range(256)), "", FIRST, f"{OFFICE}/printerSettings"
    )
    image = w.add("xl/media/image1.png", PIXEL, "", FIRST, f"{OFFICE}/image")
    w.first(
        f'<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/><pageSetup orientation="portrait" r:id="{printer}"/><picture r:id="{image}"/>'
    )
    return w


def sensitivity_label() -> Workbook:
    w = Workbook()
    w.add(
        "docMetadata/LabelInfo.xml",
        '<?xml version="1.0" encoding="utf-8" standalone="yes"?><clbl:labelList xmlns:clbl="http://schemas.microsoft.com/office/2020/mipLabelMetadata"><clbl:label id="{0}" enabled="1" method="Standard" siteId="{0}" contentBits="0" removed="0"/></clbl:labelList>',
        "", "", "http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels",
    )  # fmt: skip
    return w


def connections() -> Workbook:
    w = Workbook()
    w.add(
        "xl/connections.xml",
        f'{HEAD}<connections xmlns="{MAIN}"><connection id="1" name="查询 - 企业" type="5" refreshedVersion="8" background="1"><dbPr connection="Provider=Microsoft.Mashup.OleDb.1" command="SELECT * FROM [企业]"/></connection></connections>',
        f"{SHEET}.connections+xml", "xl/workbook.xml", f"{OFFICE}/connections",
    )  # fmt: skip
    return w
