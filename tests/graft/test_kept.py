"""What a person has put on one of our sheets is not written over at the next run: the sheet stays, under another title.

A program that saves the workbook again changes nothing of what its cells hold, and then nothing is kept.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from incubxl.issues import Issue
from incubxl.publish.graft import Target, look
from tests.graft.build import EVERY, TITLES, grafted, refused, result
from tests.graft.compare import Book
from tests.graft.nasty import CASES
from tests.graft.test_graft import book_xml, changed, edited, plain, scoped
from tests.graft.workbook import HEAD, MAIN, OFFICE, PACKAGE
from tests.tools.sweep import new_errors

FIRST, SECOND = TITLES
KEPT = f"{SECOND}（人工修改）"
NEXT = result(rows=5)


def titles(data: bytes) -> list[str]:
    return [title for title, _, _ in Book(data).sheets]


def part_of(data: bytes, title: str) -> str:
    return next(part for name, _, part in Book(data).sheets if name == title)


def on(data: bytes, title: str, *swaps: tuple[str, str]) -> bytes:
    """The workbook with the XML of one sheet changed."""
    return edited(data, *swaps, part=part_of(data, title))


def kept(data: bytes) -> list[Issue]:
    target = look(data, "登记.xlsx", EVERY)
    assert isinstance(target, Target)
    return list(target.kept)


def typed(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    sheet["C3"] = "已电话核实"


def below(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    sheet["A60"] = "处长意见：同意"


def overwritten(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    sheet["A3"] = "乙"


def emptied(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    sheet["A3"] = None


def noted(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    sheet["B3"].comment = Comment("请补材料", "示例")


def coloured(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    sheet["B3"].fill = PatternFill("solid", start_color="FFFF00")


def calculated(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    sheet["C3"] = "=1+1"


def moved(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    sheet.insert_rows(3)


@pytest.mark.parametrize("act", [typed, below, overwritten, emptied, noted, coloured, calculated, moved])
def test_what_a_person_has_done_stays_under_another_title(act: Callable[[object], None], validator: str) -> None:
    """openpyxl is the person's program here; it would lose the chart, so the sheet without one is changed."""
    book = openpyxl.load_workbook(io.BytesIO(grafted(plain())))
    act(book[SECOND])
    target = io.BytesIO()
    book.save(target)
    data = changed(target.getvalue())
    again = grafted(data, made=NEXT)
    assert KEPT in titles(again)
    assert Book(again).read(part_of(again, KEPT)) == Book(data).read(part_of(data, SECOND))
    assert openpyxl.load_workbook(io.BytesIO(again))[SECOND]["A3"].value == "甲"
    assert [name for name, sheet, _ in scoped(again) if sheet == KEPT and name == "incubxl_result"] == []
    assert new_errors(validator, data, again, ".xlsx") == []
    said = {issue.place.sheet: issue for issue in kept(data)}[KEPT]
    assert (said.code, said.place.file) == ("graft.kept", "登记.xlsx")
    assert f"「{SECOND}」" in said.message
    assert f"「{KEPT}」" in said.message
    assert "有人改过" in said.message


def test_without_a_person_nothing_is_kept() -> None:
    copy = grafted(plain())
    assert kept(copy) == []
    assert titles(grafted(copy, made=NEXT)) == titles(copy)
    in_1904 = grafted(CASES["year_1904"]())
    assert kept(in_1904) == []


def test_libreoffice_s_saving_is_no_change(office: Callable[..., list[Path]], tmp_path: Path) -> None:
    """It writes other numbers of formats, shared texts, other widths and other notes' parts."""
    sources = {"as_it_was": grafted(plain()), "in_1904": grafted(CASES["year_1904"]())}
    sources["typed"] = on(
        sources["as_it_was"], FIRST, ("</sheetData>", '<row r="40"><c r="F40"><v>1</v></c></row></sheetData>')
    )
    files = [tmp_path / f"{name}.xlsx" for name in sources]
    for file, data in zip(files, sources.values(), strict=True):
        file.write_bytes(data)
    saved = [made.read_bytes() for made in office(files, "xlsx:Calc MS Excel 2007 XML", tmp_path / "saved")]
    parts = [Book(x).read(part_of(x, FIRST)) for x in (sources["as_it_was"], saved[0])]
    assert parts[0] != parts[1]
    assert [[issue.place.sheet for issue in kept(data)] for data in saved] == [[], [], [f"{FIRST}（人工修改）"]]
    assert titles(grafted(saved[0], made=NEXT)) == titles(saved[0])


def test_numbers_and_texts_that_look_alike_are_not_alike() -> None:
    copy = grafted(plain())
    assert kept(on(copy, FIRST, ("<v>1201.5</v>", "<v>1201.50</v>"))) == []
    assert len(kept(on(copy, FIRST, ("<v>1201.5</v>", "<v>1201.51</v>")))) == 1
    as_text = on(copy, FIRST, ("><v>1201.5</v>", ' t="inlineStr"><is><t>1201.5</t></is>'))
    assert len(kept(as_text)) == 1


def test_a_note_whose_words_were_changed_is_kept() -> None:
    copy = grafted(plain())
    notes = next(n for n in Book(copy).archive.namelist() if "comments" in n)
    assert [issue.place.sheet for issue in kept(edited(copy, ("每行一个单位", "每行两个单位"), part=notes))] == [
        f"{FIRST}（人工修改）"
    ]


