"""README.zh-CN.md says what the program does: its commands run, its messages are real, its pictures are small."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from lxml import etree

from incubxl.addin import machine
from incubxl.cli import main
from tests.addin.pc import Pc

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
_COMMANDS = re.findall(r"^ *(incubxl .+)$", TEXT, re.MULTILINE)
_SAID = [row.split("|")[2].strip() for row in TEXT.split("程序怎么说")[1].split("\n## ")[0].split("\n")[2:] if row]
_PICTURES = re.findall(r"\]\((docs/images/[^)]+)\)", TEXT)
_FINDINGS = 1  # exit code: done, with findings
_TEN = TEXT.split("## 十步装好（Windows）")[1].split("\n## ")[0]
_SEEN = {  # command of a step → what the guide says is seen, and how often
    "incubxl addin install": (("已写好", 3), ("接下来", 1)),
    "incubxl addin doctor": (("没有发现问题", 1), ("［注意］", 0), ("［有问题］", 0)),
    "incubxl addin uninstall": (("已删去", 3),),
}


def _run(*words: str) -> int:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as left:
        patch.setattr(sys, "argv", ["incubxl", *words])
        main()
    return int(left.value.code or 0)


def test_the_commands_run_in_the_order_in_which_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "tests/sixth/policies", tmp_path / "我的办法")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path / "home"))
    pc = Pc(tmp_path / "pc")  # the ten steps are for Windows
    monkeypatch.setattr(machine, "ThisMachine", lambda: pc)
    assert len(_COMMANDS) >= 11
    for command in _COMMANDS:
        code = _run(*shlex.split(command)[1:])
        said = capfd.readouterr()
        assert code in (0, _FINDINGS), f"{command}: {said.err}"
        for word, count in _SEEN.get(command, ()):
            assert (said.out + said.err).count(word) == count
        if "--resume" in command:
            assert "11 个工作簿没有变化，保留上次的结果。" in said.err
        if command.startswith("incubxl explain"):
            lines = TEXT.split("第六条7 典型孵化案例：资料不足")[1].split("```")[0].split("\n")
            assert all(line in said.out for line in lines)


def test_a_newcomer_installs_in_ten_steps_each_with_what_is_seen_and_what_to_do_otherwise() -> None:
    steps = re.split(r"^(\d+)\. ", _TEN, flags=re.MULTILINE)[1:]
    assert steps[::2] == [str(n) for n in range(1, 11)]
    for step in steps[1::2]:
        assert step.startswith("**")
        assert "- 看到：" in step
        assert "- 不是这样：" in step
    assert re.findall(r"^ +(incubxl .+)$", _TEN, re.MULTILINE) == [
        "incubxl addin install",
        "incubxl addin doctor",
        "incubxl demo",
        "incubxl addin uninstall",
    ]
    assert not re.search(r"https?:|pypi|www\.", TEXT)


def test_every_message_is_said_of_a_sample(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _run("run", str(ROOT / "samples"), "--out", str(tmp_path / "out"), "--dry-run", "--json")
    books = json.loads(capfd.readouterr().out)["workbooks"]
    messages = [issue["message"] for book in books for issue in book["issues"]]
    assert len(_SAID) >= 10
    assert [said for said in _SAID if not any(said in message for message in messages)] == []


def test_what_a_run_says_is_what_the_guide_shows(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    sample = str(ROOT / "samples/xinjiang-makerspace-2026.xlsx")
    _run("run", sample, "--out", str(tmp_path / "out"), "--dry-run")
    said = capfd.readouterr().err
    shown = TEXT.split("### ④ 运行")[1].split("```text\n")[1].split("```")[0]
    assert all(line in said for line in shown.split("\n"))


def test_the_pictures_are_there_and_small() -> None:
    assert 0 < len(_PICTURES) <= 8
    assert sorted(ROOT / p for p in _PICTURES) == sorted((ROOT / "docs/images").glob("*.png"))
    assert all((ROOT / p).stat().st_size <= 150_000 for p in _PICTURES)


def test_every_button_is_explained_in_its_group_and_nothing_else() -> None:
    ribbon = etree.parse(ROOT / "macros" / "customUI14.xml")
    groups = {
        str(group.get("label")): [str(button.get("label")) for button in group.iter("{*}button")]
        for group in ribbon.iter("{*}group")
    }
    table = TEXT.split("## Excel 里的按钮")[1].split("\n## ")[0]
    told: dict[str, list[str]] = {}
    for group, buttons in re.findall(r"^\| ([^|\n]*)\| ([^|\n]+) \|", table, re.MULTILINE)[1:]:
        name = group.strip() or list(told)[-1]
        told.setdefault(name, []).extend(buttons.split("、"))
    assert told == groups
