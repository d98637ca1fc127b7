"""incubxl addin install | uninstall on a fake Windows: what is written, what is refused, what is left."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.addin.pc import PYTHON, Pc

from incubxl.addin import machine as real
from incubxl.addin.store import ADDIN
from incubxl.cli.commands import app
from incubxl.files import office

SIXTH = Path(__file__).resolve().parents[1] / "sixth/policies"
ICON = "孵化管理（拖放工作簿）.lnk"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pc:
    made = Pc(tmp_path)
    monkeypatch.setattr(real, "ThisMachine", lambda: made)
    return made


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Type a command; its exit code and everything it says."""

    def run(*arguments: str) -> tuple[int, str]:
        code = app(["addin", *arguments], standalone_mode=False)
        said = capsys.readouterr()
        return int(code), said.out + said.err

    return run


def files(pc: Pc) -> set[str]:
    root = Path(pc.variables["USERPROFILE"])
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


XLAM = "AppData/Roaming/Microsoft/Excel/XLSTART/incubxl.xlam"
LINE = "AppData/Local/incubxl/interpreter.txt"
ALL = {XLAM, LINE, f"Desktop/{ICON}"}


def at(pc: Pc, name: str) -> Path:
    return Path(pc.variables["USERPROFILE"]) / name


def test_install_writes_three_files_and_names_each(pc: Pc, typed: Any) -> None:
    code, said = typed("install")
    assert code == 0
    assert files(pc) == ALL
    assert all(str(at(pc, name)) in said for name in ALL)
    assert at(pc, XLAM).read_bytes() == ADDIN.read_bytes()
    assert at(pc, LINE).read_bytes() == b"C:\\Python312\\pythonw.exe\r\n"
    assert pc.shortcut(at(pc, f"Desktop/{ICON}")) == (PYTHON, "-E -P -X utf8 -m incubxl drop")
    assert [line[:2] for line in said.split("接下来：\n")[1].splitlines()] == ["1.", "2.", "3."]
    assert not office.policies()


def test_install_twice_changes_nothing(pc: Pc, typed: Any) -> None:
    typed("install")
    before = {name: at(pc, name).stat().st_mtime_ns for name in ALL}
    code, said = typed("install")
    assert code == 0
    assert {name: at(pc, name).stat().st_mtime_ns for name in ALL} == before
    assert said.count("已经是　") == 3
    assert "已写好" not in said


def test_an_older_add_in_and_another_python_are_brought_up_to_date(pc: Pc, typed: Any, tmp_path: Path) -> None:
    typed("install")
    at(pc, XLAM).write_bytes(ADDIN.read_bytes() + b"\0")  # ours, of another version
    pc.python = "D:\\env\\Scripts\\python.exe"
    pc.files |= {"d:\\env\\scripts\\pythonw.exe", "d:\\env\\scripts\\python.exe"}
    assert typed("install")[0] == 0
    assert at(pc, XLAM).read_bytes() == ADDIN.read_bytes()
    assert at(pc, LINE).read_text() == "D:\\env\\Scripts\\pythonw.exe\n"
    assert pc.shortcut(at(pc, f"Desktop/{ICON}"))[0] == "D:\\env\\Scripts\\python.exe"


@pytest.mark.parametrize(
    ("python", "base", "why"),
    [
        ("C:\\Users\\a\\AppData\\Local\\Microsoft\\WindowsApps\\python.exe", "C:\\x", "Microsoft Store"),
        ("C:\\env\\Scripts\\python.exe", "C:\\Program Files\\WindowsApps\\Python.3.12", "Microsoft Store"),
        ("\\\\server\\share\\python.exe", "C:\\x", "不在本机的硬盘上"),
        ("Z:\\Python312\\python.exe", "Z:\\Python312", "不在本机的硬盘上"),
        ("C:\\Embedded\\python.exe", "C:\\Embedded", "没有 pythonw.exe"),
    ],
)
def test_a_python_that_a_click_cannot_start_is_refused(pc: Pc, typed: Any, python: str, base: str, why: str) -> None:
    pc.python, pc.python_home, pc.remote = python, base, {"Z:\\"}
    code, said = typed("install")
    assert code == 3
    assert why in said
    assert "怎么办：请" in said
    assert files(pc) == set()


