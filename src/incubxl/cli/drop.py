"""incubxl drop: what the desktop icon runs for the workbooks and folders that are dropped onto it."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from incubxl.addin.places import ICON
from incubxl.cli.chinese import Exit, refused_by_system
from incubxl.cli.run import run
from incubxl.cli.show import console, fail
from incubxl.files.office import SettingsError, policies
from incubxl.publish.writable import refused

RESULTS = "孵化管理结果"


def drop(paths: Sequence[Path]) -> int:
    """Run what was dropped, open the results, and keep the window open until Enter where a person sees one."""
    try:
        code = _run(paths)
    except OSError as error:
        code = refused_by_system(error)
    except Exception:  # noqa: BLE001  (the window closes behind it: nobody else can tell)
        traceback.print_exc()
        code = fail("程序出错，没有做完；您的工作簿没有改动", "请把这个窗口里的文字全部复制给维护的人")
    if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty():
        with contextlib.suppress(EOFError, KeyboardInterrupt):
            input("按回车键关闭这个窗口。")
    return code


def _run(paths: Sequence[Path]) -> int:
    if not paths:
        return fail(
            "没有拖放任何文件",
            f"请把登记工作簿或放着工作簿的文件夹拖到桌面的「{Path(ICON).stem}」图标上，看到图标变色再松开鼠标",
        )
    try:
        packs = policies()
    except SettingsError as error:
        return fail(error.what, error.next)
    out, why = _place(Path(os.path.abspath(paths[0])))  # noqa: PTH100  (links stay as the user sees them)
    if why:
        console(stderr=True).print(why, highlight=False, markup=False, soft_wrap=True)
    code = run(
        paths, out, None, 1, packs,
        letters=True, resume=False, dry_run=False, into_copy=True, as_json=False, typed=False,
    )  # fmt: skip
    if code in (Exit.DONE, Exit.FINDINGS, Exit.PARTLY) and out.is_dir() and hasattr(os, "startfile"):
        os.startfile(out)  # noqa: S606  (the folder that we have just written)
    return code


def _place(first: Path) -> tuple[Path, str]:
    """Where the results go, and what to say where that is not beside the workbook."""
    beside = first.parent / RESULTS
    why = refused(beside)
    if not why:
        return beside, ""
    instead = platformdirs.user_documents_path() / RESULTS
    return instead, f"「{beside.parent}」里不能写（{why}），结果改放在：{instead}"
