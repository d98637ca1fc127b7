"""incubxl demo: the samples through the whole job, from a clone or an installed wheel."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import incubxl
from incubxl.batch.manifest import SUMMARY, CannotStart
from incubxl.batch.model import Options
from incubxl.batch.run import inline, run
from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, table
from incubxl.publish.backup import Backups
from incubxl.verdict import Verdict

SAMPLES, RESULTS = "样例", "结果"


def samples() -> Path | None:
    """The folder of the sample workbooks: beside the sources in a clone, inside the package when installed."""
    package = Path(incubxl.__file__).parent
    places = (package / "_samples", package.parent.parent / "samples")
    return next((p for p in places if any(p.glob("*.xlsx"))), None)


def demo(out: Path) -> int:
    """Copy the samples, run them, say where to look. Exits 0 whatever the samples' findings are."""
    source = samples()
    if source is None:
        return fail("没有找到样例", "请从完整的安装包或代码库运行")
    own, results = out / SAMPLES, out / RESULTS
    own.mkdir(parents=True, exist_ok=True)
    now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
    for path in sorted(source.glob("*.xlsx")):
        Backups().replace(own / path.name, path.read_bytes(), "incubxl demo", now)
    try:
        done = run([own], Options(results, None, now.date(), now), inline)
    except CannotStart as error:
        return fail(error.issue.message, error.issue.remedy)
    if done.failed:
        return fail("样例没有全部处理成：" + "、".join(d.task.shown for d in done.failed), "请报告这个问题")
    rows = []
    for one in done.done:
        item = one.item
        shown = "，".join(f"{v.word}{item.eligible[v]}" for v in Verdict if item.eligible.get(v))
        letters = f"正式{item.letters.get('final', 0)}，草稿{item.letters.get('draft', 0)}"
        rows.append((one.task.path.name, item.measure, str(item.determined), shown, letters))
    table(("样例工作簿", "办法", "单位", "是否符合", "通知书"), rows, names=True)
    out_ = console()
    out_.print(f"样例（虚构单位）在：{own}", highlight=False, markup=False)
    out_.print(f"结果在：{results}，先看 {SUMMARY}，", highlight=False, markup=False)
    out_.print(
        "再看每个文件夹里的「结果_…」工作簿（核对、差什么、问题清单）和「通知书」。", highlight=False, markup=False
    )
    out_.print(
        f"审计记录到第 {done.audit.n} 条，校验值 {done.audit.hash}", highlight=False, markup=False, soft_wrap=True
    )
    return Exit.DONE
