"""incubxl archive make, verify."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from incubxl.archive.collect import collect, personal
from incubxl.archive.pack import PackageBrokenError, write
from incubxl.archive.verify import check
from incubxl.audit.chain import RECORD
from incubxl.batch.bounds import alone
from incubxl.batch.mail_run import outbox_path
from incubxl.batch.manifest import CannotStart
from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, folder_for
from incubxl.mail.findings import MailRefused
from incubxl.mask import masked
from incubxl.results.as_json import issue_json


def make(outs: Sequence[Path], out: Path, outbox: Path | None, *, force: bool, as_json: bool) -> int:
    """Write the package and say what it holds."""
    for folder in outs:
        if not (folder / RECORD).is_file():
            return fail(f"「{folder}」里没有审计记录", "请写运行时用 --out 指定的文件夹")
        if out.resolve().is_relative_to(folder.resolve()):
            return fail(f"归档包「{out}」放在了要归档的文件夹里", "请放到别处")
    if out.suffix.lower() != ".zip":
        return fail(f"文件名「{out.name}」不是 .zip", "请以 .zip 结尾")
    if out.exists() and not force:
        return fail(f"「{out}」已经存在，没有覆盖", "请另写一个文件名；确实要换掉的，加 --force")
    if outbox is not None and not outbox.is_file():
        return fail(f"找不到发件箱「{outbox}」", "请核对 --outbox 写的文件")
    try:
        with ExitStack() as holding:
            for folder in outs:
                if os.access(folder, os.W_OK):  # nobody runs into a folder that cannot be written
                    holding.enter_context(alone(folder))
            package = collect(outs, outbox or outbox_path())
            folder_for(out)
            done = write(package, out)
    except CannotStart as error:
        return fail(error.issue.message, error.issue.remedy)
    except MailRefused as error:
        return fail(str(error), "请核对发件箱，或稍后再归档")
    except PackageBrokenError as error:
        return fail(f"写出的归档包读回时与清单不符：{error}", "原来的文件没有动；请核对磁盘，再归档一次")
    if as_json:
        body = {"files": done.files, "size": done.size, "head": done.head, "sound": package.sound}
        left = [{"what": masked(what), "why": why} for what, why in package.left_out]
        print(json.dumps({**body, "left_out": left}, ensure_ascii=False))
    _say(f"已写到 {out}：{done.files} 个文件，{done.size:,} 字节；写完已逐个读回核对。")
    for what, holds in personal(package.pieces):
        _say(f"含个人信息：{what}：{holds}")
    for what, why in package.left_out:
        _say(f"没有装入：{what}（{why}）")
    _say(f"清单的校验值 {done.head}；请抄到卷内，以后用 incubxl archive verify --head 核对。")
    if not package.sound:
        _say("审计记录与写入时不符，已照样装入，并写在目录的「说明」里。")
        return Exit.FINDINGS
    return Exit.DONE


def verify(path: Path, head: str, *, as_json: bool) -> int:
    """Whether a package is as it was written."""
    found = check(path, head)
    if as_json:
        body = {"sound": not found.issues, "files": found.files, "head": found.head}
        print(json.dumps({**body, "issues": [issue_json(i) for i in found.issues]}, ensure_ascii=False))
    for one in found.issues:
        _say(f"[错误] {one.text}")
    if not found.head:
        return Exit.INPUT
    if found.issues:
        _say(f"归档包不可信：{len(found.issues)} 处与写入时不符。")
        return Exit.FINDINGS
    _say(f"归档包完好：{found.files} 个文件都与清单一致，没有缺少和多出。清单的校验值 {found.head}。")
    if not head:
        _say("清单和文件有没有一起被改写，要拿归档时抄下的校验值（--head）来核对。")
    return Exit.DONE


def _say(text: str) -> None:
    console(stderr=True).print(masked(text), highlight=False, markup=False, soft_wrap=True)
