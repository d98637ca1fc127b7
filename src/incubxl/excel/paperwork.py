"""The buttons of the group 通知书."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from incubxl.assess.model import LetterView
from incubxl.batch.fingerprint import fingerprint
from incubxl.batch.letters import preview
from incubxl.excel import asking, background
from incubxl.excel.guard import Click, Said, command
from incubxl.excel.opening import show
from incubxl.excel.own import home
from incubxl.excel.packs import packs
from incubxl.excel.reading import Sheets, read_book
from incubxl.excel.refused import RefusedError
from incubxl.excel.where import selected_applicant
from incubxl.excel.work import LETTERS, SKIPPED, later, look, patient, put, start
from incubxl.numbers.model import FILE
from incubxl.publish.atomic import write_bytes
from incubxl.results.words import STATE_WORDS

CANCELLED = Said("已取消，没有生成通知书。")


@command("预览一份")
def preview_letter(click: Click) -> Said:
    """The letters of the selected applicant, as drafts in a folder of our own, opened where the system can."""
    assessment = look(click).assessment
    applicant = selected_applicant(click, assessment.register)
    views, documents, issues = preview(assessment, packs().load(assessment.pack.id), applicant)
    folder = home() / "preview" / f"{click.now:%Y%m%d-%H%M%S}"
    folder.mkdir(parents=True, exist_ok=True)
    _forget(folder.parent, click.now)
    lines = [_told(view) for view in views]
    for name, data in documents.items():
        path = folder / Path(name).name
        write_bytes(path, data)
        show(path)
        lines.append(f"预览件：{path}")
    lines += [i.text for i in issues if i.severity == "error"]
    lines.append("预览件都标着草稿，不能送达；正式的请点「生成」。" if documents else "没有可以预览的通知书。")
    return Said("\n".join([f"{applicant} 的通知书：", *lines]))


@command("生成")
def make_letters(click: Click) -> Said:
    """All letters of the workbook and its result workbook, in the background; then 通知书清单 in the workbook."""
    grid, sheets = read_book(click.book, SKIPPED)
    mark = fingerprint(grid, packs())
    work = background.last("make_letters", click.memory.key)
    if work is not None and work.outcome is not None and work.job.options["fingerprint"] != mark:
        again = asking.yes(
            click,
            f"上次的通知书是按 {work.job.started} 的内容生成的，以后内容改过。\n\n"
            "是：按现在的内容重新生成。　否：看上次的结果。　取消：不做。",
        )
        if again is None:
            return CANCELLED
        if again:
            work.taken()
            work = None
    if work is None:
        background.check_free()
        out = _folder(click)
        if out is None:
            return CANCELLED
        options = {"out": str(out), "date_1904": "1" if grid.date_1904 else "", "numbers": _book(click)}
        work = start(click, "make_letters", {**options, "fingerprint": mark})
    outcome = patient(click, work)
    if outcome is None:
        return later(click)
    said = outcome.said
    if outcome.state == "done":
        said += "\n" + _listed(click, work, sheets)
    work.taken()
    if outcome.folder:
        show(Path(outcome.folder))
    return Said(said)


def _listed(click: Click, work: background.Work, sheets: Sheets) -> str:
    """Write 通知书清单, or say why it is not there: the letters are, either way."""
    try:
        return put(click, work.sheets(), sheets)
    except RefusedError as refused:
        return f"没有写「{LETTERS}」：{refused.what}。{refused.next}。"


def _book(click: Click) -> str:
    """The 文号簿 beside the open workbook (its snapshot lies elsewhere); empty without one."""
    folder = str(click.book.Path)
    path = Path(folder) / FILE
    return str(path) if folder and path.is_file() else ""


def _folder(click: Click) -> Path | None:
    """Where the letters go: the folder of the last time, or one that the user chooses now."""
    known = click.memory.results
    if known is not None and known.is_dir():
        question = (
            f"核对整个工作簿并生成通知书，写到「{known}」？\n\n"
            "没有签发人结论的只出草稿；以前生成的正式通知书不会删除或覆盖。\n\n"
            "是：就写到这里。　否：另选文件夹。　取消：不做。"
        )
        answer = asking.yes(click, question)
        if answer is None:
            return None
        if answer:
            return known
    chosen = asking.folder(click, "选择存放通知书和结果的文件夹", known)
    if chosen is not None:
        click.memory.results = chosen
    return chosen


@command("打开文件夹", anywhere=True)
def open_folder(click: Click) -> Said:
    """The folder that the letters of this workbook went to."""
    folder = click.memory.results
    if folder is None or not folder.is_dir():
        raise RefusedError("还没有为这个工作簿生成过通知书，不知道打开哪个文件夹", "请先点「生成」")
    shown = show(folder)
    return Said(f"{'已打开' if shown else '通知书和结果在'}：{folder}", quiet=shown)


def _told(view: LetterView) -> str:
    return f"「{view.label or '无'}」{STATE_WORDS[view.state]}" + (f"：{view.why}" if view.why else "")


def _forget(folder: Path, now: dt.datetime) -> None:
    """Previews of other days are removed: they hold personal data, and nobody works with them."""
    for old in folder.iterdir():
        if not old.name.startswith(f"{now:%Y%m%d}"):
            shutil.rmtree(old, ignore_errors=True)  # one may still be open in Word: it goes another day
