"""What can go wrong in the VBA sources and their texts without any compiler saying so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from incubxl.addin.finding import Finding
from incubxl.addin.sources import DOCUMENTS, TEXTS, Module, Sources
from incubxl.addin.targets import runnable

_MOST_LINES = 300
_LONGEST = 1023
_TEXT = re.compile(r"\b(?:Say|TextOf)\b ?\(?\"(\w+)\"")
_RUN = re.compile(r"-m ([\w.]+)")


def lint_modules(sources: Sources, package: Path) -> Iterator[Finding]:
    """Findings about modules and texts, file by file."""
    used: set[str] = set()
    for module in sources.modules:
        yield from _form(module)
        for number, line in enumerate(module.text.splitlines(), 1):
            yield from _line(module.file, number, line)
            code = _code(line)
            for name in _TEXT.findall(code):
                used.add(name)
                if name not in sources.texts:
                    yield Finding(module.file, number, f"文字「{name}」不在 {TEXTS} 里")
            for target in _RUN.findall(code):
                if not runnable(package, target):
                    yield Finding(module.file, number, f"要启动的 Python 模块 {target} 不存在或不能用 -m 运行")
    for name in sources.texts:
        if name not in used:
            yield Finding(TEXTS, 0, f"文字「{name}」没有被任何宏用到")
    yield from _twice(sources)


def _form(module: Module) -> Iterator[Finding]:
    lines = module.text.splitlines()
    if lines[0] != f'Attribute VB_Name = "{module.name}"':
        yield Finding(module.file, 1, f'第一行应为 Attribute VB_Name = "{module.name}"（与文件名一致）')
    if len(module.name) > 31 or not module.name.isidentifier():
        yield Finding(module.file, 1, "模块名应为不超过 31 个字符的英文标识符")
    base = f'Attribute VB_Base = "0{{{DOCUMENTS.get(module.name)}-0000-0000-C000-000000000046}}"'
    if module.kind == "document" and base not in lines:
        yield Finding(module.file, 1, f"文档模块缺少 {base}")
    code = [line for line in lines if line.strip() and not line.startswith("Attribute ")]
    if code and code[0] != "Option Explicit":
        yield Finding(module.file, lines.index(code[0]) + 1, "属性行之后应为 Option Explicit")
    if len(lines) > _MOST_LINES:
        yield Finding(module.file, _MOST_LINES + 1, f"模块超过 {_MOST_LINES} 行，请拆开")


def _line(file: str, number: int, line: str) -> Iterator[Finding]:
    strange = next((sign for sign in line if not (" " <= sign <= "~")), None)
    if strange is not None:
        yield Finding(file, number, f"有 ASCII 以外的字符 {strange!r}；中文请写进 {TEXTS}")
    if len(line) > _LONGEST:
        yield Finding(file, number, f"一行超过 {_LONGEST} 个字符，VBA 读不了")


def _twice(sources: Sources) -> Iterator[Finding]:
    """Public procedures share one name space, and so do the modules' names."""
    seen = {m.name.lower(): m.file for m in sources.modules}
    for module in sources.modules:
        if module.kind == "document":
            continue
        for procedure in module.procedures:
            other = seen.get(procedure.name.lower())
            if procedure.public and other:
                yield Finding(module.file, procedure.line, f"名字 {procedure.name} 已经在 {other} 里用过")
            if procedure.public:
                seen[procedure.name.lower()] = module.file


def _code(line: str) -> str:
    """The line without its comment; an apostrophe within quotes stays."""
    quoted = False
    for place, sign in enumerate(line):
        if sign == '"':
            quoted = not quoted
        elif sign == "'" and not quoted:
            return line[:place]
    return line
