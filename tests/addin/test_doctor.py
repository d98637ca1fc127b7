"""incubxl addin doctor on a fake Windows: every check in each state it can have, what was seen, and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.addin.pc import CLASS_ID, OFFICE, POLICIES, Pc, program

from incubxl.addin import machine as real
from incubxl.addin.doctor import examine
from incubxl.addin.store import ADDIN
from incubxl.cli.commands import app

SECURITY = "宏和加载项的安全设置"
ORDER = [
    "系统", "Excel", "WPS", "Python", "连接 Excel 的组件", "按钮启动的 Python", "Excel 加载项", "来自网络的标记",
    SECURITY, "Excel 的禁用项目", "桌面图标", "本单位的政策包", "写入权限", "日志",
]  # fmt: skip
KINGSOFT = "HKCU\\Software\\Kingsoft\\Office\\6.0\\Common"


@pytest.fixture
def pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pc:
    """A computer on which install has run."""
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path / "home"))
    made = Pc(tmp_path)
    monkeypatch.setattr(real, "ThisMachine", lambda: made)
    assert app(["addin", "install"], standalone_mode=False) == 0
    return made


def xlam(pc: Pc) -> Path:
    return Path(pc.variables["APPDATA"]) / "Microsoft/Excel/XLSTART/incubxl.xlam"


def line(pc: Pc) -> Path:
    return Path(pc.variables["LOCALAPPDATA"]) / "incubxl/interpreter.txt"


def icon(pc: Pc) -> Path:
    return pc.desktop() / "孵化管理（拖放工作簿）.lnk"


def of(pc: Pc, name: str) -> tuple[str, str, str]:
    """The check's state in words, what was seen, and what to do."""
    check = next(c for c in examine(pc) if c.name == name)
    assert bool(check.remedy) == (check.state.word in ("注意", "有问题")), (
        "what is wrong has a remedy, what is good none"
    )
    return check.state.word, check.seen, check.remedy


def test_on_a_sound_computer_everything_is_good(pc: Pc, capsys: pytest.CaptureFixture[str]) -> None:
    assert {c.name: c.state.word for c in examine(pc)} == dict.fromkeys(ORDER, "好")
    assert [c.name for c in examine(pc)] == ORDER
    capsys.readouterr()
    assert app(["addin", "doctor"], standalone_mode=False) == 0
    assert capsys.readouterr().out.endswith("查了 14 项，没有发现问题。\n")


def test_the_exit_code_and_the_json_say_the_worst(pc: Pc, capsys: pytest.CaptureFixture[str]) -> None:
    icon(pc).unlink()
    assert app(["addin", "doctor"], standalone_mode=False) == 1
    xlam(pc).unlink()
    capsys.readouterr()
    assert app(["addin", "doctor", "--json"], standalone_mode=False) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["worst"] == "problem"
    states = {c["check"]: c["state"] for c in told["checks"]}
    assert (states["Excel 加载项"], states["桌面图标"], states["Excel"]) == ("problem", "attention", "good")
    assert all(set(c) == {"check", "state", "seen", "remedy"} for c in told["checks"])


def test_nothing_is_changed(pc: Pc, tmp_path: Path) -> None:
    xlam(pc).unlink()
    before = sorted(tmp_path.rglob("*"))
    examine(pc)
    assert sorted(tmp_path.rglob("*")) == before


def test_elsewhere_it_says_that_buttons_need_windows_and_what_works(pc: Pc) -> None:
    pc.windows, pc.name = False, "Darwin 23.1"
    state, seen, remedy = of(pc, "系统")
    assert (state, "Darwin 23.1" in seen, "incubxl run" in remedy, "incubxl drop" in remedy) == ("注意",) + (True,) * 3
    assert of(pc, "Excel")[0] == of(pc, SECURITY)[0] == of(pc, "桌面图标")[0] == "没有查"
    assert of(pc, "Python")[0] == of(pc, "写入权限")[0] == "好"


@pytest.mark.parametrize(("kind", "bits"), [(0x14C, "32 位"), (0x8664, "64 位"), (0xAA64, "64 位（ARM）")])
def test_excel_s_version_and_bitness_are_read(pc: Pc, kind: int, bits: str) -> None:
    program(Path(pc.excel), kind)
    assert of(pc, "Excel")[1].startswith(f"Excel 16.0.17328.20162，{bits}，{pc.excel}")


