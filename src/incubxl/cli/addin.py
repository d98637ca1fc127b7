"""incubxl addin build | lint | record."""

from __future__ import annotations

from pathlib import Path

from incubxl.addin.lint import lint as find
from incubxl.addin.sources import Sources, read_sources
from incubxl.addin.store import ADDIN, differences, write
from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail


def build(macros: Path, out: Path | None, *, check: bool) -> int:
    """Build the add-in, or compare it with its sources. ``out``: None stands for the file in the package."""
    sources = _sources(macros)
    if isinstance(sources, str):
        return fail(sources, "请在源代码文件夹里运行，或用 --macros 指明 macros 文件夹")
    path = out or ADDIN
    found = find(sources)
    if found:
        return fail("；".join(str(f) for f in found[:5]), "请先运行 incubxl addin lint 并改正")
    if check:
        wrong = differences(sources, path)
        if wrong:
            return fail("；".join(wrong), "请运行 incubxl addin build 重新生成")
        console(stderr=True).print(f"{path.name} 与源文件逐字节一致。", highlight=False)
        return Exit.DONE
    write(sources, path)
    console(stderr=True).print(f"已生成 {path}", highlight=False, markup=False)
    return Exit.DONE


def lint(macros: Path) -> int:
    """Print what is wrong in the sources of the add-in."""
    sources = _sources(macros)
    if isinstance(sources, str):
        return fail(sources, "请在源代码文件夹里运行，或用 --macros 指明 macros 文件夹")
    found = find(sources)
    for finding in found:
        console().print(f"{macros.name}/{finding}", highlight=False, markup=False, soft_wrap=True)
    if found:
        return fail(f"加载项的源文件有 {len(found)} 处问题", "请按上面的位置逐条改正")
    console(stderr=True).print(f"{len(sources.modules)} 个模块和功能区定义都没有问题。", highlight=False)
    return Exit.DONE


def record(*, on: bool) -> int:
    """Switch the recorder of clicks."""
    from incubxl.excel import recorder

    try:
        recorder.switch(on)
    except OSError as error:
        return fail(f"写不了 {recorder.marker()}：{error.strerror}", "请核对磁盘空间和权限，再运行一次")
    folder = recorder.folder()
    if on:
        said = f"已打开记录。以后每点一次按钮，就在 {folder} 里写一份；只有表名、地址和数据类型，没有单元格内容。"
    else:
        kept = len(list(folder.glob("*.txt")))
        said = f"已关闭记录。已有的 {kept} 份在 {folder}，不需要时可以删除。"
    console(stderr=True).print(said, highlight=False, markup=False, soft_wrap=True)
    return Exit.DONE


def _sources(macros: Path) -> Sources | str:
    try:
        return read_sources(macros)
    except OSError as error:
        return f"读不了 {error.filename}：{error.strerror}"
    except ValueError as error:
        return f"{macros} 里的文件不对：{error}"
