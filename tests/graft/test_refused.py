"""Packages that are no plain zip, and parts that are no plain XML: each is refused in words, none is guessed at."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from tests.graft.build import grafted, refused
from tests.graft.test_graft import changed, edited, plain, two_stories
from tests.graft.workbook import MAIN, OFFICE, PACKAGE, Workbook, zipped

_END = b"PK\x05\x06"


def _packed(method: int, names: int = 0) -> bytes:
    """The workbook with its formats packed in another way, and so many more members."""
    target = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(plain()))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            way = method if info.filename == "xl/styles.xml" else zipfile.ZIP_DEFLATED
            archive.writestr(info.filename, source.read(info), way)
        for n in range(names):
            archive.writestr(zipfile.ZipInfo(f"custom/{n}.bin"), b"")
    return target.getvalue()


def _entry(data: bytes, name: str) -> int:
    """Where the directory's entry of a member begins."""
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(name)] != name.encode():
        at = data.index(b"PK\x01\x02", at + 1)
    return at


def _in_entry(offset: int, value: int, name: str = "xl/styles.xml") -> bytes:
    data = bytearray(plain())
    struct.pack_into("<L", data, _entry(bytes(data), name) + offset, value)
    return bytes(data)


def spoilt_formats() -> bytes:
    """Packed bytes of the formats that are no deflate stream."""
    data = bytearray(_packed(zipfile.ZIP_DEFLATED))
    entry = _entry(bytes(data), "xl/styles.xml")
    (start,) = struct.unpack_from("<L", data, entry + 42)
    name, extra = struct.unpack_from("<2H", data, start + 26)
    data[start + 30 + name + extra : start + 34 + name + extra] = b"\xff" * 4
    return bytes(data)


def wrong_checksum() -> bytes:
    return _in_entry(16, 1)


def wrong_place() -> bytes:
    return _in_entry(42, 7, "xl/worksheets/sheet1.xml")


def rare_packing() -> bytes:
    return _packed(zipfile.ZIP_BZIP2)


def as_many_members_as_go() -> bytes:
    return _packed(zipfile.ZIP_DEFLATED, 65_530 - 8)


def counted(more: int) -> bytes:
    """The end record tells another number of members than the directory has."""
    data = bytearray(plain())
    at = data.rindex(_END)
    count = struct.unpack_from("<H", data, at + 10)[0] + more
    struct.pack_into("<2H", data, at + 8, count, count)
    return bytes(data)


def zip_64_end() -> bytes:
    """With the records of ZIP64 between the directory and the end, as some programs always write them."""
    data = plain()
    at = data.rindex(_END)
    count, size, start = struct.unpack_from("<H2L", data, at + 10)
    record = b"PK\x06\x06" + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, count, count, size, start)
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, at, 1)
    return data[:at] + record + locator + data[at:]


def something_behind() -> bytes:
    return plain() + b"\0" * 20


def much_behind() -> bytes:
    return plain() + b"\0" * 70_000


def unlisted_first() -> bytes:
    """A member that the directory does not list stands before all others."""
    data = zipped({"first.bin": b"x"} | Workbook().done())
    at = data.index(b"PK\x01\x02")
    name, extra, remark = struct.unpack_from("<3H", data, at + 28)
    length = 46 + name + extra + remark
    end = data.rindex(_END)
    count, size = struct.unpack_from("<HL", data, end + 10)
    start = struct.unpack_from("<L", data, end + 16)[0] + length
    tail = bytearray(data[end:])
    struct.pack_into("<2H2L", tail, 8, count - 1, count - 1, size - length, start)
    return data[:end] + bytes(tail)


def no_relations() -> bytes:
    return changed(plain(), **{"xl___rels__workbook_dot_xml_dot_rels": None})


def empty_list() -> bytes:
    xml = zipfile.ZipFile(io.BytesIO(plain())).read("xl/workbook.xml").decode()
    start, end = xml.index("<sheets>"), xml.index("</sheets>") + 9
    return changed(plain(), xl__workbook_dot_xml=xml[:start] + "<sheets/>" + xml[end:])


def something_in_the_list() -> bytes:
    return edited(plain(), ("</sheets>", "<extLst/></sheets>"))


def two_of_a_title() -> bytes:
    return edited(plain(("Sheet", "附表")), ('name="附表"', 'name="SHEET"'))


def two_of_a_part() -> bytes:
    """A sheet of the user's on the part of a result of ours, which a second run would write anew."""
    return edited(grafted(plain()), ('sheetId="6" r:id="rId2"', 'sheetId="6" r:id="rId5"'))


def space_without_an_address() -> bytes:
    """A namespace that is no address: what canonical XML does not know."""
    return edited(plain(), ("<workbookPr/>", '<workbookPr xmlns:x="../x" x:y="1"/>'))


def formats_gone() -> bytes:
    plain_cells = edited(plain(), (' s="1"', ""), (' s="2"', ""), part="xl/worksheets/sheet1.xml")
    plain_cells = edited(plain_cells, (' s="1"', ""), (' s="2"', ""), part="xl/worksheets/sheet2.xml")
    return changed(plain_cells, xl__styles_dot_xml=None)


