"""incubxl numbers: reserve, void, list, on the screen, as JSON and as the sheet 文号簿."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl


def _numbers(book: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "incubxl", "numbers", *map(str, arguments), "--book", str(book)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8")


def test_from_reserving_to_the_sheet(tmp_path: Path) -> None:
    book, out = tmp_path / "文号簿.sqlite", tmp_path / "文号簿.xlsx"
    done = _numbers(book, "reserve", "示科函", "--by", "示例甲", "--year", 2026, "--count", 2)
    assert (done.returncode, done.stdout.split()) == (0, ["示科函〔2026〕1号", "示科函〔2026〕2号"])
    done = _numbers(book, "reserve", "示科函", "--by", "示例甲", "--year", 2026, "--first", 5, "--json")
    assert json.loads(done.stdout) == {"reserved": ["示科函〔2026〕5号"]}
    done = _numbers(book, "void", "示科函〔2026〕2号", "--by", "示例乙", "--reason", "打印错误")
    assert (done.returncode, done.stdout.strip()) == (0, "示科函〔2026〕2号 已作废，原为已预留。")
    done = _numbers(book, "list", "--out", out)
    assert done.returncode == 1  # 3 and 4 are explained by nobody
    assert "没有登记：示科函〔2026〕3号至4号" in done.stdout
    sheet = openpyxl.load_workbook(out)["文号簿"]
    cells = [c.value for row in sheet.iter_rows() for c in row]
    assert {"示科函〔2026〕1号", "已预留", "已作废", "示例乙", "打印错误", "示科函〔2026〕3号至4号"} <= set(cells)
    theirs = tmp_path / "登记.xlsx"
    theirs.write_bytes(b"PK of somebody else")
    refused = _numbers(book, "list", "--out", theirs)
    assert (refused.returncode, theirs.read_bytes()) == (3, b"PK of somebody else")
    assert _numbers(book, "list", "--out", out).returncode == 1  # our own is written anew
    for serial in (3, 4):
        assert (
            _numbers(book, "void", f"示科函〔2026〕{serial}号", "--by", "示例乙", "--reason", "手工簿已用").returncode
            == 0
        )
    done = _numbers(book, "list", "--json")
    body = json.loads(done.stdout)
    assert (done.returncode, body["gaps"]) == (0, [])
    assert [(n["number"], n["state"]) for n in body["numbers"]][:2] == [
        ("示科函〔2026〕1号", "reserved"),
        ("示科函〔2026〕2号", "voided"),
    ]


def test_what_it_refuses_is_said_in_chinese_with_a_way_out(tmp_path: Path) -> None:
    book = tmp_path / "文号簿.sqlite"
    for arguments, said in (
        (("list",), "没有文号簿"),
        (("reserve", "SKH", "--by", "示例甲"), "机关代字「SKH」应为汉字"),
        (("reserve", "示科函", "--by", " "), "没有写姓名"),
        (("void", "示科函[2026]5号", "--by", "示例甲", "--reason", "错"), "是不是「示科函〔2026〕5号」"),
        (("void", "示科函〔2026〕5号", "--by", "示例甲", "--reason", " "), "须写明经办人和原因"),
    ):
        done = _numbers(book, *arguments)
        assert done.returncode == 3, arguments
        assert said in done.stderr
        assert "怎么办：" in done.stderr
    assert not book.exists()  # nothing was made by a refusal
