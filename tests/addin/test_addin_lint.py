"""What lint says, mistake by mistake; the place counts as much as the sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from incubxl.addin.lint import lint
from incubxl.addin.sources import Sources, read_sources
from incubxl.addin.targets import functions


def test_the_committed_sources_are_clean(sources: Sources) -> None:
    assert [str(f) for f in lint(sources)] == []


BUTTON = 'id="about" label="关于"'
NEEDS_BOOK = 'id="check_all" label="校验全部"'
MISTAKES = [
    ("customUI14.xml", BUTTON, 'id="log" label="关于"', "log 的 id 与第"),
    ("customUI14.xml", BUTTON, 'id="nobody" label="关于"', "nobody 在 excel/commands.py 里没有同名的 @command 函数"),
    ("customUI14.xml", BUTTON, 'id="about" label="关于这个程序的版本和运行环境"', "的 label 有 14 个字符，最多 12 个"),
    (
        "customUI14.xml",
        NEEDS_BOOK,
        NEEDS_BOOK + ' enabled="true"',
        "同时有 enabled 和 getEnabled",
    ),
    ("customUI14.xml", BUTTON, BUTTON + ' getVisible="Nobody"', "的回调 getVisible=Nobody"),
    ("customUI14.xml", 'keytip="GY"', 'keytip="R"', "的 keytip R 与 log（RZ）相撞"),
    ("customUI14.xml", 'keytip="GY"', 'keytip="关于"', "应为 1 至 3 个大写字母或数字"),
    ("customUI14.xml", 'imageMso="FileProperties"', 'imageMso="HappyCow"', "的图标 HappyCow 不在核对过的名单里"),
    ("customUI14.xml", 'screentip="版本和运行环境"', "", "about 缺少 screentip"),
    ("customUI14.xml", "以及可用的办法。&#10;写入：不写。", "以及可用的办法。", "应写明「写入：……」"),
    ("customUI14.xml", "以及可用的办法。", "以及可用的办法。" + "啊" * 1024, "的 supertip 有"),
    ("customUI14.xml", "</customUI>", "", "不是完整的 XML"),
    ("customUI14.xml", "2009/07/customui", "2006/01/customui", "命名空间应为"),
    (
        "Callbacks.bas",
        "Public Sub incubxl_OnAction",
        "Private Sub incubxl_OnAction",
        "的回调 onAction=",
    ),
    ("Callbacks.bas", "Option Explicit", "", "属性行之后应为 Option Explicit"),
    ("Callbacks.bas", '"Callbacks"', '"Ribbon"', "第一行应为 Attribute VB_Name"),
    ("Callbacks.bas", "' What the ribbon calls", "' 功能区", "有 ASCII 以外的字符"),
    ("Callbacks.bas", "incubxl_Refresh()", "Say()", "名字 Say 已经在"),
    ("Sheet1.cls", "00020820", "00020819", "文档模块缺少"),
    ("Launcher.bas", '"failed"', '"fallen"', "文字「fallen」不在 texts.toml 里"),
    ("Launcher.bas", "-m incubxl.", "-m incubxl.no", "不存在或不能用 -m 运行"),
    ("texts.toml", "title =", 'spare = "多余"\ntitle =', "文字「spare」没有被任何宏用到"),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), MISTAKES, ids=[m[3] for m in MISTAKES])
def test_a_mistake_is_found(macros: Path, file: str, old: str, new: str, said: str) -> None:
    path = macros / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(said in str(f) for f in lint(read_sources(macros)))


def test_the_line_is_where_the_element_begins(macros: Path) -> None:
    path = macros / "customUI14.xml"
    text = path.read_text(encoding="utf-8").replace(BUTTON, 'id="nobody" label="关于"')
    path.write_text(text, encoding="utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if 'id="nobody"' in row)
    assert str(lint(read_sources(macros))[0]).startswith(f"customUI14.xml:{line}：nobody 在")


def test_functions_are_found_without_importing(tmp_path: Path) -> None:
    excel = tmp_path / "excel"
    excel.mkdir()
    (excel / "more.py").write_text("@command('日志')\ndef log(): ...\ndef helper(): ...\n", encoding="utf-8")
    (excel / "commands.py").write_text(
        "import xlwings_is_not_imported\n"
        "from incubxl.excel.more import log, helper, missing\n"
        "@command('关于', anywhere=True)\n"
        "def about(): ...\n"
        "def helps(): ...\n",
        encoding="utf-8",
    )
    assert functions(tmp_path) == {"about", "log"}
    assert functions(tmp_path, "excel/none.py") == frozenset()
