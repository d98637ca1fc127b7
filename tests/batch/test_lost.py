"""A worker process that ends by force: its own workbook fails, and nobody else's."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from incubxl.batch import job
from incubxl.batch.model import Done, Options, Task
from tests.batch.build import data, filled, go


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="the death is put into the workers by fork")
def test_a_workbook_that_ends_its_process_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["一", "二", "三", "四", "五", "六"]
    for n, name in enumerate(names):
        (tmp_path / f"{name}.xlsx").write_bytes(data(filled(2, first=10 * n + 1)))
    whole = job._process

    def dies(task: Task, options: Options) -> Done:
        if task.path.stem == "二":
            os._exit(9)
        return whole(task, options)

    monkeypatch.setattr(job, "_process", dies)
    done = go(*(tmp_path / f"{name}.xlsx" for name in names), out=tmp_path / "out", jobs=2)
    states = {one.task.path.stem: one.status for one in done.done}
    assert states == {name: "failed" if name == "二" else "done" for name in names}
    (failed,) = [one for one in done.done if one.status == "failed"]
    assert [told["code"] for told in failed.told] == ["job.lost"]
    assert sorted(path.parent.name for path in (tmp_path / "out").glob("*/结果_*")) == sorted(set(names) - {"二"})
