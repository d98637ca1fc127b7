"""calamine in a process of its own: it is killed, starved, interrupted or cannot begin, and the answer is the same."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import ROOT
from tests.files.raw_workbook import workbook

from incubxl.files import calamine
from incubxl.files.read import read_bytes
from incubxl.grid import Grid

LAST = "O150000"  # with A1 a block of 2,250,000 cells, above what is read in this process
ROWS = f'<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="150000"><c r="{LAST}" s="1"><v>45000.5</v></c></row>'
MOMENT = dt.datetime(2023, 3, 15, 12)  # day 45000 and a half
BOOK = workbook(ROWS, "<si><t>首格</t></si>", formats=("22",))


def read(data: bytes = BOOK) -> Grid:
    grid, issues = read_bytes(data, "登记.xlsx")
    assert grid is not None, issues
    return grid


def holds_all(grid: Grid) -> bool:
    (sheet,) = grid.sheets.values()
    return sheet.rows[0][0] == "首格" and sheet.rows[149_999][14] == MOMENT


@pytest.fixture
def began(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The processes that reading begins."""
    popen, found = subprocess.Popen, []

    def begin(*args: Any, **options: Any) -> Any:
        found.append(popen(*args, **options))
        return found[-1]

    monkeypatch.setattr(subprocess, "Popen", begin)
    yield found
    assert all(process.poll() is not None for process in found), "one was left behind"


def test_a_large_block_is_read_in_another_process_that_is_gone_afterwards(began: list[Any]) -> None:
    assert holds_all(read())
    assert [process.returncode for process in began] == [0]


def test_a_small_workbook_begins_no_process(began: list[Any]) -> None:
    assert read(workbook('<row r="1"><c r="A1"><v>1</v></c></row>')).sheets
    assert began == []


def test_nor_does_a_process_that_may_be_lost_itself() -> None:
    code = "import subprocess; subprocess.Popen = None; import incubxl.files.apart, tests.files.test_apart as t; "
    line = [sys.executable, "-c", code + "incubxl.files.apart.in_this_process(); print(t.holds_all(t.read()))"]
    done = subprocess.run(line, capture_output=True, text=True, timeout=120, check=True, cwd=ROOT)
    assert done.stdout.strip() == "True"


@pytest.mark.parametrize("program", [None, "", "/nowhere/python", str(ROOT)])
def test_one_that_cannot_begin(program: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", program)
    assert holds_all(read())


def with_prelude(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    """Let the process begin with ``code``."""
    start = f"import runpy, sys; {code}; runpy.run_path({calamine.__file__!r}, run_name='__main__')"
    script = folder / "begin.py"
    script.write_text(start, encoding="utf-8")
    monkeypatch.setattr(calamine, "__file__", str(script))


def test_something_printed_before_the_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, began: list[Any]) -> None:
    with_prelude(monkeypatch, tmp_path, "print('hello', flush=True)")
    monkeypatch.setattr("incubxl.files.read.read_sheet", _not_exact)
    assert holds_all(read())
    assert [process.returncode for process in began] == [0]


@pytest.mark.parametrize("code", ["import os; os.kill(os.getpid(), 9)", "print('no answer'); raise SystemExit(0)"])
def test_lost_or_without_an_answer(
    code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, began: list[Any]
) -> None:
    with_prelude(monkeypatch, tmp_path, code)
    assert holds_all(read())
    assert len(began) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no memory limit on Windows")
def test_without_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, began: list[Any]) -> None:
    """calamine aborts there; this process reads by the exact reader."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (60 << 20, 60 << 20))"
    with_prelude(monkeypatch, tmp_path, f"import python_calamine; {limit}")
    assert holds_all(read())
    assert [process.returncode for process in began] != [0]


def test_an_answer_that_does_not_fit_in_here(monkeypatch: pytest.MonkeyPatch, began: list[Any]) -> None:
    def too_much(_: bytes) -> Any:
        raise MemoryError

    monkeypatch.setattr(calamine, "unpacked", too_much)
    assert holds_all(read())


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal on Windows")
def test_ctrl_c_ends_both() -> None:
    """The key reaches the whole group; the process that reads is ended by the other one."""
    code = "import tests.files.test_apart as t; print('ready', flush=True)\nwhile True: t.read()"
    line = [sys.executable, "-c", code]
    parent = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, start_new_session=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ready\n"
    until = time.monotonic() + 60
    children: list[psutil.Process] = []
    while not children and time.monotonic() < until:
        children = psutil.Process(parent.pid).children()
    parent.send_signal(signal.SIGINT)
    assert parent.wait(60) == -signal.SIGINT
    parent.stdout.close()
    assert children
    assert not psutil.wait_procs(children, 60)[1]


def _not_exact(*_: object) -> Any:
    raise AssertionError("calamine had an answer")


def shared(cells: int, text: str, value: Callable[[int], str] = lambda n: "<v>0</v>") -> bytes:
    """``cells`` cells that refer to one shared text."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s">{value(n)}</c></row>' for n in range(1, cells + 1))
    return workbook(rows, f"<si><t>{text}</t></si><si><t>短</t></si>")


@pytest.mark.parametrize("value", ["<v>0</v>", "<f>A1</f><v>0</v>", "<v> 0 </v>"])
def test_a_text_that_many_cells_share_is_not_copied_into_each(value: str, began: list[Any]) -> None:
    """60,000 cells and 10,000 characters are 1.8 GB when laid out, from a file of some hundred kilobytes."""
    data = shared(60_000, "字" * 10_000, lambda n: value)
    before = psutil.Process().memory_info().rss
    (sheet,) = read(data).sheets.values()
    assert {len(str(row[0])) for row in sheet.rows} == {10_000}
    assert psutil.Process().memory_info().rss - before < 300 << 20
    assert began == []


def test_a_long_text_that_few_cells_share_is_no_reason(monkeypatch: pytest.MonkeyPatch, began: list[Any]) -> None:
    monkeypatch.setattr("incubxl.files.read.read_sheet", _not_exact)
    data = shared(60_000, "字" * 10_000, lambda n: f"<v>{0 if n == 1 else 1}</v>")
    (sheet,) = read(data).sheets.values()
    assert [len(str(sheet.rows[n][0])) for n in (0, 1, 59_999)] == [10_000, 1, 1]
    assert began == []


CELLS = st.one_of(
    st.none(), st.booleans(), st.floats(allow_nan=False), st.text(), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(),
)  # fmt: skip


@given(st.dictionaries(st.text(), st.lists(st.lists(CELLS))))
def test_every_value_comes_over_as_it_is(sheets: dict[str, calamine.Rows]) -> None:
    told = repr(sheets)
    assert repr(calamine.unpacked(calamine.packed(sheets))) == told
