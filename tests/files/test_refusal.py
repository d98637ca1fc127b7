"""What the operating system refuses, in Chinese."""

from __future__ import annotations

import errno

import pytest

from incubxl.files.refusal import described


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "C:/登记/a.xlsx"), "「a.xlsx」没有权限"),
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘已满"),
        (OSError("快照写不了"), "快照写不了"),
    ],
)
def test_the_file_and_the_reason(error: OSError, said: str) -> None:
    assert described(error) == said


def test_a_file_that_another_program_has() -> None:
    error = PermissionError(errno.EACCES, "sharing violation", "a.xlsx")
    error.winerror = 32  # type: ignore[attr-defined]
    assert described(error) == "「a.xlsx」正被其他程序占用"
