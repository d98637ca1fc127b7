"""Fonts of a Word template: every paragraph must ask for a Chinese font by name, and which names it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from incubxl.letters import text
from incubxl.letters.compose import DOCUMENT, STYLES
from incubxl.letters.faults import Fault
from incubxl.letters.text import W

STANDARD = ("仿宋_GB2312", "仿宋", "方正小标宋简体", "方正小标宋_GBK", "黑体", "楷体_GB2312", "楷体", "宋体")
_EAST, _THEME = W + "eastAsia", W + "eastAsiaTheme"


def font_faults(members: Mapping[str, bytes]) -> Iterator[Fault]:
    """Runs of the text part whose Chinese font has no name, or one that the standard does not use."""
    if STYLES not in members:
        yield Fault("", 0, "", "没有样式表（word/styles.xml），字体无从得知")
        return
    styles = _Fonts(text.parse(members[STYLES]))
    for number, paragraph in enumerate(text.parse(members[DOCUMENT]).iter(W + "p"), 1):
        said = text.paragraph_text(paragraph)
        wanted = paragraph.find(f"{W}pPr/{W}pStyle")
        inherited = styles.of(str(wanted.get(W + "val")) if wanted is not None else "")
        found: dict[str, None] = {}
        for run in paragraph.iter(W + "r"):
            if any(node.text and node.text.strip() for node in run.iter(W + "t")):
                named = run.find(f"{W}rPr/{W}rStyle")
                own = _named(run.find(f"{W}rPr")) or (styles.of(str(named.get(W + "val"))) if named is not None else "")
                found[own or inherited] = None
        for font in found:
            if not font:
                yield Fault(
                    "", number, said, "没有写明中文字体（eastAsia），换一台电脑字体会变；请选中后重新设一次字体"
                )
            elif font not in STANDARD:
                yield Fault("", number, said, f"中文字体「{font}」不是公文格式用的；用 {'、'.join(STANDARD)}")


class _Fonts:
    """The Chinese font that a style asks for, by its id; inherited from what it is based on."""

    def __init__(self, root: etree._Element) -> None:
        self._styles = {str(s.get(W + "styleId")): s for s in root.iter(W + "style")}
        self._default = next(
            (str(s.get(W + "styleId")) for s in root.iter(W + "style")
             if s.get(W + "type") == "paragraph" and s.get(W + "default") in ("1", "true")), "",
        )  # fmt: skip
        self._document = _named(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))

    def of(self, id: str) -> str:
        style, seen = self._styles.get(id or self._default), set[str]()
        while style is not None:
            font = _named(style.find(W + "rPr"))
            if font:
                return font
            based = style.find(W + "basedOn")
            key = str(based.get(W + "val")) if based is not None else ""
            style = None if key in seen else self._styles.get(key)
            seen.add(key)
        return self._document


def _named(properties: etree._Element | None) -> str:
    """The name of the Chinese font; empty where there is none, or only one of the document's theme."""
    fonts = properties.find(W + "rFonts") if properties is not None else None
    return "" if fonts is None or fonts.get(_THEME) else str(fonts.get(_EAST) or "")
