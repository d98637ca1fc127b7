"""What goes into the copy, what a second run replaces, and what is refused, and why."""

from __future__ import annotations

import io
import re
import struct
import zipfile

import openpyxl
import pytest
from lxml import etree

from incubxl.files.read import read_bytes
from incubxl.issues import CATALOGUE, Issue
from incubxl.publish.graft import look
from tests.graft.build import EVERY, TITLES, grafted, refused, result
from tests.graft.compare import Book, problems
from tests.graft.nasty import CASES
from tests.graft.workbook import HEAD, MAIN, OFFICE, SHEET, STYLES, VML, Parts, Workbook, zipped

NAME = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}definedName"


def plain(sheets: tuple[str, ...] = ("登记", "附表")) -> bytes:
    return zipped(Workbook(sheets).done())


def changed(data: bytes, **new: str | bytes | None) -> bytes:
    """The package with parts rewritten; None takes one out. Names with ``/`` as ``__`` and dots as ``_dot_``."""
    parts: Parts = {
        i.filename: zipfile.ZipFile(io.BytesIO(data)).read(i) for i in zipfile.ZipFile(io.BytesIO(data)).infolist()
    }
    for key, content in new.items():
        name = key.replace("__", "/").replace("_dot_", ".")
        if content is None:
            del parts[name]
        else:
            parts[name] = content.encode() if isinstance(content, str) else content
    return zipped(parts)


def book_xml(data: bytes) -> str:
    return Book(data).read("xl/workbook.xml").decode()


def edited(data: bytes, *swaps: tuple[str, str], part: str = "xl/workbook.xml") -> bytes:
    xml = Book(data).read(part).decode()
    for old, new in swaps:
        assert old in xml
        xml = xml.replace(old, new)
    return changed(data, **{part.replace("/", "__").replace(".", "_dot_"): xml})


def scoped(data: bytes) -> list[tuple[str, str, str]]:
    """Defined names as (name, the sheet they are of, text)."""
    titles = [title for title, _, _ in Book(data).sheets]
    return [
        (x.get("name") or "", titles[int(x.get("localSheetId") or 0)] if x.get("localSheetId") else "", x.text or "")
        for x in etree.fromstring(Book(data).read("xl/workbook.xml")).iter(NAME)
    ]


# What goes in.


def test_members_keep_their_order_time_and_packed_bytes() -> None:
    data = plain()
    copy = grafted(data)
    before, after = (zipfile.ZipFile(io.BytesIO(x)).infolist() for x in (data, copy))
    assert [i.filename for i in after][: len(before)] == [i.filename for i in before]
    assert {i.date_time for i in after[: len(before)]} == {(2024, 3, 4, 5, 6, 8)}
    for a, b in zip(before, after, strict=False):
        start, there = a.header_offset, b.header_offset
        length = 30 + len(a.filename.encode()) + a.compress_size
        if a.filename.startswith("xl/worksheets/"):
            assert data[start : start + length] == copy[there : there + length]


def test_our_sheets_hold_values_only_and_nothing_makes_excel_recalculate() -> None:
    data = CASES["calculation_chain"]()
    copy = grafted(data)
    for title, _, part in Book(copy).sheets:
        if title in TITLES:
            xml = Book(copy).read(part)
            assert b"<f" not in re.sub(rb"<(?:formula|fo)", b"", xml).replace(b"<firstHeader", b"")
            assert b't="s"' not in xml
    assert Book(copy).read("xl/calcChain.xml") == Book(data).read("xl/calcChain.xml")
    assert '<calcPr calcId="191029" calcMode="manual"/>' in book_xml(copy)
    assert "fullCalcOnLoad" not in book_xml(copy)


def test_notes_charts_and_print_titles_come_along() -> None:
    copy = grafted(plain())
    made = Book(copy)
    part = next(part for title, _, part in made.sheets if title == TITLES[0])
    kinds = {kind for kind, _, _ in made.reached(part)}
    assert {"drawing", "chart", "vmlDrawing", "comments"} <= kinds
    names = scoped(copy)
    assert ("_xlnm.Print_Titles", TITLES[0], f"{TITLES[0]}!$4:$4") in names
    assert [sheet for name, sheet, _ in names if name == "incubxl_result"] == list(TITLES)
    assert openpyxl.load_workbook(io.BytesIO(copy))[TITLES[0]]["A4"].comment is not None


def test_links_lead_to_the_user_s_cells_in_the_same_workbook() -> None:
    copy = grafted(plain(), made=result("登记"))
    sheet = openpyxl.load_workbook(io.BytesIO(copy))[TITLES[0]]
    assert (sheet["E5"].hyperlink.location, sheet["E5"].hyperlink.target) == ("'登记'!A1", None)
    assert sheet["A5"].hyperlink.location == f"'{TITLES[1]}'!A1"


