"""Who has a file open: the owner files of Excel, Word and WPS, and the lock files of LibreOffice."""

from __future__ import annotations

from pathlib import Path

import pytest

from incubxl.publish.opened import opener


def owner_file(name: str, encoding: str = "gb18030") -> bytes:
    """As Excel writes it: 165 bytes; a count and the name padded with blanks to 55, then the same in UTF-16."""
    narrow = name.encode(encoding)
    wide = name.encode("utf-16-le")
    first = bytes([len(narrow)]) + narrow.ljust(54, b" ")
    return first + len(name).to_bytes(2, "little") + (wide + b" \0" * 54)[:108]


def narrow_only(name: str, encoding: str) -> bytes:
    data = name.encode(encoding)
    return bytes([len(data)]) + data.ljust(53, b"\0")


@pytest.mark.parametrize(
    ("sign", "data", "program", "who"),
    [
        ("~$登记.xlsx", owner_file("示例甲"), "Excel", "示例甲"),
        ("~$登记.xlsx", owner_file("Lee Example", "ascii"), "Excel", "Lee Example"),
        ("~$登记.xlsx", narrow_only("示例甲", "gb18030"), "Excel", "示例甲"),
        ("~$登记.xlsx", narrow_only("示例甲", "utf-8"), "Excel", "示例甲"),
        ("~$登记.xlsx", b"", "Excel", ""),
        (".~登记.xlsx", narrow_only("示例乙", "utf-8"), "WPS", "示例乙"),
        (".~lock.登记.xlsx#", "示例丙,li,pc-7,20.06.2026 09:30,file:///srv/li/;".encode(), "LibreOffice",
         "示例丙，计算机 pc-7，20.06.2026 09:30 起"),
        (".~lock.登记.xlsx#", b",li,pc-7,20.06.2026 09:30,;", "LibreOffice", "li，计算机 pc-7，20.06.2026 09:30 起"),
        (".~lock.登记.xlsx#", "示例\\,丁,li,pc,t,x;".encode(), "LibreOffice", "示例,丁，计算机 pc，t 起"),
        (".~lock.登记.xlsx#", b"\xff\xfe;", "LibreOffice", None),
    ],
)  # fmt: skip
def test_the_holder_is_named(tmp_path: Path, sign: str, data: bytes, program: str, who: str | None) -> None:
    (tmp_path / "登记.xlsx").write_bytes(b"x")
    (tmp_path / sign).write_bytes(data)
    found = opener(tmp_path / "登记.xlsx")
    assert found is not None
    assert program in found.program
    assert sign in str(found)
    if who is not None:
        assert found.who == who
    if who == "":
        assert "有人" in str(found)


def test_word_leaves_out_two_characters(tmp_path: Path) -> None:
    (tmp_path / "~$补正通知书.docx").write_bytes(owner_file("示例甲"))
    found = opener(tmp_path / "关于补正通知书.docx")
    assert found is not None
    assert found.who == "示例甲"


@pytest.mark.parametrize("sign", ["~$别的.xlsx", ".~lock.登记.xlsx", "登记.xlsx~", ".~lock.a登记.xlsx#"])
def test_signs_of_other_files_say_nothing(tmp_path: Path, sign: str) -> None:
    (tmp_path / sign).write_bytes(owner_file("示例甲"))
    assert opener(tmp_path / "登记.xlsx") is None
