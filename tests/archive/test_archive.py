"""The year's package: everything of the runs, the same bytes for the same content, and every tampering told."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from incubxl.archive.collect import Package, collect
from incubxl.archive.pack import PackageBrokenError, write
from incubxl.archive.verify import LIST, check
from incubxl.audit.verify import verify
from incubxl.batch.recorded import recorded
from incubxl.batch.replay import replay
from incubxl.files.ours import title_as_written
from incubxl.letters.package import unpack
from incubxl.mail.drafting import draft
from incubxl.mail.outbox import Outbox
from tests.batch.build import concluded, data, filled, go
from tests.mail.build import Clock, letter, light


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A finished run of one workbook with a final letter, whose input has gone since."""
    path = tmp_path / "登记.xlsx"
    path.write_bytes(data(concluded(filled(1), "correction")))
    go(path, out=tmp_path / "结果")
    path.unlink()
    return tmp_path / "结果"


@pytest.fixture
def packed(out: Path) -> Path:
    path = out.parent / "归档.zip"
    write(collect([out], None), path)
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same zip by other hands, after ``change``."""
    found = members(path)
    change(found)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return path


def codes(path: Path, head: str = "") -> list[str]:
    return [issue.code for issue in check(path, head).issues]


def letter_name(found: dict[str, bytes]) -> str:
    return next(name for name in found if name.endswith(".docx") and "通知书" in name)


def archive(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "incubxl", "archive", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8")


def test_it_holds_everything_and_can_be_computed_again(out: Path, packed: Path, tmp_path: Path) -> None:
    found = members(packed)
    for path in out.rglob("*"):
        if path.is_file() and not path.name.startswith(".incubxl"):
            assert found[f"1_结果/结果/{path.relative_to(out).as_posix()}"] == path.read_bytes()
    assert any(name.startswith("2_输入/结果/") and name.endswith("_登记.xlsx") for name in found)
    assert any(name.startswith("3_办法/xinjiang-makerspace_") and name.endswith("/criteria.yaml") for name in found)
    listed = json.loads(found[LIST])["files"]
    assert {name: hashlib.sha256(found[name]).hexdigest() for name in listed} == {
        name: entry["sha256"] for name, entry in listed.items()
    }
    assert set(found) == {*listed, LIST}
    with zipfile.ZipFile(packed) as zipped:
        zipped.extractall(tmp_path / "取出")
    again = tmp_path / "取出" / "1_结果" / "结果"
    assert verify(again).sound
    assert [one.answer for one in replay(again, recorded(again)[-1])] == ["same"]


def test_the_contents_say_in_chinese_what_is_in_it_and_what_not(packed: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(members(packed)["目录.xlsx"]))
    assert book.sheetnames == ["目录", "说明"]
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]
    assert {"通知书", "审计记录", "登记工作簿（输入）", "办法数据"} <= set(cells)
    assert any("完整" in text or "请按登记表同样的要求保管" in text for text in cells)
    assert any("没有找到发件箱" in text for text in cells)


def test_the_same_content_gives_the_same_bytes(out: Path, packed: Path) -> None:
    second = packed.with_name("再来.zip")
    write(collect([out], None), second)
    assert second.read_bytes() == packed.read_bytes()


def test_a_sound_package_is_sound_by_its_noted_hash(packed: Path) -> None:
    checked = check(packed)
    assert checked.issues == ()
    assert checked.head == hashlib.sha256(members(packed)[LIST]).hexdigest()
    assert codes(packed, checked.head[:20]) == []


def test_an_edit_a_gap_an_addition_and_a_second_copy_are_told(packed: Path) -> None:
    whole = packed.read_bytes()
    name = letter_name(members(packed))

    def edit(found: dict[str, bytes]) -> None:
        found[name] = found[name][:-1] + b"x"

    assert [(i.code, name in i.message) for i in check(rewritten(packed, edit)).issues] == [("archive.edited", True)]
    packed.write_bytes(whole)
    assert codes(rewritten(packed, lambda found: found.__delitem__(name))) == ["archive.missing"]
    packed.write_bytes(whole)
    assert codes(rewritten(packed, lambda found: found.update({"多的.txt": b"x"}))) == ["archive.added"]
    packed.write_bytes(whole)
    with zipfile.ZipFile(packed, "a") as zipped, pytest.warns(UserWarning, match="Duplicate"):
        zipped.writestr(name, b"another")
    assert codes(packed) == ["archive.twice"]


def test_a_list_written_anew_is_known_by_the_noted_hash_only(packed: Path) -> None:
    head = check(packed).head

    def forge(found: dict[str, bytes]) -> None:
        name = letter_name(found)
        found[name] += b"x"
        listed = json.loads(found[LIST])
        listed["files"][name] |= {"size": len(found[name]), "sha256": hashlib.sha256(found[name]).hexdigest()}
        found[LIST] = json.dumps(listed, ensure_ascii=False).encode()

    rewritten(packed, forge)
    assert codes(packed) == []
    assert codes(packed, head) == ["archive.head"]


def test_what_is_no_package_or_damaged(packed: Path) -> None:
    whole = packed.read_bytes()
    packed.write_bytes(whole[: len(whole) // 2])
    assert codes(packed) == ["archive.unreadable"]
    packed.write_bytes(whole)
    assert codes(rewritten(packed, lambda found: found.__delitem__(LIST))) == ["archive.no_list"]


@pytest.mark.parametrize("entry", [{"sha256": "0"}, {"sha256": "0", "size": "3"}, {"size": 3}, [], "x"])
def test_a_list_that_no_archive_has_is_no_list(packed: Path, entry: object) -> None:
    listed = json.dumps({"files": {"甲.txt": entry}}).encode()
    assert codes(rewritten(packed, lambda found: found.update({LIST: listed}))) == ["archive.no_list"]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damaged_data_of_any_compression_is_told(tmp_path: Path, method: int) -> None:
    """One archive with the list, one with a document's properties: none is ours, none ends in a traceback."""
    path = tmp_path / "坏.zip"
    for name in (LIST, "docProps/core.xml"):
        with zipfile.ZipFile(path, "w", method) as zipped:
            zipped.writestr(name, b"abc" * 5_000)
        data = bytearray(path.read_bytes())
        start = 30 + len(name.encode()) + 12
        data[start : start + 8] = bytes(byte ^ 0xFF for byte in data[start : start + 8])
        path.write_bytes(data)
        assert codes(path) == ["archive.no_list"]
        assert title_as_written(path) is None
        with pytest.raises(ValueError, match=r"."):
            unpack(path.read_bytes())