def test_looks_are_those_of_a_workbook_of_its_own() -> None:
    copy, own = (openpyxl.load_workbook(io.BytesIO(x)) for x in (grafted(plain()), result()))
    for title in TITLES:
        for row in own[title].iter_rows():
            for cell in (c for c in row if c.has_style):  # the others are blank
                there = copy[title][cell.coordinate]
                if not (isinstance(cell.value, str) and cell.value.startswith("_x")):  # openpyxl reads it two ways
                    assert there.value == cell.value
                assert there.number_format == cell.number_format
                assert (there.font.name, there.font.b, there.font.sz) == (cell.font.name, cell.font.b, cell.font.sz)
                assert there.fill.fgColor.rgb == cell.fill.fgColor.rgb
                assert (there.border.left.style, there.alignment.wrap_text) == (
                    cell.border.left.style,
                    cell.alignment.wrap_text,
                )
        assert copy[title].protection.sheet


def test_only_the_user_s_sheet_is_open() -> None:
    copy = grafted(plain())
    assert 'activeTab="1"' in book_xml(copy)
    assert not [t for t, _, part in Book(copy).sheets if t in TITLES and b"tabSelected" in Book(copy).read(part)]


def test_days_in_a_workbook_that_counts_from_1904() -> None:
    grid, _ = read_bytes(grafted(CASES["year_1904"]()), "x.xlsx")
    assert grid is not None
    assert str(grid.sheets[TITLES[0]].rows[4][2]) == "2026-05-02"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"])
def test_a_part_that_is_missing_stays_missing(part: str) -> None:
    """Nothing of ours takes the name that the user's relationships or types still give it."""
    damaged = changed(plain(), **{part.replace("/", "__").replace(".", "_dot_"): None})
    copy = grafted(damaged)
    assert part not in zipfile.ZipFile(io.BytesIO(copy)).namelist()
    assert not problems(damaged, copy, TITLES)


def test_names_that_are_taken_are_not_used() -> None:
    w = Workbook()
    w.defaults["vml"] = "application/vnd.openxmlformats-officedocument.vmlDrawing"
    vml = w.add(
        "xl/drawings/VMLdrawing1.vml",
        VML.format("Note", "<x:Row>0</x:Row><x:Column>0</x:Column>"),
        "",
        "xl/worksheets/sheet1.xml",
        f"{OFFICE}/vmlDrawing",
    )
    w.add(
        "xl/comments1.xml", f'{HEAD}<comments xmlns="{MAIN}"><authors><author/></authors><commentList/></comments>',
        f"{SHEET}.comments+xml", "xl/worksheets/sheet1.xml", f"{OFFICE}/comments",
    )  # fmt: skip
    w.first(f'<legacyDrawing r:id="{vml}"/>')
    data = zipped(w.done())
    copy = grafted(data)
    assert problems(data, copy, TITLES) == []
    assert len({n.lower() for n in Book(copy).archive.namelist()}) == len(Book(copy).archive.namelist())


# A second run.


def test_ours_are_replaced_in_place_wherever_the_user_put_them() -> None:
    copy = grafted(CASES["local_names"]())
    titles = [title for title, _, _ in Book(copy).sheets]
    assert titles == ["登记", "附'表", "第三", *TITLES]
    rows = re.findall(r"<sheet [^>]*/>", book_xml(copy))
    order = [rows[3], rows[0], rows[4], rows[1], rows[2]]  # ours first and third
    xml = book_xml(copy).replace("".join(rows), "".join(order))
    place = {0: 1, 1: 3, 2: 4, 3: 0, 4: 2}
    xml = re.sub(r'localSheetId="(\d+)"', lambda m: f'localSheetId="{place[int(m[1])]}"', xml)
    moved = changed(copy, xl__workbook_dot_xml=xml)
    again = grafted(moved, made=result(rows=5))
    assert [t for t, _, _ in Book(again).sheets] == [TITLES[0], "登记", TITLES[1], "附'表", "第三"]
    mine = [n for n in scoped(again) if n[1] not in TITLES]
    assert mine == [n for n in scoped(moved) if n[1] not in TITLES]
    grid, _ = read_bytes(again, "x.xlsx")
    assert grid is not None
    assert grid.sheets[TITLES[0]].rows[8][0] == "A-005"