def test_elsewhere_it_names_the_commands_that_work(pc: Pc, typed: Any) -> None:
    pc.windows, pc.name = False, "Linux 6.1"
    for command in ("install", "uninstall"):
        code, said = typed(command)
        assert code == 3
        assert "Linux 6.1" in said
        assert "incubxl run" in said
    assert files(pc) == set()


@pytest.mark.parametrize("command", ["install", "uninstall"])
def test_an_add_in_that_excel_holds_open_asks_to_close_excel(
    pc: Pc, typed: Any, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    typed("install")
    at(pc, XLAM).write_bytes(ADDIN.read_bytes() + b"\0")  # of another version
    held = at(pc, XLAM)
    sharing = PermissionError(13, "The process cannot access the file", str(held))

    def refuse(self: Path, *arguments: Any, **words: Any) -> None:
        if held in (self, *arguments):
            raise sharing
        original(self, *arguments, **words)

    name = "replace" if command == "install" else "unlink"
    original = getattr(Path, name)
    monkeypatch.setattr(Path, name, refuse)
    code, said = typed(command)
    assert code == 3
    assert "请先关闭 Excel" in said
    assert files(pc) == ALL  # and no temporary file
    assert held.read_bytes() == ADDIN.read_bytes() + b"\0"


def test_while_excel_is_open_an_unchanged_add_in_is_no_trouble(
    pc: Pc, typed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed("install")
    at(pc, LINE).unlink()

    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        assert target.name != "incubxl.xlam"
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    assert typed("install")[0] == 0
    assert at(pc, LINE).is_file()


def test_a_stranger_s_file_of_that_name_is_left_alone(pc: Pc, typed: Any) -> None:
    at(pc, XLAM).parent.mkdir(parents=True)
    at(pc, XLAM).write_bytes(b"someone else's")
    code, said = typed("install")
    assert code == 3
    assert "不是本程序的加载项，没有盖掉它" in said
    code, said = typed("uninstall")
    assert code == 1
    assert "没有删" in said
    assert files(pc) == {XLAM}


def test_a_path_beyond_the_code_page_is_written_in_its_short_form(pc: Pc, typed: Any) -> None:
    pc.ansi, pc.python = 1252, "D:\\软件\\Python312\\python.exe"
    pc.files.add("d:\\软件\\python312\\pythonw.exe")
    pc.short["D:\\软件\\Python312"] = "D:\\5A2F~1\\PYTHON~1"
    code, _ = typed("install")
    assert code == 0
    assert at(pc, LINE).read_bytes() == b"D:\\5A2F~1\\PYTHON~1\\pythonw.exe\r\n"
    assert pc.shortcut(at(pc, f"Desktop/{ICON}"))[0] == pc.python


def test_without_a_short_form_only_the_icon_is_made_and_it_says_why(pc: Pc, typed: Any) -> None:
    pc.ansi, pc.python = 1252, "D:\\软件\\Python312\\python.exe"
    pc.files.add("d:\\软件\\python312\\pythonw.exe")
    code, said = typed("install")
    assert code == 1
    assert "也没有短文件名可以代替" in said
    assert files(pc) == {f"Desktop/{ICON}"}


def test_the_code_page_of_the_computer_decides(pc: Pc, typed: Any) -> None:
    pc.ansi, pc.python = 936, "D:\\软件\\python.exe"
    pc.files.add("d:\\软件\\pythonw.exe")
    assert typed("install")[0] == 0
    assert at(pc, LINE).read_bytes() == "D:\\软件\\pythonw.exe\r\n".encode("gbk")


@pytest.mark.parametrize(
    ("account", "ansi", "usable"), [("张三", 936, True), ("张三", 1252, False), ("李䶮", 936, False)]
)
def test_an_account_name_that_vba_cannot_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Any, account: str, ansi: int, usable: bool
) -> None:
    pc = Pc(tmp_path, account)
    pc.ansi = ansi
    monkeypatch.setattr(real, "ThisMachine", lambda: pc)
    code, said = typed("install")
    assert code == (0 if usable else 1)
    assert ("有 Excel 的宏认不得的字" in said) is not usable
    assert files(pc) == (ALL if usable else {f"Desktop/{ICON}"})


def test_without_pywin32_the_rest_is_installed(pc: Pc, typed: Any) -> None:
    pc.no_pywin32 = True
    code, said = typed("install")
    assert code == 1
    assert "pip install pywin32" in said
    assert files(pc) == ALL - {f"Desktop/{ICON}"}


def test_the_office_s_own_packs_are_recorded_and_forgotten(pc: Pc, typed: Any, tmp_path: Path) -> None:
    assert typed("install", "--policies", str(SIXTH))[0] == 0
    assert office.policies() == SIXTH
    typed("install")
    assert office.policies() == SIXTH
    typed("install", "--no-policies")
    assert office.policies() is None
    empty = tmp_path / "空"
    empty.mkdir()
    code, said = typed("install", "--policies", str(empty))
    assert code == 3
    assert "里没有政策包" in said
    broken = Path(shutil.copytree(SIXTH, tmp_path / "坏"))
    next(broken.glob("*/criteria.yaml")).write_text("- id: [", encoding="utf-8")
    code, said = typed("install", "--policies", str(broken))
    assert code == 3
    assert "incubxl policy lint" in said
    assert office.policies() is None


def test_damaged_settings_are_not_taken_for_none(home: Path) -> None:
    home.mkdir()
    for text in ("{", "[]", '{"policies": 3}'):
        (home / "settings.json").write_text(text, encoding="utf-8")
        with pytest.raises(office.SettingsError, match="内容不对"):
            office.policies()


def test_uninstall_removes_what_is_ours_and_names_what_stays(pc: Pc, typed: Any, home: Path) -> None:
    typed("install", "--policies", str(SIXTH))
    job = at(pc, "AppData/Local/incubxl/jobs/1.json")
    job.parent.mkdir()
    job.write_text("{}", encoding="ascii")
    (home / "books").mkdir()
    (home / "excel.log").write_text("", encoding="utf-8")
    neighbour = at(pc, "AppData/Roaming/Microsoft/Excel/XLSTART/PERSONAL.XLSB")
    neighbour.write_bytes(b"the user's own")
    code, said = typed("uninstall")
    assert code == 0
    assert files(pc) == {"AppData/Roaming/Microsoft/Excel/XLSTART/PERSONAL.XLSB"}
    assert not at(pc, "AppData/Local/incubxl").exists()
    for name in ("settings.json", "books", "excel.log"):
        assert str(home / name) in said
        assert (home / name).exists()
    assert f"只删这条记录）：{home / 'settings.json'}" in typed("uninstall", "--all")[1]
    assert not (home / "settings.json").exists()
    assert (home / "books").is_dir()
    assert "没有装过，或者已经删去了。" in typed("uninstall")[1]


def test_an_icon_of_that_name_that_runs_something_else_stays(pc: Pc, typed: Any) -> None:
    pc.make_shortcut(at(pc, f"Desktop/{ICON}"), "C:\\other.exe", "--x", "")
    code, said = typed("install")
    assert code == 1
    assert "是别的程序的图标" in said
    typed("uninstall")
    assert files(pc) == {f"Desktop/{ICON}"}
    assert pc.shortcut(at(pc, f"Desktop/{ICON}"))[0] == "C:\\other.exe"
