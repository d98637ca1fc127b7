"""Letters to districts and authorities go where the office's 通讯录 says, and nowhere else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.batch.mail_run import draft_letters
from incubxl.batch.mailing import Gathered, Published, gather, mail_templates
from incubxl.cli.commands import app
from incubxl.mail.compose import composer, contents
from incubxl.mail.drafting import draft
from incubxl.mail.guards import why_not
from incubxl.mail.outbox import Outbox
from tests.batch.build import concluded, damaged, filled, go
from tests.mail.build import SENDER, Clock

ROWS = [("自治区科技厅", "province@example.org")]


def _sheet(book: Any, rows: list[tuple[Any, ...]], heads: tuple[str, ...] = ("收件单位", "电子邮箱")) -> None:
    sheet = book.create_sheet("通讯录")
    sheet.append(["本单位对外联系用"])
    sheet.append(["序号", *heads])
    for n, row in enumerate(rows, 1):
        sheet.append([n, *row])


def run(tmp_path: Path, rows: list[tuple[Any, ...]] | None, letter: str = "recommendation", **more: Any) -> Gathered:
    """A run of two letters to the authority; ``rows`` of the 通讯录 below its heads, None for no such sheet."""

    def add(book: Any) -> None:
        if rows is not None:
            _sheet(book, rows)

    path = tmp_path / "登记.xlsx"
    path.write_bytes(damaged(add, concluded(filled(2), letter, **more)))
    go(path, out=tmp_path / "结果")
    return gather(tmp_path / "结果", None)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "发件箱.sqlite3", clock=Clock()) as opened:
        yield opened


def test_a_letter_to_the_authority_goes_to_its_one_address(tmp_path: Path, outbox: Outbox) -> None:
    found = run(tmp_path, ROWS)
    assert not found.issues
    assert [(one.applicant, one.reader, one.address, one.cell) for one in found.letters] == [
        ("XJ-00001", "自治区科技厅", "province@example.org", "通讯录!C3"),
        ("XJ-00002", "自治区科技厅", "province@example.org", "通讯录!C3"),
    ]
    compose = composer(SENDER, lambda pack: mail_templates(None, pack), Clock())
    done = draft(outbox, found.letters, compose, "示例甲")
    assert (len(done.added), done.issues) == (2, [])
    for mail in outbox.mails():
        inside = contents(outbox.message(mail))
        assert inside.recipients == ("province@example.org",)
        assert inside.text.startswith("自治区科技厅：")
        assert f"推荐{mail.name}" in inside.subject
        assert outbox.approve(mail.id, "示例乙", why_not(Published(None).current, outbox.confirmed)) is None
    assert draft(outbox, found.letters, compose, "示例甲").kept == done.added


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_of_contacts_is_told_wherever_somebody_looks(
    tmp_path: Path, outbox: Outbox, capsys: pytest.CaptureFixture[str], state: str
) -> None:
    def hide(book: Any) -> None:
        _sheet(book, ROWS)
        book["通讯录"].sheet_state = state

    path, out = tmp_path / "登记.xlsx", tmp_path / "结果"
    path.write_bytes(damaged(hide, concluded(filled(2), "recommendation")))
    go(path, out=out)
    found = gather(out, None)
    (told,) = found.issues
    assert (told.code, told.severity) == ("mail.contacts_hidden", "info")
    assert told.message == "「登记.xlsx」里的「通讯录」是隐藏的工作表，2份函的收件地址出自这张看不见的表。"
    assert "取消隐藏" in told.remedy and "删去" in told.remedy
    sheet = tmp_path / "核对.xlsx"
    capsys.readouterr()
    words = ["mail", "preview", str(out), "--from", SENDER, "--sheet", str(sheet), "--outbox", str(outbox.path)]
    app(words, standalone_mode=False)
    assert "是隐藏的工作表" in capsys.readouterr().err
    compose = composer(SENDER, lambda pack: mail_templates(None, pack), Clock())
    drafts = draft_letters(outbox, found.letters, compose, "示例甲", tmp_path / "草稿")
    assert drafts.sheet is not None
    for made in (sheet, drafts.sheet):
        cells = {str(cell) for row in openpyxl.load_workbook(made)["寄送核对表"].values for cell in row}
        assert "通讯录!C3（隐藏的工作表）" in cells
        assert any(cell.startswith("有的地址出自隐藏的「通讯录」") for cell in cells)


@pytest.mark.parametrize(
    ("rows", "said", "cell"),
    [
        ([], "没有「自治区科技厅」这一行", ""),
        ([("别的厅", "a@example.org")], "没有「自治区科技厅」这一行", ""),
        ([*ROWS, *ROWS], "写了2行", ""),
        ([("自治区科技厅", None)], "没有填", "C3"),
        ([("自治区科技厅", "a@example.org;b@example.org")], "", "C3"),
        ([("自治区科技厅", "a＠example.org")], "全角", "C3"),
        ([*ROWS, (None, "b@example.org")], "写了2行，只能有一行、一个地址", ""),  # a merged cell beside two addresses
    ],
)
def test_what_is_missing_in_the_contacts_is_named(
    tmp_path: Path, rows: list[tuple[Any, ...]], said: str, cell: str
) -> None:
    found = run(tmp_path, rows)
    assert found.letters == ()
    assert [issue.code for issue in found.issues] == ["mail.no_contact"] * 2
    assert (found.issues[0].place.sheet, found.issues[0].place.cell) == ("通讯录", cell)
    assert "主送「自治区科技厅」" in found.issues[0].message
    assert said in found.issues[0].message


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ({"通讯录": ("姓名", "收件单位", "电子邮箱")}, "「姓名、收件单位」都可以作"),
        ({"通讯录": ("收件单位", "电子邮箱", "邮箱")}, "「电子邮箱、邮箱」都可以作"),
        ({"通讯录": ("收件单位", "电子邮箱"), " 通讯录": ("收件单位", "电子邮箱")}, "有两张「通讯录」"),
    ],
)
def test_where_two_columns_or_sheets_could_be_meant_nothing_goes(
    tmp_path: Path, sheets: dict[str, tuple[str, ...]], said: str
) -> None:
    def add(book: Any) -> None:
        for title, heads in sheets.items():
            sheet = book.create_sheet(title)
            sheet.append(list(heads))
            sheet.append(["自治区科技厅" if head != "电子邮箱" else "province@example.org" for head in heads])

    path = tmp_path / "登记.xlsx"
    path.write_bytes(damaged(add, concluded(filled(1), "recommendation")))
    go(path, out=tmp_path / "结果")
    found = gather(tmp_path / "结果", None)
    assert (found.letters, [issue.code for issue in found.issues]) == ((), ["mail.no_contact"])
    assert said in found.issues[0].message


def test_an_applicants_letter_to_an_address_of_the_contacts_waits_for_a_person(tmp_path: Path, outbox: Outbox) -> None:
    """The district's address, pasted into an applicant's row: no letter to the district is needed to see it."""
    rows = [("示例区科技局", "OFFICE1@example.org"), ("示例众创空间2", "office2@example.org")]
    found = run(tmp_path, rows, "refusal")
    compose = composer(SENDER, lambda pack: mail_templates(None, pack), Clock())
    done = draft(outbox, found.letters, compose, "示例甲")
    assert [(issue.code, issue.applicant) for issue in done.issues] == [("mail.shared_address", "XJ-00001")]
    assert "示例区科技局" in done.issues[0].message
    assert [mail.applicant for mail in outbox.mails()] == ["XJ-00002"]  # whose own line in the 通讯录 is no other
    look = why_not(Published(None).current, outbox.confirmed)
    assert look(outbox.mails()[0], outbox.message(outbox.mails()[0])) is None


def test_without_the_sheet_it_is_said_how_to_mail_them(tmp_path: Path) -> None:
    found = run(tmp_path, None)
    assert found.letters == ()
    assert [(issue.code, issue.severity) for issue in found.issues] == [("mail.other_recipient", "info")]
    assert "「自治区科技厅」" in found.issues[0].message
    assert "「通讯录」" in found.issues[0].remedy


def test_an_address_that_an_applicant_has_too_waits_for_a_person(tmp_path: Path, outbox: Outbox) -> None:
    found = run(tmp_path, [("自治区科技厅", "office2@example.org")])
    compose = composer(SENDER, lambda pack: mail_templates(None, pack), Clock())
    done = draft(outbox, found.letters, compose, "示例甲")
    assert [issue.code for issue in done.issues] == ["mail.shared_address"]
    assert not outbox.mails()


def test_what_corrects_a_letter_to_the_authority_goes_to_the_authority(tmp_path: Path) -> None:
    made = concluded(filled(1), "recommendation", document_number="示科函〔2026〕1号")
    (row,) = made.tables["conclusions"]
    more = {"letter": "amend_correct", "document_number": "示科函〔2026〕8号", "refers_to": "示科函〔2026〕1号"}
    rows = (row, {**row, **more, "details": "「甲」应为「乙」"})
    path = tmp_path / "登记.xlsx"
    made = dataclasses.replace(made, tables={**made.tables, "conclusions": rows})
    path.write_bytes(damaged(lambda book: _sheet(book, ROWS), made))
    go(path, out=tmp_path / "结果")
    found = gather(tmp_path / "结果", None)
    assert [(one.label, one.reader, one.address) for one in found.letters] == [
        (label, "自治区科技厅", "province@example.org") for label in ("推荐", "更正")
    ]


def test_an_announcement_is_published_never_mailed(tmp_path: Path) -> None:
    found = run(tmp_path, [("社会公众", "public@example.org")], "publicity", document_number="示科公〔2026〕1号")
    assert found.letters == ()
    assert {issue.code for issue in found.issues} <= {"mail.published"}