def test_ours_that_are_no_longer_made_go_and_the_user_s_names_move_up() -> None:
    copy = grafted(plain())
    rows = re.findall(r"<sheet [^>]*/>", book_xml(copy))
    xml = book_xml(copy).replace("".join(rows), "".join([rows[2], rows[0], rows[1], rows[3]]))
    xml = re.sub(r'localSheetId="2"', 'localSheetId="0"', xml).replace('activeTab="1"', 'activeTab="2"')
    xml = xml.replace(TITLES[0], EVERY[2]).replace(
        "<definedNames>", '<definedNames><definedName name="我的" localSheetId="2">附表!$A$1</definedName>'
    )
    again = grafted(changed(copy, xl__workbook_dot_xml=xml))
    assert [t for t, _, _ in Book(again).sheets] == ["登记", "附表", TITLES[1], TITLES[0]]
    assert ("我的", "附表", "附表!$A$1") in scoped(again)
    assert 'activeTab="1"' in book_xml(again)
    assert sorted(Book(again).names) == sorted(Book(copy).names)


def test_one_that_is_no_longer_made_and_that_something_refers_to_is_not_taken_away() -> None:
    copy = edited(grafted(plain()), (TITLES[0], EVERY[2]))
    used = edited(copy, ("<f>B1*2</f>", f"<f>{EVERY[2]}!B5</f>"), part="xl/worksheets/sheet1.xml")
    assert refused(used).code == "graft.result_in_use"
    named = edited(
        copy, ("<definedNames>", f"<definedNames><definedName name=\"合计\">'{EVERY[2]}'!$B$5</definedName>")
    )
    assert refused(named).code == "graft.result_in_use"
    assert [t for t, _, _ in Book(grafted(copy)).sheets] == ["登记", "附表", TITLES[1], TITLES[0]]


def test_one_that_the_user_has_renamed_is_the_user_s() -> None:
    """Excel keeps our hidden name on it, and so it does for a copy of a sheet."""
    first = grafted(plain())
    kept = edited(first, (TITLES[0], "去年的结果"))
    used = edited(kept, ("<f>B1*2</f>", "<f>去年的结果!B5</f>"), part="xl/worksheets/sheet1.xml")
    again = grafted(grafted(used), made=result(rows=5))
    assert [t for t, _, _ in Book(again).sheets] == ["登记", "附表", "去年的结果", TITLES[1], TITLES[0]]
    assert not problems(used, again, TITLES)


@pytest.mark.parametrize(("last", "first"), [(6, 7), (65_534, 1), (4_294_967_295, 1), (65_533, 65_534)])
def test_ids_of_sheets_stay_within_excel_s(last: int, first: int) -> None:
    copy = grafted(edited(plain(), ('sheetId="6"', f'sheetId="{last}"')))
    assert [int(id) for id in re.findall(r'sheetId="(\d+)"', book_xml(copy))][2] == first
    ids = re.findall(r'sheetId="(\d+)"', book_xml(copy))
    assert len(set(ids)) == 4


@pytest.mark.parametrize("number", ["-1", "99", "abc", "²", ""])
def test_numbers_of_sheets_that_are_none_do_no_harm(number: str) -> None:
    view = edited(plain(), ('activeTab="1"', f'activeTab="{number}"'))
    name = f'<definedName name="incubxl_result" localSheetId="{number}">登记!$A$1</definedName>'
    marked = edited(view, ("</sheets>", f"</sheets><definedNames>{name}</definedNames>"))
    assert not problems(marked, grafted(marked), TITLES)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_ours_that_the_user_has_hidden_stay_hidden(state: str) -> None:
    hidden = edited(grafted(plain()), (f'name="{TITLES[0]}"', f'name="{TITLES[0]}" state="{state}"'))
    again = grafted(hidden, made=result(rows=5))
    assert [(title, shown) for title, shown, _ in Book(again).sheets][2:] == [(TITLES[0], state), (TITLES[1], "")]


def test_the_open_sheet_stays_ours_when_it_was_ours() -> None:
    again = grafted(edited(grafted(plain()), ('activeTab="1"', 'activeTab="2"')))
    part = next(part for title, _, part in Book(again).sheets if title == TITLES[0])
    assert b'tabSelected="1"' in Book(again).read(part)


# What is refused.


def signed() -> bytes:
    w = Workbook()
    w.add(
        "_xmlsignatures/origin.sigs",
        b"",
        "application/vnd.openxmlformats-package.digital-signature-origin",
        "",
        "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin",
    )
    return zipped(w.done())


def shared() -> bytes:
    w = Workbook()
    w.add(
        "xl/revisions/revisionHeaders.xml",
        f'{HEAD}<headers xmlns="{MAIN}"/>',
        f"{SHEET}.revisionHeaders+xml",
        "xl/workbook.xml",
        f"{OFFICE}/revisionHeaders",
    )
    return zipped(w.done())


