"""The letters that a run has written, by its record: those that are there, those that are gone, and what is odd."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from incubxl.batch.manifest import Manifest
from incubxl.batch.model import LetterRecord
from incubxl.batch.outputs import file_hash
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.issues import register as define
from incubxl.printing.model import Source

define(
    "print.gone",
    "error",
    "{name}的「{kind}」没有转成 PDF：运行清单里有「{file}」，文件夹里没有",
    "请重新运行 incubxl run，再转换",
    "有人把通知书移走了",
)
define(
    "print.edited",
    "warning",
    "{count} 份通知书写出后有人改过，PDF 按现在的内容转换：{files}",
    "请核对改动是否有意；重新运行 incubxl run 会把改过的移到「旧件保留」",
    "有人在 Word 里改了一个字",
)
define(
    "print.old_record",
    "error",
    "「{input}」的结果是旧版本程序写出的，没有记下通知书的清单，没有转换",
    "请用现在的程序重新运行 incubxl run，再转换",
    "结果文件夹是上一版程序写的",
)
define(
    "print.not_done",
    "warning",
    "「{input}」最近一次没有处理成，它以前的通知书没有转换",
    "请改正工作簿，重新运行 incubxl run，再转换",
    "工作簿换成了加密的",
)


class Below(NamedTuple):
    """Where a letter lies: the workbook's folder of results, and the name below it."""

    folder: Path
    name: str


def sources(out: Path, *, drafts: bool) -> tuple[dict[Source, Below], set[Source], list[Issue]]:
    """The letters of the record in their order, those of them that are gone, and what is odd. Raises CannotStart."""
    found: dict[Source, Below] = {}
    gone: set[Source] = set()
    odd: list[Issue] = []
    edited: list[str] = []
    for folder, entry in Manifest.read(out).entries.items():
        shown = entry.get("input", folder)
        if entry.get("status") != "done":
            odd.append(issue("print.not_done", Place(file=shown), input=shown))
            continue
        if "letters" not in entry:
            odd.append(issue("print.old_record", Place(file=shown), input=shown))
        for row in entry.get("letters", ()):
            letter = LetterRecord(*row)
            if letter.state != "final" and not drafts:
                continue
            source = Source(out / folder / letter.file, letter.applicant, letter.name, letter.kind, letter.title)
            found[source] = Below(out / folder, letter.file)
            if not source.path.is_file():
                gone.add(source)
            elif file_hash(source.path) != entry.get("files", {}).get(letter.file):
                edited.append(source.path.name)
    if edited:
        odd.append(issue("print.edited", Place(), count=len(edited), files=some(edited)))
    return found, gone, odd


def some(names: Sequence[str], most: int = 5) -> str:
    """The first names, and how many there are."""
    rest = f"等 {len(names)} 个" if len(names) > most else ""
    return "、".join(names[:most]) + rest
