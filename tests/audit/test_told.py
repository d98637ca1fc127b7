"""What of the record is told in a code: outputs that changed, a record that cannot be written, settings unread."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from incubxl.audit.chain import RECORD
from incubxl.batch import bounds
from incubxl.cli.audit import verify
from incubxl.files.office import home
from incubxl.publish.retention import retention
from tests.batch.build import concluded, data, filled, go


@pytest.fixture
def out(tmp_path: Path) -> Path:
    book = tmp_path / "登记.xlsx"
    book.write_bytes(data(concluded(filled(2), "correction")))
    go(book, out=tmp_path / "out")
    return tmp_path / "out"


def told(out: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    verify(out, [], as_json=True)
    return [issue["code"] for issue in json.loads(capsys.readouterr().out)["issues"]]


def test_an_output_that_changed_and_one_that_is_gone(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(out, capsys) == []
    result = next(out.glob("*/结果_*.xlsx"))
    result.write_bytes(result.read_bytes() + b" ")
    assert told(out, capsys) == ["audit.output_changed"]
    result.unlink()
    assert told(out, capsys) == ["audit.output_gone"]


def test_a_record_that_cannot_be_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bounds.Recorder, "ended", full)
    book = tmp_path / "登记.xlsx"
    book.write_bytes(data(filled(2)))
    done = go(book, out=tmp_path / "out")
    assert done.trouble is not None
    assert done.trouble.code == "audit.failed"
    assert "磁盘" in done.trouble.message
    assert (tmp_path / "out" / RECORD).is_file()


@pytest.mark.parametrize("text", ["backups_days = 'x'", "no toml at all =", "unknown = 1"])
def test_settings_of_retention_that_cannot_be_read(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path))
    (home() / "retention.toml").write_text(text, encoding="utf-8")
    trouble = retention().trouble
    assert trouble is not None
    assert trouble.code == "retention.unreadable"