def locked() -> bytes:
    return edited(plain(), ("<workbookPr/>", '<workbookPr/><workbookProtection lockStructure="1"/>'))


def strict() -> bytes:
    return edited(plain(), (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"))


def template() -> bytes:
    return edited(plain(), ("sheet.main+xml", "template.main+xml"), part="[Content_Types].xml")


def full_of_styles() -> bytes:
    more = "".join(
        f'<xf numFmtId="{n % 12}" fontId="{n % 2}" fillId="0" borderId="0" xfId="0"/>' for n in range(63_990)
    )
    return edited(plain(), (STYLES, STYLES.replace("</cellXfs>", f"{more}</cellXfs>")), part="xl/styles.xml")


def twice() -> bytes:
    target = io.BytesIO(plain())
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("xl/styles.xml", "again")
    return target.getvalue()


def twice_by_case() -> bytes:
    return changed(plain(), XL__STYLES_dot_XML="x")


def flagged() -> bytes:
    """The directory says of one member that it is encrypted."""
    data = bytearray(plain())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def zip_64() -> bytes:
    data = bytearray(plain())
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 20, 0xFFFFFFFF)
    return bytes(data)


def with_a_prefix() -> bytes:
    return b"PK\x03\x04" + bytes(60) + plain()


def two_stories() -> bytes:
    """A local record under another name than the directory's."""
    data = plain()
    name = b"xl/worksheets/sheet1.xml"
    at = data.index(b"\x18\0\0\0" + name)  # the lengths of name and extra field before it: a local record
    assert data.count(b"\x18\0\0\0" + name) == 1
    return data[: at + 4] + b"xl/worksheets/sheetX.xml" + data[at + 4 + len(name) :]


def with_document_type() -> bytes:
    return edited(plain(), ("<workbook ", '<!DOCTYPE workbook [<!ENTITY a "b">]><workbook '))


def without_types() -> bytes:
    return changed(plain(), **{"[Content_Types]_dot_xml": None})


def formats_without_styles() -> bytes:
    parts = CASES["no_styles"]()
    return edited(parts, ('<c r="A1">', '<c r="A1" s="3">'), part="xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (signed, "graft.signed"),
        (shared, "graft.shared"),
        (locked, "graft.structure_locked"),
        (strict, "graft.strict"),
        (template, "graft.kind"),
        (full_of_styles, "graft.too_many_styles"),
        (zip_64, "graft.zip_kind"),
        (two_stories, "graft.zip_kind"),
        (without_types, "graft.unusual"),
        (formats_without_styles, "graft.unusual"),
    ],
)
def test_what_cannot_be_done_safely_is_refused(data: object, code: str) -> None:
    assert callable(data)
    why = refused(data())
    assert why.code == code
    assert (why.message, why.remedy, why.place.file) == (why.message.strip(), why.remedy.strip(), "登记.xlsx")
    assert "单独的工作簿" in why.remedy


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (twice(), "file.part_twice"),
        (twice_by_case(), "file.part_twice"),
        (flagged(), "file.zip_password"),
        (with_a_prefix(), "file.prefixed"),
        (with_document_type(), "file.entities"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "file.old_xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "file.encrypted"),
        (zipped({"xl/workbook.bin": b""}), "file.binary_workbook"),
        (zipped({"xl/worksheets/sheet1.xml": b"<worksheet/>"}), "file.no_workbook"),
    ],
)
def test_what_is_no_workbook_is_named_as_elsewhere(data: bytes, code: str) -> None:
    why = look(data, "登记.xlsx", EVERY)
    assert isinstance(why, Issue)
    assert why.code == code


def test_the_name_must_fit_the_content() -> None:
    assert refused(plain(), "登记.xlsm").code == "graft.kind"
    assert refused(CASES["vba_project"](), "登记.xlsx").code == "graft.kind"
    assert b"vbaProject" in grafted(CASES["vba_project"](), "登记.XLSM")


def test_a_sheet_of_the_user_s_with_our_title_is_left_alone() -> None:
    why = refused(plain(("登记", TITLES[1])))
    assert why.code == "graft.title_taken"
    assert f"「{TITLES[1]}」" in why.message


def test_every_reason_is_in_the_catalogue_with_a_remedy() -> None:
    codes = [code for code in CATALOGUE if code.startswith("graft.")]
    assert len(codes) == 12
    refusals = [code for code in codes if code != "graft.kept"]
    assert all(CATALOGUE[code].severity == "info" for code in refusals)  # the results are there all the same