def test_a_picture_beside_our_chart_is_kept() -> None:
    copy = grafted(plain())
    drawing = next(n for n in Book(copy).archive.namelist() if re.search(r"drawings/drawing\d+\.xml", n))
    shape = '<xdr:oneCellAnchor><xdr:from/><xdr:ext cx="1" cy="1"/><xdr:sp/><xdr:clientData/></xdr:oneCellAnchor>'
    drawn = edited(copy, ("</xdr:wsDr>", f"{shape}</xdr:wsDr>"), part=drawing)
    assert [issue.place.sheet for issue in kept(drawn)] == [f"{FIRST}（人工修改）"]


def test_a_table_of_the_user_s_in_our_sheet_is_kept() -> None:
    first = grafted(plain())
    one = f'<Relationship Id="rId1" Type="{OFFICE}/table" Target="../tables/table1.xml"/>'
    rels = f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{one}</Relationships>'
    own = f"xl/worksheets/_rels/{part_of(first, SECOND).rpartition('/')[2]}.rels"
    table = f'{HEAD}<table xmlns="{MAIN}" id="1" name="t" displayName="t" ref="A1:B2"/>'
    data = changed(first, **{own.replace("/", "__").replace(".", "_dot_"): rels, "xl__tables__table1_dot_xml": table})
    again = grafted(data, made=NEXT)
    assert KEPT in titles(again)
    assert "xl/tables/table1.xml" in Book(again).archive.namelist()


def test_a_kept_sheet_goes_on_by_itself() -> None:
    """Its names and its chart lead to its own cells; what the user wrote elsewhere leads to the new sheet."""
    copy = grafted(plain())
    data = on(copy, FIRST, ("A-001", "A-001（已核）"))
    used = edited(data, ("<f>B1*2</f>", f"<f>{FIRST}!D5</f>"), part="xl/worksheets/sheet1.xml")
    again = grafted(used, made=NEXT)
    stays = f"{FIRST}（人工修改）"
    assert titles(again) == ["登记", "附表", stays, SECOND, FIRST]
    names = scoped(again)
    assert ("_xlnm.Print_Titles", stays, f"'{stays}'!$4:$4") in names
    assert ("_xlnm._FilterDatabase", stays, f"'{stays}'!$A$4:$E$7") in names
    assert ("_xlnm._FilterDatabase", FIRST, f"{FIRST}!$A$4:$E$9") in names
    charts = {
        title: next(t for kind, t, _ in Book(again).reached(part_of(again, title)) if kind == "chart")
        for title in (stays, FIRST)
    }
    for title, chart in charts.items():
        places = re.findall(r"<c:f>'?([^<'!]*)'?!", Book(again).read(chart).decode())
        assert places
        assert set(places) == {title}
    assert f"<f>{FIRST}!D5</f>" in Book(again).read("xl/worksheets/sheet1.xml").decode()
    sheet = openpyxl.load_workbook(io.BytesIO(again))
    assert (sheet[stays]["A5"].value, sheet[FIRST]["A5"].value) == ("A-001（已核）", "A-001")


def test_a_kept_sheet_is_the_user_s_from_then_on() -> None:
    once = grafted(on(grafted(plain()), SECOND, ("甲", "甲（已核）")), made=NEXT)
    assert kept(once) == []
    twice = grafted(on(once, SECOND, ("甲", "甲（再核）")), made=NEXT)
    assert titles(twice) == ["登记", "附表", FIRST, KEPT, f"{SECOND}（人工修改2）", SECOND]
    assert Book(twice).read(part_of(twice, KEPT)) == Book(once).read(part_of(once, KEPT))


def test_one_without_a_mark_is_kept_and_it_is_said_that_nobody_knows() -> None:
    """As earlier versions wrote them, or a program that loses what a hidden name says."""
    copy = grafted(plain())
    old = changed(copy, xl__workbook_dot_xml=re.sub(r"&quot;incubxl[^<]*", "TRUE", book_xml(copy)))
    assert old != copy
    assert ["看不出来" in issue.message for issue in kept(old)] == [True, True]
    assert titles(grafted(old)) == ["登记", "附表", f"{FIRST}（人工修改）", KEPT, *TITLES]


def test_one_that_is_no_longer_made_stays_too_unless_something_refers_to_it() -> None:
    copy = edited(grafted(plain()), (SECOND, EVERY[2]))
    data = on(copy, EVERY[2], ("甲", "甲（已核）"))
    assert titles(grafted(data)) == ["登记", "附表", FIRST, f"{EVERY[2]}（人工修改）", SECOND]
    used = edited(data, ("<f>B1*2</f>", f"<f>{EVERY[2]}!B3</f>"), part="xl/worksheets/sheet1.xml")
    assert refused(used).code == "graft.result_in_use"


def test_the_open_sheet_stays_open_when_it_is_kept() -> None:
    copy = edited(grafted(plain()), ('activeTab="1"', 'activeTab="3"'))
    again = grafted(on(copy, SECOND, ("甲", "甲（已核）")), made=NEXT)
    assert 'activeTab="3"' in book_xml(again)
    assert titles(again)[3] == KEPT