def signed_elsewhere() -> bytes:
    w = Workbook()
    w.add("signing/origin.sigs", b"", f"{PACKAGE}.digital-signature-origin", "", f"{PACKAGE}/digital-signature/origin")
    w.rels[""][-1] = (
        w.rels[""][-1][0], f"{PACKAGE}/2006/relationships/digital-signature/origin", "/signing/origin.sigs", False,
    )  # fmt: skip
    return zipped(w.done())


def shared_elsewhere() -> bytes:
    w = Workbook()
    w.add("xl/history/users.xml", "<users/>", "application/xml", "xl/workbook.xml", f"{OFFICE}/usernames")
    return zipped(w.done())


def other_type_of_relations() -> bytes:
    return edited(
        plain(),
        ("application/vnd.openxmlformats-package.relationships+xml", "application/xml"),
        part="[Content_Types].xml",
    )


def broken_types() -> bytes:
    return edited(plain(), ("</Types>", ""), part="[Content_Types].xml")


def broken_formats() -> bytes:
    return edited(plain(), ("</cellXfs>", ""), part="xl/styles.xml")


def broken_formats_in_utf_16() -> bytes:
    xml = zipfile.ZipFile(io.BytesIO(plain())).read("xl/styles.xml").decode()
    wide = xml.replace('encoding="UTF-8"', 'encoding="UTF-16"').replace("</cellXfs>", "").encode("utf-16")
    return changed(plain(), xl__styles_dot_xml=wide)


def formats_with_a_document_type() -> bytes:
    return edited(plain(), ("<styleSheet ", "<!DOCTYPE styleSheet><styleSheet "), part="xl/styles.xml")


def formats_of_another_kind() -> bytes:
    return changed(plain(), xl__styles_dot_xml=f'<theme xmlns="{MAIN}"/>')


def empty_formats() -> bytes:
    return changed(plain(), xl__styles_dot_xml=f'<styleSheet xmlns="{MAIN}"/>')


def something_among_the_fonts() -> bytes:
    return edited(plain(), ("</fonts>", "<fill/></fonts>"), part="xl/styles.xml")


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (spoilt_formats, "graft.zip_kind", "解压不出来"),
        (wrong_checksum, "graft.zip_kind", "与校验码不符"),
        (rare_packing, "graft.zip_kind", "少见的压缩方法"),
        (as_many_members_as_go, "graft.zip_kind", "ZIP64"),
        (two_stories, "graft.zip_kind", "两处记录不一致"),
        (wrong_place, "graft.zip_kind", "部件的位置有误"),
        (lambda: counted(1), "graft.zip_kind", "目录有误"),
        (lambda: counted(-1), "graft.zip_kind", "目录有误"),
        (zip_64_end, "graft.zip_kind", "ZIP64"),
        (something_behind, "graft.zip_kind", "后面有别的内容"),
        (much_behind, "graft.zip_kind", "没有目录"),
        (unlisted_first, "graft.zip_kind", "前面有别的内容"),
        (no_relations, "graft.unusual", "缺少工作簿的关系部件"),
        (empty_list, "graft.unusual", "没有工作表的清单"),
        (something_in_the_list, "graft.unusual", "工作表清单里有别的内容"),
        (two_of_a_title, "graft.unusual", "有两张同名的工作表"),
        (two_of_a_part, "graft.unusual", "有两张工作表用同一个部件"),
        (space_without_an_address, "graft.not_proved", "C14N"),
        (formats_gone, "graft.unusual", "styles.xml 不见了"),
        (other_type_of_relations, "graft.unusual", "关系部件的类型"),
        (broken_types, "graft.unusual", "不是完整的 XML"),
        (broken_formats, "graft.unusual", "不是完整的 XML"),
        (broken_formats_in_utf_16, "graft.unusual", "不是完整的 XML"),
        (formats_with_a_document_type, "graft.unusual", "带有文档类型声明"),
        (formats_of_another_kind, "graft.unusual", "styles.xml 的根"),
        (empty_formats, "graft.unusual", "styles.xml 是空的"),
        (something_among_the_fonts, "graft.unusual", "styles.xml 的 fonts"),
        (signed_elsewhere, "graft.signed", "数字签名"),
        (shared_elsewhere, "graft.shared", "共享工作簿"),
    ],
)
def test_it_is_said_what_is_unusual(data: Callable[[], bytes], code: str, words: str) -> None:
    why = refused(data())
    assert (why.code, words in why.message) == (code, True), (why.code, why.message)


def test_empty_lists_of_the_user_s_take_ours() -> None:
    data = edited(plain(), ("</sheets>", "</sheets><definedNames/>"))
    names = edited(data, ("<workbookPr/>", '<workbookPr codeName="x"/>'))
    assert b"incubxl_result" in zipfile.ZipFile(io.BytesIO(grafted(names))).read("xl/workbook.xml")