def test_excel_missing_moved_old_or_unreadable(pc: Pc) -> None:
    Path(pc.excel).write_bytes(b"MZ")
    pc.put("HKLM\\Software\\Microsoft\\Office\\ClickToRun\\Configuration", "Platform", "x86")
    assert "，32 位，" in of(pc, "Excel")[1]
    Path(pc.excel).unlink()
    state, seen, _ = of(pc, "Excel")
    assert (state, "登记的 Excel 不在" in seen) == ("有问题", True)
    program(Path(pc.excel), 0x14C)
    del pc.registry["hklm\\software\\microsoft\\office\\clicktorun\\configuration"]
    pc.put("HKCR\\Excel.Application\\CurVer", "", "Excel.Application.14")
    state, seen, remedy = of(pc, "Excel")
    assert (state, "Excel 14.0" in seen, "2013" in remedy) == ("有问题", True, True)
    pc.registry = {}
    state, seen, remedy = of(pc, "Excel")
    assert (state, seen, "桌面图标" in remedy) == ("有问题", "没有找到 Excel", True)


def test_wps_beside_excel_and_in_its_place(pc: Pc) -> None:
    assert of(pc, "WPS") == ("好", "没有装 WPS", "")
    pc.put(KINGSOFT, "Version", "12.1.0.16929")
    state, seen, _ = of(pc, "WPS")
    assert (state, seen) == ("注意", "有 WPS 12.1.0.16929，没有占用 Excel 的登记")
    et = "C:\\Users\\a\\AppData\\Local\\Kingsoft\\WPS Office\\office6\\et.exe"
    pc.put(f"HKCR\\CLSID\\{CLASS_ID}\\LocalServer32", "", f'"{et}" /automation')
    state, seen, remedy = of(pc, "WPS")
    assert (state, seen) == ("注意", f"WPS 登记成了 Excel.Application（{et}）")
    assert "兼容设置" in remedy


def test_python_that_buttons_cannot_start(pc: Pc) -> None:
    assert "Python 3." in of(pc, "Python")[1]
    pc.files.remove("c:\\python312\\pythonw.exe")
    state, seen, _ = of(pc, "Python")
    assert (state, "没有 pythonw.exe" in seen) == ("有问题", True)


def test_libraries_broken_or_licensed(pc: Pc) -> None:
    pc.licence = True
    assert of(pc, "连接 Excel 的组件")[0] == "注意"
    pc.broken["xlwings"] = "ImportError: DLL load failed"
    state, seen, remedy = of(pc, "连接 Excel 的组件")
    assert (state, "DLL load failed" in seen, "xlwings" in remedy) == ("有问题", True, True)
    pc.broken["pythoncom"] = "ModuleNotFoundError: x"
    assert "--force-reinstall pywin32" in of(pc, "连接 Excel 的组件")[2]


def test_the_interpreter_file_missing_stale_or_of_another_python(pc: Pc) -> None:
    name = "按钮启动的 Python"
    assert of(pc, name) == ("好", "C:\\Python312\\pythonw.exe", "")
    pc.python = "C:\\Python313\\python.exe"
    pc.files |= {"c:\\python313\\python.exe", "c:\\python313\\pythonw.exe"}
    state, seen, _ = of(pc, name)
    assert (state, "而现在运行的是 C:\\Python313\\pythonw.exe" in seen) == ("注意", True)
    pc.python = "\\\\server\\python.exe"
    state, seen, _ = of(pc, name)
    assert (state, "不是现在运行的这个" in seen) == ("注意", True)
    pc.files -= {"c:\\python312\\pythonw.exe"}
    state, seen, remedy = of(pc, name)
    assert (state, "已经不在" in seen, remedy) == ("有问题", True, "请运行 incubxl addin install")
    line(pc).write_bytes(b"")
    assert of(pc, name)[0] == "有问题"
    line(pc).unlink()
    state, seen, _ = of(pc, name)
    assert (state, "还没有记下" in seen) == ("有问题", True)
    pc.ansi, pc.variables["LOCALAPPDATA"] = 1252, pc.variables["LOCALAPPDATA"] + "\\张三"
    state, seen, _ = of(pc, name)
    assert (state, "有 Excel 的宏认不得的字" in seen) == ("有问题", True)


