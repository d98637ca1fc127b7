"""A run and the others: alone in its folder, no file replaced that is open, nothing made from a moving input."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from incubxl.batch import job
from incubxl.batch.bounds import LOCK
from incubxl.batch.manifest import CannotStart
from incubxl.publish.lock import held
from tests.batch.build import RAN_AT, cli, codes, concluded, data, filled, go, hashes

LATER = RAN_AT + dt.timedelta(hours=1)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(data(concluded(filled(2), "correction")))
    return path


def test_a_second_run_into_the_folder_is_told_who_is_at_work(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with held(out / LOCK):
        with pytest.raises(CannotStart) as error:
            go(book, out=out)
        assert error.value.issue.code == "output.busy"
        assert "计算机" in error.value.issue.message
        assert LOCK in error.value.issue.remedy
        assert hashes(out).keys() <= {LOCK, f"{LOCK}.json"}
        dry = go(book, out=out, write=False)  # writes nothing, needs no lock
        assert not dry.failed
    assert not go(book, out=out).failed
    assert not (out / LOCK).exists()


def test_two_runs_at_once_leave_one_whole_result(tmp_path: Path) -> None:
    inputs, out = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    for n in range(6):
        (inputs / f"登记{n}.xlsx").write_bytes(data(filled(first=1 + 2 * n)))
    command = [sys.executable, "-m", "incubxl", "run", str(inputs), "--out", str(out)]
    first = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (out / f"{LOCK}.json").exists() and first.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    second = cli(inputs, "--out", out)
    _, said = first.communicate(timeout=120)
    assert first.returncode == 0, said
    assert second.returncode in (0, 3)  # 3: told; 0: it waited until the other had just finished
    if second.returncode == 3:
        assert "正由" in second.stderr
    assert len(list(out.glob("*/结果_*.xlsx"))) == 6


@pytest.mark.parametrize("sign", ["~$结果_登记.xlsx", ".~lock.结果_登记.xlsx#", ".~结果_登记.xlsx"])
def test_an_open_result_stops_its_workbook_before_anything_is_touched(book: Path, tmp_path: Path, sign: str) -> None:
    out = tmp_path / "out"
    go(book, out=out)
    before = hashes(out / "登记")
    (out / "登记" / sign).write_bytes(
        "示例甲,jia,pc-7,20.06.2026 09:30,;".encode() if "lock" in sign else b"\x03abc" + b" " * 60
    )
    again = go(book, out=out, ran_at=LATER)
    assert codes(again) == ["output.open"]
    told = str(again.done[0].told[0]["message"])
    assert ("示例甲" if "lock" in sign else "abc") in told
    after = hashes(out / "登记")
    after.pop(sign)
    assert after == before
    (out / "登记" / sign).unlink()
    assert not go(book, out=out, ran_at=LATER).failed


def test_an_open_letter_too(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    go(book, out=out)
    letter = next((out / "登记" / "通知书").iterdir())
    (letter.parent / f"~${letter.name[2:]}").write_bytes(b"\x03abc" + b" " * 60)  # as Word names it
    assert codes(go(book, out=out, ran_at=LATER)) == ["output.open"]


def test_an_open_summary_stops_the_run(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    go(book, out=out)
    before = hashes(out)
    (out / "~$批量汇总.xlsx").write_bytes(b"\x03abc" + b" " * 60)
    with pytest.raises(CannotStart) as error:
        go(book, out=out, ran_at=LATER)
    assert error.value.issue.code == "output.open"
    (out / "~$批量汇总.xlsx").unlink()
    assert hashes(out) == before


def test_an_input_that_changes_while_it_is_worked_on(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = job.letters

    def slowly(*arguments: Any, **more: Any) -> Any:
        book.write_bytes(data(filled(3)))
        return real(*arguments, **more)

    monkeypatch.setattr(job, "letters", slowly)
    done = go(book, out=tmp_path / "out")
    assert codes(done) == ["input.changed"]
    assert not list((tmp_path / "out").rglob("*.docx"))
    monkeypatch.undo()
    assert not go(book, out=tmp_path / "out", ran_at=LATER).failed


def test_a_result_that_windows_does_not_let_go_of(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    go(book, out=out)
    shown = out / "登记" / "结果_登记.xlsx"
    old = shown.read_bytes()
    replace, unlink = Path.replace, Path.unlink

    def refuse(path: Path) -> None:
        if path == shown:
            raise PermissionError(13, "held", str(path))

    def held_replace(self: Path, target: Path) -> Path:
        refuse(Path(target))
        return replace(self, target)

    def held_unlink(self: Path, missing_ok: bool = False) -> None:
        refuse(self)
        unlink(self, missing_ok=missing_ok)

    with monkeypatch.context() as windows:
        windows.setattr("incubxl.publish.atomic.sys", SimpleNamespace(platform="win32"))
        windows.setattr("incubxl.publish.atomic.time", SimpleNamespace(sleep=lambda _: None, time=time.time))
        windows.setattr(Path, "replace", held_replace)
        windows.setattr(Path, "unlink", held_unlink)
        done = go(book, out=out, ran_at=LATER)
    assert not done.failed
    made = out / "登记" / "结果_登记（新20260620-103000）.xlsx"
    assert made.is_file()
    assert shown.read_bytes() == old
    assert done.done[0].told[0]["code"] == "output.renamed"
    assert made.name in str(done.done[0].told[0]["message"])
    result = done.done[0].item.result
    assert result is not None
    assert result.path == f"登记/{made.name}"
    go(book, out=out, ran_at=LATER + dt.timedelta(hours=1))  # let go of: one result, under its own name
    assert [p.name for p in (out / "登记").glob("结果_*")] == [shown.name]


def test_messages_quote_nobodys_number(tmp_path: Path) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(
        data(filled(2, contact_email="13800138000@139.example；li@example.com", service_area="约13912345678"))
    )
    done = cli(path, "--out", tmp_path / "out", "--json")
    issues = json.dumps(json.loads(done.stdout)["workbooks"][0]["issues"], ensure_ascii=False)
    for shown in (issues, done.stderr):
        for secret in ("13800138000", "li@example.com", "13912345678"):
            assert secret not in shown
    assert "139****678" in issues
