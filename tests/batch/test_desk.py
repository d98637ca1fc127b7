"""A run and the 文号簿: a final letter takes its number once, whoever else wants it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from incubxl.docnumber import DocumentNumber, read
from incubxl.numbers.book import NumberBook
from incubxl.numbers.model import FILE, Owner, Use

from .build import RAN_AT, codes, concluded, data, filled, go, workbook

NUMBER = "示科函〔2026〕5号"


def typed(number: str = NUMBER, *, first: int = 1, **facts: Any) -> bytes:
    return data(concluded(filled(1, first=first, **facts), document_number=number))


def refusals(run: Any) -> list[dict[str, Any]]:
    return refusals_of(workbook(run))


def refusals_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [x for a in body["applicants"] for x in a["letters"] if x["kind"] == "refusal"]


@pytest.fixture
def book(tmp_path: Path) -> NumberBook:
    """An empty book beside the workbooks."""
    made = NumberBook(tmp_path / FILE)
    made.create()
    return made


def test_a_final_letter_takes_its_number_and_keeps_it_on_every_run(tmp_path: Path, book: NumberBook) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(typed())
    for _ in range(2):
        (letter,) = refusals(go(path, out=tmp_path / "结果"))
        assert letter["state"] == "final"
    (entry,) = book.entries()
    assert (str(entry.number), entry.state, entry.label, entry.by) == (NUMBER, "used", "不予备案", "示例甲")
    assert entry.owner
    assert (entry.owner.pack, entry.owner.year, entry.owner.applicant) == ("xinjiang-makerspace", 2026, "XJ-00001")


def test_a_number_that_another_letter_has_gives_a_draft_that_says_whose_it_is(tmp_path: Path, book: NumberBook) -> None:
    for name, content in (("甲.xlsx", typed()), ("乙.xlsx", typed(first=2))):
        (tmp_path / name).write_bytes(content)
    (first,) = refusals(go(tmp_path / "甲.xlsx", out=tmp_path / "结果甲"))
    (second,) = refusals(go(tmp_path / "乙.xlsx", out=tmp_path / "结果乙"))
    assert (first["state"], second["state"]) == ("final", "draft")
    assert f"文号「{NUMBER}」在文号簿里已由" in second["why"]
    assert not list((tmp_path / "结果乙").rglob("*不予备案*[!稿].docx"))


def test_two_workbooks_of_one_run_do_not_share_a_number(tmp_path: Path, book: NumberBook) -> None:
    for name, content in (("甲.xlsx", typed()), ("乙.xlsx", typed(first=2))):
        (tmp_path / name).write_bytes(content)
    run = go(tmp_path / "甲.xlsx", tmp_path / "乙.xlsx", out=tmp_path / "结果")
    states = [x["state"] for n in (0, 1) for a in workbook(run, n)["applicants"] for x in a["letters"]]
    assert sorted(s for s in states if s != "none") == ["draft", "final"]


def test_a_voided_number_is_on_no_letter(tmp_path: Path, book: NumberBook) -> None:
    number = read(NUMBER)
    assert number
    book.void(number, "示例丙", "打印错误", RAN_AT)
    path = tmp_path / "登记.xlsx"
    path.write_bytes(typed())
    (letter,) = refusals(go(path, out=tmp_path / "结果"))
    assert letter["state"] == "draft"
    assert "已作废（示例丙，2026-06-20 09:30:00）：打印错误" in letter["why"]


def test_a_dry_run_takes_no_number(tmp_path: Path, book: NumberBook) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(typed())
    (letter,) = refusals(go(path, out=tmp_path / "结果", write=False))
    assert letter["state"] == "final"
    assert book.entries() == []


def test_drafts_and_letters_without_number_take_none(tmp_path: Path, book: NumberBook) -> None:
    path = tmp_path / "登记.xlsx"
    made = concluded(filled(1))
    unsigned = dataclasses.replace(
        made, tables={**made.tables, "conclusions": tuple({**r, "signer": None} for r in made.tables["conclusions"])}
    )
    for content in (made, unsigned):
        path.write_bytes(data(content))
        go(path, out=tmp_path / "结果")
    assert book.entries() == []


def test_a_book_that_cannot_be_used_makes_numbered_letters_drafts(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("不是数据库" * 300, encoding="utf-8")
    path = tmp_path / "登记.xlsx"
    path.write_bytes(typed())
    run = go(path, out=tmp_path / "结果")
    (letter,) = refusals(run)
    assert letter["state"] == "draft"
    assert "numbers.unusable" in codes(run)


def test_a_named_book_comes_before_the_one_beside_the_workbook(tmp_path: Path, book: NumberBook) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(typed())
    elsewhere = NumberBook(tmp_path / "本局.sqlite")
    elsewhere.create()
    go(path, out=tmp_path / "结果", numbers=elsewhere.path)
    assert [str(e.number) for e in elsewhere.entries()] == [NUMBER]
    assert book.entries() == []


def test_what_was_issued_under_a_number_is_not_issued_again_in_other_words(tmp_path: Path, book: NumberBook) -> None:
    path, out = tmp_path / "登记.xlsx", tmp_path / "结果"
    path.write_bytes(typed())
    go(path, out=out)
    path.write_bytes(data(concluded(filled(1), document_number=NUMBER, reason="（示例）完全不同的理由")))
    for write in (False, True):
        (letter,) = refusals(go(path, out=out, write=write))
        assert letter["state"] == "draft"
        assert "现在的内容与当时不同；已发出的请另出「更正」，要另发的请另编文号" in letter["why"]
    path.write_bytes(typed())
    (letter,) = refusals(go(path, out=out))
    assert letter["state"] == "final"


def test_a_correction_names_the_title_of_the_letter_as_it_was_issued(tmp_path: Path, book: NumberBook) -> None:
    path, out = tmp_path / "登记.xlsx", tmp_path / "结果"
    path.write_bytes(typed(name="示例旧名众创空间"))
    go(path, out=out)
    made = concluded(filled(1, name="示例新名众创空间"), document_number=NUMBER)
    first = made.tables["conclusions"][0]
    more = {"letter": "amend_correct", "document_number": "示科函〔2026〕6号", "refers_to": NUMBER,
            "details": "（示例）单位名称更正", "on": dt.date(2026, 6, 9)}  # fmt: skip
    rows = (first, {**first, **more})
    path.write_bytes(data(dataclasses.replace(made, tables={**made.tables, "conclusions": rows})))
    for _ in range(2):  # the second run finds the correction's own number in the book
        states = {x["kind"]: x["state"] for a in workbook(go(path, out=out))["applicants"] for x in a["letters"]}
        assert states == {"refusal": "draft", "amend_correct": "final"}
    titles = {e.label: e.title for e in book.entries()}
    assert "示例旧名众创空间" in titles["不予备案"]
    assert titles["更正"] == f"关于更正《{titles['不予备案']}》（{NUMBER}）的函"


def test_a_first_letter_and_its_correction_of_one_run_stay_as_they_are(tmp_path: Path, book: NumberBook) -> None:
    path, out = tmp_path / "登记.xlsx", tmp_path / "结果"
    made = concluded(filled(1), document_number=NUMBER)
    first = made.tables["conclusions"][0]
    more = {"letter": "amend_withdraw", "document_number": "示科函〔2026〕6号", "refers_to": NUMBER,
            "on": dt.date(2026, 6, 9)}  # fmt: skip
    path.write_bytes(data(dataclasses.replace(made, tables={**made.tables, "conclusions": (first, {**first, **more})})))
    for _ in range(2):
        states = [x["state"] for a in workbook(go(path, out=out))["applicants"] for x in a["letters"]]
        assert states == ["final", "final"]


@pytest.mark.parametrize("owner", ["", "XJ-00001"])
def test_a_published_list_is_corrected_under_the_title_that_the_book_knows(
    tmp_path: Path, book: NumberBook, owner: str
) -> None:
    path, out = tmp_path / "登记.xlsx", tmp_path / "结果"
    title, first = "关于示例名单的公示", DocumentNumber("示科公告", 2026, 2)
    kind = "recognition" if owner else "publicity"
    whose = Owner("xinjiang-makerspace", 2026, owner, owner, kind)
    assert book.claim([Use(first, whose, "公示", owner, dt.date(2026, 6, 1), "示例甲", title)], RAN_AT) == {}
    more = {"document_number": "示科公告〔2026〕3号", "refers_to": str(first), "refers_on": dt.date(2026, 6, 1),
            "refers_kind": title, "details": "删除"}  # fmt: skip
    path.write_bytes(data(concluded(filled(2), "announce_correct", **more)))
    for _ in range(2):  # the second run finds the correction's own number in the book
        views = [x for a in workbook(go(path, out=out))["applicants"] for x in a["letters"]]
        told = [v for v in views if v["kind"] == "announce_correct"]
        assert {v["state"] for v in told} == ({"draft"} if owner else {"final"}), told
        assert len({v["file"] for v in told}) == 1  # one document of both
    files = [p.name for p in out.rglob("公布-*.docx")]
    if owner:
        assert files == ["公布-2026_更正公告.草稿.docx"]
        assert "不是公布文书" in told[0]["why"]
    else:
        assert files == ["公布-2026_更正公告.docx"]
        assert {e.label: e.title for e in book.entries()}["更正公告"] == f"关于更正《{title}》（{first}）的公告"


def test_without_a_book_one_number_in_two_workbooks_is_on_no_final_letter(tmp_path: Path) -> None:
    out = tmp_path / "结果"
    for name, content in (
        ("甲.xlsx", typed()),
        ("乙.xlsx", typed(first=2)),
        ("丙.xlsx", typed("示科函〔2026〕6号", first=3)),
    ):
        (tmp_path / name).write_bytes(content)
    run = go(*(tmp_path / f"{n}.xlsx" for n in "甲乙丙"), out=out)
    by_book = {d.task.shown: refusals_of(d.json) for d in run.done}
    states = {Path(name).stem: [(x["state"], x["why"]) for x in found] for name, found in by_book.items()}
    assert states["丙"][0][0] == "final"
    for one, other in (("甲", "乙"), ("乙", "甲")):
        ((state, why),) = states[one]
        assert state == "draft"
        assert f"发文字号「{NUMBER}」在另一个工作簿也用了（" in why
        assert f"{other}.xlsx" in why
    assert [p.parent.parent.name for p in out.rglob("*不予备案*.docx") if "草稿" not in p.name] == ["丙"]
    again = go(tmp_path / "甲.xlsx", out=out)  # alone it stands
    (letter,) = refusals(again)
    assert letter["state"] == "final"


def test_a_typed_number_without_a_book_is_told(tmp_path: Path) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(typed())
    assert "numbers.no_book" in codes(go(path, out=tmp_path / "结果"))
    path.write_bytes(data(concluded(filled(1))))
    assert "numbers.no_book" not in codes(go(path, out=tmp_path / "结果"))
