"""Copies of workbooks with results in them, as ``run --into-copy`` makes them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from incubxl.batch.job import open_assessment
from incubxl.files.write import Properties, render
from incubxl.publish.graft import Target, graft, look
from incubxl.results.build import TITLES, result_sheets


def with_results(source: Path, folder: Path) -> Path:
    """A copy of ``source`` in ``folder``."""
    assessment, issues = open_assessment(source, None, dt.date(2026, 6, 1), None)
    assert assessment is not None, issues
    made = result_sheets(assessment, ran_at="", run_id="", input_name=source.name)
    target = look(source.read_bytes(), source.name, TITLES)
    assert isinstance(target, Target), target
    grafted = graft(target, render(made, properties=Properties("", dt.datetime(2026, 6, 1))))
    assert isinstance(grafted, bytes), grafted
    folder.mkdir(exist_ok=True)
    path = folder / f"结果_{source.name}"
    path.write_bytes(grafted)
    return path
