"""What is wrong with a Word template, paragraph by paragraph: split tags, unknown fields, tags that are no field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from incubxl.letters import text
from incubxl.letters.compose import included
from incubxl.letters.contract import FIELDS, ROW_FIELDS
from incubxl.letters.legible import hidden
from incubxl.letters.look import sheet
from incubxl.letters.review import unfinished

PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml$")
_CONTROL = re.compile(r"\{%(?:p|tr)\s+(.*?)%\}", re.DOTALL)
# docxtpl's other tags: runs, columns, merged cells, trimmed white space
_NOT_HERE = re.compile(
    r"\{\{(?:p|tr|tc|r)\s|\{%(?:r|tc)\s|\{#(?:p|tr|tc)\s|\{%\s*(?:colspan|cellbg|vm|hm)\b|-[%}]\}|\{[%{]-"
)
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.CondExpr,
    nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Const,
)  # fmt: skip
_BLOCK = re.compile(r"\{%\s*(if|for|endif|endfor)\b")
_PARSER = ImmutableSandboxedEnvironment(autoescape=True)


@dataclass(frozen=True, slots=True)
class Fault:
    """``paragraph`` is 1-based within the part (``part``: 页眉, 页脚 … or empty), 0 for the whole file."""

    part: str
    paragraph: int
    said: str  # what stands there
    reason: str  # Chinese clause: what is wrong and how to mend it

    def __str__(self) -> str:
        place = f"{self.part}第{self.paragraph}段" if self.paragraph else self.part
        said = f"「{self.said.strip()[:60]}」" if self.said.strip() else ""
        return f"{place}{said}：{self.reason}" if place or said else self.reason


def faults(name: str, xml: bytes, styles: bytes = b"", theme: bytes = b"") -> list[Fault]:
    """Everything wrong with one part of a template. ``styles``, ``theme``: those members of the same file."""
    part = part_word(name)
    try:
        root = text.parse(xml)
        looks = sheet(styles, theme)
    except etree.XMLSyntaxError:
        return [Fault(part, 0, "", f"{name} 或样式表不是合格的 XML")]
    left = [Fault(part, n, said, why) for n, said, why in unfinished(xml, root)]
    found = [Fault(part, n, said, _SPLIT) for n, said in text.split_tags(root)]
    said = [text.paragraph_text(p) for p in root.iter(text.W + "p")]
    found += [
        Fault(part, n, line, f"不支持的标签写法「{foreign.group()}」")
        for n, line in enumerate(said, 1)
        if (foreign := _NOT_HERE.search(line))
    ]
    found += [Fault(part, *lost) for lost in _swallowed(root, said)]
    found = found or list(_jinja(part, said))
    return left + found + [Fault(part, n, line, why) for n, line, why in hidden(root, looks)]


def _swallowed(root: etree._Element, said: list[str]) -> Iterator[tuple[int, str, str]]:
    """What stands beside a control tag: the paragraph or row goes from the letter with the tag, and it goes too."""
    for number, paragraph in enumerate(root.iter(text.W + "p"), 1):
        line = said[number - 1]
        tag = _CONTROL.search(line)
        if tag is None:
            continue
        if not _ALONE.fullmatch(line) or any(_beside(node) for node in paragraph.iter(*_THINGS)):
            yield number, line, _LOST.format(tag=tag.group(), where="段")
        elif tag.group().startswith("{%tr"):
            row = next(paragraph.iterancestors(text.W + "tr"), None)
            if row is None:
                yield number, line, f"标签「{tag.group()}」要写在表格的一行里；在段落里写 {{%p"
                continue
            others = (p for p in row.iter(text.W + "p") if p is not paragraph)
            if any(text.paragraph_text(p).strip() or any(map(_beside, p.iter(*_THINGS))) for p in others):
                yield number, line, _LOST.format(tag=tag.group(), where="行")


def _beside(node: etree._Element) -> bool:
    """Whether this is a thing to be seen: of breaks, only those of a page or a column."""
    return node.tag != text.W + "br" or bool(node.get(text.W + "type"))


_ALONE = re.compile(r"\s*\{%(?:p|tr)\s(?:(?!%\}).)*%\}\s*", re.DOTALL)
_THINGS = tuple(
    text.W + name
    for name in ("drawing", "pict", "object", "br", "fldChar", "fldSimple", "footnoteReference", "endnoteReference",
                 "sectPr", "sym", "ptab")
)  # fmt: skip
_LOST = (
    "标签「{tag}」所在的一{where}会整{where}去掉，同一{where}里的其他内容也会消失；"
    "标签要独占一{where}，请把其余内容移开"
)
_SPLIT = "标签没有写完整，或被格式拆成了几段；请选中整个标签，按 Ctrl+空格清除格式后重新输入一次"


def part_word(name: str) -> str:
    """Where a part stands, as an official would say; empty for the text itself."""
    for key, word in (("header", "页眉"), ("footer", "页脚"), ("footnotes", "脚注"), ("endnotes", "尾注")):
        if key in name:
            return word
    return ""


def _jinja(part: str, said: list[str]) -> Iterator[Fault]:
    """Syntax, constructs and names; one paragraph is one line of the source, so that a line number is a paragraph."""
    lines = [" " if included(line) else _CONTROL.sub(r"{% \1%}", line).replace("\n", " ") for line in said]

    def at(line: int, reason: str) -> Fault:
        return Fault(part, line, said[line - 1] if 0 < line <= len(said) else "", reason)

    open_ = list(_unbalanced(lines))
    if open_:
        yield from (at(*found) for found in open_)
        return
    try:
        tree = _PARSER.parse("\n".join(lines))
    except TemplateSyntaxError as error:
        yield at(error.lineno, f"标签语法有误，照「写法」重新输入一次（{error.message}）")
        return
    unknown = meta.find_undeclared_variables(tree) - FIELDS
    seen: set[tuple[int, str]] = set()
    for node in tree.find_all(nodes.Node):
        if isinstance(node, nodes.Include):
            yield at(node.lineno, "放入片段的标签要独占一段，写作 {%p include '片段名' %}")
        elif not isinstance(node, _ALLOWED):
            yield at(node.lineno, f"标签里只能写字段、if 和 for（这里有 {type(node).__name__}）")
        elif isinstance(node, nodes.Name) and node.name in unknown and (node.lineno, node.name) not in seen:
            seen.add((node.lineno, node.name))
            yield at(node.lineno, f"用了没有的字段：{node.name}")
    yield from (at(*found) for found in _row_fields(tree))


def _unbalanced(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Blocks without their end, and ends without a block."""
    stack: list[tuple[str, int]] = []
    for number, line in enumerate(lines, 1):
        for word in _BLOCK.findall(line):
            if word in ("if", "for"):
                stack.append((word, number))
            elif not stack or stack[-1][0] != word.removeprefix("end"):
                yield number, f"标签语法有误：{word} 前面没有对应的 {word.removeprefix('end')}"
            else:
                stack.pop()
    yield from ((n, f"标签语法有误：{word} 后面没有对应的 end{word}，两个要在同一个文件里") for word, n in stack)


