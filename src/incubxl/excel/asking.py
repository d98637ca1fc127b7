"""Questions to the person at the button: a folder, a file name, a line of text, yes or no. None stands for 取消."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from incubxl.excel.guard import Click

_FOLDER_PICKER = 4  # msoFileDialogFolderPicker
_CHOSEN = -1
_TEXT = 2  # type of an InputBox


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


def new_file(click: Click, title: str, name: str) -> Path | None:
    """A name for a new .xlsx file."""
    with _visible(click):
        chosen = click.application.GetSaveAsFilename(name, "Excel 工作簿 (*.xlsx), *.xlsx", 1, title)
    return None if chosen is False else Path(str(chosen))


def line(click: Click, prompt: str, default: str) -> str | None:
    """A line of text."""
    with _visible(click):
        given = click.application.InputBox(Prompt=prompt, Title=f"孵化管理·{click.label}", Default=default, Type=_TEXT)
    return None if given is False else str(given).strip()


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
