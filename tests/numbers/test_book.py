"""The 文号簿: never twice, gaps explained, safe when two people work at once."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from incubxl.docnumber import DocumentNumber
from incubxl.numbers.book import NumberBook
from incubxl.numbers.model import BookUnusable, Gap, NumberRefused, Owner, Use

AT = dt.datetime(2026, 6, 5, 9, 30)
CODE = "示科函"


def number(serial: int, year: int = 2026) -> DocumentNumber:
    return DocumentNumber(CODE, year, serial)


def owner(applicant: str = "A-01", kind: str = "recognition") -> Owner:
    return Owner("xinjiang-makerspace", 2026, applicant, "91650100MA0000000Y", kind)


def use(serial: int, by: Owner | None = None) -> Use:
    return Use(number(serial), by or owner(), "备案", "示例甲空间", dt.date(2026, 6, 5), "示例甲")


@pytest.fixture
def book(tmp_path: Path) -> NumberBook:
    return NumberBook(tmp_path / "文号簿.sqlite")


def test_numbers_run_on_by_code_and_year(book: NumberBook) -> None:
    assert book.reserve(CODE, 2026, 2, "示例乙", AT) == [number(1), number(2)]
    assert book.reserve(CODE, 2026, 1, "示例乙", AT) == [number(3)]
    assert book.reserve(CODE, 2027, 1, "示例乙", AT) == [number(1, 2027)]
    assert book.reserve("示科发", 2026, 1, "示例乙", AT) == [DocumentNumber("示科发", 2026, 1)]
    assert [str(e.number) for e in book.entries(CODE, 2026)] == [f"示科函〔2026〕{n}号" for n in (1, 2, 3)]


def test_a_number_taken_is_not_given_again(book: NumberBook) -> None:
    book.reserve(CODE, 2026, 3, "示例乙", AT)
    with pytest.raises(
        NumberRefused, match=re.escape("示科函〔2026〕3号」在文号簿里已预留（示例乙，2026-06-05 09:30:00）")
    ):
        book.reserve(CODE, 2026, 2, "示例丙", AT, first=3)
    assert len(book.entries()) == 3  # all or none: 4 was not taken either


def test_the_same_letter_may_take_its_number_again_and_no_other(book: NumberBook) -> None:
    book.create()
    assert book.claim([use(5)], AT) == {}
    assert book.claim([use(5)], AT) == {}  # a second run
    other = owner("A-02")
    refused = book.claim([use(6, other), use(5, other), use(5, owner(kind="refusal"))], AT)
    assert refused.keys() == {1, 2}
    assert "已由示例甲空间的「备案」使用" in refused[1]
    assert [(e.number.serial, e.state) for e in book.entries()] == [(5, "used"), (6, "used")]


def test_a_reserved_number_is_for_the_letter_that_takes_it(book: NumberBook) -> None:
    book.reserve(CODE, 2026, 1, "示例乙", AT)
    assert book.claim([use(1)], AT) == {}
    (entry,) = book.entries()
    assert (entry.state, entry.owner, entry.name, entry.dated) == ("used", owner(), "示例甲空间", "2026-06-05")


def test_a_voided_number_is_gone_for_good_and_says_why(book: NumberBook) -> None:
    book.reserve(CODE, 2026, 1, "示例乙", AT)
    assert book.void(number(1), "示例丙", "打印错误", AT).state == "reserved"
    assert "已作废（示例丙，2026-06-05 09:30:00）：打印错误" in book.claim([use(1)], AT)[0]
    for again in (
        lambda: book.void(number(1), "示例丙", "再次", AT),
        lambda: book.reserve(CODE, 2026, 1, "x", AT, first=1),
    ):
        with pytest.raises(NumberRefused, match="已作废"):
            again()
    assert book.reserve(CODE, 2026, 1, "示例乙", AT) == [number(2)]


@pytest.mark.parametrize(("by", "reason"), [("", "打印错误"), ("示例丙", " ")])
def test_voiding_needs_a_name_and_a_reason(book: NumberBook, by: str, reason: str) -> None:
    book.create()
    with pytest.raises(NumberRefused, match="须写明经办人和原因"):
        book.void(number(1), by, reason, AT)


def test_gaps_are_told_until_somebody_explains_them(book: NumberBook) -> None:
    book.create()
    book.claim([use(2), use(6)], AT)
    assert book.gaps() == [Gap(CODE, 2026, 1, 1), Gap(CODE, 2026, 3, 5)]
    assert [str(g) for g in book.gaps()] == ["示科函〔2026〕1号", "示科函〔2026〕3号至5号"]
    for serial in (1, 3, 4, 5):
        book.void(number(serial), "示例丙", "手工登记簿已用", AT)
    assert book.gaps() == []


def test_what_became_of_a_number_is_kept_step_by_step(book: NumberBook) -> None:
    book.reserve(CODE, 2026, 1, "示例乙", AT)
    book.claim([use(1)], AT)
    book.void(number(1), "示例丙", "未发出", AT)
    with sqlite3.connect(book.path) as db:
        steps = db.execute("SELECT state, who, reason FROM changes ORDER BY id").fetchall()
    assert steps == [("reserved", "示例乙", ""), ("used", "示例甲", ""), ("voided", "示例丙", "未发出")]


_RESERVE = """
import datetime, sys
from pathlib import Path
from incubxl.numbers.book import NumberBook
book = NumberBook(Path(sys.argv[1]))
for _ in range(40):
    print(*(n.serial for n in book.reserve("示科函", 2026, 1, sys.argv[2], datetime.datetime(2026, 6, 5))))