def test_nothing_gets_its_name_that_does_not_read_back(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import incubxl.archive.pack as pack

    target = out.parent / "归档.zip"
    target.write_bytes(b"before")
    monkeypatch.setattr(pack, "_entry", lambda kind, data: {"kind": kind, "size": len(data), "sha256": "0" * 64})
    with pytest.raises(PackageBrokenError):
        write(collect([out], None), target)
    assert target.read_bytes() == b"before"
    assert [p.name for p in out.parent.glob("*.zip*")] == ["归档.zip"]


def test_databases_and_passwords_stay_out_and_it_is_said(out: Path) -> None:
    for name in ("发件箱.sqlite3", "发件箱.sqlite3-wal", "mail.toml"):
        (out / name).write_bytes(b"secret")
    package: Package = collect([out], None)
    assert not any("发件箱" in name or "mail.toml" in name for name in package.pieces)
    assert sum("不装入" in why for _, why in package.left_out) == 3


def test_the_send_log_of_these_letters_and_no_others(out: Path) -> None:
    box = out.parent / "发件箱.sqlite3"
    with Outbox(box, clock=Clock()) as outbox:
        mine, other = letter(1, out), letter(2, out.parent / "别的")
        draft(outbox, [mine, other], light, "示例甲")
    package = collect([out], box)
    book = openpyxl.load_workbook(io.BytesIO(package.pieces["4_发送记录/发送台账.xlsx"].read()))
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row]
    assert "x0001@example.org" in cells
    assert not any("x0002" in text for text in cells)


def test_the_commands(out: Path) -> None:
    target = out.parent / "归档.zip"
    done = archive(out, "--out", target, "--json")  # without make
    assert done.returncode == 0, done.stderr
    head = json.loads(done.stdout)["head"]
    assert "含个人信息：" in done.stderr
    assert archive("make", out, "--out", target).returncode == 3
    assert archive("make", out, "--out", out / "里面.zip").returncode == 3
    assert archive("make", out.parent, "--out", target, "--force").returncode == 3
    sound = archive("verify", target, "--head", head[:16])
    assert (sound.returncode, "归档包完好" in sound.stderr) == (0, True)
    rewritten(target, lambda found: found.__delitem__(letter_name(found)))
    assert archive("verify", target).returncode == 1
    target.write_bytes(b"PK")
    assert archive("verify", target).returncode == 3