def _row_fields(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Fields of rows that no row has: ``{{ row.titel }}``."""
    for loop in tree.find_all(nodes.For):
        if isinstance(loop.target, nodes.Name) and isinstance(loop.iter, nodes.Name):
            known = ROW_FIELDS.get(loop.iter.name)
            for use in loop.find_all(nodes.Getattr):
                if isinstance(use.node, nodes.Name) and use.node.name == loop.target.name:
                    if known is None:
                        yield use.lineno, f"无法填写：「{loop.iter.name}」的每一项是文字，没有 {use.attr}"
                    elif use.attr not in known:
                        yield use.lineno, f"无法填写：「{loop.iter.name}」没有「{use.attr}」；有的是 {'、'.join(known)}"
    loops = {n.target.name for n in tree.find_all(nodes.For) if isinstance(n.target, nodes.Name)}
    for use in tree.find_all(nodes.Getattr):
        if not (isinstance(use.node, nodes.Name) and use.node.name in loops):
            yield use.lineno, f"无法填写：这里不能写 .{use.attr}"


def shown_fields(source: str) -> set[str]:
    """Context fields whose text a Jinja source shows."""
    tree = _PARSER.parse(source)
    printed = [*tree.find_all(nodes.Output), *(nodes.Output([loop.iter]) for loop in tree.find_all(nodes.For))]
    return {name.name for part in printed for name in part.find_all(nodes.Name)} & FIELDS