def test_the_add_in_missing_foreign_old_or_twice(pc: Pc, tmp_path: Path) -> None:
    name = "Excel 加载项"
    assert "逐字节相同" in of(pc, name)[1]
    second = tmp_path / "alt" / "incubxl.xlam"
    second.parent.mkdir()
    pc.put(f"{OFFICE}\\Excel\\Options", "AltStartup", str(second.parent))
    assert of(pc, name)[0] == "好"
    second.write_bytes(b"")
    state, seen, _ = of(pc, name)
    assert (state, str(second) in seen) == ("注意", True)
    xlam(pc).write_bytes(ADDIN.read_bytes() + b"\0")
    state, seen, remedy = of(pc, name)
    assert (state, "版本不同" in seen, "关闭 Excel" in remedy) == ("有问题", True, True)
    xlam(pc).write_bytes(b"PK")
    assert "不是本程序的加载项" in of(pc, name)[1]
    xlam(pc).unlink()
    assert of(pc, name)[2] == "请运行 incubxl addin install"
    assert of(pc, "来自网络的标记")[0] == "没有查"


@pytest.mark.parametrize(("zone", "state"), [("3", "注意"), ("4", "注意"), ("1", "好")])
def test_the_mark_of_the_web(pc: Pc, zone: str, state: str) -> None:
    stream = xlam(pc).with_name("incubxl.xlam:Zone.Identifier")
    stream.write_text(f"[ZoneTransfer]\r\nZoneId={zone}\r\n", encoding="ascii")
    found = of(pc, "来自网络的标记")
    assert found[0] == state
    assert "单位的策略禁止" not in found[1]
    pc.put(f"{POLICIES}\\Excel\\Security", "BlockContentExecutionFromInternet", 1)
    assert ("单位的策略禁止" in of(pc, "来自网络的标记")[1]) == (state == "注意")
    _no_locations(pc)
    assert of(pc, "来自网络的标记")[0] == ("好" if state == "好" else "有问题")


@pytest.mark.parametrize(
    ("key", "name", "value", "said"),
    [
        (f"{POLICIES}\\Excel\\Security", "DisableAllAddins", 1, "禁用了全部加载项"),
        (f"{OFFICE}\\Excel\\Security", "DisableAllAddins", 1, "禁用了全部加载项"),
        (f"{POLICIES}\\Excel\\Security", "RequireAddinSig", 1, "加载项必须有签名"),
        (f"{POLICIES}\\Common\\Security", "requirealwaysonmacrosig", 1, "自动打开的宏必须有签名"),
        (f"{POLICIES}\\Common", "VBAOff", 1, "VBA 整个关掉了"),
        (
            "HKLM\\Software\\Policies\\Microsoft\\Windows Defender\\Windows Defender Exploit Guard\\ASR\\Rules",
            "d4f940ab-401b-4efc-aadc-ad5f3c50688a",
            "1",
            "按钮启动不了 Python",
        ),
    ],
)
def test_what_forbids_the_add_in_is_named(pc: Pc, key: str, name: str, value: Any, said: str) -> None:
    pc.put(key, name, value)
    state, seen, remedy = of(pc, SECURITY)
    assert (state, said in seen, "这是单位的策略" in remedy) == ("有问题", True, "Policies" in key)
    assert "信息部门" in remedy
    pc.put(key, name, type(value)(0))
    assert of(pc, SECURITY)[0] == "好"


def _no_locations(pc: Pc) -> None:
    pc.put(f"{POLICIES}\\Excel\\Security\\Trusted Locations", "AllLocationsDisabled", 1)


def _only_the_administrator_s(pc: Pc) -> None:
    pc.put(f"{POLICIES}\\Common\\Security\\Trusted Locations", "Allow User Locations", 0)


def _removed_from_the_list(pc: Pc) -> None:
    del pc.registry[f"{OFFICE}\\Excel\\Security\\Trusted Locations\\Location1".casefold()]


def _on_the_network(pc: Pc) -> None:
    pc.remote.add(pc.variables["APPDATA"])


@pytest.mark.parametrize("spoil", [_no_locations, _only_the_administrator_s, _removed_from_the_list, _on_the_network])
def test_where_xlstart_is_not_trusted_the_macro_setting_decides(pc: Pc, spoil: Callable[[Pc], None]) -> None:
    for macros in (1, 2, 3, 4):
        pc.put(f"{OFFICE}\\Excel\\Security", "VBAWarnings", macros)
        assert of(pc, SECURITY)[0] == "好", "a trusted place runs macros whatever the setting is"
    spoil(pc)
    states = {}
    for macros in (1, 2, 3, 4):
        pc.put(f"{OFFICE}\\Excel\\Security", "VBAWarnings", macros)
        states[macros] = of(pc, SECURITY)[0]
    assert states == {1: "注意", 2: "注意", 3: "有问题", 4: "有问题"}
    pc.put(f"{POLICIES}\\Excel\\Security", "VBAWarnings", 2)  # the administrator's before the user's 4
    assert of(pc, SECURITY)[0] == "注意"


