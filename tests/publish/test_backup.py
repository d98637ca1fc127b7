"""What a person may have edited is kept before it is replaced, and comes back whole."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from incubxl.files.office import home
from incubxl.publish import backup
from incubxl.publish.atomic import ChangedError, HeldOpenError, standing, write_beside, write_bytes, writing
from incubxl.publish.backup import Backups
from incubxl.publish.retention import retention
from incubxl.publish.store import BlobStore

NOW = dt.datetime(2026, 6, 20, 9, 30)


@pytest.fixture
def backups(tmp_path: Path) -> Backups:
    return Backups(tmp_path / "backups")


def test_a_replaced_file_comes_back(tmp_path: Path, backups: Backups) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(b"years of work")
    backups.replace(path, b"new", "incubxl new --force", NOW)
    assert path.read_bytes() == b"new"
    (one,) = backups.listed(path)
    assert one.sha256 == hashlib.sha256(b"years of work").hexdigest()
    before = backups.restore(one, NOW)
    assert path.read_bytes() == b"years of work"
    assert before is not None
    backups.restore(before, NOW)
    assert path.read_bytes() == b"new"


def test_what_the_program_wrote_itself_is_not_kept(tmp_path: Path, backups: Backups) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"ours")
    ours = standing(path)
    assert backups.replace(path, b"newer", "run", NOW, known=(ours,)) is None
    assert backups.replace(tmp_path / "new", b"x", "run", NOW) is None
    assert backups.listed() == []


def test_the_same_content_again_is_no_replacement(tmp_path: Path, backups: Backups) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"same")
    assert backups.replace(path, b"same", "run", NOW) is None
    assert backups.listed() == []


def test_one_content_is_kept_once(tmp_path: Path, backups: Backups) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"same")
        backups.keep(tmp_path / name, "run", NOW)
    assert len(backups.listed()) == 2
    assert len([p for p in backups.folder.rglob("*") if len(p.name) == 64]) == 1


def test_without_a_copy_nothing_is_replaced(tmp_path: Path, backups: Backups, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def full(*_: object) -> str:
        raise OSError(28, "full")

    monkeypatch.setattr(BlobStore, "put", full)
    with pytest.raises(OSError, match="full"):
        backups.replace(path, b"new", "run", NOW)
    assert path.read_bytes() == b"old"


def test_a_damaged_copy_is_told_and_replaces_nothing(tmp_path: Path, backups: Backups) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    backups.replace(path, b"new", "run", NOW)
    (one,) = backups.listed()
    BlobStore(backups.folder).path(one.sha256).write_bytes(b"rotten")
    with pytest.raises(ValueError, match="损坏"):
        backups.restore(one, NOW)
    assert path.read_bytes() == b"new"


def test_a_target_changed_meanwhile_is_left(tmp_path: Path, backups: Backups, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    stood = standing(path)
    with pytest.raises(ChangedError), writing(path, stood=stood) as temp:
        temp.write_bytes(b"ours")
        path.write_bytes(b"somebody's")
    assert path.read_bytes() == b"somebody's"
    with pytest.raises(ChangedError):
        write_bytes(tmp_path / "new", b"x", stood=stood)
    kept = Backups.keep

    def late(self: Backups, target: Path, *rest: Any, **more: Any) -> Any:
        target.write_bytes(b"later still")
        return kept(self, target, *rest, **more)

    monkeypatch.setattr(backup.Backups, "keep", late)
    with pytest.raises(ChangedError):
        backups.replace(path, b"ours", "run", NOW)
    assert path.read_bytes() == b"later still"


def test_copies_go_when_their_time_is_over(tmp_path: Path, backups: Backups) -> None:
    path = tmp_path / "a"
    for n, days in enumerate((200, 200, 10)):
        path.write_bytes(b"%d" % n)
        backups.keep(path, "run", NOW - dt.timedelta(days=days))
    assert backups.sweep(0, NOW) == 0
    assert backups.sweep(180, NOW) == 2
    (one,) = backups.listed()
    assert one.sha256 == hashlib.sha256(b"2").hexdigest()


def test_a_torn_list_loses_no_copy(tmp_path: Path, backups: Backups) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    backups.keep(path, "run", NOW)
    with (backups.folder / "列表.jsonl").open("ab") as file:
        file.write(b'{"path": "/x", "sha')
    assert len(backups.listed()) == 1


@pytest.mark.parametrize(
    ("text", "days", "trouble"),
    [
        ("", 180, False),
        ("backups_days = 30\n", 30, False),
        ("backups_days = -1\n", 180, True),
        ("backups_days = '半年'\n", 180, True),
        ("backup_day = 3\n", 180, True),
        ("backups_days = 半年", 180, True),
    ],
)
def test_the_office_sets_how_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, days: int, trouble: bool
) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path))
    assert retention().backups_days == 180
    (home() / "retention.toml").write_text(text, encoding="utf-8")
    found = retention()
    assert found.backups_days == days
    assert (found.trouble is not None) is trouble


# Windows: a target that is not let go of


def _windows(monkeypatch: pytest.MonkeyPatch, held: Path, times: int) -> list[int]:
    """The system says it is Windows, and refuses to replace ``held`` that many times."""
    tries: list[int] = []
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if Path(target) == held and len(tries) < times:
            tries.append(1)
            raise PermissionError(13, "held")
        return real(self, target)

    monkeypatch.setattr("incubxl.publish.atomic.sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr("incubxl.publish.atomic.time", SimpleNamespace(sleep=lambda _: None, time=time.time))
    monkeypatch.setattr(Path, "replace", replace)
    return tries


def test_a_short_hold_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "结果.xlsx"
    path.write_bytes(b"old")
    tries = _windows(monkeypatch, path, 3)
    assert write_beside(path, b"new", "新") == path
    assert path.read_bytes() == b"new"
    assert len(tries) == 3


def test_a_long_hold_leads_to_a_new_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "结果.xlsx"
    path.write_bytes(b"old")
    tries = _windows(monkeypatch, path, 10**9)
    with pytest.raises(HeldOpenError):
        write_bytes(path, b"new")
    assert len(tries) < 20
    made = write_beside(path, b"new", "新20260620-093000")
    assert made == tmp_path / "结果（新20260620-093000）.xlsx"
    assert made.read_bytes() == b"new"
    assert path.read_bytes() == b"old"
    assert not list(tmp_path.glob(".incubxl-*"))


# the command


def _restore(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "incubxl", "restore", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_restore_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path / "home"))
    path = tmp_path / "登记.xlsx"
    nothing = _restore(path)
    assert nothing.returncode == 3
    assert "没有备份" in nothing.stderr
    for n in range(3):
        path.write_bytes(b"content %d" % n)
        Backups().replace(path, b"program's", "incubxl new --force", NOW + dt.timedelta(hours=n))
    listed = json.loads(_restore("--list", "--json").stdout)["backups"]
    assert [b["sha256"] for b in listed] == [hashlib.sha256(b"content %d" % n).hexdigest() for n in (2, 1, 0)]
    assert "incubxl new --force" in _restore("--list", path).stdout
    assert _restore(path).returncode == 0
    assert path.read_bytes() == b"content 2"
    assert _restore(path, "--from", listed[2]["sha256"][:12]).returncode == 0
    assert path.read_bytes() == b"content 0"
    for wrong in ("abc", "0" * 12):
        assert _restore(path, "--from", wrong).returncode == 3
    (tmp_path / "~$登记.xlsx").write_bytes(b"\x06\xca\xbe\xc0\xfd\xbc\xd7" + b" " * 50)
    held = _restore(path)
    assert held.returncode == 3
    assert "示例甲" in held.stderr
    assert path.read_bytes() == b"content 0"


def test_new_keeps_what_it_overwrites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path / "home"))
    path = tmp_path / "登记.xlsx"
    path.write_bytes(b"years of work")
    command = [sys.executable, "-m", "incubxl", "new", "urumqi-intl", "--year", "2026", "--out", str(path), "--force"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0
    assert "incubxl restore" in done.stderr
    assert _restore(path).returncode == 0
    assert path.read_bytes() == b"years of work"


def test_blobs_know_when_they_were_used(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path)
    old, used = blobs.put(b"old"), blobs.put(b"used")
    long_ago = time.time() - 100 * 86400
    for digest in (old, used):
        os.utime(blobs.path(digest), (long_ago, long_ago))
    blobs.put(b"used")
    assert blobs.sweep(0) == 0
    assert blobs.sweep(30) == 1
    assert not blobs.has(old)
    assert blobs.get(used) == b"used"


def test_a_list_written_by_hand_hides_no_copy(tmp_path: Path, backups: Backups) -> None:
    file = tmp_path / "登记.xlsx"
    file.write_bytes(b"old")
    backups.replace(file, b"new", "测试", NOW)
    with (backups.folder / "列表.jsonl").open("ab") as listed:
        listed.write(b'{"path":5,"sha256":7,"size":"a","at":3,"why":null}\n[]\n\xff\xfe{\n')
    assert [one.sha256 for one in backups.listed()] == [hashlib.sha256(b"old").hexdigest()]
    assert backups.sweep(1, NOW) == 0
