"""What the command line says when it is used wrongly: Chinese, with a way out, never a traceback."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest


def _incubxl(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "incubxl", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["policy", "lint", "{missing}"], 2, "找不到「{missing}」，请核对路径"),
        (["policy", "lint", "{file}"], 2, "「{file}」是文件，这里要写文件夹"),
        (["policy", "list", "--policies", "{missing}"], 2, "找不到「{missing}」，请核对路径"),
        (["demo", "--out", "{file}"], 3, "不能读写：路径中有一段是文件，不是文件夹"),
        (["templates", "build", "--out", "{file}"], 3, "不能读写：同名的位置已有文件"),
    ],
)
def test_a_wrong_place_is_said_in_chinese(arguments: list[str], code: int, said: str, tmp_path: Path) -> None:
    names = {"missing": str(tmp_path / "没有"), "file": str(tmp_path / "文件")}
    Path(names["file"]).write_text("", encoding="utf-8")
    done = _incubxl(*(a.format(**names) for a in arguments))
    assert done.returncode == code
    told = done.stderr.replace(str(tmp_path), "")
    assert said.format(**names).replace(str(tmp_path), "") in told
    assert not re.search(r"Traceback|does not|is a ", told)
