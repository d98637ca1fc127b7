"""Hostile files, each in a process of its own: the answer, within 5 s and 500 MB, and never the end of the process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.files.hostile import GOOD, READ, REFUSED, dragged_down, ole, two_sheets, wrong_sum
from tests.files.raw_workbook import workbook

from incubxl.files import unzip
from incubxl.files.read import read_bytes, read_grid

SECONDS, MEGABYTES = 5, 500
_CHILD = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
from incubxl.files import unzip
from incubxl.files.read import read_grid
before = resource.getrusage(resource.RUSAGE_SELF)
grid, issues = read_grid(Path(sys.argv[1]))
after = resource.getrusage(resource.RUSAGE_SELF)
peak = after.ru_maxrss
if Path("/proc/self/status").exists():  # there ru_maxrss begins with the parent's
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
sheet = next(iter(grid.sheets.values()), None) if grid else None
print(json.dumps({
    "codes": [i.code for i in issues], "places": [[i.place.file, i.place.sheet] for i in issues],
    "messages": [i.message for i in issues], "read": grid is not None,
    "size": [sheet.height, sheet.width] if sheet else [0, 0],
    "seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    "megabytes": peak / 1024,
}))
"""


def read_apart(path: Path) -> dict[str, Any]:
    """``read_grid`` in a child with bounds on its memory and time."""
    if sys.platform == "win32":
        pytest.skip("no resource limits on Windows")
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-800:]
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["seconds"] < SECONDS
    assert told["megabytes"] < MEGABYTES
    return told


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_its_code_and_place(name: str, tmp_path: Path) -> None:
    make, code, sheet = REFUSED[name]
    path = tmp_path / "登记.xlsx"
    path.write_bytes(make())
    told = read_apart(path)
    assert (told["codes"], told["places"], told["read"]) == ([code], [["登记.xlsx", sheet]], False)


@pytest.mark.parametrize("name", READ)
def test_is_read_where_another_reader_would_end(name: str, tmp_path: Path) -> None:
    make, codes, size = READ[name]
    path = tmp_path / "登记.xlsx"
    path.write_bytes(make())
    told = read_apart(path)
    assert (told["codes"], tuple(told["size"])) == (codes, size)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (ole("Workbook"), "登记.et", "file.wps_table"),
        (ole("Workbook"), "登记.xls", "file.old_xls"),
        (ole("WordDocument"), "登记.wps", "file.old_document"),
        (workbook(GOOD)[:-1], "登记.xlsx", "file.truncated"),
    ],
)
def test_the_name_tells_what_the_bytes_do_not(data: bytes, name: str, code: str) -> None:
    grid, [seen] = read_bytes(data, name)
    assert (grid, seen.code, seen.place.file) == (None, code, name)


def test_a_wrong_checksum_in_one_sheet_leaves_the_others() -> None:
    data = wrong_sum("xl/worksheets/sheet2.xml", two_sheets())
    grid, [seen] = read_bytes(data, "登记.xlsx")
    assert grid is not None
    assert list(grid.sheets) == ["好"]
    assert (seen.code, seen.place.sheet) == ("file.bad_crc", "坏")


class OnWindows(OSError):
    """An error as Windows gives it."""

    def __init__(self, winerror: int) -> None:
        super().__init__(22, "The cloud operation was unsuccessful")
        self.winerror = winerror


@pytest.mark.parametrize(
    ("error", "code", "why"),
    [
        (PermissionError(13, "Permission denied"), "file.no_access", "没有权限"),
        (OSError(5, "Input/output error"), "file.no_access", "读写设备出错"),
        (OSError(9999, "Something in English"), "file.no_access", "系统代码 9999"),
        (OnWindows(32), "file.no_access", "正被其他程序占用"),
        (OnWindows(362), "file.in_cloud", "还没有下载到本机"),
        (OnWindows(389), "file.in_cloud", "还没有下载到本机"),
        (FileNotFoundError(2, "No such file or directory"), "file.not_found", "找不到文件"),
    ],
)
def test_a_file_that_will_not_be_read(
    error: OSError, code: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(workbook(GOOD))

    def refuse(_: Path) -> bytes:
        raise error

    monkeypatch.setattr(Path, "read_bytes", refuse)
    grid, [seen] = read_grid(path)
    assert (grid, seen.code, seen.place.file) == (None, code, "登记.xlsx")
    assert why in seen.message


def test_a_sheet_of_too_many_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    data = dragged_down("ABCDE", 9_000, '<c r="{}" t="str"><v>星河</v></c>')
    monkeypatch.setattr(unzip, "_LARGE", 1 << 18)
    monkeypatch.setattr(unzip, "MAX_PART", 1 << 20)
    grid, [seen] = read_bytes(data, "登记.xlsx")
    assert (grid, seen.code, seen.place.sheet) == (None, "file.part_too_large", "登记表")


def test_empty_rows_left_out_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows with and without content in turns, read piece by piece and at once."""
    blank = dragged_down("AB", 3_000)
    filled = '<row r="3001" hidden="1"><c r="B3001"><v>7</v></c></row><row r="3005"><c r="C3005" t="e"/></row>'
    data = dragged_down("AB", 3_000, rest=filled)
    whole, _ = read_bytes(data, "登记.xlsx")
    monkeypatch.setattr(unzip, "_LARGE", 1 << 10)
    monkeypatch.setattr(unzip, "_PIECE", 1 << 12)
    piecewise, issues = read_bytes(data, "登记.xlsx")
    assert whole is not None
    assert piecewise is not None
    assert (piecewise.sheets["登记表"], issues) == (whole.sheets["登记表"], [])
    assert whole.sheets["登记表"].rows[3000] == [None, 7.0, None]
    empty, _ = read_bytes(blank, "登记.xlsx")
    assert empty is not None
    assert empty.sheets["登记表"].rows == [[1.0]]


def test_a_placeholder_that_gives_no_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(workbook(GOOD))
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"")
    assert [seen.code for seen in read_grid(path)[1]] == ["file.in_cloud"]


def test_a_file_of_a_gigabyte_is_not_taken_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "登记.xlsx"
    with path.open("wb") as stream:
        stream.truncate(1 << 30)
    told = read_apart(path)
    assert told["codes"] == ["file.heavy"]
    assert "1074 MB" in told["messages"][0]
    assert told["megabytes"] < 200


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in folders")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    path = tmp_path / "登记.xlsx"
    os.mkfifo(path)
    assert [seen.code for seen in read_grid(path)[1]] == ["file.no_access"]
