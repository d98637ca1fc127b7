"""The buttons of the group 批处理: a folder of workbooks in the background, and its end."""

from __future__ import annotations

from pathlib import Path

from incubxl.batch.inputs import tasks
from incubxl.batch.manifest import CannotStart, Manifest
from incubxl.excel import asking, background
from incubxl.excel.guard import Click, Said, command
from incubxl.excel.opening import show
from incubxl.excel.refused import RefusedError
from incubxl.excel.work import later, patient

RESULTS = "孵化管理结果"
CANCELLED = Said("已取消，没有运行，也没有写任何文件。")


@command("选择文件夹运行", anywhere=True)
def run_folder(click: Click) -> Said:
    """Every workbook below a folder, in the background; a second click tells what came of it."""
    work = background.last("run_folder", "")
    if work is None:
        started = _begin(click)
        if started is None:
            return CANCELLED
        work = started
    outcome = patient(click, work)
    if outcome is None:
        return later(click)
    work.taken()
    if outcome.folder:
        show(Path(outcome.folder))
    return Said(outcome.said)


def _begin(click: Click) -> background.Work | None:
    """Ask which folder, and start. None: the user would rather not."""
    if not click.has_book:
        raise RefusedError("没有打开的工作簿，Excel 不能给出选择窗口", "请先打开任一工作簿（空白的也行），再点一次")
    background.check_free()
    folder = asking.folder(click, "选择放着登记工作簿的文件夹")
    if folder is None:
        return None
    out = folder / RESULTS
    try:
        found = tasks([folder], Manifest.read(out))
    except CannotStart as error:
        raise RefusedError(error.issue.message, error.issue.remedy) from error
    if not found:
        raise RefusedError(f"「{folder}」里没有找到工作簿", "请选放着 .xlsx 或 .xlsm 文件的文件夹，再点一次")
    names = "、".join(task.path.name for task in found[:3]) + (" 等" if len(found) > 3 else "")
    question = (
        f"核对「{folder}」里的 {len(found)} 个工作簿（{names}），结果和通知书写到「{out}」？\n\n"
        "原工作簿不会改动。　是：开始。　否或取消：不做。"
    )
    if not asking.yes(click, question):
        return None
    job = background.Job(
        "run_folder",
        click.label,
        "",
        int(click.application.Hwnd),
        f"{click.now:%Y-%m-%d %H:%M:%S}",
        {"folder": str(folder), "out": str(out)},
    )
    return background.begin(job)


@command("停止", anywhere=True)
def stop(click: Click) -> Said:
    """Ask the background work to end; what is finished stays."""
    for work in background.works():
        if work.outcome is None:
            work.stop_file.touch()
            return Said(
                f"已请「{work.job.label}」停止（{background.progress(work)}，{work.job.started} 开始）。"
                "正在做的一步做完就停，已经写完的文件都是完整的。"
            )
    return Said("后台没有正在做的事。")
