"""Old or new, never half: also when the writer fails, the disk is full or the process is killed."""

from __future__ import annotations

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from incubxl.publish import atomic
from incubxl.publish.atomic import PREFIX, sweep, write_bytes, writing

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and kill -9 are POSIX")


def temps(folder: Path) -> list[Path]:
    return list(folder.glob(f"{PREFIX}*"))


def test_a_new_file_and_a_replaced_one(tmp_path: Path) -> None:
    path = tmp_path / "结果.xlsx"
    write_bytes(path, b"one")
    write_bytes(path, b"two")
    assert path.read_bytes() == b"two"
    assert temps(tmp_path) == []


def test_a_writer_gets_a_path_in_the_same_folder_with_the_same_ending(tmp_path: Path) -> None:
    path = tmp_path / "结果.xlsx"
    with writing(path) as temp:
        assert temp.parent == tmp_path.resolve()
        assert temp.suffix == ".xlsx"
        assert temp.name.startswith(PREFIX)
        temp.write_bytes(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt(), ValueError("half")])
def test_a_failing_writer_leaves_the_old_file_and_no_rest(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "结果.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(type(error)), writing(path) as temp:
        temp.write_bytes(b"ha")
        raise error
    assert path.read_bytes() == b"old"
    assert temps(tmp_path) == []


def test_a_writer_that_replaces_the_temporary_file_itself(tmp_path: Path) -> None:
    path = tmp_path / "结果.xlsx"
    with writing(path) as temp:
        temp.unlink()
        temp.write_bytes(b"new")
    assert path.read_bytes() == b"new"


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_bytes(tmp_path / "没有" / "结果.xlsx", b"x")


def test_content_is_on_the_disk_before_the_name_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(handle: int) -> None:
        events.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        real_sync(handle)

    def replace(self: Path, target: Path) -> Path:
        events.append("replace")
        return real_replace(self, target)

    monkeypatch.setattr(atomic.os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    write_bytes(tmp_path / "a", b"x")
    assert events == ["file", "replace", *(["folder"] if sys.platform != "win32" else [])]


@posix
def test_the_mode_stays_and_a_new_file_has_the_usual_one(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_bytes(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    ordinary, ours = tmp_path / "b", tmp_path / "c"
    ordinary.write_bytes(b"")
    write_bytes(ours, b"")
    assert ours.stat().st_mode == ordinary.stat().st_mode


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    real, link = tmp_path / "far" / "real", tmp_path / "link"
    real.write_bytes(b"old")
    link.symlink_to(real)
    write_bytes(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert temps(tmp_path) == temps(tmp_path / "far") == []


def test_sweep_takes_old_temporary_files_only(tmp_path: Path) -> None:
    old, young, foreign = tmp_path / f"{PREFIX}a.tmp.xlsx", tmp_path / f"{PREFIX}b.tmp", tmp_path / "c.tmp"
    for path in (old, young, foreign):
        path.write_bytes(b"x")
    hour_ago = time.time() - 3600
    os.utime(old, (hour_ago, hour_ago))
    os.utime(foreign, (hour_ago, hour_ago))
    assert sweep(tmp_path, 600) == [old]
    assert sorted(tmp_path.iterdir()) == sorted([young, foreign])
    assert sweep(tmp_path / "没有", 600) == []


@posix
def test_kill_9_leaves_the_old_or_the_new_whole(tmp_path: Path) -> None:
    size = 2_000_000
    path = tmp_path / "结果.xlsx"
    path.write_bytes(b"0" * size)
    program = (
        "import sys; from pathlib import Path; from incubxl.publish.atomic import write_bytes\n"
        "path = Path(sys.argv[1]); print('ready', flush=True)\n"
        f"for n in range(10**9): write_bytes(path, bytes([49 + n % 9]) * {size})"
    )
    chance = random.Random(9)
    for _ in range(20):
        command = [sys.executable, "-c", program, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0.001, 0.06))
            process.send_signal(signal.SIGKILL)
        data = path.read_bytes()
        assert len(data) == size
        assert data == data[:1] * size
    sweep(tmp_path, -1)
    assert list(tmp_path.iterdir()) == [path]
