"""Records that somebody has written on purpose, and folders that two machines or a person have been at."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from incubxl.audit.chain import RECORD, START, Chain, canonical, digest
from incubxl.audit.verify import verify
from incubxl.batch.recorded import recorded
from incubxl.batch.replay import replay
from tests.audit.test_replay import audit
from tests.batch.build import concluded, data, filled, go

Body = dict[str, Any]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    register = tmp_path / "登记.xlsx"
    register.write_bytes(data(concluded(filled(2))))
    assert not go(register, out=tmp_path / "结果").failed
    return tmp_path / "结果"


def rewritten(out: Path, kind: str, change: Callable[[Body], Mapping[str, Any]]) -> None:
    """The record with the bodies of a kind changed, every hash made to fit again, and the run's own list gone."""
    lines, before = [], START
    for raw in (out / RECORD).read_bytes().splitlines():
        entry = json.loads(raw)
        if entry["kind"] == kind:
            entry["body"] = change(entry["body"])
        entry["prev"] = before
        before = entry["hash"] = digest(entry)
        lines.append(canonical(entry) + b"\n")
    (out / RECORD).write_bytes(b"".join(lines))
    (out / "运行清单.json").unlink()
    assert verify(out).sound


@pytest.mark.parametrize(
    ("kind", "change", "answer"),
    [
        ("workbook", lambda body: {}, "foreign"),
        ("run.begun", lambda body: {}, "foreign"),
        ("run.begun", lambda body: {**body, "today": "昨天"}, "foreign"),
        ("workbook", lambda body: {**body, "pack": {**body["pack"], "id": "../../../escaped"}}, "foreign"),
        ("workbook", lambda body: {**body, "pack": {**body["pack"], "id": "/escaped"}}, "foreign"),
        ("workbook", lambda body: {**body, "folder": "/dev", "outputs": {"zero": "0" * 64}}, "foreign"),
        ("workbook", lambda body: {**body, "outputs": {"../../登记.xlsx": "0" * 64}}, "foreign"),
        ("workbook", lambda body: {**body, "kept": {**body["kept"], "outcome": "../运行清单.json"}}, "foreign"),
        ("workbook", lambda body: {**body, "path": "/dev/zero", "sha256": "0" * 64}, "input_gone"),
        ("workbook", lambda body: {**body, "input": ".."}, "same"),
    ],
)
def test_a_record_made_to_fit_leads_nowhere(
    out: Path, kind: str, change: Callable[[Body], Mapping[str, Any]], answer: str
) -> None:
    rewritten(out, kind, change)
    before = set(out.parent.rglob("*"))
    assert [one.answer for one in replay(out, recorded(out)[-1])] == [answer]
    assert set(out.parent.rglob("*")) == before
    assert "Traceback" not in audit("verify", out).stderr


def test_a_record_that_its_runs_list_contradicts_is_not_replayed(out: Path) -> None:
    listed = (out / "运行清单.json").read_bytes()
    rewritten(out, "run.begun", lambda body: {**body, "letters": False})
    (out / "运行清单.json").write_bytes(listed)
    told = audit("replay", "last", "--out", out)
    assert (told.returncode, "不能拿来复算" in told.stderr) == (3, True)


@pytest.mark.parametrize("keep", [0, 1])
def test_a_run_after_the_record_was_cut_does_not_cover_that_up(out: Path, keep: int) -> None:
    lines = (out / RECORD).read_bytes().splitlines(keepends=True)
    (out / RECORD).write_bytes(b"".join(lines[:keep]))
    head = json.loads((out / "运行清单.json").read_bytes())["run"]["audit"]
    go(out.parent / "登记.xlsx", out=out)
    go(out.parent / "登记.xlsx", out=out)
    found = [issue for issue in verify(out).issues if issue.severity == "error"]
    assert [issue.code for issue in found] == ["audit.lost"]
    assert head[:16] in found[0].message


def test_an_ordinary_second_run_misses_nothing(out: Path) -> None:
    go(out.parent / "登记.xlsx", out=out)
    assert not verify(out).issues


def test_the_record_of_another_machine_beside_it_is_named(out: Path) -> None:
    (out / "审计记录 (冲突).jsonl").write_bytes((out / RECORD).read_bytes())
    found = verify(out)
    assert [issue.code for issue in found.issues] == ["audit.beside"]
    assert "审计记录 (冲突).jsonl" in found.issues[0].message
    assert found.sound


def test_what_is_no_entry_cannot_write_to_the_terminal(out: Path) -> None:
    with (out / RECORD).open("ab") as file:
        file.write(b"\x1b]0;x\x07\x1b[2J\n")
    told = audit("verify", out)
    assert told.returncode == 1
    assert "\x1b]" not in told.stderr
    assert "□]0;x□□[2J" in told.stderr


def test_a_lock_left_by_another_machine_is_told_with_what_to_delete(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incubxl.audit.chain._PATIENCE", 0.1)
    (out / ".incubxl-audit.lock").write_text("99999\nother-machine\n")
    with pytest.raises(OSError, match=r"删去「.*\.incubxl-audit\.lock」"):
        Chain(out).append("swept", "", {}, dt.datetime(2026, 6, 20))
