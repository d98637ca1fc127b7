"""Questions to the person at the button: a folder, a file name, a line of text, yes or no. None stands for 取消."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from incubxl.excel.guard import Click

_FOLDER_PICKER = 4  # msoFileDialogFolderPicker
_CHOSEN = -1
_TEXT = 2  # type of an InputBox
LONGEST_PROMPT = 255  # that Excel's InputBox takes
_MORE = "0"


def folder(click: Click, title: str, start: Path | None = None) -> Path | None:
    """An existing folder."""
    with _visible(click):
        dialog = click.application.FileDialog(_FOLDER_PICKER)
        dialog.Title = title
        dialog.AllowMultiSelect = False
        if start is not None:
            dialog.InitialFileName = f"{start}\\"
        if dialog.Show() != _CHOSEN:
            return None
        return Path(str(dialog.SelectedItems(1)))


def workbook(click: Click, title: str) -> Path | None:
    """An existing workbook, which is not opened."""
    with _visible(click):
        chosen = click.application.GetOpenFilename("Excel 工作簿 (*.xlsx;*.xlsm), *.xlsx;*.xlsm", 1, title)
    return None if chosen is False else Path(str(chosen))


def beside(click: Click, source: str, what: str, name: str) -> Path | None:
    """Where new files go: the folder ``name`` beside the workbook's file ``source``, or one that the user chooses.

    ``source`` empty (the workbook has no file on this computer): always one that the user chooses.
    """
    if source:
        place = Path(source).parent / name
        answer = yes(click, f"{what}写到「{place}」？\n\n是：就写到这里。　否：另选文件夹。　取消：不做。")
        if answer is None:
            return None
        if answer:
            return place
    return folder(click, f"选择存放{what}的文件夹", Path(source).parent if source else None)


def new_file(click: Click, title: str, name: str) -> Path | None:
    """A name for a new .xlsx file."""
    with _visible(click):
        chosen = click.application.GetSaveAsFilename(name, "Excel 工作簿 (*.xlsx), *.xlsx", 1, title)
    return None if chosen is False else Path(str(chosen))


def line(click: Click, prompt: str, default: str) -> str | None:
    """A line of text. A prompt that is too long for Excel is shown in pages, and 0 turns over."""
    shown = pages(prompt)
    at = 0
    while True:
        with _visible(click):
            given = click.application.InputBox(
                Prompt=shown[at], Title=f"孵化管理·{click.label}", Default=default, Type=_TEXT
            )
        if given is False:
            return None
        text = str(given).strip()
        if len(shown) == 1 or text != _MORE:
            return text
        at = (at + 1) % len(shown)


def pages(prompt: str) -> list[str]:
    """The prompt's lines in pages that Excel takes, each under its first line; a line that is too long is cut."""
    if len(prompt) <= LONGEST_PROMPT:
        return [prompt]
    head, *lines = prompt.split("\n")
    room = LONGEST_PROMPT - len(f"\n{_MORE}　看下一页（99/99）")
    head = head[: room // 2]
    lists: list[list[str]] = [[]]
    for line in lines:
        cut = line if len(line) < room - len(head) else line[: room - len(head) - 2] + "…"
        if lists[-1] and len("\n".join([head, *lists[-1], cut])) > room:
            lists.append([])
        lists[-1].append(cut)
    last = len(lists)
    return ["\n".join([head, *page, f"{_MORE}　看下一页（{n}/{last}）"]) for n, page in enumerate(lists, 1)]


def yes(click: Click, question: str) -> bool | None:
    """是, 否 or 取消."""
    with _visible(click):
        answer = click.app.alert(question, f"孵化管理·{click.label}", "yes_no_cancel", "info")
    return {"yes": True, "no": False}.get(answer or "")


@contextmanager
def _visible(click: Click) -> Iterator[None]:
    """Excel draws itself while a dialog is open."""
    drawn = click.application.ScreenUpdating
    click.application.ScreenUpdating = True
    try:
        yield
    finally:
        click.application.ScreenUpdating = drawn
