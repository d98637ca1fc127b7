"""The proof before publishing finds what a faulty graft would have done."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from incubxl.publish.graft.proof import prove
from incubxl.publish.graft.refusal import Refused
from incubxl.publish.graft.sheets import Result
from tests.graft.build import EVERY, grafted, result
from tests.graft.nasty import CASES
from tests.graft.workbook import Workbook, zipped

OLD = zipped(Workbook().done())
EXTENDED = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml"}


def mine(old: bytes, new: bytes) -> set[str]:
    before, after = (set(zipfile.ZipFile(io.BytesIO(x)).namelist()) for x in (old, new))
    return EXTENDED | (after - before)


def spoilt(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The copy with one part changed; the other records as they were."""
    copy = zipfile.ZipFile(io.BytesIO(grafted(OLD)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in copy.infolist():
            content = copy.read(info)
            if info.filename == part:
                assert change(content) != content
                content = change(content)
            archive.writestr(info, content)
    return target.getvalue()


def swap(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(old.encode(), new.encode())


def test_a_good_copy_passes() -> None:
    copy = grafted(OLD)
    prove(OLD, copy, Result(result()), mine(OLD, copy), EVERY)


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/worksheets/sheet1.xml", swap("90000", "90001")),
        ("xl/sharedStrings.xml", swap("星河", "星云")),
        ("xl/workbook.xml", swap('name="登记"', 'name="登记表"')),
        ("xl/workbook.xml", swap('sheetId="3"', 'sheetId="4"')),
        ("xl/workbook.xml", swap('activeTab="1"', 'activeTab="0"')),
        ("xl/workbook.xml", swap("<workbookPr/>", '<workbookPr date1904="1"/>')),
        ("xl/workbook.xml", swap("</definedNames>", '</definedNames><calcPr fullCalcOnLoad="1"/>')),
        ("xl/styles.xml", swap("黑体", "宋体")),
        ("xl/styles.xml", swap('<xf numFmtId="164" fontId="0"', '<xf numFmtId="14" fontId="0"')),
        ("xl/_rels/workbook.xml.rels", swap("/xl/worksheets/sheet1.xml", "/xl/worksheets/sheet2.xml")),
        ("[Content_Types].xml", swap("spreadsheetml.sharedStrings+xml", "spreadsheetml.styles+xml")),
        ("xl/worksheets/sheet3.xml", swap("A-001", "A-007")),
        ("xl/worksheets/sheet4.xml", swap("</sheetData>", "")),
        ("xl/worksheets/sheet4.xml", lambda content: content[:-30]),
        (
            "xl/worksheets/sheet3.xml",
            swap('t="inlineStr"><is><t xml:space="preserve">A-001</t></is>', 't="s"><v>0</v>'),
        ),
        ("_rels/.rels", swap("workbook.xml", "workbok.xml")),
        ("xl/styles.xml", lambda content: content.replace(b"</cellXfs>", b"", 1)),
        ("xl/styles.xml", lambda content: b'fontId="999"'.join(content.rsplit(b'fontId="4"', 1))),
    ],
)
def test_what_would_have_been_changed_is_found(part: str, change: Callable[[bytes], bytes]) -> None:
    made = spoilt(part, change)
    with pytest.raises(Refused) as found:
        prove(OLD, made, Result(result()), mine(OLD, made), EVERY)
    assert found.value.code == "graft.not_proved"


def test_a_lost_name_is_found() -> None:
    old = CASES["local_names"]()
    copy = zipfile.ZipFile(io.BytesIO(grafted(old)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in copy.infolist():
            content = copy.read(info)
            archive.writestr(info, content.replace(b' comment="\xe5\x85\xa8\xe5\xb1\x80"', b""))
    with pytest.raises(Refused, match=r"graft\.not_proved"):
        prove(old, target.getvalue(), Result(result()), mine(old, target.getvalue()), EVERY)


def test_a_part_of_the_user_s_that_was_dropped_is_found() -> None:
    copy = zipfile.ZipFile(io.BytesIO(grafted(OLD)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in copy.infolist():
            if info.filename != "xl/styles.xml":
                archive.writestr(info, copy.read(info))
    with pytest.raises(Refused, match=r"graft\.not_proved"):
        prove(OLD, target.getvalue(), Result(result()), mine(OLD, target.getvalue()), EVERY)
