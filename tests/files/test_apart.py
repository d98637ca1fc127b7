"""calamine in a process of its own: it is lost, killed, starved or interrupted, and the answer is the same."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import ROOT
from tests.files.raw_workbook import workbook

from incubxl.files import apart, calamine
from incubxl.files.read import read_bytes
from incubxl.grid import Grid

LAST = "O150000"  # with A1 a block of 2,250,000 cells, above what is read in this process
ROWS = f'<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="150000"><c r="{LAST}" s="1"><v>45000.5</v></c></row>'
MOMENT = dt.datetime(2023, 3, 15, 12)  # day 45000 and a half


def book(rows: str = ROWS) -> bytes:
    return workbook(rows, "<si><t>首格</t></si>", formats=("22",))


BOOK = book()
CODE = "from tests.files.test_apart import BOOK; from incubxl.files.read import read_bytes; import psutil; "


def read(data: bytes = BOOK) -> Grid:
    grid, issues = read_bytes(data, "登记.xlsx")
    assert grid is not None, issues
    return grid


def holds_all(grid: Grid) -> bool:
    (sheet,) = grid.sheets.values()
    return sheet.rows[0][0] == "首格" and sheet.rows[149_999][14] == MOMENT


def children() -> list[psutil.Process]:
    """Those that read workbooks."""
    return [c for c in psutil.Process().children() if any("calamine" in word for word in c.cmdline())]


@pytest.fixture
def child() -> Iterator[psutil.Process]:
    """The process, which has read once."""
    assert holds_all(read())
    (found,) = children()
    yield found


def test_a_large_block_is_read_in_another_process_and_the_next_one_there_too(child: psutil.Process) -> None:
    assert holds_all(read())
    assert [c.pid for c in children()] == [child.pid]


def test_a_small_workbook_begins_no_process() -> None:
    code = CODE + "from tests.files.test_apart import book; read_bytes(book('<row r=\"1\"/>'), 'a.xlsx'); "
    assert _python(code + "print(len(psutil.Process().children()))") == "0"


def test_nor_does_one_that_may_be_lost_itself() -> None:
    code = CODE + "from incubxl.files.apart import in_this_process; in_this_process(); "
    assert _python(code + "read_bytes(BOOK, 'a.xlsx'); print(len(psutil.Process().children()))") == "0"


def test_it_ends_with_the_process_that_began_it() -> None:
    pid = int(_python(CODE + "read_bytes(BOOK, 'a.xlsx'); print(psutil.Process().children()[0].pid)"))
    assert not psutil.pid_exists(pid)


def test_killed_between_two_workbooks(child: psutil.Process) -> None:
    child.kill()
    assert holds_all(read())
    assert holds_all(read())
    assert [c.pid for c in children()] != [child.pid]


def test_killed_while_it_reads(child: psutil.Process, monkeypatch: pytest.MonkeyPatch) -> None:
    send = calamine.send

    def then_killed(*args: object) -> None:
        child.suspend()
        monkeypatch.setattr(calamine, "send", send)
        send(*args)  # type: ignore[arg-type]
        child.kill()

    monkeypatch.setattr(calamine, "send", then_killed)
    assert holds_all(read())


@pytest.mark.skipif(sys.platform != "linux", reason="no limit for another process")
def test_without_memory(child: psutil.Process) -> None:
    """calamine aborts there; this process reads by the exact reader."""
    now = child.memory_info().vms
    child.rlimit(psutil.RLIMIT_AS, (now + (16 << 20), now + (16 << 20)))
    assert holds_all(read())
    assert child.pid not in [c.pid for c in children()]


def test_an_interrupted_question_leaves_no_answer_for_the_next(
    child: psutil.Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(calamine, "received", interrupted)
        with pytest.raises(KeyboardInterrupt):
            read()
    other = book(ROWS.replace("45000.5", "1"))
    (sheet,) = read(other).sheets.values()
    assert sheet.rows[149_999][14] == dt.date(1900, 1, 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_process_that_was_forked_off_reads_too(child: psutil.Process) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            right = holds_all(read())
            apart._child(os.getpid()).end()
        finally:
            os._exit(0 if right else 1)
    assert holds_all(read())
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert child.is_running()


CELLS = st.one_of(
    st.none(), st.booleans(), st.floats(allow_nan=False), st.text(), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(),
)  # fmt: skip


@given(st.dictionaries(st.text(), st.lists(st.lists(CELLS))))
def test_every_value_comes_over_as_it_is(sheets: dict[str, calamine.Rows]) -> None:
    told = repr(sheets)
    assert repr(calamine.unpacked(calamine.packed(sheets))) == told


def _python(code: str) -> str:
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, capture_output=True, text=True, timeout=120, check=True, cwd=ROOT)
    return done.stdout.strip()