def test_the_trusted_place_may_be_listed_by_a_variable(pc: Pc) -> None:
    location = f"{OFFICE}\\Excel\\Security\\Trusted Locations\\Location1"
    pc.put(location, "Path", "%appdata%/Microsoft/Excel/XLSTART/")
    assert of(pc, SECURITY)[0] == "好"


@pytest.mark.parametrize("before", [b"", b"\1\0\0\0\2\0\0", b"\0" * 12])
def test_an_add_in_that_excel_has_disabled(pc: Pc, before: bytes) -> None:
    key = f"{OFFICE}\\Excel\\Resiliency\\DisabledItems"
    pc.put(key, "2A3B", "C:\\other.xlam".encode("utf-16-le"))
    assert of(pc, "Excel 的禁用项目")[0] == "好"
    pc.put(key, "2A3C", before + "c:\\users\\a\\xlstart\\INCUBXL.XLAM\0incubxl\0".encode("utf-16-le"))
    state, _, remedy = of(pc, "Excel 的禁用项目")
    assert (state, "文件→选项→加载项" in remedy) == ("有问题", True)


def test_the_icon_missing_foreign_stale_or_unreadable(pc: Pc, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "桌面图标"
    pc.python = "C:\\Python313\\python.exe"
    pc.files |= {"c:\\python313\\python.exe", "c:\\python313\\pythonw.exe"}
    assert of(pc, name)[0] == "注意"
    pc.make_shortcut(icon(pc), "C:\\gone\\python.exe", "-E -P -X utf8 -m incubxl drop", "")
    assert of(pc, name)[0] == "有问题"
    pc.make_shortcut(icon(pc), pc.python, "-m incubxl", "")
    assert of(pc, name)[0] == "有问题"
    monkeypatch.setattr(pc, "shortcut", lambda link: (_ for _ in ()).throw(ImportError("no pywin32")))
    assert "no pywin32" in of(pc, name)[1]
    icon(pc).unlink()
    assert "没有「孵化管理（拖放工作簿）」" in of(pc, name)[1]


def test_the_office_s_packs_recorded_gone_or_damaged(pc: Pc, tmp_path: Path) -> None:
    name, settings = "本单位的政策包", tmp_path / "home/settings.json"
    folder = tmp_path / "办法"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text(json.dumps({"policies": str(folder)}), encoding="utf-8")
    state, _, remedy = of(pc, name)
    assert (state, "--no-policies" in remedy) == ("有问题", True)
    settings.write_text("x", encoding="utf-8")
    assert "内容不对" in of(pc, name)[1]
    sixth = Path(__file__).resolve().parents[1] / "sixth/policies"
    settings.write_text(json.dumps({"policies": str(sixth)}), encoding="utf-8")
    assert of(pc, name) == ("好", str(sixth), "")


def test_a_folder_that_takes_no_files_is_named(pc: Pc, tmp_path: Path) -> None:
    assert of(pc, "写入权限")[0] == "好"
    (tmp_path / "home").write_text("a file where a folder should be", encoding="utf-8")
    state, seen, _ = of(pc, "写入权限")
    assert (state, str(tmp_path / "home") in seen) == ("有问题", True)


def test_the_log_is_named(pc: Pc, tmp_path: Path) -> None:
    assert "还没有记录" in of(pc, "日志")[1]
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home/excel.log").write_text("", encoding="utf-8")
    assert of(pc, "日志")[1] == str(tmp_path / "home/excel.log")


def test_a_missing_folder_of_the_account_hides_no_other_check(pc: Pc) -> None:
    del pc.variables["APPDATA"]
    state, seen, _ = of(pc, "Excel 加载项")
    assert (state, "APPDATA" in seen) == ("有问题", True)
    assert of(pc, "Excel")[0] == "好"
    assert of(pc, "写入权限")[0] == "有问题"


def test_what_was_not_looked_at_is_counted_apart(pc: Pc, capsys: pytest.CaptureFixture[str]) -> None:
    """Elsewhere than on Windows: 系统, Python, 本单位的政策包, 写入权限 and 日志 are looked at."""
    pc.windows, pc.name = False, "Linux 6.1"
    capsys.readouterr()
    app(["addin", "doctor"], standalone_mode=False)
    said = capsys.readouterr().out
    assert said.count("［没有查］") == 9
    assert "查了 5 项：0 项有问题，1 项要注意。另有 9 项没有查，原因写在各项后面。" in said
