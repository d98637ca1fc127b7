"""``incubxl addin lint``: what neither Excel nor a schema validator says about the ribbon, with file and line.

Excel's answer to an unknown callback is a message at the click, to a duplicate id no tab at all, to an unknown icon
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from lxml import etree

from incubxl.addin.finding import Finding
from incubxl.addin.icons import ICONS
from incubxl.addin.lint_vba import lint_modules
from incubxl.addin.sources import RIBBON, Procedure, Sources
from incubxl.addin.targets import COMMANDS, PACKAGE, functions

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
ACTION = "incubxl_OnAction"
_LENGTHS = {"label": 12, "screentip": 60, "supertip": 1024, "id": 64}  # 1,024 is Office's; the others keep it readable
_NEEDED = ("label", "imageMso", "keytip", "screentip", "supertip", "onAction")
_WRITES, _KEEPS, _UNDO = "写入：", "不改动：", "撤销"
_KEYTIP = re.compile(r"[A-Z0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class _Control:
    """An element of the ribbon and the line where it begins."""

    tag: str
    line: int
    attributes: dict[str, str]

    def say(self, message: str) -> Finding:
        """A finding at this element."""
        name = self.attributes.get("id", self.tag)
        return Finding(RIBBON, self.line, f"{name} {message}")


def lint(sources: Sources, package: Path = PACKAGE) -> list[Finding]:
    """Everything found, by file and line. ``package`` is the folder of the Python package that the buttons call."""
    return sorted([*_ribbon(sources, package), *lint_modules(sources, package)])


def _ribbon(sources: Sources, package: Path) -> Iterator[Finding]:
    try:
        root = etree.fromstring(sources.ribbon, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        yield Finding(RIBBON, error.lineno or 0, f"不是完整的 XML：{error.msg}")
        return
    if root.tag != f"{{{NAMESPACE}}}customUI":
        yield Finding(RIBBON, 1, f"根元素应为 customUI，命名空间应为 {NAMESPACE}")
    controls = _controls(root, sources.ribbon)
    callbacks = {
        p.name: p for m in sources.modules if m.kind == "module" for p in m.procedures if p.public and p.kind == "sub"
    }
    try:
        offered = functions(package)
    except SyntaxError as error:
        yield Finding(COMMANDS, error.lineno or 0, "不是能解析的 Python 源代码")
        return
    for control in controls:
        yield from _attributes(control)
        yield from _callbacks(control, callbacks)
        if control.tag == "button":
            yield from _button(control, offered)
    yield from _repeated(controls)


def _controls(root: etree._Element, text: bytes) -> list[_Control]:
    """Elements in order. The parser gives the line where a start tag ends; wanted is where it begins."""
    lines = text.decode("utf-8").splitlines()
    found = []
    for element in root.iter(etree.Element):
        tag = etree.QName(element).localname
        end = cast(int, element.sourceline)
        begin = next((n for n in range(end, 0, -1) if f"<{tag}" in lines[n - 1]), end)
        found.append(_Control(tag, begin, {str(k): str(v) for k, v in element.attrib.items()}))
    return found


def _attributes(control: _Control) -> Iterator[Finding]:
    attributes = control.attributes
    for name, most in _LENGTHS.items():
        size = len(attributes.get(name, ""))
        if size > most:
            yield control.say(f"的 {name} 有 {size} 个字符，最多 {most} 个")
    if not attributes.get("id", "").isascii():
        yield control.say("的 id 应只用 ASCII 字符")
    for name in attributes:
        dynamic = f"get{name[0].upper()}{name[1:]}"
        if dynamic in attributes:
            yield control.say(f"同时有 {name} 和 {dynamic}，只能有一个")
    icon = attributes.get("imageMso")
    if icon is not None and icon not in ICONS:
        yield control.say(f"的图标 {icon} 不在核对过的名单里（addin/icons.py）")
    keytip = attributes.get("keytip")
    if keytip is not None and not _KEYTIP.fullmatch(keytip):
        yield control.say(f"的 keytip「{keytip}」应为 1 至 3 个大写字母或数字")


def _callbacks(control: _Control, subs: dict[str, Procedure]) -> Iterator[Finding]:
    for name, value in control.attributes.items():
        if (name.startswith("get") or name.startswith("on")) and value not in subs:
            yield control.say(f"的回调 {name}={value} 在 macros 的模块里没有对应的 Public Sub")


def _button(control: _Control, offered: frozenset[str]) -> Iterator[Finding]:
    attributes = control.attributes
    for name in _NEEDED:
        if not attributes.get(name):
            yield control.say(f"缺少 {name}")
    if attributes.get("onAction") == ACTION and attributes.get("id") not in offered:
        yield control.say(f"在 {COMMANDS} 里没有同名的 @command 函数，点了没有用处")
    supertip = attributes.get("supertip", "")
    if _KEEPS not in supertip or _WRITES not in supertip:
        yield control.say("的 supertip 应写明「写入：……」和「不改动：……」")
    written = supertip.partition(_WRITES)[2].partition("\n")[0]
    if "工作表" in written and _UNDO not in supertip:
        yield control.say("的 supertip 写了工作表，应说明会清空 Excel 的撤销列表")


def _repeated(controls: list[_Control]) -> Iterator[Finding]:
    ids: dict[str, int] = {}
    keytips: dict[str, _Control] = {}
    for control in controls:
        id = control.attributes.get("id")
        if id is not None and id.lower() in ids:
            yield control.say(f"的 id 与第 {ids[id.lower()]} 行重复")
        elif id is not None:
            ids[id.lower()] = control.line
        keytip = control.attributes.get("keytip")
        if keytip is None or control.tag == "tab":
            continue
        for other, owner in keytips.items():
            if keytip.startswith(other) or other.startswith(keytip):
                yield control.say(f"的 keytip {keytip} 与 {owner.attributes.get('id')}（{other}）相撞")
        keytips[keytip] = control
