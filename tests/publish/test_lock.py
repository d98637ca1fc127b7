"""One writer at a time, and everybody learns who it is."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from incubxl.publish.lock import HeldError, held
from incubxl.publish.network import on_network

_HOLD = (
    "import sys, time; from pathlib import Path; from incubxl.publish.lock import held\n"
    "with held(Path(sys.argv[1])):\n    print('ready', flush=True); time.sleep(60)"
)


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / ".lock"


def _holder(lock: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", _HOLD, str(lock)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_a_second_process_learns_who_holds_it(lock: Path) -> None:
    with _holder(lock) as process:
        try:
            with pytest.raises(HeldError) as error, held(lock, patience=0):
                pass
            holder = error.value.holder
            assert holder.machine == platform.node()
            assert holder.process == process.pid
            assert holder.user
            assert f"进程 {process.pid}" in str(holder)
            assert error.value.lock == lock
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_the_lock_of_a_killed_process_is_taken_over(lock: Path) -> None:
    with _holder(lock) as process:
        process.send_signal(signal.SIGKILL)
    assert lock.exists()
    with held(lock):
        pass
    assert list(lock.parent.iterdir()) == []


def test_a_lock_that_was_only_begun_is_taken_over(lock: Path) -> None:
    lock.touch()  # killed between making the file and writing who it is
    with held(lock):
        pass


def test_a_lock_from_another_machine_is_left_to_a_person(lock: Path) -> None:
    lock.write_text(f"{os.getpid() + 1}\nanother-machine\n")
    with pytest.raises(HeldError) as error, held(lock, patience=0):
        pass
    assert "另一个程序" in str(error.value.holder)
    assert lock.exists()


def test_it_is_let_go_after_an_error_too(lock: Path) -> None:
    with pytest.raises(ValueError, match="x"), held(lock):
        raise ValueError("x")
    assert list(lock.parent.iterdir()) == []


MOUNTS = """/dev/sda1 / ext4 rw 0 0
//server/office /mnt/office cifs rw 0 0
server:/home /mnt/my\\040nfs nfs4 rw 0 0
tmpfs /mnt/office/local tmpfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("path", "share"),
    [
        ("/home/a", False), ("/mnt/office", True), ("/mnt/office/a/b", True), ("/mnt/officer", False),
        ("/mnt/my nfs/a", True), ("/mnt/office/local/a", False), ("//server/office/a", True),
        ("\\\\server\\office", True),
    ],
)  # fmt: skip
@pytest.mark.skipif(sys.platform == "win32", reason="mounts are POSIX")
def test_a_share_is_known_by_its_path_or_its_mount(path: str, share: bool) -> None:
    assert on_network(Path(path), MOUNTS) is share