"""


def test_two_processes_never_get_one_number(book: NumberBook) -> None:
    """Neither has a file to begin with: who comes second finds the book that the first one made."""
    workers = [
        subprocess.Popen([sys.executable, "-c", _RESERVE, str(book.path), who], stdout=subprocess.PIPE, text=True)
        for who in ("示例甲", "示例乙")
    ]
    got = [int(line) for worker in workers for line in worker.communicate(timeout=120)[0].split()]
    assert all(worker.returncode == 0 for worker in workers)
    assert sorted(got) == list(range(1, 81))
    assert book.gaps() == []


_CLAIM = """
import datetime, sys
from pathlib import Path
from incubxl.docnumber import DocumentNumber
from incubxl.numbers.book import NumberBook
from incubxl.numbers.model import Owner, Use
book, at = NumberBook(Path(sys.argv[1])), datetime.datetime(2026, 6, 5)
for n in range(1, 41):
    owner = Owner("p", 2026, f"{sys.argv[2]}-{n}", "", "k")
    won = not book.claim([Use(DocumentNumber("示科函", 2026, n), owner, "备案", "", None, "")], at)
    print(f"{n}" if won else "-")
"""


def test_two_processes_that_want_one_number_get_it_once(book: NumberBook) -> None:
    book.create()
    workers = [
        subprocess.Popen([sys.executable, "-c", _CLAIM, str(book.path), who], stdout=subprocess.PIPE, text=True)
        for who in ("A", "B")
    ]
    got = [line for worker in workers for line in worker.communicate(timeout=120)[0].split() if line != "-"]
    assert sorted(map(int, got)) == list(range(1, 41))


def test_a_killed_change_leaves_nothing_half_done(book: NumberBook) -> None:
    book.reserve(CODE, 2026, 1, "示例乙", AT)
    script = (
        "import os, sys; from pathlib import Path; from incubxl.numbers.book import NumberBook\n"
        "book = NumberBook(Path(sys.argv[1]))\n"
        "with book._changing(create=False) as db:\n"
        "    db.execute(\"UPDATE numbers SET state = 'voided'\"); os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(book.path)], timeout=60, check=False)
    assert done.returncode == 9
    assert [e.state for e in book.entries()] == ["reserved"]
    assert book.reserve(CODE, 2026, 1, "示例乙", AT) == [number(2)]


def test_a_file_that_is_no_book_is_left_as_it_is(tmp_path: Path) -> None:
    foreign = tmp_path / "别的.sqlite"
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE t (x)")
    text = tmp_path / "说明.txt"
    text.write_text("不是数据库" * 200, encoding="utf-8")
    for path in (foreign, text):
        before = path.read_bytes()
        with pytest.raises(BookUnusable, match="不是文号簿"):
            NumberBook(path).reserve(CODE, 2026, 1, "示例乙", AT)
        assert path.read_bytes() == before
    with pytest.raises(BookUnusable, match="没有文号簿"):
        NumberBook(tmp_path / "没有.sqlite").entries()
    with pytest.raises(BookUnusable, match="打不开"):
        NumberBook(tmp_path / "没有" / "文号簿.sqlite").reserve(CODE, 2026, 1, "示例乙", AT)


@pytest.mark.parametrize("code", ["", "SKH", "示科函〔", "示 科"])
def test_a_code_is_chinese(book: NumberBook, code: str) -> None:
    with pytest.raises(NumberRefused, match="机关代字"):
        book.reserve(code, 2026, 1, "示例乙", AT)


def test_a_used_number_keeps_title_and_content(book: NumberBook) -> None:
    book.create()
    said = replace(use(1), title="关于示例的通知", content="abc")
    assert book.claim([said], AT) == {}
    assert book.claim([said], AT) == {}
    assert "现在的内容与当时不同" in book.claim([replace(said, content="abd")], AT)[0]
    book.void(number(1), "示例丙", "未发出", AT)
    (entry,) = book.entries()
    assert (entry.title, entry.content, entry.owner) == ("关于示例的通知", "abc", owner())


def test_a_book_of_an_earlier_version_is_brought_up_and_learns(book: NumberBook) -> None:
    book.create()
    book.claim([use(1)], AT)
    with sqlite3.connect(book.path) as db:
        db.execute("ALTER TABLE numbers DROP COLUMN title")
        db.execute("ALTER TABLE numbers DROP COLUMN content")
        db.execute("PRAGMA user_version = 1")
    assert [e.title for e in book.entries()] == [""]
    assert book.claim([replace(use(1), title="关于示例的通知", content="abc")], AT) == {}
    assert [(e.title, e.content) for e in book.entries()] == [("关于示例的通知", "abc")]


def test_the_book_may_lie_on_a_share(book: NumberBook) -> None:
    """No write-ahead log, which needs memory that the computers of a share do not have in common."""
    book.reserve(CODE, 2026, 1, "示例乙", AT)
    data = book.path.read_bytes()
    assert data[18:20] == b"\x01\x01"  # SQLite's file format: 2 stands for a log
    assert [path.name for path in book.path.parent.glob(f"{book.path.name}*")] == [book.path.name]
