"""Plain data of printing, and what can go wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define

define(
    "print.unreadable",
    "error",
    "{name}的「{kind}」没有转成 PDF：{file} 不是完整的 Word 文档",
    "请从旧件或重新运行 incubxl run 得到这份通知书，再转换",
    "文件只拷贝了一半",
)
define(
    "print.failed",
    "error",
    "{name}的「{kind}」没有转成 PDF：{reason}",
    "请用 Word 或 LibreOffice 打开这份通知书看一看能否打印；其余的通知书不受影响",
    "LibreOffice 转换时卡住，超过时限被结束",
)
define(
    "print.incomplete",
    "error",
    "{name}的「{kind}」没有转成 PDF：转出的文件读回来{reason}",
    "请打开这份通知书核对单位名称和标题；用的字体缺字时，安装相应的中文字体后再转换",
    "单位名称里的生僻字没有字体可用",
)
define(
    "print.no_glyph",
    "error",
    "{name}的「{kind}」没有转成 PDF：这台电脑上没有一种字体有 {signs}，转出来是一个方框",
    "请安装收有这个字的字体（如 宋体-ExtB、方正超大字符集、花园明朝）后再转换；登记表里的字写错了的，改正后重新运行",
    "单位名称里的「𪚥」没有字体可用",
)
define(
    "print.glyph_unsure",
    "warning",
    "{name}的「{kind}」里有生僻字 {signs}，程序不能预先知道这台电脑上有没有它的字体",
    "请打开这份 PDF 看这个字是不是方框；是方框的，安装收有这个字的字体，删去这份 PDF 再转换一次",
    "Windows 上单位名称里有「𪚥」",
)
define(
    "print.no_office",
    "error",
    "这台电脑上没有找到 LibreOffice{or_word}，不能转成 PDF",
    "请安装 LibreOffice（Debian、Ubuntu、统信、麒麟：安装 libreoffice-writer；Windows：安装 LibreOffice 或 Word），"
    "再运行一次；Word 通知书不受影响，可以先直接打印",
    "服务器上只装了 Python",
)
define(
    "print.font_missing",
    "warning",
    "没有安装通知书用的字体：{fonts}；{program}用别的字体代替{substitute}，版式会与国标字体有出入",
    "请安装这些字体后再转换一次；只作电子留存时可以不装",
    "Linux 服务器上没有仿宋_GB2312",
)
define(
    "print.font_not_embedded",
    "warning",
    "{count} 份 PDF 有字体没有嵌入：{fonts}；在别的电脑上打开可能走样",
    "请换用允许嵌入的字体后再转换一次",
    "字体的许可不允许嵌入",
)


@dataclass(frozen=True, slots=True)
class Source:
    """A letter to print. ``name`` and ``title`` must be found in the PDF; ``kind`` is the letter's Chinese name."""

    path: Path
    applicant: str  # 申报编号
    name: str
    kind: str
    title: str

    @property
    def reader(self) -> str:
        """For whom it is; ``name`` is then only one of those that a list for the public names."""
        return self.name if self.applicant else "社会公众"

    @property
    def target(self) -> Path:
        """The PDF: beside the letter, under its name."""
        return self.path.with_suffix(".pdf")

    def refuse(self, code: str, **seen: object) -> Refused:
        """The issue that says why there is no PDF."""
        found = issue(
            code, Place(file=self.path.name), applicant=self.applicant, name=self.reader, kind=self.kind, **seen
        )
        return Refused(self, found)


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF that was read back. ``loose``: fonts that are not embedded."""

    source: Source
    data: bytes
    pages: int
    fonts: frozenset[str]
    loose: frozenset[str]


@dataclass(frozen=True, slots=True)
class Refused:
    """A letter without a PDF, and why."""

    source: Source
    issue: Issue


class Converter(Protocol):
    """An office program. Turns documents into PDF files under names and in folders that are ours."""

    program: str  # for people
    merges: bool  # whether many letters in one document cost it less than many documents

    def convert(self, worker: int, documents: Mapping[Path, Path]) -> str:
        """Convert each document to its PDF. What is there afterwards may be half a file: read it back.

        ``worker`` (from 0) tells apart calls that run side by side. Returns why some may be missing, in Chinese.
        """

    def stop(self) -> None:
        """End what runs and start nothing more; may be called from another thread."""
