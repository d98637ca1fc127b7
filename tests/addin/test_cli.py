"""incubxl addin build | lint, as typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.addin.conftest import MACROS

from incubxl.addin.store import ADDIN
from incubxl.cli.commands import app


def typed(*arguments: str) -> int:
    return int(app(["addin", *arguments], standalone_mode=False))


def test_build_writes_the_same_file_and_check_compares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "incubxl.xlam"
    assert typed("build", "--macros", str(MACROS), "--out", str(out)) == 0
    assert out.read_bytes() == ADDIN.read_bytes()
    assert typed("build", "--macros", str(MACROS), "--check") == 0
    out.write_bytes(out.read_bytes()[:-30])
    assert typed("build", "--macros", str(MACROS), "--out", str(out), "--check") == 3
    assert "不是完整的加载项" in capsys.readouterr().err
    assert len(out.read_bytes()) == len(ADDIN.read_bytes()) - 30


def test_lint_names_the_place_and_build_refuses(macros: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("lint", "--macros", str(macros)) == 0
    path = macros / "Callbacks.bas"
    path.write_text(path.read_text(encoding="utf-8").replace("incubxl_OnLoad", "OnLoad"), encoding="utf-8")
    assert typed("lint", "--macros", str(macros)) == 3
    assert "macros/customUI14.xml:4：customUI 的回调 onLoad=incubxl_OnLoad 在 macros 的模块里没有" in (
        capsys.readouterr().out
    )
    out = macros.parent / "out.xlam"
    assert typed("build", "--macros", str(macros), "--out", str(out)) == 3
    assert not out.exists()


def test_a_missing_folder_and_a_broken_text_file_are_said(macros: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("lint", "--macros", str(macros / "none")) == 3
    assert "读不了" in capsys.readouterr().err
    (macros / "texts.toml").write_text("title = ", encoding="utf-8")
    assert typed("lint", "--macros", str(macros)) == 3
    assert "里的文件不对" in capsys.readouterr().err
